//! Files that are small and ask for much: one list for the test and for the example program that writes them to a folder.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::cast_possible_truncation, clippy::indexing_slicing)] // a failed builder is a failed test

pub mod documents;
pub mod packages;
pub mod pdf;
pub mod pictures;

/// What has to come of a bomb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Refused, naming this limit.
    Limit(&'static str),
    /// Refused with this reason, because the file breaks its format.
    Refused(&'static str),
    /// Cleaned and proved: it costs nothing.
    Harmless,
}

/// A file that asks for much.
pub struct Bomb {
    /// The name of the file; its extension is that of the kind.
    pub name: &'static str,
    /// Makes it.
    pub build: fn() -> Vec<u8>,
    /// What has to come of it.
    pub outcome: Outcome,
}

/// All of them.
pub fn all() -> Vec<Bomb> {
    [pictures::bombs(), packages::bombs(), documents::bombs(), pdf::bombs()].concat()
}

impl Clone for Bomb {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

/// Deflated data that inflates to so many mebibytes of one byte: the same packed mebibyte over and over.
fn inflating(byte: u8, mebibytes: usize) -> Vec<u8> {
    let mut packed = Vec::with_capacity(4 << 10);
    let mut one = flate2::Compress::new(flate2::Compression::best(), false);
    one.compress_vec(&vec![byte; 1 << 20], &mut packed, flate2::FlushCompress::Full).unwrap();
    let mut all = packed.repeat(mebibytes);
    all.extend([3, 0]); // the last block, empty
    all
}

/// The CRC-32 of so many mebibytes of one byte.
fn checksum(byte: u8, mebibytes: usize) -> u32 {
    let mut one = crc32fast::Hasher::new();
    one.update(&vec![byte; 1 << 20]);
    let mut all = crc32fast::Hasher::new();
    for _ in 0..mebibytes {
        all.combine(&one);
    }
    all.finalize()
}

/// Deflated bytes with the header and checksum of zlib.
fn zlib(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
