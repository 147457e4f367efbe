//! Which exact type an object is where the place where it stands allows several, and whether it may stay at all.

use super::super::actions::{Verdict, verdict};
use super::super::images::is_image;
use super::super::removal::key_name;
use super::super::schema::Type;
use super::super::source::{Object, ObjectId, as_dictionary};
use super::Rebuild;
use crate::policy::Class;
use crate::refusal::Refusal;

impl Rebuild<'_> {
    /// The exact type of an object where the place where it stands allows several; nothing where it may not stay.
    pub(super) fn concrete(
        &mut self,
        id: Option<ObjectId>,
        target: &Object,
        kind: Type,
    ) -> Result<Option<Type>, Refusal> {
        let source = self.source;
        let is_stream = matches!(target, Object::Stream(_));
        let Some(dictionary) = as_dictionary(target) else {
            // The types that are arrays.
            let named = match target {
                Object::Array(elements) if kind == Type::ColorSpace => match elements.first() {
                    Some(family) => source.resolve(family)?.1.as_name().is_ok(),
                    None => false,
                },
                _ => matches!(kind, Type::Destination | Type::Image),
            };
            return Ok(named.then_some(kind));
        };
        let kind = match kind {
            Type::FontEncoding if is_stream => Type::CharacterMap,
            other => other,
        };
        let named = |key: &str| source.name(dictionary, key);
        let exact = match kind {
            Type::Annotation => match named("Subtype")? {
                Some(b"Link") => Some(Type::Link),
                Some(b"FileAttachment") => Some(Type::FileAttachment), // only those that stay are still on their pages
                Some(b"Widget") => Some(Type::Widget),
                _ => None,
            },
            Type::Field => id.is_some_and(|id| self.decided.fields.contains(&id)).then_some(Type::Widget),
            Type::ObjectReferenceTarget if is_stream => self.concrete(id, target, Type::XObject)?,
            Type::ObjectReferenceTarget => match id {
                Some(id) if self.decided.annotations.contains(&id) => {
                    self.concrete(Some(id), target, Type::Annotation)?
                }
                _ => None,
            },
            Type::AppearanceEntry => Some(if is_stream { Type::Form } else { Type::AppearanceStates }),
            Type::OptionalContent => match named("Type")? {
                Some(b"OCG") => Some(Type::OcGroup),
                Some(b"OCMD") => Some(Type::OcMembership),
                _ => Some(Type::PropertyList),
            },
            Type::Pattern => Some(if is_stream { Type::TilingPattern } else { Type::ShadingPattern }),
            Type::XObject => match named("Subtype")? {
                _ if !is_stream => None,
                Some(b"Image") => Some(Type::Image),
                Some(b"Form") => Some(Type::Form),
                Some(other) => {
                    let item = format!("XObject/{}", key_name(other));
                    self.report.removed(Class::ContentUnknown, item, "");
                    None
                }
                None => Some(if is_image(target) { Type::Image } else { Type::Form }),
            },
            Type::StructKid => match named("Type")? {
                Some(b"MCR") => Some(Type::MarkedContentReference),
                Some(b"OBJR") => {
                    let object = dictionary.get(b"Obj").unwrap_or(&Object::Null);
                    let (id, target) = source.resolve(object)?;
                    let stays = self.concrete(id, target, Type::ObjectReferenceTarget)?.is_some();
                    stays.then_some(Type::ObjectReference)
                }
                Some(b"StructTreeRoot") => Some(Type::StructTreeRoot),
                _ => Some(Type::StructElement),
            },
            Type::ParentTreeEntry => Some(Type::StructElement),
            Type::OutlineItem if id.is_some() && id == self.outlines => Some(Type::Outlines),
            Type::Attributes if named("O")? == Some(b"UserProperties") => {
                self.report.removed(Class::MetadataOther, "Attributes/UserProperties", "");
                None
            }
            Type::Action => match verdict(source, dictionary)? {
                Verdict::Keep => Some(Type::Action),
                Verdict::Remove { class, item, target } => {
                    match target {
                        Some(target) => self.report.removed_value(class, item, "", target),
                        None => self.report.removed(class, item, ""),
                    }
                    None
                }
            },
            Type::IccProfile => self.keeps_profile(id, target)?.then_some(Type::IccProfile),
            Type::InteractiveForm if self.decided.fields.is_empty() => None,
            other => Some(other),
        };
        let fits = |kind: &Type| if is_stream { kind.may_have_data() } else { !kind.needs_data() };
        if exact.is_some_and(|kind| !fits(&kind)) {
            self.report.removed(Class::ContentUnknown, format!("{kind:?}"), "");
        }
        Ok(exact.filter(fits))
    }
}
