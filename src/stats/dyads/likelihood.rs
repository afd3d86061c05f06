//! The profile likelihood of a linear model whose residuals are correlated by a few numbers.
//!
//! Residuals have the covariance σ²W, and W depends on one to three numbers that an optimiser
//! looks for. Given W, coefficients and σ² follow in closed form from cross products weighted by
//! W⁻¹ (Pinheiro & Bates 2000, sections 2.2 and 5.2). Likelihoods are those of R's `nlme`.

use super::coefficient::Coefficient;
use crate::math::functions::ln;
use crate::math::linalg::{Cholesky, SymmetricMatrix};

const LN_TAU: f64 = 1.837_877_066_409_345_5;
/// Share of the output's square below which residuals are rounding.
const EXACT: f64 = 1e-13;

/// Which likelihood is at its most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
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
    /// Products of no rows, of so many columns and an output.
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
    pub(crate) fn fit(&self, method: Method, centres: &[f64]) -> Option<Fit> {
        let mut fit = self.centred_fit(method)?;
        fit.uncentre(centres);
        Some(fit)
    }

    /// Coefficients and their covariance, of the columns and the output of the products.
    ///
    /// Standard errors allow for the coefficients being estimated whatever the method, as those that
    /// `nlme` shows do.
    pub(crate) fn centred_fit(&self, method: Method) -> Option<Fit> {
        let columns = self.columns();
        let solved = self.solved(method)?;
        let mut covariance = SymmetricMatrix::zero(columns);
        let dof = (self.rows - columns) as f64;
        covariance.add(
            &solved.factor.inverse(),
            solved.factor.left(columns, columns) / dof,
        );
        covariance.is_finite().then(|| Fit {
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
pub(crate) struct Fit {
    pub(crate) coefficients: Vec<f64>,
    pub(crate) covariance: SymmetricMatrix,
    pub(crate) dof: f64,
    pub(crate) rows: usize,
    /// The standard deviation of residuals.
    pub(crate) sigma: f64,
    pub(crate) log_likelihood: f64,
}

impl Fit {
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
