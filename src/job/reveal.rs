//! Values in full, for a person who has to decide about a finding and asks to see it.
//!
//! A log has fingerprints and masked excerpts only, so the copy is scanned again, and what has the fingerprint is kept. Nothing
//! of this is ever written to a file.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::{Scanner, inspect};
use crate::decisions::Subject;

/// Spellings of one value, which share its fingerprint, that are shown at most.
const MOST_SPELLINGS: usize = 20;

/// The value that is asked for, and what a scan found of it.
pub(super) struct Wanted<'a> {
    rule: &'a str,
    fingerprint: &'a str,
    spellings: Mutex<BTreeSet<String>>,
}

impl Wanted<'_> {
    /// Keeps a value if it is the one.
    pub(super) fn see(&self, rule: &str, fingerprint: &str, value: &str) {
        if (rule, fingerprint) == (self.rule, self.fingerprint) {
            let mut spellings = self.spellings.lock().unwrap_or_else(PoisonError::into_inner);
            if spellings.len() < MOST_SPELLINGS {
                spellings.insert(value.to_owned());
            }
        }
    }
}

impl fmt::Debug for Wanted<'_> {
    /// Shows no value: debug output ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wanted({} {})", self.rule, self.fingerprint)
    }
}

/// What a decision would be about, in full: the spellings of a value in a document with this path, or the contents of items.
/// Empty when the rules of this policy do not find it, or when it is nothing that has a text.
#[must_use]
pub fn reveal(bytes: &[u8], path: &str, subject: &Subject, scanner: &Scanner<'_>) -> Vec<String> {
    match subject {
        Subject::Finding { rule, fingerprint, .. } => {
            let wanted = Wanted { rule, fingerprint, spellings: Mutex::default() };
            let _ = inspect(bytes, path, &scanner.wanting(&wanted));
            let spellings = wanted.spellings.into_inner().unwrap_or_else(PoisonError::into_inner);
            spellings.into_iter().collect()
        }
        Subject::Hit { class, item, .. } => {
            let report = inspect(bytes, path, scanner).report;
            let values = report.values.iter().filter(|value| (value.class, &value.item) == (*class, item));
            let values: BTreeSet<String> = values.map(|value| value.value.clone()).collect();
            values.into_iter().take(MOST_SPELLINGS).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Policy;
    use crate::detect::Fingerprinter;
    use crate::job::engine_for;

    #[test]
    fn a_value_is_shown_by_its_fingerprint_only() {
        let policy = Policy::built_in("public-release").unwrap();
        let (engine, fingerprinter) = (engine_for(&policy).unwrap(), Fingerprinter::new(b"a key"));
        let scanner = Scanner::new(&policy, &engine, &fingerprinter);
        let text = b"Pay to DE89 3704 0044 0532 0130 00 or to GB82WEST12345698765432.\n";
        let found = inspect(text, "a.txt", &scanner).findings;
        let ibans: Vec<_> = found.iter().filter(|finding| finding.rule == "personal.iban").collect();
        assert_eq!(ibans.len(), 2, "{found:?}");
        let shown = |rule: &str, fingerprint: &str| {
            let subject = Subject::Finding { rule: rule.to_owned(), fingerprint: fingerprint.to_owned(), file: None };
            reveal(text, "a.txt", &subject, &scanner)
        };
        assert_eq!(shown("personal.iban", &ibans[0].fingerprint), ["DE89 3704 0044 0532 0130 00"]);
        assert_eq!(shown("personal.iban", &ibans[1].fingerprint), ["GB82WEST12345698765432"]);
        assert!(shown("personal.phone", &ibans[0].fingerprint).is_empty());
        assert!(shown("personal.iban", "00").is_empty());
        let wanted = Wanted { rule: "a", fingerprint: "b", spellings: Mutex::new(BTreeSet::from(["secret".into()])) };
        assert!(!format!("{wanted:?}").contains("secret"));
    }
}
