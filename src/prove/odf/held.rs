//! What the report says that stays for a person to decide.

use crate::formats::Report;
use crate::policy::{Action, Class, Policy};

/// Kinds of things that may remain because the copy waits for a person, or because the policy keeps them.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) macros: bool,
    /// OLE objects and files that nobody can look into.
    pub(crate) opaque: bool,
    /// Documents inside the document.
    pub(crate) documents: bool,
    /// Content, data and formulas that come from elsewhere.
    pub(crate) outside: bool,
    /// Areas of pictures that are cropped away.
    pub(crate) cropped: bool,
    /// Rows and columns of sheets that do not show.
    pub(crate) rows: bool,
    /// Text that does not show.
    pub(crate) text: bool,
}

impl Held {
    /// What holds the copy by the report, and what the policy keeps; that the policy does so the report need not say.
    pub(crate) fn of(report: &Report, policy: &Policy) -> Self {
        let hits = report.all_hits();
        let is_left = |classes: &[Class]| {
            classes.iter().any(|class| policy.action(*class) == Action::Keep)
                || hits.iter().any(|hit| classes.contains(&hit.class) && hit.action == Action::Hold)
        };
        Self {
            macros: is_left(&[Class::ActiveMacros]),
            opaque: is_left(&[Class::ActiveObjects, Class::EmbeddedUnsupported]),
            documents: is_left(&[Class::EmbeddedDocuments]),
            outside: is_left(&[Class::LinksExternalContent, Class::ContentConnections, Class::ContentCachedData]),
            cropped: is_left(&[Class::ContentCroppedAreas]),
            rows: is_left(&[Class::ContentHiddenRows]),
            text: is_left(&[Class::ContentHiddenText]),
        }
    }

    /// True for members that hold macros and their dialogs.
    pub(crate) fn is_macro(name: &str) -> bool {
        ["Basic/", "Scripts/", "Dialogs/"].iter().any(|folder| name.starts_with(folder))
    }
}
