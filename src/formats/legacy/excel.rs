//! What Excel workbooks tell besides their cells ([MS-XLS]).

use super::Listing;
use crate::legacy_reading::excel::{Coding, Record, STREAMS, record, records};
use crate::legacy_reading::{Bytes, Compound, utf16};
use crate::policy::Class;
use crate::refusal::Refusal;

/// Lists the records that tell of people, printers, other files and what is hidden.
pub(super) fn list(compound: &mut Compound<'_, '_>, listing: &mut Listing<'_>) -> Result<(), Refusal> {
    for place in STREAMS {
        if !compound.has(place) {
            continue;
        }
        let stream = compound.read(place)?;
        let records = records(&stream);
        if records.iter().any(|record| record.kind == record::FILE_PASS) {
            return Err(Refusal::encrypted("this Excel workbook is locked with a password"));
        }
        let coding = Coding::of(&records);
        for record in &records {
            list_record(record, coding, place, listing);
        }
    }
    for (name, class, item) in [
        ("User Names", Class::MetadataAuthor, "users of the shared workbook"),
        ("Revision Log", Class::ContentOldRevisions, "history of the shared workbook"),
        ("_SX_DB_CUR", Class::ContentCachedData, "pivot cache"),
    ] {
        let found = compound.items().iter().filter(|item| item.is_stream && item.path.starts_with(name));
        let (count, size) =
            found.fold((0_u64, 0_u64), |(count, size), item| (count.saturating_add(1), size.saturating_add(item.size)));
        if count > 0 {
            listing.add(class, item, name, count, size);
        }
    }
    Ok(())
}

fn list_record(record: &Record<'_>, coding: Coding, place: &str, listing: &mut Listing<'_>) {
    let data = record.data();
    let mut bytes = Bytes(data);
    match record.kind {
        record::WRITE_ACCESS => {
            let name = coding.user_name(data).unwrap_or_default();
            listing.add_value(Class::MetadataAuthor, "WriteAccess: user", place, &name);
        }
        record::FILE_SHARING => {
            bytes.take(4_usize);
            let name = coding.string(&mut bytes).unwrap_or_default();
            listing.add_value(Class::MetadataAuthor, "FileSharing: user", place, &name);
        }
        record::PASSWORD if bytes.short().is_some_and(|hash| hash != 0) => {
            listing.add(Class::ContentProtection, "Password", place, 1, 0);
        }
        record::SHEET => {
            bytes.take(4_usize);
            let state = bytes.byte().unwrap_or_default() & 3;
            bytes.byte();
            let name = coding.short_string(&mut bytes).unwrap_or_default();
            if state != 0 {
                let item = if state == 1 { "hidden sheet" } else { "very hidden sheet" };
                listing.add_value(Class::ContentHiddenSheets, item, place, &name);
            }
        }
        record::ROW if Bytes::at(data, 12_usize).byte().is_some_and(|flags| flags & 0x20 != 0) => {
            listing.add(Class::ContentHiddenRows, "hidden row", place, 1, 0);
        }
        record::COLUMNS if Bytes::at(data, 8_usize).byte().is_some_and(|flags| flags & 1 != 0) => {
            listing.add(Class::ContentHiddenRows, "hidden columns", place, 1, 0);
        }
        record::NOTE => {
            bytes.take(8_usize);
            let author = coding.string(&mut bytes).unwrap_or_default();
            listing.add(Class::ContentComments, "Note", place, 1, 0);
            listing.add_value(Class::ContentComments, "Note: author", place, &author);
        }
        // A printer's settings are a DEVMODE, which begins with its name.
        record::PRINTER if bytes.short() == Some(0) => {
            let name = utf16(bytes.take(64_usize).unwrap_or_default());
            let name = name.split('\0').next().unwrap_or_default();
            listing.add_value(Class::MetadataPrinter, "Pls: printer", place, name);
        }
        record::EXTERNAL_BOOK => {
            bytes.short();
            // Short ones stand for the workbook itself and for add-ins.
            if data.len() > 4 {
                let path = coding.string(&mut bytes).unwrap_or_default();
                listing.add_value(Class::ContentCachedData, "SupBook: other file", place, &path.replace('\0', " "));
            }
        }
        record::HYPERLINK => listing.add(Class::LinksLocal, "HLink", place, 1, data.len() as u64),
        _ => {}
    }
}
