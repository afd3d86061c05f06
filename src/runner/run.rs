//! One run: the blocks of one world's couples.

use super::ordered_map::{Control, Finish, in_order, lived};
use crate::runner::plan::Plan;
use crate::simd::backend::Backend;
use crate::simulation::{Bins, BlockOutcome, OpenBins, run_block};
use rayon::prelude::*;
use std::sync::Mutex;

/// What takes the outcomes, in the order of the jobs' numbers.
pub trait Collector: Send {
    /// What can go wrong in taking one.
    type Error: Send;
    /// Takes the outcome of the next job.
    fn take(&mut self, outcome: BlockOutcome) -> Result<(), Self::Error>;
}

/// How an experiment came out.
#[derive(Debug)]
pub enum Course<E> {
    /// All jobs were done and taken; the bins hold all couples.
    Whole(Option<Bins>),
    /// It was asked to stop before the last job.
    Stopped,
    /// Taking an outcome failed.
    Failed(E),
}

/// Most bytes that the outcomes of one window may take.
const WINDOW_BYTES: u64 = 192 << 20;
/// Jobs in a window for each thread, where memory allows.
const JOBS_PER_THREAD: u64 = 16;

/// Does all jobs of a plan on the current thread pool.
///
/// `bins` says whether counts for quantiles are kept.
pub fn run<G: Collector>(
    plan: &Plan,
    engine: Backend,
    bins: bool,
    control: &Control,
    gather: &mut G,
) -> Course<G::Error> {
    let threads = rayon::current_num_threads() as u64;
    let room = WINDOW_BYTES / 2 / plan.outcome_bytes().max(1);
    let window = room.clamp(threads, threads * JOBS_PER_THREAD);
    let pool: Mutex<Vec<OpenBins>> = Mutex::new(Vec::new());
    let pool_asked = bins.then_some(&pool);
    let finish = in_order(
        0..plan.jobs(),
        window,
        |job| live(plan, engine, pool_asked, control, job),
        |outcome| gather.take(outcome),
    );
    match finish {
        Finish::Stopped => Course::Stopped,
        Finish::Failed(error) => Course::Failed(error),
        Finish::Whole => Course::Whole(bins.then(|| joined(plan, pool))),
    }
}

/// Lives the couples of one job; `None` where it was stopped.
fn live(
    plan: &Plan,
    engine: Backend,
    pool: Option<&Mutex<Vec<OpenBins>>>,
    control: &Control,
    job: u64,
) -> Option<BlockOutcome> {
    if control.stopping() {
        return None;
    }
    let mut bins = pool.map(|pool| borrow(plan, pool));
    let outcome = run_block(plan.course(), plan.block(job), engine, bins.as_mut());
    if let (Some(pool), Some(bins)) = (pool, bins) {
        lock(pool).push(bins);
    }
    control.count(
        plan.couple_days(job),
        lived(&outcome, &plan.course().config.size),
    );
    Some(outcome)
}

/// One set of bins for whoever is at work; counts are whole numbers, so that it does not matter who
/// had which.
fn borrow(plan: &Plan, pool: &Mutex<Vec<OpenBins>>) -> OpenBins {
    let free = lock(pool).pop();
    free.unwrap_or_else(|| OpenBins::new(&plan.course().recorded))
}

/// All couples' bins: those of each thread are closed and joined by all threads together.
fn joined(plan: &Plan, pool: Mutex<Vec<OpenBins>>) -> Bins {
    let all = pool
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let closed = all.into_par_iter().map(OpenBins::close);
    let sum = closed.reduce_with(|mut sum, bins| {
        sum.join(&bins);
        sum
    });
    sum.unwrap_or_else(|| Bins::new(&plan.course().recorded))
}

/// A poisoned pool holds whole sets of bins all the same: they are pushed and popped at once.
fn lock(pool: &Mutex<Vec<OpenBins>>) -> std::sync::MutexGuard<'_, Vec<OpenBins>> {
    pool.lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::test_support::small_world;

    #[derive(Default, PartialEq, Debug)]
    struct Kept(Vec<BlockOutcome>);

    impl Collector for Kept {
        type Error = &'static str;
        fn take(&mut self, outcome: BlockOutcome) -> Result<(), &'static str> {
            self.0.push(outcome);
            Ok(())
        }
    }

    fn lived(threads: usize, engine: Backend) -> (Kept, Option<Bins>) {
        let mut config = small_world(333, 40);
        config.size.replicates = 3;
        let plan = Plan::new(config);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("threads");
        let mut kept = Kept::default();
        let course = pool.install(|| run(&plan, engine, true, &Control::default(), &mut kept));
        match course {
            Course::Whole(bins) => (kept, bins),
            other => panic!("the run was not whole: {other:?}"),
        }
    }

    /// NaN marks a couple without break-up day, and is not equal to itself.
    fn text(kept: &Kept) -> String {
        format!("{kept:?}")
    }

    #[test]
    fn outcomes_do_not_depend_on_threads_or_on_the_engine() {
        let (one, one_bins) = lived(1, Backend::Scalar);
        let others = Backend::available()
            .into_iter()
            .flat_map(|engine| [(2, engine), (7, engine)]);
        for (threads, engine) in others {
            let (other, bins) = lived(threads, engine);
            assert!(text(&one) == text(&other), "{threads} threads, {engine:?}");
            assert!(one_bins == bins, "{threads} threads, {engine:?}");
        }
    }

    #[test]
    fn a_stopped_experiment_says_so() {
        let plan = Plan::new(small_world(200, 10));
        let control = Control::default();
        control.stop();
        let course = run(
            &plan,
            Backend::best(),
            false,
            &control,
            &mut Kept::default(),
        );
        assert!(matches!(course, Course::Stopped));
    }

    #[test]
    fn a_failure_to_take_an_outcome_ends_the_experiment() {
        struct Full;
        impl Collector for Full {
            type Error = &'static str;
            fn take(&mut self, _outcome: BlockOutcome) -> Result<(), &'static str> {
                Err("full")
            }
        }
        let plan = Plan::new(small_world(200, 10));
        let course = run(
            &plan,
            Backend::best(),
            false,
            &Control::default(),
            &mut Full,
        );
        assert!(matches!(course, Course::Failed("full")));
    }
}
