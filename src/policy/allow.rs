//! Allow-lists: values that are known and may be published. Each has a reason, and may end on a day.

use std::ops::Deref;

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use regex::Regex;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Date;

use crate::detect::normal::Normal;

/// What may be published although a rule finds it. Findings that it covers are only noted, with its reason.
#[derive(Debug, Clone)]
pub struct Allowance {
    /// Why, for the log.
    pub reason: String,
    /// The last day on which it holds, `YYYY-MM-DD`; `None` for always.
    pub expires: Option<String>,
    /// False for one with a last day until somebody says which day it is: [`super::Policy::on_day`].
    pub(super) active: bool,
    rules: GlobSet,
    files: Option<GlobSet>,
    values: Vec<String>,
    pattern: Option<Regex>,
}

/// An entry of `[[text.allow]]` as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct AllowanceSetting {
    #[serde(default)]
    rules: Vec<Spanned<String>>,
    #[serde(default)]
    files: Vec<Spanned<String>>,
    #[serde(default)]
    values: Vec<String>,
    pattern: Option<Spanned<String>>,
    reason: Spanned<String>,
    expires: Option<Spanned<toml::value::Datetime>>,
}

impl AllowanceSetting {
    /// The allowance that is meant.
    ///
    /// # Errors
    /// The byte offset of a mistake and what is wrong there.
    pub(super) fn resolve(&self) -> Result<Allowance, (usize, String)> {
        let reason = self.reason.get_ref().trim();
        if reason.is_empty() {
            return Err((self.reason.span().start, "an allowance needs a reason".to_owned()));
        }
        if self.values.is_empty() && self.pattern.is_none() && self.rules.is_empty() {
            let what = "an allowance needs values, a pattern or rules: this one would allow everything";
            return Err((self.reason.span().start, what.to_owned()));
        }
        let pattern = match &self.pattern {
            Some(pattern) => Some(
                Regex::new(&format!("^(?:{})$", pattern.get_ref()))
                    .map_err(|_| (pattern.span().start, "this is no regular expression".to_owned()))?,
            ),
            None => None,
        };
        let expires = match &self.expires {
            Some(written) => match written.get_ref() {
                toml::value::Datetime { date: Some(Date { year, month, day }), time: None, .. } => {
                    Some(format!("{year:04}-{month:02}-{day:02}"))
                }
                _ => return Err((written.span().start, "the last day is a date, for example 2027-12-31".to_owned())),
            },
            None => None,
        };
        Ok(Allowance {
            reason: reason.to_owned(),
            active: expires.is_none(),
            expires,
            rules: globs(&self.rules, false)?.unwrap_or_else(everything),
            files: globs(&self.files, true)?,
            values: self.values.iter().map(|value| comparable(value)).collect(),
            pattern,
        })
    }
}

impl Allowance {
    /// True when it covers a value, which is made [`comparable`] only if it matters, found by this rule in the file with this
    /// relative path.
    pub(super) fn covers(&self, rule: &str, value: &impl Deref<Target = String>, path: &str) -> bool {
        let any_value = self.values.is_empty() && self.pattern.is_none();
        self.active
            && self.rules.is_match(rule)
            && self.files.as_ref().is_none_or(|files| files.is_match(path))
            && (any_value
                || self.values.contains(value)
                || self.pattern.as_ref().is_some_and(|pattern| pattern.is_match(value)))
    }
}

/// A value as it is compared: folded as for the rules, in small letters, with single spaces.
pub(super) fn comparable(value: &str) -> String {
    let folded = Normal::new(value).text().to_lowercase();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn everything() -> GlobSet {
    Glob::new("*").and_then(|glob| GlobSetBuilder::new().add(glob).build()).unwrap_or_default()
}

/// A set of globs; `None` when none is written.
fn globs(written: &[Spanned<String>], in_folders: bool) -> Result<Option<GlobSet>, (usize, String)> {
    if written.is_empty() {
        return Ok(None);
    }
    let mut set = GlobSetBuilder::new();
    for glob in written {
        let wrong = |_| (glob.span().start, format!("`{}` is no pattern for names", glob.get_ref()));
        set.add(GlobBuilder::new(glob.get_ref()).literal_separator(in_folders).build().map_err(wrong)?);
    }
    set.build().map(Some).map_err(|error| (written.first().map_or(0, |glob| glob.span().start), error.to_string()))
}
