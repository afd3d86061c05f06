//! Work that the benchmarks of this crate time, and what its tests of the program look into.
//!
//! Unstable and hidden: any version may change or remove it.

use crate::design::saltelli::SobolOrder;
use crate::results::journal::{JobSpec, Journal, JournalReader};
use crate::results::{JobOutcome, JobResult, RunResult};
use crate::rng::{PAIR_WORDS, StreamKind, VectorRng};
use crate::runner::{self, Cancelled, Control, JobSubset, Plan};
use crate::scenario::Scenario;
use crate::simd::{Backend, Kernel};
use crate::simulation::{
    Bins, Block, BlockOutcome, Moments, OpenBins, PreparedRun, STORED_COUPLES, Sums, run_block,
};
use crate::stats::sensitivity::SensitivitySettings;
use crate::stats::sensitivity::variance_based::variance_indices;
use crate::sweep::jobs::{AllReplicates, JobCollector, run_jobs};
use crate::sweep::known_runs::KnownRuns;
use crate::sweep::plan::SweepPlan;
use crate::table::Batch;
use std::hint::black_box;
use std::io;
use std::path::Path;

pub use crate::bench::{cpu_time, peak_memory, wall_time};

/// The first block of couples of a scenario's replicates, on the calling thread.
pub struct BlockWork {
    prepared: PreparedRun,
    bins: Option<(OpenBins, Bins)>,
}

impl BlockWork {
    /// Prepares a scenario; `bins` adds what quantiles of the recorded days need.
    pub fn new(scenario: &Scenario, bins: bool) -> BlockWork {
        let prepared = PreparedRun::new(scenario.config().clone());
        let recorded = &prepared.recorded;
        let bins = bins.then(|| (OpenBins::new(recorded, 0), Bins::new(recorded)));
        BlockWork { prepared, bins }
    }

    /// Simulates the first block of replicates, and returns the couple-days of it.
    pub fn simulate(&mut self, backend: Backend, replicates: u32) -> u64 {
        let mut days = 0;
        for replicate in 0..replicates {
            let block = Block {
                replicate,
                index: 0,
            };
            let open = self.bins.as_mut().map(|(open, _)| open);
            let outcome = run_block(&self.prepared, block, backend, open);
            if let Some((open, counts)) = &mut self.bins
                && open.couples() >= STORED_COUPLES
            {
                open.count_into(counts);
            }
            days += outcome.intact_couple_days(&self.prepared.config.size);
        }
        days
    }

    /// Draws the random words of these blocks' days, two steps at once as a cohort does, and returns
    /// the couple-days of it.
    pub fn draw(&self, backend: Backend, replicates: u32) -> u64 {
        let size = &self.prepared.config.size;
        let mut days = 0;
        for replicate in 0..replicates {
            let block = Block {
                replicate,
                index: 0,
            };
            let couples: Vec<u64> = block.couples(size).collect();
            days += couples.len() as u64 * u64::from(size.days);
            backend.run(DrawKernel {
                run: &self.prepared,
                replicate,
                couples,
            });
        }
        days
    }

    /// Whether every day is recorded.
    pub fn records_daily(&self) -> bool {
        self.prepared.config.record.every == 1
    }

    /// Observables recorded, of each role.
    pub fn lines(&self) -> usize {
        self.prepared.recorded.lines.len()
    }
}

struct DrawKernel<'a> {
    run: &'a PreparedRun,
    replicate: u32,
    couples: Vec<u64>,
}

impl Kernel for DrawKernel<'_> {
    type Output = ();

    #[inline(always)]
    fn run<V: VectorRng>(self) {
        let key = self.run.key(self.replicate, StreamKind::Life);
        let mut words = vec![V::ZERO; 2 * self.run.pairs * PAIR_WORDS];
        for couples in self.couples.chunks(V::LANES) {
            let mut streams = V::streams(&key, couples);
            for step in (0..self.run.config.size.steps()).step_by(2) {
                V::fill(&mut streams, step * self.run.pairs as u64, &mut words);
                black_box(&words);
            }
        }
    }
}

/// All couples of a scenario, on the current thread pool.
pub struct RunWork(Plan);

impl RunWork {
    /// Prepares a scenario.
    pub fn new(scenario: &Scenario) -> RunWork {
        RunWork(Plan::new(scenario.config().clone()))
    }

    /// Simulates all couples, keeps the moments of the recorded days, and returns the couple-days.
    pub fn simulate(&self, bins: bool) -> u64 {
        let control = Control::default();
        let mut moments = Moments::new(&self.0.prepared().recorded);
        let take = |outcome: BlockOutcome| moments.join(&outcome.moments);
        runner::run(&self.0, Backend::best(), bins, &control, take).expect("not cancelled");
        control.progress.intact_couple_days()
    }
}

/// The jobs of a sweep, on the current thread pool.
pub struct SweepWork(SweepPlan);

impl SweepWork {
    /// Plans the sweep of a scenario, which must have one.
    pub fn new(scenario: Scenario) -> SweepWork {
        SweepWork(SweepPlan::new(scenario).expect("a scenario with a sweep"))
    }

    /// Does jobs spread over the sweep, drops their results, and returns the couple-days.
    pub fn simulate(&self, jobs: u64) -> u64 {
        let control = Control::default();
        let spread = JobSubset::spread(0..self.0.jobs(), jobs);
        let backend = Backend::best();
        run_jobs(
            &self.0,
            spread,
            backend,
            &AllReplicates,
            &KnownRuns::default(),
            &control,
            &mut Dropped,
        )
        .expect("not cancelled");
        control.progress.intact_couple_days()
    }

    /// Makes the configuration of a point.
    pub fn configure(&self, point: u64) {
        black_box(self.0.scenario().config_at(point).is_ok());
    }

    /// Makes and prepares the configuration of a point.
    pub fn prepare(&self, point: u64) {
        black_box(self.0.course(point).is_ok());
    }
}

struct Dropped;

impl JobCollector for Dropped {
    type Error = Cancelled;

    fn take(&mut self, result: JobResult) -> Result<(), Cancelled> {
        black_box(result);
        Ok(())
    }
}

/// A journal to which jobs of twenty runs with twelve measures are appended.
pub struct JournalWork(Journal);

impl JournalWork {
    /// Begins a journal in a new folder.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn new(folder: &Path) -> io::Result<JournalWork> {
        let spec = JobSpec {
            command: String::new(),
            version: String::new(),
            scenario_file: String::new(),
            scenario_text: String::new(),
            overrides: Vec::new(),
            first: 0,
            end: u64::MAX,
            replaces: false,
        };
        let journal = Journal::begin(folder, &spec, false).map_err(io::Error::other)?;
        Ok(JournalWork(journal))
    }

    /// Appends the next job.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn append(&mut self) -> io::Result<()> {
        let sums = Sums {
            n: 100,
            sum: 52.5,
            squares: 30.25,
        };
        let run = |replicate| RunResult {
            replicate,
            couples: 100,
            ended: 40,
            sums: vec![sums; 12],
        };
        let job = JobResult {
            job: self.0.next(),
            outcome: JobOutcome::Runs {
                runs: (0..20).map(run).collect(),
                couples: Batch::default(),
            },
        };
        self.0.append(&job).map_err(io::Error::other)
    }
}

/// Counts the complete jobs of a journal.
///
/// # Errors
/// If there is no journal, or it is damaged before its end.
pub fn journal_jobs(journal: &Path) -> io::Result<u64> {
    let mut reader = JournalReader::open(journal, 0).map_err(io::Error::other)?;
    let mut jobs = 0;
    while reader.next().map_err(io::Error::other)?.is_some() {
        jobs += 1;
    }
    Ok(jobs)
}

/// Estimates first-order and total indices of an output over some inputs, with their bootstrap.
pub fn sobol_indices(output: &[f64], inputs: usize) {
    let settings = SensitivitySettings::default();
    let indices = variance_indices(output, inputs, SobolOrder::First, 1, &settings);
    black_box(indices.is_ok());
}
