//! A rectangle cut out of a cleaned picture, for documents that show no more of it.
//!
//! Every pixel of it is what it was. A PNG stays a PNG of its colour type; the samples of a JPEG, GIF or BMP picture become a
//! PNG, since coding a JPEG anew would cost a little of each. All other pictures stay uncut.

use std::borrow::Cow;
use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::JpegDecoder;
use image::metadata::Orientation;
use image::{AnimationDecoder, ColorType, DynamicImage, ImageDecoder, ImageReader};
use png::{Encoder, Info, PixelDimensions, Unit};

use super::Context;
use crate::kind::Kind;
use crate::refusal::Refusal;

/// A PNG may be this many times as large as the JPEG it was cut from, for photographs take more room in it.
const MOST_GROWTH: usize = 12;
/// Whatever it was cut from, it may have so many bytes.
const SMALL: usize = 2 << 20;

/// A rectangle of whole pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rectangle {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Rectangle {
    /// What lies in it of the rows of a picture, whose pixels have so many bits each. Rows begin at whole bytes. `None` when
    /// the rows end before the rectangle does.
    pub(super) fn rows<'r>(self, rows: impl Iterator<Item = &'r [u8]>, bits: usize) -> Option<Vec<u8>> {
        let [left, top, width, height] =
            [self.left, self.top, self.width, self.height].map(|side| usize::try_from(side).unwrap_or(usize::MAX));
        let (from, length) = (left.checked_mul(bits)?, width.checked_mul(bits)?);
        let (first, shift, bytes) = (from / 8, u32::try_from(from % 8).ok()?, length.div_ceil(8));
        let mut out = Vec::with_capacity(bytes.checked_mul(height)?);
        let mut count = 0_usize;
        for row in rows.skip(top).take(height) {
            (from.checked_add(length)?.div_ceil(8) <= row.len()).then_some(())?;
            let row = row.get(first..)?;
            if shift == 0 {
                out.extend_from_slice(row.get(..bytes)?);
            } else {
                let next = row.iter().skip(1).chain(std::iter::once(&0));
                let moved = row.iter().zip(next).map(|(a, b)| a.wrapping_shl(shift) | b.wrapping_shr(8 - shift));
                out.extend(moved.take(bytes));
            }
            // What stands behind the last pixel of a row is no part of the picture.
            if let (Some(last), Some(unused @ 1..)) = (out.last_mut(), bytes.checked_mul(8)?.checked_sub(length)) {
                *last &= 0xff_u8.wrapping_shl(u32::try_from(unused).ok()?);
            }
            count = count.saturating_add(1);
        }
        (count == height).then_some(out)
    }
}

/// Width and height in pixels of a picture of a kind that is decoded here; `None` for others and for broken ones.
pub(super) fn size(kind: Kind, bytes: &[u8]) -> Option<(u32, u32)> {
    let decoded = matches!(kind, Kind::Png | Kind::Jpeg | Kind::Gif | Kind::Bmp | Kind::WebP);
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok().filter(|_| decoded)?;
    reader.into_dimensions().ok().filter(|(width, height)| *width > 0 && *height > 0)
}

/// The picture within a rectangle: a PNG, not cleaned yet.
///
/// # Errors
/// [`crate::Reason::Unsupported`] for pictures that cannot be cut, [`crate::Reason::Damaged`] where the decoder stumbles,
/// [`crate::Reason::OverLimit`].
pub(super) fn cut(kind: Kind, bytes: &[u8], rectangle: Rectangle, context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
    let cut = match kind {
        Kind::Png if is_upright(bytes)? => super::png::cut(bytes, rectangle, context)?,
        Kind::Jpeg if is_upright(bytes)? => {
            let mut components = jpeg_decoder::Decoder::new(Cursor::new(bytes));
            components.read_info().map_err(|_| broken())?;
            if components.info().is_none_or(|info| info.pixel_format == jpeg_decoder::PixelFormat::CMYK32) {
                return Err(Refusal::unsupported("it is for print, in four colours"));
            }
            let decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(|_| broken())?;
            as_png(decoder, jpeg_density(bytes), rectangle, context)?
        }
        Kind::Gif => {
            let open = || GifDecoder::new(Cursor::new(bytes)).map_err(|_| broken());
            let frames = open()?;
            context.charge_decompressed(frames.total_bytes().saturating_mul(2))?;
            if frames.into_frames().take(2).count() > 1 {
                return Err(Refusal::unsupported("it is animated"));
            }
            as_png(open()?, None, rectangle, context)?
        }
        Kind::Bmp => as_png(BmpDecoder::new(Cursor::new(bytes)).map_err(|_| broken())?, None, rectangle, context)?,
        Kind::Png | Kind::Jpeg => return Err(Refusal::unsupported("it says that it is to be turned")),
        _ => return Err(Refusal::unsupported("there is no way to cut pictures of this kind")),
    };
    if cut.len() > bytes.len().saturating_mul(MOST_GROWTH).max(SMALL) {
        return Err(Refusal::unsupported("without a loss it would grow too much"));
    }
    Ok(cut)
}

fn broken() -> Refusal {
    Refusal::damaged("the picture cannot be decoded to be cut")
}

/// False for a picture whose EXIF turns or mirrors it: programs differ in whether they do so before they crop.
fn is_upright(bytes: &[u8]) -> Result<bool, Refusal> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| broken())?;
    let orientation = reader.into_decoder().and_then(|mut decoder| decoder.orientation()).map_err(|_| broken())?;
    Ok(orientation == Orientation::NoTransforms)
}

/// Decodes a picture and codes a part of it.
fn as_png(
    mut decoder: impl ImageDecoder,
    density: Option<PixelDimensions>,
    rectangle: Rectangle,
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    context.charge_decompressed(decoder.total_bytes())?;
    let profile = decoder.icc_profile().ok().flatten();
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| broken())?;
    let (color, channels) = match picture.color() {
        ColorType::L8 => (png::ColorType::Grayscale, 1),
        ColorType::La8 => (png::ColorType::GrayscaleAlpha, 2),
        ColorType::Rgb8 => (png::ColorType::Rgb, 3),
        ColorType::Rgba8 => (png::ColorType::Rgba, 4),
        _ => return Err(Refusal::unsupported("its samples are of an unusual depth")),
    };
    let line = usize::try_from(picture.width()).unwrap_or(usize::MAX).saturating_mul(channels).max(1);
    let bits = channels.saturating_mul(8);
    let within = rectangle.rows(picture.as_bytes().chunks_exact(line), bits).ok_or_else(broken)?;
    let mut info = Info::with_size(rectangle.width, rectangle.height);
    info.color_type = color;
    info.bit_depth = png::BitDepth::Eight;
    info.pixel_dims = density;
    info.icc_profile = profile.map(Cow::Owned);
    let mut out = Vec::new();
    let encoder = Encoder::with_info(&mut out, info).map_err(|_| broken())?;
    let mut writer = encoder.write_header().map_err(|_| broken())?;
    writer.write_image_data(&within).map_err(|_| broken())?;
    writer.finish().map_err(|_| broken())?;
    Ok(out)
}

/// The density in the JFIF header of a JPEG (ITU-T T.871, 10.1), which gives the picture its natural size.
fn jpeg_density(bytes: &[u8]) -> Option<PixelDimensions> {
    let header = bytes.get(6..)?.strip_prefix(b"JFIF\0")?;
    let [_, _, unit, x1, x0, y1, y0, ..] = *header else { return None };
    let [x, y] = [[x1, x0], [y1, y0]].map(|density| u32::from(u16::from_be_bytes(density)));
    let per_metre = |density: u32| match unit {
        1 => density.saturating_mul(10_000).saturating_add(127) / 254, // per inch
        2 => density.saturating_mul(100),                              // per centimetre
        _ => density,
    };
    let unit = if matches!(unit, 1 | 2) { Unit::Meter } else { Unit::Unspecified };
    (x > 0 && y > 0).then(|| PixelDimensions { xppu: per_metre(x), yppu: per_metre(y), unit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_cut_at_any_bit() {
        let row: &[u8] = &[0b1010_0110, 0b1100_0101, 0b1111_0000];
        for (left, width, bits, expected) in [
            (0, 24, 1, &[0b1010_0110, 0b1100_0101, 0b1111_0000][..]),
            (3, 5, 1, &[0b0011_0000]),
            (3, 10, 1, &[0b0011_0110, 0b0000_0000]),
            (13, 11, 1, &[0b1011_1110, 0b0000_0000]),
            (1, 2, 4, &[0b0110_1100]),
            (1, 2, 8, &[0b1100_0101, 0b1111_0000]),
        ] {
            let rectangle = Rectangle { left, top: 1, width, height: 1 };
            let cut = rectangle.rows([&[0, 0, 0], row].into_iter(), bits);
            assert_eq!(cut.as_deref(), Some(expected), "{left} {width} {bits}");
        }
        let beyond = Rectangle { left: 20, top: 0, width: 5, height: 1 };
        assert_eq!(beyond.rows(std::iter::once(row), 1), None);
    }
}
