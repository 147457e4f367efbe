//! The walk over everything that is drawn: pages, and the forms, patterns, Type 3 glyphs and appearances that they lead to.
//!
//! Each stream is cleaned once ([`super::cleaning`]). What its operators name is looked up in its own resources; a stream
//! without any draws with those of whatever draws it. A name that is not found there is looked for by some readers further
//! out, so it stays wherever it stands. When the walk is done, resources that nothing names are dropped.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::rc::Rc;

use super::cleaning::{Scope, clean as clean_stream};
use super::operators::Category;
use super::resources::{Resources, Tables};
use crate::formats::pdf::layers::Layers;
use crate::formats::pdf::pages::Page;
use crate::formats::pdf::source::{Dictionary, Object, ObjectId, Source, Stream, as_dictionary, part};
use crate::formats::pdf::streams::{decode, filters, is_image_filter};
use crate::formats::pdf::write::deflate;
use crate::formats::{Context, Report};
use crate::refusal::Refusal;

/// Resources that a stream names.
pub(super) type Names = Rc<BTreeSet<(Category, Vec<u8>)>>;

/// The streams of a page, and what those become that change.
pub(super) type Pieces = Vec<(ObjectId, Option<Vec<u8>>)>;

/// A stream that is drawn, and the resources that it draws with where it has none of its own.
pub(super) struct Drawn {
    pub(super) id: ObjectId,
    pub(super) outer: Option<Resources>,
    /// True for what a page does not draw itself.
    pub(super) nested: bool,
}

/// The walk so far.
pub(super) struct Walk<'a, 'r> {
    pub(super) source: &'a Source,
    pub(super) pages: &'a [Page],
    pub(super) layers: &'a Layers,
    pub(super) context: &'a Context<'a>,
    pub(super) report: &'r mut Report,
    pub(super) tables: Tables,
    pub(super) open: VecDeque<Drawn>,
    pub(super) seen: HashSet<(ObjectId, Option<Resources>)>,
    pub(super) cleaned: HashMap<ObjectId, Names>,
    /// Streams with new content.
    pub(super) replaced: Vec<(ObjectId, Object)>,
    /// Pages with new content, and for each of their streams what it becomes.
    pub(super) contents: Vec<(usize, Pieces)>,
}

/// Cleans all content of a document and drops the resources that it does not use.
///
/// # Errors
/// What comes from unpacking content, and the refusal of a JPEG in an inline image.
pub(in crate::formats::pdf) fn clean(
    source: &mut Source,
    pages: &mut [Page],
    layers: &Layers,
    context: &Context<'_>,
    report: &mut Report,
) -> Result<(), Refusal> {
    let mut walk = Walk {
        source,
        pages,
        layers,
        context,
        report,
        tables: Tables::default(),
        open: VecDeque::new(),
        seen: HashSet::new(),
        cleaned: HashMap::new(),
        replaced: Vec::new(),
        contents: Vec::new(),
    };
    for (index, page) in walk.pages.iter().enumerate() {
        walk.page(index, page)?;
    }
    walk.form_fields()?;
    walk.follow()?;
    let Walk { tables, replaced, contents, .. } = walk;
    for (id, object) in replaced {
        source.replace(id, object);
    }
    let mut copies: HashMap<(ObjectId, Vec<u8>), ObjectId> = HashMap::new();
    for (index, pieces) in contents {
        let mut references = Vec::with_capacity(pieces.len());
        for (id, content) in pieces {
            let id = match content {
                None => id,
                Some(content) => match copies.get(&(id, content.clone())) {
                    Some(known) => *known,
                    None => {
                        let packed = is_packed(source, id)?;
                        let new = source.add(with_content(Dictionary::new(), content.clone(), packed)?);
                        copies.insert((id, content), new);
                        new
                    }
                },
            };
            references.push(Object::Reference(id));
        }
        if let Some(page) = pages.get_mut(index) {
            page.dictionary.set("Contents", Object::Array(references));
        }
    }
    tables.drop_unused(source, pages, report)
}

/// True when a stream is stored with a filter.
pub(super) fn is_packed(source: &Source, id: ObjectId) -> Result<bool, Refusal> {
    let reference = Object::Reference(id);
    Ok(match source.resolve(&reference)?.1 {
        Object::Stream(stream) => !filters(source, stream)?.is_empty(),
        _ => false,
    })
}

/// A stream with new content, deflated where the old one was stored with a filter.
pub(super) fn with_content(mut dictionary: Dictionary, content: Vec<u8>, packed: bool) -> Result<Object, Refusal> {
    for key in ["Filter", "DecodeParms", "DP", "F"] {
        dictionary.remove(key.as_bytes());
    }
    let content = if packed {
        dictionary.set("Filter", Object::Name(b"FlateDecode".to_vec()));
        deflate(&content)?
    } else {
        content
    };
    Ok(Object::Stream(Stream::new(dictionary, content)))
}

impl<'a> Walk<'a, '_> {
    /// What a stream unpacks to; none for pictures.
    pub(super) fn unpacked(&self, id: ObjectId, stream: &Stream) -> Result<Option<Vec<u8>>, Refusal> {
        let source = self.source;
        let filters = filters(source, stream)?;
        if filters.iter().any(|filter| is_image_filter(&filter.name)) {
            return Ok(None);
        }
        let plain =
            decode(source, &stream.content, &filters, self.context).map_err(|refusal| refusal.in_part(part(id)))?;
        Ok(Some(plain))
    }

    pub(super) fn scope(&self, resources: Option<&'a Dictionary>, place: String) -> Scope<'a> {
        Scope { source: self.source, resources, layers: self.layers, context: self.context, place }
    }

    /// Cleans everything that is queued, and what it leads to.
    fn follow(&mut self) -> Result<(), Refusal> {
        loop {
            while let Some(drawn) = self.open.pop_front() {
                self.stream(&drawn)?;
            }
            // Names that were not found where they belong are looked for in all resources met.
            let found = self.tables.take_found();
            if found.is_empty() {
                return Ok(());
            }
            for (category, target, resources) in found {
                self.lead(category, &target, Some(resources), true)?;
            }
        }
    }

    fn stream(&mut self, drawn: &Drawn) -> Result<(), Refusal> {
        let Some((id, Object::Stream(stream))) = self.source.at(drawn.id)? else { return Ok(()) };
        let own = Resources::of_stream(self.source, id, stream)?;
        let inherited = own.is_none();
        let resources = own.or(drawn.outer);
        if !self.seen.insert((id, resources)) {
            return Ok(());
        }
        let table = match resources {
            Some(resources) => resources.dictionary(self.source, self.pages)?,
            None => None,
        };
        let names = match self.cleaned.get(&id) {
            Some(names) => Rc::clone(names),
            None => {
                let Some(plain) = self.unpacked(id, stream)? else { return Ok(()) };
                let scope = self.scope(table, part(id));
                let cleaned = clean_stream(&plain, &scope, self.report).map_err(|refusal| refusal.in_part(part(id)))?;
                if !cleaned.edits.is_empty() {
                    let packed = !filters(self.source, stream)?.is_empty();
                    let content = with_content(stream.dict.clone(), cleaned.edits.apply(&plain), packed)?;
                    self.replaced.push((id, content));
                }
                let names = Rc::new(cleaned.used);
                self.cleaned.insert(id, Rc::clone(&names));
                names
            }
        };
        self.draw(&names, resources, table, Some(inherited && drawn.nested))
    }

    /// Notes that names are used, and queues what they lead to. `doubtful` tells, for what is not drawn by a page itself,
    /// that readers differ about the resources that it draws with.
    pub(super) fn draw(
        &mut self,
        names: &Names,
        resources: Option<Resources>,
        table: Option<&'a Dictionary>,
        doubtful: Option<bool>,
    ) -> Result<(), Refusal> {
        let given = resources.zip(table);
        if let Some((resources, table)) = given {
            self.tables.meet(self.source, resources, table)?;
        }
        for (category, name) in names.iter() {
            let target = match given {
                Some((resources, table)) => self.tables.mark(self.source, resources, table, *category, name)?,
                None => None,
            };
            if target.is_none() || doubtful == Some(true) {
                self.tables.free(self.source, self.pages, *category, name)?;
            }
            if let Some(target) = target {
                self.lead(*category, &target, resources, doubtful.is_some())?;
            }
        }
        Ok(())
    }

    /// Queues the streams that drawing with a resource draws.
    fn lead(
        &mut self,
        category: Category,
        target: &Object,
        outer: Option<Resources>,
        nested: bool,
    ) -> Result<(), Refusal> {
        let source = self.source;
        let (id, object) = source.resolve(target)?;
        let Some(dictionary) = as_dictionary(object) else { return Ok(()) };
        match (category, object) {
            (Category::XObject, Object::Stream(_)) if source.name(dictionary, "Subtype")? == Some(b"Image") => {
                self.colour_space(dictionary, outer)?;
            }
            (Category::XObject | Category::Pattern, Object::Stream(_)) => self.queue(id, outer, nested),
            (Category::Shading, _) => self.colour_space(dictionary, outer)?,
            (Category::Pattern, _) => {
                if let Some(shading) = source.dictionary(dictionary, "Shading")? {
                    self.colour_space(shading, outer)?;
                }
            }
            (Category::ExtGState, _) => {
                if let Some(mask) = source.dictionary(dictionary, "SMask")?
                    && let Ok(group) = mask.get(b"G")
                {
                    self.queue(source.resolve(group)?.0, outer, nested);
                }
            }
            (Category::Font, _) => {
                let own = match id {
                    Some(id) => Resources::of_font(source, id, dictionary)?,
                    None => None,
                };
                if let Some(procedures) = source.dictionary(dictionary, "CharProcs")? {
                    for (_, procedure) in procedures {
                        self.queue(source.resolve(procedure)?.0, own.or(outer), true);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn queue(&mut self, id: Option<ObjectId>, outer: Option<Resources>, nested: bool) {
        self.open.extend(id.map(|id| Drawn { id, outer, nested }));
    }

    /// Pictures and shadings may name a colour space among the resources of what draws them.
    fn colour_space(&mut self, dictionary: &Dictionary, outer: Option<Resources>) -> Result<(), Refusal> {
        let Some(name) = self.source.name(dictionary, "ColorSpace")? else { return Ok(()) };
        let table = match outer {
            Some(outer) => outer.dictionary(self.source, self.pages)?,
            None => None,
        };
        let names = Rc::new(BTreeSet::from([(Category::ColorSpace, name.to_vec())]));
        self.draw(&names, outer, table, None)
    }
}
