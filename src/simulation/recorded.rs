//! What a run records of its couples as sums: on which days, of which observables, as moments, counts
//! by bins of values, and moves in the trust–intimacy plane.
//!
//! Sums run over the slots of a block in a fixed order, and blocks are joined in theirs, so that no
//! result depends on the threads or on the width of vectors.
//!
//! The bins of a year's days take tens of megabytes, far more than a processor's caches, and each
//! couple falls into different ones. The bins of simulated couples are therefore stored one after
//! the other, and counted day by day once there are many ([`OpenBins`]).

use super::TILE_SLOTS;
use super::config::SimulationConfig;
use super::observable::{CoupleObservable, Cuts, Observable, Role};
use crate::model::{Couple, Rules, Tally};
use crate::simd::vector::Vector;

/// How many bins a line's range is divided into.
const BINS: usize = 512;

/// Bin of a couple that is absent.
const ABSENT: u16 = u16::MAX;

/// One line of the trajectory: an observable in a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// What is recorded.
    pub observable: Observable,
    /// Of whom.
    pub role: Role,
}

impl Line {
    /// Whether quantiles are kept. They say nothing about indicators, which are 0 or 1.
    pub(crate) fn binned(&self) -> bool {
        match self.observable {
            Observable::Person(_) => true,
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
pub(crate) struct Recorded {
    /// The recorded days, from 0 (the start) to the last.
    pub days: Vec<u32>,
    /// The lines of a recorded day.
    pub lines: Vec<Line>,
    /// Whether any observable is read from the tally of a day's events other than conflicts.
    pub(crate) tallied: bool,
    /// Whether sums over all couples are kept.
    pub(crate) last_values: bool,
    /// Days on which each couple's values are kept, in order.
    value_days: Vec<u32>,
    /// Position of each recorded day among those with quantiles.
    quantile_positions: Vec<Option<usize>>,
    observables: Vec<RecordedObservable>,
}

/// An observable with its bins, prepared before any day is recorded.
#[derive(Clone, Copy, Debug, PartialEq)]
struct RecordedObservable {
    observable: Observable,
    /// `None` if quantiles are not kept.
    bins: Option<BinScale>,
}

impl Recorded {
    /// What a configuration records.
    pub(crate) fn of(config: &SimulationConfig) -> Recorded {
        let every = config.record.every.max(1);
        let mut days: Vec<u32> = (0..=config.size.days).step_by(every as usize).collect();
        if days.last() != Some(&config.size.days) {
            days.push(config.size.days);
        }
        let quantiles_every = config.record.quantiles_every.max(1);
        let quantiles_every = quantiles_every.checked_next_multiple_of(every);
        let mut quantile_days = 0;
        let mut quantile_position = |day: &u32| {
            let first_or_regular =
                quantiles_every.map_or(*day == 0, |every| day.is_multiple_of(every));
            let has_quantiles = first_or_regular || *day == config.size.days;
            quantile_days += usize::from(has_quantiles);
            has_quantiles.then_some(quantile_days - 1)
        };
        let quantile_positions = days.iter().map(&mut quantile_position).collect();
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
        let mut recorded = Recorded {
            days,
            lines,
            tallied,
            last_values: config.record.last_values || config.record.couple_values,
            value_days: config.record.value_days.clone(),
            quantile_positions,
            observables,
        };
        if config.record.couple_values {
            let days: Vec<u32> = recorded.quantile_days().collect();
            recorded.value_days.extend(days);
        }
        recorded.value_days.retain(|day| *day <= config.size.days);
        recorded.value_days.sort_unstable();
        recorded.value_days.dedup();
        recorded
    }

    /// Days on which each couple's values are kept.
    pub(crate) fn value_days(&self) -> &[u32] {
        &self.value_days
    }

    /// Position of a day among those on which each couple's values are kept.
    #[inline(always)]
    pub(crate) fn value_position(&self, day: u32) -> Option<usize> {
        if self.value_days.is_empty() {
            return None;
        }
        self.value_days.binary_search(&day).ok()
    }

    /// Stores the values of one lane's couple, line by line.
    #[inline(always)]
    pub(crate) fn store_values<L: Vector>(
        &self,
        snapshot: &RecordSnapshot<'_, L>,
        lane: usize,
        values: &mut [f64],
    ) {
        let RecordSnapshot {
            couple,
            tally,
            rules,
            cuts,
            ..
        } = *snapshot;
        let mut values = values.iter_mut();
        let mut store = |value: f64| {
            if let Some(stored) = values.next() {
                *stored = value;
            }
        };
        for recorded in &self.observables {
            match recorded.observable {
                Observable::Couple(observable) => {
                    store(observable.value(couple, tally, cuts).extract(lane));
                }
                Observable::Person(observable) => {
                    let [a, b] = [0, 1].map(|person| {
                        let value = observable.value(couple, tally, rules, person);
                        value.extract(lane)
                    });
                    store(a);
                    store(b);
                    store(0.5 * (a + b));
                }
            }
        }
    }

    /// Position of a recorded day among those with quantiles; both are counted from 0.
    #[inline(always)]
    pub(crate) fn quantile_position(&self, day: usize) -> Option<usize> {
        self.quantile_positions[day]
    }

    /// The days with quantiles.
    pub(crate) fn quantile_days(&self) -> impl Iterator<Item = u32> {
        let days = self.days.iter().zip(&self.quantile_positions);
        days.filter_map(|(day, position)| position.map(|_| *day))
    }

    /// Number of lines with quantiles.
    fn binned_lines(&self) -> usize {
        self.lines.iter().filter(|line| line.binned()).count()
    }
}

/// What is recorded of each couple of a block on some days ([`Recorded::value_days`]).
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct CoupleValues {
    lines: usize,
    couples: usize,
    /// By day, couple and line; empty if they are not kept.
    values: Vec<f64>,
}

impl CoupleValues {
    /// Room for the values of some couples, as far as a run keeps them.
    pub(crate) fn new(recorded: &Recorded, couples: usize) -> CoupleValues {
        let lines = recorded.lines.len();
        let days = recorded.value_days.len();
        CoupleValues {
            lines,
            couples,
            values: vec![0.0; days * couples * lines],
        }
    }

    /// The values of a couple on a day, both by their positions, line by line.
    pub(crate) fn of(&self, day: usize, couple: usize) -> &[f64] {
        &self.values[(day * self.couples + couple) * self.lines..][..self.lines]
    }

    /// Where these values are stored; empty if they are not kept.
    #[inline(always)]
    pub(crate) fn of_mut(&mut self, day: usize, couple: usize) -> &mut [f64] {
        let first = (day * self.couples + couple) * self.lines;
        self.values
            .get_mut(first..first + self.lines)
            .unwrap_or_default()
    }
}

/// Maps a line's values to bins.
#[derive(Clone, Copy, Debug, PartialEq)]
struct BinScale {
    low: f64,
    bins_per_unit: f64,
}

impl BinScale {
    fn new(low: f64, high: f64) -> BinScale {
        BinScale {
            low,
            bins_per_unit: BINS as f64 / (high - low),
        }
    }

    /// Stores the bins of a vector of couples. Values outside the range fall into the outer bins.
    #[inline(always)]
    fn store<L: Vector>(self, value: L, present: L::Mask, bins: &mut [u16]) {
        let bin = ((value - self.low) * self.bins_per_unit)
            .max_zero()
            .min_scalar((BINS - 1) as f64);
        bin.select(present, L::splat(f64::from(ABSENT)))
            .store_u16(bins);
    }
}

/// Counts, sums and sums of squares of each recorded day and line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Moments {
    /// Intact couples on each recorded day.
    pub intact: Vec<u64>,
    /// Sum and sum of squares, by day and then by line.
    pub sums: Vec<[f64; 2]>,
    /// Couples that separated before they could be counted on each recorded day; empty if sums over all
    /// couples are not kept, like `last_values`.
    pub separated: Vec<u64>,
    /// Sum and sum of squares of the last values of these couples, by day and then by line.
    pub last_values: Vec<[f64; 2]>,
}

impl Moments {
    /// Empty sums.
    pub(crate) fn new(recorded: &Recorded) -> Moments {
        let days = recorded.days.len();
        let separated_days = if recorded.last_values { days } else { 0 };
        Moments {
            intact: vec![0; days],
            sums: vec![[0.0; 2]; days * recorded.lines.len()],
            separated: vec![0; separated_days],
            last_values: vec![[0.0; 2]; separated_days * recorded.lines.len()],
        }
    }

    /// Sets the sums of the last values of separated couples: of each couple the last day on which it was
    /// counted, and its values line by line.
    pub(crate) fn set_last_values(&mut self, recorded: &Recorded, mut couples: Vec<(u32, &[f64])>) {
        couples.sort_by_key(|(last_day, _)| *last_day);
        let mut couples = couples.into_iter().peekable();
        let lines = recorded.lines.len();
        let mut running = vec![[CompensatedSum::default(); 2]; lines];
        let mut count = 0;
        for (position, day) in recorded.days.iter().enumerate() {
            while let Some((_, values)) = couples.next_if(|(last_day, _)| last_day < day) {
                count += 1;
                for ([sum, squares], value) in running.iter_mut().zip(values) {
                    sum.add(*value);
                    squares.add(value * value);
                }
            }
            self.separated[position] = count;
            let sums = &mut self.last_values[position * lines..(position + 1) * lines];
            for (stored, own) in sums.iter_mut().zip(&running) {
                *stored = own.map(|sum| sum.total());
            }
        }
    }

    /// Adds the sums of the next block.
    pub(crate) fn join(&mut self, next: &Moments) {
        let counts = self.intact.iter_mut().zip(&next.intact);
        let separated = self.separated.iter_mut().zip(&next.separated);
        for (ours, theirs) in counts.chain(separated) {
            *ours += theirs;
        }
        add_sums(&mut self.sums, &next.sums);
        add_sums(&mut self.last_values, &next.last_values);
    }
}

/// A sum with the rounding error that it has so far (Neumaier 1974): the mean of equal values is their value
/// however many days they are added on.
#[derive(Clone, Copy, Debug, Default)]
struct CompensatedSum {
    sum: f64,
    lost: f64,
}

impl CompensatedSum {
    fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        let (larger, smaller) = if self.sum.abs() >= value.abs() {
            (self.sum, value)
        } else {
            (value, self.sum)
        };
        self.lost += (larger - sum) + smaller;
        self.sum = sum;
    }

    fn total(self) -> f64 {
        self.sum + self.lost
    }
}

fn add_sums(ours: &mut [[f64; 2]], theirs: &[[f64; 2]]) {
    for (ours, theirs) in ours.iter_mut().zip(theirs) {
        ours[0] += theirs[0];
        ours[1] += theirs[1];
    }
}

/// The couples of one vector on a day that is recorded.
pub(crate) struct RecordSnapshot<'a, L: Vector> {
    pub(crate) couple: &'a Couple<L>,
    pub(crate) tally: &'a Tally<L>,
    pub(crate) rules: &'a Rules,
    pub(crate) cuts: &'a Cuts,
    /// Which lanes hold an intact couple.
    pub(crate) intact: L::Mask,
    /// The first slot of the vector.
    pub(crate) slot: usize,
}

/// Sums of one day over the tiles of a block, separately for each slot of a tile.
///
/// They are added to [`Moments`] when the block's day is done. Order of the sums: each slot's couples
/// tile by tile, then the slots as [`Vector::reduce_sum`] adds them. The couple's line of an
/// observable of persons follows from the sums of both partners and the products of their values.
pub(crate) struct DayAccumulator<L> {
    lines: usize,
    /// By vector of a tile and then by line: sum and sum of squares, and, for the couple's line of an
    /// observable of persons, nothing and the sum of the partners' products.
    sums: Vec<[L; 2]>,
}

impl<L: Vector> DayAccumulator<L> {
    pub(crate) fn new(recorded: &Recorded) -> DayAccumulator<L> {
        let lines = recorded.lines.len();
        DayAccumulator {
            lines,
            sums: vec![[L::splat(0.0); 2]; lines * (TILE_SLOTS / L::LANES)],
        }
    }

    /// Records the couples of a vector; `bins` is where the bins of its tile are stored.
    #[inline(always)]
    pub(crate) fn record(
        &mut self,
        snapshot: &RecordSnapshot<'_, L>,
        recorded: &Recorded,
        bins: Option<&mut [u16]>,
    ) {
        let vector = snapshot.slot % TILE_SLOTS / L::LANES;
        let mut writer = LineWriter {
            sums: self.sums[vector * self.lines..(vector + 1) * self.lines].iter_mut(),
            bins: bins.unwrap_or_default().chunks_exact_mut(TILE_SLOTS),
            slot: snapshot.slot % TILE_SLOTS,
            intact: snapshot.intact,
        };
        let RecordSnapshot {
            couple,
            tally,
            rules,
            cuts,
            ..
        } = *snapshot;
        for RecordedObservable { observable, bins } in recorded.observables.iter().copied() {
            match observable {
                Observable::Couple(observable) => {
                    writer.write(observable.value(couple, tally, cuts), bins);
                }
                Observable::Person(observable) => {
                    let a = observable.value(couple, tally, rules, 0);
                    let b = observable.value(couple, tally, rules, 1);
                    writer.write_both(a, b, bins);
                }
            }
        }
    }

    /// Adds the sums to those of a recorded day (by its position), and resets them.
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
        for recorded in &recorded.observables {
            match recorded.observable {
                Observable::Couple(_) => {
                    add(self.take_total(line));
                    line += 1;
                }
                Observable::Person(_) => {
                    let [a, b] = [self.take_total(line), self.take_total(line + 1)];
                    let [_, products] = self.take_total(line + 2);
                    add(a);
                    add(b);
                    let squares = a[1] + b[1] + 2.0 * products;
                    add([0.5 * (a[0] + b[0]), 0.25 * squares]);
                    line += 3;
                }
            }
        }
    }

    /// The sums of one line over the slots of a tile; resets them.
    #[inline(always)]
    fn take_total(&mut self, line: usize) -> [f64; 2] {
        let mut tile = [[L::splat(0.0); TILE_SLOTS]; 2];
        let vectors = TILE_SLOTS / L::LANES;
        for vector in 0..vectors {
            let sums = &mut self.sums[vector * self.lines + line];
            tile[0][vector] = sums[0];
            tile[1][vector] = sums[1];
            *sums = [L::splat(0.0); 2];
        }
        [
            L::reduce_sum(&tile[0][..vectors]),
            L::reduce_sum(&tile[1][..vectors]),
        ]
    }
}

/// Writes a recorded day line by line.
struct LineWriter<'a, L: Vector> {
    sums: std::slice::IterMut<'a, [L; 2]>,
    bins: std::slice::ChunksExactMut<'a, u16>,
    slot: usize,
    intact: L::Mask,
}

impl<L: Vector> LineWriter<'_, L> {
    /// Writes the next line.
    #[inline(always)]
    fn write(&mut self, value: L, scale: Option<BinScale>) {
        self.add(value.masked(self.intact));
        self.store_bins(value, scale);
    }

    /// Writes the next three lines: of both partners, and of the couple as their mean.
    #[inline(always)]
    fn write_both(&mut self, a: L, b: L, scale: Option<BinScale>) {
        let present = [a.masked(self.intact), b.masked(self.intact)];
        self.add(present[0]);
        self.add(present[1]);
        if let Some([_, products]) = self.sums.next() {
            *products = present[0].mul_add(present[1], *products);
        }
        if scale.is_some() {
            self.store_bins(a, scale);
            self.store_bins(b, scale);
            self.store_bins((a + b) * 0.5, scale);
        }
    }

    /// Adds to the next line's sums.
    ///
    /// Absent couples add zero, which changes no bit of a sum that started at zero.
    #[inline(always)]
    fn add(&mut self, present: L) {
        if let Some([sum, squares]) = self.sums.next() {
            *sum += present;
            *squares = present.mul_add(present, *squares);
        }
    }

    /// Stores the bins of the next line's values.
    #[inline(always)]
    fn store_bins(&mut self, value: L, scale: Option<BinScale>) {
        if let Some(scale) = scale
            && let Some(bins) = self.bins.next()
        {
            scale.store(value, self.intact, &mut bins[self.slot..]);
        }
    }
}

/// Couples whose bins are stored before they are counted, where memory allows: the stored bins then take
/// as much memory as the counts.
pub(crate) const STORED_COUPLES: usize = 512;

/// Bytes of the narrow counts of couples by day with quantiles, line and bin.
pub(crate) fn bins_bytes(recorded: &Recorded) -> u64 {
    (recorded.quantile_days().count() * recorded.binned_lines() * BINS * size_of::<u16>()) as u64
}

/// Counts of couples by day with quantiles, line and bin.
#[derive(Clone, Debug)]
pub(crate) struct Bins {
    /// Counts moved out of `narrow` before it could overflow; empty until then.
    wide: Vec<u32>,
    /// Counts by day, binned line and bin; narrow to touch less memory.
    narrow: Vec<u16>,
    /// Upper bound of each count in `narrow`.
    counted: usize,
    /// Number of binned lines.
    binned: usize,
    /// Position of each recorded day among those with quantiles.
    quantile_positions: Vec<Option<usize>>,
    /// Position of each line among those that are binned.
    binned_positions: Vec<Option<usize>>,
}

impl Bins {
    /// Empty bins.
    pub(crate) fn new(recorded: &Recorded) -> Bins {
        let mut binned = 0;
        let mut position = |line: &Line| {
            let position = line.binned().then_some(binned);
            binned += usize::from(position.is_some());
            position
        };
        let binned_positions = recorded.lines.iter().map(&mut position).collect();
        Bins {
            wide: Vec::new(),
            narrow: vec![0; recorded.quantile_days().count() * binned * BINS],
            counted: 0,
            binned,
            quantile_positions: recorded.quantile_positions.clone(),
            binned_positions,
        }
    }

    /// Couples in each bin of one recorded day (by its position) and line, from the lowest values to the
    /// highest; `None` if the day or the line has no quantiles.
    pub(crate) fn of(&self, day: usize, line: usize) -> Option<[u32; BINS]> {
        let day = self.quantile_positions[day]?;
        let line = self.binned_positions[line]?;
        let at = (day * self.binned + line) * BINS;
        let mut counts = [0; BINS];
        for (count, narrow) in counts.iter_mut().zip(&self.narrow[at..at + BINS]) {
            *count = u32::from(*narrow);
        }
        if let Some(wide) = self.wide.get(at..at + BINS) {
            add(&mut counts, wide);
        }
        Some(counts)
    }

    /// Adds other counts; the order does not matter.
    pub(crate) fn join(&mut self, other: &Bins) {
        self.admit(other.counted);
        for (ours, theirs) in self.narrow.iter_mut().zip(&other.narrow) {
            *ours += theirs;
        }
        if !other.wide.is_empty() {
            self.wide.resize(other.wide.len(), 0);
            add(&mut self.wide, &other.wide);
        }
    }

    /// Makes space in the narrow counts for more couples.
    fn admit(&mut self, couples: usize) {
        if self.counted + couples > usize::from(u16::MAX) {
            self.wide.resize(self.narrow.len(), 0);
            for (wide, narrow) in self.wide.iter_mut().zip(&mut self.narrow) {
                *wide += u32::from(std::mem::take(narrow));
            }
            self.counted = 0;
        }
        self.counted += couples;
    }
}

/// Equal if the counts are equal, however they are split between `wide` and `narrow`.
impl PartialEq for Bins {
    fn eq(&self, other: &Bins) -> bool {
        let mut all = (0..self.quantile_positions.len())
            .flat_map(|day| (0..self.binned_positions.len()).map(move |line| (day, line)));
        self.binned_positions == other.binned_positions
            && self.quantile_positions == other.quantile_positions
            && all.all(|(day, line)| self.of(day, line) == other.of(day, line))
    }
}

fn add(ours: &mut [u32], theirs: &[u32]) {
    for (ours, theirs) in ours.iter_mut().zip(theirs) {
        *ours += theirs;
    }
}

/// Bins of couples that are not counted yet: one of them for each thread that simulates.
#[derive(Clone, Debug)]
pub(crate) struct OpenBins {
    /// Number of days with quantiles.
    days: usize,
    /// Number of binned lines.
    binned: usize,
    /// Bins of couples by block, day with quantiles, tile, binned line and slot of the tile.
    stored: Vec<u16>,
    /// Tiles of each stored block.
    blocks: Vec<usize>,
}

impl OpenBins {
    /// Empty bins with space for some couples.
    pub(crate) fn new(recorded: &Recorded, couples: usize) -> OpenBins {
        let mut bins = OpenBins {
            days: recorded.quantile_days().count(),
            binned: recorded.binned_lines(),
            stored: Vec::new(),
            blocks: Vec::new(),
        };
        let tiles = couples.div_ceil(TILE_SLOTS);
        bins.stored.reserve_exact(bins.days * bins.day_len(tiles));
        bins
    }

    /// Makes space for the next block, which has `tiles` tiles.
    pub(crate) fn open_block(&mut self, tiles: usize) {
        self.blocks.push(tiles);
        self.stored
            .resize(self.stored.len() + self.days * self.day_len(tiles), ABSENT);
    }

    /// Places for couples that are stored.
    pub(crate) fn couples(&self) -> usize {
        self.blocks.iter().sum::<usize>() * TILE_SLOTS
    }

    /// Where the bins of a tile of the last opened block are stored on a day with quantiles (by its
    /// position among them): for each binned line, one for each slot.
    #[inline(always)]
    pub(crate) fn tile(&mut self, day: usize, tile: usize) -> &mut [u16] {
        let tiles = self.blocks[self.blocks.len() - 1];
        let start = self.stored.len() - (self.days - day) * self.day_len(tiles);
        let size = self.day_len(1);
        &mut self.stored[start + tile * size..start + (tile + 1) * size]
    }

    /// How many bins are stored for `tiles` tiles on one day.
    #[inline(always)]
    fn day_len(&self, tiles: usize) -> usize {
        tiles * self.binned * TILE_SLOTS
    }

    /// Adds what is stored to counts, and forgets it.
    pub(crate) fn count_into(&mut self, counts: &mut Bins) {
        counts.admit(self.couples());
        let tile_len = self.day_len(1).max(1);
        let each = self.binned * BINS;
        for day in 0..self.days {
            let mut start = 0;
            for &tiles in &self.blocks {
                let length = self.day_len(tiles);
                let stored = &self.stored[start + day * length..start + (day + 1) * length];
                start += self.days * length;
                for tile in stored.chunks_exact(tile_len) {
                    // A tile that is empty in its first line is empty in all of them.
                    if tile.starts_with(&[ABSENT; TILE_SLOTS]) {
                        continue;
                    }
                    for (line, bins) in tile.as_chunks::<TILE_SLOTS>().0.iter().enumerate() {
                        let at = day * each + line * BINS;
                        let counts = &mut counts.narrow[at..at + BINS];
                        for bin in bins {
                            if let Some(count) = counts.get_mut(usize::from(*bin)) {
                                *count += 1;
                            }
                        }
                    }
                }
            }
        }
        self.stored.clear();
        self.blocks.clear();
    }
}

/// Cells along each side of the plane.
pub(crate) const FLOW_CELLS: usize = 12;

/// Moves that start in one cell.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct FlowCell {
    /// Number of moves.
    pub moves: u64,
    /// Sum of the changes of trust and of intimacy.
    pub sum: [f64; 2],
    /// Sum of their squares.
    pub squares: [f64; 2],
}

/// Changes of couples' mean trust and intimacy over a fixed number of days, by starting cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PhaseFlow {
    /// Cells by trust and then by intimacy.
    pub cells: Vec<FlowCell>,
}

impl Default for PhaseFlow {
    fn default() -> Self {
        PhaseFlow {
            cells: vec![FlowCell::default(); FLOW_CELLS * FLOW_CELLS],
        }
    }
}

impl PhaseFlow {
    /// Counts one couple's move in the plane of (trust, intimacy).
    pub(crate) fn count(&mut self, from: [f64; 2], to: [f64; 2]) {
        let side = |x: f64| ((x * FLOW_CELLS as f64) as usize).min(FLOW_CELLS - 1);
        let cell = &mut self.cells[side(from[0]) * FLOW_CELLS + side(from[1])];
        cell.moves += 1;
        for axis in 0..2 {
            let change = to[axis] - from[axis];
            cell.sum[axis] += change;
            cell.squares[axis] += change * change;
        }
    }

    /// Adds the moves of the next block.
    pub(crate) fn join(&mut self, next: &PhaseFlow) {
        for (ours, theirs) in self.cells.iter_mut().zip(&next.cells) {
            ours.moves += theirs.moves;
            for axis in 0..2 {
                ours.sum[axis] += theirs.sum[axis];
                ours.squares[axis] += theirs.squares[axis];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::backend::Backend;
    use crate::simd::test_support::ArrayVector;
    use crate::simd::vector::Vector;
    use crate::simulation::test_support::small_config;
    use crate::simulation::{Block, PreparedRun, run_block};

    /// Stores values on all days but the last, in blocks of two tiles.
    fn counted<L: Vector>(recorded: &Recorded, values: &[f64]) -> Bins {
        let (mut bins, mut counts) = (OpenBins::new(recorded, 0), Bins::new(recorded));
        for block in values.chunks(2 * TILE_SLOTS) {
            if bins.couples() >= STORED_COUPLES {
                bins.count_into(&mut counts);
            }
            bins.open_block(block.len().div_ceil(TILE_SLOTS));
            for (vector, numbers) in block.chunks(L::LANES).enumerate() {
                let (mut value, mut there) = (L::splat(f64::NAN), L::splat(0.0));
                for (lane, x) in numbers.iter().enumerate() {
                    value.replace(lane, *x);
                    there.replace(lane, 1.0);
                }
                let slot = vector * L::LANES;
                for day in 0..bins.days - 1 {
                    for bins in bins
                        .tile(day, slot / TILE_SLOTS)
                        .chunks_exact_mut(TILE_SLOTS)
                    {
                        let bins = &mut bins[slot % TILE_SLOTS..];
                        BinScale::new(-1.0, 1.0).store(value, there.ge(L::splat(1.0)), bins);
                    }
                }
            }
        }
        bins.count_into(&mut counts);
        counts
    }

    #[test]
    fn every_couple_is_counted_once_in_its_bin_for_every_vector_width() {
        let recorded = Recorded::of(&small_config(64, 1));
        let mut values: Vec<f64> = (0..2 * STORED_COUPLES + 3)
            .map(|k| (k % BINS) as f64 / (BINS / 2) as f64 - 1.0)
            .collect();
        values.extend([-7.0, 1.0, 7.0, f64::NAN]);
        let mut expected = [2; BINS];
        for more in [0, 1, 2, 0, BINS - 1, BINS - 1, 0] {
            expected[more] += 1;
        }
        let one = counted::<f64>(&recorded, &values);
        let eight = counted::<ArrayVector>(&recorded, &values);
        assert_eq!(one.of(0, 0), Some(expected));
        assert_eq!(one.of(1, 0), Some([0; BINS]), "a day without values");
        assert!(one == eight);
    }

    fn count(bins: &Bins, bin: usize) -> u32 {
        bins.of(0, 0).expect("quantiles of the start")[bin]
    }

    #[test]
    fn days_with_quantiles_are_multiples_and_the_last() {
        let days = |every: u32, quantiles_every: u32| -> Vec<u32> {
            let mut config = small_config(64, 20);
            config.record.every = every;
            config.record.quantiles_every = quantiles_every;
            let recorded = Recorded::of(&config);
            let positions = &recorded.quantile_positions;
            let kept: Vec<usize> = positions.iter().flatten().copied().collect();
            assert_eq!(kept, (0..kept.len()).collect::<Vec<_>>());
            let days = recorded.days.iter().zip(positions);
            days.filter_map(|(day, own)| own.map(|_| *day)).collect()
        };
        assert_eq!(days(1, 7), [0, 7, 14, 20]);
        assert_eq!(days(2, 7), [0, 8, 16, 20], "rounded up to recorded days");
        assert_eq!(days(3, 1), [0, 3, 6, 9, 12, 15, 18, 20]);
        assert_eq!(days(20, u32::MAX), [0, 20]);
    }

    #[test]
    fn bins_of_a_day_do_not_depend_on_the_days_that_have_any() {
        let mut config = small_config(64, 20);
        let counted = |config: &SimulationConfig| {
            let run = PreparedRun::new(config.clone());
            let mut open = OpenBins::new(&run.recorded, 0);
            let block = Block {
                replicate: 0,
                index: 0,
            };
            run_block(&run, block, Backend::best(), Some(&mut open));
            let mut bins = Bins::new(&run.recorded);
            open.count_into(&mut bins);
            bins
        };
        let daily = counted(&config);
        config.record.quantiles_every = 7;
        let weekly = counted(&config);
        for day in 0..=20 {
            let has_quantiles = [0, 7, 14, 20].contains(&day);
            assert_eq!(weekly.of(day, 0).is_some(), has_quantiles);
            if has_quantiles {
                assert!(weekly.of(day, 0) == daily.of(day, 0), "day {day}");
            }
        }
        assert!(weekly.of(7, 0) != weekly.of(14, 0));
    }

    #[test]
    fn counts_beyond_16_bits_are_exact() {
        let recorded = Recorded::of(&small_config(64, 1));
        let couples = 2 * usize::from(u16::MAX) + 9;
        let bins = counted::<ArrayVector>(&recorded, &vec![0.0; couples]);
        assert!(!bins.wide.is_empty());
        assert_eq!(count(&bins, BINS / 2), couples as u32);
    }

    #[test]
    fn join_adds_counts_of_any_size() {
        let recorded = Recorded::of(&small_config(64, 1));
        let filled =
            |couples: usize, value: f64| counted::<ArrayVector>(&recorded, &vec![value; couples]);
        let most = usize::from(u16::MAX);
        for (ours, theirs) in [(9, 11), (most / 8 * 8, 16), (most + 9, 16), (16, 2 * most)] {
            let mut joined = filled(ours, 0.0);
            joined.join(&filled(theirs, 0.0));
            assert_eq!(count(&joined, BINS / 2), (ours + theirs) as u32);
            let mut other = filled(theirs, 0.0);
            other.join(&filled(ours, 0.0));
            assert!(joined == other, "{ours} and {theirs}");
            assert!(joined != filled(ours + theirs, 0.5), "other values");
            assert!(joined != filled(ours + theirs - 1, 0.0), "one less");
        }
    }

    #[test]
    fn blocks_of_different_sizes_are_counted_completely() {
        let recorded = Recorded::of(&small_config(64, 1));
        let mut bins = counted::<f64>(&recorded, &[0.0; 5]);
        bins.join(&counted::<ArrayVector>(&recorded, &[0.0; 11]));
        assert_eq!(count(&bins, BINS / 2), 16);
    }
}
