//! Copies that no cleaner made: one edit, told by the first bytes of an input, to a copy that one made.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// How many bytes of an input tell the edit.
pub const HEAD: usize = 8;

/// What hides in files of all sorts. Check sums are right.
const HIDDEN: &[&[u8]] = &[
    b"<!--fieldstrip-->",
    b"<?fieldstrip fieldstrip?>",
    b" fieldstrip=\"fieldstrip\"",
    b"<fieldstrip>fieldstrip</fieldstrip>",
    b"<metadata>fieldstrip</metadata>",
    b"{\\*\\fieldstrip fieldstrip}",
    b"{\\info{\\author fieldstrip}}",
    b"/Author (fieldstrip)",
    b"/Fieldstrip <</A (fieldstrip)>>",
    b"\n%fieldstrip\n",
    b"99 0 obj (fieldstrip) endobj\n",
    b"\xff\xfe\0\x0cfieldstrip",
    b"\xff\xe1\0\x0cfieldstrip",
    b"\0\0\0\x0atEXtfieldstrip\x74\x77\x5c\x50",
    b"\x21\xfe\x0afieldstrip\0",
    b"\0\0\0\x12freefieldstrip",
    b"EXIF\x0a\0\0\0fieldstrip",
    b"fieldstrip",
];

/// An edit: what is done, where, and with how much.
#[derive(Debug, Clone, Copy)]
pub struct Edit {
    operation: u8,
    value: u8,
    at: u32,
    size: u16,
}

impl Edit {
    /// The edit that the first bytes of an input tell, and the rest of it.
    pub fn split(input: &[u8]) -> Option<(Self, &[u8])> {
        let ([operation, value, a, b, c, d, e, f], rest) = input.split_first_chunk::<HEAD>()?;
        let edit = Self {
            operation: *operation,
            value: *value,
            at: u32::from_le_bytes([*a, *b, *c, *d]),
            size: u16::from_le_bytes([*e, *f]),
        };
        Some((edit, rest))
    }

    /// True when the original is to be taken for its own copy.
    pub fn is_of_original(self) -> bool {
        self.operation & 0x80 != 0
    }

    /// The document after the edit. In packages the edit is made within a member, three times out of four.
    pub fn apply(self, document: &[u8]) -> Vec<u8> {
        if self.operation & 0x60 != 0
            && let Some(edited) = self.in_member(document)
        {
            return edited;
        }
        self.in_bytes(document)
    }

    fn in_bytes(self, bytes: &[u8]) -> Vec<u8> {
        let length = bytes.len();
        // Positions are relative, so that an edit means the same in documents of other sizes.
        let at = usize::try_from(u64::from(self.at) * (length as u64 + 1) >> 32).unwrap_or(length).min(length);
        let end = at.saturating_add(usize::from(self.size) % 64 + 1).min(length);
        let (before, rest) = bytes.split_at(at);
        let (taken, after) = rest.split_at(end - at);
        let value = [self.value];
        let hidden = HIDDEN[usize::from(self.value) % HIDDEN.len()];
        match self.operation & 0x1f {
            0 => bytes.to_vec(),
            1..=7 => {
                let mut edited = bytes.to_vec();
                if let Some(byte) = edited.get_mut(at) {
                    *byte ^= self.value;
                }
                edited
            }
            8..=15 => [before, hidden, taken, after].concat(),
            16..=18 => [before, after].concat(),
            19..=21 => [before, taken, taken, after].concat(),
            22..=24 => [before, &value.repeat(taken.len()), after].concat(),
            25..=27 => [before, &value.repeat(taken.len()), taken, after].concat(),
            _ => [bytes, hidden].concat(),
        }
    }

    /// `None` when the document is no package.
    fn in_member(self, package: &[u8]) -> Option<Vec<u8>> {
        let mut archive = ZipArchive::new(Cursor::new(package)).ok()?;
        let chosen = usize::from(self.size) / 64 % archive.len().max(1);
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..archive.len() {
            let mut member = archive.by_index(index).ok()?;
            let name = member.name().ok()?.into_owned();
            let stored = member.compression() == CompressionMethod::Stored;
            let method = if stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
            let mut content = Vec::new();
            (&mut member).take(16 << 20).read_to_end(&mut content).ok()?;
            if index == chosen {
                content = self.in_bytes(&content);
            }
            out.start_file(name, SimpleFileOptions::default().compression_method(method)).ok()?;
            out.write_all(&content).ok()?;
        }
        Some(out.finish().ok()?.into_inner())
    }
}
