//! What every chart of a sweep keeps, on usual and on odd designs.

use super::test_charts::{
    WIDTHS, all, done, facets, mixed, of_sweep, others, over, sweeps, x, y, z,
};
use super::test_support;
use super::test_support::{Fate, NAMES, OPEN_VERDICT, Values};
use super::{AxisInfo, contrasts, design_pairs, heat_map, lines};
use super::{morris_plane, phase_diagram, sobol_bars, tornado};
use crate::chart::{ChartError, Figure, Width};
use crate::table::Table;

#[test]
fn odd_sweeps_are_drawn() {
    for (name, figure) in all() {
        let width = if name.ends_with("Page") {
            Width::Page
        } else {
            Width::Column
        };
        assert_eq!(figure.width(), width.millimetres(), "{name}");
        assert!(
            figure.height() < 400.0,
            "{name}: {} mm high",
            figure.height()
        );
        assert!(!figure.svg().contains("NaN"), "{name}");
        assert!(
            figure.svg().len() < 8_000_000,
            "{name}: {} bytes",
            figure.svg().len()
        );
    }
}

#[test]
fn the_same_sweep_gives_the_same_bytes() {
    let twice = || {
        (
            others(Width::Page),
            of_sweep("usual", &sweeps()[0].1, Width::Column),
        )
    };
    let (first, second) = (twice(), twice());
    for ((name, first), (_, second)) in first
        .0
        .into_iter()
        .chain(first.1)
        .zip(second.0.into_iter().chain(second.1))
    {
        assert_eq!(
            first.expect(&name).svg(),
            second.expect(&name).svg(),
            "{name}"
        );
    }
}

/// Asserts that a chart is refused for want of something to draw.
fn assert_nothing(name: &str, figure: Result<Figure, ChartError>) {
    let error = figure.expect_err(name);
    assert!(
        matches!(error, ChartError::NothingToDraw { .. }),
        "{name}: {error}"
    );
}

#[test]
fn sweeps_without_a_result_are_named() {
    for fate in [Fate::Failed, Fate::NoNumber] {
        let mut sweep = over(Values::even(4), Values::even(4), |_| fate);
        if fate == Fate::Failed {
            // A failed point may have left summaries behind: they do not count.
            sweep.summaries = over(Values::even(4), Values::even(4), done).summaries;
        }
        let (points, found) = (&sweep.points, &sweep.summaries);
        let trust = "mean trust";
        for width in WIDTHS {
            assert_nothing(
                "map",
                heat_map(points, found, &x(), &y(), None, trust, width),
            );
            assert_nothing("phase", phase_diagram(points, found, &x(), &y(), width));
            assert_nothing(
                "lines",
                lines(points, found, &x(), None, None, &[trust], width),
            );
        }
    }
    let usual = over(Values::even(4), Values::even(4), done);
    let unknown = heat_map(
        &usual.points,
        &usual.summaries,
        &x(),
        &y(),
        None,
        "mean luck",
        Width::Page,
    );
    let error = unknown.expect_err("no such observable");
    assert_eq!(
        error.to_string(),
        "table `summaries` has no finite mean of `mean luck` to draw"
    );
}

/// The same table with its reals replaced in turn by numbers at the ends of what there is.
fn extreme(mut table: Table, shift: usize) -> Table {
    use crate::table::Values;
    let ends = [
        f64::MAX,
        1.0,
        f64::MIN,
        f64::INFINITY,
        f64::MIN_POSITIVE,
        f64::NAN,
        -1e18,
    ];
    let columns = table.rows.columns.iter_mut().enumerate();
    for (column, values) in columns {
        if let Values::Float(values) = values {
            for (row, value) in values.iter_mut().enumerate() {
                *value = ends[(shift + row * (column + 1)) % ends.len()];
            }
        }
    }
    table
}

#[test]
fn extreme_numbers_are_drawn_or_refused() {
    for shift in 0..7 {
        let usual = over(Values::even(4), Values::even(5), done);
        let wild = extreme(usual.points.clone(), shift);
        let found = extreme(usual.summaries.clone(), shift);
        let (few, trust) = (["mean trust", "share intact"], "mean trust");
        let log = x().logarithmic();
        let mut charts = Vec::new();
        for (points, found) in [
            (&usual.points, &found),
            (&wild, &usual.summaries),
            (&wild, &found),
        ] {
            charts.push(heat_map(
                points,
                found,
                &log,
                &y(),
                None,
                trust,
                Width::Column,
            ));
            charts.push(phase_diagram(points, found, &x(), &y(), Width::Column));
            charts.push(lines(points, found, &log, None, None, &few, Width::Column));
            charts.push(lines(
                points,
                found,
                &x(),
                None,
                Some(&y()),
                &few,
                Width::Page,
            ));
            charts.push(design_pairs(points, &[log.clone(), y()], Width::Column));
        }
        let sobol = extreme(test_support::sobol(4, true, 1.0), shift);
        charts.push(sobol_bars(&sobol, &["share intact"], Width::Page));
        let morris = extreme(test_support::morris(9, 1.0), shift);
        charts.push(morris_plane(&morris, trust, Width::Page));
        charts.push(tornado(
            &extreme(test_support::effects(9, true), shift),
            trust,
            Width::Page,
        ));
        charts.push(tornado(
            &extreme(test_support::regression(9), shift),
            trust,
            Width::Page,
        ));
        charts.push(contrasts(
            &extreme(test_support::contrasts(9), shift),
            trust,
            Width::Page,
        ));
        for figure in charts.into_iter().flatten() {
            let (svg, size) = (figure.svg(), figure.svg().len());
            let odd = svg
                .lines()
                .find(|line| line.contains("NaN") || line.contains("inf"));
            assert_eq!(odd, None, "{}", &svg[..300]);
            assert!(size < 1_000_000, "{size} bytes: {}", &svg[..300]);
        }
    }
}

#[test]
fn scattered_points_are_no_map() {
    let points = test_support::filling(100, &[("x", 0.0, 1.0), ("y", 0.0, 1.0)]);
    let found = over(Values::even(10), Values::even(10), done).summaries;
    let map = heat_map(
        &points,
        &found,
        &x(),
        &y(),
        None,
        "mean trust",
        Width::Column,
    );
    assert_nothing("scattered", map);
}

#[test]
fn findings_without_numbers_are_named() {
    let gone = crate::run::charts::test_support::without_numbers;
    let width = Width::Column;
    let together = ["share intact"];
    assert_nothing(
        "sobol",
        sobol_bars(&gone(test_support::sobol(3, true, 1.0)), &together, width),
    );
    assert_nothing(
        "sobol",
        sobol_bars(&test_support::sobol(3, true, 1.0), &["luck"], width),
    );
    assert_nothing(
        "morris",
        morris_plane(&gone(test_support::morris(3, 1.0)), "mean trust", width),
    );
    assert_nothing(
        "tornado",
        tornado(&gone(test_support::effects(3, true)), "mean trust", width),
    );
    assert_nothing(
        "tornado",
        tornado(&test_support::effects(3, true), "luck", width),
    );
    assert_nothing(
        "regression",
        tornado(&gone(test_support::regression(3)), "mean trust", width),
    );
    assert_nothing(
        "contrasts",
        contrasts(&gone(test_support::contrasts(3)), "mean trust", width),
    );
}

#[test]
fn empty_tables_and_missing_columns_are_named() {
    let empty = Table::new(test_support::contrasts(0).schema);
    for figure in [
        contrasts(&empty, "mean trust", Width::Page),
        tornado(&empty, "mean trust", Width::Page),
        morris_plane(&empty, "mean trust", Width::Page),
        sobol_bars(&empty, &["mean trust"], Width::Page),
        design_pairs(&empty, &[x()], Width::Page),
        phase_diagram(&empty, &empty, &x(), &y(), Width::Page),
    ] {
        let error = figure.expect_err("an empty table");
        assert!(matches!(error, ChartError::NoRows { .. }), "{error}");
    }
    let usual = over(Values::even(4), Values::even(4), done);
    let pairs = design_pairs(&usual.points, &[z()], Width::Page);
    let error = pairs.expect_err("no such axis").to_string();
    assert_eq!(error, "table `points` has no column `z` of numbers");
}

#[test]
fn too_much_for_one_figure_is_refused() {
    let sweep = over(Values::even(13), Values::even(13), done);
    let (points, found, width) = (&sweep.points, &sweep.summaries, Width::Page);
    let trust = "mean trust";
    for figure in [
        heat_map(points, found, &x(), &y(), Some(&y()), trust, width),
        lines(points, found, &x(), Some(&y()), None, &[trust], width),
        lines(points, found, &x(), None, None, &[trust; 13], width),
        lines(points, found, &x(), None, None, &[], width),
        sobol_bars(&test_support::sobol(3, true, 1.0), &[], width),
        design_pairs(points, &[], width),
    ] {
        let error = figure.expect_err("too much");
        assert!(matches!(error, ChartError::BadArgument { .. }), "{error}");
    }
    let wide = over(Values::even(201), Values::even(1), done);
    let map = heat_map(
        &wide.points,
        &wide.summaries,
        &x(),
        &y(),
        None,
        trust,
        width,
    );
    assert!(matches!(map, Err(ChartError::BadArgument { .. })));
}

/// Lines of a picture's text, which hold the words of its labels.
fn words(figure: &Figure) -> Vec<&str> {
    figure.svg().lines().collect()
}

#[test]
fn wide_and_missing_cells_are_marked_and_explained() {
    let map = |fate: fn(usize) -> Fate| {
        let sweep = over(Values::even(6), Values::even(6), fate);
        let (points, found) = (&sweep.points, &sweep.summaries);
        heat_map(points, found, &x(), &y(), None, "mean trust", Width::Page).expect("a map")
    };
    let (whole, holes, open) = (map(done), map(mixed), map(|_| Fate::NoInterval));
    assert!(!words(&whole).contains(&"no result"));
    assert!(words(&holes).contains(&"no result"));
    // One dot for each cell, and one in the key.
    assert_eq!(open.svg().matches("<circle").count(), 36 + 1);
    assert!(whole.svg().contains("beyond ±10% of the range"));
    assert!(open.svg().contains("or unknown"));
}

#[test]
fn contours_need_a_grid_of_numbers() {
    let map = |x_values, y_values| {
        let sweep = over(x_values, y_values, done);
        let (points, found) = (&sweep.points, &sweep.summaries);
        let map = heat_map(points, found, &x(), &y(), None, "mean trust", Width::Page);
        map.expect("a map").svg().contains("contour of the mean")
    };
    assert!(map(Values::even(4), Values::even(5)));
    assert!(!map(Values::even(3), Values::even(9)));
    assert!(!map(
        Values::Words(vec!["a", "b", "c", "d"]),
        Values::even(9)
    ));
}

#[test]
fn values_over_other_axes_are_said_to_be_means() {
    let sweep = facets();
    let (points, found) = (&sweep.points, &sweep.summaries);
    let map = |facet| heat_map(points, found, &x(), &y(), facet, "mean trust", Width::Page);
    let note = "means over up to 5 points that differ on other axes";
    assert!(map(None).expect("a map").svg().contains(note));
    let apart = map(Some(&z())).expect("maps");
    assert!(!apart.svg().contains(note));
    for level in ["0.01", "0.1", "0.5", "2", "8"] {
        assert!(
            words(&apart).contains(&format!("Stress rate = {level}").as_str()),
            "{level}"
        );
    }
}

#[test]
fn unresolved_findings_are_hollow_and_say_why() {
    let (sobol, morris) = (
        test_support::sobol(12, false, 1.0),
        test_support::morris(12, 1.0),
    );
    let bars = sobol_bars(&sobol, &["share intact"], Width::Page).expect("bars");
    let plane = morris_plane(&morris, "mean trust", Width::Page).expect("a plane");
    for figure in [bars, plane] {
        assert!(figure.svg().contains(OPEN_VERDICT));
    }
    let clear = sobol_bars(
        &test_support::sobol(2, false, 1.0),
        &["share intact"],
        Width::Page,
    );
    assert!(!clear.expect("bars").svg().contains("hollow"));
}

#[test]
fn axes_are_sorted_by_their_total_index() {
    let figure = sobol_bars(
        &test_support::sobol(4, true, -1.0),
        &["share intact"],
        Width::Page,
    );
    let figure = figure.expect("bars");
    // Negative indices turn the order around: the last axis explains most.
    assert!(figure.svg().contains("4 responsiveness"));
}

#[test]
fn a_tornado_finds_its_levels_and_its_baseline() {
    let figure = tornado(&test_support::effects(3, true), "mean trust", Width::Page).expect("bars");
    let svg = figure.svg();
    assert!(svg.contains("responsiveness (0.1 to 0.9)"));
    assert!(svg.contains("consistency (off to on)"));
    assert!(svg.contains("(2 to 10)"), "numbers are ordered as numbers");
    assert!(svg.contains("baseline (0.55"));
    let mean = tornado(&test_support::effects(3, false), "mean trust", Width::Page).expect("bars");
    assert!(mean.svg().contains("mean of all levels (0.5"));
}

#[test]
fn large_designs_are_thinned_and_say_so() {
    let ranges: Vec<(&str, f64, f64)> = NAMES[..2].iter().map(|name| (*name, 0.0, 1.0)).collect();
    let axes: Vec<AxisInfo> = NAMES[..2]
        .iter()
        .map(|name| AxisInfo::new(*name, *name))
        .collect();
    let figure = design_pairs(&test_support::filling(4001, &ranges), &axes, Width::Column);
    let figure = figure.expect("pairs");
    assert_eq!(figure.svg().matches("<circle").count(), 4000);
    assert!(words(&figure).contains(&"n = 4001 points"));
    assert!(words(&figure).contains(&"the first 4000 drawn"));
}

#[test]
fn axes_beyond_the_eighth_are_left_out_and_counted() {
    let sweep = over(Values::even(4), Values::even(4), done);
    let nine = vec![x(); 9];
    let figure = design_pairs(&sweep.points, &nine, Width::Page).expect("pairs");
    assert!(words(&figure).contains(&"first 8 of 9 axes shown"));
}

#[cfg(feature = "png")]
mod set {
    use super::*;
    use crate::run::charts::tests::set::assert_words_stand_clear;

    #[test]
    fn no_words_of_a_sweep_touch_or_leave_the_paper() {
        for (name, figure) in all() {
            assert!(assert_words_stand_clear(&name, &figure) >= 4, "{name}");
        }
    }

    /// Writes all charts for the eye, into the folder `sweep_charts` for temporary files.
    #[test]
    #[ignore = "for looking at: writes pictures"]
    fn gallery() {
        let folder = std::env::temp_dir().join("sweep_charts");
        std::fs::create_dir_all(&folder).expect("a folder for pictures");
        for (name, figure) in all() {
            let stem = name.replace(", ", "-").replace(' ', "_");
            let png = figure.png(170.0).expect(&name);
            std::fs::write(folder.join(format!("{stem}.png")), png).expect("a written picture");
        }
    }
}
