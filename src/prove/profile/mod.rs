//! The proof of a colour profile: the same colours, and nothing said besides.
//!
//! A profile has an essence of its own, the header fields and tags that colours are computed with ([`reading`]). It is part of
//! the essence of the picture, so the copy has the colours of the original or no profile at all where the policy wants none. A
//! profile of the copy is then one that everybody has, or one in which every byte is accounted for ([`leftovers`]). At last a
//! colour engine turns a grid of colours through both ([`colours`]).

mod colours;
mod leftovers;
mod reading;

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use self::reading::Profile;
use super::picture::EssenceHash;
use super::{Check, Side};
use crate::formats::Context;
use crate::policy::{Action, Class};
use crate::refusal::Refusal;
use crate::standard_profiles;

/// The profile without bytes behind its stated end; `None` when no colour engine would take it.
pub(super) fn usable(bytes: &[u8]) -> Option<&[u8]> {
    Profile::read(bytes).map(|profile| profile.bytes)
}

/// Whether the bytes are such a profile from the first to the last.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    usable(bytes).is_some_and(|profile| profile.len() == bytes.len())
}

/// Whether profiles are part of the essence: those of the original are not where the policy wants none.
pub(super) fn stays(side: Side, context: &Context<'_>) -> bool {
    side == Side::Output || context.policy.action(Class::ColourProfile) != Action::Remove
}

/// Adds the colours of a profile, if there is one, to the essence of what it is embedded in.
pub(super) fn add(profile: Option<&[u8]>, side: Side, context: &Context<'_>, hash: &mut EssenceHash) {
    if let Some(profile) = profile.and_then(Profile::read).filter(|_| stays(side, context)) {
        hash.part("profile", &profile.essence());
    }
}

/// Checks the profiles of a copy against those of the original. Without any there is nothing to say.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when one of them says more than colours, or gives other colours.
pub(super) fn verify(before: &[&[u8]], after: &[&[u8]]) -> Result<Option<Check>, Refusal> {
    let mut details: BTreeSet<String> = BTreeSet::new();
    let mut seen: BTreeSet<[u8; 32]> = BTreeSet::new();
    for bytes in after {
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        if !seen.insert(digest) {
            continue;
        }
        if let Some(name) = standard_profiles::name(&digest) {
            details.insert(format!("{name}, as it is published"));
            continue;
        }
        let unreadable = || Refusal::unprovable("a colour profile of the copy cannot be read");
        let copy = Profile::read(bytes).ok_or_else(unreadable)?;
        leftovers::check(&copy)?;
        let essence = copy.essence();
        let mut originals = before.iter().filter_map(|bytes| Profile::read(bytes));
        let original = originals.find(|original| original.essence() == essence);
        let original =
            original.ok_or_else(|| Refusal::unprovable("a colour profile of the copy is none of the original's"))?;
        details.insert(colours::compare(original.bytes, copy.bytes)?);
    }
    let details: Vec<String> = details.into_iter().collect();
    Ok((!details.is_empty()).then(|| Check::new("colours-equal", details.join("; "))))
}
