//! Statistics of couples as the field computes them, for holding simulated studies against published
//! ones.
//!
//! Dyads are indistinguishable: which partner comes first has no meaning. A missing value is NaN and
//! takes its row with it. Where something is not defined it is NaN or `None`. Estimates agree with R
//! (`nlme`, `lm`, `cor`) to five digits or more; `tests/oracles/dyads.R` says how.
//!
//! | question | function |
//! | --- | --- |
//! | how alike partners are | [`partner_correlation`], [`partner_intraclass`] |
//! | what goes together within a person, and across partners | [`own_correlation`], [`cross_correlation`], [`pairwise_correlations`] |
//! | what a person's and the partner's traits do to an outcome | [`apim`], [`standardised_apim`], [`regression`] |
//! | what being apart in two traits does | [`response_surface`], [`interaction`] |
//! | how days go with days, and with the partner's | [`lag_one_autocorrelation`], [`same_day_partner_correlation`], [`partner_correlation_of_means`], [`mean_spread_correlation`] |
//! | what moves a person's days | [`within_regression`], [`same_day_effects`], [`next_day_effect`] |
//! | how much lies between persons and couples | [`person_intraclass`], [`person_variance`], [`MixedModel`] |
//!
//! ```
//! use pairbond::analysis::dyads::{Method, Pair, apim};
//!
//! // Satisfaction of the partners of eight couples, and their avoidance; one did not answer.
//! let satisfaction: [Pair; 8] = [
//!     [6.1, 5.8], [4.9, 5.5], [3.2, 4.0], [6.6, 6.0], [5.0, 4.1], [5.7, f64::NAN], [2.9, 3.8], [6.3, 6.5],
//! ];
//! let avoidance: [Pair; 8] = [
//!     [1.5, 2.2], [3.0, 2.1], [4.8, 3.9], [1.1, 1.9], [2.7, 4.0], [2.5, 3.1], [5.2, 3.6], [1.8, 1.4],
//! ];
//! let model = apim(&satisfaction, &[&avoidance], Method::Restricted).expect("couples enough");
//! let (actor, partner) = (model.actor[0], model.partner[0]);
//! assert!(actor.interval(0.95).high < partner.value);
//! assert_eq!((model.regression.persons, model.regression.pairs), (15, 7));
//! ```

pub mod apim;
pub mod coefficient;
pub mod correlation;
pub mod diary;
pub mod intraclass;
pub mod likelihood;
pub mod long;
pub mod mixed;
pub mod optimum;
pub mod paired;
pub mod rows;
pub mod surface;
#[cfg(test)]
pub(crate) mod tests;
pub mod variable;
pub mod within;

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
pub use long::{Parts, Place, at_places, person_parts, places};
pub use mixed::{Days, Levels, Mixed, MixedModel, person_variance};
pub use paired::{PairedRegression, Residuals, regression};
pub use surface::{Interaction, Line, ResponseSurface, interaction, response_surface};
pub use variable::{Pair, centred, grand_mean, standardised};
pub use within::{
    Term, Units, WithinRegression, next_day_effect, same_day_effects, within_regression,
};
