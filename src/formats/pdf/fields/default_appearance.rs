//! How a field wants its text to look (`/DA`, 12.7.4.3).

use super::super::flatten::decimal;
use super::super::source::{Dictionary, Object, Source};
use super::font::{FieldFont, FormFonts, writable};
use super::{form, inherited};
use crate::refusal::Refusal;

/// Font, size and colour of the text of a field.
pub(super) struct DefaultAppearance {
    /// The name of the font in the resources of the form.
    font: String,
    /// In points; 0 for automatic.
    pub(super) size: f64,
    /// The colour with its operator.
    pub(super) colour: String,
}

impl DefaultAppearance {
    /// The font for a text, which is made writable.
    ///
    /// # Errors
    /// As [`FieldFont::choose`].
    pub(super) fn font(
        &self,
        source: &Source,
        text: &mut String,
        fonts: &mut FormFonts<'_>,
    ) -> Result<FieldFont, Refusal> {
        *text = writable(text);
        let mut named = None;
        if let Some(form) = form(source)?
            && let Some(resources) = source.dictionary(form, "DR")?
            && let Some(all) = source.dictionary(resources, "Font")?
        {
            named = all.get(self.font.as_bytes()).ok();
        }
        FieldFont::choose(source, named, &self.font, text, fonts)
    }

    /// Reads what a field says: the operand before `Tf` is the size, the one before that the font; the last colour counts.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] where a field was lost on loading.
    pub(super) fn read(source: &Source, widget: &Dictionary) -> Result<Self, Refusal> {
        let mut given = inherited(source, widget, "DA")?;
        if let (true, Some(form)) = (given.is_null(), form(source)?) {
            given = source.get(form, "DA")?;
        }
        let given = match given {
            Object::String(bytes, _) => String::from_utf8_lossy(bytes).into_owned(),
            _ => String::new(),
        };
        let tokens: Vec<&str> = given.split_ascii_whitespace().collect();
        let mut style = Self { font: String::new(), size: 0.0, colour: "0 g".to_owned() };
        for (index, token) in tokens.iter().enumerate() {
            let before = |count: usize| tokens.get(index.saturating_sub(count)..index).unwrap_or_default();
            let count = match *token {
                "Tf" => {
                    if let [name, size] = before(2) {
                        style.size = size.parse::<f64>().ok().filter(|size| size.is_finite()).map_or(0.0, f64::abs);
                        style.font = name.trim_start_matches('/').to_owned();
                    }
                    continue;
                }
                "g" => 1,
                "rg" => 3,
                "k" => 4,
                _ => continue,
            };
            let components: Vec<f64> = before(count).iter().filter_map(|part| part.parse().ok()).collect();
            if components.len() == count && components.iter().all(|component: &f64| component.is_finite()) {
                let components: Vec<String> = components.into_iter().map(decimal).collect();
                style.colour = format!("{} {token}", components.join(" "));
            }
        }
        Ok(style)
    }
}
