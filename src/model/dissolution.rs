//! Dissolution: an uncommitted partner may end the relationship.

use super::purposes::EndDraws;
use super::rules::Rules;
use super::types::State;
use crate::simd::vector::Vector;

/// Draws whether a partner ends the relationship in this step (Eq. 41; Rosenfeld 2014).
#[inline(always)]
pub(crate) fn draw<L: Vector>(state: &State<L>, draws: &EndDraws<L>, rules: &Rules) -> L::Mask {
    if !rules.mechanisms.dissolution {
        return L::mask(false);
    }
    let p = &rules.parameters;
    let missing =
        (-state.commitment + p.breakup_commitment).max_zero() * (1.0 / p.breakup_commitment);
    let rate = missing * missing * (p.breakup_rate * rules.clock.step_days);
    draws.leaving().lt(rate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::test_support::{
        ALWAYS, assert_close, assert_within, partner, probability, quiet_end, rules, rules_of_step,
    };

    fn leaving_probability(commitment: f64, rules: &Rules) -> f64 {
        let mut state = partner().state;
        state.commitment = commitment;
        probability(|word| {
            draw(
                &state,
                &EndDraws {
                    leaving_and_meeting: word,
                    ..quiet_end()
                },
                rules,
            )
        })
    }

    #[test]
    fn the_probability_of_leaving_is_the_square_of_missing_commitment() {
        let defaults = rules(|_, _| {});
        assert_within(leaving_probability(0.0, &defaults), 0.06, 1e-9);
        assert_within(leaving_probability(0.31, &defaults), 0.06 / 4.0, 1e-9);
        let half = rules_of_step(0.5);
        assert_within(leaving_probability(0.31, &half), 0.06 / 8.0, 1e-9);
    }

    #[test]
    fn no_partner_leaves_above_the_threshold_or_without_the_mechanism() {
        assert_close(leaving_probability(0.62, &rules(|_, _| {})), 0.0);
        let bound = rules(|_, m| m.dissolution = false);
        let draws = EndDraws {
            leaving_and_meeting: ALWAYS,
            ..quiet_end()
        };
        let mut state = partner().state;
        state.commitment = 0.0;
        assert!(!draw(&state, &draws, &bound));
    }
}
