//! Latin hypercubes: n points such that each of n equal strata of each axis holds exactly one
//! (McKay, Beckman & Conover 1979).
//!
//! Only the whole is a Latin hypercube; a shorter prefix is a random sample.

use super::random::Permutation;
use super::{DesignError, random};
use crate::rng::Key;

/// Most points for which several candidates may be compared.
pub(crate) const MAXIMIN_MOST_POINTS: u64 = 4096;

/// Where in its stratum a point lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placement {
    /// In the middle.
    Centred,
    /// Anywhere, uniformly.
    Jittered,
}

/// A random Latin hypercube.
#[derive(Clone, Debug)]
pub(crate) struct LatinHypercube {
    points: u64,
    placement: Placement,
    key: Key,
    first_stream: u64,
    strata: Vec<Permutation>,
}

impl LatinHypercube {
    /// Draws a Latin hypercube of `points` points.
    ///
    /// # Errors
    ///
    /// Without points or axes, and beyond 2^53 points.
    pub(crate) fn new(
        points: u64,
        dimensions: usize,
        placement: Placement,
        seed: u64,
    ) -> Result<LatinHypercube, DesignError> {
        if points == 0 || dimensions == 0 {
            return Err(DesignError::Empty);
        }
        let most = 1 << 53;
        if points > most {
            return Err(DesignError::TooManyPoints { most });
        }
        Ok(Self::candidate(points, dimensions, placement, seed, 0))
    }

    /// Draws several Latin hypercubes and keeps the one whose two nearest points are farthest apart
    /// (Johnson, Moore & Ylvisaker 1990); takes time with candidates × points² × dimensions.
    ///
    /// # Errors
    ///
    /// As [`LatinHypercube::new`], without candidates, and beyond [`MAXIMIN_MOST_POINTS`].
    pub(crate) fn maximin(
        points: u64,
        dimensions: usize,
        placement: Placement,
        seed: u64,
        candidates: u32,
    ) -> Result<LatinHypercube, DesignError> {
        if candidates == 0 {
            return Err(DesignError::TooFewCandidates {
                candidates,
                trajectories: 1,
            });
        }
        if points > MAXIMIN_MOST_POINTS {
            return Err(DesignError::TooManyPoints {
                most: MAXIMIN_MOST_POINTS,
            });
        }
        let mut best = Self::new(points, dimensions, placement, seed)?;
        let mut apart = best.least_distance();
        for number in 1..u64::from(candidates) {
            let other = Self::candidate(points, dimensions, placement, seed, number);
            let distance = other.least_distance();
            if distance > apart {
                (best, apart) = (other, distance);
            }
        }
        Ok(best)
    }

    fn candidate(points: u64, axes: usize, placement: Placement, seed: u64, number: u64) -> Self {
        let key = random::key(seed, b"latin   ");
        let first_stream = number * axes as u64;
        let strata = (first_stream..first_stream + axes as u64)
            .map(|stream| Permutation::new(points, &key, stream))
            .collect();
        LatinHypercube {
            points,
            placement,
            key,
            first_stream,
            strata,
        }
    }

    /// Number of points.
    pub(crate) fn points(&self) -> u64 {
        self.points
    }

    /// Number of axes.
    pub(crate) fn dimensions(&self) -> usize {
        self.strata.len()
    }

    /// The stratum, from 0, in which a point lies on an axis.
    pub(crate) fn stratum(&self, index: u64, axis: usize) -> u64 {
        self.strata[axis].at(index)
    }

    /// Writes the coordinates of one point.
    pub(crate) fn point(&self, index: u64, out: &mut [f64]) {
        for (axis, out) in out.iter_mut().enumerate() {
            let stratum = self.stratum(index, axis);
            let within = match self.placement {
                Placement::Centred => 0.5,
                Placement::Jittered => crate::rng::unit(
                    random::words(&self.key, self.first_stream + axis as u64, 1 + stratum)[0],
                ),
            };
            *out = inside(stratum, within, self.points);
        }
    }

    /// The squared distance between the two nearest points.
    fn least_distance(&self) -> f64 {
        let mut rows = vec![vec![0.0; self.dimensions()]; self.points as usize];
        for (index, row) in rows.iter_mut().enumerate() {
            self.point(index as u64, row);
        }
        let mut least = f64::INFINITY;
        for (number, one) in rows.iter().enumerate() {
            for other in &rows[..number] {
                let squared: f64 = one.iter().zip(other).map(|(a, b)| (a - b) * (a - b)).sum();
                least = least.min(squared);
            }
        }
        least
    }
}

/// A place within a stratum, kept from rounding up into the next one.
fn inside(stratum: u64, within: f64, strata: u64) -> f64 {
    let count = strata as f64;
    let value = (stratum as f64 + within) / count;
    let edge = (stratum + 1) as f64 / count;
    if value < edge {
        value
    } else {
        edge.next_down()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_stratum_of_every_axis_holds_one_point(points in 1_u64..400, seed: u64, jittered: bool) {
            let placement = if jittered { Placement::Jittered } else { Placement::Centred };
            let design = LatinHypercube::new(points, 3, placement, seed).expect("points and axes");
            let mut strata = vec![vec![0; points as usize]; 3];
            let mut out = [0.0; 3];
            for index in 0..points {
                design.point(index, &mut out);
                for axis in 0..3 {
                    let stratum = design.stratum(index, axis);
                    prop_assert!(out[axis] >= stratum as f64 / points as f64);
                    prop_assert!(out[axis] < (stratum + 1) as f64 / points as f64);
                    strata[axis][stratum as usize] += 1;
                }
            }
            prop_assert!(strata.iter().flatten().all(|count| *count == 1));
        }
    }

    #[test]
    fn the_farthest_candidate_is_kept() {
        let plain = LatinHypercube::new(12, 2, Placement::Centred, 3).expect("points and axes");
        let chosen = LatinHypercube::maximin(12, 2, Placement::Centred, 3, 40).expect("candidates");
        let best = (0..40)
            .map(|number| {
                LatinHypercube::candidate(12, 2, Placement::Centred, 3, number).least_distance()
            })
            .fold(0.0, f64::max);
        assert_eq!(chosen.least_distance(), best);
        assert!(best > plain.least_distance());
    }

    #[test]
    fn a_point_never_rounds_into_the_next_stratum() {
        assert!(inside(2, 1.0 - f64::EPSILON / 2.0, 3) < 1.0);
        assert!(inside(6, 1.0, 7) < 1.0);
    }

    #[test]
    fn the_first_point_is_what_it_was() {
        let design = LatinHypercube::new(100, 2, Placement::Jittered, 7).expect("points and axes");
        let mut out = [0.0; 2];
        design.point(0, &mut out);
        assert_eq!(out, FIRST);
    }

    const FIRST: [f64; 2] = [0.338_223_210_805_217_06, 0.061_431_617_400_053_93];

    #[test]
    fn impossible_requests_are_refused() {
        assert!(matches!(
            LatinHypercube::new(0, 2, Placement::Centred, 0),
            Err(DesignError::Empty)
        ));
        let huge = LatinHypercube::maximin(5000, 2, Placement::Centred, 0, 10);
        assert!(matches!(
            huge,
            Err(DesignError::TooManyPoints { most: 4096 })
        ));
    }
}
