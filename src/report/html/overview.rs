//! What the page says of the run as a whole.

use std::io;

use super::markup::Markup;
use super::outline::Outline;
use super::tables::{fact, more, section, table};
use super::{counted, number, words};
use crate::policy::Class;
use crate::report::audit::Header;
use crate::report::summary::Standing;

/// How many values that stand in several files are shown; the log has more.
const MOST_VALUES: usize = 100;

/// The title of the page.
pub(super) fn title(outline: &Outline) -> String {
    let inputs = outline.header.iter().flat_map(|header| &header.inputs).filter(|name| !name.is_empty());
    let mut names: Vec<&str> = inputs.map(String::as_str).collect();
    let more = names.len().saturating_sub(3);
    names.truncate(3);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    if names.is_empty() { "Release report".to_owned() } else { format!("Release report: {}{more}", names.join(", ")) }
}

/// Title, what is wrong with the log, and the outcomes.
pub(super) fn header(page: &mut Markup<'_>, outline: &Outline, has_previews: bool) -> io::Result<()> {
    page.element("h1", &[], &title(outline))?;
    if let Some(header) = &outline.header {
        page.element("p", &[("class", "run")], &run_line(header, outline.files.len() as u64))?;
    }
    warnings(page, outline, has_previews)?;
    page.element("p", &[("class", "verdict")], &verdict(outline))?;
    page.within("dl", &[("class", "counts")], |page| {
        for standing in Standing::ALL {
            page.within("div", &[("class", standing.name())], |page| {
                page.element("dt", &[], standing.name())?;
                page.within("dd", &[], |page| {
                    page.element("b", &[], &number(outline.number_of(*standing)))?;
                    page.element("span", &[], about(*standing))
                })
            })?;
        }
        Ok(())
    })
}

fn about(standing: Standing) -> &'static str {
    match standing {
        Standing::Held => "cleaned and proved; the copy waits for a decision",
        Standing::Refused => "no copy: could not be cleaned or proved",
        Standing::Flagged => "released; somebody should look",
        Standing::Released => "released; nothing to do",
        Standing::Skipped => "litter of operating systems",
    }
}

fn run_line(header: &Header, files: u64) -> String {
    let by = header.operator.as_ref().map(|name| format!(" · run by {name}")).unwrap_or_default();
    let day = header.started.replace('T', " ").replace('Z', " UTC");
    format!("{} · policy {} · {day}{by}", counted(files, "file", "files"), header.policy.name)
}

const CONFIDENTIAL: &str = "Previews show the copies as they are, nothing in them is masked: this page is as confidential as \
    the documents.";

/// Everything because of which the page should not be relied on as it is.
fn warnings(page: &mut Markup<'_>, outline: &Outline, has_previews: bool) -> io::Result<()> {
    let mut warnings: Vec<String> =
        outline.problems.iter().map(|what| format!("The log is not whole: {what}.")).collect();
    if outline.totals.as_ref().is_some_and(|totals| totals.interrupted) {
        warnings.push("The run was stopped before the last file.".to_owned());
    }
    if let Some(header) = &outline.header {
        if !header.isolation.workers {
            warnings.push("Documents were parsed without isolation.".to_owned());
        }
        if let Some(bytes) = header.torn {
            warnings
                .push(format!("The log of the run before ended in {bytes} bytes of a torn line, which were cut off."));
        }
        for copy in &header.changed_copies {
            warnings
                .push(format!("The copy {copy} was changed or removed by hand since the run before, and made anew."));
        }
        for reason in &header.policy.ended {
            warnings.push(format!("An allowance of the policy has ended: {reason}"));
        }
        for decision in header.decisions.iter().flat_map(|decisions| &decisions.ended) {
            warnings.push(format!("A decision is in force no more: {decision}"));
        }
    }
    for decision in outline.totals.iter().flat_map(|totals| &totals.stale_decisions) {
        warnings.push(format!("A decision is about nothing in these files any more: {decision}"));
    }
    if has_previews {
        warnings.push(CONFIDENTIAL.to_owned());
    }
    if warnings.is_empty() {
        return Ok(());
    }
    page.within("ul", &[("class", "warnings")], |page| {
        warnings.iter().try_for_each(|warning| page.element("li", &[], warning))
    })
}

fn verdict(outline: &Outline) -> String {
    let parts = [
        (Standing::Held, "waits for your decision", "wait for your decision"),
        (Standing::Refused, "could not be cleaned and has no copy", "could not be cleaned and have no copy"),
        (Standing::Flagged, "was released but should be looked at", "were released but should be looked at"),
    ];
    let said = parts.iter().filter_map(|(standing, one, many)| {
        let count = outline.number_of(*standing);
        (count > 0).then(|| format!("{} {}", counted(count, "file", "files"), if count == 1 { one } else { many }))
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() {
        return "Everything was released, and nothing asks for a look.".to_owned();
    }
    format!("{}.", said.join(", "))
}

/// Tables over all files.
pub(super) fn sections(page: &mut Markup<'_>, outline: &Outline) -> io::Result<()> {
    repeated(page, outline)?;
    shared(page, outline)?;
    removals(page, outline)
}

fn repeated(page: &mut Markup<'_>, outline: &Outline) -> io::Result<()> {
    let values = &outline.summary.totals.repeated;
    if values.is_empty() {
        return Ok(());
    }
    let about = "One value, several files: a single decision settles all of them.";
    section(page, "repeated", "The same value in several files", about, |page| {
        let columns =
            [("", "Value"), ("n", "Files"), ("n", "Times"), ("", "Rule"), ("", "First in"), ("", "Fingerprint")];
        table(page, "Values in several files", &columns, |page| {
            for value in values.iter().take(MOST_VALUES) {
                page.within("tr", &[], |page| {
                    page.within("th", &[("scope", "row")], |page| page.element("code", &[], &value.masked))?;
                    page.element("td", &[("class", "n")], &number(value.files))?;
                    page.element("td", &[("class", "n")], &number(value.count))?;
                    page.element("td", &[], &value.rule)?;
                    first_and_fingerprint(page, &value.first, &value.fingerprint)
                })?;
            }
            Ok(())
        })?;
        more(page, values.len(), MOST_VALUES)
    })
}

/// The cells that lead from a value to its files.
fn first_and_fingerprint(page: &mut Markup<'_>, first: &str, fingerprint: &str) -> io::Result<()> {
    page.within("td", &[], |page| page.element("bdi", &[], first))?;
    page.within("td", &[], |page| page.element("code", &[("class", "find")], fingerprint))
}

/// What joined the files before they were cleaned.
fn shared(page: &mut Markup<'_>, outline: &Outline) -> io::Result<()> {
    let traces = &outline.summary.totals.traces;
    if traces.is_empty() {
        return Ok(());
    }
    let about = "People, devices, templates and paths that more than one file gave away before it was cleaned.";
    section(page, "traces", "What joined the files", about, |page| {
        let columns = [("", "Trace"), ("", "Value"), ("n", "Files"), ("", "First in"), ("", "Fingerprint")];
        table(page, "Traces in several files", &columns, |page| {
            for trace in traces.iter().take(MOST_VALUES) {
                page.within("tr", &[], |page| {
                    page.within("th", &[("scope", "row")], |page| {
                        let words = words::item(trace.class, &trace.item, 1);
                        page.text(words.as_deref().unwrap_or(&trace.item))?;
                        page.element("small", &[], words::title(trace.class))
                    })?;
                    page.within("td", &[], |page| page.element("code", &[], &trace.masked))?;
                    page.element("td", &[("class", "n")], &number(trace.files))?;
                    first_and_fingerprint(page, &trace.first, &trace.fingerprint)
                })?;
            }
            Ok(())
        })?;
        more(page, traces.len(), MOST_VALUES)
    })
}

fn removals(page: &mut Markup<'_>, outline: &Outline) -> io::Result<()> {
    let sums = &outline.summary.totals.removals;
    let mut classes: Vec<(Class, u64)> =
        Class::ALL.iter().filter_map(|class| Some((*class, *sums.get(class.name())?))).collect();
    if classes.is_empty() {
        return Ok(());
    }
    classes.sort_by_key(|(_, items)| std::cmp::Reverse(*items)); // stable: equal ones in the order of the classes
    let about = "Hidden items that were dealt with, in all files and in everything embedded in them.";
    section(page, "removals", "What was hidden in the files", about, |page| {
        page.within("ul", &[("class", "classes")], |page| {
            for (class, items) in classes {
                page.within("li", &[("title", class.about())], |page| {
                    page.element("b", &[], &number(items))?;
                    page.text(" ")?;
                    page.element("span", &[], words::title(class))
                })?;
            }
            Ok(())
        })
    })
}

/// How the page came to be and how to read it.
pub(super) fn footer(page: &mut Markup<'_>, outline: &Outline, has_previews: bool) -> io::Result<()> {
    page.element("h2", &[], "The run")?;
    if let Some(header) = &outline.header {
        page.within("dl", &[("class", "facts")], |page| run_facts(page, header, outline))?;
    }
    let made_of = if has_previews { "the audit log and the copies" } else { "the audit log alone" };
    page.element("p", &[], &format!("This page was made from {made_of}. {READING}"))
}

const READING: &str = "Values are masked; fingerprints are keyed, so that equal \
    values can be recognised without being told. The hash at the head of the log shows a log that was changed if you kept it \
    when the run ended; “fieldstrip audit verify” compares the copies with the log.";

fn run_facts(page: &mut Markup<'_>, header: &Header, outline: &Outline) -> io::Result<()> {
    let measure = |measure: &crate::worker::Measure| {
        let state = if measure.in_force { "" } else { "not in force: " };
        format!("{} ({state}{})", measure.name, measure.detail)
    };
    let isolation = match header.isolation.workers {
        true => {
            let measures: Vec<String> = header.isolation.measures.iter().map(measure).collect();
            format!("worker processes; {}", measures.join("; "))
        }
        false => "none: documents were parsed in the program itself".to_owned(),
    };
    let pack = |pack: &crate::report::audit::PackId| {
        format!("{} ({}, SHA-256 {})", pack.name, counted(pack.rules, "rule", "rules"), pack.sha256)
    };
    let packs: Vec<String> = header.packs.iter().map(pack).collect();
    let decisions = header.decisions.as_ref().map(|decisions| {
        format!("{}, SHA-256 {}", counted(decisions.count, "decision", "decisions"), decisions.sha256)
    });
    let finished = outline.totals.as_ref().map(|totals| totals.finished.as_str()).unwrap_or_default();
    let findings: Vec<String> = outline
        .summary
        .totals
        .findings
        .iter()
        .map(|(severity, count)| format!("{severity} {}", number(*count)))
        .collect();
    for (name, value) in [
        ("Program", header.tool.as_str()),
        ("SHA-256 of the program", &header.tool_sha256),
        ("Inputs", &header.inputs.join(", ")),
        ("Files", &number(header.files)),
        ("Began", &header.started),
        ("Ended", finished),
        ("Run by", header.operator.as_deref().unwrap_or_default()),
        ("Policy", &format!("{}, SHA-256 {}", header.policy.name, header.policy.sha256)),
        ("Decisions", decisions.as_deref().unwrap_or_default()),
        ("Rules", &packs.join("; ")),
        ("Isolation", &isolation),
        ("Fingerprint key", &header.fingerprint_key),
        ("Findings", &findings.join(", ")),
        ("Segment of the log", &header.segment.to_string()),
        ("Version of the log", &header.schema.to_string()),
        ("Head of the log", &outline.head),
    ] {
        fact(page, name, value)?;
    }
    Ok(())
}
