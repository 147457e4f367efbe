//! What stands in several files, counted over the files of a run. Most things stand in one file only: of those hardly more
//! than a number is kept.

use std::collections::HashMap;
use std::hash::Hash;
use std::mem;

/// A fingerprint as the number that it is written for.
pub(super) type Code = [u8; 16];

/// The number that a fingerprint is written for.
pub(super) fn code(fingerprint: &str) -> Option<Code> {
    u128::from_str_radix(fingerprint, 16).ok().map(u128::to_be_bytes)
}

/// Things by their keys. What was seen once is told by a `One`, what several files have by a `Several`.
#[derive(Debug)]
pub(super) struct Seen<Key, One, Several> {
    /// How many things are kept in sight.
    most: usize,
    things: HashMap<Key, Place<One>>,
    /// Files that were the first with something.
    firsts: Vec<Box<str>>,
    several: Vec<Several>,
}

#[derive(Debug)]
enum Place<One> {
    /// In the one of the firsts with this number.
    First(u32, One),
    /// In several files: it is the one with this number.
    Several(u32),
}

impl<Key: Eq + Hash, One, Several> Seen<Key, One, Several> {
    /// Keeps this many things in sight.
    pub(super) fn new(most: usize) -> Self {
        Self { most, things: HashMap::new(), firsts: Vec::new(), several: Vec::new() }
    }

    /// Counts the things of one file, each of which it has once. `one` tells of a thing when it is first seen, `second` of that,
    /// the path of the first file and the thing in the second file, `more` adds the thing in another file.
    pub(super) fn add<Thing>(
        &mut self,
        path: &str,
        things: impl IntoIterator<Item = (Key, Thing)>,
        one: impl Fn(Thing) -> One,
        second: impl Fn(One, &str, Thing) -> Several,
        more: impl Fn(&mut Several, Thing),
    ) {
        let file = small(self.firsts.len());
        let mut is_first = false;
        for (key, thing) in things {
            let is_full = self.things.len() >= self.most;
            match self.things.get_mut(&key) {
                Some(Place::Several(at)) => {
                    if let Some(several) = usize::try_from(*at).ok().and_then(|at| self.several.get_mut(at)) {
                        more(several, thing);
                    }
                }
                Some(place) => {
                    let several = Place::Several(small(self.several.len()));
                    let Place::First(at, one) = mem::replace(place, several) else { continue };
                    let first = usize::try_from(at).ok().and_then(|at| self.firsts.get(at));
                    self.several.push(second(one, first.map(AsRef::as_ref).unwrap_or_default(), thing));
                }
                None if !is_full => {
                    self.things.insert(key, Place::First(file, one(thing)));
                    is_first = true;
                }
                None => {}
            }
        }
        if is_first {
            self.firsts.push(path.into());
        }
    }

    /// What several files have, in the order in which it came to the second of them.
    pub(super) fn into_several(self) -> Vec<Several> {
        self.several
    }
}

/// Millions at most, in half the room.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
