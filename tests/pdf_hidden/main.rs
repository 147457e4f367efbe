//! Text that no reader sees: found for each reason, however it is painted, and never where it can be seen.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]
// tests may fail loudly

mod fixtures;
mod hostile;
mod kinds;
mod released;
mod removed;
mod replaced;

use fieldstrip::formats::Context;
use fieldstrip::limits::Spent;
use fieldstrip::text::{Extraction, Observation, Place, Scope, extract};
use fieldstrip::{Kind, Policy};
use fixtures::{Fixture, TEXTS, WORD, page};
use kinds::LAYERS;

fn read(fixture: &Fixture) -> Extraction {
    let spent = Spent::default();
    extract(Kind::Pdf, &fixture.bytes(), &Context::new(Policy::strictest(), &spent)).unwrap()
}

/// What is reported, and the text of the page that is read as seen and as hidden.
fn look(fixture: &Fixture) -> (Vec<Observation>, String, String) {
    let extraction = read(fixture);
    assert_eq!(extraction.unread, [], "everything is read");
    let text = |scope| {
        let spans = extraction.spans.iter().filter(|span| span.scope == scope);
        spans.map(|span| span.text.trim()).collect::<Vec<_>>().join("|")
    };
    let texts = (text(Scope::Body), text(Scope::Hidden));
    (extraction.observations, texts.0, texts.1)
}

#[test]
fn unpainted_text_is_found_unless_it_is_the_text_of_a_picture() {
    let scan = "q 612 0 0 792 0 0 cm /Big Do Q";
    for (text, operators) in TEXTS {
        let unpainted = format!("3 Tr {operators} 0 Tr");
        for (how, content, rules) in [
            ("alone", unpainted.clone(), vec!["hidden.invisible-mode"]),
            ("over a scan", format!("{scan} {unpainted}"), vec![]),
            ("under a scan", format!("{unpainted} {scan}"), vec![]),
            ("painted under a scan", format!("{operators} {scan}"), vec![]),
            ("clear over a scan", format!("{scan} /Clear gs {operators}"), vec![]),
            ("a scan with a box", format!("{scan} {unpainted} 0 g 60 600 200 120 re f"), vec!["hidden.under-box"]),
            ("a box below the text", format!("{scan} 0 g 60 600 200 120 re f {unpainted}"), vec!["hidden.under-box"]),
            ("a box elsewhere", format!("{scan} {unpainted} 0 g 60 100 200 120 re f"), vec![]),
            (
                "a stencil as box",
                format!("{scan} {unpainted} q 200 0 0 120 60 600 cm /One Do Q"),
                vec!["hidden.under-box"],
            ),
        ] {
            let (observations, seen, hidden) = look(&page(&content, "", ""));
            let found: Vec<&str> = observations.iter().map(|found| found.rule).collect();
            assert_eq!(found, rules, "{how}, {text}");
            let expected = if rules.is_empty() { (WORD, "") } else { ("", WORD) };
            assert_eq!((seen.as_str(), hidden.as_str()), expected, "{how}, {text}");
        }
    }
}

#[test]
fn what_can_be_seen_is_not_reported() {
    let mut wrong = Vec::new();
    for (how, content, entries, catalog) in [
        ("nothing else", "TEXT", "", ""),
        ("a highlight under it", "1 1 0 rg 60 600 200 120 re f 0 g TEXT", "", ""),
        ("a table cell under it", "0.9 g 60 600 200 120 re f 0 G 60 600 200 120 re S 0 g TEXT", "", ""),
        ("white on a dark box", "0 g 60 600 200 120 re f 1 g TEXT", "", ""),
        ("white on a picture", "q 200 0 0 120 60 600 cm /Big Do Q 1 g TEXT", "", ""),
        ("painted again on top", "TEXT 0.9 g 60 600 200 120 re f 0 g TEXT", "", ""),
        ("a box beside it", "TEXT 0 g 60 500 200 20 re f", "", ""),
        ("a box over the upper half", "TEXT 0 g 60 626 10 100 re f", "", ""),
        ("a thin line through it", "TEXT 0 G 1 w 60 624 m 200 624 l S", "", ""),
        ("a frame around it", "TEXT 0 g 60 600 200 120 re 62 602 196 116 re f*", "", ""),
        ("a transparent box", "TEXT /Half gs 1 1 0 rg 60 600 200 120 re f", "", ""),
        ("a marker", "TEXT /Multiply gs 1 1 0 rg 60 600 200 120 re f", "", ""),
        ("a picture with a hole", "TEXT q 200 0 0 120 60 600 cm /Hole Do Q", "", ""),
        ("a masked box", "TEXT /Masked gs 1 g 60 600 200 120 re f", "", ""),
        ("a hatched box", "TEXT /Pattern cs /Hatch scn 60 600 200 120 re f", "", ""),
        ("a box that is clipped away", "TEXT q 0 0 5 5 re W n 0 g 60 600 200 120 re f Q", "", ""),
        ("a box in a layer that is off", "TEXT /OC/Off BDC 0 g 60 600 200 120 re f EMC", "", LAYERS),
        ("in a layer that is on", "/OC/On BDC TEXT EMC", "", LAYERS),
        ("no longer clipped", "q 0 0 5 5 re W n Q TEXT", "", ""),
        ("the crop box elsewhere", "TEXT", "/CropBox[0 500 612 792]", ""),
    ] {
        for (text, operators) in TEXTS {
            let fixture = page(&content.replace("TEXT", operators), entries, catalog);
            let (observations, seen, hidden) = look(&fixture);
            if !observations.is_empty() || seen != WORD || !hidden.is_empty() {
                let rules: Vec<&str> = observations.iter().map(|found| found.rule).collect();
                wrong.push(format!("{how}, {text}: {rules:?} seen {seen:?} hidden {hidden:?}"));
            }
        }
    }
    for (how, content) in [
        ("outlined", "1 g 0 G BT /F 12 Tf 72 620 Td 2 Tr (TERCES) Tj ET"),
        ("only outlined", "1 g 0 G BT /F 12 Tf 72 620 Td 1 Tr (TERCES) Tj ET"),
        (
            "a white word with its shadow",
            "0.3 g BT /F 12 Tf 73 619 Td (TERCES) Tj ET 1 g BT /F 12 Tf 72 620 Td (TERCES) Tj ET",
        ),
        ("a window for a picture", "BT 7 Tr /F 12 Tf 72 620 Td (TERCES) Tj ET q 200 0 0 120 60 600 cm /Big Do Q"),
        ("a window for a box", "BT 7 Tr /F 12 Tf 72 620 Td (TERCES) Tj ET 0 g 60 600 200 120 re f"),
    ] {
        let (observations, _, hidden) = look(&page(content, "", ""));
        if !observations.is_empty() || !hidden.is_empty() {
            wrong.push(format!("{how}: {observations:?} hidden {hidden:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_finding_says_where_and_how_much() {
    let lines = "BT /F 12 Tf 72 620 Td (Jane Doe) Tj 0 -40 Td (12 Elm Street) Tj ET";
    let boxes = "0 g 70 615 100 20 re f 70 575 100 20 re f";
    let (observations, ..) = look(&page(&format!("{lines} {boxes}"), "", ""));
    let found: Vec<(&str, u64)> = observations.iter().map(|found| (found.text.trim(), found.count)).collect();
    assert_eq!(found, [("Jane Doe", 2), ("12 Elm Street", 3)], "one for each box");
    let Place::Page { page: 1, area: Some([left, bottom, right, top]) } = observations[0].place else {
        panic!("{:?}", observations[0].place)
    };
    assert!((71..=72).contains(&left) && (610..=620).contains(&bottom) && right < 130 && top < 640);
    let layer = look(&page("/OC/Off BDC BT /F 12 Tf 72 620 Td (TERCES) Tj ET EMC", "", LAYERS)).0;
    assert!(layer[0].why.contains("object 26 0"), "{}", layer[0].why);
}

#[test]
fn what_takes_the_place_of_text_is_no_text() {
    for text in ["XXXXXX", "- - -", "*****", "7"] {
        let content = format!("BT /F 12 Tf 72 620 Td ({text}) Tj ET 0 g 60 600 200 120 re f");
        assert_eq!(look(&page(&content, "", "")).0, [], "{text}");
    }
}

#[test]
fn a_page_of_too_many_boxes_and_words_is_said_to_be_uncertain() {
    let boxes = "60 600 500 120 re f ".repeat(20_000);
    let words = "BT /F 12 Tf 72 620 Td (TERCES) Tj ET ".repeat(2_000);
    let unread = read(&page(&format!("0.9 g {boxes} 0 g {words} {boxes}"), "", "")).unread;
    assert!(unread.iter().any(|part| part.why.contains("too complex") && !part.expected), "{unread:?}");
}
