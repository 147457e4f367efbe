//! Files in a package, for the echo search.

use super::prover_for;
use crate::formats::{Context, Surroundings};
use crate::identify::identify;
use crate::refusal::{Reason, Refusal};

/// Hands a member that is a file of its own to `visit`: unpacked further where its kind has a prover that can read it, else as
/// it is. Damaged files are in held copies only.
///
/// # Errors
/// As [`super::Prover::payloads`].
pub(crate) fn visit_file(
    name: &str,
    bytes: &[u8],
    context: &Context<'_>,
    visit: &mut dyn FnMut(&str, &[u8]),
) -> Result<(), Refusal> {
    let kind = identify(bytes, name).kind;
    let (Some(prover), Ok(inside)) = (prover_for(kind), context.inside(Surroundings::Package)) else {
        visit(name, bytes);
        return Ok(());
    };
    let unpacked = prover.payloads(kind, bytes, &inside, &mut |inner, bytes| {
        if inner.is_empty() {
            visit(name, bytes);
        } else {
            visit(&format!("{name} › {inner}"), bytes);
        }
    });
    match unpacked {
        Err(refusal) if refusal.reason != Reason::OverLimit => {
            visit(name, bytes);
            Ok(())
        }
        other => other,
    }
}
