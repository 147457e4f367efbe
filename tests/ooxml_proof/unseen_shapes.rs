//! Shapes that nobody sees, taken out of slides: the copy without them is proved, one that keeps, loses or changes more is refused.

use fieldstrip::formats::{Context, Report};
use fieldstrip::limits::Spent;
use fieldstrip::policy::{Action, Class};
use fieldstrip::prove::prove;
use fieldstrip::{Kind, Policy, Reason};

use crate::fixtures::{Package, presentation};

const SLIDE: &str = "ppt/slides/slide1.xml";

fn shape(id: u32, attributes: &str, left: i64, text: &str) -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"s\" {attributes}/></p:nvSpPr><p:spPr><a:xfrm><a:off x=\"{left}\" y=\"0\"/><a:ext \
         cx=\"900000\" cy=\"900000\"/></a:xfrm></p:spPr><p:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )
}

/// A connector whose end is glued to a shape.
fn connector(end: &str) -> String {
    format!(
        "<p:cxnSp><p:nvCxnSpPr><p:cNvPr id=\"9\" name=\"c\"/><p:cNvCxnSpPr>{end}</p:cNvCxnSpPr></p:nvCxnSpPr></p:cxnSp>"
    )
}

fn slide(shapes: &str, behind: &str) -> Package {
    presentation().replace(SLIDE, "</p:spTree></p:cSld>", &format!("{shapes}</p:spTree></p:cSld>{behind}"))
}

fn proves(original: &Package, copy: &Package, report: &Report) -> Result<(), String> {
    let text =
        "schema = 1\nname = \"test\"\nextends = \"public-release\"\n[classes]\n\"content.hidden-text\" = \"remove\"\n";
    let policy = Policy::from_toml(text, "test").expect("policy");
    let spent = Spent::default();
    let context = Context::new(&policy, &spent);
    match prove(Kind::Pptx, &original.write(), &copy.write(), report, &context) {
        Ok(_) => Ok(()),
        Err(refusal) => {
            assert_eq!(refusal.reason, Reason::Unprovable, "{refusal}");
            Err(refusal.to_string())
        }
    }
}

#[test]
fn shapes_that_go() {
    let glue = "<a:stCxn id=\"5\" idx=\"1\"/>";
    let (hidden, outside, seen) =
        (shape(5, "hidden=\"1\"", 0, "hidden"), shape(6, "", -2_000_000, "outside"), shape(7, "", 0, "seen"));
    let original = slide(&format!("{hidden}{seen}{outside}{}", connector(glue)), "");
    let copy = slide(&format!("{seen}{}", connector("")), "");
    assert_eq!(proves(&original, &copy, &Report::default()), Ok(()));
    let cheats = [
        ("all left", original.clone()),
        ("the hidden shape left", slide(&format!("{hidden}{seen}{}", connector(glue)), "")),
        ("the shape outside left", slide(&format!("{seen}{outside}{}", connector("")), "")),
        ("the hidden shape shown", copy.clone().replace(SLIDE, &seen, &format!("{}{seen}", shape(5, "", 0, "hidden")))),
        ("a visible shape lost", slide(&connector(""), "")),
        ("a visible text changed", copy.replace(SLIDE, ">seen<", ">sean<")),
        ("the glue left", slide(&format!("{seen}{}", connector(glue)), "")),
        ("the connector lost", slide(&seen, "")),
    ];
    for (name, cheat) in cheats {
        let mut report = Report::default();
        assert!(proves(&original, &cheat, &report).is_err(), "{name}: proved");
        report.hit(Class::ContentHiddenText, Action::Hold, "not removed", SLIDE, 1, 0);
        assert!(proves(&original, &cheat, &report).is_err(), "{name}: proved although it could go");
    }
}

#[test]
fn shapes_that_may_come_into_view() {
    let animation = "<p:timing><p:spTgt spid=\"5\"/></p:timing>";
    let morph = "<p:transition><x:morph xmlns:x=\"urn:morph\"/></p:transition>";
    let (hidden, outside) = (shape(5, "hidden=\"1\"", 0, "words"), shape(5, "", -2_000_000, "words"));
    let turned = outside.replace("<a:xfrm>", "<a:xfrm rot=\"60000\">");
    let near = shape(5, "", -900_001, "words");
    let mut held = Report::default();
    held.hit(Class::ContentHiddenText, Action::Hold, "not removed", SLIDE, 1, 0);
    for (shape, behind) in [(&hidden, animation), (&outside, animation), (&outside, morph), (&turned, ""), (&near, "")]
    {
        let original = slide(shape, behind);
        assert_eq!(proves(&original, &original, &held), Ok(()), "{shape}");
        assert!(proves(&original, &original, &Report::default()).is_err(), "{shape}: unreported");
        assert!(proves(&original, &slide("", behind), &held).is_err(), "{shape}: it may be seen, and is lost");
    }
}

#[test]
fn a_morph_on_one_slide_concerns_the_others() {
    let original = slide(&shape(5, "", -2_000_000, "words"), "");
    let copy = slide("", "");
    let morph = |package: Package| {
        let transition = "</p:cSld><p:transition><x:morph xmlns:x=\"urn:morph\"/></p:transition>";
        package.replace("ppt/slides/slide2.xml", "</p:cSld>", transition)
    };
    assert_eq!(proves(&original, &copy, &Report::default()), Ok(()));
    assert!(proves(&morph(original), &morph(copy), &Report::default()).is_err());
}
