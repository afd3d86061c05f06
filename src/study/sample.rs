//! One replicate of a study in memory: couples are simulated, recruited and asked, and each answer is kept with the
//! state behind it.

use crate::error::Error;
use crate::rng::{Key, StreamKind};
use crate::runner::{Cancelled, Control, run_counted_block};
use crate::simd::backend::Backend;
use crate::simulation::survey::answers::{CoupleSnapshot, PersonSnapshot};
use crate::simulation::survey::design::{
    CONFLICT_SCALE, MeasuredState, STUDY_SCALE_COUNT, STUDY_SCALES, SnapshotDays, StudyDesign,
    StudyMoment,
};
use crate::simulation::survey::instrument::{Attendance, Report, Respondent, Scale};
use crate::simulation::survey::{ReliabilityStats, ScaleId};
use crate::simulation::{Block, PreparedRun, Record, SimulationConfig};
use std::sync::Arc;

/// Highest score of a scale with continuous answers.
const CONTINUOUS_TOP: f64 = 7.0;

/// Numbers of what is drawn in the addresses of random words, like those of scales ([`STUDY_SCALES`]).
mod draws {
    /// Day of entry.
    pub(super) const ENTRY: u64 = 80;
    /// Whether a wave, and a prompt, is answered.
    pub(super) const WAVE: u64 = 81;
    pub(super) const PROMPT: u64 = 82;
    /// Whether a person stops before a wave, and before a day of the diary.
    pub(super) const DROP_OUT_WAVE: u64 = 83;
    pub(super) const DROP_OUT_DAY: u64 = 84;
    /// The order of partners without roles.
    pub(super) const ORDER: u64 = 85;
    /// Reports of conflict, and of unresponsive episodes as conflict.
    pub(super) const CONFLICT: u64 = 86;
    pub(super) const UNRESPONSIVE: u64 = 87;
    /// Answers of the screening: added to the number of its scale.
    pub(super) const SCREENING: u64 = 100;
    /// Answers of the diary: added to the number of their scale. A wave and a prompt may be at the same time.
    pub(super) const DIARY: u64 = 200;
}

/// What became of an occasion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnswerState {
    /// It was answered.
    Answered,
    /// It was missed.
    Missed,
    /// The person had stopped.
    DroppedOut,
    /// The couple had separated.
    Separated,
    /// The person does not take part.
    NotParticipating,
}

impl AnswerState {
    /// The words of tables, in the order of the variants.
    pub(crate) const WORDS: &[&str] = &[
        "answered",
        "missed",
        "dropped_out",
        "separated",
        "not_asked",
    ];
}

/// The waves, or the prompts, of a couple, by member.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct OccasionSet {
    /// Answers by occasion and then by scale of the design; NaN where there is none.
    pub(crate) answers: [Vec<f64>; 2],
    /// The states that these are about, in the same order; NaN where nothing is asked any more.
    pub(crate) truth: [Vec<f64>; 2],
    /// What became of each occasion.
    pub(crate) states: [Vec<AnswerState>; 2],
    /// Whether the couple had a conflict since the last occasion of the day, by occasion.
    pub(crate) conflict: Vec<bool>,
}

/// A couple in the study.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StudyCouple {
    /// Number within the replicate, from 0.
    pub(crate) number: u64,
    /// Day of the relationship on which it entered.
    pub(crate) entry_day: u32,
    /// Whether member 1 is partner B, which happens only without roles.
    pub(crate) is_swapped: bool,
    /// Score of the screening by member (points); NaN without a screening.
    pub(crate) screening: [f64; 2],
    /// Days from entry to the break-up; NaN if the study does not learn of one.
    pub(crate) separated: f64,
    /// Days from entry to the break-up, or to the last day on which the study knows the couple to be together.
    pub(crate) time: f64,
    /// Days from entry on which a member stopped; NaN if it did not.
    pub(crate) dropped_out: [f64; 2],
    /// The waves.
    pub(crate) waves: OccasionSet,
    /// The prompts of the diary.
    pub(crate) prompts: OccasionSet,
}

/// How couples came into a study.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RecruitmentCounts {
    /// Couples that the study wants.
    pub(crate) wanted: u64,
    /// Couples that were approached: in their order, until there were enough.
    pub(crate) approached: u64,
    /// Those that had separated by their day of entry.
    pub(crate) separated: u64,
    /// Those that did not pass the screening.
    pub(crate) screened_out: u64,
    /// Those in the study.
    pub(crate) recruited: u64,
}

/// Answers to one scale, against the states behind them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct ScaleStats {
    /// Their moments, and those of the states.
    pub(crate) reliability: ReliabilityStats,
    /// Answers at the lowest and at the highest score.
    pub(crate) ends: [u64; 2],
}

/// One data set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StudyReplicate {
    /// Its number, from 0.
    pub(crate) number: u32,
    /// The couples in the study, in order.
    pub(crate) couples: Vec<StudyCouple>,
    /// How they came into it.
    pub(crate) recruitment: RecruitmentCounts,
}

/// A study that is ready to be simulated, replicate by replicate.
#[derive(Clone, Debug)]
pub(crate) struct PreparedStudy {
    run: Arc<PreparedRun>,
    design: StudyDesign,
    waves: Vec<StudyMoment>,
    prompts: Vec<StudyMoment>,
    /// Waves and prompts in the order of time: a wave comes first.
    timeline: Vec<TimedOccasion>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct TimedOccasion {
    moment: StudyMoment,
    is_prompt: bool,
    /// Position among the waves or the prompts.
    place: usize,
}

impl PreparedStudy {
    /// Prepares the study of a configuration.
    ///
    /// # Errors
    /// [`Error::NoStudy`] if it has none.
    pub(crate) fn new(config: &SimulationConfig) -> Result<PreparedStudy, Error> {
        let design = config.record.study.clone().ok_or(Error::NoStudy)?;
        Ok(PreparedStudy::sharing(config, vec![design]).remove(0))
    }

    /// Prepares studies that look at the same couples. Those with as many prompts a day share their simulation: an
    /// answer is about the time since the last one.
    pub(crate) fn sharing(
        config: &SimulationConfig,
        designs: Vec<StudyDesign>,
    ) -> Vec<PreparedStudy> {
        let mut counts: Vec<u32> = designs.iter().map(|design| design.prompts).collect();
        counts.sort_unstable();
        counts.dedup();
        let run_of = |prompts: u32| {
            let own = designs.iter().filter(|design| design.prompts == prompts);
            let own: Vec<&StudyDesign> = own.collect();
            (prompts, Arc::new(shared_run(config, &own)))
        };
        let runs: Vec<(u32, Arc<PreparedRun>)> = counts.into_iter().map(run_of).collect();
        let with = |design: StudyDesign| {
            let own = runs.iter().find(|(prompts, _)| *prompts == design.prompts);
            own.map(|(_, run)| PreparedStudy::of(run, design))
        };
        designs.into_iter().filter_map(with).collect()
    }

    fn of(run: &Arc<PreparedRun>, design: StudyDesign) -> PreparedStudy {
        let steps = run.config.size.steps_per_day;
        let (waves, prompts) = (
            design.wave_moments(steps),
            match design.has_diary() {
                true => design.prompt_moments(steps),
                false => Vec::new(),
            },
        );
        let of = |is_prompt: bool| {
            move |(place, moment): (usize, &StudyMoment)| TimedOccasion {
                moment: *moment,
                is_prompt,
                place,
            }
        };
        let mut timeline: Vec<TimedOccasion> = waves.iter().enumerate().map(of(false)).collect();
        timeline.extend(prompts.iter().enumerate().map(of(true)));
        timeline.sort_by_key(|it| (it.moment.day, it.moment.part, it.is_prompt));
        PreparedStudy {
            run: run.clone(),
            design,
            waves,
            prompts,
            timeline,
        }
    }

    /// The design.
    pub(crate) fn design(&self) -> &StudyDesign {
        &self.design
    }

    /// When the waves are.
    pub(crate) fn waves(&self) -> &[StudyMoment] {
        &self.waves
    }

    /// When the prompts are.
    pub(crate) fn prompts(&self) -> &[StudyMoment] {
        &self.prompts
    }

    /// Steps of a day of the simulation.
    pub(crate) fn steps_per_day(&self) -> u32 {
        self.run.config.size.steps_per_day
    }

    /// The position of the prompt before one, if a lag reaches it: within a burst, and with several prompts a day
    /// within the day, since a lag over the night would be longer than the others.
    pub(crate) fn prompt_before(&self, place: usize) -> Option<usize> {
        let before = place.checked_sub(1)?;
        let (one, other) = (&self.prompts[before], &self.prompts[place]);
        let reaches = match self.design.prompts {
            1 => one.burst == other.burst,
            _ => one.day == other.day,
        };
        reaches.then_some(before)
    }

    /// Couples of whom a study is recruited.
    pub(crate) fn pool(&self) -> u64 {
        self.run.config.size.couples
    }

    /// Couple-days of a replicate if all of the pool are simulated.
    pub(crate) fn couple_days(&self) -> u64 {
        let size = &self.run.config.size;
        size.couples.saturating_mul(size.days.into())
    }

    /// Makes a data set. It depends on its number alone: neither on those made before nor on threads.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub(crate) fn replicate(
        &self,
        number: u32,
        control: &Control,
    ) -> Result<StudyReplicate, Cancelled> {
        let mut sets = PreparedStudy::replicates(std::slice::from_ref(self), number, control)?;
        Ok(sets.remove(0))
    }

    /// Makes the data set of each of some studies, each the one that its study has by itself.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub(crate) fn replicates(
        studies: &[PreparedStudy],
        number: u32,
        control: &Control,
    ) -> Result<Vec<StudyReplicate>, Cancelled> {
        let empty = |study: &PreparedStudy| StudyReplicate {
            number,
            couples: Vec::with_capacity(study.design.couples as usize),
            recruitment: RecruitmentCounts {
                wanted: study.design.couples.into(),
                ..RecruitmentCounts::default()
            },
        };
        let mut sets: Vec<StudyReplicate> = studies.iter().map(empty).collect();
        for run in distinct_runs(studies) {
            let all = studies.iter().zip(&mut sets);
            let mut own: Vec<(&PreparedStudy, &mut StudyReplicate)> = all
                .filter(|(study, _)| Arc::ptr_eq(&study.run, run))
                .collect();
            recruit(run, number, control, &mut own)?;
        }
        Ok(sets)
    }

    /// Recruits a couple if it can be.
    fn approach(
        &self,
        key: &Key,
        number: u64,
        snapshots: &[CoupleSnapshot],
        end: Option<u64>,
        data: &mut StudyReplicate,
    ) {
        let design = &self.design;
        let respondents = [0, 1].map(|person| Respondent {
            key,
            couple: number,
            person,
        });
        let asking = Asking {
            study: self,
            snapshots,
            end,
            styles: respondents.map(|respondent| respondent.style()),
            entry_day: self.entry_day(&respondents[0]),
            respondents,
        };
        data.recruitment.approached += 1;
        let entry = StudyMoment {
            day: 0,
            part: self.run.config.size.steps_per_day,
            burst: 0,
            burst_day: 0,
            prompt: 0,
        };
        let Some(snapshot) = asking.snapshot(entry).filter(|_| asking.is_together(entry)) else {
            data.recruitment.separated += 1;
            return;
        };
        let mut screening = [f64::NAN; 2];
        if let Some(scale) = design.screen {
            let scores = [0, 1].map(|person| {
                asking.score(
                    person,
                    scale,
                    draws::SCREENING,
                    entry,
                    &snapshot.persons[person],
                )
            });
            let passes = |score: f64| score >= design.screen_min && score <= design.screen_max;
            if !design.screen_of.accepts(scores.map(passes)) {
                data.recruitment.screened_out += 1;
                return;
            }
            screening = scores;
        }
        data.recruitment.recruited += 1;
        data.couples.push(asking.couple(screening));
    }

    /// The day of the relationship on which a couple enters.
    fn entry_day(&self, respondent: &Respondent<'_>) -> u32 {
        let (from, until) = (self.design.enter_from, self.design.enter_until);
        let choices = u64::from(until - from) + 1;
        if choices == 1 {
            return from;
        }
        let mut rng = respondent.rng(draws::ENTRY, 0);
        // The high half of the product is uniform over the choices, but for one part in 2³².
        let word = u64::from(rand::Rng::next_u32(&mut rng));
        from + ((word * choices) >> 32) as u32
    }

    /// The scale of a position as an instrument, with the standard deviation of the error of one item.
    pub(crate) fn instrument(&self, index: usize) -> (Scale, f64) {
        let own = &self.design.scales;
        let scale = Scale {
            items: own.items[index],
            points: own.steps[index],
            reliability: own.reliability[index],
            style: own.style[index],
        };
        let sd = own.sd[index] / (own.ceiling[index] - own.floor[index]);
        (scale, scale.item_error(sd * sd))
    }

    /// The lowest and the highest score of a scale.
    pub(crate) fn range(&self, index: usize) -> (f64, f64) {
        score_range(&self.design, index)
    }

    /// How the answers to each scale of the waves, or of the diary, are related to the states behind them.
    pub(crate) fn scale_stats(&self, data: &StudyReplicate, is_diary: bool) -> Vec<ScaleStats> {
        let scales = match is_diary {
            true => &self.design.diary,
            false => &self.design.questionnaire,
        };
        let mut stats = vec![ScaleStats::default(); scales.len()];
        for couple in &data.couples {
            let set = match is_diary {
                true => &couple.prompts,
                false => &couple.waves,
            };
            for member in 0..2 {
                let both = set.answers[member].iter().zip(&set.truth[member]);
                for (place, (answer, truth)) in both.enumerate() {
                    let place = place % scales.len();
                    if !answer.is_finite() {
                        continue;
                    }
                    let own = &mut stats[place];
                    let (low, high) = self.range(scales[place]);
                    own.reliability.add(*answer, *truth);
                    own.ends[0] += u64::from(*answer <= low);
                    own.ends[1] += u64::from(*answer >= high);
                }
            }
        }
        stats
    }
}

/// The run whose couples several studies look at.
fn shared_run(config: &SimulationConfig, designs: &[&StudyDesign]) -> PreparedRun {
    let mut config = config.clone();
    let steps = config.size.steps_per_day;
    let last = designs.iter().map(|design| design.last_day()).max();
    config.size.days = config.size.days.min(last.unwrap_or_default());
    let mut snapshots = SnapshotDays {
        days: vec![0; config.size.days as usize + 1],
    };
    for design in designs {
        let own = SnapshotDays::of(design, config.size.days, steps);
        for (all, own) in snapshots.days.iter_mut().zip(own.days) {
            *all = own.max(*all);
        }
    }
    config.record = Record {
        snapshots: Some(snapshots),
        ..Record::nothing(config.size.days)
    };
    PreparedRun::new(config)
}

/// The simulations that studies look at, each once.
fn distinct_runs(studies: &[PreparedStudy]) -> Vec<&Arc<PreparedRun>> {
    let mut runs: Vec<&Arc<PreparedRun>> = Vec::new();
    for study in studies {
        if !runs.iter().any(|run| Arc::ptr_eq(run, &study.run)) {
            runs.push(&study.run);
        }
    }
    runs
}

/// Couple-days that [`PreparedStudy::replicates`] simulates at most.
pub(crate) fn couple_days_of_all(studies: &[PreparedStudy]) -> u64 {
    let sizes = distinct_runs(studies)
        .into_iter()
        .map(|run| run.config.size);
    sizes.fold(0, |sum: u64, size| {
        sum.saturating_add(size.couples.saturating_mul(size.days.into()))
    })
}

/// Simulates couples block by block until each study has as many as it wants.
fn recruit(
    run: &PreparedRun,
    number: u32,
    control: &Control,
    studies: &mut [(&PreparedStudy, &mut StudyReplicate)],
) -> Result<(), Cancelled> {
    let backend = Backend::best();
    let key = run.key(number, StreamKind::Measurement);
    let is_full = |data: &StudyReplicate| data.recruitment.recruited == data.recruitment.wanted;
    for index in 0..run.blocks_per_replicate() {
        if studies.iter().all(|(_, data)| is_full(data)) {
            break;
        }
        let block = Block {
            replicate: number,
            index,
        };
        let outcome = run_counted_block(run, block, backend, control, None)?;
        let first = block.couples(&run.config.size).start;
        for (study, data) in &mut *studies {
            let couples = outcome.snapshots.iter().zip(&outcome.ends);
            for (number, (snapshots, end)) in (first..).zip(couples) {
                if is_full(data) {
                    break;
                }
                study.approach(&key, number, snapshots, *end, data);
            }
        }
    }
    Ok(())
}

/// The lowest and the highest score of a scale of a design. A report of conflict is 0 or 1.
pub(crate) fn score_range(design: &StudyDesign, index: usize) -> (f64, f64) {
    if index == CONFLICT_SCALE {
        return (0.0, 1.0);
    }
    match design.scales.steps[index] {
        0 | 1 => (1.0, CONTINUOUS_TOP),
        steps => (1.0, f64::from(steps)),
    }
}

/// The number of a moment of the relationship in the addresses of what is drawn.
fn address(day: u32, moment: StudyMoment) -> u64 {
    u64::from(day) << 3 | u64::from(moment.part)
}

/// One couple while it is asked.
struct Asking<'a> {
    study: &'a PreparedStudy,
    snapshots: &'a [CoupleSnapshot],
    /// Step of the separation.
    end: Option<u64>,
    respondents: [Respondent<'a>; 2],
    styles: [f64; 2],
    entry_day: u32,
}

/// Who of a couple still takes part, while its occasions are gone through.
#[derive(Clone, Copy, Debug)]
struct Participation {
    /// Days from entry on which a partner stopped.
    dropped_out: [f64; 2],
    /// Last answer to the first scale of the diary in this burst, as a share of its length.
    last: [f64; 2],
    burst: u32,
    /// Last day of the diary for which it was drawn whether partners stop.
    diary_day: Option<u32>,
}

impl Asking<'_> {
    /// The couple at a moment of the study; `None` after its separation.
    fn snapshot(&self, moment: StudyMoment) -> Option<&CoupleSnapshot> {
        let at = (self.entry_day + moment.day, moment.part);
        let found = self
            .snapshots
            .binary_search_by_key(&at, |snapshot| (snapshot.day, snapshot.part));
        Some(&self.snapshots[found.ok()?])
    }

    /// Whether the couple is together after a moment of the study.
    fn is_together(&self, moment: StudyMoment) -> bool {
        let steps = u64::from(self.study.run.config.size.steps_per_day);
        let day = u64::from(self.entry_day + moment.day) - 1;
        let step = day * steps + u64::from(moment.part);
        self.end.is_none_or(|end| end > step)
    }

    fn address(&self, moment: StudyMoment) -> u64 {
        address(self.entry_day + moment.day, moment)
    }

    /// Draws whether something of this probability happens to a partner.
    fn happens(&self, person: usize, draw: u64, moment: StudyMoment, probability: f64) -> bool {
        let rng = &mut self.respondents[person].rng(draw, self.address(moment));
        let missed = probability;
        !Attendance { missed }.attends(rng)
    }

    /// A score in points; `kind` says which of the answers to this scale at this moment it is.
    fn score(
        &self,
        person: usize,
        index: usize,
        kind: u64,
        moment: StudyMoment,
        snapshot: &PersonSnapshot,
    ) -> f64 {
        let design = &self.study.design;
        if index == CONFLICT_SCALE {
            return self.report_conflict(person, moment, snapshot);
        }
        let (floor, ceiling) = (design.scales.floor[index], design.scales.ceiling[index]);
        let state = (state_of(index, snapshot) - floor) / (ceiling - floor);
        let state = if state.is_nan() {
            return f64::NAN;
        } else {
            state.clamp(0.0, 1.0)
        };
        let (scale, error) = self.study.instrument(index);
        let number = STUDY_SCALES[index].instrument + kind;
        let rng = &mut self.respondents[person].rng(number, self.address(moment));
        let sum: f64 = scale.answers(state, self.styles[person], error, rng).sum();
        let mean = sum / f64::from(scale.items);
        match scale.points {
            0 | 1 => 1.0 + mean * (CONTINUOUS_TOP - 1.0),
            _ => 1.0 + mean,
        }
    }

    fn report_conflict(
        &self,
        person: usize,
        moment: StudyMoment,
        snapshot: &PersonSnapshot,
    ) -> f64 {
        let design = &self.study.design;
        let rng = |draw| self.respondents[person].rng(draw, self.address(moment));
        let conflict = Report {
            hit: design.conflict_reported + design.conflict_reported_hurt * snapshot.shortfall,
            false_alarm: design.conflict_false_alarm,
        };
        let unresponsive = Report {
            hit: design.unresponsive_as_conflict,
            false_alarm: 0.0,
        };
        let conflict = conflict.report(snapshot.conflict, &mut rng(draws::CONFLICT));
        let unresponsive =
            unresponsive.report(snapshot.unresponsive, &mut rng(draws::UNRESPONSIVE));
        conflict.max(unresponsive)
    }

    /// Asks the couple on all occasions.
    fn couple(&self, screening: [f64; 2]) -> StudyCouple {
        let design = &self.study.design;
        let steps = f64::from(self.study.run.config.size.steps_per_day);
        let is_swapped = !design.distinguishable && {
            let rng = &mut self.respondents[0].rng(draws::ORDER, 0);
            Attendance { missed: 0.5 }.attends(rng)
        };
        let empty = |occasions: usize, scales: usize| OccasionSet {
            answers: [0, 1].map(|_| vec![f64::NAN; occasions * scales]),
            truth: [0, 1].map(|_| vec![f64::NAN; occasions * scales]),
            states: [0, 1].map(|_| vec![AnswerState::Separated; occasions]),
            conflict: vec![false; occasions],
        };
        let mut waves = empty(self.study.waves.len(), design.questionnaire.len());
        let mut prompts = empty(self.study.prompts.len(), design.diary.len());
        let mut taking_part = Participation {
            dropped_out: [f64::NAN; 2],
            last: [f64::NAN; 2],
            burst: 0,
            diary_day: None,
        };
        for (number, occasion) in self.study.timeline.iter().enumerate() {
            if number > 0 {
                self.draw_drop_outs(occasion, &mut taking_part);
            }
            let set = if occasion.is_prompt {
                &mut prompts
            } else {
                &mut waves
            };
            self.ask(occasion, &mut taking_part, set);
        }
        let end = self.end.map_or(f64::INFINITY, |end| {
            end as f64 / steps - f64::from(self.entry_day)
        });
        // The study knows of a couple what one of its members says.
        let takes_part = [0, 1].map(|person| design.participants.asks(person));
        let all = f64::from(design.last_occasion().saturating_add(design.follow_up));
        let known = |person: usize| match taking_part.dropped_out[person] {
            _ if !takes_part[person] => 0.0,
            stopped if stopped.is_finite() => stopped,
            _ => all,
        };
        let last = known(0).max(known(1));
        let separated = if end <= last { end } else { f64::NAN };
        let mut couple = StudyCouple {
            number: self.respondents[0].couple,
            entry_day: self.entry_day,
            is_swapped,
            screening,
            separated,
            time: end.min(last),
            dropped_out: taking_part.dropped_out.map(|stopped| {
                // Who would have stopped after the break-up did not.
                if stopped >= end { f64::NAN } else { stopped }
            }),
            waves,
            prompts,
        };
        if is_swapped {
            couple.swap();
        }
        couple
    }

    /// Draws who stops before an occasion.
    fn draw_drop_outs(&self, occasion: &TimedOccasion, taking_part: &mut Participation) {
        let (design, moment) = (&self.study.design, occasion.moment);
        let (draw, probability) = if occasion.is_prompt {
            if taking_part.diary_day == Some(moment.day) {
                return;
            }
            taking_part.diary_day = Some(moment.day);
            (draws::DROP_OUT_DAY, design.drop_out_daily)
        } else {
            (draws::DROP_OUT_WAVE, design.drop_out)
        };
        if probability <= 0.0 {
            return;
        }
        let takes_part = |person: usize| design.participants.asks(person);
        let stops = [0, 1].map(|person| {
            takes_part(person)
                && taking_part.dropped_out[person].is_nan()
                && self.happens(person, draw, moment, probability)
        });
        for person in 0..2 {
            let with_partner = design.drop_out_couple && stops[1 - person];
            if (stops[person] || with_partner)
                && takes_part(person)
                && taking_part.dropped_out[person].is_nan()
            {
                taking_part.dropped_out[person] = f64::from(moment.day);
            }
        }
    }

    /// Asks both partners on one occasion.
    fn ask(
        &self,
        occasion: &TimedOccasion,
        taking_part: &mut Participation,
        set: &mut OccasionSet,
    ) {
        let (design, moment) = (&self.study.design, occasion.moment);
        let scales = match occasion.is_prompt {
            true => &design.diary,
            false => &design.questionnaire,
        };
        if occasion.is_prompt && moment.burst != taking_part.burst {
            taking_part.burst = moment.burst;
            taking_part.last = [f64::NAN; 2];
        }
        let together = self.is_together(moment);
        let snapshot = self.snapshot(moment).filter(|_| together);
        let conflict = snapshot.is_some_and(|snapshot| snapshot.persons[0].conflict);
        set.conflict[occasion.place] = conflict;
        let row = occasion.place * scales.len()..(occasion.place + 1) * scales.len();
        for person in 0..2 {
            set.states[person][occasion.place] = match snapshot {
                _ if !design.participants.asks(person) => AnswerState::NotParticipating,
                None => AnswerState::Separated,
                Some(_) if taking_part.dropped_out[person].is_finite() => AnswerState::DroppedOut,
                Some(_) => self.attends(occasion, person, taking_part.last[person], conflict),
            };
            let Some(snapshot) = snapshot else { continue };
            let own = &snapshot.persons[person];
            let truth = &mut set.truth[person][row.clone()];
            for (to, index) in truth.iter_mut().zip(scales) {
                *to = state_of(*index, own);
            }
            if set.states[person][occasion.place] != AnswerState::Answered {
                continue;
            }
            let kind = if occasion.is_prompt { draws::DIARY } else { 0 };
            let answers = &mut set.answers[person][row.clone()];
            for (to, index) in answers.iter_mut().zip(scales) {
                *to = self.score(person, *index, kind, moment, own);
            }
            let first = answers.first().copied().unwrap_or(f64::NAN);
            if occasion.is_prompt && first.is_finite() {
                let (low, high) = self.study.range(scales[0]);
                taking_part.last[person] = (first - low) / (high - low);
            }
        }
    }

    /// Whether a partner who takes part answers.
    fn attends(
        &self,
        occasion: &TimedOccasion,
        person: usize,
        last: f64,
        conflict: bool,
    ) -> AnswerState {
        let (design, moment) = (&self.study.design, occasion.moment);
        let (draw, missed) = match occasion.is_prompt {
            true => (
                draws::PROMPT,
                design.missed(moment.burst_day, last, conflict),
            ),
            false => (draws::WAVE, 1.0 - design.wave_compliance),
        };
        match self.happens(person, draw, moment, missed) {
            true => AnswerState::Missed,
            false => AnswerState::Answered,
        }
    }
}

impl StudyCouple {
    /// Exchanges the members.
    fn swap(&mut self) {
        self.screening.swap(0, 1);
        self.dropped_out.swap(0, 1);
        for set in [&mut self.waves, &mut self.prompts] {
            set.answers.swap(0, 1);
            set.truth.swap(0, 1);
            set.states.swap(0, 1);
        }
    }
}

/// The state that a scale measures, as a share of its range; NaN if there is none.
fn state_of(index: usize, snapshot: &PersonSnapshot) -> f64 {
    let of = |scale: ScaleId| snapshot.states[scale as usize];
    match STUDY_SCALES[index].state {
        MeasuredState::Scale(scale) => of(scale),
        MeasuredState::Responsiveness => {
            let perceived = of(ScaleId::DailyResponsiveness);
            if perceived.is_nan() {
                of(ScaleId::Trust)
            } else {
                perceived
            }
        }
        MeasuredState::Conflict => f64::from(u8::from(snapshot.conflict)),
    }
}

const _: () = assert!(
    STUDY_SCALE_COUNT < 100,
    "the numbers of instruments overlap"
);
