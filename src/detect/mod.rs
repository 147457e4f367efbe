//! Sensitive text: rules from TOML packs, compiled once, run over logical text.

use crate::finding::Severity;
use crate::policy::Policy;

/// A rule pack or rule that cannot be used.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct RuleError(pub String);

/// A compiled set of rules.
#[derive(Debug)]
pub struct Engine {}

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
    /// Keyword, validator verdict and context hits, as a sentence fragment without the value.
    pub why: String,
}

impl Engine {
    /// Compiles the rules that a policy enables.
    ///
    /// # Errors
    /// When a pack or rule is broken.
    pub fn for_policy(_policy: &Policy) -> Result<Self, RuleError> {
        Ok(Self {})
    }

    /// All matches in a text, ordered by start.
    #[must_use]
    pub fn scan(&self, _text: &str) -> Vec<Match<'_>> {
        Vec::new()
    }
}

/// The value with everything but a few characters covered.
#[must_use]
pub fn mask(value: &str, _category: &str) -> String {
    "•".repeat(value.chars().count().min(12))
}

/// Makes keyed fingerprints of values.
#[derive(Debug)]
pub struct Fingerprinter {}

impl Fingerprinter {
    /// A fingerprinter with this secret key.
    #[must_use]
    pub fn new(_key: &[u8]) -> Self {
        Self {}
    }

    /// The id of the key, safe to write into a log.
    #[must_use]
    pub fn key_id(&self) -> String {
        String::new()
    }

    /// The fingerprint of a value.
    #[must_use]
    pub fn fingerprint(&self, _value: &str) -> String {
        String::new()
    }
}
