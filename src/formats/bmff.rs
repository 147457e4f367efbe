//! A file as the boxes that it is made of (ISO/IEC 14496-12, section 4.2), and the numbers in them: HEIF, JPEG 2000, JPEG XL.

use crate::refusal::Refusal;

/// Boxes in one container; real files have a few hundred.
const MOST_BOXES: usize = 100_000;

/// One box.
#[derive(Debug, Clone, Copy)]
pub(in crate::formats) struct BmffBox<'a> {
    /// Its type.
    pub(in crate::formats) name: [u8; 4],
    /// What follows its header.
    pub(in crate::formats) data: &'a [u8],
    /// Where that begins in the file.
    pub(in crate::formats) start: usize,
    /// Size with the header.
    pub(in crate::formats) size: usize,
}

impl<'a> BmffBox<'a> {
    /// The type for people.
    pub(in crate::formats) fn title(&self) -> String {
        title(self.name)
    }

    /// The contents as fields.
    pub(in crate::formats) fn fields(&self) -> Fields<'a> {
        Fields(self.data)
    }
}

/// A type of four characters for people; what is no letter or digit is made visible.
pub(in crate::formats) fn title(name: [u8; 4]) -> String {
    // 0xa9 begins the names of user data.
    let shown = |byte: u8| match byte {
        b' ' | 0xa9 => char::from(byte),
        byte if byte.is_ascii_alphanumeric() => char::from(byte),
        _ => '?',
    };
    name.iter().map(|byte| shown(*byte)).collect::<String>().trim_end().to_owned()
}

/// The boxes in `data`, which begins at `start` in the file.
///
/// # Errors
/// [`crate::Reason::Damaged`] when a box ends behind its container.
pub(in crate::formats) fn children(data: &[u8], start: usize) -> Result<Vec<BmffBox<'_>>, Refusal> {
    let (boxes, rest) = split(data, start)?;
    // Some writers end a container with a zero word.
    if rest.iter().any(|byte| *byte != 0) || rest.len() >= 8 {
        return Err(Refusal::damaged("a box is larger than the one that it lies in"));
    }
    Ok(boxes)
}

/// The boxes in `data`, and what follows them that is no box.
///
/// # Errors
/// [`crate::Reason::Damaged`] when there are too many.
pub(in crate::formats) fn split(data: &[u8], start: usize) -> Result<(Vec<BmffBox<'_>>, &[u8]), Refusal> {
    let mut boxes = Vec::new();
    let (mut rest, mut at) = (data, start);
    while let Some((found, behind)) = first(rest, at) {
        boxes.push(found);
        if boxes.len() > MOST_BOXES {
            return Err(Refusal::damaged(format!("more than {MOST_BOXES} boxes")));
        }
        at = at.saturating_add(found.size);
        rest = behind;
    }
    Ok((boxes, rest))
}

/// The box that begins `data`, and what follows it.
fn first(data: &[u8], start: usize) -> Option<(BmffBox<'_>, &[u8])> {
    let (size, rest) = data.split_first_chunk::<4>()?;
    let (name, rest) = rest.split_first_chunk::<4>()?;
    let (header, size) = match u32::from_be_bytes(*size) {
        // Up to the end of what it lies in.
        0 => (8, data.len()),
        1 => (16, usize::try_from(u64::from_be_bytes(*rest.first_chunk::<8>()?)).ok()?),
        size => (8, usize::try_from(size).ok()?),
    };
    let (whole, behind) = data.split_at_checked(size)?;
    let contents = whole.get(header..)?;
    Some((BmffBox { name: *name, data: contents, start: start.checked_add(header)?, size }, behind))
}

/// The fields of a box, read one after the other.
#[derive(Clone, Copy)]
pub(in crate::formats) struct Fields<'a>(pub(in crate::formats) &'a [u8]);

impl<'a> Fields<'a> {
    /// The next `size` bytes.
    pub(in crate::formats) fn take(&mut self, size: usize) -> Result<&'a [u8], Refusal> {
        let (taken, rest) =
            self.0.split_at_checked(size).ok_or_else(|| Refusal::damaged("a box is shorter than its fields"))?;
        self.0 = rest;
        Ok(taken)
    }

    /// The next number of `size` bytes, at most 8; no bytes are 0.
    pub(in crate::formats) fn number(&mut self, size: usize) -> Result<u64, Refusal> {
        Ok(self.take(size)?.iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte)))
    }

    /// The next number of 1, 2 or 4 bytes.
    pub(in crate::formats) fn small(&mut self, size: usize) -> Result<u32, Refusal> {
        u32::try_from(self.number(size)?).map_err(|_| Refusal::damaged("a number is too large"))
    }

    /// The next four characters.
    pub(in crate::formats) fn name(&mut self) -> Result<[u8; 4], Refusal> {
        Ok(self.small(4)?.to_be_bytes())
    }

    /// Version and flags of a full box.
    pub(in crate::formats) fn version(&mut self) -> Result<(u32, u32), Refusal> {
        Ok((self.small(1)?, self.small(3)?))
    }

    /// The next text, which ends with a zero byte or with the box.
    pub(in crate::formats) fn text(&mut self) -> &'a [u8] {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        let (text, rest) = self.0.split_at_checked(end).unwrap_or_default();
        self.0 = rest.get(1..).unwrap_or_default();
        text
    }
}

/// A box made of its contents.
///
/// # Errors
/// [`crate::Reason::Unsupported`] when it takes more than 4 GiB.
pub(in crate::formats) fn make(name: &[u8; 4], parts: &[&[u8]]) -> Result<Vec<u8>, Refusal> {
    let size = parts.iter().fold(8_usize, |size, part| size.saturating_add(part.len()));
    let mut made = Vec::with_capacity(size);
    made.extend(word(size)?);
    made.extend(name);
    parts.iter().for_each(|part| made.extend_from_slice(part));
    Ok(made)
}

/// A number of four bytes.
///
/// # Errors
/// [`crate::Reason::Unsupported`] when it needs more.
pub(in crate::formats) fn word(number: usize) -> Result<[u8; 4], Refusal> {
    u32::try_from(number).map(u32::to_be_bytes).map_err(|_| Refusal::unsupported("it needs sizes beyond 4 GiB"))
}

/// A number of two bytes.
///
/// # Errors
/// [`crate::Reason::Unsupported`] when it needs more.
pub(in crate::formats) fn half(number: usize) -> Result<[u8; 2], Refusal> {
    u16::try_from(number).map(u16::to_be_bytes).map_err(|_| Refusal::unsupported("it has more than 65535 parts"))
}
