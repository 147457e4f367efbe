//! Objects, controls and embedded documents of which only the picture stays, for policies that take them out.

use super::package::{Package, Part};
use crate::formats::{Context, Report};
use crate::policy::{Action, Class};
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Element, Token};
use crate::refusal::Refusal;

/// True when the policy takes objects out, of one class or the other.
pub(crate) fn objects_go(context: &Context<'_>) -> bool {
    [Class::ActiveObjects, Class::EmbeddedDocuments].iter().any(|class| context.policy.action(*class) == Action::Remove)
}

/// The class that an object belongs to by what its relationship leads to.
pub(crate) fn class_of(element: &Element<'_>, part: &Part) -> Class {
    let relationship = element.attribute(Ns::Relations, "id").and_then(|id| part.relationship(id));
    if relationship.is_some_and(|relationship| relationship.kind == "package") {
        Class::EmbeddedDocuments
    } else {
        Class::ActiveObjects
    }
}

/// True for an object or control of a sheet that the policy takes out, by the id of its relationship.
pub(crate) fn sheet_object_goes(id: Option<&str>, part: &Part, context: &Context<'_>) -> bool {
    let class = match id.and_then(|id| part.relationship(id)).map(|relationship| relationship.kind.as_str()) {
        Some("package") => Class::EmbeddedDocuments,
        Some("ctrlProp") => return false,
        _ => Class::ActiveObjects,
    };
    context.policy.action(class) == Action::Remove
}

/// True for an object beside its picture that the policy takes out.
pub(crate) fn goes(element: &Element<'_>, part: &Part, context: &Context<'_>) -> bool {
    is_object(element) && context.policy.action(class_of(element, part)) == Action::Remove
}

/// True for an object or control beside the shape that shows it.
fn is_object(element: &Element<'_>) -> bool {
    match element.ns {
        Ns::OfficeVml => element.local == "OLEObject",
        Ns::Word => matches!(element.local, "control" | "objectEmbed" | "objectLink"),
        _ => false,
    }
}

/// Checks that a copy has no object that was to go, unless it is held for it, and no field around one.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when it has.
pub(crate) fn check(copy: &Package, report: &Report, context: &Context<'_>) -> Result<(), Refusal> {
    let goes = |class| {
        let held = report.all_hits().iter().any(|hit| hit.class == class && hit.action == Action::Hold);
        context.policy.action(class) == Action::Remove && !held
    };
    let (objects, documents) = (goes(Class::ActiveObjects), goes(Class::EmbeddedDocuments));
    if !objects && !documents {
        return Ok(());
    }
    for part in copy.parts.iter().filter(|part| part.is_xml()) {
        let mut reader = part.named_xml(context.limits)?.reader();
        let (mut instruction, mut in_instruction) = (String::new(), false);
        while let Some(token) = reader.next() {
            let element = match token {
                Token::Start(element) => element,
                Token::Text(more) if in_instruction => {
                    instruction.push_str(more);
                    let name = instruction.split_whitespace().next().unwrap_or_default();
                    if name.eq_ignore_ascii_case("EMBED") {
                        return Err(
                            Refusal::unprovable("the field of an object remains in the copy").in_part(&part.name)
                        );
                    }
                    continue;
                }
                Token::End => {
                    in_instruction = false;
                    continue;
                }
                _ => continue,
            };
            in_instruction = element.is(Ns::Word, "instrText");
            if element.is(Ns::Word, "fldChar") {
                instruction.clear();
            }
            let on_slide = element.is(Ns::Slide, "oleObj") || element.is(Ns::Slide, "control");
            let on_sheet = element.is(Ns::Sheet, "oleObject") || element.is(Ns::Sheet, "control");
            let id = element.attribute(Ns::Relations, "id");
            if !(is_object(&element) || on_slide || on_sheet && sheet_object_goes(id, part, context)) {
                continue;
            }
            let left = match class_of(&element, part) {
                Class::EmbeddedDocuments => documents,
                _ => objects,
            };
            if left {
                return Err(Refusal::unprovable("an object remains in the copy").in_part(&part.name));
            }
        }
    }
    Ok(())
}
