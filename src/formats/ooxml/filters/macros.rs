//! Calls of macros by shapes, controls, form fields and links, and the names of macros in a workbook: without the macros they
//! would lead nowhere.

use crate::formats::xml::Notes;
use crate::formats::xml::{Element, Filter, Ns, Path, Step};
use crate::policy::{Action, Class, Policy};
use crate::refusal::Refusal;

/// Takes the calls out where the policy takes the macros out.
pub(in crate::formats::ooxml) struct MacroCalls {
    remove: bool,
    names_stay: bool,
}

impl MacroCalls {
    /// A filter for this policy. The names of macros stay with the sheets of macros that cannot go.
    pub(in crate::formats::ooxml) fn under(policy: &Policy, names_stay: bool) -> Self {
        Self { remove: policy.action(Class::ActiveMacros) == Action::Remove, names_stay }
    }
}

impl Filter for MacroCalls {
    fn start(&mut self, element: &mut Element<'_>, _path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        if !self.remove {
            return Ok(Step::Keep);
        }
        let call = match (element.ns, element.local) {
            (Ns::X, "FmlaMacro") | (Ns::W, "entryMacro" | "exitMacro") => true,
            (Ns::A, "hlinkClick" | "hlinkHover" | "hlinkMouseOver") => {
                element.own("action").is_some_and(|action| action.trim().to_lowercase().starts_with("ppaction://macro"))
            }
            _ => is_macro_name(element) && !self.names_stay,
        };
        if call {
            notes.removed(Class::ActiveMacros, element.name());
            return Ok(Step::Drop);
        }
        let name = element.name();
        element.strip(|attribute| {
            let call = attribute.ns == Ns::None
                && matches!(attribute.local, "macro" | "fmlaMacro")
                && !attribute.value().is_empty();
            if call {
                notes.value(Class::ActiveMacros, &format!("{name}/@{}", attribute.local), &attribute.value());
            }
            call
        });
        Ok(Step::Keep)
    }
}

/// The name of a macro in a workbook (ECMA-376 part 1, 18.2.5).
pub(in crate::formats::ooxml) fn is_macro_name(element: &Element<'_>) -> bool {
    element.is(Ns::S, "definedName")
        && ["function", "vbProcedure", "xlm"].iter().any(|flag| element.flag(flag) == Some(true))
}
