//! TIFF and BigTIFF: strips and tiles stay byte by byte, the file around them is new.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_possible_truncation)] // a failed helper is a failed test

mod fixtures;
mod kinds;
#[path = "../jpeg/metadata.rs"]
mod metadata;
#[path = "../support/pictures.rs"]
mod pictures;

use fieldstrip::formats::{Context, Report};
use fieldstrip::limits::Spent;
use fieldstrip::policy::Class;
use fieldstrip::prove::prove;
use fieldstrip::{Cleaned, Kind, Policy, Reason, clean};
use fixtures::{FORMS, rows};

/// A name for the fixtures.
const HINT: &str = "picture.tif";

/// The fixtures of both modules.
fn all() -> Vec<(String, Vec<u8>)> {
    let kinds = FORMS.into_iter().flat_map(|form| {
        let name = move |what| format!("{what}, big endian {}, BigTIFF {}", form.big_endian, form.big);
        kinds::all(form).into_iter().map(move |(what, bytes)| (name(what), bytes))
    });
    fixtures::all().into_iter().chain(kinds).collect()
}

fn cleaned(bytes: &[u8]) -> Cleaned {
    clean(bytes, HINT, Policy::strictest()).expect("cleaned")
}

fn reason(bytes: &[u8]) -> Reason {
    clean(bytes, HINT, Policy::strictest()).expect_err("refused").reason
}

#[test]
fn every_picture_is_cleaned_and_nothing_is_left() {
    for (name, bytes) in all() {
        let copy = pictures::tidied(&name, HINT, &bytes);
        // The decoder has no zstd.
        let expected = if name.starts_with("zstd") { "pixels-not-decoded" } else { "pixels-equal" };
        assert!(copy.proof.checks.iter().any(|check| check.name == expected), "{name}: {:?}", copy.proof);
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
fn directories_beneath_a_page_are_named() {
    for form in FORMS {
        let report = cleaned(&form.with_beneath()).report;
        for (class, item, bytes) in [
            (Class::ContentThumbnails, "SubIFD picture", 24),
            (Class::ContentSecondaryImages, "SubIFD picture", 24),
            (Class::MetadataDevice, "EXIF:BodySerialNumber", 14),
            (Class::MetadataDescription, "EXIF:UserComment", 7),
            (Class::MetadataDevice, "EXIF:MakerNote (Canon)", 18),
            (Class::MetadataDevice, "MakerNote Canon:InternalSerialNumber", 4),
            (Class::MetadataLocation, "EXIF:GPSLatitude", 8),
            (Class::MetadataLocation, "EXIF:GPSProcessingMethod", 14),
        ] {
            let hit = report.hits.iter().find(|hit| (hit.class, hit.item.as_str()) == (class, item));
            assert_eq!(hit.map(|hit| hit.bytes), Some(bytes), "{item}: {:?}", report.hits);
        }
    }
}

#[test]
fn what_says_where_and_by_whom_is_named() {
    for form in FORMS {
        let (_, bytes) = kinds::all(form).into_iter().find(|(name, _)| *name == "GDAL, GeoTIFF, C2PA").unwrap();
        let report = cleaned(&bytes).report;
        for (class, item) in [
            (Class::MetadataOther, "GDAL_METADATA"),
            (Class::MetadataOther, "GDAL_NODATA"),
            (Class::MetadataProvenance, "C2PA"),
            (Class::MetadataLocation, "GeoTIFF:ModelTiepoint"),
            (Class::MetadataLocation, "GeoTIFF:GeoKeyDirectory"),
            (Class::MetadataLocation, "GeoTIFF:GeoDoubleParams"),
            (Class::MetadataAuthor, "IPTC By-line"),
        ] {
            let found = report.hits.iter().any(|hit| (hit.class, hit.item.as_str()) == (class, item));
            assert!(found, "{item}: {:?}", report.hits);
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

#[test]
fn cut_and_flipped_files_are_refused_or_proved() {
    for (name, bytes) in all() {
        pictures::cut_and_flipped(&name, HINT, &bytes, 16);
    }
}
