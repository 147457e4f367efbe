//! Outlook messages ([MS-OXMSG]): the streams are named after the properties that they hold.

use super::{Item, ansi, utf16};

/// Identifiers of properties ([MS-OXPROPS]).
pub(crate) mod property {
    pub(crate) const BODY: u16 = 0x1000;
    pub(crate) const RTF_BODY: u16 = 0x1009;
    pub(crate) const HTML_BODY: u16 = 0x1013;
    pub(crate) const ATTACHMENT: u16 = 0x3701;
    pub(crate) const ATTACHMENT_SHORT_NAME: u16 = 0x3704;
    pub(crate) const ATTACHMENT_NAME: u16 = 0x3707;
}

/// A property in a stream of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Property {
    /// Its identifier.
    pub(crate) id: u16,
    /// Its type: 0x1E 8-bit text, 0x1F Unicode, 0x102 bytes, 0x0D an object in a storage.
    pub(crate) kind: u16,
}

impl Property {
    /// By the name of a stream or storage: `__substg1.0_0037001F`.
    pub(crate) fn of(item: &Item) -> Option<Self> {
        let number = item.name().strip_prefix("__substg1.0_")?.get(..8)?;
        let number = u32::from_str_radix(number, 16).ok()?;
        Some(Self { id: u16::try_from(number >> 16).ok()?, kind: u16::try_from(number & 0x0fff).ok()? })
    }

    /// The text of its stream; `None` for bytes.
    pub(crate) fn text(self, bytes: &[u8]) -> Option<String> {
        match self.kind {
            0x1e => Some(ansi(bytes, 1252)),
            0x1f => Some(utf16(bytes)),
            _ => None,
        }
        .map(|text| text.trim_end_matches('\0').to_owned())
        .filter(|text| !text.trim().is_empty())
    }
}
