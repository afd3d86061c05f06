//! Ensemble moments: what of the couples is kept of each recorded day.
//!
//! Sums run over a block's couples in their order and blocks are joined in theirs, so that no result
//! depends on threads or on the lane.

use super::bins::{OpenBins, Scale};
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
    watched: Vec<Watched>,
}

/// An observable with what is worked out of its description before any day is recorded.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Watched {
    observable: Observable,
    of_couple: bool,
    /// `None` where quantiles are not kept.
    scale: Option<Scale>,
}

impl Recorded {
    /// What a world asks for.
    pub fn of(world: &World) -> Recorded {
        let every = world.record.every.max(1);
        let mut days: Vec<u32> = (0..=world.size.days).step_by(every as usize).collect();
        if days.last() != Some(&world.size.days) {
            days.push(world.size.days);
        }
        let (mut lines, mut watched) = (Vec::new(), Vec::new());
        for observable in world.record.observables.iter().copied() {
            let info = observable.info();
            let binned = Line {
                observable,
                role: Role::Couple,
            }
            .binned();
            let scale = binned.then(|| Scale::of(info.low, info.high));
            watched.push(Watched {
                observable,
                of_couple: info.of_couple,
                scale,
            });
            if info.of_couple {
                lines.push(Line {
                    observable,
                    role: Role::Couple,
                });
            } else {
                lines.extend(Role::ALL.map(|role| Line { observable, role }));
            }
        }
        Recorded {
            days,
            lines,
            watched,
        }
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

impl Moments {
    /// Empty sums.
    pub fn new(recorded: &Recorded) -> Moments {
        let days = recorded.days.len();
        Moments {
            together: vec![0; days],
            sums: vec![[0.0; 2]; days * recorded.lines.len()],
        }
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
    pub(super) together: L::Mask,
    /// How many those are.
    pub(super) count: usize,
}

/// Records one day (by its position) of a lane's couples.
#[inline(always)]
pub(super) fn record<L: Lane>(
    day: usize,
    sight: &Sight<'_, L>,
    recorded: &Recorded,
    moments: &mut Moments,
    bins: Option<&mut OpenBins>,
) {
    moments.together[day] += sight.count as u64;
    let lines = recorded.lines.len();
    let mut page = Page {
        sums: &mut moments.sums[day * lines..(day + 1) * lines],
        notes: bins.map(|bins| bins.day(day)),
    };
    for watched in &recorded.watched {
        let (observable, scale) = (watched.observable, watched.scale);
        if watched.of_couple {
            let value = observable.of_couple(sight.couple, sight.tally, sight.cuts);
            page.write(value, sight.together, scale);
        } else {
            let a = observable.of_person(sight.couple, sight.tally, sight.rules, 0);
            let b = observable.of_person(sight.couple, sight.tally, sight.rules, 1);
            page.write(a, sight.together, scale);
            page.write(b, sight.together, scale);
            page.write((a + b) * 0.5, sight.together, scale);
        }
    }
}

/// What is still to be written of a recorded day, line by line.
struct Page<'a> {
    sums: &'a mut [[f64; 2]],
    notes: Option<&'a mut [u16]>,
}

impl Page<'_> {
    /// Writes the next line.
    ///
    /// Whoever is not there adds zero, which leaves a sum that began at zero as it is, to the bit.
    #[inline(always)]
    fn write<L: Lane>(&mut self, value: L, together: L::Mask, scale: Option<Scale>) {
        let mut values = [0.0; super::MOST_WIDTH];
        value.only(together).store(&mut values);
        if let Some([sum, squares]) = self.sums.split_off_first_mut() {
            for x in &values[..L::WIDTH] {
                *sum += x;
                *squares += x * x;
            }
        }
        let Some(scale) = scale else { return };
        if let Some(notes) = self
            .notes
            .as_mut()
            .and_then(|notes| notes.split_off_mut(..L::WIDTH))
        {
            scale.note(value, together, notes);
        }
    }
}
