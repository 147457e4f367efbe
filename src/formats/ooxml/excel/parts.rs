//! The parts of a workbook, in the order in which its relationships lead to them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::plan::Plan;
use super::tables::Table;
use crate::formats::Context;
use crate::formats::ooxml::relationships;
use crate::formats::xml::decode;
use crate::formats::zip_container::Container;
use crate::policy::Class;
use crate::refusal::Refusal;

/// The parts of a workbook, as the relationships lead to them.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) keys: Vec<String>,
    kinds: BTreeSet<String>,
    /// The pivot tables of each sheet that has any.
    pub(super) pivots: BTreeMap<String, Vec<String>>,
    /// The tables of each sheet that has any.
    pub(super) tables: BTreeMap<String, Vec<String>>,
    /// Slicers and timelines, and their caches.
    pub(super) slicers: Vec<String>,
    pub(super) slicer_caches: Vec<String>,
    /// Tables on sheets that go, with the class.
    pub(super) lost_tables: Vec<(String, Class)>,
}

impl Parts {
    /// Follows the relationships from the main part, past the sheets that go.
    ///
    /// # Errors
    /// When a part cannot be read.
    pub(super) fn of(
        plan: &Plan,
        container: &mut Container<'_>,
        main: &str,
        context: &Context<'_>,
    ) -> Result<Self, Refusal> {
        let mut parts = Self::default();
        let mut seen = BTreeSet::from([main.to_owned()]);
        let mut queue = VecDeque::from([main.to_owned()]);
        while let Some(key) = queue.pop_front() {
            for edge in relationships::of(&key, container, context)? {
                let Some(target) = edge.part(&key, container) else { continue };
                let gone = plan.takes_target(&edge.id).filter(|_| key == main);
                if let Some(class) = gone {
                    let edges = relationships::of(&target, container, context)?;
                    for edge in edges.iter().filter(|edge| edge.kind() == "table") {
                        let Some(table) = edge.part(&target, container) else { continue };
                        let text = decode(&container.read(&table, context)?)?;
                        let names = Table::read(&text, context.limits)?.names;
                        parts.lost_tables.extend(names.into_iter().map(|name| (name, class)));
                    }
                    continue;
                }
                parts.kinds.insert(edge.kind().to_owned());
                match edge.kind() {
                    "pivotTable" => parts.pivots.entry(key.clone()).or_default().push(target.clone()),
                    "table" => parts.tables.entry(key.clone()).or_default().push(target.clone()),
                    "slicer" | "timeline" => parts.slicers.push(target.clone()),
                    "slicerCache" | "timelineCache" => parts.slicer_caches.push(target.clone()),
                    _ => {}
                }
                let leads_on = !matches!(edge.kind(), "sharedStrings" | "styles" | "theme");
                if leads_on && seen.insert(target.clone()) {
                    queue.push_back(target);
                }
            }
            if key != main {
                parts.keys.push(key);
            }
        }
        Ok(parts)
    }

    /// Any of them is of one of these kinds.
    pub(super) fn has(&self, kinds: &[&str]) -> bool {
        kinds.iter().any(|kind| self.kinds.contains(*kind))
    }
}
