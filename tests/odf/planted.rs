//! A marker in every hiding place, one place at a time: none may survive, and what stands beside it must.

use fieldstrip::policy::{Action, Class};

use crate::fixtures::{Body, Document, frame, inner, png};
use crate::{clean, holds};

/// A document with a marker in one place; the class under which that is reported.
struct Plant {
    name: &'static str,
    class: Class,
    document: Document,
}

fn text(name: &'static str, class: Class, content: &str) -> Plant {
    Plant { name, class, document: Document::text(content) }
}

fn meta(name: &'static str, class: Class, meta: &str) -> Plant {
    let mut document = Document::text("<text:p>KEEP</text:p>");
    document.meta += meta;
    Plant { name, class, document }
}

fn setting(name: &'static str, class: Class, settings: &str) -> Plant {
    let kept = "<config:config-item config:name=\"TabOverflow\" config:type=\"boolean\">true</config:config-item>";
    let settings = format!(
        "<config:config-item-set config:name=\"ooo:configuration-settings\">{kept}{settings}</config:config-item-set>"
    );
    Plant { name, class, document: Document { settings, ..Document::text("<text:p>KEEP</text:p>") } }
}

fn item(name: &str, kind: &str, value: &str) -> String {
    format!("<config:config-item config:name=\"{name}\" config:type=\"{kind}\">{value}</config:config-item>")
}

fn sheet(name: &'static str, class: Class, content: &str) -> Plant {
    Plant { name, class, document: Document { content: content.to_owned(), ..Document::new(Body::Spreadsheet) } }
}

fn slides(name: &'static str, class: Class, content: &str) -> Plant {
    Plant { name, class, document: Document { content: content.to_owned(), ..Document::new(Body::Presentation) } }
}

/// Places in the XML, for packages and flat documents.
fn in_xml() -> Vec<Plant> {
    let field = |element: &str, attributes: &str| {
        format!("<text:p><text:{element} {attributes}>KEEP</text:{element}></text:p>")
    };
    let header = |content: &str| {
        format!("<style:master-page style:name=\"Standard\"><style:header>{content}</style:header></style:master-page>")
    };
    let mut all = vec![
        meta("creator", Class::MetadataAuthor, "<dc:creator>GONE</dc:creator>"),
        meta("initial creator", Class::MetadataAuthor, "<meta:initial-creator>GONE</meta:initial-creator>"),
        meta("printed by", Class::MetadataAuthor, "<meta:printed-by>GONE</meta:printed-by>"),
        meta("dates", Class::MetadataDates, "<meta:creation-date>GONE</meta:creation-date><dc:date>GONE</dc:date>"),
        meta("editing time", Class::MetadataDates, "<meta:editing-duration>GONE</meta:editing-duration>"),
        meta("template", Class::MetadataPaths, "<meta:template xlink:href=\"file:///C:/GONE.ott\" xlink:title=\"GONE\"/>"),
        meta("title", Class::MetadataDescription, "<dc:title>GONE</dc:title><meta:keyword>GONE</meta:keyword>"),
        meta("statistic", Class::MetadataDescription, "<meta:document-statistic meta:word-count=\"GONE\"/>"),
        meta("user-defined", Class::MetadataOther, "<meta:user-defined meta:name=\"GONE\">GONE</meta:user-defined>"),
        Plant {
            name: "generator",
            class: Class::MetadataSoftware,
            document: Document {
                meta: "<meta:generator>LibreOffice/7.4.2.3$GONE LibreOffice_project/GONE</meta:generator>".into(),
                ..Document::text("<text:p>KEEP</text:p>")
            },
        },
        setting("printer", Class::MetadataPrinter, &item("PrinterName", "string", "GONE")),
        setting("printer setup", Class::MetadataPrinter, &item("PrinterSetup", "base64Binary", "GONE")),
        setting("session", Class::MetadataIdentifiers, &item("Rsid", "int", "GONE")),
        setting("data source", Class::MetadataPaths, &item("CurrentDatabaseDataSource", "string", "GONE")),
        setting("key of changes", Class::ContentProtection, &item("RedlineProtectionKey", "base64Binary", "GONE")),
        setting("path", Class::MetadataPaths, &item("ColorTableURL", "string", "file:///home/GONE")),
        setting("a text in a number", Class::MetadataOther, &item("AutoCalculate", "boolean", "GONE")),
        setting("an unknown setting", Class::MetadataOther, &item("GONE", "string", "GONE")),
        text(
            "deleted text",
            Class::ContentTrackedChanges,
            "<text:tracked-changes><text:changed-region text:id=\"c1\"><text:deletion><office:change-info><dc:creator>GONE\
             </dc:creator><dc:date>GONE</dc:date></office:change-info><text:p>GONE</text:p></text:deletion>\
             </text:changed-region></text:tracked-changes><text:p>KEEP<text:change text:change-id=\"c1\"/></text:p>",
        ),
        text(
            "inserted text",
            Class::ContentTrackedChanges,
            "<text:p><text:change-start text:change-id=\"GONE\"/>KEEP<text:change-end text:change-id=\"GONE\"/></text:p>",
        ),
        text(
            "comment",
            Class::ContentComments,
            "<text:p>KEEP<office:annotation office:name=\"GONE\"><dc:creator>GONE</dc:creator><dc:date>GONE</dc:date>\
             <text:p>GONE</text:p></office:annotation>KEEP<office:annotation-end office:name=\"GONE\"/></text:p>",
        ),
        Plant {
            name: "comment in a header",
            class: Class::ContentComments,
            document: Document {
                master: header("<text:p>KEEP<office:annotation><text:p>GONE</text:p></office:annotation></text:p>"),
                ..Document::text("")
            },
        },
        text("script", Class::ActiveJavascript, "<text:p>KEEP<text:script script:language=\"x\">GONE</text:script></text:p>"),
        text(
            "event",
            Class::ActiveActions,
            "<text:p><text:a xlink:href=\"#KEEP\"><office:event-listeners><script:event-listener script:language=\"ooo:script\" \
             script:event-name=\"dom:click\" xlink:href=\"vnd.sun.star.script:GONE\"/></office:event-listeners>KEEP</text:a></text:p>",
        ),
        text("link to a disk", Class::LinksLocal, "<text:p><text:a xlink:href=\"file:///C:/GONE.odt\">KEEP</text:a></text:p>"),
        text("link upwards", Class::LinksLocal, "<text:p><text:a xlink:href=\"../GONE/a.odt\">KEEP</text:a></text:p>"),
        text("link to a macro", Class::ActiveActions, "<text:p><text:a xlink:href=\"macro:///GONE\">KEEP</text:a></text:p>"),
        text("script link", Class::ActiveJavascript, "<text:p><text:a xlink:href=\"javascript:GONE\">KEEP</text:a></text:p>"),
        text(
            "link of a drawing",
            Class::LinksLocal,
            "<text:p><draw:a xlink:href=\"\\\\server\\GONE\"><draw:rect><text:p>KEEP</text:p></draw:rect></draw:a></text:p>",
        ),
        text("linked picture", Class::LinksLocal, &frame("<draw:image xlink:href=\"file:///home/GONE.png\"/>")),
        text(
            "linked section",
            Class::LinksLocal,
            "<text:section text:name=\"KEEP\"><text:section-source xlink:href=\"file:///GONE.odt\"/><text:p>KEEP</text:p></text:section>",
        ),
        text(
            "target of a bibliography mark",
            Class::LinksLocal,
            "<text:p><text:bibliography-mark text:url=\"file:///GONE\">KEEP</text:bibliography-mark></text:p>",
        ),
        text("description", Class::MetadataPaths, &frame("<svg:desc>C:\\R&amp;D\\GONE.png</svg:desc><draw:text-box><text:p>KEEP</text:p></draw:text-box>")),
        text(
            "name of a drawing",
            Class::MetadataPaths,
            "<text:p><draw:frame draw:name=\"C:\\GONE.png\"><draw:text-box><text:p>KEEP</text:p></draw:text-box></draw:frame></text:p>",
        ),
        text("title of a link", Class::MetadataPaths, "<text:p><text:a xlink:href=\"#KEEP\" office:title=\"GONE.docx\">KEEP</text:a></text:p>"),
        text("key of a section", Class::ContentProtection, "<text:section text:name=\"KEEP\" text:protected=\"true\" text:protection-key=\"GONE\"/>"),
        Plant {
            name: "session of a style",
            class: Class::MetadataIdentifiers,
            document: Document {
                automatic: "<style:style style:name=\"KEEP\" style:family=\"text\"><style:text-properties \
                            officeooo:rsid=\"GONE\" officeooo:paragraph-rsid=\"GONE\"/></style:style>"
                    .into(),
                ..Document::text("<text:p>KEEP</text:p>")
            },
        },
        text("strange attribute", Class::ContentUnknown, "<text:p else:a=\"GONE\">KEEP</text:p>"),
        text("attribute without a namespace", Class::ContentUnknown, "<text:p a=\"GONE\">KEEP</text:p>"),
        text("strange element", Class::ContentUnknown, "<else:a>GONE</else:a><text:p>KEEP</text:p>"),
        text("strange element in a paragraph", Class::ContentUnknown, "<text:p><else:a b=\"GONE\">KEEP</else:a></text:p>"),
        text("RDFa", Class::ContentCustomXml, "<text:p xhtml:about=\"GONE\" xhtml:content=\"GONE\">KEEP</text:p>"),
        text("XML comment", Class::ContentUnknown, "<text:p>KEEP<!-- GONE --></text:p>"),
        text("processing instruction", Class::ContentUnknown, "<text:p>KEEP<?GONE GONE?></text:p>"),
        text(
            "data of another program",
            Class::ContentFields,
            "<text:dde-connection-decls><text:dde-connection-decl office:dde-topic=\"C:\\GONE\"/></text:dde-connection-decls>\
             <text:p><text:dde-connection text:connection-name=\"GONE\">KEEP</text:dde-connection></text:p>",
        ),
        text("hidden alternative", Class::ContentFields, &field("conditional-text", "text:string-value-if-false=\"GONE\"")),
        text(
            "hidden text field",
            Class::ContentFields,
            "<text:p>KEEP<text:hidden-text text:is-hidden=\"true\" text:string-value=\"GONE\">GONE</text:hidden-text></text:p>",
        ),
        Plant {
            name: "empty macro library",
            class: Class::ContentUnreferenced,
            document: Document {
                scripts: "<office:script script:language=\"ooo:Basic\"><ooo:libraries><ooo:library-embedded ooo:name=\"GONE\"/>\
                          </ooo:libraries></office:script>"
                    .into(),
                ..Document::text("<text:p>KEEP</text:p>")
            },
        },
        sheet(
            "changes of cells",
            Class::ContentTrackedChanges,
            "<table:tracked-changes><table:cell-content-change><office:change-info><dc:creator>GONE</dc:creator>\
             </office:change-info></table:cell-content-change></table:tracked-changes><table:table table:name=\"KEEP\"/>",
        ),
        sheet(
            "key of a sheet",
            Class::ContentProtection,
            "<table:table table:name=\"KEEP\" table:protected=\"true\" table:protection-key=\"GONE\"/>",
        ),
        sheet(
            "scenario",
            Class::ContentUnknown,
            "<table:table table:name=\"KEEP\"><table:scenario table:comment=\"GONE\"/></table:table>",
        ),
        sheet(
            "sheet of another file",
            Class::LinksLocal,
            "<table:table table:name=\"KEEP\"><table:table-source xlink:href=\"file:///GONE.ods\"/></table:table>",
        ),
        slides(
            "notes",
            Class::ContentSpeakerNotes,
            "<draw:page draw:name=\"KEEP\"><presentation:notes><draw:frame><draw:text-box><text:p>GONE</text:p></draw:text-box>\
             </draw:frame></presentation:notes></draw:page>",
        ),
        slides(
            "comment on a slide",
            Class::ContentComments,
            "<draw:page draw:name=\"KEEP\"><officeooo:annotation svg:x=\"1cm\"><dc:creator>GONE</dc:creator><text:p>GONE</text:p>\
             </officeooo:annotation></draw:page>",
        ),
        slides(
            "a program to start",
            Class::ActiveActions,
            "<draw:page draw:name=\"KEEP\"><draw:rect><office:event-listeners><presentation:event-listener \
             script:event-name=\"dom:click\" presentation:action=\"execute\" xlink:href=\"GONE.exe\"/></office:event-listeners>\
             <text:p>KEEP</text:p></draw:rect></draw:page>",
        ),
    ];
    for name in FIELDS {
        all.push(text(name, Class::ContentFields, &field(name, "text:name=\"GONE\"")));
    }
    all
}

/// Fields that reveal.
const FIELDS: &[&str] = &[
    "author-name",
    "author-initials",
    "creator",
    "initial-creator",
    "printed-by",
    "file-name",
    "template-name",
    "editing-cycles",
    "editing-duration",
    "creation-date",
    "modification-time",
    "print-date",
    "user-defined",
    "database-display",
    "execute-macro",
    "placeholder",
    "description",
    "title",
    "subject",
    "keywords",
    "sender-firstname",
    "sender-email",
];

/// Places in the package.
fn in_package() -> Vec<Plant> {
    let member = |name: &'static str, class: Class, path: &str, bytes: &[u8]| Plant {
        name,
        class,
        document: Document::text("<text:p>KEEP</text:p>").member(path, bytes, "GONE"),
    };
    let chart = inner("<office:chart><chart:chart>KEEP</chart:chart></office:chart>");
    let object = "<draw:object xlink:href=\"./Object 1\"/><draw:image xlink:href=\"./ObjectReplacements/Object 1\"/>";
    vec![
        member("thumbnail", Class::ContentThumbnails, "Thumbnails/thumbnail.png", b"GONE"),
        member("configuration", Class::MetadataOther, "Configurations2/menubar/GONE.xml", b"GONE"),
        member("layout cache", Class::MetadataOther, "layout-cache", b"GONE"),
        member("RDF", Class::ContentCustomXml, "manifest.rdf", b"GONE"),
        member("more RDF", Class::ContentCustomXml, "meta/GONE.rdf", b"GONE"),
        member(
            "signature",
            Class::Signatures,
            "META-INF/documentsignatures.xml",
            b"<a><X509IssuerName>GONE</X509IssuerName></a>",
        ),
        member("old version", Class::ContentOldRevisions, "Versions/Version1", b"GONE"),
        member("list of versions", Class::ContentOldRevisions, "VersionList.xml", b"<a creator=\"GONE\"/>"),
        member("unreferenced picture", Class::ContentUnreferenced, "Pictures/GONE.png", &png("GONE")),
        member("unknown part", Class::ContentUnknown, "GONE.bin", b"GONE"),
        member(
            "empty macro library",
            Class::ContentUnreferenced,
            "Basic/script-lc.xml",
            b"<libraries>GONE</libraries>",
        ),
        member("unreferenced object", Class::ContentUnreferenced, "Object 7/content.xml", b"<GONE/>"),
        Plant {
            name: "metadata of a picture",
            class: Class::MetadataAuthor,
            document: Document::text(&frame("<draw:image xlink:href=\"Pictures/a.png\"/>")).member(
                "Pictures/a.png",
                &png("GONE"),
                "image/png",
            ),
        },
        Plant {
            name: "picture of a comment",
            class: Class::ContentUnreferenced,
            document: Document::text(
                "<text:p>KEEP<office:annotation><text:p><draw:frame><draw:image xlink:href=\"Pictures/GONE.png\"/>\
                 </draw:frame></text:p></office:annotation></text:p>",
            )
            .member("Pictures/GONE.png", &png("GONE"), "image/png"),
        },
        Plant {
            name: "preview of a chart",
            class: Class::ContentThumbnails,
            document: Document::text(&frame(object)).member("Object 1/content.xml", &chart, "text/xml").member(
                "ObjectReplacements/Object 1",
                b"VCLMTF GONE",
                "",
            ),
        },
        Plant {
            name: "preview of a table",
            class: Class::ContentThumbnails,
            document: Document::text(&frame(
                "<table:table table:name=\"KEEP\"/><draw:image xlink:href=\"Pictures/TablePreview1.svm\"/>",
            ))
            .member("Pictures/TablePreview1.svm", b"VCLMTF GONE", ""),
        },
        Plant {
            name: "properties of a chart",
            class: Class::MetadataAuthor,
            document: Document::text(&frame("<draw:object xlink:href=\"./Object%201/\"/>"))
                .member("Object 1/content.xml", &chart, "text/xml")
                .member("Object 1/meta.xml", inner("").as_slice(), "text/xml")
                .member("Object 1/styles.xml", STYLES.as_bytes(), "text/xml")
                .member("Object 1/Thumbnails/thumbnail.png", b"GONE", ""),
        },
    ]
}

/// Styles of a chart with properties where they do not belong.
const STYLES: &str = "<office:document-styles xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
    xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><office:meta><dc:creator>GONE</dc:creator></office:meta>\
    <office:styles/></office:document-styles>";

fn check(name: &str, class: Class, original: &[u8]) {
    let (copy, report) = clean(original).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    assert!(holds(original, "GONE") && holds(original, "KEEP"), "{name}: the fixture");
    assert!(!holds(&copy, "GONE"), "{name}: {}", String::from_utf8_lossy(&copy));
    assert!(holds(&copy, "KEEP"), "{name}: lost");
    let hits = report.all_hits();
    let found = hits.iter().any(|hit| hit.class == class && matches!(hit.action, Action::Remove | Action::Accept));
    assert!(found, "{name}: {hits:#?}");
    assert!(hits.iter().all(|hit| hit.action != Action::Hold), "{name}: {hits:#?}");
    assert!(hits.iter().all(|hit| !hit.item.contains("GONE")), "{name}: an item carries a value");
    let (again, second) = clean(&copy).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    assert!(again == copy, "{name}: cleaning again changes bytes");
    assert!(second.hits.is_empty(), "{name}: {:?}", second.hits);
}

#[test]
fn no_marker_survives_in_packages() {
    for plant in in_xml().into_iter().chain(in_package()) {
        check(plant.name, plant.class, &plant.document.package());
    }
}

#[test]
fn no_marker_survives_in_flat_documents() {
    for plant in in_xml() {
        check(plant.name, plant.class, &plant.document.flat());
    }
}

#[test]
fn no_marker_survives_in_utf16() {
    for plant in in_xml() {
        let mut members = plant.document.all_members();
        for (name, bytes) in members.iter_mut().filter(|(name, _)| !name.contains('/')) {
            *bytes = crate::utf16(std::str::from_utf8(bytes).unwrap());
            assert!(name.ends_with(".xml"));
        }
        let original = crate::fixtures::package(&plant.document.body.media_type(), &members);
        let (copy, _) = clean(&original).unwrap_or_else(|refusal| panic!("{}: {refusal}", plant.name));
        assert!(!holds(&copy, "GONE"), "{}", plant.name);
        assert!(holds(&copy, "KEEP"), "{}: lost", plant.name);
    }
}

#[test]
fn fields_are_unwrapped() {
    for name in FIELDS {
        let field = format!("<text:p>a<text:{name} text:fixed=\"true\">KEEP</text:{name}>b</text:p>");
        let (copy, _) = clean(&Document::text(&field).flat()).unwrap();
        assert!(holds(&copy, "<text:p>aKEEPb</text:p>"), "{name}");
    }
}

#[test]
fn pictures_of_flat_documents_are_cleaned() {
    use base64::Engine;
    let base64 = base64::engine::general_purpose::STANDARD;
    let data = base64.encode(png("GONE"));
    let (head, tail) = data.split_at(20);
    let image =
        |data: &str| frame(&format!("<draw:image><office:binary-data>\n {data}\n</office:binary-data></draw:image>"));
    let (copy, report) = clean(&Document::text(&image(&format!("{head}\n {tail}"))).flat()).unwrap();
    let text = String::from_utf8(copy).unwrap();
    let coded = text.split("<office:binary-data>").nth(1).unwrap().split('<').next().unwrap();
    let picture = base64.decode(coded).unwrap();
    assert!(picture.starts_with(b"\x89PNG") && !holds(&picture, "GONE"));
    assert!(report.all_hits().iter().any(|hit| hit.class == Class::MetadataAuthor));
    assert!(clean(text.as_bytes()).unwrap().0 == text.as_bytes());

    let preview = format!(
        "<table:table table:name=\"KEEP\"/><draw:image><office:binary-data>{}</office:binary-data></draw:image>",
        base64.encode("VCLMTF GONE")
    );
    let (copy, report) = clean(&Document::text(&frame(&preview)).flat()).unwrap();
    assert!(!holds(&copy, "binary-data"));
    assert!(report.hits.iter().any(|hit| hit.class == Class::ContentThumbnails));
}

#[test]
fn people_and_comments_go_to_the_echo_search() {
    let plants = in_xml();
    let values = |name: &str| {
        let plant = plants.iter().find(|plant| plant.name == name).unwrap();
        let (_, report) = clean(&plant.document.package()).unwrap();
        report.values.into_iter().map(|value| (value.class, value.value)).collect::<Vec<_>>()
    };
    assert!(values("deleted text").contains(&(Class::MetadataAuthor, "GONE".into())));
    assert!(values("comment").contains(&(Class::ContentComments, "GONE".into())));
    assert!(values("comment").contains(&(Class::MetadataAuthor, "GONE".into())));
    assert!(values("printer").contains(&(Class::MetadataPrinter, "GONE".into())));
    assert!(values("link to a disk").contains(&(Class::LinksLocal, "file:///C:/GONE.odt".into())));
}
