//! The walk from the document at the root of a package to everything that it refers to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::Write;

use super::document::Document;
use super::filters::{Members, Reference, References};
use super::manifest::{self, Manifest};
use super::styles::Styles;
use super::survey::survey;
use super::{decode, leftovers, media_types};
use crate::formats::xml::Notes;
use crate::formats::zip_container::{self, Container, Layout};
use crate::formats::{Context, Report, Surroundings, handler_for};
use crate::identify::identify;
use crate::kind::{Family, Kind};
use crate::policy::{Class, Policy};
use crate::refusal::{Reason, Refusal};

/// The member that names the type of the package. It is the first and not compressed (ODF 1.3 part 2, 3.3).
const MIMETYPE: &str = "mimetype";

const LAYOUT: Layout = Layout { leading: &[MIMETYPE], stored: Some(MIMETYPE) };

/// Folders of macros and of the windows that they show.
const MACROS: &[&str] = &["basic/", "scripts/", "dialogs/"];

/// What the names of previews of tables end with.
const PREVIEWS: &[&str] = &[".svm", ".emf", ".wmf"];

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
    let named = container.read(MIMETYPE, context)?;
    let media_type = media_types::document(&String::from_utf8_lossy(&named))?;
    let manifest_key = zip_container::key(manifest::NAME);
    let manifest = match container.name(&manifest_key) {
        Some(_) => Manifest::parse(&container.read(&manifest_key, context)?, context.limits)
            .map_err(|refusal| refusal.in_part(manifest::NAME))?,
        None => Manifest::default(),
    };
    let keys: BTreeSet<String> = container.keys().into_iter().collect();
    let macros = keys.iter().any(|key| is_macro(key));
    let mut cleaning = Cleaning {
        container,
        members: Members { keys, ..Members::default() },
        macros,
        policy,
        context: *context,
        report,
        out: BTreeMap::new(),
        folders: BTreeSet::new(),
        queue: VecDeque::from([(Reference::Document(String::new()), *context)]),
        seen: BTreeSet::new(),
    };
    cleaning.out.insert(MIMETYPE.to_owned(), media_type.as_bytes().to_vec());
    cleaning.survey_objects()?;
    cleaning.walk()?;
    cleaning.keep_macros()?;
    cleaning.report_left_behind()?;
    let members = cleaning.out.keys().map(String::as_str).filter(|name| *name != MIMETYPE);
    let list = manifest.write(media_type, cleaning.folders.iter().map(String::as_str), members);
    cleaning.out.insert(manifest::NAME.to_owned(), list.into_bytes());
    zip_container::write(&cleaning.out, &LAYOUT, out)?;
    Ok(cleaning.report)
}

/// True for a macro, but not for the lists of libraries that every document may have.
fn is_macro(key: &str) -> bool {
    const LISTS: &[&str] = &["script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml"];
    let file = key.rsplit('/').next().unwrap_or(key);
    MACROS.iter().any(|folder| key.starts_with(folder)) && !LISTS.contains(&file)
}

struct Cleaning<'a, 'c> {
    container: Container<'a>,
    members: Members,
    macros: bool,
    policy: &'c Policy,
    context: Context<'c>,
    report: Report,
    /// Finished members by the name they have in the container.
    out: BTreeMap<String, Vec<u8>>,
    /// Folders of documents in the copy, by name.
    folders: BTreeSet<String>,
    /// What is to be visited, with the context of the document that refers to it.
    queue: VecDeque<(Reference, Context<'c>)>,
    seen: BTreeSet<Reference>,
}

impl<'c> Cleaning<'_, 'c> {
    /// Looks which objects every program draws anew, and which pictures nobody can clean.
    fn survey_objects(&mut self) -> Result<(), Refusal> {
        for key in self.members.keys.clone() {
            if let Some(folder) = key.strip_suffix("content.xml").filter(|folder| folder.ends_with('/')) {
                let text = decode(&self.container.read(&key, &self.context)?);
                // What cannot be read is looked at again, and refused, on its visit.
                let body = text.and_then(|text| survey(&text, self.context.limits)).unwrap_or_default().body;
                if matches!(body.as_deref(), Some("chart" | "math")) {
                    self.members.redrawn.insert(folder.to_owned());
                }
            } else if key.contains("objectreplacements/") || PREVIEWS.iter().any(|ending| key.ends_with(ending)) {
                let bytes = self.container.read(&key, &self.context)?;
                let kind = identify(&bytes, &key).kind;
                if kind.family() != Family::Image || handler_for(kind).is_none() {
                    self.members.opaque.insert(key);
                }
            }
        }
        Ok(())
    }

    /// From the root to everything that remains.
    fn walk(&mut self) -> Result<(), Refusal> {
        while let Some((reference, context)) = self.queue.pop_front() {
            match &reference {
                Reference::Document(folder) => self.visit_document(folder, &context),
                Reference::Picture(key) => self.visit_embedded(key, &[Family::Image], Class::EmbeddedUnsupported),
                Reference::Object(key) => self.visit_embedded(key, &[Family::Ooxml, Family::Odf], Class::ActiveObjects),
                Reference::Media(key) => self.keep(key, Class::EmbeddedUnsupported, "media"),
                Reference::Font(key) => self.visit_font(key),
            }?;
        }
        Ok(())
    }

    /// Cleans the parts of a document and queues what they refer to.
    fn visit_document(&mut self, folder: &str, context: &Context<'c>) -> Result<(), Refusal> {
        let mut styles = Styles::default();
        for part in ["styles.xml", "content.xml", "settings.xml", "meta.xml"] {
            let key = format!("{folder}{part}");
            let Some(name) = self.container.name(&key).map(str::to_owned) else {
                if part == "content.xml" {
                    return Err(Refusal::damaged("the package has no content.xml"));
                }
                continue;
            };
            let bytes = self.container.read(&key, &self.context)?;
            // Members without content are normal, but not this one.
            if bytes.is_empty() && part != "content.xml" {
                continue;
            }
            let copy = self.visit_part(folder, &name, &bytes, &mut styles, context);
            let copy = copy.map_err(|refusal| refusal.in_part(name.clone()))?;
            if part == "content.xml" && !folder.is_empty() {
                self.folders.extend(name.strip_suffix(part).map(str::to_owned));
            }
            self.out.insert(name, copy.into_bytes());
        }
        Ok(())
    }

    fn visit_part(
        &mut self,
        folder: &str,
        name: &str,
        bytes: &[u8],
        styles: &mut Styles,
        context: &Context<'c>,
    ) -> Result<String, Refusal> {
        let limits = self.context.limits;
        let text = decode(bytes)?;
        styles.read(&text, limits)?;
        let survey = survey(&text, limits)?;
        let mut notes = Notes::new(name, self.policy);
        if !folder.is_empty()
            && let Some(body) = survey.body.as_deref().filter(|body| !matches!(*body, "chart" | "math"))
        {
            notes.found(Class::EmbeddedDocuments, &format!("office:{body}"));
        }
        let mut references = References::new(&self.members, folder);
        let document = Document { text: &text, survey: &survey, styles, macros: self.macros };
        let rewritten = document.rewrite(limits, self.policy, &mut references, None, &mut notes)?;
        notes.finish(&mut self.report);
        for reference in references.used {
            if self.seen.insert(reference.clone()) {
                let context = match reference {
                    Reference::Document(_) => context.inside(Surroundings::Package)?,
                    _ => *context,
                };
                self.queue.push_back((reference, context));
            }
        }
        Ok(rewritten)
    }

    /// Hands a member to its own handler if it is of an expected family; keeps it under `class` otherwise.
    fn visit_embedded(&mut self, key: &str, families: &[Family], class: Class) -> Result<(), Refusal> {
        let Some(name) = self.container.name(key).map(str::to_owned) else { return Ok(()) };
        if self.out.contains_key(&name) {
            return Ok(());
        }
        let bytes = self.container.read(key, &self.context)?;
        let kind = identify(&bytes, &name).kind;
        if families.contains(&kind.family()) {
            match self.context.clean_embedded(&name, &bytes, Surroundings::Package, &mut self.report) {
                Ok(cleaned) => {
                    if kind.family() != Family::Image {
                        let class = Class::EmbeddedDocuments;
                        let action = self.policy.action_if_left(class);
                        self.report.hit(class, action, kind.title(), name.clone(), 1, bytes.len() as u64);
                    }
                    self.out.insert(name, cleaned);
                    return Ok(());
                }
                Err(refusal) if matches!(refusal.reason, Reason::OverLimit | Reason::Policy | Reason::Internal) => {
                    return Err(refusal);
                }
                Err(_) => {}
            }
        }
        self.keep(key, class, kind.title())
    }

    /// Fonts stay as they are.
    fn visit_font(&mut self, key: &str) -> Result<(), Refusal> {
        let bytes = self.container.read(key, &self.context)?;
        if identify(&bytes, key).kind != Kind::Font {
            return self.keep(key, Class::EmbeddedUnsupported, "font");
        }
        let name = self.container.name(key).unwrap_or(key).to_owned();
        self.out.insert(name, bytes);
        Ok(())
    }

    /// Keeps bytes that cannot be cleaned; the policy says what that means for the file.
    fn keep(&mut self, key: &str, class: Class, item: &str) -> Result<(), Refusal> {
        let name = self.container.name(key).unwrap_or(key).to_owned();
        if self.out.contains_key(&name) {
            return Ok(());
        }
        let bytes = self.container.read(key, &self.context)?;
        self.report.hit(class, self.policy.action_if_left(class), item, name.clone(), 1, bytes.len() as u64);
        self.out.insert(name, bytes);
        Ok(())
    }

    /// Macros stay, all of them, with the lists of their libraries.
    fn keep_macros(&mut self) -> Result<(), Refusal> {
        if !self.macros {
            return Ok(());
        }
        for key in self.members.keys.clone() {
            if MACROS.iter().any(|folder| key.starts_with(folder)) {
                self.keep(&key, Class::ActiveMacros, "macro")?;
            }
        }
        Ok(())
    }

    /// Reports everything that is not in the copy.
    fn report_left_behind(&mut self) -> Result<(), Refusal> {
        let kept: BTreeSet<String> = self.out.keys().map(|name| zip_container::key(name)).collect();
        for key in self.members.keys.iter().filter(|key| !kept.contains(*key)) {
            let name = self.container.name(key).unwrap_or(key).to_owned();
            if *key == zip_container::key(manifest::NAME) || self.container.claimed_size(key) == 0 {
                continue;
            }
            let bytes = self.container.read(key, &self.context)?;
            leftovers::report(key, &name, &bytes, self.context.limits, &mut self.report);
        }
        Ok(())
    }
}
