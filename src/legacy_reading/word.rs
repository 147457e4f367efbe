//! Word documents ([MS-DOC]): the file information block, tables of strings and the pieces of the text.

use super::{Bytes, ansi, utf16};
use crate::text::Scope;

/// The tables that hold something to tell, by their place in `FibRgFcLcb97` ([MS-DOC] 2.5.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    /// Names of bookmarks.
    Bookmarks = 21,
    /// The last printer: name, port, driver.
    Printer = 27,
    /// Template, title, author, mail-merge source.
    Associated = 32,
    /// Text and properties in pieces.
    Clx = 33,
    /// Authors of comments.
    CommentAuthors = 36,
    /// Authors of tracked changes.
    RevisionAuthors = 51,
    /// Document variables.
    Variables = 60,
    /// Who saved it where.
    SavedBy = 71,
    /// Names of linked files.
    FileNames = 72,
}

/// What the file information block says ([MS-DOC] 2.5).
#[derive(Debug)]
pub(crate) struct Fib<'a> {
    stream: &'a [u8],
    /// True from Word 97 on; what older versions wrote is laid out in another way.
    pub(crate) is_known: bool,
    /// True when the text is locked with a password.
    pub(crate) is_encrypted: bool,
    /// The name of the stream with the tables.
    pub(crate) table_stream: &'static str,
    /// How often it was saved by adding changes at the end.
    pub(crate) quick_saves: u16,
}

/// A stretch of text in the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    start: usize,
    characters: usize,
    is_wide: bool,
}

impl Piece {
    fn size(&self) -> usize {
        if self.is_wide { self.characters.saturating_mul(2) } else { self.characters }
    }
}

impl<'a> Fib<'a> {
    /// Reads it from the stream `WordDocument`.
    pub(crate) fn read(stream: &'a [u8]) -> Option<Self> {
        let mut bytes = Bytes(stream);
        let (ident, version) = (bytes.short()?, bytes.short()?);
        let flags = Bytes::at(stream, 10_usize).short()?;
        Some(Self {
            stream,
            is_known: ident == 0xa5ec && version >= 0x00c1,
            is_encrypted: flags & 0x0100 != 0,
            table_stream: if flags & 0x0200 == 0 { "0Table" } else { "1Table" },
            quick_saves: (flags & 0x00f0) >> 4,
        })
    }

    /// The bytes of a table.
    pub(crate) fn table<'t>(&self, table: Table, tables: &'t [u8]) -> &'t [u8] {
        const PAIRS: usize = 154;
        let mut pair = Bytes::at(self.stream, (table as usize).saturating_mul(8).saturating_add(PAIRS));
        let (Some(start), Some(size)) = (pair.long(), pair.long()) else { return &[] };
        Bytes::at(tables, start).take(size).unwrap_or_default()
    }

    /// The lengths of the stories in characters, in their order in the text ([MS-DOC] 2.5.4).
    fn stories(&self) -> Vec<(Scope, u32)> {
        const SCOPES: [Scope; 8] = [
            Scope::Body,
            Scope::Footnote,
            Scope::HeaderFooter,
            Scope::Hidden,
            Scope::Comment,
            Scope::Footnote,
            Scope::Body,
            Scope::HeaderFooter,
        ];
        let mut lengths = Bytes::at(self.stream, 76_usize);
        SCOPES.iter().map_while(|scope| Some((*scope, lengths.long()?))).collect()
    }

    /// The pieces of the text ([MS-DOC] 2.9.38, 2.9.177); `None` when they cannot be read.
    fn pieces(&self, tables: &[u8]) -> Option<Vec<Piece>> {
        let mut clx = Bytes(self.table(Table::Clx, tables));
        while clx.byte()? == 1 {
            let size = clx.short()?;
            clx.take(size)?;
        }
        let size = clx.long()?;
        let plc = clx.take(size)?;
        let count = plc.len().checked_sub(4)? / 12;
        let mut positions = Bytes(plc);
        let mut descriptors = Bytes::at(plc, count.checked_add(1)?.checked_mul(4)?);
        let mut pieces = Vec::with_capacity(count);
        let mut from = positions.long()?;
        for _ in 0..count {
            let to = positions.long()?;
            descriptors.short()?;
            let at = descriptors.long()?;
            descriptors.short()?;
            let is_wide = at & 0x4000_0000 == 0;
            let at = at & 0x3fff_ffff;
            pieces.push(Piece {
                start: usize::try_from(if is_wide { at } else { at / 2 }).ok()?,
                characters: usize::try_from(to.checked_sub(from)?).ok()?,
                is_wide,
            });
            from = to;
        }
        Some(pieces)
    }

    /// The text as it stands, story by story; `None` when it cannot be read.
    pub(crate) fn text(&self, tables: &[u8]) -> Option<Vec<(Scope, String)>> {
        let mut units: Vec<u16> = Vec::new();
        for piece in self.pieces(tables)? {
            let raw = Bytes::at(self.stream, piece.start).take(piece.size())?;
            if units.len().saturating_add(piece.characters) > self.stream.len() {
                return None; // pieces that overlap
            }
            if piece.is_wide {
                units.extend(raw.chunks_exact(2).map(|pair| u16::from_le_bytes(pair.try_into().unwrap_or_default())));
            } else {
                units.extend(ansi(raw, 1252).encode_utf16());
            }
        }
        let mut stories = self.stories();
        stories.push((Scope::Body, u32::MAX)); // what no story claims
        let mut rest = units.as_slice();
        let mut texts = Vec::new();
        for (scope, length) in stories {
            let length = usize::try_from(length).unwrap_or(usize::MAX).min(rest.len());
            let (own, behind) = rest.split_at_checked(length)?;
            rest = behind;
            if !own.is_empty() {
                texts.push((scope, String::from_utf16_lossy(own)));
            }
        }
        Some(texts)
    }

    /// Text in the text's part of the stream that no piece refers to: what quick saves left behind.
    pub(crate) fn remnants(&self, tables: &[u8]) -> Option<Vec<&'a [u8]>> {
        let mut span = Bytes::at(self.stream, 24_usize);
        let (first, end) = (usize::try_from(span.long()?).ok()?, usize::try_from(span.long()?).ok()?);
        let mut pieces = self.pieces(tables)?;
        pieces.sort_by_key(|piece| piece.start);
        let mut at = first;
        let mut remnants = Vec::new();
        let mut gap = |from: usize, to: usize| {
            let bytes = self.stream.get(from..to).unwrap_or_default();
            // Pieces begin on boundaries: a few bytes between them, and zeros, are none.
            if bytes.iter().filter(|byte| byte.is_ascii_graphic()).count() > 8 {
                remnants.push(bytes);
            }
        };
        for piece in pieces {
            gap(at, piece.start.min(end));
            at = at.max(piece.start.saturating_add(piece.size()));
        }
        gap(at, end);
        Some(remnants)
    }
}

/// The strings of an STTB ([MS-DOC] 2.2.4); what is cut off is left out.
pub(crate) fn strings(table: &[u8]) -> Vec<String> {
    let mut bytes = Bytes(table);
    let is_wide = table.starts_with(&[0xff, 0xff]);
    if is_wide {
        bytes.short();
    }
    let (count, extra) = (bytes.short().unwrap_or_default(), bytes.short().unwrap_or_default());
    let mut string = || {
        let text = if is_wide {
            let length = u32::from(bytes.short()?);
            utf16(bytes.take(length.checked_mul(2)?)?)
        } else {
            let length = bytes.byte()?;
            ansi(bytes.take(length)?, 1252)
        };
        bytes.take(extra)?;
        Some(text)
    };
    (0..count).map_while(|_| string()).collect()
}

/// The names in a `GrpXstAtnOwners`: strings one after the other ([MS-DOC] 2.8.13).
pub(crate) fn names(table: &[u8]) -> Vec<String> {
    let mut bytes = Bytes(table);
    let mut name = || {
        let length = u32::from(bytes.short()?);
        Some(utf16(bytes.take(length.checked_mul(2)?)?))
    };
    std::iter::from_fn(&mut name).collect()
}
