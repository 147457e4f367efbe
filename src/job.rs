//! One document on its way: identify, clean, prove, scan, decide. All in memory, no files.

use crate::detect::Engine;
use crate::finding::{Finding, Verdict};
use crate::formats::{self, Context, Hit, Report, handler_for, inspector_for, unhandled};
use crate::identify::{Identity, identify};
use crate::kind::Kind;
use crate::limits::Spent;
use crate::policy::{Action, LegacyMode, Policy};
use crate::prove::Proof;
use crate::refusal::{Reason, Refusal};
use crate::trace::Trace;

pub(crate) mod certificate;
pub(crate) mod draft;
pub(crate) mod executor;
pub(crate) mod proof;
mod reveal;
mod scan;
mod together;

pub use draft::Draft;
use executor::Outcome;
pub use executor::{Certified, Drafted, Executor, InProcess, Looked};
pub use reveal::reveal;
pub(crate) use scan::NAME_CLASH;
pub use scan::Scanner;

/// A cleaned and proved document.
#[derive(Debug, Clone)]
pub struct Cleaned {
    /// What the copy is. Without its macros, a document is of another kind than it was.
    pub kind: Kind,
    /// The copy.
    pub bytes: Vec<u8>,
    /// What was removed or changed.
    pub report: Report,
    /// The proof that the copy is the original without that.
    pub proof: Proof,
}

/// What is in a document, without a copy.
#[derive(Debug, Clone)]
pub struct Inspected {
    /// What it is, and whether its name says so too.
    pub identity: Identity,
    /// Metadata, hidden content and embedded files; [`crate::formats::Hit::action`] is what the strictest policy would do.
    pub report: Report,
    /// What the rules found in its text, hidden text and metadata included.
    pub findings: Vec<Finding>,
    /// Why the document could not be taken apart, if so.
    pub refusal: Option<Refusal>,
}

/// Cleans and proves one document. `hint` is its file name, used only to tell kinds of text apart.
///
/// # Errors
/// A [`Refusal`] when it cannot be cleaned, or when the copy cannot be proved.
pub fn clean(bytes: &[u8], hint: &str, policy: &Policy) -> Result<Cleaned, Refusal> {
    let spent = Spent::default();
    clean_and_prove(bytes, hint, &Context::new(policy, &spent))
}

impl Inspected {
    /// For a document whose bytes are not there to be looked at.
    #[must_use]
    pub fn unread(refusal: Refusal) -> Self {
        let identity = Identity { kind: Kind::Unknown, detail: None, mismatch: None };
        Self { identity, report: Report::default(), findings: Vec::new(), refusal: Some(refusal) }
    }
}

/// Lists what is in one document, and what the rules find in its text. As in [`process`], a panic costs this document.
#[must_use]
pub fn inspect(bytes: &[u8], hint: &str, scanner: &Scanner<'_>) -> Inspected {
    let work = std::panic::AssertUnwindSafe(|| inspect_unguarded(bytes, hint, scanner));
    std::panic::catch_unwind(work).unwrap_or_else(|_| Inspected::unread(fault("")))
}

/// What is said of a document at which the program failed in itself, at this place of its source if that is known.
pub(crate) fn fault(at: &str) -> Refusal {
    let at = if at.is_empty() { String::new() } else { format!(" ({at})") };
    Refusal::new(Reason::Internal, format!("a fault occurred while the file was taken apart{at}"))
}

fn inspect_unguarded(bytes: &[u8], hint: &str, scanner: &Scanner<'_>) -> Inspected {
    let scanner = &scanner.of_file(hint);
    let spent = Spent::default();
    let context = Context::new(scanner.policy(), &spent);
    let identity = identify(bytes, hint);
    let detail = identity.detail.as_deref();
    let (report, refusal) = match formats::inspect(identity.kind, detail, bytes, &context) {
        Ok(report) => {
            let is_converted =
                scanner.policy().legacy.mode == LegacyMode::Convert && identity.kind.converted().is_some();
            (report, handler(identity.kind, detail).err().filter(|_| !is_converted))
        }
        Err(refusal) => (Report::default(), Some(refusal)),
    };
    let mut findings = scanner.name_findings(hint, &identity);
    if handler_for(identity.kind).is_none() && inspector_for(identity.kind).is_none() {
        return Inspected { identity, report, findings, refusal };
    }
    // What was too much for the handler is not handed to the next reader.
    if refusal.as_ref().is_some_and(|refusal| refusal.reason == Reason::OverLimit) {
        return Inspected { identity, report, findings, refusal };
    }
    let scan_spent = Spent::default();
    let scan_context = Context::new(scanner.policy(), &scan_spent);
    let refusal = match scanner.text_findings(identity.kind, bytes, &scan_context) {
        Ok(found) => {
            findings.extend(found);
            refusal
        }
        Err(unreadable) => refusal.or(Some(unreadable)),
    };
    let scan_spent = Spent::default();
    let attached = scanner.attached_findings(&report, &Context::new(scanner.policy(), &scan_spent));
    findings.extend(attached.map(|attached| attached.removed).unwrap_or_default()); // the strictest policy keeps none
    Inspected { identity, report, findings, refusal }
}

/// Cleans and proves a document within the budgets of its context; see [`clean`].
pub(crate) fn clean_and_prove(bytes: &[u8], name: &str, context: &Context<'_>) -> Result<Cleaned, Refusal> {
    let draft = draft::draft(bytes, &identify(bytes, name), context)?;
    let proved = proof::prove_draft(bytes, &draft, context)?;
    Ok(draft.into_cleaned(proved))
}

fn handler(kind: Kind, detail: Option<&str>) -> Result<&'static dyn crate::formats::Handler, Refusal> {
    handler_for(kind).ok_or_else(|| unhandled::refusal(kind, detail))
}

/// Stack of a thread that parses documents: parsers of nested formats go deep before their depth limits end it.
pub const STACK_BYTES: usize = 64 << 20;

/// What became of one document, before anything is written.
#[derive(Debug)]
pub struct Processed {
    /// What it is.
    pub identity: Identity,
    /// Where it goes.
    pub verdict: Verdict,
    /// The copy, or why there is none.
    pub result: Result<Cleaned, Refusal>,
    /// What a person should look at, in the copy and in its name.
    pub findings: Vec<Finding>,
    /// Who and what made it, as far as removed values told.
    pub traces: Vec<Trace>,
    /// What gives something away in a file that is refused for its kind, but can be looked into.
    pub inspected: Vec<Hit>,
}

/// Takes one document all the way in this process. `path` is its relative path, which is scanned too.
///
/// A panic inside a handler, a prover or a library costs this document, nothing else.
#[must_use]
pub fn process(bytes: &[u8], path: &str, scanner: &Scanner<'_>) -> Processed {
    process_with(bytes, path, &mut InProcess::new(*scanner), &mut |_, _| Err(fault("")))
}

/// Takes one document all the way by means of `executor`. Where the policy wants a document of the first kind converted to one
/// of the second, `convert` does so. What the old file gave away is looked for in the copy; a person is told that no proof
/// covers the conversion.
#[must_use]
pub fn process_with(
    bytes: &[u8],
    path: &str,
    executor: &mut dyn Executor,
    convert: &mut dyn FnMut(Kind, Kind) -> Result<Vec<u8>, Refusal>,
) -> Processed {
    let Drafted { identity, outcome } = executor.draft(bytes, path);
    let certified = match outcome {
        Outcome::Draft(draft) => Ok(executor.certify(bytes, path, &identity, *draft, None)),
        Outcome::Refused(refusal, inspected) => Err((refusal, inspected)),
        Outcome::Convert(to, mut looked) => {
            let inspected = std::mem::take(&mut looked.inspected);
            looked.input = crate::report::sha256(bytes);
            match convert(identity.kind, to) {
                Ok(converted) => match executor.draft(&converted, path).outcome {
                    Outcome::Draft(draft) => Ok(executor.certify(&converted, path, &identity, *draft, Some(looked))),
                    Outcome::Refused(refusal, _) => Err((refusal, inspected)),
                    Outcome::Convert(..) => {
                        Err((Refusal::unsupported("its conversion is of an old kind too"), inspected))
                    }
                },
                Err(refusal) => Err((refusal, inspected)),
            }
        }
    };
    match certified {
        Ok(Certified { result, findings, verdict, traces }) => {
            Processed { identity, verdict, result, findings, traces, inspected: Vec::new() }
        }
        Err((refusal, inspected)) => {
            let findings = executor.name_findings(path, &identity);
            let traces = Vec::new();
            Processed { identity, verdict: Verdict::Note, result: Err(refusal), findings, traces, inspected }
        }
    }
}

/// What is in a document of a kind that is looked into, but never cleaned. Nothing is done about it.
fn inspected(identity: &Identity, bytes: &[u8], policy: &Policy) -> Vec<Hit> {
    let Some(inspector) = inspector_for(identity.kind) else { return Vec::new() };
    let spent = Spent::default();
    let report = inspector.inspect(identity.kind, bytes, &Context::new(policy, &spent));
    let hits = report.map(|report| report.hits).unwrap_or_default();
    hits.into_iter().map(|hit| Hit { action: Action::Refuse, ..hit }).collect()
}

/// What becomes of a cleaned document under the policy: the strictest of all hits and findings.
#[must_use]
pub fn decide(report: &Report, findings: &[Finding]) -> Verdict {
    let held = report.all_hits().iter().any(Hit::holds);
    let worst = findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Note);
    if held { Verdict::Hold } else { worst }
}

/// Compiles the rules of a policy.
///
/// # Errors
/// When a rule pack is broken or the policy names a pack or rule that does not exist.
pub fn engine_for(policy: &Policy) -> Result<Engine, crate::detect::RuleError> {
    Engine::for_policy(policy)
}
