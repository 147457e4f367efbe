//! Formats of cells that show nothing: the number format `;;;`, and a font in the colour of what is behind it.
//!
//! ECMA-376 part 1: number formats 18.8.31, fonts 18.8.22, fills 18.8.20, the formats that cells refer to 18.8.10.

use std::collections::BTreeMap;

use crate::formats::xml::{Element, Ns, Token, Tokens};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// Why a cell shows nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::formats::ooxml) struct Concealment {
    /// The name of the finding.
    pub(in crate::formats::ooxml) item: &'static str,
    /// Nothing in the styles may show the text after all: no colour of a number format, no palette of the file's own.
    pub(in crate::formats::ooxml) certain: bool,
}

const NO_SECTION: Concealment = Concealment { item: "cell formatted `;;;`", certain: true };
const SAME_COLOUR: Concealment = Concealment { item: "cell in the colour of its background", certain: true };

impl Concealment {
    /// It is a colour that conceals.
    pub(in crate::formats::ooxml) fn is_by_colour(self) -> bool {
        self.item == SAME_COLOUR.item
    }
}

/// Colours may be others than their names say, so the same ones may differ.
pub(in crate::formats::ooxml) fn doubt_colours(formats: &mut [Option<Concealment>]) {
    for concealment in formats.iter_mut().flatten().filter(|concealment| concealment.is_by_colour()) {
        concealment.certain = false;
    }
}

/// Built-in number formats that write negative numbers in red (ECMA-376 part 1, 18.8.30).
const RED: &[&str] = &["6", "8", "38", "40"];

/// A colour by what is written; the ways to write black and white are one each.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Colour {
    White,
    Black,
    Other(String),
}

/// What is behind a cell's text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fill {
    Colour(Colour),
    /// A pattern or gradient: text stands out somewhere.
    Mixed,
}

/// For each format that cells refer to by number, whether it conceals them.
///
/// # Errors
/// As [`Tokens::next`].
pub(in crate::formats::ooxml) fn concealing_formats(
    styles: &str,
    limits: &Limits,
) -> Result<Vec<Option<Concealment>>, Refusal> {
    let mut tokens = Tokens::new(styles, limits);
    let mut path: Vec<(Ns, &str)> = Vec::new();
    let mut codes: BTreeMap<String, String> = BTreeMap::new();
    let (mut fonts, mut fills, mut formats) = (Vec::new(), Vec::new(), Vec::new());
    let (mut own_palette, mut palette, mut indexed) = (false, 0_usize, false);
    while let Some(token) = tokens.next()? {
        let element = match token {
            Token::Start(element) => element,
            Token::End(_) => {
                path.pop();
                continue;
            }
            _ => continue,
        };
        let parent = path.last().filter(|(ns, _)| *ns == Ns::S).map_or("", |(_, local)| *local);
        let above = path.iter().rev().nth(1).map_or("", |(_, local)| *local);
        // The last two, 64 and 65, are those of the system.
        indexed |= matches!(parent, "font" | "patternFill")
            && element.own("indexed").is_some_and(|index| index.parse::<u32>().is_ok_and(|index| index < 64));
        match (parent, element.local) {
            _ if element.ns != Ns::S => {}
            ("numFmts", "numFmt") => {
                if let (Some(id), Some(code)) = (element.own("numFmtId"), element.own("formatCode")) {
                    codes.insert(id.into_owned(), code.into_owned());
                }
            }
            ("fonts", "font") => fonts.push(Colour::Black),
            ("font", "color") if above == "fonts" => replace_last(&mut fonts, colour(&element, Colour::Black)),
            ("fills", "fill") => fills.push(Fill::Colour(Colour::White)),
            ("fill", "gradientFill") if above == "fills" => replace_last(&mut fills, Fill::Mixed),
            ("fill", "patternFill") if above == "fills" => match element.own("patternType").as_deref() {
                None | Some("none") => {}
                Some("solid") => replace_last(&mut fills, Fill::Colour(Colour::Black)),
                Some(_) => replace_last(&mut fills, Fill::Mixed),
            },
            ("patternFill", "fgColor")
                if path.iter().rev().nth(2).is_some_and(|(_, local)| *local == "fills")
                    && fills.last() == Some(&Fill::Colour(Colour::Black)) =>
            {
                replace_last(&mut fills, Fill::Colour(colour(&element, Colour::Black)));
            }
            ("cellXfs", "xf") => {
                let number = |name| element.own(name).and_then(|id| id.parse::<usize>().ok()).unwrap_or_default();
                let id = element.own("numFmtId").unwrap_or_default();
                let code = codes.get(id.as_ref());
                let colours = RED.contains(&id.as_ref()) || code.is_some_and(|code| names_colour(code));
                let text = fonts.get(number("fontId"));
                let behind = fills.get(number("fillId"));
                formats.push(if code.is_some_and(|code| shows_nothing(code)) {
                    Some(NO_SECTION)
                } else if matches!((text, behind), (Some(text), Some(Fill::Colour(fill))) if text == fill) {
                    Some(Concealment { certain: !colours, ..SAME_COLOUR })
                } else {
                    None
                });
            }
            ("indexedColors", "rgbColor") => {
                own_palette |= !is_standard(palette, &element.own("rgb").unwrap_or_default());
                palette = palette.saturating_add(1);
            }
            _ => {}
        }
        if !element.empty {
            path.push((element.ns, element.local));
        }
    }
    if own_palette && indexed {
        doubt_colours(&mut formats);
    }
    Ok(formats)
}

/// True for a theme in which the colours 0 and 1 are white and black, as they nearly always are (ECMA-376 part 1, 20.1.6.2).
///
/// # Errors
/// As [`Tokens::next`].
pub(in crate::formats::ooxml) fn is_black_on_white(theme: &str, limits: &Limits) -> Result<bool, Refusal> {
    let mut tokens = Tokens::new(theme, limits);
    let mut around = "";
    while let Some(token) = tokens.next()? {
        let Token::Start(element) = token else { continue };
        let value = element.own("val").unwrap_or_default().to_ascii_lowercase();
        let expected: &[&str] = match (around, element.local) {
            ("lt1", "sysClr" | "srgbClr") => &["window", "ffffff"],
            ("dk1", "sysClr" | "srgbClr") => &["windowtext", "000000"],
            _ => {
                around = element.local;
                continue;
            }
        };
        if !expected.contains(&value.as_str()) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn replace_last<T>(list: &mut [T], value: T) {
    if let Some(last) = list.last_mut() {
        *last = value;
    }
}

/// The colour of an element (ECMA-376 part 1, 18.8.19). Black and white have four names each.
fn colour(element: &Element<'_>, automatic: Colour) -> Colour {
    let get = |name| element.own(name).map(std::borrow::Cow::into_owned);
    let tint = get("tint").filter(|tint| tint.parse::<f64>() != Ok(0.0)).unwrap_or_default();
    let (kind, value) = match (get("rgb"), get("theme"), get("indexed")) {
        (Some(rgb), ..) => ("rgb", rgb.to_ascii_uppercase()),
        (_, Some(theme), _) => ("theme", theme),
        (.., Some(index)) => ("indexed", index),
        _ => return automatic,
    };
    // The first two bytes of ARGB are the opacity, which Excel leaves out of account.
    let value = if kind == "rgb" && value.len() == 8 { value.get(2..).unwrap_or_default().to_owned() } else { value };
    match (kind, value.as_str(), tint.is_empty()) {
        ("rgb", "FFFFFF", true) | ("theme", "0", true) | ("indexed", "1" | "9" | "65", true) => Colour::White,
        ("rgb", "000000", true) | ("theme", "1", true) | ("indexed", "0" | "8" | "64", true) => Colour::Black,
        _ => Colour::Other(format!("{kind} {value} {tint}")),
    }
}

/// True for a colour of the palette that is white or black where those of Excel are, or that is neither there (18.8.27).
fn is_standard(index: usize, rgb: &str) -> bool {
    let rgb = rgb.get(rgb.len().saturating_sub(6)..).unwrap_or_default();
    match index {
        0 | 8 => rgb == "000000",
        1 | 9 => rgb.eq_ignore_ascii_case("FFFFFF"),
        _ => true,
    }
}

/// True for a number format that writes in a colour of its own.
fn names_colour(code: &str) -> bool {
    const COLOURS: &[&str] = &["black", "blue", "cyan", "green", "magenta", "red", "white", "yellow", "color"];
    let code = code.to_ascii_lowercase();
    COLOURS.iter().any(|colour| code.contains(&format!("[{colour}")))
}

/// True for a number format whose sections for positive and negative numbers, zero and text are all empty.
fn shows_nothing(code: &str) -> bool {
    let bare = |section: &str| {
        // Colours and conditions in brackets show nothing by themselves.
        let mut rest = section.trim();
        while let Some((inner, after)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            if matches!(inner.to_ascii_lowercase().trim_matches(|c| matches!(c, 'h' | 'm' | 's')), "") {
                return false; // elapsed time
            }
            rest = after.trim_start();
        }
        rest.is_empty()
    };
    code.matches(';').count() == 3 && code.split(';').all(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_show_nothing() {
        for (code, nothing) in [
            (";;;", true),
            (" ; ;;", true),
            ("[White];;;", true),
            ("[>9];[Red];;", true),
            (";;", false),
            ("0;;;@", false),
            (";;;@", false),
            ("General", false),
            ("[h];;;", false),
        ] {
            assert_eq!(shows_nothing(code), nothing, "{code}");
        }
    }

    #[test]
    fn formats_are_judged_by_font_and_fill() {
        let styles = "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
            <numFmts><numFmt numFmtId=\"164\" formatCode=\";;;\"/></numFmts>\
            <fonts><font/><font><color rgb=\"FFFFFFFF\"/></font><font><color theme=\"0\"/></font>\
            <font><color theme=\"4\" tint=\"0.5\"/></font></fonts>\
            <fills><fill><patternFill patternType=\"none\"/></fill>\
            <fill><patternFill patternType=\"solid\"><fgColor theme=\"4\" tint=\"0.5\"/></patternFill></fill>\
            <fill><patternFill patternType=\"gray125\"/></fill></fills>\
            <cellXfs><xf/><xf numFmtId=\"164\"/><xf fontId=\"1\"/><xf fontId=\"2\"/><xf fontId=\"1\" fillId=\"1\"/>\
            <xf fontId=\"3\" fillId=\"1\"/><xf fontId=\"1\" fillId=\"2\"/></cellXfs></styleSheet>";
        let found = concealing_formats(styles, &Limits::default()).unwrap();
        let same = Some(SAME_COLOUR);
        assert_eq!(found, [None, Some(NO_SECTION), same, same, None, same, None]);
        let red = styles
            .replace("\";;;\"", "\"0;[Red]-0\"")
            .replace("<xf fontId=\"2\"/>", "<xf numFmtId=\"164\" fontId=\"2\"/>");
        let doubtful = Some(Concealment { certain: false, ..SAME_COLOUR });
        assert_eq!(concealing_formats(&red, &Limits::default()).unwrap()[3], doubtful);
        let indexed = styles.replace("theme=\"4\" tint=\"0.5\"", "indexed=\"9\"");
        let palette = indexed.replace("</styleSheet>", "<colors><indexedColors><rgbColor rgb=\"00000000\"/><rgbColor rgb=\"00FFF000\"/></indexedColors></colors></styleSheet>");
        assert_eq!(concealing_formats(&palette, &Limits::default()).unwrap()[1..3], [Some(NO_SECTION), doubtful]);
        for standard in [palette.replace("00FFF000", "00FFFFFF"), palette.replace("indexed=\"9\"", "theme=\"4\"")] {
            assert_eq!(concealing_formats(&standard, &Limits::default()).unwrap()[1..3], [Some(NO_SECTION), same]);
        }
    }
}
