//! Pictures in a copy: nothing in them but the picture, as the proof of their own kind says.

use super::package::Package;
use crate::formats::{Context, Report, Surroundings};
use crate::identify::identify;
use crate::kind::Family;
use crate::policy::Class;
use crate::prove::prover_for;
use crate::refusal::Refusal;

/// Looks into every picture of a kind with a proof, and returns how many pictures there are. One that its handler could not
/// clean must be known to whoever decides about the copy.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when one carries more than a picture.
pub(crate) fn check(package: &Package, report: &Report, context: &Context<'_>) -> Result<u64, Refusal> {
    let mut count: u64 = 0;
    // What they show is compared by the essence of the whole: here it is only about what else is in them.
    let inside = context.inside(Surroundings::Package)?.without_pixels();
    for part in &package.parts {
        let kind = identify(&part.bytes, &part.name).kind;
        if kind.family() != Family::Image || part.is_xml() {
            continue;
        }
        count = count.saturating_add(1);
        let Some(prover) = prover_for(kind) else { continue };
        let proved = prover.verify(kind, &part.bytes, &part.bytes, &Report::default(), &inside);
        let is_told = report.hits.iter().any(|hit| hit.class == Class::EmbeddedUnsupported && hit.place == part.name);
        if let Err(refusal) = proved
            && !is_told
        {
            return Err(Refusal::unprovable(refusal.detail).in_part(&part.name));
        }
    }
    Ok(count)
}
