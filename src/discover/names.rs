//! Names of files: as they stand in logs, and as other systems compare them.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::path::{Component, Path};

use unicode_normalization::UnicodeNormalization;

use super::{DiscoverError, Entry, Task};

/// A relative path as it stands in logs: with `/` on every system. Bytes of a name that are no Unicode are written as
/// `\xHH`, so that names that differ in them differ in the log too.
#[must_use]
pub fn logged_path(path: &Path) -> String {
    let mut logged = String::new();
    for part in path.components() {
        let Component::Normal(name) = part else { continue };
        if !logged.is_empty() {
            logged.push('/');
        }
        for chunk in name.as_encoded_bytes().utf8_chunks() {
            logged.push_str(chunk.valid());
            for byte in chunk.invalid() {
                let _ = write!(logged, "\\x{byte:02X}"); // writing to a String cannot fail
            }
        }
    }
    logged
}

/// A logged path as a system compares it that tells neither case nor forms of Unicode apart, as Windows and macOS do. Systems
/// differ in details; this folds at least as much as any of them.
pub(crate) fn folded(logged: &str) -> String {
    logged.nfc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect()
}

/// Turns away inputs that would be one file in the release folder, or could not be told apart in the log.
pub(super) fn check_clashes(entries: &[Entry]) -> Result<(), DiscoverError> {
    let mut seen: HashMap<String, &Entry> = HashMap::with_capacity(entries.len());
    for entry in entries.iter().filter(|entry| entry.task != Task::Skip) {
        let name = entry.name();
        if let Some(first) = seen.get(&name) {
            return Err(DiscoverError::Clash {
                first: first.source.clone(),
                second: entry.source.clone(),
                relative: name,
            });
        }
        seen.insert(name, entry);
    }
    Ok(())
}

/// Marks the files that are one file, or file and folder, to a system that does not tell case apart.
pub(super) fn mark_name_clashes(entries: &mut [Entry]) {
    let mut files: HashMap<String, u32> = HashMap::with_capacity(entries.len());
    let mut folders: HashSet<String> = HashSet::new();
    for entry in entries.iter().filter(|entry| entry.task != Task::Skip) {
        let count = files.entry(folded(&entry.name())).or_default();
        *count = count.saturating_add(1);
        folders.extend(entry.relative.ancestors().skip(1).map(|folder| folded(&logged_path(folder))));
    }
    for entry in entries.iter_mut().filter(|entry| entry.task == Task::Clean) {
        let name = folded(&entry.name());
        entry.name_clash = files.get(&name).is_some_and(|count| *count > 1) || folders.contains(&name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str) -> Entry {
        Entry { source: name.into(), relative: name.into(), task: Task::Clean, name_clash: false }
    }

    #[test]
    fn logged_paths_are_relative_and_use_slashes() {
        assert_eq!(logged_path(Path::new("/a/../b/./c.txt")), "a/b/c.txt");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_unicode_stay_apart() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let logged = |bytes: &[u8]| logged_path(Path::new(OsStr::from_bytes(bytes)));
        assert_eq!(logged(b"sub\xff/a\xfe\x80b.txt"), "sub\\xFF/a\\xFE\\x80b.txt");
        assert_eq!(logged("Prüfung.txt".as_bytes()), "Prüfung.txt");
        assert_ne!(logged(b"a\xfe"), logged(b"a\xff"));
    }

    #[test]
    fn names_that_fall_together_elsewhere_are_marked() {
        let cases: [(&[&str], &[bool]); 7] = [
            (&["a.txt", "A.TXT", "b.txt"], &[true, true, false]),
            (&["sub/a.txt", "Sub/A.txt"], &[true, true]),
            (&["sub/a.txt", "Sub/b.txt"], &[false, false]),
            (&["straße.txt", "STRASSE.TXT"], &[true, true]),
            (&["ΜΆΪΟΣ", "μάϊος"], &[true, true]),
            (&["u\u{308}.txt", "ü.txt"], &[true, true]),
            (&["A", "a/b"], &[true, false]),
        ];
        for (names, expected) in cases {
            let mut entries: Vec<Entry> = names.iter().map(|name| entry(name)).collect();
            mark_name_clashes(&mut entries);
            let marked: Vec<bool> = entries.iter().map(|entry| entry.name_clash).collect();
            assert_eq!(marked, expected, "{names:?}");
        }
    }
}
