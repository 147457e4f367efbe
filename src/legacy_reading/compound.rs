//! The streams and storages of a compound file ([MS-CFB]), through the `cfb` crate.

use std::io::{Cursor, Read};

use crate::formats::Context;
use crate::refusal::Refusal;

/// A stream or a storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// Its path, without a slash in front; empty for the root.
    pub(crate) path: String,
    /// Bytes of a stream; 0 for storages.
    pub(crate) size: u64,
    /// True for a stream.
    pub(crate) is_stream: bool,
    /// True when the storage has a time stamp.
    pub(crate) is_dated: bool,
    /// True when the storage has a class id, which names the program that it belongs to.
    pub(crate) has_class: bool,
}

impl Item {
    /// The last name of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit_once('/').map_or(self.path.as_str(), |(_, name)| name)
    }

    /// The path of the storage that it lies in; empty for the root.
    pub(crate) fn parent(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(parent, _)| parent)
    }
}

/// An open compound file.
pub(crate) struct Compound<'a, 'c> {
    file: cfb::CompoundFile<Cursor<&'a [u8]>>,
    items: Vec<Item>,
    size: u64,
    context: &'c Context<'c>,
}

impl<'a, 'c> Compound<'a, 'c> {
    /// Reads the directory.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`], [`crate::Reason::OverLimit`].
    pub(crate) fn open(bytes: &'a [u8], context: &'c Context<'c>) -> Result<Self, Refusal> {
        let file = cfb::CompoundFile::open(Cursor::new(bytes))
            .map_err(|_| Refusal::damaged("the directory of the compound file cannot be read"))?;
        let mut items = Vec::new();
        for entry in file.walk() {
            let most = context.limits.archive_members;
            if items.len() as u64 >= most {
                return Err(Refusal::over_limit("archive-members", format!("it has more than {most} items")));
            }
            let never = std::time::SystemTime::UNIX_EPOCH;
            let is_dated = [entry.created(), entry.modified()].iter().any(|time| *time > never);
            items.push(Item {
                path: entry.path().to_string_lossy().trim_start_matches('/').to_owned(),
                size: if entry.is_stream() { entry.len() } else { 0 },
                is_stream: entry.is_stream(),
                is_dated: is_dated && entry.is_storage(),
                has_class: entry.is_storage() && !entry.clsid().is_nil(),
            });
        }
        Ok(Self { file, items, size: bytes.len() as u64, context })
    }

    /// Every storage and stream, each storage before what lies in it.
    pub(crate) fn items(&self) -> &[Item] {
        &self.items
    }

    /// True when there is a stream of this path.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.items.iter().any(|item| item.is_stream && item.path == path)
    }

    /// The bytes of a stream.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when it is not there or cannot be read whole, [`crate::Reason::OverLimit`].
    pub(crate) fn read(&mut self, path: &str) -> Result<Vec<u8>, Refusal> {
        let damaged = || Refusal::damaged("the stream cannot be read").in_part(title(path));
        let mut stream = self.file.open_stream(format!("/{path}")).map_err(|_| damaged())?;
        let length = stream.len();
        if length > self.size {
            return Err(damaged()); // longer than the file: its chain would run in a circle
        }
        self.context.charge_decompressed(length)?;
        let mut bytes = Vec::new();
        (&mut stream).take(length).read_to_end(&mut bytes).map_err(|_| damaged())?;
        Ok(bytes)
    }
}

/// A path as it is written: the sign in front of reserved names in the usual spelling, `\x05SummaryInformation`.
pub(crate) fn title(path: &str) -> String {
    let mut title = String::with_capacity(path.len());
    for sign in path.chars() {
        if sign.is_control() {
            title.push_str(&format!("\\x{:02}", u32::from(sign)));
        } else {
            title.push(sign);
        }
    }
    title
}
