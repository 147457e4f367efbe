//! Reading a log from the beginning: its lines with their places in the file.

use std::io::{self, BufRead, Read};

use super::audit::{ChainError, ChainReader, Record};

/// Longer lines are no lines of a log.
const LONGEST_LINE: u64 = 256 << 20;

/// Reads a log line by line and follows its chain.
#[derive(Debug)]
pub struct LogReader<R> {
    input: R,
    chain: ChainReader,
    at: u64,
}

/// A line of a log.
#[derive(Debug)]
pub struct Line {
    /// Offset of its first byte.
    pub at: u64,
    /// Its bytes, the line break included.
    pub bytes: u64,
    /// False without a line break: it is the last and was not written to its end, or is too long for a line of a log.
    pub is_whole: bool,
    /// Its text without the line break.
    pub text: String,
    /// What it says, or what is wrong with it.
    pub record: Result<Record, ChainError>,
}

impl<R: BufRead> LogReader<R> {
    /// Begins with the first line.
    pub fn new(input: R) -> Self {
        Self { input, chain: ChainReader::default(), at: 0 }
    }

    /// The next line, `None` behind the last.
    ///
    /// # Errors
    /// When the log cannot be read. What is wrong in a line is told in it.
    pub fn read(&mut self) -> io::Result<Option<Line>> {
        let mut text = Vec::new();
        self.input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut text)?;
        let (at, bytes) = (self.at, text.len() as u64);
        if bytes == 0 {
            return Ok(None);
        }
        self.at = self.at.saturating_add(bytes);
        let is_whole = text.pop_if(|last| *last == b'\n').is_some();
        let record = self.chain.read(&text);
        let text = String::from_utf8_lossy(&text).into_owned();
        Ok(Some(Line { at, bytes, is_whole, text, record }))
    }

    /// The chain up to here.
    pub fn chain(&self) -> &ChainReader {
        &self.chain
    }
}
