//! Elements of the logical structure whose content was hidden text, in whole or in part, and those around them: the texts that
//! stand for it go (14.7, 14.9).

use std::collections::BTreeSet;

use super::replaced::{Numbered, TEXTS, removed};
use crate::formats::Report;
use crate::formats::pdf::source::{Dictionary, Object, ObjectId, Source, as_dictionary, text};
use crate::refusal::Refusal;

/// How deep elements may stand in one another within one object, and one above the other.
const DEPTH: usize = 200;

/// Takes the texts out of all elements that have marked content of these numbers, and out of those around them.
///
/// # Errors
/// [`crate::Reason::Damaged`] where an object was lost on loading.
pub(super) fn drop_texts(source: &mut Source, numbered: &Numbered, report: &mut Report) -> Result<(), Refusal> {
    if numbered.is_empty() {
        return Ok(());
    }
    let mut elements: BTreeSet<ObjectId> = BTreeSet::new();
    for (id, object) in source.objects() {
        let Object::Dictionary(element) = object else { continue };
        if !holds(source, element, None, numbered, 0)? {
            continue;
        }
        let mut next = Some((id, element));
        for _ in 0..DEPTH {
            let Some((id, element)) = next else { break };
            elements.insert(id);
            next = match element.get(b"P") {
                Ok(parent) => match source.resolve(parent)? {
                    (Some(id), Object::Dictionary(parent)) => Some((id, parent)),
                    _ => None,
                },
                Err(_) => None,
            };
        }
    }
    for id in elements {
        // Strings may be objects of their own.
        let mut values = Vec::new();
        let reference = Object::Reference(id);
        if let Some(element) = as_dictionary(source.resolve(&reference)?.1) {
            for key in TEXTS {
                values.extend(text(source.get(element, key)?).map(|value| (key, value)));
            }
        }
        for (key, value) in values {
            removed(key, value, "", report);
        }
        if let Some(object) = source.object_mut(id) {
            strip(object, 0);
        }
    }
    Ok(())
}

/// True when an element, or one within it in the same object, has marked content of these numbers.
fn holds(
    source: &Source,
    element: &Dictionary,
    page: Option<ObjectId>,
    numbered: &Numbered,
    depth: usize,
) -> Result<bool, Refusal> {
    let Ok(kids) = element.get(b"K") else { return Ok(false) };
    let own = |holder: &Dictionary, key: &[u8]| holder.get(key).ok().and_then(|id| id.as_reference().ok());
    let page = own(element, b"Pg").or(page);
    let resolved = source.resolve(kids)?.1;
    let single = std::slice::from_ref(kids);
    for kid in if let Object::Array(kids) = resolved { kids.as_slice() } else { single } {
        let (id, kid) = source.resolve(kid)?;
        let found = match kid {
            Object::Integer(number) => numbered.contains(&(page, *number)),
            Object::Dictionary(kid) if kid.has(b"MCID") => match source.get(kid, "MCID")? {
                Object::Integer(number) => numbered.contains(&(own(kid, b"Stm").or(own(kid, b"Pg")).or(page), *number)),
                _ => false,
            },
            // What stands in the same object; the others come by themselves.
            Object::Dictionary(kid) if id.is_none() && depth < DEPTH => {
                holds(source, kid, page, numbered, depth.saturating_add(1))?
            }
            _ => false,
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

fn strip(object: &mut Object, depth: usize) {
    match object {
        Object::Dictionary(element) => {
            for key in TEXTS {
                element.remove(key.as_bytes());
            }
            if let Ok(kids) = element.get_mut(b"K")
                && depth < DEPTH
            {
                strip(kids, depth.saturating_add(1));
            }
        }
        Object::Array(kids) if depth < DEPTH => kids.iter_mut().for_each(|kid| strip(kid, depth.saturating_add(1))),
        _ => {}
    }
}
