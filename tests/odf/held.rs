//! What stays and waits for a person.

use fieldstrip::policy::{Action, Class};

use crate::fixtures::{Body, Document, frame, inner};
use crate::{clean, holds};

fn styled(family: &str, properties: &str, content: &str, body: Body) -> Document {
    Document {
        automatic: format!(
            "<style:style style:name=\"Base\" style:family=\"{family}\">{properties}</style:style><style:style style:name=\"S\" \
             style:family=\"{family}\" style:parent-style-name=\"Base\"/>"
        ),
        content: content.to_owned(),
        ..Document::new(body)
    }
}

fn rows(columns: &str, row: &str) -> Document {
    let cell = "<table:table-cell office:value-type=\"string\"><text:p>KEEP</text:p></table:table-cell>";
    Document {
        content: format!(
            "<table:table>{columns}<table:table-row{row}>{cell}<table:table-cell/></table:table-row></table:table>"
        ),
        ..Document::new(Body::Spreadsheet)
    }
}

const HIDDEN_TEXT: &str = "<style:text-properties text:display=\"none\"/>";

#[test]
fn what_nobody_sees_is_held_and_kept() {
    let text = Document::text;
    let cases = [
        (
            "a span",
            styled(
                "text",
                HIDDEN_TEXT,
                "<text:p><text:span text:style-name=\"S\">KEEP</text:span></text:p>",
                Body::Text,
            ),
            Some(Class::ContentHiddenText),
        ),
        (
            "a paragraph",
            styled("paragraph", HIDDEN_TEXT, "<text:p text:style-name=\"S\">KEEP</text:p>", Body::Text),
            Some(Class::ContentHiddenText),
        ),
        (
            "an empty paragraph",
            styled("paragraph", HIDDEN_TEXT, "<text:p text:style-name=\"S\"/><text:p>KEEP</text:p>", Body::Text),
            None,
        ),
        (
            "a style of another family",
            styled("text", HIDDEN_TEXT, "<text:p text:style-name=\"S\">KEEP</text:p>", Body::Text),
            None,
        ),
        (
            "a section",
            text("<text:section text:display=\"none\"><text:p>KEEP</text:p></text:section>"),
            Some(Class::ContentHiddenText),
        ),
        ("a shown section", text("<text:section text:display=\"true\"><text:p>KEEP</text:p></text:section>"), None),
        (
            "a field that hides its paragraph",
            text("<text:p><text:hidden-paragraph text:is-hidden=\"true\"/>KEEP</text:p>"),
            Some(Class::ContentHiddenText),
        ),
        (
            "a variable",
            text("<text:p><text:variable-set text:display=\"none\" office:string-value=\"KEEP\"/></text:p>"),
            Some(Class::ContentHiddenText),
        ),
        (
            "a hidden control",
            text("<office:forms><form:form><form:hidden form:value=\"KEEP\"/></form:form></office:forms>"),
            Some(Class::ContentHiddenText),
        ),
        (
            "a shape",
            text("<text:p><draw:rect draw:display=\"none\"><text:p>KEEP</text:p></draw:rect></text:p>"),
            Some(Class::ContentHiddenText),
        ),
        (
            "a layer",
            Document {
                master: "<draw:layer-set><draw:layer draw:name=\"L\" draw:display=\"none\"/></draw:layer-set>".into(),
                content: "<draw:page><draw:rect draw:layer=\"L\"><text:p>KEEP</text:p></draw:rect></draw:page>".into(),
                ..Document::new(Body::Presentation)
            },
            Some(Class::ContentHiddenText),
        ),
        (
            "a sheet",
            styled(
                "table",
                "<style:table-properties table:display=\"false\"/>",
                "<table:table table:name=\"KEEP\" table:style-name=\"S\"/>",
                Body::Spreadsheet,
            ),
            Some(Class::ContentHiddenSheets),
        ),
        (
            "a slide",
            styled(
                "drawing-page",
                "<style:drawing-page-properties presentation:visibility=\"hidden\"/>",
                "<draw:page draw:name=\"KEEP\" draw:style-name=\"S\"/>",
                Body::Presentation,
            ),
            Some(Class::ContentHiddenSlides),
        ),
        ("a row", rows("", " table:visibility=\"collapse\""), Some(Class::ContentHiddenRows)),
        ("a filtered row", rows("", " table:visibility=\"filter\""), Some(Class::ContentHiddenRows)),
        ("a column", rows("<table:table-column table:visibility=\"collapse\"/>", ""), Some(Class::ContentHiddenRows)),
        (
            "a column without content",
            rows(
                "<table:table-column/><table:table-column table:visibility=\"collapse\" table:number-columns-repeated=\"9\"/>",
                "",
            ),
            None,
        ),
    ];
    for (name, document, class) in cases {
        for original in [document.package(), document.flat()] {
            expect(name, &original, class);
        }
    }
}

#[test]
fn cropped_pictures_are_held_and_kept() {
    for (clip, class) in [
        ("rect(0cm, 1.2cm, 0cm, 0cm)", Some(Class::ContentCroppedAreas)),
        ("rect(0in 0in 0in .5in)", Some(Class::ContentCroppedAreas)),
        ("rect(0cm, 0.00cm, 0cm, 0cm)", None),
        ("rect(-0.5cm, 0cm, 0cm, 0cm)", None),
        ("auto", None),
    ] {
        let properties = format!("<style:graphic-properties fo:clip=\"{clip}\"/>");
        let document = styled("graphic", &properties, "<text:p>KEEP</text:p>", Body::Text);
        for original in [document.package(), document.flat()] {
            expect(clip, &original, class);
            let policy = fieldstrip::Policy::built_in("public-release").unwrap();
            fieldstrip::clean(&original, "a.odt", &policy).unwrap_or_else(|refusal| panic!("{clip}: {refusal}"));
        }
    }
}

#[test]
fn what_comes_from_elsewhere_is_held_and_kept() {
    let text = Document::text;
    let ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1KEEP";
    let sheet = |content: &str| Document { content: content.to_owned(), ..Document::new(Body::Spreadsheet) };
    let cases = [
        (
            "a picture",
            text(&frame("<draw:image xlink:href=\"https://example.org/a.png\"/>")),
            Some(Class::LinksExternalContent),
        ),
        (
            "a section",
            text(
                "<text:section text:name=\"KEEP\"><text:section-source xlink:href=\"https://example.org/a.odt\"/></text:section>",
            ),
            Some(Class::LinksExternalContent),
        ),
        ("a link", text("<text:p><text:a xlink:href=\"https://example.org/KEEP\">a</text:a></text:p>"), None),
        ("a member that is not there", text(&frame("<draw:image xlink:href=\"Pictures/1000.png\"/>")), None),
        (
            "a database",
            text("<office:forms><form:form form:datasource=\"KEEP\"/></office:forms>"),
            Some(Class::ContentConnections),
        ),
        (
            "a query",
            sheet(
                "<table:database-ranges><table:database-range table:name=\"KEEP\"><table:database-source-sql/></table:database-range></table:database-ranges>",
            ),
            Some(Class::ContentConnections),
        ),
        (
            "another program",
            sheet("<table:table table:name=\"KEEP\"/><table:dde-links/>"),
            Some(Class::ContentConnections),
        ),
        (
            "a formula",
            sheet(
                "<table:table table:name=\"KEEP\"><table:table-row><table:table-cell table:formula=\"of:='file:///a.ods'#$A.A1\"/></table:table-row></table:table>",
            ),
            Some(Class::ContentCachedData),
        ),
        (
            "an OLE object",
            text(&frame("<draw:object-ole xlink:href=\"./Object 1\"/>")).member("Object 1", ole, ""),
            Some(Class::ActiveObjects),
        ),
        (
            "a metafile",
            text(&frame("<draw:image xlink:href=\"Pictures/a.svm\"/>")).member("Pictures/a.svm", b"VCLMTF", ""),
            Some(Class::EmbeddedUnsupported),
        ),
        (
            "a film",
            text(&frame("<draw:plugin xlink:href=\"media/a.mp4\"/>")).member("media/a.mp4", b"film", ""),
            Some(Class::EmbeddedUnsupported),
        ),
        (
            "a document",
            text(&frame("<draw:object xlink:href=\"./Object 1\"/>")).member(
                "Object 1/content.xml",
                &inner("<office:text><text:p>KEEP</text:p></office:text>"),
                "",
            ),
            Some(Class::EmbeddedDocuments),
        ),
        (
            "macros",
            text("<text:p>KEEP</text:p>").member("Basic/Standard/Module1.xml", b"KEEP", ""),
            Some(Class::ActiveMacros),
        ),
        (
            "Python macros",
            text("<text:p>KEEP</text:p>").member("Scripts/python/a.py", b"KEEP", ""),
            Some(Class::ActiveMacros),
        ),
    ];
    for (name, document, class) in cases {
        expect(name, &document.package(), class);
    }
    let scripts =
        "<office:script script:language=\"ooo:Basic\"><ooo:source-code>KEEP</ooo:source-code></office:script>";
    expect("flat macros", &Document { scripts: scripts.into(), ..text("") }.flat(), Some(Class::ActiveMacros));
}

fn expect(name: &str, original: &[u8], class: Option<Class>) {
    let (copy, report) = clean(original).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    let mut held: Vec<Class> =
        report.hits.iter().filter(|hit| hit.action == Action::Hold).map(|hit| hit.class).collect();
    held.dedup();
    assert_eq!(held, class.into_iter().collect::<Vec<_>>(), "{name}");
    assert!(holds(&copy, "KEEP"), "{name}: lost");
    assert!(clean(&copy).unwrap().0 == copy, "{name}: not stable");
}
