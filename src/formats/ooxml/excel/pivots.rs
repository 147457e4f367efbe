//! What the cells of a pivot table would lose with it: a number format that they have not got themselves (ECMA-376 part 1,
//! 18.10.1.22, 18.10.1.49, 18.10.1.69), or all that they show, when the table is filled only once it is opened.

use std::collections::BTreeSet;

use crate::formats::ooxml::filters::HiddenCells;
use crate::formats::xml::{Ns, Token, Tokens};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// Where a pivot table lies.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pivot {
    /// The first column and row, and the last.
    area: [(u64, u64); 2],
    /// It gives its numbers a format.
    formats: bool,
}

impl Pivot {
    /// Reads the part of a pivot table.
    ///
    /// # Errors
    /// As [`Tokens::next`].
    pub(super) fn read(text: &str, limits: &Limits) -> Result<Self, Refusal> {
        let mut tokens = Tokens::new(text, limits);
        let mut pivot = Self::default();
        while let Some(token) = tokens.next()? {
            let Token::Start(element) = token else { continue };
            if element.is(Ns::S, "location") {
                let range = element.own("ref").unwrap_or_default();
                let (first, last) = range.split_once(':').unwrap_or((&range, &range));
                pivot.area = [first, last].map(|cell| HiddenCells::place(cell).unwrap_or_default());
            }
            let data = element.is(Ns::S, "dataField")
                || element.is(Ns::S, "pivotField") && element.flag("dataField") == Some(true);
            pivot.formats |= data && element.own("numFmtId").is_some_and(|format| format != "0");
        }
        Ok(pivot)
    }

    fn contains(&self, (column, row): (u64, u64)) -> bool {
        let [(left, top), (right, bottom)] = self.area;
        (left..=right).contains(&column) && (top..=bottom).contains(&row)
    }
}

/// The numbers of the formats of cells without a number format.
///
/// # Errors
/// As [`Tokens::next`].
pub(super) fn general_formats(styles: &str, limits: &Limits) -> Result<BTreeSet<usize>, Refusal> {
    let mut tokens = Tokens::new(styles, limits);
    let (mut general, mut next, mut within) = (BTreeSet::new(), 0_usize, false);
    while let Some(token) = tokens.next()? {
        let Token::Start(element) = token else { continue };
        match element.local {
            "cellXfs" => within = true,
            "cellStyleXfs" | "cellStyles" | "dxfs" => within = false,
            "xf" if within => {
                if element.own("numFmtId").is_none_or(|format| format == "0") {
                    general.insert(next);
                }
                next = next.saturating_add(1);
            }
            _ => {}
        }
    }
    Ok(general)
}

/// Why the pivot tables of a sheet cannot become plain cells.
///
/// # Errors
/// As [`Tokens::next`].
pub(super) fn obstacle(
    sheet: &str,
    pivots: &[Pivot],
    general: &BTreeSet<usize>,
    limits: &Limits,
) -> Result<Option<&'static str>, Refusal> {
    let mut tokens = Tokens::new(sheet, limits);
    let mut cells = HiddenCells::default();
    let mut filled = vec![false; pivots.len()];
    let mut is_general = false;
    while let Some(token) = tokens.next()? {
        let Token::Start(element) = token else { continue };
        match (element.ns, element.local) {
            (Ns::S, "row") => {
                cells.enter_row(&element);
            }
            (Ns::S, "c") => {
                cells.enter_cell(&element);
                let number = matches!(element.own("t").as_deref(), None | Some("n"));
                let format = element.own("s").and_then(|format| format.parse().ok()).unwrap_or_default();
                is_general = number && general.contains(&format);
            }
            (Ns::S, "v" | "is") => {
                for (pivot, filled) in pivots.iter().zip(&mut filled).filter(|(pivot, _)| pivot.contains(cells.at())) {
                    *filled = true;
                    if is_general && pivot.formats {
                        return Ok(Some("a pivot table gives its cells their number format"));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(filled.contains(&false).then_some("a pivot table is filled only when it is opened"))
}
