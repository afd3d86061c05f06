use super::minimizer::{Bound, Solution};
use super::*;
use crate::calibrate::error::CalibrationError;
use crate::calibrate::problem::{FitTarget, Identification, Prior, Problem};
use crate::calibrate::test_support;
use crate::calibrate::test_support::{
    ProgressLines, TestStudies, assert_threads_change_no_byte, files, noise, normal, output,
    with_error,
};
use crate::options::SaveOptions;
use crate::results::{Manifest, ResultsKind};
use crate::stats::interval::Interval;
use crate::table::read_table;
use std::fs;

fn uniform(low: f64, high: f64) -> Prior {
    Prior::Uniform { low, high }
}

/// A problem and how it is solved.
struct Case {
    problem: Problem,
    starts: Vec<Option<f64>>,
    settings: SearchSettings,
}

fn case(priors: Vec<Prior>, targets: Vec<FitTarget>) -> Case {
    Case {
        starts: vec![None; priors.len()],
        problem: Problem { priors, targets },
        settings: SearchSettings {
            seed: 4,
            iterations: 40,
            step: 1e-7,
            ..SearchSettings::default()
        },
    }
}

fn found(case: &Case, model: impl Fn(&Candidate) -> Vec<f64>) -> Solution {
    let simulate = |candidates: &[Candidate]| Some(candidates.iter().map(&model).collect());
    minimize(
        &case.problem,
        &case.starts,
        &case.settings,
        simulate,
        |_| {},
    )
    .expect("a problem")
    .expect("nothing stops it")
}

/// A value is published as it is at the truth, with a standard error.
fn published(values: &[f64], error: f64) -> Vec<FitTarget> {
    let targets = values.iter();
    targets.map(|value| with_error(*value, error)).collect()
}

#[test]
fn a_linear_model_is_found_exactly_from_anywhere() {
    let model = |candidate: &Candidate| {
        let [a, b, c] = candidate.values[..] else {
            panic!("three parameters")
        };
        vec![a + b, a - 2.0 * c, b + c, 3.0 * a]
    };
    let targets = published(&[0.5, -1.2, 0.9, 0.6], 0.1);
    let mut case = case(vec![uniform(-5.0, 5.0); 3], targets);
    for starts in [[None; 3], [Some(-4.9), Some(4.0), Some(0.0)]] {
        case.starts = starts.to_vec();
        let found = found(&case, model);
        for (value, truth) in found.found.values.iter().zip([0.2, 0.3, 0.7]) {
            assert!(
                (value - truth).abs() < 0.06,
                "{:?} {}",
                found.found.values,
                found.ending
            );
        }
        assert!(found.iterations[0].after < 0.1 * found.iterations[0].before);
        assert!(
            found
                .parameters
                .iter()
                .all(|it| it.identification == Identification::Identified)
        );
    }
    // What agrees with itself is met to the last digits.
    case.problem.targets = published(&[0.5, -1.2, 1.0, 0.6], 0.1);
    case.settings.gain = 0.0;
    let found = found(&case, model);
    for (value, truth) in found.found.values.iter().zip([0.2, 0.3, 0.7]) {
        assert!((value - truth).abs() < 1e-6, "{:?}", found.found.values);
    }
    assert!(found.found.loss() < 1e-9 && found.start.loss() > 100.0);
}

#[test]
fn standard_errors_are_those_of_least_squares() {
    let priors = vec![
        normal(0.0, 1.0),
        Prior::LogUniform {
            low: 0.5,
            high: 2.0,
        },
    ];
    let model = |candidate: &Candidate| {
        vec![
            2.0 * candidate.values[0],
            crate::math::functions::ln(candidate.values[1]),
        ]
    };
    let mut case = case(priors, published(&[0.0, 0.0], 0.4));
    case.settings.difference = 0.01;
    let found = found(&case, model);
    // Two normal pieces of knowledge: the prior's, and that of one statistic with its slope.
    let joined =
        |prior: f64, data: f64| (1.0 / (1.0 / (prior * prior) + 1.0 / (data * data))).sqrt();
    let expected = [
        joined(1.0, 0.2),
        joined(4.0_f64.ln() / 12.0_f64.sqrt(), 0.4) * found.found.values[1],
    ];
    for (parameter, expected) in found.parameters.iter().zip(expected) {
        assert!(
            (parameter.error / expected - 1.0).abs() < 1e-3,
            "{parameter:?} {expected}"
        );
        assert_eq!(parameter.at_bound, None);
    }
    assert!((found.parameters[0].contraction - found.parameters[0].error).abs() < 1e-3);
}

#[test]
fn a_curved_model_is_found_and_a_bound_is_kept() {
    // The valley of Rosenbrock, and a third parameter that would go beyond its bound.
    let model = |candidate: &Candidate| {
        let [x, y, z] = candidate.values[..] else {
            panic!("three parameters")
        };
        vec![10.0 * (y - x * x), 1.0 - x, z + 0.1 * x]
    };
    let priors = vec![uniform(-2.0, 2.0), uniform(-2.0, 2.0), uniform(0.0, 1.0)];
    let mut case = case(priors, published(&[0.0, 0.0, 1.5], 0.5));
    case.starts = vec![Some(-1.2), Some(1.0), None];
    case.settings.iterations = 200;
    case.settings.difference = 0.001;
    case.settings.gain = 0.0;
    let found = found(&case, model);
    let [x, y, z] = found.found.values[..] else {
        panic!("three parameters")
    };
    // With z at its bound, x gives a little of the valley's end away for the third target.
    let own = 1.0 + 0.1 * (0.5 - 0.1 * 1.0) / (1.0 + 0.01);
    assert!(
        (x - own).abs() < 5e-3 && (y - x * x).abs() < 5e-3,
        "{x} {y}"
    );
    assert_eq!(z, 1.0);
    let bounds: Vec<Option<Bound>> = found.parameters.iter().map(|it| it.at_bound).collect();
    assert_eq!(bounds, [None, None, Some(Bound::High)]);
}

/// Two statistics of 400 noisy draws each, of one seed: noise that moves with the values.
fn noisy(candidate: &Candidate) -> Vec<f64> {
    let draws: Vec<f64> = noise(candidate.seed).take(800).collect();
    let [mean, spread] = candidate.values[..] else {
        panic!("two parameters")
    };
    let values = draws.iter().map(|z| mean + spread * z);
    let moments: crate::stats::summary::RunningMoments = values.collect();
    vec![moments.mean(), moments.sd()]
}

#[test]
fn noise_that_seeds_share_does_not_hide_the_slopes() {
    let case = case(
        vec![uniform(-2.0, 4.0), uniform(0.1, 5.0)],
        published(&[1.5, 0.8], 0.05),
    );
    let found = found(&case, noisy);
    let [mean, spread] = found.found.values[..] else {
        panic!("two parameters")
    };
    // A standard error of a simulation is 0.03, that of its spread 0.02.
    assert!(
        (mean - 1.5).abs() < 0.06 && (spread - 0.8).abs() < 0.04,
        "{mean} {spread}"
    );
    assert!(found.start.loss() > 10.0 * found.found.loss());
    // The last look has seeds that differ from each other.
    let (value, between) = found.found.statistic(0);
    assert!((value - mean).abs() < 0.06 && between > 0.005, "{between}");
}

#[test]
fn a_target_out_of_reach_does_not_drag_the_others() {
    let model = |candidate: &Candidate| {
        vec![
            candidate.values[0],
            candidate.values[0],
            0.1 * candidate.values[0],
        ]
    };
    let prior = vec![uniform(-10.0, 10.0)];
    let targets = published(&[1.0, 1.0, 30.0], 0.1);
    let with = |huber: f64| {
        let mut case = case(prior.clone(), targets.clone());
        case.settings.huber = huber;
        found(&case, model).found.values[0]
    };
    let (robust, squares) = (with(2.5), with(1e9));
    assert!((robust - 1.0).abs() < 0.05, "{robust}");
    assert!((squares - 1.0).abs() > 1.0, "{squares}");
}

#[test]
fn what_no_target_tells_stays_at_its_priors_mean_and_is_said_to() {
    let model = |candidate: &Candidate| {
        vec![candidate.values[0] + 1e-3 * noise(candidate.seed).next().unwrap_or_default()]
    };
    let priors = vec![
        uniform(0.0, 1.0),
        Prior::TruncatedNormal {
            mean: 0.4,
            sd: 0.1,
            low: 0.0,
            high: 2.0,
        },
        uniform(3.0, 5.0),
    ];
    let mut case = case(priors, published(&[0.7], 0.02));
    case.starts[1] = Some(0.9);
    let found = found(&case, model);
    let values = &found.found.values;
    assert!((values[0] - 0.7).abs() < 0.01, "{values:?}");
    // The prior alone normals it back from where it was put; a flat prior does not.
    assert!((values[1] - 0.4).abs() < 0.01, "{values:?}");
    assert!((values[2] - 4.0).abs() < 1e-9, "{values:?}");
    let verdicts: Vec<Identification> = found
        .parameters
        .iter()
        .map(|it| it.identification)
        .collect();
    assert_eq!(
        verdicts,
        [
            Identification::Identified,
            Identification::Not,
            Identification::Not
        ]
    );
    assert!(found.parameters[1].contraction > 0.999);
}

#[test]
fn noise_alone_tells_nothing() {
    // Statistics that have nothing to do with the parameters, drawn anew for all values.
    let model = |candidate: &Candidate| {
        let bits = candidate.values.iter().fold(candidate.seed, |seed, value| {
            seed.rotate_left(7) ^ value.to_bits()
        });
        noise(bits).take(12).collect()
    };
    let mut case = case(vec![normal(0.0, 1.0); 4], published(&[0.0; 12], 1.0));
    case.settings.checks = 8;
    let verdicts = found(&case, model).parameters;
    let identified = verdicts.iter().filter(|it| it.contraction < 0.8).count();
    assert!(identified <= 1, "{verdicts:?}");
}

#[test]
fn missing_statistics_are_far_away_and_never_poison() {
    // No couple is left above 0.6; the target is at 0.59.
    let model = |candidate: &Candidate| {
        let x = candidate.values[0];
        vec![if x > 0.6 { f64::NAN } else { x }, candidate.values[1]]
    };
    let priors = vec![uniform(0.0, 1.0); 2];
    let mut case = case(priors, published(&[0.59, 0.2], 0.01));
    case.settings.difference = 0.2;
    for start in [0.3, 0.58] {
        case.starts[0] = Some(start);
        let found = found(&case, model);
        let values = &found.found.values;
        assert!(
            (values[0] - 0.59).abs() < 0.012 && (values[1] - 0.2).abs() < 0.01,
            "{values:?}"
        );
        let finite =
            |iteration: &Iteration| iteration.before.is_finite() && iteration.after.is_finite();
        assert!(found.iterations.iter().all(finite));
    }
    case.starts[0] = None;
    let undefined = found(&case, |_| vec![f64::NAN; 2]);
    assert_eq!(undefined.ending, SearchEnding::Gain);
    assert_eq!(undefined.found.values, undefined.start.values);
    assert!(undefined.found.loss().is_finite() && undefined.found.statistic(0).0.is_nan());
}

#[test]
fn what_luck_alone_moved_is_not_what_was_found() {
    // The target is met at the start; each seed normals another way, and a step learns its seed's noise.
    let model = |candidate: &Candidate| {
        let own: Vec<f64> = noise(candidate.seed).take(1).collect();
        vec![candidate.values[0] + 0.3 * own[0]]
    };
    let mut case = case(vec![uniform(0.0, 1.0)], published(&[0.5], 0.01));
    case.settings.iterations = 1;
    case.settings.checks = 400;
    let found = found(&case, model);
    assert!(found.iterations[0].accepted, "{:?}", found.iterations);
    assert_eq!(found.choice, Choice::Start);
    assert_eq!(found.found, found.start);
}

#[test]
fn every_trial_lies_within_the_priors() {
    let (low, high) = (0.1, 0.4);
    let mut case = case(
        vec![uniform(low, high), Prior::LogUniform { low, high }],
        published(&[9.0, -9.0], 1.0),
    );
    case.starts = vec![Some(low), Some(high)];
    let found = found(&case, |candidate| {
        assert!(
            candidate.values.iter().all(|it| (low..=high).contains(it)),
            "{candidate:?}"
        );
        candidate.values.clone()
    });
    assert_eq!(found.found.values, [high, low]);
}

#[test]
fn a_search_keeps_to_its_limits_and_can_be_stopped() {
    let mut case = case(
        vec![uniform(-2.0, 4.0), uniform(0.1, 5.0)],
        published(&[1.5, 0.8], 0.05),
    );
    case.settings.gain = 0.0;
    case.settings.step = 0.0;
    case.settings.iterations = 3;
    let short = found(&case, noisy);
    assert_eq!(short.ending, SearchEnding::Iterations);
    assert_eq!(short.iterations.len(), 3);
    case.settings.simulations = 9 + 4 * 7;
    case.settings.iterations = 50;
    let cut = found(&case, noisy);
    assert_eq!(cut.ending, SearchEnding::Simulations);
    assert!(cut.simulations <= case.settings.simulations && cut.iterations.len() == 1);
    let (mut left, mut iterations) = (2, 0);
    let stopped = minimize(
        &case.problem,
        &case.starts,
        &case.settings,
        |candidates| {
            left -= 1;
            (left > 0).then(|| candidates.iter().map(noisy).collect())
        },
        |_| iterations += 1,
    );
    assert_eq!((stopped, iterations), (Ok(None), 0));
    let wrong = minimize(
        &case.problem,
        &case.starts,
        &case.settings,
        |candidates| Some(vec![vec![1.0]; candidates.len()]),
        |_| {},
    );
    let (found, expected) = (1, 2);
    assert_eq!(wrong, Err(CalibrationError::Length { found, expected }));
}

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
    let line = |id: &str, tier: &str, value: f64, error: f64| {
        let interval = Interval::around(value, 2.0 * error);
        let target = FitTarget {
            interval: Some(interval),
            ..with_error(value, error)
        };
        test_support::published(id, tier, target)
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
    output: &CalibrationOutput,
    threads: usize,
) -> Result<SearchReport, Error> {
    let execution = studies.on_threads(threads);
    let document = document(&[]);
    search(&document, &targets(), studies, output, &execution, &())
}

#[test]
fn results_say_what_was_found_and_what_targets_tell() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let out = home.path().join("found");
    let wanted = CalibrationOutput {
        options: SaveOptions::default(),
        ..output(out.clone())
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
        "report.html",
        "search.csv",
        "search.svg",
    ];
    assert_eq!(names, expected);
    assert_eq!(report.files, all.len());
    let fit = read_table(&out.join("fit.csv"), &results::fit_schema()).expect("readable");
    let found = fit.floats("found").expect("a column");
    assert!(
        (found[1] - 0.04).abs() < 0.01 && found[2] == 5.0,
        "{found:?}"
    );
    let iterations = results::search_schema(&document(&[]));
    let iterations = read_table(&out.join("search.csv"), &iterations).expect("readable");
    assert_eq!(iterations.rows.rows(), report.iterations);
    let text = |name: &str| String::from_utf8(all[name].clone()).expect("a text");
    let values = crate::scenario::file::read_overrides(&out.join("found.toml")).expect("values");
    assert_eq!(values.len(), 2);
    let line = format!("parameters.conflict_rate = {:?}", conflict.found);
    assert_eq!(values[0].text(), line);
    assert!(text("found_laboratory.toml").contains("laboratory.style = "));
    // What a scenario takes is its beginning as well as a row of overrides.
    let toml = format!("title = \"found\"\n{}", text("found.toml"));
    crate::scenario::Scenario::read_text("found.toml", &toml, &[]).expect("a scenario");
    let manifest = Manifest::read(&out).expect("a manifest");
    assert_eq!((manifest.kind, manifest.seed), (ResultsKind::Search, 3));
}

#[test]
fn threads_change_no_byte() {
    assert_threads_change_no_byte(|output, threads| {
        searched(&three_rates(u64::MAX), output, threads).expect("done");
    });
}

#[test]
fn a_search_that_is_stopped_leaves_nothing_and_nothing_is_replaced_unasked() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let out = home.path().join("found");
    for most in [1, 7, 30] {
        let stopped = searched(&three_rates(most), &output(out.clone()), 1);
        assert!(matches!(stopped, Err(Error::Cancelled)), "{stopped:?}");
        assert_eq!(fs::read_dir(home.path()).expect("a folder").count(), 0);
    }
    let all = three_rates(u64::MAX);
    searched(&all, &output(out.clone()), 1).expect("done");
    let before = files(&out);
    let second = three_rates(u64::MAX);
    let refused = searched(&second, &output(out.clone()), 1).expect_err("taken");
    assert!(refused.to_string().contains("already exists"), "{refused}");
    assert_eq!(second.done.load(Ordering::Relaxed), 0);
    let again = CalibrationOutput {
        options: SaveOptions::default().charts(false).replace(true),
        ..output(out.clone())
    };
    searched(&second, &again, 2).expect("replaced");
    assert_eq!(before, files(&out));
}

#[test]
fn limits_of_the_document_are_kept() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let studies = three_rates(u64::MAX);
    let few = document(&["search.simulations=20"]);
    let output = output(home.path().join("found"));
    let refused = search(
        &few,
        &targets(),
        &studies,
        &output,
        &studies.on_threads(1),
        &(),
    );
    let refused = refused.expect_err("too few").to_string();
    assert!(refused.contains("20 simulations are too few"), "{refused}");
    assert!(refused.contains("42 are the least"), "{refused}");
    let enough = document(&["search.simulations=50", "parameter.1.start=0.9"]);
    let done = search(
        &enough,
        &targets(),
        &studies,
        &output,
        &studies.on_threads(1),
        &(),
    );
    let report = done.expect("done");
    assert!(report.simulations <= 50 && report.ending == SearchEnding::Simulations);
    assert!((report.parameters[0].start - 0.9).abs() < 1e-12);
}

#[test]
fn each_iteration_is_reported_once() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (studies, lines) = (three_rates(u64::MAX), ProgressLines::default());
    let execution = studies.on_threads(2);
    let output = output(home.path().join("found"));
    let document = document(&[]);
    let outcome = search(&document, &targets(), &studies, &output, &execution, &lines);
    let report = outcome.expect("done");
    let lines = lines.into_lines();
    assert_eq!(lines.len(), report.iterations);
    assert!(lines[0].starts_with("iteration 1: loss "), "{}", lines[0]);
}

#[test]
fn an_iteration_is_reported_in_one_line() {
    let mut iteration = Iteration {
        number: 3,
        before: 12.25,
        after: 8.5,
        damping: 0.125,
        accepted: true,
        gain_ratio: 0.5,
        longest: 0.25,
        simulations: 70,
        values: Vec::new(),
    };
    assert_eq!(
        SearchProgress::Iterated(&iteration).to_string(),
        "iteration 3: loss 12.250 became 8.500, longest move 0.250, damping 1.25e-1; 70 \
         simulations so far"
    );
    iteration.accepted = false;
    assert_eq!(
        SearchProgress::Iterated(&iteration).to_string(),
        "iteration 3: loss 12.250, and no step of those tried lowers it; 70 simulations so far"
    );
    let quiet = SearchProgress::Simulated {
        done: 1,
        of: 2,
        simulations: 3,
    };
    assert_eq!(quiet.to_string(), "");
}
