//! Windows: numbered work done in parallel and taken in order.

use crate::simulation::{BlockOutcome, Size};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

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

/// Works on jobs in windows of the given size and takes their outcomes in the order of numbers, each
/// as soon as all before it are there.
///
/// `work` gives `None` where it was stopped; a `take` that fails ends the work, and outcomes after the
/// one that it failed on are dropped.
pub fn in_order<T: Send, E: Send>(
    jobs: Range<u64>,
    window: u64,
    work: impl Fn(u64) -> Option<T> + Sync,
    take: impl FnMut(T) -> Result<(), E> + Send,
) -> Finish<E> {
    let order = Order {
        ready: Mutex::new(BTreeMap::new()),
        taker: Mutex::new(Taker {
            next: jobs.start,
            take,
            failure: None,
        }),
        ended: AtomicBool::new(false),
    };
    let mut first = jobs.start;
    while first < jobs.end && !order.ended.load(Ordering::Relaxed) {
        let end = first.saturating_add(window.max(1)).min(jobs.end);
        let next = AtomicU64::new(first);
        // Numbers are given out in their order, so that whatever is done is nearly a prefix.
        rayon::broadcast(|_| {
            while !order.ended.load(Ordering::Relaxed) {
                let job = next.fetch_add(1, Ordering::Relaxed);
                if job >= end {
                    break;
                }
                match work(job) {
                    Some(outcome) => order.put(job, outcome),
                    None => order.ended.store(true, Ordering::Relaxed),
                }
            }
        });
        order.taken(&mut hold(&order.taker));
        first = end;
    }
    let taker = order.taker.into_inner();
    let taker = taker.unwrap_or_else(PoisonError::into_inner);
    match taker.failure {
        Some(error) => Finish::Failed(error),
        None if taker.next < jobs.end => Finish::Stopped,
        None => Finish::Whole,
    }
}

/// Outcomes on their way from those who work to the one who takes.
struct Order<T, E, F> {
    ready: Mutex<BTreeMap<u64, T>>,
    taker: Mutex<Taker<E, F>>,
    /// Whether no further job is to be begun.
    ended: AtomicBool,
}

struct Taker<E, F> {
    /// The job whose outcome is to be taken next.
    next: u64,
    take: F,
    failure: Option<E>,
}

impl<T, E, F: FnMut(T) -> Result<(), E>> Order<T, E, F> {
    /// Hands an outcome in, and takes all that are next unless somebody else is about it.
    fn put(&self, job: u64, outcome: T) {
        hold(&self.ready).insert(job, outcome);
        while let Ok(mut taker) = self.taker.try_lock() {
            self.taken(&mut taker);
            let (next, failed) = (taker.next, taker.failure.is_some());
            drop(taker);
            // What was handed in while the lock was still held found nobody to take it.
            if failed || !hold(&self.ready).contains_key(&next) {
                return;
            }
        }
    }

    fn taken(&self, taker: &mut Taker<E, F>) {
        while taker.failure.is_none() {
            let Some(outcome) = hold(&self.ready).remove(&taker.next) else {
                return;
            };
            match (taker.take)(outcome) {
                Ok(()) => taker.next += 1,
                Err(error) => {
                    taker.failure = Some(error);
                    self.ended.store(true, Ordering::Relaxed);
                }
            }
        }
    }
}

/// The lock's value, also after a panic elsewhere, which is passed on where all threads meet.
fn hold<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn an_outcome_is_taken_while_later_jobs_of_its_window_are_under_way() {
        let taken = AtomicU64::new(0);
        let finish = in_order(
            0..9,
            9,
            |job| {
                let begin = std::time::Instant::now();
                while job == 8 && taken.load(Ordering::Relaxed) < 8 {
                    assert!(begin.elapsed().as_secs() < 60, "waited in vain");
                    std::thread::yield_now();
                }
                Some(job)
            },
            |_| {
                taken.fetch_add(1, Ordering::Relaxed);
                Ok::<(), ()>(())
            },
        );
        assert_eq!(finish, Finish::Whole);
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
