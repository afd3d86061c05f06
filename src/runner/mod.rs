//! Runs numbered jobs in parallel and passes their outcomes on in the order of their numbers.
//!
//! Outcomes are collected in order while later jobs of the window are still running. This gives a
//! bound on memory, checkpoints, and results that do not depend on the number of threads. [`Control`]
//! cancels the work and counts what is done.

pub(crate) mod par_map;
pub(crate) mod run;
pub(crate) mod subset;
#[cfg(test)]
mod tests;

pub(crate) use par_map::par_map_ordered;
pub(crate) use run::{Ensemble, Plan, ensembles, run, run_counted_block, run_together};
pub(crate) use subset::JobSubset;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The work was cancelled before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

/// Cancels work on request. Clones cancel the same work.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// Cancels the work. Jobs that have started are finished first.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the work was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Fails if the work was cancelled.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub(crate) fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() {
            return Err(Cancelled);
        }
        Ok(())
    }
}

/// What work is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorkStage {
    /// Simulating couples.
    Simulating,
    /// Summarising what was simulated, drawing charts and writing files.
    Finishing,
}

/// Counts the couple-days that are done. Clones share the counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    couple_days: AtomicU64,
    intact_couple_days: AtomicU64,
    parts: AtomicU64,
    parts_done: AtomicU64,
    is_finishing: AtomicBool,
}

impl Progress {
    /// Couple-days done so far, including those after a separation.
    pub(crate) fn couple_days(&self) -> u64 {
        self.0.couple_days.load(Ordering::Relaxed)
    }

    /// Couple-days simulated so far: none after a separation.
    pub(crate) fn intact_couple_days(&self) -> u64 {
        self.0.intact_couple_days.load(Ordering::Relaxed)
    }

    /// The parts of work whose couple-days are not known beforehand: how many are done, and all of them.
    pub(crate) fn parts(&self) -> Option<(u64, u64)> {
        let all = self.0.parts.load(Ordering::Relaxed);
        (all > 0).then(|| (self.0.parts_done.load(Ordering::Relaxed), all))
    }

    /// Sets how many parts of work are done, and how many there are.
    pub(crate) fn set_parts(&self, done: u64, all: u64) {
        self.0.parts_done.store(done, Ordering::Relaxed);
        self.0.parts.store(all, Ordering::Relaxed);
    }

    /// Counts a part of the work as done.
    pub(crate) fn finish_part(&self) {
        self.0.parts_done.fetch_add(1, Ordering::Relaxed);
    }

    /// What the work is doing.
    pub(crate) fn stage(&self) -> WorkStage {
        match self.0.is_finishing.load(Ordering::Relaxed) {
            true => WorkStage::Finishing,
            false => WorkStage::Simulating,
        }
    }

    /// Says what the work is doing from now on.
    pub(crate) fn enter(&self, stage: WorkStage) {
        let is_finishing = stage == WorkStage::Finishing;
        self.0.is_finishing.store(is_finishing, Ordering::Relaxed);
    }

    pub(crate) fn add(&self, couple_days: u64, intact_couple_days: u64) {
        let counts = &*self.0;
        counts.couple_days.fetch_add(couple_days, Ordering::Relaxed);
        counts
            .intact_couple_days
            .fetch_add(intact_couple_days, Ordering::Relaxed);
    }
}

/// What a caller holds while work runs: how to cancel it and how far it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Control {
    /// Cancels the work.
    pub cancel: CancelToken,
    /// How far the work is.
    pub progress: Progress,
}
