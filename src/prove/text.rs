//! Text files: the copy must be the input, byte for byte, and must read as text.

use sha2::{Digest, Sha256};

use super::{Check, Essence, Prover, Side};
use crate::formats::{Context, Report};
use crate::kind::Kind;
use crate::refusal::Refusal;
use crate::text::plain::decode;

/// Proves plain text, Markdown, CSV and JSON.
pub(super) struct PlainTextProver;

impl Prover for PlainTextProver {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::PlainText, Kind::Markdown, Kind::Csv, Kind::Json]
    }

    fn essence(&self, _kind: Kind, bytes: &[u8], _side: Side, _context: &Context<'_>) -> Result<Essence, Refusal> {
        Ok(Essence(Sha256::digest(bytes).into()))
    }

    fn verify(
        &self,
        _kind: Kind,
        input: &[u8],
        output: &[u8],
        _report: &Report,
        _context: &Context<'_>,
    ) -> Result<Vec<Check>, Refusal> {
        if input != output {
            return Err(Refusal::unprovable("the copy of a text file differs from it"));
        }
        let text = decode(output)?;
        let lines = text.lines().count();
        Ok(vec![
            Check::new("bytes-equal", format!("{} bytes", output.len())),
            Check::new("decodes", format!("{lines} lines of text")),
        ])
    }
}
