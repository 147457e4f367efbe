//! Keyed fingerprints: the same value is recognised again without being stored or guessable.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::normal::Normal;

/// How many bytes of the HMAC are kept.
const LENGTH: usize = 16;

/// Makes keyed fingerprints of values.
///
/// A plain hash of a phone number is guessed in minutes; HMAC-SHA-256 is not, without the key. The same key gives the same
/// value the same fingerprint in every run.
#[derive(Clone)]
pub struct Fingerprinter {
    key: Vec<u8>,
    keyed: Option<Hmac<Sha256>>,
    key_id: String,
}

impl std::fmt::Debug for Fingerprinter {
    /// Shows the id of the key, never the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fingerprinter({})", self.key_id)
    }
}

impl Fingerprinter {
    /// A fingerprinter with this secret key.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        let mut id = Sha256::new();
        id.update(b"fieldstrip fingerprint key id\0");
        id.update(key);
        let id = crate::report::hex(&id.finalize());
        Self {
            key: key.to_vec(),
            keyed: Hmac::<Sha256>::new_from_slice(key).ok(),
            key_id: id.chars().take(8).collect(),
        }
    }

    /// The secret key, for a process that makes the same fingerprints. Never written anywhere.
    pub(crate) fn key(&self) -> &[u8] {
        &self.key
    }

    /// The id of the key, safe to write into a log: it is a hash of the key with a purpose, cut to eight digits.
    #[must_use]
    pub fn key_id(&self) -> String {
        self.key_id.clone()
    }

    /// The fingerprint of a value: hexadecimal, 32 digits. What the rules take for the same ([`Normal`]) makes no difference,
    /// nor do line breaks, the number of spaces and, in an e-mail address, case. An empty value has none.
    #[must_use]
    pub fn fingerprint(&self, value: &str) -> String {
        let value = one_line(Normal::new(value).text());
        let Some(mut keyed) = self.keyed.clone().filter(|_| !value.is_empty()) else { return String::new() };
        let email = value.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'));
        let value = if email && !value.contains(char::is_whitespace) { value.to_lowercase() } else { value };
        keyed.update(value.as_bytes());
        let code = keyed.finalize().into_bytes();
        crate::report::hex(code.get(..LENGTH).unwrap_or_default())
    }
}

/// The value on one line, with single spaces; behind a hyphen a line goes on without one.
fn one_line(value: &str) -> String {
    let mut line = String::with_capacity(value.len());
    for words in value.lines() {
        for word in words.split_whitespace() {
            line.push_str(word);
            line.push(' ');
        }
        if line.ends_with("- ") {
            line.pop();
        }
    }
    line.truncate(line.trim_end().len());
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_value_and_key_give_the_same_fingerprint() {
        let one = Fingerprinter::new(b"one key of a run");
        let other = Fingerprinter::new(b"another key");
        assert_eq!(one.fingerprint("Jane@Example.org "), one.fingerprint("jane@example.org"));
        assert_eq!(one.fingerprint("１２３"), one.fingerprint("123"));
        assert_eq!(one.fingerprint("4111 1111\n 1111"), one.fingerprint("4111  1111\u{a0}11\u{200b}11"));
        assert_eq!(one.fingerprint("212-09-\n9998"), one.fingerprint("212\u{2010}09-9998"));
        assert_ne!(one.fingerprint("SECRET"), one.fingerprint("secret"));
        assert_ne!(one.fingerprint("123"), other.fingerprint("123"));
        assert_eq!(one.fingerprint("123").len(), 32);
        assert_eq!(one.fingerprint("  "), "");
        assert_ne!(one.key_id(), other.key_id());
        assert_eq!(one.key_id().len(), 8);
        assert!(!format!("{one:?}").contains("one key"));
    }

    #[test]
    fn the_code_is_hmac_sha256() {
        // RFC 4231, test case 2, the first 16 bytes.
        let jefe = Fingerprinter::new(b"Jefe");
        assert_eq!(jefe.fingerprint("what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c7");
    }
}
