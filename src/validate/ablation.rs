//! Ablation: each mechanism off, and all targets again.

use super::cohorts::Lab;
use super::findings::{Held, Verdict, hold};
use super::targets::Target;
use crate::model::parameters::MECHANISMS;
use crate::scenario::{Diagnostics, Override};

/// The targets without one mechanism.
#[derive(Clone)]
pub struct Ablation {
    /// Key of the mechanism that is off.
    pub mechanism: &'static str,
    /// The targets, in their order.
    pub held: Vec<Held>,
}

impl Held {
    /// Whether a number that is reproduced here is not reproduced there.
    pub fn is_lost(&self, there: &Held) -> bool {
        self.verdict == Verdict::Reproduced && there.verdict == Verdict::NotReproduced
    }
}

impl Ablation {
    /// Names of the targets that are reproduced with the mechanism and not without it.
    pub fn carries(&self, full: &[Held]) -> Vec<String> {
        let both = full.iter().zip(&self.held);
        let lost = both.filter(|(with, without)| with.is_lost(without));
        lost.map(|(with, _)| with.target.name()).collect()
    }
}

/// Repeats all studies without each mechanism in turn; none of them where it was stopped.
///
/// # Errors
/// [`Diagnostics`] of the laboratory's overrides.
pub fn ablate(lab: &Lab, targets: &[Target]) -> Result<Vec<Ablation>, Diagnostics> {
    let mut ablations = Vec::with_capacity(MECHANISMS.len());
    for switch in MECHANISMS {
        if lab.control.cancel.is_cancelled() {
            return Ok(Vec::new());
        }
        let mut without = lab.clone();
        let off = Override::parse(&format!("mechanisms.{}=false", switch.key))?;
        without.overrides.push(off);
        ablations.push(Ablation {
            mechanism: switch.key,
            held: hold(&without, targets)?,
        });
    }
    Ok(ablations)
}
