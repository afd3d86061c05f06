//! A temporary folder in which a test runs the program.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::process::Child;
use std::process::{Command, Output};
use std::time::Duration;
use tempfile::TempDir;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_pairbond");

/// Longest time of a command in these tests, on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(300);

const SMALL: &str = "\
title = \"A few couples\"
[run]
seed = 5
couples = 150
days = 40
[record]
sample_couples = 2
";

/// Lets programs that tests start have the default reactions to INT and TERM.
///
/// The tests may themselves run with signals ignored, as a shell's background jobs do, and a program
/// inherits that. What has a handler here has the default reaction there.
#[cfg(unix)]
fn default_signals() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use std::sync::atomic::AtomicBool;
    use std::sync::{Arc, Once};
    static HANDLERS: Once = Once::new();
    HANDLERS.call_once(|| {
        for (signal, code) in [(SIGHUP, 129), (SIGINT, 130), (SIGTERM, 143)] {
            let shutdown = Arc::new(AtomicBool::new(true));
            signal_hook::flag::register_conditional_shutdown(signal, code, shutdown)
                .expect("a handler");
        }
    });
}

/// A text without the lines of progress, which depend on the time that the work takes.
fn without_progress(text: &str) -> String {
    let is_progress = |line: &&str| line.starts_with("progress: ");
    text.split_inclusive('\n')
        .filter(|line| !is_progress(line))
        .collect()
}

/// What the program printed, and how it ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// Exit code; `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    /// Without lines of progress.
    pub(crate) stderr: String,
}

impl Outcome {
    /// The outcome of a finished program.
    pub(crate) fn of(output: Output) -> Outcome {
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: without_progress(&String::from_utf8(output.stderr).expect("UTF-8")),
        }
    }

    /// Asserts the exit code.
    pub(crate) fn code(self, expected: i32) -> Outcome {
        assert_eq!(self.code, Some(expected), "{self:?}");
        self
    }
}

/// A temporary folder with the scenario `small.toml`.
pub(crate) struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    /// Makes the folder.
    pub(crate) fn new() -> Sandbox {
        #[cfg(unix)]
        default_signals();
        let sandbox = Sandbox {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        sandbox.write("small.toml", SMALL);
        sandbox
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).expect("a writable folder");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        let path = self.path(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Asserts that a command refuses a scenario after a change of its text, says why, and leaves nothing.
    pub(crate) fn refuses(
        &self,
        command: &str,
        text: &str,
        (from, to): (&str, &str),
        said: &[&str],
    ) {
        assert!(text.contains(from), "{from}");
        self.write("wrong.toml", text.replacen(from, to, 1));
        let outcome = self.pairbond(&[command, "wrong.toml", "-o", "out"]).code(2);
        for text in said {
            assert!(outcome.stderr.contains(text), "{text}: {}", outcome.stderr);
        }
        assert!(!self.path("out").exists());
    }

    /// Runs the program in this folder.
    pub(crate) fn pairbond(&self, words: &[&str]) -> Outcome {
        let mut command = assert_cmd::Command::new(PROGRAM);
        command
            .args(words)
            .current_dir(self.folder.path())
            .timeout(TIMEOUT);
        Outcome::of(command.output().expect("the program starts"))
    }

    /// Runs a shell command in this folder; `$PAIRBOND` is the program.
    pub(crate) fn shell(&self, command: &mut Command) -> Outcome {
        command.env("PAIRBOND", PROGRAM).current_dir(self.path(""));
        Outcome::of(command.output().expect("a shell"))
    }

    /// Runs the small scenario without charts into a folder.
    pub(crate) fn run(&self, out: &str, more: &[&str]) -> Outcome {
        let mut words = vec!["run", "small.toml", "--no-charts", "-o", out];
        words.extend(more);
        self.pairbond(&words)
    }

    /// The program in this folder, not yet started.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(words).current_dir(self.folder.path());
        command
    }

    /// Names of all entries but the scenario, hidden ones too.
    pub(crate) fn entries(&self) -> Vec<String> {
        let mut names = names(self.folder.path());
        names.retain(|name| name != "small.toml");
        names
    }

    /// A CSV table of results.
    pub(crate) fn table(&self, name: &str) -> CsvTable {
        let mut reader = csv::Reader::from_path(self.path(name)).expect("a table");
        let names: Vec<String> = reader
            .headers()
            .expect("a header")
            .iter()
            .map(str::to_owned)
            .collect();
        let mut columns = vec![Vec::new(); names.len()];
        for record in reader.records() {
            for (column, cell) in columns.iter_mut().zip(&record.expect("a row")) {
                column.push(cell.to_owned());
            }
        }
        CsvTable { names, columns }
    }

    /// Every file of a folder of results with its bytes.
    pub(crate) fn files(&self, results: &str) -> BTreeMap<String, Vec<u8>> {
        let folder = self.path(results);
        let mut all = names(&folder);
        if folder.join("data").is_dir() {
            all.retain(|name| name != "data");
            let inner = names(&folder.join("data")).into_iter();
            all.extend(inner.map(|name| format!("data/{name}")));
        }
        let read = |name: String| {
            let bytes = fs::read(folder.join(&name)).expect("a readable file");
            (name, bytes)
        };
        all.into_iter().map(read).collect()
    }
}

/// Sends signals to a program, one immediately after the other.
#[cfg(unix)]
pub(crate) fn send(child: &Child, signals: &[&str]) {
    let kill = |signal: &&str| format!("kill -s {signal} {}", child.id());
    let line: Vec<String> = signals.iter().map(kill).collect();
    let sent = Command::new("sh").args(["-c", &line.join(" && ")]).status();
    assert!(sent.expect("a shell").success());
}

/// Sends a signal to a program, and waits for it to end as an interrupted one does.
#[cfg(unix)]
pub(crate) fn interrupted(child: Child, signal: &str) -> Outcome {
    send(&child, &[signal]);
    Outcome::of(child.wait_with_output().expect("it ends")).code(130)
}

/// A CSV table of results by columns.
pub(crate) struct CsvTable {
    pub(crate) names: Vec<String>,
    columns: Vec<Vec<String>>,
}

impl CsvTable {
    /// The cells of a column.
    pub(crate) fn column(&self, name: &str) -> &[String] {
        let place = self.names.iter().position(|own| own == name);
        &self.columns[place.unwrap_or_else(|| panic!("no column {name}"))]
    }

    /// The cells of a column as numbers; those that are missing are NaN.
    pub(crate) fn numbers(&self, name: &str) -> Vec<f64> {
        let number = |cell: &String| match cell.as_str() {
            "NA" => f64::NAN,
            text => text.parse().expect("a number"),
        };
        self.column(name).iter().map(number).collect()
    }
}

/// Names of a folder's entries in their order.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let name = |entry: std::io::Result<fs::DirEntry>| {
        entry
            .expect("a readable entry")
            .file_name()
            .into_string()
            .expect("UTF-8")
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

/// Asserts that two folders have the same files, and names the first that differs.
pub(crate) fn same_files(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    let list = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(list(one), list(other));
    for (name, bytes) in one {
        assert!(bytes == &other[name], "{name} differs");
    }
}
