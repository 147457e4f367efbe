//! The headers of tables, whose cells must say what the columns of the table are called (ECMA-376 part 1, 18.5.1.2).

use super::package::{Package, Target};
use super::rows::HiddenCells;
use crate::formats::Context;
use crate::prove::xml::Token;
use crate::refusal::Refusal;

/// The header of a table: its row, and its columns from the first to the last.
#[derive(Debug)]
pub(crate) struct Header {
    row: u64,
    columns: std::ops::RangeInclusive<u64>,
}

impl Header {
    /// The headers of the tables of a sheet.
    ///
    /// # Errors
    /// When a table cannot be read.
    pub(crate) fn of(package: &Package, sheet: usize, context: &Context<'_>) -> Result<Vec<Self>, Refusal> {
        let mut headers = Vec::new();
        for relationship in package.part(sheet)?.related("table") {
            let Target::Part(table) = relationship.target else { continue };
            let mut reader = package.part(table)?.xml(context.limits)?.reader();
            while let Some(token) = reader.next() {
                let Token::Start(table) = token else { continue };
                let corners: Vec<_> =
                    table.plain("ref").unwrap_or_default().split(':').filter_map(HiddenCells::place).collect();
                let bare = table.plain("headerRowCount").is_some_and(|rows| rows.trim() == "0");
                if let (Some((left, row)), Some((right, _)), false) = (corners.first(), corners.last(), bare) {
                    headers.push(Self { row: *row, columns: *left..=*right });
                }
                break; // the root says it
            }
        }
        Ok(headers)
    }

    /// The cell in this column and row is a part of it.
    pub(crate) fn has(&self, (column, row): (u64, u64)) -> bool {
        self.row == row && self.columns.contains(&column)
    }
}
