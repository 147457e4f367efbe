//! Rich Text: read into groups, cleaned there, and written again.
//!
//! A file is one group of control words, text and further groups (Rich Text Format Specification 1.9.1, Microsoft 2008). What
//! a group is for, its first word says: [`destinations`] lists those that stay. [`cleaning`] goes through them, follows the
//! formatting as far as it decides what is seen ([`state`]), and accepts tracked changes. Fields, pictures, properties and
//! shapes have their own files. Words that the specification does not have go; what is not touched keeps its bytes ([`tree`]).

mod characters;
mod cleaning;
mod destinations;
mod fields;
mod pictures;
mod properties;
mod shapes;
mod state;
mod text;
mod tree;

use std::io::Write;

use super::{Context, Handler, Report};
use crate::kind::Kind;
use crate::policy::Policy;
use crate::refusal::{Reason, Refusal};

/// The handler for Rich Text.
pub(super) struct RichText;

impl Handler for RichText {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Rtf]
    }

    fn clean(
        &self,
        _kind: Kind,
        bytes: &[u8],
        policy: &Policy,
        context: &Context<'_>,
        out: &mut dyn Write,
    ) -> Result<Report, Refusal> {
        let mut report = Report::default();
        let (root, behind) = tree::parse(bytes, context)?;
        if root.heading().is_none_or(|heading| heading.starred || heading.word.name != "rtf") {
            return Err(Refusal::damaged("it does not begin as Rich Text does"));
        }
        report.trailer(behind, "the closing brace");
        let root = cleaning::clean(root, policy, context, &mut report)?;
        let mut copy = Vec::with_capacity(bytes.len());
        tree::write(&root, &mut copy);
        out.write_all(&copy).map_err(|_| Refusal::new(Reason::Internal, "the copy could not be written"))?;
        Ok(report)
    }
}
