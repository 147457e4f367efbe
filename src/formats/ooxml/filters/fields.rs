//! Fields of WordprocessingML that reveal names, dates or paths: the instruction goes, the visible result stays.
//!
//! A complex field is spread over runs: `begin`, instruction, `separate`, result, `end`. Only at its end is it known what
//! all of it says, so [`survey`] goes through the part first and notes where things stand.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::formats::fields::{argument, judge};
use crate::formats::links;
use crate::formats::xml::Notes;
use crate::formats::xml::{Element, Filter, Ns, Path, Step, Token, Tokens};
use crate::limits::Limits;
use crate::policy::Class;
use crate::refusal::Refusal;

/// Where revealing fields stand in one part, as offsets in its text.
#[derive(Debug, Default)]
pub(in crate::formats::ooxml) struct Survey {
    /// From `begin` to `separate` (or `end`), both included: what is in there is no visible text.
    instructions: Vec<(usize, usize)>,
    ends: BTreeSet<usize>,
    simple: BTreeSet<usize>,
    /// What is reported, in the order of the fields.
    reports: Vec<(Class, String, String)>,
    objects_go: bool,
}

/// A field whose end is still to come.
struct Open {
    begin: usize,
    separate: Option<usize>,
    instruction: String,
}

/// Finds the revealing fields of a part, and where the policy takes objects out, those around objects (`EMBED`, ECMA-376
/// part 1, 17.16.5.17): their result is the picture.
///
/// # Errors
/// As [`Tokens::next`].
pub(in crate::formats::ooxml) fn survey(text: &str, limits: &Limits, objects_go: bool) -> Result<Survey, Refusal> {
    let mut survey = Survey { objects_go, ..Survey::default() };
    if !["fldSimple", "fldChar"].iter().any(|name| text.contains(name)) {
        return Ok(survey);
    }
    let mut tokens = Tokens::new(text, limits);
    let mut open: Vec<Open> = Vec::new();
    let mut in_instruction = false;
    while let Some(token) = tokens.next()? {
        match token {
            Token::Start(element) if element.ns == Ns::W => {
                in_instruction = false;
                match element.local {
                    "instrText" => in_instruction = !element.empty,
                    "fldSimple" => {
                        if let Some(instruction) = element.own("instr")
                            && let Some((class, item)) = survey.judge(&instruction)
                        {
                            survey.simple.insert(element.offset);
                            survey.reports.push((class, item, String::new()));
                        }
                    }
                    "fldChar" => match element.own("fldCharType").as_deref() {
                        Some("begin") => {
                            open.push(Open { begin: element.offset, separate: None, instruction: String::new() });
                        }
                        Some("separate") => {
                            if let Some(field) = open.last_mut() {
                                field.separate.get_or_insert(element.offset);
                            }
                        }
                        Some("end") => survey.close(open.pop(), element.offset),
                        _ => {}
                    },
                    _ => {}
                }
            }
            Token::Text(raw) | Token::CData(raw) if in_instruction => {
                if let Some(field) = open.last_mut().filter(|field| field.separate.is_none()) {
                    field.instruction.push_str(&quick_xml::escape::unescape(raw).unwrap_or_default());
                }
            }
            Token::End(_) => in_instruction = false,
            _ => {}
        }
    }
    survey.instructions.sort_unstable();
    Ok(survey)
}

impl Survey {
    fn close(&mut self, field: Option<Open>, end: usize) {
        let Some(field) = field else { return };
        if let Some((class, item)) = self.judge(&field.instruction) {
            self.instructions.push((field.begin, field.separate.unwrap_or(end)));
            self.ends.insert(end);
            self.reports.push((class, item, argument(&field.instruction).unwrap_or_default()));
        }
    }

    fn judge(&self, instruction: &str) -> Option<(Class, String)> {
        let embeds = instruction.split_whitespace().next().is_some_and(|name| name.eq_ignore_ascii_case("EMBED"));
        let object = (self.objects_go && embeds).then(|| (Class::ActiveObjects, "EMBED field".to_owned()));
        object.or_else(|| judge(instruction))
    }

    /// True for an offset within the instruction of a revealing field.
    fn is_instruction(&self, offset: usize) -> bool {
        // Instructions may be nested; the one that begins last before the offset need not be the one around it.
        let before = self.instructions.partition_point(|(begin, _)| *begin <= offset);
        self.instructions.iter().take(before).rev().take(64).any(|(_, end)| *end >= offset)
    }
}

/// Takes out the instructions of the surveyed fields.
pub(in crate::formats::ooxml) struct Fields {
    survey: Survey,
}

impl Fields {
    /// A filter for the part that was surveyed.
    pub(in crate::formats::ooxml) fn new(survey: Survey) -> Self {
        Self { survey }
    }

    /// Reports the fields.
    pub(in crate::formats::ooxml) fn report(&self, notes: &mut Notes<'_>) {
        for (class, item, value) in &self.survey.reports {
            if links::is_path_or_file_name(value) || *class == Class::LinksLocal {
                notes.value(*class, item, &value.replace("\\\\", "\\"));
            } else {
                notes.removed(*class, item);
            }
        }
    }
}

impl Filter for Fields {
    fn start(&mut self, element: &mut Element<'_>, _path: &Path<'_>, notes: &mut Notes<'_>) -> Result<Step, Refusal> {
        if element.ns != Ns::W {
            return Ok(Step::Keep);
        }
        Ok(match element.local {
            "fldChar" if self.survey.ends.contains(&element.offset) => Step::Drop,
            "fldChar" | "instrText" | "t" | "tab" | "br" | "sym" if self.survey.is_instruction(element.offset) => {
                Step::Drop
            }
            "fldSimple" if self.survey.simple.contains(&element.offset) => Step::Unwrap,
            "fldData" => {
                notes.removed(Class::ContentFields, "w:fldData");
                Step::Drop
            }
            _ => Step::Keep,
        })
    }

    fn text(&mut self, _text: &mut Cow<'_, str>, _path: &Path<'_>, _notes: &mut Notes<'_>) {}
}
