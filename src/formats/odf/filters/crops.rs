//! Crops of pictures (`fo:clip`, ODF 1.3 part 3, 20.179): held, because they are lengths on a picture whose natural size each
//! program sees otherwise, so nobody can say which pixels all of them hide.

use crate::formats::xml::{Element, Filter, Notes, Ns, Odf, Path, Step};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Finds crops.
pub(in crate::formats::odf) struct Crops;

impl Filter for Crops {
    fn start(&mut self, element: &mut Element<'_>, _path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        if element.is(Ns::Odf(Odf::Style), "graphic-properties") {
            let clips = element.attributes().iter().filter(|attribute| attribute.local == "clip");
            clips.filter(|clip| hides(&clip.value())).for_each(|_| notes.found(Class::ContentCroppedAreas, "fo:clip"));
        }
        Ok(Step::Keep)
    }
}

/// True for `rect(0cm, 1.2cm, 0cm, 0cm)` where one of the lengths is more than nothing.
fn hides(clip: &str) -> bool {
    let lengths = clip.trim().strip_prefix("rect(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(clip);
    lengths.split([',', ' ']).any(|length| !length.starts_with('-') && length.contains(|c| matches!(c, '1'..='9')))
}
