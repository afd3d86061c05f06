use super::posterior::{correlations, marginals, predictive};
use super::proposal::Proposal;
use super::sampler::Particle;
use super::weighted::weighted_quantile;
use super::*;
use crate::calibrate::problem::{FitTarget, Identification, Prior, Problem};
use crate::calibrate::test_support;
use crate::calibrate::test_support::{
    ProgressLines, TestStudies, assert_threads_change_no_byte, files, noise, normal, output,
    value_alone, with_error,
};
use crate::math::functions::exp;
use crate::results::{Manifest, ResultsKind};
use crate::table::read_table;
use std::fs;
use std::sync::atomic::Ordering;

/// Standard error of the mean that [`mean_of`] estimates.
const ERROR: f64 = 0.5;

/// A problem and how it is solved.
#[derive(Clone)]
struct Case {
    problem: Problem,
    settings: AbcSettings,
}

impl Case {
    /// A sampler before its first generation.
    fn sampler(&self) -> AbcSampler {
        AbcSampler::new(self.problem.clone(), self.settings).expect("a problem")
    }

    /// Runs to the end with a model, in batches of proposals that are simulated ahead.
    fn done(&self, batch: u64, model: impl Fn(&Proposal) -> Vec<f64>) -> (AbcSampler, AbcEnding) {
        let mut sampler = self.sampler();
        let ending = run(&mut sampler, batch, |proposals| {
            Some(proposals.iter().map(&model).collect())
        });
        (sampler, ending.expect("nothing stops it"))
    }
}

/// Runs until the sampler ends; `None` where `evaluate` gives nothing for a batch.
fn run(
    sampler: &mut AbcSampler,
    batch: u64,
    mut evaluate: impl FnMut(&[Proposal]) -> Option<Vec<Vec<f64>>>,
) -> Option<AbcEnding> {
    loop {
        let (proposer, first) = (sampler.proposer(), sampler.state().proposals);
        let numbers = first..first + batch;
        let proposals: Vec<Proposal> = numbers.map(|n| proposer.proposal(n)).collect();
        for statistics in evaluate(&proposals)? {
            match sampler.take(&statistics).expect("statistics that fit") {
                Decision::Rejected | Decision::Accepted => {}
                Decision::NextGeneration => break,
                Decision::Ended(ending) => return Some(ending),
            }
        }
    }
}

/// A standard normal prior and an observed mean of known standard error.
fn mean_case(seed: u64, particles: usize, tolerance: f64, observed: f64) -> Case {
    Case {
        problem: Problem {
            priors: vec![normal(0.0, 1.0)],
            targets: vec![with_error(observed, ERROR)],
        },
        settings: AbcSettings {
            seed,
            particles,
            tolerance,
            acceptance: 0.0,
            simulations: 10_000_000,
            ..AbcSettings::default()
        },
    }
}

/// One observation with the error of [`mean_case`].
fn observe(proposal: &Proposal) -> Vec<f64> {
    let error = noise(proposal.seed).next().unwrap_or_default();
    vec![proposal.values[0] + ERROR * error]
}

/// A calibration of a mean that was observed to be 1.
pub(super) fn mean_of(seed: u64, particles: usize, tolerance: f64) -> AbcSampler {
    mean_case(seed, particles, tolerance, 1.0)
        .done(64, observe)
        .0
}

/// A calibration of a bounded slope from two points of a line near the upper bound.
pub(super) fn line_of(seed: u64, particles: usize) -> AbcSampler {
    let case = Case {
        problem: Problem {
            priors: vec![Prior::Uniform {
                low: 0.0,
                high: 1.0,
            }],
            targets: vec![with_error(0.97, 0.05), with_error(1.9, 0.2)],
        },
        settings: AbcSettings {
            seed,
            particles,
            tolerance: 1.0,
            ..AbcSettings::default()
        },
    };
    let model = |proposal: &Proposal| {
        let errors: Vec<f64> = noise(proposal.seed).take(2).collect();
        let slope = proposal.values[0];
        vec![slope + 0.05 * errors[0], 2.0 * slope + 0.2 * errors[1]]
    };
    case.done(64, model).0
}

fn column(particles: &[Particle], number: usize) -> Vec<f64> {
    particles.iter().map(|it| it.values[number]).collect()
}

fn case(priors: Vec<Prior>, targets: Vec<FitTarget>, particles: usize, tolerance: f64) -> Case {
    let mut case = mean_case(7, particles, tolerance, 0.0);
    (case.problem.priors, case.problem.targets) = (priors, targets);
    case
}

const WIDE: Prior = Prior::Uniform {
    low: -3.0,
    high: 3.0,
};

#[test]
fn a_normal_mean_has_its_conjugate_posterior() {
    for kernel in [PerturbationKernel::Global, PerturbationKernel::Local] {
        let mut case = mean_case(1, 2_000, 0.1, 1.0);
        case.settings.kernel = kernel;
        let (sampler, ending) = case.done(100, observe);
        assert_eq!(ending, AbcEnding::Tolerance);
        let state = sampler.state();
        let found = marginals(sampler.problem(), &state.population).expect("a problem")[0];
        let size = state.history.last().expect("generations").effective_size;
        assert!(size > 1_000.0, "{size}");
        // Precision 1 of the prior and 4 of the observation.
        let (mean, sd) = (0.8, 0.2_f64.sqrt());
        let error = sd / size.sqrt();
        assert!(
            (found.mean - mean).abs() < 4.0 * error,
            "{kernel:?} {found:?}"
        );
        assert!((found.sd - sd).abs() < 3.0 * error, "{kernel:?} {found:?}");
        assert!((found.interval.low - (mean - 1.96 * sd)).abs() < 12.0 * error);
        assert!((found.interval.high - (mean + 1.96 * sd)).abs() < 12.0 * error);
        assert!((found.contraction - sd).abs() < 0.05);
        assert_eq!(found.identification, Identification::Identified);
    }
}

#[test]
fn without_the_weights_the_mean_would_be_another() {
    let sampler = mean_of(1, 2_000, 0.1);
    let population = &sampler.state().population;
    let values = column(population, 0);
    let plain = weighted_mean(&values, &vec![1.0; values.len()]);
    // The perturbed population is about N(0.8, 0.6), and 4 parts of an observation of 1 pull it on.
    assert!(plain > 0.9, "{plain}");
    let weighted = weighted_mean(&values, &sampler.state().weights());
    assert!((weighted - 0.8).abs() < 0.05, "{weighted}");
}

#[test]
fn two_parameters_have_their_conjugate_posterior() {
    let priors = vec![normal(0.0, 1.0), normal(1.0, 2.0)];
    let targets = vec![with_error(2.0, 0.5), with_error(0.0, 1.0)];
    let model = |proposal: &Proposal| {
        let errors: Vec<f64> = noise(proposal.seed).take(2).collect();
        let (a, b) = (proposal.values[0], proposal.values[1]);
        vec![a + b + 0.5 * errors[0], a - 0.5 * b + errors[1]]
    };
    let (sampler, ending) = case(priors, targets, 2_000, 0.2).done(50, model);
    assert_eq!(ending, AbcEnding::Tolerance);
    let (problem, state) = (sampler.problem(), sampler.state());
    let found = marginals(problem, &state.population).expect("a problem");
    // Precision matrix ((1 + 4 + 1, 4 − 0.5), (·, 1/4 + 4 + 1/4)), right-hand side (8, 1/4 + 8).
    let (p, q, r) = (6.0, 3.5, 4.5);
    let determinant = p * r - q * q;
    let mean = [
        (r * 8.0 - q * 8.25) / determinant,
        (p * 8.25 - q * 8.0) / determinant,
    ];
    let sd = [f64::sqrt(r / determinant), f64::sqrt(p / determinant)];
    let size = state.history.last().expect("generations").effective_size;
    for k in 0..2 {
        let error = sd[k] / size.sqrt();
        assert!(
            (found[k].mean - mean[k]).abs() < 4.0 * error,
            "{k} {found:?}"
        );
        assert!((found[k].sd - sd[k]).abs() < 4.0 * error, "{k} {found:?}");
    }
    let expected = -q / f64::sqrt(p * r);
    let correlation = correlations(&state.population);
    assert!(
        (correlation[0][1] - expected).abs() < 0.06,
        "{correlation:?}"
    );
    assert!((correlation[1][1] - 1.0).abs() < 1e-12);
    let checks = predictive(problem, &state.population);
    assert!(checks.iter().all(|it| it.holds && it.agrees == Some(true)));
    assert!((checks[0].mean - 2.0).abs() < 0.1);
}

/// The chi-square of ten bins of ranks, 9 degrees of freedom.
fn chi_square(ranks: &[f64]) -> f64 {
    let mut counts = [0.0; 10];
    for rank in ranks {
        counts[((rank * 10.0) as usize).min(9)] += 1.0;
    }
    let expected = ranks.len() as f64 / 10.0;
    counts
        .iter()
        .map(|count| (count - expected) * (count - expected) / expected)
        .sum()
}

#[test]
fn true_values_have_uniform_ranks_and_without_weights_they_do_not() {
    let (mut weighted, mut plain) = (Vec::new(), Vec::new());
    for study in 0..700 {
        let mut truth = noise(1_000_000 + study);
        let value = truth.next().unwrap_or_default();
        let observed = value + ERROR * truth.next().unwrap_or_default();
        let case = mean_case(study, 60, 0.3, observed);
        let (sampler, _) = case.done(60, observe);
        let population = &sampler.state().population;
        let below = population.iter().filter(|it| it.values[0] < value);
        plain.push(below.clone().count() as f64 / population.len() as f64);
        weighted.push(below.map(|it| it.weight).sum());
    }
    // The quantile of 99.9 % is 27.9.
    let (fine, wrong) = (chi_square(&weighted), chi_square(&plain));
    assert!(fine < 27.9, "{fine}");
    assert!(wrong > 40.0, "{wrong}");
}

#[test]
fn batches_change_no_bit() {
    let whole = mean_case(5, 200, 0.5, 1.0).done(1, observe);
    for batch in [7, 64, 1_000] {
        let other = mean_case(5, 200, 0.5, 1.0).done(batch, observe);
        assert_eq!(whole.0.state(), other.0.state(), "{batch}");
    }
    let other = mean_case(6, 200, 0.5, 1.0).done(64, observe);
    assert_ne!(whole.0.state().population, other.0.state().population);
}

#[test]
fn a_sampler_that_was_stopped_between_batches_continues_to_the_same_bits() {
    let case = mean_case(5, 200, 0.5, 1.0);
    let (uninterrupted, _) = case.done(64, observe);
    for batches in [0, 2, 9, 17] {
        let mut left = batches;
        let mut sampler = case.sampler();
        let stopped = run(&mut sampler, 40, |proposals| {
            left -= 1;
            (left >= 0).then(|| proposals.iter().map(observe).collect())
        });
        assert_eq!(stopped, None);
        let ending = run(&mut sampler, 64, |proposals| {
            Some(proposals.iter().map(observe).collect())
        });
        assert_eq!(ending, Some(AbcEnding::Tolerance));
        assert_eq!(sampler.state(), uninterrupted.state());
    }
}

#[test]
fn replaying_the_statistics_gives_the_same_bits() {
    let case = mean_case(5, 200, 0.5, 1.0);
    let mut kept = Vec::new();
    let mut first = case.sampler();
    while first.state().ending.is_none() {
        let statistics = observe(&first.proposer().proposal(first.state().proposals));
        first.take(&statistics).expect("one statistic");
        kept.push(statistics);
    }
    let mut second = case.sampler();
    for statistics in kept {
        second.take(&statistics).expect("one statistic");
    }
    assert_eq!(first.state(), second.state());
}

#[test]
fn a_parameter_that_nothing_depends_on_is_not_identified() {
    let log = Prior::LogUniform {
        low: 0.1,
        high: 10.0,
    };
    let targets = vec![with_error(1.0, 0.2)];
    let model = |proposal: &Proposal| {
        let error = noise(proposal.seed).next().unwrap_or_default();
        vec![proposal.values[0] + 0.2 * error]
    };
    let (sampler, _) = case(vec![WIDE, log], targets, 500, 0.3).done(64, model);
    let population = &sampler.state().population;
    let found = marginals(sampler.problem(), population).expect("a problem");
    assert_eq!(found[0].identification, Identification::Identified);
    assert_eq!(found[1].identification, Identification::Not, "{found:?}");
    // An order of magnitude to either side of 1 is as likely as the other.
    assert!((0.7..1.4).contains(&found[1].median), "{found:?}");
}

#[test]
fn both_modes_of_a_square_are_kept() {
    for kernel in [PerturbationKernel::Global, PerturbationKernel::Local] {
        let mut square = case(vec![WIDE], vec![with_error(4.0, 0.2)], 500, 0.5);
        square.settings.kernel = kernel;
        let model = |proposal: &Proposal| {
            let error = noise(proposal.seed).next().unwrap_or_default();
            vec![proposal.values[0] * proposal.values[0] + 0.2 * error]
        };
        let (sampler, ending) = square.done(64, model);
        assert_eq!(ending, AbcEnding::Tolerance);
        let population = &sampler.state().population;
        let positive = population.iter().filter(|it| it.values[0] > 0.0);
        let share: f64 = positive.map(|it| it.weight).sum();
        assert!((0.4..0.6).contains(&share), "{kernel:?} {share}");
        assert!(
            population
                .iter()
                .all(|it| (1.6..2.4).contains(&it.values[0].abs()))
        );
    }
}

#[test]
fn both_arms_of_a_banana_are_kept() {
    let targets = vec![with_error(1.0, 0.1)];
    let model = |proposal: &Proposal| {
        let error = noise(proposal.seed).next().unwrap_or_default();
        let (x, y) = (proposal.values[0], proposal.values[1]);
        vec![x + y * y + 0.1 * error]
    };
    let (sampler, ending) = case(vec![WIDE; 2], targets, 1_000, 0.5).done(64, model);
    assert_eq!(ending, AbcEnding::Tolerance);
    let state = sampler.state();
    let (y, weights) = (column(&state.population, 1), state.weights());
    // x = 1 − y² within ±3 leaves y uniform within ±2.
    assert!(weighted_mean(&y, &weights).abs() < 0.2);
    let sd = weighted_sd(&y, &weights);
    assert!((sd - 4.0 / 12.0_f64.sqrt()).abs() < 0.1, "{sd}");
    let ends = [0.05, 0.95].map(|p| weighted_quantile(&y, &weights, p));
    assert!(
        (ends[0] + 1.8).abs() < 0.15 && (ends[1] - 1.8).abs() < 0.15,
        "{ends:?}"
    );
}

#[test]
fn statistics_that_are_no_numbers_are_never_accepted() {
    let model = |proposal: &Proposal| {
        let x = proposal.values[0];
        vec![if x < 0.0 { f64::NAN } else { x }]
    };
    let (sampler, _) = case(vec![WIDE], vec![value_alone(0.1)], 200, 0.05).done(64, model);
    let state = sampler.state();
    assert!(state.population.iter().all(|it| it.values[0] >= 0.0));
    let first = &state.history[0];
    assert!(first.missing > 100 && first.proposals - first.missing == 200);

    let mut hopeless = case(vec![WIDE], vec![value_alone(0.1)], 200, 0.05);
    hopeless.settings.acceptance = 0.1;
    let (sampler, ending) = hopeless.done(64, |_| vec![f64::INFINITY]);
    assert_eq!(ending, AbcEnding::Acceptance);
    assert!(sampler.state().population.is_empty());
    assert_eq!(sampler.state().simulations, 2_000);
}

#[test]
fn each_limit_ends_it() {
    let with = |change: fn(&mut AbcSettings)| {
        let mut case = mean_case(5, 100, 0.0, 1.0);
        change(&mut case.settings);
        let (sampler, ending) = case.done(64, observe);
        (sampler.state().clone(), ending)
    };
    let (state, ending) = with(|limits| limits.generations = 4);
    assert_eq!((state.history.len(), ending), (4, AbcEnding::Generations));
    let (state, ending) = with(|limits| limits.acceptance = 0.2);
    assert_eq!(ending, AbcEnding::Acceptance);
    let last = state.history.len() - 1;
    assert!(state.history[last].acceptance() < 0.2 && state.history[last - 1].acceptance() >= 0.2);
    let (state, ending) = with(|limits| limits.simulations = 2_000);
    assert_eq!(ending, AbcEnding::Simulations);
    assert!(state.simulations <= 2_000 && state.population.len() == 100);
    let (state, ending) = with(|limits| limits.tolerance = 0.5);
    assert_eq!(ending, AbcEnding::Tolerance);
    let tolerances: Vec<f64> = state.history.iter().filter_map(|it| it.tolerance).collect();
    assert!(
        tolerances.is_sorted_by(|one, next| next < one),
        "{tolerances:?}"
    );
    assert_eq!(tolerances.last(), Some(&0.5));

    let steps = case(vec![WIDE], vec![value_alone(5.0)], 100, 0.0);
    let (_, ending) = steps.done(64, |it| vec![if it.values[0] > 0.0 { 4.0 } else { -4.0 }]);
    assert_eq!(ending, AbcEnding::Stalled);
}

#[test]
fn statistics_of_another_number_are_refused() {
    let mut sampler = mean_case(5, 100, 0.5, 1.0).sampler();
    let refused = sampler.take(&[1.0, 2.0]);
    assert_eq!(
        refused,
        Err(CalibrationError::Length {
            found: 2,
            expected: 1
        })
    );
}

#[test]
fn a_log_uniform_parameter_is_found_over_orders_of_magnitude() {
    let log = Prior::LogUniform {
        low: 1e-4,
        high: 1.0,
    };
    let targets = vec![with_error(-6.0, 0.3)];
    let model = |proposal: &Proposal| {
        let error = noise(proposal.seed).next().unwrap_or_default();
        vec![crate::math::functions::ln(proposal.values[0]) + 0.3 * error]
    };
    let (sampler, _) = case(vec![log], targets, 1_000, 0.2).done(64, model);
    let population = &sampler.state().population;
    let found = marginals(sampler.problem(), population).expect("a problem")[0];
    // Flat in the logarithm: the posterior of the logarithm is N(−6, 0.3²), far from the bounds.
    assert!((found.median / exp(-6.0) - 1.0).abs() < 0.06, "{found:?}");
    let expected = 0.3 / (9.210_340_371_976_184 / 12.0_f64.sqrt());
    assert!(
        (found.contraction / expected - 1.0).abs() < 0.1,
        "{found:?}"
    );
}

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
    vec![
        test_support::published("C01", "C", with_error(0.2, 0.02)),
        test_support::published("V01", "V", with_error(9.0, 0.1)),
        test_support::published("C02", "C", with_error(0.4, 0.05)),
    ]
}

fn document(text: &str, set: &[&str]) -> CalibrationDocument {
    test_support::document(text, set, &published())
}

fn calibrated(
    studies: &TestStudies,
    output: &CalibrationOutput,
    threads: usize,
) -> Result<CalibrateReport, Error> {
    let execution = studies.on_threads(threads);
    let document = document(DOCUMENT, &[]);
    calibrate(&document, &published(), studies, output, &execution, &())
}

#[test]
fn results_say_what_targets_tell() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let out = home.path().join("found");
    let wanted = CalibrationOutput {
        options: SaveOptions::default(),
        ..output(out.clone())
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
        "jobs.journal",
        "manifest.json",
        "pairs.svg",
        "parameters.csv",
        "posterior.csv",
        "posterior.svg",
        "predictive.csv",
        "predictive.svg",
        "report.html",
    ];
    let texts: Vec<&String> = names.iter().filter(|it| !it.ends_with(".png")).collect();
    assert_eq!(texts, expected);
    assert_eq!(report.files, names.len());
    let parameters = read_table(&out.join("parameters.csv"), &results::parameters_schema());
    let parameters = parameters.expect("a readable table");
    let medians = parameters.floats("median").expect("a column");
    assert!((medians[0] - 0.2).abs() < 0.02, "{medians:?}");
    let defaults = parameters.floats("default").expect("a column");
    assert!(defaults.iter().all(|value| value.is_finite()));
    let document = document(DOCUMENT, &[]);
    let targets = named_targets(&document, &published());
    let schema = results::posterior_schema(&document, &targets);
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
    assert_threads_change_no_byte(|output, threads| {
        calibrated(&two_rates(u64::MAX), output, threads).expect("done");
    });
}

#[test]
fn what_was_stopped_is_resumed_to_the_same_bytes() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let (whole, cut) = (home.path().join("whole"), home.path().join("cut"));
    let studies = two_rates(u64::MAX);
    calibrated(&studies, &output(whole.clone()), 1).expect("done");
    let all = studies.done.load(Ordering::Relaxed);
    for (turn, most) in [1, 37, 200].into_iter().enumerate() {
        let output = CalibrationOutput {
            resume: turn > 0,
            ..output(cut.clone())
        };
        let outcome = calibrated(&two_rates(most), &output, 1);
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
    let output = CalibrationOutput {
        resume: true,
        ..output(cut.clone())
    };
    calibrated(&last, &output, 1).expect("done");
    assert_eq!(last.done.load(Ordering::Relaxed), all - 235 + 1);
    assert_eq!(files(&whole), files(&cut));
    let again = calibrated(&two_rates(u64::MAX), &output, 1);
    assert!(matches!(again, Err(Error::AlreadyFinished { folder, .. }) if folder == cut));
}

#[test]
fn another_document_is_not_resumed_and_nothing_is_replaced_unasked() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let out = home.path().join("found");
    let stopped = calibrated(&two_rates(30), &output(out.clone()), 1);
    assert!(matches!(stopped, Err(Error::Interrupted { done: 29, .. })));
    let refused = calibrated(&two_rates(30), &output(out.clone()), 1).expect_err("unfinished");
    assert!(
        refused.to_string().contains("`--resume` finishes it"),
        "{refused}"
    );
    let other = document(DOCUMENT, &["sampler.particles=50"]);
    let output = CalibrationOutput {
        resume: true,
        ..output(out)
    };
    let studies = two_rates(30);
    let refused = calibrate(
        &other,
        &published(),
        &studies,
        &output,
        &studies.on_threads(1),
        &(),
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
        &output,
        &studies.on_threads(1),
        &(),
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
    let message = |name: &str, studies: &Broken| {
        let output = output(home.path().join(name));
        let execution = Execution::default();
        calibrate(&document, &published(), studies, &output, &execution, &())
            .expect_err("no posterior")
            .to_string()
    };
    let nan = message("nan", &Broken(vec![f64::NAN, 1.0]));
    assert!(
        nan.contains("of 120 simulations 120 gave a statistic"),
        "{nan}"
    );
    let three = message("three", &Broken(vec![1.0; 3]));
    assert!(
        three.contains("3 statistics do not fit 2 targets"),
        "{three}"
    );
}

#[test]
fn each_generation_is_reported_once() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let out = home.path().join("found");
    let (studies, lines) = (two_rates(u64::MAX), ProgressLines::default());
    let document = document(DOCUMENT, &[]);
    let (output, execution) = (output(out), studies.on_threads(2));
    let outcome = calibrate(
        &document,
        &published(),
        &studies,
        &output,
        &execution,
        &lines,
    );
    let report = outcome.expect("done");
    let lines = lines.into_lines();
    assert_eq!(lines.len(), report.generations as usize);
    assert!(lines[0].starts_with("generation 1: from the prior, 60 of 60 proposals accepted"));
    assert!(lines[1].contains("the next takes") && !lines[lines.len() - 1].contains("the next"));
}

#[test]
fn a_generation_is_reported_in_one_line() {
    let ended = Generation {
        number: 2,
        tolerance: Some(1.25),
        proposals: 400,
        missing: 0,
        accepted: 100,
        effective_size: 71.6,
        median_distance: 1.0,
        simulations: 700,
    };
    let state = AbcState {
        history: vec![ended.clone(); 3],
        simulations: 700,
        ..AbcState::default()
    };
    let progress =
        CalibrationProgress::of(&state, 100, Some(ended), (350, Duration::from_secs(700)));
    assert_eq!(
        progress.to_string(),
        "generation 3: tolerance 1.250, 100 of 400 proposals accepted (25.0 %), 72 effective \
         particles, 700 simulations so far; the next takes 13 min or more"
    );
    assert_eq!(progress.left, Some(Duration::from_secs(800)));
    let within = CalibrationProgress::of(&state, 100, None, (0, Duration::ZERO));
    assert_eq!((within.to_string().as_str(), within.left), ("", None));
}

#[test]
fn durations_have_units() {
    let printed = [7.25, 75.0, 600.0, 7_200.0].map(|s| format_duration(Duration::from_secs_f64(s)));
    assert_eq!(printed, ["7.2 s", "75 s", "10 min", "2.0 h"]);
}
