//! The second PDF reader: what it proves, what it refuses to prove, and what it reads.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
// tests may fail loudly

mod fixtures;
mod hostile;
mod reading;

use fieldstrip::formats::{Context, Report};
use fieldstrip::limits::Spent;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::{Proof, prove};
use fieldstrip::{Kind, Policy, Reason, Refusal};
use fixtures::{Fixture, jpeg_with, stream};

fn proof_under(policy: &Policy, input: &[u8], output: &[u8], report: &Report) -> Result<Proof, Refusal> {
    let spent = Spent::default();
    prove(Kind::Pdf, input, output, report, &Context::new(policy, &spent))
}

fn proof(input: &[u8], output: &[u8], report: &Report) -> Result<Proof, Refusal> {
    proof_under(Policy::strictest(), input, output, report)
}

fn proof_of(input: &Fixture, output: &Fixture) -> Result<Proof, Refusal> {
    proof(&input.bytes(), &output.bytes(), &Report::default())
}

#[test]
fn an_equal_copy_is_proved() {
    let fixture = Fixture::new();
    let proof = proof_of(&fixture, &fixture).unwrap();
    let names: Vec<&str> = proof.checks.iter().map(|check| check.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "essence-equal",
            "pages-equal",
            "rendering-equal",
            "links-kept",
            "bookmarks-kept",
            "nothing-left",
            "keys-known",
            "content-clean",
            "fonts-neutral",
            "one-revision"
        ]
    );
    assert_eq!(proof.checks[2].detail, "2 pages rendered alike, 0 alike around what is drawn in, 0 not rendered");
    assert_eq!(proof.checks[3].detail, "2 links");
    assert_eq!(proof.checks[4].detail, "2 bookmarks");
}

#[test]
fn the_policy_says_how_many_pages_are_rendered() {
    let mut fixture = Fixture::new();
    fixture.swap("/Kids[3 0 R 4 0 R]/Count 2", "/Kids[3 0 R 4 0 R 4 0 R]/Count 3");
    let bytes = fixture.bytes();
    for (pages, images, rendered) in [("1", "lossless", 1), ("2", "lossless", 2), ("\"all\"", "reencode", 3)] {
        let text = format!(
            "schema = 1\nname = \"mine\"\nextends = \"public-release\"\n\
             [images]\nmode = \"{images}\"\n[proof]\npdf-pages = {pages}\n"
        );
        let policy = Policy::from_toml(&text, "mine.toml").unwrap();
        let detail = proof_under(&policy, &bytes, &bytes, &Report::default()).unwrap().checks[2].detail.clone();
        assert!(detail.starts_with(&format!("{rendered} pages rendered alike")), "{pages}: {detail}");
    }
    let detail = proof_of(&fixture, &fixture).unwrap().checks[2].detail.clone();
    assert!(detail.starts_with("3 pages rendered alike"), "{detail}");
}

#[test]
fn what_looks_the_same_is_proved() {
    type Change = fn(&mut Fixture);
    let changes: &[(&str, Change)] = &[
        ("numbers with fewer digits", |f| {
            f.swap("72 720 Td", "72.0000012 720 Td").swap("0.25 0.5 0.75", "0.2500001 .5 .75");
        }),
        ("content in two streams", |f| {
            f.swap("/Contents 6 0 R", "/Contents[6 0 R 20 0 R]").add(20, stream("", b"q Q"));
        }),
        ("content in its own graphics state", |f| {
            f.swap("q 100 0 0 50", "q q 100 0 0 50").swap("/Fm Do Q", "/Fm Do Q Q");
        }),
        ("a page tree with one more level", |f| {
            f.swap("/Kids[3 0 R 4 0 R]", "/Kids[20 0 R]").add(20, "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>");
        }),
        ("another order of objects", |f| {
            f.objects.reverse();
        }),
        ("a resource that nothing uses is gone", |f| {
            f.swap("/Encoding/WinAnsiEncoding", "");
        }),
    ];
    for (name, change) in changes {
        let mut copy = Fixture::new();
        change(&mut copy);
        assert!(proof_of(&Fixture::new(), &copy).is_ok(), "{name}: {:?}", proof_of(&Fixture::new(), &copy));
    }
}

#[test]
fn a_page_shown_twice_may_become_two_pages() {
    let mut input = Fixture::new();
    input.swap("/Kids[3 0 R 4 0 R]/Count 2", "/Kids[3 0 R 4 0 R 4 0 R]/Count 3");
    let mut copy = Fixture::new();
    copy.swap("/Kids[3 0 R 4 0 R]/Count 2", "/Kids[3 0 R 4 0 R 20 0 R]/Count 3");
    copy.add(20, "<</Type/Page/Parent 2 0 R/Contents 6 0 R/Resources 7 0 R/Rotate 90>>");
    proof_of(&input, &copy).unwrap();
    assert!(proof_of(&input, &Fixture::new()).is_err(), "shown once only");
}

#[test]
fn a_copy_that_looks_different_is_refused() {
    type Change = fn(&mut Fixture);
    let changes: &[(&str, Change)] = &[
        ("a glyph changed", |f| {
            f.swap("(Hello wide world)", "(Hallo wide world)");
        }),
        ("a glyph gone", |f| {
            f.swap("(Hello wide world)", "(Hello wide worl)");
        }),
        ("text moved", |f| {
            f.swap("72 720 Td", "72 720.4 Td");
        }),
        ("text larger", |f| {
            f.swap("/F 10 Tf", "/F 10.2 Tf");
        }),
        ("text invisible", |f| {
            f.swap("BT /F 10 Tf", "BT 3 Tr /F 10 Tf");
        }),
        ("another font", |f| {
            f.swap("/BaseFont/Helvetica", "/BaseFont/Times-Roman");
        }),
        ("a word gap gone", |f| {
            f.swap("-300", "0");
        }),
        ("an image sample changed", |f| {
            let (_, body) = f.objects.iter_mut().find(|(number, _)| *number == 9).unwrap();
            let at = body.windows(3).position(|window| window == [10, 20, 30]).unwrap();
            body[at] = 11;
        }),
        ("an image moved", |f| {
            f.swap("72 600 cm", "73 600 cm");
        }),
        ("an image gone", |f| {
            f.swap("/Im Do", "");
        }),
        ("a path changed", |f| {
            f.swap("172 470 l", "172 472 l");
        }),
        ("a line thinner", |f| {
            f.swap("2 w", "1 w");
        }),
        ("a colour changed", |f| {
            f.swap("0.25 0.5 0.75 rg", "0.25 0.5 0.77 rg");
        }),
        ("filled another way", |f| {
            f.swap("re f 2 w", "re f* 2 w");
        }),
        ("a form clipped", |f| {
            f.swap("/BBox[0 0 50 50]", "/BBox[0 0 30 50]");
        }),
        ("a form gone", |f| {
            f.swap("/Fm Do", "");
        }),
        ("something drawn on top", |f| {
            f.swap("/Fm Do Q", "/Fm Do Q 0 0 1 1 re f");
        }),
        ("a page gone", |f| {
            f.swap("/Kids[3 0 R 4 0 R]/Count 2", "/Kids[3 0 R]/Count 1");
        }),
        ("pages swapped", |f| {
            f.swap("/Kids[3 0 R 4 0 R]", "/Kids[4 0 R 3 0 R]");
        }),
        ("a page turned", |f| {
            f.swap("/Rotate 90", "/Rotate 180");
        }),
        ("a page box changed", |f| {
            f.swap("/MediaBox[0 0 612 792]", "/MediaBox[0 0 612 800]");
        }),
        ("a page cropped", |f| {
            f.swap("/Rotate 90", "/Rotate 90/CropBox[0 0 300 300]");
        }),
        ("a public link gone", |f| {
            f.swap("/Annots[10 0 R 11 0 R]", "/Annots[11 0 R]");
        }),
        ("a public link led elsewhere", |f| {
            f.swap("example.org/report", "example.com/report");
        }),
        ("an internal link gone", |f| {
            f.swap("/Annots[10 0 R 11 0 R]", "/Annots[10 0 R]");
        }),
        ("an internal link led elsewhere", |f| {
            f.swap("712]/Dest[4 0 R", "712]/Dest[3 0 R");
        }),
        ("a bookmark gone", |f| {
            f.swap("/Next 14 0 R", "").swap("/Last 14 0 R/Count 2", "/Last 13 0 R/Count 1");
        }),
        ("a bookmark renamed", |f| {
            f.swap("/Title(End)", "/Title(Ends)");
        }),
        ("a bookmark led elsewhere", |f| {
            f.swap("/Prev 13 0 R/Dest[4 0 R", "/Prev 13 0 R/Dest[3 0 R");
        }),
    ];
    for (name, change) in changes {
        let mut copy = Fixture::new();
        change(&mut copy);
        let refusal = proof_of(&Fixture::new(), &copy).expect_err(name);
        assert_eq!(refusal.reason, Reason::Unprovable, "{name}: {refusal}");
    }
}

#[test]
fn a_copy_with_something_left_is_refused() {
    type Change = fn(&mut Fixture);
    let changes: &[(&str, Change)] = &[
        ("/OpenAction", |f| {
            f.swap("/Outlines 12 0 R", "/Outlines 12 0 R/OpenAction<</S/JavaScript/JS(app.alert(1))>>");
        }),
        ("/AA", |f| {
            f.swap("/Rotate 90", "/Rotate 90/AA<</O<</S/GoTo/D[3 0 R/Fit]>>>>");
        }),
        ("/JavaScript", |f| {
            f.swap("/Outlines 12 0 R", "/Outlines 12 0 R/Names<</JavaScript<</Names[(a) 20 0 R]>>>>")
                .add(20, "<</S/GoTo>>");
        }),
        ("/JS", |f| {
            f.add(20, "<</S/JavaScript/JS(app.alert(1))>>");
        }),
        ("/Metadata", |f| {
            f.swap("/Outlines 12 0 R", "/Outlines 12 0 R/Metadata 20 0 R")
                .add(20, stream("/Type/Metadata/Subtype/XML", b"<x/>"));
        }),
        ("/Type/Metadata", |f| {
            f.add(20, stream("/Type/Metadata/Subtype/XML", b"<x/>"));
        }),
        ("/PieceInfo", |f| {
            f.swap("/BBox[0 0 50 50]", "/BBox[0 0 50 50]/PieceInfo<</A<<>>>>");
        }),
        ("/EmbeddedFiles", |f| {
            f.swap("/Outlines 12 0 R", "/Outlines 12 0 R/Names<</EmbeddedFiles<<>>>>");
        }),
        ("/EF", |f| {
            f.add(20, "<</F(a.txt)/EF<</F 21 0 R>>>>").add(21, stream("", b"attached"));
        }),
        ("/Type/EmbeddedFile", |f| {
            f.add(20, stream("/Type/EmbeddedFile", b"attached"));
        }),
        ("/Thumb", |f| {
            f.swap("/Rotate 90", "/Rotate 90/Thumb 9 0 R");
        }),
        ("/XFA", |f| {
            f.swap("/Outlines 12 0 R", "/Outlines 12 0 R/Private<</XFA[(template) 6 0 R]>>");
        }),
        ("/AcroForm", |f| {
            f.swap("/Outlines 12 0 R", "/Outlines 12 0 R/AcroForm<</Fields[]>>");
        }),
        ("a form field", |f| {
            f.add(20, "<</Subtype/Widget/Rect[0 0 9 9]/FT/Tx>>");
        }),
        ("an annotation /Text", |f| {
            f.swap("11 0 R]", "11 0 R 20 0 R]").add(20, "<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(note)>>");
        }),
        ("an annotation /Redact", |f| {
            f.add(20, "<</Subtype/Redact/Rect[0 0 9 9]>>");
        }),
        ("an annotation with /NM", |f| {
            f.swap("/Rect[72 715 150 730]", "/Rect[72 715 150 730]/NM(id)");
        }),
        ("a link with /T", |f| {
            f.swap("/Rect[72 715 150 730]", "/Rect[72 715 150 730]/T(Ada)");
        }),
        ("an action /Launch", |f| {
            f.add(20, "<</S/Launch/F(a.exe)>>");
        }),
        ("an action /GoToR", |f| {
            f.add(20, "<</Type/Action/S/GoToR/F(a.pdf)>>");
        }),
        ("a signature field", |f| {
            f.add(20, "<</FT/Sig/T(Signature)>>");
        }),
        ("/ByteRange", |f| {
            f.add(20, "<</ByteRange[0 1 2 3]/Contents<00>>>");
        }),
        ("/Measure", |f| {
            f.swap("/Rotate 90", "/Rotate 90/VP[<</BBox[0 0 1 1]/Measure<</Subtype/GEO>>>>]");
        }),
        ("EXIF or XMP in a JPEG", |f| {
            let jpeg = jpeg_with(&[0xFF, 0xE1, 0, 8, b'E', b'x', b'i', b'f', 0, 0]);
            f.add(
                20,
                stream(
                    "/Subtype/Image/Width 8/Height 8/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode",
                    &jpeg,
                ),
            );
        }),
        ("a key in a catalog dictionary", |f| {
            f.swap("/Outlines 12 0 R", "/Outlines 12 0 R/Extensions<</ADBE<<>>>>");
        }),
        ("a key in a page tree dictionary", |f| {
            f.swap("/Count 2/MediaBox", "/Count 2/Ada 1/MediaBox");
        }),
        ("a key in a page dictionary", |f| {
            f.swap("/Rotate 90", "/Rotate 90/I 1");
        }),
        ("a key in a font dictionary", |f| {
            f.swap("/BaseFont/Helvetica", "/Name/Ada/BaseFont/Helvetica");
        }),
        ("a key in a bookmark dictionary", |f| {
            f.swap("/Title(End)", "/Type/Ada/Title(End)");
        }),
        ("nothing leads to an object", |f| {
            f.add(20, "(text)");
        }),
        ("something between its objects", |f| {
            f.swap("<</Type/Outlines", "% text\n<</Type/Outlines");
        }),
        ("an operand in its content", |f| {
            f.swap("q 100 0 0 50", "q (text) 100 0 0 50");
        }),
        ("a comment in its content", |f| {
            f.swap("q 100 0 0 50", "% c\nq 100 0 0 50");
        }),
        ("a private property in its content", |f| {
            f.swap("q 100 0 0 50", "/P <</Secret 1>> BDC EMC q 100 0 0 50");
        }),
        ("a word in its content", |f| {
            f.swap("q 100 0 0 50", "(x) pop q 100 0 0 50");
        }),
        ("resources that nothing names", |f| {
            f.swap("/Font<</F 8 0 R>>", "/Font<</F 8 0 R/G 8 0 R>>");
        }),
        ("layers", |f| {
            f.add(20, "<</Type/OCG/Name(Layer)>>");
        }),
        ("names in a font", |f| {
            let font = b"\0\x01\0\0\0\x01\0\0\0\0\0\0name\0\0\0\0\0\0\0\x1c\0\0\0\x06\0\0\0\x01\0\x06";
            f.add(20, "<</Type/FontDescriptor/FontFile2 21 0 R>>").add(21, stream("", font));
        }),
        ("a comment in a character map", |f| {
            f.add(20, "<</ToUnicode 21 0 R>>").add(21, stream("", b"% c\nbegincmap"));
        }),
        ("a key that it does not need", |f| {
            f.trailer = "/Info<</Author(Ada)>>".to_owned();
        }),
    ];
    for (left, change) in changes {
        let mut copy = Fixture::new();
        change(&mut copy);
        let refusal = proof_of(&Fixture::new(), &copy).expect_err(left);
        assert_eq!(refusal.reason, Reason::Unprovable, "{left}: {refusal}");
        let told = left.strip_prefix("/Measure").map_or(*left, |_| "/VP");
        assert!(refusal.detail.contains(told), "{left}: {refusal}");
    }
}

#[test]
fn words_of_the_author_are_no_leftovers() {
    let mut fixture = Fixture::new();
    fixture.swap("/Font<</F 8 0 R>>", "/Font<</F 8 0 R/AA 8 0 R/JS 8 0 R>>/Properties 20 0 R");
    fixture.swap("BT /F 10 Tf", "/Span /Metadata BDC EMC BT /AA 10 Tf /JS 10 Tf /F 10 Tf");
    fixture.add(20, "<</Metadata<</ActualText(Layer)>>>>");
    proof_of(&fixture, &fixture).unwrap();
}

#[test]
fn bytes_around_the_objects_are_refused() {
    let fixture = Fixture::new();
    let good = fixture.bytes();
    let text = |bytes: &[u8]| [&good[..], bytes].concat();
    for (name, bad) in [
        ("bytes after the end", text(b"tail")),
        ("a second end", text(b"startxref\n9\n%%EOF\n")),
        ("bytes before the header", [b"#!/bin/sh\n".as_slice(), &good].concat()),
    ] {
        let refusal = proof(&good, &bad, &Report::default()).expect_err(name);
        assert_eq!(refusal.reason, Reason::Unprovable, "{name}: {refusal}");
    }
}

fn with_stamp() -> Fixture {
    let mut fixture = Fixture::new();
    fixture.swap("11 0 R]", "11 0 R 20 0 R 22 0 R]");
    fixture.add(20, "<</Type/Annot/Subtype/Stamp/Rect[200 200 300 250]/T(Ada)/AP<</N 21 0 R>>>>");
    fixture.add(21, stream("/Subtype/Form/BBox[0 0 50 50]/Resources 7 0 R", b"BT /F 9 Tf 5 5 Td (DRAFT) Tj ET"));
    fixture.add(22, "<</Type/Annot/Subtype/Highlight/Rect[0 0 9 9]/AP<</N 15 0 R>>>>");
    fixture
}

#[test]
fn a_visible_annotation_must_be_drawn_into_the_page() {
    let input = with_stamp();
    let mut drawn = with_stamp();
    drawn.swap(" 20 0 R 22 0 R]", "]").swap("/Fm Do Q", "/Fm Do Q Q q 2 0 0 1 200 200 cm /Stamp Do Q");
    drawn.swap("q 100 0 0 50", "q q 100 0 0 50");
    drawn.swap("/Fm 15 0 R", "/Fm 15 0 R/Stamp 21 0 R");
    drawn.objects.retain(|(number, _)| *number != 20 && *number != 22);
    let rendered = proof_of(&input, &drawn).unwrap().checks[2].detail.clone();
    assert_eq!(rendered, "1 pages rendered alike, 1 alike around what is drawn in, 0 not rendered");

    let mut elsewhere = drawn.clone();
    elsewhere.swap("2 0 0 1 200 200 cm", "2 0 0 1 200 201 cm");
    assert_eq!(proof_of(&input, &elsewhere).unwrap_err().reason, Reason::Unprovable);

    let mut dropped = Fixture::new();
    dropped.add(21, "null");
    assert_eq!(proof_of(&input, &dropped).unwrap_err().reason, Reason::Unprovable);
}

fn with_field(appearance: &str) -> Fixture {
    let mut fixture = Fixture::new();
    fixture.swap("11 0 R]", "11 0 R 20 0 R]").swap("/Outlines 12 0 R", "/AcroForm<</Fields[20 0 R]>>/Outlines 12 0 R");
    fixture.add(20, format!("<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(Ada)/Rect[200 200 250 250]{appearance}>>"));
    fixture.add(21, stream("/Subtype/Form/BBox[0 0 50 50]/Resources 7 0 R", b"BT /F 9 Tf 5 5 Td (Ada) Tj ET"));
    fixture
}

#[test]
fn a_form_field_that_stays_must_keep_its_appearance() {
    let text =
        "schema = 1\nname = \"mine\"\nextends = \"public-release\"\n[classes]\n\"content.form-fields\" = \"keep\"\n";
    let policy = Policy::from_toml(text, "mine.toml").unwrap();
    let input = with_field("/AP<</N 21 0 R>>");
    let proof = |copy: &Fixture| proof_under(&policy, &input.bytes(), &copy.bytes(), &Report::default());
    proof(&input).unwrap();
    let mut changed = input.clone();
    changed.swap("(Ada) Tj", "(Eve) Tj");
    assert_eq!(proof(&changed).unwrap_err().reason, Reason::Unprovable);
}

#[test]
fn a_form_field_must_be_drawn_into_the_page() {
    // The field with an appearance of its own, and one whose appearance is made: the copy is the same.
    for input in [with_field("/AP<</N 21 0 R>>"), with_field("")] {
        let drawn = |matrix: &str, text: &str| {
            let mut copy = Fixture::new();
            copy.swap("/Fm Do Q", &format!("/Fm Do Q Q q {matrix} cm /Field Do Q"))
                .swap("q 100 0 0 50", "q q 100 0 0 50");
            copy.swap("/Fm 15 0 R", "/Fm 15 0 R/Field 21 0 R");
            let content = format!("BT /F 9 Tf 5 5 Td ({text}) Tj ET");
            copy.add(21, stream("/Subtype/Form/BBox[0 0 50 50]/Resources 7 0 R", content.as_bytes()));
            copy
        };
        proof_of(&input, &drawn("1 0 0 1 200 200", "Ada")).unwrap();
        assert_eq!(proof_of(&input, &input).unwrap_err().reason, Reason::Unprovable, "the field is still there");
        for (matrix, text) in [("1 0 0 1 200 200", "Eve"), ("1 0 0 1 20 300", "Ada"), ("1 0 0 1 200 200", "")] {
            let refusal = proof_of(&input, &drawn(matrix, text)).unwrap_err();
            assert_eq!(refusal.reason, Reason::Unprovable, "{matrix} {text}");
        }
    }
}

#[test]
fn a_link_may_be_missing_when_the_report_says_so() {
    let mut copy = Fixture::new();
    copy.swap("/Annots[10 0 R 11 0 R]", "/Annots[11 0 R]").remove(10);
    let mut report = Report::default();
    report.hit(Class::LinksLocal, Action::Remove, "Action/URI", "page 1", 1, 0);
    proof(&Fixture::new().bytes(), &copy.bytes(), &report).unwrap();
}

#[test]
fn a_local_link_may_be_missing() {
    let mut input = Fixture::new();
    input.swap("https://example.org/report", "file:///home/ada/report.pdf");
    let mut copy = Fixture::new();
    copy.swap("/Annots[10 0 R 11 0 R]", "/Annots[11 0 R]").remove(10);
    proof_of(&input, &copy).unwrap();
}
