//! Ensembles of several worlds, replicate by replicate: what a comparison between them is made from.

use super::ordered_map::{Control, lived};
use crate::simd::backend::Backend;
use crate::simulation::{BLOCK_COUPLES, Block, Moments, PreparedRun, run_block};
use crate::table::Batch;
use rayon::prelude::*;
use std::ops::Range;

/// What was observed of one ensemble of couples.
#[derive(Clone, Debug, PartialEq)]
pub struct Ensemble {
    /// Sums of the recorded days.
    pub moments: Moments,
    /// Break-up step of each couple in order, counted from 1; `None` where together to the last day.
    pub ends: Vec<Option<u64>>,
    /// A row a couple, where the world keeps them.
    pub couples: Batch,
}

/// Lives some replicates of each world on the current thread pool, and sums each ensemble up.
///
/// `sum_up` is given a world's position with its ensemble, and what it makes comes by world and then by
/// replicate. `None` where the experiment was stopped.
pub fn ensembles<T: Send>(
    courses: &[PreparedRun],
    replicates: Range<u32>,
    engine: Backend,
    control: &Control,
    sum_up: impl Fn(usize, Ensemble) -> T + Sync,
) -> Option<Vec<Vec<T>>> {
    let count = replicates.len();
    let jobs = (0..courses.len() * count).into_par_iter().map(|job| {
        let (course, replicate) = (job / count, replicates.start + (job % count) as u32);
        let ensemble = live(&courses[course], replicate, engine, control)?;
        Some(sum_up(course, ensemble))
    });
    let mut sums = jobs.collect::<Option<Vec<T>>>()?.into_iter();
    let of_course = |_| sums.by_ref().take(count).collect();
    Some((0..courses.len()).map(of_course).collect())
}

/// Lives the blocks of one ensemble in their order; `None` where it was stopped.
fn live(
    course: &PreparedRun,
    replicate: u32,
    engine: Backend,
    control: &Control,
) -> Option<Ensemble> {
    let size = course.config.size;
    let mut ensemble = Ensemble {
        moments: Moments::new(&course.recorded),
        ends: Vec::new(),
        couples: Batch::default(),
    };
    for index in 0..course.blocks_per_replicate() {
        if control.stopping() {
            return None;
        }
        let outcome = run_block(course, Block { replicate, index }, engine, None);
        let couples = (size.couples - index * BLOCK_COUPLES).min(BLOCK_COUPLES);
        control.count(couples * u64::from(size.days), lived(&outcome, &size));
        ensemble.moments.join(&outcome.moments);
        ensemble.ends.extend(outcome.ends);
        if index == 0 {
            ensemble.couples = outcome.couples;
        } else {
            ensemble.couples.append(outcome.couples);
        }
    }
    Some(ensemble)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::test_support::small_world;

    fn courses() -> Vec<PreparedRun> {
        let mut other = small_world(70, 12);
        other.parameters.stress_event_rate = 1.0;
        [small_world(70, 12), other].map(PreparedRun::new).to_vec()
    }

    fn lived_by(threads: usize) -> Vec<Vec<Ensemble>> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let control = Control::default();
        let live = || ensembles(&courses(), 2..5, Backend::best(), &control, |_, one| one);
        let lived = pool.expect("threads").install(live);
        lived.expect("not stopped")
    }

    #[test]
    fn ensembles_are_those_of_their_world_and_replicate_for_any_number_of_threads() {
        // As text, since missing numbers are not equal to themselves.
        let account = |one: &dyn std::fmt::Debug| format!("{one:?}");
        let lived = lived_by(1);
        assert!(account(&lived) == account(&lived_by(3)));
        assert_eq!((lived.len(), lived[0].len()), (2, 3));
        assert!(lived.iter().flatten().all(|one| one.ends.len() == 70));
        assert!(account(&lived[0][0]) != account(&lived[0][1]));
        assert!(account(&lived[0][0]) != account(&lived[1][0]));
        let alone = live(&courses()[1], 3, Backend::best(), &Control::default());
        assert!(account(&alone) == account(&Some(&lived[1][1])));
        assert_eq!(lived[1][1].couples.rows(), 70);
    }

    #[test]
    fn a_stopped_experiment_gives_nothing() {
        let control = Control::default();
        control.stop();
        let none = ensembles(&courses(), 0..2, Backend::best(), &control, |_, one| one);
        assert!(none.is_none());
    }
}
