//! What a handler may use besides its bytes: the budgets, and the way back to the registry for embedded files.

use crate::identify::identify;
use crate::job::Cleaned;
use crate::kind::Kind;
use crate::limits::{Limits, Spent};
use crate::policy::{Action, Class, ImageProof, Policy};
use crate::prove::opened::Opened;
use crate::refusal::{Reason, Refusal};

use super::inspect;
use super::report::{Attached, EmbeddedReport, Hit, Report};

/// What the document lies in, where its handler must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Surroundings {
    /// A file of its own.
    #[default]
    Standalone,
    /// Inside a PDF: viewers ignore EXIF there, orientation included.
    Pdf,
    /// Inside an Office package.
    Package,
}

/// Budgets and depth of one document; see [`Limits`].
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The policy of the run. Handlers get it as an argument too; provers and extractors take it from here.
    pub policy: &'a Policy,
    /// The budgets.
    pub limits: &'a Limits,
    /// What the document lies in.
    pub surroundings: Surroundings,
    spent: &'a Spent,
    depth: u32,
    /// Pictures are proved by their coded data, whatever the policy says.
    without_pixels: bool,
    opened: Option<&'a Opened>,
}

impl<'a> Context<'a> {
    /// The context of a document that is not embedded in another one.
    #[must_use]
    pub fn new(policy: &'a Policy, spent: &'a Spent) -> Self {
        Self {
            policy,
            limits: &policy.limits,
            surroundings: Surroundings::Standalone,
            spent,
            depth: 0,
            without_pixels: false,
            opened: None,
        }
    }

    /// The same budgets and depth under another policy.
    #[must_use]
    pub fn under<'p>(&self, policy: &'p Policy) -> Context<'p>
    where
        'a: 'p,
    {
        Context { policy, ..*self }
    }

    /// The same where what pictures show is compared elsewhere: they need not be decoded.
    #[must_use]
    pub(crate) fn without_pixels(&self) -> Self {
        Self { without_pixels: true, ..*self }
    }

    /// The same with a place where one stage leaves the copy opened for the next.
    #[must_use]
    pub(crate) fn sharing(&self, opened: &'a Opened) -> Self {
        Self { opened: Some(opened), ..*self }
    }

    /// The place where the copy stays opened. Embedded files have none.
    pub(crate) fn opened(&self) -> Option<&'a Opened> {
        self.opened.filter(|_| self.depth == 0)
    }

    /// True when pictures are proved by their coded data alone.
    pub(crate) fn goes_by_coded_data(&self) -> bool {
        self.without_pixels || self.policy.proof.images == ImageProof::Essence
    }

    /// The context of a further stage of the work on a document. Only embedded files stay on the account of the whole.
    #[must_use]
    pub(crate) fn next_stage<'s>(&self, spent: &'s Spent) -> Context<'s>
    where
        'a: 's,
    {
        if self.depth == 0 { Context { spent, ..*self } } else { *self }
    }

    /// How many files the document is embedded in.
    #[must_use]
    pub fn depth(&self) -> u32 {
        self.depth
    }

    /// Counts bytes that came out of decompression. Call it before or while they are made, not after.
    ///
    /// # Errors
    /// [`Reason::OverLimit`] when the budget of the document is used up.
    pub fn charge_decompressed(&self, bytes: u64) -> Result<(), Refusal> {
        self.spent.charge_decompressed(bytes, self.limits)
    }

    /// How many more bytes may come out of decompression: the cap to give to a decoder.
    #[must_use]
    pub fn decompressed_left(&self) -> u64 {
        self.spent.decompressed_left(self.limits)
    }

    /// Cleans and proves a file embedded in this one and records it in `report` under `part`.
    ///
    /// `part` is its name in the parent (`word/media/image1.png`, `object 12 0`).
    ///
    /// # Errors
    /// The [`Refusal`] of the embedded file, its `part` filled in. [`Reason::Unsupported`] and [`Reason::UnknownKind`]
    /// mean that there is no handler: the caller may then follow the class `embedded.unsupported` of the policy.
    pub fn clean_embedded(
        &self,
        part: &str,
        bytes: &[u8],
        surroundings: Surroundings,
        report: &mut Report,
    ) -> Result<Vec<u8>, Refusal> {
        let (cleaned, embedded) = self.clean_inside(part, bytes, surroundings)?;
        report.embedded.push(embedded);
        Ok(cleaned)
    }

    /// As [`Self::clean_embedded`], for a file that readers can take out of its parent.
    ///
    /// # Errors
    /// As [`Self::clean_embedded`].
    pub fn clean_attached(&self, part: &str, bytes: &[u8]) -> Result<(Vec<u8>, EmbeddedReport), Refusal> {
        let (cleaned, mut embedded) = self.clean_inside(part, bytes, Surroundings::Standalone)?;
        embedded.attached = Some(Attached::Cleaned(cleaned.clone()));
        Ok((cleaned, embedded))
    }

    fn clean_inside(
        &self,
        part: &str,
        bytes: &[u8],
        surroundings: Surroundings,
    ) -> Result<(Vec<u8>, EmbeddedReport), Refusal> {
        let inner = self.inside(surroundings).map_err(|refusal| refusal.in_part(part))?;
        let cleaned = crate::job::clean_and_prove(bytes, part, &inner).map_err(|refusal| refusal.in_part(part))?;
        let Cleaned { kind, bytes, report, .. } = cleaned;
        Ok((bytes, EmbeddedReport { part: part.to_owned(), kind, report, attached: None }))
    }

    /// Looks into an attached file that does not get into the copy: the report lists what it would have given away, or says
    /// why nobody knows. `plain` is the file, or why it does not unpack.
    #[must_use]
    pub fn inspect_attached(&self, part: &str, plain: Result<Vec<u8>, Refusal>) -> EmbeddedReport {
        let kind = plain.as_ref().map_or(Kind::Unknown, |bytes| identify(bytes, part).kind);
        let listed = plain.as_deref().map_err(Refusal::clone).and_then(|bytes| {
            let inner = self.inside(Surroundings::Standalone)?;
            inspect(kind, None, bytes, &inner)
        });
        let bytes = plain.unwrap_or_default();
        let (mut report, item) = match listed {
            Ok(report) => (report, format!("attached file: {}", kind.described())),
            Err(refusal) => {
                let item = format!("attached file: {} (not looked into: {})", kind.described(), refusal.reason);
                (Report::default(), item)
            }
        };
        report.mark_removed();
        let (class, action, bytes_taken) = (Class::EmbeddedFiles, Action::Remove, bytes.len() as u64);
        report
            .hits
            .insert(0, Hit { class, item, place: String::new(), count: 1, bytes: bytes_taken, action, allowed: None });
        EmbeddedReport { part: part.to_owned(), kind, report, attached: Some(Attached::Removed(bytes)) }
    }

    /// The same depth and limits with another account.
    #[must_use]
    pub(crate) fn charging<'s>(&self, spent: &'s Spent) -> Context<'s>
    where
        'a: 's,
    {
        Context { spent, ..*self }
    }

    /// The context of a file embedded in this one.
    ///
    /// # Errors
    /// [`Reason::OverLimit`] when files lie too deep in files.
    pub fn inside(&self, surroundings: Surroundings) -> Result<Self, Refusal> {
        let depth = self.depth.saturating_add(1);
        if depth > self.limits.nesting_depth {
            return Err(Refusal::over_limit(
                "nesting-depth",
                format!("files lie more than {} deep in files", self.limits.nesting_depth),
            ));
        }
        Ok(Self { surroundings, depth, ..*self })
    }
}

impl Refusal {
    /// True when the refusal only says that no handler exists, not that anything is wrong with the bytes.
    #[must_use]
    pub fn is_unhandled(&self) -> bool {
        matches!(self.reason, Reason::UnknownKind | Reason::Unsupported)
    }
}
