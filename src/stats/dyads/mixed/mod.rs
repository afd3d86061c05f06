//! Linear mixed models of days within persons, and of persons within couples.
//!
//! Persons, and where asked for couples, have random intercepts; residuals of a person's days are
//! independent, or correlated by φ to the power of the days between them, as R's `nlme::lme` with
//! `random = ~ 1 | couple / person` and `correlation = corAR1(form = ~ day | couple / person)`. The
//! likelihood is profiled down to the ratios of the intercepts' standard deviations to that of the
//! residuals, and φ; no matrix is larger than the number of predictors (Pinheiro & Bates 2000,
//! chapters 2 and 5).

pub mod freedom;
pub mod groups;
#[cfg(test)]
pub(crate) mod tests;

use super::coefficient::Coefficient;
use super::diary::Diary;
use super::likelihood::Method;
use super::long::{Place, at_places, places};
use super::optimum::highest;
use crate::stats::dyads::mixed::freedom::degrees_of_freedom;
use crate::stats::dyads::mixed::groups::{Grouped, Ratios};

/// A loss of likelihood that is rounding.
const NO_LOSS: f64 = 1e-9;

/// What has a random intercept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Levels {
    /// Persons, whose couples are not looked at.
    Persons,
    /// Persons and the couples that they belong to.
    PersonsInCouples,
}

/// What is assumed of the residuals of a person's days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    /// They are independent.
    Independent,
    /// Their correlation is φ to the power of the number of days between them.
    Autoregressive,
}

/// A mixed model of rows in the long format; the order of rows has no meaning.
#[derive(Clone, Copy, Debug)]
pub struct MixedModel<'a> {
    /// Whose day each row is.
    pub places: &'a [Place],
    /// The output in each row; NaN where it is missing.
    pub output: &'a [f64],
    /// The predictors, each with a value in each row; an intercept is always there.
    pub predictors: &'a [&'a [f64]],
    /// What has a random intercept.
    pub levels: Levels,
    /// What is assumed of a person's days.
    pub days: Days,
    /// Which likelihood is at its most.
    pub method: Method,
}

/// A fitted mixed model.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixed {
    /// The intercept, then the predictors in their order. Degrees of freedom count rows within
    /// persons, persons within couples, or couples, by where a predictor varies (Pinheiro & Bates
    /// 2000, section 2.4.2).
    pub coefficients: Vec<Coefficient>,
    /// Standard deviation of couples' intercepts; 0 where they have none.
    pub couple_sd: f64,
    /// Standard deviation of persons' intercepts, within couples where these have intercepts.
    pub person_sd: f64,
    /// Standard deviation of residuals.
    pub residual_sd: f64,
    /// Correlation of residuals of neighbouring days (−1 to 1); 0 where they are independent.
    pub phi: f64,
    /// Log-likelihood at its most, restricted or full as asked for.
    pub log_likelihood: f64,
    /// Rows with all values.
    pub rows: usize,
    /// Persons with a row.
    pub persons: usize,
    /// Couples with a row.
    pub couples: usize,
}

impl Mixed {
    fn variance(&self) -> f64 {
        let square = |x: f64| x * x;
        square(self.couple_sd) + square(self.person_sd) + square(self.residual_sd)
    }

    /// Share of the variance that lies between persons [0–1]: the intraclass correlation of days.
    pub fn person_share(&self) -> f64 {
        1.0 - self.residual_sd * self.residual_sd / self.variance()
    }

    /// Share of the variance that lies between couples [0–1]: the correlation of partners' days.
    pub fn couple_share(&self) -> f64 {
        self.couple_sd * self.couple_sd / self.variance()
    }
}

impl MixedModel<'_> {
    /// Fits the model.
    ///
    /// Rows that miss a value are left out. None where columns have unlike lengths, where predictors
    /// determine each other, where a person has two rows of one day and days are correlated, where
    /// no person has two rows or, with couples, no couple two persons, and where nothing is left to
    /// explain.
    pub fn fit(&self) -> Option<Mixed> {
        let grouped = Grouped::new(self)?;
        let nested = self.levels == Levels::PersonsInCouples;
        let known = grouped.persons() > 1 && grouped.rows() > grouped.persons();
        if !known || (nested && grouped.persons() == grouped.couples()) {
            return None;
        }
        let ratios = self.most_likely(&grouped)?;
        let fit = grouped
            .products(ratios)?
            .fit(self.method, grouped.centres())?;
        let coefficient = |(k, dof): (usize, f64)| Coefficient {
            dof,
            ..fit.coefficient(k)
        };
        let dof = degrees_of_freedom(&grouped, nested);
        Some(Mixed {
            coefficients: dof.into_iter().enumerate().map(coefficient).collect(),
            couple_sd: fit.sigma * ratios.couple,
            person_sd: fit.sigma * ratios.person,
            residual_sd: fit.sigma,
            phi: ratios.phi,
            log_likelihood: fit.log_likelihood,
            rows: grouped.rows(),
            persons: grouped.persons(),
            couples: grouped.couples(),
        })
    }

    /// The ratios of standard deviations, and φ, that make the likelihood highest.
    fn most_likely(&self, grouped: &Grouped) -> Option<Ratios> {
        let height = |ratios: Ratios| match grouped.products(ratios) {
            Some(products) => products.log_likelihood(self.method),
            None => f64::NEG_INFINITY,
        };
        let found = highest(&self.starts(), |at| height(self.ratios(at)))?;
        // A ratio that is as likely 0 is 0, which the search comes near.
        let simpler = |most: Ratios, without: Ratios| {
            if height(without) >= height(most) - NO_LOSS {
                without
            } else {
                most
            }
        };
        let found = self.ratios(&found);
        let found = simpler(
            found,
            Ratios {
                person: 0.0,
                ..found
            },
        );
        Some(simpler(
            found,
            Ratios {
                couple: 0.0,
                ..found
            },
        ))
    }

    /// The search is over all of the real line: a ratio's sign has no meaning.
    fn ratios(&self, at: &[f64]) -> Ratios {
        let mut left = at.iter();
        let mut next = |asked: bool| {
            if asked {
                left.next().copied().unwrap_or(0.0)
            } else {
                0.0
            }
        };
        let person = next(true);
        let couple = next(self.levels == Levels::PersonsInCouples);
        let phi = next(self.days == Days::Autoregressive);
        Ratios {
            person: person.abs(),
            couple: couple.abs(),
            phi: phi / (1.0 + phi * phi).sqrt(),
        }
    }

    fn starts(&self) -> Vec<Vec<f64>> {
        const RATIOS: [f64; 3] = [0.2, 0.7, 2.0];
        let mut starts: Vec<Vec<f64>> = RATIOS.iter().map(|ratio| vec![*ratio]).collect();
        if self.levels == Levels::PersonsInCouples {
            starts = with_each(&starts, &RATIOS);
        }
        if self.days == Days::Autoregressive {
            starts = with_each(&starts, &[-0.3, 0.0, 0.3, 0.8]);
        }
        starts
    }
}

/// Every beginning with every next number.
fn with_each(beginnings: &[Vec<f64>], next: &[f64]) -> Vec<Vec<f64>> {
    let mut longer = Vec::new();
    for beginning in beginnings {
        for number in next {
            let mut one = beginning.clone();
            one.push(*number);
            longer.push(one);
        }
    }
    longer
}

/// How much of the variance of a daily variable lies between persons, by restricted likelihood.
///
/// None as of [`MixedModel::fit`].
pub fn person_variance(variable: &[Diary]) -> Option<Mixed> {
    let places = places(variable);
    let model = MixedModel {
        places: &places,
        output: &at_places(variable, &places),
        predictors: &[],
        levels: Levels::Persons,
        days: Days::Independent,
        method: Method::Restricted,
    };
    model.fit()
}
