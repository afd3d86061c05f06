//! Perception: how responsive a response seems to the discloser.

use super::derived::Derived;
use super::rules::Rules;
use super::types::{Partner, State};
use crate::simd::vector::Vector;

/// The weight of expectation in perception, lower for the anxious (Eq. 18).
#[inline(always)]
pub(crate) fn expectation_weight<L: Vector>(state: &State<L>, rules: &Rules) -> L {
    let p = &rules.parameters;
    state.anxiety.one_minus_scaled(p.expectation_anxiety) * p.expectation
}

/// How much less an insecure partner without any felt security perceives at full stakes (Eq. 19).
#[inline(always)]
pub(crate) fn bias_gain<L: Vector>(state: &State<L>, rules: &Rules) -> L {
    let p = &rules.parameters;
    state
        .anxiety
        .mul_add_scalar(p.insecure_bias, state.avoidance * p.avoidant_bias)
}

/// Perceived responsiveness p [0–1] before any repair (Eqs 18 and 19).
///
/// Perception is part accuracy, part expectation and projection (Lemay, Clark & Feeney 2007; Kenny
/// & Acitelli 2001). Anxious partners track the response more closely, and insecure partners who
/// feel unsafe perceive less than was given (Overall, Fletcher & Kenny 2012). A scar of deception
/// lowers perception further, the more is at stake, and so does a hurtful act in a conflict.
#[inline(always)]
pub(crate) fn perceived<L: Vector>(
    discloser: &Partner<L>,
    derived: &Derived<'_, L>,
    stakes: L,
    response: L,
    hurtful: Option<L>,
    rules: &Rules,
) -> L {
    let p = &rules.parameters;
    let state = &discloser.state;
    let mut seen = response;
    if rules.mechanisms.projection {
        let projected = derived.base * (1.0 - p.expectation_trust);
        let expected = state.trust.mul_add_scalar(p.expectation_trust, projected);
        seen = response.mul_add(
            derived.constants.response_weight,
            expected * derived.constants.expectation_weight,
        );
    }
    if rules.mechanisms.bias {
        seen = seen.sub_mul(
            derived.constants.bias_gain * derived.felt_security.one_minus(),
            stakes,
        );
    }
    if let Some(hurtful) = hurtful {
        seen = hurtful.mul_add_scalar(-p.hostility_felt, seen);
    }
    seen.sub_mul(state.scar, stakes).clamp01()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::test_support::{assert_close, derived, partner, rules};

    fn seen(partner: &Partner<f64>, stakes: f64, response: f64, rules: &Rules) -> f64 {
        perceived(
            partner,
            &derived(partner, rules),
            stakes,
            response,
            None,
            rules,
        )
    }

    #[test]
    fn a_hurtful_act_lowers_what_is_perceived() {
        let rules = rules(|p, _| p.hostility_felt = 0.5);
        let partner = partner();
        let with = |act| {
            perceived(
                &partner,
                &derived(&partner, &rules),
                0.4,
                0.9,
                Some(act),
                &rules,
            )
        };
        assert_close(with(0.0), seen(&partner, 0.4, 0.9, &rules));
        assert_close(with(0.0) - with(0.3), 0.5 * 0.3);
        assert_close(with(1.0), (with(0.0) - 0.5).max(0.0));
    }

    #[test]
    fn perception_combines_response_expectation_and_bias() {
        let (partner, rules) = (partner(), rules(|_, _| {}));
        let felt_security = 0.7 * 0.8 * 0.9;
        let projected = 0.7 * 0.7 + 0.3 * 0.5 * (0.7 + 0.4) * 0.9;
        let weight = 0.8 * (1.0 - 0.5 * 0.5);
        let expected = (1.0 - weight) * 0.9 + weight * (0.25 * 0.7 + 0.75 * projected)
            - (0.7 * 0.5 + 0.35 * 0.25) * (1.0 - felt_security) * 0.4;
        assert_close(seen(&partner, 0.4, 0.9, &rules), expected);
    }

    #[test]
    fn anxious_partners_track_more_closely() {
        let rules = rules(|_, _| {});
        let accuracy = |anxiety: f64| {
            let mut partner = partner();
            partner.state.anxiety = anxiety;
            seen(&partner, 0.0, 0.9, &rules) - seen(&partner, 0.0, 0.4, &rules)
        };
        assert_close(accuracy(0.0), 0.2 * 0.5);
        assert_close(accuracy(1.0), 0.6 * 0.5);
    }

    #[test]
    fn secure_partners_project_more_than_they_see() {
        let rules = rules(|_, _| {});
        let with = |own: f64, response: f64| {
            let mut partner = partner();
            (partner.state.anxiety, partner.traits.responsiveness) = (0.2, own);
            seen(&partner, 0.0, response, &rules)
        };
        let weight = 0.8 * 0.9;
        let (projection, accuracy) = (
            with(0.9, 0.5) - with(0.4, 0.5),
            with(0.5, 0.9) - with(0.5, 0.4),
        );
        assert_close(projection, weight * 0.75 * 0.7 * 0.5);
        assert_close(accuracy, (1.0 - weight) * 0.5);
        assert!(projection > accuracy);
    }

    #[test]
    fn without_projection_and_bias_the_response_itself_is_perceived() {
        let rules = rules(|_, m| (m.projection, m.bias) = (false, false));
        assert_close(seen(&partner(), 1.0, 0.37, &rules), 0.37);
    }

    #[test]
    fn insecure_partners_who_feel_unsafe_perceive_less_at_higher_stakes() {
        let (on, off) = (rules(|_, _| {}), rules(|_, m| m.bias = false));
        let lost =
            |stakes| seen(&partner(), stakes, 0.9, &off) - seen(&partner(), stakes, 0.9, &on);
        assert_close(lost(0.0), 0.0);
        assert_close(
            lost(0.8),
            (0.7 * 0.5 + 0.35 * 0.25) * (1.0 - 0.7 * 0.8 * 0.9) * 0.8,
        );
    }

    #[test]
    fn a_scar_lowers_perception_in_proportion_to_the_stakes() {
        let rules = rules(|_, _| {});
        let mut scarred = partner();
        scarred.state.scar = 0.3;
        for stakes in [0.0, 0.5] {
            let lost = seen(&partner(), stakes, 0.9, &rules) - seen(&scarred, stakes, 0.9, &rules);
            assert_close(lost, 0.3 * stakes);
        }
        scarred.state.scar = 1.0;
        assert_close(seen(&scarred, 1.0, 0.0, &rules), 0.0);
    }
}
