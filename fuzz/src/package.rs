//! Mutations inside of packages. A fuzzer that turns bits of a zip container hardly ever gets past a checksum, so members
//! are unpacked, one of them is changed, and all are packed again.

use std::io::{Cursor, Read, Write};

use libfuzzer_sys::fuzzer_mutate;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Larger members are not worth their time.
const MOST_MEMBER_BYTES: u64 = 256 << 10;

/// Changes a package in place and gives its new size. One time in eight the container itself is changed, and always when
/// it is none.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    if seed % 8 != 0
        && let Some(changed) = data.get(..size).and_then(|package| mutate_member(package, seed / 8))
        && changed.len() <= max_size.min(data.len())
    {
        data[..changed.len()].copy_from_slice(&changed);
        return changed.len();
    }
    fuzzer_mutate(data, size, max_size)
}

fn mutate_member(package: &[u8], seed: u32) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(package)).ok()?;
    let chosen = seed as usize % archive.len().max(1);
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).ok()?;
        let name = member.name().ok()?.into_owned();
        let method =
            if index == 0 && name == "mimetype" { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let mut content = Vec::new();
        (&mut member).take(MOST_MEMBER_BYTES).read_to_end(&mut content).ok()?;
        if index == chosen {
            let length = content.len();
            content.resize(length * 2 + 256, 0);
            let capacity = content.len();
            let length = fuzzer_mutate(&mut content, length, capacity);
            content.truncate(length);
        }
        out.start_file(name, SimpleFileOptions::default().compression_method(method)).ok()?;
        out.write_all(&content).ok()?;
    }
    Some(out.finish().ok()?.into_inner())
}
