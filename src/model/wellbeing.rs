//! Well-being: a level of one's own, which satisfaction, autonomy and freedom from stress and strain
//! move (Diener, Lucas & Scollon 2006).

use super::derived::satisfaction;
use super::rules::Rules;
use super::types::Partner;
use crate::simd::vector::Vector;

/// Moves well-being over a step (Eq. 45).
#[inline(always)]
pub(crate) fn update<L: Vector>(partner: &mut Partner<L>, rules: &Rules) {
    if !rules.mechanisms.wellbeing {
        return;
    }
    let p = &rules.parameters;
    let state = &mut partner.state;
    let own = partner.traits.set_point + p.wellbeing_base;
    let content = satisfaction(state, rules).mul_add_scalar(p.wellbeing_satisfaction, own);
    let free = state.autonomy.mul_add_scalar(p.wellbeing_autonomy, content);
    let mut target = state
        .stress
        .one_minus()
        .mul_add_scalar(p.wellbeing_ease, free);
    if rules.mechanisms.strain {
        target = state.strain.mul_add_scalar(-p.wellbeing_strain, target);
    }
    state.wellbeing = state
        .wellbeing
        .lerp(target.clamp01(), rules.step.wellbeing_moved);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::exp;
    use crate::model::Clock;
    use crate::model::test_support::{assert_close, assert_within, partner, rules, rules_at};

    #[test]
    fn wellbeing_approaches_its_target_with_its_time_constant() {
        let satisfaction = 0.6 * 0.4 + 0.4 * 0.7 * 0.9;
        let eased = 0.35 * satisfaction + 0.35 * 0.7 + 0.2 * (1.0 - 0.3);
        let expected = 0.1 + 0.05 + eased - 0.15 * 0.5;
        for (step_days, steps) in [(1.0, 45), (0.5, 90)] {
            let clock = Clock {
                step_days,
                ..Clock::default()
            };
            let rules = rules_at(clock, |p, _| {
                (p.wellbeing_base, p.wellbeing_satisfaction) = (0.1, 0.35);
                (p.wellbeing_autonomy, p.wellbeing_ease) = (0.35, 0.2);
                p.wellbeing_strain = 0.15;
            });
            let mut own = partner();
            (own.traits.set_point, own.state.strain) = (0.05, 0.5);
            (0..steps).for_each(|_| update(&mut own, &rules));
            assert_within(
                own.state.wellbeing,
                expected + (0.65 - expected) * exp(-1.5),
                1e-12,
            );
        }
    }

    #[test]
    fn without_the_mechanism_wellbeing_stays() {
        let (rules, mut own) = (rules(|_, m| m.wellbeing = false), partner());
        update(&mut own, &rules);
        assert_close(own.state.wellbeing, 0.65);
    }
}
