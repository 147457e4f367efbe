//! A PNG chart with text chunks, EXIF, a time and bytes behind its end (PNG, third edition, sections 5 and 11.3).

use std::io::Write as _;

use anyhow::{Context as _, Result};
use flate2::{Compression, write::ZlibEncoder};
use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};

use super::tiff::{Exif, Value, block};
use super::{picture, story, xmp};

/// Length of signature and header chunk.
const HEAD: usize = 8 + 25;

/// The traffic chart, as an office program exports it.
pub(crate) fn chart() -> Result<Vec<u8>> {
    let drawn = picture::chart();
    let mut plain = Vec::new();
    PngEncoder::new(&mut plain).write_image(&drawn, drawn.width(), drawn.height(), ExtendedColorType::Rgb8)?;
    let (head, body) = plain.split_at_checked(HEAD).context("no header")?;

    let exif = block(Exif {
        main: vec![(0x0131, Value::text("Example Charts 3")), (0x013B, Value::text(story::AUTHOR))],
        photo: vec![(0xA430, Value::text(story::AUTHOR))],
        gps: vec![(0x0001, Value::text("S"))],
        thumbnail: picture::jpeg(&picture::harbour(40, 30, true), 60)?,
    })?;
    let mut compressed = ZlibEncoder::new(Vec::new(), Compression::default());
    compressed.write_all(format!("{}ships.xlsx", story::FILE_SERVER).as_bytes())?;
    let compressed = compressed.finish()?;

    let mut out = head.to_vec();
    chunk(&mut out, b"pHYs", &[&2835u32.to_be_bytes()[..], &2835u32.to_be_bytes(), &[1]].concat())?;
    chunk(&mut out, b"tEXt", format!("Author\0{}", story::AUTHOR).as_bytes())?;
    chunk(&mut out, b"tEXt", b"Software\0Example Charts 3")?;
    chunk(&mut out, b"zTXt", &[b"Source\0\0", compressed.as_slice()].concat())?;
    let packet = xmp::packet("Ships per month", "Example Charts 3");
    chunk(&mut out, b"iTXt", format!("XML:com.adobe.xmp\0\0\0\0\0{packet}").as_bytes())?;
    chunk(&mut out, b"eXIf", &exif)?;
    chunk(&mut out, b"tIME", &[&2024u16.to_be_bytes()[..], &[5, 2, 17, 45, 0]].concat())?;
    out.extend(body);
    out.extend(format!("left behind the end: {}", story::REVIEWER).bytes());
    Ok(out)
}

/// Appends one chunk with its check value.
fn chunk(out: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) -> Result<()> {
    out.extend(u32::try_from(data.len())?.to_be_bytes());
    let checked = [name.as_slice(), data].concat();
    out.extend(&checked);
    out.extend(crc32fast::hash(&checked).to_be_bytes());
    Ok(())
}
