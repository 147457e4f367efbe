//! Every way to hide text, each with its near miss: what looks much the same and hides nothing.

use crate::fixtures::{TEXTS, WORD, page_around};
use crate::look;

/// The first of the two layers is off.
pub(crate) const LAYERS: &str = "/OCProperties<</OCGs[26 0 R 27 0 R]/D<</OFF[26 0 R]>>>>";
/// Both are on.
pub(crate) const LAYERS_ON: &str = "/OCProperties<</OCGs[26 0 R 27 0 R]/D<<>>>>";
/// The second is off, since layers are off by default.
const BASE_OFF: &str = "/OCProperties<</OCGs[26 0 R 27 0 R]/D<</BaseState/OFF/ON[26 0 R]>>>>";

/// A way to hide the word, which is painted where `TEXT` stands.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) rule: &'static str,
    pub(crate) hides: &'static str,
    pub(crate) shows: &'static str,
    pub(crate) catalog: &'static str,
}

const fn kind(name: &'static str, rule: &'static str, hides: &'static str, shows: &'static str) -> Kind {
    Kind { name, rule, hides, shows, catalog: "" }
}

const fn layer(name: &'static str, hides: &'static str, shows: &'static str, catalog: &'static str) -> Kind {
    Kind { name, rule: "hidden.layer-off", hides, shows, catalog }
}

const BOX: &str = "hidden.under-box";
const IMAGE: &str = "hidden.under-image";
const COLOUR: &str = "hidden.same-colour";
const CLEAR: &str = "hidden.transparent";
const CLIPPED: &str = "hidden.clipped";

pub(crate) const KINDS: &[Kind] = &[
    kind("black box", BOX, "TEXT 0 g 60 600 200 120 re f", "0 1 0 rg 60 600 200 120 re f 0 g TEXT"),
    kind("white box", BOX, "TEXT 1 g 60 600 200 120 re f", "TEXT 1 g 60 500 200 90 re f"),
    kind(
        "slanted box",
        BOX,
        "TEXT 0 g 20 590 m 300 560 l 310 760 l 30 780 l h f",
        "TEXT 0 g 20 590 m 300 560 l 300 580 l 30 600 l h f",
    ),
    kind(
        "two boxes",
        BOX,
        "TEXT 0 g 60 600 35 120 re f 1 0 0 rg 95 600 160 120 re f",
        "TEXT 0 g 60 600 12 17 re f 1 0 0 rg 60 720 160 20 re f",
    ),
    kind("thick line", BOX, "TEXT 0 G 140 w 60 650 m 300 650 l S", "TEXT 0 G 4 w 60 610 m 300 610 l S"),
    kind(
        "box in its own state",
        BOX,
        "q 0.5 0 0 0.5 0 0 cm 2 0 0 2 0 0 cm TEXT Q q 0 g 60 600 200 120 re f Q",
        "q 0.5 0 0 0.5 0 0 cm 2 0 0 2 0 0 cm TEXT Q q 0 g 0.5 0 0 0.5 0 0 cm 60 600 200 120 re f Q",
    ),
    kind("box in a form", BOX, "TEXT /BoxForm Do", "TEXT q 1 0 0 1 0 -300 cm /BoxForm Do Q"),
    kind("box in a group", BOX, "TEXT /BoxGroup Do", "TEXT /Half gs /BoxGroup Do"),
    kind(
        "stencil of one pixel",
        BOX,
        "TEXT q 200 0 0 120 60 600 cm /One Do Q",
        "q 0 1 0 rg 200 0 0 120 60 600 cm /One Do Q TEXT",
    ),
    kind(
        "pattern",
        BOX,
        "TEXT /Pattern cs /Solid scn 60 600 200 120 re f",
        "TEXT /Pattern cs /Hatch scn 60 600 200 120 re f",
    ),
    kind(
        "gradient",
        BOX,
        "TEXT /Pattern cs /Ax scn 60 600 200 120 re f",
        "TEXT /Half gs /Pattern cs /Ax scn 60 600 200 120 re f",
    ),
    kind("shading", BOX, "TEXT q 60 600 200 120 re W n /Sh sh Q", "TEXT q 60 500 200 90 re W n /Sh sh Q"),
    kind(
        "box that darkens",
        BOX,
        "TEXT /Multiply gs 0 g 60 600 200 120 re f",
        "TEXT /Multiply gs 1 1 0 rg 60 600 200 120 re f",
    ),
    kind("picture", IMAGE, "TEXT q 200 0 0 120 60 600 cm /Im Do Q", "q 200 0 0 120 60 600 cm /Im Do Q 1 0 0 rg TEXT"),
    kind(
        "picture with an opaque mask",
        IMAGE,
        "TEXT q 200 0 0 120 60 600 cm /Mk Do Q",
        "TEXT q 200 0 0 120 60 600 cm /Hole Do Q",
    ),
    kind("picture in a form", IMAGE, "TEXT /ImForm Do", "TEXT q 1 0 0 1 0 -300 cm /ImForm Do Q"),
    kind("white on white", COLOUR, "1 g TEXT", "0.8 g TEXT"),
    kind("nearly white on white", COLOUR, "0.99 0.98 1 rg TEXT", "0.9 0.9 0.7 rg TEXT"),
    kind("red on red", COLOUR, "1 0 0 rg 60 600 200 120 re f TEXT", "1 0 0 rg 60 600 200 120 re f 0.6 0 0 rg TEXT"),
    kind(
        "in the pattern of its ground",
        COLOUR,
        "/Pattern cs /Solid scn 60 600 200 120 re f TEXT",
        "/Pattern cs /Solid scn TEXT",
    ),
    kind(
        "in the gradient of its ground",
        COLOUR,
        "q 60 600 200 120 re W n /Sh sh Q /Pattern cs /Ax scn TEXT",
        "/Pattern cs /Ax scn TEXT",
    ),
    kind(
        "in a pattern that is white",
        COLOUR,
        "/Pattern cs /White scn TEXT",
        "0 g 60 600 200 120 re f /Pattern cs /White scn TEXT",
    ),
    kind(
        "white that darkens",
        COLOUR,
        "0.5 g 60 600 200 120 re f /Multiply gs 1 g TEXT",
        "0.5 g 60 600 200 120 re f /Multiply gs 0.5 g TEXT",
    ),
    kind(
        "black that lightens",
        COLOUR,
        "0.5 g 60 600 200 120 re f /Screen gs 0 g TEXT",
        "0.5 g 60 600 200 120 re f /Screen gs 0.5 g TEXT",
    ),
    kind("clear", CLEAR, "/Clear gs TEXT", "/Half gs TEXT"),
    kind("faded by a mask", CLEAR, "/Faded gs TEXT", "/Open gs TEXT"),
    kind("faded by an alpha mask", CLEAR, "/FadedAlpha gs TEXT", "/OpenAlpha gs TEXT"),
    kind("half faded", CLEAR, "/Faded gs TEXT", "/Masked gs TEXT"),
    kind("clipped", CLIPPED, "q 60 600 10 120 re W n TEXT Q", "q 60 600 200 120 re W n TEXT Q"),
    kind(
        "clipped by a shape",
        CLIPPED,
        "q 0 0 m 300 0 l 0 300 l h W n TEXT Q",
        "q 0 0 m 900 0 l 0 1800 l h W n TEXT Q",
    ),
    kind("off the page", "hidden.off-page", "1 0 0 1 0 300 cm TEXT", "1 0 0 1 0 -300 cm TEXT"),
    kind("beside the page", "hidden.off-page", "1 0 0 1 -300 0 cm TEXT", "1 0 0 1 300 0 cm TEXT"),
    kind("microscopic", "hidden.microscopic", "0.05 0 0 0.05 0 0 cm TEXT", "0.2 0 0 0.2 0 0 cm TEXT"),
    layer("in a layer", "/OC/Off BDC TEXT EMC", "/OC/On BDC TEXT EMC", LAYERS),
    layer("in a layer by default", "/OC/On BDC TEXT EMC", "/OC/Off BDC TEXT EMC", BASE_OFF),
    layer("in layers in layers", "/OC/On BDC/OC/Off BDC TEXT EMC EMC", "/OC/On BDC/OC/On BDC TEXT EMC EMC", LAYERS),
    layer("in a form of a layer", "/OffForm Do", "/OnForm Do", LAYERS),
    layer("in a group of a layer", "/OffGroup Do", "/OffGroup Do", LAYERS),
    layer("in a form of a membership", "/AllOffForm Do", "/AnyOnForm Do", LAYERS),
    layer("with any on", "/OC/AnyOfOff BDC TEXT EMC", "/OC/AnyOn BDC TEXT EMC", LAYERS),
    layer("with all on", "/OC/AllOn BDC TEXT EMC", "/OC/AnyOn BDC TEXT EMC", LAYERS),
    layer("with all off", "/OC/AllOff BDC TEXT EMC", "/OC/AllOffOfOff BDC TEXT EMC", LAYERS),
    layer("with any off", "/OC/AnyOffOfOn BDC TEXT EMC", "/OC/AnyOff BDC TEXT EMC", LAYERS),
    layer("with all off of those on", "/OC/AllOff BDC TEXT EMC", "/OC/AllOn BDC TEXT EMC", LAYERS_ON),
    layer("by an expression", "/OC/And BDC TEXT EMC", "/OC/Or BDC TEXT EMC", LAYERS),
    layer("by a negation", "/OC/Not BDC TEXT EMC", "/OC/On BDC TEXT EMC", LAYERS),
];

/// What is wrong with the reading of a page: the rules that must be reported, the word for each, read as hidden or as seen.
fn trouble(word: &str, content: &str, entries: &str, catalog: &str, rule: Option<&str>) -> Option<String> {
    let (observations, seen, hidden) = look(&page_around(word, content, entries, catalog));
    let found: Vec<(&str, &str)> = observations.iter().map(|found| (found.rule, found.text.trim())).collect();
    let expected: Vec<(&str, &str)> = rule.iter().map(|rule| (*rule, WORD)).collect();
    let texts = if rule.is_some() { ("", WORD) } else { (WORD, "") };
    let fine = found == expected && (seen.as_str(), hidden.as_str()) == texts;
    (!fine).then(|| format!("{found:?} seen {seen:?} hidden {hidden:?}"))
}

#[test]
fn each_kind_is_found_and_its_near_miss_is_not() {
    let mut wrong = Vec::new();
    for Kind { name, rule, hides, shows, catalog } in KINDS {
        for (text, word) in TEXTS {
            for turn in ["", "/Rotate 90"] {
                let hidden = trouble(word, hides, turn, catalog, Some(rule));
                wrong.extend(hidden.map(|trouble| format!("{name}, {text} {turn}: {trouble}")));
                let shown = trouble(word, shows, turn, if hides == shows { LAYERS_ON } else { catalog }, None);
                wrong.extend(shown.map(|trouble| format!("not {name}, {text} {turn}: {trouble}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_a_crop_box_cuts_off_is_found() {
    for (text, word) in TEXTS {
        for turn in ["", "/Rotate 90", "/Rotate 180", "/Rotate 270"] {
            let cropped = format!("/CropBox[0 0 612 600]{turn}");
            assert_eq!(trouble(word, "TEXT", &cropped, "", Some("hidden.cropped")), None, "{text} {turn}");
            assert_eq!(
                trouble(word, "TEXT", &format!("/CropBox[0 500 612 792]{turn}"), "", None),
                None,
                "{text} {turn}"
            );
        }
    }
}

#[test]
fn annotations_of_layers_that_are_off_are_found() {
    let drawn = |layer: &str, form: u32| {
        format!("/Annots[<</Type/Annot/Subtype/Stamp/Rect[0 0 612 792]/AP<</N {form} 0 R>>{layer}>>]")
    };
    for (text, word) in TEXTS {
        for (layer, form, rule) in [
            ("", 38, None),
            ("/OC 27 0 R", 38, None),
            ("/OC 47 0 R", 38, None),
            ("/OC 26 0 R", 38, Some("hidden.layer-off")),
            ("/OC 50 0 R", 38, Some("hidden.layer-off")),
            ("/OC 54 0 R", 38, Some("hidden.layer-off")),
            ("", 37, Some("hidden.layer-off")),
        ] {
            assert_eq!(trouble(word, "", &drawn(layer, form), LAYERS, rule), None, "{text}: {layer} {form}");
        }
    }
}

#[test]
fn a_form_whose_expression_cannot_be_seen_makes_the_page_uncertain() {
    let misled = |expression: &str| {
        let mut fixture = page_around(TEXTS[0].1, "/AllOffForm Do", "", LAYERS);
        fixture.swap("<</Type/OCMD/OCGs[26 0 R 27 0 R]/P/AllOff>>", &format!("<</Type/OCMD/OCGs 27 0 R{expression}>>"));
        crate::read(&fixture).unread.iter().any(|part| part.why.contains("too complex") && !part.expected)
    };
    assert!(misled("/VE[/Not 27 0 R]"));
    assert!(!misled("/VE[/Not 26 0 R]"));
    assert!(!misled(""));
}
