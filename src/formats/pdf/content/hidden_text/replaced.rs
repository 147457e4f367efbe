//! Texts that stand for glyphs (14.9): those whose glyphs are gone, in whole or in part, go with them.

use std::collections::BTreeSet;

use super::walk::{Found, Mark};
use crate::formats::pdf::content::operations::{Operand, entries, inside};
use crate::formats::pdf::content::tokens::name;
use crate::formats::pdf::source::{Dictionary, Object, ObjectId, Source, as_dictionary, text};
use crate::formats::{RemovedValue, Report};
use crate::policy::{Action, Class};
use crate::refusal::Refusal;

/// What is read instead of glyphs, or of a picture of them.
pub(super) const TEXTS: [&str; 3] = ["ActualText", "Alt", "E"];

/// Marked content by its number: in the content of a page, or of a form.
pub(super) type Numbered = BTreeSet<(Option<ObjectId>, i64)>;

/// Takes the texts out of marked content, and adds the numbers of that and of what lies around it.
///
/// # Errors
/// [`crate::Reason::Damaged`] where a property list was lost on loading.
pub(super) fn drop_in_content(
    source: &Source,
    found: &mut Found<'_>,
    innermost: &BTreeSet<usize>,
    page: Option<ObjectId>,
    place: &str,
    report: &mut Report,
) -> Result<Numbered, Refusal> {
    let mut numbered = Numbered::new();
    let mut open: Vec<usize> = innermost.iter().copied().collect();
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    while let Some(at) = open.pop() {
        let Some(mark) = found.marks.get(at).filter(|_| seen.insert(at)) else { continue };
        open.extend(mark.outer);
        let Some(drawing) = found.drawings.get_mut(mark.drawing) else { continue };
        let owner = drawing.form.or(page);
        let list = properties(source, mark, &drawing.bytes, drawing.resources)?;
        numbered.extend(list.number.map(|number| (owner, number)));
        if list.texts.is_empty() {
            continue;
        }
        for (key, value) in list.texts {
            removed(key, value, place, report);
        }
        let anew = match list.kept {
            kept if kept.is_empty() => b" BMC".to_vec(),
            kept => [b"<<".as_slice(), &kept, b">>BDC"].concat(),
        };
        drawing.edits.replace(mark.tag..mark.range.end, anew);
    }
    Ok(numbered)
}

/// Notes a text that goes.
pub(super) fn removed(key: &str, value: String, place: &str, report: &mut Report) {
    let (class, item) = (Class::ContentHiddenText, format!("{key} of hidden text"));
    report.hit(class, Action::Remove, &item, place, 1, value.len() as u64);
    report.values.push(RemovedValue { class, item, value });
}

/// What a property list says.
#[derive(Default)]
struct Properties {
    /// `MCID`.
    number: Option<i64>,
    texts: Vec<(&'static str, String)>,
    /// The other entries, as they are written.
    kept: Vec<u8>,
}

fn properties(
    source: &Source,
    mark: &Mark,
    bytes: &[u8],
    resources: Option<&Dictionary>,
) -> Result<Properties, Refusal> {
    let mut found = Properties::default();
    let Some((kind, range)) = &mark.properties else { return Ok(found) };
    let operand = bytes.get(range.clone()).unwrap_or_default();
    match kind {
        Operand::Dictionary => {
            for entry in entries(bytes, inside(range, Operand::Dictionary)) {
                let value = bytes.get(entry.value.clone()).unwrap_or_default();
                match TEXTS.iter().find(|key| key.as_bytes() == entry.key.as_slice()) {
                    Some(key) => {
                        let string = Object::string_literal(super::super::shown_text::unescaped(value));
                        found.texts.push((*key, text(&string).unwrap_or_default()));
                    }
                    None => found.kept.extend_from_slice(bytes.get(entry.range).unwrap_or_default()),
                }
                if entry.key == b"MCID" {
                    found.number = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
                }
            }
        }
        Operand::Name => {
            let Some(resources) = resources else { return Ok(found) };
            let Some(table) = source.dictionary(resources, "Properties")? else { return Ok(found) };
            let Ok(list) = table.get(&name(operand)) else { return Ok(found) };
            let Some(list) = as_dictionary(source.resolve(list)?.1) else { return Ok(found) };
            for key in TEXTS {
                let value = source.get(list, key)?;
                found.texts.extend(text(value).map(|value| (key, value)));
            }
            if let Object::Integer(number) = source.get(list, "MCID")? {
                found.number = Some(*number);
                found.kept = format!("/MCID {number}").into_bytes();
            }
        }
        _ => {}
    }
    Ok(found)
}
