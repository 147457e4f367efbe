//! The data of tags, written anew with exactly the bytes that its type needs (section 10).

use super::header::Header;
use super::{elements, lut};

/// What the data of a tag says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meaning {
    /// A colour or an amount of light (XYZType).
    Xyz,
    /// Chromatic adaptation (s15Fixed16ArrayType with nine numbers).
    Adaptation,
    /// A tone curve (curveType, parametricCurveType).
    Curve,
    /// Code points of a video signal (cicpType).
    CodePoints,
    /// Device colours to the connection space, through tables.
    FromDevice,
    /// The connection space to device colours.
    ToDevice,
    /// Whether the device has a colour.
    Gamut,
    /// The connection space to itself, as a device would show it.
    Preview,
    /// Device colours to the connection space and back, through floating-point elements (multiProcessElementsType).
    FromDeviceElements,
    ToDeviceElements,
}

/// The number of 16 bits that begins at `at`.
pub(super) fn short(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..)?.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
}

/// The number of 32 bits that begins at `at`.
pub(super) fn long(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

/// `size` bytes from `at`.
pub(super) fn stretch(data: &[u8], at: usize, size: usize) -> Option<&[u8]> {
    data.get(at..at.checked_add(size)?)
}

/// A type signature with the four zero bytes behind it, and what follows.
pub(super) fn typed(signature: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    [&[signature.as_slice(), &[0; 4]], parts].concat().concat()
}

/// The data of a tag with no more than it needs; `None` when its type is not one that the tag may have, or is malformed.
pub(super) fn exact(data: &[u8], meaning: Meaning, header: &Header) -> Option<Vec<u8>> {
    let signature = data.first_chunk::<4>()?;
    let (device, connection) = (header.channels, 3);
    match (meaning, signature) {
        (Meaning::Xyz, b"XYZ ") => Some(typed(signature, &[stretch(data, 8, 12)?])),
        (Meaning::Adaptation, b"sf32") => Some(typed(signature, &[stretch(data, 8, 36)?])),
        (Meaning::CodePoints, b"cicp") => Some(typed(signature, &[stretch(data, 8, 4)?])),
        (Meaning::Curve, _) => curve(data),
        (Meaning::FromDevice, _) => lut::exact(data, *b"mAB ", device, connection),
        (Meaning::ToDevice, _) => lut::exact(data, *b"mBA ", connection, device),
        (Meaning::Gamut, _) => lut::exact(data, *b"mBA ", connection, 1),
        (Meaning::Preview, _) => lut::exact(data, *b"mBA ", connection, connection),
        (Meaning::FromDeviceElements, b"mpet") => elements::exact(data, device, connection),
        (Meaning::ToDeviceElements, b"mpet") => elements::exact(data, connection, device),
        _ => None,
    }
}

/// Number of parameters of each function of a parametricCurveType (table 68).
const PARAMETERS: [usize; 5] = [1, 3, 4, 5, 7];

/// A curve at the start of `data`, without padding.
pub(super) fn curve(data: &[u8]) -> Option<Vec<u8>> {
    match data.first_chunk::<4>()? {
        signature @ b"curv" => {
            let size = usize::try_from(long(data, 8)?).ok()?.checked_mul(2)?;
            Some(typed(signature, &[stretch(data, 8, 4)?, stretch(data, 12, size)?]))
        }
        signature @ b"para" => {
            let function = short(data, 8)?;
            let size = PARAMETERS.get(usize::from(function))?.checked_mul(4)?;
            Some(typed(signature, &[&function.to_be_bytes(), &[0; 2], stretch(data, 12, size)?]))
        }
        _ => None,
    }
}

/// Fills up with zeros to a multiple of four bytes.
pub(super) fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(4), 0);
}
