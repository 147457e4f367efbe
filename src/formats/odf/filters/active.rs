//! What runs: macros, scripts, actions on events (ODF 1.3 part 3, 3.12, 3.13, 9.10).

use crate::formats::links;
use crate::formats::odf::survey::Survey;
use crate::formats::xml::{Element, Filter, Notes, Ns, Odf, Path, Step};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Cleans scripts and events.
pub(in crate::formats::odf) struct Active<'s> {
    survey: &'s Survey,
    macros: bool,
}

impl<'s> Active<'s> {
    /// A filter for the part that was surveyed. Events stay where there are `macros` for them to run.
    pub(in crate::formats::odf) fn new(survey: &'s Survey, macros: bool) -> Self {
        Self { survey, macros }
    }
}

impl Filter for Active<'_> {
    fn start(&mut self, element: &mut Element<'_>, _path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        let Ns::Odf(ns) = element.ns else { return Ok(Step::Keep) };
        Ok(match (ns, element.local) {
            (Odf::Office, "scripts" | "event-listeners") => Step::KeepUnlessEmpty,
            (Odf::Office, "script") if self.survey.text(element.offset).trim().is_empty() => {
                notes.removed(Class::ContentUnreferenced, "empty macro library");
                Step::Drop
            }
            (Odf::Office, "script") => {
                self.macros = true;
                notes.found(Class::ActiveMacros, element.name());
                Step::Keep
            }
            (Odf::Text, "script") => {
                notes.removed(Class::ActiveJavascript, element.name());
                Step::Drop
            }
            (Odf::Script, "event-listener") if !self.macros => {
                notes.removed(Class::ActiveActions, element.name());
                Step::Drop
            }
            (Odf::Presentation, "event-listener") => {
                let action = element.own("action").unwrap_or_default();
                let target = element.get(Ns::Odf(Odf::XLink), "href").unwrap_or_default();
                if links::is_local(&target) {
                    notes.value(Class::LinksLocal, element.name(), &target);
                    Step::Drop
                } else if matches!(action.as_ref(), "execute" | "macro" | "verb") || is_script(&target) {
                    notes.value(Class::ActiveActions, element.name(), &target);
                    Step::Drop
                } else {
                    Step::Keep
                }
            }
            (Odf::Draw, "applet") => {
                notes.found(Class::ActiveObjects, element.name());
                Step::Keep
            }
            _ => Step::Keep,
        })
    }
}

/// True for a target that runs something, macros of the office program included.
pub(super) fn is_script(target: &str) -> bool {
    let lower = target.trim_start().to_ascii_lowercase();
    links::is_script(target)
        || ["macro:", "vnd.sun.star.script:", "service:", "slot:", ".uno:"].iter().any(|s| lower.starts_with(s))
}
