//! One run: all blocks of couples of one plan.

use super::control::{Cancelled, Control};
use super::par_map::par_map_ordered;
use super::plan::Plan;
use crate::simd::backend::Backend;
use crate::simulation::{Bins, Block, BlockOutcome, OpenBins, PreparedRun, run_block};
use rayon::prelude::*;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Receives the outcomes of blocks in the order of their jobs.
pub trait Collector: Send {
    /// Why an outcome could not be taken, or that the run was cancelled.
    type Error: From<Cancelled> + Send;
    /// Takes the outcome of the next job.
    ///
    /// # Errors
    /// If the outcome cannot be taken; the run then ends.
    fn take(&mut self, outcome: BlockOutcome) -> Result<(), Self::Error>;
}

/// Most bytes that the outcomes of one window may take.
const WINDOW_BYTES: u64 = 192 << 20;
/// Jobs in a window for each thread, where memory allows.
const JOBS_PER_THREAD: u64 = 16;

/// Does all jobs of a plan on the current thread pool.
///
/// Returns the counts for quantiles of all couples if `bins` is set.
///
/// # Errors
/// The error of the collector, or [`Cancelled`].
pub fn run<C: Collector>(
    plan: &Plan,
    backend: Backend,
    bins: bool,
    control: &Control,
    collector: &mut C,
) -> Result<Option<Bins>, C::Error> {
    let threads = rayon::current_num_threads() as u64;
    let room = WINDOW_BYTES / 2 / plan.outcome_bytes().max(1);
    let window = room.clamp(threads, threads * JOBS_PER_THREAD);
    let pool: Mutex<Vec<OpenBins>> = Mutex::new(Vec::new());
    let run = plan.prepared();
    let work = |job| {
        let mut open = bins.then(|| {
            let free = lock(&pool).pop();
            free.unwrap_or_else(|| OpenBins::new(&run.recorded))
        });
        let outcome = run_counted_block(run, plan.block(job), backend, control, open.as_mut());
        lock(&pool).extend(open);
        outcome
    };
    par_map_ordered(0..plan.jobs(), window, work, |outcome| {
        collector.take(outcome)
    })?;
    Ok(bins.then(|| joined(run, pool)))
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

/// The bins of all threads, closed and joined in parallel. Counts are integers, so that it does not
/// matter which couples are in whose bins.
fn joined(run: &PreparedRun, pool: Mutex<Vec<OpenBins>>) -> Bins {
    let all = pool.into_inner().unwrap_or_else(PoisonError::into_inner);
    let closed = all.into_par_iter().map(OpenBins::close);
    let sum = closed.reduce_with(|mut sum, bins| {
        sum.join(&bins);
        sum
    });
    sum.unwrap_or_else(|| Bins::new(&run.recorded))
}

/// A poisoned pool holds complete sets of bins: each is pushed and popped in one call.
fn lock(pool: &Mutex<Vec<OpenBins>>) -> MutexGuard<'_, Vec<OpenBins>> {
    pool.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::test_support::small_config;

    #[derive(Default, PartialEq, Debug)]
    struct Kept(Vec<BlockOutcome>);

    impl Collector for Kept {
        type Error = Cancelled;
        fn take(&mut self, outcome: BlockOutcome) -> Result<(), Cancelled> {
            self.0.push(outcome);
            Ok(())
        }
    }

    fn run_with(threads: usize, backend: Backend) -> (Kept, Option<Bins>) {
        let mut config = small_config(333, 40);
        config.size.replicates = 3;
        let plan = Plan::new(config);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("threads");
        let mut kept = Kept::default();
        let bins = pool.install(|| run(&plan, backend, true, &Control::default(), &mut kept));
        (kept, bins.expect("not cancelled"))
    }

    /// NaN stands for the separation day of an intact couple, and is not equal to itself.
    fn text(kept: &Kept) -> String {
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
        config.parameters.breakup_rate = 1.0;
        config.parameters.breakup_commitment = 1.0;
        let control = Control::default();
        let mut kept = Kept::default();
        run(
            &Plan::new(config),
            Backend::best(),
            false,
            &control,
            &mut kept,
        )
        .expect("not cancelled");
        let ends = kept.0.iter().flat_map(|outcome| &outcome.ends);
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
        let mut kept = Kept::default();
        let result = run(&plan, Backend::best(), false, &control, &mut kept);
        assert_eq!(result, Err(Cancelled));
    }

    #[test]
    fn an_error_of_the_collector_ends_the_run() {
        #[derive(Debug, PartialEq)]
        struct Full(&'static str);
        impl From<Cancelled> for Full {
            fn from(_: Cancelled) -> Full {
                Full("cancelled")
            }
        }
        impl Collector for Full {
            type Error = Full;
            fn take(&mut self, _outcome: BlockOutcome) -> Result<(), Full> {
                Err(Full("full"))
            }
        }
        let plan = Plan::new(small_config(200, 10));
        let mut full = Full("");
        let control = Control::default();
        let result = run(&plan, Backend::best(), false, &control, &mut full);
        assert_eq!(result, Err(Full("full")));
    }
}
