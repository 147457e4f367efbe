//! The text of OpenDocument files, packages and flat XML, with the places it stands in.
//!
//! The content comes first, sheets and slides in their order, then styles with page headers and footers, properties and
//! settings; the documents in it follow in the same way. After them every other member is read, whatever it is: XML that no
//! reader of ours knows still gives the text between its tags and the attributes that hold words, and a file is read by the
//! extractor of its kind, or listed as unread.

mod attributes;
mod flow;
mod hidden;
mod lines;
mod sheet;
mod state;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::files::{self, embed};
use super::{Extraction, Extractor, Place, Scope, Unread};
use crate::formats::Context;
use crate::kind::Kind;
use crate::prove::odf::KINDS;
use crate::prove::odf::package::{Member, Package, Target};
use crate::refusal::{Reason, Refusal};

use flow::Flow;
use hidden::Hidden;

/// Parts of every document, and the scope of text in them that says nothing else about itself.
const PARTS: [(&str, Scope); 4] = [
    ("content.xml", Scope::Body),
    ("styles.xml", Scope::Body),
    ("meta.xml", Scope::Metadata),
    ("settings.xml", Scope::Metadata),
];

/// What flat XML is called in places.
const FLAT: &str = "document";

/// Reads OpenDocument files.
pub(super) struct OdfExtractor;

impl Extractor for OdfExtractor {
    fn kinds(&self) -> &'static [Kind] {
        KINDS
    }

    fn extract(&self, kind: Kind, bytes: &[u8], context: &Context<'_>) -> Result<Extraction, Refusal> {
        let left = context.decompressed_left();
        let package = Package::of_copy(kind, bytes, context, &|count| context.charge_decompressed(count), left)?;
        let mut reading = Reading { package: &package, context, done: vec![false; package.members.len()] };
        reading.file()
    }
}

/// A file that is being read.
struct Reading<'p> {
    package: &'p Package,
    context: &'p Context<'p>,
    /// For each member, whether it was read.
    done: Vec<bool>,
}

impl Reading<'_> {
    fn file(&mut self) -> Result<Extraction, Refusal> {
        let mut out = Extraction::default();
        let package = self.package;
        if let Some(member) = package.members.first().filter(|_| package.is_flat) {
            let hidden = self.hidden(&[member])?;
            self.part(member, FLAT, Scope::Body, &hidden, &mut out)?;
            return Ok(out);
        }
        self.document("", &mut out)?;
        for member in &package.members {
            let folder = member.folder();
            if !folder.is_empty() && member.name == format!("{folder}content.xml") {
                let mut inner = Extraction::default();
                self.document(folder, &mut inner)?;
                embed(folder.trim_end_matches('/'), inner, &mut out);
            }
        }
        for (at, member) in package.members.iter().enumerate() {
            let is_told = matches!(member.name.as_str(), "mimetype" | "META-INF/manifest.xml");
            if !is_told && !self.done.get(at).copied().unwrap_or_default() {
                self.other(member, &mut out)?;
            }
        }
        Ok(out)
    }

    /// The document in a folder.
    fn document(&mut self, folder: &str, out: &mut Extraction) -> Result<(), Refusal> {
        let package = self.package;
        let part = |name: &str| package.find(&format!("{folder}{name}"));
        let styled = ["styles.xml", "content.xml"].into_iter().filter_map(|name| package.members.get(part(name)?));
        let hidden = self.hidden(&styled.collect::<Vec<_>>())?;
        for (name, scope) in PARTS {
            let Some(at) = part(name) else { continue };
            if let (Some(done), Some(member)) = (self.done.get_mut(at), package.members.get(at)) {
                *done = true;
                self.part(member, name, scope, &hidden, out)?;
            }
        }
        Ok(())
    }

    fn hidden(&self, members: &[&Member]) -> Result<Hidden, Refusal> {
        let mut hidden = Hidden::default();
        for member in members {
            if let Some(xml) = member.xml(self.context.limits)? {
                hidden.add(xml.reader());
            }
        }
        Ok(hidden)
    }

    fn part(
        &self,
        member: &Member,
        name: &str,
        scope: Scope,
        hidden: &Hidden,
        out: &mut Extraction,
    ) -> Result<(), Refusal> {
        let Some(xml) = member.xml(self.context.limits)? else { return Ok(()) };
        let is_inside = |href: &str| self.package.resolve(member.folder(), href) != Target::Outside;
        let found = Flow::new(name, scope, hidden, &is_inside).read(xml.reader());
        out.spans.extend(found.spans);
        for (number, data) in (1_u32..).zip(&found.files) {
            let name = format!("picture {number}");
            match STANDARD.decode(data.split_ascii_whitespace().collect::<String>()) {
                Ok(bytes) => files::read(&name, &bytes, false, self.context, out)?,
                Err(_) => {
                    let why = "it is no base64".to_owned();
                    out.unread.push(Unread { place: Place::Part { part: name }, why, expected: false });
                }
            }
        }
        Ok(())
    }

    /// A member that is no part of a document.
    fn other(&self, member: &Member, out: &mut Extraction) -> Result<(), Refusal> {
        if ![".xml", ".rdf"].iter().any(|ending| member.name.ends_with(ending)) {
            return files::read(&member.name, &member.bytes, member.folder().ends_with("Fonts/"), self.context, out);
        }
        match self.part(member, &member.name, Scope::Metadata, &Hidden::default(), out) {
            Err(refusal) if refusal.reason == Reason::Damaged => {
                let why = format!("it cannot be read: {}", refusal.detail);
                let place = Place::Part { part: member.name.clone() };
                out.unread.push(Unread { place, why, expected: false });
                Ok(())
            }
            other => other,
        }
    }
}
