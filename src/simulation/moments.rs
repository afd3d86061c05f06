//! Ensemble moments: what of the couples is kept of each recorded day.
//!
//! Sums run over the seats of a block in a fixed order and blocks are joined in theirs, so that no
//! result depends on threads or on the lane.

use super::ROW;
use super::bins::Scale;
use super::config::{Cuts, SimulationConfig};
use super::observable::{Observable, Role};
use crate::model::observer::Tally;
use crate::model::{Couple, Rules};
use crate::simd::vector::Vector;

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
    /// Whether anything is read off what happened to the partners, beside conflicts.
    pub(crate) tallied: bool,
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
    pub fn of(config: &SimulationConfig) -> Recorded {
        let every = config.record.every.max(1);
        let mut days: Vec<u32> = (0..=config.size.days).step_by(every as usize).collect();
        if days.last() != Some(&config.size.days) {
            days.push(config.size.days);
        }
        let (mut lines, mut watched) = (Vec::new(), Vec::new());
        for observable in config.record.observables.iter().copied() {
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
        let tallied = watched.iter().any(|own| own.observable.is_tallied());
        Recorded {
            days,
            lines,
            tallied,
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

/// What is looked at when a day is recorded: the couples of one lane.
pub(crate) struct Sight<'a, L: Vector> {
    pub(crate) couple: &'a Couple<L>,
    pub(crate) tally: &'a Tally<L>,
    pub(crate) rules: &'a Rules,
    pub(crate) cuts: &'a Cuts,
    /// Which couples of the lane are there and still together.
    pub(crate) together: L::Mask,
    /// The first seat of the lane.
    pub(crate) seat: usize,
}

/// Sums of one day over the rows of a block, for each seat of a row apart.
///
/// They are folded into [`Moments`] when the block's day is done. Order of the sums: each seat's
/// couples row by row, then the seats as [`Vector::reduce_sum`] adds them. What both partners are summed in
/// gives what couples are, but for the products of partners.
pub(crate) struct Page<L> {
    lines: usize,
    /// By lane of a row and then by line: sum and sum of squares, and, for the couple's line of an
    /// observable of persons, nothing and the sum of the partners' products.
    sums: Vec<[L; 2]>,
}

impl<L: Vector> Page<L> {
    pub(crate) fn new(recorded: &Recorded) -> Page<L> {
        let lines = recorded.lines.len();
        Page {
            lines,
            sums: vec![[L::splat(0.0); 2]; lines * (ROW / L::LANES)],
        }
    }

    /// Records the couples of a lane; `notes` are the places of the lane's row for its bins.
    #[inline(always)]
    pub(crate) fn record(
        &mut self,
        sight: &Sight<'_, L>,
        recorded: &Recorded,
        notes: Option<&mut [u16]>,
    ) {
        let lane = sight.seat % ROW / L::LANES;
        let mut pen = Pen {
            sums: self.sums[lane * self.lines..(lane + 1) * self.lines].iter_mut(),
            notes: notes.unwrap_or_default().chunks_exact_mut(ROW),
            seat: sight.seat % ROW,
            together: sight.together,
        };
        for watched in &recorded.watched {
            let (observable, scale) = (watched.observable, watched.scale);
            if watched.of_couple {
                let value = observable.of_couple(sight.couple, sight.tally, sight.cuts);
                pen.write(value, scale);
            } else {
                let a = observable.of_person(sight.couple, sight.tally, sight.rules, 0);
                let b = observable.of_person(sight.couple, sight.tally, sight.rules, 1);
                pen.write_both(a, b, scale);
            }
        }
    }

    /// Adds the sums to those of a recorded day (by its position), and empties the page.
    #[inline(always)]
    pub(crate) fn close(&mut self, day: usize, recorded: &Recorded, moments: &mut Moments) {
        let mut totals = moments.sums[day * self.lines..(day + 1) * self.lines].iter_mut();
        let mut line = 0;
        let mut add = |total: [f64; 2]| {
            if let Some(sums) = totals.next() {
                sums[0] += total[0];
                sums[1] += total[1];
            }
        };
        for watched in &recorded.watched {
            if watched.of_couple {
                add(self.total(line));
                line += 1;
            } else {
                let [a, b] = [self.total(line), self.total(line + 1)];
                let [_, products] = self.total(line + 2);
                add(a);
                add(b);
                let squares = a[1] + b[1] + 2.0 * products;
                add([0.5 * (a[0] + b[0]), 0.25 * squares]);
                line += 3;
            }
        }
    }

    /// The sums of one line over the seats of a row; takes them off the page.
    #[inline(always)]
    fn total(&mut self, line: usize) -> [f64; 2] {
        let mut row = [[L::splat(0.0); ROW]; 2];
        let lanes = ROW / L::LANES;
        for lane in 0..lanes {
            let sums = &mut self.sums[lane * self.lines + line];
            row[0][lane] = sums[0];
            row[1][lane] = sums[1];
            *sums = [L::splat(0.0); 2];
        }
        [
            L::reduce_sum(&row[0][..lanes]),
            L::reduce_sum(&row[1][..lanes]),
        ]
    }
}

/// What is still to be written of a recorded day, line by line.
struct Pen<'a, L: Vector> {
    sums: std::slice::IterMut<'a, [L; 2]>,
    notes: std::slice::ChunksExactMut<'a, u16>,
    seat: usize,
    together: L::Mask,
}

impl<L: Vector> Pen<'_, L> {
    /// Writes the next line.
    #[inline(always)]
    fn write(&mut self, value: L, scale: Option<Scale>) {
        let there = value.masked(self.together);
        self.sum(there);
        self.note(value, scale);
    }

    /// Writes the next three lines, of both partners and of the couple, who are the mean of both.
    #[inline(always)]
    fn write_both(&mut self, a: L, b: L, scale: Option<Scale>) {
        let there = [a.masked(self.together), b.masked(self.together)];
        self.sum(there[0]);
        self.sum(there[1]);
        if let Some([_, products]) = self.sums.next() {
            *products = there[0].mul_add(there[1], *products);
        }
        if scale.is_some() {
            self.note(a, scale);
            self.note(b, scale);
            self.note((a + b) * 0.5, scale);
        }
    }

    /// Adds to the next line's sums.
    ///
    /// Whoever is not there adds zero, which leaves a sum that began at zero as it is, to the bit.
    #[inline(always)]
    fn sum(&mut self, there: L) {
        if let Some([sum, squares]) = self.sums.next() {
            *sum += there;
            *squares = there.mul_add(there, *squares);
        }
    }

    /// Notes where a number falls into the bins of its line.
    #[inline(always)]
    fn note(&mut self, value: L, scale: Option<Scale>) {
        if let Some(scale) = scale
            && let Some(notes) = self.notes.next()
        {
            scale.note(value, self.together, &mut notes[self.seat..]);
        }
    }
}
