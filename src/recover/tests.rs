//! Tests with planted answers: simulators so simple that what can be inferred from them is known.

use super::inference::{FOLDS, StandardSummaries, out_of_fold};
use super::reference::ReferenceSimulations;
use super::rivals::{RivalConfusion, RivalVerdict, confusion};
use super::scale::QuantityScale;
use super::summaries::SummaryLayout;
use super::verdicts::{
    DesignRecovery, PairVerdict, QuantityEstimate, QuantityRecovery, RankVerdict, RecoveryVerdict,
    ReferenceTable,
};
use crate::calibrate::problem::{Prior, PriorCoordinate};
use crate::math::functions::{exp, normal_cdf};
use crate::rng::{Key, StreamKind, normal_score};
use crate::runner::Control;
use crate::scenario::Scenario;
use crate::stats::interval::{Interval, wilson};
use crate::stats::summary::ValueWithInterval;
use crate::study::sample::{PreparedStudy, StudyReplicate};
use rand::Rng;

/// A standard normal prior, but for what is 8 standard deviations away.
const NORMAL: Prior = Prior::TruncatedNormal {
    mean: 0.0,
    sd: 1.0,
    low: -8.0,
    high: 8.0,
};

/// Data sets of a simulator that gets the scores of the quantities and normal noise.
struct PlantedTable {
    scales: Vec<QuantityScale>,
    quantities: usize,
    scores: Vec<Vec<f64>>,
    summaries: Vec<Vec<f64>>,
}

impl PlantedTable {
    fn new(
        count: u32,
        priors: &[Prior],
        seed: u64,
        simulate: impl Fn(&[f64], &mut dyn FnMut() -> f64) -> Vec<f64>,
    ) -> PlantedTable {
        let mut table = PlantedTable {
            scales: priors
                .iter()
                .map(|prior| PriorCoordinate::new(prior, 0).expect("a prior"))
                .map(QuantityScale::Prior)
                .collect(),
            quantities: priors.len(),
            scores: Vec::new(),
            summaries: Vec::new(),
        };
        for number in 0..count {
            let mut rng = Key::new(seed, 0, number, StreamKind::Study).stream(0, 0);
            let mut normal = || normal_score(rng.next_u64());
            let scores: Vec<f64> = priors.iter().map(|_| normal()).collect();
            table.summaries.push(simulate(&scores, &mut normal));
            table.scores.push(scores);
        }
        table
    }

    fn recover(&self, tests: usize) -> DesignRecovery {
        let table = ReferenceTable {
            scales: &self.scales,
            quantities: self.quantities,
            scores: &self.scores,
            summaries: &self.summaries,
        };
        let found = table.recover(tests, &Control::default());
        found.expect("nothing cancels it")
    }
}

/// Whether a share of `tests` is within Monte Carlo error (99.9 %) of a probability.
fn is_near(found: ValueWithInterval, probability: f64, tests: u64) -> bool {
    let hits = (found.value * tests as f64).round() as u64;
    wilson(hits, tests, 0.999).contains(probability)
}

#[test]
fn a_number_that_data_tell_is_identified_as_well_as_theory_says() {
    // Two measurements with errors of 0.4: the posterior has the variance 1 / (1 + 2 / 0.16).
    let table = PlantedTable::new(2_000, &[NORMAL], 1, |scores, normal| {
        let noise = (0..6).map(|_| normal()).collect::<Vec<f64>>();
        let of = |error: f64| scores[0] + 0.4 * error;
        vec![of(noise[0]), of(noise[1]), noise[2], noise[3], noise[4]]
    });
    let found = table.recover(400);
    let own = &found.quantities[0];
    let exact = 1.0 - 1.0 / (1.0 + 2.0 / 0.16);
    assert!((own.contraction.value - exact).abs() < 0.02, "{own:?}");
    assert_eq!(own.verdict, RecoveryVerdict::Identified);
    assert_eq!(own.tests, 400);
    assert!(is_near(own.coverage_50, 0.5, 400), "{own:?}");
    assert!(is_near(own.coverage_90, 0.9, 400), "{own:?}");
    assert_eq!(own.ranks, RankVerdict::Uniform, "{own:?}");
    assert!(own.bias.interval.low < 0.02 && own.bias.interval.high > -0.02);
    let rmse = (1.0 - exact).sqrt();
    assert!((own.rmse / rmse - 1.0).abs() < 0.15, "{own:?}");
}

#[test]
fn intervals_cover_where_data_tell_little_and_effects_are_curved() {
    let prior = Prior::LogUniform {
        low: 0.1,
        high: 10.0,
    };
    let table = PlantedTable::new(2_000, &[prior, NORMAL], 2, |scores, normal| {
        let growth = exp(0.5 * scores[0]);
        vec![
            growth + 0.5 * normal(),
            growth * scores[1] + normal(),
            scores[1] + 1.5 * normal(),
        ]
    });
    let found = table.recover(500);
    for own in &found.quantities {
        assert!(is_near(own.coverage_50, 0.5, 500), "{own:?}");
        assert!(is_near(own.coverage_90, 0.9, 500), "{own:?}");
        assert_eq!(own.ranks, RankVerdict::Uniform, "{own:?}");
        assert_eq!(own.verdict, RecoveryVerdict::Weak, "{own:?}");
    }
    let inside = |own: &QuantityEstimate| own.ends.iter().all(|end| (0.1..=10.0).contains(end));
    assert!(found.estimates[0].iter().all(inside), "bounds are kept");
}

#[test]
fn a_number_that_does_nothing_is_not_identified_at_any_size() {
    for count in [100, 500, 4_000] {
        let table = PlantedTable::new(count, &[NORMAL, NORMAL], 3, |scores, normal| {
            let mut all = vec![scores[0] + 0.3 * normal()];
            all.extend((0..30).map(|_| normal()));
            all
        });
        let own = &table.recover(200).quantities[1];
        assert_eq!(
            own.verdict,
            RecoveryVerdict::NotIdentified,
            "{count}: {own:?}"
        );
        assert!(own.contraction.value < 0.15, "{count}: {own:?}");
    }
}

#[test]
fn a_planted_equifinal_pair_is_found() {
    // Only the sum of the first two shows, and the third by itself.
    let table = PlantedTable::new(1_500, &[NORMAL; 3], 4, |scores, normal| {
        vec![
            scores[0] + scores[1] + 0.2 * normal(),
            scores[0] + scores[1] + 0.2 * normal(),
            scores[2] + 0.2 * normal(),
        ]
    });
    let found = table.recover(300);
    let verdicts: Vec<(usize, usize, PairVerdict)> = found
        .pairs
        .iter()
        .map(|pair| (pair.one, pair.other, pair.verdict))
        .collect();
    let separate = PairVerdict::Separate;
    let expected = vec![
        (0, 1, PairVerdict::Equifinal),
        (0, 2, separate),
        (1, 2, separate),
    ];
    assert_eq!(verdicts, expected, "{:?}", found.pairs);
    let pair = &found.pairs[0];
    assert!(pair.correlation.value < -0.9, "{pair:?}");
    assert!(pair.best.value > 0.95 && pair.worst.value < 0.1, "{pair:?}");
    // Each by itself is known to half its variance.
    for own in &found.quantities[..2] {
        assert!((own.contraction.value - 0.5).abs() < 0.1, "{own:?}");
        assert_eq!(own.verdict, RecoveryVerdict::Weak);
    }
}

#[test]
fn a_product_hides_its_factors() {
    let prior = Prior::LogUniform {
        low: 0.5,
        high: 2.0,
    };
    let table = PlantedTable::new(2_000, &[prior; 2], 5, |scores, normal| {
        let of = |score: f64| 0.5 * exp(1.386 * normal_cdf(score));
        vec![of(scores[0]) * of(scores[1]) + 0.02 * normal()]
    });
    let pair = &table.recover(300).pairs[0];
    assert_eq!(pair.verdict, PairVerdict::Equifinal, "{pair:?}");
}

#[test]
fn a_pair_that_is_only_correlated_is_not_equifinal() {
    // Errors of the two measurements are correlated by -0.95: so is the posterior, but each is known.
    let table = PlantedTable::new(1_500, &[NORMAL; 2], 6, |scores, normal| {
        let (one, other) = (normal(), normal());
        let rest = (1.0 - 0.95 * 0.95_f64).sqrt();
        vec![
            scores[0] + 0.3 * one,
            scores[1] + 0.3 * (-0.95 * one + rest * other),
        ]
    });
    let found = table.recover(300);
    let pair = &found.pairs[0];
    assert!(pair.correlation.value < -0.8, "{pair:?}");
    assert_eq!(pair.verdict, PairVerdict::Correlated, "{pair:?}");
    for own in &found.quantities {
        assert_eq!(own.verdict, RecoveryVerdict::Identified, "{own:?}");
    }
}

#[test]
fn one_known_and_one_unknown_number_are_not_equifinal() {
    let table = PlantedTable::new(1_000, &[NORMAL; 2], 7, |scores, normal| {
        vec![scores[0] + 0.1 * scores[1] + 0.2 * normal(), normal()]
    });
    let pair = &table.recover(200).pairs[0];
    assert!(pair.best.value > 0.9 && pair.worst.value < 0.1, "{pair:?}");
    assert_ne!(pair.verdict, PairVerdict::Equifinal, "{pair:?}");
}

#[test]
fn regions_say_where_a_number_is_known() {
    // Above its median the number shows, below it does not.
    let prior = Prior::Uniform {
        low: 0.0,
        high: 3.0,
    };
    let table = PlantedTable::new(3_000, &[prior], 8, |scores, normal| {
        vec![f64::max(scores[0], 0.0) + 0.02 * normal(), normal()]
    });
    let found = table.recover(600);
    let verdict = |part: usize| found.regions[part].recovery.verdict;
    assert_eq!(
        verdict(2),
        RecoveryVerdict::Identified,
        "{:?}",
        found.regions
    );
    assert_ne!(
        verdict(0),
        RecoveryVerdict::Identified,
        "{:?}",
        found.regions
    );
    let ends: Vec<[f64; 2]> = found.regions.iter().map(|region| region.ends).collect();
    assert_eq!(ends.len(), 3);
    for (part, [low, high]) in ends.into_iter().enumerate() {
        assert!((low - part as f64).abs() < 1e-12 && (high - low - 1.0).abs() < 1e-12);
    }
    let tests: u64 = found
        .regions
        .iter()
        .map(|region| region.recovery.tests)
        .sum();
    assert_eq!(tests, 600);
}

#[test]
fn data_sets_without_couples_are_left_out_and_missing_numbers_do_not_spoil_others() {
    let table = PlantedTable::new(800, &[NORMAL], 9, |scores, normal| {
        let (value, noise) = (scores[0] + 0.2 * normal(), normal());
        let is_empty = normal() > 1.0;
        let mut all = vec![
            value,
            if noise > 0.0 { noise } else { f64::NAN },
            f64::NAN,
            7.0,
        ];
        if is_empty {
            all.fill(f64::NAN);
        }
        all
    });
    let empty = |row: &&Vec<f64>| row.iter().all(|value| value.is_nan());
    let count = table.summaries.iter().filter(empty).count() as u64;
    let found = table.recover(200);
    assert!(count > 50);
    assert_eq!((found.empty, found.data_sets), (count, 800 - count));
    // The third is never there, and the last does not vary.
    assert_eq!(found.summaries, [2, 2]);
    assert_eq!(found.quantities[0].verdict, RecoveryVerdict::Identified);
    let used: Vec<usize> = found.estimates[0]
        .iter()
        .map(|own| own.simulation)
        .collect();
    assert!(used.iter().all(|row| !table.summaries[*row][0].is_nan()));
}

#[test]
fn too_few_data_sets_are_undecided() {
    let table = PlantedTable::new(20, &[NORMAL; 2], 10, |scores, _| scores.to_vec());
    let found = table.recover(10);
    for own in &found.quantities {
        assert_eq!(own.verdict, RecoveryVerdict::Undecided);
        assert_eq!(own.ranks, RankVerdict::Undecided);
    }
    assert_eq!(found.pairs[0].verdict, PairVerdict::Undecided);
}

#[test]
fn a_prediction_does_not_depend_on_the_truth_of_its_own_fold() {
    let rows: Vec<Vec<f64>> = (0..40)
        .map(|row| {
            vec![
                f64::from(row % 7),
                f64::from(row % 11),
                f64::from(row * row % 13),
            ]
        })
        .collect();
    let slices: Vec<&[f64]> = rows.iter().map(|row| &row[..]).collect();
    let summaries = StandardSummaries::new(&slices);
    let folds: Vec<usize> = (0..40).map(|row| row % FOLDS).collect();
    // Both targets choose the same penalty, as the first is what summaries say exactly.
    let target: Vec<f64> = rows.iter().map(|row| row[0] - 2.0 * row[1] + 0.5).collect();
    let predictions = out_of_fold(&summaries, &folds, std::slice::from_ref(&target));
    for (found, truth) in predictions[0].iter().zip(&target) {
        assert!((found - truth).abs() < 0.02, "{found} {truth}");
    }
    let mut other = target.clone();
    for row in (0..40).step_by(FOLDS) {
        other[row] += 1e-6;
    }
    let again = out_of_fold(&summaries, &folds, &[other]);
    for row in 0..40 {
        let is_equal = predictions[0][row] == again[0][row];
        assert_eq!(is_equal, row % FOLDS == 0, "{row}");
    }
}

#[test]
fn verdicts_follow_the_interval() {
    let of = |value: f64, low: f64, high: f64| {
        let interval = Interval { low, high };
        RecoveryVerdict::of(ValueWithInterval { value, interval })
    };
    assert_eq!(of(0.8, 0.76, 0.84), RecoveryVerdict::Identified);
    assert_eq!(of(0.8, 0.74, 0.86), RecoveryVerdict::Weak);
    assert_eq!(of(0.3, 0.2, 0.4), RecoveryVerdict::Weak);
    assert_eq!(of(0.3, -0.1, 0.7), RecoveryVerdict::NotIdentified);
    assert_eq!(of(0.2, 0.19, 0.21), RecoveryVerdict::NotIdentified);
    assert_eq!(of(f64::NAN, f64::NAN, f64::NAN), RecoveryVerdict::Undecided);
}

#[test]
fn posteriors_that_are_too_narrow_are_found_by_their_ranks() {
    // Truths are standard normal about the middle of posteriors of a standard deviation of 0.6.
    let estimates = |sd: f64| -> Vec<QuantityEstimate> {
        let mut rng = Key::new(11, 0, 0, StreamKind::Study).stream(0, 0);
        let one = |simulation: usize| {
            let truth = normal_score(rng.next_u64());
            let ends = [-1.644_854, -0.674_49, 0.674_49, 1.644_854].map(|z| z * sd);
            QuantityEstimate {
                simulation,
                place: normal_cdf(truth),
                truth,
                mean: 0.0,
                ends,
                relative_variance: sd * sd,
                rank: normal_cdf(truth / sd),
            }
        };
        (0..300).map(one).collect()
    };
    let narrow = QuantityRecovery::of(estimates(0.6).iter(), 3);
    assert_eq!(narrow.ranks, RankVerdict::NotUniform, "{narrow:?}");
    assert!(narrow.coverage_90.interval.high < 0.9, "{narrow:?}");
    let right = QuantityRecovery::of(estimates(1.0).iter(), 3);
    assert_eq!(right.ranks, RankVerdict::Uniform, "{right:?}");
    assert!(right.coverage_90.interval.contains(0.9), "{right:?}");
}

/// Data sets of rivals whose first summary has these means.
fn rivals(count: u32, means: &[f64]) -> RivalConfusion {
    let tables: Vec<Vec<Vec<f64>>> = (0_u64..)
        .zip(means)
        .map(|(seed, mean)| {
            let table = PlantedTable::new(count, &[NORMAL], 20 + seed, |scores, normal| {
                let mut all = vec![mean + normal(), scores[0], 0.5 * scores[0] + normal()];
                all.extend((0..5).map(|_| normal()));
                all
            });
            table.summaries
        })
        .collect();
    let all: Vec<&[Vec<f64>]> = tables.iter().map(|own| &own[..]).collect();
    confusion(&all)
}

#[test]
fn rivals_are_distinguished_as_often_as_theory_says() {
    // Two standard deviations apart: the better half is one standard deviation away.
    let found = rivals(800, &[0.0, 2.0]);
    let pair = &found.pairs[0];
    assert!(is_near(pair.accuracy, normal_cdf(1.0), 1_600), "{pair:?}");
    assert_eq!(pair.verdict, RivalVerdict::Apart, "{pair:?}");
    let three = rivals(400, &[0.0, 0.0, 8.0]);
    for row in &three.counts {
        assert_eq!(row.iter().sum::<u64>(), 400);
    }
    assert!(three.counts[2][2] > 395, "{three:?}");
    assert!(
        three.counts[0][2] < 5 && three.counts[1][2] < 5,
        "{three:?}"
    );
    let verdicts: Vec<RivalVerdict> = three.pairs.iter().map(|pair| pair.verdict).collect();
    assert_ne!(verdicts[0], RivalVerdict::Apart, "{three:?}");
    assert_eq!(verdicts[1..], [RivalVerdict::Apart; 2], "{three:?}");
}

#[test]
fn rivals_that_are_the_same_are_not_distinguished() {
    let found = rivals(500, &[0.3, 0.3]);
    let pair = &found.pairs[0];
    assert!(is_near(pair.accuracy, 0.5, 1_000), "{pair:?}");
    assert_eq!(pair.verdict, RivalVerdict::NotApart, "{pair:?}");
    let few = rivals(20, &[0.0, 9.0]);
    assert_eq!(few.pairs[0].verdict, RivalVerdict::Undecided);
}

#[test]
fn an_effect_that_follows_from_two_numbers_is_recovered_as_well_as_theory_says() {
    // The effect is the sum of two standard normal numbers, and data measure it with an error of 0.5.
    let mut table = PlantedTable::new(2_000, &[NORMAL, NORMAL], 40, |scores, normal| {
        let mut all = vec![scores[0] + scores[1] + 0.5 * normal()];
        all.extend((0..4).map(|_| normal()));
        all
    });
    let effects: Vec<f64> = table.scores.iter().map(|own| own[0] + own[1]).collect();
    let (scale, scores) = QuantityScale::of_values(&effects);
    table.scales.push(scale);
    for (all, score) in table.scores.iter_mut().zip(scores) {
        all.push(score);
    }
    let found = table.recover(400);
    let exact = 1.0 - (1.0 / (1.0 / 2.0 + 1.0 / 0.25)) / 2.0;
    let own = &found.quantities[2];
    assert!((own.contraction.value - exact).abs() < 0.02, "{own:?}");
    assert_eq!(own.verdict, RecoveryVerdict::Identified);
    assert!(is_near(own.coverage_50, 0.5, 400), "{own:?}");
    assert!(is_near(own.coverage_90, 0.9, 400), "{own:?}");
    assert_eq!(own.ranks, RankVerdict::Uniform, "{own:?}");
    for estimate in &found.estimates[2] {
        assert!((estimate.truth - effects[estimate.simulation]).abs() < 1e-9);
    }
    // Of the two numbers nothing but their sum is known.
    assert_eq!(
        found.pairs[0].verdict,
        PairVerdict::Equifinal,
        "{:?}",
        found.pairs[0]
    );
    // A second effect, which data do not measure, stands beside the first.
    let differences: Vec<f64> = table.scores.iter().map(|own| own[0] - own[1]).collect();
    let (scale, scores) = QuantityScale::of_values(&differences);
    let mut two = PlantedTable {
        scales: [&table.scales[..], &[scale]].concat(),
        scores: table.scores.clone(),
        summaries: table.summaries.clone(),
        ..table
    };
    for (all, score) in two.scores.iter_mut().zip(scores) {
        all.push(score);
    }
    let both = two.recover(400);
    assert_eq!(both.estimates[..3], found.estimates[..]);
    let own = &both.quantities[3];
    assert_eq!(own.verdict, RecoveryVerdict::NotIdentified, "{own:?}");
    assert!(is_near(own.coverage_90, 0.9, 400), "{own:?}");
    for estimate in &both.estimates[3] {
        let [low, _, _, high] = estimate.ends;
        assert!((estimate.truth - differences[estimate.simulation]).abs() < 1e-9);
        assert!(low < -1.0 && high > 1.0, "{estimate:?}");
    }
    let pairs: Vec<(usize, usize)> = both.pairs.iter().map(|own| (own.one, own.other)).collect();
    assert_eq!(pairs, [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]);
    // A data set whose effect is not known is left out for the effect alone.
    table.scores[7][2] = f64::NAN;
    let without = table.recover(400);
    assert_eq!(without.unknown, [0, 0, 1]);
    assert_eq!(without.estimates[..2], found.estimates[..2]);
    assert_eq!(without.estimates[2].len(), 400);
    assert!(without.estimates[2].iter().all(|own| own.simulation != 7));
    // One that is never known takes nothing with it.
    for scores in &mut table.scores {
        scores[2] = f64::NAN;
    }
    let never = table.recover(400);
    assert_eq!(never.quantities[2].verdict, RecoveryVerdict::Undecided);
    assert_eq!(never.estimates[..2], found.estimates[..2]);
}

#[test]
fn the_true_effects_of_a_simulation_are_those_of_complete_answers() {
    let text = "title = 't'\n[run]\ncouples = 60\ndays = 30\nseed = 5\n[study]\ncouples = 30\nwaves = 0\nburst_days = 10\n\
                compliance = 0.6\ndiary = ['daily_closeness', 'daily_conflict', 'daily_satisfaction']\n[recover]\nsimulations = 100\n\
                [[recover.quantity]]\nkey = 'parameters.conflict_rate'\nprior = 'uniform'\nlow = 0.1\nhigh = 0.5\n\
                [[recover.effect]]\neffect = 'actor_a'\npredictor = 'daily_conflict'\noutcome = 'daily_satisfaction'\n\
                reference_couples = 400\n[[recover.effect]]\neffect = 'partner_b'\npredictor = 'daily_closeness'\n\
                outcome = 'daily_satisfaction'\nreference_couples = 200\nname = 'closeness'\n";
    let scenario = Scenario::parse(text).unwrap_or_else(|all| panic!("{all}"));
    let recover = scenario.recover.as_ref().expect("a [recover]");
    let names = recover.recovered(&recover.explanations[0]);
    let names: Vec<&str> = names.iter().map(|own| own.0.as_str()).collect();
    assert_eq!(
        names,
        [
            "conflict_rate",
            "actor_a of daily_conflict on daily_satisfaction",
            "closeness"
        ]
    );
    let all = ReferenceSimulations::new(recover, 5).expect("priors");
    let row = all.simulate(0, &Control::default()).expect("not cancelled");
    let again = all.simulate(0, &Control::default()).expect("not cancelled");
    let bits = |row: &[f64]| row.iter().map(|own| own.to_bits()).collect::<Vec<u64>>();
    assert_eq!(bits(&row), bits(&again));
    let [conflict, its_error, closeness, error] = [row[1], row[2], row[3], row[4]];
    // Conflict lowers satisfaction, closeness raises it, and more couples say it more exactly.
    assert!(conflict < -3.0 * its_error, "{conflict} {its_error}");
    assert!(closeness.is_finite() && error > 0.0, "{closeness} {error}");
    let more = text.replace("reference_couples = 400", "reference_couples = 1600");
    let more = Scenario::parse(&more).unwrap_or_else(|all| panic!("{all}"));
    let recover = more.recover.as_ref().expect("a [recover]");
    let all = ReferenceSimulations::new(recover, 5).expect("priors");
    let better = all.simulate(0, &Control::default()).expect("not cancelled");
    assert!(
        (its_error / better[2] - 2.0).abs() < 0.4,
        "{its_error} {}",
        better[2]
    );
    assert!((better[1] - conflict).abs() < 4.0 * its_error);
}

fn study(text: &str) -> PreparedStudy {
    let run = "title = 't'\n[run]\ncouples = 120\ndays = 200\nseed = 5\n[study]\ncouples = 60\n";
    let scenario = Scenario::parse(&format!("{run}{text}")).unwrap_or_else(|all| panic!("{all}"));
    PreparedStudy::new(scenario.config()).expect("a study")
}

fn data(study: &PreparedStudy) -> StudyReplicate {
    let data = study.replicate(0, &Control::default());
    data.expect("nothing cancels it")
}

#[test]
fn summaries_are_those_of_the_answers() {
    let own = study("waves = 3\nwave_interval = 20\nburst_days = 6\nquestionnaire = ['ras']\n");
    let layout = SummaryLayout::new(&own);
    let data = data(&own);
    let found = layout.summaries(&own, &data);
    assert_eq!(found.len(), layout.names.len());
    let of = |name: &str| {
        let place = layout.names.iter().position(|own| own == name);
        found[place.unwrap_or_else(|| panic!("no {name} in {:?}", layout.names))]
    };
    // One scale of two members in three waves.
    let answers = |member: usize, couple: usize| &data.couples[couple].waves.answers[member];
    let mean_of = |values: &[f64]| {
        let known: Vec<f64> = values
            .iter()
            .copied()
            .filter(|own| own.is_finite())
            .collect();
        known.iter().sum::<f64>() / known.len() as f64
    };
    let means: Vec<f64> = (0..data.couples.len())
        .map(|couple| mean_of(answers(0, couple)))
        .collect();
    assert!((of("waves mean ras.a") - mean_of(&means)).abs() < 1e-12);
    let (mut products, mut squares) = (0.0, [0.0; 2]);
    for couple in 0..data.couples.len() {
        let [a, b] = [0, 1].map(|member| answers(member, couple));
        let [mean_a, mean_b] = [mean_of(a), mean_of(b)];
        for (x, y) in a.iter().zip(b) {
            if x.is_finite() && y.is_finite() {
                products += (x - mean_a) * (y - mean_b);
                squares[0] += (x - mean_a) * (x - mean_a);
                squares[1] += (y - mean_b) * (y - mean_b);
            }
        }
    }
    let correlation = products / (squares[0] * squares[1]).sqrt();
    assert!((of("waves same time ras.a ras.b") - correlation).abs() < 1e-12);
    let separated = data.couples.iter().filter(|own| own.separated.is_finite());
    let share = separated.count() as f64 / data.couples.len() as f64;
    assert_eq!(of("share separated"), share);
    let known = found.iter().filter(|value| value.is_finite()).count();
    assert!(known + 2 >= found.len(), "{known} of {}", found.len());
    let mut names = layout.names.clone();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), layout.names.len());
}

#[test]
fn without_roles_the_order_of_members_does_not_matter() {
    let own = study("waves = 2\nburst_days = 5\ndistinguishable = false\n");
    let layout = SummaryLayout::new(&own);
    assert!(layout.names.iter().all(|name| !name.contains(".a")));
    let mut data = data(&own);
    let before = layout.summaries(&own, &data);
    for couple in &mut data.couples {
        couple.screening.swap(0, 1);
        couple.dropped_out.swap(0, 1);
        for set in [&mut couple.waves, &mut couple.prompts] {
            set.answers.swap(0, 1);
            set.truth.swap(0, 1);
            set.states.swap(0, 1);
        }
    }
    for (place, (one, other)) in before.iter().zip(layout.summaries(&own, &data)).enumerate() {
        let is_same = one.is_nan() && other.is_nan() || (one - other).abs() < 1e-9;
        assert!(is_same, "{}: {one} {other}", layout.names[place]);
    }
}
