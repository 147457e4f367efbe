//! Form fields without an appearance: the cleaner makes one from the value. What it makes stands at the end of the page, so
//! the page before it must be equal, and everything written after it must lie in such a field and be of its text.

use hayro_interpret::hayro_syntax::object::{Dict, Object, Rect, String as PdfString};
use hayro_interpret::hayro_syntax::page::Page as SyntaxPage;

use crate::pdf_reading::Reading;
use crate::pdf_reading::annotation::{Annotation, annotations};
use crate::pdf_reading::recorder::Added;
use crate::pdf_reading::walk::text_of;
use crate::refusal::Refusal;

/// Fields above fields.
const DEPTH: u32 = 64;
/// Points by which text may begin outside of its field, besides the field's own height: it is clipped there.
const TOLERANCE: f64 = 2.0;
/// The flag of password fields. ISO 32000-2, table 231.
const PASSWORD: i64 = 1 << 13;

/// A visible field whose appearance has to be made.
pub(super) struct BareField {
    pub(super) area: Rect,
    text: String,
    /// Something of its text must be seen.
    shows: bool,
}

/// True when the form says that the appearances of its fields are out of date. ISO 32000-2, table 224.
pub(super) fn are_stale(reading: &Reading<'_>) -> bool {
    let xref = reading.pdf.xref();
    let form = xref.get::<Dict<'_>>(xref.root_id()).and_then(|catalog| catalog.get::<Dict<'_>>(b"AcroForm"));
    form.and_then(|form| form.get::<bool>(b"NeedAppearances")).unwrap_or(false)
}

/// True for a visible widget without an appearance, or with one that is out of date.
pub(super) fn is_bare(annotation: &Annotation<'_>, stale: bool) -> bool {
    if annotation.kind != "Widget" || annotation.is_hidden() || annotation.is_signature() {
        return false;
    }
    (stale && is_written(&annotation.dict)) || annotation.appearance().is_none()
}

/// True for text and choice fields.
fn is_written(widget: &Dict<'_>) -> bool {
    match inherited(widget, b"FT") {
        Some(Object::Name(kind)) => matches!(kind.as_ref(), b"Tx" | b"Ch"),
        _ => false,
    }
}

/// The fields of a page whose appearances have to be made.
pub(super) fn bare_fields(page: &SyntaxPage<'_>, is_bare: &dyn Fn(&Annotation<'_>) -> bool) -> Vec<BareField> {
    let bare = annotations(page).into_iter().filter(is_bare);
    let field = |annotation: Annotation<'_>| {
        let text = text(&annotation.dict);
        let mut value = String::new();
        if let Some(given) = inherited(&annotation.dict, b"V") {
            strings(&given, 0, &mut value);
        }
        // The text of a password is empty, whatever its value.
        let shows = is_written(&annotation.dict) && !text.is_empty() && value.chars().any(char::is_alphanumeric);
        Some(BareField { area: annotation.area()?, shows, text: text + &caption(&annotation.dict) })
    };
    bare.filter_map(field).collect()
}

/// Everything that was written at the end of the page lies in a field and is of its text, and no field with text is empty.
pub(super) fn check_added(added: &[Added], fields: &[BareField]) -> Result<(), Refusal> {
    let fits = |one: &Added, field: &BareField| {
        let area = &field.area;
        let around = (area.x1 - area.x0).min(area.y1 - area.y0) + TOLERANCE;
        let inside = (area.x0 - around..=area.x1 + around).contains(&one.origin.x)
            && (area.y0 - around..=area.y1 + around).contains(&one.origin.y);
        // Check marks are signs of a font of their own.
        inside && one.character.is_none_or(|sign| !sign.is_alphanumeric() || field.text.contains(sign))
    };
    if !added.iter().all(|one| fields.iter().any(|field| fits(one, field))) {
        return Err(Refusal::unprovable("the copy has text that is neither on the original page nor in a field of it"));
    }
    let empty = |field: &&BareField| field.shows && !added.iter().any(|one| fits(one, field));
    if fields.iter().any(|field| empty(&field)) {
        return Err(Refusal::unprovable("the value of a form field is missing on the page"));
    }
    Ok(())
}

/// What a field shows: its value and its choices; of a password nothing.
fn text(widget: &Dict<'_>) -> String {
    let flags = match inherited(widget, b"Ff") {
        Some(Object::Number(flags)) => flags.as_i64(),
        _ => 0,
    };
    if flags & PASSWORD != 0 && inherited(widget, b"Opt").is_none() {
        return String::new();
    }
    let mut text = String::new();
    for key in [b"V".as_slice(), b"Opt"] {
        if let Some(value) = inherited(widget, key) {
            strings(&value, 0, &mut text);
        }
    }
    text
}

/// The caption of a button.
fn caption(widget: &Dict<'_>) -> String {
    let caption = widget.get::<Dict<'_>>(b"MK").and_then(|look| look.get::<PdfString<'_>>(b"CA"));
    caption.map(|caption| text_of(caption.as_bytes())).unwrap_or_default()
}

fn strings(value: &Object<'_>, depth: u32, text: &mut String) {
    match value {
        Object::String(string) => text.push_str(&text_of(string.as_bytes())),
        Object::Array(values) if depth < 3 => {
            for value in values.iter::<Object<'_>>() {
                strings(&value, depth.saturating_add(1), text);
            }
        }
        _ => {}
    }
}

/// A key that a field may take from those above it. ISO 32000-2, 12.7.4.1.
fn inherited<'a>(field: &Dict<'a>, key: &[u8]) -> Option<Object<'a>> {
    let mut field = field.clone();
    for _ in 0..DEPTH {
        if let Some(value) = field.get::<Object<'_>>(key) {
            return Some(value);
        }
        field = field.get::<Dict<'_>>(b"Parent")?;
    }
    None
}
