//! What of a drawing is seen: the drawn elements in order, with what decides their look, then the definitions they use.
//!
//! Elements with `display: none` and definitions that nothing uses are no part of it, on either side. Links and the
//! files in `data:` URIs differ between input and copy on purpose; they are compared on their own.

use std::collections::{HashMap, HashSet, VecDeque};

use roxmltree::{Document, Node, NodeId};
use simplecss::{Declaration, DeclarationTokenizer, StyleSheet};

use super::document::{self, href, name, urls};
use crate::prove::Essence;
use crate::prove::picture::EssenceHash;

/// Elements that draw, and the parts of definitions.
const DRAWN: &str = " a altGlyph animate animateColor animateMotion animateTransform circle ellipse feBlend \
    feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight \
    feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode \
    feMorphology feOffset \
    fePointLight feSpecularLighting feSpotLight feTile feTurbulence font font-face g glyph image line \
    mpath path polygon \
    polyline rect set stop svg switch text textPath tref tspan use ";

/// Elements that draw nothing where they stand.
const DEFINITIONS: &str = " clipPath filter linearGradient marker mask pattern radialGradient symbol ";

/// Attributes and properties that decide the look.
const LOOK: &str = " alignment-baseline amplitude attributeName azimuth baseFrequency baseline-shift begin bias by \
    calcMode clip-path clip-rule clipPathUnits color color-interpolation color-interpolation-filters cx cy d \
    diffuseConstant direction divisor dominant-baseline dur dx dy edgeMode elevation end exponent fill fill-opacity \
    fill-rule filter filterUnits flood-color flood-opacity font font-family font-size font-stretch font-style \
    font-variant font-weight fr from fx fy glyph-orientation-vertical gradientTransform gradientUnits height \
    image-rendering in in2 intercept isolation k1 k2 k3 k4 kernelMatrix keyPoints keySplines keyTimes lengthAdjust \
    letter-spacing lighting-color limitingConeAngle marker marker-end marker-mid marker-start markerHeight markerUnits \
    markerWidth mask mask-type maskContentUnits maskUnits method mix-blend-mode mode numOctaves offset \
    opacity operator \
    order orient overflow paint-order pathLength patternContentUnits patternTransform patternUnits points pointsAtX \
    pointsAtY pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits r radius refX refY repeatCount repeatDur \
    requiredExtensions requiredFeatures result rotate rx ry scale seed shape-rendering side slope spacing \
    specularConstant specularExponent spreadMethod startOffset stdDeviation stitchTiles stop-color stop-opacity stroke \
    stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width \
    surfaceScale systemLanguage tableValues targetX targetY text-anchor text-decoration text-rendering textLength to \
    transform transform-origin type unicode unicode-bidi values vector-effect viewBox visibility white-space width \
    word-spacing writing-mode x x1 x2 xChannelSelector y y1 y2 yChannelSelector z ";

fn listed(list: &str, name: &str) -> bool {
    !name.contains(' ') && list.contains(&format!(" {name} "))
}

/// What is seen of a drawing.
#[derive(Default)]
pub(super) struct Seen {
    /// The digest of it.
    pub(super) essence: Option<Essence>,
    /// Titles and descriptions of drawn elements.
    pub(super) titles: Vec<String>,
    /// Targets of the links around drawn elements.
    pub(super) links: Vec<String>,
    /// The rules with `@` of the style sheets.
    pub(super) at_rules: Vec<String>,
}

/// Looks at a drawing.
pub(super) fn look(document: &Document<'_>) -> Seen {
    let sheet_text = style_text(document);
    let sheet = StyleSheet::parse(&sheet_text);
    let mut ids = HashMap::new();
    for node in document.descendants() {
        if let Some(id) = node.attribute("id") {
            ids.entry(id).or_insert(node);
        }
    }
    let mut looking = Looking {
        ids,
        hidden_classes: hidden_classes(&sheet),
        hash: EssenceHash::default(),
        queue: VecDeque::new(),
        queued: HashSet::new(),
        seen: Seen::default(),
    };
    looking.rules(&sheet);
    looking.element(document.root_element());
    while let Some(node) = looking.queue.pop_front() {
        looking.hash.part("definition", node.attribute("id").unwrap_or_default().as_bytes());
        looking.element(node);
    }
    let Looking { hash, mut seen, .. } = looking;
    seen.at_rules = at_rules(&sheet_text);
    seen.essence = Some(hash.finish());
    seen
}

/// All style sheets of a drawing.
pub(super) fn style_text(document: &Document<'_>) -> String {
    let sheets = document.descendants().filter(|node| name(*node) == Some("style"));
    let texts = sheets.flat_map(|sheet| sheet.children().filter_map(|node| node.text()));
    texts.flat_map(|text| [text, "\n"]).collect()
}

fn hidden_classes(sheet: &StyleSheet<'_>) -> HashSet<String> {
    let hides = |d: &&Declaration<'_>| d.name.eq_ignore_ascii_case("display") && d.value.eq_ignore_ascii_case("none");
    let rules = sheet.rules.iter().filter(|rule| rule.declarations.iter().any(|d| hides(&d)));
    // The selector `.name`, as simplecss writes it.
    let class = |selector: String| Some(selector.strip_prefix("*[class~='")?.strip_suffix("']")?.to_owned());
    rules.filter_map(|rule| class(rule.selector.to_string())).collect()
}

/// The names of the rules with `@`, but for those that never stay or that only say what the file says anyway.
fn at_rules(sheet: &str) -> Vec<String> {
    let names = sheet.split('@').skip(1).map(|rest| {
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>().to_ascii_lowercase()
    });
    names.filter(|name| matches!(name.as_str(), "font-face" | "media" | "supports" | "keyframes")).collect()
}

struct Looking<'d, 'i> {
    ids: HashMap<&'d str, Node<'d, 'i>>,
    hidden_classes: HashSet<String>,
    hash: EssenceHash,
    queue: VecDeque<Node<'d, 'i>>,
    queued: HashSet<NodeId>,
    seen: Seen,
}

impl<'d, 'i> Looking<'d, 'i> {
    fn rules(&mut self, sheet: &StyleSheet<'_>) {
        for rule in &sheet.rules {
            let declarations: Vec<_> = rule.declarations.iter().filter_map(look_of).collect();
            if declarations.is_empty() {
                continue;
            }
            self.hash.part("rule", rule.selector.to_string().as_bytes());
            for (name, value) in declarations {
                self.value(&name, &value);
            }
        }
    }

    /// An element and everything in it. Deeper than the cleaner's own limit no drawing gets here.
    fn element(&mut self, node: Node<'d, 'i>) {
        self.hash.part("element", name(node).unwrap_or_default().as_bytes());
        for attribute in node.attributes() {
            if attribute.namespace().is_none() && listed(LOOK, attribute.name()) {
                self.value(attribute.name(), &plain(attribute.value()));
            }
        }
        for declaration in
            DeclarationTokenizer::from(without_comments(node.attribute("style").unwrap_or_default()).as_str())
        {
            if let Some((name, value)) = look_of(&declaration) {
                self.hash.part("style", b"");
                self.value(&name, &value);
            }
        }
        if let Some(target) = href(node) {
            if let Some(id) = target.strip_prefix('#') {
                self.hash.part("href", id.as_bytes());
                self.enqueue(id);
            } else if name(node) == Some("a") {
                self.seen.links.push(target.to_owned());
            }
        }
        let is_text = matches!(name(node), Some("text" | "tspan" | "textPath" | "a" | "altGlyph"));
        for child in node.children() {
            match name(child) {
                _ if child.is_text() && is_text => {
                    let text = child.text().unwrap_or_default();
                    // Around other elements a link holds white space only.
                    if name(node) != Some("a") || !text.trim().is_empty() {
                        self.hash.part("text", text.as_bytes());
                    }
                }
                Some("title" | "desc") => self.seen.titles.push(all_text(child)),
                Some(found) if listed(DRAWN, found) && !self.is_hidden(child) && !changes_link(child) => {
                    self.element(child);
                }
                _ => {}
            }
        }
        self.hash.part("end", b"");
    }

    fn value(&mut self, name: &str, value: &str) {
        let targets = urls(value);
        // Paints from elsewhere are compared with the other references.
        if targets.iter().all(|target| target.starts_with('#')) {
            self.hash.part(name, value.as_bytes());
        }
        for id in targets.iter().filter_map(|target| target.strip_prefix('#')) {
            self.enqueue(id);
        }
    }

    fn enqueue(&mut self, id: &str) {
        let Some(node) = self.ids.get(id).copied() else { return };
        // What is drawn where it stands is seen already, unless it is within something that is not.
        let defined = node.ancestors().any(|node| {
            name(node).is_some_and(|name| name == "defs" || listed(DEFINITIONS, name)) || self.is_hidden(node)
        });
        if defined && self.queued.insert(node.id()) {
            self.queue.push_back(node);
        }
    }

    fn is_hidden(&self, node: Node<'_, '_>) -> bool {
        let style = document::property(node, "display");
        let classes = node.attribute("class").unwrap_or_default();
        style == Some("none")
            || style.is_none() && classes.split_ascii_whitespace().any(|class| self.hidden_classes.contains(class))
    }
}

/// Animations may change anything but where a link leads.
fn changes_link(node: Node<'_, '_>) -> bool {
    node.attribute("attributeName").is_some_and(|name| name.trim().to_ascii_lowercase().ends_with("href"))
}

/// A declaration that decides the look.
fn look_of(declaration: &Declaration<'_>) -> Option<(String, String)> {
    let name = declaration.name.to_ascii_lowercase();
    let important = if declaration.important { "!" } else { "" };
    listed(LOOK, &name).then(|| (name, format!("{}{important}", plain(&without_comments(declaration.value)))))
}

/// A value without white space and quotes, in which styles may be written differently.
fn plain(value: &str) -> String {
    value.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'')).collect()
}

fn without_comments(style: &str) -> String {
    let mut out = String::new();
    let mut rest = style;
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        out.push(' ');
        rest = comment.split_once("*/").map_or("", |(_, behind)| behind);
    }
    out + rest
}

/// The text of a title or description.
fn all_text(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect()
}
