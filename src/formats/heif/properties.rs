//! The properties that decide how an item looks (ISO/IEC 23008-12, section 6.5; AV1 Image File Format, section 2.2).

use std::borrow::Cow;

use super::coded;
use crate::formats::Report;
use crate::formats::bmff::{BmffBox, children};
use crate::formats::metadata::icc;
use crate::policy::{Class, Policy};
use crate::refusal::Refusal;

/// What becomes of a property.
pub(super) enum Fate<'a> {
    /// It stays, with these contents.
    Keep(Cow<'a, [u8]>),
    /// It is a colour profile behind the name of its kind, and stays as [`profile`] gives it.
    Profile(&'a [u8; 4], &'a [u8]),
    /// It goes, under this class.
    Drop(Class),
}

/// Decides about a property of an item; what goes from the configuration of a decoder is reported.
///
/// # Errors
/// Those of [`look`], and [`crate::Reason::Unsupported`] when the bytes of a picture lie in a property.
pub(super) fn fate<'a>(property: &BmffBox<'a>, essential: bool, report: &mut Report) -> Result<Fate<'a>, Refusal> {
    match &property.name {
        b"av1C" | b"hvcC" | b"avcC" => coded::config(property, report).map(Fate::Keep),
        b"jpgC" => Err(Refusal::unsupported("the tables of a JPEG picture lie outside of it")),
        _ => look(property, essential),
    }
}

/// Decides about a property, or about a box of a sample entry, that tells how a picture looks.
///
/// # Errors
/// [`crate::Reason::Damaged`] when a known property has a size that is not possible, [`crate::Reason::Unsupported`] when an
/// essential one is not known.
pub(super) fn look<'a>(property: &BmffBox<'a>, essential: bool) -> Result<Fate<'a>, Refusal> {
    let data = property.data;
    let size = data.len();
    let fits = match &property.name {
        b"ispe" => size == 12,
        b"irot" | b"imir" | b"a1op" => size == 1,
        b"pasp" => size == 8,
        b"clap" => size == 32,
        b"lsel" => size == 2,
        b"clli" => size == 4,
        b"mdcv" => size == 24,
        b"amve" => size == 8,
        b"cclv" => (1..=33).contains(&size),
        b"a1lx" => size == if data.first().is_some_and(|flags| flags & 1 == 1) { 13 } else { 7 },
        b"pixi" => data.get(4).is_some_and(|channels| size == usize::from(*channels).saturating_add(5)),
        // The header of a JPEG 2000 picture: channels, palette, and layers.
        b"j2kH" => {
            let known = |found: &BmffBox<'_>| matches!(&found.name, b"cdef" | b"cmap" | b"pclr" | b"j2kP" | b"j2kL");
            children(data, property.start)?.iter().all(known)
        }
        // Only HEVC says more about its transparency.
        b"auxC" => {
            let urn = auxiliary(property);
            is_alpha(property) && (urn.starts_with(b"urn:mpeg:hevc") || size <= urn.len().saturating_add(5))
        }
        b"colr" => return colour(data, essential),
        _ if essential => {
            let detail = format!("the property {} is essential and not known", property.title());
            return Err(Refusal::unsupported(detail));
        }
        b"udes" | b"altt" => return Ok(Fate::Drop(Class::MetadataDescription)),
        b"crtt" | b"mdft" | b"itai" | b"taic" => return Ok(Fate::Drop(Class::MetadataDates)),
        b"cmin" | b"cmex" | b"wbpm" | b"exps" => return Ok(Fate::Drop(Class::MetadataDevice)),
        _ => return Ok(Fate::Drop(Class::ContentUnknown)),
    };
    if fits {
        Ok(Fate::Keep(data.into()))
    } else {
        Err(Refusal::damaged(format!("the property {} has an impossible size", property.title())))
    }
}

/// Colour: code points as they are, profiles for [`profile`] to decide; what is neither goes, decoders ignore it.
fn colour(data: &[u8], essential: bool) -> Result<Fate<'_>, Refusal> {
    let (kind, contents) = data.split_first_chunk::<4>().unwrap_or((b"    ", &[]));
    match kind {
        b"nclx" if contents.len() == 7 => Ok(Fate::Keep(data.into())),
        b"prof" | b"rICC" => Ok(Fate::Profile(kind, contents)),
        _ if essential => Err(Refusal::unsupported("a colour property is essential and not known")),
        _ => Ok(Fate::Drop(Class::ContentUnknown)),
    }
}

/// Whether `auxC` says that the item is the transparency of another (ISO/IEC 23008-12, sections 6.5.8 and B.2.3.2).
pub(super) fn is_alpha(property: &BmffBox<'_>) -> bool {
    &property.name == b"auxC" && is_alpha_name(auxiliary(property))
}

/// Whether the name of a kind of auxiliary picture is that of transparency.
pub(super) fn is_alpha_name(name: &[u8]) -> bool {
    matches!(
        name,
        b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha" | b"urn:mpeg:hevc:2015:auxid:1" | b"urn:mpeg:avc:2015:auxid:1"
    )
}

/// The contents of a colour box with a cleaned profile, if that stays.
pub(super) fn profile(kind: &[u8; 4], bytes: &[u8], policy: &Policy, report: &mut Report) -> Option<Vec<u8>> {
    icc::clean(bytes, "colr profile", "", policy, report).map(|profile| [kind, profile.as_ref()].concat())
}

/// The name of the kind of auxiliary picture.
pub(super) fn auxiliary<'a>(property: &BmffBox<'a>) -> &'a [u8] {
    property.data.get(4..).and_then(|rest| rest.split(|byte| *byte == 0).next()).unwrap_or_default()
}

/// A kind of auxiliary picture for people.
pub(super) fn auxiliary_title(name: &[u8]) -> &'static str {
    let has = |part: &[u8]| memchr::memmem::find(name, part).is_some();
    if has(b"gainmap") {
        "gain map"
    } else if has(b"depth") || name.ends_with(b"auxid:2") {
        "depth map"
    } else if has(b"matte") {
        "matte"
    } else if has(b"auxid:1") || has(b"alpha") {
        "alpha"
    } else {
        "auxiliary picture"
    }
}
