//! A paragraph or body of text that is being put together.

/// What is shown of it, and what is not.
#[derive(Debug, Default)]
pub(super) struct Lines {
    shown: String,
    hidden: String,
    /// A field hides the paragraph as a whole.
    is_hidden: bool,
}

impl Lines {
    /// Adds text as it is written: runs of white space are one blank (ODF 1.3 part 3, 6.1.2).
    pub(super) fn add(&mut self, text: &str, is_hidden: bool) {
        let to = if is_hidden { &mut self.hidden } else { &mut self.shown };
        for c in text.chars() {
            if !matches!(c, ' ' | '\t' | '\r' | '\n') {
                to.push(c);
            } else if to.chars().last().is_some_and(|last| !last.is_whitespace()) {
                to.push(' ');
            }
        }
    }

    /// Adds white space that is meant.
    pub(super) fn write(&mut self, text: &str, is_hidden: bool) {
        let to = if is_hidden { &mut self.hidden } else { &mut self.shown };
        to.push_str(text);
    }

    /// Hides the paragraph.
    pub(super) fn hide(&mut self) {
        self.is_hidden = true;
    }

    /// The paragraph at its end: when a field hides it, nothing of it is shown.
    pub(super) fn finish(mut self) -> Self {
        if self.is_hidden {
            let shown = std::mem::take(&mut self.shown);
            self.hidden.insert_str(0, &shown);
        }
        self
    }

    /// Adds a paragraph as a line of its own.
    pub(super) fn append(&mut self, paragraph: &Self) {
        for (to, from) in [(&mut self.shown, &paragraph.shown), (&mut self.hidden, &paragraph.hidden)] {
            if !from.is_empty() {
                if !to.is_empty() {
                    to.push('\n');
                }
                to.push_str(from);
            }
        }
    }

    /// True when the text shows this value, as it is or with more digits.
    pub(super) fn has(&self, value: &str) -> bool {
        self.shown.contains(value) || self.hidden.contains(value)
    }

    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    pub(super) fn hidden(&self) -> &str {
        &self.hidden
    }
}
