//! Shapes of slides that nobody sees go where the policy takes hidden text out, unless something may bring them into view.

use std::collections::BTreeSet;

use fieldstrip::policy::Class;

use crate::excel::{clean_under, held_in};
use crate::fixtures::{Package, presentation};
use crate::{markers, member};

const SHOW: &str = "ppt/presentation.xml";
const SLIDE: &str = "ppt/slides/slide1.xml";
const REMOVE: &[(&str, &str)] = &[("content.hidden-text", "remove")];

/// A shape with this number, these attributes, this place (left, top, width and height in EMU), properties of its text, and text.
fn shape(id: u32, attributes: &str, [x, y, cx, cy]: [i64; 4], body: &str, text: &str) -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"s\" {attributes}/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x=\"{x}\" \
         y=\"{y}\"/><a:ext cx=\"{cx}\" cy=\"{cy}\"/></a:xfrm></p:spPr><p:txBody><a:bodyPr{body}</a:bodyPr><a:p><a:r><a:t>{text}</a:t></a:r>\
         </a:p></p:txBody></p:sp>"
    )
}

fn group(attributes: &str, transform: &str, content: &str) -> String {
    format!(
        "<p:grpSp><p:nvGrpSpPr><p:cNvPr id=\"90\" name=\"g\" {attributes}/></p:nvGrpSpPr><p:grpSpPr>{transform}</p:grpSpPr>{content}\
         </p:grpSp>"
    )
}

/// A slide of 1000 by 500 points with these shapes, and what follows them.
fn with(shapes: &str, behind: &str) -> Package {
    presentation().edit(SHOW, "</p:sldIdLst>", "</p:sldIdLst><p:sldSz cx=\"12700000\" cy=\"6350000\"/>").edit(
        SLIDE,
        "</p:spTree></p:cSld>",
        &format!("{shapes}</p:spTree></p:cSld>{behind}"),
    )
}

const ON: [i64; 4] = [0, 0, 1_000_000, 1_000_000];
const LEFT: [i64; 4] = [-2_000_000, 0, 1_000_000, 1_000_000];
const ABOVE: [i64; 4] = [0, -2_000_000, 1_000_000, 1_000_000];

#[test]
fn shapes_that_nobody_sees_are_removed() {
    let frame = "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"50\" name=\"t\" hidden=\"true\"/></p:nvGraphicFramePr><a:graphic>\
        <a:graphicData><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>GONE-table</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl>\
        </a:graphicData></a:graphic></p:graphicFrame>";
    let moved = "<a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"1000000\" cy=\"1000000\"/><a:chOff x=\"5000000\" y=\"0\"/>\
        <a:chExt cx=\"1000000\" cy=\"1000000\"/></a:xfrm>";
    let cases = [
        shape(5, "hidden=\"1\"", ON, ">", "GONE-hidden"),
        shape(5, "", LEFT, ">", "GONE-left"),
        shape(5, "", [13_000_000, 0, 9, 9], " wrap=\"square\">", "GONE-right"),
        shape(5, "", ABOVE, "><a:spAutoFit/>", "GONE-above"),
        shape(5, "", [0, 6_600_000, 9, 9], "><a:normAutofit/>", "GONE-below"),
        group("hidden=\"1\"", "", &shape(5, "", ON, ">", "GONE-in-group")),
        group("", moved, &shape(5, "", ON, ">", "GONE-moved")),
        frame.to_owned(),
    ];
    for case in cases {
        let package = with(&format!("{case}{}", shape(7, "", ON, ">", "KEEP-shape")), "");
        let cleaned = clean_under(&package, REMOVE).unwrap_or_else(|refusal| panic!("{refusal}: {case}"));
        assert_eq!(held_in(&cleaned), [], "{case}");
        assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new(), "{case}");
        assert_eq!(markers(&cleaned.bytes, "KEEP"), markers(&package.write(), "KEEP"), "{case}");
        let hits = cleaned.report.hits.iter().filter(|hit| hit.class == Class::ContentHiddenText);
        assert_eq!(hits.map(|hit| hit.count).sum::<u64>(), 1, "{case}");
    }
}

#[test]
fn connectors_come_off() {
    let connector = "<p:cxnSp><p:nvCxnSpPr><p:cNvPr id=\"8\" name=\"c\"/><p:cNvCxnSpPr><a:stCxn id=\"5\" idx=\"0\"/><a:endCxn id=\"7\" \
        idx=\"1\"/></p:cNvCxnSpPr></p:nvCxnSpPr></p:cxnSp>";
    let package = with(&format!("{connector}{}", shape(5, "hidden=\"1\"", ON, ">", "GONE-hidden")), "");
    let cleaned = clean_under(&package, REMOVE).unwrap();
    let slide = member(&cleaned.bytes, SLIDE);
    assert!(slide.contains("<p:cNvCxnSpPr><a:endCxn id=\"7\" idx=\"1\"/></p:cNvCxnSpPr>"), "{slide}");
    assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new());
}

#[test]
fn what_may_come_into_view_holds_the_presentation() {
    let animation = "<p:timing><p:tnLst><p:spTgt spid=\"5\"/></p:tnLst></p:timing>";
    let morph = "<mc:AlternateContent><mc:Choice Requires=\"p159\"><p:transition><p159:morph \
        xmlns:p159=\"http://schemas.microsoft.com/office/powerpoint/2015/09/main\" option=\"byObject\"/></p:transition></mc:Choice>\
        </mc:AlternateContent>";
    let left = shape(5, "", LEFT, ">", "STAYS");
    let hidden = shape(5, "hidden=\"1\"", ON, ">", "STAYS");
    let alternative = format!(
        "<mc:AlternateContent><mc:Choice Requires=\"p14\">{hidden}</mc:Choice><mc:Fallback>{hidden}</mc:Fallback></mc:AlternateContent>"
    );
    let shadow = left.replace("</p:spPr>", "<a:effectLst><a:outerShdw dist=\"9000000\"/></a:effectLst></p:spPr>");
    let far = "not removed: a shape outside of the slide may reach into it";
    let named = "not removed: an animation names the shape";
    let cases = [
        (hidden, animation, named),
        (left.clone(), animation, named),
        (group("hidden=\"1\"", "", &left), animation, named),
        (left.clone(), morph, "not removed: slides morph"),
        (alternative, "", "not removed: a shape that nobody sees has alternatives"),
        (left.replace("<a:xfrm>", "<a:xfrm rot=\"600000\">"), "", far),
        (left.replace("<a:bodyPr>", "<a:bodyPr wrap=\"none\">"), "", far),
        (left.replace("<p:nvPr/>", "<p:nvPr><p:ph type=\"title\"/></p:nvPr>"), "", far),
        (left.replace("-2000000", "-1000001"), "", far),
        (shape(5, "", ABOVE, ">", "STAYS"), "", far),
        (shadow, "", far),
    ];
    for (shapes, behind, item) in cases {
        let cleaned =
            clean_under(&with(&shapes, behind), REMOVE).unwrap_or_else(|refusal| panic!("{refusal}: {shapes}"));
        let held: BTreeSet<_> = held_in(&cleaned).into_iter().collect();
        assert_eq!(held, BTreeSet::from([(Class::ContentHiddenText, item)]), "{shapes}");
        assert!(member(&cleaned.bytes, SLIDE).contains("STAYS"), "{shapes}");
    }
}

#[test]
fn shapes_that_are_seen_stay() {
    let layout = "<p:sp><p:nvSpPr><p:cNvPr id=\"5\" name=\"s\"/></p:nvSpPr><p:spPr/><p:txBody><a:p><a:r><a:t>STAYS</a:t></a:r></a:p></p:txBody></p:sp>";
    let cases = [
        shape(5, "", [-500_000, 0, 1_000_000, 1_000_000], ">", "STAYS"),
        shape(5, "hidden=\"0\"", ON, ">", "STAYS"),
        shape(5, "", LEFT, ">", "").replace("</p:sp>", "<p:extLst><p:ext uri=\"STAYS\"/></p:extLst></p:sp>"),
        layout.to_owned(),
    ];
    for case in cases {
        let cleaned = clean_under(&with(&case, ""), REMOVE).unwrap();
        assert_eq!(held_in(&cleaned), [], "{case}");
        assert!(member(&cleaned.bytes, SLIDE).contains("STAYS"), "{case}");
    }
    let hidden = shape(5, "hidden=\"1\"", ON, ">", "STAYS");
    let cleaned = clean_under(&with(&hidden, ""), &[]).unwrap();
    assert!(member(&cleaned.bytes, SLIDE).contains("STAYS"), "another policy");
}
