//! From TOML to [`Decisions`], with the line and column of every mistake.

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::{Decision, Decisions, FileId, Ruling, Subject};
use crate::detect::is_about_file;
use crate::policy::{Class, line_and_column};
use crate::report::sha256;

/// Digits of a fingerprint and of a SHA-256.
const FINGERPRINT_DIGITS: usize = 32;
const SHA256_DIGITS: usize = 64;

/// Decisions that cannot be used. The message names file, line and column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DecisionsError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DecisionsFile {
    schema: Spanned<u32>,
    key: Spanned<String>,
    #[serde(default, rename = "decision")]
    decisions: Vec<Spanned<DecisionSetting>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct DecisionSetting {
    rule: Option<Spanned<String>>,
    fingerprint: Option<Spanned<String>>,
    class: Option<Class>,
    item: Option<String>,
    path: Option<String>,
    input_sha256: Option<Spanned<String>>,
    verdict: Ruling,
    #[serde(default)]
    reason: String,
    who: Spanned<String>,
    when: Spanned<Datetime>,
    expires: Option<Spanned<Datetime>>,
}

impl Decisions {
    /// Reads decisions. `origin` is the name to use in messages, usually the path of the file; `key` is the id of the key of
    /// this run's fingerprints; `is_rule` says which rules there are.
    ///
    /// # Errors
    /// With line and column: broken TOML, an unknown entry, rule or class, a decision without a subject or reason, two decisions
    /// about the same, and decisions about fingerprints of another key.
    pub fn from_toml(
        text: &str,
        origin: &str,
        key: &str,
        is_rule: &dyn Fn(&str) -> bool,
    ) -> Result<Self, DecisionsError> {
        let fail = |(offset, what): (usize, String)| {
            let (line, column) = line_and_column(text, offset);
            DecisionsError(format!("{origin}:{line}:{column}: {what}"))
        };
        let file: DecisionsFile = toml::from_str(text)
            .map_err(|error| fail((error.span().map_or(0, |span| span.start), error.message().to_owned())))?;
        if *file.schema.get_ref() != 1 {
            let what = "this version of fieldstrip reads decisions of schema 1".to_owned();
            return Err(fail((file.schema.span().start, what)));
        }
        if file.key.get_ref() != key {
            let what = format!(
                "these decisions are about fingerprints of the key {}, this run has the key {key}; \
                 give the key of the run that they are about with --key",
                file.key.get_ref()
            );
            return Err(fail((file.key.span().start, what)));
        }
        let mut all = Vec::new();
        for setting in &file.decisions {
            let start = setting.span().start;
            let decision = setting.get_ref().resolve(start, is_rule).map_err(fail)?;
            all.push((start, Decision { line: line_and_column(text, start).0, ..decision }));
        }
        all.sort_by(|(_, a), (_, b)| a.subject.cmp(&b.subject).then(a.line.cmp(&b.line)));
        let twice = all.windows(2).find_map(|pair| match pair {
            [(_, first), (start, second)] if first.subject == second.subject => Some((*start, first.line)),
            _ => None,
        });
        if let Some((start, line)) = twice {
            return Err(fail((start, format!("line {line} decides about the same"))));
        }
        Ok(Self { sha256: sha256(text.as_bytes()), all: all.into_iter().map(|(_, decision)| decision).collect() })
    }
}

impl DecisionSetting {
    /// The decision that is meant.
    ///
    /// # Errors
    /// The byte offset of a mistake, `start` where something is missing, and what is wrong there.
    fn resolve(&self, start: usize, is_rule: &dyn Fn(&str) -> bool) -> Result<Decision, (usize, String)> {
        let missing = |what: &str| (start, what.to_owned());
        let subject = self.subject(start, is_rule)?;
        let reason = self.reason.trim();
        if self.verdict == Ruling::Accept && reason.is_empty() {
            return Err(missing("what is accepted needs a reason"));
        }
        let who = self.who.get_ref().trim();
        if who.is_empty() {
            return Err((self.who.span().start, "a decision needs the name of who made it".to_owned()));
        }
        if self.when.get_ref().date.is_none() {
            return Err((self.when.span().start, "it needs a day, for example 2027-03-01".to_owned()));
        }
        let expires = match &self.expires {
            None => None,
            Some(written) => match written.get_ref() {
                Datetime { date: Some(date), time: None, .. } => Some(date.to_string()),
                _ => return Err((written.span().start, "the last day is a date, for example 2027-12-31".to_owned())),
            },
        };
        let decision = Decision::new(subject, self.verdict, reason, who, &self.when.get_ref().to_string());
        Ok(Decision { active: expires.is_none(), expires, ..decision })
    }

    fn subject(&self, start: usize, is_rule: &dyn Fn(&str) -> bool) -> Result<Subject, (usize, String)> {
        let missing = |what: &str| (start, what.to_owned());
        let file = match (&self.path, &self.input_sha256) {
            (Some(path), Some(sha256)) => Some(FileId { path: path.clone(), sha256: digits(sha256, SHA256_DIGITS)? }),
            (None, None) => None,
            _ => return Err(missing("`path` and `input-sha256` name a file together")),
        };
        match (&self.rule, &self.class) {
            (Some(rule), None) => {
                if self.item.is_some() {
                    return Err(missing("`item` belongs to a class, not to a rule"));
                }
                let id = rule.get_ref();
                if !is_rule(id) {
                    return Err((rule.span().start, format!("there is no rule `{id}`")));
                }
                let fingerprint = self.fingerprint.as_ref().map(|written| digits(written, FINGERPRINT_DIGITS));
                let fingerprint = fingerprint.transpose()?.unwrap_or_default();
                if file.is_none() && (fingerprint.is_empty() || is_about_file(id)) {
                    return Err(missing("a decision about this names its file with `path` and `input-sha256`"));
                }
                Ok(Subject::Finding { rule: id.clone(), fingerprint, file })
            }
            (None, Some(class)) => match (&self.item, file, &self.fingerprint) {
                (Some(item), Some(file), None) => Ok(Subject::Hit { class: *class, item: item.clone(), file }),
                _ => {
                    Err(missing("a decision about a class needs `item`, `path` and `input-sha256`, and no fingerprint"))
                }
            },
            _ => Err(missing("a decision is about a `rule` or about a `class`")),
        }
    }
}

/// A hash as written: so many hexadecimal digits.
fn digits(written: &Spanned<String>, count: usize) -> Result<String, (usize, String)> {
    let text = written.get_ref().to_ascii_lowercase();
    if text.len() == count && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(text)
    } else {
        Err((written.span().start, format!("this has {count} hexadecimal digits")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Policy;
    use crate::detect::is_rule;

    const FINGERPRINT: &str = "5ff2afe2957d897591925a0e8e4d6193";

    fn load(entries: &str) -> Result<Decisions, String> {
        let text = format!("schema = 1\nkey = \"01234567\"\n{entries}");
        let policy = Policy::built_in("public-release").unwrap();
        Decisions::from_toml(&text, "d.toml", "01234567", &|id| is_rule(id, &policy)).map_err(|error| error.to_string())
    }

    fn entry(lines: &str) -> String {
        format!("[[decision]]\nverdict = \"accept\"\nreason = \"r\"\nwho = \"J\"\nwhen = 2027-01-01\n{lines}\n")
    }

    #[test]
    fn mistakes_name_line_and_column() {
        let value = format!("rule = \"secret.github\"\nfingerprint = \"{FINGERPRINT}\"");
        let sha = "0".repeat(64);
        let file = format!("path = \"a\"\ninput-sha256 = \"{sha}\"");
        assert_eq!(load(&entry(&value)).unwrap().all.len(), 1);
        assert_eq!(load(&entry(&format!("class = \"active.macros\"\nitem = \"i\"\n{file}"))).unwrap().all.len(), 1);
        let cases = [
            (entry("rule = \"secret.gitbub\""), "d.toml:8:8:", "there is no rule `secret.gitbub`"),
            (entry("rule = \"lexicon.none\""), "d.toml:8:8:", "there is no rule"),
            (entry("class = \"active.macro\""), "d.toml:8:9:", "unknown variant"),
            (entry("colour = 3"), "d.toml:8:1:", "unknown field"),
            (entry(""), "d.toml:3:1:", "a `rule` or about a `class`"),
            (entry(&value).replace("\"r\"", "\" \""), "d.toml:3:1:", "needs a reason"),
            (entry(&value).replace("\"J\"", "\"\""), "d.toml:6:7:", "the name of who"),
            (entry(&value).replace("2027-01-01", "07:30:00"), "d.toml:7:8:", "needs a day"),
            (entry(&value).replace("2027-01-01", "\"soon\""), "d.toml:7:8:", ""),
            (entry(&value).replace("accept", "allow"), "d.toml:4:11:", "unknown variant"),
            (entry(&format!("{value}\nexpires = 2027-01-01T00:00:00Z")), "d.toml:10:11:", "2027-12-31"),
            (entry("rule = \"secret.github\"\nfingerprint = \"5f\""), "d.toml:9:15:", "32 hexadecimal digits"),
            (entry("rule = \"secret.github\""), "d.toml:3:1:", "names its file"),
            (entry(&value.replace("secret.github", "hidden.text")), "d.toml:3:1:", "names its file"),
            (entry(&format!("{value}\npath = \"a\"")), "d.toml:3:1:", "together"),
            (entry(&format!("class = \"active.macros\"\n{file}")), "d.toml:3:1:", "needs `item`"),
            (entry(&value).repeat(2), "d.toml:10:1:", "line 3 decides about the same"),
        ];
        for (text, place, what) in cases {
            let error = load(&text).unwrap_err();
            assert!(error.starts_with(place), "{error}\n{text}");
            assert!(error.contains(what), "{error}");
        }
    }

    #[test]
    fn schema_and_key_are_those_of_the_run() {
        let policy = Policy::built_in("public-release").unwrap();
        for (text, message) in [
            ("schema = 2\nkey = \"k\"", "d.toml:1:10: this version of fieldstrip reads decisions of schema 1"),
            ("schema = 1\nkey = \"j\"", "d.toml:2:7: these decisions are about fingerprints of the key j"),
            ("schema = 1", "d.toml:1:1: missing field `key`"),
        ] {
            let error = Decisions::from_toml(text, "d.toml", "k", &|id| is_rule(id, &policy)).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn a_decision_counts_until_its_last_day() {
        let text = entry(&format!("rule = \"secret.github\"\nfingerprint = \"{FINGERPRINT}\"\nexpires = 2027-06-30"));
        let mut decisions = load(&text).unwrap();
        let counts = |decisions: &Decisions| decisions.all.iter().all(|decision| decision.active);
        assert!(!counts(&decisions), "nobody said which day it is");
        assert!(decisions.on_day("2027-06-30").is_empty() && counts(&decisions));
        assert_eq!(decisions.on_day("2027-07-01"), ["line 3: secret.github 5ff2afe2…"]);
        assert!(!counts(&decisions));
        assert_eq!(decisions.id().unwrap().ended.len(), 1);
    }
}
