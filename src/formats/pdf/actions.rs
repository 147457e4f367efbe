//! Which actions may stay (12.6): going to a page, opening a public address, and turning pages.
//!
//! Everything else acts: it runs scripts, starts programs, sends forms, plays media, or names a file or host that the public
//! cannot reach and need not know.

use std::net::IpAddr;

use super::source::{Dictionary, Object, Source, as_dictionary, text};
use crate::formats::Report;
use crate::policy::Class;
use crate::refusal::Refusal;

/// What becomes of an action.
pub(super) enum Verdict {
    /// It stays.
    Keep,
    /// It goes, under this class and name, with its target if it has one.
    Remove { class: Class, item: String, target: Option<String> },
}

/// Decides on one action dictionary.
pub(super) fn verdict(source: &Source, action: &Dictionary) -> Result<Verdict, Refusal> {
    let name = source.name(action, "S")?.unwrap_or_default();
    let remove = |class, target| Verdict::Remove { class, item: item(name), target };
    Ok(match name {
        b"GoTo" => Verdict::Keep,
        b"Named" => match source.name(action, "N")? {
            Some(b"NextPage" | b"PrevPage" | b"FirstPage" | b"LastPage") => Verdict::Keep,
            _ => remove(Class::ActiveActions, None),
        },
        b"URI" => {
            let target = text(source.get(action, "URI")?).unwrap_or_default();
            if is_public(&target) { Verdict::Keep } else { remove(Class::LinksLocal, Some(target)) }
        }
        b"JavaScript" | b"ECMAScript" => remove(Class::ActiveJavascript, None),
        b"GoToR" | b"GoToE" | b"Launch" => remove(Class::LinksLocal, file_name(source, action)?),
        _ => remove(Class::ActiveActions, None),
    })
}

/// Records the actions of an annotation or field that goes: those that would have stayed on a link count as removed too.
///
/// # Errors
/// [`crate::Reason::Damaged`] where an action was lost on loading.
pub(super) fn report_actions(
    source: &Source,
    dictionary: &Dictionary,
    place: &str,
    report: &mut Report,
) -> Result<(), Refusal> {
    if let Ok(actions) = dictionary.get(b"AA") {
        report.removed(class_of(source, actions)?, "Annot/AA", place);
    }
    if let Some(action) = source.dictionary(dictionary, "A")? {
        match verdict(source, action)? {
            Verdict::Remove { class, item, target: Some(target) } => report.removed_value(class, item, place, target),
            Verdict::Remove { class, item, target: None } => report.removed(class, item, place),
            Verdict::Keep => report.removed(Class::ActiveActions, "Annot/A", place),
        }
    }
    Ok(())
}

/// The class under which the value of `/OpenAction` or `/AA` goes: scripts before other actions.
pub(super) fn class_of(source: &Source, value: &Object) -> Result<Class, Refusal> {
    let Some(dictionary) = as_dictionary(source.resolve(value)?.1) else { return Ok(Class::ActiveActions) };
    if is_script(source, dictionary)? {
        return Ok(Class::ActiveJavascript);
    }
    for (_, value) in dictionary {
        if let Some(inner) = as_dictionary(source.resolve(value)?.1)
            && is_script(source, inner)?
        {
            return Ok(Class::ActiveJavascript);
        }
    }
    Ok(Class::ActiveActions)
}

fn is_script(source: &Source, action: &Dictionary) -> Result<bool, Refusal> {
    Ok(matches!(source.name(action, "S")?, Some(b"JavaScript" | b"ECMAScript")) || action.has(b"JS"))
}

fn item(name: &[u8]) -> String {
    let known = !name.is_empty() && name.len() <= 20 && name.iter().all(u8::is_ascii_alphanumeric);
    format!("Action/{}", if known { String::from_utf8_lossy(name).into_owned() } else { "unknown".to_owned() })
}

/// The file that a file specification names (7.11).
pub(super) fn file_name(source: &Source, dictionary: &Dictionary) -> Result<Option<String>, Refusal> {
    for key in ["UF", "F", "Unix", "DOS", "Mac", "Win"] {
        let value = source.get(dictionary, key)?;
        if let Some(name) = text(value) {
            return Ok(Some(name));
        }
        if let Some(inner) = as_dictionary(value) {
            for key in ["UF", "F"] {
                if let Some(name) = text(source.get(inner, key)?) {
                    return Ok(Some(name));
                }
            }
        }
    }
    Ok(None)
}

/// True for addresses that anybody may follow: web, mail and telephone, and for the web not a host of a private network.
pub(super) fn is_public(address: &str) -> bool {
    let Some((scheme, rest)) = address.trim().split_once(':') else { return false };
    match scheme.to_ascii_lowercase().as_str() {
        "mailto" | "tel" => true,
        "http" | "https" => rest.strip_prefix("//").is_some_and(|rest| is_public_host(host(rest))),
        _ => false,
    }
}

fn host(after_slashes: &str) -> &str {
    let authority = after_slashes.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    }
}

fn is_public_host(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if let Ok(address) = host.parse::<IpAddr>() {
        return match address {
            IpAddr::V4(four) => {
                !(four.is_private() || four.is_loopback() || four.is_link_local() || four.is_unspecified())
            }
            IpAddr::V6(six) => {
                !(six.is_loopback() || six.is_unspecified() || six.is_unique_local() || six.is_unicast_link_local())
            }
        };
    }
    let private =
        ["local", "localhost", "localdomain", "lan", "internal", "intranet", "intra", "corp", "home", "private"];
    let mut labels = host.rsplit('.');
    let top = labels.next().unwrap_or_default();
    labels.next().is_some_and(|label| !label.is_empty()) && !private.contains(&top) && !host.ends_with(".home.arpa")
}

#[cfg(test)]
mod tests {
    use super::is_public;

    #[test]
    fn addresses() {
        for (address, public) in [
            ("https://www.example.org/a?b#c", true),
            ("HTTP://example.org", true),
            ("http://user@example.org:8080/", true),
            ("mailto:press@example.org", true),
            ("tel:+4930123", true),
            ("http://93.184.216.34/", true),
            ("http://intranet/wiki", false),
            ("http://wiki.corp/x", false),
            ("https://server.local./x", false),
            ("http://10.1.2.3/", false),
            ("http://[fd00::1]/", false),
            ("http://localhost:3000", false),
            ("file:///C:/Users/x", false),
            ("\\\\server\\share\\x", false),
            ("relative/page.html", false),
            ("javascript:alert(1)", false),
            ("http:/broken", false),
            ("", false),
        ] {
            assert_eq!(is_public(address), public, "{address}");
        }
    }
}
