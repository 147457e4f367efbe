//! The second half of the work on a document: every step from the original to the copy is proved.

use super::draft::{Draft, Step};
use crate::formats::{Context, Hit};
use crate::limits::Spent;
use crate::policy::{Action, Class};
use crate::prove::{Proof, prove, prove_reencoded, prove_without_hidden_text};
use crate::refusal::Refusal;

/// How far a draft was proved.
#[derive(Debug, Clone)]
pub(crate) struct Proved {
    /// How many of its steps were.
    pub(crate) steps: usize,
    /// What the report of the copy has besides those of the rebuilt document.
    pub(crate) hits: Vec<Hit>,
    /// The proof.
    pub(crate) proof: Proof,
}

/// Proves a draft within the budgets of its context. Removal of hidden text for which that fails is left out, and the copy
/// before it held.
///
/// # Errors
/// A [`Refusal`] when another step cannot be proved.
pub(crate) fn prove_draft(original: &[u8], draft: &Draft, context: &Context<'_>) -> Result<Proved, Refusal> {
    // Proving a document unpacks it twice more. Only embedded files stay on the account of the whole.
    let spent = Spent::default();
    let own = context.next_stage(&spent);
    let proof = prove(draft.from, original, &draft.rebuilt, &draft.report, &own)?;
    let mut proved = Proved { steps: 0, hits: Vec::new(), proof };
    let mut before: &[u8] = &draft.rebuilt;
    let hidden = draft.steps.iter().take_while(|step| step.removed.is_some()).count();
    match prove_removals(draft, hidden, context) {
        Ok(None) => {}
        Ok(Some((hits, proof))) => {
            proved.steps = hidden;
            proved.hits = hits;
            proved.proof.essence = proof.essence;
            proved.proof.checks.extend(proof.checks);
        }
        Err(refusal) => {
            proved.hits.push(unremoved(refusal));
            return Ok(proved);
        }
    }
    for (number, step) in (1_usize..).zip(&draft.steps) {
        if step.removed.is_none() {
            let spent = Spent::default();
            let own = context.next_stage(&spent);
            let proof = prove_reencoded(draft.kind, before, &step.bytes, &own)?;
            proved.proof.essence = proof.essence;
            proved.proof.checks.extend(proof.checks);
            proved.steps = number;
        }
        before = &step.bytes;
    }
    Ok(proved)
}

/// Proves the first `count` steps, which take out hidden text; `None` when there are none.
fn prove_removals(draft: &Draft, count: usize, context: &Context<'_>) -> Result<Option<(Vec<Hit>, Proof)>, Refusal> {
    let mut before: &[u8] = &draft.rebuilt;
    let mut hits = Vec::new();
    let mut last = None;
    for step in draft.steps.iter().take(count) {
        let Step { bytes, removed: Some(removed) } = step else { continue };
        let spent = Spent::default();
        let own = context.next_stage(&spent);
        last = Some(prove_without_hidden_text(draft.kind, before, bytes, &draft.report, &own)?);
        hits.extend(removed.hits.iter().cloned());
        before = bytes;
    }
    match last {
        Some((_, left)) if left > 0 => Err(Refusal::unprovable("the copy still has hidden text")),
        Some((proof, _)) => Ok(Some((hits, proof))),
        None => Ok(None),
    }
}

/// What is said of hidden text that stays although the policy wants it gone.
pub(crate) fn unremoved(refusal: Refusal) -> Hit {
    Hit {
        class: Class::ContentHiddenText,
        item: format!("hidden text that was not removed: {}", refusal.detail),
        place: refusal.part,
        count: 1,
        bytes: 0,
        action: Action::Hold,
        allowed: None,
    }
}
