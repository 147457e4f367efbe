//! Draws the appearance of an annotation into its page (12.5.5).

use super::pages::Page;
use super::source::{Dictionary, Object, ObjectId, Source, Stream, as_dictionary, number};
use crate::refusal::Refusal;

/// The appearance of an annotation and where it goes.
pub(super) struct Appearance {
    /// The form that is drawn.
    form: Form,
    /// The matrix that maps its transformed box onto the annotation's rectangle.
    matrix: [f64; 6],
    /// The layer that the annotation belongs to.
    layer: Option<Object>,
}

/// The form of an appearance.
enum Form {
    /// One that the file has.
    Given(ObjectId),
    /// One that was made for a field without.
    Made(Stream),
}

type Rectangle = [f64; 4];

/// The normal appearance of an annotation in its current state, if it has one that covers anything.
///
/// # Errors
/// [`crate::Reason::Damaged`] where its objects were lost on loading.
pub(super) fn appearance(source: &Source, annotation: &Dictionary) -> Result<Option<Appearance>, Refusal> {
    let Some(appearances) = source.dictionary(annotation, "AP")? else { return Ok(None) };
    let Ok(normal) = appearances.get(b"N") else { return Ok(None) };
    let (mut id, mut target) = source.resolve(normal)?;
    if let Object::Dictionary(states) = target {
        let state = source.name(annotation, "AS")?.filter(|state| states.has(state)).unwrap_or(b"Off");
        let Ok(chosen) = states.get(state) else { return Ok(None) };
        (id, target) = source.resolve(chosen)?;
    }
    let (Some(form), Object::Stream(stream)) = (id, target) else { return Ok(None) };
    placed(source, annotation, &stream.dict, Form::Given(form))
}

/// A form made for an annotation, in its place.
///
/// # Errors
/// As [`appearance`].
pub(super) fn made(source: &Source, annotation: &Dictionary, form: Stream) -> Result<Option<Appearance>, Refusal> {
    let dictionary = form.dict.clone();
    placed(source, annotation, &dictionary, Form::Made(form))
}

fn placed(
    source: &Source,
    annotation: &Dictionary,
    dictionary: &Dictionary,
    form: Form,
) -> Result<Option<Appearance>, Refusal> {
    let Some(rectangle) = rectangle(source, annotation, "Rect")? else { return Ok(None) };
    let Some(bounds) = rectangle_of(source, dictionary)? else { return Ok(None) };
    let Some(matrix) = fit(bounds, rectangle) else { return Ok(None) };
    let layer = annotation.get(b"OC").ok().cloned();
    Ok(Some(Appearance { form, matrix, layer }))
}

/// Four numbers as a normalised rectangle.
///
/// # Errors
/// [`crate::Reason::Damaged`] where one was lost on loading.
pub(super) fn rectangle(source: &Source, dictionary: &Dictionary, key: &str) -> Result<Option<Rectangle>, Refusal> {
    let numbers = numbers(source, dictionary, key)?;
    let [a, b, c, d] = numbers.as_slice() else { return Ok(None) };
    Ok(Some([a.min(*c), b.min(*d), a.max(*c), b.max(*d)]))
}

fn numbers(source: &Source, dictionary: &Dictionary, key: &str) -> Result<Vec<f64>, Refusal> {
    let mut numbers = Vec::new();
    for element in source.list(dictionary, key)? {
        numbers.extend(number(source.resolve(element)?.1));
    }
    Ok(numbers)
}

/// The box of a form under its own matrix: the smallest upright rectangle around it.
fn rectangle_of(source: &Source, form: &Dictionary) -> Result<Option<Rectangle>, Refusal> {
    let Some([left, bottom, right, top]) = rectangle(source, form, "BBox")? else { return Ok(None) };
    let matrix = numbers(source, form, "Matrix")?;
    let [a, b, c, d, e, f] = matrix.as_slice() else { return Ok(Some([left, bottom, right, top])) };
    let corners = [(left, bottom), (right, bottom), (left, top), (right, top)];
    let start = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    Ok(Some(corners.iter().fold(start, |[l, bo, r, t], (x, y)| {
        let (x, y) = (a * x + c * y + e, b * x + d * y + f);
        [l.min(x), bo.min(y), r.max(x), t.max(y)]
    })))
}

/// Scales and moves one rectangle onto another.
fn fit(from: Rectangle, onto: Rectangle) -> Option<[f64; 6]> {
    let [left, bottom, right, top] = from;
    let [to_left, to_bottom, to_right, to_top] = onto;
    let (width, height) = (right - left, top - bottom);
    if width <= 0.0 || height <= 0.0 || !width.is_finite() || !height.is_finite() {
        return None;
    }
    let (x, y) = ((to_right - to_left) / width, (to_top - to_bottom) / height);
    Some([x, 0.0, 0.0, y, to_left - left * x, to_bottom - bottom * y])
}

/// Appends the drawing of appearances to a page. Its own content is set between `q` and `Q`, so that nothing that it leaves
/// behind in the graphics state moves them.
///
/// # Errors
/// [`crate::Reason::Damaged`] where the page's resources were lost on loading.
pub(super) fn draw(source: &mut Source, page: &mut Page, appearances: &[Appearance]) -> Result<(), Refusal> {
    if appearances.is_empty() {
        return Ok(());
    }
    let mut resources = source.dictionary(&page.dictionary, "Resources")?.cloned().unwrap_or_default();
    let mut objects = source.dictionary(&resources, "XObject")?.cloned().unwrap_or_default();
    let mut contents = source.list(&page.dictionary, "Contents")?.to_vec();
    let mut drawing = String::from("\nQ");
    let mut free = 0u64;
    for appearance in appearances {
        let name = loop {
            let name = format!("Annot{free}");
            free = free.saturating_add(1);
            if !objects.has(name.as_bytes()) {
                break name;
            }
        };
        let form = as_form(source, appearance)?;
        objects.set(name.as_bytes().to_vec(), Object::Reference(form));
        let matrix = appearance.matrix.map(decimal).join(" ");
        drawing.push_str(&format!("\nq {matrix} cm /{name} Do Q"));
    }
    drawing.push('\n');
    let opening = source.add(Object::Stream(Stream::new(Dictionary::new(), b"q\n".to_vec())));
    let closing = source.add(Object::Stream(Stream::new(Dictionary::new(), drawing.into_bytes())));
    contents.insert(0, Object::Reference(opening));
    contents.push(Object::Reference(closing));
    resources.set("XObject", Object::Dictionary(objects));
    page.dictionary.set("Resources", Object::Dictionary(resources));
    page.dictionary.set("Contents", Object::Array(contents));
    Ok(())
}

/// The appearance stream as a form that a page can draw: appearances may leave the subtype out, and the layer of the
/// annotation becomes that of the form.
fn as_form(source: &mut Source, appearance: &Appearance) -> Result<ObjectId, Refusal> {
    let given = match &appearance.form {
        Form::Given(id) => *id,
        Form::Made(stream) => {
            let mut stream = stream.clone();
            if let Some(layer) = &appearance.layer {
                stream.dict.set("OC", layer.clone());
            }
            return Ok(source.add(Object::Stream(stream)));
        }
    };
    let reference = Object::Reference(given);
    let (_, target) = source.resolve(&reference)?;
    let Some(dictionary) = as_dictionary(target) else { return Ok(given) };
    let named = source.name(dictionary, "Subtype")? == Some(b"Form");
    let layered = appearance.layer.is_none() || dictionary.has(b"OC");
    if named && layered {
        return Ok(given);
    }
    let mut form = target.clone();
    if let Object::Stream(stream) = &mut form {
        stream.dict.set("Subtype", Object::Name(b"Form".to_vec()));
        if let (Some(layer), false) = (&appearance.layer, layered) {
            stream.dict.set("OC", layer.clone());
        }
    }
    Ok(source.add(form))
}

/// A number with at most six decimals and no exponent.
pub(super) fn decimal(value: f64) -> String {
    let value = if value.is_finite() { value } else { 0.0 };
    let text = format!("{value:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{decimal, fit};

    #[test]
    fn appearances_are_fitted() {
        let matrix = fit([0.0, 0.0, 10.0, 20.0], [100.0, 200.0, 150.0, 220.0]).map(|m| m.map(decimal).join(" "));
        assert_eq!(matrix.as_deref(), Some("5 0 0 1 100 200"));
        assert!(fit([0.0, 0.0, 0.0, 5.0], [0.0, 0.0, 1.0, 1.0]).is_none());
    }
}
