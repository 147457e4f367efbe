//! What a package unpacks to, for the echo search.
//!
//! XML is given as it reads, not as it is written: entities resolved, the runs of a paragraph joined, attribute values
//! listed. A name that is split over three runs is still found.

use super::package::{Package, Target};
use crate::formats::Context;
use crate::prove::embedded::visit_file;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::readable::readable;
use crate::refusal::Refusal;

/// Hands every part to `visit`; parts that are files of a kind with a prover are unpacked further.
pub(crate) fn visit(
    package: &Package,
    context: &Context<'_>,
    visit: &mut dyn FnMut(&str, &[u8]),
) -> Result<(), Refusal> {
    for part in &package.parts {
        if part.is_xml() {
            match part.xml(context.limits) {
                Ok(xml) => visit(&part.name, readable(xml.reader(), joins).as_bytes()),
                Err(_) => visit(&part.name, &part.bytes),
            }
            continue;
        }
        visit_file(&part.name, &part.bytes, context, visit)?;
    }
    for (source, relationship) in package.all_relationships() {
        if let Target::External(target) = &relationship.target {
            visit(source, target.as_bytes());
        }
    }
    Ok(())
}

/// Elements across which the text of a paragraph or string flows on.
fn joins(ns: Ns, local: &str) -> bool {
    match ns {
        Ns::Word | Ns::Drawing => {
            !matches!(local, "p" | "tc" | "tr" | "tbl" | "br" | "tab" | "cr" | "txbxContent" | "style")
        }
        Ns::Sheet => {
            matches!(
                local,
                "r" | "t" | "rPr" | "b" | "i" | "u" | "sz" | "color" | "rFont" | "family" | "charset" | "scheme"
            )
        }
        _ => false,
    }
}
