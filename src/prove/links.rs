//! Targets that lead into somebody's machine or file server.

use std::net::IpAddr;

/// True for file URIs, UNC paths and paths with a drive letter, percent-encoded or not.
pub(crate) fn is_local(target: &str) -> bool {
    let target = percent_decode(target.trim()).to_lowercase();
    let mut chars = target.chars();
    let has_drive = chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.next() == Some(':')
        && matches!(chars.next(), Some('\\' | '/'));
    has_drive || ["file:", "\\\\", "//", "smb:"].iter().any(|start| target.starts_with(start))
}

/// True for targets that only lead somewhere from where the document was made: all of [`is_local`], paths beside or above
/// the file, and hosts of networks that nobody outside can reach.
pub(crate) fn is_private(target: &str) -> bool {
    if is_local(target) {
        return true;
    }
    let target = percent_decode(target.trim()).to_lowercase();
    let (scheme, rest) = match target.split_once(':') {
        None => {
            let is_step = |name: &str| name.contains("..");
            return !target.starts_with('#')
                && (target.starts_with('/') || target.contains('\\') || target.split('/').any(is_step));
        }
        Some(parts) => parts,
    };
    let web = ["http", "https", "ftp", "ftps", "ws", "wss"].contains(&scheme);
    let authority = rest.strip_prefix("//").and_then(|rest| rest.split(['/', '?', '#', '\\']).next());
    let host = authority.map(|name| name.rsplit('@').next().unwrap_or(name));
    ["afp", "nfs", "cifs"].contains(&scheme) || (web && host.is_some_and(is_unreachable))
}

/// True for addresses of private networks (RFC 1918, 3927, 4193) and names without a public domain.
fn is_unreachable(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => host.split(':').next().unwrap_or(host),
    };
    let name = name.trim_end_matches('.');
    match name.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.is_private() || address.is_loopback() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
        Err(_) => {
            let domain = name.rsplit_once('.').map(|(_, domain)| domain);
            const INNER: [&str; 9] =
                ["local", "localdomain", "lan", "internal", "intranet", "corp", "home", "private", "localhost"];
            !name.is_empty() && domain.is_none_or(|domain| INNER.contains(&domain))
        }
    }
}

/// True when a field instruction names such a target. Switches begin with one backslash, file servers with two or four.
pub(crate) fn names_local(instruction: &str) -> bool {
    instruction.split(['"', ' ', '\u{a0}']).any(is_local)
}

/// `%20` → space; what is no valid escape or no UTF-8 stays as it is.
pub(crate) fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        let escaped = behind
            .get(..2)
            .filter(|_| *byte == b'%')
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escaped {
            Some(found) => {
                bytes.push(found);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*byte);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_targets() {
        for target in
            ["file:///C:/a.doc", "FILE:a", "\\\\srv\\share", "//srv/share", "C:\\a", "c%3A%5Ca", "file%3A///x"]
        {
            assert!(is_local(target), "{target}");
        }
        for target in ["https://example.org/", "mailto:a@example.org", "#top", "a.docx", "c:", ""] {
            assert!(!is_local(target), "{target}");
        }
        for target in ["http://intranet/x", "https://10.1.2.3/", "ftp://u@wiki.corp:8080", "../a.odt", "/etc/a", "a\\b"]
        {
            assert!(is_private(target), "{target}");
        }
        for target in ["https://example.org/", "annex.odt", "#top", "http://8.8.8.8/", "mailto:a@example.org", ""] {
            assert!(!is_private(target), "{target}");
        }
        for instruction in
            ["HYPERLINK \"file:///C:\\\\x\"", "INCLUDEPICTURE \"\\\\\\\\srv\\\\share\\\\a.png\" \\* MERGEFORMAT"]
        {
            assert!(names_local(instruction), "{instruction}");
        }
        for instruction in [
            "eq \\o\\ac(1)",
            "HYPERLINK \"https://example.org\" \\o \"tip\"",
            "TOC \\o \"1-3\" \\h \\z \\u",
            "PAGE \\* MERGEFORMAT",
        ] {
            assert!(!names_local(instruction), "{instruction}");
        }
    }
}
