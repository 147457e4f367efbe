//! Pictures coded anew (`images.mode = "reencode"`): same pixels, same frames, and nothing of the old coding.

#![allow(
    dead_code,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)] // a failed helper is a failed test; the fixtures of the formats have more than is needed here

#[path = "../gif/fixtures.rs"]
mod gif;
#[path = "../jpeg/fixtures.rs"]
mod jpeg;
#[path = "../jpeg/metadata.rs"]
mod metadata;
#[path = "../png/fixtures.rs"]
mod png;
#[path = "../tiff/fixtures.rs"]
mod tiff;
#[path = "../webp/fixtures.rs"]
mod webp;

use fieldstrip::{Cleaned, Policy, Reason, Refusal, clean};

fn policy(mode: &str) -> Policy {
    let text = format!("schema = 1\nname = \"m\"\nextends = \"public-release\"\n[images]\nmode = \"{mode}\"\n");
    Policy::from_toml(&text, "m.toml").unwrap()
}

fn anew(bytes: &[u8]) -> Result<Cleaned, Refusal> {
    clean(bytes, "", &policy("reencode"))
}

fn has(cleaned: &Cleaned, check: &str) -> bool {
    cleaned.proof.checks.iter().any(|found| found.name == check)
}

/// Pixels as the decoder of the tests' own choosing gives them.
fn decoded(bytes: &[u8]) -> image::DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

#[test]
fn formats_without_loss_keep_every_pixel_and_lose_every_marker() {
    let named = |list: Vec<(&'static str, Vec<u8>)>| list.into_iter().map(|(name, bytes)| (name.to_owned(), bytes));
    let all = named(png::all()).chain(named(gif::all())).chain(named(webp::all())).chain(tiff::all());
    let mut coded = 0;
    for (name, bytes) in all {
        let lossless = clean(&bytes, "", &policy("lossless")).unwrap();
        let Ok(copy) = anew(&bytes) else { continue };
        coded += 1;
        assert!(has(&copy, "coded-anew") && has(&copy, "pixels-equal"), "{name}: {:?}", copy.proof.checks);
        assert!(!has(&lossless, "coded-anew"), "{name}");
        assert!(!metadata::holds_marker(&copy.bytes), "{name}");
        assert!(!copy.bytes.windows(tiff::MARKER.len()).any(|window| window == tiff::MARKER), "{name}");
        let again = anew(&copy.bytes).unwrap();
        assert_eq!(again.bytes, copy.bytes, "{name}: coding again changes nothing");
        // The proof has decoded TIFF pages; `image` is built without them here.
        if !name.contains("BigTIFF") {
            assert_eq!(decoded(&copy.bytes), decoded(&lossless.bytes), "{name}");
        }
    }
    assert!(coded > 40, "only {coded} pictures were coded anew");
}

#[test]
fn every_depth_and_colour_type_of_png_stays() {
    for (depth, colour) in [(1, 0), (2, 0), (4, 0), (8, 0), (16, 0), (8, 2), (16, 2), (2, 3), (8, 3), (8, 4), (16, 6)] {
        let copy = anew(&png::Png::new(33, 9, depth, colour).build()).unwrap();
        assert_eq!(copy.bytes[24..26], [depth, colour]);
    }
}

#[test]
fn jpegs_look_the_same_and_hold_no_table_of_the_original() {
    // A quantisation table that no component uses: decoders skip it, and it stays when the coding is copied.
    let mut table = vec![3_u8];
    table.extend(b"PAYLOAD-IN-A-TABLE".iter().cycle().take(64));
    for (name, bytes) in [("colour", jpeg::photo()), ("progressive", jpeg::progressive()), ("laden", jpeg::laden())] {
        let mut bytes = bytes;
        bytes.splice(2..2, jpeg::segment(0xdb, &table));
        let holds = |bytes: &[u8]| bytes.windows(18).any(|window| window == b"PAYLOAD-IN-A-TABLE");
        assert!(holds(&clean(&bytes, "", &policy("lossless")).unwrap().bytes), "{name}");
        let copy = anew(&bytes).unwrap();
        assert!(!holds(&copy.bytes), "{name}");
        assert!(!metadata::holds_marker(&copy.bytes), "{name}");
        assert!(has(&copy, "coded-anew") && has(&copy, "pixels-similar"), "{name}: {:?}", copy.proof.checks);
        let (before, after) = (decoded(&bytes).to_rgb8(), decoded(&copy.bytes).to_rgb8());
        assert_eq!(before.dimensions(), after.dimensions());
        let worst = before.iter().zip(after.iter()).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(worst <= 32, "{name}: {worst}");
    }
}

#[test]
fn cmyk_stays_cmyk() {
    let ramp: Vec<u8> = (0..32 * 32 * 4_u32).map(|at| (at / 16 % 256) as u8).collect();
    for colour in [jpeg_encoder::ColorType::Cmyk, jpeg_encoder::ColorType::CmykAsYcck] {
        let mut bytes = Vec::new();
        jpeg_encoder::Encoder::new(&mut bytes, 98).encode(&ramp, 32, 32, colour).unwrap();
        let copy = anew(&bytes).unwrap();
        assert!(has(&copy, "pixels-similar"));
        let mut decoder = jpeg_decoder::Decoder::new(copy.bytes.as_slice());
        decoder.decode().unwrap();
        assert_eq!(decoder.info().unwrap().pixel_format, jpeg_decoder::PixelFormat::CMYK32);
    }
}

#[test]
fn what_has_no_encoder_is_refused_with_a_hint() {
    let jpeg_in_tiff = tiff::all().into_iter().find(|(name, _)| name.starts_with("jpeg")).unwrap().1;
    let refusal = anew(&jpeg_in_tiff).unwrap_err();
    assert_eq!(refusal.reason, Reason::Unsupported);
    assert!(refusal.hint.contains("images.mode"), "{refusal:?}");
}
