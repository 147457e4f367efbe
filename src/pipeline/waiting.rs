//! Records on their way into the log, which has them in the order of the inputs.
//!
//! While one job is at a document that takes minutes, the others do thousands of small ones. So many records do not wait in
//! memory but in a file without a name, which is gone with the run.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::report::audit::FileRecord;

/// Most records that wait in memory.
const MOST: usize = 1000;

/// Records that wait for those of earlier inputs, by the numbers of theirs.
#[derive(Debug)]
pub(super) struct Waiting<'a> {
    /// Where the file comes into being when it is needed.
    folder: &'a Path,
    /// The number of the record that the log wants next.
    next: usize,
    in_memory: BTreeMap<usize, FileRecord>,
    /// Offsets and lengths.
    in_file: BTreeMap<usize, (u64, u64)>,
    file: Option<File>,
    /// Length of the file.
    end: u64,
}

impl<'a> Waiting<'a> {
    /// Nothing waits yet. `folder` is one that only the owner can look into.
    pub(super) fn new(folder: &'a Path) -> Self {
        Self { folder, next: 0, in_memory: BTreeMap::new(), in_file: BTreeMap::new(), file: None, end: 0 }
    }

    /// Lets the record of the input with this number wait.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn put(&mut self, number: usize, record: FileRecord) -> io::Result<()> {
        if number == self.next || self.in_memory.len() < MOST {
            self.in_memory.insert(number, record);
            return Ok(());
        }
        let text = serde_json::to_vec(&record)?;
        let mut file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile_in(self.folder)?,
        };
        file.seek(SeekFrom::Start(self.end))?;
        file.write_all(&text)?;
        self.file = Some(file);
        let bytes = text.len() as u64;
        self.in_file.insert(number, (self.end, bytes));
        self.end = self.end.saturating_add(bytes);
        Ok(())
    }

    /// The record that the log wants next, when it is there.
    pub(super) fn next(&mut self) -> Option<io::Result<FileRecord>> {
        let number = self.next;
        let record = match self.in_memory.remove(&number) {
            Some(record) => Ok(record),
            None => {
                let place = self.in_file.remove(&number)?;
                self.read(place)
            }
        };
        self.next = number.saturating_add(1);
        Some(record)
    }

    /// The first record that is there, whether or not those before it are.
    pub(super) fn next_there(&mut self) -> Option<io::Result<FileRecord>> {
        let firsts = [self.in_memory.keys().next(), self.in_file.keys().next()];
        self.next = *firsts.into_iter().flatten().min()?;
        self.next()
    }

    fn read(&mut self, (at, bytes): (u64, u64)) -> io::Result<FileRecord> {
        let mut file = self.file.as_ref().ok_or(io::ErrorKind::NotFound)?;
        let mut text = Vec::new();
        file.seek(SeekFrom::Start(at))?;
        file.take(bytes).read_to_end(&mut text)?;
        if self.in_file.is_empty() {
            file.set_len(0)?;
            self.end = 0;
        }
        Ok(serde_json::from_slice(&text)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(number: usize) -> FileRecord {
        serde_json::from_value(serde_json::json!({"path": format!("{number} ü"), "outcome": "skipped"})).unwrap()
    }

    #[test]
    fn records_come_in_order_and_few_of_them_are_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        let mut waiting = Waiting::new(folder.path());
        let many = MOST * 3;
        for round in 0..2 {
            let from = round * many;
            // The first is the last to come.
            for number in (from + 1..from + many).rev().chain([from]) {
                assert!(waiting.next().is_none(), "{number}");
                waiting.put(number, record(number)).unwrap();
                assert!(waiting.in_memory.len() <= MOST + 1);
            }
            assert!(waiting.end > 0);
            for number in from..from + many {
                assert_eq!(waiting.next().unwrap().unwrap(), record(number));
            }
            assert_eq!(
                (waiting.end, waiting.file.as_ref().unwrap().metadata().unwrap().len()),
                (0, 0),
                "it is used again"
            );
        }
        assert!(waiting.next().is_none() && waiting.next_there().is_none());
        for number in (many * 2 + 5..many * 4).step_by(3) {
            waiting.put(number, record(number)).unwrap();
        }
        assert!(waiting.next().is_none());
        for number in (many * 2 + 5..many * 4).step_by(3) {
            assert_eq!(waiting.next_there().unwrap().unwrap(), record(number));
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the file has no name");
    }
}
