//! Every page decoded, of the original and of the copy.

use std::io::Cursor;

use tiff::decoder::{Decoder, Limits as DecoderLimits};

use crate::limits::Limits;
use crate::prove::Check;
use crate::prove::picture::Pixels;
use crate::refusal::Refusal;

/// Compares the pages at these places of the two chains.
pub(super) fn compare(
    input: &[u8],
    shown: &[usize],
    output: &[u8],
    kept: &[usize],
    limits: &Limits,
) -> Result<Check, Refusal> {
    if shown.len() != kept.len() {
        return Err(Refusal::unprovable("the copy has another number of pages"));
    }
    let mut left = limits.decompressed_bytes;
    let (mut equal, mut undecoded) = (0_usize, 0_usize);
    let mut title = String::new();
    for (before, after) in shown.iter().zip(kept) {
        match (decode(input, *before, &mut left), decode(output, *after, &mut left)) {
            (Some(before), Some(after)) if before == after => {
                equal = equal.saturating_add(1);
                if title.is_empty() {
                    title = after.1;
                }
            }
            (Some(_), Some(_)) => {
                return Err(Refusal::unprovable("the copy decodes to other pixels than the original"));
            }
            (Some(_), None) if left > 0 => {
                return Err(Refusal::unprovable("the copy cannot be decoded, the original can"));
            }
            _ => undecoded = undecoded.saturating_add(1),
        }
    }
    Ok(match (equal, undecoded) {
        (0, _) => Check::new("pixels-not-decoded", "the decoder cannot read the pages; the essence alone is proved"),
        (_, 0) => Check::new("pixels-equal", format!("{equal} pages, the first {title}")),
        _ => Check::new(
            "pixels-equal",
            format!("{equal} pages, the first {title}; of {undecoded} more the essence alone is proved"),
        ),
    })
}

/// Pixels and description of one page; `None` when the decoder does not take it.
fn decode(bytes: &[u8], page: usize, left: &mut u64) -> Option<(Pixels, String)> {
    let mut limits = DecoderLimits::default();
    let most = usize::try_from(*left).unwrap_or(usize::MAX);
    limits.decoding_buffer_size = most;
    limits.intermediate_buffer_size = most;
    limits.ifd_value_size = 64 << 20;
    let mut decoder = Decoder::new(Cursor::new(bytes)).ok()?.with_limits(limits);
    decoder.seek_to_image(page).ok()?;
    let (width, height) = decoder.dimensions().ok()?;
    let colour = decoder.colortype().ok()?;
    let mut pixels = decoder.read_image().ok()?;
    let buffer = pixels.as_buffer(0);
    *left = left.saturating_sub(buffer.byte_len() as u64);
    Some((Pixels::of(buffer.as_bytes()), format!("{width}×{height}, {colour:?}")))
}
