//! Where the elements of a part lead.

use super::super::package::Target;
use super::{Story, decode_base64};
use crate::prove::links::is_private;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::odf::Odf;
use crate::prove::xml::{Attribute, Element, Token};
use crate::refusal::Refusal;

impl<'x> Story<'_, '_, 'x> {
    /// Where a link of an element that counts leads.
    pub(super) fn link(&mut self, element: &Element<'x>, attribute: &Attribute<'x>) -> Result<(), Refusal> {
        let href = attribute.value;
        if is_link(element) {
            self.walk.seen.links.push(href.to_owned());
            return Ok(());
        }
        let digest = match self.walk.package.resolve(self.folder, href) {
            Target::Here => href.as_bytes().to_vec(),
            Target::Outside => {
                self.walk.seen.outside.push(href.to_owned());
                return Ok(());
            }
            Target::Document(folder) => {
                let is_redrawn = element.local == "object" && self.walk.is_redrawn(&folder)?;
                if let Some(frame) = self.frames.last_mut().filter(|_| is_redrawn) {
                    frame.has_object = true;
                }
                self.walk.document(&folder)?.map(|digest| digest.to_vec()).unwrap_or_default()
            }
            Target::Member(at) => self.walk.medium(at)?.to_vec(),
        };
        self.out.attribute(attribute.ns, attribute.local, &digest);
        Ok(())
    }

    /// True for a link out of the file, into somebody's machine or network.
    pub(super) fn leads_astray(&self, href: &str) -> bool {
        self.walk.package.resolve(self.folder, href) == Target::Outside && is_private(href)
    }

    pub(super) fn unwrapped(&mut self, element: &Element<'x>) {
        let target = href(element);
        if is_link(element) {
            let action = element.attribute(Ns::Odf(Odf::Presentation), "action");
            let words: Vec<&str> = action.into_iter().chain(target).collect();
            self.walk.seen.links.push(words.join(" "));
        } else if let Some(target) = target {
            match self.walk.package.resolve(self.folder, target) {
                Target::Member(at) => self.walk.reach(at),
                Target::Outside => self.walk.seen.outside.push(target.to_owned()),
                _ => {}
            }
        }
    }

    /// The preview of a table or object: programs draw it anew, so it is no part of the essence. Its file is proved all the same.
    pub(super) fn preview(&mut self, element: &Element<'x>) -> Result<(), Refusal> {
        let package = self.walk.package;
        if let Some(Target::Member(at)) = href(element).map(|href| package.resolve(self.folder, href)) {
            self.walk.reach(at);
        }
        let outside = self.reader.depth().saturating_sub(1);
        let mut binary: Option<String> = None;
        while self.reader.depth() > outside {
            match self.reader.next() {
                Some(Token::Start(element)) if element.is(Ns::Odf(Odf::Office), "binary-data") => {
                    binary = Some(String::new());
                }
                Some(Token::Text(text)) => {
                    if let Some(binary) = binary.as_mut() {
                        binary.push_str(text);
                    }
                }
                Some(Token::End) => {
                    if let Some(text) = binary.take() {
                        self.walk.seen.binaries.push(decode_base64(&text)?);
                    }
                }
                Some(_) => {}
                None => break,
            }
        }
        Ok(())
    }
}

/// Elements whose link a reader can follow. Elsewhere a link is where content comes from.
fn is_link(element: &Element<'_>) -> bool {
    match element.ns {
        Ns::Odf(Odf::Text | Odf::Presentation) => matches!(element.local, "a" | "event-listener"),
        Ns::Odf(Odf::Draw) => element.local == "a" || element.local.starts_with("area-"),
        Ns::Odf(Odf::Form) => true,
        _ => false,
    }
}

/// Where a link leads, if it leads anywhere.
pub(super) fn href<'e>(element: &'e Element<'_>) -> Option<&'e str> {
    element.attribute(Ns::Odf(Odf::XLink), "href").filter(|href| !href.is_empty())
}
