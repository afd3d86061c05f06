//! Ensembles of couples, simulated day by day.

use crate::math::distribution::Distribution;
use crate::model::observer::Observer;
use crate::model::purposes::{Draws, pairs_per_step};
use crate::model::{Couple, Rules, step};
use crate::rng::{Key, PAIR_WORDS, StreamKind, VectorRng};
use crate::simd::vector::Vector;
use crate::simulation::defaults::{default_draw, variables};
use crate::simulation::{Draw, InitialDistribution, ScoreBuffer};

/// Couples, and which of them separated.
pub(crate) struct TestEnsemble {
    pub(crate) couples: Vec<Couple<f64>>,
    pub(crate) separated: Vec<bool>,
}

/// The default population of a seed.
pub(crate) fn population(seed: u64, couples: usize) -> TestEnsemble {
    let draws = variables().into_iter().map(|place| {
        let (family, slopes) = default_draw(place);
        let distribution = Distribution::new(family).expect("a usual distribution");
        (
            place,
            Draw {
                distribution,
                slopes,
            },
        )
    });
    let origin = InitialDistribution::new(draws.collect(), None);
    let key = Key::new(seed, 0, 0, StreamKind::Origin);
    let mut scratch = ScoreBuffer::default();
    let initial = (0..couples as u64).map(|couple| origin.couple(&key, couple, &mut scratch));
    TestEnsemble::of(initial.collect())
}

impl TestEnsemble {
    /// An ensemble of intact couples.
    pub(crate) fn of(couples: Vec<Couple<f64>>) -> TestEnsemble {
        let separated = vec![false; couples.len()];
        TestEnsemble { couples, separated }
    }

    /// Simulates some days; separations are recorded, and separated couples go on.
    pub(crate) fn simulate<W: Observer<f64>>(
        &mut self,
        seed: u64,
        days: std::ops::Range<u64>,
        rules: &Rules,
        observers: &mut [W],
    ) {
        let steps_per_day = (1.0 / rules.clock.step_days) as u64;
        let pairs = pairs_per_step(rules.clock.moments);
        let key = Key::new(seed, 0, 0, StreamKind::Life);
        let mut words = vec![0; pairs * PAIR_WORDS];
        let rows = self
            .couples
            .iter_mut()
            .zip(&mut self.separated)
            .zip(observers);
        for (index, ((couple, separated), observer)) in rows.enumerate() {
            let first = days.start * steps_per_day;
            let mut streams = f64::streams(&key, &[index as u64]);
            for at in first..days.end * steps_per_day {
                f64::fill(&mut streams, at * pairs as u64, &mut words);
                let departure = step(couple, &Draws::new(&words), rules, observer);
                *separated |= departure.leaves[0] | departure.leaves[1];
            }
        }
    }

    /// Simulates some days without an observer.
    pub(crate) fn age(&mut self, seed: u64, days: u64, rules: &Rules) {
        let mut unobserved = vec![(); self.couples.len()];
        self.simulate(seed, 0..days, rules, &mut unobserved);
    }

    /// One number of every couple.
    pub(crate) fn column(&self, read: impl Fn(&Couple<f64>) -> f64) -> Vec<f64> {
        self.couples.iter().map(read).collect()
    }

    /// 1 for every couple that separated, 0 for the others.
    pub(crate) fn separations(&self) -> Vec<f64> {
        self.separated
            .iter()
            .map(|gone| f64::from(u8::from(*gone)))
            .collect()
    }
}

/// Every number of a couple: traits and states of both, contact and investment.
pub(crate) fn numbers<L: Vector>(couple: &Couple<L>) -> Vec<&L> {
    let mut all = Vec::new();
    for partner in &couple.partners {
        all.extend(partner.traits.fields());
        all.extend(partner.state.fields());
    }
    all.extend([&couple.contact, &couple.investment]);
    all
}

/// [`numbers`], for writing.
pub(crate) fn numbers_mut<L: Vector>(couple: &mut Couple<L>) -> Vec<&mut L> {
    let mut all = Vec::new();
    for partner in &mut couple.partners {
        all.extend(partner.traits.fields_mut());
        all.extend(partner.state.fields_mut());
    }
    all.extend([&mut couple.contact, &mut couple.investment]);
    all
}
