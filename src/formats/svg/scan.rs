//! Where pieces of a style sheet end (CSS Syntax 3, 4): strings, targets, blocks.

/// The target of `url(`, without quotes, and what follows the closing parenthesis.
pub(super) fn url(inner: &str) -> (&str, &str) {
    let start = inner.trim_start();
    match start.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let (string, behind) = string(start, quote);
            let behind = behind.split_once(')').map_or("", |(_, behind)| behind);
            (string.trim_matches(quote), behind)
        }
        _ => {
            let (target, behind) = start.split_once(')').unwrap_or((start, ""));
            (target.trim(), behind)
        }
    }
}

/// The string at the beginning of `text` with its quotes, and what follows it. A string that is not closed on its line ends
/// before the next one (section 4.3.5).
pub(super) fn string(text: &str, quote: char) -> (&str, &str) {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = (*c == quote || matches!(c, '\n' | '\r' | '\x0c')) && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    let end = end.map(|(at, c)| if c == quote { at.saturating_add(1) } else { at });
    end.and_then(|at| text.split_at_checked(at)).unwrap_or((text, ""))
}

/// True when every string and every bracket of a value is closed, so that what is written behind it is no part of it.
pub(super) fn is_closed(value: &str) -> bool {
    let mut open = Vec::new();
    let mut rest = value;
    while let Some(c) = rest.chars().next() {
        let step = match c {
            '"' | '\'' => {
                let inside = string(rest, c).0;
                if inside.len() < 2 || !inside.ends_with(c) {
                    return false;
                }
                inside.len()
            }
            '(' if opens_url(value, rest) => match rest.find(')') {
                Some(at) => at.saturating_add(1),
                None => return false,
            },
            '(' | '[' => {
                open.push(c);
                1
            }
            ')' | ']' if open.pop() != Some(if c == ')' { '(' } else { '[' }) => return false,
            _ => c.len_utf8(),
        };
        rest = rest.get(step..).unwrap_or_default();
    }
    open.is_empty()
}

/// Splits before the first of `stops` that stands outside of strings, parentheses and blocks.
pub(super) fn split<'t>(text: &'t str, stops: &[char]) -> (&'t str, &'t str) {
    let mut depth = 0_u32;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if depth == 0 && stops.contains(&c) {
            break;
        }
        rest = match c {
            '"' | '\'' => string(rest, c).1,
            '(' if opens_url(text, rest) => rest.split_once(')').map_or("", |(_, behind)| behind),
            _ => {
                match c {
                    '(' | '[' | '{' => depth = depth.saturating_add(1),
                    ')' | ']' | '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                rest.get(c.len_utf8()..).unwrap_or_default()
            }
        };
    }
    text.split_at_checked(text.len().saturating_sub(rest.len())).unwrap_or((text, ""))
}

/// True when the parenthesis at which `rest` begins opens a target without quotes.
pub(super) fn opens_url(text: &str, rest: &str) -> bool {
    let before = text.get(..text.len().saturating_sub(rest.len())).unwrap_or_default();
    let is_url =
        before.len().checked_sub(3).and_then(|at| before.get(at..)).is_some_and(|n| n.eq_ignore_ascii_case("url"));
    is_url && !rest.get(1..).is_some_and(|inner| inner.trim_start().starts_with(['"', '\'']))
}
