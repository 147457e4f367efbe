//! The formatting that decides whether text is seen. It ends with the group that it begins in.

use std::collections::BTreeSet;

use super::tree::{Group, Node, Word};

/// Which formatting is switched on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct State {
    deleted: bool,
    moved: bool,
    hidden: bool,
    hidden_style: bool,
}

impl State {
    /// True for text that a tracked change takes away.
    pub(super) fn is_deleted(self) -> bool {
        self.deleted || self.moved
    }

    /// True for text that readers do not show.
    pub(super) fn is_hidden(self) -> bool {
        self.hidden || self.hidden_style
    }

    /// Takes in a word.
    pub(super) fn apply(&mut self, word: &Word<'_>, styles: &HiddenStyles) {
        match word.name {
            "deleted" => self.deleted = word.is_on(),
            "mvf" => self.moved = word.is_on(),
            "mvt" => self.moved = false,
            "v" => (self.hidden, self.hidden_style) = (word.is_on(), false),
            "plain" => *self = Self::default(),
            "pard" => self.hidden_style = false,
            "s" | "cs" => self.hidden_style |= styles.0.contains(&(word.name == "s", word.parameter.unwrap_or(0))),
            _ => {}
        }
    }
}

/// Numbers of the styles whose text is hidden, and whether they are styles of paragraphs.
#[derive(Debug, Default)]
pub(super) struct HiddenStyles(BTreeSet<(bool, i64)>);

impl HiddenStyles {
    /// Reads the style sheet of a document. A style says all that it sets, that of the styles it is based on included.
    pub(super) fn of(root: &Group<'_>) -> Self {
        let mut hidden = BTreeSet::new();
        for style in root.named("stylesheet").flat_map(Group::groups) {
            let words = || {
                style.nodes.iter().filter_map(|node| match node {
                    Node::Word(word) => Some(word),
                    _ => None,
                })
            };
            if words().any(|word| word.name == "v" && word.is_on())
                && let Some(number) = words().find(|word| matches!(word.name, "s" | "cs"))
            {
                hidden.insert((number.name == "s", number.parameter.unwrap_or(0)));
            }
        }
        Self(hidden)
    }
}
