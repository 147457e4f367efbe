//! Answers of workers without a worker: what a process that a document took over might write into its pipe.

use super::protocol::{Blobs, ProtocolError, Response, receive, send};
use super::wire;

/// Reads answers as the program does, until the bytes end or make no sense, and writes each as a worker would that means the
/// same. `longest` is the most bytes that one may have. Made for the fuzzer: what it gives reads as itself.
#[doc(hidden)]
#[must_use]
pub fn rewritten(mut bytes: &[u8], longest: u64) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    while let Ok(Some((response, mut blobs))) = receive::<Response>(&mut bytes, longest) {
        let Ok(again) = rewrite(response, &mut blobs) else { break };
        all.push(again);
    }
    all
}

fn rewrite(response: Response, blobs: &mut Blobs) -> Result<Vec<u8>, ProtocolError> {
    let mut out = Vec::new();
    match response {
        Response::Drafted(drafted) => {
            let drafted = drafted.into_drafted(blobs)?;
            let (head, blobs) = wire::Drafted::of(&drafted);
            send(&mut out, &Response::Drafted(head), &blobs)?;
        }
        Response::Certified(certificate) => {
            let certificate = wire::Certificate::of(certificate.into_certificate());
            send(&mut out, &Response::Certified(certificate), &[])?;
        }
        Response::Inspected(inspected) => {
            let inspected = wire::Inspected::of(&inspected.into_inspected()?);
            send(&mut out, &Response::Inspected(inspected), &[])?;
        }
        Response::Drawn(Ok(preview)) => {
            let preview = preview.into_preview(blobs)?;
            let (head, pixels) = wire::Preview::of(&preview);
            send(&mut out, &Response::Drawn(Ok(head)), &[pixels])?;
        }
        other => send(&mut out, &other, &[])?,
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(head: &str, blobs: &[&[u8]]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let head: serde_json::Value = serde_json::from_str(head).unwrap();
        send(&mut bytes, &head, blobs).unwrap();
        bytes
    }

    #[test]
    fn what_is_sent_again_reads_as_itself() {
        let report = |embedded: &str| format!(r#"{{"hits":[],"values":[],"embedded":[{embedded}],"copy_kind":null}}"#);
        let attached = format!(r#"{{"part":"a","kind":"png","report":{},"attached":["Removed",2]}}"#, report(""));
        let drafted = format!(
            r#"{{"Drafted":{{"identity":{{"kind":"pdf","detail":null,"mismatch":null}},"outcome":{{"Draft":
               {{"from":"pdf","kind":"pdf","report":{},"steps":[null]}}}}}}}}"#,
            report(&attached)
        );
        let failed = message(r#"{"Failed":{"at":"a.rs:1"}}"#, &[b"nobody's"]);
        let both = [message(&drafted, &[b"copy", b"step", b"file", b"nobody's"]), failed].concat();
        let again = rewritten(&both, 1 << 20);
        assert_eq!(again.len(), 2);
        for answer in &again {
            assert_eq!(rewritten(answer, 1 << 20), [answer.as_slice()]);
            assert!(!answer.windows(8).any(|part| part == b"nobody's"));
        }
        let drawn = r#"{"Drawn":{"Ok":{"width":1,"height":2,"map":[1.5,0.0,0.0,-1.5,0.0,3.0]}}}"#;
        let again = rewritten(&message(drawn, &[b"pixels"]), 1 << 20);
        assert_eq!(again, rewritten(&again.concat(), 1 << 20));
        assert_eq!((again.len(), again[0].ends_with(b"pixels")), (1, true));
        assert!(rewritten(&message(drawn, &[b"fewer"]), 1 << 20).is_empty(), "fewer pixels than the size says");
        for wrong in [&drafted.replace("[\"Removed\",2]", "[\"Removed\",0]"), &drafted.replace("[null]", "[]"), "[]"] {
            let answers = rewritten(&message(wrong, &[b"copy", b"step"]), 1 << 20);
            assert!(answers.is_empty(), "{wrong}: blobs that are taken twice or are not there");
        }
    }
}
