//! What Word documents tell besides their text ([MS-DOC]).

use super::Listing;
use crate::legacy_reading::word::{Fib, Table, names, strings};
use crate::legacy_reading::{Bytes, Compound, ansi};
use crate::policy::Class;
use crate::refusal::Refusal;

/// The strings of `SttbfAssoc` by their place ([MS-DOC] 2.9.282).
const ASSOCIATED: &[(usize, &str, Class)] = &[
    (1, "SttbfAssoc: template", Class::MetadataPaths),
    (2, "SttbfAssoc: title", Class::MetadataDescription),
    (3, "SttbfAssoc: subject", Class::MetadataDescription),
    (4, "SttbfAssoc: keywords", Class::MetadataDescription),
    (6, "SttbfAssoc: author", Class::MetadataAuthor),
    (7, "SttbfAssoc: last author", Class::MetadataAuthor),
    (8, "SttbfAssoc: data of the mail merge", Class::MetadataPaths),
    (9, "SttbfAssoc: header of the mail merge", Class::MetadataPaths),
    (17, "SttbfAssoc: password against changes", Class::ContentProtection),
];

/// Lists the tables beside the text.
pub(super) fn list(compound: &mut Compound<'_, '_>, listing: &mut Listing<'_>) -> Result<(), Refusal> {
    let stream = compound.read("WordDocument")?;
    let Some(fib) = Fib::read(&stream) else {
        return Err(Refusal::damaged("it is too short").in_part("WordDocument"));
    };
    if fib.is_encrypted {
        return Err(Refusal::encrypted("this Word document is locked with a password"));
    }
    if fib.quick_saves > 0 {
        let class = Class::ContentOldRevisions;
        listing.add(class, "changes saved at the end", "WordDocument", u64::from(fib.quick_saves), 0);
    }
    if !fib.is_known {
        return Ok(()); // the text is unread, and says so
    }
    let tables = compound.read(fib.table_stream)?;
    let place = fib.table_stream;
    for remnant in fib.remnants(&tables).unwrap_or_default() {
        let class = Class::ContentOldRevisions;
        listing.add(class, "text that the document does not show", "WordDocument", 1, remnant.len() as u64);
    }
    for pair in strings(fib.table(Table::SavedBy, &tables)).chunks(2) {
        let [author, path] = pair else { break };
        listing.add_value(Class::MetadataAuthor, "SttbSavedBy: author", place, author);
        listing.add_value(Class::MetadataPaths, "SttbSavedBy: path", place, path);
    }
    let associated = strings(fib.table(Table::Associated, &tables));
    for (at, item, class) in ASSOCIATED {
        listing.add_value(*class, *item, place, associated.get(*at).map_or("", String::as_str));
    }
    for author in strings(fib.table(Table::RevisionAuthors, &tables)).iter().filter(|author| *author != "Unknown") {
        listing.add_value(Class::ContentTrackedChanges, "SttbfRMark: author", place, author);
    }
    for author in names(fib.table(Table::CommentAuthors, &tables)) {
        listing.add_value(Class::ContentComments, "GrpXstAtnOwners: author", place, &author);
    }
    for name in strings(fib.table(Table::FileNames, &tables)) {
        listing.add_value(Class::MetadataPaths, "SttbFnm: linked file", place, &name);
    }
    for name in strings(fib.table(Table::Variables, &tables)) {
        listing.add_value(Class::ContentCustomXml, "StwUser: document variable", place, &name);
    }
    let mut printer = Bytes(fib.table(Table::Printer, &tables));
    for item in ["PrDrvr: printer", "PrDrvr: port", "PrDrvr: driver"] {
        let text = printer.until_nul().map(|text| ansi(text, 1252));
        listing.add_value(Class::MetadataPrinter, item, place, text.as_deref().unwrap_or_default());
    }
    Ok(())
}
