//! A cohort wave by wave, as panels are: what the couples who are still together answer, and when the others
//! separated.
//!
//! States are recorded without error and are private to this file: studies get scores only.

use crate::rng::{Key, StreamKind};
use crate::runner::{Cancelled, Control, Plan, run};
use crate::scenario::Scenario;
use crate::simd::backend::Backend;
use crate::simulation::survey::instrument::{Respondent, Scale};
use crate::simulation::survey::{SCALE_COUNT, SCALES, ScaleId};
use crate::simulation::{BlockOutcome, BlockTable, Survey};
use crate::stats::dyads::Dyad;
use crate::stats::summary::RunningMoments;
use crate::table::{Batch, MISSING, Values};
use rayon::prelude::*;
use std::ops::Range;

/// Groups of couples that a jackknife leaves out in turn.
const GROUPS: usize = 10;

/// A cohort in waves.
#[derive(Debug)]
pub(crate) struct CohortWaves {
    /// Day of each couple's break-up; NaN where they are together at the end, or when they left the cohort.
    pub(crate) ends: Vec<f64>,
    /// Which couples left the cohort while they were together.
    pub(crate) left: Vec<bool>,
    /// Days of the waves.
    waves: Vec<u32>,
    /// Where each couple's waves begin in the columns, and where the last couple's end: couples answer
    /// every wave until they separate.
    first: Vec<usize>,
    /// States by scale.
    states: Vec<(ScaleId, Vec<Dyad>)>,
    /// Fights of the last week, as each person felt them; NaN in waves that do not ask for them.
    fights: Vec<Dyad>,
    /// The seed of the errors of answers.
    seed: u64,
}

struct WaveCollector {
    ends: Vec<f64>,
    first: Vec<usize>,
    states: Vec<(ScaleId, Vec<Dyad>)>,
    fights: Vec<Dyad>,
    /// Where each scale stands in a row.
    columns: Vec<usize>,
    /// Where fights stand in it, if any wave asks for them.
    fights_column: Option<usize>,
    couple: usize,
    steps_per_day: f64,
}

impl WaveCollector {
    /// Takes the outcome of the next block.
    fn take(&mut self, outcome: BlockOutcome) {
        let before = self.ends.len();
        let steps = self.steps_per_day;
        let ends = outcome.ends.iter();
        self.ends
            .extend(ends.map(|end| end.map_or(f64::NAN, |step| step as f64 / steps)));
        let couples = self.ends.len() - before;
        self.push(&outcome.tables[BlockTable::Waves], before, couples);
    }

    /// Takes the rows of a block, in which person A and B alternate.
    fn push(&mut self, rows: &Batch, before: usize, couples: usize) {
        let mut counts = vec![0; couples];
        if let Some(Values::Int(numbers)) = rows.columns.get(self.couple) {
            // Couples are numbered from 1 in their replicate, which is the cohort.
            for number in numbers.iter().step_by(2) {
                counts[*number as usize - 1 - before] += 1;
            }
        }
        let mut at = self.first.last().copied().unwrap_or(0);
        for count in counts {
            at += count;
            self.first.push(at);
        }
        for ((_, states), column) in self.states.iter_mut().zip(&self.columns) {
            if let Some(Values::Float(scores)) = rows.columns.get(*column) {
                let pairs = scores.chunks_exact(2);
                states.extend(pairs.map(|pair| [state_of(pair[0]), state_of(pair[1])]));
            }
        }
        let fights = self
            .fights_column
            .and_then(|column| rows.columns.get(column));
        if let Some(Values::Int(counts)) = fights {
            let pairs = counts.chunks_exact(2);
            self.fights
                .extend(pairs.map(|pair| [count_of(pair[0]), count_of(pair[1])]));
        }
    }
}

/// A state from an answer without steps or error, which goes from 1 to 7.
fn state_of(answer: f64) -> f64 {
    (answer - 1.0) / 6.0
}

/// A count; NaN where it is missing.
fn count_of(value: i64) -> f64 {
    if value == MISSING {
        f64::NAN
    } else {
        value as f64
    }
}

impl CohortWaves {
    /// Simulates a cohort and keeps the states that some scales measure, on the days of the waves, and the
    /// fights of the week before some of them; if cancelled, those of some couples only.
    pub(crate) fn simulate(
        scenario: &Scenario,
        control: &Control,
        waves: &[u32],
        fight_waves: &[u32],
        scales: &[ScaleId],
    ) -> CohortWaves {
        let mut config = scenario.config().clone();
        let survey = Survey {
            waves: waves.to_vec(),
            fight_waves: fight_waves.to_vec(),
            diary_days: 0,
            points: 0,
            items: [1; SCALE_COUNT],
            reliability: [1.0; SCALE_COUNT],
            style: 0.0,
            ..Survey::default_for(config.size.days)
        };
        config.record.survey = Some(survey);
        let schema = BlockTable::Waves.schema(&config);
        let schema = schema.expect("a survey with waves keeps them");
        let seed = config.seed;
        let place = |name: &str| schema.position(name).expect("a column of waves");
        let mut collector = WaveCollector {
            ends: Vec::new(),
            first: vec![0],
            states: scales.iter().map(|scale| (*scale, Vec::new())).collect(),
            columns: scales
                .iter()
                .map(|scale| place(SCALES[*scale as usize].key))
                .collect(),
            fights: Vec::new(),
            fights_column: schema.position("fights"),
            couple: place("couple"),
            steps_per_day: f64::from(config.size.steps_per_day),
        };
        let plan = Plan::new(config);
        let take = |outcome| collector.take(outcome);
        // A cancelled cohort keeps what there is of it.
        let (Ok(_) | Err(Cancelled)) = run(&plan, Backend::best(), false, control, take);
        CohortWaves {
            left: vec![false; collector.ends.len()],
            ends: collector.ends,
            waves: waves.to_vec(),
            first: collector.first,
            states: collector.states,
            fights: collector.fights,
            seed,
        }
    }

    /// Lets the couples who are together on a day and do not stay in the cohort leave it: they answer no later
    /// wave, and are not followed.
    pub(crate) fn leave(&mut self, day: f64, stays: &[bool]) {
        let waves = self.waves.iter();
        let before = waves.take_while(|wave| f64::from(**wave) <= day).count();
        let mut places: Vec<Range<usize>> = (0..self.couples()).map(|c| self.places(c)).collect();
        for (couple, places) in places.iter_mut().enumerate() {
            let end = &mut self.ends[couple];
            let together = end.is_nan() || *end >= day;
            if together && stays.get(couple) != Some(&true) {
                *end = f64::NAN;
                self.left[couple] = true;
                places.end = places.end.min(places.start + before);
            }
        }
        let kept = |column: &[Dyad]| match column.is_empty() {
            true => Vec::new(),
            false => {
                let answers = places.iter().flat_map(|places| &column[places.clone()]);
                answers.copied().collect()
            }
        };
        for (_, states) in &mut self.states {
            *states = kept(states);
        }
        self.fights = kept(&self.fights);
        self.first = vec![0];
        for places in places {
            self.first
                .push(self.first[self.first.len() - 1] + places.len());
        }
    }

    /// How many couples began.
    pub(crate) fn couples(&self) -> usize {
        self.ends.len()
    }

    /// Where a couple's answers to a wave stand in a column of scores; `None` after their break-up.
    pub(crate) fn place(&self, couple: usize, wave: usize) -> Option<usize> {
        let place = self.first[couple] + wave;
        (place < self.first[couple + 1]).then_some(place)
    }

    /// Places of a couple's waves.
    pub(crate) fn places(&self, couple: usize) -> Range<usize> {
        self.first[couple]..self.first[couple + 1]
    }

    /// The day of a wave.
    pub(crate) fn day(&self, wave: usize) -> f64 {
        f64::from(self.waves[wave])
    }

    /// Fights of the week before each wave that asks for them, as each person felt them: those in which the
    /// partner's act was one. Nothing is forgotten.
    pub(crate) fn fights(&self) -> &[Dyad] {
        &self.fights
    }

    pub(crate) fn states(&self, scale: ScaleId) -> &[Dyad] {
        let found = self.states.iter().find(|(own, _)| *own == scale);
        found.map_or(&[], |(_, states)| states)
    }

    /// Standard deviation over persons and waves of what a scale measures, by which an instrument of a
    /// published reliability errs.
    pub(crate) fn spread(&self, scale: ScaleId, waves: &[usize]) -> f64 {
        let states = self.states(scale);
        let couples = 0..self.couples();
        let pairs = couples.flat_map(|couple| {
            let places = waves
                .iter()
                .filter_map(move |wave| self.place(couple, *wave));
            places.map(|place| states[place])
        });
        pairs.flatten().collect::<RunningMoments>().sd()
    }

    /// The scores of an instrument in the waves in which it is used, and NaN in the others; one of its
    /// items errs by `error`. A person's response style is the same in all waves, and errors are the
    /// same in cohorts of the same seed.
    pub(crate) fn scores(
        &self,
        of: ScaleId,
        scale: &Scale,
        error: f64,
        instrument: u64,
        used: impl Fn(usize) -> bool + Sync,
    ) -> Vec<Dyad> {
        let key = Key::new(self.seed, 0, 0, StreamKind::Measurement);
        let states = self.states(of);
        let answers = |couple: usize| -> Vec<Dyad> {
            let respondents = [0, 1].map(|person| Respondent {
                key: &key,
                couple: couple as u64,
                person,
            });
            let styles = respondents.map(|respondent| respondent.style());
            let score = |(wave, states): (usize, &Dyad)| {
                [0, 1].map(|person| {
                    if !used(wave) {
                        return f64::NAN;
                    }
                    let rng = &mut respondents[person].rng(instrument, u64::from(self.waves[wave]));
                    scale.score(states[person], styles[person], error, rng)
                })
            };
            states[self.places(couple)]
                .iter()
                .enumerate()
                .map(score)
                .collect()
        };
        let couples = (0..self.couples()).into_par_iter();
        couples.flat_map_iter(answers).collect()
    }
}

/// Values whose mean is a statistic without its bias in small samples and whose spread gives its error:
/// the pseudo-values of a jackknife over ten groups of couples (Tukey 1958). The statistic is of all
/// couples for `None`, and otherwise of all but those of a group.
pub(crate) fn jackknife(statistic: impl Fn(Option<usize>) -> f64) -> Vec<f64> {
    let (all, groups) = (statistic(None), GROUPS as f64);
    let without = |group| groups * all - (groups - 1.0) * statistic(Some(group));
    (0..GROUPS).map(without).collect()
}

/// The couples of a group that is left out.
pub(crate) fn left_out(couples: usize, group: Option<usize>) -> Range<usize> {
    group.map_or(0..0, |group| {
        couples * group / GROUPS..couples * (group + 1) / GROUPS
    })
}

#[cfg(test)]
pub(crate) mod test_support {
    use super::*;

    /// A cohort that separates on given days, in waves on given days, without states.
    pub(crate) fn cohort(waves: &[u32], ends: &[f64]) -> CohortWaves {
        let mut first = vec![0];
        for end in ends {
            let answered = waves.iter().filter(|day| {
                let day = f64::from(**day);
                end.is_nan() || day <= *end
            });
            first.push(first[first.len() - 1] + answered.count());
        }
        CohortWaves {
            ends: ends.to_vec(),
            left: vec![false; ends.len()],
            waves: waves.to_vec(),
            first,
            states: Vec::new(),
            fights: Vec::new(),
            seed: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::laboratory::{Laboratory, UNMARRIED};
    use crate::validate::samples::Instruments;

    const WAVES: [u32; 3] = [1, 100, 400];

    fn followed(seed: u64) -> CohortWaves {
        let lab = Laboratory::new(300, seed);
        let own = [
            ("run.days".to_owned(), "400".to_owned()),
            ("record.every".to_owned(), "400".to_owned()),
        ];
        let scenario = lab.scenario(UNMARRIED, &own).expect("no overrides");
        let scales = [ScaleId::Satisfaction, ScaleId::Anxiety];
        CohortWaves::simulate(&scenario, &lab.control, &WAVES, &WAVES[1..2], &scales)
    }

    #[test]
    fn couples_answer_every_wave_until_they_separate() {
        let cohort = followed(1);
        assert_eq!(cohort.couples(), 300);
        let mut separated = 0;
        for (couple, end) in cohort.ends.iter().enumerate() {
            for (wave, day) in WAVES.iter().enumerate() {
                let together = end.is_nan() || *end >= f64::from(*day);
                assert_eq!(cohort.place(couple, wave).is_some(), together);
                separated += usize::from(!together);
            }
        }
        assert!(separated > 50, "{separated} waves after a break-up");
        let answered = cohort.first[300];
        for (_, states) in &cohort.states {
            assert_eq!(states.len(), answered);
            let mut all = states.iter().flatten();
            assert!(all.all(|state| (-1e-12..=1.0 + 1e-12).contains(state)));
        }
    }

    #[test]
    fn couples_who_leave_answer_no_later_wave() {
        let (whole, mut part) = (followed(1), followed(1));
        // Every second couple stays, and none of the last, of whom nothing is said.
        let stays: Vec<bool> = (0..200).map(|couple| couple % 2 == 1).collect();
        part.leave(100.0, &stays);
        assert_eq!(part.couples(), 300);
        let mut left = 0;
        for couple in 0..300 {
            let end = whole.ends[couple];
            let leaves = stays.get(couple) != Some(&true) && (end.is_nan() || end >= 100.0);
            left += usize::from(leaves);
            assert_eq!(part.left[couple], leaves);
            let (here, mut there) = (part.places(couple), whole.places(couple));
            if leaves {
                assert!(part.ends[couple].is_nan());
                there.end = there.start + 2;
            } else {
                assert_eq!(part.ends[couple].to_bits(), end.to_bits());
            }
            for scale in [ScaleId::Satisfaction, ScaleId::Anxiety] {
                let states = &part.states(scale)[here.clone()];
                assert_eq!(states, &whole.states(scale)[there.clone()]);
            }
            let fights = |cohort: &CohortWaves, places| format!("{:?}", &cohort.fights()[places]);
            assert_eq!(fights(&part, here), fights(&whole, there));
        }
        assert!(left > 50, "{left} couples left");
        assert_eq!(part.states(ScaleId::Anxiety).len(), part.first[300]);
    }

    #[test]
    fn fights_are_those_of_the_week_before_a_wave() {
        let lab = Laboratory::new(300, 1);
        let own = [
            ("run.days".to_owned(), "100".to_owned()),
            ("record.every".to_owned(), "100".to_owned()),
            ("record.days".to_owned(), "\"all\"".to_owned()),
            ("record.days_from".to_owned(), "94".to_owned()),
        ];
        let panel = lab.simulate(UNMARRIED, &own).expect("no overrides");
        let cohort = followed(1);
        let days = panel.column("fights");
        let mut counted = 0.0;
        for (number, id) in panel.ids.iter().enumerate() {
            let couple = *id as usize;
            let place = cohort.place(couple, 1).expect("together");
            for person in 0..2 {
                let week = &days[(2 * number + person) * 7..][..7];
                let fights = cohort.fights()[place][person];
                assert_eq!(fights, week.iter().sum::<f64>(), "{id} {person}");
                counted += fights;
            }
            for other in [0, 2] {
                let place = cohort.place(couple, other);
                let answers = place.is_some_and(|place| !cohort.fights()[place][0].is_nan());
                assert!(!answers, "wave {other}");
            }
        }
        assert!(counted > 50.0, "{counted} fights");
    }

    #[test]
    fn states_are_those_of_the_days_table() {
        let lab = Laboratory::new(300, 1);
        let own = [
            ("run.days".to_owned(), "400".to_owned()),
            ("record.every".to_owned(), "400".to_owned()),
            ("record.days".to_owned(), "\"all\"".to_owned()),
            ("record.days_from".to_owned(), "400".to_owned()),
        ];
        let panel = lab.simulate(UNMARRIED, &own).expect("no overrides");
        let cohort = followed(1);
        let states = cohort.states(ScaleId::Satisfaction);
        let column = panel.column("satisfaction");
        assert!(panel.couples > 50);
        for (number, id) in panel.ids.iter().enumerate() {
            let place = cohort.place(*id as usize, 2).expect("together");
            for person in 0..2 {
                let (one, other) = (states[place][person], column[2 * number + person]);
                assert!((one - other).abs() < 1e-12, "{one} {other}");
            }
        }
    }

    #[test]
    fn scores_have_the_reliability_of_the_instrument() {
        let cohort = followed(2);
        let by = Instruments::default();
        let scale = Scale {
            style: 0.0,
            ..by.rating(0.8)
        };
        let spread = cohort.spread(ScaleId::Anxiety, &[0]);
        let error = scale.item_error(spread * spread);
        let scores = cohort.scores(ScaleId::Anxiety, &scale, error, 7, |wave| wave == 0);
        let states = cohort.states(ScaleId::Anxiety);
        let mut errors = RunningMoments::default();
        for couple in 0..cohort.couples() {
            let place = cohort.place(couple, 0).expect("the first day");
            for person in 0..2 {
                errors.push(scores[place][person] - states[place][person]);
            }
            if let Some(later) = cohort.place(couple, 1) {
                assert!(scores[later][0].is_nan(), "not asked");
            }
        }
        let expected = spread * (0.25_f64).sqrt();
        assert!(
            (errors.sd() / expected - 1.0).abs() < 0.12,
            "{}",
            errors.sd()
        );
        // Other waves err otherwise, the same wave does not.
        let again = cohort.scores(ScaleId::Anxiety, &scale, error, 7, |wave| wave < 2);
        let both = |scores: &[Dyad], wave| cohort.place(0, wave).map(|place| scores[place]);
        assert_eq!(both(&again, 0), both(&scores, 0));
    }

    #[test]
    fn a_jackknife_of_a_mean_is_the_mean_with_its_error() {
        let values: Vec<f64> = (0..50).map(|n| f64::from(n * n % 17)).collect();
        let mean = |group| {
            let out = left_out(values.len(), group);
            let kept = values.iter().enumerate().filter(|(n, _)| !out.contains(n));
            kept.map(|(_, value)| *value)
                .collect::<RunningMoments>()
                .mean()
        };
        let found = jackknife(mean);
        assert_eq!(found.len(), GROUPS);
        for (group, found) in found.iter().enumerate() {
            let own: RunningMoments = values[5 * group..5 * group + 5].iter().copied().collect();
            assert!((found - own.mean()).abs() < 1e-9, "{found} {}", own.mean());
        }
    }

    #[test]
    fn a_jackknife_takes_the_bias_of_a_small_sample_away() {
        // The variance with n in place of n - 1 is too small by the factor (n - 1) / n.
        let values: Vec<f64> = (0..10).map(|n| f64::from(n * n % 7)).collect();
        let plain = |group| {
            let out = left_out(values.len(), group);
            let kept = values.iter().enumerate().filter(|(n, _)| !out.contains(n));
            let kept: RunningMoments = kept.map(|(_, value)| *value).collect();
            let n = kept.count() as f64;
            kept.variance() * (n - 1.0) / n
        };
        let all: RunningMoments = values.iter().copied().collect();
        let found: RunningMoments = jackknife(plain).into_iter().collect();
        assert!((found.mean() - all.variance()).abs() < 1e-9);
    }
}
