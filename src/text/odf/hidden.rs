//! Styles and layers whose text is not shown, with the styles that they build on (ODF 1.3 part 3, 16.2 and 19.874).

use std::collections::{HashMap, HashSet};

use crate::prove::xml::namespace::Ns;
use crate::prove::xml::odf::Odf;
use crate::prove::xml::{Element, Token, XmlReader};

/// Styles build on styles; more steps than this no real document has.
const STEPS: usize = 32;

/// Family and name of a style.
type Key = (String, String);

/// What the styles of a document hide.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    styles: HashMap<Key, (Option<bool>, Option<String>)>,
    layers: HashSet<String>,
}

impl Hidden {
    /// Adds the styles of a part. Those of the content come last and win.
    pub(super) fn add(&mut self, mut reader: XmlReader<'_>) {
        let mut current: Key = Default::default();
        while let Some(token) = reader.next() {
            let Token::Start(element) = token else { continue };
            let Ns::Odf(ns) = element.ns else { continue };
            let value = |ns, name| element.attribute(Ns::Odf(ns), name);
            let hides = match (ns, element.local) {
                (Odf::Style, "style") => {
                    let name = |name| element.own(name).unwrap_or_default().to_owned();
                    current = (name("family"), name("name"));
                    let parent = element.own("parent-style-name").map(str::to_owned);
                    self.styles.insert(current.clone(), (None, parent));
                    continue;
                }
                (Odf::Draw, "layer") => {
                    if matches!(element.own("display"), Some("none" | "printer")) {
                        self.layers.insert(element.own("name").unwrap_or_default().to_owned());
                    }
                    continue;
                }
                (Odf::Style, "text-properties") => value(Odf::Text, "display").map(|display| display == "none"),
                (Odf::Style, "table-properties") => value(Odf::Table, "display").map(|display| display == "false"),
                (Odf::Style, "drawing-page-properties") => {
                    value(Odf::Presentation, "visibility").map(|visibility| visibility == "hidden")
                }
                _ => continue,
            };
            if let Some(style) = self.styles.get_mut(&current).filter(|_| hides.is_some()) {
                style.0 = hides;
            }
        }
    }

    /// True when this style hides what it is for.
    fn style(&self, family: &str, name: &str) -> bool {
        let mut key = (family.to_owned(), name.to_owned());
        for _ in 0..STEPS {
            match self.styles.get(&key) {
                Some((Some(hides), _)) => return *hides,
                Some((None, Some(parent))) => key.1.clone_from(parent),
                _ => return false,
            }
        }
        false
    }

    /// True for elements whose text is not shown, by themselves or by their style or layer.
    pub(super) fn hides(&self, element: &Element<'_>) -> bool {
        let Ns::Odf(ns) = element.ns else { return false };
        let of = |ns, name| element.attribute(Ns::Odf(ns), name);
        let by_style = |family| element.own("style-name").is_some_and(|name| self.style(family, name));
        match (ns, element.local) {
            (Odf::Text, "p" | "h") => by_style("paragraph"),
            (Odf::Text, "span") => by_style("text"),
            (Odf::Text, "section") => match element.own("display") {
                Some("none") => true,
                Some("condition") => element.own("is-hidden") != Some("false"),
                _ => false,
            },
            (Odf::Text, "hidden-text") => element.own("is-hidden") == Some("true"),
            (Odf::Text, _) => element.own("display") == Some("none"),
            (Odf::Table, "table") => by_style("table"),
            (Odf::Table, "table-row") => matches!(element.own("visibility"), Some("collapse" | "filter")),
            (Odf::Draw, "page") => by_style("drawing-page"),
            (Odf::Draw | Odf::Dr3d, _) => {
                of(Odf::Draw, "layer").is_some_and(|name| self.layers.contains(name))
                    || matches!(of(Odf::Draw, "display"), Some("none" | "printer"))
            }
            _ => false,
        }
    }
}
