//! TIFF and BigTIFF: strips and tiles stay byte by byte, the file around them is new.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_possible_truncation)] // a failed helper is a failed test

mod fixtures;

use fieldstrip::formats::{Context, Report};
use fieldstrip::limits::Spent;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::prove;
use fieldstrip::{Cleaned, Kind, Policy, Reason, clean};
use fixtures::{FORMS, MARKER, rows};
use proptest::prelude::*;

fn cleaned(bytes: &[u8]) -> Cleaned {
    clean(bytes, "picture.tif", Policy::strictest()).expect("cleaned")
}

fn reason(bytes: &[u8]) -> Reason {
    clean(bytes, "picture.tif", Policy::strictest()).expect_err("refused").reason
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn every_picture_is_cleaned_and_nothing_is_left() {
    for (name, bytes) in fixtures::all() {
        let copy = cleaned(&bytes);
        assert!(!holds(&copy.bytes, MARKER), "{name}");
        assert!(copy.proof.checks.iter().any(|check| check.name == "pixels-equal"), "{name}: {:?}", copy.proof);
        let again = cleaned(&copy.bytes);
        assert_eq!(again.bytes, copy.bytes, "{name}: cleaning again changes nothing");
        assert!(again.report.hits.iter().all(|hit| hit.action == Action::Keep), "{name}: {:?}", again.report.hits);
    }
}

#[test]
fn every_item_is_named() {
    for (name, bytes) in fixtures::all() {
        let report = cleaned(&bytes).report;
        for (class, item) in [
            (Class::MetadataDescription, "EXIF:ImageDescription"),
            (Class::MetadataSoftware, "EXIF:Software"),
            (Class::MetadataDates, "EXIF:DateTime"),
            (Class::MetadataAuthor, "EXIF:Artist"),
            (Class::MetadataLocation, "GeoTIFF:GeoAsciiParams"),
            (Class::MetadataLocation, "GeoTIFF:ModelPixelScale"),
            (Class::ContentSecondaryImages, "Photoshop ImageSourceData (layers)"),
            (Class::ContentUnreferenced, "bytes that nothing refers to"),
        ] {
            let found = report.hits.iter().any(|hit| (hit.class, hit.item.as_str()) == (class, item));
            assert!(found, "{name}: {item}: {:?}", report.hits);
        }
    }
}

#[test]
fn smaller_pages_go_and_the_others_stay() {
    for (name, bytes) in fixtures::all().into_iter().filter(|(name, _)| name.starts_with("pages")) {
        let copy = cleaned(&bytes);
        assert!(copy.report.hits.iter().any(|hit| hit.class == Class::ContentThumbnails), "{name}");
        let pixels = copy.proof.checks.iter().find(|check| check.name == "pixels-equal").unwrap();
        assert!(pixels.detail.starts_with("2 pages"), "{name}: {}", pixels.detail);
    }
}

#[test]
fn raw_files_and_old_jpeg_are_refused() {
    for form in FORMS {
        let with = |tag: fixtures::Tag| {
            let mut tags = form.grey(1);
            tags.retain(|kept| kept.0 != tag.0);
            tags.push(tag);
            form.file(&[(tags, rows(), false)], b"")
        };
        let raw = [(50_706, 1, 4, vec![1, 4, 0, 0]), form.short(262, &[32_803]), form.short(259, &[34_713])];
        for tag in raw.into_iter().chain([form.short(259, &[6]), form.short(259, &[50_001])]) {
            assert_eq!(reason(&with(tag)), Reason::Unsupported);
        }
        assert_eq!(reason(&with(form.short(256, &[8, 8]))), Reason::Damaged);
    }
}

#[test]
fn a_changed_copy_is_not_proved() {
    let input = &fixtures::all()[0].1;
    let copy = cleaned(input);
    let spent = Spent::default();
    let context = Context::new(Policy::strictest(), &spent);
    let proved = |copy: &[u8]| prove(Kind::Tiff, input, copy, &Report::default(), &context).is_ok();
    assert!(proved(&copy.bytes));
    assert!(!proved(input), "the original itself");
    assert!(!proved(&[&copy.bytes[..], b"x"].concat()), "a byte behind the end");
    for at in 0..copy.bytes.len() {
        let mut changed = copy.bytes.clone();
        changed[at] ^= 1;
        assert!(!proved(&changed), "byte {at}");
    }
}

/// A refusal or a proved copy without a marker.
fn safe(bytes: &[u8]) {
    if let Ok(copy) = clean(bytes, "picture.tif", Policy::strictest()) {
        assert_eq!(cleaned(&copy.bytes).bytes, copy.bytes);
    }
}

#[test]
fn cut_files_are_refused_or_proved() {
    for (_, bytes) in fixtures::all() {
        for part in 0..64 {
            safe(&bytes[..bytes.len() * part / 64]);
        }
    }
}

proptest! {
    #[test]
    fn flipped_bits_are_refused_or_proved(index in 0_usize..28, at in 0_usize..10_000, bit in 0_u8..8) {
        let (_, mut bytes) = fixtures::all().swap_remove(index);
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        safe(&bytes);
    }
}
