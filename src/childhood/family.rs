//! Families: adults as caregivers, and the children that they bring up.

use super::simulate::{Child, Childhood, grow_up};
use super::upbringing::Upbringing;
use crate::model::{Rules, Traits};
use crate::rng::{Key, VectorRng};
use crate::simd::backend::{Backend, Kernel};

/// A caregiver and their child.
#[derive(Clone, Debug, PartialEq)]
pub struct SimulatedFamily {
    /// The caregiver's traits as an adult, with their own anxiety and avoidance.
    pub caregiver: Traits<f64>,
    /// The child's childhood.
    pub childhood: Childhood,
}

/// Simulates a childhood for each caregiver, whose responsiveness, consistency and availability
/// are those of the upbringing.
///
/// This is the only way from one generation to the next: a caregiver's own attachment is
/// transmitted only through these. `children` gives the rest of each upbringing, one for each
/// caregiver. `every` is the number of days between the recorded ages; at 0 only the end is
/// recorded.
pub(crate) fn families(
    key: &Key,
    caregivers: &[Traits<f64>],
    children: &[Upbringing],
    rules: &Rules,
    every: u32,
    backend: Backend,
) -> Vec<SimulatedFamily> {
    let child_of = |(number, (caregiver, child)): (usize, (&Traits<f64>, &Upbringing))| Child {
        couple: number as u64,
        upbringing: Upbringing {
            sensitivity: caregiver.responsiveness,
            consistency: caregiver.consistency,
            availability: caregiver.availability,
            ..*child
        },
    };
    let pairs = caregivers.iter().zip(children).enumerate();
    let children: Vec<Child> = pairs.map(child_of).collect();
    let childhoods = backend.run(Childhoods {
        key,
        children: &children,
        rules: &rules.in_childhood(),
        every,
    });
    let family = |(caregiver, childhood): (&Traits<f64>, Childhood)| SimulatedFamily {
        caregiver: *caregiver,
        childhood,
    };
    caregivers.iter().zip(childhoods).map(family).collect()
}

struct Childhoods<'a> {
    key: &'a Key,
    children: &'a [Child],
    rules: &'a Rules,
    every: u32,
}

impl Kernel for Childhoods<'_> {
    type Output = Vec<Childhood>;
    #[inline(always)]
    fn run<L: VectorRng>(self) -> Vec<Childhood> {
        grow_up::<L>(self.key, 0, self.children, self.rules, self.every)
    }
}
