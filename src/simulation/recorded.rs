//! What a run records: on which days, of which observables, and into which bins.

use super::config::SimulationConfig;
use super::observable::{CoupleObservable, Observable, Role};
use crate::simd::vector::Vector;

/// How many bins a line's range is divided into.
pub(crate) const BINS: usize = 512;

/// Bin of a couple that is absent.
pub(crate) const ABSENT: u16 = u16::MAX;

/// One line of the trajectory: an observable in a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// What is recorded.
    pub observable: Observable,
    /// Of whom.
    pub role: Role,
}

impl Line {
    /// Whether quantiles are kept. They say nothing about indicators, which are 0 or 1.
    pub fn binned(&self) -> bool {
        match self.observable {
            Observable::Person(_) | Observable::Couple(CoupleObservable::Investment) => true,
            Observable::Couple(
                CoupleObservable::Conflict
                | CoupleObservable::SecureBalance
                | CoupleObservable::Complacency
                | CoupleObservable::Codependency
                | CoupleObservable::Disengagement,
            ) => false,
        }
    }
}

/// Which days are recorded, and of what.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The recorded days, from 0 (the start) to the last.
    pub days: Vec<u32>,
    /// The lines of a recorded day.
    pub lines: Vec<Line>,
    /// Whether any observable is read from the tally of a day's events other than conflicts.
    pub(crate) tallied: bool,
    pub(crate) observables: Vec<RecordedObservable>,
}

/// An observable with its bins, prepared before any day is recorded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RecordedObservable {
    pub(crate) observable: Observable,
    /// `None` if quantiles are not kept.
    pub(crate) bins: Option<BinScale>,
}

impl Recorded {
    /// What a configuration records.
    pub fn of(config: &SimulationConfig) -> Recorded {
        let every = config.record.every.max(1);
        let mut days: Vec<u32> = (0..=config.size.days).step_by(every as usize).collect();
        if days.last() != Some(&config.size.days) {
            days.push(config.size.days);
        }
        let (mut lines, mut observables) = (Vec::new(), Vec::new());
        for observable in config.record.observables.iter().copied() {
            let info = observable.info();
            let roles = match observable {
                Observable::Person(_) => &Role::ALL[..],
                Observable::Couple(_) => &[Role::Couple],
            };
            let first = lines.len();
            lines.extend(roles.iter().map(|role| Line {
                observable,
                role: *role,
            }));
            let binned = lines[first].binned();
            observables.push(RecordedObservable {
                observable,
                bins: binned.then(|| BinScale::new(info.low, info.high)),
            });
        }
        let tallied = observables.iter().any(|own| own.observable.is_tallied());
        Recorded {
            days,
            lines,
            tallied,
            observables,
        }
    }
}

/// Maps a line's values to bins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct BinScale {
    low: f64,
    bins_per_unit: f64,
}

impl BinScale {
    pub(crate) fn new(low: f64, high: f64) -> BinScale {
        BinScale {
            low,
            bins_per_unit: BINS as f64 / (high - low),
        }
    }

    /// Stores the bins of a vector of couples. Values outside the range fall into the outer bins.
    #[inline(always)]
    pub(crate) fn store<L: Vector>(self, value: L, present: L::Mask, bins: &mut [u16]) {
        let bin = ((value - self.low) * self.bins_per_unit)
            .max_zero()
            .min_scalar((BINS - 1) as f64);
        bin.select(present, L::splat(f64::from(ABSENT)))
            .store_u16(bins);
    }
}
