//! Targets that an experiment answers: the same couples under two conditions, or at two times.
//!
//! Each gives one value for each replicate, or for each study of the published size; random numbers
//! are common to the conditions.

use crate::scenario::Diagnostics;
use crate::simulation::{Line, PersonObservable, Role};
use crate::stats::dyads::{Dyad, Method, Residuals, regression, standardised};
use crate::stats::summary::RunningMoments;
use crate::validate::laboratory::{
    BETRAYAL, CohortCache, DISCUSSION, HARD_YEAR, MARRIED, NEW_COUPLES, REPLICATES,
    RESPONSIVE_PARTNER, STRAIN_TEST, SURVEY,
};
use crate::validate::panel::{Panel, PanelRespondents};
use crate::validate::samples::SurveySample;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The values of an experiment, one for each replicate.
pub(crate) type ReplicateValues = Result<Vec<f64>, Diagnostics>;

/// Ensemble means of a line on a day, one for each replicate.
fn means(panel: &Panel, observable: PersonObservable, role: Role, day: u32) -> Vec<f64> {
    let line = Line {
        observable: observable.into(),
        role,
    };
    let place = panel.recorded.lines.iter().position(|l| *l == line);
    let slot = panel.recorded.days.iter().position(|d| *d == day);
    let (Some(place), Some(slot)) = (place, slot) else {
        return Vec::new();
    };
    let lines = panel.recorded.lines.len();
    let mean = |moments: &crate::simulation::Moments| {
        moments.sums[slot * lines + place][0] / moments.intact[slot] as f64
    };
    panel.moments.iter().map(mean).collect()
}

fn less(a: Vec<f64>, b: Vec<f64>) -> Vec<f64> {
    a.into_iter().zip(b).map(|(a, b)| a - b).collect()
}

/// Change of a couple's mean of an observable between two days.
fn change(panel: &Panel, observable: PersonObservable, from: u32, to: u32) -> Vec<f64> {
    let at = |day| means(panel, observable, Role::Couple, day);
    less(at(to), at(from))
}

fn married(cache: &CohortCache<'_>) -> Result<Rc<Panel>, Diagnostics> {
    cache.replicated(MARRIED, &[cache.laboratory.wedding(MARRIED)])
}

/// Satisfaction at ten years less that at one, of those still together.
pub(crate) fn satisfaction_falls(cache: &CohortCache<'_>) -> ReplicateValues {
    Ok(change(
        &*married(cache)?,
        PersonObservable::Satisfaction,
        365,
        3650,
    ))
}

/// Satisfaction at twenty years less that at ten.
pub(crate) fn satisfaction_rises(cache: &CohortCache<'_>) -> ReplicateValues {
    Ok(change(
        &*married(cache)?,
        PersonObservable::Satisfaction,
        3650,
        7300,
    ))
}

/// Change of anxiety and avoidance over the two years after the wedding (their mean).
pub(crate) fn newlyweds_insecurity(cache: &CohortCache<'_>) -> ReplicateValues {
    let panel = married(cache)?;
    let [a, v] = [PersonObservable::Anxiety, PersonObservable::Avoidance]
        .map(|o| change(&panel, o, 1095, 1825));
    Ok(a.into_iter().zip(v).map(|(a, v)| 0.5 * (a + v)).collect())
}

/// Trust after a month, less the middle of its range.
pub(crate) fn early_trust(cache: &CohortCache<'_>) -> ReplicateValues {
    let panel = cache.replicated(NEW_COUPLES, &[])?;
    let trust = means(&panel, PersonObservable::Trust, Role::Couple, 30);
    Ok(trust.into_iter().map(|t| t - 0.5).collect())
}

/// The fall of uncertainty in the first year, less the size of the change of trust.
pub(crate) fn certainty_grows(cache: &CohortCache<'_>) -> ReplicateValues {
    let panel = cache.replicated(NEW_COUPLES, &[])?;
    let trust = change(&panel, PersonObservable::Trust, 0, 365);
    let uncertainty = change(&panel, PersonObservable::Uncertainty, 0, 365);
    let both = trust.into_iter().zip(uncertainty);
    Ok(both.map(|(t, q)| -q - t.abs()).collect())
}

/// Trust of the betrayed on a day, without a betrayal, with one, and with one and deception.
fn betrayed(cache: &CohortCache<'_>, day: u32) -> Result<[Vec<f64>; 3], Diagnostics> {
    let set = |field: &str, value: &str| {
        let key = BETRAYAL.event_field(("kind", "betrayal"), field);
        [(key, value.to_owned())]
    };
    let trust = |own: &[(String, String)]| -> ReplicateValues {
        let panel = cache.replicated(BETRAYAL, own)?;
        Ok(means(&panel, PersonObservable::Trust, Role::A, day))
    };
    Ok([
        // On the last day, after everything that is measured.
        trust(&set("day", "1095"))?,
        trust(&[])?,
        trust(&set("deception", "true"))?,
    ])
}

/// Share of the trust lost in a betrayal that is recovered within two years.
pub(crate) fn trust_comes_back(cache: &CohortCache<'_>) -> ReplicateValues {
    let [[never, soon, _], [never_later, later, _]] =
        [betrayed(cache, 367)?, betrayed(cache, 1094)?];
    let lost = less(never, soon);
    let still = less(never_later, later);
    Ok(lost
        .into_iter()
        .zip(still)
        .map(|(l, s)| (l - s) / l)
        .collect())
}

/// The loss two years after a betrayal with deception, less that after one without.
pub(crate) fn deception_stays(cache: &CohortCache<'_>) -> ReplicateValues {
    let [_, alone, deceived] = betrayed(cache, 1094)?;
    Ok(less(alone, deceived))
}

/// Persons whose partners passed a strain test in their perception: with at least as much
/// responsiveness as trust expects. Trust before, and its gain.
fn passed(cache: &CohortCache<'_>, threat: f64) -> Result<BTreeMap<u64, (f64, f64)>, Diagnostics> {
    let key = STRAIN_TEST.event_field(("parameter", "conflict_stakes"), "add");
    let panel = cache
        .laboratory
        .simulate(STRAIN_TEST, &[(key, threat.to_string())])?;
    let (trust, perceived) = (panel.column("trust"), panel.column("perceived"));
    let days = trust.chunks_exact(2).zip(perceived.chunks_exact(2));
    let persons = days.enumerate().filter_map(|(person, (trust, perceived))| {
        let id = 2 * panel.ids[person / 2] + person as u64 % 2;
        (perceived[1] >= trust[0]).then(|| (id, (trust[0], trust[1] - trust[0])))
    });
    Ok(persons.collect())
}

/// Threat of a mild and of a hard strain test: the stakes of its conflicts.
const THREATS: [f64; 2] = [0.2, 0.7];

/// For those who passed both tests: trust before, and the gain from the hard test less that from the
/// mild one.
fn strained(cache: &CohortCache<'_>) -> Result<Vec<(f64, f64)>, Diagnostics> {
    let [mild, hard] = [passed(cache, THREATS[0])?, passed(cache, THREATS[1])?];
    let both = mild
        .iter()
        .filter_map(|(id, (trust, gain))| hard.get(id).map(|(_, more)| (*trust, more - gain)));
    Ok(both.collect())
}

/// Splits persons into batches of equal size, whose values give the error.
fn batches<T>(rows: &[T], value: impl Fn(&[T]) -> f64) -> Vec<f64> {
    let size = rows.len() / REPLICATES as usize;
    if size < 2 {
        return Vec::new();
    }
    rows.chunks_exact(size).map(value).collect()
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    values.collect::<RunningMoments>().mean()
}

/// The additional gain of trust from a more threatening test.
pub(crate) fn threat_raises_trust(cache: &CohortCache<'_>) -> ReplicateValues {
    Ok(batches(&strained(cache)?, |rows| {
        mean(rows.iter().map(|r| r.1))
    }))
}

/// The same, of those with high trust less that of those with low trust.
pub(crate) fn threat_raises_high_trust(cache: &CohortCache<'_>) -> ReplicateValues {
    Ok(batches(&strained(cache)?, |rows| {
        let middle = mean(rows.iter().map(|r| r.0));
        let of = |high: bool| {
            let those = rows.iter().filter(|r| (r.0 >= middle) == high);
            mean(those.map(|r| r.1))
        };
        of(true) - of(false)
    }))
}

/// Responsive persons for each unresponsive one in a discussion of conflict, as coded by an observer;
/// in couples who stay together.
pub(crate) fn responsive_to_unresponsive(cache: &CohortCache<'_>) -> ReplicateValues {
    let wedding = [cache.laboratory.wedding(DISCUSSION)];
    let panel = cache.laboratory.simulate(DISCUSSION, &wedding)?;
    let scenario = cache.laboratory.scenario(DISCUSSION, &wedding)?;
    let from = scenario.config().parameters.responsive_from;
    let shown = panel.column("received").iter().copied();
    let shown: Vec<f64> = shown.filter(|shown| !shown.is_nan()).collect();
    Ok(batches(&shown, |shown| {
        let responsive = shown.iter().filter(|shown| **shown >= from).count();
        responsive as f64 / (shown.len() - responsive) as f64
    }))
}

/// The felt security that a responsive partner adds to an anxious person within three months, and the
/// anxiety that the partner removes.
fn state_and_trait(cache: &CohortCache<'_>) -> Result<[Vec<f64>; 2], Diagnostics> {
    let good = cache.replicated(RESPONSIVE_PARTNER, &[])?;
    let control = cache.replicated(
        RESPONSIVE_PARTNER,
        &[
            ("traits.b.responsiveness".to_owned(), "0.7".to_owned()),
            ("traits.b.consistency".to_owned(), "0.5".to_owned()),
        ],
    )?;
    let of = |panel: &Panel, observable| means(panel, observable, Role::A, 90);
    Ok([
        less(
            of(&good, PersonObservable::FeltSecurity),
            of(&control, PersonObservable::FeltSecurity),
        ),
        less(
            of(&control, PersonObservable::Anxiety),
            of(&good, PersonObservable::Anxiety),
        ),
    ])
}

/// By how much a responsive partner lowers momentary insecurity.
pub(crate) fn state_falls(cache: &CohortCache<'_>) -> ReplicateValues {
    let [state, _] = state_and_trait(cache)?;
    Ok(state)
}

/// By how much more it lowers momentary insecurity than the trait.
pub(crate) fn state_falls_more(cache: &CohortCache<'_>) -> ReplicateValues {
    let [state, of_trait] = state_and_trait(cache)?;
    Ok(less(state, of_trait))
}

fn survey(cache: &CohortCache<'_>, days: u32, kept: u32) -> Result<Panel, Diagnostics> {
    let own = [
        ("run.days".to_owned(), days.to_string()),
        ("record.every".to_owned(), days.to_string()),
        ("record.days_from".to_owned(), (days + 1 - kept).to_string()),
    ];
    cache.laboratory.simulate(SURVEY, &own)
}

/// Values of a column on a panel's last day, for the couples who are also in a later panel.
fn of_lasting(panel: &Panel, later: &Panel, column: &[f64]) -> Vec<Dyad> {
    let days = panel.days;
    let place: BTreeMap<u64, usize> = panel.ids.iter().copied().zip(0..).collect();
    let lasting = later.ids.iter().filter_map(|id| place.get(id));
    lasting
        .map(|couple| [0, 1].map(|person| column[(2 * couple + person + 1) * days - 1]))
        .collect()
}

/// Scores of autonomy, every day.
fn autonomy(cache: &CohortCache<'_>, panel: &Panel) -> Vec<f64> {
    let scale = cache.laboratory.instruments.scale(3, 0.85);
    let respondents = PanelRespondents::of(
        panel,
        cache.laboratory.seed.wrapping_add(panel.length as u64),
    );
    let scores = respondents.diary(panel.column("autonomy"), &scale, 9);
    scores.into_iter().flatten().flatten().collect()
}

/// Effect of the partner's responsiveness on autonomy six months later, net of autonomy before
/// (standardised).
pub(crate) fn dependence_frees(cache: &CohortCache<'_>) -> ReplicateValues {
    let (before, after) = (survey(cache, 720, 14)?, survey(cache, 900, 1)?);
    // If cancelled, the panels need not have the same couples.
    if cache.laboratory.control.cancel.is_cancelled() {
        return Ok(Vec::new());
    }
    let received = before.column("received");
    let weeks: Vec<f64> = received
        .chunks_exact(before.days)
        .flat_map(|days| {
            let known = days.iter().copied().filter(|x| x.is_finite());
            vec![mean(known); days.len()]
        })
        .collect();
    let support = of_lasting(&before, &after, &weeks);
    let earlier = of_lasting(&before, &after, &autonomy(cache, &before));
    let later = of_lasting(&after, &after, &autonomy(cache, &after));
    let size = later.len() / REPLICATES as usize;
    let parts = (0..REPLICATES as usize).map(|part| {
        let cut = |pairs: &[Dyad]| standardised(&pairs[part * size..(part + 1) * size]);
        let [support, before, later] = [cut(&support), cut(&earlier), cut(&later)];
        let fit = regression(
            &later,
            &[&before, &support],
            Residuals::Correlated,
            Method::Restricted,
        );
        fit.map_or(f64::NAN, |fit| fit.coefficients[2].value)
    });
    Ok(parts.collect())
}

/// Share of the effect of a hard year on anxiety that disappears in the two years after it.
pub(crate) fn attachment_returns(cache: &CohortCache<'_>) -> ReplicateValues {
    let hard = cache.replicated(HARD_YEAR, &[])?;
    let hard_event = HARD_YEAR.event_field(("kind", "trait"), "add");
    let control = cache.replicated(HARD_YEAR, &[(hard_event, "0".to_owned())])?;
    let harm = |day| {
        let of = |panel: &Panel| means(panel, PersonObservable::Anxiety, Role::Couple, day);
        less(of(&hard), of(&control))
    };
    let both = harm(730).into_iter().zip(harm(1460));
    Ok(both.map(|(then, later)| 1.0 - later / then).collect())
}

/// A cross-section of couples together for one, two, four or seven years: the cohorts begin with the
/// same number of couples, so that the older ones have fewer.
///
/// # Errors
/// [`Diagnostics`] of the laboratory's overrides.
pub(crate) fn cross_section(cache: &CohortCache<'_>) -> Result<SurveySample, Diagnostics> {
    let mut panels = Vec::new();
    for (number, years) in [1.0, 2.0, 4.0, 7.0].into_iter().enumerate() {
        let days = (years * 365.25) as u32;
        let seed = cache
            .laboratory
            .seed
            .wrapping_mul(1_000)
            .wrapping_add(1 + number as u64);
        let own = [
            ("run.seed".to_owned(), seed.to_string()),
            ("run.days".to_owned(), days.to_string()),
            ("record.every".to_owned(), days.to_string()),
            ("record.days_from".to_owned(), days.to_string()),
        ];
        panels.push(cache.laboratory.simulate(SURVEY, &own)?);
    }
    let panel = Panel::joined(panels);
    let derogation = cache
        .laboratory
        .scenario(SURVEY, &[])?
        .config()
        .parameters
        .derogation;
    Ok(SurveySample::of(
        &panel,
        &cache.laboratory.instruments,
        derogation,
        cache.laboratory.seed,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::Laboratory;

    #[test]
    fn differences_go_replicate_by_replicate() {
        assert_eq!(less(vec![3.0, 5.0], vec![1.0, 9.0]), [2.0, -4.0]);
        assert_eq!(mean([1.0, 2.0, 6.0].into_iter()), 3.0);
        assert!(mean(std::iter::empty()).is_nan());
    }

    #[test]
    fn batches_are_equal_and_as_many_as_replicates() {
        let rows: Vec<(f64, f64)> = (0..47).map(|row| (f64::from(row), 1.0)).collect();
        let sizes = batches(&rows, |rows| rows.len() as f64);
        assert_eq!(sizes.len(), 11);
        assert!(sizes.iter().all(|size| *size == 4.0));
        let first = batches(&rows, |rows| rows[0].0);
        assert_eq!(first[..3], [0.0, 4.0, 8.0]);
        // One person has no spread.
        assert!(batches(&rows[..19], |rows| rows.len() as f64).is_empty());
    }

    #[test]
    fn means_are_those_of_recorded_days() {
        let laboratory = Laboratory::new(200, 3);
        let panel = CohortCache::new(&laboratory)
            .replicated(NEW_COUPLES, &[])
            .expect("no overrides");
        let trust = |day| means(&panel, PersonObservable::Trust, Role::Couple, day);
        for day in [0, 30, 365] {
            let found = trust(day);
            assert_eq!(found.len(), REPLICATES as usize);
            assert!(
                found.iter().all(|mean| (0.0..=1.0).contains(mean)),
                "{found:?}"
            );
        }
        assert!(trust(1_000_000).is_empty());
        assert!(means(&panel, PersonObservable::Wellbeing, Role::Couple, 30).is_empty());
        let moved = change(&panel, PersonObservable::Trust, 0, 365);
        assert_eq!(moved, less(trust(365), trust(0)));
        assert!(moved.iter().any(|change| *change != 0.0));
    }

    #[test]
    fn couples_of_a_later_panel_are_found_again() {
        let laboratory = Laboratory::new(200, 3);
        let cache = CohortCache::new(&laboratory);
        let (before, after) = (
            survey(&cache, 200, 3).expect("no overrides"),
            survey(&cache, 300, 1).expect("no overrides"),
        );
        assert!(after.couples < before.couples, "somebody parts");
        assert_eq!((before.days, after.days), (3, 1));
        // Numbers that tell couple, person and day apart.
        let numbers: Vec<f64> = (0..before.couples * 6).map(|n| n as f64).collect();
        let found = of_lasting(&before, &after, &numbers);
        assert_eq!(found.len(), after.couples);
        for (pair, id) in found.iter().zip(&after.ids) {
            let couple = before
                .ids
                .iter()
                .position(|own| own == id)
                .expect("it was there");
            assert_eq!(*pair, [(6 * couple + 2) as f64, (6 * couple + 5) as f64]);
        }
    }
}
