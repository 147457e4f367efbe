//! Lexicons: the user's own code words, project titles and names, thousands of them, found through one automaton.
//!
//! A lexicon stands in a policy (`[text.lexicons.projects]`) with its terms, or with the name of a file that lists them. Its
//! rule is `lexicon.projects`. Terms are compared as people read: spaces and line breaks are alike, and so are all variants
//! that [`super::normal`] makes the same. Nothing is guessed: there is no similarity and no word stem.

use aho_corasick::AhoCorasick;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::normal::{Folding, Normal};
use super::overlap::Claim;
use super::pack::RuleError;
use crate::finding::Severity;

/// The category of all lexicons.
pub const CATEGORY: &str = "lexicon";

/// A list of terms to look for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lexicon {
    /// Id of its rule, for example `lexicon.projects`.
    pub id: String,
    /// How much a hit matters.
    pub severity: Severity,
    /// How terms are compared.
    pub matching: Matching,
    /// The terms, at least one.
    pub terms: Vec<String>,
}

/// How the terms of a lexicon are compared with the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Matching {
    /// As whole words, in capitals and small letters alike.
    #[default]
    Word,
    /// As whole words, letter by letter.
    Exact,
    /// Also inside of words, in capitals and small letters alike.
    Anywhere,
}

/// The terms of all lexicons of a policy, compiled.
#[derive(Debug, Default)]
pub(super) struct Lexicons {
    /// Absent when there are no terms.
    automaton: Option<AhoCorasick>,
    /// By pattern of the automaton: the lexicon, and the term as it has to stand when case matters.
    terms: Vec<(usize, Option<String>)>,
    lexicons: Vec<Reported>,
}

/// What a hit of a lexicon is reported with.
#[derive(Debug)]
struct Reported {
    id: String,
    severity: Severity,
    whole_words: bool,
}

impl Lexicons {
    /// Compiles lexicons.
    ///
    /// # Errors
    /// When there are more terms than an automaton can hold.
    pub(super) fn new(lexicons: &[Lexicon]) -> Result<Self, RuleError> {
        let mut made = Self::default();
        let mut patterns = Vec::new();
        for (index, lexicon) in lexicons.iter().enumerate() {
            made.lexicons.push(Reported {
                id: lexicon.id.clone(),
                severity: lexicon.severity,
                whole_words: lexicon.matching != Matching::Anywhere,
            });
            for term in &lexicon.terms {
                let normal = Normal::new(term.trim());
                let exact = (lexicon.matching == Matching::Exact).then(|| spaced(normal.text()).text().to_owned());
                patterns.push(lower_case(spaced(normal.text()).text()).text().to_owned());
                made.terms.push((index, exact));
            }
        }
        if !patterns.is_empty() {
            let automaton = AhoCorasick::new(&patterns)
                .map_err(|error| RuleError(format!("the terms of the lexicons cannot be compiled: {error}")))?;
            made.automaton = Some(automaton);
        }
        Ok(made)
    }

    /// Id of the rule of a lexicon.
    pub(super) fn id(&self, index: usize) -> Option<&str> {
        self.lexicons.get(index).map(|lexicon| lexicon.id.as_str())
    }

    /// Adds the hits in a normalised text. Their rules are numbered from `first`.
    pub(super) fn search(&self, text: &str, first: usize, claims: &mut Vec<Claim>) {
        let Some(automaton) = &self.automaton else { return };
        let spaced = spaced(text);
        let folded = lower_case(spaced.text());
        for hit in automaton.find_overlapping_iter(folded.text()) {
            let Some((index, exact)) = self.terms.get(hit.pattern().as_usize()) else { continue };
            let Some(lexicon) = self.lexicons.get(*index) else { continue };
            if lexicon.whole_words && !is_whole(folded.text(), hit.start(), hit.end()) {
                continue;
            }
            let (start, end) = folded.original(hit.start(), hit.end());
            if exact.as_deref().is_some_and(|term| spaced.text().get(start..end) != Some(term)) {
                continue;
            }
            let (start, end) = spaced.original(start, end);
            let why = "a term of your lexicon".to_owned();
            claims.push(Claim {
                rule: first.saturating_add(*index),
                severity: lexicon.severity,
                score: 1.0,
                start,
                end,
                why,
            });
        }
    }
}

/// The text with every run of white space as one space.
fn spaced(text: &str) -> Normal<'_> {
    let mut folding = Folding::new(text.len(), 0);
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_whitespace()) {
        let (words, behind) = rest.split_at(at);
        let next = behind.trim_start();
        let start = text.len().saturating_sub(behind.len());
        let end = text.len().saturating_sub(next.len());
        folding.copy(words);
        if text.get(start..end) == Some(" ") {
            folding.copy(" ");
        } else {
            folding.replace(" ", start, end);
        }
        rest = next;
    }
    folding.copy(rest);
    folding.finish()
}

/// The text in small letters.
fn lower_case(text: &str) -> Normal<'_> {
    let mut folding = Folding::new(text.len(), 0);
    for (start, c) in text.char_indices() {
        let mut lower = c.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(single), None) if single.len_utf8() == c.len_utf8() => folding.push(single),
            _ => {
                let end = start.saturating_add(c.len_utf8());
                folding.replace(&c.to_lowercase().collect::<String>(), start, end);
            }
        }
    }
    folding.finish()
}

/// True when no word goes on at either end.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let ends = |inner: Option<char>, outer: Option<char>| !(inner.is_some_and(in_word) && outer.is_some_and(in_word));
    let inside = text.get(start..end).unwrap_or_default();
    let before = text.get(..start).and_then(|before| before.chars().next_back());
    let behind = text.get(end..).and_then(|behind| behind.chars().next());
    ends(inside.chars().next(), before) && ends(inside.chars().next_back(), behind)
}

/// True for the letters and digits of scripts that set words apart.
fn in_word(c: char) -> bool {
    let without_spaces = matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}');
    c.is_alphanumeric() && !without_spaces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(matching: Matching, term: &str, text: &str) -> Vec<String> {
        let lexicon =
            Lexicon { id: "lexicon.l".to_owned(), severity: Severity::Block, matching, terms: vec![term.to_owned()] };
        let mut claims = Vec::new();
        let normal = Normal::new(text);
        Lexicons::new(&[lexicon]).unwrap().search(normal.text(), 7, &mut claims);
        assert!(claims.iter().all(|claim| claim.rule == 7 && claim.severity == Severity::Block));
        let original = |claim: &Claim| {
            let (start, end) = normal.original(claim.start, claim.end);
            text.get(start..end).unwrap().to_owned()
        };
        claims.iter().map(original).collect()
    }

    #[test]
    fn terms_are_found_as_people_read_them() {
        use Matching::{Anywhere, Exact, Word};
        let cases: &[(Matching, &str, &str, &[&str])] = &[
            (Word, "Sandmouth", "the SANDMOUTH plan, Sandmouth's, sandmouths", &["SANDMOUTH", "Sandmouth"]),
            (Word, "sandmouth", "SANDMOUTH_2024.docx", &["SANDMOUTH"]),
            (Exact, "Sandmouth", "SANDMOUTH Sandmouth", &["Sandmouth"]),
            (Anywhere, "sand", "quicksandy", &["sand"]),
            (Word, "grey  heron", "the Grey\n   Heron, grey\u{a0}heron", &["Grey\n   Heron", "grey\u{a0}heron"]),
            (Exact, "Grey Heron", "the Grey\nHeron, GREY HERON", &["Grey\nHeron"]),
            (Word, "größe", "GRÖSSE GRÖßE", &["GRÖßE"]),
            (Word, "ışık", "İstanbul IŞIK ışık", &["ışık"]),
            (Word, "作戦", "秘密作戦計画", &["作戦"]),
            (Word, "ab", "a\u{200b}b abc", &["a\u{200b}b"]),
        ];
        for (matching, term, text, want) in cases {
            assert_eq!(&found(*matching, term, text), want, "{term} in {text}");
        }
    }
}
