//! Fonts, and the parameters of stream filters.

use super::Rule::{List, Map, Of};
use super::{Keys, T, Type, V};

/// The keys of the types of this part of the standard.
#[allow(clippy::too_many_lines)] // one table
pub(super) fn keys(of: Type) -> Option<Keys> {
    let keys: Keys = match of {
        // 9.5 to 9.7
        Type::Font => &[
            ("Type", V),
            ("Subtype", V),
            ("BaseFont", V),
            ("FirstChar", V),
            ("LastChar", V),
            ("Widths", V),
            ("FontDescriptor", Of(Type::FontDescriptor)),
            ("Encoding", Of(Type::FontEncoding)),
            ("ToUnicode", Of(Type::CharacterMap)),
            ("DescendantFonts", List(Type::Font)),
            ("CIDSystemInfo", Of(Type::CidSystemInfo)),
            ("DW", V),
            ("W", V),
            ("DW2", V),
            ("W2", V),
            ("CIDToGIDMap", Of(Type::CidToGidMap)),
            ("FontBBox", V),
            ("FontMatrix", V),
            ("CharProcs", Map(Type::GlyphProcedure)),
            ("Resources", Of(Type::Resources)),
        ],
        Type::FontEncoding => &[("Type", V), ("BaseEncoding", V), ("Differences", V)],
        Type::FontDescriptor => &[
            ("Type", V),
            ("FontName", V),
            ("FontFamily", T),
            ("FontStretch", V),
            ("FontWeight", V),
            ("Flags", V),
            ("FontBBox", V),
            ("ItalicAngle", V),
            ("Ascent", V),
            ("Descent", V),
            ("Leading", V),
            ("CapHeight", V),
            ("XHeight", V),
            ("StemV", V),
            ("StemH", V),
            ("AvgWidth", V),
            ("MaxWidth", V),
            ("MissingWidth", V),
            ("FontFile", Of(Type::FontProgram)),
            ("FontFile2", Of(Type::FontProgram)),
            ("FontFile3", Of(Type::FontProgram)),
            ("CharSet", T),
            ("Style", Of(Type::FontStyle)),
            ("Lang", V),
            ("FD", Map(Type::FontDescriptor)),
            ("CIDSet", Of(Type::CidToGidMap)),
        ],
        Type::FontStyle => &[("Panose", T)],
        Type::FontProgram => &[("Subtype", V), ("Length1", V), ("Length2", V), ("Length3", V)],
        Type::CidSystemInfo => &[("Registry", T), ("Ordering", T), ("Supplement", V)],
        Type::CharacterMap => &[
            ("Type", V),
            ("CMapName", V),
            ("CIDSystemInfo", Of(Type::CidSystemInfo)),
            ("WMode", V),
            ("UseCMap", Of(Type::CharacterMap)),
        ],
        // 7.4
        Type::DecodeParameters => &[
            ("Predictor", V),
            ("Colors", V),
            ("BitsPerComponent", V),
            ("Columns", V),
            ("EarlyChange", V),
            ("K", V),
            ("EndOfLine", V),
            ("EncodedByteAlign", V),
            ("Rows", V),
            ("EndOfBlock", V),
            ("BlackIs1", V),
            ("DamagedRowsBeforeError", V),
            ("JBIG2Globals", Of(Type::Jbig2Globals)),
            ("ColorTransform", V),
        ],
        _ => return None,
    };
    Some(keys)
}
