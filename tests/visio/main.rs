//! Visio drawings: what is drawn stays, marks of reviewers, paths and previews go, the rest waits for a person.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)] // a failed helper is a failed test

mod fixtures;
#[path = "../ooxml/fixtures.rs"]
#[allow(dead_code, unreachable_pub)] // shared with the tests of other packages
mod packages;

use std::collections::BTreeSet;

use fieldstrip::formats::{Context, Report};
use fieldstrip::limits::Spent;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::prove;
use fieldstrip::text::{Scope, extract};
use fieldstrip::{Kind, Policy, Reason, clean};
use fixtures::{MAIN, PAGE, PAGES, drawing, drawing_of, foreign, part, with_macros};
use packages::unzip;
use proptest::prelude::*;

fn policy() -> Policy {
    Policy::built_in("public-release").unwrap()
}

/// The markers with this beginning in anything of a container.
fn markers(bytes: &[u8], beginning: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (name, content) in unzip(bytes) {
        for text in [name.as_str(), &String::from_utf8_lossy(&content), &String::from_utf8_lossy(&narrow(&content))] {
            for piece in text.split(beginning).skip(1) {
                let end = piece.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(piece.len());
                found.insert(format!("{beginning}{}", &piece[..end]));
            }
        }
    }
    found
}

/// Every second byte: what UTF-16 says in ASCII.
fn narrow(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().step_by(2).collect()
}

/// A picture with a marker in its metadata.
fn picture() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 1, 1);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.add_text_chunk("Author".to_owned(), "GONE-artist".to_owned()).unwrap();
    encoder.write_header().unwrap().write_image_data(&[7]).unwrap();
    bytes
}

const IMAGE: &str = "image";

#[test]
fn no_marker_survives_and_everything_drawn_does() {
    let mut wide = drawing();
    for (name, bytes) in wide.parts.iter_mut().filter(|(name, _)| name.starts_with("visio/")) {
        let text = std::str::from_utf8(bytes).unwrap().replace("utf-8", "utf-16");
        assert!(name.ends_with(".xml"));
        *bytes = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    }
    let kinds = ["drawing", "template", "stencil"].map(drawing_of);
    let picture = foreign(IMAGE, "media/image1.png", &picture());
    for (index, package) in kinds.into_iter().chain([wide, picture]).enumerate() {
        let original = package.write();
        let cleaned = clean(&original, "a.vsdx", &policy()).unwrap_or_else(|refusal| panic!("{index}: {refusal}"));
        assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new(), "{index}");
        assert_eq!(markers(&cleaned.bytes, "KEEP"), markers(&original, "KEEP"), "{index}");
        let held: Vec<_> = cleaned.report.all_hits().into_iter().filter(|hit| hit.action == Action::Hold).collect();
        assert!(held.is_empty(), "{index}: {held:?}");
        let again = clean(&cleaned.bytes, "a.vsdx", &policy()).unwrap();
        assert!(again.bytes == cleaned.bytes, "{index}: cleaning again changes bytes");
        assert!(again.report.hits.is_empty(), "{index}: {:?}", again.report.hits);
    }
}

#[test]
fn everything_removed_is_reported_under_its_class() {
    let cleaned = clean(&drawing().write(), "a.vsdx", &policy()).unwrap();
    for (class, item) in [
        (Class::ContentComments, "Reviewer section"),
        (Class::ContentComments, "Annotation section"),
        (Class::ContentComments, "comments part"),
        (Class::ContentComments, "Page/@AssociatedPage"),
        (Class::ContentThumbnails, "thumbnail part"),
        (Class::ContentThumbnails, "Icon"),
        (Class::ContentCustomXml, "Data1"),
        (Class::ContentCustomXml, "solutions part"),
        (Class::MetadataOther, "extensions part"),
        (Class::MetadataPaths, "windows part"),
        (Class::MetadataPaths, "CustomMenusFile"),
        (Class::MetadataPaths, "Hyperlink Description"),
        (Class::MetadataIdentifiers, "Shape/@UniqueID"),
        (Class::MetadataOther, "validation part"),
        (Class::LinksLocal, "Hyperlink Address"),
        (Class::LinksLocal, "Hyperlink SubAddress"),
        (Class::ActiveJavascript, "Hyperlink Address"),
        (Class::ActiveActions, "EventList"),
    ] {
        let hits = &cleaned.report.hits;
        assert!(hits.iter().any(|hit| hit.class == class && hit.item == item), "{class} {item} in {hits:#?}");
    }
}

#[test]
fn what_needs_a_person_is_held() {
    let data = |package| part(package, MAIN, "rIdC", "connections", "visio/data/connections.xml", "<DataConnections/>");
    let cases = [
        (
            "hidden page",
            drawing().edit(PAGES, "UIVisibility\" V=\"0", "UIVisibility\" V=\"1"),
            Class::ContentHiddenSlides,
        ),
        ("page of a reviewer", drawing().edit(PAGES, "<Page ", "<Page ReviewerID=\"1\" "), Class::ContentHiddenSlides),
        ("hidden layer", drawing().edit(PAGES, "Visible\" V=\"1", "Visible\" V=\"0"), Class::ContentHiddenElements),
        (
            "hidden text",
            drawing().edit(PAGE, "<Cell N=\"PinX\"", "<Cell N=\"HideText\" V=\"1\"/><Cell N=\"PinX\""),
            Class::ContentHiddenText,
        ),
        ("connections", data(drawing()), Class::ContentConnections),
        ("macros", with_macros(), Class::ActiveMacros),
        (
            "an object",
            foreign("oleObject", "embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
            Class::ActiveObjects,
        ),
        ("a metafile", foreign(IMAGE, "media/image1.emf", b"\x01\0\0\0emf"), Class::EmbeddedUnsupported),
    ];
    for (name, package, class) in cases {
        let cleaned =
            clean(&package.write(), "a.vsdx", &policy()).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        let held = cleaned.report.all_hits().into_iter().filter(|hit| hit.action == Action::Hold);
        assert_eq!(held.map(|hit| hit.class).collect::<Vec<_>>(), [class], "{name}");
    }
}

#[test]
fn the_preview_of_an_object_stays_with_it() {
    let object = "visio/embeddings/oleObject1.bin";
    let package = foreign("oleObject", "embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
        .part("visio/media/image1.png", "image/png", &picture())
        .rel(object, "rId1", IMAGE, "../media/image1.png");
    let cleaned = clean(&package.write(), "a.vsdx", &policy()).unwrap();
    assert!(unzip(&cleaned.bytes).iter().any(|(name, _)| name == "visio/media/image1.png"));
    assert!(!markers(&cleaned.bytes, "GONE").contains("GONE-artist"));
}

#[test]
fn text_has_its_place() {
    let policy = policy();
    let spent = Spent::default();
    let cleaned = clean(&drawing().write(), "a.vsdx", &policy).unwrap();
    let extraction = extract(Kind::Visio, &cleaned.bytes, &Context::new(&policy, &spent)).unwrap();
    let master = "visio/masters/master1.xml";
    for (text, place, scope) in [
        ("KEEP-text with KEEP-field and more", "page 1", Scope::Body),
        ("KEEP-value", "page 1", Scope::FormField),
        ("KEEP-label", "page 1", Scope::FormField),
        ("https://example.org/KEEP-url", "page 1", Scope::LinkTarget),
        ("KEEP-place", "page 1", Scope::LinkTarget),
        ("KEEP-description", "page 1", Scope::AltText),
        ("KEEP-shape", "page 1", Scope::Bookmark),
        ("KEEP-page", PAGES, Scope::Bookmark),
        ("KEEP-layer", PAGES, Scope::Bookmark),
        ("KEEP-master-text", master, Scope::Body),
        ("KEEP-header", MAIN, Scope::Body),
    ] {
        let found = extraction.spans.iter().filter(|span| span.text == text);
        let found: Vec<_> = found.map(|span| (span.place.to_string(), span.scope)).collect();
        assert_eq!(found, [(place.to_owned(), scope)], "{text}");
    }
}

#[test]
fn a_changed_copy_is_not_proved() {
    let copy = clean(&drawing().write(), "a.vsdx", &policy()).unwrap().bytes;
    let members = unzip(&copy);
    let original = drawing().write();
    for (name, from, to) in [
        (PAGE, "KEEP-te<", "other<"),
        (PAGE, "N=\"PinX\" V=\"4\"", "N=\"PinX\" V=\"5\""),
        (PAGE, "LineTo", "MoveTo"),
        (PAGE, "KEEP-url", "other-url"),
        (PAGE, "KEEP-value", "other-value"),
        (PAGE, "N=\"Address\" V=\"\"", "N=\"Address\" V=\"file:///C:/x\""),
        (PAGES, "KEEP-layer", "other-layer"),
        (PAGES, "</PageSheet>", "<Section N=\"Annotation\"/></PageSheet>"),
        ("visio/masters/master1.xml", "KEEP-master-text", "other"),
        (MAIN, "KEEP-style", "other-style"),
        (MAIN, "</VisioDocument>", "<EventList/></VisioDocument>"),
    ] {
        let changed: Vec<_> = members
            .iter()
            .map(|(member, bytes)| {
                let text = String::from_utf8_lossy(bytes);
                assert!(member != name || text.contains(from), "{name} has no {from}");
                let text = if member == name { text.replace(from, to) } else { text.into_owned() };
                (member.clone(), text.into_bytes())
            })
            .collect();
        let policy = policy();
        let spent = Spent::default();
        let changed = packages::zip(&changed, zip::DateTime::default(), "");
        let proof = prove(Kind::Visio, &original, &changed, &Report::default(), &Context::new(&policy, &spent));
        assert_eq!(proof.unwrap_err().reason, Reason::Unprovable, "{from}");
    }
}

/// Damage gives a refusal or a proved copy, never a panic.
fn survive(bytes: &[u8]) {
    let _ = clean(bytes, "a.vsdx", &policy());
    let policy = policy();
    let spent = Spent::default();
    let _ = extract(Kind::Visio, bytes, &Context::new(&policy, &spent));
}

#[test]
fn cut_off_anywhere() {
    let bytes = drawing().write();
    for step in 0..64 {
        survive(&bytes[..bytes.len() * step / 64]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn flipped_bits(at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let mut bytes = drawing().write();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        survive(&bytes);
    }

    /// Damage below the compression, where checksums do not catch it.
    #[test]
    fn flipped_xml(member in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut members = drawing().members();
        let member = member.index(members.len());
        let text = &mut members[member].1;
        let at = at.index(text.len());
        text[at] = byte;
        survive(&packages::zip(&members, zip::DateTime::default(), ""));
    }
}
