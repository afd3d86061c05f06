//! Strain: life events outside the relationship, own or shared, whose load lasts for months (Karney &
//! Bradbury 1995). They come once a week and shake attachment too (Fraley et al. 2011).

use super::purposes::{LifeDraws, TRIANGULAR};
use super::rules::{Rules, WEEK};
use super::types::{Couple, State};
use crate::simd::vector::{Mask, Vector};

/// Decays strain over a week and draws the week's life events (Eq. 40).
#[inline(always)]
pub(crate) fn week<L: Vector>(couple: &mut Couple<L>, draws: &LifeDraws<'_, L>, rules: &Rules) {
    if !rules.mechanisms.strain {
        return;
    }
    let p = &rules.parameters;
    let shared_part = if rules.mechanisms.sharing {
        p.life_events_shared
    } else {
        0.0
    };
    let rate = p.life_event_rate * (f64::from(WEEK) / DAYS_OF_YEAR);
    let both = draws.shared().lt(L::splat(rate * shared_part));
    for (person, partner) in couple.partners.iter_mut().enumerate() {
        let state = &mut partner.state;
        state.strain = state.strain * rules.step.strain_kept;
        let own = draws.own(person).lt(L::splat(rate * (1.0 - shared_part)));
        if (own | both).none() {
            continue;
        }
        let (size, shared_size) = (draws.size(person), draws.shared_size());
        load(state, size.masked(own), rules);
        load(state, shared_size.masked(both), rules);
        shake(state, own | both, draws.shocks(person), rules);
    }
}

/// Days of a year, to which the rate of life events refers.
const DAYS_OF_YEAR: f64 = 365.25;

/// Adds an event of this size [0–1] to strain.
#[inline(always)]
fn load<L: Vector>(state: &mut State<L>, size: L, rules: &Rules) {
    let added = size * rules.parameters.life_event_size;
    state.strain = added.mul_add(state.strain.one_minus(), state.strain);
}

/// Moves attachment where a life event happened, most in the middle of the scale.
#[inline(always)]
fn shake<L: Vector>(state: &mut State<L>, happens: L::Mask, shocks: [L; 2], rules: &Rules) {
    if !rules.mechanisms.attachment {
        return;
    }
    let sd = 4.0 * TRIANGULAR * rules.parameters.life_event_attachment;
    for (number, shock) in [&mut state.anxiety, &mut state.avoidance]
        .into_iter()
        .zip(shocks)
    {
        let moved = (*number * number.one_minus() * shock * sd).masked(happens);
        *number = (*number + moved).clamp01();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::functions::exp2;
    use crate::model::test_support::{ALWAYS, NEVER, assert_close, assert_within, rules};

    fn eventful() -> Rules {
        rules(|p, _| {
            p.life_event_rate = 2.0;
            p.life_event_size = 0.8;
            p.life_events_shared = 0.25;
            p.strain_half_life = 70.0;
            p.life_event_attachment = 0.1;
        })
    }

    fn couple() -> Couple<f64> {
        let mut couple = Couple::default();
        (
            couple.partners[0].state.strain,
            couple.partners[1].state.strain,
        ) = (0.4, 0.2);
        couple
    }

    #[test]
    fn a_week_without_events_only_lets_strain_fade() {
        let mut after = couple();
        week(&mut after, &LifeDraws::new(&[NEVER; 4]), &eventful());
        let kept = exp2(-0.1);
        assert_close(after.partners[0].state.strain, 0.4 * kept);
        assert_close(after.partners[1].state.strain, 0.2 * kept);
        assert_close(after.partners[0].state.anxiety, 0.38);
    }

    #[test]
    fn an_event_of_ones_own_strains_one_partner_and_a_shared_one_both() {
        let kept = exp2(-0.1);
        let half = 0x8000 << 32 | 0xffff_u64 << 48 | NEVER >> 32;
        // The size of a shared event is ½, of own events too.
        let mut after = couple();
        let words = [NEVER << 32, half, 0x8000, 0x8000];
        week(&mut after, &LifeDraws::new(&words), &eventful());
        let added = 0.8 * (0.5 + 0.5 / 65_536.0);
        let before = 0.4 * kept;
        assert_within(
            after.partners[0].state.strain,
            before + added * (1.0 - before),
            1e-12,
        );
        assert_close(after.partners[1].state.strain, 0.2 * kept);
        assert!(after.partners[0].state.anxiety != 0.38);
        assert_close(after.partners[1].state.anxiety, 0.38);
        let mut shared = couple();
        let words = [NEVER, half & !(NEVER >> 32), 0x8000, 0x8000];
        week(&mut shared, &LifeDraws::new(&words), &eventful());
        for (partner, before) in shared.partners.iter().zip([0.4 * kept, 0.2 * kept]) {
            assert_within(partner.state.strain, before + added * (1.0 - before), 1e-12);
        }
        let alone = rules(|p, m| {
            p.life_event_rate = 2.0;
            m.sharing = false;
        });
        let mut apart = couple();
        week(&mut apart, &LifeDraws::new(&words), &alone);
        assert!(apart.partners[1].state.strain < 0.2);
    }

    #[test]
    fn each_partner_has_the_same_rate_of_events_whatever_part_is_shared() {
        for part in [0.0, 0.4, 1.0] {
            let rules = rules(|p, _| {
                (p.life_event_rate, p.life_events_shared) = (3.0, part);
            });
            let weekly = 3.0 * 7.0 / 365.25;
            let count = |word: usize, low: bool| {
                crate::model::test_support::probability(|draw| {
                    let mut words = [NEVER; 4];
                    words[word] = if low {
                        NEVER << 32 | draw
                    } else {
                        draw << 32 | NEVER >> 32
                    };
                    let mut couple = Couple::<f64>::default();
                    week(&mut couple, &LifeDraws::new(&words), &rules);
                    couple.partners[usize::from(word == 0 && !low)].state.strain > 0.66
                })
            };
            let (own_a, own_b, both) = (count(0, true), count(0, false), count(1, true));
            assert_within(own_a, weekly * (1.0 - part), 1e-9);
            assert_within(own_b, weekly * (1.0 - part), 1e-9);
            assert_within(both, weekly * part, 1e-9);
        }
    }

    #[test]
    fn without_the_mechanism_no_week_does_anything() {
        let rules = rules(|_, m| m.strain = false);
        let mut after = couple();
        week(&mut after, &LifeDraws::new(&[ALWAYS; 4]), &rules);
        assert_eq!(after, couple());
    }
}
