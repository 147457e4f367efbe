//! The claim to follow PDF/A (ISO 19005) or PDF/UA (ISO 14289), which stands in the metadata of the catalog.
//!
//! All metadata goes, but a file without this claim is no longer what archives and readers for the blind ask for. So a packet
//! of our own says it anew, and nothing else: parts, conformance levels, revisions, and for PDF/UA the title, which that
//! standard requires. What was done to the document may break the claim; then it goes too, and the report says why.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};

use super::annotations::Decided;
use super::source::{Object, Source};
use super::streams::{decode, filters};
use crate::formats::{Context, Report};
use crate::policy::{Action, Class};
use crate::refusal::Refusal;

/// Elements in elements that are followed.
const DEEPEST: usize = 64;
/// Characters of a title that are kept.
const LONGEST_TITLE: usize = 1_000;
const PDFA: &str = "http://www.aiim.org/pdfa/ns/id/";
const PDFUA: &str = "http://www.aiim.org/pdfua/ns/id/";
const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";
/// What PDF/A-1 to 3 want to read about a schema that they do not know themselves (ISO 19005-1, 6.7.8).
const EXTENSION: &str = "<rdf:Description rdf:about=\"\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" \
xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType=\"Resource\">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>part of ISO 14289</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>\
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>\n";

/// What a document claims to be.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Identification {
    part: Option<u32>,
    conformance: Option<char>,
    revision: Option<u32>,
    accessible_part: Option<u32>,
    accessible_revision: Option<u32>,
    /// The title, where PDF/UA requires it.
    pub(super) title: Option<String>,
}

impl Identification {
    /// What the copy may still claim. Records what it keeps and what not.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] where the metadata was lost on loading.
    pub(super) fn of(
        source: &Source,
        decided: &Decided,
        context: &Context<'_>,
        report: &mut Report,
    ) -> Result<Option<Self>, Refusal> {
        let Object::Stream(stream) = source.get(source.catalog()?, "Metadata")? else { return Ok(None) };
        // A packet that does not unpack claims nothing.
        let packet = decode(source, &stream.content, &filters(source, stream).unwrap_or_default(), context);
        let Ok(packet) = packet else { return Ok(None) };
        let mut claim = read(&String::from_utf8_lossy(&packet));
        if let Some(name) = claim.archive_name() {
            let broken = if source.was_encrypted {
                Some("it was encrypted")
            } else if decided.appearances_made {
                Some("form fields had no appearance")
            } else if claim.conformance == Some('A') && decided.drawn {
                Some("annotations became page content without structure")
            } else {
                None
            };
            claim.settle(&name, broken, report);
        }
        if let Some(part) = claim.accessible_part {
            let broken = if claim.title.is_none() {
                Some("it has no title")
            } else if decided.drawn {
                Some("annotations became page content without structure")
            } else {
                None
            };
            claim.settle(&format!("PDF/UA-{part}"), broken, report);
        }
        if claim.accessible_part.is_none() {
            claim.title = None;
        }
        Ok((claim.part.is_some() || claim.accessible_part.is_some()).then_some(claim))
    }

    /// True for PDF/A-1, which knows no object streams.
    pub(super) fn needs_classic_structure(&self) -> bool {
        self.part == Some(1)
    }

    /// Keeps a claim or gives it up.
    fn settle(&mut self, name: &str, broken: Option<&str>, report: &mut Report) {
        match broken {
            None => report.hit(Class::MetadataOther, Action::Keep, format!("claim to be {name}"), "", 1, 0),
            Some(why) => {
                report.removed(Class::MetadataOther, format!("claim to be {name}: {why}"), "");
                if name.starts_with("PDF/UA") {
                    (self.accessible_part, self.accessible_revision) = (None, None);
                } else {
                    (self.part, self.conformance, self.revision) = (None, None, None);
                }
            }
        }
    }

    /// The name of the claimed part and level of PDF/A.
    fn archive_name(&self) -> Option<String> {
        let part = self.part?;
        let level = self.conformance.map(|level| level.to_ascii_lowercase().to_string()).unwrap_or_default();
        Some(format!("PDF/A-{part}{level}"))
    }

    /// The packet: always the same bytes for the same claim.
    pub(super) fn packet(&self) -> String {
        let mut properties = String::new();
        let mut property = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                properties.push_str(&format!("<{name}>{value}</{name}>"));
            }
        };
        property("pdfaid:part", self.part.map(|part| part.to_string()));
        property("pdfaid:rev", self.revision.map(|revision| revision.to_string()));
        property("pdfaid:conformance", self.conformance.map(String::from));
        property("pdfuaid:part", self.accessible_part.map(|part| part.to_string()));
        property("pdfuaid:rev", self.accessible_revision.map(|revision| revision.to_string()));
        if let Some(title) = &self.title {
            let title = escape(title.as_str());
            property("dc:title", Some(format!("<rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt>")));
        }
        let extension = match (self.part, self.accessible_part) {
            (Some(1..=3), Some(_)) => EXTENSION,
            _ => "",
        };
        format!(
            "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
             <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n<rdf:Description rdf:about=\"\" \
             xmlns:pdfaid=\"{PDFA}\" xmlns:pdfuaid=\"{PDFUA}\" xmlns:dc=\"{DUBLIN_CORE}\">{properties}</rdf:Description>\n\
             {extension}</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>"
        )
    }

    /// Takes in one property; `name` is its namespace and local name.
    fn take(&mut self, (namespace, local): (&str, &str), value: &str) {
        let value = value.trim();
        let digits = |longest: usize| {
            let plain = !value.is_empty() && value.len() <= longest && value.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| value.parse::<u32>().ok()).flatten()
        };
        match (namespace, local) {
            (PDFA, "part") => self.part = digits(1).filter(|part| (1..=4).contains(part)),
            (PDFA, "rev") => self.revision = digits(4),
            (PDFA, "conformance") => {
                let mut letters = value.chars();
                self.conformance =
                    letters.next().filter(|letter| "ABUEF".contains(*letter) && letters.next().is_none());
            }
            (PDFUA, "part") => self.accessible_part = digits(1).filter(|part| (1..=2).contains(part)),
            (PDFUA, "rev") => self.accessible_revision = digits(4),
            (DUBLIN_CORE, "title") if self.title.is_none() && !value.is_empty() => {
                self.title = Some(value.chars().take(LONGEST_TITLE).collect());
            }
            _ => {}
        }
    }
}

/// Reads a packet as far as it goes. Properties are elements or attributes (ISO 16684-1, 7.9.2.2).
fn read(packet: &str) -> Identification {
    let mut found = Identification::default();
    let mut reader = Reader::from_str(packet.trim_start_matches('\u{feff}'));
    let mut prefixes: Vec<(String, String)> = Vec::new();
    let mut open: Vec<(String, String)> = Vec::new();
    let mut text = String::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) if open.len() < DEEPEST => {
                attributes(&element, &mut prefixes, &mut found);
                open.push((element.name().as_ref().to_owned(), String::new()));
                text.clear();
            }
            Ok(Event::Empty(element)) => attributes(&element, &mut prefixes, &mut found),
            Ok(Event::Text(piece)) => text.push_str(&piece.xml10_content()),
            Ok(Event::CData(piece)) => text.push_str(&piece.xml10_content()),
            Ok(Event::GeneralRef(name)) => {
                let reference = format!("&{};", &*name.xml10_content());
                text.push_str(&quick_xml::escape::unescape(&reference).unwrap_or_default());
            }
            Ok(Event::End(_)) => {
                // The value of a list belongs to the property around it.
                let property = open.iter().rev().find(|(name, _)| !name.starts_with("rdf:"));
                if let Some((name, _)) = property {
                    found.take(resolve(name, &prefixes), &text);
                }
                open.pop();
                text.clear();
            }
            Ok(Event::Eof | Event::Start(_)) | Err(_) => return found,
            Ok(_) => {}
        }
    }
}

fn attributes(element: &BytesStart<'_>, prefixes: &mut Vec<(String, String)>, found: &mut Identification) {
    let mut values = Vec::new();
    for attribute in element.attributes().with_checks(false).flatten().take(DEEPEST) {
        let name: &str = attribute.key.as_ref();
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).unwrap_or_default().into_owned();
        match name.strip_prefix("xmlns:") {
            Some(prefix) if prefixes.len() < DEEPEST => prefixes.push((prefix.to_owned(), value)),
            _ => values.push((name.to_owned(), value)),
        }
    }
    for (name, value) in values {
        found.take(resolve(&name, prefixes), &value);
    }
}

/// The namespace that the prefix of a name stands for, and the name without it.
fn resolve<'n>(name: &'n str, prefixes: &'n [(String, String)]) -> (&'n str, &'n str) {
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let known = prefixes.iter().rev().find(|(known, _)| known == prefix);
    (known.map_or("", |(_, namespace)| namespace.as_str()), local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_read_in_all_forms_and_written_in_one() {
        let elements = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='r'><rdf:Description rdf:about='' \
             xmlns:a='http://www.aiim.org/pdfa/ns/id/' xmlns:dc='http://purl.org/dc/elements/1.1/' \
             xmlns:pdfuaid='http://www.aiim.org/pdfua/ns/id/'><a:part>2</a:part><a:conformance>U</a:conformance>\
             <pdfuaid:part>1</pdfuaid:part><dc:title><rdf:Alt><rdf:li xml:lang='x-default'>A &amp; B</rdf:li></rdf:Alt>\
             </dc:title><dc:creator>Somebody</dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>";
        let claim = read(elements);
        assert_eq!(claim.archive_name().as_deref(), Some("PDF/A-2u"));
        assert_eq!((claim.accessible_part, claim.title.as_deref()), (Some(1), Some("A & B")));
        let packet = claim.packet();
        assert!(!packet.contains("Somebody") && packet.contains("<pdfaid:part>2</pdfaid:part>"));
        assert_eq!(read(&packet), claim);
        let attributes = "<rdf:Description xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/' pdfaid:part='1' \
             pdfaid:conformance='B'/>";
        assert_eq!(read(attributes).archive_name().as_deref(), Some("PDF/A-1b"));
    }

    #[test]
    fn only_what_the_standards_define_is_taken() {
        let odd = "<d xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/' pdfaid:part='7' pdfaid:conformance='Secret' \
             pdfaid:rev='today'/>";
        assert_eq!(read(odd), Identification::default());
    }
}
