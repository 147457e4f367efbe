//! The walk through the groups: what stays, what goes, and under which class.

use encoding_rs::Encoding;

use super::characters::join;
use super::destinations::{Treatment, Words, is_visible, removed_word, treatment};
use super::state::{HiddenStyles, State};
use super::tree::{Group, Heading, Node, Word};
use super::{properties, text};
use crate::formats::metadata::tame;
use crate::formats::{Context, Report};
use crate::policy::{Action, Class, Policy};
use crate::refusal::Refusal;
use crate::rtf_vocabulary::{Purpose, purpose};

/// Most characters that may stand for one of Unicode (`\ucN`); no real reader of long ago needs more.
const MOST_FALLBACK: i64 = 8;

/// Cleans a document.
///
/// # Errors
/// See [`crate::formats::Handler::clean`].
pub(super) fn clean<'a>(
    root: Group<'a>,
    policy: &Policy,
    context: &Context<'_>,
    report: &mut Report,
) -> Result<Group<'a>, Refusal> {
    let (styles, encoding) = (HiddenStyles::of(&root), text::encoding(&root));
    let mut cleaning = Cleaning { policy, context, report, styles, encoding, pictures: 0, cells: Cells::default() };
    let root = cleaning.nodes(root, State::default(), Words::Shown)?;
    Ok(root.group)
}

/// What is known on the way through a document.
pub(super) struct Cleaning<'c> {
    pub(super) policy: &'c Policy,
    pub(super) context: &'c Context<'c>,
    pub(super) report: &'c mut Report,
    pub(super) encoding: &'static Encoding,
    pub(super) pictures: u32,
    styles: HiddenStyles,
    cells: Cells,
}

/// The ends of cells in the row of a table that is being read.
#[derive(Debug, Default)]
struct Cells {
    live: u32,
    deleted: u32,
}

/// A group whose nodes are cleaned.
pub(super) struct Cleaned<'a> {
    pub(super) group: Group<'a>,
    /// A tracked change took something away.
    lost: bool,
}

impl Cleaning<'_> {
    /// Cleans a group within another one; `None` when it goes.
    fn group<'a>(&mut self, group: Group<'a>, state: State, words: Words) -> Result<Option<Group<'a>>, Refusal> {
        let heading = group.heading();
        let listed = heading.and_then(|heading| treatment(heading.word.name));
        let (Some(heading), Some(treatment)) = (heading, listed) else {
            if let Some(heading) = heading.filter(|heading| heading.starred && purpose(heading.word.name).is_none()) {
                let item = format!("\\*\\{}", tame(heading.word.name));
                self.report.removed_bytes(Class::ContentUnknown, item, "", group.size());
                return Ok(None);
            }
            let cleaned = self.nodes(group, state, words)?;
            return Ok((!cleaned.lost || has_content(&cleaned.group)).then_some(cleaned.group));
        };
        if state.is_deleted() && is_visible(heading.word.name) {
            self.accepted("\\deleted");
            return Ok(None);
        }
        if state.is_hidden() && is_visible(heading.word.name) && treatment != Treatment::Keep(Words::Kept) {
            if self.removes_hidden() {
                self.hidden_text(text::of(&group, self.encoding));
                return Ok(None);
            }
            self.hidden();
        }
        match treatment {
            Treatment::Keep(own) => {
                let inside = if continues(heading.word.name) { state } else { State::default() };
                Ok(Some(self.nodes(group, inside, own)?.group))
            }
            Treatment::Remove(class) => {
                self.removed(class, &heading, &group, true);
                Ok(None)
            }
            Treatment::RemoveData(class) => {
                self.removed(class, &heading, &group, false);
                Ok(None)
            }
            Treatment::Info => {
                properties::info(&group, self.encoding, self.report);
                Ok(None)
            }
            Treatment::UserProperties => {
                properties::user(&group, self.encoding, self.report);
                Ok(None)
            }
            Treatment::Bookmark if text::of(&group, self.encoding) == "_GoBack" => {
                self.report.removed(Class::MetadataOther, "_GoBack bookmark", "");
                Ok(None)
            }
            Treatment::Bookmark => Ok(Some(self.nodes(group, State::default(), Words::Kept)?.group)),
            Treatment::Field => self.field(group, state).map(Some),
            Treatment::FontFile => Ok(self.font_file(group)),
            Treatment::Generator => Ok(properties::generator(group, &heading, self.encoding, self.report)),
            Treatment::Object => self.object(group).map(Some),
            Treatment::Picture => self.picture(group).map(Some),
            Treatment::ShapeProperty => self.shape_property(group),
            // Where it is the only form, it stays.
            Treatment::Fallback => Ok(Some(self.nodes(group, State::default(), Words::Shown)?.group)),
        }
    }

    /// Cleans what a group holds.
    pub(super) fn nodes<'a>(
        &mut self,
        group: Group<'a>,
        mut state: State,
        words: Words,
    ) -> Result<Cleaned<'a>, Refusal> {
        let heading = group.heading();
        let mut cleaned = Cleaned { group: Group::default(), lost: false };
        // The form for today's readers stands before the one for others.
        let mut has_other_form = false;
        for (at, node) in group.nodes.into_iter().enumerate() {
            let before = state;
            let kept = match node {
                Node::Group(inner) => {
                    let name = inner.heading().map(|heading| heading.word.name).unwrap_or_default();
                    if has_other_form && treatment(name) == Some(Treatment::Fallback) {
                        let item = format!("\\{}", tame(name));
                        self.report.removed_bytes(Class::ContentSecondaryImages, item, "", inner.size());
                        continue;
                    }
                    has_other_form = matches!(name, "shppict" | "shpinst" | "moMath" | "moMathPara");
                    self.group(inner, state, words)?.map(Node::Group)
                }
                Node::Word(word) => {
                    let leads = heading.is_some_and(|heading| heading.at == at);
                    self.word(word, &mut state, words, leads)?.then_some(Node::Word(word))
                }
                Node::Symbol(b'*') if heading.is_some_and(|heading| heading.starred && heading.at > at) => {
                    Some(Node::Symbol(b'*'))
                }
                Node::Symbol(sign) if is_symbol(sign) => {
                    let goes = state.is_deleted() || (self.removes_in(state, words) && !matches!(sign, b'\r' | b'\n'));
                    (!goes).then_some(Node::Symbol(sign))
                }
                Node::Symbol(_) => {
                    self.report.removed(Class::ContentUnknown, "unknown control symbol", "");
                    continue;
                }
                Node::Text(text) => self.text(text, state, words).map(Node::Text),
                Node::Binary(data) if words == Words::Kept => Some(Node::Binary(data)),
                Node::Binary(data) => {
                    self.report.removed_bytes(Class::ContentUnknown, "\\bin", "", data.len());
                    continue;
                }
            };
            cleaned.lost |= kept.is_none() && (before.is_deleted() || before.is_hidden());
            if let Some(kept) = kept {
                push(&mut cleaned.group.nodes, kept);
            }
        }
        Ok(cleaned)
    }

    /// Whether a word stays. `leads` tells that its group begins with it.
    fn word(&mut self, word: Word<'_>, state: &mut State, words: Words, leads: bool) -> Result<bool, Refusal> {
        let Some(purpose) = purpose(word.name) else {
            self.report.removed(Class::ContentUnknown, "unknown control word", "");
            return Ok(false);
        };
        state.apply(&word, &self.styles);
        if let Some(class) = removed_word(word.name) {
            self.report.hit(class, self.policy.action(class), format!("\\{}", word.name), "", 1, 0);
            return Ok(false);
        }
        match (purpose, word.name) {
            (Purpose::Destination | Purpose::Mathematics, name) if !leads => {
                return Err(Refusal::unsupported(format!("`\\{name}` stands in the middle of a group")));
            }
            (_, "uc") if word.parameter.is_some_and(|count| count > MOST_FALLBACK) => {
                return Err(Refusal::unsupported("many characters stand for each one of Unicode"));
            }
            (_, name @ ("cldel" | "clmrgd" | "clmrgdr" | "clsplit" | "clsplitr")) => {
                return Err(Refusal::unsupported(format!(
                    "a tracked change deletes or joins cells of a table (`\\{name}`)"
                ))
                .with_hint("accept the changes in your word processor and clean the result"));
            }
            (Purpose::Content, name) => return self.content(name, *state, words),
            (_, "u") if state.is_deleted() => {
                self.accepted("\\deleted");
                return Ok(false);
            }
            (_, "u") if self.removes_in(*state, words) => {
                self.hidden_text(String::new());
                return Ok(false);
            }
            (_, "u") if state.is_hidden() && words == Words::Shown => self.hidden(),
            _ => {}
        }
        Ok(true)
    }

    /// Whether a word that stands for something visible stays.
    fn content(&mut self, name: &str, state: State, words: Words) -> Result<bool, Refusal> {
        let deleted = state.is_deleted();
        // What ends a paragraph or a cell keeps its formatting, and with it stays unseen.
        let ends = matches!(name, "par" | "sect" | "page" | "column" | "cell" | "nestcell" | "row" | "nestrow");
        if !deleted && !ends && self.removes_in(state, words) {
            return Ok(false);
        }
        match name {
            "cell" | "nestcell" if deleted => self.cells.deleted = self.cells.deleted.saturating_add(1),
            "cell" | "nestcell" => self.cells.live = self.cells.live.saturating_add(1),
            "row" | "nestrow" => {
                let Cells { live, deleted: gone } = std::mem::take(&mut self.cells);
                if (deleted && live > 0) || (!deleted && gone > 0) {
                    return Err(Refusal::unsupported("a tracked change deletes a part of a row of a table")
                        .with_hint("accept the changes in your word processor and clean the result"));
                }
            }
            _ => {}
        }
        if deleted {
            self.accepted("\\deleted");
        }
        Ok(!deleted)
    }

    /// Reports what a tracked change took away or added.
    pub(super) fn accepted(&mut self, item: &str) {
        let class = Class::ContentTrackedChanges;
        self.report.hit(class, self.policy.action(class), item, "", 1, 0);
    }

    /// True when the policy takes hidden text out.
    pub(super) fn removes_hidden(&self) -> bool {
        self.policy.action(Class::ContentHiddenText) == Action::Remove
    }

    /// True where text stands that goes because it is hidden.
    pub(super) fn removes_in(&self, state: State, words: Words) -> bool {
        state.is_hidden() && words == Words::Shown && self.removes_hidden()
    }

    /// Reports hidden text that goes.
    pub(super) fn hidden_text(&mut self, text: String) {
        self.report.removed_value(Class::ContentHiddenText, "\\v", "", text);
    }

    /// Reports hidden text that stays.
    pub(super) fn hidden(&mut self) {
        let class = Class::ContentHiddenText;
        self.report.hit(class, self.policy.action_if_left(class), "\\v", "", 1, 0);
    }

    fn removed(&mut self, class: Class, heading: &Heading<'_>, group: &Group<'_>, has_words: bool) {
        let item = format!("{}\\{}", if heading.starred { "\\*" } else { "" }, heading.word.name);
        let action = self.policy.action(class);
        self.report.hit(class, action, item.clone(), "", 1, group.size() as u64);
        if has_words {
            // Tables end each entry with a semicolon.
            for value in text::of(group, self.encoding).split(';').map(str::trim).filter(|value| !value.is_empty()) {
                self.report.values.push(crate::formats::RemovedValue {
                    class,
                    item: item.clone(),
                    value: value.into(),
                });
            }
        }
    }
}

/// Puts a node behind others. Texts that are neighbours now that something between them is gone become one.
fn push<'a>(nodes: &mut Vec<Node<'a>>, node: Node<'a>) {
    match (nodes.last_mut(), node) {
        (Some(Node::Text(before)), Node::Text(text)) => join(before, &text),
        (_, node) => nodes.push(node),
    }
}

/// True for groups of the text itself, in which the formatting around them goes on.
fn continues(name: &str) -> bool {
    matches!(name, "fldrslt" | "fldinst" | "upr" | "ud" | "nesttableprops" | "listtext" | "pntext" | "result")
        || purpose(name) == Some(Purpose::Mathematics)
}

/// Symbols of RTF 1.9.1 that stand for a character or a break.
fn is_symbol(sign: u8) -> bool {
    matches!(sign, b'~' | b'-' | b'_' | b':' | b'|' | b'\\' | b'{' | b'}' | b'\r' | b'\n' | b'\t')
}

/// True when a group has more in it than formatting of characters.
fn has_content(group: &Group<'_>) -> bool {
    group.nodes.iter().any(|node| match node {
        Node::Word(word) => purpose(word.name) != Some(Purpose::Characters),
        Node::Text(text) => !text.iter().all(|byte| matches!(byte, b'\r' | b'\n')),
        Node::Symbol(sign) => *sign != b'*',
        Node::Group(_) | Node::Binary(_) => true,
    })
}
