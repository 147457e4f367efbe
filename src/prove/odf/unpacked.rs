//! What a file unpacks to, for the echo search.

use super::package::Package;
use crate::formats::Context;
use crate::prove::embedded::visit_file;
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
            match member.xml(context.limits) {
                Ok(Some(xml)) => visit(&member.name, readable(xml.reader(), joins).as_bytes()),
                _ => visit(&member.name, &member.bytes),
            }
            continue;
        }
        visit_file(&member.name, &member.bytes, context, visit)?;
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
