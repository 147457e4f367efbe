//! Why a document could not be cleaned, told so that a person knows what to do next.

use std::fmt;
use std::io::ErrorKind;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The kind of trouble. Each has a default hint; a [`Refusal`] may carry a better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The bytes are of no kind that fieldstrip knows.
    UnknownKind,
    /// The kind is known, but it (or a feature of this file) cannot be cleaned.
    Unsupported,
    /// The file breaks its own format: cut off, inconsistent, unparsable.
    Damaged,
    /// Locked with a password, rights management or encryption.
    Encrypted,
    /// One of the budgets of [`crate::limits::Limits`] is exceeded; the detail names it.
    OverLimit,
    /// A cleaned copy was made, but the proof found a difference or something left behind.
    Unprovable,
    /// The policy says that such a file is not to be cleaned.
    Policy,
    /// The file could not be read from disk.
    Unreadable,
    /// The copy's name cannot be given in the release folder: too long, not allowed there, or taken.
    Unwritable,
    /// A fault in fieldstrip or one of its libraries; the file is not released.
    Internal,
}

impl Reason {
    /// The reason as it stands in logs and messages, for example `over-limit`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::UnknownKind => "unknown-kind",
            Self::Unsupported => "unsupported",
            Self::Damaged => "damaged",
            Self::Encrypted => "encrypted",
            Self::OverLimit => "over-limit",
            Self::Unprovable => "unprovable",
            Self::Policy => "policy",
            Self::Unreadable => "unreadable",
            Self::Unwritable => "unwritable",
            Self::Internal => "internal",
        }
    }

    /// What a person can do about it when the place of the trouble gives no better advice.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::UnknownKind | Self::Unsupported => {
                "export the document to PDF, PNG, JPEG or a current Office format and clean that"
            }
            Self::Damaged => "open it in its own program, save it anew and clean the new file",
            Self::Encrypted => "remove the password or protection in its own program and clean the unlocked file",
            Self::OverLimit => "split the document, or raise the named limit in a policy",
            Self::Unprovable => {
                "do not publish this file as it is; print it to a new PDF or export it again and clean the result"
            }
            Self::Policy => "choose another policy or change the document",
            Self::Unreadable => "check that the file exists and that you may read it",
            Self::Unwritable => "rename it, or clean it into another folder",
            Self::Internal => "please report this file's kind and the message; do not publish the file",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A document that was not cleaned: the reason, the part it lies in, what is wrong there, and what to do.
///
/// No field ever holds a value from the document: names of structures, counts and offsets only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, JsonSchema)]
pub struct Refusal {
    /// The kind of trouble.
    pub reason: Reason,
    /// The part inside the document, such as `word/media/image1.png` or `object 12 0`; empty for the file as a whole.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub part: String,
    /// What is wrong, as a sentence fragment without a full stop.
    pub detail: String,
    /// What a person can do about it.
    pub hint: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.reason)?;
        if !self.part.is_empty() {
            write!(f, "{}: ", self.part)?;
        }
        f.write_str(&self.detail)
    }
}

impl Refusal {
    /// A refusal of the whole file with the default hint of its reason.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, part: String::new(), detail: detail.into(), hint: reason.hint().to_owned() }
    }

    /// [`Reason::Damaged`] with this detail.
    pub fn damaged(detail: impl Into<String>) -> Self {
        Self::new(Reason::Damaged, detail)
    }

    /// [`Reason::Unsupported`] with this detail.
    pub fn unsupported(detail: impl Into<String>) -> Self {
        Self::new(Reason::Unsupported, detail)
    }

    /// [`Reason::Encrypted`] with this detail.
    pub fn encrypted(detail: impl Into<String>) -> Self {
        Self::new(Reason::Encrypted, detail)
    }

    /// [`Reason::OverLimit`]; `limit` is the name of the budget in [`crate::limits::Limits`].
    pub fn over_limit(limit: &str, detail: impl fmt::Display) -> Self {
        Self::new(Reason::OverLimit, format!("limit `{limit}`: {detail}"))
    }

    /// [`Reason::Unprovable`] with this detail.
    pub fn unprovable(detail: impl Into<String>) -> Self {
        Self::new(Reason::Unprovable, detail)
    }

    /// [`Reason::Unreadable`] for what the system says.
    #[must_use]
    pub fn unreadable(kind: ErrorKind) -> Self {
        let refusal = Self::new(Reason::Unreadable, kind.to_string());
        match kind {
            ErrorKind::NotFound => {
                refusal.with_hint("it was there when the run began; clean it again if it comes back")
            }
            ErrorKind::InvalidFilename => refusal.with_hint("its path is too long; move it further up"),
            _ => refusal,
        }
    }

    /// The same refusal with the part it lies in. An inner part already named is kept behind the outer one.
    #[must_use]
    pub fn in_part(mut self, part: impl Into<String>) -> Self {
        let outer = part.into();
        self.part = if self.part.is_empty() { outer } else { format!("{outer} › {}", self.part) };
        self
    }

    /// The same refusal with a better hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}
