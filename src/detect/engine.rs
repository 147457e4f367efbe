//! The engine: compiled rules, and the scan of one text.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};
use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

use super::joined;
use super::lexicon::{self, Lexicons};
use super::normal::Normal;
use super::overlap::{self, Claim};
use super::pack::{Pack, Role, Rule, RuleError, built_in_packs};
use super::validate::{Sight, Verdict};
use crate::finding::Severity;
use crate::policy::Policy;

/// Score from which a match is reported with the severity of its rule.
pub const LIKELY: f32 = 0.5;

/// Score from which a match is reported at all, as `info`.
pub const POSSIBLE: f32 = 0.3;

/// What an `unless` word takes from the score.
const UNLESS: f32 = 0.5;

/// How far from a keyword or digit a pattern is searched, in bytes.
const BEFORE: usize = 96;
const AFTER: usize = 256;

/// How close to a keyword a line break has to be to split a match, in bytes.
const CLOSE: usize = 32;

/// A match that touches the end of its window is looked at again with more room, up to this.
const LONGEST: usize = 64 << 10;

/// How long a stretch of text the digit-gated set looks at in one go.
const STRETCH: usize = 2 << 10;

/// A rule pack in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackUse {
    /// Its name.
    pub name: String,
    /// SHA-256 of its TOML text, hexadecimal.
    pub sha256: String,
    /// How many of its rules are switched on.
    pub rules: usize,
}

/// A compiled set of rules. Shared between threads; patterns are compiled when they are first needed.
#[derive(Debug)]
pub struct Engine {
    packs: Vec<PackUse>,
    rules: Vec<Compiled>,
    keywords: AhoCorasick,
    /// Per keyword of the automaton: the rules that it opens.
    opens: Vec<Vec<usize>>,
    /// Pattern source and rule of all rules without keywords.
    digit_gated: Vec<(String, usize)>,
    digit_set: OnceLock<RegexSet>,
    lexicons: Lexicons,
}

#[derive(Debug)]
struct Compiled {
    rule: &'static Rule,
    /// The severity that the policy gives it, else its own.
    severity: Severity,
    patterns: Vec<OnceLock<Option<Regex>>>,
}

/// One place in a text that a rule matched.
#[derive(Debug, Clone, PartialEq)]
pub struct Match<'e> {
    /// Id of the rule.
    pub rule: &'e str,
    /// Category of the rule.
    pub category: &'e str,
    /// Severity after validator and context.
    pub severity: Severity,
    /// Byte offset of the first byte.
    pub start: usize,
    /// Byte offset behind the last byte.
    pub end: usize,
    /// Form, keyword, validator verdict and context, each with the score up to there, as a sentence fragment without the value.
    pub why: String,
}

/// A stretch of the normalised text that a rule is searched in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Where rules have to be searched.
#[derive(Debug, Default)]
struct Gates {
    /// By rule, in order of the text.
    windows: BTreeMap<usize, Vec<Window>>,
    /// The near neighbourhoods of all keywords.
    keywords: Vec<Window>,
}

impl Engine {
    /// Compiles the rules that a policy enables.
    ///
    /// # Errors
    /// When a pack or rule is broken, and when the policy names a pack or rule that does not exist.
    pub fn for_policy(policy: &Policy) -> Result<Self, RuleError> {
        let packs = built_in_packs()?;
        let mut chosen: Vec<&'static Pack> = Vec::new();
        for pattern in &policy.text.packs {
            let glob = globset::Glob::new(pattern)
                .map_err(|error| {
                    RuleError(format!("the policy {} names packs by a broken pattern: {error}", policy.name))
                })?
                .compile_matcher();
            let mut any = false;
            for pack in packs.iter().filter(|pack| glob.is_match(&pack.name)) {
                any = true;
                if !chosen.iter().any(|known| known.name == pack.name) {
                    chosen.push(pack);
                }
            }
            if !any {
                let names: Vec<&str> = packs.iter().map(|pack| pack.name.as_str()).collect();
                return Err(RuleError(format!(
                    "the policy {} names the rule pack `{pattern}`, but there is none; there are: {}",
                    policy.name,
                    names.join(", ")
                )));
            }
        }
        chosen.sort_by(|a, b| a.name.cmp(&b.name));
        let known: BTreeSet<&str> = packs.iter().flat_map(|pack| &pack.rules).map(|rule| rule.id.as_str()).collect();
        if let Some(id) = policy.text.rules.keys().find(|id| !names_a_rule(id, &known)) {
            return Err(RuleError(format!("the policy {} changes the rule `{id}`, but there is none", policy.name)));
        }
        let mut uses = Vec::new();
        let mut rules = Vec::new();
        for pack in chosen {
            let enabled = pack.rules.iter().filter(|rule| policy.setting(&rule.id).enabled != Some(false));
            let before = rules.len();
            rules.extend(enabled.map(|rule| (rule, policy.severity(&rule.id, rule.severity))));
            let count = rules.len().saturating_sub(before);
            uses.push(PackUse { name: pack.name.clone(), sha256: pack.sha256.clone(), rules: count });
        }
        let lexicons = Lexicons::new(&policy.text.lexicons)?;
        Ok(Self { packs: uses, lexicons, ..Self::from_rules(rules.into_iter())? })
    }

    /// Compiles single rules with the severity to report them with.
    pub(crate) fn from_rules(rules: impl Iterator<Item = (&'static Rule, Severity)>) -> Result<Self, RuleError> {
        let rules: Vec<Compiled> = rules
            .map(|(rule, severity)| Compiled {
                rule,
                severity,
                patterns: rule.patterns.iter().map(|_| OnceLock::new()).collect(),
            })
            .collect();
        let mut by_keyword: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
        let mut digit_gated = Vec::new();
        for (index, compiled) in rules.iter().enumerate() {
            if compiled.rule.keywords.is_empty() {
                digit_gated
                    .extend(compiled.rule.patterns.iter().map(|pattern| (ascii_boundaries(&pattern.regex), index)));
            }
            for keyword in &compiled.rule.keywords {
                by_keyword.entry(keyword).or_default().push(index);
            }
        }
        let keywords = AhoCorasickBuilder::new()
            // Ten times the memory of the default, a few megabytes, and twice its speed.
            .kind(Some(AhoCorasickKind::DFA))
            .ascii_case_insensitive(true)
            .build(by_keyword.keys())
            .map_err(|error| RuleError(format!("the keywords of the rules cannot be compiled: {error}")))?;
        let opens = by_keyword.into_values().collect();
        Ok(Self {
            packs: Vec::new(),
            rules,
            keywords,
            opens,
            digit_gated,
            digit_set: OnceLock::new(),
            lexicons: Lexicons::default(),
        })
    }

    /// The packs that the rules come from, by name.
    #[must_use]
    pub fn packs(&self) -> &[PackUse] {
        &self.packs
    }

    /// How many rules are enabled.
    #[must_use]
    pub fn rule_count(&self) -> usize {
        self.rules.len()
    }

    /// What a hit of this rule says of the page or document that it stands in.
    #[must_use]
    pub fn role(&self, rule: &str) -> Option<Role> {
        self.rules.iter().map(|compiled| compiled.rule).find(|known| known.id == rule)?.role
    }

    /// Compiles every pattern now, which a scan otherwise does when it needs it.
    ///
    /// # Errors
    /// The rule and what is wrong with its pattern.
    pub fn compile_all(&self) -> Result<(), RuleError> {
        for compiled in &self.rules {
            for pattern in &compiled.rule.patterns {
                compile(&pattern.regex).map_err(|error| RuleError(format!("rule `{}`: {error}", compiled.rule.id)))?;
            }
        }
        Ok(())
    }

    /// All matches in a text, ordered by start.
    #[must_use]
    pub fn scan(&self, text: &str) -> Vec<Match<'_>> {
        let normal = Normal::new(text);
        let text = normal.text();
        let mut claims = Vec::new();
        let gates = self.gates(text);
        self.search(text, &gates, &mut claims);
        for region in joined::regions(text, &gates.keywords) {
            let joined = region.joined(text);
            let mut split = Vec::new();
            self.search(joined.text(), &self.gates(joined.text()), &mut split);
            claims.extend(split.into_iter().filter_map(|claim| {
                let (start, end) = joined.original(claim.start, claim.end);
                region.is_split(start, end).then_some(Claim { start, end, ..claim })
            }));
        }
        self.lexicons.search(text, self.rules.len(), &mut claims);
        let settled = overlap::settle(claims).into_iter();
        settled.filter_map(|claim| self.matched(claim, &normal)).collect()
    }

    /// The claim of a rule or lexicon as a match in the original text.
    fn matched(&self, claim: Claim, normal: &Normal<'_>) -> Option<Match<'_>> {
        let (rule, category) = match self.rules.get(claim.rule) {
            Some(compiled) => (compiled.rule.id.as_str(), compiled.rule.category.as_str()),
            None => (self.lexicons.id(claim.rule.checked_sub(self.rules.len())?)?, lexicon::CATEGORY),
        };
        let (start, end) = normal.original(claim.start, claim.end);
        Some(Match { rule, category, severity: claim.severity, start, end, why: claim.why })
    }

    /// Adds what the rules find where their gates are open.
    fn search(&self, text: &str, gates: &Gates, claims: &mut Vec<Claim>) {
        for (rule, windows) in &gates.windows {
            if let Some(compiled) = self.rules.get(*rule) {
                search(*rule, compiled, text, windows, claims);
            }
        }
    }

    /// Where each rule has to be searched, in order of the text.
    fn gates(&self, text: &str) -> Gates {
        let mut gates = Gates::default();
        for hit in self.keywords.find_overlapping_iter(text) {
            let keyword = hit.pattern().as_usize();
            let window = Window {
                start: snap_back(text, hit.start().saturating_sub(BEFORE)),
                end: next_boundary(text, hit.end().saturating_add(AFTER)),
            };
            for rule in self.opens.get(keyword).into_iter().flatten() {
                push_window(gates.windows.entry(*rule).or_default(), window);
            }
            let near = Window { start: hit.start().saturating_sub(CLOSE), end: hit.end().saturating_add(CLOSE) };
            push_window(&mut gates.keywords, near);
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

/// Adds what the patterns of one rule find in its windows.
fn search(index: usize, compiled: &Compiled, text: &str, windows: &[Window], claims: &mut Vec<Claim>) {
    for (pattern, slot) in compiled.rule.patterns.iter().zip(&compiled.patterns) {
        let Some(regex) = slot.get_or_init(|| compile(&pattern.regex).ok()) else { continue };
        let mut from = 0_usize;
        for window in windows {
            let mut at = from.max(window.start);
            while at < window.end {
                let Some(found) = find(regex, text, at, window.end) else { break };
                at = if found.end > at { found.end } else { next_boundary(text, at.saturating_add(1)) };
                from = at;
                let sight = value_of(regex, text, &found);
                claims.extend(judge(index, compiled, pattern.score, &sight));
            }
        }
    }
}

/// Validator, context and `unless` words make a score of a match; the score decides whether and how it is reported.
fn judge(index: usize, compiled: &Compiled, score: f32, sight: &Sight<'_>) -> Option<Claim> {
    let rule = compiled.rule;
    if sight.is_fraction() {
        return None;
    }
    let mut reasons = vec![format!("form {score:.2}")];
    if let Some(word) = sight.keyword(&rule.keywords, BEFORE, AFTER) {
        reasons.push(format!("keyword “{}”", word.trim()));
    }
    let verdict = rule.validator.map_or(Verdict::Unknown, |validator| (validator.check)(sight));
    let mut score = match verdict {
        Verdict::Invalid => return None,
        Verdict::Valid => score.max(rule.validated),
        Verdict::Unknown => score,
    };
    if let (Verdict::Valid, Some(validator)) = (verdict, rule.validator) {
        reasons.push(format!("{} {score:.2}", validator.says));
    }
    if !rule.context.words.is_empty() {
        match sight.near(&rule.context.words, rule.context.distance) {
            Some(word) => {
                score = (score + rule.context.boost).min(1.0);
                reasons.push(format!("near “{word}” {score:.2}"));
            }
            None if rule.context.required => return None,
            None => {}
        }
    }
    if let Some(word) = sight.near(&rule.unless, rule.context.distance) {
        let certain = verdict == Verdict::Valid && score >= LIKELY;
        score = if certain { (score - UNLESS).max(POSSIBLE) } else { score - UNLESS };
        reasons.push(format!("but near “{word}” {score:.2}"));
    }
    if score < POSSIBLE {
        return None;
    }
    let severity = if score < LIKELY { Severity::Info } else { compiled.severity };
    Some(Claim { rule: index, severity, score, start: sight.start, end: sight.end, why: reasons.join(", ") })
}

/// True for the id of a rule, and for the beginning of ids with a `*`.
fn names_a_rule(id: &str, known: &BTreeSet<&str>) -> bool {
    let begins = |beginning: &str| known.iter().any(|rule| rule.starts_with(beginning));
    known.contains(id) || is_own(id) || id.strip_suffix('*').is_some_and(begins)
}

/// Rules of fieldstrip itself, which no pack holds.
fn is_own(id: &str) -> bool {
    ["file.", "text.", "echo.", "hidden.", "lexicon."].iter().any(|prefix| id.starts_with(prefix))
}

/// Compiles a pattern of a rule.
pub(crate) fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&ascii_boundaries(pattern)).size_limit(8 << 20).build()
}

/// Makes `\b` an ASCII word boundary: it keeps the search in the fast automaton on all text, and it lets a number begin
/// right behind a letter of a script that is written without spaces.
fn ascii_boundaries(pattern: &str) -> String {
    let mut made = String::with_capacity(pattern.len().saturating_add(32));
    let mut characters = pattern.chars().peekable();
    while let Some(c) = characters.next() {
        if c != '\\' {
            made.push(c);
            continue;
        }
        match characters.next() {
            Some('b') if characters.peek() != Some(&'{') => made.push_str(r"(?-u:\b)"),
            Some(escaped) => made.extend(['\\', escaped]),
            None => made.push('\\'),
        }
    }
    made
}

/// A match, and how far the text was in sight when it was found.
#[derive(Debug, Clone, Copy)]
struct Found {
    start: usize,
    end: usize,
    sight: usize,
}

/// The first match that begins at or behind `from`. One that touches the end of the window is searched again with more room,
/// so that what lies outside of the window counts as it would without one.
fn find(regex: &Regex, text: &str, from: usize, end: usize) -> Option<Found> {
    let mut sight = end;
    let mut room = AFTER;
    loop {
        let found = regex.find_at(text.get(..sight)?, from)?;
        if found.end() < sight || sight >= text.len() {
            return Some(Found { start: found.start(), end: found.end(), sight });
        }
        if room >= LONGEST {
            return None;
        }
        room = room.saturating_mul(2);
        sight = next_boundary(text, end.saturating_add(room));
    }
}

/// The value in a match: the first capture group that took part if the pattern has any, else all of it.
fn value_of<'t>(regex: &Regex, text: &'t str, found: &Found) -> Sight<'t> {
    let whole = Sight { text, start: found.start, end: found.end };
    if regex.captures_len() < 2 {
        return whole;
    }
    text.get(..found.sight)
        .and_then(|text| regex.captures_at(text, found.start))
        .and_then(|captures| captures.iter().skip(1).flatten().next().map(|value| (value.start(), value.end())))
        .map_or(whole, |(start, end)| Sight { text, start, end })
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

/// How far from a digit a match of a digit-gated rule may reach, in bytes.
const DIGIT_REACH: usize = 64;

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
fn next_boundary(text: &str, at: usize) -> usize {
    (at..text.len()).find(|position| text.is_char_boundary(*position)).unwrap_or(text.len())
}
