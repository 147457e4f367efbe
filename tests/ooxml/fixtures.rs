//! Office packages built by code, with a marker in every place where something hides.
//!
//! `KEEP…` must survive, `GONE…` must not, in any member of the copy.

#[path = "../support/containers.rs"]
mod containers;

use zip::DateTime;

pub const TRANSITIONAL: &str = "http://schemas.openxmlformats.org/";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Every namespace that the fixtures use, as declarations.
const DECLARATIONS: &str = "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\" \
    xmlns:s=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
    xmlns:xr=\"http://schemas.microsoft.com/office/spreadsheetml/2014/revision\" \
    xmlns:x15ac=\"http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac\" \
    xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" \
    xmlns:p14=\"http://schemas.microsoft.com/office/powerpoint/2010/main\" \
    xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
    xmlns:x=\"urn:schemas-microsoft-com:office:excel\"";

/// A package: parts with their content types, and relationships.
#[derive(Clone, Default)]
pub struct Package {
    pub parts: Vec<(String, Vec<u8>)>,
    overrides: String,
    relationships: std::collections::BTreeMap<String, String>,
}

impl Package {
    /// Adds an XML part: a root element with all declarations around the content.
    pub fn xml(self, name: &str, content_type: &str, root: &str, content: &str) -> Self {
        let element = root.split(' ').next().unwrap();
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n<{root} {DECLARATIONS}>{content}</{element}>"
        );
        self.part(name, content_type, text.as_bytes())
    }

    pub fn part(mut self, name: &str, content_type: &str, bytes: &[u8]) -> Self {
        self.parts.push((name.to_owned(), bytes.to_vec()));
        if !content_type.is_empty() {
            let full = if content_type.contains('/') {
                content_type.to_owned()
            } else {
                format!("application/vnd.openxmlformats-officedocument.{content_type}+xml")
            };
            self.overrides += &format!("<Override PartName=\"/{name}\" ContentType=\"{full}\"/>");
        }
        self
    }

    /// Adds a relationship with the id `rId` and the target's file name; targets with a colon or backslashes are external.
    pub fn rel(mut self, source: &str, id: &str, kind: &str, target: &str) -> Self {
        let kind = if kind.contains(':') { kind.to_owned() } else { format!("{RELATIONSHIPS}/{kind}") };
        let mode = if target.contains([':', '\\']) { " TargetMode=\"External\"" } else { "" };
        let line = format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"{mode}/>");
        *self.relationships.entry(source.to_owned()).or_default() += &line;
        self
    }

    /// Replaces text in a part.
    pub fn edit(mut self, name: &str, from: &str, to: &str) -> Self {
        let (_, bytes) = self.parts.iter_mut().find(|(part, _)| part == name).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.contains(from), "{name} has no {from}");
        *bytes = text.replace(from, to).into_bytes();
        self
    }

    /// Gives parts of one content type another one, both without `application/vnd.` and `+xml`.
    pub fn retype(mut self, from: &str, to: &str) -> Self {
        let from = format!("application/vnd.openxmlformats-officedocument.{from}+xml");
        assert!(self.overrides.contains(&from));
        self.overrides = self.overrides.replace(&from, &format!("application/vnd.{to}+xml"));
        self
    }

    /// All members of the container.
    pub fn members(&self) -> Vec<(String, Vec<u8>)> {
        let package = "http://schemas.openxmlformats.org/package/2006";
        let types = format!(
            "<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" \
             ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" \
             ContentType=\"application/xml\"/><Default Extension=\"bin\" ContentType=\"application/octet-stream\"/>\
             <Default Extension=\"emf\" ContentType=\"image/x-emf\"/><Default Extension=\"jpeg\" ContentType=\"image/jpeg\"/>\
             {}</Types>",
            self.overrides
        );
        let mut members = vec![("[Content_Types].xml".to_owned(), types.into_bytes())];
        for (source, lines) in &self.relationships {
            let name = match source.rsplit_once('/') {
                Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
                None => format!("_rels/{source}.rels"),
            };
            members.push((
                name,
                format!("<Relationships xmlns=\"{package}/relationships\">{lines}</Relationships>").into(),
            ));
        }
        members.extend(self.parts.iter().cloned());
        members
    }

    /// The package as Office would write it, with dates of today and a comment.
    pub fn write(&self) -> Vec<u8> {
        zip(&self.members(), DateTime::from_date_and_time(2021, 3, 4, 5, 6, 8).unwrap(), "GONE-zip-comment")
    }
}

pub fn zip(members: &[(String, Vec<u8>)], date: DateTime, comment: &str) -> Vec<u8> {
    containers::zip(members, None, date, comment)
}

/// The members of a container, inflated.
pub fn unzip(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    containers::members(bytes).unwrap()
}

/// Parts that may lie in any package: properties, thumbnail, custom XML, signature, add-ins, junk.
fn common(package: Package, main: &str) -> Package {
    let metadata = "http://schemas.openxmlformats.org/package/2006/relationships";
    package
        .rel("", "rId1", "officeDocument", main)
        .part(
            "docProps/core.xml",
            "application/vnd.openxmlformats-package.core-properties+xml",
            b"<c:p xmlns:c=\"urn:c\" xmlns:dc=\"urn:dc\"><dc:creator>GONE-creator</dc:creator><dc:title>GONE-title</dc:title></c:p>",
        )
        .rel("", "rId2", &format!("{metadata}/metadata/core-properties"), "docProps/core.xml")
        .part("docProps/app.xml", "extended-properties", b"<P xmlns=\"urn:p\"><Company>GONE-company</Company></P>")
        .rel("", "rId3", "extended-properties", "docProps/app.xml")
        .part(
            "docProps/custom.xml",
            "custom-properties",
            b"<P xmlns=\"urn:p\"><property name=\"_AuthorEmail\"><t>GONE-mail</t></property></P>",
        )
        .rel("", "rId4", "custom-properties", "docProps/custom.xml")
        .part("docProps/thumbnail.jpeg", "", b"GONE-thumbnail")
        .rel("", "rId5", &format!("{metadata}/metadata/thumbnail"), "docProps/thumbnail.jpeg")
        .part("customUI/customUI.xml", "application/xml", b"<customUI>GONE-ribbon</customUI>")
        .rel("", "rId6", "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility", "customUI/customUI.xml")
        .part("docMetadata/LabelInfo.xml", "application/vnd.ms-office.classificationlabels+xml", b"<l>GONE-label</l>")
        .rel(
            "",
            "rId7",
            "http://schemas.microsoft.com/office/2020/02/relationships/classificationlabels",
            "docMetadata/LabelInfo.xml",
        )
        .part("_xmlsignatures/origin.sigs", "application/vnd.openxmlformats-package.digital-signature-origin", b"GONE-sig")
        .rel("", "rId8", &format!("{metadata}/digital-signature/origin"), "_xmlsignatures/origin.sigs")
        .part("mystery/data.bin", "", b"GONE-mystery")
        .rel("", "rId9", "http://example.org/relationships/mystery", "mystery/data.bin")
        .part("[trash]/0000.bin", "", b"GONE-trash")
        .part("customXml/item1.xml", "", b"<i>GONE-custom-xml</i>")
        .rel(main, "rIdCustom", "customXml", "/customXml/item1.xml")
}

/// A Word document.
pub fn document() -> Package {
    let body = "<w:body>\
        <w:p w:rsidR=\"GONE-rsid\" w14:paraId=\"GONE-para\"><w:r><w:t>KEEP-first</w:t></w:r>\
          <w:commentRangeStart w:id=\"GONE-c1\"/><w:r><w:t>KEEP-commented</w:t></w:r><w:commentRangeEnd w:id=\"GONE-c2\"/>\
          <w:r><w:commentReference w:id=\"GONE-c3\"/></w:r><!-- GONE-xml-comment --><?GONE-instruction?></w:p>\
        <w:p><w:pPr><w:pPrChange w:author=\"GONE-author\" w:id=\"1\"><w:pPr><w:jc w:val=\"GONE-jc\"/></w:pPr></w:pPrChange></w:pPr>\
          <w:ins w:author=\"GONE-author\" w:id=\"2\"><w:r><w:t>KEEP-inserted</w:t></w:r></w:ins>\
          <w:del w:author=\"GONE-author\" w:id=\"3\"><w:r><w:delText>GONE-deleted</w:delText></w:r>\
            <w:r><w:footnoteReference w:id=\"7\"/></w:r><w:r><w:drawing><a:blip r:embed=\"rIdOld\"/></w:drawing></w:r></w:del></w:p>\
        <w:p><w:r><w:t>KEEP-note</w:t></w:r><w:r><w:footnoteReference w:id=\"8\"/></w:r></w:p>\
        <mc:AlternateContent><mc:Choice Requires=\"w14\"><w:p><w:r><w:t>KEEP-choice</w:t></w:r>\
          <w:del w:author=\"GONE-author\"><w:r><w:delText>GONE-choice</w:delText></w:r></w:del></w:p></mc:Choice>\
          <mc:Fallback><w:p><w:r><w:t>KEEP-fallback</w:t></w:r><w:del w:author=\"GONE-author\"><w:r>\
          <w:delText>GONE-fallback</w:delText></w:r></w:del></w:p></mc:Fallback></mc:AlternateContent>\
        <w:p><w:hyperlink r:id=\"rIdLocal\"><w:r><w:t>KEEP-local-link</w:t></w:r></w:hyperlink>\
          <w:hyperlink r:id=\"rIdPublic\"><w:r><w:t>KEEP-public-link</w:t></w:r></w:hyperlink></w:p>\
        <w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> FILENAME GONE-switch </w:instrText></w:r>\
          <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>KEEP-result</w:t></w:r>\
          <w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:fldSimple w:instr=\" DOCPROPERTY GONE-property \"><w:r>\
          <w:t>KEEP-simple</w:t></w:r></w:fldSimple><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r>\
          <w:instrText> PAGE KEEP-page </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>\
        <w:p><w:permStart w:id=\"1\" w:ed=\"GONE-editor\"/><w:smartTag w:element=\"GONE-tag\"><w:r><w:t>KEEP-tagged</w:t></w:r>\
          </w:smartTag><w:permEnd w:id=\"1\"/></w:p>\
        <w:sdt><w:sdtPr><w:dataBinding w:xpath=\"GONE-xpath\"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>KEEP-bound</w:t></w:r></w:p>\
          </w:sdtContent></w:sdt>\
        <w:p><w:r><w:drawing><wp:docPr id=\"1\" name=\"KEEP-shape\" descr=\"C:\\Users\\GONE-user\\a.png\" title=\"KEEP-alt\"/>\
          </w:drawing></w:r><w:r><w:drawing><wp:docPr id=\"2\" name=\"GONE-picture.png\"/></w:drawing></w:r></w:p>\
        </w:body>";
    let settings = "<w:writeProtection w:hash=\"GONE-hash\"/><w:attachedTemplate r:id=\"rId1\"/><w:mailMerge>\
        <w:query w:val=\"GONE-query\"/></w:mailMerge><w:documentProtection w:hash=\"GONE-hash\"/><w:docVars>\
        <w:docVar w:name=\"x\" w:val=\"GONE-variable\"/></w:docVars><w:rsids><w:rsidRoot w:val=\"GONE-rsid\"/></w:rsids>\
        <w:defaultTabStop w:val=\"708\"/><w14:docId w14:val=\"GONE-docid\"/>";
    let notes = "<w:footnote w:type=\"separator\" w:id=\"-1\"><w:p><w:r><w:t>KEEP-separator</w:t></w:r></w:p></w:footnote>\
        <w:footnote w:id=\"7\"><w:p><w:r><w:t>GONE-footnote</w:t></w:r></w:p></w:footnote>\
        <w:footnote w:id=\"8\"><w:p><w:r><w:t>KEEP-footnote</w:t></w:r></w:p></w:footnote>";
    let main = "word/document.xml";
    let word = "wordprocessingml";
    common(Package::default(), main)
        .xml(main, &format!("{word}.document.main"), "w:document", body)
        .xml("word/settings.xml", &format!("{word}.settings"), "w:settings", settings)
        .rel(main, "rIdSettings", "settings", "settings.xml")
        .rel("word/settings.xml", "rId1", "attachedTemplate", "file:///C:/GONE-template.dotx")
        .xml("word/footnotes.xml", &format!("{word}.footnotes"), "w:footnotes", notes)
        .rel(main, "rIdNotes", "footnotes", "footnotes.xml")
        .xml("word/comments.xml", &format!("{word}.comments"), "w:comments", "<w:comment w:author=\"GONE-commenter\"/>")
        .rel(main, "rIdComments", "comments", "comments.xml")
        .xml("word/people.xml", &format!("{word}.people"), "w:people", "<w:person w:author=\"GONE-person\"/>")
        .rel(main, "rIdPeople", "http://schemas.microsoft.com/office/2011/relationships/people", "people.xml")
        .xml("word/glossary/document.xml", &format!("{word}.document.glossary"), "w:glossaryDocument", "GONE-glossary")
        .rel(main, "rIdGlossary", "glossaryDocument", "glossary/document.xml")
        .part("word/media/image1.emf", "", b"GONE-deleted-picture")
        .rel(main, "rIdOld", "image", "media/image1.emf")
        .rel(main, "rIdLocal", "hyperlink", "\\\\GONE-server\\share\\x.docx")
        .rel(main, "rIdPublic", "hyperlink", "https://example.org/KEEP-url")
}

/// A workbook without anything that needs a decision.
pub fn workbook() -> Package {
    let main = "xl/workbook.xml";
    let sheet = "xl/worksheets/sheet1.xml";
    let book = "<s:fileVersion appName=\"xl\" rupBuild=\"GONE-build\"/><s:fileSharing userName=\"GONE-user\"/>\
        <mc:AlternateContent><mc:Choice Requires=\"x15\"><x15ac:absPath url=\"C:\\GONE-folder\\\"/></mc:Choice></mc:AlternateContent>\
        <xr:revisionPtr documentId=\"GONE-revision\"/><s:workbookProtection workbookHashValue=\"GONE-hash\" lockStructure=\"1\"/>\
        <s:sheets><s:sheet name=\"KEEP-sheet\" sheetId=\"1\" r:id=\"rId1\"/></s:sheets>\
        <s:definedNames><s:definedName name=\"KEEP_name\" comment=\"GONE-comment\">1</s:definedName></s:definedNames>\
        <s:customWorkbookViews><s:customWorkbookView name=\"GONE-view\"/></s:customWorkbookViews>";
    let cells = "<s:sheetData><s:row r=\"1\"><s:c r=\"A1\" t=\"s\"><s:v>1</s:v></s:c><s:c r=\"B1\"><s:f>1+1</s:f><s:v>2</s:v></s:c>\
        </s:row></s:sheetData><s:sheetProtection hashValue=\"GONE-hash\" sheet=\"1\"/><s:protectedRanges><s:protectedRange \
        name=\"KEEP_range\" sqref=\"A1\" securityDescriptor=\"GONE-sid\"/></s:protectedRanges><s:scenarios><s:scenario name=\"s\" \
        user=\"GONE-user\"/></s:scenarios><s:hyperlinks><s:hyperlink ref=\"A1\" r:id=\"rId3\" display=\"GONE-display\"/></s:hyperlinks>\
        <s:pageSetup orientation=\"landscape\" r:id=\"rId1\"/><s:legacyDrawing r:id=\"rId2\"/>";
    let vml = "<v:shapetype id=\"t\"/><v:shape id=\"s1\"><v:textbox>GONE-vml<br></v:textbox>\
        <x:ClientData ObjectType=\"Note\"/></v:shape>";
    let printer: Vec<u8> = "\\\\GONE-printer\\q\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let excel = "spreadsheetml";
    common(Package::default(), main)
        .xml(main, &format!("{excel}.sheet.main"), "s:workbook", book)
        .xml(sheet, &format!("{excel}.worksheet"), "s:worksheet xr:uid=\"GONE-uid\"", cells)
        .rel(main, "rId1", "worksheet", "worksheets/sheet1.xml")
        .rel(sheet, "rId1", "printerSettings", "../printerSettings/printerSettings1.bin")
        .part("xl/printerSettings/printerSettings1.bin", "", &printer)
        .rel(sheet, "rId2", "vmlDrawing", "../drawings/vmlDrawing1.vml")
        .xml("xl/drawings/vmlDrawing1.vml", "vmlDrawing", "xml", vml)
        .rel(sheet, "rId3", "hyperlink", "file:///C:/GONE-link.xlsx")
        .rel(sheet, "rId4", "comments", "../comments1.xml")
        .xml(
            "xl/comments1.xml",
            &format!("{excel}.comments"),
            "s:comments",
            "<s:authors><s:author>GONE-a</s:author></s:authors>",
        )
        .xml(
            "xl/sharedStrings.xml",
            &format!("{excel}.sharedStrings"),
            "s:sst",
            "<s:si><s:t>GONE-orphan</s:t></s:si><s:si><s:t>KEEP-string</s:t></s:si>",
        )
        .rel(main, "rId2", "sharedStrings", "sharedStrings.xml")
        .xml("xl/calcChain.xml", &format!("{excel}.calcChain"), "s:calcChain", "<s:c r=\"GONE-calc\"/>")
        .rel(main, "rId3", "calcChain", "calcChain.xml")
        .xml("xl/revisions/revisionHeaders.xml", &format!("{excel}.revisionHeaders"), "s:headers", "GONE-history")
        .rel(main, "rId4", "revisionHeaders", "revisions/revisionHeaders.xml")
}

/// A presentation without anything that needs a decision.
pub fn presentation() -> Package {
    let main = "ppt/presentation.xml";
    let slide = "ppt/slides/slide1.xml";
    let show = "<p:sldIdLst><p:sldId id=\"256\" r:id=\"rId1\"/></p:sldIdLst><p:custDataLst><p:tags r:id=\"rId2\"/></p:custDataLst>\
        <p:modifyVerifier hashData=\"GONE-hash\"/><p:extLst><p:ext uri=\"{KEEP-ext}\"><p14:sectionLst/></p:ext></p:extLst>";
    let shapes = "<p:cSld><p:spTree><p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"KEEP-shape\" descr=\"/home/GONE-user/a.png\">\
        <a:hlinkClick r:id=\"rId3\" tooltip=\"GONE-tip\"/><a:extLst><a:ext uri=\"{GONE-ext}\"><a16:creationId \
        xmlns:a16=\"http://schemas.microsoft.com/office/drawing/2014/main\" id=\"{GONE-id}\"/></a:ext></a:extLst></p:cNvPr>\
        </p:nvSpPr><p:txBody><a:p><a:r><a:t>KEEP-text</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld>";
    let point = "presentationml";
    common(Package::default(), main)
        .xml(main, &format!("{point}.presentation.main"), "p:presentation", show)
        .xml(slide, &format!("{point}.slide"), "p:sld", shapes)
        .rel(main, "rId1", "slide", "slides/slide1.xml")
        .xml("ppt/tags/tag1.xml", &format!("{point}.tags"), "p:tagLst", "<p:tag name=\"GONE-tag\"/>")
        .rel(main, "rId2", "tags", "tags/tag1.xml")
        .xml(
            "ppt/commentAuthors.xml",
            &format!("{point}.commentAuthors"),
            "p:cmAuthorLst",
            "<p:cmAuthor name=\"GONE-name\"/>",
        )
        .rel(main, "rId3", "commentAuthors", "commentAuthors.xml")
        .xml("ppt/slides/slide9.xml", &format!("{point}.slide"), "p:sld", "<p:cSld name=\"GONE-slide\"/>")
        .rel(main, "rId9", "slide", "slides/slide9.xml")
        .xml("ppt/notesSlides/notesSlide1.xml", &format!("{point}.notesSlide"), "p:notes", "<a:t>GONE-notes</a:t>")
        .rel(slide, "rId1", "notesSlide", "../notesSlides/notesSlide1.xml")
        .rel("ppt/notesSlides/notesSlide1.xml", "rId1", "slide", "../slides/slide1.xml")
        .xml("ppt/comments/comment1.xml", &format!("{point}.comments"), "p:cmLst", "<p:text>GONE-comment</p:text>")
        .rel(slide, "rId2", "comments", "../comments/comment1.xml")
        .rel(slide, "rId3", "hyperlink", "file:///C:/GONE-link.pptx")
}

/// The package in the Strict dialect: other URIs for the same names.
pub fn strict(package: &Package) -> Package {
    let mut strict = package.clone();
    let swap = |text: &str| {
        text.replace(
            &format!("{TRANSITIONAL}wordprocessingml/2006/main"),
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        )
        .replace(
            &format!("{TRANSITIONAL}officeDocument/2006/relationships"),
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        .replace(&format!("{TRANSITIONAL}drawingml/2006/"), "http://purl.oclc.org/ooxml/drawingml/")
    };
    for (_, bytes) in &mut strict.parts {
        if let Ok(text) = std::str::from_utf8(bytes) {
            *bytes = swap(text).into_bytes();
        }
    }
    strict.relationships = strict.relationships.iter().map(|(source, lines)| (source.clone(), swap(lines))).collect();
    strict
}
