//! Well-being: it follows satisfaction, autonomy and freedom from stress.

use super::derived::satisfaction;
use super::rules::Rules;
use super::types::State;
use crate::simd::vector::Vector;

/// Moves well-being over a step (Eq. 42).
#[inline(always)]
pub(crate) fn update<L: Vector>(state: &mut State<L>, rules: &Rules) {
    if !rules.mechanisms.wellbeing {
        return;
    }
    let p = &rules.parameters;
    let content = satisfaction(state, rules) * p.wellbeing_satisfaction;
    let free = state.autonomy.mul_add_scalar(p.wellbeing_autonomy, content);
    let target = state
        .stress
        .one_minus()
        .mul_add_scalar(p.wellbeing_ease, free);
    state.wellbeing = state
        .wellbeing
        .lerp(target.clamp01(), rules.step.wellbeing_moved);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::exp;
    use crate::model::test_support::{assert_close, assert_within, partner, rules, rules_of_step};

    #[test]
    fn wellbeing_approaches_its_target_with_its_time_constant() {
        let satisfaction = 0.6 * 0.4 + 0.4 * 0.7 * 0.9;
        let expected = 0.35 * satisfaction + 0.35 * 0.7 + 0.3 * (1.0 - 0.3);
        for (step_days, steps) in [(1.0, 45), (0.5, 90)] {
            let rules = rules_of_step(step_days);
            let mut state = partner().state;
            (0..steps).for_each(|_| update(&mut state, &rules));
            assert_within(
                state.wellbeing,
                expected + (0.65 - expected) * exp(-1.5),
                1e-12,
            );
        }
    }

    #[test]
    fn without_the_mechanism_wellbeing_stays() {
        let (rules, mut state) = (rules(|_, m| m.wellbeing = false), partner().state);
        update(&mut state, &rules);
        assert_close(state.wellbeing, 0.65);
    }
}
