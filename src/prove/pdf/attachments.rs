//! Attached files that the policy keeps. Where it does not, [`super::leftovers`] finds what is left of them.
//!
//! Every file in the copy is one whose proof has held, byte by byte, or one that the report says stays as it was; it shows
//! what the file of this name in the input shows; and none is missing from where the input listed it. What refers to it says
//! its name and how it is related, nothing else.

use std::collections::{BTreeMap, BTreeSet};

use hayro_interpret::hayro_syntax::object::{
    Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, Stream, String as PdfString,
};

use super::navigation::{catalog, read_names};
use crate::formats::{Attached, Context, EmbeddedReport, Report, Surroundings};
use crate::kind::Kind;
use crate::pdf_reading::Reading;
use crate::pdf_reading::annotation::{Annotation, annotations};
use crate::pdf_reading::walk::{Item, object_name, text_of, walk};
use crate::policy::{Action, Class, Policy};
use crate::prove::{Check, prover_for};
use crate::refusal::Refusal;

/// What a file specification may say. ISO 32000-2, table 43.
const SPECIFICATION: &[&[u8]] = &[b"Type", b"F", b"UF", b"EF", b"AFRelationship"];
/// What the stream of a file may say. ISO 32000-2, tables 5 and 44.
const FILE: &[&[u8]] = &[b"Type", b"Subtype", b"Params", b"Length", b"Filter"];
/// What a portfolio may say. ISO 32000-2, table 153.
const PORTFOLIO: &[&[u8]] = &[b"Type", b"View", b"D"];

/// True when attached files are in the copy.
pub(super) fn stay(policy: &Policy) -> bool {
    policy.action(Class::EmbeddedFiles) != Action::Remove
}

/// An attached file with the name that readers show, without folders.
struct File {
    name: String,
    bytes: Vec<u8>,
}

/// Compares the attached files of input and copy; nothing where they are removed.
pub(super) fn compare(
    before: &Reading<'_>,
    after: &Reading<'_>,
    report: &Report,
    context: &Context<'_>,
) -> Result<Option<Check>, Refusal> {
    if !stay(context.policy) {
        return Ok(None);
    }
    let mut old: Vec<File> = files(before).into_values().collect();
    let new = files(after);
    check_shape(after, &new)?;
    let stays = |one: &&EmbeddedReport| matches!(one.attached, Some(Attached::Cleaned(_) | Attached::AsItIs(_)));
    let mut reported: Vec<&EmbeddedReport> = report.embedded.iter().filter(stays).collect();
    if new.len() != reported.len() {
        return Err(Refusal::unprovable("the copy has other attached files than were reported"));
    }
    let inner = context.inside(Surroundings::Standalone)?;
    for (id, file) in &new {
        let in_file = |refusal: Refusal| refusal.in_part(object_name(Some(*id)));
        let found = reported.iter().position(|one| bytes_of(one) == Some(file.bytes.as_slice()));
        let Some(one) = found.map(|index| reported.swap_remove(index)) else {
            return Err(in_file(Refusal::unprovable("an attached file is not the copy that was proved")));
        };
        let mut origin = None;
        for (index, candidate) in old.iter().enumerate().filter(|(_, candidate)| candidate.name == file.name) {
            if shows_the_same(one, &candidate.bytes, &inner).map_err(in_file)? {
                origin = Some(index);
                break;
            }
        }
        let origin = origin.ok_or_else(|| {
            in_file(Refusal::unprovable("an attached file shows something else than that of the original"))
        })?;
        old.swap_remove(origin);
    }
    if places(before) != places(after) {
        return Err(Refusal::unprovable("an attached file is missing where the original lists it"));
    }
    Ok(Some(Check::new("attachments-kept", format!("{} attached files", new.len()))))
}

fn bytes_of(one: &EmbeddedReport) -> Option<&[u8]> {
    match &one.attached {
        Some(Attached::Cleaned(bytes) | Attached::AsItIs(bytes)) => Some(bytes),
        _ => None,
    }
}

/// True when the file of the copy shows what this one of the input shows.
fn shows_the_same(one: &EmbeddedReport, origin: &[u8], context: &Context<'_>) -> Result<bool, Refusal> {
    match &one.attached {
        Some(Attached::Cleaned(copy)) => {
            let prover = prover_for(one.kind).ok_or_else(|| Refusal::unprovable("there is no proof for its kind"))?;
            // An origin that does not read as this kind is not the one that is looked for.
            let essences = prover.essences(one.kind, origin, copy, context);
            Ok(essences.is_ok_and(|(before, after)| before == after))
        }
        Some(Attached::AsItIs(copy)) => {
            let told = one.report.hits.iter().any(|hit| hit.class == Class::EmbeddedUnsupported);
            Ok(told && copy == origin)
        }
        _ => Ok(false),
    }
}

/// True for an annotation with a file in it.
pub(super) fn is_on(annotation: &Annotation<'_>) -> bool {
    annotation.dict.get::<Dict<'_>>(b"FS").is_some_and(|file| held(&file).is_some())
}

/// True for the stream of an attached file.
pub(super) fn is_file(stream: &Stream<'_>) -> bool {
    stream.dict().get::<Name<'_>>(b"Type").is_some_and(|kind| kind.as_ref() == b"EmbeddedFile")
}

/// All files that file specifications hold, by the streams that they are in.
fn files(reading: &Reading<'_>) -> BTreeMap<ObjectIdentifier, File> {
    let mut files = BTreeMap::new();
    walk(reading.pdf, &mut |_, item| {
        if let Item::Dict(_, dict) = item
            && let Some((id, stream)) = held(dict)
        {
            files.entry(id).or_insert_with(|| File {
                name: name_of(dict),
                bytes: stream.decoded_data().map(|data| data.to_vec()).unwrap_or_default(),
            });
        }
    });
    files
}

/// The file that a specification holds.
fn held<'a>(specification: &Dict<'a>) -> Option<(ObjectIdentifier, Stream<'a>)> {
    let files = specification.get::<Dict<'_>>(b"EF")?;
    let keys = [b"UF".as_slice(), b"F", b"Unix", b"DOS", b"Mac"];
    let stream = keys.into_iter().find_map(|key| files.get::<Stream<'_>>(key))?;
    Some((stream.obj_id(), stream))
}

/// The name of a file without folders.
fn name_of(specification: &Dict<'_>) -> String {
    let keys = [b"UF".as_slice(), b"F", b"Unix", b"DOS", b"Mac"];
    let named = keys.into_iter().find_map(|key| specification.get::<PdfString<'_>>(key));
    let name = named.map(|name| text_of(name.as_bytes())).unwrap_or_default();
    let after = name.rfind(['/', '\\', ':']).and_then(|at| name.get(at.saturating_add(1)..)).unwrap_or(&name);
    let short: String = after.chars().filter(|one| !one.is_control()).take(255).collect();
    if short.trim().is_empty() { "attachment".to_owned() } else { short.trim().to_owned() }
}

/// Where attached files are listed: in the catalog, and on how many visible annotations of each page.
fn places(reading: &Reading<'_>) -> (Vec<String>, Vec<usize>) {
    let mut named = BTreeMap::new();
    if let Some(tree) = catalog(reading)
        .and_then(|catalog| catalog.get::<Dict<'_>>(b"Names"))
        .and_then(|names| names.get::<Dict<'_>>(b"EmbeddedFiles"))
    {
        read_names(tree, &mut named);
    }
    let mut listed: BTreeMap<ObjectIdentifier, String> = BTreeMap::new();
    for specification in named.into_values() {
        if let Object::Dict(specification) = specification
            && let Some((id, _)) = held(&specification)
        {
            listed.entry(id).or_insert_with(|| name_of(&specification));
        }
    }
    let mut names: Vec<String> = listed.into_values().collect();
    names.sort();
    let on_page = |page| {
        let notes = annotations(page).into_iter().filter(|one| one.kind == "FileAttachment" && !one.is_hidden());
        notes.filter(is_on).count()
    };
    (names, reading.pages().map(on_page).collect())
}

/// Nothing in the copy that has to do with attached files says more than it must.
fn check_shape(after: &Reading<'_>, files: &BTreeMap<ObjectIdentifier, File>) -> Result<(), Refusal> {
    let mut failed: Option<Refusal> = None;
    let mut specifications: BTreeSet<ObjectIdentifier> = BTreeSet::new();
    walk(after.pdf, &mut |_, item| {
        if let Item::Dict(_, dict) = item
            && dict.contains_key(b"EF")
        {
            specifications.extend(dict.obj_id());
        }
    });
    walk(after.pdf, &mut |id, item| {
        let wrong = match item {
            Item::Dict(_, dict) => in_dict(dict, &specifications),
            Item::Stream(stream) => in_stream(stream, files),
            Item::String(_) => None,
        };
        if let (None, Some(what)) = (&failed, wrong) {
            failed = Some(Refusal::unprovable(format!("the copy still has {what}")).in_part(object_name(id)));
        }
    });
    failed.map_or(Ok(()), Err)
}

fn in_dict(dict: &Dict<'_>, specifications: &BTreeSet<ObjectIdentifier>) -> Option<&'static str> {
    let named = |key: &[u8]| dict.get::<Name<'_>>(key).map(|name| name.as_ref().to_vec()).unwrap_or_default();
    if dict.contains_key(b"EF") || named(b"Type") == b"Filespec" {
        let string = |key: &[u8]| dict.get::<PdfString<'_>>(key).map(|name| text_of(name.as_bytes()));
        let files = dict.get::<Dict<'_>>(b"EF")?;
        let one = files.keys().all(|key| matches!(key.as_ref(), b"F" | b"UF"))
            && files.get_ref(b"F").map(ObjectIdentifier::from) == files.get_ref(b"UF").map(ObjectIdentifier::from)
            && held(dict).is_some();
        if dict.keys().any(|key| !SPECIFICATION.contains(&key.as_ref())) || !one {
            return Some("more in a file specification than a name and a file");
        }
        if string(b"F") != string(b"UF") || string(b"UF") != Some(name_of(dict)) {
            return Some("the path of an attached file");
        }
    }
    if let Some(portfolio) = dict.get::<Dict<'_>>(b"Collection")
        && named(b"Type") == b"Catalog"
        && portfolio.keys().any(|key| !PORTFOLIO.contains(&key.as_ref()))
    {
        return Some("more in a portfolio than how it is shown");
    }
    let strange = |element: MaybeRef<Object<'_>>| match element {
        MaybeRef::Ref(reference) => !specifications.contains(&reference.into()),
        MaybeRef::NotRef(_) => true,
    };
    if dict.get::<Array<'_>>(b"AF").is_some_and(|related| related.raw_iter().any(strange)) {
        return Some("an associated file that is none");
    }
    None
}

fn in_stream(stream: &Stream<'_>, files: &BTreeMap<ObjectIdentifier, File>) -> Option<&'static str> {
    let dict = stream.dict();
    let file = files.get(&stream.obj_id());
    match file {
        None => is_file(stream).then_some("a file that nothing refers to"),
        Some(file) => {
            let parameters = dict.get::<Dict<'_>>(b"Params").unwrap_or_default();
            let size = parameters.get::<i64>(b"Size").and_then(|size| usize::try_from(size).ok());
            let known = |name: Name<'_>| {
                let types = Kind::ALL.iter().filter_map(|kind| kind.media_type()).chain(["application/octet-stream"]);
                types.into_iter().any(|known| known.as_bytes() == name.as_ref())
            };
            let short = dict.keys().all(|key| FILE.contains(&key.as_ref()))
                && parameters.keys().all(|key| key.as_ref() == b"Size")
                && size == Some(file.bytes.len())
                && dict.get::<Name<'_>>(b"Subtype").is_some_and(known);
            (!short).then_some("more beside an attached file than its type and size")
        }
    }
}
