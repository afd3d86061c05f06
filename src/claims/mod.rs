//! Claims put to the test: replicates of all conditions until each claim is decided, and what was found.

pub mod charts;
pub mod observed;
pub mod report;
pub mod tables;
pub mod trial;

use crate::chart::Width;
use crate::error::Error;
use crate::model::parameters::MECHANISMS;
use crate::results::provenance::{Asked, origin};
use crate::results::{Folder, Format, Manifest};
use crate::run::Outcome;
use crate::run::pictures;
use crate::run::pictures::Drawing;
use crate::runner::Control;
use crate::scenario::Scenario;
use crate::stats::sequential_test::FIRST_LOOK;
use crate::table::{Schema, Table};
use crate::verify::attachment_name;
use std::path::{Path, PathBuf};

pub use report::{ClaimsReport, Finding, Judged};

/// Most replicates of a condition where nothing else is said.
pub const USUAL_MOST: u32 = 256;
/// Fewest replicates that may be the most: there is no look before them.
pub const FEWEST: u32 = FIRST_LOOK as u32;

/// What is asked beyond the scenario.
#[derive(Clone, Debug)]
pub struct ClaimsRequest {
    /// Most replicates of a condition, at least [`FEWEST`].
    pub most: u32,
    /// Keys of the mechanisms that are taken out of all conditions.
    pub without: Vec<String>,
    /// Threads; all cores where `None`. No result depends on it.
    pub threads: Option<usize>,
    /// Where results are to be laid down, if anywhere.
    pub results: Option<Results>,
    /// The overrides with which the scenario was read, as `KEY=VALUE`, for the manifest.
    pub overrides: Vec<String>,
}

/// Where and how results are laid down.
#[derive(Clone, Debug)]
pub struct Results {
    /// Folder of the results, which must not exist.
    pub out: PathBuf,
    /// Whether an older folder of results may be replaced.
    pub force: bool,
    /// Format of the tables.
    pub format: Format,
    /// Whether the chart is drawn.
    pub charts: bool,
}

/// The keys of all mechanisms that can be taken out.
pub fn mechanisms() -> Vec<&'static str> {
    MECHANISMS.iter().map(|switch| switch.key).collect()
}

/// Most couple-days that the claims of a scenario may take, were no couple to part and no claim
/// decided.
pub fn couple_days(scenario: &Scenario, most: u32) -> u64 {
    let conditions = scenario
        .claims_spec()
        .map_or(0, |claims| claims.conditions.len());
    let size = &scenario.config().size;
    size.couples
        .saturating_mul(u64::from(size.days))
        .saturating_mul(u64::from(most.max(FEWEST)))
        .saturating_mul(conditions as u64)
}

/// Puts the claims of a scenario to the test, and lays the results down where that is asked.
///
/// # Errors
/// [`Error::NoClaims`] where there are none, [`Error::NoMechanism`] for a mechanism that does
/// not exist, [`Error::Output`] where files cannot be written, [`Error::Threads`] where
/// threads cannot be started, [`Error::Chart`] where the chart cannot be drawn.
pub fn claims(
    scenario: &Scenario,
    request: &ClaimsRequest,
    control: &Control,
) -> Result<Outcome<ClaimsReport>, Error> {
    let claims = scenario
        .claims_spec()
        .filter(|claims| !claims.claims.is_empty());
    let claims = claims.ok_or(Error::NoClaims)?;
    let known = |key: &&String| MECHANISMS.iter().any(|switch| switch.key == **key);
    if let Some(key) = request.without.iter().find(|key| !known(key)) {
        return Err(Error::NoMechanism { key: key.clone() });
    }
    let folder = match &request.results {
        Some(results) => Some(Folder::create(&results.out, results.force)?),
        None => None,
    };
    let asked = request.threads.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(asked)
        .build()
        .map_err(|source| Error::Threads { asked, source })?;
    let most = request.most.max(FEWEST);
    let tried = pool.install(|| trial::run(claims, most, &request.without, control));
    let Ok(found) = tried else {
        return Ok(Outcome::Stopped);
    };
    let report = ClaimsReport::new(claims, found, &request.without);
    if let (Some(folder), Some(results)) = (folder, &request.results) {
        lay_down(scenario, request, results, &report, folder)?;
    }
    Ok(if control.cancel.is_cancelled() {
        Outcome::Stopped
    } else {
        Outcome::Done(report)
    })
}

fn lay_down(
    scenario: &Scenario,
    request: &ClaimsRequest,
    results: &Results,
    report: &ClaimsReport,
    mut folder: Folder,
) -> Result<(), Error> {
    let (claims, runs) = (tables::claims(report), tables::runs(report));
    folder.lay(results.format, &[&claims, &runs])?;
    folder.write("scenario.toml", scenario.text().as_bytes())?;
    for (name, text) in scenario.attachments() {
        folder.write(&attachment_name(name), text.as_bytes())?;
    }
    if results.charts {
        for (name, bytes) in draw(&claims)? {
            folder.write(&name, &bytes)?;
        }
    }
    let most = request.most.max(FEWEST);
    let mut origin = origin(
        scenario,
        Asked {
            kind: kind(most, &request.without),
            word: "claims",
            overrides: &request.overrides,
            format: results.format,
            charts: results.charts,
        },
    );
    origin
        .command
        .extend(["--max-runs".to_owned(), most.to_string()]);
    for key in &request.without {
        origin
            .command
            .extend(["--without".to_owned(), key.to_owned()]);
    }
    folder.commit(Manifest::new(origin))?;
    Ok(())
}

/// The kind of such results in their manifest: `claims MOST`, and the mechanisms that were taken out.
fn kind(most: u32, without: &[String]) -> String {
    let mut words = vec!["claims".to_owned(), most.to_string()];
    words.extend(without.iter().cloned());
    words.join(" ")
}

/// The most replicates and the mechanisms taken out, where a manifest's kind is that of claims.
pub(crate) fn asked_of(kind: &str) -> Option<(u32, Vec<String>)> {
    let mut words = kind.strip_prefix("claims ")?.split(' ');
    let most = words.next()?.parse().ok()?;
    Some((most, words.map(str::to_owned).collect()))
}

/// The folder of each scenario's results, named by its file, in a folder of them all.
///
/// # Errors
/// [`Error::SameFolder`] where two files have one name.
pub fn folders(files: &[PathBuf], out: Option<&Path>) -> Result<Vec<Option<PathBuf>>, Error> {
    let Some(out) = out else {
        return Ok(vec![None; files.len()]);
    };
    let mut folders: Vec<Option<PathBuf>> = Vec::new();
    for file in files {
        let folder = out.join(file.file_stem().unwrap_or(file.as_os_str()));
        if folders.contains(&Some(folder.clone())) {
            return Err(Error::SameFolder { folder });
        }
        folders.push(Some(folder));
    }
    Ok(folders)
}

/// The headers of the tables.
pub(crate) fn schemas() -> Vec<Schema> {
    vec![tables::claims_schema(), tables::runs_schema()]
}

fn draw(claims: &Table) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let drawing: Drawing<'_> = Box::new(|| charts::claims(claims, Width::Page));
    pictures::files("claims", &drawing)
}

/// Draws the chart of a folder of results again.
pub(crate) fn redraw(results: &Path, manifest: &Manifest) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let schema = tables::claims_schema();
    draw(&manifest.read_table(results, &schema)?)
}
