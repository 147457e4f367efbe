//! PNG: the compressed pictures stay byte by byte, everything else is chosen, and the proof notices when not.

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
use fixtures::{Png, animated, broken, chunk, frame_control, frame_data, zlib};
use proptest::prelude::*;

/// Chunks as type and contents.
type Parts = Vec<(String, Vec<u8>)>;

/// A name for the fixtures.
const HINT: &str = "picture.png";

fn cleaned(bytes: &[u8]) -> fieldstrip::Cleaned {
    clean(bytes, HINT, metadata::policy()).expect("cleaned")
}

fn reason(bytes: &[u8]) -> Reason {
    clean(bytes, HINT, metadata::policy()).expect_err("refused").reason
}

/// Types and contents of the chunks.
fn chunks(png: &[u8]) -> Parts {
    let mut rest = &png[8..];
    let mut chunks = Vec::new();
    while !rest.is_empty() {
        let size = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        chunks.push((String::from_utf8_lossy(&rest[4..8]).into_owned(), rest[8..8 + size].to_vec()));
        rest = &rest[12 + size..];
    }
    chunks
}

fn names(png: &[u8]) -> Vec<String> {
    chunks(png).into_iter().map(|(name, _)| name).collect()
}

/// The compressed bytes of the main picture.
fn stream(png: &[u8]) -> Vec<u8> {
    chunks(png).into_iter().filter(|(name, _)| name == "IDAT").flat_map(|(_, data)| data).collect()
}

#[test]
fn every_picture_is_cleaned_and_nothing_is_left() {
    for (name, bytes) in fixtures::all() {
        let copy = pictures::tidied(name, HINT, &bytes);
        assert!(copy.bytes.ends_with(b"\0\0\0\0IEND\xae\x42\x60\x82"), "{name}");
    }
}

#[test]
fn what_needs_nothing_is_copied_as_it_is() {
    for (name, bytes) in fixtures::all().into_iter().take(9) {
        assert_eq!(cleaned(&bytes).bytes, bytes, "{name}");
    }
}

#[test]
fn what_decides_the_look_stays() {
    let copy = cleaned(&fixtures::laden()).bytes;
    let expected = ["IHDR", "gAMA", "cHRM", "iCCP", "pHYs", "tRNS", "eXIf", "IDAT", "IDAT", "IDAT", "IEND"];
    assert_eq!(names(&copy).iter().filter(|name| *name != "IDAT").collect::<Vec<_>>().len(), expected.len() - 3);
    for name in expected {
        assert!(names(&copy).iter().any(|found| found == name), "{name}");
    }
    let profile = chunks(&copy).into_iter().find(|(name, _)| name == "iCCP").unwrap().1;
    assert!(profile.starts_with(b"icc\0\0"));
    let mut inflated = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(&profile[5..]), &mut inflated).unwrap();
    assert_eq!(inflated, metadata::profile(500));
    let orientation = chunks(&copy).into_iter().find(|(name, _)| name == "eXIf").unwrap().1;
    let read = exif::Reader::new().read_raw(orientation).unwrap();
    assert_eq!(read.fields().count(), 1);
    assert_eq!(read.get_field(exif::Tag::Orientation, exif::In::PRIMARY).unwrap().value.get_uint(0), Some(8));
}

#[test]
fn pixel_bytes_are_copied_up_to_the_end_of_their_stream() {
    let png = Png::new(20, 10, 8, 2);
    assert_eq!(stream(&cleaned(&fixtures::laden()).bytes), png.picture[0]);
    let split = |size: usize, behind: &[u8]| {
        let mut png = png.clone();
        png.picture = [&png.picture[0], behind].concat().chunks(size).map(<[u8]>::to_vec).collect();
        png.picture.push(Vec::new());
        cleaned(&png.build()).bytes
    };
    for size in [1, 7, 64, 10_000] {
        assert_eq!(stream(&split(size, b"PLANTED")), png.picture[0], "chunks of {size}");
    }
}

#[test]
fn animations_keep_frames_and_timing() {
    for main_is_frame in [true, false] {
        let input = animated(main_is_frame).build();
        let copy = cleaned(&input);
        let controls = |png: &[u8]| {
            chunks(png).into_iter().filter(|(name, _)| name == "fcTL" || name == "acTL").collect::<Vec<_>>()
        };
        assert_eq!(controls(&copy.bytes), controls(&input));
        let numbers: Vec<u32> = chunks(&copy.bytes)
            .into_iter()
            .filter(|(name, _)| name == "fcTL" || name == "fdAT")
            .map(|(_, data)| u32::from_be_bytes(data[..4].try_into().unwrap()))
            .collect();
        assert_eq!(numbers, (0..numbers.len() as u32).collect::<Vec<_>>());
        let pixels = |copy: &fieldstrip::Cleaned| {
            copy.proof
                .checks
                .iter()
                .find(|check| check.name == "pixels-equal")
                .map(|check| check.detail.clone())
                .unwrap()
        };
        assert_eq!(pixels(&cleaned(&copy.bytes)), "8×6, Rgba8, 3 animated frames");
        // The bytes behind a frame confuse the decoder.
        assert!(pixels(&copy).contains("cannot read all frames of the original"), "{}", pixels(&copy));
    }
    let mut still = Png::new(4, 4, 8, 0);
    still.behind = vec![frame_control(0, 4, 4, 0, 0), frame_data(1, b"PLANTED")];
    assert_eq!(names(&cleaned(&still.build()).bytes), ["IHDR", "IDAT", "IEND"], "frames without an animation");
}

#[test]
fn every_item_is_named() {
    let report = cleaned(&fixtures::laden()).report;
    for (class, item) in [
        (Class::MetadataDates, "tIME"),
        (Class::MetadataAuthor, "tEXt Author"),
        (Class::MetadataSoftware, "tEXt Software"),
        (Class::MetadataDates, "zTXt Creation Time"),
        (Class::MetadataAuthor, "zTXt Raw profile type iptc 8BIM 0x0404 IPTC By-line"),
        (Class::MetadataAuthor, "XMP-dc:creator"),
        (Class::MetadataDescription, "iTXt Description"),
        (Class::MetadataDescription, "tEXt Comment"),
        (Class::MetadataLocation, "EXIF:GPSLatitude"),
        (Class::MetadataDevice, "EXIF:BodySerialNumber"),
        (Class::MetadataProvenance, "caBX C2PA"),
        (Class::ContentThumbnails, "prVW Fireworks preview"),
        (Class::ContentUnknown, "vpAg"),
        (Class::ContentUnknown, "sBIT"),
        (Class::ContentUnknown, "gAMA"),
        (Class::MetadataOther, "iCCP profile name"),
        (Class::ContentTrailingBytes, "bytes behind the compressed picture"),
        (Class::ContentTrailingBytes, "trailer 22 bytes after IEND"),
    ] {
        let found =
            report.hits.iter().any(|hit| hit.class == class && hit.item == item && hit.action == Action::Remove);
        assert!(found, "{item} is not in {:#?}", report.hits);
    }
    for value in ["PLANTED author", "PLANTED description", "PLANTED time", "PLANTED by-line", "PLANTED Jane"] {
        assert!(report.values.iter().any(|removed| removed.value == value), "{value}");
    }
}

#[test]
fn the_echo_search_reads_the_colour_profile() {
    let mut profile = metadata::profile(500);
    profile[300..314].copy_from_slice(b"Jane Q. Public");
    let mut png = Png::new(4, 4, 8, 2);
    png.before.push(chunk(b"iCCP", &[b"name\0\0".as_slice(), &zlib(&profile)].concat()));
    png.before.push(chunk(b"tEXt", b"Author\0Jane Q. Public"));
    let copy = cleaned(&png.build());
    let spent = Spent::default();
    let found =
        echoes(Kind::Png, &copy.bytes, &[], &copy.report.all_values(), &Context::new(metadata::policy(), &spent))
            .unwrap();
    assert_eq!(
        found.iter().map(|echo| (echo.item.as_str(), echo.part.as_str())).collect::<Vec<_>>(),
        [("tEXt Author", "iCCP")]
    );
}

#[test]
fn what_is_damaged_or_unknown_is_refused() {
    let png = Png::new(6, 6, 8, 2);
    let before = |added: Vec<u8>| Png { before: vec![added], ..png.clone() }.build();
    let picture = |pieces: Vec<Vec<u8>>| Png { picture: pieces, ..png.clone() }.build();
    let good = zlib(&png.rows(6, 6));
    let animation = |change: &dyn Fn(&mut Png)| {
        let mut png = animated(true);
        change(&mut png);
        png.build()
    };
    let mut interrupted = png.clone();
    interrupted.picture = vec![good[..8].to_vec()];
    interrupted.behind = vec![chunk(b"tEXt", b"a\0b"), chunk(b"IDAT", &good[8..])];
    let whole = png.build();
    for (name, bytes, expected) in [
        ("no end", whole[..whole.len() - 12].to_vec(), Reason::Damaged),
        ("cut off in the end", whole[..whole.len() - 1].to_vec(), Reason::Damaged),
        ("no picture", picture(vec![]), Reason::Damaged),
        ("picture cut off", picture(vec![good[..good.len() - 6].to_vec()]), Reason::Damaged),
        ("picture too short", picture(vec![zlib(&png.rows(6, 5))]), Reason::Damaged),
        ("picture broken", picture(vec![b"\x78\x9c\xff\xff\xff\xff".to_vec()]), Reason::Damaged),
        ("interrupted", interrupted.build(), Reason::Damaged),
        (
            "checksum of the picture",
            Png { picture: vec![], behind: vec![broken(b"IDAT", &good)], ..png.clone() }.build(),
            Reason::Damaged,
        ),
        ("checksum of the transparency", before(broken(b"tRNS", &[0; 6])), Reason::Damaged),
        ("a million chunks", before(chunk(b"tIME", b"").repeat(1_000_000)), Reason::OverLimit),
        ("unknown critical chunk", before(chunk(b"ABcd", b"PLANTED")), Reason::Unsupported),
        ("second header", before(chunk(b"IHDR", &[0; 13])), Reason::Unsupported),
        ("two palettes", before([chunk(b"PLTE", &[0; 3]), chunk(b"PLTE", &[0; 3])].concat()), Reason::Unsupported),
        ("odd palette", before(chunk(b"PLTE", &[0; 4])), Reason::Damaged),
        ("no palette", Png { before: vec![], ..Png::new(6, 6, 8, 3) }.build(), Reason::Damaged),
        (
            "palette of a grey picture",
            {
                let mut p = Png::new(6, 6, 8, 0);
                p.before.push(chunk(b"PLTE", &[0; 3]));
                p.build()
            },
            Reason::Damaged,
        ),
        ("no width", Png { width: 0, ..png.clone() }.build(), Reason::Damaged),
        ("depth", Png { depth: 4, ..png.clone() }.build(), Reason::Damaged),
        ("too large", Png { width: 60_000, height: 60_000, ..png.clone() }.build(), Reason::OverLimit),
        ("frames missing", animation(&|png| png.behind.truncate(2)), Reason::Damaged),
        ("out of sequence", animation(&|png| png.behind.swap(1, 3)), Reason::Damaged),
        ("frame too large", animation(&|png| png.behind[0] = frame_control(1, 9, 4, 0, 0)), Reason::Damaged),
        ("frame too short", animation(&|png| png.behind[0] = frame_control(1, 4, 4, 0, 0)), Reason::Damaged),
        ("no frames stated", animation(&|png| png.before[0] = chunk(b"acTL", &[0; 8])), Reason::Damaged),
        (
            "iPhone variant",
            [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"CgBI", &[0; 4]), &whole[8..]].concat(),
            Reason::Unsupported,
        ),
    ] {
        assert_eq!(reason(&bytes), expected, "{name}");
    }
}

#[test]
fn a_bomb_in_a_dropped_chunk_is_not_unpacked() {
    let bomb = zlib(&vec![b'x'; 64 << 20]);
    let mut png = Png::new(4, 4, 8, 0);
    png.before.push(chunk(b"zTXt", &[b"Comment\0\0".as_slice(), &bomb].concat()));
    png.before.push(chunk(b"iCCP", &[b"Comment\0\0".as_slice(), &bomb].concat()));
    let copy = cleaned(&png.build());
    assert_eq!(names(&copy.bytes), ["IHDR", "IDAT", "IEND"]);
    assert!(copy.report.hits.iter().any(|hit| hit.item == "zTXt Comment (unreadable)"));
    assert!(copy.report.hits.iter().any(|hit| hit.item == "iCCP (broken)"));
}

#[test]
fn the_picture_is_charged_to_the_budget() {
    let mut policy = Policy::built_in("public-release").unwrap();
    policy.limits.decompressed_bytes = 1_000;
    let refusal = clean(&Png::new(100, 100, 8, 0).build(), "", &policy).unwrap_err();
    assert_eq!(refusal.reason, Reason::OverLimit);
}

#[test]
fn the_proof_notices_what_a_broken_cleaner_would_do() {
    let input = fixtures::laden();
    let good = chunks(&cleaned(&input).bytes);
    let build = |change: &dyn Fn(&mut Parts)| {
        let mut parts = good.clone();
        change(&mut parts);
        let body = parts.iter().flat_map(|(name, data)| chunk(name.as_bytes().try_into().unwrap(), data));
        b"\x89PNG\r\n\x1a\n".iter().copied().chain(body).collect::<Vec<u8>>()
    };
    let part = |name: &str, data: &[u8]| (name.to_owned(), data.to_vec());
    let find = |parts: &[(String, Vec<u8>)], name: &str| parts.iter().position(|(known, _)| known == name).unwrap();
    let one_stream = |parts: &mut Parts, stream: Vec<u8>| {
        let at = find(parts, "IDAT");
        parts.retain(|(name, _)| name != "IDAT");
        parts.insert(at, ("IDAT".to_owned(), stream));
    };
    let rows = Png::new(20, 10, 8, 2).rows(20, 10);
    let mut other_rows = rows.clone();
    other_rows[100] ^= 1;
    // The rows may be compressed in another way: that is no difference.
    let spent = Spent::default();
    let context = Context::new(metadata::policy(), &spent);
    let recompressed = build(&|parts| one_stream(parts, zlib(&rows)));
    prove(Kind::Png, &input, &recompressed, &Report::default(), &context).expect("the same rows");
    for (name, output) in [
        ("text left", build(&|parts| parts.insert(1, part("tEXt", b"Comment\0hello")))),
        ("time left", build(&|parts| parts.insert(1, part("tIME", &[0; 7])))),
        ("bytes behind the end", [&build(&|_| {})[..], b"hello"].concat()),
        ("bytes behind the stream", build(&|parts| one_stream(parts, [zlib(&rows), b"hello".to_vec()].concat()))),
        ("bytes behind the last row", build(&|parts| one_stream(parts, zlib(&[&rows[..], b"hello"].concat())))),
        ("another pixel", build(&|parts| one_stream(parts, zlib(&other_rows)))),
        ("gamma lost", build(&|parts| parts.retain(|(name, _)| name != "gAMA"))),
        (
            "another gamma",
            build(&|parts| {
                let at = find(parts, "gAMA");
                parts[at].1[3] ^= 1;
            }),
        ),
        ("size on paper lost", build(&|parts| parts.retain(|(name, _)| name != "pHYs"))),
        ("profile lost", build(&|parts| parts.retain(|(name, _)| name != "iCCP"))),
        (
            "profile name left",
            build(&|parts| {
                let at = find(parts, "iCCP");
                parts[at].1 = [b"name\0\0".as_slice(), &zlib(&metadata::profile(500))].concat();
            }),
        ),
        ("orientation lost", build(&|parts| parts.retain(|(name, _)| name != "eXIf"))),
        (
            "more EXIF than orientation",
            build(&|parts| {
                let at = find(parts, "eXIf");
                parts[at].1 = metadata::exif(8);
            }),
        ),
        ("transparency lost", build(&|parts| parts.retain(|(name, _)| name != "tRNS"))),
        ("no end", {
            let bytes = build(&|_| {});
            bytes[..bytes.len() - 12].to_vec()
        }),
        ("wrong checksum", {
            let mut bytes = build(&|_| {});
            let at = bytes.len() - 1;
            bytes[at] ^= 1;
            bytes
        }),
    ] {
        let spent = Spent::default();
        let context = Context::new(metadata::policy(), &spent);
        let refusal = prove(Kind::Png, &input, &output, &Report::default(), &context).expect_err(name);
        assert_eq!(refusal.reason, Reason::Unprovable, "{name}");
    }
}

/// Whatever the bytes are: a refusal, or a proved copy that cleans to itself.
fn refused_or_proved(name: &str, bytes: &[u8]) {
    pictures::refused_or_proved(name, HINT, bytes);
}

#[test]
fn cut_and_flipped_files_are_refused_or_proved() {
    for (name, bytes) in fixtures::all() {
        pictures::cut_and_flipped(name, HINT, &bytes, 120);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_chunks_are_refused_or_proved(
        colour in prop::sample::select(vec![0_u8, 2, 3, 4, 6]),
        animation in any::<bool>(),
        added in prop::collection::vec(
            (
                prop::sample::select(vec![
                    b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sBIT", b"bKGD", b"hIST", b"pHYs", b"sRGB", b"iCCP", b"eXIf", b"tEXt", b"zTXt",
                    b"iTXt", b"acTL", b"fcTL", b"fdAT", b"cICP", b"abCd",
                ]),
                prop::sample::select(vec![0_usize, 1, 2, 3, 4, 6, 8, 9, 26, 32, 60]),
                any::<u8>(),
                any::<bool>(),
            ),
            0..6,
        ),
    ) {
        let mut png = if animation { animated(true) } else { Png::new(5, 5, 8, colour) };
        for (name, size, byte, early) in added {
            let data: Vec<u8> = (0..size).map(|at| byte.wrapping_mul(at as u8)).collect();
            let place = if early { &mut png.before } else { &mut png.behind };
            place.insert(place.len() / 2, chunk(name, &data));
        }
        refused_or_proved("any chunks", &png.build());
    }

    #[test]
    fn any_bytes_are_refused(rest in prop::collection::vec(any::<u8>(), 0..300)) {
        let bytes = [b"\x89PNG\r\n\x1a\n".as_slice(), &rest].concat();
        prop_assert!(clean(&bytes, "", metadata::policy()).is_err());
    }
}
