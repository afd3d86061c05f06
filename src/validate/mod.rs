//! Validation: published numbers held against simulated studies of the same design and size.
//!
//! The targets stand in `validation/targets.csv`, the populations beside it. What a questionnaire or
//! a diary would have shown is compared, never a state.

pub(crate) mod baseline;
pub(crate) mod charts;
pub(crate) mod cohorts;
pub(crate) mod compare;
pub(crate) mod cross_section;
pub(crate) mod daily;
pub(crate) mod dissolution;
pub(crate) mod error;
pub(crate) mod estimators;
pub(crate) mod experiments;
pub(crate) mod families;
pub(crate) mod laboratory_keys;
pub(crate) mod observed;
pub(crate) mod panel;
pub(crate) mod report;
pub(crate) mod results;
pub(crate) mod samples;
pub(crate) mod tables;
pub(crate) mod targets;
#[cfg(test)]
pub(crate) mod tests;

use crate::error::Error;
use crate::options::{Execution, SaveOptions};
use crate::results::Folder;
use std::path::PathBuf;
use std::sync::Arc;

use crate::validate::targets::SHIPPED;
pub(crate) use cohorts::{Laboratory, POPULATIONS};
#[cfg(test)]
pub(crate) use compare::SimulatedFinding;
pub(crate) use compare::{ablate, compare};
pub(crate) use laboratory_keys::LaboratoryKey;
pub(crate) use report::ValidationReport;
pub(crate) use results::Validation;
pub(crate) use targets::{Target, shipped};

/// Couples of each cohort unless another number is given.
pub(crate) const DEFAULT_COUPLES: u64 = 20_000;
/// Seed unless another is given.
pub(crate) const DEFAULT_SEED: u64 = 1;

/// A validation.
#[derive(Clone, Debug)]
pub(crate) struct ValidateRequest {
    /// Names or tiers of the targets; all where there are none.
    pub(crate) targets: Vec<String>,
    /// The laboratory.
    pub(crate) lab: Laboratory,
    /// The laboratory's overrides as they were given, for the manifest.
    pub(crate) overrides: Vec<String>,
    /// Whether each mechanism is also taken out.
    pub(crate) ablation: bool,
    /// Folder of the results, if they are written.
    pub(crate) out: Option<PathBuf>,
    /// How they are written.
    pub(crate) save: SaveOptions,
    /// An earlier table `targets.csv` whose verdicts are to be the same.
    pub(crate) against: Option<PathBuf>,
}

/// Repeats the published studies and writes the results where a folder is given.
///
/// # Errors
/// [`Error::Target`] for a target that does not exist or an earlier table that is none, [`Error::Scenario`] for overrides
/// that no population takes, [`Error::Threads`], [`Error::Output`],
/// [`Error::Chart`].
pub(crate) fn validate(
    request: &ValidateRequest,
    execution: Execution<'_>,
) -> Result<ValidationReport, Error> {
    validate_by(SHIPPED, shipped(&request.targets)?, request, execution)
}

/// Repeats the studies of some targets of a table of published numbers.
fn validate_by(
    text: &str,
    targets: Vec<Target>,
    request: &ValidateRequest,
    mut execution: Execution<'_>,
) -> Result<ValidationReport, Error> {
    let folder = match &request.out {
        Some(out) => Some(Folder::create(out, request.save.replace)?),
        None => None,
    };
    let kept = request.against.as_deref().map(baseline::read).transpose()?;
    let (held, ablations) = execution.run(0, |control| {
        let lab = &Laboratory {
            control: Arc::new(control.clone()),
            ..request.lab.clone()
        };
        let held = compare(lab, &targets)?;
        let ablations = match request.ablation {
            true => ablate(lab, &targets)?,
            false => Vec::new(),
        };
        control.cancel.check()?;
        Ok((held, ablations))
    })?;
    let differences = kept.map_or(Vec::new(), |kept| baseline::differences(&kept, &held));
    let report = ValidationReport {
        comparisons: held,
        ablations,
        differences,
    };
    if let Some(folder) = folder {
        results::write_results(text, request, &report, folder)?;
    }
    Ok(report)
}
