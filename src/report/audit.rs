//! The audit log: what was done with every file, chained so that a change shows.
//!
//! `audit.jsonl` is a header, one line per input file, and totals. Every line is one JSON object that carries `prev`, the
//! hash of the line before, and as its last member `hash`, the SHA-256 of the line up to there. A changed, removed,
//! repeated or moved line breaks the chain. Somebody who rewrites the whole log can make a new chain: only the last hash,
//! kept elsewhere, shows that.
//!
//! A run that resumes an earlier one goes on with the chain, in a new *segment*: a header, a line for each input, totals.
//! What it kept is told again, so that whoever wants to know how things are reads the last segment only. A segment before it
//! may lack its totals, if its run was killed.
//!
//! Nothing in the log is secret: values are masked, paths are relative.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::repeated::RepeatedValue;
use super::shared::SharedTrace;
use super::{hex, sha256};
use crate::finding::Finding;
use crate::formats::{Hit, Report};
use crate::kind::Kind;
use crate::pipeline::Team;
use crate::prove::Proof;
use crate::refusal::Refusal;
use crate::trace::Trace;
use crate::worker::Measure;

/// The version of the log's format.
pub const SCHEMA: u32 = 1;
/// `prev` of the first line.
pub const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// File name of the log in the review folder.
pub const FILE_NAME: &str = "audit.jsonl";

/// One line of the log, without the members of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "record", rename_all = "kebab-case")]
pub enum Record {
    /// The first line of a segment.
    Header(Header),
    /// One input file.
    File(Box<FileRecord>),
    /// The last line of a segment.
    Totals(Totals),
}

/// What ran, with what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Header {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Name and version of the program.
    pub tool: String,
    /// SHA-256 of the program file; empty when it could not be read.
    pub tool_sha256: String,
    /// Number of the segment, from 1.
    #[serde(default = "first_segment")]
    pub segment: u32,
    /// Bytes of a torn last line of the segment before, which were cut off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub torn: Option<u64>,
    /// Copies that were changed or removed by hand since the segment before, and are made anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed_copies: Vec<String>,
    /// When the run began, UTC, RFC 3339.
    pub started: String,
    /// Who ran it, if said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// The policy.
    pub policy: PolicyId,
    /// The decisions about findings of earlier runs, if any were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decisions: Option<Box<DecisionsId>>,
    /// The rule packs in use.
    pub packs: Vec<PackId>,
    /// Id of the key of the fingerprints.
    pub fingerprint_key: String,
    /// How far documents were parsed apart from the run.
    #[serde(default)]
    pub isolation: Isolation,
    /// Names of the inputs, without their folders.
    pub inputs: Vec<String>,
    /// How many files the inputs hold.
    pub files: u64,
}

/// Where documents were parsed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Isolation {
    /// True when that was in worker processes.
    pub workers: bool,
    /// What these gave up, and what the system did not let them give up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
}

impl Isolation {
    /// That of a run with these workers.
    #[must_use]
    pub fn of(team: Option<&Team<'_>>) -> Self {
        Self { workers: team.is_some(), measures: team.map(|team| team.measures().to_vec()).unwrap_or_default() }
    }
}

fn first_segment() -> u32 {
    1
}

/// A policy by name and hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyId {
    /// Its name.
    pub name: String,
    /// SHA-256 of its text and of those that it extends.
    pub sha256: String,
    /// Allowances that were in force no more, by their reasons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ended: Vec<String>,
}

/// A file of decisions by its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DecisionsId {
    /// SHA-256 of its text.
    pub sha256: String,
    /// How many decisions it holds.
    pub count: u64,
    /// Those that were in force no more, by what they are about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ended: Vec<String>,
}

/// A rule pack by name and hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PackId {
    /// Its name.
    pub name: String,
    /// SHA-256 of its text.
    pub sha256: String,
    /// How many of its rules are switched on.
    pub rules: u64,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Litter of an operating system: nothing was done.
    Skipped,
    /// Cleaned, proved and copied into the release folder.
    Released,
    /// Could not be cleaned or proved: no copy.
    Refused,
    /// Cleaned and proved; the copy waits in the review folder for a decision.
    Held,
}

impl Outcome {
    /// The name used in logs and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Skipped => "skipped",
            Self::Released => "released",
            Self::Refused => "refused",
            Self::Held => "held",
        }
    }
}

/// One input file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct FileRecord {
    /// Path of the input and of the copy, relative to their folders, with `/`.
    pub path: String,
    /// Path of the copy where it is another one: a copy of another kind has another extension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// True when it was done in an earlier segment, and its copy is still there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub kept: bool,
    /// Its kind by its bytes; absent when it was not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// How it was made into a kind that can be cleaned; absent when it was cleaned as it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion: Option<Conversion>,
    /// The input's bytes; absent when it was not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Digested>,
    /// The copy's bytes; absent when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Digested>,
    /// Why there is no copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// What was removed, changed or kept under a class of the policy, in the file itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removals: Vec<Hit>,
    /// What gives something away in a refused file of a kind that is looked into but not cleaned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inspected: Vec<Hit>,
    /// What a person should look at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// Who and what made it, as far as removed values told, those of embedded files included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traces: Vec<Trace>,
    /// Files inside of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub embedded: Vec<EmbeddedRecord>,
    /// How the copy was proved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
}

/// A conversion before cleaning. The proof compares the copy with the converted file, not with the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Conversion {
    /// The kind that was made of it.
    pub kind: Kind,
    /// Name and version of the program.
    pub converter: String,
    /// The converted bytes, which were cleaned.
    pub converted: Digested,
    /// Always false: nothing shows that the converted file is what the input was.
    pub proved: bool,
}

/// Size and hash of some bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Digested {
    /// Number of bytes.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

impl FileRecord {
    /// Path of the copy in its folder, if there is one.
    #[must_use]
    pub fn place(&self) -> &str {
        self.copy.as_deref().unwrap_or(&self.path)
    }
}

impl Digested {
    /// Hashes bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.len() as u64, sha256: sha256(bytes) }
    }
}

/// A file inside a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EmbeddedRecord {
    /// Its name in the parent.
    pub part: String,
    /// Its kind by its bytes.
    pub kind: Kind,
    /// As in [`FileRecord`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removals: Vec<Hit>,
    /// As in [`FileRecord`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub embedded: Vec<EmbeddedRecord>,
}

impl EmbeddedRecord {
    /// The records of everything embedded in a document, as its handler reported it.
    #[must_use]
    pub fn all_of(report: &Report) -> Vec<Self> {
        let record = |embedded: &crate::formats::EmbeddedReport| Self {
            part: embedded.part.clone(),
            kind: embedded.kind,
            removals: embedded.report.hits.clone(),
            embedded: Self::all_of(&embedded.report),
        };
        report.embedded.iter().map(record).collect()
    }
}

/// Sums over the run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Totals {
    /// Number of files per outcome.
    pub outcomes: BTreeMap<String, u64>,
    /// Released files with something to look at.
    pub flagged: u64,
    /// Number of removed, changed or kept items per class, embedded files included.
    pub removals: BTreeMap<String, u64>,
    /// Number of findings per severity.
    pub findings: BTreeMap<String, u64>,
    /// Values that ask for a look in more than one file, those in most files first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repeated: Vec<RepeatedValue>,
    /// Decisions that nothing in the run was about, by their lines in the file of decisions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stale_decisions: Vec<String>,
    /// Traces that more than one file had before it was cleaned, those of most files first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traces: Vec<SharedTrace>,
    /// When the run ended, UTC, RFC 3339.
    pub finished: String,
    /// True when it was stopped before the last file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
}

/// Appends records to a log and keeps the chain.
#[derive(Debug)]
pub struct AuditWriter<W> {
    out: W,
    head: String,
}

impl<W: Write> AuditWriter<W> {
    /// Begins a chain.
    pub fn new(out: W) -> Self {
        Self::after(NO_HASH.to_owned(), out)
    }

    /// Goes on with the chain whose last line has this hash.
    pub fn after(head: String, out: W) -> Self {
        Self { out, head }
    }

    /// Writes one line.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub fn append(&mut self, record: &Record) -> io::Result<()> {
        let line = chain_line(record, &self.head)?;
        self.out.write_all(line.text.as_bytes())?;
        self.out.write_all(b"\n")?;
        self.head = line.hash;
        Ok(())
    }

    /// The hash of the last line: keep it elsewhere to notice a log that was rewritten as a whole.
    #[must_use]
    pub fn head(&self) -> &str {
        &self.head
    }

    /// The underlying writer.
    pub fn get_mut(&mut self) -> &mut W {
        &mut self.out
    }
}

struct Line {
    text: String,
    hash: String,
}

fn chain_line(record: &Record, prev: &str) -> io::Result<Line> {
    #[derive(Serialize)]
    struct Chained<'a> {
        prev: &'a str,
        #[serde(flatten)]
        record: &'a Record,
    }
    let mut text = serde_json::to_string(&Chained { prev, record })?;
    let hash = hex(&Sha256::digest(text.as_bytes()));
    text.pop(); // the closing brace comes back behind the hash
    text.push_str(&format!(",\"hash\":\"{hash}\"}}"));
    Ok(Line { text, hash })
}

/// A record as the only text that a run writes for it, without its hash and closing brace.
///
/// # Errors
/// When it has no form in JSON.
pub(super) fn chained_text(record: &Record, prev: &str) -> io::Result<String> {
    let mut line = chain_line(record, prev)?;
    let end = split_hash(&line.text).map_or(0, |(body, _)| body.len());
    line.text.truncate(end);
    Ok(line.text)
}

/// What is wrong with a line of a log, as a sentence fragment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct ChainError {
    /// Number of the line, from 1.
    pub line: u64,
    /// The member of the chain that shows it, `prev` or `hash`, where one does.
    pub member: Option<&'static str>,
    /// What is wrong.
    pub what: String,
}

/// Follows the chain of a log, line by line.
#[derive(Debug)]
pub struct ChainReader {
    head: String,
    line: u64,
}

impl Default for ChainReader {
    fn default() -> Self {
        Self { head: NO_HASH.to_owned(), line: 0 }
    }
}

impl ChainReader {
    /// Checks one line (without its line break) against the chain and reads it. After an error the reader goes on from
    /// what the line says of itself, so that one change is one error.
    ///
    /// # Errors
    /// When the line was changed, does not follow the one before, or is no record.
    pub fn read(&mut self, line: &[u8]) -> Result<Record, ChainError> {
        self.line = self.line.saturating_add(1);
        let number = self.line;
        let error = |member, what: &str| ChainError { line: number, member, what: what.to_owned() };
        let text = String::from_utf8_lossy(line);
        let (body, hash) = split_hash(&text).ok_or_else(|| error(Some("hash"), "it does not end with its hash"))?;
        let follows = body.starts_with(&format!("{{\"prev\":\"{}\",", self.head));
        // What stands in for bytes that are no text may be what stood there before they were changed.
        let is_text = matches!(text, Cow::Borrowed(_));
        let holds = is_text && hex(&Sha256::digest(format!("{body}}}").as_bytes())) == hash;
        hash.clone_into(&mut self.head);
        if !holds {
            return Err(error(Some("hash"), "its content does not fit its hash: the line was changed"));
        }
        if !follows {
            return Err(error(Some("prev"), "it does not follow the line before: a line was removed, added or moved"));
        }
        let unknown = |why| error(None, &format!("it is not a record of this version of the log: {why}"));
        serde_json::from_str(&text).map_err(unknown)
    }

    /// The hash of the last line that was read.
    #[must_use]
    pub fn head(&self) -> &str {
        &self.head
    }

    /// How many lines were read.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.line
    }
}

/// A line without its hash member and closing brace, and the hash.
pub(super) fn split_hash(line: &str) -> Option<(&str, &str)> {
    let (body, rest) = line.rsplit_once(",\"hash\":\"")?;
    let hash = rest.strip_suffix("\"}")?;
    (hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some((body, hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> Vec<String> {
        let mut writer = AuditWriter::new(Vec::new());
        for flagged in 0..4 {
            writer.append(&Record::Totals(Totals { flagged, ..Totals::default() })).unwrap();
        }
        String::from_utf8(writer.out).unwrap().lines().map(str::to_owned).collect()
    }

    fn errors(lines: &[String]) -> Vec<u64> {
        let mut reader = ChainReader::default();
        lines.iter().filter_map(|line| reader.read(line.as_bytes()).err().map(|error| error.line)).collect()
    }

    #[test]
    fn an_untouched_log_holds() {
        assert_eq!(errors(&log()), Vec::<u64>::new());
    }

    #[test]
    fn every_kind_of_tampering_shows() {
        let mut changed = log();
        changed[2] = changed[2].replace("\"flagged\":2", "\"flagged\":9");
        assert_eq!(errors(&changed), [3]);
        let mut removed = log();
        removed.remove(1);
        assert_eq!(errors(&removed), [2]);
        let mut moved = log();
        moved.swap(1, 2);
        assert!(!errors(&moved).is_empty());
        let mut repeated = log();
        repeated.insert(2, repeated[1].clone());
        assert_eq!(errors(&repeated), [3]);
        let mut first_gone = log();
        first_gone.remove(0);
        assert_eq!(errors(&first_gone), [1]);
        let mut cut = log();
        cut[3].truncate(40);
        assert_eq!(errors(&cut), [4]);
        let mut writer = AuditWriter::new(Vec::new());
        let totals = Totals { finished: "\u{FFFD}".to_owned(), ..Totals::default() };
        writer.append(&Record::Totals(totals)).unwrap();
        let mut bytes = writer.out;
        assert_eq!(bytes.pop(), Some(b'\n'));
        assert!(ChainReader::default().read(&bytes).is_ok());
        let at = bytes.iter().position(|byte| *byte == 0xEF).unwrap();
        bytes[at] = 0xF3; // no character, for which the same one is shown
        assert!(ChainReader::default().read(&bytes).is_err());
        let mut rehashed = log();
        let forged = Record::Totals(Totals { flagged: 9, ..Totals::default() });
        rehashed[1] = chain_line(&forged, split_hash(&log()[0]).unwrap().1).unwrap().text;
        assert_eq!(errors(&rehashed), [3], "a line with a new hash breaks the next");
    }
}
