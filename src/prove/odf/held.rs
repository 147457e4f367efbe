//! What the report says that stays for a person to decide.

use crate::formats::Report;
use crate::policy::{Action, Class};

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
}

impl Held {
    pub(crate) fn of(report: &Report) -> Self {
        let hits = report.all_hits();
        let is_left = |classes: &[Class]| {
            hits.iter().any(|hit| classes.contains(&hit.class) && matches!(hit.action, Action::Hold | Action::Keep))
        };
        Self {
            macros: is_left(&[Class::ActiveMacros]),
            opaque: is_left(&[Class::ActiveObjects, Class::EmbeddedUnsupported]),
            documents: is_left(&[Class::EmbeddedDocuments]),
            outside: is_left(&[Class::LinksExternalContent, Class::ContentConnections, Class::ContentCachedData]),
            cropped: is_left(&[Class::ContentCroppedAreas]),
        }
    }

    /// True for members that hold macros and their dialogs.
    pub(crate) fn is_macro(name: &str) -> bool {
        ["Basic/", "Scripts/", "Dialogs/"].iter().any(|folder| name.starts_with(folder))
    }
}
