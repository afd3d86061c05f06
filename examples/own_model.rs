//! A model of your own on the library's random numbers and vectors:
//! `cargo run --release --example own_model`.
//!
//! Each partner's mood keeps a part of yesterday's, takes over a part of the partner's, and has noise.
//! The model is written once, over a [`Vector`]. Each [`Backend`] runs it with vectors of another
//! length, and all of them give the same bits.

use pairbond::rng::{Key, PAIR_WORDS, StreamKind, VectorRng, normal_scores};
use pairbond::simd::{Backend, Kernel};

const COUPLES: u64 = 20_000;
const DAYS: u64 = 200;
/// Part of a mood that is left after a day.
const INERTIA: f64 = 0.6;
/// Part of the partner's mood that is taken over.
const INFLUENCE: f64 = 0.2;

/// The moods of some couples' partners on the last day.
struct Moods {
    key: Key,
    couples: Vec<u64>,
}

impl Kernel for Moods {
    type Output = Vec<[f64; 2]>;

    // All that a kernel calls with vectors is inlined, since only then it uses the vector registers.
    #[inline(always)]
    fn run<V: VectorRng>(self) -> Vec<[f64; 2]> {
        let mut moods = Vec::with_capacity(self.couples.len());
        let mut words = [V::ZERO; PAIR_WORDS];
        for couples in self.couples.chunks(V::LANES) {
            let mut streams = V::streams(&self.key, couples);
            let (mut a, mut b) = (V::splat(0.0), V::splat(0.0));
            // A draw has an address: a day's words follow from seed, couple and day alone.
            for day in 0..DAYS {
                V::fill(&mut streams, day, &mut words);
                let noise: [V; 2] = [normal_scores(words[0]), normal_scores(words[1])];
                let after_a = a * INERTIA + b * INFLUENCE + noise[0];
                let after_b = b * INERTIA + a * INFLUENCE + noise[1];
                (a, b) = (after_a, after_b);
            }
            moods.extend((0..couples.len()).map(|lane| [a.extract(lane), b.extract(lane)]));
        }
        moods
    }
}

fn moods(backend: Backend) -> Vec<[f64; 2]> {
    let key = Key::new(2026, 0, 0, StreamKind::Study);
    let couples = (0..COUPLES).collect();
    backend.run(Moods { key, couples })
}

fn main() {
    let scalar = moods(Backend::Scalar);
    for backend in Backend::available() {
        assert!(moods(backend) == scalar, "{} differs", backend.name());
    }
    let mean = |f: &dyn Fn(&[f64; 2]) -> f64| scalar.iter().map(f).sum::<f64>() / COUPLES as f64;
    let correlation = mean(&|[a, b]| a * b) / mean(&|[a, b]| 0.5 * (a * a + b * b));

    // Sum and difference of the moods are independent first-order processes.
    let variance = |kept: f64| 1.0 / (1.0 - kept * kept);
    let (sum, difference) = (variance(INERTIA + INFLUENCE), variance(INERTIA - INFLUENCE));
    let expected = (sum - difference) / (sum + difference);
    println!("correlation of the partners' moods: {correlation:.3}, expected {expected:.3}");
    let standard_error = (1.0 - expected * expected) / (COUPLES as f64).sqrt();
    assert!((correlation - expected).abs() < 4.0 * standard_error);
}
