//! What is to happen on given days: seasons, which last, and blows, which fall once.

use crate::model::betrayal;
use crate::model::observer::{Observer, Tally};
use crate::model::parameters::MECHANISMS;
use crate::model::parameters::PARAMETERS;
use crate::model::types::{STATES, TRAITS};
use crate::model::{Couple, Mechanisms, Parameters, Rules, State};
use crate::simd::vector::Vector;

/// Whom something concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Partner A alone.
    A,
    /// Partner B alone.
    B,
    /// Both partners.
    Both,
}

impl Who {
    /// Whether partner 0 (A) or 1 (B) is meant.
    pub fn includes(self, person: usize) -> bool {
        matches!((self, person), (Who::Both, _) | (Who::A, 0) | (Who::B, 1))
    }
}

/// What is different during a season.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// A trait is multiplied and shifted, and held to its range.
    Trait {
        /// Whose.
        who: Who,
        /// Position in [`TRAITS`](crate::model::types::TRAITS).
        index: usize,
        /// What it is multiplied by.
        factor: f64,
        /// What is then added.
        add: f64,
    },
    /// A parameter is multiplied and shifted, and held to its range.
    Parameter {
        /// Position in the parameter table.
        index: usize,
        /// What it is multiplied by.
        factor: f64,
        /// What is then added.
        add: f64,
    },
    /// A mechanism is switched.
    Mechanism {
        /// Position in the table of switches.
        index: usize,
        /// Whether it is on during the season.
        on: bool,
    },
}

/// A stretch of days during which something is different.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Season {
    /// First day.
    pub from: u32,
    /// First day after it; `u32::MAX` where it does not end.
    pub until: u32,
    /// What is different.
    pub change: Change,
}

/// What falls upon a couple.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BlowKind {
    /// The partners meant are betrayed by the other.
    Betrayal {
        /// Whether with deception.
        deception: bool,
    },
    /// Stress covers this share of the way to full stress.
    Stress {
        /// Share of the way [0–1].
        size: f64,
    },
    /// A state is multiplied and shifted, and held to its range.
    State {
        /// Position in [`STATES`](crate::model::types::STATES).
        index: usize,
        /// What it is multiplied by.
        factor: f64,
        /// What is then added.
        add: f64,
    },
}

/// Something that falls upon every couple at the end of a given day, before the day is recorded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blow {
    /// The day.
    pub day: u32,
    /// On whom it falls.
    pub who: Who,
    /// What it is.
    pub kind: BlowKind,
}

/// All that is to happen on given days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schedule {
    /// Stretches of days, in the scenario's order.
    pub seasons: Vec<Season>,
    /// Single days, in the scenario's order.
    pub blows: Vec<Blow>,
}

/// A stretch of days under one set of rules.
#[derive(Clone, Debug)]
pub(crate) struct Epoch {
    /// First day.
    pub(crate) from: u32,
    /// What holds.
    pub(crate) rules: Rules,
    traits: Vec<(Who, usize, f64, f64)>,
}

fn held(value: f64, low: f64, high: f64) -> f64 {
    // Not `f64::max` and `f64::min`, which leave open which of two zeros they return.
    Vector::min(Vector::max(value, low), high)
}

impl Schedule {
    /// Cuts a run into stretches with constant rules; the first starts on day 1.
    pub(crate) fn epochs(&self, base: &Rules) -> Vec<Epoch> {
        let mut starts = vec![1];
        for season in &self.seasons {
            starts.extend([season.from.max(1), season.until.max(1)]);
        }
        starts.sort_unstable();
        starts.dedup();
        starts
            .into_iter()
            .map(|from| self.epoch(from, base))
            .collect()
    }

    fn epoch(&self, from: u32, base: &Rules) -> Epoch {
        let mut parameters: Parameters = base.parameters;
        let mut mechanisms: Mechanisms = base.mechanisms;
        let mut traits = Vec::new();
        for season in self
            .seasons
            .iter()
            .filter(|s| s.from <= from && from < s.until)
        {
            match season.change {
                Change::Trait {
                    who,
                    index,
                    factor,
                    add,
                } => {
                    traits.push((who, index, factor, add));
                }
                Change::Parameter { index, factor, add } => {
                    let line = &PARAMETERS[index];
                    if let Some(place) = parameters.get_mut(line.key) {
                        *place = held(*place * factor + add, line.low, line.high);
                    }
                }
                Change::Mechanism { index, on } => {
                    let key = MECHANISMS[index].key;
                    if let Some(place) = mechanisms.get_mut(key) {
                        *place = on;
                    }
                }
            }
        }
        let rules = Rules::new(parameters, mechanisms, base.intimacy_target, base.clock);
        Epoch {
            from,
            rules,
            traits,
        }
    }

    /// Lets the blows of a day fall.
    pub(crate) fn fall<L: Vector>(
        &self,
        day: u32,
        couple: &mut Couple<L>,
        rules: &Rules,
        tally: &mut Tally<L>,
    ) {
        for blow in self.blows.iter().filter(|blow| blow.day == day) {
            for person in (0..2).filter(|person| blow.who.includes(*person)) {
                blow.fall(person, &mut couple.partners[person].state, rules, tally);
            }
        }
    }
}

impl Blow {
    fn fall<L: Vector>(
        &self,
        person: usize,
        state: &mut State<L>,
        rules: &Rules,
        tally: &mut Tally<L>,
    ) {
        match self.kind {
            BlowKind::Betrayal { deception } => {
                betrayal::apply(state, L::mask(true), L::mask(deception), rules);
                tally.on_betrayal(person, L::mask(true));
            }
            BlowKind::Stress { size } => {
                state.stress += state.stress.one_minus() * size;
                tally.on_stress(person, L::mask(true));
            }
            BlowKind::State { index, factor, add } => {
                let line = &STATES[index];
                let place = &mut state.fields_mut()[index];
                let moved = **place * factor + add;
                **place = moved.max(L::splat(line.low)).min(L::splat(line.high));
            }
        }
    }
}

impl Epoch {
    /// Whether partners have other traits in this stretch than those that they were born with.
    pub(crate) fn changes_traits(&self) -> bool {
        !self.traits.is_empty()
    }

    /// Gives the partners the traits that hold in this stretch, from those that they were born with.
    pub(crate) fn dress<L: Vector>(&self, couple: &mut Couple<L>, born: &Couple<L>) {
        for (person, (partner, own)) in couple.partners.iter_mut().zip(&born.partners).enumerate() {
            partner.traits = own.traits;
            for (who, index, factor, add) in &self.traits {
                if who.includes(person) {
                    let line = &TRAITS[*index];
                    let place = &mut partner.traits.fields_mut()[*index];
                    let moved = **place * *factor + *add;
                    **place = moved.max(L::splat(line.low)).min(L::splat(line.high));
                }
            }
        }
    }
}
