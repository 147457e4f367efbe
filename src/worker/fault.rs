//! Faults on demand, in debug builds: how else would a test see a worker fail that does not?
//!
//! A document that begins with [`MARK`] and the name of a fault strikes the worker that drafts or draws it.

use std::hint::black_box;
use std::io::{self, Write};
use std::time::Duration;

/// What a document with a fault begins with.
const MARK: &[u8] = b"fieldstrip-fault:";

/// Does what the document asks for, if it does.
#[allow(clippy::panic)] // on demand
pub(super) fn strike(bytes: &[u8], output: &mut impl Write) -> io::Result<()> {
    let Some(name) = bytes.strip_prefix(MARK) else { return Ok(()) };
    let name = name.split(|byte| byte.is_ascii_whitespace()).next().unwrap_or_default();
    match name {
        b"panic" => panic!("a secret that must not be printed"),
        b"overflow" => {
            black_box(descend(1));
        }
        b"exhaust" => {
            let mut hoard: Vec<Vec<u8>> = Vec::new();
            loop {
                hoard.push(black_box(vec![1; 16 << 20]));
            }
        }
        b"keep" => {
            Box::leak(black_box(vec![1_u8; 100 << 20]).into_boxed_slice());
        }
        b"spin" => loop {
            black_box(name);
        },
        b"sleep" => loop {
            std::thread::park_timeout(Duration::from_secs(3_600));
        },
        b"abort" => std::process::abort(),
        b"garbage" => output.write_all(b"no message at all, and none that could be mistaken for one")?,
        b"babble" => loop {
            output.write_all(&[b'x'; 1 << 16])?;
        },
        // A frame that promises more than there can be.
        b"promise" => output.write_all(b"fsw1\xff\xff\xff\x7f\0\0\0\0")?,
        _ => {}
    }
    output.flush()
}

#[allow(unconditional_recursion)]
fn descend(depth: u64) -> u64 {
    let here = black_box([depth; 64]);
    descend(here.iter().fold(depth, |sum, one| sum.rotate_left(1) ^ one)).wrapping_add(here.len() as u64)
}
