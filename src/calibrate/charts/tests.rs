use super::test_support::{posterior, predictive, search};
use super::*;
use crate::chart::{ChartError, Figure, Width};
use crate::table::{Table, Values};

const WIDTHS: [Width; 2] = [Width::Column, Width::Page];

fn figures() -> Vec<(String, Figure)> {
    let mut all = Vec::new();
    for width in WIDTHS {
        for (count, particles) in [(1, 60), (2, 500), (3, 500), (5, 300), (12, 500)] {
            let (particles, about) = posterior(count, particles);
            let figure = posterior_marginals(&particles, &about, width).expect("marginals");
            all.push((format!("marginals {count} {width:?}"), figure));
            let figure = posterior_pairs(&particles, &about, width).expect("pairs");
            all.push((format!("pairs {count} {width:?}"), figure));
        }
        for (iterations, count) in [(1, 1), (3, 6), (12, 22), (40, 60)] {
            let (course, fit) = search(iterations, count);
            let figure = search_course(&course, &fit, width).expect("a search");
            all.push((format!("search {count} {width:?}"), figure));
        }
        for count in [1, 6, 22, 60] {
            let figure = posterior_predictive(&predictive(count), width).expect("targets");
            all.push((format!("predictive {count} {width:?}"), figure));
        }
    }
    all
}

#[test]
fn calibrations_of_any_size_are_drawn() {
    for (name, figure) in figures() {
        assert!(
            figure.height() < 400.0,
            "{name}: {} mm high",
            figure.height()
        );
        assert!(!figure.svg().contains("NaN"), "{name}");
        assert!(figure.svg().len() < 8_000_000, "{name}");
    }
}

#[test]
fn the_same_calibration_gives_the_same_bytes() {
    for ((name, one), (_, other)) in figures().into_iter().zip(figures()) {
        assert_eq!(one.svg(), other.svg(), "{name}");
    }
}

#[test]
fn verdicts_defaults_and_names_stand_on_the_sheet() {
    let (particles, about) = posterior(3, 200);
    let marginals = posterior_marginals(&particles, &about, Width::Page).expect("marginals");
    for words in [
        "conflict rate",
        "identified (0.17 of prior)",
        "not identified (0.99 of prior)",
        "default",
    ] {
        assert!(marginals.svg().contains(words), "{words}");
    }
    let pairs = posterior_pairs(&particles, &about, Width::Page).expect("pairs");
    assert!(
        pairs
            .svg()
            .contains("1: conflict rate (0.01 to 1, logarithmic)")
    );
    let told = posterior_predictive(&predictive(6), Width::Page).expect("targets");
    assert!(told.svg().contains("C03 mean trust") && told.svg().contains("they do not"));
    let met = posterior_predictive(&predictive(2), Width::Page).expect("targets");
    assert!(!met.svg().contains("they do not"));
}

#[test]
fn a_search_says_what_was_met_and_what_was_tried_in_vain() {
    let (course, fit) = search(4, 4);
    let told = search_course(&course, &fit, Width::Page).expect("a search");
    for words in [
        "C02 mean trust",
        "found, outside of it",
        "no step lowered the loss",
        "–",
    ] {
        assert!(told.svg().contains(words), "{words}");
    }
    let (course, fit) = search(2, 1);
    let met = search_course(&course, &fit, Width::Page).expect("a search");
    assert!(!met.svg().contains("outside of it") && !met.svg().contains("no step"));
    let (_, mut nothing) = search(1, 1);
    let found = nothing.schema.position("found").expect("a column");
    nothing.rows.columns[found] = Values::Float(vec![f64::NAN]);
    let refused = search_course(&course, &nothing, Width::Page);
    assert!(matches!(refused, Err(ChartError::NothingToDraw { .. })));
}

#[test]
fn what_cannot_be_drawn_is_told() {
    let (mut particles, about) = posterior(2, 10);
    let empty = Table::new(about.schema.clone());
    let refused = posterior_marginals(&particles, &empty, Width::Page);
    assert!(matches!(
        refused,
        Err(ChartError::NoRows {
            table: "parameters"
        })
    ));
    let (_, other) = posterior(3, 10);
    let refused = posterior_pairs(&particles, &other, Width::Page);
    assert!(matches!(refused, Err(ChartError::NoColumn { .. })));
    if let Values::Float(weights) = &mut particles.rows.columns[0] {
        weights.fill(0.0);
    }
    let refused = posterior_marginals(&particles, &about, Width::Page);
    assert!(matches!(refused, Err(ChartError::NothingToDraw { .. })));
    let mut told = predictive(1);
    let unit = told.schema.position("unit").expect("a column");
    told.rows.columns[unit] = Values::Float(vec![f64::NAN]);
    let refused = posterior_predictive(&told, Width::Page);
    assert!(matches!(refused, Err(ChartError::NothingToDraw { .. })));
}

#[cfg(feature = "png")]
#[test]
fn figures_become_pixels() {
    for (name, figure) in figures() {
        if name.contains("12 Page") || name.contains("22") {
            let png = figure.png(110.0).expect(&name);
            assert_eq!(png[..4], *b"\x89PNG", "{name}");
        }
    }
}
