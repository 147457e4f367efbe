//! Who does the work on a document, in two halves that know nothing of one another.
//!
//! The first half takes the document apart and makes a [`Draft`]; the second proves it, scans its text and decides. Between
//! them lies nothing but bytes, so each can be a process of its own ([`crate::pipeline`] has workers for both): a document that
//! takes over the first cannot certify itself.

use super::certificate::{Certificate, certify};
use super::draft::{self, Draft};
use super::{Cleaned, Scanner, fault, inspected};
use crate::finding::{Finding, Verdict};
use crate::formats::{self, Context, Hit, RemovedValue};
use crate::identify::{Identity, identify};
use crate::kind::Kind;
use crate::limits::Spent;
use crate::policy::{Action, Class, LegacyMode, Policy};
use crate::prove::opened::Opened;
use crate::refusal::Refusal;
use crate::trace::Trace;

/// Does the work on documents, one after the other.
pub trait Executor {
    /// The first half: what the document is, and a draft of its copy.
    fn draft(&mut self, bytes: &[u8], path: &str) -> Drafted;

    /// The second half: proof, findings and verdict. `bytes` is what the draft was made of, `identity` that of the input,
    /// `looked` what was seen in it before it was converted.
    fn certify(
        &mut self,
        bytes: &[u8],
        path: &str,
        identity: &Identity,
        draft: Draft,
        looked: Option<Looked>,
    ) -> Certified;

    /// What the rules find in the name of a file that has no copy.
    fn name_findings(&mut self, path: &str, identity: &Identity) -> Vec<Finding>;
}

/// The first half of the work.
#[derive(Debug, Clone)]
pub struct Drafted {
    /// What the document is.
    pub(crate) identity: Identity,
    /// What came of it.
    pub(crate) outcome: Outcome,
}

/// What came of the first half.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// A copy that is not proved yet.
    Draft(Box<Draft>),
    /// It has to be converted to this kind before it can be cleaned.
    Convert(Kind, Looked),
    /// There is no copy. What gives something away in it, if it was looked into.
    Refused(Refusal, Vec<Hit>),
}

/// What was seen in a document before it was converted.
#[derive(Debug, Clone, Default)]
pub struct Looked {
    /// Everything that gives something away.
    pub(crate) inspected: Vec<Hit>,
    /// What holds the copy: the converter may have lost the properties that say whom the document is for.
    pub(crate) held: Vec<Hit>,
    /// Metadata that is looked for in the copy.
    pub(crate) values: Vec<RemovedValue>,
    /// SHA-256 of the document, as who had it before anybody took it apart says.
    pub(crate) input: String,
}

/// The second half of the work.
#[derive(Debug, Clone)]
pub struct Certified {
    /// The proved copy.
    pub(crate) result: Result<Cleaned, Refusal>,
    /// What a person should look at.
    pub(crate) findings: Vec<Finding>,
    /// Where the copy goes.
    pub(crate) verdict: Verdict,
    /// Who and what made the document.
    pub(crate) traces: Vec<Trace>,
}

impl Drafted {
    /// For a document of which nothing is known.
    pub(crate) fn refused(refusal: Refusal) -> Self {
        let identity = Identity { kind: Kind::Unknown, detail: None, mismatch: None };
        Self { identity, outcome: Outcome::Refused(refusal, Vec::new()) }
    }
}

impl Certified {
    /// For a draft that nothing could be said about.
    pub(crate) fn refused(refusal: Refusal) -> Self {
        Self { result: Err(refusal), findings: Vec::new(), verdict: Verdict::Note, traces: Vec::new() }
    }
}

/// Makes a draft under a policy, or says why there is none.
pub(crate) fn drafted(bytes: &[u8], path: &str, policy: &Policy) -> Drafted {
    let identity = identify(bytes, path);
    let spent = Spent::default();
    let context = Context::new(policy, &spent);
    let outcome = match conversion(&identity, policy) {
        Some(to) => look(bytes, &identity, &context).map(|looked| Outcome::Convert(to, looked)),
        None => draft::draft(bytes, &identity, &context).map(|draft| Outcome::Draft(Box::new(draft))),
    };
    let outcome = outcome.unwrap_or_else(|refusal| Outcome::Refused(refusal, inspected(&identity, bytes, policy)));
    Drafted { identity, outcome }
}

/// The kind to convert a file to before it is cleaned, where the policy asks for that.
fn conversion(identity: &Identity, policy: &Policy) -> Option<Kind> {
    match policy.legacy.mode {
        LegacyMode::Convert => identity.kind.converted(),
        LegacyMode::Refuse => None,
    }
}

fn look(bytes: &[u8], identity: &Identity, context: &Context<'_>) -> Result<Looked, Refusal> {
    let report = formats::inspect(identity.kind, identity.detail.as_deref(), bytes, context)?;
    let is_held = |hit: &&Hit| (hit.class, hit.action) == (Class::MetadataSensitivityLabels, Action::Hold);
    let held = report.hits.iter().filter(is_held).cloned().collect();
    let mut values = report.values;
    values.retain(|value| value.class.name().starts_with("metadata."));
    Ok(Looked { inspected: inspected(identity, bytes, context.policy), held, values, input: String::new() })
}

/// Does both halves in this process. A panic costs the document at hand.
#[derive(Debug)]
pub struct InProcess<'a> {
    scanner: Scanner<'a>,
}

impl<'a> InProcess<'a> {
    /// With these rules.
    #[must_use]
    pub fn new(scanner: Scanner<'a>) -> Self {
        Self { scanner }
    }
}

impl Executor for InProcess<'_> {
    fn draft(&mut self, bytes: &[u8], path: &str) -> Drafted {
        guarded(|| drafted(bytes, path, self.scanner.policy())).unwrap_or_else(Drafted::refused)
    }

    fn certify(
        &mut self,
        bytes: &[u8],
        path: &str,
        identity: &Identity,
        draft: Draft,
        looked: Option<Looked>,
    ) -> Certified {
        let certified = guarded(|| {
            let opened = Opened::default();
            let (certificate, cleaned) = certify(bytes, path, identity, draft, looked.as_ref(), &self.scanner, &opened);
            let Certificate { proved, findings, verdict, traces } = certificate;
            Certified { result: proved.and_then(|_| cleaned.ok_or_else(|| fault(""))), findings, verdict, traces }
        });
        certified.unwrap_or_else(Certified::refused)
    }

    fn name_findings(&mut self, path: &str, identity: &Identity) -> Vec<Finding> {
        guarded(|| self.scanner.of_file(path).name_findings(path, identity)).unwrap_or_default()
    }
}

/// Turns a panic into a refusal.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Refusal> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).map_err(|_| fault(""))
}
