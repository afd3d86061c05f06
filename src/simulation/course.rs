//! The course of a run: what is worked out once before any couple lives.

use super::moments::Recorded;
use super::rows::{childhoods_header, couples_header, days_header};
use super::schedule::Epoch;
use super::world::{DayRows, World};
use crate::foundation::chance::{Key, Realm};
use crate::foundation::table::{Batch, Header};
use crate::model::Rules;
use crate::model::purposes::pairs_per_step;

/// A world made ready to be lived.
#[derive(Clone, Debug)]
pub struct Course {
    /// The world.
    pub world: World,
    /// Which days are recorded, and of what.
    pub recorded: Recorded,
    pub(super) epochs: Vec<Epoch>,
    /// Position of each day among the recorded ones.
    slots: Vec<Option<u32>>,
    /// Pairs of blocks of keystream that a step takes.
    pub(super) pairs: usize,
    /// `couples`, `days` and `childhood` without a row, and without columns where they are not kept.
    pub(super) no_couples: Batch,
    pub(super) no_days: Batch,
    pub(super) no_childhoods: Batch,
    /// The rules of the world, without its seasons, as they hold in childhood.
    pub(super) childhood: Rules,
}

impl Course {
    /// Makes a world ready.
    pub fn new(world: World) -> Course {
        let rules = Rules::new(
            world.parameters,
            world.mechanisms,
            world.intimacy_target,
            world.size.clock(),
        );
        let recorded = Recorded::of(&world);
        let mut slots = vec![None; world.size.days as usize + 1];
        for (position, day) in recorded.days.iter().enumerate() {
            slots[*day as usize] = Some(position as u32);
        }
        let epochs = world.schedule.epochs(&rules);
        let pairs = pairs_per_step(world.size.moments);
        let kept = |wanted, header: &dyn Fn() -> Header| {
            if wanted {
                Batch::empty(&header())
            } else {
                Batch::default()
            }
        };
        let record = &world.record;
        let no_couples = kept(record.couples, &|| couples_header(&world.origin));
        let keeps_days = record.days != DayRows::None || record.stories > 0;
        let no_days = kept(keeps_days, &|| days_header("days"));
        let no_childhoods = kept(world.keeps_childhoods(), &childhoods_header);
        let childhood = rules.in_childhood();
        Course {
            world,
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
    pub(super) fn slot(&self, day: u32) -> Option<usize> {
        self.slots[day as usize].map(|slot| slot as usize)
    }

    /// The keystream of a replicate.
    pub(super) fn key(&self, replicate: u32, realm: Realm) -> Key {
        Key::new(self.world.seed, self.world.point, replicate, realm)
    }

    /// Whether fieldwork sees the couples at the end of a day.
    pub(super) fn sees(&self, day: u32) -> bool {
        let work = self.world.record.fieldwork.as_ref();
        work.is_some_and(|work| work.sees(day))
    }

    /// Blocks of couples in one replicate.
    pub fn blocks_per_replicate(&self) -> u64 {
        self.world.size.couples.div_ceil(super::BLOCK_COUPLES)
    }
}
