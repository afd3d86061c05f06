//! What the benchmarks share: the usual couples, and clocks of work done.

#![allow(dead_code, unused_imports, reason = "each benchmark uses a part of it")]

use pairbond::internals::{
    Block, BlockOutcome, Cancelled, Collector, Control, Cuts, DayRows, Moments, Observable,
    OpenBins, Plan, PreparedRun, Record, Schedule, SimulationConfig, Size, default_distribution,
    run_block, run_blocks,
};
use pairbond::model::{IntimacyTarget, Mechanisms, Parameters};
use pairbond::rng::{PAIR_WORDS, StreamKind, VectorRng};
use pairbond::simd::backend::{Backend, Kernel};
use std::hint::black_box;

pub(crate) use pairbond::internals::{cpu_time, wall_time};

/// Days of a benchmark's run.
pub(crate) const DAYS: u32 = 365;

/// So many usual couples for a year, with everything on and nothing recorded but start and end.
pub(crate) fn usual_world(couples: u64) -> SimulationConfig {
    SimulationConfig {
        seed: 1,
        point: 0,
        size: Size {
            couples,
            days: DAYS,
            steps_per_day: 1,
            moments: 2,
            replicates: 1,
        },
        origin: default_distribution(),
        parameters: Parameters::default(),
        mechanisms: Mechanisms::default(),
        intimacy_target: IntimacyTarget::Mean,
        schedule: Schedule::default(),
        cuts: Cuts {
            trust: 0.5,
            intimacy: 0.5,
        },
        record: Record {
            couples: true,
            every: DAYS,
            observables: Observable::defaults(),
            days: DayRows::None,
            days_from: 1,
            sample_couples: 0,
            phase_flow_days: 30,
            survey: None,
        },
    }
}

/// The same world with the usual observables recorded every day.
pub(crate) fn watched(mut config: SimulationConfig) -> SimulationConfig {
    config.record.every = 1;
    config
}

/// Couple-days that were lived: a couple that parted lives no longer.
pub(crate) fn lived(outcome: &BlockOutcome) -> u64 {
    outcome
        .ends
        .iter()
        .map(|end| end.unwrap_or(u64::from(DAYS)))
        .sum()
}

/// Lives the first block of so many replicates and gives the couple-days lived.
pub(crate) fn live_blocks(
    course: &PreparedRun,
    engine: Backend,
    replicates: u32,
    mut bins: Option<&mut OpenBins>,
) -> u64 {
    (0..replicates)
        .map(|replicate| {
            let block = Block {
                replicate,
                index: 0,
            };
            lived(&run_block(course, block, engine, bins.as_deref_mut()))
        })
        .sum()
}

/// Reads the random words of a block's days, two steps at once as a cohort does, and nothing else.
pub(crate) fn draw_block(run: &PreparedRun, block: Block, backend: Backend) {
    backend.run(DrawKernel { run, block });
}

struct DrawKernel<'a> {
    run: &'a PreparedRun,
    block: Block,
}

impl Kernel for DrawKernel<'_> {
    type Output = ();
    #[inline(always)]
    fn run<L: VectorRng>(self) {
        let DrawKernel { run, block } = self;
        let key = run.key(block.replicate, StreamKind::Life);
        let couples: Vec<u64> = block.couples(&run.config.size).collect();
        let mut words = vec![L::ZERO; 2 * run.pairs * PAIR_WORDS];
        for couples in couples.chunks(L::LANES) {
            let mut streams = L::streams(&key, couples);
            for step in (0..run.config.size.steps()).step_by(2) {
                L::fill(&mut streams, step * run.pairs as u64, &mut words);
                black_box(&words);
            }
        }
    }
}

/// Takes outcomes as a run does that keeps the ensemble's moments.
pub(crate) struct Ensemble {
    moments: Moments,
    /// Couple-days lived.
    pub(crate) lived: u64,
}

impl Collector for Ensemble {
    type Error = Cancelled;

    fn take(&mut self, outcome: BlockOutcome) -> Result<(), Cancelled> {
        self.moments.join(&outcome.moments);
        self.lived += lived(&outcome);
        Ok(())
    }
}

/// Does a whole plan on the current thread pool and gives the couple-days lived.
pub(crate) fn run_plan(plan: &Plan, bins: bool) -> u64 {
    let mut ensemble = Ensemble {
        moments: Moments::new(&plan.prepared().recorded),
        lived: 0,
    };
    let course = run_blocks(
        plan,
        Backend::best(),
        bins,
        &Control::default(),
        &mut ensemble,
    );
    course.expect("not cancelled");
    ensemble.lived
}

/// A pool of so many threads.
pub(crate) fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads")
}
