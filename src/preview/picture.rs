//! A picture, turned upright and over white; of several pictures in a file the first.

use std::io::Cursor;

use hayro_jpeg2000::{DecodeSettings, Image};
use image::codecs::bmp::BmpDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::ico::IcoDecoder;
use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::tiff::TiffDecoder;
use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ImageDecoder, ImageError, Limits};
use jxl_oxide::JxlThreadPool;
use jxl_oxide::integration::JxlDecoder;

use super::{Preview, SIDE, not_drawn};
use crate::formats::Context;
use crate::kind::Kind;
use crate::refusal::Refusal;

/// Draws a picture.
///
/// # Errors
/// A [`Refusal`] when there is no decoder for it, the decoder fails on it, or it is too large.
pub(super) fn preview(kind: Kind, bytes: &[u8], context: &Context<'_>) -> Result<Preview, Refusal> {
    let from = Cursor::new(bytes);
    match kind {
        Kind::Jpeg => drawn(JpegDecoder::new(from), context),
        Kind::Png => drawn(PngDecoder::new(from), context),
        Kind::Gif => drawn(GifDecoder::new(from), context),
        Kind::WebP => drawn(WebPDecoder::new(from), context),
        Kind::Tiff => drawn(TiffDecoder::new(from), context),
        Kind::Bmp => drawn(BmpDecoder::new(from), context),
        Kind::Ico => drawn(IcoDecoder::new(from), context),
        Kind::JpegXl => drawn(JxlDecoder::with_thread_pool(from, JxlThreadPool::none()), context),
        Kind::Jpeg2000 => {
            let settings = DecodeSettings { resolve_palette_indices: true, strict: false, target_resolution: None };
            let image = Image::new(bytes, &settings).map_err(|_| undrawn())?;
            drawn(Ok(image), context)
        }
        _ => Err(not_drawn()),
    }
}

fn undrawn() -> Refusal {
    Refusal::unsupported("the decoder does not take the picture")
}

fn drawn(decoder: Result<impl ImageDecoder, ImageError>, context: &Context<'_>) -> Result<Preview, Refusal> {
    let mut decoder = decoder.map_err(|_| undrawn())?;
    let (width, height) = decoder.dimensions();
    if u64::from(width).saturating_mul(u64::from(height)) > context.limits.image_pixels {
        return Err(Refusal::over_limit("image-pixels", format!("the picture is {width}×{height}")));
    }
    context.charge_decompressed(decoder.total_bytes())?;
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(context.decompressed_left());
    // One that knows no limits has only the memory of its process.
    let _ = decoder.set_limits(limits);
    let orientation = decoder.orientation().map_err(|_| undrawn())?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| undrawn())?;
    if width.max(height) > u32::from(SIDE) {
        picture = picture.thumbnail(SIDE.into(), SIDE.into());
    }
    picture.apply_orientation(orientation);
    let (width, height) = (picture.width(), picture.height());
    let pixels = picture.to_rgba8().pixels().flat_map(|pixel| over_white(pixel.0)).collect();
    let sides = u16::try_from(width).ok().zip(u16::try_from(height).ok());
    sides.and_then(|(width, height)| Preview::new(width, height, pixels, None)).ok_or_else(undrawn)
}

/// What is seen of a colour on paper.
fn over_white([red, green, blue, alpha]: [u8; 4]) -> [u8; 3] {
    let alpha = u32::from(alpha);
    [red, green, blue].map(|sample| {
        let mixed = u32::from(sample)
            .saturating_mul(alpha)
            .saturating_add(255_u32.saturating_mul(255_u32.saturating_sub(alpha)));
        u8::try_from(mixed.div_ceil(255)).unwrap_or(u8::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::over_white;

    #[test]
    fn what_is_transparent_is_white() {
        assert_eq!(over_white([10, 20, 30, 255]), [10, 20, 30]);
        assert_eq!(over_white([10, 20, 30, 0]), [255; 3]);
        assert_eq!(over_white([0, 100, 255, 128]), [127, 178, 255]);
    }
}
