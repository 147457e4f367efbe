//! Numbers of a codestream, bit by bit (ISO/IEC 18181-1 annex B), and headers written anew without some of their bits.

use std::ops::Range;

use crate::refusal::Refusal;

/// The four ways in which a `U32` is coded: what is added to how many bits.
pub(super) type Ways = [(u32, u32); 4];

/// How numbers of enumerations are coded.
const ENUMERATION: Ways = [(0, 0), (1, 0), (2, 4), (18, 6)];

/// Reads numbers; the lowest bit of a byte comes first.
#[derive(Clone)]
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    /// The bit that comes next.
    at: usize,
}

impl<'a> Bits<'a> {
    /// Begins at a bit of `bytes`.
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// The place of the next bit.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// All bytes, from the beginning on.
    pub(super) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The next number of `count` bits, at most 32.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when there are not so many, here and in all others.
    pub(super) fn bits(&mut self, count: u32) -> Result<u32, Refusal> {
        let first = self.at;
        self.skip(u64::from(count))?;
        let mut window = [0_u8; 8];
        for (to, from) in window.iter_mut().zip(self.bytes.get(first / 8..).unwrap_or_default()) {
            *to = *from;
        }
        let mask = (1_u64 << count.min(32)) - 1;
        Ok(u32::try_from((u64::from_le_bytes(window) >> (first % 8)) & mask).unwrap_or(u32::MAX))
    }

    /// The next bit.
    pub(super) fn flag(&mut self) -> Result<bool, Refusal> {
        Ok(self.bits(1)? != 0)
    }

    /// The next `U32`.
    pub(super) fn coded(&mut self, ways: Ways) -> Result<u32, Refusal> {
        let [first, second, third, fourth] = ways;
        let (added, count) = match self.bits(2)? {
            0 => first,
            1 => second,
            2 => third,
            _ => fourth,
        };
        Ok(self.bits(count)?.wrapping_add(added))
    }

    /// The next number of an enumeration.
    pub(super) fn enumeration(&mut self) -> Result<u32, Refusal> {
        self.coded(ENUMERATION)
    }

    /// The next `U64`.
    pub(super) fn long(&mut self) -> Result<u64, Refusal> {
        match self.bits(2)? {
            0 => return Ok(0),
            1 => return Ok(u64::from(self.bits(4)?) + 1),
            2 => return Ok(u64::from(self.bits(8)?) + 17),
            _ => {}
        }
        let mut value = u64::from(self.bits(12)?);
        let mut shift = 12_u32;
        while self.flag()? {
            let count = if shift == 60 { 4 } else { 8 };
            value |= u64::from(self.bits(count)?) << shift;
            if shift == 60 {
                break;
            }
            shift = shift.saturating_add(8);
        }
        Ok(value)
    }

    /// Passes by so many half-precision numbers.
    pub(super) fn halves(&mut self, count: u64) -> Result<(), Refusal> {
        self.skip(count.saturating_mul(16))
    }

    /// Passes by so many bits.
    pub(super) fn skip(&mut self, count: u64) -> Result<(), Refusal> {
        let end = usize::try_from(count).ok().and_then(|count| self.at.checked_add(count));
        let there = self.bytes.len().saturating_mul(8);
        self.at = end.filter(|end| *end <= there).ok_or_else(|| Refusal::damaged("the codestream is cut off"))?;
        Ok(())
    }

    /// Goes on to the next whole byte; the bits before it are zero.
    pub(super) fn align(&mut self) -> Result<(), Refusal> {
        let count = u32::try_from(self.at.next_multiple_of(8).saturating_sub(self.at)).unwrap_or(0);
        if self.bits(count)? == 0 { Ok(()) } else { Err(Refusal::damaged("the padding of a header is not zero")) }
    }
}

/// Bits of a header that do not stay.
pub(super) struct Cut {
    /// Their places.
    pub(super) bits: Range<usize>,
    /// What stands there instead: a number and its bits.
    pub(super) instead: (u32, u32),
}

/// Writes numbers; the lowest bit of a byte comes first.
pub(super) struct BitWriter<'a> {
    copy: &'a mut Vec<u8>,
    /// Bits that do not fill a byte yet.
    waiting: u64,
    count: u32,
}

impl<'a> BitWriter<'a> {
    /// Begins with the next byte of `copy`.
    pub(super) fn new(copy: &'a mut Vec<u8>) -> Self {
        Self { copy, waiting: 0, count: 0 }
    }

    /// Appends the bits `range` of a codestream, without the cuts, which are in order.
    ///
    /// # Errors
    /// As [`Bits::bits`].
    pub(super) fn header(&mut self, bytes: &[u8], range: Range<usize>, cuts: &[Cut]) -> Result<(), Refusal> {
        let mut bits = Bits::new(bytes, range.start);
        for cut in cuts {
            self.append(&mut bits, cut.bits.start)?;
            let (value, count) = cut.instead;
            self.push(value, count);
            bits = Bits::new(bytes, cut.bits.end);
        }
        self.append(&mut bits, range.end)
    }

    /// Appends the bits up to the place `end`.
    fn append(&mut self, bits: &mut Bits<'_>, end: usize) -> Result<(), Refusal> {
        while bits.at() < end {
            let count = u32::try_from(end.saturating_sub(bits.at())).unwrap_or(u32::MAX).min(32);
            self.push(bits.bits(count)?, count);
        }
        Ok(())
    }

    /// Appends a number of `count` bits, at most 32.
    pub(super) fn push(&mut self, value: u32, count: u32) {
        self.waiting |= u64::from(value) << self.count;
        self.count = self.count.saturating_add(count);
        while self.count >= 8 {
            let [byte, ..] = self.waiting.to_le_bytes();
            self.copy.push(byte);
            self.waiting >>= 8;
            self.count = self.count.saturating_sub(8);
        }
    }

    /// Appends a `U64`, in the way that has room for all.
    pub(super) fn push_long(&mut self, value: u32) {
        self.push(3, 2);
        self.push(value & 0xfff, 12);
        let mut rest = value >> 12;
        while rest > 0 {
            self.push(1, 1);
            self.push(rest & 0xff, 8);
            rest >>= 8;
        }
        self.push(0, 1);
    }

    /// Fills up the last byte with zeros.
    pub(super) fn align(mut self) {
        self.push(0, 7);
    }
}
