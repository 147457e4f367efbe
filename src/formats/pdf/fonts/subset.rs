//! The tag of a subset: six capital letters and a plus sign before the name of a font (9.9.2).

/// The name without its tag.
pub(super) fn without_tag(name: &[u8]) -> &[u8] {
    match name.split_at_checked(7) {
        Some((tag, rest)) if is_tag(tag) => rest,
        _ => name,
    }
}

fn is_tag(tag: &[u8]) -> bool {
    tag.strip_suffix(b"+").is_some_and(|letters| letters.len() == 6 && letters.iter().all(u8::is_ascii_uppercase))
}

/// True when a name has a tag.
pub(super) fn is_tagged(name: &[u8]) -> bool {
    without_tag(name).len() != name.len()
}

/// A name with the tag of another one, where it has a tag at all.
pub(super) fn tagged(name: &[u8], like: &[u8]) -> Vec<u8> {
    match (name.get(..7), like.get(..7)) {
        (Some(_), Some(tag)) if is_tagged(name) && is_tagged(like) => [tag, without_tag(name)].concat(),
        _ => name.to_vec(),
    }
}

/// The name with the tag of this number: `AAAAAA`, `AAAAAB` …
pub(super) fn numbered(name: &[u8], number: usize) -> Vec<u8> {
    let mut letters = [b'A'; 6];
    let mut left = number;
    for letter in letters.iter_mut().rev() {
        *letter = b'A'.saturating_add(u8::try_from(left.checked_rem(26).unwrap_or(0)).unwrap_or(0));
        left = left.checked_div(26).unwrap_or(0);
    }
    [&letters, b"+".as_slice(), without_tag(name)].concat()
}
