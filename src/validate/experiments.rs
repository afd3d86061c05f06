//! Targets that an experiment answers: the same couples under two conditions, or at two times.
//!
//! Each gives one value for each replicate, or for each study of the published size; random numbers
//! are common to the conditions.

use crate::scenario::Diagnostics;
use crate::simulation::survey::instrument::Scale;
use crate::simulation::survey::{SCALES, ScaleId};
use crate::stats::dyads::{
    Dyad, Method, Residuals, cross_correlation, own_correlation, regression, standardised,
};
use crate::stats::summary::RunningMoments;
use crate::validate::cohort_days::{CohortDays, CohortRespondents};
use crate::validate::cohort_waves::{CohortWaves, jackknife, left_out};
use crate::validate::dissolution::YEAR;
use crate::validate::laboratory::{
    BETRAYAL, CohortCache, DISCUSSION, HARD_YEAR, Laboratory, NEW_COUPLES, Population, REPLICATES,
    RESPONSIVE_PARTNER, SEEDS, STRAIN_TEST, SURVEY,
};
use crate::validate::samples::{OBSERVED_RELIABILITY, SurveySample};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The values of an experiment, one for each replicate.
pub(crate) type ReplicateValues = Result<Vec<f64>, Diagnostics>;

/// Errors of an item by the standard deviation at which the scale of a survey has its reliability.
fn item_error(scale: &Scale, of: ScaleId) -> f64 {
    let sd = SCALES[of as usize].sd;
    scale.item_error(sd * sd)
}

/// A population under one condition on some days, and its couples' scores on a scale. Conditions share
/// random numbers, errors of answers among them.
fn scored_waves(
    cache: &CohortCache<'_>,
    (population, own): (Population, &[(String, String)]),
    days: &[u32],
    (of, items, reliability): (ScaleId, u32, f64),
) -> Result<(Rc<CohortWaves>, Vec<Dyad>), Diagnostics> {
    let cohort = cache.waves(population, own, days, of)?;
    let scale = cache.laboratory.instruments.scale(items, reliability);
    let (error, instrument) = (item_error(&scale, of), SCALES[of as usize].instrument);
    let scores = cohort.scores(of, &scale, error, instrument, |_| true);
    Ok((cohort, scores))
}

/// Days on which the betrayed are asked: two days and two years after the betrayal.
const AFTER_BETRAYAL: [u32; 2] = [367, 1094];

/// Trust of the betrayed on both days: without a betrayal, with one, and with one and deception.
fn betrayed(cache: &CohortCache<'_>) -> Result<Vec<[[f64; 2]; 3]>, Diagnostics> {
    let set = |field: &str, value: &str| {
        let key = BETRAYAL.event_field(("kind", "betrayal"), field);
        [(key, value.to_owned())]
    };
    let trust = |own: &[(String, String)]| {
        let scale = (ScaleId::Trust, 3, 0.85);
        scored_waves(cache, (BETRAYAL, own), &AFTER_BETRAYAL, scale)
    };
    let conditions = [
        // On the last day, after everything that is measured.
        trust(&set("day", "1095"))?,
        trust(&[])?,
        trust(&set("deception", "true"))?,
    ];
    let of = |couple: usize| {
        conditions.each_ref().map(|(cohort, scores)| {
            [0, 1].map(|wave| {
                let place = cohort.place(couple, wave);
                place.map_or(f64::NAN, |place| scores[place][0])
            })
        })
    };
    // If cancelled, the conditions need not have the same couples.
    let couples = conditions.iter().map(|(cohort, _)| cohort.couples());
    Ok((0..couples.min().unwrap_or(0)).map(of).collect())
}

/// Share of the trust lost in a betrayal that is recovered within two years.
pub(crate) fn trust_comes_back(cache: &CohortCache<'_>) -> ReplicateValues {
    Ok(batches(&betrayed(cache)?, |rows| {
        let loss = |day: usize| mean(rows.iter().map(|[never, alone, _]| never[day] - alone[day]));
        (loss(0) - loss(1)) / loss(0)
    }))
}

/// The loss two years after a betrayal with deception, less that after one without, in standard deviations
/// of trust without a betrayal.
pub(crate) fn deception_stays(cache: &CohortCache<'_>) -> ReplicateValues {
    Ok(batches(&betrayed(cache)?, |rows| {
        let more = mean(
            rows.iter()
                .map(|[_, alone, deceived]| alone[1] - deceived[1]),
        );
        more / sd(rows.iter().map(|[never, ..]| never[1]))
    }))
}

/// A column of a population on its last day, scored on a scale of three items; errors
/// are those of a standard deviation of states.
fn scored(
    cache: &CohortCache<'_>,
    cohort: &CohortDays,
    column: &str,
    (sd, instrument): (f64, u64),
) -> Vec<Dyad> {
    let scale = cache.laboratory.instruments.scale(3, 0.85);
    let respondents = CohortRespondents::of(cohort, cache.laboratory.seed);
    let error = scale.item_error(sd * sd);
    respondents.last_day(cohort.column(column), &scale, error, instrument)
}

/// Days on which new couples are asked: the first, after a month and after a year.
const FIRST_YEAR: [u32; 3] = [1, 30, 365];
/// Standard deviations of trust and of its uncertainty at which their scales have their reliability.
const TRUST: (f64, u64) = (0.18, 1);
const UNCERTAINTY: (f64, u64) = (0.1, 32);

/// Trust and uncertainty of couples who are together after a year, on each of the days: couple by couple,
/// the means of both partners' scores.
fn first_year(cache: &CohortCache<'_>) -> Result<Vec<[[f64; 2]; 3]>, Diagnostics> {
    let mut cohorts = Vec::new();
    for days in FIRST_YEAR {
        let own = until(days);
        cohorts.push(cache.days(NEW_COUPLES, &own)?);
    }
    if cache.laboratory.control.cancel.is_cancelled() {
        return Ok(Vec::new());
    }
    let last = &cohorts[2];
    let scores: Vec<[Vec<Dyad>; 2]> = cohorts
        .iter()
        .map(|cohort| {
            [("trust", TRUST), ("uncertainty", UNCERTAINTY)].map(|(column, scale)| {
                let scores = scored(cache, cohort, column, scale);
                of_lasting(cohort, last, &by_person(&scores))
            })
        })
        .collect();
    let of = |couple: usize| {
        [0, 1, 2].map(|day: usize| {
            [0, 1].map(|scale: usize| {
                let pair = scores[day][scale][couple];
                0.5 * (pair[0] + pair[1])
            })
        })
    };
    Ok((0..last.couples).map(of).collect())
}

/// Overrides that end a population after `days`, of which the last is kept.
fn until(days: u32) -> [(String, String); 3] {
    [
        ("run.days".to_owned(), days.to_string()),
        ("record.every".to_owned(), days.to_string()),
        ("record.days_from".to_owned(), days.to_string()),
    ]
}

/// Trust after a month, less the middle of its scale, in standard deviations.
pub(crate) fn early_trust(cache: &CohortCache<'_>) -> ReplicateValues {
    Ok(batches(&first_year(cache)?, |rows| {
        let trust = || rows.iter().map(|days| days[1][0]);
        (mean(trust()) - 0.5) / sd(trust())
    }))
}

/// The fall of uncertainty in the first year, less the size of the change of trust, both within couples.
pub(crate) fn certainty_grows(cache: &CohortCache<'_>) -> ReplicateValues {
    Ok(batches(&first_year(cache)?, |rows| {
        let change = |scale: usize| mean(rows.iter().map(|days| days[2][scale] - days[0][scale]));
        -change(1) - change(0).abs()
    }))
}

/// Persons whose partners passed a strain test as they report it: with at least as much responsiveness as
/// trust expects. Trust before, and its gain.
fn passed(cache: &CohortCache<'_>, threat: f64) -> Result<BTreeMap<u64, (f64, f64)>, Diagnostics> {
    let key = STRAIN_TEST.event_field(("parameter", "conflict_stakes"), "add");
    let laboratory = cache.laboratory;
    let cohort = cache.days(STRAIN_TEST, &[(key, threat.to_string())])?;
    let scale = laboratory.instruments.scale(3, 0.85);
    let respondents = CohortRespondents::of(&cohort, laboratory.seed);
    // Both conditions ask by the same instruments.
    let ask = |column: &str, of: ScaleId| {
        let error = item_error(&scale, of);
        let instrument = SCALES[of as usize].instrument;
        respondents.each_day(cohort.column(column), &scale, error, instrument)
    };
    let trust = ask("trust", ScaleId::Trust);
    let perceived = ask("perceived", ScaleId::DailyResponsiveness);
    let couples = cohort.ids.iter().zip(trust.iter().zip(&perceived));
    let persons = couples.flat_map(|(id, (trust, perceived))| {
        [0, 1].into_iter().filter_map(move |person| {
            let (trust, perceived) = (&trust[person], perceived[person][1]);
            let id = 2 * id + person as u64;
            (perceived >= trust[0]).then(|| (id, (trust[0], trust[1] - trust[0])))
        })
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

fn sd(values: impl Iterator<Item = f64>) -> f64 {
    values.collect::<RunningMoments>().sd()
}

/// The additional gain of trust from a more threatening test, in standard deviations of trust before.
pub(crate) fn threat_raises_trust(cache: &CohortCache<'_>) -> ReplicateValues {
    Ok(batches(&strained(cache)?, |rows| {
        mean(rows.iter().map(|r| r.1)) / sd(rows.iter().map(|r| r.0))
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
        (of(true) - of(false)) / sd(rows.iter().map(|r| r.0))
    }))
}

/// Positive acts for each negative one in a discussion of conflict, as coded by an observer; in couples
/// who stay together. An act is negative if it hurts, or if the answer that goes with it is unresponsive.
pub(crate) fn responsive_to_unresponsive(cache: &CohortCache<'_>) -> ReplicateValues {
    let own = on_the_day_of_discussion(cache.laboratory);
    let cohort = cache.days(DISCUSSION, &own)?;
    let scenario = cache.laboratory.scenario(DISCUSSION, &own)?;
    let from = scenario.config().parameters.responsive_from;
    let (acts, hurtful) = (cohort.column("conflict"), cohort.column("fights"));
    let coded = cohort
        .column("received")
        .iter()
        .zip(acts.iter().zip(hurtful));
    let coded: Vec<(f64, f64)> = coded
        .filter(|(shown, _)| !shown.is_nan())
        .map(|(shown, (acts, hurtful))| (*acts, if *shown >= from { *hurtful } else { *acts }))
        .collect();
    Ok(batches(&coded, |coded| {
        let acts: f64 = coded.iter().map(|(acts, _)| acts).sum();
        let negative: f64 = coded.iter().map(|(_, negative)| negative).sum();
        (acts - negative) / negative
    }))
}

/// Day of the discussion.
const DISCUSSION_DAY: u32 = 1826;
/// Numbers of what observers code of it in the addresses of errors.
const POSITIVE_CODE: u64 = 41;
const NEGATIVE_CODE: u64 = 42;
/// Days after it on which satisfaction is asked.
const A_YEAR_LATER: u32 = 365;

/// A couple that discussed a conflict.
#[derive(Clone, Copy, Debug, PartialEq)]
struct DiscussingCouple {
    /// How responsive each was, as coded by an observer; missing without a conflict.
    positive: Dyad,
    /// How hurtful each was at most, as coded by an observer.
    negative: Dyad,
    /// Satisfaction a year later; missing where they are not together then.
    satisfaction: Dyad,
    /// Whether they separate within the years that they are followed.
    separates: bool,
}

/// Overrides for the couples until the day of their discussion; the scenario follows them for four years more.
fn on_the_day_of_discussion(laboratory: &Laboratory) -> Vec<(String, String)> {
    let mut own = laboratory.wedding(DISCUSSION);
    own.push(("run.days".to_owned(), DISCUSSION_DAY.to_string()));
    own
}

/// The couples of the discussion, with what became of them.
fn discussing(cache: &CohortCache<'_>) -> Result<Vec<DiscussingCouple>, Diagnostics> {
    let cohort = cache.days(DISCUSSION, &on_the_day_of_discussion(cache.laboratory))?;
    let mut own = cache.laboratory.wedding(DISCUSSION);
    own.push(("record.days".to_owned(), "\"none\"".to_owned()));
    let days = [DISCUSSION_DAY + A_YEAR_LATER];
    let scale = (ScaleId::Satisfaction, 3, 0.93);
    let (later, scores) = scored_waves(cache, (DISCUSSION, &own), &days, scale)?;
    let observers = CohortRespondents::of(&cohort, cache.laboratory.seed);
    let codes = cache.laboratory.instruments.rating(OBSERVED_RELIABILITY);
    // What a person got, the partner gave.
    let coded = |column: &str, number: u64| -> Vec<Dyad> {
        let got = observers.questionnaire(cohort.column(column), &codes, number);
        got.into_iter().map(|[a, b]| [b, a]).collect()
    };
    let (positive, negative) = (
        coded("received", POSITIVE_CODE),
        coded("hurtful", NEGATIVE_CODE),
    );
    let couples = cohort.ids.iter().zip(positive.iter().zip(&negative));
    // If cancelled, the cohorts need not have the same couples.
    let couples = couples.filter(|(id, _)| (**id as usize) < later.couples());
    Ok(couples
        .map(|(id, (positive, negative))| {
            let couple = *id as usize;
            let satisfaction = later.place(couple, 0).map(|place| scores[place]);
            DiscussingCouple {
                positive: *positive,
                negative: *negative,
                satisfaction: satisfaction.unwrap_or([f64::NAN; 2]),
                separates: !later.ends[couple].is_nan(),
            }
        })
        .collect())
}

/// A statistic of these couples, by jackknife.
fn of_discussing(
    cache: &CohortCache<'_>,
    statistic: impl Fn(&[DiscussingCouple]) -> f64,
) -> ReplicateValues {
    let couples = discussing(cache)?;
    Ok(jackknife(|group| {
        let out = left_out(couples.len(), group);
        statistic(&[&couples[..out.start], &couples[out.end..]].concat())
    }))
}

/// Correlations of what persons did in the discussion with their own satisfaction a year later, and with
/// the partner's.
fn with_later_satisfaction(
    couples: &[DiscussingCouple],
    behaviour: fn(&DiscussingCouple) -> Dyad,
) -> [f64; 2] {
    // The most hurtful act is none where there was no conflict.
    let those = || couples.iter().filter(|one| one.positive[0].is_finite());
    let behaviour: Vec<Dyad> = those().map(behaviour).collect();
    let later: Vec<Dyad> = those().map(|couple| couple.satisfaction).collect();
    [
        own_correlation(&behaviour, &later).value,
        cross_correlation(&behaviour, &later).value,
    ]
}

/// Correlation of a person's responsiveness in the discussion with own satisfaction a year later.
pub(crate) fn positive_with_own(cache: &CohortCache<'_>) -> ReplicateValues {
    of_discussing(cache, |couples| {
        with_later_satisfaction(couples, |one| one.positive)[0]
    })
}

/// The same with the partner's satisfaction.
pub(crate) fn positive_with_partners(cache: &CohortCache<'_>) -> ReplicateValues {
    of_discussing(cache, |couples| {
        with_later_satisfaction(couples, |one| one.positive)[1]
    })
}

/// Correlation of a person's most hurtful act in the discussion with own satisfaction a year later.
pub(crate) fn negative_with_own(cache: &CohortCache<'_>) -> ReplicateValues {
    of_discussing(cache, |couples| {
        with_later_satisfaction(couples, |one| one.negative)[0]
    })
}

/// The same with the partner's satisfaction.
pub(crate) fn negative_with_partners(cache: &CohortCache<'_>) -> ReplicateValues {
    of_discussing(cache, |couples| {
        with_later_satisfaction(couples, |one| one.negative)[1]
    })
}

/// How hurtful persons were who stay together, less those who separate, in standard deviations within both
/// groups.
fn staying_less_separating(couples: &[DiscussingCouple]) -> f64 {
    let of = |separates: bool| -> RunningMoments {
        let those = couples
            .iter()
            .filter(|one| one.separates == separates && one.positive[0].is_finite());
        those.flat_map(|one| one.negative).collect()
    };
    let groups = [of(false), of(true)];
    let weights = groups
        .each_ref()
        .map(|group| group.count().saturating_sub(1) as f64);
    let squares = groups.each_ref().map(RunningMoments::variance);
    let within = (weights[0] * squares[0] + weights[1] * squares[1]) / (weights[0] + weights[1]);
    (groups[0].mean() - groups[1].mean()) / within.sqrt()
}

/// How hurtful persons were who stay together for the years that they are followed, less those who separate.
pub(crate) fn negative_of_staying(cache: &CohortCache<'_>) -> ReplicateValues {
    of_discussing(cache, staying_less_separating)
}

/// Days after which an anxious person is asked again.
const THREE_MONTHS: u32 = 90;
/// Standard deviations of felt security and of anxiety at which their scales have their reliability.
const FELT_SECURITY: (f64, u64) = (0.15, 33);

/// What a responsive partner changes within three months in anxious persons who are together with either
/// partner: by how much the insecurity of the moment falls, and anxiety, as shares of their scales.
fn state_and_trait(cache: &CohortCache<'_>) -> Result<Vec<[f64; 2]>, Diagnostics> {
    let condition = |own: &[(&str, &str)]| {
        let mut all = until(THREE_MONTHS).to_vec();
        all.extend(
            own.iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned())),
        );
        cache.days(RESPONSIVE_PARTNER, &all)
    };
    let good = condition(&[])?;
    let control = condition(&[
        ("traits.b.responsiveness", "0.7"),
        ("traits.b.consistency", "0.5"),
    ])?;
    let scores = |cohort: &CohortDays| {
        let laboratory = cache.laboratory;
        let respondents = CohortRespondents::of(cohort, laboratory.seed);
        let scale = laboratory.instruments.scale(18, 0.90);
        let error = item_error(&scale, ScaleId::Anxiety);
        let instrument = SCALES[ScaleId::Anxiety as usize].instrument;
        let anxiety = respondents.last_day(cohort.column("anxiety"), &scale, error, instrument);
        let security = scored(cache, cohort, "felt_security", FELT_SECURITY);
        let persons = security.iter().zip(&anxiety);
        let persons = persons.map(|(security, anxiety)| [security[0], anxiety[0]]);
        let persons = cohort.ids.iter().copied().zip(persons);
        persons.collect::<BTreeMap<u64, [f64; 2]>>()
    };
    let (good, control) = (scores(&good), scores(&control));
    let both = good
        .iter()
        .filter_map(|(id, good)| Some((good, control.get(id)?)));
    Ok(both
        .map(|(good, control)| [good[0] - control[0], control[1] - good[1]])
        .collect())
}

/// By how much a responsive partner lowers momentary insecurity.
pub(crate) fn state_falls(cache: &CohortCache<'_>) -> ReplicateValues {
    Ok(batches(&state_and_trait(cache)?, |rows| {
        mean(rows.iter().map(|[state, _]| *state))
    }))
}

/// By how much more it lowers momentary insecurity than the trait.
pub(crate) fn state_falls_more(cache: &CohortCache<'_>) -> ReplicateValues {
    Ok(batches(&state_and_trait(cache)?, |rows| {
        mean(rows.iter().map(|[state, of_trait]| state - of_trait))
    }))
}

fn survey(cache: &CohortCache<'_>, days: u32, kept: u32) -> Result<CohortDays, Diagnostics> {
    let own = [
        ("run.days".to_owned(), days.to_string()),
        ("record.every".to_owned(), days.to_string()),
        ("record.days_from".to_owned(), (days + 1 - kept).to_string()),
    ];
    cache.laboratory.simulate(SURVEY, &own)
}

/// Values of a cohort's persons, for the couples who are also in a later cohort.
fn of_lasting(cohort: &CohortDays, later: &CohortDays, values: &[f64]) -> Vec<Dyad> {
    let place: BTreeMap<u64, usize> = cohort.ids.iter().copied().zip(0..).collect();
    let lasting = later.ids.iter().filter_map(|id| place.get(id));
    lasting
        .map(|couple| [0, 1].map(|person| values[2 * couple + person]))
        .collect()
}

/// Standard deviation of autonomy at which its scale has its reliability.
const AUTONOMY: (f64, u64) = (0.15, 9);

/// A value of each person, in the order of a cohort's columns.
fn by_person(scores: &[Dyad]) -> Vec<f64> {
    scores.iter().flatten().copied().collect()
}

/// Effect of the partner's responsiveness on autonomy six months later, net of autonomy before
/// (standardised).
pub(crate) fn dependence_frees(cache: &CohortCache<'_>) -> ReplicateValues {
    let (before, after) = (survey(cache, 720, 14)?, survey(cache, 900, 1)?);
    // If cancelled, the cohorts need not have the same couples.
    if cache.laboratory.control.cancel.is_cancelled() {
        return Ok(Vec::new());
    }
    let received = before.column("received");
    let weeks: Vec<f64> = received
        .chunks_exact(before.days)
        .flat_map(|days| {
            let known = days.iter().copied().filter(|x| x.is_finite());
            [mean(known)]
        })
        .collect();
    let autonomy = |cohort| by_person(&scored(cache, cohort, "autonomy", AUTONOMY));
    let support = of_lasting(&before, &after, &weeks);
    let earlier = of_lasting(&before, &after, &autonomy(&before));
    let later = of_lasting(&after, &after, &autonomy(&after));
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

/// Days on which anxiety is asked: at the end of the hard year, and two years later.
const AFTER_HARD_YEAR: [u32; 2] = [730, 1460];

/// Share of the effect of a hard year on anxiety that disappears in the two years after it.
pub(crate) fn attachment_returns(cache: &CohortCache<'_>) -> ReplicateValues {
    let anxiety = |own: &[(String, String)]| {
        let scale = (ScaleId::Anxiety, 18, 0.90);
        scored_waves(cache, (HARD_YEAR, own), &AFTER_HARD_YEAR, scale)
    };
    let hard_event = HARD_YEAR.event_field(("kind", "trait"), "add");
    let (hard, control) = (anxiety(&[])?, anxiety(&[(hard_event, "0".to_owned())])?);
    let couples = hard.0.couples().min(control.0.couples());
    let rows: Vec<[f64; 2]> = (0..couples)
        .map(|couple| {
            [0, 1].map(|wave| {
                let of = |(cohort, scores): &(Rc<CohortWaves>, Vec<Dyad>)| {
                    let place = cohort.place(couple, wave);
                    place.map_or(f64::NAN, |place| {
                        0.5 * (scores[place][0] + scores[place][1])
                    })
                };
                of(&hard) - of(&control)
            })
        })
        .collect();
    Ok(batches(&rows, |rows| {
        let harm = |wave: usize| mean(rows.iter().map(|row| row[wave]));
        1.0 - harm(1) / harm(0)
    }))
}

/// A cross-section of couples together for one, two, four or seven years: the cohorts begin with the
/// same number of couples, so that the older ones have fewer.
///
/// # Errors
/// [`Diagnostics`] of the laboratory's overrides.
pub(crate) fn cross_section(cache: &CohortCache<'_>) -> Result<SurveySample, Diagnostics> {
    let mut cohorts = Vec::new();
    for (number, years) in [1.0, 2.0, 4.0, 7.0].into_iter().enumerate() {
        let days = (years * YEAR) as u32;
        let seed = cache.laboratory.seed % SEEDS * 1_000 + 1 + number as u64;
        let own = [
            ("run.seed".to_owned(), seed.to_string()),
            ("run.days".to_owned(), days.to_string()),
            ("record.every".to_owned(), days.to_string()),
            ("record.days_from".to_owned(), days.to_string()),
        ];
        cohorts.push(cache.laboratory.simulate(SURVEY, &own)?);
    }
    let cohort = CohortDays::joined(cohorts);
    let derogation = cache
        .laboratory
        .scenario(SURVEY, &[])?
        .config()
        .parameters
        .derogation;
    Ok(SurveySample::of(
        &cohort,
        &cache.laboratory.instruments,
        derogation,
        cache.laboratory.seed,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::summary::correlation;
    use crate::validate::Laboratory;

    #[test]
    fn the_mean_of_nothing_is_undefined() {
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

    fn couple(positive: Dyad, negative: Dyad, satisfaction: Dyad) -> DiscussingCouple {
        DiscussingCouple {
            positive,
            negative,
            satisfaction,
            separates: satisfaction[0].is_nan(),
        }
    }

    #[test]
    fn behaviour_is_compared_with_own_and_with_the_partners_satisfaction() {
        // Responsiveness is own satisfaction later, and a hurtful act what the partner lacks of it; partners
        // are independent.
        let levels = [[0.3, 0.3], [0.3, 0.7], [0.7, 0.3], [0.7, 0.7]];
        let couples: Vec<DiscussingCouple> = levels
            .iter()
            .map(|[a, b]| couple([*a, *b], [1.0 - b, 1.0 - a], [*a, *b]))
            .collect();
        let [own, partners] = with_later_satisfaction(&couples, |one| one.positive);
        assert!((own - 1.0).abs() < 1e-12 && partners.abs() < 1e-12);
        let [own, partners] = with_later_satisfaction(&couples, |one| one.negative);
        assert!(own.abs() < 1e-12 && (partners + 1.0).abs() < 1e-12);
        // Couples without a conflict, or who are not together later, do not count.
        let missing = [f64::NAN; 2];
        let mut more = couples.clone();
        more.push(couple(missing, [0.0; 2], [0.1, 0.9]));
        more.push(couple([0.9, 0.1], [0.3, 0.8], missing));
        let behaviours: [fn(&DiscussingCouple) -> Dyad; 2] =
            [|couple| couple.positive, |couple| couple.negative];
        for behaviour in behaviours {
            let found = with_later_satisfaction(&couples, behaviour);
            assert_eq!(found, with_later_satisfaction(&more, behaviour));
        }
    }

    #[test]
    fn those_who_stay_are_compared_with_those_who_separate() {
        let (stays, separates) = ([0.5; 2], [f64::NAN; 2]);
        let mut couples = vec![
            couple([0.5; 2], [0.1, 0.3], stays),
            couple([0.5; 2], [0.1, 0.3], stays),
            couple([0.5; 2], [0.3, 0.5], separates),
        ];
        // Means .2 and .4; sums of squares .04 and .02, with four degrees of freedom.
        let expected = -0.2 / (0.06_f64 / 4.0).sqrt();
        let found = staying_less_separating(&couples);
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        couples.push(couple([f64::NAN; 2], [0.0; 2], separates));
        assert_eq!(staying_less_separating(&couples), found);
        assert!(staying_less_separating(&couples[..2]).is_nan());
    }

    #[test]
    fn couples_of_the_discussion_are_found_again_later() {
        let laboratory = Laboratory::new(240, 3);
        let cache = CohortCache::new(&laboratory);
        let couples = discussing(&cache).expect("no overrides");
        let cohort = cache.days(DISCUSSION, &on_the_day_of_discussion(&laboratory));
        let cohort = cohort.expect("no overrides");
        assert_eq!(couples.len(), cohort.couples);
        let got = cohort.column("hurtful");
        // What the partner got is coded, with the reliability of observers.
        let codes: Vec<f64> = couples.iter().flat_map(|one| one.negative).collect();
        let given: Vec<f64> = got
            .chunks_exact(2)
            .flat_map(|got| [got[1], got[0]])
            .collect();
        let with_given = correlation(&codes, &given);
        assert!(
            (with_given - OBSERVED_RELIABILITY.sqrt()).abs() < 0.07,
            "{with_given}"
        );
        assert!(correlation(&codes, got) < with_given - 0.1);
        for couple in &couples {
            let lasted = couple.satisfaction[0].is_finite();
            assert!(
                lasted || couple.separates,
                "persons do not answer after a break-up"
            );
        }
        assert!(couples.iter().any(|one| one.separates));
        let mut stayed = couples.iter().filter(|one| !one.separates);
        assert!(stayed.all(|one| one.satisfaction[1].is_finite()));
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
        // Numbers that tell couple and person apart.
        let numbers: Vec<f64> = (0..before.couples * 2).map(|n| n as f64).collect();
        let found = of_lasting(&before, &after, &numbers);
        assert_eq!(found.len(), after.couples);
        for (pair, id) in found.iter().zip(&after.ids) {
            let couple = before
                .ids
                .iter()
                .position(|own| own == id)
                .expect("it was there");
            assert_eq!(*pair, [(2 * couple) as f64, (2 * couple + 1) as f64]);
        }
    }
}
