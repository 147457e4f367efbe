//! The raw bytes of the copy between its header and its end: objects, each behind the other, and cross-references that list
//! just these. Whatever else stands in a file (comments, remains of objects, padding, an object that the table leaves out)
//! is read by nobody, so it may not be there. Nor may an object to which nothing leads.
//!
//! ISO 32000-2, 7.2, 7.3 and 7.5. The scan only finds where objects end; what is in them is for hayro to read.

use std::collections::{BTreeMap, BTreeSet};

use hayro_interpret::hayro_syntax::Filter;
use hayro_interpret::hayro_syntax::object::{Array, Dict, FromBytes, MaybeRef, Name, Object, ObjectIdentifier};

use super::content::string_length;
use crate::pdf_reading::Reading;
use crate::pdf_reading::unpack::{Unpacked, unpack};
use crate::refusal::Refusal;

/// Second line of a copy: marks it as binary (7.5.2).
const BINARY_COMMENT: &[u8] = b"%\xe2\xe3\xcf\xd3\n";
/// Values nested deeper than this are none.
const DEPTH: usize = 1_000;

/// Where an object lies (7.5.8.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Location {
    /// At an offset in the file.
    Offset(usize),
    /// In an object stream, at an index.
    Member { container: u32, index: usize },
}

/// All objects of the file.
#[derive(Debug, Default)]
struct Objects {
    locations: BTreeMap<u32, Location>,
    /// Object streams and the stream of cross-references, to which nothing refers.
    containers: BTreeSet<u32>,
}

/// Checks that objects fill the copy up to its cross-references at `start`, that these list them, and that the catalog leads
/// to each of them. Object streams may unpack to `cap` bytes each.
///
/// # Errors
/// [`crate::Reason::Unprovable`] when it is not so.
pub(super) fn check(reading: &Reading<'_>, start: usize) -> Result<usize, Refusal> {
    let objects = objects(reading.bytes, start, reading.limits.decompressed_bytes).ok_or_else(|| {
        Refusal::unprovable("the copy has something between its objects, or cross-references that do not fit them")
    })?;
    let reached = reached(reading);
    let lost = objects.locations.keys().find(|number| {
        let id = ObjectIdentifier::new(**number, 0);
        !objects.containers.contains(number) && !reached.contains(&id)
    });
    match lost {
        Some(number) => {
            Err(Refusal::unprovable("nothing leads to an object of the copy").in_part(format!("object {number} 0")))
        }
        None => Ok(objects.locations.len()),
    }
}

/// All objects to which the catalog leads.
fn reached(reading: &Reading<'_>) -> BTreeSet<ObjectIdentifier> {
    let xref = reading.pdf.xref();
    let mut reached = BTreeSet::from([xref.root_id()]);
    let mut waiting = vec![xref.root_id()];
    while let Some(id) = waiting.pop() {
        let Some(object) = xref.get::<Object<'_>>(id) else { continue };
        let mut inside = vec![object];
        while let Some(object) = inside.pop() {
            for value in values(&object) {
                match value {
                    MaybeRef::NotRef(object) => inside.push(object),
                    MaybeRef::Ref(reference) => {
                        let id = ObjectIdentifier::from(reference);
                        if reached.insert(id) {
                            waiting.push(id);
                        }
                    }
                }
            }
        }
    }
    reached
}

/// What stands directly in an array, a dictionary or that of a stream.
fn values<'a>(object: &Object<'a>) -> Vec<MaybeRef<Object<'a>>> {
    match object {
        Object::Array(array) => array.raw_iter().collect(),
        Object::Dict(dict) => dict.entries().map(|(_, value)| value).collect(),
        Object::Stream(stream) => stream.dict().entries().map(|(_, value)| value).collect(),
        _ => Vec::new(),
    }
}

/// The objects of a file that consists of nothing else; `None` when it does not.
fn objects(bytes: &[u8], start: usize, cap: u64) -> Option<Objects> {
    let mut scan = Scan { bytes, at: 0 };
    scan.take(b"%PDF-")?;
    scan.number()?;
    scan.take(b".")?;
    scan.number()?;
    scan.take(b"\n")?;
    scan.take(BINARY_COMMENT)?;
    let mut objects = Objects::default();
    let mut last = None;
    while scan.at < start || (scan.at == start && !scan.sees(b"xref\n")) {
        last = Some(object(&mut scan, &mut objects, cap)?);
        if scan.sees(b"startxref\n") {
            break;
        }
    }
    if scan.at == start {
        table(&mut scan, &objects)?;
    } else {
        let (at, data) = last?;
        if at != start {
            return None;
        }
        compressed_table(data?, &objects, cap)?;
    }
    scan.take(b"startxref\n")?;
    scan.number()?;
    scan.take(b"\n%%EOF\n")?;
    scan.rest().is_empty().then_some(objects)
}

/// A dictionary and the data of its stream.
type Streamed<'b> = (Dict<'b>, &'b [u8]);

/// Reads one object: where it begins, and what its stream is.
fn object<'b>(scan: &mut Scan<'b>, objects: &mut Objects, cap: u64) -> Option<(usize, Option<Streamed<'b>>)> {
    let start = scan.at;
    let number = u32::try_from(scan.number()?).ok()?;
    scan.take(b" 0 obj\n")?;
    let (value, length) = scan.value()?;
    let mut streamed = None;
    if scan.take(b"\nstream\n").is_some() {
        let data = scan.skip(usize::try_from(length?).ok()?)?;
        scan.take(b"\nendstream")?;
        streamed = Some((Dict::from_bytes(value)?, data));
    }
    scan.take(b"\nendobj\n")?;
    if objects.locations.insert(number, Location::Offset(start)).is_some() {
        return None;
    }
    if let Some((dict, data)) = &streamed {
        let kind = dict.get::<Name<'_>>(b"Type");
        match kind.as_ref().map(AsRef::as_ref) {
            Some(b"ObjStm") => {
                objects.containers.insert(number);
                members(number, dict, &unpacked(dict, data, cap)?, objects)?;
            }
            Some(b"XRef") => drop(objects.containers.insert(number)),
            _ => {}
        }
    }
    Some((start, streamed))
}

/// The objects of an object stream, each behind the other (7.5.7).
fn members(container: u32, dict: &Dict<'_>, content: &[u8], objects: &mut Objects) -> Option<()> {
    let (count, first) = (dict.get::<u32>(b"N")?, usize::try_from(dict.get::<u32>(b"First")?).ok()?);
    let mut header = Scan { bytes: content.get(..first)?, at: 0 };
    let mut body = Scan { bytes: content.get(first..)?, at: 0 };
    for index in 0..usize::try_from(count).ok()? {
        let number = u32::try_from(header.number()?).ok()?;
        header.take(b" ")?;
        if usize::try_from(header.number()?).ok()? != body.at {
            return None;
        }
        header.take(b" ")?;
        body.value()?;
        body.take(b"\n")?;
        if objects.locations.insert(number, Location::Member { container, index }).is_some() {
            return None;
        }
    }
    (header.rest().is_empty() && body.rest().is_empty()).then_some(())
}

/// A table of cross-references and its trailer (7.5.4, 7.5.5).
fn table(scan: &mut Scan<'_>, objects: &Objects) -> Option<()> {
    let size = objects.locations.last_key_value().map_or(0, |(last, _)| *last).checked_add(1)?;
    scan.take(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes())?;
    for number in 1..size {
        match objects.locations.get(&number) {
            Some(Location::Offset(offset)) => scan.take(format!("{offset:010} 00000 n \n").as_bytes())?,
            Some(Location::Member { .. }) => return None,
            None => scan.take(b"0000000000 00000 f \n")?,
        }
    }
    scan.take(b"trailer\n")?;
    scan.value()?;
    scan.take(b"\n")
}

/// A stream of cross-references (7.5.8).
fn compressed_table((dict, data): Streamed<'_>, objects: &Objects, cap: u64) -> Option<()> {
    let widths: Vec<usize> = dict.get::<Array<'_>>(b"W")?.iter::<u16>().map(usize::from).collect();
    let [1, wide, narrow] = *widths.as_slice() else { return None };
    let table = unpacked(&dict, data, cap)?;
    let mut rows = table.chunks_exact(wide.checked_add(narrow)?.checked_add(1)?);
    if rows.next()?.iter().any(|byte| *byte != 0) {
        return None;
    }
    for (number, (known, location)) in (1_u32..).zip(&objects.locations) {
        let (kind, rest) = rows.next()?.split_first()?;
        let (first, second) = rest.split_at_checked(wide)?;
        let listed = match kind {
            1 if uint(second)? == 0 => Location::Offset(uint(first)?),
            2 => Location::Member { container: u32::try_from(uint(first)?).ok()?, index: uint(second)? },
            _ => return None,
        };
        if (*known, *location) != (number, listed) {
            return None;
        }
    }
    (rows.next().is_none() && rows.remainder().is_empty()).then_some(())
}

/// A number of bytes, the most significant one first.
fn uint(bytes: &[u8]) -> Option<usize> {
    bytes.iter().try_fold(0_usize, |value, byte| value.checked_mul(256)?.checked_add(usize::from(*byte)))
}

/// The data of an object stream or of cross-references.
fn unpacked(dict: &Dict<'_>, data: &[u8], cap: u64) -> Option<Vec<u8>> {
    let filter = dict.get::<Name<'_>>(b"Filter")?;
    if filter.as_ref() != b"FlateDecode" || dict.contains_key(b"DecodeParms") {
        return None;
    }
    match unpack(data, &[Filter::FlateDecode], cap) {
        Unpacked::Data(data) => Some(data),
        Unpacked::TooMuch => None,
    }
}

/// A place in bytes.
struct Scan<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Scan<'b> {
    fn rest(&self) -> &'b [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn sees(&self, expected: &[u8]) -> bool {
        self.rest().starts_with(expected)
    }

    /// The next bytes.
    fn skip(&mut self, count: usize) -> Option<&'b [u8]> {
        let taken = self.rest().get(..count)?;
        self.at = self.at.checked_add(count)?;
        Some(taken)
    }

    fn take(&mut self, expected: &[u8]) -> Option<()> {
        self.sees(expected).then(|| self.skip(expected.len()))?.map(drop)
    }

    /// A number without a sign and without leading zeros.
    fn number(&mut self) -> Option<u64> {
        let digits = self.skip(self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count())?;
        if digits.len() > 1 && digits.starts_with(b"0") {
            return None;
        }
        std::str::from_utf8(digits).ok()?.parse().ok()
    }

    /// Skips one value, between whose tokens stands a space at most: its bytes, and the `/Length` in it if it is a dictionary.
    fn value(&mut self) -> Option<(&'b [u8], Option<u64>)> {
        let start = self.at;
        let mut open: Vec<&[u8]> = Vec::new();
        let mut length = None;
        loop {
            let token = self.token()?;
            match token {
                b"<<" => open.push(b">>"),
                b"[" => open.push(b"]"),
                b">>" | b"]" if open.pop() != Some(token) => return None,
                b"/Length" if open.len() == 1 && self.take(b" ").is_some() => length = Some(self.number()?),
                _ => {}
            }
            if open.is_empty() {
                return Some((self.bytes.get(start..self.at)?, length));
            }
            if open.len() > DEPTH {
                return None;
            }
            let _ = self.take(b" ");
        }
    }

    fn token(&mut self) -> Option<&'b [u8]> {
        let rest = self.rest();
        let regular = |bytes: &[u8]| {
            bytes.iter().take_while(|byte| byte.is_ascii_graphic() && !b"()<>[]{}/%".contains(byte)).count()
        };
        let length = match rest {
            [b'<', b'<', ..] | [b'>', b'>', ..] => 2,
            [b'[' | b']', ..] => 1,
            [b'(', ..] => string_length(rest),
            [b'<', digits @ ..] => digits.iter().take_while(|byte| byte.is_ascii_hexdigit()).count().checked_add(2)?,
            [b'/', name @ ..] => regular(name).checked_add(1)?,
            _ => regular(rest),
        };
        let token = self.skip(length)?;
        match token {
            [] | [b'('] => None,
            [b'<', b'<'] => Some(token),
            [b'<', .., end] if *end != b'>' => None,
            [b'(', .., end] if *end != b')' => None,
            _ => Some(token),
        }
    }
}

#[cfg(test)]
mod tests;
