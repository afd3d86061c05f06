//! What is to be simulated next, each by an address of its own.

use super::kernel::{Mixture, uniform};
use super::prior::Axis;
use crate::rng::{Key, StreamKind};
use rand::Rng;

/// Values of the parameters to be simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Its number within its generation, from 0.
    pub number: u64,
    /// Seed of the simulation, its own.
    pub seed: u64,
    /// One value for each parameter, within the prior's bounds.
    pub values: Vec<f64>,
    /// The values in the priors' coordinates.
    pub(crate) coordinates: Vec<f64>,
}

/// Draws the proposals of one generation: each is a function of (seed, generation, number) and of the
/// generation before.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposer {
    axes: Vec<Axis>,
    key: Key,
    /// `None` in the first generation, which is drawn from the prior.
    mixture: Option<Mixture>,
}

/// Draws outside the priors' bounds before a particle is proposed as it is. A particle lies within
/// them, so that hardly ever more than a few are needed.
const MOST_DRAWS: u32 = 100_000;

impl Proposer {
    pub(crate) fn new(
        axes: &[Axis],
        seed: u64,
        generation: u32,
        mixture: Option<Mixture>,
    ) -> Proposer {
        let purpose = u64::from_le_bytes(*b"calibrat");
        Proposer {
            axes: axes.to_vec(),
            key: Key::new(seed, purpose, generation, StreamKind::Study),
            mixture,
        }
    }

    /// The proposal of a number.
    ///
    /// A perturbed particle outside the bounds is drawn again from the beginning, with another
    /// particle: so the proposals have the density of the whole mixture, cut to the bounds, and the
    /// cut is the same constant in all their weights.
    pub fn proposal(&self, number: u64) -> Proposal {
        let mut rng = self.key.stream(number, 0);
        let seed = rng.next_u64();
        let coordinates = match &self.mixture {
            None => self
                .axes
                .iter()
                .map(|axis| axis.quantile(uniform(&mut rng)))
                .collect(),
            Some(mixture) => self.perturbed(mixture, &mut rng),
        };
        let values = self.axes.iter().zip(&coordinates);
        Proposal {
            number,
            seed,
            values: values.map(|(axis, x)| axis.value(*x)).collect(),
            coordinates,
        }
    }

    fn perturbed(&self, mixture: &Mixture, rng: &mut impl Rng) -> Vec<f64> {
        let (mut centre, mut point) = mixture.draw(rng);
        for _ in 0..MOST_DRAWS {
            if self.axes.iter().zip(&point).all(|(axis, x)| axis.holds(*x)) {
                return point;
            }
            (centre, point) = mixture.draw(rng);
        }
        centre.to_vec()
    }

    /// Logarithm of the weight of an accepted point, but for a constant.
    pub(crate) fn ln_weight(&self, coordinates: &[f64]) -> f64 {
        let prior: f64 = self
            .axes
            .iter()
            .zip(coordinates)
            .map(|(axis, x)| axis.ln_density(*x))
            .sum();
        match &self.mixture {
            None => 0.0,
            Some(mixture) => prior - mixture.ln_density(coordinates),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::abc::Prior;
    use crate::calibrate::abc::kernel::{Parent, PerturbationKernel};
    use crate::stats::summary::Moments;

    fn unit() -> Vec<Axis> {
        let prior = Prior::Uniform {
            low: 0.0,
            high: 1.0,
        };
        vec![Axis::new(&prior, 0).expect("a prior")]
    }

    fn corner() -> Proposer {
        let parents = [0.0, 0.4].map(|x| [x]);
        let parents: Vec<Parent<'_>> = parents
            .iter()
            .map(|coordinates| Parent {
                coordinates,
                weight: 0.5,
                near: true,
            })
            .collect();
        let mixture = Mixture::new(PerturbationKernel::Global, &parents, &[1e-12]);
        Proposer::new(&unit(), 5, 1, Some(mixture))
    }

    #[test]
    fn the_first_proposals_are_what_they_were() {
        let axes = unit();
        let first = Proposer::new(&axes, 2026, 0, None).proposal(0);
        assert_eq!((first.seed, first.values[0]), FIRST);
    }

    const FIRST: (u64, f64) = (9_210_374_479_659_562_735, 0.246_330_292_650_634_16);

    #[test]
    fn a_proposal_is_a_function_of_its_address() {
        let proposer = corner();
        assert_eq!(proposer.proposal(7), corner().proposal(7));
        let (one, other) = (proposer.proposal(7), proposer.proposal(8));
        assert!(one.seed != other.seed && one.values != other.values);
        let axes = unit();
        let seeds = [(5, 0), (6, 0), (5, 1)].map(|(seed, generation)| {
            Proposer::new(&axes, seed, generation, None)
                .proposal(7)
                .seed
        });
        assert!(seeds[0] != seeds[1] && seeds[0] != seeds[2]);
    }

    #[test]
    fn weights_undo_the_perturbation_and_its_cut_at_the_bounds() {
        let proposer = corner();
        let draws: Vec<f64> = (0..40_000)
            .map(|n| proposer.proposal(n).values[0])
            .collect();
        assert!(draws.iter().all(|x| (0.0..=1.0).contains(x)));
        let plain: Moments = draws.iter().copied().collect();
        assert!(plain.mean() < 0.4, "{}", plain.mean());
        let weights: Vec<f64> = draws
            .iter()
            .map(|x| crate::math::functions::exp(proposer.ln_weight(&[*x])))
            .collect();
        // Under the weights the draws are uniform.
        let mean = crate::calibrate::abc::weighted_mean(&draws, &weights);
        let sd = crate::calibrate::abc::weighted_sd(&draws, &weights);
        assert!((mean - 0.5).abs() < 0.012, "{mean}");
        assert!((sd - 1.0 / 12.0_f64.sqrt()).abs() < 0.008, "{sd}");
    }
}
