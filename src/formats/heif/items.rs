//! The `meta` box as its items: what they are, where their bytes lie, how they look and what they refer to
//! (ISO/IEC 14496-12, section 8.11; ISO/IEC 23008-12, section 9.3).

use std::collections::BTreeMap;

use crate::formats::bmff::{BmffBox, Fields, children};
use crate::refusal::Refusal;

/// Items of one file; the largest grids have some thousands of tiles.
const MOST_ITEMS: usize = 65_535;
/// Extents and references of one file.
const MOST_PARTS: usize = 1_000_000;

/// An item.
#[derive(Default)]
pub(super) struct Item<'a> {
    /// Its type, such as `hvc1`, `grid`, `Exif`.
    pub(super) kind: [u8; 4],
    /// Not to be shown by itself.
    pub(super) hidden: bool,
    pub(super) protected: bool,
    pub(super) name: &'a [u8],
    /// Media type of a `mime` item.
    pub(super) content_type: &'a [u8],
    /// Essential or not, and the place among the properties, from 0.
    pub(super) properties: Vec<(bool, usize)>,
    pub(super) location: Location,
}

/// Where the bytes of an item lie.
#[derive(Default)]
pub(super) struct Location {
    /// 0: in the file; 1: in `idat`; 2: in another item.
    pub(super) construction: u32,
    /// Not 0 when they lie in another file.
    pub(super) data_reference: u32,
    /// Offset and size.
    pub(super) extents: Vec<(usize, usize)>,
}

impl Location {
    /// The sum of the extents.
    pub(super) fn size(&self) -> usize {
        self.extents.iter().fold(0, |sum, (_, size)| sum.saturating_add(*size))
    }
}

/// A reference of an item to others.
pub(super) struct Reference {
    pub(super) kind: [u8; 4],
    pub(super) from: u32,
    pub(super) to: Vec<u32>,
}

/// The contents of `meta`.
#[derive(Default)]
pub(super) struct Meta<'a> {
    pub(super) primary: Option<u32>,
    pub(super) items: BTreeMap<u32, Item<'a>>,
    pub(super) properties: Vec<BmffBox<'a>>,
    pub(super) references: Vec<Reference>,
    pub(super) idat: &'a [u8],
    pub(super) handler_name: &'a [u8],
    /// Boxes that have no use here.
    pub(super) others: Vec<BmffBox<'a>>,
}

impl<'a> Meta<'a> {
    /// Reads the box.
    ///
    /// # Errors
    /// [`crate::Reason::Damaged`] when a table is broken or says two things of one item.
    pub(super) fn read(meta: &BmffBox<'a>) -> Result<Self, Refusal> {
        let mut fields = meta.fields();
        let (version, _) = fields.version()?;
        if version != 0 {
            return Err(Refusal::unsupported("the meta box has a version that is not known"));
        }
        let boxes = children(fields.0, meta.start.saturating_add(4))?;
        let mut read = Self::default();
        let mut seen: Vec<[u8; 4]> = Vec::new();
        let mut tables: Vec<BmffBox<'a>> = Vec::new();
        for found in boxes {
            match &found.name {
                b"hdlr" | b"pitm" | b"iinf" | b"iref" | b"iprp" | b"iloc" | b"idat" => {
                    if seen.contains(&found.name) {
                        return Err(Refusal::damaged(format!("there are two boxes {}", found.title())));
                    }
                    seen.push(found.name);
                    tables.push(found);
                }
                _ => read.others.push(found),
            }
        }
        // The item list comes first, whatever the order in the file.
        for name in [b"hdlr", b"iinf", b"pitm", b"idat", b"iprp", b"iref", b"iloc"] {
            let Some(found) = tables.iter().find(|found| found.name == *name) else { continue };
            match name {
                b"hdlr" => read.handler(found)?,
                b"iinf" => read.infos(found)?,
                b"pitm" => {
                    let mut fields = found.fields();
                    let (version, _) = fields.version()?;
                    read.primary = Some(fields.small(if version == 0 { 2 } else { 4 })?);
                }
                b"idat" => read.idat = found.data,
                b"iprp" => read.properties(found)?,
                b"iref" => read.references(found)?,
                _ => read.locations(found)?,
            }
        }
        if !seen.contains(b"hdlr") {
            return Err(Refusal::damaged("the meta box has no handler"));
        }
        Ok(read)
    }

    fn handler(&mut self, found: &BmffBox<'a>) -> Result<(), Refusal> {
        let mut fields = found.fields();
        fields.take(8)?;
        if &fields.name()? != b"pict" {
            return Err(Refusal::unsupported("the meta box is not about pictures"));
        }
        fields.take(12)?;
        // Some writers put the size of the name before it; whatever is there is dropped.
        self.handler_name = fields.0;
        Ok(())
    }

    fn infos(&mut self, found: &BmffBox<'a>) -> Result<(), Refusal> {
        let mut fields = found.fields();
        let (version, _) = fields.version()?;
        fields.take(if version == 0 { 2 } else { 4 })?;
        let start = found.start.saturating_add(found.data.len().saturating_sub(fields.0.len()));
        for info in children(fields.0, start)? {
            let mut fields = info.fields();
            let (version, flags) = fields.version()?;
            let (b"infe", 2 | 3) = (&info.name, version) else {
                return Err(Refusal::unsupported("the items are listed in a version that is not known"));
            };
            let id = fields.small(if version == 2 { 2 } else { 4 })?;
            let protected = fields.small(2)? != 0;
            let mut item = Item { kind: fields.name()?, hidden: flags & 1 == 1, protected, ..Item::default() };
            item.name = fields.text();
            item.content_type = if &item.kind == b"mime" { fields.text() } else { &[] };
            if self.items.insert(id, item).is_some() || self.items.len() > MOST_ITEMS {
                return Err(Refusal::damaged("two items have one number, or there are too many"));
            }
        }
        Ok(())
    }

    fn properties(&mut self, found: &BmffBox<'a>) -> Result<(), Refusal> {
        let boxes = children(found.data, found.start)?;
        let mut associated: Vec<u32> = Vec::new();
        for (place, found) in boxes.iter().enumerate() {
            match &found.name {
                b"ipco" if place == 0 => self.properties = children(found.data, found.start)?,
                b"ipma" => self.associations(found, &mut associated)?,
                _ => return Err(Refusal::damaged(format!("a box {} among the properties", found.title()))),
            }
        }
        associated.sort_unstable();
        if associated.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
            return Err(Refusal::damaged("the properties of an item are listed twice"));
        }
        Ok(())
    }

    fn associations(&mut self, found: &BmffBox<'a>, associated: &mut Vec<u32>) -> Result<(), Refusal> {
        let mut fields = found.fields();
        let (version, flags) = fields.version()?;
        for _ in 0..fields.small(4)? {
            let id = fields.small(if version == 0 { 2 } else { 4 })?;
            associated.push(id);
            let mut properties = Vec::new();
            for _ in 0..fields.small(1)? {
                let (essential, index) = if flags & 1 == 1 {
                    let value = fields.small(2)?;
                    (value & 0x8000 != 0, value & 0x7fff)
                } else {
                    let value = fields.small(1)?;
                    (value & 0x80 != 0, value & 0x7f)
                };
                // 0 stands for no property.
                let Some(place) = index.checked_sub(1).and_then(|place| usize::try_from(place).ok()) else { continue };
                if place >= self.properties.len() {
                    return Err(Refusal::damaged("an item has a property that is not there"));
                }
                properties.push((essential, place));
            }
            if let Some(item) = self.items.get_mut(&id) {
                item.properties = properties;
            }
        }
        Ok(())
    }

    fn references(&mut self, found: &BmffBox<'a>) -> Result<(), Refusal> {
        let mut fields = found.fields();
        let (version, _) = fields.version()?;
        let size = if version == 0 { 2 } else { 4 };
        let mut parts = 0_usize;
        for reference in children(fields.0, found.start.saturating_add(4))? {
            let mut fields = reference.fields();
            let from = fields.small(size)?;
            let count = fields.small(2)?;
            let to = (0..count).map(|_| fields.small(size)).collect::<Result<Vec<u32>, Refusal>>()?;
            parts = parts.saturating_add(to.len());
            if parts > MOST_PARTS {
                return Err(Refusal::damaged("too many references"));
            }
            self.references.push(Reference { kind: reference.name, from, to });
        }
        Ok(())
    }

    fn locations(&mut self, found: &BmffBox<'a>) -> Result<(), Refusal> {
        let mut fields = found.fields();
        let (version, _) = fields.version()?;
        let sizes = fields.small(2)?;
        let nibble = |shift: u32| usize::try_from((sizes >> shift) & 15).unwrap_or_default();
        let (offset_size, length_size, base_size) = (nibble(12), nibble(8), nibble(4));
        let index_size = if version == 0 { 0 } else { nibble(0) };
        if version > 2 || [offset_size, length_size, base_size, index_size].iter().any(|size| ![0, 4, 8].contains(size))
        {
            return Err(Refusal::damaged("the table of places is not valid"));
        }
        let wide = if version < 2 { 2 } else { 4 };
        let mut parts = 0_usize;
        let mut seen: Vec<u32> = Vec::new();
        for _ in 0..fields.small(wide)? {
            let id = fields.small(wide)?;
            seen.push(id);
            let construction = if version == 0 { 0 } else { fields.small(2)? & 15 };
            let data_reference = fields.small(2)?;
            let base = fields.number(base_size)?;
            let count = fields.small(2)?;
            let mut location = Location { construction, data_reference, extents: Vec::new() };
            for _ in 0..count {
                location.extents.push(extent(&mut fields, index_size, offset_size, length_size, base)?);
                parts = parts.saturating_add(1);
                if parts > MOST_PARTS {
                    return Err(Refusal::damaged("too many extents"));
                }
            }
            if let Some(item) = self.items.get_mut(&id) {
                item.location = location;
            }
        }
        seen.sort_unstable();
        if seen.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
            return Err(Refusal::damaged("the place of an item is listed twice"));
        }
        Ok(())
    }
}

fn extent(
    fields: &mut Fields<'_>,
    index_size: usize,
    offset_size: usize,
    length_size: usize,
    base: u64,
) -> Result<(usize, usize), Refusal> {
    fields.number(index_size)?;
    let offset = fields.number(offset_size)?;
    let length = fields.number(length_size)?;
    let start = base.checked_add(offset).and_then(|start| usize::try_from(start).ok());
    start.zip(usize::try_from(length).ok()).ok_or_else(|| Refusal::damaged("an extent lies nowhere"))
}
