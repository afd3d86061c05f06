//! Answers depend only on state, instrument and address; pairwise rows agree with the diary; only
//! intact couples answer.

use super::answers::PersonSnapshot;
use super::*;
use crate::rng::{Key, StreamKind};
use crate::simd::backend::Backend;
use crate::simulation::tables::{
    CoupleId, couples_schema, days_schema, diary_schema, items_schema, pairwise_schema,
    waves_schema, waves_wide_schema,
};
use crate::simulation::test_support::small_config;
use crate::simulation::{
    Block, BlockOutcome, BlockTable, BlockTables, DayRows, PreparedRun, run_block,
};
use crate::table::{Batch, Schema, Values};

const DAYS: u32 = 30;

fn requested(change: impl Fn(&mut Survey)) -> Survey {
    let mut survey = Survey::default_for(DAYS);
    change(&mut survey);
    survey
}

/// What a block's couples answered.
#[derive(Debug)]
struct Answers {
    diary: Batch,
    pairwise: Batch,
    waves: Batch,
    wide: Batch,
    reliability: [ReliabilityStats; SCALE_COUNT],
}

impl From<BlockOutcome> for Answers {
    fn from(mut outcome: BlockOutcome) -> Answers {
        Answers {
            diary: outcome.tables.take(BlockTable::Diary),
            pairwise: outcome.tables.take(BlockTable::DiaryPairwise),
            waves: outcome.tables.take(BlockTable::Waves),
            wide: outcome.tables.take(BlockTable::WavesWide),
            reliability: outcome.reliability,
        }
    }
}

/// The answers of a block of couples, and the latent rows of all its days.
fn simulated(survey: &Survey, couples: u64) -> (Answers, Batch) {
    simulated_by(survey, couples, Backend::best())
}

fn simulated_by(survey: &Survey, couples: u64, backend: Backend) -> (Answers, Batch) {
    let mut config = small_config(couples, DAYS);
    config.parameters.outside_rate = 0.005;
    config.record.survey = Some(survey.clone());
    config.record.days = DayRows::All;
    let block = Block {
        replicate: 0,
        index: 0,
    };
    let mut outcome = run_block(&PreparedRun::new(config), block, backend, None);
    let days = outcome.tables.take(BlockTable::Days);
    (outcome.into(), days)
}

/// A column as numbers; missing ones are NaN.
fn column(schema: &Schema, rows: &Batch, name: &str) -> Vec<f64> {
    let at = schema.position(name).expect(name);
    match &rows.columns[at] {
        Values::Float(v) => v.clone(),
        Values::Int(v) => v
            .iter()
            .map(|x| if *x == i64::MIN { f64::NAN } else { *x as f64 })
            .collect(),
        Values::Categorical(v) => v.iter().map(|x| f64::from(*x)).collect(),
        Values::Str(_) => Vec::new(),
    }
}

/// Each row's couple, person and day, with a column's value.
fn keyed(schema: &Schema, rows: &Batch, name: &str) -> Vec<([u64; 2], f64)> {
    let persons = column(schema, rows, "person_id");
    let days = column(schema, rows, "day");
    let values = column(schema, rows, name);
    let keys = persons.iter().zip(&days);
    keys.map(|(person, day)| [*person as u64, *day as u64])
        .zip(values)
        .collect()
}

fn bits(keyed: &[([u64; 2], f64)]) -> Vec<([u64; 2], u64)> {
    keyed.iter().map(|(key, x)| (*key, x.to_bits())).collect()
}

#[test]
fn without_errors_scores_are_the_states() {
    let survey = requested(|survey| {
        survey.points = 0;
        survey.style = 0.0;
        survey.missing = 0.0;
        survey.reliability = [1.0; SCALE_COUNT];
        survey.waves = vec![DAYS];
        survey.diary_from = 12;
    });
    let (answers, days) = simulated(&survey, 20);
    let truth = days_schema("days");
    let pairs = [
        (
            diary_schema(&survey),
            &answers.diary,
            "daily_satisfaction",
            "daily_satisfaction",
        ),
        (
            diary_schema(&survey),
            &answers.diary,
            "daily_closeness",
            "daily_closeness",
        ),
        (
            diary_schema(&survey),
            &answers.diary,
            "daily_trust",
            "trust",
        ),
        (
            diary_schema(&survey),
            &answers.diary,
            "daily_stress",
            "stress",
        ),
        (
            diary_schema(&survey),
            &answers.diary,
            "daily_disclosure",
            "disclosure",
        ),
        (
            diary_schema(&survey),
            &answers.diary,
            "daily_responsiveness",
            "perceived",
        ),
        (
            waves_schema(&survey),
            &answers.waves,
            "satisfaction",
            "satisfaction",
        ),
        (
            waves_schema(&survey),
            &answers.waves,
            "commitment",
            "commitment",
        ),
        (
            waves_schema(&survey),
            &answers.waves,
            "investment",
            "investment",
        ),
        (waves_schema(&survey), &answers.waves, "anxiety", "anxiety"),
        (
            waves_schema(&survey),
            &answers.waves,
            "avoidance",
            "avoidance",
        ),
    ];
    for (schema, rows, score, state) in pairs {
        let states = keyed(&truth, &days, state);
        let scores = keyed(&schema, rows, score);
        assert!(scores.len() >= 20, "{score}");
        for (key, score_found) in scores {
            // The diary asks for the stress at the start of the day.
            let [person, day] = key;
            let key = [person, day - u64::from(score == "daily_stress")];
            let state = states.iter().find(|(other, _)| *other == key);
            let expected = 1.0 + 6.0 * state.expect("a latent row").1;
            let same = (score_found - expected).abs() < 1e-12
                || (score_found.is_nan() && expected.is_nan());
            assert!(same, "{score} {key:?}: {score_found} for {expected}");
        }
    }
}

#[test]
fn the_wide_table_holds_the_scores_of_the_long_one() {
    let survey = requested(|survey| survey.waves = vec![10, 20, DAYS]);
    let (answers, _) = simulated(&survey, 40);
    let (long, wide) = (waves_schema(&survey), waves_wide_schema(&survey));
    assert_eq!(answers.wide.rows(), 40, "a row for every couple");
    let couples = column(&wide, &answers.wide, "couple_id");
    let [persons, waves] = ["person_id", "wave"].map(|name| column(&long, &answers.waves, name));
    let (mut found, mut missing) = (0, 0);
    for scale in ["trust", "avoidance"] {
        let scores = column(&long, &answers.waves, scale);
        for wave in 1..=3 {
            for (person, side) in ["a", "b"].into_iter().enumerate() {
                let side = column(&wide, &answers.wide, &format!("{scale}_{side}_w{wave}"));
                for (couple, score) in couples.iter().zip(side) {
                    let id = 2.0 * couple - 1.0 + person as f64;
                    let row = (0..scores.len())
                        .find(|row| persons[*row] == id && waves[*row] == f64::from(wave));
                    match row {
                        Some(row) => assert_eq!(score.to_bits(), scores[row].to_bits()),
                        None => assert!(score.is_nan(), "{couple} {wave}"),
                    }
                    found += usize::from(row.is_some());
                    missing += usize::from(row.is_none());
                }
            }
        }
    }
    assert!(found > 200 && missing > 20, "{found} {missing}");
}

#[test]
fn the_first_diary_day_asks_for_the_stress_at_the_start() {
    let survey = requested(|survey| {
        survey.points = 0;
        survey.style = 0.0;
        survey.missing = 0.0;
        survey.reliability = [1.0; SCALE_COUNT];
        survey.diary_from = 1;
    });
    let mut config = small_config(20, DAYS);
    config.record.survey = Some(survey.clone());
    let run = PreparedRun::new(config);
    let block = Block {
        replicate: 0,
        index: 0,
    };
    let mut outcome = run_block(&run, block, Backend::best(), None);
    let couples = outcome.tables.take(BlockTable::Couples);
    let answers = Answers::from(outcome);
    let started = couples_schema([false; 2]);
    let [a, b] = ["a", "b"].map(|role| column(&started, &couples, &format!("stress_start_{role}")));
    let scores = keyed(&diary_schema(&survey), &answers.diary, "daily_stress");
    let first: Vec<_> = scores.iter().filter(|(key, _)| key[1] == 1).collect();
    assert_eq!(first.len(), 40);
    for (key, score) in first {
        let person = key[0] as usize - 1;
        let stress = [&a, &b][person % 2][person / 2];
        assert!((score - (1.0 + 6.0 * stress)).abs() < 1e-12, "{key:?}");
    }
}

#[test]
fn asking_more_changes_no_other_answer() {
    let little = requested(|survey| {
        survey.diary_from = 20;
        survey.diary_days = 5;
    });
    let much = requested(|survey| {
        survey.waves = vec![3, 21, DAYS];
        survey.diary_from = 1;
        survey.diary_days = DAYS;
    });
    let (few, _) = simulated(&little, 20);
    let (many, _) = simulated(&much, 50);
    let schema = diary_schema(&little);
    for name in [
        "answered",
        "daily_satisfaction",
        "daily_stress",
        "daily_conflict",
    ] {
        let few = bits(&keyed(&schema, &few.diary, name));
        let many = bits(&keyed(&schema, &many.diary, name));
        assert!(
            few.len() > 100 && few.iter().all(|row| many.contains(row)),
            "{name}"
        );
    }
    let schema = waves_schema(&little);
    let few = bits(&keyed(&schema, &few.waves, "anxiety"));
    let many = bits(&keyed(&schema, &many.waves, "anxiety"));
    assert!(few.len() > 20 && few.iter().all(|row| many.contains(row)));
    assert!(many.len() > 3 * few.len());
}

#[test]
fn changing_one_scale_changes_no_other() {
    let default = requested(|_| {});
    let rough = requested(|survey| {
        survey.reliability[0] = 0.4;
        survey.items[1] = 9;
    });
    let (one, _) = simulated(&default, 30);
    let (other, _) = simulated(&rough, 30);
    let schema = waves_schema(&default);
    let same = |name: &str| {
        bits(&keyed(&schema, &one.waves, name)) == bits(&keyed(&schema, &other.waves, name))
    };
    assert!(!same("trust") && !same("intimacy"));
    for scale in &SCALES[2..WAVE_SCALES] {
        assert!(same(scale.key), "{}", scale.key);
    }
    assert_eq!(format!("{:?}", one.diary), format!("{:?}", other.diary));
}

#[test]
fn every_backend_gives_the_same_answers() {
    let survey = requested(|survey| survey.diary_days = 10);
    let (best, _) = simulated(&survey, 64);
    for backend in Backend::available() {
        let (answers, _) = simulated_by(&survey, 64, backend);
        assert_eq!(format!("{answers:?}"), format!("{best:?}"), "{backend:?}");
        assert_eq!(answers.reliability, best.reliability, "{backend:?}");
    }
}

#[test]
fn a_missed_day_has_a_row_and_only_intact_couples_answer() {
    let survey = requested(|survey| {
        survey.missing = 0.25;
        survey.diary_from = 1;
        survey.diary_days = DAYS;
    });
    let (answers, days) = simulated(&survey, 64);
    let schema = diary_schema(&survey);
    let answered = column(&schema, &answers.diary, "answered");
    let truth = keyed(&days_schema("days"), &days, "trust");
    let rows = keyed(&schema, &answers.diary, "daily_trust");
    let names = |rows: &[([u64; 2], f64)]| rows.iter().map(|row| row.0).collect::<Vec<_>>();
    assert_eq!(names(&rows), names(&truth));
    assert!(rows.len() < 64 * 2 * DAYS as usize, "some couples separate");
    for (answered, (_, score)) in answered.iter().zip(&rows) {
        assert_eq!(*answered == 0.0, score.is_nan());
    }
    let share = 1.0 - answered.iter().sum::<f64>() / answered.len() as f64;
    assert!((share - 0.25).abs() < 0.03, "{share}");
}

#[test]
fn pairwise_rows_agree_with_the_diary() {
    let survey = requested(|survey| {
        survey.missing = 0.2;
        survey.diary_from = 3;
        survey.diary_days = 20;
    });
    let (answers, _) = simulated(&survey, 40);
    let (long, wide) = (diary_schema(&survey), pairwise_schema(&survey));
    assert_eq!(answers.diary.rows(), answers.pairwise.rows());
    for name in [
        "daily_satisfaction",
        "daily_responsiveness",
        "daily_conflict",
    ] {
        let rows = keyed(&long, &answers.diary, name);
        let value = |person: u64, day: u64| {
            let found = rows.iter().find(|(key, _)| *key == [person, day]);
            found.map_or(f64::NAN, |row| row.1)
        };
        let mean = |person: u64| {
            let own: Vec<f64> = rows
                .iter()
                .filter(|(key, x)| key[0] == person && x.is_finite())
                .map(|row| row.1)
                .collect();
            own.iter().sum::<f64>() / own.len() as f64
        };
        let partner = |person: u64| {
            if person % 2 == 1 {
                person + 1
            } else {
                person - 1
            }
        };
        let same = |found: f64, expected: f64| {
            (found - expected).abs() < 1e-12 || (found.is_nan() && expected.is_nan())
        };
        for (view, of) in [("a", false), ("p", true)] {
            let column =
                |suffix: &str| keyed(&wide, &answers.pairwise, &format!("{name}_{view}{suffix}"));
            let all = [column(""), column("_cm"), column("_cwc"), column("_lag1")];
            for row in 0..answers.pairwise.rows() {
                let [own, day] = all[0][row].0;
                let person = if of { partner(own) } else { own };
                let expected = [
                    value(person, day),
                    mean(person),
                    value(person, day) - mean(person),
                    value(person, day - 1),
                ];
                for (found, expected) in all.iter().zip(expected) {
                    assert!(same(found[row].1, expected), "{name} {own} {day}");
                }
            }
        }
    }
}

#[test]
fn scales_have_the_wanted_reliability_at_their_standard_deviation() {
    let mut survey = requested(|survey| {
        survey.points = 0;
        survey.style = 0.0;
    });
    let spread = |survey: &Survey| {
        let mut sums = [ReliabilityStats::default(); SCALE_COUNT];
        let mut config = small_config(640, DAYS);
        config.record.survey = Some(survey.clone());
        let run = PreparedRun::new(config);
        for index in 0..10 {
            let block = Block {
                replicate: 0,
                index,
            };
            let outcome = run_block(&run, block, Backend::best(), None);
            for (sum, own) in sums.iter_mut().zip(&outcome.reliability) {
                sum.join(own);
            }
        }
        sums
    };
    survey.sd = spread(&survey).map(|stats| stats.state_sd());
    for (index, stats) in spread(&survey).iter().enumerate() {
        let (key, found) = (SCALES[index].key, stats.reliability());
        // Answers are clamped at the ends of a scale.
        let most = match key {
            "daily_disclosure" | "alternatives" => 0.06,
            _ => 0.03,
        };
        let requested = survey.reliability[index];
        assert!(
            (found - requested).abs() < most,
            "{key}: {found} for {requested}"
        );
    }
}

#[test]
fn answers_keep_their_values() {
    let survey = requested(|survey| survey.missing = 0.3);
    let days = 17..=DAYS;
    let person = |state| PersonSnapshot {
        states: [state; SCALE_COUNT],
        shortfall: 0.0,
        conflict: true,
        fights: 0.0,
        unresponsive: true,
    };
    let snapshots: Vec<CoupleSnapshot> = days
        .map(|day| CoupleSnapshot {
            part: 1,
            day,
            persons: [person(0.6), person(0.7)],
        })
        .collect();
    let couple = SurveyedCouple {
        number: 3,
        id: CoupleId {
            replicate: 0,
            couple: 4,
            number: 4,
        },
        initial_stress: [0.2, 0.4],
        snapshots: &snapshots,
    };
    let key = Key::new(7, 0, 0, StreamKind::Measurement);
    let mut config = small_config(4, DAYS);
    config.record.survey = Some(survey.clone());
    let mut tables = BlockTables::empty(&config);
    answer(&survey, &key, std::iter::once(couple), &mut tables);
    let stress = column(
        &diary_schema(&survey),
        &tables[BlockTable::Diary],
        "daily_stress",
    );
    let first: Vec<String> = stress[..8].iter().map(|x| format!("{x:.3}")).collect();
    assert_eq!(first, FIRST, "{first:?}");
}

/// Stress of both partners on the first days, as answered.
const FIRST: [&str; 8] = [
    "1.667", "3.333", "3.667", "5.000", "3.333", "5.333", "4.000", "5.000",
];

#[test]
fn fights_of_a_week_are_those_of_its_days() {
    let survey = requested(|survey| {
        survey.waves = vec![5, 20, DAYS];
        survey.fight_waves = vec![5, DAYS];
        survey.diary_days = 0;
    });
    let (answers, days) = simulated(&survey, 60);
    let found = keyed(&waves_schema(&survey), &answers.waves, "fights");
    let truth = keyed(&days_schema("days"), &days, "fights");
    let mut counted = 0.0;
    for ([person, wave], fights) in found {
        if wave == 20 {
            assert!(fights.is_nan(), "not asked");
            continue;
        }
        let week = wave.saturating_sub(6)..=wave;
        let rows = truth.iter();
        let own = rows.filter(|([own, day], _)| *own == person && week.contains(day));
        let expected: f64 = own.map(|(_, fights)| fights).sum();
        assert_eq!(fights, expected, "person {person} on day {wave}");
        counted += fights;
    }
    assert!(counted > 20.0, "{counted} fights");
    let plain = requested(|survey| survey.waves = vec![DAYS]);
    assert_eq!(waves_schema(&plain).position("fights"), None);
}

#[test]
fn scales_of_the_questionnaire_come_before_those_of_the_diary() {
    let (waves, diary) = SCALES.split_at(WAVE_SCALES);
    assert!(waves.iter().all(|scale| scale.occasion == Occasion::Wave));
    assert!(diary.iter().all(|scale| scale.occasion == Occasion::Diary));
    assert_eq!((waves.len(), diary.len()), (8, DIARY_SCALES));
}

#[test]
fn no_two_instruments_share_an_address() {
    let mut numbers: Vec<u64> = SCALES.iter().map(|scale| scale.instrument).collect();
    numbers.extend([CONFLICT, UNRESPONSIVE, ATTENDANCE]);
    let count = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), count);
    assert!(numbers[0] > 0, "0 is the response style");
}

#[test]
fn a_score_is_one_division_of_a_whole_sum() {
    let survey = requested(|survey| {
        survey.missing = 0.1;
        survey.waves = (1..=DAYS).collect();
    });
    let (answers, _) = simulated(&survey, 60);
    let whole = |score: f64, items: f64| {
        let sum = (score * items).round();
        score.is_nan() || score.to_bits() == (sum / items).to_bits()
    };
    for (scale, items) in SCALES.iter().zip(survey.items) {
        let (schema, rows) = match scale.occasion {
            Occasion::Wave => (waves_schema(&survey), &answers.waves),
            Occasion::Diary => (diary_schema(&survey), &answers.diary),
        };
        let scores = column(&schema, rows, scale.key);
        let items = f64::from(items);
        assert!(scores.iter().any(|score| score.is_finite()));
        assert!(
            scores.iter().all(|score| whole(*score, items)),
            "{}",
            scale.key
        );
    }
    // A person's mean over days and the deviations from it are one division too.
    let pairwise = pairwise_schema(&survey);
    let wide = |suffix: &str| {
        let name = format!("daily_satisfaction_a{suffix}");
        column(&pairwise, &answers.pairwise, &name)
    };
    let own = wide("");
    for ((own, mean), deviation) in own.iter().zip(wide("_cm")).zip(wide("_cwc")) {
        if *own == mean {
            assert_eq!(deviation, 0.0);
        }
    }
}

#[test]
fn kept_items_are_the_answers_whose_mean_is_the_score() {
    let plain = requested(|survey| survey.missing = 0.1);
    let kept = requested(|survey| {
        survey.missing = 0.1;
        survey.keep_items = true;
    });
    let mut config = small_config(40, DAYS);
    config.record.survey = Some(kept.clone());
    let block = Block {
        replicate: 0,
        index: 0,
    };
    let mut outcome = run_block(&PreparedRun::new(config), block, Backend::best(), None);
    let [diary_items, wave_items] = [
        outcome.tables.take(BlockTable::DiaryItems),
        outcome.tables.take(BlockTable::WaveItems),
    ];
    let answers = Answers::from(outcome);
    let mut config = small_config(40, DAYS);
    config.record.survey = Some(plain);
    let without = Answers::from(run_block(
        &PreparedRun::new(config),
        block,
        Backend::best(),
        None,
    ));
    assert!(answers.waves == without.waves && answers.reliability == without.reliability);
    let tables = [
        (
            "wave_items",
            wave_items,
            waves_schema(&kept),
            &answers.waves,
            0..WAVE_SCALES,
        ),
        (
            "diary_items",
            diary_items,
            diary_schema(&kept),
            &answers.diary,
            WAVE_SCALES..SCALE_COUNT,
        ),
    ];
    for (table, rows, scores, scored, scales) in tables {
        let schema = items_schema(table, &kept);
        let of = column(&schema, &rows, "scale");
        let answers = keyed(&schema, &rows, "answer");
        for index in scales {
            let own = answers
                .iter()
                .zip(&of)
                .filter(|(_, scale)| **scale == index as f64);
            let own: Vec<_> = own.map(|(answer, _)| *answer).collect();
            let items = kept.items[index] as usize;
            let expected = keyed(&scores, scored, SCALES[index].key);
            let mut compared = 0;
            for (key, score) in expected.iter().filter(|(_, score)| score.is_finite()) {
                let all = own
                    .iter()
                    .filter(|(of, _)| of == key)
                    .map(|(_, answer)| *answer);
                let all: Vec<f64> = all.collect();
                assert_eq!(all.len(), items);
                assert!(
                    all.iter()
                        .all(|answer| answer.fract() == 0.0 && *answer >= 1.0)
                );
                assert_eq!(all.iter().sum::<f64>() / items as f64, *score);
                compared += 1;
            }
            assert!(compared > 50, "{}: {compared}", SCALES[index].key);
        }
    }
}
