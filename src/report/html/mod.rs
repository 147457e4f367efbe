//! The report: one page that tells a person what happened and what to decide.
//!
//! It is made of the audit log alone and says nothing that the log does not say: values are masked there already. Only who asks
//! for previews gets pictures of the copies besides, as they are. The page is one file that loads nothing. Its content security policy allows exactly one style sheet and one script, by their hashes;
//! the script only filters the list of files, everything else works without it. Text from documents gets into the page
//! through `markup` only.
//!
//! The log is read twice: once for the sums and the order of the files, the worst first, once for the files in that order.
//! Memory grows by a few bytes for each file.

mod file;
mod hits;
mod markup;
mod outline;
mod overview;
mod preview;
mod tables;
mod words;

use std::io::{self, BufRead, Read as _, Seek, SeekFrom, Write};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use self::markup::Markup;
use self::outline::{Entry, Outline};
use super::audit::{FileRecord, Record};
use super::summary::Standing;
use crate::preview::Preview;
use crate::refusal::Refusal;

pub(crate) use self::preview::page;

/// File name of the report in the review folder.
pub const FILE_NAME: &str = "report.html";

/// How many of the files that need a look are listed at the top.
const MOST_WORST: usize = 25;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("filter.js");

/// Where the page will lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the review folder: it leads to the held copies.
    BesideHeld,
    /// Somewhere else, where links to copies would lead nowhere.
    Elsewhere,
}

/// Previews of the files of a report, in its order: of a file that has a copy the picture, or why there is none.
pub type Previews<'p> = dyn Iterator<Item = Option<Result<Preview, Refusal>>> + 'p;

/// Writes the report on the last run that `log` tells of.
///
/// # Errors
/// When the log cannot be read or the page cannot be written. What is wrong in the log is told in the page.
pub fn write(log: &mut (impl BufRead + Seek), place: Place, out: &mut dyn Write) -> io::Result<()> {
    Contents::read(log)?.write(log, place, None, out)
}

/// What a report will have in it: the files of the last run that a log tells of, the worst first.
#[derive(Debug)]
pub struct Contents(Outline);

impl Contents {
    /// Reads a log.
    ///
    /// # Errors
    /// When it cannot be read. What is wrong in it is told in the page.
    pub fn read(log: &mut (impl BufRead + Seek)) -> io::Result<Self> {
        log.rewind()?;
        Outline::read(log).map(Self)
    }

    /// How many files there are.
    #[must_use]
    pub fn files(&self) -> usize {
        self.0.files.len()
    }

    /// The record of the file with this place in the report, counted from 0; `None` behind the last one.
    pub(crate) fn record(
        &self,
        log: &mut (impl BufRead + Seek),
        index: usize,
    ) -> Option<io::Result<Option<Box<FileRecord>>>> {
        self.0.files.get(index).map(|entry| record(log, entry))
    }

    /// Writes the report. `log` is the one that was read.
    ///
    /// # Errors
    /// When the log cannot be read or the page cannot be written.
    pub fn write(
        &self,
        log: &mut (impl BufRead + Seek),
        place: Place,
        previews: Option<&mut Previews<'_>>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let (outline, has_previews) = (&self.0, previews.is_some());
        out.write_all(b"<!DOCTYPE html>\n")?;
        let page = &mut Markup::new(out);
        page.within("html", &[("lang", "en")], |page| {
            page.within("head", &[], |page| head(page, outline, has_previews))?;
            page.within("body", &[], |page| {
                page.element("a", &[("class", "skip"), ("href", "#files")], "Skip to the files")?;
                page.within("header", &[], |page| overview::header(page, outline, has_previews))?;
                page.within("main", &[], |page| {
                    worst(page, outline, log)?;
                    overview::sections(page, outline)?;
                    files(page, outline, place, previews, log)
                })?;
                page.within("footer", &[], |page| overview::footer(page, outline, has_previews))?;
                page.within("script", &[], |page| page.verbatim(SCRIPT))
            })
        })?;
        out.write_all(b"\n")
    }
}

fn head(page: &mut Markup<'_>, outline: &Outline, has_previews: bool) -> io::Result<()> {
    let hash = |content: &str| BASE64_STANDARD.encode(Sha256::digest(content));
    let pictures = if has_previews { " img-src data:;" } else { "" };
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}';{pictures} base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    page.void("meta", &[("charset", "utf-8")])?;
    page.void("meta", &[("http-equiv", "Content-Security-Policy"), ("content", &policy)])?;
    page.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")])?;
    page.void("meta", &[("name", "referrer"), ("content", "no-referrer")])?;
    page.void("meta", &[("name", "color-scheme"), ("content", "light dark")])?;
    page.element("title", &[], &overview::title(outline))?;
    page.within("style", &[], |page| page.verbatim(STYLE))
}

/// The files that need a look, as far as one can take them in at a glance; each leads to its section.
fn worst(page: &mut Markup<'_>, outline: &Outline, log: &mut (impl BufRead + Seek)) -> io::Result<()> {
    let asking = outline.files.iter().take_while(|entry| entry.standing() <= Standing::Flagged).count();
    if asking == 0 {
        return Ok(());
    }
    let about = "The worst first. Each leads to what was found in it.";
    tables::section(page, "worst", "Needs a look", about, |page| {
        let columns = [("", "Outcome"), ("", "File"), ("", "Why")];
        tables::table(page, "Files that need a look", &columns, |page| {
            for (number, entry) in (1_u64..).zip(outline.files.iter().take(asking.min(MOST_WORST))) {
                if let Some(record) = record(log, entry)? {
                    file::row(page, &record, number)?;
                }
            }
            Ok(())
        })?;
        match asking.saturating_sub(MOST_WORST) {
            0 => Ok(()),
            more => page.element("p", &[("class", "more")], &format!("… and {more} more, below in the same order.")),
        }
    })
}

/// The list of files with what there is to filter it by.
fn files(
    page: &mut Markup<'_>,
    outline: &Outline,
    place: Place,
    mut previews: Option<&mut Previews<'_>>,
    log: &mut (impl BufRead + Seek),
) -> io::Result<()> {
    page.within("section", &[("id", "files"), ("aria-labelledby", "files-title")], |page| {
        page.element("h2", &[("id", "files-title")], "Files")?;
        filters(page, outline)?;
        page.within("div", &[("id", "list")], |page| {
            for (number, entry) in (1_u64..).zip(&outline.files) {
                let preview = previews.as_mut().and_then(|previews| previews.next()).flatten();
                if let Some(record) = record(log, entry)? {
                    file::section(page, &record, preview.as_ref(), place, number)?;
                }
            }
            Ok(())
        })
    })
}

/// The record of a file. There was one when the log was read first.
fn record(log: &mut (impl BufRead + Seek), entry: &Entry) -> io::Result<Option<Box<FileRecord>>> {
    log.seek(SeekFrom::Start(entry.at))?;
    let mut line = Vec::new();
    log.by_ref().take(entry.bytes).read_to_end(&mut line)?;
    match serde_json::from_slice(&line) {
        Ok(Record::File(record)) => Ok(Some(record)),
        _ => Ok(None),
    }
}

/// The form of the script. It is hidden where there is none.
fn filters(page: &mut Markup<'_>, outline: &Outline) -> io::Result<()> {
    page.within("form", &[("id", "filters"), ("role", "search"), ("hidden", "hidden")], |page| {
        page.within("label", &[("class", "wide")], |page| {
            page.element("span", &[], "Search")?;
            let hint = "path, rule or fingerprint";
            page.void("input", &[("id", "search"), ("type", "search"), ("autocomplete", "off"), ("placeholder", hint)])
        })?;
        let standings =
            Standing::ALL.iter().map(|standing| (standing.name(), standing.name(), outline.number_of(*standing)));
        let standings: Vec<_> = standings.filter(|(.., number)| *number > 0).collect();
        choice(page, "outcome", "Outcome", &standings)?;
        let kinds: Vec<_> =
            outline.kinds.iter().map(|(title, (kind, number))| (kind.name(), *title, *number)).collect();
        choice(page, "kind", "Kind", &kinds)?;
        let named = |(name, number): (&'_ String, &u64)| (name.clone(), *number);
        for (id, label, choices) in [("rule", "Rule", &outline.rules), ("folder", "Folder", &outline.folders)] {
            let choices: Vec<_> = choices.iter().map(named).collect();
            let choices: Vec<_> =
                choices.iter().map(|(name, number)| (name.as_str(), name.as_str(), *number)).collect();
            choice(page, id, label, &choices)?;
        }
        page.element("button", &[("type", "reset")], "Show all")?;
        page.element("button", &[("type", "button"), ("id", "open")], "Open all shown")?;
        page.element("output", &[("id", "shown")], "")
    })
}

/// A list to choose from: value, title and number of files of each choice.
fn choice(
    page: &mut Markup<'_>,
    id: &'static str,
    label: &'static str,
    choices: &[(&str, &str, u64)],
) -> io::Result<()> {
    page.within("label", &[], |page| {
        page.element("span", &[], label)?;
        page.within("select", &[("id", id)], |page| {
            page.element("option", &[("value", "")], "all")?;
            for (value, title, files) in choices {
                page.element("option", &[("value", value)], &format!("{title} ({})", number(*files)))?;
            }
            Ok(())
        })
    })
}

/// A number with its thousands set apart: `10,000`.
fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len().saturating_mul(2));
    for (left, digit) in (1..=digits.len()).rev().zip(digits.chars()) {
        grouped.push(digit);
        if left % 3 == 1 && left > 1 {
            grouped.push(',');
        }
    }
    grouped
}

/// A number with its noun: `1 file`, `3 files`.
fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (value, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678")] {
            assert_eq!(number(value), text);
        }
    }
}
