//! Memory of a run: how the counts for quantiles are shared between threads, and a forecast of the whole.

use super::config::SimulationConfig;
use super::prepared::PreparedRun;
use super::recorded::{Recorded, STORED_COUPLES, bins_bytes};
use super::tables::BlockTable;
use super::{BLOCK_COUPLES, tables::BlockTables};

/// Most bytes that all counts for quantiles may take; one set of counts may take more.
const BINS_BYTES: u64 = 256 << 20;
/// Most bytes that the outcomes of blocks may take, of those that are simulated and of those that wait to
/// be written; one block may take more.
const OUTCOME_BYTES: u64 = 512 << 20;
/// Jobs in a window for each thread, where memory allows.
const JOBS_PER_THREAD: u64 = 16;
/// The number of couples from which on counts of 16 bits overflow into counts of 32.
const WIDE_COUPLES: u64 = u16::MAX as u64;

/// How the threads of a run share the counts for quantiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BinSharing {
    /// Sets of counts.
    pub(crate) sets: usize,
    /// Couples that a thread stores before it counts them.
    pub(crate) stored: usize,
}

impl BinSharing {
    /// As many sets and stored couples as a bound of memory allows, which does not grow with the
    /// threads.
    pub(crate) fn new(recorded: &Recorded, threads: u64) -> BinSharing {
        let bytes = bins_bytes(recorded).max(1);
        let threads = threads.max(1);
        let sets = (BINS_BYTES / 2 / bytes).clamp(1, threads) as usize;
        // A thread's stored bins of `STORED_COUPLES` couples take as much as a set of counts.
        let couples = STORED_COUPLES as u64 * (BINS_BYTES / 2) / (bytes * threads);
        let stored = couples.clamp(BLOCK_COUPLES, STORED_COUPLES as u64) as usize;
        BinSharing { sets, stored }
    }
}

/// Jobs whose outcomes are held in memory at once. There may be fewer than threads: where a block has so
/// many rows, more of them only wait to be written.
pub(crate) fn window(run: &PreparedRun, threads: u64) -> u64 {
    // A block that is simulated holds its rows twice at its end: in the cohort and in its outcome.
    window_of(run.max_outcome_bytes(), threads)
}

fn window_of(outcome_bytes: u64, threads: u64) -> u64 {
    let most = OUTCOME_BYTES / 2 / outcome_bytes.max(1);
    most.clamp(1, threads * JOBS_PER_THREAD)
}

/// Couples whose days a chart shows at most, of the first that have any.
pub(crate) const SHOWN_COUPLES: u64 = 12;

/// About how much memory a run takes, by what it is for (bytes): if no couple separates, and if the blocks
/// that wait to be written are as many as may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MemoryForecast {
    /// Counts for quantiles of the recorded days.
    pub(crate) quantiles: u64,
    /// Rows of the couples that a chart shows.
    pub(crate) shown: u64,
    /// Rows and sums of the blocks that are simulated, and rows of those that wait to be written.
    pub(crate) outcomes: u64,
}

/// Memory of the program itself, and of the charts' letters and pixels.
const PROGRAM: u64 = 45 << 20;

impl MemoryForecast {
    /// The forecast for a run on some threads.
    pub(crate) fn new(config: &SimulationConfig, threads: u64) -> MemoryForecast {
        let run = PreparedRun::new(config.clone());
        let sharing = BinSharing::new(&run.recorded, threads);
        let set = bins_bytes(&run.recorded);
        let couples = config
            .size
            .couples
            .saturating_mul(config.size.replicates.into());
        let wide = if couples > WIDE_COUPLES { 3 } else { 1 };
        let stored = (sharing.stored as u64).next_multiple_of(BLOCK_COUPLES);
        let stored = stored.min(couples.next_multiple_of(8));
        let jobs = run.blocks_per_replicate() * u64::from(config.size.replicates);
        let outcome = run.max_outcome_bytes();
        let window = window_of(outcome, threads).min(jobs);
        let simulated = threads.min(window);
        // One thread writes an outcome before it simulates the next block.
        let waiting = if threads > 1 { window - simulated } else { 0 };
        let rows = BlockTables::max_bytes(config);
        let shown = config.record.sample_couples.min(SHOWN_COUPLES);
        let day = BlockTable::SampleCouples
            .schema(config)
            .map_or(0, |it| it.row_bytes());
        MemoryForecast {
            quantiles: set * wide * (sharing.sets as u64).min(simulated)
                + set * stored * simulated / STORED_COUPLES as u64,
            shown: 2 * shown * u64::from(config.size.days) * day
                + BlockTable::Childhood.all_bytes(config),
            outcomes: simulated * (outcome + rows) + waiting * rows,
        }
    }

    /// All of it, with the program itself.
    pub(crate) fn total(&self) -> u64 {
        PROGRAM + self.quantiles + self.shown + self.outcomes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::test_support::small_config;
    use crate::simulation::{DayRows, OBSERVABLES, days_schema};

    /// Ten years of every day and observable: 228 MB a set of counts.
    fn much() -> SimulationConfig {
        let mut config = small_config(1_000, 3_650);
        config.record.observables = OBSERVABLES.iter().map(|(own, _)| *own).collect();
        config
    }

    #[test]
    fn memory_of_counts_is_bounded_whatever_the_threads() {
        let recorded = Recorded::of(&much());
        let set = bins_bytes(&recorded);
        assert!(set > 200 << 20);
        for threads in [1, 2, 8, 64] {
            let sharing = BinSharing::new(&recorded, threads);
            assert_eq!(sharing.sets, 1);
            assert!(sharing.stored >= 64);
        }
        assert_eq!(BinSharing::new(&recorded, 16).stored, 64);
        // Beyond two sets, a thread takes the bins of two blocks.
        let quantiles = |threads| MemoryForecast::new(&much(), threads).quantiles;
        assert!(quantiles(8) < 3 * set + set / 8, "{}", quantiles(8) / set);
        // A year of the defaults is counted by each thread alone.
        let year = Recorded::of(&small_config(1_000, 365));
        let alone = BinSharing {
            sets: 4,
            stored: STORED_COUPLES,
        };
        assert_eq!(BinSharing::new(&year, 4), alone);
    }

    #[test]
    fn the_forecast_counts_what_is_kept() {
        let few = MemoryForecast::new(&small_config(1_000, 365), 1);
        assert!(few.total() < 100 << 20, "{few:?}");
        // Twelve of the sampled couples are shown; of the others there is a block at a time.
        let mut sampled = small_config(1_000, 3_650);
        sampled.record.sample_couples = 1_000;
        let row = days_schema("sample_couples").row_bytes();
        let forecast = |threads| MemoryForecast::new(&sampled, threads);
        assert_eq!(forecast(1).shown, 12 * 2 * 3_650 * row);
        let block = 64 * 2 * 3_650 * row;
        assert!((2 * block..3 * block).contains(&forecast(1).outcomes));
        sampled.record.sample_couples = 12;
        let few = MemoryForecast::new(&sampled, 1);
        assert!(few.outcomes < block && few.shown == 12 * 2 * 3_650 * row);
    }

    #[test]
    fn memory_of_rows_is_bounded_whatever_the_threads() {
        let mut days = small_config(10_000, 3_650);
        days.record.days = DayRows::All;
        let block = BlockTables::max_bytes(&days);
        assert!(block > 50 << 20);
        for threads in [1, 2, 8, 64] {
            let window = window(&PreparedRun::new(days.clone()), threads);
            assert!((1..=4).contains(&window), "{window}");
            let outcomes = MemoryForecast::new(&days, threads).outcomes;
            assert!(outcomes <= OUTCOME_BYTES + block, "{outcomes}");
        }
        // Where a single block takes more, there is one at a time.
        days.size.days = 36_500;
        assert_eq!(window(&PreparedRun::new(days.clone()), 8), 1);
        // A year of the defaults has sixteen jobs for each thread.
        let year = PreparedRun::new(small_config(10_000, 365));
        assert_eq!(window(&year, 8), 128);
    }
}
