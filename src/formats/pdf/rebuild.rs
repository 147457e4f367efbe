//! Copies the document, from the catalog down, along the allow-list of [`super::schema`].
//!
//! Every indirect object that a listed key leads to becomes an object of the copy, numbered in the order in which the walk
//! meets it. The walk keeps its open ends in a queue, so that no depth of references costs stack; what is nested directly is
//! bounded by the loader. An object is copied once for each type under which it is used.

use std::collections::{HashMap, VecDeque};

use super::actions::{Verdict, verdict};
use super::annotations::Decided;
use super::images::{image_data, is_image};
use super::pages::Page;
use super::removal::{catalog_reference, dropped_key, key_name};
use super::schema::{Rule, Type};
use super::source::{Dictionary, Object, ObjectId, Source, Stream, as_dictionary, part};
use super::streams::{Data, tidy};
use super::trees::entries;
use crate::formats::{Context, Report};
use crate::policy::{Class, Policy};
use crate::refusal::Refusal;

/// How many pages or nodes hang on one node of the page tree, and how many entries on one of a name tree.
const FAN_OUT: usize = 500;

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
    objects: Vec<Object>,
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
            objects: Vec::new(),
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

    /// Numbers the nodes and pages of a page tree of our own. Returns the root and, for each page, its number and parent.
    fn page_tree(&mut self, pages: &[Page]) -> Result<(u32, Vec<(u32, u32)>), Refusal> {
        let root = self.reserve()?;
        let mut leaves = Vec::with_capacity(pages.len());
        let mut nodes = Vec::new();
        let single = pages.len() <= FAN_OUT;
        for chunk in pages.chunks(FAN_OUT) {
            let node = if single { root } else { self.reserve()? };
            let first = leaves.len();
            for page in chunk {
                let number = self.reserve()?;
                leaves.push((number, node));
                if let Some(id) = page.id {
                    self.pages.entry(id).or_insert(number);
                }
            }
            let kids = leaves.iter().skip(first).map(|(number, _)| reference(*number)).collect();
            let mut dictionary = pages_node(kids, chunk.len());
            if !single {
                dictionary.set("Parent", reference(root));
                nodes.push(reference(node));
            }
            self.put(node, Object::Dictionary(dictionary));
        }
        if !single {
            self.put(root, Object::Dictionary(pages_node(nodes, pages.len())));
        }
        Ok((root, leaves))
    }

    fn catalog(&mut self) -> Result<Dictionary, Refusal> {
        let source = self.source;
        let catalog = source.catalog()?;
        let mut copy = typed(b"Catalog", self.dictionary(catalog, Type::Catalog)?);
        if copy.get(b"PageMode").and_then(Object::as_name).is_ok_and(|mode| mode == b"UseAttachments") {
            copy = copy.into_iter().filter(|(key, _)| key != b"PageMode").collect(); // keeps the order
        }
        if let Some(old) = source.dictionary(catalog, "Dests")? {
            let destinations = self.map(old, Type::Destination)?;
            if !destinations.is_empty() {
                copy.set("Dests", Object::Dictionary(destinations));
            }
        }
        if let Some(names) = source.dictionary(catalog, "Names")?
            && let Some(root) = source.dictionary(names, "Dests")?
            && let Some(tree) = self.tree(root, "Names", Rule::Of(Type::Destination))?
        {
            let mut names = Dictionary::new();
            names.set("Dests", Object::Dictionary(tree));
            copy.set("Names", Object::Dictionary(names));
        }
        Ok(copy)
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
                    // What may turn out empty is written where it stands, so that nothing refers to nothing.
                    Some(id) if !kind.is_inline() => self.number(id, Rule::Of(kind)).map(Some),
                    _ => self.build(id, target, kind),
                }
            }
        }
    }

    /// The exact type of an object where the place where it stands allows several; nothing where it may not stay.
    fn concrete(&mut self, id: Option<ObjectId>, target: &Object, kind: Type) -> Result<Option<Type>, Refusal> {
        let source = self.source;
        let is_stream = matches!(target, Object::Stream(_));
        let Some(dictionary) = as_dictionary(target) else {
            // The types that are arrays.
            let named = match target {
                Object::Array(elements) if kind == Type::ColorSpace => match elements.first() {
                    Some(family) => source.resolve(family)?.1.as_name().is_ok(),
                    None => false,
                },
                _ => matches!(kind, Type::Destination | Type::Image),
            };
            return Ok(named.then_some(kind));
        };
        let kind = match kind {
            Type::FontEncoding if is_stream => Type::CharacterMap,
            other => other,
        };
        let named = |key: &str| source.name(dictionary, key);
        let exact = match kind {
            Type::Annotation => match named("Subtype")? {
                Some(b"Link") => Some(Type::Link),
                Some(b"Widget") => Some(Type::Widget),
                _ => None,
            },
            Type::Field => id.is_some_and(|id| self.decided.fields.contains(&id)).then_some(Type::Widget),
            Type::ObjectReferenceTarget if is_stream => self.concrete(id, target, Type::XObject)?,
            Type::ObjectReferenceTarget => match id {
                Some(id) if self.decided.annotations.contains(&id) => {
                    self.concrete(Some(id), target, Type::Annotation)?
                }
                _ => None,
            },
            Type::AppearanceEntry => Some(if is_stream { Type::Form } else { Type::AppearanceStates }),
            Type::OptionalContent => match named("Type")? {
                Some(b"OCG") => Some(Type::OcGroup),
                Some(b"OCMD") => Some(Type::OcMembership),
                _ => Some(Type::PropertyList),
            },
            Type::Pattern => Some(if is_stream { Type::TilingPattern } else { Type::ShadingPattern }),
            Type::XObject => match named("Subtype")? {
                _ if !is_stream => None,
                Some(b"Image") => Some(Type::Image),
                Some(b"Form") => Some(Type::Form),
                Some(other) => {
                    let item = format!("XObject/{}", key_name(other));
                    self.report.removed(Class::ContentUnknown, item, "");
                    None
                }
                None => Some(if is_image(target) { Type::Image } else { Type::Form }),
            },
            Type::StructKid => match named("Type")? {
                Some(b"MCR") => Some(Type::MarkedContentReference),
                Some(b"OBJR") => {
                    let object = dictionary.get(b"Obj").unwrap_or(&Object::Null);
                    let (id, target) = source.resolve(object)?;
                    let stays = self.concrete(id, target, Type::ObjectReferenceTarget)?.is_some();
                    stays.then_some(Type::ObjectReference)
                }
                Some(b"StructTreeRoot") => Some(Type::StructTreeRoot),
                _ => Some(Type::StructElement),
            },
            Type::ParentTreeEntry => Some(Type::StructElement),
            Type::OutlineItem if id.is_some() && id == self.outlines => Some(Type::Outlines),
            Type::Attributes if named("O")? == Some(b"UserProperties") => {
                self.report.removed(Class::MetadataOther, "Attributes/UserProperties", "");
                None
            }
            Type::Action => match verdict(source, dictionary)? {
                Verdict::Keep => Some(Type::Action),
                Verdict::Remove { class, item, target } => {
                    match target {
                        Some(target) => self.report.removed_value(class, item, "", target),
                        None => self.report.removed(class, item, ""),
                    }
                    None
                }
            },
            Type::InteractiveForm if self.decided.fields.is_empty() => None,
            other => Some(other),
        };
        let fits = |kind: &Type| if is_stream { kind.may_have_data() } else { !kind.needs_data() };
        if exact.is_some_and(|kind| !fits(&kind)) {
            self.report.removed(Class::ContentUnknown, format!("{kind:?}"), "");
        }
        Ok(exact.filter(fits))
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
                None => dropped_key(self.source, kind, key, value, self.context, self.report)?,
            }
        }
        Ok(copy)
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

    /// A colour space with parameters (8.6): the family decides what they are.
    fn color_space(&mut self, elements: &[Object]) -> Result<Option<Object>, Refusal> {
        let source = self.source;
        let Some(first) = elements.first() else { return Ok(None) };
        let Ok(family) = source.resolve(first)?.1.as_name() else { return Ok(None) };
        let family = family.to_vec();
        let rules: &[Rule] = match family.as_slice() {
            b"CalGray" | b"CalRGB" | b"Lab" | b"CalCMYK" => &[Rule::Of(Type::CalibratedColor)],
            b"ICCBased" => &[Rule::Of(Type::IccProfile)],
            b"Indexed" | b"I" => &[Rule::Of(Type::ColorSpace), Rule::Value, Rule::Of(Type::LookupTable)],
            b"Pattern" => &[Rule::Of(Type::ColorSpace)],
            b"Separation" => &[Rule::Value, Rule::Of(Type::ColorSpace), Rule::Of(Type::Function)],
            b"DeviceN" => {
                &[Rule::Value, Rule::Of(Type::ColorSpace), Rule::Of(Type::Function), Rule::Of(Type::DeviceNAttributes)]
            }
            b"DeviceGray" | b"DeviceRGB" | b"DeviceCMYK" | b"G" | b"RGB" | b"CMYK" => &[],
            _ => return Err(Refusal::unsupported("a colour space of an unknown family")),
        };
        let mut copy = vec![Object::Name(family)];
        for (element, rule) in elements.iter().skip(1).zip(rules) {
            copy.push(self.copy(element, *rule)?.unwrap_or(Object::Null));
        }
        Ok(Some(Object::Array(copy)))
    }

    /// An explicit destination (12.3.2.2) on a page of the copy.
    fn destination(&mut self, elements: &[Object]) -> Result<Option<Object>, Refusal> {
        let Some((page, view)) = elements.split_first() else { return Ok(None) };
        let source = self.source;
        let (id, target) = source.resolve(page)?;
        let page = match target {
            Object::Integer(_) => Some(target.clone()),
            _ => id.and_then(|id| self.pages.get(&id)).map(|number| reference(*number)),
        };
        let Some(page) = page else { return Ok(None) };
        let mut copy = vec![page];
        for element in view {
            copy.push(self.copy(element, Rule::Value)?.unwrap_or(Object::Null));
        }
        Ok(Some(Object::Array(copy)))
    }

    /// A name or number tree with its entries copied by a rule; nothing when none is left.
    fn tree(&mut self, root: &Dictionary, leaves: &str, rule: Rule) -> Result<Option<Dictionary>, Refusal> {
        let source = self.source;
        let mut copied = Vec::new();
        for (key, value) in entries(source, root, leaves, self.context.limits)? {
            if let Some(value) = self.copy(value, rule)? {
                copied.push((key.object(), value));
            }
        }
        let pairs = |chunk: &[(Object, Object)]| {
            Object::Array(chunk.iter().flat_map(|(key, value)| [key.clone(), value.clone()]).collect())
        };
        let mut tree = Dictionary::new();
        if copied.is_empty() {
            return Ok(None);
        } else if copied.len() <= FAN_OUT {
            tree.set(leaves, pairs(&copied));
        } else {
            let mut kids = Vec::new();
            for chunk in copied.chunks(FAN_OUT) {
                let (Some((first, _)), Some((last, _))) = (chunk.first(), chunk.last()) else { continue };
                let mut leaf = Dictionary::new();
                leaf.set("Limits", Object::Array(vec![first.clone(), last.clone()]));
                leaf.set(leaves, pairs(chunk));
                let number = self.reserve()?;
                self.put(number, Object::Dictionary(leaf));
                kids.push(reference(number));
            }
            tree.set("Kids", Object::Array(kids));
        }
        Ok(Some(tree))
    }

    fn stream(&mut self, id: Option<ObjectId>, stream: &Stream, kind: Type) -> Result<Object, Refusal> {
        let id = id.unwrap_or_default();
        let mut copy = self.dictionary(&stream.dict, kind)?;
        let Data { filters, bytes, trimmed } = match kind {
            Type::Image => image_data(self.source, id, stream, self.policy, self.context, self.report)?,
            _ => tidy(self.source, stream, self.context)?,
        };
        if kind == Type::IccProfile {
            let action = self.policy.action(Class::ColourProfile);
            self.report.hit(Class::ColourProfile, action, "ICCBased", "", 1, bytes.len() as u64);
        }
        if trimmed > 0 {
            self.report.removed_bytes(Class::ContentTrailingBytes, "bytes after stream data", part(id), trimmed);
        }
        let mut parameters = Vec::new();
        for filter in &filters {
            parameters.push(match &filter.parameters {
                Some(given) => Object::Dictionary(self.dictionary(given, Type::DecodeParameters)?),
                None => Object::Null,
            });
        }
        let names: Vec<Object> = filters.into_iter().map(|filter| Object::Name(filter.name)).collect();
        set_filters(&mut copy, names, parameters);
        Ok(Object::Stream(Stream::new(copy, bytes)))
    }
}

/// Writes filters and parameters in their short forms: one filter stands alone, parameters only where there are any.
fn set_filters(dictionary: &mut Dictionary, mut names: Vec<Object>, mut parameters: Vec<Object>) {
    let given = parameters.iter().any(|one| matches!(one, Object::Dictionary(entries) if !entries.is_empty()));
    if names.len() == 1 {
        dictionary.set("Filter", names.pop().unwrap_or(Object::Null));
        if given {
            dictionary.set("DecodeParms", parameters.pop().unwrap_or(Object::Null));
        }
    } else if !names.is_empty() {
        dictionary.set("Filter", Object::Array(names));
        if given {
            dictionary.set("DecodeParms", Object::Array(parameters));
        }
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

fn pages_node(kids: Vec<Object>, count: usize) -> Dictionary {
    let mut node = Dictionary::new();
    node.set("Type", Object::Name(b"Pages".to_vec()));
    node.set("Kids", Object::Array(kids));
    node.set("Count", Object::Integer(i64::try_from(count).unwrap_or(i64::MAX)));
    node
}

fn reference(number: u32) -> Object {
    Object::Reference((number, 0))
}
