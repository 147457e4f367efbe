//! Objects that are arrays with a meaning for each place: colour spaces and destinations; and the trees of names and numbers.

use super::super::schema::{Rule, Type};
use super::super::source::{Dictionary, Object};
use super::super::trees::entries;
use super::{FAN_OUT, Rebuild, reference};
use crate::refusal::Refusal;

impl Rebuild<'_> {
    /// A colour space with parameters (8.6): the family decides what they are.
    pub(super) fn color_space(&mut self, elements: &[Object]) -> Result<Option<Object>, Refusal> {
        let source = self.source;
        let Some(first) = elements.first() else { return Ok(None) };
        let Ok(family) = source.resolve(first)?.1.as_name() else { return Ok(None) };
        let family = family.to_vec();
        let rules: &[Rule] = match family.as_slice() {
            b"CalGray" | b"CalRGB" | b"Lab" | b"CalCMYK" => &[Rule::Of(Type::CalibratedColor)],
            b"ICCBased" => &[Rule::Of(Type::IccProfile)],
            b"Indexed" | b"I" => &[Rule::Of(Type::ColorSpace), Rule::Value, Rule::Of(Type::LookupTable)],
            b"Pattern" => &[Rule::Of(Type::ColorSpace)],
            b"Separation" => &[Rule::Value, Rule::Of(Type::ColorSpace), Rule::Of(Type::Function)],
            b"DeviceN" => {
                &[Rule::Value, Rule::Of(Type::ColorSpace), Rule::Of(Type::Function), Rule::Of(Type::DeviceNAttributes)]
            }
            b"DeviceGray" | b"DeviceRGB" | b"DeviceCMYK" | b"G" | b"RGB" | b"CMYK" => &[],
            _ => return Err(Refusal::unsupported("a colour space of an unknown family")),
        };
        let mut copy = vec![Object::Name(family)];
        for (element, rule) in elements.iter().skip(1).zip(rules) {
            copy.push(self.copy(element, *rule)?.unwrap_or(Object::Null));
        }
        match (elements.get(1), copy.as_slice()) {
            (Some(profile), [Object::Name(family), Object::Null]) if family == b"ICCBased" => {
                self.without_profile(profile)
            }
            _ => Ok(Some(Object::Array(copy))),
        }
    }

    /// An explicit destination (12.3.2.2) on a page of the copy.
    pub(super) fn destination(&mut self, elements: &[Object]) -> Result<Option<Object>, Refusal> {
        let Some((page, view)) = elements.split_first() else { return Ok(None) };
        let source = self.source;
        let (id, target) = source.resolve(page)?;
        let page = match target {
            Object::Integer(_) => Some(target.clone()),
            _ => id.and_then(|id| self.pages.get(&id)).map(|number| reference(*number)),
        };
        let Some(page) = page else { return Ok(None) };
        let mut copy = vec![page];
        for element in view {
            copy.push(self.copy(element, Rule::Value)?.unwrap_or(Object::Null));
        }
        Ok(Some(Object::Array(copy)))
    }

    /// A name or number tree with its entries copied by a rule; nothing when none is left.
    pub(super) fn tree(&mut self, root: &Dictionary, leaves: &str, rule: Rule) -> Result<Option<Dictionary>, Refusal> {
        let source = self.source;
        let mut copied = Vec::new();
        for (key, value) in entries(source, root, leaves, self.context.limits)? {
            if let Some(value) = self.copy(value, rule)? {
                copied.push((key.object(), value));
            }
        }
        self.new_tree(&copied, leaves)
    }

    /// A tree with these entries, which are in order; nothing when there are none.
    pub(super) fn new_tree(
        &mut self,
        copied: &[(Object, Object)],
        leaves: &str,
    ) -> Result<Option<Dictionary>, Refusal> {
        let pairs = |chunk: &[(Object, Object)]| {
            Object::Array(chunk.iter().flat_map(|(key, value)| [key.clone(), value.clone()]).collect())
        };
        let mut tree = Dictionary::new();
        if copied.is_empty() {
            return Ok(None);
        } else if copied.len() <= FAN_OUT {
            tree.set(leaves, pairs(copied));
        } else {
            let mut kids = Vec::new();
            for chunk in copied.chunks(FAN_OUT) {
                let (Some((first, _)), Some((last, _))) = (chunk.first(), chunk.last()) else { continue };
                let mut leaf = Dictionary::new();
                leaf.set("Limits", Object::Array(vec![first.clone(), last.clone()]));
                leaf.set(leaves, pairs(chunk));
                let number = self.reserve()?;
                self.put(number, Object::Dictionary(leaf));
                kids.push(reference(number));
            }
            tree.set("Kids", Object::Array(kids));
        }
        Ok(Some(tree))
    }
}
