//! Walking the inputs: which files there are, and where their copies would go.
//!
//! The order is stable (by name, bytewise), symbolic links are never followed, hidden files are part of the input. What
//! cannot be cleaned because it is no regular file, or because it cannot be read, is an entry too: every input gets its
//! record. The litter of operating systems is an entry that is skipped.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use walkdir::WalkDir;

use crate::refusal::{Reason, Refusal};

/// Something that was found under an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it is.
    pub source: PathBuf,
    /// Where its copy goes, relative to the release folder.
    pub relative: PathBuf,
    /// What to do with it.
    pub task: Task,
}

/// What to do with an [`Entry`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// A regular file: clean it.
    Clean,
    /// Litter of an operating system: skip it.
    Skip,
    /// Nothing that could be cleaned: refuse it.
    Refuse(Refusal),
}

impl Entry {
    /// The relative path as it stands in logs: with `/` on every system, anything that is no Unicode replaced.
    #[must_use]
    pub fn name(&self) -> String {
        logged_path(&self.relative)
    }
}

/// A relative path as it stands in logs.
#[must_use]
pub fn logged_path(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy()),
            _ => None,
        })
        .collect();
    parts.join("/")
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
        first = first.display(), second = second.display(), relative = relative.display())]
    Clash {
        /// The one that came first.
        first: PathBuf,
        /// The one that came later.
        second: PathBuf,
        /// The common path under the release folder.
        relative: PathBuf,
    },
}

/// Lists everything under the inputs. A folder's content keeps its relative paths; a single file maps to its base name.
///
/// # Errors
/// When an input does not exist, or two of them map to one output path.
pub fn discover(inputs: &[PathBuf]) -> Result<Vec<Entry>, DiscoverError> {
    let mut entries = Vec::new();
    for input in inputs {
        let metadata = std::fs::metadata(input).map_err(|error| DiscoverError::Input { path: input.clone(), error })?;
        if metadata.is_dir() {
            walk(input, &mut entries);
        } else {
            let name = input.file_name().ok_or_else(|| DiscoverError::Nameless(input.clone()))?;
            entries.push(entry(input.clone(), PathBuf::from(name), metadata.is_file()));
        }
    }
    check_clashes(&entries)?;
    Ok(entries)
}

fn walk(folder: &Path, entries: &mut Vec<Entry>) {
    for found in WalkDir::new(folder).min_depth(1).follow_links(false).sort_by_file_name() {
        match found {
            Ok(found) if found.file_type().is_dir() => {}
            Ok(found) => {
                let relative = found.path().strip_prefix(folder).unwrap_or(found.path()).to_path_buf();
                let is_file = found.file_type().is_file();
                entries.push(entry(found.into_path(), relative, is_file));
            }
            Err(error) => {
                let source = error.path().unwrap_or(folder).to_path_buf();
                let relative = source.strip_prefix(folder).unwrap_or(&source).to_path_buf();
                let why = error.io_error().map_or_else(|| "it cannot be listed".to_owned(), |e| e.kind().to_string());
                entries.push(Entry { source, relative, task: Task::Refuse(Refusal::new(Reason::Unreadable, why)) });
            }
        }
    }
}

fn entry(source: PathBuf, relative: PathBuf, is_file: bool) -> Entry {
    let name = relative.file_name().unwrap_or_default();
    let task = if is_litter(name) {
        Task::Skip
    } else if is_file {
        Task::Clean
    } else {
        Task::Refuse(
            Refusal::unsupported("this is no regular file (a symbolic link, pipe, socket or device)")
                .with_hint("put the file itself into the folder"),
        )
    };
    Entry { source, relative, task }
}

/// Files that operating systems leave in folders without anybody asking.
fn is_litter(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("._")
        || ["ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini"]
            .contains(&name.trim_start_matches('.').to_ascii_lowercase().as_str())
}

fn check_clashes(entries: &[Entry]) -> Result<(), DiscoverError> {
    let mut seen: HashMap<&Path, &Entry> = HashMap::with_capacity(entries.len());
    for entry in entries.iter().filter(|entry| entry.task != Task::Skip) {
        if let Some(first) = seen.insert(&entry.relative, entry) {
            return Err(DiscoverError::Clash {
                first: first.source.clone(),
                second: entry.source.clone(),
                relative: entry.relative.clone(),
            });
        }
    }
    Ok(())
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

    #[test]
    fn logged_paths_are_relative_and_use_slashes() {
        assert_eq!(logged_path(Path::new("/a/../b/./c.txt")), "a/b/c.txt");
    }
}
