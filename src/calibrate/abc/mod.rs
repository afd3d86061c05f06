//! Approximate Bayesian computation: which values of the parameters agree with published statistics.
//!
//! The engine is population Monte Carlo (Beaumont, Cornuet, Marin & Robert 2009) with a tolerance that
//! each generation sets for the next (Del Moral, Doucet & Jasra 2012). The first generation is drawn
//! from the prior. Each later one perturbs particles of the one before, simulates them, and keeps those
//! closer to the targets than the tolerance; weights correct for the perturbation. The sampler does not
//! know the model: an [`AbcSampler`] hands out numbered [proposals](proposal::Proposal), and the caller
//! returns their statistics in the order of the numbers. The result is a function of the problem, the
//! settings and these statistics, not of threads or batches, and replaying the statistics of a run
//! resumes it exactly.
//!
//! [`posterior`] summarises the last generation and adjusts it by regression.
//!
//! Every simulation is written to a journal next to the folder of the results, from which a calibration
//! that was stopped or killed is resumed to the same bytes.

pub(crate) mod posterior;
pub(crate) mod proposal;
pub(crate) mod results;
pub(crate) mod reuse;
pub(crate) mod sampler;
#[cfg(test)]
mod tests;
pub(crate) mod weighted;

use crate::calibrate::document::CalibrationDocument;
use crate::calibrate::error::{AbcEnding, CalibrationError};
use crate::calibrate::results::origin;
use crate::calibrate::{CalibrationOutput, Published, Stage, Studies, named_targets, problem_of};
use crate::chart::figure_list::FailedChart;
use crate::error::Error;
use crate::options::{Execution, SaveOptions, thread_pool};
use crate::results::provenance::{is_finished, override_texts, plain_name, with_attachments};
use crate::results::resume;
use crate::results::resume::{Resume, unfinished_folder};
use crate::results::{JobSpec, Journal, JournalReader, Leftover, OutputError, refuse_inputs};
use crate::runner::{Cancelled, Control, par_map_ordered};
use crate::sweep::jobs::{JobOutcome, JobResult};
use results::AbcResults;
use sampler::{AbcSampler, AbcState, Decision, Generation};
use std::fmt;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub(crate) use proposal::PerturbationKernel;
pub(crate) use results::schemas;
pub(crate) use sampler::{AbcSettings, Scaling};
pub(crate) use weighted::{weighted_mean, weighted_sd};

/// What a calibration came to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CalibrateReport {
    /// Folder of the results.
    pub(crate) folder: PathBuf,
    /// Why it ended.
    pub(crate) ending: AbcEnding,
    /// Generations that were done.
    pub(crate) generations: u32,
    /// Simulations that were done.
    pub(crate) simulations: u64,
    /// Simulations among them that were taken from earlier results.
    pub(crate) reused: u64,
    /// Effective number of particles of the last generation.
    pub(crate) effective_size: f64,
    /// Name and verdict of each parameter.
    pub(crate) verdicts: Vec<(String, String)>,
    /// Targets whose published value lies within the simulated interval, and targets.
    pub(crate) met: (usize, usize),
    /// Files written, the manifest included.
    pub(crate) files: usize,
    /// What could not be removed after the results were in place.
    pub(crate) leftover: Option<Leftover>,
    /// Charts that could not be drawn or written; the results are without them.
    pub(crate) failed_charts: Vec<FailedChart>,
}

/// Calibrates, and writes the results, which appear complete or not at all.
///
/// `published` are the statistics that there are; `studies` simulates those that the document names.
///
/// # Errors
/// [`Error::Calibration`] if the document cannot be followed or the studies give another number of
/// statistics, [`Error::NoPosterior`]; [`Error::Interrupted`] and [`Error::Resumable`] if it did not
/// finish and can be resumed; [`Error::Changed`] and [`Error::AlreadyFinished`] if it cannot be
/// resumed; [`Error::Output`], [`Error::Threads`].
pub(crate) fn calibrate(
    document: &CalibrationDocument,
    published: &[Published],
    studies: &dyn Studies,
    output: &CalibrationOutput,
    execution: &Execution<'_>,
    observer: &dyn CalibrationObserver,
) -> Result<CalibrateReport, Error> {
    let targets = named_targets(document, published);
    let problem = problem_of(document, &targets);
    let mut calibration = AbcSampler::new(problem, document.sampler)?;
    let question = job_spec(document, &targets, &output.options);
    refuse_inputs(&output.folder, document.files())?;
    refuse_inputs(&output.folder, output.reuse.as_ref())?;
    // Before anything is written: the folder may be one that cannot be reused.
    let known = match &output.reuse {
        Some(folder) => {
            reuse::known_statistics(document, &targets, studies, calibration.clone(), folder)?
        }
        None => Vec::new(),
    };
    let requested = Resume {
        folder: &output.folder,
        kind: &Stage::Posterior.kind(),
        replace: output.options.replace,
        resume: output.resume,
    };
    let (mut journal, replace) = resume::open(requested, &question, || is_done(document, output))?;
    let pool = thread_pool(execution.threads)?;
    replay(&mut calibration, journal.path())?;
    let reused = take_known(&mut calibration, &mut journal, &known)?;
    let control = Control {
        cancel: execution.cancel.clone(),
        ..Control::default()
    };
    let ended = pool.install(|| run(&mut calibration, &mut journal, studies, &control, observer));
    let report = ended.and_then(|ending| {
        let report = AbcResults {
            document,
            targets: &targets,
            calibration: &calibration,
            ending,
            journal: journal.path(),
        }
        .write(
            &CalibrationOutput {
                options: output.options.clone().replace(replace),
                ..output.clone()
            },
            &control.cancel,
        );
        report.map(|report| CalibrateReport { reused, ..report })
    });
    match report {
        Ok(mut report) => {
            report.leftover = report.leftover.or(journal.remove());
            Ok(report)
        }
        Err(Error::Cancelled) => Err(Error::Interrupted {
            journal: unfinished_folder(&output.folder),
            done: calibration.state().simulations,
            jobs: None,
        }),
        Err(error) => Err(resume::resumable(&output.folder, error)),
    }
}

/// Everything that the journal depends on: the document, what it names, and the published values.
fn job_spec(
    document: &CalibrationDocument,
    targets: &[Published],
    options: &SaveOptions,
) -> JobSpec {
    let mut text = with_attachments(document.text(), document.attachments());
    for Published { id, target, .. } in targets {
        let _ = write!(text, "\n{id}: {}", target.value);
        if let Some(error) = target.error {
            let _ = write!(text, ", standard error {error}");
        }
        if let Some(interval) = target.interval {
            let _ = write!(text, ", from {} to {}", interval.low, interval.high);
        }
        let _ = write!(text, ", weight {}", target.weight);
    }
    JobSpec {
        command: "calibrate".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        scenario_file: plain_name(document.file_name()),
        scenario_text: text,
        overrides: override_texts(document.overrides()),
        first: 0,
        end: document.sampler.simulations,
        replaces: options.replace,
    }
}

/// Whether the requested results are in place.
fn is_done(document: &CalibrationDocument, output: &CalibrationOutput) -> bool {
    let origin = origin(document, Stage::Posterior, &output.options);
    is_finished(&output.folder, origin, document.attachments())
}

/// Simulations that may be done ahead of the next one in order.
const WINDOW: u64 = 1024;
/// Time between two syncs of the journal.
const SYNC_EVERY: Duration = Duration::from_secs(10);

/// Passes the simulations in a journal to the sampler.
fn replay(calibration: &mut AbcSampler, journal: &Path) -> Result<(), Error> {
    let mut reader = JournalReader::open(journal, 0)?;
    while let Some(result) = reader.next()? {
        let statistics = statistics_of(result);
        calibration.take(&statistics.unwrap_or_default())?;
    }
    Ok(())
}

/// Passes simulations that are known, and that a resumed calibration does not have yet, to the sampler and to the
/// journal; returns how many.
fn take_known(
    calibration: &mut AbcSampler,
    journal: &mut Journal,
    known: &[Vec<f64>],
) -> Result<u64, Error> {
    let mut reused = 0;
    let done = calibration.state().simulations as usize;
    for statistics in known.iter().skip(done) {
        calibration.take(statistics)?;
        journal.append(&JobResult {
            job: journal.next(),
            outcome: JobOutcome::Statistics(statistics.clone()),
        })?;
        reused += 1;
    }
    journal.sync()?;
    Ok(reused)
}

/// Simulates until the calibration ends; returns why it ended.
fn run(
    calibration: &mut AbcSampler,
    journal: &mut Journal,
    studies: &dyn Studies,
    control: &Control,
    observer: &dyn CalibrationObserver,
) -> Result<AbcEnding, Error> {
    let mut recorder = OrderedRecorder {
        calibration,
        journal,
        observer,
        started: Instant::now(),
        done: 0,
        synced: Instant::now(),
    };
    loop {
        if let Some(ending) = recorder.calibration.state().ending {
            recorder.journal.sync()?;
            return Ok(ending);
        }
        let proposer = recorder.calibration.proposer();
        let first = recorder.calibration.state().proposals;
        let simulate = |number: u64| {
            control.cancel.check()?;
            let proposal = proposer.proposal(number);
            let statistics = studies.statistics(&proposal.values, proposal.seed);
            // Cancelled studies may have been cut short.
            control.cancel.check()?;
            Ok(statistics)
        };
        let finish = par_map_ordered(first..u64::MAX, WINDOW, simulate, |statistics| {
            recorder.take(statistics)
        });
        match finish {
            Err(Halt::Generation) | Ok(()) => {}
            Err(Halt::Error(error)) => return Err(error),
            Err(Halt::Cancelled) => {
                recorder.journal.sync()?;
                return Err(Error::Cancelled);
            }
        }
    }
}

/// Why no further proposal of a generation is simulated.
enum Halt {
    /// The generation or the calibration has ended.
    Generation,
    Error(Error),
    Cancelled,
}

impl From<Cancelled> for Halt {
    fn from(_: Cancelled) -> Halt {
        Halt::Cancelled
    }
}

impl From<OutputError> for Halt {
    fn from(error: OutputError) -> Halt {
        Halt::Error(error.into())
    }
}

impl From<CalibrationError> for Halt {
    fn from(error: CalibrationError) -> Halt {
        Halt::Error(error.into())
    }
}

struct OrderedRecorder<'a> {
    calibration: &'a mut AbcSampler,
    journal: &'a mut Journal,
    observer: &'a dyn CalibrationObserver,
    started: Instant,
    done: u32,
    synced: Instant,
}

impl OrderedRecorder<'_> {
    fn take(&mut self, statistics: Vec<f64>) -> Result<(), Halt> {
        // Checked by the sampler before it is recorded: a journal has no result that the sampler refuses.
        let step = self.calibration.take(&statistics)?;
        self.journal.append(&JobResult {
            job: self.journal.next(),
            outcome: JobOutcome::Statistics(statistics),
        })?;
        self.done = self.done.saturating_add(1);
        if self.synced.elapsed() >= SYNC_EVERY {
            self.journal.sync()?;
            self.synced = Instant::now();
        }
        let state = self.calibration.state();
        let is_new_generation = state.accepted.is_empty() && state.proposals == 0;
        let ended = state.history.last().filter(|_| is_new_generation).cloned();
        let wanted = self.calibration.settings().particles;
        let pace = (self.done, self.started.elapsed());
        self.observer
            .on_progress(&CalibrationProgress::of(state, wanted, ended, pace));
        match step {
            Decision::Rejected | Decision::Accepted => Ok(()),
            Decision::NextGeneration | Decision::Ended(_) => Err(Halt::Generation),
        }
    }
}

fn statistics_of(result: JobResult) -> Option<Vec<f64>> {
    match result.outcome {
        JobOutcome::Statistics(statistics) => Some(statistics),
        JobOutcome::Runs { .. } | JobOutcome::Failed(_) => None,
    }
}

/// An observer of the progress of a calibration.
pub(crate) trait CalibrationObserver: Sync {
    /// Called after each simulation.
    fn on_progress(&self, progress: &CalibrationProgress);
}

/// Ignores progress.
impl CalibrationObserver for () {
    fn on_progress(&self, _: &CalibrationProgress) {}
}

/// The progress of a calibration.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CalibrationProgress {
    /// Number of the current generation, from 1.
    pub(crate) generation: u32,
    /// Particles so far, and particles needed.
    pub(crate) particles: (u64, u64),
    /// The generation that ended with this simulation, if any.
    pub(crate) ended: Option<Generation>,
    /// Simulations so far.
    pub(crate) simulations: u64,
    /// Wall-clock time of a simulation, on all threads together; `None` before the first is done.
    pub(crate) pace: Option<Duration>,
    /// Estimated time until the end of the current generation.
    pub(crate) left: Option<Duration>,
}

/// Accepted proposals from which the rate of acceptance is estimated.
const ENOUGH_ACCEPTED: usize = 10;

impl CalibrationProgress {
    /// The progress after `done` simulations in `elapsed` time.
    pub(crate) fn of(
        state: &AbcState,
        wanted: usize,
        ended: Option<Generation>,
        (done, elapsed): (u32, Duration),
    ) -> CalibrationProgress {
        let accepted = state.accepted.len();
        let rate = if accepted >= ENOUGH_ACCEPTED {
            Some(accepted as f64 / state.proposals as f64)
        } else {
            state.history.last().map(Generation::acceptance)
        };
        let pace = (done > 0).then(|| elapsed / done.max(1));
        let left = rate.zip(pace).and_then(|(rate, pace)| {
            let proposals = (wanted - accepted) as f64 / rate;
            Duration::try_from_secs_f64(pace.as_secs_f64() * proposals).ok()
        });
        CalibrationProgress {
            generation: state.generation() + 1,
            particles: (accepted as u64, wanted as u64),
            ended,
            simulations: state.simulations,
            pace,
            left: left.filter(|_| state.ending.is_none()),
        }
    }
}

impl fmt::Display for CalibrationProgress {
    /// The generation that just ended, in one line; empty if none did.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(ended) = &self.ended else {
            return Ok(());
        };
        let number = ended.number + 1;
        match ended.tolerance {
            None => write!(f, "generation {number}: from the prior, ")?,
            Some(tolerance) => write!(f, "generation {number}: tolerance {tolerance:.3}, ")?,
        }
        write!(
            f,
            "{} of {} proposals accepted ({:.1} %), {:.0} effective particles, {} simulations so far",
            ended.accepted,
            ended.proposals,
            100.0 * ended.acceptance(),
            ended.effective_size,
            ended.simulations
        )?;
        match self.left {
            Some(left) => write!(f, "; the next takes {} or more", format_duration(left)),
            None => Ok(()),
        }
    }
}

/// A duration with its unit, to about two digits.
fn format_duration(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let (value, unit) = match seconds {
        s if s < 100.0 => (s, "s"),
        s if s < 6_000.0 => (s / 60.0, "min"),
        s => (s / 3_600.0, "h"),
    };
    if value < 9.5 {
        format!("{value:.1} {unit}")
    } else {
        format!("{value:.0} {unit}")
    }
}
