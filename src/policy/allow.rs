//! Allow-lists: values that are known and may be published. Each has a reason, and may end on a day.

use std::ops::Deref;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;
use toml::value::Date;

use crate::detect::normal::Normal;

/// What may be published although a rule finds it. Findings that it covers are only noted, with its reason.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Allowance {
    /// Why, for the log.
    pub reason: String,
    /// The last day on which it holds, `YYYY-MM-DD`; `None` for always.
    pub expires: Option<String>,
    /// False for one with a last day until somebody says which day it is: [`super::Policy::on_day`].
    pub(super) active: bool,
    rules: Option<Globs>,
    files: Option<Globs>,
    values: Vec<String>,
    pattern: Option<Regex>,
}

/// Patterns for names, compiled and as they were written.
#[derive(Debug, Clone)]
struct Globs {
    written: Vec<String>,
    set: GlobSet,
}

/// An allowance as text, for another process.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Written {
    reason: String,
    expires: Option<String>,
    active: bool,
    rules: Vec<String>,
    files: Vec<String>,
    values: Vec<String>,
    pattern: Option<String>,
}

impl From<Allowance> for Written {
    fn from(allowance: Allowance) -> Self {
        let Allowance { reason, expires, active, rules, files, values, pattern } = allowance;
        let written = |globs: Option<Globs>| globs.map(|globs| globs.written).unwrap_or_default();
        let pattern = pattern.map(|pattern| pattern.as_str().to_owned());
        Self { reason, expires, active, rules: written(rules), files: written(files), values, pattern }
    }
}

impl TryFrom<Written> for Allowance {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let Written { reason, expires, active, rules, files, values, pattern } = written;
        let pattern = pattern.map(|pattern| Regex::new(&pattern)).transpose().map_err(|error| error.to_string())?;
        let (rules, files) = (globs(rules, false), globs(files, true));
        let (rules, files) = (rules.map_err(|(_, what)| what)?, files.map_err(|(_, what)| what)?);
        Ok(Self { reason, expires, active, rules, files, values, pattern })
    }
}

/// An entry of `[[text.allow]]` as written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct AllowanceSetting {
    /// Globs over ids of rules.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    rules: Vec<Spanned<String>>,
    /// Globs over paths.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    files: Vec<Spanned<String>>,
    /// Values, as they stand in the document.
    #[serde(default)]
    values: Vec<String>,
    /// A regular expression for the whole value.
    #[schemars(with = "Option<String>")]
    pattern: Option<Spanned<String>>,
    /// Why, for the log.
    #[schemars(with = "String")]
    reason: Spanned<String>,
    /// The last day on which it holds; a date of TOML.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
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
            rules: spanned_globs(&self.rules, false)?,
            files: spanned_globs(&self.files, true)?,
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
            && self.rules.as_ref().is_none_or(|rules| rules.set.is_match(rule))
            && self.files.as_ref().is_none_or(|files| files.set.is_match(path))
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

/// A set of globs; `None` when none is written. An error tells which one it is about.
fn globs(written: Vec<String>, in_folders: bool) -> Result<Option<Globs>, (usize, String)> {
    if written.is_empty() {
        return Ok(None);
    }
    let mut set = GlobSetBuilder::new();
    for (index, glob) in written.iter().enumerate() {
        let wrong = |_| (index, format!("`{glob}` is no pattern for names"));
        set.add(GlobBuilder::new(glob).literal_separator(in_folders).build().map_err(wrong)?);
    }
    let set = set.build().map_err(|error| (0, error.to_string()))?;
    Ok(Some(Globs { written, set }))
}

/// As [`globs`], with the byte offset of a mistake.
fn spanned_globs(written: &[Spanned<String>], in_folders: bool) -> Result<Option<Globs>, (usize, String)> {
    let texts = written.iter().map(|glob| glob.get_ref().clone()).collect();
    let offset = |index: usize| written.get(index).map_or(0, |glob| glob.span().start);
    globs(texts, in_folders).map_err(|(index, what)| (offset(index), what))
}
