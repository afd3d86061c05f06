//! Correlations of persons who are not independent of each other.
//!
//! The product-moment correlation is taken over rows of persons, or of persons' days, with both partners
//! entered in turn. Its standard error comes from the sum, over couples, of what each couple moves
//! it by, so that it holds however persons of a couple depend on each other.
//!
//! The intraclass correlation, by analysis of variance, is the share of a variable's variance that lies
//! between groups: dyads of persons, or persons of days. With groups of one size it is that of restricted
//! likelihood wherever the latter may be negative.

use super::Dyad;
use crate::math::beta::beta_log_odds_quantile;
use crate::math::functions::{exp, ln, logistic};
use crate::stats::interval::{Interval, normal_reach, upper_tail};

/// A correlation with a standard error that respects couples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct DyadicCorrelation {
    /// The estimate (−1 to 1); NaN where a variable does not vary.
    pub(crate) value: f64,
    /// Its standard error; NaN of fewer than two couples.
    pub(crate) standard_error: f64,
    /// Rows with both values: persons, or persons' days, each entered once for each direction.
    pub(crate) rows: usize,
    /// Couples that the rows belong to.
    pub(crate) couples: usize,
}

impl DyadicCorrelation {
    /// The interval on Fisher's scale; undefined where the standard error is.
    pub(crate) fn interval(&self, confidence: f64) -> Interval {
        fisher_interval(self.value, self.standard_error, confidence)
    }
}

/// The normal interval of a correlation on Fisher's scale; undefined where its error is.
pub(crate) fn fisher_interval(value: f64, standard_error: f64, confidence: f64) -> Interval {
    let half = normal_reach(confidence) * standard_error / (1.0 - value * value);
    let centre = fisher_score(value);
    if !(half.is_finite() && centre.is_finite()) {
        return Interval::UNDEFINED;
    }
    Interval {
        low: from_fisher_score(centre - half),
        high: from_fisher_score(centre + half),
    }
}

/// The place of a correlation on Fisher's scale, which is all of the real line.
pub(crate) fn fisher_score(correlation: f64) -> f64 {
    0.5 * ln((1.0 + correlation) / (1.0 - correlation))
}

/// The correlation at a place on Fisher's scale.
pub(crate) fn from_fisher_score(score: f64) -> f64 {
    2.0 * logistic(2.0 * score) - 1.0
}

/// Rows of two values, each with the number of its couple; those of a couple stand together.
#[derive(Default)]
pub(crate) struct CorrelationRows {
    rows: Vec<(usize, f64, f64)>,
}

impl CorrelationRows {
    /// Takes a row unless a value is missing.
    pub(crate) fn push(&mut self, couple: usize, x: f64, y: f64) {
        if x.is_finite() && y.is_finite() {
            self.rows.push((couple, x, y));
        }
    }

    /// The correlation over the rows.
    pub(crate) fn correlation(&self) -> DyadicCorrelation {
        let count = self.rows.len() as f64;
        let mean = |value: &dyn Fn(&(usize, f64, f64)) -> f64| {
            self.rows.iter().map(value).sum::<f64>() / count
        };
        let (x_mean, y_mean) = (mean(&|row| row.1), mean(&|row| row.2));
        let x_square = mean(&|row| (row.1 - x_mean) * (row.1 - x_mean));
        let y_square = mean(&|row| (row.2 - y_mean) * (row.2 - y_mean));
        let product = mean(&|row| (row.1 - x_mean) * (row.2 - y_mean));
        let (x_sd, y_sd) = (x_square.sqrt(), y_square.sqrt());
        let varies = x_sd > 0.0 && y_sd > 0.0;
        let value = if varies {
            (product / (x_sd * y_sd)).clamp(-1.0, 1.0)
        } else {
            f64::NAN
        };
        let (mut couples, mut squares) = (0_usize, 0.0);
        for couple in self.rows.chunk_by(|a, b| a.0 == b.0) {
            let mut moved = 0.0;
            for (_, x, y) in couple {
                let (u, v) = ((x - x_mean) / x_sd, (y - y_mean) / y_sd);
                moved += u * v - 0.5 * value * (u * u + v * v);
            }
            squares += moved * moved;
            couples += 1;
        }
        let groups = couples as f64;
        let variance = squares * groups / (groups - 1.0) / (count * count);
        DyadicCorrelation {
            value,
            standard_error: if couples > 1 {
                variance.sqrt()
            } else {
                f64::NAN
            },
            rows: self.rows.len(),
            couples,
        }
    }
}

/// Correlates two variables of the same person, over the dyads that both variables have.
pub(crate) fn own_correlation(x: &[Dyad], y: &[Dyad]) -> DyadicCorrelation {
    let mut rows = CorrelationRows::default();
    for (couple, (x, y)) in x.iter().zip(y).enumerate() {
        rows.push(couple, x[0], y[0]);
        rows.push(couple, x[1], y[1]);
    }
    rows.correlation()
}

/// Correlates a variable of a person with another of the partner, either partner in turn, over the
/// dyads that both variables have.
pub(crate) fn cross_correlation(x: &[Dyad], y: &[Dyad]) -> DyadicCorrelation {
    let mut rows = CorrelationRows::default();
    for (couple, (x, y)) in x.iter().zip(y).enumerate() {
        rows.push(couple, x[0], y[1]);
        rows.push(couple, x[1], y[0]);
    }
    rows.correlation()
}

/// Correlates a variable of a person with the same of the partner: the pairwise, or double-entry,
/// intraclass correlation.
pub(crate) fn partner_correlation(x: &[Dyad]) -> DyadicCorrelation {
    cross_correlation(x, x)
}

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

    /// Two variables of which a part is shared by person, a part by couple.
    fn study(number: u64, couples: usize) -> (Vec<Dyad>, Vec<Dyad>) {
        let mut draws = normals(number);
        let mut draw = || draws.next().expect("draws never end");
        let mut variables = (Vec::new(), Vec::new());
        for _ in 0..couples {
            let couple = draw();
            let persons = [draw(), draw()];
            variables
                .0
                .push([couple + persons[0] + draw(), couple + persons[1] + draw()]);
            variables
                .1
                .push([couple + persons[0] + draw(), couple + persons[1] + draw()]);
        }
        variables
    }

    #[test]
    fn intervals_cover_the_correlation_as_often_as_they_say() {
        // Of three parts of equal size a partner shares one, and a person's variables two.
        let rates = [
            covered(2.0 / 3.0, |number| {
                let (x, y) = study(number, 80);
                own_correlation(&x, &y).interval(CONFIDENCE)
            }),
            covered(1.0 / 3.0, |number| {
                let (x, y) = study(number, 80);
                cross_correlation(&x, &y).interval(CONFIDENCE)
            }),
            covered(1.0 / 3.0, |number| {
                partner_correlation(&study(number, 80).0).interval(CONFIDENCE)
            }),
        ];
        assert!(
            rates.iter().all(|rate| (0.92..=0.97).contains(rate)),
            "{rates:?}"
        );
    }

    #[test]
    fn partners_who_are_alike_count_as_one() {
        let (x, y) = study(1, 500);
        let twice =
            |variable: &[Dyad]| -> Vec<Dyad> { variable.iter().map(|p| [p[0]; 2]).collect() };
        let (x, y) = (twice(&x), twice(&y));
        let (own, cross) = (own_correlation(&x, &y), cross_correlation(&x, &y));
        assert!((partner_correlation(&x).value - 1.0).abs() < 1e-12);
        assert_eq!(own.value, cross.value);
        let r = own.value;
        // The standard error of a normal correlation over 500 persons.
        let normal = (1.0 - r * r) / 500.0_f64.sqrt();
        assert!((own.standard_error / normal - 1.0).abs() < 0.15, "{own:?}");
    }

    #[test]
    fn the_order_of_partners_has_no_meaning() {
        let (x, y) = study(2, 30);
        let turned = |variable: &[Dyad]| -> Vec<Dyad> {
            let turn = |(couple, pair): (usize, &Dyad)| match couple % 2 {
                0 => [pair[1], pair[0]],
                _ => *pair,
            };
            variable.iter().enumerate().map(turn).collect()
        };
        let (x2, y2) = (turned(&x), turned(&y));
        let near = |a: f64, b: f64| (a - b).abs() < 1e-14;
        assert!(near(
            own_correlation(&x, &y).value,
            own_correlation(&x2, &y2).value
        ));
        assert!(near(
            cross_correlation(&x, &y).standard_error,
            cross_correlation(&x2, &y2).standard_error
        ));
        assert!(near(
            partner_correlation(&x).value,
            partner_correlation(&x2).value
        ));
    }

    #[test]
    fn without_variance_or_couples_nothing_is_defined() {
        let flat = partner_correlation(&[[1.0, 1.0], [1.0, 1.0]]);
        assert!(flat.value.is_nan() && flat.interval(0.95).low.is_nan());
        let one = own_correlation(&[[1.0, 2.0]], &[[3.0, 5.0]]);
        assert!((one.value - 1.0).abs() < 1e-12 && one.standard_error.is_nan());
        assert!(one.interval(0.95).low.is_nan());
        let none = partner_correlation(&[[1.0, f64::NAN], [f64::NAN, 2.0]]);
        assert_eq!((none.rows, none.couples), (0, 0));
        assert!(none.value.is_nan());
    }

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
