//! A mechanism added without a change to the crate: `cargo run --release --example own_mechanism`.
//!
//! On every seventh day a couple may spend an evening together, which brings the partners a little
//! closer. The mechanism acts between the steps of the model, on the couple's states, and has its own
//! random numbers.
//!
//! A mechanism that acts within a day, such as another way to respond, is a change of the crate: a
//! file in `src/model`, as CONTRIBUTING.md describes.

use pairbond::model::purposes::{Draws, pairs_per_step};
use pairbond::model::{Couple, Rules, step};
use pairbond::rng::{Key, PAIR_WORDS, StreamKind, VectorRng};
use pairbond::simd::Vector;

const SEED: u64 = 2026;
const COUPLES: u64 = 500;
const DAYS: u64 = 365;

/// An evening together on every seventh day.
struct Evening {
    /// Probability that it takes place [0–1].
    probability: f64,
    /// Share of the way to full intimacy that it moves a fully trusting partner [0–1].
    closeness: f64,
    /// Its random numbers, apart from those of the model.
    key: Key,
}

impl Evening {
    fn new(probability: f64, closeness: f64) -> Evening {
        let point = u64::from_le_bytes(*b"evenings");
        Evening {
            probability,
            closeness,
            key: Key::new(SEED, point, 0, StreamKind::Study),
        }
    }

    /// Ends a day. The draw has an address (couple, day), so it changes no other draw.
    fn end_day(&self, couple: &mut Couple<f64>, number: u64, day: u64) {
        let word = self.key.pair(number, day)[0];
        if !day.is_multiple_of(7) || f64::uniform::<0, 32>(word) >= self.probability {
            return;
        }
        for partner in &mut couple.partners {
            let state = &mut partner.state;
            state.intimacy += self.closeness * state.trust * (1.0 - state.intimacy);
        }
    }
}

/// Simulates a couple to its last day; returns the partners' mean intimacy.
fn intimacy(number: u64, rules: &Rules, evening: Option<&Evening>) -> f64 {
    let mut couple = Couple::<f64>::default();
    let mut source = f64::streams(&Key::new(SEED, 0, 0, StreamKind::Life), &[number]);
    let pairs = pairs_per_step(rules.clock.moments) as u64;
    let mut words = vec![0_u64; PAIR_WORDS * pairs as usize];
    for day in 1..=DAYS {
        f64::fill(&mut source, (day - 1) * pairs, &mut words);
        let departure = step(&mut couple, &Draws::new(&words), rules, &mut ());
        if departure.leaves[0] || departure.leaves[1] {
            break;
        }
        if let Some(evening) = evening {
            evening.end_day(&mut couple, number, day);
        }
    }
    let [a, b] = &couple.partners;
    0.5 * (a.state.intimacy + b.state.intimacy)
}

fn main() {
    let rules = Rules::default();
    let evening = Evening::new(0.8, 0.05);
    let changes: Vec<f64> = (0..COUPLES)
        .map(|couple| intimacy(couple, &rules, Some(&evening)) - intimacy(couple, &rules, None))
        .collect();
    let mean = changes.iter().sum::<f64>() / COUPLES as f64;
    let squares: f64 = changes.iter().map(|change| (change - mean).powi(2)).sum();
    let half = 1.96 * (squares / (COUPLES - 1) as f64 / COUPLES as f64).sqrt();
    println!("a weekly evening changes intimacy by {mean:.4} ± {half:.4} ({COUPLES} couples)");
    assert!(mean > half, "evenings bring couples closer");

    // Evenings that never take place change nothing: the model's draws stay the same.
    let never = Evening::new(0.0, 0.05);
    for couple in 0..20 {
        let [with, without] = [Some(&never), None].map(|it| intimacy(couple, &rules, it));
        assert_eq!(with, without);
    }
}
