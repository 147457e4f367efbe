//! The boxes of a file, read for the proof alone (ISO/IEC 15444-1 Annex I).

use crate::prove::profile;
use crate::refusal::Refusal;

/// A box without its header.
#[derive(Clone, Copy)]
pub(super) struct Atom<'a> {
    pub(super) name: [u8; 4],
    pub(super) data: &'a [u8],
}

/// A name, and what a reader takes under it.
type Look<'a> = (&'static str, &'a [u8]);

/// The boxes that decide how a picture looks.
pub(super) const LOOKS: [&[u8; 4]; 7] = [b"ihdr", b"bpcc", b"colr", b"pclr", b"cmap", b"cdef", b"res "];

/// A file, as far as it shows its first picture.
pub(super) struct File<'a> {
    /// `None` for a codestream without container.
    pub(super) header: Option<Header<'a>>,
    pub(super) codestream: &'a [u8],
    /// Whether it is the only one.
    pub(super) is_single: bool,
    /// All boxes of the file.
    pub(super) top: Vec<Atom<'a>>,
    /// What follows them.
    pub(super) behind: &'a [u8],
}

/// Brand and header.
pub(super) struct Header<'a> {
    pub(super) brand: [u8; 4],
    pub(super) children: Vec<Atom<'a>>,
}

impl<'a> File<'a> {
    /// Finds header and codestream.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        if bytes.starts_with(b"\xff\x4f") {
            return Ok(Self { header: None, codestream: bytes, is_single: true, top: Vec::new(), behind: &[] });
        }
        let (top, behind) = atoms(bytes);
        let named = |name: &'static [u8; 4]| top.iter().filter(move |atom| atom.name == *name);
        let missing = |what| move || Refusal::damaged(format!("there is no box {what}"));
        let brand = named(b"ftyp").next().and_then(|atom| atom.data.first_chunk()).ok_or_else(missing("ftyp"))?;
        let header = named(b"jp2h").next().ok_or_else(missing("jp2h"))?;
        let (children, rest) = atoms(header.data);
        if rest.iter().any(|byte| *byte != 0) {
            return Err(Refusal::damaged("the box jp2h is not made of boxes"));
        }
        let codestream = named(b"jp2c").next().ok_or_else(missing("jp2c"))?.data;
        let is_single = named(b"jp2c").count() == 1;
        Ok(Self { header: Some(Header { brand: *brand, children }), codestream, is_single, top, behind })
    }
}

/// The boxes that bytes begin with, and what follows them.
fn atoms(mut bytes: &[u8]) -> (Vec<Atom<'_>>, &[u8]) {
    let mut atoms = Vec::new();
    while let Some((atom, size)) = atom(bytes) {
        let Some(rest) = bytes.get(size..) else { break };
        atoms.push(atom);
        bytes = rest;
    }
    (atoms, bytes)
}

/// The first box and its size with header.
fn atom(bytes: &[u8]) -> Option<(Atom<'_>, usize)> {
    let [s0, s1, s2, s3, name @ ..] = *bytes.first_chunk::<8>()?;
    let (header, size) = match u32::from_be_bytes([s0, s1, s2, s3]) {
        1 => (16, usize::try_from(u64::from_be_bytes(*bytes.get(8..)?.first_chunk()?)).ok()?),
        0 => (8, bytes.len()),
        size => (8, usize::try_from(size).ok()?),
    };
    Some((Atom { name, data: bytes.get(header..size)? }, size))
}

/// What readers take from a box of the header, piece by piece; nothing from one that they cannot use.
pub(super) fn looks<'a>(atom: &Atom<'a>) -> Vec<Look<'a>> {
    let data = atom.data;
    let up_to = |end: Option<usize>| end.and_then(|end| data.get(..end));
    let found = match &atom.name {
        // Without the flags of unknown colour and of intellectual property.
        b"ihdr" => ("ihdr", up_to(Some(12))),
        b"bpcc" => ("bpcc", Some(data)),
        b"cmap" => ("cmap", up_to((data.len() / 4).checked_mul(4))),
        b"cdef" => ("cdef", up_to(number(data, 2).and_then(|count| count.checked_mul(6)?.checked_add(2)))),
        b"pclr" => ("pclr", up_to(palette_end(data))),
        b"colr" => ("colr", colour(data)),
        b"res " => return resolutions(data),
        _ => ("", None),
    };
    let (title, contents) = found;
    contents.map(|contents| (title, contents)).into_iter().collect()
}

fn number(data: &[u8], size: usize) -> Option<usize> {
    Some(data.get(..size)?.iter().fold(0, |number, byte| (number << 8) | usize::from(*byte)))
}

fn palette_end(data: &[u8]) -> Option<usize> {
    let columns = usize::from(*data.get(2)?);
    let mut row = 0_usize;
    for depth in data.get(3..)?.get(..columns)? {
        // Up to eight bits are one byte.
        row = row.checked_add(usize::from(depth & 0x7f) / 8 + 1)?;
    }
    number(data, 2)?.checked_mul(row)?.checked_add(columns)?.checked_add(3)
}

/// The part of a colour specification that a reader can use.
fn colour(data: &[u8]) -> Option<&[u8]> {
    let (method, specification) = (data.first()?, data.get(3..)?);
    match method {
        1 => match (number(specification, 4)?, specification.len()) {
            (14, 32..) => data.get(..35),
            (19, 28..) => data.get(..31),
            (0 | 1 | 3 | 4 | 9 | 11..=26, _) => data.get(..7),
            _ => None,
        },
        2 | 3 => {
            let profile = profile::usable(specification)?;
            data.get(..profile.len().checked_add(3)?)
        }
        5 => data.get(..10),
        _ => None,
    }
}

/// The colour profile of a colour specification.
pub(super) fn profile_in<'a>(atom: &Atom<'a>) -> Option<&'a [u8]> {
    let is_profile = atom.name == *b"colr" && matches!(atom.data.first(), Some(2 | 3));
    atom.data.get(3..).filter(|_| is_profile).and_then(profile::usable)
}

/// Resolution of capture and of display.
fn resolutions(data: &[u8]) -> Vec<Look<'_>> {
    let mut found: Vec<Look<'_>> = Vec::new();
    for atom in atoms(data).0 {
        let title = match &atom.name {
            b"resc" => "resc",
            b"resd" => "resd",
            _ => continue,
        };
        if let Some(contents) = atom.data.get(..10)
            && found.iter().all(|(other, _)| *other != title)
        {
            found.push((title, contents));
        }
    }
    found
}
