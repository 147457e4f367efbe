//! ZIP containers: Office packages by their content types, OpenDocument and EPUB by their `mimetype` member.

use std::io::{Cursor, Read};

use crate::kind::Kind;

/// More than any real `[Content_Types].xml` or `mimetype` has.
const MOST_BYTES: u64 = 4 << 20;

/// Main content types (ECMA-376-1, annex on relationship and content types; [MS-OFFMACRO2]) and what they show.
const CONTENT_TYPES: &[(&str, Kind)] = &[
    ("wordprocessingml.document.main+xml", Kind::Docx),
    ("ms-word.document.macroEnabled.main+xml", Kind::Docm),
    ("wordprocessingml.template.main+xml", Kind::Dotx),
    ("ms-word.template.macroEnabledTemplate.main+xml", Kind::Dotm),
    ("spreadsheetml.sheet.main+xml", Kind::Xlsx),
    ("ms-excel.sheet.macroEnabled.main+xml", Kind::Xlsm),
    ("ms-excel.addin.macroEnabled.main+xml", Kind::Xlsm),
    ("spreadsheetml.template.main+xml", Kind::Xltx),
    ("ms-excel.template.macroEnabled.main+xml", Kind::Xltm),
    ("ms-excel.sheet.binary.macroEnabled.main", Kind::Xlsb),
    ("presentationml.presentation.main+xml", Kind::Pptx),
    ("ms-powerpoint.presentation.macroEnabled.main+xml", Kind::Pptm),
    ("ms-powerpoint.addin.macroEnabled.main+xml", Kind::Pptm),
    ("presentationml.slideshow.main+xml", Kind::Ppsx),
    ("ms-powerpoint.slideshow.macroEnabled.main+xml", Kind::Ppsm),
    ("presentationml.template.main+xml", Kind::Potx),
    ("ms-powerpoint.template.macroEnabled.main+xml", Kind::Potm),
    ("ms-visio.drawing", Kind::Visio),
    ("ms-visio.stencil", Kind::Visio),
    ("ms-visio.template", Kind::Visio),
];

/// OpenDocument (ODF 1.3, part 2, 3.3) and EPUB media types; a `-template` suffix belongs to the same kind.
const MEDIA_TYPES: &[(&str, Kind)] = &[
    ("application/vnd.oasis.opendocument.text", Kind::Odt),
    ("application/vnd.oasis.opendocument.spreadsheet", Kind::Ods),
    ("application/vnd.oasis.opendocument.presentation", Kind::Odp),
    ("application/vnd.oasis.opendocument.graphics", Kind::Odg),
    ("application/epub+zip", Kind::Epub),
];

/// The kind of a ZIP container; `None` for anything that is no ZIP.
pub(super) fn identify(bytes: &[u8]) -> Option<Kind> {
    if !(bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")) {
        return None;
    }
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return Some(Kind::Zip) };
    if let Some(media_type) = member(&mut archive, "mimetype") {
        let media_type = media_type.trim();
        let base = media_type.strip_suffix("-template").unwrap_or(media_type);
        if let Some((_, kind)) = MEDIA_TYPES.iter().find(|(name, _)| *name == base) {
            return Some(*kind);
        }
        if base.starts_with("application/vnd.oasis.opendocument.") {
            return Some(Kind::OdfOther);
        }
    }
    let types = member(&mut archive, "[Content_Types].xml");
    Some(types.and_then(|types| by_content_types(&types)).unwrap_or(Kind::Zip))
}

fn by_content_types(types: &str) -> Option<Kind> {
    // The main part is an Override in files from Office and a Default in some from other producers; both name the type.
    let found = CONTENT_TYPES.iter().find(|(name, _)| {
        types.match_indices(name).any(|(at, _)| {
            let rest = types.get(at.saturating_add(name.len())..).unwrap_or_default();
            // `ms-visio.drawing` goes on with `.main+xml` or `.macroEnabled.main+xml`; the others are complete.
            rest.starts_with(['"', '\'', '.'])
        })
    });
    found.map(|(_, kind)| *kind)
}

/// A small text member, decoded from UTF-8 or UTF-16; `None` when it is missing, too large or unreadable.
fn member(archive: &mut zip::ZipArchive<Cursor<&[u8]>>, name: &str) -> Option<String> {
    let index = archive.file_names().position(|n| n.is_ok_and(|n| n.eq_ignore_ascii_case(name)));
    let file = archive.by_index(index?).ok()?;
    let mut content = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut content).ok()?;
    let (text, ..) = encoding_rs::UTF_8.decode(&content); // honours a byte order mark
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn archive(name: &str, content: &str) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn content_types_tell_office_files_apart() {
        for (content_type, kind) in CONTENT_TYPES {
            let full = if content_type.contains("visio") {
                format!("application/vnd.{content_type}.main+xml")
            } else {
                format!("application/vnd.{content_type}")
            };
            let types = format!("<Types><Override PartName=\"/x\" ContentType=\"{full}\"/></Types>");
            assert_eq!(identify(&archive("[Content_Types].xml", &types)), Some(*kind), "{content_type}");
        }
    }

    #[test]
    fn media_types_tell_open_documents_apart() {
        for (media_type, kind) in MEDIA_TYPES {
            assert_eq!(identify(&archive("mimetype", media_type)), Some(*kind), "{media_type}");
        }
        let template = "application/vnd.oasis.opendocument.text-template";
        assert_eq!(identify(&archive("mimetype", template)), Some(Kind::Odt));
        assert_eq!(identify(&archive("mimetype", "application/vnd.oasis.opendocument.chart")), Some(Kind::OdfOther));
    }

    #[test]
    fn other_archives_are_zip() {
        assert_eq!(identify(&archive("a.txt", "hello")), Some(Kind::Zip));
        assert_eq!(identify(b"PK\x03\x04 cut off"), Some(Kind::Zip));
    }
}
