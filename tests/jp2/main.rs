//! JPEG 2000: the coded data stays byte by byte, everything else is chosen, and the proof notices when not.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_possible_truncation)] // a failed helper is a failed test

mod fixtures;
#[path = "../jpeg/metadata.rs"]
mod metadata;
#[allow(dead_code, unreachable_pub)] // the tests of PDF use the rest
#[path = "../pdf/fixtures.rs"]
mod pdf;

use fieldstrip::formats::{Context, Report};
use fieldstrip::limits::Spent;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::prove;
use fieldstrip::{Kind, Reason, clean};
use fixtures::{Codestream, atom, comment, full, least, parts, segment, start, two_pictures};
use proptest::prelude::*;

fn cleaned(bytes: &[u8]) -> fieldstrip::Cleaned {
    clean(bytes, "picture.jp2", metadata::policy()).expect("cleaned")
}

fn reason(bytes: &[u8]) -> Reason {
    clean(bytes, "picture.jp2", metadata::policy()).expect_err("refused").reason
}

/// What the proof says of the pixels.
fn pixels_check(copy: &fieldstrip::Cleaned) -> (String, String) {
    let check = copy.proof.checks.iter().find(|check| check.name.starts_with("pixels")).unwrap();
    (check.name.clone(), check.detail.clone())
}

#[test]
fn every_picture_is_cleaned_and_nothing_is_left() {
    for (name, bytes) in fixtures::all() {
        let copy = cleaned(&bytes);
        assert!(!metadata::holds_marker(&copy.bytes), "{name}");
        let again = cleaned(&copy.bytes);
        assert_eq!(again.bytes, copy.bytes, "{name}: cleaning again changes nothing");
        assert!(again.report.hits.iter().all(|hit| hit.action == Action::Keep), "{name}: {:?}", again.report.hits);
        assert_eq!(pixels_check(&copy).0, "pixels-equal", "{name}: {:?}", pixels_check(&copy));
    }
}

#[test]
fn what_needs_nothing_is_copied_as_it_is() {
    for (name, bytes) in fixtures::all().into_iter().take(6) {
        assert_eq!(cleaned(&bytes).bytes, bytes, "{name}");
    }
}

#[test]
fn only_what_decides_the_look_stays() {
    assert_eq!(cleaned(&Codestream::laden().write()).bytes, Codestream::rich().write());
    assert_eq!(cleaned(&fixtures::laden()).bytes, parts(&full(), &Codestream::rich()).concat());
    let first = [two_pictures()[..2].concat(), two_pictures()[6].clone()].concat();
    assert_eq!(cleaned(&two_pictures().concat()).bytes, first);
    let palette = cleaned(&parts(&fixtures::palette(), &Codestream::bare()).concat());
    assert_eq!(pixels_check(&palette).1, "12×10, 3 channels of 8 bits");
}

#[test]
fn lengths_of_tile_parts_follow_the_comments_that_go() {
    for form in [0x20, 0x50] {
        let (mut laden, mut rich) = (Codestream::laden(), Codestream::rich());
        (laden.index, rich.index) = (Some(form), Some(form));
        assert_eq!(cleaned(&laden.write()).bytes, rich.write(), "{form}");
    }
    // Numbers of tiles may be missing when the tiles stand in order.
    let (mut laden, mut bare) = (Codestream::bare(), Codestream::bare());
    (laden.index, bare.index) = (Some(0), Some(0));
    laden.parts[2].header = comment("PLANTED");
    assert_eq!(cleaned(&laden.write()).bytes, bare.write());
    // An index of other tile-parts leads readers astray.
    let mut wrong = Codestream::bare();
    let table = [&[0, 0x50][..], &[0, 0, 0, 0, 99].repeat(4)].concat();
    wrong.main.push(segment(0x55, &table));
    let copy = cleaned(&wrong.write());
    assert_eq!(copy.bytes, Codestream::bare().write());
    assert!(copy.report.hits.iter().any(|hit| hit.item == "TLM that does not fit the tile-parts"));
}

#[test]
fn a_missing_end_is_completed_when_all_tiles_are_there() {
    let mut stream = Codestream::rich();
    stream.end.clear();
    assert_eq!(cleaned(&stream.write()).bytes, Codestream::rich().write());
    let whole = parts(&least(), &Codestream::rich()).concat();
    assert_eq!(cleaned(&parts(&least(), &stream).concat()).bytes, whole);
    stream.open = true;
    assert_eq!(reason(&stream.write()), Reason::Damaged, "how long is the last one?");
}

#[test]
fn high_throughput_coding_is_kept_though_the_decoder_does_not_know_it() {
    let mut stream = Codestream::bare();
    stream.main.insert(1, segment(0x50, &[0, 2, 0, 0, 0, 0]));
    let bare = stream.write();
    stream.main.push(comment("PLANTED"));
    let copy = cleaned(&stream.write());
    assert_eq!(copy.bytes, bare);
    assert_eq!(pixels_check(&copy).0, "pixels-not-decoded");
    stream.main[1] = segment(0x50, &[0, 2, 0, 0, 0, 0, b'P', b'L']);
    assert_eq!(reason(&stream.write()), Reason::Damaged, "more numbers than capabilities");
}

#[test]
fn the_decoder_is_not_asked_for_more_than_the_budget() {
    let mut policy = metadata::policy().clone();
    policy.limits.decompressed_bytes = 2_000; // 12 × 10 pixels in five planes of four bytes take 2400
    let copy = clean(&Codestream::laden().write(), "picture.jp2", &policy).expect("cleaned");
    assert_eq!(pixels_check(&copy).0, "pixels-not-compared");
    assert_eq!(copy.bytes, Codestream::rich().write());
}

#[test]
fn pictures_in_a_pdf_are_cleaned_in_place() {
    for (name, laden, rich) in [
        ("codestream", Codestream::laden().write(), Codestream::rich().write()),
        ("container", fixtures::laden(), parts(&full(), &Codestream::rich()).concat()),
    ] {
        let document = |picture: &[u8]| {
            let mut document = pdf::one_page("q 12 0 0 10 0 0 cm /Im Do Q", "", "");
            document
                .set(3, "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /Im 5 0 R >> >> >>");
            let entries = "/Type /XObject /Subtype /Image /Width 12 /Height 10 /Filter /JPXDecode";
            document.set(5, pdf::stream(entries, picture));
            clean(&document.write(), "document.pdf", metadata::policy()).expect("cleaned")
        };
        let copy = document(&laden);
        assert!(copy.bytes.windows(rich.len()).any(|window| window == rich), "{name}");
        assert!(!metadata::holds_marker(&copy.bytes), "{name}");
        assert!(copy.report.embedded.iter().any(|embedded| embedded.kind == Kind::Jpeg2000), "{name}");
        assert_eq!(copy.bytes, document(&rich).bytes, "{name}");
    }
}

#[test]
fn every_item_is_named() {
    let report = cleaned(&fixtures::laden()).report;
    for (class, item) in [
        (Class::MetadataLocation, "EXIF:GPSLatitude"),
        (Class::MetadataDevice, "EXIF:BodySerialNumber"),
        (Class::MetadataAuthor, "XMP-dc:creator"),
        (Class::MetadataOther, "uuid XMP"),
        (Class::MetadataOther, "xml XMP"),
        (Class::MetadataOther, "xml"),
        (Class::MetadataAuthor, "uuid IPTC By-line"),
        (Class::ContentThumbnails, "uuid Photoshop 8BIM 0x040C thumbnail"),
        (Class::MetadataLocation, "uuid GeoJP2"),
        (Class::MetadataLocation, "xml GML"),
        (Class::MetadataProvenance, "uuid C2PA"),
        (Class::MetadataOther, "uuid"),
        (Class::MetadataAuthor, "jp2i intellectual property"),
        (Class::MetadataDescription, "lbl"),
        (Class::MetadataOther, "url"),
        (Class::MetadataPaths, "dtbl references to files"),
        (Class::Signatures, "chck digital signature"),
        (Class::ContentUnknown, "box abcd"),
        (Class::ContentUnknown, "rreq"),
        (Class::ContentUnknown, "cref"),
        (Class::ContentUnknown, "ulst"),
        (Class::ContentUnknown, "colr (unknown or broken)"),
        (Class::ContentUnknown, "marker 0xFF30"),
        (Class::ContentUnreferenced, "free"),
        (Class::ContentTrailingBytes, "bytes after the colour profile"),
        (Class::ContentTrailingBytes, "bytes behind cdef"),
        (Class::ContentTrailingBytes, "trailer 22 bytes after EOC"),
        (Class::ContentTrailingBytes, "trailer 15 bytes after the last box"),
        (Class::MetadataSoftware, "COM"),
        (Class::MetadataDescription, "COM"),
    ] {
        let found =
            report.hits.iter().any(|hit| hit.class == class && hit.item == item && hit.action == Action::Remove);
        assert!(found, "{item} is not in {:#?}", report.hits);
    }
    let place = |item: &str| report.hits.iter().find(|hit| hit.item == item).map(|hit| hit.place.as_str());
    assert_eq!(place("xml GML"), Some("asoc › asoc"));
    assert!(report.hits.iter().any(|hit| hit.class == Class::ColourProfile && hit.action == Action::Keep));
    assert!(report.values.iter().any(|removed| removed.value == "PLANTED in a tile"));
    let second = cleaned(&two_pictures().concat()).report;
    let named = |hit: &fieldstrip::formats::Hit| {
        hit.class == Class::ContentSecondaryImages && hit.item == "further picture (jp2c, 12×10)"
    };
    assert!(second.hits.iter().any(named), "{:#?}", second.hits);
}

#[test]
fn what_is_damaged_or_unknown_is_refused() {
    let stream = |change: &dyn Fn(&mut Codestream)| {
        let mut stream = Codestream::rich();
        change(&mut stream);
        stream.write()
    };
    let container = |header: &[Vec<u8>]| parts(header, &Codestream::bare()).concat();
    let with = |added: Vec<u8>| container(&[least(), vec![added]].concat());
    let jpx = |place: usize, part: Vec<u8>| {
        let mut parts = two_pictures();
        parts[place] = part;
        parts.concat()
    };
    let whole = container(&least());
    for (name, bytes, expected) in [
        ("cut off", stream(&|stream| drop(stream.parts.pop())), Reason::Damaged),
        ("container cut off", whole[..whole.len() - 1].to_vec(), Reason::Damaged),
        ("a part of a tile missing", stream(&|stream| drop(stream.parts.remove(3))), Reason::Damaged),
        ("unknown tile", stream(&|stream| stream.parts[2].tile = 4), Reason::Damaged),
        ("bytes between tile-parts", stream(&|stream| stream.end = b"PLANTED".to_vec()), Reason::Damaged),
        ("no coding style", stream(&|stream| drop(stream.main.remove(1))), Reason::Damaged),
        ("no quantization", stream(&|stream| drop(stream.main.remove(2))), Reason::Damaged),
        ("longer than its fields", stream(&|stream| stream.main.push(segment(0x5e, b"\0\0\0xx"))), Reason::Damaged),
        ("an index in a tile", stream(&|stream| stream.parts[0].header = segment(0x55, &[0, 0])), Reason::Unsupported),
        ("part 2", stream(&|stream| stream.main.push(segment(0x74, &[0; 4]))), Reason::Unsupported),
        ("secured", stream(&|stream| stream.main.push(segment(0x65, &[0; 4]))), Reason::Encrypted),
        ("unknown marker", stream(&|stream| stream.main.push(segment(0x69, &[0; 4]))), Reason::Unsupported),
        ("too large", stream(&|stream| stream.main[0] = fixtures::size(1 << 15, 1 << 15, 1 << 15)), Reason::OverLimit),
        ("too many tiles", stream(&|stream| stream.main[0] = fixtures::size(300, 300, 1)), Reason::Damaged),
        ("motion", [start(&[b"mjp2"]), whole[32..].to_vec()].concat(), Reason::Unsupported),
        ("compound", [start(&[b"jpm "]), whole[32..].to_vec()].concat(), Reason::Unsupported),
        ("no header", parts(&least(), &Codestream::bare())[..1].concat(), Reason::Damaged),
        ("no picture", parts(&least(), &Codestream::bare())[..2].concat(), Reason::Damaged),
        ("no image header", container(&[fixtures::colour(16)]), Reason::Damaged),
        ("two image headers", with(fixtures::image_header(0, 0)), Reason::Damaged),
        ("two headers", [whole.clone(), atom(b"jp2h", &least().concat())].concat(), Reason::Damaged),
        ("fewer depths", with(atom(b"bpcc", &[7, 7])), Reason::Damaged),
        ("another size", container(&[atom(b"ihdr", &[0, 0, 0, 9, 0, 0, 0, 12, 0, 3, 7, 7, 0, 0])]), Reason::Damaged),
        ("palette cut off", with(atom(b"pclr", &[0, 2, 1, 7, 0])), Reason::Damaged),
        ("half floats", with(atom(b"pxfm", &[0; 4])), Reason::Unsupported),
        ("colour elsewhere", with(atom(b"cref", b"colr")), Reason::Unsupported),
        ("unknown colour", container(&[fixtures::image_header(0, 0), fixtures::colour(99)]), Reason::Unsupported),
        ("fragments", [whole.clone(), atom(b"ftbl", b"")].concat(), Reason::Unsupported),
        ("composition", [whole.clone(), atom(b"comp", b"")].concat(), Reason::Unsupported),
        ("own colour", jpx(3, atom(b"jplh", &atom(b"cgrp", &fixtures::colour(17)))), Reason::Unsupported),
        ("own opacity", jpx(3, atom(b"jplh", &atom(b"opct", &[0]))), Reason::Unsupported),
        ("other place", jpx(3, atom(b"jplh", &atom(b"creg", &[0, 1, 0, 1, 0, 0, 1, 1, 1, 0]))), Reason::Unsupported),
        ("own palette", jpx(2, atom(b"jpch", &atom(b"pclr", &[0, 1, 1, 7, 0]))), Reason::Unsupported),
    ] {
        assert_eq!(reason(&bytes), expected, "{name}");
    }
}

/// Checks an output against an input of which it is no faithful copy.
fn must_fail(name: &str, input: &[u8], output: &[u8]) {
    let spent = Spent::default();
    let context = Context::new(metadata::policy(), &spent);
    let refusal = prove(Kind::Jpeg2000, input, output, &Report::default(), &context).expect_err(name);
    assert_eq!(refusal.reason, Reason::Unprovable, "{name}");
}

#[test]
fn the_proof_notices_what_a_broken_cleaner_would_do_to_the_container() {
    let with = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut header = full();
        change(&mut header);
        parts(&header, &Codestream::rich()).concat()
    };
    let good = with(&|_| {});
    let file = parts(&full(), &Codestream::rich());
    for (name, output) in [
        ("a box left", [good.clone(), atom(b"xml ", b"<x/>")].concat()),
        ("a box left before", [&file[0], &atom(b"uuid", &[0; 16]), &file[1], &file[2]].map(Vec::as_slice).concat()),
        ("bytes behind", [good.clone(), b"x".to_vec()].concat()),
        ("a second picture", [good, file[2].clone()].concat()),
        ("a label left in the header", with(&|header| header.push(atom(b"lbl ", b"x")))),
        ("depths lost", with(&|header| drop(header.remove(1)))),
        ("profile lost", with(&|header| drop(header.remove(2)))),
        ("second colour lost", with(&|header| drop(header.remove(3)))),
        ("bytes behind the profile", with(&|header| header[2] = fixtures::profile(b"x"))),
        ("channels lost", with(&|header| drop(header.remove(4)))),
        ("channels changed", with(&|header| header[4][13] = 2)),
        ("resolution lost", with(&|header| drop(header.remove(5)))),
        ("two resolutions", with(&|header| header.push(fixtures::resolution()))),
        ("intellectual property", with(&|header| header[0] = fixtures::image_header(1, 1))),
        ("another brand", [start(&[b"jpx "]), file[1].clone(), file[2].clone()].concat()),
        ("unknown brand", [start(&[b"jp2 ", b"abcd"]), file[1].clone(), file[2].clone()].concat()),
        ("no container", Codestream::rich().write()),
    ] {
        must_fail(name, &fixtures::laden(), &output);
    }
}

#[test]
fn the_proof_notices_what_a_broken_cleaner_would_do_to_the_codestream() {
    let with = |change: &dyn Fn(&mut Codestream)| {
        let mut stream = Codestream::rich();
        change(&mut stream);
        stream.write()
    };
    let good = with(&|_| {});
    let index = good.windows(2).position(|pair| pair == [0xff, 0x55]).expect("an index");
    let changed = |place: usize| {
        let mut bytes = good.clone();
        bytes[place] ^= 1;
        bytes
    };
    for (name, output) in [
        ("comment left", with(&|stream| stream.main.push(comment("x")))),
        ("comment left in a tile", with(&|stream| stream.parts[1].header.extend(comment("x")))),
        ("reserved marker left", with(&|stream| stream.main.push(vec![0xff, 0x31]))),
        ("bytes behind the end", with(&|stream| stream.end.push(0))),
        ("no end", with(&|stream| stream.end.clear())),
        ("wrong length in the index", changed(index + 10)),
        ("wrong tile in the index", changed(index + 6)),
        ("index of other parts", with(&|stream| stream.main.push(segment(0x55, &[1, 0x50, 0, 0, 0, 0, 9])))),
        ("registration lost", with(&|stream| drop(stream.main.remove(3)))),
        ("packet lengths lost", with(&|stream| stream.parts[0].header.clear())),
        ("other coding style", with(&|stream| stream.main[1][5] ^= 4)),
        ("a tile lost", with(&|stream| drop(stream.parts.pop()))),
        ("tiles in another order", with(&|stream| stream.parts.swap(0, 1))),
        ("another number of a part", with(&|stream| stream.parts[3].number = 2)),
        ("coded data changed", with(&|stream| stream.parts[0].data[20] ^= 1)),
        ("coded data cut", with(&|stream| stream.parts[0].data.truncate(100))),
    ] {
        must_fail(name, &Codestream::laden().write(), &output);
    }
}

fn refused_or_proved(name: &str, bytes: &[u8]) {
    let mut policy = metadata::policy().clone();
    policy.limits.image_pixels = 1 << 14; // huge pictures take long
    if let Ok(copy) = clean(bytes, "picture.jp2", &policy) {
        assert_eq!(cleaned(&copy.bytes).bytes, copy.bytes, "{name}");
    }
}

#[test]
fn cut_and_flipped_files_are_refused_or_proved() {
    for (name, bytes) in fixtures::all() {
        for part in 0..64 {
            refused_or_proved(name, &bytes[..bytes.len() * part / 64]);
        }
        let step = (bytes.len() * 8 / 600).max(1) | 1;
        for bit in (0..bytes.len() * 8).filter(|bit| *bit < 8 * 90 || bit % step == 0) {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            refused_or_proved(name, &flipped);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_segments_are_refused_or_proved(
        added in prop::collection::vec((0x50_u8..0x66, prop::collection::vec(any::<u8>(), 0..14), 0_usize..5), 1..4),
        tile in prop::collection::vec((0x52_u8..0x65, prop::collection::vec(any::<u8>(), 0..14)), 0..2),
        open in any::<bool>(),
    ) {
        let mut stream = Codestream::rich();
        for (code, contents, at) in added {
            stream.main.insert(at.min(stream.main.len()), segment(code, &contents));
        }
        for (code, contents) in tile {
            stream.parts[0].header.extend(segment(code, &contents));
        }
        stream.open = open;
        refused_or_proved("any segments", &stream.write());
    }

    #[test]
    fn any_boxes_are_refused_or_proved(
        added in prop::collection::vec(
            (
                prop::sample::select(vec![
                    b"colr", b"pclr", b"cmap", b"cdef", b"res ", b"bpcc", b"jpch", b"jplh", b"asoc", b"uuid", b"xml ",
                ]),
                prop::collection::vec(any::<u8>(), 0..40),
                any::<bool>(),
            ),
            0..4,
        ),
    ) {
        let (mut header, mut top) = (least(), Vec::new());
        for (name, contents, inside) in added {
            if inside { &mut header } else { &mut top }.push(atom(name, &contents));
        }
        refused_or_proved("any boxes", &[parts(&header, &Codestream::bare()), top].concat().concat());
    }
}
