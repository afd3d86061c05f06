//! The course of a run: what is worked out once before any couple lives.

use super::config::{DayRows, SimulationConfig};
use super::moments::Recorded;
use super::rows::{childhoods_schema, couples_schema, days_schema};
use super::schedule::Epoch;
use crate::model::Rules;
use crate::model::purposes::pairs_per_step;
use crate::rng::{Key, StreamKind};
use crate::table::{Batch, Schema};

/// A world made ready to be lived.
#[derive(Clone, Debug)]
pub struct PreparedRun {
    /// The world.
    pub config: SimulationConfig,
    /// Which days are recorded, and of what.
    pub recorded: Recorded,
    pub(crate) epochs: Vec<Epoch>,
    /// Position of each day among the recorded ones.
    slots: Vec<Option<u32>>,
    /// Pairs of blocks of keystream that a step takes.
    pub(crate) pairs: usize,
    /// `couples`, `days` and `childhood` without a row, and without columns where they are not kept.
    pub(crate) no_couples: Batch,
    pub(crate) no_days: Batch,
    pub(crate) no_childhoods: Batch,
    /// The rules of the world, without its seasons, as they hold in childhood.
    pub(crate) childhood: Rules,
}

impl PreparedRun {
    /// Makes a world ready.
    pub fn new(config: SimulationConfig) -> PreparedRun {
        let rules = Rules::new(
            config.parameters,
            config.mechanisms,
            config.intimacy_target,
            config.size.clock(),
        );
        let recorded = Recorded::of(&config);
        let mut slots = vec![None; config.size.days as usize + 1];
        for (position, day) in recorded.days.iter().enumerate() {
            slots[*day as usize] = Some(position as u32);
        }
        let epochs = config.schedule.epochs(&rules);
        let pairs = pairs_per_step(config.size.moments);
        let kept = |wanted, schema: &dyn Fn() -> Schema| {
            if wanted {
                Batch::empty(&schema())
            } else {
                Batch::default()
            }
        };
        let record = &config.record;
        let no_couples = kept(record.couples, &|| couples_schema(&config.origin));
        let keeps_days = record.days != DayRows::None || record.sample_couples > 0;
        let no_days = kept(keeps_days, &|| days_schema("days"));
        let no_childhoods = kept(config.keeps_childhoods(), &childhoods_schema);
        let childhood = rules.in_childhood();
        PreparedRun {
            config,
            recorded,
            epochs,
            slots,
            pairs,
            no_couples,
            no_days,
            no_childhoods,
            childhood,
        }
    }

    /// Position of a day among the recorded ones.
    pub(crate) fn slot(&self, day: u32) -> Option<usize> {
        self.slots[day as usize].map(|slot| slot as usize)
    }

    /// The keystream of a replicate.
    pub(crate) fn key(&self, replicate: u32, realm: StreamKind) -> Key {
        Key::new(self.config.seed, self.config.point, replicate, realm)
    }

    /// Whether survey sees the couples at the end of a day.
    pub(crate) fn sees(&self, day: u32) -> bool {
        let work = self.config.record.survey.as_ref();
        work.is_some_and(|work| work.sees(day))
    }

    /// Blocks of couples in one replicate.
    pub fn blocks_per_replicate(&self) -> u64 {
        self.config.size.couples.div_ceil(super::BLOCK_COUPLES)
    }
}
