//! Memory of a run: how the counts for quantiles are shared between threads, and a forecast of the whole.

use super::config::SimulationConfig;
use super::prepared::PreparedRun;
use super::recorded::{Recorded, STORED_COUPLES, bins_bytes};
use super::tables::BlockTable;
use super::{BLOCK_COUPLES, tables::BlockTables};

/// Most bytes that all counts for quantiles may take; one set of counts may take more.
const BINS_BYTES: u64 = 256 << 20;
/// Most bytes that the outcomes of one window may take.
const WINDOW_BYTES: u64 = 192 << 20;
/// Jobs in a window for each thread, where memory allows.
const JOBS_PER_THREAD: u64 = 16;
/// From so many couples on counts of 16 bits overflow into counts of 32.
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

/// Jobs whose outcomes are held in memory at once.
pub(crate) fn window(run: &PreparedRun, threads: u64) -> u64 {
    let room = WINDOW_BYTES / 2 / run.max_outcome_bytes().max(1);
    room.clamp(threads, threads * JOBS_PER_THREAD)
}

/// About how much memory a run takes, by what it is for (bytes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MemoryForecast {
    /// Counts for quantiles of the recorded days.
    pub(crate) quantiles: u64,
    /// Rows of the sampled couples, which charts need as a whole.
    pub(crate) sample_couples: u64,
    /// Rows of the blocks that are simulated, or wait to be written.
    pub(crate) rows: u64,
}

impl MemoryForecast {
    /// The forecast for a run on some threads.
    pub(crate) fn new(config: &SimulationConfig, threads: u64) -> MemoryForecast {
        let run = PreparedRun::new(config.clone());
        let sharing = BinSharing::new(&run.recorded, threads);
        let set = bins_bytes(&run.recorded);
        let couples = config.size.couples * u64::from(config.size.replicates);
        let wide = if couples > WIDE_COUPLES { 3 } else { 1 };
        let stored = (sharing.stored as u64 + BLOCK_COUPLES).min(couples.next_multiple_of(8));
        let jobs = run.blocks_per_replicate() * u64::from(config.size.replicates);
        let sampled = [BlockTable::SampleCouples, BlockTable::Childhood];
        // The cohort and its outcome hold the rows of a block that is being simulated.
        let blocks = window(&run, threads).min(jobs) + threads.min(jobs);
        MemoryForecast {
            quantiles: set * wide * sharing.sets as u64
                + set * stored * threads.min(jobs) / STORED_COUPLES as u64,
            sample_couples: sampled.map(|table| table.all_bytes(config)).iter().sum(),
            rows: blocks * (run.max_outcome_bytes().max(BlockTables::max_bytes(config))),
        }
    }

    /// All of it.
    pub(crate) fn total(&self) -> u64 {
        self.quantiles + self.sample_couples + self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::test_support::small_config;
    use crate::simulation::{DayRows, OBSERVABLES};

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
        let mut sampled = small_config(1_000, 3_650);
        sampled.record.sample_couples = 1_000;
        let sampled = MemoryForecast::new(&sampled, 1);
        assert!(sampled.sample_couples > 1_500 << 20, "{sampled:?}");
        let mut days = small_config(1_000, 3_650);
        days.record.days = DayRows::All;
        let rows = |threads| MemoryForecast::new(&days, threads).rows;
        assert!(rows(8) > 3 * rows(1), "a thread holds a block's rows");
    }
}
