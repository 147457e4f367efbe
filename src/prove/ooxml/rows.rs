//! Which cells of a sheet nobody sees: those in hidden rows and columns.

use crate::prove::xml::{Element, is_true};

/// Follows the start tags of a sheet.
#[derive(Debug, Default)]
pub(crate) struct HiddenCells {
    columns: Vec<std::ops::RangeInclusive<u64>>,
    /// Columns that say of themselves how wide they are.
    shown: Vec<std::ops::RangeInclusive<u64>>,
    all_rows: bool,
    all_columns: bool,
    line: bool,
    row: bool,
    column: u64,
    number: u64,
}

impl HiddenCells {
    /// Takes note of an element of SpreadsheetML.
    pub(crate) fn meet(&mut self, element: &Element<'_>) {
        let on = |name| element.plain(name).map(is_true);
        let none = |name| element.plain(name).is_some_and(|size| size.parse::<f64>() == Ok(0.0));
        match element.local {
            "sheetFormatPr" => {
                self.all_rows = on("zeroHeight") == Some(true);
                self.all_columns = none("defaultColWidth");
                self.line = self.all_columns;
            }
            "col" => {
                let number = |name| element.plain(name).and_then(|number| number.parse::<u64>().ok());
                self.line = on("hidden") == Some(true) || none("width");
                let list = if self.line { &mut self.columns } else { &mut self.shown };
                if let (true, Some(min), Some(max)) = (list.len() < 20_000, number("min"), number("max")) {
                    list.push(min..=max);
                }
            }
            "row" => {
                let default = self.all_rows && element.plain("ht").is_none();
                self.row = on("hidden").unwrap_or(default) || none("ht");
                (self.line, self.column) = (self.row, 0);
                let next = self.number.saturating_add(1);
                self.number = element.plain("r").and_then(|number| number.parse().ok()).unwrap_or(next);
            }
            "c" => {
                let letters = element.plain("r").map(|r| r.trim_end_matches(|c: char| c.is_ascii_digit()));
                self.column = letters.and_then(number).unwrap_or(self.column.saturating_add(1));
            }
            _ => {}
        }
    }

    /// The column and row of the cell at hand.
    pub(crate) fn at(&self) -> (u64, u64) {
        (self.column, self.number)
    }

    /// The column and row that a reference names.
    pub(crate) fn place(reference: &str) -> Option<(u64, u64)> {
        let letters = reference.trim_end_matches(|c: char| c.is_ascii_digit());
        Some((number(letters)?, reference.get(letters.len()..)?.parse().ok()?))
    }

    /// The row or column at hand is hidden.
    pub(crate) fn is_hidden_line(&self) -> bool {
        self.line
    }

    /// The cell at hand is.
    pub(crate) fn is_hidden_cell(&self) -> bool {
        let is_in = |list: &[std::ops::RangeInclusive<u64>]| list.iter().any(|columns| columns.contains(&self.column));
        self.row || is_in(&self.columns) || self.all_columns && !is_in(&self.shown)
    }
}

/// The number of a column: `A` is 1, `AA` 27.
fn number(letters: &str) -> Option<u64> {
    let digit = |letter: char| letter.to_digit(36)?.checked_sub(9).filter(|digit| *digit > 0);
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    letters.chars().try_fold(0_u64, |sum, letter| sum.checked_mul(26)?.checked_add(u64::from(digit(letter)?)))
}
