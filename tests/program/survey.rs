//! A study's files: questionnaires and diaries with errors of measurement.

use crate::test_support::{Sandbox, same_files};
use std::collections::BTreeMap;

const STUDY: &str = "\
title = \"A study\"
[run]
seed = 5
couples = 300
days = 40
[parameters]
outside_rate = 0.005
[record]
sample_couples = 2
days = \"all\"
[measurement]
waves = [20, 40]
diary_days = 10
missing = 0.2
";

const TABLES: [&str; 4] = ["diary", "diary_pairwise", "waves", "instruments"];

fn study() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("study.toml", STUDY);
    sandbox
}

fn run(sandbox: &Sandbox, out: &str, more: &[&str]) {
    let mut words = vec!["run", "study.toml", "--no-charts", "-o", out];
    words.extend(more);
    sandbox.pairbond(&words).code(0);
}

#[test]
fn every_number_of_threads_gives_the_same_study() {
    let sandbox = study();
    let run = |threads: &'static str| {
        let more = ["--threads", threads, "--set", "run.replicates=2"];
        run(&sandbox, threads, &more);
        sandbox.files(threads)
    };
    let one = run("1");
    for table in TABLES {
        assert!(one.contains_key(&format!("{table}.csv")), "{table}");
    }
    same_files(&one, &run("2"));
}

#[test]
fn a_study_changes_nothing_in_any_other_table_and_is_verified() {
    let sandbox = study();
    run(&sandbox, "with", &[]);
    let (without, _) = STUDY.split_once("[measurement]").expect("a measurement");
    sandbox.write("bare.toml", without);
    sandbox
        .pairbond(&["run", "bare.toml", "--no-charts", "-o", "without"])
        .code(0);
    let (with, without) = (sandbox.files("with"), sandbox.files("without"));
    for table in [
        "couples",
        "trajectory",
        "survival",
        "phase_flow",
        "sample_couples",
        "days",
    ] {
        let name = format!("{table}.csv");
        assert!(with[&name] == without[&name], "{name} differs");
    }
    for table in TABLES {
        assert!(!without.contains_key(&format!("{table}.csv")), "{table}");
        let book = std::str::from_utf8(&with["codebook.csv"]).expect("UTF-8");
        assert!(book.contains(&format!("\n{table},")), "{table}");
    }
    let outcome = sandbox.pairbond(&["verify", "with"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
}

#[test]
fn a_study_without_a_diary_or_without_waves_leaves_their_tables_out() {
    let sandbox = study();
    run(&sandbox, "once", &["--set", "measurement.diary_days=0"]);
    run(&sandbox, "daily", &["--set", "measurement.waves=[]"]);
    let has = |out: &str| TABLES.map(|table| sandbox.path(&format!("{out}/{table}.csv")).exists());
    assert_eq!(has("once"), [false, false, true, true]);
    assert_eq!(has("daily"), [true, true, false, true]);
    assert_eq!(sandbox.read("once/instruments.csv").lines().count(), 1 + 8);
    assert_eq!(sandbox.read("daily/instruments.csv").lines().count(), 1 + 6);
}

#[test]
fn scores_lie_on_their_scale_and_days_are_missed_as_often_as_the_scenario_says() {
    let sandbox = study();
    run(&sandbox, "out", &["--set", "measurement.points=5"]);
    let diary = sandbox.table("out/diary.csv");
    let answered = diary.numbers("answered");
    let share = 1.0 - answered.iter().sum::<f64>() / answered.len() as f64;
    assert!(
        answered.len() > 4_000 && (share - 0.2).abs() < 0.02,
        "{share}"
    );
    let scores = diary.numbers("daily_satisfaction");
    for (answered, score) in answered.iter().zip(&scores) {
        assert_eq!(*answered == 1.0, (1.0..=5.0).contains(score));
    }
    assert!(scores.contains(&5.0), "nobody is at the ceiling");
}

#[test]
fn the_reliability_of_a_scale_is_the_one_requested_where_its_spread_is_right() {
    let sandbox = study();
    let plain = [
        "--set",
        "measurement.points=0",
        "--set",
        "measurement.style=0",
        "--set",
        "measurement.waves=[40]",
    ];
    run(&sandbox, "first", &plain);
    let first = sandbox.table("first/instruments.csv");
    let spread = first.numbers("state_sd")[0] / 6.0;
    for reliability in [0.6, 0.85] {
        let sets = [
            format!("measurement.sd.trust={spread}"),
            format!("measurement.reliability.trust={reliability}"),
        ];
        let mut more = plain.to_vec();
        for set in &sets {
            more.extend(["--set", set]);
        }
        let out = format!("at{reliability}");
        run(&sandbox, &out, &more);
        // Held against the states that the day table has of the same persons.
        let waves = sandbox.table(&format!("{out}/waves.csv"));
        let days = sandbox.table(&format!("{out}/days.csv"));
        let states: BTreeMap<(String, String), f64> = days
            .column("person_id")
            .iter()
            .zip(days.column("day"))
            .map(|(person, day)| (person.clone(), day.clone()))
            .zip(days.numbers("trust"))
            .collect();
        let pairs: Vec<(f64, f64)> = waves
            .column("person_id")
            .iter()
            .zip(waves.column("day"))
            .zip(waves.numbers("trust"))
            .map(|((person, day), score)| (score, states[&(person.clone(), day.clone())]))
            .collect();
        let found = squared_correlation(&pairs);
        assert!(
            pairs.len() > 300 && (found - reliability).abs() < 0.05,
            "{found}"
        );
        let reported = sandbox
            .table(&format!("{out}/instruments.csv"))
            .numbers("reliability_found")[0];
        assert!((reported - found).abs() < 1e-9, "{reported} for {found}");
    }
}

fn squared_correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let mean = |pick: fn(&(f64, f64)) -> f64| pairs.iter().map(pick).sum::<f64>() / n;
    let (x, y) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let sum = |term: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(term).sum::<f64>();
    let joint = sum(&|pair| (pair.0 - x) * (pair.1 - y));
    let own = sum(&|pair| (pair.0 - x) * (pair.0 - x)) * sum(&|pair| (pair.1 - y) * (pair.1 - y));
    joint * joint / own
}
