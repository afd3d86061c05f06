//! What experiments are computed with.

use super::*;
use crate::validate::Laboratory;
use crate::validate::cohorts::NEW_COUPLES;

#[test]
fn differences_go_replicate_by_replicate() {
    assert_eq!(less(vec![3.0, 5.0], vec![1.0, 9.0]), [2.0, -4.0]);
    assert_eq!(mean([1.0, 2.0, 6.0].into_iter()), 3.0);
    assert!(mean(std::iter::empty()).is_nan());
}

#[test]
fn batches_are_equal_and_as_many_as_replicates() {
    let rows: Vec<(f64, f64)> = (0..47).map(|row| (f64::from(row), 1.0)).collect();
    let sizes = batches(&rows, |rows| rows.len() as f64);
    assert_eq!(sizes.len(), 11);
    assert!(sizes.iter().all(|size| *size == 4.0));
    let first = batches(&rows, |rows| rows[0].0);
    assert_eq!(first[..3], [0.0, 4.0, 8.0]);
    // One person has no spread.
    assert!(batches(&rows[..19], |rows| rows.len() as f64).is_empty());
}

#[test]
fn means_are_those_of_recorded_days() {
    let laboratory = Laboratory::new(200, 3);
    let panel = CohortCache::new(&laboratory)
        .replicated(NEW_COUPLES, &[])
        .expect("no overrides");
    let trust = |day| means(&panel, PersonObservable::Trust, Role::Couple, day);
    for day in [0, 30, 365] {
        let found = trust(day);
        assert_eq!(found.len(), REPLICATES as usize);
        assert!(
            found.iter().all(|mean| (0.0..=1.0).contains(mean)),
            "{found:?}"
        );
    }
    assert!(trust(1_000_000).is_empty());
    assert!(means(&panel, PersonObservable::Wellbeing, Role::Couple, 30).is_empty());
    let moved = change(&panel, PersonObservable::Trust, 0, 365);
    assert_eq!(moved, less(trust(365), trust(0)));
    assert!(moved.iter().any(|change| *change != 0.0));
}

#[test]
fn couples_of_a_later_panel_are_found_again() {
    let laboratory = Laboratory::new(200, 3);
    let cache = CohortCache::new(&laboratory);
    let (before, after) = (
        survey(&cache, 200, 3).expect("no overrides"),
        survey(&cache, 300, 1).expect("no overrides"),
    );
    assert!(after.couples < before.couples, "somebody parts");
    assert_eq!((before.days, after.days), (3, 1));
    // Numbers that tell couple, person and day apart.
    let numbers: Vec<f64> = (0..before.couples * 6).map(|n| n as f64).collect();
    let found = of_lasting(&before, &after, &numbers);
    assert_eq!(found.len(), after.couples);
    for (pair, id) in found.iter().zip(&after.ids) {
        let couple = before
            .ids
            .iter()
            .position(|own| own == id)
            .expect("it was there");
        assert_eq!(*pair, [(6 * couple + 2) as f64, (6 * couple + 5) as f64]);
    }
}
