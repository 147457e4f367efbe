//! Text and data files, and bytes that are of no known kind.

use super::story;

/// A notice with a classification marking and a position.
pub(crate) fn notice() -> String {
    format!(
        "SECRET//NOFORN\n\n# Notice to mariners\n\nA buoy is adrift near 48.875486 S, 123.392519 W. Keep clear.\n\n\
         The same place in other notations: 48°52'31.7\"S 123°23'33.1\"W.\n\n\
         Questions: {} ({})\n\n_The marking, the people and the place on this page are made up._\n",
        story::AUTHOR,
        story::AUTHOR_EMAIL
    )
}

/// A text with nothing in it that anybody would mind.
pub(crate) fn opening_hours() -> String {
    "The harbour office is open from Monday to Friday, 9 to 12.\nIn winter it is closed on Mondays.\n".to_owned()
}

/// Payments with published test numbers: accounts, cards and addresses that belong to nobody.
pub(crate) fn payments() -> String {
    format!(
        "name,e-mail,account,card\n\
         {},{},DE89 3704 0044 0532 0130 00,4111 1111 1111 1111\n\
         {},robin.placeholder@example.com,GB29 NWBK 6016 1331 9268 19,5555 5555 5555 4444\n",
        story::AUTHOR,
        story::AUTHOR_EMAIL,
        story::REVIEWER
    )
}

/// A service's settings with an internal host, a password and an access token that was never issued.
pub(crate) fn service() -> String {
    let token = format!("ghp_{}0", "Example".repeat(5));
    format!(
        "{{\n  \"service\": \"tide-gauge\",\n  \"endpoint\": \"https://tides.sandmouth.internal:8443/v1\",\n  \
         \"address\": \"10.20.30.40\",\n  \"password\": \"Ebb-and-Flow-77\",\n  \"token\": \"{token}\"\n}}\n"
    )
}

/// Bytes of no known kind.
pub(crate) fn unknown_data() -> Vec<u8> {
    [b"TIDE\x01\x00".as_slice(), &noise(2042, 7)].concat()
}

/// What a file browser leaves in a folder.
pub(crate) fn folder_litter() -> Vec<u8> {
    let mut out = b"\0\0\0\x01Bud1\0\0\x10\0".to_vec();
    out.resize(4096, 0);
    out
}

/// Bytes without a pattern, always the same for the same seed.
pub(crate) fn noise(length: usize, seed: u32) -> Vec<u8> {
    let mut state = seed;
    std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    })
    .take(length)
    .collect()
}
