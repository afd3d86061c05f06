//! The plan of a run: one world, replicate by replicate and block by block.

use crate::simulation::{BLOCK_COUPLES, Block, Course, DayRows, World};

/// The numbered jobs of one world.
#[derive(Clone, Debug)]
pub struct Plan {
    course: Course,
    blocks: u64,
}

impl Plan {
    /// Numbers the jobs of a world: replicate by replicate, block by block.
    pub fn new(world: World) -> Plan {
        let course = Course::new(world);
        let blocks = course.blocks_per_replicate();
        Plan { course, blocks }
    }

    /// The world made ready.
    pub fn course(&self) -> &Course {
        &self.course
    }

    /// How many jobs there are.
    pub fn jobs(&self) -> u64 {
        self.blocks * u64::from(self.course.world.size.replicates)
    }

    /// The block of couples that a job lives.
    pub fn block(&self, job: u64) -> Block {
        Block {
            replicate: (job / self.blocks) as u32,
            index: job % self.blocks,
        }
    }

    /// Couple-days of a job, were no couple to part.
    pub fn couple_days(&self, job: u64) -> u64 {
        let size = &self.course.world.size;
        let first = self.block(job).index * BLOCK_COUPLES;
        (size.couples - first).min(BLOCK_COUPLES) * u64::from(size.days)
    }

    /// What a block's couples answer, at most.
    fn answers_bytes(&self) -> u64 {
        const DIARY_BYTES: u64 = 2 * 8 * (14 + 62 + 18);
        const WAVE_BYTES: u64 = 2 * 8 * (15 + 18);
        let work = self.course.world.record.fieldwork.as_ref();
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
        let world = &self.course.world;
        let recorded = &self.course.recorded;
        let sums = 16 * (recorded.days.len() * recorded.lines.len()) as u64;
        let diaries = match world.record.days {
            DayRows::None => 0,
            DayRows::First(count) => count.min(BLOCK_COUPLES),
            DayRows::All => BLOCK_COUPLES,
        };
        let stories = world.record.stories.min(BLOCK_COUPLES);
        let all = u64::from(world.size.days);
        let kept = (all + 1).saturating_sub(u64::from(world.record.days_from));
        let reared = world.origin.reared().iter().filter(|own| **own).count() as u64;
        let days = (diaries * kept + 2 * stories * all) * DAY_BYTES;
        let couples = BLOCK_COUPLES * (COUPLE_BYTES + reared * CHILDHOOD_BYTES);
        sums + couples + days + self.answers_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::testing;

    #[test]
    fn every_couple_of_every_replicate_belongs_to_exactly_one_job() {
        let mut world = testing::small_world(150, 10);
        world.size.replicates = 3;
        let plan = Plan::new(world);
        assert_eq!(plan.jobs(), 9);
        let blocks: Vec<_> = (0..plan.jobs())
            .map(|job| plan.block(job))
            .map(|b| (b.replicate, b.index))
            .collect();
        let expected: Vec<_> = (0..3).flat_map(|r| (0..3).map(move |b| (r, b))).collect();
        assert_eq!(blocks, expected);
        let days: u64 = (0..plan.jobs()).map(|job| plan.couple_days(job)).sum();
        assert_eq!(days, 3 * 150 * 10);
    }
}
