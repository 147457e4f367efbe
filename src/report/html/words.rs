//! Plain words for classes and items, for people who know neither EXIF nor Office.

use crate::policy::Class;

/// A heading for a class; without one of its own, what the class says about itself.
pub(super) fn title(class: Class) -> &'static str {
    match class {
        Class::MetadataAuthor => "Names of authors",
        Class::MetadataOrganisation => "Organisation",
        Class::MetadataSensitivityLabels => "Sensitivity labels",
        Class::MetadataDates => "Dates and times",
        Class::MetadataSoftware => "Programs",
        Class::MetadataDescription => "Titles and descriptions",
        Class::MetadataDevice => "Camera and device",
        Class::MetadataLocation => "Location",
        Class::MetadataPeople => "People in pictures",
        Class::MetadataProvenance => "Content credentials",
        Class::MetadataIdentifiers => "Identifiers",
        Class::MetadataPaths => "Paths and file names",
        Class::MetadataPrinter => "Printers",
        Class::MetadataContainer => "Marks of the container",
        Class::MetadataOther => "Other metadata",
        Class::ColourProfile => "Colour profiles",
        Class::ContentComments => "Comments",
        Class::ContentTrackedChanges => "Tracked changes",
        Class::ContentSpeakerNotes => "Speaker notes",
        Class::ContentHiddenSheets => "Hidden sheets",
        Class::ContentHiddenRows => "Hidden rows and columns",
        Class::ContentHiddenSlides => "Hidden slides",
        Class::ContentHiddenText => "Hidden text",
        Class::ContentHiddenElements => "Hidden drawing elements",
        Class::ContentCachedData => "Cached data",
        Class::ContentConnections => "Data connections",
        Class::ContentOldRevisions => "Earlier revisions",
        Class::ContentUnreferenced => "Parts that nothing refers to",
        Class::ContentUnknown => "Parts that are not needed",
        Class::ContentTrailingBytes => "Bytes outside of the document",
        Class::ContentThumbnails => "Previews",
        Class::ContentSecondaryImages => "Further pictures",
        Class::ContentCroppedAreas => "Cropped areas",
        Class::ContentCustomXml => "Data of programs",
        Class::ContentAnnotations => "Annotations",
        Class::ContentVisibleAnnotations => "Visible annotations",
        Class::ContentRedactAnnotations => "Redactions never applied",
        Class::ContentFormFields => "Form fields",
        Class::ContentLayers => "Layers",
        Class::ContentFields => "Fields",
        Class::ContentProtection => "Hashes of passwords",
        Class::ActiveMacros => "Macros",
        Class::ActiveJavascript => "Scripts",
        Class::ActiveActions => "Actions",
        Class::ActiveObjects => "Live objects",
        Class::LinksLocal => "Links to local places",
        Class::LinksExternalContent => "Content from elsewhere",
        Class::EmbeddedFiles => "Attached files",
        Class::EmbeddedDocuments => "Embedded documents",
        Class::EmbeddedImports => "Imported files",
        Class::EmbeddedUnsupported => "Embedded files of other kinds",
        Class::Signatures => "Signatures",
    }
}

/// What an item is, for people: `3 earlier revisions`, `GPS position`. `None` when it has no plain words; its own name has to
/// do then.
pub(super) fn item(class: Class, item: &str, count: u64) -> Option<String> {
    let name = item.to_ascii_lowercase();
    let (.., one, many) = WORDS.iter().find(|(of, part, ..)| *of == class && name.contains(part))?;
    Some(match (many.is_empty(), count) {
        (true, _) | (false, 1) => (*one).to_owned(),
        (false, _) => format!("{} {many}", super::number(count)),
    })
}

/// Class, what the item's name has in it (lower case), the words for one, and for several: nothing where the items are parts
/// of one thing. The first that fits counts.
const WORDS: &[(Class, &str, &str, &str)] = &[
    (Class::MetadataAuthor, "lastmodifiedby", "last editor", ""),
    (Class::MetadataAuthor, "cameraowner", "owner of the camera", ""),
    (Class::MetadataAuthor, "artist", "photographer", ""),
    (Class::MetadataAuthor, "copyright", "holder of the copyright", ""),
    (Class::MetadataAuthor, "rights", "holder of the copyright", ""),
    (Class::MetadataAuthor, "by-line", "photographer", ""),
    (Class::MetadataAuthor, "credit", "credit line", ""),
    (Class::MetadataAuthor, "editor", "editor", ""),
    (Class::MetadataAuthor, "manager", "manager", ""),
    (Class::MetadataAuthor, "comment author", "author of a comment", "authors of comments"),
    (Class::MetadataAuthor, "annot/t", "author of a note", "authors of notes"),
    (Class::MetadataAuthor, "signer", "signer", "signers"),
    (Class::MetadataAuthor, "author", "author", ""),
    (Class::MetadataAuthor, "creator", "author", ""),
    (Class::MetadataOrganisation, "company", "company", ""),
    (Class::MetadataOrganisation, "department", "department", ""),
    (Class::MetadataDates, "print", "when it was printed", ""),
    (Class::MetadataDates, "totaltime", "how long it was edited", ""),
    (Class::MetadataDates, "editing", "how long it was edited", ""),
    (Class::MetadataDates, "original", "when the picture was taken", ""),
    (Class::MetadataDates, "digitized", "when the picture was taken", ""),
    (Class::MetadataDates, "creat", "when it was made", ""),
    (Class::MetadataDates, "mod", "when it was changed", ""),
    (Class::MetadataDates, "", "dates and times", ""),
    (Class::MetadataSoftware, "template", "template", ""),
    (Class::MetadataSoftware, "appversion", "version of the program", ""),
    (Class::MetadataSoftware, "", "program that made it", ""),
    (Class::MetadataDescription, "title", "title", ""),
    (Class::MetadataDescription, "subject", "subject", ""),
    (Class::MetadataDescription, "keyword", "keywords", ""),
    (Class::MetadataDescription, "caption", "caption", ""),
    (Class::MetadataDescription, "comment", "comment on the file", "comments on the file"),
    (Class::MetadataDescription, "descri", "description", ""),
    (Class::MetadataDevice, "lensserial", "lens serial number", ""),
    (Class::MetadataDevice, "serial", "camera serial number", ""),
    (Class::MetadataDevice, "makernote", "camera maker’s notes", ""),
    (Class::MetadataDevice, "lens", "lens", ""),
    (Class::MetadataDevice, "model", "model of the device", ""),
    (Class::MetadataDevice, "make", "maker of the device", ""),
    (Class::MetadataDevice, "manufacturer", "maker of the device", ""),
    (Class::MetadataDevice, "firmware", "firmware of the device", ""),
    (Class::MetadataDevice, "exif:", "capture settings", ""),
    (Class::MetadataLocation, "gps", "GPS position", ""),
    (Class::MetadataLocation, "latitude", "position", ""),
    (Class::MetadataLocation, "longitude", "position", ""),
    (Class::MetadataLocation, "", "name of a place", "names of places"),
    (Class::MetadataPeople, "", "named or marked person", "named or marked persons"),
    (Class::MetadataIdentifiers, "documentid", "document id", ""),
    (Class::MetadataIdentifiers, "instanceid", "instance id", ""),
    (Class::MetadataIdentifiers, "trailer/id", "document id", ""),
    (Class::MetadataIdentifiers, "stevt", "editing history", ""),
    (Class::MetadataIdentifiers, "history", "editing history", ""),
    (Class::MetadataIdentifiers, "rsid", "editing session id", "editing session ids"),
    (Class::MetadataIdentifiers, "revision", "revision number", ""),
    (Class::MetadataIdentifiers, "uniqueid", "unique id of the picture", ""),
    (Class::MetadataPaths, "template", "path of the template", ""),
    (Class::MetadataPaths, "abspath", "folder where it was saved", ""),
    (Class::MetadataPaths, "name", "file name", "file names"),
    (Class::MetadataPrinter, "", "printer settings", ""),
    (Class::MetadataContainer, "time stamp", "time stamp in the container", "time stamps in the container"),
    (Class::MetadataContainer, "comment", "comment in the container", "comments in the container"),
    (Class::ContentComments, "commentrange", "mark of a comment", "marks of comments"),
    (Class::ContentComments, "commentreference", "mark of a comment", "marks of comments"),
    (Class::ContentComments, "part", "part with comments", "parts with comments"),
    (Class::ContentComments, "", "comment", "comments"),
    (Class::ContentTrackedChanges, "ins", "insertion", "insertions"),
    (Class::ContentTrackedChanges, "del", "deletion", "deletions"),
    (Class::ContentTrackedChanges, "move", "move", "moves"),
    (Class::ContentTrackedChanges, "", "tracked change", "tracked changes"),
    (Class::ContentSpeakerNotes, "", "slide’s notes", "slides’ notes"),
    (Class::ContentHiddenSheets, "", "hidden sheet", "hidden sheets"),
    (Class::ContentHiddenSlides, "", "hidden slide", "hidden slides"),
    (Class::ContentOldRevisions, "revision", "earlier revision", "earlier revisions"),
    (Class::ContentUnreferenced, "object", "object that nothing refers to", "objects that nothing refers to"),
    (Class::ContentUnreferenced, "", "unused part", "unused parts"),
    (Class::ContentThumbnails, "", "preview", "previews"),
    (Class::ContentAnnotations, "", "annotation", "annotations"),
    (Class::ContentFormFields, "", "form field", "form fields"),
    (Class::ActiveMacros, "", "macro project or add-in", "macro projects and add-ins"),
    (Class::ActiveJavascript, "", "script", "scripts"),
    (Class::ActiveActions, "", "action", "actions"),
    (Class::LinksLocal, "", "link to a local place", "links to local places"),
    (Class::Signatures, "", "digital signature", "digital signatures"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_have_plain_words() {
        for (class, name, count, words) in [
            (Class::MetadataDevice, "EXIF:BodySerialNumber", 1, Some("camera serial number")),
            (Class::MetadataDevice, "EXIF:LensSerialNumber", 1, Some("lens serial number")),
            (Class::MetadataLocation, "XMP-exif:GPSLatitude", 4, Some("GPS position")),
            (Class::ContentOldRevisions, "revision", 3, Some("3 earlier revisions")),
            (Class::ContentOldRevisions, "revision", 1, Some("earlier revision")),
            (Class::MetadataAuthor, "property lastModifiedBy", 1, Some("last editor")),
            (Class::MetadataOther, "custom property", 2, None),
        ] {
            assert_eq!(item(class, name, count).as_deref(), words, "{name}");
        }
    }

    #[test]
    fn every_word_can_be_reached() {
        for (at, (class, part, ..)) in WORDS.iter().enumerate() {
            let before = WORDS.iter().take(at).find(|(of, earlier, ..)| of == class && part.contains(earlier));
            assert!(before.is_none(), "{class} {part:?} is hidden by {:?}", before.map(|row| row.1));
            assert!(part.chars().all(|c| !c.is_uppercase()), "{part}");
        }
    }
}
