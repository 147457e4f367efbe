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

    /// The content with the edits made. Where edits overlap, the first one counts.
    pub(in crate::formats::pdf) fn apply(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len());
        let mut at = 0_usize;
        for (start, (end, with)) in &self.0 {
            if *start < at {
                at = at.max(*end);
                continue;
            }
            out.extend_from_slice(bytes.get(at..*start).unwrap_or_default());
            out.extend_from_slice(with);
            at = *end;
        }
        out.extend_from_slice(bytes.get(at..).unwrap_or_default());
        out
    }
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
}
