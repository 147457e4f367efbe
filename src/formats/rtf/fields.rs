//! Fields (RTF 1.9.1, "Fields"): instructions that reveal names, dates or paths go, the visible result stays.

use super::cleaning::Cleaning;
use super::destinations::Words;
use super::state::State;
use super::text;
use super::tree::Group;
use crate::formats::fields::{argument, judge};
use crate::formats::links;
use crate::policy::Class;
use crate::refusal::Refusal;

impl Cleaning<'_> {
    /// The field, or its result alone.
    pub(super) fn field<'a>(&mut self, field: Group<'a>, state: State) -> Result<Group<'a>, Refusal> {
        // A tracked change has its marks inside the field.
        let field = self.nodes(field, state, Words::Nothing)?.group;
        let spoken = |group: &Group<'_>| {
            !group.heading().is_some_and(|heading| matches!(heading.word.name, "fldinst" | "formfield" | "datafield"))
        };
        let instruction: String =
            field.named("fldinst").map(|group| text::of_parts(group, self.encoding, &spoken)).collect();
        if !instruction.is_empty() {
            let Some((class, item)) = judge(&instruction) else { return Ok(field) };
            let value = argument(&instruction).unwrap_or_default();
            if links::is_path_or_file_name(&value) || class == Class::LinksLocal {
                self.report.removed_value(class, item, "", value.replace("\\\\", "\\"));
            } else {
                self.report.removed(class, item, "");
            }
        }
        Ok(Group { nodes: field.contents_of("fldrslt") })
    }
}
