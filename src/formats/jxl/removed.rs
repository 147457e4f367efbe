//! What headers and boxes give away: everything that does not stay, by its real name.

use std::io::Read;
use std::ops::Range;

use brotli_decompressor::Decompressor;

use super::bits::{Bits, Cut, Ways};
use crate::formats::bmff::{BmffBox, title};
use crate::formats::metadata::{exif, removed_text, xmp};
use crate::formats::{Context, Report};
use crate::policy::Class;
use crate::refusal::Refusal;

/// How the size of a name in bytes is coded (ISO/IEC 18181-1 table D.9).
const NAME_SIZE: Ways = [(0, 0), (0, 4), (16, 5), (48, 10)];
/// The user type of `uuid` boxes that hold content credentials (C2PA 2.1, section 11.3).
const C2PA: [u8; 16] = [0xd8, 0xfe, 0xc3, 0xd6, 0x1b, 0x0e, 0x48, 0x3c, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7e, 0xc4, 0x81];
/// Bytes of packed metadata that are unpacked to be listed; real ones have a few thousand.
const MOST_UNPACKED: u64 = 64 << 20;

/// What goes of a header.
#[derive(Default)]
pub(super) struct Removed {
    /// Its bits.
    pub(super) cuts: Vec<Cut>,
    /// The names of the frame or of channels.
    names: Vec<Vec<u8>>,
    /// How many bits are extensions.
    extensions: u64,
}

impl Removed {
    /// Leaves bits out, with so many zeros in their place.
    pub(super) fn cut(&mut self, bits: Range<usize>, zeros: u32) {
        self.cuts.push(Cut { bits, instead: (0, zeros) });
    }

    /// Leaves bits out, with a number of so many bits in their place; cuts behind them may be known already.
    pub(super) fn replace(&mut self, bits: Range<usize>, instead: (u32, u32)) {
        self.cuts.push(Cut { bits, instead });
        self.cuts.sort_by_key(|cut| cut.bits.start);
    }

    /// Reads a name, which stays without its text.
    ///
    /// # Errors
    /// As [`Bits::bits`], here and below.
    pub(super) fn name(&mut self, bits: &mut Bits<'_>) -> Result<(), Refusal> {
        let start = bits.at();
        let size = bits.coded(NAME_SIZE)?;
        let mut name = Vec::new();
        for _ in 0..size {
            let [byte, ..] = bits.bits(8)?.to_le_bytes();
            name.push(byte);
        }
        if size > 0 {
            self.cut(start..bits.at(), 2);
            self.names.push(name);
        }
        Ok(())
    }

    /// Reads extensions (section B.3), which decoders may pass by.
    pub(super) fn extensions(&mut self, bits: &mut Bits<'_>) -> Result<(), Refusal> {
        let start = bits.at();
        let mut size = 0_u64;
        for _ in 0..bits.long()?.count_ones() {
            size = size.saturating_add(bits.long()?);
        }
        bits.skip(size)?;
        let taken = bits.at().saturating_sub(start);
        if taken > 2 {
            self.cut(start..bits.at(), 2);
            self.extensions = self.extensions.saturating_add(taken as u64);
        }
        Ok(())
    }

    /// Reports the names and extensions of a header; `owner` is what has the names.
    pub(super) fn list(&self, owner: &str, report: &mut Report) {
        for name in &self.names {
            removed_text(report, Class::MetadataDescription, format!("{owner} name"), name);
        }
        if self.extensions > 0 {
            let size = usize::try_from(self.extensions.div_ceil(8)).unwrap_or(usize::MAX);
            report.removed_bytes(Class::ContentUnknown, format!("extensions of the {owner} header"), "", size);
        }
    }
}

/// Reports a box that goes.
///
/// # Errors
/// [`crate::Reason::OverLimit`] when it unpacks to more than the budget.
pub(super) fn whole_box(found: &BmffBox<'_>, context: &Context<'_>, report: &mut Report) -> Result<(), Refusal> {
    if &found.name != b"brob" {
        contents(found.name, found.data, "", report);
        return Ok(());
    }
    let (name, packed) = found.data.split_first_chunk::<4>().unwrap_or((b"brob", &[]));
    match unpack(packed, context)? {
        Some(data) => contents(*name, &data, "brob", report),
        None => report.removed_bytes(
            Class::MetadataOther,
            format!("{} (unreadable)", title(*name)),
            "brob",
            found.data.len(),
        ),
    }
    Ok(())
}

/// Reports what is in a box; `place` names the box around it.
fn contents(name: [u8; 4], data: &[u8], place: &str, report: &mut Report) {
    let (class, item) = match &name {
        b"Exif" => return exif::list(exif::behind_offset(data), false, report),
        b"xml " => return xmp::list(data, "xml", report),
        b"jumb" => (Class::MetadataProvenance, "jumb C2PA".to_owned()),
        b"uuid" if data.starts_with(&C2PA) => (Class::MetadataProvenance, "uuid C2PA".to_owned()),
        b"jbrd" => (Class::MetadataOther, "jbrd markers of the original JPEG".to_owned()),
        b"jhgm" => (Class::ContentSecondaryImages, "jhgm gain map".to_owned()),
        b"jxli" => (Class::ContentUnknown, "jxli frame index".to_owned()),
        b"free" | b"skip" => (Class::ContentUnreferenced, title(name)),
        _ => (Class::ContentUnknown, format!("box {}", title(name))),
    };
    report.removed_bytes(class, item, place, data.len());
}

/// Unpacks what a `brob` box holds (ISO/IEC 18181-2 section 9.8), or its beginning; `None` when it is broken.
fn unpack(packed: &[u8], context: &Context<'_>) -> Result<Option<Vec<u8>>, Refusal> {
    let mut reader = Decompressor::new(packed, 4_096).take(MOST_UNPACKED);
    let (mut data, mut buffer) = (Vec::new(), [0_u8; 4_096]);
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(Some(data)),
            Ok(count) => {
                context.charge_decompressed(count as u64)?;
                data.extend_from_slice(buffer.get(..count).unwrap_or_default());
            }
            Err(_) => return Ok(None),
        }
    }
}
