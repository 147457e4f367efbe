//! An open group on the way through a document: what it is for, and the formatting in it.

use super::roles::Role;

/// An open group.
#[derive(Debug, Clone)]
pub(crate) struct Frame<'a> {
    pub(crate) role: Role,
    /// The word that begins it, if that makes it a group of its own kind.
    pub(crate) name: &'a str,
    /// A reader that does not know the first word passes over the group.
    pub(super) starred: bool,
    /// Nothing but `\*` has been read of it.
    pub(super) fresh: bool,
    /// Font and code of the text.
    pub(crate) font: i64,
    pub(super) hidden: bool,
    /// Its style hides it.
    pub(super) styled: bool,
    pub(super) deleted: bool,
    pub(super) moved: bool,
    /// How many characters stand for one of Unicode.
    pub(super) fallback: i64,
    /// A better form of what comes next has been read.
    pub(super) has_better: bool,
    /// The style that it defines, if it stands in the style sheet.
    pub(super) style: Option<(bool, i64)>,
}

impl Frame<'_> {
    /// True for text that readers do not show.
    pub(crate) fn is_hidden(&self) -> bool {
        self.hidden || self.styled
    }

    /// True where text stands that goes because it is hidden.
    pub(super) fn hides_text(&self, without_hidden: bool) -> bool {
        without_hidden && self.is_hidden() && matches!(self.role, Role::Shown | Role::Fallback)
    }

    /// The frame that the outermost group begins with.
    pub(super) fn outermost() -> Self {
        Frame {
            role: Role::Shown,
            name: "",
            starred: false,
            fresh: true,
            font: -1,
            hidden: false,
            styled: false,
            deleted: false,
            moved: false,
            fallback: 1,
            has_better: false,
            style: None,
        }
    }

    /// The frame that a group within this one begins with.
    pub(super) fn within(&self) -> Self {
        let role = match self.role {
            Role::Field | Role::Property => Role::Structure,
            role => role,
        };
        Frame { role, name: "", starred: false, fresh: true, has_better: false, style: None, ..self.clone() }
    }

    /// True for text that a tracked change takes away.
    pub(crate) fn is_deleted(&self) -> bool {
        self.deleted || self.moved
    }

    pub(super) fn make_plain(&mut self) {
        (self.deleted, self.moved, self.hidden, self.styled) = (false, false, false, false);
    }
}
