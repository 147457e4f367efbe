//! A rectangle cut out of a cleaned still PNG: colour type, depth, palette and every chunk stay, only the samples around it go.

use std::io::Cursor;

use png::{Decoder, Limits, Transformations};

use super::chunks::{Chunks, SIGNATURE, write};
use super::reencode::compress;
use crate::formats::Context;
use crate::formats::cut::Rectangle;
use crate::refusal::Refusal;

/// The picture within the rectangle.
///
/// # Errors
/// [`crate::Reason::Unsupported`] for an animation, [`crate::Reason::Damaged`] where the decoder stumbles,
/// [`crate::Reason::OverLimit`].
pub(in crate::formats) fn cut(copy: &[u8], rectangle: Rectangle, context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
    let bytes = usize::try_from(context.decompressed_left()).unwrap_or(usize::MAX);
    let mut decoder = Decoder::new_with_limits(Cursor::new(copy), Limits { bytes });
    decoder.set_transformations(Transformations::IDENTITY);
    let mut reader = decoder.read_info().map_err(|_| broken())?;
    if reader.info().is_animated() {
        return Err(Refusal::unsupported("it is animated"));
    }
    let size = reader.output_buffer_size().ok_or_else(broken)?;
    context.charge_decompressed(size as u64)?;
    let mut samples = vec![0; size];
    let made = reader.next_frame(&mut samples).map_err(|_| broken())?;
    let bits = made.color_type.samples().saturating_mul(usize::from(made.bit_depth as u8));
    let rows = samples.chunks_exact(made.line_size.max(1));
    let within = rectangle.rows(rows, bits).ok_or_else(broken)?;
    let size = (rectangle.width, rectangle.height);
    around(copy, rectangle, &compress(&within, size, made.color_type, made.bit_depth)?)
}

/// The chunks of a file around another picture.
fn around(copy: &[u8], rectangle: Rectangle, picture: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut chunks = Chunks::new(copy)?;
    let mut out = SIGNATURE.to_vec();
    let mut put = |name, parts: &[&[u8]]| write(&mut out, name, parts).map_err(|_| broken());
    let mut written = false;
    loop {
        let chunk = chunks.next()?;
        match &chunk.name {
            b"IHDR" => {
                // Interlacing is a matter of the coding.
                let [width, height] = [rectangle.width, rectangle.height].map(u32::to_be_bytes);
                put(chunk.name, &[&width, &height, chunk.data.get(8..12).unwrap_or_default(), &[0]])?;
            }
            b"IDAT" if written => {}
            b"IDAT" => {
                written = true;
                put(chunk.name, &[picture])?;
            }
            name => put(*name, &[chunk.data])?,
        }
        if &chunk.name == b"IEND" {
            return Ok(out);
        }
    }
}

fn broken() -> Refusal {
    Refusal::damaged("the picture cannot be decoded to be cut")
}
