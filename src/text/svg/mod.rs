//! The text of drawings: `text` elements with their spans joined, titles and descriptions, labels, targets of links.
//!
//! Text that nobody sees has the scope [`Scope::Hidden`]: not displayed, transparent, without size or paint, white on
//! the white of the page, or beside the drawing's view. Drawings in `data:` URIs are read too.

mod place;

use base64::Engine;
use roxmltree::{Document, Node};

use self::place::View;
use super::{Extraction, Extractor, Place, Scope, TextSpan, Unread};
use crate::formats::{Context, Surroundings};
use crate::identify::identify;
use crate::kind::Kind;
use crate::prove::svg::document::{self, href, name, property};
use crate::refusal::Refusal;

/// Reads SVG drawings.
pub(super) struct SvgText;

impl Extractor for SvgText {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Svg]
    }

    fn extract(&self, _kind: Kind, bytes: &[u8], context: &Context<'_>) -> Result<Extraction, Refusal> {
        let text = document::text(bytes, context)?;
        let document = document::parse(&text, true, context)?;
        let mut out = Extraction::default();
        let mut reading = Reading { view: View::of(&document), context, out: &mut out, texts: 0, files: 0 };
        for node in document.descendants().filter(Node::is_element) {
            reading.element(node)?;
        }
        Ok(out)
    }
}

/// What is found on the way through a drawing.
struct Reading<'r> {
    view: Option<View>,
    context: &'r Context<'r>,
    out: &'r mut Extraction,
    texts: u32,
    files: u32,
}

impl Reading<'_> {
    fn element(&mut self, node: Node<'_, '_>) -> Result<(), Refusal> {
        for attribute in node.attributes() {
            let label = matches!(
                attribute.name(),
                "aria-label" | "aria-description" | "aria-roledescription" | "aria-valuetext" | "title"
            );
            if label {
                self.span(attribute.value().to_owned(), attribute.name(), Scope::AltText);
            }
        }
        match name(node) {
            Some("text") => {
                self.texts = self.texts.saturating_add(1);
                let mut shown = (String::new(), String::new());
                join(node, self.is_hidden(node), &mut shown);
                let place = format!("text {}", self.texts);
                self.span(shown.0, &place, Scope::Body);
                self.span(shown.1, &place, Scope::Hidden);
            }
            Some(element @ ("title" | "desc")) => {
                let text: String = node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect();
                self.span(text, element, Scope::AltText);
            }
            Some("metadata") => {
                let texts = node.descendants().filter(Node::is_text).filter_map(|text| text.text());
                let text: Vec<&str> = texts.map(str::trim).filter(|text| !text.is_empty()).collect();
                self.span(text.join("\n"), "metadata", Scope::Metadata);
            }
            Some("a") => self.span(href(node).unwrap_or_default().to_owned(), "link", Scope::LinkTarget),
            Some("image" | "feImage") => self.picture(href(node).unwrap_or_default())?,
            _ => {}
        }
        Ok(())
    }

    fn span(&mut self, text: String, part: &str, scope: Scope) {
        if !text.trim().is_empty() {
            self.out.spans.push(TextSpan::new(text, Place::Part { part: part.to_owned() }, scope));
        }
    }

    /// A picture: a drawing is read, another has no text that could be.
    fn picture(&mut self, target: &str) -> Result<(), Refusal> {
        let Some(uri) = target.strip_prefix("data:") else {
            self.span(target.to_owned(), "picture", Scope::LinkTarget);
            return Ok(());
        };
        self.files = self.files.saturating_add(1);
        let part = format!("picture {}", self.files);
        // The cleaner writes all pictures like this.
        let bytes = uri.split_once("base64,").and_then(|(_, data)| {
            base64::engine::general_purpose::STANDARD.decode(data.split_ascii_whitespace().collect::<String>()).ok()
        });
        let outer = |inner: Place| Place::Embedded { part: part.clone(), inner: Box::new(inner) };
        match bytes {
            Some(bytes) if identify(&bytes, "").kind == Kind::Svg => {
                let inside = self.context.inside(Surroundings::Standalone)?;
                let inner = SvgText.extract(Kind::Svg, &bytes, &inside)?;
                self.out.spans.extend(inner.spans.into_iter().map(|s| TextSpan { place: outer(s.place), ..s }));
                self.out.unread.extend(inner.unread.into_iter().map(|u| Unread { place: outer(u.place), ..u }));
            }
            _ => {
                let why = "it is a picture".to_owned();
                self.out.unread.push(Unread { place: Place::Part { part }, why, expected: true });
            }
        }
        Ok(())
    }

    /// True when something around the text or the text itself is not seen.
    fn is_hidden(&self, node: Node<'_, '_>) -> bool {
        let mut painted = false;
        for ancestor in node.ancestors().filter(Node::is_element) {
            if hides(ancestor) || matches!(name(ancestor), Some("metadata")) {
                return true;
            }
            if let Some(fill) = property(ancestor, "fill").filter(|_| !painted) {
                painted = true;
                let stroked = property(ancestor, "stroke").is_some_and(|stroke| stroke != "none");
                if fill == "none" && !stroked || is_white(fill) && !has_background(node) {
                    return true;
                }
            }
        }
        self.view.as_ref().is_some_and(|view| view.is_beside(node))
    }
}

/// The text of an element: what is seen, and what is not. White space counts as in a browser, pieces are joined.
fn join(node: Node<'_, '_>, hidden: bool, (shown, unseen): &mut (String, String)) {
    for child in node.children() {
        if let Some(text) = child.text().filter(|_| child.is_text()) {
            let out = if hidden { &mut *unseen } else { &mut *shown };
            out.push_str(text);
        } else if child.is_element() && !matches!(name(child), Some("title" | "desc")) {
            // A span on a line of its own, as programs write paragraphs.
            let moves = child.attribute("y").is_some() || child.attribute("dy").is_some();
            if moves && !shown.is_empty() && !shown.ends_with(char::is_whitespace) {
                shown.push('\n');
            }
            let mut inner = (std::mem::take(shown), std::mem::take(unseen));
            join(child, hidden || hides(child), &mut inner);
            (*shown, *unseen) = inner;
        }
    }
}

/// True when an element hides what is in it.
fn hides(node: Node<'_, '_>) -> bool {
    let is_zero =
        |name| property(node, name).is_some_and(|v| v.trim_end_matches(['%', 'p', 'x']).parse() == Ok(0.0_f64));
    property(node, "display") == Some("none")
        || matches!(property(node, "visibility"), Some("hidden" | "collapse"))
        || is_zero("opacity")
        || is_zero("fill-opacity") && property(node, "stroke").is_none_or(|stroke| stroke == "none")
        || is_zero("font-size")
}

fn is_white(paint: &str) -> bool {
    matches!(
        paint.to_ascii_lowercase().as_str(),
        "white" | "#fff" | "#ffffff" | "rgb(255,255,255)" | "rgb(255, 255, 255)"
    )
}

/// True when something is drawn before the text that it may stand on.
fn has_background(node: Node<'_, '_>) -> bool {
    let document: &Document<'_> = node.document();
    document.descendants().take_while(|other| other.id() != node.id()).any(|other| {
        let shape = matches!(name(other), Some("rect" | "path" | "circle" | "ellipse" | "polygon" | "image" | "use"));
        shape && !property(other, "fill").is_some_and(|fill| fill == "none" || is_white(fill))
    })
}
