//! From glyphs to words, lines and reading order.
//!
//! Glyphs come in the order in which they are painted, which mostly is the order in which they are read, but not always: a
//! program may paint all bold words first, or a page line by line across two columns. So only *pieces* are taken in paint
//! order: glyphs that follow each other on one base line without a wide gap. Pieces are then ordered by their place: the
//! region is cut at empty bands into columns and blocks (an XY cut), and inside of a block into lines from top to bottom.
//!
//! Rotated text is turned upright first; each direction of writing is put together on its own, the most frequent one first.

use hayro_interpret::kurbo::Point;

use crate::pdf_reading::{Glyph, Scene};
use crate::text::TextBox;

/// A gap this wide, in font sizes, is a space between words.
const WORD_GAP: f64 = 0.16;
/// A gap this wide ends a piece of a line.
const PIECE_GAP: f64 = 1.2;
/// How far back the next glyph of a piece may begin, in font sizes: accents and tight kerning.
const BACK: f64 = 0.6;
/// Glyphs closer than this lie on each other.
const SAME_PLACE: f64 = 0.1;
/// Base lines closer than this are one line.
const SAME_LINE: f64 = 0.4;
/// The same for much smaller characters: raised and lowered ones.
const SMALL_SAME_LINE: f64 = 0.65;
/// Cuts within cuts.
const DEPTH: u32 = 64;
/// More pieces than this are ordered by lines only: the cuts would take too long.
const MOST_CUT: usize = 50_000;

/// A glyph turned upright: `x` along the direction of writing, `y` upwards.
#[derive(Debug, Clone, Copy)]
struct Upright<'g> {
    glyph: &'g Glyph,
    x: f64,
    y: f64,
    width: f64,
    size: f64,
}

/// Glyphs that follow each other on one base line.
#[derive(Debug)]
struct Piece<'g> {
    glyphs: Vec<Upright<'g>>,
    left: f64,
    right: f64,
    y: f64,
    size: f64,
}

/// The text of the glyphs in reading order, and the box of every character in it.
pub(super) fn assemble(page: &Scene, glyphs: &[&Glyph]) -> (String, Vec<TextBox>) {
    let mut written = Written { page, text: String::new(), boxes: Vec::new() };
    for direction in directions(glyphs) {
        let upright = direction.glyphs.iter().map(|glyph| turn(glyph, direction.along));
        let pieces = pieces(page, upright);
        let mut order: Vec<Vec<Piece<'_>>> = Vec::new();
        if pieces.len() > MOST_CUT {
            order.push(pieces);
        } else {
            cut(pieces, 0, &mut order);
        }
        for block in order {
            let mut within = false;
            for line in lines(page, block) {
                written.line(&line, within);
                within = true;
            }
        }
    }
    (written.text, written.boxes)
}

/// The glyphs of one direction of writing.
struct Direction<'g> {
    along: (f64, f64),
    glyphs: Vec<&'g Glyph>,
}

/// Sorts glyphs by direction of writing, in steps of fifteen degrees, the most frequent direction first.
fn directions<'g>(glyphs: &[&'g Glyph]) -> Vec<Direction<'g>> {
    const STEPS: usize = 24;
    let mut found: Vec<Direction<'g>> = (0..STEPS)
        .map(|step| {
            #[allow(clippy::cast_precision_loss)] // 24 at most
            let angle = step as f64 * std::f64::consts::TAU / STEPS as f64;
            Direction { along: (angle.cos(), angle.sin()), glyphs: Vec::new() }
        })
        .collect();
    for glyph in glyphs {
        let (x, y) = glyph.advance;
        let turn = if x == 0.0 && y == 0.0 { 0.0 } else { y.atan2(x) / std::f64::consts::TAU };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)] // 0 to 24
        let step = (turn.rem_euclid(1.0) * STEPS as f64).round() as usize % STEPS;
        if let Some(direction) = found.get_mut(step) {
            direction.glyphs.push(glyph);
        }
    }
    found.retain(|direction| !direction.glyphs.is_empty());
    found.sort_by_key(|direction| std::cmp::Reverse(direction.glyphs.len()));
    found
}

fn turn(glyph: &Glyph, along: (f64, f64)) -> Upright<'_> {
    let (cos, sin) = along;
    let width = glyph.advance.0 * cos + glyph.advance.1 * sin;
    let size = glyph.up.0.hypot(glyph.up.1);
    let finite = |value: f64| if value.is_finite() { value } else { 0.0 };
    Upright {
        glyph,
        x: finite(glyph.origin.x * cos + glyph.origin.y * sin),
        y: finite(glyph.origin.y * cos - glyph.origin.x * sin),
        width: finite(width),
        size: finite(size).max(0.01),
    }
}

/// Joins glyphs in paint order as long as each follows the one before.
fn pieces<'g>(page: &Scene, glyphs: impl Iterator<Item = Upright<'g>>) -> Vec<Piece<'g>> {
    let mut pieces: Vec<Piece<'g>> = Vec::new();
    for glyph in glyphs {
        let right = glyph.x + glyph.width.max(0.0);
        // The same glyph painted twice, a little to the side, is a poor man's bold.
        let last = pieces.last().and_then(|piece| piece.glyphs.last());
        if last.is_some_and(|last| same_place(last, &glyph) && page.text_of(last.glyph) == page.text_of(glyph.glyph)) {
            continue;
        }
        if let Some(piece) = pieces.last_mut()
            && same_line((glyph.y, glyph.size), (piece.y, piece.size))
            && glyph.x - piece.right < PIECE_GAP * piece.size.max(glyph.size)
            && glyph.x - piece.right > -BACK * piece.size.max(glyph.size)
        {
            piece.right = piece.right.max(right);
            piece.size = piece.size.max(glyph.size);
            piece.glyphs.push(glyph);
            continue;
        }
        pieces.push(Piece { left: glyph.x, right, y: glyph.y, size: glyph.size, glyphs: vec![glyph] });
    }
    pieces
}

/// True for two base lines with font sizes that belong to one line.
fn same_line(a: (f64, f64), b: (f64, f64)) -> bool {
    let (large, small) = (a.1.max(b.1), a.1.min(b.1));
    let near = if small < 0.8 * large { SMALL_SAME_LINE } else { SAME_LINE };
    (a.0 - b.0).abs() < near * large
}

fn same_place(a: &Upright<'_>, b: &Upright<'_>) -> bool {
    let near = SAME_PLACE * a.size.max(b.size);
    (a.x - b.x).abs() < near && (a.y - b.y).abs() < near && b.width > 0.0
}

/// Cuts a region into blocks in reading order: at wide columns first, else at the empty bands between paragraphs.
fn cut<'g>(pieces: Vec<Piece<'g>>, depth: u32, blocks: &mut Vec<Vec<Piece<'g>>>) {
    if pieces.len() < 4 || depth > DEPTH {
        blocks.push(pieces);
        return;
    }
    let deeper = depth.saturating_add(1);
    if let Some(x) = column_gap(&pieces) {
        let (left, right) = pieces.into_iter().partition(|piece| piece.left < x);
        cut(left, deeper, blocks);
        cut(right, deeper, blocks);
    } else if let Some(y) = band_gap(&pieces) {
        let (above, below) = pieces.into_iter().partition(|piece| piece.y > y);
        cut(above, deeper, blocks);
        cut(below, deeper, blocks);
    } else {
        blocks.push(pieces);
    }
}

/// Where a column of text ends and another begins: an empty vertical band, with running text on both sides. Columns of
/// tables have short cells that belong together line by line, so they are not cut.
fn column_gap(pieces: &[Piece<'_>]) -> Option<f64> {
    let mut spans: Vec<(f64, f64)> = pieces.iter().map(|piece| (piece.left, piece.right)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let size = typical_size(pieces);
    let mut reach = spans.first()?.1;
    let mut best: Option<(f64, f64)> = None;
    for (left, right) in spans {
        let gap = left - reach;
        let middle = reach + gap / 2.0;
        if gap > 0.7 * size && best.is_none_or(|(widest, _)| gap > widest) && runs_on_both_sides(pieces, middle) {
            best = Some((gap, middle));
        }
        reach = reach.max(right);
    }
    best.map(|(_, x)| x)
}

fn runs_on_both_sides(pieces: &[Piece<'_>], x: f64) -> bool {
    let running = |left: bool| {
        let side = || pieces.iter().filter(|piece| (piece.left < x) == left);
        let from = side().map(|piece| piece.left).fold(f64::INFINITY, f64::min);
        let to = side().map(|piece| piece.right).fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = side().map(|piece| piece.right - piece.left).sum();
        let count = side().count();
        #[allow(clippy::cast_precision_loss)] // a page has few pieces
        let mean = total / count as f64;
        count >= 4 && mean > 0.5 * (to - from) && mean > 12.0 * typical_size(pieces)
    };
    running(true) && running(false)
}

/// The middle of the widest empty horizontal band that is wider than the usual distance of lines.
fn band_gap(pieces: &[Piece<'_>]) -> Option<f64> {
    let mut rows: Vec<(f64, f64)> =
        pieces.iter().map(|piece| (piece.y + 0.8 * piece.size, piece.y - 0.2 * piece.size)).collect();
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    let size = typical_size(pieces);
    let mut reach = rows.first()?.1;
    let mut best: Option<(f64, f64)> = None;
    for (top, bottom) in rows {
        let gap = reach - top;
        if gap > 0.6 * size && best.is_none_or(|(widest, _)| gap > widest) {
            best = Some((gap, top + gap / 2.0));
        }
        reach = reach.min(bottom);
    }
    // The partition is by base lines, which lie a little above the bottom of their row.
    best.map(|(_, y)| y)
}

fn typical_size(pieces: &[Piece<'_>]) -> f64 {
    let mut sizes: Vec<f64> = pieces.iter().map(|piece| piece.size).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).copied().unwrap_or(1.0)
}

/// The lines of a block from top to bottom, their pieces from left to right. A piece painted twice counts once.
fn lines<'g>(page: &Scene, mut pieces: Vec<Piece<'g>>) -> Vec<Vec<Piece<'g>>> {
    pieces.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut lines: Vec<Vec<Piece<'g>>> = Vec::new();
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if line.first().is_some_and(|first| same_line((first.y, first.size), (piece.y, piece.size))) => {
                line.push(piece);
            }
            _ => lines.push(vec![piece]),
        }
    }
    for line in &mut lines {
        line.sort_by(|a, b| a.left.total_cmp(&b.left));
        line.dedup_by(|b, a| {
            a.glyphs.len() == b.glyphs.len()
                && a.glyphs
                    .iter()
                    .zip(&b.glyphs)
                    .all(|(a, b)| same_place(a, b) && page.text_of(a.glyph) == page.text_of(b.glyph))
        });
    }
    lines
}

/// The text as it grows.
struct Written<'p> {
    page: &'p Scene,
    text: String,
    boxes: Vec<TextBox>,
}

impl Written<'_> {
    /// Adds a line, `within` a block also to the word that the line before divides.
    fn line(&mut self, line: &[Piece<'_>], within: bool) {
        if within && line.first().is_some_and(|piece| self.goes_on(piece)) {
            self.text.truncate(self.text.trim_end_matches(['\n', '-', '\u{AD}', '\u{2010}']).len());
        }
        let begin = self.text.len();
        let mut reach: Option<f64> = None;
        for piece in line {
            for glyph in &piece.glyphs {
                let characters = self.page.text_of(glyph.glyph);
                let blank = characters.chars().all(char::is_whitespace);
                let gap = reach.is_some_and(|reach| glyph.x - reach > WORD_GAP * glyph.size);
                let spaced = self.text.len() == begin || self.text.ends_with(' ');
                if (gap || blank) && !spaced {
                    self.text.push(' ');
                }
                if !blank {
                    self.boxes.push(TextBox { start: self.text.len(), area: area(glyph.glyph) });
                    // Control characters come from broken fonts and would only tear words apart.
                    self.text.extend(characters.chars().filter(|character| !character.is_control()));
                }
                reach = Some(reach.unwrap_or(f64::NEG_INFINITY).max(glyph.x + glyph.width.max(0.0)));
            }
        }
        while self.text.ends_with(' ') {
            self.text.pop();
        }
        if self.text.len() > begin {
            self.text.push('\n');
        }
    }
}

impl Written<'_> {
    /// True when the last line ends with a hyphen in the middle of a word, small letters on both sides.
    fn goes_on(&self, next: &Piece<'_>) -> bool {
        let small = |character: Option<char>| character.is_some_and(char::is_lowercase);
        let first = next.glyphs.first().and_then(|glyph| self.page.text_of(glyph.glyph).chars().next());
        let mut before = self.text.strip_suffix('\n').unwrap_or_default().chars().rev();
        matches!(before.next(), Some('-' | '\u{AD}' | '\u{2010}')) && small(before.next()) && small(first)
    }
}

/// The upright rectangle around a glyph: from a fifth of the font size below the base line to four fifths above.
#[allow(clippy::cast_possible_truncation)] // points on a page
fn area(glyph: &Glyph) -> [f32; 4] {
    let corner = |along: f64, up: f64| {
        Point::new(
            glyph.origin.x + glyph.advance.0 * along + glyph.up.0 * up,
            glyph.origin.y + glyph.advance.1 * along + glyph.up.1 * up,
        )
    };
    let corners = [corner(0.0, -0.2), corner(1.0, -0.2), corner(0.0, 0.8), corner(1.0, 0.8)];
    let of = |value: fn(&Point) -> f64, pick: fn(f64, f64) -> f64, start: f64| {
        corners.iter().map(value).fold(start, pick) as f32
    };
    [
        of(|point| point.x, f64::min, f64::INFINITY),
        of(|point| point.y, f64::min, f64::INFINITY),
        of(|point| point.x, f64::max, f64::NEG_INFINITY),
        of(|point| point.y, f64::max, f64::NEG_INFINITY),
    ]
}
