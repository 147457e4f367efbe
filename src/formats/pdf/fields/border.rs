//! The ground and the border of a field (12.5.4, 12.5.6.19).

use super::super::flatten::decimal;
use super::super::source::{Dictionary, Source, number};
use crate::refusal::Refusal;

/// The border of a widget.
pub(super) struct Border {
    /// In points.
    pub(super) width: f64,
    /// The name of its style: solid, dashed, beveled, inset or underline.
    style: Vec<u8>,
}

/// The border that a widget asks for.
///
/// # Errors
/// [`crate::Reason::Damaged`] where it was lost on loading.
pub(super) fn border(source: &Source, widget: &Dictionary) -> Result<Border, Refusal> {
    if let Some(style) = source.dictionary(widget, "BS")? {
        let width = number(source.get(style, "W")?).unwrap_or(1.0).clamp(0.0, 50.0);
        return Ok(Border { width, style: source.name(style, "S")?.unwrap_or_default().to_vec() });
    }
    let width = match source.list(widget, "Border")?.get(2) {
        Some(width) => number(source.resolve(width)?.1).unwrap_or(1.0),
        None => 1.0,
    };
    Ok(Border { width: width.clamp(0.0, 50.0), style: Vec::new() })
}

/// A colour with its operator: none, grey, RGB or CMYK by the number of components.
fn colour(source: &Source, look: &Dictionary, key: &str, stroke: bool) -> Result<Option<String>, Refusal> {
    let mut components = Vec::new();
    for component in source.list(look, key)? {
        components.extend(number(source.resolve(component)?.1));
    }
    let operator = match (components.len(), stroke) {
        (1, false) => "g",
        (1, true) => "G",
        (3, false) => "rg",
        (3, true) => "RG",
        (4, false) => "k",
        (4, true) => "K",
        _ => return Ok(None),
    };
    let components: Vec<String> = components.into_iter().map(decimal).collect();
    Ok(Some(format!("{} {operator}", components.join(" "))))
}

/// The operators for the background and the border.
///
/// # Errors
/// As [`border`].
pub(super) fn frame(
    source: &Source,
    look: &Dictionary,
    border: &Border,
    round: bool,
    width: f64,
    height: f64,
) -> Result<String, Refusal> {
    let outline = |inset: f64| {
        if round {
            return circle(width / 2.0, height / 2.0, width.min(height) / 2.0 - inset);
        }
        let across = [inset, inset, width - 2.0 * inset, height - 2.0 * inset].map(decimal).join(" ");
        format!("{across} re")
    };
    let mut content = String::new();
    if let Some(fill) = colour(source, look, "BG", false)? {
        content.push_str(&format!("q {fill} {} f Q\n", outline(0.0)));
    }
    if let (Some(stroke), true) = (colour(source, look, "BC", true)?, border.width > 0.0) {
        let line = decimal(border.width);
        let shape = match border.style.as_slice() {
            b"U" => {
                let y = decimal(border.width / 2.0);
                format!("0 {y} m {} {y} l", decimal(width))
            }
            _ => outline(border.width / 2.0),
        };
        let dash = if border.style == b"D" { " [3] 0 d" } else { "" };
        content.push_str(&format!("q {stroke} {line} w{dash} {shape} S Q\n"));
    }
    Ok(content)
}

/// A circle of four Bézier curves.
fn circle(x: f64, y: f64, radius: f64) -> String {
    let radius = radius.max(0.0);
    let bend = radius * 0.552_285;
    let points = |points: &[f64]| points.iter().map(|value| decimal(*value)).collect::<Vec<_>>().join(" ");
    format!(
        "{} m {} c {} c {} c {} c h",
        points(&[x + radius, y]),
        points(&[x + radius, y + bend, x + bend, y + radius, x, y + radius]),
        points(&[x - bend, y + radius, x - radius, y + bend, x - radius, y]),
        points(&[x - radius, y - bend, x - bend, y - radius, x, y - radius]),
        points(&[x + bend, y - radius, x + radius, y - bend, x + radius, y]),
    )
}
