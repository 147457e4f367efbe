//! Where copies of another kind go: a document without its macros gets the extension of its new kind.
//!
//! `a.docm` becomes `a.docx`, unless an input maps to that place or might; then it becomes `a.docm.docx`. The place depends on
//! the names of all inputs alone, never on which of them was finished first. Places are compared as a system does that tells
//! no case apart: the release folder may lie on one.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::discover::{Entry, folded, logged_path};
use crate::kind::Kind;

/// The places of a run.
#[derive(Debug)]
pub(super) struct Places {
    /// How many inputs map, or may map, to a place.
    claims: HashMap<String, u32>,
}

impl Places {
    /// Takes note of all inputs.
    pub(super) fn new(entries: &[Entry]) -> Self {
        let mut claims: HashMap<String, u32> = HashMap::new();
        for place in entries.iter().flat_map(|entry| wanted(&entry.relative)) {
            let claim = claims.entry(place).or_default();
            *claim = claim.saturating_add(1);
        }
        Self { claims }
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
        let own = u32::from(wanted(relative).contains(&place));
        self.claims.get(&place).copied().unwrap_or_default() > own
    }

    /// Where the copy of the input at `relative` goes that was of one kind and is of another now, for each that it may be.
    pub(super) fn of_kind<'s>(&'s self, relative: &'s Path, from: Kind) -> impl Iterator<Item = PathBuf> + 's {
        changes().filter(move |change| change.0 == from).map(|(from, to)| self.of_copy(relative, from, to))
    }

    /// Every place where a copy of the input may go that is of another kind.
    pub(super) fn possible<'s>(&'s self, relative: &'s Path) -> impl Iterator<Item = PathBuf> + 's {
        changes().map(|(from, to)| self.of_copy(relative, from, to))
    }
}

/// Where an input maps to, or may map to, before others are looked at.
fn wanted(relative: &Path) -> BTreeSet<String> {
    let changed = changes().map(|(from, to)| compared(&first_choice(relative, from, to)));
    changed.chain([compared(relative)]).collect()
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
            let entry = |name: &&str| Entry {
                source: name.into(),
                relative: name.into(),
                task: Task::Clean,
                name_clash: false,
            };
            let places = Places::new(&names.iter().map(entry).collect::<Vec<_>>());
            for (name, expected) in names.iter().zip(expected) {
                let place = places.of_copy(Path::new(name), Kind::Docm, Kind::Docx);
                assert_eq!(place, Path::new(expected), "{name} of {names:?}");
                assert!(places.possible(Path::new(name)).any(|possible| possible == place), "{name} of {names:?}");
            }
        }
    }
}
