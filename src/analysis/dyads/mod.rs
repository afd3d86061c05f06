//! Statistics of couples as the field computes them, for holding simulated studies against published
//! ones.
//!
//! Dyads are indistinguishable: which partner comes first has no meaning. A missing value is NaN and
//! takes its row with it. Where something is not defined it is NaN or `None`. Estimates agree with R
//! (`nlme`, `survival`, `lm`, `cor`) to four digits or more; `tests/oracles/dyads.R` says how.

mod apim;
mod coefficient;
mod correlation;
mod diary;
mod intraclass;
mod likelihood;
mod optimum;
mod paired;
mod rows;
mod variable;
mod within;

pub use apim::{Apim, apim, standardised_apim};
pub use coefficient::Coefficient;
pub use correlation::{
    Correlation, PairwiseCorrelations, cross_correlation, own_correlation, pairwise_correlations,
    partner_correlation,
};
pub use diary::{
    Diary, When, Whose, daily_correlation, lag_one_autocorrelation, mean_spread_correlation,
    partner_correlation_of_means, person_centred, person_intraclass, person_means, person_sds,
    same_day_partner_correlation,
};
pub use intraclass::{Intraclass, intraclass, partner_intraclass};
pub use likelihood::Method;
pub use paired::{PairedRegression, Residuals, regression};
pub use variable::{Pair, centred, grand_mean, standardised};
pub use within::{
    Term, Units, WithinRegression, next_day_effect, same_day_effects, within_regression,
};
