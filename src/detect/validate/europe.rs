//! National identifiers of Europe beyond those in `identity`: check digits and the dates they hold.
//!
//! Each function names what is numbered; the weights are those of the issuing authority.

use super::Verdict;
use super::check_digits::{base36, compact, digits, icao, luhn, mod11_10, number, real_day, uniform, weighted};

/// Day and month from two places of a number, each as two digits.
fn date(id: &[u32], day: usize, month: usize) -> (u32, u32) {
    let two = |at: usize| id.get(at..at.saturating_add(2)).map_or(0, number);
    (two(day), two(month))
}

/// Austrian social insurance number: the fourth digit checks the other nine, the last six are the birth date.
pub(super) fn at_svnr(value: &str) -> bool {
    let id = digits(value);
    let (day, month) = date(&id, 4, 6);
    let check = weighted(&id, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11;
    id.len() == 10 && id.first() != Some(&0) && real_day(month, day) && id.get(3) == Some(&check)
}

/// Belgian national number: 97 minus the remainder by 97, with a 2 before it for those born since 2000.
pub(super) fn be_national(value: &str) -> bool {
    let id = digits(value);
    let body = id.get(..9).map_or(0, number);
    let check = id.get(9..).map_or(0, number);
    let rest = |number: u64| 97_u64.saturating_sub(number % 97) == u64::from(check);
    let body = u64::from(body);
    id.len() == 11 && date(&id, 4, 2).1 <= 12 && (rest(body) || rest(body.saturating_add(2_000_000_000)))
}

/// Bulgarian EGN: weights are powers of two by 11; the month carries the century.
pub(super) fn bg_egn(value: &str) -> bool {
    let id = digits(value);
    let (day, month) = date(&id, 4, 2);
    let check = weighted(&id, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10;
    id.len() == 10 && real_day(month % 20, day) && id.get(9) == Some(&check)
}

/// Swiss AHV number: an EAN-13 of the country code 756.
pub(super) fn ch_ahv(value: &str) -> bool {
    let id = digits(value);
    id.len() == 13
        && id.starts_with(&[7, 5, 6])
        && weighted(&id, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
}

/// Czech and Slovak birth number: divisible by 11; the month is raised by 50 for women, by 20 when numbers ran out.
pub(super) fn cz_birth_number(value: &str) -> bool {
    let id = digits(value);
    let (day, month) = date(&id, 4, 2);
    let whole = id.iter().fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(*digit)));
    id.len() == 10 && !uniform(&id) && real_day(month % 50 % 20, day) && whole.is_multiple_of(11)
}

/// Danish CPR number: a date; the check by 11 is no longer kept by all numbers.
pub(super) fn dk_cpr(value: &str) -> Verdict {
    let id = digits(value);
    let (day, month) = date(&id, 0, 2);
    if id.len() != 10 || !real_day(month, day) {
        return Verdict::Invalid;
    }
    let kept = weighted(&id, &[4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11);
    if kept { Verdict::Valid } else { Verdict::Unknown }
}

/// Estonian and Lithuanian personal code: two rows of weights by 11.
pub(super) fn ee_personal_code(value: &str) -> bool {
    let id = digits(value);
    let (day, month) = date(&id, 5, 3);
    let first = weighted(&id, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
    let second = weighted(&id, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10;
    let check = if first == 10 { second } else { first };
    id.len() == 11 && matches!(id.first(), Some(1..=8)) && real_day(month, day) && id.last() == Some(&check)
}

/// Latvian personal code: a date, and a check by 11; codes given since 2017 begin with 32 and have none.
pub(super) fn lv_personal_code(value: &str) -> Verdict {
    let id = digits(value);
    if id.len() != 11 {
        return Verdict::Invalid;
    }
    if id.starts_with(&[3, 2]) {
        return Verdict::Unknown;
    }
    let (day, month) = date(&id, 0, 2);
    let check = weighted(&id, &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9]).saturating_add(1) % 11 % 10;
    (real_day(month, day) && id.last() == Some(&check)).into()
}

/// Greek AMKA: a date and Luhn.
pub(super) fn gr_amka(value: &str) -> bool {
    let id = digits(value);
    let (day, month) = date(&id, 0, 2);
    id.len() == 11 && real_day(month, day) && luhn(&id)
}

/// Greek AFM (tax number): powers of two by 11.
pub(super) fn gr_afm(value: &str) -> bool {
    let id = digits(value);
    let check = weighted(&id, &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10;
    id.len() == 9 && !uniform(&id) && id.last() == Some(&check)
}

/// Croatian OIB: ISO/IEC 7064 MOD 11,10.
pub(super) fn hr_oib(value: &str) -> bool {
    let id = digits(value);
    id.len() == 11 && !uniform(&id) && mod11_10(&id)
}

/// Hungarian TAJ (social security): weights 3 and 7 by 10.
pub(super) fn hu_taj(value: &str) -> bool {
    let id = digits(value);
    id.len() == 9 && !uniform(&id) && id.last() == Some(&(weighted(&id, &[3, 7, 3, 7, 3, 7, 3, 7]) % 10))
}

/// Hungarian tax identification of a person: begins with 8, places as weights by 11.
pub(super) fn hu_tax(value: &str) -> bool {
    let id = digits(value);
    id.len() == 10 && id.first() == Some(&8) && id.last() == Some(&(weighted(&id, &[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11))
}

/// Irish PPS number: weights 8 to 2, a second letter by 9; the remainder by 23 is the letter.
pub(super) fn ie_pps(value: &str) -> bool {
    let id = compact(value);
    let Some((body, letters)) = id.split_at_checked(7) else { return false };
    let mut letters = letters.chars();
    let Some(check) = letters.next() else { return false };
    let second = match letters.next() {
        Some('W') | None => 0,
        Some(letter) => base36(letter).unwrap_or(9).saturating_sub(9),
    };
    let body = digits(body);
    let rest = weighted(&body, &[8, 7, 6, 5, 4, 3, 2]).saturating_add(second.saturating_mul(9)) % 23;
    let want = if rest == 0 { 'W' } else { char::from_digit(rest.saturating_add(9), 36).unwrap_or('0') };
    body.len() == 7 && check == want.to_ascii_uppercase()
}

/// Icelandic kennitala: a date, weights by 11.
pub(super) fn is_kennitala(value: &str) -> bool {
    let id = digits(value);
    let (day, month) = date(&id, 0, 2);
    id.len() == 10
        && real_day(month, day)
        && weighted(&id, &[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
        && matches!(id.last(), Some(0 | 8 | 9))
}

/// Norwegian birth number: a date (D numbers raise the day by 40), two checks by 11.
pub(super) fn no_birth_number(value: &str) -> bool {
    let id = digits(value);
    let (day, month) = date(&id, 0, 2);
    id.len() == 11
        && real_day(month, day % 40)
        && weighted(&id, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).is_multiple_of(11)
        && weighted(&id, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

/// Portuguese NIF: weights 9 to 2 by 11.
pub(super) fn pt_nif(value: &str) -> bool {
    let id = digits(value);
    let rest = weighted(&id, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    let check = if rest < 2 { 0 } else { 11_u32.saturating_sub(rest) };
    id.len() == 9 && matches!(id.first(), Some(1..=3 | 5 | 6 | 8 | 9)) && id.last() == Some(&check) && !uniform(&id)
}

/// Romanian CNP: a date, weights by 11.
pub(super) fn ro_cnp(value: &str) -> bool {
    let id = digits(value);
    let (day, month) = date(&id, 5, 3);
    let rest = weighted(&id, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    let check = if rest == 10 { 1 } else { rest };
    id.len() == 13 && id.first() != Some(&0) && real_day(month, day) && id.last() == Some(&check)
}

/// JMBG of Serbia, Bosnia, Montenegro and North Macedonia, EMŠO of Slovenia: a date, weights by 11.
pub(super) fn jmbg(value: &str) -> bool {
    let id = digits(value);
    let (day, month) = date(&id, 0, 2);
    let rest = weighted(&id, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    let check = if rest < 2 { 0 } else { 11_u32.saturating_sub(rest) };
    id.len() == 13 && real_day(month, day) && id.last() == Some(&check)
}

/// Ukrainian taxpayer number: weights by 11, the first of which is minus 1.
pub(super) fn ua_tax(value: &str) -> bool {
    let id = digits(value);
    let rest = weighted(&id, &[10, 5, 7, 9, 4, 6, 10, 5, 7]) % 11 % 10;
    id.len() == 10 && !uniform(&id) && id.last() == Some(&rest)
}

/// Russian SNILS: weights 9 to 1, by 101.
pub(super) fn ru_snils(value: &str) -> bool {
    let id = digits(value);
    let check = weighted(&id, &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100;
    id.len() == 11 && !uniform(&id) && id.get(9..).map(number) == Some(check)
}

/// Russian INN of a person: two checks by 11.
pub(super) fn ru_inn(value: &str) -> bool {
    let id = digits(value);
    id.len() == 12
        && !uniform(&id)
        && id.get(10) == Some(&(weighted(&id, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10))
        && id.get(11) == Some(&(weighted(&id, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10))
}

/// Italian VAT number: Luhn.
pub(super) fn it_vat(value: &str) -> bool {
    let id = digits(value);
    id.len() == 11 && !uniform(&id) && luhn(&id)
}

/// Swedish organisation number: Luhn, third digit 2 or more, which no month reaches.
pub(super) fn se_organisation(value: &str) -> bool {
    let id = digits(value);
    id.len() == 10 && matches!(id.get(2), Some(2..=9)) && luhn(&id)
}

/// German VAT number: ISO/IEC 7064 MOD 11,10.
pub(super) fn de_vat(value: &str) -> bool {
    let id = digits(value);
    id.len() == 9 && id.first() != Some(&0) && mod11_10(&id)
}

/// German pension insurance number: area, birth date, initial, serial number; cross sums by 10.
pub(super) fn de_pension(value: &str) -> bool {
    let id = compact(value);
    let mut spelled: Vec<u32> = Vec::with_capacity(13);
    for c in id.chars() {
        match base36(c) {
            Some(letter) if letter > 9 => {
                let place = letter.saturating_sub(9);
                spelled.extend([place / 10, place % 10]);
            }
            Some(digit) => spelled.push(digit),
            None => return false,
        }
    }
    let (day, month) = date(&spelled, 2, 4);
    let sum = spelled.iter().zip([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]).fold(0_u32, |sum, (digit, weight)| {
        let product = digit.saturating_mul(weight);
        sum.saturating_add(product / 10).saturating_add(product % 10)
    });
    id.len() == 12 && spelled.len() == 13 && real_day(month, day) && spelled.last() == Some(&(sum % 10))
}

/// German health insurance number: a letter as two digits, weights 1 and 2, cross sums by 10.
pub(super) fn de_health_insurance(value: &str) -> bool {
    let id = compact(value);
    let Some(letter) = id.chars().next().and_then(base36).filter(|letter| *letter > 9) else { return false };
    let place = letter.saturating_sub(9);
    let body = digits(id.get(1..).unwrap_or_default());
    let spelled = [place / 10, place % 10].into_iter().chain(body.iter().take(8).copied());
    let sum = spelled.zip([1_u32, 2].into_iter().cycle()).fold(0_u32, |sum, (digit, weight)| {
        let product = digit.saturating_mul(weight);
        sum.saturating_add(product / 10).saturating_add(product % 10)
    });
    id.len() == 10 && body.len() == 9 && body.last() == Some(&(sum % 10))
}

/// German physician number: weights 4 and 9 by 10, then two digits for the specialty.
pub(super) fn de_physician(value: &str) -> bool {
    let id = digits(value);
    let rest = weighted(&id, &[4, 9, 4, 9, 4, 9]) % 10;
    id.len() == 9 && id.get(6) == Some(&(10_u32.saturating_sub(rest) % 10))
}

/// German identity card: nine characters and, where it is written too, their check digit (ICAO Doc 9303).
pub(super) fn de_id_card(value: &str) -> Verdict {
    let id = compact(value);
    match id.split_at_checked(9) {
        Some((body, "")) => {
            if digits(body).len() > 1 {
                Verdict::Unknown
            } else {
                Verdict::Invalid
            }
        }
        Some((body, check)) => (icao(body) == check.parse::<u32>().ok()).into(),
        None => Verdict::Invalid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::validate::tests::check_all;

    #[test]
    fn published_numbers_check_and_changed_ones_do_not() {
        check_all(&[
            ("at", at_svnr, "1237 010180", "1238 010180"),
            ("be", be_national, "85.07.30-033.28", "85.07.30-033.29"),
            ("bg", bg_egn, "7523169263", "7523169264"),
            ("ch", ch_ahv, "756.9217.0769.85", "756.9217.0769.84"),
            ("cz", cz_birth_number, "710319/2745", "710319/2746"),
            ("ee", ee_personal_code, "36805280109", "36805280108"),
            ("lt", ee_personal_code, "33309240064", "33309240065"),
            ("gr", gr_amka, "01013099997", "01013099998"),
            ("gr", gr_afm, "094259216", "094259217"),
            ("hr", hr_oib, "33392005961", "33392005962"),
            ("hu", hu_taj, "111 111 110", "111 111 111"),
            ("hu", hu_tax, "8071592153", "8071592154"),
            ("ie", ie_pps, "1234567T", "1234567U"),
            ("ie", ie_pps, "1234567FA", "1234567TA"),
            ("is", is_kennitala, "120174-3399", "120174-3389"),
            ("no", no_birth_number, "15108695088", "15108695089"),
            ("pt", pt_nif, "501964843", "501964842"),
            ("ro", ro_cnp, "1630615123457", "1630615123458"),
            ("rs", jmbg, "0101006500006", "0101006500007"),
            ("ua", ua_tax, "1759013776", "1759013777"),
            ("ru", ru_snils, "112-233-445 95", "112-233-445 96"),
            ("ru", ru_inn, "500100732259", "500100732258"),
            ("it", it_vat, "00743110157", "00743110158"),
            ("se", se_organisation, "556703-7485", "556703-7486"),
            ("de", de_vat, "DE136695976", "DE136695977"),
            ("de", de_pension, "15070649C103", "15070649C100"),
            ("de", de_health_insurance, "A000500015", "A000500016"),
            ("de", de_physician, "123456601", "123456701"),
        ]);
        assert_eq!(dk_cpr("211062-5629"), Verdict::Valid);
        assert_eq!(dk_cpr("211062-5620"), Verdict::Unknown);
        assert_eq!(dk_cpr("321062-5629"), Verdict::Invalid);
        assert_eq!(lv_personal_code("161175-19997"), Verdict::Valid);
        assert_eq!(lv_personal_code("161175-19998"), Verdict::Invalid);
        assert_eq!(de_id_card("T220001293"), Verdict::Valid);
        assert_eq!(de_id_card("T220001290"), Verdict::Invalid);
    }
}
