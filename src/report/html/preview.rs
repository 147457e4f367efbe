//! A small picture of the copy, with boxes around what was found on the page.

use std::io;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;

use super::counted;
use super::markup::Markup;
use crate::finding::Finding;
use crate::kind::Kind;
use crate::preview::Preview;
use crate::refusal::Refusal;
use crate::report::audit::FileRecord;
use crate::text::Place;

/// How many boxes are drawn; the findings are listed beside them.
const MOST_BOXES: usize = 200;
/// Of 100: letters stay sharp.
const QUALITY: u8 = 85;
/// Pixels between what was found and its box.
const MARGIN: f64 = 1.5;

/// The page of a PDF that is worth a look: the first one with the worst of what was found, otherwise the first.
pub(crate) fn page(record: &FileRecord) -> u32 {
    let found = record.findings.iter().filter_map(|finding| Some((finding, area(finding)?.0)));
    let worst = found.max_by_key(|(finding, page)| (finding.verdict, finding.severity, std::cmp::Reverse(*page)));
    worst.map_or(1, |(_, page)| page)
}

/// The page on which something was found, and where.
fn area(finding: &Finding) -> Option<(u32, [i32; 4])> {
    match finding.place {
        Place::Page { page, area: Some(area) } => Some((page, area)),
        _ => None,
    }
}

/// The picture, or why there is none.
pub(super) fn preview(
    page: &mut Markup<'_>,
    record: &FileRecord,
    preview: &Result<Preview, Refusal>,
) -> io::Result<()> {
    match preview {
        Ok(preview) => figure(page, record, preview),
        Err(refusal) => page.element("p", &[("class", "more")], &format!("No preview: {}.", refusal.detail)),
    }
}

fn figure(page: &mut Markup<'_>, record: &FileRecord, preview: &Preview) -> io::Result<()> {
    let number = self::page(record);
    let found = record.findings.iter().filter_map(|finding| Some((finding, area(finding)?)));
    let on_page = found.filter(|(_, (page, _))| *page == number);
    let boxes: Vec<(&Finding, [f64; 4])> =
        on_page.filter_map(|(finding, (_, area))| Some((finding, preview.place(area)?))).take(MOST_BOXES).collect();
    let what =
        if record.kind == Some(Kind::Pdf) { format!("Page {number} of the copy") } else { "The copy".to_owned() };
    let outlined = match boxes.len() as u64 {
        0 => String::new(),
        number => format!(", {} outlined", counted(number, "finding", "findings")),
    };
    let (width, height) = preview.size();
    let [width, height] = [width, height].map(|side| side.to_string());
    page.within("figure", &[("class", "preview")], |page| {
        page.within("div", &[], |page| {
            let address = format!("data:image/jpeg;base64,{}", BASE64_STANDARD.encode(jpeg(preview)?));
            let text = format!("{what}: {}{outlined}", record.path);
            page.void(
                "img",
                &[
                    ("loading", "lazy"),
                    ("width", width.as_str()),
                    ("height", height.as_str()),
                    ("alt", text.as_str()),
                    ("src", address.as_str()),
                ],
            )?;
            if boxes.is_empty() {
                return Ok(());
            }
            let view = format!("0 0 {width} {height}");
            page.within("svg", &[("viewBox", view.as_str()), ("aria-hidden", "true")], |page| {
                boxes.iter().try_for_each(|(finding, area)| outline(page, finding, *area))
            })
        })?;
        page.element("figcaption", &[], &format!("{what}{outlined}"))
    })
}

/// A box around a finding.
fn outline(page: &mut Markup<'_>, finding: &Finding, [left, top, right, bottom]: [f64; 4]) -> io::Result<()> {
    let [x, y] = [left, top].map(|start| format!("{:.1}", start - MARGIN));
    let [width, height] = [right - left, bottom - top].map(|length| format!("{:.1}", length + 2.0 * MARGIN));
    let attributes = [
        ("class", finding.verdict.name()),
        ("x", x.as_str()),
        ("y", y.as_str()),
        ("width", width.as_str()),
        ("height", height.as_str()),
    ];
    page.within("rect", &attributes, |page| page.element("title", &[], &finding.rule))
}

/// The picture as a file that browsers show.
fn jpeg(preview: &Preview) -> io::Result<Vec<u8>> {
    let (width, height) = preview.size();
    let mut file = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut file, QUALITY);
    image::ImageEncoder::write_image(encoder, preview.pixels(), width.into(), height.into(), ExtendedColorType::Rgb8)
        .map_err(io::Error::other)?;
    Ok(file)
}
