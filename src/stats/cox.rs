//! Proportional hazards: what moves the rate at which relationships end.
//!
//! The partial likelihood is that of Cox (1972) with Efron's (1977) allowance for durations that end on
//! the same day, as R's `survival::coxph`.

use super::dyads::Coefficient;
use super::summary::RunningMoments;
use crate::math::functions::{exp, ln};
use crate::math::linalg::{Cholesky, SymmetricMatrix};

const MOST_STEPS: u32 = 50;
const MOST_HALVINGS: u32 = 30;
/// A step so small, in standard deviations of the log-hazard, is the last.
const SMALL: f64 = 1e-9;

/// A fitted model of proportional hazards.
///
/// If no covariate moves the rate, the three test statistics are chi-squared with as many degrees of
/// freedom as covariates.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cox {
    /// Change of the logarithm of the rate by a unit of each covariate; normal in large samples.
    pub(crate) coefficients: Vec<Coefficient>,
    /// Log partial likelihood of the model.
    pub(crate) log_likelihood: f64,
    /// Log partial likelihood of equal rates.
    pub(crate) log_likelihood_null: f64,
    /// The score statistic; with one group as covariate and no ties it is that of the log-rank test.
    pub(crate) score: f64,
    /// The likelihood-ratio statistic.
    pub(crate) likelihood_ratio: f64,
    /// Wald's statistic.
    pub(crate) wald: f64,
    /// Durations with all covariates.
    pub(crate) durations: usize,
    /// Those of them that ended.
    pub(crate) ended: usize,
}

/// Fits rates to durations, each with its last day and whether it ended then, by covariates, each a column
/// of values in the order of the durations.
///
/// Durations that miss a covariate are left out. None where columns have unlike lengths, without
/// covariates or ends, where covariates determine each other, and where the likelihood rises without
/// end because a covariate tells without fail who ends first.
pub(crate) fn cox(durations: &[(u32, bool)], covariates: &[&[f64]]) -> Option<Cox> {
    if covariates.is_empty() || covariates.iter().any(|one| one.len() != durations.len()) {
        return None;
    }
    let sample = CompleteDurations::new(durations, covariates);
    let ended = sample
        .durations
        .iter()
        .filter(|duration| duration.1)
        .count();
    if ended == 0 {
        return None;
    }
    let count = covariates.len();
    let null = sample.derivatives(&vec![0.0; count]);
    let (at, last) = sample.climb(&null)?;
    let inverse = Cholesky::new(&last.information, count)?.inverse();
    let first = Cholesky::new(&null.information, count)?.inverse();
    let coefficient = |k: usize| Coefficient {
        value: at[k] / sample.spreads[k],
        standard_error: inverse.at(k, k).sqrt() / sample.spreads[k],
        dof: f64::INFINITY,
    };
    Some(Cox {
        coefficients: (0..count).map(coefficient).collect(),
        log_likelihood: last.log_likelihood,
        log_likelihood_null: null.log_likelihood,
        score: first.form(&null.score),
        likelihood_ratio: 2.0 * (last.log_likelihood - null.log_likelihood),
        wald: last.information.form(&at),
        durations: sample.durations.len(),
        ended,
    })
}

/// Complete cases in decreasing order of duration, their covariates with mean 0 and SD 1.
struct CompleteDurations {
    durations: Vec<(u32, bool)>,
    values: Vec<Vec<f64>>,
    spreads: Vec<f64>,
}

/// The log partial likelihood with its slope and its curvature.
struct Derivatives {
    log_likelihood: f64,
    score: Vec<f64>,
    information: SymmetricMatrix,
}

/// Sums over durations of the rate, the rate times the covariates, and times their products.
struct RiskSums {
    rate: f64,
    first: Vec<f64>,
    second: SymmetricMatrix,
}

impl RiskSums {
    fn none(count: usize) -> RiskSums {
        RiskSums {
            rate: 0.0,
            first: vec![0.0; count],
            second: SymmetricMatrix::zero(count),
        }
    }

    fn push(&mut self, rate: f64, values: &[f64]) {
        self.rate += rate;
        self.first
            .iter_mut()
            .zip(values)
            .for_each(|(sum, x)| *sum += rate * x);
        self.second.add_square(values, rate);
    }

    fn add(&mut self, other: &RiskSums, weight: f64) {
        self.rate += weight * other.rate;
        let both = self.first.iter_mut().zip(&other.first);
        both.for_each(|(sum, x)| *sum += weight * x);
        self.second.add(&other.second, weight);
    }
}

impl CompleteDurations {
    fn new(durations: &[(u32, bool)], covariates: &[&[f64]]) -> CompleteDurations {
        let whole = |duration: &usize| covariates.iter().all(|one| one[*duration].is_finite());
        let mut order: Vec<usize> = (0..durations.len()).filter(whole).collect();
        order.sort_by_key(|duration| std::cmp::Reverse(durations[*duration].0));
        let (mut columns, mut spreads) = (Vec::new(), Vec::new());
        for covariate in covariates {
            let kept = order.iter().map(|duration| covariate[*duration]);
            let moments: RunningMoments = kept.clone().collect();
            let (mean, sd) = (moments.mean(), moments.sd());
            columns.push(kept.map(|x| (x - mean) / sd).collect::<Vec<f64>>());
            spreads.push(sd);
        }
        let row = |place: usize| columns.iter().map(|column| column[place]).collect();
        CompleteDurations {
            durations: order.iter().map(|duration| durations[*duration]).collect(),
            values: (0..order.len()).map(row).collect(),
            spreads,
        }
    }

    fn derivatives(&self, at: &[f64]) -> Derivatives {
        let count = at.len();
        let mut found = Derivatives {
            log_likelihood: 0.0,
            score: vec![0.0; count],
            information: SymmetricMatrix::zero(count),
        };
        let mut at_risk = RiskSums::none(count);
        let mut begin = 0;
        for day in self.durations.chunk_by(|a, b| a.0 == b.0) {
            let mut ending = RiskSums::none(count);
            let mut ends = 0_usize;
            for place in begin..begin + day.len() {
                let values = &self.values[place];
                let risk: f64 = at.iter().zip(values).map(|(b, x)| b * x).sum();
                let rate = exp(risk);
                at_risk.push(rate, values);
                if self.durations[place].1 {
                    ends += 1;
                    ending.push(rate, values);
                    found.log_likelihood += risk;
                    found
                        .score
                        .iter_mut()
                        .zip(values)
                        .for_each(|(sum, x)| *sum += x);
                }
            }
            begin += day.len();
            for end in 0..ends {
                found.take_end(&at_risk, &ending, end as f64 / ends as f64);
            }
        }
        found
    }

    /// Newton's way from equal rates to the most likely ones.
    fn climb(&self, null: &Derivatives) -> Option<(Vec<f64>, Derivatives)> {
        let count = self.spreads.len();
        let mut at = vec![0.0; count];
        let mut here = Derivatives {
            log_likelihood: null.log_likelihood,
            score: null.score.clone(),
            information: null.information.clone(),
        };
        for _ in 0..MOST_STEPS {
            let step = Cholesky::new(&here.information, count)?
                .inverse()
                .times(&here.score);
            let longest = step.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
            let (there, found) = self.step(&at, &step, here.log_likelihood)?;
            (at, here) = (there, found);
            if longest < SMALL {
                return Some((at, here));
            }
        }
        None
    }

    /// A step that is halved until it does not go down, but for rounding.
    fn step(&self, from: &[f64], step: &[f64], height: f64) -> Option<(Vec<f64>, Derivatives)> {
        let mut share = 1.0;
        for _ in 0..MOST_HALVINGS {
            let moved = from.iter().zip(step).map(|(x, d)| x + share * d);
            let there: Vec<f64> = moved.collect();
            let found = self.derivatives(&there);
            if found.log_likelihood >= height - 1e-9 * height.abs() {
                return Some((there, found));
            }
            share *= 0.5;
        }
        None
    }
}

impl Derivatives {
    /// Takes one of the ends of a day, which sees a share of those who end on it gone.
    fn take_end(&mut self, at_risk: &RiskSums, ending: &RiskSums, gone: f64) {
        let mut left = RiskSums::none(self.score.len());
        left.add(at_risk, 1.0);
        left.add(ending, -gone);
        self.log_likelihood -= ln(left.rate);
        let mean: Vec<f64> = left.first.iter().map(|x| x / left.rate).collect();
        self.score
            .iter_mut()
            .zip(&mean)
            .for_each(|(sum, x)| *sum -= x);
        self.information.add(&left.second, 1.0 / left.rate);
        self.information.add_square(&mean, -1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::interval::CONFIDENCE;
    use crate::stats::test_support::{covered, normals, uniforms};

    /// Durations whose rate rises by e^0.7 a unit of a covariate; a third is censored.
    fn study(number: u64, count: usize) -> (Vec<(u32, bool)>, Vec<f64>) {
        let mut draws = uniforms(number);
        let covariate: Vec<f64> = normals(number + 10_000).take(count).collect();
        let duration = |x: &f64| {
            let mut draw = || draws.next().expect("draws never end");
            let (end, seen) = (-400.0 * ln(draw()) / exp(0.7 * x), 1_500.0 * draw());
            (end.min(seen).ceil() as u32, end <= seen)
        };
        (covariate.iter().map(duration).collect(), covariate)
    }

    #[test]
    fn the_interval_covers_the_effect_as_often_as_it_says() {
        let rate = covered(0.7, |number| {
            let (durations, x) = study(number, 60);
            let found = cox(&durations, &[&x]).expect("a model");
            found.coefficients[0].interval(CONFIDENCE)
        });
        assert!((0.93..=0.97).contains(&rate), "{rate}");
    }

    #[test]
    fn units_and_order_have_no_meaning() {
        let (durations, x) = study(5, 70);
        let found = cox(&durations, &[&x]).expect("a model");
        let scaled: Vec<f64> = x.iter().rev().map(|x| 1_000.0 + 0.01 * x).collect();
        let turned: Vec<(u32, bool)> = durations.iter().rev().copied().collect();
        let other = cox(&turned, &[&scaled]).expect("a model");
        assert!((found.coefficients[0].value - 0.01 * other.coefficients[0].value).abs() < 1e-8);
        assert!((found.log_likelihood - other.log_likelihood).abs() < 1e-9);
        assert_eq!(
            (found.durations, found.ended),
            (other.durations, other.ended)
        );
    }

    #[test]
    fn what_cannot_be_estimated_is_none() {
        let (durations, x) = study(6, 30);
        assert_eq!(cox(&durations, &[]), None);
        assert_eq!(cox(&durations, &[&x[1..]]), None);
        assert_eq!(cox(&durations, &[&x, &x]), None);
        assert_eq!(cox(&durations, &[&[1.0; 30]]), None);
        let seen: Vec<(u32, bool)> = durations
            .iter()
            .map(|duration| (duration.0, false))
            .collect();
        assert_eq!(cox(&seen, &[&x]), None);
        // All of one group end before any of the other.
        let split: Vec<(u32, bool)> = (0..30).map(|day| (day, true)).collect();
        let early: Vec<f64> = (0..30).map(|day| f64::from(u8::from(day < 15))).collect();
        assert_eq!(cox(&split, &[&early]), None);
        let mut gaps = x.clone();
        gaps[3] = f64::NAN;
        assert_eq!(cox(&durations, &[&gaps]).expect("a model").durations, 29);
    }
}
