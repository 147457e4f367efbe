//! Comments of workbooks are drawn as VML shapes beside form controls and header pictures.

use std::collections::BTreeSet;

use crate::formats::xml::Notes as Log;
use crate::formats::xml::{Element, Filter, Ns, Path, Step, Token, Tokens};
use crate::limits::Limits;
use crate::policy::Class;
use crate::refusal::Refusal;

/// The shapes of a VML part, as offsets in its text.
#[derive(Debug, Default)]
pub(in crate::formats::ooxml) struct Survey {
    notes: BTreeSet<usize>,
    others: usize,
}

impl Survey {
    /// True when the part draws comments and nothing else.
    pub(in crate::formats::ooxml) fn only_notes(&self) -> bool {
        !self.notes.is_empty() && self.others == 0
    }
}

/// Tells the shapes of comments (`x:ClientData ObjectType="Note"`) from all others.
///
/// # Errors
/// As [`Tokens::next`].
pub(in crate::formats::ooxml) fn survey(text: &str, limits: &Limits) -> Result<Survey, Refusal> {
    let mut tokens = Tokens::new(text, limits);
    let mut survey = Survey::default();
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut shapes = BTreeSet::new();
    while let Some(token) = tokens.next()? {
        match token {
            Token::Start(element) => {
                let shape =
                    (element.ns == Ns::V && element.local != "shapetype" && open.len() == 1).then_some(element.offset);
                shapes.extend(shape);
                let note =
                    element.is(Ns::X, "ClientData") && element.get(Ns::None, "ObjectType").as_deref() == Some("Note");
                if note {
                    survey.notes.extend(open.iter().flatten().next());
                }
                if !element.empty {
                    open.push(shape);
                }
            }
            Token::End(_) => {
                open.pop();
            }
            _ => {}
        }
    }
    survey.others = shapes.len().saturating_sub(survey.notes.len());
    Ok(survey)
}

/// Drops the shapes of comments.
pub(in crate::formats::ooxml) struct Notes {
    /// What was found in the part.
    pub(in crate::formats::ooxml) survey: Survey,
}

impl Filter for Notes {
    fn start(&mut self, element: &mut Element<'_>, _path: &Path<'_>, notes: &mut Log<'_>) -> Result<Step, Refusal> {
        if self.survey.notes.contains(&element.offset) {
            notes.removed(Class::ContentComments, "VML shape of a comment");
            return Ok(Step::Drop);
        }
        Ok(Step::Keep)
    }
}
