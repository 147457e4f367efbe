//! How the recorder notes single things: lengths, colours, paths, drawing modes, paints, outlines, pictures.

use std::collections::hash_map::DefaultHasher;
use std::fmt::Write;
use std::hash::{Hash, Hasher};

use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point};
use hayro_interpret::pattern::{Pattern, ShadingPattern};
use hayro_interpret::shading::{ShadingFunction, ShadingType};
use hayro_interpret::{CacheKey, DrawMode, FillRule, Image, Paint};
use sha2::{Digest, Sha256};

use super::{MOST_MEASURES, MOST_PICTURES, Recorder};
use crate::pdf_reading::{pictures, stop};
use crate::refusal::Refusal;

impl<'a> Recorder<'a, '_> {
    pub(super) fn exact(&mut self, bytes: &[u8]) {
        if self.counts() {
            self.hash.update((bytes.len() as u64).to_be_bytes());
            self.hash.update(bytes);
        }
    }

    pub(super) fn exact_number(&mut self, number: u64) {
        self.exact(&number.to_be_bytes());
    }

    #[allow(clippy::cast_possible_truncation)] // seven digits are more than the comparison looks at
    pub(super) fn length(&mut self, length: f64) {
        if self.counts() {
            if self.page.lengths.len() >= MOST_MEASURES {
                stop(Refusal::over_limit(
                    "decompressed-bytes",
                    "a page has more lines and glyphs than can be compared",
                ));
            }
            self.page.lengths.push(length as f32);
        }
    }

    pub(super) fn point(&mut self, point: Point) {
        self.length(point.x);
        self.length(point.y);
    }

    pub(super) fn matrix(&mut self, matrix: Affine, scale: f64) {
        let [a, b, c, d, e, f] = matrix.as_coeffs();
        for length in [a * scale, b * scale, c * scale, d * scale, e, f] {
            self.length(length);
        }
    }

    pub(super) fn colour(&mut self, colour: [u8; 4]) {
        if self.counts() && self.page.colours.len() < MOST_MEASURES {
            self.page.colours.push(colour);
        }
    }

    pub(super) fn path(&mut self, path: &BezPath, transform: Affine) {
        self.exact_number(path.elements().len() as u64);
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(to) => {
                    self.exact(b"m");
                    self.point(transform * to);
                }
                PathEl::LineTo(to) => {
                    self.exact(b"l");
                    self.point(transform * to);
                }
                PathEl::QuadTo(control, to) => {
                    self.exact(b"q");
                    self.point(transform * control);
                    self.point(transform * to);
                }
                PathEl::CurveTo(first, second, to) => {
                    self.exact(b"c");
                    self.point(transform * first);
                    self.point(transform * second);
                    self.point(transform * to);
                }
                PathEl::ClosePath => self.exact(b"h"),
            }
        }
    }

    pub(super) fn mode(&mut self, mode: &DrawMode, transform: Affine) {
        match mode {
            DrawMode::Fill(rule) => self.rule(*rule),
            DrawMode::Invisible => self.exact(b"invisible"),
            DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) => {
                if let DrawMode::FillAndStroke(rule, _) = mode {
                    self.rule(*rule);
                }
                self.exact(b"stroke");
                self.exact(&[stroke.line_cap as u8, stroke.line_join as u8]);
                self.exact_number(stroke.dash_array.len() as u64);
                let scale = transform.determinant().abs().sqrt();
                self.length(f64::from(stroke.line_width) * scale);
                self.length(f64::from(stroke.miter_limit));
                self.length(f64::from(stroke.dash_offset) * scale);
                for dash in &stroke.dash_array {
                    self.length(f64::from(*dash) * scale);
                }
            }
        }
    }

    pub(super) fn rule(&mut self, rule: FillRule) {
        self.exact(match rule {
            FillRule::NonZero => b"non-zero",
            FillRule::EvenOdd => b"even-odd",
        });
    }

    pub(super) fn paint(&mut self, paint: &Paint<'a>, stroke: bool) {
        match paint {
            Paint::Color(colour) => self.colour(colour.to_rgba().to_rgba8()),
            Paint::Pattern(pattern) => match pattern.as_ref() {
                Pattern::Shading(shading) => self.shading(shading),
                Pattern::Tiling(tiling) => {
                    self.exact(b"tiling");
                    self.matrix(tiling.matrix, 1000.0);
                    for length in [tiling.x_step, tiling.y_step, tiling.opacity * 255.0] {
                        self.length(f64::from(length));
                    }
                    if self.enter(pattern.cache_key()) {
                        let matrix = tiling.matrix;
                        tiling.interpret(self, matrix, stroke);
                        self.leave();
                    }
                }
            },
        }
    }

    pub(super) fn shading(&mut self, pattern: &ShadingPattern) {
        self.exact(b"shading");
        self.matrix(pattern.matrix, 1000.0);
        self.length(f64::from(pattern.opacity) * 255.0);
        let shading = &pattern.shading;
        if let Some(clip) = &shading.clip_path {
            self.path(clip, Affine::IDENTITY);
        }
        if let Some(background) = &shading.background {
            self.colour(shading.color_space.to_rgba(background, 1.0).to_rgba8());
        }
        let sample = |recorder: &mut Self, function: &ShadingFunction, input: &[f32]| {
            let mut output = vec![0.0; function.num_outputs().min(64)];
            match function.eval(input, &mut output) {
                Some(()) => recorder.colour(shading.color_space.to_rgba(&output, 1.0).to_rgba8()),
                None => recorder.exact(b"undefined"),
            }
        };
        const STEPS: u8 = 16;
        let between = |from: f32, to: f32, step: u8| from + (to - from) * f32::from(step) / f32::from(STEPS);
        match shading.shading_type.as_ref() {
            ShadingType::FunctionBased { domain: [left, right, bottom, top], matrix, function } => {
                self.exact(b"function");
                self.matrix(*matrix, 1000.0);
                for step in 0..=STEPS {
                    for row in 0..=STEPS {
                        sample(self, function, &[between(*left, *right, step), between(*bottom, *top, row)]);
                    }
                }
            }
            ShadingType::RadialAxial { coords, domain: [from, to], function, extend, axial } => {
                self.exact(b"radial-axial");
                self.exact(&[u8::from(*axial), u8::from(extend[0]), u8::from(extend[1])]);
                for length in coords {
                    self.length(f64::from(*length));
                }
                for step in 0..=STEPS {
                    sample(self, function, &[between(*from, *to, step)]);
                }
            }
            ShadingType::TriangleMesh { triangles, .. } => self.exact_debug("triangles", triangles),
            ShadingType::CoonsPatchMesh { patches, .. } => self.exact_debug("coons", patches),
            ShadingType::TensorProductPatchMesh { patches, .. } => self.exact_debug("tensor", patches),
            ShadingType::Dummy => self.exact(b"dummy"),
        }
    }

    /// Meshes come from stream data, which is never written anew with other digits, so their exact values count.
    pub(super) fn exact_debug(&mut self, name: &str, value: &dyn std::fmt::Debug) {
        struct Into<'h>(&'h mut Sha256);
        impl Write for Into<'_> {
            fn write_str(&mut self, text: &str) -> std::fmt::Result {
                self.0.update(text);
                Ok(())
            }
        }
        self.exact(name.as_bytes());
        if self.counts() {
            // Writing into a hash cannot fail.
            let _ = write!(Into(&mut self.hash), "{value:?}");
        }
    }

    pub(super) fn outline(&mut self, glyph: &hayro_interpret::font::OutlineGlyph) -> u64 {
        let id = glyph.identifier();
        if let Some(known) = self.shared.borrow().outlines.get(&id) {
            return *known;
        }
        let mut hash = DefaultHasher::new();
        for element in glyph.outline().elements() {
            let points: &[Point] = match element {
                PathEl::MoveTo(a) => &[*a],
                PathEl::LineTo(a) => &[*a, *a],
                PathEl::QuadTo(a, b) => &[*a, *b, *b],
                PathEl::CurveTo(a, b, c) => &[*a, *b, *c],
                PathEl::ClosePath => &[],
            };
            points.len().hash(&mut hash);
            for point in points {
                (point.x.to_bits(), point.y.to_bits()).hash(&mut hash);
            }
        }
        let digest = hash.finish();
        self.shared.borrow_mut().outlines.insert(id, digest);
        digest
    }

    pub(super) fn picture_digest(&mut self, image: &Image<'_, '_>) -> [u8; 32] {
        let stream = pictures::stream(image);
        let id = stream.dict().obj_id();
        if let Some(known) = id.and_then(|id| self.shared.borrow().pictures.get(&id).copied()) {
            return known;
        }
        let pixels = pictures::pixels(stream);
        let mut shared = self.shared.borrow_mut();
        shared.pixels = shared.pixels.saturating_add(pixels);
        let most = self.limits.image_pixels;
        if pixels > most || shared.pixels > most.saturating_mul(MOST_PICTURES) {
            stop(Refusal::over_limit("image-pixels", format!("pictures in the document exceed {most} pixels")));
        }
        let digest = pictures::digest(image);
        if let Some(id) = id {
            shared.pictures.insert(id, digest);
        }
        digest
    }
}
