//! The text of Office packages: a phrase in every scope comes out once, whole, with its place and its scope.

#![allow(clippy::unwrap_used)] // a failed helper is a failed test

#[path = "../ooxml/fixtures.rs"]
#[allow(dead_code, unreachable_pub)] // shared with the tests of the handler
mod fixtures;
mod packages;

use fieldstrip::formats::Context;
use fieldstrip::limits::Spent;
use fieldstrip::text::Scope::{
    AltText, Body, Bookmark, Comment, Field, Footnote, FormField, HeaderFooter, Hidden, LinkTarget, Metadata, Note,
};
use fieldstrip::text::{Scope, extract};
use fieldstrip::{Kind, Policy, Reason};
use fixtures::{Package, strict};
use packages::{document, presentation, workbook};

/// A phrase that stands in one scope, and the place and scope it must come out with.
type Planted = (&'static str, &'static str, Scope);

fn check(kind: Kind, package: &Package, planted: &[Planted]) {
    let policy = Policy::built_in("public-release").unwrap();
    let spent = Spent::default();
    let extraction = extract(kind, &package.write(), &Context::new(&policy, &spent)).unwrap();
    let mut wrong = Vec::new();
    for (phrase, place, scope) in planted {
        let found = extraction.spans.iter().filter(|span| span.text.contains(phrase));
        let found: Vec<_> = found.map(|span| (span.place.to_string(), span.scope)).collect();
        if found != [((*place).to_owned(), *scope)] {
            wrong.push(format!("{phrase}: {found:?} instead of {place} {scope:?}"));
        }
    }
    assert!(wrong.is_empty(), "{kind}:\n{}", wrong.join("\n"));
}

#[test]
fn every_scope_of_a_document() {
    let planted: &[Planted] = &[
        ("phrase of split & joined words", "word/document.xml, paragraph 1", Body),
        ("phrase of a bookmark", "word/document.xml, paragraph 1", Bookmark),
        ("phrase of an inserted run", "word/document.xml, paragraph 2", Body),
        ("phrase of a deleted run", "word/document.xml, paragraph 2", Hidden),
        ("phrase of a hidden run", "word/document.xml, paragraph 2", Hidden),
        ("phrase of an instruction", "word/document.xml, paragraph 3", Field),
        ("phrase of a result", "word/document.xml, paragraph 3", Body),
        ("phrase of a simple field", "word/document.xml, paragraph 3", Field),
        ("phrase of a tooltip", "word/document.xml, paragraph 4", AltText),
        ("https://example.org/phrase-of-a-target", "word/document.xml, paragraph 4", LinkTarget),
        ("phrase of an anchor", "word/document.xml, paragraph 4", LinkTarget),
        ("phrase of both branches", "word/document.xml, paragraph 6", Body),
        ("phrase of the fallback", "word/document.xml, paragraph 8", Body),
        ("phrase of WordArt", "word/document.xml, paragraph 9", Body),
        ("phrase of an alternative text", "word/document.xml, paragraph 9", AltText),
        ("phrase of a shape's name", "word/document.xml, paragraph 9", Bookmark),
        ("phrase of words with a reading", "word/document.xml, paragraph 10", Body),
        ("phrase above words", "word/document.xml, paragraph 10", Body),
        ("phrase of a formula", "word/document.xml, paragraph 11", Body),
        ("phrase of a control's title", "word/document.xml", FormField),
        ("phrase of a list item", "word/document.xml", FormField),
        ("phrase of a controlled paragraph", "word/document.xml, paragraph 12", Body),
        ("phrase of a cell", "word/document.xml, paragraph 13", Body),
        ("phrase of a table's caption", "word/document.xml", AltText),
        ("phrase of a header", "word/header1.xml, paragraph 1", HeaderFooter),
        ("phrase of a footer", "word/footer1.xml, paragraph 1", HeaderFooter),
        ("phrase of a footnote", "word/footnotes.xml, paragraph 1", Footnote),
        ("phrase of an endnote", "word/endnotes.xml, paragraph 1", Footnote),
        ("phrase of a comment", "word/comments.xml, paragraph 1", Comment),
        ("phrase of an author", "word/comments.xml", Metadata),
        ("phrase of a chart's title", "word/charts/chart1.xml", Body),
        ("phrase of a category", "word/charts/chart1.xml", Body),
        ("44556677", "word/charts/chart1.xml", Body),
        ("Phrase!$A$1", "word/charts/chart1.xml", Field),
        ("phrase of a diagram", "word/diagrams/data1.xml", Body),
        ("phrase of a number's text", "word/numbering.xml", Metadata),
        ("phrase of a style's name", "word/styles.xml", Metadata),
        ("phrase of a building block", "word/glossary/document.xml, paragraph 1", Hidden),
        ("phrase of a variable", "word/settings.xml", Metadata),
        ("phrase of a property", "metadata custom:Client", Metadata),
        ("phrase of custom XML", "customXml/item1.xml", Metadata),
    ];
    check(Kind::Docx, &document(), planted);
    check(Kind::Docx, &strict(&document()), planted);
}

#[test]
fn every_scope_of_a_workbook() {
    let planted: &[Planted] = &[
        ("phrase of a shared & rich string", "Main!A1", Body),
        ("phrase of a reading", "Main!A1", Body),
        ("phrase of an inline string", "Main!B1", Body),
        ("phrase of a cached value", "Main!C1", Body),
        ("\"phrase of a formula\"", "Main!C1", Field),
        ("phrase of a hidden row", "Main!A2", Hidden),
        ("phrase of a hidden sheet", "Phrase of a sheet's name!A1", Hidden),
        ("Phrase of a sheet's name", "xl/workbook.xml", Bookmark),
        ("phrase_of_a_defined_name", "xl/workbook.xml", Bookmark),
        ("\"phrase of a name's formula\"", "xl/workbook.xml", Field),
        ("phrase of a name's comment", "xl/workbook.xml", Metadata),
        ("\"phrase of a list,other\"", "Main!D4", Field),
        ("phrase of a prompt", "Main!D4", FormField),
        ("phrase of an error", "Main!D4", FormField),
        ("\"phrase of a late list\"", "Main!E5", Field),
        ("phrase of a format", "xl/styles.xml", Metadata),
        ("PhraseOfAFormat", "xl/styles.xml", Metadata),
        ("phrase of a conditional format", "Main!A1", Field),
        ("phrase of a tooltip", "Main!A1", AltText),
        ("https://example.org/phrase-of-a-target", "Main!A1", LinkTarget),
        ("phrase of a place", "Main!B1", LinkTarget),
        ("&Lphrase of a page header", "xl/worksheets/sheet1.xml", HeaderFooter),
        ("PhraseTable", "Main!A5", Metadata),
        ("phrase of a heading", "Main!A5", Metadata),
        ("\"phrase of a column's formula\"", "Main!A5", Field),
        ("phrase of a text box", "xl/drawings/drawing1.xml", Body),
        ("phrase of an alternative text", "xl/drawings/drawing1.xml", AltText),
        ("phrase of a chart's title", "xl/charts/chart1.xml", Body),
        ("phrase of a category", "xl/charts/chart1.xml", Body),
        ("phrase of a chart's header", "xl/charts/chart1.xml", HeaderFooter),
        ("phrase of a comment", "Main!B2", Comment),
        ("phrase of an author", "xl/comments1.xml", Comment),
        ("phrase of a thread", "Main!B3", Comment),
        ("phrase of an orphan", "xl/sharedStrings.xml", Hidden),
        ("phrase of a pivot item", "xl/pivotCache/pivotCacheDefinition1.xml", Hidden),
        ("phrase of a foreign cell", "xl/externalLinks/externalLink1.xml", Hidden),
        ("phrase of a query", "xl/connections.xml", Metadata),
        ("phrase of a property", "metadata custom:Client", Metadata),
    ];
    check(Kind::Xlsx, &workbook(), planted);
    check(Kind::Xlsx, &strict(&workbook()), planted);
}

#[test]
fn every_scope_of_a_presentation() {
    let planted: &[Planted] = &[
        ("phrase of split words", "slide 1, Title 1", Body),
        ("phrase of a hidden shape", "slide 1, Hidden 2", Hidden),
        ("phrase of an alternative text", "slide 1, Picture 3", AltText),
        ("phrase of a tooltip", "slide 1, Picture 3", AltText),
        ("https://example.org/phrase-of-a-target", "slide 1, Picture 3", LinkTarget),
        ("phrase of a cell", "slide 1, Table 4", Body),
        ("phrase of a field", "slide 1, Table 4", Body),
        ("phrase of both branches", "slide 1, Choice 5", Body),
        ("phrase of the fallback", "slide 1, Fallback 6", Body),
        ("phrase of a slide's name", "slide 1", Bookmark),
        ("phrase of notes", "slide 1, Notes 1", Note),
        ("phrase of a chart's title", "slide 1", Body),
        ("phrase of a category", "slide 1", Body),
        ("phrase of a diagram", "slide 1", Body),
        ("phrase of a comment", "slide 1", Comment),
        ("phrase of a modern comment", "slide 1", Comment),
        ("phrase of a hidden slide", "slide 2, Title 1", Hidden),
        ("phrase of a layout", "ppt/slideLayouts/slideLayout1.xml", Body),
        ("phrase of a master", "ppt/slideMasters/slideMaster1.xml", Body),
        ("phrase of a section", "ppt/presentation.xml", Bookmark),
        ("phrase of a custom show", "ppt/presentation.xml", Bookmark),
        ("phrase of an author", "ppt/commentAuthors.xml", Metadata),
        ("phrase of a tag", "ppt/tags/tag1.xml", Metadata),
        ("phrase of a property", "metadata custom:Client", Metadata),
    ];
    check(Kind::Pptx, &presentation(), planted);
    check(Kind::Pptx, &strict(&presentation()), planted);
}

#[test]
fn a_string_that_many_cells_show_does_not_multiply_without_end() {
    let cells = "<s:c t=\"s\"><s:v>0</s:v></s:c>".repeat(1_000);
    let rows = format!("<s:sheetData><s:row r=\"9\">{cells}</s:row>");
    let bytes = workbook().edit("xl/worksheets/sheet1.xml", "<s:sheetData>", &rows).write();
    let mut policy = Policy::built_in("public-release").unwrap();
    let mut text = |most| {
        policy.limits.text_bytes = most;
        extract(Kind::Xlsx, &bytes, &Context::new(&policy, &Spent::default()))
    };
    assert!(text(1 << 20).is_ok());
    let refusal = text(10_000).unwrap_err();
    assert_eq!(refusal.reason, Reason::OverLimit);
    assert!(refusal.detail.contains("text-bytes"), "{refusal}");
}

#[test]
fn of_ink_only_what_was_read_in_it_is_text() {
    let strokes = b"<ink xmlns=\"http://www.w3.org/2003/InkML\"><annotation>phrase of handwriting</annotation>\
        <trace>4111 1111 1111 1111, 5 6</trace></ink>";
    let package = document().part("word/ink/ink1.xml", "application/inkml+xml", strokes).rel(
        "word/document.xml",
        "rIdInk",
        "customXml",
        "ink/ink1.xml",
    );
    check(Kind::Docx, &package, &[("phrase of handwriting", "word/ink/ink1.xml", Metadata)]);
    let policy = Policy::built_in("public-release").unwrap();
    let spans = extract(Kind::Docx, &package.write(), &Context::new(&policy, &Spent::default())).unwrap().spans;
    assert!(!spans.iter().any(|span| span.text.contains("4111")), "numbers of a stroke came out as text");
}
