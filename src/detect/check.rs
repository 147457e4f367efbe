//! The self-test of rule packs: every rule proves itself on its own examples.

use std::collections::BTreeSet;

use serde::Serialize;

use super::engine::Engine;
use super::pack::{Pack, Rule, RuleError};
use super::pattern::compile;

/// What the self-test found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// How many packs and rules were tested.
    pub packs: usize,
    /// How many rules were tested.
    pub rules: usize,
    /// How many examples were tried.
    pub examples: usize,
    /// How many negative examples were tried.
    pub negatives: usize,
    /// Rules that are wrong, with pack, line and column.
    pub errors: Vec<String>,
    /// Rules that could prove more, for example without a negative example.
    pub warnings: Vec<String>,
}

impl CheckReport {
    /// True when nothing is wrong; warnings do not count.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.errors.is_empty()
    }
}

/// Tries every rule on its examples.
///
/// # Errors
/// Only when the rules cannot be brought together at all; what is wrong with single rules stands in the report.
pub fn check_packs(packs: &'static [Pack]) -> Result<CheckReport, RuleError> {
    let mut report = CheckReport { packs: packs.len(), ..CheckReport::default() };
    let mut ids = BTreeSet::new();
    for pack in packs {
        for rule in &pack.rules {
            report.rules = report.rules.saturating_add(1);
            if !ids.insert(rule.id.as_str()) {
                report.errors.push(pack.error(rule, "another rule has this id").0);
            }
            check_rule(pack, rule, &mut report)?;
        }
    }
    Ok(report)
}

fn check_rule(pack: &Pack, rule: &'static Rule, report: &mut CheckReport) -> Result<(), RuleError> {
    let mut wrong = |message: String| report.errors.push(pack.error(rule, message).0);
    for pattern in &rule.patterns {
        if let Err(error) = compile(&pattern.regex) {
            wrong(format!("its pattern cannot be compiled: {error}"));
            return Ok(());
        }
    }
    if rule.reference.trim().is_empty() {
        wrong("it has no reference".to_owned());
    }
    if rule.examples.is_empty() {
        wrong("it has no example".to_owned());
    }
    // Alone, so that no other rule can take the place or hide a rule that never fires.
    let engine = Engine::from_rules(std::iter::once((rule, rule.severity)));
    for (number, example) in (1_usize..).zip(&rule.examples) {
        let hits = engine.scan(example);
        if !hits.iter().any(|hit| hit.start < hit.end && example.get(hit.start..hit.end).is_some()) {
            wrong(format!("example {number} does not match: {example:?}"));
        }
    }
    for (number, negative) in (1_usize..).zip(&rule.negative_examples) {
        if let Some(hit) = engine.scan(negative).first() {
            let matched = negative.get(hit.start..hit.end).unwrap_or_default();
            wrong(format!("negative example {number} matches: {negative:?} at {matched:?}"));
        }
    }
    report.examples = report.examples.saturating_add(rule.examples.len());
    report.negatives = report.negatives.saturating_add(rule.negative_examples.len());
    if rule.negative_examples.is_empty() {
        report.warnings.push(pack.error(rule, "it has no negative example").0);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::built_in_packs;

    #[test]
    fn every_rule_of_the_program_proves_itself() {
        let report = check_packs(built_in_packs().unwrap()).unwrap();
        assert!(report.passed(), "{}", report.errors.join("\n"));
        assert!(report.warnings.is_empty(), "{}", report.warnings.join("\n"));
        assert!(report.rules >= 260 && report.examples > report.rules && report.negatives > report.rules, "{report:?}");
    }

    #[test]
    fn every_step_to_a_finding_has_words() {
        for rule in built_in_packs().unwrap().iter().flat_map(|pack| &pack.rules) {
            let engine = Engine::from_rules(std::iter::once((rule, rule.severity)));
            for example in &rule.examples {
                for hit in engine.scan(example) {
                    let is_told = hit.why.split(", ").all(|step| step.starts_with(char::is_alphabetic));
                    assert!(is_told, "{}: {}", rule.id, hit.why);
                }
            }
        }
    }

    #[test]
    fn wrong_rules_are_found() {
        let text = concat!(
            "schema = 1\ndescription = \"d\"\n",
            "[[rule]]\nid = \"a\"\nname = \"n\"\ncategory = \"c\"\nseverity = \"low\"\nreference = \"r\"\nkeywords = [\"ab\"]\n",
            "patterns = [{ regex = \"ab[0-9]\", score = 0.9 }]\nexamples = [\"ab1\", \"xy\"]\nnegative_examples = [\"ab2\"]\n",
            "[[rule]]\nid = \"a\"\nname = \"n\"\ncategory = \"c\"\nseverity = \"low\"\nkeywords = [\"ab\"]\n",
            "patterns = [{ regex = \"ab(\", score = 0.9 }]\nexamples = [\"ab\"]\n",
        );
        let packs = Box::leak(Box::new([Pack::from_toml(text, "mine").unwrap()]));
        let report = check_packs(packs).unwrap();
        let wanted = [
            "example 2 does not match",
            "negative example 1 matches",
            "another rule has this id",
            "cannot be compiled",
        ];
        for want in wanted {
            assert!(
                report.errors.iter().any(|error| error.contains(want) && error.contains("rule `a`")),
                "{want}: {report:?}"
            );
        }
    }
}
