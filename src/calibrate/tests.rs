use super::test_support;
use super::test_support::{ProgressLines, TestStudies, files, request, with_error};
use super::*;
use crate::calibrate::document::CalibrationDocument;
use crate::results::{Manifest, ResultsKind};
use crate::table::read_table;
use std::fs;
use std::sync::atomic::Ordering;

const DOCUMENT: &str = r#"
title = "Two rates"
targets = "tier C"

[sampler]
seed = 3
particles = 60
tolerance = 1.0
simulations = 20000

[[parameter]]
key = "parameters.conflict_rate"
prior = "log_uniform"
low = 0.01
high = 1.0

[[parameter]]
key = "parameters.trust_rate"
prior = "uniform"
low = 0.0
high = 0.2
"#;

/// Studies of two statistics that depend on the first key.
fn two_rates(most: u64) -> TestStudies {
    TestStudies::new(most, |values, noise| {
        vec![values[0] + 0.02 * noise, 2.0 * values[0]]
    })
}

fn published() -> Vec<Published> {
    let line = |id: &str, tier: &str, value: f64, error: f64| Published {
        id: id.to_owned(),
        tier: tier.to_owned(),
        statistic: format!("the statistic {id}"),
        target: with_error(value, error),
    };
    vec![
        line("C01", "C", 0.2, 0.02),
        line("V01", "V", 9.0, 0.1),
        line("C02", "C", 0.4, 0.05),
    ]
}

fn document(text: &str, set: &[&str]) -> CalibrationDocument {
    test_support::document(text, set, &published())
}

fn calibrated(
    studies: &TestStudies,
    request: &CalibrateRequest,
    threads: usize,
) -> Result<CalibrateReport, Error> {
    let document = document(DOCUMENT, &[]);
    let (threads, control) = (Some(threads), &studies.control);
    calibrate(
        &document,
        &published(),
        studies,
        request,
        threads,
        control,
        &IgnoredCalibrationProgress,
    )
}

#[test]
fn results_say_what_targets_tell() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let out = home.path().join("found");
    let wanted = CalibrateRequest {
        save: SaveOptions::default(),
        ..request(out.clone())
    };
    let report = calibrated(&two_rates(u64::MAX), &wanted, 2).expect("done");
    assert_eq!(report.ending, AbcEnding::Tolerance);
    assert_eq!(report.met, (2, 2));
    let verdicts: Vec<&str> = report.verdicts.iter().map(|(_, it)| it.as_str()).collect();
    assert_eq!(verdicts, ["identified", "not identified"]);
    let names: Vec<String> = files(&out).into_keys().collect();
    let expected = [
        "adjusted.csv",
        "calibration.toml",
        "codebook.csv",
        "correlations.csv",
        "generations.csv",
        "manifest.json",
        "pairs.svg",
        "parameters.csv",
        "posterior.csv",
        "posterior.svg",
        "predictive.csv",
        "predictive.svg",
    ];
    let texts: Vec<&String> = names.iter().filter(|it| !it.ends_with(".png")).collect();
    assert_eq!(texts, expected);
    assert_eq!(report.files, names.len());
    let parameters = read_table(&out.join("parameters.csv"), &tables::parameters_schema());
    let parameters = parameters.expect("a readable table");
    let medians = parameters.floats("median").expect("a column");
    assert!((medians[0] - 0.2).abs() < 0.02, "{medians:?}");
    let defaults = parameters.floats("default").expect("a column");
    assert!(defaults.iter().all(|value| value.is_finite()));
    let document = document(DOCUMENT, &[]);
    let targets = from_document::targets(&document, &published());
    let schema = tables::posterior_schema(&document, &targets);
    let posterior = read_table(&out.join("posterior.csv"), &schema).expect("a readable table");
    assert_eq!(posterior.rows.rows(), 60);
    let whole: f64 = posterior.floats("weight").expect("a column").iter().sum();
    assert!((whole - 1.0).abs() < 1e-9);
    assert!(posterior.floats("simulated_c02").is_ok());
    let manifest = Manifest::read(&out).expect("a manifest");
    assert_eq!(
        (manifest.kind, manifest.seed),
        (ResultsKind::Calibration, 3)
    );
    assert!(!home.path().join("found.unfinished").exists());
}

#[test]
fn threads_change_no_byte() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let [one, four] = [1, 4].map(|threads| {
        let out = home.path().join(format!("with_{threads}"));
        calibrated(&two_rates(u64::MAX), &request(out.clone()), threads).expect("done");
        files(&out)
    });
    assert_eq!(one, four);
}

#[test]
fn what_was_stopped_is_resumed_to_the_same_bytes() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (whole, cut) = (home.path().join("whole"), home.path().join("cut"));
    let studies = two_rates(u64::MAX);
    calibrated(&studies, &request(whole.clone()), 1).expect("done");
    let all = studies.done.load(Ordering::Relaxed);
    for (turn, most) in [1, 37, 200].into_iter().enumerate() {
        let request = CalibrateRequest {
            resume: turn > 0,
            ..request(cut.clone())
        };
        let outcome = calibrated(&two_rates(most), &request, 1);
        assert!(
            matches!(outcome, Err(Error::Interrupted { .. })),
            "{outcome:?}"
        );
        assert!(!cut.exists());
    }
    // What a killed process leaves of its last record is cut off.
    let journal = home.path().join("cut.unfinished").join("jobs.journal");
    let bytes = fs::read(&journal).expect("a journal");
    fs::write(&journal, &bytes[..bytes.len() - 5]).expect("writable");
    let last = two_rates(u64::MAX);
    let request = CalibrateRequest {
        resume: true,
        ..request(cut.clone())
    };
    calibrated(&last, &request, 1).expect("done");
    assert_eq!(last.done.load(Ordering::Relaxed), all - 235 + 1);
    assert_eq!(files(&whole), files(&cut));
    let again = calibrated(&two_rates(u64::MAX), &request, 1);
    assert!(matches!(again, Err(Error::AlreadyFinished { folder }) if folder == cut));
}

#[test]
fn another_document_is_not_resumed_and_nothing_is_replaced_unasked() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let out = home.path().join("found");
    let stopped = calibrated(&two_rates(30), &request(out.clone()), 1);
    assert!(matches!(stopped, Err(Error::Interrupted { done: 29, .. })));
    let refused = calibrated(&two_rates(30), &request(out.clone()), 1).expect_err("unfinished");
    assert!(
        refused.to_string().contains("`--resume` finishes it"),
        "{refused}"
    );
    let other = document(DOCUMENT, &["sampler.particles=50"]);
    let request = CalibrateRequest {
        resume: true,
        ..request(out)
    };
    let studies = two_rates(30);
    let refused = calibrate(
        &other,
        &published(),
        &studies,
        &request,
        None,
        &studies.control,
        &IgnoredCalibrationProgress,
    );
    let refused = refused.expect_err("another question").to_string();
    assert!(
        refused.contains("overrides: none became sampler.particles=50"),
        "{refused}"
    );
    let mut moved = published();
    moved[0].target.value = 0.25;
    let same = document(DOCUMENT, &[]);
    let refused = calibrate(
        &same,
        &moved,
        &studies,
        &request,
        None,
        &studies.control,
        &IgnoredCalibrationProgress,
    );
    let refused = refused.expect_err("other values").to_string();
    assert!(
        refused.contains("+ C01: 0.25, standard error 0.02"),
        "{refused}"
    );
}

/// Studies that give no number, or too many.
struct Broken(Vec<f64>);

impl Studies for Broken {
    fn statistics(&self, _: &[f64], _: u64) -> Vec<f64> {
        self.0.clone()
    }
}

#[test]
fn studies_that_give_no_numbers_are_reported() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let document = document(DOCUMENT, &["sampler.acceptance=0.5"]);
    let control = Control::default();
    let run = |name: &str, studies: &Broken| {
        let request = request(home.path().join(name));
        calibrate(
            &document,
            &published(),
            studies,
            &request,
            Some(1),
            &control,
            &IgnoredCalibrationProgress,
        )
        .expect_err("no posterior")
        .to_string()
    };
    let message = run("nan", &Broken(vec![f64::NAN, 1.0]));
    assert!(
        message.contains("of 120 simulations 120 gave a statistic"),
        "{message}"
    );
    let message = run("three", &Broken(vec![1.0; 3]));
    assert!(
        message.contains("3 statistics do not fit 2 targets"),
        "{message}"
    );
}

#[test]
fn each_generation_is_reported_once() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let out = home.path().join("found");
    let (studies, lines) = (two_rates(u64::MAX), ProgressLines::default());
    let document = document(DOCUMENT, &[]);
    let request = request(out);
    let outcome = calibrate(
        &document,
        &published(),
        &studies,
        &request,
        Some(2),
        &studies.control,
        &lines,
    );
    let report = outcome.expect("done");
    let lines = lines.into_lines();
    assert_eq!(lines.len(), report.generations as usize);
    assert!(lines[0].starts_with("generation 1: from the prior, 60 of 60 proposals accepted"));
    assert!(lines[1].contains("the next takes") && !lines[lines.len() - 1].contains("the next"));
}
