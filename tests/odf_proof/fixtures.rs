//! OpenDocument files written by hand.

use std::fmt::Write as _;

use zip::DateTime;

#[path = "../support/containers.rs"]
mod containers;

pub use containers::{png, zip as write_zip};

/// Every namespace that the fixtures use, as a root element declares them.
pub const NAMESPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
    xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
    xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
    xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" \
    xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" \
    xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" \
    xmlns:presentation=\"urn:oasis:names:tc:opendocument:xmlns:presentation:1.0\" \
    xmlns:chart=\"urn:oasis:names:tc:opendocument:xmlns:chart:1.0\" \
    xmlns:form=\"urn:oasis:names:tc:opendocument:xmlns:form:1.0\" \
    xmlns:script=\"urn:oasis:names:tc:opendocument:xmlns:script:1.0\" \
    xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" \
    xmlns:config=\"urn:oasis:names:tc:opendocument:xmlns:config:1.0\" \
    xmlns:of=\"urn:oasis:names:tc:opendocument:xmlns:of:1.2\" xmlns:ooo=\"http://openoffice.org/2004/office\" \
    xmlns:officeooo=\"http://openoffice.org/2009/office\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
    xmlns:dc=\"http://purl.org/dc/elements/1.1/\"";

pub const TEXT: &str = "application/vnd.oasis.opendocument.text";
pub const SHEET: &str = "application/vnd.oasis.opendocument.spreadsheet";
pub const SHOW: &str = "application/vnd.oasis.opendocument.presentation";

/// A package as a list of members, the type first; the manifest is made when it is written.
#[derive(Clone)]
pub struct Package {
    pub members: Vec<(String, Vec<u8>)>,
    manifest_more: String,
    manifest_without: String,
}

impl Package {
    pub fn new(kind: &str) -> Self {
        let members = vec![("mimetype".to_owned(), kind.as_bytes().to_vec())];
        Self { members, manifest_more: String::new(), manifest_without: String::new() }
    }

    pub fn member(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.members.push((name.to_owned(), bytes.into()));
        self
    }

    /// Replaces text in a member, everywhere.
    pub fn replace(mut self, name: &str, from: &str, to: &str) -> Self {
        let member = self.members.iter_mut().find(|(member, _)| member == name).expect("member");
        let text = String::from_utf8(member.1.clone()).expect("text");
        assert!(text.contains(from), "{name} does not contain {from}");
        member.1 = text.replace(from, to).into_bytes();
        self
    }

    /// Replaces the bytes of a member.
    pub fn swap(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.members.iter_mut().find(|(member, _)| member == name).expect("member").1 = bytes.into();
        self
    }

    /// Takes a member out.
    pub fn drop(mut self, name: &str) -> Self {
        self.members.retain(|(member, _)| member != name);
        self
    }

    /// Leaves a member out of the manifest.
    pub fn unlisted(mut self, name: &str) -> Self {
        name.clone_into(&mut self.manifest_without);
        self
    }

    /// Writes more into the manifest.
    pub fn listed(mut self, xml: &str) -> Self {
        self.manifest_more.push_str(xml);
        self
    }

    /// All members, the manifest included.
    pub fn all_members(&self) -> Vec<(String, Vec<u8>)> {
        let kind = self.members.first().map(|(_, bytes)| String::from_utf8_lossy(bytes)).expect("type");
        let mut manifest = format!(
            "<m:manifest xmlns:m=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" m:version=\"1.3\">\
             <m:file-entry m:full-path=\"/\" m:media-type=\"{kind}\"/>"
        );
        for (name, _) in self.members.iter().filter(|(name, _)| *name != "mimetype" && *name != self.manifest_without) {
            let kind = if name.ends_with(".xml") { "text/xml" } else { "" };
            write!(manifest, "<m:file-entry m:full-path=\"{name}\" m:media-type=\"{kind}\"/>").expect("string");
        }
        manifest += &self.manifest_more;
        manifest += "</m:manifest>";
        let mut members = self.members.clone();
        members.push(("META-INF/manifest.xml".to_owned(), manifest.into_bytes()));
        members
    }

    /// The package as bytes, dated 1980-01-01.
    pub fn write(&self) -> Vec<u8> {
        write_zip(&self.all_members(), Some("mimetype"), DateTime::default(), "")
    }
}

/// A PNG that says who made it, before its last chunk.
pub fn png_by_jane(grey: u8) -> Vec<u8> {
    let plain = png(grey);
    let data = b"Author\0Jane Roe";
    let mut chunk = Vec::from([0, 0, 0, 15]);
    chunk.extend(b"tEXt");
    chunk.extend(data);
    chunk.extend(crc(&[b"tEXt", data.as_slice()].concat()).to_be_bytes());
    let (head, end) = plain.split_at(plain.len() - 12);
    [head, &chunk, end].concat()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

pub fn content(styles: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content {NAMESPACES} office:version=\"1.3\"><office:scripts/>\
         <office:automatic-styles>{styles}</office:automatic-styles><office:body>{body}</office:body></office:document-content>"
    )
}

pub fn styles(masters: &str) -> String {
    format!(
        "<office:document-styles {NAMESPACES} office:version=\"1.3\"><office:styles>\
         <style:style style:name=\"Standard\" style:family=\"paragraph\"><style:text-properties fo:font-size=\"12pt\"/></style:style>\
         </office:styles><office:automatic-styles><style:page-layout style:name=\"pm1\"><style:page-layout-properties \
         fo:page-width=\"21cm\"/></style:page-layout></office:automatic-styles>\
         <office:master-styles>{masters}</office:master-styles></office:document-styles>"
    )
}

pub fn meta(inner: &str) -> String {
    format!("<office:document-meta {NAMESPACES}><office:meta>{inner}</office:meta></office:document-meta>")
}

pub fn settings(items: &str) -> String {
    format!(
        "<office:document-settings {NAMESPACES}><office:settings>{items}</office:settings></office:document-settings>"
    )
}

const KEPT_SETTING: &str = "<config:config-item-set config:name=\"ooo:configuration-settings\">\
    <config:config-item config:name=\"TabOverflow\" config:type=\"boolean\">true</config:config-item>";

const HEAD: &str =
    "<style:master-page style:name=\"Standard\" style:page-layout-name=\"pm1\"><style:header><text:p>Head";

/// A text with everything that must go.
pub fn text_original() -> Package {
    let body = "<office:text><text:tracked-changes><text:changed-region xml:id=\"ct1\"><text:deletion><office:change-info>\
         <dc:creator>Jane Roe</dc:creator><dc:date>2024-01-01T00:00:00</dc:date></office:change-info><text:p>gone</text:p>\
         </text:deletion></text:changed-region></text:tracked-changes><text:sequence-decls/>\
         <text:p text:style-name=\"P1\">Hello <text:change-start text:change-id=\"ct2\"/>wor<text:change-end text:change-id=\"ct2\"/>ld\
         <text:change text:change-id=\"ct1\"/><office:annotation office:name=\"1\"><dc:creator>Jane Roe</dc:creator><text:p>is this right?</text:p>\
         </office:annotation> again<office:annotation-end office:name=\"1\"/></text:p>\
         <text:p>by <text:author-name text:fixed=\"false\">J. R.</text:author-name>, <text:a xlink:href=\"file:///C:/Users/jane/x.odt\">plan</text:a>, \
         <text:a xlink:href=\"https://example.org/a\">page</text:a><text:hidden-text text:condition=\"1\" text:string-value=\"unseen\" text:is-hidden=\"true\"/>\
         <text:bookmark text:name=\"here\"/><text:s text:c=\"2\"/><text:page-number>1</text:page-number>\
         <text:note text:id=\"ftn1\" text:note-class=\"footnote\"><text:note-citation>1</text:note-citation><text:note-body><text:p>foot</text:p></text:note-body></text:note></text:p>\
         <text:p><draw:frame draw:name=\"C:\\Users\\jane\\boat.png\" svg:width=\"2cm\"><draw:image xlink:href=\"Pictures/a.png\" xlink:type=\"simple\"/>\
         <svg:desc>a boat</svg:desc></draw:frame><draw:frame draw:name=\"Object1\"><draw:object xlink:href=\"./Object 1\"/>\
         <draw:image xlink:href=\"./ObjectReplacements/Object 1\"/></draw:frame></text:p>\
         <text:section text:name=\"S\" text:protected=\"true\" text:protection-key=\"c2VjcmV0\"><text:p><text:span text:style-name=\"T1\">bold</text:span></text:p></text:section></office:text>";
    let automatic = "<style:style style:name=\"P1\" style:family=\"paragraph\"><style:text-properties officeooo:rsid=\"00012345\"/></style:style>\
         <style:style style:name=\"T1\" style:family=\"text\"><style:text-properties fo:font-weight=\"bold\" officeooo:rsid=\"0001\"/></style:style>";
    let more = format!(
        "<config:config-item-set config:name=\"ooo:view-settings\"><config:config-item config:name=\"ViewAreaTop\" config:type=\"long\">0</config:config-item>\
         </config:config-item-set>{KEPT_SETTING}<config:config-item config:name=\"PrinterName\" config:type=\"string\">Room 3</config:config-item>\
         <config:config-item config:name=\"Rsid\" config:type=\"int\">74565</config:config-item></config:config-item-set>"
    );
    Package::new(TEXT)
        .member("content.xml", content(automatic, body))
        .member("styles.xml", styles(&format!("{HEAD}<office:annotation><text:p>in the head</text:p></office:annotation></text:p></style:header></style:master-page>")))
        .member("meta.xml", meta("<meta:generator>LibreOffice/7.4.2.3$Linux_X86_64 LibreOffice_project/382eef1f22670f7f4118c8c2dd222ec7ad009daf</meta:generator><dc:creator>Jane Roe</dc:creator>"))
        .member("settings.xml", settings(&more))
        .member("Pictures/a.png", png_by_jane(7))
        .member("Object 1/content.xml", chart("Sales"))
        .member("Object 1/styles.xml", "")
        .member("ObjectReplacements/Object 1", &b"VCLMTF\0\x01\0preview"[..])
        .member("Thumbnails/thumbnail.png", png(1))
        .member("manifest.rdf", "<rdf/>")
}

fn chart(title: &str) -> String {
    content(
        "",
        &format!(
            "<office:chart><chart:chart chart:class=\"chart:bar\"><chart:title><text:p>{title}</text:p></chart:title></chart:chart></office:chart>"
        ),
    )
}

/// The same text as a cleaner should leave it.
pub fn text_copy() -> Package {
    let body = "<office:text><text:sequence-decls/><text:p text:style-name=\"P1\">Hello world again</text:p>\
         <text:p>by J. R., plan, <text:a xlink:href=\"https://example.org/a\">page</text:a>\
         <text:bookmark text:name=\"here\"/><text:s text:c=\"2\"/><text:page-number>1</text:page-number>\
         <text:note text:note-class=\"footnote\"><text:note-citation>1</text:note-citation><text:note-body><text:p>foot</text:p></text:note-body></text:note></text:p>\
         <text:p><draw:frame svg:width=\"2cm\"><draw:image xlink:href=\"Pictures/a.png\" xlink:type=\"simple\"/>\
         <svg:desc>a boat</svg:desc></draw:frame><draw:frame draw:name=\"Object1\"><draw:object xlink:href=\"./Object 1\"/></draw:frame></text:p>\
         <text:section text:name=\"S\"><text:p><text:span text:style-name=\"T1\">bold</text:span></text:p></text:section></office:text>";
    let automatic = "<style:style style:name=\"P1\" style:family=\"paragraph\"><style:text-properties/></style:style>\
         <style:style style:name=\"T1\" style:family=\"text\"><style:text-properties fo:font-weight=\"bold\"/></style:style>";
    Package::new(TEXT)
        .member("content.xml", content(automatic, body))
        .member("styles.xml", styles(&format!("{HEAD}</text:p></style:header></style:master-page>")))
        .member("meta.xml", meta("<meta:generator>LibreOffice/7.4</meta:generator>"))
        .member("settings.xml", settings(&format!("{KEPT_SETTING}</config:config-item-set>")))
        .member("Pictures/a.png", png(7))
        .member("Object 1/content.xml", chart("Sales"))
        .listed("<m:file-entry m:full-path=\"Object 1/\" m:media-type=\"application/vnd.oasis.opendocument.chart\"/>")
}

/// A workbook of two sheets, the second hidden, and one more row hidden.
pub fn workbook() -> Package {
    let automatic = "<style:style style:name=\"ta1\" style:family=\"table\"><style:table-properties table:display=\"true\"/></style:style>\
         <style:style style:name=\"ta2\" style:family=\"table\"><style:table-properties table:display=\"false\"/></style:style>";
    let body = "<office:spreadsheet><table:content-validations><table:content-validation table:name=\"val1\" \
         table:condition=\"of:cell-content-is-in-list(&quot;red&quot;;&quot;green&quot;)\"><table:help-message table:title=\"Pick\"><text:p>choose one</text:p>\
         </table:help-message></table:content-validation></table:content-validations>\
         <table:table table:name=\"Main\" table:style-name=\"ta1\"><table:table-column table:number-columns-repeated=\"2\"/>\
         <table:table-column table:visibility=\"collapse\"/><table:table-column table:number-columns-repeated=\"16381\"/>\
         <table:table-row><table:table-cell office:value-type=\"string\"><text:p>Rich <text:span>text</text:span></text:p><text:p>two lines</text:p></table:table-cell>\
         <table:table-cell table:formula=\"of:=[.A2]*2\" office:value-type=\"float\" office:value=\"84\"><text:p>84.00</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"string\"><text:p>in hidden column</text:p></table:table-cell></table:table-row>\
         <table:table-row table:visibility=\"collapse\"><table:table-cell office:value-type=\"float\" office:value=\"42\"><text:p>42</text:p></table:table-cell></table:table-row>\
         <table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"2\"/></table:table-row>\
         <table:table-row><table:table-cell table:number-columns-repeated=\"27\"/><table:table-cell table:content-validation-name=\"val1\" office:value-type=\"string\"><text:p>far</text:p></table:table-cell></table:table-row>\
         </table:table><table:table table:name=\"Back\" table:style-name=\"ta2\"><table:table-row><table:table-cell office:value-type=\"string\"><text:p>behind</text:p></table:table-cell></table:table-row></table:table>\
         <table:named-expressions><table:named-range table:name=\"rate\" table:cell-range-address=\"$Main.$A$1\"/></table:named-expressions></office:spreadsheet>";
    Package::new(SHEET).member("content.xml", content(automatic, body)).member("styles.xml", styles(""))
}

/// A presentation of two slides, the second hidden, without notes.
pub fn presentation() -> Package {
    let automatic = "<style:style style:name=\"dp2\" style:family=\"drawing-page\"><style:drawing-page-properties presentation:visibility=\"hidden\"/></style:style>";
    let slide = |name: &str, style: &str, text: &str| {
        format!(
            "<draw:page draw:name=\"{name}\" draw:style-name=\"{style}\"><draw:frame draw:name=\"Title 1\"><draw:text-box><text:p>{text}</text:p>\
             <text:p>slide</text:p></draw:text-box><svg:title>a title of it</svg:title></draw:frame></draw:page>"
        )
    };
    let body = format!(
        "<office:presentation>{}{}</office:presentation>",
        slide("page1", "dp1", "First"),
        slide("page2", "dp2", "Second")
    );
    Package::new(SHOW).member("content.xml", content(automatic, &body)).member("styles.xml", styles(""))
}

/// The presentation with notes of the speaker on both slides.
pub fn presentation_with_notes() -> Package {
    presentation().replace(
        "content.xml",
        "</draw:page>",
        "<presentation:notes><draw:frame><draw:text-box><text:p>say this</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>",
    )
}

/// A text as flat XML; `head` stands before its body.
pub fn flat(head: &str, body: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document {NAMESPACES} office:version=\"1.3\" office:mimetype=\"{TEXT}\">{head}\
         <office:body><office:text>{body}</office:text></office:body></office:document>"
    )
    .into_bytes()
}
