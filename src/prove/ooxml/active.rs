//! What must be gone when the policy takes out macros or the workbooks behind charts.

use super::package::{Package, Part};
use crate::formats::Context;
use crate::policy::{Action, Class};
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Attribute, Element, Token, XmlReader, is_true};

/// True when the policy takes macros out.
pub(crate) fn macros_go(context: &Context<'_>) -> bool {
    context.policy.action(Class::ActiveMacros) == Action::Remove
}

/// True for an attribute that calls a macro, of a shape or a control.
pub(crate) fn is_macro_call(attribute: &Attribute<'_>) -> bool {
    attribute.ns == Ns::None && matches!(attribute.local, "macro" | "fmlaMacro") && !attribute.value.is_empty()
}

/// True for the name of a macro in a workbook.
pub(crate) fn is_macro_name(element: &Element<'_>) -> bool {
    let flags = ["xlm", "function", "vbProcedure"];
    element.is(Ns::Sheet, "definedName") && flags.iter().any(|flag| element.plain(flag).is_some_and(is_true))
}

/// The element that refers to an add-in (\[MS-OWEXML\] 2.2.9).
pub(crate) const ADD_IN: &str = "webextensionref";

/// True when all alternatives are add-ins, but for a fallback that has a picture: `reader` stands behind the start of
/// `mc:AlternateContent`.
pub(crate) fn is_pictured_add_in(mut reader: XmlReader<'_>) -> bool {
    let outside = reader.depth();
    let (mut in_fallback, mut picture, mut add_in, mut other) = (false, false, true, false);
    while let Some(token) = reader.next() {
        match token {
            Token::Start(element) if reader.depth() == outside.saturating_add(1) => {
                other |= !add_in;
                in_fallback = element.local == "Fallback";
                add_in = in_fallback;
            }
            Token::Start(element) => {
                picture |= in_fallback && element.local == "blip";
                other |= in_fallback && element.local == ADD_IN;
                add_in |= element.local == ADD_IN;
            }
            Token::End if reader.depth() < outside => break,
            _ => {}
        }
    }
    picture && add_in && !other
}

/// True when there are sheets of macros or dialogs, with which the names of macros stay.
pub(crate) fn has_macro_sheets(package: &Package) -> bool {
    package.parts.iter().any(|part| is_typed(part, "macrosheet+xml") || is_typed(part, "dialogsheet+xml"))
}

fn is_typed(part: &Part, piece: &str) -> bool {
    part.content_type.as_deref().is_some_and(|kind| kind.contains(piece))
}

/// What of a macro this element is or carries.
pub(crate) fn macro_call(element: &Element<'_>, names_stay: bool) -> Option<&'static str> {
    let is_call = match element.ns {
        Ns::Sheet => is_macro_name(element) && !names_stay,
        Ns::ExcelVml => element.local == "FmlaMacro",
        Ns::Word => matches!(element.local, "entryMacro" | "exitMacro"),
        _ => element.plain("action").is_some_and(|action| action.to_lowercase().contains("ppaction://macro")),
    };
    (is_call || element.attributes.iter().any(|attribute| is_macro_call(&attribute))).then_some("a call of a macro")
}

/// What is left of macros or chart sources among the parts, with the name of the part.
pub(crate) fn remains<'p>(package: &'p Package, context: &Context<'_>) -> Option<(&'static str, &'p str)> {
    if context.policy.action(Class::EmbeddedDocuments) == Action::Remove {
        let sources = ["package", "oleObject", "externalLinkPath"];
        let chart = package.parts.iter().find(|part| {
            (is_typed(part, "drawingml.chart+xml") || is_typed(part, "chartex+xml"))
                && part.relationships.iter().any(|relationship| sources.contains(&relationship.kind.as_str()))
        });
        if let Some(chart) = chart {
            return Some(("the source of a chart", &chart.name));
        }
    }
    if !macros_go(context) {
        return None;
    }
    // A sheet of macros that cannot be taken out stays, held, and wants a document that may have macros.
    let sheets = package.parts.iter().any(|part| is_typed(part, "macrosheet+xml"));
    let left = package.parts.iter().find(|part| {
        let binary = part.bytes.starts_with(b"\xd0\xcf\x11\xe0") && part.name.to_lowercase().contains("vba");
        binary || is_typed(part, "vba") || (is_typed(part, "macroenabled") && !sheets)
    });
    left.map(|part| ("a part of macros", part.name.as_str()))
}
