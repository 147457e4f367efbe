//! The members of a copy: none that is not needed, the type first, and a manifest that lists the others
//! (ODF 1.3 part 2, 3.2 and 3.3).

use std::collections::HashSet;

use super::held::Held;
use super::package::{Member, Package};
use crate::limits::Limits;
use crate::prove::xml::Token;
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::odf::Odf;
use crate::refusal::Refusal;

const MIMETYPE: &str = "mimetype";
const MANIFEST: &str = "META-INF/manifest.xml";

/// Folders of pictures, previews, sound and fonts, within the folder of any document.
const MEDIA: [&str; 4] = ["Pictures/", "media/", "ObjectReplacements/", "Fonts/"];

/// Checks that a copy has no other members than those of a document.
///
/// # Errors
/// [`crate::Reason::Unprovable`], naming the member.
pub(crate) fn check(package: &Package, reached: &[bool], held: &Held, limits: &Limits) -> Result<(), Refusal> {
    let mut names = HashSet::new();
    for (at, member) in package.members.iter().enumerate() {
        if !names.insert(member.name.to_lowercase()) {
            return Err(Refusal::unprovable("two members have the same name").in_part(&member.name));
        }
        let is_reached = reached.get(at).copied().unwrap_or_default();
        if !is_allowed(package, member, is_reached, held) {
            return Err(Refusal::unprovable("a member remains that the document does not need").in_part(&member.name));
        }
    }
    manifest(package, limits).map_err(|refusal| refusal.in_part(MANIFEST))
}

fn is_allowed(package: &Package, member: &Member, is_reached: bool, held: &Held) -> bool {
    let name = member.name.as_str();
    if name == MIMETYPE || name == MANIFEST {
        return true;
    }
    let (folder, file) = name.split_at_checked(member.folder().len()).unwrap_or(("", name));
    match file {
        "content.xml" | "styles.xml" | "settings.xml" if package.is_document(folder) => {
            // An empty part says nothing.
            is_reached || member.bytes.is_empty()
        }
        "meta.xml" => package.is_document(folder),
        _ if Held::is_macro(name) => held.macros,
        _ if MEDIA.iter().any(|media| folder == *media || folder.ends_with(&format!("/{media}"))) => is_reached,
        _ => is_reached && (held.opaque || held.documents),
    }
}

/// Checks that the type is the first member, stored as it is, without an extra field: where it then stands, other programs
/// look for it.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when it is not.
pub(crate) fn type_first(bytes: &[u8], package: &Package) -> Result<(), Refusal> {
    let method = bytes.get(8..10);
    let lengths = bytes.get(26..30);
    let value = package.get(MIMETYPE).map(|member| &*member.bytes).unwrap_or_default();
    let stored = bytes.get(38..).is_some_and(|behind| behind.starts_with(value));
    let is_first = bytes.get(30..38) == Some(MIMETYPE.as_bytes()) && lengths == Some(&[8, 0, 0, 0]);
    if is_first && method == Some(&[0, 0]) && stored && !value.is_empty() {
        return Ok(());
    }
    Err(Refusal::unprovable("the type is not the first member of the package, or not stored as it is"))
}

/// Checks that the manifest lists every member once, the file as a whole with its type, and nothing else.
fn manifest(package: &Package, limits: &Limits) -> Result<(), Refusal> {
    let missing = || Refusal::unprovable("the package has no manifest");
    let member = package.get(MANIFEST).ok_or_else(missing)?;
    let mut reader = member.xml(limits)?.ok_or_else(missing)?.reader();
    let mut listed: HashSet<String> = HashSet::new();
    while let Some(token) = reader.next() {
        let element = match token {
            Token::Start(element) => element,
            Token::Aside(_) => return Err(Refusal::unprovable("a comment remains in the manifest")),
            Token::Text(text) if !text.trim().is_empty() => {
                return Err(Refusal::unprovable("text remains in the manifest"));
            }
            _ => continue,
        };
        let is_known = |name: &str| matches!(name, "full-path" | "media-type" | "version");
        let is_plain = element.attributes.iter().all(|a| a.ns == Ns::Odf(Odf::Manifest) && is_known(a.local));
        if element.ns != Ns::Odf(Odf::Manifest) || !matches!(element.local, "manifest" | "file-entry") || !is_plain {
            return Err(Refusal::unprovable("the manifest says more than what is in the package"));
        }
        if element.local == "manifest" {
            continue;
        }
        let path = element.own("full-path").unwrap_or_default();
        let kind = element.own("media-type").unwrap_or_default();
        let is_root = path == "/";
        if is_root && package.get(MIMETYPE).is_some_and(|member| *member.bytes != *kind.as_bytes()) {
            return Err(Refusal::unprovable("manifest and package name different types"));
        }
        let is_there = is_root || package.find(path).is_some() || path.ends_with('/') && package.is_document(path);
        if !is_there || path == MANIFEST || path == MIMETYPE || !listed.insert(path.to_owned()) {
            return Err(Refusal::unprovable("the manifest lists something that is not in the package, or twice"));
        }
    }
    let is_unlisted =
        |member: &&Member| member.name != MIMETYPE && member.name != MANIFEST && !listed.contains(&member.name);
    if !listed.contains("/") || package.members.iter().any(|member| is_unlisted(&member)) {
        return Err(Refusal::unprovable("the manifest does not list everything that is in the package"));
    }
    Ok(())
}
