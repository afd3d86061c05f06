//! The main use case: a scenario is lived and its results are laid down in a folder.

pub mod charts;
pub mod instruments;
pub mod pictures;
pub mod tables;

use crate::error::Error;
use crate::results::provenance::{Asked, origin};
use crate::results::{Folder, Format, Manifest, Tables};
use crate::run::instruments::{instruments, instruments_schema};
use crate::run::pictures::{COUPLES_SHOWN, Shown};
use crate::run::tables::{
    Ends, flow_schema, flow_table, survival_table, trajectory, trajectory_schema,
};
use crate::runner::plan::Plan;
use crate::runner::{Collector, Control};
use crate::scenario::Scenario;
use crate::simd::backend::Backend;
use crate::simulation::tables::childhoods_schema;
use crate::simulation::{
    BlockOutcome, BlockTable, Moments, PhaseFlow, ReliabilityStats, SCALE_COUNT, couples_schema,
    days_schema,
};
use crate::stats::survival;
use crate::table::{Schema, Sink, Table};
use crate::verify::attachment_name;
use std::path::{Path, PathBuf};

/// What a run is asked to do beyond its scenario; none of it changes a result.
#[derive(Clone, Debug)]
pub struct RunRequest {
    /// Folder of the results, which must not exist.
    pub out: PathBuf,
    /// Whether an older folder of results may be replaced.
    pub force: bool,
    /// Format of the tables.
    pub format: Format,
    /// Threads; all cores where `None`.
    pub threads: Option<usize>,
    /// Whether charts are drawn.
    pub charts: bool,
    /// The overrides with which the scenario was read, as `KEY=VALUE`, for the manifest.
    pub overrides: Vec<String>,
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct RunReport {
    /// Folder of the results.
    pub folder: PathBuf,
    /// Couples over all replicates.
    pub couples: u64,
    /// Couples that broke up.
    pub ended: u64,
    /// Files written, the manifest included.
    pub files: usize,
}

/// How a use case came out that may be stopped.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome<T> {
    /// It was done.
    Done(T),
    /// It was stopped on request and left nothing behind.
    Stopped,
}

/// Couple-days that a scenario asks for, were no couple to part.
pub fn couple_days(scenario: &Scenario) -> u64 {
    let size = &scenario.config().size;
    size.couples
        .saturating_mul(u64::from(size.replicates))
        .saturating_mul(u64::from(size.days))
}

/// Runs a scenario and lays its results down; they appear whole or not at all.
///
/// # Errors
/// [`Error::Output`] where files cannot be written, [`Error::Threads`] where threads
/// cannot be started, [`Error::Chart`] where a chart cannot be drawn.
pub fn run(
    scenario: &Scenario,
    request: &RunRequest,
    control: &Control,
) -> Result<Outcome<RunReport>, Error> {
    let mut folder = Folder::create(&request.out, request.force)?;
    let asked = request.threads.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(asked)
        .build()
        .map_err(|source| Error::Threads { asked, source })?;
    let lived = pool.install(|| live(scenario, request, control, &mut folder))?;
    match lived {
        Outcome::Stopped => Ok(Outcome::Stopped),
        Outcome::Done(ends) => {
            let manifest = folder.commit(Manifest::new(origin(scenario, account(request))))?;
            Ok(Outcome::Done(RunReport {
                folder: request.out.clone(),
                couples: ends.ended() + ends.together(),
                ended: ends.ended(),
                files: manifest.files.len() + 1,
            }))
        }
    }
}

fn account(request: &RunRequest) -> Asked<'_> {
    Asked {
        kind: "run".to_owned(),
        word: "run",
        overrides: &request.overrides,
        format: request.format,
        charts: request.charts,
    }
}

/// The schemas of a run's tables, in the order of its codebook.
pub(crate) fn schemas(scenario: &Scenario) -> Vec<Schema> {
    let config = scenario.config();
    let (mut schemas, block): (Vec<Schema>, Vec<Schema>) = BlockTable::ALL
        .iter()
        .filter_map(|table| table.schema(config))
        .partition(|schema| schema.table == "couples");
    schemas.extend([trajectory_schema(), survival::schema(), flow_schema()]);
    schemas.extend(block);
    if config.record.survey.is_some() {
        schemas.push(instruments_schema());
    }
    schemas
}

fn live(
    scenario: &Scenario,
    request: &RunRequest,
    control: &Control,
    folder: &mut Folder,
) -> Result<Outcome<Ends>, Error> {
    let plan = Plan::new(scenario.config().clone());
    let schemas = schemas(scenario);
    let mut harvest = Harvest::new(&plan, folder.tables(request.format, &schemas)?);
    let bins = match crate::runner::run(&plan, Backend::best(), true, control, &mut harvest) {
        Err(Error::Cancelled) => return Ok(Outcome::Stopped),
        Err(error) => return Err(error),
        Ok(bins) => bins,
    };
    let Harvest {
        mut tables,
        moments,
        flow,
        ends,
        couples,
        sample_couples,
        childhoods,
        reliability,
        ..
    } = harvest;
    let recorded = &plan.prepared().recorded;
    let bins = bins.unwrap_or_else(|| crate::simulation::Bins::new(recorded));
    let trajectory = trajectory(recorded, &moments, &bins);
    let survival = survival_table(&ends, &plan.prepared().config.size);
    let flow = flow_table(&flow);
    for table in [&trajectory, &survival, &flow] {
        tables.accept(&table.schema, &table.rows)?;
    }
    if let Some(work) = &scenario.config().record.survey {
        let table = instruments(work, &reliability);
        tables.accept(&table.schema, &table.rows)?;
    }
    folder.seal_tables(tables)?;
    folder.describe(&schemas)?;
    folder.write("scenario.toml", scenario.text().as_bytes())?;
    for (name, text) in scenario.attachments() {
        folder.write(&attachment_name(name), text.as_bytes())?;
    }
    if request.charts {
        let shown = Shown {
            trajectory: &trajectory,
            survival: &survival,
            flow: &flow,
            couples: &couples,
            sample_couples: &sample_couples,
            childhoods: &childhoods,
        };
        for (name, bytes) in pictures::draw(scenario, &shown)? {
            folder.write(&name, &bytes)?;
        }
    }
    Ok(if control.cancel.is_cancelled() {
        Outcome::Stopped
    } else {
        Outcome::Done(ends)
    })
}

/// Takes the blocks' outcomes in order: rows go to their files, sums and rows for charts are kept.
struct Harvest {
    tables: Tables,
    /// The tables that blocks fill.
    block_tables: Vec<(BlockTable, Schema)>,
    moments: Moments,
    flow: PhaseFlow,
    ends: Ends,
    /// The first couples, for the picture.
    couples: Table,
    sample_couples: Table,
    childhoods: Table,
    /// Reliability of each scale.
    reliability: [ReliabilityStats; SCALE_COUNT],
}

impl Harvest {
    fn new(plan: &Plan, tables: Tables) -> Harvest {
        let run = plan.prepared();
        let block_tables = BlockTable::ALL.iter();
        let block_tables =
            block_tables.filter_map(|table| Some((*table, table.schema(&run.config)?)));
        Harvest {
            tables,
            block_tables: block_tables.collect(),
            moments: Moments::new(&run.recorded),
            flow: PhaseFlow::default(),
            ends: Ends::new(&run.config.size),
            couples: Table::new(couples_schema(run.config.origin.has_childhood())),
            sample_couples: Table::new(days_schema("sample_couples")),
            childhoods: Table::new(childhoods_schema()),
            reliability: [ReliabilityStats::default(); SCALE_COUNT],
        }
    }
}

impl Collector for Harvest {
    type Error = Error;

    fn take(&mut self, mut outcome: BlockOutcome) -> Result<(), Error> {
        self.moments.join(&outcome.moments);
        self.flow.join(&outcome.flow);
        for end in &outcome.ends {
            self.ends.count(*end);
        }
        for (table, schema) in &self.block_tables {
            self.tables.accept(schema, &outcome.tables[*table])?;
        }
        for (sum, block) in self.reliability.iter_mut().zip(&outcome.reliability) {
            sum.join(block);
        }
        let tables = &mut outcome.tables;
        self.sample_couples
            .rows
            .append(tables.take(BlockTable::SampleCouples));
        self.childhoods
            .rows
            .append(tables.take(BlockTable::Childhood));
        if self.couples.rows.rows() < COUPLES_SHOWN {
            self.couples.rows.append(tables.take(BlockTable::Couples));
            self.couples.rows.truncate(COUPLES_SHOWN);
        }
        Ok(())
    }
}

/// The folder that a run of the scenario file fills where none is named: `results/NAME`.
pub fn usual_folder(scenario_file: &Path) -> PathBuf {
    let name = scenario_file
        .file_stem()
        .unwrap_or(scenario_file.as_os_str());
    Path::new("results").join(name)
}
