//! The main use case: a scenario is lived and its results are laid down in a folder.

use super::error::StudyError;
use super::instruments::{instruments, instruments_header};
use super::pictures::{self, COUPLES_SHOWN, Shown};
use super::provenance::{Asked, origin};
use super::tables::{Ends, flow_header, flow_table, survival_table, trajectory, trajectory_header};
use super::verify::attachment_name;
use crate::analysis::survival;
use crate::experiment::{self, Control, Course, Gather};
use crate::foundation::table::{Header, Sink, Table};
use crate::output::{Folder, Format, Manifest, OutputError, Tables};
use crate::plan::Plan;
use crate::scenario::Scenario;
use crate::simulation::{
    Account, Answers, BlockOutcome, DayRows, Engine, Fieldwork, Flow, Moments, SCALE_COUNT,
    childhoods_header, couples_header, days_header, diary_header, pairwise_header, waves_header,
};
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
    let size = &scenario.world().size;
    size.couples
        .saturating_mul(u64::from(size.replicates))
        .saturating_mul(u64::from(size.days))
}

/// Runs a scenario and lays its results down; they appear whole or not at all.
///
/// # Errors
/// [`StudyError::Output`] where files cannot be written, [`StudyError::Threads`] where threads
/// cannot be started, [`StudyError::Chart`] where a chart cannot be drawn.
pub fn run(
    scenario: &Scenario,
    request: &RunRequest,
    control: &Control,
) -> Result<Outcome<RunReport>, StudyError> {
    let mut folder = Folder::create(&request.out, request.force)?;
    let asked = request.threads.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(asked)
        .build()
        .map_err(|source| StudyError::Threads { asked, source })?;
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

/// The headers of a run's tables.
pub(super) fn headers(scenario: &Scenario) -> Vec<Header> {
    let world = scenario.world();
    let record = &world.record;
    let mut headers = vec![
        couples_header(&world.origin),
        trajectory_header(),
        survival::header(),
        flow_header(),
    ];
    if record.stories > 0 {
        headers.push(days_header("stories"));
    }
    if world.keeps_childhoods() {
        headers.push(childhoods_header());
    }
    if record.days != DayRows::None {
        headers.push(days_header("days"));
    }
    if let Some(work) = &record.fieldwork {
        headers.extend(field_headers(work));
    }
    headers
}

/// The headers of fieldwork's tables, as far as it has them.
fn field_headers(work: &Fieldwork) -> Vec<Header> {
    let mut headers = Vec::new();
    if work.diary_days > 0 {
        headers.extend([diary_header(work), pairwise_header(work)]);
    }
    if !work.waves.is_empty() {
        headers.push(waves_header(work));
    }
    headers.push(instruments_header());
    headers
}

fn live(
    scenario: &Scenario,
    request: &RunRequest,
    control: &Control,
    folder: &mut Folder,
) -> Result<Outcome<Ends>, StudyError> {
    let plan = Plan::new(scenario.world().clone());
    let headers = headers(scenario);
    let mut harvest = Harvest::new(&plan, folder.tables(request.format, &headers)?);
    let bins = match experiment::run(&plan, Engine::best(), true, control, &mut harvest) {
        Course::Stopped => return Ok(Outcome::Stopped),
        Course::Failed(error) => return Err(error.into()),
        Course::Whole(bins) => bins,
    };
    let Harvest {
        mut tables,
        moments,
        flow,
        ends,
        couples,
        stories,
        accounts,
        childhoods,
        ..
    } = harvest;
    let recorded = &plan.course().recorded;
    let bins = bins.unwrap_or_else(|| crate::simulation::Bins::new(recorded));
    let trajectory = trajectory(recorded, &moments, &bins);
    let survival = survival_table(&ends, &plan.course().world.size);
    let flow = flow_table(&flow);
    for table in [&trajectory, &survival, &flow] {
        tables.accept(&table.header, &table.rows)?;
    }
    if scenario.world().record.stories > 0 {
        tables.accept(&stories.header, &stories.rows)?;
    }
    if let Some(work) = &scenario.world().record.fieldwork {
        let table = instruments(work, &accounts);
        tables.accept(&table.header, &table.rows)?;
    }
    if scenario.world().keeps_childhoods() {
        tables.accept(&childhoods.header, &childhoods.rows)?;
    }
    folder.seal_tables(tables)?;
    folder.describe(&headers)?;
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
            stories: &stories,
            childhoods: &childhoods,
        };
        for (name, bytes) in pictures::draw(scenario, &shown)? {
            folder.write(&name, &bytes)?;
        }
    }
    Ok(if control.stopping() {
        Outcome::Stopped
    } else {
        Outcome::Done(ends)
    })
}

/// Takes the blocks' outcomes in order: large tables go to their files, the rest is kept.
struct Harvest {
    tables: Tables,
    moments: Moments,
    flow: Flow,
    ends: Ends,
    /// The first couples, for the picture.
    couples: Table,
    stories: Table,
    childhoods: Table,
    days: Option<Header>,
    fieldwork: Option<Fieldwork>,
    /// An account of each scale.
    accounts: [Account; SCALE_COUNT],
}

impl Harvest {
    fn new(plan: &Plan, tables: Tables) -> Harvest {
        let course = plan.course();
        let keeps_days = course.world.record.days != DayRows::None;
        Harvest {
            tables,
            moments: Moments::new(&course.recorded),
            flow: Flow::default(),
            ends: Ends::new(&course.world.size),
            couples: Table::new(couples_header(&course.world.origin)),
            stories: Table::new(days_header("stories")),
            childhoods: Table::new(childhoods_header()),
            days: keeps_days.then(|| days_header("days")),
            fieldwork: course.world.record.fieldwork.clone(),
            accounts: [Account::default(); SCALE_COUNT],
        }
    }

    /// Takes what a block's couples answered.
    fn answers(&mut self, answers: &Answers) -> Result<(), OutputError> {
        let Some(work) = &self.fieldwork else {
            return Ok(());
        };
        if work.diary_days > 0 {
            self.tables.accept(&diary_header(work), &answers.diary)?;
            self.tables
                .accept(&pairwise_header(work), &answers.pairwise)?;
        }
        if !work.waves.is_empty() {
            self.tables.accept(&waves_header(work), &answers.waves)?;
        }
        for (account, later) in self.accounts.iter_mut().zip(&answers.accounts) {
            account.join(later);
        }
        Ok(())
    }
}

impl Gather for Harvest {
    type Error = OutputError;

    fn take(&mut self, outcome: BlockOutcome) -> Result<(), OutputError> {
        self.moments.join(&outcome.moments);
        self.flow.join(&outcome.flow);
        for end in &outcome.ends {
            self.ends.count(*end);
        }
        self.tables.accept(&self.couples.header, &outcome.couples)?;
        if let Some(header) = &self.days {
            self.tables.accept(header, &outcome.days)?;
        }
        if let Some(answers) = &outcome.answers {
            self.answers(answers)?;
        }
        self.stories.rows.append(outcome.stories);
        self.childhoods.rows.append(outcome.childhoods);
        if self.couples.rows.rows() < COUPLES_SHOWN {
            self.couples.rows.append(outcome.couples);
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
