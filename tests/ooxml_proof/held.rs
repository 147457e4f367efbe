//! A copy that a person has to decide about says so, or it is not proved: whoever cleaned it may have been taken over.

use fieldstrip::Kind;
use fieldstrip::formats::Report;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::prove;

use super::fixtures::{Package, docx, word_copy, workbook_copy};
use super::with_context;

/// What the proof says of a document that is its own copy, with this report.
fn proved(kind: Kind, copy: &Package, hits: &[(Class, Action)]) -> Result<(), String> {
    let mut report = Report::default();
    for (class, action) in hits {
        report.hit(*class, *action, "something", "", 1, 0);
    }
    let bytes = copy.write();
    let proof = with_context(|context| prove(kind, &bytes, &bytes, &report, context));
    proof.map(|_| ()).map_err(|refusal| refusal.to_string())
}

#[test]
fn what_holds_a_copy_is_reported() {
    const DOCUMENT: &str = "word/document.xml";
    let run = |properties: &str| {
        docx(&format!("<w:p><w:r><w:t>seen</w:t></w:r><w:r><w:rPr>{properties}</w:rPr><w:t>unseen</w:t></w:r></w:p>"))
    };
    let part = |kind: &str, name: &str| {
        word_copy()
            .part(&format!("word/{name}"), "application/octet-stream", "\u{1}\u{2}")
            .replace(DOCUMENT, "<w:tbl>", "<w:p><w:r><w:object r:id=\"rId9\"/></w:r></w:p><w:tbl>")
            .relate(DOCUMENT, "rId9", kind, name)
    };
    let sheets = [Class::ContentHiddenSheets, Class::ContentHiddenRows];
    let cases = [
        ("macros", Kind::Docx, part("vbaProject", "vbaProject.bin"), vec![Class::ActiveMacros]),
        ("an object", Kind::Docx, part("oleObject", "a.bin"), vec![Class::ActiveObjects]),
        ("an import", Kind::Docx, part("aFChunk", "a.htm"), vec![Class::EmbeddedImports]),
        ("a sound", Kind::Docx, part("audio", "a.wav"), vec![Class::EmbeddedUnsupported]),
        ("a metafile", Kind::Docx, part("image", "a.wmf"), vec![Class::EmbeddedUnsupported]),
        (
            "a picture from elsewhere",
            Kind::Docx,
            word_copy().replace(DOCUMENT, "r:embed=\"rIdP\"", "r:embed=\"rIdP\" r:link=\"rId9\"").relate(
                DOCUMENT,
                "rId9",
                "image",
                "https://example.org/a.png",
            ),
            vec![Class::LinksExternalContent],
        ),
        ("hidden text", Kind::Docx, run("<w:vanish/>"), vec![Class::ContentHiddenText]),
        ("a hidden sheet and row", Kind::Xlsx, workbook_copy(""), sheets.to_vec()),
    ];
    for (what, kind, copy, classes) in cases {
        let all = |action| classes.iter().map(|class| (*class, action)).collect::<Vec<_>>();
        let unsaid = "and the report does not say so";
        let silent = |hits: &[(Class, Action)]| proved(kind, &copy, hits).is_err_and(|error| error.contains(unsaid));
        assert!(silent(&[]), "{what}: {:?}", proved(kind, &copy, &[]));
        assert!(silent(&all(Action::Keep)), "{what}: the policy decides what is kept");
        for class in &classes {
            let others: Vec<_> = all(Action::Hold).into_iter().filter(|(other, _)| other != class).collect();
            assert!(silent(&others), "{what} without {class}");
        }
        assert!(!silent(&all(Action::Hold)), "{what}: {:?}", proved(kind, &copy, &all(Action::Hold)));
    }
    assert_eq!(proved(Kind::Docx, &run("<w:vanish w:val=\"0\"/>"), &[]), Ok(()));
}
