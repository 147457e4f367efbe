//! Documents of one family in documents of the other: each is cleaned by its own handler, and a person looks at the whole.

use fieldstrip::policy::{Action, Class};

use crate::fixtures::{Document, frame, unpacked, zip};
use crate::{clean, holds};

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// A Word document with an author, and another document in it if there is one.
fn word(inner: Option<&[u8]>) -> Vec<u8> {
    let types = format!(
        "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" \
         ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
         <Default Extension=\"odt\" ContentType=\"application/vnd.oasis.opendocument.text\"/></Types>"
    );
    let relationships =
        |lines: String| format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{lines}</Relationships>");
    let main = format!("<Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"word/document.xml\"/>");
    let object = inner.map_or("", |_| "<w:object><o:OLEObject r:id=\"rId1\"/></w:object>");
    let body = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"{OFFICE}\" \
         xmlns:o=\"urn:schemas-microsoft-com:office:office\"><w:body><w:p w:rsidR=\"GONE\"><w:r><w:t>KEEP</w:t>{object}</w:r></w:p>\
         </w:body></w:document>"
    );
    let mut members = vec![
        ("[Content_Types].xml".to_owned(), types.into_bytes()),
        ("_rels/.rels".to_owned(), relationships(main).into_bytes()),
        ("word/document.xml".to_owned(), body.into_bytes()),
    ];
    if let Some(inner) = inner {
        let line = format!("<Relationship Id=\"rId1\" Type=\"{OFFICE}/package\" Target=\"embeddings/a.odt\"/>");
        members.push(("word/_rels/document.xml.rels".to_owned(), relationships(line).into_bytes()));
        members.push(("word/embeddings/a.odt".to_owned(), inner.to_vec()));
    }
    zip(&members)
}

fn open_document() -> Document {
    let mut document = Document::text("<text:p>KEEP</text:p>");
    document.meta += "<dc:creator>GONE</dc:creator>";
    document
}

fn check(original: &[u8], part: &str) {
    let (copy, report) = clean(original).unwrap();
    assert!(!holds(&copy, "GONE") && holds(&copy, "KEEP"));
    let (_, inner) = unpacked(&copy).into_iter().find(|(name, _)| name == part).unwrap();
    assert!(!holds(&inner, "GONE") && holds(&inner, "KEEP"));
    let held: Vec<Class> = report.hits.iter().filter(|hit| hit.action == Action::Hold).map(|hit| hit.class).collect();
    assert_eq!(held, [Class::EmbeddedDocuments]);
    assert!(report.embedded.iter().any(|embedded| embedded.part == part && !embedded.report.hits.is_empty()));
    assert!(clean(&copy).unwrap().0 == copy);
}

#[test]
fn a_word_document_in_an_open_document() {
    let object = frame("<draw:object-ole xlink:href=\"./Object 1\"/>");
    check(&Document::text(&object).member("Object 1", &word(None), "").package(), "Object 1");
}

#[test]
fn an_open_document_in_a_word_document() {
    check(&word(Some(&open_document().package())), "word/embeddings/a.odt");
}
