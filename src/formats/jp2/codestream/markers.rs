//! A codestream as the marker segments that it is made of (section A.1).

use crate::refusal::Refusal;

/// Second bytes of markers (Table A.2 and ISO/IEC 15444-15 Table A.1).
pub(super) mod code {
    pub(in crate::formats::jp2) const SOC: u8 = 0x4f;
    pub(in crate::formats::jp2) const CAP: u8 = 0x50;
    pub(in crate::formats::jp2) const SIZ: u8 = 0x51;
    pub(in crate::formats::jp2) const COD: u8 = 0x52;
    pub(in crate::formats::jp2) const COC: u8 = 0x53;
    pub(in crate::formats::jp2) const TLM: u8 = 0x55;
    pub(in crate::formats::jp2) const PRF: u8 = 0x56;
    pub(in crate::formats::jp2) const PLM: u8 = 0x57;
    pub(in crate::formats::jp2) const PLT: u8 = 0x58;
    pub(in crate::formats::jp2) const CPF: u8 = 0x59;
    pub(in crate::formats::jp2) const QCD: u8 = 0x5c;
    pub(in crate::formats::jp2) const QCC: u8 = 0x5d;
    pub(in crate::formats::jp2) const RGN: u8 = 0x5e;
    pub(in crate::formats::jp2) const POC: u8 = 0x5f;
    pub(in crate::formats::jp2) const PPM: u8 = 0x60;
    pub(in crate::formats::jp2) const PPT: u8 = 0x61;
    pub(in crate::formats::jp2) const CRG: u8 = 0x63;
    pub(in crate::formats::jp2) const COM: u8 = 0x64;
    /// Security (ISO/IEC 15444-8).
    pub(in crate::formats::jp2) const SEC: u8 = 0x65;
    pub(in crate::formats::jp2) const SOT: u8 = 0x90;
    pub(in crate::formats::jp2) const SOP: u8 = 0x91;
    pub(in crate::formats::jp2) const SOD: u8 = 0x93;
    pub(in crate::formats::jp2) const EOC: u8 = 0xd9;
    /// The first of the markers that stand alone and mean nothing.
    pub(in crate::formats::jp2) const RESERVED_FIRST: u8 = 0x30;
    /// The last of them.
    pub(in crate::formats::jp2) const RESERVED_LAST: u8 = 0x3f;
}

/// One marker segment.
#[derive(Clone, Copy)]
pub(super) struct Marker<'a> {
    /// Second byte of the marker.
    pub(super) code: u8,
    /// What follows the length.
    pub(super) contents: &'a [u8],
    /// Marker, length and contents.
    pub(super) whole: &'a [u8],
}

/// Marker segments in the order of the codestream.
pub(super) struct Markers<'a> {
    rest: &'a [u8],
}

impl<'a> Markers<'a> {
    /// The marker segments that `rest` begins with.
    pub(super) fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    /// What is not read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The second byte of the marker that is next.
    pub(super) fn peek(&self) -> Option<u8> {
        match self.rest {
            [0xff, code, ..] => Some(*code),
            _ => None,
        }
    }

    /// The next marker segment.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when there is none, or the bytes end before it does.
    pub(super) fn next(&mut self) -> Result<Marker<'a>, Refusal> {
        self.take().ok_or_else(|| Refusal::damaged("the codestream ends or breaks off where a marker should be"))
    }

    fn take(&mut self) -> Option<Marker<'a>> {
        let code = self.peek()?;
        let alone = matches!(code, code::SOC | code::SOD | code::EOC | code::RESERVED_FIRST..=code::RESERVED_LAST);
        let size = if alone {
            2
        } else {
            let length = self.rest.get(2..)?.first_chunk::<2>()?;
            usize::from(u16::from_be_bytes(*length)).checked_add(2)?
        };
        let (whole, rest) = self.rest.split_at_checked(size)?;
        let contents = if alone { &[] } else { whole.get(4..)? };
        self.rest = rest;
        Some(Marker { code, contents, whole })
    }
}

/// Where the coded data that begins `data` ends, which the end of the codestream follows (section A.4.4). Coded data holds
/// no byte above 0x8F behind 0xFF but in the markers of packets.
pub(super) fn end_of_data(data: &[u8]) -> Option<usize> {
    let mut at = 0_usize;
    loop {
        let rest = data.get(at..)?;
        let next = rest.iter().position(|byte| *byte == 0xff)?;
        at = at.checked_add(next)?;
        match *data.get(at.checked_add(1)?)? {
            code::EOC => return Some(at),
            // Its length and its number, which may look like a marker.
            code::SOP => at = at.checked_add(6)?,
            _ => at = at.checked_add(1)?,
        }
    }
}
