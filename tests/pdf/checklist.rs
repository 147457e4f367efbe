//! Every place of the planted document with what the log must say of it.

use std::collections::BTreeSet;

use fieldstrip::formats::Context;
use fieldstrip::limits::Spent;
use fieldstrip::policy::Class;
use fieldstrip::text::{Scope, extract};
use fieldstrip::{Kind, Policy};

use super::fixtures::{Fate, everything};
use super::handle;

/// Under which class and name each place stands in the log.
const LOGGED: &[(&str, Class, &str)] = &[
    ("InfoTitle", Class::MetadataDescription, "PDF:Title"),
    ("InfoAuthor", Class::MetadataAuthor, "PDF:Author"),
    ("InfoSubject", Class::MetadataDescription, "PDF:Subject"),
    ("InfoKeywords", Class::MetadataDescription, "PDF:Keywords"),
    ("InfoCreator", Class::MetadataSoftware, "PDF:Creator"),
    ("InfoProducer", Class::MetadataSoftware, "PDF:Producer"),
    ("InfoCreationDate", Class::MetadataDates, "PDF:CreationDate"),
    ("InfoModDate", Class::MetadataDates, "PDF:ModDate"),
    ("InfoCompany", Class::MetadataOrganisation, "PDF:Company"),
    ("InfoSourceModified", Class::MetadataDates, "PDF:SourceModified"),
    ("TrailerKey", Class::MetadataOther, "Trailer/DocChecksum"),
    ("CatalogXmp", Class::MetadataAuthor, "XMP-dc:creator"),
    ("PageXmp", Class::MetadataAuthor, "XMP-dc:creator"),
    ("ImageXmp", Class::MetadataAuthor, "XMP-dc:creator"),
    ("FormXmp", Class::MetadataAuthor, "XMP-dc:creator"),
    ("FontXmp", Class::MetadataAuthor, "XMP-dc:creator"),
    ("ProfileXmp", Class::MetadataAuthor, "XMP-dc:creator"),
    ("AttachedData", Class::EmbeddedFiles, "attached file: plain text"),
    ("AttachedName", Class::EmbeddedFiles, "Filespec/F"),
    ("AttachedUnicodeName", Class::EmbeddedFiles, "Filespec/UF"),
    ("AttachedDescription", Class::EmbeddedFiles, "Filespec/Desc"),
    ("ChainedScript", Class::ActiveActions, "Action/Next"),
    ("SpiderData", Class::MetadataPaths, "Catalog/SpiderInfo"),
    ("Alternates", Class::ContentSecondaryImages, "Image/Alternates"),
    ("ImageId", Class::MetadataIdentifiers, "Image/ID"),
    ("Opi", Class::MetadataPaths, "Image/OPI"),
    ("ImagePieceInfo", Class::ContentCustomXml, "Image/PieceInfo"),
    ("JpegComment", Class::MetadataDescription, "COM"),
    ("JpegXmp", Class::MetadataAuthor, "XMP-dc:creator"),
    ("JpegArtist", Class::MetadataAuthor, "EXIF:Artist"),
    ("JpegTail", Class::ContentTrailingBytes, "trailer 18 bytes after EOI"),
    ("AfterFlate", Class::ContentTrailingBytes, "bytes after stream data"),
    ("AfterFax", Class::ContentTrailingBytes, "bytes after stream data"),
    ("Jbig2Comment", Class::ContentTrailingBytes, "bytes after stream data"),
    ("AfterInlineImage", Class::ContentTrailingBytes, "bytes after inline image data"),
    ("ProfileCopyright", Class::MetadataAuthor, "ICC:ProfileCopyright"),
    ("FontComment", Class::MetadataOther, "font program: names and dates"),
    ("FontNotice", Class::MetadataOther, "font program: names and dates"),
    ("FontTail", Class::MetadataOther, "font program: names and dates"),
    ("MapComment", Class::MetadataOther, "character map: comments and names"),
    ("WrappedJpegComment", Class::MetadataDescription, "COM"),
    ("FormLastModified", Class::MetadataDates, "Form/LastModified"),
    ("FormMeasure", Class::MetadataLocation, "Form/Measure"),
    ("FormPieceInfo", Class::ContentCustomXml, "Form/PieceInfo"),
    ("Thumbnail", Class::ContentThumbnails, "Page/Thumb"),
    ("CommentAuthor", Class::MetadataAuthor, "Annot/T"),
    ("CommentContents", Class::ContentComments, "Annot/Contents"),
    ("CommentRich", Class::ContentComments, "Annot/RC"),
    ("CommentSubject", Class::ContentComments, "Annot/Subj"),
    ("CommentName", Class::MetadataIdentifiers, "Annot/NM"),
    ("CommentDate", Class::MetadataDates, "Annot/M"),
    ("Popup", Class::ContentComments, "Annot/Contents"),
    ("Highlight", Class::ContentComments, "Annot/Contents"),
    ("StampAuthor", Class::MetadataAuthor, "Annot/T"),
    ("StampContents", Class::ContentComments, "Annot/Contents"),
    ("HiddenFreeText", Class::ContentComments, "Annot/Contents"),
    ("FileAttachment", Class::ContentComments, "Annot/Contents"),
    ("MovieFile", Class::ActiveActions, "Annot/Movie"),
    ("RenditionScript", Class::ActiveActions, "Action/Rendition"),
    ("FileLink", Class::LinksLocal, "Action/URI"),
    ("IntranetLink", Class::LinksLocal, "Action/URI"),
    ("RemoteFile", Class::LinksLocal, "Action/GoToR"),
    ("LaunchFile", Class::LinksLocal, "Action/Launch"),
    ("SubmitForm", Class::ActiveActions, "Action/SubmitForm"),
    ("PathAction", Class::ActiveActions, "Link/PA"),
    ("LinkDate", Class::MetadataDates, "Link/M"),
    ("LinkName", Class::MetadataIdentifiers, "Link/NM"),
    ("Underline", Class::ContentComments, "Annot/Contents"),
    ("StrikeOut", Class::ContentComments, "Annot/Contents"),
    ("Squiggly", Class::ContentComments, "Annot/Contents"),
    ("Caret", Class::ContentComments, "Annot/Contents"),
    ("FreeTextContents", Class::ContentComments, "Annot/Contents"),
    ("Ink", Class::ContentComments, "Annot/Contents"),
    ("Line", Class::ContentComments, "Annot/Contents"),
    ("Polygon", Class::ContentComments, "Annot/Contents"),
    ("ThreeD", Class::ContentComments, "Annot/Contents"),
    ("RichMedia", Class::ContentComments, "Annot/Contents"),
    ("Sound", Class::ContentComments, "Annot/Contents"),
    ("Projection", Class::ContentComments, "Annot/Contents"),
    ("UnknownAnnotation", Class::ContentComments, "Annot/Contents"),
    ("FreeTextStyle", Class::ContentVisibleAnnotations, "Annot/FreeText"),
    ("OldRevision", Class::ContentOldRevisions, "revision"),
    ("FieldName", Class::ContentFormFields, "Field/T"),
    ("FieldTip", Class::ContentFormFields, "Field/TU"),
    ("FieldDefault", Class::ContentFormFields, "Field/DV"),
    ("FieldRich", Class::ContentFormFields, "Field/RV"),
    ("WidgetDate", Class::ContentFormFields, "Annot/Widget"),
    ("WidgetScript", Class::ActiveJavascript, "Annot/AA"),
    ("WidgetAction", Class::ActiveJavascript, "Action/JavaScript"),
    ("WidgetPrivate", Class::ContentFormFields, "Annot/Widget"),
    ("HiddenFieldName", Class::ContentFormFields, "Field/T"),
    ("HiddenFieldValue", Class::ContentHiddenText, "Field/V"),
    ("SignerName", Class::Signatures, "Sig/Name"),
    ("SignReason", Class::Signatures, "Sig/Reason"),
    ("SignLocation", Class::Signatures, "Sig/Location"),
    ("SignContact", Class::Signatures, "Sig/ContactInfo"),
    ("FieldWithoutWidget", Class::ContentHiddenText, "Field/V"),
    ("StructTreePrivate", Class::ContentCustomXml, "StructTreeRoot/Private"),
    ("StructTitle", Class::ContentUnknown, "StructElement/T"),
    ("UserProperties", Class::MetadataOther, "Attributes/UserProperties"),
    ("AttributePrivate", Class::ContentUnknown, "Attributes/Secret"),
    ("LayerName", Class::MetadataOther, "OCG/Name"),
    ("LayerCreator", Class::MetadataSoftware, "OCG/CreatorInfo"),
    ("LayerUser", Class::MetadataPeople, "OCG/User"),
    ("BookmarkScript", Class::ActiveJavascript, "Action/JavaScript"),
    ("BookmarkPrivate", Class::ContentCustomXml, "OutlineItem/Private"),
    ("StatePrivate", Class::ContentUnknown, "ExtGState/Secret"),
    ("PropertyActualText", Class::ContentUnreferenced, "Resources/Properties"),
    ("PropertyPrivate", Class::ContentUnreferenced, "Resources/Properties"),
    ("ResourcesPrivate", Class::ContentCustomXml, "Resources/Private"),
    ("PagePieceInfo", Class::ContentCustomXml, "Page/PieceInfo"),
    ("PageLastModified", Class::MetadataDates, "Page/LastModified"),
    ("PageScript", Class::ActiveJavascript, "Page/AA"),
    ("GeoPoints", Class::MetadataLocation, "Page/VP"),
    ("GeoRegistration", Class::MetadataLocation, "Page/LGIDict"),
    ("Beads", Class::ContentUnknown, "Page/B"),
    ("PagePrivate", Class::ContentUnknown, "Page/PZ"),
    ("DocumentPart", Class::ContentUnknown, "Page/DPart"),
    ("PresentationSteps", Class::ContentUnknown, "Page/PresSteps"),
    ("StringForNumber", Class::ContentUnknown, "Page/Rotate"),
    ("ContentComment", Class::ContentUnknown, "content/comment"),
    ("MarkedPoint", Class::ContentUnknown, "content/marked-content point"),
    ("MarkedContent", Class::ContentUnknown, "content/private mark"),
    ("FontPrivate", Class::ContentUnknown, "Font/Secret"),
    ("ProfileReference", Class::ContentUnknown, "OutputIntent/DestOutputProfileRef"),
    ("CatalogPieceInfo", Class::ContentCustomXml, "Catalog/PieceInfo"),
    ("CatalogLastModified", Class::MetadataDates, "Catalog/LastModified"),
    ("MarkInfoPrivate", Class::ContentUnknown, "MarkInfo/Secret"),
    ("OpenScript", Class::ActiveJavascript, "Catalog/OpenAction"),
    ("CloseScript", Class::ActiveJavascript, "Catalog/AA"),
    ("UriBase", Class::LinksLocal, "Catalog/URI"),
    ("NamedScript", Class::ActiveJavascript, "Names/JavaScript"),
    ("AttachmentKey", Class::EmbeddedFiles, "Names/EmbeddedFiles/name"),
    ("WebCaptureUrl", Class::MetadataPaths, "Names/URLS"),
    ("WebCaptureId", Class::MetadataPaths, "Names/IDS"),
    ("Rendition", Class::ActiveActions, "Names/Renditions"),
    ("Template", Class::ContentUnknown, "Names/Templates"),
    ("SlideShow", Class::ContentUnknown, "Names/AlternatePresentations"),
    ("Xfa", Class::ContentFormFields, "InteractiveForm/XFA"),
    ("LayerConfigName", Class::MetadataOther, "OCProperties/Name"),
    ("LayerConfigCreator", Class::MetadataSoftware, "OCProperties/Creator"),
    ("OtherConfig", Class::MetadataOther, "OCProperties/Name"),
    ("Thread", Class::ContentUnknown, "Catalog/Threads"),
    ("Legal", Class::Signatures, "Catalog/Legal"),
    ("Perms", Class::Signatures, "Catalog/Perms"),
    ("Dss", Class::Signatures, "Catalog/DSS"),
    ("Collection", Class::EmbeddedFiles, "Catalog/Collection"),
    ("Requirements", Class::ContentUnknown, "Catalog/Requirements"),
    ("PageLabelPrivate", Class::ContentUnknown, "PageLabel/Secret"),
    ("PreferencesPrivate", Class::ContentUnknown, "ViewerPreferences/Secret"),
    ("Extensions", Class::ContentUnknown, "Catalog/Extensions"),
    ("DocumentParts", Class::ContentUnknown, "Catalog/DPartRootNode"),
    ("PagesPrivate", Class::ContentUnknown, "Pages/Secret"),
    ("CatalogPrivate", Class::ContentUnknown, "Catalog/Secret"),
    ("Unreferenced", Class::ContentUnreferenced, "object"),
    ("UnreferencedStream", Class::ContentUnreferenced, "object"),
    ("BeforeHeader", Class::ContentTrailingBytes, "bytes before the header"),
    ("AfterEnd", Class::ContentTrailingBytes, "bytes after the end"),
    ("IdFirst", Class::MetadataIdentifiers, "Trailer/ID"),
    ("IdSecond", Class::MetadataIdentifiers, "Trailer/ID"),
    ("FontNameKey", Class::ContentUnknown, "Font/Name"),
    ("BinaryComment", Class::ContentTrailingBytes, "comment after the header"),
    ("BetweenObjects", Class::ContentTrailingBytes, "bytes between objects"),
];
/// Texts that stay, and as what they are scanned; names in the file's own structure are not text.
const SCANNED: &[(&str, Option<Scope>)] = &[
    ("FormText", Some(Scope::Body)),
    ("StampAppearance", Some(Scope::Body)),
    ("SignatureAppearance", Some(Scope::Body)),
    ("FreeTextAppearance", Some(Scope::Body)),
    ("FieldValue", Some(Scope::Body)),
    ("PageText", Some(Scope::Body)),
    ("PublicLink", Some(Scope::LinkTarget)),
    ("LinkContents", Some(Scope::Comment)),
    ("FileLinkContents", Some(Scope::Comment)),
    ("IntranetContents", Some(Scope::Comment)),
    ("RemoteContents", Some(Scope::Comment)),
    ("LaunchContents", Some(Scope::Comment)),
    ("SubmitContents", Some(Scope::Comment)),
    ("GoToContents", Some(Scope::Comment)),
    ("NamedContents", Some(Scope::Comment)),
    ("NewRevision", Some(Scope::Comment)),
    ("StructAlt", Some(Scope::AltText)),
    ("StructActualText", Some(Scope::AltText)),
    ("StructExpansion", Some(Scope::AltText)),
    ("InlineActualText", Some(Scope::AltText)),
    ("OcrText", Some(Scope::Hidden)), // the picture beneath is all grey, so it is not the text of it
    ("Bookmark", Some(Scope::Bookmark)),
    ("NamedTarget", None),
    ("DestinationName", Some(Scope::Bookmark)),
    ("OldDestination", Some(Scope::Bookmark)),
    ("OutputCondition", None),
    ("PageLabel", Some(Scope::Bookmark)),
];

fn place(token: &str) -> &str {
    token.trim_start_matches("Strip").trim_start_matches("Keep").trim_end_matches("Token")
}

#[test]
fn every_removal_stands_in_the_log_under_its_class() {
    let (file, tokens) = everything();
    let (_, report) = handle(&file).unwrap();
    let hits = report.all_hits();
    let values = report.all_values();
    let mut places: BTreeSet<&str> = BTreeSet::new();
    for (place, class, item) in LOGGED {
        assert!(places.insert(place), "{place} is listed twice");
        assert!(hits.iter().any(|hit| hit.class == *class && hit.item == *item), "{place}: {class} {item}");
        let token = format!("Strip{place}Token");
        let mut known = values.iter().filter(|removed| removed.value.contains(&token));
        assert!(known.all(|removed| removed.class == *class && removed.item == *item), "{place}: {class} {item}");
    }
    for (token, _) in tokens.0.iter().filter(|(_, fate)| *fate == Fate::Strip) {
        assert!(places.remove(place(token)), "{token} has no entry");
    }
    assert!(places.is_empty(), "{places:?} are not planted");
}

#[test]
fn every_text_that_stays_is_scanned() {
    let (file, tokens) = everything();
    let (copy, _) = handle(&file).unwrap();
    let spent = Spent::default();
    let read = extract(Kind::Pdf, &copy, &Context::new(Policy::strictest(), &spent)).unwrap();
    let kept = tokens.0.iter().filter(|(_, fate)| *fate == Fate::Keep);
    for (token, _) in kept {
        let (_, scope) = SCANNED.iter().find(|(known, _)| *known == place(token)).expect(token);
        let scopes: Vec<Scope> =
            read.spans.iter().filter(|span| span.text.contains(token.as_str())).map(|span| span.scope).collect();
        match scope {
            Some(scope) => assert!(scopes.contains(scope), "{token}: {scopes:?}"),
            None => assert!(scopes.is_empty(), "{token} is text after all: {scopes:?}"),
        }
    }
}

#[test]
fn what_is_always_the_same_is_no_removal() {
    let (once, _) = handle(&everything().0).unwrap();
    let (_, report) = handle(&once).unwrap();
    for item in ["Trailer/ID", "Font/Name", "comment after the header", "bytes between objects"] {
        assert!(report.all_hits().iter().all(|hit| hit.item != item), "{item}");
    }
}
