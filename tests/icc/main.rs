//! Colour profiles in every container: the colours stay, everything else goes, and the proof sees both.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss
)] // a failed helper is a failed test

#[path = "../bmp/fixtures.rs"]
#[allow(dead_code)]
mod bmp;
#[path = "../heif/coding.rs"]
#[allow(dead_code)]
mod coding;
#[path = "../heif/fixtures.rs"]
#[allow(dead_code)]
mod fixtures;
#[path = "../gif/fixtures.rs"]
#[allow(dead_code)]
mod gif;
#[path = "../jp2/fixtures.rs"]
#[allow(dead_code)]
mod jp2;
#[path = "../jpeg/fixtures.rs"]
#[allow(dead_code)]
mod jpeg;
#[path = "../jxl/codestream.rs"]
#[allow(dead_code)]
mod jxl;
#[path = "../jpeg/metadata.rs"]
mod metadata;
#[path = "../png/fixtures.rs"]
#[allow(dead_code)]
mod png;
mod profiles;
#[path = "../tiff/fixtures.rs"]
#[allow(dead_code)]
mod tiff;
#[path = "../webp/fixtures.rs"]
#[allow(dead_code)]
mod webp;

use std::io::Read;

use fieldstrip::detect::{Engine, Fingerprinter};
use fieldstrip::finding::Verdict;
use fieldstrip::formats::{Context, Report};
use fieldstrip::job::{Scanner, process};
use fieldstrip::limits::Spent;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::prove;
use fieldstrip::{Cleaned, Kind, Policy, Reason, clean};
use fixtures as heif;
use moxcms::{ColorProfile, Layout, TransformOptions};
use profiles::{Made, V2, V4, description, elements, laden, localised, number, sections, table16, typed, xyz};

/// A WebP with this profile.
fn embedded(profile: &[u8]) -> Vec<u8> {
    webp::webp(&[webp::extended(0x20, 16, 16), webp::chunk(b"ICCP", profile), webp::lossy(16)])
}

/// The profile in such a WebP.
fn extracted(webp: &[u8]) -> Option<Vec<u8>> {
    let chunk = webp.get(30..)?.strip_prefix(b"ICCP")?;
    let size = u32::from_le_bytes(chunk[..4].try_into().unwrap()) as usize;
    Some(chunk[4..4 + size].to_vec())
}

fn cleaned(profile: &[u8]) -> (Option<Vec<u8>>, Report) {
    let Cleaned { bytes, report, .. } = clean(&embedded(profile), "", metadata::policy()).expect("cleaned");
    (extracted(&bytes), report)
}

/// Every container with this profile.
fn containers(profile: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let split = profile.len() / 2;
    let app2 = |number: u8, part: &[u8]| jpeg::segment(0xe2, &[b"ICC_PROFILE\0", &[number, 2][..], part].concat());
    let photo = jpeg::photo();
    let jpeg = [&photo[..2], &app2(2, &profile[split..]), &app2(1, &profile[..split]), &photo[2..]].concat();
    let mut png = png::Png::new(4, 4, 8, 2);
    png.before.push(png::chunk(b"iCCP", &[b"PLANTED name\0\0", png::zlib(profile).as_slice()].concat()));
    let gif = [gif::application(b"ICCRGBG1012", profile), gif::Picture::new(9, 9, 3).build()];
    let mut heif = heif::Heif::still(b"hvc1");
    heif.properties.push(heif::atom(b"colr", &[b"prof", profile].concat()));
    heif.items[0].properties.push((false, 5));
    let colour = jp2::atom(b"colr", &[&[2, 0, 0], profile].concat());
    let jp2 = jp2::parts(&[jp2::image_header(0, 0), colour], &jp2::Codestream::bare());
    let jxl = jxl::Picture { coloured: true, profile: Some(profile.to_vec()), ..jxl::Picture::default() };
    let form = tiff::FORMS[0];
    let mut tags = form.grey(1);
    tags.push((34_675, 7, profile.len() as u64, profile.to_vec()));
    vec![
        ("JPEG", jpeg),
        ("PNG", png.build()),
        ("GIF", gif::gif(9, 9, 3, &gif)),
        ("WebP", embedded(profile)),
        ("HEIF", heif.build()),
        ("JPEG 2000", jp2.concat()),
        ("JPEG XL", jxl.bytes()),
        ("TIFF", form.file(&[(tags, tiff::rows(), false)], b"")),
        ("BMP", bmp::with_profile(b"DEBM", profile).build()),
    ]
}

/// The profile of a PNG or JPEG XL, if there is one, beside the bytes of the file.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut all = bytes.to_vec();
    if bytes.starts_with(b"\xff\x0a") {
        let image = jxl_oxide::JxlImage::builder().read(bytes).unwrap();
        all.extend(image.original_icc().unwrap_or_default());
    }
    if let Some(at) = bytes.windows(9).position(|window| window == b"iCCPicc\0\0") {
        flate2::read::ZlibDecoder::new(&bytes[at + 9..]).read_to_end(&mut all).unwrap();
    }
    all
}

#[test]
fn nothing_but_colours_stays() {
    for (profile, item) in laden() {
        assert!(holds_part(&profile), "{item}");
        let (copy, report) = cleaned(&profile);
        let copy = copy.expect(item);
        assert!(!holds_part(&copy), "{item}");
        assert!(report.hits.iter().any(|hit| hit.item == item), "{item}: {:?}", report.hits);
        let (again, report) = cleaned(&copy);
        assert_eq!(again, Some(copy), "{item}: cleaning it again changes it");
        assert_eq!(report.hits.len(), 1, "{item}: {:?}", report.hits);
    }
}

/// Whether the beginning of the marker stands in the bytes, as ASCII or as profiles write Unicode. Fields have four bytes.
fn holds_part(bytes: &[u8]) -> bool {
    let wide: Vec<u8> = "PLAN".encode_utf16().flat_map(u16::to_be_bytes).collect();
    holds(bytes, b"PLAN") || holds(bytes, &wide)
}

#[test]
fn every_container_is_cleaned() {
    let dirty = Made::rgb(V2)
        .and(b"desc", description("PLANTED", "PLANTED", b"PLANTED"))
        .and(b"cprt", typed(b"text", b"PLANTED\0"))
        .and(b"zzzz", b"PLANTED".to_vec())
        .build();
    let profile = cleaned(&dirty).0.unwrap();
    for (name, file) in containers(&dirty) {
        let copy = clean(&file, "", metadata::policy()).expect(name);
        let all = unpacked(&copy.bytes);
        assert!(!holds_part(&all), "{name}");
        let contiguous = [&all, &all[all.len() - profile.len()..]].iter().any(|all| holds(all, &profile));
        // The sub-blocks of a GIF interrupt it.
        assert!(contiguous || name == "GIF", "{name}: the profile is lost");
        for item in ["ICC:ProfileDescription", "ICC:ProfileCopyright", "ICC:zzzz"] {
            assert!(copy.report.hits.iter().any(|hit| hit.item == item), "{name}: {item}");
        }
        assert!(copy.proof.checks.iter().any(|check| check.name == "colours-equal" && check.detail == "729 colours"));
        let again = clean(&copy.bytes, "", metadata::policy()).expect(name);
        assert!(again.bytes == copy.bytes, "{name}: cleaning it again changes it");
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_policy_may_want_no_profile() {
    let text =
        "schema = 1\nname = \"plain\"\nextends = \"public-release\"\n[classes]\n\"colour.profile\" = \"remove\"\n";
    let policy = Policy::from_toml(text, "plain.toml").unwrap();
    let engine = Engine::for_policy(&policy).unwrap();
    let fingerprinter = Fingerprinter::new(&[7; 32]);
    let scanner = Scanner::new(&policy, &engine, &fingerprinter);
    let profile = Made::rgb(V4).and(b"cprt", localised("PLANTED")).build();
    for (name, file) in containers(&profile) {
        let processed = process(&file, name, &scanner);
        let copy = processed.result.expect(name);
        assert!(!holds(&unpacked(&copy.bytes), b"acsp"), "{name}");
        assert_eq!(processed.verdict, Verdict::Flag, "{name}");
        assert!(processed.findings.iter().any(|finding| finding.rule == "colour.profile-removed"), "{name}");
        let found = |class, action| copy.report.hits.iter().any(|hit| (hit.class, hit.action) == (class, action));
        assert!(found(Class::ColourProfile, Action::Remove) && found(Class::MetadataAuthor, Action::Remove), "{name}");
        // The proof of another policy does not accept it.
        let kept = clean(&file, "", metadata::policy()).unwrap();
        let spent = Spent::default();
        let refusal = |output: &[u8], report, policy| {
            let context = Context::new(policy, &spent);
            prove(copy.kind, &file, output, report, &context).expect_err(name).reason
        };
        assert_eq!(refusal(&copy.bytes, &copy.report, metadata::policy()), Reason::Unprovable, "{name}");
        assert_eq!(refusal(&kept.bytes, &kept.report, &policy), Reason::Unprovable, "{name}");
    }
}

#[test]
fn texts_go_to_the_echo_search() {
    let profile = Made::rgb(V2)
        .and(b"desc", description("Anna's monitor", "Annas Bildschirm", b"Anna's Macintosh"))
        .and(b"cprt", typed(b"text", b"Anna Example\0"))
        .and(b"dmdd", localised("Ännas Gerät"));
    let (_, report) = cleaned(&profile.build());
    let values: Vec<&str> = report.values.iter().map(|removed| removed.value.as_str()).collect();
    assert_eq!(values, ["Anna's monitor", "Annas Bildschirm", "Anna's Macintosh", "Anna Example", "Ännas Gerät"]);
}

#[test]
fn texts_of_the_right_type_take_the_place() {
    for (version, description, copyright) in [(V2, b"desc", b"text"), (V4, b"mluc", b"mluc")] {
        let copy = cleaned(&Made::rgb(version).build()).0.unwrap();
        let entry = |index: usize| {
            let at = 132 + 12 * index;
            let data = u32::from_be_bytes(copy[at + 4..at + 8].try_into().unwrap()) as usize;
            (&copy[at..at + 4], &copy[data..data + 4])
        };
        assert_eq!(entry(0), (b"desc".as_slice(), description.as_slice()));
        assert_eq!(entry(1), (b"cprt".as_slice(), copyright.as_slice()));
        assert!(copy.len().is_multiple_of(4));
    }
}

#[test]
fn tags_that_share_their_data_go_on_sharing_them() {
    let copy = cleaned(&Made::rgb(V4).build()).0.unwrap();
    assert_eq!(copy.windows(4).filter(|window| window == b"curv").count(), 1);
    // Both directions of an identity.
    let mut both = Made::tabled(V2, b"Lab ", table16(3, 3)).and(b"B2A0", table16(3, 3)).build();
    let entry: [u8; 8] = both[136..144].try_into().unwrap();
    both[160..168].copy_from_slice(&entry);
    both.truncate(both.len() - table16(3, 3).len());
    let size = number(both.len());
    both[..4].copy_from_slice(&size);
    let copy = cleaned(&both).0.unwrap();
    assert_eq!(copy.windows(4).filter(|window| window == b"mft2").count(), 1);
}

#[test]
fn the_colours_are_the_same_to_a_colour_engine() {
    let built_in = [
        ColorProfile::new_srgb(),
        ColorProfile::new_display_p3(),
        ColorProfile::new_adobe_rgb(),
        ColorProfile::new_bt2020(),
        ColorProfile::new_pro_photo_rgb(),
    ]
    .map(|profile| profile.encode().unwrap());
    let made = [Made::rgb(V2), Made::rgb(V4), Made::tabled(V4, b"RGB ", sections(b"mAB ", b"gaps"))];
    let made = made.map(|made| made.build());
    let grid: Vec<u8> =
        (0..4_096_u32).flat_map(|at| [at % 256, at / 16, at * 7 % 256].map(|value| value as u8)).collect();
    for profile in built_in.iter().chain(&made) {
        let copy = cleaned(profile).0.unwrap();
        assert_ne!(&copy, profile);
        let [before, after] = [profile, &copy].map(|profile| {
            let profile = ColorProfile::new_from_slice(profile).unwrap();
            let options = TransformOptions::default();
            let target = ColorProfile::new_srgb();
            let transform = profile.create_transform_8bit(Layout::Rgb, &target, Layout::Rgb, options).unwrap();
            let mut turned = vec![0; grid.len()];
            transform.transform(&grid, &mut turned).unwrap();
            turned
        });
        assert_eq!(before, after);
    }
}

#[test]
fn profiles_that_no_colour_engine_takes_go() {
    let rgb = || Made::rgb(V4);
    let mut outside = rgb().build();
    outside[136..140].copy_from_slice(&number(1 << 20));
    for (name, profile) in [
        ("unknown version", Made::rgb(&[9, 0]).build()),
        ("device link", Made { head: [V4, b"link", b"XYZ "], ..rgb() }.build()),
        ("unknown colour space", Made { space: b"FOO ", ..rgb() }.build()),
        ("unknown connection space", Made { head: [V4, b"mntr", b"FOO "], ..rgb() }.build()),
        ("no curves", Made { tags: vec![(b"wtpt", xyz(1))], ..rgb() }.build()),
        ("curve of another type", rgb().and(b"kTRC", xyz(1)).build()),
        ("curve cut off", rgb().and(b"kTRC", typed(b"curv", &number(9))).build()),
        ("table for other channels", Made::tabled(V2, b"CMYK", table16(3, 3)).build()),
        ("table of the other direction", Made::tabled(V4, b"RGB ", sections(b"mBA ", b"")).build()),
        ("too many tags", (0..100).fold(rgb(), |made, _| made.and(b"zzzz", Vec::new())).build()),
        ("tag outside", outside),
    ] {
        let (copy, report) = cleaned(&profile);
        assert_eq!(copy, None, "{name}");
        let hits: Vec<(Class, Action)> = report.hits.iter().map(|hit| (hit.class, hit.action)).collect();
        assert_eq!(hits, [(Class::ColourProfile, Action::Remove)], "{name}");
    }
    let (copy, report) = cleaned(b"no profile at all");
    assert_eq!((copy, report.hits[0].class), (None, Class::ContentUnknown));
}

#[test]
fn the_proof_notices_what_a_broken_cleaner_would_do() {
    let input = Made::rgb(V4).and(b"D2B0", elements()).and(b"cprt", localised("PLANTED")).build();
    let good = cleaned(&input).0.unwrap();
    let spent = Spent::default();
    let context = Context::new(metadata::policy(), &spent);
    let prove = |output: &[u8]| {
        prove(Kind::WebP, &embedded(&input), &embedded(output), &Report::default(), &context).map_err(|no| no.reason)
    };
    assert!(prove(&good).is_ok());
    assert_eq!(prove(&input).map(|_| ()), Err(Reason::Unprovable), "as it was");
    // No byte of it may be another one.
    for at in 0..good.len() {
        let mut changed = good.clone();
        changed[at] ^= 1;
        assert_eq!(prove(&changed).map(|_| ()), Err(Reason::Unprovable), "byte {at} changed");
    }
    let longer = [good.as_slice(), b"more"].concat();
    assert_eq!(prove(&longer).map(|_| ()), Err(Reason::Unprovable), "bytes behind it");
}

#[test]
fn cleaner_and_proof_agree_about_damage() {
    for (profile, item) in laden() {
        for at in (0..profile.len()).step_by(17) {
            let mut damaged = profile.clone();
            damaged[at] ^= 1 << (at % 8);
            // A profile that the one takes and the other does not would be unprovable.
            if let Err(refusal) = clean(&embedded(&damaged), "", metadata::policy()) {
                panic!("{item}, byte {at}: {refusal}");
            }
        }
    }
}
