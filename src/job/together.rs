//! What findings say together that none of them says alone.
//!
//! A grid reference is one thing, a grid reference beside a date-time group and a call sign another. A page without the marking
//! that all other pages bear was put in later, or the marking was forgotten; and a document that is approved for release and
//! marked as secret is one of the two.

use std::collections::{BTreeMap, BTreeSet};

use crate::detect::Role;
use crate::finding::{Finding, Severity, Verdict};
use crate::text::{Place, Scope, TextSpan};

/// Categories whose findings tell more together.
const TELLING: &[&str] = &["operation", "position"];

/// Paragraphs and lines that count as one page where a format has no pages.
const PARAGRAPHS: u32 = 40;
const LINES: u64 = 60;

/// Something that is read as a whole: a page, a slide, a sheet, about a page of a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Page {
    Numbered(u32),
    Slide(u32),
    Sheet(String),
    Stretch(String, u64),
    Inside(String, Box<Page>),
}

fn page_of(place: &Place) -> Option<Page> {
    Some(match place {
        Place::Page { page, .. } => Page::Numbered(*page),
        Place::Slide { slide, .. } => Page::Slide(*slide),
        Place::Cell { sheet, .. } => Page::Sheet(sheet.clone()),
        Place::Paragraph { part, paragraph } => Page::Stretch(part.clone(), u64::from(paragraph / PARAGRAPHS)),
        Place::Line { line } => Page::Stretch(String::new(), line / LINES),
        Place::Embedded { part, inner } => Page::Inside(part.clone(), Box::new(page_of(inner)?)),
        Place::File | Place::FileName | Place::Part { .. } | Place::Metadata { .. } => return None,
    })
}

/// Raises findings of different rules on the same page by a step: positions, units, times and call signs are harmless alone.
/// `verdict` is that of a rule and severity.
pub(super) fn raise(findings: &mut [Finding], verdict: &dyn Fn(&str, Severity) -> Verdict) {
    let tells = |finding: &Finding| {
        TELLING.contains(&finding.category.as_str()) && finding.severity > Severity::Info && finding.allowed.is_none()
    };
    let mut rules: BTreeMap<Page, BTreeSet<String>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| tells(finding)) {
        if let Some(page) = page_of(&finding.place) {
            rules.entry(page).or_default().insert(finding.rule.clone());
        }
    }
    for finding in findings.iter_mut().filter(|finding| tells(finding)) {
        let Some(on_page) = page_of(&finding.place).and_then(|page| rules.get(&page)) else { continue };
        let Some(other) = on_page.iter().find(|rule| **rule != finding.rule) else { continue };
        finding.severity = match finding.severity {
            Severity::Low => Severity::Medium,
            Severity::Medium => Severity::High,
            severity => severity,
        };
        finding.verdict = verdict(&finding.rule, finding.severity);
        finding.why = format!("{}, on a page with {other}", finding.why);
    }
}

/// Text that no reader sees, on one page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unseen<'s> {
    /// Where it begins.
    pub(super) place: &'s Place,
    /// The first of it.
    pub(super) text: &'s str,
    /// How many words it has.
    pub(super) words: u64,
}

/// The hidden text of a document, page by page; one hidden sheet is one thing to look at, not a thousand cells.
pub(super) fn unseen(spans: &[TextSpan]) -> Vec<Unseen<'_>> {
    let mut pages: Vec<(Option<Page>, Unseen<'_>)> = Vec::new();
    for span in spans.iter().filter(|span| span.scope == Scope::Hidden) {
        let words = span.text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count() as u64;
        let page = page_of(&span.place);
        match pages.last_mut() {
            _ if words == 0 => {}
            Some((last, unseen)) if *last == page && (page.is_some() || *unseen.place == span.place) => {
                unseen.words = unseen.words.saturating_add(words);
            }
            _ => pages.push((page, Unseen { place: &span.place, text: &span.text, words })),
        }
    }
    pages.into_iter().map(|(_, unseen)| unseen).collect()
}

/// What is wrong with the markings of a document as a whole.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Doubt {
    pub(super) rule: &'static str,
    pub(super) severity: Severity,
    pub(super) place: Place,
    pub(super) why: String,
}

/// Doubts about the markings of a document. `role` is that of a rule.
pub(super) fn doubts(findings: &[Finding], spans: &[TextSpan], role: &dyn Fn(&str) -> Option<Role>) -> Vec<Doubt> {
    let banners: Vec<&Finding> = findings
        .iter()
        .filter(|finding| finding.severity > Severity::Info && role(&finding.rule) == Some(Role::Banner))
        .collect();
    let cleared = findings.iter().find(|finding| role(&finding.rule) == Some(Role::Cleared));
    let mut doubts = Vec::new();
    if let (Some(cleared), Some(banner)) = (cleared, banners.first()) {
        doubts.push(Doubt {
            rule: "text.contradicting-markings",
            severity: Severity::High,
            place: cleared.place.clone(),
            why: format!("it says that it may be published, but bears {} at {}", banner.rule, banner.place),
        });
    }
    doubts.extend(uneven(&banners, spans));
    doubts
}

/// The doubt about a marking that some pages bear and others do not.
fn uneven(banners: &[&Finding], spans: &[TextSpan]) -> Option<Doubt> {
    let first = banners.first()?;
    let marked: BTreeSet<Page> = banners.iter().filter_map(|banner| bearer(&banner.place, banner.scope)).collect();
    if marked.is_empty() {
        return None;
    }
    let mut all: BTreeMap<Page, &Place> = BTreeMap::new();
    for span in spans.iter().filter(|span| span.text.chars().any(char::is_alphanumeric)) {
        if let Some(page) = bearer(&span.place, span.scope) {
            all.entry(page).or_insert(&span.place);
        }
    }
    let bare: Vec<&Place> = all.iter().filter(|(page, _)| !marked.contains(page)).map(|(_, place)| *place).collect();
    let place = (*bare.first()?).clone();
    let why =
        format!("it lacks the marking that stands at {}; so do {} of {} parts", first.place, bare.len(), all.len());
    Some(Doubt { rule: "text.uneven-marking", severity: Severity::Medium, place, why })
}

/// What bears a marking of its own: a page, a slide, a sheet, a header or footer of a text.
fn bearer(place: &Place, scope: Scope) -> Option<Page> {
    match (place, scope) {
        (Place::Page { .. } | Place::Slide { .. } | Place::Cell { .. }, Scope::Body | Scope::HeaderFooter) => {
            page_of(place)
        }
        (Place::Paragraph { part, .. }, Scope::HeaderFooter) => Some(Page::Stretch(part.clone(), 0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(rule: &str, severity: Severity, place: Place) -> Finding {
        let category = rule.split('.').next().unwrap().to_owned();
        Finding {
            rule: rule.to_owned(),
            category,
            severity,
            verdict: Verdict::Note,
            place,
            scope: Scope::Body,
            masked: String::new(),
            fingerprint: String::new(),
            why: "its form".to_owned(),
            allowed: None,
            count: 1,
        }
    }

    fn page(page: u32) -> Place {
        Place::Page { page, area: None }
    }

    fn role(rule: &str) -> Option<Role> {
        match rule {
            "marking.banner" => Some(Role::Banner),
            "marking.cleared" => Some(Role::Cleared),
            _ => None,
        }
    }

    #[test]
    fn two_kinds_on_a_page_are_raised_and_others_are_not() {
        use Severity::{High, Info, Low, Medium};
        let mut findings = vec![
            finding("operation.dtg", Medium, page(1)),
            finding("position.mgrs", Low, page(1)),
            finding("personal.email", Low, page(1)),
            finding("operation.unit", Info, page(1)),
            finding("operation.dtg", Low, page(2)),
            finding("operation.dtg", Low, page(2)),
            finding("operation.unit", Low, Place::Paragraph { part: "a".to_owned(), paragraph: 39 }),
            finding("operation.ship", Low, Place::Paragraph { part: "a".to_owned(), paragraph: 40 }),
        ];
        let mut allowed = finding("operation.freq", Low, page(2));
        allowed.allowed = Some("known".to_owned());
        findings.push(allowed);
        raise(&mut findings, &|_, severity| if severity == High { Verdict::Hold } else { Verdict::Flag });
        let verdicts: Vec<Verdict> = findings.iter().take(3).map(|finding| finding.verdict).collect();
        assert_eq!(verdicts, [Verdict::Hold, Verdict::Flag, Verdict::Note]);
        let severities: Vec<Severity> = findings.iter().map(|finding| finding.severity).collect();
        assert_eq!(severities, [High, Medium, Low, Info, Low, Low, Low, Low, Low]);
        assert_eq!(findings[0].why, "its form, on a page with position.mgrs");
    }

    #[test]
    fn hidden_text_is_one_thing_a_page() {
        let cell = |sheet: &str, cell: &str| Place::Cell { sheet: sheet.to_owned(), cell: cell.to_owned() };
        let spans = [
            TextSpan::new("two words", cell("a", "A1"), Scope::Hidden),
            TextSpan::new("seen", cell("a", "A2"), Scope::Body),
            TextSpan::new("third", cell("a", "A3"), Scope::Hidden),
            TextSpan::new(" - ", cell("b", "A1"), Scope::Hidden),
            TextSpan::new("other", cell("c", "A1"), Scope::Hidden),
            TextSpan::new("drawn", Place::Part { part: "x".to_owned() }, Scope::Hidden),
        ];
        let found: Vec<(String, &str, u64)> =
            unseen(&spans).iter().map(|unseen| (unseen.place.to_string(), unseen.text, unseen.words)).collect();
        let wanted = [("a!A1", "two words", 3), ("c!A1", "other", 1), ("x", "drawn", 1)];
        assert_eq!(found, wanted.map(|(place, text, words)| (place.to_owned(), text, words)));
    }

    #[test]
    fn markings_that_are_uneven_or_contradict_one_another_are_doubted() {
        let spans: Vec<TextSpan> = (1..=3).map(|number| TextSpan::new("words", page(number), Scope::Body)).collect();
        let banner = |number| finding("marking.banner", Severity::Block, page(number));
        let cleared = finding("marking.cleared", Severity::Info, page(3));
        let rules = |findings: &[Finding]| -> Vec<(&'static str, Place)> {
            doubts(findings, &spans, &role).into_iter().map(|doubt| (doubt.rule, doubt.place)).collect()
        };
        assert_eq!(rules(&[]), []);
        assert_eq!(rules(std::slice::from_ref(&cleared)), []);
        assert_eq!(rules(&[banner(1), banner(2), banner(3)]), []);
        assert_eq!(rules(&[banner(1), banner(3)]), [("text.uneven-marking", page(2))]);
        let both = [banner(1), banner(2), banner(3), cleared];
        assert_eq!(rules(&both), [("text.contradicting-markings", page(3))]);
        let header = |part: &str| {
            TextSpan::new("x", Place::Paragraph { part: part.to_owned(), paragraph: 1 }, Scope::HeaderFooter)
        };
        let mut marked = finding("marking.banner", Severity::Block, header("h1").place);
        marked.scope = Scope::HeaderFooter;
        let headers = [header("h1"), header("h2"), TextSpan::new("y", header("d").place, Scope::Body)];
        let found = doubts(&[marked], &headers, &role);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, header("h2").place);
    }
}
