//! The walk through the part graph.

mod sheets;
mod show;
mod slides;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::Write;

use super::content_types::ContentTypes;
use super::crops;
use super::excel;
use super::filters::{
    Concealment, Diagrams, Documents, Drawings, Fields, Inks, MacroCalls, OrphanNotes, Presentations, References,
    SharedStrings, VmlNotes, Workbooks, concealing_formats, survey_fields, survey_vml,
};
use super::relationships::{self, Relationship};
use super::rules::{self, Reference, Treatment};
use super::{add_ins, hidden_text, imports, objects, part_name, properties, revisions, sheet_objects, unseen_shapes};
use crate::formats::links;
use crate::formats::xml::{self, Filter, Notes};
use crate::formats::zip_container::{self, Container, Layout};
use crate::formats::{Context, Report, Surroundings};
use crate::identify::identify;
use crate::kind::{Family, Kind};
use crate::policy::{Action, Class, Policy};
use crate::refusal::{Reason, Refusal};

/// Where programs look first, comes first.
const LAYOUT: Layout = Layout { leading: &[part_name::CONTENT_TYPES, part_name::ROOT_RELATIONSHIPS], stored: None };

/// Documents that may lie in a document.
const DOCUMENTS: &[Family] = &[Family::Ooxml, Family::Odf];

/// Cleans a package.
///
/// # Errors
/// See [`crate::formats::Handler::clean`].
pub(super) fn clean(
    bytes: &[u8],
    policy: &Policy,
    context: &Context<'_>,
    out: &mut dyn Write,
) -> Result<Report, Refusal> {
    let mut report = Report::default();
    let mut container = Container::open(bytes, context, &mut report)?;
    let types_key = part_name::key(part_name::CONTENT_TYPES);
    if container.name(&types_key).is_none() {
        return Err(Refusal::damaged("the package has no list of content types"));
    }
    let types = ContentTypes::parse(&container.read(&types_key, context)?, context.limits)
        .map_err(|refusal| refusal.in_part(part_name::CONTENT_TYPES))?;
    let mut cleaning = Cleaning {
        container,
        types,
        policy,
        context,
        report,
        main: String::new(),
        out: BTreeMap::new(),
        queue: VecDeque::new(),
        deferred: VecDeque::new(),
        seen: BTreeSet::new(),
        removed: BTreeMap::new(),
        macro_sheets: false,
        facts: Facts::default(),
        read: BTreeMap::new(),
        plan: excel::Plan::default(),
    };
    cleaning.walk()?;
    cleaning.report_left_behind()?;
    crops::treat(&mut cleaning.out, &mut cleaning.types, context, &mut cleaning.report)?;
    cleaning.write(out)?;
    Ok(cleaning.report)
}

/// What one part tells about another.
#[derive(Default)]
struct Facts {
    /// What the formats of a workbook's cells conceal.
    concealing: Vec<Option<Concealment>>,
    hidden_styles: hidden_text::Styles,
    used_strings: BTreeSet<u64>,
    footnotes: BTreeSet<String>,
    endnotes: BTreeSet<String>,
    /// Hidden slides that are removed, by their part and by their number.
    hidden_slides: BTreeSet<String>,
    hidden_numbers: BTreeSet<String>,
    /// What all slides have in common.
    show: unseen_shapes::Show,
    /// What a drawing shows in place of objects.
    previews: BTreeMap<String, Vec<sheet_objects::Preview>>,
    /// The shapes of objects that go from a VML drawing.
    shapes_gone: BTreeMap<String, BTreeSet<String>>,
}

/// A part to be visited.
struct Visit {
    key: String,
    kind: String,
    treatment: Treatment,
}

/// A relationship while its source is cleaned.
struct Edge {
    relationship: Relationship,
    by_id: bool,
    /// `None` for a relationship that goes.
    fate: Option<Fate>,
}

enum Fate {
    /// It stays and leads to nothing that is cleaned here.
    Stay,
    /// It stays and leads to a part.
    Follow(Visit),
}

struct Cleaning<'a, 'c> {
    container: Container<'a>,
    types: ContentTypes,
    policy: &'c Policy,
    context: &'c Context<'c>,
    report: Report,
    main: String,
    /// Finished parts by the name they have in the container.
    out: BTreeMap<String, Vec<u8>>,
    queue: VecDeque<Visit>,
    /// Parts that depend on all others.
    deferred: VecDeque<Visit>,
    seen: BTreeSet<String>,
    /// Parts that a removed relationship led to, with the type and the class.
    removed: BTreeMap<String, (String, Class)>,
    /// True when sheets of macros stay, which only a document with macros may have.
    macro_sheets: bool,
    facts: Facts,
    /// Parts that were read before their visit.
    read: BTreeMap<String, Vec<u8>>,
    /// What goes from a workbook.
    plan: excel::Plan,
}

impl Cleaning<'_, '_> {
    /// From the root to everything that remains.
    fn walk(&mut self) -> Result<(), Refusal> {
        let root = self.relationships("")?;
        let main = root.iter().find(|edge| matches!(edge.kind(), "officeDocument" | "document") && !edge.external);
        let main = main.and_then(|edge| edge.part("", &self.container));
        self.main = main.ok_or_else(|| Refusal::damaged("the package has no main part"))?;
        if !rules::is_main(self.types.of(&self.main)) {
            return Err(Refusal::unsupported("the main part is of no known type"));
        }
        if rules::is_workbook(self.types.of(&self.main)) {
            self.plan = excel::Plan::of(&mut self.container, &self.main, self.policy, self.context, &mut self.report)?;
        }
        let edges = self.plan("", "", root)?;
        self.finish_edges("", edges, &BTreeSet::new());
        while let Some(visit) = self.queue.pop_front().or_else(|| self.deferred.pop_front()) {
            let name = self.container.name(&visit.key).unwrap_or(&visit.key).to_owned();
            self.visit(&visit, &name)
                .map_err(|refusal| if refusal.part.starts_with(&name) { refusal } else { refusal.in_part(name) })?;
        }
        Ok(())
    }

    fn relationships(&mut self, source: &str) -> Result<Vec<Relationship>, Refusal> {
        relationships::of(source, &mut self.container, self.context)
    }

    /// Reads a part, unless that was done before its visit.
    fn read(&mut self, key: &str) -> Result<Vec<u8>, Refusal> {
        match self.read.remove(key) {
            Some(bytes) => Ok(bytes),
            None => self.container.read(key, self.context),
        }
    }

    /// Decides about each relationship of a part, by the table alone.
    /// `source_kind` is the type of the relationship that led to it.
    fn plan(
        &mut self,
        source: &str,
        source_kind: &str,
        relationships: Vec<Relationship>,
    ) -> Result<Vec<Edge>, Refusal> {
        let edges = relationships.into_iter();
        edges.map(|relationship| self.plan_edge(source, source_kind, relationship)).collect()
    }

    /// The kind of a relationship. Office leads to ink as if it were data of a program; the content type tells.
    fn kind_of<'r>(&self, source: &str, relationship: &'r Relationship) -> &'r str {
        match relationship.kind() {
            "customXml" => {
                let part = relationship.part(source, &self.container);
                let is_ink =
                    part.is_some_and(|part| self.types.of(&part).eq_ignore_ascii_case("application/inkml+xml"));
                if is_ink { rules::INK } else { "customXml" }
            }
            kind => kind,
        }
    }

    fn plan_edge(&mut self, source: &str, source_kind: &str, mut relationship: Relationship) -> Result<Edge, Refusal> {
        let kind = self.kind_of(source, &relationship).to_owned();
        let rule = rules::rule(&kind);
        let by_id = match rule.map(|rule| rule.reference) {
            Some(Reference::ById) => true,
            Some(Reference::ByIdFromMain) => source == self.main,
            _ => false,
        };
        let place = properties::place(self.container.name(source), source);
        let sources_go = self.policy.action(Class::EmbeddedDocuments) == Action::Remove;
        let chart_source = sources_go
            && matches!(source_kind, "chart" | "chartEx")
            && matches!(kind.as_str(), "package" | "oleObject" | "externalLinkPath");
        if relationship.external && chart_source {
            let local = links::is_local(&relationship.target) || !relationship.target.contains(':');
            let class = if local { Class::LinksLocal } else { Class::EmbeddedDocuments };
            let target = std::mem::take(&mut relationship.target);
            self.report.removed_value(class, "link to the source of a chart", place, target);
            return Ok(Edge { relationship, by_id, fate: None });
        }
        if relationship.external {
            let fate = self.plan_external(&place, &mut relationship);
            return Ok(Edge { relationship, by_id, fate });
        }
        if relationship.target.starts_with('#') {
            // A place in this document is no part of the package; Office writes such a link as an external one.
            let fate = (kind == "hyperlink").then_some(Fate::Stay);
            relationship.external = fate.is_some();
            return Ok(Edge { relationship, by_id, fate });
        }
        let Some(target) = relationship.part(source, &self.container) else {
            self.report.removed(Class::ContentUnreferenced, "relationship to a missing part", place);
            return Ok(Edge { relationship, by_id, fate: None });
        };
        let treatment = rule.map_or(Treatment::Remove(Class::ContentUnknown), |rule| rule.treatment);
        let treatment = match self.plan.treatment(&kind, &target).unwrap_or(treatment) {
            Treatment::RemoveOr(class) if self.policy.action(class) == Action::Remove => Treatment::Remove(class),
            Treatment::RemoveOr(class) => Treatment::XmlUnder(class),
            Treatment::Xml if self.facts.hidden_slides.contains(&target) => {
                Treatment::Remove(Class::ContentHiddenSlides)
            }
            Treatment::RemoveOrKeep(class) if self.policy.action(class) == Action::Remove => Treatment::Remove(class),
            Treatment::RemoveOrKeep(class) => Treatment::Opaque(class),
            // The values that a chart shows are cached in it.
            Treatment::Document | Treatment::Opaque(Class::ActiveObjects) if chart_source => {
                Treatment::Remove(Class::EmbeddedDocuments)
            }
            Treatment::Xml if kind == "vmlDrawing" && self.draws_only_comments(&target)? => {
                Treatment::Remove(Class::ContentComments)
            }
            // The root has one document; anything else down there is not part of it.
            Treatment::Xml if source.is_empty() && target != self.main => Treatment::Remove(Class::ContentUnknown),
            other => other,
        };
        let fate = match treatment {
            Treatment::Remove(class) => {
                self.removed.entry(target).or_insert((kind, class));
                None
            }
            Treatment::Link => Some(Fate::Stay),
            treatment => Some(Fate::Follow(Visit { key: target, kind, treatment })),
        };
        Ok(Edge { relationship, by_id, fate })
    }

    /// Decides about a relationship that leads out of the package.
    fn plan_external(&mut self, place: &str, relationship: &mut Relationship) -> Option<Fate> {
        let kind = relationship.kind().to_owned();
        let target = relationship.target.clone();
        let local = links::is_local(&target);
        let item = format!("{kind} target");
        match kind.as_str() {
            "hyperlink" if links::is_script(&target) => {
                self.report.removed_value(Class::ActiveJavascript, item, place, target);
                None
            }
            "hyperlink" if local => {
                self.report.removed_value(Class::LinksLocal, item, place, target);
                None
            }
            "hyperlink" => Some(Fate::Stay),
            "image" | "frame" | "subDocument" | "aFChunk" | "package" if local => {
                self.report.removed_value(Class::LinksLocal, item, place, target);
                None
            }
            "aFChunk" if self.policy.action(Class::EmbeddedImports) == Action::Remove => {
                self.report.removed_value(Class::EmbeddedImports, item, place, target);
                None
            }
            "externalLinkPath"
            | "externalLinkLongPath"
            | "xlPathMissing"
            | "xlStartup"
            | "xlAlternateStartup"
            | "xlLibrary"
            | "oleObject"
            | "audio"
            | "video"
            | "media"
            | "image"
            | "frame"
            | "subDocument"
            | "aFChunk"
            | "package" => {
                // The part cannot do without the relationship, but it need not say where the file was.
                if (local || !target.contains(':')) && target != REMOVED {
                    self.report.removed_value(Class::LinksLocal, item.clone(), place, target);
                    REMOVED.clone_into(&mut relationship.target);
                }
                let action = self.policy.action(Class::LinksExternalContent);
                self.report.hit(Class::LinksExternalContent, action, item, place, 1, 0);
                Some(Fate::Stay)
            }
            _ => {
                let class = match rules::rule(&kind).map(|rule| rule.treatment) {
                    Some(Treatment::Remove(class)) => class,
                    _ => Class::ContentUnknown,
                };
                let class = if local && class == Class::ContentUnknown { Class::LinksLocal } else { class };
                self.report.removed_value(class, properties::item(&kind), place, target);
                None
            }
        }
    }

    /// True for the drawing of a workbook's comments. What cannot be read is looked at again, and refused, on its visit.
    fn draws_only_comments(&mut self, key: &str) -> Result<bool, Refusal> {
        let text = xml::decode(&self.container.read(key, self.context)?).map(tidy_vml);
        let survey = text.and_then(|text| survey_vml(&text, self.context.limits));
        Ok(survey.is_ok_and(|survey| survey.only_notes()))
    }

    /// Drops relationships that nothing uses, queues what the others lead to, and writes the relationships part.
    fn finish_edges(&mut self, source: &str, edges: Vec<Edge>, used: &BTreeSet<String>) {
        let mut kept = Vec::new();
        for edge in edges {
            let Some(fate) = edge.fate else { continue };
            if edge.by_id && !source.is_empty() && !used.contains(&edge.relationship.id) {
                let place = properties::place(self.container.name(source), source);
                let item = format!("unused {} relationship", edge.relationship.kind());
                self.report.removed(Class::ContentUnreferenced, item, place);
                continue;
            }
            kept.push(edge.relationship);
            if let Fate::Follow(visit) = fate
                && self.seen.insert(visit.key.clone())
            {
                let late = matches!(visit.kind.as_str(), "sharedStrings" | "footnotes" | "endnotes");
                if late { self.deferred.push_back(visit) } else { self.queue.push_back(visit) }
            }
        }
        if !kept.is_empty() {
            let name = self.container.name(source).unwrap_or(source);
            self.out.insert(part_name::relationships_name(name), relationships::write(&kept).into_bytes());
        }
    }

    /// Cleans one part.
    fn visit(&mut self, visit: &Visit, name: &str) -> Result<(), Refusal> {
        let bytes = match visit.treatment {
            Treatment::Xml => self.visit_xml(visit, name)?,
            Treatment::XmlUnder(class) => {
                let item = properties::item(&visit.kind);
                self.macro_sheets |= matches!(visit.kind.as_str(), "xlMacrosheet" | "xlIntlMacrosheet");
                self.report.hit(class, self.policy.action_if_left(class), item, name, 1, 0);
                self.visit_xml(visit, name)?
            }
            Treatment::Picture => self.visit_embedded(visit, name, &[Family::Image], Class::EmbeddedUnsupported)?,
            Treatment::Document => self.visit_embedded(visit, name, DOCUMENTS, Class::EmbeddedUnsupported)?,
            Treatment::Opaque(Class::ActiveObjects) => {
                // The preview of an object in Visio is a part of the object.
                self.follow_all(visit)?;
                self.visit_embedded(visit, name, DOCUMENTS, Class::ActiveObjects)?
            }
            Treatment::Opaque(class) => self.keep(visit, name, class)?,
            Treatment::Verbatim if self.is_font(&visit.key) => self.container.read(&visit.key, self.context)?,
            Treatment::Verbatim => self.keep(visit, name, Class::EmbeddedUnsupported)?,
            Treatment::Remove(_) | Treatment::RemoveOr(_) | Treatment::RemoveOrKeep(_) | Treatment::Link => {
                return Ok(());
            }
        };
        self.out.insert(name.to_owned(), bytes);
        Ok(())
    }

    fn is_font(&self, key: &str) -> bool {
        let content_type = self.types.of(key);
        content_type.contains("obfuscatedFont") || content_type.contains("font")
    }

    /// Keeps bytes that cannot be cleaned; the policy says what that means for the file.
    fn keep(&mut self, visit: &Visit, name: &str, class: Class) -> Result<Vec<u8>, Refusal> {
        let bytes = self.container.read(&visit.key, self.context)?;
        self.follow_all(visit)?;
        let action = self.policy.action_if_left(class);
        self.report.hit(class, action, properties::item(&visit.kind), name, 1, bytes.len() as u64);
        Ok(bytes)
    }

    /// Follows all relationships of a part that cannot say which of them it uses.
    fn follow_all(&mut self, visit: &Visit) -> Result<(), Refusal> {
        let relationships = self.relationships(&visit.key)?;
        if !relationships.is_empty() {
            let edges = self.plan(&visit.key, &visit.kind, relationships)?;
            let used = edges.iter().map(|edge| edge.relationship.id.clone()).collect();
            self.finish_edges(&visit.key, edges, &used);
        }
        Ok(())
    }

    /// Hands a part to its own handler if it is of an expected family; keeps it under `class` otherwise.
    fn visit_embedded(
        &mut self,
        visit: &Visit,
        name: &str,
        families: &[Family],
        class: Class,
    ) -> Result<Vec<u8>, Refusal> {
        let bytes = self.container.read(&visit.key, self.context)?;
        let kind = identify(&bytes, name).kind;
        if families.contains(&kind.family()) {
            match self.context.clean_embedded(name, &bytes, Surroundings::Package, &mut self.report) {
                Ok(cleaned) => {
                    if kind.family() != Family::Image {
                        let (class, size) = (Class::EmbeddedDocuments, bytes.len() as u64);
                        self.report.hit(class, self.policy.action_if_left(class), kind.title(), name, 1, size);
                        let copy = self.report.embedded.last().map(|embedded| embedded.kind);
                        if let Some(media_type) = copy.filter(|copy| *copy != kind).and_then(Kind::media_type) {
                            self.types.set(&visit.key, media_type);
                        }
                    }
                    return Ok(cleaned);
                }
                Err(refusal) if matches!(refusal.reason, Reason::OverLimit | Reason::Policy | Reason::Internal) => {
                    return Err(refusal);
                }
                Err(_) => {}
            }
        }
        let class = if kind == Kind::CompoundFile { Class::ActiveObjects } else { class };
        self.report.hit(class, self.policy.action_if_left(class), kind.title(), name, 1, bytes.len() as u64);
        Ok(bytes)
    }

    /// Cleans an XML part and its relationships.
    fn visit_xml(&mut self, visit: &Visit, name: &str) -> Result<Vec<u8>, Refusal> {
        let limits = self.context.limits;
        let mut relationships = self.relationships(&visit.key)?;
        let mut text = xml::decode(&self.read(&visit.key)?)?;
        if visit.key == self.main {
            super::counted::check(&text, limits)?;
            self.read_styles(&relationships);
            self.find_hidden_slides(&text, &relationships)?;
            self.look_at_show(&text, &relationships)?;
        }
        let vml = visit.kind == "vmlDrawing";
        if vml {
            text = tidy_vml(text);
        }
        let mut notes = Notes::new(name, self.policy);
        if let Some(accepted) = revisions::accept(&text, limits, &mut notes)? {
            text = accepted;
        }
        let hidden_text_goes = self.policy.action(Class::ContentHiddenText) == Action::Remove;
        if visit.kind == "slide"
            && hidden_text_goes
            && let Some(seen) = self.remove_unseen_shapes(&text, &mut notes)?
        {
            text = seen;
        }
        if let Some(pictures) = self.remove_objects(visit, &text, &mut relationships, &mut notes)? {
            text = pictures;
        }
        if let Some(bare) = add_ins::remove(&text, limits, self.policy, &mut notes)? {
            text = bare;
        }
        if self.policy.action(Class::EmbeddedImports) == Action::Remove
            && let Some(without) = imports::remove(&text, limits, &mut notes)?
        {
            text = without;
        }
        let mut drawing = None;
        if let Some((bare, made)) = self.remove_sheet_objects(visit, &text, &mut relationships, &mut notes)? {
            text = bare;
            drawing = made;
        }
        if let Some(changed) = self.add_previews(visit, &text, &mut relationships)? {
            text = changed;
        }
        let mut edges = self.plan(&visit.key, &visit.kind, relationships)?;
        edges.extend(drawing);
        let removed =
            edges.iter().filter(|edge| edge.fate.is_none()).map(|edge| edge.relationship.id.clone()).collect();
        let styles = &self.facts.hidden_styles;
        if let Some(visible) = hidden_text::treat(&text, limits, styles, hidden_text_goes, &mut notes)? {
            text = visible;
        }
        text = self.plan.freeze_chart(text, limits, Some(&mut notes))?;
        let mut fields = Fields::new(survey_fields(&text, limits, objects::Unwanted::under(self.policy).any())?);
        fields.report(&mut notes);
        let mut comments = VmlNotes { survey: if vml { survey_vml(&text, limits)? } else { Default::default() } };
        let mut frozen = self.plan.filter(&text, limits)?;
        let mut documents = Documents::default();
        let mut workbooks = Workbooks::new(&self.facts.concealing, self.plan.rows);
        let mut strings = SharedStrings::new(&self.facts.used_strings);
        let mut orphans = OrphanNotes { footnotes: &self.facts.footnotes, endnotes: &self.facts.endnotes };
        let mut presentations = Presentations::new(&self.facts.hidden_numbers, self.policy);
        let mut drawings = Drawings;
        let mut inks = Inks;
        let mut macro_calls = MacroCalls::under(self.policy, self.plan.keeps_macro_sheets());
        let mut diagrams = Diagrams::default();
        let mut references = References::new(&removed);
        let mut chain: Vec<&mut dyn Filter> = vec![&mut comments, &mut fields, &mut frozen];
        match visit.kind.as_str() {
            "footnotes" | "endnotes" => chain.push(&mut orphans),
            "sharedStrings" => chain.push(&mut strings),
            _ => {}
        }
        chain.extend([
            &mut documents as &mut dyn Filter,
            &mut workbooks,
            &mut presentations,
            &mut macro_calls,
            &mut diagrams,
            &mut drawings,
            &mut inks,
            &mut references,
        ]);
        let rewritten = xml::rewrite(&text, limits, &mut chain, &mut notes)?;
        notes.finish(&mut self.report);
        let mut used = references.used;
        if references.legacy_shapes {
            let drawings = edges.iter().filter(|edge| edge.relationship.kind() == "vmlDrawing");
            used.extend(drawings.map(|edge| edge.relationship.id.clone()));
        }
        let (footnotes, endnotes, used_strings) = (documents.footnotes, documents.endnotes, workbooks.used_strings);
        self.facts.footnotes.extend(footnotes);
        self.facts.endnotes.extend(endnotes);
        self.facts.used_strings.extend(used_strings);
        self.finish_edges(&visit.key, edges, &used);
        Ok(rewritten.into_bytes())
    }

    /// Looks for the slides that the policy takes out, before the presentation that lists them is cleaned. A presentation
    /// that hides all of its slides keeps them, for nothing would be left.
    fn find_hidden_slides(&mut self, presentation: &str, relationships: &[Relationship]) -> Result<(), Refusal> {
        if self.policy.action(Class::ContentHiddenSlides) != Action::Remove {
            return Ok(());
        }
        let limits = self.context.limits;
        let slides = super::slides::listed(presentation, limits)?;
        let (mut parts, mut numbers) = (BTreeSet::new(), BTreeSet::new());
        let mut hidden: usize = 0;
        for slide in &slides {
            let edge = relationships.iter().find(|edge| edge.id == slide.relationship && !edge.external);
            let Some(key) = edge.and_then(|edge| edge.part(&self.main, &self.container)) else { continue };
            // What cannot be read is refused on its own visit.
            let Ok(bytes) = self.container.read(&key, self.context) else { continue };
            let is_hidden =
                xml::decode(&bytes).and_then(|text| super::slides::is_hidden(&text, limits)).unwrap_or(false);
            self.read.insert(key.clone(), bytes);
            if is_hidden {
                hidden = hidden.saturating_add(1);
                parts.insert(key);
                numbers.insert(slide.number.clone());
            }
        }
        if hidden < slides.len() {
            self.facts.hidden_slides = parts;
            self.facts.hidden_numbers = numbers;
        }
        Ok(())
    }

    /// Looks into the styles before the text that uses them. Broken styles are refused on their own visit.
    fn read_styles(&mut self, relationships: &[Relationship]) {
        let styles = relationships.iter().find(|edge| edge.kind() == "styles" && !edge.external);
        let Some(key) = styles.and_then(|edge| edge.part(&self.main, &self.container)) else { return };
        let text = self.container.read(&key, self.context).and_then(|bytes| xml::decode(&bytes));
        let Ok(text) = text else { return };
        self.facts.hidden_styles = hidden_text::Styles::read(&text, self.context.limits).unwrap_or_default();
        self.facts.concealing = concealing_formats(&text, self.context.limits).unwrap_or_default();
    }

    /// Gives the main part the type of a document without macros where the policy takes them out.
    fn retype(&mut self) {
        if self.policy.action(Class::ActiveMacros) != Action::Remove || self.macro_sheets {
            return;
        }
        if let Some((name, kind)) = rules::without_macros(self.types.of(&self.main)) {
            let main = properties::place(self.container.name(&self.main), &self.main);
            self.report.removed(Class::ActiveMacros, "macro-enabled content type", main);
            self.report.copy_kind = Some(kind);
            self.types.set(&self.main, &format!("application/vnd.openxmlformats-officedocument.{name}.main+xml"));
        }
    }

    /// Reports everything that is not in the copy: parts that were removed and parts that nothing refers to.
    fn report_left_behind(&mut self) -> Result<(), Refusal> {
        let kept: BTreeSet<String> = self.out.keys().map(|name| part_name::key(name)).collect();
        let content_types = part_name::key(part_name::CONTENT_TYPES);
        for key in self.container.keys() {
            if kept.contains(&key) || key == content_types || part_name::extension(&key) == "rels" {
                continue;
            }
            let name = properties::place(self.container.name(&key), &key);
            if let Some((kind, class)) = self.removed.get(&key).cloned() {
                let bytes = self.read(&key)?;
                let limits = self.context.limits;
                properties::report_removed(&kind, class, &name, &bytes, limits, &mut self.report);
            } else {
                let size = self.container.claimed_size(&key);
                self.report.removed_bytes(Class::ContentUnreferenced, "unreferenced part", name, size);
            }
        }
        Ok(())
    }

    fn write(&mut self, out: &mut dyn Write) -> Result<(), Refusal> {
        self.retype();
        let types = self.types.write(self.out.keys().map(String::as_str));
        self.out.insert(part_name::CONTENT_TYPES.to_owned(), types.into_bytes());
        zip_container::write(&self.out, &LAYOUT, out)
    }
}

/// What the target of a relationship becomes that must stay but told of somebody's disk.
const REMOVED: &str = "removed";

/// Office writes some VML as HTML has it, and reads it back: `<br>` in comments and buttons, `<![if gte mso 9]>` around
/// pictures. Closed and without the conditions, which hold for every Office since 2000, it is XML.
fn tidy_vml(text: String) -> String {
    let mut text = if text.contains("<br>") { text.replace("<br>", "<br/>") } else { text };
    for condition in ["<![if", "<![endif"] {
        let mut rest = text.as_str();
        let mut tidy = String::new();
        while let Some((before, after)) = rest.split_once(condition) {
            tidy.push_str(before);
            rest = after.split_once("]>").map_or("", |(_, after)| after);
        }
        if !tidy.is_empty() {
            tidy.push_str(rest);
            text = tidy;
        }
    }
    text
}
