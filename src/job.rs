//! One document on its way: identify, clean, prove, scan, decide. All in memory, no files.

use crate::detect::Engine;
use crate::finding::{Finding, Verdict};
use crate::formats::{self, Context, Hit, RemovedValue, Report, handler_for, inspector_for, unhandled};
use crate::identify::{Identity, identify};
use crate::kind::{Family, Kind};
use crate::limits::Spent;
use crate::policy::{Action, Class, ImageMode, LegacyMode, Policy};
use crate::prove::echo::echoes;
use crate::prove::{Proof, prove, prove_reencoded, prove_without_hidden_text};
use crate::refusal::{Reason, Refusal};

mod scan;
mod together;

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
    std::panic::catch_unwind(work).unwrap_or_else(|_| Inspected::unread(fault()))
}

/// What is said of a document after a panic.
fn fault() -> Refusal {
    Refusal::new(Reason::Internal, "a fault occurred while the file was taken apart")
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
    let size = bytes.len() as u64;
    if size > context.limits.input_bytes {
        return Err(Refusal::over_limit("input-bytes", format!("the file has {size} bytes")));
    }
    let Identity { kind, detail, mismatch } = identify(bytes, name);
    if let (Family::Text, Some(claimed)) = (kind.family(), mismatch) {
        // Text is copied as it is. Under the name of another format it is more likely the remains of a damaged file.
        let what = format!("the name says {}, but there is only text in it", claimed.described());
        return Err(Refusal::damaged(what).with_hint("if it is meant to be text, give it a name that ends with .txt"));
    }
    let mut copy = Vec::new();
    let mut report = handler(kind, detail.as_deref())?.clean(kind, bytes, context.policy, context, &mut copy)?;
    report.decide_labels(context.policy);
    if report.hits.iter().any(|hit| hit.action == Action::Refuse) {
        return Err(Refusal::new(Reason::Policy, "the policy refuses files with this content"));
    }
    // Proving a document unpacks it twice more. Only embedded files stay on the account of the whole.
    let spent = Spent::default();
    let proof_context = context.next_stage(&spent);
    let proof = prove(kind, bytes, &copy, &report, &proof_context)?;
    let kind = report.copy_kind.unwrap_or(kind);
    let mut cleaned = Cleaned { kind, bytes: copy, report, proof };
    if context.policy.action(Class::ContentHiddenText) == Action::Remove {
        cleaned = without_hidden_text(cleaned, context);
    }
    match context.policy.images.mode {
        // A drawing has no coded data of its own; the pictures in it went this way by themselves.
        ImageMode::Reencode if kind.family() == Family::Image && kind != Kind::Svg => reencode(cleaned, &proof_context),
        _ => Ok(cleaned),
    }
}

/// Takes the text that nobody sees out of a proved copy, for policies that ask for it. A copy that it cannot be taken out of,
/// or for which that cannot be proved, is held as it is.
fn without_hidden_text(mut cleaned: Cleaned, context: &Context<'_>) -> Cleaned {
    match take_hidden_text(&cleaned, context) {
        Ok(None) => {}
        Ok(Some(without)) => {
            cleaned.bytes = without.bytes;
            for hit in without.report.hits {
                cleaned.report.hit(hit.class, hit.action, hit.item, hit.place, hit.count, hit.bytes);
            }
            cleaned.report.values.extend(without.report.values);
            cleaned.proof.essence = without.proof.essence;
            cleaned.proof.checks.extend(without.proof.checks);
        }
        Err(refusal) => {
            let item = format!("hidden text that was not removed: {}", refusal.detail);
            cleaned.report.hit(Class::ContentHiddenText, Action::Hold, item, refusal.part, 1, 0);
        }
    }
    cleaned
}

/// The copy without its hidden text, what that was and the proof; `None` when it has none.
fn take_hidden_text(cleaned: &Cleaned, context: &Context<'_>) -> Result<Option<Cleaned>, Refusal> {
    /// What stays may move by a hair, and so may come to lie under a box of which it touched the edge.
    const ROUNDS: usize = 4;
    let handler = handler(cleaned.kind, None)?;
    let mut result: Option<Cleaned> = None;
    for _ in 0..ROUNDS {
        let before = result.as_ref().unwrap_or(cleaned);
        let spent = Spent::default();
        let own = context.next_stage(&spent);
        let Some((bytes, mut report)) = handler.without_hidden_text(cleaned.kind, &before.bytes, &own)? else {
            return Ok(result);
        };
        if context.depth() > 0 {
            // The proof of what it lies in compares it with the original as it was.
            return Err(Refusal::unsupported("it is in a file within a file"));
        }
        let spent = Spent::default();
        let own = context.next_stage(&spent);
        let (proof, left) = prove_without_hidden_text(cleaned.kind, &before.bytes, &bytes, &cleaned.report, &own)?;
        if let Some(earlier) = result {
            report.hits.splice(0..0, earlier.report.hits);
            report.values.extend(earlier.report.values);
        }
        result = Some(Cleaned { kind: cleaned.kind, bytes, report, proof });
        if left == 0 {
            return Ok(result);
        }
    }
    Err(Refusal::unprovable("the copy still has hidden text"))
}

/// Codes the pictures of a proved copy anew, for policies that ask for it. The result goes the way of every file: it is
/// cleaned, and proved to show what the copy shows.
fn reencode(cleaned: Cleaned, context: &Context<'_>) -> Result<Cleaned, Refusal> {
    let Cleaned { kind, bytes, report, mut proof } = cleaned;
    let handler = handler(kind, None)?;
    let anew = handler.reencode(kind, &bytes, context)?;
    let mut copy = Vec::new();
    handler.clean(kind, &anew, context.policy, context, &mut copy)?;
    let spent = Spent::default();
    let proof_context = context.next_stage(&spent);
    let anew = prove_reencoded(kind, &bytes, &copy, &proof_context)?;
    proof.essence = anew.essence;
    proof.checks.extend(anew.checks);
    Ok(Cleaned { kind, bytes: copy, report, proof })
}

fn handler(kind: Kind, detail: Option<&str>) -> Result<&'static dyn crate::formats::Handler, Refusal> {
    handler_for(kind).ok_or_else(|| unhandled::refusal(kind, detail))
}

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
    /// What gives something away in a file that is refused for its kind, but can be looked into.
    pub inspected: Vec<Hit>,
}

/// Takes one document all the way. `path` is its relative path, which is scanned too.
///
/// A panic inside a handler, a prover or a library costs this document, nothing else.
#[must_use]
pub fn process(bytes: &[u8], path: &str, scanner: &Scanner<'_>) -> Processed {
    guarded(|| process_unguarded(identify(bytes, path), &[], bytes, path, scanner))
}

/// Takes a document all the way that `convert` makes a copy of a kind that can be cleaned of. What the old file gave away is
/// looked for in the copy; a person is told that no proof covers the conversion.
#[must_use]
pub fn process_converted(
    original: &[u8],
    path: &str,
    scanner: &Scanner<'_>,
    convert: &mut dyn FnMut(Kind) -> Result<Vec<u8>, Refusal>,
) -> Processed {
    guarded(|| {
        let identity = identify(original, path);
        let spent = Spent::default();
        let context = Context::new(scanner.policy(), &spent);
        let prepared = formats::inspect(identity.kind, identity.detail.as_deref(), original, &context)
            .and_then(|report| Ok((report, convert(identity.kind)?)));
        match prepared {
            Ok((report, converted)) => {
                let labels = report.hits.into_iter().filter(|hit| hit.class == Class::MetadataSensitivityLabels);
                let held: Vec<_> = labels.filter(|hit| hit.action == Action::Hold).collect();
                let mut values = report.values;
                values.retain(|value| value.class.name().starts_with("metadata."));
                let mut processed = process_unguarded(identity, &values, &converted, path, scanner);
                if let Ok(cleaned) = &mut processed.result {
                    processed.findings.push(scanner.conversion_finding());
                    // The converter may have lost the properties that say whom the document is for.
                    for hit in held {
                        cleaned.report.hit(hit.class, hit.action, hit.item, hit.place, hit.count, hit.bytes);
                    }
                    processed.verdict = decide(&cleaned.report, &processed.findings);
                }
                processed
            }
            Err(refusal) => {
                let findings = scanner.name_findings(path, &identity);
                let inspected = inspected(&identity, original, scanner.policy());
                Processed { identity, verdict: Verdict::Note, result: Err(refusal), findings, inspected }
            }
        }
    })
}

fn guarded(work: impl FnOnce() -> Processed) -> Processed {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_else(|_| Processed {
        identity: Identity { kind: Kind::Unknown, detail: None, mismatch: None },
        verdict: Verdict::Note,
        result: Err(fault()),
        findings: Vec::new(),
        inspected: Vec::new(),
    })
}

/// `values` are those that were removed before, and are looked for in the copy too.
fn process_unguarded(
    identity: Identity,
    values: &[RemovedValue],
    bytes: &[u8],
    path: &str,
    scanner: &Scanner<'_>,
) -> Processed {
    let scanner = &scanner.of_file(path);
    let mut findings = scanner.name_findings(path, &identity);
    let spent = Spent::default();
    let context = Context::new(scanner.policy(), &spent);
    let result = clean_and_prove(bytes, path, &context).and_then(|cleaned| {
        // Each stage gets the whole budget: a copy that unpacks within it once does so again.
        let spent = Spent::default();
        let context = Context::new(scanner.policy(), &spent);
        findings.extend(scanner.text_findings(cleaned.kind, &cleaned.bytes, &context)?);
        let spent = Spent::default();
        let context = Context::new(scanner.policy(), &spent);
        let attached = scanner.attached_findings(&cleaned.report, &context)?;
        findings.extend(attached.kept);
        // What is gone cannot hold the copy, but whoever answers for it should know what was in there.
        findings.extend(attached.removed.into_iter().map(|finding| Finding { verdict: Verdict::Note, ..finding }));
        findings.extend(scanner.removal_findings(&cleaned.report));
        let spent = Spent::default();
        let context = Context::new(scanner.policy(), &spent);
        let removed: Vec<&RemovedValue> = cleaned.report.all_values().into_iter().chain(values).collect();
        let echoes = echoes(cleaned.kind, &cleaned.bytes, &removed, &context)?;
        findings.extend(scanner.echo_findings(&echoes));
        Ok(cleaned)
    });
    let verdict = result.as_ref().map_or(Verdict::Note, |cleaned| decide(&cleaned.report, &findings));
    let inspected = match &result {
        Ok(_) => Vec::new(),
        Err(_) => inspected(&identity, bytes, scanner.policy()),
    };
    Processed { identity, verdict, result, findings, inspected }
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
    let held = report.all_hits().iter().any(|hit| hit.action == Action::Hold);
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
