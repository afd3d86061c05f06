//! Statistics of couples as the field computes them, to compare simulated studies with published
//! ones.
//!
//! Dyads are indistinguishable: which partner comes first has no meaning. A missing value is NaN, and
//! its row is left out. What is not defined is NaN or `None`. Estimates agree with R
//! (`nlme`, `lm`, `cor`) to five digits or more; `tests/oracles/dyads.R` says how.
//!
//! | question | function |
//! | --- | --- |
//! | similarity of partners | [`partner_correlation`], [`partner_intraclass`] |
//! | associations within a person and across partners | [`own_correlation`], [`cross_correlation`] |
//! | effects of a person's and the partner's traits on an outcome | [`apim`], [`standardised_apim`], [`regression`] |
//! | effect of a difference between two traits | [`response_surface`] |
//! | associations between days and between partners' days | [`lag_one_autocorrelation`], [`same_day_partner_correlation`], [`partner_correlation_of_means`], [`mean_spread_correlation`] |
//! | effects within persons | [`within_regression`], [`same_day_effects`], [`next_day_effect`] |
//! | variance between persons and couples | [`person_intraclass`], [`person_variance`], [`MixedModel`] |

pub(crate) mod correlation;
pub(crate) mod diary;
pub(crate) mod intraclass;
pub(crate) mod linear_model;
pub(crate) mod mixed;
pub(crate) mod nelder_mead;
pub(crate) mod paired;
pub(crate) mod surface;
#[cfg(test)]
mod tests;
pub(crate) mod variable;
pub(crate) mod within;

#[cfg(test)]
pub(crate) use correlation::DyadicCorrelation;
pub(crate) use correlation::{cross_correlation, own_correlation, partner_correlation};
#[cfg(test)]
pub(crate) use diary::daily_correlation;
pub(crate) use diary::{
    When, Whose, lag_one_autocorrelation, mean_spread_correlation, partner_correlation_of_means,
    person_intraclass, same_day_partner_correlation,
};
#[cfg(test)]
pub(crate) use intraclass::{Intraclass, partner_intraclass};
pub(crate) use linear_model::{Coefficient, Method};
#[cfg(test)]
pub(crate) use mixed::{DayResiduals, MixedModel, RandomIntercepts};
#[cfg(test)]
pub(crate) use paired::{Apim, PairedRegression};
pub(crate) use paired::{Residuals, apim, regression, standardised_apim};
#[cfg(test)]
pub(crate) use surface::{ResponseSurface, response_surface};
pub(crate) use variable::{Diary, Dyad, person_centred, person_means, person_sds, standardised};
#[cfg(test)]
pub(crate) use variable::{person_days, split_by_person, values_at};
#[cfg(test)]
pub(crate) use within::WithinRegression;
pub(crate) use within::{Term, Units, next_day_effect, same_day_effects, within_regression};
