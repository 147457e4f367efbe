//! Coordinates, grids, times: ranges and grammar.

use super::check_digits::{digits, number, real_day};
use super::{Sight, Verdict};

/// The decimal numbers of a text with their sign and the digits behind the point.
fn decimals(value: &str) -> Vec<(f64, usize)> {
    value
        .split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-')))
        .filter_map(|part| {
            let part = part.trim_end_matches('.');
            let places = part.split_once('.').map_or(0, |(_, places)| places.len());
            part.parse::<f64>().ok().map(|number| (number, places))
        })
        .collect()
}

/// Decimal latitude and longitude: in range, neither both round nor part of a longer row of numbers.
pub(super) fn latitude_longitude(sight: &Sight<'_>) -> Verdict {
    let value = sight.value();
    let numbers = decimals(value);
    let [(latitude, latitude_places), (longitude, longitude_places)] = numbers.as_slice() else {
        return Verdict::Invalid;
    };
    if latitude.abs() > 90.0 || longitude.abs() > 180.0 || (*latitude == 0.0 && *longitude == 0.0) {
        return Verdict::Invalid;
    }
    if value.contains(['N', 'S', 'n', 's', '°']) {
        return Verdict::Valid;
    }
    // A third number in the row makes it a vector, a table or a path.
    let (before, after) = (sight.before(12), sight.after(12));
    let before = before.trim_end_matches([' ', ',', ';', '\t', '[', '(']);
    let after = after.trim_start_matches([' ', ',', ';', '\t', ']', ')']);
    let row = before.ends_with(|c: char| c.is_ascii_digit()) && !before.ends_with('\n')
        || after.trim_start_matches(['-', '+']).starts_with(|c: char| c.is_ascii_digit());
    if row {
        return Verdict::Invalid;
    }
    let precise = *latitude_places >= 4 && *longitude_places >= 4 && latitude.abs() >= 1.0;
    if precise { Verdict::Unknown } else { Verdict::Invalid }
}

/// Degrees with minutes and perhaps seconds: minutes and seconds below 60, degrees up to 180, a hemisphere.
pub(super) fn degrees_minutes(value: &str) -> bool {
    let mut any = false;
    let whole = value.split(['N', 'S', 'E', 'W', 'n', 's', 'e', 'w', 'O', 'o']).all(|side| {
        let numbers = decimals(&side.replace(['+', '-'], " ").replace(',', "."));
        match numbers.as_slice() {
            [] => true,
            [(degrees, _), smaller @ ..] => {
                any = true;
                *degrees <= 180.0 && smaller.len() <= 2 && smaller.iter().all(|(part, _)| *part < 60.0)
            }
        }
    });
    any && whole
}

/// `DDMM[SS]N DDDMM[SS]E` as in flight plans (ICAO Doc 4444).
pub(super) fn compact_position(value: &str) -> bool {
    let mut sides = value.split(['N', 'S', 'E', 'W']).map(|side| digits(side.split('.').next().unwrap_or_default()));
    let (Some(latitude), Some(longitude)) = (sides.next(), sides.next()) else { return false };
    let part = |digits: &[u32], from: usize| digits.get(from..from.saturating_add(2)).map_or(0, number);
    part(&latitude, 0) <= 90
        && part(&latitude, 2) < 60
        && part(&latitude, 4) < 60
        && longitude.get(..3).map_or(999, number) <= 180
        && part(&longitude, 3) < 60
        && part(&longitude, 5) < 60
}

/// Military Grid Reference System, NGA.STND.0037: zone 1 to 60, and column and row letters that the zone has.
pub(super) fn mgrs(value: &str) -> Verdict {
    let value: String = value.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    let letters_at = value.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(0);
    let (Some(zone), Some(letters), Some(rest)) = (
        value.get(..letters_at),
        value.get(letters_at..letters_at.saturating_add(3)),
        value.get(letters_at.saturating_add(3)..),
    ) else {
        return Verdict::Invalid;
    };
    let zone: u32 = zone.parse().unwrap_or(0);
    let mut letters_of = letters.chars();
    let (Some(band), Some(column), Some(row)) = (letters_of.next(), letters_of.next(), letters_of.next()) else {
        return Verdict::Invalid;
    };
    let columns = match zone % 3 {
        1 => "ABCDEFGH",
        2 => "JKLMNPQR",
        _ => "STUVWXYZ",
    };
    // "32 CFR 2001" cites the Code of Federal Regulations.
    let citation = letters == "CFR";
    let fits = (1..=60).contains(&zone)
        && "CDEFGHJKLMNPQRSTUVWX".contains(band)
        && columns.contains(column)
        && "ABCDEFGHJKLMNPQRSTUV".contains(row)
        && rest.len() % 2 == 0
        && rest.bytes().all(|b| b.is_ascii_digit())
        && !citation;
    match (fits, rest.len()) {
        (false, _) => Verdict::Invalid,
        (true, 6..) => Verdict::Valid,
        (true, _) => Verdict::Unknown,
    }
}

/// Universal Transverse Mercator: easting 100 000 to 999 999 m, northing up to 10 000 000 m.
pub(super) fn utm(value: &str) -> bool {
    let numbers: Vec<f64> = value
        .split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .filter(|part| part.len() >= 6)
        .filter_map(|part| part.trim_end_matches('.').parse().ok())
        .collect();
    matches!(numbers.as_slice(), [easting, northing]
        if (100_000.0..1_000_000.0).contains(easting) && (1_000.0..=10_000_000.0).contains(northing))
}

/// ISO 6709 Annex H: `±DD.DDDD±DDD.DDDD/` with minutes and seconds below 60.
pub(super) fn iso6709(value: &str) -> bool {
    let signed = value.get(1..).unwrap_or_default();
    let Some(second) = signed.find(['+', '-']) else { return false };
    let whole = |text: &str| text.split('.').next().unwrap_or_default().to_owned();
    let latitude = digits(&whole(signed.get(..second).unwrap_or_default()));
    let longitude_text = signed.get(second.saturating_add(1)..).unwrap_or_default();
    let longitude_text = longitude_text.split(['+', '-', '/', 'C']).next().unwrap_or_default();
    let longitude = digits(&whole(longitude_text));
    let part = |digits: &[u32], from: usize| digits.get(from..from.saturating_add(2)).map_or(0, number);
    matches!(latitude.len(), 2 | 4 | 6)
        && matches!(longitude.len(), 3 | 5 | 7)
        && part(&latitude, 0) <= 90
        && part(&latitude, 2) < 60
        && part(&latitude, 4) < 60
        && longitude.get(..3).map_or(999, number) <= 180
        && part(&longitude, 3) < 60
        && part(&longitude, 5) < 60
}

/// NMEA 0183: the exclusive or of all characters between `$` and `*`.
pub(super) fn nmea(value: &str) -> bool {
    let Some((body, check)) = value.trim().trim_start_matches('$').split_once('*') else { return false };
    let sum = body.bytes().fold(0_u8, |sum, byte| sum ^ byte);
    u8::from_str_radix(check.trim(), 16).is_ok_and(|check| check == sum)
}

/// A map link that carries a position, not one to a front page or a copyright notice.
pub(super) fn map_link(value: &str) -> Verdict {
    let lower = value.to_ascii_lowercase();
    let activity = ["strava.com/activities/", "garmin.com/modern/activity/", "maps.app.goo.gl/", "goo.gl/maps/"]
        .iter()
        .any(|path| lower.contains(path));
    let numbers = decimals(value).into_iter().filter(|(number, places)| *places >= 2 && number.abs() <= 180.0).count();
    let query = ["?q=", "&q=", "query=", "/place/", "?address="].iter().any(|key| lower.contains(key));
    match (numbers >= 2, activity || query) {
        (true, _) => Verdict::Valid,
        (false, true) => Verdict::Unknown,
        (false, false) => Verdict::Invalid,
    }
}

/// Date-time group, ACP 121: day of the month, hour, minute, time zone letter, month, perhaps year.
pub(super) fn date_time_group(value: &str) -> bool {
    const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    let value = value.to_ascii_uppercase();
    let numbers = digits(value.split(|c: char| c.is_ascii_alphabetic()).next().unwrap_or_default());
    let part = |from: usize| numbers.get(from..from.saturating_add(2)).map_or(99, number);
    let month = (1_u32..).zip(MONTHS).find(|(_, name)| value.contains(name)).map_or(0, |(month, _)| month);
    real_day(month, part(0)) && part(2) < 24 && part(4) < 60
}

/// NATO stock number (ACodP-1): supply group 10 to 99, a country code that is given out.
pub(super) fn nsn(value: &str) -> Verdict {
    let value: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
    let group = value.get(..2).and_then(|group| group.parse::<u32>().ok()).unwrap_or(0);
    let country = value.get(4..6).and_then(|country| country.parse::<u32>().ok());
    let fits = value.len() == 13 && group >= 10 && matches!(country, Some(0 | 1 | 11..=49 | 66 | 70 | 98 | 99));
    if fits { Verdict::Unknown } else { Verdict::Invalid }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions() {
        type Check = fn(&str) -> bool;
        let cases: &[(&str, Check, &[&str], &[&str])] = &[
            (
                "degrees_minutes",
                degrees_minutes,
                &["51°30'05\"N 0°08'26\"W", "51° 30.088' N", "N 51° 30' 05\""],
                &["51°70'05\"N", "251°30'05\"N", "N"],
            ),
            (
                "compact",
                compact_position,
                &["5128N00027W", "332030N0442512E"],
                &["9928N00027W", "5178N00027W", "5128N"],
            ),
            ("utm", utm, &["33T 500123 4649776", "30U 699322mE 5710164mN"], &["33T 500123", ""]),
            (
                "iso6709",
                iso6709,
                &["+48.8577+002.295/", "+27.5916+086.5640+8850CRSWGS_84/"],
                &["+98.8577+002.295/", "+48+2/"],
            ),
            (
                "nmea",
                nmea,
                &["$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47"],
                &["$GPGGA,123519*48", "$GPGGA", "*é"],
            ),
            (
                "dtg",
                date_time_group,
                &["041200ZNOV26", "312359Z DEC 2025", "23 0945Z FEB 16"],
                &["041270ZNOV26", "312359ZFEB25", "041200"],
            ),
        ];
        for (name, check, valid, invalid) in cases {
            for value in *valid {
                assert!(check(value), "{name}: {value} is valid");
            }
            for value in *invalid {
                assert!(!check(value), "{name}: {value} is not valid");
            }
        }
    }

    #[test]
    fn grids_and_links() {
        use Verdict::{Invalid, Unknown, Valid};
        type Check = fn(&str) -> Verdict;
        let cases: &[(Check, &str, Verdict)] = &[
            (mgrs, "18S UJ 23480 06470", Valid),
            (mgrs, "38SMB4488", Unknown),
            (mgrs, "32 CFR 2001", Invalid),
            (mgrs, "18SAJ2348006470", Invalid),
            (mgrs, "61SUJ2348006470", Invalid),
            (mgrs, "", Invalid),
            (map_link, "https://www.google.com/maps/@51.5014,-0.1419,17z", Valid),
            (map_link, "https://www.openstreetmap.org/copyright", Invalid),
            (map_link, "https://www.strava.com/activities/123456", Unknown),
            (nsn, "5306-00-373-3291", Unknown),
            (nsn, "5306-77-373-3291", Invalid),
        ];
        for (check, value, want) in cases {
            assert_eq!(check(value), *want, "{value}");
        }
    }

    #[test]
    fn decimal_positions_are_no_rows_of_numbers() {
        use Verdict::{Invalid, Unknown, Valid};
        let cases = [
            ("at 51.501476, -0.140634.", Unknown),
            ("at 1.5000, 51.501476, -0.140634.", Invalid),
            ("at 91.501476, -0.140634.", Invalid),
            ("at 38.8977° N, 77.0365° W.", Valid),
        ];
        for (text, want) in cases {
            let from = text.find(|c: char| c.is_ascii_digit()).unwrap();
            let from = if text.contains("1.5000") { text.find("51.5").unwrap() } else { from };
            let sight = Sight { text, start: from, end: text.len() - 1 };
            assert_eq!(latitude_longitude(&sight), want, "{text}");
        }
    }
}
