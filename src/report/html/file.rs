//! What the page says of one file: a line to see, the rest behind it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::markup::Markup;
use super::outline::rules;
use super::overview::{fact, table};
use super::{counted, number, words};
use crate::finding::{Finding, Verdict};
use crate::formats::{Hit, size_title};
use crate::policy::{Action, Class};
use crate::prove::Proof;
use crate::report::audit::{Digested, EmbeddedRecord, FileRecord};
use crate::report::summary::{Standing, why};
use crate::text::Place;
use crate::trace::Trace;

/// How much of one file is shown; the log has more.
const MOST_FINDINGS: usize = 200;
const MOST_EMBEDDED: usize = 200;
const MOST_ITEMS: usize = 12;
const MOST_PLACES: usize = 3;

/// The section of a file. `number` is its place in the list.
pub(super) fn section(page: &mut Markup<'_>, record: &FileRecord, number: u64) -> io::Result<()> {
    let standing = Standing::of(record);
    let (kind, rules) = (record.kind.map(crate::kind::Kind::name).unwrap_or_default(), rules(record).join(" "));
    let class = format!("file {}", standing.name());
    let attributes = [("class", class.as_str()), ("data-kind", kind), ("data-rules", &rules)];
    page.within("details", &attributes, |page| {
        page.within("summary", &[], |page| {
            page.element("span", &[("class", "badge")], standing.name())?;
            page.within("h3", &[], |page| page.element("bdi", &[("class", "path")], &record.path))?;
            page.element("span", &[("class", "kind")], record.kind.map(crate::kind::Kind::title).unwrap_or_default())?;
            page.element("span", &[("class", "why")], &in_short(record))
        })?;
        let id = format!("file-{number}");
        page.within("div", &[("class", "body"), ("id", &id)], |page| body(page, record))
    })
}

/// The row of a file in the list at the top.
pub(super) fn row(page: &mut Markup<'_>, record: &FileRecord, number: u64) -> io::Result<()> {
    let standing = Standing::of(record);
    page.within("tr", &[("class", standing.name())], |page| {
        page.element("td", &[("class", "badge")], standing.name())?;
        page.within("th", &[("scope", "row")], |page| {
            let target = format!("#file-{number}");
            page.within("a", &[("class", "path"), ("href", &target)], |page| page.element("bdi", &[], &record.path))
        })?;
        page.element("td", &[], &why(record))
    })
}

/// Why the file needs a look, or what was in it.
fn in_short(record: &FileRecord) -> String {
    let why = why(record);
    if !why.is_empty() {
        return why;
    }
    let mut classes: Vec<&str> = Vec::new();
    for hit in record.removals.iter().chain(record.embedded.iter().flat_map(|file| &file.removals)) {
        let title = words::title(hit.class);
        if !classes.contains(&title) {
            classes.push(title);
        }
    }
    classes.join(" · ")
}

fn body(page: &mut Markup<'_>, record: &FileRecord) -> io::Result<()> {
    if let Some(refusal) = &record.refusal {
        page.within("p", &[("class", "refusal")], |page| {
            page.element("b", &[], &refusal.to_string())?;
            page.void("br", &[])?;
            page.text("What to do: ")?;
            page.text(&refusal.hint)
        })?;
    }
    findings(page, record)?;
    if !record.removals.is_empty() {
        page.element("h4", &[], "What was done")?;
        hits(page, &record.removals)?;
    }
    if !record.inspected.is_empty() {
        page.element("h4", &[], "What is in it")?;
        hits(page, &record.inspected)?;
    }
    traces(page, &record.traces)?;
    if !record.embedded.is_empty() {
        page.element("h4", &[], "Files inside of it")?;
        embedded(page, &record.embedded)?;
    }
    if let Some(proof) = &record.proof {
        self::proof(page, proof)?;
    }
    facts(page, record)
}

fn findings(page: &mut Markup<'_>, record: &FileRecord) -> io::Result<()> {
    if record.findings.is_empty() {
        return Ok(());
    }
    let mut findings: Vec<&Finding> = record.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse((finding.verdict, finding.severity)));
    page.element("h4", &[], "Findings")?;
    let label = format!("Findings in {}", record.path);
    table(page, &label, &[("", "Verdict"), ("", "Rule"), ("", "Value"), ("", "Place"), ("", "Why")], |page| {
        findings.iter().take(MOST_FINDINGS).try_for_each(|finding| self::finding(page, finding))
    })?;
    match findings.len().saturating_sub(MOST_FINDINGS) {
        0 => Ok(()),
        more => page.element("p", &[("class", "more")], &format!("… and {more} more in the audit log.")),
    }
}

fn finding(page: &mut Markup<'_>, finding: &Finding) -> io::Result<()> {
    let verdict = match finding.verdict {
        Verdict::Note => "note",
        Verdict::Flag => "flag",
        Verdict::Hold => "hold",
    };
    page.within("tr", &[], |page| {
        page.within("td", &[], |page| {
            page.element("span", &[("class", verdict)], verdict)?;
            page.element("small", &[], finding.severity.name())
        })?;
        page.within("td", &[], |page| {
            page.text(&finding.rule)?;
            page.element("small", &[], &finding.category)
        })?;
        page.within("td", &[], |page| {
            if !finding.masked.is_empty() {
                page.element("code", &[], &finding.masked)?;
            }
            if finding.count > 1 {
                page.text(&format!(" ×{}", number(finding.count)))?;
            }
            page.element("small", &[("class", "find")], &finding.fingerprint)
        })?;
        page.within("td", &[], |page| {
            page.element("bdi", &[], &finding.place.to_string())?;
            page.element("small", &[], &scope_and_area(finding))
        })?;
        page.within("td", &[], |page| {
            page.text(&finding.why)?;
            match &finding.allowed {
                Some(reason) => page.element("small", &[], &format!("allowed: {reason}")),
                None => Ok(()),
            }
        })
    })
}

/// The kind of text, and where on a page it stands.
fn scope_and_area(finding: &Finding) -> String {
    let scope = serde_json::to_value(finding.scope).ok();
    let scope = scope.as_ref().and_then(|scope| scope.as_str()).unwrap_or_default().to_owned();
    match finding.place {
        Place::Page { area: Some([left, bottom, right, top]), .. } => {
            format!("{scope}, {left}–{right} pt from the left, {bottom}–{top} pt from the bottom")
        }
        _ => scope,
    }
}

/// Hits that mean the same to a person.
#[derive(Debug, Default)]
struct Group<'a> {
    count: u64,
    bytes: u64,
    items: BTreeMap<&'a str, u64>,
    places: BTreeSet<&'a str>,
}

/// A row for each class and action.
fn hits(page: &mut Markup<'_>, hits: &[Hit]) -> io::Result<()> {
    let mut classes: BTreeMap<(Class, Action), BTreeMap<String, Group<'_>>> = BTreeMap::new();
    for hit in hits {
        // Words for one: the number is known when all are together.
        let words = words::item(hit.class, &hit.item, 1).unwrap_or_else(|| hit.item.clone());
        let group = classes.entry((hit.class, hit.action)).or_default().entry(words).or_default();
        group.count = group.count.saturating_add(hit.count);
        group.bytes = group.bytes.saturating_add(hit.bytes);
        let of_item = group.items.entry(&hit.item).or_default();
        *of_item = of_item.saturating_add(hit.count);
        if !hit.place.is_empty() {
            group.places.insert(&hit.place);
        }
    }
    if classes.is_empty() {
        return Ok(());
    }
    page.within("dl", &[("class", "hits")], |page| {
        for ((class, action), groups) in &classes {
            page.within("dt", &[("title", class.about())], |page| {
                page.text(words::title(*class))?;
                let name = format!("{class} · {}", done(*action));
                page.element("small", &[("class", action.name())], &name)
            })?;
            page.within("dd", &[], |page| {
                page.within("ul", &[], |page| {
                    let shown = groups.iter().take(MOST_ITEMS.saturating_mul(4));
                    for (words, group) in shown {
                        page.within("li", &[], |page| self::group(page, *class, words, group))?;
                    }
                    match groups.len().saturating_sub(MOST_ITEMS.saturating_mul(4)) {
                        0 => Ok(()),
                        more => page.element("li", &[], &format!("… and {more} more")),
                    }
                })
            })?;
        }
        Ok(())
    })
}

fn done(action: Action) -> &'static str {
    match action {
        Action::Keep => "kept",
        Action::Remove => "removed",
        Action::Hold => "held for a decision",
        Action::Unhide => "made visible",
        Action::Flatten => "drawn into the page",
        Action::Accept => "accepted",
        Action::Refuse => "refused",
    }
}

fn group(page: &mut Markup<'_>, class: Class, words: &str, group: &Group<'_>) -> io::Result<()> {
    let plain = group.items.keys().next().and_then(|item| words::item(class, item, group.count));
    match plain {
        Some(plain) => {
            page.text(&plain)?;
            page.element("small", &[], &listed(&group.items))?;
        }
        None => {
            page.element("code", &[], words)?;
            if group.count > 1 {
                page.text(&format!(" ×{}", number(group.count)))?;
            }
        }
    }
    let mut rest = Vec::new();
    if !group.places.is_empty() {
        let shown: Vec<&str> = group.places.iter().take(MOST_PLACES).copied().collect();
        let more = group.places.len().saturating_sub(shown.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        rest.push(format!("in {}{more}", shown.join(", ")));
    }
    if group.bytes >= 1000 {
        rest.push(size_title(group.bytes));
    }
    if rest.is_empty() { Ok(()) } else { page.element("small", &[], &rest.join(" · ")) }
}

/// Names of items with their numbers.
fn listed(items: &BTreeMap<&str, u64>) -> String {
    let named = items.iter().take(MOST_ITEMS).map(|(item, count)| match count {
        1 => (*item).to_owned(),
        _ => format!("{item} ×{}", number(*count)),
    });
    let mut named: Vec<String> = named.collect();
    let more = items.len().saturating_sub(named.len());
    if more > 0 {
        named.push(format!("{more} more"));
    }
    named.join(", ")
}

fn traces(page: &mut Markup<'_>, traces: &[Trace]) -> io::Result<()> {
    if traces.is_empty() {
        return Ok(());
    }
    page.element("h4", &[], "What told who made it")?;
    page.within("dl", &[("class", "facts")], |page| {
        traces.iter().try_for_each(|trace| {
            page.within("dt", &[], |page| match words::item(trace.class, &trace.item, 1) {
                Some(words) => {
                    page.text(&words)?;
                    page.text(" ")?;
                    page.element("small", &[], &trace.item)
                }
                None => page.text(&trace.item),
            })?;
            page.within("dd", &[], |page| {
                page.element("code", &[], &trace.masked)?;
                page.text(" ")?;
                page.element("small", &[], &trace.fingerprint)
            })
        })
    })
}

fn embedded(page: &mut Markup<'_>, files: &[EmbeddedRecord]) -> io::Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    page.within("ul", &[("class", "embedded")], |page| {
        for file in files.iter().take(MOST_EMBEDDED) {
            page.within("li", &[], |page| {
                page.element("bdi", &[("class", "path")], &file.part)?;
                page.element("span", &[("class", "kind")], file.kind.title())?;
                hits(page, &file.removals)?;
                embedded(page, &file.embedded) // as deep as the reader of the log lets records be
            })?;
        }
        match files.len().saturating_sub(MOST_EMBEDDED) {
            0 => Ok(()),
            more => page.element("li", &[], &format!("… and {more} more in the audit log.")),
        }
    })
}

fn proof(page: &mut Markup<'_>, proof: &Proof) -> io::Result<()> {
    page.element("h4", &[], "Proof")?;
    page.within("dl", &[("class", "facts")], |page| {
        for check in &proof.checks {
            fact(page, &check.name, if check.detail.is_empty() { "holds" } else { &check.detail })?;
        }
        fact(page, "essence", &proof.essence)
    })
}

fn facts(page: &mut Markup<'_>, record: &FileRecord) -> io::Result<()> {
    let digested =
        |digested: &Digested| format!("{}, SHA-256 {}", counted(digested.bytes, "byte", "bytes"), digested.sha256);
    let conversion = record.conversion.as_ref().map(|conversion| {
        let proved = if conversion.proved { "proved" } else { "not proved" };
        let (kind, converted) = (conversion.kind.title(), digested(&conversion.converted));
        format!("made into a {kind} by {} before it was cleaned ({proved}): {converted}", conversion.converter)
    });
    page.element("h4", &[], "File")?;
    page.within("dl", &[("class", "facts")], |page| {
        fact(page, "Input", &record.input.as_ref().map(digested).unwrap_or_default())?;
        fact(page, "Conversion", &conversion.unwrap_or_default())?;
        fact(page, "Copy", &record.output.as_ref().map(digested).unwrap_or_default())?;
        fact(page, "Name of the copy", record.copy.as_deref().unwrap_or_default())?;
        fact(page, "Kept", if record.kept { "done in an earlier run; copy and input are unchanged" } else { "" })
    })
}
