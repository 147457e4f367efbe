//! What of a value may be shown: enough to find it again, never enough to know it.

/// Covers a character.
const COVER: char = '•';

/// Longest masked value in characters; what is longer is cut in the middle of the covers.
const LONGEST: usize = 24;

/// The value with everything but a few characters covered.
///
/// How many stay at either end depends on the category: secrets show their public prefix, personal data the end, positions
/// the beginning, and markings, which are no secret, a little more. Never more than a third of the letters and digits stays,
/// and a value with fewer than six of them is covered entirely. Control characters, line breaks and characters without a
/// width never pass.
#[must_use]
pub fn mask(value: &str, category: &str) -> String {
    let characters: Vec<char> = value.trim().chars().collect();
    let telling = characters.iter().filter(|c| c.is_alphanumeric()).count();
    let most = if telling < 6 { 0 } else { telling / 3 };
    let (first, last) = match category {
        "marking" => (8, 4),
        "secret" => (4, 0),
        "personal" => (1, 2),
        "position" => (3, 0),
        "network" => (3, 2),
        _ => (2, 2),
    };
    let first = usize::min(first, most);
    let last = usize::min(last, most.saturating_sub(first));
    let head = shown(characters.iter(), first);
    let tail = shown(characters.iter().rev(), last);
    let covered = characters.len().saturating_sub(head.len().saturating_add(tail.len())).min(LONGEST);
    let covers = std::iter::repeat_n(COVER, covered);
    head.into_iter().chain(covers).chain(tail.into_iter().rev()).collect()
}

/// The first characters up to `count` letters or digits, marks among them included, as they may be printed.
fn shown<'c>(characters: impl Iterator<Item = &'c char>, count: usize) -> Vec<char> {
    let mut left = count;
    let mut shown = Vec::new();
    for c in characters {
        if left == 0 {
            break;
        }
        if c.is_alphanumeric() {
            left = left.saturating_sub(1);
            shown.push(*c);
        } else if c.is_ascii_graphic() {
            shown.push(*c);
        } else {
            shown.push(COVER);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_covered() {
        let cases = [
            ("ghp_0123456789abcdefghijABCDEFGHIJ012345", "secret", "ghp_0••••••••••••••••••••••••"),
            ("hunter2", "secret", "hu•••••"),
            ("pass1", "secret", "•••••"),
            ("jane.doe@example.org", "personal", "j•••••••••••••••••rg"),
            ("4111 1111 1111 1111", "personal", "4••••••••••••••••11"),
            ("51.501476, -0.140634", "position", "51.5••••••••••••••••"),
            ("10.0.0.7", "network", "••••••••"),
            ("SECRET//NOFORN", "marking", "SECR••••••••••"),
            ("\u{1b}[31mred\u{7}alarm", "", "•[31•••••••••m"),
            ("", "secret", ""),
        ];
        for (value, category, want) in cases {
            assert_eq!(mask(value, category), want, "{value}");
        }
    }
}
