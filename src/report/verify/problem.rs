//! What a verification finds wrong, and where.

use std::fmt;
use std::io;

use serde::Serialize;
use serde_json::Value;

use crate::report::audit::{ChainError, Record, chained_text, split_hash};
use crate::report::pointers::differences;

/// Something that is not as the run left it: a line of the log or a member of it, a file, or the log as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Number of the line in the log, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// JSON pointer (RFC 6901) of the member of that line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// Path of a copy in its folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What is wrong, as a sentence fragment.
    pub what: String,
}

impl Problem {
    /// Of the log as a whole.
    pub fn of_log(what: impl Into<String>) -> Self {
        Self { line: None, member: None, file: None, what: what.into() }
    }

    pub(super) fn of_line(line: u64, what: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::of_log(what) }
    }

    pub(super) fn of_member(line: u64, member: &str, what: impl Into<String>) -> Self {
        Self { member: Some(member.to_owned()), ..Self::of_line(line, what) }
    }

    pub(super) fn of_file(file: &str, what: impl Into<String>) -> Self {
        Self { file: Some(file.to_owned()), ..Self::of_log(what) }
    }
}

impl From<ChainError> for Problem {
    fn from(error: ChainError) -> Self {
        let member = error.member.map(|member| format!("/{member}"));
        Self { member, ..Self::of_line(error.line, error.what) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, &self.member, &self.file) {
            (Some(line), Some(member), _) => write!(f, "line {line}, {member}: {}", self.what),
            (Some(line), None, _) => write!(f, "line {line}: {}", self.what),
            (None, _, Some(file)) => write!(f, "{file}: {}", self.what),
            (None, _, None) => f.write_str(&self.what),
        }
    }
}

/// What tells a line from the one text that a run writes for its record: members that no record has, or another form.
///
/// # Errors
/// When the record has no form in JSON.
pub(super) fn of_form(record: &Record, prev: &str, text: &str, line: u64) -> io::Result<Vec<Problem>> {
    let expected = chained_text(record, prev)?;
    let found = split_hash(text).map_or(text, |(body, _)| body);
    if found == expected {
        return Ok(Vec::new());
    }
    let value = |body: &str| serde_json::from_str::<Value>(&format!("{body}}}"));
    let members = differences(&value(&expected)?, &value(found)?);
    if members.is_empty() {
        return Ok(vec![Problem::of_line(line, "it is not in the form in which runs write their log")]);
    }
    let what = "it is no member of such a record, or not in the form in which runs write it";
    Ok(members.iter().map(|member| Problem::of_member(line, member, what)).collect())
}
