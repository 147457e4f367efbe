//! Where data comes from: databases, other programs, other files. What of it is in the document stays, and a person decides.

use crate::formats::xml::{Attribute, Element, Filter, Notes, Ns, Odf, Path, Step};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Notes connections.
pub(in crate::formats::odf) struct Connections;

impl Filter for Connections {
    fn start(&mut self, element: &mut Element<'_>, _path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        let Ns::Odf(ns) = element.ns else { return Ok(Step::Keep) };
        let names =
            |locals: &[&str]| locals.iter().any(|local| element.own(local).is_some_and(|name| !name.is_empty()));
        let found = match (ns, element.local) {
            (Odf::Office, "dde-source")
            | (Odf::Table, "dde-links" | "source-service")
            | (Odf::Table, "database-source-sql" | "database-source-table" | "database-source-query")
            | (Odf::Form, "connection-resource")
            | (Odf::XForms, "model") => true,
            (Odf::Form, _) => names(&["datasource", "command", "list-source"]),
            _ => false,
        };
        // Formulas, and the names of sheets that cache cells of other files for them.
        let elsewhere = |attribute: &Attribute<'_>| {
            matches!(attribute.local, "formula" | "expression" | "condition" | "name" | "cell-range-address")
                && matches!(attribute.ns, Ns::Odf(Odf::Table | Odf::Text | Odf::Further))
                && attribute.value().contains("file:/")
        };
        if element.attributes().iter().any(elsewhere) {
            notes.found(Class::ContentCachedData, "formula over another file");
        }
        if found {
            notes.found(Class::ContentConnections, element.name());
        }
        if (ns, element.local) == (Odf::Table, "scenario") {
            notes.removed(Class::ContentUnknown, element.name());
            return Ok(Step::Drop);
        }
        Ok(Step::Keep)
    }
}
