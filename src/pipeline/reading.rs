//! Reading an input: a regular file, whole, and only while it holds still.
//!
//! Between the walk and the reading anybody may have put something else under the name. What counts is therefore what was
//! opened: links are not followed, and nothing is waited for, as a pipe would want. A file that changes while it is read
//! would be cleaned as something that it never was; size and times before and after, and the number of bytes, show that.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::look::Look;
use crate::discover::{Entry, Task};
use crate::refusal::{Reason, Refusal};

/// Reads a file, at most `limit` bytes of it.
///
/// # Errors
/// A [`Refusal`] when it is no regular file, cannot be read, is larger, or changes in the meantime.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Refusal> {
    let file = open(path)?;
    read_open(&file, &file, limit)
}

/// Reads an entry, at most `limit` bytes of it.
///
/// # Errors
/// As [`read`]; what cannot be cleaned anyway is not opened.
pub fn read_entry(entry: &Entry, limit: u64) -> Result<Vec<u8>, Refusal> {
    match &entry.task {
        Task::Refuse(refusal) => Err(refusal.as_ref().clone()),
        Task::Clean | Task::Skip => read(&entry.source, limit),
    }
}

/// Reads the content of an open file.
fn read_open(file: &File, content: impl Read, limit: u64) -> Result<Vec<u8>, Refusal> {
    let before = file.metadata().map_err(|error| unreadable(&error))?;
    if !before.is_file() {
        return Err(no_regular_file());
    }
    let over = || Refusal::over_limit("input-bytes", format!("the file has more than {limit} bytes"));
    if before.len() > limit {
        return Err(over());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(before.len()).unwrap_or_default());
    content.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    let read = bytes.len() as u64;
    if read > limit {
        return Err(over());
    }
    let after = file.metadata().map_err(|error| unreadable(&error))?;
    if Look::of(&before) != Look::of(&after) || read != before.len() {
        return Err(Refusal::new(Reason::Unreadable, "the file changed while it was being read")
            .with_hint("clean it again when nobody writes to it"));
    }
    Ok(bytes)
}

/// Opens a file, neither following a link nor waiting for the other end of a pipe.
#[cfg(unix)]
fn open(path: &Path) -> Result<File, Refusal> {
    use rustix::fs::{Mode, OFlags};
    use rustix::io::Errno;
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    match rustix::io::retry_on_intr(|| rustix::fs::open(path, flags, Mode::empty())) {
        Ok(handle) => Ok(File::from(handle)),
        // A link, a socket, a device without a driver.
        Err(Errno::LOOP | Errno::MLINK | Errno::NXIO | Errno::NODEV) => Err(no_regular_file()),
        Err(error) => Err(unreadable(&error.into())),
    }
}

#[cfg(not(unix))]
fn open(path: &Path) -> Result<File, Refusal> {
    if path.is_symlink() {
        return Err(no_regular_file());
    }
    File::open(path).map_err(|error| unreadable(&error))
}

fn no_regular_file() -> Refusal {
    Refusal::new(Reason::Unreadable, "it is no regular file any more")
        .with_hint("clean it again when nobody changes the folder")
}

fn unreadable(error: &io::Error) -> Refusal {
    Refusal::unreadable(error.kind())
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, SeekFrom, Write};
    use std::time::{Duration, SystemTime};

    use super::*;

    /// Reads a file and, when half of it is read, does something to it.
    struct Disturbed<'a> {
        file: &'a File,
        left: usize,
        disturb: Option<&'a dyn Fn()>,
    }

    impl Read for Disturbed<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.left == 0 {
                if let Some(disturb) = self.disturb.take() {
                    disturb();
                }
                return self.file.read(buffer);
            }
            let most = buffer.len().min(self.left);
            let count = self.file.read(&mut buffer[..most])?;
            self.left -= count;
            Ok(count)
        }
    }

    #[test]
    fn a_file_that_changes_while_it_is_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("input");
        let writer = || File::options().write(true).open(&path).unwrap();
        let append = || {
            let mut file = writer();
            file.seek(SeekFrom::End(0)).unwrap();
            file.write_all(b"more").unwrap();
        };
        let cut = || writer().set_len(10).unwrap();
        let overwrite = || writer().write_all(b"other").unwrap();
        // Whoever covers up the time of the change cannot cover up that of doing so.
        let cover_up = || {
            let mut file = writer();
            file.write_all(b"other").unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        };
        let nothing = || ();
        let cases: [(&str, &dyn Fn(), bool); 5] = [
            ("nothing", &nothing, true),
            ("appended", &append, false),
            ("cut", &cut, false),
            ("overwritten", &overwrite, false),
            ("overwritten secretly", &cover_up, cfg!(not(unix))),
        ];
        for (what, disturb, is_read) in cases {
            let mut file = File::options().write(true).create(true).truncate(true).open(&path).unwrap();
            file.write_all(&[b'a'; 1000]).unwrap();
            file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
            std::thread::sleep(Duration::from_millis(20)); // so that the system's clock ticks
            let file = open(&path).unwrap();
            let result = read_open(&file, Disturbed { file: &file, left: 500, disturb: Some(disturb) }, 10_000);
            match result {
                Ok(bytes) => assert!(is_read && bytes == [b'a'; 1000], "{what}"),
                Err(refusal) => {
                    assert!(!is_read, "{what}");
                    assert_eq!(refusal.detail, "the file changed while it was being read", "{what}");
                }
            }
        }
    }

    #[test]
    fn a_file_over_the_limit_is_refused_before_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sparse");
        File::options().write(true).create_new(true).open(&path).unwrap().set_len(1 << 40).unwrap();
        assert_eq!(read(&path, 1 << 30).unwrap_err().reason, Reason::OverLimit);
    }
}
