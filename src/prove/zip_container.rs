//! The ZIP container of a copy, read byte by byte: members in a row, nothing between them, nothing told about the machine
//! that wrote them (PKWARE APPNOTE, sections 4.3 and 4.4).

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::limits::Limits;
use crate::refusal::Refusal;

/// 1980-01-01 00:00, the earliest date that a ZIP can hold, as DOS date and time.
const NO_DATE: (u16, u16) = (0x0021, 0);
const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Bit 0: encrypted; bit 3: sizes follow the data.
const UNWANTED_FLAGS: u16 = 0b1001;

/// Checks the container and returns the number of members.
///
/// # Errors
/// [`crate::Reason::Unprovable`], naming what is there that should not be.
pub(crate) fn check(bytes: &[u8]) -> Result<u64, Refusal> {
    let end_at = bytes.len().checked_sub(22).ok_or_else(|| leftover("no end record"))?;
    let mut end = Fields(bytes.get(end_at..).unwrap_or_default());
    if end.long()? != END {
        return Err(leftover("a comment or bytes behind the last record"));
    }
    end.skip(4)?;
    let (here, all) = (end.short()?, end.short()?);
    let (size, start) = (end.long()?, end.long()?);
    if here != all || here == u16::MAX || u64::from(start).saturating_add(u64::from(size)) != end_at as u64 {
        return Err(leftover("bytes between the directory and the last record"));
    }
    let central = usize::try_from(start).ok().and_then(|start| bytes.get(start..end_at));
    let mut central = Fields(central.ok_or_else(|| leftover("a directory outside of the file"))?);
    let mut expected: u64 = 0;
    for _ in 0..all {
        if central.long()? != CENTRAL {
            return Err(leftover("bytes in the directory"));
        }
        central.skip(2)?;
        let head = Head::read(&mut central)?;
        let comment = central.short()?;
        central.skip(8)?;
        let offset = u64::from(central.long()?);
        if comment != 0 || head.extra != 0 {
            return Err(leftover("a comment or extra field of a member"));
        }
        if offset != expected {
            return Err(leftover("bytes between members"));
        }
        let name = central.take(usize::from(head.name))?;
        let local = usize::try_from(offset).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
        let mut local = Fields(local);
        if local.long()? != LOCAL || Head::read(&mut local)? != head || local.take(usize::from(head.name))? != name {
            return Err(leftover("a member whose two headers differ"));
        }
        head.check()?;
        expected =
            offset.saturating_add(30).saturating_add(u64::from(head.name)).saturating_add(u64::from(head.stored));
    }
    if expected != u64::from(start) {
        return Err(leftover("bytes between the members and the directory"));
    }
    Ok(u64::from(all))
}

/// The inflated members of a ZIP, in its order, folders left out. `charge` is called with the size of each member; `most`
/// bounds them together.
///
/// # Errors
/// [`crate::Reason::Damaged`] when it is no ZIP, [`crate::Reason::OverLimit`] when a budget is exceeded.
pub(crate) fn members(
    bytes: &[u8],
    limits: &Limits,
    charge: &dyn Fn(u64) -> Result<(), Refusal>,
    most: u64,
) -> Result<Vec<(String, Vec<u8>)>, Refusal> {
    let damaged = |_| Refusal::damaged("the ZIP container cannot be read");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() as u64 > limits.archive_members {
        return Err(Refusal::over_limit("archive-members", format!("there are {} members", archive.len())));
    }
    let mut left = most;
    let mut members = Vec::new();
    for at in 0..archive.len() {
        let member = archive.by_index(at).map_err(damaged)?;
        if member.is_dir() {
            continue;
        }
        let name = member.name().map_err(damaged)?.trim_start_matches('/').replace('\\', "/");
        let stored = member.compressed_size().max(1);
        let mut unpacked = Vec::new();
        let cap = left.min(stored.saturating_mul(limits.compression_ratio).max(1 << 20));
        let read = member.take(cap.saturating_add(1)).read_to_end(&mut unpacked);
        let read = read.map_err(|_| Refusal::damaged("a member cannot be unpacked").in_part(&name))? as u64;
        charge(read)?;
        if read > left {
            return Err(Refusal::over_limit("decompressed-bytes", format!("the content unpacks to more than {most}")));
        }
        if read > cap {
            let detail = format!("a member unpacks to more than {} times its size", limits.compression_ratio);
            return Err(Refusal::over_limit("compression-ratio", detail).in_part(name));
        }
        left = left.saturating_sub(read);
        unpacked.shrink_to_fit(); // it grew by doubling, and all members are kept at once
        members.push((name, unpacked));
    }
    Ok(members)
}

fn leftover(what: &str) -> Refusal {
    Refusal::unprovable(format!("the container holds {what}"))
}

/// What the header of a member and its line in the directory have in common.
#[derive(PartialEq, Eq)]
struct Head {
    flags: u16,
    method: u16,
    time: u16,
    date: u16,
    checksum: u32,
    stored: u32,
    size: u32,
    name: u16,
    extra: u16,
}

impl Head {
    fn read(fields: &mut Fields<'_>) -> Result<Self, Refusal> {
        fields.skip(2)?;
        Ok(Self {
            flags: fields.short()?,
            method: fields.short()?,
            time: fields.short()?,
            date: fields.short()?,
            checksum: fields.long()?,
            stored: fields.long()?,
            size: fields.long()?,
            name: fields.short()?,
            extra: fields.short()?,
        })
    }

    fn check(&self) -> Result<(), Refusal> {
        if (self.date, self.time) != NO_DATE {
            return Err(leftover("a time stamp"));
        }
        if self.flags & UNWANTED_FLAGS != 0 || !matches!(self.method, 0 | 8) {
            return Err(leftover("a member that is not plainly stored or deflated"));
        }
        Ok(())
    }
}

struct Fields<'b>(&'b [u8]);

impl<'b> Fields<'b> {
    fn take(&mut self, count: usize) -> Result<&'b [u8], Refusal> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(|| leftover("a record that is cut off"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn skip(&mut self, count: usize) -> Result<(), Refusal> {
        self.take(count).map(|_| ())
    }

    fn short(&mut self) -> Result<u16, Refusal> {
        let bytes = self.take(2)?;
        Ok(bytes.try_into().map_or(0, u16::from_le_bytes))
    }

    fn long(&mut self) -> Result<u32, Refusal> {
        let bytes = self.take(4)?;
        Ok(bytes.try_into().map_or(0, u32::from_le_bytes))
    }
}
