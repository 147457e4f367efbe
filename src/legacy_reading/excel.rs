//! Excel workbooks: the records of BIFF5 and BIFF8 ([MS-XLS] 2.1.4) and the strings in them.

use super::{Bytes, ansi, utf16};

/// The streams that hold the records, the newer first: a file may have both.
pub(crate) const STREAMS: [&str; 2] = ["Workbook", "Book"];

/// Types of records ([MS-XLS] 2.3).
pub(crate) mod record {
    pub(crate) const FORMULA: u16 = 0x0006;
    pub(crate) const PASSWORD: u16 = 0x0013;
    pub(crate) const HEADER: u16 = 0x0014;
    pub(crate) const FOOTER: u16 = 0x0015;
    pub(crate) const EXTERN_NAME: u16 = 0x0017;
    pub(crate) const NAME: u16 = 0x0018;
    pub(crate) const NOTE: u16 = 0x001c;
    pub(crate) const FILE_PASS: u16 = 0x002f;
    pub(crate) const CONTINUE: u16 = 0x003c;
    pub(crate) const CODE_PAGE: u16 = 0x0042;
    pub(crate) const PRINTER: u16 = 0x004d;
    pub(crate) const FILE_SHARING: u16 = 0x005b;
    pub(crate) const WRITE_ACCESS: u16 = 0x005c;
    pub(crate) const COLUMNS: u16 = 0x007d;
    pub(crate) const SHEET: u16 = 0x0085;
    pub(crate) const MANY_RK: u16 = 0x00bd;
    pub(crate) const SHARED_STRINGS: u16 = 0x00fc;
    pub(crate) const LABEL_SHARED: u16 = 0x00fd;
    pub(crate) const EXTERNAL_BOOK: u16 = 0x01ae;
    pub(crate) const TEXT_OBJECT: u16 = 0x01b6;
    pub(crate) const HYPERLINK: u16 = 0x01b8;
    pub(crate) const NUMBER: u16 = 0x0203;
    pub(crate) const LABEL: u16 = 0x0204;
    pub(crate) const STRING: u16 = 0x0207;
    pub(crate) const ROW: u16 = 0x0208;
    pub(crate) const RK: u16 = 0x027e;
    pub(crate) const BOF: u16 = 0x0809;
}

/// A record with the records that continue it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    /// Its type.
    pub(crate) kind: u16,
    /// Its data, and that of each continuation.
    pub(crate) parts: Vec<&'a [u8]>,
}

impl<'a> Record<'a> {
    /// Its own data, without continuations.
    pub(crate) fn data(&self) -> &'a [u8] {
        self.parts.first().copied().unwrap_or_default()
    }
}

/// The records of a workbook, and whether the stream ends with a whole one.
pub(crate) fn records(stream: &[u8]) -> Vec<Record<'_>> {
    let mut bytes = Bytes(stream);
    let mut records: Vec<Record<'_>> = Vec::new();
    let mut next = || {
        let (kind, size) = (bytes.short()?, bytes.short()?);
        Some((kind, bytes.take(size)?))
    };
    while let Some((kind, data)) = next() {
        match records.last_mut() {
            Some(last) if kind == record::CONTINUE => last.parts.push(data),
            _ => records.push(Record { kind, parts: vec![data] }),
        }
    }
    records
}

/// How strings are coded in a workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Coding {
    /// True for BIFF8, which has Unicode.
    is_unicode: bool,
    /// The code page of BIFF5.
    page: u16,
}

impl Coding {
    /// By the first records.
    pub(crate) fn of(records: &[Record<'_>]) -> Self {
        let value = |kind, at: usize| {
            let found = records.iter().take(64).find(|record| record.kind == kind)?;
            Bytes::at(found.data(), at).short()
        };
        Self {
            is_unicode: value(record::BOF, 0).is_none_or(|version| version >= 0x0600),
            page: value(record::CODE_PAGE, 0).unwrap_or(1252),
        }
    }

    /// A string with a length of 16 bits ([MS-XLS] 2.5.294).
    pub(crate) fn string(self, bytes: &mut Bytes<'_>) -> Option<String> {
        let length = bytes.short()?;
        self.characters(bytes, length)
    }

    /// A string with a length of 8 bits ([MS-XLS] 2.5.240).
    pub(crate) fn short_string(self, bytes: &mut Bytes<'_>) -> Option<String> {
        let length = u16::from(bytes.byte()?);
        self.characters(bytes, length)
    }

    /// The user name of a WRITEACCESS record ([MS-XLS] 2.4.349).
    pub(crate) fn user_name(self, data: &[u8]) -> Option<String> {
        let mut bytes = Bytes(data);
        let name = if self.is_unicode { self.string(&mut bytes) } else { self.short_string(&mut bytes) };
        name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
    }

    /// So many characters, with their flags in front.
    pub(crate) fn characters(self, bytes: &mut Bytes<'_>, length: u16) -> Option<String> {
        if !self.is_unicode {
            return Some(ansi(bytes.take(length)?, self.page));
        }
        let is_wide = bytes.byte()? & 1 != 0;
        characters(bytes, usize::from(length), is_wide)
    }
}

fn characters(bytes: &mut Bytes<'_>, length: usize, is_wide: bool) -> Option<String> {
    let raw = bytes.take(if is_wide { length.checked_mul(2)? } else { length })?;
    Some(if is_wide { utf16(raw) } else { raw.iter().copied().map(char::from).collect() })
}

/// The shared strings ([MS-XLS] 2.4.265), and whether all of them could be read. A string may run over into the next
/// continuation, which then begins with flags of its own.
pub(crate) fn shared_strings(table: &Record<'_>) -> (Vec<String>, bool) {
    let mut parts = table.parts.iter().copied();
    let mut bytes = Bytes(parts.next().unwrap_or_default());
    bytes.long();
    let count = bytes.long().unwrap_or_default();
    let mut strings = Vec::new();
    for _ in 0..count {
        match shared_string(&mut bytes, &mut parts) {
            Some(string) => strings.push(string),
            None => return (strings, false),
        }
    }
    (strings, true)
}

fn shared_string<'a>(bytes: &mut Bytes<'a>, parts: &mut impl Iterator<Item = &'a [u8]>) -> Option<String> {
    if bytes.0.is_empty() {
        *bytes = Bytes(parts.next()?);
    }
    let mut left = usize::from(bytes.short()?);
    let flags = bytes.byte()?;
    let runs = if flags & 8 == 0 { 0 } else { u32::from(bytes.short()?).saturating_mul(4) };
    let extra = if flags & 4 == 0 { 0 } else { bytes.long()? };
    let mut is_wide = flags & 1 != 0;
    let mut text = String::new();
    loop {
        let here = left.min(if is_wide { bytes.0.len() / 2 } else { bytes.0.len() });
        text.push_str(&characters(bytes, here, is_wide)?);
        left = left.saturating_sub(here);
        if left == 0 {
            break;
        }
        *bytes = Bytes(parts.next()?);
        is_wide = bytes.byte()? & 1 != 0;
    }
    let mut skip = usize::try_from(runs.checked_add(extra)?).ok()?;
    while skip > bytes.0.len() {
        skip = skip.saturating_sub(bytes.0.len());
        *bytes = Bytes(parts.next()?);
    }
    bytes.take(skip)?;
    Some(text)
}
