//! What no reader sees: text, sections, slides, shapes. It stays, and the policy decides about the file.

use std::borrow::Cow;

use crate::formats::odf::styles::Styles;
use crate::formats::xml::{Element, Filter, Notes, Ns, Odf, Path, Step};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Notes hidden text, slides and shapes.
pub(in crate::formats::odf) struct Hidden<'s> {
    styles: &'s Styles,
    /// Hidden elements that are open: their depth, and what they are until that is reported.
    open: Vec<(usize, Option<&'static str>)>,
}

impl<'s> Hidden<'s> {
    /// A filter that knows the styles of the document.
    pub(in crate::formats::odf) fn new(styles: &'s Styles) -> Self {
        Self { styles, open: Vec::new() }
    }

    /// What hides the text in an element.
    fn hides_text(&self, element: &Element<'_>) -> Option<&'static str> {
        let Ns::Odf(ns) = element.ns else { return None };
        let styled = |family: &str| {
            let name = element.get(Ns::Odf(Odf::Text), "style-name");
            name.is_some_and(|name| self.styles.hides(family, &name))
        };
        match (ns, element.local) {
            (Odf::Text, "span" | "a") if styled("text") => Some("text of a hidden style"),
            (Odf::Text, "p" | "h") if styled("paragraph") => Some("paragraph of a hidden style"),
            (Odf::Text, "section" | "index-body") => {
                element.own("display").is_some_and(|display| display != "true").then_some("hidden section")
            }
            (Odf::Draw, _) => {
                let shape = |local| element.get(Ns::Odf(Odf::Draw), local);
                if shape("display").is_some_and(|display| display == "none" || display == "printer") {
                    Some("hidden shape")
                } else if shape("layer").is_some_and(|layer| self.styles.hidden_layers.contains(layer.as_ref())) {
                    Some("shape on a hidden layer")
                } else {
                    None
                }
            }
            _ => None,
        }
    }
}

impl Filter for Hidden<'_> {
    fn start(&mut self, element: &mut Element<'_>, path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        if let Some(item) = self.hides_text(element) {
            // A hidden shape is content in itself, and the layers are only named by their definitions.
            let shape = element.ns == Ns::Odf(Odf::Draw);
            if shape && element.local != "layer" {
                notes.found(Class::ContentHiddenText, item);
            }
            if !element.empty && !shape {
                self.open.push((path.depth(), Some(item)));
            }
        }
        let Ns::Odf(ns) = element.ns else { return Ok(Step::Keep) };
        match (ns, element.local) {
            (Odf::Draw, "page") => {
                let style = element.own("style-name");
                if style.is_some_and(|style| self.styles.hides("drawing-page", &style)) {
                    notes.found(Class::ContentHiddenSlides, "hidden slide");
                }
            }
            // A field that is not shown, but keeps its value.
            (Odf::Text, local) if local != "section" && element.own("display").as_deref() == Some("none") => {
                let value = |name| element.get(Ns::Odf(Odf::Office), name).is_some_and(|value| !value.is_empty());
                if value("string-value") || value("value") || !element.empty {
                    notes.found(Class::ContentHiddenText, "field that is not shown");
                }
            }
            (Odf::Form, "hidden") if element.own("value").is_some_and(|value| !value.is_empty()) => {
                notes.found(Class::ContentHiddenText, element.name());
            }
            _ => {}
        }
        Ok(Step::Keep)
    }

    fn text(&mut self, text: &mut Cow<'_, str>, _path: &Path<'_>, notes: &mut Notes<'_>) {
        if let Some((_, item)) = self.open.first_mut()
            && !text.trim().is_empty()
            && let Some(item) = item.take()
        {
            notes.found(Class::ContentHiddenText, item);
        }
    }

    fn end(&mut self, _ns: Ns, _local: &str, path: &Path<'_>, _notes: &mut Notes<'_>) {
        if self.open.last().is_some_and(|(depth, _)| *depth == path.depth()) {
            self.open.pop();
        }
    }
}
