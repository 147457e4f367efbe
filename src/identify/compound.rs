//! OLE compound files ([MS-CFB]): old Office formats and encrypted new ones share one magic number.

use aho_corasick::AhoCorasick;

use crate::kind::Kind;

const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Names of streams as they stand in the directory, with the kind that they show. The first in this order wins.
const STREAMS: &[(&str, Kind)] = &[
    ("EncryptedPackage", Kind::EncryptedOffice),
    ("WordDocument", Kind::LegacyWord),
    ("PowerPoint Document", Kind::LegacyPowerPoint),
    ("Workbook", Kind::LegacyExcel),
    ("Book", Kind::LegacyExcel),
    ("__properties_version1.0", Kind::OutlookMessage),
];

/// The kind of a compound file; `None` for anything else.
pub(super) fn identify(bytes: &[u8]) -> Option<Kind> {
    if !bytes.starts_with(MAGIC) {
        return None;
    }
    // Directory entries hold names as UTF-16LE with a final NUL, on 128-byte boundaries. Looking for the names as bytes is
    // enough to give the file a name: no such file is released on the strength of it.
    let patterns: Vec<Vec<u8>> = STREAMS
        .iter()
        .map(|(name, _)| name.encode_utf16().chain(std::iter::once(0)).flat_map(u16::to_le_bytes).collect())
        .collect();
    let automaton = AhoCorasick::new(&patterns).ok()?;
    let best = automaton
        .find_overlapping_iter(bytes)
        .filter(|found| found.start() % 128 == 0)
        .map(|found| found.pattern().as_usize())
        .min();
    Some(best.and_then(|index| STREAMS.get(index)).map_or(Kind::CompoundFile, |(_, kind)| *kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_stream(name: &str) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.resize(1024, 0);
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        bytes.resize(2048, 0);
        bytes
    }

    #[test]
    fn streams_tell_the_kind() {
        for (name, kind) in STREAMS {
            assert_eq!(identify(&with_stream(name)), Some(*kind), "{name}");
        }
        assert_eq!(identify(&with_stream("Other")), Some(Kind::CompoundFile));
        assert_eq!(identify(b"PK\x03\x04"), None);
    }
}
