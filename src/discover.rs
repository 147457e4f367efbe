//! Walking the inputs: which files there are, and where their copies would go.
//!
//! The order is stable (by name, bytewise), symbolic links are never followed, hidden files are part of the input. What
//! cannot be cleaned because it is no regular file, or because it cannot be read, is an entry too: every input gets its
//! record. The litter of operating systems is an entry that is skipped.

mod names;
mod walk;

use std::ffi::OsStr;
use std::path::PathBuf;

pub(crate) use names::folded;
pub use names::logged_path;

use crate::refusal::Refusal;

/// Something that was found under an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it is.
    pub source: PathBuf,
    /// Where its copy goes, relative to the release folder.
    pub relative: PathBuf,
    /// What to do with it.
    pub task: Task,
    /// True when a system that does not tell case apart takes another input for the same file.
    pub name_clash: bool,
}

/// What to do with an [`Entry`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// A regular file: clean it.
    Clean,
    /// Litter of an operating system: skip it.
    Skip,
    /// Nothing that could be cleaned: refuse it.
    Refuse(Box<Refusal>),
}

impl Entry {
    /// The relative path as it stands in logs; see [`logged_path`].
    #[must_use]
    pub fn name(&self) -> String {
        logged_path(&self.relative)
    }
}

/// An input that cannot be used; the run does not begin.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// The input does not exist or cannot be looked at.
    #[error("{path}: {error}", path = path.display())]
    Input {
        /// As given.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// An input without a name to map to, such as `..`.
    #[error("{path}: this input has no file name; give the file or folder by its name", path = .0.display())]
    Nameless(PathBuf),
    /// Two inputs would be written to one place.
    #[error("{first} and {second} would both be written to {relative}; rename one or clean them into two folders",
        first = first.display(), second = second.display())]
    Clash {
        /// The one that came first.
        first: PathBuf,
        /// The one that came later.
        second: PathBuf,
        /// The common path under the release folder, as it stands in logs.
        relative: String,
    },
}

/// Lists everything under the inputs. A folder's content keeps its relative paths; a single file maps to its base name. An
/// input that is a symbolic link stands for what it points to: whoever named it meant that.
///
/// # Errors
/// When an input does not exist, or two of them map to one output path.
pub fn discover(inputs: &[PathBuf]) -> Result<Vec<Entry>, DiscoverError> {
    let mut entries = Vec::new();
    for input in inputs {
        let error = |error| DiscoverError::Input { path: input.clone(), error };
        let metadata = std::fs::metadata(input).map_err(error)?;
        if metadata.is_dir() {
            walk::walk(input, &mut entries);
        } else {
            let name = input.file_name().ok_or_else(|| DiscoverError::Nameless(input.clone()))?;
            let source = if input.is_symlink() { input.canonicalize().map_err(error)? } else { input.clone() };
            entries.push(entry(source, PathBuf::from(name), metadata.is_file()));
        }
    }
    names::check_clashes(&entries)?;
    names::mark_name_clashes(&mut entries);
    Ok(entries)
}

fn entry(source: PathBuf, relative: PathBuf, is_file: bool) -> Entry {
    let name = relative.file_name().unwrap_or_default();
    let task = if is_litter(name) {
        Task::Skip
    } else if is_file {
        Task::Clean
    } else {
        let refusal = Refusal::unsupported("this is no regular file (a symbolic link, pipe, socket or device)");
        Task::Refuse(Box::new(refusal.with_hint("put the file itself into the folder")))
    };
    Entry { source, relative, task, name_clash: false }
}

/// Files that operating systems leave in folders without anybody asking.
fn is_litter(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("._")
        || ["ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini"]
            .contains(&name.trim_start_matches('.').to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn litter_is_told_by_name() {
        for name in [".DS_Store", "Thumbs.db", "THUMBS.DB", "desktop.ini", "._photo.jpg"] {
            assert!(is_litter(OsStr::new(name)), "{name}");
        }
        for name in ["thumbs.db.pdf", ".hidden", "photo.jpg", "_.jpg"] {
            assert!(!is_litter(OsStr::new(name)), "{name}");
        }
    }
}
