//! The proof of a copy from which hidden text was taken out: just that is gone, and nothing else has changed.
//!
//! Which glyphs nobody sees is found out here again, from the copy with them, and it is asked of the copy without them, too.
//! Recorded without these glyphs, both draw the same operations. Those that stay stand where they were, but for
//! what follows a gap on its line, which may have moved by [`MOST_SHIFT`]; and the pages render alike, with the hidden text
//! and without it, above all where it was.

use std::collections::BTreeSet;

use hayro_interpret::hayro_syntax::page::Page;

use super::rendering::{self, Outcome};
use super::{Chosen, attachments, container, content, essence, fonts, keys, leftovers, navigation, pages, profiles};
use crate::formats::{Context, Report};
use crate::kind::Kind;
use crate::pdf_reading::hidden::{Sights, sights, taken};
use crate::pdf_reading::{self, Glyph, Reading, Scene};
use crate::prove::{Check, Proof, Side, copy_unreadable};
use crate::refusal::Refusal;

/// Points by which a glyph may stand beside its old place.
const TOLERANCE: f64 = 0.05;
/// Points by which it may do so after a gap: a quarter of a point, and what numbers lose when they are written.
const MOST_SHIFT: f64 = 0.3;

/// Font sizes, in points, that an eye can read.
const SMALLEST: f64 = 1.0;

/// Proves that `without` is `copy`, itself proved, without its hidden text. Also counts the glyphs that are hidden in
/// `without`: those that were seen before and moved. `report` tells which files are attached to `copy`.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when it is not, or when it cannot be shown.
pub(crate) fn prove_without_hidden_text(
    kind: Kind,
    copy: &[u8],
    without: &[u8],
    report: &Report,
    context: &Context<'_>,
) -> Result<(Proof, u64), Refusal> {
    if kind != Kind::Pdf {
        return Err(Refusal::unprovable(format!("there is no proof for {} without hidden text", kind.described())));
    }
    pdf_reading::read(copy, context, |before| {
        pdf_reading::read(without, context, |after| compare(before, after, report, context))
            .map_err(|refusal| copy_unreadable(&refusal))
    })
}

fn compare(
    before: &Reading<'_>,
    after: &Reading<'_>,
    report: &Report,
    context: &Context<'_>,
) -> Result<(Proof, u64), Refusal> {
    if before.pages().len() != after.pages().len() {
        return Err(Refusal::unprovable("the copy without hidden text has another number of pages"));
    }
    let chosen = Chosen::new(before, Side::Output, context.policy);
    let (mut glyphs, mut rendered, mut left) = (0_u64, 0_u64, 0_u64);
    for ((old, new), number) in before.pages().zip(after.pages()).zip(1_u64..) {
        let in_page = |refusal: Refusal| refusal.in_part(format!("page {number}"));
        let (gone, hidden) = page(before, old, after, new, &chosen).map_err(in_page)?;
        left = left.saturating_add(hidden);
        if gone > 0
            && let Outcome::Equal = rendering::page(before, old, after, new, &chosen).map_err(in_page)?
        {
            rendered = rendered.saturating_add(1);
        }
        glyphs = glyphs.saturating_add(gone);
    }
    let told = format!("{glyphs} glyphs that nobody sees are gone, {rendered} pages rendered alike");
    let mut checks = vec![Check::new("hidden-text-removed", told)];
    // Links and bookmarks are all still there.
    navigation::compare_links(before, after, &chosen, &Report::default())?;
    navigation::compare_bookmarks(before, after)?;
    leftovers::find(after, context.policy)?;
    keys::check(after)?;
    content::check(after, context.policy)?;
    fonts::check(after)?;
    checks.extend(profiles::compare(before, after)?);
    attachments::compare(before, after, report, context)?;
    checks.push(container::check(after)?);
    let essence = essence(after, &Chosen::new(after, Side::Output, context.policy))?;
    Ok((Proof { essence: essence.to_hex(), checks }, left))
}

/// Compares one page; how many glyphs are gone, and how many are hidden now.
fn page<'a, 'b>(
    before: &Reading<'a>,
    old: &'a Page<'a>,
    after: &Reading<'b>,
    new: &'b Page<'b>,
    chosen: &Chosen<'_>,
) -> Result<(u64, u64), Refusal> {
    let (old_scene, old_sights) = look(before, old)?;
    let (new_scene, new_sights) = look(after, new)?;
    let left = taken::taken(&new_scene, &new_sights);
    let gone = taken::taken(&old_scene, &old_sights);
    same_places(&old_scene, &gone, &new_scene)?;
    same_replacements(&old_scene, &gone, &new_scene)?;
    same_pixels((before, old, &old_scene), &gone, (after, new, &new_scene))?;
    let numbers = taken::numbers(&old_scene, &gone);
    if numbers.iter().any(|(run, _)| *run == 0 || *run > old_scene.page_runs) {
        return Err(Refusal::unprovable("hidden text is gone from where it is not taken out"));
    }
    let expected = before.interpret_without(old, &numbers)?;
    let found = after.interpret_without(new, &BTreeSet::new())?;
    let live = before.interpret_annotations(old, &|annotation| chosen.is_live(annotation))?;
    let kept = after.interpret_annotations(new, &|annotation| chosen.is_live(annotation))?;
    if (expected.digest, live.digest) != (found.digest, kept.digest) {
        return Err(Refusal::unprovable("more than hidden text is gone or has changed"));
    }
    pages::same_measures(&expected, &found)?;
    pages::same_measures(&live, &kept)?;
    let count = |glyphs: &[bool]| glyphs.iter().filter(|one| **one).count() as u64;
    Ok((count(&gone), count(&left)))
}

fn look<'a>(reading: &Reading<'a>, page: &'a Page<'a>) -> Result<(Scene, Sights), Refusal> {
    let scene = reading.scene(page, &|annotation| !annotation.is_hidden())?;
    let seen = sights(&scene, &|part, size| reading.render(page, &scene, part, size));
    Ok((scene, seen))
}

/// Compares the places of the glyphs that stay.
fn same_places(old: &Scene, gone: &[bool], new: &Scene) -> Result<(), Refusal> {
    let mut found = new.glyphs.iter();
    let mut gap: Option<&Glyph> = None;
    for (glyph, gone) in old.glyphs.iter().zip(gone) {
        if *gone {
            gap = Some(glyph);
            continue;
        }
        let after_gap = gap.is_some_and(|gap| on_one_line(gap, glyph));
        let most = if after_gap { MOST_SHIFT } else { TOLERANCE };
        let other = found.next();
        let stays = other.is_some_and(|other| {
            let way = (other.origin - glyph.origin).hypot();
            other.code == glyph.code && (way <= most || way.is_nan())
        });
        if !stays {
            return Err(Refusal::unprovable("text beside the hidden text is gone or has moved"));
        }
    }
    match found.next() {
        Some(_) => Err(Refusal::unprovable("the copy without hidden text has more text")),
        None => Ok(()),
    }
}

/// Compares the pixels in the places of what is gone, as large as it takes to make out its letters.
fn same_pixels<'a, 'b>(
    (before, old, old_scene): (&Reading<'a>, &'a Page<'a>, &Scene),
    gone: &[bool],
    (after, new, new_scene): (&Reading<'b>, &'b Page<'b>, &Scene),
) -> Result<(), Refusal> {
    // What is too small for an eye is seen when it is made larger.
    let is_large = |glyph: &Glyph| glyph.size() >= SMALLEST;
    let shown = |glyph: &&Glyph| !glyph.is_blank() && is_large(glyph) && glyph.bounds().overlaps(old_scene.shown);
    let glyphs = || old_scene.glyphs.iter().zip(gone).filter(|(_, gone)| **gone).map(|(glyph, _)| glyph).filter(shown);
    let Some(part) = glyphs().map(Glyph::bounds).reduce(|all, bounds| all.union(bounds)) else { return Ok(()) };
    let part = part.inflate(2.0, 2.0).intersect(old_scene.shown);
    let mut sizes: Vec<f64> = glyphs().map(Glyph::size).collect();
    sizes.sort_by(f64::total_cmp);
    let typical = sizes.get(sizes.len() / 2).copied().unwrap_or(10.0);
    let pixels = (before.render(old, old_scene, part, typical), after.render(new, new_scene, part, typical));
    // Where nothing can be rendered, the operations have to tell.
    let (Some(with), Some(without)) = pixels else { return Ok(()) };
    if glyphs().all(|glyph| with.are_without(&without, glyph)) {
        Ok(())
    } else {
        Err(Refusal::unprovable("the page looks otherwise where hidden text is gone"))
    }
}

/// True when two glyphs share a base line, give or take half their size.
fn on_one_line(one: &Glyph, other: &Glyph) -> bool {
    let way = other.origin - one.origin;
    let (along, length) = (one.along, one.along.0.hypot(one.along.1));
    ((way.x * along.1 - way.y * along.0) / length).abs() <= one.size().max(other.size()) / 2.0
}

/// Compares the texts that are to be read instead of glyphs: those of glyphs that are gone must be gone, and the others not.
fn same_replacements(old: &Scene, gone: &[bool], new: &Scene) -> Result<(), Refusal> {
    let stays = |glyphs: &std::ops::Range<usize>| !gone.get(glyphs.clone()).unwrap_or_default().contains(&true);
    let expected = old.marked.iter().filter(|marked| stays(&marked.glyphs)).filter_map(|marked| marked.actual.as_ref());
    if expected.eq(new.marked.iter().filter_map(|marked| marked.actual.as_ref())) {
        Ok(())
    } else {
        Err(Refusal::unprovable("texts that stand for glyphs are not those of the glyphs that are left"))
    }
}
