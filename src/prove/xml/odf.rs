//! The namespaces of OpenDocument (ODF 1.3 part 3, section 2.2) and those that its programs add.

macro_rules! namespaces {
    ($($variant:ident $code:literal $about:literal $($uri:literal)+;)*) => {
        /// A namespace that may stand in an OpenDocument file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum Odf {
            $(#[doc = $about] $variant,)*
        }

        impl Odf {
            /// The namespace of a URI.
            pub(crate) fn of(uri: &str) -> Option<Self> {
                let name = uri.strip_prefix("urn:oasis:names:tc:opendocument:xmlns:").unwrap_or(uri);
                match name {
                    $($($uri)|+ => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// A number for digests, the same in every run.
            pub(crate) fn code(self) -> u64 {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}

namespaces! {
    Office 101 "`office:`, the frame of every document" "office:1.0";
    Text 102 "`text:`" "text:1.0";
    Table 103 "`table:`" "table:1.0";
    Style 104 "`style:`" "style:1.0";
    Draw 105 "`draw:`" "drawing:1.0";
    Fo 106 "`fo:`, properties that XSL has too" "xsl-fo-compatible:1.0" "http://www.w3.org/1999/XSL/Format";
    Svg 107 "`svg:`, what SVG has too" "svg-compatible:1.0" "http://www.w3.org/2000/svg";
    Number 108 "`number:`, formats of numbers and dates" "datastyle:1.0";
    Presentation 109 "`presentation:`" "presentation:1.0";
    Dr3d 110 "`dr3d:`, scenes in three dimensions" "dr3d:1.0";
    Anim 111 "`anim:`, animations" "animation:1.0";
    Smil 112 "`smil:`, what SMIL has too" "smil-compatible:1.0";
    Chart 113 "`chart:`" "chart:1.0";
    Form 114 "`form:`, controls" "form:1.0";
    Script 115 "`script:`, macros and events" "script:1.0";
    Meta 116 "`meta:`, properties of the document" "meta:1.0";
    Config 117 "`config:`, settings" "config:1.0";
    Database 118 "`db:`, data sources" "database:1.0";
    Manifest 119 "`manifest:`, the list of members" "manifest:1.0";
    Formula 120 "`of:`, the language of formulas" "of:1.2";
    XLink 121 "`xlink:`, links" "http://www.w3.org/1999/xlink";
    MathMl 122 "MathML" "http://www.w3.org/1998/Math/MathML";
    XForms 123 "`xforms:`" "http://www.w3.org/2002/xforms";
    Events 124 "`dom:`, names of events" "http://www.w3.org/2001/xml-events";
    XmlSchema 125 "`xsd:` and `xsi:`" "http://www.w3.org/2001/XMLSchema" "http://www.w3.org/2001/XMLSchema-instance";
    Xhtml 126 "`xhtml:` and `grddl:`, statements about the content" "http://www.w3.org/1999/xhtml"
        "http://www.w3.org/2003/g/data-view#" "http://docs.oasis-open.org/opendocument/meta/rdfa#";
    Css 127 "`css3t:`, properties that CSS has too" "http://www.w3.org/TR/css3-text/";
    LibreOffice 128 "`loext:`, what LibreOffice adds"
        "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0";
    CalcExtension 129 "`calcext:`, what LibreOffice adds to sheets"
        "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0";
    Field 130 "`field:`, fields as Word has them" "urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0";
    FormExtension 131 "`formx:`" "urn:openoffice:names:experimental:ooxml-odf-interop:xmlns:form:1.0";
    OpenOffice 132 "`ooo:`, `officeooo:`, `drawooo:`, `tableooo:` and other additions of OpenOffice.org"
        "http://openoffice.org/2004/office" "http://openoffice.org/2009/office" "http://openoffice.org/2009/table"
        "http://openoffice.org/2010/draw" "http://openoffice.org/2010/chart" "http://openoffice.org/2005/report";
    OldFormula 133 "`ooow:` and `oooc:`, older languages of formulas" "http://openoffice.org/2004/writer"
        "http://openoffice.org/2004/calc";
}
