//! Compact Font Format: names and notices become spaces, and what nothing points to becomes zeros, in their places. Adobe
//! Technical Note 5176.

use std::collections::BTreeSet;
use std::ops::Range;

use super::subset;

/// Strings that every reader knows; those of a font are numbered from here.
const STANDARD_STRINGS: usize = 391;

fn half(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_be_bytes(*bytes.get(at..)?.first_chunk::<2>()?)))
}

/// The places of the objects of an INDEX, and where it ends.
fn index(bytes: &[u8], at: usize) -> Option<(Vec<Range<usize>>, usize)> {
    let count = half(bytes, at)?;
    if count == 0 {
        return Some((Vec::new(), at.checked_add(2)?));
    }
    let width = usize::from(*bytes.get(at.checked_add(2)?)?);
    if !(1..=4).contains(&width) {
        return None;
    }
    let table = at.checked_add(3)?;
    let base = count.checked_add(1)?.checked_mul(width)?.checked_add(table)?.checked_sub(1)?;
    let offset = |number: usize| -> Option<usize> {
        let at = number.checked_mul(width)?.checked_add(table)?;
        let value =
            bytes.get(at..at.checked_add(width)?)?.iter().fold(0, |value, byte| (value << 8) | usize::from(*byte));
        base.checked_add(value)
    };
    let mut places = Vec::new();
    for number in 0..count {
        let place = offset(number)?..offset(number.checked_add(1)?)?;
        bytes.get(place.clone())?;
        places.push(place);
    }
    Some((places, offset(count)?))
}

/// An operator of a DICT with its numbers; where an operand that is written with a fixed width stands.
struct Entry {
    operator: u16,
    numbers: Vec<i64>,
    wide: Vec<Range<usize>>,
}

fn entries(bytes: &[u8], place: &Range<usize>) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    let (mut numbers, mut wide) = (Vec::new(), Vec::new());
    let mut at = place.start;
    while at < place.end {
        let first = *bytes.get(at)?;
        let next = at.checked_add(1)?;
        at = match first {
            0..=21 => {
                let (operator, end) = match first {
                    12 => (0x0c00 | u16::from(*bytes.get(next)?), next.checked_add(1)?),
                    _ => (u16::from(first), next),
                };
                let (numbers, wide) = (std::mem::take(&mut numbers), std::mem::take(&mut wide));
                entries.push(Entry { operator, numbers, wide });
                end
            }
            28 => {
                let end = next.checked_add(2)?;
                numbers.push(i64::from(i16::from_be_bytes(*bytes.get(next..)?.first_chunk::<2>()?)));
                wide.push(next..end);
                end
            }
            29 => {
                let end = next.checked_add(4)?;
                numbers.push(i64::from(i32::from_be_bytes(*bytes.get(next..)?.first_chunk::<4>()?)));
                wide.push(next..end);
                end
            }
            30 => {
                numbers.push(0);
                let length = bytes.get(next..)?.iter().position(|byte| byte & 15 == 15 || byte >> 4 == 15)?;
                next.checked_add(length)?.checked_add(1)?
            }
            32..=246 => {
                numbers.push(i64::from(first).saturating_sub(139));
                next
            }
            247..=254 => {
                let low = i64::from(*bytes.get(next)?);
                let high = i64::from(first);
                numbers.push(match first {
                    247..=250 => high.saturating_sub(247).saturating_mul(256).saturating_add(low).saturating_add(108),
                    _ => 251_i64.saturating_sub(high).saturating_mul(256).saturating_sub(low).saturating_sub(108),
                });
                next.checked_add(1)?
            }
            _ => return None,
        };
    }
    Some(entries)
}

/// The last number before an operator, where it says how many or where.
fn number(entries: &[Entry], operator: u16) -> Option<usize> {
    let numbers = &entries.iter().find(|entry| entry.operator == operator)?.numbers;
    numbers.last().and_then(|number| usize::try_from(*number).ok())
}

/// The strings that a charset names, and where it ends.
fn charset(bytes: &[u8], at: usize, glyphs: usize) -> Option<(BTreeSet<usize>, usize)> {
    let mut names = BTreeSet::new();
    let format = *bytes.get(at)?;
    let mut at = at.checked_add(1)?;
    let mut named = 1_usize;
    while named < glyphs {
        let first = half(bytes, at)?;
        let left = match format {
            0 => 0,
            1 => usize::from(*bytes.get(at.checked_add(2)?)?),
            _ => half(bytes, at.checked_add(2)?)?,
        };
        names.extend(first..=first.saturating_add(left));
        named = named.saturating_add(left).saturating_add(1);
        at = at.checked_add(match format {
            0 => 2,
            1 => 3,
            _ => 4,
        })?;
    }
    Some((names, at))
}

/// The strings that the supplement of an encoding names, and where it ends.
fn encoding(bytes: &[u8], at: usize) -> Option<(BTreeSet<usize>, usize)> {
    let mut names = BTreeSet::new();
    let format = *bytes.get(at)?;
    let count = usize::from(*bytes.get(at.checked_add(1)?)?);
    let codes = if format & 0x7f == 0 { count } else { count.saturating_mul(2) };
    let mut at = at.checked_add(2)?.checked_add(codes)?;
    if format & 0x80 != 0 {
        let supplements = *bytes.get(at)?;
        at = at.checked_add(1)?;
        for _ in 0..supplements {
            names.insert(half(bytes, at.checked_add(1)?)?);
            at = at.checked_add(3)?;
        }
    }
    Some((names, at))
}

/// The end of the table that says which private values a glyph of a CID font has.
fn selection(bytes: &[u8], at: usize, glyphs: usize) -> Option<usize> {
    let next = at.checked_add(1)?;
    match *bytes.get(at)? {
        0 => next.checked_add(glyphs),
        _ => half(bytes, next)?.checked_mul(3)?.checked_add(next)?.checked_add(4),
    }
}

/// What of a font is in use, and the strings that must stay.
#[derive(Default)]
struct Used {
    places: Vec<Range<usize>>,
    strings: BTreeSet<usize>,
}

impl Used {
    /// An INDEX with its objects.
    fn index(&mut self, bytes: &[u8], at: usize) -> Option<(Vec<Range<usize>>, usize)> {
        let (objects, end) = index(bytes, at)?;
        let table = match half(bytes, at)? {
            0 => 2,
            count => count.checked_add(1)?.checked_mul(usize::from(*bytes.get(at.checked_add(2)?)?))?.checked_add(3)?,
        };
        self.places.push(at..at.checked_add(table)?);
        self.places.extend(objects.iter().cloned());
        Some((objects, end))
    }

    /// The private values that a DICT points to, with their subroutines.
    fn private(&mut self, bytes: &[u8], dict: &[Entry]) -> Option<()> {
        let Some(entry) = dict.iter().find(|entry| entry.operator == 18) else { return Some(()) };
        let [size, start] = entry.numbers.as_slice() else { return None };
        let start = usize::try_from(*start).ok()?;
        let place = start..start.checked_add(usize::try_from(*size).ok()?)?;
        if let Some(offset) = number(&entries(bytes, &place)?, 19) {
            self.index(bytes, start.checked_add(offset)?)?;
        }
        self.places.push(place);
        Some(())
    }

    /// What the DICT of a font points to.
    fn font(&mut self, bytes: &[u8], top: &[Entry]) -> Option<()> {
        let (glyphs, _) = self.index(bytes, number(top, 17)?)?;
        let system = top.iter().find(|entry| entry.operator == 0x0c1e);
        if let Some(at) = number(top, 15).filter(|at| *at > 2) {
            let (names, end) = charset(bytes, at, glyphs.len())?;
            self.places.push(at..end);
            if system.is_none() {
                self.strings.extend(names);
            }
        }
        if let Some(system) = system {
            // The registry and ordering of a CID font; its charset counts characters, not strings.
            self.strings.extend(system.numbers.iter().take(2).filter_map(|sid| usize::try_from(*sid).ok()));
            if let Some(at) = number(top, 0x0c25) {
                self.places.push(at..selection(bytes, at, glyphs.len())?);
            }
            for dict in self.index(bytes, number(top, 0x0c24)?)?.0 {
                self.private(bytes, &entries(bytes, &dict)?)?;
            }
        } else if let Some(at) = number(top, 16).filter(|at| *at > 1) {
            let (names, end) = encoding(bytes, at)?;
            self.places.push(at..end);
            self.strings.extend(names);
        }
        self.private(bytes, top)
    }
}

/// The font with neutral names, as long as before; none when its structure cannot be followed.
pub(super) fn neutral(bytes: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    let mut used = Used::default();
    let header = usize::from(*bytes.get(2)?);
    used.places.push(0..header.min(4));
    let (names, end) = used.index(bytes, header)?;
    let (tops, end) = used.index(bytes, end)?;
    let (strings, end) = used.index(bytes, end)?;
    used.index(bytes, end)?; // global subroutines
    let tops: Vec<Vec<Entry>> = tops.iter().map(|top| entries(bytes, top)).collect::<Option<_>>()?;
    tops.iter().try_for_each(|top| used.font(bytes, top))?;
    let mut copy = vec![0; bytes.len()];
    for place in used.places {
        copy.get_mut(place.clone())?.copy_from_slice(bytes.get(place)?);
    }
    for place in names {
        let own = bytes.get(place.clone())?;
        let new = if subset::without_tag(own) == subset::without_tag(name) {
            subset::tagged(own, name)
        } else {
            vec![b'A'; own.len()]
        };
        copy.get_mut(place)?.iter_mut().zip(new).for_each(|(to, from)| *to = from);
    }
    let identifiers = tops.iter().flatten().filter(|entry| matches!(entry.operator, 13 | 14));
    for place in identifiers.flat_map(|entry| &entry.wide) {
        copy.get_mut(place.clone())?.fill(0);
    }
    for (number, place) in strings.into_iter().enumerate() {
        if !used.strings.contains(&number.saturating_add(STANDARD_STRINGS)) {
            copy.get_mut(place)?.fill(b' ');
        }
    }
    Some(copy)
}
