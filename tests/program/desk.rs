//! A desk: a folder of one test's own, with a small scenario on it, at which the program is run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;
use tempfile::TempDir;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_pairbond");

/// Longest that any command of these tests may take, on a machine with much else to do.
const PATIENCE: Duration = Duration::from_secs(300);

const SMALL: &str = "\
title = \"A few couples\"
[run]
seed = 5
couples = 150
days = 40
[record]
sample_couples = 2
";

/// What the program said, and how it ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    /// Exit code; `None` where a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// What a program that has ended said.
    pub(crate) fn of(output: Output) -> Said {
        Said {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// Holds the program to an exit code, and shows what it said where it gave another.
    pub(crate) fn code(self, expected: i32) -> Said {
        assert_eq!(self.code, Some(expected), "{self:?}");
        self
    }
}

pub(crate) struct Desk {
    folder: TempDir,
}

impl Desk {
    /// A desk with the scenario `small.toml`.
    pub(crate) fn new() -> Desk {
        let desk = Desk {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        desk.write("small.toml", SMALL);
        desk
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

    /// Runs the program on this desk with the words of a command line.
    pub(crate) fn pairbond(&self, words: &[&str]) -> Said {
        let mut command = assert_cmd::Command::new(PROGRAM);
        command
            .args(words)
            .current_dir(self.folder.path())
            .timeout(PATIENCE);
        Said::of(command.output().expect("the program starts"))
    }

    /// Runs a shell's line on this desk, to which `$PAIRBOND` is the program.
    pub(crate) fn shell(&self, command: &mut Command) -> Said {
        command.env("PAIRBOND", PROGRAM).current_dir(self.path(""));
        Said::of(command.output().expect("a shell"))
    }

    /// Runs the small scenario without charts into a folder.
    pub(crate) fn run(&self, out: &str, more: &[&str]) -> Said {
        let mut words = vec!["run", "small.toml", "--no-charts", "-o", out];
        words.extend(more);
        self.pairbond(&words)
    }

    /// The program, not yet started, on this desk.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(words).current_dir(self.folder.path());
        command
    }

    /// Names of everything on the desk but the scenario, hidden ones too.
    pub(crate) fn left(&self) -> Vec<String> {
        let mut names = names(self.folder.path());
        names.retain(|name| name != "small.toml");
        names
    }

    /// Every file of a folder of results with its bytes.
    pub(crate) fn files(&self, results: &str) -> BTreeMap<String, Vec<u8>> {
        let folder = self.path(results);
        let read = |name: String| {
            let bytes = fs::read(folder.join(&name)).expect("a readable file");
            (name, bytes)
        };
        names(&folder).into_iter().map(read).collect()
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

/// Holds two folders to the same names and bytes, and names the file where they part.
pub(crate) fn same_files(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    let list = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(list(one), list(other));
    for (name, bytes) in one {
        assert!(bytes == &other[name], "{name} differs");
    }
}
