//! Objects on slides: the slide gets the pictures that its VML drawing shows of them, and the drawing loses their shapes.

use std::collections::BTreeMap;

use super::{Cleaning, Visit};
use crate::formats::ooxml::objects::{self, Legacy, LegacyPicture, Unwanted};
use crate::formats::ooxml::part_name;
use crate::formats::ooxml::relationships::Relationship;
use crate::formats::xml::Notes;
use crate::refusal::Refusal;

impl Cleaning<'_, '_> {
    /// Takes the objects out of a part that is no sheet. `None` when there are none.
    pub(super) fn remove_objects(
        &mut self,
        visit: &Visit,
        text: &str,
        relationships: &mut Vec<Relationship>,
        notes: &mut Notes<'_>,
    ) -> Result<Option<String>, Refusal> {
        let unwanted = Unwanted::under(self.policy);
        if !unwanted.any() {
            return Ok(None);
        }
        let vml = legacy_drawing(visit, text, relationships).filter(|vml| !self.seen.contains(vml));
        let legacy = match &vml {
            Some(vml) => self.legacy_pictures(vml)?,
            None => Legacy::new(),
        };
        let limits = self.context.limits;
        let Some(removed) = objects::remove(text, limits, unwanted, &legacy, relationships, notes)? else {
            return Ok(None);
        };
        if let Some(vml) = vml.filter(|_| !removed.shapes.is_empty()) {
            self.facts.shapes_gone.insert(vml, removed.shapes);
        }
        Ok(Some(removed.text))
    }

    /// The pictures in a VML drawing, by the numbers of their shapes.
    fn legacy_pictures(&mut self, vml: &str) -> Result<Legacy, Refusal> {
        let relationships = self.relationships(vml)?;
        let mut pictures = BTreeMap::new();
        for (number, shape) in self.drawn(vml)? {
            let leads = |edge: &&Relationship| edge.id == shape.picture && edge.kind() == "image" && !edge.external;
            let image = relationships.iter().find(leads).and_then(|edge| edge.part(vml, &self.container));
            let image = image.and_then(|image| self.container.name(&image).map(str::to_owned));
            if let Some(image) = image.filter(|_| !shape.filled && !shape.lined) {
                pictures.insert(number, LegacyPicture { image, place: shape.place });
            }
        }
        Ok(pictures)
    }
}

/// The one VML drawing of a part whose objects name their shapes.
fn legacy_drawing(visit: &Visit, text: &str, relationships: &[Relationship]) -> Option<String> {
    let mut drawings = relationships.iter().filter(|edge| edge.kind() == "vmlDrawing" && !edge.external);
    let drawing = drawings.next().filter(|_| text.contains("spid"))?;
    if drawings.next().is_some() {
        return None;
    }
    part_name::resolve(&visit.key, &drawing.target)
}
