//! What may never remain in a cleaned PDF, looked for in every object of the copy.
//!
//! The cleaner works by a list of what is allowed; this is the opposite list, written down independently: if something of it
//! turns up, the copy is not released. Names of the author's choice (fonts, colour spaces, layers …) may be any word, so
//! the dictionaries that hold them are skipped.

use std::collections::BTreeSet;

use hayro_interpret::hayro_syntax::Filter;
use hayro_interpret::hayro_syntax::object::{Dict, MaybeRef, Name, ObjectIdentifier, Stream};

use super::{attachments, identification};
use crate::pdf_reading::Reading;
use crate::pdf_reading::unpack::{Unpacked, unpack};
use crate::pdf_reading::walk::{Item, object_name, walk};
use crate::policy::{Action, Class, Policy};
use crate::prove::Check;
use crate::refusal::Refusal;

/// Keys that no dictionary may have.
const FORBIDDEN: &[&[u8]] = &[
    b"AA",
    b"AF",
    b"Alternates",
    b"ByteRange",
    b"Collection",
    b"DPartRoot",
    b"DSS",
    b"EF",
    b"EmbeddedFiles",
    b"JS",
    b"JavaScript",
    b"LGIDict",
    b"LastModified",
    b"Legal",
    b"Measure",
    b"NeedsRendering",
    b"OPI",
    b"OpenAction",
    b"Perms",
    b"PieceInfo",
    b"PresSteps",
    b"PtData",
    b"Requirements",
    b"SpiderInfo",
    b"Threads",
    b"Thumb",
    b"VP",
    b"XFA",
];
/// Keys that no annotation may have.
const FORBIDDEN_IN_ANNOTATIONS: &[&[u8]] =
    &[b"CreationDate", b"IRT", b"IT", b"M", b"NM", b"Popup", b"RC", b"RT", b"State", b"StateModel", b"Subj"];
/// Kinds of annotation that stay alive; all others were drawn or removed.
const ANNOTATIONS: &[&[u8]] = &[b"Link", b"Widget"];
/// Everything that the standard calls an annotation, to know one without its context. ISO 32000-2, table 171.
const ANNOTATION_KINDS: &[&[u8]] = &[
    b"Text",
    b"FreeText",
    b"Line",
    b"Square",
    b"Circle",
    b"Polygon",
    b"PolyLine",
    b"Highlight",
    b"Underline",
    b"Squiggly",
    b"StrikeOut",
    b"Caret",
    b"Stamp",
    b"Ink",
    b"Popup",
    b"FileAttachment",
    b"Sound",
    b"Movie",
    b"Screen",
    b"PrinterMark",
    b"TrapNet",
    b"Watermark",
    b"3D",
    b"Redact",
    b"Projection",
    b"RichMedia",
];
/// Actions that stay.
const ACTIONS: &[&[u8]] = &[b"GoTo", b"URI", b"Named"];
/// Everything that the standard calls an action. ISO 32000-2, table 201.
const ACTION_KINDS: &[&[u8]] = &[
    b"GoToR",
    b"GoToE",
    b"GoToDp",
    b"Launch",
    b"Thread",
    b"Sound",
    b"Movie",
    b"Hide",
    b"SubmitForm",
    b"ResetForm",
    b"ImportData",
    b"SetOCGState",
    b"Rendition",
    b"Trans",
    b"GoTo3DView",
    b"JavaScript",
    b"ECMAScript",
    b"RichMediaExecute",
];
/// Types of object that may not be in the copy.
const TYPES: &[&[u8]] = &[
    b"Filespec",
    b"F",
    b"EmbeddedFile",
    b"Sig",
    b"DocTimeStamp",
    b"SigRef",
    b"Metadata",
    b"Collection",
    b"3D",
    b"DPart",
];
/// Of these, what attached files need where the policy keeps them; [`super::attachments`] looks into it.
const ATTACHED: &[&[u8]] =
    &[b"AF", b"Collection", b"EF", b"EmbeddedFiles", b"Filespec", b"EmbeddedFile", b"FileAttachment"];
/// Keys under which dictionaries lie whose keys are names of the author's choice.
const NAMED: &[&[u8]] = &[
    b"CharProcs",
    b"ClassMap",
    b"ColorSpace",
    b"Colorants",
    b"Dests",
    b"ExtGState",
    b"Font",
    b"Pattern",
    b"Properties",
    b"RoleMap",
    b"RoleMapNS",
    b"Shading",
    b"XObject",
    b"N",
    b"R",
    b"D",
    b"Solidities",
    b"DotGain",
];

/// Looks for leftovers.
pub(super) fn find(after: &Reading<'_>, policy: &Policy) -> Result<Check, Refusal> {
    let flattened = policy.action(Class::ContentFormFields) == Action::Flatten;
    let mut named: BTreeSet<ObjectIdentifier> = BTreeSet::new();
    walk(after.pdf, &mut |_, item| {
        if let Item::Dict(_, dict) = item {
            for (key, value) in dict.entries() {
                if let (true, MaybeRef::Ref(reference)) = (NAMED.contains(&key.as_ref()), value) {
                    named.insert(reference.into());
                }
            }
        }
    });
    let claim = claim(after);
    let attached = attachments::stay(policy);
    let mut found: Option<Refusal> = None;
    let mut objects = 0_u64;
    walk(after.pdf, &mut |id, item| {
        objects = objects.saturating_add(1);
        if found.is_some() {
            return;
        }
        let left = match item {
            Item::Dict(_, dict) if claim.is_some() && dict.obj_id() == claim => None,
            Item::Dict(key, dict) => {
                let free = NAMED.contains(&key) || (dict.obj_id().is_some_and(|id| named.contains(&id)));
                in_dict(dict, free, claim, attached).or_else(|| flattened.then(|| of_form(dict, free)).flatten())
            }
            Item::Stream(stream) => in_stream(stream),
            Item::String(..) => None,
        };
        found = left.map(|what| Refusal::unprovable(format!("the copy still has {what}")).in_part(object_name(id)));
    });
    match found {
        Some(refusal) => Err(refusal),
        None => Ok(Check::new("nothing-left", format!("{objects} objects"))),
    }
}

/// The metadata of the catalog, when it only says which standard the document follows.
fn claim(after: &Reading<'_>) -> Option<ObjectIdentifier> {
    let xref = after.pdf.xref();
    let catalog = xref.get::<Dict<'_>>(xref.root_id())?;
    let packet = catalog.get::<Stream<'_>>(b"Metadata")?.decoded_data().ok()?;
    identification::is_only_that(&packet).then(|| catalog.get_ref(b"Metadata").map(Into::into)).flatten()
}

/// What may not be in this dictionary; `free` when its keys are names of the author's choice, `claim` the one metadata stream
/// that the catalog may have, `attached` when attached files stay.
fn in_dict(dict: &Dict<'_>, free: bool, claim: Option<ObjectIdentifier>, attached: bool) -> Option<String> {
    let stays = |what: &[u8]| attached && ATTACHED.contains(&what);
    let keys: Vec<Vec<u8>> = dict.keys().map(|key| key.as_ref().to_vec()).collect();
    let has = |key: &[u8]| keys.iter().any(|own| own == key);
    let named = |key: &[u8]| dict.get::<Name<'_>>(key).map(|name| name.as_ref().to_vec()).unwrap_or_default();
    let show = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    if !free && let Some(key) = FORBIDDEN.iter().find(|key| has(key) && !stays(key)) {
        return Some(format!("/{}", show(key)));
    }
    let kind = named(b"Type");
    let claims = kind == b"Catalog" && claim.is_some() && dict.get_ref(b"Metadata").map(Into::into) == claim;
    if !free && has(b"Metadata") && !claims {
        return Some("/Metadata".to_owned());
    }
    if TYPES.contains(&kind.as_slice()) && !stays(&kind) {
        return Some(format!("/Type/{}", show(&kind)));
    }
    let subtype = named(b"Subtype");
    let annotation = kind == b"Annot" || has(b"Rect");
    if annotation
        && !subtype.is_empty()
        && !ANNOTATIONS.contains(&subtype.as_slice())
        && !stays(&subtype)
        && (kind == b"Annot" || ANNOTATION_KINDS.contains(&subtype.as_slice()))
    {
        return Some(format!("an annotation /{}", show(&subtype)));
    }
    if annotation && (ANNOTATIONS.contains(&subtype.as_slice()) || stays(&subtype)) {
        if let Some(key) = FORBIDDEN_IN_ANNOTATIONS.iter().find(|key| has(key)) {
            return Some(format!("an annotation with /{}", show(key)));
        }
        if subtype == b"Link" && has(b"T") {
            return Some("a link with /T".to_owned());
        }
        if subtype == b"FileAttachment" && (has(b"T") || has(b"Contents")) {
            return Some("a note beside an attached file".to_owned());
        }
    }
    if named(b"FT") == b"Sig" {
        return Some("a signature field".to_owned());
    }
    // Structure elements have an /S of the author's choice.
    let structure = kind == b"StructElem" || has(b"K") || has(b"P");
    let action = named(b"S");
    if !structure
        && ACTION_KINDS.contains(&action.as_slice())
        && !ACTIONS.contains(&action.as_slice())
        && kind != b"Group"
    {
        return Some(format!("an action /{}", show(&action)));
    }
    None
}

/// What may not be in this dictionary when form fields are drawn into their pages.
fn of_form(dict: &Dict<'_>, free: bool) -> Option<String> {
    let widget = dict.get::<Name<'_>>(b"Subtype").is_some_and(|kind| kind.as_ref() == b"Widget");
    if widget {
        return Some("a form field".to_owned());
    }
    (!free && dict.contains_key(b"AcroForm")).then(|| "/AcroForm".to_owned())
}

/// What may not be in this stream: metadata inside a JPEG.
fn in_stream(stream: &Stream<'_>) -> Option<String> {
    let filters = stream.filters();
    if filters.last() != Some(&Filter::DctDecode) {
        return None;
    }
    match unpack(&stream.raw_data(), &filters, u64::MAX) {
        Unpacked::Data(data) => jpeg_leftover(&data).map(str::to_owned),
        Unpacked::TooMuch => None,
    }
}

/// The first marker segment that carries no picture: everything but JFIF, ICC and Adobe's colour transform; bytes after the
/// end. ITU-T T.81, annex B.
fn jpeg_leftover(data: &[u8]) -> Option<&'static str> {
    let mut rest = data;
    loop {
        let [0xFF, marker, tail @ ..] = rest else {
            // Entropy-coded data: on to the next marker.
            let Some(next) = rest.iter().position(|byte| *byte == 0xFF) else {
                return if rest.is_empty() { None } else { Some("bytes after the end of a JPEG") };
            };
            rest = rest.get(next..).unwrap_or_default();
            if rest.len() < 2 {
                return None;
            }
            continue;
        };
        match marker {
            0xFE => return Some("a comment in a JPEG"),
            0xE1 => return Some("EXIF or XMP in a JPEG"),
            0xED => return Some("IPTC in a JPEG"),
            0xE3..=0xEC | 0xEF => return Some("an application segment in a JPEG"),
            0xD9 => {
                return if tail.iter().all(|byte| matches!(byte, 0 | b'\r' | b'\n' | b' ')) {
                    None
                } else {
                    Some("bytes after the end of a JPEG")
                };
            }
            0x00 | 0x01 | 0xD0..=0xD8 => rest = tail,
            0xFF => rest = rest.get(1..).unwrap_or_default(),
            _ => {
                let length = tail.first_chunk::<2>().map_or(2, |length| usize::from(u16::from_be_bytes(*length)));
                rest = tail.get(length..).unwrap_or_default();
                if rest.is_empty() {
                    return None;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_in_a_jpeg_is_seen() {
        let picture = [0xFF, 0xDA, 0, 2, 1, 2, 0xFF, 0, 3, 0xFF, 0xD9];
        let with = |segment: &[u8]| [&[0xFF, 0xD8], segment, &picture].concat();
        assert_eq!(jpeg_leftover(&with(&[])), None);
        assert_eq!(jpeg_leftover(&with(&[0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xEE, 0, 2])), None);
        for segment in [0xE1, 0xED, 0xFE, 0xE5] {
            assert!(jpeg_leftover(&with(&[0xFF, segment, 0, 4, 1, 2])).is_some(), "{segment:x}");
        }
        assert!(jpeg_leftover(&[with(&[]).as_slice(), b"tail"].concat()).is_some());
        assert_eq!(jpeg_leftover(&[with(&[]).as_slice(), b"\n"].concat()), None);
    }
}
