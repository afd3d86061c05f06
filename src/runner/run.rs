//! Runs: all blocks of couples of one plan, and ensembles of several configurations, replicate by
//! replicate.

use super::par_map::{lock, par_map_ordered};
use super::{Cancelled, Control};
use crate::simd::backend::Backend;
use crate::simulation::{
    BLOCK_COUPLES, BinSharing, Bins, Block, BlockOutcome, BlockTable, Moments, OpenBins,
    PreparedRun, SimulationConfig, run_block, window,
};
use crate::table::Batch;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// The numbered jobs of one configuration.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    prepared: PreparedRun,
    blocks: u64,
}

impl Plan {
    /// Numbers the jobs of a configuration: replicate by replicate, block by block.
    pub(crate) fn new(config: SimulationConfig) -> Plan {
        let prepared = PreparedRun::new(config);
        let blocks = prepared.blocks_per_replicate();
        Plan { prepared, blocks }
    }

    /// The prepared run.
    pub(crate) fn prepared(&self) -> &PreparedRun {
        &self.prepared
    }

    /// How many jobs there are.
    pub(crate) fn jobs(&self) -> u64 {
        self.blocks * u64::from(self.prepared.config.size.replicates)
    }

    /// The block of couples that a job simulates.
    pub(crate) fn block(&self, job: u64) -> Block {
        Block {
            replicate: (job / self.blocks) as u32,
            index: job % self.blocks,
        }
    }
}

/// Does all jobs of a plan on the current thread pool; `take` gets the outcomes of blocks in the order of
/// their jobs.
///
/// Returns the counts for quantiles of all couples if `bins` is set.
///
/// # Errors
/// [`Cancelled`].
pub(crate) fn run(
    plan: &Plan,
    backend: Backend,
    bins: bool,
    control: &Control,
    mut take: impl FnMut(BlockOutcome) + Send,
) -> Result<Option<Bins>, Cancelled> {
    let plans = std::slice::from_ref(plan);
    let take = |outcomes: Vec<BlockOutcome>, ()| -> Result<(), Cancelled> {
        outcomes.into_iter().for_each(&mut take);
        Ok(())
    };
    let found = run_together(plans, backend, bins, control, |_| (), take)?;
    Ok(found.into_iter().next().filter(|_| bins))
}

/// Does all jobs of plans with the same couples on the current thread pool, a block of couples under all plans
/// after the other. On the thread that simulated a block, `compare` sees its outcomes, in the order of the plans;
/// `take` gets them and what it found, in the order of the blocks.
///
/// Returns the counts for quantiles of all couples of each plan, without any couple unless `bins` is set.
///
/// # Errors
/// The error of `take`, or [`Cancelled`].
pub(crate) fn run_together<T: Send, E: From<Cancelled> + Send>(
    plans: &[Plan],
    backend: Backend,
    bins: bool,
    control: &Control,
    compare: impl Fn(&[BlockOutcome]) -> T + Sync,
    mut take: impl FnMut(Vec<BlockOutcome>, T) -> Result<(), E> + Send,
) -> Result<Vec<Bins>, E> {
    let threads = rayon::current_num_threads() as u64;
    let count = plans.len() as u64;
    let windows = plans.iter().map(|plan| window(plan.prepared(), threads));
    let window = windows.min().map_or(1, |all| (all / count).max(1));
    let pools = plans
        .iter()
        .map(|plan| BinPool::new(plan.prepared(), threads));
    let pools: Vec<BinPool<'_>> = pools.collect();
    let work = |job| {
        let simulate = |(plan, pool): (&Plan, &BinPool<'_>)| {
            let mut open = bins.then(|| pool.take());
            let run = plan.prepared();
            let outcome = run_counted_block(run, plan.block(job), backend, control, open.as_mut());
            if let Some(open) = open {
                pool.give_back(open);
            }
            outcome
        };
        let outcomes = plans.iter().zip(&pools).map(simulate);
        let outcomes = outcomes.collect::<Result<Vec<_>, Cancelled>>()?;
        let compared = compare(&outcomes);
        Ok((outcomes, compared))
    };
    let jobs = plans.first().map_or(0, Plan::jobs);
    par_map_ordered(0..jobs, window, work, |(outcomes, compared)| {
        take(outcomes, compared)
    })?;
    Ok(pools.into_iter().map(BinPool::joined).collect())
}

/// Runs one block and counts its couple-days.
pub(crate) fn run_counted_block(
    run: &PreparedRun,
    block: Block,
    backend: Backend,
    control: &Control,
    bins: Option<&mut OpenBins>,
) -> Result<BlockOutcome, Cancelled> {
    control.cancel.check()?;
    let outcome = run_block(run, block, backend, bins);
    let size = &run.config.size;
    let couples = outcome.ends.len() as u64;
    let couple_days = couples * u64::from(size.days);
    control
        .progress
        .add(couple_days, outcome.intact_couple_days(size));
    Ok(outcome)
}

/// The counts for quantiles of a run. Counts are integers, so that it does not matter which couples are
/// in which set.
struct BinPool<'r> {
    run: &'r PreparedRun,
    /// Sets of counts; a set is allocated when it is used first.
    sets: Vec<Mutex<Option<Bins>>>,
    /// Bins that no thread fills at the moment.
    open: Mutex<Vec<OpenBins>>,
    /// Couples that a thread stores before it counts them.
    stored: usize,
}

impl<'r> BinPool<'r> {
    fn new(run: &'r PreparedRun, threads: u64) -> BinPool<'r> {
        let BinSharing { sets, stored } = BinSharing::new(&run.recorded, threads);
        BinPool {
            run,
            sets: (0..sets).map(|_| Mutex::default()).collect(),
            open: Mutex::default(),
            stored,
        }
    }

    /// Bins to fill.
    fn take(&self) -> OpenBins {
        let free = lock(&self.open).pop();
        free.unwrap_or_else(|| {
            // A block is added while there are fewer than `stored`.
            let couples = (self.stored as u64).next_multiple_of(BLOCK_COUPLES);
            let size = &self.run.config.size;
            let all = size.couples.saturating_mul(size.replicates.into());
            OpenBins::new(&self.run.recorded, couples.min(all) as usize)
        })
    }

    /// Takes filled bins back, and counts what is stored in them once it is enough.
    fn give_back(&self, mut bins: OpenBins) {
        if bins.couples() >= self.stored {
            let free = self.sets.iter().find_map(|set| set.try_lock().ok());
            let mut set = free.unwrap_or_else(|| lock(&self.sets[0]));
            bins.count_into(set.get_or_insert_with(|| Bins::new(&self.run.recorded)));
        }
        lock(&self.open).push(bins);
    }

    /// The counts of all couples.
    fn joined(self) -> Bins {
        let recorded = &self.run.recorded;
        let sets = self.sets.into_iter();
        let mut sets =
            sets.filter_map(|set| set.into_inner().unwrap_or_else(PoisonError::into_inner));
        let mut all = sets.next().unwrap_or_else(|| Bins::new(recorded));
        for mut open in self
            .open
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
        {
            open.count_into(&mut all);
        }
        for set in sets {
            all.join(&set);
        }
        all
    }
}

/// What was recorded of one ensemble of couples.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ensemble {
    /// Sums of the recorded days.
    pub(crate) moments: Moments,
    /// Step of each couple's separation in order, counted from 1; `None` if intact on the last day.
    pub(crate) ends: Vec<Option<u64>>,
    /// One row per couple, if the configuration keeps them.
    pub(crate) couples: Batch,
}

/// Simulates some replicates of each run on the current thread pool and summarizes each ensemble.
///
/// `summarize` gets the position of the run and its ensemble. The summaries are ordered by run and then
/// by replicate.
///
/// # Errors
/// [`Cancelled`].
pub(crate) fn ensembles<T: Send>(
    runs: &[PreparedRun],
    replicates: Range<u32>,
    backend: Backend,
    control: &Control,
    summarize: impl Fn(usize, Ensemble) -> T + Sync,
) -> Result<Vec<Vec<T>>, Cancelled> {
    let count = replicates.len();
    let jobs = (0..runs.len() * count).into_par_iter().map(|job| {
        let (run, replicate) = (job / count, replicates.start + (job % count) as u32);
        let ensemble = simulate(&runs[run], replicate, backend, control)?;
        Ok(summarize(run, ensemble))
    });
    let mut summaries = jobs.collect::<Result<Vec<T>, Cancelled>>()?.into_iter();
    let of_run = |_| summaries.by_ref().take(count).collect();
    Ok((0..runs.len()).map(of_run).collect())
}

/// Simulates the blocks of one ensemble in their order.
fn simulate(
    run: &PreparedRun,
    replicate: u32,
    backend: Backend,
    control: &Control,
) -> Result<Ensemble, Cancelled> {
    let mut ensemble = Ensemble {
        moments: Moments::new(&run.recorded),
        ends: Vec::new(),
        couples: Batch::default(),
    };
    for index in 0..run.blocks_per_replicate() {
        let block = Block { replicate, index };
        let mut outcome = run_counted_block(run, block, backend, control, None)?;
        ensemble.moments.join(&outcome.moments);
        ensemble.ends.extend(outcome.ends);
        let couples = outcome.tables.take(BlockTable::Couples);
        if index == 0 {
            ensemble.couples = couples;
        } else {
            ensemble.couples.append(couples);
        }
    }
    Ok(ensemble)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::test_support;
    use crate::simulation::test_support::small_config;

    #[test]
    fn every_couple_of_every_replicate_belongs_to_exactly_one_job() {
        let mut config = test_support::small_config(150, 10);
        config.size.replicates = 3;
        let plan = Plan::new(config);
        assert_eq!(plan.jobs(), 9);
        let blocks: Vec<_> = (0..plan.jobs())
            .map(|job| plan.block(job))
            .map(|b| (b.replicate, b.index))
            .collect();
        let expected: Vec<_> = (0..3).flat_map(|r| (0..3).map(move |b| (r, b))).collect();
        assert_eq!(blocks, expected);
    }

    fn run_with(threads: usize, backend: Backend) -> (Vec<BlockOutcome>, Option<Bins>) {
        let mut config = small_config(333, 40);
        config.size.replicates = 3;
        let plan = Plan::new(config);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("threads");
        let mut kept = Vec::new();
        let take = |outcome| kept.push(outcome);
        let bins = pool.install(|| run(&plan, backend, true, &Control::default(), take));
        (kept, bins.expect("not cancelled"))
    }

    /// NaN stands for the separation day of an intact couple, and is not equal to itself.
    fn text(kept: &[BlockOutcome]) -> String {
        format!("{kept:?}")
    }

    #[test]
    fn outcomes_do_not_depend_on_threads_or_on_the_backend() {
        let (one, one_bins) = run_with(1, Backend::Scalar);
        let others = Backend::available()
            .into_iter()
            .flat_map(|backend| [(2, backend), (7, backend)]);
        for (threads, backend) in others {
            let (other, bins) = run_with(threads, backend);
            assert!(text(&one) == text(&other), "{threads} threads, {backend:?}");
            assert!(one_bins == bins, "{threads} threads, {backend:?}");
        }
    }

    #[test]
    fn progress_counts_couple_days_and_those_of_intact_couples() {
        let mut config = small_config(70, 40);
        config.parameters.outside_rate = 1.0;
        let control = Control::default();
        let mut kept = Vec::new();
        let plan = Plan::new(config);
        let take = |outcome| kept.push(outcome);
        run(&plan, Backend::best(), false, &control, take).expect("not cancelled");
        let ends = kept.iter().flat_map(|outcome: &BlockOutcome| &outcome.ends);
        let intact: u64 = ends.map(|end| end.unwrap_or(40)).sum();
        assert!(intact < 70 * 40, "some couples separate");
        assert_eq!(control.progress.couple_days(), 70 * 40);
        assert_eq!(control.progress.intact_couple_days(), intact);
    }

    #[test]
    fn a_cancelled_run_fails() {
        let plan = Plan::new(small_config(200, 10));
        let control = Control::default();
        control.cancel.cancel();
        let result = run(&plan, Backend::best(), false, &control, drop);
        assert_eq!(result, Err(Cancelled));
    }

    #[test]
    fn an_error_of_the_function_that_takes_outcomes_ends_the_run() {
        #[derive(Debug, PartialEq)]
        struct Full(&'static str);
        impl From<Cancelled> for Full {
            fn from(_: Cancelled) -> Full {
                Full("cancelled")
            }
        }
        let plans = [Plan::new(small_config(200, 10))];
        let control = Control::default();
        let take = |_, ()| Err(Full("full"));
        let result = run_together(&plans, Backend::best(), false, &control, |_| (), take);
        assert_eq!(result, Err(Full("full")));
    }

    fn runs() -> Vec<PreparedRun> {
        let mut other = small_config(70, 12);
        other.parameters.stress_event_rate = 1.0;
        [small_config(70, 12), other].map(PreparedRun::new).to_vec()
    }

    fn with_threads(threads: usize) -> Vec<Vec<Ensemble>> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let control = Control::default();
        let all = || ensembles(&runs(), 2..5, Backend::best(), &control, |_, one| one);
        pool.expect("threads").install(all).expect("not cancelled")
    }

    #[test]
    fn ensembles_depend_on_run_and_replicate_but_not_on_the_number_of_threads() {
        // As text, because NaN is not equal to itself.
        let text = |ensembles: &dyn std::fmt::Debug| format!("{ensembles:?}");
        let all = with_threads(1);
        assert!(text(&all) == text(&with_threads(3)));
        assert_eq!((all.len(), all[0].len()), (2, 3));
        assert!(all.iter().flatten().all(|one| one.ends.len() == 70));
        assert!(text(&all[0][0]) != text(&all[0][1]));
        assert!(text(&all[0][0]) != text(&all[1][0]));
        let alone = simulate(&runs()[1], 3, Backend::best(), &Control::default());
        assert!(text(&alone) == text(&Ok::<_, Cancelled>(&all[1][1])));
        assert_eq!(all[1][1].couples.rows(), 70);
    }

    #[test]
    fn a_cancelled_comparison_fails() {
        let control = Control::default();
        control.cancel.cancel();
        let result = ensembles(&runs(), 0..2, Backend::best(), &control, |_, one| one);
        assert_eq!(result, Err(Cancelled));
    }
}
