//! Bytes of a compound file that belong to no stream: free sectors, the ends of last sectors, deleted names, what follows the
//! last sector ([MS-CFB] 2). Programs leave there what lay in memory or on the disk.

use super::Listing;
use crate::legacy_reading::Bytes;
use crate::policy::Class;

/// Numbers of sectors above this have a meaning of their own ([MS-CFB] 2.1).
const LAST_SECTOR: u32 = 0xffff_fffa;
const FREE: u32 = 0xffff_ffff;
const ENTRY: usize = 128;

/// The sectors of a file and its allocation table.
struct Sectors<'a> {
    bytes: &'a [u8],
    size: usize,
    table: Vec<u32>,
}

/// Lists such bytes where they are not zero.
pub(super) fn list(bytes: &[u8], listing: &mut Listing<'_>) {
    let Some(sectors) = Sectors::read(bytes) else {
        return listing.add(Class::ContentUnreferenced, "sectors that were not looked into", "", 1, 0);
    };
    for (number, next) in (0_u32..).zip(&sectors.table) {
        if *next == FREE {
            add(sectors.sector(number), Class::ContentUnreferenced, "unused sector", listing);
        }
    }
    let rest = sectors.end().and_then(|end| bytes.get(end..));
    add(rest, Class::ContentTrailingBytes, "bytes after the last sector", listing);
    sectors.list_directory(Bytes::at(bytes, 48_usize).long().unwrap_or(FREE), cutoff(bytes), listing);
}

/// Streams below this size lie in small sectors of their own.
fn cutoff(bytes: &[u8]) -> u64 {
    u64::from(Bytes::at(bytes, 56_usize).long().unwrap_or_default())
}

fn add(bytes: Option<&[u8]>, class: Class, item: &str, listing: &mut Listing<'_>) {
    let used = bytes.unwrap_or_default();
    // Programs fill what they clear with zeros, or with ones.
    if used.iter().any(|byte| *byte != used.first().copied().unwrap_or_default()) {
        listing.add(class, item, "", 1, used.len() as u64);
    }
}

impl<'a> Sectors<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let shift = Bytes::at(bytes, 30_usize).short().filter(|shift| (7..=16).contains(shift))?;
        let mut sectors = Self { bytes, size: 1_usize.checked_shl(u32::from(shift))?, table: Vec::new() };
        let most = bytes.len() / sectors.size;
        // The numbers of the table's own sectors: some in the header, the others in a chain.
        let mut header = Bytes::at(bytes, 76_usize);
        let mut own: Vec<u32> = (0..109).map_while(|_| header.long()).collect();
        let mut next = Bytes::at(bytes, 68_usize).long()?;
        for _ in 0..most {
            let Some((link, numbers)) =
                sectors.sector(next).and_then(<[u8]>::split_last_chunk::<4>).map(|(n, l)| (l, n))
            else {
                break;
            };
            own.extend(numbers.chunks_exact(4).filter_map(|number| Bytes(number).long()));
            next = u32::from_le_bytes(*link);
        }
        for number in own.into_iter().filter(|number| *number < LAST_SECTOR).take(most) {
            let entries = sectors.sector(number)?.chunks_exact(4).filter_map(|entry| Bytes(entry).long());
            sectors.table.extend(entries);
        }
        sectors.table.truncate(most);
        Some(sectors)
    }

    /// Where the last sector ends that is used, or is there as a whole.
    fn end(&self) -> Option<usize> {
        let used = self.table.iter().rposition(|next| *next != FREE).map_or(0, |last| last.saturating_add(1));
        let whole = (self.bytes.len() / self.size).saturating_sub(1);
        self.start(u32::try_from(used.max(whole.min(self.table.len()))).ok()?)
    }

    /// Where a sector begins. The header takes the place of one.
    fn start(&self, number: u32) -> Option<usize> {
        usize::try_from(number).ok()?.checked_add(1)?.checked_mul(self.size)
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let start = self.start(number).filter(|_| number < LAST_SECTOR)?;
        self.bytes.get(start..start.checked_add(self.size)?)
    }

    /// The sectors of a chain.
    fn chain(&self, first: u32) -> impl Iterator<Item = &'a [u8]> {
        let mut next = first;
        let mut left = self.table.len();
        std::iter::from_fn(move || {
            left = left.checked_sub(1)?; // a chain has no more sectors than there are
            let sector = self.sector(next)?;
            next = usize::try_from(next).ok().and_then(|at| self.table.get(at)).copied().unwrap_or(FREE);
            Some(sector)
        })
    }

    /// The ends of streams, and deleted entries that still have a name.
    fn list_directory(&self, first: u32, cutoff: u64, listing: &mut Listing<'_>) {
        let mut budget = self.bytes.len().saturating_mul(2);
        for entry in self.chain(first).flat_map(|sector| sector.chunks_exact(ENTRY)) {
            let Some((name, rest)) = entry.split_at_checked(64) else { continue };
            let mut rest = Bytes(rest);
            let (_, kind) = (rest.short(), rest.byte().unwrap_or_default());
            if kind == 0 {
                add(Some(name), Class::ContentUnreferenced, "deleted directory entry", listing);
                continue;
            }
            let (start, length) = (Bytes::at(entry, 116_usize).long(), Bytes::at(entry, 120_usize).long());
            let (Some(start), Some(length)) = (start, length.map(u64::from)) else { continue };
            if kind == 2 && length >= cutoff && length > 0 {
                let used = usize::try_from(length).unwrap_or(usize::MAX);
                let Some(sectors) = budget.checked_sub(used) else { return };
                budget = sectors;
                let within = used % self.size;
                let last = self.chain(start).nth(used.saturating_sub(1) / self.size);
                let slack = last.filter(|_| within != 0).and_then(|sector| sector.get(within..));
                add(slack, Class::ContentTrailingBytes, "bytes after the end of a stream", listing);
            }
        }
    }
}
