//! Conflict: when a couple has one, how much is at stake, and how hurtful the partners are.

use super::bids::Occurrence;
use super::derived::Derived;
use super::purposes::{ConflictDraws, EpisodeDraws, TRIANGULAR};
use super::rules::Rules;
use super::types::{Couple, State};
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
    let [a_unsafe, b_unsafe] = [
        derived[0].felt_security.one_minus(),
        derived[1].felt_security.one_minus(),
    ];
    // Both products are rounded, so that the order of the partners does not matter.
    let anxious = (a.state.anxiety * a_unsafe + b.state.anxiety * b_unsafe) * 0.5;
    let worried = anxious.mul_add_scalar(p.conflict_anxiety, one);
    let irritability = (a.traits.irritability + b.traits.irritability) * 0.5;
    let rate = couple.contact * irritability * (p.conflict_rate * rules.step.moment_days);
    let most = p.conflict_limit * rules.step.moment_days;
    let happens = draws
        .occurrence()
        .lt((strained * worried * rate).min_scalar(most));
    let stakes = draws
        .stakes()
        .mul_add_scalar(p.conflict_stakes_spread, L::splat(p.conflict_stakes));
    Occurrence {
        happens,
        stakes: stakes.min_scalar(1.0),
    }
}

/// How hurtful a partner's act is in the first turn of a conflict (Eq. 17).
#[inline(always)]
fn first_act<L: Vector>(
    state: &State<L>,
    derived: &Derived<'_, L>,
    answer: &EpisodeDraws<L>,
    rules: &Rules,
) -> L {
    let p = &rules.parameters;
    let stirred = state
        .stress
        .mul_add_scalar(p.hostility_stress, L::splat(1.0));
    let mut hurtful = stirred * derived.exposure * p.hostility;
    hurtful = state.mood.mul_add_scalar(-p.hostility_mood, hurtful);
    if rules.mechanisms.noise {
        let tone = answer.response();
        hurtful = tone.mul_add_scalar(-p.hostility_tone * TRIANGULAR, hurtful);
    }
    hurtful.clamp01() * derived.constants.impatience
}

/// How hurtful each partner's act in a conflict is, Θ [0–1] (Eq. 17; Gottman et al. 1999).
///
/// In the first turn it rests on how unsafe, stressed and ill-disposed a partner is and on the tone
/// of the answer; in the second each act is answered in kind. `draws` are those of the episodes of
/// partners A and B as disclosers, in which the other one answers.
#[inline(always)]
pub(crate) fn hurtful_acts<L: Vector>(
    couple: &Couple<L>,
    derived: &[Derived<'_, L>; 2],
    draws: [&EpisodeDraws<L>; 2],
    rules: &Rules,
) -> [L; 2] {
    if !rules.mechanisms.hostility {
        return [L::splat(0.0); 2];
    }
    let p = &rules.parameters;
    let [a, b] = &couple.partners;
    let a = first_act(&a.state, &derived[0], draws[1], rules);
    let b = first_act(&b.state, &derived[1], draws[0], rules);
    if !rules.mechanisms.reciprocation {
        return [a, b];
    }
    let in_kind_a = derived[0].constants.impatience * b * p.answer_in_kind;
    let in_kind_b = derived[1].constants.impatience * a * p.answer_in_kind;
    [
        in_kind_a.mul_add(a.one_minus(), a),
        in_kind_b.mul_add(b.one_minus(), b),
    ]
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
    fn conflicts_come_from_stress_and_from_the_missing_safety_of_the_anxious() {
        let anxious = 0.5 * 0.5 * ((1.0 - 0.7 * 0.8 * 0.9) + (1.0 - 0.7 * 0.8));
        let rate = 0.15 * (1.0 + 2.0 * 0.35) * (1.0 + 1.5 * anxious);
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

    /// The acts of both partners of a couple, with the tones of their answers in bytes.
    fn acts(couple: &Couple<f64>, tones: [u64; 2], rules: &Rules) -> [f64; 2] {
        let derived = [0, 1].map(|who| derived(&couple.partners[who], rules));
        let [of_a, of_b] = tones.map(|tone| EpisodeDraws {
            noise: tone << 16,
            outcome: 0,
        });
        // Each answers in the episode that the other disclosed in.
        hurtful_acts(couple, &derived, [&of_b, &of_a], rules)
    }

    fn quarrelsome(change: impl FnOnce(&mut crate::model::Mechanisms)) -> Rules {
        rules(|p, m| {
            (p.hostility, p.hostility_stress, p.hostility_mood) = (0.3, 0.5, 0.5);
            (p.hostility_tone, p.answer_in_kind) = (0.2, 0.6);
            change(m);
        })
    }

    #[test]
    fn an_act_is_hurtful_by_missing_safety_stress_and_mood() {
        let rules = quarrelsome(|m| (m.noise, m.reciprocation) = (false, false));
        let mut couple = couple();
        couple.partners[0].state.mood = -0.2;
        couple.partners[1].state.mood = 1.0;
        let exposed = 1.0 - 0.5 * (0.7 * 0.8 * 0.9);
        let [a, b] = acts(&couple, [0, 0], &rules);
        let expected = 0.3 * exposed * (1.0 + 0.5 * 0.3) + 0.5 * 0.2;
        assert_close(a, (1.0 - 0.3) * expected);
        assert_close(b, 0.0);
    }

    #[test]
    fn a_less_kind_answer_is_a_more_hurtful_act() {
        let rules = quarrelsome(|m| m.reciprocation = false);
        let without = quarrelsome(|m| (m.noise, m.reciprocation) = (false, false));
        let plain = acts(&couple(), [0, 0], &without);
        let neutral = 0x00ff;
        let [a, b] = acts(&couple(), [neutral, neutral], &rules);
        assert_close(a, plain[0]);
        assert_close(b, plain[1]);
        let [harsh, kind] = [0x007f, 0xffff].map(|tone| acts(&couple(), [tone, neutral], &rules));
        assert!(harsh[0] > a && kind[0] < a);
        assert_close(harsh[1], b);
    }

    #[test]
    fn acts_are_answered_in_kind_by_the_impatient() {
        let first = acts(
            &couple(),
            [0x00ff; 2],
            &quarrelsome(|m| m.reciprocation = false),
        );
        let [a, b] = acts(&couple(), [0x00ff; 2], &quarrelsome(|_| {}));
        assert_close(a, first[0] + 0.6 * 0.7 * first[1] * (1.0 - first[0]));
        assert_close(b, first[1] + 0.6 * 0.7 * first[0] * (1.0 - first[1]));
        let mut patient = couple();
        patient.partners[0].traits.patience = 1.0;
        let [a, b] = acts(&patient, [0x00ff; 2], &quarrelsome(|_| {}));
        assert_close(a, 0.0);
        assert_close(b, first[1]);
    }

    #[test]
    fn without_hostility_no_act_hurts() {
        let rules = quarrelsome(|m| m.hostility = false);
        assert_eq!(acts(&couple(), [0, 0], &rules), [0.0, 0.0]);
    }

    #[test]
    fn who_meets_more_has_more_conflicts() {
        let mut often = couple();
        often.contact = 1.5;
        let rules = rules(|_, _| {});
        assert_within(
            conflict_probability(&often, &rules),
            1.5 * conflict_probability(&couple(), &rules),
            2.0 * HALF_A_CELL,
        );
    }

    #[test]
    fn partners_who_start_conflicts_readily_have_more() {
        let mut irritable = couple();
        irritable.partners[1].traits.irritability = 2.5;
        let rules = rules(|_, _| {});
        assert_within(
            conflict_probability(&irritable, &rules),
            0.5 * (1.0 + 2.5) * conflict_probability(&couple(), &rules),
            2.0 * HALF_A_CELL,
        );
    }

    #[test]
    fn the_rate_of_conflicts_has_a_limit_whatever_the_moments() {
        for moments in [2, 8] {
            let clock = Clock {
                step_days: 1.0,
                moments,
            };
            let rules = rules_at(clock, |p, _| {
                (p.conflict_rate, p.conflict_limit) = (20.0, 1.5);
            });
            assert_within(
                conflict_probability(&couple(), &rules),
                1.5 / f64::from(moments),
                HALF_A_CELL,
            );
        }
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
