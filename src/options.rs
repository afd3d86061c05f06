//! Options of a run that do not change its results: threads, progress, cancellation, and how
//! results are written.

use crate::chart::options::ChartOptions;
use crate::error::Error;
use crate::runner::{CancelToken, Control, Progress, WorkStage};
use crate::table::Format;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Time between two reports of progress.
const REPORT_INTERVAL: Duration = Duration::from_millis(100);

/// How results are written to a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaveOptions {
    pub(crate) format: Format,
    /// How charts are drawn; none if there are none.
    pub(crate) charts: Option<ChartOptions>,
    pub(crate) report: bool,
    pub(crate) bundle: bool,
    pub(crate) replace: bool,
}

impl Default for SaveOptions {
    /// CSV tables, charts and a report, in a folder that does not exist yet.
    fn default() -> SaveOptions {
        SaveOptions {
            format: Format::Csv,
            charts: Some(ChartOptions::default()),
            report: true,
            bundle: false,
            replace: false,
        }
    }
}

impl SaveOptions {
    /// Sets the format of the tables.
    pub fn format(self, format: Format) -> SaveOptions {
        SaveOptions { format, ..self }
    }

    /// Sets whether charts are drawn.
    pub fn charts(self, charts: bool) -> SaveOptions {
        let charts = charts.then(|| self.charts.unwrap_or_default());
        SaveOptions { charts, ..self }
    }

    /// Draws charts with these options.
    pub fn chart_options(self, charts: ChartOptions) -> SaveOptions {
        SaveOptions {
            charts: Some(charts),
            ..self
        }
    }

    /// Sets whether `report.html` is written. Without charts it has none.
    pub fn report(self, report: bool) -> SaveOptions {
        SaveOptions { report, ..self }
    }

    /// Sets whether complete results have a bundle for sharing: metadata as an RO-Crate, a description and tables
    /// as Psych-DS asks for them, and the preregistration of the scenario. A shard of a sweep has none.
    pub fn bundle(self, bundle: bool) -> SaveOptions {
        SaveOptions { bundle, ..self }
    }

    /// Sets whether an older folder of results, or an unfinished sweep, is replaced.
    pub fn replace(self, replace: bool) -> SaveOptions {
        SaveOptions { replace, ..self }
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProgressReport {
    /// Couple-days done.
    pub couple_days: u64,
    /// Couple-days of all of it, at most.
    pub total: u64,
    /// Where a stopping rule decides how many couple-days are simulated: parts that are done, and all of
    /// them. They are points of a sweep, or claims.
    pub parts: Option<(u64, u64)>,
    /// What the work is doing.
    pub stage: WorkStage,
}

/// Threads, progress and cancellation of a run.
#[derive(Default)]
pub(crate) struct Execution<'a> {
    pub(crate) threads: Option<usize>,
    pub(crate) cancel: CancelToken,
    pub(crate) on_progress: Option<Box<dyn FnMut(ProgressReport) + 'a>>,
}

impl Execution<'_> {
    /// Does work of `total` couple-days on its own threads.
    ///
    /// Progress is reported on the calling thread.
    ///
    /// # Errors
    /// [`Error::Threads`] if threads cannot be started, and those of the work.
    pub(crate) fn run<T: Send>(
        &mut self,
        total: u64,
        work: impl FnOnce(&Control) -> Result<T, Error> + Send,
    ) -> Result<T, Error> {
        let pool = thread_pool(self.threads)?;
        let control = Control {
            cancel: self.cancel.clone(),
            progress: Progress::default(),
        };
        let Some(report) = &mut self.on_progress else {
            return pool.install(|| work(&control));
        };
        let mut report = || {
            let couple_days = control.progress.couple_days();
            report(ProgressReport {
                couple_days,
                total,
                parts: control.progress.parts(),
                stage: control.progress.stage(),
            });
        };
        let result = thread::scope(|scope| {
            let (done, wait) = mpsc::channel::<()>();
            let (pool, control) = (&pool, &control);
            let worker = scope.spawn(move || {
                // Dropped when the work ends, also by a panic.
                let _done = done;
                pool.install(|| work(control))
            });
            report();
            while wait.recv_timeout(REPORT_INTERVAL) == Err(mpsc::RecvTimeoutError::Timeout) {
                report();
            }
            worker.join()
        });
        report();
        result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

/// The most threads that are started: more only take memory, and tens of thousands stop the machine.
pub(crate) fn most_threads() -> usize {
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
    (4 * cores).max(64)
}

/// The number of threads that is started.
pub(crate) fn thread_count(threads: Option<usize>) -> usize {
    let cores = || thread::available_parallelism().map_or(1, |cores| cores.get());
    threads.unwrap_or_else(cores).clamp(1, most_threads())
}

/// Starts threads: as many as there are cores by default, and at most [`most_threads`].
///
/// # Errors
/// [`Error::Threads`].
pub(crate) fn thread_pool(threads: Option<usize>) -> Result<ThreadPool, Error> {
    let requested = threads.unwrap_or(0).min(most_threads());
    ThreadPoolBuilder::new()
        .num_threads(requested)
        .build()
        .map_err(|source| Error::Threads { requested, source })
}

/// Defines the methods that set the [`Execution`] of a builder.
macro_rules! execution_methods {
    () => {
        /// Sets the number of threads; by default there is one for each core, and the most are four
        /// for each core, or 64. Results do not depend on it.
        pub fn threads(mut self, threads: usize) -> Self {
            self.execution.threads = Some(threads);
            self
        }

        /// Calls a function on this thread: at the start, about ten times a second, and at the
        /// end.
        pub fn on_progress(mut self, report: impl FnMut(crate::ProgressReport) + 'a) -> Self {
            self.execution.on_progress = Some(Box::new(report));
            self
        }

        /// Lets a token cancel the run, which then fails with
        /// [`Error::Cancelled`](crate::Error::Cancelled).
        pub fn cancel(mut self, token: crate::CancelToken) -> Self {
            self.execution.cancel = token;
            self
        }
    };
}
pub(crate) use execution_methods;

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Mutex, MutexGuard, PoisonError};
    use std::time::Instant;

    fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[test]
    fn progress_is_reported_during_the_work_and_at_its_end() {
        let reports = Mutex::new(Vec::new());
        let report = |report| lock(&reports).push(report);
        let mut execution = Execution {
            threads: Some(1),
            on_progress: Some(Box::new(report)),
            ..Execution::default()
        };
        let result = execution.run(7, |control| {
            control.progress.add(3, 3);
            let begin = Instant::now();
            while !lock(&reports).iter().any(|report| report.couple_days == 3) {
                assert!(begin.elapsed().as_secs() < 60, "no report");
                thread::sleep(REPORT_INTERVAL);
            }
            control.progress.add(4, 4);
            Ok(())
        });
        drop(execution);
        let reports = reports.into_inner().expect("no panic");
        assert!(result.is_ok() && reports.len() > 1, "{reports:?}");
        let days: Vec<u64> = reports.iter().map(|report| report.couple_days).collect();
        assert!(days.is_sorted() && days.contains(&3) && days.last() == Some(&7));
        assert!(reports.iter().all(|report| report.total == 7));
    }

    #[test]
    fn an_error_of_the_work_is_returned() {
        let result = Execution::default().run(1, |control| {
            control.cancel.cancel();
            Ok(control.cancel.check()?)
        });
        assert!(matches!(result, Err(Error::Cancelled)));
    }

    #[test]
    fn the_number_of_threads_has_a_bound() {
        let pool = thread_pool(Some(usize::MAX)).expect("threads");
        assert_eq!(pool.current_num_threads(), most_threads());
    }
}
