//! The worker: a process of its own in which documents are parsed.
//!
//! The program starts itself again for this. A worker is told its role and the policy, gives up whatever the system lets it
//! give up (`restrict`), and then serves requests over two pipes, one after the other: bytes in, result out (`protocol`).
//! It sees no file, no network and no other process. There are two of them for each document at hand: one makes the draft, the
//! other proves it, so that a document that takes over the first still meets the second.
//!
//! Whatever happens to a worker costs the one document that it had; [`crate::pipeline`] replaces it.

mod answers;
#[cfg(debug_assertions)]
mod fault;
mod probe;
pub(crate) mod protocol;
mod restrict;
pub(crate) mod wire;

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

#[doc(hidden)]
pub use answers::rewritten;
pub use probe::Attempt;
use protocol::{Blobs, ProtocolError, receive, send};
pub(crate) use protocol::{Request, Response, Role, Start};
pub use restrict::Measure;

use crate::Policy;
use crate::detect::{Engine, Fingerprinter};
use crate::job::certificate::certify;
use crate::job::executor::drafted;
use crate::job::{STACK_BYTES, Scanner, inspect, reveal};
use crate::preview::preview;
use crate::prove::opened::Opened;

/// The argument that makes the program a worker.
pub const COMMAND: &str = "worker";

/// Longest request. The one who sends them is not hostile; this only ends a mix-up.
const LONGEST_REQUEST: u64 = 64 << 30;

/// Where the last panic was, for its report. The message of a panic may hold text of the document and is dropped.
static PANICKED_AT: Mutex<String> = Mutex::new(String::new());

/// Serves requests from standard input until it ends. The exit code tells of trouble with the pipes only.
#[must_use]
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(|at| format!("{}:{}", source_name(at.file()), at.line())).unwrap_or_default();
        *PANICKED_AT.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }));
    match pipes().and_then(|(input, output)| begin(input, output)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// The last parts of the path of a source file: where it lay when the program was built is nobody's business.
fn source_name(path: &str) -> String {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    let kept = parts.iter().rposition(|part| *part == "src").map_or(parts.len().saturating_sub(1), |at| at.max(1) - 1);
    parts.get(kept..).unwrap_or_default().join("/")
}

/// Standard input and output without the buffers and line breaks of the standard library.
fn pipes() -> io::Result<(File, File)> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        Ok((io::stdin().as_fd().try_clone_to_owned()?.into(), io::stdout().as_fd().try_clone_to_owned()?.into()))
    }
    #[cfg(windows)]
    {
        use std::os::windows::io::AsHandle;
        Ok((
            io::stdin().as_handle().try_clone_to_owned()?.into(),
            io::stdout().as_handle().try_clone_to_owned()?.into(),
        ))
    }
}

/// Takes the first request, which says who this worker is, and serves the others on a thread with a deep stack.
fn begin(mut input: File, output: File) -> io::Result<()> {
    let first: Option<(Request, Blobs)> = receive(&mut input, LONGEST_REQUEST)?;
    let Some((Request::Start(start), mut blobs)) = first else { return Err(ProtocolError::Garbled.into()) };
    let key = blobs.take(0)?;
    // Before the thread begins, so that it inherits this.
    let mut measures = restrict::process(start.memory);
    let serving = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || {
        measures.extend(restrict::all_threads(&input, &output));
        let worker = Worker::new(*start, &key);
        let mut output = BufWriter::with_capacity(1 << 16, output);
        send(&mut output, &Response::Ready { measures }, &[])?;
        worker.serve(&mut input, &mut output)
    })?;
    serving.join().unwrap_or_else(|_| Err(io::Error::other("the worker failed")))
}

/// A worker that knows its policy.
struct Worker {
    role: Role,
    policy: Policy,
    fingerprinter: Fingerprinter,
}

impl Worker {
    fn new(start: Start, key: &[u8]) -> Self {
        Self { role: start.role, policy: start.policy, fingerprinter: Fingerprinter::new(key) }
    }

    /// Answers requests until there are none. After a fault the worker ends: what state it left behind nobody knows.
    fn serve(&self, input: &mut impl Read, output: &mut impl Write) -> io::Result<()> {
        let rules = Rules { policy: &self.policy, engine: std::cell::OnceCell::new() };
        if matches!(self.role, Role::Prove | Role::Inspect) {
            // While the first draft is made; what is wrong shows when it is needed.
            let _ = rules.scanner(&self.fingerprinter);
            rules.engine.get().into_iter().for_each(Engine::prepare);
        }
        while let Some((request, blobs)) = receive(input, LONGEST_REQUEST)? {
            let work = std::panic::AssertUnwindSafe(|| self.answer(request, blobs, &rules, output));
            match std::panic::catch_unwind(work) {
                Ok(answered) => answered?,
                Err(_) => {
                    let at = PANICKED_AT.lock().unwrap_or_else(PoisonError::into_inner).clone();
                    return send(output, &Response::Failed { at }, &[]);
                }
            }
        }
        Ok(())
    }

    fn answer(&self, request: Request, mut blobs: Blobs, rules: &Rules<'_>, output: &mut impl Write) -> io::Result<()> {
        match (self.role, request) {
            (Role::Clean, Request::Draft { path }) => {
                let bytes = blobs.take(0)?;
                #[cfg(debug_assertions)]
                fault::strike(&bytes, output)?;
                let drafted = drafted(&bytes, &path, &self.policy);
                let (drafted, blobs) = wire::Drafted::of(&drafted);
                send(output, &Response::Drafted(drafted), &blobs)
            }
            (Role::Prove, Request::Certify { path, identity, draft, looked }) => {
                let bytes = Arc::new(blobs.take_last()?);
                let opened = Opened::holding(Arc::clone(&bytes));
                let (draft, looked) = (draft.into_draft(&mut blobs)?, looked.map(|looked| looked.into_looked()));
                let scanner = rules.scanner(&self.fingerprinter)?;
                let (certificate, _) = certify(&bytes, &path, &identity, draft, looked.as_ref(), &scanner, &opened);
                send(output, &Response::Certified(wire::Certificate::of(certificate)), &[])
            }
            (Role::Prove, Request::NameFindings { path, identity }) => {
                let scanner = rules.scanner(&self.fingerprinter)?;
                let findings = scanner.of_file(&path).name_findings(&path, &identity);
                send(output, &Response::NameFindings { findings }, &[])
            }
            (Role::Inspect, Request::Inspect { path }) => {
                let inspected = inspect(&blobs.take(0)?, &path, &rules.scanner(&self.fingerprinter)?);
                send(output, &Response::Inspected(wire::Inspected::of(&inspected)), &[])
            }
            (Role::Inspect, Request::Reveal { path, subject }) => {
                let values = reveal(&blobs.take(0)?, &path, &subject, &rules.scanner(&self.fingerprinter)?);
                send(output, &Response::Revealed { values }, &[])
            }
            (Role::Draw, Request::Draw { page }) => {
                let bytes = blobs.take(0)?;
                #[cfg(debug_assertions)]
                fault::strike(&bytes, output)?;
                match preview(&bytes, page, &self.policy) {
                    Ok(preview) => {
                        let (head, pixels) = wire::Preview::of(&preview);
                        send(output, &Response::Drawn(Ok(head)), &[pixels])
                    }
                    Err(refusal) => send(output, &Response::Drawn(Err(refusal)), &[]),
                }
            }
            (_, Request::Probe) => send(output, &Response::Probed { attempts: probe::all() }, &[]),
            _ => Err(ProtocolError::Garbled.into()),
        }
    }
}

/// The rules of the policy, compiled when they are first needed: one that only cleans never does.
struct Rules<'a> {
    policy: &'a Policy,
    engine: std::cell::OnceCell<Engine>,
}

impl Rules<'_> {
    fn scanner<'s>(&'s self, fingerprinter: &'s Fingerprinter) -> io::Result<Scanner<'s>> {
        let engine = match self.engine.get() {
            Some(engine) => engine,
            None => {
                let engine = Engine::for_policy(self.policy).map_err(io::Error::other)?;
                self.engine.get_or_init(|| engine)
            }
        };
        Ok(Scanner::new(self.policy, engine, fingerprinter))
    }
}

#[cfg(test)]
mod tests {
    use super::source_name;

    #[test]
    fn a_fault_is_named_by_crate_and_file_only() {
        assert_eq!(source_name("src/formats/gif/mod.rs"), "src/formats/gif/mod.rs");
        assert_eq!(
            source_name("/home/a/.cargo/registry/src/index/lopdf-0.47.0/src/xref.rs"),
            "lopdf-0.47.0/src/xref.rs"
        );
        assert_eq!(source_name("C:\\build\\image-1\\src\\a.rs"), "image-1/src/a.rs");
        assert_eq!(source_name("/rustc/library/core/cell.rs"), "cell.rs");
    }
}
