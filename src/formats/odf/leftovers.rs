//! What of a package is not in the copy, by its name.

use super::decode;
use crate::formats::Report;
use crate::formats::xml::{Token, Tokens};
use crate::limits::Limits;
use crate::policy::Class;

/// Folders and members that programs write beside the document; the longest match stands first.
const KNOWN: &[(&str, Class, &str)] = &[
    ("thumbnails/", Class::ContentThumbnails, "thumbnail"),
    ("objectreplacements/", Class::ContentThumbnails, "preview of an object"),
    ("versions/", Class::ContentOldRevisions, "old version"),
    ("versionlist.xml", Class::ContentOldRevisions, "list of old versions"),
    ("configurations2/", Class::MetadataOther, "configuration of the program"),
    ("layout-cache", Class::MetadataOther, "layout cache"),
    ("meta-inf/documentsignatures.xml", Class::Signatures, "document signature"),
    ("meta-inf/macrosignatures.xml", Class::Signatures, "macro signature"),
    ("meta-inf/packagesignatures.xml", Class::Signatures, "package signature"),
    ("manifest.rdf", Class::ContentCustomXml, "RDF metadata"),
    ("pictures/", Class::ContentUnreferenced, "unreferenced picture"),
    ("media/", Class::ContentUnreferenced, "unreferenced media"),
    ("fonts/", Class::ContentUnreferenced, "unreferenced font"),
    ("object", Class::ContentUnreferenced, "unreferenced object"),
    ("basic/", Class::ContentUnreferenced, "empty macro library"),
];

/// Reports a member that is not in the copy. A member that cannot be read is gone all the same.
pub(super) fn report(key: &str, name: &str, bytes: &[u8], limits: &Limits, report: &mut Report) {
    let inner = key.rsplit_once("/thumbnails/").map_or(key, |_| "thumbnails/");
    let known = KNOWN.iter().find(|(beginning, ..)| inner.starts_with(beginning));
    let rdf = (key.ends_with(".rdf")).then_some((Class::ContentCustomXml, "RDF metadata"));
    let (class, item) = known
        .map(|(_, class, item)| (*class, *item))
        .or(rdf)
        .unwrap_or((Class::ContentUnknown, "part of unknown type"));
    report.removed_bytes(class, item, name, bytes.len());
    if matches!(class, Class::ContentOldRevisions | Class::Signatures) {
        report_people(bytes, name, limits, report);
    }
}

/// Names of authors and signers in lists of versions and in signatures.
fn report_people(bytes: &[u8], name: &str, limits: &Limits, report: &mut Report) {
    let Ok(text) = decode(bytes) else { return };
    let mut tokens = Tokens::new(&text, limits);
    let mut signer = false;
    let mut most = 100_u32;
    while let (Ok(Some(token)), true) = (tokens.next(), most > 0) {
        match token {
            Token::Start(element) => {
                signer = matches!(element.local, "X509IssuerName" | "creator");
                if let Some(creator) = element.attributes().iter().find(|attribute| attribute.local == "creator") {
                    most = most.saturating_sub(1);
                    report.removed_value(Class::MetadataAuthor, "version creator", name, creator.value());
                }
            }
            Token::Text(raw) if signer => {
                most = most.saturating_sub(1);
                let value = quick_xml::escape::unescape(raw).unwrap_or_default();
                report.removed_value(Class::MetadataAuthor, "signer", name, value);
            }
            _ => signer = false,
        }
    }
}
