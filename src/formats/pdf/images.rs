//! Pictures: a JPEG or JPEG 2000 inside a PDF is a file of its own, with everything that cameras and programs write into it.
//!
//! It goes to the handler of its kind. Where other filters lie over it, they are taken off, since what they wrap has changed.

use super::source::{Object, ObjectId, Source, Stream, part};
use super::streams::{Data, decode, filters, is_image_filter, tidy};
use crate::formats::{Context, Report, Surroundings};
use crate::policy::{Class, Policy};
use crate::refusal::Refusal;

/// The data of an image stream for the copy.
///
/// A JPEG that its handler cannot rebuild refuses the document: readers may well show it, but what else it holds is unknown.
/// A kind without a handler stays as it is under the class `embedded.unsupported`.
///
/// # Errors
/// The refusal of the picture with the object named; otherwise as [`tidy`].
pub(super) fn image_data(
    source: &Source,
    id: ObjectId,
    stream: &Stream,
    policy: &Policy,
    context: &Context<'_>,
    report: &mut Report,
) -> Result<Data, Refusal> {
    let filters = filters(source, stream)?;
    let outer = filters.iter().take_while(|filter| !is_image_filter(&filter.name)).count();
    let Some(coding) = filters.get(outer) else { return tidy(source, stream, context) };
    let item = match coding.name.as_slice() {
        b"DCTDecode" => "JPEG image",
        b"JPXDecode" => "JPEG 2000 image",
        _ => return tidy(source, stream, context),
    };
    let wrapping: Vec<_> = filters.iter().take(outer).cloned().collect();
    let coded = decode(source, &stream.content, &wrapping, context)?;
    if coded.is_empty() {
        return tidy(source, stream, context);
    }
    let name = part(id);
    match context.clean_embedded(&name, &coded, Surroundings::Pdf, report) {
        Ok(bytes) => {
            let filters = filters.into_iter().skip(outer).collect();
            Ok(Data { filters, bytes, trimmed: 0 })
        }
        Err(refusal) if refusal.is_unhandled() => {
            let class = Class::EmbeddedUnsupported;
            report.hit(class, policy.action(class), item, name, 1, coded.len() as u64);
            tidy(source, stream, context)
        }
        Err(refusal) => Err(refusal),
    }
}

/// True when an object is a stream that is drawn as a picture.
pub(super) fn is_image(object: &Object) -> bool {
    matches!(object, Object::Stream(stream) if stream.dict.has(b"Width") || stream.dict.has(b"W"))
}
