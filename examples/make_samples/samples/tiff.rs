//! EXIF blocks: little-endian TIFF directories (TIFF 6.0, section 2; Exif 2.32, section 4.6).

use anyhow::Result;

/// The value of a tag, in the field types that EXIF uses.
pub(crate) enum Value {
    Byte(Vec<u8>),
    Ascii(String),
    Short(u16),
    Long(u32),
    Rational(Vec<(u32, u32)>),
    Undefined(Vec<u8>),
}

impl Value {
    pub(crate) fn text(text: &str) -> Self {
        Self::Ascii(text.to_owned())
    }

    fn field_type(&self) -> u16 {
        match self {
            Self::Byte(_) => 1,
            Self::Ascii(_) => 2,
            Self::Short(_) => 3,
            Self::Long(_) => 4,
            Self::Rational(_) => 5,
            Self::Undefined(_) => 7,
        }
    }

    fn count(&self) -> usize {
        match self {
            Self::Byte(bytes) | Self::Undefined(bytes) => bytes.len(),
            Self::Ascii(text) => text.len() + 1,
            Self::Short(_) | Self::Long(_) => 1,
            Self::Rational(values) => values.len(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Byte(bytes) | Self::Undefined(bytes) => bytes.clone(),
            Self::Ascii(text) => [text.as_bytes(), b"\0"].concat(),
            Self::Short(value) => value.to_le_bytes().to_vec(),
            Self::Long(value) => value.to_le_bytes().to_vec(),
            Self::Rational(values) => {
                values.iter().flat_map(|(a, b)| [a.to_le_bytes(), b.to_le_bytes()].concat()).collect()
            }
        }
    }
}

/// An image file directory: tags with their values, in ascending order.
pub(crate) type Directory = Vec<(u16, Value)>;

/// The directories of an EXIF block; pointers between them are filled in by [`block`].
pub(crate) struct Exif {
    pub(crate) main: Directory,
    pub(crate) photo: Directory,
    pub(crate) gps: Directory,
    pub(crate) thumbnail: Vec<u8>,
}

/// A TIFF file that holds the directories and the thumbnail.
pub(crate) fn block(exif: Exif) -> Result<Vec<u8>> {
    let Exif { mut main, photo, gps, thumbnail } = exif;
    main.push((0x8769, Value::Long(0))); // the two pointers, so that sizes are right; filled in below
    main.push((0x8825, Value::Long(0)));
    let mut preview: Directory = vec![
        (0x0103, Value::Short(6)),
        (0x0201, Value::Long(0)),
        (0x0202, Value::Long(u32::try_from(thumbnail.len())?)),
    ];

    let photo_at = 8 + size(&main);
    let gps_at = photo_at + size(&photo);
    let preview_at = gps_at + size(&gps);
    let thumbnail_at = preview_at + size(&preview);
    set(&mut main, 0x8769, photo_at)?;
    set(&mut main, 0x8825, gps_at)?;
    set(&mut preview, 0x0201, thumbnail_at)?;

    let mut out = b"II*\0\x08\0\0\0".to_vec();
    write(&mut out, &main, preview_at)?;
    write(&mut out, &photo, 0)?;
    write(&mut out, &gps, 0)?;
    write(&mut out, &preview, 0)?;
    out.extend(thumbnail);
    Ok(out)
}

/// Entry count, entries and pointer to the next directory, then the values that do not fit into their entry.
fn size(directory: &Directory) -> usize {
    6 + directory.iter().map(|(_, value)| 12 + outside(value)).sum::<usize>()
}

fn outside(value: &Value) -> usize {
    match value.bytes().len() {
        0..=4 => 0,
        length => length.next_multiple_of(2),
    }
}

fn set(directory: &mut Directory, tag: u16, offset: usize) -> Result<()> {
    for (_, value) in directory.iter_mut().filter(|(found, _)| *found == tag) {
        *value = Value::Long(u32::try_from(offset)?);
    }
    Ok(())
}

fn write(out: &mut Vec<u8>, directory: &Directory, next: usize) -> Result<()> {
    out.extend(u16::try_from(directory.len())?.to_le_bytes());
    let mut values_at = out.len() + 12 * directory.len() + 4;
    let mut values = Vec::new();
    for (tag, value) in directory {
        out.extend(tag.to_le_bytes());
        out.extend(value.field_type().to_le_bytes());
        out.extend(u32::try_from(value.count())?.to_le_bytes());
        let mut bytes = value.bytes();
        if outside(value) == 0 {
            bytes.resize(4, 0);
            out.extend(bytes);
        } else {
            out.extend(u32::try_from(values_at)?.to_le_bytes());
            bytes.resize(outside(value), 0);
            values_at += bytes.len();
            values.extend(bytes);
        }
    }
    out.extend(u32::try_from(next)?.to_le_bytes());
    out.extend(values);
    Ok(())
}
