//! Windows: numbered work done in parallel and taken in order.

use crate::simulation::{BlockOutcome, Size};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

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
    pub(crate) fn count(&self, couple_days: u64, lived: u64) {
        self.couple_days.fetch_add(couple_days, Ordering::Relaxed);
        self.lived.fetch_add(lived, Ordering::Relaxed);
    }
}

/// Couple-days that a block's couples lived, the day of a break-up among them.
pub(crate) fn lived(block: &BlockOutcome, size: &Size) -> u64 {
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

/// Works on jobs and takes their outcomes in the order of numbers, each as soon as all before it are
/// there.
///
/// A job is begun as soon as somebody is free and fewer than `window` jobs are between it and the next
/// to be taken. `work` gives `None` where it was stopped; a `take` that fails ends the work, and
/// outcomes after the one that it failed on are dropped.
///
/// # Panics
/// Where `work` or `take` panics, once all who are at work are done.
pub fn in_order<T: Send, E: Send>(
    jobs: Range<u64>,
    window: u64,
    work: impl Fn(u64) -> Option<T> + Sync,
    take: impl FnMut(T) -> Result<(), E> + Send,
) -> Finish<E> {
    let order = Order {
        end: jobs.end,
        window: window.max(1),
        hand: Mutex::new(Hand {
            next: jobs.start,
            taken: jobs.start,
            ended: false,
        }),
        room: Condvar::new(),
        ready: Mutex::new(BTreeMap::new()),
        taker: Mutex::new(Taker {
            next: jobs.start,
            take,
            failure: None,
        }),
    };
    rayon::broadcast(|_| {
        let watch = Watch(&order);
        while let Some(job) = watch.0.begin() {
            match work(job) {
                Some(outcome) => watch.0.put(job, outcome),
                None => watch.0.stop(),
            }
        }
    });
    let taker = order.taker.into_inner();
    let taker = taker.unwrap_or_else(PoisonError::into_inner);
    match taker.failure {
        Some(error) => Finish::Failed(error),
        None if taker.next < jobs.end => Finish::Stopped,
        None => Finish::Whole,
    }
}

/// Jobs on their way to those who work, and outcomes on theirs to the one who takes.
struct Order<T, E, F> {
    /// The number after the last job's.
    end: u64,
    window: u64,
    hand: Mutex<Hand>,
    /// Told of when somebody who waits for a job may go on.
    room: Condvar,
    ready: Mutex<BTreeMap<u64, T>>,
    taker: Mutex<Taker<E, F>>,
}

/// What is known where jobs are given out.
struct Hand {
    /// The job to be begun next: they are given out in their order, so that whatever is done is nearly a
    /// prefix.
    next: u64,
    /// All jobs before it are taken.
    taken: u64,
    /// Whether no further job is to be begun.
    ended: bool,
}

struct Taker<E, F> {
    /// The job whose outcome is to be taken next.
    next: u64,
    take: F,
    failure: Option<E>,
}

/// Whoever works: others do not wait for the outcome of one who panicked.
struct Watch<'a, T, E, F>(&'a Order<T, E, F>);

impl<T, E, F> Drop for Watch<'_, T, E, F> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

impl<T, E, F> Order<T, E, F> {
    /// The next job, once there is room for it; `None` where none is to be begun.
    fn begin(&self) -> Option<u64> {
        let mut hand = hold(&self.hand);
        while !hand.ended && hand.next < self.end {
            if hand.next - hand.taken < self.window {
                hand.next += 1;
                return Some(hand.next - 1);
            }
            hand = self.room.wait(hand).unwrap_or_else(PoisonError::into_inner);
        }
        None
    }

    /// Lets no further job begin.
    fn stop(&self) {
        hold(&self.hand).ended = true;
        self.room.notify_all();
    }
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
                Ok(()) => {
                    taker.next += 1;
                    hold(&self.hand).taken = taker.next;
                    self.room.notify_all();
                }
                Err(error) => {
                    taker.failure = Some(error);
                    self.stop();
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
                wait_for(|| job < 8 || taken.load(Ordering::Relaxed) == 8);
                Some(job)
            },
            |_| {
                taken.fetch_add(1, Ordering::Relaxed);
                Ok::<(), ()>(())
            },
        );
        assert_eq!(finish, Finish::Whole);
    }

    /// Does work with two threads.
    fn by_two<R: Send>(work: impl FnOnce() -> R + Send) -> R {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build();
        pool.expect("threads").install(work)
    }

    /// Waits until something is so.
    fn wait_for(so: impl Fn() -> bool) {
        let begin = std::time::Instant::now();
        while !so() {
            assert!(begin.elapsed().as_secs() < 60, "waited in vain");
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_job_is_begun_as_soon_as_there_is_room_and_no_sooner() {
        let latest = AtomicU64::new(0);
        let work = |job| {
            latest.fetch_max(job, Ordering::Relaxed);
            if job == 1 {
                // Job 3 is the last that fits in a window of three from job 1 on.
                wait_for(|| latest.load(Ordering::Relaxed) == 3);
                std::thread::sleep(std::time::Duration::from_millis(20));
                assert_eq!(latest.load(Ordering::Relaxed), 3);
            }
            Some(job)
        };
        let finish = by_two(|| in_order(0..20, 3, work, |_| Ok::<(), ()>(())));
        assert_eq!(finish, Finish::Whole);
    }

    #[test]
    fn nobody_waits_for_the_outcome_of_a_job_that_panicked() {
        let work = |job| {
            assert!(job != 5, "job 5 fails");
            Some(job)
        };
        let all = || by_two(|| in_order(0..500, 2, work, |_| Ok::<(), ()>(())));
        let panic = std::panic::catch_unwind(all).expect_err("the panic is passed on");
        assert!(format!("{:?}", panic.downcast_ref::<&str>()).contains("job 5 fails"));
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
