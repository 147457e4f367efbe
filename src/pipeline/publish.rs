//! Making a copy appear, whole or not at all.

use std::fs::{self, File, FileTimes};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The time stamp of every copy: 1980-01-01 00:00:00 UTC, the earliest that ZIP and FAT can hold.
const COPY_TIME: Duration = Duration::from_secs(315_532_800);

/// A folder that copies are published into, and the staging folder beside it on the same file system.
#[derive(Debug, Clone, Copy)]
pub(super) struct Destination<'a> {
    /// Where copies appear.
    pub(super) root: &'a Path,
    /// Where they come into being.
    pub(super) staging: &'a Path,
}

impl Destination<'_> {
    /// Writes `bytes` to `relative` under the root: staged, synced, renamed, and the folder synced too.
    pub(super) fn publish(&self, bytes: &[u8], relative: &Path) -> io::Result<()> {
        let target = self.root.join(relative);
        let parent = target.parent().unwrap_or(self.root);
        create_folders(self.root, parent)?;
        let mut staged = tempfile::Builder::new().prefix("copy-").tempfile_in(self.staging)?;
        staged.write_all(bytes)?;
        finish_file(staged.as_file())?;
        // On an error the temporary file is removed and nothing has appeared.
        staged.persist(&target).map_err(|error| error.error)?;
        sync_folder(parent)
    }
}

/// Mode, time stamp, and the bytes on the disk.
fn finish_file(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.set_times(copy_times())?;
    file.sync_all()
}

fn copy_times() -> FileTimes {
    let time = SystemTime::UNIX_EPOCH.checked_add(COPY_TIME).unwrap_or(SystemTime::UNIX_EPOCH);
    FileTimes::new().set_accessed(time).set_modified(time)
}

/// Creates the folders between `root` and `parent`, syncing each new entry.
fn create_folders(root: &Path, parent: &Path) -> io::Result<()> {
    let mut missing: Vec<PathBuf> = Vec::new();
    let mut folder = parent;
    while folder != root && !folder.is_dir() {
        missing.push(folder.to_path_buf());
        match folder.parent() {
            Some(above) => folder = above,
            None => break,
        }
    }
    for folder in missing.into_iter().rev() {
        match fs::create_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {} // another worker was quicker
            other => other?,
        }
        if let Some(above) = folder.parent() {
            sync_folder(above)?;
        }
    }
    Ok(())
}

/// Makes the names in a folder durable, where the system can.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Gives all folders under `root` the time stamp of the copies: when they were made is nobody's business.
/// Deepest first; a folder that refuses keeps its own, which is no leak of any document.
pub(super) fn settle_folder_times(root: &Path) {
    for entry in walkdir::WalkDir::new(root).contents_first(true).into_iter().flatten() {
        if entry.file_type().is_dir()
            && let Ok(folder) = File::open(entry.path())
        {
            let _ = folder.set_times(copy_times());
        }
    }
}
