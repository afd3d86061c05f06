//! Holds figures in the headers of scenarios to the program.
//!
//! `scenarios/figures.csv` lists them, a row a figure: the scenario whose header has it, the scenario
//! and the `--set` values (separated by blanks) of the run that gives it, the statistic, its form, and
//! the words around it, with `{}` in its place. Statistics are `separated` (share of couples, or up to
//! a day: `separated 60`), and the mean of an observable, role and day of `trajectory`. A percentage, a
//! level or a level with its 95 % interval is rounded to the digits of its form.
//!
//! Differences between runs, figures of sweeps, and statistics of diaries are not in the list.

use pairbond::{Run, Scenario};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn scenarios() -> PathBuf {
    let root = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from);
    root.join("scenarios")
}

struct Figure {
    header: String,
    /// Scenario and settings of its run.
    run: (String, String),
    statistic: String,
    form: String,
    phrase: String,
}

fn figures() -> Vec<Figure> {
    let path = scenarios().join("figures.csv");
    let mut reader = csv::Reader::from_path(&path).expect("a readable table");
    let figure = |row: Result<csv::StringRecord, csv::Error>| {
        let row = row.expect("a row");
        let cell = |index: usize| row[index].to_owned();
        Figure {
            header: cell(0),
            run: (cell(1), cell(2)),
            statistic: cell(3),
            form: cell(4),
            phrase: cell(5),
        }
    };
    reader.records().map(figure).collect()
}

fn file(name: &str) -> PathBuf {
    scenarios().join(format!("{name}.toml"))
}

/// The comments at the start of a scenario, as one line.
fn header(name: &str) -> String {
    let text = fs::read_to_string(file(name)).expect("a readable scenario");
    let comments = text.lines().map_while(|line| line.strip_prefix('#'));
    let words: Vec<&str> = comments.flat_map(str::split_whitespace).collect();
    words.join(" ")
}

fn simulated((scenario, sets): &(String, String)) -> Run {
    let sets: Vec<&str> = sets.split_whitespace().collect();
    let scenario = Scenario::from_file_with(file(scenario), &sets);
    scenario.and_then(|it| it.run()).expect("a run")
}

/// A share or mean, with the ends of its interval where it has one.
fn value(run: &Run, statistic: &str) -> [f64; 3] {
    let words: Vec<&str> = statistic.split_whitespace().collect();
    if words[0] == "separated" {
        let until: f64 = words
            .get(1)
            .map_or(f64::INFINITY, |day| day.parse().expect("a day"));
        let end = run.couples().floats("end_day").expect("a column");
        let separated = end.iter().filter(|day| **day <= until).count();
        return [separated as f64 / end.len() as f64; 3];
    }
    let table = run.table("trajectory").expect("a table");
    let column = |name: &str| table.floats(name).expect("a column");
    let day: f64 = words[2].parse().expect("a day");
    let is_row = |row: &usize| {
        let has = |name: &str, word: &str| table.category(name, *row) == Some(word);
        has("observable", words[0]) && has("role", words[1]) && column("day")[*row] == day
    };
    let row = (0..column("day").len()).find(is_row).expect(statistic);
    ["mean", "ci_low", "ci_high"].map(|name| column(name)[row])
}

/// Written as in a header: no 0 before the point of a level.
fn written([value, low, high]: [f64; 3], form: &str) -> String {
    let (kind, digits) = form.split_once(' ').expect("a form and its digits");
    let digits: usize = digits.parse().expect("digits");
    let level = |value: f64| format!("{value:.digits$}").replacen("0.", ".", 1);
    match kind {
        "percent" => format!("{:.digits$}", 100.0 * value),
        "level" => level(value),
        "interval" => format!("{} [{}, {}]", level(value), level(low), level(high)),
        other => panic!("no form {other}"),
    }
}

#[test]
#[ignore = "simulates 30 scenarios in full length: stage `figures` of .ci/run"]
fn headers_of_scenarios_have_the_figures_that_the_program_gives() {
    let mut runs: BTreeMap<(String, String), Run> = BTreeMap::new();
    let mut stale = Vec::new();
    let all = figures();
    assert!(all.len() > 50, "{} figures", all.len());
    for figure in all {
        let run = runs
            .entry(figure.run.clone())
            .or_insert_with(|| simulated(&figure.run));
        let found = written(value(run, &figure.statistic), &figure.form);
        let phrase = figure.phrase.replace("{}", &found);
        if !header(&figure.header).contains(phrase.trim()) {
            stale.push(format!("{}: {phrase}", figure.header));
        }
    }
    assert!(
        stale.is_empty(),
        "headers should say:\n{}",
        stale.join("\n")
    );
}

#[test]
fn every_figure_is_of_a_scenario_with_a_header() {
    for figure in figures() {
        assert!(
            figure.phrase.matches("{}").count() == 1,
            "{}",
            figure.phrase
        );
        for name in [&figure.header, &figure.run.0] {
            assert!(Path::new(&file(name)).exists(), "{name}");
        }
        assert!(
            header(&figure.header).contains("Found:"),
            "{}",
            figure.header
        );
    }
}
