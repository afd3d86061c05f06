//! The actor–partner interdependence model of indistinguishable dyads.
//!
//! A person's outcome depends on the person's own predictors (actor effects) and on the partner's
//! (partner effects), and what is left is correlated between partners (Kenny, Kashy & Cook 2006,
//! chapter 7).

use super::coefficient::Coefficient;
use super::likelihood::Method;
use super::paired::{PairedRegression, Residuals, regression};
use super::variable::{Pair, standardised};

/// A fitted actor–partner interdependence model.
#[derive(Clone, Debug)]
pub struct Apim {
    /// The outcome of persons whose predictors and whose partner's are 0.
    pub intercept: Coefficient,
    /// Effects of a person's own predictors, in their order.
    pub actor: Vec<Coefficient>,
    /// Effects of the partner's predictors, in their order.
    pub partner: Vec<Coefficient>,
    /// The whole of the regression: intercept, then an actor and a partner effect of each predictor.
    pub regression: PairedRegression,
}

/// Fits the model to variables as they are.
///
/// None as of [`regression`].
pub fn apim(outcome: &[Pair], predictors: &[&[Pair]], method: Method) -> Option<Apim> {
    let turned = |variable: &&[Pair]| -> Vec<Pair> {
        variable.iter().map(|pair| [pair[1], pair[0]]).collect()
    };
    let partners: Vec<Vec<Pair>> = predictors.iter().map(turned).collect();
    let mut columns: Vec<&[Pair]> = Vec::with_capacity(2 * predictors.len());
    for (own, partner) in predictors.iter().zip(&partners) {
        columns.push(own);
        columns.push(partner);
    }
    let regression = regression(outcome, &columns, Residuals::Correlated, method)?;
    let (intercept, slopes) = regression.coefficients.split_first()?;
    Some(Apim {
        intercept: *intercept,
        actor: slopes.iter().step_by(2).copied().collect(),
        partner: slopes.iter().skip(1).step_by(2).copied().collect(),
        regression,
    })
}

/// Fits the model to variables standardised over all persons.
///
/// None as of [`regression`], and where a variable does not vary.
pub fn standardised_apim(outcome: &[Pair], predictors: &[&[Pair]], method: Method) -> Option<Apim> {
    let scaled: Vec<Vec<Pair>> = predictors.iter().map(|one| standardised(one)).collect();
    let columns: Vec<&[Pair]> = scaled.iter().map(Vec::as_slice).collect();
    apim(&standardised(outcome), &columns, method)
}
