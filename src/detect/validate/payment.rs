//! Cards, accounts, wallets.

use sha2::{Digest, Sha256};

use super::check_digits::{compact, digits, luhn, mod97, number, uniform, weighted};

/// ISO/IEC 7812: Luhn check digit, and an issuer range that is in use with a length that it has.
pub(super) fn card(value: &str) -> bool {
    let card = digits(value);
    if !luhn(&card) || uniform(&card) {
        return false;
    }
    let prefix = |count: usize| card.get(..count).map_or(0, number);
    match card.len() {
        14 => matches!(prefix(3), 300..=305 | 309) || matches!(prefix(2), 36 | 38 | 39),
        15 => matches!(prefix(2), 34 | 37) || matches!(prefix(4), 1800 | 2131 | 2014 | 2149) || prefix(1) == 1, // the last: UATP
        13 => prefix(1) == 4,
        16 => {
            prefix(1) == 4
                || matches!(prefix(2), 51..=55 | 62 | 65 | 81)
                || matches!(prefix(4), 2200..=2204 | 2221..=2720 | 3528..=3589 | 6011 | 6282..=6288)
                || matches!(prefix(3), 644..=649 | 636..=639)
                || matches!(prefix(4), 5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763)
        }
        17..=19 => {
            prefix(2) == 62
                || matches!(prefix(4), 5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763)
                || (card.len() == 19 && prefix(1) == 4)
        }
        _ => false,
    }
}

/// ISO 13616: the length of the country and remainder 1 by 97. Lengths from the SWIFT IBAN registry.
pub(super) fn iban(value: &str) -> bool {
    let iban = compact(value);
    let country = iban.get(..2).unwrap_or_default();
    let length = IBAN_LENGTHS.iter().find(|(code, _)| *code == country).map(|(_, length)| *length);
    if length != Some(iban.len()) {
        return false;
    }
    let (head, body) = iban.split_at_checked(4).unwrap_or_default();
    mod97(body.chars().chain(head.chars())) == Some(1)
}

#[rustfmt::skip]
const IBAN_LENGTHS: &[(&str, usize)] = &[
    ("AD", 24), ("AE", 23), ("AL", 28), ("AT", 20), ("AZ", 28), ("BA", 20), ("BE", 16), ("BG", 22), ("BH", 22), ("BI", 27),
    ("BR", 29), ("BY", 28), ("CH", 21), ("CR", 22), ("CY", 28), ("CZ", 24), ("DE", 22), ("DJ", 27), ("DK", 18), ("DO", 28),
    ("EE", 20), ("EG", 29), ("ES", 24), ("FI", 18), ("FK", 18), ("FO", 18), ("FR", 27), ("GB", 22), ("GE", 22), ("GI", 23),
    ("GL", 18), ("GR", 27), ("GT", 28), ("HR", 21), ("HU", 28), ("IE", 22), ("IL", 23), ("IQ", 23), ("IS", 26), ("IT", 27),
    ("JO", 30), ("KW", 30), ("KZ", 20), ("LB", 28), ("LC", 32), ("LI", 21), ("LT", 20), ("LU", 20), ("LV", 21), ("LY", 25),
    ("MC", 27), ("MD", 24), ("ME", 22), ("MK", 19), ("MN", 20), ("MR", 27), ("MT", 31), ("MU", 30), ("NI", 28), ("NL", 18),
    ("NO", 15), ("OM", 23), ("PK", 24), ("PL", 28), ("PS", 29), ("PT", 25), ("QA", 29), ("RO", 24), ("RS", 22), ("RU", 33),
    ("SA", 24), ("SC", 31), ("SD", 18), ("SE", 24), ("SI", 19), ("SK", 24), ("SM", 27), ("SO", 23), ("ST", 25), ("SV", 28),
    ("TL", 23), ("TN", 24), ("TR", 26), ("UA", 29), ("VA", 22), ("VG", 24), ("XK", 20), ("YE", 30),
];

/// American Bankers Association routing number: weights 3, 7, 1 and the ranges of the Federal Reserve districts.
pub(super) fn aba_routing(value: &str) -> bool {
    let routing = digits(value);
    let district = routing.get(..2).map_or(99, number);
    routing.len() == 9
        && !uniform(&routing)
        && matches!(district, 0..=12 | 21..=32 | 61..=72 | 80)
        && weighted(&routing, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
}

/// Bitcoin: Base58Check with a double SHA-256, or Bech32/Bech32m (BIP-173, BIP-350).
pub(super) fn bitcoin_address(value: &str) -> bool {
    if value.get(..3).is_some_and(|prefix| prefix.eq_ignore_ascii_case("bc1")) {
        bech32(value)
    } else {
        base58check(value)
    }
}

fn base58check(value: &str) -> bool {
    const ALPHABET: &str = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    // 25 bytes: version, 20 bytes of hash, 4 bytes of checksum.
    let mut bytes = [0_u8; 25];
    for c in value.chars() {
        let Some(mut carry) = ALPHABET.find(c).and_then(|at| u32::try_from(at).ok()) else { return false };
        for byte in bytes.iter_mut().rev() {
            carry = carry.saturating_add(u32::from(*byte).saturating_mul(58));
            *byte = u8::try_from(carry & 0xff).unwrap_or(0);
            carry >>= 8;
        }
        if carry != 0 {
            return false;
        }
    }
    let (body, check) = bytes.split_at(21);
    Sha256::digest(Sha256::digest(body)).starts_with(check) && matches!(body.first(), Some(0 | 5))
}

fn bech32(value: &str) -> bool {
    const ALPHABET: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let value = value.to_ascii_lowercase();
    let Some((prefix, data)) = value.rsplit_once('1') else { return false };
    let expanded = prefix
        .chars()
        .map(|c| (c as u32) >> 5)
        .chain([0])
        .chain(prefix.chars().map(|c| (c as u32) & 31))
        .map(Some)
        .chain(data.chars().map(|c| ALPHABET.find(c).and_then(|at| u32::try_from(at).ok())));
    let mut check = 1_u32;
    for five in expanded {
        let Some(five) = five else { return false };
        let top = check >> 25;
        check = ((check & 0x01ff_ffff) << 5) ^ five;
        for (bit, generator) in GENERATOR.iter().enumerate() {
            if (top >> bit) & 1 == 1 {
                check ^= generator;
            }
        }
    }
    matches!(check, 1 | 0x2bc8_30a3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(check: fn(&str) -> bool, valid: &[&str], invalid: &[&str]) {
        for value in valid {
            assert!(check(value), "{value} is valid");
        }
        for value in invalid {
            assert!(!check(value), "{value} is not valid");
        }
    }

    #[test]
    fn payment_numbers() {
        table(
            card,
            &[
                "4012-8888-8888-1881",
                "371449635398431",
                "30569309025904",
                "4917300800000000",
                "5555 5555 5555 4444",
                "36168002586009",
                "122000000000003",
            ],
            &["4012-8888-8888-1882", "36168002586008", "0000000000000000", "1234567812345670", "5222222222222"],
        );
        table(
            iban,
            &[
                "DE89 3704 0044 0532 0130 00",
                "GB82WEST12345698765432",
                "NO9386011117947",
                "MT84MALT011000012345MTLCAST001S",
            ],
            &["DE89 3704 0044 0532 0130 01", "GB82WEST1234569876543", "XX82WEST12345698765432", ""],
        );
        table(aba_routing, &["121000358", "121042882"], &["121000359", "991000358", "000000000"]);
        table(
            bitcoin_address,
            &[
                "16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ",
                "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
                "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
            ],
            &["16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ2", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mda", "1abc", "0O"],
        );
    }
}
