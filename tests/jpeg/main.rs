//! JPEG: the coded picture stays byte by byte, everything else goes, and the proof notices when not.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_possible_truncation)] // a failed helper is a failed test

mod fixtures;
mod further;
mod metadata;
#[path = "../support/pictures.rs"]
mod pictures;

use fieldstrip::formats::{Context, Report, Surroundings};
use fieldstrip::limits::Spent;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::prove;
use fieldstrip::{Kind, Policy, Reason, clean};
use fixtures::{ByHand, segment, with};
use proptest::prelude::*;

/// A name for the fixtures.
const HINT: &str = "photo.jpg";

/// The fixtures of both modules.
fn all() -> Vec<(&'static str, Vec<u8>)> {
    [fixtures::all(), further::all()].concat()
}

fn cleaned(bytes: &[u8]) -> fieldstrip::Cleaned {
    clean(bytes, HINT, metadata::policy()).expect("cleaned")
}

fn reason(bytes: &[u8]) -> Reason {
    clean(bytes, HINT, metadata::policy()).expect_err("refused").reason
}

fn exif_segment(orientation: u16) -> Vec<u8> {
    segment(0xe1, &[b"Exif\0\0", metadata::exif(orientation).as_slice()].concat())
}

#[test]
fn every_coding_process_is_cleaned_and_nothing_is_left() {
    for (name, bytes) in all() {
        let copy = pictures::tidied(name, HINT, &bytes);
        assert!(copy.bytes.ends_with(&[0xff, 0xd9]), "{name}");
    }
}

#[test]
fn what_needs_nothing_is_copied_as_it_is() {
    for name in ["restarts", "cmyk without Adobe", "lines defined late", "arithmetic", "lossless, 16 bits"] {
        let (_, bytes) = all().into_iter().find(|(known, _)| *known == name).expect(name);
        assert_eq!(cleaned(&bytes).bytes, bytes, "{name}");
    }
}

#[test]
fn every_item_is_named() {
    let report = cleaned(&fixtures::laden()).report;
    let expected = [
        (Class::ContentThumbnails, "APP0 JFIF thumbnail"),
        (Class::ContentThumbnails, "APP0 JFXX thumbnail"),
        (Class::MetadataDevice, "EXIF:Make"),
        (Class::MetadataAuthor, "EXIF:Artist"),
        (Class::MetadataAuthor, "EXIF:XPAuthor"),
        (Class::MetadataDescription, "EXIF:UserComment"),
        (Class::MetadataDevice, "EXIF:MakerNote"),
        (Class::MetadataDevice, "EXIF:BodySerialNumber"),
        (Class::MetadataLocation, "EXIF:GPSLatitude"),
        (Class::MetadataLocation, "EXIF:GPSLongitude"),
        (Class::MetadataLocation, "EXIF:GPSProcessingMethod"),
        (Class::ContentThumbnails, "EXIF thumbnail"),
        (Class::MetadataSoftware, "XMP-x:XMPToolkit"),
        (Class::MetadataAuthor, "XMP-dc:creator"),
        (Class::MetadataDescription, "XMP-dc:title"),
        (Class::MetadataLocation, "XMP-photoshop:City"),
        (Class::MetadataDevice, "XMP-aux:SerialNumber"),
        (Class::MetadataIdentifiers, "XMP-xmpMM:DocumentID"),
        (Class::ContentSecondaryImages, "APP2 MPF index"),
        (Class::MetadataOther, "APP2 FPXR"),
        (Class::ContentSecondaryImages, "APP2 ISO 21496-1 gain map"),
        (Class::MetadataProvenance, "APP11 JUMBF"),
        (Class::MetadataSoftware, "APP12 Ducky"),
        (Class::MetadataAuthor, "APP13 8BIM 0x0404 IPTC By-line"),
        (Class::MetadataLocation, "APP13 8BIM 0x0404 IPTC City"),
        (Class::ContentThumbnails, "APP13 8BIM 0x040C thumbnail"),
        (Class::ContentUnknown, "APP14 Adobe (further bytes)"),
        (Class::MetadataDescription, "COM"),
        (Class::MetadataOther, "APP15"),
        (Class::ContentTrailingBytes, "bytes between segments"),
        (Class::ContentSecondaryImages, "picture after EOI: JPEG image"),
        (Class::ContentTrailingBytes, "padding after EOI"),
        (Class::ContentSecondaryImages, "trailer 27 bytes after EOI: MP4"),
    ];
    for (class, item) in expected {
        let found =
            report.hits.iter().any(|hit| hit.class == class && hit.item == item && hit.action == Action::Remove);
        assert!(found, "{item} is not in {:#?}", report.hits);
    }
    let kept: Vec<_> = report.hits.iter().filter(|hit| hit.action == Action::Keep).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!((kept[0].class, kept[0].item.as_str()), (Class::ColourProfile, "APP2 ICC_PROFILE"));
}

#[test]
fn what_follows_the_picture_is_named() {
    use Class::{
        ContentOldRevisions, ContentSecondaryImages, ContentThumbnails, ContentTrailingBytes, MetadataDates,
        MetadataLocation,
    };
    let index = (ContentSecondaryImages, "APP2 MPF index");
    let frames = [
        index,
        (ContentThumbnails, "MPF image 2: large thumbnail"),
        (ContentSecondaryImages, "MPF image 3: disparity"),
        (ContentSecondaryImages, "MPF image 4: another angle"),
    ];
    let expected: &[(&str, &[(Class, &str)])] = &[
        ("multi-picture", &frames),
        ("multi-picture, little-endian", &frames),
        (
            "Ultra HDR",
            &[
                (ContentSecondaryImages, "APP2 ISO 21496-1 gain map"),
                (ContentSecondaryImages, "XMP-hdrgm:Version"),
                (ContentSecondaryImages, "XMP-Item:Semantic"),
                index,
                (ContentSecondaryImages, "MPF image 2: gain map"),
            ],
        ),
        (
            "motion photo",
            &[
                (ContentSecondaryImages, "XMP-GCamera:MotionPhoto"),
                (ContentSecondaryImages, "trailer 1.2 kB after EOI: MP4 of a motion photo"),
            ],
        ),
        (
            "Samsung",
            &[
                (MetadataDates, "Samsung trailer Image_UTC_Data"),
                (MetadataLocation, "Samsung trailer MCC_Data"),
                (ContentSecondaryImages, "Samsung trailer MotionPhoto_Data"),
                (ContentOldRevisions, "Samsung trailer PhotoEditor_Re_Edit_Data"),
                (ContentSecondaryImages, "Samsung trailer DualShot_DepthMap_1"),
                (ContentTrailingBytes, "Samsung trailer directory"),
            ],
        ),
        (
            "uncropped original",
            &[(ContentSecondaryImages, "picture after EOI: JPEG image, larger than the one before")],
        ),
        ("depth map", &[(ContentSecondaryImages, "picture after EOI: depth map")]),
        ("camera trailer", &[(ContentTrailingBytes, "trailer 27 bytes after EOI: Canon VRD")]),
        ("another format", &[(ContentSecondaryImages, "trailer 13 bytes after EOI: GIF image")]),
    ];
    let fixtures = further::all();
    assert_eq!(fixtures.len(), expected.len());
    for ((name, bytes), (expected_name, items)) in fixtures.into_iter().zip(expected) {
        assert_eq!(name, *expected_name);
        let hits = cleaned(&bytes).report.hits;
        let behind = hits.iter().filter(|hit| hit.class != Class::MetadataOther && !hit.item.contains("JFIF"));
        let found: Vec<_> = behind.clone().map(|hit| (hit.class, hit.item.as_str())).collect();
        for item in *items {
            assert!(found.contains(item), "{name}: {item:?} is not in {found:?}");
        }
        // Everything behind the end is accounted for, byte by byte.
        let listed: u64 = behind
            .filter(|hit| !hit.item.starts_with("APP") && !hit.item.starts_with("XMP"))
            .map(|hit| hit.bytes)
            .sum();
        let grown = bytes.windows(2).position(|pair| pair == [0xff, 0xd9]).unwrap() + 2;
        assert_eq!(listed, (bytes.len() - grown) as u64, "{name}");
    }
}

#[test]
fn removed_values_are_handed_to_the_echo_search() {
    let report = cleaned(&fixtures::laden()).report;
    for value in [
        "PLANTED-artist",
        "PLANTED-xpauthor",
        "PLANTED-usercomment",
        "PLANTED-serial",
        "PLANTED Jane",
        "PLANTED Joe",
        "PLANTED <title>",
        "PLANTED & serial",
        "PLANTED by-line",
        "PLANTED comment",
        "-33.8569",
        "151.2152",
    ] {
        assert!(report.values.iter().any(|removed| removed.value == value), "{value}");
    }
}

#[test]
fn orientation_stays_alone() {
    let photo = fixtures::photo();
    for orientation in 0..=9 {
        let copy = cleaned(&with(&photo, &exif_segment(orientation))).bytes;
        let read = exif::Reader::new().read_from_container(&mut std::io::Cursor::new(&copy));
        if (2..=8).contains(&orientation) {
            let fields: Vec<_> = read.as_ref().unwrap().fields().collect();
            assert_eq!(fields.len(), 1);
            assert_eq!(
                (fields[0].tag, fields[0].value.get_uint(0)),
                (exif::Tag::Orientation, Some(orientation.into()))
            );
        } else {
            assert!(read.is_err(), "{orientation} needs no EXIF");
        }
    }
}

#[test]
fn metadata_behind_the_first_scan_decides_nothing() {
    let profile = segment(0xe2, &[b"ICC_PROFILE\0\x01\x01", metadata::profile(300).as_slice()].concat());
    let late = [exif_segment(6), profile, segment(0xee, b"Adobe\0\x64\0\0\0\0\x00")].concat();
    let scans = |between: Vec<u8>| {
        ByHand::grey(0xc2, vec![([0, 0, 0], vec![0x3f], between), ([1, 63, 0], vec![0x3f], vec![])]).build()
    };
    let copy = cleaned(&scans(late));
    assert_eq!(copy.bytes, scans(vec![]));
    for item in
        ["EXIF:Artist", "EXIF:Orientation", "APP2 ICC_PROFILE (out of place)", "APP14 Adobe (cut off or out of place)"]
    {
        assert!(copy.report.hits.iter().any(|hit| hit.item == item), "{item}");
    }
}

#[test]
fn in_a_pdf_orientation_goes_too() {
    let spent = Spent::default();
    let context = Context::new(metadata::policy(), &spent);
    let mut report = Report::default();
    let turned = with(&fixtures::photo(), &exif_segment(6));
    let copy = context.clean_embedded("object 5 0", &turned, Surroundings::Pdf, &mut report).unwrap();
    assert_eq!(copy, cleaned(&fixtures::photo()).bytes);
    assert!(report.all_hits().iter().any(|hit| hit.item == "EXIF:Orientation" && hit.place == "object 5 0"));
}

#[test]
fn damaged_metadata_is_no_reason_to_refuse() {
    let photo = fixtures::photo();
    let exif = metadata::exif(6);
    for (name, payload) in [
        ("no TIFF", b"Exif\0\0PLANTED".to_vec()),
        ("cut off", [b"Exif\0\0", &exif[..40]].concat()),
        ("empty", b"Exif\0\0".to_vec()),
        ("loop", b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\x08".to_vec()),
        ("xmp", b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta PLANTED <<&>".to_vec()),
        (
            "utf-16 xmp",
            [
                b"http://ns.adobe.com/xap/1.0/\0",
                &metadata::xmp().encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>()[..],
            ]
            .concat(),
        ),
    ] {
        let copy = cleaned(&with(&photo, &segment(0xe1, &payload)));
        assert!(!metadata::holds_marker(&copy.bytes), "{name}");
        assert!(!copy.report.hits.is_empty(), "{name}: it is reported");
    }
    let utf16: Vec<u8> = metadata::xmp().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let packet = segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", utf16.as_slice()].concat());
    let report = cleaned(&with(&photo, &packet)).report;
    assert!(report.values.iter().any(|value| value.value == "PLANTED Jane"), "UTF-16 is read");
}

#[test]
fn a_broken_colour_profile_goes() {
    let photo = fixtures::photo();
    let profile = metadata::profile(400);
    let chunk =
        |number: u8, count: u8, bytes: &[u8]| segment(0xe2, &[b"ICC_PROFILE\0", &[number, count][..], bytes].concat());
    for (name, segments, stays) in [
        ("whole", chunk(1, 1, &profile), true),
        ("second chunk missing", chunk(1, 2, &profile), false),
        ("numbered from 0", chunk(0, 1, &profile), false),
        ("twice", [chunk(1, 1, &profile), chunk(1, 1, &profile)].concat(), false),
        ("cut off", chunk(1, 1, &profile[..399]), false),
        ("no profile", chunk(1, 1, b"PLANTED"), false),
        ("bytes behind", chunk(1, 1, &[profile.as_slice(), b"PLANTED"].concat()), true),
    ] {
        let copy = cleaned(&with(&photo, &segments));
        assert!(!metadata::holds_marker(&copy.bytes), "{name}");
        let found = copy.bytes.windows(profile.len()).any(|window| window == profile);
        assert_eq!(found, stays, "{name}");
    }
    let long = metadata::profile(150_000);
    let chunks: Vec<u8> = long.chunks(50_000).zip(1..).flat_map(|(part, number)| chunk(number, 3, part)).collect();
    let copy = cleaned(&with(&photo, &chunks)).bytes;
    assert_eq!(copy.windows(12).filter(|window| window == b"ICC_PROFILE\0").count(), 3, "as few chunks as are needed");
}

#[test]
fn of_an_adobe_segment_the_transform_stays() {
    let copy = cleaned(&with(&fixtures::photo(), &segment(0xee, b"AdobePLANTE\x01"))).bytes;
    assert!(copy.windows(12).any(|window| window == b"Adobe\0\x64\0\0\0\0\x01"));
}

#[test]
fn the_last_adobe_segment_counts() {
    let mut picture = ByHand::grey(0xc0, vec![([0, 63, 0], vec![0x00, 0x00], vec![])]);
    picture.components = 4;
    picture.before = vec![segment(0xee, b"Adobe\0\x64\0\0\0\0\x02"), segment(0xee, b"Adobe\0\x64\0\0\0\0\x00")];
    let copy = cleaned(&picture.build()).bytes;
    assert_eq!(copy.windows(5).filter(|window| window == b"Adobe").count(), 1);
    assert!(copy.windows(12).any(|window| window == b"Adobe\0\x64\0\0\0\0\x00"));
}

#[test]
fn what_is_damaged_or_unknown_is_refused() {
    let photo = fixtures::photo();
    let end = photo.len() - 2;
    let grey = |frame, scans| ByHand::grey(frame, scans).build();
    let scan = || vec![([0, 63, 0], vec![0x3f], vec![])];
    for (name, bytes, expected) in [
        ("no end", photo[..end].to_vec(), Reason::Damaged),
        ("no end but a second picture", [&photo[..end], &photo].concat(), Reason::Damaged),
        (
            "only tables",
            [&[0xff, 0xd8][..], &segment(0xdb, &[&[0][..], &[1; 64]].concat()), &[0xff, 0xd9]].concat(),
            Reason::Damaged,
        ),
        ("no scan", grey(0xc0, vec![]), Reason::Damaged),
        ("two frames", with(&photo, &segment(0xc0, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0])), Reason::Damaged),
        (
            "bytes behind a table",
            with(&photo, &segment(0xdb, &[&[0][..], &[1; 64], b"PLANTED"].concat())),
            Reason::Damaged,
        ),
        (
            "bytes behind a Huffman table",
            with(&photo, &segment(0xc4, &[&[0, 1][..], &[0; 15], b"\0PL"].concat())),
            Reason::Damaged,
        ),
        ("restart interval too long", with(&photo, &segment(0xdd, b"\0\0PL")), Reason::Damaged),
        ("a million segments", with(&photo, &segment(0xfe, b"").repeat(1_000_000)), Reason::OverLimit),
        ("reserved marker", with(&photo, &[0xff, 0x42]), Reason::Damaged),
        ("hierarchical", grey(0xc5, scan()), Reason::Unsupported),
        ("JPEG-LS", grey(0xf7, scan()), Reason::Unsupported),
        ("JPEG extension", with(&photo, &segment(0xf0, b"PLANTED")), Reason::Unsupported),
        (
            "no height",
            {
                let mut p = ByHand::grey(0xc0, scan());
                p.height = 0;
                p.build()
            },
            Reason::Damaged,
        ),
        (
            "no width",
            {
                let mut p = ByHand::grey(0xc0, scan());
                p.width = 0;
                p.build()
            },
            Reason::Damaged,
        ),
    ] {
        assert_eq!(reason(&bytes), expected, "{name}");
    }
}

#[test]
fn size_is_checked_before_decoding() {
    let mut picture = ByHand::grey(0xc0, vec![([0, 63, 0], vec![0x3f], vec![])]);
    (picture.width, picture.height) = (65_535, 65_535);
    assert_eq!(reason(&picture.build()), Reason::OverLimit);
    picture.height = 0;
    picture.scans[0].2 = segment(0xdc, &[0xff, 0xff]);
    assert_eq!(reason(&picture.build()), Reason::OverLimit, "the height comes late");
    let mut policy = Policy::built_in("public-release").unwrap();
    policy.limits.image_pixels = 48 * 32 - 1;
    assert_eq!(clean(&fixtures::photo(), "", &policy).unwrap_err().reason, Reason::OverLimit);
}

#[test]
fn the_proof_says_what_it_could_not_decode() {
    let checks = |bytes: &[u8]| cleaned(bytes).proof.checks.into_iter().map(|check| check.name).collect::<Vec<_>>();
    assert_eq!(checks(&fixtures::laden()), ["essence-equal", "nothing-left", "pixels-equal", "colours-equal"]);
    assert_eq!(checks(&fixtures::arithmetic()), ["essence-equal", "nothing-left", "pixels-not-decoded"]);
    let pixels = |bytes: &[u8]| cleaned(bytes).proof.checks.pop().map(|check| (check.name, check.detail)).unwrap();
    for (bytes, detail) in [
        (fixtures::photo(), "48×32, YCbCr8"),
        (fixtures::lossless(8, 1), "16×8, L8"),
        (fixtures::lossless(16, 1), "16×8, L16"),
        (fixtures::lossless(8, 3), "16×8, RGB24"),
        (fixtures::four_components(None), "16×8, CMYK32"),
        (fixtures::four_components(Some(0)), "16×8, CMYK32"),
        (fixtures::four_components(Some(2)), "16×8, CMYK32"),
    ] {
        assert_eq!(pixels(&bytes), ("pixels-equal".to_owned(), detail.to_owned()));
    }
}

#[test]
fn the_proof_notices_what_a_broken_cleaner_would_do() {
    let input = fixtures::laden();
    let good = cleaned(&input).bytes;
    let end = good.len() - 2;
    let scan = good.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
    let without = |code: u8| {
        let at = good.windows(2).position(|pair| pair == [0xff, code]).unwrap();
        let size = usize::from(u16::from_be_bytes([good[at + 2], good[at + 3]]));
        [&good[..at], &good[at + 2 + size..]].concat()
    };
    let changed = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    for (name, output) in [
        ("comment left", with(&good, &segment(0xfe, b"hello"))),
        ("application segment left", with(&good, &segment(0xe5, b"hello"))),
        ("comment between tables", [&good[..scan], &segment(0xfe, b"hello"), &good[scan..]].concat()),
        ("bytes behind the end", [&good[..], b"hello"].concat()),
        ("bytes between segments", with(&good, b"hello")),
        ("version and flags of the Adobe segment", {
            let at = good.windows(5).position(|name| name == b"Adobe").unwrap();
            changed(at + 7)
        }),
        ("fill bytes", with(&good, &[0xff])),
        ("second picture", [&good[..], &good].concat()),
        ("no end", good[..end].to_vec()),
        ("another pixel", changed(scan + 40)),
        ("another density", changed(2 + 4 + 9)),
        ("orientation lost", without(0xe1)),
        ("profile lost", without(0xe2)),
        ("transform lost", without(0xee)),
        ("header lost", without(0xe0)),
        ("more EXIF than orientation", {
            let at = good.windows(2).position(|pair| pair == [0xff, 0xe1]).unwrap();
            [&good[..at], &exif_segment(6)[..], &without(0xe1)[at..]].concat()
        }),
    ] {
        let spent = Spent::default();
        let context = Context::new(metadata::policy(), &spent);
        let refusal = prove(Kind::Jpeg, &input, &output, &Report::default(), &context).expect_err(name);
        assert_eq!(refusal.reason, Reason::Unprovable, "{name}");
    }
}

/// Whatever the bytes are: a refusal, or a proved copy that cleans to itself.
fn refused_or_proved(name: &str, bytes: &[u8]) {
    pictures::refused_or_proved(name, HINT, bytes);
}

#[test]
fn cut_and_flipped_files_are_refused_or_proved() {
    for (name, bytes) in all() {
        pictures::cut_and_flipped(name, HINT, &bytes, 250);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_segments_are_refused_or_proved(
        segments in prop::collection::vec((0xc0_u8..=0xfe, prop::collection::vec(any::<u8>(), 0..40)), 0..8),
        junk in prop::collection::vec(any::<u8>(), 0..30),
    ) {
        let added: Vec<u8> = segments.iter().flat_map(|(code, payload)| segment(*code, payload)).chain(junk).collect();
        refused_or_proved("any segments", &with(&fixtures::progressive(), &added));
        refused_or_proved("nothing else", &[&[0xff, 0xd8, 0xff, 0xe0][..], &added].concat());
    }

    #[test]
    fn any_metadata_is_dropped(
        code in prop::sample::select(vec![0xe0_u8, 0xe1, 0xe2, 0xed, 0xee]),
        begin in prop::sample::select(vec![
            "", "Exif\0\0MM\0*", "Exif\0\0II*\0\x08\0\0\0", "http://ns.adobe.com/xap/1.0/\0<a:b>", "Photoshop 3.0\x008BIM\x04\x04\0\0",
            "JFIF\0", "Adobe", "ICC_PROFILE\0\x01\x01",
        ]),
        rest in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let payload = [begin.as_bytes(), &rest, b"PLANTED"].concat();
        let copy = clean(&with(&fixtures::photo(), &segment(code, &payload)), "", metadata::policy());
        // A made-up Adobe segment may change the colours in a way that decoders disagree on; all else must be cleaned.
        if begin != "Adobe" || copy.is_ok() {
            prop_assert!(!metadata::holds_marker(&copy.unwrap().bytes));
        }
    }
}
