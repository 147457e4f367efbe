//! XMP: the properties of a packet, by name and value, for the report and the echo search.
//!
//! XMP (ISO 16684-1) is RDF in XML. The packet is always dropped as a whole; this reader only tells what it held, so it
//! takes what it can from broken packets. Every property value is one hit, named as ExifTool names it (`XMP-dc:creator`).

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::tame;
use crate::formats::{Report, labels};
use crate::policy::Class;

/// Elements in elements that are followed; real packets have about ten.
const DEEPEST: usize = 256;
/// Values that are listed; the rest is counted with the packet.
const MOST_VALUES: usize = 5_000;
/// Characters of one value that are kept for the echo search.
const MOST_TEXT: usize = 4_096;

/// An element that is open while the packet is read.
#[derive(Default)]
struct Open {
    /// The property it stands for; RDF's own elements stand for none.
    property: Option<Property>,
    text: String,
}

/// A property by its name.
#[derive(Clone)]
struct Property {
    class: Class,
    item: String,
    /// What goes before the name of a property of a sensitivity label, and that name.
    label: Option<(String, String)>,
}

impl Property {
    fn new(class: Class, item: impl Into<String>) -> Self {
        Self { class, item: item.into(), label: None }
    }

    /// Reports a value as removed.
    fn removed(self, value: &str, report: &mut Report) {
        match self.label {
            Some((family, name)) => {
                report.removed_label(&family, &name, "", value);
            }
            None => report.removed_value(self.class, self.item, "", value),
        }
    }
}

/// Reports the packet and every property value in it as removed. `packet_item` names the packet, for example `APP1 XMP`.
pub(crate) fn list(packet: &[u8], packet_item: &str, report: &mut Report) {
    report.removed_bytes(Class::MetadataOther, packet_item, "", packet.len());
    let text = decode(packet);
    let mut reader = Reader::from_str(&text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut open: Vec<Open> = Vec::new();
    let mut values = 0_usize;
    loop {
        let listed = match reader.read_event() {
            Ok(Event::Start(element)) if open.len() < DEEPEST => {
                let outer = open.iter().rev().find_map(|open| open.property.clone());
                let listed = attributes(&element, outer.as_ref(), report);
                open.push(Open { property: property(element.name().as_ref(), outer.as_ref()), text: String::new() });
                listed
            }
            Ok(Event::Empty(element)) => {
                let outer = open.iter().rev().find_map(|open| open.property.clone());
                let own = property(element.name().as_ref(), outer.as_ref()).or(outer);
                attributes(&element, own.as_ref(), report)
            }
            Ok(Event::Text(text)) => append(&mut open, &text.xml10_content()),
            Ok(Event::CData(text)) => append(&mut open, &text.xml10_content()),
            Ok(Event::GeneralRef(reference)) => append(&mut open, &resolve(&reference)),
            Ok(Event::End(_)) => close(&mut open, report),
            Ok(Event::Eof) => return,
            Ok(Event::Start(_)) | Err(_) => {
                report.removed(Class::MetadataOther, format!("{packet_item} (unreadable)"), "");
                return;
            }
            Ok(_) => 0,
        };
        values = values.saturating_add(listed);
        if values > MOST_VALUES {
            report.removed(Class::MetadataOther, format!("{packet_item} (further properties)"), "");
            return;
        }
    }
}

/// The packet as text: UTF-8, or UTF-16 in either byte order with or without a byte order mark.
fn decode(packet: &[u8]) -> std::borrow::Cow<'_, str> {
    let encoding = match packet.get(..2) {
        Some([0xfe, 0xff] | [0, b'<']) => encoding_rs::UTF_16BE,
        Some([0xff, 0xfe] | [b'<', 0]) => encoding_rs::UTF_16LE,
        _ => encoding_rs::UTF_8,
    };
    encoding.decode_with_bom_removal(packet).0
}

fn append(open: &mut [Open], text: &str) -> usize {
    if let Some(last) = open.last_mut() {
        let room = MOST_TEXT.saturating_sub(last.text.len());
        last.text.extend(text.chars().take(room));
    }
    0
}

fn resolve(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    match reference.xml10_content().as_ref() {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
    .to_owned()
}

/// Reports the text of the innermost open element under the property that it belongs to.
fn close(open: &mut Vec<Open>, report: &mut Report) -> usize {
    let Some(closed) = open.pop() else { return 0 };
    let text = closed.text.trim();
    if text.is_empty() {
        return 0;
    }
    let property = closed.property.or_else(|| open.iter().rev().find_map(|open| open.property.clone()));
    property.unwrap_or_else(|| Property::new(Class::MetadataOther, "XMP text")).removed(text, report);
    1
}

/// Reports the attributes of an element that are property values.
fn attributes(element: &BytesStart<'_>, outer: Option<&Property>, report: &mut Report) -> usize {
    let mut listed = 0_usize;
    for attribute in element.attributes().with_checks(false).flatten().take(MOST_VALUES) {
        let name: &str = attribute.key.as_ref();
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).unwrap_or_default();
        if name.starts_with("xmlns") || name.starts_with("xml:") || value.trim().is_empty() {
            continue;
        }
        let own = match name {
            "rdf:resource" => outer.cloned(),
            _ => property(name, outer),
        };
        if let Some(own) = own {
            own.removed(&value.chars().take(MOST_TEXT).collect::<String>(), report);
            listed = listed.saturating_add(1);
        }
    }
    listed
}

/// The class and the name of a property; RDF's own words are none. What has no class of its own belongs to that of the
/// property around it.
fn property(name: &str, outer: Option<&Property>) -> Option<Property> {
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    match (prefix, local) {
        ("rdf", _) | ("x", "xmpmeta" | "xapmeta") => None,
        ("x", "xmptk" | "xaptk") => Some(Property::new(Class::MetadataSoftware, "XMP-x:XMPToolkit")),
        _ if labels::is_property(local) => {
            let label = Some((format!("XMP-{}:", tame(prefix)), local.to_owned()));
            Some(Property { label, ..Property::new(Class::MetadataSensitivityLabels, "") })
        }
        _ => {
            let class = match (class_of(prefix, local), outer) {
                (Class::MetadataOther, Some(outer)) => outer.class,
                (own, _) => own,
            };
            Some(Property::new(class, format!("XMP-{}:{}", tame(prefix), tame(local))))
        }
    }
}

/// The class of a property by its usual prefix and its name. Prefixes are the usual ones; a packet that uses others still
/// gets most classes right by the names alone.
fn class_of(prefix: &str, local: &str) -> Class {
    let lower = local.to_ascii_lowercase();
    let by_prefix = match prefix {
        "mwg-rs" | "MP" | "MPRI" | "MPReg" | "MPRegion" | "stArea" | "apple-fi" | "DICOM" => {
            Some(Class::MetadataPeople)
        }
        "c2pa" | "AIGC" => Some(Class::MetadataProvenance),
        "hdrgm" | "HDRGainMap" | "GContainer" | "Container" | "Item" | "GCamera" | "GImage" | "GDepth" | "GAudio" => {
            Some(Class::ContentSecondaryImages)
        }
        _ => None,
    };
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let by_name = || CLASS_BY_NAME.iter().find(|(words, _)| has(words)).map(|(_, class)| *class);
    let by_rest = match prefix {
        "xmpMM" | "xapMM" | "stRef" | "stEvt" | "xmpidq" => Class::MetadataIdentifiers,
        "exif" | "exifEX" | "exifAux" | "aux" | "drone-dji" | "drone-parrot" | "FLIR" => Class::MetadataDevice,
        "plus" => Class::MetadataAuthor,
        "crs" | "darktable" | "GIMP" => Class::MetadataSoftware,
        "dc" if has(&["source", "identifier", "relation"]) => Class::MetadataIdentifiers,
        _ => Class::MetadataOther,
    };
    by_prefix.or_else(by_name).unwrap_or(by_rest)
}

/// Words in names of properties, in lower case; the first line that fits decides.
const CLASS_BY_NAME: &[(&[&str], Class)] = &[
    (&["gps", "latitude", "longitude", "altitude", "poseheading", "worldregion"], Class::MetadataLocation),
    (&["webstatement", "usageterms", "licens", "rights"], Class::MetadataAuthor),
    (
        &[
            "personinimage",
            "personname",
            "personality",
            "regioninfo",
            "regionlist",
            "regionname",
            "persondisplayname",
            "peoplekeyword",
            "modelrelease",
            "modelage",
            "facedetect",
            "faceregion",
            "facename",
        ],
        Class::MetadataPeople,
    ),
    (
        &[
            "digitalsourcetype",
            "digitalsourcefiletype",
            "provenance",
            "aisystem",
            "aiprompt",
            "datamining",
            "madewithai",
        ],
        Class::MetadataProvenance,
    ),
    (&["thumbnail"], Class::ContentThumbnails),
    (&["city", "country", "location", "state", "province"], Class::MetadataLocation),
    (&["exposuretime"], Class::MetadataDevice),
    (&["creatortool", "softwareagent", "software", "producer", "xmptoolkit"], Class::MetadataSoftware),
    (
        &[
            "artist",
            "author",
            "byline",
            "writer",
            "copyright",
            "creator",
            "contributor",
            "owner",
            "credit",
            "publisher",
        ],
        Class::MetadataAuthor,
    ),
    (&["serialnumber", "lens", "make", "model", "firmware", "camera"], Class::MetadataDevice),
    (&["date", "time", "subsec", "when"], Class::MetadataDates),
    (&["documentid", "instanceid", "uniqueid", "guid", "ancestors", "versionid"], Class::MetadataIdentifiers),
    (&["filename", "filepath", "path", "rawfile", "folder"], Class::MetadataPaths),
    (
        &[
            "headline",
            "caption",
            "keyword",
            "title",
            "description",
            "subject",
            "instructions",
            "comment",
            "layertext",
            "layername",
        ],
        Class::MetadataDescription,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(packet: &str) -> Vec<(Class, String, String)> {
        let mut report = Report::default();
        list(packet.as_bytes(), "XMP", &mut report);
        report.values.into_iter().map(|value| (value.class, value.item, value.value)).collect()
    }

    #[test]
    fn properties_get_the_class_of_their_name() {
        for (prefix, local, class) in [
            ("dc", "creator", Class::MetadataAuthor),
            ("dc", "rights", Class::MetadataAuthor),
            ("xmpRights", "WebStatement", Class::MetadataAuthor),
            ("photoshop", "State", Class::MetadataLocation),
            ("exif", "GPSLatitude", Class::MetadataLocation),
            ("exif", "ExposureTime", Class::MetadataDevice),
            ("exif", "DateTimeOriginal", Class::MetadataDates),
            ("aux", "SerialNumber", Class::MetadataDevice),
            ("xmpMM", "History", Class::MetadataIdentifiers),
            ("stEvt", "softwareAgent", Class::MetadataSoftware),
            ("stEvt", "when", Class::MetadataDates),
            ("mwg-rs", "Name", Class::MetadataPeople),
            ("Iptc4xmpExt", "PersonInImage", Class::MetadataPeople),
            ("Iptc4xmpExt", "DigitalSourceType", Class::MetadataProvenance),
            ("xmp", "Thumbnails", Class::ContentThumbnails),
            ("GCamera", "MicroVideo", Class::ContentSecondaryImages),
            ("crs", "RawFileName", Class::MetadataPaths),
            ("exif", "GPSDestLongitude", Class::MetadataLocation),
            ("photoshop", "City", Class::MetadataLocation),
            ("photoshop", "Country", Class::MetadataLocation),
            ("Iptc4xmpCore", "Location", Class::MetadataLocation),
            ("Iptc4xmpCore", "CountryCode", Class::MetadataLocation),
            ("Iptc4xmpExt", "LocationCreated", Class::MetadataLocation),
            ("Iptc4xmpExt", "LocationShown", Class::MetadataLocation),
            ("Iptc4xmpExt", "Sublocation", Class::MetadataLocation),
            ("Iptc4xmpExt", "ProvinceState", Class::MetadataLocation),
            ("Iptc4xmpExt", "WorldRegion", Class::MetadataLocation),
            ("drone-dji", "GpsLatitude", Class::MetadataLocation),
            ("drone-dji", "GpsLongtitude", Class::MetadataLocation), // as older drones spell it
            ("drone-dji", "AbsoluteAltitude", Class::MetadataLocation),
            ("drone-dji", "RelativeAltitude", Class::MetadataLocation),
            ("drone-dji", "DroneSerialNumber", Class::MetadataDevice),
            ("drone-dji", "GimbalYawDegree", Class::MetadataDevice),
            ("GPano", "PoseHeadingDegrees", Class::MetadataLocation),
            ("exifEX", "BodySerialNumber", Class::MetadataDevice),
            ("exifEX", "LensSerialNumber", Class::MetadataDevice),
            ("exifEX", "CameraOwnerName", Class::MetadataAuthor),
            ("aux", "OwnerName", Class::MetadataAuthor),
            ("MicrosoftPhoto", "CameraSerialNumber", Class::MetadataDevice),
            ("MP", "RegionInfo", Class::MetadataPeople),
            ("MPReg", "PersonDisplayName", Class::MetadataPeople),
            ("apple-fi", "ConfidenceLevel", Class::MetadataPeople),
            ("GettyImagesGIFT", "Personality", Class::MetadataPeople),
            ("plus", "MinorModelAgeDisclosure", Class::MetadataPeople),
            ("plus", "DataMining", Class::MetadataProvenance),
            ("plus", "ImageSupplierName", Class::MetadataAuthor),
            ("Iptc4xmpExt", "AIPromptInformation", Class::MetadataProvenance),
            ("Iptc4xmpExt", "AISystemUsed", Class::MetadataProvenance),
            ("dcterms", "provenance", Class::MetadataProvenance),
            ("my", "thing", Class::MetadataOther),
        ] {
            assert_eq!(class_of(prefix, local), class, "{prefix}:{local}");
        }
    }

    #[test]
    fn values_are_found_in_every_form() {
        let packet = r#"<r:RDF xmlns:r="x"><rdf:Description a:one="1st" rdf:about="no"><b:two>2nd &#33;</b:two>
            <c:three rdf:resource="3rd"/><d:four><rdf:Bag><rdf:li>4th</rdf:li><rdf:li e:inner="5th"/></rdf:Bag></d:four>
            <f:six><![CDATA[6th]]></f:six></rdf:Description>"#;
        let values: Vec<(String, String)> = listed(packet).into_iter().map(|(_, item, value)| (item, value)).collect();
        let expected = [
            ("a:one", "1st"),
            ("b:two", "2nd !"),
            ("c:three", "3rd"),
            ("d:four", "4th"),
            ("e:inner", "5th"),
            ("f:six", "6th"),
        ];
        for (item, value) in expected {
            assert!(values.contains(&(format!("XMP-{item}"), value.to_owned())), "{item}: {values:?}");
        }
    }

    #[test]
    fn labels_are_told_from_other_properties() {
        let packet = "<rdf:Description pdfx:MSIP_Label_1_Name='Secret'><pdfx:MSIP_Label_1_SiteId>site</pdfx:MSIP_Label_1_SiteId>\
            </rdf:Description>";
        for (item, value) in [("XMP-pdfx:MSIP_Label_Name", "Secret"), ("XMP-pdfx:MSIP_Label_SiteId", "site")] {
            let expected = (Class::MetadataSensitivityLabels, item.to_owned(), value.to_owned());
            assert!(listed(packet).contains(&expected), "{item}");
        }
    }

    #[test]
    fn hostile_packets_end() {
        let deep = "<a:b>".repeat(100_000);
        let wide = format!("<a:b {}/>", "c:d='x' ".repeat(100_000));
        let many = "<a:b>x</a:b>".repeat(100_000);
        let named = format!("<a:{0}>x</a:{0}>", "\u{202e}\n".repeat(50));
        for packet in [deep, wide, many, named, "<<<>>>".to_owned(), "<a:b>&bomb;</a:b>".to_owned()] {
            let mut report = Report::default();
            list(packet.as_bytes(), "XMP", &mut report);
            assert!(report.values.len() <= MOST_VALUES * 2 + 1);
            assert!(report.hits.iter().all(|hit| hit.item.chars().all(|c| c.is_ascii_graphic() || c == ' ')));
        }
    }
}
