//! The JP2 header box (section I.5.3): the boxes that say how decoded samples become a picture.

use super::codestream::Size;
use super::removed;
use crate::formats::Report;
use crate::formats::bmff::{BmffBox, Fields, children, make};
use crate::formats::metadata::icc;
use crate::policy::{Class, Policy};
use crate::refusal::Refusal;

/// Boxes of which there is one at most, in the order of the copy; `colr` and `res ` stand behind the second and the last.
const SINGLE: [&[u8; 4]; 5] = [b"ihdr", b"bpcc", b"pclr", b"cmap", b"cdef"];

/// What stays of the header.
#[derive(Default)]
pub(super) struct Header<'a> {
    /// Name and contents, for the copy.
    boxes: Vec<([u8; 4], Vec<u8>)>,
    /// The boxes as they are in the file.
    found: Vec<BmffBox<'a>>,
    /// Height, width and number of components.
    size: (u32, u32, u32),
}

impl<'a> Header<'a> {
    /// Sorts the boxes of the header into what stays and the report.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when a box is not valid, [`crate::Reason::Unsupported`] when no reader could show the
    /// picture without what would go.
    pub(super) fn read(found: &BmffBox<'a>, policy: &Policy, report: &mut Report) -> Result<Self, Refusal> {
        let mut header = Self { found: children(found.data, 0)?, ..Self::default() };
        let mut unknown_colour = None;
        for child in header.found.clone() {
            let twice = SINGLE.contains(&&child.name) && header.boxes.iter().any(|(name, _)| *name == child.name);
            if twice {
                return Err(Refusal::damaged(format!("there are two boxes {}", child.title())));
            }
            let contents = match &child.name {
                b"ihdr" => Some(header.image_header(&child, report)?),
                b"bpcc" => Some(child.data.to_vec()),
                b"pclr" => Some(trimmed(&child, palette_size(child.fields())?, report)?),
                b"cmap" => Some(trimmed(&child, child.data.len() / 4 * 4, report)?),
                b"cdef" => {
                    let count = usize::try_from(child.fields().small(2)?).unwrap_or(usize::MAX);
                    Some(trimmed(&child, count.saturating_mul(6).saturating_add(2), report)?)
                }
                b"colr" => {
                    let colour = colour(&child, policy, report)?;
                    if colour.is_none() {
                        unknown_colour = Some(child.data.first().copied().unwrap_or_default());
                    }
                    colour
                }
                b"res " if header.boxes.iter().all(|(name, _)| name != b"res ") => resolution(&child, report)?,
                b"pxfm" | b"cref" => {
                    return Err(Refusal::unsupported(format!("the header has an unknown box {}", child.title())));
                }
                _ => {
                    removed::whole_box(&child, "jp2h", 1, report);
                    None
                }
            };
            header.boxes.extend(contents.map(|contents| (child.name, contents)));
        }
        let has_colour = header.boxes.iter().any(|(name, _)| name == b"colr");
        match unknown_colour {
            // A broken profile is used by nobody.
            None | Some(2 | 3) => {}
            Some(_) if has_colour => {}
            Some(_) => return Err(Refusal::unsupported("its colour space is unknown")),
        }
        if header.boxes.iter().all(|(name, _)| name != b"ihdr") {
            return Err(Refusal::damaged("there is no image header in it"));
        }
        Ok(header)
    }

    /// The image header box (section I.5.3.1) without the flag of intellectual property, which goes.
    fn image_header(&mut self, found: &BmffBox<'_>, report: &mut Report) -> Result<Vec<u8>, Refusal> {
        let mut fields = found.fields();
        self.size = (fields.small(4)?, fields.small(4)?, fields.small(2)?);
        let [_depth, coding, _unknown_colour, _property] = fields.small(4)?.to_be_bytes();
        if coding != 7 {
            return Err(Refusal::unsupported("its picture is coded in another way than JPEG 2000"));
        }
        let mut contents = trimmed(found, 14, report)?;
        if let [.., unknown_colour, property] = contents.as_mut_slice() {
            *unknown_colour = u8::from(*unknown_colour != 0);
            *property = 0;
        }
        Ok(contents)
    }

    /// Whether the header has a box with the same contents.
    pub(super) fn says(&self, other: &BmffBox<'_>) -> bool {
        self.found.iter().any(|found| found.name == other.name && found.data == other.data)
    }

    /// Checks the header against the codestream.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when they do not fit.
    pub(super) fn check(&self, size: &Size) -> Result<(), Refusal> {
        let components = usize::from(size.components);
        if self.size != (size.height, size.width, u32::from(size.components)) {
            return Err(Refusal::damaged("image header and codestream differ in size"));
        }
        let depths = self.boxes.iter().find(|(name, _)| name == b"bpcc");
        if depths.is_some_and(|(_, depths)| depths.len() != components) {
            return Err(Refusal::damaged("the bpcc box has another size than its fields"));
        }
        Ok(())
    }

    /// The box for the copy, in the order that the specification lists.
    pub(super) fn write(&self) -> Result<Vec<u8>, Refusal> {
        let order = [b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef", b"res "];
        let mut contents = Vec::new();
        for wanted in order {
            for (name, data) in self.boxes.iter().filter(|(name, _)| name == wanted) {
                contents.extend(make(name, &[data])?);
            }
        }
        make(b"jp2h", &[&contents])
    }
}

/// The first `size` bytes of a box; what stands behind them is reported as removed.
fn trimmed(found: &BmffBox<'_>, size: usize, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let kept = found.fields().take(size)?;
    let behind = found.data.len().saturating_sub(size);
    if behind > 0 {
        report.removed_bytes(Class::ContentTrailingBytes, format!("bytes behind {}", found.title()), "jp2h", behind);
    }
    Ok(kept.to_vec())
}

/// Size of a palette box (section I.5.3.4).
fn palette_size(mut fields: Fields<'_>) -> Result<usize, Refusal> {
    let (entries, columns) = (fields.small(2)?, fields.small(1)?);
    let columns = usize::try_from(columns).unwrap_or_default();
    let entry: usize = fields.take(columns)?.iter().map(|depth| (usize::from(depth & 0x7f) + 1).div_ceil(8)).sum();
    let entries = usize::try_from(entries).unwrap_or_default().saturating_mul(entry);
    Ok(entries.saturating_add(columns).saturating_add(3))
}

/// A colour specification box (section I.5.3.3 and 15444-2 section M.11.7.3), `None` when it goes.
fn colour(found: &BmffBox<'_>, policy: &Policy, report: &mut Report) -> Result<Option<Vec<u8>>, Refusal> {
    /// Method, precedence, approximation.
    const HEAD: usize = 3;
    let (head, data) = found.data.split_at_checked(HEAD).unwrap_or_default();
    if let Some(2 | 3) = head.first() {
        let profile = icc::clean(data, "colr profile", "jp2h", policy, report);
        return Ok(profile.map(|profile| [head, &profile].concat()));
    }
    let size: usize = match head.first() {
        Some(1) => match data.first_chunk::<4>().map(|space| u32::from_be_bytes(*space)) {
            // Ranges, offsets and illuminant may follow.
            Some(14) if data.len() >= 32 => 32,
            Some(19) if data.len() >= 28 => 28,
            Some(0 | 1 | 3 | 4 | 9 | 11..=26) => 4,
            _ => 0,
        },
        // Coding-independent code points: primaries, transfer, matrix, range.
        Some(5) if data.len() >= 7 => 7,
        _ => 0,
    };
    if size == 0 {
        report.removed_bytes(Class::ContentUnknown, "colr (unknown or broken)", "jp2h", found.data.len());
        return Ok(None);
    }
    trimmed(found, size.saturating_add(HEAD), report).map(Some)
}

/// A resolution box (section I.5.3.7), `None` when nothing of it stays.
fn resolution(found: &BmffBox<'_>, report: &mut Report) -> Result<Option<Vec<u8>>, Refusal> {
    let mut contents: Vec<u8> = Vec::new();
    let mut seen = Vec::new();
    for child in children(found.data, 0)? {
        match &child.name {
            b"resc" | b"resd" if !seen.contains(&child.name) => {
                seen.push(child.name);
                contents.extend(make(&child.name, &[&trimmed(&child, 10, report)?])?);
            }
            _ => removed::whole_box(&child, "jp2h › res", 2, report),
        }
    }
    Ok((!contents.is_empty()).then_some(contents))
}
