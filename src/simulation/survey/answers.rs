//! Answers: the rows that a block's couples leave in the tables of survey.

use super::pairwise;
use super::pairwise::Entry;
use super::reliability::ReliabilityStats;
use super::scales::{ATTENDANCE, CONFLICT, FRICTION, OF_DIARY, OF_WAVES, SCALES, STRESS};
use super::schemas::{diary_schema, pairwise_schema, waves_schema};
use super::snapshot::{CONFLICTS, Seen, UNRESPONSIVE};
use super::{SCALE_COUNT, Survey};
use crate::rng::Key;
use crate::simulation::rows::{Name, names};
use crate::simulation::survey::instrument::Voice;
use crate::table::{Batch, MISSING, Value};

/// What a block's couples answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// Rows of `diary`.
    pub diary: Batch,
    /// Rows of `diary_pairwise`.
    pub pairwise: Batch,
    /// Rows of `waves`.
    pub waves: Batch,
    /// An account of each scale, in the order of [`SCALES`](super::SCALES).
    pub accounts: [ReliabilityStats; SCALE_COUNT],
}

/// A couple with its number in its ensemble and what was seen of it, day by day.
pub(crate) struct Respondents<'a> {
    pub(crate) number: u64,
    pub(crate) name: Name,
    /// Stress of A and B at the start.
    pub(crate) stress: [f64; 2],
    pub(crate) seen: &'a [Seen],
}

/// Asks the couples of a block; `key` is that of the ensemble's errors.
pub(crate) fn answer<'a>(
    work: &Survey,
    key: &Key,
    couples: impl Iterator<Item = Respondents<'a>>,
) -> Answers {
    let mut desk = Desk {
        work,
        errors: std::array::from_fn(|index| work.item_error(index)),
        answers: Answers {
            diary: Batch::empty(&diary_schema(work)),
            pairwise: Batch::empty(&pairwise_schema(work)),
            waves: Batch::empty(&waves_schema(work)),
            accounts: [ReliabilityStats::default(); SCALE_COUNT],
        },
    };
    for couple in couples {
        let voices = [0, 1].map(|person| Voice {
            key,
            couple: couple.number,
            person,
        });
        let voices = voices.map(|voice| (voice, voice.style()));
        desk.diary(&couple, &voices);
        desk.waves(&couple, &voices);
    }
    desk.answers
}

struct Desk<'a> {
    work: &'a Survey,
    /// Errors of one item of each scale.
    errors: [f64; SCALE_COUNT],
    answers: Answers,
}

/// A person's voice and response style.
type Speaker<'a> = (Voice<'a>, f64);

impl Desk<'_> {
    fn diary(&mut self, couple: &Respondents<'_>, voices: &[Speaker<'_>; 2]) {
        let days = self.work.diary();
        let mut entries = Vec::with_capacity(couple.seen.len());
        let mut brought = couple.stress;
        for seen in couple.seen {
            let mut lived = *seen;
            for (person, stress) in brought.iter_mut().enumerate() {
                let state = &mut lived.persons[person][STRESS];
                // The day's episodes were lived under the stress that it began with.
                std::mem::swap(state, stress);
            }
            if !days.contains(&seen.day) {
                continue;
            }
            let mut entry = Entry {
                day: seen.day,
                persons: [[f64::NAN; OF_DIARY + 1]; 2],
            };
            for person in 0..2 {
                let speaker = &voices[person];
                let rng = &mut speaker.0.open(ATTENDANCE, u64::from(seen.day));
                let answered = self.work.attendance().attends(rng);
                if answered {
                    entry.persons[person] = self.day(speaker, &lived, person);
                }
                let mut row = names(couple.name, person, seen.day).to_vec();
                row.push(Value::Int(i64::from(answered)));
                let (conflict, scores) = entry.persons[person]
                    .split_last()
                    .expect("a diary has variables");
                row.extend(scores.iter().map(|score| Value::Float(*score)));
                row.push(Value::Int(if answered {
                    *conflict as i64
                } else {
                    MISSING
                }));
                self.answers.diary.push(row);
            }
            entries.push(entry);
        }
        pairwise::write(&mut self.answers.pairwise, couple.name, &entries);
    }

    /// One person's answers on one day: the scores, and whether conflict is reported.
    fn day(&mut self, speaker: &Speaker<'_>, seen: &Seen, person: usize) -> [f64; OF_DIARY + 1] {
        let mut answers = [f64::NAN; OF_DIARY + 1];
        for (index, answer) in (OF_WAVES..SCALE_COUNT).zip(&mut answers) {
            *answer = self.score(speaker, seen, person, index);
        }
        let open = |instrument| speaker.0.open(instrument, u64::from(seen.day));
        let happened = |number: usize| seen.persons[person][number] > 0.0;
        let conflict = self.work.conflict();
        let of_conflict = conflict.report(happened(CONFLICTS), &mut open(CONFLICT));
        let friction = self.work.friction();
        let of_friction = friction.report(happened(UNRESPONSIVE), &mut open(FRICTION));
        answers[OF_DIARY] = of_conflict.max(of_friction);
        answers
    }

    fn waves(&mut self, couple: &Respondents<'_>, voices: &[Speaker<'_>; 2]) {
        for seen in couple.seen {
            let Ok(wave) = self.work.waves.binary_search(&seen.day) else {
                continue;
            };
            for person in 0..2 {
                let mut row = names(couple.name, person, seen.day).to_vec();
                row.push(Value::Int(wave as i64 + 1));
                for index in 0..OF_WAVES {
                    let score = self.score(&voices[person], seen, person, index);
                    row.push(Value::Float(score));
                }
                self.answers.waves.push(row);
            }
        }
    }

    /// The score of one scale, in its points.
    fn score(&mut self, speaker: &Speaker<'_>, seen: &Seen, person: usize, index: usize) -> f64 {
        let (voice, style) = speaker;
        let state = seen.persons[person][index];
        let rng = &mut voice.open(SCALES[index].instrument, u64::from(seen.day));
        let scale = self.work.scale(index);
        let share = scale.score(state, *style, self.errors[index], rng);
        let score = self.work.points_of(share);
        self.answers.accounts[index].take(score, state);
        score
    }
}
