//! Sensitivity labels in every family that has properties of its own: they go, and who would publish a document whose label
//! is not public is asked first.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing)] // a failed helper is a failed test
#![allow(clippy::duplicate_mod)] // two families share what packs a container

#[path = "../odf/fixtures.rs"]
#[allow(dead_code, unreachable_pub)] // shared with the tests of OpenDocument
mod odf;
#[path = "../ooxml/fixtures.rs"]
#[allow(dead_code, unreachable_pub)] // shared with the tests of Office Open XML
mod ooxml;
#[path = "../pdf/fixtures.rs"]
#[allow(dead_code, unreachable_pub)] // shared with the tests of PDF
mod pdf;

use fieldstrip::formats::Hit;
use fieldstrip::policy::{Action, Class};
use fieldstrip::{Cleaned, Policy};

const ID: &str = "2096f6a2-d2f7-48be-b329-b73aaa526e5d";

/// Properties: name and value.
type Properties<'p> = &'p [(&'p str, &'p str)];

/// A family: its name, that of a file, and the file with these properties.
type Family = (&'static str, &'static str, fn(Properties<'_>) -> Vec<u8>);

const FAMILIES: &[Family] = &[
    ("Word", "a.docx", |properties| office(ooxml::document(), properties).write()),
    ("Strict Word", "a.docx", |properties| ooxml::strict(&office(ooxml::document(), properties)).write()),
    ("Excel", "a.xlsx", |properties| office(ooxml::workbook(), properties).write()),
    ("PowerPoint", "a.pptx", |properties| office(ooxml::presentation(), properties).write()),
    ("OpenDocument", "a.odt", |properties| open_document(properties).package()),
    ("flat OpenDocument", "a.fodt", |properties| open_document(properties).flat()),
    ("Rich Text", "a.rtf", rich_text),
    ("PDF", "a.pdf", portable_document),
    ("PDF with XMP", "a.pdf", with_packet),
];

fn office(package: ooxml::Package, properties: Properties<'_>) -> ooxml::Package {
    let property = |(name, value): &(&str, &str)| format!("<property name=\"{name}\"><t>{value}</t></property>");
    let list: String = properties.iter().map(property).collect();
    package.edit("docProps/custom.xml", "</P>", &format!("{list}</P>"))
}

fn open_document(properties: Properties<'_>) -> odf::Document {
    let property = |(name, value): &(&str, &str)| {
        format!("<meta:user-defined meta:name=\"{name}\" meta:value-type=\"string\">{value}</meta:user-defined>")
    };
    odf::Document { meta: properties.iter().map(property).collect(), ..odf::Document::text("<text:p>KEEP</text:p>") }
}

fn rich_text(properties: Properties<'_>) -> Vec<u8> {
    let property =
        |(name, value): &(&str, &str)| format!("{{\\propname {name}}}\\proptype30{{\\staticval {value}}}\r\n");
    let list: String = properties.iter().map(property).collect();
    format!("{{\\rtf1\\ansi{{\\*\\userprops {list}}}\\pard KEEP\\par}}").into_bytes()
}

fn portable_document(properties: Properties<'_>) -> Vec<u8> {
    let mut file = pdf::one_page("", "", "");
    let entries: String = properties.iter().map(|(name, value)| format!("/{name} ({value}) ")).collect();
    let information = file.add(format!("<< {entries} >>"));
    file.trailer = format!("/Info {information} 0 R");
    file.write()
}

fn with_packet(properties: Properties<'_>) -> Vec<u8> {
    let mut file = pdf::one_page("", "", "/Metadata 6 0 R");
    let property = |(name, value): &(&str, &str)| format!("<pdfx:{name}>{value}</pdfx:{name}>");
    let list: String = properties.iter().map(property).collect();
    let packet = format!(
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description xmlns:pdfx=\"http://ns.adobe.com/pdfx/1.3/\">{list}</rdf:Description></rdf:RDF></x:xmpmeta>"
    );
    file.stream("/Type /Metadata /Subtype /XML", packet);
    file.write()
}

fn under(action: &str, more: &str) -> Policy {
    let text = format!(
        "schema = 1\nname = \"test\"\nextends = \"public-release\"\n[classes]\n\"metadata.sensitivity-labels\" = \
         \"{action}\"\n{more}"
    );
    Policy::from_toml(&text, "test.toml").unwrap()
}

fn cleaned(name: &str, bytes: &[u8], policy: &Policy) -> Cleaned {
    fieldstrip::clean(bytes, name, policy).unwrap_or_else(|refusal| unreachable!("{name}: {refusal}"))
}

/// What the copy is held for.
fn held(copy: &Cleaned) -> Vec<String> {
    let hits = copy.report.all_hits().into_iter().filter(|hit| hit.action == Action::Hold);
    hits.inspect(|hit| assert_eq!(hit.class, Class::MetadataSensitivityLabels)).map(|hit| hit.item).collect()
}

/// True when the marker stands in the copy, unpacked or not.
fn holds(copy: &[u8], marker: &str) -> bool {
    let within = |bytes: &[u8]| bytes.windows(marker.len()).any(|window| window == marker.as_bytes());
    within(copy) || odf::unpacked(copy).iter().any(|(name, content)| name.contains(marker) || within(content))
}

/// A property of Microsoft's label.
fn microsoft(attribute: &str) -> String {
    format!("MSIP_Label_{ID}_{attribute}")
}

#[test]
fn labels_go_and_hold_what_is_not_public() {
    let (name, enabled, site) = (microsoft("Name"), microsoft("Enabled"), microsoft("SiteId"));
    let cases: &[(Properties<'_>, &[&str])] = &[
        (&[(&name, "GONE Secret"), (&enabled, "true"), (&site, "GONE")], &["MSIP_Label_Name"]),
        (&[(&name, "General"), (&site, "GONE")], &["MSIP_Label_Name"]),
        (&[(&name, "Public"), (&enabled, "true"), (&site, "GONE")], &[]),
        (&[(&name, "GONE Secret"), (&enabled, "false")], &[]),
        (&[(&enabled, "true"), (&site, "GONE")], &["MSIP_Label_Enabled"]),
        (&[("TitusGUID", "GONE"), ("AgencyClassification", "GONE Secret")], &["Classification"]),
        (&[("TitusGUID", "GONE"), ("AgencyClassification", "unclassified")], &[]),
        (&[("docIndexRef", "GONE"), ("bjDocumentSecurityLabel", "GONE Secret")], &["bjDocumentSecurityLabel"]),
        (&[("Sensitivity", "GONE Secret")], &["Sensitivity"]),
        (&[("ClassificationContentMarkingFooterText", "GONE Secret")], &[]),
    ];
    for (family, file, build) in FAMILIES {
        for (properties, expected) in cases {
            let original = build(properties);
            let copy = cleaned(file, &original, &under("hold", ""));
            let reasons = held(&copy);
            assert_eq!(reasons.len(), expected.len(), "{family} {properties:?}: {reasons:?}");
            for (reason, property) in reasons.iter().zip(*expected) {
                assert!(reason.contains(&format!("{property}: ")), "{family}: {reason}");
            }
            let hits = copy.report.all_hits();
            let is_property =
                |hit: &&Hit| hit.class == Class::MetadataSensitivityLabels && !hit.item.ends_with(" part");
            let of_labels = hits.iter().filter(is_property);
            let removed: u64 = of_labels.filter(|hit| hit.action == Action::Remove).map(|hit| hit.count).sum();
            assert_eq!(removed, properties.len() as u64, "{family} {properties:?}: {hits:?}");
            assert!(hits.iter().all(|hit| !hit.item.contains("GONE") && !hit.item.contains(ID)), "{family}: {hits:?}");
            assert!(!holds(&copy.bytes, "GONE") && !holds(&copy.bytes, "MSIP"), "{family} {properties:?}");
            let again = cleaned(file, &copy.bytes, &under("hold", ""));
            assert!(again.bytes == copy.bytes && held(&again).is_empty(), "{family}: a copy has no label");
            let copy = cleaned(file, &original, &under("remove", ""));
            assert!(held(&copy).is_empty() && !holds(&copy.bytes, "GONE"), "{family} {properties:?}");
        }
    }
}

#[test]
fn a_policy_says_which_names_are_public() {
    let name = microsoft("Name");
    let policy = under("hold", "[labels]\npublic = [\"Web\"]\n");
    for (value, is_held) in [("web", false), ("Public", true)] {
        let copy = cleaned("a.rtf", &rich_text(&[(&name, value)]), &policy);
        assert_eq!(!held(&copy).is_empty(), is_held, "{value}");
    }
}

#[test]
fn listed_labels_take_their_names_from_the_properties() {
    let list = |attributes: &str| {
        format!(
            "<clbl:labelList xmlns:clbl=\"http://schemas.microsoft.com/office/2020/mipLabelMetadata\"><clbl:label \
             id=\"{{{ID}}}\" {attributes} method=\"Privileged\" siteId=\"{{GONE}}\"/></clbl:labelList>"
        )
    };
    let (holding, name) = ("enabled=\"1\" removed=\"0\"", microsoft("Name"));
    let cases: &[(String, Properties<'_>, Option<&str>)] = &[
        (list(holding), &[], Some("LabelInfo label: a label without a name")),
        (list(holding), &[(&name, "Public")], None),
        (list(holding), &[(&name, "GONE Secret")], Some("custom:MSIP_Label_Name: ")),
        (list("enabled=\"0\" removed=\"0\""), &[], None),
        (list("enabled=\"true\" removed=\"true\""), &[], None),
        (list("").replace("/></clbl:labelList>", ""), &[], Some("LabelInfo label: ")),
        ("<clbl:labelList xmlns:clbl=\"urn:x\"/>".to_owned(), &[], None),
    ];
    for (list, properties, expected) in cases {
        let part = "docMetadata/LabelInfo.xml";
        let package = office(ooxml::document(), properties).edit(part, "<l>GONE-label</l>", list);
        let copy = cleaned("a.docx", &package.write(), &under("hold", ""));
        let reasons = held(&copy);
        assert_eq!(reasons.len(), usize::from(expected.is_some()), "{list} {properties:?}: {reasons:?}");
        assert!(reasons.iter().zip(expected).all(|(reason, expected)| reason.starts_with(expected)), "{reasons:?}");
        assert!(!holds(&copy.bytes, "GONE") && !holds(&copy.bytes, ID), "{list}");
    }
}
