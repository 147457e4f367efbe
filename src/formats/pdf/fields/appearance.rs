//! A plain appearance for a field that brings none, as readers make one from its value (12.7.4.3, 12.5.6.19).

use super::super::flatten::{self, Appearance, decimal};
use super::super::source::{Dictionary, Object, Source, Stream, number, text};
use super::layout::{Frame, Line};
use super::standard_fonts::{StandardFont, encode};
use super::{FieldKind, flag, flags, form, inherited, is_password, kind, strings};
use crate::refusal::Refusal;

/// Behind the chosen entries of a list, as most readers show them.
const SELECTED: &str = "0.6 0.75 0.85 rg";
/// Entries of a list that are drawn.
const MOST_ENTRIES: usize = 1_000;

/// How a field wants its text (`/DA`).
struct DefaultAppearance {
    font: StandardFont,
    size: f64,
    colour: String,
}

/// The border of a widget.
struct Border {
    width: f64,
    style: Vec<u8>,
}

/// Makes the appearance of a widget. Nothing when there is nothing to see.
///
/// # Errors
/// [`crate::Reason::Unsupported`] when the value has characters that the standard fonts lack.
pub(in super::super) fn generate(source: &Source, widget: &Dictionary) -> Result<Option<Appearance>, Refusal> {
    let Some([left, bottom, right, top]) = flatten::rectangle(source, widget, "Rect")? else { return Ok(None) };
    let (mut width, mut height) = (right - left, top - bottom);
    if !(width > 0.0 && height > 0.0 && width.is_finite() && height.is_finite()) {
        return Ok(None);
    }
    let none = Dictionary::new();
    let look = source.dictionary(widget, "MK")?.unwrap_or(&none);
    let turn = number(source.get(look, "R")?).unwrap_or_default().rem_euclid(360.0);
    let sideways = (turn - 90.0).abs() < 1.0 || (turn - 270.0).abs() < 1.0;
    if sideways {
        (width, height) = (height, width);
    }
    let border = border(source, widget)?;
    let round = kind(source, widget)? == FieldKind::Button && flags(source, widget)? & flag::RADIO != 0;
    let mut content = frame(source, look, &border, round, width, height)?;
    let lined = source.list(look, "BC")?.is_empty();
    let inset = if lined { 0.0 } else { border.width };
    let (font, drawn) = contents(source, widget, look, (width, height, inset))?;
    content.push_str(&drawn);
    if content.is_empty() {
        return Ok(None);
    }
    let font = if drawn.contains(" Tf\n") { Some(font) } else { None };
    let mut stream = Stream::new(form_dictionary(font, width, height), content.into_bytes());
    if turn > 1.0 {
        let (sine, cosine) = turn.to_radians().sin_cos();
        stream.dict.set("Matrix", numbers(&[cosine, sine, -sine, cosine, 0.0, 0.0]));
    }
    flatten::made(source, widget, stream)
}

fn form_dictionary(font: Option<&[u8]>, width: f64, height: f64) -> Dictionary {
    let name = |name: &[u8]| Object::Name(name.to_vec());
    let mut resources = Dictionary::new();
    if let Some(font) = font {
        let mut described = Dictionary::new();
        described.set("Type", name(b"Font"));
        described.set("Subtype", name(b"Type1"));
        described.set("BaseFont", name(font));
        if font != b"ZapfDingbats" {
            described.set("Encoding", name(b"WinAnsiEncoding"));
        }
        let mut fonts = Dictionary::new();
        fonts.set("F", Object::Dictionary(described));
        resources.set("Font", Object::Dictionary(fonts));
    }
    let mut dictionary = Dictionary::new();
    dictionary.set("Type", name(b"XObject"));
    dictionary.set("Subtype", name(b"Form"));
    dictionary.set("BBox", numbers(&[0.0, 0.0, width, height]));
    dictionary.set("Resources", Object::Dictionary(resources));
    dictionary
}

#[allow(clippy::cast_possible_truncation)] // PDF numbers are no finer
fn numbers(values: &[f64]) -> Object {
    Object::Array(values.iter().map(|value| Object::Real(*value as f32)).collect())
}

fn border(source: &Source, widget: &Dictionary) -> Result<Border, Refusal> {
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

/// The background and the border.
fn frame(
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

/// What stands in the frame, and the font that it is set in. `space` is width, height and the width of the border.
fn contents(
    source: &Source,
    widget: &Dictionary,
    look: &Dictionary,
    space: (f64, f64, f64),
) -> Result<(&'static [u8], String), Refusal> {
    let (width, height, inset) = space;
    let style = default_appearance(source, widget)?;
    let flags = flags(source, widget)?;
    let alignment = match inherited(source, widget, "Q")?.as_i64() {
        Ok(alignment) => alignment,
        Err(_) => match form(source)? {
            Some(form) => source.get(form, "Q")?.as_i64().unwrap_or_default(),
            None => 0,
        },
    };
    let font = style.font;
    let mut box_ = Frame { width, height, inset, alignment, font, size: style.size };
    let value = inherited(source, widget, "V")?;
    let (size, lines) = match kind(source, widget)? {
        FieldKind::Button if flags & flag::PUSH_BUTTON != 0 => {
            box_.alignment = 1;
            box_.single(&encoded(&text(source.get(look, "CA")?).unwrap_or_default())?)
        }
        FieldKind::Button => return mark(source, widget, look, flags, &style, space),
        FieldKind::Text if is_password(source, widget)? => return Ok((font.name(), String::new())),
        FieldKind::Text => {
            let text = encoded(&strings(source, value)?.concat())?;
            let cells = inherited(source, widget, "MaxLen")?.as_i64().ok().and_then(|most| u32::try_from(most).ok());
            match cells {
                Some(cells) if flags & flag::COMB != 0 && cells > 0 => box_.comb(&text, cells),
                _ if flags & flag::MULTILINE != 0 => box_.lines(&text),
                _ => box_.single(&text),
            }
        }
        FieldKind::Choice if flags & flag::COMBO != 0 => {
            let shown = shown_choice(source, widget, value)?;
            box_.single(&encoded(&shown.concat())?)
        }
        FieldKind::Choice => return list(source, widget, value, &box_, &style),
        FieldKind::Signature | FieldKind::Unknown => return Ok((font.name(), String::new())),
    };
    Ok((font.name(), set(&lines, size, &style.colour, &box_)))
}

/// The check mark of a check box or radio button that is on.
fn mark(
    source: &Source,
    widget: &Dictionary,
    look: &Dictionary,
    flags: i64,
    style: &DefaultAppearance,
    (width, height, inset): (f64, f64, f64),
) -> Result<(&'static [u8], String), Refusal> {
    const DINGBATS: &[u8] = b"ZapfDingbats";
    let state = match source.name(widget, "AS")? {
        Some(state) => Some(state),
        None => inherited(source, widget, "V")?.as_name().ok(),
    };
    if state.is_none_or(|state| state == b"Off") {
        return Ok((DINGBATS, String::new()));
    }
    let usual = if flags & flag::RADIO != 0 { b'l' } else { b'4' };
    let sign = match source.get(look, "CA")? {
        Object::String(bytes, _) => bytes.first().copied().filter(u8::is_ascii_graphic).unwrap_or(usual),
        _ => usual,
    };
    let size = ((width.min(height) - 2.0 * inset) * 0.8).max(1.0);
    let line = Line { x: (width - size * 0.8) / 2.0, y: (height - size * 0.7) / 2.0, text: vec![sign] };
    let room = Frame { width, height, inset: 0.0, alignment: 0, font: style.font, size };
    Ok((DINGBATS, set(&[line], size, &style.colour, &room)))
}

/// The pairs of exported and shown text of a choice field (table 234).
fn options(source: &Source, field: &Dictionary) -> Result<Vec<(String, String)>, Refusal> {
    let mut options = Vec::new();
    let Object::Array(listed) = inherited(source, field, "Opt")? else { return Ok(options) };
    for option in listed.iter().take(MOST_ENTRIES) {
        match strings(source, source.resolve(option)?.1)?.as_slice() {
            [exported, shown, ..] => options.push((exported.clone(), shown.clone())),
            [both] => options.push((both.clone(), both.clone())),
            [] => {}
        }
    }
    Ok(options)
}

fn shown_choice(source: &Source, field: &Dictionary, value: &Object) -> Result<Vec<String>, Refusal> {
    let options = options(source, field)?;
    let shown = |value: String| {
        let option = options.iter().find(|(exported, _)| *exported == value);
        option.map_or(value, |(_, shown)| shown.clone())
    };
    Ok(strings(source, value)?.into_iter().map(shown).collect())
}

/// All entries of a list from the first visible one, the chosen ones on a darker ground.
fn list(
    source: &Source,
    field: &Dictionary,
    value: &Object,
    room: &Frame,
    style: &DefaultAppearance,
) -> Result<(&'static [u8], String), Refusal> {
    let chosen = strings(source, value)?;
    let top = inherited(source, field, "TI")?.as_i64().ok().and_then(|top| usize::try_from(top).ok()).unwrap_or(0);
    let size = if style.size > 0.0 { style.size } else { 12.0 };
    let step = size * 1.15;
    let mut y = room.height - room.inset - step;
    let (mut ground, mut lines) = (String::new(), Vec::new());
    for (exported, shown) in options(source, field)?.into_iter().skip(top) {
        if y < -step {
            break;
        }
        if chosen.contains(&exported) || chosen.contains(&shown) {
            let bar = [room.inset, y, room.width - 2.0 * room.inset, step].map(decimal).join(" ");
            ground.push_str(&format!("q {SELECTED} {bar} re f Q\n"));
        }
        let (_, line) = Frame { size, ..*room }.single(&encoded(&shown)?);
        lines.extend(line.into_iter().map(|line| Line { y: y + size * 0.25, ..line }));
        y -= step;
    }
    Ok((style.font.name(), ground + &set(&lines, size, &style.colour, room)))
}

/// The operators that show lines within the frame.
fn set(lines: &[Line], size: f64, colour: &str, room: &Frame) -> String {
    if lines.iter().all(|line| line.text.trim_ascii().is_empty()) {
        return String::new();
    }
    let clip = [room.inset, room.inset, room.width - 2.0 * room.inset, room.height - 2.0 * room.inset];
    let mut content = format!("q {} re W n BT {colour} /F {} Tf\n", clip.map(decimal).join(" "), decimal(size));
    for line in lines {
        let [x, y] = [line.x, line.y].map(decimal);
        content.push_str(&format!("1 0 0 1 {x} {y} Tm {} Tj\n", literal(&line.text)));
    }
    content.push_str("ET Q\n");
    content
}

/// A literal string in plain ASCII (7.3.4.2).
fn literal(text: &[u8]) -> String {
    let mut written = String::from("(");
    for byte in text {
        match byte {
            b'(' | b')' | b'\\' => written.extend(['\\', char::from(*byte)]),
            b' '..=b'~' => written.push(char::from(*byte)),
            _ => written.push_str(&format!("\\{byte:03o}")),
        }
    }
    written.push(')');
    written
}

fn encoded(text: &str) -> Result<Vec<u8>, Refusal> {
    encode(text).ok_or_else(|| {
        Refusal::unsupported(
            "a form field has no valid appearance, and the standard fonts lack characters of its value",
        )
        .with_hint("open it in a PDF reader, print it to a new PDF and clean that")
    })
}

/// Reads `/DA`: the operand before `Tf` is the size, the one before that the font; the last colour counts.
fn default_appearance(source: &Source, widget: &Dictionary) -> Result<DefaultAppearance, Refusal> {
    let mut given = inherited(source, widget, "DA")?;
    let form = form(source)?;
    if let (true, Some(form)) = (given.is_null(), form) {
        given = source.get(form, "DA")?;
    }
    let given = match given {
        Object::String(bytes, _) => String::from_utf8_lossy(bytes).into_owned(),
        _ => String::new(),
    };
    let tokens: Vec<&str> = given.split_ascii_whitespace().collect();
    let mut style = DefaultAppearance { font: StandardFont::Helvetica, size: 0.0, colour: "0 g".to_owned() };
    for (index, token) in tokens.iter().enumerate() {
        let before = |count: usize| tokens.get(index.saturating_sub(count)..index).unwrap_or_default();
        let count = match *token {
            "Tf" => {
                if let [name, size] = before(2) {
                    style.size = size.parse::<f64>().ok().filter(|size| size.is_finite()).map_or(0.0, f64::abs);
                    style.font = StandardFont::like(&base_font(source, form, name.trim_start_matches('/'))?);
                }
                continue;
            }
            "g" => 1,
            "rg" => 3,
            "k" => 4,
            _ => continue,
        };
        let components: Vec<f64> = before(count).iter().filter_map(|part| part.parse().ok()).collect();
        if components.len() == count && components.iter().all(|component: &f64| component.is_finite()) {
            let components: Vec<String> = components.into_iter().map(decimal).collect();
            style.colour = format!("{} {token}", components.join(" "));
        }
    }
    Ok(style)
}

/// The name of the font that a form's resources have under `name`.
fn base_font(source: &Source, form: Option<&Dictionary>, name: &str) -> Result<Vec<u8>, Refusal> {
    let found = match form {
        Some(form) => match source.dictionary(form, "DR")? {
            Some(resources) => match source.dictionary(resources, "Font")? {
                Some(fonts) => source.dictionary(fonts, name)?,
                None => None,
            },
            None => None,
        },
        None => None,
    };
    Ok(match found {
        Some(font) => source.name(font, "BaseFont")?.unwrap_or_default().to_vec(),
        None => name.as_bytes().to_vec(),
    })
}
