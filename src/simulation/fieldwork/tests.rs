//! What fieldwork promises: answers that depend on nothing but state, instrument and address, pairwise
//! rows that agree with the long ones, and a diary of those who are together.

use super::*;
use crate::foundation::chance::{Key, Realm};
use crate::foundation::table::{Batch, Header, Values};
use crate::simulation::rows::Name;
use crate::simulation::testing::small_world;
use crate::simulation::{Block, Course, DayRows, Engine, couples_header, days_header, run_block};

const DAYS: u32 = 30;

fn asked(change: impl Fn(&mut Fieldwork)) -> Fieldwork {
    let mut work = Fieldwork::usual(DAYS);
    change(&mut work);
    work
}

/// The answers of a block of couples, and the latent rows of all its days.
fn lived(work: &Fieldwork, couples: u64) -> (Answers, Batch) {
    lived_by(work, couples, Engine::best())
}

fn lived_by(work: &Fieldwork, couples: u64, engine: Engine) -> (Answers, Batch) {
    let mut world = small_world(couples, DAYS);
    world.parameters.breakup_rate = 0.02;
    world.record.fieldwork = Some(work.clone());
    world.record.days = DayRows::All;
    let block = Block {
        replicate: 0,
        index: 0,
    };
    let outcome = run_block(&Course::new(world), block, engine, None);
    (outcome.answers.expect("answers"), outcome.days)
}

/// A column as numbers; missing ones are NaN.
fn column(header: &Header, rows: &Batch, name: &str) -> Vec<f64> {
    let at = header.position(name).expect(name);
    match &rows.columns[at] {
        Values::Real(v) => v.clone(),
        Values::Whole(v) => v
            .iter()
            .map(|x| if *x == i64::MIN { f64::NAN } else { *x as f64 })
            .collect(),
        Values::Word(v) => v.iter().map(|x| f64::from(*x)).collect(),
        Values::Text(_) => Vec::new(),
    }
}

/// Each row's couple, person and day, with a column's value.
fn keyed(header: &Header, rows: &Batch, name: &str) -> Vec<([u64; 2], f64)> {
    let persons = column(header, rows, "person_id");
    let days = column(header, rows, "day");
    let values = column(header, rows, name);
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
    let truth = days_header("days");
    let pairs = [
        (
            diary_header(&work),
            &answers.diary,
            "daily_satisfaction",
            "daily_satisfaction",
        ),
        (
            diary_header(&work),
            &answers.diary,
            "daily_closeness",
            "intimacy",
        ),
        (diary_header(&work), &answers.diary, "daily_trust", "trust"),
        (
            diary_header(&work),
            &answers.diary,
            "daily_stress",
            "stress",
        ),
        (
            diary_header(&work),
            &answers.diary,
            "daily_disclosure",
            "disclosure",
        ),
        (
            diary_header(&work),
            &answers.diary,
            "daily_responsiveness",
            "perceived",
        ),
        (
            waves_header(&work),
            &answers.waves,
            "satisfaction",
            "satisfaction",
        ),
        (
            waves_header(&work),
            &answers.waves,
            "commitment",
            "commitment",
        ),
        (
            waves_header(&work),
            &answers.waves,
            "investment",
            "investment",
        ),
        (waves_header(&work), &answers.waves, "anxiety", "anxiety"),
        (
            waves_header(&work),
            &answers.waves,
            "avoidance",
            "avoidance",
        ),
    ];
    for (header, rows, score, state) in pairs {
        let states = keyed(&truth, &days, state);
        let scores = keyed(&header, rows, score);
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
    let mut world = small_world(20, DAYS);
    world.record.fieldwork = Some(work.clone());
    let course = Course::new(world);
    let block = Block {
        replicate: 0,
        index: 0,
    };
    let outcome = run_block(&course, block, Engine::best(), None);
    let (couples, answers) = (outcome.couples, outcome.answers.expect("answers"));
    let started = couples_header(&course.world.origin);
    let [a, b] = ["a", "b"].map(|role| column(&started, &couples, &format!("stress_start_{role}")));
    let scores = keyed(&diary_header(&work), &answers.diary, "daily_stress");
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
    let header = diary_header(&little);
    for name in [
        "answered",
        "daily_satisfaction",
        "daily_stress",
        "daily_conflict",
    ] {
        let few = bits(&keyed(&header, &few.diary, name));
        let many = bits(&keyed(&header, &many.diary, name));
        assert!(
            few.len() > 100 && few.iter().all(|row| many.contains(row)),
            "{name}"
        );
    }
    let header = waves_header(&little);
    let few = bits(&keyed(&header, &few.waves, "anxiety"));
    let many = bits(&keyed(&header, &many.waves, "anxiety"));
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
    let header = waves_header(&usual);
    let same = |name: &str| {
        bits(&keyed(&header, &one.waves, name)) == bits(&keyed(&header, &other.waves, name))
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
    for engine in Engine::available() {
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
    let header = diary_header(&work);
    let answered = column(&header, &answers.diary, "answered");
    let truth = keyed(&days_header("days"), &days, "trust");
    let rows = keyed(&header, &answers.diary, "daily_trust");
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
    let (long, wide) = (diary_header(&work), pairwise_header(&work));
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
    let spread = |work: &Fieldwork| {
        let mut sums = [Account::default(); SCALE_COUNT];
        let mut world = small_world(640, DAYS);
        world.record.fieldwork = Some(work.clone());
        let course = Course::new(world);
        for index in 0..10 {
            let block = Block {
                replicate: 0,
                index,
            };
            let outcome = run_block(&course, block, Engine::best(), None);
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
    let key = Key::new(7, 0, 0, Realm::Measurement);
    let answers = answer(&work, &key, std::iter::once(respondents));
    let stress = column(&diary_header(&work), &answers.diary, "daily_stress");
    let first: Vec<String> = stress[..8].iter().map(|x| format!("{x:.3}")).collect();
    assert_eq!(first, FIRST, "{first:?}");
}

/// The first days' stress of both partners, as they answered.
const FIRST: [&str; 8] = [
    "1.667", "3.333", "4.000", "5.000", "3.667", "5.333", "4.000", "5.000",
];
