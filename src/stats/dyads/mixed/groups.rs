//! Rows by person and couple, and their cross products under given ratios.
//!
//! With W = R + a² 11′ for a person's days, whose residuals are correlated by R, cross products
//! weighted by W⁻¹ are those of distances from the person's weighted mean, and the mean's own with
//! the weight m / (1 + a² m), m = 1′R⁻¹1. Persons' means within a couple are treated likewise.

use super::{Days, Levels, MixedModel};
use crate::math::functions::ln;
use crate::math::linalg::SymmetricMatrix;
use crate::stats::dyads::likelihood::Products;
use crate::stats::dyads::rows::Rows;
use std::ops::Range;

/// Standard deviations of intercepts over that of residuals, and the correlation of days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ratios {
    pub(crate) person: f64,
    pub(crate) couple: f64,
    pub(crate) phi: f64,
}

/// Complete rows in the order of couple, person and day.
pub(crate) struct Grouped {
    rows: Rows,
    days: Vec<u32>,
    /// The rows of each person.
    persons: Vec<Range<usize>>,
    /// The persons of each couple.
    couples: Vec<Range<usize>>,
    are_independent: bool,
    /// What holds whatever the ratios, where days are independent.
    independent: Option<Means>,
}

/// Persons' weighted means, and the products of distances from them.
struct Means {
    within: SymmetricMatrix,
    log_determinant: f64,
    /// For each person the mean and its weight.
    means: Vec<(Vec<f64>, f64)>,
}

impl Grouped {
    /// Sorts the complete rows; none where columns have unlike lengths.
    pub(crate) fn new(model: &MixedModel) -> Option<Grouped> {
        let count = model.places.len();
        let fits = |column: &[f64]| column.len() == count;
        if !fits(model.output) || !model.predictors.iter().all(|column| fits(column)) {
            return None;
        }
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|row| model.places[*row]);
        let mut rows = Rows::with_predictors(model.predictors.len());
        let mut kept = Vec::new();
        for row in order {
            let predictors = model.predictors.iter().map(|column| column[row]);
            if rows.push(predictors, model.output[row]) {
                kept.push(model.places[row]);
            }
        }
        if kept.is_empty() {
            return None;
        }
        rows.centre();
        let persons = ranges(kept.chunk_by(|a, b| (a.couple, a.person) == (b.couple, b.person)));
        let firsts: Vec<usize> = persons
            .iter()
            .map(|person| kept[person.start].couple)
            .collect();
        let mut grouped = Grouped {
            rows,
            days: kept.iter().map(|place| place.day).collect(),
            persons,
            couples: ranges(firsts.chunk_by(|a, b| a == b)),
            are_independent: model.days == Days::Independent,
            independent: None,
        };
        if grouped.are_independent {
            grouped.independent = Some(grouped.means(0.0)?);
        }
        Some(grouped)
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn persons(&self) -> usize {
        self.persons.len()
    }

    pub(crate) fn couples(&self) -> usize {
        self.couples.len()
    }

    pub(crate) fn columns(&self) -> usize {
        self.rows.columns()
    }

    pub(crate) fn centres(&self) -> &[f64] {
        self.rows.centres()
    }

    /// The values of a column by person, or by couple.
    pub(crate) fn by_group(&self, column: usize, levels: Levels) -> Vec<Vec<f64>> {
        let groups: Vec<Range<usize>> = match levels {
            Levels::Persons => self.persons.clone(),
            Levels::PersonsInCouples => {
                let rows = |couple: &Range<usize>| {
                    self.persons[couple.start].start..self.persons[couple.end - 1].end
                };
                self.couples.iter().map(rows).collect()
            }
        };
        let values = |rows: Range<usize>| rows.map(|row| self.rows.row(row)[column]).collect();
        groups.into_iter().map(values).collect()
    }

    /// Cross products weighted by the inverse of W; none where W is not positive.
    pub(crate) fn products(&self, ratios: Ratios) -> Option<Products> {
        let made;
        let means = match &self.independent {
            Some(means) => means,
            None => {
                made = self.means(ratios.phi)?;
                &made
            }
        };
        let mut products = Products {
            matrix: means.within.clone(),
            log_determinant: means.log_determinant,
            rows: self.rows.len(),
        };
        let (person, couple) = (ratios.person * ratios.person, ratios.couple * ratios.couple);
        for persons in &self.couples {
            let mut both = WeightedMean::none(self.columns() + 1);
            for (mean, weight) in &means.means[persons.clone()] {
                let shrunk = 1.0 + person * weight;
                products.log_determinant += ln(shrunk);
                both.push(mean, weight / shrunk);
            }
            let shrunk = 1.0 + couple * both.weight;
            products.log_determinant += ln(shrunk);
            for (mean, weight) in &means.means[persons.clone()] {
                let apart: Vec<f64> = mean.iter().zip(&both.mean).map(|(x, m)| x - m).collect();
                products
                    .matrix
                    .add_square(&apart, weight / (1.0 + person * weight));
            }
            products.matrix.add_square(&both.mean, both.weight / shrunk);
        }
        Some(products)
    }

    /// Persons' means where the correlation of neighbouring days is φ.
    fn means(&self, phi: f64) -> Option<Means> {
        let width = self.columns() + 1;
        let mut found = Means {
            within: SymmetricMatrix::zero(width),
            log_determinant: 0.0,
            means: Vec::with_capacity(self.persons.len()),
        };
        for person in &self.persons {
            let steps = self.steps(person, phi)?;
            let mut mean = WeightedMean::none(width);
            for step in &steps {
                found.log_determinant += ln(step.variance);
                // The weight may be 0, where a day says nothing of the level.
                let one = step.of(1.0, 1.0);
                mean.weight += one * one;
                for column in 0..width {
                    mean.mean[column] +=
                        one * step.of(self.at(step.row, column), self.before(step, column));
                }
            }
            mean.mean.iter_mut().for_each(|sum| *sum /= mean.weight);
            let mut apart = vec![0.0; width];
            for step in &steps {
                for (column, x) in apart.iter_mut().enumerate() {
                    let centre = mean.mean[column];
                    let (now, before) = (self.at(step.row, column), self.before(step, column));
                    *x = step.of(now - centre, before - centre);
                }
                found.within.add_square(&apart, 1.0);
            }
            found.means.push((mean.mean, mean.weight));
        }
        Some(found)
    }

    fn at(&self, row: usize, column: usize) -> f64 {
        self.rows.row(row)[column]
    }

    /// The value of the row before, which the first of a person's steps does not look at.
    fn before(&self, step: &Step, column: usize) -> f64 {
        self.at(step.row.saturating_sub(1), column)
    }

    /// What turns a person's days into independent ones; none where φ or a gap of 0 days leaves no
    /// variance.
    fn steps(&self, person: &Range<usize>, phi: f64) -> Option<Vec<Step>> {
        let mut steps = Vec::with_capacity(person.len());
        for row in person.clone() {
            let recalled = if row == person.start || self.are_independent {
                0.0
            } else {
                whole_power(phi, self.days[row] - self.days[row - 1])
            };
            let variance = 1.0 - recalled * recalled;
            if variance.is_nan() || variance <= 1e-12 {
                return None;
            }
            steps.push(Step {
                row,
                recalled,
                variance,
            });
        }
        Some(steps)
    }
}

/// A day, less what the day before tells of it, in units of what is left.
struct Step {
    row: usize,
    recalled: f64,
    variance: f64,
}

impl Step {
    fn of(&self, now: f64, before: f64) -> f64 {
        (now - self.recalled * before) / self.variance.sqrt()
    }
}

/// A mean that grows by weighted values.
struct WeightedMean {
    mean: Vec<f64>,
    weight: f64,
}

impl WeightedMean {
    fn none(width: usize) -> WeightedMean {
        WeightedMean {
            mean: vec![0.0; width],
            weight: 0.0,
        }
    }

    fn push(&mut self, value: &[f64], weight: f64) {
        self.weight += weight;
        let share = weight / self.weight;
        for (mean, x) in self.mean.iter_mut().zip(value) {
            *mean += share * (x - *mean);
        }
    }
}

/// x to a whole power, by squaring.
fn whole_power(mut x: f64, mut power: u32) -> f64 {
    let mut product = 1.0;
    while power > 0 {
        if power % 2 == 1 {
            product *= x;
        }
        x *= x;
        power /= 2;
    }
    product
}

/// The ranges of neighbouring parts.
fn ranges<'a, T: 'a>(parts: impl Iterator<Item = &'a [T]>) -> Vec<Range<usize>> {
    let mut start = 0;
    let next = |part: &[T]| {
        let range = start..start + part.len();
        start = range.end;
        range
    };
    parts.map(next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_powers_are_products() {
        assert_eq!(whole_power(0.5, 0), 1.0);
        assert_eq!(whole_power(-0.5, 3), -0.125);
        assert_eq!(whole_power(3.0, 10), 59_049.0);
    }

    #[test]
    fn neighbours_have_neighbouring_ranges() {
        let found = ranges([1, 1, 2, 3, 3, 3].chunk_by(|a, b| a == b));
        assert_eq!(found, [0..2, 2..3, 3..6]);
    }
}
