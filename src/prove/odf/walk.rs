//! The walk over a file that makes its essence digest: the document, and along its links the documents and pictures in it.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::package::Package;
use super::seen::Seen;
use super::story::Story;
use crate::formats::{Context, Surroundings};
use crate::identify::identify;
use crate::kind::Family;
use crate::prove::xml::Token;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::odf::Odf;
use crate::prove::xml::stream::{Digest32, Stream};
use crate::prove::{Side, prover_for};
use crate::refusal::{Reason, Refusal};

/// A walk over one file.
pub(crate) struct Walk<'w> {
    pub(crate) package: &'w Package,
    pub(crate) context: &'w Context<'w>,
    side: Side,
    /// What was seen so far.
    pub(crate) seen: Seen,
    /// For each member, whether something shown leads to it.
    pub(crate) reached: Vec<bool>,
    documents: HashMap<String, Digest32>,
    media: HashMap<usize, Digest32>,
    open: Vec<String>,
}

impl<'w> Walk<'w> {
    pub(crate) fn new(package: &'w Package, side: Side, context: &'w Context<'w>) -> Self {
        Self {
            package,
            context,
            side,
            seen: Seen::default(),
            reached: vec![false; package.members.len()],
            documents: HashMap::new(),
            media: HashMap::new(),
            open: Vec::new(),
        }
    }

    /// The digest of the document in this folder, `None` when the walk is already within it.
    ///
    /// # Errors
    /// A [`Refusal`] when a part cannot be read.
    pub(crate) fn document(&mut self, folder: &str) -> Result<Option<Digest32>, Refusal> {
        if self.open.iter().any(|open| open == folder) {
            return Ok(None);
        }
        if let Some(digest) = self.documents.get(folder) {
            return Ok(Some(*digest));
        }
        if self.open.len() as u64 >= self.context.limits.package_depth {
            return Err(Refusal::over_limit("package-depth", "documents lie too deep in documents"));
        }
        self.open.push(folder.to_owned());
        let mut stream = Stream::default();
        let package = self.package;
        for part in package.parts(folder) {
            let Some(xml) = part.xml(self.context.limits)? else { continue };
            let read = Story::new(self, folder, xml.reader()).read();
            let digest = read.map_err(|refusal| name_part(refusal, &part.name))?.finish();
            stream.mark(part.name.strip_prefix(folder).unwrap_or_default(), &digest);
            if let Some(at) = package.find(&part.name) {
                self.reach(at);
            }
        }
        self.open.pop();
        let digest = stream.finish();
        self.documents.insert(folder.to_owned(), digest);
        Ok(Some(digest))
    }

    /// True for charts and formulas: programs draw them anew, whatever preview is beside them.
    pub(crate) fn is_redrawn(&self, folder: &str) -> Result<bool, Refusal> {
        let Some(content) = self.package.get(&format!("{folder}content.xml")) else { return Ok(false) };
        let Some(xml) = content.xml(self.context.limits)? else { return Ok(false) };
        let mut reader = xml.reader();
        let mut in_body = false;
        while let Some(token) = reader.next() {
            let Token::Start(element) = token else { continue };
            if element.ns == Ns::Odf(Odf::MathMl) {
                return Ok(reader.depth() == 1);
            }
            if in_body {
                return Ok(element.is(Ns::Odf(Odf::Office), "chart"));
            }
            in_body = element.is(Ns::Odf(Odf::Office), "body");
        }
        Ok(false)
    }

    /// Notes that something shown leads to a member.
    pub(crate) fn reach(&mut self, at: usize) {
        if let Some(reached) = self.reached.get_mut(at) {
            *reached = true;
        }
    }

    /// The digest of a picture or another member that is no document.
    pub(crate) fn medium(&mut self, at: usize) -> Result<Digest32, Refusal> {
        self.reach(at);
        if let Some(digest) = self.media.get(&at) {
            return Ok(*digest);
        }
        let package = self.package;
        let Some(member) = package.members.get(at) else { return Err(Refusal::damaged("a member is missing")) };
        let digest = self.bytes(&member.name, &member.bytes)?;
        self.media.insert(at, digest);
        Ok(digest)
    }

    /// The digest of a file in this one: by the proof of its own kind where there is one and it can be read, else byte for
    /// byte. Which of the two is part of the digest.
    pub(crate) fn bytes(&self, name: &str, bytes: &[u8]) -> Result<Digest32, Refusal> {
        let kind = identify(bytes, name).kind;
        let read = prover_for(kind).filter(|_| kind.family() != Family::Text).map(|prover| {
            let inside = self.context.inside(Surroundings::Package)?;
            prover.essence(kind, bytes, self.side, &inside)
        });
        let mut stream = Stream::default();
        match read {
            Some(Ok(essence)) => stream.mark("essence", &essence.0),
            Some(Err(refusal)) if refusal.reason == Reason::OverLimit => return Err(name_part(refusal, name)),
            _ => stream.mark("bytes", &Sha256::digest(bytes)),
        }
        Ok(stream.finish())
    }
}

/// Names the part of a refusal, unless an inner part is named already.
fn name_part(refusal: Refusal, part: &str) -> Refusal {
    if refusal.part.is_empty() { refusal.in_part(part) } else { refusal }
}
