//! Correlations of persons who are not independent of each other.
//!
//! The estimate is the usual one over rows of persons, or of persons' days, with both partners
//! entered in turn. Its standard error comes from the sum, over couples, of what each couple moves
//! it by, so that it holds however persons of a couple depend on each other.

use super::variable::Pair;
use crate::math::functions::{ln, logistic};
use crate::stats::interval::{Interval, normal_reach};

/// A correlation with a standard error that respects couples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Correlation {
    /// The estimate (−1 to 1); NaN where a variable does not vary.
    pub value: f64,
    /// Its standard error; NaN of fewer than two couples.
    pub standard_error: f64,
    /// Rows with both values: persons, or persons' days, each entered once for each direction.
    pub rows: usize,
    /// Couples that the rows belong to.
    pub couples: usize,
}

impl Correlation {
    /// The interval on Fisher's scale; undefined where the standard error is.
    pub fn interval(&self, confidence: f64) -> Interval {
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
    pub(crate) fn correlation(&self) -> Correlation {
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
        Correlation {
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
pub fn own_correlation(x: &[Pair], y: &[Pair]) -> Correlation {
    let mut rows = CorrelationRows::default();
    for (couple, (x, y)) in x.iter().zip(y).enumerate() {
        rows.push(couple, x[0], y[0]);
        rows.push(couple, x[1], y[1]);
    }
    rows.correlation()
}

/// Correlates a variable of a person with another of the partner, either partner in turn, over the
/// dyads that both variables have.
pub fn cross_correlation(x: &[Pair], y: &[Pair]) -> Correlation {
    let mut rows = CorrelationRows::default();
    for (couple, (x, y)) in x.iter().zip(y).enumerate() {
        rows.push(couple, x[0], y[1]);
        rows.push(couple, x[1], y[0]);
    }
    rows.correlation()
}

/// Correlates a variable of a person with the same of the partner: the pairwise, or double-entry,
/// intraclass correlation.
pub fn partner_correlation(x: &[Pair]) -> Correlation {
    cross_correlation(x, x)
}

/// The four correlations of two variables in dyads, and tests of them (Griffin & Gonzalez 1995).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairwiseCorrelations {
    /// Of the first variable between partners.
    pub first_partner: Correlation,
    /// Of the second variable between partners.
    pub second_partner: Correlation,
    /// Of the two variables of the same person.
    pub own: Correlation,
    /// Of one variable of a person and the other of the partner.
    pub cross: Correlation,
    /// The number of independent persons that would know as much of the own correlation.
    pub own_effective: f64,
    /// The number of independent persons that would know as much of the cross correlation.
    pub cross_effective: f64,
}

impl PairwiseCorrelations {
    /// The own correlation in units of its standard error if it were 0 in normal variables.
    pub fn own_statistic(&self) -> f64 {
        self.own.value * self.own_effective.sqrt()
    }

    /// The cross correlation in units of its standard error if it were 0 in normal variables.
    pub fn cross_statistic(&self) -> f64 {
        self.cross.value * self.cross_effective.sqrt()
    }
}

/// Correlates two variables in dyads in all four ways, over the dyads of which nothing is missing.
pub fn pairwise_correlations(x: &[Pair], y: &[Pair]) -> PairwiseCorrelations {
    let known = |pair: &Pair| pair[0].is_finite() && pair[1].is_finite();
    let whole = x.iter().zip(y).filter(|(x, y)| known(x) && known(y));
    let (x, y): (Vec<Pair>, Vec<Pair>) = whole.map(|(x, y)| (*x, *y)).unzip();
    let (first, second) = (partner_correlation(&x), partner_correlation(&y));
    let (own, cross) = (own_correlation(&x, &y), cross_correlation(&x, &y));
    let alike = 1.0 + first.value * second.value;
    let effective = |other: f64| 2.0 * x.len() as f64 / (alike + other * other);
    PairwiseCorrelations {
        first_partner: first,
        second_partner: second,
        own,
        cross,
        own_effective: effective(cross.value),
        cross_effective: effective(own.value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::interval::CONFIDENCE;
    use crate::stats::test_support::{covered, normals};

    /// Two variables of which a part is shared by person, a part by couple.
    fn study(number: u64, couples: usize) -> (Vec<Pair>, Vec<Pair>) {
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
            |variable: &[Pair]| -> Vec<Pair> { variable.iter().map(|p| [p[0]; 2]).collect() };
        let (x, y) = (twice(&x), twice(&y));
        let found = pairwise_correlations(&x, &y);
        assert!((found.first_partner.value - 1.0).abs() < 1e-12);
        assert_eq!(found.own.value, found.cross.value);
        let r = found.own.value;
        assert!((found.own_effective - 1_000.0 / (2.0 + r * r)).abs() < 1e-9);
        // A normal correlation over 500 persons.
        let usual = (1.0 - r * r) / 500.0_f64.sqrt();
        assert!(
            (found.own.standard_error / usual - 1.0).abs() < 0.15,
            "{found:?}"
        );
    }

    #[test]
    fn the_order_of_partners_has_no_meaning() {
        let (x, y) = study(2, 30);
        let turned = |variable: &[Pair]| -> Vec<Pair> {
            let turn = |(couple, pair): (usize, &Pair)| match couple % 2 {
                0 => [pair[1], pair[0]],
                _ => *pair,
            };
            variable.iter().enumerate().map(turn).collect()
        };
        let (found, other) = (
            pairwise_correlations(&x, &y),
            pairwise_correlations(&turned(&x), &turned(&y)),
        );
        assert!((found.own.value - other.own.value).abs() < 1e-14);
        assert!((found.cross.standard_error - other.cross.standard_error).abs() < 1e-14);
        assert!((found.first_partner.value - other.first_partner.value).abs() < 1e-14);
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
}
