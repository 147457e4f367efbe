//! What all uses of a picture crop away is cut off, what they show is the same as before, and what cannot be cut is held.

#![allow(clippy::panic)] // a failed helper is a failed test

use std::collections::BTreeSet;
use std::io::Cursor;

use fieldstrip::policy::{Action, Class};
use fieldstrip::{Cleaned, Policy};
use image::{DynamicImage, GenericImageView, ImageFormat, RgbImage};
use png::{BitDepth, ColorType};

use crate::alternatives::{held, with};
use crate::fixtures::{Package, document, presentation, strict, unzip};
use crate::{member, policy};

const SLIDE: &str = "ppt/slides/slide1.xml";
const DOCUMENT: &str = "word/document.xml";
const WIDTH: u32 = 40;
const HEIGHT: u32 = 20;

/// A picture in which no two rows or columns are alike.
fn picture() -> RgbImage {
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let byte = |value: u32| u8::try_from(value % 256).unwrap();
        image::Rgb([byte(x * 6), byte(y * 12), byte(x * y + 7)])
    })
}

fn coded(format: ImageFormat) -> Vec<u8> {
    let picture = match format {
        ImageFormat::Gif => DynamicImage::from(DynamicImage::from(picture()).to_rgba8()),
        _ => DynamicImage::from(picture()),
    };
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// A PNG of this colour type and depth, with a palette where it has one, a transparent colour and a density.
fn png(color: ColorType, depth: BitDepth) -> Vec<u8> {
    let mut info = png::Info::with_size(WIDTH, HEIGHT);
    info.color_type = color;
    info.bit_depth = depth;
    info.pixel_dims = Some(png::PixelDimensions { xppu: 5_906, yppu: 5_906, unit: png::Unit::Meter });
    info.source_gamma = Some(png::ScaledFloat::new(0.5));
    if color == ColorType::Indexed {
        let entries = 1_usize << (depth as u8);
        info.palette = Some((0..entries * 3).map(|value| u8::try_from(value * 5 % 256).unwrap()).collect());
        info.trns = Some(vec![0, 128].into());
    }
    let row = info.raw_row_length() - 1;
    let mut bytes = Vec::new();
    let mut writer = png::Encoder::with_info(&mut bytes, info).unwrap().write_header().unwrap();
    let samples = (0..row * HEIGHT as usize).map(|at| u8::try_from((at * 37 + at / row * 11) % 256).unwrap());
    writer.write_image_data(&samples.collect::<Vec<u8>>()).unwrap();
    writer.finish().unwrap();
    bytes
}

/// A picture on a slide with this crop.
fn fill(id: &str, rest: &str) -> String {
    format!(
        "<p:pic><p:blipFill><a:blip r:embed=\"{id}\"/>{rest}<a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr/></p:pic>"
    )
}

/// A presentation whose slide holds this, and a picture that its relationship `rIdX` leads to.
fn slide(content: &str, name: &str, content_type: &str, bytes: &[u8]) -> Package {
    presentation()
        .edit(SLIDE, "</p:spTree>", &format!("{content}</p:spTree>"))
        .part(&format!("ppt/media/{name}"), content_type, bytes)
        .rel(SLIDE, "rIdX", "image", &format!("../media/{name}"))
}

/// Cleans twice; the second time nothing changes and nothing is held that was not held before.
fn clean(name: &str, package: &Package, policy: &Policy) -> Cleaned {
    let cleaned =
        fieldstrip::clean(&package.write(), name, policy).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    let again = fieldstrip::clean(&cleaned.bytes, name, policy).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    assert!(again.bytes == cleaned.bytes, "{name}: cleaning again changes bytes");
    assert_eq!(held(&again), held(&cleaned), "{name}");
    cleaned
}

fn cropped(cleaned: &Cleaned) -> Vec<Action> {
    let hits = cleaned.report.hits.iter().filter(|hit| hit.class == Class::ContentCroppedAreas);
    hits.map(|hit| hit.action).collect()
}

fn bytes_of(cleaned: &Cleaned, name: &str) -> Vec<u8> {
    let members = unzip(&cleaned.bytes);
    let names: Vec<&String> = members.iter().map(|(name, _)| name).collect();
    let found = members.iter().find(|(member, _)| member == name);
    found.unwrap_or_else(|| panic!("{name} in {names:?}")).1.clone()
}

/// Checks that a picture of the copy is this part of the original, pixel by pixel.
fn assert_cut(name: &str, original: &[u8], copy: &[u8], [left, top, width, height]: [u32; 4]) {
    let (original, copy) = (image::load_from_memory(original).unwrap(), image::load_from_memory(copy).unwrap());
    assert_eq!(copy.dimensions(), (width, height), "{name}");
    assert_eq!(copy.color(), original.color(), "{name}");
    assert!(original.crop_imm(left, top, width, height).as_bytes() == copy.as_bytes(), "{name}: other pixels");
}

/// 10.3 % of 40 pixels, 12 % of 20, 25 % of 40, none.
const CROP: &str = "<a:srcRect l=\"10300\" t=\"12000\" r=\"25000\"/>";
const KEPT: [u32; 4] = [4, 2, 26, 18];

#[test]
fn png_of_every_kind_is_cut_and_stays_what_it_is() {
    use BitDepth::{Eight, Four, One, Sixteen, Two};
    let cases = [
        (ColorType::Grayscale, vec![One, Two, Four, Eight, Sixteen]),
        (ColorType::Indexed, vec![One, Two, Four, Eight]),
        (ColorType::GrayscaleAlpha, vec![Eight, Sixteen]),
        (ColorType::Rgb, vec![Eight, Sixteen]),
        (ColorType::Rgba, vec![Eight, Sixteen]),
    ];
    for (color, depth) in
        cases.into_iter().flat_map(|(color, depths)| depths.into_iter().map(move |depth| (color, depth)))
    {
        let name = format!("{color:?} {depth:?}");
        let original = png(color, depth);
        let cleaned = clean("a.pptx", &slide(&fill("rIdX", CROP), "image1.png", "image/png", &original), &policy());
        assert_eq!(cropped(&cleaned), [Action::Remove], "{name}");
        let copy = bytes_of(&cleaned, "ppt/media/image1.png");
        assert_cut(&name, &original, &copy, KEPT);
        let info = |bytes: &[u8]| {
            let reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
            let info = reader.info().clone();
            (
                info.color_type,
                info.bit_depth,
                info.palette,
                info.trns,
                format!("{:?}", info.pixel_dims),
                info.source_gamma,
            )
        };
        assert_eq!(info(&copy), info(&original), "{name}");
        // 0.12 of 26 pixels, 0.4 of 18, nothing.
        assert!(member(&cleaned.bytes, SLIDE).contains("<a:srcRect l=\"461\" t=\"2222\" r=\"0\"/>"), "{name}");
        assert!(cleaned.proof.checks.iter().any(|check| check.name == "crops-equal"), "{name}");
    }
}

#[test]
fn other_pictures_become_png_with_name_and_type() {
    let cases = [
        ("image1.jpeg", ImageFormat::Jpeg, "image/jpeg"),
        ("image1.JPG", ImageFormat::Jpeg, "image/jpeg"),
        ("image1.gif", ImageFormat::Gif, "image/gif"),
        ("image1.bmp", ImageFormat::Bmp, "image/bmp"),
        ("image1", ImageFormat::Jpeg, "image/jpeg"),
    ];
    for (name, format, content_type) in cases {
        let original = coded(format);
        let package = slide(&fill("rIdX", CROP), name, content_type, &original);
        let cleaned = clean("a.pptx", &package, &policy());
        assert_eq!(cropped(&cleaned), [Action::Remove], "{name}");
        assert_cut(name, &original, &bytes_of(&cleaned, "ppt/media/image1.png"), KEPT);
        assert!(unzip(&cleaned.bytes).iter().all(|(member, _)| member != &format!("ppt/media/{name}")), "{name}");
        assert!(
            member(&cleaned.bytes, "ppt/slides/_rels/slide1.xml.rels").contains("\"../media/image1.png\""),
            "{name}"
        );
        assert!(member(&cleaned.bytes, "[Content_Types].xml").contains("\"image/png\""), "{name}");
        // Another picture has the name already.
        let content = format!("{}{}", fill("rIdX", CROP), fill("rIdY", ""));
        let package = slide(&content, name, content_type, &original)
            .part("ppt/media/Image1.png", "image/png", &png(ColorType::Rgb, BitDepth::Eight))
            .rel(SLIDE, "rIdY", "image", "../media/Image1.png");
        let cleaned = clean("a.pptx", &package, &policy());
        assert_cut(name, &original, &bytes_of(&cleaned, "ppt/media/image1_1.png"), KEPT);
    }
}

#[test]
fn profile_and_density_of_a_jpeg_go_over_to_the_png() {
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let mut original = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut original, 90);
    encoder
        .set_density(jpeg_encoder::PixelDensity { density: (300, 150), unit: jpeg_encoder::PixelDensityUnit::Inches });
    encoder.add_icc_profile(&profile).unwrap();
    encoder.encode(picture().as_raw(), 40, 20, jpeg_encoder::ColorType::Rgb).unwrap();
    let cleaned = clean("a.pptx", &slide(&fill("rIdX", CROP), "image1.jpeg", "image/jpeg", &original), &policy());
    assert_eq!(cropped(&cleaned), [Action::Remove]);
    let copy = bytes_of(&cleaned, "ppt/media/image1.png");
    assert_cut("with a profile", &original, &copy, KEPT);
    let reader = png::Decoder::new(Cursor::new(&copy)).read_info().unwrap();
    let info = reader.info();
    assert!(info.icc_profile.is_some());
    let dims = info.pixel_dims.unwrap();
    assert_eq!((dims.xppu, dims.yppu, dims.unit), (11_811, 5_906, png::Unit::Meter));
    let bare = with("colour.profile", "remove");
    let cleaned = clean("a.pptx", &slide(&fill("rIdX", CROP), "image1.jpeg", "image/jpeg", &original), &bare);
    let copy = bytes_of(&cleaned, "ppt/media/image1.png");
    assert!(png::Decoder::new(Cursor::new(&copy)).read_info().unwrap().info().icc_profile.is_none());
}

#[test]
fn a_picture_is_cut_to_all_that_its_uses_show() {
    let original = png(ColorType::Rgb, BitDepth::Eight);
    let cut = |l: u32, t: u32, r: u32, b: u32| format!("<a:srcRect l=\"{l}\" t=\"{t}\" r=\"{r}\" b=\"{b}\"/>");
    let cases = [
        ("two on a slide", vec![cut(10_000, 0, 50_000, 0), cut(30_000, 0, 25_000, 0)], Some([4, 0, 26, 20])),
        ("apart from each other", vec![cut(0, 0, 75_000, 75_000), cut(50_000, 50_000, 0, 0)], None),
        ("one whole", vec![cut(10_000, 0, 50_000, 0), String::new()], None),
        ("less than a pixel", vec![cut(2_499, 4_999, 2_499, 4_999)], None),
        ("just a pixel", vec![cut(2_500, 5_000, 2_500, 5_000)], Some([1, 1, 38, 18])),
        ("a margin", vec!["<a:srcRect l=\"-10000\" t=\"-3\"/>".to_owned()], None),
        ("a margin and a crop", vec!["<a:srcRect l=\"-10000\" r=\"50000\"/>".to_owned()], Some([0, 0, 20, 20])),
        ("percent signs", vec!["<a:srcRect l=\"10.3%\" r=\"25%\"/>".to_owned()], Some([4, 0, 26, 20])),
        ("nothing in it", vec!["<a:srcRect/>".to_owned()], None),
    ];
    for (name, crops, kept) in cases {
        let content: String = crops.iter().map(|crop| fill("rIdX", crop)).collect();
        let cleaned = clean("a.pptx", &slide(&content, "image1.png", "image/png", &original), &policy());
        assert_eq!(held(&cleaned), BTreeSet::new(), "{name}");
        assert_eq!(cropped(&cleaned), kept.map(|_| Action::Remove).as_slice(), "{name}");
        assert_cut(name, &original, &bytes_of(&cleaned, "ppt/media/image1.png"), kept.unwrap_or([0, 0, WIDTH, HEIGHT]));
    }
    let layout = "ppt/slideLayouts/slideLayout1.xml";
    let across = |rest: &str| {
        slide(&fill("rIdX", &cut(50_000, 0, 0, 0)), "image1.png", "image/png", &original)
            .xml(layout, "presentationml.slideLayout", "p:sldLayout", &fill("rId1", rest))
            .rel(SLIDE, "rIdL", "slideLayout", "../slideLayouts/slideLayout1.xml")
            .rel(layout, "rId1", "image", "../media/image1.png")
    };
    let cleaned = clean("a.pptx", &across(&cut(25_000, 0, 25_000, 50_000)), &policy());
    assert_cut("slide and layout", &original, &bytes_of(&cleaned, "ppt/media/image1.png"), [10, 0, 30, 20]);
    assert!(member(&cleaned.bytes, layout).contains("<a:srcRect l=\"0\" t=\"0\" r=\"33333\" b=\"50000\"/>"));
    assert_eq!(cropped(&clean("a.pptx", &across(""), &policy())), []);
}

/// A Word document whose last paragraphs hold this.
fn word(content: &str) -> Package {
    document()
        .edit(DOCUMENT, "</w:body>", &format!("{content}</w:body>"))
        .part("word/media/image9.png", "image/png", &png(ColorType::Rgb, BitDepth::Eight))
        .rel(DOCUMENT, "rIdX", "image", "media/image9.png")
}

fn drawing(rest: &str) -> String {
    format!(
        "<w:r><w:drawing><pic:blipFill xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\">\
         <a:blip r:embed=\"rIdX\"/>{rest}<a:stretch/></pic:blipFill></w:drawing></w:r>"
    )
}

#[test]
fn word_crops_in_both_drawing_languages() {
    let original = png(ColorType::Rgb, BitDepth::Eight);
    let vml =
        |crop: &str| format!("<w:r><w:pict><v:shape><v:imagedata r:id=\"rIdX\" {crop}/></v:shape></w:pict></w:r>");
    let both = |choice: &str, fallback: &str| {
        format!(
            "<w:p><mc:AlternateContent><mc:Choice Requires=\"w14\">{choice}</mc:Choice>\
             <mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent></w:p>"
        )
    };
    let deleted = |content: &str| format!("<w:p><w:del w:id=\"9\">{content}</w:del></w:p>");
    let crop = drawing("<a:srcRect l=\"25000\"/>");
    let paragraph = |content: &str| format!("<w:p>{content}</w:p>");
    let cases = [
        ("VML in fixed point", paragraph(&vml("cropleft=\"16384f\" croptop=\".5\"")), Some([10, 10, 30, 10])),
        ("VML with a rest", paragraph(&vml("cropright=\"17000f\"")), Some([0, 0, 30, 20])),
        ("both", both(&crop, &vml("cropleft=\"13107f\"")), Some([7, 0, 33, 20])),
        ("a whole fallback", both(&crop, &vml("")), None),
        ("a whole one deleted", paragraph(&crop) + &deleted(&drawing("")), Some([10, 0, 30, 20])),
        (
            "another crop deleted",
            deleted(&drawing("<a:srcRect r=\"50000\"/>")) + &paragraph(&crop),
            Some([10, 0, 30, 20]),
        ),
        ("a bullet", paragraph(&crop) + &paragraph("<w:r><a:buBlip><a:blip r:embed=\"rIdX\"/></a:buBlip></w:r>"), None),
    ];
    for (name, content, kept) in cases {
        let package = word(&content);
        for (name, package) in [(name.to_owned(), package.clone()), (format!("strict {name}"), strict(&package))] {
            let cleaned = clean("a.docx", &package, &policy());
            assert_eq!(held(&cleaned), BTreeSet::new(), "{name}");
            assert_eq!(cropped(&cleaned), kept.map(|_| Action::Remove).as_slice(), "{name}");
            let whole = [0, 0, WIDTH, HEIGHT];
            assert_cut(&name, &original, &bytes_of(&cleaned, "word/media/image9.png"), kept.unwrap_or(whole));
        }
    }
    let cleaned = clean("a.docx", &word(&paragraph(&vml("cropright=\"17000f\""))), &policy());
    // 17000/65536 of 40 pixels is 10.376 of which 10 are gone; the rest is 0.376 of 30.
    assert!(member(&cleaned.bytes, DOCUMENT).contains("cropright=\"821f\""));
}

/// A JPEG that says that it lies on its side.
fn turned() -> Vec<u8> {
    let exif = b"\xff\xe1\x00\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let mut bytes = coded(ImageFormat::Jpeg);
    bytes.splice(2..2, exif.iter().copied());
    bytes
}

fn animated() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    let frame = || image::Frame::new(DynamicImage::from(picture()).to_rgba8());
    encoder.encode_frames([frame(), frame()]).unwrap();
    drop(encoder);
    bytes
}

/// A JPEG in four colours.
fn for_print() -> Vec<u8> {
    let mut bytes = Vec::new();
    let samples: Vec<u8> = picture().pixels().flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 9]).collect();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    encoder.encode(&samples, 40, 20, jpeg_encoder::ColorType::Cmyk).unwrap();
    bytes
}

#[test]
fn what_cannot_be_cut_is_held() {
    let rgb = png(ColorType::Rgb, BitDepth::Eight);
    let tile = fill("rIdX", CROP).replace("<a:stretch><a:fillRect/></a:stretch>", "<a:tile/>");
    let linked = fill("rIdX", CROP).replace("r:embed=\"rIdX\"", "r:embed=\"rIdX\" r:link=\"rIdLink\"");
    let twin = fill("rIdX", CROP).replace(
        "<a:blip r:embed=\"rIdX\"/>",
        "<a:blip r:embed=\"rIdX\"><a:extLst><a:ext uri=\"{96DAC541-7B7A-43D3-8B79-37D633B846F1}\">\
         <asvg:svgBlip xmlns:asvg=\"http://schemas.microsoft.com/office/drawing/2016/SVG/main\" r:embed=\"rIdSvg\"/></a:ext>\
         </a:extLst></a:blip>",
    );
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"2\"><path d=\"M0 0h1\"/></svg>";
    let emf = [&[1, 0, 0, 0, 108, 0, 0, 0][..], &[0; 32], b" EMF", &[0; 64]].concat();
    let cases = [
        ("EMF", slide(&fill("rIdX", CROP), "a.emf", "image/x-emf", &emf), 1),
        ("turned", slide(&fill("rIdX", CROP), "a.jpeg", "image/jpeg", &turned()), 1),
        ("animated", slide(&fill("rIdX", CROP), "a.gif", "image/gif", &animated()), 1),
        ("for print", slide(&fill("rIdX", CROP), "a.jpeg", "image/jpeg", &for_print()), 1),
        ("tile", slide(&tile, "a.png", "image/png", &rgb), 1),
        (
            "linked twin",
            slide(&linked, "a.png", "image/png", &rgb).rel(SLIDE, "rIdLink", "image", "https://example.org/a.png"),
            1,
        ),
        (
            "SVG twin",
            slide(&twin, "a.png", "image/png", &rgb).part("ppt/media/a.svg", "image/svg+xml", svg).rel(
                SLIDE,
                "rIdSvg",
                "image",
                "../media/a.svg",
            ),
            2,
        ),
        ("nothing left", slide(&fill("rIdX", "<a:srcRect l=\"60000\" r=\"60000\"/>"), "a.png", "image/png", &rgb), 1),
        ("no number", slide(&fill("rIdX", "<a:srcRect l=\"much\"/>"), "a.png", "image/png", &rgb), 1),
    ];
    for (name, package, count) in cases {
        let cleaned = clean("a.pptx", &package, &policy());
        assert_eq!(cropped(&cleaned), vec![Action::Hold; count], "{name}");
        assert!(held(&cleaned).contains(&Class::ContentCroppedAreas), "{name}");
    }
}

#[test]
fn a_policy_may_hold_or_keep_what_is_cropped_away() {
    let original = png(ColorType::Rgb, BitDepth::Eight);
    let package = slide(&fill("rIdX", CROP), "image1.png", "image/png", &original);
    for (name, action) in [("hold", Action::Hold), ("keep", Action::Keep)] {
        let cleaned = clean("a.pptx", &package, &with("content.cropped-areas", name));
        assert_eq!(cropped(&cleaned), [action]);
        assert_cut(name, &original, &bytes_of(&cleaned, "ppt/media/image1.png"), [0, 0, WIDTH, HEIGHT]);
        assert!(member(&cleaned.bytes, SLIDE).contains(CROP), "{name}");
    }
}

#[test]
fn broken_pictures_with_a_crop_are_held_or_proved() {
    for original in [png(ColorType::Indexed, BitDepth::Four), coded(ImageFormat::Jpeg)] {
        for part in 1..32 {
            let mut broken = original.clone();
            let at = original.len() * part / 32;
            broken[at] ^= 1 << (part % 8);
            for bytes in [&original[..at], &broken] {
                let package = slide(&fill("rIdX", CROP), "image1.bin", "image/png", bytes);
                if let Ok(cleaned) = fieldstrip::clean(&package.write(), "a.pptx", &policy()) {
                    assert!(!cropped(&cleaned).is_empty(), "{part}: neither cut nor held");
                }
            }
        }
    }
}
