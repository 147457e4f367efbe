//! Pictures that were cut: exactly what is shown, or no proof.

use std::io::Cursor;

use fieldstrip::formats::Report;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::prove;
use fieldstrip::{Kind, Reason};
use image::{DynamicImage, ImageFormat, RgbImage};

use crate::fixtures::{Package, presentation};
use crate::with_context;

const SLIDE: &str = "ppt/slides/slide1.xml";
const PICTURE: &str = "ppt/media/image1.png";

fn picture() -> DynamicImage {
    DynamicImage::from(RgbImage::from_fn(40, 20, |x, y| {
        image::Rgb([x, y, x * y].map(|value| u8::try_from(value % 251).expect("a byte")))
    }))
}

fn coded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).expect("a picture");
    bytes
}

fn cut(left: u32, top: u32, width: u32, height: u32) -> Vec<u8> {
    coded(&picture().crop_imm(left, top, width, height), ImageFormat::Png)
}

/// A slide with two uses of a picture.
fn slide(crops: [&str; 2], bytes: &[u8]) -> Package {
    let pictures = crops.map(|crop| {
        format!("<p:pic><p:blipFill><a:blip r:embed=\"rIdX\"/><a:srcRect {crop}/><a:stretch/></p:blipFill></p:pic>")
    });
    presentation()
        .replace(SLIDE, "</p:spTree>", &format!("{}</p:spTree>", pictures.concat()))
        .part(PICTURE, "image/png", bytes)
        .relate(SLIDE, "rIdX", "image", "../media/image1.png")
}

/// 4.12 of 40 pixels are left off by the first one, 30 by the second.
const BEFORE: [&str; 2] = ["l=\"10300\" t=\"50000\"", "l=\"75000\" t=\"50000\""];
/// 0.12 of 36, 26 of 36; all of the upper half is gone.
const AFTER: [&str; 2] = ["l=\"333\" t=\"0\"", "l=\"72222\" t=\"0\""];

fn proved(original: &Package, copy: &Package, report: &Report) -> Result<(), String> {
    let proof = with_context(|context| prove(Kind::Pptx, &original.write(), &copy.write(), report, context));
    proof.map(drop).map_err(|refusal| {
        assert_eq!(refusal.reason, Reason::Unprovable, "{refusal}");
        refusal.to_string()
    })
}

#[test]
fn a_picture_cut_to_what_is_shown_is_proved() {
    let original = slide(BEFORE, &coded(&picture(), ImageFormat::Png));
    assert_eq!(proved(&original, &slide(AFTER, &cut(4, 10, 36, 10)), &Report::default()), Ok(()));
    let jpeg = coded(&picture(), ImageFormat::Jpeg);
    let decoded = image::load_from_memory(&jpeg).expect("a picture").crop_imm(4, 10, 36, 10);
    let original = slide(BEFORE, &jpeg);
    assert_eq!(proved(&original, &slide(AFTER, &coded(&decoded, ImageFormat::Png)), &Report::default()), Ok(()));
    let again = slide(AFTER, &coded(&decoded, ImageFormat::Jpeg));
    assert!(proved(&original, &again, &Report::default()).is_err(), "coded with a loss");
}

#[test]
fn a_picture_with_hidden_areas_is_proved_only_where_it_is_held() {
    let original = slide(BEFORE, &coded(&picture(), ImageFormat::Png));
    let message = proved(&original, &original, &Report::default()).expect_err("nothing was cut");
    assert!(message.contains("no use shows"), "{message}");
    for (action, place, held) in
        [(Action::Hold, PICTURE, true), (Action::Remove, PICTURE, false), (Action::Hold, "ppt/media/image2.png", false)]
    {
        let mut report = Report::default();
        report.hit(Class::ContentCroppedAreas, action, "a picture", place, 1, 0);
        assert_eq!(proved(&original, &original, &report).is_ok(), held, "{action} {place}");
    }
    // A whole use hides nothing.
    let shown = slide([BEFORE[0], ""], &coded(&picture(), ImageFormat::Png));
    assert_eq!(proved(&shown, &shown, &Report::default()), Ok(()));
    assert!(proved(&shown, &slide(AFTER, &cut(4, 10, 36, 10)), &Report::default()).is_err(), "a whole picture was cut");
}

#[test]
fn wrong_cuts_are_refused() {
    let original = slide(BEFORE, &coded(&picture(), ImageFormat::Png));
    let mut spotted = picture().crop_imm(4, 10, 36, 10).to_rgb8();
    spotted.put_pixel(35, 9, image::Rgb([1, 2, 3]));
    let mut dated = cut(4, 10, 36, 10);
    // A gAMA chunk of 0.5 behind the header: the pixels are the same, their brightness is not.
    dated.splice(33..33, *b"\0\0\0\x04gAMA\0\0\xc3\x50\0\x99\xb5\x34");
    let good = cut(4, 10, 36, 10);
    let cases = [
        ("cut too little", slide(["l=\"3029\" t=\"0\"", "l=\"72973\" t=\"0\""], &cut(3, 10, 37, 10))),
        ("cut too much", slide(["l=\"0\" t=\"0\"", "l=\"71428\" t=\"0\""], &cut(5, 10, 35, 10))),
        ("the upper half", slide(AFTER, &cut(4, 0, 36, 10))),
        ("a pixel too far left", slide(AFTER, &cut(3, 10, 36, 10))),
        ("another pixel", slide(AFTER, &coded(&DynamicImage::from(spotted), ImageFormat::Png))),
        ("grey", slide(AFTER, &coded(&picture().crop_imm(4, 10, 36, 10).grayscale(), ImageFormat::Png))),
        ("brighter", slide(AFTER, &dated)),
        ("crops as they were", slide(BEFORE, &good)),
        ("crops exchanged", slide([AFTER[1], AFTER[0]], &good)),
        ("a crop lost", slide([AFTER[0], ""], &good)),
        ("a crop that hides more", slide(["l=\"334\" t=\"0\"", AFTER[1]], &good)),
        ("a crop that hides less", slide(["l=\"332\" t=\"0\"", AFTER[1]], &good)),
        ("a crop of the other side", slide(["r=\"333\" t=\"0\"", AFTER[1]], &good)),
        ("a use lost", slide(AFTER, &good).replace(SLIDE, &format!("<a:srcRect {}/>", AFTER[1]), "")),
    ];
    for (name, copy) in cases {
        let message = proved(&original, &copy, &Report::default()).expect_err(name);
        println!("{name}: {message}");
    }
}
