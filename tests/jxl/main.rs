//! JPEG XL: coded frames stay byte by byte, boxes and header fields are chosen, and the proof notices when not.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_possible_truncation)] // a failed helper is a failed test

mod codestream;
mod fixtures;
#[path = "../jpeg/metadata.rs"]
mod metadata;
#[path = "../icc/profiles.rs"]
#[allow(dead_code)]
mod profiles;

use std::collections::HashSet;

use codestream::{Frame, Picture};
use fieldstrip::formats::{Context, Report};
use fieldstrip::limits::Spent;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::prove;
use fieldstrip::text::extract;
use fieldstrip::{Kind, Policy, Reason, clean};
use fixtures::{animated, bare, boxed, file, laden, packed, parts, whole};
use profiles::{Made, V2};
use proptest::prelude::*;

fn cleaned(bytes: &[u8]) -> fieldstrip::Cleaned {
    clean(bytes, "picture.jxl", metadata::policy()).expect("cleaned")
}

fn reason(bytes: &[u8]) -> Reason {
    clean(bytes, "picture.jxl", metadata::policy()).expect_err("refused").reason
}

/// What the proof says of the pixels.
fn pixels_check(copy: &fieldstrip::Cleaned) -> (String, String) {
    let check = copy.proof.checks.iter().find(|check| check.name.starts_with("pixels")).unwrap();
    (check.name.clone(), check.detail.clone())
}

#[test]
fn every_picture_is_cleaned_and_nothing_is_left() {
    for (name, bytes) in fixtures::all() {
        let copy =
            clean(&bytes, "picture.jxl", metadata::policy()).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        assert!(!metadata::holds_marker(&copy.bytes), "{name}");
        let again = cleaned(&copy.bytes);
        assert_eq!(again.bytes, copy.bytes, "{name}: cleaning again changes nothing");
        assert!(again.report.hits.iter().all(|hit| hit.action == Action::Keep), "{name}: {:?}", again.report.hits);
        assert_eq!(pixels_check(&copy).0, "pixels-equal", "{name}");
    }
}

#[test]
fn what_needs_nothing_is_copied_as_it_is() {
    for (name, bytes) in fixtures::all().into_iter().take(5) {
        assert_eq!(cleaned(&bytes).bytes, bytes, "{name}");
    }
}

#[test]
fn only_what_decides_the_look_stays() {
    assert_eq!(cleaned(&[laden().bytes(), b"PLANTED".to_vec()].concat()).bytes, bare().bytes());
    let copy = cleaned(&fixtures::laden_file());
    assert_eq!(copy.bytes, file(&[boxed(b"jxll", &[10]), whole(&bare())]));
    assert_eq!(pixels_check(&copy).1, "13×21, Graya, 3 frames");
}

#[test]
fn each_field_of_a_header_goes_alone() {
    for at in 7..27 {
        // Names of every length move what follows to every bit of a byte.
        let frame = |name| Frame { name, seed: 7, ..Frame::default() };
        let named = |name| Picture { channels: vec![(6, name)], frames: vec![frame(name)], ..Picture::default() };
        let name = "PLANTED name of some length".get(..at).unwrap();
        assert_eq!(cleaned(&named(name).bytes()).bytes, named("").bytes(), "{at}");
    }
    let plain = || animated();
    for (name, picture) in [
        ("preview", Picture { preview: Some((9, 7)), ..plain() }),
        ("time codes", Picture { timecodes: true, ..plain() }),
        ("extensions", Picture { extensions: "PLANTED here", ..plain() }),
    ] {
        assert_eq!(cleaned(&picture.bytes()).bytes, plain().bytes(), "{name}");
    }
}

#[test]
fn every_way_to_write_boxes_is_read() {
    let codestream = Picture::default().bytes();
    let expected = file(&[boxed(b"jxlc", &codestream)]);
    let long = [&[0, 0, 0, 1], b"jxlc".as_slice(), &(codestream.len() as u64 + 16).to_be_bytes(), &codestream].concat();
    let open = [&[0; 4], b"jxlc".as_slice(), &codestream].concat();
    let open_part = [&[0; 4], b"jxlp".as_slice(), &[0x80, 0, 0, 0], &codestream].concat();
    for (name, boxes) in [
        ("whole", vec![boxed(b"jxlc", &codestream)]),
        ("long size", vec![long]),
        ("up to the end", vec![boxed(b"free", b"x"), open]),
        ("a part up to the end", vec![open_part]),
        ("one part", parts(&codestream, 10_000)),
        ("many parts", parts(&codestream, 7)),
        (
            "an empty part",
            [vec![boxed(b"jxlp", &[0; 4])], vec![boxed(b"jxlp", &[&[0x80, 0, 0, 1], codestream.as_slice()].concat())]]
                .concat(),
        ),
    ] {
        assert_eq!(cleaned(&file(&boxes)).bytes, expected, "{name}");
    }
}

#[test]
fn every_item_is_named() {
    let report = cleaned(&fixtures::laden_file()).report;
    for (class, item) in [
        (Class::MetadataLocation, "EXIF:GPSLatitude"),
        (Class::MetadataDevice, "EXIF:BodySerialNumber"),
        (Class::MetadataOther, "xml"),
        (Class::MetadataAuthor, "XMP-dc:creator"),
        (Class::MetadataProvenance, "jumb C2PA"),
        (Class::MetadataOther, "jbrd markers of the original JPEG"),
        (Class::ContentSecondaryImages, "jhgm gain map"),
        (Class::ContentUnknown, "jxli frame index"),
        (Class::ContentUnreferenced, "free"),
        (Class::ContentUnknown, "box abcd"),
        (Class::ContentUnknown, "box uuid"),
        (Class::MetadataOther, "xml (unreadable)"),
        (Class::ContentUnknown, "ftyp (further brands)"),
        (Class::ContentTrailingBytes, "trailer 29 bytes after the codestream"),
        (Class::ContentTrailingBytes, "trailer 27 bytes after the last box"),
        (Class::ContentThumbnails, "preview frame"),
        (Class::MetadataDescription, "extra channel name"),
        (Class::MetadataDescription, "frame name"),
        (Class::MetadataDates, "time code of a frame"),
        (Class::ContentUnknown, "extensions of the extra channel header"),
        (Class::ContentUnknown, "extensions of the frame header"),
    ] {
        let found =
            report.hits.iter().any(|hit| hit.class == class && hit.item == item && hit.action == Action::Remove);
        assert!(found, "{item} is not in {:#?}", report.hits);
    }
    let kept: Vec<_> = report.hits.iter().filter(|hit| hit.action == Action::Keep).collect();
    let kept: Vec<_> = kept.iter().map(|hit| (hit.item.as_str(), hit.count)).collect();
    assert_eq!(kept, [("extra channel (depth)", 1), ("ICC", 1), ("layer beneath others", 2)]);
    let values = ["PLANTED Jane", "PLANTED-alpha", "PLANTED name"];
    for value in values {
        assert!(report.values.iter().any(|removed| removed.value == value), "{value}");
    }
    let packed = cleaned(&file(&[whole(&animated()), packed(b"xml ", metadata::xmp().as_bytes())])).report;
    assert!(packed.hits.iter().any(|hit| hit.item == "XMP-photoshop:City"), "{:#?}", packed.hits);
}

/// A picture with this profile.
fn profiled(profile: Vec<u8>) -> Vec<u8> {
    Picture { profile: Some(profile), ..Picture::default() }.bytes()
}

#[test]
fn a_policy_may_want_no_profile() {
    let plain = Picture { orientation: 6, ..Picture::default() };
    let coloured = Picture { coloured: true, channels: vec![(0, "")], ..plain.clone() };
    let with = Picture { profile: Some(fixtures::laden_profile()), ..plain.clone() };
    let coloured_with = Picture { profile: Some(Made::rgb(V2).build()), ..coloured.clone() };
    for (with, plain) in [(&with, &plain), (&coloured_with, &coloured)] {
        let copy = clean(&with.bytes(), "picture.jxl", Policy::strictest()).expect("cleaned");
        assert_eq!(copy.bytes, plain.bytes());
        assert_eq!(pixels_check(&copy).0, "pixels-equal");
        let mut report = copy.report.hits.iter();
        assert!(report.any(|hit| (hit.class, hit.action) == (Class::ColourProfile, Action::Remove)));
    }
    let cmyk = Picture { channels: vec![(4, "")], ..coloured_with };
    let refusal = clean(&cmyk.bytes(), "picture.jxl", Policy::strictest()).expect_err("refused");
    assert_eq!(refusal.reason, Reason::Unsupported);
    // Each proof wants what its policy says.
    let spent = Spent::default();
    for (policy, output) in [(metadata::policy(), &plain.bytes()), (Policy::strictest(), &cleaned(&with.bytes()).bytes)]
    {
        let context = Context::new(policy, &spent);
        let refusal = prove(Kind::JpegXl, &with.bytes(), output, &Report::default(), &context).expect_err("refused");
        assert_eq!(refusal.reason, Reason::Unprovable);
    }
}

#[test]
fn what_is_damaged_or_unknown_is_refused() {
    let codestream = animated().bytes();
    let cut = |bytes: &[u8]| bytes[..bytes.len() - 1].to_vec();
    let three = parts(&codestream, codestream.len() / 3 + 1);
    let huge = Picture { size: (512, 512), ..Picture::default() };
    let mut tiny = metadata::policy().clone();
    tiny.limits.image_pixels = 1_000;
    let refused = |bytes: &[u8]| clean(bytes, "picture.jxl", &tiny).expect_err("refused").reason;
    assert_eq!(refused(&huge.bytes()), Reason::OverLimit);
    tiny.limits = metadata::policy().limits.clone();
    tiny.limits.decompressed_bytes = 1_000;
    let bomb = file(&[whole(&Picture::default()), packed(b"xml ", &[b' '; 2_000])]);
    assert_eq!(clean(&bomb, "picture.jxl", &tiny).expect_err("refused").reason, Reason::OverLimit);
    assert_eq!(clean(&bare().bytes(), "picture.jxl", &tiny).expect_err("refused").reason, Reason::OverLimit);
    for (name, bytes, expected) in [
        ("cut off", cut(&codestream), Reason::Damaged),
        ("box cut off", cut(&file(&[whole(&animated())])), Reason::Damaged),
        ("codestream in a box cut off", file(&[boxed(b"jxlc", &cut(&codestream))]), Reason::Damaged),
        ("no codestream", file(&[boxed(b"free", b"x")]), Reason::Damaged),
        ("no frame", file(&[boxed(b"jxlc", &codestream[..20])]), Reason::Damaged),
        ("two codestreams", file(&[whole(&animated()), whole(&animated())]), Reason::Damaged),
        ("codestream and parts", file(&[vec![whole(&animated())], three.clone()].concat()), Reason::Damaged),
        ("parts in another order", file(&[three[1].clone(), three[0].clone(), three[2].clone()]), Reason::Damaged),
        ("a part missing", file(&[three[0].clone(), three[2].clone()]), Reason::Damaged),
        ("the last part missing", file(&three[..2]), Reason::Damaged),
        ("a part behind the last", file(&[three.clone(), vec![three[2].clone()]].concat()), Reason::Damaged),
        ("a part without number", file(&[boxed(b"jxlp", b"abc")]), Reason::Damaged),
        (
            "brands not second",
            file(&[whole(&animated())])[..12].iter().copied().chain(whole(&animated())).collect(),
            Reason::Damaged,
        ),
        ("unknown level", file(&[boxed(b"jxll", &[7]), whole(&animated())]), Reason::Unsupported),
        ("broken profile", profiled(vec![b'x'; 200]), Reason::Unsupported),
        ("unknown channel", Picture { channels: vec![(9, "")], ..Picture::default() }.bytes(), Reason::Unsupported),
    ] {
        assert_eq!(reason(&bytes), expected, "{name}");
    }
}

#[test]
fn what_cannot_be_taken_out_is_shown() {
    let extracted = |picture: &Picture| {
        let spent = Spent::default();
        let context = Context::new(metadata::policy(), &spent);
        extract(Kind::JpegXl, &picture.bytes(), &context).expect("read")
    };
    let shown = |picture: &Picture| -> Vec<String> {
        let unread = extracted(picture).unread;
        // Findings at one place are counted together, so each needs its own to be seen.
        let places: HashSet<_> = unread.iter().map(|unread| unread.place.clone()).collect();
        assert_eq!(places.len(), unread.len());
        unread.into_iter().filter(|unread| !unread.expected).map(|unread| unread.why).collect()
    };
    let still = Picture::default();
    assert!(shown(&still).is_empty());
    let moving = Picture {
        animated: true,
        frames: vec![Frame { duration: 3, ..Frame::default() }, Frame::default()],
        ..Picture::default()
    };
    assert!(shown(&moving).is_empty());
    assert_eq!(shown(&animated()), ["what a layer covers is still in the file"]);
    let thermal = Picture { channels: vec![(0, ""), (6, ""), (6, "")], ..Picture::default() };
    assert_eq!(shown(&thermal), ["a channel of temperatures is not shown, but in the file"; 2]);
}

/// Checks an output against an input of which it is no faithful copy.
fn must_fail(name: &str, input: &[u8], output: &[u8]) {
    let spent = Spent::default();
    let context = Context::new(metadata::policy(), &spent);
    let refusal = prove(Kind::JpegXl, input, output, &Report::default(), &context).expect_err(name);
    assert_eq!(refusal.reason, Reason::Unprovable, "{name}");
}

#[test]
fn the_proof_notices_what_a_broken_cleaner_would_do() {
    let level = || boxed(b"jxll", &[10]);
    let with = |change: &dyn Fn(&mut Picture)| {
        let mut picture = bare();
        change(&mut picture);
        file(&[level(), whole(&picture)])
    };
    let right = with(&|_| {});
    let mut brands = right.clone();
    brands[27] = 1;
    let behind = [bare().bytes(), b"x".to_vec()].concat();
    for (name, output) in [
        ("EXIF left", file(&[level(), whole(&bare()), boxed(b"Exif", &fixtures::exif())])),
        ("a box before", file(&[level(), boxed(b"free", b""), whole(&bare())])),
        ("level lost", file(&[whole(&bare())])),
        ("another level", file(&[boxed(b"jxll", &[5]), whole(&bare())])),
        ("boxes lost", bare().bytes()),
        ("other brands", brands),
        ("parts left", file(&[vec![level()], parts(&bare().bytes(), 300)].concat())),
        ("bytes behind the last box", [right.clone(), b"x".to_vec()].concat()),
        ("bytes behind the codestream", file(&[level(), boxed(b"jxlc", &behind)])),
        ("preview left", with(&|picture| picture.preview = Some((9, 7)))),
        ("time codes left", with(&|picture| picture.timecodes = true)),
        ("extensions left", with(&|picture| picture.extensions = "PLANTED")),
        ("extensions of a frame left", with(&|picture| picture.frames[1].extensions = "PLANTED")),
        ("extensions of a filter left", with(&|picture| picture.frames[4].filter_extensions = "PLANTED")),
        ("name of a frame left", with(&|picture| picture.frames[2].name = "x")),
        ("name of a channel left", with(&|picture| picture.channels[1].1 = "x")),
        ("orientation lost", with(&|picture| picture.orientation = 1)),
        ("another profile", with(&|picture| picture.profile = Some(metadata::profile(508)))),
        ("texts of the profile left", with(&|picture| picture.profile = Some(fixtures::laden_profile()))),
        ("code of the profile not plain", with(&|picture| picture.behind_profile = "x")),
        ("profile lost", with(&|picture| picture.profile = None)),
        ("a frame lost", with(&|picture| picture.frames.truncate(4))),
        ("another pixel", with(&|picture| picture.frames[3].seed = 9)),
        ("another duration", with(&|picture| picture.frames[0].duration = 9)),
        ("another channel", with(&|picture| picture.channels[1].0 = 6)),
        ("cut off", right[..right.len() - 1].to_vec()),
    ] {
        must_fail(name, &fixtures::laden_file(), &output);
    }
}

fn refused_or_proved(name: &str, bytes: &[u8]) {
    let mut policy = metadata::policy().clone();
    policy.limits.image_pixels = 1 << 14; // huge canvases take long
    if let Ok(copy) = clean(bytes, "picture.jxl", &policy) {
        assert_eq!(cleaned(&copy.bytes).bytes, copy.bytes, "{name}");
    }
}

#[test]
fn cut_and_flipped_files_are_refused_or_proved() {
    for (name, bytes) in fixtures::all() {
        for part in 0..64 {
            refused_or_proved(name, &bytes[..bytes.len() * part / 64]);
        }
        let step = (bytes.len() * 8 / 300).max(1) | 1;
        for bit in (0..bytes.len() * 8).filter(|bit| *bit < 8 * 60 || bit % step == 0) {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            refused_or_proved(name, &flipped);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_boxes_are_refused_or_proved(
        added in prop::collection::vec(
            (
                prop::sample::select(vec![
                    b"jxlc", b"jxlp", b"jxll", b"brob", b"Exif", b"xml ", b"jbrd", b"ftyp", b"JXL ", b"abCd",
                ]),
                prop::collection::vec(any::<u8>(), 0..40),
                0_usize..6,
            ),
            0..4,
        ),
    ) {
        let mut boxes = parts(&animated().bytes(), 200);
        for (name, data, at) in added {
            boxes.insert(at.min(boxes.len()), boxed(name, &data));
        }
        refused_or_proved("any boxes", &file(&boxes));
    }

    #[test]
    fn any_codestream_is_refused_or_proved(rest in prop::collection::vec(any::<u8>(), 0..200)) {
        refused_or_proved("any bytes", &[b"\xff\x0a".to_vec(), rest].concat());
    }
}
