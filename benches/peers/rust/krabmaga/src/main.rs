//! krABMaga: one agent for each partner, scheduled for every day. The state holds two buffers of
//! partners, the day's beginning and its end, and swaps them when all agents have acted.

use krabmaga::engine::agent::Agent;
use krabmaga::engine::schedule::Schedule;
use krabmaga::engine::state::State;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::any::Any;
use workload::{Means, Partner, System};

struct Population {
    /// Partners of one couple stand side by side.
    now: Vec<Partner>,
    next: Vec<Partner>,
    rng: ChaCha8Rng,
    daily: Vec<(f64, f64)>,
}

impl State for Population {
    fn init(&mut self, schedule: &mut Schedule) {
        for place in 0..self.now.len() {
            schedule.schedule_repeating(Box::new(Discloser { place }), 0.0, 0);
        }
    }

    fn update(&mut self, step: u64) {
        if step == 0 {
            return;
        }
        std::mem::swap(&mut self.now, &mut self.next);
        let n = self.now.len() as f64;
        let (trust, intimacy) = self
            .now
            .iter()
            .fold((0.0, 0.0), |(t, m), p| (t + p.trust, m + p.intimacy));
        self.daily.push((trust / n, intimacy / n));
    }

    fn reset(&mut self) {}

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn as_state(&self) -> &dyn State {
        self
    }

    fn as_state_mut(&mut self) -> &mut dyn State {
        self
    }
}

#[derive(Clone, Copy)]
struct Discloser {
    place: usize,
}

impl Agent for Discloser {
    fn step(&mut self, state: &mut dyn State) {
        let population = state
            .as_any_mut()
            .downcast_mut::<Population>()
            .expect("the schedule is given this state");
        let (u1, u2) = population.rng.random();
        let mut partner = population.now[self.place];
        let other = &population.now[self.place ^ 1];
        (partner.trust, partner.intimacy) = partner.after_disclosing(other, u1, u2);
        population.next[self.place] = partner;
    }
}

struct Model {
    population: Population,
    schedule: Schedule,
    days: usize,
}

impl System for Model {
    fn new(couples: usize, days: usize, seed: u64, means: Option<Means>) -> Model {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let now: Vec<Partner> = (0..2 * couples)
            .map(|_| Partner::drawn(|| rng.random(), means))
            .collect();
        let mut population = Population {
            next: now.clone(),
            now,
            rng,
            daily: Vec::with_capacity(days),
        };
        let mut schedule = Schedule::new();
        population.init(&mut schedule);
        Model {
            population,
            schedule,
            days,
        }
    }

    fn live(&mut self) -> Vec<(f64, f64)> {
        for _ in 0..self.days {
            self.schedule.step(&mut self.population);
        }
        std::mem::take(&mut self.population.daily)
    }

    fn couples(&self) -> impl Iterator<Item = [Partner; 2]> {
        self.population.now.chunks_exact(2).map(|c| [c[0], c[1]])
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    workload::run::<Model>()
}
