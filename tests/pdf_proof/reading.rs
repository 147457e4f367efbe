//! What is read from a PDF.

use fieldstrip::formats::{Context, RemovedValue};
use fieldstrip::limits::Spent;
use fieldstrip::policy::Class;
use fieldstrip::prove::echo::echoes;
use fieldstrip::prove::prover_for;
use fieldstrip::text::{Extraction, Place, Scope, extract};
use fieldstrip::{Kind, Policy};

use crate::fixtures::{Fixture, stream};

fn read(fixture: &Fixture) -> Extraction {
    let spent = Spent::default();
    extract(Kind::Pdf, &fixture.bytes(), &Context::new(Policy::strictest(), &spent)).unwrap()
}

fn texts(extraction: &Extraction, scope: Scope) -> Vec<&str> {
    extraction.spans.iter().filter(|span| span.scope == scope).map(|span| span.text.as_str()).collect()
}

fn body_of(content: &str) -> String {
    let fixture = Fixture::page(content, "/Font<</F 5 0 R>>", "", "", &[]);
    texts(&read(&fixture), Scope::Body).concat()
}

#[test]
fn pages_are_read_in_words_and_lines() {
    let extraction = read(&Fixture::new());
    assert_eq!(texts(&extraction, Scope::Body), ["Hello wide world\nSecond line\n", "The second page\n"]);
    assert_eq!(extraction.unread, []);
}

#[test]
fn glyphs_become_words_by_their_places() {
    let cases: &[(&str, &str, &str)] = &[
        ("one word in pieces", "BT /F 10 Tf 50 700 Td (Hel) Tj (lo) Tj ET", "Hello\n"),
        ("kerning", "BT /F 10 Tf 50 700 Td [(A) 80 (V) -60 (A)] TJ ET", "AVA\n"),
        ("a gap is a space", "BT /F 10 Tf 50 700 Td [(two) -400 (words)] TJ ET", "two words\n"),
        ("lines from top to bottom", "BT /F 10 Tf 50 600 Td (below) Tj 0 50 Td (above) Tj ET", "above\nbelow\n"),
        (
            "a line painted out of order",
            "BT /F 10 Tf 100 700 Td (world) Tj 1 0 0 1 50 700 Tm (Hello) Tj ET",
            "Hello world\n",
        ),
        (
            "rotated text",
            "BT /F 10 Tf 0 1 -1 0 300 100 Tm (upwards) Tj ET BT /F 10 Tf 50 700 Td (a longer line) Tj ET",
            "a longer line\nupwards\n",
        ),
        (
            "a divided word",
            "BT /F 10 Tf 50 700 Td (a confi-) Tj 0 -12 Td (dential note) Tj ET",
            "a confidential note\n",
        ),
        ("a hyphen that stays", "BT /F 10 Tf 50 700 Td (the A-) Tj 0 -12 Td (team) Tj ET", "the A-\nteam\n"),
        ("raised characters", "BT /F 10 Tf 50 700 Td (area 12 m) Tj /F 6 Tf 5 Ts (2) Tj ET", "area 12 m2\n"),
        ("bold by painting twice", "BT /F 10 Tf 50 700 Td (B) Tj -0.2 0 Td (B) Tj ET", "B\n"),
        ("a bold word", "BT /F 10 Tf 50 700 Td (Bold) Tj 0.2 0 Td (Bold) Tj ET", "Bold\n"),
        ("scaled by the matrix", "BT /F 1 Tf 10 0 0 10 50 700 Tm [(two) -400 (words)] TJ ET", "two words\n"),
    ];
    for (name, content, text) in cases {
        assert_eq!(body_of(content), *text, "{name}");
    }
}

#[test]
fn columns_are_read_one_after_the_other_and_tables_line_by_line() {
    let mut columns = String::from("BT /F 10 Tf ");
    let mut table = columns.clone();
    for row in 0..6 {
        let y = 700 - row * 12;
        columns.push_str(&format!("1 0 0 1 50 {y} Tm (left column of running text {row}) Tj "));
        columns.push_str(&format!("1 0 0 1 320 {y} Tm (right column of running text {row}) Tj "));
        table.push_str(&format!("1 0 0 1 50 {y} Tm (name {row}) Tj 1 0 0 1 320 {y} Tm (value {row}) Tj "));
    }
    let columns = body_of(&(columns + "ET"));
    assert!(columns.find("left column of running text 5").unwrap() < columns.find("right column").unwrap());
    assert!(body_of(&(table + "ET")).starts_with("name 0 value 0\nname 1 value 1\n"));
}

#[test]
fn a_finding_leads_to_its_box() {
    let extraction = read(&Fixture::new());
    let span = &extraction.spans[0];
    let start = span.text.find("wide").unwrap();
    let Place::Page { page: 1, area: Some([left, bottom, right, top]) } = span.place_of(start, start + 4) else {
        panic!("no box: {:?}", span.place_of(start, start + 4));
    };
    assert!((100..110).contains(&left) && (120..135).contains(&right), "{left} {right}");
    assert!((715..720).contains(&bottom) && (728..733).contains(&top), "{bottom} {top}");
}

#[test]
fn text_that_nobody_sees_is_hidden_unless_a_picture_lies_there() {
    let invisible = "BT 3 Tr /F 10 Tf 72 620 Td (recognised) Tj ET";
    let picture = "q 100 0 0 50 72 600 cm /Im Do Q";
    let transparent = "/G gs BT /F 10 Tf 72 620 Td (recognised) Tj ET";
    let image = stream("/Subtype/Image/Width 9/Height 9/ColorSpace/DeviceGray/BitsPerComponent 8", &[7; 81]);
    let resources = "/Font<</F 5 0 R>>/XObject<</Im 10 0 R>>/ExtGState<</G<</ca 0>>>>";
    for (name, content, scope) in [
        ("invisible", invisible.to_owned(), Scope::Hidden),
        ("transparent", transparent.to_owned(), Scope::Hidden),
        ("clipped", "72 610 5 5 re W n BT /F 10 Tf 72 640 Td (recognised) Tj ET".to_owned(), Scope::Hidden),
        ("clipped over a picture", format!("{picture} 72 600 5 5 re W n {invisible}"), Scope::Hidden),
        ("off the page", "BT /F 10 Tf -200 620 Td (recognised) Tj ET".to_owned(), Scope::Hidden),
        ("no longer clipped", "q 0 0 5 5 re W n Q BT /F 10 Tf 72 620 Td (recognised) Tj ET".to_owned(), Scope::Body),
        ("before the picture", format!("{invisible} {picture}"), Scope::Body),
        ("after the picture", format!("{picture} {invisible}"), Scope::Body),
        ("beside the picture", format!("1 0 0 1 0 200 cm {invisible} 1 0 0 1 0 -200 cm {picture}"), Scope::Hidden),
    ] {
        let fixture = Fixture::page(&content, resources, "", "", std::slice::from_ref(&image));
        let extraction = read(&fixture);
        assert_eq!(texts(&extraction, scope), ["recognised\n"], "{name}");
        assert_eq!(extraction.spans.len(), 1, "{name}");
    }
}

#[test]
fn what_was_not_read_is_said() {
    let image = stream("/Subtype/Image/Width 9/Height 9/ColorSpace/DeviceGray/BitsPerComponent 8", &[7; 81]);
    let picture = Fixture::page("q 9 0 0 9 0 0 cm /Im Do Q", "/XObject<</Im 10 0 R>>", "", "", &[image]);
    let unread = read(&picture).unread;
    assert_eq!(unread.len(), 1);
    assert!(unread[0].why.contains("only a picture") && !unread[0].expected);

    let drawn =
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/FirstChar 65/LastChar 65/Widths[1]\
        /Encoding<</Differences[65/g1234]>>/CharProcs<</g1234 11 0 R>>>>";
    let program = stream("", b"1 0 d0 0 0 1 1 re f");
    let fixture =
        Fixture::page("BT /F 10 Tf 9 9 Td (AAAA) Tj ET", "/Font<</F 10 0 R>>", "", "", &[drawn.to_vec(), program]);
    let unread = read(&fixture).unread;
    assert_eq!(unread.len(), 1, "{unread:?}");
    assert!(unread[0].why.contains("not readable") && !unread[0].expected);
    assert_eq!(read(&Fixture::page("0 0 9 9 re f", "", "", "", &[])), Extraction::default());
}

#[test]
fn what_stands_beside_the_pages_is_read() {
    let mut fixture = Fixture::new();
    fixture.swap("11 0 R]", "11 0 R 20 0 R 21 0 R]");
    fixture.swap(
        "/Outlines 12",
        "/Metadata 22 0 R/StructTreeRoot 23 0 R/Names<</JavaScript 25 0 R>>/Dests<</chapter[3 0 R/Fit]>>\
        /PageLabels<</Nums[0<</S/D/P(Annex )>>]>>/Outlines 12",
    );
    fixture.add(20, "<</Type/Annot/Subtype/Text/Rect[9 9 19 19]/Contents(a comment)/T(its author)>>");
    fixture.add(21, "<</Type/Annot/Subtype/Widget/FT/Tx/T(field)/TU(tooltip)/V(value)/Rect[1 1 2 2]>>");
    fixture.add(22, stream("/Type/Metadata/Subtype/XML", b"<r xmlns:dc='d'><dc:creator>Ada</dc:creator></r>"));
    fixture.add(23, "<</Type/StructTreeRoot/K 24 0 R>>");
    fixture.add(24, "<</Type/StructElem/S/Figure/P 23 0 R/Alt(a photo)/ActualText<FEFF00E900E8>>>");
    fixture.add(25, "<</Names[(a)<</S/JavaScript/JS(app.alert)>>]>>");
    fixture.add(26, "<</Type/Filespec/F(plan.xls)/UF(plan2.xls)>>");
    fixture.add(27, "<</Author(Ada Author)/Custom(private)>>");
    fixture.trailer = "/Info 27 0 R".to_owned();
    let extraction = read(&fixture);
    for (scope, expected) in [
        (Scope::Comment, vec!["a comment", "its author"]),
        (Scope::FormField, vec!["field", "tooltip", "value"]),
        (Scope::LinkTarget, vec!["https://example.org/report"]),
        (Scope::Bookmark, vec!["Annex ", "Beginning", "End", "a", "chapter"]),
        (Scope::AltText, vec!["éè", "a photo"]),
        (Scope::FileName, vec!["plan.xls", "plan2.xls"]),
        (Scope::Field, vec!["app.alert"]),
        (Scope::Metadata, vec!["Ada", "Ada Author", "private"]),
    ] {
        let mut found = texts(&extraction, scope);
        found.sort_unstable();
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(found, expected, "{scope:?}");
    }
    let of = |text: &str| extraction.spans.iter().find(|span| span.text == text).unwrap().place.clone();
    assert_eq!(of("private"), Place::Metadata { item: "PDF:Custom".to_owned() });
    assert_eq!(of("Ada"), Place::Metadata { item: "XMP-dc:creator".to_owned() });
    assert_eq!(of("a comment"), Place::Page { page: 1, area: Some([9, 9, 19, 19]) });
}

#[test]
fn replacement_text_in_the_content_is_read() {
    let content = "/Span<</ActualText(really this)>>BDC BT /F 10 Tf 9 9 Td (that) Tj ET EMC";
    let fixture = Fixture::page(content, "/Font<</F 5 0 R>>", "", "", &[]);
    assert_eq!(texts(&read(&fixture), Scope::AltText), ["really this"]);
}

#[test]
fn every_string_and_stream_is_searched_for_echoes() {
    let mut fixture = Fixture::new();
    fixture.add(20, "<</A<FEFF004100640061>/B[(in an array)]>>");
    fixture.add(21, stream("/Filter/ASCIIHexDecode", b"756E7061636B6564>"));
    let spent = Spent::default();
    let mut found = Vec::new();
    let context = Context::new(Policy::strictest(), &spent);
    prover_for(Kind::Pdf)
        .unwrap()
        .payloads(Kind::Pdf, &fixture.bytes(), &context, &mut |part, bytes| {
            found.push((part.to_owned(), String::from_utf8_lossy(bytes).into_owned()));
        })
        .unwrap();
    for (part, text) in [
        ("object 20 0", "Ada"),
        ("object 20 0", "in an array"),
        ("object 21 0", "unpacked"),
        ("object 13 0", "Beginning"),
    ] {
        assert!(found.iter().any(|(place, bytes)| place == part && bytes.contains(text)), "{part}: {text}");
    }
}

#[test]
fn what_pages_show_is_searched_for_echoes() {
    let content = "BT /F 10 Tf 50 700 Td (Jane Q. Pu) Tj (blic) Tj ET";
    let fixture = Fixture::page(content, "/Font<</F 5 0 R>>", "", "", &[]);
    let removed =
        RemovedValue { class: Class::MetadataAuthor, item: "Author".to_owned(), value: "Jane Q. Public".to_owned() };
    let spent = Spent::default();
    let context = Context::new(Policy::strictest(), &spent);
    let spans = read(&fixture).spans;
    let found = echoes(Kind::Pdf, &fixture.bytes(), &spans, &[&removed], &context).unwrap();
    assert_eq!(found.iter().map(|echo| (echo.part.as_str(), echo.count)).collect::<Vec<_>>(), [("page 1", 1)]);
}
