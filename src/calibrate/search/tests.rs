use super::*;
use crate::calibrate::target::FitTarget;
use crate::calibrate::test_support;
use crate::calibrate::test_support::{ProgressLines, TestStudies, files, request, with_error};
use crate::options::SaveOptions;
use crate::results::{Manifest, ResultsKind};
use crate::table::read_table;
use std::fs;

const DOCUMENT: &str = r#"
title = "Three rates"
targets = "tier C"

[search]
seed = 3

[[parameter]]
key = "parameters.conflict_rate"
prior = "log_uniform"
low = 0.01
high = 1.0

[[parameter]]
key = "parameters.trust_rate"
prior = "truncated_normal"
mean = 0.1
sd = 0.05
low = 0.0
high = 0.4

[[parameter]]
key = "laboratory.style"
prior = "uniform"
low = 0.0
high = 0.5
"#;

/// Studies of statistics of the first and the third key.
fn three_rates(most: u64) -> TestStudies {
    TestStudies::new(most, |values, noise| {
        vec![values[0] + 0.02 * noise, values[2] * values[2], 5.0]
    })
}

fn targets() -> Vec<Published> {
    let line = |id: &str, tier: &str, value: f64, error: f64| Published {
        id: id.to_owned(),
        tier: tier.to_owned(),
        statistic: format!("the statistic {id}"),
        target: FitTarget {
            interval: Some(crate::stats::interval::Interval {
                low: value - 2.0 * error,
                high: value + 2.0 * error,
            }),
            ..with_error(value, error)
        },
    };
    vec![
        line("C01", "C", 0.2, 0.02),
        line("V01", "V", 9.0, 0.1),
        line("C02", "C", 0.04, 0.005),
        line("C03", "C", 1.0, 0.1),
    ]
}

fn document(set: &[&str]) -> CalibrationDocument {
    test_support::document(DOCUMENT, set, &targets())
}

fn searched(
    studies: &TestStudies,
    request: &CalibrateRequest,
    threads: usize,
) -> Result<SearchReport, Error> {
    let control = &studies.control;
    search(
        &document(&[]),
        &targets(),
        studies,
        request,
        Some(threads),
        control,
        &IgnoredSearchProgress,
    )
}

#[test]
fn results_say_what_was_found_and_what_targets_tell() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let out = home.path().join("found");
    let wanted = CalibrateRequest {
        save: SaveOptions::default(),
        ..request(out.clone())
    };
    let report = searched(&three_rates(u64::MAX), &wanted, 2).expect("done");
    assert_eq!(report.met, (0, 2, 3));
    // One target of three is out of reach, whatever is done.
    assert!(report.losses.1 < report.losses.0 - 5.0, "{report:?}");
    let [conflict, trust, style] = &report.parameters[..] else {
        panic!("three parameters")
    };
    assert!((conflict.found - 0.2).abs() < 0.02, "{conflict:?}");
    assert!((trust.found - trust.start).abs() < 0.01, "{trust:?}");
    assert!((style.found - 0.2).abs() < 0.02, "{style:?}");
    let verdicts = [conflict, trust, style].map(|it| it.verdict.as_str());
    assert_eq!(verdicts, ["identified", "not identified", "identified"]);
    let all = files(&out);
    let names: Vec<&String> = all.keys().filter(|it| !it.ends_with(".png")).collect();
    let expected = [
        "calibration.toml",
        "codebook.csv",
        "fit.csv",
        "found.csv",
        "found.toml",
        "found_laboratory.toml",
        "manifest.json",
        "search.csv",
        "search.svg",
    ];
    assert_eq!(names, expected);
    assert_eq!(report.files, all.len());
    let fit = read_table(&out.join("fit.csv"), &tables::fit_schema()).expect("readable");
    let found = fit.floats("found").expect("a column");
    assert!(
        (found[1] - 0.04).abs() < 0.01 && found[2] == 5.0,
        "{found:?}"
    );
    let iterations = tables::search_schema(&document(&[]));
    let iterations = read_table(&out.join("search.csv"), &iterations).expect("readable");
    assert_eq!(iterations.rows.rows(), report.iterations);
    let text = |name: &str| String::from_utf8(all[name].clone()).expect("a text");
    let values = crate::scenario::file::read_values(&out.join("found.toml")).expect("values");
    assert_eq!(values.len(), 2);
    let line = format!("parameters.conflict_rate = {:?}", conflict.found);
    assert_eq!(values[0], line);
    assert!(text("found_laboratory.toml").contains("laboratory.style = "));
    // What a scenario takes is its beginning as well as a row of overrides.
    let toml = format!("title = \"found\"\n{}", text("found.toml"));
    crate::scenario::Scenario::read_text("found.toml", &toml, &[]).expect("a scenario");
    let manifest = Manifest::read(&out).expect("a manifest");
    assert_eq!((manifest.kind, manifest.seed), (ResultsKind::Search, 3));
}

#[test]
fn threads_change_no_byte() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let [one, two] = [1, 2].map(|threads| {
        let out = home.path().join(format!("with_{threads}"));
        searched(&three_rates(u64::MAX), &request(out.clone()), threads).expect("done");
        files(&out)
    });
    assert_eq!(one, two);
}

#[test]
fn a_search_that_is_stopped_leaves_nothing_and_nothing_is_replaced_unasked() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let out = home.path().join("found");
    for most in [1, 7, 30] {
        let stopped = searched(&three_rates(most), &request(out.clone()), 1);
        assert!(matches!(stopped, Err(Error::Cancelled)), "{stopped:?}");
        assert_eq!(fs::read_dir(home.path()).expect("a folder").count(), 0);
    }
    let all = three_rates(u64::MAX);
    searched(&all, &request(out.clone()), 1).expect("done");
    let before = files(&out);
    let second = three_rates(u64::MAX);
    let refused = searched(&second, &request(out.clone()), 1).expect_err("taken");
    assert!(refused.to_string().contains("already exists"), "{refused}");
    assert_eq!(second.done.load(Ordering::Relaxed), 0);
    let again = CalibrateRequest {
        save: SaveOptions::default().charts(false).replace(true),
        ..request(out.clone())
    };
    searched(&second, &again, 2).expect("replaced");
    assert_eq!(before, files(&out));
}

#[test]
fn limits_of_the_document_are_kept() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let studies = three_rates(u64::MAX);
    let few = document(&["search.simulations=20"]);
    let request = request(home.path().join("found"));
    let refused = search(
        &few,
        &targets(),
        &studies,
        &request,
        Some(1),
        &studies.control,
        &IgnoredSearchProgress,
    );
    let refused = refused.expect_err("too few").to_string();
    assert!(refused.contains("20 simulations are too few"), "{refused}");
    assert!(refused.contains("42 are the least"), "{refused}");
    let enough = document(&["search.simulations=50", "parameter.0.start=0.9"]);
    let done = search(
        &enough,
        &targets(),
        &studies,
        &request,
        Some(1),
        &studies.control,
        &IgnoredSearchProgress,
    );
    let report = done.expect("done");
    assert!(report.simulations <= 50 && report.ending == SearchEnding::Simulations);
    assert!((report.parameters[0].start - 0.9).abs() < 1e-12);
}

#[test]
fn each_iteration_is_reported_once() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (studies, lines) = (three_rates(u64::MAX), ProgressLines::default());
    let request = request(home.path().join("found"));
    let control = &studies.control;
    let outcome = search(
        &document(&[]),
        &targets(),
        &studies,
        &request,
        Some(2),
        control,
        &lines,
    );
    let report = outcome.expect("done");
    let lines = lines.into_lines();
    assert_eq!(lines.len(), report.iterations);
    assert!(lines[0].starts_with("iteration 1: loss "), "{}", lines[0]);
}
