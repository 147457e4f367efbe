//! What the program and its workers say to one another.
//!
//! A message is one frame: the four bytes `fsw1` (the digit is the version), the length of the head (32 bits), the number of
//! blobs (32 bits) and the length of each (64 bits), all little endian; then the head, which is JSON, and the blobs: documents
//! and copies as they are. The reader says how long a frame may be. Memory grows with what arrives, not with what a length
//! promises.

use std::fmt;
use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::probe::Attempt;
use super::restrict::Measure;
use super::wire;
use crate::Policy;
use crate::decisions::Subject;
use crate::finding::Finding;
use crate::identify::Identity;
use crate::refusal::Refusal;

const MAGIC: [u8; 4] = *b"fsw1";
/// More files than this are in no document.
const MOST_BLOBS: u32 = 1 << 20;
/// A head or blob is read in steps of this size.
const STEP: u64 = 1 << 20;

/// What a worker may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Role {
    /// Drafts.
    Clean,
    /// Certificates.
    Prove,
    /// Lists of what is in documents.
    Inspect,
    /// Small pictures of copies.
    Draw,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Clean => "clean",
            Self::Prove => "prove",
            Self::Inspect => "inspect",
            Self::Draw => "draw",
        })
    }
}

/// The first request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Start {
    pub(crate) role: Role,
    pub(crate) policy: Policy,
    /// Most bytes of address space.
    pub(crate) memory: u64,
}

/// What a worker is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Request {
    /// Who the worker is. Blob: the key of the fingerprints.
    Start(Box<Start>),
    /// A draft. Blob: the document.
    Draft { path: String },
    /// A certificate. Blobs: those of the draft, and the document.
    Certify { path: String, identity: Identity, draft: wire::Draft, looked: Option<Box<wire::Looked>> },
    /// What the rules find in a name.
    NameFindings { path: String, identity: Identity },
    /// What is in a document. Blob: the document.
    Inspect { path: String },
    /// Values in full. Blob: the document.
    Reveal { path: String, subject: Subject },
    /// A small picture of a copy, of a PDF the page with this number. Blob: the copy.
    Draw { page: u32 },
    /// What the worker is able to do that it should not.
    Probe,
}

/// What a worker answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Response {
    /// It has begun, and gave this up.
    Ready { measures: Vec<Measure> },
    /// A draft, or why there is none. Blobs: those of the draft.
    Drafted(wire::Drafted),
    /// A certificate.
    Certified(wire::Certificate),
    /// Findings in a name.
    NameFindings { findings: Vec<Finding> },
    /// What is in a document.
    Inspected(wire::Inspected),
    /// Values in full.
    Revealed { values: Vec<String> },
    /// A small picture, or why there is none. Blob: its pixels.
    Drawn(Result<wire::Preview, Refusal>),
    /// What it tried.
    Probed { attempts: Vec<Attempt> },
    /// A fault at this place of the source; it ends.
    Failed { at: String },
}

/// A frame that is none.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProtocolError {
    /// The pipe broke.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is longer than the reader accepts.
    #[error("the message is too long")]
    TooLong,
    /// It is no message of this version of the program, or not the expected one.
    #[error("the message makes no sense")]
    Garbled,
}

impl From<ProtocolError> for io::Error {
    fn from(error: ProtocolError) -> Self {
        match error {
            ProtocolError::Io(error) => error,
            other => Self::other(other),
        }
    }
}

/// The blobs of a message; each can be taken once.
#[derive(Debug, Default)]
pub(crate) struct Blobs(Vec<Option<Vec<u8>>>);

impl Blobs {
    /// Takes one.
    ///
    /// # Errors
    /// When there is none with this number, or not any more.
    pub(crate) fn take(&mut self, index: usize) -> Result<Vec<u8>, ProtocolError> {
        self.0.get_mut(index).and_then(Option::take).ok_or(ProtocolError::Garbled)
    }

    /// Takes the last one.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn take_last(&mut self) -> Result<Vec<u8>, ProtocolError> {
        self.0.pop().flatten().ok_or(ProtocolError::Garbled)
    }
}

/// Writes a message and flushes it.
///
/// # Errors
/// When the pipe is broken.
pub(crate) fn send(out: &mut impl Write, head: &impl Serialize, blobs: &[&[u8]]) -> io::Result<()> {
    let head = serde_json::to_vec(head)?;
    let too_long = |_| io::Error::other(ProtocolError::TooLong);
    out.write_all(&MAGIC)?;
    out.write_all(&u32::try_from(head.len()).map_err(too_long)?.to_le_bytes())?;
    out.write_all(&u32::try_from(blobs.len()).map_err(too_long)?.to_le_bytes())?;
    for blob in blobs {
        out.write_all(&(blob.len() as u64).to_le_bytes())?;
    }
    out.write_all(&head)?;
    for blob in blobs {
        out.write_all(blob)?;
    }
    out.flush()
}

/// Reads a message of at most `most` bytes; `None` when there is none any more.
///
/// # Errors
/// When the pipe breaks, or when what arrives is no message.
pub(crate) fn receive<T: DeserializeOwned>(
    input: &mut impl Read,
    most: u64,
) -> Result<Option<(T, Blobs)>, ProtocolError> {
    let mut magic = [0; 4];
    if input.read(magic.get_mut(..1).unwrap_or_default())? == 0 {
        return Ok(None);
    }
    input.read_exact(magic.get_mut(1..).unwrap_or_default())?;
    if magic != MAGIC {
        return Err(ProtocolError::Garbled);
    }
    let head = u64::from(read_u32(input)?);
    let count = read_u32(input)?;
    if count > MOST_BLOBS {
        return Err(ProtocolError::TooLong);
    }
    let mut lengths = Vec::new();
    let mut left = most.checked_sub(head).ok_or(ProtocolError::TooLong)?;
    for _ in 0..count {
        let mut bytes = [0; 8];
        input.read_exact(&mut bytes)?;
        let length = u64::from_le_bytes(bytes);
        left = left.checked_sub(length).ok_or(ProtocolError::TooLong)?;
        lengths.push(length);
    }
    let head = serde_json::from_slice(&read_piece(input, head)?).map_err(|_| ProtocolError::Garbled)?;
    let blobs = lengths.into_iter().map(|length| read_piece(input, length).map(Some)).collect::<Result<_, _>>()?;
    Ok(Some((head, Blobs(blobs))))
}

fn read_u32(input: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    input.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

fn read_piece(input: &mut impl Read, length: u64) -> Result<Vec<u8>, ProtocolError> {
    let mut piece = Vec::new();
    let mut left = length;
    while left > 0 {
        let arrived = piece.len();
        // As much again as has arrived, and never more than is to come.
        let step = left.min(STEP.max(arrived as u64));
        let grown = usize::try_from(step).ok().and_then(|step| arrived.checked_add(step));
        let grown = grown.ok_or(ProtocolError::TooLong)?;
        piece.try_reserve_exact(grown.saturating_sub(arrived)).map_err(|_| ProtocolError::TooLong)?;
        // With its end in sight a read takes all that is there, which reading to an end that is not known does not.
        piece.resize(grown, 0);
        input.read_exact(piece.get_mut(arrived..).unwrap_or_default())?;
        left = left.saturating_sub(step);
    }
    Ok(piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(blobs: &[&[u8]]) -> Vec<u8> {
        let mut bytes = Vec::new();
        send(&mut bytes, &Request::Draft { path: "a.pdf".to_owned() }, blobs).unwrap();
        bytes
    }

    fn read(bytes: &[u8], most: u64) -> Result<Option<(Request, Blobs)>, ProtocolError> {
        receive(&mut &*bytes, most)
    }

    #[test]
    fn a_message_arrives_as_it_was_sent() {
        let large = vec![7; 3 << 20];
        let bytes = message(&[b"", b"one", &large]);
        let (request, mut blobs) = read(&bytes, 4 << 20).unwrap().unwrap();
        assert!(matches!(request, Request::Draft { path } if path == "a.pdf"));
        assert_eq!(blobs.take(1).unwrap(), b"one");
        assert!(blobs.take(1).is_err(), "each can be taken once");
        assert_eq!(blobs.take(0).unwrap(), b"");
        assert_eq!(blobs.take(2).unwrap(), large);
        assert!(blobs.take(3).is_err());
        assert!(read(b"", 100).unwrap().is_none());
    }

    #[test]
    fn a_message_that_is_cut_or_too_long_is_an_error() {
        let bytes = message(&[b"some bytes", b"more"]);
        for end in 1..bytes.len() {
            assert!(read(&bytes[..end], 1_000).is_err(), "cut at {end}");
        }
        assert!(matches!(read(&bytes, 30), Err(ProtocolError::TooLong)));
    }

    #[test]
    fn a_length_that_lies_allocates_nothing() {
        let mut bytes = message(&[b"x"]);
        bytes[12..20].copy_from_slice(&(1_u64 << 60).to_le_bytes());
        assert!(matches!(read(&bytes, u64::MAX), Err(ProtocolError::Io(_))));
        bytes[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(matches!(read(&bytes, u64::MAX), Err(ProtocolError::TooLong)));
        assert!(matches!(read(b"GET / HTTP/1.1\r\n", 1_000), Err(ProtocolError::Garbled)));
    }
}
