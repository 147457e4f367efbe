//! A GIF as the blocks that it is made of (GIF89a sections 17 to 27).

use crate::refusal::Refusal;

/// The byte that ends the file (section 27).
pub(super) const TRAILER: u8 = 0x3b;

/// One block.
pub(super) enum Block<'a> {
    /// Graphic control (section 23): flags, delay in hundredths of a second, transparent colour.
    Control(&'a [u8; 4]),
    /// A picture (sections 20 to 22).
    Picture(Picture<'a>),
    /// Any other extension.
    Extension(Extension<'a>),
    /// So many zeros where a block should begin; careless encoders leave them.
    Padding(usize),
    /// The trailer.
    End,
}

/// A picture, compressed.
pub(super) struct Picture<'a> {
    pub(super) width: u16,
    pub(super) height: u16,
    /// Image descriptor and local palette, as they stand in the file.
    pub(super) head: &'a [u8],
    /// Bits of a colour index: the LZW minimum code size.
    pub(super) bits: u8,
    /// Contents of the data sub-blocks, all together.
    pub(super) data: Vec<u8>,
    /// The data as it stands in the file: sub-blocks and the empty one that ends them.
    pub(super) raw: &'a [u8],
}

/// An extension other than graphic control.
pub(super) struct Extension<'a> {
    /// Extension label (section 24: 0xFE comment, 25: 0x01 plain text, 26: 0xFF application).
    pub(super) label: u8,
    /// Its data sub-blocks.
    pub(super) parts: Vec<&'a [u8]>,
    /// The same as it stands in the file, sizes and the empty sub-block included.
    pub(super) raw: &'a [u8],
}

/// The blocks of a GIF in file order.
pub(super) struct Blocks<'a> {
    head: &'a [u8],
    rest: &'a [u8],
}

fn cut_off() -> Refusal {
    Refusal::damaged("the file ends before its trailer: it is cut off")
}

impl<'a> Blocks<'a> {
    /// Starts behind signature, screen descriptor and global palette (sections 17 to 19).
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when they are not there as a whole.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if !bytes.starts_with(b"GIF87a") && !bytes.starts_with(b"GIF89a") {
            return Err(Refusal::damaged("no GIF signature at the start"));
        }
        let flags = *bytes.get(10).ok_or_else(cut_off)?;
        let size = 13_usize.saturating_add(palette_bytes(flags));
        let (head, rest) = bytes.split_at_checked(size).ok_or_else(cut_off)?;
        Ok(Self { head, rest })
    }

    /// Signature, screen descriptor and global palette.
    pub(super) fn head(&self) -> &'a [u8] {
        self.head
    }

    /// Width and height of the screen.
    pub(super) fn size(&self) -> (u16, u16) {
        (short(self.head, 6), short(self.head, 8))
    }

    /// What follows the last block that was taken.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next block.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when the file ends inside of it or it is malformed, [`crate::Reason::Unsupported`] when no
    /// block begins here.
    pub(super) fn next(&mut self) -> Result<Block<'a>, Refusal> {
        match self.rest {
            [TRAILER, rest @ ..] => {
                self.rest = rest;
                Ok(Block::End)
            }
            [0, ..] => {
                let zeros = self.rest.iter().take_while(|byte| **byte == 0).count();
                self.rest = self.rest.get(zeros..).unwrap_or_default();
                Ok(Block::Padding(zeros))
            }
            [0x2c, ..] => self.picture().map(Block::Picture),
            [0x21, label, rest @ ..] => {
                let label = *label;
                self.rest = rest;
                let (parts, raw) = self.sub_blocks()?;
                if label != 0xf9 {
                    return Ok(Block::Extension(Extension { label, parts, raw }));
                }
                match parts.as_slice() {
                    [data] => <&[u8; 4]>::try_from(*data).map(Block::Control).map_err(|_| bad_control()),
                    _ => Err(bad_control()),
                }
            }
            [] | [0x21] => Err(cut_off()),
            _ => Err(Refusal::damaged("there is something else where a block should begin")),
        }
    }

    fn picture(&mut self) -> Result<Picture<'a>, Refusal> {
        let flags = *self.rest.get(9).ok_or_else(cut_off)?;
        let size = 10_usize.saturating_add(palette_bytes(flags));
        let (head, rest) = self.rest.split_at_checked(size).ok_or_else(cut_off)?;
        let (bits, rest) = rest.split_first().ok_or_else(cut_off)?;
        self.rest = rest;
        let (parts, raw) = self.sub_blocks()?;
        Ok(Picture { width: short(head, 5), height: short(head, 7), head, bits: *bits, data: parts.concat(), raw })
    }

    /// Takes data sub-blocks up to the empty one that ends them (sections 15 and 16).
    fn sub_blocks(&mut self) -> Result<(Vec<&'a [u8]>, &'a [u8]), Refusal> {
        let whole = self.rest;
        let mut parts = Vec::new();
        loop {
            let (size, rest) = self.rest.split_first().ok_or_else(cut_off)?;
            let (part, rest) = rest.split_at_checked(usize::from(*size)).ok_or_else(cut_off)?;
            self.rest = rest;
            if part.is_empty() {
                let used = whole.len().saturating_sub(rest.len());
                return Ok((parts, whole.get(..used).unwrap_or_default()));
            }
            parts.push(part);
        }
    }
}

fn bad_control() -> Refusal {
    Refusal::damaged("a graphic control extension is not valid")
}

/// Size of the palette that the flags of a screen or image descriptor announce.
fn palette_bytes(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn short(bytes: &[u8], at: usize) -> u16 {
    let pair = bytes.get(at..).and_then(|bytes| bytes.first_chunk::<2>());
    pair.map_or(0, |pair| u16::from_le_bytes(*pair))
}

/// Appends contents as data sub-blocks of full size, and the empty one that ends them.
pub(super) fn write_sub_blocks(contents: &[u8], copy: &mut Vec<u8>) {
    for part in contents.chunks(255) {
        copy.extend(u8::try_from(part.len()));
        copy.extend_from_slice(part);
    }
    copy.push(0);
}
