//! `fieldstrip review`: a person decides about what a run held or flagged, question by question.

mod file;
mod list;
mod values;

use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use comfy_table::{ContentArrangement, Table, presets};
use fieldstrip::decisions::{Decision, FILE_NAME, PlaceInFile, Question, Questions, Ruling, Subject};
use fieldstrip::finding::{Severity, Verdict};
use fieldstrip::pipeline;
use fieldstrip::report::terminal::{printable, printable_path};

use super::clean::Format;
use super::lines::text_width;
use super::setup::{PolicyArgument, check_unpublished, release_of};
use super::{ALL_WELL, LOOK};
use file::DecisionsFile;
use list::list;
use values::Values;

/// How many places of a question are shown.
const MOST_SHOWN: usize = 12;

const AFTER_HELP: &str = "\
Each question is about one value, in however many files it stands, or about one held item of a file. \
Answer with a letter and Enter:
  a  accept: it may be published; asks for the reason
  h  hold: it may not, and holds every file that it stands in
  n  another reason for a decision
  r  where to look: the copies with it
  v  show the value in full, on the screen only: mind who looks over your shoulder
  s  skip it for now
  b  back to the question before
  q  quit
Every decision is saved at once. Answers can also come line by line from a file or pipe.

Then let the next run go by the decisions:
  fieldstrip clean INPUT --output DIR --decisions DIR.review/decisions.toml

Exit codes: 0 everything is decided, 1 questions are left, 2 the command failed.";

/// Decide about what a run held or flagged.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The review folder of the run
    #[arg(value_name = "REVIEW_DIR")]
    review: PathBuf,
    /// File of decisions to write, or to go on with [default: decisions.toml in REVIEW_DIR]
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,
    /// The release folder: values are shown from there, and no decisions may lie there [default: REVIEW_DIR without its `.review`]
    #[arg(long, value_name = "DIR")]
    release: Option<PathBuf>,
    /// Your name, to stand by your decisions; asked for if it is not given
    #[arg(long, value_name = "NAME")]
    operator: Option<String>,
    /// The policy of the run, by which values are found again: a built-in one or a TOML file
    #[arg(long, value_name = "NAME|FILE", default_value = "public-release")]
    policy: String,
    /// List the questions, with what is decided already, and ask nothing
    #[arg(long)]
    list: bool,
    /// How to print the list
    #[arg(long, value_enum, default_value_t = Format::Text, requires = "list")]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<u8> {
    let review = &arguments.review;
    let questions =
        Questions::of(review).with_context(|| format!("the log in {} cannot be gone by", review.display()))?;
    let path = arguments.decisions.clone().unwrap_or_else(|| review.join(FILE_NAME));
    let release = release_of(arguments.release.as_deref(), review).ok();
    check_unpublished("decisions", &path, review, release.as_deref())?;
    let (input, mut out) = (io::stdin().lock(), io::stdout().lock());
    let file = DecisionsFile::open(path, &questions.key)?;
    if arguments.format == Format::Json {
        let left = list(&questions.all, &file, &mut out)?;
        return Ok(if left == 0 { ALL_WELL } else { LOOK });
    }
    let who = arguments.operator.clone().unwrap_or_default();
    let values = Values {
        policy: PolicyArgument { policy: arguments.policy.clone() },
        key: questions.key,
        review: review.clone(),
        release,
    };
    let mut session = Session { questions: questions.all, file, review, values, who, input, out };
    let left = if arguments.list { session.list()? } else { session.all()? };
    Ok(if left == 0 { ALL_WELL } else { LOOK })
}

/// A person at work.
struct Session<'a, R, W> {
    questions: Vec<Question>,
    file: DecisionsFile,
    review: &'a Path,
    values: Values,
    who: String,
    input: R,
    out: W,
}

/// What to do after an answer.
enum Next {
    /// Ask the same again.
    Same,
    Forward,
    Back,
    Quit,
}

impl<R: BufRead, W: Write> Session<'_, R, W> {
    /// Asks until the last question or until the person quits. Returns how many questions are left.
    fn all(&mut self) -> anyhow::Result<usize> {
        let mut at = self.open_from(0);
        while let Some(question) = self.questions.get(at).cloned() {
            self.show(at, &question)?;
            loop {
                match self.answer(&question)? {
                    Next::Same => continue,
                    Next::Forward => at = self.open_from(at.saturating_add(1)),
                    Next::Back => at = at.saturating_sub(1),
                    Next::Quit => at = usize::MAX,
                }
                break;
            }
        }
        self.sum()
    }

    /// Shows every question and asks none. Returns how many are left.
    fn list(&mut self) -> anyhow::Result<usize> {
        for (at, question) in self.questions.clone().iter().enumerate() {
            writeln!(self.out, "{}\n", self.table(at, question))?;
        }
        self.sum()
    }

    /// Says how many questions are decided. Returns how many are left.
    fn sum(&mut self) -> anyhow::Result<usize> {
        let left = self.questions.iter().filter(|question| self.decision(question).is_none()).count();
        let all = self.questions.len();
        writeln!(self.out, "{} of {all} questions decided, {left} left", all.saturating_sub(left))?;
        if self.file.text.is_some() {
            writeln!(self.out, "decisions  {}", printable_path(&self.file.path))?;
        }
        Ok(left)
    }

    /// The first question from this one on that nobody decided.
    fn open_from(&self, at: usize) -> usize {
        let open = self.questions.iter().skip(at).position(|question| self.decision(question).is_none());
        open.map_or(usize::MAX, |position| at.saturating_add(position))
    }

    fn decision(&self, question: &Question) -> Option<&Decision> {
        self.file.decisions.about(&question.subject)
    }

    fn show(&mut self, at: usize, question: &Question) -> io::Result<()> {
        writeln!(self.out, "\n{}\n", self.table(at, question))
    }

    fn table(&self, at: usize, question: &Question) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(text_width());
        let weight = question.severity.map_or("policy", Severity::name);
        let verdict = if question.verdict == Verdict::Hold { "holds" } else { "flags" };
        let number = format!("{} of {}", at.saturating_add(1), self.questions.len());
        table.add_row([number, format!("{verdict} ({weight})")]);
        match &question.subject {
            Subject::Finding { rule, .. } => table.add_row(["rule", &printable(rule)]),
            Subject::Hit { class, item, .. } => {
                // Behind a colon stands what is done about it, which here is left to decide.
                let about = class.about().split(':').next().unwrap_or_default();
                table.add_row(["item", &printable(&format!("{item}: {class}, {about}"))])
            }
        };
        for (name, text) in [("value", &question.masked), ("why", &question.why)] {
            if !text.is_empty() {
                table.add_row([name, &printable(text)]);
            }
        }
        table.add_row(["in", &listed(question, |place| format!("{}, {}", place.path, place.place))]);
        if let Some(decision) = self.decision(question) {
            table.add_row(["decided", &printable(&decision.to_string())]);
        }
        table.trim_fmt()
    }

    /// Asks for a letter and does what it stands for.
    fn answer(&mut self, question: &Question) -> anyhow::Result<Next> {
        let Some(letter) = self.ask("a accept, h hold, n reason, r where, v value, s skip, b back, q quit > ")? else {
            return Ok(Next::Quit);
        };
        match letter.as_str() {
            "a" => self.decide(question, Ruling::Accept),
            "h" => self.decide(question, Ruling::Hold),
            "n" => match self.decision(question).map(|decision| decision.ruling) {
                Some(ruling) => self.decide(question, ruling),
                None => {
                    writeln!(self.out, "nothing is decided yet: a or h first")?;
                    Ok(Next::Same)
                }
            },
            "r" => {
                let place = |place: &PlaceInFile| {
                    let folder = if place.held { self.review.join("held") } else { PathBuf::from("(released)") };
                    format!("{}, {}", folder.join(&place.copy).display(), place.place)
                };
                let places = listed(question, place);
                writeln!(self.out, "look at\n{places}")?;
                Ok(Next::Same)
            }
            "v" => {
                self.reveal(question)?;
                Ok(Next::Same)
            }
            "s" => Ok(Next::Forward),
            "b" => Ok(Next::Back),
            "q" => Ok(Next::Quit),
            _ => {
                writeln!(self.out, "one of a, h, n, r, v, s, b, q, and Enter")?;
                Ok(Next::Same)
            }
        }
    }

    /// Shows what the question is about in full.
    fn reveal(&mut self, question: &Question) -> io::Result<()> {
        match self.values.of(question) {
            Ok(values) => values.iter().try_for_each(|value| writeln!(self.out, "in full  {}", printable(value))),
            Err(error) => writeln!(self.out, "{}", printable(&format!("it cannot be shown: {error:#}"))),
        }
    }

    fn decide(&mut self, question: &Question, ruling: Ruling) -> anyhow::Result<Next> {
        if self.who.trim().is_empty() {
            self.who = self.ask("your name > ")?.unwrap_or_default();
        }
        let reason = self.ask("reason > ")?.unwrap_or_default();
        let what = if self.who.trim().is_empty() {
            "nothing is decided: a decision needs the name of who made it"
        } else if reason.is_empty() && ruling == Ruling::Accept {
            "nothing is decided: what is accepted needs a reason"
        } else {
            let decision = Decision::new(question.subject.clone(), ruling, &reason, &self.who, &pipeline::now());
            self.file.save(&decision)?;
            return Ok(Next::Forward);
        };
        writeln!(self.out, "{what}")?;
        Ok(Next::Same)
    }

    /// A line of input, without the space around it; `None` at its end.
    fn ask(&mut self, prompt: &str) -> io::Result<Option<String>> {
        write!(self.out, "{prompt}")?;
        self.out.flush()?;
        let mut line = String::new();
        let is_line = self.input.read_line(&mut line)? > 0;
        if !is_line {
            writeln!(self.out)?;
        }
        Ok(is_line.then(|| line.trim().to_owned()))
    }
}

/// The first places of a question, a line for each.
fn listed(question: &Question, told: impl Fn(&PlaceInFile) -> String) -> String {
    let mut lines: Vec<String> = question.places.iter().take(MOST_SHOWN).map(|place| printable(&told(place))).collect();
    let more = question.count.saturating_sub(lines.len());
    if more > 0 {
        lines.push(format!("… and {more} more; {} files in all", question.files));
    }
    lines.join("\n")
}
