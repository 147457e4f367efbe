//! Stream data: the filters over it, what it unpacks to, and where it really ends.
//!
//! Data that need not change keeps its bytes. It is unpacked nevertheless, to hold it to the budgets and to find where it
//! ends: bytes behind the end of compressed data are a good place to hide something, and no reader looks at them.

use flate2::{Decompress, FlushDecompress, Status};
use hayro_ccitt::{DecodeSettings, EncodingMode};

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

/// Unpacks through `filters`, none of which may be an image filter. Of deflated data with a broken end, all that there is before:
/// viewers show that, and a copy would hold it.
///
/// # Errors
/// [`crate::Reason::OverLimit`], or [`crate::Reason::Damaged`] where the data does not decode.
pub(super) fn decode(
    source: &Source,
    bytes: &[u8],
    filters: &[Filter],
    context: &Context<'_>,
) -> Result<Vec<u8>, Refusal> {
    let mut data = bytes.to_vec();
    for filter in filters {
        data = match filter.name.as_slice() {
            b"FlateDecode" => {
                let (plain, whole) = unpack(&data, context).map_err(|refusal| decrypted(source, refusal))?;
                match (is_predicted(source, filter)?, whole) {
                    (false, _) => plain,
                    (true, true) => decode_with(source, &data, filter, context)?,
                    (true, false) => decode_with(source, &deflate(&plain)?, filter, context)?,
                }
            }
            _ => decode_with(source, &data, filter, context)?,
        };
    }
    Ok(data)
}

/// True when what the filter gives are differences (7.4.4.4).
fn is_predicted(source: &Source, filter: &Filter) -> Result<bool, Refusal> {
    Ok(parameter(source, filter, "Predictor")?.as_i64().is_ok_and(|predictor| predictor > 1))
}

fn decode_with(source: &Source, bytes: &[u8], filter: &Filter, context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
    let mut dictionary = Dictionary::new();
    dictionary.set("Filter", Object::Name(filter.name.clone()));
    if let Some(given) = &filter.parameters {
        let mut direct = Dictionary::new();
        for (key, value) in given {
            direct.set(key.clone(), source.resolve(value)?.1.clone());
        }
        dictionary.set("DecodeParms", Object::Dictionary(direct));
    }
    let most = usize::try_from(most_of_a_stream(context)).unwrap_or(usize::MAX);
    let plain = Stream::new(dictionary, bytes.to_vec()).decompressed_content_with_limit(most).map_err(|error| {
        if matches!(error, lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. })) {
            unpacks_to_too_much(context)
        } else {
            Refusal::damaged("a stream cannot be unpacked")
        }
    })?;
    charge(bytes.len(), plain.len() as u64, context)?;
    Ok(plain)
}

/// How much one stream may unpack to.
fn most_of_a_stream(context: &Context<'_>) -> u64 {
    context.decompressed_left().min(context.limits.pdf_stream_bytes)
}

fn unpacks_to_too_much(context: &Context<'_>) -> Refusal {
    let all = context.decompressed_left() < context.limits.pdf_stream_bytes;
    let limit = if all { "decompressed-bytes" } else { "pdf-stream-bytes" };
    Refusal::over_limit(limit, "a stream unpacks to too much")
}

/// The data of a stream without what lies behind its end, under any of its filters. Bytes change only where the encoding is
/// broken at its end; filters over data that loses something are taken off.
///
/// # Errors
/// As [`decode`]; also [`crate::Reason::Damaged`] when compressed data breaks off in the middle.
pub(super) fn tidy(source: &Source, stream: &Stream, context: &Context<'_>) -> Result<Data, Refusal> {
    let filters = filters(source, stream)?;
    let mut tidied = Data { filters: filters.clone(), bytes: stream.content.clone(), trimmed: 0 };
    let mut data = stream.content.clone();
    for (index, filter) in filters.iter().enumerate() {
        let further = filters.get(index.saturating_add(1)..).unwrap_or_default();
        let kept = match end(source, stream, &data, filter, context)? {
            End::At(end) => end,
            End::Broken { plain } => {
                let deflated = Filter { name: b"FlateDecode".to_vec(), parameters: filter.parameters.clone() };
                let filters = std::iter::once(deflated).chain(further.iter().cloned()).collect();
                data = deflate(&plain)?;
                tidied = Data { filters, bytes: data.clone(), trimmed: tidied.trimmed };
                data.len()
            }
        };
        let rest = data.get(kept..).unwrap_or_default();
        let trimmed = if rest.iter().all(u8::is_ascii_whitespace) { 0 } else { rest.len() };
        if index == 0 || trimmed > 0 {
            data.truncate(kept);
            let filters = filters_from(&tidied.filters, further.len());
            tidied = Data { filters, bytes: data.clone(), trimmed: tidied.trimmed.saturating_add(trimmed) };
        }
        if is_image_filter(&filter.name) {
            break;
        }
        // What a single deflated stream unpacks to was counted when its end was found.
        if !further.is_empty() || filter.name != b"FlateDecode" {
            data = decode(source, &data, std::slice::from_ref(filter), context)?;
        }
    }
    Ok(tidied)
}

/// The last `further` filters and the one before them.
fn filters_from(filters: &[Filter], further: usize) -> Vec<Filter> {
    filters.get(filters.len().saturating_sub(further.saturating_add(1))..).unwrap_or_default().to_vec()
}

/// Where data ends under a filter.
enum End {
    At(usize),
    /// It is deflated without a proper end; readers show what there is.
    Broken {
        plain: Vec<u8>,
    },
}

fn end(source: &Source, stream: &Stream, bytes: &[u8], filter: &Filter, context: &Context<'_>) -> Result<End, Refusal> {
    Ok(End::At(match filter.name.as_slice() {
        b"FlateDecode" => match inflate(bytes, context) {
            Ok(Inflated::Whole { consumed }) => consumed,
            Ok(Inflated::Broken { .. }) if source.was_encrypted => return Err(not_decrypted()),
            Ok(Inflated::Broken { plain }) => return Ok(End::Broken { plain }),
            Err(refusal) => return Err(decrypted(source, refusal)),
        },
        b"LZWDecode" => {
            let early = parameter(source, filter, "EarlyChange")?.as_i64().unwrap_or(1) != 0;
            ends::lzw(bytes, early).unwrap_or(bytes.len())
        }
        b"RunLengthDecode" => ends::run_length(bytes).unwrap_or(bytes.len()),
        b"CCITTFaxDecode" => ends::fax(bytes, fax_settings(source, stream, filter)?)
            .ok_or_else(|| Refusal::damaged("a fax image is broken, and where it ends cannot be told"))?,
        b"ASCII85Decode" => after(bytes, b"~>"),
        b"ASCIIHexDecode" => after(bytes, b">"),
        _ => bytes.len(),
    }))
}

/// The parameters of a fax image (table 11). Its rows are those of the image, whatever else the parameters say.
fn fax_settings(source: &Source, stream: &Stream, filter: &Filter) -> Result<DecodeSettings, Refusal> {
    let number = |object: &Object| object.as_i64().ok().and_then(|number| u32::try_from(number).ok());
    let flag = |key: &str, default: bool| -> Result<bool, Refusal> {
        Ok(parameter(source, filter, key)?.as_bool().unwrap_or(default))
    };
    let height = if stream.dict.has(b"Height") { "Height" } else { "H" };
    let rows = match number(source.get(&stream.dict, height)?).filter(|rows| *rows > 0) {
        Some(rows) => Some(rows),
        None => number(parameter(source, filter, "Rows")?),
    };
    Ok(DecodeSettings {
        columns: number(parameter(source, filter, "Columns")?).unwrap_or(1728),
        rows: rows.unwrap_or(0),
        end_of_block: flag("EndOfBlock", true)?,
        end_of_line: flag("EndOfLine", false)?,
        rows_are_byte_aligned: flag("EncodedByteAlign", false)?,
        encoding: match parameter(source, filter, "K")?.as_i64().unwrap_or(0) {
            ..0 => EncodingMode::Group4,
            0 => EncodingMode::Group3_1D,
            _ => EncodingMode::Group3_2D,
        },
        strict: false,
    })
}

/// A value among the parameters of a filter; null where there is none.
fn parameter<'a>(source: &'a Source, filter: &'a Filter, key: &str) -> Result<&'a Object, Refusal> {
    match &filter.parameters {
        Some(parameters) => source.get(parameters, key),
        None => Ok(&Object::Null),
    }
}

fn after(bytes: &[u8], mark: &[u8]) -> usize {
    let found = bytes.windows(mark.len()).position(|window| window == mark);
    found.map_or(bytes.len(), |at| at.saturating_add(mark.len()))
}

/// What is said of data that does not unpack: what was not decrypted looks like this, and its loader only logs it.
fn decrypted(source: &Source, refusal: Refusal) -> Refusal {
    if source.was_encrypted && refusal.reason == Reason::Damaged { not_decrypted() } else { refusal }
}

fn not_decrypted() -> Refusal {
    Refusal::encrypted("encrypted data does not unpack after decryption")
}

/// What deflated data unpacks to, and whether it has a proper end; where it has none, what there is before.
fn unpack(bytes: &[u8], context: &Context<'_>) -> Result<(Vec<u8>, bool), Refusal> {
    if bytes.is_empty() {
        return Ok((Vec::new(), true));
    }
    let most = most_of_a_stream(context);
    let mut decoder = Decompress::new(true);
    let mut plain = Vec::new();
    loop {
        let (consumed, produced) = (decoder.total_in(), decoder.total_out());
        let rest = usize::try_from(consumed).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
        plain.reserve(WINDOW);
        let status = decoder.decompress_vec(rest, &mut plain, FlushDecompress::None);
        if plain.len() as u64 > most {
            return Err(unpacks_to_too_much(context));
        }
        match status {
            Ok(Status::StreamEnd) => break,
            Ok(_) if decoder.total_in() > consumed || decoder.total_out() > produced => {}
            Ok(_) | Err(_) => {
                let plain = broken(bytes, context)?;
                return if plain.len() as u64 > most { Err(unpacks_to_too_much(context)) } else { Ok((plain, false)) };
            }
        }
    }
    charge(bytes.len(), plain.len() as u64, context)?;
    Ok((plain, true))
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
            Ok(_) | Err(_) => return Ok(Inflated::Broken { plain: broken(bytes, context)? }),
        }
    }
}

/// Unpacks what can be unpacked of data without a proper end.
fn broken(bytes: &[u8], context: &Context<'_>) -> Result<Vec<u8>, Refusal> {
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
    Ok(plain)
}

fn charge(stored: usize, plain: u64, context: &Context<'_>) -> Result<(), Refusal> {
    let allowed = (stored as u64).saturating_mul(context.limits.compression_ratio);
    if plain > RATIO_COUNTS_FROM && plain > allowed {
        return Err(Refusal::over_limit("compression-ratio", "a stream unpacks to suspiciously much"));
    }
    context.charge_decompressed(plain)
}
