//! Gates: which rules are searched where. Most text is far from any keyword and any number, and no pattern looks at it.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};
use regex::{RegexSet, RegexSetBuilder};

use super::pack::Rule;
use super::pattern::ascii_boundaries;

/// How far from a keyword a pattern is searched, in bytes.
pub(super) const BEFORE: usize = 96;
pub(super) const AFTER: usize = 256;

/// How close to a keyword a line break has to be to split a match, in bytes.
const CLOSE: usize = 32;

/// How long a stretch of text the digit-gated set looks at in one go.
const STRETCH: usize = 2 << 10;

/// How far from a digit a match of a digit-gated rule may reach, in bytes.
const DIGIT_REACH: usize = 64;

/// How much text all rules look at before they go on, in bytes: about what stays in the cache of a processor.
pub(super) const BLOCK: usize = 256 << 10;

/// How far rules see beyond the end of a block, in bytes: further than beyond a keyword.
pub(super) const BEYOND: usize = 4 << 10;

/// A stretch of the normalised text that a rule is searched in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Where rules have to be searched.
#[derive(Debug, Default)]
pub(super) struct Gates {
    /// By rule, in order of the text.
    pub(super) windows: BTreeMap<usize, Vec<Window>>,
    /// The near neighbourhoods of all keywords.
    pub(super) keywords: Vec<Window>,
}

/// From so many bytes of text on, the larger automaton is worth what it costs to build, in time and in memory.
const MUCH_TEXT: u64 = 512 << 10;

/// All keywords in one automaton, and the rules that have none in one set of patterns.
#[derive(Debug)]
pub(super) struct GateKeeper {
    keywords: Vec<&'static str>,
    /// Bytes of the longest keyword.
    longest: usize,
    /// Per keyword: the rules that it opens.
    opens: Vec<Vec<usize>>,
    /// The automaton for the first pieces of text, and the one for many: ten times the size, built in ten times the time, and
    /// twice as fast. Both find the same. A program that scans nothing builds neither.
    small: OnceLock<Option<AhoCorasick>>,
    large: OnceLock<Option<AhoCorasick>>,
    scanned: AtomicU64,
    /// Pattern source and rule of all rules without keywords.
    digit_gated: Vec<(String, usize)>,
    digit_set: OnceLock<RegexSet>,
}

impl GateKeeper {
    /// Collects the keywords of rules, which are numbered in this order.
    pub(super) fn new(rules: impl Iterator<Item = &'static Rule>) -> Self {
        let mut by_keyword: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
        let mut digit_gated = Vec::new();
        for (index, rule) in rules.enumerate() {
            if rule.keywords.is_empty() {
                digit_gated.extend(rule.patterns.iter().map(|pattern| (ascii_boundaries(&pattern.regex), index)));
            }
            for keyword in &rule.keywords {
                by_keyword.entry(keyword).or_default().push(index);
            }
        }
        let longest = by_keyword.keys().map(|keyword| keyword.len()).max().unwrap_or(0);
        let (keywords, opens) = by_keyword.into_iter().unzip();
        Self {
            keywords,
            longest,
            opens,
            small: OnceLock::new(),
            large: OnceLock::new(),
            scanned: AtomicU64::new(0),
            digit_gated,
            digit_set: OnceLock::new(),
        }
    }

    /// Builds the automaton that the first scan needs.
    pub(super) fn prepare(&self) {
        let _ = self.automaton(0);
    }

    /// The automaton for the next `bytes` of text, whose letters must be lower case: one that folds case itself has twice the
    /// transitions and takes twice the time to build. `None` when there are more keywords than one can hold.
    fn automaton(&self, bytes: usize) -> Option<&AhoCorasick> {
        let build = |kind| {
            let keywords = self.keywords.iter().map(|keyword| keyword.to_ascii_lowercase());
            AhoCorasickBuilder::new().kind(Some(kind)).build(keywords).ok()
        };
        let before = self.scanned.fetch_add(bytes as u64, Ordering::Relaxed);
        if before.saturating_add(bytes as u64) < MUCH_TEXT {
            self.small.get_or_init(|| build(AhoCorasickKind::ContiguousNFA)).as_ref()
        } else {
            self.large.get_or_init(|| build(AhoCorasickKind::DFA)).as_ref()
        }
    }

    /// Where each rule has to be searched, in order of the text.
    pub(super) fn open(&self, text: &str) -> Gates {
        let mut gates = Gates::default();
        match self.automaton(text.len()) {
            Some(automaton) => self.open_at_keywords(automaton, text, &mut gates),
            None => {
                let everything = Window { start: 0, end: text.len() };
                self.opens
                    .iter()
                    .flatten()
                    .for_each(|rule| push_window(gates.windows.entry(*rule).or_default(), everything));
                gates.keywords.push(everything);
            }
        }
        if !self.digit_gated.is_empty() {
            for window in digit_windows(text) {
                let stretch = text.get(window.start..window.end).unwrap_or_default();
                for index in self.digit_set().matches(stretch) {
                    if let Some((_, rule)) = self.digit_gated.get(index) {
                        push_window(gates.windows.entry(*rule).or_default(), window);
                    }
                }
            }
        }
        gates
    }

    /// Opens the gates around all keywords, block by block.
    fn open_at_keywords(&self, automaton: &AhoCorasick, text: &str, gates: &mut Gates) {
        let mut folded = Vec::new();
        for block in blocks(text) {
            // A keyword may begin in the block before.
            let from = block.start.saturating_sub(self.longest);
            folded.clear();
            folded.extend_from_slice(text.as_bytes().get(from..block.end).unwrap_or_default());
            folded.make_ascii_lowercase();
            for hit in automaton.find_overlapping_iter(&folded) {
                let (start, end) = (from.saturating_add(hit.start()), from.saturating_add(hit.end()));
                if end <= block.start {
                    continue;
                }
                let window = Window {
                    start: snap_back(text, start.saturating_sub(BEFORE)),
                    end: next_boundary(text, end.saturating_add(AFTER)),
                };
                for rule in self.opens.get(hit.pattern().as_usize()).into_iter().flatten() {
                    push_window(gates.windows.entry(*rule).or_default(), window);
                }
                let near = Window { start: start.saturating_sub(CLOSE), end: end.saturating_add(CLOSE) };
                push_window(&mut gates.keywords, near);
            }
        }
    }

    fn digit_set(&self) -> &RegexSet {
        self.digit_set.get_or_init(|| {
            let sources = self.digit_gated.iter().map(|(source, _)| source.as_str());
            // The packs are proved by `check`; a set that does not compile would be found there.
            RegexSetBuilder::new(sources)
                .size_limit(64 << 20)
                .dfa_size_limit(32 << 20)
                .build()
                .unwrap_or_else(|_| RegexSet::empty())
        })
    }
}

/// The text in blocks, cut between characters.
pub(super) fn blocks(text: &str) -> impl Iterator<Item = Window> {
    let mut start = 0_usize;
    std::iter::from_fn(move || {
        let end = next_boundary(text, start.saturating_add(BLOCK));
        let block = Window { start, end };
        start = end;
        (block.start < end).then_some(block)
    })
}

/// Adds a window behind the others, merged with the last one where they meet.
fn push_window(windows: &mut Vec<Window>, window: Window) {
    match windows.last_mut() {
        Some(last) if window.start <= last.end => last.end = last.end.max(window.end),
        _ => windows.push(window),
    }
}

/// The neighbourhoods of all digits, in stretches of limited length that overlap.
fn digit_windows(text: &str) -> Vec<Window> {
    let mut windows: Vec<Window> = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        if !byte.is_ascii_digit() {
            continue;
        }
        let end = at.saturating_add(DIGIT_REACH);
        match windows.last_mut() {
            Some(last) if at.saturating_sub(DIGIT_REACH) <= last.end && end.saturating_sub(last.start) <= STRETCH => {
                last.end = end;
            }
            _ => windows.push(Window { start: at.saturating_sub(DIGIT_REACH), end }),
        }
    }
    for window in &mut windows {
        window.start = snap_back(text, window.start);
        window.end = next_boundary(text, window.end);
    }
    windows
}

/// The nearest character boundary at or before `at`, moved on to a space if there is one close by.
fn snap_back(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let near = (at.saturating_sub(64)..=at.min(text.len())).rev();
    for position in near {
        if position == 0 || bytes.get(position.saturating_sub(1)).is_some_and(u8::is_ascii_whitespace) {
            return position;
        }
    }
    (0..=at.min(text.len())).rev().find(|position| text.is_char_boundary(*position)).unwrap_or(0)
}

/// The nearest character boundary at or behind `at`.
pub(super) fn next_boundary(text: &str, at: usize) -> usize {
    (at..text.len()).find(|position| text.is_char_boundary(*position)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::super::pack::built_in_packs;
    use super::*;

    #[test]
    fn both_automata_open_the_same_gates() {
        let rules = || built_in_packs().unwrap().iter().flat_map(|pack| &pack.rules);
        let text: String = rules().flat_map(|rule| &rule.keywords).fold(String::new(), |mut text, keyword| {
            text.push_str("In plain text stands the word ");
            text.push_str(&keyword.to_uppercase());
            text.push_str(", and 12 others stand behind it, far enough from the next.\n");
            text
        });
        assert!(text.len() > 10_000);
        let keeper = GateKeeper::new(rules());
        let opened = |gates: &Gates| {
            let windows = |list: &[Window]| list.iter().map(|window| (window.start, window.end)).collect::<Vec<_>>();
            (
                gates.windows.iter().map(|(rule, list)| (*rule, windows(list))).collect::<Vec<_>>(),
                windows(&gates.keywords),
            )
        };
        let first = opened(&keeper.open(&text));
        assert!(keeper.large.get().is_none() && first.0.len() > 100);
        while keeper.large.get().is_none() {
            assert_eq!(opened(&keeper.open(&text)), first);
        }
        assert_eq!(opened(&keeper.open(&text)), first);
    }
}
