//! The samples of a JPEG by two decoders: `zune-jpeg`, which is the fast one, knows most of them; `jpeg-decoder` knows lossless
//! coding, and gives all four components of a picture for print, where the other makes three of them.
//!
//! Samples are compared in the colours in which they are coded, which stand in the title: equal ones turn into equal red, green
//! and blue.

use std::io::Cursor;

use jpeg_decoder::{Decoder, Error, PixelFormat};
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{Animation, Decoded, NoPixels, Pixels, check_pixels};
use crate::limits::Limits;

impl From<DecodeErrors> for NoPixels {
    fn from(error: DecodeErrors) -> Self {
        match error {
            DecodeErrors::Unsupported(_) => Self::Unsupported,
            _ => Self::Broken,
        }
    }
}

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
    usual(bytes, limits).or_else(|trouble| match trouble {
        NoPixels::TooLarge(_) => Err(trouble),
        _ => samples(bytes, limits).map_err(|_| trouble),
    })
}

/// Every sample as `zune-jpeg` gives it: grey, YCbCr or RGB.
fn usual(bytes: &[u8], limits: &Limits) -> Result<Decoded, NoPixels> {
    let options = DecoderOptions::default().set_strict_mode(false).set_max_width(usize::MAX).set_max_height(usize::MAX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers()?;
    let (width, height) = decoder.dimensions().ok_or(NoPixels::Broken)?;
    check_pixels(width as u64, height as u64, limits)?;
    let (colours, name) = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => (ColorSpace::Luma, "L8"),
        Some(ColorSpace::YCbCr) => (ColorSpace::YCbCr, "YCbCr8"),
        _ => (ColorSpace::RGB, "Rgb8"),
    };
    decoder.set_options(options.jpeg_set_out_colorspace(colours));
    let samples = decoder.decode()?;
    let title = format!("{width}×{height}, {name}");
    Ok(Decoded { pixels: Pixels::of(samples), title, animation: Animation::Still })
}

/// Every sample as `jpeg-decoder` gives it.
fn samples(bytes: &[u8], limits: &Limits) -> Result<Decoded, NoPixels> {
    let mut decoder = Decoder::new(Cursor::new(bytes));
    decoder.set_max_decoding_buffer_size(usize::try_from(limits.decompressed_bytes).unwrap_or(usize::MAX));
    decoder.read_info()?;
    let info = decoder.info().ok_or(NoPixels::Broken)?;
    check_pixels(info.width.into(), info.height.into(), limits)?;
    let samples = decoder.decode()?;
    let title = format!("{}×{}, {:?}", info.width, info.height, info.pixel_format);
    Ok(Decoded { pixels: Pixels::of(samples), title, animation: Animation::Still })
}
