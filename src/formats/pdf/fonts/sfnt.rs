//! TrueType and OpenType programs: the tables that draw glyphs stay where they are, everything else becomes zeros.
//!
//! Apple, TrueType Reference Manual; ISO/IEC 14496-22. Offsets do not move, so that fonts whose tables are odd stay as odd as
//! they were.

use std::ops::Range;

use super::cff;

/// Tables that a reader may need to draw or choose glyphs (9.9), and those that do no harm to keep.
const KEPT: [&[u8; 4]; 24] = [
    b"CFF ", b"CFF2", b"GDEF", b"GPOS", b"GSUB", b"LTSH", b"OS/2", b"VDMX", b"VORG", b"cmap", b"cvt ", b"fpgm",
    b"gasp", b"glyf", b"hdmx", b"head", b"hhea", b"hmtx", b"kern", b"loca", b"maxp", b"post", b"prep", b"vhea",
];
/// The table of metrics for vertical writing, which the list above has no room for in its order.
const VERTICAL_METRICS: &[u8; 4] = b"vmtx";
/// A naming table without names: version 0, no records, strings at offset 6.
const NO_NAMES: [u8; 6] = [0, 0, 0, 0, 0, 6];
/// What all words of a font add up to (`checkSumAdjustment` of `head`).
const TOTAL: u32 = 0xb1b0_afba;

struct Table {
    tag: [u8; 4],
    checksum: u32,
    offset: usize,
    length: usize,
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk::<4>()?))
}

fn put(bytes: &mut [u8], at: usize, value: &[u8]) {
    if let Some(place) = at.checked_add(value.len()).and_then(|end| bytes.get_mut(at..end)) {
        place.copy_from_slice(value);
    }
}

/// The sum of the words of a stretch, padded with zeros.
fn sum(bytes: &[u8]) -> u32 {
    bytes.chunks(4).fold(0_u32, |sum, chunk| {
        let mut padded = [0_u8; 4];
        padded.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        sum.wrapping_add(u32::from_be_bytes(padded))
    })
}

fn directory(bytes: &[u8]) -> Option<Vec<Table>> {
    let count = u16::from_be_bytes(*bytes.get(4..)?.first_chunk::<2>()?);
    let mut tables = Vec::new();
    for index in 0..usize::from(count) {
        let at = index.checked_mul(16)?.checked_add(12)?;
        tables.push(Table {
            tag: *bytes.get(at..)?.first_chunk::<4>()?,
            checksum: word(bytes, at.checked_add(4)?)?,
            offset: usize::try_from(word(bytes, at.checked_add(8)?)?).ok()?,
            length: usize::try_from(word(bytes, at.checked_add(12)?)?).ok()?,
        });
    }
    Some(tables)
}

/// The bytes of a table that are in the file.
fn stored(table: &Table, size: usize) -> Range<usize> {
    let start = table.offset.min(size);
    start..table.offset.saturating_add(table.length).min(size)
}

/// The font without names, dates and private tables; none when it has no table directory.
pub(super) fn neutral(bytes: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    let all = directory(bytes)?;
    let kept = |table: &Table| KEPT.contains(&&table.tag) || table.tag == *VERTICAL_METRICS;
    let mut tables: Vec<Table> = Vec::new();
    let mut copy = vec![0_u8; 0];
    for table in all {
        let range = stored(&table, bytes.len());
        if copy.len() < range.end && kept(&table) {
            copy.resize(range.end, 0);
        }
        if kept(&table) {
            put(&mut copy, range.start, bytes.get(range)?);
            tables.push(table);
        } else if table.tag == *b"name" {
            tables.push(Table { length: NO_NAMES.len(), checksum: sum(&NO_NAMES), ..table });
        }
    }
    no_names(&mut tables, &mut copy, bytes.len());
    let header = tables.len().checked_mul(16)?.checked_add(12)?;
    let size = copy.len().max(header).next_multiple_of(4);
    copy.resize(size, 0);
    for index in 0..tables.len() {
        let Some(table) = tables.get_mut(index) else { continue };
        let range = stored(table, size);
        match &table.tag {
            b"head" if table.length >= 36 => {
                // The sum is made with the adjustment at zero; creation and change are dates.
                put(&mut copy, table.offset.saturating_add(8), &[0; 4]);
                put(&mut copy, table.offset.saturating_add(20), &[0; 16]);
                table.checksum = sum(copy.get(range).unwrap_or_default());
            }
            b"CFF " => {
                if let Some(clean) = cff::neutral(copy.get(range.clone()).unwrap_or_default(), name) {
                    table.checksum = if copy.get(range.clone()) == Some(&clean) { table.checksum } else { sum(&clean) };
                    put(&mut copy, range.start, &clean);
                }
            }
            _ => {}
        }
    }
    write_directory(&mut copy, bytes, &tables);
    if let Some(head) = tables.iter().find(|table| table.tag == *b"head" && table.length >= 36) {
        let adjustment = TOTAL.wrapping_sub(sum(&copy));
        put(&mut copy, head.offset.saturating_add(8), &adjustment.to_be_bytes());
    }
    Some(copy)
}

/// Writes the empty naming table where the old one began, unless another table shares those bytes.
fn no_names(tables: &mut Vec<Table>, copy: &mut Vec<u8>, size: usize) {
    let Some(at) = tables.iter().position(|table| table.tag == *b"name") else { return };
    let Some(range) = tables.get(at).map(|table| stored(table, size)) else { return };
    let shared = tables.iter().enumerate().any(|(index, other)| {
        let other = stored(other, size);
        index != at && other.start < range.end && range.start < other.end
    });
    if shared || range.len() < NO_NAMES.len() {
        tables.remove(at);
        return;
    }
    if copy.len() < range.end {
        copy.resize(range.end, 0);
    }
    put(copy, range.start, &NO_NAMES);
}

fn write_directory(copy: &mut [u8], bytes: &[u8], tables: &[Table]) {
    let count = u16::try_from(tables.len()).unwrap_or(u16::MAX);
    let power = count.checked_ilog2().unwrap_or(0);
    let range = 16_u16.checked_shl(power).unwrap_or(0);
    let shift = count.saturating_mul(16).saturating_sub(range);
    let entry = u16::try_from(power).unwrap_or(0);
    put(copy, 0, bytes.get(..4).unwrap_or_default());
    let old_count = bytes.get(4..6);
    if old_count == Some(&count.to_be_bytes()) {
        put(copy, 4, bytes.get(4..12).unwrap_or_default());
    } else {
        for (at, value) in [(4, count), (6, range), (8, entry), (10, shift)] {
            put(copy, at, &value.to_be_bytes());
        }
    }
    for (index, table) in tables.iter().enumerate() {
        let at = index.saturating_mul(16).saturating_add(12);
        put(copy, at, &table.tag);
        for (part, value) in [(4, u64::from(table.checksum)), (8, table.offset as u64), (12, table.length as u64)] {
            let value = u32::try_from(value).unwrap_or(u32::MAX);
            put(copy, at.saturating_add(part), &value.to_be_bytes());
        }
    }
}
