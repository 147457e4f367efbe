//! Chains of floating-point elements (multiProcessElementsType, section 10.16): curves, matrices, tables.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::types::{long, pad, short, stretch, typed};

/// Channels that an element may have.
const MOST_CHANNELS: usize = 16;

/// A chain from `inputs` to `outputs` channels with no more bytes than it needs.
pub(super) fn exact(data: &[u8], inputs: usize, outputs: usize) -> Option<Vec<u8>> {
    if (usize::from(short(data, 8)?), usize::from(short(data, 10)?)) != (inputs, outputs) {
        return None;
    }
    let count = usize::try_from(long(data, 12)?).ok()?;
    let first = count.checked_mul(8)?.checked_add(16)?;
    stretch(data, 0, first)?;
    let mut body = Vec::new();
    let mut positions = Vec::new();
    let mut channels = inputs;
    for entry in (16..first).step_by(8) {
        let at = usize::try_from(long(data, entry)?).ok()?;
        // The sizes in the table are not what engines go by: a common one writes them without the first eight bytes.
        let (element, following) = element(data.get(at..)?, channels)?;
        channels = following;
        position(&mut positions, body.len().checked_add(first)?, element.len())?;
        body.extend(element);
        pad(&mut body);
        if body.len() > data.len().saturating_mul(2) {
            return None; // elements on top of each other
        }
    }
    let ends_well = count > 0 && channels == outputs;
    ends_well.then(|| typed(b"mpet", &[data.get(8..16).unwrap_or_default(), &positions, &body]))
}

/// Adds an offset and a size to a table of positions.
fn position(positions: &mut Vec<u8>, offset: usize, size: usize) -> Option<()> {
    positions.extend(u32::try_from(offset).ok()?.to_be_bytes());
    positions.extend(u32::try_from(size).ok()?.to_be_bytes());
    Some(())
}

/// One element that takes `inputs` channels, and the number of channels that it gives.
fn element(data: &[u8], inputs: usize) -> Option<(Vec<u8>, usize)> {
    let outputs = usize::from(short(data, 10)?);
    if usize::from(short(data, 8)?) != inputs || inputs > MOST_CHANNELS || outputs > MOST_CHANNELS {
        return None;
    }
    let counts = data.get(8..12)?;
    let signature = data.first_chunk::<4>()?;
    let element = match signature {
        b"cvst" if inputs == outputs => typed(signature, &[counts, &curve_set(data, inputs)?]),
        b"matf" => {
            let numbers = inputs.checked_mul(outputs)?.checked_add(outputs)?;
            typed(signature, &[counts, stretch(data, 12, numbers.checked_mul(4)?)?])
        }
        b"clut" => {
            let mut grid = stretch(data, 12, inputs)?.to_vec();
            let size = grid.iter().try_fold(outputs, |product, steps| product.checked_mul(usize::from(*steps)))?;
            grid.resize(16, 0);
            typed(signature, &[counts, &grid, stretch(data, 28, size.checked_mul(4)?)?])
        }
        // Marks of a change of colour space; they do nothing.
        b"bACS" | b"eACS" if inputs == outputs => typed(signature, &[counts, &[0; 4]]),
        _ => return None,
    };
    Some((element, outputs))
}

/// One curve per channel (section 10.16.2.1). Channels that share a curve go on sharing it.
fn curve_set(data: &[u8], channels: usize) -> Option<Vec<u8>> {
    let first = channels.checked_mul(8)?.checked_add(12)?;
    let mut known: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut positions = Vec::new();
    let mut body = Vec::new();
    for entry in (12..first).step_by(8) {
        let offset = usize::try_from(long(data, entry)?).ok()?;
        let (offset, size) = match known.entry(offset) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                let curve = segmented_curve(data.get(offset..)?)?;
                let place = *new.insert((body.len().checked_add(first)?, curve.len()));
                body.extend(curve);
                pad(&mut body);
                place
            }
        };
        position(&mut positions, offset, size)?;
    }
    Some([positions, body].concat())
}

/// A curve in segments (section 10.16.2.2).
fn segmented_curve(data: &[u8]) -> Option<Vec<u8>> {
    let count = data.starts_with(b"curf").then_some(short(data, 8)?)?;
    let breaks = usize::from(count.checked_sub(1)?).checked_mul(4)?;
    let mut curve = typed(b"curf", &[&count.to_be_bytes(), &[0; 2], stretch(data, 12, breaks)?]);
    for _ in 0..count {
        curve.extend(segment(data.get(curve.len()..)?)?);
    }
    Some(curve)
}

/// A formula or samples. Every segment is a multiple of four bytes.
fn segment(data: &[u8]) -> Option<Vec<u8>> {
    match data.first_chunk::<4>()? {
        signature @ b"parf" => {
            let function = short(data, 8)?;
            let size = *[16, 20, 20].get(usize::from(function))?;
            Some(typed(signature, &[&function.to_be_bytes(), &[0; 2], stretch(data, 12, size)?]))
        }
        signature @ b"samf" => {
            let size = usize::try_from(long(data, 8)?).ok()?.checked_mul(4)?;
            Some(typed(signature, &[stretch(data, 8, 4)?, stretch(data, 12, size)?]))
        }
        _ => None,
    }
}
