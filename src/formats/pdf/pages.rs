//! The pages in reading order, each with what it inherits (7.7.3).
//!
//! The copy gets a page tree of its own: a page that the old tree lists twice becomes two pages, as readers show it, and
//! nodes with private keys, wrong counts or odd nesting stay behind.

use std::collections::HashSet;

use super::removal::dropped_key;
use super::schema::Type;
use super::source::{Dictionary, Object, ObjectId, Source, as_dictionary};
use crate::formats::{Context, Report};
use crate::refusal::Refusal;

/// What a page takes from the nodes above it.
const INHERITED: [&str; 4] = ["Resources", "MediaBox", "CropBox", "Rotate"];
/// What a node of the tree consists of besides.
const NODE: [&str; 4] = ["Type", "Parent", "Kids", "Count"];

/// One page as readers show it.
pub(super) struct Page {
    /// Its object, when it is one.
    pub(super) id: Option<ObjectId>,
    /// Its dictionary, inherited keys included.
    pub(super) dictionary: Dictionary,
}

/// A node of the tree on the way to the current page.
struct Node<'a> {
    id: Option<ObjectId>,
    kids: std::slice::Iter<'a, Object>,
    inherited: Vec<(&'static str, Object)>,
}

/// Walks the page tree, and records what its nodes hold besides.
///
/// # Errors
/// [`crate::Reason::Damaged`] when there are no pages or the tree is cyclic, [`crate::Reason::OverLimit`].
pub(super) fn pages(source: &Source, context: &Context<'_>, report: &mut Report) -> Result<Vec<Page>, Refusal> {
    let limits = context.limits;
    let mut seen = HashSet::new();
    let catalog = source.catalog()?;
    let mut pages = Vec::new();
    let mut visits = 0u64;
    let mut path: Vec<Node<'_>> = Vec::new();
    let mut next = catalog.get(b"Pages").ok();
    while let Some(object) = next.take() {
        visits = visits.saturating_add(1);
        if visits > limits.pdf_objects {
            return Err(Refusal::over_limit("pdf-objects", "the page tree has too many nodes"));
        }
        let (id, target) = source.resolve(object)?;
        if let Some(dictionary) = as_dictionary(target) {
            let inherited = inherited(dictionary, path.last().map_or(&[], |node| &node.inherited));
            if let Object::Array(kids) = source.get(dictionary, "Kids")? {
                if path.len() as u64 >= limits.pdf_page_tree_depth {
                    let detail = format!("more than {} nodes deep", limits.pdf_page_tree_depth);
                    return Err(Refusal::over_limit("pdf-page-tree-depth", detail));
                }
                if id.is_some() && path.iter().any(|node| node.id == id) {
                    return Err(Refusal::damaged("the page tree leads back to itself"));
                }
                if id.is_none_or(|id| seen.insert(id)) {
                    for (key, value) in dictionary {
                        if !INHERITED.iter().chain(&NODE).any(|known| known.as_bytes() == key.as_slice()) {
                            dropped_key(source, Type::Pages, key, value, context, report)?;
                        }
                    }
                }
                path.push(Node { id, kids: kids.iter(), inherited });
            } else if !path.is_empty() || dictionary.has_type(b"Page") {
                if pages.len() as u64 >= limits.pdf_pages {
                    return Err(Refusal::over_limit("pdf-pages", format!("more than {} pages", limits.pdf_pages)));
                }
                let mut dictionary = dictionary.clone();
                for (key, value) in inherited {
                    dictionary.set(key, value);
                }
                pages.push(Page { id, dictionary });
            }
        }
        while let Some(node) = path.last_mut() {
            next = node.kids.next();
            if next.is_some() {
                break;
            }
            path.pop();
        }
    }
    if pages.is_empty() {
        return Err(Refusal::damaged("the document has no pages"));
    }
    Ok(pages)
}

/// What holds for a node or page: its own values before those of the nodes above.
fn inherited(dictionary: &Dictionary, above: &[(&'static str, Object)]) -> Vec<(&'static str, Object)> {
    let own = |key: &'static str| dictionary.get(key.as_bytes()).ok().filter(|value| !value.is_null()).cloned();
    INHERITED
        .iter()
        .filter_map(|key| {
            let value = own(key).or_else(|| above.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone()));
            value.map(|value| (*key, value))
        })
        .collect()
}
