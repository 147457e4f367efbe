//! XML parts as a stream of elements and text: decoded, namespaces and entities resolved, depth limited.

pub(crate) mod namespace;
pub(crate) mod odf;
pub(crate) mod readable;
pub(crate) mod stream;

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;
use quick_xml::name::{QName, ResolveResult};
use quick_xml::{NsReader, XmlVersion};

use crate::limits::{Limits, XmlLimits};
use crate::refusal::Refusal;
use namespace::Ns;

/// An attribute, its value with entities resolved.
#[derive(Debug, Clone)]
pub(crate) struct Attribute<'x> {
    pub(crate) ns: Ns,
    pub(crate) local: &'x str,
    pub(crate) value: Cow<'x, str>,
}

/// A start tag.
#[derive(Debug, Clone)]
pub(crate) struct Element<'x> {
    pub(crate) ns: Ns,
    pub(crate) local: &'x str,
    pub(crate) attributes: Vec<Attribute<'x>>,
}

impl<'x> Element<'x> {
    /// True for the element of this name.
    pub(crate) fn is(&self, ns: Ns, local: &str) -> bool {
        self.ns == ns && self.local == local
    }

    /// The value of an attribute.
    pub(crate) fn attribute(&self, ns: Ns, local: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.ns == ns && a.local == local).map(|a| a.value.as_ref())
    }

    /// The value of an attribute without a namespace.
    pub(crate) fn plain(&self, local: &str) -> Option<&str> {
        self.attribute(Ns::None, local)
    }

    /// The value of `w:val`, or of any attribute of that name in the element's own namespace.
    pub(crate) fn val(&self) -> Option<&str> {
        self.own("val")
    }

    /// The value of an attribute in the element's own namespace.
    pub(crate) fn own(&self, local: &str) -> Option<&str> {
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
#[derive(Debug, Clone)]
pub(crate) enum Token<'x> {
    Start(Element<'x>),
    End,
    Text(Cow<'x, str>),
    /// A comment or processing instruction: no reader shows it.
    Aside(Cow<'x, str>),
}

/// Reads one part. A clone reads ahead.
#[derive(Clone)]
pub(crate) struct XmlReader<'x> {
    text: &'x str,
    reader: NsReader<&'x [u8]>,
    depth: u32,
    limits: XmlLimits,
    pending_end: bool,
    seen_root: bool,
    known: KnownNamespaces,
}

/// Namespaces that were met, by their URIs. A part has a few, and each name in it one of them.
#[derive(Debug, Default, Clone)]
struct KnownNamespaces(Vec<(String, Ns)>);

impl KnownNamespaces {
    /// How many are remembered.
    const MOST: usize = 32;

    fn of(&mut self, found: &ResolveResult<'_>) -> Result<Ns, Refusal> {
        let uri = match found {
            ResolveResult::Unbound => return Ok(Ns::None),
            ResolveResult::Bound(uri) => uri.into_inner(),
            ResolveResult::Unknown(_) => return Err(broken("a prefix has no namespace")),
        };
        if let Some((_, ns)) = self.0.iter().find(|(known, _)| known == uri) {
            return Ok(*ns);
        }
        let ns = Ns::of(uri);
        if self.0.len() < Self::MOST {
            self.0.push((uri.to_owned(), ns));
        }
        Ok(ns)
    }
}

impl<'x> XmlReader<'x> {
    /// A reader of decoded XML; see [`decode`].
    pub(crate) fn new(text: &'x str, limits: &Limits) -> Self {
        let mut reader = NsReader::from_str(text);
        reader.resolver_mut().set_max_namespace_bindings(1_024);
        Self {
            text,
            reader,
            depth: 0,
            limits: limits.xml(),
            pending_end: false,
            seen_root: false,
            known: KnownNamespaces::default(),
        }
    }

    /// How deep the reader is: 1 within the root element.
    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    /// Where the reader is, behind the last token: in bytes from the beginning of the text.
    pub(crate) fn offset(&self) -> u64 {
        self.reader.buffer_position()
    }

    /// The next token, `None` at the end of the part.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when the part is no well-formed XML or has a document type, [`crate::Reason::OverLimit`]
    /// when one of the budgets of XML is exceeded.
    pub(crate) fn next(&mut self) -> Result<Option<Token<'x>>, Refusal> {
        if std::mem::take(&mut self.pending_end) {
            self.depth = self.depth.saturating_sub(1);
            return Ok(Some(Token::End));
        }
        loop {
            let from = self.reader.buffer_position();
            if from == 0 {
                self.limits.check_size(self.text.len())?;
            }
            let event = self.reader.read_event().map_err(|_| broken("it is not well-formed"))?;
            return Ok(Some(match event {
                Event::Start(_) => Token::Start(self.element(from)?),
                Event::Empty(_) => {
                    self.pending_end = true;
                    Token::Start(self.element(from)?)
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Token::End
                }
                Event::Text(text) => {
                    let text = text.xml10_content();
                    self.limits.check_text(&text)?;
                    Token::Text(Cow::Owned(text.into_owned()))
                }
                Event::CData(data) => Token::Text(Cow::Owned(data.xml10_content().into_owned())),
                Event::GeneralRef(name) => {
                    let text = match name.resolve_char_ref().map_err(|_| broken("a character reference is invalid"))? {
                        Some(found) => found.to_string(),
                        None => resolve_predefined_entity(&name.into_inner())
                            .ok_or_else(|| broken("it uses an entity that is not defined"))?
                            .to_owned(),
                    };
                    Token::Text(Cow::Owned(text))
                }
                Event::Comment(text) => Token::Aside(Cow::Owned(text.into_inner().into_owned())),
                Event::PI(instruction) => Token::Aside(Cow::Owned(instruction.into_inner().into_owned())),
                Event::Decl(_) => continue,
                Event::DocType(_) => return Err(broken("it has a document type declaration")),
                Event::Eof if self.depth == 0 && self.seen_root => return Ok(None),
                Event::Eof => return Err(broken("it is cut off")),
            }));
        }
    }

    /// The namespace that a prefix stands for here, as values such as formulas use prefixes too.
    pub(crate) fn prefix(&self, prefix: &str) -> Option<Ns> {
        let name = format!("{prefix}:a");
        match self.reader.resolver().resolve_element(QName(&name)).0 {
            ResolveResult::Bound(uri) => Some(Ns::of(uri.into_inner())),
            _ => None,
        }
    }

    /// Reads to the end of the element whose start was the last token.
    pub(crate) fn skip(&mut self) -> Result<(), Refusal> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if self.next()?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// The start tag that begins at this offset. It is read from the text itself, so that names are borrowed, not copied.
    fn element(&mut self, from: u64) -> Result<Element<'x>, Refusal> {
        self.depth = self.depth.saturating_add(1);
        self.seen_root = true;
        self.limits.check_depth(self.depth)?;
        let span = usize::try_from(from).ok().zip(usize::try_from(self.reader.buffer_position()).ok());
        let tag = span
            .and_then(|(from, to)| self.text.get(from..to))
            .and_then(|tag| tag.strip_prefix('<')?.strip_suffix('>'))
            .ok_or_else(|| broken("a tag cannot be found again"))?;
        let tag = tag.strip_suffix('/').unwrap_or(tag);
        let name_end = tag.find(|c: char| c.is_ascii_whitespace()).unwrap_or(tag.len());
        let name = QName(tag.get(..name_end).unwrap_or(tag));
        self.limits.check_text(tag)?;
        self.limits.check_name(name.0)?;
        let resolver = self.reader.resolver();
        let (found, local) = resolver.resolve_element(name);
        let ns = self.known.of(&found)?;
        let mut attributes = Vec::new();
        for (index, attribute) in Attributes::new(tag, name_end).enumerate() {
            let attribute = attribute.map_err(|_| broken("an attribute cannot be read"))?;
            self.limits.check_attribute(index, attribute.key.0)?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (found, local) = resolver.resolve_attribute(attribute.key);
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|_| broken("an attribute uses an entity that is not defined"))?;
            attributes.push(Attribute { ns: self.known.of(&found)?, local: local.into_inner(), value });
        }
        Ok(Element { ns, local: local.into_inner(), attributes })
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

    fn tokens(text: &str) -> Result<Vec<String>, Refusal> {
        let limits = Limits::default();
        let mut reader = XmlReader::new(text, &limits);
        let mut seen = Vec::new();
        while let Some(token) = reader.next()? {
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
