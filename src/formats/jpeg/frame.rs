//! The segments that pixels depend on, checked for shape: what has a fixed size has exactly that size, so that nothing
//! hides behind the values.

use super::walk::marker;
use crate::formats::Context;
use crate::refusal::Refusal;

/// True for the start-of-frame markers of whole images: SOF0–3 (Huffman) and SOF9–11 (arithmetic).
pub(super) fn is_frame(code: u8) -> bool {
    matches!(code, 0xc0..=0xc3 | 0xc9..=0xcb)
}

/// The size that a frame header states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame {
    width: u64,
    /// 0 when a DNL segment after the first scan states it.
    height: u64,
}

impl Frame {
    /// Reads a frame header (T.81 B.2.2).
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when it contradicts itself.
    pub(super) fn parse(payload: &[u8]) -> Result<Self, Refusal> {
        let damaged = || Refusal::damaged("the frame header contradicts itself");
        let [_precision, h1, h0, w1, w0, components, specification @ ..] = payload else { return Err(damaged()) };
        let fits = usize::from(*components).checked_mul(3) == Some(specification.len()) && *components > 0;
        let width = u64::from(u16::from_be_bytes([*w1, *w0]));
        if !fits || width == 0 {
            return Err(damaged());
        }
        Ok(Self { width, height: u64::from(u16::from_be_bytes([*h1, *h0])) })
    }

    /// True when the height is still to come in a DNL segment.
    pub(super) fn lacks_height(self) -> bool {
        self.height == 0
    }

    /// Takes the height from a DNL segment (T.81 B.2.5) if the frame header left it open.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when the segment is malformed or contradicts the frame header.
    pub(super) fn define_lines(&mut self, payload: &[u8]) -> Result<(), Refusal> {
        let lines: [u8; 2] = payload.try_into().map_err(|_| Refusal::damaged("a DNL segment of the wrong size"))?;
        let lines = u64::from(u16::from_be_bytes(lines));
        if lines == 0 || (self.height != 0 && self.height != lines) {
            return Err(Refusal::damaged("the DNL segment contradicts the frame header"));
        }
        self.height = lines;
        Ok(())
    }

    /// True when this picture is wider or higher than the other and not smaller in any way.
    pub(super) fn exceeds(self, other: Self) -> bool {
        self != other && self.width >= other.width && self.height >= other.height
    }

    /// Checks the size against the limit.
    ///
    /// # Errors
    /// [`crate::Reason::OverLimit`].
    pub(super) fn check_size(self, context: &Context<'_>) -> Result<(), Refusal> {
        if self.width.saturating_mul(self.height) > context.limits.image_pixels {
            return Err(Refusal::over_limit("image-pixels", format!("the picture is {}×{}", self.width, self.height)));
        }
        Ok(())
    }
}

/// Checks the shape of a table segment or scan header.
///
/// # Errors
/// [`crate::Reason::Damaged`] when its size is not what its contents ask for.
pub(super) fn check_shape(code: u8, payload: &[u8]) -> Result<(), Refusal> {
    let fits = match code {
        marker::DQT => only(payload, |table| {
            let (head, rest) = table.split_first()?;
            rest.get(if head >> 4 == 0 { 64 } else { 128 }..)
        }),
        marker::DHT => only(payload, |table| {
            let (_class, rest) = table.split_first()?;
            let (counts, rest) = rest.split_at_checked(16)?;
            rest.get(counts.iter().map(|count| usize::from(*count)).sum::<usize>()..)
        }),
        marker::DAC => payload.len().is_multiple_of(2),
        marker::DRI => payload.len() == 2,
        marker::SOS => {
            let components = payload.first().map_or(0, |count| usize::from(*count));
            components > 0 && components.saturating_mul(2).saturating_add(4) == payload.len()
        }
        _ => false,
    };
    if fits { Ok(()) } else { Err(Refusal::damaged(format!("the segment 0xFF{code:02X} has the wrong size"))) }
}

/// True when `payload` is a run of tables and nothing else; `table` returns what follows the first one.
fn only<'a>(payload: &'a [u8], table: impl Fn(&'a [u8]) -> Option<&'a [u8]>) -> bool {
    let mut rest = payload;
    while !rest.is_empty() {
        match table(rest) {
            Some(next) => rest = next,
            None => return false,
        }
    }
    true
}
