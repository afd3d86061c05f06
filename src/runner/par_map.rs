//! An ordered parallel map with a bounded window.

use super::Cancelled;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Does jobs in parallel and collects their outcomes in the order of their numbers, each as soon as
/// all outcomes before it are collected.
///
/// A job starts when a thread is idle and fewer than `window` jobs lie between it and the next outcome
/// to collect. If `collect` fails, no further job starts, and the outcomes after the one that failed
/// are dropped.
///
/// # Errors
/// The error of `collect`, or [`Cancelled`] if a job was cancelled. What was collected before is a
/// prefix of all outcomes.
///
/// # Panics
/// If `work` or `collect` panics, after all threads have finished their jobs.
pub(crate) fn par_map_ordered<T: Send, E: From<Cancelled> + Send>(
    jobs: Range<u64>,
    window: u64,
    work: impl Fn(u64) -> Result<T, Cancelled> + Sync,
    collect: impl FnMut(T) -> Result<(), E> + Send,
) -> Result<(), E> {
    let queue = Queue {
        end: jobs.end,
        window: window.max(1),
        dispatcher: Mutex::new(Dispatcher {
            next: jobs.start,
            collected: jobs.start,
            closed: false,
        }),
        changed: Condvar::new(),
        pending: Mutex::new(BTreeMap::new()),
        consumer: Mutex::new(Consumer {
            next: jobs.start,
            collect,
            error: None,
        }),
    };
    rayon::broadcast(|thread| {
        // No more jobs are done at once than the window has places. A thread keeps memory that it has freed,
        // so that taking turns would take the memory of all threads.
        if thread.index() as u64 >= queue.window {
            return;
        }
        let guard = PanicGuard(&queue);
        while let Some(job) = guard.0.next_job() {
            match work(job) {
                Ok(outcome) => guard.0.push(job, outcome),
                Err(Cancelled) => guard.0.close(),
            }
        }
    });
    let consumer = queue.consumer.into_inner();
    let consumer = consumer.unwrap_or_else(PoisonError::into_inner);
    match consumer.error {
        Some(error) => Err(error),
        None if consumer.next < jobs.end => Err(Cancelled.into()),
        None => Ok(()),
    }
}

/// Jobs on their way to the threads, and outcomes on their way to `collect`.
struct Queue<T, E, F> {
    /// The number after the last job's.
    end: u64,
    window: u64,
    dispatcher: Mutex<Dispatcher>,
    /// Notified when a job may start or the queue is closed.
    changed: Condvar,
    /// Outcomes that wait for an earlier one.
    pending: Mutex<BTreeMap<u64, T>>,
    consumer: Mutex<Consumer<E, F>>,
}

struct Dispatcher {
    /// The next job to start. Jobs start in order, so that what is done is nearly a prefix.
    next: u64,
    /// All jobs before this one are collected.
    collected: u64,
    /// Whether no further job may start.
    closed: bool,
}

struct Consumer<E, F> {
    /// The job whose outcome is collected next.
    next: u64,
    collect: F,
    error: Option<E>,
}

/// Closes the queue when its thread panics: the other threads would wait for its outcome.
struct PanicGuard<'a, T, E, F>(&'a Queue<T, E, F>);

impl<T, E, F> Drop for PanicGuard<'_, T, E, F> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.close();
        }
    }
}

impl<T, E, F> Queue<T, E, F> {
    /// The next job, once the window has space for it; `None` if no job is left.
    fn next_job(&self) -> Option<u64> {
        let mut dispatcher = lock(&self.dispatcher);
        while !dispatcher.closed && dispatcher.next < self.end {
            if dispatcher.next - dispatcher.collected < self.window {
                dispatcher.next += 1;
                return Some(dispatcher.next - 1);
            }
            let waited = self.changed.wait(dispatcher);
            dispatcher = waited.unwrap_or_else(PoisonError::into_inner);
        }
        None
    }

    /// Starts no further job.
    fn close(&self) {
        lock(&self.dispatcher).closed = true;
        self.changed.notify_all();
    }
}

impl<T, E, F: FnMut(T) -> Result<(), E>> Queue<T, E, F> {
    /// Adds an outcome and collects all that are next, unless another thread is doing that.
    fn push(&self, job: u64, outcome: T) {
        lock(&self.pending).insert(job, outcome);
        while let Ok(mut consumer) = self.consumer.try_lock() {
            self.drain(&mut consumer);
            let (next, failed) = (consumer.next, consumer.error.is_some());
            drop(consumer);
            // An outcome pushed while the lock was held was not drained by its own thread.
            if failed || !lock(&self.pending).contains_key(&next) {
                return;
            }
        }
    }

    fn drain(&self, consumer: &mut Consumer<E, F>) {
        while consumer.error.is_none() {
            let Some(outcome) = lock(&self.pending).remove(&consumer.next) else {
                return;
            };
            match (consumer.collect)(outcome) {
                Ok(()) => {
                    consumer.next += 1;
                    lock(&self.dispatcher).collected = consumer.next;
                    self.changed.notify_all();
                }
                Err(error) => {
                    consumer.error = Some(error);
                    self.close();
                }
            }
        }
    }
}

/// Locks a mutex, also after a panic in another thread: rayon passes the panic on.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[derive(Debug, PartialEq)]
    enum TestError {
        Cancelled,
        Refused(u64),
    }

    impl From<Cancelled> for TestError {
        fn from(_: Cancelled) -> TestError {
            TestError::Cancelled
        }
    }

    #[test]
    fn outcomes_are_collected_completely_and_in_order() {
        let mut collected = Vec::new();
        let result = par_map_ordered(
            3..50,
            7,
            |job| Ok(job * job),
            |square| {
                collected.push(square);
                Ok::<(), TestError>(())
            },
        );
        assert_eq!(result, Ok(()));
        assert_eq!(
            collected,
            (3..50).map(|job| job * job).collect::<Vec<u64>>()
        );
    }

    #[test]
    fn no_more_threads_work_than_the_window_has_places() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(6).build();
        let threads = Mutex::new(std::collections::BTreeSet::new());
        let result = pool.expect("threads").install(|| {
            let work = |job| {
                lock(&threads).insert(rayon::current_thread_index());
                std::thread::sleep(std::time::Duration::from_millis(2));
                Ok(job)
            };
            par_map_ordered(0..40, 2, work, |_| Ok::<(), TestError>(()))
        });
        assert_eq!(result, Ok(()));
        assert!((1..=2).contains(&lock(&threads).len()), "{threads:?}");
    }

    #[test]
    fn outcomes_before_a_cancellation_are_a_prefix() {
        let mut collected = Vec::new();
        let result = par_map_ordered(
            0..50,
            10,
            |job| if job < 23 { Ok(job) } else { Err(Cancelled) },
            |job| {
                collected.push(job);
                Ok::<(), TestError>(())
            },
        );
        assert_eq!(result, Err(TestError::Cancelled));
        assert_eq!(collected, (0..23).collect::<Vec<u64>>());
    }

    #[test]
    fn an_outcome_is_collected_while_later_jobs_of_its_window_run() {
        let collected = AtomicU64::new(0);
        let result = par_map_ordered(
            0..9,
            9,
            |job| {
                wait_until(|| job < 8 || collected.load(Ordering::Relaxed) == 8);
                Ok(job)
            },
            |_| {
                collected.fetch_add(1, Ordering::Relaxed);
                Ok::<(), TestError>(())
            },
        );
        assert_eq!(result, Ok(()));
    }

    fn with_two_threads<R: Send>(work: impl FnOnce() -> R + Send) -> R {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build();
        pool.expect("threads").install(work)
    }

    fn wait_until(condition: impl Fn() -> bool) {
        let start = std::time::Instant::now();
        while !condition() {
            assert!(start.elapsed().as_secs() < 60, "the condition never held");
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_job_starts_as_soon_as_the_window_has_space_and_not_before() {
        let latest = AtomicU64::new(0);
        let work = |job| {
            latest.fetch_max(job, Ordering::Relaxed);
            if job == 1 {
                // Job 3 is the last that fits in a window of three from job 1 on.
                wait_until(|| latest.load(Ordering::Relaxed) == 3);
                std::thread::sleep(std::time::Duration::from_millis(20));
                assert_eq!(latest.load(Ordering::Relaxed), 3);
            }
            Ok(job)
        };
        let result =
            with_two_threads(|| par_map_ordered(0..20, 3, work, |_| Ok::<(), TestError>(())));
        assert_eq!(result, Ok(()));
    }

    #[test]
    fn a_panic_in_a_job_ends_the_work_and_is_passed_on() {
        let work = |job| {
            assert!(job != 5, "job 5 fails");
            Ok(job)
        };
        let all =
            || with_two_threads(|| par_map_ordered(0..500, 2, work, |_| Ok::<(), TestError>(())));
        let panic = std::panic::catch_unwind(all).expect_err("the panic is passed on");
        assert!(format!("{:?}", panic.downcast_ref::<&str>()).contains("job 5 fails"));
    }

    #[test]
    fn an_error_of_collect_ends_the_work() {
        let refuse_from_5 = |job| {
            if job < 5 {
                Ok(())
            } else {
                Err(TestError::Refused(job))
            }
        };
        let result = par_map_ordered(0..50, 10, Ok, refuse_from_5);
        assert_eq!(result, Err(TestError::Refused(5)));
    }
}
