//! The document type: it goes, and the entities that it defines are put where they are used.
//!
//! Adobe Illustrator writes namespaces as entities (`xmlns:x="&ns_extend;"`). Such entities are short texts without
//! markup. Entities from elsewhere, parameter entities and entities within entities are refused: no drawing program
//! writes them.

use std::borrow::Cow;

use super::names::{SVG, XLINK};
use crate::refusal::Refusal;

/// Bytes of one entity; namespaces have some fifty.
const LONGEST: usize = 4_096;
/// Entities of one drawing; Illustrator writes about ten.
const MOST_ENTITIES: usize = 256;
/// Bytes by which entities may make a drawing longer.
const MOST_ADDED: usize = 16 << 20;

/// Names and values of entities.
type Entities<'x> = Vec<(&'x str, String)>;

/// The drawing without its document type, entities resolved, and whether it had one.
///
/// # Errors
/// [`crate::Reason::Unsupported`] for entities that are more than short texts, [`crate::Reason::Damaged`] for a broken
/// document type, [`crate::Reason::OverLimit`] when the text grows too much.
pub(super) fn resolve(text: &str) -> Result<(Cow<'_, str>, bool), Refusal> {
    let Some(start) = doctype(text) else { return Ok((Cow::Borrowed(text), false)) };
    let (before, from) = text.split_at_checked(start).ok_or_else(broken)?;
    let (entities, length) = read(from)?;
    let after = from.get(length..).ok_or_else(broken)?;
    let mut out = before.to_owned();
    expand(after, &entities, &mut out)?;
    Ok((Cow::Owned(out), true))
}

fn broken() -> Refusal {
    Refusal::damaged("the document type is broken")
}

/// Where the document type begins. It can only stand before the first element.
fn doctype(text: &str) -> Option<usize> {
    let mut rest = text;
    loop {
        rest = rest.get(rest.find('<')?..)?;
        if rest.starts_with("<!DOCTYPE") {
            return text.len().checked_sub(rest.len());
        }
        let end = if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<?") {
            "?>"
        } else {
            return None;
        };
        rest = rest.split_once(end)?.1;
    }
}

/// The entities of a document type, and how long it is (XML 1.0, 2.8).
fn read(doctype: &str) -> Result<(Entities<'_>, usize), Refusal> {
    let mut entities = Entities::new();
    let mut rest = doctype.get("<!DOCTYPE".len()..).ok_or_else(broken)?;
    let mut inside = false;
    loop {
        rest = rest.trim_start_matches(|c: char| !matches!(c, '<' | '>' | '[' | ']' | '"' | '\'' | '%'));
        let first = rest.chars().next().ok_or_else(broken)?;
        let tail = rest.get(1..).ok_or_else(broken)?;
        rest = match first {
            '"' | '\'' => tail.split_once(first).ok_or_else(broken)?.1,
            '[' if !inside => {
                inside = true;
                tail
            }
            ']' if inside => {
                inside = false;
                tail
            }
            '>' if !inside => {
                return Ok((entities, doctype.len().saturating_sub(tail.len())));
            }
            '<' if inside && rest.starts_with("<!--") => rest.split_once("-->").ok_or_else(broken)?.1,
            '<' if inside && rest.starts_with("<?") => rest.split_once("?>").ok_or_else(broken)?.1,
            '<' if inside && rest.starts_with("<!ENTITY") => {
                let (entity, behind) = entity(rest.get("<!ENTITY".len()..).ok_or_else(broken)?)?;
                if entities.len() >= MOST_ENTITIES {
                    return Err(Refusal::unsupported(format!("it defines more than {MOST_ENTITIES} entities")));
                }
                entities.push(entity);
                behind
            }
            '<' if inside && (rest.starts_with("<!ELEMENT") || rest.starts_with("<!ATTLIST")) => {
                let (declaration, behind) = rest.split_once('>').ok_or_else(broken)?;
                // Old programs give the namespaces here, and in the document once more.
                let values = declaration.replace(&format!("\"{XLINK}\""), "").replace(&format!("\"{SVG}\""), "");
                if values.contains(['"', '\'', '%']) {
                    return Err(Refusal::unsupported("the document type gives values to attributes"));
                }
                behind
            }
            _ => return Err(Refusal::unsupported("the document type has declarations that no drawing needs")),
        };
    }
}

/// One entity declaration behind `<!ENTITY`, and what follows it.
fn entity(text: &str) -> Result<((&str, String), &str), Refusal> {
    let unsupported = || Refusal::unsupported("the document type defines an entity that is no short text");
    let text = text.trim_start();
    let (name, rest) = text.split_once(|c: char| c.is_ascii_whitespace()).ok_or_else(broken)?;
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or_else(unsupported)?;
    let (value, rest) = rest.get(1..).and_then(|rest| rest.split_once(quote)).ok_or_else(broken)?;
    if name.starts_with('%') || value.len() > LONGEST || value.contains(['<', '&', '%']) {
        return Err(unsupported());
    }
    let rest = rest.trim_start().strip_prefix('>').ok_or_else(broken)?;
    let value = value.replace('"', "&quot;").replace('\'', "&apos;").replace('>', "&gt;");
    Ok(((name, value), rest))
}

/// Puts the values of the entities where they are used. CDATA sections have no entities.
fn expand(text: &str, entities: &Entities<'_>, out: &mut String) -> Result<(), Refusal> {
    let most = out.len().saturating_add(text.len()).saturating_add(MOST_ADDED);
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<']) {
        let (before, from) = rest.split_at_checked(at).ok_or_else(broken)?;
        out.push_str(before);
        if out.len() > most {
            return Err(Refusal::over_limit("decompressed-bytes", "its entities make it too long"));
        }
        let literal = if from.starts_with("<![CDATA[") {
            from.find("]]>").ok_or_else(broken)?
        } else if from.starts_with("<!--") {
            from.find("-->").ok_or_else(broken)?
        } else {
            let named = from.strip_prefix('&').and_then(|name| name.split_once(';'));
            // The first declaration of a name counts (XML 1.0, 4.2).
            if let Some(value) = named.and_then(|(name, _)| entities.iter().find(|(known, _)| *known == name)) {
                out.push_str(&value.1);
                rest = named.map_or("", |(_, behind)| behind);
                continue;
            }
            1
        };
        let (literal, behind) = from.split_at_checked(literal).ok_or_else(broken)?;
        out.push_str(literal);
        rest = behind;
    }
    out.push_str(rest);
    Ok(())
}
