//! Validation: published numbers held against simulated studies of the same design and size.
//!
//! The targets stand in `validation/targets.csv`, the populations beside it. What a questionnaire or
//! a diary would have shown is compared, never a state.

mod ablation;
mod cross_section;
mod daily;
mod dissolution;
mod experiments;
mod families;
mod findings;
mod kept;
mod lab;
mod measures;
mod observed;
mod panel;
mod report;
mod samples;
mod tables;
mod targets;

use super::error::StudyError;
use super::run::Outcome;
use crate::foundation::table::{Header, Sink};
use crate::output::{Folder, Format, Manifest, Origin, codebook};
use std::path::PathBuf;

pub use ablation::{Ablation, ablate};
pub use findings::{Finding, Held, Verdict, hold, tally};
pub use lab::{Lab, POPULATIONS, Population};
pub use report::Report;
pub use samples::Instruments;
pub use targets::{Target, TargetFault, Tier, shipped};

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
    pub lab: Lab,
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
/// [`StudyError::Target`] for a target that does not exist or an earlier table that is none, [`StudyError::Scenario`] for overrides
/// that no population takes, [`StudyError::Threads`], [`StudyError::Output`],
/// [`StudyError::Chart`].
pub fn validate(request: &ValidateRequest) -> Result<Outcome<Report>, StudyError> {
    let targets = shipped(&request.targets)?;
    let folder = match &request.out {
        Some(out) => Some(Folder::create(out, request.force)?),
        None => None,
    };
    let asked = request.threads.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(asked)
        .build()
        .map_err(|source| StudyError::Threads { asked, source })?;
    let kept = request.against.as_deref().map(kept::read).transpose()?;
    let lab = &request.lab;
    let faulty = |faults| StudyError::Scenario(Box::new(faults));
    let (held, ablations) = pool.install(|| {
        let held = hold(lab, &targets).map_err(faulty)?;
        let ablations = match request.ablation {
            true => ablate(lab, &targets).map_err(faulty)?,
            false => Vec::new(),
        };
        Ok::<_, StudyError>((held, ablations))
    })?;
    if lab.control.stopping() {
        return Ok(Outcome::Stopped);
    }
    let differences = kept.map_or(Vec::new(), |kept| kept::differences(&kept, &held));
    let report = Report {
        held,
        ablations,
        differences,
    };
    if let Some(folder) = folder {
        lay_down(request, &report, folder)?;
    }
    Ok(Outcome::Done(report))
}

/// The headers of a validation's tables.
fn headers(ablation: bool) -> Vec<Header> {
    let mut headers = vec![tables::targets_header()];
    if ablation {
        headers.push(tables::ablation_header());
    }
    headers
}

fn lay_down(
    request: &ValidateRequest,
    report: &Report,
    mut folder: Folder,
) -> Result<(), StudyError> {
    let headers = headers(request.ablation);
    let mut made = vec![tables::targets(&report.held)];
    if request.ablation {
        made.push(tables::ablation(&report.held, &report.ablations));
    }
    let mut sink = folder.tables(Format::Csv, &headers)?;
    for table in &made {
        sink.accept(&table.header, &table.rows)?;
    }
    folder.seal_tables(sink)?;
    let book = codebook(&headers);
    let mut sink = folder.tables(Format::Csv, std::slice::from_ref(&book.header))?;
    sink.accept(&book.header, &book.rows)?;
    folder.seal_tables(sink)?;
    folder.commit(Manifest::new(origin(request)))?;
    Ok(())
}

fn origin(request: &ValidateRequest) -> Origin {
    let mut command = vec!["pairbond".to_owned(), "validate".to_owned()];
    command.extend(request.targets.iter().cloned());
    command.extend(["--couples".to_owned(), request.lab.couples.to_string()]);
    command.extend(["--seed".to_owned(), request.lab.seed.to_string()]);
    for value in &request.overrides {
        command.extend(["--set".to_owned(), value.clone()]);
    }
    if request.ablation {
        command.push("--ablation".to_owned());
    }
    Origin {
        kind: "validation".to_owned(),
        command,
        scenario_file: "targets.csv".to_owned(),
        scenario_text: targets::SHIPPED.to_owned(),
        overrides: request.overrides.clone(),
        seed: request.lab.seed,
        table_format: Format::Csv,
    }
}
