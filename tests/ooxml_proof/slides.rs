//! The proof of copies whose slides show the pictures of objects and controls that were shapes of the VML drawing.

use fieldstrip::formats::{Context, Report};
use fieldstrip::limits::Spent;
use fieldstrip::prove::prove;
use fieldstrip::{Kind, Reason, Refusal};

use crate::fixtures::{Package, png, presentation};
use crate::without;

const SLIDE: &str = "ppt/slides/slide1.xml";
const VML: &str = "ppt/drawings/v.vml";
const END: &str = "</p:spTree></p:cSld>";
const TIMING: &str = "<p:timing><p:spTgt spid=\"7\"/></p:timing>";

/// A presentation with this at the end of its slide, and what it refers to.
fn with(end: &str) -> Package {
    presentation()
        .replace(SLIDE, END, &format!("{end}{TIMING}"))
        .part("ppt/media/preview.png", "image/png", png(9))
        .relate(SLIDE, "rIdP", "image", "../media/preview.png")
}

/// The same with a VML drawing and an object.
fn original(end: &str, shape: &str) -> Package {
    let drawn = format!(
        "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\">{shape}</xml>"
    );
    with(end)
        .part(VML, "application/vnd.openxmlformats-officedocument.vmlDrawing", drawn)
        .relate(SLIDE, "rIdV", "vmlDrawing", "../drawings/v.vml")
        .relate(VML, "rId1", "image", "../media/preview.png")
        .part("ppt/embeddings/o.bin", "application/x", "x")
        .relate(SLIDE, "rIdO", "oleObject", "../embeddings/o.bin")
        .relate(SLIDE, "rIdC", "control", "../embeddings/o.bin")
}

fn judge(original: &Package, copy: &Package) -> Result<(), Refusal> {
    let policy = without(&["active.objects"]);
    let spent = Spent::default();
    let context = Context::new(&policy, &spent);
    prove(Kind::Pptx, &original.write(), &copy.write(), &Report::default(), &context).map(|_| ())
}

fn refuse(what: &str, original: &Package, copy: &Package) {
    let refusal = judge(original, copy).expect_err(what);
    assert_eq!(refusal.reason, Reason::Unprovable, "{what}: {refusal}");
}

/// A picture as the cleaner writes it.
fn picture(name: &str, [x, y, cx, cy]: [i64; 4]) -> String {
    format!(
        "<p:pic><p:nvPicPr>{name}<p:cNvPicPr><a:picLocks noChangeAspect=\"1\"/></p:cNvPicPr><p:nvPr/></p:nvPicPr><p:blipFill>\
         <a:blip r:embed=\"rIdP\"/><a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr><a:xfrm><a:off x=\"{x}\" y=\"{y}\"/>\
         <a:ext cx=\"{cx}\" cy=\"{cy}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr></p:pic>"
    )
}

const SHAPE: &str =
    "<v:shape id='_x0000_s5' style='left:1pt;top:2pt;width:3pt;height:4pt'><v:imagedata o:relid='rId1'/></v:shape>";
const NAME: &str = "<p:cNvPr id=\"7\" name=\"n\" hidden=\"1\"/>";

#[test]
fn a_frame_of_2007_is_the_picture_of_its_shape() {
    let frame = format!(
        "<p:graphicFrame><p:nvGraphicFramePr>{NAME}<p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm>\
         <a:off x=\"1\" y=\"2\"/><a:ext cx=\"3\" cy=\"4\"/></p:xfrm><a:graphic><a:graphicData>\
         <p:oleObj spid=\"_x0000_s5\" r:id=\"rIdO\"/></a:graphicData></a:graphic></p:graphicFrame>{END}"
    );
    let before = original(&frame, SHAPE);
    let shown = picture(NAME, [1, 2, 3, 4]) + END;
    judge(&before, &with(&shown)).expect("the picture stays, hidden as its frame was");
    let cheats = [
        ("the picture is gone", with(END)),
        ("the picture is shown", with(&shown.replace(" hidden=\"1\"", ""))),
        ("the picture lies elsewhere", with(&shown.replace("cx=\"3\"", "cx=\"5\""))),
        ("a part of the picture", with(&shown.replace("<a:stretch>", "<a:srcRect l=\"1000\"/><a:stretch>"))),
        ("another picture", with(&shown).swap("ppt/media/preview.png", &png(8))),
        ("something else beside it", with(&(shown.clone() + "<p:extra/>"))),
        ("an animation of something else", with(&shown).replace(SLIDE, "spid=\"7\"", "spid=\"2\"")),
        ("the object stays", before.clone()),
    ];
    for (what, copy) in cheats {
        refuse(what, &before, &copy);
    }
    for (what, shape) in [
        ("a part of it was shown", SHAPE.replace("o:relid", "cropleft='1f' o:relid")),
        ("it was turned", SHAPE.replace("style='", "style='rotation:90;")),
        ("it was hidden", SHAPE.replace("style='", "style='visibility:hidden;")),
        ("it had a ground", SHAPE.replace("style=", "filled='t' style=")),
        ("another shape", SHAPE.replace("_s5", "_s6")),
        ("a shape in a comment", format!("<!--{SHAPE}-->")),
    ] {
        refuse(what, &original(&frame, &shape), &with(&shown));
    }
}

#[test]
fn controls_are_pictures_after_the_last_shape() {
    let own = picture("<p:cNvPr id=\"0\" name=\"\"/>", [5, 6, 7, 8]);
    let controls = format!(
        "</p:spTree><p:controls><p:control spid=\"5\" r:id=\"rIdC\"/><p:control r:id=\"rIdC\">{own}</p:control></p:controls></p:cSld>"
    );
    let before = original(&controls, SHAPE);
    let first = picture("<p:cNvPr id=\"5\" name=\"n\"/>", [12_700, 25_400, 38_100, 50_800]);
    let second = own.replace("id=\"0\"", "id=\"6\"");
    judge(&before, &with(&format!("{first}{second}{END}"))).expect("the pictures stay");
    let early = with(END).replace(SLIDE, "<p:spTree>", &format!("<p:spTree>{first}{second}"));
    let cheats = [
        ("a picture is gone", with(&format!("{first}{END}"))),
        ("a picture twice", with(&format!("{first}{second}{second}{END}"))),
        ("in another order", with(&format!("{second}{first}{END}"))),
        ("beneath the other shapes", early),
        ("elsewhere", with(&format!("{}{second}{END}", first.replace("12700", "12701")))),
        ("another picture", with(&format!("{first}{second}{END}")).swap("ppt/media/preview.png", &png(8))),
        ("the controls stay", before.clone()),
    ];
    for (what, copy) in cheats {
        refuse(what, &before, &copy);
    }
    let unplaced = original(&controls, &SHAPE.replace("left:1pt", "left:1em"));
    refuse("nobody knows where it was", &unplaced, &with(&format!("{first}{second}{END}")));
}
