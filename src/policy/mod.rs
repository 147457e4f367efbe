//! Policies: what is removed, what is held for a person, what text is looked for.
//!
//! A policy is a TOML file. It names an action for every [`Class`] of things (those that it leaves out get the strictest
//! action), the rule packs to scan with, and budgets. A policy may `extends` a built-in one and change a few lines.

mod allow;
mod class;
mod lexicons;
mod load;
pub mod schema;

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use allow::Allowance;
pub use class::{Action, Class};
pub(crate) use load::line_and_column;
pub use load::{BUILT_IN, PolicyError};

use crate::decisions::Decisions;
use crate::detect::lexicon::Lexicon;
use crate::finding::{Severity, Verdict};
use crate::limits::Limits;

/// A complete policy, ready for use. It can be handed to another process as it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Policy {
    /// Its name, for the log.
    pub name: String,
    /// One line for `policy list`.
    pub description: String,
    /// SHA-256 over the policy file and those that it extends, hexadecimal.
    pub sha256: String,
    /// Budgets.
    pub limits: Limits,
    /// Text scanning.
    pub text: TextPolicy,
    /// Coded pictures.
    pub images: ImagePolicy,
    /// Sensitivity labels.
    pub labels: LabelPolicy,
    /// Office files from before 2007.
    pub legacy: LegacyPolicy,
    /// How much is proved.
    pub proof: ProofPolicy,
    /// What people decided about findings of earlier runs; no part of the policy file.
    pub decisions: Decisions,
    actions: BTreeMap<Class, Action>,
}

/// What text is looked for, and what becomes of a finding.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TextPolicy {
    /// Globs over pack names, for example `*` or `personal`.
    pub packs: Vec<String>,
    /// What a finding of each severity means for the file.
    pub severity: BTreeMap<Severity, Verdict>,
    /// Exceptions by the id of a rule, or by the beginning of ids and a `*`, for example `marking.*`.
    pub rules: BTreeMap<String, RuleSetting>,
    /// The user's own code words, by the id of their rule.
    pub lexicons: Vec<Lexicon>,
    /// What is known and may be published.
    pub allow: Vec<Allowance>,
}

/// How much is proved where more would only cost more time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofPolicy {
    /// Pages of each PDF, from the first, that are rendered before and after; what they draw is compared for all pages.
    /// `u32::MAX` for `"all"`.
    pub pdf_pages: u32,
    /// How the proof sees that a picture is the same.
    pub images: ImageProof,
}

impl Default for ProofPolicy {
    fn default() -> Self {
        Self { pdf_pages: 2, images: ImageProof::default() }
    }
}

/// How the proof sees that a raster picture is the same. Its coded data is compared byte by byte in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImageProof {
    /// A decoder that fieldstrip's own readers have nothing to do with makes the same pixels of original and copy. Where all that
    /// decoders read is the same bytes in both, it decodes once.
    #[default]
    Decode,
    /// By its coded data alone, several times as fast.
    Essence,
}

/// What becomes of the coded data of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImagePolicy {
    /// Copied or coded anew.
    pub mode: ImageMode,
}

/// How pictures get into the copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImageMode {
    /// The coded data is copied byte by byte.
    #[default]
    Lossless,
    /// Content disarm: pictures are decoded and coded anew at the same depth, so that nothing survives that hides in coded
    /// data. JPEG loses a little quality each time; formats without an encoder are refused.
    Reencode,
}

/// Which sensitivity labels are no reason to hold a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LabelPolicy {
    /// Names that say that everybody may read a document.
    pub public: Vec<String>,
}

impl LabelPolicy {
    /// True for a name that is one of these as a whole; case and space around it do not matter.
    #[must_use]
    pub fn is_public(&self, name: &str) -> bool {
        let name = name.trim().to_lowercase();
        self.public.iter().any(|public| public.trim().to_lowercase() == name)
    }
}

/// What becomes of Office files from before 2007, which cannot be cleaned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LegacyPolicy {
    /// Refused or converted.
    pub mode: LegacyMode,
}

/// How Office files from before 2007 are treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LegacyMode {
    /// Refused, with the advice to convert them.
    #[default]
    Refuse,
    /// Word, Excel and PowerPoint files are converted with an installed LibreOffice, and the result is cleaned. The proof
    /// compares the copy with the converted file; whether that shows what the old one showed, a person has to judge.
    Convert,
}

/// An exception for one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleSetting {
    /// Another severity than the rule's own.
    pub severity: Option<Severity>,
    /// Another verdict than that of the severity.
    pub verdict: Option<Verdict>,
    /// `false` switches the rule off.
    pub enabled: Option<bool>,
}

impl Default for TextPolicy {
    fn default() -> Self {
        let verdict = |severity: &Severity| match severity {
            Severity::Block => Verdict::Hold,
            Severity::High | Severity::Medium => Verdict::Flag,
            Severity::Low | Severity::Info => Verdict::Note,
        };
        Self {
            packs: vec!["*".to_owned()],
            severity: Severity::ALL.iter().map(|severity| (*severity, verdict(severity))).collect(),
            rules: BTreeMap::new(),
            lexicons: Vec::new(),
            allow: Vec::new(),
        }
    }
}

impl Policy {
    /// The action for a class.
    #[must_use]
    pub fn action(&self, class: Class) -> Action {
        self.actions.get(&class).or_else(|| class.actions().first()).copied().unwrap_or(Action::Refuse)
    }

    /// The action for something of a class that a handler has no way to take out or to show: held where that should be done.
    #[must_use]
    pub fn action_if_left(&self, class: Class) -> Action {
        match self.action(class) {
            Action::Remove | Action::Unhide => Action::Hold,
            action => action,
        }
    }

    /// The verdict on a finding of a rule with this severity.
    #[must_use]
    pub fn verdict(&self, rule: &str, severity: Severity) -> Verdict {
        let setting = self.setting(rule);
        setting.verdict.or_else(|| self.text.severity.get(&severity).copied()).unwrap_or(Verdict::Flag)
    }

    /// What the policy says of a rule. Of several beginnings that fit, the longer one counts; an id counts before all of them.
    #[must_use]
    pub fn setting(&self, rule: &str) -> RuleSetting {
        let fits = |pattern: &str| pattern.strip_suffix('*').is_some_and(|beginning| rule.starts_with(beginning));
        // In the order of the map: `*` comes before all that an id may go on with, so the shorter beginning comes first.
        let beginnings = self.text.rules.iter().filter(|(pattern, _)| fits(pattern)).map(|(_, setting)| setting);
        let settings = beginnings.chain(self.text.rules.get(rule));
        settings.fold(RuleSetting::default(), |all, setting| RuleSetting {
            severity: setting.severity.or(all.severity),
            verdict: setting.verdict.or(all.verdict),
            enabled: setting.enabled.or(all.enabled),
        })
    }

    /// The severity of a rule, its own unless the policy gives it another one.
    #[must_use]
    pub fn severity(&self, rule: &str, own: Severity) -> Severity {
        self.setting(rule).severity.unwrap_or(own)
    }

    /// Says which day it is, `YYYY-MM-DD`: allowances with a last day count up to and on it. Returns the reasons of those that
    /// have ended.
    pub fn on_day(&mut self, day: &str) -> Vec<String> {
        for allowance in &mut self.text.allow {
            allowance.active = allowance.expires.as_ref().is_none_or(|last| day <= last.as_str());
        }
        self.ended_allowances()
    }

    /// The reasons of the allowances that do not count, with their last days.
    #[must_use]
    pub fn ended_allowances(&self) -> Vec<String> {
        let ended = self.text.allow.iter().filter(|allowance| !allowance.active);
        let last = |allowance: &Allowance| allowance.expires.clone().unwrap_or_default();
        ended.map(|allowance| format!("{} (until {})", allowance.reason, last(allowance))).collect()
    }

    /// The reason why a value may be published although this rule finds it, in the file with this relative path.
    #[must_use]
    pub fn allowed(&self, rule: &str, value: &str, path: &str) -> Option<&str> {
        let comparable = LazyCell::new(|| allow::comparable(value));
        let covers = |allowance: &&Allowance| allowance.covers(rule, &comparable, path);
        self.text.allow.iter().find(covers).map(|allowance| allowance.reason.as_str())
    }

    /// The strictest action for every class: what `inspect` looks with.
    #[must_use]
    pub fn strictest() -> &'static Self {
        static STRICTEST: LazyLock<Policy> = LazyLock::new(|| Policy {
            name: "strictest".to_owned(),
            description: "the strictest action for every class".to_owned(),
            sha256: String::new(),
            limits: Limits::default(),
            text: TextPolicy::default(),
            images: ImagePolicy::default(),
            labels: LabelPolicy::default(),
            legacy: LegacyPolicy::default(),
            proof: ProofPolicy { pdf_pages: u32::MAX, ..ProofPolicy::default() },
            decisions: Decisions::default(),
            actions: BTreeMap::new(),
        });
        &STRICTEST
    }
}
