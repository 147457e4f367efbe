//! Form fields (12.7): what a field inherits from those above it, and what goes with it when it is drawn into its page.
//!
//! A field keeps its value, its default, its name and its tooltip apart from what a reader sees. Flattening leaves the seen
//! part: the appearance that the file brings along, or, where it brings none or says itself that its appearances are out of
//! date, a plain one made from the value ([`appearance`]).

mod appearance;
mod border;
mod default_appearance;
mod font;
mod layout;
mod standard_fonts;

use std::collections::HashSet;

pub(super) use self::appearance::generate;
pub(super) use self::font::FormFonts;
use super::actions::report_actions;
use super::source::{Dictionary, Object, ObjectId, Source, as_dictionary, text};
use crate::formats::Report;
use crate::policy::Class;
use crate::refusal::Refusal;

/// How many fields may lie above one another.
pub(super) const FIELD_DEPTH: usize = 64;
/// Fields of one form that are looked at for values that no page shows.
const MOST_FIELDS: usize = 1_000_000;

/// Flags of fields (tables 227, 229, 231, 233).
pub(super) mod flag {
    pub(in super::super) const MULTILINE: i64 = 1 << 12;
    pub(in super::super) const PASSWORD: i64 = 1 << 13;
    pub(in super::super) const RADIO: i64 = 1 << 15;
    pub(in super::super) const PUSH_BUTTON: i64 = 1 << 16;
    pub(in super::super) const COMBO: i64 = 1 << 17;
    pub(in super::super) const COMB: i64 = 1 << 24;
}

/// What kind of field a widget shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldKind {
    Text,
    Choice,
    Button,
    Signature,
    Unknown,
}

/// The value of a key that a field may take from those above it (12.7.4.1); null when none has it.
///
/// # Errors
/// [`crate::Reason::Damaged`] where a field was lost on loading.
pub(super) fn inherited<'a>(source: &'a Source, field: &'a Dictionary, key: &str) -> Result<&'a Object, Refusal> {
    let mut field = Some(field);
    for _ in 0..FIELD_DEPTH {
        let Some(current) = field else { break };
        let value = source.get(current, key)?;
        if !value.is_null() {
            return Ok(value);
        }
        field = source.dictionary(current, "Parent")?;
    }
    Ok(&Object::Null)
}

/// The kind of a field.
///
/// # Errors
/// As [`inherited`].
pub(super) fn kind(source: &Source, field: &Dictionary) -> Result<FieldKind, Refusal> {
    Ok(match inherited(source, field, "FT")?.as_name().unwrap_or_default() {
        b"Tx" => FieldKind::Text,
        b"Ch" => FieldKind::Choice,
        b"Btn" => FieldKind::Button,
        b"Sig" => FieldKind::Signature,
        _ => FieldKind::Unknown,
    })
}

/// The flags of a field.
///
/// # Errors
/// As [`inherited`].
pub(super) fn flags(source: &Source, field: &Dictionary) -> Result<i64, Refusal> {
    Ok(inherited(source, field, "Ff")?.as_i64().unwrap_or_default())
}

/// True for fields whose value only its owner should read.
pub(super) fn is_password(source: &Source, field: &Dictionary) -> Result<bool, Refusal> {
    Ok(kind(source, field)? == FieldKind::Text && flags(source, field)? & flag::PASSWORD != 0)
}

/// The form of the document.
///
/// # Errors
/// [`crate::Reason::Damaged`] where it was lost on loading.
pub(super) fn form(source: &Source) -> Result<Option<&Dictionary>, Refusal> {
    source.dictionary(source.catalog()?, "AcroForm")
}

/// True when the file says that the appearances of its fields are to be made anew from their values.
///
/// # Errors
/// As [`form`].
pub(super) fn need_appearances(source: &Source) -> Result<bool, Refusal> {
    let Some(form) = form(source)? else { return Ok(false) };
    Ok(matches!(source.get(form, "NeedAppearances")?, Object::Boolean(true)))
}

/// True for fields whose appearance is made of their text.
///
/// # Errors
/// As [`inherited`].
pub(super) fn is_written(source: &Source, field: &Dictionary) -> Result<bool, Refusal> {
    Ok(matches!(kind(source, field)?, FieldKind::Text | FieldKind::Choice))
}

/// The strings of a value: of a text or choice field its text or texts.
fn strings(source: &Source, value: &Object) -> Result<Vec<String>, Refusal> {
    Ok(match value {
        Object::Array(elements) => {
            let mut texts = Vec::new();
            for element in elements {
                texts.extend(text(source.resolve(element)?.1));
            }
            texts
        }
        other => text(other).into_iter().collect(),
    })
}

/// Records what a field says besides its appearance, which goes when it is drawn into the page. With `unseen`, nothing
/// shows its value either.
///
/// # Errors
/// As [`inherited`].
pub(super) fn report(
    source: &Source,
    field: &Dictionary,
    unseen: bool,
    place: &str,
    report: &mut Report,
) -> Result<(), Refusal> {
    let value = strings(source, inherited(source, field, "V")?)?;
    if unseen && kind(source, field)? != FieldKind::Signature {
        for value in &value {
            report.removed_value(Class::ContentHiddenText, "Field/V", place, value);
        }
    }
    for default in strings(source, inherited(source, field, "DV")?)? {
        if value.contains(&default) {
            report.removed(Class::ContentFormFields, "Field/DV", place);
        } else {
            report.removed_value(Class::ContentFormFields, "Field/DV", place, default);
        }
    }
    for key in ["T", "TU", "TM", "RV", "Opt"] {
        if !source.get(field, key)?.is_null() {
            report.removed(Class::ContentFormFields, format!("Field/{key}"), place);
        }
    }
    report_actions(source, field, place, report)
}

/// Records the values of fields that no page shows, and what else the form as a whole says, unless it is kept.
///
/// # Errors
/// [`crate::Reason::Damaged`] where a field was lost on loading.
pub(super) fn report_form(
    source: &Source,
    shown: &HashSet<ObjectId>,
    kept: bool,
    out: &mut Report,
) -> Result<(), Refusal> {
    let Some(form) = form(source)? else { return Ok(()) };
    let mut open: Vec<&Object> = source.list(form, "Fields")?.iter().collect();
    let mut seen = HashSet::new();
    while let Some(field) = open.pop() {
        let (Some(id), Object::Dictionary(dictionary)) = source.resolve(field)? else { continue };
        if seen.len() >= MOST_FIELDS || !seen.insert(id) {
            continue;
        }
        let kids = source.list(dictionary, "Kids")?;
        open.extend(kids);
        if kids.is_empty() && !shown.contains(&id) {
            report(source, dictionary, true, "form", out)?;
        } else if !kids.is_empty() && !kept {
            report_names(source, dictionary, out)?;
        }
    }
    if kept {
        return Ok(()); // the walk over its keys names what it drops
    }
    for (key, value) in form {
        let class = match key.as_slice() {
            b"XFA" | b"CO" => Class::ContentFormFields,
            b"SigFlags" => Class::Signatures,
            _ => continue,
        };
        let value = source.resolve(value)?.1;
        if !value.is_null() && !matches!(value, Object::Integer(0)) {
            out.removed(class, format!("InteractiveForm/{}", String::from_utf8_lossy(key)), "");
        }
    }
    Ok(())
}

/// Takes the form out of the document, when none of its fields is kept: its resources are nobody's then.
pub(super) fn forget(source: &mut Source) {
    for object in source.objects_mut() {
        if let Object::Dictionary(catalog) = object
            && catalog.has(b"AcroForm")
        {
            catalog.remove(b"AcroForm");
        }
    }
}

/// Records the name and tooltip of a field above others.
fn report_names(source: &Source, field: &Dictionary, out: &mut Report) -> Result<(), Refusal> {
    for key in ["T", "TU"] {
        if as_dictionary(source.get(field, key)?).is_none() && !source.get(field, key)?.is_null() {
            out.removed(Class::ContentFormFields, format!("Field/{key}"), "form");
        }
    }
    Ok(())
}
