//! `--resume`: what earlier runs did, and what of it still holds.
//!
//! A file is not done again when its record was made by the same program with the same policy, rules and key, the input has
//! the recorded hash, and so has the copy. The copies are looked at before the run begins; the inputs by its jobs, one by
//! one, as they come to them. A copy whose input changed is removed before the new one is made. The log goes on in a new
//! segment, in which kept files are told again.
//!
//! A killed run may have published copies that its log does not name. Nobody knows whether they were changed since, so those
//! files are cleaned again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::Watcher;
use super::folders::{Folders, FoldersError};
use super::places::Places;
use super::publish::sync_folder;
use super::reading::read;
use crate::discover::{Entry, logged_path};
use crate::job::NAME_CLASH;
use crate::report::audit::{AuditWriter, Digested, FILE_NAME, FileRecord, Header, Outcome, Record};
use crate::report::log::LogReader;
use crate::report::verify::hash_file;

/// The log of earlier runs, and the copies of theirs that are still as it says.
#[derive(Debug)]
pub(super) struct Earlier {
    path: PathBuf,
    log: Mutex<File>,
    /// Bytes of its whole lines.
    bytes: u64,
    /// Hash of the last of them.
    head: String,
    /// Number of its last segment.
    segment: u32,
    /// Bytes of a torn line behind them.
    torn: Option<u64>,
    /// Inputs whose copies were changed by hand.
    changed_copies: Vec<String>,
    /// Why nothing is kept, if so.
    other: Option<&'static str>,
    /// By the paths of their inputs.
    copies: BTreeMap<String, Copy>,
}

/// A copy of an earlier run and its record.
#[derive(Debug)]
struct Copy {
    /// Where its line stands in the log.
    at: u64,
    bytes: u64,
    /// The segment that it stands in.
    segment: u32,
    /// Where it lies.
    path: PathBuf,
}

impl Earlier {
    /// Reads the log in the review folder and looks at the copies. `header` is that of the run that begins. `None` when there
    /// is no log to go on with.
    ///
    /// # Errors
    /// When the log is broken elsewhere than at its end, or cannot be read.
    pub(super) fn find(
        folders: &Folders,
        places: &Places<'_>,
        header: &Header,
        jobs: usize,
    ) -> Result<Option<Self>, FoldersError> {
        let path = folders.review.join(FILE_NAME);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(FoldersError::Io { path, error }),
        };
        let known = Known { folders, places };
        let io_error = |error| FoldersError::Io { path: path.clone(), error };
        let mut lines = LogReader::new(BufReader::new(file.try_clone().map_err(io_error)?));
        let mut earlier = Self {
            path: path.clone(),
            log: Mutex::new(file),
            bytes: 0,
            head: String::new(),
            segment: 0,
            torn: None,
            changed_copies: Vec::new(),
            other: None,
            copies: BTreeMap::new(),
        };
        while let Some(line) = lines.read().map_err(io_error)? {
            if !line.is_whole && lines.read().map_err(io_error)?.is_none() {
                earlier.torn = Some(line.bytes);
                break;
            }
            let record =
                line.record.map_err(|error| FoldersError::Log { path: path.clone(), what: error.to_string() })?;
            lines.chain().head().clone_into(&mut earlier.head);
            earlier.bytes = line.at.saturating_add(line.bytes);
            match record {
                Record::Header(before) => {
                    earlier.segment = before.segment;
                    earlier.other = difference(&before, header);
                }
                Record::File(record) => {
                    earlier.copies.remove(&record.path);
                    if earlier.other.is_none()
                        && let Some(copy) = known.copy(&record, line.at, line.bytes, earlier.segment)
                    {
                        earlier.copies.insert(record.path, copy);
                    }
                }
                Record::Totals(_) => {}
            }
        }
        if earlier.segment == 0 {
            return Ok(None);
        }
        if earlier.other.is_some() {
            earlier.copies.clear();
        }
        earlier.look_at_copies(jobs);
        Ok(Some(earlier))
    }

    /// Forgets the copies that are not as they were. Those of the last segment were changed by hand; before it, one that is
    /// missing may have been taken away by a later run.
    fn look_at_copies(&mut self, jobs: usize) {
        let holds = in_parallel(&self.copies.values().collect::<Vec<_>>(), jobs, |copy| {
            let Some(Digested { sha256, .. }) = self.record(copy).and_then(|record| record.output) else {
                return false;
            };
            fs::symlink_metadata(&copy.path).is_ok_and(|metadata| metadata.is_file())
                && hash_file(&copy.path).is_ok_and(|found| found == sha256)
        });
        let mut holds = holds.into_iter();
        let (last, changed) = (self.segment, &mut self.changed_copies);
        self.copies.retain(|name, copy| {
            let holds = holds.next().unwrap_or_default();
            if !holds && copy.segment == last {
                changed.push(name.clone());
            }
            holds
        });
    }

    /// The copies that are as they were.
    pub(super) fn paths(&self) -> BTreeSet<&Path> {
        self.copies.values().map(|copy| copy.path.as_path()).collect()
    }

    /// The log, to write another segment to, for which the header is completed. What was written of a torn line is cut off.
    pub(super) fn begin_segment(
        &self,
        header: &mut Header,
        watcher: &mut dyn Watcher,
    ) -> io::Result<AuditWriter<BufWriter<File>>> {
        if let Some(why) = self.other {
            watcher.note(&format!("nothing of the earlier run is kept: {why}"));
        }
        for name in &self.changed_copies {
            watcher.note(&format!("the copy of {name} was changed or removed since the earlier run; it is made anew"));
        }
        header.segment = self.segment.saturating_add(1);
        log::info!(
            "resume segment={} copies={} changed={} torn={}",
            header.segment,
            self.copies.len(),
            self.changed_copies.len(),
            self.torn.unwrap_or_default()
        );
        header.torn = self.torn;
        header.changed_copies.clone_from(&self.changed_copies);
        let mut log = File::options().write(true).open(&self.path)?;
        log.set_len(self.bytes)?;
        log.seek(SeekFrom::End(0))?;
        Ok(AuditWriter::after(self.head.clone(), BufWriter::new(log)))
    }

    /// The record of an input that need not be done again. Otherwise its earlier copy is removed, if there is one.
    ///
    /// # Errors
    /// When that copy cannot be removed.
    pub(super) fn kept(&self, entry: &Entry, input_bytes: u64) -> Result<Option<FileRecord>, (PathBuf, io::Error)> {
        let name = entry.name();
        let Some(copy) = self.copies.get(&name) else {
            log::debug!("resume kept=false why=no-earlier-copy path={name}");
            return Ok(None);
        };
        let input = read(&entry.source, input_bytes).map(|bytes| Digested::of(&bytes)).ok();
        let record = self.record(copy).filter(|record| input.is_some() && record.input == input);
        let is_same = record.is_some();
        log::debug!("resume kept={is_same} why={} path={name}", if is_same { "same-input" } else { "other-input" });
        if let Some(record) = record {
            return Ok(Some(FileRecord { kept: true, ..record }));
        }
        let removed = fs::remove_file(&copy.path).and_then(|()| copy.path.parent().map_or(Ok(()), sync_folder));
        removed.map_err(|error| (copy.path.clone(), error))?;
        Ok(None)
    }

    /// Reads a record again: together, they may be more than fits into memory.
    fn record(&self, copy: &Copy) -> Option<FileRecord> {
        let mut line = Vec::new();
        let mut log = self.log.lock().ok()?;
        log.seek(SeekFrom::Start(copy.at)).ok()?;
        log.by_ref().take(copy.bytes).read_to_end(&mut line).ok()?;
        drop(log);
        match serde_json::from_slice(&line).ok()? {
            Record::File(record) => Some(*record),
            Record::Header(_) | Record::Totals(_) => None,
        }
    }
}

/// What the run that begins knows of its inputs.
struct Known<'a> {
    folders: &'a Folders,
    places: &'a Places<'a>,
}

impl Known<'_> {
    /// The copy that a record speaks of, if this run would make one of the same name with the same findings about it.
    fn copy(&self, record: &FileRecord, at: u64, bytes: u64, segment: u32) -> Option<Copy> {
        let entry = self.places.input(&record.path)?;
        let folder = match record.outcome {
            Outcome::Released => &self.folders.output,
            Outcome::Held => &self.folders.held,
            Outcome::Refused | Outcome::Skipped => return None,
        };
        let place = match &record.copy {
            None => entry.relative.clone(),
            Some(copy) => {
                self.places.of_kind(&entry.relative, record.kind?).find(|place| logged_path(place) == *copy)?
            }
        };
        let clashed = record.findings.iter().any(|finding| finding.rule == NAME_CLASH);
        let is_whole = record.input.is_some() && record.output.is_some();
        (is_whole && clashed == entry.name_clash).then(|| Copy { at, bytes, segment, path: folder.join(place) })
    }
}

/// Why copies of an earlier run may not be those of the run that begins.
fn difference(before: &Header, now: &Header) -> Option<&'static str> {
    if before.schema != now.schema || before.tool != now.tool || before.tool_sha256 != now.tool_sha256 {
        Some("it was made by another version of the program")
    } else if now.tool_sha256.is_empty() {
        Some("it is not known whether the same program made it")
    } else if before.policy.sha256 != now.policy.sha256 || before.packs != now.packs {
        Some("it was made with another policy or other rules")
    } else if before.policy.ended != now.policy.ended {
        Some("other allowances of the policy were in force")
    } else if before.decisions != now.decisions {
        Some("other decisions were in force")
    } else if before.fingerprint_key != now.fingerprint_key {
        Some("it was made with another fingerprint key")
    } else {
        None
    }
}

/// Answers a question about each item, several at once.
fn in_parallel<T: Sync>(items: &[T], jobs: usize, question: impl Fn(&T) -> bool + Sync) -> Vec<bool> {
    let answers: Vec<AtomicBool> = items.iter().map(|_| AtomicBool::new(false)).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let (Some(item), Some(answer)) = (items.get(index), answers.get(index)) else { return };
            answer.store(question(item), Ordering::Relaxed);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..jobs.min(items.len()) {
            if std::thread::Builder::new().spawn_scoped(scope, work).is_err() {
                break; // those that are there do it all
            }
        }
        work();
    });
    answers.into_iter().map(AtomicBool::into_inner).collect()
}
