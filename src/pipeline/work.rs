//! The work of a job: takes inputs one by one, has each carried through [`crate::job`], stages the copy, makes the record.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crossbeam_channel::Sender;

use super::RunError;
use super::batch::Done;
use super::convert::Converter;
use super::places::Places;
use super::publish::{Destination, Staged};
use super::reading::read_entry;
use super::resume::Earlier;
use super::stage::{Stage, Timed};
use super::workers::{Launcher, Team};
use crate::decisions::FileId;
use crate::discover::{Entry, Task, logged_path};
use crate::finding::Verdict;
use crate::job::{Cleaned, Executor, InProcess, Processed, Scanner, process_with};
use crate::kind::Kind;
use crate::report::audit::{Conversion, Digested, EmbeddedRecord, FileRecord, Outcome};

/// A record, and the copy that it is about.
type WithCopy = (FileRecord, Option<Staged>);

/// What the jobs share.
pub(super) struct Work<'a> {
    pub(super) entries: &'a [Entry],
    pub(super) earlier: Option<&'a Earlier>,
    pub(super) places: &'a Places<'a>,
    pub(super) scanner: &'a Scanner<'a>,
    pub(super) converter: Converter,
    pub(super) release: Destination<'a>,
    pub(super) held: Destination<'a>,
    pub(super) next: AtomicUsize,
    pub(super) stop: &'a AtomicBool,
}

impl Work<'_> {
    /// Works with a team of workers of its own, the given one or a new one, or without where the run has none.
    pub(super) fn begin(
        &self,
        launcher: Option<&Launcher<'_>>,
        team: Option<Team<'_>>,
        sender: &Sender<Result<Done, RunError>>,
    ) {
        match launcher.map(|launcher| team.map_or_else(|| Team::new(launcher), Ok)) {
            None => self.until_done(&mut InProcess::new(*self.scanner), sender),
            Some(Ok(mut team)) => self.until_done(&mut team, sender),
            Some(Err(error)) => {
                let _ = sender.send(Err(error.into())); // nobody listens any more: the run has ended
            }
        }
    }

    /// Takes entries until there are none, the run is stopped or the log has no reader any more.
    fn until_done(&self, executor: &mut dyn Executor, sender: &Sender<Result<Done, RunError>>) {
        while !self.stop.load(Ordering::Relaxed) {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(entry) = self.entries.get(index) else { return };
            let done = match self.kept(entry) {
                Ok(None) => self.one_told(entry, executor),
                Ok(Some(kept)) => Ok((kept, None)),
                Err(error) => Err(error),
            };
            if sender.send(done.map(|(record, copy)| Done { index, record, copy })).is_err() {
                return;
            }
        }
    }

    /// The record of a file that an earlier run did and that need not be done again.
    fn kept(&self, entry: &Entry) -> Result<Option<FileRecord>, RunError> {
        let Some(earlier) = self.earlier else { return Ok(None) };
        let kept = earlier.kept(entry, self.scanner.policy().limits.input_bytes);
        kept.map_err(|(path, error)| RunError::Write { what: format!("the earlier copy {}", path.display()), error })
    }

    /// Does the work on an entry, and tells the log of the program what came of it.
    fn one_told(&self, entry: &Entry, executor: &mut dyn Executor) -> Result<WithCopy, RunError> {
        let name = entry.name();
        let whole = Stage::begin("all", &name);
        let (record, copy) = self.one(entry, &mut Timed(executor))?;
        let (ms, outcome, kind) = (whole.milliseconds(), record.outcome.name(), record.kind.unwrap_or(Kind::Unknown));
        let bytes = |digested: &Option<Digested>| digested.as_ref().map_or(0, |digested| digested.bytes);
        let (input, output) = (bytes(&record.input), bytes(&record.output));
        let reason = record.refusal.as_ref().map_or("none", |refusal| refusal.reason.name());
        log::info!(
            "file outcome={outcome} reason={reason} kind={kind} ms={ms} bytes={input} copy={output} path={name}"
        );
        Ok((record, copy))
    }

    fn one(&self, entry: &Entry, executor: &mut dyn Executor) -> Result<WithCopy, RunError> {
        let path = entry.name();
        if entry.task == Task::Skip {
            return Ok((empty_record(path, Outcome::Skipped), None));
        }
        let stage = Stage::begin("read", &path);
        let bytes = match read_entry(entry, self.scanner.policy().limits.input_bytes) {
            Ok(bytes) => {
                stage.end(bytes.len(), format_args!(""));
                bytes
            }
            Err(refusal) => {
                let record = FileRecord { refusal: Some(refusal), ..empty_record(path, Outcome::Refused) };
                return Ok((record, None));
            }
        };
        let mut conversion = None;
        let processed = process_with(&bytes, &path, executor, &mut |from, to| {
            let stage = Stage::begin("convert", &path);
            let converted = self.converter.convert(&bytes, from, to, &self.scanner.policy().limits);
            stage.end(bytes.len(), format_args!(" kind={from} to={to} converted={}", converted.is_ok()));
            let converted = converted?;
            let (converter, digested) = (converted.converter, Digested::of(&converted.bytes));
            conversion = Some(Conversion { kind: to, converter, converted: digested, proved: false });
            Ok(converted.bytes)
        });
        let Processed { identity, mut verdict, mut result, mut findings, traces, inspected } = processed;
        let input = Digested::of(&bytes);
        let (decisions, file) = (&self.scanner.policy().decisions, FileId { path, sha256: input.sha256.clone() });
        if let Ok(cleaned) = &mut result {
            decisions.apply_to_hits(&mut cleaned.report, &file); // as the verdict did, where the report did not come from
        }
        if entry.name_clash {
            let mut finding = self.scanner.name_clash_finding();
            decisions.apply(std::slice::from_mut(&mut finding), &file);
            verdict = verdict.max(finding.verdict);
            findings.push(finding);
        }
        let mut record = FileRecord {
            kind: (identity.kind != Kind::Unknown).then_some(identity.kind),
            conversion,
            input: Some(input),
            findings,
            traces,
            inspected,
            ..empty_record(file.path, Outcome::Refused)
        };
        drop(bytes);
        let copy = match result {
            Ok(cleaned) => Some(self.stage(entry, cleaned, verdict, &mut record)?),
            Err(refusal) => {
                record.refusal = Some(refusal);
                None
            }
        };
        Ok((record, copy))
    }

    /// Stages the copy, and says in the record what it is.
    fn stage(
        &self,
        entry: &Entry,
        cleaned: Cleaned,
        verdict: Verdict,
        record: &mut FileRecord,
    ) -> Result<Staged, RunError> {
        let (outcome, destination) = match verdict {
            Verdict::Hold => (Outcome::Held, &self.held),
            Verdict::Note | Verdict::Flag => (Outcome::Released, &self.release),
        };
        let place = match record.kind {
            Some(kind) if kind != cleaned.kind => self.places.of_copy(&entry.relative, kind, cleaned.kind),
            _ => entry.relative.clone(),
        };
        let stage = Stage::begin("stage", &record.path);
        let staged = destination.stage(&cleaned.bytes, &place);
        stage.end(
            cleaned.bytes.len(),
            format_args!(" kind={} to={} staged={}", cleaned.kind, outcome.name(), staged.is_ok()),
        );
        let staged = staged.map_err(|error| {
            let what = format!("the copy of {} in {}", record.path, destination.root.display());
            RunError::Write { what, error }
        })?;
        record.outcome = outcome;
        record.copy = (place != entry.relative).then(|| logged_path(&place));
        record.output = Some(Digested::of(&cleaned.bytes));
        record.embedded = EmbeddedRecord::all_of(&cleaned.report);
        record.removals = cleaned.report.hits;
        record.proof = Some(cleaned.proof);
        Ok(staged)
    }
}

fn empty_record(path: String, outcome: Outcome) -> FileRecord {
    FileRecord {
        path,
        copy: None,
        outcome,
        kept: false,
        kind: None,
        conversion: None,
        input: None,
        output: None,
        refusal: None,
        removals: Vec::new(),
        inspected: Vec::new(),
        findings: Vec::new(),
        traces: Vec::new(),
        embedded: Vec::new(),
        proof: None,
    }
}
