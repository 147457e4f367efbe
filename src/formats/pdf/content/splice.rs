//! Edits of a content stream: stretches of bytes to drop or to replace. Everything else keeps its bytes, numbers their digits.

use std::collections::BTreeMap;
use std::ops::Range;

/// Stretches to replace, in order.
#[derive(Debug, Default, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::formats::pdf) struct Edits(BTreeMap<usize, (usize, Vec<u8>)>);

impl Edits {
    /// Drops a stretch.
    pub(in crate::formats::pdf) fn drop(&mut self, range: Range<usize>) {
        self.replace(range, Vec::new());
    }

    /// Replaces a stretch. What an earlier edit at the same place covers more of is left as it is.
    pub(in crate::formats::pdf) fn replace(&mut self, range: Range<usize>, with: Vec<u8>) {
        let wider = self.0.get(&range.start).is_some_and(|(end, _)| *end > range.end);
        if !wider {
            self.0.insert(range.start, (range.end, with));
        }
    }

    /// True when nothing changes.
    pub(in crate::formats::pdf) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The edits in a stretch of the content, with its beginning as 0.
    pub(in crate::formats::pdf) fn within(&self, stretch: &Range<usize>) -> Self {
        let inside = |at: usize| at.clamp(stretch.start, stretch.end).saturating_sub(stretch.start);
        let touching = self.0.iter().filter(|(start, (end, _))| **start < stretch.end && *end > stretch.start);
        Self(
            touching
                .map(|(start, (end, with))| {
                    // A replacement goes where its stretch begins.
                    let with = if *start >= stretch.start { with.clone() } else { Vec::new() };
                    (inside(*start), (inside(*end), with))
                })
                .collect(),
        )
    }

    /// The content with the edits made. Where edits overlap, the first one counts. What two tokens lose between them leaves a
    /// space, so that they stay two.
    pub(in crate::formats::pdf) fn apply(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
        let mut at = 0_usize;
        let mut apart = false;
        let mut push = |piece: &[u8], apart: bool| {
            if apart && is_regular(out.last()) && is_regular(piece.first()) {
                out.push(b' ');
            }
            out.extend_from_slice(piece);
            piece.is_empty()
        };
        // True where the content has the end of a token, or no token.
        let is_between =
            |at: usize| !(is_regular(at.checked_sub(1).and_then(|at| bytes.get(at))) && is_regular(bytes.get(at)));
        for (start, (end, with)) in &self.0 {
            if *start < at {
                at = at.max(*end);
                continue;
            }
            apart &= push(bytes.get(at..*start).unwrap_or_default(), apart);
            apart |= is_between(*start);
            apart &= push(with, apart);
            apart |= is_between(*end);
            at = *end;
        }
        push(bytes.get(at..).unwrap_or_default(), apart);
        out
    }
}

/// True for a byte that a token goes on with (7.2.3).
fn is_regular(byte: Option<&u8>) -> bool {
    byte.is_some_and(|byte| !matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ') && !b"()<>[]{}/%".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn untouched_bytes_stay() {
        let mut edits = Edits::default();
        edits.drop(2..4);
        edits.replace(6..8, b"xyz".to_vec());
        edits.drop(3..5);
        assert_eq!(edits.apply(b"0123456789"), b"015xyz89");
        assert_eq!(edits.within(&(7..10)).apply(b"789"), b"89");
        assert_eq!(edits.within(&(5..7)).apply(b"56"), b"5xyz");
    }

    #[test]
    fn tokens_stay_apart() {
        let dropped = |content: &[u8], ranges: &[(usize, usize)]| {
            let mut edits = Edits::default();
            ranges.iter().for_each(|(start, end)| edits.drop(*start..*end));
            String::from_utf8(edits.apply(content)).unwrap()
        };
        assert_eq!(dropped(b"Tf]TJ", &[(2, 3)]), "Tf TJ");
        assert_eq!(dropped(b"Tf](x)TJ", &[(2, 3), (3, 6)]), "Tf TJ");
        assert_eq!(dropped(b"Tf ]TJ", &[(3, 4)]), "Tf TJ");
        assert_eq!(dropped(b"Tf](x)Tj", &[(2, 3)]), "Tf(x)Tj");
        assert_eq!(dropped(b"(x)Tj % c\nET", &[(6, 9)]), "(x)Tj \nET");
        let mut edits = Edits::default();
        edits.replace(1..4, b"Do".to_vec());
        assert_eq!(edits.apply(b"q(a)Q"), b"q Do Q");
    }
}
