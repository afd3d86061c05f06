//! Dissolution: partners leave who think about it, for the bond or for reasons outside it that made them.

use super::deliberation::missing_commitment;
use super::purposes::EndDraws;
use super::rules::Rules;
use super::types::State;
use crate::simd::vector::Vector;

/// Which partners ended the relationship in a step, and why.
#[derive(Clone, Copy)]
pub struct Departure<L: Vector> {
    /// Partner A and partner B; both may.
    pub leaves: [L::Mask; 2],
    /// Where partner A or B left for reasons outside the bond.
    pub outside: [L::Mask; 2],
}

impl<L: Vector> Departure<L> {
    /// Neither partner leaves.
    #[inline(always)]
    pub(crate) fn none() -> Departure<L> {
        Departure {
            leaves: [L::mask(false); 2],
            outside: [L::mask(false); 2],
        }
    }

    /// Where the relationship ends for the bond itself. Where both partners leave and the bond is the reason of
    /// one, it is that.
    #[inline(always)]
    pub(crate) fn for_bond(&self) -> L::Mask {
        let ([a, b], [outside_a, outside_b]) = (self.leaves, self.outside);
        a & !outside_a | b & !outside_b
    }
}

/// Why a relationship is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeavingReason {
    /// The bond itself: the leaver had deliberated, and missing commitment explains at least half of it.
    Bond,
    /// Something outside the bond.
    Outside,
}

impl LeavingReason {
    /// The word of tables.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            LeavingReason::Bond => "bond",
            LeavingReason::Outside => "outside",
        }
    }
}

/// Which couples a partner leaves in a step, and where the reason is outside the bond.
#[derive(Clone, Copy)]
pub(crate) struct Leaving<L: Vector> {
    pub(crate) leaves: L::Mask,
    pub(crate) outside: L::Mask,
}

/// Draws whether a partner ends the relationship in this step, and why, or meets a reason outside it to
/// think about leaving (Eq. 44; Rollie & Duck 2006; Rosenfeld 2014).
///
/// One draw decides both: below the probability of leaving it is that, from there to the sum of the
/// two a reason outside.
#[inline(always)]
pub(crate) fn draw<L: Vector>(
    state: &mut State<L>,
    draws: &EndDraws<L>,
    rules: &Rules,
) -> Leaving<L> {
    let never = L::mask(false);
    if !rules.mechanisms.dissolution {
        return Leaving {
            leaves: never,
            outside: never,
        };
    }
    let p = &rules.parameters;
    let days = rules.clock.step_days;
    let drawn = draws.leaving();
    let mut ends = L::splat(0.0);
    if rules.mechanisms.deliberation {
        ends = state.deliberation * state.deliberation * (p.leaving_rate * days);
    }
    let leaves = drawn.lt(ends);
    let mut outside = leaves & missing_commitment(state, rules).lt(state.deliberation * 0.5);
    if rules.mechanisms.outside {
        let either = state
            .investment
            .one_minus()
            .mul_add_scalar(p.outside_rate * days, ends);
        let reason = drawn.lt(either) & !leaves;
        if rules.mechanisms.deliberation {
            state.deliberation = state.deliberation.max(L::splat(1.0).masked(reason));
        } else {
            return Leaving {
                leaves: reason,
                outside: reason,
            };
        }
    } else {
        outside = never;
    }
    Leaving { leaves, outside }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Mechanisms;
    use crate::model::test_support::{
        ALWAYS, assert_within, partner, probability, quiet_end, rules,
    };

    fn leaving(change: fn(&mut Mechanisms)) -> Rules {
        rules(|p, m| {
            (p.leaving_rate, p.outside_rate) = (0.06, 0.002);
            (p.deliberation_commitment, p.deliberation_width) = (0.6, 0.2);
            change(m);
        })
    }

    /// The state of a partner who thinks about leaving, is committed and has invested so much.
    fn thinking(deliberation: f64, commitment: f64, investment: f64) -> State<f64> {
        let mut state = partner().state;
        (state.deliberation, state.commitment, state.investment) =
            (deliberation, commitment, investment);
        state
    }

    fn drawn(state: &State<f64>, word: u64, rules: &Rules) -> (Leaving<f64>, State<f64>) {
        let draws = EndDraws {
            leaving_and_meeting: word,
            ..quiet_end()
        };
        let mut state = *state;
        let leaving = draw(&mut state, &draws, rules);
        (leaving, state)
    }

    /// The probabilities of leaving for the bond, of leaving for reasons outside, and of a reason to think
    /// about it.
    fn probabilities(state: &State<f64>, rules: &Rules) -> [f64; 3] {
        let bond = probability(|word| {
            let (found, _) = drawn(state, word, rules);
            found.leaves && !found.outside
        });
        let leaves = probability(|word| drawn(state, word, rules).0.leaves);
        let thinks = probability(|word| {
            let (found, after) = drawn(state, word, rules);
            found.leaves || after.deliberation != state.deliberation
        });
        [bond, leaves - bond, thinks - leaves]
    }

    #[test]
    fn one_leaves_in_thought_and_a_reason_outside_begins_the_thought() {
        for (deliberation, investment) in [(0.0, 0.0), (0.0, 1.0), (0.5, 0.25), (0.9, 0.75)] {
            let state = thinking(deliberation, 0.2, investment);
            let [bond, outside, thinks] = probabilities(&state, &leaving(|_| {}));
            assert_within(bond, 0.06 * deliberation * deliberation, 1e-9);
            assert_eq!(outside, 0.0);
            assert_within(thinks, 0.002 * (1.0 - investment), 1e-9);
        }
        let after = drawn(&thinking(0.3, 0.2, 0.0), 27_000_000, &leaving(|_| {})).1;
        assert_eq!(after.deliberation, 1.0);
    }

    #[test]
    fn the_reason_is_outside_where_commitment_explains_less_than_half_of_the_thought() {
        // What is missing of commitment is a quarter of the width.
        for (deliberation, of_bond) in [(0.4, true), (0.49, true), (0.51, false), (1.0, false)] {
            let state = thinking(deliberation, 0.55, 1.0);
            let [bond, outside, _] = probabilities(&state, &leaving(|_| {}));
            let expected = 0.06 * deliberation * deliberation;
            assert_within(if of_bond { bond } else { outside }, expected, 1e-9);
            assert_eq!(if of_bond { outside } else { bond }, 0.0);
        }
    }

    #[test]
    fn the_bond_is_the_reason_where_it_is_that_of_one_who_leaves() {
        for (leaves, outside, for_bond) in [
            ([true, false], [false, false], true),
            ([true, false], [true, false], false),
            ([false, true], [true, false], true),
            ([true, true], [true, false], true),
            ([true, true], [false, true], true),
            ([true, true], [true, true], false),
        ] {
            let departure: Departure<f64> = Departure { leaves, outside };
            assert_eq!(departure.for_bond(), for_bond, "{leaves:?} {outside:?}");
        }
    }

    #[test]
    fn each_reason_has_its_switch() {
        let state = thinking(0.9, 0.9, 0.0);
        let [bond, outside, thinks] = probabilities(&state, &leaving(|m| m.deliberation = false));
        assert_eq!([bond, thinks], [0.0; 2]);
        assert_within(outside, 0.002, 1e-9);
        let [bond, outside, thinks] = probabilities(&state, &leaving(|m| m.outside = false));
        assert_within(bond, 0.06 * 0.81, 1e-9);
        assert_eq!([outside, thinks], [0.0; 2]);
        let none = leaving(|m| m.dissolution = false);
        let (found, after) = drawn(&state, ALWAYS, &none);
        assert!(!found.leaves && after == state);
    }
}
