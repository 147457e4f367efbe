//! Slicers and timelines (\[MS-XLSX\] 2.1.30 to 2.1.33): those of pivot tables go with them, those of tables stay.
//!
//! A sheet shows a slicer by a frame in its drawing that names it; the slicer names a cache, and the cache the pivot tables.
//! Formulas refer to the cache by a defined name that stands for `#N/A`.

use std::collections::BTreeSet;

use super::parts::Parts;
use crate::formats::Context;
use crate::formats::xml::{Element, Ns, Token, Tokens, decode};
use crate::formats::zip_container::Container;
use crate::limits::Limits;
use crate::refusal::Refusal;

/// What goes with the pivot tables.
#[derive(Debug, Default, Clone)]
pub(super) struct Slicers {
    /// The names of caches, in lower case.
    pub(super) caches: BTreeSet<String>,
    /// The names by which drawings show slicers and timelines.
    names: BTreeSet<String>,
    /// Parts with nothing else in them.
    pub(super) parts: BTreeSet<String>,
}

impl Slicers {
    /// Finds the slicers and timelines of pivot tables.
    ///
    /// # Errors
    /// When a part cannot be read.
    pub(super) fn of(parts: &Parts, container: &mut Container<'_>, context: &Context<'_>) -> Result<Self, Refusal> {
        let mut slicers = Self::default();
        let limits = context.limits;
        for key in &parts.slicer_caches {
            let text = decode(&container.read(key, context)?)?;
            if let Some(name) = cache_of_pivots(&text, limits)? {
                slicers.caches.insert(name);
                slicers.parts.insert(key.clone());
            }
        }
        for key in &parts.slicers {
            let text = decode(&container.read(key, context)?)?;
            let mut tokens = Tokens::new(&text, limits);
            let mut all = true;
            while let Some(token) = tokens.next()? {
                let Token::Start(element) = token else { continue };
                if slicers.own(&element) {
                    slicers.names.extend(element.own("name").map(std::borrow::Cow::into_owned));
                } else if element.own("cache").is_some() {
                    all = false;
                }
            }
            if all {
                slicers.parts.insert(key.clone());
            }
        }
        Ok(slicers)
    }

    /// True for the entry of a slicer or timeline that goes.
    pub(super) fn own(&self, element: &Element<'_>) -> bool {
        element.ns == Ns::SExt && element.own("cache").is_some_and(|cache| self.caches.contains(&cache.to_lowercase()))
    }

    /// True for the element of a drawing that shows one that goes.
    pub(super) fn are_shown_by(&self, element: &Element<'_>) -> bool {
        element.ns == Ns::AExt
            && matches!(element.local, "slicer" | "timeslicer")
            && element.own("name").is_some_and(|name| self.names.contains(name.as_ref()))
    }
}

/// The name of a cache, in lower case, unless it belongs to a table.
fn cache_of_pivots(text: &str, limits: &Limits) -> Result<Option<String>, Refusal> {
    let mut tokens = Tokens::new(text, limits);
    let mut name = None;
    while let Some(token) = tokens.next()? {
        let Token::Start(element) = token else { continue };
        if matches!(element.local, "slicerCacheDefinition" | "timelineCacheDefinition") {
            name = Some(element.own("name").unwrap_or_default().to_lowercase());
        } else if element.is(Ns::SExt, "tableSlicerCache") {
            return Ok(None);
        }
    }
    Ok(name)
}
