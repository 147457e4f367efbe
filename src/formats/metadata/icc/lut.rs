//! Tables of colours: lut8Type, lut16Type (sections 10.10, 10.11), lutAToBType and lutBToAType (10.12, 10.13).

use super::types::{curve, long, pad, short, stretch, typed};

/// Colours of a table with `grid` steps in each of the `inputs` directions.
fn colours(grid: &[u8], outputs: usize) -> Option<usize> {
    grid.iter().try_fold(outputs, |product, steps| product.checked_mul(usize::from(*steps)))
}

/// A table from `inputs` to `outputs` channels with no more bytes than it needs. `modern` is the type of version 4 that the
/// tag may have.
pub(super) fn exact(data: &[u8], modern: [u8; 4], inputs: usize, outputs: usize) -> Option<Vec<u8>> {
    let signature = data.first_chunk::<4>()?;
    let stated = (usize::from(*data.get(8)?), usize::from(*data.get(9)?));
    if stated != (inputs, outputs) {
        return None;
    }
    match signature {
        b"mft1" | b"mft2" => plain(data, *signature, inputs, outputs),
        _ if *signature == modern => sectioned(data, *signature, inputs, outputs),
        _ => None,
    }
}

/// lut8Type and lut16Type: a matrix, input curves, colours and output curves, one behind the other.
fn plain(data: &[u8], signature: [u8; 4], inputs: usize, outputs: usize) -> Option<Vec<u8>> {
    let steps = *data.get(10)?;
    let colours = colours(&vec![steps; inputs], outputs)?;
    let (width, from, entries) = match &signature {
        b"mft1" => (1, 48, (256, 256)),
        _ => (2, 52, (usize::from(short(data, 48)?), usize::from(short(data, 50)?))),
    };
    let numbers = entries.0.checked_mul(inputs)?.checked_add(colours)?.checked_add(entries.1.checked_mul(outputs)?)?;
    let numbers = stretch(data, from, numbers.checked_mul(width)?)?;
    let counts = data.get(8..11)?;
    Some(typed(&signature, &[counts, &[0], data.get(12..from)?, numbers]))
}

/// lutAToBType and lutBToAType: five sections that the header points to, any of which may be missing.
fn sectioned(data: &[u8], signature: [u8; 4], inputs: usize, outputs: usize) -> Option<Vec<u8>> {
    // The curves called B lie on the side of the connection space, those called A on the side of the device.
    let forward = &signature == b"mAB ";
    let (near, far) = if forward { (outputs, inputs) } else { (inputs, outputs) };
    let sections = [
        section(data, 12, |at| curves(data, at, near))?,
        section(data, 16, |at| Some(stretch(data, at, 48)?.to_vec()))?,
        section(data, 20, |at| curves(data, at, near))?,
        section(data, 24, |at| table(data, at, inputs, outputs))?,
        section(data, 28, |at| curves(data, at, far))?,
    ];
    let mut offsets = Vec::new();
    let mut body = Vec::new();
    for section in sections {
        let offset = if section.is_empty() { 0 } else { body.len().checked_add(32)? };
        offsets.extend_from_slice(&u32::try_from(offset).ok()?.to_be_bytes());
        body.extend(section);
        pad(&mut body);
    }
    Some(typed(&signature, &[data.get(8..10)?, &[0; 2], &offsets, &body]))
}

/// The section whose offset stands at `field`; empty when there is none, `None` when it is malformed.
fn section(data: &[u8], field: usize, read: impl Fn(usize) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    match usize::try_from(long(data, field)?).ok()? {
        0 => Some(Vec::new()),
        at if at.is_multiple_of(4) && at >= 32 => read(at),
        _ => None,
    }
}

/// `count` curves, each of which begins at a multiple of four bytes.
fn curves(data: &[u8], mut at: usize, count: usize) -> Option<Vec<u8>> {
    let mut curves = Vec::new();
    for _ in 0..count {
        let mut curve = curve(data.get(at..)?)?;
        pad(&mut curve);
        at = at.checked_add(curve.len())?;
        curves.extend(curve);
    }
    Some(curves)
}

/// The multi-dimensional table (table 47 of section 10.12.5): steps per direction, bytes per number, numbers.
fn table(data: &[u8], at: usize, inputs: usize, outputs: usize) -> Option<Vec<u8>> {
    let grid = stretch(data, at, inputs.min(16))?;
    let width = *data.get(at.checked_add(16)?)?;
    let size = colours(grid, outputs)?.checked_mul(usize::from(width))?;
    let numbers = stretch(data, at.checked_add(20)?, size)?;
    let mut steps = grid.to_vec();
    steps.resize(16, 0);
    matches!(width, 1 | 2).then(|| [&steps, [width, 0, 0, 0].as_slice(), numbers].concat())
}
