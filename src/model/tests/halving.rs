//! Halving the step changes no mean, as docs/decisions/021 and 022 state.
//!
//! Both runs have the same population and independent random numbers; differences are taken couple
//! by couple, so that their standard errors are small.

use super::ensemble::population;
use crate::model::derived::satisfaction;
use crate::model::observer::Tally;
use crate::model::{Clock, Couple, IntimacyTarget, Mechanisms, Parameters, Rules};

const COUPLES: usize = 4_000;
const DAYS: u64 = 365;
/// Standard errors by which means may differ.
const ERRORS: f64 = 3.5;

type CoupleStatistic = fn(&Couple<f64>, &Rules) -> f64;

/// States at the end, with the difference that shorter moments may cause beyond Monte Carlo error:
/// a mood reaches the next episode more often if moments are short.
const MEASURES: [(&str, f64, CoupleStatistic); 11] = [
    ("trust", 0.003, |couple, _| couple.partners[0].state.trust),
    ("uncertainty", 0.002, |couple, _| {
        couple.partners[0].state.uncertainty
    }),
    ("intimacy", 0.003, |couple, _| {
        couple.partners[0].state.intimacy
    }),
    ("satisfaction", 0.003, |couple, rules| {
        satisfaction(&couple.partners[0].state, rules)
    }),
    ("stress", 0.0, |couple, _| couple.partners[0].state.stress),
    ("autonomy", 0.003, |couple, _| {
        couple.partners[0].state.autonomy
    }),
    ("commitment", 0.002, |couple, _| {
        couple.partners[0].state.commitment
    }),
    ("wellbeing", 0.002, |couple, _| {
        couple.partners[0].state.wellbeing
    }),
    ("alternatives", 0.0, |couple, _| {
        couple.partners[0].state.alternatives
    }),
    ("mood", 0.0, |couple, _| couple.partners[0].state.mood),
    ("squared mood", 0.001, |couple, _| {
        couple.partners[0].state.mood * couple.partners[0].state.mood
    }),
];

/// One year of the default population: name, tolerance for shorter moments, and a number for each
/// couple.
fn year(step_days: f64, moments: u32, seed: u64) -> Vec<(&'static str, f64, Vec<f64>)> {
    let rules = Rules::new(
        Parameters::default(),
        Mechanisms::default(),
        IntimacyTarget::default(),
        Clock { step_days, moments },
    );
    let mut ensemble = population(1, COUPLES);
    let mut tallies = vec![Tally::<f64>::new(&rules); ensemble.couples.len()];
    ensemble.simulate(seed, 0..DAYS, &rules, &mut tallies);
    let daily = |read: fn(&Tally<f64>) -> f64| {
        tallies
            .iter()
            .map(|tally| read(tally) / DAYS as f64)
            .collect()
    };
    let mut columns: Vec<_> = MEASURES
        .iter()
        .map(|(name, leeway, read)| {
            (
                *name,
                *leeway,
                ensemble.column(|couple| read(couple, &rules)),
            )
        })
        .collect();
    columns.push(("break-ups", 0.0, ensemble.separations()));
    columns.push(("bids a day", 0.001, daily(|tally| tally.persons[0].bids)));
    columns.push(("conflicts a day", 0.001, daily(|tally| tally.conflicts)));
    columns.push((
        "stressful events a day",
        0.0,
        daily(|tally| tally.persons[0].stress_events),
    ));
    columns
}

/// Compares a finer clock with the default one, with all tolerances multiplied by `leeway`.
fn agrees(step_days: f64, moments: u32, leeway: f64) {
    let (default, finer) = (year(1.0, 2, 100), year(step_days, moments, 101));
    for ((name, allowed, before), (_, _, after)) in default.iter().zip(&finer) {
        let count = before.len() as f64;
        let differences: Vec<f64> = before.iter().zip(after).map(|(x, y)| y - x).collect();
        let mean = differences.iter().sum::<f64>() / count;
        let squares: f64 = differences.iter().map(|d| (d - mean) * (d - mean)).sum();
        let error = (squares / (count * (count - 1.0))).sqrt();
        let bound = leeway * allowed + ERRORS * error;
        assert!(
            mean.abs() <= bound,
            "{name}: {mean:+.5}, standard error {error:.5}"
        );
        assert!(
            error > 0.0 && ERRORS * error < 0.05,
            "{name}: a test that cannot fail"
        );
    }
}

#[test]
fn half_a_step_with_moments_of_the_same_length_agrees_within_monte_carlo_error() {
    agrees(0.5, 1, 0.0);
}

#[test]
fn half_a_step_agrees() {
    agrees(0.5, 2, 1.0);
}

#[test]
fn a_quarter_of_a_step_agrees() {
    agrees(0.25, 2, 1.0);
}
