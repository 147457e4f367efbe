//! Codes a cleaned PNG anew: every picture is decoded to its samples and compressed again, all other chunks stay.
//!
//! Colour type and depth stay, palettes too. Interlacing goes: its passes are a matter of the coding.

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, Encoder, Limits, Reader, Transformations};

use super::chunks::{Chunks, SIGNATURE, write};
use crate::formats::Context;
use crate::refusal::Refusal;

/// The file with its pictures coded anew.
///
/// # Errors
/// [`crate::Reason::Damaged`] where the decoder stumbles, [`crate::Reason::OverLimit`].
pub(super) fn reencode(copy: &[u8], context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
    let mut pictures = Pictures::open(copy, context)?;
    let mut chunks = Chunks::new(copy)?;
    let mut out = SIGNATURE.to_vec();
    let mut sequence = 0_u32;
    let mut within = None;
    let mut put = |name, parts: &[&[u8]]| write(&mut out, name, parts).map_err(|_| broken());
    loop {
        let chunk = chunks.next()?;
        // The chunks of one picture follow one another.
        let continues = within == Some(chunk.name);
        within = Some(chunk.name);
        match &chunk.name {
            b"IHDR" => put(chunk.name, &[chunk.data.get(..12).unwrap_or_default(), &[0]])?,
            b"IDAT" | b"fdAT" if continues => {}
            b"IDAT" => put(chunk.name, &[&pictures.next(context)?])?,
            b"fdAT" => {
                put(chunk.name, &[&sequence.to_be_bytes(), &pictures.next(context)?])?;
                sequence = sequence.saturating_add(1);
            }
            b"fcTL" => {
                put(chunk.name, &[&sequence.to_be_bytes(), chunk.data.get(4..).unwrap_or_default()])?;
                sequence = sequence.saturating_add(1);
            }
            name => put(*name, &[chunk.data])?,
        }
        if &chunk.name == b"IEND" {
            return Ok(out);
        }
    }
}

fn broken() -> Refusal {
    Refusal::damaged("the picture cannot be decoded to be coded anew")
}

/// The pictures of a file, decoded one by one.
struct Pictures<'a> {
    reader: Reader<Cursor<&'a [u8]>>,
}

impl<'a> Pictures<'a> {
    fn open(copy: &'a [u8], context: &Context<'_>) -> Result<Self, Refusal> {
        let bytes = usize::try_from(context.decompressed_left()).unwrap_or(usize::MAX);
        let mut decoder = Decoder::new_with_limits(Cursor::new(copy), Limits { bytes });
        decoder.set_transformations(Transformations::IDENTITY);
        Ok(Self { reader: decoder.read_info().map_err(|_| broken())? })
    }

    /// The next picture as a zlib stream.
    fn next(&mut self, context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
        let size = self.reader.output_buffer_size().ok_or_else(broken)?;
        context.charge_decompressed(size as u64)?;
        let mut samples = vec![0; size];
        let made = self.reader.next_frame(&mut samples).map_err(|_| broken())?;
        let samples = samples.get(..made.buffer_size()).ok_or_else(broken)?;
        compress(samples, (made.width, made.height), made.color_type, made.bit_depth)
    }
}

/// Samples as a zlib stream.
///
/// # Errors
/// [`crate::Reason::Damaged`] when they are too few.
pub(super) fn compress(
    samples: &[u8],
    (width, height): (u32, u32),
    color: ColorType,
    depth: BitDepth,
) -> Result<Vec<u8>, Refusal> {
    let mut coded = Vec::new();
    let mut encoder = Encoder::new(&mut coded, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == ColorType::Indexed {
        // The encoder wants one; the file keeps its own.
        encoder.set_palette(&[0_u8; 3][..]);
    }
    let mut writer = encoder.write_header().map_err(|_| broken())?;
    writer.write_image_data(samples).map_err(|_| broken())?;
    writer.finish().map_err(|_| broken())?;
    stream(&coded)
}

/// The compressed picture of a still file.
fn stream(file: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut chunks = Chunks::new(file)?;
    let mut stream = Vec::new();
    loop {
        let chunk = chunks.next()?;
        match &chunk.name {
            b"IDAT" => stream.extend_from_slice(chunk.data),
            b"IEND" => return Ok(stream),
            _ => {}
        }
    }
}
