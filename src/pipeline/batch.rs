//! What the jobs have done, on its way into the log: copies are published in batches, and only then are their records made.
//!
//! While one batch is made durable the jobs go on; what they finish meanwhile and shortly after is the next. With few large
//! documents a batch is a single copy, with many small ones a dozen and more share their syncs.

use std::time::Duration;

use crossbeam_channel::{Receiver, after, select};

use super::RunError;
use super::publish::{PublishError, Staged, publish};
use crate::refusal::Refusal;
use crate::report::audit::{FileRecord, Outcome};

/// Most copies that wait for their release, in files that are open meanwhile.
pub(super) const MOST: usize = 128;

/// How long a copy waits for others that share its syncs. To a person this is nothing, to a disk a dozen of syncs.
const LINGER: Duration = Duration::from_millis(20);

/// The next batch: what comes within a short time of the first one. `None` when nothing comes any more.
pub(super) fn gather<T>(receiver: &Receiver<T>) -> Option<Vec<T>> {
    let mut batch = vec![receiver.recv().ok()?];
    let over = after(LINGER);
    while batch.len() < MOST {
        select! {
            recv(receiver) -> next => match next {
                Ok(next) => batch.push(next),
                Err(_) => break,
            },
            recv(over) -> _ => break,
        }
    }
    Some(batch)
}

/// A document that a job has done.
pub(super) struct Done {
    /// Its number among the entries.
    pub(super) index: usize,
    /// Its record, as it is when its copy appears.
    pub(super) record: FileRecord,
    /// Its copy, if there is one.
    pub(super) copy: Option<Staged>,
}

/// Publishes the copies of a batch. Records of those that cannot have their name become refusals; records of those that
/// appeared stay as they are.
///
/// # Errors
/// When something cannot be written; then nobody should say that the copies of this batch are released.
pub(super) fn release(batch: Vec<Done>) -> Result<Vec<(usize, FileRecord)>, RunError> {
    let mut records = Vec::with_capacity(batch.len());
    let (mut copies, mut of) = (Vec::new(), Vec::new());
    for Done { index, record, copy } in batch {
        if let Some(copy) = copy {
            of.push((records.len(), format!("the copy of {} in {}", record.path, copy.root().display())));
            copies.push(copy);
        }
        records.push((index, record));
    }
    let Some((_, first)) = of.first() else { return Ok(records) };
    let failed = |what: &str, error| RunError::Write { what: what.to_owned(), error };
    let appeared = publish(copies).map_err(|error| failed(first, error))?;
    let mut failure = None;
    for ((at, what), appeared) in of.iter().zip(appeared) {
        let Some((_, record)) = records.get_mut(*at) else { continue };
        match appeared {
            Ok(()) => {}
            Err(PublishError::Name(refusal)) => refuse(record, refusal),
            Err(PublishError::Folder(error)) => failure = failure.or_else(|| Some(failed(what, error))),
        }
    }
    failure.map_or(Ok(records), Err)
}

/// Makes the record one of a document without a copy.
fn refuse(record: &mut FileRecord, refusal: Refusal) {
    record.outcome = Outcome::Refused;
    record.refusal = Some(refusal);
    (record.copy, record.output, record.proof) = (None, None, None);
    (record.removals, record.embedded) = (Vec::new(), Vec::new());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_together_is_one_batch() {
        let (sender, receiver) = crossbeam_channel::unbounded();
        for number in 0..MOST + 2 {
            sender.send(number).unwrap();
        }
        assert_eq!(gather(&receiver), Some((0..MOST).collect()));
        assert_eq!(gather(&receiver), Some(vec![MOST, MOST + 1]), "and it does not wait for ever");
        let late = std::thread::spawn(move || {
            sender.send(1).unwrap();
            sender.send(2).unwrap();
        });
        let mut all = Vec::new();
        while let Some(batch) = gather(&receiver) {
            all.extend(batch);
        }
        assert_eq!(all, [1, 2]);
        late.join().unwrap();
    }
}
