//! What a match is worth: the score of its form, moved by validator, context and `unless` words.

use super::gates::{AFTER, BEFORE};
use super::pack::Rule;
use super::validate::{Sight, Verdict};
use crate::finding::Severity;

/// Score from which a match is reported with the severity of its rule.
pub const LIKELY: f32 = 0.5;

/// Score from which a match is reported at all, as `info`.
pub const POSSIBLE: f32 = 0.3;

/// What an `unless` word takes from the score.
const UNLESS: f32 = 0.5;

/// What a validator says of a valid match that has no words of its own.
const PLAUSIBLE: &str = "value plausible";

/// A match that is reported.
pub(super) struct Judgement {
    pub(super) severity: Severity,
    pub(super) score: f32,
    /// Every step to the score, without the value.
    pub(super) why: String,
}

/// Validator, context and `unless` words make a score of a match; the score decides whether and how it is reported.
pub(super) fn judge(rule: &Rule, severity: Severity, score: f32, sight: &Sight<'_>) -> Option<Judgement> {
    if sight.is_fraction() {
        return None;
    }
    let verdict = rule.validator.map_or(Verdict::Unknown, |validator| (validator.check)(sight));
    let mut reasons = vec![format!("form {score:.2}")];
    let mut score = match verdict {
        Verdict::Invalid => return None,
        Verdict::Valid => score.max(rule.validated),
        Verdict::Unknown => score,
    };
    if let (Verdict::Valid, Some(validator)) = (verdict, rule.validator) {
        let says = if validator.says.is_empty() { PLAUSIBLE } else { validator.says };
        reasons.push(format!("{says} {score:.2}"));
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
    if let Some(word) = sight.keyword(&rule.keywords, BEFORE, AFTER) {
        reasons.insert(1, format!("keyword “{}”", word.trim()));
    }
    let severity = if score < LIKELY { Severity::Info } else { severity };
    Some(Judgement { severity, score, why: reasons.join(", ") })
}
