//! Pictures: a JPEG or JPEG 2000 inside a PDF is a file of its own, with everything that cameras and programs write into it.
//!
//! It goes to the handler of its kind. JBIG2 loses the segments that draw nothing ([`jbig2`]), samples those beyond the
//! size of the picture. Where other filters lie over it, they are taken off, since what they wrap has changed.

use super::jbig2;
use super::source::{Dictionary, Object, ObjectId, Source, Stream, as_dictionary, part};
use super::streams::{Data, Filter, decode, filters, is_image_filter, tidy};
use super::write::deflate;
use crate::formats::{Context, Report, Surroundings};
use crate::policy::{Class, Policy};
use crate::refusal::{Reason, Refusal};

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
    let Some(coding) = filters.get(outer) else { return samples(source, stream, filters, context) };
    if coding.name == b"JBIG2Decode" {
        let coded = decode(source, &stream.content, filters.get(..outer).unwrap_or_default(), context)?;
        let (bytes, trimmed) = jbig2::clean(&coded);
        if trimmed == 0 {
            return tidy(source, stream, context);
        }
        return Ok(Data { filters: filters.into_iter().skip(outer).collect(), bytes, trimmed });
    }
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

/// The data of a picture that is stored as samples, without those that its size leaves no place for (8.9.5).
fn samples(source: &Source, stream: &Stream, filters: Vec<Filter>, context: &Context<'_>) -> Result<Data, Refusal> {
    let kept = tidy(source, stream, context)?;
    let Some(expected) = size(source, &stream.dict)? else { return Ok(kept) };
    let mut plain = match decode(source, &kept.bytes, &kept.filters, context) {
        Ok(plain) => plain,
        // A predictor with odd parameters: readers show what they can, and nobody tells what would be too much.
        Err(refusal) if refusal.reason == Reason::Damaged => return Ok(kept),
        Err(refusal) => return Err(refusal),
    };
    let rest = plain.get(expected..).unwrap_or_default();
    if rest.iter().all(|byte| *byte == 0 || byte.is_ascii_whitespace()) {
        return Ok(kept);
    }
    let trimmed = kept.trimmed.saturating_add(rest.len());
    plain.truncate(expected);
    if filters.is_empty() {
        return Ok(Data { filters, bytes: plain, trimmed });
    }
    let filters = vec![Filter { name: b"FlateDecode".to_vec(), parameters: None }];
    Ok(Data { filters, bytes: deflate(&plain)?, trimmed })
}

/// How many bytes the samples of a picture take; none where its dictionary does not tell.
fn size(source: &Source, dictionary: &Dictionary) -> Result<Option<usize>, Refusal> {
    let number = |long: &str, short: &str| -> Result<Option<usize>, Refusal> {
        let key = if dictionary.has(long.as_bytes()) { long } else { short };
        Ok(source.get(dictionary, key)?.as_i64().ok().and_then(|number| usize::try_from(number).ok()))
    };
    let mask = matches!(source.get(dictionary, "ImageMask")?, Object::Boolean(true))
        || matches!(source.get(dictionary, "IM")?, Object::Boolean(true));
    let (components, bits) = if mask {
        (Some(1), Some(1))
    } else {
        let key = if dictionary.has(b"ColorSpace") { "ColorSpace" } else { "CS" };
        (components(source, source.get(dictionary, key)?)?, number("BitsPerComponent", "BPC")?)
    };
    let (Some(width), Some(height), Some(components), Some(bits)) =
        (number("Width", "W")?, number("Height", "H")?, components, bits)
    else {
        return Ok(None);
    };
    let row = width.checked_mul(components).and_then(|row| row.checked_mul(bits)).map(|bits| bits.div_ceil(8));
    Ok(row.and_then(|row| row.checked_mul(height)))
}

/// The components of a colour space (8.6).
fn components(source: &Source, space: &Object) -> Result<Option<usize>, Refusal> {
    let (family, parameter) = match space {
        Object::Name(name) => (name.as_slice(), &Object::Null),
        Object::Array(elements) => match elements.as_slice() {
            [family, rest @ ..] => {
                let parameter = rest.first().unwrap_or(&Object::Null);
                (source.resolve(family)?.1.as_name().unwrap_or_default(), source.resolve(parameter)?.1)
            }
            [] => return Ok(None),
        },
        _ => return Ok(None),
    };
    Ok(match family {
        b"DeviceGray" | b"G" | b"CalGray" | b"Indexed" | b"I" | b"Separation" => Some(1),
        b"DeviceRGB" | b"RGB" | b"CalRGB" | b"Lab" => Some(3),
        b"DeviceCMYK" | b"CMYK" => Some(4),
        b"DeviceN" => parameter.as_array().ok().map(Vec::len),
        b"ICCBased" => match as_dictionary(parameter) {
            Some(profile) => source.get(profile, "N")?.as_i64().ok().and_then(|count| usize::try_from(count).ok()),
            None => None,
        },
        _ => None,
    })
}

/// The data of a stream of segments that several JBIG2 pictures share.
///
/// # Errors
/// As [`tidy`].
pub(super) fn shared_segments(source: &Source, stream: &Stream, context: &Context<'_>) -> Result<Data, Refusal> {
    let kept = tidy(source, stream, context)?;
    let (bytes, trimmed) = jbig2::clean(&decode(source, &kept.bytes, &kept.filters, context)?);
    Ok(if trimmed == 0 { kept } else { Data { filters: Vec::new(), bytes, trimmed } })
}

/// True when an object is a stream that is drawn as a picture.
pub(super) fn is_image(object: &Object) -> bool {
    matches!(object, Object::Stream(stream) if stream.dict.has(b"Width") || stream.dict.has(b"W"))
}
