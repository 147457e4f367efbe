//! Codes a cleaned WebP anew: pictures are decoded and compressed again without loss, all other chunks stay.
//!
//! The frames of an animation become pictures of the whole canvas, since that is what the decoder gives.

use std::borrow::Cow;
use std::io::Cursor;

use image::codecs::webp::{WebPDecoder, WebPEncoder};
use image::{AnimationDecoder, DynamicImage, ImageDecoder};

use super::chunks::{Chunks, append, body, write_file};
use super::{ALPHA, Copied};
use crate::formats::Context;
use crate::refusal::Refusal;

/// Bytes of an ANMF chunk before the picture (RFC 9649 section 2.7.1.1): place, size, duration, flags.
const FRAME_HEAD: usize = 16;
/// Frame flag: the picture replaces what is there instead of being blended with it.
const REPLACE: u8 = 2;

fn broken() -> Refusal {
    Refusal::damaged("the picture cannot be decoded to be coded anew")
}

/// The file with its pictures coded anew.
///
/// # Errors
/// [`crate::Reason::Damaged`] where the decoder stumbles, [`crate::Reason::OverLimit`].
pub(super) fn reencode(copy: &[u8], context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
    let decoder = WebPDecoder::new(Cursor::new(copy)).map_err(|_| broken())?;
    let (width, height) = decoder.dimensions();
    let size = u64::from(width).saturating_mul(u64::from(height)).saturating_mul(4);
    let mut chunks = Chunks::new(body(copy)?.0);
    let mut out: Copied<'_> = Vec::new();
    let animated = decoder.has_animation();
    if animated {
        let canvas: Vec<u8> = [width, height].iter().flat_map(|side| side.saturating_sub(1).to_le_bytes()).collect();
        let (w, h) = (canvas.get(..3).unwrap_or_default(), canvas.get(4..7).unwrap_or_default());
        let mut frames = decoder.into_frames();
        while let Some(chunk) = chunks.next()? {
            if &chunk.name != b"ANMF" {
                out.push((chunk.name, Cow::Borrowed(chunk.data)));
                continue;
            }
            context.charge_decompressed(size)?;
            let picture = frames.next().and_then(Result::ok).ok_or_else(broken)?;
            let coded = lossless(&DynamicImage::ImageRgba8(picture.into_buffer()))?;
            let duration = chunk.data.get(12..15).ok_or_else(broken)?;
            let mut frame = Vec::with_capacity(coded.len().saturating_add(FRAME_HEAD).saturating_add(8));
            frame.extend([&[0; 6], w, h, duration, &[REPLACE]].concat());
            append(&mut frame, *b"VP8L", &coded);
            out.push((chunk.name, Cow::Owned(frame)));
        }
    } else {
        context.charge_decompressed(size)?;
        let coded = lossless(&DynamicImage::from_decoder(decoder).map_err(|_| broken())?)?;
        while let Some(chunk) = chunks.next()? {
            match &chunk.name {
                b"ALPH" => {}
                b"VP8 " | b"VP8L" => out.push((*b"VP8L", Cow::Owned(coded.clone()))),
                _ => out.push((chunk.name, Cow::Borrowed(chunk.data))),
            }
        }
    }
    // Pictures of the whole canvas are transparent where the frames left it bare.
    for (name, data) in &mut out {
        if let (true, b"VP8X", Some(flags)) = (animated, &*name, data.to_mut().first_mut()) {
            *flags |= ALPHA;
        }
    }
    let mut file = Vec::new();
    write_file(&out, &mut file).map_err(|_| broken())?;
    Ok(file)
}

/// The contents of the VP8L chunk for a picture.
fn lossless(picture: &DynamicImage) -> Result<Vec<u8>, Refusal> {
    let mut file = Vec::new();
    picture.write_with_encoder(WebPEncoder::new_lossless(&mut file)).map_err(|_| broken())?;
    let coded = Chunks::new(body(&file)?.0).next()?.filter(|chunk| &chunk.name == b"VP8L").ok_or_else(broken)?;
    Ok(coded.data.to_vec())
}
