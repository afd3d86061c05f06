//! Ensemble moments and bins: what of the couples is kept of each recorded day.
//!
//! Sums run over a block's couples in their order, blocks are joined in theirs, and bins hold whole
//! numbers, so that no result depends on threads.

use super::observable::{Observable, Role};
use super::world::{Cuts, World};
use crate::foundation::lane::Lane;
use crate::model::witness::Tally;
use crate::model::{Couple, Rules};

/// One line of the trajectory: an observable in a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// What is observed.
    pub observable: Observable,
    /// Of whom.
    pub role: Role,
}

impl Line {
    /// Whether quantiles are kept: they say nothing of what either happens or not.
    pub fn binned(&self) -> bool {
        !self.observable.info().of_couple || self.observable == Observable::Investment
    }
}

/// Which days are recorded, and of what.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The recorded days, from 0 (the start) to the last.
    pub days: Vec<u32>,
    /// The lines of a recorded day.
    pub lines: Vec<Line>,
    observables: Vec<Observable>,
}

impl Recorded {
    /// What a world asks for.
    pub fn of(world: &World) -> Recorded {
        let every = world.record.every.max(1);
        let mut days: Vec<u32> = (0..=world.size.days).step_by(every as usize).collect();
        if days.last() != Some(&world.size.days) {
            days.push(world.size.days);
        }
        let observables = world.record.observables.clone();
        let mut lines = Vec::new();
        for observable in &observables {
            if observable.info().of_couple {
                lines.push(Line { observable: *observable, role: Role::Couple });
            } else {
                lines.extend(Role::ALL.map(|role| Line { observable: *observable, role }));
            }
        }
        Recorded { days, lines, observables }
    }
}

/// Counts, sums and sums of squares of each recorded day and line.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments {
    /// Couples together on each recorded day.
    pub together: Vec<u64>,
    /// Sum and sum of squares, by day and then by line.
    pub sums: Vec<[f64; 2]>,
}

/// How many bins a line's range is cut into.
pub const BINS: usize = 512;

/// How many couples fell into each bin, by day, line and bin.
#[derive(Clone, Debug, PartialEq)]
pub struct Bins {
    counts: Vec<u32>,
    lines: usize,
}

impl Bins {
    /// Empty bins.
    pub fn new(recorded: &Recorded) -> Bins {
        let lines = recorded.lines.len();
        Bins { counts: vec![0; recorded.days.len() * lines * BINS], lines }
    }
    /// The bins of one recorded day (by its position) and line.
    pub fn of(&self, day: usize, line: usize) -> &[u32] {
        let at = (day * self.lines + line) * BINS;
        &self.counts[at..at + BINS]
    }
    /// Adds the counts of others; the order does not matter.
    pub fn join(&mut self, other: &Bins) {
        for (ours, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *ours += theirs;
        }
    }
    #[inline(always)]
    fn count(&mut self, day: usize, line: usize, value: f64, low: f64, scale: f64) {
        // A cast from f64 saturates, and holds what lies outside to the outer bins.
        let bin = (((value - low) * scale) as usize).min(BINS - 1);
        self.counts[(day * self.lines + line) * BINS + bin] += 1;
    }
}

impl Moments {
    /// Empty sums.
    pub fn new(recorded: &Recorded) -> Moments {
        let days = recorded.days.len();
        Moments { together: vec![0; days], sums: vec![[0.0; 2]; days * recorded.lines.len()] }
    }

    /// Adds the sums of the next block.
    pub fn join(&mut self, next: &Moments) {
        for (ours, theirs) in self.together.iter_mut().zip(&next.together) {
            *ours += theirs;
        }
        for (ours, theirs) in self.sums.iter_mut().zip(&next.sums) {
            ours[0] += theirs[0];
            ours[1] += theirs[1];
        }
    }
}

/// What is looked at when a day is recorded.
pub(super) struct Sight<'a, L: Lane> {
    pub(super) couple: &'a Couple<L>,
    pub(super) tally: &'a Tally<L>,
    pub(super) rules: &'a Rules,
    pub(super) cuts: &'a Cuts,
    /// Which couples of the lane are there and still together.
    pub(super) together: &'a [bool],
}

/// Records one day (by its position) of a lane's couples.
#[inline(always)]
pub(super) fn record<L: Lane>(
    day: usize,
    sight: &Sight<'_, L>,
    recorded: &Recorded,
    moments: &mut Moments,
    bins: Option<&mut Bins>,
) {
    moments.together[day] += sight.together.iter().filter(|there| **there).count() as u64;
    let mut bins = bins;
    let mut line = 0;
    let count = recorded.lines.len();
    let sums = &mut moments.sums[day * count..(day + 1) * count];
    let mut add = |value: L, observable: Observable| {
        let [sum, squares] = &mut sums[line];
        for (k, _) in sight.together.iter().enumerate().filter(|(_, there)| **there) {
            let x = value.at(k);
            *sum += x;
            *squares += x * x;
        }
        if let (Some(bins), true) = (bins.as_deref_mut(), recorded.lines[line].binned()) {
            let info = observable.info();
            let scale = BINS as f64 / (info.high - info.low);
            for (k, _) in sight.together.iter().enumerate().filter(|(_, there)| **there) {
                bins.count(day, line, value.at(k), info.low, scale);
            }
        }
        line += 1;
    };
    for observable in &recorded.observables {
        if observable.info().of_couple {
            add(observable.of_couple(sight.couple, sight.tally, sight.cuts), *observable);
        } else {
            let [a, b] = [0, 1]
                .map(|who| observable.of_person(sight.couple, sight.tally, sight.rules, who));
            for value in [a, b, (a + b) * 0.5] {
                add(value, *observable);
            }
        }
    }
}
