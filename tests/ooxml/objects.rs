//! Objects, embedded documents and add-ins of which only the picture stays.

#![allow(clippy::panic)] // a failed helper is a failed test

use std::collections::BTreeSet;

use fieldstrip::Policy;
use fieldstrip::policy::Class;

use crate::alternatives::{held, removed, with};
use crate::fixtures::{Package, document, presentation, workbook};
use crate::{markers, member, policy};

pub const OBJECT: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 GONE-object";
pub const METAFILE: &[u8] = b"\x01\0\0\0KEEP-preview";
pub const SLIDE: &str = "ppt/slides/slide1.xml";
const MAIN: &str = "word/document.xml";

/// Cleans and proves twice: only pictures stay, and they are what the copy is held for, being metafiles.
pub fn only_pictures_stay(name: &str, package: &Package, policy: &Policy) -> Vec<u8> {
    let original = package.write();
    let cleaned = fieldstrip::clean(&original, name, policy).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    assert_eq!(markers(&cleaned.bytes, "GONE"), BTreeSet::new(), "{name}");
    assert_eq!(markers(&cleaned.bytes, "KEEP"), markers(&original, "KEEP"), "{name}");
    assert_eq!(held(&cleaned), BTreeSet::from([Class::EmbeddedUnsupported]), "{name}: {:#?}", cleaned.report.hits);
    assert!(fieldstrip::clean(&cleaned.bytes, name, policy).unwrap().bytes == cleaned.bytes, "{name}");
    cleaned.bytes
}

/// A frame on a slide with an object and its picture.
fn frame(attributes: &str, object: &str) -> Package {
    let place = "<a:off x=\"1\" y=\"2\"/><a:ext cx=\"3\" cy=\"4\"/>";
    let frame = format!(
        "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"7\" name=\"KEEP-object\"{attributes}/><p:cNvGraphicFramePr/><p:nvPr/>\
         </p:nvGraphicFramePr><p:xfrm>{place}</p:xfrm><a:graphic><a:graphicData uri=\"ole\"><p:oleObj progId=\"GONE-program\" {object}>\
         <p:embed/><p:pic><p:nvPicPr><p:cNvPr id=\"0\" name=\"\"/><p:cNvPicPr/><p:nvPr/></p:nvPicPr><p:blipFill>\
         <a:blip r:embed=\"rIdPicture\"/></p:blipFill><p:spPr><a:xfrm>{place}</a:xfrm></p:spPr></p:pic></p:oleObj></a:graphicData>\
         </a:graphic></p:graphicFrame></p:spTree>"
    );
    presentation().edit(SLIDE, "</p:spTree>", &frame).rel(SLIDE, "rIdPicture", "image", "../media/preview.emf").part(
        "ppt/media/preview.emf",
        "",
        METAFILE,
    )
}

pub fn with_object(package: Package) -> Package {
    package.rel(SLIDE, "rIdObject", "oleObject", "../embeddings/object.bin").part(
        "ppt/embeddings/object.bin",
        "",
        OBJECT,
    )
}

#[test]
fn a_hidden_frame_leaves_a_hidden_picture() {
    let package = with_object(frame(" hidden=\"1\"", "r:id=\"rIdObject\""));
    let copy = only_pictures_stay("a.pptx", &package, &with("active.objects", "remove"));
    let slide = member(&copy, SLIDE);
    assert!(slide.contains("<p:pic><p:nvPicPr><p:cNvPr id=\"7\" name=\"KEEP-object\" hidden=\"1\""), "{slide}");
}

/// A document in a document, in Word and in PowerPoint.
fn with_documents() -> [(&'static str, Package); 2] {
    let inside = document().edit(MAIN, "KEEP", "GONE").write();
    let inside = |package: Package, from: &str, folder: &str| {
        package.rel(from, "rIdObject", "package", "../embeddings/GONE.docx").part(
            &format!("{folder}embeddings/GONE.docx"),
            "application/x",
            &inside,
        )
    };
    let shape = "<v:shape id=\"s1\" o:ole=\"\"><v:imagedata r:id=\"rIdPicture\"/></v:shape>";
    let object = format!(
        "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> EMBED GONE.Document </w:instrText></w:r><w:r>\
         <w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:object>{shape}<o:OLEObject ProgID=\"GONE-program\" r:id=\"rIdObject\"/>\
         </w:object></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p></w:body>"
    );
    let word = document().edit(MAIN, "</w:body>", &object).rel(MAIN, "rIdPicture", "image", "media/preview.emf").part(
        "word/media/preview.emf",
        "",
        METAFILE,
    );
    [("a.docx", inside(word, MAIN, "")), ("a.pptx", inside(frame("", "r:id=\"rIdObject\""), SLIDE, "ppt/"))]
}

#[test]
fn of_an_embedded_document_only_the_picture_stays() {
    for (name, package) in with_documents() {
        only_pictures_stay(name, &package, &policy());
        let cleaned = fieldstrip::clean(&package.write(), name, &with("embedded.documents", "hold")).unwrap();
        assert!(held(&cleaned).contains(&Class::EmbeddedDocuments), "{name}");
        assert!(markers(&cleaned.bytes, "GONE").contains("GONE-program"), "{name}");
        // A policy about objects does not speak of documents.
        let text = "schema = 1\nname = \"test\"\nextends = \"public-release\"\n[classes]\n\"active.objects\" = \"remove\"\n\
                    \"embedded.documents\" = \"keep\"\n";
        let cleaned =
            fieldstrip::clean(&package.write(), name, &Policy::from_toml(text, "test.toml").unwrap()).unwrap();
        assert!(markers(&cleaned.bytes, "GONE").contains("GONE-program"), "{name}");
    }
}

#[test]
fn a_linked_object_leaves_its_picture_and_no_link() {
    let package = frame("", "r:id=\"rIdObject\"").rel(SLIDE, "rIdObject", "oleObject", "file:///C:/GONE/a.xls");
    only_pictures_stay("a.pptx", &package, &with("active.objects", "remove"));
    let kept = fieldstrip::clean(&package.write(), "a.pptx", &policy()).unwrap();
    assert!(held(&kept).contains(&Class::LinksExternalContent));
}

/// An add-in on a slide, with a picture for programs that know no add-ins.
fn with_add_in(fallback: &str) -> Package {
    let we = "xmlns:we=\"http://schemas.microsoft.com/office/webextensions/webextension/2010/11\"";
    let add_in = format!(
        "<mc:AlternateContent><mc:Choice Requires=\"we\" {we}><p:graphicFrame><a:graphic><a:graphicData uri=\"we\">\
         <we:webextensionref r:id=\"rIdAddIn\"/></a:graphicData></a:graphic></p:graphicFrame></mc:Choice><mc:Fallback>{fallback}\
         </mc:Fallback></mc:AlternateContent></p:spTree>"
    );
    presentation()
        .edit(SLIDE, "</p:spTree>", &add_in)
        .rel(SLIDE, "rIdPicture", "image", "../media/preview.emf")
        .part("ppt/media/preview.emf", "", METAFILE)
        .rel(
            SLIDE,
            "rIdAddIn",
            "http://schemas.microsoft.com/office/2011/relationships/webextension",
            "../webextensions/webextension1.xml",
        )
        .xml(
            "ppt/webextensions/webextension1.xml",
            "application/vnd.ms-office.webextension+xml",
            &format!("we:webextension {we}"),
            "<we:reference id=\"GONE-store\"/>",
        )
}

#[test]
fn of_an_add_in_only_the_picture_stays() {
    let picture = "<p:pic><p:blipFill><a:blip r:embed=\"rIdPicture\"/></p:blipFill></p:pic>";
    let policy = with("active.macros", "remove");
    let slide = member(&only_pictures_stay("a.pptx", &with_add_in(picture), &policy), SLIDE);
    assert!(!slide.contains("AlternateContent>") && slide.contains(picture), "{slide}");
    let bare = fieldstrip::clean(&with_add_in("").write(), "a.pptx", &policy).unwrap();
    assert!(held(&bare).contains(&Class::ActiveMacros));
}

#[test]
fn names_of_macros_go_with_them() {
    let names = "<s:definedName name=\"GONE_xlm\" xlm=\"1\" hidden=\"1\">1</s:definedName><s:definedName name=\"GONE_function\" \
                 function=\"1\" vbProcedure=\"1\">2</s:definedName></s:definedNames>";
    let package = workbook().edit("xl/workbook.xml", "</s:definedNames>", names);
    removed("a.xlsx", &package, &with("active.macros", "remove"));
    let kept = fieldstrip::clean(&package.write(), "a.xlsx", &policy()).unwrap();
    assert!(markers(&kept.bytes, "GONE").contains("GONE_xlm"));
}

const SHEET: &str = "xl/worksheets/sheet1.xml";
const VML: &str = "xl/drawings/vmlDrawing1.vml";
const XDR: &str = "xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\"";

/// A shape that shows something on a sheet.
fn vml_shape(number: u32, style: &str, image: &str) -> String {
    format!(
        "<v:shape id=\"_x0000_s{number}\" style='{style}' filled=\"t\" fillcolor=\"window [65]\" stroked=\"t\" \
         strokecolor=\"windowText [64]\"><v:imagedata o:relid=\"{image}\" o:title=\"\"/><x:ClientData ObjectType=\"Pict\"><x:Anchor>\n \
         1, 2, 3, 4, 5, 6, 7, 8</x:Anchor></x:ClientData></v:shape></xml>"
    )
}

/// A workbook with an object as Excel 2007 writes it.
fn with_object_on_sheet(style: &str) -> Package {
    let objects =
        "<s:oleObjects><s:oleObject progId=\"GONE-program\" shapeId=\"1025\" r:id=\"rIdObject\"/></s:oleObjects>";
    workbook()
        .edit(SHEET, "<s:legacyDrawing r:id=\"rId2\"/>", &format!("<s:legacyDrawing r:id=\"rId2\"/>{objects}"))
        .rel(SHEET, "rIdObject", "oleObject", "../embeddings/object.bin")
        .part("xl/embeddings/object.bin", "", OBJECT)
        .edit(VML, "</xml>", &vml_shape(1025, style, "rId1"))
        .rel(VML, "rId1", "image", "../media/preview.emf")
        .part("xl/media/preview.emf", "", METAFILE)
}

/// The same with what Excel adds since 2010, a control of each kind, and another shape in the drawing.
fn with_objects_of_2010() -> Package {
    let place = "<from><xdr:col>9</xdr:col><xdr:colOff>8</xdr:colOff><xdr:row>7</xdr:row><xdr:rowOff>6</xdr:rowOff></from>\
                 <to><xdr:col>5</xdr:col><xdr:colOff>4</xdr:colOff><xdr:row>3</xdr:row><xdr:rowOff>2</xdr:rowOff></to>";
    let object = |content: &str| {
        format!("<s:oleObject progId=\"GONE-program\" shapeId=\"1025\" r:id=\"rIdObject\">{content}</s:oleObject>")
    };
    let shown = format!(
        "<s:objectPr r:id=\"rIdShown\"><s:anchor {XDR}>{}</s:anchor></s:objectPr>",
        place.replace("from>", "s:from>").replace("to>", "s:to>")
    );
    let objects = format!(
        "<s:oleObjects><mc:AlternateContent><mc:Choice Requires=\"x14\">{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>\
         </s:oleObjects>",
        object(&shown),
        object("")
    );
    let control = |number: u32, id: &str, name: &str| {
        format!(
            "<mc:AlternateContent><mc:Choice Requires=\"x14\"><s:control shapeId=\"{number}\" r:id=\"{id}\" name=\"{name}\"/></mc:Choice>\
             </mc:AlternateContent>"
        )
    };
    let controls = format!(
        "<mc:AlternateContent><mc:Choice Requires=\"x14\"><s:controls>{}{}</s:controls></mc:Choice></mc:AlternateContent>",
        control(1026, "rIdControl", "GONE-control"),
        control(1027, "rIdForm", "KEEP-form")
    );
    let twin = |number: u32| {
        format!(
            "<mc:AlternateContent><mc:Choice Requires=\"a14\"><xdr:twoCellAnchor><xdr:sp><xdr:nvSpPr><xdr:cNvPr id=\"{number}\" \
             name=\"Twin {number}\" hidden=\"1\"><a:extLst><a:ext uri=\"{{63B3BB69-23CF-44E3-9099-C40C66FF867C}}\"><a14:compatExt \
             xmlns:a14=\"http://schemas.microsoft.com/office/drawing/2010/main\" spid=\"_x0000_s{number}\"/></a:ext></a:extLst></xdr:cNvPr>\
             </xdr:nvSpPr></xdr:sp></xdr:twoCellAnchor></mc:Choice><mc:Fallback/></mc:AlternateContent>"
        )
    };
    let shape = "<xdr:twoCellAnchor><xdr:sp><xdr:txBody><a:p><a:r><a:t>KEEP-words</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor>";
    // Of two pictures of one object, that of the sheet is shown.
    with_object_on_sheet("")
        .edit("xl/media/preview.emf", "KEEP-preview", "GONE-preview")
        .edit(
            SHEET,
            "<s:oleObjects><s:oleObject progId=\"GONE-program\" shapeId=\"1025\" r:id=\"rIdObject\"/></s:oleObjects>",
            &format!("{objects}{controls}"),
        )
        .edit(SHEET, "<s:legacyDrawing ", "<s:drawing r:id=\"rIdDrawing\"/><s:legacyDrawing ")
        .rel(SHEET, "rIdDrawing", "drawing", "../drawings/drawing1.xml")
        .xml(
            "xl/drawings/drawing1.xml",
            "drawing",
            &format!("xdr:wsDr {XDR}"),
            &format!("{}{}{}{shape}", twin(1025), twin(1026), twin(1027)),
        )
        .rel(SHEET, "rIdShown", "image", "../media/shown.emf")
        .part("xl/media/shown.emf", "", b"\x01\0\0\0KEEP-shown")
        .rel(SHEET, "rIdControl", "control", "../activeX/activeX1.xml")
        .xml("xl/activeX/activeX1.xml", "application/vnd.ms-office.activeX+xml", "x:ocx", "GONE-state")
        .edit(VML, "</xml>", &vml_shape(1026, "", "rId2"))
        .rel(VML, "rId2", "image", "../media/control.emf")
        .part("xl/media/control.emf", "", b"\x01\0\0\0KEEP-control")
        .rel(SHEET, "rIdForm", "ctrlProp", "../ctrlProps/ctrlProp1.xml")
        .xml("xl/ctrlProps/ctrlProp1.xml", "application/vnd.ms-excel.controlproperties+xml", "s:formControlPr", "")
        .edit(VML, "</xml>", "<v:shape id=\"_x0000_s1027\"><x:ClientData ObjectType=\"Button\"/></v:shape></xml>")
}

#[test]
fn an_object_on_a_sheet_leaves_a_picture_at_its_anchor() {
    let policy = with("active.objects", "remove");
    let copy = only_pictures_stay("a.xlsx", &with_object_on_sheet(""), &policy);
    let sheet = member(&copy, SHEET);
    assert!(sheet.contains("r:id=\"rId5\"/><s:legacyDrawing") && !sheet.contains("ole"), "{sheet}");
    assert!(!member(&copy, VML).contains("_x0000_s1025"));
    let drawing = member(&copy, "xl/drawings/drawing1.xml");
    let corner = "<xdr:from><xdr:col>1</xdr:col><xdr:colOff>19050</xdr:colOff><xdr:row>3</xdr:row><xdr:rowOff>38100</xdr:rowOff></xdr:from>";
    assert!(drawing.contains(corner) && drawing.contains("<a:sysClr val=\"window\""), "{drawing}");
    let default = fieldstrip::clean(&with_object_on_sheet("").write(), "a.xlsx", &crate::policy()).unwrap();
    assert!(held(&default).contains(&Class::ActiveObjects));
}

#[test]
fn shapes_are_found_in_whichever_quotes() {
    let single = vml_shape(1025, "", "rId1").replace("style=''", "").replace('"', "'");
    let package = with_object_on_sheet("").edit(VML, &vml_shape(1025, "", "rId1"), &single);
    only_pictures_stay("a.xlsx", &package, &with("active.objects", "remove"));
}

#[test]
fn objects_and_controls_since_2010_go_with_their_twins() {
    let copy = only_pictures_stay("a.xlsx", &with_objects_of_2010(), &with("active.objects", "remove"));
    let drawing = member(&copy, "xl/drawings/drawing1.xml");
    assert!(
        !drawing.contains("Twin 1025") && !drawing.contains("Twin 1026") && drawing.contains("Twin 1027"),
        "{drawing}"
    );
    assert!(drawing.contains("<xdr:col>9</xdr:col><xdr:colOff>8</xdr:colOff>"), "{drawing}");
    let (sheet, vml) = (member(&copy, SHEET), member(&copy, VML));
    assert!(!sheet.contains("oleObject") && sheet.contains("KEEP-form"), "{sheet}");
    assert!(!vml.contains("_x0000_s1026") && vml.contains("_x0000_s1027"), "{vml}");
}

#[test]
fn an_object_on_a_sheet_that_no_picture_can_show_is_held() {
    let cropped = |package: Package| package.edit(VML, "o:title=\"\"", "cropleft=\"16384f\"");
    let mut packages: Vec<Package> =
        ["rotation:90", "flip:x", "visibility:hidden"].into_iter().map(with_object_on_sheet).collect();
    packages.push(cropped(with_object_on_sheet("")));
    packages.push(cropped(with_objects_of_2010()));
    for package in packages {
        let cleaned = fieldstrip::clean(&package.write(), "a.xlsx", &with("active.objects", "remove")).unwrap();
        assert!(held(&cleaned).contains(&Class::ActiveObjects));
        assert!(markers(&cleaned.bytes, "GONE").contains("GONE-object"));
    }
}
