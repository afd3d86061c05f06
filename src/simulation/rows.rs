//! Writes the rows of couples, of their childhoods and of persons' days.

use super::GROUP_SLOTS;
use super::gather_scatter::{CoupleGroup, plane};
use super::observable::{Cuts, regime};
use crate::childhood::{Age, Childhood, UPBRINGING};
use crate::model::derived::{daily_satisfaction, felt_security, satisfaction};
use crate::model::types::STATES;
use crate::model::{Couple, Rules, Tally};
use crate::simd::vector::Vector;
use crate::table::{Batch, Fill, Value, Values};
use std::array::from_ref;
use std::ops::Range;

/// Which couple a row describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CoupleId {
    pub(crate) replicate: u32,
    /// Number of the couple over all replicates, from 1.
    pub(crate) number: u64,
}

/// How a couple ended, as in `couples`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct EndRow {
    /// Day of the separation; NaN if the couple was intact on the last day.
    pub(crate) day: f64,
    /// Position in [`LEAVERS`](super::tables::LEAVERS).
    pub(crate) left: u8,
}

/// The input of a block's rows of `couples`.
pub(crate) struct CoupleRows<'a> {
    /// The first of them.
    pub(crate) first: CoupleId,
    /// The couples at the start.
    pub(crate) initial: &'a [CoupleGroup],
    /// Childhoods of partners A and B, by couple; empty for a partner without one.
    pub(crate) childhoods: &'a [Vec<Childhood>; 2],
    /// The couples at the end.
    pub(crate) last: &'a [CoupleGroup],
    pub(crate) ends: &'a [EndRow],
}

impl CoupleRows<'_> {
    /// Writes them column by column.
    #[inline(always)]
    pub(crate) fn write<L: Vector>(&self, to: &mut Batch, cuts: &Cuts, rules: &Rules) {
        let count = self.ends.len();
        let numbers = |fill: &mut Fill<'_>, couples: &[CoupleGroup], which: Range<usize>| {
            for number in which {
                fill.floats(couples.iter().map(|group| group.number(number)), count);
            }
        };
        to.reserve(count);
        let mut fill = to.fill();
        fill.ints((0..count).map(|_| i64::from(self.first.replicate) + 1));
        fill.ints(
            (self.first.number..)
                .take(count)
                .map(|number| number as i64),
        );
        numbers(
            &mut fill,
            self.initial,
            CoupleGroup::CONTACT..CoupleGroup::CONTACT + 1,
        );
        for person in 0..2 {
            numbers(&mut fill, self.initial, CoupleGroup::traits(person));
        }
        for couples in [self.initial, self.last] {
            for person in 0..2 {
                numbers(&mut fill, couples, CoupleGroup::states(person));
            }
            numbers(
                &mut fill,
                couples,
                CoupleGroup::INVESTMENT..CoupleGroup::INVESTMENT + 1,
            );
        }
        let mut ends = Vec::with_capacity(self.last.len());
        for last in self.last {
            ends.push(FinalGroup::of::<L>(last, rules));
        }
        for person in 0..2 {
            fill.floats(ends.iter().map(|end| &end.satisfaction[person]), count);
        }
        let planes = ends
            .iter()
            .flat_map(|end| end.trust.into_iter().zip(end.intimacy));
        fill.categories(
            planes
                .take(count)
                .map(|(trust, intimacy)| regime(trust, intimacy, cuts)),
        );
        let days: Vec<f64> = self.ends.iter().map(|end| end.day).collect();
        fill.ints(days.iter().map(|day| i64::from(!day.is_nan())));
        fill.floats(days.iter().map(from_ref), count);
        fill.categories(self.ends.iter().map(|end| end.left));
        for childhoods in self.childhoods.iter().filter(|own| !own.is_empty()) {
            write_childhoods(&mut fill, childhoods);
        }
        fill.end();
    }
}

/// Derived values of a group of couples at the end.
struct FinalGroup {
    satisfaction: [[f64; GROUP_SLOTS]; 2],
    /// Means of both partners.
    trust: [f64; GROUP_SLOTS],
    intimacy: [f64; GROUP_SLOTS],
}

impl FinalGroup {
    #[inline(always)]
    fn of<L: Vector>(couples: &CoupleGroup, rules: &Rules) -> FinalGroup {
        let mut end = FinalGroup {
            satisfaction: [[0.0; GROUP_SLOTS]; 2],
            trust: [0.0; GROUP_SLOTS],
            intimacy: [0.0; GROUP_SLOTS],
        };
        for first in (0..GROUP_SLOTS).step_by(L::LANES) {
            let couples = couples.load::<L>(first);
            for (partner, to) in couples.partners.iter().zip(&mut end.satisfaction) {
                satisfaction(&partner.state, rules).store(&mut to[first..]);
            }
            let [trust, intimacy] = plane(&couples);
            trust.store(&mut end.trust[first..]);
            intimacy.store(&mut end.intimacy[first..]);
        }
        end
    }
}

/// Writes the columns of one partner's childhoods in `couples`.
fn write_childhoods(fill: &mut Fill<'_>, childhoods: &[Childhood]) {
    let mut column = |number: &dyn Fn(&Childhood) -> f64| {
        let numbers: Vec<f64> = childhoods.iter().map(number).collect();
        fill.floats(numbers.iter().map(from_ref), childhoods.len());
    };
    for index in 0..UPBRINGING.len() {
        column(&|childhood| childhood.upbringing.fields()[index]);
    }
    column(&|childhood| childhood.end.trust);
    column(&|childhood| childhood.end.uncertainty);
    column(&|childhood| childhood.end.autonomy);
}

/// The row of one age of a person.
pub(crate) fn childhood_row(couple: CoupleId, person: usize, age: &Age) -> Vec<Value> {
    let number = couple.number as i64;
    let mut row = vec![
        Value::Int(i64::from(couple.replicate) + 1),
        Value::Int(number),
        Value::Int(2 * number - 1 + person as i64),
        Value::Categorical(person as u8),
        Value::Float(age.years),
    ];
    let values = [
        age.trust,
        age.uncertainty,
        age.autonomy,
        age.anxiety,
        age.avoidance,
    ];
    row.extend(values.map(Value::Float));
    row
}

/// The values that identify a person and a day.
pub(crate) fn person_day_values(couple: CoupleId, person: usize, day: u32) -> [Value; 6] {
    let number = couple.number as i64;
    let ids = [2 * number - 1, 2 * number];
    [
        Value::Int(i64::from(couple.replicate) + 1),
        Value::Int(number),
        Value::Int(ids[person]),
        Value::Int(ids[1 - person]),
        Value::Categorical(person as u8),
        Value::Int(i64::from(day)),
    ]
}

/// The couples of one vector at the end of a day.
pub(crate) struct DaySnapshot<'a, L: Vector> {
    pub(crate) couple: &'a Couple<L>,
    pub(crate) tally: &'a Tally<L>,
    pub(crate) rules: &'a Rules,
}

/// Values of a person's day other than the states.
const OTHER_VALUES: usize = 14;
const DAY_VALUES: usize = STATES.len() + OTHER_VALUES;

/// The values of one partner's day of every couple of a vector, in the order of columns.
pub(crate) struct DayValues([[f64; GROUP_SLOTS]; DAY_VALUES]);

impl DayValues {
    /// Reads them from a vector of couples.
    #[inline(always)]
    pub(crate) fn of<L: Vector>(person: usize, snapshot: &DaySnapshot<'_, L>) -> DayValues {
        let state = &snapshot.couple.partners[person].state;
        let happened = &snapshot.tally.persons[person];
        let episodes = happened.responsive + happened.unresponsive;
        let others: [L; OTHER_VALUES] = [
            felt_security(state, snapshot.rules),
            satisfaction(state, snapshot.rules),
            daily_satisfaction(state, snapshot.rules),
            snapshot.couple.investment,
            happened.bids,
            snapshot.tally.conflicts,
            happened.responsive,
            happened.unresponsive,
            happened.repairs,
            happened.depth,
            mean_of(happened.perceived, episodes),
            mean_of(happened.response, episodes),
            happened.stress_events,
            happened.betrayals,
        ];
        let mut values = [[0.0; GROUP_SLOTS]; DAY_VALUES];
        let own = state.fields().into_iter().copied().chain(others);
        for (to, value) in values.iter_mut().zip(own) {
            value.store(to);
        }
        DayValues(values)
    }

    /// Adds the row of the couple in one lane.
    pub(crate) fn write(
        &self,
        rows: &mut Batch,
        couple: CoupleId,
        person: usize,
        day: u32,
        lane: usize,
    ) {
        let mut columns = rows.columns.iter_mut();
        for (value, column) in person_day_values(couple, person, day)
            .into_iter()
            .zip(&mut columns)
        {
            match (column, value) {
                (Values::Int(column), Value::Int(value)) => column.push(value),
                (Values::Categorical(column), Value::Categorical(value)) => column.push(value),
                _ => debug_assert!(false, "identifiers are integers or categories"),
            }
        }
        for (values, column) in self.0.iter().zip(columns) {
            match column {
                Values::Float(column) => column.push(values[lane]),
                Values::Int(column) => column.push(values[lane] as i64),
                _ => debug_assert!(false, "values of a day are numbers"),
            }
        }
    }
}

/// The mean of a sum over episodes; NaN without any.
#[inline(always)]
fn mean_of<L: Vector>(sum: L, episodes: L) -> L {
    let (mut mean, mut count) = ([0.0; GROUP_SLOTS], [0.0; GROUP_SLOTS]);
    sum.store(&mut mean);
    episodes.store(&mut count);
    for (mean, count) in mean.iter_mut().zip(count) {
        *mean = if count > 0.0 { *mean / count } else { f64::NAN };
    }
    L::load(&mean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::tables::days_schema;

    #[test]
    fn a_day_has_one_value_for_each_column() {
        let couple = CoupleId {
            replicate: 0,
            number: 1,
        };
        let identifiers = person_day_values(couple, 0, 1).len();
        assert_eq!(days_schema("days").columns.len(), identifiers + DAY_VALUES);
    }
}
