//! Legacy Office files made by code, each with a marker in one hiding place.

use std::io::{Cursor, Write};

use fieldstrip::Kind;
use fieldstrip::policy::Class;

/// What is hidden in every fixture.
pub(crate) const MARKER: &str = "Zebra-Quartz-4711";

/// A file, and the class under which its marker has to be listed.
pub(crate) struct Fixture {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) class: Class,
    pub(crate) bytes: Vec<u8>,
}

/// A compound file of these streams; storages come into being with them.
pub(crate) fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (path, bytes) in streams {
        if let Some((parent, _)) = path.rsplit_once('/') {
            file.create_storage_all(format!("/{parent}")).unwrap();
        }
        file.create_stream(format!("/{path}")).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

pub(crate) fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn short(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap().to_le_bytes()
}

fn long(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_le_bytes()
}

/// A property set stream with text properties; a name makes one of the user.
pub(crate) fn property_set(id: u32, name: Option<&str>, text: &str) -> Vec<u8> {
    let mut properties: Vec<(u32, Vec<u8>)> = vec![(1, [&[2, 0, 0, 0][..], &short(1252), &[0, 0]].concat())];
    if let Some(name) = name {
        let entry = [&long(1)[..], &id.to_le_bytes(), &long(name.len() + 1), name.as_bytes(), &[0]].concat();
        properties.push((0, entry));
    }
    properties.push((id, [&[0x1e, 0, 0, 0][..], &long(text.len() + 1), text.as_bytes(), &[0]].concat()));
    let mut places = Vec::new();
    let mut values: Vec<u8> = Vec::new();
    for (id, value) in &properties {
        places.extend(id.to_le_bytes());
        places.extend(long(8 + properties.len() * 8 + values.len()));
        values.extend(value);
        values.resize(values.len().next_multiple_of(4), 0);
    }
    let set = [&long(8 + places.len() + values.len())[..], &long(properties.len()), &places, &values].concat();
    let user = [0x05, 0xd5, 0xcd, 0xd5, 0x9c, 0x2e, 0x1b, 0x10, 0x93, 0x97, 0x08, 0x00, 0x2b, 0x2c, 0xf9, 0xae];
    let format = if name.is_some() { user } else { [7; 16] };
    [&[0xfe, 0xff, 0, 0, 0, 0, 2, 0][..], &[0; 16], &long(1), &format, &long(48), &set].concat()
}

/// A table of strings with 16-bit characters.
fn strings(texts: &[&str]) -> Vec<u8> {
    let mut table = [&[0xff, 0xff][..], &short(texts.len()), &[0, 0]].concat();
    for text in texts {
        table.extend(short(text.encode_utf16().count()));
        table.extend(wide(text));
    }
    table
}

/// A Word document of two pieces: 8-bit text, then 16-bit text; `table` goes to this place of `FibRgFcLcb97`, and `remnant`
/// between the two.
pub(crate) fn word(narrow: &str, wide_text: &str, remnant: &str, table: Option<(usize, Vec<u8>)>) -> Vec<u8> {
    const TEXT: usize = 1024;
    let second = (TEXT + narrow.len() + remnant.len()).next_multiple_of(2);
    let mut stream = vec![0; TEXT];
    stream.extend(narrow.as_bytes());
    stream.extend(remnant.as_bytes());
    stream.resize(second, 0);
    stream.extend(wide(wide_text));
    let units = wide_text.encode_utf16().count();
    let end = stream.len();
    let mut set = |at: usize, bytes: &[u8]| stream[at..at + bytes.len()].copy_from_slice(bytes);
    set(0, &[0xec, 0xa5, 0xc1, 0]);
    set(10, &short(0x0200));
    set(24, &long(TEXT));
    set(28, &long(end));
    set(76, &long(narrow.len() + units));
    let piece = |at: usize| [&[0, 0][..], &long(at), &[0, 0]].concat();
    let positions = [long(0), long(narrow.len()), long(narrow.len() + units)].concat();
    let pieces = [positions, piece((TEXT * 2) | 0x4000_0000), piece(second)].concat();
    let mut tables = [&[2][..], &long(pieces.len()), &pieces].concat();
    set(154 + 33 * 8, &long(0));
    set(154 + 33 * 8 + 4, &long(tables.len()));
    if let Some((at, table)) = table {
        set(154 + at * 8, &long(tables.len()));
        set(154 + at * 8 + 4, &long(table.len()));
        tables.extend(table);
    }
    compound(&[("WordDocument", &stream), ("1Table", &tables)])
}

/// A record of a workbook.
pub(crate) fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &short(data.len()), data].concat()
}

/// A string of a workbook with 8-bit characters.
fn string(text: &str) -> Vec<u8> {
    [&short(text.len())[..], &[0], text.as_bytes()].concat()
}

/// A workbook with these records in its first part, one sheet, and one cell that shows the first of two shared strings; the
/// string goes over into a continuation.
pub(crate) fn workbook(records: &[Vec<u8>], shared: [&str; 2]) -> Vec<u8> {
    let (front, back) = shared[0].split_at(shared[0].len() / 2);
    let table = [&long(2)[..], &long(2), &short(shared[0].len()), &[0], front.as_bytes()].concat();
    let rest = [&[1][..], &wide(back), &string(shared[1])].concat();
    let name = [&[0; 4][..], &[0, 0], &[6, 0], b"People"].concat();
    let stream = [
        record(0x0809, &[0, 6, 5, 0]),
        records.concat(),
        record(0x0085, &name),
        record(0x00fc, &table),
        record(0x003c, &rest),
        record(0x000a, &[]),
        record(0x0809, &[0, 6, 0x10, 0]),
        record(0x00fd, &[2, 0, 27, 0, 0, 0, 0, 0, 0, 0]),
        record(0x000a, &[]),
    ];
    compound(&[("Workbook", &stream.concat())])
}

/// A record of a presentation: a container when it holds records.
pub(crate) fn atom(kind: u16, instance: u16, is_container: bool, data: &[u8]) -> Vec<u8> {
    let head = instance << 4 | if is_container { 0xf } else { 0 };
    [&head.to_le_bytes()[..], &kind.to_le_bytes(), &long(data.len()), data].concat()
}

/// A presentation of these records, used last by `user`.
pub(crate) fn presentation(records: &[Vec<u8>], user: &str) -> Vec<u8> {
    let name = [&short(user.len())[..], &[0; 6], user.as_bytes(), &[8, 0, 0, 0], &wide(user)].concat();
    let current = [&[0, 0, 0xf6, 0x0f][..], &long(0), &long(20), &long(0xe391_c05f), &long(0), &name].concat();
    compound(&[("PowerPoint Document", &records.concat()), ("Current User", &current)])
}

/// A message with these properties; the marker of its kind is there in any case.
pub(crate) fn message(streams: &[(&str, &[u8])]) -> Vec<u8> {
    compound(&[&[("__properties_version1.0", &[0; 32][..])], streams].concat())
}

/// A file that was dropped into a document.
fn package(name: &str, path: &str, data: &[u8]) -> Vec<u8> {
    let text = [name.as_bytes(), &[0], path.as_bytes(), &[0]].concat();
    [&[0; 4][..], &[2, 0], &text, &[0, 0, 3, 0], &long(0), &long(data.len()), data].concat()
}

/// Every hiding place with a value.
pub(crate) fn all() -> Vec<Fixture> {
    let mut all = Vec::new();
    let mut add = |name, kind, class, bytes| all.push(Fixture { name, kind, class, bytes });
    let text = "Body text\r";
    let plain = |stream: &str, bytes: &[u8]| {
        let empty = word(text, "more\r", "", None);
        let mut file = cfb::CompoundFile::open(Cursor::new(empty)).unwrap();
        if let Some((parent, _)) = stream.rsplit_once('/') {
            file.create_storage_all(format!("/{parent}")).unwrap();
        }
        file.create_stream(format!("/{stream}")).unwrap().write_all(bytes).unwrap();
        file.flush().unwrap();
        file.into_inner().into_inner()
    };
    for (name, id, class) in [
        ("title", 2, Class::MetadataDescription),
        ("author", 4, Class::MetadataAuthor),
        ("template", 7, Class::MetadataPaths),
        ("last author", 8, Class::MetadataAuthor),
        ("program", 18, Class::MetadataSoftware),
    ] {
        let stream = property_set(id, None, MARKER);
        add(name, Kind::LegacyWord, class, plain("\u{5}SummaryInformation", &stream));
    }
    for (name, id, own_name, class) in [
        ("manager", 14, None, Class::MetadataAuthor),
        ("company", 15, None, Class::MetadataOrganisation),
        ("custom property", 2, Some("Case"), Class::MetadataOther),
        ("address of the author", 2, Some("_AuthorEmail"), Class::MetadataAuthor),
        ("label of Microsoft", 2, Some("MSIP_Label_1_Name"), Class::MetadataSensitivityLabels),
        ("label of another", 2, Some("bjDocumentSecurityLabel"), Class::MetadataSensitivityLabels),
    ] {
        let stream = property_set(id, own_name, MARKER);
        add(name, Kind::LegacyWord, class, plain("\u{5}DocumentSummaryInformation", &stream));
    }
    let stream = property_set(2, Some(MARKER), "x");
    let class = Class::MetadataOther;
    add("name of a property", Kind::LegacyWord, class, plain("\u{5}DocumentSummaryInformation", &stream));
    let path = format!(r"\\server\{MARKER}.doc");
    let mut associated = [""; 10];
    associated[1] = &path;
    for (name, at, table, class) in [
        ("path of a save", 71, strings(&["Ann", &path]), Class::MetadataPaths),
        ("author of a save", 71, strings(&[MARKER, "a.doc"]), Class::MetadataAuthor),
        ("associated template", 32, strings(&associated), Class::MetadataPaths),
        ("author of a change", 51, strings(&["Unknown", MARKER]), Class::ContentTrackedChanges),
        ("author of a comment", 36, [&short(MARKER.len())[..], &wide(MARKER)].concat(), Class::ContentComments),
        ("linked file", 72, strings(&[MARKER]), Class::MetadataPaths),
        ("printer", 27, format!("{MARKER}\0LPT1:\0driver\0").into_bytes(), Class::MetadataPrinter),
    ] {
        add(name, Kind::LegacyWord, class, word(text, "more\r", "", Some((at, table))));
    }
    let dropped = package("a.txt", &path, b"nothing");
    let class = Class::MetadataPaths;
    add("dropped file", Kind::LegacyWord, class, plain("ObjectPool/_1/\u{1}Ole10Native", &dropped));
    for (name, records, class) in [
        ("user of a workbook", record(0x5c, &[string(MARKER), vec![b' '; 80]].concat()), Class::MetadataAuthor),
        (
            "hidden sheet",
            record(0x85, &[&[0; 4][..], &[2, 0], &[17, 0], MARKER.as_bytes()].concat()),
            Class::ContentHiddenSheets,
        ),
        ("author of a note", record(0x1c, &[&[0; 8][..], &string(MARKER)].concat()), Class::ContentComments),
        ("printer of a sheet", record(0x4d, &[&[0, 0][..], &wide(MARKER), &[0; 64]].concat()), Class::MetadataPrinter),
        ("other workbook", record(0x1ae, &[&[1, 0][..], &string(&path)].concat()), Class::ContentCachedData),
    ] {
        add(name, Kind::LegacyExcel, class, workbook(&[records], ["Ann Body", "x"]));
    }
    add("user of a presentation", Kind::LegacyPowerPoint, Class::MetadataAuthor, presentation(&[], MARKER));
    let author = atom(0x2ee0, 0, true, &atom(0x0fba, 0, false, &wide(MARKER)));
    add("comment on a slide", Kind::LegacyPowerPoint, Class::ContentComments, presentation(&[author], "Ann"));
    let link = atom(0x0fd7, 0, true, &atom(0x0fba, 1, false, &wide(MARKER)));
    add("link on a slide", Kind::LegacyPowerPoint, Class::LinksLocal, presentation(&[link], "Ann"));
    for (name, stream, class) in [
        ("subject", "__substg1.0_0037001F", Class::MetadataDescription),
        ("sender", "__substg1.0_0C1F001F", Class::MetadataPeople),
        ("recipient", "__recip_version1.0_#00000000/__substg1.0_3003001F", Class::MetadataPeople),
        ("headers", "__substg1.0_007D001F", Class::MetadataProvenance),
        ("last editor", "__substg1.0_3FFA001F", Class::MetadataAuthor),
    ] {
        add(name, Kind::OutlookMessage, class, message(&[(stream, &wide(MARKER))]));
    }
    all
}
