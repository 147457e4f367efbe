//! Fonts: what is written into a font about who made it and how, and the random tags of subsets (9.6 to 9.9).
//!
//! Glyphs, widths and encodings stay as they are. Names and notices in embedded programs are overwritten in their places
//! ([`sfnt`], [`cff`], [`type1`]), character maps lose their comments ([`character_map`]), and the tags of subsets are numbered
//! anew in their old order: two subsets of one font still have two names. This works on the objects of the copy, so that only
//! what is in it counts.

mod cff;
mod character_map;
mod sfnt;
mod subset;
mod type1;

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Dictionary, Object, Source, Stream, as_dictionary};
use super::streams::{decode, filters};
use super::write::deflate;
use crate::formats::{Context, Report};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Keys with the name of a font.
const NAMES: [&[u8]; 2] = [b"BaseFont", b"FontName"];
/// Keys with an embedded program.
const PROGRAMS: [&[u8]; 3] = [b"FontFile", b"FontFile2", b"FontFile3"];

/// What a stream of the copy is to a font.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// A program, with the name of its font.
    Program(Vec<u8>),
    ToUnicode,
    Encoding,
}

/// Makes all fonts of the copy neutral.
///
/// # Errors
/// What comes from unpacking a font.
pub(super) fn neutralise(
    source: &Source,
    objects: &mut [Object],
    context: &Context<'_>,
    report: &mut Report,
) -> Result<(), Refusal> {
    let tags = number_tags(objects);
    objects.iter_mut().for_each(|object| rename(object, &tags));
    let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
    for object in objects.iter() {
        each_dictionary(object, &mut |dictionary| find_parts(dictionary, &mut parts));
    }
    for (index, part) in parts {
        let Some(Object::Stream(stream)) = objects.get_mut(index) else { continue };
        clean(source, stream, &part, context, report)?;
    }
    Ok(())
}

/// Calls `visit` with a dictionary and every dictionary directly inside of it. The depth is that of the loader.
fn each_dictionary(object: &Object, visit: &mut dyn FnMut(&Dictionary)) {
    if let Object::Array(elements) = object {
        elements.iter().for_each(|element| each_dictionary(element, visit));
    }
    if let Some(dictionary) = as_dictionary(object) {
        visit(dictionary);
        dictionary.iter().for_each(|(_, value)| each_dictionary(value, visit));
    }
}

/// The tags of subsets in the copy with the numbers that they get.
fn number_tags(objects: &[Object]) -> BTreeMap<Vec<u8>, usize> {
    let mut tags = BTreeSet::new();
    for object in objects {
        each_dictionary(object, &mut |dictionary| {
            for name in NAMES.iter().filter_map(|key| dictionary.get(key).and_then(Object::as_name).ok()) {
                if subset::is_tagged(name) {
                    tags.extend(name.get(..7).map(<[u8]>::to_vec));
                }
            }
        });
    }
    tags.into_iter().zip(0..).collect()
}

fn rename(object: &mut Object, tags: &BTreeMap<Vec<u8>, usize>) {
    let dictionary = match object {
        Object::Array(elements) => {
            elements.iter_mut().for_each(|element| rename(element, tags));
            return;
        }
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &mut stream.dict,
        _ => return,
    };
    for (key, value) in dictionary.iter_mut() {
        if let (true, Object::Name(name)) = (NAMES.contains(&key.as_slice()), &mut *value) {
            if let Some(number) = name.get(..7).and_then(|tag| tags.get(tag)) {
                *name = subset::numbered(name, *number);
            }
        } else {
            rename(value, tags);
        }
    }
}

fn find_parts(dictionary: &Dictionary, parts: &mut BTreeMap<usize, Part>) {
    let name = NAMES.iter().find_map(|key| dictionary.get(key).and_then(Object::as_name).ok()).unwrap_or_default();
    let mut note = |key: &[u8], part: Part| {
        if let Ok((number, _)) = dictionary.get(key).and_then(Object::as_reference)
            && let Some(index) = usize::try_from(number).ok().and_then(|number| number.checked_sub(1))
        {
            parts.entry(index).or_insert(part);
        }
    };
    PROGRAMS.iter().for_each(|key| note(key, Part::Program(name.to_vec())));
    note(b"ToUnicode", Part::ToUnicode);
    note(b"UseCMap", Part::Encoding);
    if dictionary.has(b"DescendantFonts") {
        note(b"Encoding", Part::Encoding);
    }
}

fn clean(
    source: &Source,
    stream: &mut Stream,
    part: &Part,
    context: &Context<'_>,
    report: &mut Report,
) -> Result<(), Refusal> {
    let filters = filters(source, stream)?;
    let plain = decode(source, &stream.content, &filters, context)?;
    let new = match part {
        Part::Program(name) => match program(&plain, name) {
            Some(new) => new,
            None => {
                let class = Class::EmbeddedUnsupported;
                report.hit(class, context.policy.action(class), "font program", "", 1, plain.len() as u64);
                return Ok(());
            }
        },
        Part::ToUnicode | Part::Encoding => character_map::neutral(&plain, *part == Part::ToUnicode),
    };
    if *part == Part::ToUnicode && stream.dict.has(b"CMapName") {
        stream.dict.set("CMapName", Object::Name(character_map::TO_UNICODE.to_vec()));
    }
    if new == plain {
        return Ok(());
    }
    let item = match part {
        Part::Program(_) => "font program: names and dates",
        Part::ToUnicode | Part::Encoding => "character map: comments and names",
    };
    report.removed(Class::MetadataOther, item, "");
    if matches!(part, Part::Program(_)) {
        lengths(&mut stream.dict, plain.len(), new.len());
    }
    if filters.is_empty() {
        stream.set_content(new);
    } else {
        stream.dict.remove(b"DecodeParms");
        stream.dict.set("Filter", Object::Name(b"FlateDecode".to_vec()));
        stream.set_content(deflate(&new)?);
    }
    Ok(())
}

/// The program without names; none where it is of no known kind.
fn program(bytes: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    match bytes {
        [0, 1, 0, 0, ..] | [b't', b'r', b'u', b'e', ..] | [b'O', b'T', b'T', b'O', ..] => sfnt::neutral(bytes, name),
        [1, 0, ..] => cff::neutral(bytes, name),
        _ => type1::neutral(bytes, name),
    }
}

/// Corrects the lengths of the parts of a program (Table 125): only its end was cut, or padded.
fn lengths(dictionary: &mut Dictionary, before: usize, after: usize) {
    let number = |key: &[u8]| dictionary.get(key).and_then(Object::as_i64).ok();
    let size = i64::try_from(after).unwrap_or(i64::MAX);
    let (first, second, third) = (number(b"Length1"), number(b"Length2"), number(b"Length3"));
    if before == after {
        return;
    }
    match (first, second, third) {
        (Some(first), Some(second), Some(third)) if third > 0 => {
            dictionary.set("Length3", Object::Integer(size.saturating_sub(first).saturating_sub(second).max(0)));
        }
        (Some(_), None, None) => dictionary.set("Length1", Object::Integer(size)),
        _ => {}
    }
}
