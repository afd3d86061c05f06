//! Tables that a command leaves, and values of a TOML file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

pub(crate) fn project(path: &str) -> PathBuf {
    let root = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from);
    root.join(path)
}

/// A table of text.
pub(crate) struct Table {
    columns: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    fn from_csv(path: &Path) -> Table {
        Table::from_text(&fs::read_to_string(path).expect("a table"))
    }

    pub(crate) fn from_text(text: &str) -> Table {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let cells = |row: &csv::StringRecord| row.iter().map(str::to_owned).collect();
        let columns = cells(reader.headers().expect("a header"));
        let rows = reader.records().map(|row| cells(&row.expect("a row")));
        Table {
            columns,
            rows: rows.collect(),
        }
    }

    /// The table between `<!-- table NAME -->` and `<!-- end -->` of a page.
    fn from_page(text: &str, name: &str) -> Option<Table> {
        let begin = text.find(&format!("<!-- table {name} -->"))?;
        let end = begin + text[begin..].find("<!-- end -->")?;
        let lines = text[begin..end]
            .lines()
            .filter(|line| line.starts_with('|'));
        let cells = |line: &str| {
            let cells = line.trim().trim_matches('|').split('|');
            cells.map(|it| it.trim().replace("**", "")).collect()
        };
        let mut rows: Vec<Vec<String>> = lines.map(cells).collect();
        let columns = rows.remove(0);
        rows.remove(0);
        Some(Table { columns, rows })
    }

    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|it| it == name)
    }
}

/// What a command leaves.
pub(crate) enum Source {
    /// The tables of a folder of results, or of a page.
    Tables(BTreeMap<String, Table>),
    /// A scenario: a TOML file.
    Values(toml::Table),
}

impl Source {
    /// Runs a command of the program (`run FILE --set …`, `sweep …`, `validate …`, `new`), or reads a file: a
    /// TOML file or a page with tables.
    pub(crate) fn of(command: &str) -> Source {
        let path = project(command);
        if command.ends_with(".toml") && !command.contains(' ') {
            return Source::Values(values(&path));
        }
        if command.ends_with(".md") {
            let text = fs::read_to_string(path).expect("a page");
            let table = Table::from_page(&text, "targets").expect("a table of targets");
            return Source::Tables(BTreeMap::from([("targets".to_owned(), table)]));
        }
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("out");
        let mut program = Command::new(env!("CARGO_BIN_EXE_pairbond"));
        program
            .current_dir(project(""))
            .args(command.split_whitespace());
        if command == "new --full" {
            run(program.arg(&out), command);
            let text = fs::read_to_string(&out).expect("a scenario");
            // Keys with their defaults are comments without a blank.
            let keys = text.lines().map(|line| match line.strip_prefix('#') {
                Some(key) if !key.starts_with([' ', ':']) => key,
                _ => line,
            });
            let keys: Vec<&str> = keys.collect();
            return Source::Values(keys.join("\n").parse().expect("TOML"));
        }
        run(
            program.args(["--quiet", "--no-charts", "-o"]).arg(&out),
            command,
        );
        Source::Tables(tables(&out))
    }
}

/// The tables of a folder by their names, with those of the folders in it: `claims` writes one for each file.
fn tables(folder: &Path) -> BTreeMap<String, Table> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("results") {
        let path = entry.expect("a file").path();
        if path.is_dir() {
            found.extend(tables(&path));
        } else if path.extension().is_some_and(|it| it == "csv") {
            let name = path.file_stem().expect("a name").to_string_lossy();
            found.insert(name.into_owned(), Table::from_csv(&path));
        }
    }
    found
}

fn run(program: &mut Command, command: &str) {
    let done = program.output().expect("the program");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "pairbond {command}: {said}");
}

fn values(path: &Path) -> toml::Table {
    let text = fs::read_to_string(path).expect("a file");
    text.parse().expect("TOML")
}
