//! Annotations of layers that are off when the document is opened: the cleaner may take them out with their layers.
//! ISO 32000-2, 8.11 and 12.5.2.
//!
//! What layers do to page content, hayro knows by itself.

use std::collections::BTreeSet;

use hayro_interpret::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier};

use crate::pdf_reading::Reading;
use crate::pdf_reading::annotation::Annotation;

/// Expressions within expressions.
const DEPTH: u32 = 32;

/// The groups that are off by the default configuration.
pub(super) struct Layers(BTreeSet<ObjectIdentifier>);

impl Layers {
    pub(super) fn of(reading: &Reading<'_>) -> Self {
        let xref = reading.pdf.xref();
        let catalog = xref.get::<Dict<'_>>(xref.root_id());
        let properties = catalog.and_then(|catalog| catalog.get::<Dict<'_>>(b"OCProperties"));
        let Some(properties) = properties else { return Self(BTreeSet::new()) };
        let default = properties.get::<Dict<'_>>(b"D").unwrap_or_default();
        let base = default.get::<Name<'_>>(b"BaseState").is_some_and(|state| state.as_ref() == b"OFF");
        let mut off = if base { groups(&properties, b"OCGs") } else { BTreeSet::new() };
        for on in groups(&default, b"ON") {
            off.remove(&on);
        }
        off.extend(groups(&default, b"OFF"));
        Self(off)
    }

    /// True when the layer of this annotation is off.
    pub(super) fn hide(&self, annotation: &Annotation<'_>) -> bool {
        !self.0.is_empty()
            && match (annotation.dict.get::<Dict<'_>>(b"OC"), annotation.dict.get_ref(b"OC")) {
                (Some(membership), _) if is_membership(&membership) => !self.shows(&membership),
                (_, Some(group)) => self.0.contains(&group.into()),
                _ => false,
            }
    }

    fn shows(&self, membership: &Dict<'_>) -> bool {
        if let Some(expression) = membership.get::<Array<'_>>(b"VE") {
            return self.holds(&expression, 0);
        }
        let groups = groups(membership, b"OCGs");
        let policy = membership.get::<Name<'_>>(b"P");
        let mut states = groups.iter().map(|group| !self.0.contains(group));
        groups.is_empty()
            || match policy.as_ref().map(|policy| policy.as_ref()) {
                Some(b"AllOn") => states.all(|on| on),
                Some(b"AnyOff") => states.any(|on| !on),
                Some(b"AllOff") => states.all(|on| !on),
                _ => states.any(|on| on),
            }
    }

    fn holds(&self, expression: &Array<'_>, depth: u32) -> bool {
        let mut operator = Vec::new();
        let mut values = Vec::new();
        for item in expression.raw_iter() {
            match item {
                MaybeRef::NotRef(Object::Name(name)) => operator = name.as_ref().to_vec(),
                MaybeRef::NotRef(Object::Array(inner)) if depth < DEPTH => {
                    values.push(self.holds(&inner, depth.saturating_add(1)));
                }
                MaybeRef::Ref(group) => values.push(!self.0.contains(&group.into())),
                MaybeRef::NotRef(_) => {}
            }
        }
        match operator.as_slice() {
            b"And" => values.iter().all(|value| *value),
            b"Or" => values.iter().any(|value| *value),
            b"Not" => values.first().is_none_or(|value| !value),
            _ => true,
        }
    }
}

fn is_membership(dict: &Dict<'_>) -> bool {
    dict.get::<Name<'_>>(b"Type").is_some_and(|kind| kind.as_ref() == b"OCMD")
}

/// The groups under a key: a list of them, or one.
fn groups(dict: &Dict<'_>, key: &[u8]) -> BTreeSet<ObjectIdentifier> {
    match dict.get::<Array<'_>>(key) {
        Some(list) => list.raw_iter().filter_map(|item| item.as_obj_ref().map(Into::into)).collect(),
        None => dict.get_ref(key).map(Into::into).into_iter().collect(),
    }
}
