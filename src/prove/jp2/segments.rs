//! Which marker segments may be in a copy, and how long they are.

use super::codestream::Segment;

/// Whether a marker segment of a copy belongs into its header and is exactly as long as its fields, for so many components.
pub(super) fn belongs(segment: &Segment<'_>, in_main_header: bool, components: usize) -> bool {
    let size = segment.contents.len();
    let index = if components > 256 { 2 } else { 1 };
    let at = |place: usize| segment.contents.get(place).copied().map_or(0, usize::from);
    let after_index = |place: usize| at(place.saturating_add(index));
    match segment.code {
        0x51 => in_main_header && size == components.saturating_mul(3).saturating_add(36),
        0x52 => size == 10 + precincts(at(0), at(5)),
        0x53 => size == index + 6 + precincts(after_index(0), after_index(1)),
        0x5c => is_quantization(at(0), size),
        0x5d => size > index && is_quantization(after_index(0), size.saturating_sub(index)),
        0x5e => size == index + 2,
        0x5f => size > 0 && size.is_multiple_of(5 + 2 * index),
        // Capabilities: a number for each bit that is set.
        0x50 => {
            let bits: u32 = (0..4).map(|place| at(place).count_ones()).sum();
            in_main_header && bits > 0 && usize::try_from(bits).is_ok_and(|bits| size == 4 + 2 * bits)
        }
        0x56 | 0x59 => in_main_header && size > 1 && size < 17,
        0x55 => in_main_header && size > 1,
        0x57 | 0x60 => in_main_header && size > 1,
        0x58 | 0x61 => !in_main_header && size > 1,
        0x63 => in_main_header && size == components.saturating_mul(4),
        _ => false,
    }
}

/// Bytes of the list of precinct sizes: one for each resolution, if there is one.
fn precincts(style: usize, levels: usize) -> usize {
    if style % 2 == 1 { levels.saturating_add(1) } else { 0 }
}

/// One step size for all sub-bands, or one for each: three a level and the last.
fn is_quantization(style: usize, size: usize) -> bool {
    let sub_bands = |steps: usize| steps % 3 == 1 && steps <= 97;
    match style % 32 {
        0 => sub_bands(size.saturating_sub(1)),
        1 => size == 3,
        2 => size % 2 == 1 && sub_bands(size / 2),
        _ => false,
    }
}
