//! Checking a log and the folders that it speaks of, a year later.

mod problem;
mod story;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use sha2::{Digest, Sha256};
use walkdir::WalkDir;

pub use problem::Problem;

use super::audit::{FILE_NAME, NO_HASH, Outcome};
use super::hex;
use super::log::LogReader;
use super::signature::{self, SignatureError};
use crate::discover::logged_path;
use story::{Copy, Story};

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
    /// True when the log has a signature that was checked and holds.
    pub signed: bool,
    /// Everything that is wrong.
    pub problems: Vec<Problem>,
}

impl Verification {
    /// Compares the hash of the last line with one that was kept elsewhere.
    pub fn expect_head(&mut self, head: &str) {
        if !head.eq_ignore_ascii_case(&self.head) {
            let what = "the head hash is another one than given: the log was rewritten or is of another run";
            self.problems.push(Problem::of_log(what));
        }
    }

    /// Checks the signature in the review folder with a public key of minisign.
    ///
    /// # Errors
    /// When the log cannot be read, or the key is none. A signature that is missing or does not hold is a problem.
    pub fn expect_signature(&mut self, review: &Path, key: &str) -> io::Result<()> {
        let log = File::open(review.join(FILE_NAME))?;
        let signature = match std::fs::read_to_string(review.join(signature::FILE_NAME)) {
            Ok(signature) => signature,
            Err(error) => {
                let what = format!("the signature {} cannot be read: {error}", signature::FILE_NAME);
                self.problems.push(Problem::of_log(what));
                return Ok(());
            }
        };
        match signature::check(key, &signature, log, &self.head) {
            Ok(()) => self.signed = true,
            Err(error @ SignatureError::Public(_)) => return Err(io::Error::other(format!("public key: {error}"))),
            Err(error) => self.problems.push(Problem::of_log(format!("the signature: {error}"))),
        }
        Ok(())
    }
}

/// Checks that every line of the log in `review` is, byte for byte, what this version of the program writes for the record in
/// it, the chain of the lines, that totals are the sums of their records, and that `release` and the review folder's `held`
/// hold exactly the copies that the last segment names, unchanged.
///
/// Where the last segment was ended early, copies of inputs that it did not come to are compared with what the segments
/// before say; they need not be there.
///
/// Lines that were cut off at the end of a segment, and a log that was rewritten as a whole, show only by the head hash, if
/// that was kept elsewhere ([`Verification::expect_head`]), or by a signature.
///
/// # Errors
/// When the log cannot be read at all. What is wrong in it is a problem, not an error.
pub fn verify(review: &Path, release: &Path) -> io::Result<Verification> {
    let mut log = LogReader::new(BufReader::new(File::open(review.join(FILE_NAME))?));
    let (mut story, mut problems) = (Story::default(), Vec::new());
    let mut before = NO_HASH.to_owned();
    while let Some(line) = log.read()? {
        let number = log.chain().lines();
        match line.record {
            Ok(record) => {
                problems.extend(problem::of_form(&record, &before, &line.text, number)?);
                problems.extend(story.add(record, number));
            }
            Err(error) => problems.push(error.into()),
        }
        if !line.is_whole {
            problems.push(Problem::of_line(number, "it does not end with a line break: the log was cut off here"));
        }
        log.chain().head().clone_into(&mut before);
    }
    problems.extend(story.end());
    let (lines, head) = (log.chain().lines(), log.chain().head().to_owned());
    let mut found = Verification { lines, copies: 0, head, signed: false, problems };
    let (held, released) = story.copies.into_values().partition(|copy| copy.outcome == Outcome::Held);
    compare(release, "released", released, &mut found)?;
    compare(&review.join("held"), "held", held, &mut found)?;
    Ok(found)
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
                let what = format!("it lies among the {what} files, but the log does not know it");
                found.problems.push(Problem::of_file(&name, what));
                continue;
            };
            if !entry.file_type().is_file() {
                found.problems.push(Problem::of_file(&name, format!("the {what} copy is no regular file")));
            } else if is_unchanged(entry.path(), &expected)? {
                found.copies = found.copies.saturating_add(1);
            } else {
                let what = format!("the {what} copy was changed: line {} has another hash or size", expected.line);
                found.problems.push(Problem::of_file(&name, what));
            }
        }
    }
    for copy in copies.into_values().filter(|copy| copy.must_be_there) {
        let what = format!("the {what} copy is missing: line {} names it", copy.line);
        found.problems.push(Problem::of_file(&copy.place, what));
    }
    Ok(())
}

fn is_unchanged(path: &Path, copy: &Copy) -> io::Result<bool> {
    Ok(path.metadata()?.len() == copy.digested.bytes && hash_file(path)? == copy.digested.sha256)
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
