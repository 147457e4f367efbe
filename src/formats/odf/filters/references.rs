//! Where links lead: to members of the package, which get into the copy by that, to places that anybody may know, or to
//! somebody's disk or network (ODF 1.3 part 3, 19.918; part 2, 3.7).

use std::collections::BTreeSet;

use super::active::is_script;
use crate::formats::links;
use crate::formats::xml::{Element, Filter, Notes, Ns, Odf, Path, Step};
use crate::formats::zip_container;
use crate::policy::Class;
use crate::refusal::Refusal;

/// Something in the package that a document refers to, by its key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::formats::odf) enum Reference {
    /// A picture.
    Picture(String),
    /// A document in a folder; the key ends with a slash.
    Document(String),
    /// An object that is one member: an OLE object, an Office document.
    Object(String),
    /// A font.
    Font(String),
    /// Sound, video and whatever else.
    Media(String),
}

/// What there is in a package to refer to.
#[derive(Debug, Default)]
pub(in crate::formats::odf) struct Members {
    /// The keys of all members.
    pub(in crate::formats::odf) keys: BTreeSet<String>,
    /// Folders of documents that every program draws anew: charts and formulas.
    pub(in crate::formats::odf) redrawn: BTreeSet<String>,
    /// Pictures that no handler cleans.
    pub(in crate::formats::odf) opaque: BTreeSet<String>,
}

impl Members {
    /// The member or the folder of a document that a link leads to.
    fn resolve(&self, folder: &str, href: &str) -> Option<String> {
        let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
        for step in href.strip_prefix('#').unwrap_or(href).trim_end_matches('/').split('/') {
            match step {
                "." => {}
                ".." => drop(steps.pop()?),
                "" => return None,
                step => steps.push(step),
            }
        }
        let key = zip_container::key(&steps.join("/"));
        if self.keys.contains(&key) {
            return Some(key);
        }
        let document = format!("{key}/");
        self.keys.contains(&format!("{document}content.xml")).then_some(document)
    }
}

/// Judges links and notes what is referred to.
pub(in crate::formats::odf) struct References<'s> {
    members: &'s Members,
    folder: &'s str,
    /// What remains refers to this.
    pub(in crate::formats::odf) used: BTreeSet<Reference>,
    /// How deep the content of open frames lies that every program draws anew, so that no preview is needed.
    redrawn: Vec<usize>,
}

impl<'s> References<'s> {
    /// A filter for a part of the document in `folder`, which is empty or ends with a slash.
    pub(in crate::formats::odf) fn new(members: &'s Members, folder: &'s str) -> Self {
        Self { members, folder, used: BTreeSet::new(), redrawn: Vec::new() }
    }

    /// A link into the package.
    fn inside(&mut self, element: &Element<'_>, key: String, path: &Path<'_>, notes: &mut Notes<'_>) -> Step {
        let picture = is_picture(element);
        if element.is(Ns::Odf(Odf::Draw), "object") && self.members.redrawn.contains(&key) {
            self.redrawn.push(path.depth());
        }
        if picture && self.redrawn.last() == Some(&path.depth()) && self.members.opaque.contains(&key) {
            notes.removed(Class::ContentThumbnails, "preview of an object");
            return Step::Drop;
        }
        self.used.insert(match element.local {
            _ if key.ends_with('/') => Reference::Document(key),
            _ if picture => Reference::Picture(key),
            "object" | "object-ole" => Reference::Object(key),
            "font-face-uri" => Reference::Font(key),
            _ => Reference::Media(key),
        });
        Step::Keep
    }
}

/// True for a link to a member that the package does not have. It leads nowhere and tells nothing.
fn is_missing(href: &str) -> bool {
    const FOLDERS: &[&str] = &["Pictures/", "ObjectReplacements/", "Object ", "media/"];
    let path = href.strip_prefix("./").unwrap_or(href);
    let folder = FOLDERS.iter().find_map(|folder| path.strip_prefix(folder));
    folder.is_some_and(|name| {
        name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ' ')) && !name.contains("..")
    })
}

/// Elements that show the picture that they link to.
fn is_picture(element: &Element<'_>) -> bool {
    let Ns::Odf(ns) = element.ns else { return false };
    matches!(
        (ns, element.local),
        (Odf::Draw, "image" | "fill-image")
            | (Odf::Style, "background-image")
            | (Odf::Text, "list-level-style-image")
            | (Odf::Form, "image")
    )
}

/// What a link from an element is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// A reader follows it; without it the text stays.
    Follow,
    /// Content is loaded; the element is of no use without it.
    Load,
    /// Data is loaded; the element is of no use without it.
    Connect,
    /// Anything else: the element stays without the link.
    Other,
}

fn purpose(element: &Element<'_>) -> Purpose {
    let Ns::Odf(ns) = element.ns else { return Purpose::Other };
    match (ns, element.local) {
        (Odf::Text | Odf::Draw, "a") => Purpose::Follow,
        (Odf::Draw, "image" | "fill-image" | "object" | "object-ole" | "plugin" | "applet" | "floating-frame")
        | (Odf::Style, "background-image")
        | (Odf::Svg, "font-face-uri" | "definition-src")
        | (Odf::Presentation, "sound")
        | (Odf::Animation, "audio" | "video")
        | (Odf::Table, "table-source")
        | (Odf::Text, "section-source" | "alphabetical-index-auto-mark-file") => Purpose::Load,
        (Odf::Table, "cell-range-source") => Purpose::Connect,
        _ => Purpose::Other,
    }
}

impl Filter for References<'_> {
    fn start(&mut self, element: &mut Element<'_>, path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        if element.is(Ns::Odf(Odf::Table), "table") && path.parent_is(Ns::Odf(Odf::Draw), "frame") {
            self.redrawn.push(path.depth());
        }
        let attribute = if element.local == "bibliography-mark" { Odf::Text } else { Odf::XLink };
        let local = if attribute == Odf::Text { "url" } else { "href" };
        let Some(href) = element.get(Ns::Odf(attribute), local).map(|href| href.trim().to_owned()) else {
            return Ok(Step::Keep);
        };
        if let Some(key) = self.members.resolve(self.folder, &href) {
            return Ok(self.inside(element, key, path, notes));
        }
        if href.is_empty() || href.starts_with('#') || is_missing(&href) {
            return Ok(Step::Keep);
        }
        let purpose = purpose(element);
        let class = if is_script(&href) {
            if links::is_script(&href) { Class::ActiveJavascript } else { Class::ActiveActions }
        } else if links::is_local(&href) {
            Class::LinksLocal
        } else {
            match purpose {
                Purpose::Load => notes.found(Class::LinksExternalContent, element.name()),
                Purpose::Connect => notes.found(Class::ContentConnections, element.name()),
                Purpose::Other if is_picture(element) => notes.found(Class::LinksExternalContent, element.name()),
                Purpose::Follow | Purpose::Other => {}
            }
            return Ok(Step::Keep);
        };
        notes.value(class, &format!("{} target", element.name()), &href);
        Ok(match purpose {
            Purpose::Follow => Step::Unwrap,
            Purpose::Load | Purpose::Connect => Step::Drop,
            Purpose::Other => {
                element.take(Ns::Odf(attribute), local);
                Step::Keep
            }
        })
    }

    fn end(&mut self, _ns: Ns, _local: &str, path: &Path<'_>, _notes: &mut Notes<'_>) {
        if self.redrawn.last().is_some_and(|depth| path.depth() < *depth) {
            self.redrawn.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_into_the_package() {
        let keys = ["pictures/a b.png", "object 1/content.xml", "object 1/pictures/c.png", "object 2"];
        let members = Members { keys: keys.iter().map(|key| (*key).to_owned()).collect(), ..Members::default() };
        for (folder, href, key) in [
            ("", "Pictures/a%20b.png", Some("pictures/a b.png")),
            ("", "./Object 1", Some("object 1/")),
            ("", "./Object%201/", Some("object 1/")),
            ("", "#Object 2", Some("object 2")),
            ("Object 1/", "Pictures/c.png", Some("object 1/pictures/c.png")),
            ("Object 1/", "../Pictures/a b.png", Some("pictures/a b.png")),
            ("", "../Pictures/a b.png", None),
            ("", "http://example.org/object 2", None),
        ] {
            assert_eq!(members.resolve(folder, href).as_deref(), key, "{href}");
        }
    }
}
