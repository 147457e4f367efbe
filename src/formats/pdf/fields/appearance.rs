//! A plain appearance for a field that brings none, as readers make one from its value (12.7.4.3, 12.5.6.19).

use super::super::flatten::{self, Appearance, decimal};
use super::super::source::{Dictionary, Object, Source, Stream, number, text};
use super::border::{border, frame};
use super::default_appearance::DefaultAppearance;
use super::font::{FieldFont, FormFonts, writable};
use super::layout::{Frame, Line};
use super::{FieldKind, flag, flags, form, inherited, is_password, kind, strings};
use crate::refusal::Refusal;

/// Behind the chosen entries of a list, as most readers show them.
const SELECTED: &str = "0.6 0.75 0.85 rg";
/// Entries of a list that are drawn.
const MOST_ENTRIES: usize = 1_000;

/// Makes the appearance of a widget. Nothing when there is nothing to see.
///
/// # Errors
/// [`crate::Reason::Unsupported`] when the value has characters that no font has.
pub(in super::super) fn generate(
    source: &Source,
    widget: &Dictionary,
    fonts: &mut FormFonts<'_>,
) -> Result<Option<Appearance>, Refusal> {
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
    let drawn = contents(source, widget, look, (width, height, inset), fonts)?;
    content.push_str(&drawn.operators);
    if content.is_empty() {
        return Ok(None);
    }
    let font = drawn.font.map(|font| font.resource);
    let mut stream = Stream::new(form_dictionary(font, width, height), content.into_bytes());
    if turn > 1.0 {
        let (sine, cosine) = turn.to_radians().sin_cos();
        stream.dict.set("Matrix", numbers(&[cosine, sine, -sine, cosine, 0.0, 0.0]));
    }
    flatten::made(source, widget, stream)
}

fn form_dictionary(font: Option<Object>, width: f64, height: f64) -> Dictionary {
    let name = |name: &[u8]| Object::Name(name.to_vec());
    let mut resources = Dictionary::new();
    if let Some(font) = font {
        let mut fonts = Dictionary::new();
        fonts.set("F", font);
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

/// What stands in the frame of a field.
#[derive(Default)]
struct Drawn {
    operators: String,
    /// The font that the operators call `F`.
    font: Option<FieldFont>,
}

/// What stands in the frame. `space` is width, height and the width of the border.
fn contents(
    source: &Source,
    widget: &Dictionary,
    look: &Dictionary,
    space: (f64, f64, f64),
    fonts: &mut FormFonts<'_>,
) -> Result<Drawn, Refusal> {
    let (width, height, inset) = space;
    let style = DefaultAppearance::read(source, widget)?;
    let flags = flags(source, widget)?;
    let mut alignment = match inherited(source, widget, "Q")?.as_i64() {
        Ok(alignment) => alignment,
        Err(_) => match form(source)? {
            Some(form) => source.get(form, "Q")?.as_i64().unwrap_or_default(),
            None => 0,
        },
    };
    let value = inherited(source, widget, "V")?;
    let mut text = match kind(source, widget)? {
        FieldKind::Button if flags & flag::PUSH_BUTTON != 0 => {
            alignment = 1;
            text(source.get(look, "CA")?).unwrap_or_default()
        }
        FieldKind::Button => return mark(source, widget, look, flags, &style, space),
        FieldKind::Text if is_password(source, widget)? => return Ok(Drawn::default()),
        FieldKind::Text => strings(source, value)?.concat(),
        FieldKind::Choice if flags & flag::COMBO != 0 => shown_choice(source, widget, value)?.concat(),
        FieldKind::Choice => return list(source, widget, value, (width, height, inset, alignment), &style, fonts),
        FieldKind::Signature | FieldKind::Unknown => return Ok(Drawn::default()),
    };
    let font = style.font(source, &mut text, fonts)?;
    let room = Frame { width, height, inset, alignment, font: &font, size: style.size };
    let cells = inherited(source, widget, "MaxLen")?.as_i64().ok().and_then(|most| u32::try_from(most).ok());
    let is_text = kind(source, widget)? == FieldKind::Text;
    let (size, lines) = match cells {
        Some(cells) if is_text && flags & flag::COMB != 0 && cells > 0 => room.comb(&text, cells),
        _ if is_text && flags & flag::MULTILINE != 0 => room.lines(&text),
        _ => room.single(&text),
    };
    let operators = set(&lines, size, &style.colour, &room);
    Ok(Drawn { font: Some(font).filter(|_| !operators.is_empty()), operators })
}

/// The check mark of a check box or radio button that is on.
fn mark(
    source: &Source,
    widget: &Dictionary,
    look: &Dictionary,
    flags: i64,
    style: &DefaultAppearance,
    (width, height, inset): (f64, f64, f64),
) -> Result<Drawn, Refusal> {
    let state = match source.name(widget, "AS")? {
        Some(state) => Some(state),
        None => inherited(source, widget, "V")?.as_name().ok(),
    };
    if state.is_none_or(|state| state == b"Off") {
        return Ok(Drawn::default());
    }
    let usual = if flags & flag::RADIO != 0 { b'l' } else { b'4' };
    let sign = match source.get(look, "CA")? {
        Object::String(bytes, _) => bytes.first().copied().filter(u8::is_ascii_graphic).unwrap_or(usual),
        _ => usual,
    };
    let size = ((width.min(height) - 2.0 * inset) * 0.8).max(1.0);
    let line =
        Line { x: (width - size * 0.8) / 2.0, y: (height - size * 0.7) / 2.0, text: char::from(sign).to_string() };
    let font = FieldFont::check_marks();
    let room = Frame { width, height, inset: 0.0, alignment: 0, font: &font, size };
    Ok(Drawn { operators: set(&[line], size, &style.colour, &room), font: Some(font) })
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

/// All entries of a list from the first visible one, the chosen ones on a darker ground. `space` is width, height, the width
/// of the border and the alignment.
fn list(
    source: &Source,
    field: &Dictionary,
    value: &Object,
    (width, height, inset, alignment): (f64, f64, f64, i64),
    style: &DefaultAppearance,
    fonts: &mut FormFonts<'_>,
) -> Result<Drawn, Refusal> {
    let chosen = strings(source, value)?;
    let top = inherited(source, field, "TI")?.as_i64().ok().and_then(|top| usize::try_from(top).ok()).unwrap_or(0);
    let size = if style.size > 0.0 { style.size } else { 12.0 };
    let step = size * 1.15;
    let mut y = height - inset - step;
    let (mut ground, mut entries) = (String::new(), Vec::new());
    for (exported, shown) in options(source, field)?.into_iter().skip(top) {
        if y < -step {
            break;
        }
        if chosen.contains(&exported) || chosen.contains(&shown) {
            let bar = [inset, y, width - 2.0 * inset, step].map(decimal).join(" ");
            ground.push_str(&format!("q {SELECTED} {bar} re f Q\n"));
        }
        entries.push((y + size * 0.25, writable(&shown)));
        y -= step;
    }
    let mut all = entries.iter().map(|(_, entry)| entry.as_str()).collect();
    let font = style.font(source, &mut all, fonts)?;
    let room = Frame { width, height, inset, alignment, font: &font, size };
    let mut lines = Vec::new();
    for (y, entry) in entries {
        lines.extend(room.single(&entry).1.into_iter().map(|line| Line { y, ..line }));
    }
    let operators = set(&lines, size, &style.colour, &room);
    Ok(Drawn { font: Some(font).filter(|_| !operators.is_empty()), operators: ground + &operators })
}

/// The operators that show lines within the frame.
fn set(lines: &[Line], size: f64, colour: &str, room: &Frame<'_>) -> String {
    if lines.iter().all(|line| line.text.trim().is_empty()) {
        return String::new();
    }
    let clip = [room.inset, room.inset, room.width - 2.0 * room.inset, room.height - 2.0 * room.inset];
    let mut content = format!("q {} re W n BT {colour} /F {} Tf\n", clip.map(decimal).join(" "), decimal(size));
    for line in lines {
        let [x, y] = [line.x, line.y].map(decimal);
        content.push_str(&format!("1 0 0 1 {x} {y} Tm {} Tj\n", literal(&room.font.encode(&line.text))));
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
