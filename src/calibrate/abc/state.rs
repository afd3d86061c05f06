//! How far a calibration is: a plain value that can be kept and gone on from.

use super::weighted::{effective_size, weighted_quantile};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A point that was accepted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Particle {
    /// One value for each parameter.
    pub values: Vec<f64>,
    /// What was simulated there, one value for each target.
    pub statistics: Vec<f64>,
    /// Distance from the targets; 0 while the first generation is under way, whose spread gives the
    /// units.
    pub distance: f64,
    /// Its weight; those of a whole generation sum to 1, and it is 0 while one is under way.
    pub weight: f64,
    /// The values in the priors' coordinates.
    pub(crate) coordinates: Vec<f64>,
}

/// How a generation went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Generation {
    /// Its number, from 0, the one drawn from the prior.
    pub number: u32,
    /// Largest distance that was accepted; `None` in the first, which accepts all.
    pub tolerance: Option<f64>,
    /// Proposals up to the last that was accepted.
    pub proposals: u64,
    /// Proposals with a statistic that is no finite number.
    pub missing: u64,
    /// Proposals accepted: the particles.
    pub accepted: u64,
    /// Effective number of particles.
    pub effective_size: f64,
    /// Weighted median of the distances.
    pub median_distance: f64,
    /// Simulations in all generations so far.
    pub simulations: u64,
}

impl Generation {
    /// Share of the proposals that were accepted [0–1].
    pub fn acceptance(&self) -> f64 {
        self.accepted as f64 / self.proposals as f64
    }
}

/// Why a calibration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// The tolerance that is near enough was reached.
    Tolerance,
    /// Too small a share of the proposals was accepted.
    Acceptance,
    /// The next generation would need more simulations than are left.
    Simulations,
    /// All generations were done.
    Generations,
    /// The particles' distances leave no smaller tolerance.
    Stalled,
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Ending::Tolerance => "the tolerance was reached",
            Ending::Acceptance => "too few proposals were accepted",
            Ending::Simulations => "the simulations left are too few for another generation",
            Ending::Generations => "all generations were done",
            Ending::Stalled => "no particle is nearer than the tolerance",
        })
    }
}

/// All that a calibration knows beside its problem.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The last whole generation's particles; none before the first is whole.
    pub population: Vec<Particle>,
    /// The generations that are whole.
    pub history: Vec<Generation>,
    /// Largest distance accepted in the generation under way; `None` in the first.
    pub tolerance: Option<f64>,
    /// Particles of the generation under way.
    pub accepted: Vec<Particle>,
    /// Proposals of the generation under way that were taken.
    pub proposals: u64,
    /// Those of them with a statistic that is no finite number.
    pub missing: u64,
    /// Simulations so far.
    pub simulations: u64,
    /// The unit of each statistic's distance, from the first generation on; `None` for a statistic
    /// that tells nothing.
    pub scales: Vec<Option<f64>>,
    /// Why it ended; `None` while it goes on.
    pub ending: Option<Ending>,
}

impl State {
    /// Number of the generation under way, from 0.
    pub fn generation(&self) -> u32 {
        self.history.len() as u32
    }

    /// The weights of the last whole generation.
    pub fn weights(&self) -> Vec<f64> {
        self.population
            .iter()
            .map(|particle| particle.weight)
            .collect()
    }

    /// Writes the generation under way into the history and makes it the population.
    pub(crate) fn close(&mut self) {
        self.population = std::mem::take(&mut self.accepted);
        let weights = self.weights();
        let distances: Vec<f64> = self.population.iter().map(|it| it.distance).collect();
        self.history.push(Generation {
            number: self.generation(),
            tolerance: self.tolerance,
            proposals: self.proposals,
            missing: self.missing,
            accepted: self.population.len() as u64,
            effective_size: effective_size(&weights),
            median_distance: weighted_quantile(&distances, &weights, 0.5),
            simulations: self.simulations,
        });
        (self.proposals, self.missing) = (0, 0);
    }
}
