//! Ensembles over long runs: effects of single mechanisms, and of the length of a step.

use super::{TestEnsemble, population};
use crate::model::derived::satisfaction;
use crate::model::{
    Clock, Couple, IntimacyTarget, Mechanisms, Parameters, Rules, State, Tally, betrayal,
};

const YEAR_COUPLES: usize = 4_000;
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
    ("mood", 0.02, |couple, _| couple.partners[0].state.mood),
    ("squared mood", 0.004, |couple, _| {
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
    let mut ensemble = population(1, YEAR_COUPLES);
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
    columns.push(("conflicts a day", 0.003, daily(|tally| tally.conflicts)));
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
        // Relief comes within the day, and stress returns to the level that strain keeps at the ends of steps.
        let of_relief = if *name == "stress" { 0.01 } else { 0.0 };
        let bound = leeway * allowed + of_relief + ERRORS * error;
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

const COUPLES: usize = 800;

fn rules(change: impl FnOnce(&mut Parameters, &mut Mechanisms)) -> Rules {
    let (mut parameters, mut mechanisms) = (Parameters::default(), Mechanisms::default());
    mechanisms.betrayal = false;
    change(&mut parameters, &mut mechanisms);
    Rules::new(
        parameters,
        mechanisms,
        IntimacyTarget::default(),
        Clock::default(),
    )
}

fn mean(ensemble: &TestEnsemble, read: impl Fn(&State<f64>) -> f64) -> f64 {
    ensemble
        .column(|couple| read(&couple.partners[0].state))
        .iter()
        .sum::<f64>()
        / COUPLES as f64
}

/// The population after a hundred days, with partner A betrayed or not, and some days later.
fn betrayed(blow: Option<bool>, days: u64) -> TestEnsemble {
    let rules = rules(|_, _| {});
    let mut ensemble = population(2, COUPLES);
    let mut unobserved = vec![(); ensemble.couples.len()];
    ensemble.simulate(5, 0..100, &rules, &mut unobserved);
    if let Some(deceived) = blow {
        for couple in &mut ensemble.couples {
            let state = &mut couple.partners[0].state;
            betrayal::apply(state, true, deceived, &rules);
        }
    }
    ensemble.simulate(5, 100..100 + days, &rules, &mut unobserved);
    ensemble
}

fn trust(state: &State<f64>) -> f64 {
    state.trust
}

#[test]
fn a_betrayal_takes_a_third_of_trust_and_deception_no_more_at_once() {
    let before = mean(&betrayed(None, 0), trust);
    for deceived in [false, true] {
        let after = betrayed(Some(deceived), 0);
        assert!((mean(&after, trust) - 0.65 * before).abs() < 1e-12);
        let scar = mean(&after, |state| state.scar);
        assert!((scar - if deceived { 0.3 } else { 0.0 }).abs() < 1e-12);
    }
}

#[test]
fn a_year_after_trust_is_partly_back_and_less_so_after_deception() {
    let [never, honest, deceived] = [None, Some(false), Some(true)].map(|blow| betrayed(blow, 365));
    let [intact, mended, scarred] = [&never, &honest, &deceived].map(|life| mean(life, trust));
    assert!(
        intact - mended > 0.01,
        "a betrayal is forgotten: {intact} {mended}"
    );
    assert!(
        mended > 0.65 * intact + 0.03,
        "trust does not come back: {intact} {mended}"
    );
    assert!(
        mended - scarred > 0.03,
        "a scar does not last: {mended} {scarred}"
    );
    let hurt = mean(&honest, |state| state.hurt);
    let left = 0.6 * crate::math::functions::exp2(-365.0 / 200.0);
    assert!((hurt - left).abs() < 1e-9, "{hurt}");
}

#[test]
fn available_partners_are_trusted_more_than_unavailable_ones() {
    let trust_of = |availability: f64| {
        let mut ensemble = population(2, COUPLES);
        for couple in &mut ensemble.couples {
            couple.partners[1].traits.availability = availability;
        }
        ensemble.age(6, 200, &rules(|_, _| {}));
        mean(&ensemble, trust)
    };
    assert!(trust_of(1.0) - trust_of(0.6) > 0.03);
}

#[test]
fn consistency_lowers_uncertainty() {
    let uncertainty_of = |consistency: f64| {
        let mut ensemble = population(2, COUPLES);
        for couple in &mut ensemble.couples {
            couple.partners[1].traits.consistency = consistency;
        }
        ensemble.age(6, 300, &rules(|_, _| {}));
        mean(&ensemble, |state| state.uncertainty)
    };
    assert!(uncertainty_of(0.0) - uncertainty_of(1.0) > 0.01);
}

#[test]
fn intimacy_stays_low_without_disclosure() {
    let outcome = |openness: f64| {
        let mut couple = Couple::<f64>::default();
        for partner in &mut couple.partners {
            partner.traits.openness = openness;
        }
        let mut ensemble = TestEnsemble::of(vec![couple; COUPLES]);
        ensemble.age(8, 900, &rules(|_, _| {}));
        (
            mean(&ensemble, trust),
            mean(&ensemble, |state| state.intimacy),
        )
    };
    let ((closed_trust, closed), (open_trust, open)) = (outcome(0.2), outcome(1.2));
    assert!(open - closed > 0.3, "{open} {closed}");
    let lost = open_trust - closed_trust;
    assert!(
        lost.abs() < 0.2 && closed_trust > closed,
        "{open_trust} {closed_trust} {closed}"
    );
}
