//! Findings: what a person should look at, with the place to look.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::{Place, Scope};

/// How much a hit of a rule matters, from a remark to a stop. The policy maps each to a [`Verdict`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Often harmless.
    Low,
    /// Look at it when there is time.
    Medium,
    /// Look at it.
    High,
    /// Must not be published without a decision.
    Block,
}

impl Severity {
    /// All, mildest first.
    pub const ALL: &'static [Self] = &[Self::Info, Self::Low, Self::Medium, Self::High, Self::Block];

    /// The name used in rules, policies and logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Block => "block",
        }
    }
}

/// What the policy makes of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Written into the log, nothing else.
    Note,
    /// The file is released and listed for a look; the exit code says so.
    Flag,
    /// The file is not released: its cleaned copy waits in the review folder.
    Hold,
}

impl Verdict {
    /// The name used in policies and logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Flag => "flag",
            Self::Hold => "hold",
        }
    }
}

/// One thing to look at. It never holds the value itself, only a masked excerpt and a keyed fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Finding {
    /// Id of the rule, for example `secret.aws-access-key`; fieldstrip's own begin with `file.`, `text.`, `hidden.`,
    /// `colour.` or `echo.`.
    pub rule: String,
    /// Category of the rule, for example `secret`.
    pub category: String,
    /// How much it matters.
    pub severity: Severity,
    /// What the policy makes of it.
    pub verdict: Verdict,
    /// Where to look.
    pub place: Place,
    /// In which kind of text it was found.
    pub scope: Scope,
    /// The value with everything but a few characters covered; empty when there is no value.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub masked: String,
    /// Keyed fingerprint of the value, the same for the same value and key; empty when there is no value.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fingerprint: String,
    /// Why it was found, in a sentence fragment: keyword, validator, context.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// Why the policy allows it, or by whose decision it was accepted, if so: then it is only noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed: Option<String>,
    /// How often it occurs at this place.
    pub count: u64,
}

impl Finding {
    /// Rule, masked value and place, in a few words.
    #[must_use]
    pub fn in_short(&self) -> String {
        let value = if self.masked.is_empty() { String::new() } else { format!(" {}", self.masked) };
        format!("{}{value} at {}", self.rule, self.place)
    }
}
