//! What hides in a workbook, as one package has it.

use std::collections::HashSet;

use super::active::is_macro_name;
use super::concealed::Concealing;
use super::package::{Package, Relationship, Target};
use super::pivots::give_more_than_cells_have;
use super::rows::HiddenCells;
use super::slicers::Slicers;
use super::tables::Header;
use crate::formats::Context;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Element, Token, XmlReader};
use crate::refusal::Refusal;

/// A sheet in the list of the workbook.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    /// The relationship that leads to it.
    pub(crate) id: String,
    hidden: bool,
    /// It holds macros or a dialog.
    macros: bool,
}

/// Which sheets go.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Leaving {
    pub(crate) hidden: bool,
    pub(crate) macros: bool,
}

impl Sheet {
    /// True when it is one of those that go.
    pub(crate) fn is_of(&self, leaving: Leaving) -> bool {
        self.hidden && leaving.hidden || self.macros && leaving.macros
    }
}

/// What hides in a workbook.
#[derive(Debug, Default)]
pub(crate) struct Hiding {
    pub(crate) sheets: Vec<Sheet>,
    pub(crate) names: Vec<(String, Option<usize>, String)>,
    /// The names of macros.
    pub(crate) macro_names: HashSet<String>,
    pub(crate) tables: HashSet<String>,
    pub(crate) hidden_sheets: bool,
    pub(crate) macro_sheets: bool,
    pub(crate) hidden_cells: bool,
    pub(crate) hidden_rows: bool,
    /// Cells have text that their format conceals.
    pub(crate) concealed_cells: bool,
    /// On a sheet with such cells, something else may give them another colour: a table, a pivot table, a picture behind
    /// them, a condition.
    pub(crate) coloured_otherwise: bool,
    /// Hidden rows and columns have the header of a table in them.
    pub(crate) hidden_headers: bool,
    /// Cells show less without the pivot table that they lie in.
    pub(crate) less_without_pivots: bool,
    pub(crate) cached: bool,
    pub(crate) connections: bool,
    pub(crate) slicers: Slicers,
}

impl Hiding {
    /// Looks through a package, but not into the sheets that go.
    ///
    /// # Errors
    /// When a part cannot be read.
    pub(crate) fn of(
        package: &Package,
        leaving: Leaving,
        concealing: &Concealing,
        context: &Context<'_>,
    ) -> Result<Self, Refusal> {
        let mut hiding = Self::default();
        let main = package.main()?;
        let part = package.part(main)?;
        hiding.read_book(part.xml(context.limits)?.reader());
        for sheet in &mut hiding.sheets {
            sheet.macros = match part.relationship(&sheet.id) {
                Some(relationship) => holds_macros(package, relationship)?,
                None => false,
            };
        }
        for relationship in &part.relationships {
            hiding.macro_sheets |= holds_macros(package, relationship)?;
        }
        let gone = hiding.sheets.iter().filter(|sheet| sheet.is_of(leaving));
        let gone: Vec<String> = gone.map(|sheet| sheet.id.clone()).collect();
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
                    if matches!(
                        relationship.kind.as_str(),
                        "worksheet" | "xlMacrosheet" | "xlIntlMacrosheet" | "dialogsheet"
                    ) {
                        let part = package.part(to)?;
                        let pivots = part.related("pivotTable").next().is_some();
                        hiding.less_without_pivots |= give_more_than_cells_have(package, to, context)?;
                        let headers = Header::of(package, to, context)?;
                        let reader = part.named_xml(context.limits)?.reader();
                        hiding.read_sheet(reader, pivots, &headers, concealing);
                    }
                }
            }
        }
        hiding.slicers = Slicers::of(package, context)?;
        hiding.cached |= !hiding.slicers.caches.is_empty();
        Ok(hiding)
    }

    fn read_book(&mut self, mut reader: XmlReader<'_>) {
        let mut in_name = false;
        while let Some(token) = reader.next() {
            match token {
                Token::Start(element) => {
                    in_name = element.is(Ns::Sheet, "definedName");
                    let name = element.plain("name").unwrap_or_default().to_owned();
                    if in_name {
                        let sheet = element.plain("localSheetId").and_then(|sheet| sheet.parse().ok());
                        if is_macro_name(&element) {
                            self.macro_names.insert(name.to_lowercase());
                        }
                        self.names.push((name, sheet, String::new()));
                    } else if element.is(Ns::Sheet, "sheet") {
                        self.hidden_sheets |= is_hidden(&element);
                        let id = element.attribute(Ns::Relations, "id").unwrap_or_default().to_owned();
                        self.sheets.push(Sheet { name, id, hidden: is_hidden(&element), macros: false });
                    }
                }
                Token::Text(more) if in_name => {
                    if let Some((.., text)) = self.names.last_mut() {
                        text.push_str(more);
                    }
                }
                Token::End => in_name = false,
                _ => {}
            }
        }
    }

    fn read_sheet(&mut self, mut reader: XmlReader<'_>, pivots: bool, headers: &[Header], concealing: &Concealing) {
        let mut cells = HiddenCells::default();
        let (mut backgrounds, mut concealed, mut in_concealed, mut in_value) = (pivots, false, false, false);
        while let Some(token) = reader.next() {
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
                "c" => {
                    in_concealed = concealing.hides(&element);
                    let at = cells.at();
                    self.hidden_headers |= cells.is_hidden_cell() && headers.iter().any(|header| header.has(at));
                }
                "v" | "f" | "is" => self.hidden_cells |= cells.is_hidden_cell(),
                "conditionalFormatting" | "tablePart" | "picture" => backgrounds = true,
                _ => {}
            }
        }
        self.concealed_cells |= concealed;
        self.coloured_otherwise |= concealed && backgrounds;
    }

    fn read_tables(&mut self, package: &Package, sheet: usize, context: &Context<'_>) -> Result<(), Refusal> {
        for relationship in package.part(sheet)?.related("table") {
            let Target::Part(table) = relationship.target else { continue };
            let mut reader = package.part(table)?.xml(context.limits)?.reader();
            while let Some(token) = reader.next() {
                let Token::Start(element) = token else { continue };
                let names = ["name", "displayName"].into_iter().filter_map(|name| element.plain(name));
                self.tables.extend(names.map(str::to_lowercase));
                break; // the root says it
            }
        }
        Ok(())
    }
}

/// True for what leads from the workbook to a sheet of macros or a dialog, by the relationship or by the type of the part.
fn holds_macros(package: &Package, relationship: &Relationship) -> Result<bool, Refusal> {
    let Target::Part(at) = relationship.target else { return Ok(false) };
    let kind = package.part(at)?.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    let leads = matches!(relationship.kind.as_str(), "xlMacrosheet" | "xlIntlMacrosheet" | "dialogsheet");
    Ok(leads || ["macrosheet+xml", "dialogsheet+xml"].iter().any(|end| kind.ends_with(end)))
}

/// True for a sheet that no tab leads to.
fn is_hidden(sheet: &Element<'_>) -> bool {
    matches!(sheet.plain("state"), Some("hidden" | "veryHidden"))
}
