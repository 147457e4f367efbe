//! Cleans an attached file that stays.

use super::super::source::Source;
use super::Attachment;
use crate::formats::{Attached, Context, EmbeddedReport, Report};
use crate::identify::identify;
use crate::kind::Kind;
use crate::policy::{Action, Class, Policy};
use crate::refusal::{Reason, Refusal};

/// A file as it goes into the copy.
pub(in super::super) struct Kept {
    pub(in super::super) kind: Kind,
    pub(in super::super) bytes: Vec<u8>,
}

impl Attachment<'_> {
    /// The file for the copy: cleaned and proved by the handler and prover of its kind. One that cannot be cleaned stays as it
    /// is, and the copy is held, unless the class `embedded.unsupported` refuses it.
    ///
    /// # Errors
    /// The refusal with the part named.
    pub(in super::super) fn clean(
        &self,
        source: &Source,
        policy: &Policy,
        context: &Context<'_>,
        report: &mut Report,
    ) -> Result<Kept, Refusal> {
        let part = self.part(source)?;
        let plain = self.plain(source, context).map_err(|refusal| refusal.in_part(&part))?;
        let (kept, mut embedded) = match context.clean_attached(&part, &plain) {
            Ok((bytes, mut embedded)) => {
                let (class, size) = (Class::EmbeddedFiles, plain.len() as u64);
                let item = format!("attached file: {}", embedded.kind.described());
                embedded.report.hit(class, policy.action(class), item, "", 1, size);
                (Kept { kind: embedded.kind, bytes }, embedded)
            }
            Err(refusal) if matches!(refusal.reason, Reason::OverLimit | Reason::Policy | Reason::Internal) => {
                return Err(refusal);
            }
            Err(refusal) => as_it_is(&part, plain, &refusal, policy)?,
        };
        self.values(source, Some(&self.file_name(source)?), &mut embedded.report)?;
        report.embedded.push(embedded);
        Ok(kept)
    }
}

/// What the policy says of a file that cannot be cleaned.
fn as_it_is(part: &str, plain: Vec<u8>, why: &Refusal, policy: &Policy) -> Result<(Kept, EmbeddedReport), Refusal> {
    let kind = identify(&plain, part).kind;
    let action = policy.action(Class::EmbeddedUnsupported);
    let item = format!("attached file: {} (cannot be cleaned: {})", kind.described(), why.reason);
    if action == Action::Refuse {
        let detail = format!("the policy refuses attached files that cannot be cleaned ({})", why.reason);
        return Err(Refusal::new(Reason::Policy, detail).in_part(part));
    }
    let mut report = Report::default();
    report.hit(Class::EmbeddedUnsupported, action, item, "", 1, plain.len() as u64);
    let attached = Some(Attached::AsItIs(plain.clone()));
    Ok((Kept { kind, bytes: plain }, EmbeddedReport { part: part.to_owned(), kind, report, attached }))
}
