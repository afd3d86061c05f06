//! The rules that hold for a stretch of days: parameters, switches, the clock, and the constants
//! of a step that follow from them.

use super::mechanisms::{IntimacyTarget, Mechanisms};
use super::parameters::Parameters;
use crate::foundation::maths::{decay, exp};

/// How time passes in the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    /// Length of a step [days], 1 by default.
    pub step_days: f64,
    /// Moments in a step, each with a bid phase and a conflict phase, 2 by default.
    pub moments: u32,
}

impl Default for Clock {
    fn default() -> Self {
        Clock { step_days: 1.0, moments: 2 }
    }
}

/// What holds for a stretch of days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// The parameters as the scenario set them.
    pub parameters: Parameters,
    /// Which mechanisms are on.
    pub mechanisms: Mechanisms,
    /// What disclosure that is met moves intimacy toward.
    pub intimacy_target: IntimacyTarget,
    /// How time passes.
    pub clock: Clock,
    pub(super) step: StepConstants,
}

/// What a step multiplies states by: exact for its length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct StepConstants {
    pub(super) moment_days: f64,
    /// Of half a step.
    pub(super) stress_kept: f64,
    pub(super) intimacy_kept: f64,
    /// Of half a moment.
    pub(super) momentum_kept: f64,
    pub(super) hurt_kept: f64,
    pub(super) alternatives_kept: f64,
    pub(super) investment_gained: f64,
    pub(super) autonomy_moved: f64,
    pub(super) commitment_moved: f64,
    pub(super) wellbeing_moved: f64,
    pub(super) experience_moved: f64,
    pub(super) prototype_moved: f64,
}

impl Rules {
    /// Sets the rules; the values are taken as checked.
    pub fn new(
        parameters: Parameters,
        mechanisms: Mechanisms,
        intimacy_target: IntimacyTarget,
        clock: Clock,
    ) -> Rules {
        let p = &parameters;
        let days = clock.step_days;
        let moved = |time: f64| 1.0 - exp(-days / time);
        let pull = p.revision_rate + p.prototype_rate;
        let pulled = 1.0 - exp(-days * pull);
        let share = |rate: f64| if pull > 0.0 { pulled * rate / pull } else { 0.0 };
        let moment_days = days / f64::from(clock.moments);
        let step = StepConstants {
            moment_days,
            stress_kept: decay(0.5 * days, p.stress_half_life),
            intimacy_kept: decay(days, p.intimacy_half_life),
            momentum_kept: decay(0.5 * moment_days, p.momentum_half_life),
            hurt_kept: decay(days, p.hurt_half_life),
            alternatives_kept: decay(days, p.alternative_half_life),
            investment_gained: 1.0 - decay(days, p.investment_half_life),
            autonomy_moved: moved(p.autonomy_time),
            commitment_moved: moved(p.commitment_time),
            wellbeing_moved: moved(p.wellbeing_time),
            experience_moved: share(p.revision_rate),
            prototype_moved: share(p.prototype_rate),
        };
        Rules { parameters, mechanisms, intimacy_target, clock, step }
    }
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
