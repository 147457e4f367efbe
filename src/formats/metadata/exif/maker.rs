//! Maker notes: what cameras write in a form of their own, named as far as it gives persons, places and devices away.
//!
//! A maker note is a directory of tagged values behind a heading (or none) that differs by maker; what its numbers mean is
//! known from ExifTool's tables. The note goes as a whole, so nothing hangs on a note of another form: then it is listed
//! under its maker's name alone.

use super::tiff::{Entry, Tiff};
use crate::formats::Report;
use crate::formats::metadata::MOST_TEXT;
use crate::policy::Class;

/// Entries of one directory that are looked at.
const MOST_ENTRIES: u16 = 512;

/// The values of one maker that are named: number, class, name.
type Tags = &'static [(u16, Class, &'static str)];

/// How the notes of a maker begin and what their numbers mean.
struct Maker {
    name: &'static str,
    /// What the note begins with; without a heading the maker's name in the EXIF decides.
    heading: &'static [u8],
    layout: Layout,
    tags: Tags,
    /// Values that are directories of their own.
    nested: &'static [(u16, Tags)],
}

/// Where the directory lies and where its offsets count from. Byte orders (true for big-endian) that are not said are those
/// of the EXIF.
#[derive(Clone, Copy)]
enum Layout {
    /// So many bytes behind the beginning; offsets count from the beginning of the EXIF.
    InExif(usize, Option<bool>),
    /// So many bytes behind the beginning; offsets count from the beginning of the note.
    InNote(usize, Option<bool>),
    /// A TIFF structure of its own, so many bytes behind the beginning.
    Tiff(usize),
    /// The offset of the directory stands eight bytes behind the beginning, all in little-endian order.
    Pointer,
}

const CANON: Tags = &[
    (0x0009, Class::MetadataAuthor, "OwnerName"),
    (0x000c, Class::MetadataDevice, "SerialNumber"),
    (0x0024, Class::MetadataPeople, "FaceDetect1"),
    (0x0025, Class::MetadataPeople, "FaceDetect2"),
    (0x0028, Class::MetadataIdentifiers, "ImageUniqueID"),
    (0x002f, Class::MetadataPeople, "FaceDetect3"),
    (0x0035, Class::MetadataLocation, "TimeInfo"), // with the city of the time zone
    (0x0096, Class::MetadataDevice, "InternalSerialNumber"),
];
const NIKON: Tags = &[
    (0x0011, Class::ContentThumbnails, "PreviewIFD"),
    (0x001d, Class::MetadataDevice, "SerialNumber"),
    (0x0021, Class::MetadataPeople, "FaceDetect"),
    (0x0024, Class::MetadataDates, "WorldTime"),
    (0x0039, Class::MetadataLocation, "LocationInfo"),
    (0x00a0, Class::MetadataDevice, "SerialNumber"),
    (0x00a7, Class::MetadataDevice, "ShutterCount"),
];
const SONY: Tags = &[
    (0x2001, Class::ContentThumbnails, "PreviewImage"),
    (0x2031, Class::MetadataDevice, "SerialNumber"),
    (0x3000, Class::MetadataPeople, "ShotInfo"), // with the places of faces
    (0x9050, Class::MetadataDevice, "Tag9050"),  // enciphered, with the internal serial number
];
const FUJIFILM: Tags = &[
    (0x0010, Class::MetadataDevice, "InternalSerialNumber"),
    (0x4100, Class::MetadataPeople, "FacesDetected"),
    (0x4103, Class::MetadataPeople, "FacePositions"),
    (0x4203, Class::MetadataPeople, "FaceElementPositions"),
    (0x4282, Class::MetadataPeople, "FaceRecInfo"),
];
const OLYMPUS: Tags = &[
    (0x0088, Class::ContentThumbnails, "PreviewImage"),
    (0x0100, Class::ContentThumbnails, "ThumbnailImage"),
    (0x0209, Class::MetadataDevice, "CameraID"),
    (0x0404, Class::MetadataDevice, "SerialNumber"),
    (0x101a, Class::MetadataDevice, "SerialNumber"),
];
const OLYMPUS_EQUIPMENT: Tags = &[
    (0x0101, Class::MetadataDevice, "SerialNumber"),
    (0x0102, Class::MetadataDevice, "InternalSerialNumber"),
    (0x0202, Class::MetadataDevice, "LensSerialNumber"),
    (0x0302, Class::MetadataDevice, "ExtenderSerialNumber"),
    (0x1003, Class::MetadataDevice, "FlashSerialNumber"),
];
const OLYMPUS_PROCESSING: Tags =
    &[(0x1200, Class::MetadataPeople, "FacesDetected"), (0x1201, Class::MetadataPeople, "FaceDetectArea")];
const PANASONIC: Tags = &[
    (0x0025, Class::MetadataDevice, "InternalSerialNumber"),
    (0x0033, Class::MetadataPeople, "BabyAge"),
    (0x004e, Class::MetadataPeople, "FaceDetInfo"),
    (0x0052, Class::MetadataDevice, "LensSerialNumber"),
    (0x0054, Class::MetadataDevice, "AccessorySerialNumber"),
    (0x0061, Class::MetadataPeople, "FaceRecInfo"),
    (0x0065, Class::MetadataDescription, "Title"),
    (0x0066, Class::MetadataPeople, "BabyName"),
    (0x0067, Class::MetadataLocation, "Location"),
    (0x0069, Class::MetadataLocation, "Country"),
    (0x006b, Class::MetadataLocation, "State"),
    (0x006d, Class::MetadataLocation, "City"),
    (0x006f, Class::MetadataLocation, "Landmark"),
    (0x0080, Class::MetadataLocation, "City2"),
    (0x8010, Class::MetadataPeople, "BabyAge"),
];
const PENTAX: Tags = &[
    (0x0004, Class::ContentThumbnails, "PreviewImage"),
    (0x0023, Class::MetadataLocation, "HometownCity"),
    (0x0024, Class::MetadataLocation, "DestinationCity"),
    (0x0060, Class::MetadataPeople, "FaceInfo"),
    (0x0076, Class::MetadataPeople, "FaceDetect"),
    (0x0215, Class::MetadataDevice, "CameraInfo"), // with the internal serial number
    (0x0227, Class::MetadataPeople, "FacePos"),
    (0x0228, Class::MetadataPeople, "FaceSize"),
    (0x0229, Class::MetadataDevice, "SerialNumber"),
    (0x022e, Class::MetadataAuthor, "Artist"),
    (0x022f, Class::MetadataAuthor, "Copyright"),
];
const APPLE: Tags = &[
    (0x0008, Class::MetadataDevice, "AccelerationVector"),
    (0x000b, Class::MetadataIdentifiers, "BurstUUID"),
    (0x0011, Class::MetadataIdentifiers, "ContentIdentifier"),
    (0x0015, Class::MetadataIdentifiers, "ImageUniqueID"),
    (0x0020, Class::MetadataIdentifiers, "ImageCaptureRequestID"),
    (0x002b, Class::MetadataIdentifiers, "PhotoIdentifier"),
];
const SAMSUNG: Tags = &[
    (0x0030, Class::MetadataLocation, "LocalLocationName"),
    (0x0031, Class::MetadataLocation, "LocationName"),
    (0x0035, Class::ContentThumbnails, "PreviewIFD"),
    (0x0100, Class::MetadataPeople, "FaceDetect"),
    (0x0120, Class::MetadataPeople, "FaceRecognition"),
    (0x0123, Class::MetadataPeople, "FaceName"),
    (0xa002, Class::MetadataDevice, "SerialNumber"),
    (0xa005, Class::MetadataDevice, "InternalLensSerialNumber"),
];
const DJI: Tags = &[
    (0x0003, Class::MetadataLocation, "SpeedX"),
    (0x0004, Class::MetadataLocation, "SpeedY"),
    (0x0005, Class::MetadataLocation, "SpeedZ"),
    (0x0006, Class::MetadataLocation, "Pitch"),
    (0x0007, Class::MetadataLocation, "Yaw"),
    (0x0008, Class::MetadataLocation, "Roll"),
    (0x0009, Class::MetadataLocation, "CameraPitch"),
    (0x000a, Class::MetadataLocation, "CameraYaw"),
    (0x000b, Class::MetadataLocation, "CameraRoll"),
];

const OLYMPUS_NESTED: &[(u16, Tags)] = &[(0x2010, OLYMPUS_EQUIPMENT), (0x2040, OLYMPUS_PROCESSING)];

const fn maker(name: &'static str, heading: &'static [u8], layout: Layout, tags: Tags) -> Maker {
    Maker { name, heading, layout, tags, nested: &[] }
}

const fn olympus(heading: &'static [u8], layout: Layout) -> Maker {
    Maker { name: "Olympus", heading, layout, tags: OLYMPUS, nested: OLYMPUS_NESTED }
}

/// Those with a heading first; the others go by the maker's name in the EXIF.
const MAKERS: &[Maker] = &[
    maker("Apple", b"Apple iOS\0", Layout::InNote(14, Some(true)), APPLE),
    maker("Nikon", b"Nikon\0\x02", Layout::Tiff(10), NIKON),
    maker("Nikon", b"Nikon\0\x01", Layout::InExif(8, None), &[]),
    maker("Sony", b"SONY DSC", Layout::InExif(12, None), SONY),
    maker("Sony", b"SONY CAM", Layout::InExif(12, None), SONY),
    maker("Sony", b"SONY MOBILE", Layout::InExif(12, None), SONY),
    maker("Fujifilm", b"FUJIFILM", Layout::Pointer, FUJIFILM),
    olympus(b"OLYMPUS\0II", Layout::InNote(12, Some(false))),
    olympus(b"OLYMPUS\0MM", Layout::InNote(12, Some(true))),
    olympus(b"OM SYSTEM\0\0\0II", Layout::InNote(16, Some(false))),
    olympus(b"OM SYSTEM\0\0\0MM", Layout::InNote(16, Some(true))),
    olympus(b"OLYMP\0", Layout::InExif(8, None)),
    maker("Panasonic", b"Panasonic\0\0\0", Layout::InExif(12, None), PANASONIC),
    maker("Pentax", b"AOC\0MM", Layout::InExif(6, Some(true)), PENTAX),
    maker("Pentax", b"AOC\0II", Layout::InExif(6, Some(false)), PENTAX),
    maker("Pentax", b"AOC\0", Layout::InExif(6, None), PENTAX),
    maker("Pentax", b"PENTAX \0MM", Layout::InNote(10, Some(true)), PENTAX),
    maker("Pentax", b"PENTAX \0II", Layout::InNote(10, Some(false)), PENTAX),
    maker("Canon", b"", Layout::InExif(0, None), CANON),
    maker("Nikon", b"", Layout::InExif(0, None), &[]),
    maker("Sony", b"", Layout::InExif(0, None), SONY),
    maker("Samsung", b"", Layout::InNote(0, None), SAMSUNG),
    maker("DJI", b"", Layout::InExif(0, None), DJI),
];

/// Makers whose notes are not read.
const OTHERS: &[&str] = &[
    "Asahi",
    "Casio",
    "Google",
    "Hasselblad",
    "Huawei",
    "Kodak",
    "Konica",
    "Leica",
    "Minolta",
    "Motorola",
    "Olympus",
    "Panasonic",
    "Pentax",
    "Reconyx",
    "Ricoh",
    "Sanyo",
    "Sigma",
    "Xiaomi",
];

/// Reports a maker note as removed: first as a whole, then what is named in it. `make` is the maker's name in the EXIF, `room`
/// how many bytes of values are read at most.
pub(super) fn list(exif: &Tiff<'_>, note: &Entry<'_>, make: &str, room: &mut usize, report: &mut Report) {
    let made_by = |name: &str| make.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name));
    let fits = |maker: &&Maker| match maker.heading {
        b"" => made_by(maker.name),
        heading => note.data.starts_with(heading),
    };
    let maker = MAKERS.iter().find(fits);
    let name = maker.map(|maker| maker.name).or_else(|| OTHERS.iter().copied().find(|name| made_by(name)));
    let item = name.map_or_else(|| "EXIF:MakerNote".to_owned(), |name| format!("EXIF:MakerNote ({name})"));
    report.removed_bytes(Class::MetadataDevice, item, "", note.data.len());
    if let Some(maker) = maker {
        maker.list(exif, note, room, report);
    }
}

impl Maker {
    fn list(&self, exif: &Tiff<'_>, note: &Entry<'_>, room: &mut usize, report: &mut Report) -> Option<()> {
        let inside = |order: Option<bool>| Tiff { bytes: note.data, big_endian: order.unwrap_or(exif.big_endian) };
        let (mut tiff, directory) = match self.layout {
            Layout::InNote(skip, order) => (inside(order), skip),
            Layout::Tiff(skip) => {
                let tiff = Tiff::new(note.data.get(skip..)?)?;
                (tiff, tiff.offset(4)?)
            }
            Layout::Pointer => (inside(Some(false)), inside(Some(false)).offset(8)?),
            Layout::InExif(skip, order) => match note.at {
                Some(at) => (Tiff { big_endian: order.unwrap_or(exif.big_endian), ..*exif }, at.checked_add(skip)?),
                // Without the EXIF around it the numbers are there, but not the longer values.
                None => (inside(order), skip),
            },
        };
        // Some programs write the EXIF in another byte order and leave the note as it was: the right order is the one that
        // gives fewer entries.
        let count = tiff.short(directory)?;
        tiff.big_endian ^= count > count.swap_bytes();
        self.directory(&tiff, directory, (self.tags, self.nested), room, report)
    }

    /// Lists the named values of a directory and of those beneath it.
    fn directory(
        &self,
        tiff: &Tiff<'_>,
        at: usize,
        (tags, nested): (Tags, &[(u16, Tags)]),
        room: &mut usize,
        report: &mut Report,
    ) -> Option<()> {
        let count = tiff.short(at)?;
        for index in 0..count.min(MOST_ENTRIES) {
            let start = at.checked_add(2)?.checked_add(usize::from(index).checked_mul(12)?)?;
            let entry = tiff.entry(start)?;
            if let Some((_, tags)) = nested.iter().find(|(tag, _)| *tag == entry.tag) {
                // The offset stands where the value of four bytes would.
                self.directory(tiff, tiff.offset(start.checked_add(8)?)?, (tags, &[]), room, report);
            }
            let Some((_, class, name)) = tags.iter().find(|(tag, ..)| *tag == entry.tag) else { continue };
            *room = room.checked_sub(entry.data.len())?;
            let item = format!("MakerNote {}:{name}", self.name);
            match value(tiff, &entry) {
                Some(value) => report.removed_value(*class, item, "", value),
                None => report.removed_bytes(*class, item, "", entry.data.len()),
            }
        }
        Some(())
    }
}

/// A text, also where the camera declares it as bytes, or a single number of four bytes.
fn value(tiff: &Tiff<'_>, entry: &Entry<'_>) -> Option<String> {
    if let (4, 1) = (entry.kind, entry.count) {
        return Some(Tiff { bytes: entry.data, ..*tiff }.long(0)?.to_string());
    }
    let bytes = entry.data.get(..entry.data.len().min(MOST_TEXT))?;
    let text = std::str::from_utf8(bytes).ok()?.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    let is_text = matches!(entry.kind, 2 | 7) && !text.is_empty() && text.chars().all(|c| !c.is_control());
    is_text.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::metadata::exif;

    /// A directory of one text of twelve bytes, which lies behind it, `base` being what its offset counts from.
    fn directory(big_endian: bool, tag: u16, base: usize) -> Vec<u8> {
        let short = |value: u16| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
        let long = |value: u32| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
        let offset = u32::try_from(base + 18).unwrap();
        let head = [short(1), short(tag), short(2)].concat();
        [head, long(12).to_vec(), long(offset).to_vec(), long(0).to_vec(), b"PLANTED-1234".to_vec()].concat()
    }

    /// What is listed of an EXIF in big-endian order with this maker and note. The note begins at [`NOTE`].
    fn listed(make: &str, note: &[u8]) -> Vec<(Class, String, String)> {
        let mut file =
            b"MM\0*\0\0\0\x08\0\x02\x01\x0f\0\x02\0\0\0\x10\0\0\0\x26\x87\x69\0\x04\0\0\0\x01\0\0\0\x36\0\0\0\0"
                .to_vec();
        file.extend(make.bytes().chain([0; 16]).take(16));
        file.extend(b"\0\x01\x92\x7c\0\x07");
        file.extend(u32::try_from(note.len()).unwrap().to_be_bytes());
        file.extend(b"\0\0\0\x48\0\0\0\0");
        assert_eq!(file.len(), NOTE);
        file.extend(note);
        let mut report = Report::default();
        exif::list(&file, false, &mut report);
        let value = |item: &str| report.values.iter().find(|value| value.item == item).map(|value| value.value.clone());
        let named = report.hits.iter().filter(|hit| hit.item.contains("MakerNote"));
        named.map(|hit| (hit.class, hit.item.clone(), value(&hit.item).unwrap_or_default())).collect()
    }

    const NOTE: usize = 0x48;

    #[test]
    fn serial_numbers_places_and_faces_are_named_for_every_maker() {
        let in_exif =
            |heading: &[u8], big_endian, tag| [heading, &directory(big_endian, tag, NOTE + heading.len())].concat();
        let in_note = |heading: &[u8], big_endian, tag| [heading, &directory(big_endian, tag, heading.len())].concat();
        let tiff = [&b"MM\0*\0\0\0\x08"[..], &directory(true, 0x001d, 8)].concat();
        for (make, note, maker, class, name) in [
            ("Canon", in_exif(b"", true, 0x0009), "Canon", Class::MetadataAuthor, "OwnerName"),
            ("Canon", in_exif(b"", false, 0x0096), "Canon", Class::MetadataDevice, "InternalSerialNumber"),
            ("x", [b"Nikon\0\x02\x10\0\0", &tiff[..]].concat(), "Nikon", Class::MetadataDevice, "SerialNumber"),
            ("x", in_exif(b"SONY DSC \0\0\0", true, 0x2031), "Sony", Class::MetadataDevice, "SerialNumber"),
            ("SONY", in_exif(b"", true, 0x3000), "Sony", Class::MetadataPeople, "ShotInfo"),
            (
                "x",
                in_note(b"FUJIFILM\x0c\0\0\0", false, 0x0010),
                "Fujifilm",
                Class::MetadataDevice,
                "InternalSerialNumber",
            ),
            ("x", in_note(b"OLYMPUS\0II\x03\0", false, 0x0404), "Olympus", Class::MetadataDevice, "SerialNumber"),
            ("x", in_note(b"OM SYSTEM\0\0\0II\x04\0", false, 0x0209), "Olympus", Class::MetadataDevice, "CameraID"),
            ("x", in_exif(b"OLYMP\0\x01\0", true, 0x0404), "Olympus", Class::MetadataDevice, "SerialNumber"),
            ("x", in_exif(b"Panasonic\0\0\0", true, 0x0066), "Panasonic", Class::MetadataPeople, "BabyName"),
            ("x", in_exif(b"Panasonic\0\0\0", false, 0x006f), "Panasonic", Class::MetadataLocation, "Landmark"),
            ("x", in_exif(b"AOC\0MM", true, 0x0229), "Pentax", Class::MetadataDevice, "SerialNumber"),
            ("x", in_note(b"PENTAX \0II", false, 0x0229), "Pentax", Class::MetadataDevice, "SerialNumber"),
            ("x", in_note(b"Apple iOS\0\0\x01MM", true, 0x0015), "Apple", Class::MetadataIdentifiers, "ImageUniqueID"),
            ("SAMSUNG", in_note(b"", true, 0x0031), "Samsung", Class::MetadataLocation, "LocationName"),
            ("SAMSUNG", in_note(b"", false, 0x0123), "Samsung", Class::MetadataPeople, "FaceName"),
            ("DJI", in_exif(b"", false, 0x0007), "DJI", Class::MetadataLocation, "Yaw"),
        ] {
            let whole = (Class::MetadataDevice, format!("EXIF:MakerNote ({maker})"), String::new());
            let item = (class, format!("MakerNote {maker}:{name}"), "PLANTED-1234".to_owned());
            assert_eq!(listed(make, &note), [whole, item], "{maker} {name}");
        }
    }

    #[test]
    fn directories_in_directories_are_followed() {
        // The equipment's offset, 30, is where its directory begins.
        let mut note = b"OLYMPUS\0II\x03\0\x01\0\x10\x20\x0d\0\x01\0\0\0\x1e\0\0\0\0\0\0\0".to_vec();
        note.extend(directory(false, 0x0202, 30));
        let found = listed("x", &note);
        assert!(
            found
                .iter()
                .any(|(_, item, value)| item == "MakerNote Olympus:LensSerialNumber" && value == "PLANTED-1234")
        );
    }

    #[test]
    fn other_notes_are_listed_as_a_whole() {
        for (make, note, item) in [
            ("RICOH", &b"Rv0103"[..], "EXIF:MakerNote (Ricoh)"),
            ("PLANTED", b"anything", "EXIF:MakerNote"),
            ("DJI", b"[ae_dbg_info:", "EXIF:MakerNote (DJI)"),
            ("Canon", b"\0", "EXIF:MakerNote (Canon)"),
            ("x", b"Nikon\0\x02", "EXIF:MakerNote (Nikon)"),
            ("x", b"FUJIFILM\xff\xff\xff\xff", "EXIF:MakerNote (Fujifilm)"),
        ] {
            assert_eq!(listed(make, note), [(Class::MetadataDevice, item.to_owned(), String::new())]);
        }
    }
}
