//! Ensembles of several configurations, replicate by replicate: the input of a comparison.

use super::control::{Cancelled, Control};
use super::run::run_counted_block;
use crate::simd::backend::Backend;
use crate::simulation::{Block, BlockTable, Moments, PreparedRun};
use crate::table::Batch;
use rayon::prelude::*;
use std::ops::Range;

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
    use crate::simulation::test_support::small_config;

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
