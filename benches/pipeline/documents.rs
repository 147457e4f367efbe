//! What is measured: at least one document of each family, from `samples/` or built by code, with things that go.

use std::fmt::Write as _;
use std::io::Cursor;
use std::path::Path;

use anyhow::Context as _;
use image::{DynamicImage, ImageFormat};

use crate::{coding, fixtures as heif, svg};

#[path = "../../tests/jp2/fixtures.rs"]
#[allow(dead_code)]
mod jp2;
#[path = "../../tests/jxl/fixtures.rs"]
#[allow(dead_code)]
mod jxl;
#[path = "../../tests/odf/fixtures.rs"]
#[allow(dead_code, unreachable_pub)]
mod odf;
#[path = "../../tests/ooxml/fixtures.rs"]
#[allow(dead_code, unreachable_pub)]
mod packages;
#[path = "../../tests/rtf/fixtures.rs"]
#[allow(dead_code)]
mod rtf;
#[path = "../../tests/visio/fixtures.rs"]
#[allow(dead_code)]
mod visio;

/// Paragraphs or rows of documents that are built here.
const PARAGRAPHS: usize = 2_000;
/// A paragraph.
const SENTENCE: &str =
    "The harbour office is open from Monday to Friday; minutes of the meetings may be read on request.";

/// One document.
pub(crate) struct Document {
    /// Its name in benches.
    pub(crate) name: &'static str,
    /// Its file name.
    pub(crate) hint: &'static str,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
}

/// Every document.
pub(crate) fn all() -> anyhow::Result<Vec<Document>> {
    let photo = image::load_from_memory(&sample("photos/harbour.jpg")?)?;
    let documents = [
        ("jpeg", "a.jpg", sample("photos/harbour.jpg")?),
        ("png", "a.png", coded(&photo, ImageFormat::Png)?),
        ("gif", "a.gif", coded(&photo, ImageFormat::Gif)?),
        ("webp", "a.webp", coded(&photo, ImageFormat::WebP)?),
        ("bmp", "a.bmp", coded(&photo, ImageFormat::Bmp)?),
        ("tiff", "a.tif", tiff(&photo)?),
        ("heif", "a.heic", still()),
        ("jxl", "a.jxl", jxl::laden_file()),
        ("jp2", "a.jp2", jp2::laden()),
        ("svg", "a.svg", svg::svg("", &repeated(|at| format!("<path d=\"M{at} 1h3v3z\"/>"))).into_bytes()),
        ("pdf", "a.pdf", sample("report.pdf")?),
        ("pdf-scanned", "a.pdf", sample("scanned-letter.pdf")?),
        ("docx", "a.docx", sample("minutes.docx")?),
        ("docx-long", "a.docx", long_docx()),
        ("xlsx", "a.xlsx", sample("budget.xlsx")?),
        ("pptx", "a.pptx", sample("briefing.pptx")?),
        ("vsdx", "a.vsdx", visio::drawing().write()),
        ("odt", "a.odt", odf::Document::text(&repeated(|at| format!("<text:p>{at} {SENTENCE}</text:p>"))).package()),
        ("ods", "a.ods", long_ods()),
        ("rtf", "a.rtf", rtf::rtf("", &repeated(|at| format!("{at} {SENTENCE}\\par\n"))).into_bytes()),
        ("text", "a.txt", repeated(|at| format!("{at} {SENTENCE}\n")).into_bytes()),
    ];
    Ok(documents.into_iter().map(|(name, hint, bytes)| Document { name, hint, bytes }).collect())
}

/// The document of this name.
pub(crate) fn one(name: &str) -> anyhow::Result<Document> {
    all()?.into_iter().find(|document| document.name == name).context("no such document")
}

fn sample(path: &str) -> anyhow::Result<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(path);
    std::fs::read(&path).with_context(|| path.display().to_string())
}

fn coded(picture: &DynamicImage, format: ImageFormat) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format)?;
    Ok(bytes.into_inner())
}

/// The picture under LZW, as scanners write it.
fn tiff(picture: &DynamicImage) -> anyhow::Result<Vec<u8>> {
    let picture = picture.to_rgb8();
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new(&mut bytes)?.with_compression(tiff::encoder::Compression::Lzw);
    encoder.write_image::<tiff::encoder::colortype::RGB8>(picture.width(), picture.height(), &picture)?;
    Ok(bytes.into_inner())
}

/// An HEIC picture with metadata and a megabyte of coded data.
fn still() -> Vec<u8> {
    let mut picture = heif::laden(b"hvc1");
    let coded: Vec<u8> = (1..=250).cycle().take(1 << 20).collect();
    picture.items[0].data = vec![coding::frame(b"hvc1", &coded)];
    picture.build()
}

fn long_docx() -> Vec<u8> {
    let body = repeated(|at| format!("<w:p><w:r><w:t>{at} {SENTENCE}</w:t></w:r></w:p>"));
    packages::document().edit("word/document.xml", "</w:body>", &format!("{body}</w:body>")).write()
}

fn long_ods() -> Vec<u8> {
    let cell = |content: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{content}</text:p></table:table-cell>")
    };
    let rows = repeated(|at| format!("<table:table-row>{}{}</table:table-row>", cell(&at.to_string()), cell(SENTENCE)));
    let content = format!("<table:table table:name=\"Berths\"><table:table-column/>{rows}</table:table>");
    odf::Document { content, ..odf::Document::new(odf::Body::Spreadsheet) }.package()
}

/// Paragraphs one after the other, each with its number.
fn repeated(paragraph: impl Fn(usize) -> String) -> String {
    (0..PARAGRAPHS).fold(String::new(), |mut all, at| {
        let _ = write!(all, "{}", paragraph(at));
        all
    })
}
