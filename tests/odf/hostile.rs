//! Containers and XML that are not what they seem.

use fieldstrip::formats::{Context, handler_for};
use fieldstrip::limits::{Limits, Spent};
use fieldstrip::{Kind, Reason};

use crate::fixtures::{Body, Document, frame, inner, package, png, unpacked, zip};
use crate::{clean, holds, policy};

fn with(document: &Document, name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut members = document.all_members();
    members.retain(|(member, _)| member != name);
    members.push((name.to_owned(), bytes.to_vec()));
    package(&document.body.media_type(), &members)
}

#[test]
fn the_type_comes_first_whatever_the_order_was() {
    let document = Document::text("<text:p>KEEP</text:p>");
    let mut members = document.all_members();
    members.push(("mimetype".into(), (document.body.media_type() + "\n").into_bytes()));
    let (copy, _) = clean(&zip(&members)).unwrap();
    assert_eq!(&copy[30..38], b"mimetype");
    assert!(copy[38..].starts_with(b"application/vnd.oasis.opendocument.textPK"));
    assert!(copy == clean(&document.package()).unwrap().0);
}

#[test]
fn hostile_packages_are_refused() {
    let document = Document::text("<text:p>KEEP</text:p>");
    let encrypted = "<m:manifest xmlns:m=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"><m:file-entry \
                     m:full-path=\"content.xml\"><m:encryption-data/></m:file-entry></m:manifest>";
    let twice = {
        let mut members = document.all_members();
        members.push(("Content.xml".into(), b"<a/>".to_vec()));
        package(&document.body.media_type(), &members)
    };
    let endless = inner(&frame("<draw:object xlink:href=\"Object 1\"/>"));
    let mut nested = Document::text(&frame("<draw:object xlink:href=\"Object 1\"/>"));
    for depth in 1..9 {
        nested = nested.member(&format!("{}content.xml", "Object 1/".repeat(depth)), &endless, "");
    }
    let cases = [
        ("an encrypted package", with(&document, "META-INF/manifest.xml", encrypted.as_bytes()), Reason::Encrypted),
        (
            "a database",
            package("application/vnd.oasis.opendocument.base", &document.all_members()),
            Reason::Unsupported,
        ),
        (
            "a strange type",
            package("application/vnd.oasis.opendocument.other", &document.all_members()),
            Reason::Unsupported,
        ),
        ("names that differ in case", twice, Reason::Damaged),
        ("no content", with(&document, "content.xml", b""), Reason::Damaged),
        ("a path upwards", with(&document, "../a", b""), Reason::Damaged),
        ("documents in documents", nested.package(), Reason::OverLimit),
    ];
    for (name, bytes, reason) in cases {
        let refusal = clean(&bytes).expect_err(name);
        assert_eq!(refusal.reason, reason, "{name}: {refusal}");
    }
    let limits = [
        ("archive-members", Limits { archive_members: 3, ..Limits::default() }),
        ("decompressed-bytes", Limits { decompressed_bytes: 3_000, ..Limits::default() }),
        ("xml-depth", Limits { xml_depth: 3, ..Limits::default() }),
    ];
    for (name, limits) in limits {
        let mut policy = policy();
        policy.limits = limits;
        let spent = Spent::default();
        let handler = handler_for(Kind::Odt).unwrap();
        let refusal = handler
            .clean(Kind::Odt, &document.package(), &policy, &Context::new(&policy, &spent), &mut Vec::new())
            .expect_err(name);
        assert_eq!(refusal.reason, Reason::OverLimit, "{name}: {refusal}");
        assert!(refusal.detail.contains(name), "{name}: {refusal}");
    }
}

#[test]
fn document_types_without_declarations_are_dropped_and_others_refused() {
    let content = &Document::text("<text:p>KEEP</text:p>").parts()[0].1;
    let typed =
        |declaration: &str| content.replace("?>", &format!("?><!DOCTYPE office:document-content {declaration}>"));
    let (copy, _) =
        clean(&with(&Document::text(""), "content.xml", typed("PUBLIC \"GONE\" \"office.dtd\"").as_bytes())).unwrap();
    assert!(holds(&copy, "KEEP") && !holds(&copy, "DOCTYPE") && !holds(&copy, "GONE"));
    let refusal =
        clean(&with(&Document::text(""), "content.xml", typed("[<!ENTITY a \"b\">]").as_bytes())).unwrap_err();
    assert_eq!((refusal.reason, refusal.part.as_str()), (Reason::Damaged, "content.xml"));
}

#[test]
fn old_manifests_and_empty_members_are_normal() {
    let manifest = "<!DOCTYPE manifest:manifest PUBLIC \"x\" \"Manifest.dtd\"><manifest:manifest><manifest:file-entry \
                    manifest:full-path=\"/\"/></manifest:manifest>";
    let document = Document::text("<text:p>KEEP</text:p>").member("Configurations2/accelerator/current.xml", b"", "");
    for original in [with(&document, "META-INF/manifest.xml", manifest.as_bytes()), with(&document, "meta.xml", b"")] {
        assert!(holds(&clean(&original).unwrap().0, "KEEP"));
    }
}

#[test]
fn flat_xml_that_is_no_document_is_refused() {
    let flat = String::from_utf8(Document::text("<text:p>KEEP</text:p>").flat()).unwrap();
    let cases = [
        (
            "another root",
            flat.replace("office:document ", "office:documents ").replace("/office:document>", "/office:documents>"),
        ),
        ("no type", flat.replace("office:mimetype", "office:version2")),
        (
            "broken Base64",
            flat.replace(
                "KEEP",
                "<draw:frame><draw:image><office:binary-data>a</office:binary-data></draw:image></draw:frame>",
            ),
        ),
        ("an unknown entity", flat.replace("KEEP", "&a;")),
        ("a missing end", flat.replace("</text:p>", "")),
    ];
    for (name, text) in cases {
        let handler = handler_for(Kind::FlatOdf).unwrap();
        let (policy, spent) = (policy(), Spent::default());
        let context = Context::new(&policy, &spent);
        let refusal =
            handler.clean(Kind::FlatOdf, text.as_bytes(), &policy, &context, &mut Vec::new()).expect_err(name);
        assert!(!refusal.to_string().contains("KEEP"), "{name}");
    }
}

#[test]
fn damaged_files_are_refused_or_proved() {
    let content = frame("<draw:image xlink:href=\"Pictures/a.png\"/>")
        + "<text:p>KEEP<text:file-name>GONE</text:file-name></text:p>";
    let document = Document::text(&content).member("Pictures/a.png", &png("GONE"), "image/png");
    let sheet = Document { content: "<table:table table:name=\"a\"/>".into(), ..Document::new(Body::Spreadsheet) };
    for original in [document.package(), sheet.package(), sheet.flat()] {
        for part in 0..64 {
            refused_or_proved(&original[..original.len() * part / 64]);
        }
        for bit in (0..original.len() * 8).step_by(original.len() / 40 * 8 + 3) {
            let mut flipped = original.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            refused_or_proved(&flipped);
        }
    }
    assert!(unpacked(&document.package()).len() > 6);
}

fn refused_or_proved(bytes: &[u8]) {
    if let Ok(copy) = fieldstrip::clean(bytes, "", &policy()) {
        assert!(fieldstrip::clean(&copy.bytes, "", &policy()).unwrap().bytes == copy.bytes);
    }
}
