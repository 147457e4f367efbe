//! What the second half says of a draft: how far it was proved, what a person should look at, and where the copy goes.

use super::draft::Draft;
use super::executor::Looked;
use super::proof::{Proved, prove_draft};
use super::{Cleaned, Scanner, decide};
use crate::decisions::FileId;
use crate::finding::{Finding, Verdict};
use crate::formats::{Context, RemovedValue};
use crate::identify::Identity;
use crate::limits::Spent;
use crate::prove::echo::echoes;
use crate::prove::opened::Opened;
use crate::refusal::Refusal;
use crate::report::sha256;
use crate::trace::Trace;

/// All that the second half says. It does not contain the copy: that is the draft, as far as it was proved.
#[derive(Debug, Clone)]
pub(crate) struct Certificate {
    pub(crate) proved: Result<Proved, Refusal>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) verdict: Verdict,
    pub(crate) traces: Vec<Trace>,
}

/// Proves a draft of `bytes`, scans the copy and decides. With the certificate comes the copy, if there is one. In
/// `opened`, which is this document's alone, one stage leaves the copy for the next.
pub(crate) fn certify(
    bytes: &[u8],
    path: &str,
    identity: &Identity,
    draft: Draft,
    looked: Option<&Looked>,
    scanner: &Scanner<'_>,
    opened: &Opened,
) -> (Certificate, Option<Cleaned>) {
    let scanner = &scanner.of_file(path);
    let mut findings = scanner.name_findings(path, identity);
    let spent = Spent::default();
    let context = Context::new(scanner.policy(), &spent).sharing(opened);
    let proved = prove_draft(bytes, &draft, &context).and_then(|mut proved| {
        proved.hits.extend(looked.iter().flat_map(|looked| looked.held.iter().cloned()));
        let cleaned = draft.into_cleaned(proved.clone());
        let removed = removed_values(&cleaned, looked);
        let gone = scan(&cleaned, &removed, scanner, opened, &mut findings)?;
        let traces = Trace::all_of(&removed, scanner.fingerprinter());
        Ok((proved, cleaned, gone, traces))
    });
    match proved {
        Ok((proved, mut cleaned, gone, traces)) => {
            if looked.is_some() {
                findings.push(scanner.conversion_finding());
            }
            let decisions = &scanner.policy().decisions;
            let sha256 = match looked {
                _ if decisions.is_empty() => String::new(),
                Some(looked) => looked.input.clone(),
                None => sha256(bytes),
            };
            let file = FileId { path: path.to_owned(), sha256 };
            decisions.apply(&mut findings, &file);
            decisions.apply_to_hits(&mut cleaned.report, &file);
            let verdict = decide(&cleaned.report, &findings);
            findings.extend(gone);
            (Certificate { proved: Ok(proved), findings, verdict, traces }, Some(cleaned))
        }
        Err(refusal) => {
            let traces = Vec::new();
            (Certificate { proved: Err(refusal), findings, verdict: Verdict::Note, traces }, None)
        }
    }
}

/// Everything that was removed from a document, before it was converted and after.
fn removed_values<'a>(cleaned: &'a Cleaned, looked: Option<&'a Looked>) -> Vec<&'a RemovedValue> {
    cleaned.report.all_values().into_iter().chain(looked.iter().flat_map(|looked| &looked.values)).collect()
}

/// Adds what is to be said of a proved copy. Returns what was found in what is gone: it cannot hold the copy, but whoever
/// answers for it should know what was in there.
fn scan(
    cleaned: &Cleaned,
    removed: &[&RemovedValue],
    scanner: &Scanner<'_>,
    opened: &Opened,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Finding>, Refusal> {
    // Each stage gets the whole budget: a copy that unpacks within it once does so again.
    let (for_text, for_attached, for_echoes) = (Spent::default(), Spent::default(), Spent::default());
    let context = |spent| Context::new(scanner.policy(), spent).sharing(opened);
    let (found, spans) = scanner.read_and_scan(cleaned.kind, &cleaned.bytes, &context(&for_text))?;
    findings.extend(found);
    let attached = scanner.attached_findings(&cleaned.report, &context(&for_attached))?;
    findings.extend(attached.kept);
    findings.extend(scanner.removal_findings(&cleaned.report));
    let echoes = echoes(cleaned.kind, &cleaned.bytes, &spans, removed, &context(&for_echoes))?;
    findings.extend(scanner.echo_findings(&echoes));
    Ok(attached.removed.into_iter().map(|finding| Finding { verdict: Verdict::Note, ..finding }).collect())
}
