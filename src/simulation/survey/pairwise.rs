//! The pairwise table: each person's day with the partner's beside it, as actor–partner models need it.

use super::scales::OF_DIARY;
use crate::simulation::rows::{Name, names};
use crate::table::{Batch, Value};

/// Variables of the diary: its scales, and the report of conflict.
const VARIABLES: usize = OF_DIARY + 1;

/// What both partners of a couple wrote on one day; NaN where it was missed.
pub(crate) struct Entry {
    pub(crate) day: u32,
    pub(crate) persons: [[f64; VARIABLES]; 2],
}

/// Adds the rows of a couple, whose days come one after the other.
pub(crate) fn write(rows: &mut Batch, name: Name, entries: &[Entry]) {
    let means = [0, 1].map(|person| means(entries, person));
    for (position, entry) in entries.iter().enumerate() {
        let before = position.checked_sub(1).map(|before| &entries[before]);
        for own in 0..2 {
            let mut row = names(name, own, entry.day).to_vec();
            let roles = [own, 1 - own];
            for variable in 0..VARIABLES {
                let value = |person: usize| entry.persons[person][variable];
                let mean = |person: usize| means[person][variable];
                let lag =
                    |person: usize| before.map_or(f64::NAN, |day| day.persons[person][variable]);
                row.extend(roles.map(|person| Value::Float(value(person))));
                row.extend(roles.map(|person| Value::Float(mean(person))));
                row.extend(roles.map(|person| Value::Float(value(person) - mean(person))));
                row.extend(roles.map(|person| Value::Float(lag(person))));
            }
            rows.push(row);
        }
    }
}

/// A person's means over the days that were filled in; NaN without any.
fn means(entries: &[Entry], person: usize) -> [f64; VARIABLES] {
    let mut means = [f64::NAN; VARIABLES];
    for (variable, mean) in means.iter_mut().enumerate() {
        let values = entries.iter().map(|entry| entry.persons[person][variable]);
        let (mut sum, mut count) = (0.0, 0.0);
        for value in values.filter(|value| value.is_finite()) {
            sum += value;
            count += 1.0;
        }
        *mean = sum / count;
    }
    means
}
