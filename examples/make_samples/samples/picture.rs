//! Pictures drawn by code.

use anyhow::Result;
use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, Luma, Rgb, RgbImage};

use super::font;

const INK: Rgb<u8> = Rgb([34, 48, 66]);
const PAPER: Rgb<u8> = Rgb([252, 252, 250]);

/// Fills a box, cut off at the edges of the picture.
pub(crate) fn fill(picture: &mut RgbImage, left: u32, top: u32, width: u32, height: u32, colour: Rgb<u8>) {
    for y in top..(top + height).min(picture.height()) {
        for x in left..(left + width).min(picture.width()) {
            picture.put_pixel(x, y, colour);
        }
    }
}

/// A harbour with a ship under the evening sun. With `second_ship`, one more: the picture before it was edited.
pub(crate) fn harbour(width: u32, height: u32, second_ship: bool) -> RgbImage {
    let (horizon, radius) = (height * 3 / 5, width.min(height) / 10);
    let mut picture = RgbImage::from_fn(width, height, |x, y| {
        let (dx, dy) = (x.abs_diff(width / 4), y.abs_diff(height / 3));
        if dx * dx + dy * dy < radius * radius {
            Rgb([255, 226, 150])
        } else if y < horizon {
            mix([92, 138, 190], [250, 198, 140], y, horizon)
        } else if (y + x / 9) % 11 == 0 {
            Rgb([120, 156, 178])
        } else {
            mix([70, 112, 140], [24, 52, 78], y - horizon, height - horizon)
        }
    });
    let unit = width.min(height) / 5;
    ship(&mut picture, width * 2 / 5, horizon, unit);
    if second_ship {
        ship(&mut picture, width / 20, horizon, unit * 2 / 3);
    }
    fill(&mut picture, 0, height * 9 / 10, width, height / 10 + 1, Rgb([96, 82, 70]));
    picture
}

/// A hull, a cabin and a mast on the waterline; `unit` is the height of the mast.
fn ship(picture: &mut RgbImage, left: u32, waterline: u32, unit: u32) {
    let depth = unit / 3;
    for row in 0..depth {
        fill(picture, left + row, waterline + row, 2 * unit - 2 * row, 1, Rgb([150, 44, 40]));
    }
    fill(picture, left + unit / 3, waterline - unit / 3, unit * 4 / 5, unit / 3, Rgb([238, 236, 228]));
    fill(picture, left + unit * 4 / 3, waterline - unit, unit / 12 + 1, unit, INK);
}

fn mix(from: [u8; 3], to: [u8; 3], step: u32, steps: u32) -> Rgb<u8> {
    let mut colour = from;
    for (channel, target) in colour.iter_mut().zip(to) {
        let value = (u32::from(*channel) * (steps - step) + u32::from(target) * step) / steps.max(1);
        *channel = u8::try_from(value).unwrap_or(u8::MAX);
    }
    Rgb(colour)
}

/// A bar chart with a title.
pub(crate) fn chart() -> RgbImage {
    let mut picture = RgbImage::from_pixel(480, 300, PAPER);
    font::write(&mut picture, "SHIPS PER MONTH", 20, 16, 3, INK);
    let months = [("JAN", 60), ("FEB", 84), ("MAR", 120), ("APR", 152), ("MAY", 176), ("JUN", 140)];
    for (column, (name, ships)) in (0u32..).zip(months) {
        let left = 32 + column * 74;
        fill(&mut picture, left, 260 - ships, 44, ships, Rgb([58, 110, 165]));
        font::write(&mut picture, name, left + 4, 270, 2, INK);
    }
    fill(&mut picture, 20, 260, 440, 2, INK);
    picture
}

/// A typed letter as a scanner sees it: grey, with specks of dust.
pub(crate) fn scanned_letter() -> GrayImage {
    let mut page = RgbImage::from_pixel(850, 1100, Rgb([244, 244, 244]));
    let lines = [
        "SANDMOUTH HARBOUR OFFICE",
        "",
        "DEAR MS SPECIMEN,",
        "",
        "THE BERTH AT PIER 7 IS YOURS FROM",
        "1 JUNE. PLEASE SEND THE SIGNED",
        "CONTRACT TO PO BOX 0000, SANDMOUTH.",
        "",
        "THIS PAGE IS ONLY A PICTURE:",
        "NO RULE CAN READ IT.",
        "",
        "ALEX EXAMPLE",
    ];
    for (row, line) in (0u32..).zip(lines) {
        font::write(&mut page, line, 100, 140 + row * 36, 3, Rgb([52, 52, 52]));
    }
    let mut grey = image::imageops::grayscale(&page);
    let mut state = 1u32;
    for _ in 0..400 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (x, y) = ((state >> 8) % 850, (state >> 18) % 1100);
        if let Some(pixel) = grey.get_pixel_mut_checked(x, y) {
            *pixel = Luma([200]);
        }
    }
    grey
}

/// The picture as a baseline JPEG without metadata.
pub(crate) fn jpeg(picture: &RgbImage, quality: u8) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, quality).encode_image(picture)?;
    Ok(out)
}

/// The grey picture as a baseline JPEG without metadata.
pub(crate) fn grey_jpeg(picture: &GrayImage, quality: u8) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, quality).encode_image(picture)?;
    Ok(out)
}
