//! Which cells of a sheet lie in hidden rows and columns (ECMA-376 part 1, 18.3.1.13, 18.3.1.73, 18.3.1.81).

use std::collections::BTreeSet;

use crate::formats::xml::Element;

/// More ranges of hidden columns than any sheet has columns.
const MOST_COLUMNS: usize = 20_000;

/// Follows a sheet from tag to tag.
#[derive(Debug, Default)]
pub(in crate::formats::ooxml) struct HiddenCells {
    columns: Vec<(u64, u64)>,
    rows: BTreeSet<u64>,
    by_default: bool,
    /// Columns are hidden that say nothing of themselves; these do.
    default_columns: bool,
    shown_columns: Vec<(u64, u64)>,
    hidden_row: bool,
    row: u64,
    column: u64,
}

impl HiddenCells {
    /// Rows and columns may be hidden that say nothing of themselves. Returns whether such columns are.
    pub(in crate::formats::ooxml) fn enter_sheet(&mut self, element: &Element<'_>) -> bool {
        self.by_default = element.flag("zeroHeight").unwrap_or(false);
        self.default_columns = element.own("defaultColWidth").is_some_and(|width| width.parse::<f64>() == Ok(0.0));
        self.default_columns
    }

    /// Columns are hidden by name or by width. Returns whether these are.
    pub(in crate::formats::ooxml) fn enter_column(&mut self, element: &Element<'_>) -> bool {
        let number = |name| element.own(name).and_then(|value| value.parse::<u64>().ok());
        let no_width = element.own("width").is_some_and(|width| width.parse::<f64>() == Ok(0.0));
        let hidden = element.flag("hidden").unwrap_or(false) || no_width;
        let columns = if hidden { &mut self.columns } else { &mut self.shown_columns };
        if let (true, Some(min), Some(max)) = (columns.len() < MOST_COLUMNS, number("min"), number("max")) {
            columns.push((min, max));
        }
        hidden
    }

    /// A row is hidden by name, by height, or because all rows are that say nothing. Returns whether this one is.
    pub(in crate::formats::ooxml) fn enter_row(&mut self, element: &Element<'_>) -> bool {
        let no_height = element.own("ht").is_some_and(|height| height.parse::<f64>() == Ok(0.0));
        let default = self.by_default && element.own("ht").is_none();
        self.hidden_row = element.flag("hidden").unwrap_or(default) || no_height;
        let next = self.row.saturating_add(1);
        self.row = element.own("r").and_then(|row| row.parse().ok()).unwrap_or(next);
        self.column = 0;
        if self.hidden_row {
            self.rows.insert(self.row);
        }
        self.hidden_row
    }

    /// Moves on to a cell of the row.
    pub(in crate::formats::ooxml) fn enter_cell(&mut self, element: &Element<'_>) {
        let next = self.column.saturating_add(1);
        self.column = element.own("r").and_then(|reference| column(&reference)).unwrap_or(next);
    }

    /// The column and row of the cell at hand.
    pub(in crate::formats::ooxml) fn at(&self) -> (u64, u64) {
        (self.column, self.row)
    }

    /// The column and row of a reference such as `AB12`.
    pub(in crate::formats::ooxml) fn place(reference: &str) -> Option<(u64, u64)> {
        let row = reference.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().ok()?;
        Some((column(reference)?, row))
    }

    /// The cell at hand is hidden.
    pub(in crate::formats::ooxml) fn hides_cell(&self) -> bool {
        self.hidden_row || self.hidden_column().is_some()
    }

    /// The row at hand is hidden.
    pub(in crate::formats::ooxml) fn hides_row(&self) -> bool {
        self.hidden_row
    }

    /// Which range of hidden columns the cell at hand lies in.
    pub(in crate::formats::ooxml) fn hidden_column(&self) -> Option<usize> {
        self.range_of(self.column)
    }

    /// The range of hidden columns with this one; the last are those that say nothing of themselves.
    fn range_of(&self, column: u64) -> Option<usize> {
        let within = |(min, max): &(u64, u64)| (*min..=*max).contains(&column);
        let default = self.default_columns && !self.shown_columns.iter().any(within);
        self.columns.iter().position(within).or_else(|| default.then_some(self.columns.len()))
    }

    /// The first cell of a range such as `A1:B2` is hidden; to be asked behind the last row.
    pub(in crate::formats::ooxml) fn hides_start(&self, range: &str) -> bool {
        let first = range.split(':').next().unwrap_or_default();
        Self::place(first).is_some_and(|place| self.hides(place))
    }

    /// The cell in this column and row is hidden; to be asked behind the last row.
    pub(in crate::formats::ooxml) fn hides(&self, (column, row): (u64, u64)) -> bool {
        self.rows.contains(&row) || self.range_of(column).is_some()
    }
}

/// The number of the column of a reference such as `AB12`.
fn column(reference: &str) -> Option<u64> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    letters.take(4).try_fold(0_u64, |number, letter| {
        let digit = u64::from(letter.to_ascii_uppercase().checked_sub(b'A')?).checked_add(1)?;
        number.checked_mul(26)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_references() {
        for (reference, expected) in [("A1", 1), ("Z9", 26), ("AA1", 27), ("XFD1", 16_384)] {
            assert_eq!(column(reference), Some(expected));
        }
    }
}
