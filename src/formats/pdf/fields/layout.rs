//! Sets the text of a field into its box: size, lines, alignment (12.7.4.3).

use super::font::FieldFont;

/// The size of text that fits itself to its box, in points, unless the box is smaller.
const AUTOMATIC: f64 = 12.0;
/// Below this nobody reads it.
const SMALLEST: f64 = 4.0;
/// From one base line to the next, in font sizes.
const LEADING: f64 = 1.15;
/// Room at the left and right, in points.
pub(super) const MARGIN: f64 = 2.0;
/// Lines that are set: more than any field shows.
const MOST_LINES: usize = 2_000;

/// One line of text and where it begins.
#[derive(Debug, PartialEq)]
pub(super) struct Line {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) text: String,
}

/// The box of a field without its border, and how text stands in it.
pub(super) struct Frame<'a> {
    pub(super) width: f64,
    pub(super) height: f64,
    /// The border on each side.
    pub(super) inset: f64,
    /// 0 left, 1 centred, 2 right.
    pub(super) alignment: i64,
    pub(super) font: &'a FieldFont,
    /// 0 for automatic.
    pub(super) size: f64,
}

impl Frame<'_> {
    fn room(&self) -> f64 {
        (self.width - 2.0 * (self.inset + MARGIN)).max(1.0)
    }

    /// Text on one line, in the middle of the box, and its size.
    pub(super) fn single(&self, text: &str) -> (f64, Vec<Line>) {
        let text = text.replace('\n', " ");
        let size = if self.size > 0.0 {
            self.size
        } else {
            let by_height = (self.height - 2.0 * self.inset) * 0.8;
            let by_width = self.room() / self.font.width(&text, 1.0).max(0.001);
            by_height.min(by_width).clamp(SMALLEST, AUTOMATIC)
        };
        let y = (self.height - size * 0.72) / 2.0;
        let text = self.shown(text, size);
        (size, vec![Line { x: self.start(&text, size), y, text }])
    }

    /// Text on lines broken at words, from the top, and its size.
    pub(super) fn lines(&self, text: &str) -> (f64, Vec<Line>) {
        let mut size = if self.size > 0.0 { self.size } else { AUTOMATIC };
        let mut broken = self.broken(text, size);
        #[allow(clippy::cast_precision_loss)] // few lines
        while self.size <= 0.0
            && size > SMALLEST
            && broken.len() as f64 * size * LEADING > self.height - 2.0 * self.inset
        {
            size -= 0.5;
            broken = self.broken(text, size);
        }
        let mut y = self.height - self.inset - size;
        let mut lines = Vec::with_capacity(broken.len());
        for text in broken {
            if y < -size {
                break; // nothing of it shows
            }
            lines.push(Line { x: self.start(&text, size), y, text });
            y -= size * LEADING;
        }
        (size, lines)
    }

    /// One character in the middle of each of `cells` equal cells.
    pub(super) fn comb(&self, text: &str, cells: u32) -> (f64, Vec<Line>) {
        let (size, line) = self.single(text);
        let cell = self.width / f64::from(cells.max(1));
        let y = line.first().map_or(0.0, |line| line.y);
        let lines = (0..cells).zip(text.chars()).map(|(index, character)| {
            let text = character.to_string();
            let x = cell * (f64::from(index) + 0.5) - self.font.width(&text, size) / 2.0;
            Line { x, y, text }
        });
        (size, lines.collect())
    }

    /// The characters that begin before the end of the box.
    fn shown(&self, mut text: String, size: f64) -> String {
        while text.chars().nth(1).is_some() && self.font.width(&text, size) > self.width + size {
            text.pop();
        }
        text
    }

    fn start(&self, text: &str, size: f64) -> f64 {
        let left = self.inset + MARGIN;
        let free = (self.width - 2.0 * left - self.font.width(text, size)).max(0.0);
        match self.alignment {
            1 => left + free / 2.0,
            2 => left + free,
            _ => left,
        }
    }

    fn broken(&self, text: &str, size: f64) -> Vec<String> {
        let room = self.room();
        let mut lines: Vec<String> = Vec::new();
        for paragraph in text.split('\n') {
            let mut line = String::new();
            for word in paragraph.split_inclusive(' ') {
                let together = format!("{line}{word}");
                if !line.is_empty() && self.font.width(together.trim_end_matches(' '), size) > room {
                    lines.push(std::mem::take(&mut line));
                }
                for character in word.chars() {
                    // A word that is longer than the line breaks anywhere.
                    if !line.is_empty() && character != ' ' && self.font.width(&line, size) > room {
                        lines.push(std::mem::take(&mut line));
                    }
                    line.push(character);
                }
            }
            lines.push(line);
            if lines.len() >= MOST_LINES {
                lines.truncate(MOST_LINES);
                break;
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::super::standard_fonts::StandardFont;
    use super::*;

    fn frame(font: &FieldFont, alignment: i64, size: f64) -> Frame<'_> {
        Frame { width: 100.0, height: 40.0, inset: 1.0, alignment, font, size }
    }

    fn courier() -> FieldFont {
        FieldFont::standard(StandardFont::Courier)
    }

    #[test]
    fn lines_break_at_words_and_within_long_ones() {
        // 10 points wide: 6 for each character, 94 in all.
        let font = courier();
        let (size, lines) = frame(&font, 0, 10.0).lines("one two three four\nfive");
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["one two three ", "four", "five"]);
        assert!((size - 10.0).abs() < 1e-9 && lines[0].y > lines[1].y);
        assert!(frame(&font, 0, 10.0).lines(&"x".repeat(40)).1.len() >= 3);
    }

    #[test]
    fn text_is_aligned_and_fitted() {
        let font = courier();
        let x = |alignment| frame(&font, alignment, 10.0).single("abc").1[0].x;
        assert!((x(0) - 3.0).abs() < 1e-9 && (x(1) - 41.0).abs() < 1e-9 && (x(2) - 79.0).abs() < 1e-9);
        assert!(frame(&font, 0, 0.0).single(&"x".repeat(30)).0 < 6.0);
    }

    #[test]
    fn a_comb_has_a_cell_for_each_character() {
        let (_, lines) = frame(&courier(), 0, 10.0).comb("ab", 4);
        assert!((lines[0].x - 9.5).abs() < 1e-9 && (lines[1].x - 34.5).abs() < 1e-9);
    }
}
