//! GIF: the compressed pictures stay byte by byte, everything else is chosen, and the proof notices when not.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_possible_truncation)] // a failed helper is a failed test

mod fixtures;
#[path = "../jpeg/metadata.rs"]
mod metadata;
#[path = "../support/pictures.rs"]
mod pictures;

use fieldstrip::formats::{Context, Report};
use fieldstrip::limits::Spent;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::{echo::echoes, prove};
use fieldstrip::{Kind, Policy, Reason, clean};
use fixtures::{Picture, animation, application, compress, control, extension, gif, pixels, repetitions, sub_blocks};
use proptest::prelude::*;

/// A name for the fixtures.
const HINT: &str = "picture.gif";

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
        // The decoder turns down pictures that are not full and blocks that it does not know.
        let expected = match name {
            "fewer pixels than stated" => "pixels-not-decoded",
            "zeros between blocks" | "unknown extension" => "pixels-not-compared",
            _ => "pixels-equal",
        };
        assert_eq!(pixels_check(&copy).0, expected, "{name}");
    }
}

#[test]
fn what_needs_nothing_is_copied_as_it_is() {
    for (name, bytes) in fixtures::all().into_iter().take(11) {
        assert_eq!(cleaned(&bytes).bytes, bytes, "{name}");
    }
}

#[test]
fn only_what_decides_the_look_stays() {
    let mut expected = animation();
    expected.insert(1, application(b"ICCRGBG1012", &metadata::profile(500)));
    expected.push(control(0x08, 1, 0));
    expected.push(Picture::new(12, 9, 4).build());
    let copy = cleaned(&fixtures::laden());
    assert_eq!(copy.bytes, gif(12, 9, 4, &expected));
    assert_eq!(pixels_check(&copy).1, "12×9, Rgba8, 4 animated frames");
}

#[test]
fn the_last_graphic_control_counts() {
    let picture = Picture::new(9, 9, 3).build();
    let twice = gif(9, 9, 3, &[control(1, 0, 5), extension(0xfe, b"x"), control(1, 7, 2), picture.clone()]);
    assert_eq!(cleaned(&twice).bytes, gif(9, 9, 3, &[control(1, 7, 2), picture]));
}

#[test]
fn repetitions_keep_their_number_alone() {
    let picture = Picture::new(9, 9, 3).build();
    let with = |block: Vec<u8>| cleaned(&gif(9, 9, 3, &[block, picture.clone(), picture.clone()])).bytes;
    let whole = |name: &[u8; 11]| application(name, &[1, 0, 0]);
    for name in [b"NETSCAPE2.0", b"ANIMEXTS1.0"] {
        let laden =
            [&[0x21, 0xff, 11], name.as_slice(), b"\x02xx\x03\x01\0\0\x03\x01\x09\x09\x05\x02\0\0\0\0\0"].concat();
        assert_eq!(with(laden), gif(9, 9, 3, &[whole(name), picture.clone(), picture.clone()]));
    }
    assert_eq!(with(application(b"NETSCAPE2.0", b"")), gif(9, 9, 3, &[picture.clone(), picture.clone()]));
}

#[test]
fn pixel_bytes_are_copied_up_to_their_last_code() {
    let picture = Picture::new(40, 30, 8);
    let clean = gif(40, 30, 8, &[picture.build()]);
    for size in [1, 7, 64, 255] {
        let behind = Picture { data: [&picture.data, b"PLANTED".as_slice()].concat(), split: size, ..picture.clone() };
        assert_eq!(cleaned(&gif(40, 30, 8, &[behind.build()])).bytes, clean, "sub-blocks of {size}");
    }
}

#[test]
fn every_item_is_named() {
    let report = cleaned(&fixtures::laden()).report;
    for (class, item) in [
        (Class::MetadataDescription, "comment extension"),
        (Class::MetadataAuthor, "XMP-dc:creator"),
        (Class::MetadataLocation, "XMP-photoshop:City"),
        (Class::MetadataAuthor, "MGK8BIM 8BIM 0x0404 IPTC By-line"),
        (Class::MetadataAuthor, "MGKIPTC By-line"),
        (Class::MetadataProvenance, "application extension C2PA_GIF???"),
        (Class::ContentUnknown, "application extension NETSCAPE2.0 (further data)"),
        (Class::ContentUnknown, "application extension ImageMagick"),
        (Class::ContentUnknown, "plain text extension"),
        (Class::ContentUnknown, "graphic control without a picture"),
        (Class::ContentTrailingBytes, "bytes behind the compressed picture"),
        (Class::ContentTrailingBytes, "trailer 22 bytes after the end"),
    ] {
        let found =
            report.hits.iter().any(|hit| hit.class == class && hit.item == item && hit.action == Action::Remove);
        assert!(found, "{item} is not in {:#?}", report.hits);
    }
    let kept = report.hits.iter().find(|hit| hit.action == Action::Keep).unwrap();
    assert_eq!((kept.class, kept.bytes), (Class::ColourProfile, 500));
    for value in
        ["PLANTED comment", "PLANTED Zürich", "PLANTED plain text", "PLANTED Jane", "PLANTED Smith", "PLANTED by-line"]
    {
        assert!(report.values.iter().any(|removed| removed.value == value), "{value}");
    }
}

#[test]
fn careless_and_unknown_blocks_are_named() {
    let picture = Picture::new(9, 9, 3).build();
    let clean = gif(9, 9, 3, std::slice::from_ref(&picture));
    for (block, class, item) in [
        (vec![0; 3], Class::ContentTrailingBytes, "zeros between blocks"),
        (extension(0x42, b"PLANTED"), Class::ContentUnknown, "extension 0x42"),
        (extension(0xff, b""), Class::ContentUnknown, "extension 0xFF"),
    ] {
        let copy = cleaned(&gif(9, 9, 3, &[block, picture.clone()]));
        assert_eq!(copy.bytes, clean, "{item}");
        assert!(copy.report.hits.iter().any(|hit| hit.class == class && hit.item == item), "{item}");
    }
}

#[test]
fn a_second_file_behind_the_end_is_named() {
    let one = gif(9, 9, 3, &[Picture::new(9, 9, 3).build()]);
    let report = cleaned(&[one.clone(), one.clone()].concat()).report;
    let hit = report.hits.iter().find(|hit| hit.class == Class::ContentSecondaryImages).unwrap();
    assert_eq!((hit.item.as_str(), hit.bytes), ("trailer 78 bytes after the end: GIF image", one.len() as u64));
}

#[test]
fn the_echo_search_reads_the_colour_profile() {
    let mut profile = metadata::profile(500);
    profile[300..314].copy_from_slice(b"Jane Q. Public");
    let blocks =
        [application(b"ICCRGBG1012", &profile), extension(0xfe, b"Jane Q. Public"), Picture::new(9, 9, 3).build()];
    let copy = cleaned(&gif(9, 9, 3, &blocks));
    let spent = Spent::default();
    let context = Context::new(metadata::policy(), &spent);
    let found = echoes(Kind::Gif, &copy.bytes, &[], &copy.report.all_values(), &context).unwrap();
    assert!(
        found.iter().any(|echo| (echo.item.as_str(), echo.part.as_str()) == ("comment extension", "colour profile"))
    );
}

#[test]
fn what_is_damaged_or_unknown_is_refused() {
    let picture = Picture::new(12, 9, 4);
    let with = |change: &dyn Fn(&mut Picture)| {
        let mut picture = picture.clone();
        change(&mut picture);
        gif(12, 9, 4, &[picture.build()])
    };
    let whole = with(&|_| {});
    let mut code_size = whole.clone();
    let at = 13 + 48 + 10;
    assert_eq!(code_size[at], 4);
    code_size[at] = 12;
    for (name, bytes, expected) in [
        ("no end", whole[..whole.len() - 1].to_vec(), Reason::Damaged),
        ("no picture", gif(12, 9, 4, &[]), Reason::Damaged),
        ("picture cut off", with(&|picture| picture.data.truncate(20)), Reason::Damaged),
        ("code from nowhere", with(&|picture| picture.data = vec![0xff; 90]), Reason::Damaged),
        (
            "a run over the end",
            // Three codes: one pixel, two, three; the picture has five.
            with(&|picture| (picture.width, picture.height, picture.data) = (5, 1, compress(&[7; 6], 4))),
            Reason::Damaged,
        ),
        ("code size", code_size, Reason::Damaged),
        ("long graphic control", gif(12, 9, 4, &[extension(0xf9, &[0; 5]), picture.build()]), Reason::Damaged),
        (
            "divided graphic control",
            gif(12, 9, 4, &[vec![0x21, 0xf9, 2, 0, 0, 2, 0, 0, 0], picture.build()]),
            Reason::Damaged,
        ),
        ("something else", gif(12, 9, 4, &[picture.build(), b"PLANTED".to_vec()]), Reason::Damaged),
        (
            "a million blocks",
            gif(12, 9, 4, &[extension(0xfe, b"").repeat(1_000_001), picture.build()]),
            Reason::OverLimit,
        ),
        ("too large", gif(60_000, 60_000, 4, &[picture.build()]), Reason::OverLimit),
        ("picture too large", with(&|picture| (picture.width, picture.height) = (60_000, 60_000)), Reason::OverLimit),
    ] {
        assert_eq!(reason(&bytes), expected, "{name}");
    }
}

#[test]
fn the_pictures_are_charged_to_the_budget() {
    let mut policy = Policy::built_in("public-release").unwrap();
    policy.limits.decompressed_bytes = 10_000;
    let picture = Picture { data: compress(&[3; 6_000], 4), ..Picture::new(100, 60, 4) }.build();
    let refusal = clean(&gif(100, 60, 4, &[picture.clone(), picture]), "", &policy).unwrap_err();
    assert_eq!(refusal.reason, Reason::OverLimit);
}

#[test]
fn the_proof_notices_what_a_broken_cleaner_would_do() {
    let input = fixtures::laden();
    let good: Vec<Vec<u8>> = {
        let mut good = animation();
        good.insert(1, application(b"ICCRGBG1012", &metadata::profile(500)));
        good.push(control(0x08, 1, 0));
        good.push(Picture::new(12, 9, 4).build());
        good
    };
    let build = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut blocks = good.clone();
        change(&mut blocks);
        gif(12, 9, 4, &blocks)
    };
    let spent = Spent::default();
    let context = Context::new(metadata::policy(), &spent);
    let check = |output: &[u8]| prove(Kind::Gif, &input, output, &Report::default(), &context);
    check(&build(&|_| {})).expect("the right copy");
    check(&build(&|blocks| blocks[9] = Picture { split: 9, ..Picture::new(12, 9, 4) }.build()))
        .expect("other sub-blocks");
    let last = |change: &dyn Fn(&mut Picture)| {
        let mut picture = Picture::new(12, 9, 4);
        change(&mut picture);
        build(&|blocks| blocks[9] = picture.build())
    };
    let mut other = pixels(108, 4);
    other[100] ^= 1;
    for (name, output) in [
        ("comment left", build(&|blocks| blocks.insert(0, extension(0xfe, b"hello")))),
        ("XMP left", build(&|blocks| blocks.insert(0, fixtures::xmp()))),
        ("application left", build(&|blocks| blocks.insert(3, application(b"ImageMagick", b"x")))),
        (
            "more than repetitions",
            build(&|blocks| {
                blocks[0] = [b"\x21\xff\x0bNETSCAPE2.0".as_slice(), b"\x03\x01\x03\0\x05\x02\0\0\0\0\0"].concat();
            }),
        ),
        ("zeros left", build(&|blocks| blocks.push(vec![0]))),
        ("control left at the end", build(&|blocks| blocks.push(control(0, 0, 0)))),
        ("two controls", build(&|blocks| blocks.insert(2, control(0, 0, 0)))),
        ("bytes behind the end", [build(&|_| {}), b"hello".to_vec()].concat()),
        ("a byte behind the last code", last(&|picture| picture.data.push(0))),
        ("bytes behind the last code", last(&|picture| picture.data.extend(b"hello"))),
        ("pixels behind the last", last(&|picture| picture.data = compress(&pixels(120, 4), 4))),
        ("another pixel", last(&|picture| picture.data = compress(&other, 4))),
        ("pixels missing", last(&|picture| picture.data = compress(&pixels(100, 4), 4))),
        ("another place", last(&|picture| picture.left = 1)),
        ("interlaced", last(&|picture| picture.interlaced = true)),
        ("a frame lost", build(&|blocks| drop(blocks.drain(8..)))),
        ("repetitions lost", build(&|blocks| drop(blocks.remove(0)))),
        ("other repetitions", build(&|blocks| blocks[0] = repetitions(4))),
        ("timing lost", build(&|blocks| drop(blocks.remove(2)))),
        ("another timing", build(&|blocks| blocks[2] = control(0x04, 11, 0))),
        ("profile lost", build(&|blocks| drop(blocks.remove(1)))),
        (
            "bytes behind the profile",
            build(&|blocks| {
                blocks[1] = application(b"ICCRGBG1012", &[&metadata::profile(500), b"hello".as_slice()].concat());
            }),
        ),
        ("another palette", {
            let mut bytes = build(&|_| {});
            bytes[20] ^= 1;
            bytes
        }),
        ("no end", {
            let bytes = build(&|_| {});
            bytes[..bytes.len() - 1].to_vec()
        }),
    ] {
        assert_eq!(check(&output).expect_err(name).reason, Reason::Unprovable, "{name}");
    }
}

/// Whatever the bytes are: a refusal, or a proved copy that cleans to itself.
fn refused_or_proved(name: &str, bytes: &[u8]) {
    pictures::refused_or_proved(name, HINT, bytes);
}

#[test]
fn cut_and_flipped_files_are_refused_or_proved() {
    for (name, bytes) in fixtures::all() {
        pictures::cut_and_flipped(name, HINT, &bytes, 13);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_codes_are_refused_or_proved(
        bits in 2_u8..=8,
        width in 1_u16..30,
        data in prop::collection::vec(any::<u8>(), 0..200),
        good in any::<bool>(),
    ) {
        let mut picture = Picture::new(width, 9, bits);
        if good { picture.data.extend(data) } else { picture.data = data }
        refused_or_proved("any codes", &gif(30, 9, bits, &[picture.build()]));
    }

    #[test]
    fn any_blocks_are_refused_or_proved(
        added in prop::collection::vec(
            (
                prop::sample::select(vec![0x01_u8, 0xf9, 0xfe, 0xff, 0x00, 0x42]),
                prop::collection::vec(any::<u8>(), 0..40),
                0_usize..8,
                1_usize..40,
            ),
            0..6,
        ),
    ) {
        let mut blocks = animation();
        for (label, data, at, split) in added {
            blocks.insert(at.min(blocks.len()), [&[0x21, label], sub_blocks(&data, split).as_slice()].concat());
        }
        refused_or_proved("any blocks", &gif(12, 9, 4, &blocks));
    }

    #[test]
    fn any_bytes_are_refused_or_proved(rest in prop::collection::vec(any::<u8>(), 0..300)) {
        refused_or_proved("any bytes", &[b"GIF89a".as_slice(), &rest].concat());
    }
}
