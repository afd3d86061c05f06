//! Plain Rust as one writes it without thought of speed: a vector of couples, each with its own
//! ChaCha8 generator, lived one after the other.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use workload::{Means, Partner, System};

struct Couple {
    partners: [Partner; 2],
    rng: ChaCha8Rng,
}

impl Couple {
    fn drawn(seed: u64, id: u64, means: Option<Means>) -> Couple {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(id);
        let partners = [(); 2].map(|()| Partner::drawn(|| rng.random(), means));
        Couple { partners, rng }
    }

    fn live_a_day(&mut self) {
        let [mut one, mut other] = self.partners;
        let u: [f64; 4] = self.rng.random();
        (one.trust, one.intimacy) =
            self.partners[0].after_disclosing(&self.partners[1], u[0], u[1]);
        (other.trust, other.intimacy) =
            self.partners[1].after_disclosing(&self.partners[0], u[2], u[3]);
        self.partners = [one, other];
    }
}

struct Couples {
    couples: Vec<Couple>,
    days: usize,
}

impl System for Couples {
    fn new(couples: usize, days: usize, seed: u64, means: Option<Means>) -> Couples {
        let couples = (0..couples as u64)
            .map(|id| Couple::drawn(seed, id, means))
            .collect();
        Couples { couples, days }
    }

    fn live(&mut self) -> Vec<(f64, f64)> {
        let mut daily = vec![(0.0, 0.0); self.days];
        for couple in &mut self.couples {
            for (trust, intimacy) in &mut daily {
                couple.live_a_day();
                let [one, other] = &couple.partners;
                *trust += one.trust + other.trust;
                *intimacy += one.intimacy + other.intimacy;
            }
        }
        let n = 2.0 * self.couples.len() as f64;
        daily.into_iter().map(|(t, m)| (t / n, m / n)).collect()
    }

    fn couples(&self) -> impl Iterator<Item = [Partner; 2]> {
        self.couples.iter().map(|couple| couple.partners)
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    workload::run::<Couples>()
}
