//! Novelty: what of a relationship has not become usual, and pleases for that (Aron & Aron 1986).

use super::partner::State;
use super::rules::Rules;
use crate::foundation::lane::Lane;

/// Lets novelty become usual over a step (Eq. 34).
#[inline(always)]
pub(super) fn fade<L: Lane>(state: &mut State<L>, rules: &Rules) {
    if rules.mechanisms.novelty {
        state.novelty = state.novelty * rules.step.novelty_kept;
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::Clock;
    use super::super::trial::{close, partner, rules, rules_at, same};
    use super::super::view::satisfaction;
    use super::*;

    #[test]
    fn half_of_the_novelty_is_gone_in_its_half_life() {
        for (step_days, steps) in [(1.0, 800), (0.5, 1_600)] {
            let clock = Clock {
                step_days,
                moments: 2,
            };
            let rules = rules_at(clock, |_, _| {});
            let mut state = partner().state;
            (0..steps).for_each(|_| fade(&mut state, &rules));
            close(state.novelty, 0.5, 1e-12);
        }
    }

    #[test]
    fn without_the_mechanism_nothing_becomes_usual() {
        let mut state = partner().state;
        fade(&mut state, &rules(|_, m| m.novelty = false));
        same(state.novelty, 1.0);
    }

    #[test]
    fn what_has_become_usual_pleases_less() {
        let rules = rules(|p, _| p.satisfaction_novelty = 0.25);
        let mut state = partner().state;
        let new = satisfaction(&state, &rules);
        state.novelty = 0.2;
        close(new - satisfaction(&state, &rules), 0.25 * 0.8, 1e-12);
    }
}
