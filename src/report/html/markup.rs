//! Markup in the making, into which text from documents gets in escaped only.
//!
//! Names of elements and attributes are literals of the program (`&'static str`), everything else is text. There is no way
//! to write a string that was made while the program runs as markup. Elements are closed by the function that opened them, so
//! that a page is well-formed, as XML too.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::super::terminal::is_acted_upon;

/// Attributes of an element; the values are text.
pub(super) type Attributes<'a> = &'a [(&'static str, &'a str)];

/// Writes elements and text.
pub(super) struct Markup<'w> {
    out: &'w mut dyn Write,
}

impl<'w> Markup<'w> {
    pub(super) fn new(out: &'w mut dyn Write) -> Self {
        Self { out }
    }

    /// An element with what `content` writes into it.
    pub(super) fn within(
        &mut self,
        name: &'static str,
        attributes: Attributes<'_>,
        content: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        self.begin(name, attributes)?;
        self.out.write_all(b">")?;
        content(self)?;
        self.out.write_all(b"</")?;
        self.out.write_all(name.as_bytes())?;
        self.out.write_all(b">")
    }

    /// An element with nothing but text in it.
    pub(super) fn element(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) -> io::Result<()> {
        self.within(name, attributes, |page| page.text(text))
    }

    /// An element that has no content by its nature, such as `meta`.
    pub(super) fn void(&mut self, name: &'static str, attributes: Attributes<'_>) -> io::Result<()> {
        self.begin(name, attributes)?;
        self.out.write_all(b"/>")
    }

    /// Text.
    pub(super) fn text(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(escaped(text).as_bytes())
    }

    /// Markup, styles or script of the program itself, as it is.
    pub(super) fn verbatim(&mut self, markup: &'static str) -> io::Result<()> {
        self.out.write_all(markup.as_bytes())
    }

    fn begin(&mut self, name: &'static str, attributes: Attributes<'_>) -> io::Result<()> {
        self.out.write_all(b"<")?;
        self.out.write_all(name.as_bytes())?;
        for (attribute, value) in attributes {
            write!(self.out, " {attribute}=\"{}\"", escaped(value))?;
        }
        Ok(())
    }
}

/// Text without anything that markup is made of. Characters that cannot be seen, or that turn the direction of writing, are
/// shown by their numbers: `⟨U+202E⟩`.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ if is_acted_upon(c) || is_noncharacter(c) => {
                let _ = write!(safe, "⟨U+{:04X}⟩", u32::from(c)); // writing to a String cannot fail
            }
            _ => safe.push(c),
        }
    }
    safe
}

/// Unicode 16, section 23.7: code points that are never characters, two of which XML forbids.
fn is_noncharacter(c: char) -> bool {
    u32::from(c) & 0xfffe == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(content: impl FnOnce(&mut Markup<'_>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        content(&mut Markup::new(&mut out)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn text_and_values_of_attributes_never_become_markup() {
        let hostile = "\"><script>'&amp;</style>";
        let harmless = "&quot;&gt;&lt;script&gt;&#39;&amp;amp;&lt;/style&gt;";
        assert_eq!(written(|page| page.text(hostile)), harmless);
        assert_eq!(
            written(|page| page.element("td", &[("title", hostile)], hostile)),
            format!("<td title=\"{harmless}\">{harmless}</td>")
        );
    }

    #[test]
    fn what_cannot_be_seen_is_shown() {
        assert_eq!(
            written(|page| page.text("a\u{202e}b\u{0}c\nd\u{e0041}e\u{ffff}f\u{200b}")),
            "a⟨U+202E⟩b⟨U+0000⟩c⟨U+000A⟩d⟨U+E0041⟩e⟨U+FFFF⟩f⟨U+200B⟩"
        );
        assert_eq!(written(|page| page.text("Prüfung – 検査 עברית")), "Prüfung – 検査 עברית");
    }

    #[test]
    fn elements_are_closed() {
        let page = written(|page| page.within("p", &[], |page| page.void("br", &[])));
        assert_eq!(page, "<p><br/></p>");
    }
}
