//! From the text of a document to masked findings with places.

use std::collections::{HashMap, HashSet};

use super::reveal::Wanted;
use super::together;
use crate::detect::{Engine, Fingerprinter, mask};
use crate::finding::{Finding, Severity, Verdict};
use crate::formats::{Attached, Context, EmbeddedReport, Report, Surroundings};
use crate::identify::{Identity, identify};
use crate::kind::Kind;
use crate::policy::{Action, Class, Policy};
use crate::refusal::Refusal;
use crate::text::{self, Extraction, Place, Scope, TextSpan, extract};

/// The rule of [`Scanner::name_clash_finding`].
pub(crate) const NAME_CLASH: &str = "file.name-clash";

/// Findings in the text of attached files.
#[derive(Debug, Default)]
pub struct AttachedFindings {
    /// In files that do not get into the copy.
    pub removed: Vec<Finding>,
    /// In files that stay.
    pub kept: Vec<Finding>,
}

/// Policy, compiled rules and fingerprint key: everything that turns text into findings.
#[derive(Debug, Clone, Copy)]
pub struct Scanner<'a> {
    policy: &'a Policy,
    engine: &'a Engine,
    fingerprinter: &'a Fingerprinter,
    /// Relative path of the file, which allowances may ask for.
    path: &'a str,
    /// A value to look out for.
    wanted: Option<&'a Wanted<'a>>,
}

impl<'a> Scanner<'a> {
    /// Brings the three together.
    #[must_use]
    pub fn new(policy: &'a Policy, engine: &'a Engine, fingerprinter: &'a Fingerprinter) -> Self {
        Self { policy, engine, fingerprinter, path: "", wanted: None }
    }

    /// The same for the file with this relative path.
    #[must_use]
    pub fn of_file<'f>(&self, path: &'f str) -> Scanner<'f>
    where
        'a: 'f,
    {
        Scanner { path, ..*self }
    }

    /// The same with a value to look out for.
    pub(super) fn wanting<'w>(&self, wanted: &'w Wanted<'w>) -> Scanner<'w>
    where
        'a: 'w,
    {
        Scanner { wanted: Some(wanted), ..*self }
    }

    /// The same under another policy.
    pub(crate) fn under<'p>(&self, policy: &'p Policy) -> Scanner<'p>
    where
        'a: 'p,
    {
        Scanner { policy, ..*self }
    }

    /// The policy of the run.
    #[must_use]
    pub fn policy(&self) -> &'a Policy {
        self.policy
    }

    /// Its key.
    pub(crate) fn fingerprinter(&self) -> &'a Fingerprinter {
        self.fingerprinter
    }

    /// Findings about the name of the file: a name of another kind, and what the rules see in it.
    #[must_use]
    pub fn name_findings(&self, path: &str, identity: &Identity) -> Vec<Finding> {
        let mut findings = self.scan_span(&TextSpan::new(path, Place::FileName, Scope::FileName));
        if let Some(expected) = identity.mismatch {
            findings.push(self.own(
                "file.mismatch",
                Severity::Medium,
                Place::FileName,
                Scope::FileName,
                format!("the name says {}, the content is {}", expected.title(), identity.kind.title()),
            ));
        }
        findings
    }

    /// The finding for a file whose name is that of another input to a system that does not tell case apart.
    #[must_use]
    pub fn name_clash_finding(&self) -> Finding {
        let why = "another file has the same name but for case; on Windows and macOS only one of them would survive";
        self.own(NAME_CLASH, Severity::Medium, Place::FileName, Scope::FileName, why.to_owned())
    }

    /// Findings in the text of a document, with one for every part that could not be read.
    ///
    /// # Errors
    /// A [`Refusal`] when the text cannot be read or exceeds a limit.
    pub fn text_findings(&self, kind: Kind, bytes: &[u8], context: &Context<'_>) -> Result<Vec<Finding>, Refusal> {
        self.read_and_scan(kind, bytes, context).map(|(findings, _)| findings)
    }

    /// As [`Self::text_findings`], with the text that was read.
    pub(super) fn read_and_scan(
        &self,
        kind: Kind,
        bytes: &[u8],
        context: &Context<'_>,
    ) -> Result<(Vec<Finding>, Vec<TextSpan>), Refusal> {
        let Extraction { spans, unread, observations } = extract(kind, bytes, context)?;
        let total: u64 = spans.iter().map(|span| span.text.len() as u64).sum();
        if total > context.limits.text_bytes {
            return Err(Refusal::over_limit("text-bytes", format!("the document has {total} bytes of text")));
        }
        let mut findings = Vec::new();
        for seen in observations {
            let mut finding = self.own(seen.rule, seen.severity, seen.place, seen.scope, seen.why);
            finding.count = seen.count;
            findings.push(self.of_value(finding, &seen.text));
        }
        let told: HashSet<Place> = findings.iter().map(|finding| finding.place.clone()).collect();
        // A PDF says of each piece of hidden text how it is hidden.
        let unseen = if kind == Kind::Pdf { Vec::new() } else { together::unseen(&spans) };
        for unseen in unseen.into_iter().filter(|unseen| !told.contains(unseen.place)) {
            let why = "text that no reader sees".to_owned();
            let mut finding = self.own("hidden.text", Severity::Medium, unseen.place.clone(), Scope::Hidden, why);
            finding.count = unseen.words;
            findings.push(self.of_value(finding, unseen.text));
        }
        let limit = usize::try_from(context.limits.findings).unwrap_or(usize::MAX);
        for span in &spans {
            findings.extend(self.scan_span(span));
            if findings.len() > limit {
                return Err(Refusal::over_limit("findings", format!("there are more than {limit} findings"))
                    .with_hint("raise the limit, or look at the document: hardly any real one has so many"));
            }
        }
        together::raise(&mut findings, &|rule, severity| self.policy.verdict(rule, severity));
        for doubt in together::doubts(&findings, &spans, &|rule| self.engine.role(rule)) {
            findings.push(self.own(doubt.rule, doubt.severity, doubt.place, Scope::Body, doubt.why));
        }
        for part in unread {
            let severity = if part.expected { Severity::Info } else { Severity::Medium };
            findings.push(self.own("text.not-scanned", severity, part.place, Scope::Body, part.why));
        }
        Ok((merge(findings), spans))
    }

    /// Findings in the text of attached files. What was removed is read where that is possible; what stays must be readable.
    ///
    /// # Errors
    /// As [`Self::text_findings`], for a file that stays.
    pub fn attached_findings(&self, report: &Report, context: &Context<'_>) -> Result<AttachedFindings, Refusal> {
        let mut all = AttachedFindings::default();
        for EmbeddedReport { part, kind, report, attached } in &report.embedded {
            let Ok(inner) = context.inside(Surroundings::Standalone) else { break }; // nothing was looked into below
            let mut found = self.attached_findings(report, &inner)?;
            let unread = |refusal: Refusal| {
                let why = format!("the text of an attached file was not read: {}", refusal.reason);
                vec![self.own("text.not-scanned", Severity::Info, Place::File, Scope::Body, why)]
            };
            match attached {
                Some(Attached::Removed(bytes)) if text::is_read(*kind) => {
                    found.removed.extend(self.text_findings(*kind, bytes, &inner).unwrap_or_else(unread));
                }
                Some(Attached::Cleaned(bytes)) => {
                    found.kept.extend(self.name_findings(part, &identify(bytes, part)));
                    if text::is_read(*kind) {
                        found.kept.extend(self.text_findings(*kind, bytes, &inner)?);
                    }
                }
                // Its text may be as unreadable as the rest of it; a person has to look at it in any case.
                Some(Attached::AsItIs(bytes)) => {
                    found.kept.extend(self.text_findings(*kind, bytes, &inner).unwrap_or_else(unread));
                }
                _ => {}
            }
            let within = |mut finding: Finding| {
                finding.place = Place::Embedded { part: part.clone(), inner: Box::new(finding.place) };
                finding
            };
            all.removed.extend(found.removed.into_iter().map(within));
            all.kept.extend(found.kept.into_iter().map(within));
        }
        Ok(all)
    }

    /// Findings for what was removed and may be missed: without its colour profile a picture may look different.
    #[must_use]
    pub fn removal_findings(&self, report: &Report) -> Vec<Finding> {
        let hits = report.hits_in_copy();
        let removed = hits.iter().filter(|hit| (hit.class, hit.action) == (Class::ColourProfile, Action::Remove));
        let found = removed.map(|hit| {
            let place = match hit.place.as_str() {
                "" => Place::File,
                part => Place::Part { part: part.to_owned() },
            };
            let why = format!("colours may look different without it: {}", hit.item);
            self.own("colour.profile-removed", Severity::Medium, place, Scope::Body, why)
        });
        merge(found.collect())
    }

    /// Findings for removed values that still stand in the copy.
    #[must_use]
    pub fn echo_findings(&self, echoes: &[crate::prove::echo::Echo]) -> Vec<Finding> {
        let found = echoes.iter().map(|echo| {
            let severity = if echo.telling { Severity::Medium } else { Severity::Info };
            let mut finding = self.own(
                "echo.removed-value",
                severity,
                Place::Part { part: echo.part.clone() },
                Scope::Body,
                format!("the value of {} was removed, but also stands here", echo.item),
            );
            finding.count = echo.count;
            self.of_value(finding, &echo.value)
        });
        merge(found.collect())
    }

    /// The finding for a document that was converted before it was cleaned.
    #[must_use]
    pub fn conversion_finding(&self) -> Finding {
        let why =
            "it was converted first; compare the copy with the old file, for nothing proves the conversion".to_owned();
        self.own("file.converted", Severity::Medium, Place::File, Scope::Body, why)
    }

    fn scan_span(&self, span: &TextSpan) -> Vec<Finding> {
        self.engine
            .scan(&span.text)
            .into_iter()
            .map(|found| {
                let value = span.text.get(found.start..found.end).unwrap_or_default();
                let finding = Finding {
                    rule: found.rule.to_owned(),
                    category: found.category.to_owned(),
                    severity: found.severity,
                    verdict: self.policy.verdict(found.rule, found.severity),
                    place: span.place_of(found.start, found.end),
                    scope: span.scope,
                    masked: String::new(),
                    fingerprint: String::new(),
                    why: found.why,
                    allowed: None,
                    count: 1,
                };
                self.of_value(finding, value)
            })
            .collect()
    }

    /// The finding of this value: masked, with its fingerprint, and only noted where the policy allows it.
    fn of_value(&self, mut finding: Finding, value: &str) -> Finding {
        finding.masked = mask(value, &finding.category);
        finding.fingerprint = self.fingerprinter.fingerprint(value);
        if let Some(wanted) = self.wanted {
            wanted.see(&finding.rule, &finding.fingerprint, value);
        }
        if let Some(reason) = self.policy.allowed(&finding.rule, value, self.path) {
            finding.verdict = Verdict::Note;
            finding.allowed = Some(reason.to_owned());
        }
        finding
    }

    /// A finding of fieldstrip itself, not of a rule.
    fn own(&self, rule: &str, severity: Severity, place: Place, scope: Scope, why: String) -> Finding {
        let severity = self.policy.severity(rule, severity);
        Finding {
            rule: rule.to_owned(),
            category: rule.split('.').next().unwrap_or_default().to_owned(),
            severity,
            verdict: self.policy.verdict(rule, severity),
            place,
            scope,
            masked: String::new(),
            fingerprint: String::new(),
            why,
            allowed: None,
            count: 1,
        }
    }
}

/// Counts equal findings at one place together, first seen first.
fn merge(findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::with_capacity(findings.len());
    let mut seen: HashMap<(String, Place, String, String), usize> = HashMap::new();
    for finding in findings {
        let key = (finding.rule.clone(), finding.place.clone(), finding.masked.clone(), finding.fingerprint.clone());
        match seen.get(&key).and_then(|index| merged.get_mut(*index)) {
            Some(first) => first.count = first.count.saturating_add(finding.count),
            None => {
                seen.insert(key, merged.len());
                merged.push(finding);
            }
        }
    }
    merged
}
