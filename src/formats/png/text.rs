//! The chunks that go: what they are called and what they held.

use super::chunks::Chunk;
use super::inflate;
use crate::formats::metadata::{exif, photoshop, removed_text, text_or_latin1, xmp};
use crate::formats::{Context, Report};
use crate::policy::Class;

/// Bytes that a text may inflate to before it is listed without its value.
const MOST_TEXT: u64 = 16 << 20;

/// Chunks besides the textual ones: type, class, name.
const KNOWN: &[([u8; 4], Class, &str)] = &[
    (*b"tIME", Class::MetadataDates, "tIME"),
    (*b"caBX", Class::MetadataProvenance, "caBX C2PA"),
    (*b"dSIG", Class::Signatures, "dSIG"),
    (*b"iDOT", Class::MetadataSoftware, "iDOT"),
    (*b"gdAT", Class::ContentSecondaryImages, "gdAT gain map"),
    (*b"prVW", Class::ContentThumbnails, "prVW Fireworks preview"),
    (*b"mkBS", Class::ContentSecondaryImages, "mkBS Fireworks layers"),
    (*b"mkTS", Class::ContentSecondaryImages, "mkTS Fireworks layers"),
    (*b"mkBF", Class::ContentSecondaryImages, "mkBF Fireworks layers"),
    (*b"cpIp", Class::ContentSecondaryImages, "cpIp"),
];

/// Reports a chunk as removed.
pub(super) fn list(chunk: &Chunk<'_>, context: &Context<'_>, report: &mut Report) {
    match &chunk.name {
        b"tEXt" | b"zTXt" | b"iTXt" => text(chunk, context, report),
        b"eXIf" => exif::list(chunk.data, false, report),
        name => {
            let known = KNOWN.iter().find(|(known, ..)| known == name);
            let (class, item) = known.map_or_else(
                || (Class::ContentUnknown, chunk.title()),
                |(_, class, item)| (*class, (*item).to_owned()),
            );
            report.removed_bytes(class, item, "", chunk.data.len());
        }
    }
}

/// Keyword or profile name, and what follows its zero byte.
pub(super) fn split_keyword(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = data.iter().position(|byte| *byte == 0)?;
    Some((data.get(..end)?, data.get(end.checked_add(1)?..)?))
}

/// Reports a textual chunk (PNG 3rd edition, section 11.3.3) with its value.
fn text(chunk: &Chunk<'_>, context: &Context<'_>, report: &mut Report) {
    let title = chunk.title();
    let parsed =
        split_keyword(chunk.data).map(|(keyword, rest)| (text_or_latin1(keyword), value(&chunk.name, rest, context)));
    let Some((keyword, value)) = parsed else {
        report.removed_bytes(Class::MetadataOther, format!("{title} (unreadable)"), "", chunk.data.len());
        return;
    };
    let shown: String =
        keyword.chars().take(79).map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).collect();
    let item = format!("{title} {shown}");
    let Some(value) = value else {
        report.removed_bytes(class_of(&keyword), format!("{item} (unreadable)"), "", chunk.data.len());
        return;
    };
    if keyword == "XML:com.adobe.xmp" {
        xmp::list(&value, &item, report);
    } else if let Some(kind) = keyword.strip_prefix("Raw profile type ") {
        raw_profile(kind, &value, &item, report);
    } else {
        removed_text(report, class_of(&keyword), item, &value);
    }
}

/// The value of a textual chunk, inflated, behind its keyword.
fn value(name: &[u8; 4], rest: &[u8], context: &Context<'_>) -> Option<Vec<u8>> {
    match (name, rest) {
        (b"zTXt", [0, stream @ ..]) => inflate(stream, MOST_TEXT, context),
        (b"iTXt", [compressed, _method, rest @ ..]) => {
            let (_language, rest) = split_keyword(rest)?;
            let (_translated, value) = split_keyword(rest)?;
            if *compressed == 0 { Some(value.to_vec()) } else { inflate(value, MOST_TEXT, context) }
        }
        (b"tEXt", value) => Some(value.to_vec()),
        _ => None,
    }
}

/// ImageMagick keeps other formats' blocks as hexadecimal text: a line with the name, a line with the size, then the bytes.
fn raw_profile(kind: &str, value: &[u8], item: &str, report: &mut Report) {
    let mut lines = value.split(|byte| *byte == b'\n').skip_while(|line| line.trim_ascii().is_empty()).skip(2);
    let digits: Vec<u8> = lines
        .by_ref()
        .flatten()
        .filter_map(|byte| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect();
    let bytes: Vec<u8> =
        digits.chunks_exact(2).map(|pair| pair.iter().fold(0_u8, |byte, digit| byte.wrapping_shl(4) | digit)).collect();
    match kind {
        "exif" | "APP1" => {
            report.removed_bytes(Class::MetadataOther, item, "", value.len());
            let exif = bytes.strip_prefix(b"Exif\0\0").unwrap_or(&bytes);
            match exif.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0") {
                Some(packet) => xmp::list(packet, &format!("{item} XMP"), report),
                None => exif::list(exif, false, report),
            }
        }
        "xmp" => xmp::list(&bytes, item, report),
        "8bim" => photoshop::list(&bytes, &format!("{item} "), report),
        "iptc" if bytes.starts_with(b"8BIM") => photoshop::list(&bytes, &format!("{item} "), report),
        "iptc" => photoshop::iptc(&bytes, item, report),
        _ => report.removed_bytes(Class::MetadataOther, item, "", value.len()),
    }
}

/// The class of a text by its keyword: the registered ones (section 11.3.3.2) and those that programs use.
fn class_of(keyword: &str) -> Class {
    let lower = keyword.to_ascii_lowercase();
    let known = CLASS_BY_KEYWORD.iter().find(|(words, _)| words.iter().any(|word| lower.contains(word)));
    known.map_or(Class::MetadataOther, |(_, class)| *class)
}

/// Words in keywords, in lower case; the first line that fits decides.
const CLASS_BY_KEYWORD: &[(&[&str], Class)] = &[
    (
        &[
            "parameters",
            "prompt",
            "workflow",
            "dream",
            "sd-metadata",
            "invokeai",
            "generation_data",
            "aigc",
            "c2pa",
            "digitalsourcetype",
        ],
        Class::MetadataProvenance,
    ),
    (
        &["gps", "latitude", "longitude", "altitude", "location", "coordinates", "city", "country"],
        Class::MetadataLocation,
    ),
    (&["author", "artist", "copyright", "creator", "by-line", "owner"], Class::MetadataAuthor),
    (&["serial"], Class::MetadataDevice),
    (&["software", "version", "program"], Class::MetadataSoftware),
    (&["time", "date"], Class::MetadataDates),
    (&["thumb::uri", "path", "file"], Class::MetadataPaths),
    (&["thumb"], Class::ContentThumbnails),
    (&["face", "person"], Class::MetadataPeople),
    (&["title", "description", "comment", "disclaimer", "warning", "subject", "keywords"], Class::MetadataDescription),
    (&["source", "make", "model"], Class::MetadataDevice),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_tell_what_they_give_away() {
        for (keyword, class) in [
            ("parameters", Class::MetadataProvenance),
            ("prompt", Class::MetadataProvenance),
            ("workflow", Class::MetadataProvenance),
            ("Dream", Class::MetadataProvenance),
            ("sd-metadata", Class::MetadataProvenance),
            ("exif:GPSLatitude", Class::MetadataLocation),
            ("Coordinates", Class::MetadataLocation),
            ("Author", Class::MetadataAuthor),
            ("Serial Number", Class::MetadataDevice),
            ("date:create", Class::MetadataDates),
            ("Thumb::URI", Class::MetadataPaths),
            ("Thumb::Image::Width", Class::ContentThumbnails),
            ("Title", Class::MetadataDescription),
            ("Source", Class::MetadataDevice),
            ("anything", Class::MetadataOther),
        ] {
            assert_eq!(class_of(keyword), class, "{keyword}");
        }
    }
}
