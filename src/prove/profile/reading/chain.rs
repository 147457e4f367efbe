//! Chains of floating-point elements: multiProcessElementsType.

use std::ops::Range;

use super::{Used, half, number, span, word};

/// Elements beyond these are not for real.
const MOST_ELEMENTS: usize = 4_096;

/// What a chain with these inputs and outputs uses.
pub(super) fn used(data: &[u8], (inputs, outputs): (usize, usize)) -> Option<Used> {
    let count = number(data, 12).filter(|count| (1..=MOST_ELEMENTS).contains(count))?;
    if word(data, 0)? != *b"mpet" || half(data, 8)? != inputs || half(data, 10)? != outputs {
        return None;
    }
    let first = count.saturating_mul(8).saturating_add(16);
    let mut used = Used { says: vec![0..4, 8..16], points: Vec::new() };
    let mut channels = inputs;
    for entry in (16..first).step_by(8) {
        let (from, stated) = (number(data, entry)?, entry.saturating_add(4));
        // Engines find the end on their own; in a copy the stated size must be right.
        let element = data.get(from..)?;
        let (inner, next) = element_used(element, channels)?;
        let end = inner.says.iter().map(|part| part.end).max()?;
        used.points.extend([(entry, from), (stated, end)]);
        let moved = |part: Range<usize>| part.start.saturating_add(from)..part.end.saturating_add(from);
        used.says.extend(inner.says.into_iter().map(moved));
        used.points.extend(inner.points.into_iter().map(|(at, value)| (at.saturating_add(from), value)));
        channels = next;
    }
    (channels == outputs).then_some(used)
}

/// What one element uses, and its outputs.
fn element_used(element: &[u8], inputs: usize) -> Option<(Used, usize)> {
    let outputs = half(element, 10).filter(|outputs| inputs <= 16 && *outputs <= 16)?;
    if half(element, 8)? != inputs {
        return None;
    }
    let mut used = Used { says: vec![0..4, 8..12], points: Vec::new() };
    let grid = span(element, 12, inputs);
    match &word(element, 0)? {
        b"matf" => {
            used.says.push(span(element, 12, inputs.saturating_add(1).saturating_mul(outputs).saturating_mul(4))?);
        }
        b"clut" => {
            let mut size = outputs.saturating_mul(4);
            for steps in element.get(grid.clone()?)? {
                size = size.checked_mul(usize::from(*steps))?;
            }
            used.says.extend([grid?, span(element, 28, size)?]);
        }
        b"cvst" if inputs == outputs => {
            for position in span(element, 12, inputs.saturating_mul(8))?.step_by(8) {
                let start = number(element, position)?;
                let says = curve(element, start)?;
                let size = says.iter().map(|part| part.end).max()?.saturating_sub(start);
                used.points.extend([(position, start), (position.saturating_add(4), size)]);
                used.says.push(0..0);
                used.says.extend(says);
            }
        }
        // Marks that do nothing, with a signature of four bytes.
        b"bACS" | b"eACS" if inputs == outputs => used.says.push(16..16),
        _ => return None,
    }
    Some((used, outputs))
}

/// The stretches of a curve in segments that say something.
fn curve(element: &[u8], start: usize) -> Option<Vec<Range<usize>>> {
    let count = span(element, start.checked_add(8)?, 2)?;
    let segments = half(element, count.start).filter(|_| word(element, start) == Some(*b"curf"))?;
    let breaks = span(element, start.checked_add(12)?, segments.checked_sub(1)?.checked_mul(4)?)?;
    let mut at = breaks.end;
    let mut says = vec![span(element, start, 4)?, count, breaks];
    for _ in 0..segments {
        let (kind, contents) = (span(element, at, 4)?, at.checked_add(8)?);
        let (function, numbers) = match element.get(kind.clone())? {
            b"samf" => (0..0, span(element, contents, number(element, contents)?.checked_mul(4)?.checked_add(4)?)?),
            b"parf" => {
                let size = match half(element, contents)? {
                    0 => 16,
                    1 | 2 => 20,
                    _ => return None,
                };
                (span(element, contents, 2)?, span(element, contents.checked_add(4)?, size)?)
            }
            _ => return None,
        };
        at = numbers.end;
        says.extend([kind, function, numbers]);
    }
    Some(says)
}
