//! The operators that exist (Annex A), how many operands they take, and the resources that they name.

use super::operations::{Operand, Operation};
use super::tokens::name;

/// How many operands an operator takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arity {
    Exactly(usize),
    /// Colour components, and the name of a pattern.
    Components,
}

/// The operands of an operator; none for what is no operator.
pub(super) fn arity(operator: &[u8]) -> Option<Arity> {
    Some(match operator {
        b"BT" | b"ET" | b"BX" | b"EX" | b"EMC" | b"q" | b"Q" | b"T*" | b"W" | b"W*" | b"h" | b"n" | b"BI" | b"S"
        | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" => Arity::Exactly(0),
        b"BMC" | b"MP" | b"CS" | b"cs" | b"Do" | b"G" | b"g" | b"J" | b"j" | b"M" | b"TL" | b"TJ" | b"Tc" | b"Tj"
        | b"Tr" | b"Ts" | b"Tw" | b"Tz" | b"'" | b"gs" | b"i" | b"ri" | b"sh" | b"w" => Arity::Exactly(1),
        b"BDC" | b"DP" | b"TD" | b"Td" | b"Tf" | b"d" | b"d0" | b"l" | b"m" => Arity::Exactly(2),
        b"RG" | b"rg" | b"\"" => Arity::Exactly(3),
        b"K" | b"k" | b"re" | b"v" | b"y" => Arity::Exactly(4),
        b"Tm" | b"c" | b"cm" | b"d1" => Arity::Exactly(6),
        b"SC" | b"SCN" | b"sc" | b"scn" => Arity::Components,
        _ => return None,
    })
}

/// True for operators that end a path by painting it.
pub(super) fn paints_path(operator: &[u8]) -> bool {
    matches!(operator, b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*")
}

/// True for operators that build a path.
pub(super) fn builds_path(operator: &[u8]) -> bool {
    matches!(operator, b"m" | b"l" | b"c" | b"v" | b"y" | b"h" | b"re")
}

/// The parts of a resource dictionary (Table 34).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Category {
    ExtGState,
    ColorSpace,
    Pattern,
    Shading,
    XObject,
    Font,
    Properties,
}

impl Category {
    /// All of them.
    pub(super) const ALL: [Self; 7] =
        [Self::ExtGState, Self::ColorSpace, Self::Pattern, Self::Shading, Self::XObject, Self::Font, Self::Properties];

    /// Its key.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::ExtGState => "ExtGState",
            Self::ColorSpace => "ColorSpace",
            Self::Pattern => "Pattern",
            Self::Shading => "Shading",
            Self::XObject => "XObject",
            Self::Font => "Font",
            Self::Properties => "Properties",
        }
    }
}

/// The resource that an operation names. Properties are left out: only those that stay count.
pub(super) fn resource(bytes: &[u8], operation: &Operation<'_>) -> Option<(Category, Vec<u8>)> {
    let (category, from_end) = match operation.operator {
        b"gs" => (Category::ExtGState, 1),
        b"CS" | b"cs" => (Category::ColorSpace, 1),
        b"SCN" | b"scn" => (Category::Pattern, 1),
        b"sh" => (Category::Shading, 1),
        b"Do" => (Category::XObject, 1),
        b"Tf" => (Category::Font, 2),
        _ => return None,
    };
    let index = operation.operands.len().checked_sub(from_end)?;
    match operation.operands.get(index)? {
        (Operand::Name, range) => Some((category, name(bytes.get(range.clone())?))),
        _ => None,
    }
}
