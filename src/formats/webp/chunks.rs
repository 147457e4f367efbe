//! A WebP as the RIFF chunks that it is made of (RFC 9649 sections 2.3 and 2.4).

use std::borrow::Cow;
use std::io::Write;

use crate::refusal::Refusal;

/// One chunk.
pub(super) struct Chunk<'a> {
    /// FourCC.
    pub(super) name: [u8; 4],
    /// Contents without padding.
    pub(super) data: &'a [u8],
}

impl Chunk<'_> {
    /// The FourCC for people.
    pub(super) fn title(&self) -> String {
        let shown = |byte: &u8| if byte.is_ascii_alphanumeric() { char::from(*byte) } else { '?' };
        let name = self.name.strip_suffix(b" ").unwrap_or(&self.name);
        name.iter().map(shown).collect()
    }
}

/// The chunks of a file, and what stands behind the end that its header states.
///
/// # Errors
/// [`crate::Reason::Damaged`] when the header is not valid or the file ends before.
pub(super) fn body(bytes: &[u8]) -> Result<(&[u8], &[u8]), Refusal> {
    let damaged = || Refusal::damaged("no WebP header at the start");
    let rest = bytes.strip_prefix(b"RIFF").ok_or_else(damaged)?;
    let (size, rest) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
    let size = usize::try_from(u32::from_le_bytes(*size)).map_err(|_| damaged())?;
    let cut_off = || Refusal::damaged("the file is shorter than it states: it is cut off");
    let (body, rest) = rest.split_at_checked(size).ok_or_else(cut_off)?;
    Ok((body.strip_prefix(b"WEBP").ok_or_else(damaged)?, rest))
}

/// Chunks in file order.
pub(super) struct Chunks<'a> {
    rest: &'a [u8],
}

impl<'a> Chunks<'a> {
    /// The chunks that `rest` consists of.
    pub(super) fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    /// The next chunk, `None` behind the last one.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when the bytes end before the chunk does. Only the padding of the last one may be missing.
    pub(super) fn next(&mut self) -> Result<Option<Chunk<'a>>, Refusal> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let chunk = self.take().ok_or_else(|| Refusal::damaged("the file ends inside a chunk"))?;
        Ok(Some(chunk))
    }

    fn take(&mut self) -> Option<Chunk<'a>> {
        let (name, rest) = self.rest.split_first_chunk::<4>()?;
        let (size, rest) = rest.split_first_chunk::<4>()?;
        let size = usize::try_from(u32::from_le_bytes(*size)).ok()?;
        let (data, rest) = rest.split_at_checked(size)?;
        self.rest = rest.get(size % 2..).unwrap_or_default();
        Some(Chunk { name: *name, data })
    }
}

/// Appends a chunk with its padding.
pub(super) fn append(copy: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    let size = u32::try_from(data.len()).unwrap_or(u32::MAX); // files of this size are refused before
    copy.extend_from_slice(&name);
    copy.extend_from_slice(&size.to_le_bytes());
    copy.extend_from_slice(data);
    copy.resize(copy.len().next_multiple_of(2), 0);
}

/// Writes header and chunks.
pub(super) fn write_file(chunks: &[([u8; 4], Cow<'_, [u8]>)], out: &mut dyn Write) -> std::io::Result<()> {
    let mut body = b"WEBP".to_vec();
    for (name, data) in chunks {
        append(&mut body, *name, data);
    }
    let size = u32::try_from(body.len()).map_err(|_| std::io::Error::other("a file of more than 4 GiB"))?;
    out.write_all(b"RIFF")?;
    out.write_all(&size.to_le_bytes())?;
    out.write_all(&body)
}
