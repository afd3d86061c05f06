//! Runs a calibration: simulations in parallel, recorded in a journal and passed to the sampler in order.

use super::{CalibrationObserver, CalibrationProgress, Studies};
use crate::calibrate::abc::{AbcSampler, Decision};
use crate::calibrate::error::AbcEnding;
use crate::calibrate::error::CalibrationError;
use crate::error::Error;
use crate::results::{Journal, JournalReader, OutputError};
use crate::runner::{Cancelled, Control, par_map_ordered};
use crate::sweep::jobs::{JobOutcome, JobResult};
use std::path::Path;
use std::time::{Duration, Instant};

/// Simulations that may be done ahead of the next one in order.
const WINDOW: u64 = 1024;
/// Time between two syncs of the journal.
const SYNC_EVERY: Duration = Duration::from_secs(10);

/// Passes the simulations in a journal to the sampler.
pub(crate) fn replay(calibration: &mut AbcSampler, journal: &Path) -> Result<(), Error> {
    let mut reader = JournalReader::open(journal, 0)?;
    while let Some(result) = reader.next()? {
        let statistics = statistics_of(result);
        calibration.take(&statistics.unwrap_or_default())?;
    }
    Ok(())
}

/// Simulates until the calibration ends; returns why it ended.
pub(crate) fn run(
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
        begun: Instant::now(),
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
    begun: Instant,
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
        let pace = (self.done, self.begun.elapsed());
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
