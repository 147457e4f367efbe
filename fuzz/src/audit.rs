//! The audit log before somebody who changes it.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use fieldstrip::report::audit::{AuditWriter, ChainReader, FILE_NAME, Record};
use fieldstrip::report::verify::{Verification, verify};
use libfuzzer_sys::Corpus;

/// A folder for the log, in memory where the system has such a place.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let shared = PathBuf::from("/dev/shm");
    let folder = if shared.is_dir() { shared } else { std::env::temp_dir() };
    let folder = folder.join(format!("fieldstrip-fuzz-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the folder for temporary files can be written");
    folder
});

/// Reads lines as a log, whatever they are; then makes a log of those that are records. It holds, gives the records back, and
/// shows the change of any byte.
pub fn read_log(input: &[u8]) -> Corpus {
    let Some(([a, b, c, change], text)) = input.split_first_chunk() else { return Corpus::Reject };
    let mut chain = ChainReader::default();
    let mut records = Vec::new();
    for line in text.split(|byte| *byte == b'\n') {
        let _ = chain.read(line);
        records.extend(serde_json::from_slice::<Record>(line));
    }
    verified(text);

    let mut writer = AuditWriter::new(Vec::new());
    for record in &records {
        writer.append(record).expect("memory can be written");
    }
    let log = writer.get_mut().clone();
    let mut chain = ChainReader::default();
    for (line, record) in log.split(|byte| *byte == b'\n').zip(&records) {
        assert_eq!(&chain.read(line).expect("an untouched line holds"), record);
    }
    let position = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
    if log.is_empty() || *change == 0 {
        return Corpus::Keep;
    }
    let mut changed = log.clone();
    changed[position % log.len()] ^= change;
    assert!(verified(&log) != verified(&changed), "a changed byte does not show");
    Corpus::Keep
}

fn verified(log: &[u8]) -> Verification {
    fs::write(FOLDER.join(FILE_NAME), log).expect("the folder can be written");
    verify(&FOLDER, &FOLDER.join("release")).expect("the log can be read")
}
