//! One package per program, with a phrase in every scope of text.

use super::fixtures::Package;

const CHART: &str = "xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\"";
const DIAGRAM: &str = "xmlns:dgm=\"http://schemas.openxmlformats.org/drawingml/2006/diagram\"";
const MATH: &str = "xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\"";

/// A run of Word.
fn run(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

/// A paragraph of Word with one run.
fn paragraph(text: &str) -> String {
    format!("<w:p>{}</w:p>", run(text))
}

/// A paragraph of a drawing with one run.
fn drawn(text: &str) -> String {
    format!("<a:p><a:r><a:t>{text}</a:t></a:r></a:p>")
}

/// A shape of a slide.
fn shape(name: &str, attributes: &str, text: &str) -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"9\" name=\"{name}\" {attributes}/></p:nvSpPr><p:txBody>{}</p:txBody></p:sp>",
        drawn(text)
    )
}

/// A chart with a title, a series with cached categories and values, and a page header.
fn chart(package: Package, name: &str) -> Package {
    let content = format!(
        "<c:chart><c:title><c:tx><c:rich>{}</c:rich></c:tx></c:title><c:plotArea><c:ser><c:cat><c:strRef>\
         <c:f>Phrase!$A$1</c:f><c:strCache><c:pt idx=\"0\"><c:v>phrase of a category</c:v></c:pt></c:strCache></c:strRef></c:cat>\
         <c:val><c:numRef><c:numCache><c:pt idx=\"0\"><c:v>44556677</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser>\
         </c:plotArea></c:chart><c:printSettings><c:headerFooter><c:oddHeader>phrase of a chart's header</c:oddHeader>\
         </c:headerFooter></c:printSettings>",
        drawn("phrase of a chart's title")
    );
    package.xml(name, "drawingml.chart", &format!("c:chartSpace {CHART}"), &content)
}

/// The data of a diagram.
fn diagram(package: Package, name: &str) -> Package {
    let content = format!("<dgm:ptLst><dgm:pt><dgm:t>{}</dgm:t></dgm:pt></dgm:ptLst>", drawn("phrase of a diagram"));
    package.xml(name, "drawingml.diagramData", &format!("dgm:dataModel {DIAGRAM}"), &content)
}

/// A custom property.
fn property(package: Package) -> Package {
    package
        .part(
            "docProps/custom.xml",
            "custom-properties",
            b"<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties\" \
              xmlns:vt=\"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes\"><property name=\"Client\">\
              <vt:lpwstr>phrase of a property</vt:lpwstr></property></Properties>",
        )
        .rel("", "rIdProperties", "custom-properties", "docProps/custom.xml")
}

pub(super) fn document() -> Package {
    let main = "word/document.xml";
    let word = "wordprocessingml";
    let wordart = "<w:r><w:pict><v:shape alt=\"phrase of an alternative text\"><v:textpath string=\"phrase of WordArt\"/>\
        </v:shape></w:pict></w:r><w:r><w:drawing><wp:docPr id=\"1\" name=\"phrase of a shape's name\"/></w:drawing></w:r>";
    let body = [
        "<w:body>".to_owned(),
        format!(
            "<w:p><w:bookmarkStart w:id=\"1\" w:name=\"phrase of a bookmark\"/>{}{}{}</w:p>",
            run("phrase of sp"),
            run("lit &amp; joi"),
            run("ned words")
        ),
        format!(
            "<w:p><w:ins w:id=\"2\">{}</w:ins><w:del w:id=\"3\"><w:r><w:delText>phrase of a deleted run</w:delText></w:r>\
             </w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>phrase of a hidden run</w:t></w:r></w:p>",
            run("phrase of an inserted run")
        ),
        format!(
            "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>PAGE phrase of an </w:instrText></w:r>\
             <w:r><w:instrText>instruction</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>{}\
             <w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:fldSimple w:instr=\"PAGE phrase of a simple field\"/></w:p>",
            run("phrase of a result")
        ),
        format!(
            "<w:p><w:hyperlink r:id=\"rIdLink\" w:tooltip=\"phrase of a tooltip\" w:anchor=\"phrase of an anchor\">{}\
             </w:hyperlink></w:p>",
            run("here")
        ),
        format!(
            "<w:p><w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:txbxContent>{}</w:txbxContent></mc:Choice>\
             <mc:Fallback><w:txbxContent>{}{}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>",
            paragraph("phrase of both branches"),
            paragraph("phrase of both branches"),
            paragraph("phrase of the fallback")
        ),
        format!("<w:p>{wordart}</w:p>"),
        format!(
            "<w:p>{}<w:r><w:ruby><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>{}</w:p>",
            run("phrase of wo"),
            run("phrase above words"),
            run("rds with"),
            run(" a reading")
        ),
        "<w:p><m:oMath><m:r><m:t>phrase of </m:t></m:r><m:r><m:t>a formula</m:t></m:r></m:oMath></w:p>".to_owned(),
        format!(
            "<w:sdt><w:sdtPr><w:alias w:val=\"phrase of a control's title\"/><w:dropDownList><w:listItem \
             w:displayText=\"phrase of a list item\" w:value=\"1\"/></w:dropDownList></w:sdtPr><w:sdtContent>{}</w:sdtContent>\
             </w:sdt>",
            paragraph("phrase of a controlled paragraph")
        ),
        format!(
            "<w:tbl><w:tblPr><w:tblCaption w:val=\"phrase of a table's caption\"/></w:tblPr><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>",
            paragraph("phrase of a cell")
        ),
        "</w:body>".to_owned(),
    ]
    .concat();
    let footnote = |element: &str, text: &str| format!("<w:{element} w:id=\"1\">{}</w:{element}>", paragraph(text));
    let comment = format!(
        "<w:comment w:id=\"1\" w:author=\"phrase of an author\">{}</w:comment>",
        paragraph("phrase of a comment")
    );
    let level = "<w:abstractNum><w:lvl w:ilvl=\"0\"><w:lvlText w:val=\"phrase of a number's text %1\"/></w:lvl></w:abstractNum>";
    let package = Package::default()
        .rel("", "rId1", "officeDocument", main)
        .xml(main, &format!("{word}.document.main"), &format!("w:document {MATH}"), &body)
        .rel(main, "rIdLink", "hyperlink", "https://example.org/phrase-of-a-target")
        .xml("word/header1.xml", &format!("{word}.header"), "w:hdr", &paragraph("phrase of a header"))
        .rel(main, "rId1", "header", "header1.xml")
        .xml("word/footer1.xml", &format!("{word}.footer"), "w:ftr", &paragraph("phrase of a footer"))
        .rel(main, "rId2", "footer", "footer1.xml")
        .xml(
            "word/footnotes.xml",
            &format!("{word}.footnotes"),
            "w:footnotes",
            &footnote("footnote", "phrase of a footnote"),
        )
        .rel(main, "rId3", "footnotes", "footnotes.xml")
        .xml(
            "word/endnotes.xml",
            &format!("{word}.endnotes"),
            "w:endnotes",
            &footnote("endnote", "phrase of an endnote"),
        )
        .rel(main, "rId4", "endnotes", "endnotes.xml")
        .xml("word/comments.xml", &format!("{word}.comments"), "w:comments", &comment)
        .rel(main, "rId5", "comments", "comments.xml")
        .xml("word/numbering.xml", &format!("{word}.numbering"), "w:numbering", level)
        .rel(main, "rId6", "numbering", "numbering.xml")
        .xml(
            "word/styles.xml",
            &format!("{word}.styles"),
            "w:styles",
            "<w:style w:styleId=\"a\"><w:name w:val=\"phrase of a style's name\"/></w:style>",
        )
        .rel(main, "rId7", "styles", "styles.xml")
        .xml(
            "word/settings.xml",
            &format!("{word}.settings"),
            "w:settings",
            "<w:docVars><w:docVar w:name=\"x\" w:val=\"phrase of a variable\"/></w:docVars>",
        )
        .rel(main, "rId8", "settings", "settings.xml")
        .xml(
            "word/glossary/document.xml",
            &format!("{word}.document.glossary"),
            "w:glossaryDocument",
            &format!(
                "<w:docParts><w:docPart><w:docPartBody>{}</w:docPartBody></w:docPart></w:docParts>",
                paragraph("phrase of a building block")
            ),
        )
        .rel(main, "rId9", "glossaryDocument", "glossary/document.xml")
        .rel(main, "rId10", "chart", "charts/chart1.xml")
        .rel(main, "rId11", "diagramData", "diagrams/data1.xml")
        .part("customXml/item1.xml", "application/xml", b"<item><note>phrase of custom XML</note></item>")
        .rel(main, "rId12", "customXml", "../customXml/item1.xml");
    property(diagram(chart(package, "word/charts/chart1.xml"), "word/diagrams/data1.xml"))
}

pub(super) fn workbook() -> Package {
    let main = "xl/workbook.xml";
    let sheet = "xl/worksheets/sheet1.xml";
    let excel = "spreadsheetml";
    let book = "<s:sheets><s:sheet name=\"Main\" sheetId=\"1\" r:id=\"rId1\"/><s:sheet name=\"Phrase of a sheet's name\" \
        sheetId=\"2\" state=\"hidden\" r:id=\"rId2\"/></s:sheets><s:definedNames><s:definedName name=\"phrase_of_a_defined_name\" \
        comment=\"phrase of a name's comment\">\"phrase of a name's formula\"</s:definedName></s:definedNames>";
    let cells = "<s:sheetData><s:row r=\"1\"><s:c r=\"A1\" t=\"s\"><s:v>0</s:v></s:c><s:c r=\"B1\" t=\"inlineStr\"><s:is><s:r><s:t>phrase \
        of an</s:t></s:r><s:r><s:t xml:space=\"preserve\"> inline string</s:t></s:r></s:is></s:c><s:c r=\"C1\" t=\"str\"><s:f>\"phrase of a \
        formula\"</s:f><s:v>phrase of a cached value</s:v></s:c></s:row><s:row r=\"2\" hidden=\"1\"><s:c r=\"A2\" t=\"str\"><s:v>phrase of \
        a hidden row</s:v></s:c></s:row></s:sheetData><s:conditionalFormatting sqref=\"A1:A9\"><s:cfRule type=\"containsText\">\
        <s:formula>SEARCH(\"phrase of a conditional format\",A1)</s:formula></s:cfRule></s:conditionalFormatting><s:dataValidations>\
        <s:dataValidation sqref=\"D4:D9\" prompt=\"phrase of a prompt\" error=\"phrase of an error\"><s:formula1>\"phrase of a \
        list,other\"</s:formula1></s:dataValidation></s:dataValidations><s:hyperlinks><s:hyperlink ref=\"A1\" r:id=\"rId1\" \
        tooltip=\"phrase of a tooltip\"/><s:hyperlink ref=\"B1\" location=\"phrase of a place\"/></s:hyperlinks><s:headerFooter>\
        <s:oddHeader>&amp;Lphrase of a page header</s:oddHeader></s:headerFooter><s:extLst><s:ext uri=\"{x}\"><x14:dataValidations>\
        <x14:dataValidation><x14:formula1><xm:f>\"phrase of a late list\"</xm:f></x14:formula1><xm:sqref>E5</xm:sqref>\
        </x14:dataValidation></x14:dataValidations></s:ext></s:extLst>";
    let late = "xmlns:x14=\"http://schemas.microsoft.com/office/spreadsheetml/2009/9/main\" \
        xmlns:xm=\"http://schemas.microsoft.com/office/excel/2006/main\"";
    let strings = "<s:si><s:r><s:t xml:space=\"preserve\">phrase of a shared &amp; </s:t></s:r><s:r><s:t>rich string</s:t></s:r>\
        <s:rPh sb=\"0\" eb=\"1\"><s:t>phrase of a reading</s:t></s:rPh></s:si><s:si><s:t>phrase of an orphan</s:t></s:si>";
    let formats = "<s:numFmts><s:numFmt numFmtId=\"164\" formatCode=\"0&quot; phrase of a format&quot;\"/>\
        <s:numFmt numFmtId=\"165\" formatCode=\"0&quot;PhraseOfAFormat&quot;\"/><s:numFmt numFmtId=\"166\" \
        formatCode=\"[$-409]d mmm yyyy\"/></s:numFmts>";
    let table = "<s:tableColumns><s:tableColumn id=\"1\" name=\"phrase of a heading\"><s:calculatedColumnFormula>\"phrase of a \
        column's formula\"</s:calculatedColumnFormula></s:tableColumn></s:tableColumns>";
    let drawing = format!(
        "<xdr:sp><xdr:nvSpPr><xdr:cNvPr id=\"2\" name=\"Box\" descr=\"phrase of an alternative text\"/></xdr:nvSpPr><xdr:txBody>{}\
         </xdr:txBody></xdr:sp><a:graphic r:id=\"rId1\"/>",
        drawn("phrase of a text box")
    );
    let drawn_on = "xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\"";
    let comments = "<s:authors><s:author>phrase of an author</s:author></s:authors><s:commentList><s:comment ref=\"B2\">\
        <s:text><s:r><s:t>phrase of a </s:t></s:r><s:r><s:t>comment</s:t></s:r></s:text></s:comment></s:commentList>";
    let thread = "<tc:threadedComment ref=\"B3\"><tc:text>phrase of a thread</tc:text></tc:threadedComment>";
    let threads = "xmlns:tc=\"http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments\"";
    let second = "<s:sheetData><s:row r=\"1\"><s:c r=\"A1\" t=\"str\"><s:v>phrase of a hidden sheet</s:v></s:c></s:row></s:sheetData>";
    let vendor = "http://schemas.microsoft.com/office/2017/10/relationships";
    let package = Package::default()
        .rel("", "rId1", "officeDocument", main)
        .xml(main, &format!("{excel}.sheet.main"), "s:workbook", book)
        .xml(sheet, &format!("{excel}.worksheet"), &format!("s:worksheet {late}"), cells)
        .rel(main, "rId1", "worksheet", "worksheets/sheet1.xml")
        .rel(sheet, "rId1", "hyperlink", "https://example.org/phrase-of-a-target")
        .xml("xl/worksheets/sheet2.xml", &format!("{excel}.worksheet"), "s:worksheet", second)
        .rel(main, "rId2", "worksheet", "worksheets/sheet2.xml")
        .xml("xl/sharedStrings.xml", &format!("{excel}.sharedStrings"), "s:sst", strings)
        .rel(main, "rId3", "sharedStrings", "sharedStrings.xml")
        .xml("xl/styles.xml", &format!("{excel}.styles"), "s:styleSheet", formats)
        .rel(main, "rId4", "styles", "styles.xml")
        .xml("xl/tables/table1.xml", &format!("{excel}.table"), "s:table displayName=\"PhraseTable\" ref=\"A5:A9\"", table)
        .rel(sheet, "rId2", "table", "../tables/table1.xml")
        .xml("xl/drawings/drawing1.xml", "drawing", &format!("xdr:wsDr {drawn_on}"), &drawing)
        .rel(sheet, "rId3", "drawing", "../drawings/drawing1.xml")
        .rel("xl/drawings/drawing1.xml", "rId1", "chart", "../charts/chart1.xml")
        .xml("xl/comments1.xml", &format!("{excel}.comments"), "s:comments", comments)
        .rel(sheet, "rId4", "comments", "../comments1.xml")
        .xml("xl/threadedComments/t1.xml", "application/vnd.ms-excel.threadedcomments+xml", &format!("tc:ThreadedComments {threads}"), thread)
        .rel(sheet, "rId5", &format!("{vendor}/threadedComment"), "../threadedComments/t1.xml")
        .xml(
            "xl/pivotCache/pivotCacheDefinition1.xml",
            &format!("{excel}.pivotCacheDefinition"),
            "s:pivotCacheDefinition",
            "<s:cacheFields><s:cacheField name=\"a\"><s:sharedItems><s:s v=\"phrase of a pivot item\"/></s:sharedItems></s:cacheField>\
             </s:cacheFields>",
        )
        .rel(main, "rId5", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml")
        .xml(
            "xl/externalLinks/externalLink1.xml",
            &format!("{excel}.externalLink"),
            "s:externalLink",
            "<s:externalBook><s:sheetDataSet><s:sheetData sheetId=\"0\"><s:row r=\"1\"><s:cell r=\"A1\" t=\"str\"><s:v>phrase of a \
             foreign cell</s:v></s:cell></s:row></s:sheetData></s:sheetDataSet></s:externalBook>",
        )
        .rel(main, "rId6", "externalLink", "externalLinks/externalLink1.xml")
        .xml(
            "xl/connections.xml",
            &format!("{excel}.connections"),
            "s:connections",
            "<s:connection id=\"1\" name=\"q\"><s:dbPr connection=\"c\" command=\"phrase of a query\"/></s:connection>",
        )
        .rel(main, "rId7", "connections", "connections.xml");
    property(chart(package, "xl/charts/chart1.xml"))
}

pub(super) fn presentation() -> Package {
    let main = "ppt/presentation.xml";
    let slide = "ppt/slides/slide1.xml";
    let point = "presentationml";
    let show = "<p:sldIdLst><p:sldId id=\"256\" r:id=\"rId1\"/><p:sldId id=\"257\" r:id=\"rId2\"/></p:sldIdLst><p:custShowLst>\
        <p:custShow name=\"phrase of a custom show\" id=\"0\"/></p:custShowLst><p:extLst><p:ext uri=\"{s}\"><p14:sectionLst>\
        <p14:section name=\"phrase of a section\"/></p14:sectionLst></p:ext></p:extLst>";
    let table = format!(
        "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"4\" name=\"Table 4\"/></p:nvGraphicFramePr><a:tbl><a:tr><a:tc><a:txBody>{}\
         <a:p><a:fld id=\"1\" type=\"slidenum\"><a:t>phrase of a field</a:t></a:fld></a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>",
        drawn("phrase of a cell")
    );
    let shapes = [
        "<p:cSld name=\"phrase of a slide's name\"><p:spTree>".to_owned(),
        shape("Title 1", "", "phrase of </a:t></a:r><a:r><a:t>split words"),
        shape("Hidden 2", "hidden=\"1\"", "phrase of a hidden shape"),
        "<p:pic><p:nvPicPr><p:cNvPr id=\"3\" name=\"Picture 3\" descr=\"phrase of an alternative text\"><a:hlinkClick \
         r:id=\"rId1\" tooltip=\"phrase of a tooltip\"/></p:cNvPr></p:nvPicPr></p:pic>"
            .to_owned(),
        table,
        format!(
            "<mc:AlternateContent><mc:Choice Requires=\"p14\">{}</mc:Choice><mc:Fallback>{}{}</mc:Fallback></mc:AlternateContent>",
            shape("Choice 5", "", "phrase of both branches"),
            shape("Choice 5", "", "phrase of both branches"),
            shape("Fallback 6", "", "phrase of the fallback")
        ),
        "</p:spTree></p:cSld>".to_owned(),
    ]
    .concat();
    let tree = |inner: String| format!("<p:cSld><p:spTree>{inner}</p:spTree></p:cSld>");
    let modern = format!("<p188:cm><p188:txBody>{}</p188:txBody></p188:cm>", drawn("phrase of a modern comment"));
    let threads = "xmlns:p188=\"http://schemas.microsoft.com/office/powerpoint/2018/8/main\"";
    let vendor = "http://schemas.microsoft.com/office/2018/10/relationships";
    let layout = "ppt/slideLayouts/slideLayout1.xml";
    let package = Package::default()
        .rel("", "rId1", "officeDocument", main)
        .xml(main, &format!("{point}.presentation.main"), "p:presentation", show)
        .xml(slide, &format!("{point}.slide"), "p:sld", &shapes)
        .rel(main, "rId1", "slide", "slides/slide1.xml")
        .rel(slide, "rId1", "hyperlink", "https://example.org/phrase-of-a-target")
        .xml(
            "ppt/slides/slide2.xml",
            &format!("{point}.slide"),
            "p:sld show=\"0\"",
            &tree(shape("Title 1", "", "phrase of a hidden slide")),
        )
        .rel(main, "rId2", "slide", "slides/slide2.xml")
        .xml(
            "ppt/notesSlides/notesSlide1.xml",
            &format!("{point}.notesSlide"),
            "p:notes",
            &tree(shape("Notes 1", "", "phrase of notes")),
        )
        .rel(slide, "rId2", "notesSlide", "../notesSlides/notesSlide1.xml")
        .rel(slide, "rId3", "chart", "../charts/chart1.xml")
        .rel(slide, "rId4", "diagramData", "../diagrams/data1.xml")
        .xml(
            "ppt/comments/comment1.xml",
            &format!("{point}.comments"),
            "p:cmLst",
            "<p:cm authorId=\"0\"><p:text>phrase of a comment</p:text></p:cm>",
        )
        .rel(slide, "rId5", "comments", "../comments/comment1.xml")
        .xml(
            "ppt/comments/modern1.xml",
            "application/vnd.ms-powerpoint.comments+xml",
            &format!("p188:cmLst {threads}"),
            &modern,
        )
        .rel(slide, "rId6", &format!("{vendor}/comments"), "../comments/modern1.xml")
        .xml(layout, &format!("{point}.slideLayout"), "p:sldLayout", &tree(shape("Title 1", "", "phrase of a layout")))
        .rel(slide, "rId7", "slideLayout", "../slideLayouts/slideLayout1.xml")
        .xml(
            "ppt/slideMasters/slideMaster1.xml",
            &format!("{point}.slideMaster"),
            "p:sldMaster",
            &tree(shape("Title 1", "", "phrase of a master")),
        )
        .rel(layout, "rId1", "slideMaster", "../slideMasters/slideMaster1.xml")
        .xml(
            "ppt/commentAuthors.xml",
            &format!("{point}.commentAuthors"),
            "p:cmAuthorLst",
            "<p:cmAuthor id=\"0\" name=\"phrase of an author\"/>",
        )
        .rel(main, "rId3", "commentAuthors", "commentAuthors.xml")
        .xml("ppt/tags/tag1.xml", &format!("{point}.tags"), "p:tagLst", "<p:tag name=\"x\" val=\"phrase of a tag\"/>")
        .rel(main, "rId4", "tags", "tags/tag1.xml");
    property(diagram(chart(package, "ppt/charts/chart1.xml"), "ppt/diagrams/data1.xml"))
}
