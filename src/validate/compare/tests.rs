//! Verdicts, findings, and how samples are cut into studies.

use super::*;
use crate::validate::targets::shipped;

fn interval(low: f64, high: f64) -> Interval {
    Interval { low, high }
}

fn finding(value: f64, spread: f64, studies: usize) -> SimulatedFinding {
    SimulatedFinding {
        value,
        interval: Interval::around(value, 0.01),
        spread,
        studies,
    }
}

#[test]
fn a_verdict_tells_within_over_an_end_and_outside() {
    let published = interval(0.2, 0.6);
    for (simulated, verdict) in [
        (interval(0.3, 0.5), Reproduction::Reproduced),
        (interval(0.2, 0.6), Reproduction::Reproduced),
        (interval(0.1, 0.3), Reproduction::Undecided),
        (interval(0.5, 0.7), Reproduction::Undecided),
        (interval(0.0, 0.9), Reproduction::Undecided),
        (interval(0.0, 0.2), Reproduction::Undecided),
        (interval(0.0, 0.19), Reproduction::NotReproduced),
        (interval(0.61, 0.9), Reproduction::NotReproduced),
    ] {
        assert_eq!(
            Reproduction::of(simulated, published),
            verdict,
            "{simulated:?}"
        );
    }
}

#[test]
fn an_interval_without_an_end_is_met_by_all_on_its_side() {
    let above = interval(0.0, f64::INFINITY);
    assert_eq!(
        Reproduction::of(interval(1.0, 1e9), above),
        Reproduction::Reproduced
    );
    assert_eq!(
        Reproduction::of(interval(-0.1, 0.1), above),
        Reproduction::Undecided
    );
    assert_eq!(
        Reproduction::of(interval(-0.2, -0.1), above),
        Reproduction::NotReproduced
    );
    let below = interval(f64::NEG_INFINITY, 0.0);
    assert_eq!(
        Reproduction::of(interval(-9.0, -0.1), below),
        Reproduction::Reproduced
    );
    assert_eq!(
        Reproduction::of(interval(0.1, 0.2), below),
        Reproduction::NotReproduced
    );
}

#[test]
fn what_could_not_be_computed_is_not_reproduced() {
    for published in [
        interval(0.2, 0.6),
        interval(0.0, f64::INFINITY),
        interval(f64::NEG_INFINITY, 0.0),
    ] {
        let verdict = Reproduction::of(Interval::UNDEFINED, published);
        assert_eq!(verdict, Reproduction::NotReproduced);
    }
    for values in [&[][..], &[0.5, f64::NAN], &[f64::INFINITY, 0.1]] {
        let found = SimulatedFinding::of(values);
        assert!(found.interval.low.is_nan(), "{found:?}");
        assert_eq!(found.studies, values.len());
    }
}

#[test]
fn a_finding_is_the_mean_over_studies_with_its_error() {
    let found = SimulatedFinding::of(&[1.0, 2.0, 3.0, 4.0]);
    assert_eq!(found.value, 2.5);
    assert!((found.spread - 1.290_994_448_735_805_6).abs() < 1e-12);
    // Student's t with three degrees of freedom.
    let half = 3.182_446_305_284_263 * found.spread / 2.0;
    assert!((found.interval.high - 2.5 - half).abs() < 1e-6, "{found:?}");
}

#[test]
fn findings_lie_apart_in_standard_errors_of_their_difference() {
    let (one, two) = (finding(0.1, 0.3, 9), finding(0.6, 0.4, 16));
    let expected = 0.5 / (0.01_f64 + 0.01).sqrt();
    assert!((one.distance(&two) - expected).abs() < 1e-12);
    assert_eq!(one.distance(&two), -two.distance(&one));
    assert!(
        finding(0.1, 0.0, 9)
            .distance(&finding(0.1, 0.0, 9))
            .is_nan()
    );
}

#[test]
fn a_target_of_several_parts_counts_by_its_worst() {
    let targets = shipped(&[]).expect("the shipped table");
    let parts: Vec<_> = targets.into_iter().filter(|t| t.id == "V16").collect();
    assert!(parts.len() > 2);
    let compare = |verdicts: &dyn Fn(usize) -> Reproduction| -> Vec<TargetComparison> {
        let comparisons = parts
            .iter()
            .enumerate()
            .map(|(part, target)| TargetComparison {
                target: target.clone(),
                finding: finding(0.1, 0.1, 2),
                verdict: verdicts(part),
            });
        comparisons.collect()
    };
    let (best, open, worst) = (
        Reproduction::Reproduced,
        Reproduction::Undecided,
        Reproduction::NotReproduced,
    );
    assert_eq!(tally(&compare(&|_| best), Tier::Validation), [1, 0, 0]);
    let one_open = compare(&|part| if part == 1 { open } else { best });
    assert_eq!(tally(&one_open, Tier::Validation), [0, 1, 0]);
    let one_missed = compare(&|part| [worst, open, best][part.min(2)]);
    assert_eq!(tally(&one_missed, Tier::Validation), [0, 0, 1]);
    assert_eq!(tally(&one_missed, Tier::Pattern), [0, 0, 0]);
}

#[test]
fn every_couple_is_in_one_study_at_most_and_few_are_in_none() {
    for (couples, each) in [(200, 118), (4_000, 118), (4_001, 103), (7, 1_000), (1, 5)] {
        let parts = studies(couples, each);
        let all: Vec<usize> = (0..couples).collect();
        let mut seen = vec![0; couples];
        for part in &parts {
            let members = part.of(&all);
            assert_eq!(members.len(), part.count, "{couples} in {each}");
            for couple in members {
                seen[couple] += 1;
            }
        }
        assert!(seen.iter().all(|times| *times <= 1));
        let unseen = seen.iter().filter(|times| **times == 0).count();
        let size = parts.first().map_or(0, |part| part.count);
        assert!(unseen < size.max(1), "{unseen} of {couples} in {each}");
        assert!(parts.len() >= PARTS.min(couples), "{} studies", parts.len());
    }
}

#[test]
fn studies_take_couples_of_all_cohorts() {
    let couples = 8_000;
    for part in studies(couples, 118) {
        // Four cohorts of equal size, one after the other.
        let mut of_cohort = [0; 4];
        for couple in part.of(&(0..couples).collect::<Vec<_>>()) {
            of_cohort[couple * 4 / couples] += 1;
        }
        let (least, most) = (of_cohort.iter().min(), of_cohort.iter().max());
        assert!(most <= least.map(|n| n + 2).as_ref(), "{of_cohort:?}");
    }
}

#[test]
fn a_laboratory_that_is_stopped_finds_nothing_and_does_not_fail() {
    let laboratory = Laboratory::new(200, 1);
    laboratory.control.cancel.cancel();
    let targets = shipped(&[]).expect("the shipped table");
    let comparisons = compare(&laboratory, &targets).expect("no overrides");
    assert!(comparisons.is_empty());
}
