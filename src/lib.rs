//! fieldstrip makes documents safe to publish.
//!
//! A document goes one way, always the same: its bytes are *identified*, a handler *cleans* them by rebuilding the file
//! from the structures that it knows to be needed, a second reader *proves* the copy, its text is *scanned*, and the policy
//! *decides* whether it may be released. Nothing that could not be cleaned and proved ever leaves as a copy.
//!
//! [`clean`] does all of it for one document in memory; [`inspect`] says what is in there. The `fieldstrip` program adds
//! folders, atomic publication and the audit log (modules [`pipeline`] and [`report`]).
//!
//! `ARCHITECTURE.md` in the repository tells the whole story, with how to add a format and how to add a rule.

pub mod decisions;
pub mod detect;
pub mod discover;
pub mod finding;
pub mod formats;
pub mod identify;
pub mod job;
pub mod kind;
mod legacy_reading;
pub mod limits;
mod pdf_reading;
pub mod pipeline;
pub mod policy;
pub mod preview;
pub mod prove;
pub mod refusal;
pub mod report;
mod rtf_vocabulary;
mod standard_profiles;
pub mod text;
pub mod trace;
pub mod worker;

pub use job::{Cleaned, Inspected, clean, inspect};
pub use kind::Kind;
pub use policy::Policy;
pub use refusal::{Reason, Refusal};

/// The version of this program, as written into every audit log.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
