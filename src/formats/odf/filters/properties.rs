//! The properties of the document, `office:meta`: all of them go but the family of the program, which decides about layout.
//!
//! LibreOffice reads `meta:generator` to lay out files of old programs as those did; without it list numbering changes. Kept
//! is what it looks at: product, two places of the version, and the build of OpenOffice.org and its relatives.

use std::borrow::Cow;

use crate::formats::labels;
use crate::formats::odf::survey::Survey;
use crate::formats::xml::{Element, Filter, Notes, Ns, Odf, Path, Step};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Products that some program lays out files for.
const PRODUCTS: &[&str] = &[
    "LibreOffice",
    "LibreOfficeDev",
    "OpenOffice",
    "OpenOffice.org",
    "StarOffice",
    "StarSuite",
    "NeoOffice",
    "IBM_Lotus_Symphony",
    "Calligra",
    "KOffice",
    "AbiWord",
    "MicrosoftOffice",
    "MicrosoftWord",
    "MicrosoftExcel",
    "MicrosoftPowerPoint",
];

/// Cleans properties.
pub(in crate::formats::odf) struct Properties<'s> {
    survey: &'s Survey,
    /// What the text of the generator becomes, until it is written.
    generator: Option<String>,
}

impl<'s> Properties<'s> {
    /// A filter for the part that was surveyed.
    pub(in crate::formats::odf) fn new(survey: &'s Survey) -> Self {
        Self { survey, generator: None }
    }
}

impl Filter for Properties<'_> {
    fn start(&mut self, element: &mut Element<'_>, path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        if !path.parent_is(Ns::Odf(Odf::Office), "meta") {
            return Ok(Step::Keep);
        }
        let text = self.survey.text(element.offset);
        if element.is(Ns::Odf(Odf::Meta), "generator") {
            self.generator = reduced(text);
            if self.generator.as_deref() != Some(text) {
                notes.value(Class::MetadataSoftware, element.name(), text);
            }
            return Ok(if self.generator.is_some() { Step::Keep } else { Step::Drop });
        }
        let label = element.get(Ns::Odf(Odf::Meta), "name").filter(|name| labels::is_property(name));
        if let Some(name) = label {
            notes.label("meta:user-defined ", &name, text);
            return Ok(Step::Drop);
        }
        let (class, item) = class(element);
        let target = element.get(Ns::Odf(Odf::XLink), "href").unwrap_or_default();
        notes.value(class, item, if text.is_empty() { &target } else { text });
        Ok(Step::Drop)
    }

    fn text(&mut self, text: &mut Cow<'_, str>, path: &Path<'_>, _notes: &mut Notes<'_>) {
        if path.parent_is(Ns::Odf(Odf::Meta), "generator") {
            *text = Cow::Owned(self.generator.take().unwrap_or_default());
        }
    }
}

/// The class of a property (ODF 1.3 part 3, 4.3), and what the log calls it.
fn class<'x>(element: &Element<'x>) -> (Class, &'x str) {
    let class = match element.local {
        "creator" | "initial-creator" | "printed-by" => Class::MetadataAuthor,
        "date" | "creation-date" | "print-date" | "editing-duration" | "editing-cycles" => Class::MetadataDates,
        "template" | "auto-reload" | "hyperlink-behaviour" => Class::MetadataPaths,
        "title" | "subject" | "description" | "keyword" | "language" | "document-statistic" => {
            Class::MetadataDescription
        }
        _ => Class::MetadataOther,
    };
    (class, element.name())
}

/// What is kept of a generator; `None` for one that nobody lays out files for.
fn reduced(generator: &str) -> Option<String> {
    let kept: Vec<String> =
        generator.split_whitespace().take(3).filter_map(|word| product(word).or(build(word))).collect();
    let known = kept.first().is_some_and(|first| !first.contains("_project/"));
    known.then(|| kept.join(" "))
}

/// `LibreOffice/7.4.2.3$Linux_X86_64` becomes `LibreOffice/7.4`.
fn product(word: &str) -> Option<String> {
    let (name, version) = word.split_once('/').unwrap_or((word, ""));
    let name = PRODUCTS.iter().find(|product| **product == name)?;
    let number = |part: &str| !part.is_empty() && part.len() <= 4 && part.chars().all(|c| c.is_ascii_digit());
    let end = version.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(version.len());
    let parts: Vec<&str> = version.get(..end)?.split('.').take(2).take_while(|part| number(part)).collect();
    Some(if parts.is_empty() { (*name).to_owned() } else { format!("{name}/{}", parts.join(".")) })
}

/// `OpenOffice.org_project/680m18$Build-9161` stays. A hash in its place, as in LibreOffice since 3.6, says nothing about layout.
fn build(word: &str) -> Option<String> {
    let (project, rest) = word.split_once("_project/")?;
    let (milestone, number) = rest.split_once("$Build-")?;
    let digits = |text: &str| !text.is_empty() && text.len() <= 5 && text.chars().all(|c| c.is_ascii_digit());
    let (branch, step) = milestone.split_once('m')?;
    (PRODUCTS.contains(&project) && digits(branch) && digits(step) && digits(number)).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generators_are_reduced_to_what_decides_about_layout() {
        for (generator, kept) in [
            (
                "LibreOffice/7.4.2.3$Linux_X86_64 LibreOffice_project/382eef1f22670f7f4118c8c2dd222ec7ad009daf",
                Some("LibreOffice/7.4"),
            ),
            (
                "LibreOffice/3.5$Linux_x86 LibreOffice_project/350m1$Build-2",
                Some("LibreOffice/3.5 LibreOffice_project/350m1$Build-2"),
            ),
            (
                "StarOffice/8_Beta$Win32 OpenOffice.org_project/680m80$Build-8879",
                Some("StarOffice/8 OpenOffice.org_project/680m80$Build-8879"),
            ),
            (
                "MicrosoftOffice/15.0 MicrosoftExcel/CalculationVersion-14420",
                Some("MicrosoftOffice/15.0 MicrosoftExcel"),
            ),
            ("LibreOfficeDev/4.5.0.0.alpha0$Linux_X86_64", Some("LibreOfficeDev/4.5")),
            ("Somebody's own program", None),
            ("OpenOffice.org_project/680m80$Build-8879", None),
            ("", None),
        ] {
            assert_eq!(reduced(generator).as_deref(), kept, "{generator}");
            if let Some(kept) = kept {
                assert_eq!(reduced(kept).as_deref(), Some(kept));
            }
        }
    }
}
