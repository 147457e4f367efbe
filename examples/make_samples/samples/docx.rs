//! A Word document: minutes of a meeting with tracked changes, comments, revision ids, a photo and links.

use anyhow::Result;

use super::package::Package;
use super::{jpeg, story};

const NAMESPACES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture""#;
const MAIN: &str = "word/document.xml";

pub(crate) fn minutes() -> Result<Vec<u8>> {
    let mut package = Package::new(MAIN, "wordprocessingml.document.main", "Microsoft Office Word")?;
    let parts = [
        ("styles", "word/styles.xml"),
        ("settings", "word/settings.xml"),
        ("comments", "word/comments.xml"),
        ("header", "word/header1.xml"),
        ("image", "word/media/image1.jpeg"),
    ];
    for (kind, target) in parts {
        package.relate(MAIN, kind, target);
    }
    package.relate_outside(MAIN, "hyperlink", "https://www.example.org/harbour");
    package.relate_outside(MAIN, "hyperlink", "file://fileserver.example.internal/harbour/drafts/prices.xlsx");
    package.relate(MAIN, "customXml", "customXml/item1.xml");

    package.xml(MAIN, &document());
    package.typed("word/styles.xml", "wordprocessingml.styles", &styles());
    package.typed("word/settings.xml", "wordprocessingml.settings", &settings());
    package.typed("word/comments.xml", "wordprocessingml.comments", &comments());
    package.typed(
        "word/header1.xml",
        "wordprocessingml.header",
        &format!("<w:hdr {NAMESPACES}>{}</w:hdr>", paragraph("", &run("Sandmouth Harbour Office"))),
    );
    package.binary("word/media/image1.jpeg", jpeg::photo(320, 240, jpeg::Stored::Upright)?);
    package.xml(
        "customXml/item1.xml",
        &format!("<case xmlns=\"urn:example:records\"><clerk>{}</clerk></case>", story::MANAGER),
    );
    package.finish()
}

fn run(text: &str) -> String {
    format!(r#"<w:r w:rsidR="00A11CE0"><w:t xml:space="preserve">{text}</w:t></w:r>"#)
}

fn paragraph(style: &str, content: &str) -> String {
    let style = if style.is_empty() { String::new() } else { format!(r#"<w:pPr><w:pStyle w:val="{style}"/></w:pPr>"#) };
    format!(r#"<w:p w:rsidR="00A11CE0" w:rsidRDefault="00B0B0B0" w:rsidP="00C0FFEE">{style}{content}</w:p>"#)
}

/// A change by the reviewer: `ins` or `del`.
fn change(kind: &str, id: u32, content: &str) -> String {
    let author = story::REVIEWER;
    format!(r#"<w:{kind} w:id="{id}" w:author="{author}" w:date="2024-05-02T12:00:00Z">{content}</w:{kind}>"#)
}

fn document() -> String {
    let deleted = change(
        "del",
        11,
        r#"<w:r w:rsidDel="00B0B0B0"><w:delText xml:space="preserve">EUR 1,250,000 </w:delText></w:r>"#,
    );
    let inserted = change("ins", 12, &run("the agreed sum "));
    let commented = format!(
        r#"<w:commentRangeStart w:id="1"/>{}<w:commentRangeEnd w:id="1"/><w:r><w:commentReference w:id="1"/></w:r>"#,
        run("next spring.")
    );
    let link =
        |id: u32, text: &str| format!(r#"<w:hyperlink r:id="rId{id}" w:history="1">{}</w:hyperlink>"#, run(text));
    let body = [
        paragraph("Heading1", &run("Minutes of the harbour meeting")),
        paragraph("", &run("Present: the harbour master and two members of the council.")),
        paragraph("Heading2", &run("1. The quay")),
        paragraph("", &format!("{}{deleted}{inserted}{commented}", run("The council grants "))),
        paragraph("", &photo()),
        paragraph("Heading2", &run("2. Further reading")),
        paragraph("", &link(6, "The harbour on the web")),
        paragraph("", &link(7, "Price list")),
    ]
    .concat();
    format!(
        r#"<w:document {NAMESPACES}><w:body>{body}<w:sectPr w:rsidR="00A11CE0"><w:headerReference w:type="default" r:id="rId4"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1417" w:right="1417" w:bottom="1134" w:left="1417" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr></w:body></w:document>"#
    )
}

/// The picture, eight by six centimetres; its name tells where the file lay.
fn photo() -> String {
    let (width, height) = (2_880_000, 2_160_000);
    let folder = story::FOLDER;
    format!(
        r#"<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/><wp:docPr id="1" name="Picture 1" descr="The outer basin at dusk"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="{folder}harbour.jpg"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rId5"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"#
    )
}

fn styles() -> String {
    let heading = |number: u32, size: u32| {
        format!(
            r#"<w:style w:type="paragraph" w:styleId="Heading{number}"><w:name w:val="heading {number}"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:rsid w:val="00C0FFEE"/><w:pPr><w:keepNext/><w:spacing w:before="240" w:after="120"/><w:outlineLvl w:val="{}"/></w:pPr><w:rPr><w:b/><w:sz w:val="{size}"/></w:rPr></w:style>"#,
            number - 1
        )
    };
    format!(
        r#"<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Liberation Sans" w:hAnsi="Liberation Sans" w:cs="Liberation Sans"/><w:sz w:val="22"/><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:pPr><w:spacing w:after="120"/></w:pPr></w:style>{}{}</w:styles>"#,
        heading(1, 36),
        heading(2, 26)
    )
}

fn settings() -> String {
    format!(
        r#"<w:settings {NAMESPACES}><w:trackRevisions/><w:defaultTabStop w:val="708"/><w:rsids><w:rsidRoot w:val="00A11CE0"/><w:rsid w:val="00A11CE0"/><w:rsid w:val="00B0B0B0"/><w:rsid w:val="00C0FFEE"/></w:rsids></w:settings>"#
    )
}

fn comments() -> String {
    let text = paragraph("", &run("Is this promise cleared? Ask before it goes out."));
    let author = story::REVIEWER;
    format!(
        r#"<w:comments {NAMESPACES}><w:comment w:id="1" w:author="{author}" w:initials="RP" w:date="2024-05-02T12:05:00Z">{text}</w:comment></w:comments>"#
    )
}
