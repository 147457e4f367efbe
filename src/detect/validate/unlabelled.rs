//! Numbers without a label, alone in their line or cell.
//!
//! A sheet of identifiers has its labels in another row, a scan none at all. What stands alone and has the form and the check
//! digit of an identifier is worth a note, no more: one in ten numbers has some check digit by chance.

use super::check_digits::{digits, luhn, number, real_day, uniform};
use super::{Sight, Verdict, europe, identity, overseas, payment};

/// Alone between line ends, tabs and column separators.
pub(super) fn alone(sight: &Sight<'_>) -> Verdict {
    let (before, after) = sight.line(120);
    let edge = |c: char| matches!(c, '\t' | '|');
    let before = before.rsplit(edge).next().unwrap_or_default();
    let after = after.split(edge).next().unwrap_or_default();
    if before.trim().is_empty() && after.trim().is_empty() { Verdict::Unknown } else { Verdict::Invalid }
}

/// Alone, and the number of a person, account or insurance by its check digit.
pub(super) fn number_alone(value: &str) -> bool {
    let id = digits(value);
    let two = |at: usize| id.get(at..at.saturating_add(2)).map_or(0, number);
    if uniform(&id) {
        return false;
    }
    match id.len() {
        // US routing number and ITIN; German physician; Canadian social insurance number where it is written in groups.
        9 => {
            payment::aba_routing(value)
                || identity::us_itin(value) == Verdict::Unknown
                || europe::de_physician(value)
                || (value.len() == 11 && identity::ca_sin(value))
        }
        // US provider, Australian Medicare.
        10 => identity::us_npi(value) || identity::au_medicare(value),
        // German tax, Polish, Turkish, Nigerian number.
        11 => {
            identity::de_steuer_id(value)
                || identity::pl_pesel(value)
                || identity::tr_kimlik(value)
                || overseas::ng_nin(value)
        }
        // Indian Aadhaar, Swedish personal number with its century.
        12 => identity::in_aadhaar(value) || matches!(two(0), 18..=20) && luhn(id.get(2..).unwrap_or_default()),
        // Thai, South African, Korean number.
        13 => {
            identity::th_id(value)
                || identity::za_id(value)
                || (real_day(two(2), two(4)) && identity::kr_rrn(value) == Verdict::Valid)
        }
        _ => false,
    }
}

/// See [`number_alone`].
pub(super) fn number_of(sight: &Sight<'_>) -> Verdict {
    match alone(sight) {
        Verdict::Unknown if number_alone(sight.value()) => Verdict::Unknown,
        _ => Verdict::Invalid,
    }
}

/// Alone, and of the form of a passport, identity card or licence, which is the pattern's part.
pub(super) fn document(sight: &Sight<'_>) -> Verdict {
    let value = sight.value();
    // A German document number may carry its check digit; then it must be right.
    let with_check = value.len() == 10 && value.bytes().skip(1).all(|byte| byte.is_ascii_digit());
    let wrong = with_check && europe::de_id_card(value) == Verdict::Invalid;
    if wrong { Verdict::Invalid } else { alone(sight) }
}
