//! Slicers and timelines of pivot tables, which go with them.

use std::collections::HashSet;

use super::package::{Package, Target};
use crate::formats::Context;
use crate::prove::xml::{Element, Token, XmlReader};
use crate::refusal::Refusal;

/// The slicers and timelines of a workbook's pivot tables.
#[derive(Debug, Default)]
pub(crate) struct Slicers {
    /// The names of their caches, in lower case.
    pub(crate) caches: HashSet<String>,
    /// The names by which frames in drawings show them.
    shown: HashSet<String>,
}

impl Slicers {
    /// Reads the caches, and which slicers use them.
    ///
    /// # Errors
    /// When a part cannot be read.
    pub(crate) fn of(package: &Package, context: &Context<'_>) -> Result<Self, Refusal> {
        let mut slicers = Self::default();
        for part in related(package, &["slicerCache", "timelineCache"]) {
            let (mut name, mut of_table) = (String::new(), false);
            each(package, part, context, |element| {
                if element.local.ends_with("CacheDefinition") {
                    name = element.plain("name").unwrap_or_default().to_lowercase();
                }
                of_table |= element.local == "tableSlicerCache";
            })?;
            if !of_table {
                slicers.caches.insert(name);
            }
        }
        for part in related(package, &["slicer", "timeline"]) {
            each(package, part, context, |element| {
                let of_pivots = element.plain("cache").is_some_and(|at| slicers.caches.contains(&at.to_lowercase()));
                slicers.shown.extend(element.plain("name").filter(|_| of_pivots).map(str::to_owned));
            })?;
        }
        Ok(slicers)
    }

    /// True when the element whose start was the last token shows one of them.
    pub(crate) fn are_in(&self, reader: &XmlReader<'_>) -> bool {
        let mut ahead = reader.clone();
        let outside = ahead.depth().saturating_sub(1);
        while ahead.depth() > outside {
            let Some(token) = ahead.next() else { break };
            let Token::Start(element) = token else { continue };
            let shows = matches!(element.local, "slicer" | "timeslicer");
            if shows && element.plain("name").is_some_and(|name| self.shown.contains(name)) {
                return true;
            }
        }
        false
    }
}

/// The parts to which relationships of these kinds lead.
fn related(package: &Package, kinds: &[&str]) -> Vec<usize> {
    let relationships = package.parts.iter().flat_map(|part| &part.relationships);
    let parts = relationships.filter(|to| kinds.contains(&to.kind.as_str())).filter_map(|to| match to.target {
        Target::Part(at) => Some(at),
        _ => None,
    });
    parts.collect()
}

fn each(
    package: &Package,
    part: usize,
    context: &Context<'_>,
    mut visit: impl FnMut(&Element<'_>),
) -> Result<(), Refusal> {
    let part = package.part(part)?;
    let mut reader = part.named_xml(context.limits)?.reader();
    while let Some(token) = reader.next() {
        if let Token::Start(element) = token {
            visit(&element);
        }
    }
    Ok(())
}
