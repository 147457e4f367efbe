//! `fieldstrip review --list --format json`: the questions of a run and what is decided, for programs.

use std::io::Write;

use fieldstrip::decisions::{Decision, PlaceInFile, Question};
use fieldstrip::report::terminal::printable_json;
use serde_json::{Map, Value, json};

use super::file::DecisionsFile;

/// Prints one document. Returns how many questions are left.
pub(super) fn list(questions: &[Question], file: &DecisionsFile, out: &mut impl Write) -> anyhow::Result<usize> {
    let decision = |question: &Question| file.decisions.about(&question.subject);
    let left = questions.iter().filter(|question| decision(question).is_none()).count();
    let listed: Vec<Value> = questions.iter().map(|question| listed(question, decision(question))).collect();
    let path = file.text.as_ref().map(|_| file.path.to_string_lossy());
    writeln!(out, "{}", printable_json(&json!({ "decisions": path, "questions": listed, "left": left }))?)?;
    Ok(left)
}

fn listed(question: &Question, decision: Option<&Decision>) -> Value {
    // What a decision has to name, as the file of decisions has it.
    let about: Map<String, Value> =
        question.subject.entries().into_iter().map(|(name, text)| (name.to_owned(), Value::from(text))).collect();
    json!({
        "about": about, "verdict": question.verdict, "severity": question.severity, "masked": question.masked,
        "why": question.why, "places": question.places.iter().map(place).collect::<Vec<_>>(),
        "count": question.count, "files": question.files, "decision": decision.map(decided),
    })
}

fn place(place: &PlaceInFile) -> Value {
    json!({ "path": place.path, "copy": place.copy, "held": place.held, "where": place.place })
}

fn decided(decision: &Decision) -> Value {
    json!({
        "verdict": decision.ruling.name(), "reason": decision.reason, "who": decision.who, "when": decision.when,
        "expires": decision.expires,
    })
}
