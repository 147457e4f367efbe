//! BMP, icons and cursors: pixels stay, what hides around them goes, and the proof notices when not.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_possible_truncation)] // a failed helper is a failed test
#![allow(clippy::cast_sign_loss)] // heights of fixtures

mod fixtures;
#[path = "../jpeg/metadata.rs"]
mod metadata;
#[allow(dead_code)] // only the laden PNG is used here
#[path = "../png/fixtures.rs"]
mod png;
#[path = "../support/pictures.rs"]
mod support;

use fieldstrip::formats::{Context, Report};
use fieldstrip::limits::Spent;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::prove;
use fieldstrip::{Kind, Policy, Reason, clean};
use fixtures::{Bmp, icon, laden, pictures, plain, runs, set, with_profile};
use proptest::prelude::*;

/// A name for the fixtures.
const HINT: &str = "picture";

fn cleaned(bytes: &[u8]) -> fieldstrip::Cleaned {
    clean(bytes, HINT, metadata::policy()).expect("cleaned")
}

fn reason(bytes: &[u8]) -> Reason {
    clean(bytes, HINT, metadata::policy()).expect_err("refused").reason
}

/// A PNG that needs nothing.
fn tidy_png() -> Vec<u8> {
    png::Png::new(20, 20, 8, 6).build()
}

fn all() -> Vec<(&'static str, Vec<u8>)> {
    let mut all = plain();
    all.extend(laden(&metadata::profile(300)));
    all.push(("icon", icon(1, &pictures(tidy_png()), b"")));
    all.push(("laden icon", icon(1, &pictures(png::laden()), b"PLANTED")));
    all.push(("cursor", icon(2, &pictures(tidy_png())[..3], b"PLANTED")));
    all
}

#[test]
fn every_picture_is_cleaned_and_nothing_is_left() {
    for (name, bytes) in all() {
        support::tidied(name, HINT, &bytes);
    }
}

#[test]
fn what_needs_nothing_is_copied_as_it_is() {
    for (name, bytes) in plain().into_iter().chain([("icon", icon(1, &pictures(tidy_png()), b""))]) {
        assert_eq!(cleaned(&bytes).bytes, bytes, "{name}");
    }
}

#[test]
fn bitmaps_are_decoded_and_compared() {
    for (name, bytes) in all() {
        if matches!(name, "OS/2" | "version 2") {
            continue; // the decoder does not take them
        }
        let copy = cleaned(&bytes);
        let decoded = copy.proof.checks.iter().filter(|check| check.name == "pixels-equal").count();
        let expected = match name {
            "icon" | "laden icon" => 5,
            "cursor" => 3,
            _ => 1,
        };
        assert_eq!(decoded, expected, "{name}: {:?}", copy.proof.checks);
    }
}

#[test]
fn every_item_is_named() {
    let profile = metadata::profile(300);
    let fixtures = laden(&profile);
    let hits = |name: &str| {
        let (_, bytes) = fixtures.iter().find(|(known, _)| *known == name).unwrap();
        cleaned(bytes).report.hits
    };
    for (name, class, item, action) in [
        ("gap, trailer, reserved", Class::ContentTrailingBytes, "bytes before the pixels", Action::Remove),
        ("gap, trailer, reserved", Class::ContentTrailingBytes, "trailer 15 bytes after the pixels", Action::Remove),
        ("gap, trailer, reserved", Class::ContentUnknown, "reserved bytes of the file header", Action::Remove),
        ("ends of rows", Class::ContentUnknown, "bits behind the last pixel of a row", Action::Remove),
        ("palette entries", Class::ContentUnknown, "unused bytes of palette entries", Action::Remove),
        ("palette of a deep picture", Class::ContentTrailingBytes, "bytes before the pixels", Action::Remove),
        ("masks and primaries", Class::ContentUnknown, "header fields that nothing uses", Action::Remove),
        ("linked profile", Class::MetadataPaths, "linked colour profile", Action::Remove),
        ("embedded profile", Class::ColourProfile, "embedded colour profile", Action::Keep),
        ("embedded profile", Class::ContentTrailingBytes, "trailer 7 bytes after the pixels", Action::Remove),
        ("broken profile", Class::ContentUnknown, "embedded colour profile (broken)", Action::Remove),
    ] {
        let found = hits(name);
        let named = found.iter().any(|hit| hit.class == class && hit.item == item && hit.action == action);
        assert!(named, "{name}: {item} is not in {found:#?}");
    }
    let copy = cleaned(&fixtures.iter().find(|(name, _)| *name == "linked profile").unwrap().1);
    assert!(copy.report.values.iter().any(|removed| removed.value == "C:\\Users\\PLANTED\\monitor.icc"));
    let copy = cleaned(&with_profile(b"DEBM", &profile).build()).bytes;
    assert!(copy.ends_with(&profile));
    let report = cleaned(&icon(1, &pictures(png::laden()), b"PLANTED")).report;
    assert!(report.all_hits().iter().any(|hit| hit.place == "picture 5" && hit.item == "EXIF:GPSLatitude"));
    assert!(report.hits.iter().any(|hit| hit.item == "bytes between or behind the pictures" && hit.bytes == 42));
}

#[test]
fn what_is_damaged_or_unknown_is_refused() {
    let bmp = Bmp::new(40, 7, 5, 24, 0);
    let header = |at: usize, value: u32| {
        let mut bmp = bmp.clone();
        set(&mut bmp.header, at, value);
        bmp.build()
    };
    let whole = bmp.build();
    let mut early = whole.clone();
    set(&mut early, 10, 20);
    let mut cut_runs = runs();
    cut_runs.pixels.truncate(8);
    let pictures = pictures(tidy_png());
    let same = vec![pictures[0].clone(); 4];
    let mut overlapping = icon(1, &same, b"");
    for entry in 0..4 {
        set(&mut overlapping, 6 + entry * 16 + 12, 70);
    }
    overlapping.truncate(70 + same[0].1.len());
    for (name, bytes, expected) in [
        ("cut off", whole[..whole.len() - 1].to_vec(), Reason::Damaged),
        ("pixels in the header", early, Reason::Damaged),
        ("no width", header(4, 0), Reason::Damaged),
        ("too wide", header(4, u32::MAX), Reason::Damaged),
        ("planes", header(12, 2 | 24 << 16), Reason::Damaged),
        ("depth", header(12, 1 | 7 << 16), Reason::Unsupported),
        ("JPEG inside", header(16, 4), Reason::Unsupported),
        ("PNG inside", header(16, 5), Reason::Unsupported),
        ("runs cut off", cut_runs.build(), Reason::Damaged),
        ("icon without pictures", icon(1, &[], b""), Reason::Damaged),
        ("icon cut off", icon(1, &pictures, b"")[..200].to_vec(), Reason::Damaged),
        ("pictures on top of each other", overlapping, Reason::Damaged),
        ("icon with runs", icon(1, &[(8, runs().in_icon(true))], b""), Reason::Unsupported),
        ("icon with a broken PNG", icon(1, &[(20, tidy_png()[..60].to_vec())], b""), Reason::Damaged),
    ] {
        assert_eq!(reason(&bytes), expected, "{name}");
    }
    let mut policy = Policy::built_in("public-release").unwrap();
    policy.limits.image_pixels = 34;
    assert_eq!(clean(&whole, "", &policy).unwrap_err().reason, Reason::OverLimit);
}

#[test]
fn the_proof_notices_what_a_broken_cleaner_would_do() {
    let input = with_profile(b"DEBM", &metadata::profile(300));
    let change = |change: &dyn Fn(&mut Bmp)| {
        let mut bmp = input.clone();
        change(&mut bmp);
        bmp.build()
    };
    let mut size = input.build();
    size[2] ^= 1;
    let palette = Bmp::new(40, 7, 5, 8, 0);
    let other = |change: &dyn Fn(&mut Bmp)| {
        let mut bmp = palette.clone();
        change(&mut bmp);
        bmp.build()
    };
    let mut icon_gap = icon(1, &pictures(tidy_png()), b"PLANTED");
    let tidy_icon = icon(1, &pictures(tidy_png()), b"");
    for entry in 0..5 {
        icon_gap[6 + entry * 16 + 3] = 0;
    }
    let mut icon_pixel = tidy_icon.clone();
    icon_pixel[86 + 60] ^= 1;
    for (name, kind, input, output) in [
        ("trailer", Kind::Bmp, input.build(), change(&|bmp| bmp.trailer.extend(b"x"))),
        ("gap", Kind::Bmp, input.build(), change(&|bmp| bmp.gap.extend(b"x"))),
        ("reserved", Kind::Bmp, input.build(), change(&|bmp| bmp.reserved[0] = 1)),
        ("size", Kind::Bmp, input.build(), size),
        ("pixel", Kind::Bmp, input.build(), change(&|bmp| bmp.pixels[3] ^= 1)),
        ("end of a row", Kind::Bmp, input.build(), change(&|bmp| bmp.pixels[19] ^= 1)),
        ("profile", Kind::Bmp, input.build(), change(&|bmp| bmp.trailer[200] ^= 1)),
        ("path", Kind::Bmp, input.build(), change(&|bmp| bmp.header[56..60].copy_from_slice(b"KNIL"))),
        ("intent", Kind::Bmp, input.build(), change(&|bmp| bmp.header[108] = 2)),
        ("resolution", Kind::Bmp, input.build(), change(&|bmp| bmp.header[24] ^= 2)),
        ("header reserved", Kind::Bmp, input.build(), change(&|bmp| bmp.header[120] = 2)),
        ("important", Kind::Bmp, palette.build(), other(&|bmp| bmp.header[36] = 2)),
        ("colour", Kind::Bmp, palette.build(), other(&|bmp| bmp.palette[4] ^= 1)),
        ("palette entry", Kind::Bmp, palette.build(), other(&|bmp| bmp.palette[3] = 1)),
        ("icon gap", Kind::Ico, tidy_icon.clone(), icon_gap),
        ("icon pixel", Kind::Ico, tidy_icon.clone(), icon_pixel),
        ("icon PNG", Kind::Ico, tidy_icon.clone(), icon(1, &pictures(png::laden()), b"")),
        ("picture lost", Kind::Ico, tidy_icon, icon(1, &pictures(tidy_png())[..4], b"")),
    ] {
        let spent = Spent::default();
        let context = Context::new(metadata::policy(), &spent);
        let refusal = prove(kind, &input, &output, &Report::default(), &context).expect_err(name);
        assert_eq!(refusal.reason, Reason::Unprovable, "{name}");
    }
}

/// Whatever the bytes are: a refusal, or a proved copy that cleans to itself.
fn refused_or_proved(name: &str, bytes: &[u8]) {
    support::refused_or_proved(name, HINT, bytes);
}

#[test]
fn cut_and_flipped_files_are_refused_or_proved() {
    for (name, bytes) in all() {
        support::cut_and_flipped(name, HINT, &bytes, 120);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_are_refused_or_proved(
        start in prop::sample::select(vec![&b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"[..], b"\0\0\x01\0\x01\0", b"\0\0\x02\0"]),
        rest in prop::collection::vec(prop::sample::select(vec![0_u8, 0, 0, 1, 2, 4, 8, 24, 40, 255]), 0..300),
    ) {
        refused_or_proved("any bytes", &[start, &rest].concat());
    }
}
