//! Where copies of another kind go: a document without its macros gets the extension of its new kind.
//!
//! `a.docm` becomes `a.docx`, unless an input maps to that place or might; then it becomes `a.docm.docx`. The place depends on
//! the names of all inputs alone, never on which of them was finished first. Places are compared as a system does that tells
//! no case apart: the release folder may lie on one.

use std::ffi::OsString;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};

use crate::discover::{Entry, Task, folded, logged_path};
use crate::kind::Kind;

/// The places of a run: of each input only a hash of its name is kept, the rest is worked out when it is asked for.
#[derive(Debug)]
pub(super) struct Places<'a> {
    entries: &'a [Entry],
    hasher: RandomState,
    /// For each input the hash of its name as it is compared, and its number. Sorted.
    by_name: Vec<(u64, u32)>,
}

impl<'a> Places<'a> {
    /// Takes note of all inputs.
    pub(super) fn new(entries: &'a [Entry]) -> Self {
        let hasher = RandomState::new();
        let name = |(number, entry): (u32, &Entry)| (hasher.hash_one(compared(&entry.relative)), number);
        let mut by_name: Vec<(u64, u32)> = (0..).zip(entries).map(name).collect();
        by_name.sort_unstable();
        Self { entries, hasher, by_name }
    }

    /// The inputs with one of these names, as they are compared, and perhaps others.
    fn named(&self, names: impl IntoIterator<Item = String>) -> impl Iterator<Item = &'a Entry> {
        names.into_iter().flat_map(|name| {
            let hash = self.hasher.hash_one(name);
            let first = self.by_name.partition_point(|(known, _)| *known < hash);
            let same = self.by_name.iter().skip(first).take_while(move |(known, _)| *known == hash);
            same.filter_map(|(_, number)| self.entries.get(usize::try_from(*number).ok()?))
        })
    }

    /// The input that has this path in the log and is cleaned.
    pub(super) fn input(&self, path: &str) -> Option<&'a Entry> {
        self.named([folded(path)]).find(|entry| entry.task == Task::Clean && entry.name() == path)
    }

    /// True when an input that is cleaned has this path in the log, or its copy may have.
    pub(super) fn is_of_input(&self, path: &str) -> bool {
        let name = folded(path);
        let others = self.named(origins(&name).chain(stripped(&name).map(str::to_owned)));
        let mut copied = others.filter(|entry| entry.task == Task::Clean);
        self.input(path).is_some()
            || copied.any(|entry| self.possible(&entry.relative).any(|place| logged_path(&place) == path))
    }

    /// Where the copy of the input at `relative` goes that was of one kind and is of another now.
    pub(super) fn of_copy(&self, relative: &Path, from: Kind, to: Kind) -> PathBuf {
        let mut place = first_choice(relative, from, to);
        if place == relative || !self.is_taken(&place, relative) {
            return place;
        }
        place = appended(relative, to);
        while self.is_taken(&place, relative) {
            place = appended(&place, to);
        }
        place
    }

    /// True when another input maps, or may map, to a place.
    fn is_taken(&self, place: &Path, relative: &Path) -> bool {
        let place = compared(place);
        let others = self.named(origins(&place)).filter(|entry| entry.relative != relative);
        others.into_iter().any(|entry| wanted(&entry.relative).any(|wanted| wanted == place))
    }

    /// Where the copy of the input at `relative` goes that was of one kind and is of another now, for each that it may be.
    pub(super) fn of_kind<'s>(&'s self, relative: &'s Path, from: Kind) -> impl Iterator<Item = PathBuf> + 's {
        changes().filter(move |change| change.0 == from).map(|(from, to)| self.of_copy(relative, from, to))
    }

    /// Every place where a copy of the input may go that is of another kind.
    fn possible<'s>(&'s self, relative: &'s Path) -> impl Iterator<Item = PathBuf> + 's {
        changes().map(|(from, to)| self.of_copy(relative, from, to))
    }
}

/// Where an input maps to, or may map to, before others are looked at, as places are compared.
fn wanted(relative: &Path) -> impl Iterator<Item = String> {
    changes().map(|(from, to)| compared(&first_choice(relative, from, to))).chain([compared(relative)])
}

/// The names of all inputs that [`wanted`] this place, if there are such inputs.
fn origins(place: &str) -> impl Iterator<Item = String> {
    let changed = changes().flat_map(|(from, to)| {
        let stem = place.strip_suffix(extension(to)).and_then(|stem| stem.strip_suffix('.'));
        stem.into_iter().flat_map(move |stem| {
            let replaced = from.extensions().iter().map(move |own| format!("{stem}.{own}"));
            replaced.chain([stem.to_owned()])
        })
    });
    changed.chain([place.to_owned()])
}

/// A place without the extensions that were [`appended`], one after the other.
fn stripped(place: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(place), |place| {
        changes().find_map(|(_, to)| place.strip_suffix(extension(to))?.strip_suffix('.'))
    })
    .skip(1)
}

/// A place as places are compared.
fn compared(place: &Path) -> String {
    folded(&logged_path(place))
}

/// The kinds that may become others.
fn changes() -> impl Iterator<Item = (Kind, Kind)> {
    Kind::ALL.iter().filter_map(|from| from.without_macros().or(from.converted()).map(|to| (*from, to)))
}

/// The name with the extension of its new kind: in place of its own where that is one of the old kind, behind it otherwise.
/// A name that said all along what the copy is now stays.
fn first_choice(relative: &Path, from: Kind, to: Kind) -> PathBuf {
    let own = relative.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let is_of = |kind: Kind| own.as_ref().is_some_and(|own| kind.extensions().contains(&own.as_str()));
    if is_of(to) {
        relative.to_path_buf()
    } else if is_of(from) {
        relative.with_extension(extension(to))
    } else {
        appended(relative, to)
    }
}

fn appended(relative: &Path, to: Kind) -> PathBuf {
    let mut name = OsString::from(relative);
    name.push(".");
    name.push(extension(to));
    PathBuf::from(name)
}

fn extension(kind: Kind) -> &'static str {
    kind.extensions().first().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::Task;

    fn entries(names: &[&str]) -> Vec<Entry> {
        let entry = |name: &&str| Entry {
            source: name.into(),
            relative: name.into(),
            task: if name.ends_with(".DS_Store") { Task::Skip } else { Task::Clean },
            name_clash: false,
        };
        names.iter().map(entry).collect()
    }

    #[test]
    fn no_two_copies_have_one_place() {
        let cases: [(&[&str], &[&str]); 6] = [
            (&["a.docm", "a.pdf"], &["a.docx"]),
            (&["a.docm", "a.docx"], &["a.docm.docx"]),
            (&["a.docm", "a.docx", "a.docm.docx"], &["a.docm.docx.docx", "a.docx"]),
            (&["a.docm", "a.DOCM"], &["a.docm.docx.docx", "a.DOCM.docx.docx"]),
            (&["a.docm", "A.Docx"], &["a.docm.docx"]),
            (&["a.doc", "b/a.docm"], &["a.doc.docx", "b/a.docx"]),
        ];
        for (names, expected) in cases {
            let entries = entries(names);
            let places = Places::new(&entries);
            for (name, expected) in names.iter().zip(expected) {
                let place = places.of_copy(Path::new(name), Kind::Docm, Kind::Docx);
                assert_eq!(place, Path::new(expected), "{name} of {names:?}");
                assert!(places.possible(Path::new(name)).any(|possible| possible == place), "{name} of {names:?}");
            }
        }
    }
    #[test]
    fn paths_are_known_that_an_input_or_its_copy_has() {
        let inputs =
            entries(&["a.docm", "a.docx", "b/c.XLSM", "d.docm", "d.DOCM", "e.dot", "Straße.txt", "f/.DS_Store"]);
        let places = Places::new(&inputs);
        let known =
            ["a.docm", "a.docx", "a.docm.docx", "b/c.xlsx", "d.DOCM.docx.docx", "e.docx", "Straße.txt", "e.dot.pptx"];
        for path in known {
            assert!(places.is_of_input(path), "{path}");
        }
        let others = ["A.docm", "a.pdf", "c.xlsx", "b/c.pdf", "d.docx", "STRASSE.txt", "f/.DS_Store", "g.docx", ""];
        for path in others {
            assert!(!places.is_of_input(path), "{path}");
        }
    }
}
