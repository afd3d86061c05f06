//! Betrayal: a rare event that lowers trust at once and leaves hurt; with deception it leaves a
//! scar that does not heal (Schweitzer, Hershey & Bradlow 2006).

use super::purposes::EndDraws;
use super::rules::{Rules, betrayal_probability};
use super::types::State;
use crate::simd::vector::{Mask, Vector};

/// Draws whether a partner of the given commitment betrays the other, and whether with deception
/// (Eq. 33).
#[inline(always)]
pub(crate) fn draw<L: Vector>(
    betrayer: &State<L>,
    draws: &EndDraws<L>,
    rules: &Rules,
) -> (L::Mask, L::Mask) {
    if !rules.mechanisms.betrayal {
        return (L::mask(false), L::mask(false));
    }
    let p = &rules.parameters;
    let rng = draws.betrayal();
    // In nearly all vectors no partner would, whatever the commitment.
    if rng.lt(L::splat(rules.step.most_betrayals)).none() {
        return (L::mask(false), L::mask(false));
    }
    let happens = rng.lt(betrayal_probability(
        betrayer.commitment,
        p,
        rules.clock.step_days,
    ));
    let deceives = draws.deception().lt(L::splat(p.deception));
    (happens, happens & deceives)
}

/// Applies a betrayal to the partner who was betrayed (Eqs 34 and 35).
#[inline(always)]
pub(crate) fn apply<L: Vector>(
    state: &mut State<L>,
    betrayed: L::Mask,
    deceived: L::Mask,
    rules: &Rules,
) {
    let p = &rules.parameters;
    state.trust -= state.trust.masked(betrayed) * p.betrayal_trust;
    state.uncertainty += state.uncertainty.one_minus().masked(betrayed) * p.betrayal_uncertainty;
    if rules.mechanisms.hurt {
        state.hurt += state.hurt.one_minus().masked(betrayed) * p.betrayal_hurt;
    }
    if rules.mechanisms.mood {
        state.mood = L::splat(-p.betrayal_mood).select(betrayed, state.mood);
    }
    if rules.mechanisms.scar {
        state.scar += state.scar.one_minus().masked(deceived) * p.scar;
    }
}

/// Sets hurt and scar to 0 while their mechanism is off, whatever set them before.
#[inline(always)]
pub(crate) fn reset_if_disabled<L: Vector>(state: &mut State<L>, rules: &Rules) {
    if !rules.mechanisms.hurt {
        state.hurt = L::splat(0.0);
    }
    if !rules.mechanisms.scar {
        state.scar = L::splat(0.0);
    }
}

/// Decays hurt over a step (Eq. 36).
#[inline(always)]
pub(crate) fn decay_hurt<L: Vector>(state: &mut State<L>, rules: &Rules) {
    if rules.mechanisms.hurt {
        state.hurt = state.hurt * rules.step.hurt_kept;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::test_support::{
        ALWAYS, assert_close, assert_within, mean_and_sd, partner, probability, quiet_end, rules,
        rules_of_step,
    };

    fn probability_of_betrayal(commitment: f64, rules: &Rules) -> f64 {
        let mut state = partner().state;
        state.commitment = commitment;
        probability(|word| {
            draw(
                &state,
                &EndDraws {
                    stress_and_betrayal: word << 32,
                    ..quiet_end()
                },
                rules,
            )
            .0
        })
    }

    fn suffered(deceived: bool, rules: &Rules) -> State<f64> {
        let mut state = partner().state;
        apply(&mut state, true, deceived, rules);
        state
    }

    #[test]
    fn the_uncommitted_betray_more() {
        let defaults = rules(|_, _| {});
        assert_within(probability_of_betrayal(0.6, &defaults), 5.5e-5, 1e-9);
        assert_within(probability_of_betrayal(0.9, &defaults), 5.5e-5, 1e-9);
        assert_within(
            probability_of_betrayal(0.1, &defaults),
            5.5e-5 * (1.0 + 4.0 * 0.5),
            1e-9,
        );
        let quarter = rules_of_step(0.25);
        assert_within(probability_of_betrayal(0.6, &quarter), 5.5e-5 / 4.0, 1e-9);
    }

    #[test]
    fn a_betrayal_comes_with_deception_as_often_as_the_parameter_says() {
        let deceiving = rules(|p, _| p.deception = 0.3);
        let state = partner().state;
        let (share, _) = mean_and_sd(16, |deception| {
            let draws = EndDraws {
                stress_and_betrayal: ALWAYS,
                sizes: deception << 32,
                ..quiet_end()
            };
            if draw(&state, &draws, &deceiving).1 {
                1.0
            } else {
                0.0
            }
        });
        assert_within(share, 0.3, 2e-5);
        let kept_faith = EndDraws {
            sizes: ALWAYS,
            ..quiet_end()
        };
        assert_eq!(draw(&state, &kept_faith, &deceiving), (false, false));
    }

    #[test]
    fn a_betrayal_takes_trust_and_certainty_at_once() {
        let after = suffered(false, &rules(|_, _| {}));
        assert_close(after.trust, 0.65 * 0.7);
        assert_close(after.uncertainty, 0.2 + 0.4 * 0.8);
        assert_close(after.hurt, 0.1 + 0.6 * 0.9);
        assert_close(after.mood, -0.8);
        assert_close(after.scar, 0.0);
    }

    #[test]
    fn after_its_half_life_half_of_the_hurt_is_left_and_all_of_the_scar() {
        for (step_days, steps) in [(1.0, 200), (0.5, 400)] {
            let rules = rules_of_step(step_days);
            let mut after = suffered(true, &rules);
            assert_close(after.scar, 0.3);
            (0..steps).for_each(|_| decay_hurt(&mut after, &rules));
            assert_within(after.hurt, 0.5 * (0.1 + 0.6 * 0.9), 1e-12);
            assert_close(after.scar, 0.3);
        }
    }

    #[test]
    fn without_the_mechanism_there_are_no_random_betrayals() {
        assert_close(
            probability_of_betrayal(0.0, &rules(|_, m| m.betrayal = false)),
            0.0,
        );
    }

    #[test]
    fn without_hurt_scar_and_mood_only_trust_suffers() {
        let bare = rules(|_, m| (m.hurt, m.scar, m.mood) = (false, false, false));
        let mut after = suffered(true, &bare);
        assert_close(after.trust, 0.65 * 0.7);
        assert_close(after.scar, 0.0);
        assert_close(after.mood, 0.0);
        decay_hurt(&mut after, &bare);
        assert_close(after.hurt, 0.1);
        after.scar = 0.2;
        reset_if_disabled(&mut after, &bare);
        assert_eq!((after.hurt, after.scar), (0.0, 0.0));
    }
}
