//! A log in memory: its last segment, which tells how things are after a run.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::audit::{ChainError, FILE_NAME, FileRecord, Header, Record, Totals};
use super::log::LogReader;

/// The last segment of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// What ran, with what.
    pub header: Header,
    /// One record for each input, in the order of the log.
    pub files: Vec<FileRecord>,
    /// The sums; `None` when the run was killed.
    pub totals: Option<Totals>,
    /// Hash of the last line.
    pub head: String,
}

/// A log that nobody should build on.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It cannot be read.
    #[error("{path}: {error}", path = path.display())]
    Io {
        /// The log.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It was changed.
    #[error("{path}: {error}; `fieldstrip audit verify` tells more", path = path.display())]
    Chain {
        /// The log.
        path: PathBuf,
        /// The first line that does not fit.
        error: ChainError,
    },
    /// It has no header.
    #[error("{path}: the log has no header", path = .0.display())]
    Empty(PathBuf),
}

impl Run {
    /// Reads the log in a review folder, following its chain.
    ///
    /// # Errors
    /// When it cannot be read, or a line does not fit the chain.
    pub fn read(review: &Path) -> Result<Self, ReadError> {
        let path = review.join(FILE_NAME);
        let io_error = |error| ReadError::Io { path: path.clone(), error };
        let mut log = LogReader::new(BufReader::new(File::open(&path).map_err(io_error)?));
        let mut run: Option<Self> = None;
        while let Some(line) = log.read().map_err(io_error)? {
            let record = line.record.map_err(|error| ReadError::Chain { path: path.clone(), error })?;
            match (record, &mut run) {
                (Record::Header(header), _) => {
                    run = Some(Self { header, files: Vec::new(), totals: None, head: String::new() });
                }
                (Record::File(file), Some(run)) => run.files.push(*file),
                (Record::Totals(totals), Some(run)) => run.totals = Some(totals),
                (_, None) => return Err(ReadError::Empty(path)),
            }
        }
        let run = run.map(|run| Self { head: log.chain().head().to_owned(), ..run });
        run.ok_or(ReadError::Empty(path))
    }

    /// The records of the input, or of the copy, with this path.
    pub fn of_path<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a FileRecord> {
        self.files.iter().filter(move |file| file.path == path || file.copy.as_deref() == Some(path))
    }
}
