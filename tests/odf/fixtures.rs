//! OpenDocument files built by code, as packages and as flat XML.

#[path = "../support/containers.rs"]
mod containers;

use zip::DateTime;

/// Every namespace that the fixtures use, as declarations.
pub const DECLARATIONS: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
    xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
    xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
    xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" \
    xmlns:presentation=\"urn:oasis:names:tc:opendocument:xmlns:presentation:1.0\" \
    xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\" \
    xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" \
    xmlns:form=\"urn:oasis:names:tc:opendocument:xmlns:form:1.0\" \
    xmlns:meta=\"urn:oasis:names:tc:opendocument:xmlns:meta:1.0\" \
    xmlns:config=\"urn:oasis:names:tc:opendocument:xmlns:config:1.0\" \
    xmlns:script=\"urn:oasis:names:tc:opendocument:xmlns:script:1.0\" \
    xmlns:chart=\"urn:oasis:names:tc:opendocument:xmlns:chart:1.0\" \
    xmlns:of=\"urn:oasis:names:tc:opendocument:xmlns:of:1.2\" \
    xmlns:loext=\"urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0\" \
    xmlns:officeooo=\"http://openoffice.org/2009/office\" xmlns:ooo=\"http://openoffice.org/2004/office\" \
    xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
    xmlns:xhtml=\"http://www.w3.org/1999/xhtml\" xmlns:else=\"urn:example:elsewhere\"";

/// What kind of document it is: the element in the body, and the media type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    Text,
    Spreadsheet,
    Presentation,
}

impl Body {
    fn element(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Spreadsheet => "spreadsheet",
            Self::Presentation => "presentation",
        }
    }

    pub fn media_type(self) -> String {
        format!("application/vnd.oasis.opendocument.{}", self.element())
    }
}

/// A document in pieces.
#[derive(Clone)]
pub struct Document {
    pub body: Body,
    pub meta: String,
    pub settings: String,
    pub styles: String,
    pub automatic: String,
    pub master: String,
    pub scripts: String,
    pub content: String,
    /// Further members of the package, with their media types.
    pub members: Vec<(String, Vec<u8>, String)>,
}

impl Document {
    pub fn new(body: Body) -> Self {
        let empty = String::new;
        Self {
            body,
            meta: "<meta:generator>LibreOffice/7.4</meta:generator>".into(),
            settings: empty(),
            styles: empty(),
            automatic: empty(),
            master: empty(),
            scripts: empty(),
            content: empty(),
            members: Vec::new(),
        }
    }

    /// A text with this body.
    pub fn text(content: &str) -> Self {
        Self { content: content.to_owned(), ..Self::new(Body::Text) }
    }

    pub fn member(mut self, name: &str, bytes: &[u8], media_type: &str) -> Self {
        self.members.push((name.to_owned(), bytes.to_vec(), media_type.to_owned()));
        self
    }

    /// The XML parts of the package.
    pub fn parts(&self) -> Vec<(String, String)> {
        let part = |name: &str, content: String| {
            (
                format!("{name}.xml"),
                format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-{name} {DECLARATIONS} \
                     office:version=\"1.3\">{content}</office:document-{name}>"
                ),
            )
        };
        let element = self.body.element();
        vec![
            part(
                "content",
                format!(
                    "{}<office:automatic-styles>{}</office:automatic-styles><office:body>\
                     <office:{element}>{}</office:{element}></office:body>",
                    wrapped("scripts", &self.scripts),
                    self.automatic,
                    self.content
                ),
            ),
            part("meta", format!("<office:meta>{}</office:meta>", self.meta)),
            part("settings", wrapped("settings", &self.settings)),
            part(
                "styles",
                format!(
                    "<office:styles>{}</office:styles><office:master-styles>{}</office:master-styles>",
                    self.styles, self.master
                ),
            ),
        ]
    }

    /// All members of the package but the type.
    pub fn all_members(&self) -> Vec<(String, Vec<u8>)> {
        let mut members: Vec<(String, Vec<u8>)> =
            self.parts().into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
        members.extend(self.members.iter().map(|(name, bytes, _)| (name.clone(), bytes.clone())));
        let mut entries =
            format!("<m:file-entry m:full-path=\"/\" m:version=\"1.3\" m:media-type=\"{}\"/>", self.body.media_type());
        for (name, _) in &members {
            let listed = self.members.iter().find(|(member, ..)| member == name);
            let media_type = listed.map_or("text/xml", |(_, _, media_type)| media_type);
            entries += &format!("<m:file-entry m:full-path=\"{name}\" m:media-type=\"{media_type}\"/>");
        }
        let manifest = format!(
            "<m:manifest xmlns:m=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" m:version=\"1.3\">{entries}</m:manifest>"
        );
        members.push(("META-INF/manifest.xml".into(), manifest.into_bytes()));
        members
    }

    /// The package as an office program would write it.
    pub fn package(&self) -> Vec<u8> {
        package(&self.body.media_type(), &self.all_members())
    }

    /// The document as flat XML. Members are left out.
    pub fn flat(&self) -> Vec<u8> {
        let element = self.body.element();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document {DECLARATIONS} office:version=\"1.3\" \
             office:mimetype=\"{}\"><office:meta>{}</office:meta>{}{}<office:styles>{}</office:styles><office:automatic-styles>{}</office:automatic-styles>\
             <office:master-styles>{}</office:master-styles><office:body><office:{element}>{}</office:{element}>\
             </office:body></office:document>",
            self.body.media_type(),
            self.meta,
            wrapped("settings", &self.settings),
            wrapped("scripts", &self.scripts),
            self.styles,
            self.automatic,
            self.master,
            self.content
        )
        .into_bytes()
    }
}

/// An element that is written short when it is empty, as office programs do.
fn wrapped(element: &str, content: &str) -> String {
    if content.is_empty() {
        format!("<office:{element}/>")
    } else {
        format!("<office:{element}>{content}</office:{element}>")
    }
}

/// A package: its type first and stored, then the members with a date.
pub fn package(media_type: &str, members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut all = vec![("mimetype".to_owned(), media_type.as_bytes().to_vec())];
    all.extend_from_slice(members);
    zip(&all)
}

/// A container with members in this order, the type stored, and a comment.
pub fn zip(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let date = DateTime::from_date_and_time(2021, 3, 4, 5, 6, 8).unwrap();
    containers::zip(members, Some("mimetype"), date, "GONE-zip-comment")
}

/// The members of a container, inflated; the file itself when it is none.
pub fn unpacked(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    containers::members(bytes).unwrap_or_else(|| vec![(String::new(), bytes.to_vec())])
}

/// A PNG image of one pixel with a text in it.
pub fn png(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 1, 1);
    encoder.add_text_chunk("Author".into(), text.into()).unwrap();
    encoder.write_header().unwrap().write_image_data(&[7]).unwrap();
    bytes
}

/// The XML of a sub-document in a folder.
pub fn inner(body: &str) -> Vec<u8> {
    format!("<office:document-content {DECLARATIONS}><office:body>{body}</office:body></office:document-content>")
        .into_bytes()
}

/// A frame with a picture or an object.
pub fn frame(content: &str) -> String {
    format!("<text:p><draw:frame draw:name=\"KEEP-frame\">{content}</draw:frame></text:p>")
}
