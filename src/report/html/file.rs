//! What the page says of one file: a line to see, the rest behind it.

use std::fmt::Write as _;
use std::io;

use super::hits::hits;
use super::markup::Markup;
use super::outline::rules;
use super::preview::preview;
use super::tables::{fact, more, table};
use super::{Place, counted, number, words};
use crate::finding::Finding;
use crate::preview::Preview;
use crate::prove::Proof;
use crate::refusal::Refusal;
use crate::report::audit::{Digested, EmbeddedRecord, FileRecord, Outcome};
use crate::report::summary::{Standing, why};
use crate::text;
use crate::trace::Trace;

/// How much of one file is shown; the log has more.
const MOST_FINDINGS: usize = 200;
const MOST_EMBEDDED: usize = 200;

/// The section of a file. `number` is its place in the list.
pub(super) fn section(
    page: &mut Markup<'_>,
    record: &FileRecord,
    preview: Option<&Result<Preview, Refusal>>,
    place: Place,
    number: u64,
) -> io::Result<()> {
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
        page.within("div", &[("class", "body"), ("id", &id)], |page| {
            if let Some(preview) = preview {
                self::preview(page, record, preview)?;
            }
            body(page, record, place)
        })
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

fn body(page: &mut Markup<'_>, record: &FileRecord, place: Place) -> io::Result<()> {
    if record.outcome == Outcome::Held && place == Place::BesideHeld {
        held_copy(page, record.place())?;
    }
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

/// The way to the copy that somebody has to decide about.
fn held_copy(page: &mut Markup<'_>, path: &str) -> io::Result<()> {
    let is_plain = |part: &str| !matches!(part, "" | "." | "..");
    if !path.split('/').all(is_plain) {
        return Ok(()); // no path that a run wrote
    }
    page.within("p", &[("class", "copy")], |page| {
        page.text("The copy waits in ")?;
        page.within("a", &[("class", "path"), ("href", &format!("held/{}", address(path)))], |page| {
            page.element("bdi", &[], &format!("held/{path}"))
        })
    })
}

/// A path as part of an address: everything but letters, digits and a few marks by the numbers of its bytes (RFC 3986,
/// section 2).
fn address(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut address, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                address.push(char::from(byte));
            }
            _ => {
                let _ = write!(address, "%{byte:02X}"); // writing to a String cannot fail
            }
        }
        address
    })
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
    more(page, findings.len(), MOST_FINDINGS)
}

fn finding(page: &mut Markup<'_>, finding: &Finding) -> io::Result<()> {
    let verdict = finding.verdict.name();
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
        text::Place::Page { area: Some([left, bottom, right, top]), .. } => {
            format!("{scope}, {left}–{right} pt from the left, {bottom}–{top} pt from the bottom")
        }
        _ => scope,
    }
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
