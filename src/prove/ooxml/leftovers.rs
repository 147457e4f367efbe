//! What may never remain in a cleaned package, looked for in every part: by relationship, by content type, by name, and
//! in XML by namespace and name.

use super::package::{Package, Part, Target};
use super::visible::{is_invisible_in_diagrams, is_revision_mark};
use super::{active, ink};
use crate::formats::Context;
use crate::policy::{Action, Class};
use crate::prove::links::{is_local, names_local};
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::{Element, Token};
use crate::refusal::Refusal;

/// Relationships that lead to what is removed from every document.
const RELATIONS: &[&str] = &[
    "core-properties",
    "extended-properties",
    "extendedProperties",
    "custom-properties",
    "customProperties",
    "thumbnail",
    "classificationlabels",
    "customXml",
    "customXmlProps",
    "comments",
    "commentsExtended",
    "commentsIds",
    "commentsExtensible",
    "people",
    "person",
    "threadedComment",
    "commentAuthors",
    "authors",
    "printerSettings",
    "attachedTemplate",
    "mailMergeSource",
    "mailMergeHeaderSource",
    "recipientData",
    "revisionHeaders",
    "revisionLog",
    "usernames",
    "tags",
    "changesInfo",
    "revisionInfo",
    "origin",
    "signature",
    "customProperty",
    "windows",
    "solutions",
    "validation",
];

/// Folders of the same.
const FOLDERS: &[&str] = &["docprops/", "customxml/", "docmetadata/", "_xmlsignatures/", "[trash]/", "__macosx/"];

/// Parts of content types of the same.
const TYPES: &[&str] = &[
    "comment",
    "core-properties",
    "extended-properties",
    "custom-properties",
    "printersettings",
    "customxml",
    "people+xml",
    "person+xml",
    "revisionheaders",
    "revisionlog",
    "usernames",
    "xmlsignature",
    "commentauthors",
];

/// Looks through a package.
///
/// # Errors
/// [`crate::Reason::Unprovable`], naming the first leftover and its part.
pub(crate) fn check(package: &Package, context: &Context<'_>) -> Result<(), Refusal> {
    let notes_go = context.policy.action(Class::ContentSpeakerNotes) == Action::Remove;
    let imports_go = context.policy.action(Class::EmbeddedImports) == Action::Remove;
    for (source, relationship) in package.all_relationships() {
        let kind = relationship.kind.as_str();
        if RELATIONS.contains(&kind) || (notes_go && kind == "notesSlide") || (imports_go && kind == "aFChunk") {
            return Err(remains(&format!("a relationship `{kind}`"), source));
        }
        if !relationship.is_published {
            return Err(remains("a relationship of a type that is not published", source));
        }
        if matches!(&relationship.target, Target::External(target) if is_local(target)) {
            return Err(remains("a link to a local file", source));
        }
    }
    if let Some((what, part)) = active::remains(package, context) {
        return Err(remains(what, part));
    }
    let macro_names_stay = active::has_macro_sheets(package);
    for part in &package.parts {
        let name = part.name.to_lowercase();
        let content_type = part.content_type.as_deref().unwrap_or_default();
        let named = FOLDERS.iter().any(|folder| name.starts_with(folder));
        let typed = TYPES.iter().any(|piece| content_type.contains(piece));
        if named || typed || (notes_go && content_type.contains("notesslide+xml")) {
            return Err(remains("a part that is removed from every document", &part.name));
        }
        if content_type == ink::CONTENT_TYPE {
            ink::check(part, context.limits)?;
        }
        if part.is_xml() {
            xml(part, macro_names_stay, context)?;
        }
    }
    Ok(())
}

fn remains(what: &str, part: &str) -> Refusal {
    let refusal = Refusal::unprovable(format!("{what} remains in the copy"));
    if part.is_empty() { refusal } else { refusal.in_part(part) }
}

fn xml(part: &Part, macro_names_stay: bool, context: &Context<'_>) -> Result<(), Refusal> {
    let mut reader = part.named_xml(context.limits)?.reader();
    let (mut instruction, mut in_instruction) = (String::new(), false);
    while let Some(token) = reader.next() {
        match token {
            Token::Start(element) => {
                if let Some(what) = leftover(&element) {
                    return Err(remains(&what, &part.name));
                }
                if let Some(what) =
                    active::macro_call(&element, macro_names_stay).filter(|_| active::macros_go(context))
                {
                    return Err(remains(what, &part.name));
                }
                let id = element.attributes.iter().find(|attribute| {
                    attribute.ns == Ns::Relations
                        && !attribute.value.is_empty()
                        && part.relationship(attribute.value).is_none()
                });
                if id.is_some() {
                    let detail = format!("`{}` uses a relationship that does not exist", element.local);
                    return Err(Refusal::unprovable(detail).in_part(&part.name));
                }
                in_instruction = element.is(Ns::Word, "instrText");
                // An instruction ends with its field's begin, separate or end mark.
                if element.is(Ns::Word, "fldChar") {
                    instruction.clear();
                }
                let simple = element.is(Ns::Word, "fldSimple").then(|| element.own("instr")).flatten();
                if simple.is_some_and(names_local) {
                    return Err(remains("a field that names a local file", &part.name));
                }
            }
            Token::Text(text) if in_instruction => {
                instruction.push_str(text);
                if names_local(&instruction) {
                    return Err(remains("a field that names a local file", &part.name));
                }
            }
            Token::End => in_instruction = false,
            Token::Text(_) => {}
            Token::Aside(_) => return Err(remains("a comment or processing instruction of the XML", &part.name)),
        }
    }
    Ok(())
}

/// The name of a leftover that this element is or carries.
fn leftover(element: &Element<'_>) -> Option<String> {
    let local = element.local;
    let is_leftover = match element.ns {
        Ns::Word => {
            is_revision_mark(local)
                || matches!(
                    local,
                    "ins"
                        | "moveTo"
                        | "commentRangeStart"
                        | "commentRangeEnd"
                        | "commentReference"
                        | "rsids"
                        | "rsid"
                        | "attachedTemplate"
                        | "mailMerge"
                        | "docVars"
                        | "saveThroughXslt"
                        | "dataBinding"
                )
        }
        Ns::WordExtension => matches!(local, "docId" | "dataBinding" | "conflictIns" | "conflictDel"),
        Ns::SheetExtension => local == "absPath",
        Ns::SheetRevision => local == "revisionPtr",
        Ns::Visio if local == "Cell" && element.plain("N") == Some("Address") => {
            element.plain("V").is_some_and(is_local)
        }
        Ns::Visio => is_invisible_in_diagrams(element),
        _ => false,
    };
    if is_leftover {
        return Some(format!("`{local}`"));
    }
    let attribute = element.attributes.iter().find(|attribute| {
        let name = attribute.local;
        match attribute.ns {
            Ns::Word => {
                name.starts_with("rsid")
                    || matches!(name, "author" | "initials")
                    || (is_protection(local) && is_secret(name))
                    || (local == "permStart" && name == "ed")
            }
            Ns::None => is_protection(local) && is_secret(name),
            _ => false,
        }
    });
    attribute.map(|attribute| format!("`{local}` with `{}`", attribute.local))
}

/// Elements of any dialect that protect something with a password or name who may edit.
fn is_protection(local: &str) -> bool {
    matches!(
        local,
        "documentProtection"
            | "writeProtection"
            | "sheetProtection"
            | "workbookProtection"
            | "protectedRange"
            | "fileSharing"
            | "modifyVerifier"
    )
}

fn is_secret(attribute: &str) -> bool {
    let name = attribute.to_ascii_lowercase();
    ["hashvalue", "saltvalue", "password", "hashdata", "saltdata", "username", "securitydescriptor"]
        .iter()
        .any(|piece| name.contains(piece))
        || matches!(name.as_str(), "hash" | "salt")
}
