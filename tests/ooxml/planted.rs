//! A marker in every further hiding place of the checklist: each alone in a document, in both dialects and in UTF-16.

use std::collections::BTreeSet;

use fieldstrip::policy::{Action, Class};

use crate::fixtures::{Package, document, presentation, strict, workbook};
use crate::{clean, markers, utf16};

const MICROSOFT: &str = "http://schemas.microsoft.com/office";

/// A hiding place: its name, the document with the marker in it, and the class under which the file is held if it is not removed.
type Planted = (&'static str, Package, Option<Class>);

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
    let mut all = vec![
        ("tracked change in styles", word("styles", "w:styles", change), None),
        ("tracked change in a header", header, None),
        ("tracked change in a footnote", note, None),
        (
            "source of mail merge",
            document().edit(settings, "<w:rsids>", &format!("{merge}<w:rsids>")).rel(
                settings,
                "rId7",
                "mailMergeSource",
                "file:///C:/GONE-source.xlsx",
            ),
            None,
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
            None,
        ),
        ("path in VML", body(vml), None),
        (
            "layer under a picture",
            body(layer).part("word/media/layer.wdp", "image/vnd.ms-photo", b"GONE-layer").rel(
                main,
                "rIdL",
                &format!("{MICROSOFT}/2007/relationships/hdphoto"),
                "media/layer.wdp",
            ),
            None,
        ),
        ("ids of comments", word("commentsIds", "w:commentsIds", "<w:commentId paraId=\"GONE-id\"/>"), None),
        ("extended comments", word("commentsExtended", "w:commentsEx", "<w:commentEx paraId=\"GONE-id\"/>"), None),
        (
            "recipients",
            word("recipientData", "w:recipients", "<w:recipientData>GONE-recipient</w:recipientData>"),
            None,
        ),
        ("template's toolbars", word("attachedToolbars", "w:toolbars", "GONE-toolbar"), None),
        (
            "pane of an add-in",
            document().part("word/webextensions/taskpanes.xml", "application/xml", b"<panes>GONE-pane</panes>").rel(
                "",
                "rIdPane",
                &format!("{MICROSOFT}/2011/relationships/webextensiontaskpanes"),
                "word/webextensions/taskpanes.xml",
            ),
            None,
        ),
        (
            "imported file",
            opaque("<w:altChunk r:id=\"rIdO\"/>", "aFChunk", "word/afchunk.mht"),
            Some(Class::EmbeddedUnsupported),
        ),
        (
            "macros",
            opaque("", &format!("{MICROSOFT}/2006/relationships/vbaProject"), "word/vbaProject.bin"),
            Some(Class::ActiveMacros),
        ),
    ];
    all.extend(FIELDS.iter().map(|name| (*name, field(name), None)));
    all
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
    let published = "<s:webPublishItems><s:webPublishItem id=\"1\" destinationFile=\"C:\\GONE-published.htm\"/></s:webPublishItems>";
    let property = workbook()
        .edit(sheet, "<s:legacyDrawing ", "<s:customProperties><s:customPr name=\"GONE-property\" r:id=\"rIdP\"/></s:customProperties><s:legacyDrawing ")
        .part("xl/customProperty1.bin", "", b"GONE-value")
        .rel(sheet, "rIdP", "customProperty", "../customProperty1.bin");
    vec![
        ("thread of comments", more(sheet, "threadedComment", "xl/threadedComments/t.xml", "s:t", "GONE-thread"), None),
        (
            "persons",
            more(main, "person", "xl/persons/person.xml", "s:p", "<s:person displayName=\"GONE-person\"/>"),
            None,
        ),
        (
            "names of users",
            more(main, "usernames", "xl/revisions/userNames.xml", "s:users", "<s:userInfo name=\"GONE-user\"/>"),
            None,
        ),
        ("mapped XML", more(main, "xmlMaps", "xl/xmlMaps.xml", "s:MapInfo", "GONE-map"), None),
        ("published copy", workbook().edit(sheet, "<s:legacyDrawing ", &format!("{published}<s:legacyDrawing ")), None),
        ("property of a sheet", property, None),
        (
            "pivot cache",
            more(
                main,
                "pivotCacheDefinition",
                "xl/pivotCache/d.xml",
                "s:pivotCacheDefinition",
                "<s:s v=\"GONE-item\"/>",
            ),
            Some(Class::ContentCachedData),
        ),
        (
            "connections",
            more(main, "connections", "xl/connections.xml", "s:connections", "<s:connection name=\"GONE-query\"/>"),
            Some(Class::ContentConnections),
        ),
    ]
}

fn of_presentations() -> Vec<Planted> {
    let main = "ppt/presentation.xml";
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
        ("changes", more("changesInfo", "2016/11", "<p:chg name=\"GONE-name\"/>"), None),
        ("revisions", more("revisionInfo", "2015/10", "<p:rev id=\"GONE-revision\"/>"), None),
        ("authors", more("authors", "2018/10", "<p:author name=\"GONE-author\"/>"), None),
        (
            "published copy",
            presentation().edit(
                main,
                "<p:modifyVerifier ",
                "<p:htmlPubPr title=\"GONE-published\"/><p:modifyVerifier ",
            ),
            None,
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
    for (name, package, class) in [of_documents(), of_workbooks(), of_presentations()].concat() {
        for (dialect, package) in [("", package.clone()), ("Strict", strict(&package)), ("UTF-16", wide(&package))] {
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
            if held != class.into_iter().collect() || (class.is_none() && !gone.is_empty()) {
                wrong.push(format!("{name} {dialect}: held for {held:?}, left {gone:?}"));
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
