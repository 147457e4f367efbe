//! How much a page costs to draw, counted before it is drawn.
//!
//! A form that uses two forms that use two forms … draws 2³⁰ times from thirty small objects, and hayro unpacks a form anew
//! at each use. The content streams are walked once per form here, and uses and bytes are added up instead of drawn.

use std::collections::HashMap;

use hayro_interpret::hayro_syntax::content::UntypedIter;
use hayro_interpret::hayro_syntax::object::dict::keys;
use hayro_interpret::hayro_syntax::object::{Dict, Name, Object, ObjectIdentifier, Stream};
use hayro_interpret::hayro_syntax::page::{Page, Resources};

use crate::limits::Limits;
use crate::refusal::Refusal;

/// hayro draws no deeper than this.
const DEPTH: u32 = 50;

/// What drawing something costs.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    /// Forms that are drawn.
    forms: u64,
    /// Bytes of content and mesh data that are unpacked or interpreted.
    bytes: u64,
}

impl Cost {
    fn add(&mut self, other: Self) {
        self.forms = self.forms.saturating_add(other.forms);
        self.bytes = self.bytes.saturating_add(other.bytes);
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
        let cost = self.content(page.page_stream().unwrap_or_default(), page.resources(), 0);
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

    fn content(&mut self, data: &[u8], resources: &Resources<'_>, depth: u32) -> Cost {
        let mut cost = Cost { forms: 0, bytes: data.len() as u64 };
        let mut operations = UntypedIter::new(data);
        while let Some(operation) = operations.next() {
            let used = operation.operands().filter_map(as_name).last();
            let Some(name) = used else { continue };
            match &**operation.operator {
                b"Do" => {
                    if let Some(stream) = resources.get_x_object(name)
                        && stream.dict().get::<Name<'_>>(keys::SUBTYPE).is_some_and(|kind| kind.as_ref() == keys::FORM)
                    {
                        cost.add(self.form(&stream, resources, depth));
                    }
                }
                b"gs" => {
                    let mask = resources.get_ext_g_state(name).and_then(|state| state.get::<Dict<'_>>(keys::SMASK));
                    if let Some(group) = mask.and_then(|mask| mask.get::<Stream<'_>>(keys::G)) {
                        cost.add(self.form(&group, resources, depth));
                    }
                }
                b"sh" => cost.bytes = cost.bytes.saturating_add(stream_size(resources.get_shading(name))),
                b"scn" | b"SCN" => {
                    let shading = match resources.get_pattern(name) {
                        Some(Object::Dict(pattern)) => pattern.get::<Object<'_>>(keys::SHADING),
                        _ => None,
                    };
                    cost.bytes = cost.bytes.saturating_add(stream_size(shading));
                }
                _ => {}
            }
        }
        cost
    }

    fn form(&mut self, form: &Stream<'_>, outer: &Resources<'_>, depth: u32) -> Cost {
        let id = form.obj_id();
        if let Some(known) = self.forms.get(&id) {
            return *known;
        }
        if depth >= DEPTH {
            return Cost { forms: 1, bytes: 0 };
        }
        // A form that reaches itself is cut here, as hayro cuts it at its depth.
        self.forms.insert(id, Cost { forms: u64::from(DEPTH), bytes: 0 });
        let data = form.decoded_data().unwrap_or_default();
        let own = form.dict().get::<Dict<'_>>(keys::RESOURCES).map(Resources::new);
        let mut cost = self.content(&data, own.as_ref().unwrap_or(outer), depth.saturating_add(1));
        cost.forms = cost.forms.saturating_add(1);
        self.forms.insert(id, cost);
        cost
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
