//! What is true for the text at hand: its scope, whether it is shown, and what it belongs to.

use crate::prove::xml::Element;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::odf::Odf;
use crate::text::Scope;

/// What is true for the text at hand.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) scope: Scope,
    pub(super) is_hidden: bool,
    pub(super) shape: String,
    pub(super) cell: String,
    /// The property or setting that the text is the value of.
    pub(super) item: String,
}

impl State {
    /// What is true at the beginning of a part.
    pub(super) fn new(scope: Scope) -> Self {
        Self { scope, is_hidden: false, shape: String::new(), cell: String::new(), item: String::new() }
    }

    /// Becomes what is true within an element.
    pub(super) fn enter(&mut self, element: &Element<'_>) {
        let Ns::Odf(ns) = element.ns else {
            if element.ns == Ns::Properties {
                self.item = format!("dc:{}", element.local);
            }
            return;
        };
        match (ns, element.local) {
            (Odf::Office | Odf::OpenOffice, "annotation") => self.scope = Scope::Comment,
            (Odf::Office, "scripts") => self.scope = Scope::Field,
            (Odf::Office, "meta" | "settings") => self.scope = Scope::Metadata,
            (Odf::Text | Odf::Table, "tracked-changes") => self.is_hidden = true,
            (Odf::Presentation, "notes") => self.scope = Scope::Note,
            (Odf::Text, "note") => self.scope = Scope::Footnote,
            (Odf::Style, local) if local.starts_with("header") || local.starts_with("footer") => {
                self.scope = Scope::HeaderFooter;
            }
            (Odf::Presentation, "header-decl" | "footer-decl" | "date-time-decl") => {
                self.scope = Scope::HeaderFooter;
            }
            (Odf::Table, "help-message" | "error-message") | (Odf::Form, _) => self.scope = Scope::FormField,
            (Odf::Svg | Odf::Table, "title" | "desc") => self.scope = Scope::AltText,
            (Odf::Meta, local) => {
                let name = element.own("name").filter(|_| local == "user-defined");
                self.item = name.map_or_else(|| format!("meta:{local}"), |name| format!("meta:{name}"));
            }
            (Odf::Config, "config-item") => {
                self.item = format!("settings:{}", element.own("name").unwrap_or_default());
            }
            (Odf::Draw | Odf::Dr3d, local) if is_shape(local) => {
                element.attribute(Ns::Odf(Odf::Draw), "name").unwrap_or_default().clone_into(&mut self.shape);
            }
            _ => {}
        }
    }
}

/// Elements of a page that hold text of their own.
pub(super) fn is_shape(local: &str) -> bool {
    matches!(
        local,
        "frame"
            | "custom-shape"
            | "rect"
            | "line"
            | "polyline"
            | "polygon"
            | "regular-polygon"
            | "path"
            | "circle"
            | "ellipse"
            | "connector"
            | "caption"
            | "measure"
            | "control"
            | "scene"
    )
}
