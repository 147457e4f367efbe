//! `[Content_Types].xml`: what each part is (ECMA-376 part 2, 6.2.3).

use std::collections::BTreeMap;

use super::part_name;
use crate::formats::xml::{Ns, Token, Tokens, decode};
use crate::limits::Limits;
use crate::refusal::Refusal;

/// The type of parts that end with `.xml`, unless another one is given.
const XML: &str = "application/xml";

/// The content types of a package.
#[derive(Debug, Default)]
pub(super) struct ContentTypes {
    defaults: BTreeMap<String, String>,
    overrides: BTreeMap<String, String>,
}

impl ContentTypes {
    /// Reads the part.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when it is not well-formed or names something that is no content type.
    pub(super) fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, Refusal> {
        let text = decode(bytes)?;
        let mut tokens = Tokens::new(&text, limits);
        let mut types = Self::default();
        while let Some(token) = tokens.next()? {
            let Token::Start(element) = token else { continue };
            if element.ns != Ns::ContentTypes {
                continue;
            }
            let Some(content_type) = element.get(Ns::None, "ContentType") else { continue };
            // Without parameters: none is needed, and anything could stand in them.
            let content_type = content_type.split(';').next().unwrap_or_default().trim().to_owned();
            if !is_content_type(&content_type) {
                return Err(Refusal::damaged("the package names something that is no content type"));
            }
            if let (true, Some(extension)) = (element.local == "Default", element.get(Ns::None, "Extension")) {
                types.defaults.insert(extension.to_lowercase(), content_type);
            } else if let (true, Some(name)) = (element.local == "Override", element.get(Ns::None, "PartName")) {
                types.overrides.insert(part_name::key(&name), content_type);
            }
        }
        Ok(types)
    }

    /// The content type of a part; empty when none is given.
    pub(super) fn of(&self, key: &str) -> &str {
        let given = self.overrides.get(key).or_else(|| self.defaults.get(&part_name::extension(key)));
        given.map_or("", String::as_str)
    }

    /// Gives a part another content type.
    pub(super) fn set(&mut self, key: &str, content_type: &str) {
        self.overrides.insert(key.to_owned(), content_type.to_owned());
    }

    /// Writes the part for the parts that remain, given by the names they have in the container.
    pub(super) fn write<'n>(&self, names: impl Iterator<Item = &'n str>) -> String {
        let mut defaults = BTreeMap::new();
        defaults.insert("rels".to_owned(), "application/vnd.openxmlformats-package.relationships+xml");
        defaults.insert("xml".to_owned(), XML);
        let mut overrides = BTreeMap::new();
        for name in names {
            let (key, extension) = (part_name::key(name), part_name::extension(name));
            let content_type = self.of(&key);
            if extension == "rels" || content_type.is_empty() || extension == "xml" && content_type == XML {
                continue;
            }
            if !self.overrides.contains_key(&key) && extension != "xml" {
                defaults.insert(extension, content_type);
            } else {
                overrides.insert(name, content_type);
            }
        }
        let mut out = String::from(super::DECLARATION);
        out.push_str("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">");
        for (extension, content_type) in defaults {
            let extension = quick_xml::escape::escape(extension);
            out.push_str(&format!("<Default Extension=\"{extension}\" ContentType=\"{content_type}\"/>"));
        }
        for (name, content_type) in overrides {
            let name = quick_xml::escape::escape(name);
            out.push_str(&format!("<Override PartName=\"/{name}\" ContentType=\"{content_type}\"/>"));
        }
        out.push_str("</Types>");
        out
    }
}

/// A type and a subtype of RFC 2045 tokens; nothing can hide in there.
fn is_content_type(text: &str) -> bool {
    let token =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c));
    text.len() < 160 && text.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(types: &str) -> String {
        let part =
            format!("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">{types}</Types>");
        let names = ["word/document.xml", "word/drawing1.xml", "word/image1.png"];
        ContentTypes::parse(part.as_bytes(), &Limits::default()).unwrap().write(names.into_iter())
    }

    #[test]
    fn types_come_without_parameters_and_only_where_they_say_something() {
        let cases = [
            (
                "<Override PartName=\"/word/document.xml\" ContentType=\"a/b; author=&quot;GONE&quot;\"/>",
                "ContentType=\"a/b\"",
                true,
            ),
            (
                "<Default Extension=\"png\" ContentType=\"image/png\"/>",
                "<Default Extension=\"png\" ContentType=\"image/png\"/>",
                true,
            ),
            ("<Default Extension=\"xml\" ContentType=\"application/xml\"/>", "Override", false),
            ("<Override PartName=\"/word/drawing1.xml\" ContentType=\"application/xml\"/>", "Override", false),
        ];
        for (types, wanted, stands) in cases {
            let first = written(types);
            assert_eq!(first.contains(wanted), stands, "{first}");
            assert!(!first.contains("GONE"), "{first}");
            let inner = first.split_once("content-types\">").unwrap().1.strip_suffix("</Types>").unwrap();
            assert_eq!(written(inner), first, "writing again changes nothing");
        }
    }
}
