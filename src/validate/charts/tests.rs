//! What the charts of a validation keep, on usual and on odd tables.

use super::test_support;
use super::test_support::{Row, VERDICTS, Without, around, kinds, many, row};
use super::{ablation, targets};
use crate::chart::{ChartError, Figure, Width};
use crate::table::Values;

const BLUE: &str = "#0072B2";
const VERMILLION: &str = "#D55E00";

fn forest(rows: &[Row]) -> Figure {
    targets(&test_support::targets(rows)).expect("a forest")
}

/// How many texts of a picture are these words.
fn texts(svg: &str, words: &str) -> usize {
    svg.lines().filter(|line| *line == words).count()
}

fn usual(_: usize, _: usize) -> Without {
    Without {
        value: 0.5,
        verdict: 0,
        shift: 1.0,
    }
}

#[test]
fn each_verdict_has_its_mark_and_its_words() {
    let svg = |verdict| {
        forest(&[row("C01", around(0.7, 0.01), verdict)])
            .svg()
            .to_owned()
    };
    let pictures = [svg(0), svg(1), svg(2)];
    let words = ["reproduced: the", "undecided", "not reproduced"];
    for (picture, word) in pictures.iter().zip(words) {
        assert!(picture.contains(word), "{word}");
    }
    assert!(pictures[0].contains(BLUE) && !pictures[0].contains(VERMILLION));
    assert!(pictures[2].contains(VERMILLION) && !pictures[2].contains(BLUE));
    assert!(!pictures[1].contains(VERMILLION) && !pictures[1].contains(BLUE));
    assert_eq!(VERDICTS.len(), 3);
}

#[test]
fn published_and_simulated_numbers_stand_beside_the_plot() {
    let svg = forest(&kinds()).svg().to_owned();
    for words in [
        "0.75 [0.67, 0.81]",
        "0.70",
        "[3, 8]",
        "&gt; 0.03",
        "&lt; 0",
        "no value",
    ] {
        assert!(svg.contains(words), "{words}");
    }
}

#[test]
fn a_value_beyond_the_axis_has_an_arrow_and_its_distance() {
    // From 0.67 to 0.81 the half-width is 0.07 and the middle 0.74.
    let svg = |value| {
        forest(&[row("C01", around(value, 0.01), 2)])
            .svg()
            .to_owned()
    };
    let (far, near) = (svg(0.74 - 12.0 * 0.07), svg(0.74 - 2.0 * 0.07));
    assert!(far.contains("−12") && far.contains("beyond the axis"));
    assert!(!near.contains("beyond the axis"));
}

#[test]
fn tiers_and_areas_are_headings_and_targets_count_by_their_worst_part() {
    let svg = forest(&kinds()).svg().to_owned();
    for words in ["Calibration", "Validation", "Patterns"] {
        assert_eq!(texts(&svg, words), 1, "{words}");
    }
    // C07 stands in two areas, and is missed by one of its parts.
    assert!(svg.contains("fitted to these numbers: 1 of 7 targets reproduced"));
    assert_eq!(texts(&svg, "plane"), 1);
    assert_eq!(texts(&svg, "dissolution"), 1);
}

#[test]
fn all_numbers_fit_on_a_page_and_more_are_counted() {
    let page = forest(&many(75));
    assert_eq!(page.width(), Width::Page.millimetres());
    assert!(page.height() < 262.0, "{} mm", page.height());
    assert!(!page.svg().contains("shown"));
    assert!(forest(&many(130)).svg().contains("first 96 of 130 shown"));
}

#[test]
fn what_is_lost_gained_and_moved_is_told_apart() {
    let rows = kinds();
    let drawn = |verdict, value, shift| {
        let without = |_, _| Without {
            value,
            verdict,
            shift,
        };
        let table = test_support::ablation(&["trust"], &rows[..3], without);
        ablation(&table).expect("a matrix").svg().to_owned()
    };
    // The three numbers are reproduced, undecided and not reproduced.
    let (lost, gained) = (drawn(2, 0.5, 1.0), drawn(0, 0.5, 1.0));
    assert!(lost.contains(VERMILLION) && !lost.contains(BLUE));
    assert!(gained.contains(BLUE) && !gained.contains(VERMILLION));
    let (larger, same) = (drawn(1, 0.5, 3.1), drawn(1, 0.5, 2.9));
    assert_eq!(texts(&larger, "+"), 3);
    assert_eq!(texts(&same, "+"), 0);
    assert_eq!(texts(&drawn(1, 0.5, -4.0), "−"), 3);
    assert_eq!(texts(&drawn(1, f64::NAN, f64::NAN), "×"), 3);
    let gone = drawn(2, f64::NAN, f64::NAN);
    assert_eq!(texts(&gone, "×"), 2);
    assert!(gone.contains(VERMILLION) && gone.contains("hollow") && !lost.contains("hollow"));
}

#[test]
fn a_mechanism_that_carries_nothing_is_marked() {
    let rows = many(20);
    let without = |mechanism, _| Without {
        verdict: if mechanism == 0 { 2 } else { 0 },
        ..usual(0, 0)
    };
    let table = test_support::ablation(&["intimacy", "late_mood"], &rows, without);
    let svg = ablation(&table).expect("a matrix").svg().to_owned();
    assert!(svg.contains("late mood"));
    assert!(svg.contains("without which no number is lost") && texts(&svg, "0") == 1);
    let carried = rows.iter().filter(|row| row.verdict == 0).count();
    assert!(texts(&svg, &carried.to_string()) == 1);
    let table = test_support::ablation(&["intimacy"], &rows, without);
    let svg = ablation(&table).expect("a matrix").svg().to_owned();
    assert!(!svg.contains("without which no number is lost"));
}

#[test]
fn a_matrix_of_all_mechanisms_fits_on_a_page() {
    let names = ["understanding"; 28].map(str::to_owned);
    let names: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(number, name)| format!("{name}_{number}"))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let figure = ablation(&test_support::ablation(&names, &many(75), usual)).expect("a matrix");
    assert_eq!(figure.width(), Width::Page.millimetres());
    assert!(figure.height() < 255.0, "{} mm", figure.height());
}

#[test]
fn tables_without_rows_are_named() {
    let forest = targets(&test_support::targets(&[]));
    assert!(matches!(
        forest,
        Err(ChartError::NoRows { table: "targets" })
    ));
    let matrix = ablation(&test_support::ablation(&[], &[], usual));
    assert!(matches!(
        matrix,
        Err(ChartError::NoRows { table: "ablation" })
    ));
    let wrong = targets(&test_support::ablation(&["trust"], &kinds(), usual));
    assert!(matches!(wrong, Err(ChartError::NoColumn { .. })));
}

#[test]
fn extreme_numbers_are_drawn() {
    let ends = [
        f64::MAX,
        1.0,
        f64::MIN,
        f64::INFINITY,
        f64::MIN_POSITIVE,
        f64::NAN,
        -1e18,
    ];
    for shift in 0..ends.len() {
        let tables = [
            test_support::targets(&many(30)),
            test_support::ablation(&["a", "b"], &many(30), usual),
        ];
        let wild = tables.map(|mut table| {
            for (column, values) in table.rows.columns.iter_mut().enumerate() {
                if let Values::Float(values) = values {
                    for (row, value) in values.iter_mut().enumerate() {
                        *value = ends[(shift + row * (column + 1)) % ends.len()];
                    }
                }
            }
            table
        });
        for figure in [targets(&wild[0]), ablation(&wild[1])] {
            let svg = figure.expect("a picture").svg().to_owned();
            assert!(!svg.contains("NaN") && !svg.contains("inf\""), "{shift}");
        }
    }
}

#[test]
fn the_same_table_gives_the_same_bytes() {
    let twice = [0, 1].map(|_| forest(&kinds()).svg().to_owned());
    assert_eq!(twice[0], twice[1]);
    let matrix = || {
        let table = test_support::ablation(&["a", "b"], &kinds(), usual);
        ablation(&table).expect("a matrix").svg().to_owned()
    };
    assert_eq!(matrix(), matrix());
}
