//! The engine: compiled rules, and the scan of one text.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use regex::Regex;

use super::gates::{BEYOND, GateKeeper, Gates, Window, blocks, next_boundary};
use super::joined;
use super::judge::{Judgement, judge};
use super::lexicon::{self, Lexicons};
use super::normal::Normal;
use super::overlap::{self, Claim};
use super::pack::{Pack, Role, Rule, RuleError, built_in_packs};
use super::pattern::{compile, find, value_of};
use crate::finding::Severity;
use crate::policy::Policy;

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
    gates: GateKeeper,
    /// The few rules with a role, by their ids.
    roles: BTreeMap<&'static str, Role>,
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
        Ok(Self { packs: uses, lexicons, ..Self::from_rules(rules.into_iter()) })
    }

    /// Single rules with the severity to report them with.
    pub(crate) fn from_rules(rules: impl Iterator<Item = (&'static Rule, Severity)>) -> Self {
        let rules: Vec<Compiled> = rules
            .map(|(rule, severity)| Compiled {
                rule,
                severity,
                patterns: rule.patterns.iter().map(|_| OnceLock::new()).collect(),
            })
            .collect();
        let gates = GateKeeper::new(rules.iter().map(|compiled| compiled.rule));
        let roles =
            rules.iter().filter_map(|compiled| Some((compiled.rule.id.as_str(), compiled.rule.role?))).collect();
        Self { packs: Vec::new(), rules, gates, roles, lexicons: Lexicons::default() }
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
        self.roles.get(rule).copied()
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

    /// Builds what every scan needs, which otherwise the first one does.
    pub fn prepare(&self) {
        self.gates.prepare();
    }

    /// All matches in a text, ordered by start.
    #[must_use]
    pub fn scan(&self, text: &str) -> Vec<Match<'_>> {
        let normal = Normal::new(text);
        let text = normal.text();
        let mut claims = Vec::new();
        let gates = self.gates.open(text);
        self.search(text, &gates, &mut claims);
        for region in joined::regions(text, &gates.keywords) {
            let joined = region.joined(text);
            let mut split = Vec::new();
            self.search(joined.text(), &self.gates.open(joined.text()), &mut split);
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
        let gates = gates.windows.iter();
        let mut searches: Vec<Search<'_>> =
            gates.filter_map(|(index, windows)| Some(Search::new(*index, self.rules.get(*index)?, windows))).collect();
        for block in blocks(text) {
            for search in &mut searches {
                search.go_on(text, block.end, claims);
            }
        }
    }
}

/// A rule on its way through its windows.
struct Search<'s> {
    index: usize,
    rule: &'s Compiled,
    windows: &'s [Window],
    /// For each pattern, where it goes on.
    from: Vec<usize>,
}

impl<'s> Search<'s> {
    fn new(index: usize, rule: &'s Compiled, windows: &'s [Window]) -> Self {
        Self { index, rule, windows, from: vec![0; rule.patterns.len()] }
    }

    /// Adds what the patterns find that begins before `until`.
    fn go_on(&mut self, text: &str, until: usize, claims: &mut Vec<Claim>) {
        let Compiled { rule, severity, patterns } = self.rule;
        for ((pattern, slot), from) in rule.patterns.iter().zip(patterns).zip(&mut self.from) {
            let Some(regex) = slot.get_or_init(|| compile(&pattern.regex).ok()) else { continue };
            for window in self.windows.iter().take_while(|window| window.start < until) {
                let end = window.end.min(next_boundary(text, until.saturating_add(BEYOND)));
                let mut at = window.start.max(*from);
                while at < window.end.min(until) {
                    let Some(found) = find(regex, text, at, end).filter(|found| found.start < until) else { break };
                    at = if found.end > at { found.end } else { next_boundary(text, at.saturating_add(1)) };
                    *from = at;
                    let sight = value_of(regex, text, &found);
                    let judged = judge(rule, *severity, pattern.score, &sight);
                    claims.extend(judged.map(|Judgement { severity, score, why }| Claim {
                        rule: self.index,
                        severity,
                        score,
                        start: sight.start,
                        end: sight.end,
                        why,
                    }));
                }
            }
            *from = until.max(*from);
        }
        let done = self.windows.partition_point(|window| window.end <= until);
        self.windows = self.windows.get(done..).unwrap_or_default();
    }
}

/// True for the id of a rule of any pack, of a lexicon of this policy, or of fieldstrip itself.
#[must_use]
pub fn is_rule(id: &str, policy: &Policy) -> bool {
    let packs = built_in_packs().unwrap_or_default(); // broken ones are noticed before anything is done
    let in_pack = packs.iter().flat_map(|pack| &pack.rules).any(|rule| rule.id == id);
    let in_lexicon = policy.text.lexicons.iter().any(|lexicon| lexicon.id == id);
    in_pack || in_lexicon || (is_own(id) && !id.starts_with("lexicon."))
}

/// True for the beginning of the ids of what fieldstrip itself says of a file as it is, rather than of a value wherever it
/// stands: of hidden text, only the beginning is the value.
pub(crate) fn is_about_file(id: &str) -> bool {
    ["file.", "text.", "hidden.", "colour."].iter().any(|prefix| id.starts_with(prefix))
}

/// True for the id of a rule, and for the beginning of ids with a `*`.
fn names_a_rule(id: &str, known: &BTreeSet<&str>) -> bool {
    let begins = |beginning: &str| known.iter().any(|rule| rule.starts_with(beginning));
    known.contains(id) || is_own(id) || id.strip_suffix('*').is_some_and(begins)
}

/// Rules of fieldstrip itself, which no pack holds.
fn is_own(id: &str) -> bool {
    ["file.", "text.", "echo.", "hidden.", "colour.", "lexicon."].iter().any(|prefix| id.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::super::gates::BLOCK;
    use super::*;

    #[test]
    fn what_lies_across_two_blocks_is_found_as_anywhere() {
        let rules = built_in_packs().unwrap().iter().flat_map(|pack| &pack.rules);
        let engine = Engine::from_rules(rules.map(|rule| (rule, rule.severity)));
        // A keyword, a number without one, a long value, and several with little between them.
        let value = "password: hunter2-Correct-Horse, card 4111 1111 1111 1111, SECRET//NOFORN\n\
                     -----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n";
        let found = |before: usize| {
            let filler = "words and words\n";
            let text = filler.repeat(before / filler.len()) + &"x".repeat(before % filler.len()) + "\n" + value;
            let text = text + &filler.repeat(400);
            let matches = engine.scan(&text).into_iter();
            matches.map(|found| (found.rule, found.start - before, found.end - before)).collect::<Vec<_>>()
        };
        let anywhere = found(1_000);
        assert!(anywhere.len() > 3, "{anywhere:?}");
        for before in (BLOCK - value.len() - 2..=BLOCK).step_by(3) {
            assert_eq!(found(before), anywhere, "{} bytes before the end of the block", BLOCK - before);
        }
    }
}
