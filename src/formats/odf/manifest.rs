//! The list of a package's members, `META-INF/manifest.xml` (ODF 1.3 part 2, 4).

use std::collections::BTreeMap;

use super::{decode, media_types};
use crate::formats::xml::{Ns, Odf, Token, Tokens};
use crate::formats::zip_container;
use crate::limits::Limits;
use crate::refusal::Refusal;

/// Its name.
pub(super) const NAME: &str = "META-INF/manifest.xml";

const NAMESPACE: &str = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0";

/// What the list says.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    version: Option<String>,
    media_types: BTreeMap<String, String>,
}

impl Manifest {
    /// Reads the list.
    ///
    /// # Errors
    /// [`crate::Reason::Encrypted`] when members are encrypted, otherwise as [`Tokens::next`].
    pub(super) fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, Refusal> {
        let mut manifest = Self::default();
        if bytes.is_empty() {
            return Ok(manifest);
        }
        let text = declared(decode(bytes)?);
        let mut tokens = Tokens::new(&text, limits);
        while let Some(token) = tokens.next()? {
            let Token::Start(element) = token else { continue };
            if element.ns != Ns::Odf(Odf::Manifest) {
                continue;
            }
            match element.local {
                "encryption-data" | "encrypted-key" => {
                    return Err(Refusal::encrypted("members of the package are encrypted"));
                }
                "file-entry" => {
                    let path = element.own("full-path").unwrap_or_default();
                    let media_type = element.own("media-type").unwrap_or_default();
                    manifest.media_types.insert(zip_container::key(&path), media_type.into_owned());
                }
                _ => {}
            }
            if let Some(version) = element.own("version").filter(|version| is_version(version)) {
                manifest.version.get_or_insert(version.into_owned());
            }
        }
        Ok(manifest)
    }

    /// The media type of a member or of a folder, whose key ends with a slash.
    pub(super) fn media_type(&self, key: &str) -> Option<&str> {
        self.media_types.get(key).map(String::as_str)
    }

    /// The list of the copy. `folders` are those of documents inside.
    pub(super) fn write<'n>(
        &self,
        document: &str,
        folders: impl Iterator<Item = &'n str>,
        members: impl Iterator<Item = &'n str>,
    ) -> String {
        let version =
            self.version.as_deref().map(|version| format!(" manifest:version=\"{version}\"")).unwrap_or_default();
        let mut out = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest:manifest xmlns:manifest=\"{NAMESPACE}\"{version}>\n"
        );
        let mut entry = |path: &str, media_type: &str, version: &str| {
            let path = quick_xml::escape::escape(path);
            let media_type = quick_xml::escape::escape(media_type);
            out += &format!(
                " <manifest:file-entry manifest:full-path=\"{path}\"{version} manifest:media-type=\"{media_type}\"/>\n"
            );
        };
        entry("/", document, &version);
        for folder in folders {
            let listed = self.media_type(&zip_container::key(folder));
            entry(folder, listed.and_then(media_types::known_document).unwrap_or_default(), "");
        }
        for name in members {
            entry(name, media_types::member(name, self.media_type(&zip_container::key(name))), "");
        }
        out += "</manifest:manifest>\n";
        out
    }
}

/// Old lists leave the declaration of their namespace to `Manifest.dtd`, which nobody reads.
fn declared(mut text: String) -> String {
    const ROOT: &str = "<manifest:manifest";
    if !text.contains("xmlns:manifest")
        && let Some(start) = text.find(ROOT)
    {
        text.insert_str(start.saturating_add(ROOT.len()), &format!(" xmlns:manifest=\"{NAMESPACE}\""));
    }
    text
}

/// A version is a number like `1.3`.
fn is_version(text: &str) -> bool {
    text.len() <= 4 && text.starts_with("1.") && text.chars().all(|c| c.is_ascii_digit() || c == '.')
}
