//! Windows: numbered work done in parallel and taken in order.

use crate::simulation::{BlockOutcome, Size};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How an experiment is watched and stopped.
#[derive(Debug, Default)]
pub struct Control {
    stop: AtomicBool,
    couple_days: AtomicU64,
    lived: AtomicU64,
}

impl Control {
    /// Asks the experiment to stop; jobs under way are finished first.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
    /// Whether it was asked to stop.
    pub fn stopping(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
    /// Couple-days done so far, those after a break-up among them.
    pub fn couple_days(&self) -> u64 {
        self.couple_days.load(Ordering::Relaxed)
    }
    /// Couple-days lived so far: a couple that parted lives no longer.
    pub fn lived(&self) -> u64 {
        self.lived.load(Ordering::Relaxed)
    }
    pub(super) fn count(&self, couple_days: u64, lived: u64) {
        self.couple_days.fetch_add(couple_days, Ordering::Relaxed);
        self.lived.fetch_add(lived, Ordering::Relaxed);
    }
}

/// Couple-days that a block's couples lived, the day of a break-up among them.
pub(super) fn lived(block: &BlockOutcome, size: &Size) -> u64 {
    let days = |end: &Option<u64>| {
        end.map_or(u64::from(size.days), |step| {
            step.div_ceil(u64::from(size.steps_per_day))
        })
    };
    block.ends.iter().map(days).sum()
}

/// How a number of jobs came out.
#[derive(Debug, PartialEq, Eq)]
pub enum Finish<E> {
    /// All were done and taken.
    Whole,
    /// The experiment was asked to stop; what was taken is a prefix.
    Stopped,
    /// Taking an outcome failed; what was taken before is a prefix.
    Failed(E),
}

/// Works on jobs in windows of the given size and takes their outcomes in the order of numbers.
///
/// `work` gives `None` where it was stopped.
pub(super) fn in_order<T: Send, E: Send>(
    jobs: Range<u64>,
    window: u64,
    work: impl Fn(u64) -> Option<T> + Sync,
    mut take: impl FnMut(T) -> Result<(), E> + Send,
) -> Finish<E> {
    let mut next = jobs.start;
    let mut ready: Vec<T> = Vec::new();
    let mut stopped = false;
    loop {
        let window = next..next.saturating_add(window.max(1)).min(jobs.end);
        next = window.end;
        let last = window.is_empty() || stopped;
        let (taken, worked) = rayon::join(
            || ready.drain(..).try_for_each(&mut take),
            || -> Vec<Option<T>> {
                if stopped {
                    Vec::new()
                } else {
                    window.into_par_iter().map(&work).collect()
                }
            },
        );
        if let Err(error) = taken {
            return Finish::Failed(error);
        }
        if last {
            return if stopped {
                Finish::Stopped
            } else {
                Finish::Whole
            };
        }
        let all = worked.len();
        // What was done before the first job that was stopped is a prefix, and is kept.
        ready = worked.into_iter().map_while(|outcome| outcome).collect();
        stopped = ready.len() < all;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_taken_in_order_and_all_of_them() {
        let mut taken = Vec::new();
        let finish = in_order(
            3..50,
            7,
            |job| Some(job * job),
            |square| {
                taken.push(square);
                Ok::<(), ()>(())
            },
        );
        assert_eq!(finish, Finish::Whole);
        assert_eq!(taken, (3..50).map(|job| job * job).collect::<Vec<u64>>());
    }

    #[test]
    fn what_was_done_before_a_stop_is_a_prefix() {
        let mut taken = Vec::new();
        let finish = in_order(
            0..50,
            10,
            |job| (job < 23).then_some(job),
            |job| {
                taken.push(job);
                Ok::<(), ()>(())
            },
        );
        assert_eq!(finish, Finish::Stopped);
        assert_eq!(taken, (0..23).collect::<Vec<u64>>());
    }

    #[test]
    fn a_failure_to_take_ends_the_work() {
        let finish = in_order(
            0..50,
            10,
            Some,
            |job| if job < 5 { Ok(()) } else { Err(job) },
        );
        assert_eq!(finish, Finish::Failed(5));
    }
}
