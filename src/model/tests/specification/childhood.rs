//! A second implementation of childhood, from section 7.7 of docs/model.md, one child at a time.

use super::transcript::{clip, given, noise, some, uniform};
use crate::childhood::{UPBRINGING, Upbringing, families};
use crate::math::functions::normal_quantile;
use crate::model::{Rules, State, Traits};
use crate::rng::{Key, StreamKind};
use crate::simd::backend::Backend;
use rand::Rng;

/// The score of two words (section 8).
fn score(low: u32, high: u32) -> f64 {
    let bits = (u64::from(high) * 4_294_967_296 + u64::from(low)) / 4_096;
    normal_quantile((bits as f64 + 0.5) / 4_503_599_627_370_496.0)
}

/// A child.
#[derive(Clone, Copy, Debug)]
struct Grown {
    trust: f64,
    uncertainty: f64,
    stress: f64,
    autonomy: f64,
    anxiety: f64,
    avoidance: f64,
}

impl Grown {
    /// Eq. 3, of one who is not hurt.
    fn felt_security(&self, rules: &Rules) -> f64 {
        let discount = rules.parameters.felt_security_discount;
        (self.trust * (1.0 - discount * self.uncertainty)).max(0.0)
    }

    /// Eq. 46.
    fn targets(&self, u: &Upbringing, year: [f64; 2]) -> [f64; 2] {
        let hope = (1.0 - u.hope * self.uncertainty).max(0.0);
        [
            clip(
                u.temperament_anxiety
                    + year[0]
                    + u.vigilance * self.uncertainty
                    + u.self_doubt * (1.0 - self.autonomy),
            ),
            clip(u.temperament_avoidance + year[1] + u.deactivation * (1.0 - self.trust) * hope),
        ]
    }

    /// Eqs 44, 45, 13, 16, 18, 21–24 and 28.
    fn need(&mut self, u: &Upbringing, rules: &Rules, words: &[u64]) {
        let (p, on, safe) = (
            &rules.parameters,
            &rules.mechanisms,
            self.felt_security(rules),
        );
        let probability = u.need_rate / 3.0
            * (1.0 - p.bid_avoidance * self.avoidance)
            * (1.0 + p.bid_anxiety * self.anxiety * (1.0 - safe));
        if uniform(words[0], 48, 16) >= probability.min(1.0) {
            return;
        }
        let rng = p.bid_stakes_spread * uniform(words[0], 32, 8) * uniform(words[0], 40, 8);
        let q = (u.need_stakes + rng + p.bid_stakes_stress * self.stress).min(1.0);
        let m = u.sensitivity * (1.0 - (p.response_stress * u.stress).min(1.0));
        let varied = 2.0 * p.response_noise * (1.0 - u.consistency) * noise(words[0], 16);
        let there = !on.availability || uniform(words[1], 0, 16) < u.availability;
        let rho = given(there) * clip(m + given(on.noise) * varied);
        let insecure = p.insecure_bias * self.anxiety + p.avoidant_bias * self.avoidance;
        let bias = given(on.bias) * insecure * (1.0 - safe) * q;
        let seen = clip(rho - bias);
        let delta = seen - self.trust;
        let exposed = 1.0 - given(on.buffering) * p.buffering * safe;
        let weight = 1.0 + given(on.asymmetry && delta < 0.0) * (p.loss_weight - 1.0) * exposed;
        let rate = (p.trust_rate + p.trust_rate_uncertain * self.uncertainty) * q * weight;
        self.trust += given(on.trust) * rate.min(1.0) * delta;
        self.uncertainty +=
            given(on.uncertainty) * p.uncertainty_rate * q * (delta.abs() - self.uncertainty);
        self.stress *= 1.0 - given(on.relief) * p.relief * q * seen;
    }

    /// Eqs 29, 30, 35, 36 and 43.
    fn night(&mut self, rules: &Rules, words: &[u64]) {
        let (p, on) = (&rules.parameters, &rules.mechanisms);
        if on.stress {
            let half = 2.0_f64.powf(-0.5 / p.stress_half_life);
            self.stress *= half;
            if uniform(words[6], 0, 32) < p.stress_event_rate {
                self.stress += p.stress_event_size * uniform(words[7], 0, 16) * (1.0 - self.stress);
            }
            self.stress *= half;
        }
        if on.autonomy {
            let target =
                clip(p.autonomy_base + (1.0 - p.autonomy_base) * self.felt_security(rules));
            self.autonomy += (1.0 - (-1.0 / p.autonomy_time).exp()) * (target - self.autonomy);
        }
        for x in [
            &mut self.trust,
            &mut self.uncertainty,
            &mut self.stress,
            &mut self.autonomy,
            &mut self.anxiety,
            &mut self.avoidance,
        ] {
            *x *= given(*x >= 1e-6);
        }
    }
}

/// Section 7.7, from the first day to the last.
fn grown(key: &Key, couple: u64, u: &Upbringing, rules: &Rules) -> Grown {
    let initial = State::<f64>::default();
    let mut child = Grown {
        trust: 0.5,
        uncertainty: initial.uncertainty,
        stress: initial.stress,
        autonomy: initial.autonomy,
        anxiety: 0.0,
        avoidance: 0.0,
    };
    [child.anxiety, child.avoidance] = child.targets(u, [0.0; 2]);
    let moved = 1.0 - (-1.0 / u.formation).exp();
    let mut year = [0.0; 2];
    for day in 0..(365.0 * u.duration_years).round() as u64 {
        if day % 365 == 0 {
            let words = key.block(couple, 549_755_813_888 + day / 365);
            year = [score(words[0], words[1]), score(words[2], words[3])]
                .map(|z| u.yearly_shock_sd * z);
        }
        let pair = key.pair(couple, day / 2);
        let words = &pair[8 * (day as usize % 2)..][..8];
        for moment in 0..3 {
            child.need(u, rules, &words[2 * moment..]);
        }
        child.night(rules, words);
        let [anxiety, avoidance] = child.targets(u, year);
        child.anxiety += moved * (anxiety - child.anxiety);
        child.avoidance += moved * (avoidance - child.avoidance);
    }
    child
}

#[test]
fn a_childhood_is_what_the_specification_says() {
    let key = Key::new(4, 0, 0, StreamKind::Childhood);
    let mut met = 0;
    for case in 0..60 {
        let mut rng = Key::new(2, 0, 0, StreamKind::Study).stream(case, 0);
        let (rules, _) = some(&mut rng);
        let mut upbringing = Upbringing::default();
        for (line, place) in UPBRINGING.iter().zip(upbringing.fields_mut()) {
            *place = line.low + uniform(rng.next_u64(), 0, 32) * (line.high - line.low);
        }
        upbringing.duration_years = 0.25 + 1.5 * uniform(rng.next_u64(), 0, 32);
        let caregiver = Traits::<f64> {
            responsiveness: upbringing.sensitivity,
            consistency: upbringing.consistency,
            availability: upbringing.availability,
            ..Traits::default()
        };
        let simulated = families(
            &key,
            &[caregiver],
            &[upbringing],
            &rules,
            0,
            Backend::best(),
        );
        let (found, expected) = (
            simulated[0].childhood.end,
            grown(&key, 0, &upbringing, &rules),
        );
        let pairs = [
            (found.trust, expected.trust),
            (found.uncertainty, expected.uncertainty),
            (found.autonomy, expected.autonomy),
            (found.anxiety, expected.anxiety),
            (found.avoidance, expected.avoidance),
        ];
        for (x, y) in pairs {
            assert!((x - y).abs() < 1e-9, "case {case}: {found:?} {expected:?}");
        }
        met += usize::from(found.trust > 0.3);
    }
    assert!(
        met > 3,
        "{met} children that were met are too few to be a test"
    );
}
