//! WebP: the coded pictures stay byte by byte, everything else is chosen, and the proof notices when not.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_possible_truncation)] // a failed helper is a failed test

mod fixtures;
#[path = "../jpeg/metadata.rs"]
mod metadata;
#[path = "../support/pictures.rs"]
mod pictures;

use fieldstrip::formats::{Context, Report};
use fieldstrip::limits::Spent;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::prove;
use fieldstrip::{Kind, Reason, clean};
use fixtures::{alpha, animated, animation, bare, chunk, extended, frame, lossless, lossy, webp};
use proptest::prelude::*;

/// A name for the fixtures.
const HINT: &str = "picture.webp";

fn cleaned(bytes: &[u8]) -> fieldstrip::Cleaned {
    clean(bytes, HINT, metadata::policy()).expect("cleaned")
}

fn reason(bytes: &[u8]) -> Reason {
    clean(bytes, HINT, metadata::policy()).expect_err("refused").reason
}

/// What the proof says of the pixels.
fn pixels_check(copy: &fieldstrip::Cleaned) -> (String, String) {
    let check = copy.proof.checks.iter().find(|check| check.name.starts_with("pixels")).unwrap();
    (check.name.clone(), check.detail.clone())
}

#[test]
fn every_picture_is_cleaned_and_nothing_is_left() {
    for (name, bytes) in fixtures::all() {
        let copy = pictures::tidied(name, HINT, &bytes);
        // The decoder does not take the one with metadata between its frames.
        let expected = if name == "laden animation" { "pixels-not-compared" } else { "pixels-equal" };
        assert_eq!(pixels_check(&copy).0, expected, "{name}: {:?}", pixels_check(&copy));
    }
}

#[test]
fn what_needs_nothing_is_copied_as_it_is() {
    for (name, bytes) in fixtures::all().into_iter().take(7) {
        assert_eq!(cleaned(&bytes).bytes, bytes, "{name}");
    }
}

#[test]
fn only_what_decides_the_look_stays() {
    assert_eq!(cleaned(&fixtures::laden()).bytes, webp(&bare()));
    let copy = cleaned(&fixtures::laden_animation());
    assert_eq!(copy.bytes, webp(&animated()));
    assert_eq!(pixels_check(&cleaned(&copy.bytes)).1, "16×16, Rgba8, 3 animated frames");
    let copy = cleaned(&[webp(&[lossy(16)]), webp(&[lossy(8)])].concat());
    assert_eq!(copy.bytes, webp(&[lossy(16)]));
    let trailer = format!("trailer {} bytes after the end: WebP image", webp(&[lossy(8)]).len());
    assert!(copy.report.hits.iter().any(|hit| hit.item == trailer));
    let simple = webp(&[lossy(16), chunk(b"EXIF", &metadata::exif(6)), chunk(b"XMP ", b"PLANTED")]);
    assert_eq!(cleaned(&simple).bytes, webp(&[lossy(16)]));
}

#[test]
fn what_the_flags_do_not_announce_goes() {
    let plain = webp(&[extended(0x10, 16, 16), alpha(256), lossy(16)]);
    let mut parts = bare();
    parts[0] = extended(0x10, 16, 16);
    assert_eq!(cleaned(&webp(&parts)).bytes, plain);
    assert_eq!(cleaned(&webp(&[extended(0x3c, 16, 16), alpha(256), lossy(16)])).bytes, plain);
    let upright = webp(&[extended(0x08, 16, 16), lossy(16), chunk(b"EXIF", &metadata::exif(1))]);
    assert_eq!(cleaned(&upright).bytes, webp(&[extended(0, 16, 16), lossy(16)]));
    let broken = webp(&[extended(0x20, 16, 16), chunk(b"ICCP", b"PLANTED"), lossy(16)]);
    assert_eq!(cleaned(&broken).bytes, webp(&[extended(0, 16, 16), lossy(16)]));
}

#[test]
fn every_item_is_named() {
    let report = cleaned(&fixtures::laden()).report;
    for (class, item) in [
        (Class::MetadataLocation, "EXIF:GPSLatitude"),
        (Class::MetadataDevice, "EXIF:BodySerialNumber"),
        (Class::MetadataAuthor, "XMP-dc:creator"),
        (Class::MetadataLocation, "XMP-photoshop:City"),
        (Class::MetadataProvenance, "C2PA"),
        (Class::ContentUnknown, "ABCD"),
        (Class::ContentUnknown, "ICCP"),
        (Class::ContentSecondaryImages, "further picture VP8"),
        (Class::ContentTrailingBytes, "bytes after the colour profile"),
        (Class::ContentTrailingBytes, "trailer 22 bytes after the end"),
    ] {
        let found =
            report.hits.iter().any(|hit| hit.class == class && hit.item == item && hit.action == Action::Remove);
        assert!(found, "{item} is not in {:#?}", report.hits);
    }
    let kept: Vec<_> = report.hits.iter().filter(|hit| hit.class == Class::ColourProfile).collect();
    assert_eq!(kept.iter().map(|hit| hit.bytes).collect::<Vec<_>>(), [504]);
    assert!(report.values.iter().any(|removed| removed.value == "PLANTED Jane"));
}

#[test]
fn what_is_damaged_or_unknown_is_refused() {
    let whole = webp(&bare());
    let animation_with = |part: Vec<u8>| webp(&[extended(2, 16, 16), animation(), part]);
    for (name, bytes, expected) in [
        ("cut off", whole[..whole.len() - 1].to_vec(), Reason::Damaged),
        ("no picture", webp(&[extended(0, 16, 16)]), Reason::Damaged),
        ("no chunk", webp(&[]), Reason::Damaged),
        ("a chunk cut off", webp(&[extended(0, 16, 16), lossy(16)[..30].to_vec()]), Reason::Damaged),
        ("unknown chunk first", webp(&[chunk(b"VP8Z", b"x"), lossy(16)]), Reason::Damaged),
        ("transparency alone", webp(&[alpha(256), lossy(16)]), Reason::Damaged),
        ("canvas of another size", webp(&[extended(0, 17, 16), lossy(16)]), Reason::Damaged),
        ("second VP8X", webp(&[extended(0, 16, 16), extended(0, 16, 16), lossy(16)]), Reason::Damaged),
        ("no key frame", webp(&[chunk(b"VP8 ", &[1; 30])]), Reason::Damaged),
        ("another version", webp(&[chunk(b"VP8L", &[0x2f, 0, 0, 0, 0xf0, 0])]), Reason::Damaged),
        ("frame before the animation", webp(&[extended(2, 16, 16), animated().remove(2)]), Reason::Damaged),
        ("still picture in an animation", animation_with(lossy(16)), Reason::Damaged),
        ("frame outside", animation_with(frame(2, 0, (16, 16), 0, &[lossy(16)])), Reason::Damaged),
        ("frame of another size", animation_with(frame(0, 0, (8, 8), 0, &[lossy(8)])), Reason::Damaged),
        ("frame without picture", animation_with(frame(0, 0, (16, 16), 0, &[alpha(256)])), Reason::Damaged),
        ("frame cut off", animation_with(chunk(b"ANMF", &[0; 15])), Reason::Damaged),
        ("too large", webp(&[extended(0, 1 << 15, 1 << 15), lossy(16)]), Reason::OverLimit),
    ] {
        assert_eq!(reason(&bytes), expected, "{name}");
    }
}

/// Checks an output against an input of which it is no faithful copy.
fn must_fail(name: &str, input: &[u8], output: &[u8]) {
    let spent = Spent::default();
    let context = Context::new(metadata::policy(), &spent);
    let refusal = prove(Kind::WebP, input, output, &Report::default(), &context).expect_err(name);
    assert_eq!(refusal.reason, Reason::Unprovable, "{name}");
}

#[test]
fn the_proof_notices_what_a_broken_cleaner_would_do() {
    let still = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut parts = bare();
        change(&mut parts);
        webp(&parts)
    };
    let profile = |size: usize, behind: &[u8]| chunk(b"ICCP", &[&metadata::profile(size), behind].concat());
    for (name, output) in [
        ("XMP left", still(&|parts| parts.push(chunk(b"XMP ", b"<x/>")))),
        ("unknown chunk left", still(&|parts| parts.push(chunk(b"ABCD", b"")))),
        ("more EXIF than orientation", still(&|parts| parts[4] = chunk(b"EXIF", &metadata::exif(6)))),
        ("two EXIFs", still(&|parts| parts.push(parts[4].clone()))),
        ("orientation lost", still(&|parts| (parts[0], parts[4]) = (extended(0x30, 16, 16), Vec::new()))),
        ("orientation not announced", still(&|parts| parts[0] = extended(0x30, 16, 16))),
        ("profile lost", still(&|parts| (parts[0], parts[1]) = (extended(0x18, 16, 16), Vec::new()))),
        ("another profile", still(&|parts| parts[1] = profile(500, b""))),
        ("bytes behind the profile", still(&|parts| parts[1] = profile(504, b"hello"))),
        ("announced XMP", still(&|parts| parts[0] = extended(0x3c, 16, 16))),
        ("reserved bits", still(&|parts| parts[0] = extended(0xb8, 16, 16))),
        ("reserved bytes", still(&|parts| parts[0][9] = 1)),
        ("transparency lost", still(&|parts| drop(parts.remove(2)))),
        ("other transparency", still(&|parts| parts[2][20] ^= 1)),
        ("another pixel", still(&|parts| parts[3][30] ^= 1)),
        ("two pictures", still(&|parts| parts.insert(4, lossy(16)))),
        ("bytes behind the end", [still(&|_| {}), b"hello".to_vec()].concat()),
        ("bytes in the padding", still(&|parts| *parts[1].last_mut().unwrap() = b'x')),
        ("cut off", {
            let bytes = still(&|_| {});
            bytes[..bytes.len() - 1].to_vec()
        }),
    ] {
        must_fail(name, &fixtures::laden(), &output);
    }
}

#[test]
fn the_proof_notices_what_a_broken_cleaner_would_do_to_frames() {
    let moving = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut parts = animated();
        change(&mut parts);
        webp(&parts)
    };
    let whole = (16, 16);
    let with_xmp = [lossy(16), chunk(b"XMP ", b"<x/>")];
    for (name, output) in [
        ("a frame lost", moving(&|parts| drop(parts.pop()))),
        ("frames in another order", moving(&|parts| parts.swap(2, 4))),
        ("another place", moving(&|parts| parts[3] = frame(2, 6, (8, 6), 1, &[alpha(48), lossy(8)]))),
        ("another disposal", moving(&|parts| parts[4] = frame(0, 0, whole, 0, &[lossy(16)]))),
        ("reserved bits of a frame", moving(&|parts| parts[4] = frame(0, 0, whole, 0x82, &[lossy(16)]))),
        ("XMP in a frame", moving(&|parts| parts[4] = frame(0, 0, whole, 2, &with_xmp))),
        ("another timing", moving(&|parts| parts[4][8 + 12] ^= 1)),
        ("other repetitions", moving(&|parts| parts[1][8 + 4] ^= 1)),
        ("bytes behind the repetitions", moving(&|parts| parts[1] = chunk(b"ANIM", &[1, 2, 3, 4, 5, 0, 9, 9]))),
        ("no longer animated", webp(&[extended(0x10, 16, 16), lossless(16, 16, true)])),
    ] {
        must_fail(name, &fixtures::laden_animation(), &output);
    }
}

/// Whatever the bytes are: a refusal, or a proved copy that cleans to itself.
fn refused_or_proved(name: &str, bytes: &[u8]) {
    pictures::refused_or_proved(name, HINT, bytes);
}

#[test]
fn cut_and_flipped_files_are_refused_or_proved() {
    for (name, bytes) in fixtures::all() {
        pictures::cut_and_flipped(name, HINT, &bytes, 40);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_chunks_are_refused_or_proved(
        flags in any::<u8>(),
        moving in any::<bool>(),
        added in prop::collection::vec(
            (
                prop::sample::select(vec![
                    b"ICCP", b"EXIF", b"XMP ", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L", b"VP8X", b"abCd",
                ]),
                prop::collection::vec(any::<u8>(), 0..40),
                0_usize..8,
            ),
            0..4,
        ),
    ) {
        let mut parts = if moving { animated() } else { bare() };
        parts[0] = extended(flags, 16, 16);
        for (name, data, at) in added {
            parts.insert(at.min(parts.len()), chunk(name, &data));
        }
        refused_or_proved("any chunks", &webp(&parts));
    }

    #[test]
    fn any_bytes_are_refused_or_proved(rest in prop::collection::vec(any::<u8>(), 0..300)) {
        refused_or_proved("any bytes", &webp(&[b"VP8X".to_vec(), rest]));
    }
}
