//! Whether a file was changed, without reading it.

use std::fs::Metadata;
use std::path::Path;
use std::time::SystemTime;

/// What changes with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    pub(super) bytes: u64,
    /// `None` where the system does not know.
    pub(super) modified: Option<SystemTime>,
    /// On Unix the file's number, for another one in its place may have its size and time, and when anything about it changed,
    /// in seconds and nanoseconds: nobody can set that back.
    pub(super) changed: (u64, i64, i64),
}

impl Look {
    /// A look at a file; `None` when it is gone.
    #[must_use]
    pub fn at(path: &Path) -> Option<Self> {
        std::fs::symlink_metadata(path).ok().map(|metadata| Self::of(&metadata))
    }

    pub(super) fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let changed = {
            use std::os::unix::fs::MetadataExt;
            (metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
        };
        #[cfg(not(unix))]
        let changed = (0, 0, 0);
        Self { bytes: metadata.len(), modified: metadata.modified().ok(), changed }
    }
}
