//! The text of Word documents, workbooks, presentations and Visio drawings, with the places it stands in.
//!
//! The document part comes first, then what it shows: sheets in their order, slides in theirs. After them every other part is
//! read, whatever it is: a part that no reader of ours knows still gives the text between its tags and the attributes that
//! hold words. Parts that are no XML are files of their own: they are read by the extractor of their kind, or listed as unread.

mod attributes;
mod cells;
mod flow;
mod hidden;
mod ink;
mod roles;
mod shapes;

use std::collections::HashMap;

use super::{Extraction, Extractor, Observation, Place, Scope, TextSpan, Unread, files};
use crate::formats::Context;
use crate::kind::Kind;
use crate::prove::ooxml::KINDS;
use crate::prove::ooxml::package::{Package, Part, Target};
use crate::prove::xml::Token;
use crate::prove::xml::namespace::Ns;
use crate::refusal::{Reason, Refusal};

use flow::{Flow, Setting};
use hidden::HiddenStyles;
use shapes::Size;

/// Reads Word documents, workbooks, presentations and Visio drawings.
pub(crate) struct OoxmlExtractor;

impl Extractor for OoxmlExtractor {
    fn kinds(&self) -> &'static [Kind] {
        KINDS
    }

    fn extract(&self, _kind: Kind, bytes: &[u8], context: &Context<'_>) -> Result<Extraction, Refusal> {
        let left = context.decompressed_left();
        let package = Package::of_copy(bytes, context, &|count| context.charge_decompressed(count), left)?;
        let mut reading = Reading { package: &package, context, out: Extraction::default(), done: Vec::new() };
        reading.done.resize(package.parts.len(), false);
        reading.document()?;
        Ok(reading.out)
    }
}

/// An element that points to a part: its attributes, and the part.
type Child = (HashMap<String, String>, usize);

/// A package that is being read.
struct Reading<'p> {
    package: &'p Package,
    context: &'p Context<'p>,
    out: Extraction,
    /// For each part, whether it was read.
    done: Vec<bool>,
}

impl Reading<'_> {
    fn document(&mut self) -> Result<(), Refusal> {
        let main = self.package.main()?;
        let main_type = self.package.part(main)?.content_type.clone().unwrap_or_default();
        if main_type.contains("sheet") || main_type.contains("excel") {
            self.workbook(main)?;
        } else if main_type.contains("presentation") || main_type.contains("powerpoint") {
            self.presentation(main)?;
        } else if main_type.contains("visio") {
            self.drawing(main)?;
        }
        self.part(main, &Setting::of_part(self.package.part(main)?))?;
        for at in 0..self.package.parts.len() {
            let setting = Setting::of_part(self.package.part(at)?);
            self.part(at, &setting)?;
        }
        for relationship in &self.package.relationships {
            if let Target::External(target) = &relationship.target {
                self.out.spans.push(TextSpan::new(target, Place::File, Scope::LinkTarget));
            }
        }
        Ok(())
    }

    /// The sheets of a workbook in order, each with the parts that belong to it.
    fn workbook(&mut self, main: usize) -> Result<(), Refusal> {
        let strings = match self.package.first(main, "sharedStrings") {
            Some(at) => {
                if let Some(done) = self.done.get_mut(at) {
                    *done = true;
                }
                cells::SharedStrings::read(self.package.part(at)?, self.context.limits)?
            }
            None => cells::SharedStrings::default(),
        };
        let strings = std::rc::Rc::new(strings);
        for (attributes, at) in self.children(main, Ns::Sheet, "sheet")? {
            let name = attributes.get("name").cloned().unwrap_or_default();
            let hidden = attributes.get("state").is_some_and(|state| state != "visible");
            let setting = Setting::sheet(self.package.part(at)?, &name, hidden, &strings);
            self.part(at, &setting)?;
            for related in self.related(at) {
                let setting = setting.for_related(self.package.part(related)?);
                self.part(related, &setting)?;
            }
        }
        self.out.spans.extend(strings.unused());
        Ok(())
    }

    /// The slides of a presentation in order, each with its notes, charts and diagrams.
    fn presentation(&mut self, main: usize) -> Result<(), Refusal> {
        let slides = self.children(main, Ns::Slide, "sldId")?;
        let size = self.slide_size(main)?;
        for (number, (_, at)) in (1_u32..).zip(slides) {
            let setting = Setting::slide(self.package.part(at)?, number, size);
            self.part(at, &setting)?;
            for related in self.related(at) {
                let part = self.package.part(related)?;
                // Layouts and masters belong to many slides.
                if !part.name.contains("slideLayout") && !part.name.contains("slideMaster") {
                    let setting = setting.for_related(part);
                    self.part(related, &setting)?;
                }
            }
        }
        Ok(())
    }

    /// The size of the slides (ECMA-376 part 1, 19.2.1.39).
    fn slide_size(&self, main: usize) -> Result<Option<Size>, Refusal> {
        let part = self.package.part(main)?;
        let mut reader = part.xml(self.context.limits)?.reader();
        while let Some(token) = reader.next() {
            if let Token::Start(element) = token
                && element.is(Ns::Slide, "sldSz")
            {
                let number = |name| element.plain(name).and_then(|text| text.trim().parse().ok());
                return Ok(number("cx").zip(number("cy")).map(|(width, height)| Size { width, height }));
            }
        }
        Ok(None)
    }

    /// The pages of a drawing in order.
    fn drawing(&mut self, main: usize) -> Result<(), Refusal> {
        let Some(pages) = self.package.first(main, "pages") else { return Ok(()) };
        for (number, (_, at)) in (1_u32..).zip(self.children(pages, Ns::Visio, "Rel")?) {
            let setting = Setting::page(self.package.part(at)?, number);
            self.part(at, &setting)?;
        }
        Ok(())
    }

    /// The elements of one name in a part that point to other parts: their attributes, and the part.
    fn children(&self, main: usize, ns: Ns, local: &str) -> Result<Vec<Child>, Refusal> {
        let part = self.package.part(main)?;
        let mut reader = part.named_xml(self.context.limits)?.reader();
        let mut found = Vec::new();
        while let Some(token) = reader.next() {
            let Token::Start(element) = token else { continue };
            if !element.is(ns, local) {
                continue;
            }
            let target = element.attribute(Ns::Relations, "id").and_then(|id| self.package.follow(main, id));
            if let Some(at) = target {
                let attributes = element.attributes.iter().filter(|attribute| attribute.ns == Ns::None);
                found.push((attributes.map(|a| (a.local.to_owned(), a.value.to_string())).collect(), at));
            }
        }
        Ok(found)
    }

    /// XML parts that a part has relationships to, and those that these have, two steps far.
    fn related(&self, at: usize) -> Vec<usize> {
        let direct = |at: usize| -> Vec<usize> {
            let relationships =
                self.package.parts.get(at).map(|part| part.relationships.as_slice()).unwrap_or_default();
            relationships
                .iter()
                .filter_map(|relationship| match relationship.target {
                    Target::Part(to) if self.package.parts.get(to).is_some_and(Part::is_xml) => Some(to),
                    _ => None,
                })
                .collect()
        };
        let first = direct(at);
        let is_shared = |at: usize| {
            self.package.parts.get(at).is_some_and(|part| {
                ["slideLayout", "slideMaster", "slides/"].iter().any(|name| part.name.contains(name))
            })
        };
        let second: Vec<usize> = first.iter().filter(|at| !is_shared(**at)).flat_map(|at| direct(*at)).collect();
        first.into_iter().chain(second.into_iter().filter(|at| !is_shared(*at))).collect()
    }

    /// Reads one part, once.
    fn part(&mut self, at: usize, setting: &Setting) -> Result<(), Refusal> {
        match self.done.get_mut(at) {
            Some(done) if !*done => *done = true,
            _ => return Ok(()),
        }
        let part = self.package.part(at)?;
        if part.is_xml() {
            match self.flow(at, part, setting) {
                Ok((spans, observations)) => {
                    self.out.spans.extend(spans);
                    self.out.observations.extend(observations);
                }
                // VML was never strict about being XML; a document with such a part opens all the same.
                Err(refusal) if refusal.reason == Reason::Damaged && self.package.main()? != at => {
                    let why = format!("it cannot be read: {}", refusal.detail);
                    let place = Place::Part { part: part.name.clone() };
                    self.out.unread.push(Unread { place, why, expected: false });
                }
                Err(refusal) => return Err(refusal.in_part(&part.name)),
            }
        } else {
            self.file(part)?;
        }
        Ok(())
    }

    fn flow(&self, at: usize, part: &Part, setting: &Setting) -> Result<(Vec<TextSpan>, Vec<Observation>), Refusal> {
        let xml = part.xml(self.context.limits)?;
        let styles = self.hidden_styles(at)?;
        Flow::new(part, setting, &styles).read(xml.reader())
    }

    fn hidden_styles(&self, at: usize) -> Result<HiddenStyles, Refusal> {
        let own = self.package.first(at, "styles");
        let styles = own.or_else(|| self.package.main().ok().and_then(|main| self.package.first(main, "styles")));
        match styles.and_then(|styles| self.package.parts.get(styles)) {
            Some(part) => HiddenStyles::read(part, self.context.limits),
            None => Ok(HiddenStyles::default()),
        }
    }

    /// A part that is a file of its own.
    fn file(&mut self, part: &Part) -> Result<(), Refusal> {
        let is_font =
            part.content_type.as_deref().is_some_and(|name| name.contains("obfuscatedfont") || name.contains("x-font"));
        files::read(&part.name, &part.bytes, is_font, self.context, &mut self.out)
    }
}
