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

pub mod correlation;
pub mod diary;
pub mod intraclass;
pub mod linear_model;
pub mod mixed;
pub(crate) mod nelder_mead;
pub mod paired;
pub mod surface;
#[cfg(test)]
mod tests;
pub mod variable;
pub mod within;

pub use correlation::{DyadicCorrelation, cross_correlation, own_correlation, partner_correlation};
pub use diary::{
    When, Whose, daily_correlation, lag_one_autocorrelation, mean_spread_correlation,
    partner_correlation_of_means, person_intraclass, same_day_partner_correlation,
};
pub use intraclass::{Intraclass, intraclass, partner_intraclass};
pub use linear_model::{Coefficient, Method};
pub use mixed::{DayResiduals, MixedFit, MixedModel, RandomIntercepts, person_variance};
pub use paired::{Apim, PairedRegression, Residuals, apim, regression, standardised_apim};
pub use surface::{ResponseSurface, SurfaceLine, response_surface};
pub use variable::{
    Diary, Dyad, PersonDay, PersonSplit, person_centred, person_days, person_means, person_sds,
    split_by_person, standardised, values_at,
};
pub use within::{
    Term, Units, WithinRegression, next_day_effect, same_day_effects, within_regression,
};
