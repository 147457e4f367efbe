//! The two parts of a document that are not shown: of the properties only the program that wrote it may remain, as far as
//! others read from it how to lay out pages, and of the settings only those that change pages.

use super::package::{Member, Package};
use crate::limits::Limits;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::odf::Odf;
use crate::prove::xml::{Token, XmlReader};
use crate::refusal::Refusal;

/// Parts that have properties or settings.
fn is_part(package: &Package, member: &Member, name: &str) -> bool {
    package.is_flat || member.name == format!("{}{name}", member.folder()) && package.is_document(member.folder())
}

/// Checks the properties of a copy: each document names the same program as before, and only pieces of how it did.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when a program changed, or its build or system remain.
pub(crate) fn generators(input: &Package, copy: &Package, limits: &Limits) -> Result<(), Refusal> {
    for member in copy.members.iter().filter(|member| is_part(copy, member, "meta.xml")) {
        let original = input.get(&member.name).map_or(Ok(String::new()), |member| generator(member, limits))?;
        let left = generator(member, limits)?;
        generator_kept(&original, &left).map_err(|refusal| refusal.in_part(&member.name))?;
    }
    Ok(())
}

fn generator(member: &Member, limits: &Limits) -> Result<String, Refusal> {
    let Some(xml) = member.xml(limits)? else { return Ok(String::new()) };
    let mut reader = xml.reader();
    let (mut found, mut inside) = (String::new(), false);
    while let Some(token) = reader.next() {
        match token {
            Token::Start(element) => inside = element.is(Ns::Odf(Odf::Meta), "generator"),
            Token::Text(text) if inside => found.push_str(text),
            Token::End => inside = false,
            _ => {}
        }
    }
    Ok(found)
}

fn generator_kept(original: &str, left: &str) -> Result<(), Refusal> {
    const SYSTEMS: [&str; 8] = ["windows", "win32", "linux", "macos", "unix", "solaris", "x86", "aarch64"];
    let pieces = |text: &str| {
        text.split([' ', '\n', '\r', '\t', '$'])
            .filter(|piece| !piece.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let mut rest = pieces(original).into_iter();
    let left = pieces(left);
    let is_piece = left.iter().all(|piece| rest.any(|other| other == *piece || is_shortened(&other, piece)));
    if !is_piece {
        return Err(Refusal::unprovable("the copy names another program than the original"));
    }
    let tells = |piece: &String| {
        let piece = piece.to_lowercase();
        SYSTEMS.iter().any(|system| piece.contains(system))
            || piece.split(['/', '-']).any(|run| run.len() >= 16 && run.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    if left.iter().any(tells) {
        return Err(Refusal::unprovable("the system or build of the program remains in the copy"));
    }
    Ok(())
}

/// True for a name or version with its end left out, not within a number.
fn is_shortened(original: &str, left: &str) -> bool {
    original.strip_prefix(left).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Checks the settings of a copy.
///
/// # Errors
/// [`crate::Reason::Unprovable`], naming the first setting that tells something.
pub(crate) fn settings(copy: &Package, limits: &Limits) -> Result<(), Refusal> {
    for member in copy.members.iter().filter(|member| is_part(copy, member, "settings.xml")) {
        let Some(xml) = member.xml(limits)? else { continue };
        part(xml.reader()).map_err(|refusal| refusal.in_part(&member.name))?;
    }
    Ok(())
}

fn part(mut reader: XmlReader<'_>) -> Result<(), Refusal> {
    let mut item: Option<(String, String, String)> = None;
    while let Some(token) = reader.next() {
        match token {
            Token::Start(element) if element.ns == Ns::Odf(Odf::Config) => {
                let name = element.own("name").unwrap_or_default().to_owned();
                match element.local {
                    "config-item-set" if !name.ends_with("configuration-settings") => {
                        return Err(tells("config-item-set"));
                    }
                    "config-item-map-indexed" | "config-item-map-named" if name != "ForbiddenCharacters" => {
                        return Err(tells(&name));
                    }
                    "config-item" => {
                        item = Some((name, element.own("type").unwrap_or_default().to_owned(), String::new()));
                    }
                    _ => {}
                }
            }
            Token::Text(text) => {
                if let Some((_, _, value)) = item.as_mut() {
                    value.push_str(text);
                }
            }
            Token::End => {
                if let Some((name, _, _)) = item.take().filter(|(name, kind, value)| !is_plain(name, kind, value)) {
                    return Err(tells(&name));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Names come from the vocabulary of programs, but a file may bring any.
fn tells(name: &str) -> Refusal {
    let is_word = name.len() <= 60 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    Refusal::unprovable(format!("a setting that tells something remains: `{}`", if is_word { name } else { "?" }))
}

/// True for switches and measures, the names of fonts in formulas, and the characters that may not begin a line.
pub(crate) fn is_plain(name: &str, kind: &str, value: &str) -> bool {
    let value = value.trim();
    if ["Rsid", "Database", "Password", "Key"].iter().any(|piece| name.contains(piece)) {
        return false;
    }
    match kind {
        "boolean" => matches!(value, "true" | "false"),
        "short" | "int" | "long" => value.parse::<i64>().is_ok(),
        "double" => value.parse::<f64>().is_ok(),
        "string" => {
            let is_known = ["FontName", "CustomFontName"].iter().any(|start| name.starts_with(start))
                || matches!(
                    name,
                    "PrinterIndependentLayout" | "Language" | "Country" | "Variant" | "BeginLine" | "EndLine"
                );
            is_known && value.chars().count() <= 200
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generators_are_cut_not_changed() {
        let written = "LibreOffice/7.4.2.3$Linux_X86_64 LibreOffice_project/382eef1f22670f7f4118c8c2dd222ec7ad009daf";
        for left in ["LibreOffice/7.4.2.3", "LibreOffice/7.4", "LibreOffice/7.4$ LibreOffice_project", ""] {
            assert!(generator_kept(written, left).is_ok(), "{left}");
        }
        for left in [written, "LibreOffice/7.5", "OpenOffice.org/3.2", "LibreOffice/7.4.2.3$Linux_X86_64"] {
            assert!(generator_kept(written, left).is_err(), "{left}");
        }
        let old = "OpenOffice.org/3.2$Win32 OpenOffice.org_project/320m12$Build-9483";
        assert!(generator_kept(old, "OpenOffice.org/3.2 OpenOffice.org_project/320m12$Build-9483").is_ok());
    }

    #[test]
    fn settings_that_tell() {
        for (name, kind, value) in [
            ("PrinterName", "string", "HP in room 3"),
            ("PrinterSetup", "base64Binary", "AAAA"),
            ("Rsid", "int", "12345"),
            ("CurrentDatabaseDataSource", "string", ""),
            ("TabOverflow", "boolean", "yes"),
        ] {
            assert!(!is_plain(name, kind, value), "{name}");
        }
        for (name, kind, value) in [
            ("TabOverflow", "boolean", "true"),
            ("CharacterCompressionType", "short", "0"),
            ("PrinterIndependentLayout", "string", "high-resolution"),
        ] {
            assert!(is_plain(name, kind, value), "{name}");
        }
    }
}
