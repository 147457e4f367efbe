//! Scanning a stream of text: what `fieldstrip detect` does.

use std::io::{BufRead, Read, Write};

use serde::{Deserialize, Serialize};

use super::engine::{Engine, Match};
use super::mask::mask;
use crate::finding::Severity;
use crate::report::terminal::{printable, printable_json};

/// How text comes in and findings go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The input is one text; findings are lines for people.
    Text,
    /// The input is one text; findings are one JSON object.
    Json,
    /// Every input line is a JSON object with a `text`; every output line is a JSON object with its findings.
    JsonLines,
}

/// A stream that cannot be scanned. Never holds a piece of the input.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// Reading or writing failed.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A line is not a JSON object with a `text`.
    #[error("line {line}: {message}")]
    Line {
        /// Number of the line, from 1.
        line: u64,
        /// What is wrong with it.
        message: String,
    },
    /// The input exceeds a limit.
    #[error("the input is longer than {0} bytes")]
    TooLong(u64),
}

#[derive(Deserialize)]
struct InputLine {
    text: String,
}

#[derive(Serialize)]
struct Output<'m> {
    findings: Vec<OutputFinding<'m>>,
}

#[derive(Serialize)]
struct OutputFinding<'m> {
    rule: &'m str,
    category: &'m str,
    severity: Severity,
    start: usize,
    end: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    masked: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'m str>,
}

/// Scans `input` to its end and returns how many findings there were. At most `limit` bytes are held at a time: a whole text,
/// or a line.
///
/// # Errors
/// [`StreamError`]; findings of the lines before are written by then.
pub fn scan_stream(
    engine: &Engine,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
    mode: Mode,
    limit: u64,
) -> Result<u64, StreamError> {
    match mode {
        Mode::JsonLines => scan_lines(engine, input, out, limit),
        Mode::Text | Mode::Json => {
            let text = read_text(input, limit)?;
            let found = engine.scan(&text);
            if mode == Mode::Json {
                write_json(&found, Some(&text), out)?;
            } else {
                write_text(&found, &text, out)?;
            }
            Ok(found.len() as u64)
        }
    }
}

fn scan_lines(engine: &Engine, input: &mut dyn BufRead, out: &mut dyn Write, limit: u64) -> Result<u64, StreamError> {
    let mut findings = 0_u64;
    let mut bytes = Vec::new();
    for line in 1_u64.. {
        bytes.clear();
        let read = (&mut *input).take(limit.saturating_add(1)).read_until(b'\n', &mut bytes)? as u64;
        if read == 0 {
            break;
        }
        if read > limit {
            return Err(StreamError::Line { line, message: format!("it is longer than {limit} bytes") });
        }
        let parsed: InputLine = serde_json::from_slice(&bytes).map_err(|error| StreamError::Line {
            line,
            message: format!("not a JSON object with a \"text\" (column {})", error.column()),
        })?;
        let found = engine.scan(&parsed.text);
        findings = findings.saturating_add(found.len() as u64);
        write_json(&found, None, out)?;
    }
    Ok(findings)
}

fn read_text(input: &mut dyn BufRead, limit: u64) -> Result<String, StreamError> {
    let mut bytes = Vec::new();
    input.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(StreamError::TooLong(limit));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(good).filter(|byte| **byte == b'\n').count() as u64;
        StreamError::Line { line: line.saturating_add(1), message: "not UTF-8 text".to_owned() }
    })
}

/// One line of JSON. With the text at hand, each finding also says what it looks like and why it is one.
fn write_json(found: &[Match<'_>], text: Option<&str>, out: &mut dyn Write) -> Result<(), StreamError> {
    let findings = found.iter().map(|hit| OutputFinding {
        rule: hit.rule,
        category: hit.category,
        severity: hit.severity,
        start: hit.start,
        end: hit.end,
        masked: text.map(|text| mask(text.get(hit.start..hit.end).unwrap_or_default(), hit.category)),
        why: text.map(|_| hit.why.as_str()),
    });
    let output = Output { findings: findings.collect() };
    writeln!(out, "{}", printable_json(&output).map_err(std::io::Error::from)?)?;
    Ok(())
}

fn write_text(found: &[Match<'_>], text: &str, out: &mut dyn Write) -> Result<(), StreamError> {
    let mut line = 1_usize;
    let mut counted = 0_usize;
    for hit in found {
        let between = text.get(counted..hit.start).unwrap_or_default();
        line = line.saturating_add(between.matches('\n').count());
        counted = counted.max(hit.start);
        let masked = printable(&mask(text.get(hit.start..hit.end).unwrap_or_default(), hit.category));
        writeln!(
            out,
            "line {line}, bytes {}-{}: {:<6} {}  {masked}  ({})",
            hit.start,
            hit.end,
            hit.severity.name(),
            printable(hit.rule),
            printable(&hit.why)
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    fn run(input: &str, mode: Mode) -> (Result<u64, StreamError>, String) {
        let engine = Engine::for_policy(Policy::strictest()).unwrap();
        let mut out = Vec::new();
        let result = scan_stream(&engine, &mut input.as_bytes(), &mut out, mode, 1000);
        (result, String::from_utf8(out).unwrap())
    }

    #[test]
    fn each_line_gives_a_line() {
        let input = "{\"text\": \"SSN: 212-09-9998\"}\n{\"text\": \"nothing\"}\n{\"text\":\"é SSN 212-09-9998\"}";
        let (findings, out) = run(input, Mode::JsonLines);
        assert_eq!(findings.unwrap(), 2);
        let lines: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0]["findings"][0]["rule"], "personal.us-ssn");
        assert_eq!(lines[0]["findings"][0]["start"], 5);
        assert_eq!(lines[1]["findings"], serde_json::json!([]));
        assert_eq!(lines[2]["findings"][0]["start"], 7, "offsets are bytes");
        assert_eq!(lines[2]["findings"][0].as_object().unwrap().len(), 5, "exactly the five fields of the contract");
    }

    #[test]
    fn a_broken_line_is_named_without_its_content() {
        let (result, out) = run("{\"text\": \"x\"}\nsecret words\n", Mode::JsonLines);
        let message = result.unwrap_err().to_string();
        assert!(message.starts_with("line 2:") && !message.contains("secret"), "{message}");
        assert_eq!(out.lines().count(), 1);
        let long = format!("{{\"text\": \"{}\"}}\n", "x".repeat(2000));
        assert!(run(&long, Mode::JsonLines).0.unwrap_err().to_string().contains("line 1: it is longer"));
    }

    #[test]
    fn text_and_json_never_show_the_value() {
        for mode in [Mode::Text, Mode::Json] {
            let (findings, out) = run("line one\nSSN: 212-09-9998\n", mode);
            assert_eq!(findings.unwrap(), 1);
            assert!(out.contains("personal.us-ssn") && !out.contains("09-9998"), "{out}");
        }
        assert!(run("a\nSSN: 212-09-9998\n", Mode::Text).1.starts_with("line 2, bytes 7-18: high"));
    }
}
