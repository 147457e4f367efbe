//! Previews: what they show of a copy, where they say that something was found, and that nothing else depends on them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use fieldstrip::Policy;
use fieldstrip::detect::Fingerprinter;
use fieldstrip::job::{Scanner, engine_for};
use fieldstrip::pipeline::{Previews, write_report};
use fieldstrip::report::audit::{AuditWriter, Record};
use fieldstrip::report::verify::hash_file;
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use serde_json::Value;
use tempfile::TempDir;

use crate::logs::parsed;
use crate::run::{records, run};

#[path = "../pdf/fixtures.rs"]
#[allow(dead_code, unreachable_pub, clippy::indexing_slicing)]
mod pdf;

/// A folder with these documents.
fn inputs(documents: &[(&str, &[u8])]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("in")).unwrap();
    for (name, bytes) in documents {
        fs::write(dir.path().join("in").join(name), bytes).unwrap();
    }
    dir
}

fn report(folder: &Path) -> String {
    fs::read_to_string(folder.join("out.review/report.html")).unwrap()
}

/// What the report shows of a file.
struct Shown {
    picture: Option<RgbImage>,
    /// `[left, top, right, bottom]` in pixels of the picture, with the verdict.
    boxes: Vec<(String, [f64; 4])>,
    /// The words under the picture, or instead of it.
    words: String,
}

fn shown(report: &str) -> BTreeMap<String, Shown> {
    let document = parsed(report);
    let named = |node: roxmltree::Node<'_, '_>, class: &str| node.attribute("class") == Some(class);
    let files = document.descendants().filter(|node| node.has_tag_name("details"));
    files
        .map(|file| {
            let path = file.descendants().find(|node| named(*node, "path")).unwrap();
            let path = path
                .descendants()
                .filter(roxmltree::Node::is_text)
                .filter_map(|node| node.text())
                .collect::<Vec<_>>()
                .concat();
            let image = file.descendants().find(|node| node.has_tag_name("img"));
            let picture = image.map(|image| {
                let data = image.attribute("src").unwrap().strip_prefix("data:image/jpeg;base64,").unwrap();
                assert_eq!(image.attribute("loading"), Some("lazy"));
                let picture = image::load_from_memory(&BASE64_STANDARD.decode(data).unwrap()).unwrap().into_rgb8();
                let sides = ["width", "height"].map(|side| image.attribute(side).unwrap().parse::<u32>().unwrap());
                assert_eq!([picture.width(), picture.height()], sides);
                picture
            });
            let boxes = file.descendants().filter(|node| node.has_tag_name("rect")).map(|rect| {
                let [x, y, width, height] =
                    ["x", "y", "width", "height"].map(|name| rect.attribute(name).unwrap().parse::<f64>().unwrap());
                (rect.attribute("class").unwrap().to_owned(), [x, y, x + width, y + height])
            });
            let boxes = boxes.collect();
            let words = file.descendants().filter(roxmltree::Node::is_text).filter_map(|node| node.text());
            let words = words.filter(|text| text.contains("of the copy") || text.contains("No preview"));
            (path, Shown { picture, boxes, words: words.collect::<Vec<_>>().join("|") })
        })
        .collect()
}

/// Where the ink of a picture is: `[left, top, right, bottom]`.
fn ink(picture: &RgbImage) -> [f64; 4] {
    let dark = picture.enumerate_pixels().filter(|(.., pixel)| pixel.0.iter().all(|sample| *sample < 110));
    dark.fold([f64::MAX, f64::MAX, 0.0, 0.0], |[left, top, right, bottom], (x, y, _)| {
        let (x, y) = (f64::from(x), f64::from(y));
        [left.min(x), top.min(y), right.max(x + 1.0), bottom.max(y + 1.0)]
    })
}

/// An IBAN on the second page; the first one is empty.
fn payment(rotate: u32, crop: &str) -> Vec<u8> {
    let mut file = pdf::Pdf::default();
    file.add("<< /Type /Catalog /Pages 2 0 R >>");
    file.add("<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 300 400] >>");
    file.add("<< /Type /Page /Parent 2 0 R >>");
    file.add(format!(
        "<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /Font << /F1 6 0 R >> >> /Rotate {rotate} {crop} >>"
    ));
    file.stream("", "BT /F1 16 Tf 40 300 Td (DE89 3704 0044 0532 0130 00) Tj ET");
    file.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    file.write()
}

#[test]
fn boxes_lie_where_the_page_shows_what_was_found() {
    let cases = [
        ("upright", 0, "", (270, 360)),
        ("quarter", 90, "", (360, 270)),
        ("half", 180, "", (270, 360)),
        ("three-quarters", 270, "", (360, 270)),
        ("cropped", 90, "/CropBox [20 200 300 400]", (257, 360)),
    ];
    let documents = cases.map(|(name, rotate, crop, _)| (format!("{name}.pdf"), payment(rotate, crop)));
    let documents: Vec<_> = documents.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    for isolation in ["--isolation=on", "--isolation=off"] {
        let dir = inputs(&documents);
        assert_eq!(run(dir.path(), &["clean", "in", "--output", "out", "--quiet", "--previews", isolation]), 1);
        let shown = shown(&report(dir.path()));
        for (name, .., size) in cases {
            let Shown { picture, boxes, words } = &shown[&format!("{name}.pdf")];
            assert_eq!(words, "Page 2 of the copy, 1 finding outlined", "{name}");
            let picture = picture.as_ref().unwrap();
            assert_eq!(picture.dimensions(), size, "{name}");
            let [(verdict, [left, top, right, bottom])] = boxes.as_slice() else { panic!("{name}: {boxes:?}") };
            let found = ink(picture);
            assert_eq!(verdict, "flag");
            // All ink is in the box, and the box is hardly larger: digits have no descenders.
            let room = [found[0] - left, found[1] - top, right - found[2], bottom - found[3]];
            assert!(room.iter().all(|room| (-0.5..8.0).contains(room)), "{name}: {boxes:?} around {found:?}");
        }
    }
}

/// Red on the left and blue on the right, larger than any preview.
fn two_halves() -> RgbImage {
    RgbImage::from_fn(900, 300, |x, _| if x < 450 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) })
}

/// A JPEG that viewers turn.
fn turned(orientation: u8) -> Vec<u8> {
    let mut plain = Vec::new();
    JpegEncoder::new(&mut plain).encode_image(&two_halves()).unwrap();
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let (start, rest) = plain.split_at(2);
    [start, &[0xff, 0xe1], &length, &exif, rest].concat()
}

fn coded(picture: &image::DynamicImage, format: image::ImageFormat) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut out, format).unwrap();
    out.into_inner()
}

#[test]
fn pictures_are_upright_small_and_over_white() {
    let clear = image::DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(5, 7, image::Rgba([0, 0, 0, 0])));
    let documents = [
        ("plain.jpg", turned(1)),
        ("turned.jpg", turned(6)),
        ("large.tif", coded(&two_halves().into(), image::ImageFormat::Tiff)),
        ("large.gif", coded(&image::DynamicImage::from(two_halves()).into_rgba8().into(), image::ImageFormat::Gif)),
        ("large.bmp", coded(&two_halves().into(), image::ImageFormat::Bmp)),
        ("large.webp", coded(&two_halves().into(), image::ImageFormat::WebP)),
        ("clear.png", coded(&clear, image::ImageFormat::Png)),
        ("a.txt", b"The meeting begins at nine.\n".to_vec()),
    ];
    let documents: Vec<_> = documents.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let dir = inputs(&documents);
    run(dir.path(), &["clean", "in", "--output", "out", "--quiet", "--previews"]);
    let shown = shown(&report(dir.path()));
    let is_red = |pixel: &Rgb<u8>| pixel.0[0] > 200 && pixel.0[2] < 50;
    let is_blue = |pixel: &Rgb<u8>| pixel.0[2] > 200 && pixel.0[0] < 50;
    for name in ["plain.jpg", "large.tif", "large.gif", "large.bmp", "large.webp"] {
        let picture = shown[name].picture.as_ref().unwrap_or_else(|| panic!("{name}: {}", shown[name].words));
        assert_eq!(picture.dimensions(), (360, 120), "{name}");
        assert!(is_red(picture.get_pixel(5, 60)) && is_blue(picture.get_pixel(355, 60)), "{name}");
    }
    let turned = shown["turned.jpg"].picture.as_ref().unwrap();
    assert_eq!(turned.dimensions(), (120, 360));
    assert!(is_red(turned.get_pixel(60, 5)) && is_blue(turned.get_pixel(60, 355)));
    let clear = shown["clear.png"].picture.as_ref().unwrap();
    assert_eq!(clear.dimensions(), (5, 7));
    assert!(clear.pixels().all(|pixel| pixel.0 == [255; 3]));
    assert!(shown["a.txt"].picture.is_none());
    assert_eq!(shown["a.txt"].words, "No preview: files of this kind are not drawn.");
}

#[test]
fn without_previews_there_is_no_picture_and_with_them_the_log_is_the_same() {
    let dir = inputs(&[("a.pdf", &payment(0, "")), ("b.jpg", &turned(6))]);
    let told = |arguments: &[&str]| {
        let all = [&["clean", "in", "--output", "out", "--quiet"], arguments].concat();
        assert_eq!(run(dir.path(), &all), 1);
        let files = records(dir.path()).into_iter().filter(|record| matches!(record, Record::File(_)));
        let files: Vec<Value> = files.map(|record| serde_json::to_value(record).unwrap()).collect();
        (files, report(dir.path()))
    };
    let (files, without) = told(&[]);
    let (same_files, with) = told(&["--previews"]);
    assert_eq!(files, same_files);
    for sign in ["<img", "data:", "img-src", "No preview", "as confidential as"] {
        assert!(!without.contains(sign), "{sign}");
    }
    assert!(with.contains("img-src data:;") && with.contains("as confidential as the documents"));
    assert_eq!(with.matches("<img").count(), 2);
    // Made later, it is the same, and can be made without again.
    assert_eq!(run(dir.path(), &["report", "out.review"]), 0);
    assert!(!report(dir.path()).contains("<img"));
    assert_eq!(run(dir.path(), &["report", "out.review", "--previews"]), 0);
    assert_eq!(report(dir.path()), with);
    assert_eq!(run(dir.path(), &["report", "out.review", "--previews", "--output", "out/report.html"]), 2);
    assert!(!dir.path().join("out/report.html").exists());
}

#[test]
fn only_the_copy_that_the_log_names_is_shown() {
    let dir = inputs(&[("changed.jpg", &turned(1)), ("gone.jpg", &turned(1)), ("left.jpg", &turned(1))]);
    run(dir.path(), &["clean", "in", "--output", "out", "--quiet"]);
    fs::write(dir.path().join("out/changed.jpg"), turned(6)).unwrap();
    fs::remove_file(dir.path().join("out/gone.jpg")).unwrap();
    assert_eq!(run(dir.path(), &["report", "out.review", "--previews"]), 0);
    let shown = shown(&report(dir.path()));
    assert_eq!(shown["changed.jpg"].words, "No preview: the copy was changed since.");
    assert!(shown["gone.jpg"].words.starts_with("No preview: "));
    assert!(shown["left.jpg"].picture.is_some() && shown["gone.jpg"].picture.is_none());
}

/// Puts other bytes in the place of a copy, and into the log that it was so.
fn plant(folder: &Path, name: &str, bytes: &[u8]) {
    let copy = folder.join("out").join(name);
    fs::write(&copy, bytes).unwrap();
    let mut writer = AuditWriter::new(Vec::new());
    for mut record in records(folder) {
        if let Record::File(file) = &mut record
            && file.path == name
        {
            file.output.as_mut().unwrap().sha256 = hash_file(&copy).unwrap();
        }
        writer.append(&record).unwrap();
    }
    fs::write(folder.join("out.review/audit.jsonl"), writer.get_mut()).unwrap();
}

#[test]
fn a_document_that_the_worker_fails_on_costs_its_preview() {
    let faults = [
        ("panic", "a fault occurred"),
        ("overflow", "ran out of stack"),
        ("spin", "it takes more than"), // processor time, or of the clock where the machine is busy
        ("sleep", "more than 3 seconds on the clock"),
        ("abort", "was ended by signal 6"),
        ("garbage", "did not answer as workers do"),
        ("babble", "did not answer as workers do"),
        ("promise", "did not answer as workers do"),
    ];
    let good = turned(1);
    let names: Vec<String> =
        faults.iter().flat_map(|(name, _)| [format!("{name}.jpg"), format!("{name}-after.jpg")]).collect();
    let documents: Vec<_> = names.iter().map(|name| (name.as_str(), good.as_slice())).collect();
    let dir = inputs(&documents);
    run(dir.path(), &["clean", "in", "--output", "out", "--quiet"]);
    for (name, _) in faults {
        plant(dir.path(), &format!("{name}.jpg"), format!("fieldstrip-fault:{name} ").as_bytes());
    }
    let mut policy = Policy::built_in("public-release").unwrap();
    (policy.limits.cpu_seconds, policy.limits.wall_seconds) = (1, 3);
    (policy.limits.cpu_seconds_per_megabyte, policy.limits.wall_seconds_per_megabyte) = (0, 0);
    let (engine, fingerprinter) = (engine_for(&policy).unwrap(), Fingerprinter::new(&[7; 32]));
    let previews = Previews {
        release: &dir.path().join("out"),
        scanner: Scanner::new(&policy, &engine, &fingerprinter),
        worker: Some(&assert_cmd::cargo::cargo_bin("fieldstrip")),
        jobs: 2,
        stop: &AtomicBool::new(false),
    };
    let review = dir.path().join("out.review");
    write_report(&review, &review.join("report.html"), Some(&previews)).unwrap();
    let shown = shown(&report(dir.path()));
    for (name, why) in faults {
        let failed = &shown[&format!("{name}.jpg")];
        assert!(failed.picture.is_none(), "{name}");
        assert!(cfg!(not(unix)) || failed.words.contains(why), "{name}: {}", failed.words);
        assert!(!failed.words.contains("a secret"), "{}", failed.words);
        assert!(shown[&format!("{name}-after.jpg")].picture.is_some(), "behind {name}");
    }
}
