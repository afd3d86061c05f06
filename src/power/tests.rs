use super::data::{PowerDesign, simulate};
use super::measure::{
    DataSets, DesignResult, EffectReference, PlannedDesign, PowerTask, TrueEffect, analyse, measure,
};
use super::panel_data::{break_ups, growth_rows};
use super::search::{SearchResult, SearchStatus, judged, search};
use super::study_data::rows_of;
use crate::runner::Control;
use crate::scenario::Scenario;
use crate::scenario::power_spec::{
    DesignQuantity, DesignSearch, DesignValues, GivenEffects, PowerSpec, QUANTITY_COUNT,
};
use crate::simulation::SimulationConfig;
use crate::stats::summary::{RunningMoments, correlation};
use crate::study::layouts;
use crate::study::sample::PreparedStudy;
use crate::table::Table;

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

/// Searches with the other quantities of a design.
fn searched(task: PowerTask<'_>, wanted: &DesignSearch, design: &DesignValues) -> SearchResult {
    let points = search(task, wanted, design, &Control::default()).expect("not cancelled");
    judged(task.power, wanted, design, points)
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
    let design = values([f64::NAN, 4.0, 1.0, 1.0]);
    let config = config(5);
    let task = PowerTask {
        power: &power,
        config: &config,
    };
    let found = searched(task, &wanted, &design);
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
        let wanted = DesignSearch {
            from,
            to,
            ..wanted.clone()
        };
        searched(task, &wanted, &design)
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

/// A study of couples who are together from its first day on.
const STUDY: &str = "title = 'x'\n[run]\nseed = 3\ncouples = 60\ndays = 12\n[study]\ncouples = 40\nwaves = 0\nburst_days = 8\n\
                     diary = ['daily_closeness', 'daily_satisfaction', 'daily_conflict', 'daily_stress']\ncompliance = 0.9\n\
                     drop_out = 0.0\n[study.steps]\ndaily_satisfaction = 9\n";

/// A scenario with further keys of the study, which tables may follow.
fn study_scenario(study: &str, power: &str) -> Scenario {
    let (keys, tables) = study.split_at(study.find('[').unwrap_or(study.len()));
    let text = STUDY.replace("[study.steps]", &format!("{keys}[study.steps]"));
    let text = format!("{text}{tables}[power]\noutcome = 'daily_satisfaction'\n{power}");
    Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}"))
}

/// What was found of each design, with the references.
fn study_results(scenario: &Scenario) -> (Vec<DesignResult>, Vec<EffectReference>) {
    let power = scenario.spec.power.as_ref().expect("a [power]");
    let measures = power.study().expect("effects of couples");
    let task = PowerTask {
        power,
        config: scenario.config(),
    };
    let control = Control::default();
    let designs = power.designs();
    let sets = DataSets::of_references(task, measures, &designs);
    let mut found = EffectReference::empty(power, measures, &designs);
    for job in 0..sets.jobs() {
        let results = sets.job(job, &control).expect("not cancelled");
        for (member, own) in sets.members(job).iter().zip(results) {
            found[*member].push(own);
        }
    }
    let plan = |design: &DesignValues| PlannedDesign {
        design: *design,
        stream: 0,
        truths: found
            .iter()
            .find(|own| own.is_of(design))
            .expect("a reference")
            .truths(),
    };
    let planned: Vec<PlannedDesign> = designs.iter().map(plan).collect();
    let results = measure(task, &planned, &control).expect("not cancelled");
    (results, found)
}

/// Position of the partner effect on A among the effects.
const PARTNER_A: usize = 2;

#[test]
fn rows_are_those_that_the_study_writes() {
    let scenario = study_scenario(
        "odds_low_answer = 3.0\n",
        "predictor = 'daily_conflict'\nlagged_outcome = true\n",
    );
    let power = scenario.spec.power.as_ref().expect("a [power]");
    let measures = power.study().expect("effects of couples");
    let whole = PreparedStudy::new(scenario.config()).expect("a study");
    let base = whole.design().clone();
    let part = power.study_of(&base, &power.designs()[0]);
    assert!(part.diary.len() < base.diary.len());
    let part = PreparedStudy::sharing(scenario.config(), vec![part]).remove(0);
    let control = Control::default();
    let data = part.replicate(1, &control).expect("not cancelled");
    let found = rows_of(power, measures, &part, &data, &base);

    let written = whole.replicate(1, &control).expect("not cancelled");
    let schemas = layouts::schemas(&whole);
    let tables = layouts::rows(&whole, &written, &schemas);
    let (schema, rows) = schemas
        .into_iter()
        .zip(tables)
        .find(|(schema, _)| schema.table == "prompts_pairwise")
        .expect("the table");
    let table = Table { schema, rows };
    let of = |name: &str| table.floats(name).expect("a column");
    let columns = [
        of("daily_satisfaction_a"),
        of("daily_conflict_a_cwc"),
        of("daily_conflict_p_cwc"),
        of("daily_satisfaction_a_lag1"),
    ];
    let mut expected: Vec<[f64; 4]> = (0..table.rows.rows())
        .map(|row| columns.map(|column| column[row]))
        .filter(|row| row.iter().all(|value| value.is_finite()))
        .collect();
    let mut own: Vec<[f64; 4]> = (0..found.outcome.len())
        .map(|row| {
            let [actor, partner, before] = &found.predictors;
            [found.outcome[row], actor[row], partner[row], before[row]]
        })
        .collect();
    assert!(own.len() > 300, "{}", own.len());
    for rows in [&mut expected, &mut own] {
        rows.sort_by(|one, other| one.partial_cmp(other).expect("finite"));
    }
    assert_eq!(own, expected);
}

#[test]
fn reports_without_conflict_are_found_as_often_as_the_level_says() {
    let noise = "conflict_false_alarm = 0.3\nunresponsive_as_conflict = 0.0\n";
    let power = "predictor = 'daily_conflict'\nreplicates = 150\nreference_couples = 2000\n";
    let study = format!("{noise}[mechanisms]\nconflict = false\n");
    let (results, references) = study_results(&study_scenario(&study, power));
    let partner = &results[0].effects[PARTNER_A];
    assert_eq!((results[0].failed, partner.count()), (0, 150));
    // Four standard errors around 0.05 and 0.95.
    assert!((partner.power().value - 0.05).abs() < 0.072, "{partner:?}");
    assert!(
        (partner.coverage().value - 0.95).abs() < 0.072,
        "{partner:?}"
    );
    let interval = references[0].truths()[PARTNER_A].interval();
    assert!(interval.half_width() < 0.1, "{interval:?}");

    let power = power.replace("replicates = 150", "replicates = 30");
    let (results, references) = study_results(&study_scenario("", &power));
    let (actor, truth) = (&results[0].effects[1], references[0].truths()[1]);
    assert!(actor.power().value > 0.2, "{actor:?}");
    assert!(truth.value < -2.0 * truth.error, "{truth:?}");
    assert_eq!(references[0].count() * 40, references[0].couples);
}

#[test]
fn less_reliable_predictors_have_smaller_effects_than_the_reference() {
    let power = "predictor = 'daily_closeness'\nerror_in = 'predictor'\nreplicates = 20\nreference_couples = 800\n\
                 [power.vary]\nreliability = [0.2, 1.0]\n";
    let (results, references) = study_results(&study_scenario("", power));
    assert_eq!(references.len(), 1, "both have the same occasions");
    let truth = references[0].truths()[1];
    assert!(truth.value.abs() > 5.0 * truth.error, "{truth:?}");
    let [low, full] =
        [&results[0].effects[1], &results[1].effects[1]].map(|own| own.mean() / truth.value);
    assert!((full - 1.0).abs() < 0.25, "{full}");
    assert!(low < 0.75 * full, "{low} {full}");
    let bias = results[0].effects[1].bias();
    assert!(
        bias.interval.high < 0.0 || bias.interval.low > 0.0,
        "{bias:?}"
    );
}

#[test]
fn designs_of_a_study_share_couples_and_depend_neither_on_threads_nor_on_each_other() {
    let power = "predictor = 'daily_conflict'\nreplicates = 12\nreference_couples = 100\n";
    let all = format!(
        "{power}[power.vary]\ncouples = [20, 40]\nburst_days = [4, 8]\ncompliance = [0.7, 1.0]\n"
    );
    let run = |power: &str, threads: usize| {
        let scenario = study_scenario("", power);
        let pool = crate::options::thread_pool(Some(threads)).expect("threads");
        pool.install(|| study_results(&scenario))
    };
    let (one, references) = run(&all, 1);
    assert_eq!((one.len(), references.len()), (8, 2));
    assert_eq!((one.clone(), references.clone()), run(&all, 3));
    let alone = "[power.vary]\ncouples = [20, 40]\nburst_days = [4]\ncompliance = [0.7]\n";
    let (alone, reference) = run(&format!("{power}{alone}"), 2);
    // The couples of a reference are those of the largest design.
    assert_eq!(reference[0], references[0]);
    let of = |couples: f64, results: &[DesignResult]| {
        let found = results.iter().find(|own| {
            let of = |quantity: DesignQuantity| own.design[quantity as usize];
            of(DesignQuantity::Couples) == couples
                && of(DesignQuantity::BurstDays) == 4.0
                && of(DesignQuantity::Compliance) == 0.7
        });
        found.expect("the design").clone()
    };
    for couples in [20.0, 40.0] {
        assert_eq!(of(couples, &one), of(couples, &alone));
    }
    assert_ne!(of(20.0, &one).effects, of(40.0, &one).effects);
}

#[test]
fn couples_that_cannot_be_recruited_are_counted() {
    let text = STUDY.replace("couples = 60\ndays = 12", "couples = 40\ndays = 400");
    let text = text.replace("waves = 0", "waves = 0\nenter_from = 380");
    let power = "[power]\noutcome = 'daily_satisfaction'\npredictor = 'daily_conflict'\nreplicates = 10\n\
                 reference_couples = 100\n";
    let scenario =
        Scenario::parse(&format!("{text}{power}")).unwrap_or_else(|error| panic!("{error}"));
    let (results, references) = study_results(&scenario);
    let sample = &results[0].sample;
    assert_eq!(sample.short, 10);
    assert!(
        sample.recruited() > 3.0 && sample.recruited() < 38.0,
        "{sample:?}"
    );
    assert!(references[0].couples < references[0].count() * 38);
    assert!((0.6..0.95).contains(&sample.answered()), "{sample:?}");
}

#[test]
fn a_search_over_days_of_a_study_ends() {
    let power = "predictor = 'daily_conflict'\nreplicates = 10\nreference_couples = 100\n[power.search]\n\
                 effect = 'actor_a'\nquantity = 'burst_days'\nfrom = 2\nto = 8\n";
    let scenario = study_scenario("", power);
    let power = scenario.spec.power.as_ref().expect("a [power]");
    let task = PowerTask {
        power,
        config: scenario.config(),
    };
    let wanted = power.search.as_ref().expect("a search");
    let open = power.designs_without(wanted.quantity);
    let found = searched(task, wanted, &open[0]);
    assert!(found.points.len() >= 2);
    assert!(
        found
            .points
            .iter()
            .all(|point| point.count + point.failed == 10)
    );
    assert!(found.design[DesignQuantity::BurstDays as usize].is_nan());
}

/// Couples who are left at a rate of their own, which what partners have invested lowers.
const PANEL: &str = "title = 'x'\n[run]\nseed = 4\ncouples = 80\ndays = 40\n[mechanisms]\ndeliberation = false\n\
                     investment = false\n[parameters]\noutside_rate = 0.04\n[initial]\n\
                     investment = { dist = 'uniform', low = 0.0, high = 0.9 }\n[study]\ncouples = 60\nwaves = 2\n\
                     wave_interval = 10\nfollow_up = 8\nburst_days = 0\nquestionnaire = ['prqc_trust', 'ims_investment']\n\
                     wave_compliance = 0.9\ndrop_out = 0.1\n";

fn panel_scenario(changes: &[(&str, &str)], power: &str) -> Scenario {
    let mut text = format!("{PANEL}[power]\nanalysis = 'break_up'\n{power}");
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}"))
}

/// The tables of `pairbond study` of the first data set of a study.
fn written(study: &PreparedStudy, name: &str) -> Table {
    let data = study
        .replicate(1, &Control::default())
        .expect("not cancelled");
    let schemas = layouts::schemas(study);
    let tables = layouts::rows(study, &data, &schemas);
    let (schema, rows) = schemas
        .into_iter()
        .zip(tables)
        .find(|(schema, _)| schema.table == name)
        .expect("the table");
    Table { schema, rows }
}

#[test]
fn break_ups_and_scores_are_those_that_the_study_writes() {
    for partners in ["distinguishable", "exchangeable"] {
        let power = format!("predictor = 'prqc_trust'\npartners = '{partners}'\n");
        let steps = [("days = 40", "days = 40\nstep_days = 0.5")];
        let scenario = panel_scenario(&steps, &power);
        let power = scenario.spec.power.as_ref().expect("a [power]");
        let measures = power.study().expect("effects of couples");
        let whole = PreparedStudy::new(scenario.config()).expect("a study");
        let base = whole.design().clone();
        let part = power.study_of(&base, &power.designs()[0]);
        assert!(part.questionnaire.len() < base.questionnaire.len());
        let part = PreparedStudy::sharing(scenario.config(), vec![part]).remove(0);
        let data = part
            .replicate(1, &Control::default())
            .expect("not cancelled");
        let found = break_ups(power, measures, &part, &data, &base);

        let participants = written(&whole, "participants");
        let waves = written(&whole, "waves_dyad");
        let of = |table: &Table, name: &str| -> Vec<f64> {
            table.floats(name).expect("a column").to_vec()
        };
        let times = of(&participants, "time");
        let ends = of(&participants, "separated");
        let scores = [1, 2].map(|member| of(&waves, &format!("prqc_trust_{member}")));
        let mut expected = Vec::new();
        for (couple, time) in times.iter().enumerate() {
            // Two waves a couple.
            let [a, b] = [0, 1].map(|member| scores[member][2 * couple]);
            let own = match partners {
                "distinguishable" => vec![a, b],
                _ if a.is_nan() => vec![b],
                _ if b.is_nan() => vec![a],
                _ => vec![(a + b) / 2.0],
            };
            if *time > 0.0 && own.iter().all(|score| score.is_finite()) {
                expected.push(((2.0 * time) as u32, ends[couple].is_finite(), own));
            }
        }
        let rows = found.durations.iter().enumerate();
        let rows: Vec<(u32, bool, Vec<f64>)> = rows
            .map(|(row, own)| {
                let scores = found.scores.iter().map(|column| column[row]).collect();
                (own.0, own.1, scores)
            })
            .collect();
        assert_eq!(rows, expected);
        let (couples, ended) = found.counts();
        assert!(couples <= 60 && couples > 40 && ended > 10 && ended < couples);
    }
}

#[test]
fn a_score_that_moves_break_ups_is_found_and_one_that_does_not_as_often_as_the_level_says() {
    let power = "predictor = 'ims_investment'\nreplicates = 40\nreference_couples = 2000\n";
    let (results, references) = study_results(&panel_scenario(&[], power));
    let result = &results[0];
    assert_eq!(result.effects.len(), 2);
    for (place, effect) in result.effects.iter().enumerate() {
        let truth = references[0].truths()[place];
        // The hazard is the sum of what both partners have not invested; the scale has eight points.
        assert!((-2.0..-0.6).contains(&(8.0 * truth.value)), "{truth:?}");
        assert!(truth.value < -5.0 * truth.error, "{truth:?}");
        assert!(effect.power().value > 0.15, "{effect:?}");
        assert!(
            effect.mean() < 0.0 && effect.coverage().value > 0.8,
            "{effect:?}"
        );
    }
    let sample = &result.sample;
    assert!((0.84..0.96).contains(&sample.answered()), "{sample:?}");
    assert!(
        sample.analysed() < 56.0 && sample.ended() > 10.0,
        "{sample:?}"
    );

    let none = [("{ dist = 'uniform', low = 0.0, high = 0.9 }", "0.3")];
    let power = "predictor = 'prqc_trust'\nreplicates = 200\nreference_couples = 2000\n\
                 partners = 'exchangeable'\n";
    let (results, references) = study_results(&panel_scenario(&none, power));
    let effect = &results[0].effects[0];
    assert_eq!((results[0].effects.len(), results[0].failed), (1, 0));
    // Four standard errors around 0.05 and 0.95.
    assert!((effect.power().value - 0.05).abs() < 0.062, "{effect:?}");
    assert!((effect.coverage().value - 0.95).abs() < 0.062, "{effect:?}");
    let interval = references[0].truths()[0].interval();
    assert!(interval.half_width() < 0.2, "{interval:?}");
}

#[test]
fn panels_without_break_ups_are_counted_as_failed_and_said() {
    let changes = [("outside_rate = 0.04", "outside_rate = 0.0002")];
    let power = "predictor = 'prqc_trust'\nreplicates = 20\nreference_couples = 100\n";
    let (results, references) = study_results(&panel_scenario(&changes, power));
    let result = &results[0];
    assert!(result.failed > 3, "{result:?}");
    assert_eq!(result.effects[0].count() + result.failed, 20);
    assert!(references[0].failed > 0);
}

#[test]
fn designs_of_a_panel_share_couples_and_depend_neither_on_threads_nor_on_each_other() {
    let power = "predictor = 'ims_investment'\nreplicates = 10\nreference_couples = 100\n";
    let all = format!(
        "{power}[power.vary]\ncouples = [30, 60]\nfollow_up = [2, 8]\nwave_compliance = [0.6, 1.0]\n"
    );
    let run = |power: &str, threads: usize| {
        let scenario = panel_scenario(&[], power);
        let pool = crate::options::thread_pool(Some(threads)).expect("threads");
        pool.install(|| study_results(&scenario))
    };
    let (one, references) = run(&all, 1);
    assert_eq!((one.len(), references.len()), (8, 2));
    assert_eq!((one.clone(), references.clone()), run(&all, 3));
    let alone = "[power.vary]\ncouples = [60]\nfollow_up = [8]\nwave_compliance = [1.0]\n";
    let (alone, reference) = run(&format!("{power}{alone}"), 2);
    assert_eq!(references[1], reference[0]);
    let largest = one.last().expect("a design");
    assert_eq!(*largest, alone[0]);
    let of = |quantity: DesignQuantity| largest.design[quantity as usize];
    assert_eq!(of(DesignQuantity::FollowUp), 8.0);
    // Followed for longer, more couples break up.
    let ended = |place: usize| one[place].sample.ended();
    assert!(ended(7) > ended(5) && ended(7) > ended(6), "{one:?}");
}

/// Growth of what partners invest in 30 days, of couples who stay together.
fn growth_scenario(changes: &[(&str, &str)], power: &str) -> Scenario {
    let mut all = vec![
        ("'break_up'", "'growth'\noutcome = 'ims_investment'"),
        ("deliberation = false", "dissolution = false"),
        ("waves = 2", "waves = 4"),
        ("follow_up = 8\n", ""),
        (
            "'prqc_trust', 'ims_investment'",
            "'prqc_trust', 'ims_investment', 'prqc_intimacy'",
        ),
    ];
    all.extend(changes);
    panel_scenario(&all, power)
}

#[test]
fn rows_of_growth_are_those_that_the_study_writes() {
    for partners in ["distinguishable", "exchangeable"] {
        let power = format!("predictor = 'prqc_trust'\npartners = '{partners}'\n");
        let scenario = growth_scenario(&[("dissolution = false", "deliberation = false")], &power);
        let power = scenario.spec.power.as_ref().expect("a [power]");
        let measures = power.study().expect("effects of couples");
        let whole = PreparedStudy::new(scenario.config()).expect("a study");
        let base = whole.design().clone();
        let part = power.study_of(&base, &power.designs()[0]);
        assert_eq!((base.questionnaire.len(), part.questionnaire.len()), (3, 2));
        let part = PreparedStudy::sharing(scenario.config(), vec![part]).remove(0);
        let data = part
            .replicate(1, &Control::default())
            .expect("not cancelled");
        let found = growth_rows(power, measures, &part, &data, &base);

        let table = written(&whole, "waves_pairwise");
        let of = |name: &str| table.floats(name).expect("a column").to_vec();
        let (outcome, own, other) = (
            of("ims_investment_a"),
            of("prqc_trust_a"),
            of("prqc_trust_p"),
        );
        // Four waves a person, two persons a couple.
        let first = |row: usize| row / 4 * 4;
        let are_known =
            |row: &usize| own[first(*row)].is_finite() && other[first(*row)].is_finite();
        let starts: Vec<usize> = (0..outcome.len()).step_by(4).filter(are_known).collect();
        let mean = |side: usize| {
            let scores = starts.iter().filter(|row| *row / 4 % 2 == side);
            let moments: RunningMoments = scores.map(|row| own[*row]).collect();
            moments.mean()
        };
        let mut means = [mean(0), mean(1)];
        if partners == "exchangeable" {
            means = [0.5 * (means[0] + means[1]); 2];
        }
        let mut count = 0;
        for row in (0..outcome.len()).filter(|row| outcome[*row].is_finite() && are_known(row)) {
            let (place, person) = (found.places[count], row / 4 % 2);
            assert_eq!((place.person, place.day as usize), (person, 10 * (row % 4)));
            assert_eq!(found.outcome[count], outcome[row]);
            assert!((found.times[count] * 365.25 - 10.0 * (row % 4) as f64).abs() < 1e-9);
            let [actor, partner] = [&found.predictors[0], &found.predictors[1]];
            assert!((actor[count] - own[first(row)] + means[person]).abs() < 1e-9);
            assert!((partner[count] - other[first(row)] + means[1 - person]).abs() < 1e-9);
            count += 1;
        }
        assert!(count > 150 && count == found.outcome.len(), "{count}");
        assert_eq!(2 * found.couples, starts.len() as u64);
    }
}

#[test]
fn growth_that_a_score_moves_is_found_and_one_that_it_does_not_as_often_as_the_level_says() {
    let invest = [
        ("investment = false\n", ""),
        ("{ dist = 'uniform', low = 0.0, high = 0.9 }", "0.3"),
        (
            "[study]",
            "intimacy = { dist = 'uniform', low = 0.0, high = 1.0 }\n[study]",
        ),
    ];
    let power = "predictor = 'prqc_intimacy'\nreplicates = 20\nreference_couples = 1200\n\
                 partners = 'exchangeable'\n[power.vary]\nreliability = [1.0]\n";
    let (results, references) = study_results(&growth_scenario(&invest, power));
    // Intercept, slope, actor and partner effects on the level and on the slope.
    let (slope, actor) = (&results[0].effects[1], &results[0].effects[4]);
    let truths = references[0].truths();
    assert_eq!((results[0].failed, truths.len()), (0, 6));
    assert!(truths[1].value > 5.0 * truths[1].error, "{truths:?}");
    assert!(truths[4].value > 3.0 * truths[4].error, "{truths:?}");
    assert_eq!(slope.power().value, 1.0, "{slope:?}");
    assert!(actor.power().value > 0.2, "{actor:?}");

    let power =
        "predictor = 'prqc_trust'\nreplicates = 60\nreference_couples = 1200\nmethod = 'ml'\n";
    let (results, references) = study_results(&growth_scenario(&[], power));
    assert_eq!(results[0].effects.len(), 12);
    let slopes = [4, 5, 10, 11].map(|place| &results[0].effects[place]);
    let found: u64 = slopes.iter().map(|effect| effect.significant()).sum();
    // 240 tests at a level of 0.05, of which those of one data set are alike: twelve are expected.
    assert!(found <= 26, "{found}");
    for effect in slopes {
        assert!(effect.coverage().value > 0.85, "{effect:?}");
    }
    let truth = references[0].truths()[4];
    assert!(truth.value.abs() < 4.0 * truth.error, "{truth:?}");
    assert!(results[0].sample.analysed() < 55.0 && results[0].sample.analysed() > 40.0);
}
