//! Copies the document, from the catalog down, along the allow-list of [`super::schema`].
//!
//! Every indirect object that a listed key leads to becomes an object of the copy, numbered in the order in which the walk
//! meets it. The walk keeps its open ends in a queue, so that no depth of references costs stack; what is nested directly is
//! bounded by the loader. An object is copied once for each type under which it is used.

mod arrays;
mod attached;
mod page_tree;
mod profiles;
mod streams;
mod types;

use std::collections::{HashMap, VecDeque};

use self::attached::Attached;
use super::annotations::Decided;
use super::attachments;
use super::fields::is_password;
use super::pages::Page;
use super::removal::{catalog_reference, dropped_key};
use super::schema::{Rule, Type};
use super::source::{Dictionary, Object, ObjectId, Source, part};
use super::streams::Data;
use crate::formats::{Context, Report};
use crate::policy::{Class, Policy};
use crate::refusal::Refusal;

/// How many pages or nodes hang on one node of the page tree, and how many entries on one of a name tree.
const FAN_OUT: usize = 500;

/// How deep objects that are written where they stand may lead to one another.
const DEEPEST_INLINE: usize = 16;

/// The copy in the making.
pub(super) struct Rebuild<'a> {
    source: &'a Source,
    decided: &'a Decided,
    policy: &'a Policy,
    context: &'a Context<'a>,
    report: &'a mut Report,
    outlines: Option<ObjectId>,
    pages: HashMap<ObjectId, u32>,
    numbers: HashMap<(ObjectId, Rule), u32>,
    open: VecDeque<(ObjectId, Rule, u32)>,
    /// The objects that are being written within one another.
    inside: Vec<ObjectId>,
    objects: Vec<Object>,
    /// Colour profiles that were met; `None` for those that go.
    profiles: HashMap<ObjectId, Option<Data>>,
    attached: Attached<'a>,
}

impl<'a> Rebuild<'a> {
    /// Copies a document with these pages and returns the objects of the copy in order; the first is the catalog.
    ///
    /// # Errors
    /// Whatever is damaged, over a limit, or cannot be dropped safely.
    pub(super) fn run(
        source: &'a Source,
        pages: &[Page],
        decided: &'a Decided,
        policy: &'a Policy,
        context: &'a Context<'a>,
        report: &'a mut Report,
    ) -> Result<Vec<Object>, Refusal> {
        let outlines = catalog_reference(source.catalog()?, "Outlines");
        let mut copy = Self {
            source,
            decided,
            policy,
            context,
            report,
            outlines,
            pages: HashMap::new(),
            numbers: HashMap::new(),
            open: VecDeque::new(),
            inside: Vec::new(),
            objects: Vec::new(),
            profiles: HashMap::new(),
            attached: Attached::new(source, policy)?,
        };
        let catalog = copy.reserve()?;
        let (root, leaves) = copy.page_tree(pages)?;
        let mut dictionary = copy.catalog()?;
        dictionary.set("Pages", reference(root));
        copy.put(catalog, Object::Dictionary(dictionary));
        for ((number, parent), page) in leaves.into_iter().zip(pages) {
            let mut dictionary = typed(b"Page", copy.dictionary(&page.dictionary, Type::Page)?);
            dictionary.set("Parent", reference(parent));
            copy.put(number, Object::Dictionary(dictionary));
        }
        while let Some((id, rule, number)) = copy.open.pop_front() {
            let object = copy.indirect(id, rule).map_err(|refusal| match refusal.part.is_empty() {
                true => refusal.in_part(part(id)),
                false => refusal,
            })?;
            copy.put(number, object.unwrap_or(Object::Null));
        }
        let kept = copy.attached.kept();
        attachments::report(source, &kept, context, copy.report)?;
        Ok(copy.objects)
    }

    fn reserve(&mut self) -> Result<u32, Refusal> {
        self.objects.push(Object::Null);
        u32::try_from(self.objects.len())
            .ok()
            .filter(|number| u64::from(*number) <= self.context.limits.pdf_objects.saturating_mul(2))
            .ok_or_else(|| Refusal::over_limit("pdf-objects", "the copy would have too many objects"))
    }

    fn put(&mut self, number: u32, object: Object) {
        let index = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
        if let Some(slot) = self.objects.get_mut(index) {
            *slot = object;
        }
    }

    /// The copy of an indirect object under a rule that was decided when its number was given.
    fn indirect(&mut self, id: ObjectId, rule: Rule) -> Result<Option<Object>, Refusal> {
        let start = Object::Reference(id);
        let source = self.source;
        let (_, target) = source.resolve(&start)?;
        match (rule, target) {
            (Rule::Of(kind), _) => self.build(Some(id), target, kind),
            (Rule::List(kind), Object::Array(elements)) => self.elements(elements, kind).map(Some),
            (Rule::Map(kind), Object::Dictionary(entries)) => {
                self.map(entries, kind).map(|copy| Some(Object::Dictionary(copy)))
            }
            (Rule::Value | Rule::Text, Object::Array(elements)) => self.values(elements, rule).map(Some),
            _ => Ok(None),
        }
    }

    /// The number of the copy of an object under a rule, which is queued on first sight.
    fn number(&mut self, id: ObjectId, rule: Rule) -> Result<Object, Refusal> {
        if let Some(number) = self.numbers.get(&(id, rule)) {
            return Ok(reference(*number));
        }
        let number = self.reserve()?;
        self.numbers.insert((id, rule), number);
        self.open.push_back((id, rule, number));
        Ok(reference(number))
    }

    /// The copy of a value under a rule; nothing where it may not stay.
    fn copy(&mut self, value: &Object, rule: Rule) -> Result<Option<Object>, Refusal> {
        let source = self.source;
        let (id, target) = source.resolve(value)?;
        match (rule, target) {
            (_, Object::Null) => Ok(None),
            (Rule::Value | Rule::Text, Object::Array(elements)) => match id {
                Some(id) => self.number(id, rule).map(Some),
                None => self.values(elements, rule).map(Some),
            },
            (Rule::Value, Object::Integer(_) | Object::Real(_) | Object::Boolean(_) | Object::Name(_)) => {
                Ok(Some(target.clone()))
            }
            (Rule::Text, Object::Dictionary(_) | Object::Stream(_)) | (Rule::Value, _) => Ok(None),
            (Rule::Text, _) => Ok(Some(target.clone())),
            (Rule::List(kind), Object::Array(elements)) => match id {
                Some(id) => self.number(id, Rule::List(kind)).map(Some),
                None => self.elements(elements, kind).map(Some),
            },
            (Rule::Map(kind), Object::Dictionary(entries)) => match id {
                Some(id) => self.number(id, rule).map(Some),
                None => self.map(entries, kind).map(|copy| Some(Object::Dictionary(copy))),
            },
            (Rule::Map(_), _) => Ok(None),
            (Rule::Of(kind) | Rule::List(kind), _) => self.object(id, target, kind),
        }
    }

    /// The copy of an object of a type, or a reference to it.
    fn object(&mut self, id: Option<ObjectId>, target: &Object, kind: Type) -> Result<Option<Object>, Refusal> {
        match target {
            Object::Name(_) | Object::Integer(_) | Object::Real(_) | Object::Boolean(_) => {
                Ok(kind.short_form().then(|| target.clone()))
            }
            Object::String(..) => Ok(kind.string_form().then(|| target.clone())),
            _ => {
                if kind == Type::Page {
                    return Ok(id.and_then(|id| self.pages.get(&id)).map(|number| reference(*number)));
                }
                let Some(kind) = self.concrete(id, target, kind)? else { return Ok(None) };
                match id {
                    // What may turn out empty is written where it stands, so that nothing refers to nothing; so is a colour
                    // space that becomes a name, as any name is.
                    Some(id) if kind.is_inline() || self.loses_profile(kind, target)? => {
                        self.in_place(id, |copy| copy.build(Some(id), target, kind))
                    }
                    Some(id) => self.number(id, Rule::Of(kind)).map(Some),
                    None => self.build(None, target, kind),
                }
            }
        }
    }

    /// Copies an object where it stands. A destination may lead to a destination, and a colour space to an alternate, but not
    /// to itself or for ever: then there is nothing.
    fn in_place(
        &mut self,
        id: ObjectId,
        copy: impl FnOnce(&mut Self) -> Result<Option<Object>, Refusal>,
    ) -> Result<Option<Object>, Refusal> {
        if self.inside.len() >= DEEPEST_INLINE || self.inside.contains(&id) {
            return Ok(None);
        }
        self.inside.push(id);
        let copied = copy(self);
        self.inside.pop();
        copied
    }

    /// The copy of an object of an exact type.
    fn build(&mut self, id: Option<ObjectId>, target: &Object, kind: Type) -> Result<Option<Object>, Refusal> {
        match (kind, target) {
            (Type::ColorSpace, Object::Array(elements)) => self.color_space(elements),
            (Type::Destination, Object::Array(elements)) => self.destination(elements),
            (Type::Destination, Object::Dictionary(entries)) => {
                let copy = self.dictionary(entries, Type::DestinationDictionary)?;
                Ok((!copy.is_empty()).then_some(Object::Dictionary(copy)))
            }
            (Type::Image, Object::Array(elements)) => self.values(elements, Rule::Value).map(Some),
            (Type::PageLabels, Object::Dictionary(root)) => {
                Ok(self.tree(root, "Nums", Rule::Of(Type::PageLabel))?.map(Object::Dictionary))
            }
            (Type::ParentTree, Object::Dictionary(root)) => {
                Ok(self.tree(root, "Nums", Rule::List(Type::ParentTreeEntry))?.map(Object::Dictionary))
            }
            (Type::IdTree, Object::Dictionary(root)) => {
                Ok(self.tree(root, "Names", Rule::Of(Type::StructElement))?.map(Object::Dictionary))
            }
            (_, Object::Dictionary(entries)) if !kind.needs_data() => {
                self.dictionary(entries, kind).map(|copy| Some(Object::Dictionary(copy)))
            }
            (_, Object::Stream(stream)) if kind.may_have_data() => self.stream(id, stream, kind).map(Some),
            _ => Ok(None),
        }
    }

    /// The listed keys of a dictionary, in the order of the list.
    fn dictionary(&mut self, entries: &Dictionary, kind: Type) -> Result<Dictionary, Refusal> {
        let shape = kind.shape();
        let mut copy = Dictionary::new();
        for (key, rule) in shape.keys {
            let Ok(value) = entries.get(key.as_bytes()) else { continue };
            if kind == Type::Widget && *key == "V" && is_password(self.source, entries)? {
                self.report.removed(Class::ContentFormFields, "Field/V (password)", "");
                continue;
            }
            match self.copy(value, *rule)? {
                Some(value) => copy.set(*key, value),
                None => self.refused_value(value, kind, key)?,
            }
        }
        for (key, value) in entries {
            if shape.keys.iter().any(|(listed, _)| listed.as_bytes() == key.as_slice()) {
                continue;
            }
            match shape.others {
                Some(rule) => {
                    if let Some(value) = self.copy(value, rule)? {
                        copy.set(key.clone(), value);
                    }
                }
                None if self.copies_attached(kind, key, value, &mut copy)? => {}
                None if kind == Type::Catalog && key == b"Metadata" && self.is_identification(value)? => {}
                None => dropped_key(self.source, kind, key, value, self.context, self.report)?,
            }
        }
        Ok(copy)
    }

    /// True for a metadata packet that is already the one that the copy gets.
    fn is_identification(&self, value: &Object) -> Result<bool, Refusal> {
        let Some(packet) = &self.decided.identification else { return Ok(false) };
        Ok(match self.source.resolve(value)?.1 {
            Object::Stream(stream) => stream.content == packet.as_bytes(),
            _ => false,
        })
    }

    /// Records a listed key whose value is not of the kind that belongs there. Lists and objects report for themselves.
    fn refused_value(&mut self, value: &Object, kind: Type, key: &str) -> Result<(), Refusal> {
        let source = self.source;
        if matches!(source.resolve(value)?.1, Object::String(..)) {
            self.report.removed(Class::ContentUnknown, format!("{kind:?}/{key}"), "");
        }
        Ok(())
    }

    fn map(&mut self, entries: &Dictionary, kind: Type) -> Result<Dictionary, Refusal> {
        let mut copy = Dictionary::new();
        for (name, value) in entries {
            if let Some(value) = self.copy(value, Rule::Of(kind))? {
                copy.set(name.clone(), value);
            }
        }
        Ok(copy)
    }

    /// An array of plain values; what may not stay becomes null, so that the others keep their places.
    fn values(&mut self, elements: &[Object], rule: Rule) -> Result<Object, Refusal> {
        let mut copy = Vec::with_capacity(elements.len());
        for element in elements {
            copy.push(self.copy(element, rule)?.unwrap_or(Object::Null));
        }
        Ok(Object::Array(copy))
    }

    /// An array of objects of a type; what may not stay is left out.
    fn elements(&mut self, elements: &[Object], kind: Type) -> Result<Object, Refusal> {
        let source = self.source;
        let mut copy = Vec::with_capacity(elements.len());
        for element in elements {
            let (id, target) = source.resolve(element)?;
            let value = match target {
                Object::Array(_) if !matches!(kind, Type::ColorSpace | Type::Destination) => {
                    self.copy(element, Rule::List(kind))?
                }
                Object::Integer(_) | Object::Real(_) | Object::Boolean(_) | Object::Name(_) => Some(target.clone()),
                Object::String(..) if kind.strings_in_list() => Some(target.clone()),
                Object::Null => None,
                _ => self.object(id, target, kind)?,
            };
            // The parent tree finds elements by their index.
            copy.extend(value.or((kind == Type::ParentTreeEntry).then_some(Object::Null)));
        }
        Ok(Object::Array(copy))
    }
}

/// The dictionary with its type in front, whether it had one or not.
fn typed(name: &[u8], entries: Dictionary) -> Dictionary {
    let mut dictionary = Dictionary::new();
    dictionary.set("Type", Object::Name(name.to_vec()));
    for (key, value) in entries.into_iter().filter(|(key, _)| key != b"Type") {
        dictionary.set(key, value);
    }
    dictionary
}

fn reference(number: u32) -> Object {
    Object::Reference((number, 0))
}
