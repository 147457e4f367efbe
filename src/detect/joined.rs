//! Words and numbers that a line break splits.
//!
//! A number at the end of a line goes on in the next one, a long word is hyphenated. Rules see such places a second time with
//! the break taken out: a hyphen between letters goes with it, any other hyphen stays, and a line that is long enough to have
//! been wrapped goes on after a space. Only the neighbourhood of such a break is looked at again.

use super::gates::Window;
use super::normal::{Folding, Normal};

/// How much text around a break is looked at again, in bytes on either side.
const AROUND: usize = 96;

/// A line that is shorter than this, in bytes, was not wrapped: it is a row of a table or an item of a list.
const WRAPPED: usize = 40;

/// A stretch of text with the breaks in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Region {
    start: usize,
    end: usize,
    breaks: Vec<Break>,
}

/// A line break and what takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Break {
    start: usize,
    end: usize,
    instead: &'static str,
}

/// The neighbourhoods of breaks that may split something. `keywords` is where keywords of rules stand, in order.
pub(super) fn regions(text: &str, keywords: &[Window]) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    let mut line = 0_usize;
    let mut keywords = keywords.iter().peekable();
    for newline in memchr::memchr_iter(b'\n', text.as_bytes()) {
        while keywords.next_if(|window| window.end < newline).is_some() {}
        let near_keyword = keywords.peek().is_some_and(|window| window.start <= newline);
        let found = break_at(text, line, newline, near_keyword);
        line = newline.saturating_add(1);
        let Some(found) = found else { continue };
        let start = boundary(text, found.start.saturating_sub(AROUND));
        let end = boundary(text, found.end.saturating_add(AROUND).min(text.len()));
        match regions.last_mut() {
            Some(last) if start <= last.end => {
                last.end = end;
                last.breaks.push(found);
            }
            _ => regions.push(Region { start, end, breaks: vec![found] }),
        }
    }
    regions
}

/// The break at a newline, if it may split something. `line` is where its line begins.
fn break_at(text: &str, line: usize, newline: usize, near_keyword: bool) -> Option<Break> {
    let before = text.get(line..newline)?.trim_end();
    let start = line.saturating_add(before.len());
    let behind = text.get(newline.saturating_add(1)..)?;
    let rest = behind.trim_start_matches([' ', '\t']);
    let end = text.len().saturating_sub(rest.len());
    let first = rest.chars().next().filter(|c| !c.is_whitespace())?;
    if let Some(stem) = before.strip_suffix('-') {
        let last = stem.chars().next_back().filter(|c| c.is_alphanumeric())?;
        if !first.is_alphanumeric() {
            return None;
        }
        let in_word = last.is_alphabetic() && first.is_alphabetic();
        return Some(Break { start: start.saturating_sub(usize::from(in_word)), end, instead: "" });
    }
    if before.len() < WRAPPED {
        return None;
    }
    let has_digit = |word: Option<&str>| word.is_some_and(|word| word.contains(|c: char| c.is_ascii_digit()));
    let numbers = has_digit(before.rsplit([' ', '\t']).next()) && has_digit(rest.split_whitespace().next());
    // A title, a name, an address: words with capitals on both sides.
    let capital = |c: char| c.is_uppercase() || c.is_ascii_digit();
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
    let capitals = capital(first)
        && word.starts_with(capital)
        && before.ends_with(|c: char| c.is_alphanumeric() || c == '/' || c == ',');
    (numbers || near_keyword && capitals).then_some(Break { start, end, instead: " " })
}

/// The nearest character boundary at or before `at`.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|position| text.is_char_boundary(*position)).unwrap_or(0)
}

impl Region {
    /// The stretch of `text` without its breaks. Offsets lead back to `text`.
    pub(super) fn joined<'j>(&self, text: &str) -> Normal<'j> {
        let mut folding = Folding::new(self.end.saturating_sub(self.start), self.start);
        let mut at = self.start;
        for found in &self.breaks {
            folding.copy(text.get(at..found.start).unwrap_or_default());
            folding.replace(found.instead, found.start, found.end);
            at = found.end;
        }
        folding.copy(text.get(at..self.end).unwrap_or_default());
        folding.finish()
    }

    /// True when the bytes `start..end` of the text reach over a break: what was found there is not found without joining.
    pub(super) fn is_split(&self, start: usize, end: usize) -> bool {
        self.breaks.iter().any(|found| start < found.start && found.end < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_go_and_offsets_lead_back() {
        let long = "A line that is long enough to have been wrapped by a program, card 4111 1111";
        // text, what it becomes, a needle, what the needle stands for
        let cases = [
            ("pass-\nword".to_owned(), "password", "password", "pass-\nword"),
            ("SEC-  \r\n  RET".to_owned(), "SECRET", "SECRET", "SEC-  \r\n  RET"),
            ("x 212-09-\n9998".to_owned(), "x 212-09-9998", "212-09-9998", "212-09-\n9998"),
            (format!("{long}\n1111 1111"), &format!("{long} 1111 1111"), "4111 1111 1111 1111", "4111 1111\n1111 1111"),
        ];
        for (text, joined, needle, original) in cases {
            let regions = regions(&text, &[]);
            let [region] = regions.as_slice() else { panic!("{regions:?}") };
            let made = region.joined(&text);
            assert_eq!(made.text(), joined);
            let start = made.text().find(needle).unwrap();
            let (from, to) = made.original(start, start + needle.len());
            assert_eq!(text.get(from..to), Some(original));
            assert!(region.is_split(from, to) && !region.is_split(from, from + 2));
        }
    }

    #[test]
    fn rows_and_paragraphs_are_not_joined() {
        let cases = ["4111 1111\n1111 1111", "- \nitem", "end of it.-\n\nNext", "a -\n- b", "--\nx"];
        for text in cases {
            assert_eq!(regions(text, &[]), [], "{text}");
        }
        let table = "  south     8        11.25       2004-11-20   ferries at 17:30\n  total     20";
        assert_eq!(regions(table, &[]), []);
        let prose = "words that go on and on in a line of prose until\nthe next one begins";
        assert_eq!(regions(prose, &[]), []);
        let marked = "words that go on and on in a line of prose with TOP\nSECRET in it";
        assert_eq!(regions(marked, &[Window { start: 40, end: 60 }]).len(), 1);
    }
}
