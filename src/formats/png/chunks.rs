//! A PNG as the chunks that it is made of (PNG 3rd edition, section 5.3).

use std::io::Write;

use crate::refusal::Refusal;

/// The eight bytes at the start (section 5.2).
pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// One chunk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chunk<'a> {
    /// Chunk type.
    pub(super) name: [u8; 4],
    /// Contents.
    pub(super) data: &'a [u8],
    /// Whether the checksum is right.
    pub(super) intact: bool,
}

impl Chunk<'_> {
    /// The chunk type for people; chunk types are letters, others are made visible.
    pub(super) fn title(&self) -> String {
        self.name.iter().map(|byte| if byte.is_ascii_alphabetic() { char::from(*byte) } else { '?' }).collect()
    }

    /// Whether a decoder that does not know the chunk must give up (section 5.4: bit 5 of the first byte is zero).
    pub(super) fn is_critical(&self) -> bool {
        self.name.first().is_some_and(|byte| byte & 0x20 == 0)
    }
}

/// The chunks of a PNG in file order, without the signature.
pub(super) struct Chunks<'a> {
    rest: &'a [u8],
}

impl<'a> Chunks<'a> {
    /// Starts behind the signature.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when it is missing.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let rest = bytes.strip_prefix(SIGNATURE).ok_or_else(|| Refusal::damaged("no PNG signature at the start"))?;
        Ok(Self { rest })
    }

    /// The next chunk.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when the file ends before the chunk does.
    pub(super) fn next(&mut self) -> Result<Chunk<'a>, Refusal> {
        self.take().ok_or_else(|| Refusal::damaged("the file ends before its IEND chunk: it is cut off"))
    }

    fn take(&mut self) -> Option<Chunk<'a>> {
        let (size, rest) = self.rest.split_first_chunk::<4>()?;
        let size = usize::try_from(u32::from_be_bytes(*size)).ok()?;
        let (body, rest) = rest.split_at_checked(size.checked_add(4)?)?;
        let (name, data) = body.split_first_chunk::<4>()?;
        let (checksum, rest) = rest.split_first_chunk::<4>()?;
        self.rest = rest;
        let intact = crc32fast::hash(body) == u32::from_be_bytes(*checksum);
        Some(Chunk { name: *name, data, intact })
    }

    /// What follows the last chunk that was taken.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

/// Writes a chunk whose contents are the concatenation of `parts`.
pub(super) fn write(out: &mut dyn Write, name: [u8; 4], parts: &[&[u8]]) -> std::io::Result<()> {
    let size: usize = parts.iter().map(|part| part.len()).sum();
    let size = u32::try_from(size).map_err(|_| std::io::Error::other("a chunk of more than 4 GiB"))?;
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(&name);
    out.write_all(&size.to_be_bytes())?;
    out.write_all(&name)?;
    for part in parts {
        checksum.update(part);
        out.write_all(part)?;
    }
    out.write_all(&checksum.finalize().to_be_bytes())
}
