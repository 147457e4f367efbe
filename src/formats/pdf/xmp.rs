//! Lists the properties of an XMP packet (ISO 16684-1) that is about to be dropped.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::formats::Report;
use crate::policy::Class;

/// More events than any real packet has.
const MOST_EVENTS: usize = 200_000;
/// Longer values are cut: only their beginning is looked for.
const LONGEST_VALUE: usize = 1_000;

/// Records every property with its value under `place`. A packet that is no XML is listed no further.
pub(super) fn list(packet: &[u8], place: &str, report: &mut Report) {
    let text = String::from_utf8_lossy(packet);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    // The names of the open elements from the first `rdf:Description` on: [description, property, …].
    let mut open: Vec<String> = Vec::new();
    let mut value = String::new();
    for _ in 0..MOST_EVENTS {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                let name = name(&start);
                if !open.is_empty() || name.ends_with(":Description") {
                    if open.is_empty() {
                        attributes(&start, place, report);
                    }
                    open.push(name);
                    if open.len() == 2 {
                        value.clear();
                    }
                    if open.len() > 2 && !value.is_empty() {
                        value.push(' ');
                    }
                }
            }
            Ok(Event::Empty(start)) => {
                if name(&start).ends_with(":Description") || !open.is_empty() {
                    attributes(&start, place, report);
                }
            }
            Ok(Event::Text(text)) if open.len() >= 2 => {
                if value.len() < LONGEST_VALUE {
                    value.push_str(&text);
                }
            }
            Ok(Event::End(_)) => {
                if open.len() == 2
                    && let Some(property) = open.last()
                {
                    record(property, value.trim(), place, report);
                }
                open.pop();
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
}

fn name(start: &BytesStart<'_>) -> String {
    start.name().as_ref().to_owned()
}

/// Properties may be written as attributes of the description.
fn attributes(start: &BytesStart<'_>, place: &str, report: &mut Report) {
    for attribute in start.attributes().with_checks(false).flatten() {
        let key = attribute.key.as_ref().to_owned();
        if key.contains(':') && !["xmlns:", "rdf:", "xml:"].iter().any(|prefix| key.starts_with(prefix)) {
            record(&key, &attribute.value, place, report);
        }
    }
}

fn record(property: &str, value: &str, place: &str, report: &mut Report) {
    let known = property.len() <= 60 && property.chars().all(|c| c.is_ascii_alphanumeric() || "-_:.".contains(c));
    let item = if known { format!("XMP-{property}") } else { "XMP-private-property".to_owned() };
    report.removed_value(class(property), item, place, value.chars().take(LONGEST_VALUE).collect::<String>());
}

/// The class of a property by its name; prefixes are those that everybody uses.
fn class(property: &str) -> Class {
    let (prefix, name) = property.split_once(':').unwrap_or(("", property));
    match (prefix, name) {
        ("dc", "creator" | "contributor" | "publisher") | (_, "Author" | "AuthorsPosition" | "CaptionWriter") => {
            Class::MetadataAuthor
        }
        (_, "Company" | "Manager") => Class::MetadataOrganisation,
        ("pdf", "Producer") | ("xmp", "CreatorTool") | ("xap", "CreatorTool") => Class::MetadataSoftware,
        ("dc", "title" | "description" | "subject" | "type" | "rights" | "source")
        | (_, "Keywords" | "Headline" | "Label" | "Nickname" | "Rating") => Class::MetadataDescription,
        ("xmpMM" | "xapMM" | "stRef" | "stEvt", _) | ("dc", "identifier") | ("xmp", "Identifier") => {
            Class::MetadataIdentifiers
        }
        (_, name) if name.ends_with("Date") || name.starts_with("DateTime") || name == "DateCreated" => {
            Class::MetadataDates
        }
        (_, name) if name.starts_with("GPS") => Class::MetadataLocation,
        (_, "City" | "Country" | "State" | "Location" | "CountryCode") => Class::MetadataLocation,
        ("exif" | "aux" | "tiff" | "exifEX", _) => Class::MetadataDevice,
        _ => Class::MetadataOther,
    }
}
