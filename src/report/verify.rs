//! Checking a log and the folders that it speaks of, a year later.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use super::audit::{ChainReader, Digested, FILE_NAME, Outcome, Record};
use super::hex;
use crate::discover::logged_path;

/// Longer lines are no lines of a log.
const LONGEST_LINE: u64 = 256 << 20;

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

/// Checks the chain of the log in `review`, and that `release` and the review folder's `held` hold exactly the copies that
/// the log names, unchanged.
///
/// # Errors
/// When the log cannot be read at all. What is wrong in it is a problem, not an error.
pub fn verify(review: &Path, release: &Path) -> io::Result<Verification> {
    let mut found = Verification::default();
    let mut released: BTreeMap<String, Digested> = BTreeMap::new();
    let mut held: BTreeMap<String, Digested> = BTreeMap::new();
    let (mut files, mut expected_files, mut ended) = (0_u64, None, false);
    let mut chain = ChainReader::default();
    let mut log = BufReader::new(File::open(review.join(FILE_NAME))?);
    while let Some(line) = next_line(&mut log)? {
        if ended {
            found.problems.push(format!("line {}: it comes after the totals", chain.lines().saturating_add(1)));
        }
        let record = match chain.read(&line) {
            Ok(record) => record,
            Err(error) => {
                found.problems.push(error.to_string());
                continue;
            }
        };
        match record {
            Record::Header(header) => {
                if chain.lines() != 1 {
                    found.problems.push(format!("line {}: a second header", chain.lines()));
                }
                expected_files = Some(header.files);
            }
            Record::File(file) => {
                files = files.saturating_add(1);
                let copies = match file.outcome {
                    Outcome::Released => &mut released,
                    Outcome::Held => &mut held,
                    Outcome::Refused | Outcome::Skipped => continue,
                };
                match file.output {
                    Some(digested) => {
                        copies.insert(file.copy.unwrap_or(file.path), digested);
                    }
                    None => found.problems.push(format!("{}: the log has no hash of its copy", file.path)),
                }
            }
            Record::Totals(totals) => {
                ended = true;
                if !totals.interrupted && expected_files.is_some_and(|expected| expected != files) {
                    found.problems.push(format!(
                        "the header speaks of {} files, the log has records of {files}",
                        expected_files.unwrap_or_default()
                    ));
                }
            }
        }
    }
    if expected_files.is_none() {
        found.problems.push("the log has no header".to_owned());
    }
    if !ended {
        found.problems.push("the log has no totals: the run did not end, or lines were cut off".to_owned());
    }
    found.lines = chain.lines();
    chain.head().clone_into(&mut found.head);
    compare(release, "released", released, &mut found)?;
    compare(&review.join("held"), "held", held, &mut found)?;
    Ok(found)
}

fn next_line(log: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    let read = log.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
    if read == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    Ok(Some(String::from_utf8_lossy(&line).into_owned()))
}

/// Compares the files under `folder` with the copies that the log names.
fn compare(
    folder: &Path,
    what: &str,
    mut copies: BTreeMap<String, Digested>,
    found: &mut Verification,
) -> io::Result<()> {
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
            } else if hash_file(entry.path())? == expected.sha256 {
                found.copies = found.copies.saturating_add(1);
            } else {
                found.problems.push(format!("{name}: the {what} copy was changed"));
            }
        }
    }
    for name in copies.into_keys() {
        found.problems.push(format!("{name}: the {what} copy is missing"));
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
