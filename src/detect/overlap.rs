//! Which rule gets the characters that several rules claim.

use std::collections::BTreeMap;

use crate::finding::Severity;

/// A match before it is settled who gets the place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Claim {
    /// Number of the rule.
    pub(crate) rule: usize,
    pub(crate) severity: Severity,
    pub(crate) score: f32,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) why: String,
}

impl Claim {
    fn length(&self) -> usize {
        self.end.saturating_sub(self.start)
    }
}

/// Settles overlapping claims and orders the rest by start.
///
/// Claims are taken by rank: more severe first, then surer, then longer, then the rule that comes first. A claim is dropped
/// when half of it or more is taken already, and cut off from nothing: two claims that only touch at their ends both stay.
pub(crate) fn settle(mut claims: Vec<Claim>) -> Vec<Claim> {
    claims.sort_by(|a, b| {
        b.severity
            .cmp(&a.severity)
            .then_with(|| b.score.total_cmp(&a.score))
            .then_with(|| b.length().cmp(&a.length()))
            .then_with(|| a.start.cmp(&b.start))
            .then_with(|| a.rule.cmp(&b.rule))
    });
    let longest = claims.iter().map(Claim::length).max().unwrap_or(0);
    // Accepted claims by start and number; equal starts are possible, so the number keeps them apart.
    let mut taken: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut settled = Vec::new();
    for (number, claim) in claims.into_iter().enumerate() {
        let near = (claim.start.saturating_sub(longest), 0)..(claim.end, 0);
        let clash = taken.range(near).any(|((start, _), end)| {
            let shared = (*end).min(claim.end).saturating_sub((*start).max(claim.start));
            shared > 0 && shared.saturating_mul(2) >= claim.length()
        });
        if !clash {
            taken.insert((claim.start, number), claim.end);
            settled.push(claim);
        }
    }
    settled.sort_by_key(|claim| (claim.start, claim.end, claim.rule));
    settled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(rule: usize, severity: Severity, score: f32, start: usize, end: usize) -> Claim {
        Claim { rule, severity, score, start, end, why: String::new() }
    }

    #[test]
    fn the_more_severe_then_the_surer_then_the_longer_wins() {
        use Severity::{Block, High, Low};
        let cases: &[(&[Claim], &[usize])] = &[
            (&[claim(0, Low, 1.0, 0, 10), claim(1, Block, 0.6, 0, 10)], &[1]),
            (&[claim(0, High, 0.6, 0, 10), claim(1, High, 0.9, 2, 8)], &[1]),
            (&[claim(0, High, 0.6, 0, 10), claim(1, High, 0.6, 0, 12)], &[1]),
            (&[claim(0, High, 0.6, 0, 10), claim(1, Low, 0.9, 8, 20)], &[0, 1]),
            (&[claim(0, High, 0.6, 0, 10), claim(1, Low, 0.9, 3, 5)], &[0]),
            (&[claim(0, Low, 0.6, 0, 30), claim(1, Block, 0.9, 3, 5)], &[0, 1]),
        ];
        for (claims, want) in cases {
            let got: Vec<usize> = settle(claims.to_vec()).iter().map(|claim| claim.rule).collect();
            assert_eq!(&got, want);
        }
    }
}
