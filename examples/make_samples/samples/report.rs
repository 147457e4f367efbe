//! The PDF samples: a report with a past, and a letter that is only a picture.

use anyhow::Result;

use super::pdf::{Pdf, lines, string};
use super::{jpeg, picture, story, xmp};

// Object numbers of the report.
const CATALOG: u32 = 1;
const PAGES: u32 = 2;
const PAGE: [u32; 3] = [3, 4, 5];
const TEXT_FONT: u32 = 6;
const BOLD_FONT: u32 = 7;
const CONTENT: [u32; 3] = [8, 9, 10];
const PHOTO: u32 = 11;
const OUTLINE: u32 = 12;
const CHAPTER: [u32; 3] = [13, 14, 15];
const WEB_LINK: u32 = 16;
const PAGE_LINK: u32 = 17;
const SERVER_LINK: u32 = 18;
const COMMENT: u32 = 19;
const INFO: u32 = 20;
const XMP: u32 = 21;
const ATTACHMENT: u32 = 22;
const ATTACHMENT_NAME: u32 = 23;
const SCRIPT: u32 = 24;
const EDITOR_DATA: u32 = 25;
const PREVIEW: u32 = 26;
const FORGOTTEN: u32 = 27;

/// Three pages with links, bookmarks and a photo; and with an old revision that still names a price, an attachment, a
/// script, a comment, editor data, and an object that nothing refers to.
pub(crate) fn report() -> Result<Vec<u8>> {
    let mut pdf = Pdf::new();
    structure(&mut pdf);
    pages(&mut pdf)?;
    hidden(&mut pdf)?;
    let price = format!("{} offers to build the quay for EUR 1,250,000.", story::SUPPLIER);
    first_page(&mut pdf, &price)?;
    info(&mut pdf, "Harbour report - internal draft", "2024-05-01");
    let id = "<0000000000004000800000000000000A>";
    let trailer = format!("/Root {CATALOG} 0 R /Info {INFO} 0 R /ID [{id} {id}]");
    pdf.end_revision(&trailer);

    first_page(&mut pdf, "The offers are under review.")?;
    info(&mut pdf, "Harbour report", "2024-05-02");
    pdf.end_revision(&trailer);
    Ok(pdf.into_bytes())
}

/// Catalogue, page tree, fonts, bookmarks and links.
fn structure(pdf: &mut Pdf) {
    let [first, second, third] = PAGE;
    pdf.object(
        CATALOG,
        &format!(
            "<< /Type /Catalog /Pages {PAGES} 0 R /Outlines {OUTLINE} 0 R /PageMode /UseOutlines /Lang (en) \
             /Metadata {XMP} 0 R /OpenAction {SCRIPT} 0 R \
             /Names << /EmbeddedFiles << /Names [(prices.csv) {ATTACHMENT_NAME} 0 R] >> \
             /JavaScript << /Names [(start) {SCRIPT} 0 R] >> >> >>"
        ),
    );
    pdf.object(PAGES, &format!("<< /Type /Pages /Count 3 /Kids [{first} 0 R {second} 0 R {third} 0 R] >>"));
    pdf.object(TEXT_FONT, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
    pdf.object(BOLD_FONT, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>");

    let [one, two, three] = CHAPTER;
    pdf.object(OUTLINE, &format!("<< /Type /Outlines /First {one} 0 R /Last {three} 0 R /Count 3 >>"));
    let chapter = |title, neighbours: String, page| {
        format!("<< /Title ({title}) /Parent {OUTLINE} 0 R {neighbours} /Dest [{page} 0 R /Fit] >>")
    };
    pdf.object(one, &chapter("Summary", format!("/Next {two} 0 R"), first));
    pdf.object(two, &chapter("The harbour", format!("/Prev {one} 0 R /Next {three} 0 R"), second));
    pdf.object(three, &chapter("Figures", format!("/Prev {two} 0 R"), third));

    let link =
        |area, target: String| format!("<< /Type /Annot /Subtype /Link /Border [0 0 0] /Rect [{area}] {target} >>");
    let uri = |address: &str| format!("/A << /S /URI /URI {} >>", string(address));
    pdf.object(WEB_LINK, &link("72 596 400 612", uri("https://www.example.org/harbour")));
    pdf.object(PAGE_LINK, &link("72 576 400 592", format!("/Dest [{third} 0 R /XYZ 0 792 0]")));
    pdf.object(
        SERVER_LINK,
        &link("72 556 400 572", uri("file://fileserver.example.internal/harbour/drafts/prices.xlsx")),
    );
}

/// Pages two and three, and the dictionaries of all three.
fn pages(pdf: &mut Pdf) -> Result<()> {
    let annotations =
        format!("/Annots [{WEB_LINK} 0 R {PAGE_LINK} 0 R {SERVER_LINK} 0 R {COMMENT} 0 R] /Thumb {PREVIEW} 0 R");
    let editor = format!(
        "/LastModified (D:20240502174500Z) /PieceInfo << /ExampleEdit << /LastModified (D:20240502174500Z) /Private {EDITOR_DATA} 0 R >> >>"
    );
    for ((page, content), extra) in PAGE.into_iter().zip(CONTENT).zip([annotations.as_str(), "", editor.as_str()]) {
        pdf.object(
            page,
            &format!(
                "<< /Type /Page /Parent {PAGES} 0 R /MediaBox [0 0 612 792] /Contents {content} 0 R \
                 /Resources << /Font << /F1 {TEXT_FONT} 0 R /F2 {BOLD_FONT} 0 R >> /XObject << /Im1 {PHOTO} 0 R >> >> {extra} >>"
            ),
        );
    }
    let [_, second, third] = CONTENT;
    let harbour = lines(&[
        ("F2", 18, 72, 700, "The harbour"),
        ("F1", 11, 72, 330, "Figure 1. The outer basin at dusk."),
        ("F1", 11, 72, 300, "The basin is eight metres deep at low tide and holds forty boats."),
    ]);
    pdf.compressed(second, "", format!("q 440 0 0 330 72 350 cm /Im1 Do Q\n{harbour}").as_bytes())?;
    let figures = lines(&[
        ("F2", 18, 72, 700, "Figures"),
        ("F2", 11, 72, 660, "Month"),
        ("F2", 11, 200, 660, "Ships"),
        ("F1", 11, 72, 640, "April"),
        ("F1", 11, 200, 640, "152"),
        ("F1", 11, 72, 622, "May"),
        ("F1", 11, 200, 622, "176"),
    ]);
    pdf.compressed(third, "", format!("0.6 w 72 654 m 300 654 l S\n{figures}").as_bytes())
}

/// The content of the first page, with one sentence that changes between the revisions.
fn first_page(pdf: &mut Pdf, sentence: &str) -> Result<()> {
    let [first, ..] = CONTENT;
    let text = lines(&[
        ("F2", 22, 72, 700, "Sandmouth harbour report"),
        ("F1", 11, 72, 660, "The quay of the outer basin needs repair before the winter."),
        ("F1", 11, 72, 644, sentence),
        ("F1", 11, 72, 600, "Read more at www.example.org/harbour"),
        ("F1", 11, 72, 580, "See the figures on page 3"),
        ("F1", 11, 72, 560, "Price list on the file server"),
    ]);
    pdf.compressed(first, "", text.as_bytes())
}

fn info(pdf: &mut Pdf, title: &str, day: &str) {
    let date = day.replace('-', "");
    pdf.object(
        INFO,
        &format!(
            "<< /Title ({title}) /Author ({}) /Company ({}) /Creator (Example Writer 7) /Producer (Example PDF 2.3) \
             /CreationDate (D:20240501093000+02'00') /ModDate (D:{date}174500+02'00') /SourceFile {} >>",
            story::AUTHOR,
            story::COMPANY,
            string(&format!("{}report.docx", story::FOLDER)),
        ),
    );
}

/// What no reader of the pages sees.
fn hidden(pdf: &mut Pdf) -> Result<()> {
    let photo = jpeg::photo(400, 300, jpeg::Stored::Upright)?;
    let picture = "/Type /XObject /Subtype /Image /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode";
    pdf.stream(PHOTO, &format!("{picture} /Width 400 /Height 300"), &photo);
    let preview = picture::jpeg(&picture::harbour(64, 84, true), 60)?;
    pdf.stream(PREVIEW, "/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Width 64 /Height 84", &preview);
    pdf.stream(XMP, "/Type /Metadata /Subtype /XML", xmp::packet("Harbour report", "Example Writer 7").as_bytes());

    let prices = format!("supplier,price\n{},1250000\nSpecimen Docks GmbH,1310000\n", story::SUPPLIER);
    pdf.compressed(ATTACHMENT, "/Type /EmbeddedFile /Subtype /text#2Fcsv", prices.as_bytes())?;
    pdf.object(
        ATTACHMENT_NAME,
        &format!("<< /Type /Filespec /F (prices.csv) /UF (prices.csv) /EF << /F {ATTACHMENT} 0 R >> >>"),
    );
    pdf.object(SCRIPT, "<< /S /JavaScript /JS (console.println\\('opened by ' + identity.name\\);) >>");
    pdf.object(
        COMMENT,
        &format!(
            "<< /Type /Annot /Subtype /Text /Rect [480 640 500 660] /T ({}) /Contents (Do not publish the price.) \
             /M (D:20240502120000Z) /NM (comment-1) >>",
            story::REVIEWER
        ),
    );
    pdf.object(EDITOR_DATA, &format!("<< /User ({}) /Undo (EUR 1,250,000) >>", story::AUTHOR));
    pdf.object(FORGOTTEN, &format!("<< /Deleted (Ask {} for approval) >>", story::MANAGER));
    Ok(())
}

/// One page that is only the picture of a letter, as a scanner makes it.
pub(crate) fn scanned_letter() -> Result<Vec<u8>> {
    let mut pdf = Pdf::new();
    pdf.object(1, "<< /Type /Catalog /Pages 2 0 R >>");
    pdf.object(2, "<< /Type /Pages /Count 1 /Kids [3 0 R] >>");
    pdf.object(
        3,
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /XObject << /Im1 5 0 R >> >> >>",
    );
    pdf.stream(4, "", b"q 612 0 0 792 0 0 cm /Im1 Do Q");
    pdf.stream(
        5,
        "/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode /Width 850 /Height 1100",
        &picture::grey_jpeg(&picture::scanned_letter(), 55)?,
    );
    pdf.object(
        6,
        &format!(
            "<< /Producer (Example Scan 200, unit {}) /Author ({}) /CreationDate (D:20240503081500Z) >>",
            story::CAMERA_SERIAL,
            story::MANAGER
        ),
    );
    pdf.end_revision("/Root 1 0 R /Info 6 0 R");
    Ok(pdf.into_bytes())
}
