//! Commitment: the wish to stay, from satisfaction, what one has invested, and poor alternatives
//! (Rusbult 1983).

use super::derived::satisfaction;
use super::purposes::EndDraws;
use super::rules::Rules;
use super::types::{Episode, Partner, State};
use crate::simd::vector::Vector;

/// Raises a discloser's investment by what was disclosed (Eq. 30; Rusbult 1983).
#[inline(always)]
pub(crate) fn invest<L: Vector>(state: &mut State<L>, episode: &Episode<L>, rules: &Rules) {
    if rules.mechanisms.investment {
        let stakes = episode.stakes.masked(episode.happens);
        let put_in = stakes * episode.depth * rules.parameters.investment_rate;
        state.investment = put_in.mul_add(state.investment.one_minus(), state.investment);
    }
}

/// Decays investment over a step (Eq. 36).
#[inline(always)]
pub(crate) fn decay_investment<L: Vector>(state: &mut State<L>, rules: &Rules) {
    if rules.mechanisms.investment {
        state.investment = state.investment * rules.step.investment_kept;
    }
}

/// Draws whether a partner meets a possible alternative, and decays the best one met so far (Eq.
/// 41).
#[inline(always)]
pub(crate) fn update_alternatives<L: Vector>(
    partner: &mut Partner<L>,
    draws: &EndDraws<L>,
    rules: &Rules,
) {
    if !rules.mechanisms.alternatives {
        return;
    }
    let p = &rules.parameters;
    let rate = L::splat(rules.clock.step_days / p.alternative_interval);
    let meets = draws.meeting().lt(rate);
    let worth = partner.traits.mate_value;
    let best = worth.mul_add_scalar(1.0 - p.alternative_base, L::splat(p.alternative_base));
    let quality = (draws.quality() * best).masked(meets);
    let state = &mut partner.state;
    state.alternatives = state.alternatives.max(quality) * rules.step.alternatives_kept;
}

/// Moves commitment over a step (Eq. 42).
#[inline(always)]
pub(crate) fn update<L: Vector>(partner: &mut Partner<L>, rules: &Rules) {
    if !rules.mechanisms.commitment {
        return;
    }
    let p = &rules.parameters;
    let state = &mut partner.state;
    let tempting = state
        .alternatives
        .reduced_by(state.commitment * p.derogation);
    let content = satisfaction(state, rules) * p.commitment_satisfaction;
    let invested = state
        .investment
        .mul_add_scalar(p.commitment_investment, content);
    let target = tempting
        .one_minus()
        .mul_add_scalar(p.commitment_alternatives, invested);
    state.commitment = state
        .commitment
        .lerp(target.clamp01(), rules.step.commitment_moved);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::{exp, exp2};
    use crate::model::rules::Clock;
    use crate::model::test_support::{
        ALWAYS, assert_close, assert_within, episode_of, partner, power, probability, quiet_end,
        random_words, rules, rules_at, rules_of_step,
    };
    use rand::Rng;

    fn disclosed(depth: f64, perceived: f64, happens: bool) -> Episode<f64> {
        Episode {
            happens,
            ..episode_of(0.5, depth, 0.1, perceived)
        }
    }

    #[test]
    fn a_partner_invests_what_is_disclosed_met_or_not() {
        let on = rules(|p, _| p.investment_rate = 0.1);
        let after = |episode: &Episode<f64>, rules: &Rules| {
            let mut state = partner().state;
            state.investment = 0.2;
            invest(&mut state, episode, rules);
            state.investment
        };
        let met = disclosed(0.4, 0.75, true);
        let invested = 0.2 + 0.1 * 0.5 * 0.4 * 0.8;
        assert_close(after(&met, &on), invested);
        assert_close(after(&disclosed(0.4, 0.0, true), &on), invested);
        assert_close(after(&disclosed(0.0, 0.75, true), &on), 0.2);
        assert_close(after(&disclosed(0.4, 0.75, false), &on), 0.2);
        assert_close(after(&met, &rules(|_, m| m.investment = false)), 0.2);
    }

    #[test]
    fn half_of_the_investment_is_left_after_its_half_life() {
        for (step_days, steps) in [(1.0, 1_200), (0.5, 2_400)] {
            let clock = Clock {
                step_days,
                ..Clock::default()
            };
            let rules = rules_at(clock, |p, _| p.investment_half_life = 1_200.0);
            let mut state = partner().state;
            state.investment = 0.8;
            (0..steps).for_each(|_| decay_investment(&mut state, &rules));
            assert_within(state.investment, 0.4, 1e-12);
        }
        let mut state = partner().state;
        state.investment = 0.8;
        decay_investment(&mut state, &rules(|_, m| m.investment = false));
        assert_close(state.investment, 0.8);
    }

    #[test]
    fn a_partner_meets_others_at_the_stated_interval() {
        let clock = Clock {
            step_days: 0.5,
            moments: 2,
        };
        let rules = rules_at(clock, |_, _| {});
        let met = |word| {
            let mut partner = partner();
            partner.state.alternatives = 0.0;
            let draws = EndDraws {
                leaving_and_meeting: word << 32,
                ..quiet_end()
            };
            update_alternatives(&mut partner, &draws, &rules);
            partner.state.alternatives > 0.0
        };
        assert_within(probability(met), 0.5 / 45.0, 1e-9);
    }

    #[test]
    fn only_a_better_alternative_takes_the_place_of_the_best() {
        let rules = rules(|_, _| {});
        let after = |alternatives: f64, sizes: u64| {
            let mut partner = partner();
            partner.state.alternatives = alternatives;
            update_alternatives(
                &mut partner,
                &EndDraws {
                    leaving_and_meeting: ALWAYS,
                    sizes,
                    ..quiet_end()
                },
                &rules,
            );
            partner.state.alternatives
        };
        let kept = exp2(-1.0 / 120.0);
        assert_within(after(0.3, 0xffff_0000), 0.75 * kept, 1e-5);
        assert_close(after(0.3, 0), 0.3 * kept);
    }

    /// Mean of the stationary best alternative: it is below x if no meeting n steps ago was better
    /// than x / kept^n, for all n.
    fn stationary_alternatives(step_days: f64) -> f64 {
        let (kept, meets) = (exp2(-step_days / 120.0), step_days / 45.0);
        let below = |x: f64| {
            let (mut share, mut bar) = (1.0, x / kept);
            while bar < 0.75 {
                share *= 1.0 - meets + meets * bar / 0.75;
                bar *= 1.0 / kept;
            }
            share
        };
        let cells = 2_000_u32;
        let width = 0.75 / f64::from(cells);
        (0..cells)
            .map(|cell| (1.0 - below((f64::from(cell) + 0.5) * width)) * width)
            .sum()
    }

    #[test]
    fn alternatives_have_the_stationary_mean_of_meeting_and_forgetting() {
        for (step_days, steps) in [(1.0, 1_000_000), (0.5, 2_000_000)] {
            let rules = rules_of_step(step_days);
            let (mut partner, mut rng) = (partner(), random_words(7));
            let sum = (0..steps).fold(0.0, |sum, _| {
                let draws = EndDraws {
                    leaving_and_meeting: rng.next_u64(),
                    sizes: rng.next_u64(),
                    ..quiet_end()
                };
                update_alternatives(&mut partner, &draws, &rules);
                sum + partner.state.alternatives
            });
            assert_within(
                sum / f64::from(steps),
                stationary_alternatives(step_days),
                0.008,
            );
        }
    }

    #[test]
    fn commitment_has_the_fixed_point_of_the_investment_model() {
        let rules = rules(|_, _| {});
        let mut partner = partner();
        partner.state.alternatives = 0.8;
        partner.state.investment = 0.5;
        (0..3_000).for_each(|_| update(&mut partner, &rules));
        let satisfaction = 0.6 * 0.4 + 0.4 * 0.7 * 0.9;
        let invited = 0.55 * satisfaction + 0.25 * 0.5 + 0.2 * (1.0 - 0.8);
        assert_within(
            partner.state.commitment,
            invited / (1.0 - 0.2 * 0.8 * 0.5),
            1e-12,
        );
    }

    #[test]
    fn commitment_moves_with_its_time_constant() {
        let rules = rules(|p, _| p.derogation = 0.0);
        let mut partner = partner();
        partner.state.commitment = 0.6;
        partner.state.investment = 0.5;
        (0..10).for_each(|_| update(&mut partner, &rules));
        let satisfaction = 0.6 * 0.4 + 0.4 * 0.7 * 0.9;
        let expected = 0.55 * satisfaction + 0.25 * 0.5 + 0.2 * (1.0 - 0.3);
        let left = power(exp(-1.0 / 30.0), 10);
        assert_within(
            partner.state.commitment,
            expected + (0.6 - expected) * left,
            1e-12,
        );
    }

    #[test]
    fn without_their_mechanisms_neither_alternatives_nor_commitment_move() {
        let rules = rules(|_, m| (m.alternatives, m.commitment) = (false, false));
        let mut after = partner();
        update_alternatives(
            &mut after,
            &EndDraws {
                leaving_and_meeting: ALWAYS,
                ..quiet_end()
            },
            &rules,
        );
        update(&mut after, &rules);
        assert_eq!(after, partner());
    }
}
