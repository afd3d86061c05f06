//! The intraclass correlation by analysis of variance: how much of a variable lies between groups.
//!
//! Groups are dyads of persons, or persons of days. With groups of one size it is that of restricted
//! likelihood wherever the latter may be negative.

use super::variable::Dyad;
use crate::math::beta::beta_log_odds_quantile;
use crate::math::functions::exp;
use crate::stats::interval::{Interval, upper_tail};

/// An intraclass correlation, ICC(1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Intraclass {
    /// The estimate, at most 1; negative where groups differ by less than chance.
    pub(crate) value: f64,
    /// Its standard error in large samples (Swiger et al. 1964).
    pub(crate) standard_error: f64,
    /// Groups with a value.
    pub(crate) groups: usize,
    /// Values.
    pub(crate) rows: usize,
    /// What stands for the size of a group, which is their size where they have one.
    pub(crate) group_size: f64,
    ratio: f64,
}

impl Intraclass {
    /// The interval of Fisher's F: exact for normal values in groups of one size, near otherwise.
    pub(crate) fn interval(&self, confidence: f64) -> Interval {
        let tail = upper_tail(confidence);
        let between = self.groups as f64 - 1.0;
        let within = (self.rows - self.groups) as f64;
        let end = |ratio: f64| (ratio - 1.0) / (ratio + self.group_size - 1.0);
        Interval {
            low: end(self.ratio / f_quantile(tail, between, within)),
            high: end(self.ratio * f_quantile(tail, within, between)),
        }
    }
}

/// The quantile of Fisher's F distribution.
fn f_quantile(p: f64, above: f64, below: f64) -> f64 {
    // The mirror image keeps the digits of large quantiles.
    below / above * exp(-beta_log_odds_quantile(1.0 - p, 0.5 * below, 0.5 * above))
}

/// The intraclass correlation of groups of values; missing values are left out.
///
/// All is NaN of fewer than two groups, of no group with two values, and of values that do not vary.
pub(crate) fn intraclass<'a>(groups: impl Iterator<Item = &'a [f64]>) -> Intraclass {
    let groups: Vec<Vec<f64>> = groups
        .map(|group| group.iter().copied().filter(|x| x.is_finite()).collect())
        .filter(|group: &Vec<f64>| !group.is_empty())
        .collect();
    let count = groups.len() as f64;
    let rows: usize = groups.iter().map(Vec::len).sum();
    let n = rows as f64;
    let grand = groups.iter().flatten().sum::<f64>() / n;
    let (mut between, mut within, mut size_squares) = (0.0, 0.0, 0.0);
    for group in &groups {
        let size = group.len() as f64;
        let mean = group.iter().sum::<f64>() / size;
        between += size * (mean - grand) * (mean - grand);
        within += group.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
        size_squares += size * size;
    }
    let between = between / (count - 1.0);
    let within = within / (n - count);
    let group_size = (n - size_squares / n) / (count - 1.0);
    let all = between + (group_size - 1.0) * within;
    let defined = groups.len() > 1 && rows > groups.len() && all > 0.0;
    let value = if defined {
        (between - within) / all
    } else {
        f64::NAN
    };
    let spread = (1.0 - value) * (1.0 + (group_size - 1.0) * value);
    let share = 2.0 * (n - 1.0) / (group_size * group_size * (n - count) * (count - 1.0));
    Intraclass {
        value,
        standard_error: spread * share.sqrt(),
        groups: groups.len(),
        rows,
        group_size,
        ratio: if defined { between / within } else { f64::NAN },
    }
}

/// The intraclass correlation of partners, over the pairs of which neither value is missing.
///
/// That of restricted likelihood, to which persons without a partner tell their part, is the
/// correlation that a [`regression`](super::regression) without predictors leaves.
pub(crate) fn partner_intraclass(variable: &[Dyad]) -> Intraclass {
    let whole = |pair: &&Dyad| pair[0].is_finite() && pair[1].is_finite();
    intraclass(variable.iter().filter(whole).map(Dyad::as_slice))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::interval::CONFIDENCE;
    use crate::stats::test_support::{covered, normals};

    #[test]
    fn the_interval_covers_the_correlation_as_often_as_it_says() {
        for (shared, size) in [(1.0_f64, 2), (0.5, 5)] {
            let truth = shared * shared / (shared * shared + 1.0);
            let rate = covered(truth, |study| {
                let mut draws = normals(study);
                let mut draw = || draws.next().expect("draws never end");
                let mut group = || -> Vec<f64> {
                    let common = shared * draw();
                    (0..size).map(|_| common + draw()).collect()
                };
                let groups: Vec<Vec<f64>> = (0..40).map(|_| group()).collect();
                intraclass(groups.iter().map(Vec::as_slice)).interval(CONFIDENCE)
            });
            assert!((0.93..=0.97).contains(&rate), "{shared}: {rate}");
        }
    }

    #[test]
    fn partners_may_be_more_unlike_than_strangers() {
        let found = partner_intraclass(&[[1.0, 9.0], [8.0, 2.0], [3.0, 7.0], [f64::NAN, 100.0]]);
        assert!(found.value < -0.9 && found.value >= -1.0, "{found:?}");
        assert_eq!((found.groups, found.rows, found.group_size), (3, 6, 2.0));
    }

    #[test]
    fn without_groups_or_spread_nothing_is_defined() {
        let none: [&[f64]; 0] = [];
        for groups in [
            &none[..],
            &[&[1.0, 2.0]],
            &[&[1.0], &[2.0]],
            &[&[1.0, 1.0], &[1.0, 1.0]],
        ] {
            let found = intraclass(groups.iter().copied());
            assert!(
                found.value.is_nan() && found.interval(0.95).low.is_nan(),
                "{found:?}"
            );
        }
    }
}
