//! The pixels of a JPEG by two decoders: `image` knows most of them and gives grey or RGB; `jpeg-decoder` knows lossless coding,
//! and gives all four components of a picture for print, where `image` makes three of them.

use std::io::Cursor;

use image::codecs::jpeg::JpegDecoder;
use jpeg_decoder::{Decoder, Error, PixelFormat};

use super::{Animation, Decoded, NoPixels, Pixels, check_size, decode_still};
use crate::limits::Limits;
use crate::refusal::Refusal;

impl From<Error> for NoPixels {
    fn from(error: Error) -> Self {
        match error {
            Error::Unsupported(_) => Self::Unsupported,
            _ => Self::Broken,
        }
    }
}

/// Decodes the picture with the decoder that gives most of it.
pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Decoded, NoPixels> {
    let four_components = || -> Result<bool, NoPixels> {
        let mut decoder = Decoder::new(Cursor::new(bytes));
        decoder.read_info()?;
        Ok(decoder.info().is_some_and(|info| info.pixel_format == PixelFormat::CMYK32))
    };
    if four_components().unwrap_or(false)
        && let Ok(decoded) = samples(bytes, limits)
    {
        return Ok(decoded);
    }
    let usual = || -> Result<Decoded, NoPixels> {
        let decoder = JpegDecoder::new(Cursor::new(bytes))?;
        check_size(&decoder, limits)?;
        decode_still(decoder)
    };
    usual().or_else(|trouble| match trouble {
        NoPixels::TooLarge(_) => Err(trouble),
        _ => samples(bytes, limits).map_err(|_| trouble),
    })
}

/// Every sample as `jpeg-decoder` gives it.
fn samples(bytes: &[u8], limits: &Limits) -> Result<Decoded, NoPixels> {
    let mut decoder = Decoder::new(Cursor::new(bytes));
    decoder.set_max_decoding_buffer_size(usize::try_from(limits.decompressed_bytes).unwrap_or(usize::MAX));
    decoder.read_info()?;
    let info = decoder.info().ok_or(NoPixels::Broken)?;
    if u64::from(info.width).saturating_mul(u64::from(info.height)) > limits.image_pixels {
        let detail = format!("the picture is {}×{}", info.width, info.height);
        return Err(NoPixels::TooLarge(Refusal::over_limit("image-pixels", detail)));
    }
    let samples = decoder.decode()?;
    let title = format!("{}×{}, {:?}", info.width, info.height, info.pixel_format);
    Ok(Decoded { pixels: Pixels::of(samples), title, animation: Animation::Still })
}
