//! A generation: adults of the default population as caregivers, and their children.

use super::defaults::{ANXIETY_WITH_AVOIDANCE, default_draw, upbringing_variables};
use super::initial_distribution::{Draw, InitialDistribution, InitialVariable, ScoreBuffer};
use crate::childhood::{SimulatedFamily, families};
use crate::math::correlation::GaussianCopula;
use crate::math::distribution::Distribution;
use crate::model::Rules;
use crate::model::types::TRAITS;
use crate::rng::{Key, StreamKind};
use crate::simd::backend::Backend;

/// Simulates `count` families of an adult of the default population and a child.
///
/// A caregiver's anxiety and avoidance change responsiveness as in couples, and responsiveness is the
/// sensitivity that the child meets; all else of the upbringing has its default. `every` is the number
/// of days between the ages that are recorded; 0 records the end only. A family does not depend on
/// `count`.
pub fn generation(
    seed: u64,
    count: u64,
    every: u32,
    rules: &Rules,
    backend: Backend,
) -> Vec<SimulatedFamily> {
    generation_of(&default_adults(), seed, count, every, rules, backend)
}

/// The same for given adults: caregivers are the partners A of couples without childhoods.
pub(crate) fn generation_of(
    adults: &InitialDistribution,
    seed: u64,
    count: u64,
    every: u32,
    rules: &Rules,
    backend: Backend,
) -> Vec<SimulatedFamily> {
    let upbringings = InitialDistribution::new(default_draws(upbringing_variables(0)), None);
    let key = |kind| Key::new(seed, 0, 0, kind);
    let (origin_key, mut scores) = (key(StreamKind::Origin), ScoreBuffer::default());
    let (mut caregivers, mut children) = (Vec::new(), Vec::new());
    for number in 0..count {
        let couple = adults.couple(&origin_key, number, &mut scores);
        caregivers.push(couple.partners[0].traits);
        upbringings.score(&origin_key, &[number], &mut scores);
        children.push(upbringings.upbringing(0, 0, &scores));
    }
    let childhood_key = key(StreamKind::Childhood);
    families(
        &childhood_key,
        &caregivers,
        &children,
        rules,
        every,
        backend,
    )
}

/// The distribution of a caregiver's traits.
fn default_adults() -> InitialDistribution {
    let draws = default_draws((0..TRAITS.len()).map(|index| InitialVariable::Trait(0, index)));
    let pair = [(0, 1, ANXIETY_WITH_AVOIDANCE)];
    let correlation = GaussianCopula::new(draws.len(), &pair).ok();
    InitialDistribution::new(draws, correlation)
}

fn default_draws(variables: impl Iterator<Item = InitialVariable>) -> Vec<(InitialVariable, Draw)> {
    let draw = |variable| {
        let (family, slopes) = default_draw(variable);
        let distribution = Distribution::new(family).ok()?;
        let draw = Draw {
            distribution,
            slopes,
        };
        Some((variable, draw))
    };
    variables.filter_map(draw).collect()
}
