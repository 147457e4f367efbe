//! The package as a graph: members of the ZIP, their content types, and the relationships between them
//! (ECMA-376 part 2, Open Packaging Conventions).

use std::collections::HashMap;
use std::rc::Rc;

use super::{ink, relationship_types};
use crate::formats::Context;
use crate::limits::Limits;
use crate::prove::links::percent_decode;
use crate::prove::opened::{self, Charge};
use crate::prove::xml::{Content, Outline, Token, Xml, decode};
use crate::prove::zip_container::members;
use crate::refusal::Refusal;

/// What a relationship points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// The index of a part of this package.
    Part(usize),
    /// The name of a part that is not there.
    Missing(String),
    /// Something outside.
    External(String),
}

/// One line of a `.rels` part.
#[derive(Debug, Clone)]
pub(crate) struct Relationship {
    pub(crate) id: String,
    /// The last segment of the type's URI, for example `hyperlink`; the same in both dialects.
    pub(crate) kind: String,
    /// The whole URI is one that a copy may have, and no place for words.
    pub(crate) is_published: bool,
    pub(crate) target: Target,
}

/// A member of the package that is neither `[Content_Types].xml` nor relationships.
#[derive(Debug)]
pub(crate) struct Part {
    /// Its name without a leading slash.
    pub(crate) name: String,
    pub(crate) bytes: Content,
    /// Its content type, lower case, if `[Content_Types].xml` gives it one.
    pub(crate) content_type: Option<String>,
    pub(crate) relationships: Vec<Relationship>,
}

impl Part {
    /// The part as XML, which is taken apart when it is first asked for.
    ///
    /// # Errors
    /// As [`decode`](crate::prove::xml::decode) and [`Outline::read`].
    pub(crate) fn xml(&self, limits: &Limits) -> Result<Xml<'_>, Refusal> {
        self.bytes.xml(limits, |text| text)
    }

    /// As [`Self::xml`], with the part named in the refusal.
    pub(crate) fn named_xml(&self, limits: &Limits) -> Result<Xml<'_>, Refusal> {
        self.xml(limits).map_err(|refusal| refusal.in_part(&self.name))
    }

    /// True when the part is XML, by its content type or by its look.
    pub(crate) fn is_xml(&self) -> bool {
        let named = self.content_type.as_deref().is_some_and(|kind| kind.ends_with("xml") || kind.ends_with("vml"))
            || self.extension() == "xml";
        named && !self.bytes.is_empty() || self.extension() == "vml"
    }

    /// The extension of its name, lower case.
    pub(crate) fn extension(&self) -> String {
        self.name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default()
    }

    /// The relationship of this id.
    pub(crate) fn relationship(&self, id: &str) -> Option<&Relationship> {
        self.relationships.iter().find(|relationship| relationship.id == id)
    }

    /// The relationships of this kind.
    pub(crate) fn related(&self, kind: &str) -> impl Iterator<Item = &Relationship> {
        self.relationships.iter().filter(move |relationship| relationship.kind == kind)
    }
}

/// An opened package.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) parts: Vec<Part>,
    /// Relationships of the package as a whole.
    pub(crate) relationships: Vec<Relationship>,
    /// Names of `.rels` members whose part does not exist.
    pub(crate) stray_relationships: Vec<String>,
    /// Names in `Override` of `[Content_Types].xml` that are no part.
    pub(crate) stray_overrides: Vec<String>,
}

impl Package {
    /// Unpacks a package. `charge` is called with the size of each member while it is read; `most` bounds them together.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when it is no package, [`crate::Reason::OverLimit`] when a budget is exceeded.
    pub(crate) fn open(bytes: &[u8], limits: &Limits, charge: Charge<'_>, most: u64) -> Result<Self, Refusal> {
        let members = members(bytes, limits, charge, most)?;
        let mut types = ContentTypes::default();
        let (mut parts, mut rels) = (Vec::new(), Vec::new());
        for (name, bytes) in members {
            if name.eq_ignore_ascii_case("[content_types].xml") {
                types = ContentTypes::read(&bytes, limits).map_err(|refusal| refusal.in_part(&name))?;
            } else if is_relationships(&name) {
                rels.push((name, bytes));
            } else {
                parts.push(Part { name, bytes: bytes.into(), content_type: None, relationships: Vec::new() });
            }
        }
        let mut index = HashMap::with_capacity(parts.len());
        for (at, part) in parts.iter_mut().enumerate() {
            part.content_type = types.of(&part.name);
            index.entry(part.name.to_lowercase()).or_insert(at);
        }
        let stray_overrides = types.overrides.keys().filter(|name| !index.contains_key(*name)).cloned().collect();
        let mut package = Self { parts, relationships: Vec::new(), stray_relationships: Vec::new(), stray_overrides };
        for (name, bytes) in rels {
            let source = source_of(&name);
            let lines = relationships(&bytes, &source, &index, limits).map_err(|refusal| refusal.in_part(&name))?;
            if source.is_empty() {
                package.relationships = lines;
            } else if let Some(part) = index.get(&source.to_lowercase()).and_then(|at| package.parts.get_mut(*at)) {
                part.relationships = lines;
            } else {
                package.stray_relationships.push(name);
            }
        }
        package.name_ink();
        package.stray_overrides.sort();
        Ok(package)
    }

    /// Gives relationships to ink a kind of their own: Office writes them as if they led to data of programs.
    fn name_ink(&mut self) {
        let is_ink: Vec<bool> =
            self.parts.iter().map(|part| part.content_type.as_deref() == Some(ink::CONTENT_TYPE)).collect();
        for relationship in self.parts.iter_mut().flat_map(|part| &mut part.relationships) {
            let Target::Part(at) = relationship.target else { continue };
            if relationship.kind == "customXml" && is_ink.get(at) == Some(&true) {
                "ink".clone_into(&mut relationship.kind);
            }
        }
    }

    /// As [`Self::open`], of the copy, which may be open already.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(crate) fn of_copy(
        bytes: &[u8],
        context: &Context<'_>,
        charge: Charge<'_>,
        most: u64,
    ) -> Result<Rc<Self>, Refusal> {
        let place = context.opened().map(|opened| &opened.ooxml);
        opened::package(place, bytes, charge, |charge| Self::open(bytes, context.limits, charge, most))
    }

    /// The part that `_rels/.rels` names as the document.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when there is none.
    pub(crate) fn main(&self) -> Result<usize, Refusal> {
        self.relationships
            .iter()
            .filter(|relationship| relationship.kind == "officeDocument" || relationship.kind == "document")
            .find_map(|relationship| match relationship.target {
                Target::Part(at) => Some(at),
                _ => None,
            })
            .ok_or_else(|| Refusal::damaged("the package does not say which part is the document"))
    }

    /// The part of this index.
    pub(crate) fn part(&self, at: usize) -> Result<&Part, Refusal> {
        self.parts.get(at).ok_or_else(|| Refusal::damaged("a part is missing"))
    }

    /// The part that a relationship id of another part points to.
    pub(crate) fn follow(&self, from: usize, id: &str) -> Option<usize> {
        match self.parts.get(from)?.relationship(id)?.target {
            Target::Part(at) => Some(at),
            _ => None,
        }
    }

    /// The first part that another part has a relationship of this kind to.
    pub(crate) fn first(&self, from: usize, kind: &str) -> Option<usize> {
        self.parts.get(from)?.related(kind).find_map(|relationship| match relationship.target {
            Target::Part(at) => Some(at),
            _ => None,
        })
    }

    /// All relationships, with the name of the part they start from (empty for the package).
    pub(crate) fn all_relationships(&self) -> impl Iterator<Item = (&str, &Relationship)> {
        let own = self.relationships.iter().map(|relationship| ("", relationship));
        own.chain(self.parts.iter().flat_map(|part| part.relationships.iter().map(|r| (part.name.as_str(), r))))
    }

    /// For each part, whether it can be reached from the package.
    pub(crate) fn reachable(&self) -> Vec<bool> {
        let mut reached = vec![false; self.parts.len()];
        let mut open: Vec<&Relationship> = self.relationships.iter().collect();
        while let Some(relationship) = open.pop() {
            let Target::Part(at) = relationship.target else { continue };
            let Some(seen) = reached.get_mut(at) else { continue };
            if !std::mem::replace(seen, true) {
                open.extend(self.parts.get(at).into_iter().flat_map(|part| &part.relationships));
            }
        }
        reached
    }
}

/// What `[Content_Types].xml` says.
#[derive(Debug, Default)]
struct ContentTypes {
    defaults: HashMap<String, String>,
    overrides: HashMap<String, String>,
}

impl ContentTypes {
    fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Refusal> {
        let text = decode(bytes)?;
        let outline = Outline::read(&text, limits)?;
        let mut reader = outline.reader(&text);
        let mut types = Self::default();
        while let Some(token) = reader.next() {
            let Token::Start(element) = token else { continue };
            let kind = element.plain("ContentType").map(str::to_ascii_lowercase);
            match (element.local, element.plain("Extension"), element.plain("PartName"), kind) {
                ("Default", Some(extension), _, Some(kind)) => {
                    types.defaults.insert(extension.to_lowercase(), kind);
                }
                ("Override", _, Some(name), Some(kind)) => {
                    types.overrides.insert(percent_decode(name).trim_start_matches('/').to_lowercase(), kind);
                }
                _ => {}
            }
        }
        Ok(types)
    }

    fn of(&self, name: &str) -> Option<String> {
        let name = name.to_lowercase();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        self.overrides.get(&name).or_else(|| self.defaults.get(extension)).cloned()
    }
}

fn is_relationships(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.ends_with(".rels") && (lower.starts_with("_rels/") || lower.contains("/_rels/"))
}

/// `word/_rels/document.xml.rels` → `word/document.xml`; `_rels/.rels` → nothing.
fn source_of(rels: &str) -> String {
    let (folder, file) = rels.rsplit_once('/').unwrap_or(("", rels));
    let folder = folder.get(..folder.len().saturating_sub("_rels".len())).unwrap_or_default();
    let file = file.get(..file.len().saturating_sub(".rels".len())).unwrap_or_default();
    if file.is_empty() { String::new() } else { format!("{folder}{file}") }
}

fn relationships(
    bytes: &[u8],
    source: &str,
    index: &HashMap<String, usize>,
    limits: &Limits,
) -> Result<Vec<Relationship>, Refusal> {
    let text = decode(bytes)?;
    let outline = Outline::read(&text, limits)?;
    let mut reader = outline.reader(&text);
    let mut lines = Vec::new();
    while let Some(token) = reader.next() {
        let Token::Start(element) = token else { continue };
        if element.local != "Relationship" {
            continue;
        }
        let get = |name| element.plain(name).unwrap_or_default();
        // A target that is only a fragment is a place in the document, whichever mode it was written in.
        let outside = get("TargetMode").eq_ignore_ascii_case("external") || get("Target").starts_with('#');
        let target = if outside {
            Target::External(get("Target").to_owned())
        } else {
            let name = resolve(source, get("Target"));
            index.get(&name.to_lowercase()).map_or(Target::Missing(name), |at| Target::Part(*at))
        };
        let kind = get("Type").rsplit('/').next().unwrap_or_default().to_owned();
        let is_published = relationship_types::is_published(get("Type"));
        lines.push(Relationship { id: get("Id").to_owned(), kind, is_published, target });
    }
    Ok(lines)
}

/// The part name that a target means, seen from a part (RFC 3986, section 5.2, without queries).
fn resolve(source: &str, target: &str) -> String {
    let target = target.split('#').next().unwrap_or_default().replace('\\', "/");
    if target.is_empty() {
        return source.to_owned(); // a place in the part itself
    }
    let target = percent_decode(&target);
    let mut segments: Vec<&str> = match source.rsplit_once('/') {
        Some((folder, _)) if !target.starts_with('/') => folder.split('/').collect(),
        _ => Vec::new(),
    };
    for segment in target.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets() {
        for (source, target, name) in [
            ("", "word/document.xml", "word/document.xml"),
            ("", "/word/document.xml", "word/document.xml"),
            ("word/document.xml", "media/image1.png", "word/media/image1.png"),
            ("ppt/slides/slide1.xml", "../media/a%20b.png", "ppt/media/a b.png"),
            ("word/document.xml", "../../../x.xml", "x.xml"),
            ("ppt/slides/slide1.xml", "#_ftn1", "ppt/slides/slide1.xml"),
            ("word/document.xml", "a%zz.xml#frag", "word/a%zz.xml"),
        ] {
            assert_eq!(resolve(source, target), name);
        }
        assert_eq!(source_of("word/_rels/document.xml.rels"), "word/document.xml");
        assert_eq!(source_of("_rels/.rels"), "");
        assert_eq!(source_of("_rels/a.xml.rels"), "a.xml");
    }
}
