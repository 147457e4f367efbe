//! Text that does not stand on a page: metadata, bookmarks, link targets, form values, comments, scripts, file names.

use std::collections::BTreeSet;

use hayro_interpret::hayro_syntax::object::{
    Array, Dict, MaybeRef, Name, ObjRef, Object, ObjectIdentifier, String as PdfString,
};
use hayro_interpret::hayro_syntax::page::Page;

use super::{place_of, xmp};
use crate::pdf_reading::annotation::{Annotation, annotations};
use crate::pdf_reading::walk::{Item, text_of, walk};
use crate::pdf_reading::{Reading, budget};
use crate::refusal::Refusal;
use crate::text::{Place, Scope, TextSpan};

/// Spans that one document may give; each costs a scan.
const MOST: usize = 1_000_000;

/// Texts of the annotations of a page, with the box of each.
pub(super) fn page(page: &Page<'_>, number: u32, spans: &mut Vec<TextSpan>) {
    for annotation in annotations(page) {
        let place = Place::Page { page: number, area: area(&annotation) };
        let widget = annotation.kind == "Widget";
        let scope = |key: &[u8]| match key {
            b"URI" | b"F" | b"UF" => Scope::LinkTarget,
            _ if widget => Scope::FormField,
            _ => Scope::Comment,
        };
        strings(&Object::Dict(annotation.dict.clone()), 0, &mut |key, text| {
            if TEXT_KEYS.contains(&key) && spans.len() < MOST {
                spans.push(TextSpan::new(text, place.clone(), scope(key)));
            }
        });
    }
}

/// Keys of an annotation, its actions and its field whose strings are text.
const TEXT_KEYS: &[&[u8]] = &[
    b"Contents",
    b"RC",
    b"Subj",
    b"T",
    b"TU",
    b"V",
    b"DV",
    b"Opt",
    b"URI",
    b"F",
    b"UF",
    b"CA",
    b"AC",
    b"RC",
    b"OverlayText",
];

#[allow(clippy::cast_possible_truncation)] // float to int saturates, and a page is small
fn area(annotation: &Annotation<'_>) -> Option<[i32; 4]> {
    let area = annotation.area()?;
    Some([area.x0.floor() as i32, area.y0.floor() as i32, area.x1.ceil() as i32, area.y1.ceil() as i32])
}

/// Strings in an object and in the actions and parents that it refers to, with the key that each stands under.
fn strings(object: &Object<'_>, depth: u32, visit: &mut dyn FnMut(&[u8], String)) {
    /// Annotation, action, file specification; field and its parents.
    const DEEPEST: u32 = 6;
    let Object::Dict(dict) = object else { return };
    for key in dict.keys() {
        if let Some(text) = dict.get::<PdfString<'_>>(key.as_ref()) {
            let text = text_of(text.as_bytes());
            if !text.trim().is_empty() {
                visit(key.as_ref(), text);
            }
        } else if key.as_ref() == b"Opt" || key.as_ref() == b"V" {
            let listed = dict.get::<Array<'_>>(key.as_ref()).unwrap_or_default();
            for item in listed.iter::<Object<'_>>().take(10_000) {
                let texts = match item {
                    Object::String(text) => vec![text_of(text.as_bytes())],
                    Object::Array(pair) => {
                        pair.iter::<PdfString<'_>>().take(2).map(|text| text_of(text.as_bytes())).collect()
                    }
                    _ => Vec::new(),
                };
                for text in texts.into_iter().filter(|text| !text.trim().is_empty()) {
                    visit(key.as_ref(), text);
                }
            }
        }
    }
    if depth < DEEPEST {
        for key in [b"A".as_slice(), b"F", b"FS", b"Parent"] {
            if let Some(inner) = dict.get::<Dict<'_>>(key)
                && inner
                    .get::<Name<'_>>(b"Type")
                    .is_none_or(|kind| !matches!(kind.as_ref(), b"Page" | b"Pages" | b"Annot"))
            {
                strings(&Object::Dict(inner), depth.saturating_add(1), visit);
            }
        }
    }
}

/// Texts of the document as a whole.
pub(super) fn document(reading: &Reading<'_>, spans: &mut Vec<TextSpan>) -> Result<(), Refusal> {
    let mut found: Vec<TextSpan> = Vec::new();
    information(reading, &mut found);
    let on_pages: BTreeSet<ObjectIdentifier> =
        reading.pages().flat_map(|page| annotations(page)).filter_map(|annotation| annotation.dict.obj_id()).collect();
    walk(reading.pdf, &mut |id, item| {
        if found.len() >= MOST || id.is_some_and(|id| on_pages.contains(&id)) {
            return;
        }
        match item {
            Item::Dict(_, dict) => {
                dictionary(dict, id, &mut found);
                names(dict, id, &mut found);
            }
            Item::Stream(stream) => {
                if stream.dict().get::<Name<'_>>(b"Type").is_some_and(|kind| kind.as_ref() == b"Metadata") {
                    let packet = stream.decoded_data().unwrap_or_default();
                    let packet = text_of_packet(&packet);
                    xmp::values(&packet, reading.limits, &mut |item, value| {
                        found.push(TextSpan::new(value, Place::Metadata { item }, Scope::Metadata));
                    });
                }
            }
            Item::String(..) => {}
        }
    });
    spans.append(&mut found);
    Ok(())
}

/// XMP is UTF-8 nearly always; UTF-16 and UTF-32 are allowed.
fn text_of_packet(packet: &[u8]) -> String {
    match packet {
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] => text_of(packet),
        _ => String::from_utf8_lossy(packet).into_owned(),
    }
}

/// The document information dictionaries of all revisions. hayro keeps the trailer to itself, so the reference is taken from
/// the raw bytes; trailers and cross-reference streams are never compressed or encrypted.
fn information(reading: &Reading<'_>, found: &mut Vec<TextSpan>) {
    for id in information_ids(reading.bytes) {
        let Some(dict) = reading.pdf.xref().get::<Dict<'_>>(id) else { continue };
        for key in dict.keys() {
            if let Some(value) = dict.get::<PdfString<'_>>(key.as_ref()) {
                let item = format!("PDF:{}", key.as_str());
                push(found, text_of(value.as_bytes()), Place::Metadata { item }, Scope::Metadata);
            }
        }
    }
}

pub(crate) fn information_ids(bytes: &[u8]) -> BTreeSet<ObjectIdentifier> {
    /// Revisions that are looked at.
    const MOST_REVISIONS: usize = 1_000;
    let mut ids = BTreeSet::new();
    let mut rest = bytes;
    while let Some(at) = budget::find(rest, b"/Info") {
        rest = rest.get(at.saturating_add(5)..).unwrap_or_default();
        let mut words = rest.get(..40).unwrap_or(rest).split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let number = |word: Option<&[u8]>| std::str::from_utf8(word?).ok()?.parse::<u32>().ok();
        let (object, generation) = (number(words.next()), number(words.next()));
        let reference = words.next().is_some_and(|word| word.starts_with(b"R"));
        if let (Some(object), Some(generation), true) = (object, generation, reference) {
            ids.insert(ObjRef::new(object, i32::try_from(generation).unwrap_or(0)).into());
        }
        if ids.len() >= MOST_REVISIONS {
            break;
        }
    }
    ids
}

/// What a dictionary off the pages says: structure elements, outline entries, actions, file specifications, fields, layers.
fn dictionary(dict: &Dict<'_>, id: Option<ObjectIdentifier>, found: &mut Vec<TextSpan>) {
    let place = || place_of(id);
    let has = |key: &[u8]| dict.contains_key(key);
    let named = |key: &[u8]| dict.get::<Name<'_>>(key).map(|name| name.as_ref().to_vec()).unwrap_or_default();
    let mut take = |key: &[u8], scope: Scope| {
        if let Some(text) = dict.get::<PdfString<'_>>(key) {
            push(found, text_of(text.as_bytes()), place(), scope);
        }
    };
    for key in [b"ActualText".as_slice(), b"Alt", b"E"] {
        take(key, Scope::AltText);
    }
    if has(b"Title") && has(b"Parent") {
        take(b"Title", Scope::Bookmark);
    }
    // The prefix of page labels; for other dictionaries it is no string.
    take(b"P", Scope::Bookmark);
    take(b"URI", Scope::LinkTarget);
    if has(b"EF") || named(b"Type") == b"Filespec" || named(b"Type") == b"F" {
        for key in [b"F".as_slice(), b"UF", b"Desc", b"DOS", b"Mac", b"Unix"] {
            take(key, Scope::FileName);
        }
    }
    if matches!(named(b"S").as_slice(), b"GoToR" | b"Launch" | b"GoToE" | b"SubmitForm" | b"ImportData") {
        take(b"F", Scope::LinkTarget);
    }
    if has(b"FT") || has(b"TU") || (has(b"T") && has(b"Kids")) {
        for key in [b"T".as_slice(), b"TU", b"TM", b"V", b"DV"] {
            take(key, Scope::FormField);
        }
    }
    if matches!(named(b"Type").as_slice(), b"Annot") || (has(b"Rect") && has(b"Subtype")) {
        for key in [b"Contents".as_slice(), b"RC", b"Subj", b"T"] {
            take(key, Scope::Comment);
        }
    }
    if named(b"Type") == b"OCG" {
        take(b"Name", Scope::Field);
    }
    if has(b"JS") {
        take(b"JS", Scope::Field);
        if let Some(script) = dict.get::<hayro_interpret::hayro_syntax::object::Stream<'_>>(b"JS") {
            push(found, text_of(&script.decoded_data().unwrap_or_default()), place(), Scope::Field);
        }
    }
}

/// The names in a leaf of a name tree, and those of destinations in the catalog (12.3.2.4).
fn names(dict: &Dict<'_>, id: Option<ObjectIdentifier>, found: &mut Vec<TextSpan>) {
    let place = || place_of(id);
    if let Some(pairs) = dict.get::<Array<'_>>(b"Names") {
        for name in pairs.raw_iter().step_by(2).take(MOST) {
            if let MaybeRef::NotRef(Object::String(name)) = name {
                push(found, text_of(name.as_bytes()), place(), Scope::Bookmark);
            }
        }
    }
    if let Some(destinations) = dict.get::<Dict<'_>>(b"Dests")
        && !destinations.contains_key(b"Kids")
        && !destinations.contains_key(b"Names")
    {
        for name in destinations.keys() {
            push(found, text_of(name.as_ref()), place(), Scope::Bookmark);
        }
    }
}

fn push(found: &mut Vec<TextSpan>, text: String, place: Place, scope: Scope) {
    if !text.trim().is_empty() {
        found.push(TextSpan::new(text, place, scope));
    }
}
