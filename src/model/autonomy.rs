//! Autonomy: safe dependence frees, closeness without safety binds (Feeney 2007).

use super::partner::State;
use super::rules::Rules;
use super::view::safety;
use crate::foundation::lane::Lane;

/// The autonomy [0–1] that a partner's state makes for (Eq. 35).
#[inline(always)]
fn target<L: Lane>(state: &State<L>, safety: L, rules: &Rules) -> L {
    let p = &rules.parameters;
    let freed = safety.scaled_plus(1.0 - p.autonomy_base, L::splat(p.autonomy_base));
    let anxious = state.anxiety;
    let cost = anxious.scaled_plus(p.closeness_anxiety, L::splat(p.closeness_cost));
    freed.without(state.intimacy * safety.rest() * cost).clip()
}

/// Moves autonomy over a step (Eq. 36).
#[inline(always)]
pub(super) fn grow<L: Lane>(state: &mut State<L>, rules: &Rules) {
    if rules.mechanisms.autonomy {
        let target = target(state, safety(state, rules), rules);
        state.autonomy = state.autonomy.toward(target, rules.step.autonomy_moved);
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::Clock;
    use super::super::trial::{close, partner, rules, rules_at, same};
    use super::*;
    use crate::foundation::maths::exp;

    #[test]
    fn autonomy_approaches_its_target_with_its_time_constant() {
        let safety = 0.7 * 0.8 * 0.9;
        let aim = (0.35 + 0.65 * safety) * (1.0 - 0.4 * (1.0 - safety) * (0.4 + 0.6 * 0.5));
        for (step_days, steps) in [(1.0, 60), (0.25, 240)] {
            let rules = rules_at(
                Clock {
                    step_days,
                    moments: 2,
                },
                |_, _| {},
            );
            let mut state = partner().state;
            (0..steps).for_each(|_| grow(&mut state, &rules));
            close(state.autonomy, aim + (0.7 - aim) * exp(-1.0), 1e-12);
        }
    }

    #[test]
    fn safe_dependence_frees_and_closeness_without_safety_binds() {
        let rules = rules(|_, _| {});
        let aim = |intimacy: f64, safety: f64| {
            let mut state = partner().state;
            state.intimacy = intimacy;
            target(&state, safety, &rules)
        };
        same(aim(1.0, 1.0), 1.0);
        same(aim(0.0, 0.0), 0.35);
        same(aim(1.0, 0.0), 0.35 * (1.0 - 0.7));
        assert!(aim(0.9, 0.9) > aim(0.9, 0.3));
    }

    #[test]
    fn without_the_mechanism_autonomy_stays() {
        let (rules, mut state) = (rules(|_, m| m.autonomy = false), partner().state);
        grow(&mut state, &rules);
        same(state.autonomy, 0.7);
    }
}
