//! Dissolution: who has made up their mind leaves, and others leave for reasons outside the bond.

use super::purposes::EndDraws;
use super::rules::Rules;
use super::types::State;
use crate::simd::vector::Vector;

/// Which couples a partner leaves in a step, and where the reason is outside the bond.
#[derive(Clone, Copy)]
pub(crate) struct Leaving<L: Vector> {
    pub(crate) leaves: L::Mask,
    pub(crate) outside: L::Mask,
}

/// Draws whether a partner ends the relationship in this step, and why (Eq. 44; Rosenfeld 2014).
///
/// One draw decides both: below the probability of leaving for the bond it is that, from there to
/// the sum of the two it is a reason outside.
#[inline(always)]
pub(crate) fn draw<L: Vector>(state: &State<L>, draws: &EndDraws<L>, rules: &Rules) -> Leaving<L> {
    let never = L::mask(false);
    if !rules.mechanisms.dissolution {
        return Leaving {
            leaves: never,
            outside: never,
        };
    }
    let p = &rules.parameters;
    let days = rules.clock.step_days;
    let mut bond = L::splat(0.0);
    if rules.mechanisms.deliberation {
        bond = state.deliberation * state.deliberation * (p.leaving_rate * days);
    }
    let mut any = bond;
    if rules.mechanisms.outside {
        any = state
            .investment
            .one_minus()
            .mul_add_scalar(p.outside_rate * days, bond);
    }
    let drawn = draws.leaving();
    let leaves = drawn.lt(any);
    Leaving {
        leaves,
        outside: leaves & !drawn.lt(bond),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::test_support::{
        ALWAYS, assert_within, partner, probability, quiet_end, rules,
    };

    fn leaving() -> Rules {
        rules(|p, _| (p.leaving_rate, p.outside_rate) = (0.06, 0.002))
    }

    /// The probabilities of leaving for the bond and for reasons outside.
    fn probabilities(state: &State<f64>, rules: &Rules) -> [f64; 2] {
        let drawn = |word| {
            let draws = EndDraws {
                leaving_and_meeting: word,
                ..quiet_end()
            };
            draw(state, &draws, rules)
        };
        let any = probability(|word| drawn(word).leaves);
        let bond = probability(|word| drawn(word).leaves && !drawn(word).outside);
        [bond, any - bond]
    }

    #[test]
    fn one_who_has_made_up_their_mind_leaves_for_the_bond_and_others_for_reasons_outside() {
        for (deliberation, investment) in [(0.0, 0.0), (0.0, 1.0), (0.5, 0.25), (1.0, 0.75)] {
            let mut state = partner().state;
            (state.deliberation, state.investment) = (deliberation, investment);
            let [bond, outside] = probabilities(&state, &leaving());
            assert_within(bond, 0.06 * deliberation * deliberation, 1e-9);
            assert_within(outside, 0.002 * (1.0 - investment), 1e-9);
        }
    }

    #[test]
    fn each_reason_has_its_switch() {
        let mut state = partner().state;
        state.deliberation = 1.0;
        let without = |change: fn(&mut crate::model::Mechanisms)| {
            rules(|p, m| {
                (p.leaving_rate, p.outside_rate) = (0.06, 0.002);
                change(m);
            })
        };
        let [bond, outside] = probabilities(&state, &without(|m| m.deliberation = false));
        assert!(bond == 0.0 && outside > 0.0);
        let [bond, outside] = probabilities(&state, &without(|m| m.outside = false));
        assert!(bond > 0.0 && outside == 0.0);
        let draws = EndDraws {
            leaving_and_meeting: ALWAYS,
            ..quiet_end()
        };
        assert!(!draw(&state, &draws, &without(|m| m.dissolution = false)).leaves);
    }
}
