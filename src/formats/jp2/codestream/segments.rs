//! Marker segments that stay: none is longer than its fields, so that nothing hides behind them.

use std::num::NonZeroU8;

use super::markers::{Marker, code};
use crate::formats::Context;
use crate::refusal::Refusal;

/// Tiles of one codestream: their number has two bytes.
const MOST_TILES: u64 = 65_535;
/// Components of one codestream (Table A.9).
const MOST_COMPONENTS: u16 = 16_384;
/// Decomposition levels of one component (Table A.15).
const MOST_LEVELS: u8 = 32;

/// What the SIZ marker segment says (section A.5.1).
pub(in crate::formats::jp2) struct Size {
    /// Of the picture, on the reference grid.
    pub(in crate::formats::jp2) width: u32,
    /// Of the picture, on the reference grid.
    pub(in crate::formats::jp2) height: u32,
    /// Number of components.
    pub(in crate::formats::jp2) components: u16,
    /// Number of tiles.
    pub(super) tiles: u64,
    /// Samples of the component that has most of them.
    samples: u64,
}

impl Size {
    /// Reads the contents of SIZ.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when a field breaks the rules of section B.3.
    pub(super) fn read(contents: &[u8]) -> Result<Self, Refusal> {
        Self::parse(contents).ok_or_else(|| Refusal::damaged("the SIZ marker segment is not valid"))
    }

    fn parse(contents: &[u8]) -> Option<Self> {
        let (fields, rest) = contents.get(2..)?.split_first_chunk::<32>()?;
        let (count, rest) = rest.split_first_chunk::<2>()?;
        let components = u16::from_be_bytes(*count);
        let mut numbers = fields.as_chunks::<4>().0.iter().map(|number| u32::from_be_bytes(*number));
        let mut pair = || Some((numbers.next()?, numbers.next()?));
        let (end, start, tile, tiles_at) = (pair()?, pair()?, pair()?, pair()?);
        let (width, height) = (end.0.checked_sub(start.0)?, end.1.checked_sub(start.1)?);
        let first_tile = (tiles_at.0.checked_add(tile.0)?, tiles_at.1.checked_add(tile.1)?);
        let valid = width > 0
            && height > 0
            && tiles_at.0 <= start.0
            && tiles_at.1 <= start.1
            && first_tile.0 > start.0
            && first_tile.1 > start.1
            && (1..=MOST_COMPONENTS).contains(&components)
            && rest.len() == usize::from(components).checked_mul(3)?;
        if !valid {
            return None;
        }
        let columns = end.0.checked_sub(tiles_at.0)?.div_ceil(tile.0);
        let rows = end.1.checked_sub(tiles_at.1)?.div_ceil(tile.1);
        let mut samples = 0;
        for [_depth, across, down] in rest.as_chunks::<3>().0 {
            let columns = width.div_ceil(NonZeroU8::new(*across)?.get().into());
            let rows = height.div_ceil(NonZeroU8::new(*down)?.get().into());
            samples = samples.max(u64::from(columns).saturating_mul(u64::from(rows)));
        }
        let tiles = u64::from(columns).checked_mul(u64::from(rows))?;
        Some(Self { width, height, components, tiles, samples })
    }

    /// Checks the size against the limits.
    ///
    /// # Errors
    /// [`crate::Reason::OverLimit`], or [`crate::Reason::Damaged`] for more tiles than there can be.
    pub(super) fn check(&self, context: &Context<'_>) -> Result<(), Refusal> {
        if self.samples > context.limits.image_pixels {
            let detail = format!("the picture is {}×{}", self.width, self.height);
            return Err(Refusal::over_limit("image-pixels", detail));
        }
        if self.tiles > MOST_TILES {
            return Err(Refusal::damaged(format!("more than {MOST_TILES} tiles")));
        }
        Ok(())
    }

    /// Bytes of a number that names a component.
    fn component_bytes(&self) -> usize {
        if self.components < 257 { 1 } else { 2 }
    }
}

/// Checks a marker segment of the main header or of the header of a tile-part.
///
/// # Errors
/// [`crate::Reason::Damaged`] when it is longer or shorter than its fields or stands in the wrong header,
/// [`crate::Reason::Unsupported`] or [`crate::Reason::Encrypted`] when it is none of this part of the standard.
pub(super) fn check(marker: &Marker<'_>, in_main_header: bool, size: &Size) -> Result<(), Refusal> {
    let contents = marker.contents;
    let component = size.component_bytes();
    let (title, fits) = match marker.code {
        code::COD => {
            let precincts = contents.first().is_some_and(|style| style & 1 == 1);
            ("COD", coding_style(contents.get(5..), precincts))
        }
        code::COC => {
            let precincts = contents.get(component).is_some_and(|style| style & 1 == 1);
            ("COC", coding_style(contents.get(component.saturating_add(1)..), precincts))
        }
        code::QCD => ("QCD", quantization(contents)),
        code::QCC => ("QCC", quantization(contents.get(component..).unwrap_or_default())),
        code::RGN => ("RGN", contents.len() == component.saturating_add(2)),
        code::POC => {
            let change = component.saturating_mul(2).saturating_add(5);
            ("POC", !contents.is_empty() && contents.len().is_multiple_of(change))
        }
        code::CAP if in_main_header => ("CAP", capabilities(contents)),
        // Profile numbers: Table A.3 of ISO/IEC 15444-15 and section A.5.3.
        code::PRF | code::CPF if in_main_header => ("PRF or CPF", (2..=16).contains(&contents.len())),
        code::CRG if in_main_header => ("CRG", contents.len() == usize::from(size.components).saturating_mul(4)),
        code::PPM | code::PLM if in_main_header => ("PPM or PLM", contents.len() > 1),
        code::PPT | code::PLT if !in_main_header => ("PPT or PLT", contents.len() > 1),
        code::SEC => return Err(Refusal::encrypted("the picture is secured (JPSEC)")),
        0x5a | 0x5b | 0x70..=0x7f => {
            return Err(Refusal::unsupported("the picture uses extensions of part 2 of the standard"));
        }
        other => return Err(Refusal::unsupported(format!("the marker 0xFF{other:02X} is unknown or out of place"))),
    };
    if fits {
        Ok(())
    } else {
        Err(Refusal::damaged(format!("a {title} marker segment has another length than its fields")))
    }
}

/// Levels, size and style of code-blocks, transformation, precincts (Table A.15).
fn coding_style(parameters: Option<&[u8]>, precincts: bool) -> bool {
    let Some([levels, _, _, _, _, sizes @ ..]) = parameters else { return false };
    let expected = if precincts { usize::from(*levels).saturating_add(1) } else { 0 };
    *levels <= MOST_LEVELS && sizes.len() == expected
}

/// Style and step sizes (Table A.27): one for all, or one for each sub-band.
fn quantization(contents: &[u8]) -> bool {
    let Some((style, steps)) = contents.split_first() else { return false };
    let bands = usize::from(MOST_LEVELS).saturating_mul(3).saturating_add(1);
    let one_each = |count: usize| count <= bands && count % 3 == 1;
    match style & 0x1f {
        0 => one_each(steps.len()),
        1 => steps.len() == 2,
        2 => steps.len().is_multiple_of(2) && one_each(steps.len() / 2),
        _ => false,
    }
}

/// One number for each part of the standard that is used (section A.5.2).
fn capabilities(contents: &[u8]) -> bool {
    contents.split_first_chunk::<4>().is_some_and(|(parts, numbers)| {
        let count: usize = parts.iter().map(|byte| usize::try_from(byte.count_ones()).unwrap_or_default()).sum();
        count > 0 && numbers.len() == count.saturating_mul(2)
    })
}
