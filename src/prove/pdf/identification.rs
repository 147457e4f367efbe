//! The one metadata packet that a copy may have: the claim to follow PDF/A or PDF/UA, and for the latter a title.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements that the claim consists of, and the containers of XMP.
const ELEMENTS: &[&str] = &[
    "x:xmpmeta",
    "rdf:RDF",
    "rdf:Description",
    "rdf:Alt",
    "rdf:Bag",
    "rdf:Seq",
    "rdf:li",
    "dc:title",
    "pdfaid:part",
    "pdfaid:rev",
    "pdfaid:conformance",
    "pdfuaid:part",
    "pdfuaid:rev",
    "pdfaExtension:schemas",
    "pdfaSchema:schema",
    "pdfaSchema:namespaceURI",
    "pdfaSchema:prefix",
    "pdfaSchema:property",
    "pdfaProperty:name",
    "pdfaProperty:valueType",
    "pdfaProperty:category",
    "pdfaProperty:description",
];
/// Texts that describe the schema of PDF/UA to PDF/A.
const TEXTS: &[&str] = &[
    "PDF/UA identification schema",
    "http://www.aiim.org/pdfua/ns/id/",
    "pdfuaid",
    "part",
    "Integer",
    "internal",
    "part of ISO 14289",
];

/// True when a packet says which standard the document follows, its title perhaps, and nothing else.
pub(super) fn is_only_that(packet: &[u8]) -> bool {
    let Ok(packet) = std::str::from_utf8(packet) else { return false };
    let mut reader = Reader::from_str(packet);
    let mut open: Vec<String> = Vec::new();
    loop {
        let fits = match reader.read_event() {
            Ok(Event::Start(element)) => {
                open.push(element.name().as_ref().to_owned());
                is_known(&element)
            }
            Ok(Event::Empty(element)) => is_known(&element),
            Ok(Event::End(_)) => {
                open.pop();
                true
            }
            Ok(Event::Text(text)) => {
                let text = text.trim();
                let value = open.last().is_some_and(|name| name.starts_with("pdfaid:") || name.starts_with("pdfuaid:"));
                text.is_empty()
                    || TEXTS.contains(&text)
                    || open.iter().any(|name| name == "dc:title")
                    || (value && text.len() <= 4)
            }
            Ok(Event::GeneralRef(_)) => open.iter().any(|name| name == "dc:title"),
            Ok(Event::PI(instruction)) => instruction.starts_with("xpacket") && instruction.len() < 64,
            Ok(Event::Eof) => return true,
            Ok(_) | Err(_) => false,
        };
        if !fits || open.len() > 32 {
            return false;
        }
    }
}

fn is_known(element: &BytesStart<'_>) -> bool {
    let attributes = element.attributes().flatten().all(|attribute| {
        let name: &str = attribute.key.as_ref();
        let value: &str = attribute.value.as_ref();
        name.starts_with("xmlns:")
            || matches!((name, value), ("rdf:about", "") | ("rdf:parseType", "Resource") | ("xml:lang", "x-default"))
    });
    attributes && ELEMENTS.contains(&element.name().as_ref())
}

#[cfg(test)]
mod tests {
    use super::is_only_that;

    #[test]
    fn nothing_but_the_claim_passes() {
        let packet = |inner: &str| format!("<x:xmpmeta xmlns:x='a'><rdf:RDF>{inner}</rdf:RDF></x:xmpmeta>");
        for (inner, passes) in [
            ("<rdf:Description rdf:about=''><pdfaid:part>1</pdfaid:part></rdf:Description>", true),
            ("<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Any &amp; title</rdf:li></rdf:Alt></dc:title>", true),
            ("<dc:creator>Somebody</dc:creator>", false),
            ("<rdf:Description xmp:CreateDate='2024'/>", false),
            ("<pdfaid:part>Somebody</pdfaid:part>", false),
            ("<!-- Somebody -->", false),
        ] {
            assert_eq!(is_only_that(packet(inner).as_bytes()), passes, "{inner}");
        }
    }
}
