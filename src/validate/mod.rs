//! Validation: published numbers held against simulated studies of the same design and size.
//!
//! The targets stand in `validation/targets.csv`, the populations beside it. What a questionnaire or
//! a diary would have shown is compared, never a state.

pub mod ablation;
pub mod baseline;
pub mod charts;
pub mod cohort_cache;
pub mod cohorts;
pub mod cross_section;
pub mod daily;
pub mod dissolution;
pub mod estimators;
pub mod experiments;
pub mod families;
pub mod findings;
pub mod laboratory_keys;
pub mod observed;
pub mod panel;
pub mod report;
pub mod results;
pub mod samples;
pub mod tables;
pub mod targets;
#[cfg(test)]
pub(crate) mod tests;

use crate::error::Error;
use crate::results::Folder;
use crate::run::Outcome;
use std::path::PathBuf;

use crate::validate::targets::SHIPPED;
pub use ablation::{Ablation, ablate};
pub use cohorts::{Laboratory, POPULATIONS, Population};
pub use findings::{Comparison, Reproduction, SimulatedFinding, blind_tally, compare, tally};
pub use laboratory_keys::{LaboratoryKey, laboratory_keys};
pub use report::ValidationReport;
pub(crate) use results::{again, headers_of, is_validation, redraw};
pub use samples::Instruments;
pub use targets::{Exposure, Target, TargetError, Tier, shipped};

/// Couples of each cohort where nothing else is said.
pub const USUAL_COUPLES: u64 = 20_000;
/// Seed where nothing else is said.
pub const USUAL_SEED: u64 = 1;

/// What a validation is asked to do.
#[derive(Clone, Debug)]
pub struct ValidateRequest {
    /// Names or tiers of the targets; all where there are none.
    pub targets: Vec<String>,
    /// The laboratory.
    pub lab: Laboratory,
    /// The laboratory's overrides as they were given, for the manifest.
    pub overrides: Vec<String>,
    /// Whether each mechanism is also taken out.
    pub ablation: bool,
    /// Threads; all cores where `None`. No result depends on it.
    pub threads: Option<usize>,
    /// Folder of the results, if any; it must not exist.
    pub out: Option<PathBuf>,
    /// Whether an older folder of results may be replaced.
    pub force: bool,
    /// Whether charts are drawn.
    pub charts: bool,
    /// An earlier table `targets.csv` whose verdicts are to be the same.
    pub against: Option<PathBuf>,
}

/// Repeats the published studies, and lays the results down where that is asked.
///
/// # Errors
/// [`Error::Target`] for a target that does not exist or an earlier table that is none, [`Error::Scenario`] for overrides
/// that no population takes, [`Error::Threads`], [`Error::Output`],
/// [`Error::Chart`].
pub fn validate(request: &ValidateRequest) -> Result<Outcome<ValidationReport>, Error> {
    validate_by(SHIPPED, shipped(&request.targets)?, request)
}

/// Repeats the studies of some targets of a table of published numbers.
fn validate_by(
    text: &str,
    targets: Vec<Target>,
    request: &ValidateRequest,
) -> Result<Outcome<ValidationReport>, Error> {
    let folder = match &request.out {
        Some(out) => Some(Folder::create(out, request.force)?),
        None => None,
    };
    let asked = request.threads.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(asked)
        .build()
        .map_err(|source| Error::Threads { asked, source })?;
    let kept = request.against.as_deref().map(baseline::read).transpose()?;
    let lab = &request.lab;
    let faulty = |faults| Error::Scenario(Box::new(faults));
    let (held, ablations) = pool.install(|| {
        let held = compare(lab, &targets).map_err(faulty)?;
        let ablations = match request.ablation {
            true => ablate(lab, &targets).map_err(faulty)?,
            false => Vec::new(),
        };
        Ok::<_, Error>((held, ablations))
    })?;
    if lab.control.cancel.is_cancelled() {
        return Ok(Outcome::Stopped);
    }
    let differences = kept.map_or(Vec::new(), |kept| baseline::differences(&kept, &held));
    let report = ValidationReport {
        comparisons: held,
        ablations,
        differences,
    };
    if let Some(folder) = folder {
        results::lay_down(text, request, &report, folder)?;
    }
    Ok(Outcome::Done(report))
}
