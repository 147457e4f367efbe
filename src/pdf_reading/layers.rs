//! Layers: what is off when a document is opened. ISO 32000-2, 8.11.
//!
//! hayro knows what layers do to page content, but for two things: it does not look at annotations, and of a membership it
//! reads the policy, not the visibility expression. And it draws only what is on. What is off is met by drawing a page with
//! the layers of other documents ([`Layers::all_on`], [`Layers::all_off`]): hayro takes from a document which layers are
//! off, and from the page what is drawn.

use std::collections::BTreeSet;
use std::fmt::Write;

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier};

use super::annotation::Annotation;
use super::walk::{Item, walk};

/// Expressions within expressions.
const DEPTH: u32 = 32;

/// The layers of a document by its default configuration.
#[derive(Default)]
pub(crate) struct Layers {
    all: BTreeSet<ObjectIdentifier>,
    off: BTreeSet<ObjectIdentifier>,
}

impl Layers {
    pub(crate) fn of(pdf: &Pdf) -> Self {
        let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
        let properties = catalog.and_then(|catalog| catalog.get::<Dict<'_>>(b"OCProperties"));
        let Some(properties) = properties else { return Self::default() };
        let default = properties.get::<Dict<'_>>(b"D").unwrap_or_default();
        let mut all = groups(&properties, b"OCGs");
        let base = default.get::<Name<'_>>(b"BaseState").is_some_and(|state| state.as_ref() == b"OFF");
        let mut off = if base { all.clone() } else { BTreeSet::new() };
        for on in groups(&default, b"ON") {
            off.remove(&on);
        }
        off.extend(groups(&default, b"OFF"));
        all.extend(off.iter().copied());
        Self { all, off }
    }

    /// True when the document has layers, so that something may be off.
    pub(crate) fn exist(&self) -> bool {
        !self.all.is_empty()
    }

    /// True when some are off by themselves.
    pub(crate) fn some_are_off(&self) -> bool {
        !self.off.is_empty()
    }

    /// The bytes of a document with which everything is drawn that belongs to layers that are on.
    pub(crate) fn all_on() -> Vec<u8> {
        document("")
    }

    /// The bytes of a document with which everything is drawn that belongs to memberships of layers that are off.
    pub(crate) fn all_off(&self) -> Vec<u8> {
        let mut off = String::new();
        for id in &self.all {
            let _ = write!(off, "{} {} R ", id.obj_number, id.gen_number);
        }
        document(&format!("/OCProperties<</D<</OFF[{off}]>>>>"))
    }

    /// True when the layer of this annotation is off.
    pub(crate) fn hide(&self, annotation: &Annotation<'_>) -> bool {
        self.hide_owner(&annotation.dict)
    }

    /// True when the layer that this dictionary says to belong to is off.
    pub(crate) fn hide_owner(&self, owner: &Dict<'_>) -> bool {
        self.exist()
            && match (owner.get::<Dict<'_>>(b"OC"), owner.get_ref(b"OC")) {
                (Some(membership), _) if is_membership(&membership) => !self.shows(&membership),
                (_, Some(group)) => self.off.contains(&group.into()),
                _ => false,
            }
    }

    /// True for a membership that its visibility expression hides.
    pub(crate) fn hide_by_expression(&self, membership: &Dict<'_>) -> bool {
        self.exist() && is_membership(membership) && membership.contains_key(b"VE") && !self.shows(membership)
    }

    /// True when a form belongs to a membership whose expression says otherwise than its policy, which is what hayro sees.
    pub(crate) fn mislead(&self, pdf: &Pdf) -> bool {
        let mut misled = false;
        if self.exist() {
            walk(pdf, &mut |_, item| {
                let Item::Stream(stream) = item else { return };
                let Some(membership) = stream.dict().get::<Dict<'_>>(b"OC").filter(is_membership) else { return };
                misled |= self.shows(&membership) != self.shows_by_policy(&membership);
            });
        }
        misled
    }

    fn shows(&self, membership: &Dict<'_>) -> bool {
        if let Some(expression) = membership.get::<Array<'_>>(b"VE") {
            return self.holds(&expression, 0);
        }
        self.shows_by_policy(membership)
    }

    fn shows_by_policy(&self, membership: &Dict<'_>) -> bool {
        let groups = groups(membership, b"OCGs");
        let policy = membership.get::<Name<'_>>(b"P");
        let mut states = groups.iter().map(|group| !self.off.contains(group));
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
                MaybeRef::Ref(group) => values.push(!self.off.contains(&group.into())),
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

/// A document of one empty page with these entries in its catalog.
fn document(catalog: &str) -> Vec<u8> {
    format!(
        "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R{catalog}>>\nendobj\n\
         2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n\
         3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 1 1]>>\nendobj\ntrailer\n<</Root 1 0 R/Size 4>>\n%%EOF\n"
    )
    .into_bytes()
}
