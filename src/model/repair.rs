//! Repair: a response that fell short may be put right within the episode.

use super::derived::Derived;
use super::purposes::EpisodeDraws;
use super::rules::Rules;
use super::types::State;
use crate::simd::vector::Vector;

/// The probability of a repair without complacency, toward a partner who is not hurt (Eq. 20).
#[inline(always)]
pub(crate) fn repair_prob0<L: Vector>(state: &State<L>, rules: &Rules) -> L {
    let p = &rules.parameters;
    state.avoidance.one_minus_scaled(p.repair_avoidance) * p.repair_probability
}

/// Perceived responsiveness after a possible repair, and where there was one (Eqs 20 and 21).
#[inline(always)]
pub(crate) fn repaired<L: Vector>(
    perceived: L,
    discloser_derived: &Derived<'_, L>,
    responder_derived: &Derived<'_, L>,
    draws: &EpisodeDraws<L>,
    rules: &Rules,
) -> (L, L::Mask) {
    if !rules.mechanisms.repair {
        return (perceived, L::mask(false));
    }
    let p = &rules.parameters;
    let tried = responder_derived.complacency.one_minus()
        * responder_derived.constants.repair_prob0
        * discloser_derived.constants.unhurt;
    let repairs = perceived.lt(L::splat(p.repair_threshold)) & draws.repair().lt(tried);
    let mended = perceived.lerp(L::splat(p.repair_target), p.repair_strength);
    (mended.select(repairs, perceived), repairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::test_support::{
        assert_close, assert_within, derived, mean_and_sd, partner, quiet_episode, random_words,
        rules,
    };
    use rand::Rng;

    fn outcome(seen: f64, outcome: u64, rules: &Rules) -> (f64, bool) {
        let draws = EpisodeDraws {
            outcome,
            ..quiet_episode()
        };
        let derived = derived(&partner(), rules);
        repaired(seen, &derived, &derived, &draws, rules)
    }

    #[test]
    fn a_repair_moves_perception_half_the_way_to_its_target() {
        let rules = rules(|_, _| {});
        let (mended, repairs) = outcome(0.2, 0, &rules);
        assert!(repairs);
        assert_close(mended, 0.5 * (0.2 + 0.7));
        assert_eq!(outcome(0.2, u64::MAX, &rules), (0.2, false));
    }

    #[test]
    fn only_unresponsive_episodes_are_repaired() {
        let rules = rules(|_, _| {});
        assert_eq!(outcome(0.5, 0, &rules), (0.5, false));
        assert!(outcome(0.499, 0, &rules).1);
    }

    #[test]
    fn repairs_are_as_frequent_as_they_are_probable() {
        let rules = rules(|_, _| {});
        let complacency = (1.0 - 0.4) * 0.7 * 0.8 * 0.9;
        let tried = 0.5 * (1.0 - complacency) * (1.0 - 0.5 * 0.25) * (1.0 - 0.1);
        let hit = |word| {
            if outcome(0.3, word, &rules).1 {
                1.0
            } else {
                0.0
            }
        };
        assert_within(mean_and_sd(16, |bits| hit(bits << 16)).0, tried, 2e-5);
        let mut rng = random_words(4);
        let frequency = (0..100_000).map(|_| hit(rng.next_u64())).sum::<f64>() / 1e5;
        assert_within(frequency, tried, 0.006);
    }

    #[test]
    fn without_repair_perception_stays() {
        let rules = rules(|_, m| m.repair = false);
        assert_eq!(outcome(0.1, 0, &rules), (0.1, false));
    }
}
