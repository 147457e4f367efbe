//! What a file is, by its bytes.
//!
//! Names lie, by mistake or on purpose, so a file's name never decides what it is. Magic numbers do; ZIP containers are
//! told apart by their content types or `mimetype` member, OLE compound files by their streams. Only text has no magic
//! number: there the extension chooses between plain text, Markdown, CSV and JSON, which are handled alike.

mod compound;
mod gzip;
mod text;
mod zip_container;

use serde::{Deserialize, Serialize};

use crate::kind::{Family, Kind};

/// The outcome of looking at the bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// What the bytes say.
    pub kind: Kind,
    /// A more precise name where the kind is a group, for example `7-Zip`.
    pub detail: Option<String>,
    /// The kind that the file's name claims, when the bytes say otherwise.
    pub mismatch: Option<Kind>,
}

/// How far into a file a PDF header may begin (ISO 32000-2, annex I, note on header placement).
const PDF_HEADER_WINDOW: usize = 1024;

/// Identifies a file by its bytes. `name` only tells kinds of text apart and shows mismatches.
#[must_use]
pub fn identify(bytes: &[u8], name: &str) -> Identity {
    let extension = extension_of(name);
    let mut detail = None;
    let kind = by_magic(bytes).or_else(|| text::sniff(bytes, &extension)).unwrap_or_else(|| {
        let format = file_format::FileFormat::from_bytes(bytes);
        if format != file_format::FileFormat::ArbitraryBinaryData {
            detail = Some(format.name().to_owned());
        }
        Kind::Unknown
    });
    Identity { kind, detail, mismatch: mismatch(kind, &extension) }
}

/// The lower-case extension of a file name, without the dot; empty when there is none.
fn extension_of(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    match base.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => extension.to_lowercase(),
        _ => String::new(),
    }
}

/// The kind that an extension claims, when it is a known one and not the right one.
fn mismatch(kind: Kind, extension: &str) -> Option<Kind> {
    let mut claimed = Kind::by_extension(extension).peekable();
    let first = *claimed.peek()?;
    let fits = claimed.any(|claim| claim == kind || interchangeable(claim, kind));
    (!fits).then_some(first)
}

/// Kinds that go by each other's names without anybody being deceived.
fn interchangeable(claim: Kind, kind: Kind) -> bool {
    match kind {
        Kind::Empty | Kind::EncryptedOffice => true,
        Kind::PlainText => claim.family() == Family::Text,
        Kind::PostScript => claim == Kind::PostScript,
        // A camera raw file is a TIFF inside; HEIF and AVIF share one container.
        Kind::Tiff => claim == Kind::CameraRaw,
        Kind::Heif => claim == Kind::Avif,
        Kind::CompoundFile => claim.family() == Family::Legacy,
        _ => false,
    }
}

fn by_magic(bytes: &[u8]) -> Option<Kind> {
    if bytes.is_empty() {
        return Some(Kind::Empty);
    }
    gzip::identify(bytes)
        .or_else(|| at_start(bytes))
        .or_else(|| iso_base_media(bytes))
        .or_else(|| riff(bytes))
        .or_else(|| zip_container::identify(bytes))
        .or_else(|| compound::identify(bytes))
        .or_else(|| windows_metafile(bytes))
        .or_else(|| bitmap(bytes))
        .or_else(|| late_pdf(bytes))
}

/// Magic numbers at offset 0.
const MAGIC: &[(&[u8], Kind)] = &[
    (b"\xff\xd8\xff", Kind::Jpeg),
    (b"\x89PNG\r\n\x1a\n", Kind::Png),
    (b"GIF87a", Kind::Gif),
    (b"GIF89a", Kind::Gif),
    (b"%PDF-", Kind::Pdf),
    (b"\0\0\0\x0cJXL \r\n\x87\n", Kind::JpegXl),
    (b"\xff\x0a", Kind::JpegXl),
    (b"\0\0\0\x0cjP  \r\n\x87\n", Kind::Jpeg2000),
    (b"\xff\x4f\xff\x51", Kind::Jpeg2000),
    (b"II*\0\x10\0\0\0CR", Kind::CameraRaw),
    (b"IIRO", Kind::CameraRaw),
    (b"IIU\0", Kind::CameraRaw),
    (b"FUJIFILMCCD-RAW", Kind::CameraRaw),
    (b"FOVb", Kind::CameraRaw),
    (b"\0MRM", Kind::CameraRaw),
    (b"II*\0", Kind::Tiff),
    (b"MM\0*", Kind::Tiff),
    (b"II+\0", Kind::Tiff),
    (b"MM\0+", Kind::Tiff),
    (b"8BPS", Kind::Psd),
    (b"%!PS", Kind::PostScript),
    (b"\xc5\xd0\xd3\xc6", Kind::PostScript),
    (b"{\\rtf", Kind::Rtf),
    (b"\0\0\x01\0", Kind::Ico),
    (b"\0\0\x02\0", Kind::Ico),
    (b"7z\xbc\xaf\x27\x1c", Kind::Archive),
    (b"Rar!\x1a\x07", Kind::Archive),
    (b"\x1f\x8b", Kind::Archive),
    (b"BZh", Kind::Archive),
    (b"\xfd7zXZ\0", Kind::Archive),
    (b"\x28\xb5\x2f\xfd", Kind::Archive),
    (b"MSCF", Kind::Archive),
    (b"\x7fELF", Kind::Executable),
    (b"MZ", Kind::Executable),
    (b"OTTO", Kind::Font),
    (b"ttcf", Kind::Font),
    (b"wOFF", Kind::Font),
    (b"wOF2", Kind::Font),
    (b"\0\x01\0\0\0", Kind::Font),
    (b"ID3", Kind::Media),
    (b"fLaC", Kind::Media),
    (b"OggS", Kind::Media),
    (b"\x1a\x45\xdf\xa3", Kind::Media),
];

fn at_start(bytes: &[u8]) -> Option<Kind> {
    MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, kind)| *kind)
}

/// ISO/IEC 14496-12 files: the brands of the `ftyp` box tell pictures from video.
fn iso_base_media(bytes: &[u8]) -> Option<Kind> {
    if bytes.get(4..8)? != b"ftyp" {
        return None;
    }
    let size = u32::from_be_bytes(*bytes.first_chunk::<4>()?);
    let size = usize::try_from(size).unwrap_or(usize::MAX).clamp(16, 256);
    let major = bytes.get(8..12)?;
    let compatible = bytes.get(16..size.min(bytes.len())).unwrap_or_default();
    let brands = || std::iter::once(major).chain(compatible.chunks_exact(4));
    let any = |wanted: &[&[u8]]| brands().any(|brand| wanted.contains(&brand));
    Some(if any(&[b"crx "]) {
        Kind::CameraRaw
    } else if any(&[b"avif", b"avis"]) {
        Kind::Avif
    } else if any(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1", b"j2ki"]) {
        Kind::Heif
    } else {
        Kind::Media
    })
}

fn riff(bytes: &[u8]) -> Option<Kind> {
    if !bytes.starts_with(b"RIFF") {
        return None;
    }
    Some(if bytes.get(8..12)? == b"WEBP" { Kind::WebP } else { Kind::Media })
}

fn windows_metafile(bytes: &[u8]) -> Option<Kind> {
    let enhanced = bytes.starts_with(b"\x01\0\0\0") && bytes.get(40..44) == Some(b" EMF");
    let placeable = bytes.starts_with(b"\xd7\xcd\xc6\x9a");
    let plain = bytes.starts_with(b"\x01\0\x09\0\0\x03") || bytes.starts_with(b"\x01\0\x09\0\0\x01");
    (enhanced || placeable || plain).then_some(Kind::Metafile)
}

/// `BM` alone is also how sentences begin, so the header size behind it must be a real one.
fn bitmap(bytes: &[u8]) -> Option<Kind> {
    if !bytes.starts_with(b"BM") {
        return None;
    }
    let header = bytes.get(14..18)?.first_chunk::<4>()?;
    matches!(u32::from_le_bytes(*header), 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124).then_some(Kind::Bmp)
}

/// A PDF whose header comes after other bytes. Text that merely speaks of `%PDF-` has no cross-reference.
fn late_pdf(bytes: &[u8]) -> Option<Kind> {
    let window = bytes.get(..PDF_HEADER_WINDOW.min(bytes.len()))?;
    memchr::memmem::find(window, b"%PDF-")?;
    memchr::memmem::rfind(bytes, b"startxref")?;
    Some(Kind::Pdf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn magic_numbers_decide() {
        let cases: &[(&[u8], &str, Kind)] = &[
            (b"", "a.txt", Kind::Empty),
            (b"\xff\xd8\xff\xe0", "a.png", Kind::Jpeg),
            (b"%PDF-1.7\n", "a.pdf", Kind::Pdf),
            (b"junk\n%PDF-1.4\n1 0 obj\nstartxref\n0\n%%EOF", "a.pdf", Kind::Pdf),
            (b"The header `%PDF-1.4` comes first.", "a.txt", Kind::PlainText),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a.heic", Kind::Heif),
            (b"\0\0\0\x1cftypavif\0\0\0\0mif1avif", "a.avif", Kind::Avif),
            (b"\0\0\0\x14ftypisom\0\0\0\0mp42", "a.mp4", Kind::Media),
            (b"RIFF\0\0\0\0WEBPVP8 ", "a.webp", Kind::WebP),
            (b"BM is how this sentence begins", "a.txt", Kind::PlainText),
            (b"{\\rtf1 hello}", "a.doc", Kind::Rtf),
            (b"\x01\x02\x03\x04", "a.bin", Kind::Unknown),
        ];
        for (bytes, name, kind) in cases {
            assert_eq!(identify(bytes, name).kind, *kind, "{name}");
        }
    }

    #[test]
    fn a_wrong_name_is_a_mismatch() {
        let cases: &[(&[u8], &str, Option<Kind>)] = &[
            (b"\x89PNG\r\n\x1a\n", "photo.JPG", Some(Kind::Jpeg)),
            (b"\x89PNG\r\n\x1a\n", "photo.png", None),
            (b"\x89PNG\r\n\x1a\n", "photo", None),
            (b"\x89PNG\r\n\x1a\n", ".png", None),
            (b"plain words", "notes.pdf", Some(Kind::Pdf)),
            (b"plain words", "notes.py", None),
            (b"plain words", "notes.md", None),
        ];
        for (bytes, name, expected) in cases {
            assert_eq!(identify(bytes, name).mismatch, *expected, "{name}");
        }
    }
}
