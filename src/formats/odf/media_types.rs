//! Media types of documents and members (ODF 1.3 part 2, 3.3 and 4.8.7; part 3, annex C).

use crate::refusal::Refusal;

const PREFIX: &str = "application/vnd.oasis.opendocument.";

/// Media types of members by what their names end with.
const BY_ENDING: &[(&str, &str)] = &[
    ("xml", "text/xml"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("svg", "image/svg+xml"),
    ("webp", "image/webp"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("bmp", "image/bmp"),
    ("pdf", "application/pdf"),
    ("ttf", "application/x-font-ttf"),
    ("otf", "application/x-font-otf"),
];

/// Media types of members that their names do not tell, as programs write them.
const KNOWN: &[&str] = &[
    "application/binary",
    "application/vnd.sun.star.oleobject",
    "application/x-openoffice-gdimetafile;windows_formatname=\"GDIMetaFile\"",
    "application/x-openoffice-wmf;windows_formatname=\"Image WMF\"",
    "image/x-emf",
    "image/x-wmf",
    "image/x-svm",
    "text/xml",
];

/// The media type that a `mimetype` member or a flat document names.
///
/// # Errors
/// [`crate::Reason::Unsupported`] for databases and for anything that is no OpenDocument.
pub(super) fn document(named: &str) -> Result<&'static str, Refusal> {
    if matches!(named.trim().strip_prefix(PREFIX), Some("database" | "base")) {
        let refusal = Refusal::unsupported("this is an OpenDocument database, which cannot be cleaned");
        return Err(
            refusal.with_hint("export the tables that are to be published as spreadsheets or CSV, and clean those")
        );
    }
    known_document(named).ok_or_else(|| Refusal::unsupported("the document is of no known OpenDocument type"))
}

/// The media type of a document if it is a known one.
pub(super) fn known_document(named: &str) -> Option<&'static str> {
    const DOCUMENTS: &[&str] = &[
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.text-template",
        "application/vnd.oasis.opendocument.text-master",
        "application/vnd.oasis.opendocument.text-master-template",
        "application/vnd.oasis.opendocument.text-web",
        "application/vnd.oasis.opendocument.text-web-template",
        "application/vnd.oasis.opendocument.graphics",
        "application/vnd.oasis.opendocument.graphics-template",
        "application/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.presentation-template",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.spreadsheet-template",
        "application/vnd.oasis.opendocument.chart",
        "application/vnd.oasis.opendocument.chart-template",
        "application/vnd.oasis.opendocument.image",
        "application/vnd.oasis.opendocument.image-template",
        "application/vnd.oasis.opendocument.formula",
        "application/vnd.oasis.opendocument.formula-template",
    ];
    DOCUMENTS.iter().copied().find(|known| *known == named.trim())
}

/// The media type of a member: as `listed` in the manifest if that is a known one, by its name otherwise.
pub(super) fn member(name: &str, listed: Option<&str>) -> &'static str {
    let ending = name.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase());
    let by_ending = BY_ENDING.iter().find(|(known, _)| *known == ending).map(|(_, media_type)| *media_type);
    let by_list = || listed.and_then(|listed| KNOWN.iter().copied().find(|known| *known == listed));
    by_ending.or_else(by_list).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_and_strangers_are_refused() {
        let named = |rest: &str| document(&format!("{PREFIX}{rest}"));
        assert_eq!(named("text").unwrap(), "application/vnd.oasis.opendocument.text");
        assert!(named("base").unwrap_err().hint.contains("CSV"));
        assert!(named("GONE").is_err());
        assert!(document("application/epub+zip").is_err());
    }

    #[test]
    fn members_have_types_from_the_tables_only() {
        assert_eq!(member("Pictures/a.PNG", Some("GONE")), "image/png");
        assert_eq!(
            member("Object 2", Some("application/vnd.sun.star.oleobject")),
            "application/vnd.sun.star.oleobject"
        );
        assert_eq!(member("Object 2", Some("GONE/x")), "");
    }
}
