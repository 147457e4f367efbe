//! The arithmetic that the validators share.

/// The decimal digits of a text, separators left out.
pub(super) fn digits(text: &str) -> Vec<u32> {
    text.chars().filter_map(|c| c.to_digit(10)).collect()
}

/// The ASCII letters and digits of a text, upper case.
pub(super) fn compact(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// The value of a letter or digit in base 36: `0` to `9`, then `A` as 10.
pub(super) fn base36(c: char) -> Option<u32> {
    c.to_digit(36)
}

/// Sum of the products of digits and weights, as far as both go.
pub(super) fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).fold(0, |sum, (digit, weight)| sum.saturating_add(digit.saturating_mul(*weight)))
}

/// All digits the same: a placeholder in every numbering scheme.
pub(super) fn uniform(digits: &[u32]) -> bool {
    digits.windows(2).all(|pair| matches!(pair, [a, b] if a == b))
}

/// ISO/IEC 7812-1 Annex B: every second digit from the right doubled, cross sums added.
pub(super) fn luhn(digits: &[u32]) -> bool {
    let sum = digits.iter().rev().enumerate().fold(0_u32, |sum, (place, digit)| {
        let worth = if place % 2 == 1 { digit.saturating_mul(2) } else { *digit };
        sum.saturating_add(if worth > 9 { worth.saturating_sub(9) } else { worth })
    });
    digits.len() > 1 && sum % 10 == 0
}

/// Remainder by 97 of a number written with letters as 10 to 35 (ISO/IEC 7064, MOD 97-10).
pub(super) fn mod97(mut text: impl Iterator<Item = char>) -> Option<u32> {
    text.try_fold(0_u32, |rest, c| {
        let worth = base36(c)?;
        let shift = if worth > 9 { 100 } else { 10 };
        Some(rest.saturating_mul(shift).saturating_add(worth) % 97)
    })
}

/// ISO/IEC 7064, MOD 11,10: true when the last digit checks the others.
pub(super) fn mod11_10(digits: &[u32]) -> bool {
    let Some((check, body)) = digits.split_last() else { return false };
    let product = body.iter().fold(10_u32, |product, digit| {
        let sum = product.saturating_add(*digit) % 10;
        (if sum == 0 { 10 } else { sum }).saturating_mul(2) % 11
    });
    11_u32.saturating_sub(product) % 10 == *check
}

/// Verhoeff's scheme over the dihedral group of order ten: true when the last digit checks the others.
pub(super) fn verhoeff(digits: &[u32]) -> bool {
    const INVERSE_POWERS: [[u32; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    let check = digits.iter().rev().zip(INVERSE_POWERS.iter().cycle()).fold(0_u32, |check, (digit, row)| {
        let permuted = usize::try_from(*digit).ok().and_then(|place| row.get(place)).copied().unwrap_or(0);
        dihedral(check, permuted)
    });
    check == 0
}

/// The product of two elements of the dihedral group of order ten, numbered 0 to 4 (turns) and 5 to 9 (flips).
fn dihedral(a: u32, b: u32) -> u32 {
    match (a < 5, b < 5) {
        (true, true) => a.saturating_add(b) % 5,
        (true, false) => (a.saturating_add(b) % 5).saturating_add(5),
        (false, true) => (a.saturating_add(5).saturating_sub(b) % 5).saturating_add(5),
        (false, false) => a.saturating_add(5).saturating_sub(b) % 5,
    }
}

/// ICAO Doc 9303-3, 4.9: weights 7, 3, 1; `<` counts as nothing.
pub(super) fn icao(text: &str) -> Option<u32> {
    let sum = text.chars().zip([7_u32, 3, 1].into_iter().cycle()).try_fold(0_u32, |sum, (c, weight)| {
        let worth = if c == '<' { 0 } else { base36(c)? };
        Some(sum.saturating_add(worth.saturating_mul(weight)))
    })?;
    Some(sum % 10)
}

/// Days of a month, February with its leap day.
pub(super) fn days_in(month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 29,
        _ => 0,
    }
}

/// True for a day that exists in a month.
pub(super) fn real_day(month: u32, day: u32) -> bool {
    day >= 1 && day <= days_in(month)
}

/// The number that a few digits make.
pub(super) fn number(digits: &[u32]) -> u32 {
    digits.iter().fold(0_u32, |number, digit| number.saturating_mul(10).saturating_add(*digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_check() {
        assert!(luhn(&digits("7992739871 3")) && !luhn(&digits("79927398710")));
        assert!(verhoeff(&digits("2363")) && !verhoeff(&digits("2364")));
        assert!(mod11_10(&digits("0794 5")) && !mod11_10(&digits("07946")));
        assert_eq!(mod97("3214282912345698765432161182".chars()), Some(1));
        assert_eq!(icao("L898902C3"), Some(6));
        assert_eq!(icao("ZE184226B<<<<<"), Some(1));
    }
}
