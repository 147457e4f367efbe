//! Objects and controls on slides whose picture is a shape of the VML drawing, or a `p:pic` beside the shapes of the slide.

use fieldstrip::policy::Class;

use crate::alternatives::{held, with};
use crate::fixtures::{Package, presentation, unzip};
use crate::objects::{METAFILE, SLIDE, only_pictures_stay, with_object};
use crate::{markers, member};

const VML: &str = "ppt/drawings/vmlDrawing1.vml";
const PLACE: &str = "<a:off x=\"1\" y=\"2\"/><a:ext cx=\"3\" cy=\"4\"/>";

/// A shape of the VML drawing, as PowerPoint writes it.
fn shape(number: u32, attributes: &str) -> String {
    format!(
        "<v:shape id=\"GONE-{number}\" o:spid='_x0000_s{number}' type=\"#_x0000_t75\" {attributes}><![if gte mso 9]>\
         <v:imagedata o:relid=\"rId{number}\" o:title=\"\"/><![endif]><v:shadow color=\"black [2]\"/></v:shape>"
    )
}

const LYING: &str = "style='position:absolute;left:1.5pt;\n top:-1in;width:2.54cm;height:0'";

/// A presentation with this on its slide, and these shapes in its VML drawing.
fn with_shapes(slide: &str, shapes: &str) -> Package {
    with_object(presentation().edit(SLIDE, "</p:spTree></p:cSld>", slide))
        .rel(SLIDE, "rIdV", "vmlDrawing", "../drawings/vmlDrawing1.vml")
        .xml(VML, "application/vnd.openxmlformats-officedocument.vmlDrawing", "xml", shapes)
        .rel(VML, "rId1026", "image", "../media/preview.emf")
        .part("ppt/media/preview.emf", "", METAFILE)
        .rel(VML, "rId1027", "image", "../media/other.emf")
        .part("ppt/media/other.emf", "", b"\x01\0\0\0KEEP-other")
}

/// A frame with an object as PowerPoint 2007 writes it.
fn frame(number: u32) -> String {
    format!(
        "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"7\" name=\"KEEP-object\"><a:hlinkClick r:id=\"rIdLink\"/></p:cNvPr>\
         <p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm>{PLACE}</p:xfrm><a:graphic><a:graphicData uri=\"ole\">\
         <p:oleObj progId=\"GONE-program\" spid=\"_x0000_s{number}\" r:id=\"rIdObject\"><p:embed/></p:oleObj></a:graphicData>\
         </a:graphic></p:graphicFrame>"
    )
}

const ANIMATED: &str = "</p:spTree></p:cSld><p:timing><p:spTgt spid=\"7\"/></p:timing>";

fn with_frames(frames: &str, shapes: &str) -> Package {
    with_shapes(&format!("{frames}{ANIMATED}"), shapes).rel(SLIDE, "rIdLink", "hyperlink", "https://example.org/KEEP")
}

#[test]
fn a_frame_of_2007_becomes_the_picture_of_its_shape() {
    let in_alternatives = format!(
        "<mc:AlternateContent><mc:Choice Requires=\"v\">{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>",
        frame(1026),
        frame(1026)
    );
    let policy = with("active.objects", "remove");
    for (frames, count) in [(frame(1026), 1), (in_alternatives, 2)] {
        let package = with_frames(&frames, &shape(1026, "")).edit("ppt/media/other.emf", "KEEP", "GONE");
        let copy = only_pictures_stay("a.pptx", &package, &policy);
        let slide = member(&copy, SLIDE);
        assert_eq!(slide.matches(&format!("<p:spPr><a:xfrm>{PLACE}</a:xfrm>")).count(), count, "{slide}");
        assert_eq!(slide.matches("<p:cNvPr id=\"7\" name=\"KEEP-object\"><a:hlinkClick").count(), count, "{slide}");
        assert!(!slide.contains("graphicFrame"), "{slide}");
        assert!(unzip(&copy).iter().all(|(name, _)| !name.ends_with(".vml")));
    }
}

#[test]
fn a_drawing_keeps_the_shapes_of_what_stays() {
    let shapes = shape(1026, "") + &shape(1027, "style='rotation:90'");
    let package = with_frames(&(frame(1026) + &frame(1027)), &shapes);
    let cleaned = fieldstrip::clean(&package.write(), "a.pptx", &with("active.objects", "remove")).unwrap();
    assert!(held(&cleaned).contains(&Class::ActiveObjects));
    let (slide, drawing) = (member(&cleaned.bytes, SLIDE), member(&cleaned.bytes, VML));
    assert!(slide.contains("<p:pic ") && slide.contains("spid=\"_x0000_s1027\""), "{slide}");
    assert!(!drawing.contains("_x0000_s1026") && drawing.contains("_x0000_s1027"), "{drawing}");
    assert_eq!(markers(&cleaned.bytes, "KEEP"), markers(&package.write(), "KEEP"));
}

#[test]
fn an_object_that_no_picture_can_show_is_held() {
    let plain = shape(1026, "");
    let turned = frame(1026).replace("<p:xfrm>", "<p:xfrm rot=\"60000\">");
    let cases = [
        ("a rotated shape", frame(1026), shape(1026, "style='rotation:90'")),
        ("a flipped shape", frame(1026), shape(1026, "style='flip:x'")),
        ("a hidden shape", frame(1026), shape(1026, "style='visibility:hidden'")),
        ("a ground", frame(1026), shape(1026, "filled=\"t\" fillcolor=\"window [65]\"")),
        ("an outline", frame(1026), shape(1026, "stroked='t' strokecolor='windowText [64]'")),
        ("a crop", frame(1026), plain.replace("o:title=\"\"", "cropright='1f'")),
        ("a shadow", frame(1026), plain.replace("<v:shadow", "<v:shadow on='t'")),
        ("a shape in a group", frame(1026), format!("<v:group>{plain}</v:group>")),
        ("no shape", frame(1026), shape(1027, "")),
        ("a turned frame", turned, plain),
    ];
    for (what, frame, shapes) in cases {
        let package = with_frames(&frame, &shapes);
        let cleaned = fieldstrip::clean(&package.write(), "a.pptx", &with("active.objects", "remove")).unwrap();
        assert!(held(&cleaned).contains(&Class::ActiveObjects), "{what}");
        assert!(markers(&cleaned.bytes, "GONE").contains("GONE-object"), "{what}");
    }
}

/// Controls beside the shapes of a slide.
fn with_controls(controls: &str, shapes: &str) -> Package {
    let end = "<p:extLst/></p:spTree>";
    with_shapes(&format!("{end}<p:controls>{controls}</p:controls></p:cSld>"), shapes)
        .rel(SLIDE, "rIdControl", "control", "../activeX/activeX1.xml")
        .xml("ppt/activeX/activeX1.xml", "application/vnd.ms-office.activeX+xml", "x:ocx", "GONE-state")
        .rel(SLIDE, "rIdShown", "image", "../media/shown.emf")
        .part("ppt/media/shown.emf", "", b"\x01\0\0\0KEEP-shown")
}

fn control(spid: &str, picture: &str) -> String {
    format!("<p:control {spid} name=\"KEEP-control\" r:id=\"rIdControl\" imgW=\"1\" imgH=\"1\">{picture}</p:control>")
}

#[test]
fn controls_become_the_last_pictures_of_their_slide() {
    let picture = format!(
        "<p:pic><p:nvPicPr><p:cNvPr id=\"0\" name=\"KEEP-new\"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr><p:blipFill>\
         <a:blip r:embed=\"rIdShown\"/><a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr><a:xfrm>{PLACE}</a:xfrm>\
         <a:prstGeom prst=\"rect\"/></p:spPr></p:pic>"
    );
    let since_2010 = format!(
        "<mc:AlternateContent><mc:Choice Requires=\"v\">{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>",
        control("spid=\"1027\"", ""),
        control("", &picture)
    );
    // The number of the first shape is taken, the second picture of the second control is not shown.
    let package =
        with_controls(&(control("spid=\"1026\"", "") + &since_2010), &(shape(1026, LYING) + &shape(1027, LYING)))
            .edit(SLIDE, "id=\"2\" name", "id=\"1026\" name")
            .edit("ppt/media/other.emf", "KEEP", "GONE");
    let copy = only_pictures_stay("a.pptx", &package, &with("active.objects", "remove"));
    let slide = member(&copy, SLIDE);
    assert!(!slide.contains("control ") && !slide.contains("p:controls"), "{slide}");
    let first = "<p:cNvPr id=\"1\" name=\"KEEP-control\"/>";
    let place = "<a:off x=\"19050\" y=\"-914400\"/><a:ext cx=\"914400\" cy=\"0\"/>";
    let second = picture.replace("id=\"0\"", "id=\"1027\"");
    let (first, place, second) = (slide.find(first), slide.find(place), slide.find(&second));
    assert!(first.is_some() && first < place && place < second && second < slide.find("<p:extLst"), "{slide}");
}

#[test]
fn a_control_without_a_picture_stays_beside_what_goes() {
    let kept = control("spid=\"1028\"", "");
    let package = with_controls(&(kept.clone() + &control("spid=\"1026\"", "")), &shape(1026, LYING));
    let cleaned = fieldstrip::clean(&package.write(), "a.pptx", &with("active.objects", "remove")).unwrap();
    assert!(held(&cleaned).contains(&Class::ActiveObjects));
    let slide = member(&cleaned.bytes, SLIDE);
    assert!(slide.contains(&format!("<p:controls>{kept}</p:controls>")) && slide.contains("<p:pic "), "{slide}");
    // Without a place there is none to put a picture.
    let package = with_controls(&control("spid=\"1026\"", ""), &shape(1026, "style='left:1pt;top:1em;width:1pt'"));
    let cleaned = fieldstrip::clean(&package.write(), "a.pptx", &with("active.objects", "remove")).unwrap();
    assert!(held(&cleaned).contains(&Class::ActiveObjects));
}
