//! The package: members of the ZIP, the documents in it, and where a link leads (ODF 1.3 part 2).

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use crate::formats::Context;
use crate::kind::Kind;
use crate::limits::Limits;
use crate::prove::links::percent_decode;
use crate::prove::opened::{self, Charge};
use crate::prove::xml::{Content, Xml};
use crate::prove::zip_container::members;
use crate::refusal::Refusal;

/// The parts of a document that are XML and shown.
pub(crate) const SHOWN: [&str; 3] = ["styles.xml", "content.xml", "settings.xml"];

/// A member of the package.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) bytes: Content,
}

impl Member {
    /// The XML of the member, `None` when it is empty: such members are normal. An external document type, as old programs
    /// wrote it (`office.dtd`), is left out.
    ///
    /// # Errors
    /// As [`decode`](crate::prove::xml::decode) and [`Outline::read`](crate::prove::xml::Outline::read), with the member named.
    pub(crate) fn xml(&self, limits: &Limits) -> Result<Option<Xml<'_>>, Refusal> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let xml = self.bytes.xml(limits, without_doctype);
        xml.map(Some).map_err(|refusal| refusal.in_part(&self.name))
    }

    /// The folder of the document that the member belongs to, with a slash at its end; empty for the whole file.
    pub(crate) fn folder(&self) -> &str {
        self.name.rfind('/').and_then(|at| self.name.get(..=at)).unwrap_or_default()
    }
}

/// What a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// A document in a folder of this package, with a slash at its end.
    Document(String),
    /// The index of another member.
    Member(usize),
    /// A place in this document.
    Here,
    /// Something outside, or nothing.
    Outside,
}

/// An opened package, or flat XML as a package of one member without a name.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) members: Vec<Member>,
    index: HashMap<String, usize>,
    pub(crate) is_flat: bool,
}

impl Package {
    /// As [`Self::open`], of the copy, which may be open already.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(crate) fn of_copy(
        kind: Kind,
        bytes: &[u8],
        context: &Context<'_>,
        charge: Charge<'_>,
        most: u64,
    ) -> Result<Rc<Self>, Refusal> {
        let place = context.opened().map(|opened| &opened.odf);
        opened::package(place, bytes, charge, |charge| Self::open(kind, bytes, context.limits, charge, most))
    }

    /// Unpacks a package. `charge` is called with the size of each member while it is read; `most` bounds them together.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when it is no package, [`crate::Reason::OverLimit`] when a budget is exceeded.
    pub(crate) fn open(
        kind: Kind,
        bytes: &[u8],
        limits: &Limits,
        charge: Charge<'_>,
        most: u64,
    ) -> Result<Self, Refusal> {
        let is_flat = kind == Kind::FlatOdf;
        let members =
            if is_flat { vec![(String::new(), bytes.to_vec())] } else { members(bytes, limits, charge, most)? };
        let members: Vec<Member> =
            members.into_iter().map(|(name, bytes)| Member { name, bytes: bytes.into() }).collect();
        let mut index = HashMap::with_capacity(members.len());
        for (at, member) in members.iter().enumerate() {
            index.entry(member.name.clone()).or_insert(at);
        }
        let package = Self { members, index, is_flat };
        if !is_flat && package.find("content.xml").is_none() {
            return Err(Refusal::damaged("the package has no content.xml"));
        }
        Ok(package)
    }

    /// The index of the member of this name.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// The member of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Member> {
        self.members.get(self.find(name)?)
    }

    /// The XML parts of the document in this folder that are shown.
    pub(crate) fn parts(&self, folder: &str) -> Vec<&Member> {
        if self.is_flat {
            return self.members.iter().collect();
        }
        SHOWN.iter().filter_map(|name| self.get(&format!("{folder}{name}"))).collect()
    }

    /// True when there is a document in this folder.
    pub(crate) fn is_document(&self, folder: &str) -> bool {
        self.find(&format!("{folder}content.xml")).is_some()
    }

    /// Where a link from the document in `folder` leads. Members are named from there, as URIs or as they are.
    pub(crate) fn resolve(&self, folder: &str, href: &str) -> Target {
        let inside = |name: &str| -> Option<Target> {
            let name = normal(folder, name)?;
            let is_document = |name: &str| self.is_document(&format!("{name}/"));
            match self.find(&name) {
                Some(at) if !name.is_empty() => Some(Target::Member(at)),
                _ if !name.is_empty() && is_document(&name) => Some(Target::Document(format!("{name}/"))),
                _ => None,
            }
        };
        let path = href.strip_prefix('#').unwrap_or(href);
        let found =
            if self.is_flat || path.is_empty() { None } else { inside(path).or_else(|| inside(&percent_decode(path))) };
        found.unwrap_or(if href.starts_with('#') || href.is_empty() { Target::Here } else { Target::Outside })
    }
}

/// The name of a member that a relative path leads to.
fn normal(folder: &str, path: &str) -> Option<String> {
    let mut names: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    for name in path.trim_end_matches('/').split('/') {
        match name {
            "." => {}
            ".." => {
                names.pop()?;
            }
            "" => return None,
            name => names.push(name),
        }
    }
    Some(names.join("/"))
}

/// Leaves out a document type without declarations of its own.
fn without_doctype(text: Cow<'_, str>) -> Cow<'_, str> {
    const NAME: &str = "<!DOCTYPE";
    let head = text.find("<!DOCTYPE").filter(|at| {
        // Only what stands before the root element is one.
        text.get(..*at).is_some_and(|before| !before.split('<').skip(1).any(|tag| !tag.starts_with(['?', '!'])))
    });
    let Some(start) = head else { return text };
    let declaration = text.get(start.saturating_add(NAME.len())..).unwrap_or_default();
    let Some(length) = declaration.find(['>', '[']).filter(|at| declaration.as_bytes().get(*at) == Some(&b'>')) else {
        return text;
    };
    let end = start.saturating_add(NAME.len()).saturating_add(length).saturating_add(1);
    match (text.get(..start), text.get(end..)) {
        (Some(before), Some(behind)) => Cow::Owned(format!("{before}{behind}")),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn document_types() {
        let left = |text: &'static str| without_doctype(Cow::Borrowed(text)).into_owned();
        assert_eq!(left("<?xml version='1.0'?><!DOCTYPE a PUBLIC 'x' 'office.dtd'><a/>"), "<?xml version='1.0'?><a/>");
        for text in ["<a/>", "<!DOCTYPE a [<!ENTITY x 'y'>]><a/>", "<a><![CDATA[<!DOCTYPE b>]]></a>"] {
            assert_eq!(left(text), text);
        }
    }

    #[test]
    fn relative_paths() {
        for (folder, path, name) in [
            ("", "Pictures/a.png", Some("Pictures/a.png")),
            ("", "./Object 1", Some("Object 1")),
            ("Object 1/", "./Object 2/", Some("Object 1/Object 2")),
            ("Object 1/", "../Pictures/a.png", Some("Pictures/a.png")),
            ("", "../a.odt", None),
            ("", "http://example.org/a", None),
        ] {
            assert_eq!(normal(folder, path).as_deref(), name, "{path}");
        }
    }
}
