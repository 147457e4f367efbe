//! Lexicons as a policy writes them.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::detect::lexicon::{Lexicon, Matching};
use crate::finding::Severity;

/// The longest term, in characters; what is longer is no term but a text that slipped into the list.
const LONGEST: usize = 200;

/// `[text.lexicons.NAME]` as written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct LexiconSetting {
    /// How much a hit matters.
    #[serde(default = "default_severity")]
    severity: Severity,
    /// How terms are compared.
    #[serde(default, rename = "match")]
    matching: Matching,
    /// The terms.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    terms: Vec<Spanned<String>>,
    /// A text file with one term in each line, beside the policy.
    #[schemars(with = "Option<String>")]
    pub(super) file: Option<Spanned<String>>,
}

fn default_severity() -> Severity {
    Severity::Block
}

impl LexiconSetting {
    /// The lexicon that is meant; `listed` is the text of its file. The byte offset of `name` is `at`.
    ///
    /// # Errors
    /// The byte offset of a mistake in the policy and what is wrong there.
    pub(super) fn resolve(&self, name: &str, at: usize, listed: Option<&str>) -> Result<Lexicon, (usize, String)> {
        let mut terms = Vec::new();
        for term in &self.terms {
            let fail = |message: &str| (term.span().start, format!("`{}` {message}", term.get_ref()));
            terms.push(check(term.get_ref()).map_err(fail)?);
        }
        if let (Some(file), Some(listed)) = (&self.file, listed) {
            for (number, line) in (1_usize..).zip(listed.trim_start_matches('\u{feff}').lines()) {
                if line.trim().is_empty() || line.starts_with('#') {
                    continue;
                }
                let fail = |message: &str| (file.span().start, format!("{}:{number}: {message}", file.get_ref()));
                terms.push(check(line).map_err(fail)?);
            }
        }
        if terms.is_empty() {
            return Err((at, format!("the lexicon `{name}` has no terms")));
        }
        Ok(Lexicon { id: format!("lexicon.{name}"), severity: self.severity, matching: self.matching, terms })
    }
}

/// A term that can be looked for.
fn check(term: &str) -> Result<String, &'static str> {
    let term = term.trim();
    if term.chars().filter(|c| c.is_alphanumeric()).count() < 2 {
        return Err("is too short for a term: it needs two letters or digits");
    }
    if term.chars().count() > LONGEST {
        return Err("is longer than 200 characters");
    }
    Ok(term.to_owned())
}
