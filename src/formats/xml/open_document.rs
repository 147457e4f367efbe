//! Namespaces of OpenDocument (ODF 1.3 part 3, 2.2) and of the extensions that LibreOffice and OpenOffice write.

/// A namespace of OpenDocument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::formats) enum Odf {
    /// The frame of a document: `office:body`, `office:annotation`.
    Office,
    /// Text.
    Text,
    /// Tables and sheets.
    Table,
    /// Styles.
    Style,
    /// Drawings and pages.
    Draw,
    /// Presentations.
    Presentation,
    /// What is taken from SVG.
    Svg,
    /// Forms.
    Form,
    /// Metadata.
    Meta,
    /// Dublin Core.
    Dc,
    /// Links.
    XLink,
    /// Settings.
    Config,
    /// Scripts and events.
    Script,
    /// The list of the package's members.
    Manifest,
    /// Animations.
    Animation,
    /// Database fields and connections.
    Database,
    /// XForms, whose attributes have no namespace.
    XForms,
    /// MathML, whose attributes have no namespace.
    MathMl,
    /// Statements about the content for machines: RDFa and GRDDL.
    Xhtml,
    /// Extensions of OpenOffice, ids of editing sessions among them.
    OpenOffice,
    /// Further namespaces that belong to the format and that no rule asks for.
    Further,
}

const TABLE: &[(&str, Odf)] = &[
    ("urn:oasis:names:tc:opendocument:xmlns:office:1.0", Odf::Office),
    ("urn:oasis:names:tc:opendocument:xmlns:text:1.0", Odf::Text),
    ("urn:oasis:names:tc:opendocument:xmlns:table:1.0", Odf::Table),
    ("urn:oasis:names:tc:opendocument:xmlns:style:1.0", Odf::Style),
    ("urn:oasis:names:tc:opendocument:xmlns:drawing:1.0", Odf::Draw),
    ("urn:oasis:names:tc:opendocument:xmlns:presentation:1.0", Odf::Presentation),
    ("urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0", Odf::Svg),
    ("http://www.w3.org/2000/svg", Odf::Svg),
    ("urn:oasis:names:tc:opendocument:xmlns:form:1.0", Odf::Form),
    ("urn:oasis:names:tc:opendocument:xmlns:meta:1.0", Odf::Meta),
    ("http://purl.org/dc/elements/1.1/", Odf::Dc),
    ("http://www.w3.org/1999/xlink", Odf::XLink),
    ("urn:oasis:names:tc:opendocument:xmlns:config:1.0", Odf::Config),
    ("urn:oasis:names:tc:opendocument:xmlns:script:1.0", Odf::Script),
    ("http://openoffice.org/2004/office", Odf::Script),
    ("urn:oasis:names:tc:opendocument:xmlns:manifest:1.0", Odf::Manifest),
    ("urn:oasis:names:tc:opendocument:xmlns:animation:1.0", Odf::Animation),
    ("urn:oasis:names:tc:opendocument:xmlns:database:1.0", Odf::Database),
    ("http://www.w3.org/2002/xforms", Odf::XForms),
    ("http://www.w3.org/1998/Math/MathML", Odf::MathMl),
    ("http://www.w3.org/1999/xhtml", Odf::Xhtml),
    ("http://www.w3.org/2003/g/data-view#", Odf::Xhtml),
    ("http://docs.oasis-open.org/opendocument/meta/rdfa#", Odf::Xhtml),
    ("http://openoffice.org/2004/writer", Odf::Further),
    ("http://openoffice.org/2004/calc", Odf::Further),
    ("http://openoffice.org/2005/report", Odf::Further),
    ("http://openoffice.org/2009/office", Odf::OpenOffice),
    ("urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0", Odf::Further),
    ("http://www.w3.org/1999/XSL/Format", Odf::Further),
    ("urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0", Odf::Further),
    ("urn:oasis:names:tc:opendocument:xmlns:chart:1.0", Odf::Further),
    ("urn:oasis:names:tc:opendocument:xmlns:dr3d:1.0", Odf::Further),
    ("urn:oasis:names:tc:opendocument:xmlns:smil-compatible:1.0", Odf::Further),
    ("urn:oasis:names:tc:opendocument:xmlns:of:1.2", Odf::Further),
    ("urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0", Odf::Further),
    ("urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0", Odf::Further),
    ("urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0", Odf::Further),
    ("urn:openoffice:names:experimental:ooxml-odf-interop:xmlns:form:1.0", Odf::Further),
    ("http://openoffice.org/2010/chart", Odf::Further),
    ("http://openoffice.org/2010/draw", Odf::Further),
    ("http://openoffice.org/2009/table", Odf::Further),
    ("http://www.w3.org/TR/css3-text/", Odf::Further),
    ("http://www.w3.org/XML/1998/namespace", Odf::Further),
    ("http://www.w3.org/2001/xml-events", Odf::Further),
    ("http://www.w3.org/2001/XMLSchema", Odf::Further),
    ("http://www.w3.org/2001/XMLSchema-instance", Odf::Further),
];

/// The namespace of a URI, if it is one of OpenDocument.
pub(super) fn of(uri: &str) -> Option<Odf> {
    TABLE.iter().find(|(known, _)| *known == uri).map(|(_, ns)| *ns)
}
