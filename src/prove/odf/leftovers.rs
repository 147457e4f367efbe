//! What may never remain in a cleaned file, looked for in every part that is XML: comments, changes, notes, fields that
//! reveal, scripts, ids, hashes, links into somebody's machine, and everything of a namespace that nobody knows.

use super::held::Held;
use super::package::{Member, Package, Target};
use super::visible::{is_labelled, is_protection, is_revealing};
use crate::formats::Context;
use crate::policy::{Action, Class};
use crate::prove::links::{is_local, is_private, names_local};
use crate::prove::xml::namespace::Ns;
use crate::prove::xml::odf::Odf;
use crate::prove::xml::{Attribute, Element, Token};
use crate::refusal::Refusal;

/// The root elements of parts.
const ROOTS: [&str; 5] = ["document", "document-content", "document-styles", "document-meta", "document-settings"];

/// Looks through all XML parts of a copy.
///
/// # Errors
/// [`crate::Reason::Unprovable`], naming the first leftover and its part.
pub(crate) fn check(package: &Package, held: &Held, context: &Context<'_>) -> Result<(), Refusal> {
    for member in &package.members {
        let is_part = package.is_flat
            || member.name.ends_with(".xml") && package.is_document(member.folder()) && !Held::is_macro(&member.name);
        if is_part && !member.bytes.is_empty() {
            Part { package, member, held, context }
                .check()
                .map_err(|refusal| if refusal.part.is_empty() { refusal.in_part(&member.name) } else { refusal })?;
        }
    }
    Ok(())
}

fn remains(what: impl std::fmt::Display) -> Refusal {
    Refusal::unprovable(format!("{what} remains in the copy"))
}

struct Part<'p> {
    package: &'p Package,
    member: &'p Member,
    held: &'p Held,
    context: &'p Context<'p>,
}

impl Part<'_> {
    fn check(&self) -> Result<(), Refusal> {
        let Some(xml) = self.member.xml(self.context.limits)? else { return Ok(()) };
        let mut reader = xml.reader();
        let mut body = None;
        let mut label = None;
        let mut unseen: Option<(u32, &str)> = None;
        while let Some(token) = reader.next() {
            match token {
                Token::Start(element) => {
                    if reader.depth() == 1 {
                        root(&element)?;
                    }
                    body = match body {
                        None if element.is(Ns::Odf(Odf::Office), "body") => Some(reader.depth()),
                        Some(depth) if reader.depth() > depth => Some(depth),
                        _ => None,
                    };
                    self.element(&element, body.is_some())?;
                    if unseen.is_none_or(|(depth, _)| reader.depth() <= depth) {
                        unseen = self.unseen(&element)?.map(|what| (reader.depth(), what));
                    }
                    for attribute in element.attributes.iter() {
                        self.attribute(&element, &attribute)?;
                    }
                    label = matches!(element.ns, Ns::Odf(Odf::Svg)).then(|| element.local.to_owned());
                }
                Token::Text(text) => {
                    if let Some((_, what)) = unseen.filter(|(depth, _)| reader.depth() >= *depth)
                        && !text.trim().is_empty()
                    {
                        return Err(remains(format!("{what}, unreported,")));
                    }
                    if label.as_deref().is_some_and(|name| matches!(name, "title" | "desc")) && is_local(text) {
                        return Err(remains("an alternative text that is a path"));
                    }
                }
                Token::End => label = None,
                Token::Aside(_) => return Err(remains("a comment or processing instruction of the XML")),
            }
        }
        Ok(())
    }

    fn element(&self, element: &Element<'_>, in_body: bool) -> Result<(), Refusal> {
        let Ns::Odf(ns) = element.ns else {
            return Err(remains("an element of a namespace that is not of OpenDocument"));
        };
        let local = element.local;
        let notes_go = self.context.policy.action(Class::ContentSpeakerNotes) == Action::Remove;
        let is_leftover = match ns {
            Odf::Office => matches!(local, "annotation" | "annotation-end" | "change-info"),
            Odf::OpenOffice => local == "annotation",
            Odf::Meta => local != "generator",
            Odf::Text => {
                matches!(
                    local,
                    "tracked-changes"
                        | "changed-region"
                        | "change"
                        | "change-start"
                        | "change-end"
                        | "insertion"
                        | "deletion"
                        | "format-change"
                        | "script"
                        | "dde-connection-decls"
                ) || is_revealing(local) && !(local == "hidden-paragraph" && element.own("is-hidden") == Some("true"))
            }
            Odf::Table => matches!(local, "tracked-changes" | "scenario"),
            Odf::Presentation => local == "notes" && in_body && notes_go,
            Odf::Script => !self.held.macros,
            Odf::Manifest | Odf::Database => true,
            _ => false,
        };
        let is_connection = matches!(
            (ns, local),
            (Odf::Form, "connection-resource")
                | (Odf::Table, "database-source-sql" | "database-source-table" | "database-source-query")
                | (Odf::Table, "table-source" | "cell-range-source" | "dde-links")
                | (Odf::Text, "section-source")
                | (Odf::Office, "dde-source")
        );
        if is_leftover || (is_connection && !self.held.outside) {
            return Err(remains(format!("`{local}`")));
        }
        Ok(())
    }

    /// What text within the element is that nobody sees, where the report does not say so: text in a hidden row (ODF 1.3 part 3,
    /// 19.749), in a section or field that is not displayed (19.795, 19.796).
    fn unseen(&self, element: &Element<'_>) -> Result<Option<&'static str>, Refusal> {
        let is_hidden = |value: Option<&str>| value.is_some_and(|value| value != "visible");
        if element.is(Ns::Odf(Odf::Table), "table-row") && is_hidden(element.own("visibility")) && !self.held.rows {
            return Ok(Some("text in a hidden row"));
        }
        let undisplayed = element.ns == Ns::Odf(Odf::Text) && element.own("display") == Some("none");
        if !undisplayed || self.held.text {
            return Ok(None);
        }
        let value = |name| element.attribute(Ns::Odf(Odf::Office), name).is_some_and(|value| !value.is_empty());
        if value("string-value") || value("value") {
            return Err(remains("the value of a field that is not shown, unreported,"));
        }
        Ok(Some("text that is not shown"))
    }

    fn attribute(&self, element: &Element<'_>, attribute: &Attribute<'_>) -> Result<(), Refusal> {
        let (local, value) = (attribute.local, attribute.value);
        let is_math = element.ns == Ns::Odf(Odf::MathMl) || element.ns == Ns::Odf(Odf::XForms);
        let ns = match attribute.ns {
            Ns::Odf(ns) => ns,
            Ns::Xml => return Ok(()),
            Ns::None if is_math => return Ok(()),
            _ => return Err(remains(format!("an attribute `{local}` that is not of OpenDocument"))),
        };
        let is_leftover = match ns {
            Odf::OpenOffice => local.ends_with("rsid"),
            Odf::Xhtml => true,
            Odf::Text | Odf::Table | Odf::LibreOffice => is_protection(local),
            _ => false,
        };
        if is_leftover {
            return Err(remains(format!("`{}` with `{local}`", element.local)));
        }
        if element.is(Ns::Odf(Odf::Style), "graphic-properties")
            && local == "clip"
            && !self.held.cropped
            && crops(value)
        {
            return Err(remains("the cropped-away area of a picture"));
        }
        if ns == Odf::XLink && local == "href" || ns == Odf::Text && local == "url" {
            let leads_out = self.package.resolve(self.member.folder(), value) == Target::Outside;
            if leads_out && (is_private(value) || is_script(value)) {
                return Err(remains("a link into somebody's machine or network, or to a script"));
            }
            if leads_out && element.is(Ns::Odf(Odf::Draw), "image") && value.contains(':') && !self.held.outside {
                return Err(remains("a picture that is loaded from elsewhere, unreported,"));
            }
            return Ok(());
        }
        let is_name = ns == Odf::Draw && matches!(local, "name" | "display-name") && is_labelled(element);
        let is_title = ns == Odf::XLink && local == "title" || ns == Odf::Office && matches!(local, "name" | "title");
        if (is_name || is_title) && is_local(value) {
            return Err(remains(format!("a path in `{local}`")));
        }
        // Parameters of fields that came from Word, and properties of controls, are instructions as much as values.
        let is_instruction = ns == Odf::Field || element.ns == Ns::Odf(Odf::Form) && ns == Odf::Office;
        if is_instruction && names_local(value) {
            return Err(remains(format!("a path in `{local}` of `{}`", element.local)));
        }
        let is_formula = matches!(ns, Odf::Table | Odf::Text | Odf::CalcExtension | Odf::LibreOffice);
        let names_file = value.to_ascii_lowercase().contains("file:/") && !holds_text(ns, local);
        if names_file && !(is_formula && self.held.outside) {
            return Err(remains(format!("a path in `{local}`")));
        }
        Ok(())
    }
}

fn root(element: &Element<'_>) -> Result<(), Refusal> {
    let is_document = element.ns == Ns::Odf(Odf::Office) && ROOTS.contains(&element.local);
    if is_document || element.ns == Ns::Odf(Odf::MathMl) {
        return Ok(());
    }
    Err(Refusal::unprovable("a part of the copy is no OpenDocument"))
}

/// True for a clip of which one length, without its unit, is above zero.
fn crops(clip: &str) -> bool {
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-');
    let numbers = clip.split(|c| !is_number(c)).filter_map(|number| number.parse::<f64>().ok());
    numbers.into_iter().any(|number| number > 0.0)
}

fn is_script(target: &str) -> bool {
    let target = target.trim_start().to_ascii_lowercase();
    ["javascript:", "vbscript:", "data:"].iter().any(|scheme| target.starts_with(scheme))
}

/// Attributes whose value is text that a reader sees.
fn holds_text(ns: Odf, local: &str) -> bool {
    match ns {
        Odf::Office => local.ends_with("value"),
        Odf::Form => matches!(local, "value" | "current-value" | "label" | "title"),
        Odf::Text => matches!(local, "string-value" | "label"),
        _ => false,
    }
}
