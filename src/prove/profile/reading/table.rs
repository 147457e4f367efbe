//! Curves and tables of colours: curveType, parametricCurveType, lut8Type, lut16Type, lutAToBType, lutBToAType.

use std::ops::Range;

use super::{Used, half, number, span, word};

/// The stretches of a curve at `at` that say something, and where it ends.
pub(super) fn curve(data: &[u8], at: usize) -> Option<(Vec<Range<usize>>, usize)> {
    let (kind, contents) = (span(data, at, 4)?, at.checked_add(8)?);
    let (function, numbers) = match data.get(kind.clone())? {
        b"curv" => (0..0, span(data, contents, number(data, contents)?.checked_mul(2)?.checked_add(4)?)?),
        b"para" => {
            let size = match half(data, contents)? {
                0 => 4,
                1 => 12,
                2 => 16,
                3 => 20,
                4 => 28,
                _ => return None,
            };
            (span(data, contents, 2)?, span(data, contents.checked_add(4)?, size)?)
        }
        _ => return None,
    };
    let end = numbers.end;
    Some((vec![kind, function, numbers], end))
}

/// What is used of a table with these inputs and outputs. `late` is the type of version 4 that is allowed beside the older two.
pub(super) fn used(data: &[u8], late: &[u8; 4], (inputs, outputs): (usize, usize)) -> Option<Used> {
    let kind = word(data, 0)?;
    if [usize::from(*data.get(8)?), usize::from(*data.get(9)?)] != [inputs, outputs] {
        return None;
    }
    if kind == *late {
        return sections(data, kind == *b"mAB ", inputs, outputs);
    }
    let (start, before, after) = match &kind {
        b"mft1" => (48, 256, 256),
        b"mft2" => (52, half(data, 48)?.checked_mul(2)?, half(data, 50)?.checked_mul(2)?),
        _ => return None,
    };
    let width = if start == 48 { 1 } else { 2 };
    let mut size = outputs.checked_mul(width)?;
    for _ in 0..inputs {
        size = size.checked_mul(usize::from(*data.get(10)?))?;
    }
    let size = size.checked_add(before.checked_mul(inputs)?)?.checked_add(after.checked_mul(outputs)?)?;
    let numbers = span(data, start, size)?;
    Some(Used { says: vec![0..4, 8..11, 12..numbers.end], points: Vec::new() })
}

/// What is used of the five sections of the younger types. The curves next to the connection space come first.
fn sections(data: &[u8], forward: bool, inputs: usize, outputs: usize) -> Option<Used> {
    let (near, far) = if forward { (outputs, inputs) } else { (inputs, outputs) };
    let (mut says, mut points) = (vec![0..4, 8..10], Vec::new());
    for (field, name) in [(12, b'B'), (16, b'x'), (20, b'M'), (24, b'C'), (28, b'A')] {
        let start = number(data, field)?;
        points.push((field, start));
        // An empty stretch stands for a section that is not there.
        says.push(0..0);
        if start == 0 {
            continue;
        }
        if start < 32 || start % 4 != 0 {
            return None;
        }
        match name {
            b'x' => says.push(span(data, start, 48)?),
            b'C' => {
                let mut size = outputs;
                for steps in data.get(span(data, start, inputs)?)? {
                    size = size.checked_mul(usize::from(*steps))?;
                }
                let width = start.checked_add(16)?;
                let bytes = usize::from(*data.get(width)?);
                if bytes != 1 && bytes != 2 {
                    return None;
                }
                says.extend([span(data, start, inputs)?, span(data, width, 1)?]);
                says.push(span(data, width.checked_add(4)?, size.checked_mul(bytes)?)?);
            }
            _ => {
                let mut at = start;
                for _ in 0..if name == b'A' { far } else { near } {
                    let (stretches, end) = curve(data, at)?;
                    says.extend(stretches);
                    at = end.next_multiple_of(4);
                }
            }
        }
    }
    Some(Used { says, points })
}
