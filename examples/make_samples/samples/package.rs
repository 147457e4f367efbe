//! Office Open XML packages (ECMA-376, part 2): parts, their types and their relationships in a ZIP container.

use std::io::{Cursor, Write as _};

use anyhow::Result;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{picture, story};

const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";

/// A package under construction. Parts stand in it in the order in which they are added.
pub(crate) struct Package {
    types: String,
    parts: Vec<(String, Vec<u8>)>,
    relationships: Vec<(String, String)>,
}

impl Package {
    /// A package with its main part's type and name, property parts and thumbnail.
    pub(crate) fn new(main: &str, main_type: &str, application: &str) -> Result<Self> {
        let mut package = Self { types: String::new(), parts: Vec::new(), relationships: Vec::new() };
        for (extension, kind) in [
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("xml", "application/xml"),
            ("jpeg", "image/jpeg"),
            ("bin", "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings"),
        ] {
            package.types += &format!(r#"<Default Extension="{extension}" ContentType="{kind}"/>"#);
        }
        package.declare(main, main_type);
        package.relate("", &format!("{OFFICE}/officeDocument"), main);
        package.properties(application)?;
        Ok(package)
    }

    fn declare(&mut self, name: &str, kind: &str) {
        self.types += &format!(
            r#"<Override PartName="/{name}" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/>"#
        );
    }

    /// An XML part of a declared type (without its common beginning and `+xml`).
    pub(crate) fn typed(&mut self, name: &str, kind: &str, xml: &str) {
        self.declare(name, kind);
        self.xml(name, xml);
    }

    /// An XML part; the declaration is put before it.
    pub(crate) fn xml(&mut self, name: &str, xml: &str) {
        self.binary(name, format!("{DECLARATION}\n{xml}").into_bytes());
    }

    pub(crate) fn binary(&mut self, name: &str, bytes: Vec<u8>) {
        self.parts.push((name.to_owned(), bytes));
    }

    /// A relationship from `source` (empty: the package) to a part, of a type of the office namespace or a full address.
    /// The ids of a source are `rId1`, `rId2`, … in the order of the calls.
    pub(crate) fn relate(&mut self, source: &str, kind: &str, target: &str) {
        self.relationship(source, kind, &format!(r#"Target="/{target}""#));
    }

    /// A relationship to something outside of the package.
    pub(crate) fn relate_outside(&mut self, source: &str, kind: &str, target: &str) {
        self.relationship(source, kind, &format!(r#"Target="{target}" TargetMode="External""#));
    }

    fn relationship(&mut self, source: &str, kind: &str, target: &str) {
        let kind = if kind.contains("://") { kind.to_owned() } else { format!("{OFFICE}/{kind}") };
        let file = match source.rsplit_once('/') {
            Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
            None => format!("_rels/{source}.rels"),
        };
        let number = self.relationships.iter().filter(|(found, _)| *found == file).count() + 1;
        let entry = format!(r#"<Relationship Id="rId{number}" Type="{kind}" {target}/>"#);
        self.relationships.push((file, entry));
    }

    /// Core, extended and custom properties, and a preview of the first page.
    fn properties(&mut self, application: &str) -> Result<()> {
        self.relate("", &format!("{RELATIONSHIPS}/metadata/core-properties"), "docProps/core.xml");
        self.types += r#"<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>"#;
        self.xml(
            "docProps/core.xml",
            &format!(
                r#"<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>Harbour, internal</dc:title><dc:creator>{}</dc:creator><cp:keywords>quay; prices</cp:keywords><cp:lastModifiedBy>{}</cp:lastModifiedBy><cp:revision>42</cp:revision><cp:lastPrinted>2024-05-02T15:00:00Z</cp:lastPrinted><dcterms:created xsi:type="dcterms:W3CDTF">2024-05-01T07:30:00Z</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">2024-05-02T15:45:00Z</dcterms:modified></cp:coreProperties>"#,
                story::AUTHOR,
                story::REVIEWER
            ),
        );
        self.relate("", "extended-properties", "docProps/app.xml");
        self.typed(
            "docProps/app.xml",
            "extended-properties",
            &format!(
                r#"<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Template>{}harbour.dotx</Template><TotalTime>318</TotalTime><Application>{application}</Application><Manager>{}</Manager><Company>{}</Company><AppVersion>16.0000</AppVersion></Properties>"#,
                story::FILE_SERVER,
                story::MANAGER,
                story::COMPANY
            ),
        );
        self.relate("", "custom-properties", "docProps/custom.xml");
        self.typed(
            "docProps/custom.xml",
            "custom-properties",
            &format!(
                r#"<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="Reviewer"><vt:lpwstr>{}</vt:lpwstr></property></Properties>"#,
                story::REVIEWER
            ),
        );
        self.relate("", &format!("{RELATIONSHIPS}/metadata/thumbnail"), "docProps/thumbnail.jpeg");
        self.binary("docProps/thumbnail.jpeg", picture::jpeg(&picture::harbour(96, 72, true), 60)?);
        Ok(())
    }

    /// The container, with time stamps and a comment as some programs leave them.
    pub(crate) fn finish(self) -> Result<Vec<u8>> {
        let stamp = DateTime::from_date_and_time(2024, 5, 2, 17, 45, 0)?;
        let options =
            SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).last_modified_time(stamp);
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.set_comment(format!("packed by {}", story::AUTHOR))?;
        let mut part = |name: &str, bytes: &[u8]| -> Result<()> {
            writer.start_file(name, options)?;
            writer.write_all(bytes)?;
            Ok(())
        };
        let types = self.types;
        part("[Content_Types].xml", format!("{DECLARATION}\n<Types xmlns=\"{TYPES}\">{types}</Types>").as_bytes())?;
        let mut files: Vec<&str> = self.relationships.iter().map(|(file, _)| file.as_str()).collect();
        files.sort_unstable();
        files.dedup();
        for file in files {
            let entries: String =
                self.relationships.iter().filter(|(found, _)| found == file).map(|(_, entry)| entry.as_str()).collect();
            let xml = format!("{DECLARATION}\n<Relationships xmlns=\"{RELATIONSHIPS}\">{entries}</Relationships>");
            part(file, xml.as_bytes())?;
        }
        for (name, bytes) in &self.parts {
            part(name, bytes)?;
        }
        Ok(writer.finish()?.into_inner())
    }
}
