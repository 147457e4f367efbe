//! What the dictionaries that every document has may say: catalog, page tree, pages, bookmarks and fonts. [`super::leftovers`]
//! knows what may be in no dictionary; here nothing else may be than what the standard lists and a reader needs.

use hayro_interpret::hayro_syntax::object::{Dict, Name};

use crate::pdf_reading::Reading;
use crate::pdf_reading::walk::{Item, object_name, walk};
use crate::prove::Check;
use crate::refusal::Refusal;

/// ISO 32000-2, table 29; what `/Metadata`, `/Collection` and `/AF` may hold is looked at elsewhere.
const CATALOG: &str = "Type Pages PageLabels Names Dests ViewerPreferences PageLayout PageMode Outlines AcroForm Metadata \
                       StructTreeRoot MarkInfo Lang OutputIntents OCProperties Collection AF";
/// Table 30.
const PAGES: &str = "Type Parent Kids Count Resources MediaBox CropBox Rotate";
/// Table 31.
const PAGE: &str = "Type Parent Resources MediaBox CropBox BleedBox TrimBox ArtBox Contents Rotate Group Annots StructParents \
                    Tabs UserUnit OutputIntents AF";
/// Table 151.
const BOOKMARK: &str = "Title Parent Prev Next First Last Count Dest A SE C F";
/// Tables 109 to 119.
const FONT: &str = "Type Subtype BaseFont FirstChar LastChar Widths FontDescriptor Encoding ToUnicode DescendantFonts \
                    CIDSystemInfo DW W DW2 W2 CIDToGIDMap FontBBox FontMatrix CharProcs Resources";

/// Looks for keys that need not be there.
pub(super) fn check(after: &Reading<'_>) -> Result<Check, Refusal> {
    let xref = after.pdf.xref();
    let catalog = xref.root_id();
    let mut found: Option<Refusal> = None;
    let mut count = 0_u64;
    walk(after.pdf, &mut |id, item| {
        let Item::Dict(key, dict) = item else { return };
        // What lies directly in an object has its number too.
        let is_catalog = key.is_empty() && id == Some(catalog);
        let Some((what, known)) = (if is_catalog { Some(("catalog", CATALOG)) } else { known(dict) }) else { return };
        count = count.saturating_add(1);
        let is_listed = |key: &Name<'_>| known.split(' ').any(|known| known.as_bytes() == key.as_ref());
        if found.is_none() && dict.keys().any(|key| !is_listed(&key)) {
            let left = format!("the copy still has a key in a {what} dictionary that nobody needs");
            found = Some(Refusal::unprovable(left).in_part(object_name(id)));
        }
    });
    match found {
        Some(refusal) => Err(refusal),
        None => Ok(Check::new("keys-known", format!("{count} dictionaries"))),
    }
}

/// The name of a kind of dictionary and its keys.
fn known(dict: &Dict<'_>) -> Option<(&'static str, &'static str)> {
    let kind = dict.get::<Name<'_>>(b"Type");
    match kind.as_ref().map(AsRef::as_ref) {
        Some(b"Pages") => Some(("page tree", PAGES)),
        Some(b"Page") => Some(("page", PAGE)),
        Some(b"Font") => Some(("font", FONT)),
        _ if dict.contains_key(b"Title") && dict.contains_key(b"Parent") => Some(("bookmark", BOOKMARK)),
        _ => None,
    }
}
