//! Codes a cleaned JPEG anew: decoded to samples and compressed again at high quality, without subsampling. Density,
//! orientation and profile stay.

use std::io::Cursor;

use jpeg_decoder::{Decoder, PixelFormat};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::Parts;
use crate::formats::{Context, Report, no_encoder};
use crate::refusal::Refusal;

/// On the encoder's scale of 1 to 100: no difference that an eye would find.
const QUALITY: u8 = 95;

/// The file with its picture coded anew.
///
/// # Errors
/// [`crate::Reason::Unsupported`] for more than 8 bits a sample, [`crate::Reason::Damaged`], [`crate::Reason::OverLimit`].
pub(super) fn reencode(copy: &[u8], context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
    let broken = || Refusal::damaged("the picture cannot be decoded to be coded anew");
    let mut decoder = Decoder::new(Cursor::new(copy));
    decoder.set_max_decoding_buffer_size(usize::try_from(context.decompressed_left()).unwrap_or(usize::MAX));
    let samples = decoder.decode().map_err(|_| broken())?;
    context.charge_decompressed(samples.len() as u64)?;
    let info = decoder.info().ok_or_else(broken)?;
    let color = match info.pixel_format {
        PixelFormat::L8 => ColorType::Luma,
        PixelFormat::RGB24 => ColorType::Rgb,
        PixelFormat::CMYK32 => ColorType::CmykAsYcck,
        PixelFormat::L16 => return Err(no_encoder("a JPEG image of more than 8 bits")),
    };
    let mut coded = Vec::new();
    let mut encoder = Encoder::new(&mut coded, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    encoder.set_optimized_huffman_tables(true);
    encoder.encode(&samples, info.width, info.height, color).map_err(|_| broken())?;

    // The new picture, with what stays around the old one. How components are to be read is up to the new one.
    let kept = Parts::collect(copy, context, &mut Report::default())?;
    let mut parts = Parts::collect(&coded, context, &mut Report::default())?;
    parts.jfif = kept.jfif.or(parts.jfif);
    parts.orientation = kept.orientation;
    parts.profile = kept.profile;
    let mut out = Vec::new();
    parts.write(&mut out).map_err(|_| broken())?;
    Ok(out)
}
