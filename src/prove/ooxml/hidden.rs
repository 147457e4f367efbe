//! Text of Word documents that is hidden, for policies that take it out (`w:vanish`, ECMA-376 part 1, 17.3.2.41 and 17.7.3).

use std::collections::{HashMap, HashSet};

use super::package::Package;
use crate::formats::Context;
use crate::policy::{Action, Class};
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Element, Token, XmlReader};
use crate::refusal::Refusal;

/// What styles say about hidden text.
#[derive(Debug, Default)]
pub(crate) struct HiddenStyles {
    everything: bool,
    /// What a style says itself.
    own: HashMap<String, bool>,
    based_on: HashMap<String, String>,
    of_paragraphs: Option<String>,
}

/// What a run or paragraph says about hidden text.
#[derive(Debug, Default, Clone)]
pub(crate) struct Says {
    /// `w:vanish` in the properties of a run.
    pub(crate) vanish: Option<bool>,
    /// The style that is named.
    pub(crate) style: Option<String>,
}

impl Says {
    /// Takes note of a property.
    pub(crate) fn hear(&mut self, property: &Element<'_>) {
        match (property.ns, property.local) {
            (Ns::Word, "vanish") => self.vanish = Some(property.is_on()),
            (Ns::Word, "pStyle" | "rStyle") => self.style = property.val().map(str::to_owned),
            _ => {}
        }
    }
}

impl HiddenStyles {
    /// The styles of a package; nothing when the policy leaves hidden text where it is.
    ///
    /// # Errors
    /// A [`Refusal`] when they cannot be read.
    pub(crate) fn of(package: &Package, context: &Context<'_>) -> Result<Option<Self>, Refusal> {
        if context.policy.action(Class::ContentHiddenText) != Action::Remove {
            return Ok(None);
        }
        Self::of_package(package, context).map(Some)
    }

    /// The styles of a package.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub(crate) fn of_package(package: &Package, context: &Context<'_>) -> Result<Self, Refusal> {
        let Some(at) = package.first(package.main()?, "styles") else { return Ok(Self::default()) };
        let part = package.part(at)?;
        Ok(Self::read(part.named_xml(context.limits)?.reader()))
    }

    fn read(mut reader: XmlReader<'_>) -> Self {
        let mut styles = Self::default();
        let mut open: Vec<(String, String)> = Vec::new();
        while let Some(token) = reader.next() {
            let element = match token {
                Token::Start(element) => element,
                Token::End => {
                    open.pop();
                    continue;
                }
                _ => continue,
            };
            let id = if element.is(Ns::Word, "style") {
                element.own("styleId").unwrap_or_default().to_owned()
            } else {
                open.last().map(|(_, id)| id.clone()).unwrap_or_default()
            };
            let around: Vec<&str> = open.iter().rev().take(2).map(|(local, _)| local.as_str()).collect();
            match (element.local, around.as_slice()) {
                ("style", _) if element.own("type") == Some("paragraph") => {
                    let default = element.own("default").is_some_and(|text| !matches!(text, "0" | "false" | "off"));
                    if default {
                        styles.of_paragraphs = Some(id.clone());
                    }
                }
                ("vanish", ["rPr", "rPrDefault"]) => styles.everything = element.is_on(),
                ("vanish", ["rPr", "style"]) => {
                    styles.own.insert(id.clone(), element.is_on());
                }
                ("basedOn", ["style", ..]) => {
                    styles.based_on.insert(id.clone(), element.val().unwrap_or_default().to_owned());
                }
                _ => {}
            }
            open.push((element.local.to_owned(), id));
        }
        styles
    }

    /// True when a run shows nothing.
    pub(crate) fn hide(&self, paragraph: &Says, run: &Says) -> bool {
        let of_paragraph = paragraph.style.as_ref().or(self.of_paragraphs.as_ref());
        let by_style = self.style_hides(of_paragraph) ^ self.style_hides(run.style.as_ref());
        run.vanish.unwrap_or(self.everything || by_style)
    }

    fn style_hides(&self, style: Option<&String>) -> bool {
        let mut passed = HashSet::new();
        let mut next = style;
        while let Some(style) = next.filter(|style| passed.insert(style.as_str())) {
            if let Some(hidden) = self.own.get(style) {
                return *hidden;
            }
            next = self.based_on.get(style);
        }
        false
    }
}
