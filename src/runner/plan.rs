//! The plan of a run: one world, replicate by replicate and block by block.

use crate::simulation::{BLOCK_COUPLES, Block, DayRows, PreparedRun, SimulationConfig};

/// The numbered jobs of one world.
#[derive(Clone, Debug)]
pub struct Plan {
    prepared: PreparedRun,
    blocks: u64,
}

impl Plan {
    /// Numbers the jobs of a world: replicate by replicate, block by block.
    pub fn new(config: SimulationConfig) -> Plan {
        let prepared = PreparedRun::new(config);
        let blocks = prepared.blocks_per_replicate();
        Plan { prepared, blocks }
    }

    /// The world made ready.
    pub fn prepared(&self) -> &PreparedRun {
        &self.prepared
    }

    /// How many jobs there are.
    pub fn jobs(&self) -> u64 {
        self.blocks * u64::from(self.prepared.config.size.replicates)
    }

    /// The block of couples that a job lives.
    pub fn block(&self, job: u64) -> Block {
        Block {
            replicate: (job / self.blocks) as u32,
            index: job % self.blocks,
        }
    }

    /// What a block's couples answer, at most.
    fn answers_bytes(&self) -> u64 {
        const DIARY_BYTES: u64 = 2 * 8 * (14 + 62 + 18);
        const WAVE_BYTES: u64 = 2 * 8 * (15 + 18);
        let work = self.prepared.config.record.survey.as_ref();
        work.map_or(0, |work| {
            let days = u64::from(work.diary_days) * DIARY_BYTES;
            let waves = work.waves.len() as u64 * WAVE_BYTES;
            BLOCK_COUPLES * (days + waves)
        })
    }

    /// About how many bytes the outcome of one job takes in memory, at most.
    pub fn outcome_bytes(&self) -> u64 {
        const COUPLE_BYTES: u64 = 8 * 90;
        const CHILDHOOD_BYTES: u64 = 8 * 18;
        const DAY_BYTES: u64 = 2 * 8 * 34;
        let config = &self.prepared.config;
        let recorded = &self.prepared.recorded;
        let sums = 16 * (recorded.days.len() * recorded.lines.len()) as u64;
        let diaries = match config.record.days {
            DayRows::None => 0,
            DayRows::First(count) => count.min(BLOCK_COUPLES),
            DayRows::All => BLOCK_COUPLES,
        };
        let sample_couples = config.record.sample_couples.min(BLOCK_COUPLES);
        let all = u64::from(config.size.days);
        let kept = (all + 1).saturating_sub(u64::from(config.record.days_from));
        let reared = config.origin.reared().iter().filter(|own| **own).count() as u64;
        let days = (diaries * kept + 2 * sample_couples * all) * DAY_BYTES;
        let couples = BLOCK_COUPLES * (COUPLE_BYTES + reared * CHILDHOOD_BYTES);
        sums + couples + days + self.answers_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::test_support;

    #[test]
    fn every_couple_of_every_replicate_belongs_to_exactly_one_job() {
        let mut config = test_support::small_config(150, 10);
        config.size.replicates = 3;
        let plan = Plan::new(config);
        assert_eq!(plan.jobs(), 9);
        let blocks: Vec<_> = (0..plan.jobs())
            .map(|job| plan.block(job))
            .map(|b| (b.replicate, b.index))
            .collect();
        let expected: Vec<_> = (0..3).flat_map(|r| (0..3).map(move |b| (r, b))).collect();
        assert_eq!(blocks, expected);
    }
}
