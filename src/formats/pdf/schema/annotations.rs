//! Annotations and form fields; only what carries a visible or navigable thing.

use super::Rule::{List, Of};
use super::{Keys, T, Type, V};

/// The keys of the types of this part of the standard.
#[allow(clippy::too_many_lines)] // one table
pub(super) fn keys(of: Type) -> Option<Keys> {
    let keys: Keys = match of {
        // 12.5, 12.7; only what carries a visible or navigable thing
        Type::Link => &[
            ("Type", V),
            ("Subtype", V),
            ("Rect", V),
            ("Contents", T),
            ("F", V),
            ("AP", Of(Type::Appearance)),
            ("AS", V),
            ("Border", V),
            ("C", V),
            ("BS", Of(Type::BorderStyle)),
            ("A", Of(Type::Action)),
            ("Dest", Of(Type::Destination)),
            ("H", V),
            ("QuadPoints", V),
            ("StructParent", V),
            ("OC", Of(Type::OptionalContent)),
            ("Lang", T),
        ],
        // 12.5.6.15; /FS is written by the rebuild
        Type::FileAttachment => &[
            ("Type", V),
            ("Subtype", V),
            ("Rect", V),
            ("F", V),
            ("AP", Of(Type::Appearance)),
            ("AS", V),
            ("Border", V),
            ("C", V),
            ("BS", Of(Type::BorderStyle)),
            ("Name", V),
            ("StructParent", V),
            ("OC", Of(Type::OptionalContent)),
        ],
        Type::Widget | Type::Field => &[
            ("Type", V),
            ("Subtype", V),
            ("Rect", V),
            ("P", Of(Type::Page)),
            ("F", V),
            ("AP", Of(Type::Appearance)),
            ("AS", V),
            ("Border", V),
            ("C", V),
            ("BS", Of(Type::BorderStyle)),
            ("MK", Of(Type::AppearanceCharacteristics)),
            ("H", V),
            ("StructParent", V),
            ("OC", Of(Type::OptionalContent)),
            ("Lang", T),
            ("FT", V),
            ("Parent", Of(Type::Field)),
            ("Kids", List(Type::Field)),
            ("T", T),
            ("TU", T),
            ("Ff", V),
            ("V", T),
            ("DR", Of(Type::Resources)),
            ("DA", T),
            ("Q", V),
            ("MaxLen", V),
            ("Opt", T),
            ("TI", V),
            ("I", V),
        ],
        Type::BorderStyle => &[("Type", V), ("W", V), ("S", V), ("D", V)],
        Type::AppearanceCharacteristics => &[
            ("R", V),
            ("BC", V),
            ("BG", V),
            ("CA", T),
            ("RC", T),
            ("AC", T),
            ("I", Of(Type::Form)),
            ("RI", Of(Type::Form)),
            ("IX", Of(Type::Form)),
            ("IF", Of(Type::IconFit)),
            ("TP", V),
        ],
        Type::IconFit => &[("SW", V), ("S", V), ("A", V), ("FB", V)],
        Type::Appearance => {
            &[("N", Of(Type::AppearanceEntry)), ("R", Of(Type::AppearanceEntry)), ("D", Of(Type::AppearanceEntry))]
        }
        Type::InteractiveForm => {
            &[("Fields", List(Type::Field)), ("NeedAppearances", V), ("DR", Of(Type::Resources)), ("DA", T), ("Q", V)]
        }
        _ => return None,
    };
    Some(keys)
}
