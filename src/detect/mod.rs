//! Sensitive text: rules from TOML packs, compiled once, run over logical text.
//!
//! A rule is data ([`pack`]): patterns with a score, keywords that must stand near, a validator that can tell true from
//! false (check digits, ranges, grammar), context words that raise the score, examples that prove it. The packs lie in
//! `policies/packs/` and are part of the program; a policy picks them by name and may change the severity of single rules.
//!
//! [`Engine::scan`] works in five steps, each linear in the length of the text:
//!
//! 1. *Normalise* ([`normal`]): what looks the same is made the same, with a way back to the original offsets.
//! 2. *Gate*: one automaton finds all keywords of all rules; rules without keywords are gated by digits. Only the
//!    neighbourhood of a hit is looked at again.
//! 3. *Match*: the patterns of the rules whose gate opened. They are compiled on first use.
//! 4. *Judge*: validator, context words and `unless` words move the score; what stays below [`judge::POSSIBLE`] is
//!    dropped, what stays below [`judge::LIKELY`] is reported as `info`.
//! 5. *Settle* (`overlap`): of two rules that claim the same characters the more severe one wins, then the surer one, then
//!    the longer one.

pub mod check;
pub mod engine;
mod fingerprint;
mod gates;
mod joined;
pub mod judge;
pub mod lexicon;
mod mask;
pub mod normal;
mod overlap;
pub mod pack;
mod pattern;
pub mod stream;
pub mod validate;

pub(crate) use engine::is_about_file;
pub use engine::{Engine, Match, PackUse, is_rule};
pub use fingerprint::Fingerprinter;
pub use mask::mask;
pub use pack::{Pack, Role, RuleError, built_in_packs};
