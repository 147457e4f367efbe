//! BMP: header, masks, palette and pixels up to their stated end are copied, and nothing else is.
//!
//! A bitmap has no metadata, but room for anything: between the palette and the pixels, behind the pixels, at the ends of the
//! rows. And its fifth version may name its colour profile by a path on the machine where it was made. All that goes; an
//! embedded profile stays.

pub(crate) mod dib;

use std::borrow::Cow;
use std::io::Write;

use self::dib::{Dib, EMBEDDED, LINKED, Leftovers, SRGB, long, set_long};
use super::metadata::{icc, text_or_latin1};
use super::{Context, Handler, Report};
use crate::kind::Kind;
use crate::policy::{Action, Class, Policy};
use crate::refusal::{Reason, Refusal};

/// The handler for BMP.
pub(crate) struct Bmp;

/// Bytes of the file header.
const FILE_HEADER: usize = 14;

impl Handler for Bmp {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Bmp]
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
    let damaged = || Refusal::damaged("the file header is not valid");
    if !bytes.starts_with(b"BM") {
        return Err(damaged());
    }
    let bitmap = bytes.get(FILE_HEADER..).ok_or_else(damaged)?;
    let dib = Dib::parse(bitmap)?;
    if dib.pixels() > context.limits.image_pixels {
        return Err(Refusal::over_limit("image-pixels", format!("the picture is {}×{}", dib.width, dib.height)));
    }
    let pixels_at = long(bytes, 10).and_then(|at| usize::try_from(at).ok()).ok_or_else(damaged)?;
    let pixels_at = pixels_at.checked_sub(FILE_HEADER).ok_or_else(damaged)?;
    let room = pixels_at.checked_sub(dib.palette_at()).ok_or_else(damaged)?;
    let palette_end = dib.palette_at().saturating_add(dib.palette_size(room));

    let mut left = Leftovers::default();
    let palette = dib.palette(bitmap.get(dib.palette_at()..palette_end).ok_or_else(damaged)?, &mut left);
    let pixels = dib.pixel_bytes(bitmap.get(pixels_at..).ok_or_else(damaged)?, &mut left)?;
    let mut header = dib.header(bitmap, palette.len(), pixels.len(), &mut left).ok_or_else(damaged)?;
    let profile = Profile::find(bitmap, &dib);
    let start = header.len().saturating_add(palette.len());
    let profile_at = start.saturating_add(pixels.len());
    let kept = profile.as_ref().and_then(|profile| profile.clean(context.policy, report));
    match &kept {
        Some(kept) => {
            set_long(&mut header, 112, u32::try_from(profile_at).map_err(|_| damaged())?);
            set_long(&mut header, 116, u32::try_from(kept.len()).map_err(|_| damaged())?);
        }
        None if long(&header, 56) == Some(EMBEDDED) => set_long(&mut header, 56, SRGB),
        None => {}
    }
    let kept = kept.unwrap_or_default();

    report_leftovers(left, report);
    if bytes.get(6..10).is_some_and(|reserved| reserved != [0; 4]) {
        report.removed_bytes(Class::ContentUnknown, "reserved bytes of the file header", "", 4);
    }
    let gap = pixels_at.saturating_sub(palette_end);
    report_gap(gap, "bytes before the pixels", report);
    let end = pixels_at.saturating_add(pixels.len());
    report_rest(bitmap, end, profile.as_ref(), report);

    let pixels_from = FILE_HEADER.saturating_add(start);
    let size = FILE_HEADER.saturating_add(profile_at).saturating_add(kept.len());
    let number = |value: usize| u32::try_from(value).map(u32::to_le_bytes).map_err(|_| damaged());
    Ok([b"BM".as_slice(), &number(size)?, &[0; 4], &number(pixels_from)?, &header, &palette, &pixels, &kept].concat())
}

/// A colour profile that the header points to.
struct Profile<'a> {
    /// Where it lies, counted from the header.
    from: usize,
    to: usize,
    linked: bool,
    bytes: &'a [u8],
}

impl<'a> Profile<'a> {
    fn find(bitmap: &'a [u8], dib: &Dib) -> Option<Self> {
        let space = long(bitmap, 56).filter(|space| dib.size == 124 && matches!(*space, EMBEDDED | LINKED))?;
        let from = usize::try_from(long(bitmap, 112)?).ok()?;
        let to = usize::try_from(long(bitmap, 116)?).ok()?.checked_add(from)?;
        let bytes = bitmap.get(from..to)?;
        Some(Self { from, to, linked: space == LINKED, bytes })
    }

    /// The profile of the copy; none in the place of a path.
    fn clean(&self, policy: &Policy, report: &mut Report) -> Option<Cow<'a, [u8]>> {
        if self.linked {
            let path = text_or_latin1(self.bytes);
            let path = path.trim_end_matches('\0');
            report.removed_value(Class::MetadataPaths, "linked colour profile", "", path);
            return None;
        }
        icc::clean(self.bytes, "embedded colour profile", "", policy, report)
    }
}

/// Reports what had no place in headers, palettes and rows.
pub(crate) fn report_leftovers(left: Leftovers, report: &mut Report) {
    let Leftovers { palette, rows, fields } = left;
    for (count, item) in [
        (fields, "header fields that nothing uses"),
        (palette, "unused bytes of palette entries"),
        (rows, "bits behind the last pixel of a row"),
    ] {
        if count > 0 {
            report.hit(Class::ContentUnknown, Action::Remove, item, "", count as u64, 0);
        }
    }
}

/// Reports bytes between the parts as removed.
pub(crate) fn report_gap(size: usize, item: &str, report: &mut Report) {
    if size > 0 {
        report.removed_bytes(Class::ContentTrailingBytes, item, "", size);
    }
}

/// Reports the bytes behind the pixels, apart from a profile that lies there, with the kind of what begins there.
fn report_rest(bitmap: &[u8], end: usize, profile: Option<&Profile<'_>>, report: &mut Report) {
    let behind = profile.filter(|profile| profile.from >= end);
    if let Some(profile) = behind {
        report_gap(profile.from.saturating_sub(end), "bytes before the colour profile", report);
    }
    let rest = bitmap.get(behind.map_or(end, |profile| profile.to)..).unwrap_or_default();
    report.trailer(rest, "the pixels");
}
