//! What a claim observes of an ensemble, as one number; and what must be recorded for it.

use crate::runner::Ensemble;
use crate::scenario::{Claim, Observed, ObservedDays};
use crate::simulation::{DayRows, Line, PreparedRun, Record, SimulationConfig, couples_schema};
use crate::stats::summary::{correlation, slope};
use crate::table::Values;

/// A condition's configuration, which records only what some claims observe.
pub(crate) fn recording(config: &SimulationConfig, claims: &[&Claim]) -> SimulationConfig {
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
pub(crate) fn value(observed: &Observed, course: &PreparedRun, ensemble: &Ensemble) -> f64 {
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

/// The mean over recorded days of the mean over the couples together on them.
fn mean(wanted: Line, days: ObservedDays, course: &PreparedRun, ensemble: &Ensemble) -> f64 {
    let recorded = &course.recorded;
    let lines = recorded.lines.len();
    let Some(line) = recorded.lines.iter().position(|line| *line == wanted) else {
        return f64::NAN;
    };
    let (mut sum, mut count) = (0.0, 0.0);
    for (slot, day) in recorded.days.iter().enumerate() {
        if (days.from..=days.to).contains(day) {
            let [total, _] = ensemble.moments.sums[slot * lines + line];
            sum += total / ensemble.moments.intact[slot] as f64;
            count += 1.0;
        }
    }
    sum / count
}

/// The share of couples that are intact after a day, averaged over days.
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
    use crate::runner::{Control, ensembles};
    use crate::simd::backend::Backend;
    use crate::simulation::{PersonObservable, Role};

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
        let sum = |_: usize, one: Ensemble| value(&claim.observed, &course[0], &one);
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
