//! One page: the tags that decide how it looks, and its strips or tiles.

use std::borrow::Cow;

use super::reader::{Directory, Entry, Reader};
use super::tags::{self, Fate};
use super::{data, jpeg};
use crate::formats::metadata::icc;
use crate::formats::{Context, Report};
use crate::policy::{Action, Class};
use crate::refusal::Refusal;

/// What decides how the pixels lie in the file.
pub(super) struct Shape {
    pub(super) width: u64,
    pub(super) height: u64,
    pub(super) samples: u64,
    /// Bits of the first sample.
    pub(super) depth: u64,
    /// Bits of all samples of a pixel.
    pub(super) bits: u64,
    pub(super) compression: u64,
    pub(super) planar: bool,
    /// Width and height of a tile, or of a strip.
    pub(super) chunk: (u64, u64),
    pub(super) tiled: bool,
    /// Horizontal and vertical subsampling of colour.
    pub(super) subsampling: Option<(u64, u64)>,
}

/// A tag to write: number, field type, count, value in the file's byte order.
pub(super) struct Kept<'a> {
    pub(super) tag: u16,
    pub(super) kind: u16,
    pub(super) count: u64,
    pub(super) data: Cow<'a, [u8]>,
}

/// A page that stays.
pub(super) struct Page<'a> {
    pub(super) tags: Vec<Kept<'a>>,
    pub(super) chunks: Vec<Cow<'a, [u8]>>,
    pub(super) tiled: bool,
}

/// The first entry of a tag.
pub(super) fn find<'d, 'a>(directory: &'d Directory<'a>, tag: u16) -> Option<&'d Entry<'a>> {
    directory.entries.iter().find(|entry| entry.tag == tag)
}

/// The numbers of a tag, if it is there and has any.
pub(super) fn numbers(directory: &Directory<'_>, tag: u16, big_endian: bool) -> Option<Vec<u64>> {
    find(directory, tag)?.numbers(big_endian).filter(|numbers| !numbers.is_empty())
}

/// The single number of a tag.
pub(super) fn single(directory: &Directory<'_>, tag: u16, big_endian: bool) -> Option<u64> {
    numbers(directory, tag, big_endian)?.first().copied()
}

impl Shape {
    fn of(directory: &Directory<'_>, big_endian: bool, context: &Context<'_>) -> Result<Self, Refusal> {
        let one = |tag| single(directory, tag, big_endian);
        let missing = || Refusal::damaged("the size of a page is missing");
        let (width, height) = (one(256).ok_or_else(missing)?, one(257).ok_or_else(missing)?);
        let pixels = width.saturating_mul(height);
        if pixels == 0 {
            return Err(missing());
        }
        if pixels > context.limits.image_pixels {
            return Err(Refusal::over_limit("image-pixels", format!("a page is {width}×{height}")));
        }
        let samples = one(277).unwrap_or(1);
        let depths = numbers(directory, 258, big_endian).unwrap_or_else(|| vec![1]);
        let depth = depths.first().copied().unwrap_or(1);
        if !(1..=64).contains(&samples) || depths.iter().any(|depth| !(1..=64).contains(depth)) {
            return Err(Refusal::unsupported("the number or depth of the samples of a pixel is unusual"));
        }
        let bits = match depths.len() as u64 == samples {
            true => depths.iter().sum(),
            false => depth.saturating_mul(samples),
        };
        let tiled = find(directory, 322).is_some() || find(directory, 323).is_some();
        let chunk = match tiled {
            true => (one(322).unwrap_or(0), one(323).unwrap_or(0)),
            false => (width, one(278).unwrap_or(height).min(height)),
        };
        if chunk.0 == 0 || chunk.1 == 0 || chunk.0.saturating_mul(chunk.1) > context.limits.image_pixels {
            return Err(Refusal::damaged("the size of the strips or tiles is impossible"));
        }
        let subsampling = (one(262) == Some(6)).then(|| match numbers(directory, 530, big_endian).as_deref() {
            Some([across, down]) => (*across, *down),
            _ => (2, 2),
        });
        Ok(Self {
            width,
            height,
            samples,
            depth,
            bits,
            compression: one(259).unwrap_or(1),
            planar: one(284) == Some(2),
            chunk,
            tiled,
            subsampling,
        })
    }

    /// How many strips or tiles there are.
    fn chunks(&self) -> u64 {
        let across = self.width.div_ceil(self.chunk.0);
        let down = self.height.div_ceil(self.chunk.1);
        let planes = if self.planar { self.samples } else { 1 };
        across.saturating_mul(down).saturating_mul(planes)
    }

    /// The bytes of one chunk once it is unpacked; `None` where other rules hold.
    fn unpacked(&self, index: u64) -> Option<u64> {
        let (width, mut rows) = self.chunk;
        if !self.tiled {
            let strip = index.checked_rem(self.height.div_ceil(rows))?;
            rows = rows.min(self.height.checked_sub(strip.checked_mul(rows)?)?);
        }
        match self.subsampling {
            Some((across, down)) if !self.planar && (across, down) != (1, 1) => {
                if !matches!((across, down), (1 | 2 | 4, 1 | 2 | 4)) {
                    return None;
                }
                let unit = across.checked_mul(down)?.checked_add(2)?.checked_mul(self.depth)?;
                let row = width.div_ceil(across).checked_mul(unit)?.div_ceil(8);
                row.checked_mul(rows.div_ceil(down))
            }
            Some(_) if self.planar => None,
            _ => {
                let bits = if self.planar { self.depth } else { self.bits };
                width.checked_mul(bits)?.div_ceil(8).checked_mul(rows)
            }
        }
    }
}

impl<'a> Page<'a> {
    /// Takes a page apart. What is dropped of its directory is listed by the caller.
    pub(super) fn collect(
        reader: &Reader<'a>,
        directory: &Directory<'a>,
        context: &Context<'_>,
        place: &str,
        report: &mut Report,
    ) -> Result<Self, Refusal> {
        let order = reader.big_endian;
        let shape = Shape::of(directory, order, context)?;
        data::known_compression(shape.compression)?;
        known_photometric(single(directory, 262, order))?;
        if single(directory, 32_997, order).is_some_and(|depth| depth != 1) {
            return Err(Refusal::unsupported("this is a TIFF of volumes"));
        }
        let mut tags: Vec<Kept<'a>> = Vec::new();
        for entry in &directory.entries {
            let fate = tags::fate(entry.tag);
            if fate == Fate::Dropped {
                continue;
            }
            let repeated = directory.entries.iter().filter(|other| other.tag == entry.tag).count() > 1;
            if repeated {
                return Err(Refusal::damaged(format!("tag {} stands twice in a directory", entry.tag)));
            }
            match (fate, entry.data) {
                (Fate::Needed | Fate::Wanted, Some(data)) if tags::is_well_formed(entry, &shape) => {
                    tags.push(Kept { tag: entry.tag, kind: entry.kind, count: entry.count, data: Cow::Borrowed(data) });
                }
                (Fate::Needed, _) => {
                    return Err(Refusal::damaged(format!("the type or size of tag {} is wrong", entry.tag)));
                }
                (Fate::Wanted, data) => {
                    let item = format!("TIFF tag {} (malformed)", entry.tag);
                    report.removed_bytes(Class::ContentUnknown, item, place, data.map_or(0, <[u8]>::len));
                }
                _ => {}
            }
        }
        if let Some(kept) = subfile_type(directory, order, reader, place, report) {
            tags.push(kept);
        }
        if let Some(entry) = find(directory, 34_675) {
            let data = entry.data.unwrap_or_default();
            if !matches!(entry.kind, 1 | 7) {
                report.removed_bytes(Class::ContentUnknown, "ICC_Profile (broken)", place, data.len());
            } else if let Some(profile) = icc::clean(data, "ICC_Profile", place, context.policy, report) {
                tags.push(Kept { tag: 34_675, kind: 7, count: profile.len() as u64, data: profile });
            }
        }
        if let Some(entry) = find(directory, 347).filter(|_| shape.compression == 7) {
            let tables = entry.data.ok_or_else(|| Refusal::damaged("the tables of the JPEG coding are cut off"))?;
            let tables = jpeg::clean(tables, true, place, report)?;
            tags.push(Kept { tag: 347, kind: 7, count: tables.len() as u64, data: Cow::Owned(tables) });
        }
        let chunks = chunks(reader, directory, &shape, context, place, report)?;
        Ok(Self { tags, chunks, tiled: shape.tiled })
    }
}

/// Keeps what the type of a page says besides that it is a smaller version: one of several pages, a mask.
fn subfile_type<'a>(
    directory: &Directory<'a>,
    order: bool,
    reader: &Reader<'a>,
    place: &str,
    report: &mut Report,
) -> Option<Kept<'a>> {
    let entry = find(directory, 254)?;
    let value = entry.numbers(order).and_then(|numbers| numbers.first().copied()).unwrap_or(0);
    let kept = u32::try_from(value & 6).unwrap_or(0);
    if u64::from(kept) != value || entry.count != 1 {
        report.removed(Class::ContentUnknown, "SubfileType (other marks)", place);
    }
    let data = if reader.big_endian { kept.to_be_bytes() } else { kept.to_le_bytes() };
    (kept != 0).then(|| Kept { tag: 254, kind: 4, count: 1, data: Cow::Owned(data.to_vec()) })
}

/// Refuses the sensor data of cameras and what is not known.
fn known_photometric(photometric: Option<u64>) -> Result<(), Refusal> {
    match photometric {
        None | Some(0..=6 | 8..=10 | 32_844 | 32_845) => Ok(()),
        Some(32_803 | 34_892) => Err(super::raw()),
        Some(other) => Err(Refusal::unsupported(format!("the colour space {other} is not known"))),
    }
}

/// The strips or tiles of a page, each without what follows its end.
fn chunks<'a>(
    reader: &Reader<'a>,
    directory: &Directory<'a>,
    shape: &Shape,
    context: &Context<'_>,
    place: &str,
    report: &mut Report,
) -> Result<Vec<Cow<'a, [u8]>>, Refusal> {
    let expected = shape.chunks();
    reader.limits.check_parts(usize::try_from(expected).unwrap_or(usize::MAX), "strips or tiles")?;
    let list = |first, second| {
        numbers(directory, first, reader.big_endian).or_else(|| numbers(directory, second, reader.big_endian))
    };
    let (first, second) = if shape.tiled { ((324, 273), (325, 279)) } else { ((273, 324), (279, 325)) };
    let offsets = list(first.0, first.1).ok_or_else(|| Refusal::damaged("a page has no strips or tiles"))?;
    let sizes = match list(second.0, second.1) {
        Some(sizes) => sizes,
        // Old writers leave the sizes out when nothing is compressed.
        None if shape.compression == 1 => (0..expected).map(|index| shape.unpacked(index).unwrap_or(0)).collect(),
        None => return Err(Refusal::damaged("the sizes of the strips or tiles are missing")),
    };
    if (offsets.len() as u64) < expected || (sizes.len() as u64) < expected {
        return Err(Refusal::damaged("there are fewer strips or tiles than the size of the page asks for"));
    }
    let mut chunks: Vec<Cow<'a, [u8]>> = Vec::new();
    let mut total = 0_u64;
    for (index, (offset, size)) in (0..expected).zip(offsets.iter().zip(&sizes)) {
        if *size == 0 {
            chunks.push(Cow::Borrowed(&[])); // a tile that was never written
            continue;
        }
        let unpacked = shape.unpacked(index);
        // The last strip of an uncompressed picture is often said to be larger than the rows that are left.
        let wanted =
            if shape.compression == 1 { unpacked.map_or(*size, |unpacked| unpacked.min(*size)) } else { *size };
        let stretch = reader.stretch(*offset, wanted);
        let stretch = stretch.ok_or_else(|| Refusal::damaged("a strip or tile lies outside of the file"))?;
        let chunk = match shape.compression {
            7 => Cow::Owned(jpeg::clean(stretch, false, place, report)?),
            compression => Cow::Borrowed(data::trim(stretch, compression, unpacked, context)?),
        };
        if shape.compression != 7 && (chunk.len() as u64) < *size {
            let surplus = usize::try_from(size.saturating_sub(chunk.len() as u64)).unwrap_or(usize::MAX);
            report.removed_bytes(Class::ContentTrailingBytes, "bytes behind a strip or tile", place, surplus);
            reader.stretch(*offset, *size);
        }
        total = total.saturating_add(chunk.len() as u64);
        if total > reader.bytes.len() as u64 {
            return Err(Refusal::damaged("strips or tiles lie on top of each other"));
        }
        chunks.push(chunk);
    }
    let further = (offsets.len() as u64).saturating_sub(expected);
    if further > 0 {
        report.hit(Class::ContentUnreferenced, Action::Remove, "strips behind the last row", place, further, 0);
    }
    Ok(chunks)
}
