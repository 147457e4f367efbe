//! The rows of a picture as they inflate, and how many bytes they take.

use std::io::Read;

use flate2::bufread::ZlibDecoder;

use crate::refusal::Refusal;

/// A compressed picture: the main one or that of a frame. The animation control stands as one without rows.
pub(super) struct Stream<'a> {
    /// Contents of the fcTL chunk without its sequence number; empty for a still picture.
    pub(super) control: &'a [u8],
    pub(super) bytes: Vec<u8>,
    /// Bytes that the rows take.
    pub(super) rows: u64,
}

impl Stream<'_> {
    /// Inflates the rows into `take`. Returns how many compressed bytes the whole stream has, and whether it ends with the
    /// last row.
    pub(super) fn inflate(&self, take: &mut dyn FnMut(&[u8])) -> Result<(usize, bool), Refusal> {
        if self.rows == 0 && self.bytes.is_empty() {
            return Ok((0, true));
        }
        let broken = || Refusal::damaged("a compressed picture is broken");
        let mut decoder = ZlibDecoder::new(self.bytes.as_slice());
        let mut window = vec![0; 128 << 10];
        let mut left = self.rows;
        loop {
            let made = decoder.read(&mut window).map_err(|_| broken())?;
            let bytes = window.get(..made).ok_or_else(broken)?;
            let row_bytes = usize::try_from(left).map_or(made, |left| left.min(made));
            take(bytes.get(..row_bytes).unwrap_or_default());
            left = left.saturating_sub(row_bytes as u64);
            if made == 0 && left > 0 {
                return Err(Refusal::damaged("a compressed picture is cut off"));
            }
            if made == 0 || made > row_bytes {
                let used = usize::try_from(decoder.total_in()).map_err(|_| broken())?;
                return Ok((used, made == row_bytes));
            }
        }
    }
}

/// What the image header says about the rows.
pub(super) struct Size {
    pub(super) width: u64,
    pub(super) height: u64,
    bits: u64,
    interlaced: bool,
}

impl Size {
    /// Reads the contents of IHDR.
    pub(super) fn of(header: &[u8]) -> Option<Self> {
        let sides = u64::from_be_bytes(*header.first_chunk::<8>()?);
        let samples = match header.get(9)? {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        };
        let bits = u64::from(*header.get(8)?).checked_mul(samples)?;
        Some(Self { width: sides >> 32, height: sides & 0xffff_ffff, bits, interlaced: header.get(12) == Some(&1) })
    }

    /// Bytes of all rows of a picture of this size, each behind a byte that names its filter.
    pub(super) fn rows(&self, width: u64, height: u64) -> u64 {
        let plain = |width: u64, height: u64| match width.saturating_mul(self.bits).div_ceil(8) {
            0 => 0,
            bytes => bytes.saturating_add(1).saturating_mul(height),
        };
        if !self.interlaced {
            return plain(width, height);
        }
        // Adam7: every pass takes the pixels at a start and a step per direction.
        let every =
            |side: u64, start: u64, step: u64| side.saturating_add(step.saturating_sub(1)).saturating_sub(start) / step;
        let columns = [(0, 8), (4, 8), (0, 4), (2, 4), (0, 2), (1, 2), (0, 1)];
        let lines = [(0, 8), (0, 8), (4, 8), (0, 4), (2, 4), (0, 2), (1, 2)];
        let passes = columns
            .iter()
            .zip(lines)
            .map(|(column, line)| plain(every(width, column.0, column.1), every(height, line.0, line.1)));
        passes.fold(0, u64::saturating_add)
    }
}
