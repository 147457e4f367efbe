//! Keys, tokens and passwords: randomness, structure, and what is only an example.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Sight, Verdict};

/// Shannon entropy in bits per character.
fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count = count.saturating_add(1);
        }
    }
    let length = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX));
    counts.iter().filter(|count| **count > 0).fold(0.0, |sum, count| {
        let share = f64::from(*count) / length;
        sum - share * share.log2()
    })
}

/// Words that stand where a secret would in documentation, and counting.
fn placeholder(value: &str) -> bool {
    stand_in(value) || value.to_ascii_lowercase().contains("1234567890ab")
}

/// Words that stand where a secret would in documentation.
fn stand_in(value: &str) -> bool {
    const WORDS: &[&str] = &[
        "example",
        "placeholder",
        "changeme",
        "change_me",
        "your_",
        "your-",
        "yourpass",
        "xxxx",
        "****",
        "....",
        "${",
        "{{",
        "<",
        "%s",
        "redacted",
        "dummy",
        "sample",
        "insert",
        "todo",
        "env(",
        "getenv",
        "process.env",
        "$(",
        "not_set",
    ];
    let value = value.to_ascii_lowercase();
    WORDS.iter().any(|word| value.contains(word))
        || value.starts_with('$')
        || value.starts_with('%')
        || value.starts_with("•")
}

/// A value whose characters are spread as a random generator spreads them.
pub(super) fn random(value: &str) -> Verdict {
    // A string of n characters over an alphabet that is large enough cannot exceed log2(n) bits.
    let bits = entropy(value);
    let least = if value.len() >= 32 {
        3.3
    } else if value.len() >= 20 {
        3.0
    } else {
        2.5
    };
    let example = value.to_ascii_uppercase().contains("EXAMPLE");
    if bits >= least && !example { Verdict::Unknown } else { Verdict::Invalid }
}

/// Random as above, with digits and letters mixed, and no example.
pub(super) fn random_unless_placeholder(value: &str) -> Verdict {
    let digit = value.bytes().any(|b| b.is_ascii_digit());
    let letter = value.bytes().any(|b| b.is_ascii_alphabetic());
    if placeholder(value) || !digit || !letter || word_like(value) {
        return Verdict::Invalid;
    }
    if entropy(value) >= 3.0 { Verdict::Unknown } else { Verdict::Invalid }
}

/// What stands behind the name of a service and a label: a token, and no word, path, address or reference to a variable.
///
/// Name and label say that it is a key, so it need not look random; it must only not be something else.
pub(super) fn service_token(value: &str) -> Verdict {
    let value = value.trim_end_matches(['.', ':', '-', '!', '|']);
    let body: Vec<u8> = value.bytes().filter(u8::is_ascii_alphanumeric).collect();
    let digits = body.iter().filter(|byte| byte.is_ascii_digit()).count();
    let upper = body.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    let letters = body.len().saturating_sub(digits);
    let mut seen = body.clone();
    seen.sort_unstable();
    seen.dedup();
    let address = value.contains("://") || value.contains("www.") || value.contains("//");
    // `getAccessToken`, `accountSettings`: letters alone are a key only when they are many and of one case.
    let plain =
        digits == 0 && (letters < 20 || (upper != 0 && upper != letters) || value.contains(['-', '_', '.', '/']));
    // Words and a number: `version-2`, `us-east-1`, a date.
    let words = digits < 3 && word_like(value) || letters == 0 && (digits < 20 || value.contains(['-', '.', '/', ':']));
    if body.len() < 10 || seen.len() < 6 || stand_in(value) || address || plain || words {
        return Verdict::Invalid;
    }
    Verdict::Unknown
}

/// An identifier of a program: words joined by separators, or a path.
fn word_like(value: &str) -> bool {
    value.split(['_', '-', '.', '/', ':']).all(|word| {
        word.len() < 16 && (word.bytes().all(|b| b.is_ascii_alphabetic()) || word.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// A password that is no placeholder, no word of a sentence and no reference to a variable.
pub(super) fn not_placeholder(value: &str) -> Verdict {
    const NONE: &[&str] = &[
        "none",
        "null",
        "nil",
        "true",
        "false",
        "required",
        "optional",
        "string",
        "password",
        "passwd",
        "pass",
        "secret",
        "pwd",
        "text",
        "hidden",
        "disabled",
        "enabled",
        "invalid",
        "incorrect",
        "wrong",
        "expired",
        "undefined",
        "empty",
        "yes",
        "no",
        "protected",
        "file",
        "default",
        "self",
        "this",
        "that",
        "the",
        "not",
        "input",
        "value",
        "test",
        "here",
        "prompt",
    ];
    let code = ["__", "*", "&", "arn:", "/", "~/", "#"].iter().any(|start| value.starts_with(start));
    let bare = value.trim_matches(['"', '\'', '.', ',', ';', ')', '(', '!']).to_ascii_lowercase();
    let word = bare.bytes().all(|b| b.is_ascii_lowercase());
    let calls = value.contains(['(', '[', '{']) && value.contains([')', ']', '}']);
    let member =
        value.split('.').count() > 1 && value.split('.').all(|part| part.bytes().all(|b| b.is_ascii_alphabetic()));
    if code || bare.len() < 4 || NONE.contains(&bare.as_str()) || placeholder(value) || calls || member {
        return Verdict::Invalid;
    }
    // A plain lower-case word may be a weak password or the next word of the sentence.
    let mixed = [u8::is_ascii_digit, u8::is_ascii_uppercase, u8::is_ascii_lowercase, u8::is_ascii_punctuation]
        .iter()
        .filter(|kind| value.bytes().any(|byte| kind(&byte)))
        .count();
    if mixed >= 3 && !word { Verdict::Valid } else { Verdict::Unknown }
}

/// RFC 7519: the first part is a JSON object that names an algorithm.
pub(super) fn jwt(value: &str) -> Verdict {
    let header = value.split('.').next().unwrap_or_default();
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(header) else { return Verdict::Invalid };
    match serde_json::from_slice::<serde_json::Value>(&bytes) {
        Ok(header) if header.get("alg").is_some() => Verdict::Valid,
        // A misread character breaks the JSON, but not the rest.
        Err(_) if bytes.windows(5).any(|part| part == b"\"alg\"") => Verdict::Unknown,
        _ => Verdict::Invalid,
    }
}

/// User and password in a URL (RFC 3986, 3.2.1), unless they are placeholders.
pub(super) fn url_credentials(value: &str) -> Verdict {
    let Some((user, password)) = value.split_once(':') else { return Verdict::Invalid };
    let same = user.eq_ignore_ascii_case(password) && password.len() < 8;
    if placeholder(password) || example_password(password) || same || password.len() < 4 {
        return Verdict::Invalid;
    }
    Verdict::Unknown
}

/// User and password in a URL of a manual: the password is a word for a password.
pub(super) fn url_credentials_example(value: &str) -> Verdict {
    value.split_once(':').is_some_and(|(_, password)| example_password(password)).into()
}

fn example_password(password: &str) -> bool {
    ["pass", "password", "pwd", "passwd", "secret", "pw", "xxx", "token", "mypassword", "userpass"]
        .iter()
        .any(|word| password.eq_ignore_ascii_case(word))
}

/// A private key block (RFC 7468) with a body: a header alone is only talk about keys.
pub(super) fn private_key(sight: &Sight<'_>) -> Verdict {
    let body: String = sight
        .after(400)
        .replace("\\n", "\n")
        .lines()
        .filter(|line| !line.contains(": "))
        .take(8)
        .flat_map(|line| line.chars().filter(|c| !c.is_whitespace()).collect::<Vec<_>>())
        .take_while(|c| *c != '-')
        .collect();
    let material = body.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')).count();
    if material >= 40 { Verdict::Valid } else { Verdict::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_their_examples() {
        use Verdict::{Invalid, Unknown, Valid};
        type Check = fn(&str) -> Verdict;
        let cases: &[(Check, &str, Verdict)] = &[
            (random, "AKIALALEMEL33243OLIB", Unknown),
            (random, "AKIAAAAAAAAAAAAAAAAA", Invalid),
            (random_unless_placeholder, "951bc382db9abad29c68634761dd6e19", Unknown),
            (random_unless_placeholder, "your_api_key_goes_here_1", Invalid),
            (random_unless_placeholder, "my-long-service-name", Invalid),
            (service_token, "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6", Unknown),
            (service_token, "ABCDEFGHIJKLMNOPQRSTUVWX", Unknown),
            (service_token, "your_api_key_goes_here_1", Invalid),
            (service_token, "getAccessTokenFromStorage", Invalid),
            (service_token, "https://api.acme.com/v2/keys", Invalid),
            (service_token, "us-central-region-1", Invalid),
            (service_token, "2024-01-01/2024-12-31", Invalid),
            (not_placeholder, "Winter2024!", Valid),
            (not_placeholder, "required", Invalid),
            (not_placeholder, "${DB_PASSWORD}", Invalid),
            (not_placeholder, "/home/nodeuser/project", Invalid),
            (not_placeholder, "getPassword()", Invalid),
            (not_placeholder, "hunter", Unknown),
            (url_credentials, "admin:hunter2", Unknown),
            (url_credentials, "user:password", Invalid),
            (url_credentials, "x:${TOKEN}", Invalid),
        ];
        for (check, value, want) in cases {
            assert_eq!(check(value), *want, "{value}");
        }
        assert_eq!(jwt("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"), Valid);
        assert_eq!(jwt("eyJhbGciOi.eyJz.x"), Invalid);
        assert_eq!(jwt(""), Invalid);
        assert!(entropy("").abs() < 1e-9 && entropy("abcd") > 1.9);
    }
}
