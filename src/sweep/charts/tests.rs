//! What every chart of a sweep has to keep, on tables of real sweeps and on odd versions of them.

use super::notes::{STILL_TOGETHER, couples_note, unresolved};
use super::{
    AxisInfo, contrasts, design_pairs, heat_map, lines, morris_plane, morris_ranks, phase_diagram,
    sobol_bars, tornado,
};
use crate::chart::test_support::{
    SHIFTS, WIDTHS, assert_finite, assert_sound, empty, extreme, fixture, has_text, numbers, rows,
    with_numbers, with_texts, without_numbers,
};
use crate::chart::{ChartError, Figure, Width};
use crate::table::{Field, Table, Value, Values};

/// The settings of a reference point.
const REFERENCE: &str = "responsiveness 0.5";
const TRUST: &str = "mean trust";
const INTIMACY: &str = "mean intimacy";
/// Levels of the grid on its first and second axis.
const LEVELS: (usize, usize) = (6, 5);

fn x() -> AxisInfo {
    AxisInfo::new("responsiveness", "Responsiveness (0–1)")
}

fn y() -> AxisInfo {
    AxisInfo::new(
        "stress_rate",
        "Rate of stressful events that strike both partners over the days (per day)",
    )
}

fn logarithmic(axis: AxisInfo) -> AxisInfo {
    AxisInfo { log: true, ..axis }
}

fn z() -> AxisInfo {
    logarithmic(AxisInfo::new("z", "Stress rate"))
}

/// The tables `points` and `summaries`.
#[derive(Clone)]
struct SweepTables {
    points: Table,
    summaries: Table,
}

/// A grid of six by five points.
fn grid() -> SweepTables {
    SweepTables {
        points: fixture("grid", "points"),
        summaries: fixture("grid", "summaries"),
    }
}

/// For each row, which of the column's rising levels it has.
fn level_of_row(table: &Table, column: &str) -> Vec<usize> {
    let values = numbers(table, column);
    let mut levels = values.clone();
    levels.sort_by(f64::total_cmp);
    levels.dedup();
    let level = |value: &f64| levels.iter().position(|level| level == value);
    values
        .iter()
        .map(|value| level(value).expect("a level"))
        .collect()
}

impl SweepTables {
    /// The same sweep with other levels of an axis.
    fn with_levels(mut self, axis: &str, levels: &[f64]) -> SweepTables {
        let of_row = level_of_row(&self.points, axis);
        self.points = with_numbers(self.points, axis, |row, _| levels[of_row[row]]);
        self
    }
    /// The same sweep with categories as the levels of an axis.
    fn with_categories(mut self, axis: &str, names: &[&str]) -> SweepTables {
        let of_row = level_of_row(&self.points, axis);
        self.points = with_texts(self.points, axis, |row, _| names[of_row[row]].to_owned());
        self
    }
    /// The points whose levels on both axes are below some number.
    fn below(mut self, across: usize, up: usize) -> SweepTables {
        let (i, j) = (
            level_of_row(&self.points, "responsiveness"),
            level_of_row(&self.points, "stress_rate"),
        );
        let wanted = (0..i.len()).filter(|row| i[*row] < across && j[*row] < up);
        self.points = rows(&self.points, wanted);
        self
    }
    /// The same points, some of which failed.
    fn failed(mut self, failed: impl Fn(usize) -> bool) -> SweepTables {
        let status = |row: usize, _: &str| if failed(row) { "failed" } else { "done" }.to_owned();
        self.points = with_texts(self.points, "status", status);
        self
    }
    /// The same points, some of which lack some numbers.
    fn without(mut self, columns: &[&str], of: impl Fn(usize) -> bool) -> SweepTables {
        let point = numbers(&self.summaries, "point");
        for column in columns {
            let number = |row: usize, old| {
                if of(point[row] as usize) {
                    f64::NAN
                } else {
                    old
                }
            };
            self.summaries = with_numbers(self.summaries, column, number);
        }
        self
    }
    /// As many points as are wanted, the real ones over and over, at evenly spaced levels of both axes.
    fn expanded(mut self, across: usize, up: usize) -> SweepTables {
        let count = self.points.rows.rows();
        self.points = rows(&self.points, (0..across * up).map(|row| row % count));
        let share = |k: usize, count: usize| k as f64 / (count.max(2) - 1) as f64;
        self.points = with_numbers(self.points, "responsiveness", |row, _| {
            share(row % across, across)
        });
        self.points = with_numbers(self.points, "stress_rate", |row, _| share(row / across, up));
        self
    }
    /// The same points once for each level of a third axis.
    fn with_third_axis(mut self, levels: &[f64]) -> SweepTables {
        let count = self.points.rows.rows();
        let all = count * levels.len();
        self.points = rows(&self.points, (0..all).map(|row| row % count));
        self.points
            .schema
            .columns
            .push(Field::float("z", "1", "a third axis"));
        let values = (0..all).map(|row| levels[row / count]).collect();
        self.points.rows.columns.push(Values::Float(values));
        self
    }
}

const LONG: [&str; 6] = [
    "warm",
    "a category of a quite remarkable length",
    "cold",
    "both in turn",
    "none",
    "all",
];

/// Sweeps over two axes with a result somewhere.
fn odd_sweeps() -> Vec<(&'static str, SweepTables)> {
    let (across, up) = ("responsiveness", "stress_rate");
    let uneven = [0.0, 0.05, 0.1, 0.4, 1.0, 1.1];
    let far = [0.0, 1e-9, 3.0, 1e9, 1e300, 2e300];
    let log = [0.001, 0.01, 0.02, 0.1, 1.0, 40.0];
    vec![
        ("real", grid()),
        ("one point", grid().below(1, 1)),
        ("one column", grid().below(1, 5)),
        ("one row", grid().below(6, 1)),
        ("small", grid().below(3, 2)),
        ("logarithmic", grid().with_levels(across, &log)),
        (
            "uneven",
            grid().with_levels(across, &uneven).with_levels(up, &uneven),
        ),
        (
            "far apart",
            grid().with_levels(across, &far).with_levels(up, &far),
        ),
        ("categories", grid().with_categories(across, &LONG)),
        (
            "only categories",
            grid()
                .with_categories(across, &LONG)
                .with_categories(up, &LONG),
        ),
        (
            "holes",
            grid()
                .failed(|row| row % 9 == 2)
                .without(&["mean"], |point| point % 9 == 5)
                .without(&["ci_low", "ci_high"], |point| point % 9 == 7),
        ),
        ("fine", grid().expanded(90, 70)),
        ("one done", grid().failed(|row| row != 7)),
        (
            "no intervals",
            grid().without(&["ci_low", "ci_high"], |_| true),
        ),
    ]
}

/// Names of axes, as the paths of a scenario may be.
const NAMES: [&str; 12] = [
    "responsiveness",
    "consistency",
    "attachment anxiety of the first partner at the beginning",
    "attachment avoidance of the second partner at the beginning",
    "stress.rate",
    "stress.spillover_from_work_into_the_couple's_evenings",
    "repair effort",
    "patience",
    "conflict.escalation",
    "theta",
    "parameters.trust.rate_of_growth_after_a_responsive_episode",
    "security",
];

/// Rows of one observable in which a column has a value, over and over for so many axes, with their names.
fn for_axes(table: &Table, observable: &str, axes: usize) -> Table {
    let mine: Vec<usize> = (0..table.rows.rows())
        .filter(|row| table.category("observable", *row) == Some(observable))
        .filter(|row| table.category("axis", *row) != Some("baseline"))
        .collect();
    let mut order: Vec<&str> = Vec::new();
    for row in &mine {
        let axis = table.category("axis", *row).expect("an axis");
        if !order.contains(&axis) {
            order.push(axis);
        }
    }
    let mut wanted = Vec::new();
    let mut names = Vec::new();
    for (k, name) in NAMES.iter().enumerate().take(axes) {
        let like = order[k % order.len()];
        let of_axis = mine
            .iter()
            .filter(|row| table.category("axis", **row) == Some(like));
        for row in of_axis {
            wanted.push(*row);
            names.push(*name);
        }
    }
    with_texts(rows(table, wanted), "axis", |row, _| names[row].to_owned())
}

/// First-order and total indices of so many axes, those of pairs too where wanted.
fn sobol(axes: usize, pairs: bool) -> Table {
    let real = fixture("sobol", "sobol");
    let all = 0..real.rows.rows();
    let single = all.filter(|row| real.category("index", *row) != Some("second"));
    let mut table = for_axes(&rows(&real, single), TRUST, axes);
    if pairs {
        let second: Vec<usize> = (0..real.rows.rows())
            .filter(|row| real.category("index", *row) == Some("second"))
            .collect();
        let all = (0..axes).flat_map(|a| (a + 1..axes).map(move |b| (NAMES[a], NAMES[b])));
        let all: Vec<(&str, &str)> = all.collect();
        let more = rows(&real, (0..all.len()).map(|k| second[k % second.len()]));
        let more = with_texts(more, "observable", |_, _| TRUST.to_owned());
        let more = with_texts(more, "axis", |row, _| all[row].0.to_owned());
        let more = with_texts(more, "axis_2", |row, _| all[row].1.to_owned());
        table = with_texts(table, "axis_2", |_, old| old.to_owned());
        table.rows.append(more.rows);
    }
    table
}

fn morris(axes: usize) -> Table {
    for_axes(&fixture("morris", "morris"), TRUST, axes)
}

fn regression(axes: usize) -> Table {
    for_axes(&fixture("latin_hypercube", "regression"), TRUST, axes)
}

/// Effects of so many axes, with the baseline where wanted.
fn effects(axes: usize, baseline: bool) -> Table {
    // The program writes the levels as texts.
    let real = fixture("one_at_a_time", "effects");
    let levels = numbers(&real, "level");
    let real = with_texts(real, "level", |row, _| {
        let level = levels[row];
        if level.is_nan() {
            String::new()
        } else {
            level.to_string()
        }
    });
    let mut table = for_axes(&real, TRUST, axes);
    if baseline {
        let is_base = |row: &usize| {
            real.category("axis", *row) == Some("baseline")
                && real.category("observable", *row) == Some(TRUST)
        };
        let base = rows(&real, (0..real.rows.rows()).filter(is_base));
        table.rows.append(base.rows);
    }
    table
}

/// So many contrasts.
fn many_contrasts(count: usize) -> Table {
    let real = fixture("morris", "contrasts");
    let mine: Vec<usize> = (0..real.rows.rows())
        .filter(|row| real.category("observable", *row) == Some(TRUST))
        .collect();
    let table = rows(&real, (0..count).map(|k| mine[k % mine.len()]));
    let label =
        |row: usize, _: &str| format!("{} against {}", NAMES[row % 12], NAMES[(row + 5) % 12]);
    with_texts(table, "label", label)
}

/// All floating-point numbers times a factor.
fn scaled(mut table: Table, factor: f64) -> Table {
    for values in &mut table.rows.columns {
        if let Values::Float(values) = values {
            values.iter_mut().for_each(|value| *value *= factor);
        }
    }
    table
}

/// The first eight axes of a design of many points, which fill the space.
fn filling(count: usize) -> (Table, Vec<AxisInfo>) {
    let real = fixture("latin_hypercube", "points");
    let mut table = Table::new(real.schema.clone());
    let point = |row: usize| [Value::Int(row as i64), Value::Str("done".to_owned())];
    table.schema.columns.truncate(2);
    table.rows.columns.truncate(2);
    for name in &NAMES[..8] {
        table.schema.columns.push(Field::float(*name, "1", *name));
        table.rows.columns.push(Values::Float(Vec::new()));
    }
    for row in 0..count {
        let at = |k: usize| (0.5 + row as f64 * (0.569_840_290_998 + 0.103 * k as f64)).fract();
        let numbers = (0..8).map(|k| Value::Float(0.25 + 3.75 * at(k)));
        table.rows.push(point(row).into_iter().chain(numbers));
    }
    let axes = NAMES[..8].iter().map(|name| AxisInfo::new(*name, *name));
    (table, axes.collect())
}

type Figures = Vec<(String, Result<Figure, ChartError>)>;

/// The figures of one sweep over two axes.
fn of_sweep(name: &str, sweep: &SweepTables, width: Width) -> Figures {
    let (points, found) = (&sweep.points, &sweep.summaries);
    let log = logarithmic(x());
    let both = [TRUST, INTIMACY];
    let figures = vec![
        (
            "heat map",
            heat_map(points, found, &log, &y(), None, TRUST, width),
        ),
        ("phase", phase_diagram(points, found, &log, &y(), width)),
        (
            "lines",
            lines(points, found, &log, None, None, &both, width),
        ),
        (
            "line",
            lines(points, found, &y(), None, None, &both[..1], width),
        ),
        ("pairs", design_pairs(points, &[log.clone(), y()], width)),
    ];
    figures
        .into_iter()
        .map(|(chart, figure)| (format!("{chart}, {name}, {width:?}"), figure))
        .collect()
}

/// Figures of small multiples and of findings.
fn others(width: Width) -> Figures {
    let facets = grid()
        .with_third_axis(&[0.01, 0.1, 0.5, 2.0, 8.0])
        .failed(|row| row % 31 == 4);
    let (points, found) = (&facets.points, &facets.summaries);
    let (x, y, z) = (x(), y(), z());
    let both = [TRUST, INTIMACY];
    let kinds = grid().with_categories("responsiveness", &LONG);
    let (many, axes) = filling(5000);
    let (some, _) = filling(64);
    let (one, _) = filling(1);
    let mut figures = vec![
        (
            "heat maps",
            heat_map(points, found, &x, &y, Some(&z), TRUST, width),
        ),
        (
            "heat map pooled",
            heat_map(points, found, &x, &z, None, INTIMACY, width),
        ),
        ("phase pooled", phase_diagram(points, found, &x, &z, width)),
        (
            "lines by",
            lines(points, found, &x, Some(&z), None, &both[..1], width),
        ),
        (
            "lines by, two",
            lines(points, found, &x, Some(&y), None, &both, width),
        ),
        (
            "lines by, facets",
            lines(points, found, &x, Some(&y), Some(&z), &both, width),
        ),
        (
            "lines log",
            lines(points, found, &z, Some(&y), None, &both[..1], width),
        ),
        (
            "lines kinds",
            lines(
                &kinds.points,
                &kinds.summaries,
                &x,
                Some(&y),
                None,
                &both,
                width,
            ),
        ),
        ("pairs 8", design_pairs(&many, &axes, width)),
        ("pairs 3", design_pairs(&some, &axes[..3], width)),
        ("pairs 1", design_pairs(&one, &axes[..1], width)),
        (
            "contrasts",
            contrasts(&many_contrasts(11), TRUST, REFERENCE, width),
        ),
        (
            "contrast",
            contrasts(&many_contrasts(1), TRUST, REFERENCE, width),
        ),
        (
            "contrasts many",
            contrasts(&many_contrasts(200), TRUST, REFERENCE, width),
        ),
    ];
    for axes in [1, 5, 12] {
        figures.extend([
            ("sobol", sobol_bars(&sobol(axes, false), &[TRUST], width)),
            (
                "sobol second",
                sobol_bars(&sobol(axes, true), &[TRUST], width),
            ),
            (
                "sobol twice",
                sobol_bars(&sobol(axes, true), &[TRUST; 2], width),
            ),
            ("morris", morris_plane(&morris(axes), TRUST, width)),
            ("morris ranks", morris_ranks(&morris(axes), TRUST, width)),
            ("tornado", tornado(&effects(axes, true), TRUST, width)),
            ("tornado mean", tornado(&effects(axes, false), TRUST, width)),
            ("regression", tornado(&regression(axes), TRUST, width)),
        ]);
    }
    for factor in [0.0, 1e-9, 1e12] {
        figures.extend([
            (
                "sobol scale",
                sobol_bars(&scaled(sobol(3, true), factor), &[TRUST], width),
            ),
            (
                "morris scale",
                morris_plane(&scaled(morris(5), factor), TRUST, width),
            ),
        ]);
    }
    figures
        .into_iter()
        .enumerate()
        .map(|(k, (chart, figure))| (format!("{chart}, {k}, {width:?}"), figure))
        .collect()
}

#[test]
fn figures_of_odd_sweeps_are_sound() {
    for width in WIDTHS {
        let sweeps = odd_sweeps();
        let of_sweeps = sweeps
            .iter()
            .flat_map(|(name, sweep)| of_sweep(name, sweep, width));
        for (name, figure) in of_sweeps.chain(others(width)) {
            let figure = figure.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(figure.width(), width.millimetres(), "{name}");
            assert!(assert_sound(&name, &figure) >= 4, "{name}");
        }
    }
}

#[test]
fn the_same_sweep_gives_the_same_bytes() {
    let drawn = || {
        others(Width::Page)
            .into_iter()
            .chain(of_sweep("real", &grid(), Width::Column))
    };
    for ((name, one), (_, other)) in drawn().zip(drawn()) {
        assert_eq!(one.expect(&name).svg(), other.expect(&name).svg(), "{name}");
    }
}

/// Fails unless a chart is refused because there is nothing to draw.
fn assert_nothing(name: &str, figure: Result<Figure, ChartError>) {
    let error = figure.expect_err(name);
    assert!(
        matches!(error, ChartError::NothingToDraw { .. }),
        "{name}: {error}"
    );
}

#[test]
fn sweeps_without_a_result_are_refused() {
    for sweep in [
        // Summaries of a failed point do not count.
        grid().failed(|_| true),
        grid().without(&["mean"], |_| true),
    ] {
        let (points, found) = (&sweep.points, &sweep.summaries);
        for width in WIDTHS {
            let map = heat_map(points, found, &x(), &y(), None, TRUST, width);
            assert_nothing("map", map);
            assert_nothing("phase", phase_diagram(points, found, &x(), &y(), width));
            let drawn = lines(points, found, &x(), None, None, &[TRUST], width);
            assert_nothing("lines", drawn);
        }
    }
    let SweepTables { points, summaries } = grid();
    let width = Width::Page;
    let unknown = heat_map(&points, &summaries, &x(), &y(), None, "mean luck", width);
    assert_eq!(
        unknown.expect_err("no such observable").to_string(),
        "table `summaries` has no finite mean of `mean luck` to draw"
    );
}

#[test]
fn extreme_numbers_are_drawn_or_refused() {
    let real = grid();
    let log = logarithmic(x());
    let both = [TRUST, INTIMACY];
    for shift in 0..SHIFTS {
        let wild = |table: Table| extreme(table, shift);
        let points = wild(real.points.clone());
        let found = wild(real.summaries.clone());
        let mut figures = Vec::new();
        for (points, found) in [
            (&real.points, &found),
            (&points, &real.summaries),
            (&points, &found),
        ] {
            let width = Width::Column;
            figures.push(heat_map(points, found, &log, &y(), None, TRUST, width));
            figures.push(phase_diagram(points, found, &x(), &y(), width));
            figures.push(lines(points, found, &log, None, None, &both, width));
            let facet = Some(y());
            figures.push(lines(
                points,
                found,
                &x(),
                None,
                facet.as_ref(),
                &both,
                width,
            ));
            figures.push(design_pairs(points, &[log.clone(), y()], width));
        }
        let width = Width::Page;
        figures.push(sobol_bars(&wild(sobol(4, true)), &[TRUST], width));
        figures.push(morris_plane(&wild(morris(9)), TRUST, width));
        figures.push(tornado(&wild(effects(9, true)), TRUST, width));
        figures.push(tornado(&wild(regression(9)), TRUST, width));
        figures.push(contrasts(&wild(many_contrasts(9)), TRUST, REFERENCE, width));
        for figure in figures.into_iter().flatten() {
            assert_finite("a sweep", &figure);
            assert!(figure.svg().len() < 1_000_000);
        }
    }
}

#[test]
fn scattered_points_are_no_map() {
    let (points, axes) = filling(100);
    let found = grid().summaries;
    let map = heat_map(
        &points,
        &found,
        &axes[0],
        &axes[1],
        None,
        TRUST,
        Width::Column,
    );
    assert_nothing("scattered", map);
}

#[test]
fn findings_without_numbers_are_refused() {
    let gone = without_numbers;
    let width = Width::Column;
    assert_nothing("sobol", sobol_bars(&gone(sobol(3, true)), &[TRUST], width));
    assert_nothing("sobol", sobol_bars(&sobol(3, true), &["luck"], width));
    assert_nothing("morris", morris_plane(&gone(morris(3)), TRUST, width));
    assert_nothing("tornado", tornado(&gone(effects(3, true)), TRUST, width));
    assert_nothing("tornado", tornado(&effects(3, true), "luck", width));
    assert_nothing("regression", tornado(&gone(regression(3)), TRUST, width));
    assert_nothing(
        "contrasts",
        contrasts(&gone(many_contrasts(3)), TRUST, REFERENCE, width),
    );
}

#[test]
fn empty_tables_and_missing_columns_are_named() {
    let none = empty(&many_contrasts(1));
    let width = Width::Page;
    for figure in [
        contrasts(&none, TRUST, REFERENCE, width),
        tornado(&none, TRUST, width),
        morris_plane(&none, TRUST, width),
        sobol_bars(&none, &[TRUST], width),
        design_pairs(&none, &[x()], width),
        phase_diagram(&none, &none, &x(), &y(), width),
    ] {
        let error = figure.expect_err("an empty table");
        assert!(matches!(error, ChartError::NoRows { .. }), "{error}");
    }
    let pairs = design_pairs(&grid().points, &[z()], width);
    let error = pairs.expect_err("no such axis").to_string();
    assert_eq!(error, "table `points` has no column `z` of numbers");
}

#[test]
fn too_much_for_one_figure_is_refused() {
    let SweepTables { points, summaries } = grid().expanded(13, 13);
    let (points, found, width) = (&points, &summaries, Width::Page);
    for figure in [
        heat_map(points, found, &x(), &y(), Some(&y()), TRUST, width),
        lines(points, found, &x(), Some(&y()), None, &[TRUST], width),
        lines(points, found, &x(), None, None, &[TRUST; 13], width),
        lines(points, found, &x(), None, None, &[], width),
        sobol_bars(&sobol(3, true), &[], width),
        design_pairs(points, &[], width),
    ] {
        let error = figure.expect_err("too much");
        assert!(matches!(error, ChartError::BadArgument { .. }), "{error}");
    }
    let wide = grid().expanded(201, 1);
    let map = heat_map(
        &wide.points,
        &wide.summaries,
        &x(),
        &y(),
        None,
        TRUST,
        width,
    );
    assert!(matches!(map, Err(ChartError::BadArgument { .. })));
}

#[test]
fn wide_and_missing_cells_are_marked_and_explained() {
    let map = |sweep: SweepTables| {
        let SweepTables { points, summaries } = sweep;
        let map = heat_map(&points, &summaries, &x(), &y(), None, TRUST, Width::Page);
        map.expect("a map")
    };
    let dots = |figure: &Figure| figure.svg().matches("<circle").count();
    let cells = LEVELS.0 * LEVELS.1;
    let complete = map(grid());
    let holes = map(grid().failed(|row| row == 3));
    let open = map(grid().without(&["ci_low", "ci_high"], |_| true));
    assert!(!has_text(&complete, "no result") && has_text(&holes, "no result"));
    // Where all cells are imprecise, a dot in each would say nothing.
    assert_eq!(dots(&open), 0);
    assert!(open.svg().contains("most cells are imprecise") && open.svg().contains("or unknown"));
    // One dot for each cell, and one in the legend.
    let before = dots(&complete);
    let some = map(grid().without(&["ci_low", "ci_high"], |row| row < 5));
    assert!(dots(&some) > before && dots(&some) <= before + 6);
    assert!(some.svg().contains("imprecise: 95% interval beyond ±10%"));
    assert!(dots(&complete) <= cells && !complete.svg().contains("or unknown"));
}

#[test]
fn contours_need_a_grid_of_numbers() {
    let has_contours = |sweep: SweepTables| {
        let SweepTables { points, summaries } = sweep;
        let map = heat_map(&points, &summaries, &x(), &y(), None, TRUST, Width::Page);
        map.expect("a map")
            .svg()
            .contains("contours of the mean, every ")
    };
    assert!(has_contours(grid()) && has_contours(grid().below(4, 4)));
    assert!(!has_contours(grid().below(3, 5)));
    assert!(!has_contours(
        grid().with_categories("responsiveness", &LONG)
    ));
}

#[test]
fn values_over_other_axes_are_said_to_be_means() {
    let sweep = grid().with_third_axis(&[0.01, 0.1, 0.5, 2.0, 8.0]);
    let (points, found) = (&sweep.points, &sweep.summaries);
    let map = |facet| {
        let map = heat_map(points, found, &x(), &y(), facet, TRUST, Width::Page);
        map.expect("a map")
    };
    let note = "means over up to 5 points that differ on other axes";
    assert!(map(None).svg().contains(note));
    let apart = map(Some(&z()));
    assert!(!apart.svg().contains(note));
    for level in ["0.01", "0.1", "0.5", "2", "8"] {
        assert!(
            has_text(&apart, &format!("Stress rate = {level}")),
            "{level}"
        );
    }
}

#[test]
fn unresolved_findings_are_hollow_and_say_why() {
    let note = "not resolved with n = 64, try";
    let open = |table: Table, verdict: &'static str| {
        with_texts(table, "verdict", |_, _| verdict.to_owned())
    };
    let width = Width::Page;
    for verdict in ["not resolved with n = 64, try 4096", "resolved"] {
        let bars = sobol_bars(&open(sobol(3, false), verdict), &[TRUST], width).expect("bars");
        let plane = morris_plane(&open(morris(3), verdict), TRUST, width).expect("a plane");
        for figure in [bars, plane] {
            assert_eq!(figure.svg().contains(note), verdict != "resolved");
            assert_eq!(figure.svg().contains("hollow"), verdict != "resolved");
        }
    }
}

/// A table of findings with columns of the rows that were requested and used.
fn counted(mut table: Table, names: [&str; 2], used: impl Fn(&str) -> i64) -> Table {
    let count = table.rows.rows();
    let of = (0..count).map(|row| {
        table
            .category("observable", row)
            .unwrap_or_default()
            .to_owned()
    });
    let used = of.map(|name| used(&name)).collect();
    for (name, values) in names.iter().zip([vec![32; count], used]) {
        let known = table
            .schema
            .columns
            .iter()
            .position(|column| column.name == *name);
        if let Some(place) = known {
            table.schema.columns.remove(place);
            table.rows.columns.remove(place);
        }
        table.schema.columns.push(Field::int(*name, "", "rows"));
        table.rows.columns.push(Values::Int(values));
    }
    table
}

#[test]
fn every_chart_of_findings_says_how_many_rows_it_rests_on() {
    let width = Width::Page;
    let bars = |used: fn(&str) -> i64| {
        let table = counted(fixture("sobol", "sobol"), ["requested", "used"], used);
        sobol_bars(&table, &[TRUST, INTIMACY], width).expect("bars")
    };
    assert!(has_text(&bars(|_| 32), "n = 32 base rows"));
    let some = bars(|name| if name == TRUST { 10 } else { 32 });
    let note = "n of base rows: mean trust 10 of 32, mean intimacy 32";
    assert!(has_text(&some, note));
    let plane = counted(morris(3), ["requested", "used"], |_| 5);
    let plane = morris_plane(&plane, TRUST, width).expect("a plane");
    assert!(has_text(&plane, "n = 5 of 32 trajectories"));
    let table = counted(
        fixture("mechanisms", "contrasts"),
        ["requested", "pairs"],
        |_| 3,
    );
    let forest = contrasts(&table, TRUST, REFERENCE, width).expect("a forest plot");
    assert!(has_text(&forest, "n = 3 of 32 pairs of runs"));
    for (table, unit) in [
        (effects(3, true), "runs a level"),
        (regression(3), "points"),
    ] {
        let whole = counted(table.clone(), ["requested", "used"], |_| 32);
        let part = counted(table, ["requested", "used"], |_| 31);
        let [whole, part] = [whole, part].map(|table| tornado(&table, TRUST, width).expect("bars"));
        assert!(has_text(&whole, &format!("n = 32 {unit}")));
        assert!(has_text(&part, &format!("n = 31 of 32 {unit}")));
        assert!(part.svg().contains("missing"), "{unit}");
    }
}

#[test]
fn contrasts_are_sorted_and_name_their_reference() {
    let table = many_contrasts(5);
    let label = |row: usize, _: &str| format!("a_anxiety 0.{row}, b_avoidance 0.5");
    let table = with_texts(table, "label", label);
    let table = with_numbers(table, "difference", |row, _| {
        [0.1, 0.3, -0.2, 0.0, 0.2][row]
    });
    let reference = "a_anxiety 0.9, b_avoidance 0.1";
    let figure = contrasts(&table, TRUST, reference, Width::Page).expect("a forest plot");
    let wanted = "reference: A&apos;s anxiety 0.9, B&apos;s avoidance 0.1";
    assert!(has_text(&figure, wanted), "{}", figure.svg());
    let place = |row: usize| {
        let name = format!("A&apos;s anxiety 0.{row}, B&apos;s avoidance 0.5");
        figure.svg().find(&name).unwrap_or_else(|| panic!("{name}"))
    };
    let places = [1, 4, 0, 3, 2].map(place);
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn the_largest_elementary_effect_is_on_top_and_darkest() {
    let table = with_numbers(morris(3), "mu_star", |row, _| [0.1, 0.4, 0.2][row % 3]);
    let table = with_texts(table, "axis", |row, _| {
        ["one", "two", "three"][row % 3].to_owned()
    });
    let figure = morris_ranks(&table, TRUST, Width::Column).expect("ranks");
    let place = |name: &str| figure.svg().find(&format!("\n{name}\n")).expect("a name");
    assert!(place("Two") < place("Three") && place("Three") < place("One"));
    // The largest effect has the full colour, and no other one has.
    let dark = figure.svg().matches("#003A63").count();
    assert!(dark > 0 && figure.svg().contains("trajectories"));
}

#[test]
fn coefficients_of_opposite_sign_are_explained() {
    let explained = |prcc: f64| {
        let mut table = regression(2);
        for (column, value) in [
            ("src", 0.4),
            ("src_low", 0.3),
            ("src_high", 0.5),
            ("prcc", prcc),
            ("prcc_low", prcc - 0.1),
            ("prcc_high", prcc + 0.1),
        ] {
            table = with_numbers(table, column, |_, _| value);
        }
        let figure = tornado(&table, TRUST, Width::Page).expect("bars");
        figure.svg().contains("bars of opposite sign")
    };
    assert!(explained(-0.4) && !explained(0.4) && !explained(-0.05));
}

#[test]
fn hollow_bars_keep_their_colours() {
    let hollow = |table: Table| with_texts(table, "verdict", |_, _| "not resolved".to_owned());
    let bars = sobol_bars(&hollow(sobol(3, false)), &[TRUST], Width::Page).expect("bars");
    let outlined = |colour: &str| {
        let stroke = format!("stroke=\"{colour}\"");
        bars.svg().matches(&stroke).count()
    };
    assert!(outlined("#E69F00") >= 3 && outlined("#0072B2") >= 3);
}

#[test]
fn axes_are_sorted_by_their_total_index() {
    let table = sobol(3, true);
    let total = |factor: f64| {
        let figure = sobol_bars(&scaled(table.clone(), factor), &[TRUST], Width::Page);
        figure.expect("bars")
    };
    // The real indices put responsiveness first; negative ones turn the order around.
    assert!(total(1.0).svg().contains("1 Responsiveness"));
    assert!(total(-1.0).svg().contains("3 Responsiveness"));
}

#[test]
fn a_tornado_finds_its_levels_and_its_baseline() {
    let drawn = |table: &Table| tornado(table, TRUST, Width::Page).expect("bars");
    let figure = drawn(&effects(3, true));
    assert!(figure.svg().contains("Responsiveness (0.6 to 0.9)"));
    assert!(figure.svg().contains("baseline (0.5"));
    assert!(
        drawn(&effects(3, false))
            .svg()
            .contains("mean of all levels (0.")
    );
    let level = |row: usize, _: &str| ["10", "2", "off", "on"][row % 4].to_owned();
    let figure = drawn(&with_texts(effects(2, true), "level", level));
    assert!(
        figure.svg().contains("(2 to 10)"),
        "numbers are ordered as numbers"
    );
    assert!(figure.svg().contains("(off to on)"));
}

#[test]
fn large_designs_are_thinned_and_say_so() {
    let (points, axes) = filling(4001);
    let figure = design_pairs(&points, &axes[..2], Width::Column).expect("pairs");
    assert_eq!(figure.svg().matches("<circle").count(), 4000);
    assert!(has_text(&figure, "n = 4001 points"));
    assert!(has_text(&figure, "the first 4000 drawn"));
}

#[test]
fn axes_beyond_the_eighth_are_left_out_and_counted() {
    let figure = design_pairs(&grid().points, &vec![x(); 9], Width::Page).expect("pairs");
    assert!(has_text(&figure, "first 8 of 9 axes shown"));
}

#[test]
fn each_verdict_is_noted_once() {
    let verdicts = ["resolved", "constant", "", "try 512", "constant"];
    let note = unresolved(verdicts.into_iter(), "rows");
    assert_eq!(note.as_deref(), Some("hollow: constant; try 512 rows"));
    let sizes = ["N small, try 512", "N small, try 1024", "N small, try 900"];
    let note = unresolved(sizes.into_iter(), "rows");
    assert_eq!(
        note.as_deref(),
        Some("hollow: N small, try up to 1024 rows")
    );
    assert_eq!(unresolved(["resolved", ""].into_iter(), "rows"), None);
    let many = unresolved(["a", "b", "c", "d"].into_iter(), "rows");
    assert_eq!(many.as_deref(), Some("hollow: a; b; c; …"));
    let mixed = [
        "N small, try 120",
        "no run differs",
        "N small, try 1334",
        "N small, try 40",
    ];
    let note = unresolved(mixed.into_iter(), "trajectories");
    assert_eq!(
        note.as_deref(),
        Some("hollow: N small, try up to 1334 trajectories; no run differs")
    );
}

#[test]
fn a_note_says_over_which_couples_measures_are() {
    let note = |measures: &[&str]| couples_note(measures).unwrap_or_default();
    assert_eq!(note(&["share intact"]), "");
    assert_eq!(note(&["share intact", "sd trust a"]), STILL_TOGETHER);
    let all = "over all couples, last value";
    assert_eq!(note(&["mean trust over all"]), all);
    assert_eq!(
        note(&["mean trust over all", "mean trust"]),
        format!("{STILL_TOGETHER}; \"over all\": {all}")
    );
}

/// The list of charts.
mod lists {
    use super::super::*;
    use crate::chart::test_support::{assert_golden, assert_sound, fixture};
    use crate::scenario::Scenario;

    fn plan(text: &str) -> SweepPlan {
        let scenario = Scenario::read_text("s.toml", text, &[]);
        let scenario = scenario.unwrap_or_else(|errors| panic!("{errors}"));
        SweepPlan::new(scenario).expect("a sweep")
    }

    /// Draws each figure that a sweep has for its first measure, and gives their names.
    fn drawn(name: &str, text: &str, tables: &[&'static str]) -> Vec<String> {
        let tables: Vec<Table> = tables.iter().map(|table| fixture(name, table)).collect();
        let tables = TableSet::new(&tables);
        let plan = plan(text);
        let none = Table::new(summaries_schema(&plan));
        let sweep = SweepContext::new(&plan, tables.find("summaries").unwrap_or(&none), &[]);
        let one = MeasureContext {
            sweep: sweep.clone(),
            measure: sweep.measures[0].clone(),
        };
        let all = FIGURES
            .iter()
            .map(|spec| (spec.name, (spec.draw)(&tables, &sweep, spec.width)));
        let each = MEASURE_FIGURES
            .iter()
            .map(|spec| (spec.name, (spec.draw)(&tables, &one, spec.width)));
        let mut names = Vec::new();
        for (figure, result) in all.chain(each) {
            match result {
                Err(ChartError::NoRows { .. } | ChartError::NothingToDraw { .. }) => {}
                result => {
                    let result = heading(&plan).over(result.expect(figure)).expect(figure);
                    assert_sound(figure, &result);
                    assert_golden(&format!("{name}-{figure}"), &result);
                    names.push(figure.to_owned());
                }
            }
        }
        names
    }

    macro_rules! sweep {
        ($name:literal, $tables:expr) => {
            drawn(
                $name,
                include_str!(concat!("../../../tests/charts/", $name, ".toml")),
                &$tables,
            )
        };
    }

    #[test]
    fn every_measure_that_differs_is_drawn_and_the_others_are_said() {
        let text = "title = 't'
            [run]
            couples = 10
            days = 10
            replicates = 2
            [sweep]
            design = 'list'
            measures = ['mean trust', 'mean intimacy', 'mean stress', 'mean satisfaction a', 'sd trust', \
                'mean disengagement', 'share intact']
            [[sweep.axis]]
            key = 'parameters.trust_rate'
            values = [0.02, 0.05]".replace("\\\n", "");
        let plan = plan(&text);
        let none = Table::new(summaries_schema(&plan));
        let all = SweepContext::new(&plan, &none, &[]);
        assert_eq!(all.measures.len(), 7, "{:?}", all.measures);
        let wanted = ["sd trust".to_owned()];
        let one = SweepContext::new(&plan, &none, &wanted);
        assert_eq!((one.measures(), one.left_out.len()), (vec!["sd trust"], 0));
        assert_eq!(all.reference, "trust_rate 0.02");
        let same = SweepContext {
            measures: vec!["mean trust".to_owned()],
            left_out: vec!["share intact".to_owned()],
            ..all
        };
        let notes = same.notes(&DrawnCharts::default());
        assert!(
            notes.len() == 1 && notes[0].ends_with(": share intact"),
            "{notes:?}"
        );
        let many = SweepContext {
            measures: (0..20).map(|i| format!("mean {i}")).collect(),
            left_out: Vec::new(),
            ..same
        };
        let files = ["lines.svg", "sobol.svg"].map(|name| (name.to_owned(), Vec::new()));
        let drawn = DrawnCharts {
            files: files.to_vec(),
            ..DrawnCharts::default()
        };
        let notes = many.notes(&drawn);
        assert!(notes[0].contains("`sobol`") && notes[0].contains("mean 8, "));
        assert!(notes[1].contains("`lines`") && notes[1].contains(": mean 12, "));
    }

    #[test]
    fn a_grid_has_lines_maps_and_a_phase_diagram() {
        let names = sweep!("grid", ["points", "summaries", "interactions"]);
        assert_eq!(names, ["phase", "lines", "map", "interactions"]);
    }

    #[test]
    fn indices_and_elementary_effects_have_their_figures() {
        assert_eq!(sweep!("sobol", ["sobol"]), ["sobol"]);
        assert_eq!(sweep!("morris", ["morris"]), ["morris", "morris_plane"]);
    }

    #[test]
    fn a_design_that_fills_the_space_has_its_points_and_a_tornado() {
        let names = sweep!("latin_hypercube", ["points", "regression"]);
        assert_eq!(names, ["design", "tornado"]);
    }

    #[test]
    fn departures_one_at_a_time_have_a_tornado_or_contrasts() {
        assert_eq!(sweep!("one_at_a_time", ["effects"]), ["tornado"]);
        assert_eq!(sweep!("mechanisms", ["contrasts"]), ["contrasts"]);
    }
}
