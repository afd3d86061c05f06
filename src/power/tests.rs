use super::data::{PowerDesign, simulate};
use super::measure::{DesignResult, PlannedDesign, PowerTask, TrueEffect, analyse, measure};
use super::search::{SearchStatus, search};
use crate::runner::Control;
use crate::scenario::Scenario;
use crate::scenario::power_spec::{
    DesignQuantity, DesignValues, GivenEffects, PowerSpec, QUANTITY_COUNT,
};
use crate::simulation::SimulationConfig;
use crate::stats::summary::{RunningMoments, correlation};

const BASE: &str = "title = 'x'\n[power]\nreplicates = 200\n";
const EFFECTS: &str = "[power.effects]\nintercept = 4.0\nactor_a = 0.4\nactor_b = 0.2\npartner_a = 0.1\npartner_b = -0.3\n\
                       intercept_sd = 0.8\nintercept_correlation = 0.5\nresidual_sd_a = 1.0\nresidual_sd_b = 1.5\n\
                       predictor_mean = 2.0\npredictor_sd = 1.2\npredictor_correlation = 0.3\n";

fn spec(power: &str, effects: &str) -> PowerSpec {
    let text = format!("{BASE}{power}{EFFECTS}{effects}");
    let scenario = Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}"));
    scenario.spec.power.clone().expect("a [power]")
}

fn design(couples: u64, occasions: u32) -> PowerDesign {
    PowerDesign {
        couples,
        occasions,
        compliance: 1.0,
        reliability: 1.0,
    }
}

/// The values of a design with given effects.
fn values(of: [f64; 4]) -> DesignValues {
    let mut design = [0.0; QUANTITY_COUNT];
    for (quantity, value) in DesignQuantity::OF_GIVEN.into_iter().zip(of) {
        design[quantity as usize] = value;
    }
    design
}

fn effects(power: &PowerSpec) -> &GivenEffects {
    power.given().expect("given effects")
}

fn config(seed: u64) -> SimulationConfig {
    let text = format!("title = 'x'\n[run]\nseed = {seed}\n");
    let scenario = Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}"));
    scenario.config().clone()
}

/// A design with the given effects as truths.
fn planned(power: &PowerSpec, of: [f64; 4]) -> PlannedDesign {
    let truths = power.truths().expect("given effects");
    PlannedDesign {
        design: values(of),
        stream: 0,
        truths: truths.into_iter().map(TrueEffect::given).collect(),
    }
}

fn measured(power: &PowerSpec, design: [f64; 4]) -> DesignResult {
    let config = config(3);
    let task = PowerTask {
        power,
        config: &config,
    };
    let found = measure(task, &[planned(power, design)], &Control::default());
    found.expect("not cancelled").remove(0)
}

#[test]
fn a_smaller_study_is_a_part_of_a_larger_one() {
    let power = spec("centre = false\n", "");
    let small = simulate((&power, effects(&power)), 1, (0, 4), design(5, 6));
    let large = simulate((&power, effects(&power)), 1, (0, 4), design(9, 10));
    for (row, place) in small.places.iter().enumerate() {
        let other = large
            .places
            .iter()
            .position(|own| own == place)
            .expect("there");
        assert_eq!(small.outcome[row], large.outcome[other]);
        assert_eq!(small.predictors[1][row], large.predictors[1][other]);
    }
    let missed = PowerDesign {
        compliance: 0.7,
        ..design(5, 6)
    };
    let missed = simulate((&power, effects(&power)), 1, (0, 4), missed);
    assert!(missed.places.len() < small.places.len() && !missed.places.is_empty());
    for (row, place) in missed.places.iter().enumerate() {
        let other = small
            .places
            .iter()
            .position(|own| own == place)
            .expect("there");
        assert_eq!(missed.outcome[row], small.outcome[other]);
    }
    let other = simulate((&power, effects(&power)), 1, (0, 5), design(5, 6));
    assert_ne!(small.outcome, other.outcome);
    assert_ne!(
        small.outcome,
        simulate((&power, effects(&power)), 2, (0, 4), design(5, 6)).outcome
    );
    assert_ne!(
        small.outcome,
        simulate((&power, effects(&power)), 1, (1, 4), design(5, 6)).outcome
    );
}

#[test]
fn each_number_that_is_given_is_found_in_the_data() {
    for power in [
        "",
        "partners = 'exchangeable'\n",
        "residuals = 'autoregressive'\n",
        "centre = false\n",
        "method = 'ml'\n",
    ] {
        let exchangeable = power.contains("exchangeable");
        let autoregressive = power.contains("autoregressive");
        let extra = match autoregressive {
            true => "autocorrelation = 0.4\n",
            false => "residual_correlation = 0.35\n",
        };
        let mut text = format!("{BASE}{power}{EFFECTS}{extra}");
        if exchangeable {
            text = text
                .replace("actor_b = 0.2\n", "")
                .replace("partner_b = -0.3\n", "")
                .replace("residual_sd_b = 1.5\n", "")
                .replace("_a = ", " = ");
        }
        let scenario = Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}"));
        let spec = scenario.spec.power.clone().expect("a [power]");
        let data = simulate((&spec, effects(&spec)), 1, (0, 0), design(400, 15));
        let fit = analyse(&spec, &data).expect("a model");
        for (found, truth) in fit.coefficients.iter().zip(spec.truths().expect("given")) {
            let apart = (found.value - truth).abs();
            assert!(
                apart < 4.5 * found.standard_error,
                "{power} {found:?} {truth}"
            );
        }
        let b = effects(&spec).residual_sd[1];
        let expected = [
            (fit.intercept_sds[0], 0.8),
            (fit.intercept_sds[1], 0.8),
            (fit.intercept_correlation, 0.5),
            (fit.residual_sds[0], 1.0),
            (fit.residual_sds[1], b),
            (
                fit.residual_correlation,
                effects(&spec).residual_correlation,
            ),
            (fit.phi, effects(&spec).autocorrelation),
        ];
        for (found, truth) in expected {
            assert!((found - truth).abs() < 0.13, "{power} {fit:?} {truth}");
        }
        if !spec.is_centred {
            let moments: RunningMoments = data.predictors[0].iter().copied().collect();
            assert!((moments.mean() - 2.0).abs() < 0.05 && (moments.sd() - 1.2).abs() < 0.05);
            let r = correlation(&data.predictors[0], &data.predictors[1]);
            assert!((r - 0.3).abs() < 0.05, "{r}");
        }
    }
}

#[test]
fn the_first_occasion_of_a_lagged_outcome_is_like_all_others() {
    let power = spec(
        "lagged_outcome = true\ncentre = false\n",
        "lag_a = 0.5\nlag_b = -0.2\n",
    );
    let mut by_occasion = vec![[RunningMoments::default(), RunningMoments::default()]; 4];
    let mut pairs = vec![(Vec::new(), Vec::new()); 4];
    for replicate in 0..40 {
        let data = simulate((&power, effects(&power)), 1, (0, replicate), design(100, 5));
        for (row, place) in data.places.iter().enumerate() {
            let occasion = place.day as usize - 1;
            // The outcome one occasion before, which the first row has of the first occasion.
            by_occasion[occasion][place.person].push(data.predictors[2][row]);
            let pair = &mut pairs[occasion];
            [&mut pair.0, &mut pair.1][place.person].push(data.predictors[2][row]);
        }
    }
    let last = by_occasion[3];
    for (occasion, persons) in by_occasion.iter().enumerate() {
        for person in 0..2 {
            let (one, other) = (&persons[person], &last[person]);
            assert!(
                (one.mean() - other.mean()).abs() < 0.12,
                "{occasion} {one:?} {other:?}"
            );
            assert!(
                (one.sd() / other.sd() - 1.0).abs() < 0.05,
                "{occasion} {one:?} {other:?}"
            );
        }
        let r = correlation(&pairs[occasion].0, &pairs[occasion].1);
        let expected = correlation(&pairs[3].0, &pairs[3].1);
        assert!((r - expected).abs() < 0.05, "{occasion} {r} {expected}");
    }
}

#[test]
fn reliability_is_the_share_within_persons_that_is_not_error() {
    let power = spec(
        "centre = false\nerror_in = 'both'\n",
        "residual_correlation = 0.2\n",
    );
    let clean = simulate((&power, effects(&power)), 1, (0, 0), design(600, 10));
    let noisy = PowerDesign {
        reliability: 0.6,
        ..design(600, 10)
    };
    let noisy = simulate((&power, effects(&power)), 1, (0, 0), noisy);
    assert_eq!(clean.places, noisy.places);
    let within = |values: &[f64], person: usize| {
        let mut sum = 0.0;
        let mut count = 0.0;
        for (rows, places) in values.chunks(10).zip(clean.places.chunks(10)) {
            if places[0].person == person {
                let moments: RunningMoments = rows.iter().copied().collect();
                sum += moments.variance();
                count += 1.0;
            }
        }
        sum / count
    };
    for person in 0..2 {
        for (one, other) in [
            (&clean.outcome, &noisy.outcome),
            (&clean.predictors[0], &noisy.predictors[0]),
        ] {
            let share = within(one, person) / within(other, person);
            assert!((share - 0.6).abs() < 0.04, "{share}");
        }
    }
    let outcome_only = spec(
        "centre = false\nerror_in = 'outcome'\n",
        "residual_correlation = 0.2\n",
    );
    let half = PowerDesign {
        reliability: 0.6,
        ..design(600, 10)
    };
    let half = simulate((&outcome_only, effects(&outcome_only)), 1, (0, 0), half);
    assert_eq!(half.predictors, clean.predictors);
    assert_eq!(half.outcome, noisy.outcome);
}

#[test]
fn an_effect_of_zero_is_found_as_often_as_the_level_says_and_intervals_cover() {
    let text = "title = 'x'\n[power]\nreplicates = 1000\n[power.effects]\nactor = 0.3\npartner = 0.0\nintercept_sd = 1.0\n\
                residual_sd = 1.0\n";
    let scenario = Scenario::parse(text).unwrap_or_else(|error| panic!("{error}"));
    let power = scenario.spec.power.clone().expect("a [power]");
    let found = measured(&power, [30.0, 5.0, 1.0, 1.0]);
    assert_eq!((found.failed, found.effects.len()), (0, 6));
    let partner = &found.effects[2];
    // Four standard errors around 0.05.
    assert!(
        (partner.power().value - 0.05).abs() < 0.028,
        "{:?}",
        partner.power()
    );
    assert!(partner.sign_error().value.is_nan() && partner.size_error().value.is_nan());
    for effect in &found.effects {
        assert!((effect.coverage().value - 0.95).abs() < 0.028, "{effect:?}");
    }
    let actor = &found.effects[1];
    assert!(actor.bias().interval.contains(0.0) || actor.bias().value.abs() < 0.01);
    assert!(actor.size_error().value >= 1.0);
}

#[test]
fn results_depend_neither_on_threads_nor_on_the_other_designs() {
    let power = PowerSpec {
        replicates: 20,
        ..spec("", "residual_correlation = 0.2\n")
    };
    let designs = [
        planned(&power, [12.0, 4.0, 0.9, 0.8]),
        planned(&power, [20.0, 5.0, 1.0, 1.0]),
    ];
    let config = config(9);
    let task = PowerTask {
        power: &power,
        config: &config,
    };
    let run = |threads: usize, designs: &[PlannedDesign]| {
        let pool = crate::options::thread_pool(Some(threads)).expect("threads");
        pool.install(|| measure(task, designs, &Control::default()))
            .expect("not cancelled")
    };
    let one = run(1, &designs);
    assert_eq!(one, run(3, &designs));
    assert_eq!(one[1], run(2, &designs[1..])[0]);
    assert!(one[0].effects[0].count() + one[0].failed == 20);
}

#[test]
fn the_search_finds_where_the_power_of_more_data_sets_is_the_target() {
    let text = "title = 'x'\n[power]\nreplicates = 400\noccasions = 4\n[power.effects]\nactor = 0.3\npartner = 0.2\n\
                intercept_sd = 1.0\nresidual_sd = 1.0\n[power.search]\neffect = 'partner_a'\nfrom = 10\nto = 200\n";
    let scenario = Scenario::parse(text).unwrap_or_else(|error| panic!("{error}"));
    let power = scenario.spec.power.clone().expect("a [power]");
    let wanted = power.search.clone().expect("a search");
    let control = Control::default();
    let design = values([f64::NAN, 4.0, 1.0, 1.0]);
    let config = config(5);
    let task = PowerTask {
        power: &power,
        config: &config,
    };
    let found = search(task, &wanted, &design, &control).expect("not cancelled");
    assert_eq!(found.status, SearchStatus::Found, "{found:?}");
    let [below, above] = found.bracket;
    assert!(
        below < found.smallest && found.smallest < above,
        "{found:?}"
    );
    assert!(found.interval.low <= found.smallest && found.smallest <= found.interval.high.ceil());
    let more = PowerSpec {
        replicates: 2000,
        ..power.clone()
    };
    let at = measured(&more, [found.smallest, 4.0, 1.0, 1.0]);
    assert!(
        (at.effects[2].power().value - 0.8).abs() < 0.04,
        "{found:?} {:?}",
        at.effects[2].power()
    );

    let of = |from: f64, to: f64| {
        let wanted = crate::scenario::power_spec::DesignSearch {
            from,
            to,
            ..wanted.clone()
        };
        search(task, &wanted, &design, &control).expect("not cancelled")
    };
    let enough = of(150.0, 300.0);
    assert_eq!(
        (enough.status, enough.smallest),
        (SearchStatus::AtMost, 150.0)
    );
    let few = of(5.0, 20.0);
    assert_eq!(few.status, SearchStatus::NotReached);
    assert!(few.smallest.is_nan());
}
