//! Stress: load from outside that comes in events and decays, and that responsive episodes
//! relieve.

use super::purposes::{EndDraws, SharedStressDraws};
use super::rules::Rules;
use super::types::Episode;
use super::types::State;
use crate::simd::vector::Vector;

/// Relieves stress in an episode (Eq. 29; Feeney & Collins 2015).
#[inline(always)]
pub(crate) fn relieve<L: Vector>(state: &mut State<L>, episode: &Episode<L>, rules: &Rules) {
    if rules.mechanisms.relief {
        let met = (episode.stakes * episode.perceived).masked(episode.happens);
        state.stress = state.stress.reduced_by(met * rules.parameters.relief);
    }
}

/// Decays stress over a step and draws a stressful event (Eqs 31 and 32); returns where one
/// happened.
///
/// The event is in the middle of the step, between two halves of the decay, so that mean stress
/// does not depend on the length of a step. Strain is the level to which stress falls. With the
/// draws of `shared`, part of the events happen to both partners.
#[inline(always)]
pub(crate) fn update<L: Vector>(
    state: &mut State<L>,
    draws: &EndDraws<L>,
    shared: Option<&SharedStressDraws<L>>,
    rules: &Rules,
) -> L::Mask {
    if !rules.mechanisms.stress {
        return L::mask(false);
    }
    let p = &rules.parameters;
    let (mut event, mut size) = (draws.stress(), draws.size());
    if let Some(shared) = shared
        && rules.mechanisms.sharing
    {
        let both = shared.shared().lt(L::splat(p.stress_shared));
        event = shared.stress().select(both, event);
        size = shared.size().select(both, size);
    }
    let happens = event.lt(L::splat(p.stress_event_rate * rules.clock.step_days));
    let size = (size * p.stress_event_size).masked(happens);
    let level = if rules.mechanisms.strain {
        state.strain * p.strain_stress
    } else {
        L::splat(0.0)
    };
    let faded = level.lerp(state.stress, rules.step.stress_kept);
    let loaded = size.mul_add(faded.one_minus(), faded);
    state.stress = level.lerp(loaded, rules.step.stress_kept);
    happens
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::exp2;
    use crate::model::rules::Clock;
    use crate::model::test_support::{
        ALWAYS, assert_close, assert_within, partner, quiet_end, random_words, rules, rules_at,
        rules_of_step,
    };
    use rand::Rng;

    /// Mean stress over many steps of random words.
    fn mean(clock: Clock, steps: u32) -> f64 {
        let rules = rules_at(clock, |_, _| {});
        let (mut state, mut rng) = (partner().state, random_words(5));
        let sum = (0..steps).fold(0.0, |sum, _| {
            let draws = EndDraws {
                stress_and_betrayal: rng.next_u64(),
                sizes: rng.next_u64(),
                ..quiet_end()
            };
            update(&mut state, &draws, None, &rules);
            sum + state.stress
        });
        sum / f64::from(steps)
    }

    #[test]
    fn stress_has_the_stationary_mean_of_its_events_and_its_fading() {
        for (step_days, steps) in [(1.0, 400_000), (0.5, 800_000), (0.25, 1_600_000)] {
            let half = exp2(-step_days / 6.0);
            let load = 0.1 * step_days * 0.25;
            let theory = half * load / (1.0 - half * half * (1.0 - load));
            assert_within(
                mean(
                    Clock {
                        step_days,
                        moments: 2,
                    },
                    steps,
                ),
                theory,
                1.5e-3,
            );
            // In continuous time: the load over the sum of both rates.
            let limit = 0.025 / (std::f64::consts::LN_2 / 3.0 + 0.025);
            assert_within(theory, limit, 0.01 * limit);
        }
    }

    #[test]
    fn half_of_stress_is_left_after_its_half_life() {
        for (step_days, steps) in [(1.0, 3), (0.25, 12)] {
            let rules = rules_of_step(step_days);
            let mut state = partner().state;
            for _ in 0..steps {
                assert!(!update(&mut state, &quiet_end(), None, &rules));
            }
            assert_within(state.stress, 0.15, 1e-12);
        }
    }

    #[test]
    fn an_event_covers_a_share_of_the_distance_to_full_stress() {
        let (rules, mut state) = (rules(|_, _| {}), partner().state);
        let draws = EndDraws {
            stress_and_betrayal: ALWAYS,
            sizes: 0x8000,
            ..quiet_end()
        };
        assert!(update(&mut state, &draws, None, &rules));
        let half = exp2(-1.0 / 6.0);
        let size = 0.5 * (32_768.5 / 65_536.0);
        assert_close(
            state.stress,
            half * (0.3 * half + size * (1.0 - 0.3 * half)),
        );
    }

    #[test]
    fn stress_falls_to_the_level_of_strain() {
        let rules = rules(|p, _| p.strain_stress = 0.5);
        let mut state = partner().state;
        state.strain = 0.4;
        for _ in 0..3 {
            update(&mut state, &quiet_end(), None, &rules);
        }
        assert_within(state.stress, 0.2 + 0.1 * 0.5, 1e-12);
    }

    #[test]
    fn a_part_of_stressful_events_happens_to_both() {
        let drawn = |words: [u64; 2], part: f64, sharing: bool| {
            let rules = rules(|p, m| {
                (p.stress_shared, p.stress_event_rate) = (part, 0.25);
                m.sharing = sharing;
            });
            // What is the exclusive or of both partners' words is the same for both.
            let shared = SharedStressDraws::of_words(0x3000_0000, words[1]);
            let draws = EndDraws {
                stress_and_betrayal: words[0],
                ..quiet_end()
            };
            update(&mut partner().state, &draws, Some(&shared), &rules)
        };
        let (own_no, to_both) = (0xf000_0000, 0);
        assert!(drawn([own_no, to_both], 0.5, true));
        assert!(!drawn([own_no, u64::MAX], 0.5, true));
        assert!(!drawn([own_no, to_both], 0.5, false));
        assert!(drawn([0, u64::MAX], 0.5, true));
    }

    #[test]
    fn responsive_episodes_relieve_stress() {
        let episode = Episode {
            happens: true,
            stakes: 0.6,
            depth: 0.5,
            response: 0.9,
            perceived: 0.8,
            shortfall: 0.0,
            hurtful: 0.0,
            repaired: false,
        };
        let relieved = |episode: &Episode<f64>, rules: &Rules| {
            let mut state = partner().state;
            relieve(&mut state, episode, rules);
            state.stress
        };
        let (on, off) = (rules(|_, _| {}), rules(|_, m| m.relief = false));
        assert_close(relieved(&episode, &on), 0.3 * (1.0 - 0.15 * 0.6 * 0.8));
        assert_close(
            relieved(
                &Episode {
                    happens: false,
                    ..episode
                },
                &on,
            ),
            0.3,
        );
        assert_close(relieved(&episode, &off), 0.3);
    }

    #[test]
    fn without_the_mechanism_stress_neither_comes_nor_goes() {
        let (rules, mut state) = (rules(|_, m| m.stress = false), partner().state);
        let draws = EndDraws {
            stress_and_betrayal: ALWAYS,
            ..quiet_end()
        };
        assert!(!update(&mut state, &draws, None, &rules));
        assert_close(state.stress, 0.3);
    }
}
