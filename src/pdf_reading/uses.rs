//! How much a page costs to draw, counted before it is drawn.
//!
//! A form that uses two forms that use two forms … draws 2³⁰ times from thirty small objects, and hayro unpacks a form anew
//! at each use. The content streams are walked once per form here, and uses and bytes are added up instead of drawn.
//!
//! Patterns and Type 3 glyphs are interpreted once per page where pages are read; only the renderer draws them at every use.
//! So what they cost is counted apart, and decides whether a page is rendered at all ([`Uses::can_be_rendered`]).

use std::collections::HashMap;

use hayro_interpret::hayro_syntax::content::UntypedIter;
use hayro_interpret::hayro_syntax::object::dict::keys;
use hayro_interpret::hayro_syntax::object::{Dict, MaybeRef, Name, Object, ObjectIdentifier, Stream};
use hayro_interpret::hayro_syntax::page::{Page, Resources};

use super::annotation::annotations;
use crate::limits::Limits;
use crate::refusal::Refusal;

/// hayro draws no deeper than this.
const DEPTH: u32 = 50;
/// Bytes of content, each as often as it is drawn, of a page that is still rendered.
const MOST_RENDERED: u64 = 64 << 20;

/// What drawing something costs.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    /// Forms that are drawn.
    forms: u64,
    /// Bytes of content and mesh data that are unpacked or interpreted.
    bytes: u64,
    /// Bytes of content that are rendered, those of patterns and drawn glyphs at each use.
    rendered: u64,
    /// Painting operators and shown characters.
    painted: u64,
}

/// What every painting and every shown character costs the renderer besides itself.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    filling: u64,
    stroking: u64,
    glyph: u64,
}

impl State {
    fn painting(self) -> u64 {
        self.filling.saturating_add(self.stroking)
    }

    /// The cost of so many characters; what a glyph draws may be painted with a pattern too.
    fn showing(self, characters: u64) -> u64 {
        let each = self.glyph.saturating_add(1).saturating_mul(self.painting().saturating_add(1)).saturating_sub(1);
        characters.saturating_mul(each)
    }
}

impl Cost {
    fn add(&mut self, other: Self) {
        self.forms = self.forms.saturating_add(other.forms);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.rendered = self.rendered.saturating_add(other.rendered);
        self.painted = self.painted.saturating_add(other.painted);
    }
}

/// The costs of the forms seen so far, and the bytes that all pages together interpret.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    forms: HashMap<ObjectIdentifier, Cost>,
    bytes: u64,
}

impl Uses {
    /// Charges one drawing of a page.
    ///
    /// # Errors
    /// [`crate::Reason::OverLimit`].
    pub(crate) fn charge_page(&mut self, page: &Page<'_>, limits: &Limits) -> Result<(), Refusal> {
        let cost = self.page(page);
        self.charge(cost, limits)
    }

    /// Charges one drawing of a form, for example of an annotation's appearance.
    ///
    /// # Errors
    /// [`crate::Reason::OverLimit`].
    pub(crate) fn charge_form(
        &mut self,
        form: &Stream<'_>,
        outer: &Resources<'_>,
        limits: &Limits,
    ) -> Result<(), Refusal> {
        let cost = self.form(form, outer, 0);
        self.charge(cost, limits)
    }

    fn charge(&mut self, cost: Cost, limits: &Limits) -> Result<(), Refusal> {
        self.bytes = self.bytes.saturating_add(cost.bytes);
        if cost.forms > limits.pdf_form_uses {
            let most = limits.pdf_form_uses;
            return Err(Refusal::over_limit("pdf-form-uses", format!("a page draws more than {most} forms")));
        }
        if self.bytes > limits.decompressed_bytes {
            return Err(Refusal::over_limit(
                "decompressed-bytes",
                format!("drawing the pages unpacks more than {} bytes", limits.decompressed_bytes),
            ));
        }
        Ok(())
    }

    /// True when a page with its annotations can be rendered in a reasonable time. What draws itself cannot.
    pub(crate) fn can_be_rendered(&mut self, page: &Page<'_>) -> bool {
        let mut cost = self.page(page);
        for annotation in annotations(page) {
            if let Some(appearance) = annotation.appearance() {
                cost.add(self.form(&appearance.stream, page.resources(), 0));
            }
        }
        cost.rendered <= MOST_RENDERED
    }

    /// What a page costs without its annotations. Its content need not be looked through where nothing costs more than itself.
    fn page(&mut self, page: &Page<'_>) -> Cost {
        let content = page.page_stream().unwrap_or_default();
        let size = content.len() as u64;
        match are_plain(page.resources()) {
            true => Cost { bytes: size, rendered: size, ..Cost::default() },
            false => self.content(content, page.resources(), 0),
        }
    }

    fn content(&mut self, data: &[u8], resources: &Resources<'_>, depth: u32) -> Cost {
        let size = data.len() as u64;
        let mut cost = Cost { forms: 0, bytes: size, rendered: size, painted: 0 };
        let mut state = State::default();
        let mut saved = Vec::new();
        let mut operations = UntypedIter::new(data);
        while let Some(operation) = operations.next() {
            let used = operation.operands().filter_map(as_name).last();
            match (&**operation.operator, used) {
                (b"q", _) => saved.push(state),
                (b"Q", _) => state = saved.pop().unwrap_or(state),
                (b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"S" | b"s", _) => {
                    cost.painted = cost.painted.saturating_add(1);
                    cost.rendered = cost.rendered.saturating_add(state.painting());
                }
                (b"Tj" | b"TJ" | b"'" | b"\"", _) => {
                    let characters = operation.operands().map(characters).fold(0, u64::saturating_add);
                    cost.painted = cost.painted.saturating_add(characters);
                    cost.rendered = cost.rendered.saturating_add(state.showing(characters));
                }
                (b"cs" | b"sc" | b"g" | b"rg" | b"k", _) | (b"scn", None) => state.filling = 0,
                (b"CS" | b"SC" | b"G" | b"RG" | b"K", _) | (b"SCN", None) => state.stroking = 0,
                (b"scn", Some(name)) => state.filling = self.pattern(name, resources, depth, &mut cost),
                (b"SCN", Some(name)) => state.stroking = self.pattern(name, resources, depth, &mut cost),
                (b"Tf", Some(name)) => state.glyph = self.glyph(name, resources, depth),
                (b"Do", Some(name)) => {
                    if let Some(stream) = resources.get_x_object(name).filter(is_form) {
                        let form = self.form(&stream, resources, depth);
                        cost.add(form);
                        // A form goes on with the state in which it is drawn.
                        cost.rendered = cost.rendered.saturating_add(state.showing(form.painted));
                    } else {
                        cost.rendered = cost.rendered.saturating_add(state.painting());
                    }
                }
                (b"gs", Some(name)) => {
                    let mask = resources.get_ext_g_state(name).and_then(|state| state.get::<Dict<'_>>(keys::SMASK));
                    if let Some(group) = mask.and_then(|mask| mask.get::<Stream<'_>>(keys::G)) {
                        cost.add(self.form(&group, resources, depth));
                    }
                }
                (b"sh", Some(name)) => {
                    cost.bytes = cost.bytes.saturating_add(stream_size(resources.get_shading(name)));
                }
                _ => {}
            }
        }
        cost
    }

    /// What painting once with a pattern costs the renderer. The mesh of a shading counts when it is chosen.
    fn pattern(&mut self, name: &Name<'_>, resources: &Resources<'_>, depth: u32, cost: &mut Cost) -> u64 {
        match resources.get_pattern(name) {
            Some(Object::Stream(tiling)) => self.form(&tiling, resources, depth).rendered,
            Some(Object::Dict(pattern)) => {
                cost.bytes = cost.bytes.saturating_add(stream_size(pattern.get::<Object<'_>>(keys::SHADING)));
                0
            }
            _ => 0,
        }
    }

    /// What the most costly glyph of a Type 3 font costs the renderer.
    fn glyph(&mut self, name: &Name<'_>, resources: &Resources<'_>, depth: u32) -> u64 {
        let Some(font) = resources.get_font(name) else { return 0 };
        let Some(programs) = font.get::<Dict<'_>>(keys::CHAR_PROCS) else { return 0 };
        let own = font.get::<Dict<'_>>(keys::RESOURCES).map(Resources::new);
        let resources = own.as_ref().unwrap_or(resources);
        let programs = programs.keys().filter_map(|glyph| programs.get::<Stream<'_>>(glyph));
        programs.map(|program| self.form(&program, resources, depth).rendered).max().unwrap_or(0)
    }

    /// The cost of a form, a pattern cell or a glyph, once.
    fn form(&mut self, form: &Stream<'_>, outer: &Resources<'_>, depth: u32) -> Cost {
        let id = form.obj_id();
        if let Some(known) = self.forms.get(&id) {
            return *known;
        }
        if depth >= DEPTH {
            return Cost { forms: 1, rendered: u64::MAX, ..Cost::default() };
        }
        // A form that reaches itself is cut here, as hayro cuts it at its depth.
        self.forms.insert(id, Cost { forms: u64::from(DEPTH), rendered: u64::MAX, ..Cost::default() });
        let data = form.decoded_data().unwrap_or_default();
        let own = form.dict().get::<Dict<'_>>(keys::RESOURCES).map(Resources::new);
        let mut cost = self.content(&data, own.as_ref().unwrap_or(outer), depth.saturating_add(1));
        cost.forms = cost.forms.saturating_add(1);
        self.forms.insert(id, cost);
        cost
    }
}

/// True for resources without anything that [`Uses::content`] counts: forms, patterns, shadings, masks, and fonts whose glyphs
/// are content.
fn are_plain(resources: &Resources<'_>) -> bool {
    let Resources { x_objects, fonts, ext_g_states, patterns, shadings, .. } = resources;
    patterns.is_empty()
        && shadings.is_empty()
        && !x_objects.keys().any(|name| x_objects.get::<Stream<'_>>(name).is_some_and(|stream| is_form(&stream)))
        && !any_has(fonts, keys::CHAR_PROCS)
        && !any_has(ext_g_states, keys::SMASK)
}

/// True when one of these dictionaries has another one under this key.
fn any_has(dictionaries: &Dict<'_>, key: &[u8]) -> bool {
    dictionaries
        .keys()
        .any(|name| dictionaries.get::<Dict<'_>>(name).is_some_and(|one| one.get::<Dict<'_>>(key).is_some()))
}

fn is_form(stream: &Stream<'_>) -> bool {
    stream.dict().get::<Name<'_>>(keys::SUBTYPE).is_some_and(|kind| kind.as_ref() == keys::FORM)
}

/// The characters of a string, or of the strings in a list.
fn characters(operand: &Object<'_>) -> u64 {
    match operand {
        Object::String(string) => string.as_bytes().len() as u64,
        Object::Array(items) => items.raw_iter().fold(0, |sum, item| match item {
            MaybeRef::NotRef(Object::String(string)) => sum.saturating_add(string.as_bytes().len() as u64),
            _ => sum,
        }),
        _ => 0,
    }
}

fn as_name<'b, 'a>(object: &'b Object<'a>) -> Option<&'b Name<'a>> {
    match object {
        Object::Name(name) => Some(name),
        _ => None,
    }
}

fn stream_size(object: Option<Object<'_>>) -> u64 {
    match object {
        Some(Object::Stream(stream)) => stream.raw_data().len() as u64,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use hayro_interpret::hayro_syntax::Pdf;

    use super::*;

    /// A document of one page, and a form of 300 bytes as object 4.
    fn document(resources: &str, content: &str) -> Pdf {
        let stream = |number: u32, entries: &str, data: &str| {
            format!("{number} 0 obj<<{entries}/Length {}>>stream\n{data}\nendstream endobj\n", data.len())
        };
        let form = "/Subtype/Form/BBox[0 0 9 9]/PatternType 1/PaintType 1/TilingType 1/XStep 9/YStep 9/ShadingType 4";
        let text = format!(
            "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
             3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 5 0 R/Resources<<{resources}>>>>endobj\n{}{}{}\
             trailer<</Root 1 0 R>>\n",
            stream(4, form, &"0 0 m ".repeat(50)),
            stream(5, "", content),
            stream(6, "/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8", "x"),
        );
        Pdf::new(text.into_bytes()).expect("a document")
    }

    #[test]
    fn what_costs_more_than_the_content_is_counted() {
        for (resources, content, more) in [
            ("", "0 0 9 9 re f", false),
            ("/XObject<</X 6 0 R>>", "/X Do", false),
            (
                "/Font<</F<</Type/Font/Subtype/Type1>>>>/ExtGState<</G<</SMask/None>>>>",
                "/G gs BT /F 9 Tf (a) Tj ET",
                false,
            ),
            ("/XObject<</X 4 0 R>>", "/X Do", true),
            ("/Pattern<</P 4 0 R>>", "/Pattern cs /P scn 0 0 9 9 re f", true),
            ("/Pattern<</P<</PatternType 2/Shading 4 0 R>>>>", "/Pattern cs /P scn 0 0 9 9 re f", true),
            ("/Shading<</S 4 0 R>>", "/S sh", true),
            ("/ExtGState<</G<</SMask<</S/Alpha/G 4 0 R>>>>>>", "/G gs 0 0 9 9 re f", true),
            ("/Font<</F<</Type/Font/Subtype/Type3/CharProcs<</a 4 0 R>>>>>>", "BT /F 9 Tf (a) Tj ET", true),
        ] {
            let pdf = document(resources, content);
            let page = pdf.pages().iter().next().expect("a page");
            let size = content.len() as u64;
            let cost = Uses::default().page(page);
            assert_eq!(cost.bytes.max(cost.rendered) >= size + 300, more, "{resources}: {cost:?}");
            assert!(cost.bytes >= size && cost.rendered >= size, "{resources}: {cost:?}");
        }
    }
}
