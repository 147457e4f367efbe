//! Finds the areas near a place on the page: a grid over the page with the areas that touch each cell.

use hayro_interpret::kurbo::Rect;

use crate::pdf_reading::scene::Scene;

/// Cells along each side.
const SIDE: usize = 64;
/// Areas that touch more cells than this are looked at everywhere.
const WIDE: usize = 512;

/// The grid.
pub(super) struct Index {
    page: Rect,
    cells: Vec<Vec<usize>>,
    wide: Vec<(Rect, usize)>,
}

impl Index {
    /// Sorts the areas of a page into the grid.
    pub(super) fn new(scene: &Scene) -> Self {
        let page = scene.shown;
        let mut index = Self { page, cells: vec![Vec::new(); SIDE.saturating_mul(SIDE)], wide: Vec::new() };
        for (at, area) in scene.areas.iter().enumerate() {
            let (columns, rows) = index.touched(area.bounds);
            if columns.len().saturating_mul(rows.len()) > WIDE {
                index.wide.push((area.bounds, at));
                continue;
            }
            for row in rows {
                for column in columns.clone() {
                    if let Some(cell) = index.cells.get_mut(row.saturating_mul(SIDE).saturating_add(column)) {
                        cell.push(at);
                    }
                }
            }
        }
        index
    }

    /// How many areas are looked at wherever somebody looks.
    pub(super) fn cost(&self) -> u64 {
        self.wide.len() as u64
    }

    /// The indexes of the areas that may touch a box, in the order of painting.
    pub(super) fn near(&self, bounds: Rect) -> Vec<usize> {
        let (columns, rows) = self.touched(bounds);
        let mut found: Vec<usize> =
            self.wide.iter().filter(|(area, _)| area.overlaps(bounds)).map(|(_, at)| *at).collect();
        for row in rows {
            for column in columns.clone() {
                found.extend(self.cells.get(row.saturating_mul(SIDE).saturating_add(column)).into_iter().flatten());
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The columns and rows that a box touches; what lies outside of the page belongs to the cells at its edge.
    fn touched(&self, bounds: Rect) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        let cell = |value: f64, from: f64, length: f64| {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)] // saturates
            let cell = ((value - from) / length.max(1.0) * SIDE as f64).max(0.0) as usize;
            cell.min(SIDE.saturating_sub(1))
        };
        let (page, end) = (self.page, |cell: usize| cell.saturating_add(1));
        let columns = cell(bounds.x0, page.x0, page.width())..end(cell(bounds.x1, page.x0, page.width()));
        let rows = cell(bounds.y0, page.y0, page.height())..end(cell(bounds.y1, page.y0, page.height()));
        (columns, rows)
    }
}
