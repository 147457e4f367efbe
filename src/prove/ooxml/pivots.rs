//! What cells would lose with the pivot table that they lie in: its number format, or all of their content.

use std::collections::HashSet;

use super::package::{Package, Target};
use super::rows::HiddenCells;
use crate::formats::Context;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Token, is_true};
use crate::refusal::Refusal;

/// The corners of a pivot table, and whether it sets a number format.
struct Table {
    corners: [(u64, u64); 2],
    has_format: bool,
}

/// True when the cells of a sheet's pivot tables show less without them.
///
/// # Errors
/// When a part cannot be read.
pub(crate) fn give_more_than_cells_have(
    package: &Package,
    sheet: usize,
    context: &Context<'_>,
) -> Result<bool, Refusal> {
    let mut tables = Vec::new();
    for relationship in package.part(sheet)?.related("pivotTable") {
        let Target::Part(table) = relationship.target else { continue };
        let part = package.part(table)?;
        let mut reader = part.xml(context.limits)?.reader();
        let mut table = Table { corners: [(0, 0); 2], has_format: false };
        while let Some(token) = reader.next() {
            let Token::Start(element) = token else { continue };
            match element.local {
                "location" => {
                    let mut cells = element.plain("ref").unwrap_or_default().split(':').filter_map(HiddenCells::place);
                    let first = cells.next().unwrap_or_default();
                    table.corners = [first, cells.next().unwrap_or(first)];
                }
                "dataField" => table.has_format |= !matches!(element.plain("numFmtId"), None | Some("0")),
                "pivotField" if element.plain("dataField").is_some_and(is_true) => {
                    table.has_format |= !matches!(element.plain("numFmtId"), None | Some("0"));
                }
                _ => {}
            }
        }
        tables.push(table);
    }
    if tables.is_empty() {
        return Ok(false);
    }
    let unformatted = unformatted(package, context)?;
    let part = package.part(sheet)?;
    let mut reader = part.xml(context.limits)?.reader();
    let mut cells = HiddenCells::default();
    let mut empty: HashSet<usize> = (0..tables.len()).collect();
    let mut bare_number = false;
    while let Some(token) = reader.next() {
        let Token::Start(element) = token else { continue };
        if element.ns != Ns::Sheet {
            continue;
        }
        cells.meet(&element);
        if element.local == "c" {
            let style = element.plain("s").and_then(|style| style.parse().ok()).unwrap_or_default();
            bare_number = matches!(element.plain("t"), None | Some("n")) && unformatted.contains(&style);
        }
        if !matches!(element.local, "v" | "is") {
            continue;
        }
        let (column, row) = cells.at();
        for (at, table) in tables.iter().enumerate() {
            let [first, last] = table.corners;
            if column >= first.0 && column <= last.0 && row >= first.1 && row <= last.1 {
                empty.remove(&at);
                if bare_number && table.has_format {
                    return Ok(true);
                }
            }
        }
    }
    Ok(!empty.is_empty())
}

/// Formats of cells that say nothing about numbers.
fn unformatted(package: &Package, context: &Context<'_>) -> Result<HashSet<usize>, Refusal> {
    let Some(styles) = package.first(package.main()?, "styles") else { return Ok(HashSet::from([0])) };
    let mut reader = package.part(styles)?.xml(context.limits)?.reader();
    let mut formats: Option<Vec<bool>> = None;
    while let Some(token) = reader.next() {
        let Token::Start(element) = token else { continue };
        match (element.local, &mut formats) {
            ("cellXfs", _) => formats = Some(Vec::new()),
            ("xf", Some(formats)) => formats.push(matches!(element.plain("numFmtId"), None | Some("0"))),
            ("cellStyles" | "dxfs", Some(_)) => break,
            _ => {}
        }
    }
    let formats = formats.unwrap_or_default().into_iter().enumerate();
    Ok(formats.filter(|(_, bare)| *bare).map(|(number, _)| number).collect())
}
