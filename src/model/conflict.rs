//! Conflict: when a couple has one, and how much is at stake.

use super::bids::Occurrence;
use super::derived::Derived;
use super::purposes::ConflictDraws;
use super::rules::Rules;
use super::types::Couple;
use crate::simd::vector::Vector;

/// Draws a couple's conflict of this moment (Eqs 9 and 11; Karney & Bradbury 1995).
#[inline(always)]
pub(crate) fn draw<L: Vector>(
    couple: &Couple<L>,
    derived: &[Derived<'_, L>; 2],
    draws: &ConflictDraws<L>,
    rules: &Rules,
) -> Occurrence<L> {
    let p = &rules.parameters;
    let [a, b] = &couple.partners;
    let one = L::splat(1.0);
    let strained = (a.state.stress + b.state.stress).mul_add_scalar(p.conflict_stress, one);
    let felt_security = (derived[0].felt_security + derived[1].felt_security) * 0.5;
    let [a_unsafe, b_unsafe] = [
        derived[0].felt_security.one_minus(),
        derived[1].felt_security.one_minus(),
    ];
    // Both products are rounded, so that the order of the partners does not matter.
    let anxious = (a.state.anxiety * a_unsafe + b.state.anxiety * b_unsafe) * 0.5;
    let stirred = anxious.mul_add_scalar(p.conflict_anxiety, one);
    let unsafe_couple = felt_security
        .one_minus()
        .mul_add_scalar(p.conflict_unsafety, stirred);
    let rate = p.conflict_rate * rules.step.moment_days;
    let happens = draws.occurrence().lt(strained * unsafe_couple * rate);
    let stakes = draws
        .stakes()
        .mul_add_scalar(p.conflict_stakes_spread, L::splat(p.conflict_stakes));
    Occurrence {
        happens,
        stakes: stakes.min_scalar(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rules::Clock;
    use crate::model::test_support::{
        NO_NOISE, assert_close, assert_within, derived, mean_and_sd, partner, probability,
        random_words, rules, rules_at,
    };
    use rand::Rng;

    /// Half a cell of a probability of 22 bits.
    const HALF_A_CELL: f64 = 0.5 / 4_194_304.0;

    /// Draws of a conflict that happens below a 32-bit number, of which it reads the upper 22
    /// bits, and whose stakes come from 10 bits.
    fn draws(occurrence: u64, stakes: u64) -> ConflictDraws<f64> {
        ConflictDraws {
            conflict: occurrence >> 10 << 10 | stakes,
            noise: NO_NOISE << 32 | NO_NOISE,
        }
    }

    fn couple() -> Couple<f64> {
        let mut couple = Couple {
            partners: [partner(); 2],
            contact: 1.0,
            investment: 0.0,
        };
        couple.partners[1].state.stress = 0.05;
        couple.partners[1].state.hurt = 0.0;
        couple
    }

    fn drawn(couple: &Couple<f64>, words: [u64; 2], rules: &Rules) -> Occurrence<f64> {
        let derived = [0, 1].map(|who| derived(&couple.partners[who], rules));
        draw(couple, &derived, &draws(words[0], words[1]), rules)
    }

    fn conflict_probability(couple: &Couple<f64>, rules: &Rules) -> f64 {
        probability(|word| drawn(couple, [word, 0], rules).happens)
    }

    #[test]
    fn conflicts_come_from_stress_and_from_missing_safety() {
        let felt_security = 0.5 * (0.7 * 0.8 * 0.9 + 0.7 * 0.8);
        let anxious = 0.5 * 0.5 * ((1.0 - 0.7 * 0.8 * 0.9) + (1.0 - 0.7 * 0.8));
        let rate = 0.15 * (1.0 + 2.0 * 0.35) * (1.0 + 1.5 * (1.0 - felt_security) + 1.5 * anxious);
        assert_within(
            conflict_probability(&couple(), &rules(|_, _| {})),
            rate * 0.5,
            HALF_A_CELL,
        );
    }

    #[test]
    fn the_probability_of_conflict_is_proportional_to_the_moment() {
        let full = conflict_probability(&couple(), &rules(|_, _| {}));
        let clock = Clock {
            step_days: 0.5,
            moments: 4,
        };
        assert_within(
            conflict_probability(&couple(), &rules_at(clock, |_, _| {})),
            full / 4.0,
            HALF_A_CELL,
        );
    }

    #[test]
    fn conflicts_are_as_frequent_as_they_are_probable() {
        let (couple, rules, mut rng) = (couple(), rules(|_, _| {}), random_words(3));
        let happened = (0..100_000)
            .filter(|_| drawn(&couple, [rng.next_u64() >> 32, 0], &rules).happens)
            .count();
        assert_within(
            happened as f64 / 1e5,
            conflict_probability(&couple, &rules),
            0.005,
        );
    }

    #[test]
    fn stakes_are_uniform_above_their_minimum_and_at_most_1() {
        let (couple, defaults) = (couple(), rules(|_, _| {}));
        let (mean, spread) = mean_and_sd(10, |word| drawn(&couple, [0, word], &defaults).stakes);
        assert_within(mean, 0.3 + 0.25, 1e-9);
        assert_within(spread, 0.5 / 12.0_f64.sqrt(), 1e-5);
        let grave = rules(|p, _| p.conflict_stakes = 1.0);
        assert_close(drawn(&couple, [0, 0x3ff], &grave).stakes, 1.0);
    }
}
