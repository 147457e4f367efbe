//! Writes the new document: one revision, objects in the order of their numbers, nothing between them.
//!
//! The header, its binary comment and the trailer are always the same but for the version, the size and an identifier that
//! is a digest of what was written before it. Numbers and strings are written by this module, not by `lopdf`: the same
//! object gives the same bytes for ever.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use sha2::{Digest, Sha256};

use super::source::{Dictionary, Object};
use crate::refusal::{Reason, Refusal};

/// Marks the file as binary (7.5.2): the same four bytes in every copy.
const BINARY_COMMENT: &[u8] = b"%\xe2\xe3\xcf\xd3\n";
/// How many objects share an object stream.
const OBJECTS_PER_STREAM: usize = 200;

/// A file and its identifier, in hexadecimal as it stands there.
pub(super) struct Written {
    pub(super) bytes: Vec<u8>,
    pub(super) identifier: String,
}

/// Writes a whole file. `objects[0]` is object 1, which is the catalog; references are by number with generation 0.
///
/// With `compressed`, dictionaries go into object streams and the cross-references into a stream (7.5.7, 7.5.8), for which
/// `version` must be 1.5 or later; without, a classic table is written (7.5.4).
///
/// # Errors
/// Never in practice: writing and compressing in memory.
pub(super) fn file(version: &str, objects: &[Object], compressed: bool) -> Result<Written, Refusal> {
    let mut out = format!("%PDF-{version}\n").into_bytes();
    out.extend_from_slice(BINARY_COMMENT);
    if compressed { with_streams(out, objects) } else { with_table(out, objects) }
}

fn with_table(mut out: Vec<u8>, objects: &[Object]) -> Result<Written, Refusal> {
    let mut offsets = Vec::with_capacity(objects.len());
    for (number, object) in (1u64..).zip(objects) {
        offsets.push(out.len());
        indirect(&mut out, number, object);
    }
    let digest = digest(&out);
    let start = out.len();
    let size = objects.len().saturating_add(1);
    let _ = write!(out, "xref\n0 {size}\n0000000000 65535 f \n"); // writing to a Vec cannot fail
    for offset in offsets {
        let _ = writeln!(out, "{offset:010} 00000 n ");
    }
    let _ = write!(out, "trailer\n<</Size {size}/Root 1 0 R/ID[<{digest}><{digest}>]>>\nstartxref\n{start}\n%%EOF\n");
    Ok(Written { bytes: out, identifier: digest })
}

/// Where an object lies: at an offset, or in an object stream at an index.
#[derive(Clone, Copy)]
enum Location {
    Offset(u64),
    Member { container: u64, index: u64 },
}

fn with_streams(mut out: Vec<u8>, objects: &[Object]) -> Result<Written, Refusal> {
    let count = objects.len() as u64;
    let mut locations = vec![Location::Offset(0); objects.len()];
    let mut members: Vec<(u64, &Object)> = Vec::new();
    for (number, object) in (1u64..).zip(objects) {
        if matches!(object, Object::Stream(_)) {
            set(&mut locations, number, Location::Offset(out.len() as u64));
            indirect(&mut out, number, object);
        } else {
            members.push((number, object));
        }
    }
    for (container, chunk) in (count.saturating_add(1)..).zip(members.chunks(OBJECTS_PER_STREAM)) {
        let (mut header, mut body) = (String::new(), Vec::new());
        for (index, (number, object)) in (0u64..).zip(chunk) {
            header.push_str(&format!("{number} {} ", body.len()));
            value(&mut body, object);
            body.push(b'\n');
            set(&mut locations, *number, Location::Member { container, index });
        }
        let first = header.len();
        let mut plain = header.into_bytes();
        plain.extend_from_slice(&body);
        let data = deflate(&plain)?;
        locations.push(Location::Offset(out.len() as u64));
        let _ = write!(
            out,
            "{container} 0 obj\n<</Type/ObjStm/N {}/First {first}/Filter/FlateDecode/Length {}>>\nstream\n",
            chunk.len(),
            data.len()
        );
        out.extend_from_slice(&data);
        out.extend_from_slice(b"\nendstream\nendobj\n");
    }
    let digest = digest(&out);
    let start = out.len() as u64;
    let number = (locations.len() as u64).saturating_add(1);
    locations.push(Location::Offset(start));
    let width = (8u32.saturating_sub(start.leading_zeros().checked_div(8).unwrap_or(0))).max(3) as usize;
    let mut table = vec![0u8; width.saturating_add(3)]; // object 0 is free
    for location in locations {
        let (kind, wide, narrow) = match location {
            Location::Offset(offset) => (1u8, offset, 0u64),
            Location::Member { container, index } => (2, container, index),
        };
        table.push(kind);
        table.extend(wide.to_be_bytes().iter().skip(8usize.saturating_sub(width)));
        table.extend(narrow.to_be_bytes().iter().skip(6));
    }
    let data = deflate(&table)?;
    let _ = write!(
        out,
        "{number} 0 obj\n<</Type/XRef/Size {}/W[1 {width} 2]/Root 1 0 R/ID[<{digest}><{digest}>]/Filter/FlateDecode/Length {}>>\nstream\n",
        number.saturating_add(1),
        data.len()
    );
    out.extend_from_slice(&data);
    let _ = write!(out, "\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n");
    Ok(Written { bytes: out, identifier: digest })
}

fn set(locations: &mut [Location], number: u64, location: Location) {
    let index = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
    if let Some(slot) = locations.get_mut(index) {
        *slot = location;
    }
}

/// The file identifier (14.4): a digest of the body, so that it names the content and nothing else.
fn digest(body: &[u8]) -> String {
    let hash = Sha256::digest(body);
    crate::report::hex(hash.get(..16).unwrap_or_default())
}

/// Compresses with the setting used for everything that this handler writes.
pub(super) fn deflate(plain: &[u8]) -> Result<Vec<u8>, Refusal> {
    let failed = |_| Refusal::new(Reason::Internal, "compressing in memory failed");
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(9));
    encoder.write_all(plain).map_err(failed)?;
    encoder.finish().map_err(failed)
}

fn indirect(out: &mut Vec<u8>, number: u64, object: &Object) {
    let _ = writeln!(out, "{number} 0 obj");
    value(out, object);
    if let Object::Stream(stream) = object {
        out.extend_from_slice(b"\nstream\n");
        out.extend_from_slice(&stream.content);
        out.extend_from_slice(b"\nendstream");
    }
    out.extend_from_slice(b"\nendobj\n");
}

/// Writes one object; of a stream, its dictionary. Depth is bounded by that of the parsed input.
fn value(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
        Object::Integer(value) => drop(write!(out, "{value}")),
        Object::Real(value) => real(out, *value),
        Object::Name(bytes) => name(out, bytes),
        Object::String(bytes, lopdf::StringFormat::Literal) => literal(out, bytes),
        Object::String(bytes, lopdf::StringFormat::Hexadecimal) => {
            let _ = write!(out, "<{}>", crate::report::hex(bytes));
        }
        Object::Array(elements) => {
            out.push(b'[');
            for element in elements {
                separated(out, element);
            }
            out.push(b']');
        }
        Object::Dictionary(entries) => dictionary(out, entries),
        Object::Stream(stream) => dictionary(out, &stream.dict),
        Object::Reference((number, generation)) => drop(write!(out, "{number} {generation} R")),
    }
}

fn dictionary(out: &mut Vec<u8>, entries: &Dictionary) {
    out.extend_from_slice(b"<<");
    for (key, entry) in entries {
        name(out, key);
        separated(out, entry);
    }
    out.extend_from_slice(b">>");
}

/// Writes an object after another one, with a space where the two would run together.
fn separated(out: &mut Vec<u8>, object: &Object) {
    let opens = matches!(object, Object::Name(_) | Object::String(..) | Object::Array(_) | Object::Dictionary(_));
    let closed = matches!(out.last(), Some(b'[' | b']' | b'(' | b')' | b'<' | b'>'));
    if !opens && !closed {
        out.push(b' ');
    }
    value(out, object);
}

/// The shortest digits that read back as the same number. Numbers beyond the range of readers are cut to it (Annex C).
fn real(out: &mut Vec<u8>, value: f32) {
    let value = if value.is_finite() { value } else { 0.0 };
    let value = if value == 0.0 { 0.0 } else { value };
    let _ = write!(out, "{value}");
}

/// A name (7.3.5): bytes that are not regular characters are written as `#xx`.
fn name(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'/');
    for byte in bytes {
        let regular = byte.is_ascii_graphic() && !b"#()<>[]{}/%".contains(byte);
        if regular { out.push(*byte) } else { drop(write!(out, "#{byte:02X}")) }
    }
}

/// A literal string (7.3.4.2).
fn literal(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'(');
    for byte in bytes {
        match byte {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            b'\r' => out.extend_from_slice(b"\\r"),
            other => out.push(*other),
        }
    }
    out.push(b')');
}
