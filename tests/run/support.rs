//! Small input folders and the program over them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use assert_cmd::cargo::CommandCargoExt;
use fieldstrip::pipeline;
use fieldstrip::report::audit::{AuditWriter, ChainReader, FileRecord, Record};
use serde_json::Value;
use tempfile::TempDir;

/// A working folder with an input folder `in`; output goes to `out`.
pub(crate) struct Workplace {
    pub(crate) dir: TempDir,
}

impl Workplace {
    /// With these files under `in`.
    pub(crate) fn with(files: &[(&str, &[u8])]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let place = Self { dir };
        for (name, bytes) in files {
            place.put(name, bytes);
        }
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file under `in`.
    pub(crate) fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.path("in").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// The program in this folder, with a key of its own.
    pub(crate) fn fieldstrip(&self) -> Command {
        let mut command = Command::cargo_bin("fieldstrip").unwrap();
        command.current_dir(self.dir.path()).env("XDG_CONFIG_HOME", self.path("config")).env_remove("COLUMNS");
        command
    }

    /// Runs with these arguments: exit code, standard output, standard error.
    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        ended(&self.fieldstrip().args(arguments).output().unwrap())
    }

    /// Looks for the inputs, lets something happen to them, and cleans.
    pub(crate) fn clean_after(&self, meanwhile: impl FnOnce()) -> Result<pipeline::Ended, pipeline::RunError> {
        self.clean_within(meanwhile, false, false)
    }

    /// Cleans in this process, as the program would: on top of an earlier run or not, and interrupted or not.
    pub(crate) fn clean_within(
        &self,
        meanwhile: impl FnOnce(),
        resume: bool,
        interrupted: bool,
    ) -> Result<pipeline::Ended, pipeline::RunError> {
        let inputs = vec![self.path("in")];
        let entries = fieldstrip::discover::discover(&inputs).unwrap();
        meanwhile();
        let policy = fieldstrip::Policy::built_in("public-release").unwrap();
        let engine = fieldstrip::job::engine_for(&policy).unwrap();
        let fingerprinter = fieldstrip::detect::Fingerprinter::new(&[7; 32]);
        let options = pipeline::Options {
            output: self.path("out"),
            review: self.path("out.review"),
            inputs,
            jobs: 1,
            worker: None,
            resume,
            signer: None,
            previews: false,
            operator: None,
            packs: Vec::new(),
            fingerprint_key: fingerprinter.key_id(),
        };
        let scanner = fieldstrip::job::Scanner::new(&policy, &engine, &fingerprinter);
        pipeline::run(&entries, &options, &scanner, &interrupted.into(), &mut Unwatched)
    }

    /// `clean in --output out`, with rights that end where those of an ordinary user do: to root, nothing is forbidden.
    #[cfg(target_os = "linux")]
    pub(crate) fn clean_without_privileges(&self) -> (i32, String, String) {
        let arguments = ["clean", "in", "--output", "out"];
        let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
        if !is_root {
            return self.run(&arguments);
        }
        let program = self.fieldstrip().get_program().to_owned();
        let mut command = Command::new("setpriv");
        command.arg("--bounding-set=-dac_override,-dac_read_search").arg(program).args(arguments);
        command.current_dir(self.dir.path()).env("XDG_CONFIG_HOME", self.path("config"));
        ended(&command.output().unwrap())
    }

    /// `clean in --output out`.
    pub(crate) fn clean(&self) -> (i32, String, String) {
        self.run(&["clean", "in", "--output", "out"])
    }

    /// The records of the log.
    pub(crate) fn log(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.path("out.review/audit.jsonl")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// `clean in --output out --resume`.
    pub(crate) fn resume(&self) -> (i32, String, String) {
        self.run(&["clean", "in", "--output", "out", "--resume"])
    }

    /// Exit code and output of `audit verify`.
    pub(crate) fn verify(&self) -> (i32, String) {
        let (code, out, _) = self.run(&["audit", "verify", "out.review", "--release", "out"]);
        (code, out)
    }

    /// The records of the last segment of the log.
    pub(crate) fn segment(&self) -> Vec<Value> {
        let log = self.log();
        let header = log.iter().rposition(|record| record["record"] == "header").unwrap();
        log[header..].to_vec()
    }

    /// The records of input files in the last segment, by path.
    pub(crate) fn files(&self) -> BTreeMap<String, Value> {
        let files = self.segment().into_iter().filter(|record| record["record"] == "file");
        files.map(|record| (record["path"].as_str().unwrap().to_owned(), record)).collect()
    }

    /// Changes the log and gives it a new chain.
    pub(crate) fn rewrite_log(&self, change: impl Fn(&mut Record)) {
        let path = self.path("out.review/audit.jsonl");
        let (mut reader, mut writer) = (ChainReader::default(), AuditWriter::new(Vec::new()));
        for line in fs::read_to_string(&path).unwrap().lines() {
            let mut record = reader.read(line.as_bytes()).unwrap();
            change(&mut record);
            writer.append(&record).unwrap();
        }
        fs::write(&path, writer.get_mut()).unwrap();
    }

    pub(crate) fn outcome(&self, path: &str) -> String {
        self.files()[path]["outcome"].as_str().unwrap().to_owned()
    }
}

/// Exit code, standard output, standard error.
fn ended(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

struct Unwatched;

impl pipeline::Watcher for Unwatched {
    fn file(&mut self, _: &FileRecord) {}
    fn note(&mut self, _: &str) {}
}

/// Every file under a folder with its bytes.
pub(crate) fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|e| e.file_type().is_file());
    files.map(|e| (e.path().strip_prefix(folder).unwrap().to_path_buf(), fs::read(e.path()).unwrap())).collect()
}
