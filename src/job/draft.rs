//! The first half of the work on a document: a copy that nobody has proved yet.
//!
//! A [`Draft`] comes with every step of its making, because each of them is proved on its own: the rebuilt document shows what
//! the original shows, the one without hidden text what the rebuilt one shows, the re-encoded picture what the copy shows.

use super::{Cleaned, handler, proof::Proved};
use crate::formats::{Context, Report};
use crate::identify::Identity;
use crate::kind::{Family, Kind};
use crate::limits::Spent;
use crate::policy::{Action, Class, ImageMode};
use crate::refusal::{Reason, Refusal};

/// How often hidden text is looked for again: what stays may move by a hair, and so may come to lie under a box of which it
/// touched the edge.
const ROUNDS: usize = 4;

/// A cleaned copy without a proof.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What the document is.
    pub(crate) from: Kind,
    /// What the copy is.
    pub(crate) kind: Kind,
    /// What was removed or changed when it was rebuilt.
    pub(crate) report: Report,
    /// The document rebuilt without what has to go.
    pub(crate) rebuilt: Vec<u8>,
    /// What was made of the rebuilt document, in order; the last is the copy.
    pub(crate) steps: Vec<Step>,
}

/// Something that is done with a rebuilt document where the policy asks for it.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// What came of it.
    pub(crate) bytes: Vec<u8>,
    /// The text that nobody sees and that was taken out; `None` where pictures were coded anew.
    pub(crate) removed: Option<Report>,
}

impl Draft {
    /// The copy as it was proved.
    pub(crate) fn into_cleaned(mut self, proved: Proved) -> Cleaned {
        let Proved { steps, hits, proof } = proved;
        self.steps.truncate(steps);
        for removed in self.steps.iter_mut().filter_map(|step| step.removed.as_mut()) {
            self.report.values.append(&mut removed.values);
        }
        for hit in hits {
            self.report.add(hit);
        }
        let bytes = self.steps.pop().map_or(self.rebuilt, |step| step.bytes);
        Cleaned { kind: self.kind, bytes, report: self.report, proof }
    }

    fn copy(&self) -> &[u8] {
        self.steps.last().map_or(&self.rebuilt, |step| &step.bytes)
    }
}

/// Cleans a document within the budgets of its context.
///
/// # Errors
/// A [`Refusal`] when it cannot be cleaned.
pub(crate) fn draft(bytes: &[u8], identity: &Identity, context: &Context<'_>) -> Result<Draft, Refusal> {
    let size = bytes.len() as u64;
    if size > context.limits.input_bytes {
        return Err(Refusal::over_limit("input-bytes", format!("the file has {size} bytes")));
    }
    let Identity { kind, detail, mismatch } = identity;
    if let (Family::Text, Some(claimed)) = (kind.family(), mismatch) {
        // Text is copied as it is. Under the name of another format it is more likely the remains of a damaged file.
        let what = format!("the name says {}, but there is only text in it", claimed.described());
        return Err(Refusal::damaged(what).with_hint("if it is meant to be text, give it a name that ends with .txt"));
    }
    let mut rebuilt = Vec::new();
    let mut report = handler(*kind, detail.as_deref())?.clean(*kind, bytes, context.policy, context, &mut rebuilt)?;
    report.decide_labels(context.policy);
    if report.hits.iter().any(|hit| hit.action == Action::Refuse) {
        return Err(Refusal::new(Reason::Policy, "the policy refuses files with this content"));
    }
    let copy_kind = report.copy_kind.unwrap_or(*kind);
    let mut draft = Draft { from: *kind, kind: copy_kind, report, rebuilt, steps: Vec::new() };
    if context.policy.action(Class::ContentHiddenText) == Action::Remove {
        match without_hidden_text(&draft, context) {
            Ok(steps) => draft.steps = steps,
            // What cannot be taken out, or not with proof, is held as it is.
            Err(refusal) => draft.report.add(super::proof::unremoved(refusal)),
        }
    }
    // A drawing has no coded data of its own; the pictures in it went this way by themselves.
    let is_picture = draft.kind.family() == Family::Image && draft.kind != Kind::Svg;
    if is_picture && context.policy.images.mode == ImageMode::Reencode {
        let anew = reencoded(&draft, context)?;
        draft.steps.push(Step { bytes: anew, removed: None });
    }
    Ok(draft)
}

/// The document without its hidden text, round by round; nothing when it has none.
fn without_hidden_text(draft: &Draft, context: &Context<'_>) -> Result<Vec<Step>, Refusal> {
    let handler = handler(draft.kind, None)?;
    let mut steps: Vec<Step> = Vec::new();
    for _ in 0..ROUNDS {
        let before = steps.last().map_or(draft.copy(), |step| &step.bytes);
        let spent = Spent::default();
        let own = context.next_stage(&spent);
        let Some((bytes, report)) = handler.without_hidden_text(draft.kind, before, &own)? else { break };
        if context.depth() > 0 {
            // The proof of what it lies in compares it with the original as it was.
            return Err(Refusal::unsupported("it is in a file within a file"));
        }
        steps.push(Step { bytes, removed: Some(report) });
    }
    Ok(steps)
}

/// The pictures of a copy coded anew. The result goes the way of every file: it is cleaned.
fn reencoded(draft: &Draft, context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
    let spent = Spent::default();
    let context = context.next_stage(&spent);
    let handler = handler(draft.kind, None)?;
    let anew = handler.reencode(draft.kind, draft.copy(), &context)?;
    let mut copy = Vec::new();
    handler.clean(draft.kind, &anew, context.policy, &context, &mut copy)?;
    Ok(copy)
}
