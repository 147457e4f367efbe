//! An Office file as a password leaves it: a compound file with `EncryptionInfo` and `EncryptedPackage` (MS-CFB, MS-OFFCRYPTO).

use anyhow::Result;

const SECTOR: usize = 512;
const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;
const TABLE: u32 = 0xFFFF_FFFD;
/// Streams of fewer bytes would have to lie in the mini stream; ours are longer.
const STREAM: usize = 4096;

/// A locked document. Its content is noise: nobody has the password.
pub(crate) fn locked_office_file() -> Result<Vec<u8>> {
    let sectors_each = u32::try_from(STREAM / SECTOR)?;
    let mut info = vec![4, 0, 4, 0, 0x40, 0, 0, 0]; // agile encryption
    info.extend(br#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><encryption xmlns="http://schemas.microsoft.com/office/2006/encryption"/>"#);
    info.resize(STREAM, b' ');
    let package = super::text::noise(STREAM, 0x5EED);

    // Sector 0: allocation table. Sector 1: directory. Then the two streams.
    let mut table = vec![TABLE, END_OF_CHAIN];
    for first in [2, 2 + sectors_each] {
        table.extend((first + 1..first + sectors_each).chain([END_OF_CHAIN]));
    }
    table.resize(SECTOR / 4, FREE);

    let mut out = header();
    out.extend(table.iter().flat_map(|entry| entry.to_le_bytes()));
    out.extend(entry("Root Entry", 5, 1, FREE, END_OF_CHAIN, 0)?);
    out.extend(entry("EncryptionInfo", 2, FREE, 2, 2, STREAM)?);
    out.extend(entry("EncryptedPackage", 2, FREE, FREE, 2 + sectors_each, STREAM)?);
    out.extend(entry("", 0, FREE, FREE, 0, 0)?);
    out.extend(info);
    out.extend(package);
    Ok(out)
}

/// The header sector of a version 3 file with one sector of allocation table.
fn header() -> Vec<u8> {
    let mut header = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    header.resize(24, 0); // no class id
    for value in [0x3Eu16, 3, 0xFFFE, 9, 6] {
        header.extend(value.to_le_bytes()); // versions, byte order, sector sizes as powers of two
    }
    header.resize(44, 0);
    let fields = [1, 1, 0, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0, 0];
    header.extend(fields.iter().flat_map(|field: &u32| field.to_le_bytes()));
    header.resize(SECTOR, 0xFF);
    header
}

/// A directory entry: name, type (5 root, 2 stream, 0 unused), child, right sibling, first sector and size.
fn entry(name: &str, kind: u8, child: u32, right: u32, first: u32, size: usize) -> Result<Vec<u8>> {
    let mut out: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = if name.is_empty() { 0 } else { out.len() + 2 };
    out.resize(64, 0);
    out.extend(u16::try_from(length)?.to_le_bytes());
    out.extend([kind, 1]); // black
    for link in [FREE, right, child] {
        out.extend(link.to_le_bytes());
    }
    out.resize(116, 0);
    out.extend(first.to_le_bytes());
    out.extend(u64::try_from(size)?.to_le_bytes());
    Ok(out)
}
