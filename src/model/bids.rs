//! Bids: when a partner turns to the other, and how much is at stake.

use super::derived::Derived;
use super::purposes::BidDraws;
use super::rules::Rules;
use super::types::{Partner, State};
use crate::simd::vector::Vector;

/// The probability of a bid in a moment of a slot of several moments, from the rate in a moment
/// (Eq. 8).
#[inline(always)]
fn in_slot<L: Vector>(rate: L, limit: f64, slot: L, rules: &Rules) -> L {
    let moments = rules.step.slot_moments;
    let share = rate.min_scalar(limit).min_scalar(1.0 / moments);
    let passed = slot.max_zero();
    let open = slot.ge(L::splat(0.0));
    share.div((share * passed).one_minus()).masked(open)
}

/// Moves a partner's place in the bid slot by one moment (Eq. 8).
#[inline(always)]
pub(crate) fn pass_moment<L: Vector>(slot: &mut L, bid: L::Mask, rules: &Rules) {
    let moments = rules.step.slot_moments;
    if moments > 1.0 {
        let waited = *slot + 1.0;
        let silent = waited - moments;
        let full = waited.ge(L::splat(moments));
        *slot = silent.select(bid, L::splat(0.0).select(full, waited));
    }
}

/// Whether an episode happens in a phase, and how much is at stake in it.
#[derive(Clone, Copy)]
pub(crate) struct Occurrence<L: Vector> {
    pub(crate) happens: L::Mask,
    /// Stakes q [0–1].
    pub(crate) stakes: L,
}

/// The rate of bids in a moment for a contact rate of 1, lower for the avoidant (Eq. 8).
#[inline(always)]
pub(crate) fn bid_rate<L: Vector>(state: &State<L>, rules: &Rules) -> L {
    let p = &rules.parameters;
    state.avoidance.one_minus_scaled(p.bid_avoidance) * (p.bid_rate * rules.step.moment_days)
}

/// What anxiety adds to the rate of bids of a partner without any felt security (Eq. 8).
#[inline(always)]
pub(crate) fn bid_anxiety_gain<L: Vector>(state: &State<L>, rules: &Rules) -> L {
    state.anxiety * rules.parameters.bid_anxiety
}

/// Draws a partner's bid of this moment (Eqs 8 and 10; Reis & Shaver 1988).
///
/// A slot of half a day has one bid at most, whatever the number of its moments: its probability is
/// spread evenly over them. The limit applies to the rate per day.
#[inline(always)]
pub(crate) fn draw<L: Vector>(
    contact: L,
    partner: &Partner<L>,
    derived: &Derived<'_, L>,
    draws: &BidDraws<L>,
    rules: &Rules,
) -> Occurrence<L> {
    if !rules.mechanisms.contact {
        return Occurrence {
            happens: L::mask(false),
            stakes: L::splat(0.0),
        };
    }
    let p = &rules.parameters;
    let state = &partner.state;
    let interest = derived.complacency.one_minus_scaled(1.0 - p.bid_floor);
    let anxiety_gain = derived.constants.bid_anxiety_gain;
    let sought = anxiety_gain.mul_add(derived.felt_security.one_minus(), L::splat(1.0));
    let rate = contact * derived.constants.bid_rate * interest * sought;
    let limit = p.bid_limit * rules.step.moment_days;
    let probability = if rules.step.slot_moments > 1.0 {
        in_slot(rate, limit, partner.slot, rules)
    } else {
        rate.min_scalar(limit)
    };
    let happens = draws.occurrence().lt(probability);
    let need = state
        .stress
        .mul_add_scalar(p.bid_stakes_stress, L::splat(p.bid_stakes));
    let stakes = draws.stakes().mul_add_scalar(p.bid_stakes_spread, need);
    Occurrence {
        happens,
        stakes: stakes.min_scalar(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Couple;
    use crate::model::rules::Clock;
    use crate::model::test_support::{
        ALWAYS, NEVER, assert_close, assert_within, derived, partner, probability, quiet_episode,
        random_words, rules, rules_at,
    };
    use rand::Rng;

    /// Draws of a bid that happens below a 32-bit number, of which it reads the upper half, and
    /// whose stakes come from two bytes.
    fn draws(occurrence: u64, stakes: u64) -> BidDraws<f64> {
        BidDraws {
            bid: occurrence >> 16 << 48 | (stakes & 0xffff) << 32,
            outcome: quiet_episode().outcome,
        }
    }

    fn couple() -> Couple<f64> {
        Couple {
            partners: [partner(); 2],
            contact: 0.8,
        }
    }

    fn bid_probability(couple: &Couple<f64>, rules: &Rules) -> f64 {
        let partner = &couple.partners[0];
        let derived = derived(partner, rules);
        probability(|word| draw(couple.contact, partner, &derived, &draws(word, 0), rules).happens)
    }

    #[test]
    fn the_rate_of_bids_follows_complacency_avoidance_and_anxiety() {
        let rules = rules(|_, _| {});
        let felt_security = 0.7 * (1.0 - 0.2) * (1.0 - 0.1);
        let complacency = (1.0 - 0.4) * felt_security;
        let rate = 1.6
            * 0.8
            * (0.4 + 0.6 * (1.0 - complacency))
            * (1.0 - 0.1 * 0.25)
            * (1.0 + 0.5 * 0.5 * (1.0 - felt_security));
        assert_within(
            bid_probability(&couple(), &rules),
            rate * 0.5,
            0.5 / 65_536.0,
        );
    }

    #[test]
    fn bids_are_as_frequent_as_they_are_probable() {
        let (couple, rules) = (couple(), rules(|_, _| {}));
        let (partner, mut rng) = (&couple.partners[0], random_words(1));
        let derived = derived(partner, &rules);
        let bids = (0..100_000)
            .filter(|_| {
                draw(
                    couple.contact,
                    partner,
                    &derived,
                    &draws(rng.next_u64() >> 32, 0),
                    &rules,
                )
                .happens
            })
            .count();
        assert_within(bids as f64 / 1e5, bid_probability(&couple, &rules), 0.006);
    }

    #[test]
    fn a_slot_of_half_a_day_has_one_bid_with_the_same_probability_however_it_is_cut() {
        let full = bid_probability(&couple(), &rules(|_, _| {}));
        let mut rng = random_words(4);
        for (step_days, moments, slot) in [(1.0, 8, 4), (0.25, 1, 2), (0.5, 6, 6)] {
            let rules = rules_at(Clock { step_days, moments }, |_, _| {});
            let mut partner = couple().partners[0];
            let derived = derived(&partner, &rules);
            let (mut bids, mut when) = (0, vec![0; slot]);
            for _ in 0..40_000 {
                let before = bids;
                for moment in &mut when {
                    let word = rng.next_u64() >> 32;
                    let drawn = draw(0.8, &partner, &derived, &draws(word, 0), &rules);
                    pass_moment(&mut partner.slot, drawn.happens, &rules);
                    bids += usize::from(drawn.happens);
                    *moment += usize::from(drawn.happens);
                }
                assert!(bids <= before + 1);
                assert_close(partner.slot, 0.0);
            }
            assert_within(bids as f64 / 40_000.0, full, 0.01);
            for moment in when {
                assert_within(moment as f64, bids as f64 / slot as f64, 450.0);
            }
        }
    }

    #[test]
    fn the_limit_of_the_rate_does_not_depend_on_the_length_of_moments() {
        let mut eager = couple();
        eager.contact = 20.0;
        for (step_days, moments) in [(1.0, 2), (1.0, 4), (0.25, 1), (0.5, 2)] {
            let rules = rules_at(Clock { step_days, moments }, |p, _| p.bid_limit = 1.5);
            assert_close(
                bid_probability(&eager, &rules),
                1.5 * step_days / f64::from(moments),
            );
        }
        let open = rules(|p, _| p.bid_limit = 96.0);
        assert_close(bid_probability(&eager, &open), 1.0);
    }

    #[test]
    fn stakes_grow_with_their_random_part_and_stress() {
        let (couple, rules) = (couple(), rules(|_, _| {}));
        let partner = &couple.partners[0];
        let stakes = |word| {
            draw(
                couple.contact,
                partner,
                &derived(partner, &rules),
                &draws(ALWAYS, word),
                &rules,
            )
            .stakes
        };
        let mut rng = random_words(2);
        let mean = (0..100_000)
            .map(|_| stakes(rng.next_u64() >> 32))
            .sum::<f64>()
            / 1e5;
        assert_within(mean, 0.15 + 0.5 * 0.25 + 0.35 * 0.3, 1.5e-3);
        let cell = 0.5 / 256.0;
        assert_within(stakes(0), 0.255 + 0.5 * cell * cell, 1e-9);
        assert_within(
            stakes(NEVER),
            0.255 + 0.5 * (1.0 - cell) * (1.0 - cell),
            1e-9,
        );
    }

    #[test]
    fn stakes_are_never_above_1() {
        let (couple, rules) = (couple(), rules(|p, _| p.bid_stakes = 1.0));
        let partner = &couple.partners[0];
        let drawn = draw(
            couple.contact,
            partner,
            &derived(partner, &rules),
            &draws(ALWAYS, NEVER),
            &rules,
        );
        assert_close(drawn.stakes, 1.0);
    }

    #[test]
    fn without_the_mechanism_there_are_no_bids() {
        let rules = rules(|_, m| m.contact = false);
        assert_close(bid_probability(&couple(), &rules), 0.0);
    }
}
