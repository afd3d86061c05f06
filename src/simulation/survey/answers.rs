//! Answers of a survey: snapshots of couples on its days, and the rows of `diary`, `diary_pairwise`,
//! `waves` and `waves_wide` that instruments make of them.

use super::instrument::{ReliabilityStats, Respondent};
use super::{
    ATTENDANCE, CONFLICT, DIARY_SCALES, SCALE_COUNT, SCALES, ScaleId, Survey, UNRESPONSIVE,
    WAVE_SCALES,
};
use crate::model::derived::{daily_closeness, daily_satisfaction, satisfaction};
use crate::rng::Key;
use crate::simd::vector::Vector;
use crate::simulation::TILE_SLOTS;
use crate::simulation::tables::{
    BlockTable, BlockTables, CoupleId, DaySnapshot, couple_values, person_day_values,
};
use crate::table::{Batch, MISSING, Value};

/// One partner on one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PersonSnapshot {
    /// The state that each scale measures; NaN if there is none.
    pub(crate) states: [f64; SCALE_COUNT],
    /// Whether the couple had a conflict on the day.
    pub(crate) conflict: bool,
    /// Largest shortfall of the partner's answers in it [0–1].
    pub(crate) shortfall: f64,
    /// Whether an episode of the day was unresponsive.
    pub(crate) unresponsive: bool,
    /// Conflicts of the day that the person felt as fights.
    pub(crate) fights: f64,
}

/// Both partners of one couple on one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CoupleSnapshot {
    pub(crate) day: u32,
    /// Step of the day at whose end it was taken, from 1.
    pub(crate) part: u32,
    pub(crate) persons: [PersonSnapshot; 2],
}

/// Both partners of every couple of a vector on one day.
pub(crate) struct VectorSnapshot {
    day: u32,
    part: u32,
    persons: [PersonLanes; 2],
}

struct PersonLanes {
    states: [[f64; TILE_SLOTS]; SCALE_COUNT],
    conflicts: [f64; TILE_SLOTS],
    shortfall: [f64; TILE_SLOTS],
    responsive: [f64; TILE_SLOTS],
    unresponsive: [f64; TILE_SLOTS],
    fights: [f64; TILE_SLOTS],
}

impl VectorSnapshot {
    /// Reads the states from a vector of couples.
    #[inline(always)]
    pub(crate) fn of<L: Vector>(
        (day, part): (u32, u32),
        snapshot: &DaySnapshot<'_, L>,
    ) -> VectorSnapshot {
        VectorSnapshot {
            day,
            part,
            persons: [lanes(0, snapshot), lanes(1, snapshot)],
        }
    }

    /// The couple in one lane.
    pub(crate) fn couple(&self, lane: usize) -> CoupleSnapshot {
        let person = |lanes: &PersonLanes| {
            let mut states = lanes.states.map(|state| state[lane]);
            let episodes = lanes.responsive[lane] + lanes.unresponsive[lane];
            let perceived = &mut states[ScaleId::DailyResponsiveness as usize];
            // Nothing is perceived without an episode.
            *perceived = if episodes > 0.0 {
                *perceived / episodes
            } else {
                f64::NAN
            };
            PersonSnapshot {
                states,
                conflict: lanes.conflicts[lane] > 0.0,
                shortfall: lanes.shortfall[lane],
                unresponsive: lanes.unresponsive[lane] > 0.0,
                fights: lanes.fights[lane],
            }
        };
        CoupleSnapshot {
            day: self.day,
            part: self.part,
            persons: [person(&self.persons[0]), person(&self.persons[1])],
        }
    }
}

#[inline(always)]
fn lanes<L: Vector>(person: usize, snapshot: &DaySnapshot<'_, L>) -> PersonLanes {
    let happened = &snapshot.tally.persons[person];
    let mut states = [[0.0; TILE_SLOTS]; SCALE_COUNT];
    for (to, scale) in states.iter_mut().zip(ScaleId::ALL) {
        state(scale, person, snapshot).store(to);
    }
    PersonLanes {
        states,
        conflicts: stored(snapshot.tally.conflicts),
        shortfall: stored(happened.shortfall),
        responsive: stored(happened.responsive),
        unresponsive: stored(happened.unresponsive),
        fights: stored(happened.fights),
    }
}

/// The state that a scale measures; for perceived responsiveness the sum over the day's episodes.
#[inline(always)]
fn state<L: Vector>(scale: ScaleId, person: usize, snapshot: &DaySnapshot<'_, L>) -> L {
    let state = &snapshot.couple.partners[person].state;
    let happened = &snapshot.tally.persons[person];
    match scale {
        ScaleId::Trust | ScaleId::DailyTrust => state.trust,
        ScaleId::Intimacy => state.intimacy,
        ScaleId::Satisfaction => satisfaction(state, snapshot.rules),
        ScaleId::Commitment => state.commitment,
        // Alternatives as they appear to the committed.
        ScaleId::Alternatives => {
            let derogation = snapshot.rules.parameters.derogation;
            state.alternatives * (state.commitment * derogation).one_minus()
        }
        ScaleId::Investment => state.investment,
        ScaleId::Anxiety => state.anxiety,
        ScaleId::Avoidance => state.avoidance,
        ScaleId::DailySatisfaction => daily_satisfaction(state, snapshot.rules),
        ScaleId::DailyCloseness => daily_closeness(state, snapshot.rules),
        ScaleId::DailyStress => state.stress,
        ScaleId::DailyDisclosure => happened.depth,
        ScaleId::DailyResponsiveness => happened.perceived,
    }
}

#[inline(always)]
fn stored<L: Vector>(value: L) -> [f64; TILE_SLOTS] {
    let mut lanes = [0.0; TILE_SLOTS];
    value.store(&mut lanes);
    lanes
}

/// A couple with its snapshots, day by day.
pub(crate) struct SurveyedCouple<'a> {
    /// Number within the replicate, from 0.
    pub(crate) number: u64,
    pub(crate) id: CoupleId,
    /// Stress of A and B at the start.
    pub(crate) initial_stress: [f64; 2],
    pub(crate) snapshots: &'a [CoupleSnapshot],
}

/// Variables of the diary: its scales, and the report of conflict.
const DIARY_VARIABLES: usize = DIARY_SCALES + 1;

/// Both partners' answers on one day, as sums over items; NaN where it was missed.
struct DiaryEntry {
    day: u32,
    persons: [[f64; DIARY_VARIABLES]; 2],
}

/// The items of each variable of the diary: a score is the sum of its answers over them.
fn diary_items(survey: &Survey) -> [f64; DIARY_VARIABLES] {
    let mut items = [1.0; DIARY_VARIABLES];
    for (to, own) in items.iter_mut().zip(&survey.items[WAVE_SCALES..]) {
        *to = f64::from(*own);
    }
    items
}

/// Writes the answers of the couples of a block, and returns the reliability of each scale.
///
/// `key` is the ensemble's keystream of errors.
pub(crate) fn answer<'a>(
    survey: &Survey,
    key: &Key,
    couples: impl Iterator<Item = SurveyedCouple<'a>>,
    tables: &mut BlockTables,
) -> [ReliabilityStats; SCALE_COUNT] {
    let mut writer = AnswerWriter {
        survey,
        item_errors: std::array::from_fn(|index| survey.item_error(index)),
        tables,
        reliability: [ReliabilityStats::default(); SCALE_COUNT],
    };
    for couple in couples {
        let respondents = [0, 1].map(|person| Respondent {
            key,
            couple: couple.number,
            person,
        });
        let respondents = respondents.map(|respondent| (respondent, respondent.style()));
        writer.write_diary(&couple, &respondents);
        writer.write_waves(&couple, &respondents);
    }
    writer.reliability
}

struct AnswerWriter<'a> {
    survey: &'a Survey,
    /// Standard deviation of the error of one item of each scale.
    item_errors: [f64; SCALE_COUNT],
    tables: &'a mut BlockTables,
    reliability: [ReliabilityStats; SCALE_COUNT],
}

/// A respondent with the response style.
type StyledRespondent<'a> = (Respondent<'a>, f64);

impl AnswerWriter<'_> {
    fn write_diary(
        &mut self,
        couple: &SurveyedCouple<'_>,
        respondents: &[StyledRespondent<'_>; 2],
    ) {
        let days = self.survey.diary();
        let mut entries = Vec::with_capacity(couple.snapshots.len());
        let mut stress_before = couple.initial_stress;
        for snapshot in couple.snapshots {
            // The diary asks for the stress at the start of the day, a snapshot has that at its end.
            let mut requested = *snapshot;
            for (person, stress) in requested.persons.iter_mut().zip(&mut stress_before) {
                std::mem::swap(&mut person.states[ScaleId::DailyStress as usize], stress);
            }
            if !days.contains(&snapshot.day) {
                continue;
            }
            let mut entry = DiaryEntry {
                day: snapshot.day,
                persons: [[f64::NAN; DIARY_VARIABLES]; 2],
            };
            for person in 0..2 {
                let respondent = &respondents[person];
                let rng = &mut respondent.0.rng(ATTENDANCE, u64::from(snapshot.day));
                let answered = self.survey.attendance().attends(rng);
                if answered {
                    let at = RowAddress {
                        couple: couple.id,
                        person,
                        day: snapshot.day,
                        wave: None,
                    };
                    let person_snapshot = &requested.persons[person];
                    entry.persons[person] = self.diary_answers(respondent, at, person_snapshot);
                }
                let mut row = person_day_values(couple.id, person, snapshot.day).to_vec();
                row.push(Value::Int(i64::from(answered)));
                let (conflict, scores) = entry.persons[person]
                    .split_last()
                    .expect("a diary has variables");
                let items = diary_items(self.survey);
                let scores = scores.iter().zip(items).map(|(sum, items)| sum / items);
                row.extend(scores.map(Value::Float));
                row.push(Value::Int(if answered {
                    *conflict as i64
                } else {
                    MISSING
                }));
                self.tables[BlockTable::Diary].push(row);
            }
            entries.push(entry);
        }
        let rows = &mut self.tables[BlockTable::DiaryPairwise];
        write_pairwise(rows, couple.id, &entries, &diary_items(self.survey));
    }

    /// One person's answers on one day: the sums of each scale, and whether conflict is reported.
    fn diary_answers(
        &mut self,
        respondent: &StyledRespondent<'_>,
        at: RowAddress,
        person: &PersonSnapshot,
    ) -> [f64; DIARY_VARIABLES] {
        let mut answers = [f64::NAN; DIARY_VARIABLES];
        for (index, answer) in (WAVE_SCALES..SCALE_COUNT).zip(&mut answers) {
            *answer = self.sum(respondent, at, person, index);
        }
        let rng = |instrument| respondent.0.rng(instrument, u64::from(at.day));
        let conflict = self.survey.conflict_report(person.shortfall);
        let conflict = conflict.report(person.conflict, &mut rng(CONFLICT));
        let unresponsive = self.survey.unresponsive_report();
        let unresponsive = unresponsive.report(person.unresponsive, &mut rng(UNRESPONSIVE));
        answers[DIARY_SCALES] = conflict.max(unresponsive);
        answers
    }

    fn write_waves(
        &mut self,
        couple: &SurveyedCouple<'_>,
        respondents: &[StyledRespondent<'_>; 2],
    ) {
        if self.survey.waves.is_empty() {
            return;
        }
        let mut wide = couple_values(couple.id).to_vec();
        for snapshot in couple.snapshots {
            let Ok(wave) = self.survey.waves.binary_search(&snapshot.day) else {
                continue;
            };
            for person in 0..2 {
                let mut row = person_day_values(couple.id, person, snapshot.day).to_vec();
                row.push(Value::Int(wave as i64 + 1));
                let at = RowAddress {
                    couple: couple.id,
                    person,
                    day: snapshot.day,
                    wave: Some(wave as i64 + 1),
                };
                for index in 0..WAVE_SCALES {
                    let state = &snapshot.persons[person];
                    let sum = self.sum(&respondents[person], at, state, index);
                    let score = Value::Float(sum / f64::from(self.survey.items[index]));
                    wide.push(score.clone());
                    row.push(score);
                }
                if !self.survey.fight_waves.is_empty() {
                    row.push(Value::Int(self.fights(couple, person, snapshot.day)));
                }
                self.tables[BlockTable::Waves].push(row);
            }
        }
        // Waves are in the order of days, so those that follow a break-up are the last.
        let scores = 2 * WAVE_SCALES * self.survey.waves.len();
        wide.resize(
            couple_values(couple.id).len() + scores,
            Value::Float(f64::NAN),
        );
        self.tables[BlockTable::WavesWide].push(wide);
    }

    /// Fights of a person in the week before a wave; missing where they are not asked for.
    fn fights(&self, couple: &SurveyedCouple<'_>, person: usize, wave: u32) -> i64 {
        if !self.survey.fight_waves.contains(&wave) {
            return MISSING;
        }
        let week = self.survey.week_before(wave);
        let days = couple.snapshots.iter();
        let days = days.filter(|snapshot| week.contains(&snapshot.day));
        days.map(|snapshot| snapshot.persons[person].fights)
            .sum::<f64>() as i64
    }

    /// The sum of the answers to one scale, in its points; keeps the answers where that is asked for.
    ///
    /// Sums of answers in steps are integers, so that a score, which is one division, is the same double
    /// wherever the sum is the same.
    fn sum(
        &mut self,
        (respondent, style): &StyledRespondent<'_>,
        at: RowAddress,
        person: &PersonSnapshot,
        index: usize,
    ) -> f64 {
        let state = person.states[index];
        let rng = &mut respondent.rng(SCALES[index].instrument, u64::from(at.day));
        let scale = self.survey.scale(index);
        let answers = scale.answers(state, *style, self.item_errors[index], rng);
        let mut sum = 0.0;
        for (item, answer) in (1..).zip(answers) {
            let answer = self.survey.points_of(answer);
            sum += answer;
            if self.survey.keep_items {
                let table = if at.wave.is_some() {
                    BlockTable::WaveItems
                } else {
                    BlockTable::DiaryItems
                };
                let mut row = person_day_values(at.couple, at.person, at.day).to_vec();
                row.extend(at.wave.map(Value::Int));
                row.push(Value::Categorical(index as u8));
                row.push(Value::Int(item));
                row.push(Value::Float(answer));
                self.tables[table].push(row);
            }
        }
        self.reliability[index].add(sum / f64::from(self.survey.items[index]), state);
        sum
    }
}

/// Whose answers they are, and when they are given.
#[derive(Clone, Copy)]
struct RowAddress {
    couple: CoupleId,
    person: usize,
    day: u32,
    /// Number of the wave, from 1; `None` in the diary.
    wave: Option<i64>,
}

/// Adds the rows of a couple to `diary_pairwise`. The entries are of consecutive days.
///
/// Every value is one division of sums over items and days, so that equal scores are equal doubles.
fn write_pairwise(
    rows: &mut Batch,
    id: CoupleId,
    entries: &[DiaryEntry],
    items: &[f64; DIARY_VARIABLES],
) {
    let totals = [0, 1].map(|person| totals(entries, person));
    for (position, entry) in entries.iter().enumerate() {
        let before = position.checked_sub(1).map(|before| &entries[before]);
        for own in 0..2 {
            let mut row = person_day_values(id, own, entry.day).to_vec();
            let roles = [own, 1 - own];
            for variable in 0..DIARY_VARIABLES {
                let items = items[variable];
                let sum = |person: usize| entry.persons[person][variable];
                let total = |person: usize| totals[person][variable];
                let mean = |person: usize| total(person).0 / (items * total(person).1);
                let deviation = |person: usize| {
                    let (all, days) = total(person);
                    (sum(person) * days - all) / (items * days)
                };
                let lag =
                    |person: usize| before.map_or(f64::NAN, |day| day.persons[person][variable]);
                row.extend(roles.map(|person| Value::Float(sum(person) / items)));
                row.extend(roles.map(|person| Value::Float(mean(person))));
                row.extend(roles.map(|person| Value::Float(deviation(person))));
                row.extend(roles.map(|person| Value::Float(lag(person) / items)));
            }
            rows.push(row);
        }
    }
}

/// The sums of a person's answers over the days that are filled in, and the number of these days.
fn totals(entries: &[DiaryEntry], person: usize) -> [(f64, f64); DIARY_VARIABLES] {
    let mut totals = [(0.0, 0.0); DIARY_VARIABLES];
    for (variable, total) in totals.iter_mut().enumerate() {
        let values = entries.iter().map(|entry| entry.persons[person][variable]);
        for value in values.filter(|value| value.is_finite()) {
            total.0 += value;
            total.1 += 1.0;
        }
    }
    totals
}
