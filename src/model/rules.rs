//! The rules of a run of days: parameters, mechanisms, clock, and the constants of a step that
//! follow from them.

use super::parameters::{Mechanisms, Parameters};
use crate::math::functions::{decay, exp};
use crate::simd::vector::Vector;

/// Days between draws of life events.
pub(crate) const WEEK: u32 = 7;

/// How time passes in the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// Length of a step (days), 1 by default.
    pub step_days: f64,
    /// Moments in a step, each with a bid phase and a conflict phase, 2 by default.
    pub moments: u32,
}

impl Default for Clock {
    fn default() -> Self {
        Clock {
            step_days: 1.0,
            moments: 2,
        }
    }
}

/// What an episode moves the partners' intimacy toward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IntimacyTarget {
    /// The mean of depth and of perceived (for the listener, given) response.
    #[default]
    Mean,
    /// The smaller of the two: depth counts only up to the response.
    Least,
    /// The perceived (given) response alone.
    Response,
}

impl IntimacyTarget {
    /// The names of the targets in a scenario.
    pub(crate) const WORDS: [&'static str; 3] = ["mean", "least", "response"];

    /// The target of this name.
    pub(crate) fn from_word(word: &str) -> Option<IntimacyTarget> {
        let choices = [
            IntimacyTarget::Mean,
            IntimacyTarget::Least,
            IntimacyTarget::Response,
        ];
        Self::WORDS
            .iter()
            .zip(choices)
            .find_map(|(name, choice)| (*name == word).then_some(choice))
    }
    /// The name of a target.
    pub(crate) fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }
}

/// The rules by which a couple is simulated for some days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// The parameters as the scenario set them.
    pub parameters: Parameters,
    /// Which mechanisms are on.
    pub mechanisms: Mechanisms,
    /// What an episode moves intimacy toward.
    pub intimacy_target: IntimacyTarget,
    /// How time passes.
    pub clock: Clock,
    pub(crate) step: StepFactors,
}

/// Factors and shares by which a step moves states, exact for its length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct StepFactors {
    pub(crate) moment_days: f64,
    /// Moments of a bid slot of half a day, at least 1.
    pub(crate) slot_moments: f64,
    pub(crate) uncertainty_gained: f64,
    pub(crate) habit_kept: f64,
    pub(crate) accustomed_moved: f64,
    /// Of a week.
    pub(crate) strain_kept: f64,
    pub(crate) deliberation_moved: f64,
    /// Of half a step.
    pub(crate) stress_kept: f64,
    pub(crate) intimacy_kept: f64,
    /// Of a quarter of a moment.
    pub(crate) mood_kept: f64,
    pub(crate) hurt_kept: f64,
    /// Probability that a partner without any commitment betrays in a step, the highest one.
    pub(crate) most_betrayals: f64,
    pub(crate) alternatives_kept: f64,
    pub(crate) investment_kept: f64,
    pub(crate) autonomy_moved: f64,
    pub(crate) commitment_moved: f64,
    pub(crate) wellbeing_moved: f64,
    pub(crate) experience_moved: f64,
    pub(crate) prototype_moved: f64,
}

impl Rules {
    /// Makes the rules; the values are taken as checked.
    pub fn new(
        parameters: Parameters,
        mechanisms: Mechanisms,
        intimacy_target: IntimacyTarget,
        clock: Clock,
    ) -> Rules {
        let p = &parameters;
        let days = clock.step_days;
        let moved = |time: f64| 1.0 - exp(-days / time);
        let return_rate = if mechanisms.prototype {
            p.prototype_rate * p.prototype_weight
        } else {
            0.0
        };
        let pull = p.revision_rate + return_rate;
        let pulled = 1.0 - exp(-days * pull);
        let share = |rate: f64| {
            if pull > 0.0 {
                pulled * rate / pull
            } else {
                0.0
            }
        };
        let moment_days = days / f64::from(clock.moments);
        let step = StepFactors {
            moment_days,
            slot_moments: (0.5 / moment_days + 1e-9).floor().max(1.0),
            uncertainty_gained: 1.0 - decay(days, p.uncertainty_half_life),
            habit_kept: decay(days, p.habit_half_life),
            accustomed_moved: moved(p.accustoming_time),
            strain_kept: decay(f64::from(WEEK), p.strain_half_life),
            deliberation_moved: moved(p.deliberation_time),
            stress_kept: decay(0.5 * days, p.stress_half_life),
            intimacy_kept: decay(days, p.intimacy_half_life),
            mood_kept: decay(0.25 * moment_days, p.mood_half_life),
            hurt_kept: decay(days, p.hurt_half_life),
            most_betrayals: betrayal_probability(0.0, p, days),
            alternatives_kept: decay(days, p.alternative_half_life),
            investment_kept: decay(days, p.investment_half_life),
            autonomy_moved: moved(p.autonomy_time),
            commitment_moved: moved(p.commitment_time),
            wellbeing_moved: moved(p.wellbeing_time),
            experience_moved: share(p.revision_rate),
            prototype_moved: share(return_rate),
        };
        Rules {
            parameters,
            mechanisms,
            intimacy_target,
            clock,
            step,
        }
    }
}

/// The probability of a betrayal in a step (Eq. 33).
///
/// It is here because its value without any commitment is a constant of the step.
#[inline(always)]
pub(crate) fn betrayal_probability<L: Vector>(commitment: L, p: &Parameters, step_days: f64) -> L {
    let missing = (-commitment + p.betrayal_commitment).max_zero();
    missing.mul_add_scalar(p.betrayal_uncommitted, L::splat(1.0)) * (p.betrayal_rate * step_days)
}

impl Default for Rules {
    fn default() -> Self {
        Rules::new(
            Parameters::default(),
            Mechanisms::default(),
            IntimacyTarget::default(),
            Clock::default(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::test_support::{assert_close, assert_within, rules_at, rules_of_step};

    /// Shares that are kept, and shares that are moved, in steps of the given length.
    fn constants(step_days: f64) -> ([f64; 7], [f64; 7]) {
        let step = rules_of_step(step_days).step;
        let kept = [
            step.stress_kept,
            step.intimacy_kept,
            step.mood_kept,
            step.hurt_kept,
            step.alternatives_kept,
            step.investment_kept,
            step.habit_kept,
        ];
        let moved = [
            step.uncertainty_gained,
            step.accustomed_moved,
            step.deliberation_moved,
            step.autonomy_moved,
            step.commitment_moved,
            step.wellbeing_moved,
            step.experience_moved + step.prototype_moved,
        ];
        (kept, moved)
    }

    #[test]
    fn two_half_steps_make_a_step() {
        let ((kept, moved), (half_kept, half_moved)) = (constants(1.0), constants(0.5));
        for (full, half) in kept.into_iter().zip(half_kept) {
            assert_within(half * half, full, 1e-14);
        }
        for (full, half) in moved.into_iter().zip(half_moved) {
            assert_within(1.0 - (1.0 - half) * (1.0 - half), full, 1e-14);
        }
    }

    #[test]
    fn experience_and_prototype_share_the_pull_by_their_rates() {
        let step = rules_at(Clock::default(), |_, _| {}).step;
        assert_close(step.prototype_moved / step.experience_moved, 1500.0 / 400.0);
        let unmoved = rules_at(Clock::default(), |p, _| {
            (p.revision_rate, p.prototype_rate) = (0.0, 0.0);
        });
        assert_close(unmoved.step.experience_moved, 0.0);
        assert_close(unmoved.step.prototype_moved, 0.0);
    }

    #[test]
    fn moments_share_the_step() {
        let rules = rules_at(
            Clock {
                step_days: 0.5,
                moments: 4,
            },
            |_, _| {},
        );
        assert_close(rules.step.moment_days, 0.125);
        assert_close(rules.step.slot_moments, 4.0);
        for (step_days, moments, slot) in
            [(1.0, 1, 1.0), (1.0, 3, 1.0), (1.0, 5, 2.0), (7.0, 2, 1.0)]
        {
            let rules = rules_at(Clock { step_days, moments }, |_, _| {});
            assert_close(rules.step.slot_moments, slot);
        }
    }

    #[test]
    fn names_and_intimacy_targets_match() {
        for word in IntimacyTarget::WORDS {
            assert_eq!(
                IntimacyTarget::from_word(word).map(IntimacyTarget::word),
                Some(word)
            );
        }
        assert_eq!(IntimacyTarget::from_word("max"), None);
    }
}
