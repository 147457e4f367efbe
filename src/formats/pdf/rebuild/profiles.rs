//! Colour profiles (8.6.5.5): neutral in the copy, and replaced by what readers fall back to where there is none.
//!
//! They stay whatever the policy says of profiles: in a PDF a profile is part of what a colour is, not a note beside it.

use super::super::schema::{Rule, Type};
use super::super::source::{Object, ObjectId, as_dictionary, part};
use super::super::streams::{Data, Filter, decode, filters, tidy};
use super::super::write::deflate;
use super::Rebuild;
use crate::formats::metadata::icc;
use crate::refusal::Refusal;

impl Rebuild<'_> {
    /// Whether a profile stays in the copy. It is looked at once, however often it is referred to.
    pub(super) fn keeps_profile(&mut self, id: Option<ObjectId>, target: &Object) -> Result<bool, Refusal> {
        let (Some(id), Object::Stream(stream)) = (id, target) else { return Ok(false) };
        if !self.profiles.contains_key(&id) {
            let plain = decode(self.source, &stream.content, &filters(self.source, stream)?, self.context)
                .map_err(|refusal| refusal.in_part(part(id)))?;
            let cleaned = icc::keep(&plain, "ICCBased", &part(id), self.report);
            let data = match cleaned {
                None => None,
                Some(cleaned) if *cleaned == *plain => Some(tidy(self.source, stream, self.context)?),
                Some(cleaned) => Some(compressed(&cleaned)?),
            };
            self.profiles.insert(id, data);
        }
        Ok(self.profiles.get(&id).is_some_and(Option::is_some))
    }

    /// True for a colour space by a profile that does not stay.
    pub(super) fn loses_profile(&mut self, kind: Type, target: &Object) -> Result<bool, Refusal> {
        let Object::Array(elements) = target else { return Ok(false) };
        let ([family, profile, ..], Type::ColorSpace) = (elements.as_slice(), kind) else { return Ok(false) };
        let source = self.source;
        if !matches!(source.resolve(family)?.1, Object::Name(name) if name == b"ICCBased") {
            return Ok(false);
        }
        let (id, profile) = source.resolve(profile)?;
        Ok(!self.keeps_profile(id, profile)?)
    }

    /// The data of a profile that stays.
    pub(super) fn profile_data(&self, id: ObjectId) -> Result<Data, Refusal> {
        let known = self.profiles.get(&id).cloned().flatten();
        known.ok_or_else(|| Refusal::damaged("a colour profile is used as something else too"))
    }

    /// What readers take for a colour space whose profile is not there: its alternate, or the device space of as many
    /// components.
    pub(super) fn without_profile(&mut self, profile: &Object) -> Result<Option<Object>, Refusal> {
        let source = self.source;
        let (id, profile) = source.resolve(profile)?;
        let Some(dictionary) = as_dictionary(profile) else { return Ok(None) };
        if let Ok(alternate) = dictionary.get(b"Alternate") {
            let rule = Rule::Of(Type::ColorSpace);
            let alternate = match id {
                Some(id) => self.in_place(id, |copy| copy.copy(alternate, rule))?,
                None => self.copy(alternate, rule)?,
            };
            if alternate.is_some() {
                return Ok(alternate);
            }
        }
        let device: &[u8] = match source.get(dictionary, "N")? {
            Object::Integer(1) => b"DeviceGray",
            Object::Integer(3) => b"DeviceRGB",
            Object::Integer(4) => b"DeviceCMYK",
            _ => return Err(Refusal::damaged("a colour space has neither a profile nor a number of components")),
        };
        Ok(Some(Object::Name(device.to_vec())))
    }
}

fn compressed(plain: &[u8]) -> Result<Data, Refusal> {
    let filter = Filter { name: b"FlateDecode".to_vec(), parameters: None };
    Ok(Data { filters: vec![filter], bytes: deflate(plain)?, trimmed: 0 })
}
