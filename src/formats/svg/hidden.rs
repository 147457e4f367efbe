//! Text and pictures that stay although nobody sees them, for the person who decides.

use super::css;
use super::tree::{Element, Node};
use crate::formats::Report;
use crate::policy::{Class, Policy};

/// Reports every text and picture that is transparent, invisible or not displayed.
pub(super) fn report(root: &Element, policy: &Policy, report: &mut Report) {
    visit(root, None, &mut |element, why| {
        let class = Class::ContentHiddenText;
        report.hit(class, policy.action_if_left(class), format!("<{}> with {why}", element.name), "", 1, 0);
    });
}

/// Goes down the tree; `hidden` says why nothing in it is seen.
fn visit(element: &Element, hidden: Option<&'static str>, found: &mut dyn FnMut(&Element, &'static str)) {
    let value = |property| {
        let styled = element.get("style").and_then(|style| css::declared(style, property));
        styled.or_else(|| element.get(property)).map(str::trim)
    };
    let is_zero = |property| value(property).is_some_and(|v| v.trim_end_matches('%').parse::<f64>() == Ok(0.0));
    let visibility = value("visibility");
    let hidden = match hidden {
        // A descendant can be made visible again, unlike with the others.
        Some("visibility: hidden") if visibility == Some("visible") => None,
        Some(why) => Some(why),
        None if value("display") == Some("none") => Some("display: none"),
        None if is_zero("opacity") => Some("opacity: 0"),
        None if matches!(visibility, Some("hidden" | "collapse")) => Some("visibility: hidden"),
        None if is_zero("font-size") => Some("font-size: 0"),
        None if value("fill") == Some("none")
            && value("stroke").is_none_or(|stroke| stroke == "none")
            && holds_text(element) =>
        {
            Some("fill: none")
        }
        None if is_zero("fill-opacity")
            && value("stroke").is_none_or(|stroke| stroke == "none")
            && holds_text(element) =>
        {
            Some("fill-opacity: 0")
        }
        None => None,
    };
    if let Some(why) = hidden
        && (element.name == "image" || holds_text(element))
    {
        found(element, why);
    }
    for child in element.elements() {
        visit(child, hidden, found);
    }
}

/// A text element with words of its own.
fn holds_text(element: &Element) -> bool {
    matches!(element.name.as_str(), "text" | "tspan" | "textPath" | "tref")
        && element.children.iter().any(|node| matches!(node, Node::Text(text) if !text.trim().is_empty()))
}
