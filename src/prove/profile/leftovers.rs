//! What may never remain in a profile of a copy, unless everybody has that profile.

use super::reading::{Profile, Used, number};
use crate::refusal::Refusal;

/// Checks that a profile holds header fields and tags that colours are computed with, texts that say nothing, and zeros.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when there is more.
pub(super) fn check(profile: &Profile<'_>) -> Result<(), Refusal> {
    let left = |what: String| Err(Refusal::unprovable(format!("a colour profile of the copy still holds {what}")));
    let zero =
        |from: usize, to: usize| profile.bytes.get(from..to).is_some_and(|part| part.iter().all(|byte| *byte == 0));
    // Every field but size, version, class, spaces, signature, intent and illuminant.
    let fields = [(4, 8), (10, 12), (24, 36), (40, 67), (80, 128)];
    if !fields.iter().all(|(from, to)| zero(*from, *to)) {
        return left("header fields that no colour needs".to_owned());
    }
    let space = match profile.bytes.get(16..20) {
        Some(b"RGB ") => "RGB",
        Some(b"GRAY") => "Gray",
        Some(b"CMYK") => "CMYK",
        Some(b"Lab ") => "Lab",
        _ => "none",
    };
    let late = profile.bytes.get(8) == Some(&4);
    for (index, (name, at, size)) in profile.entries.iter().enumerate() {
        let data = profile.bytes.get(*at..at.saturating_add(*size)).unwrap_or_default();
        let once = profile.entries.iter().take(index).all(|(other, ..)| other != name);
        let empty = match name {
            b"desc" => data == text(space, late, true),
            b"cprt" => data == text("none", late, false),
            name => profile.tags.iter().find(|tag| tag.name == *name).is_some_and(|tag| is_tidy(tag.data, &tag.used)),
        };
        if !once || !empty {
            return left(format!("more than colours in its tag {}", String::from_utf8_lossy(name)));
        }
    }
    if !is_gapless(profile) {
        return left("bytes that belong to no tag".to_owned());
    }
    Ok(())
}

/// Whether header, table and tags follow each other with no more than zeros up to the next multiple of four between them.
fn is_gapless(profile: &Profile<'_>) -> bool {
    let mut places: Vec<(usize, usize)> = profile.entries.iter().map(|(_, at, size)| (*at, *size)).collect();
    places.sort_unstable();
    places.dedup();
    let mut end = profile.entries.len().saturating_mul(12).saturating_add(132);
    for (at, size) in places.into_iter().chain([(profile.bytes.len(), 0)]) {
        let between = profile.bytes.get(end..at);
        if at != end.next_multiple_of(4) || between.is_none_or(|between| between.iter().any(|byte| *byte != 0)) {
            return false;
        }
        end = at.saturating_add(size);
    }
    true
}

/// Whether everything in the data of a tag that says nothing is zero.
fn is_tidy(data: &[u8], used: &Used) -> bool {
    let mut free = vec![true; data.len()];
    let points = used.points.iter().map(|(at, _)| *at..at.saturating_add(4));
    for stretch in used.says.iter().cloned().chain(points) {
        if let Some(part) = free.get_mut(stretch) {
            part.fill(false);
        }
    }
    let exact = used.points.iter().all(|(at, value)| number(data, *at) == Some(*value));
    let last = used.says.iter().map(|stretch| stretch.end).max().unwrap_or(0);
    exact && data.len() < last.saturating_add(4) && data.iter().zip(free).all(|(byte, free)| !free || *byte == 0)
}

/// A text that says nothing, as it must stand in a profile of version 4 or of an older one.
fn text(words: &str, late: bool, description: bool) -> Vec<u8> {
    let letters = words.bytes();
    let count = u8::try_from(words.len()).unwrap_or(u8::MAX);
    match (late, description) {
        (true, _) => {
            let head = [0, 0, 0, 1, 0, 0, 0, 12, b'e', b'n', b'U', b'S', 0, 0, 0, count.saturating_mul(2), 0, 0, 0, 28];
            let wide = letters.flat_map(|letter| [0, letter]);
            b"mluc\0\0\0\0".iter().copied().chain(head).chain(wide).collect()
        }
        (false, true) => {
            let head = [0, 0, 0, count.saturating_add(1)];
            b"desc\0\0\0\0".iter().copied().chain(head).chain(letters).chain([0; 79]).collect()
        }
        (false, false) => b"text\0\0\0\0".iter().copied().chain(letters).chain([0]).collect(),
    }
}
