//! Patterns of rules: how they are compiled, and how they are searched in a window of a text.

use regex::{Regex, RegexBuilder};

use super::gates::{AFTER, next_boundary};
use super::validate::Sight;

/// A match that touches the end of its window is looked at again with more room, up to this.
const LONGEST: usize = 64 << 10;

/// Compiles a pattern of a rule.
pub(crate) fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&ascii_boundaries(pattern)).size_limit(8 << 20).build()
}

/// Makes `\b` an ASCII word boundary: it keeps the search in the fast automaton on all text, and it lets a number begin
/// right behind a letter of a script that is written without spaces.
pub(super) fn ascii_boundaries(pattern: &str) -> String {
    let mut made = String::with_capacity(pattern.len().saturating_add(32));
    let mut characters = pattern.chars().peekable();
    while let Some(c) = characters.next() {
        if c != '\\' {
            made.push(c);
            continue;
        }
        match characters.next() {
            Some('b') if characters.peek() != Some(&'{') => made.push_str(r"(?-u:\b)"),
            Some(escaped) => made.extend(['\\', escaped]),
            None => made.push('\\'),
        }
    }
    made
}

/// A match, and how far the text was in sight when it was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    sight: usize,
}

/// The first match that begins at or behind `from`. One that touches the end of the window is searched again with more room,
/// so that what lies outside of the window counts as it would without one.
pub(super) fn find(regex: &Regex, text: &str, from: usize, end: usize) -> Option<Found> {
    let mut sight = end;
    let mut room = AFTER;
    loop {
        let found = regex.find_at(text.get(..sight)?, from)?;
        if found.end() < sight || sight >= text.len() {
            return Some(Found { start: found.start(), end: found.end(), sight });
        }
        if room >= LONGEST {
            return None;
        }
        room = room.saturating_mul(2);
        sight = next_boundary(text, end.saturating_add(room));
    }
}

/// The value in a match: the first capture group that took part if the pattern has any, else all of it.
pub(super) fn value_of<'t>(regex: &Regex, text: &'t str, found: &Found) -> Sight<'t> {
    let whole = Sight { text, start: found.start, end: found.end };
    if regex.captures_len() < 2 {
        return whole;
    }
    text.get(..found.sight)
        .and_then(|text| regex.captures_at(text, found.start))
        .and_then(|captures| captures.iter().skip(1).flatten().next().map(|value| (value.start(), value.end())))
        .map_or(whole, |(start, end)| Sight { text, start, end })
}
