//! Stream data: the filters over it, what it unpacks to, and where it really ends.
//!
//! Data that need not change keeps its bytes. It is unpacked nevertheless, to hold it to the budgets and to find where it
//! ends: bytes behind the end of compressed data are a good place to hide something, and no reader looks at them.

use flate2::{Decompress, FlushDecompress, Status};

use super::ends;
use super::source::{Dictionary, Object, Source, Stream};
use super::write::deflate;
use crate::formats::Context;
use crate::refusal::{Reason, Refusal};

/// Below this size the ratio of compression says nothing.
const RATIO_COUNTS_FROM: u64 = 1 << 20;
/// How much is unpacked at a time where only the size matters.
const WINDOW: usize = 64 << 10;

/// One filter of a stream with its parameters, references followed.
#[derive(Clone)]
pub(super) struct Filter {
    /// The full name, also where the file abbreviates it.
    pub(super) name: Vec<u8>,
    /// The parameters as they stand in the file.
    pub(super) parameters: Option<Dictionary>,
}

/// The data of a stream as it goes into the copy.
#[derive(Clone)]
pub(super) struct Data {
    /// The filters that are left.
    pub(super) filters: Vec<Filter>,
    /// The encoded bytes.
    pub(super) bytes: Vec<u8>,
    /// How many bytes behind the end of the data were dropped.
    pub(super) trimmed: usize,
}

/// The filters of a stream in decoding order. `Crypt` is left out: what comes out of the loader is decrypted.
pub(super) fn filters(source: &Source, stream: &Stream) -> Result<Vec<Filter>, Refusal> {
    let names = source.list(&stream.dict, "Filter")?;
    let key = if stream.dict.has(b"DecodeParms") { "DecodeParms" } else { "DP" };
    let parameters = source.list(&stream.dict, key)?;
    let mut filters = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let Ok(name) = source.resolve(name)?.1.as_name() else {
            return Err(Refusal::damaged("a stream names its filter with something that is not a name"));
        };
        let parameters = match parameters.get(index) {
            Some(parameters) => source.resolve(parameters)?.1.as_dict().ok().cloned(),
            None => None,
        };
        let name = full_name(name);
        if name != b"Crypt" {
            filters.push(Filter { name: name.to_vec(), parameters });
        }
    }
    Ok(filters)
}

/// The full name of a filter, also where the file abbreviates it.
pub(super) fn full_name(name: &[u8]) -> &[u8] {
    match name {
        b"AHx" => b"ASCIIHexDecode",
        b"A85" => b"ASCII85Decode",
        b"LZW" => b"LZWDecode",
        b"Fl" => b"FlateDecode",
        b"RL" => b"RunLengthDecode",
        b"CCF" => b"CCITTFaxDecode",
        b"DCT" => b"DCTDecode",
        other => other,
    }
}

/// True for filters that make a picture of the data.
pub(super) fn is_image_filter(name: &[u8]) -> bool {
    matches!(name, b"DCTDecode" | b"JPXDecode" | b"JBIG2Decode" | b"CCITTFaxDecode")
}

/// Unpacks through `filters`, none of which may be an image filter.
///
/// # Errors
/// [`crate::Reason::OverLimit`], or [`crate::Reason::Damaged`] where the data does not decode.
pub(super) fn decode(
    source: &Source,
    bytes: &[u8],
    filters: &[Filter],
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    if filters.is_empty() {
        return Ok(bytes.to_vec());
    }
    let mut dictionary = Dictionary::new();
    let names = filters.iter().map(|filter| Object::Name(filter.name.clone())).collect();
    let mut parameters = Vec::new();
    for filter in filters {
        parameters.push(match &filter.parameters {
            Some(given) => {
                let mut direct = Dictionary::new();
                for (key, value) in given {
                    direct.set(key.clone(), source.resolve(value)?.1.clone());
                }
                Object::Dictionary(direct)
            }
            None => Object::Null,
        });
    }
    dictionary.set("Filter", Object::Array(names));
    dictionary.set("DecodeParms", Object::Array(parameters));
    let most = usize::try_from(context.decompressed_left()).unwrap_or(usize::MAX);
    let plain = Stream::new(dictionary, bytes.to_vec()).decompressed_content_with_limit(most).map_err(|error| {
        if matches!(error, lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. })) {
            Refusal::over_limit("decompressed-bytes", "a stream unpacks to too much")
        } else {
            Refusal::damaged("a stream cannot be unpacked")
        }
    })?;
    charge(bytes.len(), plain.len() as u64, context)?;
    Ok(plain)
}

/// The data of a stream without what lies behind its end. Bytes change only where the encoding is broken at its end.
///
/// # Errors
/// As [`decode`]; also [`crate::Reason::Damaged`] when compressed data breaks off in the middle.
pub(super) fn tidy(source: &Source, stream: &Stream, context: &Context<'_>) -> Result<Data, Refusal> {
    let filters = filters(source, stream)?;
    let bytes = &stream.content;
    let end = match filters.first().map(|filter| filter.name.as_slice()) {
        Some(b"FlateDecode") => match inflate(bytes, context) {
            Ok(Inflated::Whole { consumed }) => consumed,
            Err(refusal) if refusal.reason != Reason::Damaged => return Err(refusal),
            // What was not decrypted looks like this, and its loader only logs it.
            Ok(Inflated::Broken { .. }) | Err(_) if source.was_encrypted => {
                return Err(Refusal::encrypted("encrypted data does not unpack after decryption"));
            }
            Err(refusal) => return Err(refusal),
            Ok(Inflated::Broken { plain }) => {
                return Ok(Data { filters, bytes: deflate(&plain)?, trimmed: 0 });
            }
        },
        Some(b"LZWDecode") => {
            let early = parameter(source, filters.first(), "EarlyChange")?.unwrap_or(1) != 0;
            ends::lzw(bytes, early).unwrap_or(bytes.len())
        }
        Some(b"RunLengthDecode") => ends::run_length(bytes).unwrap_or(bytes.len()),
        Some(b"CCITTFaxDecode") => match parameter(source, filters.first(), "K")?.unwrap_or(0) {
            ..0 => ends::fax(bytes, true).unwrap_or(bytes.len()),
            0 => ends::fax(bytes, false).unwrap_or(bytes.len()),
            _ => bytes.len(),
        },
        Some(b"ASCII85Decode") => after(bytes, b"~>"),
        Some(b"ASCIIHexDecode") => after(bytes, b">"),
        _ => bytes.len(),
    };
    let inner = filters.iter().take_while(|filter| !is_image_filter(&filter.name)).count();
    let all_inflated = inner == 1 && filters.first().is_some_and(|filter| filter.name == b"FlateDecode");
    if inner > 0 && !all_inflated {
        let known: Vec<Filter> = filters.iter().take(inner).cloned().collect();
        decode(source, bytes, &known, context)?;
    }
    let (kept, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
    let trimmed = if rest.iter().all(u8::is_ascii_whitespace) { 0 } else { rest.len() };
    Ok(Data { filters, bytes: kept.to_vec(), trimmed })
}

/// A number among the parameters of a filter.
fn parameter(source: &Source, filter: Option<&Filter>, key: &str) -> Result<Option<i64>, Refusal> {
    match filter.and_then(|filter| filter.parameters.as_ref()) {
        Some(parameters) => Ok(source.get(parameters, key)?.as_i64().ok()),
        None => Ok(None),
    }
}

fn after(bytes: &[u8], mark: &[u8]) -> usize {
    let found = bytes.windows(mark.len()).position(|window| window == mark);
    found.map_or(bytes.len(), |at| at.saturating_add(mark.len()))
}

/// What inflating gave.
enum Inflated {
    /// The data is whole and ends after `consumed` bytes.
    Whole { consumed: usize },
    /// The data lacks its end or its checksum is wrong; readers show what there is.
    Broken { plain: Vec<u8> },
}

fn inflate(bytes: &[u8], context: &Context<'_>) -> Result<Inflated, Refusal> {
    if bytes.is_empty() {
        return Ok(Inflated::Whole { consumed: 0 });
    }
    let most = context.decompressed_left();
    let mut decoder = Decompress::new(true);
    let mut window = vec![0u8; WINDOW];
    loop {
        let (consumed, produced) = (decoder.total_in(), decoder.total_out());
        let rest = usize::try_from(consumed).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
        let status = decoder.decompress(rest, &mut window, FlushDecompress::None);
        if decoder.total_out() > most {
            charge(bytes.len(), decoder.total_out(), context)?;
        }
        match status {
            Ok(Status::StreamEnd) => {
                charge(bytes.len(), decoder.total_out(), context)?;
                return Ok(Inflated::Whole { consumed: usize::try_from(decoder.total_in()).unwrap_or(bytes.len()) });
            }
            Ok(_) if decoder.total_in() > consumed || decoder.total_out() > produced => {}
            Ok(_) | Err(_) => return broken(bytes, context),
        }
    }
}

/// Unpacks what can be unpacked of data without a proper end.
fn broken(bytes: &[u8], context: &Context<'_>) -> Result<Inflated, Refusal> {
    let most = context.decompressed_left();
    // The header is skipped: a wrong one, or a wrong checksum, need not mean wrong data.
    let body = bytes.get(2..).unwrap_or_default();
    let mut decoder = Decompress::new(false);
    let mut plain = Vec::new();
    loop {
        let (consumed, produced) = (decoder.total_in(), decoder.total_out());
        let rest = usize::try_from(consumed).ok().and_then(|at| body.get(at..)).unwrap_or_default();
        plain.reserve(WINDOW);
        let status = decoder.decompress_vec(rest, &mut plain, FlushDecompress::None);
        if plain.len() as u64 > most {
            charge(bytes.len(), plain.len() as u64, context)?;
        }
        match status {
            Ok(Status::StreamEnd) => break,
            Ok(_) if decoder.total_in() > consumed || decoder.total_out() > produced => {}
            Ok(_) => break, // the data is cut off
            Err(_) => return Err(Refusal::damaged("compressed data is broken in the middle")),
        }
    }
    charge(bytes.len(), plain.len() as u64, context)?;
    Ok(Inflated::Broken { plain })
}

fn charge(stored: usize, plain: u64, context: &Context<'_>) -> Result<(), Refusal> {
    let allowed = (stored as u64).saturating_mul(context.limits.compression_ratio);
    if plain > RATIO_COUNTS_FROM && plain > allowed {
        return Err(Refusal::over_limit("compression-ratio", "a stream unpacks to suspiciously much"));
    }
    context.charge_decompressed(plain)
}
