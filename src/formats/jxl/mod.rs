//! JPEG XL: the coded frames are copied byte by byte; of boxes and headers only what decides the look stays.
//!
//! A JPEG XL file is a bare codestream (ISO/IEC 18181-1), or boxes (ISO/IEC 18181-2) around one that may be cut into parts.
//! The copy is of the same sort: bare, or signature, brands, level and one box with the whole codestream. All other boxes
//! go, also when Brotli wraps them (`brob`): EXIF (orientation is in the codestream), XMP, content credentials, the markers
//! of the JPEG that the file was made from (`jbrd`), gain maps. So does everything behind the codestream's end, which is
//! found by walking image header, colour profile, frame headers and tables of contents.
//!
//! Headers are packed bit by bit, but sections of frames begin at whole bytes, so a header can be written anew without some
//! of its fields. That is done for names of frames and extra channels, extensions, time codes and the preview frame, and the
//! colour profile is coded anew ([`profile`]).
//!
//! What cannot be taken out without coding the pixels anew stays and is shown: layers that others cover, and extra channels
//! that viewers do not show, such as depth. Bytes at the end of a section that its decoder does not ask for are not found.

mod bits;
mod codestream;
mod frame_header;
mod image_header;
mod profile;
mod removed;

use std::borrow::Cow;
use std::io::Write;

use super::bmff::{BmffBox, make, split};
use super::{Context, Handler, Report};
use crate::kind::Kind;
use crate::policy::{Class, Policy};
use crate::refusal::{Reason, Refusal};

/// The handler for JPEG XL.
pub(crate) struct JpegXl;

impl Handler for JpegXl {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::JpegXl]
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
        let copy = match bytes.strip_prefix(SIGNATURE) {
            Some(boxes) => File::read(boxes, context, &mut report)?.rebuild(context, &mut report)?,
            None => codestream::rebuild(bytes, context, &mut report)?,
        };
        out.write_all(&copy).map_err(|_| Refusal::new(Reason::Internal, "the copy could not be written"))?;
        Ok(report)
    }
}

/// The signature box (ISO/IEC 18181-2 section 9.2).
const SIGNATURE: &[u8] = b"\0\0\0\x0cJXL \r\n\x87\n";
/// The contents of the box of brands, which are always these (section 9.3).
const BRANDS: &[u8] = b"jxl \0\0\0\0jxl ";
/// The bit of the number of a part that says that it is the last one (section 9.7).
const LAST_PART: u32 = 1 << 31;

/// The boxes of a file that stay.
struct File<'a> {
    level: Option<BmffBox<'a>>,
    codestream: Cow<'a, [u8]>,
}

impl<'a> File<'a> {
    /// Sorts the boxes behind the signature into what stays and the report.
    fn read(bytes: &'a [u8], context: &Context<'_>, report: &mut Report) -> Result<Self, Refusal> {
        let (boxes, rest) = split(bytes, 0)?;
        if rest.get(4..8).is_some_and(|name| matches!(name, b"jxlc" | b"jxlp")) {
            return Err(Refusal::damaged("the file ends inside its codestream: it is cut off"));
        }
        let Some((brands, boxes)) = boxes.split_first().filter(|(first, _)| &first.name == b"ftyp") else {
            return Err(Refusal::damaged("the box of brands does not follow the signature"));
        };
        check_brands(brands, report)?;
        let (mut level, mut whole, mut parts) = (None, None, Parts::default());
        for found in boxes {
            match &found.name {
                b"jxll" if level.is_none() => level = Some(*found),
                b"jxlc" if whole.is_none() => whole = Some(found.data),
                b"jxlc" => return Err(Refusal::damaged("there are two codestreams in it")),
                b"jxlp" => parts.take(found)?,
                _ => removed::whole_box(found, context, report)?,
            }
        }
        if level.is_some_and(|level| !matches!(level.data, [5 | 10])) {
            return Err(Refusal::unsupported("it is of a level that no version of the format has"));
        }
        report.trailer(rest, "the last box");
        let codestream = match (whole, parts.finish()?) {
            (Some(whole), None) => Cow::Borrowed(whole),
            (None, Some(joined)) => Cow::Owned(joined),
            (None, None) => return Err(Refusal::damaged("there is no codestream in it")),
            (Some(_), Some(_)) => return Err(Refusal::damaged("there are two codestreams in it")),
        };
        Ok(Self { level, codestream })
    }

    fn rebuild(&self, context: &Context<'_>, report: &mut Report) -> Result<Vec<u8>, Refusal> {
        let codestream = codestream::rebuild(&self.codestream, context, report)?;
        let level = self.level.map(|level| make(b"jxll", &[level.data])).transpose()?;
        Ok([SIGNATURE.to_vec(), make(b"ftyp", &[BRANDS])?, level.unwrap_or_default(), make(b"jxlc", &[&codestream])?]
            .concat())
    }
}

/// Reports what the box of brands holds beyond the usual.
fn check_brands(brands: &BmffBox<'_>, report: &mut Report) -> Result<(), Refusal> {
    if !brands.data.starts_with(b"jxl ") {
        return Err(Refusal::damaged("its brand is not that of JPEG XL"));
    }
    if brands.data != BRANDS {
        report.removed_bytes(Class::ContentUnknown, "ftyp (further brands)", "", brands.data.len());
    }
    Ok(())
}

/// The parts of a codestream, which must be in order and complete.
#[derive(Default)]
struct Parts {
    joined: Vec<u8>,
    count: u32,
    complete: bool,
}

impl Parts {
    fn take(&mut self, found: &BmffBox<'_>) -> Result<(), Refusal> {
        let wrong = || Refusal::damaged("the parts of the codestream are out of order");
        let (number, data) = found.data.split_first_chunk::<4>().ok_or_else(wrong)?;
        let number = u32::from_be_bytes(*number);
        if self.complete || number & !LAST_PART != self.count {
            return Err(wrong());
        }
        self.complete = number & LAST_PART != 0;
        self.count = self.count.saturating_add(1);
        self.joined.extend_from_slice(data);
        Ok(())
    }

    /// The whole codestream; `None` when there are no parts.
    fn finish(self) -> Result<Option<Vec<u8>>, Refusal> {
        match (self.count, self.complete) {
            (0, _) => Ok(None),
            (_, true) => Ok(Some(self.joined)),
            (_, false) => Err(Refusal::damaged("the last part of the codestream is not there")),
        }
    }
}
