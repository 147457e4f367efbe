//! What a file unpacks to, for the echo search.

use super::package::Package;
use crate::formats::{Context, Surroundings};
use crate::identify::identify;
use crate::kind::Family;
use crate::prove::prover_for;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::odf::Odf;
use crate::prove::xml::readable::readable;
use crate::refusal::Refusal;

/// Hands every member to `visit`; members that are files of a kind with a prover are unpacked further.
pub(crate) fn visit(
    package: &Package,
    context: &Context<'_>,
    visit: &mut dyn FnMut(&str, &[u8]),
) -> Result<(), Refusal> {
    for member in &package.members {
        if package.is_flat || member.name.ends_with(".xml") {
            match member.text()?.map(|text| readable(text.as_bytes(), context.limits, joins)) {
                Some(Ok(text)) => visit(&member.name, text.as_bytes()),
                _ => visit(&member.name, &member.bytes),
            }
            continue;
        }
        let kind = identify(&member.bytes, &member.name).kind;
        let prover = prover_for(kind).filter(|_| kind.family() != Family::Text);
        match (prover, context.inside(Surroundings::Package)) {
            (Some(prover), Ok(inside)) => prover.payloads(kind, &member.bytes, &inside, &mut |inner, bytes| {
                if inner.is_empty() {
                    visit(&member.name, bytes);
                } else {
                    visit(&format!("{} › {inner}", member.name), bytes);
                }
            })?,
            _ => visit(&member.name, &member.bytes),
        }
    }
    Ok(())
}

/// Elements across which the text of a paragraph flows on.
fn joins(ns: Ns, local: &str) -> bool {
    match ns {
        Ns::Odf(Odf::Text) => !matches!(
            local,
            "p" | "h" | "s" | "tab" | "line-break" | "list" | "list-item" | "section" | "note" | "note-body"
        ),
        Ns::Odf(Odf::Field | Odf::LibreOffice) => true,
        _ => false,
    }
}
