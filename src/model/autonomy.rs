//! Autonomy: safe dependence frees, closeness without safety binds (Feeney 2007).

use super::derived::felt_security;
use super::rules::Rules;
use super::types::State;
use crate::simd::vector::Vector;

/// The autonomy [0–1] toward which a partner's state moves it (Eq. 37).
#[inline(always)]
fn target<L: Vector>(state: &State<L>, felt_security: L, rules: &Rules) -> L {
    let p = &rules.parameters;
    let freed = felt_security.mul_add_scalar(1.0 - p.autonomy_base, L::splat(p.autonomy_base));
    let anxious = state.anxiety;
    let cost = anxious.mul_add_scalar(p.closeness_anxiety, L::splat(p.closeness_cost));
    freed
        .reduced_by(state.intimacy * felt_security.one_minus() * cost)
        .clamp01()
}

/// Moves autonomy over a step (Eq. 38).
#[inline(always)]
pub(crate) fn update<L: Vector>(state: &mut State<L>, rules: &Rules) {
    if rules.mechanisms.autonomy {
        let target = target(state, felt_security(state, rules), rules);
        state.autonomy = state.autonomy.lerp(target, rules.step.autonomy_moved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::exp;
    use crate::model::test_support::{assert_close, assert_within, partner, rules, rules_of_step};

    #[test]
    fn autonomy_approaches_its_target_with_its_time_constant() {
        let felt_security = 0.7 * 0.8 * 0.9;
        let expected =
            (0.35 + 0.65 * felt_security) * (1.0 - 0.4 * (1.0 - felt_security) * (0.4 + 0.6 * 0.5));
        for (step_days, steps) in [(1.0, 60), (0.25, 240)] {
            let rules = rules_of_step(step_days);
            let mut state = partner().state;
            (0..steps).for_each(|_| update(&mut state, &rules));
            assert_within(
                state.autonomy,
                expected + (0.7 - expected) * exp(-1.0),
                1e-12,
            );
        }
    }

    #[test]
    fn safe_dependence_frees_and_closeness_without_safety_binds() {
        let rules = rules(|_, _| {});
        let expected = |intimacy: f64, felt_security: f64| {
            let mut state = partner().state;
            state.intimacy = intimacy;
            target(&state, felt_security, &rules)
        };
        assert_close(expected(1.0, 1.0), 1.0);
        assert_close(expected(0.0, 0.0), 0.35);
        assert_close(expected(1.0, 0.0), 0.35 * (1.0 - 0.7));
        assert!(expected(0.9, 0.9) > expected(0.9, 0.3));
    }

    #[test]
    fn without_the_mechanism_autonomy_stays() {
        let (rules, mut state) = (rules(|_, m| m.autonomy = false), partner().state);
        update(&mut state, &rules);
        assert_close(state.autonomy, 0.7);
    }
}
