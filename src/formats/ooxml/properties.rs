//! The values that leave with removed parts: properties, authors, printers. They go to the echo search only.

use super::part_name;
use crate::formats::xml::{Ns, Token, Tokens, decode};
use crate::formats::{Report, labels};
use crate::limits::Limits;
use crate::policy::Class;

/// The class of a property by its element's name (ECMA-376 part 2, 8; part 1, 22.2).
fn property_class(local: &str) -> Class {
    match local {
        "creator" | "lastModifiedBy" | "Manager" => Class::MetadataAuthor,
        "Company" => Class::MetadataOrganisation,
        "created" | "modified" | "lastPrinted" | "TotalTime" => Class::MetadataDates,
        "Template" | "HyperlinkBase" => Class::MetadataPaths,
        "Application" | "AppVersion" => Class::MetadataSoftware,
        "revision" | "version" | "identifier" => Class::MetadataIdentifiers,
        "title" | "subject" | "keywords" | "description" | "category" | "contentStatus" | "contentType"
        | "language" | "PresentationFormat" | "TitlesOfParts" | "HeadingPairs" | "HLinks" => Class::MetadataDescription,
        _ => Class::MetadataOther,
    }
}

/// The class of a custom property: names that Outlook, SharePoint and labelling write.
fn custom_class(name: &str) -> (Class, &'static str) {
    const MAIL: &[&str] = &["_AuthorEmail", "_AuthorEmailDisplayName", "_EmailSubject", "_ReviewingToolsShownOnce"];
    if MAIL.contains(&name) {
        (Class::MetadataAuthor, "custom:_AuthorEmail")
    } else if name == "ContentTypeId" {
        (Class::MetadataIdentifiers, "custom:ContentTypeId")
    } else {
        (Class::MetadataOther, "custom property")
    }
}

/// Reports a removed part with what it told. A part that cannot be read is gone all the same.
pub(super) fn report_removed(kind: &str, class: Class, name: &str, bytes: &[u8], limits: &Limits, report: &mut Report) {
    match kind {
        "core-properties" | "extended-properties" | "extendedProperties" => {
            report_elements(name, bytes, limits, report);
        }
        "custom-properties" | "customProperties" => report_custom(name, bytes, limits, report),
        "classificationlabels" => report_labels(name, bytes, limits, report),
        "printerSettings" => match printer(bytes) {
            Some(printer) => report.removed_value(class, "printer settings", name, printer),
            None => report.removed_bytes(class, "printer settings", name, bytes.len()),
        },
        _ => {
            report.removed_bytes(class, item(kind), name, bytes.len());
            if matches!(class, Class::ContentComments | Class::ContentOldRevisions) {
                report_people(bytes, name, limits, report);
            }
        }
    }
}

/// What the log calls a part of this type.
pub(super) fn item(kind: &str) -> String {
    if kind.is_empty() { "part of unknown type".to_owned() } else { format!("{kind} part") }
}

/// Properties that are elements: `dc:creator`, `Company`.
fn report_elements(name: &str, bytes: &[u8], limits: &Limits, report: &mut Report) {
    let Ok(text) = decode(bytes) else { return report.removed(Class::MetadataOther, "document properties", name) };
    let mut tokens = Tokens::new(&text, limits);
    let mut open: Vec<&str> = Vec::new();
    let mut value = String::new();
    let mut found = false;
    while let Ok(Some(token)) = tokens.next() {
        match token {
            Token::Start(element) if !element.empty => {
                open.push(element.local);
                value.clear();
            }
            Token::Text(raw) | Token::CData(raw) => {
                value.push_str(&quick_xml::escape::unescape(raw).unwrap_or_default());
            }
            Token::End(_) => {
                let local = open.pop().unwrap_or_default();
                // The titles of parts are names of sheets and slides, which stand in the document anyway.
                let listed = local == "lpstr" || open.len() != 1;
                let class = property_class(local);
                if !listed && !value.trim().is_empty() {
                    found = true;
                    let item = format!("property {local}");
                    if class == Class::MetadataOther || value.trim().parse::<f64>().is_ok() {
                        report.removed(class, item, name);
                    } else {
                        report.removed_value(class, item, name, value.trim());
                    }
                }
                value.clear();
            }
            _ => {}
        }
    }
    if !found {
        report.removed_bytes(Class::MetadataOther, "document properties", name, bytes.len());
    }
}

/// Properties with names of their own (ECMA-376 part 1, 22.3).
fn report_custom(name: &str, bytes: &[u8], limits: &Limits, report: &mut Report) {
    let Ok(text) = decode(bytes) else { return report.removed(Class::MetadataOther, "custom properties", name) };
    let mut tokens = Tokens::new(&text, limits);
    let mut properties: Vec<(String, String)> = Vec::new();
    while let Ok(Some(token)) = tokens.next() {
        match (token, properties.last_mut()) {
            (Token::Start(element), _) if element.local == "property" => {
                properties.push((element.get(Ns::None, "name").unwrap_or_default().into_owned(), String::new()));
            }
            (Token::Text(raw), Some((_, value))) => {
                value.push_str(&quick_xml::escape::unescape(raw).unwrap_or_default());
            }
            (Token::CData(raw), Some((_, value))) => value.push_str(raw),
            _ => {}
        }
    }
    if properties.is_empty() {
        report.removed_bytes(Class::MetadataOther, "custom properties", name, bytes.len());
    }
    for (property, value) in properties {
        if !report.removed_label("custom:", &property, name, &value) {
            let (class, item) = custom_class(&property);
            report.removed_value(class, item, name, value.trim());
        }
    }
}

/// Sensitivity labels, listed by their ids (\[MS-OFFCRYPTO\] 2.6.4). A list that cannot be read may hold any.
fn report_labels(name: &str, bytes: &[u8], limits: &Limits, report: &mut Report) {
    report.removed_bytes(Class::MetadataSensitivityLabels, item("classificationlabels"), name, bytes.len());
    let Ok(text) = decode(bytes) else { return report.removed_listed_label("", true, name) };
    let mut tokens = Tokens::new(&text, limits);
    loop {
        match tokens.next() {
            Ok(Some(Token::Start(element))) if element.local == "label" => {
                let is = |name| element.get(Ns::None, name).map(|value| !labels::is_false(&value));
                let holds = is("enabled").unwrap_or(true) && !is("removed").unwrap_or(false);
                report.removed_listed_label(&element.get(Ns::None, "id").unwrap_or_default(), holds, name);
            }
            Ok(Some(_)) => {}
            Ok(None) => return,
            Err(_) => return report.removed_listed_label("", true, name),
        }
    }
}

/// Names of people in parts about comments and revisions.
fn report_people(bytes: &[u8], name: &str, limits: &Limits, report: &mut Report) {
    const NAMES: &[&str] = &["author", "displayName", "userName", "name", "userId"];
    let Ok(text) = decode(bytes) else { return };
    let mut tokens = Tokens::new(&text, limits);
    let mut author = false;
    let mut known = std::collections::BTreeSet::new();
    while let Ok(Some(token)) = tokens.next() {
        match token {
            Token::Start(element) => {
                author = element.local == "author" && !element.empty;
                for attribute in element.attributes() {
                    if attribute.ns != Ns::Xmlns && NAMES.contains(&attribute.local) {
                        known.insert(attribute.value().into_owned());
                    }
                }
            }
            Token::Text(raw) if author => {
                known.insert(quick_xml::escape::unescape(raw).unwrap_or_default().into_owned());
            }
            _ => author = false,
        }
        if known.len() > 1_000 {
            break;
        }
    }
    for value in known {
        report.removed_value(Class::MetadataAuthor, "comment author", name, value);
    }
}

/// The device name at the beginning of a DEVMODE structure: up to 32 characters of UTF-16.
fn printer(bytes: &[u8]) -> Option<String> {
    let units = bytes.chunks_exact(2).take(32).map(|pair| match pair {
        [low, high] => u16::from_le_bytes([*low, *high]),
        _ => 0,
    });
    let units: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
    let name = String::from_utf16(&units).ok()?;
    (name.len() >= 3 && name.chars().all(|c| !c.is_control())).then_some(name)
}

/// The name of the part for the log: as written in the container.
pub(super) fn place(name: Option<&str>, key: &str) -> String {
    name.map_or_else(|| part_name::key(key), str::to_owned)
}
