//! Where a cell stands: rows, columns and cells are counted, as they have no names of their own.

use crate::prove::xml::Element;

/// Columns and rows beyond these no program has.
const MOST: u32 = 1 << 24;
/// Ranges of hidden columns that are remembered.
const MOST_RANGES: usize = 20_000;

/// A sheet that is being read.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) name: String,
    /// The style of the sheet hides it.
    is_hidden: bool,
    row: u32,
    next_row: u32,
    next_cell: u32,
    next_column: u32,
    row_is_hidden: bool,
    hidden_columns: Vec<(u32, u32)>,
}

impl Sheet {
    pub(super) fn new(name: String, is_hidden: bool) -> Self {
        Self { name, is_hidden, ..Self::default() }
    }

    pub(super) fn column(&mut self, element: &Element<'_>) {
        let from = self.next_column;
        self.next_column = after(from, element, "number-columns-repeated");
        if is_collapsed(element) && self.hidden_columns.len() < MOST_RANGES {
            self.hidden_columns.push((from, self.next_column));
        }
    }

    pub(super) fn row(&mut self, element: &Element<'_>) {
        self.row = self.next_row;
        self.next_row = after(self.row, element, "number-rows-repeated");
        self.next_cell = 0;
        self.row_is_hidden = is_collapsed(element);
    }

    /// The reference of a cell, for example `B7`, and whether its row or column is hidden.
    pub(super) fn cell(&mut self, element: &Element<'_>) -> (String, bool) {
        let column = self.next_cell;
        self.next_cell = after(column, element, "number-columns-repeated");
        let in_hidden = self.hidden_columns.iter().any(|(from, to)| (*from..*to).contains(&column));
        let reference = format!("{}{}", letters(column), self.row.saturating_add(1));
        (reference, self.is_hidden || self.row_is_hidden || in_hidden)
    }
}

fn after(at: u32, element: &Element<'_>, repeated: &str) -> u32 {
    let count = element.own(repeated).and_then(|count| count.trim().parse::<u32>().ok()).unwrap_or(1);
    at.saturating_add(count.max(1)).min(MOST)
}

fn is_collapsed(element: &Element<'_>) -> bool {
    matches!(element.own("visibility"), Some("collapse" | "filter"))
}

/// The name of a column, which is counted from 0: `A`, `Z`, `AA`.
fn letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column.saturating_add(1);
    while rest > 0 {
        rest = rest.saturating_sub(1);
        letters.push(char::from_u32(u32::from('A').saturating_add(rest % 26)).unwrap_or('?'));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(letters(column), name);
        }
    }
}
