//! Proposals: values of the parameters to be simulated, each drawn from an addressed random stream.
//!
//! The first generation is drawn from the prior. Later ones perturb the particles of the generation
//! before: a proposal is drawn from a mixture of normal distributions, one around each particle.

use crate::calibrate::problem::PriorCoordinate;
use crate::math::functions::{exp, ln, normal_quantile};
use crate::math::linalg::{Cholesky, SymmetricMatrix};
use crate::rng::{Key, StreamKind};
use rand::Rng;

/// The covariance of the normal perturbation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PerturbationKernel {
    /// Twice the weighted covariance of the particles, the same for all (Beaumont et al. 2009).
    Global,
    /// For each particle, the mean square of the distances from it to those near enough for the next
    /// tolerance (Filippi, Barnes, Cornebise & Stumpf 2013).
    #[default]
    Local,
}

/// A particle as the perturbation sees it.
pub(crate) struct Parent<'a> {
    pub(crate) coordinates: &'a [f64],
    pub(crate) weight: f64,
    /// Whether it is near enough for the next tolerance.
    pub(crate) near: bool,
}

/// A weighted mixture of normal distributions, one around each particle.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mixture {
    centres: Vec<Vec<f64>>,
    /// Weight of each centre and of those before it; the last is the sum of all.
    upto: Vec<f64>,
    ln_weights: Vec<f64>,
    /// One for each centre, or one for all.
    factors: Vec<Cholesky>,
    /// Logarithm of the determinant of each factor.
    ln_determinants: Vec<f64>,
}

impl Mixture {
    /// The mixture around `parents`, of which one at least is near; variances are `floors` at least.
    pub(crate) fn new(
        kernel: PerturbationKernel,
        parents: &[Parent<'_>],
        floors: &[f64],
    ) -> Mixture {
        let factors = match kernel {
            PerturbationKernel::Global => {
                let (_, mut all) = moments(parents.iter(), floors.len());
                all.scale(2.0);
                vec![Cholesky::of_covariance(&all, floors)]
            }
            PerturbationKernel::Local => {
                let near = parents.iter().filter(|parent| parent.near);
                let (mean, spread) = moments(near, floors.len());
                // The mean square around any point is that around the mean and the way to it.
                let around = |parent: &Parent<'_>| {
                    let way: Vec<f64> = mean
                        .iter()
                        .zip(parent.coordinates)
                        .map(|(mean, own)| mean - own)
                        .collect();
                    let square = SymmetricMatrix::from_fn(floors.len(), |row, column| {
                        spread.at(row, column) + way[row] * way[column]
                    });
                    Cholesky::of_covariance(&square, floors)
                };
                parents.iter().map(around).collect()
            }
        };
        let mut sum = 0.0;
        let upto = parents
            .iter()
            .map(|parent| {
                sum += parent.weight;
                sum
            })
            .collect();
        Mixture {
            centres: parents
                .iter()
                .map(|parent| parent.coordinates.to_vec())
                .collect(),
            upto,
            ln_weights: parents.iter().map(|parent| ln(parent.weight)).collect(),
            ln_determinants: factors.iter().map(Cholesky::half_log_determinant).collect(),
            factors,
        }
    }

    /// Position of a centre's factor.
    fn factor(&self, centre: usize) -> usize {
        centre.min(self.factors.len() - 1)
    }

    /// Draws a centre by its weight and a point around it; gives both.
    pub(crate) fn draw(&self, rng: &mut impl Rng) -> (&[f64], Vec<f64>) {
        let total = self.upto.last().copied().unwrap_or_default();
        let wanted = uniform(rng) * total;
        let centre = self
            .upto
            .partition_point(|upto| *upto < wanted)
            .min(self.centres.len() - 1);
        let own = &self.centres[centre];
        let scores: Vec<f64> = own.iter().map(|_| normal_quantile(uniform(rng))).collect();
        let mut point = self.factors[self.factor(centre)].apply(&scores);
        point.iter_mut().zip(own).for_each(|(x, own)| *x += own);
        (own, point)
    }

    /// Logarithm of the mixture's density at a point, but for a constant.
    pub(crate) fn ln_density(&self, point: &[f64]) -> f64 {
        let (mut way, mut scratch) = (Vec::new(), Vec::new());
        let terms: Vec<f64> = (0..self.centres.len())
            .map(|centre| {
                way.clear();
                way.extend(
                    point
                        .iter()
                        .zip(&self.centres[centre])
                        .map(|(x, own)| x - own),
                );
                let factor = self.factor(centre);
                self.ln_weights[centre]
                    - 0.5 * self.factors[factor].square(&way, &mut scratch)
                    - self.ln_determinants[factor]
            })
            .collect();
        let most = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if most == f64::NEG_INFINITY {
            return most;
        }
        let sum: f64 = terms.iter().map(|term| exp(term - most)).sum();
        most + ln(sum)
    }
}

/// A number in (0, 1), never at its ends.
pub(crate) fn uniform(rng: &mut impl Rng) -> f64 {
    ((rng.next_u64() >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0
}

/// The weighted mean and mean square around it.
fn moments<'a, 'b: 'a>(
    parents: impl Iterator<Item = &'a Parent<'b>> + Clone,
    dimension: usize,
) -> (Vec<f64>, SymmetricMatrix) {
    let whole: f64 = parents.clone().map(|parent| parent.weight).sum();
    let mean: Vec<f64> = (0..dimension)
        .map(|axis| {
            let sum: f64 = parents
                .clone()
                .map(|parent| parent.weight * parent.coordinates[axis])
                .sum();
            sum / whole
        })
        .collect();
    let spread = SymmetricMatrix::from_fn(dimension, |row, column| {
        let sum: f64 = parents
            .clone()
            .map(|parent| {
                let way = |axis: usize| parent.coordinates[axis] - mean[axis];
                parent.weight * way(row) * way(column)
            })
            .sum();
        sum / whole
    });
    (mean, spread)
}

/// Values of the parameters to be simulated.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Proposal {
    /// Its number within its generation, from 0.
    pub(crate) number: u64,
    /// Seed of the simulation, its own.
    pub(crate) seed: u64,
    /// One value for each parameter, within the prior's bounds.
    pub(crate) values: Vec<f64>,
    /// The values in the priors' coordinates.
    pub(crate) coordinates: Vec<f64>,
}

/// Draws the proposals of one generation: each is a function of (seed, generation, number) and of the
/// generation before.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Proposer {
    priors: Vec<PriorCoordinate>,
    key: Key,
    /// `None` in the first generation, which is drawn from the prior.
    mixture: Option<Mixture>,
}

/// Draws outside the priors' bounds before a particle is proposed unchanged. Particles lie within the
/// bounds, so that more than a few draws are hardly ever needed.
const MOST_DRAWS: u32 = 100_000;

impl Proposer {
    pub(crate) fn new(
        priors: &[PriorCoordinate],
        seed: u64,
        generation: u32,
        mixture: Option<Mixture>,
    ) -> Proposer {
        let purpose = u64::from_le_bytes(*b"calibrat");
        Proposer {
            priors: priors.to_vec(),
            key: Key::new(seed, purpose, generation, StreamKind::Study),
            mixture,
        }
    }

    /// The proposal of a number.
    ///
    /// A perturbed particle outside the bounds is drawn again from the beginning, with another
    /// particle. So proposals have the density of the mixture truncated to the bounds, and the
    /// truncation is the same constant in all weights.
    pub(crate) fn proposal(&self, number: u64) -> Proposal {
        let mut rng = self.key.stream(number, 0);
        let seed = rng.next_u64();
        let coordinates = match &self.mixture {
            None => self
                .priors
                .iter()
                .map(|prior| prior.quantile(uniform(&mut rng)))
                .collect(),
            Some(mixture) => self.perturbed(mixture, &mut rng),
        };
        let values = self.priors.iter().zip(&coordinates);
        Proposal {
            number,
            seed,
            values: values.map(|(prior, x)| prior.value(*x)).collect(),
            coordinates,
        }
    }

    fn perturbed(&self, mixture: &Mixture, rng: &mut impl Rng) -> Vec<f64> {
        let (mut centre, mut point) = mixture.draw(rng);
        for _ in 0..MOST_DRAWS {
            if self
                .priors
                .iter()
                .zip(&point)
                .all(|(prior, x)| prior.contains(*x))
            {
                return point;
            }
            (centre, point) = mixture.draw(rng);
        }
        centre.to_vec()
    }

    /// Logarithm of the weight of an accepted point, but for a constant.
    pub(crate) fn ln_weight(&self, coordinates: &[f64]) -> f64 {
        let prior: f64 = self
            .priors
            .iter()
            .zip(coordinates)
            .map(|(prior, x)| prior.ln_density(*x))
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
    use crate::calibrate::problem::Prior;
    use crate::stats::summary::RunningMoments;

    fn mixture(kernel: PerturbationKernel) -> Mixture {
        mixture_of(
            kernel,
            &[
                ([0.0, 0.0], 0.5, true),
                ([2.0, 1.0], 0.25, true),
                ([0.0, 4.0], 0.25, false),
            ],
        )
    }

    fn mixture_of(kernel: PerturbationKernel, parents: &[([f64; 2], f64, bool)]) -> Mixture {
        let parents: Vec<Parent<'_>> = parents
            .iter()
            .map(|(coordinates, weight, near)| Parent {
                coordinates,
                weight: *weight,
                near: *near,
            })
            .collect();
        Mixture::new(kernel, &parents, &[1e-12; 2])
    }

    #[test]
    fn the_global_kernel_is_twice_the_weighted_covariance() {
        let factor = &mixture(PerturbationKernel::Global).factors;
        assert_eq!(factor.len(), 1);
        // Mean (0.5, 1.25), variances 0.75 and 2.6875, covariance −0.125.
        let first = factor[0].apply(&[1.0, 0.0]);
        assert!((first[0] - 1.5_f64.sqrt()).abs() < 1e-14);
        assert!((first[1] + 0.25 / 1.5_f64.sqrt()).abs() < 1e-14);
    }

    #[test]
    fn the_local_kernel_reaches_to_those_that_are_near() {
        let factors = &mixture(PerturbationKernel::Local).factors;
        assert_eq!(factors.len(), 3);
        // From (0, 4): to (0, 0) with weight 2/3 and to (2, 1) with weight 1/3.
        let first = factors[2].apply(&[1.0, 0.0]);
        let (variance, covariance) = (4.0 / 3.0, -6.0 / 3.0);
        assert!((first[0] - f64::sqrt(variance)).abs() < 1e-14);
        assert!((first[1] - covariance / f64::sqrt(variance)).abs() < 1e-13);
    }

    #[test]
    fn draws_have_the_density_of_the_mixture() {
        let parents = [
            ([0.0, 0.0], 0.5, true),
            ([2.0, 1.0], 0.25, true),
            ([0.0, 4.0], 0.15, true),
            ([3.0, 3.0], 0.1, false),
        ];
        let mixture = mixture_of(PerturbationKernel::Local, &parents);
        let mut rng = Key::new(1, 0, 0, StreamKind::Study).stream(0, 0);
        let draws: Vec<Vec<f64>> = (0..40_000).map(|_| mixture.draw(&mut rng).1).collect();
        let square = |x: f64, y: f64| {
            let inside =
                |point: &&Vec<f64>| (point[0] - x).abs() < 0.25 && (point[1] - y).abs() < 0.25;
            draws.iter().filter(inside).count() as f64
        };
        let constant = 2.0 * std::f64::consts::PI;
        for (x, y) in [(0.0, 0.0), (1.0, 1.0), (0.5, 3.0)] {
            let mut expected = 0.0;
            for i in 0..10 {
                for k in 0..10 {
                    let at = [
                        x - 0.225 + 0.05 * f64::from(i),
                        y - 0.225 + 0.05 * f64::from(k),
                    ];
                    expected += exp(mixture.ln_density(&at)) / constant * 0.0025;
                }
            }
            let (expected, found) = (40_000.0 * expected, square(x, y));
            assert!(
                (found - expected).abs() < 4.0 * expected.sqrt(),
                "{x} {y}: {found} {expected}"
            );
        }
    }

    #[test]
    fn a_uniform_number_never_lies_at_an_end() {
        struct Ends(u64);
        impl rand::TryRng for Ends {
            type Error = std::convert::Infallible;
            fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
                Ok(self.0 as u32)
            }
            fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
                Ok(self.0)
            }
            fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), Self::Error> {
                Ok(())
            }
        }
        assert!(uniform(&mut Ends(0)) > 0.0 && uniform(&mut Ends(u64::MAX)) < 1.0);
    }

    fn unit_interval() -> Vec<PriorCoordinate> {
        let prior = Prior::Uniform {
            low: 0.0,
            high: 1.0,
        };
        vec![PriorCoordinate::new(&prior, 0).expect("a prior")]
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
        Proposer::new(&unit_interval(), 5, 1, Some(mixture))
    }

    #[test]
    fn the_first_proposals_are_what_they_were() {
        let axes = unit_interval();
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
        let axes = unit_interval();
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
        let plain: RunningMoments = draws.iter().copied().collect();
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
