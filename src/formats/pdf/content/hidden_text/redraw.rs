//! Puts changed content back: into the page, and into forms, which become new ones where another use of them stays as it is.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use super::walk::Found;
use crate::formats::pdf::content::scopes::{is_packed, with_content};
use crate::formats::pdf::content::splice::Edits;
use crate::formats::pdf::content::tokens::name;
use crate::formats::pdf::pages::Page;
use crate::formats::pdf::source::{Dictionary, Object, ObjectId, Source};
use crate::refusal::Refusal;

/// What a stream becomes: its edits, and what the forms become whose names stand at these places.
type Change = (Edits, BTreeMap<(usize, usize), usize>);

/// A stream that changes.
struct Changed {
    bytes: Rc<Vec<u8>>,
    resources: Option<Dictionary>,
    change: Change,
}

/// All changes of a document.
#[derive(Default)]
pub(super) struct Redraw {
    /// Forms, each after those that it draws.
    forms: Vec<(ObjectId, Changed)>,
    known: BTreeMap<(ObjectId, Change), usize>,
    /// Forms of which a use stays as it is.
    unchanged: BTreeSet<ObjectId>,
    /// Pages by their index.
    pages: Vec<(usize, Changed)>,
}

impl Redraw {
    /// Takes up the changes of a page.
    pub(super) fn page(&mut self, index: usize, found: Found<'_>) {
        let mut inner: BTreeMap<usize, BTreeMap<(usize, usize), usize>> = BTreeMap::new();
        // What is drawn comes after what draws it.
        for (at, drawing) in found.drawings.into_iter().enumerate().rev() {
            let change: Change = (drawing.edits, inner.remove(&at).unwrap_or_default());
            let same = change.0.is_empty() && change.1.is_empty();
            let changed =
                || Changed { bytes: drawing.bytes, resources: drawing.resources.cloned(), change: change.clone() };
            match drawing.form {
                Some(form) if same => drop(self.unchanged.insert(form)),
                Some(form) => {
                    let number = match self.known.get(&(form, change.clone())) {
                        Some(known) => *known,
                        None => {
                            let next = self.forms.len();
                            self.forms.push((form, changed()));
                            self.known.insert((form, change), next);
                            next
                        }
                    };
                    if let Some((outer, Range { start, end })) = drawing.drawn_by {
                        inner.entry(outer).or_default().insert((start, end), number);
                    }
                }
                None if same => {}
                None => self.pages.push((index, changed())),
            }
        }
    }

    /// Makes the changes.
    ///
    /// # Errors
    /// What comes from packing content.
    pub(super) fn apply(self, source: &mut Source, pages: &mut [Page]) -> Result<(), Refusal> {
        let mut taken = self.unchanged;
        let mut made: Vec<(ObjectId, ObjectId)> = Vec::new();
        for (form, changed) in self.forms {
            let Some((id, Object::Stream(stream))) = source.at(form)? else { continue };
            let mut dictionary = stream.dict.clone();
            let packed = is_packed(source, id)?;
            let (content, resources) = changed.content(source, &made)?;
            if let Some(resources) = resources {
                dictionary.set("Resources", Object::Dictionary(resources));
            }
            let stream = with_content(dictionary, content, packed)?;
            // The first of a form that is not drawn as it was takes its place, so that whatever else refers to it goes on.
            let new = if taken.insert(form) {
                source.replace(id, stream);
                form
            } else {
                source.add(stream)
            };
            made.push((form, new));
        }
        for (index, changed) in self.pages {
            let (content, resources) = changed.content(source, &made)?;
            let stream = with_content(Dictionary::new(), content, true)?;
            let stream = source.add(stream);
            let Some(page) = pages.get_mut(index) else { continue };
            page.dictionary.set("Contents", Object::Array(vec![Object::Reference(stream)]));
            if let Some(resources) = resources {
                page.dictionary.set("Resources", Object::Dictionary(resources));
            }
        }
        Ok(())
    }
}

impl Changed {
    /// The content as it becomes; and the resources, where it draws forms that are new.
    fn content(self, source: &Source, made: &[(ObjectId, ObjectId)]) -> Result<(Vec<u8>, Option<Dictionary>), Refusal> {
        let (mut edits, drawn) = self.change;
        let mut resources = self.resources.unwrap_or_default();
        let mut objects = source.dictionary(&resources, "XObject")?.cloned().unwrap_or_default();
        let mut names: BTreeMap<ObjectId, Vec<u8>> = BTreeMap::new();
        for ((start, end), number) in drawn {
            let Some((_, new)) = made.get(number).filter(|(old, new)| old != new) else { continue };
            let operand = self.bytes.get(start..end).unwrap_or_default();
            let chosen = names.entry(*new).or_insert_with(|| {
                let base = name(operand);
                let mut free = (1_u32..).map(|count| [base.as_slice(), format!("_{count}").as_bytes()].concat());
                free.find(|name| !objects.has(name)).unwrap_or(base)
            });
            objects.set(chosen.clone(), Object::Reference(*new));
            edits.replace(start..end, written(chosen));
        }
        let content = edits.apply(&self.bytes);
        if names.is_empty() {
            return Ok((content, None));
        }
        resources.set("XObject", Object::Dictionary(objects));
        Ok((content, Some(resources)))
    }
}

/// A name as it is written in content (7.3.5).
fn written(name: &[u8]) -> Vec<u8> {
    let mut out = b"/".to_vec();
    for byte in name {
        match byte {
            b'!'..=b'~' if !b"()<>[]{}/%#".contains(byte) => out.push(*byte),
            _ => out.extend_from_slice(format!("#{byte:02X}").as_bytes()),
        }
    }
    out
}
