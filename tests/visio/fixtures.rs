//! A Visio drawing built by code, with a marker in every place where something hides.
//!
//! `KEEP…` must survive, `GONE…` must not, in any member of the copy.

use super::packages::Package;

const VISIO: &str = "http://schemas.microsoft.com/visio/2010/relationships";
const OFFICE: &str = "http://schemas.microsoft.com/office/2006/relationships";
pub(super) const MAIN: &str = "visio/document.xml";
pub(super) const PAGES: &str = "visio/pages/pages.xml";
pub(super) const PAGE: &str = "visio/pages/page1.xml";

/// The content type of a part.
fn typed(kind: &str) -> String {
    format!("application/vnd.ms-visio.{kind}+xml")
}

fn cell(name: &str, value: &str) -> String {
    format!("<Cell N=\"{name}\" V=\"{value}\"/>")
}

fn row(cells: &[(&str, &str)]) -> String {
    let cells: String = cells.iter().map(|(name, value)| cell(name, value)).collect();
    format!("<Row N=\"r\">{cells}</Row>")
}

fn section(name: &str, rows: &str) -> String {
    format!("<Section N=\"{name}\">{rows}</Section>")
}

/// Adds a part of Visio and the relationship to it.
pub(super) fn part(package: Package, source: &str, id: &str, kind: &str, name: &str, content: &str) -> Package {
    let content = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{}", declared(content));
    let (folder, _) = source.rsplit_once('/').unwrap_or_default();
    let target = name.strip_prefix(folder).map_or_else(|| format!("/{name}"), |rest| rest.trim_matches('/').to_owned());
    package.part(name, &typed(kind), content.as_bytes()).rel(source, id, &format!("{VISIO}/{kind}"), &target)
}

/// The namespaces in the root of an element.
fn declared(content: &str) -> String {
    let end = content.find([' ', '>', '/']).unwrap_or_default();
    let (name, rest) = content.split_at(end);
    format!(
        "{name} xmlns=\"http://schemas.microsoft.com/office/visio/2012/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" xml:space=\"preserve\"{rest}"
    )
}

/// A drawing without anything that needs a decision; `main` is its content type.
pub(super) fn drawing_of(main: &str) -> Package {
    let document = [
        "<VisioDocument><DocumentProperties><Creator>GONE-creator</Creator></DocumentProperties>",
        "<DocumentSettings TopPage=\"0\"><AttachedToolbars>GONE-toolbars</AttachedToolbars>",
        "<CustomMenusFile>C:\\GONE-menus</CustomMenusFile><CustomToolbarsFile>C:\\GONE-bars</CustomToolbarsFile></DocumentSettings>",
        "<Colors><ColorEntry IX=\"24\" RGB=\"#123456\"/></Colors><FaceNames><FaceName NameU=\"Calibri\"/></FaceNames>",
        "<StyleSheets><StyleSheet ID=\"0\" NameU=\"KEEP-style\"><Cell N=\"LineWeight\" V=\"0.01\"/></StyleSheet></StyleSheets>",
        "<DocumentSheet NameU=\"KEEP-sheet\">",
        &section("Reviewer", &row(&[("Name", "GONE-reviewer"), ("Initials", "GONE-initials")])),
        "</DocumentSheet><EventList><EventItem ID=\"1\" Target=\"GONE-target\" TargetArgs=\"GONE-args\"/></EventList>",
        "<HeaderFooter><HeaderLeft>KEEP-header</HeaderLeft></HeaderFooter></VisioDocument>",
    ]
    .concat();
    let pages = [
        "<Pages><Page ID=\"0\" NameU=\"KEEP-page\" Name=\"KEEP-page\" AssociatedPage=\"GONE-page\"><PageSheet>",
        "<Cell N=\"PageWidth\" V=\"8\"/><Cell N=\"PageHeight\" V=\"6\"/><Cell N=\"UIVisibility\" V=\"0\"/>",
        &section("Layer", &row(&[("Name", "KEEP-layer"), ("Visible", "1")])),
        &section("Annotation", &row(&[("Comment", "GONE-annotation"), ("ReviewerID", "1")])),
        "</PageSheet><Rel r:id=\"rId1\"/></Page></Pages>",
    ]
    .concat();
    let links = [
        row(&[
            ("Description", "C:\\GONE-description.docx"),
            ("Address", "file:///C:/GONE-folder/a.docx"),
            ("SubAddress", "GONE-place"),
        ]),
        row(&[
            ("Description", "KEEP-description"),
            ("Address", "https://example.org/KEEP-url"),
            ("SubAddress", "KEEP-place"),
        ]),
        row(&[("Address", "javascript:GONE-script")]),
    ]
    .concat();
    let outline = "<Section N=\"Geometry\" IX=\"0\"><Cell N=\"NoFill\" V=\"0\"/><Row T=\"MoveTo\" IX=\"1\"><Cell N=\"X\" V=\"0\"/>\
        <Cell N=\"Y\" V=\"0\"/></Row><Row T=\"LineTo\" IX=\"2\"><Cell N=\"X\" V=\"2\"/><Cell N=\"Y\" V=\"1\"/></Row></Section>";
    let page = [
        "<PageContents><Shapes><Shape ID=\"1\" NameU=\"KEEP-shape\" Type=\"Shape\" UniqueID=\"{GONE-id}\" Master=\"2\">",
        "<Cell N=\"PinX\" V=\"4\"/><Cell N=\"PinY\" V=\"3\"/><Cell N=\"Width\" V=\"2\"/><Cell N=\"Height\" V=\"1\"/>",
        outline,
        &section("Hyperlink", &links),
        &section("Property", &row(&[("Label", "KEEP-label"), ("Value", "KEEP-value")])),
        "<Text>KEEP-te<cp IX=\"0\"/>xt with <fld IX=\"0\">KEEP-field</fld> and more</Text>",
        "<Data1>GONE-data1</Data1><Data2>GONE-data2</Data2><Data3>GONE-data3</Data3></Shape></Shapes></PageContents>",
    ]
    .concat();
    let masters = "<Masters><Master ID=\"2\" NameU=\"KEEP-master\" BaseID=\"{0}\"><Icon>GONE-icon</Icon><Rel r:id=\"rId1\"/></Master></Masters>";
    let master =
        "<MasterContents><Shapes><Shape ID=\"5\"><Text>KEEP-master-text</Text></Shape></Shapes></MasterContents>";
    let package = Package::default()
        .part(MAIN, &format!("application/vnd.ms-visio.{main}.main+xml"), declared(&document).as_bytes())
        .rel("", "rId1", &format!("{VISIO}/document"), MAIN)
        .part("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", b"<c>GONE-core</c>")
        .rel(
            "",
            "rId2",
            "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
            "docProps/core.xml",
        )
        .part("docProps/thumbnail.emf", "", b"GONE-thumbnail")
        .rel(
            "",
            "rId3",
            "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail",
            "docProps/thumbnail.emf",
        );
    let parts = [
        ("pages", PAGES, pages.as_str()),
        ("masters", "visio/masters/masters.xml", masters),
        ("windows", "visio/windows.xml", "<Windows><Window Document=\"C:\\GONE-stencil.vssx\"/></Windows>"),
        ("comments", "visio/comments.xml", "<Comments><AuthorEntry Name=\"GONE-author\"/></Comments>"),
        ("solutions", "visio/solutions/solutions.xml", "<Solutions><Solution Name=\"GONE-solution\"/></Solutions>"),
        ("validation", "visio/validation.xml", "<Validation><Rule Description=\"GONE-rule\"/></Validation>"),
        ("extensions", "visio/extensions.xml", "<Extensions>GONE-extension</Extensions>"),
    ];
    let package = parts.iter().enumerate().fold(package, |package, (index, (kind, name, content))| {
        part(package, MAIN, &format!("rId{}", index + 1), kind, name, content)
    });
    let package = part(package, PAGES, "rId1", "page", PAGE, &page);
    part(package, "visio/masters/masters.xml", "rId1", "master", "visio/masters/master1.xml", master).rel(
        PAGE,
        "rId1",
        &format!("{VISIO}/master"),
        "../masters/master1.xml",
    )
}

/// An ordinary drawing.
pub(super) fn drawing() -> Package {
    drawing_of("drawing")
}

/// A drawing with a shape that shows a picture or an object.
pub(super) fn foreign(kind: &str, name: &str, bytes: &[u8]) -> Package {
    let shape = "<Shape ID=\"9\" Type=\"Foreign\"><ForeignData ForeignType=\"Bitmap\"><Rel r:id=\"rId9\"/></ForeignData></Shape>";
    let content_type = if name.ends_with(".png") { "image/png" } else { "" };
    drawing()
        .edit(PAGE, "</Shapes>", &format!("{shape}</Shapes>"))
        .part(&format!("visio/{name}"), content_type, bytes)
        .rel(PAGE, "rId9", kind, &format!("../{name}"))
}

/// A drawing with macros.
pub(super) fn with_macros() -> Package {
    drawing_of("drawing.macroEnabled").part("visio/vbaProject.bin", "application/vnd.ms-office.vbaProject", b"x").rel(
        MAIN,
        "rIdM",
        &format!("{OFFICE}/vbaProject"),
        "vbaProject.bin",
    )
}
