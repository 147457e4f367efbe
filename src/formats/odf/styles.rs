//! Styles that hide what they are applied to, and layers that are switched off.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::formats::xml::{Ns, Odf, Token, Tokens};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// How many styles may build on one another; real ones do so a few levels deep.
const DEEPEST: u32 = 32;

/// What a style says about being seen; `None` where it says nothing.
#[derive(Debug, Clone, Default)]
struct Style {
    parent: Option<String>,
    hidden: Option<bool>,
}

/// The styles of a document.
#[derive(Debug, Clone, Default)]
pub(super) struct Styles {
    by_name: BTreeMap<(String, String), Style>,
    /// Names of layers that are not shown.
    pub(super) hidden_layers: BTreeSet<String>,
}

impl Styles {
    /// Adds the styles of a part. Of two with one name the later counts.
    ///
    /// # Errors
    /// As [`Tokens::next`].
    pub(super) fn read(&mut self, text: &str, limits: &Limits) -> Result<(), Refusal> {
        let mut tokens = Tokens::new(text, limits);
        let mut current = None;
        while let Some(token) = tokens.next()? {
            let Token::Start(element) = token else { continue };
            let value = |ns, local| element.get(Ns::Odf(ns), local).map(Cow::into_owned);
            match (element.ns, element.local) {
                (Ns::Odf(Odf::Style), "style") => {
                    let family = value(Odf::Style, "family").unwrap_or_default();
                    let key = (family, value(Odf::Style, "name").unwrap_or_default());
                    let style = Style { parent: value(Odf::Style, "parent-style-name"), hidden: None };
                    self.by_name.insert(key.clone(), style);
                    current = Some(key);
                }
                (Ns::Odf(Odf::Style), properties) => {
                    let hidden = match properties {
                        "text-properties" => value(Odf::Text, "display").map(|display| display != "true"),
                        "table-properties" => value(Odf::Table, "display").map(|display| display == "false"),
                        "drawing-page-properties" => {
                            value(Odf::Presentation, "visibility").map(|visibility| visibility == "hidden")
                        }
                        "default-style" => {
                            current = None;
                            None
                        }
                        _ => None,
                    };
                    if hidden.is_some()
                        && let Some(style) = current.as_ref().and_then(|key| self.by_name.get_mut(key))
                    {
                        style.hidden = hidden;
                    }
                }
                (Ns::Odf(Odf::Draw), "layer") if value(Odf::Draw, "display").is_some_and(|shown| shown == "none") => {
                    self.hidden_layers.extend(value(Odf::Draw, "name"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// True when the style, or one that it builds on, hides what it is applied to: text, a sheet, a slide.
    pub(super) fn hides(&self, family: &str, name: &str) -> bool {
        let mut key = (family.to_owned(), name.to_owned());
        for _ in 0..DEEPEST {
            let Some(style) = self.by_name.get(&key) else { return false };
            if let Some(hidden) = style.hidden {
                return hidden;
            }
            let Some(parent) = &style.parent else { return false };
            key.1.clone_from(parent);
        }
        false
    }
}
