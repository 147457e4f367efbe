//! ZIP containers that mean different things to different programs, or that would write outside of a folder when they are
//! unpacked: the same tricks with a document of every family.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::duplicate_mod)] // as a test; the fixtures share a module

#[path = "../odf/fixtures.rs"]
#[allow(dead_code, unreachable_pub)] // shared with the tests of OpenDocument
mod odf;
#[path = "../ooxml/fixtures.rs"]
#[allow(dead_code, unreachable_pub)] // shared with the tests of Office documents
mod packages;
#[path = "../visio/fixtures.rs"]
#[allow(dead_code)] // shared with the tests of Visio
mod visio;

use fieldstrip::{Policy, Reason, Refusal, clean};

/// A member that no program knows, last in its container; other names of the same length take its place.
const NAME: &str = "else/AAAAAAAAAA.bin";

/// A document of each family with the member.
fn documents() -> Vec<(&'static str, Vec<u8>)> {
    let zipped = |mut members: Vec<(String, Vec<u8>)>| {
        members.push((NAME.to_owned(), b"nothing".to_vec()));
        odf::zip(&members)
    };
    let text = odf::Document::text("<text:p>KEEP</text:p>");
    let mut members = vec![("mimetype".to_owned(), text.body.media_type().into_bytes())];
    members.extend(text.all_members());
    vec![
        ("a.docx", zipped(packages::document().members())),
        ("a.xlsx", zipped(packages::workbook().members())),
        ("a.vsdx", zipped(visio::drawing().members())),
        ("a.odt", zipped(members)),
    ]
}

fn refusal(name: &str, bytes: &[u8]) -> Option<Refusal> {
    clean(bytes, name, &Policy::built_in("public-release").unwrap()).err()
}

/// Every place of `from` with `to`.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    let places: Vec<usize> = (0..bytes.len() - from.len()).filter(|at| bytes[*at..].starts_with(from)).collect();
    assert_eq!(places.len(), 2, "a name stands in front of the data and in the directory");
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

/// Where the member's header in front of its data begins, and its line in the directory.
fn headers(bytes: &[u8]) -> (usize, usize) {
    let name = |from: usize| from + bytes[from..].windows(NAME.len()).position(|at| at == NAME.as_bytes()).unwrap();
    let local = name(0);
    (local - 30, name(local + 1) - 46)
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    for (document, bytes) in documents() {
        assert_eq!(refusal(document, &bytes), None, "{document}");
        for name in [
            "../AAAAAAAAAAAA.bin",
            "else/../AAAAAAA.bin",
            "..\\..\\AAAAAAAAA.bin",
            "/else/AAAAAAAAA.bin",
            "\\\\else\\AAAAAAAA.bin",
            "C:/else/AAAAAAA.bin",
            "C:else/AAAAAAAA.bin",
            "else/AAAA.bin:AAAAA",
            "else/CON/AAAAAA.bin",
            "else/AAAAAAAAAA/NUL",
            "else/Com1.AAAAA.bin",
            "else/lpt9.AAAAA.bin",
            "else/aux .AAAAA.bin",
            "else/\x1b[31mAAAAA.bin",
            "else/AAAAAAA\nAA.bin",
            "else/AAAAAAA\0AA.bin",
        ] {
            let refused = refusal(document, &replaced(&bytes, NAME.as_bytes(), name.as_bytes()));
            let refused = refused.unwrap_or_else(|| panic!("{document}: {name:?} is not refused"));
            assert_eq!(refused.reason, Reason::Damaged, "{document}: {name:?}: {refused}");
            assert!(refused.detail.contains("name"), "{document}: {name:?}: {refused}");
        }
    }
}

#[test]
fn backslashes_are_taken_for_folders() {
    for (document, bytes) in documents() {
        let name = NAME.replace('/', "\\");
        let policy = Policy::built_in("public-release").unwrap();
        let copy = clean(&replaced(&bytes, NAME.as_bytes(), name.as_bytes()), document, &policy).unwrap().bytes;
        assert!(packages::unzip(&copy).iter().all(|(name, _)| !name.contains('\\')), "{document}");
    }
}

#[test]
fn members_twice_are_refused() {
    for (document, bytes) in documents() {
        let other = "else/BBBBBBBBBB.bin";
        let mut members = packages::unzip(&bytes);
        members.push((other.to_owned(), b"another".to_vec()));
        let twice = odf::zip(&members);
        for name in [NAME.to_owned(), NAME.to_uppercase(), NAME.replace('/', "\\")] {
            let refused = refusal(document, &replaced(&twice, other.as_bytes(), name.as_bytes()));
            let refused = refused.unwrap_or_else(|| panic!("{document}: {name} twice is not refused"));
            assert_eq!(refused.reason, Reason::Damaged, "{document}: {name}: {refused}");
        }
    }
}

#[test]
fn headers_that_differ_are_refused() {
    for (document, bytes) in documents() {
        let (local, central) = headers(&bytes);
        // Offsets in the header in front of the data: flags, method, checksum, packed size, size, name.
        for (what, at) in
            [("encryption", 6), ("method", 8), ("checksum", 14), ("packed", 18), ("size", 22), ("name", 32)]
        {
            let mut changed = bytes.clone();
            changed[local + at] ^= 1;
            assert!(refusal(document, &changed).is_some(), "{document}: {what}");
        }
        // The member lies within the one before it.
        let mut overlapping = bytes.clone();
        let start = u32::from_le_bytes(bytes[central + 42..central + 46].try_into().unwrap());
        let inside = start - 40;
        overlapping.copy_within(local..local + 30 + NAME.len(), inside as usize);
        overlapping[central + 42..central + 46].copy_from_slice(&inside.to_le_bytes());
        assert_eq!(refusal(document, &overlapping).unwrap().reason, Reason::Damaged, "{document}: overlap");
    }
}
