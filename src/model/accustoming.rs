//! Accustoming: what one has had for long enough no longer adds to satisfaction (Aron & Aron 1986).

use super::rules::Rules;
use super::types::State;
use crate::simd::vector::Vector;

/// Moves the accustomed closeness toward the present one over a step (Eq. 36).
#[inline(always)]
pub(crate) fn update<L: Vector>(state: &mut State<L>, rules: &Rules) {
    if rules.mechanisms.accustoming {
        state.accustomed = state
            .accustomed
            .lerp(state.intimacy, rules.step.accustomed_moved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::exp;
    use crate::model::derived::satisfaction;
    use crate::model::test_support::{assert_close, partner, rules};

    #[test]
    fn closeness_that_lasts_adds_less_and_less() {
        let rules = rules(|p, _| (p.satisfaction_gain, p.accustoming_time) = (0.2, 100.0));
        let mut state = partner().state;
        state.accustomed = 0.0;
        let new = satisfaction(&state, &rules);
        update(&mut state, &rules);
        assert_close(state.accustomed, 0.4 * (1.0 - exp(-0.01)));
        let later = satisfaction(&state, &rules);
        assert_close(new - later, 0.2 * state.accustomed);
        (0..10_000).for_each(|_| update(&mut state, &rules));
        assert_close(new - satisfaction(&state, &rules), 0.2 * 0.4);
    }

    #[test]
    fn a_loss_of_closeness_hurts_satisfaction_beyond_its_level() {
        let rules = rules(|p, _| p.satisfaction_gain = 0.2);
        let mut state = partner().state;
        state.accustomed = state.intimacy;
        let before = satisfaction(&state, &rules);
        state.intimacy -= 0.1;
        let by = rules.parameters.satisfaction_intimacy + 0.2;
        assert_close(before - satisfaction(&state, &rules), 0.1 * by);
    }

    #[test]
    fn without_the_mechanism_it_neither_moves_nor_counts() {
        let rules = rules(|_, m| m.accustoming = false);
        let mut state = partner().state;
        state.accustomed = 0.0;
        let before = satisfaction(&state, &rules);
        update(&mut state, &rules);
        assert_close(state.accustomed, 0.0);
        state.accustomed = 1.0;
        assert_close(satisfaction(&state, &rules), before);
    }
}
