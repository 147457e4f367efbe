//! Streams: their dictionaries by the list, their data tidied or cleaned, their filters in short forms.

use super::super::images::{image_data, shared_segments};
use super::super::schema::Type;
use super::super::source::{Dictionary, Object, ObjectId, Stream, part};
use super::super::streams::{Data, tidy};
use super::Rebuild;
use crate::policy::Class;
use crate::refusal::Refusal;

impl Rebuild<'_> {
    /// The copy of a stream.
    pub(super) fn stream(&mut self, id: Option<ObjectId>, stream: &Stream, kind: Type) -> Result<Object, Refusal> {
        let id = id.unwrap_or_default();
        let mut copy = self.dictionary(&stream.dict, kind)?;
        let Data { filters, bytes, trimmed } = match kind {
            Type::Image => image_data(self.source, id, stream, self.policy, self.context, self.report)?,
            Type::IccProfile => self.profile_data(id)?,
            Type::Jbig2Globals => shared_segments(self.source, stream, self.context)?,
            _ => tidy(self.source, stream, self.context)?,
        };
        if trimmed > 0 {
            self.report.removed_bytes(Class::ContentTrailingBytes, "bytes after stream data", part(id), trimmed);
        }
        let mut parameters = Vec::new();
        for filter in &filters {
            parameters.push(match &filter.parameters {
                Some(given) => Object::Dictionary(self.dictionary(given, Type::DecodeParameters)?),
                None => Object::Null,
            });
        }
        let names: Vec<Object> = filters.into_iter().map(|filter| Object::Name(filter.name)).collect();
        set_filters(&mut copy, names, parameters);
        Ok(Object::Stream(Stream::new(copy, bytes)))
    }
}

/// Writes filters and parameters in their short forms: one filter stands alone, parameters only where there are any.
fn set_filters(dictionary: &mut Dictionary, mut names: Vec<Object>, mut parameters: Vec<Object>) {
    let given = parameters.iter().any(|one| matches!(one, Object::Dictionary(entries) if !entries.is_empty()));
    if names.len() == 1 {
        dictionary.set("Filter", names.pop().unwrap_or(Object::Null));
        if given {
            dictionary.set("DecodeParms", parameters.pop().unwrap_or(Object::Null));
        }
    } else if !names.is_empty() {
        dictionary.set("Filter", Object::Array(names));
        if given {
            dictionary.set("DecodeParms", Object::Array(parameters));
        }
    }
}
