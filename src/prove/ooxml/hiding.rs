//! What hides in a workbook, as one package has it.

use std::collections::HashSet;

use super::concealed::Concealing;
use super::package::{Package, Target};
use super::pivots::give_more_than_cells_have;
use super::rows::HiddenCells;
use super::slicers::Slicers;
use crate::formats::Context;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Element, Token, XmlReader, decode};
use crate::refusal::Refusal;

/// What hides in a workbook.
#[derive(Debug, Default)]
pub(crate) struct Hiding {
    pub(crate) sheets: Vec<(String, String, bool)>,
    pub(crate) names: Vec<(String, Option<usize>, String)>,
    pub(crate) tables: HashSet<String>,
    pub(crate) hidden_sheets: bool,
    pub(crate) hidden_cells: bool,
    pub(crate) hidden_rows: bool,
    /// Cells have text that their format conceals.
    pub(crate) concealed_cells: bool,
    /// On a sheet with such cells, something else may give them another colour: a table, a pivot table, a picture behind
    /// them, a condition.
    pub(crate) coloured_otherwise: bool,
    /// Cells show less without the pivot table that they lie in.
    pub(crate) less_without_pivots: bool,
    pub(crate) cached: bool,
    pub(crate) connections: bool,
    pub(crate) slicers: Slicers,
}

impl Hiding {
    /// Looks through a package; hidden sheets are left out if they go.
    ///
    /// # Errors
    /// When a part cannot be read.
    pub(crate) fn of(
        package: &Package,
        sheets_go: bool,
        concealing: &Concealing,
        context: &Context<'_>,
    ) -> Result<Self, Refusal> {
        let mut hiding = Self::default();
        let main = package.main()?;
        let part = package.part(main)?;
        hiding.read_book(&decode(&part.bytes)?, context)?;
        let gone = hiding.sheets.iter().filter(|(.., hidden)| *hidden && sheets_go);
        let gone: Vec<String> = gone.map(|(_, id, _)| id.clone()).collect();
        let (mut open, mut seen) = (vec![main], HashSet::from([main]));
        while let Some(at) = open.pop() {
            let part = package.part(at)?;
            for relationship in &part.relationships {
                let Target::Part(to) = relationship.target else { continue };
                if at == main && gone.contains(&relationship.id) {
                    hiding.read_tables(package, to, context)?;
                    continue;
                }
                match relationship.kind.as_str() {
                    "pivotTable" | "pivotCacheDefinition" | "pivotCacheRecords" | "externalLink" => {
                        hiding.cached = true;
                    }
                    "connections" | "queryTable" | "powerPivotData" => hiding.connections = true,
                    _ => {}
                }
                if seen.insert(to) {
                    open.push(to);
                    if matches!(relationship.kind.as_str(), "worksheet" | "xlMacrosheet" | "dialogsheet") {
                        let part = package.part(to)?;
                        let pivots = part.related("pivotTable").next().is_some();
                        hiding.less_without_pivots |= give_more_than_cells_have(package, to, context)?;
                        let read = hiding.read_sheet(&decode(&part.bytes)?, pivots, concealing, context);
                        read.map_err(|refusal| refusal.in_part(&part.name))?;
                    }
                }
            }
        }
        hiding.slicers = Slicers::of(package, context)?;
        hiding.cached |= !hiding.slicers.caches.is_empty();
        Ok(hiding)
    }

    fn read_book(&mut self, text: &str, context: &Context<'_>) -> Result<(), Refusal> {
        let mut reader = XmlReader::new(text, context.limits);
        let mut in_name = false;
        while let Some(token) = reader.next()? {
            match token {
                Token::Start(element) => {
                    in_name = element.is(Ns::Sheet, "definedName");
                    let name = element.plain("name").unwrap_or_default().to_owned();
                    if in_name {
                        let sheet = element.plain("localSheetId").and_then(|sheet| sheet.parse().ok());
                        self.names.push((name, sheet, String::new()));
                    } else if element.is(Ns::Sheet, "sheet") {
                        self.hidden_sheets |= is_hidden(&element);
                        let id = element.attribute(Ns::Relations, "id").unwrap_or_default().to_owned();
                        self.sheets.push((name, id, is_hidden(&element)));
                    }
                }
                Token::Text(more) if in_name => {
                    if let Some((.., text)) = self.names.last_mut() {
                        text.push_str(&more);
                    }
                }
                Token::End => in_name = false,
                _ => {}
            }
        }
        Ok(())
    }

    fn read_sheet(
        &mut self,
        text: &str,
        pivots: bool,
        concealing: &Concealing,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        let mut reader = XmlReader::new(text, context.limits);
        let mut cells = HiddenCells::default();
        let (mut backgrounds, mut concealed, mut in_concealed, mut in_value) = (pivots, false, false, false);
        while let Some(token) = reader.next()? {
            let element = match token {
                Token::Start(element) => element,
                Token::Text(text) => {
                    concealed |= in_value && in_concealed && !text.trim().is_empty();
                    continue;
                }
                _ => continue,
            };
            if element.ns != Ns::Sheet {
                continue;
            }
            cells.meet(&element);
            in_value = matches!(element.local, "v" | "t");
            match element.local {
                "row" | "col" | "sheetFormatPr" => self.hidden_rows |= cells.is_hidden_line(),
                "c" => in_concealed = concealing.hides(&element),
                "v" | "f" | "is" => self.hidden_cells |= cells.is_hidden_cell(),
                "conditionalFormatting" | "tablePart" | "picture" => backgrounds = true,
                _ => {}
            }
        }
        self.concealed_cells |= concealed;
        self.coloured_otherwise |= concealed && backgrounds;
        Ok(())
    }

    fn read_tables(&mut self, package: &Package, sheet: usize, context: &Context<'_>) -> Result<(), Refusal> {
        for relationship in package.part(sheet)?.related("table") {
            let Target::Part(table) = relationship.target else { continue };
            let text = decode(&package.part(table)?.bytes)?;
            let mut reader = XmlReader::new(&text, context.limits);
            while let Some(token) = reader.next()? {
                let Token::Start(element) = token else { continue };
                let names = ["name", "displayName"].into_iter().filter_map(|name| element.plain(name));
                self.tables.extend(names.map(str::to_lowercase));
                break; // the root says it
            }
        }
        Ok(())
    }
}

/// True for a sheet that no tab leads to.
pub(crate) fn is_hidden(sheet: &Element<'_>) -> bool {
    matches!(sheet.plain("state"), Some("hidden" | "veryHidden"))
}
