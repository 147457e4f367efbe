//! A marker in every further hiding place of the checklist: each alone in a document, in both dialects and in UTF-16.

use std::collections::BTreeSet;

use fieldstrip::policy::{Action, Class};

use crate::fixtures::{Package, document, presentation, strict, workbook};
use crate::{clean, markers, utf16};

const MICROSOFT: &str = "http://schemas.microsoft.com/office";

/// A hiding place: its name, the document with the marker in it, and the classes under which the file is held if it is not removed.
/// Even then nothing is left that begins with `NEVER`.
type Planted = (&'static str, Package, &'static [Class]);

/// The document with more in its body.
fn body(content: &str) -> Package {
    document().edit("word/document.xml", "</w:body>", &format!("{content}</w:body>"))
}

/// The document with a further part of Word.
fn word(kind: &str, root: &str, content: &str) -> Package {
    let name = format!("word/{kind}.xml");
    document().xml(&name, &format!("wordprocessingml.{kind}"), root, content).rel(
        "word/document.xml",
        "rIdMore",
        kind,
        &format!("{kind}.xml"),
    )
}

/// The document with a field that leaves its result.
fn field(name: &str) -> Package {
    body(&format!(
        "<w:p><w:fldSimple w:instr=\" {name} GONE-field \"><w:r><w:t>KEEP-{name}</w:t></w:r></w:fldSimple></w:p>"
    ))
}

/// The document with strokes of a pen, and what pens and programs put beside them.
fn ink() -> Package {
    let strokes = "<?xml version=\"1.0\"?><i:ink xmlns:i=\"http://www.w3.org/2003/InkML\" xmlns:e=\"urn:emma\"><i:definitions>\
        <i:context xml:id=\"c\" timestampRef=\"#GONE-reference\"><i:inkSource manufacturer=\"GONE-maker\" serialNo=\"GONE-serial\">\
        <i:traceFormat><i:channel name=\"X\" type=\"integer\"/></i:traceFormat></i:inkSource>\
        <i:timestamp xml:id=\"t\" timeString=\"GONE-time\"/></i:context></i:definitions><i:annotation>GONE-note</i:annotation>\
        <i:traceGroup><i:annotationXML><e:read>GONE-reading</e:read></i:annotationXML><i:trace contextRef=\"#c\" \
        timeOffset=\"GONE-offset\">10 20, '3 -4</i:trace></i:traceGroup></i:ink>";
    body(
        "<w:p><w:r><w:drawing><a:graphicData><w14:contentPart r:id=\"rIdInk\" \
        xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\"/></a:graphicData></w:drawing></w:r></w:p>",
    )
    .part("word/ink/ink1.xml", "application/inkml+xml", strokes.as_bytes())
    .rel("word/document.xml", "rIdInk", "customXml", "ink/ink1.xml")
}

fn deleted(text: &str) -> String {
    format!("<w:p><w:del w:id=\"9\" w:author=\"GONE-author\"><w:r><w:delText>{text}</w:delText></w:r></w:del></w:p>")
}

fn of_documents() -> Vec<Planted> {
    let main = "word/document.xml";
    let change = "<w:style><w:rPr><w:b/><w:rPrChange w:id=\"1\" w:author=\"GONE-author\"><w:rPr/></w:rPrChange></w:rPr></w:style>";
    let header = document()
        .xml("word/header1.xml", "wordprocessingml.header", "w:hdr", &deleted("GONE-header"))
        .rel(main, "rIdHeader", "header", "header1.xml")
        .edit(main, "</w:body>", "<w:sectPr><w:headerReference r:id=\"rIdHeader\"/></w:sectPr></w:body>");
    let note = document().edit(
        "word/footnotes.xml",
        "KEEP-footnote</w:t></w:r></w:p>",
        &format!("KEEP-footnote</w:t></w:r></w:p>{}", deleted("GONE-note")),
    );
    let merge = "<w:mailMerge><w:dataSource r:id=\"rId7\"/><w:query w:val=\"GONE-query\"/></w:mailMerge>";
    let settings = "word/settings.xml";
    let vml = "<w:p><w:r><w:pict><v:shape alt=\"C:\\GONE-alt.png\" o:title=\"GONE-title.png\" o:href=\"file:///C:/GONE-href\"/>\
        </w:pict></w:r></w:p>";
    let layer = "<w:p><w:r><w:drawing><a:blip><a:extLst><a:ext uri=\"{x}\"><a14:imgProps \
        xmlns:a14=\"http://schemas.microsoft.com/office/drawing/2010/main\"><a14:imgLayer r:embed=\"rIdL\"/></a14:imgProps></a:ext>\
        </a:extLst></a:blip></w:drawing></w:r></w:p>";
    let opaque = |element: &str, kind: &str, name: &str| {
        body(element).part(name, "application/octet-stream", b"GONE-opaque").rel(
            main,
            "rIdO",
            kind,
            &format!("/{name}"),
        )
    };
    let mut all: Vec<Planted> = vec![
        ("tracked change in styles", word("styles", "w:styles", change), &[]),
        ("tracked change in a header", header, &[]),
        ("tracked change in a footnote", note, &[]),
        (
            "source of mail merge",
            document().edit(settings, "<w:rsids>", &format!("{merge}<w:rsids>")).rel(
                settings,
                "rId7",
                "mailMergeSource",
                "file:///C:/GONE-source.xlsx",
            ),
            &[],
        ),
        (
            "transformation",
            document()
                .edit(
                    settings,
                    "<w:rsids>",
                    "<w:saveThroughXslt r:id=\"rId8\" w:solutionID=\"GONE-solution\"/><w:rsids>",
                )
                .rel(settings, "rId8", "transform", "file:///C:/GONE-transformation.xslt"),
            &[],
        ),
        ("path in VML", body(vml), &[]),
        (
            "layer under a picture",
            body(layer).part("word/media/layer.wdp", "image/vnd.ms-photo", b"GONE-layer").rel(
                main,
                "rIdL",
                &format!("{MICROSOFT}/2007/relationships/hdphoto"),
                "media/layer.wdp",
            ),
            &[],
        ),
        ("ids of comments", word("commentsIds", "w:commentsIds", "<w:commentId paraId=\"GONE-id\"/>"), &[]),
        ("extended comments", word("commentsExtended", "w:commentsEx", "<w:commentEx paraId=\"GONE-id\"/>"), &[]),
        ("recipients", word("recipientData", "w:recipients", "<w:recipientData>GONE-recipient</w:recipientData>"), &[]),
        ("template's toolbars", word("attachedToolbars", "w:toolbars", "GONE-toolbar"), &[]),
        (
            "pane of an add-in",
            document().part("word/webextensions/taskpanes.xml", "application/xml", b"<panes>GONE-pane</panes>").rel(
                "",
                "rIdPane",
                &format!("{MICROSOFT}/2011/relationships/webextensiontaskpanes"),
                "word/webextensions/taskpanes.xml",
            ),
            &[],
        ),
        (
            "imported file",
            opaque("<w:altChunk r:id=\"rIdO\"/>", "aFChunk", "word/afchunk.mht"),
            &[Class::EmbeddedImports],
        ),
        (
            "macros",
            opaque("", &format!("{MICROSOFT}/2006/relationships/vbaProject"), "word/vbaProject.bin"),
            &[Class::ActiveMacros],
        ),
    ];
    all.extend(FIELDS.iter().map(|name| (*name, field(name), &[][..])));
    all.extend(PATH_FIELDS.iter().map(|name| (*name, path_field(name), &[][..])));
    all.extend(of_links_and_objects());
    all
}

/// Links of a Word document that lead out of it, and what is active in it.
fn of_links_and_objects() -> Vec<Planted> {
    let main = "word/document.xml";
    let drawing = |content: &str| format!("<w:p><w:r><w:drawing>{content}</w:drawing></w:r></w:p>");
    let object = |content: &str| format!("<w:p><w:r><w:object>{content}</w:object></w:r></w:p>");
    let linked = |element: &str, kind: &str| body(element).rel(main, "rIdO", kind, "file:///C:/NEVER-folder/NEVER.bin");
    let control = body(&object("<w:control r:id=\"rIdO\" w:name=\"KEEP\"/>"))
        .rel(main, "rIdO", "control", "activeX/activeX1.xml")
        .xml(
            "word/activeX/activeX1.xml",
            "application/vnd.ms-office.activeX+xml",
            &format!("ax:ocx xmlns:ax=\"{MICROSOFT}/2006/activeX\" ax:persistence=\"persistStorage\" r:id=\"rId1\""),
            "",
        )
        .rel(
            "word/activeX/activeX1.xml",
            "rId1",
            &format!("{MICROSOFT}/2006/relationships/activeXControlBinary"),
            "activeX1.bin",
        )
        .part("word/activeX/activeX1.bin", "application/vnd.ms-office.activeX", b"GONE-state");
    let picture = body(&drawing("<a:blip r:embed=\"rIdO\"/>")).rel(main, "rIdO", "image", "media/picture.png").part(
        "word/media/picture.png",
        "image/png",
        &commented_png("GONE-artist"),
    );
    vec![
        ("linked picture", linked(&drawing("<a:blip r:link=\"rIdO\"/>"), "image"), &[]),
        (
            "words in the type of a relationship",
            body(&drawing("<a:blip r:embed=\"rIdO\"/>"))
                .rel(main, "rIdO", &format!("{MICROSOFT}/NEVER-type/relationships/image"), "media/picture.png")
                .part("word/media/picture.png", "image/png", &commented_png("NEVER-artist")),
            &[],
        ),
        ("ink", ink(), &[]),
        ("linked part of the document", linked("<w:subDoc r:id=\"rIdO\"/>", "subDocument"), &[]),
        ("linked import", linked("<w:altChunk r:id=\"rIdO\"/>", "aFChunk"), &[]),
        (
            "linked object",
            linked(&object("<o:OLEObject Type=\"Link\" r:id=\"rIdO\"/>"), "oleObject"),
            &[Class::LinksExternalContent],
        ),
        (
            "object",
            body(&object("<o:OLEObject Type=\"Embed\" r:id=\"rIdO\"/>"))
                .rel(main, "rIdO", "oleObject", "embeddings/object.bin")
                .part("word/embeddings/object.bin", "", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 GONE-object"),
            &[Class::ActiveObjects],
        ),
        ("control", control, &[Class::ActiveObjects]),
        ("text in a picture", picture, &[]),
        (
            "metafile",
            body(&drawing("<a:blip r:embed=\"rIdO\"/>")).rel(main, "rIdO", "image", "media/picture.emf").part(
                "word/media/picture.emf",
                "",
                b"\x01\0\0\0GONE-record",
            ),
            &[Class::EmbeddedUnsupported],
        ),
        (
            "hidden text",
            body("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>GONE-hidden</w:t></w:r></w:p>"),
            &[Class::ContentHiddenText],
        ),
        (
            "assignment of keys",
            document()
                .part(
                    "word/customizations.xml",
                    "application/vnd.ms-word.keyMapCustomizations+xml",
                    b"<k>GONE-keys</k>",
                )
                .rel(
                    main,
                    "rIdO",
                    &format!("{MICROSOFT}/2006/relationships/keyMapCustomizations"),
                    "customizations.xml",
                ),
            &[],
        ),
    ]
}

/// A picture with a text in it.
fn commented_png(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 1, 1);
    encoder.add_text_chunk("Author".to_owned(), text.to_owned()).unwrap();
    encoder.write_header().unwrap().write_image_data(&[7]).unwrap();
    bytes
}

/// Fields that name a file or a program.
const PATH_FIELDS: &[&str] =
    &["INCLUDETEXT", "INCLUDEPICTURE", "INCLUDE", "IMPORT", "LINK", "DDE", "DDEAUTO", "DATABASE", "RD"];

/// The document with a field that names a file in pieces, as Word writes it, and leaves its result.
fn path_field(name: &str) -> Package {
    let mark = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let instruction = |text: &str| format!("<w:r><w:instrText xml:space=\"preserve\">{text}</w:instrText></w:r>");
    body(&format!(
        "<w:p>{}{}{}{}<w:r><w:t>KEEP-{name}</w:t></w:r>{}</w:p>",
        mark("begin"),
        instruction(&format!(" {name} &quot;C:\\\\GONE-folder\\\\")),
        instruction("GONE-file.docx&quot; GONE-item "),
        mark("separate"),
        mark("end")
    ))
}

/// Fields that tell of people, files and folders.
const FIELDS: &[&str] = &[
    "AUTHOR",
    "LASTSAVEDBY",
    "FILENAME",
    "USERNAME",
    "USERINITIALS",
    "USERADDRESS",
    "TEMPLATE",
    "DOCPROPERTY",
    "INFO",
    "COMMENTS",
];

fn of_workbooks() -> Vec<Planted> {
    let main = "xl/workbook.xml";
    let sheet = "xl/worksheets/sheet1.xml";
    let more = |source: &str, kind: &str, name: &str, root: &str, content: &str| {
        let uri = if matches!(kind, "threadedComment" | "person") {
            format!("{MICROSOFT}/2017/10/relationships/{kind}")
        } else {
            kind.to_owned()
        };
        workbook().xml(name, &format!("spreadsheetml.{kind}"), root, content).rel(
            source,
            "rIdMore",
            &uri,
            &format!("/{name}"),
        )
    };
    let foreign = more(
        main,
        "externalLink",
        "xl/externalLinks/externalLink1.xml",
        "s:externalLink",
        "<s:externalBook r:id=\"rId1\"><s:sheetDataSet><s:sheetData sheetId=\"0\"><s:row r=\"1\"><s:cell r=\"A1\"><s:v>GONE-cell</s:v>\
         </s:cell></s:row></s:sheetData></s:sheetDataSet></s:externalBook>",
    )
    .edit(main, "<s:definedNames>", "<s:externalReferences><s:externalReference r:id=\"rIdMore\"/></s:externalReferences><s:definedNames>")
    .rel("xl/externalLinks/externalLink1.xml", "rId1", "externalLinkPath", "file:///C:/NEVER-folder/NEVER.xlsx");
    let records = more(
        main,
        "pivotCacheDefinition",
        "xl/pivotCache/d.xml",
        "s:pivotCacheDefinition r:id=\"rId1\"",
        "<s:cacheFields/>",
    )
    .rel("xl/pivotCache/d.xml", "rId1", "pivotCacheRecords", "r.xml")
    .xml(
        "xl/pivotCache/r.xml",
        "spreadsheetml.pivotCacheRecords",
        "s:pivotCacheRecords",
        "<s:r><s:s v=\"GONE-record\"/></s:r>",
    );
    let model = workbook()
        .part("xl/model/item.data", "application/vnd.openxmlformats-officedocument.model+data", b"GONE-model")
        .rel(main, "rIdMore", &format!("{MICROSOFT}/2011/relationships/powerPivotData"), "model/item.data");
    let objects = "<s:webPublishObjects><s:webPublishObject id=\"1\" destinationFile=\"C:\\GONE-object.htm\"/></s:webPublishObjects>";
    let view = "<s:customSheetViews><s:customSheetView guid=\"{GONE-view}\"/></s:customSheetViews>";
    let published = "<s:webPublishItems><s:webPublishItem id=\"1\" destinationFile=\"C:\\GONE-published.htm\"/></s:webPublishItems>";
    let property = workbook()
        .edit(sheet, "<s:legacyDrawing ", "<s:customProperties><s:customPr name=\"GONE-property\" r:id=\"rIdP\"/></s:customProperties><s:legacyDrawing ")
        .part("xl/customProperty1.bin", "", b"GONE-value")
        .rel(sheet, "rIdP", "customProperty", "../customProperty1.bin");
    vec![
        ("thread of comments", more(sheet, "threadedComment", "xl/threadedComments/t.xml", "s:t", "GONE-thread"), &[]),
        (
            "persons",
            more(main, "person", "xl/persons/person.xml", "s:p", "<s:person displayName=\"GONE-person\"/>"),
            &[],
        ),
        (
            "names of users",
            more(main, "usernames", "xl/revisions/userNames.xml", "s:users", "<s:userInfo name=\"GONE-user\"/>"),
            &[],
        ),
        ("mapped XML", more(main, "xmlMaps", "xl/xmlMaps.xml", "s:MapInfo", "GONE-map"), &[]),
        ("published copy", workbook().edit(sheet, "<s:legacyDrawing ", &format!("{published}<s:legacyDrawing ")), &[]),
        ("property of a sheet", property, &[]),
        ("cells of another workbook", foreign, &[Class::ContentCachedData, Class::LinksExternalContent]),
        ("records of a pivot cache", records, &[Class::ContentCachedData]),
        (
            "query",
            more(sheet, "queryTable", "xl/queryTables/q.xml", "s:queryTable", "<s:q name=\"GONE-query\"/>"),
            &[Class::ContentConnections],
        ),
        ("data model", model, &[Class::ContentConnections]),
        (
            "server of live data",
            more(
                main,
                "volatileDependencies",
                "xl/volatileDependencies.xml",
                "s:volTypes",
                "<s:main first=\"GONE-server\"/>",
            ),
            &[],
        ),
        (
            "cells of mapped XML",
            more(sheet, "tableSingleCells", "xl/tables/t.xml", "s:singleXmlCells", "<s:xmlPr xpath=\"GONE-xpath\"/>"),
            &[],
        ),
        (
            "published objects",
            workbook().edit(main, "<s:customWorkbookViews>", &format!("{objects}<s:customWorkbookViews>")),
            &[],
        ),
        ("view of a person", workbook().edit(sheet, "<s:hyperlinks>", &format!("{view}<s:hyperlinks>")), &[]),
        (
            "pivot cache",
            more(
                main,
                "pivotCacheDefinition",
                "xl/pivotCache/d.xml",
                "s:pivotCacheDefinition",
                "<s:s v=\"GONE-item\"/>",
            ),
            &[Class::ContentCachedData],
        ),
        (
            "connections",
            more(main, "connections", "xl/connections.xml", "s:connections", "<s:connection name=\"GONE-query\"/>"),
            &[Class::ContentConnections],
        ),
    ]
}

fn of_presentations() -> Vec<Planted> {
    let main = "ppt/presentation.xml";
    let slide = "ppt/slides/slide1.xml";
    let sound = |target: &str| {
        presentation()
            .edit(slide, "</p:spTree>", "<p:pic><a:audioFile r:link=\"rIdA\"/></p:pic></p:spTree>")
            .rel(slide, "rIdA", "audio", target)
    };
    let add_in = "<we:webextensionref xmlns:we=\"http://schemas.microsoft.com/office/webextensions/webextension/2010/11\" \
                  r:id=\"rIdW\"/></p:spTree>";
    let add_in = presentation()
        .edit(slide, "</p:spTree>", add_in)
        .rel(slide, "rIdW", &format!("{MICROSOFT}/2011/relationships/webextension"), "../webextensions/w.xml")
        .xml(
            "ppt/webextensions/w.xml",
            "application/vnd.ms-office.webextension+xml",
            "p:webextension",
            "<p:property name=\"GONE-add-in\"/>",
        );
    let more = |kind: &str, uri: &str, content: &str| {
        let name = format!("ppt/{kind}.xml");
        presentation().xml(&name, &format!("application/vnd.ms-powerpoint.{kind}+xml"), "p:part", content).rel(
            main,
            "rIdMore",
            &format!("{MICROSOFT}/{uri}/relationships/{kind}"),
            &format!("{kind}.xml"),
        )
    };
    vec![
        ("changes", more("changesInfo", "2016/11", "<p:chg name=\"GONE-name\"/>"), &[]),
        ("revisions", more("revisionInfo", "2015/10", "<p:rev id=\"GONE-revision\"/>"), &[]),
        ("add-in on a slide", add_in, &[Class::ActiveMacros]),
        ("linked sound", sound("file:///C:/NEVER.wav"), &[Class::LinksExternalContent]),
        (
            "sound",
            sound("../media/a.wav").part("ppt/media/a.wav", "audio/wav", b"GONE-sound"),
            &[Class::EmbeddedUnsupported],
        ),
        ("authors", more("authors", "2018/10", "<p:author name=\"GONE-author\"/>"), &[]),
        (
            "published copy",
            presentation().edit(
                main,
                "<p:modifyVerifier ",
                "<p:htmlPubPr title=\"GONE-published\"/><p:modifyVerifier ",
            ),
            &[],
        ),
    ]
}

/// The package with its XML parts in UTF-16.
fn wide(package: &Package) -> Package {
    let mut wide = package.clone();
    for (name, bytes) in &mut wide.parts {
        let content = ["word/", "xl/", "ppt/"].iter().any(|folder| name.starts_with(folder));
        if content && name.ends_with(".xml") {
            *bytes = utf16(std::str::from_utf8(bytes).unwrap());
        }
    }
    wide
}

#[test]
fn every_row_of_the_checklist_is_removed_or_held() {
    let mut wrong = Vec::new();
    for (name, package, classes) in [of_documents(), of_workbooks(), of_presentations()].concat() {
        for (dialect, package) in
            [("Transitional", package.clone()), ("Strict", strict(&package)), ("UTF-16", wide(&package))]
        {
            let original = package.write();
            let (copy, report) = match clean(&original) {
                Ok(cleaned) => cleaned,
                Err(refusal) => {
                    wrong.push(format!("{name} {dialect}: {refusal}"));
                    continue;
                }
            };
            let held: BTreeSet<Class> =
                report.all_hits().iter().filter(|hit| hit.action == Action::Hold).map(|hit| hit.class).collect();
            let gone = markers(&copy, "GONE");
            let never = markers(&copy, "NEVER");
            if held != classes.iter().copied().collect()
                || (classes.is_empty() && !gone.is_empty())
                || !never.is_empty()
            {
                wrong.push(format!("{name} {dialect}: held for {held:?}, left {gone:?} {never:?}"));
            }
            let kept = markers(&copy, "KEEP");
            let lost: Vec<_> = markers(&original, "KEEP").difference(&kept).cloned().collect();
            if !lost.is_empty() {
                wrong.push(format!("{name} {dialect}: lost {lost:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
