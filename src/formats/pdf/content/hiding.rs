//! Content of layers that are off (8.11.3): the painting goes, what sets the graphics state stays.

use super::cleaning::Cleaning;
use super::operations::Operation;
use super::operators::{builds_path, paints_path, resource};
use super::shown_text;
use crate::formats::pdf::source::{Object, as_dictionary};
use crate::refusal::Refusal;

/// Bytes of hidden text that are kept of one stream for the report.
const MOST_TEXT: usize = 1 << 20;

impl Cleaning<'_, '_> {
    /// True for a form or picture of a layer that is off.
    pub(super) fn draws_hidden_object(&self, operation: &Operation<'_>) -> Result<bool, Refusal> {
        let (source, layers) = (self.scope.source, self.scope.layers);
        let (true, Some((_, name)), Some(resources)) =
            (layers.flatten, resource(self.bytes, operation), self.scope.resources)
        else {
            return Ok(false);
        };
        let Some(table) = source.dictionary(resources, "XObject")? else { return Ok(false) };
        let Ok(value) = table.get(&name) else { return Ok(false) };
        match source.resolve(value)?.1 {
            Object::Stream(stream) => match stream.dict.get(b"OC") {
                Ok(layer) => layers.hides(source, layer),
                Err(_) => Ok(false),
            },
            _ => Ok(false),
        }
    }

    /// Keeps the text of an operation that is not shown, for the report.
    pub(super) fn note_text(&mut self, operation: &Operation<'_>) -> Result<(), Refusal> {
        if !matches!(operation.operator, b"Tj" | b"TJ" | b"'" | b"\"") || self.unseen.len() > MOST_TEXT {
            return Ok(());
        }
        let source = self.scope.source;
        let fonts = match self.scope.resources {
            Some(resources) => source.dictionary(resources, "Font")?,
            None => None,
        };
        let font = match fonts.and_then(|fonts| fonts.get(&self.font).ok()) {
            Some(font) => as_dictionary(source.resolve(font)?.1),
            None => None,
        };
        let strings = shown_text::strings(self.bytes, operation);
        let text = shown_text::text(source, font, &strings, self.scope.context)?;
        self.unseen.push_str(&text);
        self.unseen.push(' ');
        Ok(())
    }

    /// Takes the painting out of an operation that is not shown.
    pub(super) fn hide(&mut self, operation: &Operation<'_>) {
        let range = operation.range.clone();
        let replacement: Option<Vec<u8>> = match operation.operator {
            b"Tj" | b"TJ" | b"Do" | b"sh" | b"BI" => Some(Vec::new()),
            b"'" => Some(b"T*".to_vec()),
            b"\"" => Some(self.spaced_line(operation)),
            operator if builds_path(operator) => {
                self.path.push(range);
                return;
            }
            b"W" | b"W*" => {
                self.clips = true;
                return;
            }
            operator if paints_path(operator) || operator == b"n" => {
                let path = std::mem::take(&mut self.path);
                if std::mem::take(&mut self.clips) {
                    (operator != b"n").then(|| b"n".to_vec())
                } else {
                    path.into_iter().for_each(|range| self.cleaned.edits.drop(range));
                    Some(Vec::new())
                }
            }
            _ => None,
        };
        match replacement {
            Some(with) => {
                self.painted = self.painted.saturating_add(1);
                self.cleaned.edits.replace(range, with);
            }
            None => self.cleaned.used.extend(resource(self.bytes, operation)),
        }
    }

    /// What `"` does besides showing text: it sets both spacings and goes to the next line (9.4.3).
    fn spaced_line(&self, operation: &Operation<'_>) -> Vec<u8> {
        let [.., (_, word), (_, character), _] = operation.operands.as_slice() else { return b"T*".to_vec() };
        [self.text(word), b" Tw ", self.text(character), b" Tc T*"].concat()
    }
}
