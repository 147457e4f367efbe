//! Tables of a sheet (ECMA-376 part 1, 18.5.1.2): the names by which formulas know them, and their headers, whose cells must say
//! what the columns of the table are called. Excel repairs a workbook in which one of them is empty.

use crate::formats::ooxml::filters::HiddenCells;
use crate::formats::xml::{Ns, Token, Tokens};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// More columns than any sheet has.
const MOST_COLUMNS: u64 = 16_384;

/// What the part of a table says.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// The names by which formulas refer to it, in lower case.
    pub(super) names: Vec<String>,
    /// The columns of its header, the first and the last, and the row.
    header: Option<([u64; 2], u64)>,
}

impl Table {
    /// Reads the part of a table.
    ///
    /// # Errors
    /// As [`Tokens::next`].
    pub(super) fn read(text: &str, limits: &Limits) -> Result<Self, Refusal> {
        let mut tokens = Tokens::new(text, limits);
        let mut table = Self::default();
        while let Some(token) = tokens.next()? {
            let Token::Start(element) = token else { continue };
            let names = ["name", "displayName"].into_iter().filter_map(|name| element.own(name));
            table.names = names.map(|name| name.to_lowercase()).collect();
            let range = element.own("ref").unwrap_or_default();
            let (first, last) = range.split_once(':').unwrap_or((&range, &range));
            if let (Some((left, top)), Some((right, _))) = (HiddenCells::place(first), HiddenCells::place(last))
                && element.own("headerRowCount").as_deref() != Some("0")
            {
                table.header = Some(([left, right.min(MOST_COLUMNS)], top));
            }
            break; // the root says it
        }
        Ok(table)
    }
}

/// Why the hidden rows and columns of a sheet cannot be emptied.
///
/// # Errors
/// As [`Tokens::next`].
pub(super) fn obstacle(sheet: &str, tables: &[Table], limits: &Limits) -> Result<Option<&'static str>, Refusal> {
    let mut tokens = Tokens::new(sheet, limits);
    let mut cells = HiddenCells::default();
    while let Some(token) = tokens.next()? {
        let Token::Start(element) = token else { continue };
        match (element.ns, element.local) {
            (Ns::S, "sheetFormatPr") => drop(cells.enter_sheet(&element)),
            (Ns::S, "col") => drop(cells.enter_column(&element)),
            (Ns::S, "row") => drop(cells.enter_row(&element)),
            _ => {}
        }
    }
    let mut headers = tables.iter().filter_map(|table| table.header);
    let hidden = headers.any(|([left, right], row)| (left..=right).any(|column| cells.hides((column, row))));
    Ok(hidden.then_some("a table has its header in it"))
}
