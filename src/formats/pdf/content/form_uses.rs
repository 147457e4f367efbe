//! How often forms are drawn, counted before anybody draws a page.
//!
//! A form may draw a form that draws a form: thirty small objects can ask for a billion drawings. [`check_form_uses`]
//! adds them up from the content streams, each of which is read once.

use std::collections::HashMap;
use std::rc::Rc;

use super::operations::{Item, Operations};
use super::operators::{Category, resource};
use crate::formats::Context;
use crate::formats::pdf::pages::Page;
use crate::formats::pdf::source::{Dictionary, Object, ObjectId, Source, as_dictionary, part};
use crate::formats::pdf::streams::{decode, filters, is_image_filter};
use crate::refusal::Refusal;

/// The names that a content stream draws with `Do`, in order, repeats included.
fn drawn_names(content: &[u8]) -> Vec<Vec<u8>> {
    let drawn = Operations::new(content).filter_map(|item| match item {
        Item::Operation(operation) => resource(content, &operation),
        _ => None,
    });
    drawn.filter(|(category, _)| *category == Category::XObject).map(|(_, name)| name).collect()
}

/// What is known of a form: the forms that it draws with how often, once it was read.
struct Uses<'a> {
    source: &'a Source,
    context: &'a Context<'a>,
    drawn: HashMap<ObjectId, Rc<Vec<Vec<u8>>>>,
}

/// Refuses pages on which forms would be drawn more often than the budget allows.
///
/// # Errors
/// [`crate::Reason::OverLimit`], and what comes from unpacking the content.
pub(in crate::formats::pdf) fn check_form_uses(
    source: &Source,
    pages: &[Page],
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let mut uses = Uses { source, context, drawn: HashMap::new() };
    for (number, page) in (1u64..).zip(pages) {
        let mut names = Vec::new();
        for content in source.list(&page.dictionary, "Contents")? {
            if let (Some(id), Object::Stream(_)) = source.resolve(content)? {
                names.extend(uses.drawn_by(id)?.iter().cloned());
            }
        }
        if names.is_empty() {
            continue;
        }
        let resources = source.dictionary(&page.dictionary, "Resources")?;
        let total = uses.count(&names, resources).map_err(|refusal| refusal.in_part(format!("page {number}")))?;
        if total > context.limits.pdf_form_uses {
            let detail = format!("drawing the page draws more than {} forms", context.limits.pdf_form_uses);
            return Err(Refusal::over_limit("pdf-form-uses", detail).in_part(format!("page {number}")));
        }
    }
    Ok(())
}

/// A form whose drawings are being counted.
struct Frame {
    id: Option<ObjectId>,
    open: Vec<ObjectId>,
    total: u64,
}

impl Uses<'_> {
    /// The names drawn by a stream, read once.
    fn drawn_by(&mut self, id: ObjectId) -> Result<Rc<Vec<Vec<u8>>>, Refusal> {
        if let Some(known) = self.drawn.get(&id) {
            return Ok(Rc::clone(known));
        }
        let reference = Object::Reference(id);
        let mut names = Vec::new();
        if let (_, Object::Stream(stream)) = self.source.resolve(&reference)? {
            let filters = filters(self.source, stream)?;
            if !filters.iter().any(|filter| is_image_filter(&filter.name)) {
                let plain = decode(self.source, &stream.content, &filters, self.context)
                    .map_err(|refusal| refusal.in_part(part(id)))?;
                names = drawn_names(&plain);
            }
        }
        let names = Rc::new(names);
        self.drawn.insert(id, Rc::clone(&names));
        Ok(names)
    }

    /// The forms behind names in a resource dictionary; pictures are not counted.
    fn forms(&self, names: &[Vec<u8>], resources: Option<&Dictionary>) -> Result<Vec<ObjectId>, Refusal> {
        let Some(resources) = resources else { return Ok(Vec::new()) };
        let Some(table) = self.source.dictionary(resources, "XObject")? else { return Ok(Vec::new()) };
        let mut known: HashMap<&[u8], Option<ObjectId>> = HashMap::new();
        let mut forms = Vec::new();
        for name in names {
            let found = match known.get(name.as_slice()) {
                Some(found) => *found,
                None => {
                    let found = match table.get(name).map(|value| self.source.resolve(value)) {
                        Ok(resolved) => match resolved? {
                            (Some(id), Object::Stream(form)) if !form.dict.has_type(b"Image") => {
                                (self.source.name(&form.dict, "Subtype")? != Some(b"Image")).then_some(id)
                            }
                            _ => None,
                        },
                        Err(_) => None,
                    };
                    known.insert(name, found);
                    found
                }
            };
            forms.extend(found);
        }
        Ok(forms)
    }

    /// How many forms are drawn when `names` are, all levels together.
    fn count(&mut self, names: &[Vec<u8>], resources: Option<&Dictionary>) -> Result<u64, Refusal> {
        let mut totals: HashMap<ObjectId, u64> = HashMap::new();
        let mut stack = vec![Frame { id: None, open: self.forms(names, resources)?, total: 0 }];
        loop {
            let Some(frame) = stack.last_mut() else { return Ok(0) };
            if let Some(id) = frame.open.pop() {
                if let Some(known) = totals.get(&id) {
                    frame.total = frame.total.saturating_add(*known).saturating_add(1);
                } else if stack.iter().any(|frame| frame.id == Some(id)) {
                    // A form that draws itself: readers stop there.
                } else if stack.len() as u64 > self.context.limits.pdf_form_depth {
                    let detail = format!("forms lie more than {} deep", self.context.limits.pdf_form_depth);
                    return Err(Refusal::over_limit("pdf-form-depth", detail));
                } else {
                    let open = self.forms_of(id, resources)?;
                    stack.push(Frame { id: Some(id), open, total: 0 });
                }
                continue;
            }
            let Some(done) = stack.pop() else { return Ok(0) };
            let Some(id) = done.id else { return Ok(done.total) };
            totals.insert(id, done.total);
            if let Some(parent) = stack.last_mut() {
                parent.total = parent.total.saturating_add(done.total).saturating_add(1);
            }
        }
    }

    /// The forms that a form draws; without resources of its own it uses those of the page (Table 93, obsolescent).
    fn forms_of(&mut self, id: ObjectId, page: Option<&Dictionary>) -> Result<Vec<ObjectId>, Refusal> {
        let names = self.drawn_by(id)?;
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let reference = Object::Reference(id);
        let own = match as_dictionary(self.source.resolve(&reference)?.1) {
            Some(dictionary) => self.source.dictionary(dictionary, "Resources")?,
            None => None,
        };
        self.forms(&names, own.or(page))
    }
}
