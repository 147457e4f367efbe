//! Office files from before 2007, read: OLE compound files ([MS-CFB]), property sets ([MS-OLEPS]), Word ([MS-DOC]), Excel
//! ([MS-XLS]), PowerPoint ([MS-PPT]) and Outlook messages ([MS-OXMSG]).
//!
//! No such file is ever cleaned, so there is no proof that must not share this: inspection and text extraction both read with
//! it. Nothing here trusts a length: what does not lie in its stream is not there.

mod compound;
pub(crate) mod excel;
pub(crate) mod message;
pub(crate) mod powerpoint;
pub(crate) mod property_set;
pub(crate) mod word;

pub(crate) use compound::{Compound, Item, title};
use encoding_rs::{Encoding, UTF_8, UTF_16LE, WINDOWS_1252};

/// Bytes that are read from front to back; everything is little-endian.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl<'a> Bytes<'a> {
    /// The rest from an offset on; empty when that lies outside.
    pub(crate) fn at(bytes: &'a [u8], offset: impl TryInto<usize>) -> Self {
        Self(offset.try_into().ok().and_then(|offset| bytes.get(offset..)).unwrap_or_default())
    }

    /// The next `count` bytes.
    pub(crate) fn take(&mut self, count: impl TryInto<usize>) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count.try_into().ok()?)?;
        self.0 = rest;
        Some(taken)
    }

    /// The next byte.
    pub(crate) fn byte(&mut self) -> Option<u8> {
        self.take(1_usize)?.first().copied()
    }

    /// The next 16 bits.
    pub(crate) fn short(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2_usize)?.try_into().ok()?))
    }

    /// The next 32 bits.
    pub(crate) fn long(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4_usize)?.try_into().ok()?))
    }

    /// The next 64 bits.
    pub(crate) fn double(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8_usize)?.try_into().ok()?))
    }

    /// The bytes up to the next NUL, which is passed over.
    pub(crate) fn until_nul(&mut self) -> Option<&'a [u8]> {
        let end = memchr::memchr(0, self.0)?;
        let text = self.take(end)?;
        self.byte()?;
        Some(text)
    }
}

/// UTF-16LE as text.
pub(crate) fn utf16(bytes: &[u8]) -> String {
    UTF_16LE.decode_without_bom_handling(bytes).0.into_owned()
}

/// Text of a code page of Windows; Western Europe where the number says nothing.
pub(crate) fn ansi(bytes: &[u8], page: u16) -> String {
    code_page(page).decode_without_bom_handling(bytes).0.into_owned()
}

fn code_page(page: u16) -> &'static Encoding {
    match page {
        1200 => UTF_16LE,
        65_001 => UTF_8,
        932 => encoding_rs::SHIFT_JIS,
        936 => encoding_rs::GBK,
        949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        10_000 => encoding_rs::MACINTOSH,
        _ => Encoding::for_label(format!("windows-{page}").as_bytes()).unwrap_or(WINDOWS_1252),
    }
}
