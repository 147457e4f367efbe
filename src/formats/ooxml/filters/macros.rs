//! Calls of macros by shapes, controls, form fields and links, and the names of macros in a workbook: without the macros they
//! would lead nowhere.

use crate::formats::xml::Notes;
use crate::formats::xml::{Element, Filter, Ns, Path, Step};
use crate::policy::{Action, Class, Policy};
use crate::refusal::Refusal;

/// Takes the calls out where the policy takes the macros out.
pub(in crate::formats::ooxml) struct MacroCalls {
    remove: bool,
}

impl MacroCalls {
    /// A filter for this policy.
    pub(in crate::formats::ooxml) fn under(policy: &Policy) -> Self {
        Self { remove: policy.action(Class::ActiveMacros) == Action::Remove }
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
            // ECMA-376 part 1, 18.2.5.
            (Ns::S, "definedName") => {
                ["function", "vbProcedure", "xlm"].iter().any(|flag| element.flag(flag) == Some(true))
            }
            _ => false,
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
