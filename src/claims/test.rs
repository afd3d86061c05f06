//! Tests claims: replicates are simulated in stages, and each undecided claim is judged after each.
//!
//! Of each replicate and condition a claim observes one number; only what is needed for it is recorded.

use super::report::{EffectEstimate, TestedClaim};
use crate::model::parameters::MECHANISMS;
use crate::runner::{Cancelled, Control, Ensemble, ensembles};
use crate::scenario::{Claim, ClaimRule, Claims, Contrast, Observed, ObservedDays};
use crate::simd::backend::Backend;
use crate::simulation::{
    Change, CoupleObservable, Line, Observable, Over, PersonObservable, PreparedRun, Record,
    SimulationConfig, common_interval, couples_schema,
};
use crate::stats::interval::Interval;
use crate::stats::sequential_test::{FIRST_LOOK, Looks, Rarity, Rule, Verdict};
use crate::stats::summary::{RunningMoments, correlation, slope};
use crate::table::Values;
use std::ops::Range;

/// Which of several tests of the same claims one is. The intervals of all of them hold together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OneOf {
    /// Its number, from 0.
    pub(crate) index: usize,
    /// How many there are.
    pub(crate) of: usize,
}

/// Tests all claims.
pub(crate) fn run(
    claims: &Claims,
    most: u32,
    without: &[String],
    one: OneOf,
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
        .map(|claim| ClaimTest::new(claim, claims.claims.len() * one.of, &configs))
        .collect();
    let mut done = 0;
    for (look, count) in looks.counts().iter().enumerate() {
        let decided = tests.iter().filter(|test| test.is_decided()).count();
        control.progress.set_parts(
            (one.index * tests.len() + decided) as u64,
            (one.of * tests.len()) as u64,
        );
        if decided == tests.len() {
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

/// Simulates the next replicates of each condition that an undecided claim looks at.
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
    let sum_up = |course: usize, ensemble: Ensemble| -> Vec<Observation> {
        let of = |place: &usize| {
            let observed = &tests[*place].claim.observed;
            observed_value(observed, &courses[course], &ensemble)
        };
        wanted[course].1.iter().map(of).collect()
    };
    let results = ensembles(&courses, replicates, Backend::best(), control, sum_up)?;
    for ((condition, by), replicates) in wanted.iter().zip(&results) {
        for (position, place) in by.iter().enumerate() {
            let own: Vec<Observation> = replicates.iter().map(|all| all[position]).collect();
            tests[*place].take(*condition, &own);
        }
    }
    for test in tests.iter_mut().filter(|test| !test.is_decided()) {
        test.close_stage();
    }
    Ok(())
}

/// What is observed of a condition in one replicate.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Observation {
    /// The observed number; NaN if no couple is left.
    value: f64,
    /// Couples whose mean it is at the least; 1 where it is no mean over couples.
    couples: u64,
    /// Couples that it is over, on the last observed day, and all couples.
    counted: [u64; 2],
}

/// A claim under test.
struct ClaimTest<'c> {
    claim: &'c Claim,
    /// Each effect's part of the probability of error.
    share: f64,
    /// The values of the conditions that the claim looks at.
    conditions: Vec<ConditionValues>,
    effects: Vec<EffectTest>,
    judged: Vec<EffectEstimate>,
    verdict: Verdict,
}

/// What a claim observes of one condition.
struct ConditionValues {
    condition: usize,
    /// The value of each replicate.
    values: Vec<f64>,
    /// Couples of all replicates.
    couples: u64,
    /// Couples of all replicates that are observed, and all of them.
    counted: [u64; 2],
}

/// One effect of a claim, and its values so far.
struct EffectTest {
    arms: Vec<Arm>,
    /// Its value in each replicate.
    values: Vec<f64>,
    moments: RunningMoments,
}

/// A condition's part of an effect.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Arm {
    condition: usize,
    /// Its weight, with those of all conditions that simulate the same.
    weight: f64,
    /// The lowest and highest possible observed number.
    range: Interval,
    /// Whether the scenario holds the observed number where it is.
    fixed: bool,
}

impl EffectTest {
    fn new(effect: &Contrast, observed: &Observed, configs: &[SimulationConfig]) -> EffectTest {
        let same = |one: usize, other: usize| {
            let record = configs[one].record.clone();
            let other = SimulationConfig {
                record,
                ..configs[other].clone()
            };
            configs[one] == other
        };
        let mut arms: Vec<Arm> = Vec::new();
        for (condition, weight) in &effect.weights {
            match arms.iter_mut().find(|arm| same(arm.condition, *condition)) {
                Some(arm) => arm.weight += weight,
                None => arms.push(Arm {
                    condition: *condition,
                    weight: *weight,
                    range: observed.range(&configs[*condition]),
                    fixed: observed.is_fixed(&configs[*condition]),
                }),
            }
        }
        // Conditions that simulate the same cancel but for rounding.
        arms.retain(|arm| arm.weight.abs() > 1e-12);
        EffectTest {
            arms,
            values: Vec::new(),
            moments: RunningMoments::default(),
        }
    }

    fn is_fixed(&self) -> bool {
        self.arms.iter().all(|arm| arm.fixed)
    }

    /// The lowest and highest possible effect, of which `null` is taken.
    fn range(&self, null: f64) -> Interval {
        let ends = |arm: &Arm| {
            let [one, other] = [arm.range.low, arm.range.high].map(|end| arm.weight * end);
            [one.min(other), one.max(other)]
        };
        let ends = self.arms.iter().map(ends);
        let [low, high] = ends.fold([-null, -null], |sum, end| {
            [sum[0] + end[0], sum[1] + end[1]]
        });
        Interval { low, high }
    }

    /// The standard error of its mean; NaN of values that are all equal and need not stay so.
    fn standard_error(&self) -> f64 {
        let still = commonest(&self.values).is_some_and(|(_, others)| others == 0);
        if still && !self.is_fixed() {
            f64::NAN
        } else {
            self.moments.standard_error()
        }
    }

    /// The parts of the effect that have hardly varied so far, and need not stay so.
    fn rarities(&self, conditions: &[ConditionValues]) -> Vec<Rarity> {
        let loose: Vec<&Arm> = self.arms.iter().filter(|arm| !arm.fixed).collect();
        let of_arm = |arm: &&Arm| {
            let own = conditions
                .iter()
                .find(|own| own.condition == arm.condition)?;
            own.rarity(arm)
        };
        let parts: Vec<Rarity> = loose.iter().filter_map(of_arm).collect();
        if !parts.is_empty() || loose.is_empty() {
            return parts;
        }
        // Conditions that vary can vary alike, since they share their random numbers.
        let reach = loose
            .iter()
            .map(|arm| arm.weight.abs() * (arm.range.high - arm.range.low))
            .sum();
        rare(&self.values)
            .map(|(_, others)| Rarity {
                values: self.values.len() as u64,
                others,
                below: reach,
                above: reach,
            })
            .into_iter()
            .collect()
    }
}

impl ConditionValues {
    fn take(&mut self, observations: &[Observation]) {
        self.values.extend(observations.iter().map(|own| own.value));
        self.couples += observations.iter().map(|own| own.couples).sum::<u64>();
        for own in observations {
            self.counted[0] += own.counted[0];
            self.counted[1] += own.counted[1];
        }
    }

    /// How far an arm can still move the effect, if its values have hardly varied.
    fn rarity(&self, arm: &Arm) -> Option<Rarity> {
        let (value, others) = rare(&self.values)?;
        let Interval { low, high } = arm.range;
        // A mean lies at an end of the range only if all of its couples do.
        let of_couples = others == 0 && (value <= low || value >= high);
        let (falls, rises) = (arm.weight * (low - value), arm.weight * (high - value));
        Some(Rarity {
            values: if of_couples {
                self.couples
            } else {
                self.values.len() as u64
            },
            others,
            below: -falls.min(rises),
            above: falls.max(rises),
        })
    }
}

/// The value that more than half of the values have but for rounding, and how many others there are.
fn commonest(values: &[f64]) -> Option<(f64, u64)> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = *sorted.get(sorted.len() / 2)?;
    let scale = sorted
        .iter()
        .fold(0.0_f64, |most, value| most.max(value.abs()));
    let equal = |value: &&f64| (*value - middle).abs() <= 1e-12 * scale;
    let equals = sorted.iter().filter(equal).count();
    (2 * equals > sorted.len()).then_some((middle, (sorted.len() - equals) as u64))
}

/// The commonest value of values of which too few are others for their spread to be known.
fn rare(values: &[f64]) -> Option<(f64, u64)> {
    commonest(values).filter(|(_, others)| *others < FIRST_LOOK)
}

impl<'c> ClaimTest<'c> {
    fn new(claim: &'c Claim, claims: usize, configs: &[SimulationConfig]) -> ClaimTest<'c> {
        let effect = |effect| EffectTest::new(effect, &claim.observed, configs);
        ClaimTest {
            claim,
            share: 1.0 / (claims * claim.effects.len()) as f64,
            conditions: Vec::new(),
            effects: claim.effects.iter().map(effect).collect(),
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

    fn take(&mut self, condition: usize, observations: &[Observation]) {
        let known = |own: &ConditionValues| own.condition == condition;
        let at = self.conditions.iter().position(known).unwrap_or_else(|| {
            self.conditions.push(ConditionValues {
                condition,
                values: Vec::new(),
                couples: 0,
                counted: [0; 2],
            });
            self.conditions.len() - 1
        });
        self.conditions[at].take(observations);
    }

    /// Turns the stage's values of conditions into values of effects.
    fn close_stage(&mut self) {
        let count = self.conditions.first().map_or(0, |own| own.values.len());
        for (effect, test) in self.claim.effects.iter().zip(&mut self.effects) {
            for replicate in test.values.len()..count {
                let mut sum = -self.claim.null;
                for (condition, weight) in &effect.weights {
                    let own = self
                        .conditions
                        .iter()
                        .find(|own| own.condition == *condition);
                    sum += weight * own.map_or(f64::NAN, |own| own.values[replicate]);
                }
                test.values.push(sum);
                test.moments.push(sum);
            }
        }
    }

    fn look(&mut self, looks: &Looks, look: usize) {
        let smallest = self.claim.sesoi;
        let rule = match self.claim.rule {
            ClaimRule::Greater | ClaimRule::Order => Rule::Greater,
            ClaimRule::Less => Rule::Less,
            ClaimRule::Equivalent => Rule::Equivalent,
        };
        let judge = |effect: &EffectTest| {
            let interval = if effect.is_fixed() {
                Interval::around(effect.moments.mean(), 0.0)
            } else {
                let rarities = effect.rarities(&self.conditions);
                let interval =
                    looks.interval(look, &effect.moments, self.share, smallest, &rarities);
                interval.cut_to(effect.range(self.claim.null))
            };
            EffectEstimate {
                effect: effect.moments.mean(),
                standard_error: effect.standard_error(),
                interval,
                verdict: rule.judge(interval, smallest),
            }
        };
        self.judged = self.effects.iter().map(judge).collect();
        let verdicts: Vec<Verdict> = self.judged.iter().map(|judged| judged.verdict).collect();
        self.verdict = Verdict::of_all(&verdicts);
    }

    fn found(self) -> TestedClaim {
        let conditions = self.conditions.iter();
        let fewest = conditions.min_by_key(|own| own.counted[0]);
        let per_run = fewest.map(|own| {
            let runs = own.values.len().max(1) as f64;
            own.counted.map(|couples| couples as f64 / runs)
        });
        let [counted, couples] = per_run.unwrap_or_default();
        TestedClaim {
            verdict: self.verdict,
            counted,
            separated: 1.0 - counted / couples,
            runs: self.effects.first().map_or(0, |one| one.values.len()) as u32,
            judged: self.judged,
            values: self.effects.into_iter().map(|one| one.values).collect(),
        }
    }
}

impl Observed {
    /// The lowest and highest possible observed number.
    fn range(&self, config: &SimulationConfig) -> Interval {
        let (low, high) = match self {
            Observed::Mean(observable, ..) => {
                let info = observable.info();
                // A partner has at most two bids and a conflict in each moment.
                let episodes = f64::from(3 * config.size.moments * config.size.steps_per_day);
                let high = if observable.is_tallied() {
                    info.high.max(episodes)
                } else {
                    info.high
                };
                (info.low, high)
            }
            Observed::Together(_) => (0.0, 1.0),
            Observed::Correlation(..) => (-1.0, 1.0),
            Observed::Slope(..) => (f64::NEG_INFINITY, f64::INFINITY),
        };
        Interval { low, high }
    }

    /// Whether a mechanism that is off on all days holds the number where it is.
    fn is_fixed(&self, config: &SimulationConfig) -> bool {
        let off = |keys: &[&str]| keys.iter().all(|key| is_off(config, key));
        match self {
            Observed::Together(_) => off(&["dissolution"]),
            Observed::Mean(Observable::Couple(CoupleObservable::Conflict), ..) => {
                off(&["conflict"])
            }
            Observed::Mean(Observable::Person(observable), ..) => match observable {
                PersonObservable::Bids => off(&["contact"]),
                PersonObservable::Responsive
                | PersonObservable::Unresponsive
                | PersonObservable::Disclosure => off(&["contact", "conflict"]),
                PersonObservable::Hurt => off(&["hurt"]),
                PersonObservable::Scar => off(&["scar"]),
                PersonObservable::Mood => off(&["mood"]),
                _ => false,
            },
            _ => false,
        }
    }
}

/// Whether a mechanism is off on all days.
fn is_off(config: &SimulationConfig, key: &str) -> bool {
    let switched_on = |change: &Change| matches!(change, Change::Mechanism { index, on: true } if MECHANISMS[*index].key == key);
    let mut changes = config.schedule.interval_changes.iter();
    config.mechanisms.get(key) == Some(false) && !changes.any(|own| switched_on(&own.change))
}

/// A condition's configuration, which records only what some claims observe.
fn recording(config: &SimulationConfig, claims: &[&Claim]) -> SimulationConfig {
    let mut config = config.clone();
    let last = config.size.days;
    let (mut every, mut observables, mut couples) = (last.max(1), Vec::new(), false);
    let mut last_values = false;
    for claim in claims {
        match &claim.observed {
            Observed::Mean(observable, _, over, days) => {
                last_values |= *over == Over::All;
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
        last_values,
        observables,
        couples,
        ..Record::nothing(last)
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
        common_interval(every, from)
    }
}

/// The observed number of an ensemble.
fn observed_value(observed: &Observed, course: &PreparedRun, ensemble: &Ensemble) -> Observation {
    let value = match observed {
        Observed::Mean(observable, role, over, days) => {
            let line = Line {
                observable: *observable,
                role: *role,
            };
            mean(line, *over, *days, course, ensemble)
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
    };
    let couples = match observed {
        // As many are together on the last day at the least.
        Observed::Mean(_, _, Over::Together, _) => {
            ensemble.ends.iter().filter(|end| end.is_none()).count()
        }
        Observed::Mean(_, _, Over::All, _) | Observed::Together(_) => ensemble.ends.len(),
        Observed::Correlation(..) | Observed::Slope(..) => 1,
    };
    let all = ensemble.ends.len() as u64;
    let counted = match observed {
        Observed::Mean(_, _, Over::Together, days) => {
            let last = course.recorded_position(days.to);
            last.map_or(0, |last| ensemble.moments.intact[last])
        }
        // A separated couple has its last values in the couples' table.
        Observed::Mean(_, _, Over::All, _)
        | Observed::Together(_)
        | Observed::Correlation(..)
        | Observed::Slope(..) => all,
    };
    Observation {
        value,
        couples: couples as u64,
        counted: [counted, all],
    }
}

/// The mean over recorded days of the mean over couples; day 0 has no events.
fn mean(
    wanted: Line,
    over: Over,
    days: ObservedDays,
    course: &PreparedRun,
    ensemble: &Ensemble,
) -> f64 {
    let recorded = &course.recorded;
    let Some(line) = recorded.lines.iter().position(|line| *line == wanted) else {
        return f64::NAN;
    };
    let (mut sum, mut count) = (0.0, 0.0);
    for (slot, day) in recorded.days.iter().enumerate() {
        let has_value = *day > 0 || !wanted.observable.is_of_events();
        if has_value && (days.from..=days.to).contains(day) {
            let sums = ensemble.moments.sums_of(slot, line, over);
            sum += sums.sum / sums.n as f64;
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
    use crate::simulation::Role;

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
        values.expect("not cancelled")[0][0].value
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
                Observed::Mean(PersonObservable::Stress.into(), role, Over::Together, days),
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
            observed_of(
                text,
                Observed::Mean(line, Role::Couple, Over::Together, days),
            )
        };
        assert!(conflict(1, 1) > 0.0);
        assert_eq!(conflict(0, 1), conflict(1, 1));
        assert!(conflict(0, 0).is_nan());
    }

    #[test]
    fn means_over_all_couples_keep_last_values() {
        let text =
            "title = \"x\"\n[run]\ncouples = 70\ndays = 40\n[parameters]\noutside_rate = 0.02\n";
        let trust = |over, from, to| {
            let days = ObservedDays { from, to };
            let trust = PersonObservable::Trust.into();
            observed_of(text, Observed::Mean(trust, Role::A, over, days))
        };
        let day = |over, day| trust(over, day, day);
        assert_eq!(day(Over::All, 1), day(Over::Together, 1));
        assert!((day(Over::All, 40) - day(Over::Together, 40)).abs() > 1e-3);
        let days: f64 = (0..=40).map(|own| day(Over::All, own)).sum();
        assert!((trust(Over::All, 0, 40) - days / 41.0).abs() < 1e-12);
    }

    #[test]
    fn shares_intact_count_couples_not_separated_by_the_day() {
        let separating = STILL.replace("dissolution = false", "commitment = false")
            + "[initial]\ncommitment = 0.0\n[parameters]\noutside_rate = 1.0\n";
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
