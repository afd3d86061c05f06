//! Tests of data sets: what is asked, what is missing, and what the layouts say of it.

use super::layouts::{rows, schemas};
use super::sample::{AnswerState, OccasionSet, PreparedStudy, StudyReplicate};
use super::scripts::scripts;
use crate::math::functions::ln;
use crate::runner::Control;
use crate::scenario::Scenario;
use crate::simulation::survey::design::{CONFLICT_SCALE, STUDY_SCALES, study_scale};
use crate::table::{MISSING, Table};
use std::collections::BTreeMap;

fn scenario(run: &str, study: &str) -> Scenario {
    let text = format!("title = 't'\n[run]\n{run}\n[study]\n{study}");
    Scenario::parse(&text).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn prepared(run: &str, study: &str) -> PreparedStudy {
    PreparedStudy::new(scenario(run, study).config()).expect("a study")
}

fn replicate(study: &PreparedStudy, number: u32) -> StudyReplicate {
    let data = study.replicate(number, &Control::default());
    data.expect("nothing cancels it")
}

/// A study with its first data set.
fn data(run: &str, study: &str) -> (PreparedStudy, StudyReplicate) {
    let study = prepared(run, study);
    let data = replicate(&study, 0);
    (study, data)
}

fn table(study: &PreparedStudy, data: &StudyReplicate, name: &str) -> Table {
    let schemas = schemas(study);
    let all = rows(study, data, &schemas);
    let mut tables = schemas.into_iter().zip(all);
    let (schema, rows) = tables
        .find(|(schema, _)| schema.table == name)
        .unwrap_or_else(|| panic!("no table {name}"));
    Table { schema, rows }
}

fn ints(table: &Table, name: &str) -> Vec<i64> {
    table.ints(name).expect("a column of integers").to_vec()
}

fn floats(table: &Table, name: &str) -> Vec<f64> {
    table.floats(name).expect("a column of numbers").to_vec()
}

fn count(set: &OccasionSet, state: AnswerState) -> u64 {
    let states = set.states.iter().flatten();
    states.filter(|own| **own == state).count() as u64
}

/// Answered and missed prompts of a data set.
fn prompts(data: &StudyReplicate) -> [u64; 2] {
    [AnswerState::Answered, AnswerState::Missed].map(|state| {
        let couples = data.couples.iter();
        couples.map(|couple| count(&couple.prompts, state)).sum()
    })
}

/// Whether a share is within 4.5 standard errors of a probability.
fn near(count: u64, of: u64, probability: f64) -> bool {
    let (share, n) = (count as f64 / of as f64, of as f64);
    (share - probability).abs() < 4.5 * (probability * (1.0 - probability) / n).sqrt()
}

const RUN: &str = "couples = 400\ndays = 120\nseed = 3";
/// Nothing is lost and nothing is added.
const EXACT: &str = "compliance = 1.0\nwave_compliance = 1.0\ndrop_out = 0.0\nreliability = 1.0\nstyle = 0.0\n\
                     conflict_reported = 1.0\nunresponsive_as_conflict = 0.0\nconflict_false_alarm = 0.0\n";

#[test]
fn answers_without_error_are_the_states_in_steps() {
    let study = format!(
        "{EXACT}couples = 60\nwaves = 3\nwave_interval = 30\nbursts = 2\nburst_interval = 40\n"
    );
    let (study, data) = data(RUN, &study);
    let mut seen = 0;
    for couple in &data.couples {
        let design = study.design();
        let sets = [
            (&couple.waves, &design.questionnaire),
            (&couple.prompts, &design.diary),
        ];
        for (set, scales) in sets {
            for member in 0..2 {
                let both = set.answers[member].iter().zip(&set.truth[member]);
                for (position, (answer, state)) in both.enumerate() {
                    if state.is_nan() {
                        assert!(answer.is_nan());
                        continue;
                    }
                    let index = scales[position % scales.len()];
                    let expected = match index {
                        CONFLICT_SCALE => *state,
                        _ => 1.0 + (state * f64::from(STUDY_SCALES[index].steps - 1)).round(),
                    };
                    assert!((answer - expected).abs() < 1e-12, "{answer} {expected}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 8_000, "{seen}");
}

#[test]
fn states_are_those_of_the_same_couple_in_a_run() {
    let run = format!("{RUN}\n[record]\ndays = 'all'");
    let scenario = scenario(&run, "couples = 50\nenter_from = 20\nenter_until = 60\n");
    let days = scenario.run().expect("a run");
    let days = days.days().expect("days");
    let (couples, roles) = (
        days.ints("couple").expect("couples"),
        days.ints("day").expect("days"),
    );
    let trust = days.floats("daily_satisfaction").expect("satisfaction");
    let conflict = days.ints("conflict").expect("conflicts");
    let mut states = BTreeMap::new();
    for row in 0..days.rows.rows() {
        let person = days.category("role", row).expect("a role").to_owned();
        let place = (couples[row], roles[row], person);
        states.insert(place, (trust[row], conflict[row]));
    }
    let study = PreparedStudy::new(scenario.config()).expect("a study");
    let data = replicate(&study, 0);
    let place = study
        .design()
        .diary
        .iter()
        .position(|it| STUDY_SCALES[*it].key == "daily_satisfaction");
    let (place, scales) = (place.expect("asked"), study.design().diary.len());
    let mut seen = 0;
    for couple in &data.couples {
        for (occasion, moment) in study.prompts().iter().enumerate() {
            for (member, role) in ["a", "b"].into_iter().enumerate() {
                let state = couple.prompts.truth[member][occasion * scales + place];
                if state.is_nan() {
                    continue;
                }
                let day = i64::from(couple.entry_day + moment.day);
                let run = &states[&(couple.number as i64 + 1, day, role.to_owned())];
                assert_eq!(run.0.to_bits(), state.to_bits());
                assert_eq!(run.1 > 0, couple.prompts.conflict[occasion]);
                seen += 1;
            }
        }
    }
    assert!(seen > 1_000, "{seen}");
}

#[test]
fn missing_completely_at_random_has_its_rate() {
    for compliance in [0.6, 0.9] {
        let study = format!(
            "couples = 300\ncompliance = {compliance}\nwave_compliance = 0.8\nwaves = 2\nwave_interval = 30\n"
        );
        let (_, data) = data(RUN, &study);
        let [answered, missed] = prompts(&data);
        assert!(near(answered, answered + missed, compliance));
        let of = |state| {
            data.couples
                .iter()
                .map(|it| count(&it.waves, state))
                .sum::<u64>()
        };
        let (answered, missed) = (of(AnswerState::Answered), of(AnswerState::Missed));
        assert!(
            near(answered, answered + missed, 0.8),
            "{answered} {missed}"
        );
    }
}

/// Answered and missed prompts without and with a property of couple, member and occasion.
fn table_of(
    data: &StudyReplicate,
    has: impl Fn(&OccasionSet, usize, usize) -> Option<bool>,
) -> [[f64; 2]; 2] {
    let mut counts = [[0.0; 2]; 2];
    for couple in &data.couples {
        for member in 0..2 {
            for (occasion, state) in couple.prompts.states[member].iter().enumerate() {
                let column = match state {
                    AnswerState::Answered => 0,
                    AnswerState::Missed => 1,
                    _ => continue,
                };
                if let Some(has) = has(&couple.prompts, member, occasion) {
                    counts[usize::from(has)][column] += 1.0;
                }
            }
        }
    }
    counts
}

/// The logarithm of the odds ratio of a table, and its standard error (Woolf 1955).
fn log_odds_ratio([without, with]: [[f64; 2]; 2]) -> (f64, f64) {
    let ratio = ln(with[1] / with[0] / (without[1] / without[0]));
    let cells = without.iter().chain(&with);
    (ratio, cells.map(|cell| 1.0 / cell).sum::<f64>().sqrt())
}

#[test]
fn prompts_after_conflict_are_missed_by_their_odds() {
    let (_, lost) = data(
        RUN,
        "couples = 300\ncompliance = 0.8\nodds_conflict = 3.0\n",
    );
    let (_, same) = data(RUN, "couples = 300\ncompliance = 0.8\n");
    let conflict = |set: &OccasionSet, _: usize, occasion: usize| Some(set.conflict[occasion]);
    let (ratio, error) = log_odds_ratio(table_of(&lost, conflict));
    assert!((ratio - ln(3.0)).abs() < 4.5 * error, "{ratio} {error}");
    assert!(ratio > 4.5 * error);
    let (ratio, error) = log_odds_ratio(table_of(&same, conflict));
    assert!(ratio.abs() < 4.5 * error, "{ratio} {error}");
}

#[test]
fn later_days_are_missed_by_their_odds() {
    let (study, data) = data(RUN, "couples = 300\ncompliance = 0.8\nodds_day = 1.1\n");
    let late =
        |_: &OccasionSet, _: usize, occasion: usize| match study.prompts()[occasion].burst_day {
            0 => Some(false),
            13 => Some(true),
            _ => None,
        };
    let (ratio, error) = log_odds_ratio(table_of(&data, late));
    assert!(
        (ratio - 13.0 * ln(1.1)).abs() < 4.5 * error,
        "{ratio} {error}"
    );
}

#[test]
fn prompts_after_low_answers_are_missed_more_often() {
    let design = "couples = 300\ncompliance = 0.8\nodds_low_answer = 8.0\n";
    let (study, data) = data(RUN, design);
    let scales = study.design().diary.len();
    let low = |set: &OccasionSet, member: usize, occasion: usize| {
        let earlier = (0..occasion)
            .rev()
            .map(|it| set.answers[member][it * scales]);
        let last = earlier.into_iter().find(|answer| answer.is_finite())?;
        Some(last < 4.0)
    };
    let (ratio, error) = log_odds_ratio(table_of(&data, low));
    assert!(ratio > 4.5 * error && ratio < ln(8.0), "{ratio} {error}");
}

#[test]
fn no_one_answers_after_a_break_up_or_drop_out() {
    let run = "couples = 400\ndays = 400\nseed = 3\n[parameters]\noutside_rate = 0.01";
    let design = "couples = 300\nwaves = 4\nwave_interval = 100\nbursts = 3\nburst_interval = 120\ndrop_out = 0.1\n\
                  drop_out_daily = 0.01\ncompliance = 1.0\nwave_compliance = 1.0\n";
    let (study, data) = data(run, design);
    let (mut broke_up, mut stopped) = (0, 0);
    for couple in &data.couples {
        broke_up += u32::from(couple.separated.is_finite());
        for member in 0..2 {
            let out = couple.dropped_out[member];
            stopped += u32::from(out.is_finite());
            let sets = [
                (&couple.waves, study.waves()),
                (&couple.prompts, study.prompts()),
            ];
            for (set, moments) in sets {
                let scales = set.answers[member].len() / moments.len();
                for (place, moment) in moments.iter().enumerate() {
                    let day = f64::from(moment.day);
                    let state = set.states[member][place];
                    let answered = set.answers[member][place * scales].is_finite();
                    assert_eq!(answered, state == AnswerState::Answered);
                    assert_eq!(
                        state == AnswerState::DroppedOut,
                        day >= out && state != AnswerState::Separated
                    );
                    if couple.separated <= day {
                        assert_eq!(state, AnswerState::Separated);
                    }
                }
            }
        }
        assert!(couple.time <= f64::from(study.design().last_occasion()));
        assert!(couple.separated.is_nan() || couple.separated == couple.time);
        assert!(couple.separated.is_nan() || couple.separated > 0.0);
    }
    assert!(broke_up > 30 && stopped > 100, "{broke_up} {stopped}");
}

#[test]
fn drop_out_has_its_rate_and_can_take_the_partner_along() {
    let run = "couples = 400\ndays = 120\nseed = 3\n[mechanisms]\ndissolution = false";
    let design = "couples = 400\nwaves = 2\nwave_interval = 90\nburst_days = 0\ndrop_out = 0.2\n";
    let (_, alone) = data(run, design);
    let stopped = |data: &StudyReplicate| -> u64 {
        let members = data.couples.iter().flat_map(|couple| couple.dropped_out);
        members.filter(|day| day.is_finite()).count() as u64
    };
    assert!(near(stopped(&alone), 800, 0.2));
    let (_, both) = data(run, &format!("{design}drop_out_couple = true\n"));
    for couple in &both.couples {
        let [one, other] = couple.dropped_out;
        assert_eq!(one.is_finite(), other.is_finite());
    }
    assert!(near(stopped(&both) / 2, 400, 0.36));
}

#[test]
fn reliability_is_reached_where_states_vary_as_the_scale_expects() {
    let run = "couples = 2000\ndays = 60\nseed = 5\n[mechanisms]\ndissolution = false";
    let design = |sd: f64, reliability: f64| {
        format!(
            "couples = 2000\nwaves = 1\nburst_days = 0\nwave_compliance = 1.0\nquestionnaire = ['ecr_r_avoidance']\n\
             items = 1\nsteps = 0\nstyle = 0.0\nsd = {sd}\nreliability = {reliability}\n"
        )
    };
    let (study, first) = data(run, &design(0.1, 0.9));
    let sd = study.scale_stats(&first, false)[0].reliability.state_sd();
    for wanted in [0.7, 0.9] {
        let (study, data) = data(run, &design(sd, wanted));
        let found = study.scale_stats(&data, false)[0].reliability;
        assert_eq!(found.n, 4_000);
        // The ends of the scale take a little away.
        assert!(
            (found.reliability() - wanted).abs() < 0.025,
            "{wanted}: {}",
            found.reliability()
        );
    }
}

#[test]
fn floor_and_ceiling_cut_what_a_scale_can_tell() {
    let cut = format!(
        "{EXACT}couples = 100\nwaves = 1\nquestionnaire = ['ras']\nfloor = 0.4\nceiling = 0.7\n"
    );
    let (_, data) = data(RUN, &cut);
    let mut ends = 0;
    for couple in &data.couples {
        for member in 0..2 {
            let (answer, state) = (
                couple.waves.answers[member][0],
                couple.waves.truth[member][0],
            );
            let expected = 1.0 + (((state - 0.4) / 0.3).clamp(0.0, 1.0) * 4.0).round();
            assert_eq!(answer, expected);
            ends += u32::from(!(0.4..=0.7).contains(&state));
        }
    }
    assert!(ends > 10, "{ends}");
}

#[test]
fn data_sets_depend_on_their_number_alone() {
    let design = "couples = 40\nenter_from = 5\nenter_until = 40\nwaves = 2\nwave_interval = 30\n";
    let study = prepared(RUN, design);
    let all: Vec<StudyReplicate> = (0..3).map(|number| replicate(&study, number)).collect();
    assert_eq!(
        format!("{:?}", all[2]),
        format!("{:?}", replicate(&prepared(RUN, design), 2))
    );
    assert_ne!(
        format!("{:?}", all[0].couples),
        format!("{:?}", all[1].couples)
    );
}

#[test]
fn another_scale_or_wave_changes_no_other_answer() {
    let base = "couples = 60\nenter_from = 5\nenter_until = 40\n";
    let (_, one) = data(RUN, &format!("{base}waves = 1\nquestionnaire = ['ras']\n"));
    let more =
        "waves = 3\nwave_interval = 20\ndrop_out = 0.0\nquestionnaire = ['ras', 'pprs', 'ios']\n";
    let (_, other) = data(RUN, &format!("{base}{more}"));
    let (_, fewer) = data(
        RUN,
        &format!(
            "{base}waves = 1\nquestionnaire = ['ras']\ndiary = ['daily_satisfaction', 'daily_conflict']\n"
        ),
    );
    assert_eq!(one.couples.len(), 60);
    for ((one, other), fewer) in one.couples.iter().zip(&other.couples).zip(&fewer.couples) {
        for member in 0..2 {
            let bits = |values: &[f64]| values.iter().map(|it| it.to_bits()).collect::<Vec<_>>();
            assert_eq!(
                one.waves.answers[member][0].to_bits(),
                other.waves.answers[member][0].to_bits()
            );
            assert_eq!(
                bits(&one.prompts.answers[member]),
                bits(&other.prompts.answers[member])
            );
            let of = |answers: &[f64], scales: usize| -> Vec<u64> {
                let rows = answers.chunks_exact(scales);
                rows.flat_map(|row| [row[0].to_bits(), row[1].to_bits()])
                    .collect()
            };
            assert_eq!(
                of(&one.prompts.answers[member], 4),
                of(&fewer.prompts.answers[member], 2)
            );
        }
    }
}

#[test]
fn couples_enter_on_days_of_the_range_and_are_together_then() {
    let run = "couples = 500\ndays = 400\nseed = 3\n[parameters]\noutside_rate = 0.003";
    let (_, found) = data(run, "couples = 300\nenter_from = 101\nenter_until = 300\n");
    let mut halves = [0_u64; 2];
    for couple in &found.couples {
        assert!((101..=300).contains(&couple.entry_day));
        assert!(couple.separated.is_nan() || couple.separated > 0.0);
        halves[usize::from(couple.entry_day > 200)] += 1;
    }
    let own = found.recruitment;
    assert_eq!(
        own.approached,
        own.separated + own.screened_out + own.recruited
    );
    assert!(own.separated > 20, "{own:?}");
    // Those who enter late had more time to separate.
    assert!(halves[0] > 120 && halves[1] > 60, "{halves:?}");
    let (_, all) = data(run, "couples = 500\nenter_from = 101\n");
    assert_eq!(all.recruitment.approached, 500);
    assert!(all.recruitment.recruited < 500 && all.recruitment.wanted == 500);
}

#[test]
fn screening_recruits_by_the_score() {
    let design = "couples = 40\nscreen = 'ecr_r_anxiety'\nscreen_min = 4.0\nscreen_of = 'either'\n";
    let (_, found) = data(RUN, design);
    assert!(
        found.recruitment.screened_out > 20,
        "{:?}",
        found.recruitment
    );
    assert!(found.recruitment.recruited > 10);
    for couple in &found.couples {
        assert!(couple.screening.iter().any(|score| *score >= 4.0));
    }
    let (_, both) = data(RUN, &design.replace("either", "both"));
    for couple in &both.couples {
        assert!(couple.screening.iter().all(|score| *score >= 4.0));
    }
}

#[test]
fn partners_without_roles_come_in_random_order() {
    let (_, with) = data(RUN, "couples = 200\n");
    let (_, without) = data(RUN, "couples = 200\ndistinguishable = false\n");
    let swapped = without.couples.iter().filter(|it| it.is_swapped).count() as u64;
    assert!(near(swapped, 200, 0.5), "{swapped}");
    for (one, other) in with.couples.iter().zip(&without.couples) {
        let place = usize::from(other.is_swapped);
        for member in 0..2 {
            let [a, b] = [
                &one.prompts.answers[member],
                &other.prompts.answers[member ^ place],
            ];
            assert!(a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits()));
        }
    }
}

#[test]
fn partners_who_do_not_take_part_have_no_rows_and_no_answers() {
    let (study, data) = data(
        RUN,
        "couples = 50\nparticipants = 'b'\nwaves = 2\nwave_interval = 30\n",
    );
    for couple in &data.couples {
        assert_eq!(count(&couple.waves, AnswerState::NotParticipating), 2);
        assert!(
            couple.prompts.answers[0]
                .iter()
                .all(|answer| answer.is_nan())
        );
        assert!(couple.dropped_out[0].is_nan());
    }
    let long = table(&study, &data, "prompts_long");
    assert_eq!(long.rows.rows(), 50 * 14);
    assert!(ints(&long, "member").iter().all(|member| *member == 2));
    let names: Vec<&str> = schemas(&study).iter().map(|schema| schema.table).collect();
    assert!(
        !names
            .iter()
            .any(|name| name.ends_with("pairwise") || name.ends_with("dyad"))
    );
}

/// Rows of a long table by person and time, with the answer and its views.
fn lags_are_right(study: &PreparedStudy, data: &StudyReplicate, scale: &str) -> [u32; 2] {
    let long = table(study, data, "prompts_long");
    let [person, burst, day, prompt] =
        ["person_id", "burst", "burst_day", "prompt"].map(|name| ints(&long, name));
    let [answer, mean, deviation, lag, deviation_lag] = ["", "_cm", "_cwc", "_lag1", "_cwc_lag1"]
        .map(|view| floats(&long, &format!("{scale}{view}")));
    let place = |row: usize| (person[row], burst[row], day[row], prompt[row]);
    let all: BTreeMap<_, f64> = (0..answer.len())
        .map(|row| (place(row), answer[row]))
        .collect();
    let mut observed: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
    for row in 0..answer.len() {
        if answer[row].is_finite() {
            observed.entry(person[row]).or_default().push(answer[row]);
        }
    }
    let prompts = i64::from(study.design().prompts);
    let mut counts = [0; 2];
    for row in 0..answer.len() {
        let (person, burst, day, prompt) = place(row);
        let before = match prompts {
            1 => (person, burst, day - 1, 1),
            _ => (person, burst, day, prompt - 1),
        };
        let expected = all.get(&before).copied().unwrap_or(f64::NAN);
        assert_eq!(lag[row].to_bits(), expected.to_bits(), "{:?}", place(row));
        let known = &observed.get(&person).cloned().unwrap_or_default();
        let own = known.iter().sum::<f64>() / known.len() as f64;
        let same =
            |one: f64, other: f64| (one - other).abs() < 1e-12 || one.is_nan() && other.is_nan();
        assert!(same(mean[row], own));
        assert!(same(deviation[row], answer[row] - own));
        assert!(same(deviation_lag[row], expected - own));
        counts[usize::from(lag[row].is_finite())] += 1;
    }
    counts
}

#[test]
fn no_lag_bridges_a_gap_and_means_are_of_the_observed() {
    let (study, data) = data(
        RUN,
        "couples = 40\nbursts = 3\nburst_days = 7\nburst_interval = 20\ncompliance = 0.7\n",
    );
    let [empty, known] = lags_are_right(&study, &data, "daily_closeness");
    assert!(empty > 300 && known > 700, "{empty} {known}");
    let run = format!("{RUN}\nstep_days = 0.25");
    let (study, data) = self::data(
        &run,
        "couples = 20\nburst_days = 5\nprompts = 4\ncompliance = 0.8\n",
    );
    let [empty, known] = lags_are_right(&study, &data, "daily_satisfaction");
    assert!(empty > 250 && known > 300, "{empty} {known}");
}

#[test]
fn layouts_say_the_same() {
    let (study, data) = data(
        RUN,
        "couples = 30\nwaves = 3\nwave_interval = 40\ncompliance = 0.8\n",
    );
    for kind in ["waves", "prompts"] {
        let scale = if kind == "waves" {
            "prqc_trust"
        } else {
            "daily_stress"
        };
        let [long, dyad, pairs] =
            ["long", "dyad", "pairwise"].map(|it| table(&study, &data, &format!("{kind}_{it}")));
        let keys = |table: &Table| -> Vec<(i64, i64)> {
            let columns = ["couple", "day"].map(|name| ints(table, name));
            columns[0]
                .iter()
                .copied()
                .zip(columns[1].iter().copied())
                .collect()
        };
        for view in ["", "_cm", "_cwc", "_lag1", "_cwc_lag1"] {
            let own = floats(&long, &format!("{scale}{view}"));
            let members = ints(&long, "member");
            let mut by_member = BTreeMap::new();
            for (row, (couple, day)) in keys(&long).into_iter().enumerate() {
                by_member.insert((couple, day, members[row]), own[row]);
            }
            let same = |found: f64, place| assert_eq!(found.to_bits(), by_member[&place].to_bits());
            let both = [1, 2].map(|member| floats(&dyad, &format!("{scale}_{member}{view}")));
            for (row, (couple, day)) in keys(&dyad).into_iter().enumerate() {
                same(both[0][row], (couple, day, 1));
                same(both[1][row], (couple, day, 2));
            }
            let both = ["a", "p"].map(|whose| floats(&pairs, &format!("{scale}_{whose}{view}")));
            let members = ints(&pairs, "member");
            for (row, (couple, day)) in keys(&pairs).into_iter().enumerate() {
                same(both[0][row], (couple, day, members[row]));
                same(both[1][row], (couple, day, 3 - members[row]));
            }
        }
    }
    let (long, wide) = (
        table(&study, &data, "waves_long"),
        table(&study, &data, "panel_wide"),
    );
    let third = floats(&wide, "ecr_r_anxiety_2_w3");
    let (waves, members) = (ints(&long, "wave"), ints(&long, "member"));
    let own = floats(&long, "ecr_r_anxiety");
    let rows = (0..own.len()).filter(|row| waves[*row] == 3 && members[*row] == 2);
    let own: Vec<u64> = rows.map(|row| own[row].to_bits()).collect();
    assert_eq!(own, third.iter().map(|it| it.to_bits()).collect::<Vec<_>>());
}

#[test]
fn every_table_fits_its_schema_and_its_ranges() {
    let designs = [
        "couples = 30\nwaves = 3\nwave_interval = 40\n",
        "couples = 30\nwaves = 0\ndistinguishable = false\n",
        "couples = 30\nparticipants = 'a'\nwave_days = [0, 90]\nburst_days = 0\nscreen = 'ras'\nscreen_min = 2.0\nsteps = 0\n",
    ];
    for design in designs {
        let (study, data) = data(RUN, design);
        let schemas = schemas(&study);
        for (schema, rows) in schemas.iter().zip(rows(&study, &data, &schemas)) {
            assert!(rows.fits(schema), "{}", schema.table);
            assert!(rows.rows() > 0, "{}", schema.table);
            let table = Table {
                schema: schema.clone(),
                rows,
            };
            for column in &schema.columns {
                let Some((low, high)) = column.range else {
                    continue;
                };
                let values: Vec<f64> = match table.floats(&column.name) {
                    Ok(values) => values.to_vec(),
                    Err(_) => ints(&table, &column.name)
                        .into_iter()
                        .filter(|value| *value != MISSING)
                        .map(|value| value as f64)
                        .collect(),
                };
                for value in values.into_iter().filter(|value| value.is_finite()) {
                    let within = low - 1e-9..=high + 1e-9;
                    assert!(
                        within.contains(&value),
                        "{}: {} {value}",
                        schema.table,
                        column.name
                    );
                }
            }
        }
    }
}

#[test]
fn prompts_of_a_day_are_at_its_parts() {
    let run = format!("{RUN}\nstep_days = 0.25");
    let (study, data) = data(&run, "couples = 20\nburst_days = 3\nprompts = 2\n");
    let parts: Vec<(u32, u32)> = study.prompts().iter().map(|it| (it.day, it.part)).collect();
    assert_eq!(parts, [(1, 2), (1, 4), (2, 2), (2, 4), (3, 2), (3, 4)]);
    let scales = study.design().diary.len();
    let changed = data.couples.iter().filter(|couple| {
        let truth = &couple.prompts.truth[0];
        truth[..scales] != truth[scales..2 * scales]
    });
    // Satisfaction alone is at its highest for many.
    assert!(changed.count() > 15);
}

#[test]
fn scripts_are_those_that_the_design_is_enough_for() {
    let names = |design: &str| -> Vec<&str> {
        let study = prepared("couples = 100\ndays = 900", design);
        scripts(&study).into_iter().map(|(name, _)| name).collect()
    };
    let panel = "couples = 50\nwaves = 3\nwave_interval = 100\n";
    let all = [
        "apim.R",
        "rsa.R",
        "lapim_nlme.R",
        "lapim_glmmtmb.R",
        "riclpm.R",
        "growth.R",
        "cox.R",
    ];
    assert_eq!(names(panel), all);
    assert_eq!(
        names(&format!("{panel}burst_days = 0\n")),
        [all[0], all[1], all[4], all[5], all[6]]
    );
    assert_eq!(
        names(&format!("{panel}participants = 'a'\n")),
        [all[5], all[6]]
    );
    assert_eq!(
        names("couples = 50\nwaves = 1\nburst_days = 0\n"),
        [all[0], all[1]]
    );
    let diary = "couples = 50\nwaves = 0\ndiary = ['daily_satisfaction']\n";
    assert_eq!(names(diary), [all[2], all[3], all[5], all[6]]);
}

#[test]
fn every_scale_has_its_own_errors_and_a_source() {
    let mut numbers: Vec<u64> = STUDY_SCALES.iter().map(|scale| scale.instrument).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), STUDY_SCALES.len());
    for (place, scale) in STUDY_SCALES.iter().enumerate() {
        assert_eq!(study_scale(scale.key), Some(place));
        assert!(!scale.source.is_empty() && !scale.meaning.ends_with('.'));
    }
}

#[test]
fn several_designs_of_one_simulation_are_what_each_is_by_itself() {
    let designs = [
        "couples = 40\nburst_days = 5\n",
        "couples = 90\nwaves = 3\nwave_interval = 20\nburst_days = 14\n",
        "couples = 60\nprompts = 2\nburst_days = 7\nreliability = 0.6\n",
        "couples = 60\nenter_from = 10\nenter_until = 30\nscreen = 'ras'\nscreen_min = 3.0\nburst_days = 0\n",
    ];
    let run = format!("{RUN}\nstep_days = 0.5");
    let all = designs.map(|design| prepared(&run, design));
    let scenario = scenario(&run, designs[0]);
    let designs = all.iter().map(|study| study.design().clone()).collect();
    let sharing = PreparedStudy::sharing(scenario.config(), designs);
    let together = PreparedStudy::replicates(&sharing, 2, &Control::default());
    for (study, found) in all.iter().zip(together.expect("nothing cancels it")) {
        let alone = replicate(study, 2);
        // Of answers NaN is not equal to itself.
        assert_eq!(format!("{found:?}"), format!("{alone:?}"));
    }
}
