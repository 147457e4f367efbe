//! The headers of the two codings of a picture.

use super::chunks::Chunk;
use crate::formats::Context;
use crate::refusal::Refusal;

/// A coded picture.
pub(super) struct Picture {
    /// Width and height.
    pub(super) size: (u32, u32),
}

impl Picture {
    /// Reads the beginning of a VP8 key frame (RFC 6386 section 9.1) or of a VP8L bitstream (RFC 9649 section 3.4).
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when it is neither.
    pub(super) fn read(chunk: &Chunk<'_>) -> Result<Self, Refusal> {
        let size = match (&chunk.name, chunk.data) {
            (b"VP8 ", [tag0, tag1, tag2, 0x9d, 0x01, 0x2a, w0, w1, h0, h1, rest @ ..]) => {
                let tag = u32::from_le_bytes([*tag0, *tag1, *tag2, 0]);
                let whole = usize::try_from(tag >> 5).is_ok_and(|first_partition| first_partition <= rest.len());
                // The upper two bits are for scaling.
                let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
                (tag & 1 == 0 && whole).then(|| (side(*w0, *w1), side(*h0, *h1)))
            }
            (b"VP8L", [0x2f, b0, b1, b2, b3, ..]) => {
                let bits = u32::from_le_bytes([*b0, *b1, *b2, *b3]);
                (bits >> 29 == 0)
                    .then_some(((bits & 0x3fff).saturating_add(1), (bits >> 14 & 0x3fff).saturating_add(1)))
            }
            _ => None,
        };
        match size {
            Some(size) if size.0 > 0 && size.1 > 0 => Ok(Self { size }),
            _ => Err(Refusal::damaged("the header of a picture is not valid")),
        }
    }

    /// Checks the size against the limit.
    ///
    /// # Errors
    /// [`crate::Reason::OverLimit`].
    pub(super) fn check_size(&self, context: &Context<'_>) -> Result<(), Refusal> {
        check_size(self.size, context)
    }
}

/// Checks a size against the limit of pixels.
///
/// # Errors
/// [`crate::Reason::OverLimit`].
pub(super) fn check_size((width, height): (u32, u32), context: &Context<'_>) -> Result<(), Refusal> {
    if u64::from(width).saturating_mul(u64::from(height)) > context.limits.image_pixels {
        return Err(Refusal::over_limit("image-pixels", format!("the picture is {width}×{height}")));
    }
    Ok(())
}
