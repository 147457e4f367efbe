//! The image header, and what follows from it: which chunks have which size, and how many bytes the pixels take.

use crate::refusal::Refusal;

/// The contents of IHDR (PNG 3rd edition, section 11.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    depth: u8,
    colour: u8,
    interlaced: bool,
}

/// The passes of Adam7 (section 8.1): first column, first row, column step, row step.
const PASSES: [(u32, u32, u32, u32); 7] =
    [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

impl Header {
    /// Reads the contents of IHDR.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when a value is not allowed.
    pub(super) fn parse(data: &[u8]) -> Result<Self, Refusal> {
        let damaged = || Refusal::damaged("the image header is not valid");
        let [w3, w2, w1, w0, h3, h2, h1, h0, depth, colour, 0, 0, interlace @ (0 | 1)] = *data else {
            return Err(damaged());
        };
        let (width, height) = (u32::from_be_bytes([w3, w2, w1, w0]), u32::from_be_bytes([h3, h2, h1, h0]));
        let depths: &[u8] = match colour {
            0 => &[1, 2, 4, 8, 16],
            3 => &[1, 2, 4, 8],
            2 | 4 | 6 => &[8, 16],
            _ => &[],
        };
        let sizes_fit = [width, height].iter().all(|side| (1..=0x7fff_ffff).contains(side));
        if !sizes_fit || !depths.contains(&depth) {
            return Err(damaged());
        }
        Ok(Self { width, height, depth, colour, interlaced: interlace == 1 })
    }

    /// Width times height.
    pub(super) fn pixels(&self) -> u64 {
        u64::from(self.width).saturating_mul(u64::from(self.height))
    }

    /// How many bytes the rows of a picture of this size inflate to, filter bytes included. `None` for sizes beyond
    /// anything that could be stored.
    pub(super) fn row_bytes(&self, width: u32, height: u32) -> Option<u64> {
        let rows = |width: u32, height: u32| -> Option<u64> {
            if width == 0 || height == 0 {
                return Some(0);
            }
            let bits = u64::from(width).checked_mul(self.channels())?.checked_mul(u64::from(self.depth))?;
            bits.div_ceil(8).checked_add(1)?.checked_mul(u64::from(height))
        };
        if !self.interlaced {
            return rows(width, height);
        }
        PASSES.iter().try_fold(0_u64, |sum, (column, row, columns, lines)| {
            let (width, height) = (width.saturating_sub(*column), height.saturating_sub(*row));
            sum.checked_add(rows(width.div_ceil(*columns), height.div_ceil(*lines))?)
        })
    }

    fn channels(&self) -> u64 {
        match self.colour {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        }
    }

    /// Whether the palette chunk must be there, may be there or must not.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when `palette` (its size in bytes) breaks the rule.
    pub(super) fn check_palette(&self, palette: Option<usize>) -> Result<(), Refusal> {
        let fits = match (self.colour, palette) {
            (3, None) | (0 | 4, Some(_)) => false,
            (_, None) => true,
            (_, Some(size)) => size > 0 && size.is_multiple_of(3) && size <= 768,
        };
        if fits { Ok(()) } else { Err(Refusal::damaged("the palette does not fit the image header")) }
    }

    /// Whether an ancillary chunk that stays has the size that its kind asks for (section 11.3). Decoders ignore the
    /// others. `palette` is the number of palette entries.
    pub(super) fn fits(&self, name: [u8; 4], size: usize, palette: usize) -> bool {
        match &name {
            b"gAMA" | b"cICP" => size == 4,
            b"cHRM" => size == 32,
            b"sRGB" => size == 1,
            b"mDCV" => size == 24,
            b"cLLI" => size == 8,
            b"pHYs" => size == 9,
            b"sBIT" => size == [1, 0, 3, 3, 2, 0, 4].get(usize::from(self.colour)).copied().unwrap_or(0),
            b"bKGD" => size == [2, 0, 6, 1, 2, 0, 6].get(usize::from(self.colour)).copied().unwrap_or(0),
            b"hIST" => palette > 0 && size == palette.saturating_mul(2),
            b"tRNS" => match self.colour {
                0 => size == 2,
                2 => size == 6,
                3 => (1..=palette).contains(&size),
                _ => false,
            },
            _ => false,
        }
    }
}
