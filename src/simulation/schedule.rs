//! The schedule of a run: changes that last for an interval of days, and events on single days.

use crate::model::parameters::{MECHANISMS, PARAMETERS};
use crate::model::types::{STATES, TRAITS};
use crate::model::{Couple, Mechanisms, Observer, Parameters, Rules, State, Tally, betrayal};
use crate::simd::vector::Vector;

/// Which partners are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Partner A alone.
    A,
    /// Partner B alone.
    B,
    /// Both partners.
    Both,
}

impl Who {
    /// The other partner in place of one.
    pub(crate) fn other(self) -> Who {
        match self {
            Who::A => Who::B,
            Who::B => Who::A,
            Who::Both => Who::Both,
        }
    }

    /// Whether partner 0 (A) or 1 (B) is meant.
    pub(crate) fn includes(self, person: usize) -> bool {
        matches!((self, person), (Who::Both, _) | (Who::A, 0) | (Who::B, 1))
    }
}

/// What changes during an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Change {
    /// A trait is multiplied, shifted and clamped to its range.
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
    /// A parameter is multiplied, shifted and clamped to its range.
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
        /// Whether it is on during the interval.
        on: bool,
    },
}

/// A change that lasts for an interval of days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct IntervalChange {
    /// First day.
    pub from: u32,
    /// First day after it; `u32::MAX` if it does not end.
    pub until: u32,
    /// What changes.
    pub change: Change,
}

/// What happens to a couple.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum PointEventKind {
    /// These partners are betrayed by the other.
    Betrayal {
        /// Whether with deception.
        deception: bool,
    },
    /// Stress covers this share of the way to full stress.
    Stress {
        /// Share of the way [0–1].
        size: f64,
    },
    /// A state is multiplied, shifted and clamped to its range.
    State {
        /// Position in [`STATES`](crate::model::types::STATES).
        index: usize,
        /// What it is multiplied by.
        factor: f64,
        /// What is then added.
        add: f64,
    },
}

/// An event that happens to every couple at the end of a day, before the day is recorded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PointEvent {
    /// The day.
    pub day: u32,
    /// Which partners it concerns.
    pub who: Who,
    /// What it is.
    pub kind: PointEventKind,
}

/// All scheduled changes and events.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Schedule {
    /// In the scenario's order.
    pub interval_changes: Vec<IntervalChange>,
    /// In the scenario's order.
    pub point_events: Vec<PointEvent>,
}

/// Days under one set of rules.
#[derive(Clone, Debug)]
pub(crate) struct Epoch {
    /// First day.
    pub(crate) from: u32,
    /// The rules.
    pub(crate) rules: Rules,
    traits: Vec<(Who, usize, f64, f64)>,
}

fn adjusted(value: f64, low: f64, high: f64) -> f64 {
    // Not `f64::max` and `f64::min`, which do not define which of two zeros they return.
    Vector::min(Vector::max(value, low), high)
}

impl Schedule {
    /// The same changes and events of the other partner.
    pub(crate) fn swapped(&self) -> Schedule {
        let mut schedule = self.clone();
        for interval in &mut schedule.interval_changes {
            if let Change::Trait { who, .. } = &mut interval.change {
                *who = who.other();
            }
        }
        for event in &mut schedule.point_events {
            event.who = event.who.other();
        }
        schedule
    }

    /// Splits a run into epochs with constant rules; the first starts on day 1.
    pub(crate) fn epochs(&self, base: &Rules) -> Vec<Epoch> {
        let mut starts = vec![1];
        for interval in &self.interval_changes {
            starts.extend([interval.from.max(1), interval.until.max(1)]);
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
        for interval in self
            .interval_changes
            .iter()
            .filter(|s| s.from <= from && from < s.until)
        {
            match interval.change {
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
                    if let Some(value) = parameters.get_mut(line.key) {
                        *value = adjusted(*value * factor + add, line.low, line.high);
                    }
                }
                Change::Mechanism { index, on } => {
                    let key = MECHANISMS[index].key;
                    if let Some(value) = mechanisms.get_mut(key) {
                        *value = on;
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

    /// Applies the events of a day.
    pub(crate) fn apply<L: Vector>(
        &self,
        day: u32,
        couple: &mut Couple<L>,
        rules: &Rules,
        tally: &mut Tally<L>,
    ) {
        for event in self.point_events.iter().filter(|event| event.day == day) {
            for person in (0..2).filter(|person| event.who.includes(*person)) {
                event.apply(person, &mut couple.partners[person].state, rules, tally);
            }
        }
    }
}

impl PointEvent {
    fn apply<L: Vector>(
        &self,
        person: usize,
        state: &mut State<L>,
        rules: &Rules,
        tally: &mut Tally<L>,
    ) {
        match self.kind {
            PointEventKind::Betrayal { deception } => {
                betrayal::apply(state, L::mask(true), L::mask(deception), rules);
                tally.on_betrayal(person, L::mask(true));
            }
            PointEventKind::Stress { size } => {
                state.stress += state.stress.one_minus() * size;
                tally.on_stress(person, L::mask(true));
            }
            PointEventKind::State { index, factor, add } => {
                let line = &STATES[index];
                let value = &mut state.fields_mut()[index];
                let moved = **value * factor + add;
                **value = moved.max(L::splat(line.low)).min(L::splat(line.high));
            }
        }
    }
}

impl Epoch {
    /// Whether partners have other traits than their own.
    pub(crate) fn changes_traits(&self) -> bool {
        !self.traits.is_empty()
    }

    /// Sets the traits that hold in this epoch, from the initial ones.
    pub(crate) fn set_traits<L: Vector>(&self, couple: &mut Couple<L>, initial: &Couple<L>) {
        for (person, (partner, own)) in couple
            .partners
            .iter_mut()
            .zip(&initial.partners)
            .enumerate()
        {
            partner.traits = own.traits;
            for (who, index, factor, add) in &self.traits {
                if who.includes(person) {
                    let line = &TRAITS[*index];
                    let value = &mut partner.traits.fields_mut()[*index];
                    let moved = **value * *factor + *add;
                    **value = moved.max(L::splat(line.low)).min(L::splat(line.high));
                }
            }
        }
    }
}
