//! Daily variables in the long format: a row for each day of a person.

use super::diary::Diary;
use crate::stats::summary::Moments;
use std::collections::BTreeMap;

/// Whose day a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The couple's number.
    pub couple: usize,
    /// The person's number within the couple.
    pub person: usize,
    /// The day.
    pub day: u32,
}

/// A place for each day of each person of a diary, known or not: by couple, person, day.
pub fn places(variable: &[Diary]) -> Vec<Place> {
    let mut places = Vec::new();
    for (couple, diary) in variable.iter().enumerate() {
        for (person, days) in diary.iter().enumerate() {
            places.extend((0..days.len()).map(|day| Place {
                couple,
                person,
                day: day as u32,
            }));
        }
    }
    places
}

/// The values of a daily variable at some places; NaN where it has none.
pub fn at_places(variable: &[Diary], places: &[Place]) -> Vec<f64> {
    let value = |place: &Place| {
        let days = variable.get(place.couple)?.get(place.person)?;
        days.get(place.day as usize).copied()
    };
    places
        .iter()
        .map(|place| value(place).unwrap_or(f64::NAN))
        .collect()
}

/// A variable cut into what differs between persons and what differs within them.
#[derive(Clone, Debug, PartialEq)]
pub struct Parts {
    /// The person's mean over the known days, in every row of the person.
    pub between: Vec<f64>,
    /// The day's distance from it.
    pub within: Vec<f64>,
}

/// Cuts a variable in the long format into persons' means and distances from them.
pub fn person_parts(values: &[f64], places: &[Place]) -> Parts {
    let mut persons: BTreeMap<(usize, usize), Moments> = BTreeMap::new();
    for (value, place) in values.iter().zip(places) {
        let moments = persons.entry((place.couple, place.person)).or_default();
        if value.is_finite() {
            moments.push(*value);
        }
    }
    let mean = |place: &Place| persons[&(place.couple, place.person)].mean();
    let between: Vec<f64> = places.iter().take(values.len()).map(mean).collect();
    let within = values.iter().zip(&between).map(|(x, mean)| x - mean);
    Parts {
        within: within.collect(),
        between,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diary_and_its_rows_are_the_same_days() {
        let variable = [
            [vec![1.0, f64::NAN, 5.0], vec![2.0]],
            [vec![], vec![4.0, 8.0]],
        ];
        let places = places(&variable);
        assert_eq!(places.len(), 6);
        assert!(places.is_sorted());
        let values = at_places(&variable, &places);
        assert_eq!(
            (values[0], values[2], values[3], values[5]),
            (1.0, 5.0, 2.0, 8.0)
        );
        assert!(values[1].is_nan() && at_places(&variable[..1], &places)[5].is_nan());
        let parts = person_parts(&values, &places);
        assert_eq!(parts.between, [3.0, 3.0, 3.0, 2.0, 6.0, 6.0]);
        assert_eq!(
            (parts.within[0], parts.within[2], parts.within[4]),
            (-2.0, 2.0, -2.0)
        );
        assert!(parts.within[1].is_nan());
    }
}
