//! Hidden slides: which they are, and what the presentation knows them by.

use crate::formats::xml::{Ns, Token, Tokens};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// A slide as the presentation lists it (`p:sldId`).
#[derive(Debug)]
pub(super) struct Listed {
    /// The relationship that leads to it.
    pub(super) relationship: String,
    /// Its number, by which sections and zooms name it.
    pub(super) number: String,
}

/// The slides of a presentation in their order.
///
/// # Errors
/// As [`Tokens::next`].
pub(super) fn listed(presentation: &str, limits: &Limits) -> Result<Vec<Listed>, Refusal> {
    let mut slides = Vec::new();
    if !presentation.contains("sldId") {
        return Ok(slides);
    }
    let mut tokens = Tokens::new(presentation, limits);
    while let Some(token) = tokens.next()? {
        let Token::Start(element) = token else { continue };
        if element.is(Ns::P, "sldId") {
            let text = |ns, name| element.get(ns, name).map(std::borrow::Cow::into_owned).unwrap_or_default();
            slides.push(Listed { relationship: text(Ns::R, "id"), number: text(Ns::None, "id") });
        }
    }
    Ok(slides)
}

/// True for a slide that the show leaves out.
///
/// # Errors
/// As [`Tokens::next`].
pub(super) fn is_hidden(slide: &str, limits: &Limits) -> Result<bool, Refusal> {
    let mut tokens = Tokens::new(slide, limits);
    while let Some(token) = tokens.next()? {
        if let Token::Start(root) = token {
            return Ok(root.is(Ns::P, "sld") && root.flag("show") == Some(false));
        }
    }
    Ok(false)
}
