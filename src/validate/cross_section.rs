//! The statistics of published cross-sections, computed from a simulated sample of the same size.

use super::samples::{SurveySample, WELLBEING_RELIABILITY};
use crate::stats::dyads::{
    Dyad, Method, Residuals, cross_correlation, own_correlation, partner_correlation, regression,
    standardised_apim,
};
use crate::stats::summary::RunningMoments;

/// Points of a scale's maximum that a share of its length is.
const PERCENT: f64 = 100.0;

fn moments(pairs: &[Dyad]) -> RunningMoments {
    pairs.iter().flatten().copied().collect()
}

/// Correlation of own trust and own intimacy.
pub(crate) fn trust_with_intimacy(survey: &SurveySample) -> f64 {
    own_correlation(&survey.trust, &survey.intimacy).value
}

/// Partner correlation of trust.
pub(crate) fn partners_trust(survey: &SurveySample) -> f64 {
    partner_correlation(&survey.trust).value
}

/// Partner correlation of intimacy.
pub(crate) fn partners_intimacy(survey: &SurveySample) -> f64 {
    partner_correlation(&survey.intimacy).value
}

/// Partner correlation of satisfaction.
pub(crate) fn partners_satisfaction(survey: &SurveySample) -> f64 {
    partner_correlation(&survey.satisfaction).value
}

/// Partner correlation of commitment.
pub(crate) fn partners_commitment(survey: &SurveySample) -> f64 {
    partner_correlation(&survey.commitment).value
}

/// Mean trust (percent of the scale's maximum).
pub(crate) fn mean_trust(survey: &SurveySample) -> f64 {
    PERCENT * moments(&survey.trust).mean()
}

/// Standard deviation of trust over persons (percent of the scale's maximum).
pub(crate) fn sd_trust(survey: &SurveySample) -> f64 {
    PERCENT * moments(&survey.trust).sd()
}

/// Mean intimacy (percent of the scale's maximum).
pub(crate) fn mean_intimacy(survey: &SurveySample) -> f64 {
    PERCENT * moments(&survey.intimacy).mean()
}

/// Standard deviation of intimacy over persons (percent of the scale's maximum).
pub(crate) fn sd_intimacy(survey: &SurveySample) -> f64 {
    PERCENT * moments(&survey.intimacy).sd()
}

/// Standard deviation of trust less intimacy (percent of the scale's maximum).
pub(crate) fn sd_difference(survey: &SurveySample) -> f64 {
    let pairs = survey.trust.iter().zip(&survey.intimacy);
    let gaps = pairs.flat_map(|(t, i)| [t[0] - i[0], t[1] - i[1]]);
    PERCENT * gaps.collect::<RunningMoments>().sd()
}

/// Partner correlation of avoidance.
pub(crate) fn partners_avoidance(survey: &SurveySample) -> f64 {
    partner_correlation(&survey.avoidance).value
}

/// Correlation of a person's anxiety and avoidance.
pub(crate) fn anxiety_with_avoidance(survey: &SurveySample) -> f64 {
    own_correlation(&survey.anxiety, &survey.avoidance).value
}

/// Own anxiety with own satisfaction.
pub(crate) fn own_anxiety(survey: &SurveySample) -> f64 {
    own_correlation(&survey.anxiety, &survey.satisfaction).value
}

/// Own avoidance with own satisfaction.
pub(crate) fn own_avoidance(survey: &SurveySample) -> f64 {
    own_correlation(&survey.avoidance, &survey.satisfaction).value
}

/// The partner's anxiety with own satisfaction.
pub(crate) fn partners_anxiety_with_satisfaction(survey: &SurveySample) -> f64 {
    cross_correlation(&survey.anxiety, &survey.satisfaction).value
}

/// The partner's avoidance with own satisfaction.
pub(crate) fn partners_avoidance_with_satisfaction(survey: &SurveySample) -> f64 {
    cross_correlation(&survey.avoidance, &survey.satisfaction).value
}

/// Standardised effects on satisfaction: of own intimacy, own trust, the partner's intimacy, the
/// partner's trust; NaN where the model cannot be fitted.
fn effects(survey: &SurveySample) -> [f64; 4] {
    let predictors: [&[Dyad]; 2] = [&survey.intimacy, &survey.trust];
    let fit = standardised_apim(&survey.satisfaction, &predictors, Method::Restricted);
    fit.map_or([f64::NAN; 4], |fit| {
        let [own, partner] = [&fit.actor, &fit.partner];
        [
            own[0].value,
            own[1].value,
            partner[0].value,
            partner[1].value,
        ]
    })
}

/// Standardised effect of own intimacy on own satisfaction.
pub(crate) fn effect_of_intimacy(survey: &SurveySample) -> f64 {
    effects(survey)[0]
}

/// Standardised effect of own trust on own satisfaction.
pub(crate) fn effect_of_trust(survey: &SurveySample) -> f64 {
    effects(survey)[1]
}

/// Standardised effect of the partner's intimacy on own satisfaction.
pub(crate) fn effect_of_partners_intimacy(survey: &SurveySample) -> f64 {
    effects(survey)[2]
}

/// Standardised effect of the partner's trust on own satisfaction.
pub(crate) fn effect_of_partners_trust(survey: &SurveySample) -> f64 {
    effects(survey)[3]
}

/// Satisfaction with commitment.
pub(crate) fn satisfaction_with_commitment(survey: &SurveySample) -> f64 {
    own_correlation(&survey.satisfaction, &survey.commitment).value
}

/// Quality of alternatives with commitment.
pub(crate) fn alternatives_with_commitment(survey: &SurveySample) -> f64 {
    own_correlation(&survey.alternatives, &survey.commitment).value
}

/// Investment with commitment.
pub(crate) fn investment_with_commitment(survey: &SurveySample) -> f64 {
    own_correlation(&survey.investment, &survey.commitment).value
}

/// Well-being with satisfaction.
pub(crate) fn wellbeing_with_satisfaction(survey: &SurveySample) -> f64 {
    own_correlation(&survey.wellbeing, &survey.satisfaction).value
}

/// Partner correlation of well-being, corrected for unreliability.
pub(crate) fn partners_wellbeing(survey: &SurveySample) -> f64 {
    partner_correlation(&survey.wellbeing).value / WELLBEING_RELIABILITY
}

/// Response surface of satisfaction over trust and intimacy, in steps of scales from 1 to 7 and
/// about their middle: curvature along the line of incongruence, and interaction.
fn surface(survey: &SurveySample) -> [f64; 2] {
    let steps = |pairs: &[Dyad]| -> Vec<Dyad> {
        pairs.iter().map(|p| p.map(|x| 6.0 * (x - 0.5))).collect()
    };
    let by = |x: &[Dyad], y: &[Dyad]| -> Vec<Dyad> {
        let pairs = x.iter().zip(y);
        pairs.map(|(x, y)| [x[0] * y[0], x[1] * y[1]]).collect()
    };
    let (x, y) = (steps(&survey.trust), steps(&survey.intimacy));
    let (xx, xy, yy) = (by(&x, &x), by(&x, &y), by(&y, &y));
    let fit = regression(
        &steps(&survey.satisfaction),
        &[&x, &y, &xx, &xy, &yy],
        Residuals::Correlated,
        Method::Restricted,
    );
    fit.map_or([f64::NAN; 2], |fit| {
        let b = |k: usize| fit.coefficients[k].value;
        [b(3) - b(4) + b(5), b(4)]
    })
}

/// Curvature of satisfaction along the line on which trust and intimacy differ.
pub(crate) fn incongruence(survey: &SurveySample) -> f64 {
    surface(survey)[0]
}

/// Interaction of trust and intimacy in satisfaction.
pub(crate) fn interaction(survey: &SurveySample) -> f64 {
    surface(survey)[1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_partner_correlation_of_wellbeing_is_without_errors_of_answers() {
        let survey = SurveySample {
            wellbeing: vec![[0.4, 0.4], [0.6, 0.6], [0.4, 0.6], [0.6, 0.6], [0.4, 0.4]],
            ..SurveySample::default()
        };
        // Four couples are alike, one is opposed: 3 / 5.
        let found = partners_wellbeing(&survey);
        assert!((found - 0.6 / 0.85).abs() < 1e-12, "{found}");
    }
}
