//! The program before a worker that a document took over.

use fieldstrip::worker::rewritten;
use libfuzzer_sys::Corpus;

/// How a message begins.
const MAGIC: &[u8] = b"fsw1";

/// Reads bytes as answers of a worker; what does not begin as one is taken for the head of one, with a few blobs behind it. What
/// makes sense reads the same when a worker sends it again.
pub fn read_answers(bytes: &[u8]) -> Corpus {
    let message =
        if bytes.starts_with(MAGIC) { bytes.to_vec() } else { framed(bytes, &[b"one", b"", b"three", b"four"]) };
    for answer in rewritten(&message, 1 << 20) {
        assert!(rewritten(&answer, 1 << 20) == [answer.as_slice()], "an answer reads otherwise when it is sent again");
    }
    Corpus::Keep
}

fn framed(head: &[u8], blobs: &[&[u8]]) -> Vec<u8> {
    let mut message = MAGIC.to_vec();
    message.extend((head.len() as u32).to_le_bytes());
    message.extend((blobs.len() as u32).to_le_bytes());
    message.extend(blobs.iter().flat_map(|blob| (blob.len() as u64).to_le_bytes()));
    message.extend_from_slice(head);
    message.extend(blobs.iter().copied().flatten());
    message
}
