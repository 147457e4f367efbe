//! A JPEG as the pieces that it is made of (ITU-T T.81 annex B).
//!
//! The walk goes through *all* scans up to the end of the first image: a progressive file has tables and scans after its
//! first scan, and metadata may stand between them.

use crate::refusal::Refusal;

/// Marker codes, the byte after 0xFF (T.81 table B.1).
pub(in crate::formats) mod marker {
    pub(in crate::formats) const DHT: u8 = 0xc4;
    pub(in crate::formats) const DAC: u8 = 0xcc;
    pub(in crate::formats) const SOI: u8 = 0xd8;
    pub(in crate::formats) const EOI: u8 = 0xd9;
    pub(in crate::formats) const SOS: u8 = 0xda;
    pub(in crate::formats) const DQT: u8 = 0xdb;
    pub(in crate::formats) const DNL: u8 = 0xdc;
    pub(in crate::formats) const DRI: u8 = 0xdd;
    pub(in crate::formats) const APP0: u8 = 0xe0;
    pub(in crate::formats) const APP15: u8 = 0xef;
    pub(in crate::formats) const COM: u8 = 0xfe;
}

/// A piece of a JPEG, in file order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::formats) enum Piece<'a> {
    /// A marker segment without its marker and length.
    Segment { marker: u8, payload: &'a [u8] },
    /// A scan: the payload of its SOS segment, and its entropy-coded data with stuffed bytes and restart markers.
    Scan { header: &'a [u8], data: &'a [u8] },
    /// This many bytes that belong to no segment: fill bytes, junk, stray restart markers.
    Junk(usize),
    /// The end of the image, and all bytes after it.
    End { rest: &'a [u8] },
}

/// The walk over one JPEG. Yields [`Piece::End`] as the last piece of an intact image.
pub(in crate::formats) struct Walk<'a> {
    size: usize,
    rest: &'a [u8],
    ended: bool,
}

impl<'a> Walk<'a> {
    /// Starts behind the SOI marker.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when there is none.
    pub(in crate::formats) fn new(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let rest = bytes.strip_prefix(&[0xff, marker::SOI]).ok_or_else(|| Refusal::damaged("no SOI at the start"))?;
        Ok(Self { size: bytes.len(), rest, ended: false })
    }

    /// Where the piece that was yielded last ends; of the end of the image, where the bytes after it begin.
    pub(super) fn at(&self) -> usize {
        self.size.saturating_sub(self.rest.len())
    }

    fn step(&mut self) -> Result<Piece<'a>, Refusal> {
        let (junk, code) = next_marker(self.rest).ok_or_else(|| cut_off("between segments"))?;
        if junk > 0 {
            self.rest = self.rest.get(junk..).unwrap_or_default();
            return Ok(Piece::Junk(junk));
        }
        let after = self.rest.get(2..).unwrap_or_default();
        match code {
            marker::EOI => {
                self.ended = true;
                self.rest = after;
                Ok(Piece::End { rest: after })
            }
            marker::SOI => Err(Refusal::damaged("a second image begins before the first one ends")),
            // TEM and restart markers stand alone and mean nothing here.
            0x01 | 0xd0..=0xd7 => {
                self.rest = after;
                Ok(Piece::Junk(2))
            }
            0x02..=0xbf => Err(Refusal::damaged(format!("reserved marker 0xFF{code:02X}"))),
            _ => {
                let (payload, rest) = payload(after).ok_or_else(|| cut_off("inside a segment"))?;
                if code != marker::SOS {
                    self.rest = rest;
                    return Ok(Piece::Segment { marker: code, payload });
                }
                let end = scan_end(rest).ok_or_else(|| cut_off("inside the picture"))?;
                let (data, rest) = rest.split_at_checked(end).ok_or_else(|| cut_off("inside the picture"))?;
                self.rest = rest;
                Ok(Piece::Scan { header: payload, data })
            }
        }
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = Result<Piece<'a>, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let piece = self.step();
        self.ended |= piece.is_err();
        Some(piece)
    }
}

fn cut_off(place: &str) -> Refusal {
    Refusal::damaged(format!("the file ends {place}: it is cut off"))
}

/// How many bytes stand before the next marker, and its code. Decoders search in the same way: any run of bytes up to
/// 0xFF and a byte that is neither 0x00 nor 0xFF.
fn next_marker(bytes: &[u8]) -> Option<(usize, u8)> {
    bytes.windows(2).enumerate().find_map(|(at, pair)| match pair {
        [0xff, code] if *code != 0 && *code != 0xff => Some((at, *code)),
        _ => None,
    })
}

/// The payload of the segment whose length field begins `bytes`, and what follows it (T.81 B.1.1.4).
fn payload(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)).checked_sub(2)?)
}

/// Where the entropy-coded data that begins `bytes` ends: before the first marker that is no restart marker, fill bytes
/// before that marker not included.
fn scan_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 0_usize;
    loop {
        let (distance, code) = next_marker(bytes.get(at..)?)?;
        let marker_at = at.checked_add(distance)?;
        if !matches!(code, 0xd0..=0xd7) {
            let fill = bytes.get(..marker_at)?.iter().rev().take_while(|byte| **byte == 0xff).count();
            return marker_at.checked_sub(fill);
        }
        at = marker_at.checked_add(2)?;
    }
}
