//! Which formulas refer to what goes (ECMA-376 part 1, 18.17: the grammar of formulas).

use std::collections::BTreeMap;

use super::slicers::Slicers;
use crate::policy::Class;

/// What goes, as formulas name it. All names are in lower case.
#[derive(Debug, Default, Clone)]
pub(super) struct Lost {
    /// Sheets, with the class for which each goes.
    pub(super) sheets: BTreeMap<String, Class>,
    /// Names and tables that stand for something that goes, with its class.
    pub(super) names: BTreeMap<String, Class>,
    /// The content of hidden rows and columns.
    pub(super) hidden_cells: bool,
    /// The content of cells whose format shows nothing.
    pub(super) concealed_cells: bool,
    /// Pivot tables and the cells of other workbooks.
    pub(super) cached: bool,
    /// The slicers and timelines of pivot tables.
    pub(super) slicers: Slicers,
    /// Connections, and the cubes that they lead to.
    pub(super) connections: bool,
}

/// Functions that find their sheet by a text or a number.
const OVER_SHEETS: &[&str] = &["indirect", "sheet", "sheets"];

/// A piece of a formula that may refer to something.
enum Piece<'f> {
    /// A sheet before its `!`, as written but for quotes; `true` when it is the end of a range of sheets.
    Sheet(&'f str, bool),
    /// A name, a table, a function or a cell.
    Word(&'f str),
    /// The number of another workbook.
    Workbook,
}

impl Lost {
    /// The class of what a formula, or a reference to a range, refers to that goes.
    pub(super) fn refers(&self, formula: &str) -> Option<Class> {
        let mut found = None;
        pieces(formula, &mut |piece| {
            let class = match piece {
                Piece::Sheet(_, true) => self.any_sheet(),
                Piece::Sheet(name, false) => {
                    let name = name.replace("''", "'").to_lowercase();
                    let within = || self.any_sheet().filter(|_| name.contains(':'));
                    self.sheets.get(&name).copied().or_else(within)
                }
                Piece::Workbook => self.cached.then_some(Class::ContentCachedData),
                Piece::Word(word) => self.word(&word.to_lowercase()),
            };
            if found.is_none() {
                found = class;
            }
        });
        found
    }

    fn word(&self, word: &str) -> Option<Class> {
        if let Some(class) = self.names.get(word) {
            return Some(*class);
        }
        if OVER_SHEETS.contains(&word)
            && let Some(class) = self.any_sheet()
        {
            return Some(class);
        }
        if self.cached && word == "getpivotdata" {
            return Some(Class::ContentCachedData);
        }
        (self.connections && word.starts_with("cube")).then_some(Class::ContentConnections)
    }

    /// The class of what may go with a range of sheets, whose ends alone are known.
    fn any_sheet(&self) -> Option<Class> {
        self.sheets.values().next().copied()
    }

    /// Nothing goes.
    pub(super) fn is_nothing(&self) -> bool {
        let referred = !self.sheets.is_empty() || !self.names.is_empty() || self.cached || self.connections;
        !referred && self.emptied().next().is_none()
    }

    /// The class for which the formula of a cell is frozen.
    pub(super) fn freezes(&self, formula: &str) -> Option<Class> {
        self.emptied().next().or_else(|| self.refers(formula))
    }

    /// The classes for which cells are emptied: any formula may depend on one of them.
    pub(super) fn emptied(&self) -> impl Iterator<Item = Class> + use<> {
        let hidden = self.hidden_cells.then_some(Class::ContentHiddenRows);
        hidden.into_iter().chain(self.concealed_cells.then_some(Class::ContentHiddenText))
    }
}

/// Hands the pieces of a formula to `visit`.
fn pieces<'f>(formula: &'f str, visit: &mut dyn FnMut(Piece<'f>)) {
    let mut rest = formula;
    // The last word was followed by a colon: what comes may be the end of a range of sheets.
    let mut range = false;
    while let Some(first) = rest.chars().next() {
        match first {
            '"' => {
                rest = after_quoted(rest, '"').1;
                range = false;
            }
            '\'' => {
                let (name, after) = after_quoted(rest, '\'');
                rest = after;
                sheet(name, range && rest.starts_with('!'), visit);
                range = false;
            }
            '[' => {
                let (inside, after) = after_bracket(rest);
                let number = !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit());
                if number && after.starts_with(|c: char| is_word(c) || c == '!' || c == '\'') {
                    visit(Piece::Workbook);
                }
                rest = after;
            }
            c if is_word(c) => {
                let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                if after.starts_with('!') {
                    sheet(word, range, visit);
                } else {
                    visit(Piece::Word(word));
                }
                range = after.starts_with(':');
                // Behind the name of a table stand its columns, in brackets.
                rest = if after.starts_with('[') { after_bracket(after).1 } else { after };
            }
            c => {
                range &= c == ':';
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }
}

/// A sheet, with the workbook that it is in.
fn sheet<'f>(name: &'f str, range: bool, visit: &mut dyn FnMut(Piece<'f>)) {
    match name.rsplit_once(']') {
        Some(_) => visit(Piece::Workbook),
        None => visit(Piece::Sheet(name, range)),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '\\' | '?')
}

/// What stands between quotes, which are written twice within, and what follows.
fn after_quoted(text: &str, quote: char) -> (&str, &str) {
    let inner = text.strip_prefix(quote).unwrap_or(text);
    let mut from = 0_usize;
    while let Some(at) = inner.get(from..).and_then(|rest| rest.find(quote)).and_then(|at| at.checked_add(from)) {
        let after = at.saturating_add(1);
        if inner.get(after..).is_some_and(|rest| rest.starts_with(quote)) {
            from = after.saturating_add(1);
            continue;
        }
        return (inner.get(..at).unwrap_or_default(), inner.get(after..).unwrap_or_default());
    }
    (inner, "")
}

/// What stands between brackets, which may be nested, and what follows. An apostrophe takes the meaning from the next.
fn after_bracket(text: &str) -> (&str, &str) {
    let (mut depth, mut escaped) = (0_u32, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\'' => escaped = true,
            '[' => depth = depth.saturating_add(1),
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return (text.get(1..at).unwrap_or_default(), text.get(at.saturating_add(1)..).unwrap_or_default());
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_that_refer_to_what_goes() {
        let sheets = Lost {
            sheets: ["secret", "it's b"].map(|name| (name.to_owned(), Class::ContentHiddenSheets)).into(),
            names: ["rate", "table1"].map(|name| (name.to_owned(), Class::ContentHiddenSheets)).into(),
            ..Lost::default()
        };
        let cached = Lost { cached: true, ..Lost::default() };
        let connections = Lost { connections: true, ..Lost::default() };
        for (lost, formula, refers) in [
            (&sheets, "1+Secret!A1", true),
            (&sheets, "SUM('It''s b'!$A$1:$B$2)", true),
            (&sheets, "'Secret'!A1", true),
            (&sheets, "Secrets!A1", false),
            (&sheets, "\"Secret!A1\"", false),
            (&sheets, "SUM(Jan:Dec!A1)", true),
            (&sheets, "SUM('Jan:Dec x'!A1)", true),
            (&sheets, "SUM(A1:B2,Other!C3)", false),
            (&sheets, "A1*RATE", true),
            (&sheets, "Rates+A1", false),
            (&sheets, "SUM(Table1[Amount])", true),
            (&sheets, "SUM(Table2[rate])", false),
            (&sheets, "INDIRECT(A1)", true),
            (&sheets, "[1]Other!A1", false),
            (&cached, "[1]Sheet1!A1", true),
            (&cached, "'[12]My Sheet'!A1", true),
            (&cached, "[2]!Name", true),
            (&cached, "SUM(Table1[[2020],[2021]])", false),
            (&cached, "Table1[2020]*2", false),
            (&cached, "GETPIVOTDATA(\"x\",A1)", true),
            (&cached, "CUBEVALUE(A1)", false),
            (&connections, "CUBEVALUE(A1)", true),
        ] {
            assert_eq!(lost.refers(formula).is_some(), refers, "{formula}");
        }
    }
}
