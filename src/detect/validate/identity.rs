//! Numbers that stand for a person, a vehicle or a device.
//!
//! Each function names the public definition it follows. Where a scheme has no check digit the answer is at best *unknown*.

use super::Verdict;
use super::check_digits::{
    base36, compact, days_in, digits, icao, luhn, mod11_10, number, real_day, uniform, verhoeff, weighted,
};

/// US Social Security Administration, POMS RM 10201: no area 000, 666 or 9xx, no group 00, no serial 0000; two numbers voided
/// after being printed in advertisements. There is no check digit.
pub(super) fn us_ssn(value: &str) -> Verdict {
    let ssn = digits(value);
    let (Some(area), Some(group), Some(serial)) = (ssn.get(..3), ssn.get(3..5), ssn.get(5..)) else {
        return Verdict::Invalid;
    };
    let area = number(area);
    let possible = ssn.len() == 9
        && !uniform(&ssn)
        && !matches!(area, 0 | 666 | 900..)
        && number(group) != 0
        && number(serial) != 0
        && !matches!(number(&ssn), 123_456_789 | 78_051_120 | 219_099_999);
    if possible { Verdict::Unknown } else { Verdict::Invalid }
}

/// US Internal Revenue Service: starts with 9, the fourth and fifth digit in 50-65, 70-88, 90-92, 94-99.
pub(super) fn us_itin(value: &str) -> Verdict {
    let itin = digits(value);
    let group = itin.get(3..5).map_or(0, number);
    let possible =
        itin.len() == 9 && itin.first() == Some(&9) && matches!(group, 50..=65 | 70..=88 | 90..=92 | 94..=99);
    if possible { Verdict::Unknown } else { Verdict::Invalid }
}

/// US National Provider Identifier, 45 CFR 162.406: Luhn over the number with 80840 before it.
pub(super) fn us_npi(value: &str) -> bool {
    let npi = digits(value);
    let prefixed: Vec<u32> = [8, 0, 8, 4, 0].into_iter().chain(npi.iter().copied()).collect();
    npi.len() == 10 && matches!(npi.first(), Some(1 | 2)) && luhn(&prefixed)
}

/// UK National Insurance number, HMRC NIM39110: letters and prefixes that are given out. No check digit, but few texts fit.
pub(super) fn uk_nino(value: &str) -> bool {
    let nino = compact(value);
    let mut characters = nino.chars();
    let (Some(first), Some(second)) = (characters.next(), characters.next()) else { return false };
    let prefix = nino.get(..2).unwrap_or_default();
    nino.len() == 9
        && "ABCEGHJKLMNOPRSTWXYZ".contains(first)
        && "ABCEGHJKLMNPRSTWXYZ".contains(second)
        && !["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].contains(&prefix)
        && nino.get(2..8).is_some_and(|body| body.bytes().all(|b| b.is_ascii_digit()))
        && nino.ends_with(['A', 'B', 'C', 'D'])
}

/// UK NHS number, NHS Data Dictionary: weights 10 to 2, 11 minus the remainder by 11.
pub(super) fn uk_nhs(value: &str) -> bool {
    let nhs = digits(value);
    let rest = weighted(&nhs, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    let check = if rest == 0 { 0 } else { 11_u32.saturating_sub(rest) };
    nhs.len() == 10 && !uniform(&nhs) && check != 10 && nhs.last() == Some(&check)
}

/// Indian Aadhaar: twelve digits, the first 2 to 9, Verhoeff; no palindrome.
pub(super) fn in_aadhaar(value: &str) -> bool {
    let aadhaar = digits(value);
    let palindrome = aadhaar.iter().eq(aadhaar.iter().rev());
    aadhaar.len() == 12 && matches!(aadhaar.first(), Some(2..=9)) && !palindrome && verhoeff(&aadhaar)
}

/// Spanish NIF and NIE, Real Decreto 1065/2007: the letter is the number's remainder by 23.
pub(super) fn es_nif(value: &str) -> bool {
    let nif = compact(value);
    let Some((body, letter)) = nif.len().checked_sub(1).and_then(|at| nif.split_at_checked(at)) else { return false };
    let body = match body.chars().next() {
        Some('X') => body.replacen('X', "0", 1),
        Some('Y') => body.replacen('Y', "1", 1),
        Some('Z') => body.replacen('Z', "2", 1),
        _ => body.to_owned(),
    };
    let letters = "TRWAGMYFPDXBNJZSQVHLCKE";
    body.len() >= 7
        && body.parse::<u32>().is_ok_and(|number| {
            let place = usize::try_from(number % 23).unwrap_or(0);
            letters.chars().nth(place).is_some_and(|want| letter.starts_with(want))
        })
}

/// Italian codice fiscale, Decreto ministeriale 23/12/1976: letters and digits weighed by odd and even place, remainder by 26.
pub(super) fn it_codice_fiscale(value: &str) -> bool {
    const ODD: [u32; 36] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16,
        10, 22, 25, 24, 23,
    ];
    let code = compact(value);
    let Some((body, check)) = code.split_at_checked(15) else { return false };
    let sum = body.chars().enumerate().try_fold(0_u32, |sum, (place, c)| {
        let worth = base36(c)?;
        let even = if worth > 9 { worth.saturating_sub(10) } else { worth };
        let odd = usize::try_from(worth).ok().and_then(|place| ODD.get(place)).copied()?;
        Some(sum.saturating_add(if place % 2 == 0 { odd } else { even }))
    });
    sum.and_then(|sum| char::from_digit((sum % 26).saturating_add(10), 36))
        .is_some_and(|want| check.len() == 1 && check.starts_with(want.to_ascii_uppercase()))
}

/// French NIR (INSEE): the key is 97 minus the remainder by 97; Corsica's 2A and 2B count as 19 and 18.
pub(super) fn fr_nir(value: &str) -> bool {
    let nir = compact(value);
    let Some((body, key)) = nir.split_at_checked(13) else { return false };
    let body = body.replace("2A", "19").replace("2B", "18");
    let (Ok(body), Ok(key)) = (body.parse::<u64>(), key.parse::<u64>()) else { return false };
    nir.len() == 15 && 97_u64.saturating_sub(body % 97) == key
}

/// German tax identification number (Bundeszentralamt für Steuern): ISO/IEC 7064 MOD 11,10, and of the first ten digits exactly
/// one occurs two or three times.
pub(super) fn de_steuer_id(value: &str) -> bool {
    let id = digits(value);
    let Some(body) = id.get(..10) else { return false };
    let counts: Vec<usize> = (0..10).map(|digit| body.iter().filter(|d| **d == digit).count()).collect();
    let repeated = counts.iter().filter(|count| **count > 1).count();
    id.len() == 11 && id.first() != Some(&0) && repeated == 1 && counts.iter().all(|count| *count <= 3) && mod11_10(&id)
}

/// Dutch burgerservicenummer: weights 9 to 2 and minus 1, divisible by 11.
pub(super) fn nl_bsn(value: &str) -> bool {
    let bsn = digits(value);
    let Some((check, body)) = bsn.split_last() else { return false };
    bsn.len() == 9 && !uniform(&bsn) && weighted(body, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == *check
}

/// Polish PESEL: weights 1, 3, 7, 9, and a birth date whose month carries the century.
pub(super) fn pl_pesel(value: &str) -> bool {
    let pesel = digits(value);
    let (Some(month), Some(day)) = (pesel.get(2..4).map(number), pesel.get(4..6).map(number)) else { return false };
    pesel.len() == 11
        && real_day(month % 20, day)
        && weighted(&pesel, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_multiple_of(10)
}

/// Brazilian CPF (Receita Federal): two check digits by 11.
pub(super) fn br_cpf(value: &str) -> bool {
    let cpf = digits(value);
    let check = |weights: &[u32]| (weighted(&cpf, weights).saturating_mul(10) % 11) % 10;
    cpf.len() == 11
        && !uniform(&cpf)
        && cpf.get(9) == Some(&check(&[10, 9, 8, 7, 6, 5, 4, 3, 2]))
        && cpf.get(10) == Some(&check(&[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]))
}

/// Australian tax file number: weights 1, 4, 3, 7, 5, 8, 6, 9, 10, divisible by 11.
pub(super) fn au_tfn(value: &str) -> bool {
    let tfn = digits(value);
    tfn.len() == 9 && !uniform(&tfn) && weighted(&tfn, &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11)
}

/// Australian Medicare card: weights 1, 3, 7, 9, first digit 2 to 6; an issue number and a reference may follow.
pub(super) fn au_medicare(value: &str) -> bool {
    let card = digits(value);
    matches!(card.len(), 10 | 11)
        && matches!(card.first(), Some(2..=6))
        && card.get(8).is_some_and(|check| weighted(&card, &[1, 3, 7, 9, 1, 3, 7, 9]) % 10 == *check)
}

/// Canadian social insurance number: Luhn; 0 and 8 are not given to persons.
pub(super) fn ca_sin(value: &str) -> bool {
    let sin = digits(value);
    sin.len() == 9 && !matches!(sin.first(), Some(0 | 8)) && !uniform(&sin) && luhn(&sin)
}

/// Singapore NRIC and FIN: weights 2, 7, 6, 5, 4, 3, 2, an offset for T, G and M, a letter by series.
pub(super) fn sg_nric(value: &str) -> bool {
    let nric = compact(value);
    let (Some(series), Some(letter)) = (nric.chars().next(), nric.chars().last()) else { return false };
    let body = digits(nric.get(1..8).unwrap_or_default());
    let (offset, letters) = match series {
        'S' => (0, "JZIHGFEDCBA"),
        'T' => (4, "JZIHGFEDCBA"),
        'F' => (0, "XWUTRQPNMLK"),
        'G' => (4, "XWUTRQPNMLK"),
        'M' => (3, "XWUTRQPNJLK"),
        _ => return false,
    };
    let rest = weighted(&body, &[2, 7, 6, 5, 4, 3, 2]).saturating_add(offset) % 11;
    let place = usize::try_from(rest).unwrap_or(0);
    nric.len() == 9 && body.len() == 7 && letters.chars().nth(place) == Some(letter)
}

/// Korean resident registration number: a birth date, and a check digit that numbers since October 2020 no longer have.
pub(super) fn kr_rrn(value: &str) -> Verdict {
    let rrn = digits(value);
    let (Some(month), Some(day)) = (rrn.get(2..4).map(number), rrn.get(4..6).map(number)) else {
        return Verdict::Invalid;
    };
    if rrn.len() != 13 || !real_day(month, day) {
        return Verdict::Invalid;
    }
    let rest = weighted(&rrn, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11;
    let check = 11_u32.saturating_sub(rest) % 10;
    // Foreigners have a check digit that is two more.
    let foreign = matches!(rrn.get(6), Some(5..=8)) && rrn.last() == Some(&(check.saturating_add(2) % 10));
    if rrn.last() == Some(&check) || foreign { Verdict::Valid } else { Verdict::Unknown }
}

/// Chinese resident identity number, GB 11643-1999: ISO/IEC 7064 MOD 11-2 and a birth date.
pub(super) fn cn_resident_id(value: &str) -> bool {
    let id = compact(value);
    let body = digits(id.get(..17).unwrap_or_default());
    let (Some(month), Some(day)) = (body.get(10..12).map(number), body.get(12..14).map(number)) else { return false };
    let rest = weighted(&body, &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11;
    let place = usize::try_from(rest).unwrap_or(0);
    id.len() == 18 && body.len() == 17 && real_day(month, day) && "10X98765432".chars().nth(place) == id.chars().last()
}

/// Finnish personal identity code (Digital and Population Data Services Agency): the remainder by 31 picks a character.
pub(super) fn fi_hetu(value: &str) -> bool {
    let value = value.trim().to_ascii_uppercase();
    let code = digits(value.get(..6).unwrap_or_default());
    let individual = digits(value.get(7..10).unwrap_or_default());
    if code.len() != 6 || individual.len() != 3 {
        return false;
    }
    let (day, month) = (code.get(..2).map_or(0, number), code.get(2..4).map_or(0, number));
    let all = number(&code).saturating_mul(1000).saturating_add(number(&individual));
    let place = usize::try_from(all % 31).unwrap_or(0);
    real_day(month, day) && "0123456789ABCDEFHJKLMNPRSTUVWXY".chars().nth(place) == value.chars().nth(10)
}

/// Swedish personal identity number (Skatteverket): Luhn over the last ten digits, a birth date whose day may be raised by 60.
pub(super) fn se_personnummer(value: &str) -> bool {
    let number_of = digits(value);
    let Some(ten) = number_of.len().checked_sub(10).and_then(|from| number_of.get(from..)) else { return false };
    let (Some(month), Some(day)) = (ten.get(2..4).map(number), ten.get(4..6).map(number)) else { return false };
    let day = if day > 60 { day.saturating_sub(60) } else { day };
    matches!(number_of.len(), 10 | 12) && real_day(month, day) && luhn(ten)
}

/// Turkish identity number: the tenth digit is seven times the odd places minus the even ones, the eleventh the sum of the others.
pub(super) fn tr_kimlik(value: &str) -> bool {
    let id = digits(value);
    let odd = weighted(&id, &[1, 0, 1, 0, 1, 0, 1, 0, 1]);
    let even = weighted(&id, &[0, 1, 0, 1, 0, 1, 0, 1]);
    let tenth = odd.saturating_mul(7).saturating_add(100).saturating_sub(even) % 10;
    id.len() == 11
        && id.first() != Some(&0)
        && id.get(9) == Some(&tenth)
        && id.get(10) == Some(&(weighted(&id, &[1; 10]) % 10))
}

/// South African identity number: Luhn, a birth date, 0 or 1 for citizenship.
pub(super) fn za_id(value: &str) -> bool {
    let id = digits(value);
    let (Some(month), Some(day)) = (id.get(2..4).map(number), id.get(4..6).map(number)) else { return false };
    id.len() == 13 && real_day(month, day) && matches!(id.get(10), Some(0 | 1)) && luhn(&id)
}

/// Thai national identity number: weights 13 to 2, 11 minus the remainder by 11.
pub(super) fn th_id(value: &str) -> bool {
    let id = digits(value);
    let rest = weighted(&id, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    id.len() == 13 && matches!(id.first(), Some(1..=8)) && id.last() == Some(&(11_u32.saturating_sub(rest) % 10))
}

/// The machine readable zone of a travel document, ICAO Doc 9303 parts 4 to 6: the check digits of document number, birth and
/// expiry date.
pub(super) fn mrz(value: &str) -> Verdict {
    let lines: Vec<&str> = value.lines().map(str::trim).collect();
    // Places of document number, birth date and expiry date with their check digits: line, from, to.
    let fields: &[(usize, usize, usize)] = match lines.as_slice() {
        [first, second] if first.len() == 44 && second.len() >= 28 => &[(1, 0, 10), (1, 13, 20), (1, 21, 28)],
        [first, second] if first.len() == 36 && second.len() >= 28 => &[(1, 0, 10), (1, 13, 20), (1, 21, 28)],
        [first, second, _] if first.len() == 30 && second.len() >= 15 => &[(0, 5, 15), (1, 0, 7), (1, 8, 15)],
        _ => return Verdict::Unknown,
    };
    let right = fields
        .iter()
        .filter(|(line, from, to)| {
            let field = lines.get(*line).and_then(|line| line.get(*from..*to)).unwrap_or_default();
            let Some((body, check)) = field.len().checked_sub(1).and_then(|at| field.split_at_checked(at)) else {
                return false;
            };
            icao(body).is_some_and(|want| check.parse::<u32>().is_ok_and(|check| check == want))
        })
        .count();
    // A misread character breaks one check digit; text that is no such zone breaks nearly all.
    match right {
        3 => Verdict::Valid,
        1 | 2 => Verdict::Unknown,
        _ => Verdict::Invalid,
    }
}

/// Vehicle identification number, ISO 3779 with the check digit of 49 CFR 565.15, which only North America requires.
pub(super) fn vin(value: &str) -> Verdict {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let vin = compact(value);
    let letters = vin.bytes().filter(u8::is_ascii_alphabetic).count();
    if vin.len() != 17 || !(3..=14).contains(&letters) || vin.contains(['I', 'O', 'Q']) {
        return Verdict::Invalid;
    }
    let sum = vin.chars().zip(WEIGHTS).fold(0_u32, |sum, (c, weight)| {
        let worth = match c {
            'A' | 'J' => 1,
            'B' | 'K' | 'S' => 2,
            'C' | 'L' | 'T' => 3,
            'D' | 'M' | 'U' => 4,
            'E' | 'N' | 'V' => 5,
            'F' | 'W' => 6,
            'G' | 'P' | 'X' => 7,
            'H' | 'Y' => 8,
            'R' | 'Z' => 9,
            digit => digit.to_digit(10).unwrap_or(0),
        };
        sum.saturating_add(worth.saturating_mul(weight))
    });
    let check = char::from_digit(sum % 11, 10).unwrap_or('X');
    if vin.chars().nth(8) == Some(check) { Verdict::Valid } else { Verdict::Unknown }
}

/// International mobile equipment identity, 3GPP TS 23.003: fifteen digits, Luhn.
pub(super) fn imei(value: &str) -> bool {
    let imei = digits(value);
    imei.len() == 15 && !uniform(&imei) && luhn(&imei)
}

/// At least two digits: enough to tell a number from a word.
pub(super) fn has_digit(value: &str) -> Verdict {
    if value.bytes().filter(u8::is_ascii_digit).count() >= 2 { Verdict::Unknown } else { Verdict::Invalid }
}

/// A date that somebody alive can be born on, in any of the usual orders.
pub(super) fn birth_date(value: &str) -> Verdict {
    let parts: Vec<u32> = value
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .filter_map(|part| part.parse().ok())
        .collect();
    let year = |year: u32| (1880..=2100).contains(&year) || year < 100;
    let day = |month: u32, day: u32| day >= 1 && day <= days_in(month);
    let possible = match parts.as_slice() {
        [a, b, c] if *a > 31 => year(*a) && (day(*b, *c) || day(*c, *b)),
        [a, b, c] => year(*c) && (day(*a, *b) || day(*b, *a)),
        // The month is a word.
        [a, b] => (1..=31).contains(a) && year(*b) || (1..=31).contains(b) && year(*a),
        [a] => (1880..=2100).contains(a),
        _ => false,
    };
    if possible { Verdict::Unknown } else { Verdict::Invalid }
}

/// ITU-T E.164: up to fifteen digits, not all the same, and no date.
pub(super) fn phone(value: &str) -> Verdict {
    let number_of = digits(value);
    let date = {
        let parts: Vec<&str> = value.split(['-', '.', ' ', '/']).collect();
        matches!(parts.as_slice(), [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2)
    };
    // 555-0100 to 555-0199 are kept for fiction (ATIS-0300115).
    let fiction = number_of.len() == 7 && matches!(number(&number_of), 5_550_100..=5_550_199);
    let possible = (7..=15).contains(&number_of.len()) && !uniform(&number_of) && !date && !fiction;
    if possible { Verdict::Unknown } else { Verdict::Invalid }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_check_digits() {
        type Check = fn(&str) -> bool;
        let cases: &[(&str, Check, &[&str], &[&str])] = &[
            ("us_npi", us_npi, &["1234567893"], &["1234567890", "9234567893"]),
            ("uk_nino", uk_nino, &["AB 12 34 56 C", "tw987654a"], &["BG123612A", "AB 12 34 56 1", "UV 98 76 54 B"]),
            ("uk_nhs", uk_nhs, &["943 476 5919"], &["943 476 5918", "1111111111"]),
            ("in_aadhaar", in_aadhaar, &["3123 4567 8909"], &["3123 4567 8908", "123456789012"]),
            ("es_nif", es_nif, &["12345678Z", "X1234567L", "55555555K"], &["12345678A", "X1234567A", "Z"]),
            ("it_codice_fiscale", it_codice_fiscale, &["RSSMRA85T10A562S"], &["RSSMRA85T10A562T", "RSSMRA85"]),
            ("fr_nir", fr_nir, &["2 55 08 14 168 025 38"], &["2 55 08 14 168 025 39", "255081416802538 1"]),
            ("de_steuer_id", de_steuer_id, &["86095742719"], &["86095742718", "01234567890", "11111111111"]),
            ("nl_bsn", nl_bsn, &["111222333"], &["111222334", "111111111"]),
            ("pl_pesel", pl_pesel, &["44051401458"], &["44051401459", "44134101458"]),
            ("br_cpf", br_cpf, &["529.982.247-25"], &["529.982.247-26", "111.111.111-11"]),
            ("au_tfn", au_tfn, &["876 543 210"], &["876 543 211"]),
            ("au_medicare", au_medicare, &["2123 45670 1"], &["2123 45671 1", "9123 45670 1"]),
            ("ca_sin", ca_sin, &["130 692 544"], &["130 692 545", "030 692 544"]),
            ("sg_nric", sg_nric, &["S1234567D", "G1122144R"], &["S1234567A", "S123"]),
            ("cn_resident_id", cn_resident_id, &["11010519491231002X"], &["110105194912310021", "11010519491331002X"]),
            ("fi_hetu", fi_hetu, &["131052-308T", "010594Y9021"], &["131052-308U", "13é052-308T"]),
            ("se_personnummer", se_personnummer, &["811228-9874", "19811228-9874"], &["811228-9873", "811328-9874"]),
            ("tr_kimlik", tr_kimlik, &["10000000146"], &["10000000147", "00000000146"]),
            ("za_id", za_id, &["8001015009087"], &["8001015009088", "8013015009087"]),
            ("th_id", th_id, &["1101700203450"], &["1101700203451"]),
            ("imei", imei, &["490154203237518", "49-015420-323751-8"], &["490154203237519", "000000000000000"]),
        ];
        for (name, check, valid, invalid) in cases {
            for value in *valid {
                assert!(check(value), "{name}: {value} is valid");
            }
            for value in invalid.iter().chain(&["", "x", "é", "0", "１２"]) {
                assert!(!check(value), "{name}: {value} is not valid");
            }
        }
    }

    #[test]
    fn numbers_without_check_digits() {
        type Check = fn(&str) -> Verdict;
        use Verdict::{Invalid, Unknown, Valid};
        let cases: &[(Check, &str, Verdict)] = &[
            (us_ssn, "212-09-9998", Unknown),
            (us_ssn, "000-12-3456", Invalid),
            (us_ssn, "666-12-3456", Invalid),
            (us_ssn, "078-05-1120", Invalid),
            (us_ssn, "212-00-9998", Invalid),
            (us_itin, "911-70-1234", Unknown),
            (us_itin, "911-00-1234", Invalid),
            (kr_rrn, "960121-1234561", Valid),
            (kr_rrn, "960121-1234562", Unknown),
            (kr_rrn, "961321-1234561", Invalid),
            (vin, "1M8GDM9AXKP042788", Valid),
            (vin, "WVWZZZ1JZ3W386752", Unknown),
            (vin, "12345678901234567", Invalid),
            (birth_date, "14 March 1987", Unknown),
            (birth_date, "03/14/1987", Unknown),
            (birth_date, "1987-03-14", Unknown),
            (birth_date, "40/40/1987", Invalid),
            (phone, "+44 20 7946 0958", Unknown),
            (phone, "2020-12-31", Invalid),
            (phone, "555-0100", Invalid),
            (has_digit, "office", Invalid),
        ];
        for (check, value, want) in cases {
            assert_eq!(check(value), *want, "{value}");
        }
        let zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
        assert_eq!(mrz(zone), Valid);
        assert_eq!(mrz(&zone.replace("L898902C36", "L898902C35")), Unknown);
        assert_eq!(mrz(&zone.replace("36UTO7408122F1204159", "30UTO7408120F1204150")), Invalid);
    }
}
