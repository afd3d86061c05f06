//! Deliberation: a partner of low commitment thinks about leaving, and withdraws meanwhile (Rollie &
//! Duck 2006).

use super::rules::Rules;
use super::types::State;
use crate::simd::vector::Vector;

/// The share of willingness and of disclosure that deliberation leaves [0–1] (Eqs 12 and 14).
#[inline(always)]
pub(crate) fn engagement<L: Vector>(state: &State<L>, rules: &Rules) -> L {
    if rules.mechanisms.deliberation {
        state
            .deliberation
            .one_minus_scaled(rules.parameters.withdrawal)
    } else {
        L::splat(1.0)
    }
}

/// How far commitment is below the threshold of deliberation [0–1] (Eq. 43).
#[inline(always)]
pub(crate) fn missing_commitment<L: Vector>(state: &State<L>, rules: &Rules) -> L {
    let p = &rules.parameters;
    ((-state.commitment + p.deliberation_commitment) * (1.0 / p.deliberation_width)).clamp01()
}

/// Moves deliberation over a step, forward or back, by how far commitment is below its threshold
/// (Eq. 43).
#[inline(always)]
pub(crate) fn update<L: Vector>(state: &mut State<L>, rules: &Rules) {
    if !rules.mechanisms.deliberation {
        return;
    }
    state.deliberation = state.deliberation.lerp(
        missing_commitment(state, rules),
        rules.step.deliberation_moved,
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::exp;
    use crate::model::test_support::{assert_close, partner, rules};

    fn deciding() -> Rules {
        rules(|p, _| {
            p.deliberation_commitment = 0.5;
            p.deliberation_width = 0.2;
            p.deliberation_time = 50.0;
            p.withdrawal = 0.4;
        })
    }

    #[test]
    fn it_follows_missing_commitment_and_finds_its_way_back() {
        let rules = deciding();
        let moved = 1.0 - exp(-1.0 / 50.0);
        for (commitment, target) in [(0.6, 0.0), (0.5, 0.0), (0.45, 0.25), (0.2, 1.0)] {
            for before in [0.0, 0.75] {
                let mut state = partner().state;
                (state.commitment, state.deliberation) = (commitment, before);
                update(&mut state, &rules);
                assert_close(state.deliberation, before + moved * (target - before));
            }
        }
    }

    #[test]
    fn one_who_deliberates_withdraws() {
        let mut state = partner().state;
        state.deliberation = 0.5;
        assert_close(engagement(&state, &deciding()), 0.8);
    }

    #[test]
    fn without_the_mechanism_nothing_moves_or_is_withdrawn() {
        let rules = rules(|_, m| m.deliberation = false);
        let mut state = partner().state;
        (state.commitment, state.deliberation) = (0.0, 0.5);
        update(&mut state, &rules);
        assert_close(state.deliberation, 0.5);
        assert_close(engagement(&state, &rules), 1.0);
    }
}
