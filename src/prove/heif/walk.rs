//! A reader of the item tables, of the prover's own: it looks values up when they are asked for and keeps no tables.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::movie::Movie;
use super::units;
use crate::refusal::Refusal;

/// Brands of files that are image sequences.
const SEQUENCES: [&[u8]; 7] = [b"avis", b"hevc", b"hevx", b"hevm", b"hevs", b"msf1", b"avcs"];

/// A box: its type, and where its contents lie in the file.
#[derive(Debug, Clone)]
pub(super) struct Atom {
    pub(super) name: [u8; 4],
    pub(super) contents: Range<usize>,
}

/// An item of `iinf` with what the other tables say of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Item {
    pub(super) kind: [u8; 4],
    pub(super) flags: u64,
    pub(super) protection: u64,
    /// Bytes behind the type: names.
    pub(super) texts: Vec<u8>,
    /// As `ipma` has them: essential, index from 1.
    pub(super) properties: Vec<(bool, usize)>,
    /// 0 for the file, 1 for `idat`.
    pub(super) construction: u64,
    pub(super) data_reference: u64,
    /// Where its bytes lie in the file.
    pub(super) extents: Vec<Range<usize>>,
}

/// A file as its boxes and items.
pub(super) struct File<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) top: Vec<Atom>,
    /// The boxes of `meta`.
    pub(super) meta: Vec<Atom>,
    pub(super) primary: Option<u64>,
    pub(super) items: BTreeMap<u64, Item>,
    pub(super) properties: Vec<Atom>,
    /// Type, from, to.
    pub(super) references: Vec<([u8; 4], u64, Vec<u64>)>,
    /// The image sequence, when the major brand says that the file is one.
    pub(super) movie: Option<Movie<'a>>,
    /// Where the boxes of the file end.
    pub(super) end: usize,
}

pub(super) fn broken() -> Refusal {
    Refusal::damaged("a table of the file is broken")
}

/// Reads numbers one behind the other; what is missing makes the whole read fail at the end.
pub(super) struct Numbers<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Numbers<'a> {
    /// The numbers of a box.
    pub(super) fn of(bytes: &'a [u8], atom: &Atom) -> Self {
        Self { bytes: bytes.get(..atom.contents.end).unwrap_or_default(), at: atom.contents.start }
    }

    /// Goes past some bytes and returns them.
    pub(super) fn skip(&mut self, size: usize) -> Result<&'a [u8], Refusal> {
        let end = self.at.checked_add(size).ok_or_else(broken)?;
        let bytes = self.bytes.get(self.at..end).ok_or_else(broken)?;
        self.at = end;
        Ok(bytes)
    }

    pub(super) fn next(&mut self, size: usize) -> Result<u64, Refusal> {
        Ok(self.skip(size)?.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }
}

/// The boxes in a range of the file, and where they end.
pub(super) fn atoms(bytes: &[u8], range: Range<usize>) -> (Vec<Atom>, usize) {
    let mut found = Vec::new();
    let mut at = range.start;
    loop {
        let mut numbers = Numbers { bytes: bytes.get(..range.end).unwrap_or_default(), at };
        let head = numbers.next(4).and_then(|size| Ok((size, numbers.next(4)?)));
        let Ok((size, name)) = head else { return (found, at) };
        let size = match size {
            0 => range.end.saturating_sub(at) as u64,
            1 => numbers.next(8).unwrap_or_default(),
            size => size,
        };
        let end = usize::try_from(size).ok().and_then(|size| at.checked_add(size));
        let Some(end) = end.filter(|end| *end >= numbers.at && *end <= range.end) else { return (found, at) };
        let [.., n3, n2, n1, n0] = name.to_be_bytes();
        found.push(Atom { name: [n3, n2, n1, n0], contents: numbers.at..end });
        at = end;
    }
}

impl<'a> File<'a> {
    /// Reads the tables of a file.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when one is broken.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let (top, end) = atoms(bytes, 0..bytes.len());
        let find = |name: &[u8; 4]| top.iter().find(|atom| &atom.name == name);
        let sequence = bytes.get(8..12).is_some_and(|major| SEQUENCES.contains(&major));
        let movie = find(b"moov").filter(|_| sequence).map(|moov| Movie::read(bytes, moov)).transpose()?;
        let meta = match (find(b"meta"), &movie) {
            (Some(meta), _) => atoms(bytes, meta.contents.start.saturating_add(4)..meta.contents.end).0,
            (None, Some(_)) => Vec::new(),
            (None, None) => return Err(broken()),
        };
        let (items, properties, references) = (BTreeMap::new(), Vec::new(), Vec::new());
        let mut file = Self { bytes, top, meta, primary: None, items, properties, references, movie, end };
        file.read_infos()?;
        file.read_places()?;
        file.read_properties()?;
        file.read_references()?;
        if let Some((version, mut numbers)) = file.table(b"pitm")? {
            file.primary = Some(numbers.next(if version == 0 { 2 } else { 4 })?);
        }
        Ok(file)
    }

    /// The contents of a box.
    pub(super) fn contents(&self, atom: &Atom) -> &'a [u8] {
        self.bytes.get(atom.contents.clone()).unwrap_or_default()
    }

    fn find(&self, name: &[u8; 4]) -> Option<&Atom> {
        self.meta.iter().find(|atom| &atom.name == name)
    }

    /// Version and the rest of a table of `meta`.
    fn table(&self, name: &[u8; 4]) -> Result<Option<(u64, Numbers<'a>)>, Refusal> {
        let Some(atom) = self.find(name) else { return Ok(None) };
        let mut numbers = self.numbers(atom);
        let version = numbers.next(1)?;
        numbers.next(3)?;
        Ok(Some((version, numbers)))
    }

    fn numbers(&self, atom: &Atom) -> Numbers<'a> {
        Numbers::of(self.bytes, atom)
    }

    fn read_infos(&mut self) -> Result<(), Refusal> {
        let Some((version, mut numbers)) = self.table(b"iinf")? else { return Ok(()) };
        numbers.next(if version == 0 { 2 } else { 4 })?;
        let (infos, _) = atoms(self.bytes, numbers.at..numbers.bytes.len());
        for atom in infos {
            let mut numbers = self.numbers(&atom);
            let version = numbers.next(1)?;
            let flags = numbers.next(3)?;
            let id = numbers.next(if version < 3 { 2 } else { 4 })?;
            let protection = numbers.next(2)?;
            let [.., k3, k2, k1, k0] = numbers.next(4)?.to_be_bytes();
            let texts = numbers.bytes.get(numbers.at..).unwrap_or_default().to_vec();
            let item = Item { kind: [k3, k2, k1, k0], flags, protection, texts, ..Item::default() };
            self.items.insert(id, item);
        }
        Ok(())
    }

    fn read_places(&mut self) -> Result<(), Refusal> {
        let Some((version, mut numbers)) = self.table(b"iloc")? else { return Ok(()) };
        let idat = self.find(b"idat").map_or(0, |atom| atom.contents.start);
        let sizes = numbers.next(2)?;
        let part = |shift: u32| usize::try_from(sizes >> shift & 15).unwrap_or_default();
        let number = if version == 2 { 4 } else { 2 };
        for _ in 0..numbers.next(number)? {
            let id = numbers.next(number)?;
            let construction = if version > 0 { numbers.next(2)? & 15 } else { 0 };
            let data_reference = numbers.next(2)?;
            let base = numbers.next(part(4))?;
            let from = if construction == 1 { idat } else { 0 };
            let mut extents = Vec::new();
            for _ in 0..numbers.next(2)? {
                numbers.next(if version > 0 { part(0) } else { 0 })?;
                let offset = numbers.next(part(12))?.checked_add(base).and_then(|at| usize::try_from(at).ok());
                let start = offset.and_then(|offset| offset.checked_add(from)).ok_or_else(broken)?;
                let size = usize::try_from(numbers.next(part(8))?).map_err(|_| broken())?;
                extents.push(start..start.checked_add(size).ok_or_else(broken)?);
            }
            if let Some(item) = self.items.get_mut(&id) {
                item.construction = construction;
                item.data_reference = data_reference;
                item.extents = extents;
            }
        }
        Ok(())
    }

    fn read_properties(&mut self) -> Result<(), Refusal> {
        let Some(all) = self.find(b"iprp") else { return Ok(()) };
        let (parts, _) = atoms(self.bytes, all.contents.clone());
        for atom in parts {
            if &atom.name == b"ipco" {
                self.properties = atoms(self.bytes, atom.contents).0;
                continue;
            }
            let mut numbers = self.numbers(&atom);
            let version = numbers.next(1)?;
            let long = numbers.next(3)? & 1 == 1;
            for _ in 0..numbers.next(4)? {
                let id = numbers.next(if version == 0 { 2 } else { 4 })?;
                let mut listed = Vec::new();
                for _ in 0..numbers.next(1)? {
                    let value = numbers.next(if long { 2 } else { 1 })?;
                    let top = if long { 0x8000 } else { 0x80 };
                    listed.push((value & top != 0, usize::try_from(value & !top).map_err(|_| broken())?));
                }
                if let Some(item) = self.items.get_mut(&id) {
                    item.properties = listed;
                }
            }
        }
        Ok(())
    }

    fn read_references(&mut self) -> Result<(), Refusal> {
        let Some((version, numbers)) = self.table(b"iref")? else { return Ok(()) };
        let size = if version == 0 { 2 } else { 4 };
        for atom in atoms(self.bytes, numbers.at..numbers.bytes.len()).0 {
            let mut numbers = self.numbers(&atom);
            let from = numbers.next(size)?;
            let count = numbers.next(2)?;
            let to = (0..count).map(|_| numbers.next(size)).collect::<Result<Vec<u64>, Refusal>>()?;
            self.references.push((atom.name, from, to));
        }
        Ok(())
    }

    /// The properties of an item in order: essential, box.
    pub(super) fn properties_of(&self, item: &Item) -> impl Iterator<Item = (bool, &Atom)> {
        item.properties
            .iter()
            .filter_map(|(essential, index)| self.properties.get(index.checked_sub(1)?).map(|atom| (*essential, atom)))
    }

    /// Hands over what a decoder takes from the bytes of an item; returns how many bytes it ignores.
    pub(super) fn coded(&self, item: &Item, take: &mut units::Take<'_>) -> Result<usize, Refusal> {
        let bytes = self.item_bytes(item)?;
        let Some(name) = units::config_of(item.kind) else {
            take(&bytes);
            return Ok(0);
        };
        let config = self.properties_of(item).find(|(_, property)| &property.name == name).ok_or_else(broken)?.1;
        units::picture(item.kind, self.contents(config), &bytes, take)
    }

    /// The bytes of an item.
    pub(super) fn item_bytes(&self, item: &Item) -> Result<Cow<'a, [u8]>, Refusal> {
        let piece = |extent: &Range<usize>| self.bytes.get(extent.clone()).ok_or_else(broken);
        match item.extents.as_slice() {
            [one] => piece(one).map(Cow::Borrowed),
            more => more.iter().map(piece).collect::<Result<Vec<_>, _>>().map(|pieces| Cow::Owned(pieces.concat())),
        }
    }
}
