//! HEIF and AVIF: the primary picture stays byte by byte, nothing else does, and the proof notices when not.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_possible_truncation)] // a failed helper is a failed test

mod coding;
mod fixtures;
#[path = "../jpeg/metadata.rs"]
mod metadata;
mod movie;
mod sequences;
mod user_data;

use coding::frame;
use fieldstrip::formats::{Context, Report};
use fieldstrip::limits::Spent;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::prove;
use fieldstrip::{Kind, Reason, clean};
use fixtures::{ALPHA, Heif, Item, atom, derived, grid, ispe, laden};
use proptest::prelude::*;

fn cleaned(bytes: &[u8]) -> fieldstrip::Cleaned {
    clean(bytes, "picture.heic", metadata::policy()).expect("cleaned")
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn every_picture_is_cleaned_and_nothing_is_left() {
    for (name, bytes) in fixtures::all() {
        let copy = cleaned(&bytes);
        assert!(!metadata::holds_marker(&copy.bytes), "{name}");
        let again = cleaned(&copy.bytes);
        assert_eq!(again.bytes, copy.bytes, "{name}: cleaning again changes nothing");
        assert!(again.report.hits.iter().all(|hit| hit.action == Action::Keep), "{name}: {:?}", again.report.hits);
        assert_eq!(
            again.kind,
            if name.contains("av1") || matches!(name, "layers" | "derived") { Kind::Avif } else { Kind::Heif }
        );
    }
}

#[test]
fn what_decides_the_look_stays() {
    let copy = cleaned(&laden(b"hvc1").build()).bytes;
    for kept in [&ispe(64, 48)[..], b"config", b"nclx\0\x01\0\x0d\0\x06\x80", b"irot\x01", b"clli\x01\x02\x03\x04"] {
        assert!(holds(&copy, kept), "{:?}", String::from_utf8_lossy(kept));
    }
    assert!(holds(&copy, &metadata::profile(300)));
    assert!(copy.ends_with(&atom(b"mdat", &frame(b"hvc1", b"the coded picture"))));
    let copy = cleaned(&grid().build()).bytes;
    assert!(holds(&copy, &atom(b"idat", &[0, 0, 0, 1, 0, 128, 0, 48])), "the description stays in idat");
    for kept in [ALPHA, b"dimg\0\x09\0\x02\0\x01\0\x02", b"auxl\0\x07\0\x01\0\x09", b"prem\0\x09\0\x01\0\x07"] {
        assert!(holds(&copy, kept), "{:?}", String::from_utf8_lossy(kept));
    }
    let coded = [&b"the coded picture"[..], b"in twopieces", b"transparency"].map(|data| frame(b"hvc1", data)).concat();
    assert!(copy.ends_with(&atom(b"mdat", &coded)));
    let copy = cleaned(&derived().build()).bytes;
    assert_eq!(copy.windows(17).filter(|window| window == b"the coded picture").count(), 1, "shared bytes stay shared");
}

#[test]
fn everything_that_goes_is_listed_by_its_name() {
    let report = cleaned(&laden(b"hvc1").build()).report;
    for (class, item) in [
        (Class::MetadataLocation, "EXIF:GPSLatitude"),
        (Class::MetadataDevice, "EXIF:Make"),
        (Class::MetadataAuthor, "XMP-dc:creator"),
        (Class::MetadataSoftware, "hdlr name"),
        (Class::MetadataDescription, "infe item name"),
        (Class::MetadataDescription, "property udes"),
        (Class::MetadataOther, "mime item"),
        (Class::MetadataOther, "uri item"),
        (Class::MetadataProvenance, "uuid C2PA"),
        (Class::ContentThumbnails, "thumbnail (hvc1 item)"),
        (Class::ContentSecondaryImages, "gain map (hvc1 item)"),
        (Class::ContentSecondaryImages, "depth map (hvc1 item)"),
        (Class::ContentSecondaryImages, "tone map (tmap item)"),
        (Class::ContentSecondaryImages, "further picture (hvc1 item)"),
        (Class::ContentSecondaryImages, "mpvd motion photo video"),
        (Class::ContentSecondaryImages, "moov image sequence or video"),
        (Class::ContentUnreferenced, "mdat bytes of no item"),
        (Class::ContentTrailingBytes, "sefd Samsung trailer"),
        (Class::ContentTrailingBytes, "trailer 12 bytes after the last box: Samsung"),
        (Class::ContentTrailingBytes, "bytes after the colour profile"),
        (Class::ContentUnknown, "property zzzz"),
        (Class::ContentUnknown, "ftyp brand tmap"),
    ] {
        let hit = report.hits.iter().find(|hit| hit.class == class && hit.item == item);
        assert!(hit.is_some(), "{class} {item} is missing in {:#?}", report.hits);
    }
    let thumbnail =
        report.hits.iter().find(|hit| hit.class == Class::ContentThumbnails && hit.item.starts_with("thumb"));
    assert_eq!(thumbnail.unwrap().bytes, b"PLANTED thumbnail".len() as u64);
    assert!(report.values.iter().any(|value| value.value.contains("PLANTED Jane")));
}

#[test]
fn what_cannot_be_cleaned_safely_is_refused() {
    let changed = |change: &dyn Fn(&mut Heif)| {
        let mut heif = Heif::still(b"hvc1");
        change(&mut heif);
        heif.build()
    };
    let whole = Heif::still(b"hvc1").build();
    let exif_inside = changed(&|heif| {
        heif.items.push(Item::new(2, b"Exif", b"", &[]));
        heif.shared = vec![(2, 1)];
    });
    let mut crossing = changed(&|heif| {
        let coded = frame(b"hvc1", b"aaaabbbb");
        heif.items[0].data = vec![coded[..10].to_vec(), coded[10..].to_vec()];
    });
    let second = crossing.len() - 4;
    let at = crossing.windows(4).position(|window| window == (second as u32).to_be_bytes()).unwrap();
    crossing[at + 3] -= 2;
    for (name, bytes, expected) in [
        ("cut off", whole[..whole.len() - 1].to_vec(), Reason::Damaged),
        ("no meta", atom(b"ftyp", b"heic\0\0\0\0heic"), Reason::Damaged),
        ("two meta boxes", changed(&|heif| heif.between = atom(b"meta", &[0; 4])), Reason::Damaged),
        ("no primary", changed(&|heif| heif.primary = 7), Reason::Damaged),
        ("unknown primary", changed(&|heif| heif.items[0].kind = *b"what"), Reason::Unsupported),
        ("a tone map as primary", changed(&|heif| heif.items[0].kind = *b"tmap"), Reason::Unsupported),
        ("locked", changed(&|heif| heif.items[0].protection = 1), Reason::Encrypted),
        ("no bytes", changed(&|heif| heif.items[0].data.clear()), Reason::Damaged),
        ("an empty extent", changed(&|heif| heif.items[0].data.push(vec![])), Reason::Damaged),
        ("crossing extents", crossing, Reason::Damaged),
        ("EXIF in the picture", exif_inside, Reason::Damaged),
        (
            "unknown essential property",
            changed(&|heif| {
                heif.properties.push(atom(b"zzzz", &[]));
                heif.items[0].properties.push((true, 5));
            }),
            Reason::Unsupported,
        ),
        ("property of impossible size", changed(&|heif| heif.properties[3] = atom(b"irot", b"\x01x")), Reason::Damaged),
        ("property that is not there", changed(&|heif| heif.items[0].properties.push((false, 9))), Reason::Damaged),
        ("two items of one number", changed(&|heif| heif.items.push(heif.items[0].clone())), Reason::Damaged),
        ("too large", changed(&|heif| heif.properties[0] = ispe(60_000, 60_000)), Reason::OverLimit),
        ("not made of units", changed(&|heif| heif.items[0].data[0][3] += 1), Reason::Damaged),
        ("no configuration", changed(&|heif| heif.items[0].properties.retain(|(_, it)| *it != 2)), Reason::Damaged),
        (
            "a grid that lacks a tile",
            {
                let mut heif = grid();
                heif.references[0].2.pop();
                heif.build()
            },
            Reason::Damaged,
        ),
        (
            "a grid with more in it",
            {
                let mut heif = grid();
                heif.items[3].data[0].extend(b"PLANTED");
                heif.build()
            },
            Reason::Damaged,
        ),
    ] {
        let refusal = clean(&bytes, "picture.heic", metadata::policy()).map(|_| ()).expect_err(name);
        assert_eq!(refusal.reason, expected, "{name}: {refusal}");
    }
}

#[test]
fn the_proof_notices_what_a_broken_cleaner_would_do() {
    let input = laden(b"hvc1").build();
    let copy = |change: &dyn Fn(&mut Heif)| {
        let mut heif = Heif::still(b"hvc1");
        let profile = [b"prof".as_slice(), &metadata::profile(300)].concat();
        heif.properties.extend([atom(b"colr", &profile), atom(b"clli", &[1, 2, 3, 4])]);
        heif.items[0].properties.extend([(false, 5), (false, 6)]);
        change(&mut heif);
        heif.build()
    };
    let verdict = |output: &[u8]| {
        let spent = Spent::default();
        let context = Context::new(metadata::policy(), &spent);
        prove(Kind::Heif, &input, output, &Report::default(), &context)
    };
    let good = copy(&|_| {});
    verdict(&good).expect("what a right cleaner does");
    for (name, output) in [
        ("another byte", copy(&|heif| heif.items[0].data[0][9] ^= 1)),
        ("rotation lost", copy(&|heif| heif.items[0].properties.retain(|(_, index)| *index != 4))),
        ("another rotation", copy(&|heif| heif.properties[3] = atom(b"irot", &[2]))),
        ("another order", copy(&|heif| heif.items[0].properties.swap(0, 3))),
        ("profile lost", copy(&|heif| heif.items[0].properties.retain(|(_, index)| *index != 5))),
        ("a brand", copy(&|heif| heif.brands.extend(b"Jdoe"))),
        ("a brand twice", copy(&|heif| heif.brands.extend(b"mif1mif1"))),
        ("a brand of movies", copy(&|heif| heif.brands.extend(b"isom"))),
        ("half a brand", copy(&|heif| heif.brands.extend(b"mi"))),
        ("a version of its brand", copy(&|heif| heif.brands[7] = 1)),
        ("a name", copy(&|heif| heif.items[0].texts = b"name\0".to_vec())),
        ("a handler name", copy(&|heif| heif.handler = b"name\0".to_vec())),
        ("a gap", copy(&|heif| heif.gap = b"gap".to_vec())),
        ("bytes behind", [good.as_slice(), b"behind"].concat()),
        ("a box behind", copy(&|heif| heif.behind = atom(b"free", b"hello"))),
        ("a box in meta", copy(&|heif| heif.in_meta = atom(b"xml ", b"hello"))),
        ("a property of no item", copy(&|heif| heif.properties.push(atom(b"clli", &[0; 4])))),
        ("another item", copy(&|heif| heif.items.push(Item::new(2, b"hvc1", b"more", &[])))),
        (
            "EXIF",
            copy(&|heif| {
                let exif = [&[0; 4][..], &metadata::exif(1)].concat();
                heif.items.push(Item::new(2, b"Exif", &exif, &[]));
            }),
        ),
    ] {
        let refusal = verdict(&output).map(|_| ()).expect_err(name);
        assert_eq!(refusal.reason, Reason::Unprovable, "{name}");
    }
}

fn refused_or_proved(name: &str, bytes: &[u8]) {
    if let Ok(copy) = clean(bytes, "picture.heic", metadata::policy())
        && matches!(copy.kind, Kind::Heif | Kind::Avif)
    {
        assert_eq!(cleaned(&copy.bytes).bytes, copy.bytes, "{name}");
    }
}

#[test]
fn cut_and_flipped_files_are_refused_or_proved() {
    for (name, bytes) in fixtures::all() {
        for part in 0..64 {
            refused_or_proved(name, &bytes[..bytes.len() * part / 64]);
        }
        for bit in 0..bytes.len() * 8 {
            if bytes.len() < 1_000 || bit % 7 == 0 {
                let mut flipped = bytes.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                refused_or_proved(name, &flipped);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_tables_are_refused_or_proved(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        which in 0_usize..7,
    ) {
        let (name, mut bytes) = fixtures::all().swap_remove(which);
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        refused_or_proved(name, &bytes);
    }

    #[test]
    fn any_bytes_are_refused(rest in prop::collection::vec(any::<u8>(), 0..300)) {
        let bytes = [&atom(b"ftyp", b"heic\0\0\0\0mif1heic")[..], &rest].concat();
        prop_assert!(clean(&bytes, "", metadata::policy()).is_err());
    }
}
