//! The plan of a run: its jobs, replicate by replicate and block by block.

use crate::simulation::{Block, PreparedRun, SimulationConfig};

/// The numbered jobs of one configuration.
#[derive(Clone, Debug)]
pub struct Plan {
    prepared: PreparedRun,
    blocks: u64,
}

impl Plan {
    /// Numbers the jobs of a configuration: replicate by replicate, block by block.
    pub fn new(config: SimulationConfig) -> Plan {
        let prepared = PreparedRun::new(config);
        let blocks = prepared.blocks_per_replicate();
        Plan { prepared, blocks }
    }

    /// The prepared run.
    pub fn prepared(&self) -> &PreparedRun {
        &self.prepared
    }

    /// How many jobs there are.
    pub fn jobs(&self) -> u64 {
        self.blocks * u64::from(self.prepared.config.size.replicates)
    }

    /// The block of couples that a job simulates.
    pub fn block(&self, job: u64) -> Block {
        Block {
            replicate: (job / self.blocks) as u32,
            index: job % self.blocks,
        }
    }

    /// Upper bound of the bytes of a job's outcome in memory.
    pub fn outcome_bytes(&self) -> u64 {
        self.prepared.max_outcome_bytes()
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
