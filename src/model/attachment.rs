//! Attachment: the working model of others (avoidance) and of oneself (anxiety), revised slowly by
//! experience and drawn back to its prototype (Fraley 2002; Arriaga et al. 2018).

use super::derived::felt_security;
use super::rules::Rules;
use super::types::Partner;
use crate::simd::vector::Vector;

/// Revises attachment over a step (Eq. 39): felt security lowers avoidance, autonomy lowers
/// anxiety.
#[inline(always)]
pub(crate) fn update<L: Vector>(partner: &mut Partner<L>, rules: &Rules) {
    if !rules.mechanisms.attachment {
        return;
    }
    let (experience, prototype) = (rules.step.experience_moved, rules.step.prototype_moved);
    let unsafe_now = felt_security(&partner.state, rules).one_minus();
    let (state, traits) = (&mut partner.state, &partner.traits);
    let avoidance = (traits.avoidance - state.avoidance).mul_add_scalar(prototype, state.avoidance);
    state.avoidance = (unsafe_now - state.avoidance).mul_add_scalar(experience, avoidance);
    let anxiety = (traits.anxiety - state.anxiety).mul_add_scalar(prototype, state.anxiety);
    let doubted = state.autonomy.one_minus() - state.anxiety;
    state.anxiety = doubted.mul_add_scalar(experience, anxiety);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::exp;
    use crate::model::test_support::{
        assert_close, assert_within, partner, random_words, rules, rules_of_step,
    };
    use crate::simd::vector::Vector;
    use rand::Rng;

    fn aged(steps: u32, rules: &Rules) -> Partner<f64> {
        let mut partner = partner();
        (0..steps).for_each(|_| update(&mut partner, rules));
        partner
    }

    #[test]
    fn attachment_approaches_the_weighted_mean_of_experience_and_prototype() {
        let (pull, unsafe_now) = (1.0 / 1500.0 + 1.0 / 400.0, 1.0 - 0.7 * 0.8 * 0.9);
        let mix =
            |experience: f64, prototype: f64| (experience / 1500.0 + prototype / 400.0) / pull;
        for (step_days, steps) in [(1.0, 500), (0.25, 2_000)] {
            let rules = rules_of_step(step_days);
            let after = aged(steps, &rules).state;
            let (avoidance, anxiety) = (mix(unsafe_now, 0.2), mix(1.0 - 0.7, 0.45));
            let left = exp(-500.0 * pull);
            assert_within(
                after.avoidance,
                avoidance + (0.25 - avoidance) * left,
                1e-12,
            );
            assert_within(after.anxiety, anxiety + (0.5 - anxiety) * left, 1e-12);
        }
    }

    #[test]
    fn without_a_prototype_attachment_converges_to_experience() {
        let after = aged(20_000, &rules(|p, _| p.prototype_rate = 0.0)).state;
        assert_within(after.avoidance, 1.0 - 0.7 * 0.8 * 0.9, 1e-5);
        assert_within(after.anxiety, 1.0 - 0.7, 1e-5);
    }

    #[test]
    fn without_experience_attachment_converges_to_the_prototype() {
        let after = aged(20_000, &rules(|p, _| p.revision_rate = 0.0)).state;
        assert_within(after.avoidance, 0.2, 1e-9);
        assert_within(after.anxiety, 0.45, 1e-9);
    }

    #[test]
    fn attachment_without_experience_or_prototype_stays() {
        let still = rules(|p, _| (p.revision_rate, p.prototype_rate) = (0.0, 0.0));
        assert_eq!(aged(100, &still), partner());
        assert_eq!(aged(100, &rules(|_, m| m.attachment = false)), partner());
    }

    #[test]
    fn the_revisionist_model_can_be_set_in_three_ways() {
        let by_rate = aged(700, &rules(|p, _| p.prototype_rate = 0.0));
        let by_weight = aged(700, &rules(|p, _| p.prototype_weight = 0.0));
        let by_switch = aged(700, &rules(|_, m| m.prototype = false));
        assert_eq!(by_rate, by_weight);
        assert_eq!(by_rate, by_switch);
        assert_ne!(by_rate, aged(700, &rules(|_, _| {})));
    }

    #[test]
    fn half_the_weight_is_half_the_rate() {
        let by_weight = rules(|p, _| p.prototype_weight = 0.5);
        let by_rate = rules(|p, _| p.prototype_rate *= 0.5);
        assert_eq!(aged(300, &by_weight), aged(300, &by_rate));
    }

    /// The difference in avoidance of two persons after some days of the same experience, who
    /// started with this difference in prototype and in avoidance.
    fn apart(days: u32, by: f64, rules: &Rules) -> f64 {
        let simulated = |avoidance: f64| {
            let mut partner = partner();
            (partner.traits.avoidance, partner.state.avoidance) = (avoidance, avoidance);
            (0..days).for_each(|_| update(&mut partner, rules));
            partner.state.avoidance
        };
        simulated(0.2 + by) - simulated(0.2)
    }

    #[test]
    fn without_a_prototype_differences_decay_geometrically() {
        let rules = rules(|_, m| m.prototype = false);
        for days in [1, 100, 2_000] {
            let left = exp(-f64::from(days) / 1500.0);
            assert_within(apart(days, 0.3, &rules), 0.3 * left, 1e-12);
        }
    }

    #[test]
    fn differences_converge_to_the_share_of_the_prototype() {
        for weight in [0.1, 0.5, 1.0] {
            let rules = rules(|p, _| p.prototype_weight = weight);
            let share = weight / 400.0 / (weight / 400.0 + 1.0 / 1500.0);
            assert_within(apart(20_000, 0.3, &rules), 0.3 * share, 1e-6);
        }
    }

    /// Correlation of avoidance on two days 200 days apart, over persons with a uniform prototype
    /// and uniform independent experience, and its limit by Fraley (2002).
    fn limiting_correlation(prototype_rate: f64) -> (f64, f64) {
        let rules = rules(|p, _| (p.revision_rate, p.prototype_rate) = (0.2, prototype_rate));
        let persons = 8_000;
        let mut rng = random_words(6);
        let mut sums = [0.0; 5];
        for _ in 0..persons {
            let mut partner = partner();
            (partner.state.uncertainty, partner.state.hurt) = (0.0, 0.0);
            partner.traits.avoidance = f64::uniform::<0, 32>(rng.next_u64());
            partner.state.avoidance = partner.traits.avoidance;
            let mut avoidance_after = |days: u32| {
                for _ in 0..days {
                    partner.state.trust = f64::uniform::<0, 32>(rng.next_u64());
                    update(&mut partner, &rules);
                }
                partner.state.avoidance
            };
            let (x, y) = (avoidance_after(60), avoidance_after(200));
            for (sum, value) in sums.iter_mut().zip([x, y, x * x, y * y, x * y]) {
                *sum += value / f64::from(persons);
            }
        }
        let [x, y, xx, yy, xy] = sums;
        let found = (xy - x * y) / ((xx - x * x) * (yy - y * y)).sqrt();
        let (moved, drawn) = (rules.step.experience_moved, rules.step.prototype_moved);
        let kept = 1.0 - moved - drawn;
        let prototype = (drawn / (moved + drawn)) * (drawn / (moved + drawn));
        let experience = moved * moved / (1.0 - kept * kept);
        (found, prototype / (prototype + experience))
    }

    #[test]
    fn stability_falls_to_the_prototypes_share_of_the_variance() {
        let (found, theory) = limiting_correlation(0.1);
        assert!((0.3..0.8).contains(&theory));
        assert_within(found, theory, 0.03);
    }

    #[test]
    fn stability_falls_to_0_without_a_prototype() {
        let (found, theory) = limiting_correlation(0.0);
        assert_close(theory, 0.0);
        assert_within(found, 0.0, 0.04);
    }
}
