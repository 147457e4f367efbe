//! Office packages: containers that inflate without end, and XML that nests, repeats and refers without end.

use super::{Bomb, Outcome, checksum, inflating};

#[path = "../../support/containers.rs"]
mod containers;

/// A member of a package.
type Member = (String, Vec<u8>);

pub(super) fn bombs() -> Vec<Bomb> {
    let damaged = Outcome::Refused("damaged");
    vec![
        Bomb { name: "inflates.docx", build: inflating_docx, outcome: Outcome::Limit("xml-bytes") },
        Bomb { name: "lies.docx", build: lying_docx, outcome: damaged },
        Bomb { name: "nested.docx", build: nested, outcome: Outcome::Limit("nesting-depth") },
        Bomb { name: "members.docx", build: members, outcome: Outcome::Limit("archive-members") },
        Bomb { name: "overlapping.docx", build: overlapping, outcome: damaged },
        Bomb { name: "deep.docx", build: || docx(&"<w:p>".repeat(100_000)), outcome: Outcome::Limit("xml-depth") },
        Bomb { name: "attributes.docx", build: attributes, outcome: Outcome::Limit("xml-attributes") },
        Bomb {
            name: "name.docx",
            build: || docx(&format!("<w:{}/>", "a".repeat(50 << 20))),
            outcome: Outcome::Limit("xml-name-bytes"),
        },
        Bomb { name: "declarations.docx", build: declarations, outcome: damaged },
        Bomb { name: "laughs.docx", build: || typed_docx(&laughs("w:document"), "&l9;"), outcome: damaged },
        Bomb {
            name: "quadratic.docx",
            build: || typed_docx(&quadratic("w:document"), &"&a;".repeat(50_000)),
            outcome: damaged,
        },
        Bomb { name: "external.docx", build: || typed_docx(&external("w:document"), "&file;"), outcome: damaged },
        Bomb { name: "sheets.xlsx", build: || sheets(1_000_000), outcome: Outcome::Limit("sheets") },
        Bomb { name: "repeats.ods", build: || odf(&cells()), outcome: Outcome::Harmless },
        Bomb { name: "repeats.fods", build: || flat(&cells(), ""), outcome: Outcome::Harmless },
        Bomb {
            name: "deep.ods",
            build: || odf(&"<table:table>".repeat(100_000)),
            outcome: Outcome::Limit("xml-depth"),
        },
        Bomb { name: "attributes.ods", build: odf_attributes, outcome: Outcome::Limit("xml-attributes") },
        Bomb { name: "laughs.ods", build: || typed_odf("&l9;", &laughs("office:document-content")), outcome: damaged },
        Bomb {
            name: "quadratic.ods",
            build: || typed_odf(&"&a;".repeat(50_000), &quadratic("office:document-content")),
            outcome: damaged,
        },
        Bomb {
            name: "external.ods",
            build: || typed_odf("&file;", &external("office:document-content")),
            outcome: damaged,
        },
        Bomb { name: "laughs.fods", build: || flat("&l9;", &laughs("office:document")), outcome: damaged },
        Bomb {
            name: "quadratic.fods",
            build: || flat(&"&a;".repeat(50_000), &quadratic("office:document")),
            outcome: Outcome::Refused("unsupported"),
        },
        Bomb { name: "external.fods", build: || flat("&file;", &external("office:document")), outcome: damaged },
    ]
}

/// A billion laughs and a file of the system, as a document type.
pub(super) fn laughs(root: &str) -> String {
    let mut entities = "<!ENTITY file SYSTEM \"file:///etc/passwd\"><!ENTITY l0 \"lol\">".to_owned();
    for level in 1..10 {
        let ten = format!("&l{};", level - 1).repeat(10);
        entities += &format!("<!ENTITY l{level} \"{ten}\">");
    }
    format!("<!DOCTYPE {root} [{entities}]>")
}

fn quadratic(root: &str) -> String {
    format!("<!DOCTYPE {root} [<!ENTITY a \"{}\">]>", "a".repeat(50_000))
}

fn external(root: &str) -> String {
    format!("<!DOCTYPE {root} [<!ENTITY file SYSTEM \"file:///etc/passwd\">]>")
}

const MAIN: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

fn zip(members: &[Member]) -> Vec<u8> {
    containers::zip(members, Some("mimetype"), zip::DateTime::default(), "")
}

/// All of a document but its main part.
fn around(main: &str, kind: &str) -> Vec<Member> {
    let types = format!(
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"docx\" \
         ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document\"/><Default \
         Extension=\"xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>\
         <Override PartName=\"/{main}\" ContentType=\"{kind}\"/></Types>"
    );
    let root = format!(
        "<Relationships xmlns=\"{RELATIONSHIPS}\"><Relationship Id=\"a\" Type=\"{OFFICE}/officeDocument\" \
         Target=\"{main}\"/></Relationships>"
    );
    vec![("[Content_Types].xml".into(), types.into()), ("_rels/.rels".into(), root.into())]
}

fn document(content: &str, before: &str) -> Vec<u8> {
    format!("{before}<w:document xmlns:w=\"{WORD}\" xmlns:r=\"{OFFICE}\"><w:body>{content}</w:body></w:document>")
        .into()
}

fn typed_docx(before: &str, text: &str) -> Vec<u8> {
    let mut members = around("word/document.xml", MAIN);
    members.push(("word/document.xml".into(), document(&format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"), before)));
    zip(&members)
}

pub fn docx(content: &str) -> Vec<u8> {
    let mut members = around("word/document.xml", MAIN);
    members.push(("word/document.xml".into(), document(content, "")));
    zip(&members)
}

fn attributes() -> Vec<u8> {
    let many: String = (0..300_000).map(|number| format!(" w:a{number}=\"\"")).collect();
    docx(&format!("<w:p{many}/>"))
}

/// Every element declares namespaces for those that lie in it, and there are many without any.
fn declarations() -> Vec<u8> {
    let many = |level: usize| (0..500).map(|at| format!(" xmlns:n{level}x{at}=\"urn:a\"")).collect::<String>();
    let open: String = (0..100).map(|level| format!("<w:p{}>", many(level))).collect();
    docx(&format!("{open}{}{}", "<w:r/>".repeat(1_000_000), "</w:p>".repeat(100)))
}

/// Documents in documents in documents, four of them in each.
fn nested() -> Vec<u8> {
    let mut inner = docx("<w:p/>");
    for _ in 0..8 {
        let mut members = around("word/document.xml", MAIN);
        let objects: String =
            (0..4).map(|number| format!("<w:p><w:r><w:object r:id=\"o{number}\"/></w:r></w:p>")).collect();
        members.push(("word/document.xml".into(), document(&objects, "")));
        let relationships: String = (0..4)
            .map(|at| format!("<Relationship Id=\"o{at}\" Type=\"{OFFICE}/package\" Target=\"embeddings/{at}.docx\"/>"))
            .collect();
        let relationships = format!("<Relationships xmlns=\"{RELATIONSHIPS}\">{relationships}</Relationships>");
        members.push(("word/_rels/document.xml.rels".into(), relationships.into()));
        members.extend((0..4).map(|at| (format!("word/embeddings/{at}.docx"), inner.clone())));
        inner = zip(&members);
    }
    inner
}

fn members() -> Vec<u8> {
    let mut members = around("word/document.xml", MAIN);
    members.push(("word/document.xml".into(), document("<w:p/>", "")));
    members.extend((0..60_000).map(|number| (format!("a{number}"), Vec::new())));
    zip(&members)
}

/// A workbook with so many sheets, all of them the same empty part.
pub fn sheets(count: u32) -> Vec<u8> {
    let main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
    let excel = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let mut members = around("xl/workbook.xml", main);
    let list: String = (1..=count).map(|at| format!("<sheet name=\"{at}\" sheetId=\"{at}\" r:id=\"a\"/>")).collect();
    let book = format!("<workbook xmlns=\"{excel}\" xmlns:r=\"{OFFICE}\"><sheets>{list}</sheets></workbook>");
    members.push(("xl/workbook.xml".into(), book.into()));
    let relationships = format!(
        "<Relationships xmlns=\"{RELATIONSHIPS}\"><Relationship Id=\"a\" Type=\"{OFFICE}/worksheet\" \
         Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    members.push(("xl/_rels/workbook.xml.rels".into(), relationships.into()));
    let sheet = format!("<worksheet xmlns=\"{excel}\"><sheetData/></worksheet>");
    members.push(("xl/worksheets/sheet1.xml".into(), sheet.into()));
    zip(&members)
}

/// A table with 10⁹ rows of 10⁹ cells, as runs.
fn cells() -> String {
    "<table:table table:name=\"a\"><table:table-row table:number-rows-repeated=\"1000000000\"><table:table-cell \
     table:number-columns-repeated=\"1000000000\" office:value-type=\"string\"><text:p>a</text:p></table:table-cell>\
     </table:table-row></table:table>"
        .to_owned()
}

const ODF: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
    xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.3\"";
const SPREADSHEET: &str = "application/vnd.oasis.opendocument.spreadsheet";

fn odf(content: &str) -> Vec<u8> {
    typed_odf(content, "")
}

fn typed_odf(content: &str, before: &str) -> Vec<u8> {
    let content = format!(
        "{before}<office:document-content {ODF}><office:body><office:spreadsheet>{content}</office:spreadsheet></office:body>\
         </office:document-content>"
    );
    let manifest = format!(
        "<m:manifest xmlns:m=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" m:version=\"1.3\"><m:file-entry \
         m:full-path=\"/\" m:media-type=\"{SPREADSHEET}\"/><m:file-entry m:full-path=\"content.xml\" \
         m:media-type=\"text/xml\"/></m:manifest>"
    );
    zip(&[
        ("mimetype".into(), SPREADSHEET.into()),
        ("content.xml".into(), content.into()),
        ("META-INF/manifest.xml".into(), manifest.into()),
    ])
}

fn odf_attributes() -> Vec<u8> {
    let many: String = (0..300_000).map(|number| format!(" table:a{number}=\"\"")).collect();
    odf(&format!("<table:table{many}/>"))
}

fn flat(content: &str, before: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\"?>{before}<office:document {ODF} office:mimetype=\"{SPREADSHEET}\"><office:body>\
         <office:spreadsheet>{content}</office:spreadsheet></office:body></office:document>"
    )
    .into()
}

/// A member that is written by hand: its deflated data, checksum and size.
struct Packed {
    name: &'static str,
    data: Vec<u8>,
    checksum: u32,
    size: u32,
}

/// The container with further members; each has its own local header.
fn with_packed(members: &[Member], packed: &[Packed]) -> Vec<u8> {
    let mut file = zip(members);
    let end = file.len() - 22;
    let start = u32::from_le_bytes(file[end + 16..end + 20].try_into().unwrap()) as usize;
    let mut directory = file[start..end].to_vec();
    file.truncate(start);
    for member in packed {
        let mut head = vec![20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0];
        head.extend(member.checksum.to_le_bytes());
        head.extend((member.data.len() as u32).to_le_bytes());
        head.extend(member.size.to_le_bytes());
        head.extend((member.name.len() as u16).to_le_bytes());
        head.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&head);
        directory.extend([0; 10]);
        directory.extend((file.len() as u32).to_le_bytes());
        directory.extend(member.name.bytes());
        file.extend(b"PK\x03\x04");
        file.extend(head);
        file.extend(member.name.bytes());
        file.extend(&member.data);
    }
    let start = file.len() as u32;
    let count = ((members.len() + packed.len()) as u16).to_le_bytes();
    let size = (directory.len() as u32).to_le_bytes();
    file.extend(directory);
    file.extend([b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count, &size, &start.to_le_bytes(), &[0, 0]].concat());
    file
}

fn white_space(mebibytes: usize, size: u32) -> Vec<u8> {
    let packed = Packed {
        name: "word/document.xml",
        data: inflating(b' ', mebibytes),
        checksum: checksum(b' ', mebibytes),
        size,
    };
    with_packed(&around("word/document.xml", MAIN), &[packed])
}

/// Three gigabytes of white space.
fn inflating_docx() -> Vec<u8> {
    white_space(3_000, 3_000 << 20)
}

/// Three gigabytes that say to be a thousand bytes.
fn lying_docx() -> Vec<u8> {
    white_space(3_000, 1_000)
}

/// Members that lie in each other: all of them are the one at the end of the file.
fn overlapping() -> Vec<u8> {
    let mut file = docx("<w:p/>");
    let end = file.len() - 22;
    let start = u32::from_le_bytes(file[end + 16..end + 20].try_into().unwrap()) as usize;
    // The second entry of the directory is moved into the first member, behind its local header.
    let second = start + 46 + "[Content_Types].xml".len();
    file[second + 42..second + 46].copy_from_slice(&8_u32.to_le_bytes());
    let local = b"PK\x03\x04\x14\0\0\0\0\0\0\0\x21\0";
    file[8..8 + local.len()].copy_from_slice(local);
    file
}
