//! Which formats of cells show nothing, whatever else the styles say: the number format `;;;`, and text in the colour of what is
//! behind it (ECMA-376 part 1, 18.8.10, 18.8.20, 18.8.22, 18.8.31).

use std::collections::{HashMap, HashSet};

use super::package::Package;
use crate::formats::Context;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Element, Token, XmlReader};
use crate::refusal::Refusal;

/// The numbers of such formats.
#[derive(Debug, Default)]
pub(crate) struct Concealing(HashSet<usize>);

/// A colour as the styles name it; white and black by any of their names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Paint {
    White,
    Black,
    Named(String),
    /// A pattern or gradient of more than one.
    Several,
}

impl Concealing {
    /// Reads the styles of a workbook.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(crate) fn of(package: &Package, context: &Context<'_>) -> Result<Self, Refusal> {
        let main = package.main()?;
        let read = |kind| match package.first(main, kind) {
            Some(at) => package.part(at)?.named_xml(context.limits).map(Some),
            None => Ok(None),
        };
        let Some(styles) = read("styles")? else { return Ok(Self::default()) };
        let plain_colours = match read("theme")? {
            Some(theme) => has_plain_colours(theme.reader()),
            None => true,
        };
        Ok(Self::read(styles.reader(), plain_colours))
    }

    fn read(mut reader: XmlReader<'_>, mut plain_colours: bool) -> Self {
        let mut path: Vec<&str> = Vec::new();
        let mut codes: HashMap<String, String> = HashMap::new();
        let (mut texts, mut backgrounds): (Vec<Paint>, Vec<Paint>) = (Vec::new(), Vec::new());
        let (mut formats, mut palette, mut indexed, mut own_palette) = (Vec::new(), 0_u32, false, false);
        while let Some(token) = reader.next() {
            let element = match token {
                Token::Start(element) => element,
                Token::End => {
                    path.pop();
                    continue;
                }
                _ => continue,
            };
            path.push(element.local);
            let plain = |name| element.plain(name).unwrap_or_default();
            if matches!(path.get(1..).unwrap_or_default(), ["fonts" | "fills", ..]) {
                indexed |= plain("indexed").parse::<u32>().is_ok_and(|index| index < 64);
            }
            match path.get(1..).unwrap_or_default() {
                _ if element.ns != Ns::Sheet => {}
                ["numFmts", "numFmt"] => {
                    codes.insert(plain("numFmtId").to_owned(), plain("formatCode").to_owned());
                }
                ["fonts", "font"] => texts.push(Paint::Black),
                ["fonts", "font", "color"] => set_last(&mut texts, paint(&element)),
                ["fills", "fill"] => backgrounds.push(Paint::White),
                ["fills", "fill", "gradientFill"] => set_last(&mut backgrounds, Paint::Several),
                ["fills", "fill", "patternFill"] => match plain("patternType") {
                    "" | "none" => {}
                    "solid" => set_last(&mut backgrounds, Paint::Black),
                    _ => set_last(&mut backgrounds, Paint::Several),
                },
                ["fills", "fill", "patternFill", "fgColor"] if backgrounds.last() == Some(&Paint::Black) => {
                    set_last(&mut backgrounds, paint(&element));
                }
                ["colors", "indexedColors", "rgbColor"] => {
                    let rgb = plain("rgb").to_lowercase();
                    let expected = [(0, "000000"), (1, "ffffff"), (8, "000000"), (9, "ffffff")];
                    own_palette |= expected.iter().any(|(at, name)| *at == palette && !rgb.ends_with(name));
                    palette = palette.saturating_add(1);
                }
                ["cellXfs", "xf"] => formats.push(["numFmtId", "fontId", "fillId"].map(|name| plain(name).to_owned())),
                _ => {}
            }
        }
        plain_colours &= !(indexed && own_palette);
        let hides = |format: &[String; 3]| {
            let [code, text, background] = format;
            let at = |number: &str| number.parse::<usize>().unwrap_or_default();
            let of_its_own = matches!(code.as_str(), "6" | "8" | "38" | "40");
            let code = codes.get(code).map_or("", String::as_str);
            let pair = (texts.get(at(text)), backgrounds.get(at(background)));
            let same = matches!(pair, (Some(text), Some(background)) if text == background);
            is_blank(code) || same && plain_colours && !of_its_own && !has_colour(code)
        };
        Self(formats.iter().enumerate().filter(|(_, format)| hides(format)).map(|(number, _)| number).collect())
    }

    /// True when the format of this cell shows nothing of it.
    pub(crate) fn hides(&self, cell: &Element<'_>) -> bool {
        self.0.contains(&cell.plain("s").and_then(|number| number.parse().ok()).unwrap_or_default())
    }
}

fn set_last(list: &mut [Paint], paint: Paint) {
    if let Some(last) = list.last_mut() {
        *last = paint;
    }
}

fn paint(element: &Element<'_>) -> Paint {
    let tint = element.plain("tint").unwrap_or("0");
    let tinted = tint.parse::<f64>() != Ok(0.0);
    let name = if let Some(rgb) = element.plain("rgb") {
        let rgb = rgb.to_lowercase();
        format!("#{}", if rgb.len() == 8 { rgb.get(2..).unwrap_or_default() } else { &rgb })
    } else if let Some(theme) = element.plain("theme") {
        format!("theme {theme}")
    } else if let Some(index) = element.plain("indexed") {
        format!("index {index}")
    } else {
        return Paint::Black;
    };
    match name.as_str() {
        "#ffffff" | "theme 0" | "index 1" | "index 9" | "index 65" if !tinted => Paint::White,
        "#000000" | "theme 1" | "index 0" | "index 8" | "index 64" if !tinted => Paint::Black,
        _ if tinted => Paint::Named(format!("{name} tinted {tint}")),
        _ => Paint::Named(name),
    }
}

/// The first two colours of the theme are white and black.
fn has_plain_colours(mut theme: XmlReader<'_>) -> bool {
    let mut slot = None;
    while let Some(token) = theme.next() {
        let Token::Start(element) = token else { continue };
        match element.local {
            "lt1" => slot = Some(["window", "ffffff"]),
            "dk1" => slot = Some(["windowtext", "000000"]),
            "sysClr" | "srgbClr" => {
                let value = element.plain("val").unwrap_or_default().to_lowercase();
                if slot.take().is_some_and(|names| !names.contains(&value.as_str())) {
                    return false;
                }
            }
            _ => {}
        }
    }
    true
}

/// A code of four sections with nothing in them but colours and conditions.
fn is_blank(code: &str) -> bool {
    let (mut outside, mut inside, mut within) = (String::new(), String::new(), false);
    for c in code.chars() {
        match c {
            '[' => within = true,
            ']' if within => {
                if inside.trim_matches(|c: char| "hmsHMS".contains(c)).is_empty() {
                    return false; // an elapsed time
                }
                (within, inside) = (false, String::new());
            }
            _ if within => inside.push(c),
            _ => outside.extend(Some(c).filter(|c| !c.is_whitespace())),
        }
    }
    outside == ";;;" && !within
}

/// A code that sets the colour of the text.
fn has_colour(code: &str) -> bool {
    let code = code.to_lowercase();
    code.split('[').skip(1).any(|rest| {
        let name = rest.split(']').next().unwrap_or_default().trim_end_matches(|c: char| c.is_ascii_digit());
        matches!(name.trim(), "black" | "blue" | "cyan" | "green" | "magenta" | "red" | "white" | "yellow" | "color")
    })
}
