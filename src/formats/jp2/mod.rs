//! JPEG 2000: the container is written anew around the codestream, and the codestream around its coded bytes.
//!
//! A file is a raw codestream (ISO/IEC 15444-1 Annex A) or a JP2 container of boxes around one (Annex I), which JPX
//! (ISO/IEC 15444-2 Annex M) and JPH (ISO/IEC 15444-15) extend. The container keeps signature, brands, header and the first
//! codestream; EXIF, XMP, IPTC, GeoJP2, GML, associations, further pictures and what is unknown go. The codestream keeps
//! what decoding needs; comments and the bytes behind its end go, and the lengths that counted them are set anew.
//!
//! A JPX that puts its picture together of several codestreams, or loads parts of it from elsewhere, is refused.

mod codestream;
mod header;
mod layers;
mod removed;

use std::io::Write;

use self::header::Header;
use super::bmff::{self, BmffBox, make};
use super::{Context, Handler, Report};
use crate::kind::Kind;
use crate::policy::{Class, Policy};
use crate::refusal::{Reason, Refusal};

/// The handler for JPEG 2000.
pub(crate) struct Jpeg2000;

impl Handler for Jpeg2000 {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Jpeg2000]
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
        let copy = if bytes.starts_with(&codestream::START) {
            codestream::rebuild(bytes, context, &mut report)?.bytes
        } else {
            container(bytes, context, &mut report)?
        };
        out.write_all(&copy).map_err(|_| Refusal::new(Reason::Internal, "the copy could not be written"))?;
        Ok(report)
    }
}

/// Contents of the signature box (section I.5.1).
const SIGNATURE: &[u8] = b"\r\n\x87\n";

/// A container with what stays.
fn container(bytes: &[u8], context: &Context<'_>, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let (boxes, rest) = bmff::split(bytes, 0)?;
    let (brands, boxes) = match boxes.as_slice() {
        [signature, brands, boxes @ ..]
            if &signature.name == b"jP  " && signature.data == SIGNATURE && &brands.name == b"ftyp" =>
        {
            (file_type(brands, report)?, boxes)
        }
        _ => return Err(Refusal::damaged("the file does not begin with its signature and brands")),
    };
    let parts = Parts::sort(boxes, report)?;
    if matches!(rest.get(4..8), Some(b"jp2h" | b"jp2c")) {
        return Err(Refusal::damaged("the file ends inside a box: it is cut off"));
    }
    report.trailer(rest, "the last box");
    let found = parts.header.ok_or_else(|| Refusal::damaged("there is no image header in it"))?;
    let picture = parts.codestream.ok_or_else(|| Refusal::damaged("there is no picture in it"))?;
    let header = Header::read(&found, context.policy, report)?;
    for own in parts.own_headers.into_iter().flatten() {
        layers::check(&own, &header, report)?;
    }
    let picture = codestream::rebuild(picture.data, context, report)?;
    header.check(&picture.size)?;
    Ok([make(b"jP  ", &[SIGNATURE])?, brands, header.write()?, make(b"jp2c", &[&picture.bytes])?].concat())
}

/// The file type box (section I.5.2) with the brands that readers of the kept boxes go by.
fn file_type(found: &BmffBox<'_>, report: &mut Report) -> Result<Vec<u8>, Refusal> {
    let mut fields = found.fields();
    let major = fields.name()?;
    match &major {
        b"jp2 " | b"jpx " | b"jph " => {}
        b"mjp2" => return Err(Refusal::unsupported("this is Motion JPEG 2000, a video")),
        b"jpm " => return Err(Refusal::unsupported("this is a compound document (JPM)")),
        _ => return Err(Refusal::unsupported("the brand of the file is unknown")),
    }
    if fields.small(4)? != 0 {
        report.removed_bytes(Class::MetadataOther, "ftyp version", "", 4);
    }
    let mut compatible: Vec<[u8; 4]> = Vec::new();
    while let Ok(brand) = fields.name() {
        if matches!(&brand, b"jp2 " | b"jpx " | b"jpxb" | b"jph ") && !compatible.contains(&brand) {
            compatible.push(brand);
        } else {
            report.removed_bytes(Class::ContentUnknown, format!("ftyp brand {}", bmff::title(brand)), "", 4);
        }
    }
    if !fields.0.is_empty() {
        report.removed_bytes(Class::ContentTrailingBytes, "bytes behind the brands", "", fields.0.len());
    }
    make(b"ftyp", &[&major, &[0; 4], compatible.as_flattened()])
}

/// The boxes of a file that make up its picture.
#[derive(Default)]
struct Parts<'a> {
    header: Option<BmffBox<'a>>,
    codestream: Option<BmffBox<'a>>,
    /// The codestream header and the compositing layer header of the first picture.
    own_headers: [Option<BmffBox<'a>>; 2],
}

impl<'a> Parts<'a> {
    /// Sorts the boxes behind the brands into what makes up the first picture and the report.
    fn sort(boxes: &[BmffBox<'a>], report: &mut Report) -> Result<Self, Refusal> {
        let mut parts = Self::default();
        let [own_codestream, own_layer] = &mut parts.own_headers;
        for found in boxes {
            match &found.name {
                b"jP  " | b"ftyp" => {
                    return Err(Refusal::damaged(format!("there are two boxes {}", found.title())));
                }
                b"jp2h" if parts.header.is_none() => parts.header = Some(*found),
                b"jp2h" => return Err(Refusal::damaged("there are two boxes jp2h")),
                b"jp2c" if parts.codestream.is_none() => parts.codestream = Some(*found),
                b"jpch" if own_codestream.is_none() => *own_codestream = Some(*found),
                b"jplh" if own_layer.is_none() => *own_layer = Some(*found),
                b"comp" => {
                    return Err(Refusal::unsupported("its picture is put together of several (box comp)"));
                }
                b"ftbl" => {
                    return Err(Refusal::unsupported("its picture lies in fragments, maybe of other files (box ftbl)"));
                }
                _ => removed::whole_box(found, "", 0, report),
            }
        }
        Ok(parts)
    }
}
