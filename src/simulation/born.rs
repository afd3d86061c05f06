//! Couples as they begin: their childhoods, where they have any, and what was drawn.

use super::block::{Block, key};
use super::course::Course;
use super::origin::Scratch;
use super::rows::{Name, childhood_row};
use crate::foundation::chance::{Drawn, Realm};
use crate::foundation::table::Batch;
use crate::model::Couple;
use crate::population::{Child, Childhood, grow_up};
use std::ops::Range;

/// Days between the ages of a childhood that are kept: a fifth of a year.
const DAYS_BETWEEN_AGES: u32 = 73;

/// The couples of a block as they begin.
pub(super) struct Born {
    pub(super) couples: Vec<Couple<f64>>,
    /// Childhoods of partners A and B, by couple; empty for a partner without one.
    pub(super) childhoods: [Vec<Childhood>; 2],
}

impl Born {
    /// Draws the couples of a block, after their partners have grown up.
    #[inline(always)]
    pub(super) fn of<L: Drawn>(course: &Course, block: Block, couples: Range<u64>) -> Born {
        let origin = &course.world.origin;
        let drawn = key(course, block, Realm::Origin);
        let lived = key(course, block, Realm::Childhood);
        let told = block.replicate == 0 && couples.start < course.world.record.stories;
        let every = if told { DAYS_BETWEEN_AGES } else { 0 };
        let mut scratch = Scratch::default();
        let mut childhoods = [Vec::new(), Vec::new()];
        for person in 0..2 {
            if origin.reared()[person] {
                let mut children = Vec::new();
                for couple in couples.clone() {
                    children.push(Child {
                        couple,
                        upbringing: origin.upbringing(&drawn, couple, person, &mut scratch),
                    });
                }
                childhoods[person] =
                    grow_up::<L>(&lived, person, &children, &course.childhood, every);
            }
        }
        let couples = couples.enumerate().map(|(position, couple)| {
            let [a, b] = &childhoods;
            let ends = [a, b].map(|own| own.get(position).map(|childhood| &childhood.end));
            origin.grown_couple(&drawn, couple, ends, &mut scratch)
        });
        Born {
            couples: couples.collect(),
            childhoods,
        }
    }

    /// The rows of a couple's childhoods, an age each.
    pub(super) fn write(&self, position: usize, name: Name, to: &mut Batch) {
        for (person, childhoods) in self.childhoods.iter().enumerate() {
            for age in childhoods.get(position).iter().flat_map(|own| &own.ages) {
                to.push(childhood_row(name, person, age));
            }
        }
    }
}
