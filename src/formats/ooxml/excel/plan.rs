//! What goes from a workbook.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::book::Book;
use super::formulas::Lost;
use super::frozen::Frozen;
use super::known::Known;
use super::survey::{Obstacles, Survey, survey};
use crate::formats::ooxml::filters::HiddenFate;
use crate::formats::ooxml::part_name;
use crate::formats::ooxml::relationships::{self, Relationship};
use crate::formats::ooxml::rules::Treatment;
use crate::formats::xml::{Token, Tokens, decode};
use crate::formats::zip_container::Container;
use crate::formats::{Context, Report};
use crate::policy::{Action, Class, Policy};
use crate::refusal::Refusal;

/// Names that stand for names that stand for names: deeper than anybody nests them.
const MOST_ROUNDS: usize = 64;

/// What goes from a workbook.
#[derive(Debug, Default)]
pub(in crate::formats::ooxml) struct Plan {
    pub(super) lost: Lost,
    /// What becomes of hidden sheets.
    pub(super) sheets: HiddenFate,
    /// What becomes of hidden rows and columns.
    pub(in crate::formats::ooxml) rows: HiddenFate,
    pub(super) book: Book,
    /// Names that go, by their place in the list, with the class.
    pub(super) names: BTreeMap<usize, Class>,
    known: Known,
}

/// The parts of a workbook, as the relationships lead to them.
struct Parts {
    keys: Vec<String>,
    kinds: BTreeSet<String>,
    /// Sheets with pivot tables.
    pivoted: BTreeSet<String>,
    /// Tables on sheets that go.
    lost_tables: Vec<String>,
}

impl Plan {
    /// Looks at a workbook before its first part is cleaned. Reports what cannot be taken out although the policy asks.
    ///
    /// # Errors
    /// When a part cannot be read.
    pub(in crate::formats::ooxml) fn of(
        container: &mut Container<'_>,
        main: &str,
        policy: &Policy,
        context: &Context<'_>,
        report: &mut Report,
    ) -> Result<Self, Refusal> {
        const CLASSES: [Class; 5] = [
            Class::ContentHiddenSheets,
            Class::ContentHiddenRows,
            Class::ContentHiddenText,
            Class::ContentCachedData,
            Class::ContentConnections,
        ];
        if !CLASSES.iter().any(|class| matches!(policy.action(*class), Action::Remove | Action::Unhide)) {
            return Ok(Self::default());
        }
        let book = Book::read(&decode(&container.read(main, context)?)?, context.limits.xml_depth)?;
        let mut plan = Self { book, ..Self::default() };
        let wanted = |class| policy.action(class) == Action::Remove;
        let mut hidden_sheets = plan.book.sheets.iter().any(|sheet| sheet.hidden);
        if hidden_sheets && policy.action(Class::ContentHiddenSheets) == Action::Unhide {
            plan.sheets = HiddenFate::Shown;
            hidden_sheets = false;
        }
        if policy.action(Class::ContentHiddenRows) == Action::Unhide {
            plan.rows = HiddenFate::Shown;
        }
        if !CLASSES.into_iter().any(wanted) {
            return Ok(plan);
        }
        if wanted(Class::ContentHiddenText) {
            plan.known = Known::of(container, main, context)?;
        }
        let mut obstacles = Obstacles::new();
        if plan.book.sheets.iter().all(|sheet| sheet.hidden) && hidden_sheets {
            obstacles.insert(Class::ContentHiddenSheets, "no sheet would be left");
        }
        // Each round leaves one class more where it is, so this ends.
        for _ in 0..=CLASSES.len() {
            let free = |class| wanted(class) && !obstacles.contains_key(&class);
            plan.sheets = match plan.sheets {
                HiddenFate::Shown => HiddenFate::Shown,
                _ if hidden_sheets && free(Class::ContentHiddenSheets) => HiddenFate::Gone,
                _ => HiddenFate::Left,
            };
            let parts = plan.parts(container, main, context)?;
            plan.lost = plan.lost_with(&parts, &free);
            let mut met = plan.resolve_names();
            if free(Class::ContentHiddenRows) || free(Class::ContentHiddenText) {
                let found = plan.survey_all(&parts, container, context)?;
                plan.lost.hidden_cells = found.hidden_cells && free(Class::ContentHiddenRows);
                plan.lost.concealed_cells = found.concealed_cells && free(Class::ContentHiddenText);
            }
            if plan.lost.cached && parts.has(&["slicer", "slicerCache", "timeline", "timelineCache"]) {
                met.insert(Class::ContentCachedData, "a slicer or timeline depends on it");
            }
            met.extend(plan.survey_all(&parts, container, context)?.obstacles);
            met.retain(|class, _| free(*class));
            if met.is_empty() {
                break;
            }
            obstacles.extend(met);
        }
        if plan.lost.hidden_cells {
            plan.rows = HiddenFate::Gone;
        }
        for (class, why) in obstacles {
            report.hit(class, Action::Hold, format!("not removed: {why}"), "", 1, 0);
        }
        Ok(plan)
    }

    /// What goes of what there is.
    fn lost_with(&self, parts: &Parts, free: &dyn Fn(Class) -> bool) -> Lost {
        let mut lost = Lost::default();
        if self.sheets == HiddenFate::Gone {
            let hidden = self.book.sheets.iter().filter(|sheet| sheet.hidden);
            lost.sheets = hidden.map(|sheet| sheet.name.to_lowercase()).collect();
            let tables = parts.lost_tables.iter().map(|name| (name.clone(), Class::ContentHiddenSheets));
            lost.names = tables.collect();
        }
        let cached = parts.has(&["pivotTable", "pivotCacheDefinition", "pivotCacheRecords", "externalLink"]);
        lost.cached = cached && free(Class::ContentCachedData);
        let connected = parts.has(&["connections", "queryTable", "powerPivotData"]);
        lost.connections = connected && free(Class::ContentConnections);
        lost
    }

    /// Finds the names that go, until no further name refers to one of them.
    fn resolve_names(&mut self) -> Obstacles {
        let mut obstacles = Obstacles::new();
        self.names.clear();
        for (place, name) in self.book.names.iter().enumerate() {
            if name.sheet.is_some_and(|sheet| self.goes(sheet)) {
                self.names.insert(place, Class::ContentHiddenSheets);
            }
        }
        for round in 0..=MOST_ROUNDS {
            let before = self.names.len();
            for (place, name) in self.book.names.iter().enumerate() {
                if self.names.contains_key(&place) {
                    continue;
                }
                if let Some(class) = self.lost.refers(&name.text) {
                    self.names.insert(place, class);
                    self.lost.names.insert(name.name.to_lowercase(), class);
                }
            }
            if self.names.len() == before {
                break;
            }
            if round == MOST_ROUNDS {
                let classes = self.lost.names.values().copied().collect::<BTreeSet<_>>();
                obstacles.extend(classes.into_iter().map(|class| (class, "names refer to names too often")));
            }
        }
        obstacles
    }

    /// The sheet at this place of the list goes.
    fn goes(&self, place: usize) -> bool {
        self.sheets == HiddenFate::Gone && self.book.sheets.get(place).is_some_and(|sheet| sheet.hidden)
    }

    /// The place of a sheet, or of the next one that stays, when others are gone.
    pub(super) fn renumber(&self, place: usize) -> usize {
        let stay = |until: usize| (0..until).filter(|place| !self.goes(*place)).count();
        let all = self.book.sheets.len();
        stay(place.min(all)).min(stay(all).saturating_sub(1))
    }

    /// Follows the relationships from the main part, past the sheets that go.
    fn parts(&self, container: &mut Container<'_>, main: &str, context: &Context<'_>) -> Result<Parts, Refusal> {
        let mut parts =
            Parts { keys: Vec::new(), kinds: BTreeSet::new(), pivoted: BTreeSet::new(), lost_tables: Vec::new() };
        let mut seen = BTreeSet::from([main.to_owned()]);
        let mut queue = VecDeque::from([main.to_owned()]);
        while let Some(key) = queue.pop_front() {
            for edge in edges(container, &key, context)? {
                let target = part_name::resolve(&key, &edge.target).filter(|_| !edge.external);
                let Some(target) = target.filter(|target| container.name(target).is_some()) else { continue };
                let gone = self.book.sheets.iter().enumerate().any(|(at, sheet)| self.goes(at) && sheet.id == edge.id);
                if key == main && gone {
                    for table in edges(container, &target, context)?.iter().filter(|edge| edge.kind() == "table") {
                        let Some(table) = part_name::resolve(&target, &table.target) else { continue };
                        if container.name(&table).is_some() {
                            let text = decode(&container.read(&table, context)?)?;
                            parts.lost_tables.extend(table_names(&text, context.limits.xml_depth)?);
                        }
                    }
                    continue;
                }
                parts.kinds.insert(edge.kind().to_owned());
                if edge.kind() == "pivotTable" {
                    parts.pivoted.insert(key.clone());
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

    /// Looks through all parts that stay.
    fn survey_all(
        &self,
        parts: &Parts,
        container: &mut Container<'_>,
        context: &Context<'_>,
    ) -> Result<Survey, Refusal> {
        let mut all = Survey::default();
        for key in &parts.keys {
            if part_name::extension(key) != "xml" {
                continue;
            }
            let name = container.name(key).unwrap_or(key).to_owned();
            let text = decode(&container.read(key, context)?);
            let found = text.and_then(|text| survey(&text, &self.lost, &self.known, context.limits.xml_depth));
            let found = found.map_err(|refusal| refusal.in_part(name))?;
            all.hidden_cells |= found.hidden_cells;
            all.concealed_cells |= found.concealed_cells;
            if !found.emptied.is_empty() && parts.pivoted.contains(key) {
                all.obstacles.insert(Class::ContentHiddenText, "the style of a pivot table may show it");
            }
            all.obstacles.extend(found.obstacles);
        }
        Ok(all)
    }

    /// What becomes of a part that the policy has taken out.
    pub(in crate::formats::ooxml) fn treatment(&self, kind: &str) -> Option<Treatment> {
        match kind {
            "pivotTable" | "pivotCacheDefinition" | "pivotCacheRecords" | "externalLink" if self.lost.cached => {
                Some(Treatment::Remove(Class::ContentCachedData))
            }
            "connections" | "queryTable" | "powerPivotData" if self.lost.connections => {
                Some(Treatment::Remove(Class::ContentConnections))
            }
            _ => None,
        }
    }

    /// A filter for one part, whose text it has to see first.
    ///
    /// # Errors
    /// When the part cannot be read.
    pub(in crate::formats::ooxml) fn filter(&self, text: &str, deepest: u32) -> Result<Frozen<'_>, Refusal> {
        let nothing = self.lost.is_nothing();
        let found = if nothing { Survey::default() } else { survey(text, &self.lost, &self.known, deepest)? };
        let names = if text.contains("definedName") { Book::read(text, deepest)?.names } else { Vec::new() };
        let local = names.into_iter().enumerate().filter(|(_, name)| name.is_local());
        Ok(Frozen::new(self, found, local.map(|(place, name)| (place, name.text)).collect()))
    }
}

impl Parts {
    fn has(&self, kinds: &[&str]) -> bool {
        kinds.iter().any(|kind| self.kinds.contains(*kind))
    }
}

/// The relationships of a part.
pub(super) fn edges(
    container: &mut Container<'_>,
    key: &str,
    context: &Context<'_>,
) -> Result<Vec<Relationship>, Refusal> {
    let key = part_name::relationships_key(key);
    if container.name(&key).is_none() {
        return Ok(Vec::new());
    }
    relationships::parse(&container.read(&key, context)?, context.limits.xml_depth)
}

/// The names by which formulas refer to a table, in lower case.
fn table_names(text: &str, deepest: u32) -> Result<Vec<String>, Refusal> {
    let mut tokens = Tokens::new(text, deepest);
    while let Some(token) = tokens.next()? {
        if let Token::Start(element) = token {
            let names = ["name", "displayName"].into_iter().filter_map(|name| element.own(name));
            return Ok(names.map(|name| name.to_lowercase()).collect());
        }
    }
    Ok(Vec::new())
}
