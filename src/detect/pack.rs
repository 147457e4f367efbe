//! Rule packs: the TOML schema, the packs that come with the program, and mistakes with their line and column.

use std::sync::LazyLock;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::validate::{self, Validator};
use crate::finding::Severity;

/// A pack that comes with the program: its text, and what the build script read in it.
struct BuiltIn {
    name: &'static str,
    toml: &'static str,
    json: &'static str,
}

/// The packs that come with the program, by name.
static PACKS: &[BuiltIn] = include!(concat!(env!("OUT_DIR"), "/packs.rs"));

/// The version of the schema that this program reads.
const SCHEMA: u32 = 1;

/// A rule pack or rule that cannot be used. The message names pack, line and column, and the rule where it is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct RuleError(pub String);

impl RuleError {
    /// An error at a byte offset of a pack.
    fn at(pack: &str, text: &str, offset: usize, message: impl std::fmt::Display) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count().saturating_add(1);
        let column = before.chars().rev().take_while(|c| *c != '\n').count().saturating_add(1);
        Self(format!("{pack}.toml:{line}:{column}: {message}"))
    }
}

/// A rule pack as read.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Its name: the file name without `.toml`.
    pub name: String,
    /// One line for `policy list`.
    pub description: String,
    /// SHA-256 of the TOML text, hexadecimal, for the audit log.
    pub sha256: String,
    /// The rules, in the order of the file.
    pub rules: Vec<Rule>,
}

/// One rule of a pack. See `ARCHITECTURE.md` for how to write one.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Dotted name, unique over all packs, for example `secret.aws-access-key`.
    pub id: String,
    /// What it finds, in words.
    pub name: String,
    /// Kind of value, which also decides how it is masked: `marking`, `position`, `operation`, `secret`, `personal`, `network`.
    pub category: String,
    /// How much a likely hit matters.
    pub severity: Severity,
    /// What to look for.
    pub patterns: Vec<Pattern>,
    /// Words one of which must stand near, ASCII letters in either case. Empty: a digit must stand near.
    pub keywords: Vec<String>,
    /// Tells true from false where a pattern cannot.
    pub validator: Option<&'static Validator>,
    /// The score of a match that the validator found valid.
    pub validated: f32,
    /// What a hit says of more than itself.
    pub role: Option<Role>,
    /// Words near the match that make it likelier.
    pub context: Context,
    /// Words near the match that make it unlikely; they never unmake a validated hit.
    pub unless: Vec<String>,
    /// Texts in which the rule must match.
    pub examples: Vec<String>,
    /// Texts in which the rule must not match.
    pub negative_examples: Vec<String>,
    /// Where the form of the value is defined.
    pub reference: String,
    /// What it may be confused with, and what the rule does about that.
    pub confusables: String,
}

/// What a hit says of the page or document that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// It classifies the page: pages without one stand out.
    Banner,
    /// It says that the document may be published.
    Cleared,
}

/// One pattern of a rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Pattern {
    /// A regular expression in the syntax of the `regex` crate; `\b` is an ASCII word boundary. If it has a capture group,
    /// the first group is the value; otherwise the whole match is.
    pub regex: String,
    /// How likely a match is to be true, from 0 to 1, before validator and context.
    pub score: f32,
}

/// Words near a match.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Context {
    /// Lower-case words or phrases; compared as whole words.
    #[serde(default)]
    pub words: Vec<String>,
    /// What they add to the score.
    #[serde(default = "default_boost")]
    pub boost: f32,
    /// Without any of them there is no finding.
    #[serde(default)]
    pub required: bool,
    /// How far before the match they may stand, in bytes; behind it is half of that.
    #[serde(default = "default_distance")]
    pub distance: usize,
}

impl Default for Context {
    fn default() -> Self {
        Self { words: Vec::new(), boost: default_boost(), required: false, distance: default_distance() }
    }
}

fn default_boost() -> f32 {
    0.4
}

fn default_distance() -> usize {
    80
}

fn default_validated() -> f32 {
    1.0
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PackFile {
    schema: u32,
    description: String,
    #[serde(default, rename = "rule")]
    rules: Vec<RuleFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    id: String,
    name: String,
    category: String,
    severity: Severity,
    patterns: Vec<Pattern>,
    #[serde(default)]
    keywords: Vec<String>,
    validator: Option<String>,
    role: Option<Role>,
    #[serde(default = "default_validated")]
    validated: f32,
    #[serde(default)]
    context: Context,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    examples: Vec<String>,
    #[serde(default)]
    negative_examples: Vec<String>,
    #[serde(default)]
    reference: String,
    #[serde(default)]
    confusables: String,
}

impl Pack {
    /// Reads a pack.
    ///
    /// # Errors
    /// With line and column: broken TOML, an unknown key, a validator that does not exist, a rule without a pattern, a score
    /// outside 0 to 1.
    pub fn from_toml(text: &str, name: &str) -> Result<Self, RuleError> {
        let file: PackFile = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            RuleError::at(name, text, offset, error.message())
        })?;
        Self::resolve(file, text, name)
    }

    /// The pack that a file of this text and name describes.
    fn resolve(file: PackFile, text: &str, name: &str) -> Result<Self, RuleError> {
        if file.schema != SCHEMA {
            let message = format!("this version of fieldstrip reads rule packs of schema {SCHEMA}");
            return Err(RuleError::at(name, text, place(text, 0, "schema", ""), message));
        }
        let rules = file.rules.into_iter().map(|rule| resolve(rule, text, name)).collect::<Result<_, _>>()?;
        Ok(Self {
            name: name.to_owned(),
            description: file.description,
            sha256: crate::report::hex(&Sha256::digest(text.as_bytes())),
            rules,
        })
    }

    /// An error about one rule of this pack, with its line and column when the text of the pack is at hand.
    pub(crate) fn error(&self, rule: &Rule, message: impl std::fmt::Display) -> RuleError {
        let message = format!("rule `{}`: {message}", rule.id);
        match built_in_text(&self.name) {
            Some(text) => RuleError::at(&self.name, text, place(text, 0, "id", &rule.id), message),
            None => RuleError(format!("{}: {message}", self.name)),
        }
    }
}

fn resolve(rule: RuleFile, text: &str, pack: &str) -> Result<Rule, RuleError> {
    let id = rule.id;
    let at = |from, key, value: &str, message: String| {
        RuleError::at(pack, text, place(text, from, key, value), format!("rule `{id}`: {message}"))
    };
    let fail = |message: String| at(0, "id", &id, message);
    let validator = match &rule.validator {
        Some(wanted) => Some(validate::by_name(wanted).ok_or_else(|| {
            let rule = place(text, 0, "id", &id);
            at(rule, "validator", wanted, format!("there is no validator `{wanted}`"))
        })?),
        None => None,
    };
    if rule.patterns.is_empty() {
        return Err(fail("a rule needs a pattern".to_owned()));
    }
    let scores = rule.patterns.iter().map(|pattern| pattern.score).chain([rule.validated, rule.context.boost]);
    if let Some(score) = scores.into_iter().find(|score| !(0.0..=1.0).contains(score)) {
        return Err(fail(format!("the score {score} is not between 0 and 1")));
    }
    if rule.context.required && rule.context.words.is_empty() {
        return Err(fail("context is required, but has no words".to_owned()));
    }
    let mut words = rule.context.words.iter().chain(&rule.unless);
    if let Some(word) = words.find(|word| word.trim().is_empty() || **word != word.to_lowercase()) {
        return Err(fail(format!("the context word `{word}` must be lower case and not empty")));
    }
    if rule.keywords.iter().any(|keyword| keyword.len() < 2 && keyword != "@") {
        return Err(fail("a keyword of one character gates nothing".to_owned()));
    }
    Ok(Rule {
        id,
        name: rule.name,
        category: rule.category,
        severity: rule.severity,
        patterns: rule.patterns,
        keywords: rule.keywords,
        validator,
        validated: rule.validated,
        role: rule.role,
        context: rule.context,
        unless: rule.unless,
        examples: rule.examples,
        negative_examples: rule.negative_examples,
        reference: rule.reference,
        confusables: rule.confusables,
    })
}

/// Where the value of a key stands that begins like this string, at or behind `from`; the beginning of the text when it is
/// written in a way that this does not find.
fn place(text: &str, from: usize, key: &str, value: &str) -> usize {
    let mut line_at = from;
    for line in text.get(from..).unwrap_or_default().split_inclusive('\n') {
        let behind = line.trim_start().strip_prefix(key).and_then(|rest| rest.trim_start().strip_prefix('='));
        if let Some(found) =
            behind.map(str::trim_start).filter(|found| found.trim_start_matches('"').starts_with(value))
        {
            return line_at.saturating_add(line.len().saturating_sub(found.len()));
        }
        line_at = line_at.saturating_add(line.len());
    }
    0
}

fn built_in_text(name: &str) -> Option<&'static str> {
    PACKS.iter().find(|pack| pack.name == name).map(|pack| pack.toml)
}

/// The packs that come with the program, by name.
///
/// # Errors
/// When one of them is broken, which a test excludes.
pub fn built_in_packs() -> Result<&'static [Pack], RuleError> {
    static READ: LazyLock<Result<Vec<Pack>, RuleError>> = LazyLock::new(|| {
        let read = |BuiltIn { name, toml, json }: &BuiltIn| match serde_json::from_str(json) {
            Ok(file) => Pack::resolve(file, toml, name),
            // What is wrong is said about the text that somebody wrote.
            Err(_) => Pack::from_toml(toml, name),
        };
        PACKS.iter().map(read).collect()
    });
    READ.as_deref().map_err(Clone::clone)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "schema = 1\ndescription = \"d\"\n";
    const RULE: &str = "[[rule]]\nid = \"a.b\"\nname = \"n\"\ncategory = \"c\"\nseverity = \"low\"\n";

    #[test]
    fn mistakes_name_pack_rule_line_and_column() {
        let cases = [
            (format!("{HEAD}colour = 1\n"), "p.toml:3:1:", "unknown field"),
            (format!("{HEAD}{RULE}patterns = []\n"), "p.toml:4:6:", "rule `a.b`: a rule needs a pattern"),
            (
                format!("{HEAD}{RULE}patterns = [{{ regex = \"x\", score = 0.5 }}]\nvalidator = \"no\"\n"),
                "p.toml:9:13:",
                "no validator `no`",
            ),
            (format!("{HEAD}{RULE}patterns = [{{ regex = \"x\", score = 3 }}]\n"), "p.toml:4:6:", "between 0 and 1"),
            (
                format!("{HEAD}{RULE}patterns = [{{ regex = \"x\", score = 1 }}]\nunless = [\"Big\"]\n"),
                "p.toml:4:6:",
                "lower case",
            ),
            ("schema = 9\ndescription = \"d\"\n".to_owned(), "p.toml:1:10:", "schema 1"),
        ];
        for (text, place, message) in cases {
            let error = Pack::from_toml(&text, "p").unwrap_err().to_string();
            assert!(error.starts_with(place), "{error}");
            assert!(error.contains(message), "{error}");
        }
    }

    #[test]
    fn the_build_script_changes_nothing() {
        for BuiltIn { name, toml, .. } in PACKS {
            let (built, read) = (built_in_packs().unwrap(), Pack::from_toml(toml, name).unwrap());
            let built = built.iter().find(|pack| pack.name == *name).unwrap();
            assert_eq!(format!("{built:?}"), format!("{read:?}"));
        }
    }

    #[test]
    fn the_packs_of_the_program_are_read() {
        let packs = built_in_packs().unwrap();
        let names: Vec<&str> = packs.iter().map(|pack| pack.name.as_str()).collect();
        assert_eq!(names, ["markings", "network", "operations", "personal", "positions", "secrets"]);
        assert!(packs.iter().all(|pack| !pack.rules.is_empty() && pack.sha256.len() == 64));
    }
}
