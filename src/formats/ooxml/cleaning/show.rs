//! Shapes of slides that nobody sees, which only all slides together can tell.

use super::Cleaning;
use crate::formats::ooxml::objects::Unwanted;
use crate::formats::ooxml::relationships::Relationship;
use crate::formats::ooxml::unseen_shapes;
use crate::formats::xml::{self, Notes};
use crate::policy::{Action, Class};
use crate::refusal::Refusal;

impl Cleaning<'_, '_> {
    /// Takes the shapes that nobody sees out of a slide. `None` when there are none.
    pub(super) fn remove_unseen_shapes(&self, slide: &str, notes: &mut Notes<'_>) -> Result<Option<String>, Refusal> {
        let unwanted = Unwanted::under(self.policy);
        unseen_shapes::remove(slide, self.context.limits, self.facts.show, unwanted, notes)
    }

    /// Learns what has to be known of all slides, before the first, to tell which of their shapes nobody sees.
    pub(super) fn look_at_show(&mut self, presentation: &str, relationships: &[Relationship]) -> Result<(), Refusal> {
        let limits = self.context.limits;
        let slides = relationships.iter().filter(|edge| edge.kind() == "slide");
        let keys: Vec<String> = slides.filter_map(|edge| edge.part(&self.main, &self.container)).collect();
        if keys.is_empty() || self.policy.action(Class::ContentHiddenText) != Action::Remove {
            return Ok(());
        }
        self.facts.show = unseen_shapes::Show::read(presentation, limits)?;
        for key in keys {
            if self.facts.hidden_slides.contains(&key) {
                continue;
            }
            // What cannot be read is refused on its own visit.
            let Ok(bytes) = self.read(&key) else { continue };
            let morphs = xml::decode(&bytes).and_then(|text| unseen_shapes::morphs(&text, limits));
            self.facts.show.morphs |= morphs.unwrap_or(false);
            self.read.insert(key, bytes);
        }
        Ok(())
    }
}
