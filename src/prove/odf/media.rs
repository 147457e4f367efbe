//! Files in the copy that are no documents: each is proved against the one in the original by the prover of its kind.

use super::held::Held;
use super::package::Package;
use super::seen::Seen;
use crate::formats::{Context, Report, Surroundings, handler_for};
use crate::identify::identify;
use crate::kind::{Family, Kind};
use crate::prove::prover_for;
use crate::refusal::Refusal;

/// Proves every file, and returns how many there are.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when a file is none of the original or holds what may never remain.
pub(crate) fn check(
    (input, before): (&Package, &Seen),
    (copy, after): (&Package, &Seen),
    held: &Held,
    report: &Report,
    context: &Context<'_>,
) -> Result<u64, Refusal> {
    let inside = context.inside(Surroundings::Package)?;
    let hits = report.of_embedded();
    let mut count: u64 = 0;
    for member in copy.members.iter().filter(|member| !is_part(copy, &member.name)) {
        let original = input.get(&member.name).map(|member| &*member.bytes);
        let original = original.ok_or_else(|| foreign().in_part(&member.name))?;
        prove(&member.name, original, &member.bytes, held, &hits, &inside)
            .map_err(|refusal| refusal.in_part(&member.name))?;
        count = count.saturating_add(1);
    }
    let mut originals = before.binaries.iter();
    for binary in &after.binaries {
        let is_proved = |original: &Vec<u8>| prove("", original, binary, held, &hits, &inside).is_ok();
        if !originals.any(is_proved) {
            return Err(foreign());
        }
        count = count.saturating_add(1);
    }
    Ok(count)
}

/// True for parts of documents and of the package itself.
fn is_part(package: &Package, name: &str) -> bool {
    let (folder, file) =
        name.rfind('/').and_then(|at| name.split_at_checked(at.saturating_add(1))).unwrap_or(("", name));
    package.is_flat
        || name == "mimetype"
        || name == "META-INF/manifest.xml"
        || Held::is_macro(name)
        || package.is_document(folder) && matches!(file, "content.xml" | "styles.xml" | "meta.xml" | "settings.xml")
}

fn prove(
    name: &str,
    original: &[u8],
    copy: &[u8],
    held: &Held,
    hits: &Report,
    inside: &Context<'_>,
) -> Result<(), Refusal> {
    let kind = identify(copy, name).kind;
    let is_font = kind == Kind::Font || name.starts_with("Fonts/");
    if original == copy && (held.opaque || is_font) {
        return Ok(());
    }
    let is_known = kind.family() != Family::Text && handler_for(kind).is_some();
    match prover_for(kind).filter(|_| is_known && identify(original, name).kind == kind) {
        Some(prover) => prover.verify(kind, original, copy, hits, inside).map(|_| ()),
        None => Err(foreign()),
    }
}

fn foreign() -> Refusal {
    Refusal::unprovable("a file in the copy is none of the original, or cannot be looked into")
}
