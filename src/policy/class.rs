//! Classes of things that hide in documents, and what a policy may do with each.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is done with a thing. Every class allows a few of these; see [`Class::actions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Left in the copy and counted.
    Keep,
    /// Taken out of the copy.
    Remove,
    /// Left in the copy, but the copy waits in the review folder for a person.
    Hold,
    /// Made visible in the copy.
    Unhide,
    /// Drawn into the page, the live object removed.
    Flatten,
    /// Tracked changes: taken as accepted.
    Accept,
    /// The file is refused.
    Refuse,
}

impl Action {
    /// The name used in policies and logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Remove => "remove",
            Self::Hold => "hold",
            Self::Unhide => "unhide",
            Self::Flatten => "flatten",
            Self::Accept => "accept",
            Self::Refuse => "refuse",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

macro_rules! classes {
    ($($variant:ident $name:literal [$($action:ident),+] $about:literal;)*) => {
        /// A class of things that hide in documents.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        pub enum Class {
            $(#[doc = $about] #[serde(rename = $name)] $variant,)*
        }

        impl Class {
            /// Every class, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name used in policies and logs, for example `metadata.author`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What belongs to the class, in plain words.
            #[must_use]
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)* }
            }

            /// The actions that a policy may choose, the strictest first.
            #[must_use]
            pub fn actions(self) -> &'static [Action] {
                match self { $(Self::$variant => &[$(Action::$action),+],)* }
            }
        }
    };
}

classes! {
    MetadataAuthor "metadata.author" [Remove] "names of authors, editors, managers, creators";
    MetadataOrganisation "metadata.organisation" [Remove] "companies, departments, tenants";
    MetadataSensitivityLabels "metadata.sensitivity-labels" [Hold, Remove] "sensitivity labels: always taken out; a file with one that is not public is held";
    MetadataDates "metadata.dates" [Remove] "when the file or its parts were made, changed, printed";
    MetadataSoftware "metadata.software" [Remove] "programs, versions, producers, templates";
    MetadataDescription "metadata.description" [Remove] "titles, subjects, keywords, categories, comments on the file";
    MetadataDevice "metadata.device" [Remove] "cameras, lenses, serial numbers, capture settings, maker notes";
    MetadataLocation "metadata.location" [Remove] "positions and place names";
    MetadataPeople "metadata.people" [Remove] "marked faces and named persons";
    MetadataProvenance "metadata.provenance" [Remove] "content credentials and marks of machine generation";
    MetadataIdentifiers "metadata.identifiers" [Remove] "document, instance and revision ids";
    MetadataPaths "metadata.paths" [Remove] "paths and file names of the machine where the file was made";
    MetadataPrinter "metadata.printer" [Remove] "printer names and settings";
    MetadataContainer "metadata.container" [Remove] "time stamps, comments and extra fields of the container itself";
    MetadataOther "metadata.other" [Remove] "metadata that has no class of its own";
    ColourProfile "colour.profile" [Remove, Keep] "colour profiles: without one, colours may look different";
    ContentComments "content.comments" [Remove] "comments, review marks and their authors";
    ContentTrackedChanges "content.tracked-changes" [Accept] "inserted, deleted and moved text with author and date";
    ContentSpeakerNotes "content.speaker-notes" [Remove, Hold] "notes of a presentation";
    ContentHiddenSheets "content.hidden-sheets" [Remove, Hold, Unhide, Keep] "hidden and very hidden sheets of a workbook: removed, formulas that refer to them keep their values";
    ContentHiddenRows "content.hidden-rows" [Remove, Hold, Unhide, Keep] "hidden rows and columns that have content: emptied, all formulas of the workbook keep their values";
    ContentHiddenSlides "content.hidden-slides" [Hold, Remove, Unhide, Keep] "slides that the show leaves out; where all are, they are held instead of removed";
    ContentHiddenText "content.hidden-text" [Remove, Hold, Keep] "text that no reader sees; where it cannot be removed, the file is held";
    ContentHiddenElements "content.hidden-elements" [Remove] "elements of a drawing that are switched off, such as hidden layers";
    ContentCachedData "content.cached-data" [Remove, Hold, Keep] "pivot caches and cells cached from other files: pivot tables and formulas over other files keep their values";
    ContentConnections "content.connections" [Remove, Hold, Keep] "data connections and queries: the cells that they filled stay";
    ContentOldRevisions "content.old-revisions" [Remove] "earlier states of the document";
    ContentUnreferenced "content.unreferenced" [Remove] "objects and parts that nothing refers to";
    ContentUnknown "content.unknown" [Remove] "structures that the format does not need";
    ContentTrailingBytes "content.trailing-bytes" [Remove] "bytes before, between and after the parts of the file";
    ContentThumbnails "content.thumbnails" [Remove] "small previews, often of an earlier state";
    ContentSecondaryImages "content.secondary-images" [Remove] "further pictures, depth maps, gain maps and video beside the main picture";
    ContentCroppedAreas "content.cropped-areas" [Remove, Hold, Keep] "areas of pictures that a document crops away: cut off; pictures that cannot be cut without a loss are held";
    ContentCustomXml "content.custom-xml" [Remove] "data that programs keep in the file";
    ContentAnnotations "content.annotations" [Remove] "markup annotations, popups and hidden annotations of a PDF";
    ContentVisibleAnnotations "content.visible-annotations" [Flatten, Remove] "text boxes, stamps and drawings laid over a PDF page";
    ContentRedactAnnotations "content.redact-annotations" [Hold] "redaction marks that were never applied: the text beneath is live";
    ContentFormFields "content.form-fields" [Flatten, Keep] "form fields of a PDF: flattened, their visible values become part of the page";
    ContentLayers "content.layers" [Flatten, Hold, Keep] "layers of a PDF that are switched off";
    ContentFields "content.fields" [Remove] "fields that reveal names or paths; their visible result stays";
    ContentProtection "content.protection" [Remove] "password hashes of editing protection";
    ActiveMacros "active.macros" [Hold, Remove, Refuse] "macros, ribbon extensions and add-ins; without them the copy is of a kind without macros";
    ActiveJavascript "active.javascript" [Remove] "scripts";
    ActiveActions "active.actions" [Remove] "actions that start programs, send forms or play media";
    ActiveObjects "active.objects" [Hold, Remove, Refuse] "OLE objects and ActiveX controls: without them, the picture of each stays; one without a picture is held";
    LinksLocal "links.local" [Remove] "links to local files, file servers and intranet hosts";
    LinksExternalContent "links.external-content" [Hold, Keep] "content that is loaded from elsewhere when the file is opened";
    EmbeddedFiles "embedded.files" [Remove, Hold, Keep] "attached files: kept ones are cleaned by the handler of their kind";
    EmbeddedDocuments "embedded.documents" [Hold, Remove, Keep] "Office documents inside a document: without them charts and the picture of each stay; one without a picture is held";
    EmbeddedImports "embedded.imports" [Hold, Remove, Refuse] "files that Word reads into the text on opening (altChunk): removed with all that they would show";
    EmbeddedUnsupported "embedded.unsupported" [Hold, Refuse] "embedded files of a kind that cannot be cleaned";
    Signatures "signatures" [Remove] "digital signatures: cleaning breaks them, and they name the signer";
}

impl Class {
    /// The class of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|class| class.name() == name)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
