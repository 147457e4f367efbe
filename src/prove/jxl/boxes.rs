//! A JPEG XL file as the codestream in it and what stands around it (ISO/IEC 18181-2 section 9).

use std::borrow::Cow;

use crate::refusal::Refusal;

/// Signature and brands, which are the same in every file of boxes.
const START: &[u8; 32] = b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl \0\0\0\0jxl ";

/// A file taken apart.
pub(super) struct File<'a> {
    pub(super) codestream: Cow<'a, [u8]>,
    pub(super) level: Option<&'a [u8]>,
    /// The types of the boxes behind signature and brands; `None` when the file is a bare codestream.
    names: Option<Vec<&'a [u8; 4]>>,
}

impl<'a> File<'a> {
    /// Reads the boxes, as far as there are whole ones.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when there is no codestream in them.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if bytes.starts_with(b"\xff\x0a") {
            return Ok(Self { codestream: Cow::Borrowed(bytes), level: None, names: None });
        }
        let (mut codestream, mut level, mut names) = (Cow::Borrowed(&[][..]), None, Vec::new());
        let mut rest = bytes;
        while let Some((name, data, behind)) = next(rest) {
            match name {
                b"jxlc" => codestream = Cow::Borrowed(data),
                b"jxlp" => codestream.to_mut().extend_from_slice(data.get(4..).unwrap_or_default()),
                b"jxll" => level = level.or(Some(data)),
                _ => {}
            }
            names.push(name);
            rest = behind;
        }
        if codestream.is_empty() {
            return Err(Refusal::damaged("there is no codestream in it"));
        }
        Ok(Self { codestream, level, names: Some(names) })
    }

    /// Whether there are no boxes.
    pub(super) fn is_bare(&self) -> bool {
        self.names.is_none()
    }

    /// Checks that `bytes`, which this was read from, hold nothing but the codestream and what has to stand around it.
    ///
    /// # Errors
    /// [`crate::Reason::Unprovable`], naming what is left.
    pub(super) fn check_leftovers(&self, bytes: &[u8]) -> Result<(), Refusal> {
        let Some(names) = &self.names else { return Ok(()) };
        let level = match names.as_slice() {
            [_, _, b"jxlc"] => 0,
            [_, _, b"jxll", b"jxlc"] => 9,
            _ => return Err(Refusal::unprovable("the copy has boxes that do not belong there")),
        };
        let expected = START.len() + level + 8 + self.codestream.len();
        if !bytes.starts_with(START) || bytes.len() != expected {
            return Err(Refusal::unprovable("the copy has bytes in or behind its boxes that do not belong there"));
        }
        Ok(())
    }
}

/// Type and contents of the box that begins `bytes`, and what follows it.
fn next(bytes: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let ([a, b, c, d, name @ ..], rest) = bytes.split_first_chunk::<8>()?;
    match u32::from_be_bytes([*a, *b, *c, *d]) {
        0 => Some((name, rest, &[])),
        1 => {
            let (size, rest) = rest.split_first_chunk::<8>()?;
            let size = usize::try_from(u64::from_be_bytes(*size)).ok()?;
            let (data, behind) = rest.split_at_checked(size.checked_sub(16)?)?;
            Some((name, data, behind))
        }
        size => {
            let (data, behind) = rest.split_at_checked(usize::try_from(size).ok()?.checked_sub(8)?)?;
            Some((name, data, behind))
        }
    }
}
