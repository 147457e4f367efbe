//! A PowerPoint presentation: two slides, one with speaker notes.

use anyhow::Result;

use super::package::Package;
use super::story;

const NAMESPACES: &str = r#"xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main""#;
const MAIN: &str = "ppt/presentation.xml";
const MASTER: &str = "ppt/slideMasters/slideMaster1.xml";
const LAYOUT: &str = "ppt/slideLayouts/slideLayout1.xml";
const NOTES_MASTER: &str = "ppt/notesMasters/notesMaster1.xml";
const NOTES: &str = "ppt/notesSlides/notesSlide1.xml";
const SLIDES: [&str; 2] = ["ppt/slides/slide1.xml", "ppt/slides/slide2.xml"];
const COLOURS: &str = r#"<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"/>"#;

pub(crate) fn briefing() -> Result<Vec<u8>> {
    let mut package = Package::new(MAIN, "presentationml.presentation.main", "Microsoft Office PowerPoint")?;
    let [first, second] = SLIDES;
    for (source, kind, target) in [
        (MAIN, "slideMaster", MASTER),
        (MAIN, "notesMaster", NOTES_MASTER),
        (MAIN, "slide", first),
        (MAIN, "slide", second),
        (MAIN, "theme", "ppt/theme/theme1.xml"),
        (MASTER, "slideLayout", LAYOUT),
        (MASTER, "theme", "ppt/theme/theme1.xml"),
        (LAYOUT, "slideMaster", MASTER),
        (NOTES_MASTER, "theme", "ppt/theme/theme2.xml"),
        (first, "slideLayout", LAYOUT),
        (first, "notesSlide", NOTES),
        (second, "slideLayout", LAYOUT),
        (NOTES, "notesMaster", NOTES_MASTER),
        (NOTES, "slide", first),
    ] {
        package.relate(source, kind, target);
    }
    package.xml(
        MAIN,
        &format!(
            r#"<p:presentation {NAMESPACES}><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/></p:sldMasterIdLst><p:notesMasterIdLst><p:notesMasterId r:id="rId2"/></p:notesMasterIdLst><p:sldIdLst><p:sldId id="256" r:id="rId3"/><p:sldId id="257" r:id="rId4"/></p:sldIdLst><p:sldSz cx="9144000" cy="6858000" type="screen4x3"/><p:notesSz cx="6858000" cy="9144000"/></p:presentation>"#
        ),
    );
    let master = format!(
        r#"<p:sldMaster {NAMESPACES}>{}{COLOURS}<p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rId1"/></p:sldLayoutIdLst><p:txStyles><p:titleStyle/><p:bodyStyle/><p:otherStyle/></p:txStyles></p:sldMaster>"#,
        slide("")
    );
    package.typed(MASTER, "presentationml.slideMaster", &master);
    let layout = format!(
        r#"<p:sldLayout {NAMESPACES} type="titleOnly">{}<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>"#,
        slide("")
    );
    package.typed(LAYOUT, "presentationml.slideLayout", &layout);
    package.typed(
        NOTES_MASTER,
        "presentationml.notesMaster",
        &format!("<p:notesMaster {NAMESPACES}>{}{COLOURS}</p:notesMaster>", slide("")),
    );
    for theme in ["ppt/theme/theme1.xml", "ppt/theme/theme2.xml"] {
        package.typed(theme, "theme", &theme_xml());
    }
    for (name, title, text) in [
        (first, "Repair of the quay", "The outer basin closes from October to March."),
        (second, "Next steps", "Tender in June, decision in July."),
    ] {
        let shapes = [shape(2, "Title 1", 500_000, 40, title), shape(3, "Text 2", 2_000_000, 24, text)].concat();
        package.typed(
            name,
            "presentationml.slide",
            &format!("<p:sld {NAMESPACES}>{}<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>", slide(&shapes)),
        );
    }
    package.typed(NOTES, "presentationml.notesSlide", &notes());
    package.finish()
}

fn slide(shapes: &str) -> String {
    format!(
        r#"<p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>{shapes}</p:spTree></p:cSld>"#
    )
}

/// A text box, `top` in English metric units (360,000 to a centimetre), text `size` in points.
fn shape(id: u32, name: &str, top: u32, size: u32, text: &str) -> String {
    format!(
        r#"<p:sp><p:nvSpPr><p:cNvPr id="{id}" name="{name}"/><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="600000" y="{top}"/><a:ext cx="7900000" cy="1200000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr wrap="square"/><a:lstStyle/><a:p><a:r><a:rPr lang="en-GB" sz="{}"/><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"#,
        size * 100
    )
}

fn notes() -> String {
    let text = format!("Do not mention {} or the sum. {} will answer questions.", story::SUPPLIER, story::MANAGER);
    let body = format!(
        r#"<p:sp><p:nvSpPr><p:cNvPr id="3" name="Notes Placeholder 2"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="body" idx="1"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r><a:rPr lang="en-GB"/><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"#
    );
    format!("<p:notes {NAMESPACES}>{}<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:notes>", slide(&body))
}

/// The smallest theme that programs accept: twelve colours, two fonts, three of each kind of format.
fn theme_xml() -> String {
    let colours: String = [
        ("dk1", "000000"),
        ("lt1", "FFFFFF"),
        ("dk2", "22304A"),
        ("lt2", "EEECE4"),
        ("accent1", "3A6EA5"),
        ("accent2", "962C28"),
        ("accent3", "7A8C5C"),
        ("accent4", "FAC68C"),
        ("accent5", "5C8ABE"),
        ("accent6", "605246"),
        ("hlink", "0563C1"),
        ("folHlink", "954F72"),
    ]
    .iter()
    .map(|(name, value)| format!(r#"<a:{name}><a:srgbClr val="{value}"/></a:{name}>"#))
    .collect();
    let font = |kind: &str| {
        format!(
            r#"<a:{kind}Font><a:latin typeface="Liberation Sans"/><a:ea typeface=""/><a:cs typeface=""/></a:{kind}Font>"#
        )
    };
    let fill = r#"<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>"#.repeat(3);
    let line = r#"<a:ln w="9525"><a:solidFill><a:schemeClr val="phClr"/></a:solidFill></a:ln>"#.repeat(3);
    let effect = "<a:effectStyle><a:effectLst/></a:effectStyle>".repeat(3);
    format!(
        r#"<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Harbour"><a:themeElements><a:clrScheme name="Harbour">{colours}</a:clrScheme><a:fontScheme name="Harbour">{}{}</a:fontScheme><a:fmtScheme name="Harbour"><a:fillStyleLst>{fill}</a:fillStyleLst><a:lnStyleLst>{line}</a:lnStyleLst><a:effectStyleLst>{effect}</a:effectStyleLst><a:bgFillStyleLst>{fill}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"#,
        font("major"),
        font("minor")
    )
}
