//! Ablation: each mechanism off, and all targets again.

use super::cohorts::Laboratory;
use super::findings::{Comparison, Reproduction, compare};
use super::targets::Target;
use crate::model::parameters::MECHANISMS;
use crate::scenario::{Diagnostics, Override};

/// The targets without one mechanism.
#[derive(Clone)]
pub struct Ablation {
    /// Key of the mechanism that is off.
    pub mechanism: &'static str,
    /// The targets, in their order.
    pub comparisons: Vec<Comparison>,
}

impl Comparison {
    /// Whether a number that is reproduced here is not reproduced there.
    pub fn is_lost(&self, there: &Comparison) -> bool {
        self.verdict == Reproduction::Reproduced && there.verdict == Reproduction::NotReproduced
    }
}

impl Ablation {
    /// Names of the targets that are reproduced with the mechanism and not without it.
    pub fn carries(&self, full: &[Comparison]) -> Vec<String> {
        let both = full.iter().zip(&self.comparisons);
        let lost = both.filter(|(with, without)| with.is_lost(without));
        lost.map(|(with, _)| with.target.name()).collect()
    }
}

/// Simulates all studies without each mechanism in turn; none of them if it is cancelled.
///
/// # Errors
/// [`Diagnostics`] of the laboratory's overrides.
pub fn ablate(laboratory: &Laboratory, targets: &[Target]) -> Result<Vec<Ablation>, Diagnostics> {
    let mut ablations = Vec::with_capacity(MECHANISMS.len());
    for switch in MECHANISMS {
        if laboratory.control.cancel.is_cancelled() {
            return Ok(Vec::new());
        }
        let mut without = laboratory.clone();
        let off = Override::parse(&format!("mechanisms.{}=false", switch.key))?;
        without.overrides.push(off);
        ablations.push(Ablation {
            mechanism: switch.key,
            comparisons: compare(&without, targets)?,
        });
    }
    Ok(ablations)
}
