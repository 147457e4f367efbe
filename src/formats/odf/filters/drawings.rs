//! Names and descriptions of drawings that are the path or the name of a file. Real ones stay: people rely on them.

use crate::formats::links;
use crate::formats::odf::survey::Survey;
use crate::formats::xml::{Element, Filter, Notes, Ns, Odf, Path, Step};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Elements whose name is what others refer to them by.
const DEFINITIONS: &[&str] =
    &["gradient", "hatch", "fill-image", "marker", "stroke-dash", "opacity", "layer", "equation", "param"];

/// Cleans names and descriptions.
pub(in crate::formats::odf) struct Drawings<'s> {
    /// What the descriptions say.
    pub(in crate::formats::odf) survey: &'s Survey,
}

impl Filter for Drawings<'_> {
    fn start(&mut self, element: &mut Element<'_>, _path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        if element.is(Ns::Odf(Odf::Svg), "title") || element.is(Ns::Odf(Odf::Svg), "desc") {
            let text = self.survey.text(element.offset);
            if links::is_path_or_file_name(text) {
                notes.value(Class::MetadataPaths, element.name(), text);
                return Ok(Step::Drop);
            }
            return Ok(Step::Keep);
        }
        let element_is_link = element.local == "a";
        let definition = DEFINITIONS.contains(&element.local);
        element.strip(|attribute| {
            let describes = match (attribute.ns, attribute.local) {
                (Ns::Odf(Odf::Draw), "name") => !definition,
                (Ns::Odf(Odf::Draw), "display-name") | (Ns::Odf(Odf::XLink | Odf::Office), "title") => true,
                (Ns::Odf(Odf::Office), "name") => element_is_link,
                _ => false,
            };
            let gone = describes && links::is_path_or_file_name(&attribute.value());
            if gone {
                notes.value(Class::MetadataPaths, &format!("@{}", attribute.local), &attribute.value());
            }
            gone
        });
        Ok(Step::Keep)
    }
}
