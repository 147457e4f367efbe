//! Hidden sheets, and hidden rows and columns that have content (ODF 1.3 part 3, 9.1, 19.749).

use std::borrow::Cow;

use crate::formats::odf::styles::Styles;
use crate::formats::xml::{Element, Filter, Notes, Ns, Odf, Path, Step};
use crate::policy::Class;
use crate::refusal::Refusal;

/// A table while its rows are read.
struct Table {
    depth: usize,
    /// First and last of hidden columns, and whether they were reported.
    hidden_columns: Vec<(u64, u64, bool)>,
    columns: u64,
    hidden_row: bool,
    row_reported: bool,
    /// The columns of the current cell: the first, and the first behind it.
    cell: (u64, u64),
}

/// Notes what is hidden in tables.
pub(in crate::formats::odf) struct Tables<'s> {
    styles: &'s Styles,
    open: Vec<Table>,
}

impl<'s> Tables<'s> {
    /// A filter that knows the styles of the document.
    pub(in crate::formats::odf) fn new(styles: &'s Styles) -> Self {
        Self { styles, open: Vec::new() }
    }

    /// The current cell has content.
    fn content(&mut self, notes: &mut Notes<'_>) {
        let Some(table) = self.open.last_mut() else { return };
        if table.hidden_row && !table.row_reported {
            table.row_reported = true;
            notes.found(Class::ContentHiddenRows, "hidden row");
        }
        let (first, behind) = table.cell;
        let hidden = table.hidden_columns.iter_mut().find(|(from, to, _)| *from < behind && first <= *to);
        if let Some((_, _, reported)) = hidden.filter(|(_, _, reported)| !*reported) {
            *reported = true;
            notes.found(Class::ContentHiddenRows, "hidden column");
        }
    }
}

/// `collapse` and `filter` hide.
fn is_hidden(element: &Element<'_>) -> bool {
    element.own("visibility").is_some_and(|visibility| visibility != "visible")
}

fn repeated(element: &Element<'_>) -> u64 {
    element.own("number-columns-repeated").and_then(|count| count.parse().ok()).unwrap_or(1_u64).max(1)
}

impl Filter for Tables<'_> {
    fn start(&mut self, element: &mut Element<'_>, path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        if element.ns != Ns::Odf(Odf::Table) {
            return Ok(Step::Keep);
        }
        if element.local == "table" {
            if element.own("style-name").is_some_and(|style| self.styles.hides("table", &style)) {
                notes.found(Class::ContentHiddenSheets, "hidden sheet");
            }
            if !element.empty {
                self.open.push(Table {
                    depth: path.depth(),
                    hidden_columns: Vec::new(),
                    columns: 0,
                    hidden_row: false,
                    row_reported: false,
                    cell: (0, 0),
                });
            }
        }
        let Some(table) = self.open.last_mut() else { return Ok(Step::Keep) };
        match element.local {
            "table-column" => {
                let behind = table.columns.saturating_add(repeated(element));
                if is_hidden(element) && table.hidden_columns.len() < 20_000 {
                    table.hidden_columns.push((table.columns, behind.saturating_sub(1), false));
                }
                table.columns = behind;
            }
            "table-row" => {
                (table.hidden_row, table.row_reported, table.cell) = (is_hidden(element), false, (0, 0));
            }
            "table-cell" | "covered-table-cell" => {
                table.cell = (table.cell.1, table.cell.1.saturating_add(repeated(element)));
                let valued = |attribute: &crate::formats::xml::Attribute<'_>| {
                    attribute.ns == Ns::Odf(Odf::Office) && attribute.local.ends_with("value")
                        || attribute.local == "formula"
                };
                if element.attributes().iter().any(valued) {
                    self.content(notes);
                }
            }
            _ => {}
        }
        Ok(Step::Keep)
    }

    fn text(&mut self, text: &mut Cow<'_, str>, path: &Path<'_>, notes: &mut Notes<'_>) {
        let in_cell = self.open.last().is_some_and(|table| table.cell.1 > 0 && path.depth() > table.depth);
        if in_cell && !text.trim().is_empty() {
            self.content(notes);
        }
    }

    fn end(&mut self, _ns: Ns, _local: &str, path: &Path<'_>, _notes: &mut Notes<'_>) {
        if self.open.last().is_some_and(|table| table.depth == path.depth()) {
            self.open.pop();
        }
    }
}
