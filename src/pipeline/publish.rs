//! Making copies appear, whole or not at all.
//!
//! A copy is staged first: written beside the release folder, under a name of its own. Then, for as many copies at once as there
//! are, the bytes are made durable, the copies get their names, and the names are made durable. Only then are they released: a
//! power cut leaves whole copies or none. One sync for many copies costs about what one costs for each of them.

use std::collections::BTreeSet;
use std::fs::{self, File, FileTimes};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::NamedTempFile;

use crate::refusal::{Reason, Refusal};

/// The time stamp of every copy: 1980-01-01 00:00:00 UTC, the earliest that ZIP and FAT can hold.
const COPY_TIME: Duration = Duration::from_secs(315_532_800);

/// From so many files on, one sync of their file system is cheaper than one of each.
const MANY: usize = 4;

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

/// A whole copy that has not got its name yet. Dropped, it is gone.
#[derive(Debug)]
pub(super) struct Staged {
    file: NamedTempFile,
    root: PathBuf,
    target: PathBuf,
}

impl Destination<'_> {
    /// Writes `bytes`, which are to be released as `relative` under the root.
    pub(super) fn stage(&self, bytes: &[u8], relative: &Path) -> io::Result<Staged> {
        let mut file = tempfile::Builder::new().prefix("copy-").tempfile_in(self.staging)?;
        file.write_all(bytes)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
        }
        file.as_file().set_times(copy_times())?;
        Ok(Staged { file, root: self.root.to_path_buf(), target: self.root.join(relative) })
    }
}

/// Makes staged copies appear and durable, and says of each whether it did.
///
/// # Errors
/// When the bytes or the names cannot be made durable. Copies that did not appear are gone.
pub(super) fn publish(copies: Vec<Staged>) -> io::Result<Vec<Result<(), PublishError>>> {
    let files = copies.iter().map(|copy| Ok::<_, io::Error>((copy.root.as_path(), copy.file.as_file().try_clone()?)));
    sync_all(&files.collect::<Result<Vec<_>, _>>()?)?;
    let mut changed = BTreeSet::new();
    let appeared: Vec<_> = copies.into_iter().map(|copy| copy.appear(&mut changed)).collect();
    let folders = changed.iter().map(|(root, folder)| Ok::<_, io::Error>((root.as_path(), File::open(folder)?)));
    if cfg!(unix) {
        sync_all(&folders.collect::<Result<Vec<_>, _>>()?)?;
    }
    Ok(appeared)
}

impl Staged {
    /// The folder that it is to appear in, or below.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Gives the copy its name. The root began without a file of this name; if one is there now, the system takes another name
    /// for the same, and that file stays. Folders with new names are added to `changed`, with their root.
    fn appear(self, changed: &mut BTreeSet<(PathBuf, PathBuf)>) -> Result<(), PublishError> {
        let Self { file, root, target } = self;
        let parent = target.parent().unwrap_or(&root).to_path_buf();
        create_folders(&root, &parent, changed)?;
        file.persist_noclobber(&target).map_err(|error| PublishError::of_naming(error.error))?;
        changed.insert((root, parent));
        Ok(())
    }
}

/// Makes files, or the names in folders, durable. Each comes with the root that it lies under.
fn sync_all(files: &[(&Path, File)]) -> io::Result<()> {
    let mut roots: BTreeSet<&Path> = BTreeSet::new();
    if files.len() >= MANY {
        roots.extend(files.iter().map(|(root, _)| *root));
        roots.retain(|root| sync_file_system(root).is_ok());
    }
    files.iter().filter(|(root, _)| !roots.contains(root)).try_for_each(|(_, file)| file.sync_all())
}

/// Makes everything durable that was written to the file system of a folder.
///
/// # Errors
/// When it fails, and where it is not known to do that: of what lies behind a network or another program, only each file by
/// itself is sure.
#[cfg(target_os = "linux")]
fn sync_file_system(folder: &Path) -> io::Result<()> {
    /// `statfs(2)`: ext2 to ext4, XFS, Btrfs, F2FS, ZFS, tmpfs.
    const SURE: [u64; 6] = [0xef53, 0x5846_5342, 0x9123_683e, 0xf2f5_2010, 0x2fc1_2fc1, 0x0102_1994];
    let folder = File::open(folder)?;
    let kind = rustix::fs::fstatfs(&folder)?.f_type;
    if !u64::try_from(kind).is_ok_and(|kind| SURE.contains(&kind)) {
        return Err(io::ErrorKind::Unsupported.into());
    }
    Ok(rustix::fs::syncfs(&folder)?)
}

/// Not known to be possible on this system.
#[cfg(not(target_os = "linux"))]
fn sync_file_system(_: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn copy_times() -> FileTimes {
    let time = SystemTime::UNIX_EPOCH.checked_add(COPY_TIME).unwrap_or(SystemTime::UNIX_EPOCH);
    FileTimes::new().set_accessed(time).set_modified(time)
}

/// Creates the folders between `root` and `parent`; those with new names are added to `changed`, with their root.
fn create_folders(root: &Path, parent: &Path, changed: &mut BTreeSet<(PathBuf, PathBuf)>) -> Result<(), PublishError> {
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
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {} // as another name for the same
            other => other.map_err(PublishError::of_naming)?,
        }
        if let Some(above) = folder.parent() {
            changed.insert((root.to_path_buf(), above.to_path_buf()));
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
        let publish = |bytes: &[u8], name: &str| {
            publish(vec![destination.stage(bytes, Path::new(name)).unwrap()]).unwrap().remove(0)
        };
        publish(b"first", "sub/a.txt").unwrap();
        // The second name stands for one that the file system takes for the first.
        for taken in ["sub/a.txt", "sub/a.txt/b.txt", "sub"] {
            match publish(b"second", taken) {
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
            let copy = destination.stage(b"copy", Path::new(name)).unwrap();
            assert!(matches!(publish(vec![copy]).unwrap()[..], [Err(PublishError::Folder(_))]), "{name}");
        }
    }

    #[test]
    fn many_copies_appear_at_once_and_one_that_cannot_keeps_none_back() {
        let folder = tempfile::tempdir().unwrap();
        let roots = ["release", "held"].map(|name| folder.path().join(name));
        roots.iter().for_each(|root| fs::create_dir(root).unwrap());
        let stage = |number: usize| {
            let root = &roots[number % 2];
            let name = if number == 7 { "3/copy".to_owned() } else { format!("{number}/copy") };
            Destination { root, staging: folder.path() }.stage(name.as_bytes(), Path::new(&name)).unwrap()
        };
        let appeared = publish((0..20).map(stage).collect()).unwrap();
        for (number, appeared) in appeared.iter().enumerate() {
            let copy = roots[number % 2].join(format!("{number}/copy"));
            assert_eq!((appeared.is_ok(), copy.exists()), (number != 7, number != 7), "{number}");
        }
        assert_eq!(fs::read(roots[1].join("3/copy")).unwrap(), b"3/copy");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left behind");
    }
}
