//! The decoded samples, as far as the decoder can be asked for them.

use hayro_jpeg2000::{DecodeError, DecodeSettings, DecoderContext, FormatError, Image, MarkerError};
use sha2::{Digest, Sha256};

use super::codestream::Codestream;
use crate::limits::Limits;
use crate::prove::picture::{Animation, Decoded, NoPixels, Pixels};
use crate::refusal::Refusal;

/// Units of 24 bytes that the decoder may take for code-blocks and their layers.
const MOST_UNITS: u64 = 16 << 20;

/// Samples of every channel with the depth that they have; palettes are resolved, colours are converted where the container
/// says so.
pub(in crate::prove) fn decode(bytes: &[u8], limits: &Limits) -> Result<Decoded, NoPixels> {
    // Files break the format in ways that all decoders forgive.
    let settings = DecodeSettings { resolve_palette_indices: true, strict: false, target_resolution: None };
    let image = Image::new(bytes, &settings)?;
    let (width, height) = (image.width(), image.height());
    if u64::from(width).saturating_mul(u64::from(height)) > limits.image_pixels {
        let detail = format!("the picture is {width}×{height}");
        return Err(NoPixels::TooLarge(Refusal::over_limit("image-pixels", detail)));
    }
    let mut decoder = DecoderContext::default();
    let decoded = image.decode(&mut decoder)?;
    let mut digest = Sha256::new();
    for channel in decoded.components() {
        digest.update([channel.bit_depth()]);
        digest.update((channel.samples().len() as u64).to_be_bytes());
        for sample in channel.samples() {
            digest.update(sample.to_be_bytes());
        }
    }
    let channels = decoded.components().len();
    let alpha = if image.has_alpha() { " with transparency" } else { "" };
    let title = format!("{width}×{height}, {channels} channels of {} bits{alpha}", image.original_bit_depth());
    Ok(Decoded { pixels: Pixels::Digest(digest.finalize().into()), title, animation: Animation::Still })
}

impl From<DecodeError> for NoPixels {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::Format(FormatError::Unsupported) | DecodeError::Marker(MarkerError::Unsupported) => {
                Self::Unsupported
            }
            _ => Self::Broken,
        }
    }
}

/// Whether the decoder stays within the budget: what it takes depends on a few numbers in the header alone.
pub(super) fn is_affordable(stream: &Codestream<'_>, limits: &Limits) -> bool {
    memory(stream).is_some_and(|(bytes, units)| bytes <= limits.decompressed_bytes && units <= MOST_UNITS)
}

/// Bytes for samples, and units for code-blocks.
fn memory(stream: &Codestream<'_>) -> Option<(u64, u64)> {
    let siz = stream.main.first()?.contents;
    let field = |place: usize| Some(u64::from(u32::from_be_bytes(*siz.get(place..)?.first_chunk()?)));
    let (width, height) = (field(2)?.checked_sub(field(10)?)?, field(6)?.checked_sub(field(14)?)?);
    let columns = field(2)?.checked_sub(field(26)?)?.div_ceil(field(18)?.max(1));
    let rows = field(6)?.checked_sub(field(30)?)?.div_ceil(field(22)?.max(1));
    let sampling = siz.get(36..)?.as_chunks::<3>().0;
    let components = u64::try_from(sampling.len()).ok()?;
    let [_, across, down] = *sampling.first()?;
    // All on the same coarser grid are decoded on that.
    let same = sampling.iter().all(|[_, x, y]| (*x, *y) == (across, down));
    let (across, down) = if same { (u64::from(across.max(1)), u64::from(down.max(1))) } else { (1, 1) };
    let pixels = width.div_ceil(across).checked_mul(height.div_ceil(down))?;
    // Four bytes each, with two more planes to work in.
    let bytes = pixels.checked_mul(components.checked_add(2)?)?.checked_mul(4)?;

    let all = stream.main.iter().chain(stream.parts.iter().flat_map(|part| &part.header));
    let index = if components > 256 { 2 } else { 1 };
    let (mut area, mut levels, mut layers) = (12, 0, 1);
    for segment in all {
        let contents = segment.contents;
        let style = match segment.code {
            0x52 => {
                layers = layers.max(u64::from(u16::from_be_bytes(*contents.get(2..)?.first_chunk()?)));
                contents.get(5..)?
            }
            0x53 => contents.get(index..)?.get(1..)?,
            _ => continue,
        };
        let [level, block_width, block_height, _, _, precincts @ ..] = style else { return None };
        levels = levels.max(u64::from(*level));
        let (mut across, mut down) = (block_width.checked_add(2)?, block_height.checked_add(2)?);
        for precinct in precincts {
            across = across.min((precinct & 15).saturating_sub(1));
            down = down.min((precinct >> 4).saturating_sub(1));
        }
        area = area.min(across.saturating_add(down));
    }
    let small =
        columns.checked_mul(rows)?.checked_mul(components)?.checked_mul(levels.checked_mul(3)?.checked_add(1)?)?;
    let blocks = pixels.checked_mul(components)?.checked_shr(area.into())?.checked_add(small)?;
    Some((bytes, blocks.checked_mul(layers.checked_add(4)?)?))
}
