//! National identifiers of the Americas, Asia, Africa and Oceania beyond those in `identity`.

use super::Verdict;
use super::check_digits::{base36, compact, digits, luhn, number, real_day, uniform, verhoeff, weighted};

/// The check digit that makes a sum divisible by 11, for those who write 10 and 11 as 0.
fn eleven(sum: u32) -> u32 {
    let check = 11_u32.saturating_sub(sum % 11);
    if check > 9 { 0 } else { check }
}

/// Australian Business Number: one less in the first digit, weights by 89.
pub(super) fn au_abn(value: &str) -> bool {
    let id = digits(value);
    let sum = weighted(&id, &[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]).saturating_sub(10);
    id.len() == 11 && id.first() != Some(&0) && sum.is_multiple_of(89)
}

/// Australian Company Number: weights 8 to 1 by 10.
pub(super) fn au_acn(value: &str) -> bool {
    let id = digits(value);
    let rest = weighted(&id, &[8, 7, 6, 5, 4, 3, 2, 1]) % 10;
    id.len() == 9 && !uniform(&id) && id.last() == Some(&(10_u32.saturating_sub(rest) % 10))
}

/// New Zealand tax number: two rows of weights by 11.
pub(super) fn nz_ird(value: &str) -> bool {
    let mut id = digits(value);
    if id.len() == 8 {
        id.insert(0, 0);
    }
    let check = |weights: &[u32]| match weighted(&id, weights) % 11 {
        0 => 0,
        rest => 11_u32.saturating_sub(rest),
    };
    let first = check(&[3, 2, 7, 6, 5, 4, 3, 2]);
    let want = if first == 10 { check(&[7, 4, 3, 2, 5, 2, 7, 6]) } else { first };
    let whole = number(&id);
    id.len() == 9 && (10_000_000..=150_000_000).contains(&whole) && want < 10 && id.last() == Some(&want)
}

/// New Zealand health index: letters without I and O as numbers, weights 7 to 2 by 11 (the form before 2026).
pub(super) fn nz_nhi(value: &str) -> bool {
    const LETTERS: &str = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    let id = compact(value);
    let worth = |c: char| match c.to_digit(10) {
        Some(digit) => Some(digit),
        None => LETTERS.find(c).and_then(|at| u32::try_from(at).ok()).map(|at| at.saturating_add(1)),
    };
    let Some(all) = id.chars().map(worth).collect::<Option<Vec<u32>>>() else { return false };
    let rest = weighted(&all, &[7, 6, 5, 4, 3, 2]) % 11;
    let check = 11_u32.saturating_sub(rest) % 10;
    all.len() == 7 && rest != 0 && all.last() == Some(&check)
}

/// Mexican CURP: a birth date and a check digit over an alphabet of 37 signs.
pub(super) fn mx_curp(value: &str) -> bool {
    const ALPHABET: &str = "0123456789ABCDEFGHIJKLMN?OPQRSTUVWXYZ";
    let id = compact(value);
    let date = digits(id.get(4..10).unwrap_or_default());
    let (month, day) = (date.get(2..4).map_or(0, number), date.get(4..6).map_or(0, number));
    let sum = id.chars().take(17).zip((2_u32..=18).rev()).try_fold(0_u32, |sum, (c, weight)| {
        let worth = u32::try_from(ALPHABET.find(c)?).ok()?;
        Some(sum.saturating_add(worth.saturating_mul(weight)))
    });
    let check = sum.map(|sum| 10_u32.saturating_sub(sum % 10) % 10);
    id.len() == 18 && real_day(month, day) && check.is_some() && id.chars().last().and_then(|c| c.to_digit(10)) == check
}

/// Argentine CUIT and CUIL: weights by 11.
pub(super) fn ar_cuit(value: &str) -> bool {
    let id = digits(value);
    let sum = weighted(&id, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
    let check = match 11_u32.saturating_sub(sum % 11) {
        11 => 0,
        10 => 9,
        check => check,
    };
    id.len() == 11 && matches!(id.first(), Some(2 | 3)) && id.last() == Some(&check)
}

/// Chilean RUT: weights 2 to 7 from the right by 11, K for 10.
pub(super) fn cl_rut(value: &str) -> bool {
    let id = compact(value);
    let Some((body, check)) = id.len().checked_sub(1).and_then(|at| id.split_at_checked(at)) else { return false };
    let body = digits(body);
    let sum = body.iter().rev().zip([2_u32, 3, 4, 5, 6, 7].into_iter().cycle());
    let sum = sum.fold(0_u32, |sum, (digit, weight)| sum.saturating_add(digit.saturating_mul(weight)));
    let want = match 11_u32.saturating_sub(sum % 11) {
        11 => Some('0'),
        10 => Some('K'),
        digit => char::from_digit(digit, 10),
    };
    matches!(body.len(), 7 | 8) && !uniform(&body) && check.chars().next() == want
}

/// Colombian NIT: prime weights from the right by 11.
pub(super) fn co_nit(value: &str) -> bool {
    let id = digits(value);
    let Some((check, body)) = id.split_last() else { return false };
    let reversed: Vec<u32> = body.iter().rev().copied().collect();
    let rest = weighted(&reversed, &[3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71]) % 11;
    let want = if rest < 2 { rest } else { 11_u32.saturating_sub(rest) };
    matches!(id.len(), 9 | 10) && !uniform(&id) && *check == want
}

/// Ecuadorian cédula: a province, then Luhn.
pub(super) fn ec_cedula(value: &str) -> bool {
    let id = digits(value);
    id.len() == 10
        && matches!(id.get(..2).map_or(0, number), 1..=24 | 30)
        && matches!(id.get(2), Some(0..=5))
        && luhn(&id)
}

/// Peruvian RUC: weights by 11.
pub(super) fn pe_ruc(value: &str) -> bool {
    let id = digits(value);
    let check = 11_u32.saturating_sub(weighted(&id, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 10;
    id.len() == 11 && matches!(id.get(..2).map_or(0, number), 10 | 15 | 17 | 20) && id.last() == Some(&check)
}

/// Uruguayan cédula: weights by 10.
pub(super) fn uy_cedula(value: &str) -> bool {
    let id = digits(value);
    let rest = weighted(&id, &[2, 9, 8, 7, 6, 3, 4]) % 10;
    id.len() == 8 && id.last() == Some(&(10_u32.saturating_sub(rest) % 10))
}

/// Dominican cédula: Luhn.
pub(super) fn do_cedula(value: &str) -> bool {
    let id = digits(value);
    id.len() == 11 && !uniform(&id) && luhn(&id)
}

/// Brazilian CNPJ: two check digits by 11; letters, given since 2026, count by their code.
pub(super) fn br_cnpj(value: &str) -> bool {
    let id = compact(value);
    let worth: Vec<u32> = id.bytes().map(|byte| u32::from(byte).saturating_sub(48)).collect();
    let check = |weights: &[u32]| eleven(weighted(&worth, weights));
    worth.len() == 14
        && !uniform(&worth)
        && worth.get(12) == Some(&check(&[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]))
        && worth.get(13) == Some(&check(&[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]))
}

/// Israeli identity number: Luhn over nine digits.
pub(super) fn il_id(value: &str) -> bool {
    let id = digits(value);
    matches!(id.len(), 8 | 9) && !uniform(&id) && luhn(&id)
}

/// Emirates ID: begins with 784, Luhn.
pub(super) fn ae_id(value: &str) -> bool {
    let id = digits(value);
    id.len() == 15 && id.starts_with(&[7, 8, 4]) && luhn(&id)
}

/// Saudi identity number: 1 for citizens, 2 for residents, Luhn.
pub(super) fn sa_id(value: &str) -> bool {
    let id = digits(value);
    id.len() == 10 && matches!(id.first(), Some(1 | 2)) && luhn(&id)
}

/// Kuwaiti civil number: a date, weights by 11.
pub(super) fn kw_civil(value: &str) -> bool {
    let id = digits(value);
    let (month, day) = (id.get(3..5).map_or(0, number), id.get(5..7).map_or(0, number));
    let check = 11_u32.saturating_sub(weighted(&id, &[2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11);
    id.len() == 12 && matches!(id.first(), Some(1..=3)) && real_day(month, day) && id.last() == Some(&check)
}

/// Iranian national code: weights 10 to 2 by 11.
pub(super) fn ir_national(value: &str) -> bool {
    let id = digits(value);
    let rest = weighted(&id, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    let want = if rest < 2 { rest } else { 11_u32.saturating_sub(rest) };
    id.len() == 10 && !uniform(&id) && id.last() == Some(&want)
}

/// Kazakh IIN: a date, two rows of weights by 11.
pub(super) fn kz_iin(value: &str) -> bool {
    let id = digits(value);
    let (month, day) = (id.get(2..4).map_or(0, number), id.get(4..6).map_or(0, number));
    let first = weighted(&id, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
    let second = weighted(&id, &[3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11;
    let check = if first == 10 { second } else { first };
    id.len() == 12 && real_day(month, day) && check < 10 && id.last() == Some(&check)
}

/// Japanese individual number: weights by 11.
pub(super) fn jp_my_number(value: &str) -> bool {
    let id = digits(value);
    let rest = weighted(&id, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    let want = if rest < 2 { 0 } else { 11_u32.saturating_sub(rest) };
    id.len() == 12 && !uniform(&id) && id.last() == Some(&want)
}

/// Hong Kong identity card: letters as 10 to 35, weights 9 to 2 by 11, A for 10.
pub(super) fn hk_id(value: &str) -> bool {
    let id = compact(value);
    let worth: Option<Vec<u32>> = id.chars().map(base36).collect();
    let Some(mut worth) = worth else { return false };
    if worth.len() == 8 {
        worth.insert(0, 36);
    }
    worth.len() == 9 && weighted(&worth, &[9, 8, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

/// Taiwanese identity number: the place as two digits, weights by 10.
pub(super) fn tw_id(value: &str) -> bool {
    const PLACES: &str = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let id = compact(value);
    let Some(place) = id.chars().next().and_then(|c| PLACES.find(c)).and_then(|at| u32::try_from(at).ok()) else {
        return false;
    };
    let place = place.saturating_add(10);
    let body = digits(id.get(1..).unwrap_or_default());
    let all: Vec<u32> = [place / 10, place % 10].into_iter().chain(body.iter().copied()).collect();
    body.len() == 9
        && matches!(body.first(), Some(1 | 2 | 8 | 9))
        && weighted(&all, &[1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1]).is_multiple_of(10)
}

/// Malaysian MyKad: a date and a place of birth; no check digit.
pub(super) fn my_nric(value: &str) -> Verdict {
    let id = digits(value);
    let two = |at: usize| id.get(at..at.saturating_add(2)).map_or(0, number);
    let place = matches!(two(6), 1..=16 | 21..=68 | 71 | 72 | 74..=79 | 82..=93 | 98 | 99);
    if id.len() == 12 && real_day(two(2), two(4)) && place { Verdict::Unknown } else { Verdict::Invalid }
}

/// Indonesian NIK: province, birth date (day raised by 40 for women); no check digit.
pub(super) fn id_nik(value: &str) -> Verdict {
    let id = digits(value);
    let two = |at: usize| id.get(at..at.saturating_add(2)).map_or(0, number);
    let good = id.len() == 16 && matches!(two(0), 11..=21 | 31..=36 | 51..=53 | 61..=65 | 71..=76 | 81 | 82 | 91..=97);
    if good && real_day(two(8), two(6) % 40) { Verdict::Unknown } else { Verdict::Invalid }
}

/// Egyptian national number: century, birth date, governorate; the check digit is not published.
pub(super) fn eg_national(value: &str) -> Verdict {
    let id = digits(value);
    let two = |at: usize| id.get(at..at.saturating_add(2)).map_or(0, number);
    let good = id.len() == 14 && matches!(id.first(), Some(2 | 3)) && real_day(two(3), two(5));
    if good && matches!(two(7), 1..=35 | 88) { Verdict::Unknown } else { Verdict::Invalid }
}

/// Nigerian NIN: Verhoeff.
pub(super) fn ng_nin(value: &str) -> bool {
    let id = digits(value);
    id.len() == 11 && !uniform(&id) && verhoeff(&id)
}

/// Philippine TIN: weights 9 to 2 by 11; a branch code may follow.
pub(super) fn ph_tin(value: &str) -> bool {
    let id = digits(value);
    matches!(id.len(), 9 | 12 | 14)
        && id.get(8).is_some_and(|check| weighted(&id, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 % 10 == *check)
        && id.get(..9).is_some_and(|body| !uniform(body))
}

/// Indian GSTIN: state, PAN, entity; check character by 36. A wrong one is more often misread than no GSTIN at all.
pub(super) fn in_gstin(value: &str) -> Verdict {
    let id = compact(value);
    let state = digits(id.get(..2).unwrap_or_default());
    let sum = id.chars().take(14).enumerate().try_fold(0_u32, |sum, (place, c)| {
        let product = base36(c)?.saturating_mul(if place % 2 == 1 { 2 } else { 1 });
        Some(sum.saturating_add(product / 36).saturating_add(product % 36))
    });
    let check = sum.and_then(|sum| char::from_digit(36_u32.saturating_sub(sum % 36) % 36, 36));
    if id.len() != 15 || !matches!(number(&state), 1..=38 | 97 | 99) {
        return Verdict::Invalid;
    }
    let right = id.chars().last() == check.map(|check| check.to_ascii_uppercase());
    if right { Verdict::Valid } else { Verdict::Unknown }
}

/// Korean business number: weights by 10, the ninth digit with its carry.
pub(super) fn kr_business(value: &str) -> bool {
    let id = digits(value);
    let carry = id.get(8).map_or(0, |digit| digit.saturating_mul(5) / 10);
    let sum = weighted(&id, &[1, 3, 7, 1, 3, 7, 1, 3, 5]).saturating_add(carry);
    id.len() == 10 && !uniform(&id) && id.last() == Some(&(10_u32.saturating_sub(sum % 10) % 10))
}

/// US Drug Enforcement Administration number: two letters, odd places plus twice the even ones by 10.
pub(super) fn us_dea(value: &str) -> bool {
    let id = digits(value);
    id.len() == 7 && id.last() == Some(&(weighted(&id, &[1, 2, 1, 2, 1, 2]) % 10))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::validate::tests::check_all;

    #[test]
    fn published_numbers_check_and_changed_ones_do_not() {
        check_all(&[
            ("au", au_abn, "51 824 753 556", "51 824 753 557"),
            ("au", au_acn, "004 085 616", "004 085 617"),
            ("nz", nz_ird, "49-091-850", "49-091-851"),
            ("nz", nz_nhi, "ZAC5361", "ZAC5362"),
            ("mx", mx_curp, "BOXW310820HNERXN09", "BOXW310820HNERXN08"),
            ("ar", ar_cuit, "20-05536168-2", "20-05536168-3"),
            ("cl", cl_rut, "12.531.909-2", "12.531.909-3"),
            ("co", co_nit, "213.123.432-1", "213.123.432-2"),
            ("ec", ec_cedula, "1714307103", "1714307104"),
            ("pe", pe_ruc, "20512333797", "20512333798"),
            ("uy", uy_cedula, "1.234.567-2", "1.234.567-3"),
            ("do", do_cedula, "224-0002211-1", "224-0002211-2"),
            ("br", br_cnpj, "16.727.230/0001-97", "16.727.230/0001-98"),
            ("il", il_id, "39337423", "39337424"),
            ("ae", ae_id, "784-1980-1234567-8", "784-1980-1234567-9"),
            ("sa", sa_id, "1000000008", "1000000009"),
            ("kw", kw_civil, "290050500001", "290050500002"),
            ("ir", ir_national, "0499370899", "0499370898"),
            ("kz", kz_iin, "900101300017", "900101300018"),
            ("jp", jp_my_number, "123456789018", "123456789019"),
            ("hk", hk_id, "A123456(3)", "A123456(4)"),
            ("tw", tw_id, "A123456789", "A123456788"),
            ("ng", ng_nin, "01234567895", "01234567896"),
            ("ph", ph_tin, "000-123-456-000", "000-123-457-000"),
            ("kr", kr_business, "116-82-00276", "116-82-00277"),
            ("us", us_dea, "GL0285191", "GL0285192"),
        ]);
        assert_eq!(in_gstin("27AAPFU0939F1ZV"), Verdict::Valid);
        assert_eq!(in_gstin("27AAPFU0939F1ZW"), Verdict::Unknown);
        assert_eq!(in_gstin("50AAPFU0939F1ZV"), Verdict::Invalid);
        assert_eq!(my_nric("770305-02-1234"), Verdict::Unknown);
        assert_eq!(my_nric("771305-02-1234"), Verdict::Invalid);
        assert_eq!(id_nik("3171011708450001"), Verdict::Unknown);
        assert_eq!(id_nik("0171011708450001"), Verdict::Invalid);
        assert_eq!(eg_national("29001011234567"), Verdict::Unknown);
        assert_eq!(eg_national("29013011234567"), Verdict::Invalid);
    }
}
