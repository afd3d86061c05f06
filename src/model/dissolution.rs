//! Dissolution: an uncommitted partner may leave, and the one who does is known.

use super::partner::State;
use super::purposes::EndDraws;
use super::rules::Rules;
use crate::simd::vector::Vector;

/// Draws whether a partner ends the relationship in this step (Eq. 41; Rosenfeld 2014).
#[inline(always)]
pub(crate) fn leaves<L: Vector>(state: &State<L>, draws: &EndDraws<L>, rules: &Rules) -> L::Mask {
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
    use crate::model::rules::Clock;
    use crate::model::test_support::{
        SURELY, close, partner, probability, rules, rules_at, same, uneventful,
    };

    fn chance_of_leaving(commitment: f64, rules: &Rules) -> f64 {
        let mut state = partner().state;
        state.commitment = commitment;
        probability(|word| {
            leaves(
                &state,
                &EndDraws {
                    turns: word,
                    ..uneventful()
                },
                rules,
            )
        })
    }

    #[test]
    fn the_chance_of_leaving_grows_as_the_square_of_missing_commitment() {
        let usual = rules(|_, _| {});
        close(chance_of_leaving(0.0, &usual), 0.06, 1e-9);
        close(chance_of_leaving(0.31, &usual), 0.06 / 4.0, 1e-9);
        let half = rules_at(
            Clock {
                step_days: 0.5,
                moments: 2,
            },
            |_, _| {},
        );
        close(chance_of_leaving(0.31, &half), 0.06 / 8.0, 1e-9);
    }

    #[test]
    fn nobody_leaves_above_the_threshold_or_without_the_mechanism() {
        same(chance_of_leaving(0.62, &rules(|_, _| {})), 0.0);
        let bound = rules(|_, m| m.dissolution = false);
        let draws = EndDraws {
            turns: SURELY,
            ..uneventful()
        };
        let mut state = partner().state;
        state.commitment = 0.0;
        assert!(!leaves(&state, &draws, &bound));
    }
}
