//! What a person has to decide about: a copy that holds such a thing has to say so.
//!
//! The verdict is made of what the cleaner reports, and one that a document has taken over would say nothing. So the proof looks
//! for itself: by the types of relationships, which say what a part is for (ECMA-376 part 1, annex A; \[MS-OFFMACRO\],
//! \[MS-XLSX\]), and for sheets, slides, rows and text that do not show.

use std::collections::BTreeSet;

use super::hidden::{HiddenStyles, Says};
use super::package::{Package, Part, Target};
use super::rows::HiddenCells;
use crate::formats::{Context, Report};
use crate::identify::identify;
use crate::kind::Family;
use crate::policy::{Action, Class};
use crate::prove::prover_for;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Element, Token, is_true};
use crate::refusal::Refusal;

/// Types of relationships by the class of what they lead to.
const INSIDE: &[(Class, &[&str])] = &[
    (Class::ActiveMacros, &["vbaProject", "wordVbaData", "xlMacrosheet", "xlIntlMacrosheet", "webextension"]),
    (Class::ActiveObjects, &["oleObject", "activeXControlBinary", "legacyDiagram", "control"]),
    (Class::EmbeddedImports, &["aFChunk"]),
    (Class::EmbeddedUnsupported, &["audio", "video", "media", "model3d"]),
    (Class::ContentCachedData, &["externalLink", "pivotTable", "pivotCacheDefinition", "pivotCacheRecords"]),
    (
        Class::ContentConnections,
        &["connections", "queryTable", "recordsets", "recordSets", "recordset", "recordSet", "powerPivotData"],
    ),
];

/// Checks that the report holds the copy for everything that a person has to decide about.
///
/// # Errors
/// [`crate::Reason::Unprovable`], naming the first thing that nobody would be asked about, and its part.
pub(crate) fn check(copy: &Package, report: &Report, context: &Context<'_>) -> Result<(), Refusal> {
    let hits = report.all_hits();
    let silent = |class: Class| {
        context.policy.action(class) != Action::Keep
            && !hits.iter().any(|hit| hit.class == class && hit.action == Action::Hold)
    };
    let unsaid = |what: &str, part: &str| {
        let refusal = Refusal::unprovable(format!("{what} is in the copy, and the report does not say so"));
        if part.is_empty() { refusal } else { refusal.in_part(part) }
    };
    for (source, relationship) in copy.all_relationships() {
        let kind = relationship.kind.as_str();
        let class = match relationship.target {
            Target::External(_) => (kind != "hyperlink").then_some(Class::LinksExternalContent),
            Target::Part(at) if matches!(kind, "image" | "hdphoto") => {
                let part = copy.part(at)?;
                let is_bare = part.bytes.is_empty() || is_proved_picture(part);
                (!is_bare).then_some(Class::EmbeddedUnsupported)
            }
            Target::Part(_) => INSIDE.iter().find(|(_, kinds)| kinds.contains(&kind)).map(|(class, _)| *class),
            Target::Missing(_) => None,
        };
        if class.is_some_and(silent) {
            return Err(unsaid(&format!("the target of a relationship `{kind}`"), source));
        }
    }
    let styles = HiddenStyles::of_package(copy, context)?;
    for part in copy.parts.iter().filter(|part| part.is_xml()) {
        for (class, what) in out_of_sight(part, &styles, context).map_err(|refusal| refusal.in_part(&part.name))? {
            if silent(class) {
                return Err(unsaid(what, &part.name));
            }
        }
    }
    Ok(())
}

/// True for a picture that has a proof of its own.
fn is_proved_picture(part: &Part) -> bool {
    let kind = identify(&part.bytes, &part.name).kind;
    kind.family() == Family::Image && prover_for(kind).is_some()
}

/// What does not show of a part.
fn out_of_sight(
    part: &Part,
    styles: &HiddenStyles,
    context: &Context<'_>,
) -> Result<BTreeSet<(Class, &'static str)>, Refusal> {
    let mut reader = part.xml(context.limits)?.reader();
    let mut found = BTreeSet::new();
    let (mut cells, mut run) = (HiddenCells::default(), Run::default());
    while let Some(token) = reader.next() {
        match token {
            Token::Start(element) if element.ns == Ns::Sheet => {
                cells.meet(&element);
                match element.local {
                    "sheet" if matches!(element.plain("state"), Some("hidden" | "veryHidden")) => {
                        found.insert((Class::ContentHiddenSheets, "a hidden sheet"));
                    }
                    "v" | "f" | "is" if cells.is_hidden_cell() => {
                        found.insert((Class::ContentHiddenRows, "a cell in a hidden row or column"));
                    }
                    _ => {}
                }
            }
            Token::Start(element)
                if element.is(Ns::Slide, "sld") && element.plain("show").is_some_and(|show| !is_true(show)) =>
            {
                found.insert((Class::ContentHiddenSlides, "a hidden slide"));
            }
            Token::Start(element) => run.meet(&element, reader.depth()),
            Token::Text(text) if run.shows_nothing_of(text, styles) => {
                found.insert((Class::ContentHiddenText, "hidden text"));
            }
            _ => {}
        }
    }
    Ok(found)
}

/// The run of a Word document at hand, and what it and its paragraph say about hidden text (17.3.2.41).
#[derive(Debug, Default)]
struct Run {
    /// The depths of `w:p` and `w:r`.
    paragraph: Option<u32>,
    run: Option<u32>,
    of_paragraph: Says,
    of_run: Says,
    in_text: bool,
}

impl Run {
    fn meet(&mut self, element: &Element<'_>, depth: u32) {
        self.run = self.run.filter(|at| depth > *at);
        self.paragraph = self.paragraph.filter(|at| depth > *at);
        self.in_text = element.is(Ns::Word, "t");
        let property_of = |at: Option<u32>| at.is_some_and(|at| depth == at.saturating_add(2));
        if element.is(Ns::Word, "p") {
            (self.paragraph, self.of_paragraph) = (Some(depth), Says::default());
        } else if element.is(Ns::Word, "r") {
            (self.run, self.of_run) = (Some(depth), Says::default());
        } else if property_of(self.run) {
            self.of_run.hear(element);
        } else if self.run.is_none() && property_of(self.paragraph) && element.is(Ns::Word, "pStyle") {
            self.of_paragraph.hear(element);
        }
    }

    fn shows_nothing_of(&self, text: &str, styles: &HiddenStyles) -> bool {
        let in_run = self.in_text && self.run.is_some() && !text.trim().is_empty();
        in_run && styles.hide(&self.of_paragraph, &self.of_run)
    }
}
