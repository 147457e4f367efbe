//! Icons and cursors: a directory of pictures, each a PNG or a bitmap without its file header (Windows, "Icons").
//!
//! The directory is written anew, so that the pictures lie one after the other with nothing between or behind them. PNGs go to
//! their own handler; bitmaps lose what a bitmap has no use for. Every size of an icon is visible somewhere, so all stay.

use std::io::Write;

use super::bmp::dib::{Dib, Leftovers, long, short};
use super::bmp::{report_gap, report_leftovers};
use super::{Context, Handler, Report, Surroundings};
use crate::kind::Kind;
use crate::policy::{Class, Policy};
use crate::refusal::{Reason, Refusal};

/// The handler for icons and cursors.
pub(crate) struct Ico;

/// Bytes of an entry of the directory.
const ENTRY: usize = 16;

impl Handler for Ico {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Ico]
    }

    fn clean(
        &self,
        _kind: Kind,
        bytes: &[u8],
        _policy: &Policy,
        context: &Context<'_>,
        out: &mut dyn Write,
    ) -> Result<Report, Refusal> {
        let mut report = Report::default();
        let copy = rebuild(bytes, context, &mut report)?;
        out.write_all(&copy).map_err(|_| Refusal::new(Reason::Internal, "the copy could not be written"))?;
        Ok(report)
    }
}

fn rebuild(bytes: &[u8], context: &Context<'_>, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let damaged = || Refusal::damaged("the directory of the icon is not valid");
    let (head, rest) = bytes.split_first_chunk::<6>().ok_or_else(damaged)?;
    let count = usize::from(short(head, 4).ok_or_else(damaged)?);
    if !head.starts_with(&[0, 0, 1, 0]) && !head.starts_with(&[0, 0, 2, 0]) || count == 0 {
        return Err(damaged());
    }
    context.limits.check_frames(count)?;
    let directory = rest.get(..count.saturating_mul(ENTRY)).ok_or_else(damaged)?;
    let mut taken = head.len().saturating_add(directory.len());
    let mut at = taken;
    let (mut entries, mut pictures) = (head.to_vec(), Vec::new());
    for (number, entry) in directory.chunks_exact(ENTRY).enumerate() {
        let size = long(entry, 8).and_then(|size| usize::try_from(size).ok()).ok_or_else(damaged)?;
        let from = long(entry, 12).and_then(|from| usize::try_from(from).ok()).ok_or_else(damaged)?;
        let picture = from.checked_add(size).and_then(|to| bytes.get(from..to)).ok_or_else(damaged)?;
        taken = taken.saturating_add(size);
        if taken > bytes.len() {
            return Err(Refusal::damaged("pictures of the icon lie on top of each other"));
        }
        let part = format!("picture {}", number.saturating_add(1));
        let picture = if picture.starts_with(b"\x89PNG\r\n\x1a\n") {
            context.clean_embedded(&part, picture, Surroundings::Standalone, report)?
        } else {
            bitmap(picture, context, report).map_err(|refusal| refusal.in_part(part))?
        };
        if entry.get(3).is_some_and(|reserved| *reserved != 0) {
            report.removed_bytes(Class::ContentUnknown, "reserved bytes of the directory", "", 1);
        }
        let offset = u32::try_from(at).map_err(|_| damaged())?;
        let size = u32::try_from(picture.len()).map_err(|_| damaged())?;
        entries.extend_from_slice(entry.get(..3).unwrap_or_default());
        entries.push(0);
        entries.extend_from_slice(entry.get(4..8).unwrap_or_default());
        entries.extend_from_slice(&size.to_le_bytes());
        entries.extend_from_slice(&offset.to_le_bytes());
        at = at.saturating_add(picture.len());
        pictures.extend_from_slice(&picture);
    }
    report_gap(bytes.len().saturating_sub(taken), "bytes between or behind the pictures", report);
    entries.extend_from_slice(&pictures);
    Ok(entries)
}

/// A bitmap of an icon: header, palette, rows, and the rows of its mask, which many 32-bit pictures lack.
fn bitmap(bytes: &[u8], context: &Context<'_>, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let damaged = || Refusal::damaged("the bitmap is cut off");
    let dib = Dib::parse(bytes)?;
    if dib.size != 40 || !dib.is_plain() || !dib.height.is_multiple_of(2) {
        return Err(Refusal::unsupported("a bitmap of a form that icons do not have"));
    }
    if dib.pixels() > context.limits.image_pixels {
        return Err(Refusal::over_limit("image-pixels", format!("the picture is {}×{}", dib.width, dib.height)));
    }
    let mut left = Leftovers::default();
    let room = bytes.len().saturating_sub(dib.palette_at());
    let palette_end = dib.palette_at().saturating_add(dib.palette_size(room));
    let palette = dib.palette(bytes.get(dib.palette_at()..palette_end).ok_or_else(damaged)?, &mut left);
    let rest = bytes.get(palette_end..).ok_or_else(damaged)?;
    // The stated height is that of picture and mask together.
    let height = dib.height / 2;
    let picture = dib.rows(rest, dib.bits, height, &mut left)?;
    let behind = rest.get(picture.len()..).unwrap_or_default();
    let mask = if dib.bits == 32 && behind.len() < dib.mask_size(height) {
        Vec::new()
    } else {
        dib.rows(behind, 1, height, &mut left)?
    };
    let header = dib.header(bytes, palette.len(), picture.len().saturating_add(mask.len()), &mut left);
    report_leftovers(left, report);
    report_gap(behind.len().saturating_sub(mask.len()), "bytes behind a bitmap", report);
    Ok([header.ok_or_else(damaged)?, palette, picture, mask].concat())
}
