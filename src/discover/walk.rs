//! The walk through a folder. It ends whatever the file system looks like: symbolic links are not followed, a folder that
//! lies in itself is not entered again, and neither are folders that lie too deep.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::{Entry, entry};
use crate::refusal::{Reason, Refusal};

/// How deep folders may lie in one another.
const DEEPEST: usize = 1000;

/// What tells folders apart: device and number of the file.
type Identity = (u64, u64);

/// Adds everything in a folder.
pub(super) fn walk(folder: &Path, entries: &mut Vec<Entry>) {
    walk_with(folder, entries, &identity);
}

/// As [`walk`], with something that tells folders apart.
fn walk_with(folder: &Path, entries: &mut Vec<Entry>, identity: &dyn Fn(&DirEntry) -> Option<Identity>) {
    // The folders that the walk is in, the outermost first.
    let mut within: Vec<Option<Identity>> = Vec::new();
    let relative = |path: &Path| path.strip_prefix(folder).unwrap_or(path).to_path_buf();
    let refuse = |source: PathBuf, refusal: Refusal| Entry {
        relative: relative(&source),
        source,
        task: super::Task::Refuse(Box::new(refusal)),
        name_clash: false,
    };
    let mut found = WalkDir::new(folder).follow_links(false).sort_by_file_name().into_iter();
    while let Some(next) = found.next() {
        match next {
            Ok(inner) if inner.file_type().is_dir() || inner.depth() == 0 => {
                within.truncate(inner.depth());
                let own = identity(&inner);
                let refusal = if own.is_some() && within.contains(&own) {
                    Refusal::unsupported("this folder is one of those that it lies in")
                        .with_hint("unmount what leads back to it")
                } else if inner.depth() > DEEPEST {
                    Refusal::new(Reason::OverLimit, format!("more than {DEEPEST} folders lie in one another"))
                        .with_hint("move what is in there further up, or clean it on its own")
                } else {
                    within.push(own);
                    continue;
                };
                found.skip_current_dir();
                entries.push(refuse(inner.into_path(), refusal));
            }
            Ok(inner) => {
                let is_file = inner.file_type().is_file();
                let relative = relative(inner.path());
                entries.push(entry(inner.into_path(), relative, is_file));
            }
            Err(error) => {
                let source = error.path().unwrap_or(folder).to_path_buf();
                let refusal = error.io_error().map_or_else(
                    || Refusal::new(Reason::Unreadable, "it cannot be listed"),
                    |error| Refusal::unreadable(error.kind()),
                );
                entries.push(refuse(source, refusal));
            }
        }
    }
}

#[cfg(unix)]
fn identity(folder: &DirEntry) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    // The root may be a link to a folder.
    let metadata = if folder.depth() == 0 { std::fs::metadata(folder.path()).ok() } else { folder.metadata().ok() };
    metadata.map(|metadata| (metadata.dev(), metadata.ino()))
}

/// Elsewhere only the depth ends a loop.
#[cfg(not(unix))]
fn identity(_: &DirEntry) -> Option<Identity> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::Task;

    /// Names and whether they are refused.
    fn walked(folder: &Path, identity: &dyn Fn(&DirEntry) -> Option<Identity>) -> Vec<(String, bool)> {
        let mut entries = Vec::new();
        walk_with(folder, &mut entries, identity);
        entries.iter().map(|entry| (entry.name(), matches!(entry.task, Task::Refuse(_)))).collect()
    }

    fn make(folder: &Path, file: &str) {
        std::fs::create_dir_all(folder.join(file).parent().unwrap()).unwrap();
        std::fs::File::options().create_new(true).write(true).open(folder.join(file)).unwrap();
    }

    #[test]
    fn a_folder_that_lies_in_itself_is_not_entered() {
        let dir = tempfile::tempdir().unwrap();
        for file in ["a/b/back/x.txt", "a/y.txt", "c/y.txt"] {
            make(dir.path(), file);
        }
        // As if `a` were mounted at `a/b/back`, and `c` were another mount of `a`, which is no loop.
        let same = |folder: &DirEntry| match folder.file_name().to_str() {
            Some("a" | "back" | "c") => Some((1, 1)),
            Some("b") => Some((1, 2)),
            _ => Some((1, 3)),
        };
        let expected = [("a/b/back", true), ("a/y.txt", false), ("c/y.txt", false)];
        assert_eq!(walked(dir.path(), &same), expected.map(|(name, refused)| (name.to_owned(), refused)));
        #[cfg(unix)]
        assert_eq!(walked(dir.path(), &identity).len(), 3, "the folders are four, and so are their numbers");
    }

    #[test]
    fn folders_that_lie_too_deep_are_not_entered() {
        let dir = tempfile::tempdir().unwrap();
        let deep = |levels: usize| "d/".repeat(levels);
        make(dir.path(), &format!("{}last.txt", deep(DEEPEST)));
        assert_eq!(walked(dir.path(), &identity), [(format!("{}last.txt", deep(DEEPEST)), false)]);
        make(dir.path(), &format!("{}no.txt", deep(DEEPEST + 1)));
        let found = walked(dir.path(), &identity);
        assert_eq!(found.len(), 2);
        assert!(found.contains(&(deep(DEEPEST + 1).trim_end_matches('/').to_owned(), true)));
    }
}
