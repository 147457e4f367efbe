//! Targets and texts that point into somebody's machine or network.

use std::net::{Ipv4Addr, Ipv6Addr};

/// File name endings that make a description the name of a file.
const FILE_ENDINGS: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "emf", "wmf", "svg", "webp", "heic", "eps", "psd", "ai", "pdf",
    "doc", "docx", "docm", "dot", "dotx", "xls", "xlsx", "xlsm", "xlsb", "ppt", "pptx", "pptm", "vsd", "vsdx", "odt",
    "ods", "odp", "mp3", "mp4", "mov", "avi", "wmv", "wav", "m4a", "txt", "csv", "zip", "msg", "html", "htm",
];

/// Names of networks that nobody outside can reach.
const PRIVATE_DOMAINS: &[&str] =
    &["local", "localdomain", "lan", "internal", "intranet", "corp", "home", "private", "localhost"];

/// True for a link target on a disk, a file server or in a private network.
pub(in crate::formats) fn is_local(target: &str) -> bool {
    let decoded = percent_decode(target.trim());
    let target = decoded.trim();
    if target.is_empty() || target.starts_with('#') {
        return false;
    }
    if is_path(target) {
        return true;
    }
    let Some((scheme, rest)) = target.split_once(':') else {
        // Without a scheme it is a file beside the document; a step upwards tells of the folders around it.
        return target.contains("..") || target.starts_with('/') || target.contains('\\');
    };
    match scheme.to_ascii_lowercase().as_str() {
        "file" | "smb" | "afp" | "nfs" | "cifs" => true,
        "http" | "https" | "ftp" | "ftps" | "ws" | "wss" => host(rest).is_some_and(|host| is_private_host(&host)),
        _ => false,
    }
}

/// True for a target that runs something instead of showing something.
pub(in crate::formats) fn is_script(target: &str) -> bool {
    let target = percent_decode(target.trim()).to_ascii_lowercase();
    ["javascript:", "vbscript:", "data:"].iter().any(|scheme| target.trim_start().starts_with(scheme))
}

/// True for a text that is a path or the name of a file, as programs put it into alternative texts.
pub(in crate::formats) fn is_path_or_file_name(text: &str) -> bool {
    let text = text.trim();
    if is_path(text) || text.contains("/Users/") || text.contains("/home/") || text.to_lowercase().contains("file:") {
        return true;
    }
    if text.contains(":\\") || text.contains("\\\\") {
        return true;
    }
    let one_name = text.len() <= 255 && !text.contains("://") && !text.contains(['\n', '\r', '?', '!']);
    one_name
        && text.rsplit_once('.').is_some_and(|(stem, ending)| {
            !stem.is_empty() && !stem.contains(". ") && FILE_ENDINGS.contains(&ending.to_ascii_lowercase().as_str())
        })
}

/// A drive letter or a file server at the beginning.
fn is_path(text: &str) -> bool {
    let mut chars = text.chars();
    let drive = chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.next() == Some(':')
        && matches!(chars.next(), Some('\\' | '/'));
    drive || text.starts_with("\\\\") || text.starts_with("//")
}

/// The host in what follows the scheme of a URL.
fn host(rest: &str) -> Option<String> {
    let authority = rest.strip_prefix("//")?.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if let Some(bracketed) = host.strip_prefix('[') {
        return bracketed.split(']').next().map(str::to_owned);
    }
    Some(host.split(':').next()?.trim_end_matches('.').to_ascii_lowercase())
}

fn is_private_host(host: &str) -> bool {
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return address.is_private() || address.is_loopback() || address.is_link_local();
    }
    if let Ok(address) = host.parse::<Ipv6Addr>() {
        return address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local();
    }
    match host.rsplit_once('.') {
        None => !host.is_empty(),
        Some((_, domain)) => PRIVATE_DOMAINS.contains(&domain),
    }
}

/// Resolves `%20` and the like; what is no valid UTF-8 then stays as it is.
pub(in crate::formats) fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    String::from_utf8(percent_decode_bytes(text)).unwrap_or_else(|_| text.to_owned())
}

/// Resolves `%20` and the like to bytes (RFC 3986, section 2.1).
pub(in crate::formats) fn percent_decode_bytes(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let digits = (byte == b'%').then(|| (ahead.next(), ahead.next()));
        let value = match digits {
            Some((Some(high), Some(low))) => hex(high).zip(hex(low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        match value {
            Some(value) => {
                out.push(value);
                bytes = ahead;
            }
            None => out.push(byte),
        }
    }
    out
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_targets() {
        let local = [
            "file:///C:/Users/jane/x.docx",
            "\\\\server\\share\\x",
            "C:\\x.docx",
            "c:/x",
            "../x.docx",
            "folder\\x.docx",
            "file:%5C%5Cserver%5Cshare",
            "http://intranet/x",
            "https://10.1.2.3/x",
            "http://user@wiki.corp:8080/",
            "//server/x",
            "http://[fe80::1]/",
            "/etc/passwd",
            "smb://server/x",
        ];
        for target in local {
            assert!(is_local(target), "{target}");
        }
        let public = [
            "https://example.org/a",
            "mailto:a@example.org",
            "#Sheet1!A1",
            "annex.pdf",
            "http://8.8.8.8/",
            "",
            "https://example.org/file:/x",
            "tel:+123",
        ];
        for target in public {
            assert!(!is_local(target), "{target}");
        }
        assert!(is_script("JavaScript:alert(1)"));
    }

    #[test]
    fn paths_and_file_names() {
        for text in
            ["C:\\pics\\a.png", "photo of boat.JPG", "\\\\srv\\x", "see file:///x", "/Users/jane/a", "IMG_1.jpeg"]
        {
            assert!(is_path_or_file_name(text), "{text}");
        }
        for text in ["A boat on the river.", "Figure 3. Results", "Sales 2019", "https://example.org/a.png", ""] {
            assert!(!is_path_or_file_name(text), "{text}");
        }
    }
}
