//! The shapes of VML drawings (ECMA-376 part 4, 19.1). VML is often no well-formed XML: Office writes conditions as HTML has them
//! (`<![if gte mso 9]>`) and elements without an end, so its tags are searched one by one.

use super::package::{Part, Target};

/// A shape.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    /// The number in its id, `_x0000_s1025`.
    pub(crate) number: String,
    /// The id of the relationship to its picture.
    picture: Option<String>,
    /// What `x:Anchor` says.
    pub(crate) anchor: String,
    style: String,
    /// It has a ground or an outline.
    painted: bool,
    /// The picture is not shown as it is: in a group, cropped, recoloured, with a shadow.
    altered: bool,
}

impl Shape {
    /// The part of its picture, by a relationship of the drawing.
    pub(crate) fn image(&self, drawing: &Part) -> Option<usize> {
        let relationship = drawing.relationship(self.picture.as_deref()?)?;
        match relationship.target {
            Target::Part(at) if relationship.kind == "image" => Some(at),
            _ => None,
        }
    }

    /// True when all of its picture is shown upright, as a picture in a drawing is.
    pub(crate) fn is_upright(&self) -> bool {
        let style = self.style.to_lowercase();
        !self.altered && !["rotation", "flip", "visibility"].iter().any(|property| style.contains(property))
    }

    /// True when nothing is shown but its picture.
    pub(crate) fn is_bare(&self) -> bool {
        self.is_upright() && !self.painted
    }

    /// Left, top, width and height as a drawing says them, in EMU.
    pub(crate) fn place(&self) -> Option<[String; 4]> {
        let property = |name: &str| {
            let mut properties = self.style.split(';').filter_map(|property| property.split_once(':'));
            properties.find(|(key, _)| key.trim().eq_ignore_ascii_case(name)).and_then(|(_, value)| emu(value.trim()))
        };
        Some([property("left")?, property("top")?, property("width")?, property("height")?])
    }

    fn hear(&mut self, local: &str, attributes: &[(&str, &str)], behind: &str) {
        let value = |name: &str| attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        match local {
            "imagedata" => {
                let reference = |(key, _): &&(&str, &str)| key.ends_with(":relid") || *key == "r:id";
                self.picture = attributes.iter().find(reference).map(|(_, id)| (*id).to_owned());
                self.altered |= attributes.iter().any(|(key, value)| {
                    let plain = key.contains(':') || matches!(*key, "id" | "src" | "title" | "xmlns");
                    !plain && !matches!(*value, "f" | "false")
                });
            }
            "shadow" | "fill" | "stroke" => self.altered |= value("on").is_some_and(|on| on.starts_with('t')),
            "Anchor" => behind.clone_into(&mut self.anchor),
            _ => {}
        }
    }
}

/// A length in EMU, of which all units of VML are whole multiples.
fn emu(length: &str) -> Option<String> {
    let number = length.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = match length.strip_prefix(number)?.to_ascii_lowercase().as_str() {
        "pt" => 12_700.0,
        "in" => 914_400.0,
        "cm" => 360_000.0,
        "mm" => 36_000.0,
        "px" => 9_525.0,
        "" if number == "0" => 0.0,
        _ => return None,
    };
    let value: f64 = number.parse().ok()?;
    Some(format!("{:.0}", value * unit))
}

/// The shapes of a drawing.
pub(crate) fn shapes(text: &str) -> Vec<Shape> {
    let mut shapes: Vec<Shape> = Vec::new();
    let (mut groups, mut open) = (0_u32, false);
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        let (tag, behind) = split_tag(after);
        rest = behind;
        let name = tag.split(|letter: char| letter.is_whitespace()).next().unwrap_or_default();
        let attributes = attributes(tag.strip_prefix(name).unwrap_or_default());
        let closed = name.starts_with('/');
        let local = name.rsplit([':', '/']).find(|piece| !piece.is_empty()).unwrap_or_default();
        match (local, closed) {
            ("group", false) => groups = groups.saturating_add(1),
            ("group", true) => groups = groups.saturating_sub(1),
            ("shape", true) => open = false,
            ("shape", false) => {
                open = !tag.ends_with('/');
                shapes.push(Shape { altered: groups > 0, ..shape(&attributes) });
            }
            (local, false) if open => {
                let words = behind.split('<').next().unwrap_or_default();
                if let Some(shape) = shapes.last_mut() {
                    shape.hear(local, &attributes, words);
                }
            }
            _ => {}
        }
    }
    shapes
}

fn shape(attributes: &[(&str, &str)]) -> Shape {
    let value = |wanted: &str| {
        let found = attributes.iter().find(|(key, _)| key.rsplit_once(':').map_or(*key, |(_, local)| local) == wanted);
        found.map(|(_, value)| *value)
    };
    let number = value("spid").or_else(|| value("id")).and_then(|id| id.strip_prefix("_x0000_s"));
    let on = |name: &str| value(name).is_some_and(|value| value.starts_with(['t', 'T']));
    Shape {
        number: number.unwrap_or_default().to_owned(),
        style: value("style").unwrap_or_default().to_owned(),
        painted: on("filled") || on("stroked"),
        ..Shape::default()
    }
}

/// A tag and what stands behind it. A `>` within quotes does not end it.
fn split_tag(text: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '>') => {
                let (tag, rest) = text.split_at_checked(at).unwrap_or((text, ""));
                return (tag, rest.strip_prefix('>').unwrap_or(rest));
            }
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    (text, "")
}

/// Names and values, in whichever quotes.
fn attributes(mut text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    while let Some((name, after)) = text.split_once('=') {
        let after = after.trim_start();
        let Some(quote) = after.chars().next().filter(|quote| matches!(quote, '"' | '\'')) else { break };
        let Some((value, rest)) = after.strip_prefix(quote).and_then(|after| after.split_once(quote)) else { break };
        found.push((name.trim(), value));
        text = rest;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_in_whichever_quotes() {
        let text = "<xml><v:shapetype id=\"t\"/><!-- <v:shape id='_x0000_s1'/> --><v:shape\n id='My > \"shape\"' o:spid = \"_x0000_s7\" \
                    style='left:1.5pt;top:0'><![if gte mso 9]><v:imagedata o:relid='rId1' cropleft=\"1f\"/><![endif]></v:shape>\
                    <v:group><v:shape id=\"_x0000_s8\"/></v:group></xml>";
        let shapes = shapes(text);
        let [shape, grouped] = shapes.as_slice() else { panic!("{shapes:?}") };
        assert!(grouped.number == "8" && !grouped.is_upright());
        assert_eq!((shape.number.as_str(), shape.picture.as_deref()), ("7", Some("rId1")));
        assert!(!shape.is_upright() && shape.place().is_none());
        let lengths = ["292.25pt", "-1in", "0", "2.54cm", "10", "1.1em", "x"].map(emu);
        let expected = [Some("3711575"), Some("-914400"), Some("0"), Some("914400"), None, None, None];
        assert_eq!(lengths.each_ref().map(Option::as_deref), expected);
    }
}
