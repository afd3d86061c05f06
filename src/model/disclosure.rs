//! Disclosure: how much of themselves a partner shows.

use super::deliberation::engagement;
use super::derived::Derived;
use super::purposes::{EpisodeDraws, TRIANGULAR};
use super::rules::Rules;
use super::types::{Partner, State};
use crate::simd::vector::Vector;

/// Openness, lower for the avoidant and for one who thinks about leaving (Eq. 12).
#[inline(always)]
pub(crate) fn disclosure_gain<L: Vector>(partner: &Partner<L>, rules: &Rules) -> L {
    let held = partner.state.avoidance * rules.parameters.disclosure_avoidance;
    partner.traits.openness.reduced_by(held) * engagement(&partner.state, rules)
}

/// Disclosure that anxiety adds where felt security is missing (Eq. 12).
#[inline(always)]
pub(crate) fn hyperactivation<L: Vector>(state: &State<L>, rules: &Rules) -> L {
    state.anxiety * rules.parameters.hyperactivation
}

/// Depth d [0–1] of what a partner discloses in an episode (Eq. 12; Reis & Shaver 1988).
///
/// Intimacy and felt security raise it, avoidance lowers it, and anxious partners disclose without
/// feeling safe (hyperactivation).
#[inline(always)]
pub(crate) fn depth<L: Vector>(
    partner: &Partner<L>,
    derived: &Derived<'_, L>,
    draws: &EpisodeDraws<L>,
    rules: &Rules,
) -> L {
    if !rules.mechanisms.disclosure {
        return L::splat(0.0);
    }
    let p = &rules.parameters;
    let hyperactivation = derived.constants.hyperactivation;
    let daring = hyperactivation.mul_add(derived.felt_security.one_minus(), derived.felt_security);
    let close = partner.state.intimacy * (1.0 - p.disclosure_safety);
    let invited = daring.mul_add_scalar(p.disclosure_safety, close);
    let varied = draws
        .depth()
        .mul_add_scalar(p.disclosure_noise * TRIANGULAR, L::splat(1.0));
    (derived.constants.disclosure_gain * invited * varied).clamp01()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::test_support::{
        assert_close, assert_within, derived, mean_and_sd, partner, quiet_episode, rules,
    };

    /// Draws of an episode with this noise.
    fn with(noise: u64) -> EpisodeDraws<f64> {
        EpisodeDraws {
            noise,
            ..quiet_episode()
        }
    }

    #[test]
    fn depth_follows_openness_intimacy_and_felt_security() {
        let (partner, rules) = (partner(), rules(|_, _| {}));
        let felt_security = 0.7 * 0.8 * 0.9;
        let daring = felt_security + 0.6 * 0.5 * (1.0 - felt_security);
        let expected = 1.1 * (1.0 - 0.35 * 0.25) * (0.7 * 0.4 + 0.3 * daring);
        assert_close(
            depth(
                &partner,
                &derived(&partner, &rules),
                &quiet_episode(),
                &rules,
            ),
            expected,
        );
    }

    #[test]
    fn anxious_partners_disclose_without_being_safe() {
        let rules = rules(|_, _| {});
        let mut unsafe_partner = partner();
        unsafe_partner.state.trust = 0.0;
        let shown = |anxiety: f64| {
            let mut partner = unsafe_partner;
            partner.state.anxiety = anxiety;
            depth(
                &partner,
                &derived(&partner, &rules),
                &quiet_episode(),
                &rules,
            )
        };
        assert_close(
            shown(1.0) - shown(0.0),
            1.1 * (1.0 - 0.35 * 0.25) * 0.3 * 0.6,
        );
    }

    #[test]
    fn depth_varies_by_its_relative_noise() {
        let (partner, rules) = (partner(), rules(|_, _| {}));
        let derived = derived(&partner, &rules);
        let (mean, spread) =
            mean_and_sd(16, |noise| depth(&partner, &derived, &with(noise), &rules));
        let middle = depth(&partner, &derived, &quiet_episode(), &rules);
        assert_within(mean, middle, 1e-3);
        assert_within(spread / middle, 0.25, 2e-3);
    }

    #[test]
    fn depth_stays_in_its_range() {
        let rules = rules(|p, _| p.disclosure_noise = 1.0);
        let mut partner = partner();
        (partner.traits.openness, partner.state.intimacy) = (2.5, 1.0);
        let derived = derived(&partner, &rules);
        assert_close(depth(&partner, &derived, &with(u64::MAX), &rules), 1.0);
        assert_close(depth(&partner, &derived, &with(0), &rules), 0.0);
    }

    #[test]
    fn without_disclosure_every_depth_is_0() {
        let (partner, rules) = (partner(), rules(|_, m| m.disclosure = false));
        assert_close(
            depth(
                &partner,
                &derived(&partner, &rules),
                &with(u64::MAX),
                &rules,
            ),
            0.0,
        );
    }
}
