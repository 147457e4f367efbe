//! What becomes of annotations and form fields (12.5, 12.7), decided before anything is copied.
//!
//! Links stay. Comments, popups, media and everything hidden go, and attached files unless the policy keeps them; authors and
//! texts are removed values. Text boxes, stamps and drawings that a reader sees on the page are drawn into it, and so are form
//! fields unless the policy keeps them alive. Signatures break when the file is rewritten: their appearance is drawn into the page and the rest goes.

use std::collections::{BTreeSet, HashSet};

use super::actions::{file_name, report_actions};
use super::attachments;
use super::fields::{self, FIELD_DEPTH, FieldKind, FormFonts};
use super::flatten::{Appearance, appearance};
use super::pages::Page;
use super::source::{Dictionary, Object, ObjectId, Source, as_dictionary, text};
use crate::formats::{Context, Report};
use crate::policy::{Action, Class, Policy};
use crate::refusal::Refusal;

/// Bits of `/F` (Table 167) with which a reader shows nothing on the screen: Hidden and NoView.
const HIDDEN: i64 = 0b10_0010;
/// Keys of an annotation that tell of a person or repeat what one wrote.
const TELLING: [(&str, Class); 8] = [
    ("T", Class::MetadataAuthor),
    ("Contents", Class::ContentComments),
    ("RC", Class::ContentComments),
    ("Subj", Class::ContentComments),
    ("NM", Class::MetadataIdentifiers),
    ("M", Class::MetadataDates),
    ("CreationDate", Class::MetadataDates),
    ("OverlayText", Class::ContentComments),
];

/// What was decided for the whole document.
#[derive(Default)]
pub(super) struct Decided {
    /// The annotations that stay.
    pub(super) annotations: HashSet<ObjectId>,
    /// The form fields that stay: those with a visible widget, and what lies above them.
    pub(super) fields: HashSet<ObjectId>,
    /// True when something was drawn into a page.
    pub(super) drawn: bool,
    /// True when appearances were made for fields without, in a font that is not embedded.
    pub(super) appearances_made: bool,
    /// The metadata packet that says which standard the document follows.
    pub(super) identification: Option<String>,
}

/// What becomes of one annotation.
enum Fate {
    Keep,
    Remove(Class),
    Draw(Class),
    /// A form field whose appearance is drawn, or made where it has none.
    Field,
    Hold(Class),
}

/// Decides on every annotation, leaves in each page those that stay, and says what is to be drawn into it.
///
/// # Errors
/// [`crate::Reason::Damaged`] where an annotation was lost on loading.
pub(super) fn decide(
    source: &Source,
    pages: &mut [Page],
    policy: &Policy,
    context: &Context<'_>,
    report: &mut Report,
) -> Result<(Decided, Vec<Vec<Appearance>>), Refusal> {
    let mut decided = Decided::default();
    let mut drawings = Vec::new();
    let mut leaves: BTreeSet<ObjectId> = BTreeSet::new();
    let mut shown: HashSet<ObjectId> = HashSet::new();
    let stale = fields::need_appearances(source)?;
    let mut fonts = FormFonts::new(context);
    for (number, page) in (1u64..).zip(pages) {
        let place = format!("page {number}");
        let (mut kept, mut drawn, mut made) = (Vec::new(), Vec::new(), Vec::new());
        for element in source.list(&page.dictionary, "Annots")? {
            let (id, target) = source.resolve(element)?;
            let Some(annotation) = as_dictionary(target) else { continue };
            let subtype = source.name(annotation, "Subtype")?.unwrap_or_default();
            let item = item(subtype);
            if subtype == b"Widget" {
                shown.extend(id);
            }
            match fate(source, annotation, subtype, policy)? {
                Fate::Keep => {
                    if subtype == b"FileAttachment" {
                        values(source, annotation, &place, report)?;
                    }
                    if subtype == b"Widget" {
                        report.hit(Class::ContentFormFields, Action::Keep, item, &place, 1, 0);
                        leaves.extend(id);
                    }
                    decided.annotations.extend(id);
                    kept.push(element.clone());
                }
                Fate::Hold(class) => {
                    let item = format!("{item} (not applied: live text lies beneath)");
                    report.hit(class, policy.action(class), item, &place, 1, 0);
                    values(source, annotation, &place, report)?;
                }
                Fate::Remove(class) => {
                    report.removed(class, item, &place);
                    match subtype {
                        b"Widget" => fields::report(source, annotation, true, &place, report)?,
                        _ => values(source, annotation, &place, report)?,
                    }
                }
                Fate::Draw(class) => {
                    let appearance = appearance(source, annotation)?;
                    let flattened = appearance.is_some() && class == Class::ContentVisibleAnnotations;
                    let action = if flattened { Action::Flatten } else { Action::Remove };
                    report.hit(class, action, item, &place, 1, 0);
                    values(source, annotation, &place, report)?;
                    drawn.extend(appearance);
                }
                Fate::Field => {
                    report.hit(Class::ContentFormFields, Action::Flatten, item, &place, 1, 0);
                    fields::report(source, annotation, false, &place, report)?;
                    let given = match stale && fields::is_written(source, annotation)? {
                        true => None,
                        false => appearance(source, annotation)?,
                    };
                    match given {
                        Some(appearance) => drawn.push(appearance),
                        None => made.extend(fields::generate(source, annotation, &mut fonts)?),
                    }
                }
            }
        }
        if kept.is_empty() {
            page.dictionary.remove(b"Annots");
        } else {
            page.dictionary.set("Annots", Object::Array(kept));
        }
        decided.appearances_made |= !made.is_empty();
        drawn.append(&mut made); // after those that the file brings, where the proof looks for them
        decided.drawn |= !drawn.is_empty();
        drawings.push(drawn);
    }
    for id in leaves {
        keep_field(source, id, &mut decided.fields)?;
    }
    keep_from_above(source, &mut decided.fields)?;
    fields::report_form(source, &shown, !decided.fields.is_empty(), report)?;
    Ok((decided, drawings))
}

fn item(subtype: &[u8]) -> String {
    let known = !subtype.is_empty() && subtype.len() <= 20 && subtype.iter().all(u8::is_ascii_alphanumeric);
    format!("Annot/{}", if known { String::from_utf8_lossy(subtype).into_owned() } else { "unknown".to_owned() })
}

fn fate(source: &Source, annotation: &Dictionary, subtype: &[u8], policy: &Policy) -> Result<Fate, Refusal> {
    if subtype == b"Redact" {
        return Ok(Fate::Hold(Class::ContentRedactAnnotations));
    }
    let flags = source.get(annotation, "F")?.as_i64().unwrap_or_default();
    if flags & HIDDEN != 0 {
        return Ok(Fate::Remove(Class::ContentAnnotations));
    }
    Ok(match subtype {
        b"Link" => Fate::Keep,
        b"Widget" if fields::kind(source, annotation)? == FieldKind::Signature => Fate::Draw(Class::Signatures),
        b"Widget" if policy.action(Class::ContentFormFields) == Action::Keep => Fate::Keep,
        b"Widget" => Fate::Field,
        b"FreeText" | b"Stamp" | b"Ink" | b"Line" | b"Square" | b"Circle" | b"Polygon" | b"PolyLine" | b"Watermark"
        | b"PrinterMark" => match policy.action(Class::ContentVisibleAnnotations) {
            Action::Flatten => Fate::Draw(Class::ContentVisibleAnnotations),
            _ => Fate::Remove(Class::ContentVisibleAnnotations),
        },
        b"FileAttachment" if attachments::stay(policy) && attachments::holds_file(source, annotation)? => Fate::Keep,
        b"FileAttachment" => Fate::Remove(Class::EmbeddedFiles),
        // The still picture of a film or model is part of the page.
        b"Screen" | b"Movie" | b"RichMedia" | b"3D" | b"Sound" => Fate::Draw(Class::ActiveActions),
        _ => Fate::Remove(Class::ContentAnnotations),
    })
}

/// Marks a field and those above it as staying.
fn keep_field(source: &Source, leaf: ObjectId, fields: &mut HashSet<ObjectId>) -> Result<(), Refusal> {
    let mut id = leaf;
    for _ in 0..FIELD_DEPTH {
        if !fields.insert(id) {
            break;
        }
        let reference = Object::Reference(id);
        let Some(field) = as_dictionary(source.resolve(&reference)?.1) else { break };
        let parent = field.get(b"Parent").unwrap_or(&Object::Null);
        let (Some(parent), Object::Dictionary(_)) = source.resolve(parent)? else { break };
        id = parent;
    }
    Ok(())
}

/// Marks fields that name a staying one among their kids, for forms whose kids do not name their parents.
fn keep_from_above(source: &Source, fields: &mut HashSet<ObjectId>) -> Result<(), Refusal> {
    let Some(form) = source.dictionary(source.catalog()?, "AcroForm")? else { return Ok(()) };
    let mut open: Vec<(Option<ObjectId>, &Object)> =
        source.list(form, "Fields")?.iter().map(|field| (None, field)).collect();
    let mut seen = HashSet::new();
    let mut edges = Vec::new();
    while let Some((parent, field)) = open.pop() {
        let (Some(id), Object::Dictionary(dictionary)) = source.resolve(field)? else { continue };
        edges.push((parent, id));
        if seen.insert(id) {
            open.extend(source.list(dictionary, "Kids")?.iter().map(|kid| (Some(id), kid)));
        }
    }
    for (parent, id) in edges.into_iter().rev() {
        if fields.contains(&id) {
            fields.extend(parent);
        }
    }
    Ok(())
}

/// Lists what a removed annotation says and by whom.
fn values(source: &Source, annotation: &Dictionary, place: &str, report: &mut Report) -> Result<(), Refusal> {
    let field = !source.get(annotation, "FT")?.is_null(); // its /T is a name for scripts, not a person's
    for (key, class) in TELLING.into_iter().filter(|(key, _)| !(field && *key == "T")) {
        if let Some(value) = text(source.get(annotation, key)?) {
            report.removed_value(class, format!("Annot/{key}"), place, value);
        }
    }
    if let Some(file) = source.dictionary(annotation, "FS")?
        && !file.has(b"EF")
        && let Some(name) = file_name(source, file)?
    {
        report.removed_value(Class::EmbeddedFiles, "Filespec/F", place, name);
    }
    report_actions(source, annotation, place, report)?;
    if let Some(signature) = source.dictionary(annotation, "V")? {
        for key in ["Name", "Reason", "Location", "ContactInfo", "M"] {
            if let Some(value) = text(source.get(signature, key)?) {
                report.removed_value(Class::Signatures, format!("Sig/{key}"), place, value);
            }
        }
    }
    Ok(())
}
