//! A start tag with its attributes, which remembers how it was written.

use std::borrow::Cow;
use std::collections::HashSet;

use quick_xml::events::attributes::Attributes;

use super::names::Ns;
use super::scope::Scope;
use crate::limits::XmlLimits;
use crate::refusal::Refusal;

/// An attribute. The value is kept as written, entities and all.
#[derive(Debug, Clone)]
pub(in crate::formats) struct Attribute<'x> {
    /// Its namespace; [`Ns::None`] without a prefix.
    pub(in crate::formats) ns: Ns,
    /// Its name without the prefix.
    pub(in crate::formats) local: &'x str,
    name: &'x str,
    raw: Cow<'x, str>,
}

impl Attribute<'_> {
    /// The value with entities resolved.
    pub(in crate::formats) fn value(&self) -> Cow<'_, str> {
        quick_xml::escape::unescape(&self.raw).unwrap_or(Cow::Borrowed(&self.raw))
    }
}

/// A start tag, or an element without content.
#[derive(Debug, Clone)]
pub(in crate::formats) struct Element<'x> {
    /// Its namespace.
    pub(in crate::formats) ns: Ns,
    /// Its name without the prefix.
    pub(in crate::formats) local: &'x str,
    /// True when it was written `<a/>`.
    pub(in crate::formats) empty: bool,
    /// Where it stands in the text of the part: two passes over one text know an element by this.
    pub(in crate::formats) offset: usize,
    name: &'x str,
    raw: &'x str,
    attributes: Vec<Attribute<'x>>,
    changed: bool,
}

impl<'x> Element<'x> {
    /// Reads a tag, `raw` being all of it from `<` to `>`, `depth` being 1 for the root. Its declarations go into `scope`.
    pub(super) fn read(
        raw: &'x str,
        offset: usize,
        depth: u32,
        empty: bool,
        scope: &mut Scope<'x>,
        limits: &XmlLimits,
    ) -> Result<Self, Refusal> {
        let broken = || Refusal::damaged("the XML has a broken tag");
        let inner = raw.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).ok_or_else(broken)?;
        let inner = if empty { inner.strip_suffix('/').unwrap_or(inner) } else { inner };
        let length = inner.find(|c: char| c.is_ascii_whitespace()).unwrap_or(inner.len());
        let name = inner.get(..length).ok_or_else(broken)?;
        limits.check_text(inner)?;
        limits.check_name(name)?;
        let mut attributes: Vec<Attribute<'x>> = Vec::new();
        for (index, attribute) in Attributes::new(inner, length).with_checks(false).enumerate() {
            let attribute = attribute.map_err(|_| broken())?;
            let key = attribute.key.0;
            limits.check_attribute(index, key)?;
            let mut ns = Ns::None;
            if key == "xmlns" || key.starts_with("xmlns:") {
                ns = Ns::Xmlns;
                scope.declare(key, &attribute.value, depth)?;
            }
            let local = key.rsplit_once(':').map_or(key, |(_, local)| local);
            attributes.push(Attribute { ns, local, name: key, raw: attribute.value });
        }
        if repeats(&attributes) {
            return Err(broken());
        }
        // Not before all declarations of the tag are known.
        for attribute in attributes.iter_mut().filter(|attribute| attribute.ns != Ns::Xmlns) {
            attribute.ns = scope.attribute(attribute.name)?;
        }
        let ns = scope.element(name)?;
        let local = name.rsplit_once(':').map_or(name, |(_, local)| local);
        Ok(Self { ns, local, empty, offset, name, raw, attributes, changed: false })
    }

    /// True for an element of this name.
    pub(in crate::formats) fn is(&self, ns: Ns, local: &str) -> bool {
        self.ns == ns && self.local == local
    }

    /// The attributes as they are now.
    pub(in crate::formats) fn attributes(&self) -> &[Attribute<'x>] {
        &self.attributes
    }

    /// The value of an attribute with entities resolved.
    pub(in crate::formats) fn get(&self, ns: Ns, local: &str) -> Option<Cow<'_, str>> {
        self.attributes.iter().find(|a| a.ns == ns && a.local == local).map(Attribute::value)
    }

    /// The value of an attribute in the namespace of the element or in none, as `w:val` and Excel's `val` are.
    pub(in crate::formats) fn own(&self, local: &str) -> Option<Cow<'_, str>> {
        self.get(self.ns, local).or_else(|| self.get(Ns::None, local))
    }

    /// An attribute that says yes or no (ST_OnOff, xsd:boolean); `None` without it.
    pub(in crate::formats) fn flag(&self, local: &str) -> Option<bool> {
        self.own(local).map(|value| !matches!(value.trim(), "0" | "false" | "off" | "none"))
    }

    /// Takes an attribute out and returns its value.
    pub(in crate::formats) fn take(&mut self, ns: Ns, local: &str) -> Option<String> {
        let index = self.attributes.iter().position(|a| a.ns == ns && a.local == local)?;
        self.changed = true;
        Some(self.attributes.remove(index).value().into_owned())
    }

    /// Takes out the attributes for which `unwanted` says so, handing each to it once.
    pub(in crate::formats) fn strip(&mut self, mut unwanted: impl FnMut(&Attribute<'x>) -> bool) {
        let before = self.attributes.len();
        self.attributes.retain(|attribute| attribute.ns == Ns::Xmlns || !unwanted(attribute));
        self.changed |= self.attributes.len() != before;
    }

    /// Gives an attribute that exists another value.
    pub(in crate::formats) fn set(&mut self, ns: Ns, local: &str, value: &str) {
        if let Some(attribute) = self.attributes.iter_mut().find(|a| a.ns == ns && a.local == local) {
            attribute.raw = Cow::Owned(quick_xml::escape::escape(value).into_owned());
            self.changed = true;
        }
    }

    /// Makes an element that was written `<a/>` one that has content.
    pub(in crate::formats) fn open(&mut self) {
        if self.empty {
            self.empty = false;
            self.changed = true;
        }
    }

    /// The namespace declarations on this element.
    pub(super) fn declarations(&self) -> impl Iterator<Item = &Attribute<'x>> {
        self.attributes.iter().filter(|attribute| attribute.ns == Ns::Xmlns)
    }

    /// Adds the declarations of an element that was taken away around this one.
    pub(super) fn inherit(&mut self, declarations: &[Attribute<'x>]) {
        for declaration in declarations {
            if !self.attributes.iter().any(|attribute| attribute.name == declaration.name) {
                self.attributes.push(declaration.clone());
                self.changed = true;
            }
        }
    }

    /// The name with its prefix.
    pub(in crate::formats) fn name(&self) -> &'x str {
        self.name
    }

    /// Writes the tag: as it came when nothing was changed.
    pub(in crate::formats) fn write(&self, out: &mut String) {
        if !self.changed {
            out.push_str(self.raw);
            return;
        }
        out.push('<');
        out.push_str(self.name);
        for attribute in &self.attributes {
            let quote = if attribute.raw.contains('"') { '\'' } else { '"' };
            out.push(' ');
            out.push_str(attribute.name);
            out.push('=');
            out.push(quote);
            out.push_str(&attribute.raw);
            out.push(quote);
        }
        out.push_str(if self.empty { "/>" } else { ">" });
    }
}

/// True when two attributes have one name. Of many each is hashed, so that the time does not grow with their square.
fn repeats(attributes: &[Attribute<'_>]) -> bool {
    if attributes.len() > 16 {
        let mut names = HashSet::with_capacity(attributes.len());
        return !attributes.iter().all(|attribute| names.insert(attribute.name));
    }
    let mut rest = attributes;
    while let Some((first, behind)) = rest.split_first() {
        if behind.iter().any(|other| other.name == first.name) {
            return true;
        }
        rest = behind;
    }
    false
}
