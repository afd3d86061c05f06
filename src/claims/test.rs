//! Tests claims: replicates are simulated in stages, and each undecided claim is judged after each.
//!
//! Of each replicate and condition a claim observes one number; only what is needed for it is recorded.

use super::report::{EffectEstimate, TestedClaim};
use crate::model::parameters::MECHANISMS;
use crate::runner::{Cancelled, Control, Ensemble, ensembles};
use crate::scenario::{Claim, ClaimRule, Claims, Contrast, Observed, ObservedDays};
use crate::simd::backend::Backend;
use crate::simulation::{
    Change, DayRows, Line, PreparedRun, Record, SimulationConfig, couples_schema,
};
use crate::stats::sequential_test::{Looks, Rule, Verdict};
use crate::stats::summary::{RunningMoments, correlation, slope};
use crate::table::Values;
use std::ops::Range;

/// Tests all claims.
pub(crate) fn run(
    claims: &Claims,
    most: u32,
    without: &[String],
    control: &Control,
) -> Result<Vec<TestedClaim>, Cancelled> {
    let configs: Vec<SimulationConfig> = claims
        .conditions
        .iter()
        .map(|condition| without_mechanisms(&condition.config, without))
        .collect();
    let looks = Looks::new(u64::from(most));
    let mut tests: Vec<ClaimTest<'_>> = claims
        .claims
        .iter()
        .map(|claim| ClaimTest::new(claim, claims.claims.len()))
        .collect();
    let mut done = 0;
    for (look, count) in looks.counts().iter().enumerate() {
        if tests.iter().all(ClaimTest::is_decided) {
            break;
        }
        let stage = done..*count as u32;
        done = stage.end;
        stage_of(&mut tests, &configs, stage, control)?;
        for test in tests.iter_mut().filter(|test| !test.is_decided()) {
            test.look(&looks, look);
        }
    }
    Ok(tests.into_iter().map(ClaimTest::found).collect())
}

/// A configuration without some mechanisms, from the first day to the last.
fn without_mechanisms(config: &SimulationConfig, without: &[String]) -> SimulationConfig {
    let mut config = config.clone();
    for key in without {
        if let Some(on) = config.mechanisms.get_mut(key) {
            *on = false;
        }
        config
            .schedule
            .interval_changes
            .retain(|season| match season.change {
                Change::Mechanism { index, on } => !(on && MECHANISMS[index].key == key),
                _ => true,
            });
    }
    config
}

/// Lives the next replicates of each condition that an open claim looks at.
fn stage_of(
    tests: &mut [ClaimTest<'_>],
    configs: &[SimulationConfig],
    replicates: Range<u32>,
    control: &Control,
) -> Result<(), Cancelled> {
    let looked_at = |condition: usize| -> Vec<usize> {
        let open = tests.iter().enumerate();
        open.filter(|(_, test)| !test.is_decided() && test.looks_at(condition))
            .map(|(place, _)| place)
            .collect()
    };
    let wanted: Vec<(usize, Vec<usize>)> = (0..configs.len())
        .map(|condition| (condition, looked_at(condition)))
        .filter(|(_, by)| !by.is_empty())
        .collect();
    let courses: Vec<PreparedRun> = wanted
        .iter()
        .map(|(condition, by)| {
            let claims: Vec<&Claim> = by.iter().map(|place| tests[*place].claim).collect();
            PreparedRun::new(recording(&configs[*condition], &claims))
        })
        .collect();
    let sum_up = |course: usize, ensemble: Ensemble| -> Vec<f64> {
        let of = |place: &usize| {
            let observed = &tests[*place].claim.observed;
            observed_value(observed, &courses[course], &ensemble)
        };
        wanted[course].1.iter().map(of).collect()
    };
    let results = ensembles(&courses, replicates, Backend::best(), control, sum_up)?;
    for ((condition, by), replicates) in wanted.iter().zip(&results) {
        for (position, place) in by.iter().enumerate() {
            let values = replicates.iter().map(|values| values[position]);
            tests[*place].take(*condition, values);
        }
    }
    for test in tests.iter_mut().filter(|test| !test.is_decided()) {
        test.close_stage();
    }
    Ok(())
}

/// A claim under test.
struct ClaimTest<'c> {
    claim: &'c Claim,
    /// Each effect's part of the probability of error.
    share: f64,
    /// Of each condition that the claim looks at, the values of the stage's replicates.
    stage: Vec<(usize, Vec<f64>)>,
    /// Of each effect its value in each replicate so far, and their moments.
    effects: Vec<(Vec<f64>, RunningMoments)>,
    judged: Vec<EffectEstimate>,
    verdict: Verdict,
}

impl<'c> ClaimTest<'c> {
    fn new(claim: &'c Claim, claims: usize) -> ClaimTest<'c> {
        ClaimTest {
            claim,
            share: 1.0 / (claims * claim.effects.len()) as f64,
            stage: Vec::new(),
            effects: vec![(Vec::new(), RunningMoments::default()); claim.effects.len()],
            judged: Vec::new(),
            verdict: Verdict::Undecided,
        }
    }

    fn is_decided(&self) -> bool {
        self.verdict != Verdict::Undecided
    }

    fn looks_at(&self, condition: usize) -> bool {
        let has = |effect: &Contrast| effect.weights.iter().any(|(own, _)| *own == condition);
        self.claim.effects.iter().any(has)
    }

    fn take(&mut self, condition: usize, values: impl Iterator<Item = f64>) {
        self.stage.push((condition, values.collect()));
    }

    /// Turns the stage's values of conditions into values of effects.
    fn close_stage(&mut self) {
        let count = self.stage.first().map_or(0, |(_, values)| values.len());
        for (effect, (all, moments)) in self.claim.effects.iter().zip(&mut self.effects) {
            for replicate in 0..count {
                let mut sum = -self.claim.null;
                for (condition, weight) in &effect.weights {
                    let own = self.stage.iter().find(|(own, _)| own == condition);
                    sum += weight * own.map_or(f64::NAN, |(_, values)| values[replicate]);
                }
                all.push(sum);
                moments.push(sum);
            }
        }
        self.stage.clear();
    }

    fn look(&mut self, looks: &Looks, look: usize) {
        let smallest = self.claim.sesoi;
        let rule = match self.claim.rule {
            ClaimRule::Greater | ClaimRule::Order => Rule::Greater,
            ClaimRule::Less => Rule::Less,
            ClaimRule::Equivalent => Rule::Equivalent,
        };
        let judge = |(_, moments): &(Vec<f64>, RunningMoments)| {
            let interval = looks.interval(look, moments, self.share, smallest);
            EffectEstimate {
                effect: moments.mean(),
                standard_error: moments.standard_error(),
                interval,
                verdict: rule.judge(interval, smallest),
            }
        };
        self.judged = self.effects.iter().map(judge).collect();
        let verdicts: Vec<Verdict> = self.judged.iter().map(|judged| judged.verdict).collect();
        self.verdict = Verdict::of_all(&verdicts);
    }

    fn found(self) -> TestedClaim {
        TestedClaim {
            verdict: self.verdict,
            runs: self.effects.first().map_or(0, |(all, _)| all.len()) as u32,
            judged: self.judged,
            values: self.effects.into_iter().map(|(all, _)| all).collect(),
        }
    }
}

/// A condition's configuration, which records only what some claims observe.
fn recording(config: &SimulationConfig, claims: &[&Claim]) -> SimulationConfig {
    let mut config = config.clone();
    let last = config.size.days;
    let (mut every, mut observables, mut couples) = (last.max(1), Vec::new(), false);
    for claim in claims {
        match &claim.observed {
            Observed::Mean(observable, _, days) => {
                if !observables.contains(observable) {
                    observables.push(*observable);
                }
                every = common_step(every, *days, last);
            }
            // Break-ups are known of every day.
            Observed::Together(_) => {}
            Observed::Correlation(..) | Observed::Slope(..) => couples = true,
        }
    }
    config.record = Record {
        every,
        observables,
        days: DayRows::None,
        days_from: 1,
        sample_couples: 0,
        couples,
        phase_flow_days: last.max(1),
        survey: None,
    };
    config
}

/// The longest interval between recorded days that reaches these days too; the last one is always
/// recorded.
fn common_step(every: u32, ObservedDays { from, to }: ObservedDays, last: u32) -> u32 {
    if from < to {
        1
    } else if from == last {
        every
    } else {
        divisor(every, from)
    }
}

/// The greatest common divisor.
fn divisor(one: u32, other: u32) -> u32 {
    if other == 0 {
        one
    } else {
        divisor(other, one % other)
    }
}

/// The observed number of an ensemble; NaN if no couple is left.
fn observed_value(observed: &Observed, course: &PreparedRun, ensemble: &Ensemble) -> f64 {
    match observed {
        Observed::Mean(observable, role, days) => {
            let line = Line {
                observable: *observable,
                role: *role,
            };
            mean(line, *days, course, ensemble)
        }
        Observed::Together(days) => together(*days, course, ensemble),
        Observed::Correlation(one, other) => match columns(course, ensemble, one, other) {
            Some((one, other)) => correlation(one, other),
            None => f64::NAN,
        },
        Observed::Slope(of, on) => match columns(course, ensemble, of, on) {
            Some((of, on)) => slope(of, on),
            None => f64::NAN,
        },
    }
}

/// The mean over recorded days of the mean over the couples recorded on them; day 0 has no events.
fn mean(wanted: Line, days: ObservedDays, course: &PreparedRun, ensemble: &Ensemble) -> f64 {
    let recorded = &course.recorded;
    let lines = recorded.lines.len();
    let Some(line) = recorded.lines.iter().position(|line| *line == wanted) else {
        return f64::NAN;
    };
    let (mut sum, mut count) = (0.0, 0.0);
    for (slot, day) in recorded.days.iter().enumerate() {
        let has_value = *day > 0 || !wanted.observable.is_of_events();
        if has_value && (days.from..=days.to).contains(day) {
            let [total, _] = ensemble.moments.sums[slot * lines + line];
            sum += total / ensemble.moments.intact[slot] as f64;
            count += 1.0;
        }
    }
    sum / count
}

/// The share of couples that are intact after a day, averaged over days.
///
/// A couple that breaks up on a day counts in that day's means and not in its share intact.
fn together(days: ObservedDays, course: &PreparedRun, ensemble: &Ensemble) -> f64 {
    let steps = u64::from(course.config.size.steps_per_day);
    let after = |day: u32| {
        let lasts = |end: &&Option<u64>| end.is_none_or(|step| step > u64::from(day) * steps);
        ensemble.ends.iter().filter(lasts).count() as f64 / ensemble.ends.len() as f64
    };
    let sum: f64 = (days.from..=days.to).map(after).sum();
    sum / f64::from(days.to - days.from + 1)
}

fn columns<'e>(
    course: &PreparedRun,
    ensemble: &'e Ensemble,
    one: &str,
    other: &str,
) -> Option<(&'e [f64], &'e [f64])> {
    let schema = couples_schema(course.config.origin.has_childhood());
    let column = |name: &str| match ensemble.couples.columns.get(schema.position(name)?) {
        Some(Values::Float(values)) => Some(values.as_slice()),
        _ => None,
    };
    column(one).zip(column(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::{CoupleObservable, PersonObservable, Role};

    #[test]
    fn intervals_between_recorded_days_reach_all_that_is_observed() {
        let day = |day| ObservedDays { from: day, to: day };
        assert_eq!(common_step(300, day(300), 300), 300);
        assert_eq!(common_step(300, day(120), 300), 60);
        assert_eq!(common_step(60, day(90), 300), 30);
        assert_eq!(common_step(300, day(0), 300), 300);
        assert_eq!(common_step(300, ObservedDays { from: 10, to: 20 }, 300), 1);
    }

    /// What a claim observes of one ensemble of a scenario's text.
    fn observed_of(text: &str, observed: Observed) -> f64 {
        let scenario = crate::scenario::Scenario::read_text("text", text, &[]).expect("a scenario");
        let claim = Claim {
            name: "a".to_owned(),
            statement: "a".to_owned(),
            observed,
            rule: crate::scenario::ClaimRule::Greater,
            effects: Vec::new(),
            sesoi: 1.0,
            null: 0.0,
            expect: "supported",
            requires: Vec::new(),
        };
        let course = [PreparedRun::new(recording(scenario.config(), &[&claim]))];
        let sum = |_: usize, one: Ensemble| observed_value(&claim.observed, &course[0], &one);
        let values = ensembles(&course, 0..1, Backend::best(), &Control::default(), sum);
        values.expect("not cancelled")[0][0]
    }

    const STILL: &str = "title = \"x\"\n[run]\ncouples = 70\ndays = 6\n[mechanisms]\ncontact = false\n\
                     conflict = false\nstress = false\nbetrayal = false\ndissolution = false\n";

    #[test]
    fn means_are_of_the_requested_role_and_days() {
        let text = format!(
            "{STILL}intimacy = false\n[initial.a]\nstress = 0.2\n[initial.b]\nstress = 0.4\n"
        );
        let stress = |role, from, to| {
            let days = ObservedDays { from, to };
            observed_of(
                &text,
                Observed::Mean(PersonObservable::Stress.into(), role, days),
            )
        };
        // Without its mechanism stress stays where it is.
        assert!((stress(Role::A, 6, 6) - 0.2).abs() < 1e-12);
        assert!((stress(Role::B, 1, 4) - 0.4).abs() < 1e-12);
        assert!((stress(Role::Couple, 0, 6) - 0.3).abs() < 1e-12);
    }

    #[test]
    fn means_of_events_leave_day_0_out() {
        let text = "title = \"x\"\n[run]\ncouples = 60\ndays = 3\n";
        let conflict = |from, to| {
            let days = ObservedDays { from, to };
            let line = CoupleObservable::Conflict.into();
            observed_of(text, Observed::Mean(line, Role::Couple, days))
        };
        assert!(conflict(1, 1) > 0.0);
        assert_eq!(conflict(0, 1), conflict(1, 1));
        assert!(conflict(0, 0).is_nan());
    }

    #[test]
    fn shares_intact_count_couples_not_separated_by_the_day() {
        let separating = STILL.replace("dissolution = false", "commitment = false")
            + "[initial]\ncommitment = 0.0\n[parameters]\nbreakup_rate = 1.0\n";
        let share =
            |from, to| observed_of(&separating, Observed::Together(ObservedDays { from, to }));
        let days: Vec<f64> = (0..=6).map(|day| share(day, day)).collect();
        assert_eq!(days[0], 1.0);
        assert!(
            days.is_sorted_by(|one, next| one >= next) && days[6] < 1.0,
            "{days:?}"
        );
        assert!((share(0, 6) - days.iter().sum::<f64>() / 7.0).abs() < 1e-12);
    }

    #[test]
    fn a_state_that_does_not_move_goes_with_itself() {
        let text = format!("{STILL}attachment = false\n");
        let pair = || ("anxiety_start_a".to_owned(), "anxiety_end_a".to_owned());
        let (one, other) = pair();
        assert!((observed_of(&text, Observed::Correlation(one, other)) - 1.0).abs() < 1e-12);
        let (one, other) = pair();
        assert!((observed_of(&text, Observed::Slope(one, other)) - 1.0).abs() < 1e-12);
    }
}
