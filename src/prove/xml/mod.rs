//! XML parts as a stream of elements and text: decoded, namespaces and entities resolved, depth limited.

mod content;
pub(crate) mod namespace;
pub(crate) mod odf;
mod outline;
pub(crate) mod readable;
pub(crate) mod stream;

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::refusal::Refusal;
pub(crate) use content::Content;
use namespace::Ns;
use outline::list::Place;
pub(crate) use outline::{Outline, Xml};

/// An attribute, its value with entities resolved.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attribute<'x> {
    pub(crate) ns: Ns,
    pub(crate) local: &'x str,
    pub(crate) value: &'x str,
}

/// The attributes of an element, without declarations of namespaces.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AttributeList<'x> {
    xml: Xml<'x>,
    from: Place,
    /// The entry behind the last one.
    to: usize,
}

impl<'x> AttributeList<'x> {
    pub(crate) fn is_empty(&self) -> bool {
        self.from.entry >= self.to
    }

    /// One after the other.
    pub(crate) fn iter(self) -> impl Iterator<Item = Attribute<'x>> {
        let mut place = self.from;
        std::iter::from_fn(move || (place.entry < self.to).then(|| place.attribute(self.xml)))
    }
}

/// A start tag.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'x> {
    pub(crate) ns: Ns,
    pub(crate) local: &'x str,
    pub(crate) attributes: AttributeList<'x>,
}

impl<'x> Element<'x> {
    /// True for the element of this name.
    pub(crate) fn is(&self, ns: Ns, local: &str) -> bool {
        self.ns == ns && self.local == local
    }

    /// The value of an attribute.
    pub(crate) fn attribute(&self, ns: Ns, local: &str) -> Option<&'x str> {
        self.attributes.iter().find(|a| a.ns == ns && a.local == local).map(|a| a.value)
    }

    /// The value of an attribute without a namespace.
    pub(crate) fn plain(&self, local: &str) -> Option<&'x str> {
        self.attribute(Ns::None, local)
    }

    /// The value of `w:val`, or of any attribute of that name in the element's own namespace.
    pub(crate) fn val(&self) -> Option<&'x str> {
        self.own("val")
    }

    /// The value of an attribute in the element's own namespace.
    pub(crate) fn own(&self, local: &str) -> Option<&'x str> {
        self.attribute(self.ns, local)
    }

    /// True unless an on/off property says off (`ST_OnOff`).
    pub(crate) fn is_on(&self) -> bool {
        self.val().is_none_or(is_true)
    }
}

/// `ST_OnOff` and `xsd:boolean` in one.
pub(crate) fn is_true(value: &str) -> bool {
    !matches!(value, "0" | "false" | "off" | "none")
}

/// What comes next in a part. Every start has its end, empty elements included.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Token<'x> {
    Start(Element<'x>),
    End,
    Text(&'x str),
    /// A comment or processing instruction: no reader shows it.
    Aside(&'x str),
}

/// Reads one part from its beginning to its end. A copy reads ahead.
#[derive(Debug, Clone)]
pub(crate) struct XmlReader<'x> {
    xml: Xml<'x>,
    place: Place,
    /// Where the last token began.
    last: usize,
    depth: u32,
}

impl<'x> XmlReader<'x> {
    fn new(xml: Xml<'x>) -> Self {
        Self { xml, place: Place::default(), last: 0, depth: 0 }
    }

    /// How deep the reader is: 1 within the root element.
    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    /// Where the reader is, another number for each place.
    pub(crate) fn position(&self) -> usize {
        self.place.entry
    }

    /// The next token, `None` at the end of the part.
    pub(crate) fn next(&mut self) -> Option<Token<'x>> {
        self.last = self.place.entry;
        let token = self.place.next(self.xml)?;
        match token {
            Token::Start(_) => self.depth = self.depth.saturating_add(1),
            Token::End => self.depth = self.depth.saturating_sub(1),
            Token::Text(_) | Token::Aside(_) => {}
        }
        Some(token)
    }

    /// The namespace that a prefix stands for here, as values such as formulas use prefixes too.
    pub(crate) fn prefix(&self, prefix: &str) -> Option<Ns> {
        self.xml.prefix(prefix, self.last)
    }

    /// Goes on behind the innermost element that is open.
    pub(crate) fn skip(&mut self) {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside && self.next().is_some() {}
    }
}

/// The text of an XML part: by its byte order mark, by the look of its first bytes (XML 1.0, appendix F), or by its declaration.
///
/// # Errors
/// [`crate::Reason::Damaged`] when the bytes are no text in that encoding, or hold NUL.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| match bytes {
        [b'<', 0, ..] => (UTF_16LE, 0),
        [0, b'<', ..] => (UTF_16BE, 0),
        _ => (declared(bytes).unwrap_or(UTF_8), 0),
    });
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes.get(mark..).unwrap_or_default())
        .filter(|text| !text.contains('\0'))
        .ok_or_else(|| broken("its bytes are no text in its encoding"))
}

/// The encoding that the XML declaration names, if it is one in which the declaration can be read as ASCII.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(200))?;
    let end = head.windows(2).position(|two| two == b"?>")?;
    let declaration = std::str::from_utf8(head.get(..end)?).ok()?.strip_prefix("<?xml")?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let label = value.get(1..)?.split(quote).next()?;
    Encoding::for_label(label.as_bytes()).filter(|encoding| encoding.is_ascii_compatible())
}

fn broken(detail: &str) -> Refusal {
    Refusal::damaged(format!("a part is no XML that can be read: {detail}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn tokens(text: &str) -> Result<Vec<String>, Refusal> {
        let outline = Outline::read(text, &Limits::default())?;
        let mut reader = outline.reader(text);
        let mut seen = Vec::new();
        while let Some(token) = reader.next() {
            seen.push(match token {
                Token::Start(element) => {
                    let attributes: Vec<String> =
                        element.attributes.iter().map(|a| format!("{:?} {}={}", a.ns, a.local, a.value)).collect();
                    format!("{:?} {} [{}]", element.ns, element.local, attributes.join(","))
                }
                Token::End => "end".to_owned(),
                Token::Text(text) => format!("text {text}"),
                Token::Aside(text) => format!("aside {text}"),
            });
        }
        Ok(seen)
    }

    #[test]
    fn elements_attributes_entities() {
        let w = "http://purl.oclc.org/ooxml/wordprocessingml/main";
        let seen = tokens(&format!(
            "<?xml version='1.0'?><q:p xmlns:q='{w}' q:val='a &amp; b'><q:t>x&#65;&lt;</q:t><q:br/><!--c--></q:p>"
        ))
        .expect("tokens");
        let wanted = [
            "Word p [Word val=a & b]",
            "Word t []",
            "text x",
            "text A",
            "text <",
            "end",
            "Word br []",
            "end",
            "aside c",
            "end",
        ];
        assert_eq!(seen, wanted);
    }

    #[test]
    fn refused() {
        for text in ["<a>", "<a></b>", "<a/><b", "<!DOCTYPE a><a/>", "<a>&x;</a>", "", "<a b='1' b='2'/>", "<p:a/>"] {
            assert!(tokens(text).is_err(), "{text}");
        }
        let deep = "<a>".repeat(300) + &"</a>".repeat(300);
        assert_eq!(tokens(&deep).expect_err("deep").reason, crate::Reason::OverLimit);
    }

    #[test]
    fn encodings() {
        let utf16: Vec<u8> = "\u{feff}<a>é</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf16).expect("utf-16"), "<a>é</a>");
        let latin = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xe9</a>";
        assert!(decode(latin).expect("latin").ends_with("<a>é</a>"));
        assert!(decode(b"<a>\0</a>").is_err());
        assert!(decode(b"<a>\xff</a>").is_err());
    }
}
