//! Does a formula refer to what the policy takes out? Read backwards from each `!`, and word by word.

use std::collections::HashSet;

/// What formulas may not refer to any more. Names are in lower case.
#[derive(Debug, Default)]
pub(crate) struct Targets {
    pub(crate) sheets: HashSet<String>,
    /// Names and tables.
    pub(crate) names: HashSet<String>,
    /// Other workbooks and pivot tables.
    pub(crate) cached: bool,
    /// Cubes.
    pub(crate) connections: bool,
}

impl Targets {
    pub(crate) fn is_empty(&self) -> bool {
        self.sheets.is_empty() && self.names.is_empty() && !self.cached && !self.connections
    }

    /// True when the formula refers to one of them.
    pub(crate) fn are_in(&self, formula: &str) -> bool {
        if self.is_empty() {
            return false;
        }
        let code: String = formula.split('"').step_by(2).collect::<Vec<_>>().join("\"").to_lowercase();
        let sheets = code.match_indices('!').any(|(at, _)| self.is_sheet(code.get(..at).unwrap_or_default()));
        sheets || self.has_word(&code)
    }

    /// Judges what stands before a `!`.
    fn is_sheet(&self, before: &str) -> bool {
        if before.ends_with(']') {
            return self.cached;
        }
        let (name, rest) = match before.strip_suffix('\'') {
            Some(quoted) => {
                // Two apostrophes are one of the name.
                let mut start = quoted.len();
                while let Some(at) = quoted.get(..start).and_then(|text| text.rfind('\'')) {
                    match quoted.get(..at) {
                        Some(text) if text.ends_with('\'') => start = at.saturating_sub(1),
                        _ => {
                            start = at;
                            break;
                        }
                    }
                }
                let name = quoted.get(start..).unwrap_or_default().trim_start_matches('\'').replace("''", "'");
                (name, quoted.get(..start).unwrap_or_default())
            }
            None => {
                let rest = before.trim_end_matches(is_word);
                (before.get(rest.len()..).unwrap_or_default().to_owned(), rest)
            }
        };
        if rest.ends_with(']') || name.contains(']') {
            return self.cached;
        }
        let range = name.contains(':') || rest.ends_with(':');
        self.sheets.contains(&name) || range && !self.sheets.is_empty()
    }

    /// Looks at names, tables and functions: words outside of quotes and brackets.
    fn has_word(&self, code: &str) -> bool {
        let mut depth = 0_u32;
        let mut bare = String::with_capacity(code.len());
        for piece in code.split('\'').step_by(2) {
            for c in piece.chars() {
                match c {
                    '[' => depth = depth.saturating_add(1),
                    ']' => depth = depth.saturating_sub(1),
                    _ if depth == 0 => bare.push(c),
                    _ => {}
                }
            }
            bare.push('\'');
        }
        let mut rest = bare.as_str();
        while let Some(start) = rest.find(is_word) {
            let word = rest.get(start..).unwrap_or_default();
            let end = word.find(|c| !is_word(c)).unwrap_or(word.len());
            let (word, after) = word.split_at(end);
            if !after.starts_with('!') && self.is_word(word) {
                return true;
            }
            rest = after;
        }
        false
    }

    fn is_word(&self, word: &str) -> bool {
        self.names.contains(word)
            || !self.sheets.is_empty() && matches!(word, "indirect" | "sheet" | "sheets")
            || self.cached && word == "getpivotdata"
            || self.connections && word.starts_with("cube")
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || "_.\\?".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        let sheets = Targets {
            sheets: ["hidden".to_owned(), "o'b c".to_owned()].into(),
            names: ["taxes".to_owned()].into(),
            ..Targets::default()
        };
        let cached = Targets { cached: true, ..Targets::default() };
        for (targets, formula, refers) in [
            (&sheets, "Hidden!A1+1", true),
            (&sheets, "SUM('o''b c'!A1:B2)", true),
            (&sheets, "NotHidden!A1", false),
            (&sheets, "\"Hidden!\"&A1", false),
            (&sheets, "SUM(a:b!A1)", true),
            (&sheets, "Taxes*2", true),
            (&sheets, "SUM(T[taxes])", false),
            (&sheets, "indirect(A1)", true),
            (&cached, "SUM([1]Sheet!A1)", true),
            (&cached, "'[1]My sheet'!A1", true),
            (&cached, "[3]!x", true),
            (&cached, "T[2020]+SUM(T[[1],[2]])", false),
        ] {
            assert_eq!(targets.are_in(formula), refers, "{formula}");
        }
    }
}
