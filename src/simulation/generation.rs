//! A generation: usual adults as caregivers, and the children whom they bring up.

use super::defaults::{ANXIETY_WITH_AVOIDANCE, upbringing_places, usual};
use super::initial_distribution::{Draw, InitialDistribution, Place, Scratch};
use crate::childhood::{SimulatedFamily, families};
use crate::math::correlation::GaussianCopula;
use crate::math::distribution::Distribution;
use crate::model::Rules;
use crate::model::types::TRAITS;
use crate::rng::{Key, StreamKind};
use crate::simd::backend::Backend;

/// Lets so many adults of the usual population bring up a child each.
///
/// A caregiver's own anxiety and avoidance move responsiveness as they do everywhere, and
/// responsiveness is the sensitivity that the child meets; all else of the upbringing is usual.
/// `every` is the number of days between the ages that are noted; at 0 the end alone. Families by
/// family it is the same however many there are.
pub fn generation(
    seed: u64,
    count: u64,
    every: u32,
    rules: &Rules,
    engine: Backend,
) -> Vec<SimulatedFamily> {
    generation_of(&usual_adults(), seed, count, every, rules, engine)
}

/// The same of adults from elsewhere: caregivers are the partners A of couples without a childhood of
/// their own.
pub fn generation_of(
    adults: &InitialDistribution,
    seed: u64,
    count: u64,
    every: u32,
    rules: &Rules,
    engine: Backend,
) -> Vec<SimulatedFamily> {
    let brought_up = InitialDistribution::new(usual_draws(upbringing_places(0)), None);
    let key = |realm| Key::new(seed, 0, 0, realm);
    let (drawn, mut scratch) = (key(StreamKind::Origin), Scratch::default());
    let (mut caregivers, mut children) = (Vec::new(), Vec::new());
    for number in 0..count {
        let couple = adults.couple(&drawn, number, &mut scratch);
        caregivers.push(couple.partners[0].traits);
        brought_up.score(&drawn, &[number], &mut scratch);
        children.push(brought_up.upbringing(0, 0, &scratch));
    }
    let lived = key(StreamKind::Childhood);
    families(&lived, &caregivers, &children, rules, every, engine)
}

/// Where a usual caregiver's traits come from.
fn usual_adults() -> InitialDistribution {
    let draws = usual_draws((0..TRAITS.len()).map(|index| Place::Trait(0, index)));
    let pair = [(0, 1, ANXIETY_WITH_AVOIDANCE)];
    let correlation = GaussianCopula::new(draws.len(), &pair).ok();
    InitialDistribution::new(draws, correlation)
}

fn usual_draws(places: impl Iterator<Item = Place>) -> Vec<(Place, Draw)> {
    let draw = |place| {
        let (family, slopes) = usual(place);
        let distribution = Distribution::new(family).ok()?;
        let draw = Draw {
            distribution,
            slopes,
        };
        Some((place, draw))
    };
    places.filter_map(draw).collect()
}
