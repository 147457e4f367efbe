//! PowerPoint presentations ([MS-PPT]): records in records, and who used it last.

use super::{Bytes, ansi, utf16};

/// Types of records ([MS-PPT] 2.13.24).
pub(crate) mod record {
    pub(crate) const SLIDE: u16 = 0x03ee;
    pub(crate) const NOTES: u16 = 0x03f0;
    pub(crate) const SLIDE_ATOM: u16 = 0x03f3;
    pub(crate) const SLIDE_SHOW_INFO: u16 = 0x03f9;
    pub(crate) const VBA_INFO_ATOM: u16 = 0x0400;
    pub(crate) const TEXT_CHARS: u16 = 0x0fa0;
    pub(crate) const TEXT_BYTES: u16 = 0x0fa8;
    pub(crate) const C_STRING: u16 = 0x0fba;
    pub(crate) const EMBEDDED_OBJECT: u16 = 0x0fcc;
    pub(crate) const LINKED_OBJECT: u16 = 0x0fce;
    pub(crate) const HYPERLINK: u16 = 0x0fd7;
    pub(crate) const HEADERS_FOOTERS: u16 = 0x0fd9;
    pub(crate) const SLIDE_LIST: u16 = 0x0ff0;
    pub(crate) const USER_EDIT: u16 = 0x0ff5;
    pub(crate) const PROG_TAGS: u16 = 0x1388;
    pub(crate) const COMMENT: u16 = 0x2ee0;
}

/// The deepest records that are looked into.
const DEEPEST: usize = 32;

/// One record with the types of those that it lies in.
#[derive(Debug)]
pub(crate) struct Record<'a, 'p> {
    /// Its type.
    pub(crate) kind: u16,
    /// Its instance, which tells records of one type apart.
    pub(crate) instance: u16,
    /// What it holds.
    pub(crate) data: &'a [u8],
    /// The types of the containers around it with their instances, the outermost first.
    pub(crate) inside: &'p [(u16, u16)],
}

impl Record<'_, '_> {
    /// True when a container of this type is around it.
    pub(crate) fn lies_in(&self, kind: u16) -> bool {
        self.inside.iter().any(|(around, _)| *around == kind)
    }

    /// Its text, where it is one of the records of text.
    pub(crate) fn text(&self) -> Option<String> {
        match self.kind {
            record::TEXT_CHARS | record::C_STRING => Some(utf16(self.data)),
            record::TEXT_BYTES => Some(self.data.iter().copied().map(char::from).collect()),
            _ => None,
        }
        .filter(|text| !text.trim().is_empty())
    }
}

/// Shows every record to `visit`, containers before what they hold; false when some are cut off or too deep.
pub(crate) fn walk(stream: &[u8], visit: &mut dyn FnMut(&Record<'_, '_>)) -> bool {
    let mut open: Vec<(u16, u16)> = Vec::new();
    let mut ends: Vec<Bytes<'_>> = vec![Bytes(stream)];
    let mut is_whole = true;
    while let Some(bytes) = ends.last_mut() {
        if bytes.0.len() < 8 {
            ends.pop();
            open.pop();
            continue;
        }
        let (Some(head), Some(kind), Some(size)) = (bytes.short(), bytes.short(), bytes.long()) else { break };
        let data = bytes.take(size).unwrap_or_else(|| {
            is_whole = false;
            std::mem::take(&mut bytes.0)
        });
        let instance = head >> 4;
        visit(&Record { kind, instance, data, inside: &open });
        if head & 0x0f == 0x0f {
            if open.len() < DEEPEST {
                open.push((kind, instance));
                ends.push(Bytes(data));
            } else {
                is_whole = false;
            }
        }
    }
    is_whole
}

/// What the stream `Current User` says ([MS-PPT] 2.3.2).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CurrentUser {
    /// The user's name.
    pub(crate) name: String,
    /// True when the presentation is locked with a password.
    pub(crate) is_encrypted: bool,
}

/// Reads the stream `Current User`.
pub(crate) fn current_user(stream: &[u8]) -> Option<CurrentUser> {
    let token = Bytes::at(stream, 12_usize).long()?;
    let mut bytes = Bytes::at(stream, 20_usize);
    let length = u32::from(bytes.short()?);
    bytes.take(6_usize)?;
    let narrow = ansi(bytes.take(length)?, 1252);
    let wide = bytes.long().and_then(|_| bytes.take(length.checked_mul(2)?)).map(utf16);
    let name = wide.filter(|name| !name.trim().is_empty()).unwrap_or(narrow);
    Some(CurrentUser { name, is_encrypted: token == 0xf3d1_c4df })
}
