//! What storages and streams tell by being there: macros, controls, signatures, time stamps, class ids.

use super::Listing;
use crate::legacy_reading::{Compound, Item, title};
use crate::policy::Class;

/// Names of storages and streams whose whole content is of one class.
const NAMED: &[(&str, Class, &str)] = &[
    ("VBA", Class::ActiveMacros, "VBA project"),
    ("_VBA_PROJECT_CUR", Class::ActiveMacros, "VBA project"),
    ("Macros", Class::ActiveMacros, "VBA project"),
    ("Ctls", Class::ActiveObjects, "ActiveX controls"),
    ("_signatures", Class::Signatures, "digital signature"),
    ("_xmlsignatures", Class::Signatures, "digital signature"),
    ("\u{5}DigitalSignature", Class::Signatures, "digital signature"),
    ("MsoDataStore", Class::ContentCustomXml, "custom XML"),
];

/// Lists them.
pub(super) fn list(compound: &Compound<'_, '_>, listing: &mut Listing<'_>) {
    for item in compound.items() {
        let place = title(&item.path);
        if let Some((class, what)) = named(item) {
            // The outermost name counts: `Macros/VBA` is part of `Macros`.
            let is_inside = compound.items().iter().any(|other| {
                !other.path.is_empty() && item.path.starts_with(&format!("{}/", other.path)) && named(other).is_some()
            });
            if !is_inside {
                let inside = format!("{}/", item.path);
                let own = compound.items().iter().filter(|other| other.path.starts_with(&inside));
                let size = own.fold(item.size, |size, other| size.saturating_add(other.size));
                listing.add(class, what, &place, 1, size);
            }
        }
        if item.is_dated {
            listing.add(Class::MetadataContainer, "time stamps of storages", "", 1, 0);
        }
        if item.has_class && !item.path.is_empty() {
            listing.add(Class::MetadataSoftware, "class ids of storages", "", 1, 0);
        }
    }
}

fn named(item: &Item) -> Option<(Class, &'static str)> {
    NAMED.iter().find(|(name, ..)| *name == item.name()).map(|(_, class, what)| (*class, *what))
}
