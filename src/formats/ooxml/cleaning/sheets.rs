//! Objects on sheets: the sheet, its VML drawing and its drawing are cleaned one after the other, and each has a share in them.

use std::collections::BTreeMap;

use super::{Cleaning, Edge, Fate, Visit};
use crate::formats::ooxml::relationships::Relationship;
use crate::formats::ooxml::vml_shapes::{self, Drawn};
use crate::formats::ooxml::{objects, part_name, sheet_objects};
use crate::formats::xml::{self, Notes};
use crate::refusal::Refusal;

const DRAWING: &str = "application/vnd.openxmlformats-officedocument.drawing+xml";

impl Cleaning<'_, '_> {
    /// Takes the objects out of a sheet. Gives the sheet without them, and the relationship to a drawing if one was made.
    pub(super) fn remove_sheet_objects(
        &mut self,
        visit: &Visit,
        text: &str,
        relationships: &mut Vec<Relationship>,
        notes: &mut Notes<'_>,
    ) -> Result<Option<(String, Option<Edge>)>, Refusal> {
        let unwanted = objects::Unwanted::under(self.policy);
        let named = text.contains("oleObject") || text.contains("controlPr") || text.contains("<control ");
        let sheet = matches!(visit.kind.as_str(), "worksheet" | "dialogsheet" | "chartsheet");
        if !sheet || !named || !unwanted.any() {
            return Ok(None);
        }
        let limits = self.context.limits;
        let internal = |kind: &str| {
            let edge = relationships.iter().find(|edge| edge.kind() == kind && !edge.external);
            edge.and_then(|edge| part_name::resolve(&visit.key, &edge.target))
        };
        let (Some(vml), drawing) = (internal("vmlDrawing"), internal("drawing")) else { return Ok(None) };
        // A part that another sheet has led to is finished.
        if self.seen.contains(&vml) || drawing.as_ref().is_some_and(|drawing| self.seen.contains(drawing)) {
            return Ok(None);
        }
        let vml_edges = self.relationships(&vml)?;
        let drawn = self.drawn(&vml)?;
        let mut previews = Vec::new();
        let mut gone = Vec::new();
        for object in sheet_objects::listed(text, limits)? {
            let class = unwanted.class_of(object.relationship.as_deref(), relationships);
            let image = |source: &str, edges: &[Relationship], id: &str| {
                let edge = edges.iter().find(|edge| edge.id == id && edge.kind() == "image" && !edge.external)?;
                edge.part(source, &self.container)
            };
            let preview =
                object.preview(&drawn, |id| image(&visit.key, relationships, id), |id| image(&vml, &vml_edges, id));
            if let (Some(class), Some(preview)) = (class, preview) {
                notes.removed(class, "object on a sheet");
                gone.extend(object.relationship);
                previews.push(preview);
            }
        }
        if previews.is_empty() {
            return Ok(None);
        }
        let shapes = previews.iter().map(|preview| preview.shape.clone()).collect();
        let made = drawing.is_none().then(|| self.new_drawing(&previews, relationships)).transpose()?;
        if let Some(drawing) = drawing {
            self.facts.previews.insert(drawing, previews);
        }
        let id = made.as_ref().map(|edge| edge.relationship.id.as_str());
        let bare = sheet_objects::without_objects(text, limits, &shapes, id)?;
        relationships.retain(|edge| !gone.contains(&edge.id));
        self.facts.shapes_gone.insert(vml, shapes);
        Ok(Some((bare, made)))
    }

    /// The shapes of a VML drawing. What cannot be read is refused on its own visit.
    pub(super) fn drawn(&mut self, vml: &str) -> Result<BTreeMap<String, Drawn>, Refusal> {
        if self.container.name(vml).is_none() {
            return Ok(BTreeMap::new());
        }
        let text = xml::decode(&self.container.read(vml, self.context)?).map(super::tidy_vml);
        Ok(text.and_then(|text| vml_shapes::drawn(&text, self.context.limits)).unwrap_or_default())
    }

    /// A drawing of these pictures, for a sheet that has none.
    fn new_drawing(
        &mut self,
        previews: &[sheet_objects::Preview],
        relationships: &[Relationship],
    ) -> Result<Edge, Refusal> {
        let mut number: u64 = 1;
        let key = loop {
            let key = format!("xl/drawings/drawing{number}.xml");
            if self.container.name(&key).is_none() && !self.out.contains_key(&key) {
                break key;
            }
            number = number.saturating_add(1);
        };
        let mut edges = Vec::new();
        let text = self.add_pictures(sheet_objects::EMPTY, previews, &mut edges)?;
        let planned = self.plan(&key, "drawing", edges)?;
        let used = planned.iter().map(|edge| edge.relationship.id.clone()).collect();
        self.finish_edges(&key, planned, &used);
        self.types.set(&key, DRAWING);
        let relationship = Relationship::to("drawing", &key, relationships);
        self.out.insert(key, text.into_bytes());
        Ok(Edge { relationship, by_id: true, fate: Some(Fate::Stay) })
    }

    /// Adds what objects leave behind to a drawing.
    pub(super) fn add_previews(
        &mut self,
        visit: &Visit,
        text: &str,
        relationships: &mut Vec<Relationship>,
    ) -> Result<Option<String>, Refusal> {
        if let Some(shapes) = self.facts.shapes_gone.get(&visit.key) {
            return vml_shapes::without_shapes(text, self.context.limits, shapes).map(Some);
        }
        let Some(previews) = self.facts.previews.remove(&visit.key) else { return Ok(None) };
        self.add_pictures(text, &previews, relationships).map(Some)
    }

    fn add_pictures(
        &self,
        text: &str,
        previews: &[sheet_objects::Preview],
        relationships: &mut Vec<Relationship>,
    ) -> Result<String, Refusal> {
        let mut pictures = Vec::new();
        for preview in previews {
            let name = self.container.name(&preview.image).unwrap_or(&preview.image);
            let relationship = Relationship::to("image", name, relationships);
            pictures.push((preview.clone(), relationship.id.clone()));
            relationships.push(relationship);
        }
        sheet_objects::with_pictures(text, self.context.limits, &pictures)
    }
}
