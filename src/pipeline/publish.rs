//! Making a copy appear, whole or not at all.

use std::fs::{self, File, FileTimes};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::refusal::{Reason, Refusal};

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

/// Why a copy did not appear.
#[derive(Debug)]
pub(super) enum PublishError {
    /// It cannot have its name there. Other copies can have theirs.
    Name(Refusal),
    /// Nothing can be written there: a full disk, a vanished folder.
    Folder(io::Error),
}

impl From<io::Error> for PublishError {
    fn from(error: io::Error) -> Self {
        Self::Folder(error)
    }
}

impl PublishError {
    /// What an error means that came of giving a name.
    fn of_naming(error: io::Error) -> Self {
        use io::ErrorKind::{AlreadyExists, InvalidFilename, InvalidInput, NotADirectory};
        #[cfg(unix)]
        let cannot_be_coded = error.raw_os_error() == Some(rustix::io::Errno::ILSEQ.raw_os_error());
        #[cfg(not(unix))]
        let cannot_be_coded = false;
        let detail = match error.kind() {
            AlreadyExists | NotADirectory => {
                "the release folder has another file of this name, or of one that it takes for the same"
            }
            InvalidFilename | InvalidInput => "the release folder cannot have a file of this name",
            _ if cannot_be_coded => "the release folder cannot have a file of this name",
            _ => return Self::Folder(error),
        };
        Self::Name(Refusal::new(Reason::Unwritable, detail))
    }
}

impl Destination<'_> {
    /// Writes `bytes` to `relative` under the root: staged, synced, renamed, and the folder synced too. The root began
    /// without a file of this name; if one is there now, the system takes another name for the same, and that file stays.
    pub(super) fn publish(&self, bytes: &[u8], relative: &Path) -> Result<(), PublishError> {
        let target = self.root.join(relative);
        let parent = target.parent().unwrap_or(self.root);
        create_folders(self.root, parent)?;
        let mut staged = tempfile::Builder::new().prefix("copy-").tempfile_in(self.staging)?;
        staged.write_all(bytes)?;
        finish_file(staged.as_file())?;
        // On an error the temporary file is removed and nothing has appeared.
        staged.persist_noclobber(&target).map_err(|error| PublishError::of_naming(error.error))?;
        Ok(sync_folder(parent)?)
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
fn create_folders(root: &Path, parent: &Path) -> Result<(), PublishError> {
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
            other => other.map_err(PublishError::of_naming)?,
        }
        if let Some(above) = folder.parent() {
            sync_folder(above)?;
        }
    }
    Ok(())
}

/// Makes the names in a folder durable, where the system can.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Gives all folders under `root` the time stamp of the copies: when they were made is nobody's business. Folders that were
/// made for a copy that did not appear are removed. Deepest first; a folder that refuses keeps its own time, which is no
/// leak of any document.
pub(super) fn settle_folders(root: &Path) {
    for entry in walkdir::WalkDir::new(root).contents_first(true).into_iter().flatten() {
        let is_inner_folder = entry.file_type().is_dir() && entry.depth() > 0;
        if is_inner_folder && fs::remove_dir(entry.path()).is_ok() {
            continue; // it was empty
        }
        if entry.file_type().is_dir()
            && let Ok(folder) = File::open(entry.path())
        {
            let _ = folder.set_times(copy_times());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_never_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let (root, staging) = (folder.path().join("root"), folder.path().join("staging"));
        for folder in [&root, &staging] {
            fs::create_dir(folder).unwrap();
        }
        let destination = Destination { root: &root, staging: &staging };
        destination.publish(b"first", Path::new("sub/a.txt")).unwrap();
        // The second name stands for one that the file system takes for the first.
        for taken in ["sub/a.txt", "sub/a.txt/b.txt", "sub"] {
            match destination.publish(b"second", Path::new(taken)) {
                Err(PublishError::Name(refusal)) => assert_eq!(refusal.reason, Reason::Unwritable, "{taken}"),
                other => panic!("{taken}: {other:?}"),
            }
        }
        assert_eq!(fs::read(root.join("sub/a.txt")).unwrap(), b"first");
        assert_eq!(fs::read_dir(&staging).unwrap().count(), 0, "nothing is left behind");
    }

    #[test]
    fn what_concerns_all_copies_is_no_matter_of_a_name() {
        let folder = tempfile::tempdir().unwrap();
        let (root, staging) = (folder.path().join("gone"), folder.path());
        let destination = Destination { root: &root, staging };
        for name in ["a.txt", "sub/a.txt"] {
            assert!(matches!(destination.publish(b"copy", Path::new(name)), Err(PublishError::Folder(_))), "{name}");
        }
    }
}
