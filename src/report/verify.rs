//! Checking a log and the folders that it speaks of, a year later.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use super::audit::{Digested, FILE_NAME, FileRecord, Header, Outcome, Record, Totals};
use super::hex;
use super::log::LogReader;
use super::summary::Summary;
use crate::discover::logged_path;

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Verification {
    /// Lines in the log.
    pub lines: u64,
    /// Copies whose hashes were compared and found equal.
    pub copies: u64,
    /// Hash of the last line, to compare with the one printed at the end of the run.
    pub head: String,
    /// Everything that is wrong, one sentence each.
    pub problems: Vec<String>,
}

/// Checks the chain of the log in `review`, that its totals are the sums of its records, and that `release` and the review
/// folder's `held` hold exactly the copies that the last segment names, unchanged.
///
/// Where the last segment was ended early, copies of inputs that it did not come to are compared with what the segments
/// before say; they need not be there.
///
/// # Errors
/// When the log cannot be read at all. What is wrong in it is a problem, not an error.
pub fn verify(review: &Path, release: &Path) -> io::Result<Verification> {
    let mut log = LogReader::new(BufReader::new(File::open(review.join(FILE_NAME))?));
    let (mut story, mut problems) = (Story::default(), Vec::new());
    while let Some(line) = log.read()? {
        let told = match line.record {
            Ok(record) => story.add(record).map_err(|what| format!("line {}: {what}", log.chain().lines())),
            Err(error) => Err(error.to_string()),
        };
        problems.extend(told.err());
    }
    problems.extend(story.end().err());
    let (lines, head) = (log.chain().lines(), log.chain().head().to_owned());
    let mut found = Verification { lines, copies: 0, head, problems };
    let (held, released) = story.copies.into_values().partition(|copy| copy.outcome == Outcome::Held);
    compare(release, "released", released, &mut found)?;
    compare(&review.join("held"), "held", held, &mut found)?;
    Ok(found)
}

/// A copy that the log names.
#[derive(Debug)]
struct Copy {
    outcome: Outcome,
    place: String,
    digested: Digested,
    /// False for one of an earlier segment, as long as the last one does not say what became of it.
    must_be_there: bool,
}

/// What a log says, line by line.
#[derive(Debug, Default)]
struct Story {
    /// Number of the segment, 0 before the first header.
    segment: u32,
    /// How many files the header speaks of.
    expected: u64,
    /// True behind the totals of a segment.
    ended: bool,
    /// The sums of the segment's records.
    summary: Summary,
    /// The copies that should be there, by the paths of their inputs.
    copies: BTreeMap<String, Copy>,
}

impl Story {
    /// Takes the next record; an error says what is wrong with it.
    fn add(&mut self, record: Record) -> Result<(), String> {
        match record {
            Record::Header(header) => self.header(&header),
            Record::File(file) => self.file(*file),
            Record::Totals(totals) => self.totals(&totals),
        }
    }

    fn header(&mut self, header: &Header) -> Result<(), String> {
        let before = std::mem::replace(&mut self.segment, header.segment);
        self.expected = header.files;
        self.ended = false;
        self.summary = Summary::default();
        for copy in self.copies.values_mut() {
            copy.must_be_there = false;
        }
        if before.checked_add(1) == Some(header.segment) {
            Ok(())
        } else {
            Err(format!("segment {} follows segment {before}", header.segment))
        }
    }

    fn file(&mut self, file: FileRecord) -> Result<(), String> {
        let told = if self.ended { Err("it comes after the totals".to_owned()) } else { Ok(()) };
        self.summary.add(&file);
        match file.outcome {
            Outcome::Refused | Outcome::Skipped => {
                self.copies.remove(&file.path);
                told
            }
            Outcome::Released | Outcome::Held => {
                let place = file.copy.unwrap_or_else(|| file.path.clone());
                let missing = || format!("{place}: the log has no hash of its copy");
                let digested = file.output.ok_or_else(missing)?;
                let copy = Copy { outcome: file.outcome, place, digested, must_be_there: true };
                self.copies.insert(file.path, copy);
                told
            }
        }
    }

    fn totals(&mut self, totals: &Totals) -> Result<(), String> {
        if std::mem::replace(&mut self.ended, true) {
            return Err("it comes after the totals".to_owned());
        }
        let mut summary = std::mem::take(&mut self.summary);
        let files: u64 = summary.totals.outcomes.values().sum();
        if !totals.interrupted {
            self.copies.retain(|_, copy| copy.must_be_there); // nothing else is left of earlier segments
            if self.segment > 0 && self.expected != files {
                return Err(format!("the header speaks of {} files, the log has records of {files}", self.expected));
            }
        }
        summary.finish(totals.finished.clone());
        summary.totals.interrupted = totals.interrupted;
        if summary.totals == *totals { Ok(()) } else { Err("the totals are not the sums of the records".to_owned()) }
    }

    /// What is wrong with a log that ends here.
    fn end(&self) -> Result<(), String> {
        if self.segment == 0 {
            return Err("the log has no header".to_owned());
        }
        if self.ended {
            Ok(())
        } else {
            Err("the log has no totals: the run did not end, or lines were cut off".to_owned())
        }
    }
}

/// Compares the files under `folder` with the copies that the log names.
fn compare(folder: &Path, what: &str, copies: Vec<Copy>, found: &mut Verification) -> io::Result<()> {
    let mut copies: BTreeMap<String, Copy> = copies.into_iter().map(|copy| (copy.place.clone(), copy)).collect();
    if folder.exists() {
        for entry in WalkDir::new(folder).min_depth(1).sort_by_file_name() {
            let entry = entry.map_err(io::Error::from)?;
            if entry.file_type().is_dir() {
                continue;
            }
            let name = logged_path(entry.path().strip_prefix(folder).unwrap_or(entry.path()));
            let Some(expected) = copies.remove(&name) else {
                found.problems.push(format!("{name}: it lies among the {what} files, but the log does not know it"));
                continue;
            };
            if !entry.file_type().is_file() {
                found.problems.push(format!("{name}: the {what} copy is no regular file"));
            } else if hash_file(entry.path())? == expected.digested.sha256 {
                found.copies = found.copies.saturating_add(1);
            } else {
                found.problems.push(format!("{name}: the {what} copy was changed"));
            }
        }
    }
    for copy in copies.into_values().filter(|copy| copy.must_be_there) {
        found.problems.push(format!("{}: the {what} copy is missing", copy.place));
    }
    Ok(())
}

/// SHA-256 of a file, hexadecimal, read in pieces.
///
/// # Errors
/// When it cannot be read.
pub fn hash_file(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut buffer)?;
        match buffer.get(..count) {
            Some(piece) if count > 0 => digest.update(piece),
            _ => return Ok(hex(&digest.finalize())),
        }
    }
}
