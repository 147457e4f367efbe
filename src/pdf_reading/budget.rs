//! What a PDF may cost, checked before hayro is let loose on it.
//!
//! Loading already unpacks cross-reference and object streams, so a first look at the raw bytes measures every stream that
//! could be large ([`Budget::check_before_loading`]). Once the document is open, every stream is measured with its real
//! filters and decrypted data ([`Budget::check_objects`]). One reading may unpack [`Limits::decompressed_bytes`]; readings of
//! the same document do not add up, because the same bytes are only read again.

use std::cell::Cell;

use hayro_interpret::hayro_syntax::object::Object;
use hayro_interpret::hayro_syntax::{Filter, Pdf};

use super::unpack::measure;
use crate::limits::Limits;
use crate::refusal::Refusal;

/// Deflate cannot do better than this, so small streams need no trial before loading.
const BEST_DEFLATE: u64 = 1_032;
/// What a stream may unpack to without being measured before loading.
const HARMLESS: u64 = 64 << 20;
/// Below this size a high ratio is nothing to worry about.
const SMALL: u64 = 1 << 20;
/// How far before `stream` its dictionary is looked for.
const DICTIONARY: usize = 4 << 10;

/// Names of filters that a dictionary may well hold for other reasons, as names of fonts for example.
const NAMED: usize = 16;

/// The account of one reading.
pub(crate) struct Budget<'a> {
    limits: &'a Limits,
    left: Cell<u64>,
}

impl<'a> Budget<'a> {
    /// A full account.
    pub(crate) fn new(limits: &'a Limits) -> Self {
        Self { limits, left: Cell::new(limits.decompressed_bytes) }
    }

    /// Measures the streams of the raw file that could unpack to much, whatever the cross-reference table says of them.
    ///
    /// # Errors
    /// [`crate::Reason::OverLimit`].
    pub(crate) fn check_before_loading(&self, bytes: &[u8]) -> Result<(), Refusal> {
        let left = Cell::new(self.limits.decompressed_bytes);
        for start in stream_starts(bytes) {
            let dictionary = dictionary_before(bytes, start);
            let filters = filters_named_in(dictionary);
            if filters.len() > NAMED {
                self.check_filters(filters.len())?;
            }
            let data = bytes.get(start..).unwrap_or_default();
            let data = data.get(..find(data, b"endstream").unwrap_or(data.len())).unwrap_or_default();
            let stored = data.len() as u64;
            let harmless = matches!(filters.as_slice(), [] | [Filter::FlateDecode])
                && stored.saturating_mul(BEST_DEFLATE) <= HARMLESS;
            if !harmless {
                let unpacked = measure(data, &filters, left.get()).ok_or_else(|| self.too_much())?;
                self.check_ratio(stored, unpacked)?;
                left.set(left.get().saturating_sub(unpacked));
            }
        }
        Ok(())
    }

    /// Measures every stream of the open document and counts its objects and pages.
    ///
    /// # Errors
    /// [`crate::Reason::OverLimit`].
    pub(crate) fn check_objects(&self, pdf: &Pdf) -> Result<(), Refusal> {
        let (objects, pages) = (pdf.len() as u64, pdf.pages().len() as u64);
        if objects > self.limits.pdf_objects {
            return Err(Refusal::over_limit("pdf-objects", format!("the document has {objects} objects")));
        }
        if pages > self.limits.pdf_pages {
            return Err(Refusal::over_limit("pdf-pages", format!("the document has {pages} pages")));
        }
        for object in pdf.objects() {
            let Object::Stream(stream) = object else { continue };
            let data = stream.raw_data();
            self.check_filters(stream.filters().len())?;
            let unpacked = measure(&data, &stream.filters(), self.left.get()).ok_or_else(|| self.too_much())?;
            self.check_ratio(data.len() as u64, unpacked)?;
            self.left.set(self.left.get().saturating_sub(unpacked));
        }
        Ok(())
    }

    fn check_ratio(&self, stored: u64, unpacked: u64) -> Result<(), Refusal> {
        if unpacked > SMALL && unpacked / stored.max(1) > self.limits.compression_ratio {
            return Err(Refusal::over_limit(
                "compression-ratio",
                format!("a stream unpacks to more than {} times its size", self.limits.compression_ratio),
            ));
        }
        Ok(())
    }

    fn check_filters(&self, count: usize) -> Result<(), Refusal> {
        let most = self.limits.pdf_filters;
        if count as u64 > most {
            return Err(Refusal::over_limit("pdf-filters", format!("a stream has more than {most} filters")));
        }
        Ok(())
    }

    fn too_much(&self) -> Refusal {
        Refusal::over_limit(
            "decompressed-bytes",
            format!("the content unpacks to more than {} bytes", self.limits.decompressed_bytes),
        )
    }
}

/// Where `needle` begins in `bytes`.
pub(crate) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0_usize;
    loop {
        let rest = bytes.get(from..)?;
        let at = from.saturating_add(rest.iter().position(|byte| *byte == first)?);
        if bytes.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        from = at.saturating_add(1);
    }
}

/// The offsets at which the data of streams may begin: after every `stream` keyword that is not `endstream`.
fn stream_starts(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let mut from = 0_usize;
    std::iter::from_fn(move || {
        loop {
            let at = from.saturating_add(find(bytes.get(from..)?, b"stream")?);
            from = at.saturating_add(6);
            if bytes.get(..at).is_some_and(|before| before.ends_with(b"end")) {
                continue;
            }
            let after = bytes.get(from..).unwrap_or_default();
            let newline = match after {
                [b'\r', b'\n', ..] => 2,
                [b'\r' | b'\n', ..] => 1,
                _ => 0,
            };
            return Some(from.saturating_add(newline));
        }
    })
}

fn dictionary_before(bytes: &[u8], start: usize) -> &[u8] {
    let before = bytes.get(start.saturating_sub(DICTIONARY)..start).unwrap_or_default();
    let object = before.windows(4).rposition(|window| window == b" obj").unwrap_or(0);
    before.get(object..).unwrap_or_default()
}

/// The filters that a dictionary names, in order, with `#` escapes resolved.
fn filters_named_in(dictionary: &[u8]) -> Vec<Filter> {
    const NAMES: &[(&[u8], Filter)] = &[
        (b"FlateDecode", Filter::FlateDecode),
        (b"Fl", Filter::FlateDecode),
        (b"LZWDecode", Filter::LzwDecode),
        (b"LZW", Filter::LzwDecode),
        (b"RunLengthDecode", Filter::RunLengthDecode),
        (b"RL", Filter::RunLengthDecode),
        (b"ASCII85Decode", Filter::Ascii85Decode),
        (b"A85", Filter::Ascii85Decode),
        (b"ASCIIHexDecode", Filter::AsciiHexDecode),
        (b"AHx", Filter::AsciiHexDecode),
        (b"DCTDecode", Filter::DctDecode),
        (b"JPXDecode", Filter::JpxDecode),
        (b"JBIG2Decode", Filter::Jbig2Decode),
        (b"CCITTFaxDecode", Filter::CcittFaxDecode),
    ];
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"/<>[](){}%".contains(byte) || *byte == 0;
    dictionary
        .split(|byte| *byte == b'/')
        .skip(1)
        .filter_map(|rest| {
            let end = rest.iter().position(is_end).unwrap_or(rest.len());
            let name = unescaped(rest.get(..end).unwrap_or_default());
            NAMES.iter().find(|(known, _)| *known == name.as_slice()).map(|(_, filter)| *filter)
        })
        .take(NAMED.saturating_add(1))
        .collect()
}

fn unescaped(name: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut plain = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((byte, tail)) = rest.split_first() {
        match (byte, digit(tail.first()), digit(tail.get(1))) {
            (b'#', Some(high), Some(low)) => {
                plain.push(u8::try_from(high.saturating_mul(16).saturating_add(low)).unwrap_or_default());
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                plain.push(*byte);
                rest = tail;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_seen_through_escapes_and_arrays() {
        let dictionary = b"1 0 obj <</Length 9/Filter[/Fl#61teDecode /A85]/DecodeParms null>>";
        assert_eq!(filters_named_in(dictionary), [Filter::FlateDecode, Filter::Ascii85Decode]);
    }

    #[test]
    fn the_end_of_a_stream_is_no_start() {
        let bytes = b"obj<<>>stream\r\nAAA\nendstream endobj obj stream\nB";
        assert_eq!(stream_starts(bytes).collect::<Vec<_>>(), [15, 47]);
    }
}
