//! Values of an XMP packet, each with the name of its property.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Values that one packet may give; real ones have a few dozen.
const MOST: usize = 20_000;

/// Calls `visit` with the name (`XMP-dc:creator`) and value of every text and attribute, in document order. What is not
/// well-formed ends the walk; the rest is then given as one value, so that nothing stays unread.
pub(super) fn values(packet: &str, limits: &crate::limits::Limits, visit: &mut dyn FnMut(String, String)) {
    let mut reader = Reader::from_str(packet);
    let mut open: Vec<String> = Vec::new();
    // Character data comes in pieces, one per entity.
    let mut text = String::new();
    for _ in 0..MOST {
        let before = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = reader.read_event();
        match &event {
            Ok(Event::Text(piece)) => text.push_str(piece),
            Ok(Event::CData(piece)) => text.push_str(piece),
            Ok(Event::GeneralRef(name)) => text.push_str(&resolved(&format!("&{};", &**name))),
            _ => give(&open, &std::mem::take(&mut text), visit),
        }
        match event {
            Ok(Event::Start(element)) => {
                attributes(&element, visit);
                open.push(element.name().as_ref().to_owned());
            }
            Ok(Event::Empty(element)) => attributes(&element, visit),
            Ok(Event::End(_)) => {
                open.pop();
            }
            Ok(Event::Comment(comment)) => give(&["comment".to_owned()], &comment, visit),
            Ok(Event::Eof) => return,
            Ok(_) => {}
            Err(_) => {
                give(&["unparsed".to_owned()], packet.get(before..).unwrap_or_default(), visit);
                return;
            }
        }
        if open.len() as u64 > u64::from(limits.xml_depth) {
            return;
        }
    }
}

fn resolved(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), |plain| plain.into_owned())
}

fn give(open: &[String], value: &str, visit: &mut dyn FnMut(String, String)) {
    let value = value.trim();
    if value.is_empty() {
        return;
    }
    // The innermost element that is a property and not RDF's own list syntax.
    let name = open.iter().rev().find(|name| !name.starts_with("rdf:") && !name.starts_with("x:"));
    visit(format!("XMP-{}", name.map_or("rdf", String::as_str)), value.to_owned());
}

fn attributes(element: &BytesStart<'_>, visit: &mut dyn FnMut(String, String)) {
    for attribute in element.attributes().with_checks(false).flatten() {
        let name: &str = attribute.key.as_ref();
        if name.starts_with("xmlns") || name.starts_with("rdf:") || name.starts_with("xml:") {
            continue;
        }
        let value = resolved(&attribute.value);
        if !value.trim().is_empty() {
            visit(format!("XMP-{name}"), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(packet: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        values(packet, &crate::limits::Limits::default(), &mut |name, value| found.push((name, value)));
        found
    }

    #[test]
    fn values_carry_the_name_of_their_property() {
        let packet = r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description rdf:about="" pdf:Producer="P 1">
            <dc:creator><rdf:Seq><rdf:li>Ada &amp; Co</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"#;
        let expected = [("XMP-pdf:Producer", "P 1"), ("XMP-dc:creator", "Ada & Co")];
        assert_eq!(all(packet), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn what_is_not_well_formed_is_not_lost() {
        assert!(all("<a><b>Ada</c>").iter().any(|(_, value)| value.contains("Ada")));
        assert!(!all("no markup at all").is_empty());
    }
}
