//! Office packages built by code: an original with everything that must go, and its copy as a cleaner should make it.

#[path = "../support/containers.rs"]
mod containers;

pub use containers::png;
use zip::DateTime;

pub const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
pub const W_STRICT: &str = "http://purl.oclc.org/ooxml/wordprocessingml/main";
pub const X: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
pub const P: &str = "http://schemas.openxmlformats.org/presentationml/2006/main";
pub const A: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
pub const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
pub const MC: &str = "http://schemas.openxmlformats.org/markup-compatibility/2006";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// A package as a list of members.
#[derive(Clone)]
pub struct Package {
    pub members: Vec<(String, Vec<u8>)>,
    overrides: Vec<(String, String)>,
    relationships: Vec<(String, String)>,
}

impl Package {
    pub fn new() -> Self {
        Self { members: Vec::new(), overrides: Vec::new(), relationships: Vec::new() }
    }

    /// Adds a part; an empty content type leaves it to the defaults.
    pub fn part(mut self, name: &str, content_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.members.push((name.to_owned(), bytes.into()));
        if !content_type.is_empty() {
            self.overrides.push((name.to_owned(), content_type.to_owned()));
        }
        self
    }

    /// Adds a relationship; a target with a scheme or two slashes is external.
    pub fn relate(mut self, source: &str, id: &str, kind: &str, target: &str) -> Self {
        let external = target.contains(':') || target.starts_with("\\\\");
        let mode = if external { " TargetMode=\"External\"" } else { "" };
        let base = if kind == "core-properties" || kind == "thumbnail" {
            format!("{PACKAGE}/relationships/metadata")
        } else {
            R.to_owned()
        };
        let line = format!("<Relationship Id=\"{id}\" Type=\"{base}/{kind}\" Target=\"{target}\"{mode}/>");
        self.relationships.push((source.to_owned(), line));
        self
    }

    /// Replaces text in a member.
    pub fn replace(mut self, name: &str, from: &str, to: &str) -> Self {
        let member = self.members.iter_mut().find(|(member, _)| member == name).expect("member");
        let text = String::from_utf8(member.1.clone()).expect("text");
        assert!(text.contains(from), "{name} does not contain {from}");
        member.1 = text.replace(from, to).into_bytes();
        self
    }

    /// Takes out relationships that contain a text.
    pub fn unrelate(mut self, piece: &str) -> Self {
        self.relationships.retain(|(_, line)| !line.contains(piece));
        self
    }

    /// Replaces a text in the types of all relationships.
    pub fn retype(mut self, from: &str, to: &str) -> Self {
        self.relationships.iter_mut().for_each(|(_, line)| *line = line.replace(from, to));
        self
    }

    /// Replaces the bytes of a member.
    pub fn swap(mut self, name: &str, bytes: &[u8]) -> Self {
        self.members.iter_mut().find(|(member, _)| member == name).expect("member").1 = bytes.to_vec();
        self
    }

    /// All members, content types and relationships included.
    pub fn all_members(&self) -> Vec<(String, Vec<u8>)> {
        let mut types = format!(
            "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
             ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"png\" ContentType=\"image/png\"/>\
             <Default Extension=\"bin\" ContentType=\"application/octet-stream\"/>"
        );
        for (name, kind) in &self.overrides {
            types += &format!("<Override PartName=\"/{name}\" ContentType=\"{kind}\"/>");
        }
        types += "</Types>";
        let mut members = vec![("[Content_Types].xml".to_owned(), types.into_bytes())];
        let mut sources: Vec<&String> = self.relationships.iter().map(|(source, _)| source).collect();
        sources.sort();
        sources.dedup();
        for source in sources {
            let (folder, file) = source.rsplit_once('/').map_or(("", source.as_str()), |(a, b)| (a, b));
            let name =
                if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
            let lines: String =
                self.relationships.iter().filter(|(s, _)| s == source).map(|(_, line)| line.as_str()).collect();
            let xml = format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{lines}</Relationships>");
            members.push((name, xml.into_bytes()));
        }
        members.extend(self.members.clone());
        members
    }

    /// The package as bytes, dated 1980-01-01.
    pub fn write(&self) -> Vec<u8> {
        write_zip(&self.all_members(), DateTime::default(), "")
    }
}

pub fn write_zip(members: &[(String, Vec<u8>)], date: DateTime, comment: &str) -> Vec<u8> {
    containers::zip(members, None, date, comment)
}

const WORD_MAIN: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
pub const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";
pub const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
pub const SLIDE: &str = "application/vnd.openxmlformats-officedocument.presentationml";

/// A Word document with this body in this dialect.
pub fn docx_in(namespace: &str, body: &str) -> Package {
    let xml = format!(
        "<w:document xmlns:w=\"{namespace}\" xmlns:r=\"{R}\" xmlns:a=\"{A}\" xmlns:mc=\"{MC}\" \
         xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\"><w:body>{body}</w:body></w:document>"
    );
    Package::new().part("word/document.xml", WORD_MAIN, xml).relate("", "rId1", "officeDocument", "word/document.xml")
}

pub fn docx(body: &str) -> Package {
    docx_in(W, body)
}

const LAST: &str = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>The end.</w:t></w:r></w:p>\
    <w:sectPr><w:headerReference w:type=\"default\" r:id=\"rIdH\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/></w:sectPr>";

fn word_parts(package: Package) -> Package {
    package
        .part(
            "word/header1.xml",
            &format!("{WORD}.header+xml"),
            format!("<w:hdr xmlns:w=\"{W}\"><w:p><w:r><w:t>Head</w:t></w:r></w:p></w:hdr>"),
        )
        .relate("word/document.xml", "rIdH", "header", "header1.xml")
        .part("word/media/image1.png", "", png(7))
        .relate("word/document.xml", "rIdP", "image", "media/image1.png")
        .relate("word/document.xml", "rIdL", "hyperlink", "https://example.org/a")
}

const PICTURE: &str = "<w:p><w:bookmarkStart w:name=\"here\"/><w:r><w:drawing><w:docPr descr=\"a boat\"/><a:blip r:embed=\"rIdP\"/></w:drawing></w:r></w:p>";

/// A document with everything that must go.
pub fn word_original() -> Package {
    let body = format!(
        "<w:p w:rsidR=\"00A1\" w14:paraId=\"1\"><w:r w:rsidR=\"00A2\"><w:t xml:space=\"preserve\">Hello </w:t></w:r>\
         <w:ins w:author=\"Jane Roe\" w:date=\"2024-01-01T00:00:00Z\"><w:r><w:t>wor</w:t></w:r></w:ins><w:r><w:t>ld</w:t></w:r>\
         <w:del w:author=\"Jane Roe\"><w:r><w:delText>gone</w:delText></w:r></w:del>\
         <w:commentRangeStart w:id=\"0\"/><w:r><w:commentReference w:id=\"0\"/></w:r></w:p>\
         <w:p><w:pPr><w:jc w:val=\"left\"/><w:rPr><w:del w:author=\"Jane Roe\"/></w:rPr></w:pPr><w:r><w:t>One </w:t></w:r></w:p>\
         <w:p><w:pPr><w:jc w:val=\"right\"/></w:pPr><w:r><w:t>two</w:t></w:r></w:p>\
         <w:p><w:pPr><w:rPr><w:del w:author=\"Jane Roe\"/></w:rPr></w:pPr></w:p>\
         <w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell 1</w:t></w:r></w:p></w:tc></w:tr>\
         <w:tr><w:trPr><w:del w:author=\"Jane Roe\"/></w:trPr><w:tc><w:p><w:r><w:t>cell 2</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
         <w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>AUTHOR</w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>J. R.</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>\
         <w:hyperlink r:id=\"rIdL\"><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>{PICTURE}{LAST}"
    );
    word_parts(docx(&body))
        .part("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", "<a>Jane Roe</a>")
        .relate("", "rId2", "core-properties", "docProps/core.xml")
        .part("word/comments.xml", &format!("{WORD}.comments+xml"), format!("<w:comments xmlns:w=\"{W}\"/>"))
        .relate("word/document.xml", "rIdC", "comments", "comments.xml")
}

/// The same document as a cleaner should leave it.
pub fn word_copy() -> Package {
    let body = format!(
        "<w:p><w:r><w:t>Hello world</w:t></w:r></w:p>\
         <w:p><w:pPr><w:jc w:val=\"right\"/></w:pPr><w:r><w:t>One two</w:t></w:r></w:p>\
         <w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell 1</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
         <w:p><w:r><w:t>J. R.</w:t></w:r><w:hyperlink r:id=\"rIdL\"><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>{PICTURE}{LAST}"
    )
    .replace("<w:t>One two</w:t>", "<w:t xml:space=\"preserve\">One</w:t></w:r><w:r><w:t>two</w:t>");
    word_parts(docx(&body))
}

/// A workbook of two sheets; the second is hidden.
pub fn workbook(extra: &str) -> Package {
    let book = format!(
        "<workbook xmlns=\"{X}\" xmlns:r=\"{R}\">{extra}<sheets><sheet name=\"Main\" sheetId=\"1\" r:id=\"rId1\"/>\
         <sheet name=\"Back\" sheetId=\"2\" state=\"hidden\" r:id=\"rId2\"/></sheets>\
         <definedNames><definedName name=\"rate\">Main!$A$1</definedName></definedNames></workbook>"
    );
    let sheet = |rows: &str, tail: &str| {
        format!(
            "<worksheet xmlns=\"{X}\" xmlns:r=\"{R}\"><cols><col min=\"3\" max=\"3\" hidden=\"1\"/></cols><sheetData>{rows}</sheetData>{tail}</worksheet>"
        )
    };
    let first = sheet(
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\"><f>A2*2</f><v>84</v></c>\
         <c r=\"C1\" t=\"inlineStr\"><is><t>in hidden column</t></is></c></row>\
         <row r=\"2\" hidden=\"1\"><c r=\"A2\"><v>42</v></c></row>",
        "<dataValidations><dataValidation sqref=\"D4:D9\" prompt=\"choose one\"><formula1>\"red,green\"</formula1></dataValidation></dataValidations>\
         <hyperlinks><hyperlink ref=\"A1\" r:id=\"rIdL\"/></hyperlinks>\
         <headerFooter><oddHeader>&amp;LPrinted from &amp;Z&amp;F</oddHeader></headerFooter>",
    );
    let second = sheet("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c></row>", "");
    let strings = format!(
        "<sst xmlns=\"{X}\"><si><r><t>Rich </t></r><r><t>text</t></r></si><si><t>behind</t></si><si><t>orphan</t></si></sst>"
    );
    Package::new()
        .part("xl/workbook.xml", &format!("{SHEET}.sheet.main+xml"), book)
        .relate("", "rId1", "officeDocument", "xl/workbook.xml")
        .part("xl/worksheets/sheet1.xml", &format!("{SHEET}.worksheet+xml"), first)
        .relate("xl/workbook.xml", "rId1", "worksheet", "worksheets/sheet1.xml")
        .relate("xl/worksheets/sheet1.xml", "rIdL", "hyperlink", "https://example.org/b")
        .part("xl/worksheets/sheet2.xml", &format!("{SHEET}.worksheet+xml"), second)
        .relate("xl/workbook.xml", "rId2", "worksheet", "/xl/worksheets/sheet2.xml")
        .part("xl/sharedStrings.xml", &format!("{SHEET}.sharedStrings+xml"), strings)
        .relate("xl/workbook.xml", "rId3", "sharedStrings", "sharedStrings.xml")
}

/// The same workbook as a cleaner should leave it: nothing is in a string that no cell shows.
pub fn workbook_copy(extra: &str) -> Package {
    workbook(extra).replace("xl/sharedStrings.xml", "<si><t>orphan</t></si>", "<si></si>")
}

/// A presentation of two slides, the second shown first, with notes on it.
pub fn presentation() -> Package {
    let show = format!(
        "<p:presentation xmlns:p=\"{P}\" xmlns:r=\"{R}\"><p:sldIdLst><p:sldId id=\"257\" r:id=\"rId2\"/>\
         <p:sldId id=\"256\" r:id=\"rId1\"/></p:sldIdLst><p:sldSz cx=\"9144000\" cy=\"6858000\"/></p:presentation>"
    );
    let slide = |texts: [&str; 2]| {
        let [first, second] = texts;
        format!(
            "<p:sld xmlns:p=\"{P}\" xmlns:a=\"{A}\" xmlns:r=\"{R}\"><p:cSld><p:spTree><p:sp><p:nvSpPr>\
             <p:cNvPr id=\"2\" name=\"Title 1\" descr=\"a picture of it\"/></p:nvSpPr><p:txBody><a:p><a:r><a:t>{first}</a:t></a:r></a:p>\
             <a:p><a:r><a:t>{second}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>"
        )
    };
    Package::new()
        .part("ppt/presentation.xml", &format!("{SLIDE}.presentation.main+xml"), show)
        .relate("", "rId1", "officeDocument", "ppt/presentation.xml")
        .part("ppt/slides/slide1.xml", &format!("{SLIDE}.slide+xml"), slide(["Second", "slide"]))
        .relate("ppt/presentation.xml", "rId1", "slide", "slides/slide1.xml")
        .part("ppt/slides/slide2.xml", &format!("{SLIDE}.slide+xml"), slide(["First", "slide"]))
        .relate("ppt/presentation.xml", "rId2", "slide", "slides/slide2.xml")
}

/// The presentation with speaker notes on its first slide.
pub fn presentation_with_notes() -> Package {
    let notes = format!(
        "<p:notes xmlns:p=\"{P}\" xmlns:a=\"{A}\"><p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r><a:t>say this</a:t></a:r></a:p>\
         </p:txBody></p:sp></p:spTree></p:cSld></p:notes>"
    );
    presentation().part("ppt/notesSlides/notesSlide1.xml", &format!("{SLIDE}.notesSlide+xml"), notes).relate(
        "ppt/slides/slide2.xml",
        "rIdN",
        "notesSlide",
        "../notesSlides/notesSlide1.xml",
    )
}
