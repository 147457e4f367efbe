//! Image sequences: the pictures, their transparency and their timing stay, and nothing else does.

use fieldstrip::formats::{Context, Report};
use fieldstrip::limits::Spent;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::prove;
use fieldstrip::{Kind, Reason, clean};

use crate::coding::{config, frame, hevc_config, messages, nal};
use crate::fixtures::{Heif, atom};
use crate::movie::{Movie, Track, laden, table, tidy};
use crate::{cleaned, holds, metadata, refused_or_proved};

/// Every sequence.
fn all() -> Vec<(&'static str, Vec<u8>)> {
    let mut other_tables = tidy(b"hvc1");
    other_tables.tracks.iter_mut().for_each(|track| track.other_tables = true);
    let mut still = crate::fixtures::laden(b"hvc1");
    still.behind = atom(b"mpvd", b"PLANTED");
    vec![
        ("av1", tidy(b"av01").build()),
        ("hevc", tidy(b"hvc1").build()),
        ("avc", tidy(b"avc1").build()),
        ("other tables", other_tables.build()),
        ("with a still", tidy(b"av01").with_still(Heif::still(b"av01"))),
        ("laden av1", laden(b"av01").build()),
        ("laden hevc", laden(b"hvc1").with_still(still)),
    ]
}

#[test]
fn every_sequence_is_cleaned_and_nothing_is_left() {
    for (name, bytes) in all() {
        let copy = cleaned(&bytes);
        assert!(!metadata::holds_marker(&copy.bytes), "{name}");
        let again = cleaned(&copy.bytes);
        assert_eq!(again.bytes, copy.bytes, "{name}: cleaning again changes nothing");
        assert!(again.report.hits.iter().all(|hit| hit.action == Action::Keep), "{name}: {:?}", again.report.hits);
    }
}

#[test]
fn a_tidy_sequence_is_all_there_is_left() {
    for kind in [b"av01", b"hvc1", b"avc1"] {
        let copy = cleaned(&laden(kind).build()).bytes;
        let mut expected = tidy(kind);
        for track in &mut expected.tracks {
            track.entry.push(atom(b"pasp", &[0, 0, 0, 1, 0, 0, 0, 1]));
        }
        assert_eq!(copy, expected.build());
    }
    let copy = cleaned(&laden(b"av01").with_still(Heif::still(b"av01"))).bytes;
    assert!(holds(&copy, &frame(b"av01", b"the coded picture")), "the still picture is the poster");
    assert!(holds(&copy, &frame(b"av01", b"picture 3...")) && holds(&copy, &frame(b"av01", b"clear 1.")));
}

#[test]
fn what_goes_is_listed_by_its_name() {
    let report = cleaned(&laden(b"av01").build()).report;
    for (class, item) in [
        (Class::MetadataDates, "mvhd creation time"),
        (Class::MetadataDates, "tkhd modification time"),
        (Class::MetadataDates, "mdhd creation time"),
        (Class::MetadataDates, "udta ©day"),
        (Class::MetadataLocation, "udta ©xyz"),
        (Class::MetadataDescription, "udta ©nam"),
        (Class::MetadataSoftware, "hdlr name"),
        (Class::MetadataSoftware, "compressor name"),
        (Class::MetadataOther, "mdhd language"),
        (Class::MetadataOther, "meta"),
        (Class::MetadataOther, "timed metadata track (meta)"),
        (Class::ContentSecondaryImages, "audio track (soun)"),
        (Class::ContentSecondaryImages, "video track (vide)"),
        (Class::ContentSecondaryImages, "auxiliary image sequence (auxv)"),
        (Class::ContentSecondaryImages, "further image sequence (pict)"),
        (Class::ContentThumbnails, "thumbnail sequence (pict)"),
        (Class::ContentUnknown, "box sgpd"),
        (Class::ContentUnknown, "box btrt"),
        (Class::ContentUnreferenced, "free"),
        (Class::ContentUnreferenced, "mdat bytes of no item"),
        (Class::ContentTrailingBytes, "trailer 7 bytes after the last box"),
    ] {
        let hit = report.hits.iter().find(|hit| hit.class == class && hit.item == item);
        assert!(hit.is_some(), "{class} {item} is missing in {:#?}", report.hits);
    }
    let audio = report.hits.iter().find(|hit| hit.item == "audio track (soun)").unwrap();
    let samples: usize = Track::other(3, b"soun", b"mp4a").chunks.concat().concat().len();
    assert_eq!(audio.bytes, samples as u64);
    assert!(report.values.iter().any(|value| value.item == "udta ©xyz" && value.value.contains("PLANTED")));
}

#[test]
fn a_sequence_that_the_brand_does_not_name_is_a_secondary_picture() {
    let mut movie = Movie::new(vec![Track::other(1, b"pict", b"av01")]);
    movie.brands = b"avif\0\0\0\0avis".to_vec();
    let copy = cleaned(&movie.with_still(Heif::still(b"av01")));
    assert!(!holds(&copy.bytes, b"moov") && !metadata::holds_marker(&copy.bytes));
    assert!(copy.report.hits.iter().any(|hit| hit.item == "moov image sequence or video"));
}

#[test]
fn user_data_in_samples_goes() {
    let mut movie = tidy(b"hvc1");
    let note = messages(&[(5, b"0123456789abcdefPLANTED settings")]);
    let mut first = nal(39, &note);
    first.extend(frame(b"hvc1", b"picture 1."));
    movie.tracks[0].chunks[0][0] = first;
    movie.tracks[0].entry[0] = atom(b"hvcC", &hevc_config(&[(32, nal(32, b"config")), (39, nal(39, &note))]));
    let copy = cleaned(&movie.build());
    assert_eq!(copy.bytes, tidy(b"hvc1").build());
    let hit = copy.report.hits.iter().find(|hit| hit.item == "SEI user data").unwrap();
    assert_eq!((hit.class, hit.count), (Class::MetadataSoftware, 2));
}

#[test]
fn what_cannot_be_cleaned_safely_is_refused() {
    let changed = |change: &dyn Fn(&mut Movie)| {
        let mut movie = tidy(b"hvc1");
        change(&mut movie);
        movie.build()
    };
    let track = |change: &dyn Fn(&mut Track)| changed(&|movie| change(&mut movie.tracks[0]));
    let many = |track: &mut Track| {
        track.in_tables = atom(b"stsz", &table(&[1, 0x7fff_ffff]));
    };
    let twice = |movie: &mut Movie| {
        movie.tracks.push(Track::pictures(7, b"hvc1", "again"));
    };
    for (name, bytes, expected) in [
        ("in fragments", changed(&|movie| movie.in_movie = atom(b"mvex", &[])), Reason::Unsupported),
        ("a fragment", changed(&|movie| movie.behind = atom(b"moof", &[])), Reason::Unsupported),
        ("two movies", changed(&|movie| movie.behind = atom(b"moov", &[])), Reason::Damaged),
        ("no pictures", track(&|track| track.handler = *b"vide"), Reason::Unsupported),
        ("several shown together", changed(&twice), Reason::Unsupported),
        ("alpha twice", changed(&|movie| movie.tracks.push(Track::alpha(7, b"hvc1"))), Reason::Damaged),
        ("one number twice", changed(&|movie| movie.tracks[1].id = 1), Reason::Damaged),
        ("media elsewhere", track(&|track| track.local = 0), Reason::Unsupported),
        ("locked", track(&|track| track.kind = *b"encv"), Reason::Encrypted),
        ("unknown coding", track(&|track| track.kind = *b"mjpg"), Reason::Unsupported),
        ("no configuration", track(&|track| track.entry.clear()), Reason::Damaged),
        ("two configurations", track(&|track| track.entry.push(config(b"hvc1"))), Reason::Damaged),
        ("two tables of sizes", track(&many), Reason::Damaged),
        ("durations of others", track(&|track| track.durations = table(&[1, 2, 10])), Reason::Damaged),
        ("a table cut short", track(&|track| track.durations = table(&[9, 3, 10])), Reason::Damaged),
        ("sync beyond the end", track(&|track| track.sync = table(&[1, 4])), Reason::Damaged),
        ("an edit list cut short", track(&|track| track.edits = Some(table(&[2, 50, 0, 1]))), Reason::Damaged),
        ("an empty sample", track(&|track| track.chunks[0][0].clear()), Reason::Damaged),
        ("not made of units", track(&|track| track.chunks[0][0][3] += 1), Reason::Damaged),
        ("only filler", track(&|track| track.chunks[0][0] = nal(38, b"PLANTED")), Reason::Damaged),
    ] {
        let refusal = clean(&bytes, "sequence.heics", crate::metadata::policy()).map(|_| ()).expect_err(name);
        assert_eq!(refusal.reason, expected, "{name}: {refusal}");
    }
}

#[test]
fn the_number_of_samples_is_not_believed() {
    let bytes = tidy(b"hvc1").build();
    let at = bytes.windows(4).position(|window| window == b"stsz").unwrap();
    for count in [4_u32, 0x000f_0000, 0x7fff_ffff, 0xffff_ffff] {
        let mut more = bytes.clone();
        // All samples of one size, and many of them.
        more[at + 11] = 1;
        more[at + 12..at + 16].copy_from_slice(&count.to_be_bytes());
        assert!(clean(&more, "", crate::metadata::policy()).is_err(), "{count}");
    }
}

#[test]
fn the_proof_notices_what_a_broken_cleaner_would_do() {
    let input = laden(b"hvc1").build();
    let copy = |change: &dyn Fn(&mut Movie)| {
        let mut movie = tidy(b"hvc1");
        for track in &mut movie.tracks {
            track.entry.push(atom(b"pasp", &[0, 0, 0, 1, 0, 0, 0, 1]));
        }
        change(&mut movie);
        movie.build()
    };
    let track = |change: &dyn Fn(&mut Track)| copy(&|movie| change(&mut movie.tracks[0]));
    let verdict = |output: &[u8]| {
        let spent = Spent::default();
        let context = Context::new(crate::metadata::policy(), &spent);
        prove(Kind::Heif, &input, output, &Report::default(), &context)
    };
    verdict(&copy(&|_| {})).expect("what a right cleaner does");
    let filler = |track: &mut Track| track.chunks[1][0].extend(nal(38, b"filler"));
    let audio = |movie: &mut Movie| movie.tracks.push(Track::other(3, b"soun", b"mp4a"));
    for (name, output) in [
        ("another byte", track(&|track| track.chunks[0][0][9] ^= 1)),
        ("another order", track(&|track| track.chunks[0].swap(0, 1))),
        ("another timing", track(&|track| track.durations = table(&[1, 3, 10]))),
        ("no edit list", track(&|track| track.edits = None)),
        ("another sample fewer", track(&|track| track.sync = table(&[2, 1, 2]))),
        ("pixels of another shape", track(&|track| _ = track.entry.pop())),
        ("transparency lost", copy(&|movie| _ = movie.tracks.pop())),
        ("a track of sound", copy(&audio)),
        ("filler", track(&filler)),
        ("a date", track(&|track| track.dates = 1)),
        ("a date of the movie", copy(&|movie| movie.dates = 1)),
        ("reserved bytes", copy(&|movie| movie.reserved = 1)),
        ("a name", track(&|track| track.name = b"name\0".to_vec())),
        ("a language", track(&|track| track.language = 0x15c7)),
        ("a compressor", track(&|track| track.compressor = b"\x04name".to_vec())),
        ("a box in the entry", track(&|track| track.entry.push(atom(b"btrt", &[0; 12])))),
        ("a box in the tables", track(&|track| track.in_tables = atom(b"sdtp", &[0; 7]))),
        ("a box in the track", track(&|track| track.in_track = atom(b"udta", &[]))),
        ("a box in the movie", copy(&|movie| movie.in_movie = atom(b"free", &[]))),
        ("a box behind", copy(&|movie| movie.behind = atom(b"free", &[]))),
        ("a gap", copy(&|movie| movie.gap = b"gap".to_vec())),
    ] {
        let refusal = verdict(&output).map(|_| ()).expect_err(name);
        assert_eq!(refusal.reason, Reason::Unprovable, "{name}");
    }
}

#[test]
fn cut_and_flipped_sequences_are_refused_or_proved() {
    for (name, bytes) in all() {
        for part in 0..64 {
            refused_or_proved(name, &bytes[..bytes.len() * part / 64]);
        }
        for bit in (0..bytes.len() * 8).step_by(if bytes.len() > 3_000 { 61 } else { 13 }) {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            refused_or_proved(name, &flipped);
        }
    }
}
