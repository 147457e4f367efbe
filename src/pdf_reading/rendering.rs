//! Pages as pixels, by hayro's renderer. It may fail on a page: that costs a second opinion, not the document.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro::vello_cpu::{self, RenderContext, peniko::color::palette::css::WHITE};
use hayro::{RenderSettings, render_into};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::Affine;
use hayro_interpret::{InterpreterSettings, RenderContent};

use super::Reading;

impl<'a> Reading<'a> {
    /// Renders a page over white into so many pixels: red, green and blue, one after the other. `into_pixels` maps the
    /// coordinates of the page. Nothing when the renderer fails, the page takes too long or the document has used up its pixels; `more` pixels are
    /// charged besides those of the result.
    pub(crate) fn pixels(
        &self,
        page: &'a Page<'a>,
        content: RenderContent,
        into_pixels: Affine,
        (width, height): (u16, u16),
        more: u64,
    ) -> Option<Vec<u8>> {
        let cost = u64::from(width).saturating_mul(u64::from(height)).saturating_add(more);
        let rendered = self.rendered.get().saturating_add(cost);
        if rendered > self.limits.image_pixels || !self.uses.borrow_mut().can_be_rendered(page) {
            return None;
        }
        self.rendered.set(rendered);
        let settings = InterpreterSettings { render_content: content, ..self.settings.clone() };
        let samples = catch_unwind(AssertUnwindSafe(|| {
            let mut context = RenderContext::new(width, height);
            render_into(page, &self.rendering, &settings, &RenderSettings::default(), &mut context, into_pixels);
            context.flush();
            let mut target = vello_cpu::Pixmap::new(width, height);
            let clear = vello_cpu::RasterizerSettings {
                target_init: vello_cpu::TargetInit::Clear(WHITE),
                ..vello_cpu::RasterizerSettings::default()
            };
            context.render_with(&mut target, &mut vello_cpu::Resources::default(), clear);
            target.data().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]).collect::<Vec<u8>>()
        }));
        samples.ok()
    }
}
