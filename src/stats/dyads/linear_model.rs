//! Linear models: complete rows, the profile likelihood, its maximum, and coefficients.
//!
//! Residuals have the covariance σ²W, and W depends on up to three numbers that [`maximise`]
//! searches. Given W, coefficients and σ² follow in closed form from cross products weighted by
//! W⁻¹ (Pinheiro & Bates 2000, sections 2.2 and 5.2). Likelihoods are those of R's `nlme`.
//!
//! The search is the simplex of Nelder & Mead (1965), started at the best of given points and again where
//! it ended, until a restart gains nothing. It needs no derivatives and no random numbers; a likelihood
//! is minus infinity where it is not defined.

use crate::math::functions::ln;
use crate::math::linalg::{Cholesky, SymmetricMatrix};
use crate::stats::interval::{Interval, student_cdf, student_quantile, upper_tail};

/// An intercept, predictors and the output of each row that misses none of them.
///
/// Predictors and output are centred at their means over the rows, which keeps the digits of their
/// cross products; [`CompleteRows::centres`] says where.
pub(crate) struct CompleteRows {
    width: usize,
    values: Vec<f64>,
    centres: Vec<f64>,
}

impl CompleteRows {
    /// Rows of an intercept, `count` predictors, and an output; none yet.
    pub(crate) fn with_predictors(count: usize) -> CompleteRows {
        CompleteRows {
            width: count + 2,
            values: Vec::new(),
            centres: Vec::new(),
        }
    }

    /// Takes a row, and says whether it was complete; others are left out.
    pub(crate) fn push(&mut self, predictors: impl Iterator<Item = f64>, output: f64) -> bool {
        let before = self.values.len();
        self.values.push(1.0);
        self.values.extend(predictors);
        self.values.push(output);
        let complete = self.values.len() == before + self.width
            && self.values[before..].iter().all(|x| x.is_finite());
        if !complete {
            self.values.truncate(before);
        }
        complete
    }

    /// Number of complete rows.
    pub(crate) fn len(&self) -> usize {
        self.values.len() / self.width
    }

    /// Intercept and predictors.
    pub(crate) fn columns(&self) -> usize {
        self.width - 1
    }

    /// One row: the intercept, the predictors, and the output last.
    pub(crate) fn row(&self, number: usize) -> &[f64] {
        &self.values[number * self.width..(number + 1) * self.width]
    }

    /// The centres of columns and output: 0 of the intercept.
    pub(crate) fn centres(&self) -> &[f64] {
        &self.centres
    }

    /// Centres predictors and output.
    pub(crate) fn centre(&mut self) {
        let (rows, width) = (self.len(), self.width);
        self.centres = vec![0.0; width];
        for column in 1..width {
            let values = self.values.iter().skip(column).step_by(width);
            let mean = values.sum::<f64>() / rows as f64;
            for value in self.values.iter_mut().skip(column).step_by(width) {
                *value -= mean;
            }
            self.centres[column] = mean;
        }
    }

    /// Sum of squares of the centred output.
    pub(crate) fn output_squares(&self) -> f64 {
        let outputs = self.values.iter().skip(self.width - 1).step_by(self.width);
        outputs.map(|y| y * y).sum()
    }
}

const LN_TAU: f64 = 1.837_877_066_409_345_5;
/// Share of the output's square below which residuals are rounding.
const EXACT: f64 = 1e-13;

/// Which likelihood is at its most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// That of the residuals' contrasts, which allows for the coefficients being estimated (REML).
    Restricted,
    /// That of the output (ML).
    Full,
}

/// Cross products of columns and output, weighted by the inverse of W.
#[derive(Clone, Debug)]
pub(crate) struct Products {
    /// Columns first, the output last.
    pub(crate) matrix: SymmetricMatrix,
    /// The logarithm of the determinant of W.
    pub(crate) log_determinant: f64,
    /// Rows that the products are summed over.
    pub(crate) rows: usize,
}

impl Products {
    /// Products of no rows, of `columns` columns and an output.
    pub(crate) fn none(columns: usize) -> Products {
        Products {
            matrix: SymmetricMatrix::zero(columns + 1),
            log_determinant: 0.0,
            rows: 0,
        }
    }

    fn columns(&self) -> usize {
        self.matrix.size() - 1
    }

    /// The profile log-likelihood; minus infinity where it is not defined.
    pub(crate) fn log_likelihood(&self, method: Method) -> f64 {
        match self.solved(method) {
            Some(solved) => solved.log_likelihood,
            None => f64::NEG_INFINITY,
        }
    }

    fn solved(&self, method: Method) -> Option<Solved> {
        let columns = self.columns();
        if self.rows <= columns {
            return None;
        }
        let factor = Cholesky::new(&self.matrix, columns)?;
        let residual = factor.left(columns, columns);
        let varies = residual > EXACT * self.matrix.at(columns, columns);
        if !(varies && residual.is_finite()) {
            return None;
        }
        let (dof, counted) = match method {
            Method::Restricted => (self.rows - columns, factor.log_determinant()),
            Method::Full => (self.rows, 0.0),
        };
        let dof = dof as f64;
        let variance = residual / dof;
        let log_likelihood =
            -0.5 * (dof * (LN_TAU + 1.0 + ln(variance)) + self.log_determinant + counted);
        Some(Solved {
            factor,
            variance,
            log_likelihood,
        })
    }

    /// Coefficients and their covariance, of columns and output as they are.
    ///
    /// None where columns determine each other, where there are no more rows than columns, or where
    /// nothing is left to explain.
    pub(crate) fn fit(&self, method: Method, centres: &[f64]) -> Option<LinearFit> {
        let mut fit = self.centred_fit(method)?;
        fit.uncentre(centres);
        Some(fit)
    }

    /// Coefficients and their covariance, of the columns and the output of the products.
    ///
    /// Standard errors allow for the coefficients being estimated whatever the method, as those that
    /// `nlme` shows do.
    pub(crate) fn centred_fit(&self, method: Method) -> Option<LinearFit> {
        let columns = self.columns();
        let solved = self.solved(method)?;
        let mut covariance = SymmetricMatrix::zero(columns);
        let dof = (self.rows - columns) as f64;
        covariance.add(
            &solved.factor.inverse(),
            solved.factor.left(columns, columns) / dof,
        );
        covariance.is_finite().then(|| LinearFit {
            coefficients: solved.factor.coefficients(columns),
            covariance,
            dof,
            rows: self.rows,
            sigma: solved.variance.sqrt(),
            log_likelihood: solved.log_likelihood,
        })
    }
}

struct Solved {
    factor: Cholesky,
    variance: f64,
    log_likelihood: f64,
}

/// A fitted linear model.
#[derive(Clone, Debug)]
pub(crate) struct LinearFit {
    pub(crate) coefficients: Vec<f64>,
    pub(crate) covariance: SymmetricMatrix,
    pub(crate) dof: f64,
    pub(crate) rows: usize,
    /// The standard deviation of residuals.
    pub(crate) sigma: f64,
    pub(crate) log_likelihood: f64,
}

impl LinearFit {
    /// Turns coefficients of centred columns into those of the columns themselves: only the first,
    /// the intercept, changes.
    pub(crate) fn uncentre(&mut self, centres: &[f64]) {
        let Some((output, centres)) = centres.split_last() else {
            return;
        };
        let mut weights: Vec<f64> = centres.iter().map(|centre| -centre).collect();
        weights[0] = 1.0;
        let intercept = output + self.value(&weights);
        let variance = self.covariance.form(&weights);
        let with = self.covariance.times(&weights);
        self.coefficients[0] = intercept;
        self.covariance.set(0, 0, variance);
        for (other, value) in with.into_iter().enumerate().skip(1) {
            self.covariance.set(0, other, value);
        }
    }

    fn value(&self, weights: &[f64]) -> f64 {
        weights
            .iter()
            .zip(&self.coefficients)
            .map(|(w, b)| w * b)
            .sum()
    }

    /// One coefficient.
    pub(crate) fn coefficient(&self, number: usize) -> Coefficient {
        Coefficient {
            value: self.coefficients[number],
            standard_error: self.covariance.at(number, number).sqrt(),
            dof: self.dof,
        }
    }

    /// A weighted sum of coefficients.
    pub(crate) fn combination(&self, weights: &[f64]) -> Coefficient {
        Coefficient {
            value: self.value(weights),
            standard_error: self.covariance.form(weights).sqrt(),
            dof: self.dof,
        }
    }
}

/// A coefficient, or a combination of coefficients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Coefficient {
    /// Its estimate.
    pub(crate) value: f64,
    /// Its standard error.
    pub(crate) standard_error: f64,
    /// Degrees of freedom of its t distribution; infinite where it is taken as normal.
    pub(crate) dof: f64,
}

impl Coefficient {
    /// The estimate in units of its standard error.
    pub(crate) fn statistic(&self) -> f64 {
        self.value / self.standard_error
    }

    /// Probability of a statistic at least as far from 0 if the truth were 0 [0–1].
    pub(crate) fn p_value(&self) -> f64 {
        2.0 * student_cdf(-self.statistic().abs(), self.dof)
    }

    /// Student's interval of the given confidence.
    pub(crate) fn interval(&self, confidence: f64) -> Interval {
        let reach = student_quantile(upper_tail(confidence), self.dof);
        Interval::around(self.value, reach * self.standard_error)
    }
}

/// Edge of a first simplex.
const EDGE: f64 = 0.25;
/// Edge at which a simplex has come to rest.
const SMALL: f64 = 1e-9;
/// A gain in height that is not worth another beginning.
const NO_GAIN: f64 = 1e-10;
const MOST_BEGINNINGS: u32 = 20;
const MOST_MOVES: u32 = 2_000;

type Corner = (f64, Vec<f64>);

/// The place at which a function is maximise; none where it is defined at no given point.
pub(crate) fn maximise(starts: &[Vec<f64>], height: impl Fn(&[f64]) -> f64) -> Option<Vec<f64>> {
    let height = |at: &[f64]| {
        let found = height(at);
        if found.is_nan() {
            f64::NEG_INFINITY
        } else {
            found
        }
    };
    let mut best: Option<Corner> = None;
    for start in starts {
        let found = height(start);
        let better = best.as_ref().is_none_or(|(most, _)| found > *most);
        if better && found > f64::NEG_INFINITY {
            best = Some((found, start.clone()));
        }
    }
    let mut best = best?;
    for _ in 0..MOST_BEGINNINGS {
        let found = climb(&best.1, &height);
        let gain = found.0 - best.0;
        if gain > 0.0 {
            best = found;
        }
        if gain <= NO_GAIN {
            break;
        }
    }
    Some(best.1)
}

/// Moves one simplex until it is small.
fn climb(start: &[f64], height: &impl Fn(&[f64]) -> f64) -> Corner {
    let mut corners: Vec<Corner> = vec![(height(start), start.to_vec())];
    for axis in 0..start.len() {
        let mut at = start.to_vec();
        at[axis] += EDGE;
        corners.push((height(&at), at));
    }
    let worst = start.len();
    for _ in 0..MOST_MOVES {
        corners.sort_by(|a, b| b.0.total_cmp(&a.0));
        if edge(&corners) < SMALL {
            break;
        }
        let along = |share: f64| -> Corner {
            let at = beyond(&corners[..worst], &corners[worst].1, share);
            (height(&at), at)
        };
        let reflected = along(1.0);
        let moved = if reflected.0 > corners[0].0 {
            let expanded = along(2.0);
            if expanded.0 > reflected.0 {
                expanded
            } else {
                reflected
            }
        } else if worst > 1 && reflected.0 > corners[worst - 1].0 {
            reflected
        } else if reflected.0 > corners[worst].0 {
            along(0.5)
        } else {
            along(-0.5)
        };
        if moved.0 > corners[worst].0 {
            corners[worst] = moved;
        } else {
            shrink(&mut corners, height);
        }
    }
    corners.swap_remove(0)
}

/// The point that lies as far beyond the middle of some corners as another lies before it, times a
/// share.
fn beyond(corners: &[Corner], other: &[f64], share: f64) -> Vec<f64> {
    let count = corners.len() as f64;
    let along = |axis: usize| {
        let middle = corners.iter().map(|(_, at)| at[axis]).sum::<f64>() / count;
        middle + share * (middle - other[axis])
    };
    (0..other.len()).map(along).collect()
}

fn shrink(corners: &mut [Corner], height: &impl Fn(&[f64]) -> f64) {
    let (best, others) = match corners.split_first_mut() {
        Some(split) => split,
        None => return,
    };
    for other in others {
        for (x, centre) in other.1.iter_mut().zip(&best.1) {
            *x = 0.5 * (*x + centre);
        }
        other.0 = height(&other.1);
    }
}

/// The longest way from the best corner along one axis.
fn edge(corners: &[Corner]) -> f64 {
    let mut longest = 0.0_f64;
    for (_, at) in &corners[1..] {
        for (x, best) in at.iter().zip(&corners[0].1) {
            longest = longest.max((x - best).abs());
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_miss_something_are_left_out_and_the_rest_is_centred() {
        let mut rows = CompleteRows::with_predictors(1);
        assert!(rows.push([1.0].into_iter(), 10.0));
        assert!(!rows.push([f64::NAN].into_iter(), 10.0));
        assert!(!rows.push([2.0].into_iter(), f64::NAN));
        assert!(!rows.push([].into_iter(), 3.0) && !rows.push([2.0, 2.0].into_iter(), 3.0));
        assert!(rows.push([3.0].into_iter(), 14.0));
        rows.centre();
        assert_eq!((rows.len(), rows.columns()), (2, 2));
        assert_eq!(
            (rows.row(0), rows.row(1)),
            (&[1.0, -1.0, -2.0][..], &[1.0, 1.0, 2.0][..])
        );
        assert_eq!(
            (rows.centres(), rows.output_squares()),
            (&[0.0, 2.0, 12.0][..], 8.0)
        );
    }

    #[test]
    fn an_estimate_of_one_quantile_of_errors_has_an_interval_that_ends_at_zero() {
        for (dof, reach) in [
            (4.0, 2.776_445_105_197_798),
            (f64::INFINITY, 1.959_963_984_540_054),
        ] {
            let found = Coefficient {
                value: reach * 0.5,
                standard_error: 0.5,
                dof,
            };
            assert!((found.statistic() - reach).abs() < 1e-12);
            assert!(
                (found.p_value() - 0.05).abs() < 1e-10,
                "{}",
                found.p_value()
            );
            assert!(found.interval(0.95).low.abs() < 1e-10);
            assert!(found.interval(1.0).low.is_nan());
        }
    }

    #[test]
    fn a_ridge_in_three_dimensions_is_climbed_to_its_top() {
        let height = |at: &[f64]| {
            let (x, y, z) = (at[0] - 1.0, at[1] + 2.0, at[2] - 0.5);
            -(x * x + 10.0 * (y - x) * (y - x) + 100.0 * (z + y) * (z + y))
        };
        let found = maximise(&[vec![0.0; 3]], height).expect("a defined function");
        for (x, top) in found.iter().zip([1.0, -2.0, 0.5]) {
            assert!((x - top).abs() < 1e-6, "{found:?}");
        }
    }

    #[test]
    fn of_two_hills_the_higher_start_is_climbed() {
        let height = |at: &[f64]| {
            let x = at[0];
            -(x * x - 4.0) * (x * x - 4.0) + x
        };
        let found = maximise(&[vec![-2.0], vec![0.5], vec![2.1]], height).expect("defined");
        assert!((found[0] - 2.030_834).abs() < 1e-3, "{found:?}");
    }

    #[test]
    fn a_function_defined_nowhere_has_no_top_and_an_edge_is_kept() {
        assert_eq!(maximise(&[vec![1.0]], |_| f64::NAN), None);
        let half = |at: &[f64]| if at[0] > 1.0 { f64::NAN } else { at[0] };
        let found = maximise(&[vec![0.0]], half).expect("defined at the start");
        assert!(found[0] <= 1.0 && found[0] > 1.0 - 1e-6, "{found:?}");
    }
}
