//! Results as they travel between processes.
//!
//! What a handler reports in memory must never get into a log by accident, so its types cannot be serialised. These can, and
//! exist only here. Documents, copies and attached files travel as blobs beside them.

use serde::{Deserialize, Serialize};

use super::protocol::{Blobs, ProtocolError};
use crate::finding::{Finding, Verdict};
use crate::formats::{self, Attached, EmbeddedReport, Hit, RemovedValue};
use crate::identify::Identity;
use crate::job::certificate;
use crate::job::draft::{self, Step};
use crate::job::executor;
use crate::job::proof::Proved;
use crate::kind::Kind;
use crate::policy::Class;
use crate::preview::{self, Map};
use crate::prove::Proof;
use crate::refusal::Refusal;
use crate::trace::Trace;

/// [`RemovedValue`].
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Value {
    class: Class,
    item: String,
    value: String,
}

impl Value {
    fn all_of(values: &[RemovedValue]) -> Vec<Self> {
        let of = |RemovedValue { class, item, value }: &RemovedValue| Self {
            class: *class,
            item: item.clone(),
            value: value.clone(),
        };
        values.iter().map(of).collect()
    }

    fn into_values(values: Vec<Self>) -> Vec<RemovedValue> {
        values.into_iter().map(|Self { class, item, value }| RemovedValue { class, item, value }).collect()
    }
}

/// [`formats::Report`].
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Report {
    hits: Vec<Hit>,
    values: Vec<Value>,
    embedded: Vec<Embedded>,
    copy_kind: Option<Kind>,
}

/// [`EmbeddedReport`].
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Embedded {
    part: String,
    kind: Kind,
    report: Report,
    attached: Option<(Fate, usize)>,
}

/// What became of an attached file.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum Fate {
    Removed,
    Cleaned,
    AsItIs,
}

impl Report {
    fn of<'b>(report: &'b formats::Report, blobs: &mut Vec<&'b [u8]>) -> Self {
        let mut embedded = Vec::with_capacity(report.embedded.len());
        for EmbeddedReport { part, kind, report, attached } in &report.embedded {
            let attached = attached.as_ref().map(|attached| {
                let (fate, bytes) = match attached {
                    Attached::Removed(bytes) => (Fate::Removed, bytes),
                    Attached::Cleaned(bytes) => (Fate::Cleaned, bytes),
                    Attached::AsItIs(bytes) => (Fate::AsItIs, bytes),
                };
                blobs.push(bytes);
                (fate, blobs.len().saturating_sub(1))
            });
            embedded.push(Embedded { part: part.clone(), kind: *kind, report: Self::of(report, blobs), attached });
        }
        Self { hits: report.hits.clone(), values: Value::all_of(&report.values), embedded, copy_kind: report.copy_kind }
    }

    fn into_report(self, blobs: &mut Blobs) -> Result<formats::Report, ProtocolError> {
        let mut report = formats::Report {
            hits: self.hits,
            values: Value::into_values(self.values),
            copy_kind: self.copy_kind,
            ..formats::Report::default()
        };
        for Embedded { part, kind, report: inner, attached } in self.embedded {
            let attached = match attached {
                Some((fate, index)) => {
                    let bytes = blobs.take(index)?;
                    Some(match fate {
                        Fate::Removed => Attached::Removed(bytes),
                        Fate::Cleaned => Attached::Cleaned(bytes),
                        Fate::AsItIs => Attached::AsItIs(bytes),
                    })
                }
                None => None,
            };
            let inner = inner.into_report(blobs)?;
            report.embedded.push(EmbeddedReport { part, kind, report: inner, attached });
        }
        Ok(report)
    }
}

/// [`draft::Draft`]. Blobs: the rebuilt document, the result of each step, attached files.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Draft {
    from: Kind,
    kind: Kind,
    report: Report,
    /// For each step, the report of a removal of hidden text; nothing for pictures coded anew.
    steps: Vec<Option<Report>>,
}

impl Draft {
    pub(crate) fn of(draft: &draft::Draft) -> (Self, Vec<&[u8]>) {
        let mut blobs: Vec<&[u8]> = vec![&draft.rebuilt];
        blobs.extend(draft.steps.iter().map(|step| step.bytes.as_slice()));
        let mut steps = Vec::with_capacity(draft.steps.len());
        for step in &draft.steps {
            steps.push(step.removed.as_ref().map(|removed| Report::of(removed, &mut blobs)));
        }
        let report = Report::of(&draft.report, &mut blobs);
        (Self { from: draft.from, kind: draft.kind, report, steps }, blobs)
    }

    pub(crate) fn into_draft(self, blobs: &mut Blobs) -> Result<draft::Draft, ProtocolError> {
        let rebuilt = blobs.take(0)?;
        let mut steps = Vec::with_capacity(self.steps.len().min(16));
        for (number, removed) in (1_usize..).zip(self.steps) {
            let bytes = blobs.take(number)?;
            steps.push(Step { bytes, removed: removed.map(|removed| removed.into_report(blobs)).transpose()? });
        }
        let report = self.report.into_report(blobs)?;
        Ok(draft::Draft { from: self.from, kind: self.kind, report, rebuilt, steps })
    }
}

/// [`executor::Looked`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Looked {
    inspected: Vec<Hit>,
    held: Vec<Hit>,
    values: Vec<Value>,
    input: String,
}

impl Looked {
    pub(crate) fn of(looked: &executor::Looked) -> Self {
        let executor::Looked { inspected, held, values, input } = looked;
        Self { inspected: inspected.clone(), held: held.clone(), values: Value::all_of(values), input: input.clone() }
    }

    pub(crate) fn into_looked(self) -> executor::Looked {
        let Self { inspected, held, values, input } = self;
        executor::Looked { inspected, held, values: Value::into_values(values), input }
    }
}

/// [`executor::Drafted`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Drafted {
    identity: Identity,
    outcome: Outcome,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
enum Outcome {
    Draft(Draft),
    Convert(Kind, Looked),
    Refused(Refusal, Vec<Hit>),
}

impl Drafted {
    pub(crate) fn of(drafted: &executor::Drafted) -> (Self, Vec<&[u8]>) {
        let (outcome, blobs) = match &drafted.outcome {
            executor::Outcome::Draft(draft) => {
                let (draft, blobs) = Draft::of(draft);
                (Outcome::Draft(draft), blobs)
            }
            executor::Outcome::Convert(to, looked) => (Outcome::Convert(*to, Looked::of(looked)), Vec::new()),
            executor::Outcome::Refused(refusal, hits) => (Outcome::Refused(refusal.clone(), hits.clone()), Vec::new()),
        };
        (Self { identity: drafted.identity.clone(), outcome }, blobs)
    }

    pub(crate) fn into_drafted(self, blobs: &mut Blobs) -> Result<executor::Drafted, ProtocolError> {
        let outcome = match self.outcome {
            Outcome::Draft(draft) => executor::Outcome::Draft(Box::new(draft.into_draft(blobs)?)),
            Outcome::Convert(to, looked) => executor::Outcome::Convert(to, looked.into_looked()),
            Outcome::Refused(refusal, hits) => executor::Outcome::Refused(refusal, hits),
        };
        Ok(executor::Drafted { identity: self.identity, outcome })
    }
}

/// [`certificate::Certificate`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Certificate {
    /// How many steps were proved, what else was hit, and the proof.
    proved: Result<(usize, Vec<Hit>, Proof), Refusal>,
    findings: Vec<Finding>,
    verdict: Verdict,
    traces: Vec<Trace>,
}

impl Certificate {
    pub(crate) fn of(certificate: certificate::Certificate) -> Self {
        let certificate::Certificate { proved, findings, verdict, traces } = certificate;
        Self { proved: proved.map(|Proved { steps, hits, proof }| (steps, hits, proof)), findings, verdict, traces }
    }

    pub(crate) fn into_certificate(self) -> certificate::Certificate {
        let Self { proved, findings, verdict, traces } = self;
        let proved = proved.map(|(steps, hits, proof)| Proved { steps, hits, proof });
        certificate::Certificate { proved, findings, verdict, traces }
    }
}

/// [`crate::job::Inspected`], without attached files.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Inspected {
    identity: Identity,
    report: Report,
    findings: Vec<Finding>,
    refusal: Option<Refusal>,
}

impl Inspected {
    pub(crate) fn of(inspected: &crate::job::Inspected) -> Self {
        let mut report = Report::of(&inspected.report, &mut Vec::new());
        report.forget_attached();
        Self {
            identity: inspected.identity.clone(),
            report,
            findings: inspected.findings.clone(),
            refusal: inspected.refusal.clone(),
        }
    }

    pub(crate) fn into_inspected(self) -> Result<crate::job::Inspected, ProtocolError> {
        let Self { identity, report, findings, refusal } = self;
        let report = report.into_report(&mut Blobs::default())?;
        Ok(crate::job::Inspected { identity, report, findings, refusal })
    }
}

/// [`preview::Preview`]. Blob: its pixels.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Preview {
    width: u16,
    height: u16,
    map: Option<Map>,
}

impl Preview {
    pub(crate) fn of(preview: &preview::Preview) -> (Self, &[u8]) {
        let (width, height) = preview.size();
        (Self { width, height, map: preview.map() }, preview.pixels())
    }

    pub(crate) fn into_preview(self, blobs: &mut Blobs) -> Result<preview::Preview, ProtocolError> {
        let Self { width, height, map } = self;
        preview::Preview::new(width, height, blobs.take(0)?, map).ok_or(ProtocolError::Garbled)
    }
}

impl Report {
    /// Nobody who reads the list of what is in a document needs the files in it.
    fn forget_attached(&mut self) {
        for embedded in &mut self.embedded {
            embedded.attached = None;
            embedded.report.forget_attached();
        }
    }
}
