//! The statistics of published panels that follow the same persons: retests, change within persons, and
//! what preceded a break-up. They come from the two cohorts of break-ups, with their attrition.

use crate::math::functions::{exp, ln};
use crate::scenario::Diagnostics;
use crate::stats::dyads::Dyad;
use crate::stats::summary::{RunningMoments, slope};
use crate::validate::cohort_waves::{CohortWaves, jackknife, left_out};
use crate::validate::dissolution::{DurationGroup, MARRIED_DURATIONS, UNMARRIED_DURATIONS, YEAR};
use crate::validate::experiments::ReplicateValues;
use crate::validate::laboratory::CohortCache;
use crate::validate::panel_study::{
    FIGHT_LAG, NEWEST_YEARS, PanelStudy, RETEST_TIMES, SATISFACTION_RELIABILITY, Times, wave,
};
use std::ops::Range;

/// Years between the waves of the panel (N02, N03, N05).
const LAGS: [f64; 3] = [1.5, 3.25, 4.75];

/// Scores of the same persons at some times, with the weights of the persons.
struct WeightedScores<const TIMES: usize> {
    scores: [Vec<f64>; TIMES],
    weights: Vec<f64>,
}

/// A cohort's couples without a group of them.
struct PanelSample<'a> {
    cohort: &'a CohortWaves,
    out: Range<usize>,
}

impl<'a> PanelSample<'a> {
    fn of(cohort: &'a CohortWaves, group: Option<usize>) -> PanelSample<'a> {
        PanelSample {
            cohort,
            out: left_out(cohort.couples(), group),
        }
    }

    fn couples(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.cohort.couples()).filter(|couple| !self.out.contains(couple))
    }

    /// Places of the answers of couples who are together after some years.
    fn places(&self, years: f64) -> impl Iterator<Item = (usize, usize)> + '_ {
        let wave = wave(years);
        let place = move |couple| Some((couple, self.cohort.place(couple, wave)?));
        self.couples().filter_map(place)
    }

    /// The scores of the persons who are together after some years, at all of some lags from then on.
    fn scores<const LAGGED: usize>(
        &self,
        answers: &[Dyad],
        times: &Times,
        lags: [f64; LAGGED],
    ) -> WeightedScores<LAGGED> {
        let mut scores = std::array::from_fn(|_| Vec::new());
        let mut weights = Vec::new();
        for (years, weight) in times {
            let waves = lags.map(|lag| wave(years + lag));
            let places = |couple| {
                let mut places = [0; LAGGED];
                for (place, wave) in places.iter_mut().zip(waves) {
                    *place = self.cohort.place(couple, wave)?;
                }
                Some(places)
            };
            let together: Vec<[usize; LAGGED]> = self.couples().filter_map(places).collect();
            let weight = weight / together.len() as f64;
            for places in together {
                for (scores, place) in scores.iter_mut().zip(places) {
                    scores.extend(answers[place]);
                }
                weights.extend([weight; 2]);
            }
        }
        WeightedScores { scores, weights }
    }

    /// The scores of the same persons at some times and a lag later.
    fn pairs(&self, answers: &[Dyad], times: &Times, lag: f64) -> WeightedScores<2> {
        self.scores(answers, times, [0.0, lag])
    }

    /// The scores of all persons who are together at some times, and their weights.
    fn answers(&self, answers: &[Dyad], times: &Times) -> Vec<(f64, f64)> {
        let WeightedScores {
            scores: [scores],
            weights,
        } = self.scores(answers, times, [0.0]);
        scores.into_iter().zip(weights).collect()
    }

    /// Correlation of the same persons' scores with those of a lag later.
    fn retest(&self, scores: &[Dyad], times: &Times, lag: f64) -> f64 {
        let WeightedScores {
            scores: [first, second],
            weights,
        } = self.pairs(scores, times, lag);
        weighted_correlation(&first, &second, &weights)
    }

    /// Mean and standard deviation of the same persons' change over a lag, in standard deviations of their
    /// first scores.
    fn change(&self, scores: &[Dyad], times: &Times, lag: f64) -> [f64; 2] {
        let WeightedScores {
            scores: [first, second],
            weights,
        } = self.pairs(scores, times, lag);
        let scores = first.iter().zip(&second).zip(&weights);
        let [mean, spread] = weighted(
            scores
                .clone()
                .map(|((first, second), weight)| (second - first, *weight)),
        );
        let [_, sd] = weighted(scores.map(|((first, _), weight)| (*first, *weight)));
        [mean / sd, spread / sd]
    }

    /// The sum of mean changes from one year to the next, each of the persons who are together in both and
    /// in standard deviations of their scores in the first.
    fn yearly_changes(&self, scores: &[Dyad], years: Range<usize>) -> f64 {
        let of_year = |year| self.change(scores, &[(year as f64, 1.0)], 1.0)[0];
        years.map(of_year).sum()
    }
}

/// The statistic of a sample of married couples' answers to a column, by jackknife.
fn of_married(
    cache: &CohortCache<'_>,
    column: impl Fn(&PanelStudy) -> &[Dyad],
    statistic: impl Fn(&PanelSample<'_>, &[Dyad]) -> f64,
) -> ReplicateValues {
    let panel = cache.married()?;
    let scores = column(panel);
    Ok(jackknife(|group| {
        statistic(&PanelSample::of(&panel.cohort, group), scores)
    }))
}

/// Answers to the question on quality.
fn quality(panel: &PanelStudy) -> &[Dyad] {
    panel.quality(panel.spread())
}

/// Sum of the changes of satisfaction from year to year within persons, from one year together to ten
/// (standard deviations).
pub(crate) fn satisfaction_falls(cache: &CohortCache<'_>) -> ReplicateValues {
    of_married(cache, PanelStudy::satisfaction, |sample, scores| {
        sample.yearly_changes(scores, 1..10)
    })
}

/// The yearly change within persons in years one to four, less that in years four to ten.
pub(crate) fn satisfaction_falls_first(cache: &CohortCache<'_>) -> ReplicateValues {
    of_married(cache, PanelStudy::satisfaction, |sample, scores| {
        sample.yearly_changes(scores, 1..4) / 3.0 - sample.yearly_changes(scores, 4..10) / 6.0
    })
}

/// Satisfaction of couples of twenty years less that of couples of ten, in standard deviations: a
/// comparison of levels, as it was published.
pub(crate) fn satisfaction_rises(cache: &CohortCache<'_>) -> ReplicateValues {
    of_married(cache, PanelStudy::satisfaction, |sample, scores| {
        let of = |years| -> RunningMoments {
            let places = sample.places(years);
            places.flat_map(|(_, place)| scores[place]).collect()
        };
        let ten = of(10.0);
        (of(20.0).mean() - ten.mean()) / ten.sd()
    })
}

/// Change of newlyweds' insecurity within two years of marriage, within persons, in standard deviations.
pub(crate) fn newlyweds_insecurity(cache: &CohortCache<'_>) -> ReplicateValues {
    let panel = cache.married()?;
    let [anxiety, avoidance] = panel.attachment();
    let both = anxiety.iter().zip(avoidance);
    let insecurity: Vec<Dyad> = both
        .map(|(a, v)| [0.5 * (a[0] + v[0]), 0.5 * (a[1] + v[1])])
        .collect();
    Ok(jackknife(|group| {
        PanelSample::of(&panel.cohort, group).change(&insecurity, &[(3.0, 1.0)], 2.0)[0]
    }))
}

/// Retest of attachment after some years: the mean of anxiety's and avoidance's.
fn attachment_retest(cache: &CohortCache<'_>, lag: f64) -> ReplicateValues {
    let panel = cache.married()?;
    Ok(jackknife(|group| {
        let sample = PanelSample::of(&panel.cohort, group);
        let [anxiety, avoidance] = panel
            .attachment()
            .each_ref()
            .map(|scores| sample.retest(scores, &[(4.0, 1.0)], lag));
        0.5 * (anxiety + avoidance)
    }))
}

/// Retest of attachment after a year.
pub(crate) fn attachment_after_one(cache: &CohortCache<'_>) -> ReplicateValues {
    attachment_retest(cache, 1.0)
}

/// Retest of attachment after four years.
pub(crate) fn attachment_after_four(cache: &CohortCache<'_>) -> ReplicateValues {
    attachment_retest(cache, 4.0)
}

/// Retest of satisfaction after two and a quarter years, divided by the questionnaire's reliability.
pub(crate) fn satisfaction_stability(cache: &CohortCache<'_>) -> ReplicateValues {
    of_married(cache, PanelStudy::satisfaction, |sample, scores| {
        sample.retest(scores, &RETEST_TIMES, 2.25) / SATISFACTION_RELIABILITY
    })
}

/// Retest of quality after one and a half years.
pub(crate) fn quality_after_short(cache: &CohortCache<'_>) -> ReplicateValues {
    of_married(cache, quality, |sample, scores| {
        sample.retest(scores, &RETEST_TIMES, LAGS[0])
    })
}

/// Retest of quality after three and a quarter years.
pub(crate) fn quality_after_middle(cache: &CohortCache<'_>) -> ReplicateValues {
    of_married(cache, quality, |sample, scores| {
        sample.retest(scores, &RETEST_TIMES, LAGS[1])
    })
}

/// Retests of the persons who answered three waves: after one and a half, three and a quarter, and four
/// and three quarters years.
fn three_waves(sample: &PanelSample<'_>, scores: &[Dyad]) -> [f64; 3] {
    let WeightedScores {
        scores: [first, second, third],
        weights,
    } = sample.scores(scores, &RETEST_TIMES, [0.0, LAGS[1], LAGS[2]]);
    [
        weighted_correlation(&second, &third, &weights),
        weighted_correlation(&first, &second, &weights),
        weighted_correlation(&first, &third, &weights),
    ]
}

/// Logarithms of the three retests: their fall a year, and their value at no lag.
fn retest_curve(retests: [f64; 3]) -> [f64; 2] {
    // The logarithm of what is no positive correlation is not defined.
    if !retests.iter().all(|retest| *retest > 0.0) {
        return [f64::NAN; 2];
    }
    let logs = retests.map(ln);
    let fall = slope(&logs, &LAGS);
    let mean = |values: [f64; 3]| values.iter().sum::<f64>() / 3.0;
    [-fall, exp(mean(logs) - fall * mean(LAGS))]
}

/// Retest of quality after four and three quarters years, of the persons of three waves.
pub(crate) fn quality_after_long(cache: &CohortCache<'_>) -> ReplicateValues {
    of_married(cache, quality, |sample, scores| {
        three_waves(sample, scores)[2]
    })
}

/// By how much the retest of quality falls a year.
pub(crate) fn quality_decay(cache: &CohortCache<'_>) -> ReplicateValues {
    of_married(cache, quality, |sample, scores| {
        retest_curve(three_waves(sample, scores))[0]
    })
}

/// The retest of quality at no lag.
pub(crate) fn quality_at_no_lag(cache: &CohortCache<'_>) -> ReplicateValues {
    of_married(cache, quality, |sample, scores| {
        retest_curve(three_waves(sample, scores))[1]
    })
}

/// Retests of quality after three and a quarter years, by years together at the first wave.
const RETEST_GROUPS: [&Times; 5] = [
    &[(1.0, 1.0)],
    &[(3.5, 1.0)],
    &[(7.5, 1.0)],
    &[(11.0, 1.0), (15.0, 1.0)],
    &[(19.0, 1.0), (20.5, 1.0)],
];

fn retest_of_group(cache: &CohortCache<'_>, group: usize) -> ReplicateValues {
    of_married(cache, quality, |sample, scores| {
        sample.retest(scores, RETEST_GROUPS[group], LAGS[1])
    })
}

/// Retest of quality of couples of up to two years.
pub(crate) fn retest_to_two(cache: &CohortCache<'_>) -> ReplicateValues {
    retest_of_group(cache, 0)
}

/// Retest of quality of couples of two to five years.
pub(crate) fn retest_to_five(cache: &CohortCache<'_>) -> ReplicateValues {
    retest_of_group(cache, 1)
}

/// Retest of quality of couples of five to ten years.
pub(crate) fn retest_to_ten(cache: &CohortCache<'_>) -> ReplicateValues {
    retest_of_group(cache, 2)
}

/// Retest of quality of couples of ten to twenty years.
pub(crate) fn retest_to_twenty(cache: &CohortCache<'_>) -> ReplicateValues {
    retest_of_group(cache, 3)
}

/// Retest of quality of couples of twenty and more years.
pub(crate) fn retest_beyond_twenty(cache: &CohortCache<'_>) -> ReplicateValues {
    retest_of_group(cache, 4)
}

fn spread_of_change(cache: &CohortCache<'_>, lag: f64) -> ReplicateValues {
    of_married(cache, quality, |sample, scores| {
        sample.change(scores, &RETEST_TIMES, lag)[1]
    })
}

/// Standard deviation of persons' change of quality over one and a half years.
pub(crate) fn change_spread_short(cache: &CohortCache<'_>) -> ReplicateValues {
    spread_of_change(cache, LAGS[0])
}

/// Standard deviation of persons' change of quality over three and a quarter years.
pub(crate) fn change_spread_middle(cache: &CohortCache<'_>) -> ReplicateValues {
    spread_of_change(cache, LAGS[1])
}

/// Standard deviation of persons' change of quality over four and three quarters years.
pub(crate) fn change_spread_long(cache: &CohortCache<'_>) -> ReplicateValues {
    spread_of_change(cache, LAGS[2])
}

/// Mean change of quality within persons over three and a quarter years.
pub(crate) fn change_of_quality(cache: &CohortCache<'_>) -> ReplicateValues {
    of_married(cache, quality, |sample, scores| {
        sample.change(scores, &RETEST_TIMES, LAGS[1])[0]
    })
}

/// Fights of the week before a wave.
fn fights(panel: &PanelStudy) -> &[Dyad] {
    panel.cohort.fights()
}

/// Share of weighted values that meet a condition; NaN of none.
fn share(values: &[(f64, f64)], meets: impl Fn(f64) -> bool) -> f64 {
    let met = |(value, weight): &(f64, f64)| (f64::from(u8::from(meets(*value))), *weight);
    weighted(values.iter().map(met))[0]
}

/// Share of persons who had a number of fights in the last seven days.
fn share_with_fights(cache: &CohortCache<'_>, meant: fn(f64) -> bool) -> ReplicateValues {
    of_married(cache, fights, |sample, fights| {
        share(&sample.answers(fights, &RETEST_TIMES), meant)
    })
}

/// Share of persons who had no fight in the last seven days.
pub(crate) fn no_fight(cache: &CohortCache<'_>) -> ReplicateValues {
    share_with_fights(cache, |fights| fights == 0.0)
}

/// Share of persons who had one.
pub(crate) fn one_fight(cache: &CohortCache<'_>) -> ReplicateValues {
    share_with_fights(cache, |fights| fights == 1.0)
}

/// Share of persons who had two.
pub(crate) fn two_fights(cache: &CohortCache<'_>) -> ReplicateValues {
    share_with_fights(cache, |fights| fights == 2.0)
}

/// Share of persons who had three or more.
pub(crate) fn three_fights(cache: &CohortCache<'_>) -> ReplicateValues {
    share_with_fights(cache, |fights| fights >= 3.0)
}

/// The highest answer to the question on fights, which is "seven times or more".
const MOST_FIGHTS: f64 = 7.0;

/// Mean number of fights in the last seven days, at some times.
fn mean_fights(sample: &PanelSample<'_>, fights: &[Dyad], times: &Times) -> f64 {
    let answers = sample.answers(fights, times);
    let capped = |(fights, weight): &(f64, f64)| (fights.min(MOST_FIGHTS), *weight);
    weighted(answers.iter().map(capped))[0]
}

/// Fights of couples of about twenty years less those of couples of one.
pub(crate) fn fights_by_years(cache: &CohortCache<'_>) -> ReplicateValues {
    of_married(cache, fights, |sample, fights| {
        let of = |times: &Times| mean_fights(sample, fights, times);
        of(RETEST_GROUPS[4]) - of(&[(NEWEST_YEARS, 1.0)])
    })
}

/// Share of persons with a fight in a week, of those with and of those without any in a week one and a half
/// years before.
fn fight_again(sample: &PanelSample<'_>, fights: &[Dyad]) -> [f64; 2] {
    let WeightedScores {
        scores: [first, second],
        weights,
    } = sample.pairs(fights, &RETEST_TIMES, FIGHT_LAG);
    [true, false].map(|any| {
        let later = second.iter().zip(&weights);
        let later: Vec<(f64, f64)> = later
            .zip(&first)
            .filter(|(_, first)| (**first > 0.0) == any)
            .map(|((second, weight), _)| (*second, *weight))
            .collect();
        share(&later, |fights| fights > 0.0)
    })
}

/// Share of persons with a fight in the week, of those who had one a year and a half before.
pub(crate) fn fight_given_any(cache: &CohortCache<'_>) -> ReplicateValues {
    of_married(cache, fights, |sample, fights| {
        fight_again(sample, fights)[0]
    })
}

/// The same of those who had none.
pub(crate) fn fight_given_none(cache: &CohortCache<'_>) -> ReplicateValues {
    of_married(cache, fights, |sample, fights| {
        fight_again(sample, fights)[1]
    })
}

/// Standardised effects of two predictors on an outcome, by least squares.
fn standardised_effects(outcome: &[f64], predictors: [&[f64]; 2], weights: &[f64]) -> [f64; 2] {
    let with = |one: &[f64], other: &[f64]| weighted_correlation(one, other, weights);
    let [first, second] = predictors.map(|predictor| with(outcome, predictor));
    let between = with(predictors[0], predictors[1]);
    let rest = 1.0 - between * between;
    [
        (first - second * between) / rest,
        (second - first * between) / rest,
    ]
}

/// Effects on quality a year and a half later, of quality and of fights; and those on fights, of fights and
/// of quality. All standardised.
fn cross_lags(sample: &PanelSample<'_>, quality: &[Dyad], fights: &[Dyad]) -> [[f64; 2]; 2] {
    let [quality, fights] =
        [quality, fights].map(|scores| sample.pairs(scores, &RETEST_TIMES, FIGHT_LAG));
    let [earlier, later] = fights.scores.map(|of_wave| {
        let capped = of_wave.into_iter().map(|fights| fights.min(MOST_FIGHTS));
        capped.collect::<Vec<f64>>()
    });
    let of = |outcome, predictors| standardised_effects(outcome, predictors, &quality.weights);
    let [before, after] = &quality.scores;
    [
        of(after, [before, &earlier]),
        of(&later, [&earlier, before]),
    ]
}

fn of_cross_lags(cache: &CohortCache<'_>, value: impl Fn([[f64; 2]; 2]) -> f64) -> ReplicateValues {
    let panel = cache.married()?;
    let (quality, fights) = (quality(panel), fights(panel));
    Ok(jackknife(|group| {
        let sample = PanelSample::of(&panel.cohort, group);
        value(cross_lags(&sample, quality, fights))
    }))
}

/// Effect of fights on quality a year and a half later, net of quality.
pub(crate) fn fights_to_quality(cache: &CohortCache<'_>) -> ReplicateValues {
    of_cross_lags(cache, |[quality, _]| quality[1])
}

/// Effect of quality on fights a year and a half later, net of fights.
pub(crate) fn quality_to_fights(cache: &CohortCache<'_>) -> ReplicateValues {
    of_cross_lags(cache, |[_, fights]| fights[1])
}

/// Effect of quality on quality a year and a half later, net of fights.
pub(crate) fn quality_to_quality(cache: &CohortCache<'_>) -> ReplicateValues {
    of_cross_lags(cache, |[quality, _]| quality[0])
}

/// Effect of fights on fights a year and a half later, net of quality.
pub(crate) fn fights_to_fights(cache: &CohortCache<'_>) -> ReplicateValues {
    of_cross_lags(cache, |[_, fights]| fights[0])
}

/// An answer to the question on quality.
#[derive(Clone, Copy, Debug, PartialEq)]
struct QualityRating {
    quality: f64,
    /// Weight of the person in the panel.
    weight: f64,
    /// Years until the break-up; infinite where there is none.
    left: f64,
}

/// The answers of couples who are together after each of some years; years weigh as the persons that the
/// panel had of them.
fn ratings(
    sample: &PanelSample<'_>,
    scores: &[Dyad],
    times: impl Iterator<Item = (f64, f64)>,
) -> Vec<QualityRating> {
    let mut ratings = Vec::new();
    for (years, weight) in times {
        let places: Vec<(usize, usize)> = sample.places(years).collect();
        let weight = weight / places.len() as f64;
        let day = sample.cohort.day(wave(years));
        for (couple, place) in places {
            let end = sample.cohort.ends[couple];
            let left = if end.is_nan() {
                f64::INFINITY
            } else {
                (end - day) / YEAR
            };
            let rating = |quality| QualityRating {
                quality,
                weight,
                left,
            };
            ratings.extend(scores[place].map(rating));
        }
    }
    ratings
}

/// Weighted mean and standard deviation.
fn weighted(rows: impl Iterator<Item = (f64, f64)> + Clone) -> [f64; 2] {
    let total: f64 = rows.clone().map(|(_, weight)| weight).sum();
    let mean = rows
        .clone()
        .map(|(value, weight)| value * weight)
        .sum::<f64>()
        / total;
    let squares = rows.map(|(value, weight)| (value - mean) * (value - mean) * weight);
    [mean, (squares.sum::<f64>() / total).sqrt()]
}

/// Correlation of two scores of persons with weights.
fn weighted_correlation(first: &[f64], second: &[f64], weights: &[f64]) -> f64 {
    let of = |scores: &[f64]| {
        let rows = scores.iter().zip(weights);
        weighted(rows.map(|(score, weight)| (*score, *weight)))
    };
    let ([mean, sd], [other_mean, other_sd]) = (of(first), of(second));
    let total: f64 = weights.iter().sum();
    let products = first.iter().zip(second).zip(weights);
    let products = products.map(|((x, y), weight)| (x - mean) * (y - other_mean) * weight);
    products.sum::<f64>() / total / (sd * other_sd)
}

/// Quality of those who separate within some years, less that of those who stay together for more than
/// others, in standard deviations of the latter.
fn separating_less_staying(ratings: &[QualityRating], within: Range<f64>, stay: f64) -> f64 {
    let rows = |meant: &dyn Fn(f64) -> bool| -> Vec<(f64, f64)> {
        let those = ratings.iter().filter(|rating| meant(rating.left));
        those
            .map(|rating| (rating.quality, rating.weight))
            .collect()
    };
    let staying = rows(&|left| left > stay);
    let separating = rows(&|left| within.contains(&left));
    let [mean, sd] = weighted(staying.into_iter());
    (weighted(separating.into_iter())[0] - mean) / sd
}

/// The panel's unmarried and married cohorts, with their answers to the question on quality.
struct QualityPanel<'c> {
    cohorts: [&'c CohortWaves; 2],
    scores: [&'c [Dyad]; 2],
}

const UNMARRIED: usize = 0;
const MARRIED: usize = 1;

impl<'c> QualityPanel<'c> {
    fn of(cache: &'c CohortCache<'_>) -> Result<QualityPanel<'c>, Diagnostics> {
        let (unmarried, married) = (cache.unmarried()?, cache.married()?);
        // The panel asks all by the same question, and most of its persons are married.
        let spread = married.spread();
        Ok(QualityPanel {
            cohorts: [&unmarried.cohort, &married.cohort],
            scores: [unmarried.quality(spread), married.quality(spread)],
        })
    }

    fn ratings(&self, which: usize, group: Option<usize>) -> Vec<QualityRating> {
        let sample = PanelSample::of(self.cohorts[which], group);
        let scores = self.scores[which];
        let durations: &[DurationGroup] = match which {
            UNMARRIED => &UNMARRIED_DURATIONS,
            _ => &MARRIED_DURATIONS,
        };
        let times = durations.iter().map(|group| (group.wave, group.persons));
        ratings(&sample, scores, times)
    }

    fn gap(&self, which: usize, group: Option<usize>, within: Range<f64>, stay: f64) -> f64 {
        separating_less_staying(&self.ratings(which, group), within, stay)
    }

    /// The lowest answers that are called excellent, good and fair: those that give the shares of the
    /// unmarried in the panel (417, 335, 100 and 10 persons).
    fn categories(&self) -> [f64; 3] {
        let mut ratings = self.ratings(UNMARRIED, None);
        ratings.sort_by(|one, other| other.quality.total_cmp(&one.quality));
        let total: f64 = ratings.iter().map(|rating| rating.weight).sum();
        [417.0, 752.0, 852.0].map(|count| {
            let (mut above, share) = (0.0, count / 862.0 * total);
            let lowest = ratings.iter().find(|rating| {
                above += rating.weight;
                above >= share * (1.0 - 1e-9)
            });
            lowest.map_or(f64::NAN, |rating| rating.quality)
        })
    }
}

fn gap(cache: &CohortCache<'_>, which: usize, within: Range<f64>, stay: f64) -> ReplicateValues {
    let panel = QualityPanel::of(cache)?;
    Ok(jackknife(|group| {
        panel.gap(which, group, within.clone(), stay)
    }))
}

/// Of the panel's persons who separated, the share who were not married.
const UNMARRIED_SHARE: f64 = 0.72;

/// The difference within each status, weighted by the numbers who separated.
fn decline(cache: &CohortCache<'_>, within: Range<f64>) -> ReplicateValues {
    let panel = QualityPanel::of(cache)?;
    Ok(jackknife(|group| {
        let gap = |which| panel.gap(which, group, within.clone(), 5.0);
        UNMARRIED_SHARE * gap(UNMARRIED) + (1.0 - UNMARRIED_SHARE) * gap(MARRIED)
    }))
}

/// Quality less than half a year before a break-up.
pub(crate) fn decline_half_year(cache: &CohortCache<'_>) -> ReplicateValues {
    decline(cache, 0.0..0.5)
}

/// Quality half a year to a year before a break-up.
pub(crate) fn decline_year(cache: &CohortCache<'_>) -> ReplicateValues {
    decline(cache, 0.5..1.0)
}

/// Quality one to two years before a break-up.
pub(crate) fn decline_two_years(cache: &CohortCache<'_>) -> ReplicateValues {
    decline(cache, 1.0..2.0)
}

/// Quality two to three years before a break-up.
pub(crate) fn decline_three_years(cache: &CohortCache<'_>) -> ReplicateValues {
    decline(cache, 2.0..3.3)
}

/// Quality three to five years before a break-up.
pub(crate) fn decline_five_years(cache: &CohortCache<'_>) -> ReplicateValues {
    decline(cache, 3.3..5.0)
}

/// Quality of the unmarried who separate within a year.
pub(crate) fn unmarried_decline_first(cache: &CohortCache<'_>) -> ReplicateValues {
    gap(cache, UNMARRIED, 0.0..1.0, 2.0)
}

/// Quality of the unmarried who separate in the year after.
pub(crate) fn unmarried_decline_second(cache: &CohortCache<'_>) -> ReplicateValues {
    gap(cache, UNMARRIED, 1.0..2.0, 2.0)
}

/// Quality of the unmarried who separate within a year, against those who do not.
pub(crate) fn unmarried_gap_year(cache: &CohortCache<'_>) -> ReplicateValues {
    gap(cache, UNMARRIED, 0.0..1.0, 1.0)
}

/// Quality of the unmarried who separate within 3.2 years, against those who do not.
pub(crate) fn unmarried_gap_three(cache: &CohortCache<'_>) -> ReplicateValues {
    gap(cache, UNMARRIED, 0.0..3.2, 3.2)
}

/// Quality of the married who separate within a year, against those who do not.
pub(crate) fn married_gap_year(cache: &CohortCache<'_>) -> ReplicateValues {
    gap(cache, MARRIED, 0.0..1.0, 1.0)
}

/// Quality of the married who separate within 3.2 years, against those who do not.
pub(crate) fn married_gap_three(cache: &CohortCache<'_>) -> ReplicateValues {
    gap(cache, MARRIED, 0.0..3.2, 3.2)
}

/// Share of a category of answers who separate within a year.
fn separating(ratings: &[QualityRating], category: Range<f64>) -> f64 {
    let those = ratings
        .iter()
        .filter(|rating| category.contains(&rating.quality));
    let rows = those.map(|rating| (f64::from(u8::from(rating.left <= 1.0)), rating.weight));
    weighted(rows)[0]
}

fn separating_of(
    cache: &CohortCache<'_>,
    category: impl Fn([f64; 3]) -> Range<f64>,
) -> ReplicateValues {
    let panel = QualityPanel::of(cache)?;
    let category = category(panel.categories());
    Ok(jackknife(|group| {
        separating(&panel.ratings(UNMARRIED, group), category.clone())
    }))
}

/// Share of the unmarried with an excellent relationship who separate within a year.
pub(crate) fn excellent_separate(cache: &CohortCache<'_>) -> ReplicateValues {
    separating_of(cache, |[excellent, ..]| excellent..f64::INFINITY)
}

/// The same with a good one.
pub(crate) fn good_separate(cache: &CohortCache<'_>) -> ReplicateValues {
    separating_of(cache, |[excellent, good, _]| good..excellent)
}

/// The same with a fair one.
pub(crate) fn fair_separate(cache: &CohortCache<'_>) -> ReplicateValues {
    separating_of(cache, |[_, good, fair]| fair..good)
}

/// The same with a poor one.
pub(crate) fn poor_separate(cache: &CohortCache<'_>) -> ReplicateValues {
    separating_of(cache, |[.., fair]| f64::NEG_INFINITY..fair)
}

/// Share of those who separate within 3.2 years who had called the relationship good or excellent.
fn good_before(cache: &CohortCache<'_>, which: usize) -> ReplicateValues {
    let panel = QualityPanel::of(cache)?;
    let [_, good, _] = panel.categories();
    Ok(jackknife(|group| {
        let ratings = panel.ratings(which, group);
        let those = ratings.iter().filter(|rating| rating.left <= 3.2);
        let rows = those.map(|rating| (f64::from(u8::from(rating.quality >= good)), rating.weight));
        weighted(rows)[0]
    }))
}

/// Share of the separating unmarried who had called it good or excellent.
pub(crate) fn unmarried_good_before(cache: &CohortCache<'_>) -> ReplicateValues {
    good_before(cache, UNMARRIED)
}

/// Share of the separating married who had called it good or excellent.
pub(crate) fn married_good_before(cache: &CohortCache<'_>) -> ReplicateValues {
    good_before(cache, MARRIED)
}

/// Years before a break-up that a decline is looked for.
const BEFORE: f64 = 5.0;
/// Years together from which on answers count: panels have few couples who have just begun.
const ESTABLISHED: f64 = 2.0;
/// Fewest answers of a person in these years.
const LEAST_ANSWERS: usize = 6;

/// Answers of one person in the years before the break-up, with two clocks.
struct LastYears {
    quality: Vec<f64>,
    /// Years to the break-up, which fall.
    to_end: Vec<f64>,
    /// Years since the start.
    since_start: Vec<f64>,
}

/// The persons who separate, in their last years.
fn last_years(cohort: &CohortWaves, scores: &[Dyad], couples: Range<usize>) -> Vec<LastYears> {
    let mut persons = Vec::new();
    for couple in couples {
        let end = cohort.ends[couple];
        let places = cohort.places(couple);
        let days = (0..places.len()).map(|wave| cohort.day(wave));
        let late: Vec<(usize, f64)> = places
            .zip(days)
            .filter(|(_, day)| (end - day) / YEAR <= BEFORE && day / YEAR >= ESTABLISHED)
            .collect();
        if end.is_nan() || late.len() < LEAST_ANSWERS {
            continue;
        }
        for person in 0..2 {
            persons.push(LastYears {
                quality: late
                    .iter()
                    .map(|(place, _)| scores[*place][person])
                    .collect(),
                to_end: late.iter().map(|(_, day)| (end - day) / YEAR).collect(),
                since_start: late.iter().map(|(_, day)| day / YEAR).collect(),
            });
        }
    }
    persons
}

/// The line with one bend that fits persons' quality best, within persons: where it bends on a clock, and
/// the share of the variance within persons that it explains.
fn best_bend(persons: &[LastYears], clock: fn(&LastYears) -> &[f64], bends: &[f64]) -> [f64; 2] {
    let mut best = [f64::NAN, f64::NEG_INFINITY];
    for bend in bends {
        let mut squares = [[0.0; 3]; 3];
        for person in persons {
            let (times, n) = (clock(person), person.quality.len() as f64);
            let row = |at: usize| [person.quality[at], times[at], (bend - times[at]).max(0.0)];
            let mut means = [0.0; 3];
            for at in 0..times.len() {
                let row = row(at);
                (0..3).for_each(|k| means[k] += row[k] / n);
            }
            for at in 0..times.len() {
                let row = row(at);
                let centred: [f64; 3] = std::array::from_fn(|k| row[k] - means[k]);
                for (one, sums) in centred.iter().zip(&mut squares) {
                    for (other, sum) in centred.iter().zip(sums) {
                        *sum += one * other;
                    }
                }
            }
        }
        let explained = explained(&squares);
        if explained > best[1] {
            best = [*bend, explained];
        }
    }
    best
}

/// Share of the first variable's sum of squares that a regression on the other two explains, from the
/// sums of squares and products of all.
fn explained(squares: &[[f64; 3]; 3]) -> f64 {
    let [[yy, ya, yb], [_, aa, ab], [_, _, bb]] = *squares;
    let determinant = aa * bb - ab * ab;
    if determinant > 1e-9 * aa * bb {
        (ya * ya * bb - 2.0 * ya * yb * ab + yb * yb * aa) / (determinant * yy)
    } else {
        // A line that bends where there are no answers has no bend.
        ya * ya / (aa * yy)
    }
}

/// Bends that are tried.
fn bends(first: f64, last: f64, step: f64) -> Vec<f64> {
    let count = ((last - first) / step).round() as u32;
    (0..=count)
        .map(|number| first + step * f64::from(number))
        .collect()
}

/// Years before the break-up, and years since the start, at which a line may bend.
fn bends_to_end() -> Vec<f64> {
    bends(0.3, 4.5, 0.1)
}

fn bends_since_start() -> Vec<f64> {
    bends(0.5, 20.0, 0.5)
}

/// A value of each tenth of both cohorts' separating persons: the place of a bend has no jackknife.
fn of_separating(cache: &CohortCache<'_>, value: impl Fn(&[LastYears]) -> f64) -> ReplicateValues {
    let panel = QualityPanel::of(cache)?;
    let part = |group| {
        let persons = [UNMARRIED, MARRIED].into_iter().flat_map(|which| {
            let cohort = panel.cohorts[which];
            let couples = left_out(cohort.couples(), Some(group));
            last_years(cohort, panel.scores[which], couples)
        });
        value(&persons.collect::<Vec<_>>())
    };
    Ok((0..10).map(part).collect())
}

/// Years before the break-up at which quality begins to fall faster.
pub(crate) fn onset_of_decline(cache: &CohortCache<'_>) -> ReplicateValues {
    of_separating(cache, |persons| {
        best_bend(persons, |person| &person.to_end, &bends_to_end())[0]
    })
}

/// How much more of the variance within persons a line with a bend explains by years to the break-up than
/// by years since the start.
pub(crate) fn clock_of_decline(cache: &CohortCache<'_>) -> ReplicateValues {
    of_separating(cache, |persons| {
        let to_end = best_bend(persons, |person| &person.to_end, &bends_to_end());
        let since = best_bend(persons, |person| &person.since_start, &bends_since_start());
        to_end[1] - since[1]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::normal_quantile;
    use crate::rng::{Key, StreamKind};
    use crate::stats::summary::correlation;
    use crate::validate::cohort_waves::test_support::cohort;
    use crate::validate::panel_study::waves;
    use rand::Rng;
    use rand_chacha::ChaCha8Rng;

    const TOGETHER: f64 = f64::NAN;

    /// Standard normal numbers.
    fn normals(number: u64) -> impl FnMut() -> f64 {
        let key = Key::new(number, 0, 0, StreamKind::Measurement);
        let mut rng: ChaCha8Rng = key.stream(0, 0);
        move || normal_quantile((f64::from(rng.next_u32()) + 0.5) / 4_294_967_296.0)
    }

    fn panel(ends: &[f64]) -> CohortWaves {
        let days: Vec<f64> = ends.iter().map(|years| years * YEAR).collect();
        cohort(&waves(), &days)
    }

    /// Scores of every person in every wave.
    fn scores(cohort: &CohortWaves, mut score: impl FnMut(usize, usize, f64) -> f64) -> Vec<Dyad> {
        let mut all = Vec::new();
        for couple in 0..cohort.couples() {
            for wave in 0..cohort.places(couple).len() {
                let years = cohort.day(wave) / YEAR;
                all.push([0, 1].map(|person| score(couple, person, years)));
            }
        }
        all
    }

    fn sample(cohort: &CohortWaves) -> PanelSample<'_> {
        PanelSample::of(cohort, None)
    }

    #[test]
    fn retests_and_changes_are_of_the_same_persons() {
        let cohort = panel(&[TOGETHER, TOGETHER, TOGETHER, 5.0]);
        // Persons differ by .1 and fall by .02 a year; the couple that separates is far below.
        let scores = scores(&cohort, |couple, person, years| {
            let level = if couple == 3 { -5.0 } else { 0.0 };
            level + 0.1 * (2 * couple + person) as f64 - 0.02 * years
        });
        let sample = sample(&cohort);
        assert_eq!(sample.pairs(&scores, &[(4.0, 1.0)], 3.25).weights.len(), 6);
        assert!((sample.retest(&scores, &[(4.0, 1.0)], 3.25) - 1.0).abs() < 1e-9);
        let [mean, sd] = sample.change(&scores, &[(4.0, 1.0)], 2.0);
        let spread = 0.1 * (35.0_f64 / 12.0).sqrt();
        assert!((mean + 0.04 / spread).abs() < 2e-3, "{mean}");
        assert!(sd < 1e-6);
        let without = PanelSample::of(&cohort, Some(9));
        assert_eq!(without.places(0.0).count(), 3);
    }

    #[test]
    fn the_attrition_of_the_unhappy_is_no_change_within_persons() {
        let ends: Vec<f64> = (0..40)
            .map(|couple| if couple < 20 { 11.0 } else { TOGETHER })
            .collect();
        let cohort = panel(&ends);
        let scores = scores(&cohort, |couple, person, _| {
            0.01 * couple as f64 + 0.001 * person as f64
        });
        let sample = sample(&cohort);
        assert!(sample.yearly_changes(&scores, 1..10).abs() < 1e-12);
        let level = |years| -> f64 {
            let places = sample.places(years);
            places
                .flat_map(|(_, place)| scores[place])
                .collect::<RunningMoments>()
                .mean()
        };
        assert!(level(20.0) > level(10.0) + 0.09);
    }

    #[test]
    fn yearly_changes_add_up() {
        let cohort = panel(&[TOGETHER; 20]);
        // In standard deviations of the scores: .1 down a year until four, and level after.
        let mut normal = normals(1);
        let levels: Vec<f64> = (0..40).map(|_| normal()).collect();
        let [_, sd] = weighted(levels.iter().map(|level| (*level, 1.0)));
        let scores = scores(&cohort, |couple, person, years| {
            levels[2 * couple + person] / sd - 0.1 * years.min(4.0)
        });
        let sample = sample(&cohort);
        assert!((sample.yearly_changes(&scores, 1..4) + 0.3).abs() < 2e-3);
        assert!((sample.yearly_changes(&scores, 1..10) + 0.3).abs() < 2e-3);
    }

    #[test]
    fn the_curve_of_retests_is_that_of_a_slow_random_process_and_an_error() {
        let cohort = panel(&[TOGETHER; 3_000]);
        let mut normal = normals(2);
        let kept = exp(-0.09 / 4.0);
        let (moved, error) = ((1.0 - kept * kept).sqrt(), (0.21_f64 / 0.79).sqrt());
        let mut state = [0.0; 2];
        let scores = scores(&cohort, |_, person, years| {
            state[person] = if years < 0.1 {
                normal()
            } else {
                kept * state[person] + moved * normal()
            };
            state[person] + error * normal()
        });
        let found = three_waves(&sample(&cohort), &scores);
        for (found, lag) in found.iter().zip(LAGS) {
            let expected = 0.79 * exp(-0.09 * lag);
            assert!((found - expected).abs() < 0.02, "{lag}: {found} {expected}");
        }
        let [decay, no_lag] = retest_curve(found);
        assert!((decay - 0.09).abs() < 0.012, "{decay}");
        assert!((no_lag - 0.79).abs() < 0.02, "{no_lag}");
        assert!(retest_curve([0.5, -0.1, 0.2])[0].is_nan());
        let change = sample(&cohort).change(&scores, &RETEST_TIMES, 3.25)[1];
        let expected = (2.0 - 2.0 * 0.79 * exp(-0.09 * 3.25)).sqrt();
        assert!((change - expected).abs() < 0.02, "{change} {expected}");
    }

    #[test]
    fn shares_of_fights_are_of_all_persons_and_of_the_same_persons_later() {
        let cohort = panel(&[TOGETHER, TOGETHER, TOGETHER, TOGETHER, 6.0]);
        let fights = scores(&cohort, |couple, person, years| {
            let first = (4.9..5.1).contains(&years);
            let number = match (couple, person) {
                (4, _) => 5,
                (0, 0) if first => 1,
                (0, 1) if first => 9,
                (0, 0) => 2,
                (2, 1) if !first => 1,
                _ => 0,
            };
            f64::from(number)
        });
        let sample = sample(&cohort);
        let answers = sample.answers(&fights, &[(5.0, 1.0)]);
        assert_eq!(answers.len(), 10);
        assert!((share(&answers, |fights| fights == 0.0) - 0.6).abs() < 1e-12);
        assert!((share(&answers, |fights| fights >= 3.0) - 0.3).abs() < 1e-12);
        // Nine fights are "seven times or more".
        assert!((mean_fights(&sample, &fights, &[(5.0, 1.0)]) - 1.8).abs() < 1e-12);
        let one = PanelSample::of(&cohort, Some(9));
        let some = share(&one.answers(&fights, &[(5.0, 1.0)]), |x| x > 0.0);
        assert!((some - 0.25).abs() < 1e-12);
        let [any, none] = fight_again(&sample, &fights);
        let pairs = sample.pairs(&fights, &RETEST_TIMES, FIGHT_LAG);
        assert_eq!(pairs.weights.len(), 8 * RETEST_TIMES.len() + 2);
        // Times have weights. At 3.5 years four of ten have fights, of whom one has none at 5, and one of six others
        // has some then. At 5 years two of eight have fights, of whom one has none later, one of six others has
        // some, and the couple that separates does not answer later. At other times two have fights, and have them
        // again.
        let weights = RETEST_TIMES.map(|(_, weight)| weight);
        let others: f64 = weights[2..].iter().sum();
        let with = 0.4 * weights[0] + 0.25 * weights[1] + 0.25 * others;
        let again = 0.3 * weights[0] + 0.125 * weights[1] + 0.25 * others;
        assert!((any - again / with).abs() < 1e-12, "{any}");
        let without = 0.6 * weights[0] + 0.75 * (weights[1] + others);
        let started = 0.1 * weights[0] + 0.125 * weights[1];
        assert!((none - started / without).abs() < 1e-12, "{none}");
    }

    #[test]
    fn effects_of_two_predictors_are_those_of_least_squares() {
        // y = 2 a + 3 b, of uncorrelated a and b with standard deviations 1 and 2.
        let (a, b) = ([1.0, 1.0, -1.0, -1.0], [2.0, -2.0, 2.0, -2.0]);
        let of = |x: [f64; 2]| -> Vec<f64> {
            a.iter().zip(&b).map(|(a, b)| x[0] * a + x[1] * b).collect()
        };
        let [first, second] = standardised_effects(&of([2.0, 3.0]), [&a, &b], &[1.0; 4]);
        assert!((first - 2.0 / 40.0_f64.sqrt()).abs() < 1e-12, "{first}");
        assert!((second - 6.0 / 40.0_f64.sqrt()).abs() < 1e-12, "{second}");
        // By c = a + b in place of b: y = 3 c - a.
        let [first, second] =
            standardised_effects(&of([2.0, 3.0]), [&a, &of([1.0, 1.0])], &[1.0; 4]);
        assert!((first + 1.0 / 40.0_f64.sqrt()).abs() < 1e-12, "{first}");
        assert!(
            (second - 3.0 * (5.0_f64 / 40.0).sqrt()).abs() < 1e-12,
            "{second}"
        );
    }

    #[test]
    fn cross_lags_tell_which_of_quality_and_fights_comes_first() {
        let cohort = panel(&[TOGETHER; 3_000]);
        let mut normal = normals(4);
        // Quality keeps half a year and a half later; fights follow the quality of then and not themselves.
        let mut states: Vec<[f64; 2]> = Vec::new();
        for _ in 0..cohort.couples() {
            let waves = waves().len();
            let first = states.len();
            for wave in 0..waves {
                let before = wave.checked_sub(6).map(|before| states[first + before]);
                let quality = before.map_or(0.0, |[quality, _]| quality);
                states.push([0.5 * quality + normal(), normal() - 0.4 * quality]);
            }
        }
        let [quality, fights] = [0, 1].map(|which: usize| -> Vec<Dyad> {
            states.iter().map(|state| [state[which]; 2]).collect()
        });
        let [to_quality, to_fights] = cross_lags(&sample(&cohort), &quality, &fights);
        let sd = (4.0_f64 / 3.0).sqrt();
        assert!((to_quality[0] - 0.5).abs() < 0.02, "{to_quality:?}");
        assert!(to_quality[1].abs() < 0.02, "{to_quality:?}");
        let expected = -0.4 * sd / (1.0 + 0.16 * sd * sd).sqrt();
        assert!((to_fights[1] - expected).abs() < 0.02, "{to_fights:?}");
        assert!(to_fights[0].abs() < 0.02, "{to_fights:?}");
    }

    #[test]
    fn persons_count_by_their_weights() {
        // A person of weight 3 is as three.
        let (x, y) = ([0.1, 0.4, 0.9, 0.5], [0.2, 0.1, 0.8, 0.9]);
        let weighted = weighted_correlation(&x, &y, &[1.0, 3.0, 1.0, 2.0]);
        let repeat = |v: [f64; 4]| [v[0], v[1], v[1], v[1], v[2], v[3], v[3]];
        let expected = correlation(&repeat(x), &repeat(y));
        assert!((weighted - expected).abs() < 1e-12, "{weighted} {expected}");
    }

    #[test]
    fn times_weigh_as_the_panel_had_persons() {
        // One of two couples has fights; at 19 years, when it has separated, none.
        let cohort = panel(&[18.0, TOGETHER]);
        let fights = scores(&cohort, |couple, _, _| f64::from(u8::from(couple == 0)));
        let answers = sample(&cohort).answers(&fights, &RETEST_TIMES);
        let found = share(&answers, |fights| fights > 0.0);
        let [to_five, to_ten, to_twenty, _] = MARRIED_DURATIONS.map(|group| group.persons);
        let expected = 0.5 * (to_five + to_ten + to_twenty) / 1383.0;
        assert!((found - expected).abs() < 1e-12, "{found} {expected}");
    }

    fn rating(quality: f64, weight: f64, left: f64) -> QualityRating {
        QualityRating {
            quality,
            weight,
            left,
        }
    }

    #[test]
    fn differences_before_a_break_up_are_in_standard_deviations_of_those_who_stay() {
        let never = f64::INFINITY;
        let ratings = [
            rating(0.2, 1.0, 0.3),
            rating(0.4, 1.0, 0.8),
            rating(0.5, 1.0, 1.5),
            rating(0.6, 1.0, never),
            rating(0.8, 3.0, never),
        ];
        // Those who stay have the mean .75 and the variance (.15^2 + 3 * .05^2) / 4.
        let sd = (0.03_f64 / 4.0).sqrt();
        let found = separating_less_staying(&ratings, 0.0..1.0, 2.0);
        assert!((found - (0.3 - 0.75) / sd).abs() < 1e-12, "{found}");
        let found = separating_less_staying(&ratings, 1.0..2.0, 2.0);
        assert!((found - (0.5 - 0.75) / sd).abs() < 1e-12, "{found}");
        assert!(separating_less_staying(&ratings, 3.0..4.0, 2.0).is_nan());
        assert_eq!(separating(&ratings, 0.4..0.6), 0.5);
        assert_eq!(separating(&ratings, 0.6..f64::INFINITY), 0.0);
    }

    #[test]
    fn ratings_weigh_as_the_couples_of_the_panel() {
        let cohort = panel(&[1.2, 3.0, TOGETHER, TOGETHER]);
        let scores = scores(&cohort, |couple, person, _| (2 * couple + person) as f64);
        let durations = [(1.0, 60.0), (2.0, 30.0)].into_iter();
        let ratings = ratings(&sample(&cohort), &scores, durations);
        assert_eq!(ratings.len(), 8 + 6);
        assert_eq!(ratings[0].weight, 15.0);
        assert_eq!(ratings[8].weight, 10.0);
        let left: Vec<f64> = ratings.iter().step_by(2).map(|one| one.left).collect();
        assert!((left[0] - 0.2).abs() < 3e-3 && (left[1] - 2.0).abs() < 3e-3);
        assert_eq!(left[2], f64::INFINITY);
        assert!((left[4] - 1.0).abs() < 3e-3);
    }

    #[test]
    fn categories_have_the_shares_of_the_panel() {
        let ends = vec![TOGETHER; 862];
        let cohort = panel(&ends);
        let scores = scores(&cohort, |couple, person, _| {
            couple as f64 + 0.25 * person as f64
        });
        let panel = QualityPanel {
            cohorts: [&cohort, &cohort],
            scores: [&scores, &scores],
        };
        let [excellent, good, fair] = panel.categories();
        assert_eq!([excellent, good, fair], [445.0, 110.0, 10.0]);
        let share = panel.ratings(UNMARRIED, None);
        let share = share.iter().filter(|one| one.quality >= good).count();
        assert_eq!(share, 7 * 2 * 752);
    }

    /// Persons who fall from some time on, by the years to the break-up or since the start.
    fn falling(by_end: bool) -> (CohortWaves, Vec<Dyad>) {
        let mut normal = normals(3);
        let ends: Vec<f64> = (0..400)
            .map(|n| 6.0 + 10.0 * f64::from(n) / 400.0)
            .collect();
        let cohort = panel(&ends);
        let scores = scores(&cohort, |couple, _, years| {
            let fallen = if by_end {
                (1.2 - (ends[couple] - years)).max(0.0)
            } else {
                (years - 7.0).max(0.0)
            };
            0.8 - 0.3 * fallen + 0.1 * normal()
        });
        (cohort, scores)
    }

    #[test]
    fn the_bend_of_a_decline_is_found_on_its_clock() {
        for by_end in [true, false] {
            let (cohort, scores) = falling(by_end);
            let persons = last_years(&cohort, &scores, 0..400);
            assert_eq!(persons.len(), 800);
            let to_end = best_bend(&persons, |person| &person.to_end, &bends_to_end());
            let since = best_bend(&persons, |one| &one.since_start, &bends_since_start());
            let (right, other, bend) = if by_end {
                (to_end, since, 1.2)
            } else {
                (since, to_end, 7.0)
            };
            assert!((right[0] - bend).abs() < 0.15, "{right:?}");
            assert!(right[1] > other[1] + 0.02, "{right:?} {other:?}");
        }
    }

    #[test]
    fn a_regression_on_two_variables_explains_what_it_should() {
        // y = a + 2 b without error, of centred columns a = -1, 0, 1 and b = 1, -2, 1.
        let (a, b) = ([-1.0, 0.0, 1.0], [1.0, -2.0, 1.0]);
        let y: [f64; 3] = std::array::from_fn(|k| a[k] + 2.0 * b[k]);
        let product = |u: &[f64; 3], v: &[f64; 3]| u.iter().zip(v).map(|(u, v)| u * v).sum();
        let of = |y: &[f64; 3]| {
            let all = [y, &a, &b];
            explained(&all.map(|u| all.map(|v| product(u, v))))
        };
        assert!((of(&y) - 1.0).abs() < 1e-12);
        assert!(of(&[1.0, 1.0, 1.0]).abs() < 1e-12);
        // A second variable that is a multiple of the first adds nothing.
        let double = a.map(|a| -2.0 * a);
        let all = [&[-1.0, 1.0, 0.0], &a, &double];
        let found = explained(&all.map(|u| all.map(|v| product(u, v))));
        assert!((found - 0.25).abs() < 1e-12, "{found}");
    }
}
