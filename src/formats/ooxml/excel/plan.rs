//! What goes from a workbook.

use std::collections::{BTreeMap, BTreeSet};

use super::book::{Book, Sheet, is_macro_sheet};
use super::charts;
use super::formulas::Lost;
use super::frozen::Frozen;
use super::known::Known;
use super::parts::Parts;
use super::pivots::{self, Pivot};
use super::slicers::Slicers;
use super::survey::{Obstacles, Survey, survey};
use super::tables::{self, Table};
use crate::formats::ooxml::counted;
use crate::formats::ooxml::filters::HiddenFate;
use crate::formats::ooxml::part_name;
use crate::formats::ooxml::relationships;
use crate::formats::ooxml::rules::Treatment;
use crate::formats::xml::{Notes, decode};
use crate::formats::zip_container::Container;
use crate::formats::{Context, Report};
use crate::limits::Limits;
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
    /// Sheets of macros go, and the dialogs of macros.
    macro_sheets_go: bool,
    /// What becomes of hidden rows and columns.
    pub(in crate::formats::ooxml) rows: HiddenFate,
    pub(super) book: Book,
    /// Names that go, by their place in the list, with the class.
    pub(super) names: BTreeMap<usize, Class>,
    known: Known,
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
        const CLASSES: [Class; 6] = [
            Class::ContentHiddenSheets,
            Class::ContentHiddenRows,
            Class::ContentHiddenText,
            Class::ContentCachedData,
            Class::ContentConnections,
            Class::ActiveMacros,
        ];
        if !CLASSES.iter().any(|class| matches!(policy.action(*class), Action::Remove | Action::Unhide)) {
            return Ok(Self::default());
        }
        let text = decode(&container.read(main, context)?)?;
        counted::check(&text, context.limits)?;
        let mut book = Book::read(&text, context.limits)?;
        book.know_macros(&relationships::of(main, container, context)?);
        let macro_sheets = book.sheets.iter().any(|sheet| sheet.macros);
        let mut plan = Self { book, ..Self::default() };
        let wanted = |class| policy.action(class) == Action::Remove && (class != Class::ActiveMacros || macro_sheets);
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
        plan.known = Known::of(container, main, context)?;
        if !wanted(Class::ContentHiddenText) {
            plan.known.formats.clear();
        }
        let mut obstacles = Obstacles::new();
        let seen = |sheet: &&Sheet| !sheet.hidden || plan.sheets == HiddenFate::Shown;
        let mut seen = plan.book.sheets.iter().filter(seen).map(|sheet| sheet.macros).peekable();
        if hidden_sheets && seen.peek().is_none() {
            obstacles.insert(Class::ContentHiddenSheets, "no sheet would be left");
        }
        if seen.all(|macros| macros) {
            obstacles.insert(Class::ActiveMacros, "no sheet would be left");
        }
        obstacles.retain(|class, _| wanted(*class));
        // Each round leaves one class more where it is, so this ends.
        for _ in 0..=CLASSES.len() {
            let free = |class| wanted(class) && !obstacles.contains_key(&class);
            plan.sheets = match plan.sheets {
                HiddenFate::Shown => HiddenFate::Shown,
                _ if hidden_sheets && free(Class::ContentHiddenSheets) => HiddenFate::Gone,
                _ => HiddenFate::Left,
            };
            plan.macro_sheets_go = free(Class::ActiveMacros);
            let parts = Parts::of(&plan, container, main, context)?;
            plan.lost = plan.lost_with(&parts, &free);
            if plan.lost.cached {
                plan.lost.slicers = Slicers::of(&parts, container, context)?;
            }
            let mut met = plan.resolve_names();
            if free(Class::ContentHiddenRows) || free(Class::ContentHiddenText) {
                let found = plan.survey_all(&parts, container, context)?;
                plan.lost.hidden_cells = found.hidden_cells && free(Class::ContentHiddenRows);
                plan.lost.concealed_cells = found.concealed_cells && free(Class::ContentHiddenText);
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
        let sheets = self.book.sheets.iter();
        lost.sheets = sheets.filter_map(|sheet| Some((sheet.name.to_lowercase(), self.takes(sheet)?))).collect();
        lost.names = parts.lost_tables.iter().cloned().collect();
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
            let sheet = name.sheet.and_then(|sheet| self.book.sheets.get(sheet));
            if let Some(class) = sheet.and_then(|sheet| self.takes(sheet)) {
                self.names.insert(place, class);
            } else if name.is_macro && self.macro_sheets_go {
                self.names.insert(place, Class::ActiveMacros);
                self.lost.names.insert(name.name.to_lowercase(), Class::ActiveMacros);
            } else if self.lost.slicers.caches.contains(&name.name.to_lowercase()) {
                self.names.insert(place, Class::ContentCachedData);
            }
        }
        let caches = self.lost.slicers.caches.iter().map(|name| (name.clone(), Class::ContentCachedData));
        self.lost.names.extend(caches);
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

    /// The class for which a sheet goes.
    fn takes(&self, sheet: &Sheet) -> Option<Class> {
        if sheet.macros && self.macro_sheets_go {
            return Some(Class::ActiveMacros);
        }
        (sheet.hidden && self.sheets == HiddenFate::Gone).then_some(Class::ContentHiddenSheets)
    }

    /// The class for which the sheet goes that a relationship with this id leads to.
    pub(super) fn takes_target(&self, id: &str) -> Option<Class> {
        self.book.sheets.iter().filter(|sheet| sheet.id == id).find_map(|sheet| self.takes(sheet))
    }

    /// There are sheets of macros, and they stay.
    pub(in crate::formats::ooxml) fn keeps_macro_sheets(&self) -> bool {
        !self.macro_sheets_go && self.book.sheets.iter().any(|sheet| sheet.macros)
    }

    /// Any sheet goes.
    pub(super) fn takes_sheets(&self) -> bool {
        !self.lost.sheets.is_empty()
    }

    /// The place of a sheet, or of the next one that stays, when others are gone.
    pub(super) fn renumber(&self, place: usize) -> usize {
        let stay =
            |until: usize| self.book.sheets.iter().take(until).filter(|sheet| self.takes(sheet).is_none()).count();
        stay(place).min(stay(usize::MAX).saturating_sub(1))
    }

    /// The place to turn to, when others are gone, instead of a sheet that goes: the next one that has a tab, or else the last.
    pub(super) fn tab_instead_of(&self, place: usize) -> usize {
        let sheets = &self.book.sheets;
        if sheets.get(place).is_none_or(|sheet| self.takes(sheet).is_none()) {
            return self.renumber(place);
        }
        let has_tab =
            |sheet: &Sheet| self.takes(sheet).is_none() && (!sheet.hidden || self.sheets == HiddenFate::Shown);
        let mut tabs = sheets.iter().enumerate().filter(|(_, sheet)| has_tab(sheet)).map(|(tab, _)| tab);
        let next = tabs.clone().find(|tab| *tab > place).or_else(|| tabs.next_back());
        self.renumber(next.unwrap_or(place))
    }

    /// Looks through all parts that stay.
    fn survey_all(
        &self,
        parts: &Parts,
        container: &mut Container<'_>,
        context: &Context<'_>,
    ) -> Result<Survey, Refusal> {
        let mut all = Survey::default();
        for key in parts.keys.iter().filter(|key| part_name::extension(key) == "xml") {
            let name = container.name(key).unwrap_or(key).to_owned();
            let found = self.survey_part(parts, key, container, context).map_err(|refusal| refusal.in_part(name))?;
            all.hidden_cells |= found.hidden_cells;
            all.concealed_cells |= found.concealed_cells;
            all.obstacles.extend(found.obstacles);
        }
        Ok(all)
    }

    fn survey_part(
        &self,
        parts: &Parts,
        key: &str,
        container: &mut Container<'_>,
        context: &Context<'_>,
    ) -> Result<Survey, Refusal> {
        let limits = context.limits;
        let text = self.freeze_chart(decode(&container.read(key, context)?)?, limits, None)?;
        let mut found = survey(&text, &self.lost, &self.known, limits)?;
        if let Some(tables) = parts.tables.get(key).filter(|_| self.lost.hidden_cells) {
            let mut read = |table: &String| Table::read(&decode(&container.read(table, context)?)?, limits);
            let tables = tables.iter().map(&mut read).collect::<Result<Vec<_>, _>>()?;
            let obstacle = tables::obstacle(&text, &tables, limits)?;
            found.obstacles.extend(obstacle.map(|why| (Class::ContentHiddenRows, why)));
        }
        let Some(pivots) = parts.pivots.get(key) else { return Ok(found) };
        if !found.emptied.is_empty() {
            found.obstacles.insert(Class::ContentHiddenText, "the style of a pivot table may show it");
        }
        if self.lost.cached {
            let mut read = |pivot: &String| Pivot::read(&decode(&container.read(pivot, context)?)?, limits);
            let pivots = pivots.iter().map(&mut read).collect::<Result<Vec<_>, _>>()?;
            let obstacle = pivots::obstacle(&text, &pivots, &self.known.general, limits)?;
            found.obstacles.extend(obstacle.map(|why| (Class::ContentCachedData, why)));
        }
        Ok(found)
    }

    /// What becomes of a part that the policy has taken out.
    pub(in crate::formats::ooxml) fn treatment(&self, kind: &str, target: &str) -> Option<Treatment> {
        match kind {
            _ if self.lost.slicers.parts.contains(target) => Some(Treatment::Remove(Class::ContentCachedData)),
            "pivotTable" | "pivotCacheDefinition" | "pivotCacheRecords" | "externalLink" if self.lost.cached => {
                Some(Treatment::Remove(Class::ContentCachedData))
            }
            _ if self.macro_sheets_go && is_macro_sheet(kind) => Some(Treatment::Remove(Class::ActiveMacros)),
            "connections" | "queryTable" | "powerPivotData" if self.lost.connections => {
                Some(Treatment::Remove(Class::ContentConnections))
            }
            _ => None,
        }
    }

    /// A part in which charts have values where they had references to what goes.
    ///
    /// # Errors
    /// When the part cannot be read.
    pub(in crate::formats::ooxml) fn freeze_chart(
        &self,
        text: String,
        limits: &Limits,
        notes: Option<&mut Notes<'_>>,
    ) -> Result<String, Refusal> {
        if self.lost.is_nothing() {
            return Ok(text);
        }
        let concealed = self.lost.concealed_cells.then_some(Class::ContentHiddenText);
        let drawn = self.lost.hidden_cells && charts::draw_hidden_cells(&text, limits)?;
        let drawn = drawn.then_some(Class::ContentHiddenRows);
        let lost = |formula: &str| self.lost.refers(formula).or(concealed).or(drawn);
        Ok(charts::freeze(&text, limits, &lost, notes)?.unwrap_or(text))
    }

    /// A filter for one part, whose text it has to see first.
    ///
    /// # Errors
    /// When the part cannot be read.
    pub(in crate::formats::ooxml) fn filter(&self, text: &str, limits: &Limits) -> Result<Frozen<'_>, Refusal> {
        let nothing = self.lost.is_nothing();
        let found = if nothing { Survey::default() } else { survey(text, &self.lost, &self.known, limits)? };
        let names = if text.contains("definedName") { Book::read(text, limits)?.names } else { Vec::new() };
        let local = names.into_iter().enumerate().filter(|(_, name)| name.is_local());
        Ok(Frozen::new(self, found, local.map(|(place, name)| (place, name.text)).collect()))
    }
}
