//! What survey promises: answers that depend on nothing but state, instrument and address, pairwise
//! rows that agree with the long ones, and a diary of those who are together.

use super::*;
use crate::rng::{Key, StreamKind};
use crate::simd::backend::Backend;
use crate::simulation::rows::Name;
use crate::simulation::test_support::small_config;
use crate::simulation::{Block, DayRows, PreparedRun, couples_schema, days_schema, run_block};
use crate::table::{Batch, Schema, Values};

const DAYS: u32 = 30;

fn asked(change: impl Fn(&mut Survey)) -> Survey {
    let mut work = Survey::usual(DAYS);
    change(&mut work);
    work
}

/// The answers of a block of couples, and the latent rows of all its days.
fn lived(work: &Survey, couples: u64) -> (Answers, Batch) {
    lived_by(work, couples, Backend::best())
}

fn lived_by(work: &Survey, couples: u64, engine: Backend) -> (Answers, Batch) {
    let mut config = small_config(couples, DAYS);
    config.parameters.breakup_rate = 0.02;
    config.record.survey = Some(work.clone());
    config.record.days = DayRows::All;
    let block = Block {
        replicate: 0,
        index: 0,
    };
    let outcome = run_block(&PreparedRun::new(config), block, engine, None);
    (outcome.answers.expect("answers"), outcome.days)
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
fn every_scale_has_an_instrument_of_its_own_and_stands_where_its_occasion_is() {
    let mut numbers: Vec<u64> = SCALES.iter().map(|scale| scale.instrument).collect();
    numbers.extend([scales::CONFLICT, scales::FRICTION, scales::ATTENDANCE]);
    numbers.sort_unstable();
    let count = numbers.len();
    numbers.dedup();
    assert_eq!(numbers.len(), count);
    for (index, scale) in SCALES.iter().enumerate() {
        assert_eq!(
            scale.occasion == Occasion::Wave,
            index < scales::OF_WAVES,
            "{}",
            scale.key
        );
    }
}

#[test]
fn without_errors_scores_are_the_states() {
    let work = asked(|work| {
        work.points = 0;
        work.style = 0.0;
        work.missing = 0.0;
        work.reliability = [1.0; SCALE_COUNT];
        work.waves = vec![DAYS];
        work.diary_from = 12;
    });
    let (answers, days) = lived(&work, 20);
    let truth = days_schema("days");
    let pairs = [
        (
            diary_schema(&work),
            &answers.diary,
            "daily_satisfaction",
            "daily_satisfaction",
        ),
        (
            diary_schema(&work),
            &answers.diary,
            "daily_closeness",
            "intimacy",
        ),
        (diary_schema(&work), &answers.diary, "daily_trust", "trust"),
        (
            diary_schema(&work),
            &answers.diary,
            "daily_stress",
            "stress",
        ),
        (
            diary_schema(&work),
            &answers.diary,
            "daily_disclosure",
            "disclosure",
        ),
        (
            diary_schema(&work),
            &answers.diary,
            "daily_responsiveness",
            "perceived",
        ),
        (
            waves_schema(&work),
            &answers.waves,
            "satisfaction",
            "satisfaction",
        ),
        (
            waves_schema(&work),
            &answers.waves,
            "commitment",
            "commitment",
        ),
        (
            waves_schema(&work),
            &answers.waves,
            "investment",
            "investment",
        ),
        (waves_schema(&work), &answers.waves, "anxiety", "anxiety"),
        (
            waves_schema(&work),
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
            // A day's stress is that which it began with.
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
fn the_first_day_begins_with_the_stress_of_the_start() {
    let work = asked(|work| {
        work.points = 0;
        work.style = 0.0;
        work.missing = 0.0;
        work.reliability = [1.0; SCALE_COUNT];
        work.diary_from = 1;
    });
    let mut config = small_config(20, DAYS);
    config.record.survey = Some(work.clone());
    let course = PreparedRun::new(config);
    let block = Block {
        replicate: 0,
        index: 0,
    };
    let outcome = run_block(&course, block, Backend::best(), None);
    let (couples, answers) = (outcome.couples, outcome.answers.expect("answers"));
    let started = couples_schema(&course.config.origin);
    let [a, b] = ["a", "b"].map(|role| column(&started, &couples, &format!("stress_start_{role}")));
    let scores = keyed(&diary_schema(&work), &answers.diary, "daily_stress");
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
    let little = asked(|work| {
        work.diary_from = 20;
        work.diary_days = 5;
    });
    let much = asked(|work| {
        work.waves = vec![3, 21, DAYS];
        work.diary_from = 1;
        work.diary_days = DAYS;
    });
    let (few, _) = lived(&little, 20);
    let (many, _) = lived(&much, 50);
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
fn another_scale_of_other_reliability_moves_no_other_scale() {
    let usual = asked(|_| {});
    let rough = asked(|work| {
        work.reliability[0] = 0.4;
        work.items[1] = 9;
    });
    let (one, _) = lived(&usual, 30);
    let (other, _) = lived(&rough, 30);
    let schema = waves_schema(&usual);
    let same = |name: &str| {
        bits(&keyed(&schema, &one.waves, name)) == bits(&keyed(&schema, &other.waves, name))
    };
    assert!(!same("trust") && !same("intimacy"));
    for scale in &SCALES[2..scales::OF_WAVES] {
        assert!(same(scale.key), "{}", scale.key);
    }
    assert_eq!(format!("{:?}", one.diary), format!("{:?}", other.diary));
}

#[test]
fn every_engine_gives_the_same_answers() {
    let work = asked(|work| work.diary_days = 10);
    let (best, _) = lived(&work, 64);
    for engine in Backend::available() {
        let (answers, _) = lived_by(&work, 64, engine);
        assert_eq!(format!("{answers:?}"), format!("{best:?}"), "{engine:?}");
    }
}

#[test]
fn a_missed_day_has_a_row_without_answers_and_couples_answer_while_they_are_together() {
    let work = asked(|work| {
        work.missing = 0.25;
        work.diary_from = 1;
        work.diary_days = DAYS;
    });
    let (answers, days) = lived(&work, 64);
    let schema = diary_schema(&work);
    let answered = column(&schema, &answers.diary, "answered");
    let truth = keyed(&days_schema("days"), &days, "trust");
    let rows = keyed(&schema, &answers.diary, "daily_trust");
    let names = |rows: &[([u64; 2], f64)]| rows.iter().map(|row| row.0).collect::<Vec<_>>();
    assert_eq!(names(&rows), names(&truth));
    assert!(rows.len() < 64 * 2 * DAYS as usize, "somebody parts");
    for (answered, (_, score)) in answered.iter().zip(&rows) {
        assert_eq!(*answered == 0.0, score.is_nan());
    }
    let share = 1.0 - answered.iter().sum::<f64>() / answered.len() as f64;
    assert!((share - 0.25).abs() < 0.03, "{share}");
}

#[test]
fn pairwise_rows_agree_with_the_long_ones() {
    let work = asked(|work| {
        work.missing = 0.2;
        work.diary_from = 3;
        work.diary_days = 20;
    });
    let (answers, _) = lived(&work, 40);
    let (long, wide) = (diary_schema(&work), pairwise_schema(&work));
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
                |ending: &str| keyed(&wide, &answers.pairwise, &format!("{name}_{view}{ending}"));
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
fn a_scale_has_the_reliability_asked_for_where_states_are_spread_as_it_says() {
    let mut work = asked(|work| {
        work.points = 0;
        work.style = 0.0;
    });
    let spread = |work: &Survey| {
        let mut sums = [ReliabilityStats::default(); SCALE_COUNT];
        let mut config = small_config(640, DAYS);
        config.record.survey = Some(work.clone());
        let course = PreparedRun::new(config);
        for index in 0..10 {
            let block = Block {
                replicate: 0,
                index,
            };
            let outcome = run_block(&course, block, Backend::best(), None);
            let answers = outcome.answers.expect("answers");
            for (sum, account) in sums.iter_mut().zip(&answers.accounts) {
                sum.join(account);
            }
        }
        sums
    };
    work.sd = spread(&work).map(|account| account.state_sd());
    for (index, account) in spread(&work).iter().enumerate() {
        let (key, found) = (SCALES[index].key, account.reliability());
        if key == "investment" {
            // Couples of one age have built up the same.
            assert!(
                work.sd[index] < 1e-6 && (found.is_nan() || found < 0.1),
                "{found}"
            );
            continue;
        }
        // Errors that would lead beyond the ends of a scale are cut there.
        let most = match key {
            "daily_disclosure" | "alternatives" => 0.06,
            _ => 0.03,
        };
        let asked = work.reliability[index];
        assert!((found - asked).abs() < most, "{key}: {found} for {asked}");
    }
}

#[test]
fn answers_keep_their_values() {
    let work = asked(|work| work.missing = 0.3);
    let days = 17..=DAYS;
    let seen: Vec<Seen> = days
        .map(|day| Seen::of(day, [[0.6; 17], [0.7; 17]]))
        .collect();
    let respondents = Respondents {
        number: 3,
        name: Name {
            replicate: 0,
            id: 4,
        },
        stress: [0.2, 0.4],
        seen: &seen,
    };
    let key = Key::new(7, 0, 0, StreamKind::Measurement);
    let answers = answer(&work, &key, std::iter::once(respondents));
    let stress = column(&diary_schema(&work), &answers.diary, "daily_stress");
    let first: Vec<String> = stress[..8].iter().map(|x| format!("{x:.3}")).collect();
    assert_eq!(first, FIRST, "{first:?}");
}

/// The first days' stress of both partners, as they answered.
const FIRST: [&str; 8] = [
    "1.667", "3.333", "4.000", "5.000", "3.667", "5.333", "4.000", "5.000",
];
