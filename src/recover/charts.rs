//! The charts of a recovery analysis: contraction by design, truths against estimates, and which rivals are confused.

use crate::chart::figure_list::{DrawnCharts, FigureSpec, draw_tables};
use crate::chart::options::ChartOptions;
use crate::chart::{
    Axes, BLUE, Canvas, ChartError, ColumnReader, Dash, Figure, FigureHeading, GREY,
    IntervalEstimate, LABEL, Legend, LegendHandle, MARGIN, NOTE, Rect, Stroke, SubplotSpacing,
    Subplots, Ticks, WHITE, Width, range_of, series_stroke, with_margins,
};
use crate::runner::CancelToken;
use crate::scenario::recover::{ALONE, RecoverSpec};
use crate::table::Table;

/// Quantities in one panel, panels, and data sets in a panel, at most.
const MOST_LINES: usize = 6;
const MOST_PANELS: usize = 9;
const MOST_DOTS: usize = 400;
const LIMIT: Stroke = Stroke::solid(GREY, 0.6).dashed(Dash::Short);
const DOT: f64 = 0.7;
const SMALL_DOT: f64 = 0.45;

/// All figures of a recovery analysis.
const FIGURES: &[FigureSpec<RecoverSpec>] = &[
    FigureSpec {
        name: "contraction",
        tables: &["recovery", "designs"],
        width: Width::Page,
        draw: |tables, _, width| {
            contraction(tables.get("recovery")?, tables.get("designs")?, width)
        },
    },
    FigureSpec {
        name: "recovered",
        tables: &["estimates", "designs"],
        width: Width::Page,
        draw: |tables, _, width| recovered(tables.get("estimates")?, tables.get("designs")?, width),
    },
    FigureSpec {
        name: "confusion",
        tables: &["confusion", "designs"],
        width: Width::Page,
        draw: |tables, _, width| confusion(tables.get("confusion")?, tables.get("designs")?, width),
    },
];

/// Draws all figures.
pub(crate) fn draw(
    recover: &RecoverSpec,
    tables: &[Table],
    heading: &FigureHeading,
    options: &ChartOptions,
    cancel: &CancelToken,
) -> DrawnCharts {
    draw_tables(FIGURES, recover, tables, heading, options, &|| {
        cancel.is_cancelled()
    })
}

/// The different texts in their order.
fn distinct<'t>(texts: &[&'t str]) -> Vec<&'t str> {
    let mut found = Vec::new();
    for text in texts {
        if !found.contains(text) {
            found.push(*text);
        }
    }
    found
}

/// Number and settings of each design, of those that have any.
fn settings_of_designs(designs: &Table) -> Result<Vec<(f64, &str)>, ChartError> {
    let reader = ColumnReader::new(designs)?;
    let numbers = reader.numbers("design")?;
    let settings = reader.categories("settings")?;
    let all = numbers.iter().copied().zip(settings);
    Ok(all.filter(|(_, settings)| !settings.is_empty()).collect())
}

/// Says what the numbers of designs stand for.
fn add_settings(notes: &mut Legend, settings: &[(f64, &str)]) {
    for (number, settings) in settings.iter().take(MOST_PANELS) {
        notes.note(format!("design {number}: {settings}"));
    }
    notes.note_first(MOST_PANELS, settings.len(), "designs");
}

fn columns_of(panels: usize) -> usize {
    match panels {
        4 => 2,
        count => count.clamp(1, 3),
    }
}

/// Draws the contraction of each quantity with its interval over the number of the design, from the table `recovery`: a
/// panel for each explanation, a line for each quantity.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where none is known.
pub(crate) fn contraction(
    table: &Table,
    designs: &Table,
    width: Width,
) -> Result<Figure, ChartError> {
    let settings = settings_of_designs(designs)?;
    let reader = ColumnReader::new(table)?;
    let found = reader.estimates(["contraction", "contraction_low", "contraction_high"])?;
    if !found.iter().any(|one| one.mean.is_finite()) {
        return Err(reader.nothing("contraction that is known"));
    }
    let designs = reader.numbers("design")?;
    let quantities = reader.categories("quantity")?;
    let explanations = reader.categories("explanation")?;
    let (names, panels) = (distinct(&quantities), distinct(&explanations));
    let mut legend = Legend::new();
    for (line, name) in names.iter().take(MOST_LINES).enumerate() {
        legend.add(LegendHandle::Line(series_stroke(line)), *name);
    }
    let mut notes = Legend::new();
    notes.add(
        LegendHandle::Line(LIMIT),
        "identified from 0.75 on, not identified below 0.2775",
    );
    notes.note("bars: 95% intervals");
    notes.note_first(MOST_LINES, names.len(), "quantities");
    notes.note_first(MOST_PANELS, panels.len(), "rivals");
    add_settings(&mut notes, &settings);
    let shown = panels.len().min(MOST_PANELS);
    let inner = width.inner();
    let width = width.millimetres();
    let spacing = SubplotSpacing {
        left: 10.0,
        right: 3.0,
        above: 5.0,
        height: 40.0,
        below: 2.6,
    };
    let top = MARGIN / 2.0 + legend.height(inner) + 0.6;
    let plots = Subplots::new(shown, columns_of(shown), (0.0, width), top, spacing);
    let notes = notes.below(width, plots.bottom + 1.0);
    let mut canvas = notes.canvas();
    legend.draw(&mut canvas, (MARGIN, MARGIN / 2.0), inner);
    let range = with_margins(range_of(designs.iter().copied()).unwrap_or((1.0, 1.0)));
    let lowest = found
        .iter()
        .map(|one| one.low)
        .filter(|low| low.is_finite());
    let y = (lowest.fold(0.0, f64::min).max(-0.5), 1.0);
    for (explanation, plot) in panels.iter().zip(&plots.panels) {
        let axes = Axes {
            frame: plot.frame,
            x: range,
            y,
        };
        for limit in [0.75, 0.2775] {
            axes.hline(&mut canvas, limit, LIMIT);
        }
        for (line, name) in names.iter().take(MOST_LINES).enumerate() {
            let own = |row: &usize| quantities[*row] == *name && explanations[*row] == *explanation;
            let rows: Vec<usize> = (0..reader.rows()).filter(own).collect();
            draw_line(&mut canvas, &axes, line, &rows, (&designs, &found));
        }
        axes.draw_spines(&mut canvas);
        if *explanation != ALONE {
            axes.heading(&mut canvas, explanation, 0.0);
        }
        axes.y_ticks(&mut canvas, &Ticks::round(y.0, y.1, 5));
        axes.y_title(&mut canvas, "Contraction", 7.5);
        axes.x_ticks(
            &mut canvas,
            &Ticks::integer(range.0, range.1, 6),
            plot.lowest,
        );
        if plot.lowest {
            axes.x_title(&mut canvas, "Design");
        }
    }
    notes.finish(canvas, "Contraction of each quantity by design")
}

fn draw_line(
    canvas: &mut Canvas,
    axes: &Axes,
    line: usize,
    rows: &[usize],
    (designs, found): (&[f64], &[IntervalEstimate]),
) {
    let x: Vec<f64> = rows.iter().map(|row| designs[*row]).collect();
    let mean: Vec<f64> = rows.iter().map(|row| found[*row].mean).collect();
    let own = series_stroke(line);
    if x.len() > 1 {
        axes.curve(canvas, &x, &mean, own);
    }
    for row in rows {
        let one = found[*row];
        if one.mean.is_finite() {
            let at = |y: f64| axes.position(designs[*row], y.max(axes.y.0));
            if one.low.is_finite() {
                canvas.line(at(one.low), at(one.high), Stroke::solid(own.colour, 0.8));
            }
            canvas.disc(at(one.mean), DOT, own.colour);
        }
    }
}

/// Draws estimates with their 90 % intervals against the truths, from the table `estimates`: a panel for each quantity
/// of the first explanation, in the design of the most occasions.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`].
pub(crate) fn recovered(
    table: &Table,
    designs: &Table,
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let costs = ColumnReader::new(designs)?;
    let (number, cost) = (costs.numbers("design")?, costs.numbers("person_occasions")?);
    let largest = (0..costs.rows()).max_by(|one, other| {
        let order = cost[*one].total_cmp(&cost[*other]);
        order.then(number[*one].total_cmp(&number[*other]))
    });
    let largest = largest.map_or(1.0, |row| number[row]);
    let (own, quantities) = (reader.numbers("design")?, reader.categories("quantity")?);
    let explanations = reader.categories("explanation")?;
    let (truth, mean) = (reader.numbers("truth")?, reader.numbers("mean")?);
    let (low, high) = (reader.numbers("q05")?, reader.numbers("q95")?);
    let first = explanations.first().copied().unwrap_or_default();
    let rows: Vec<usize> = (0..reader.rows())
        .filter(|row| own[*row] == largest && explanations[*row] == first)
        .collect();
    let names = distinct(&rows.iter().map(|row| quantities[*row]).collect::<Vec<_>>());
    if names.is_empty() {
        return Err(reader.nothing("estimate"));
    }
    let shown = names.len().min(MOST_PANELS);
    let most = rows.len() / names.len();
    let mut notes = Legend::new();
    notes.add(
        LegendHandle::Disc(BLUE, SMALL_DOT),
        "mean of the posterior of a data set, with its 90% interval",
    );
    notes.add(LegendHandle::Line(LIMIT), "truth");
    notes.note(format!("design {largest}"));
    if first != ALONE {
        notes.note(format!("rival {first}"));
    }
    notes.note_first(MOST_DOTS, most, "data sets");
    notes.note_first(MOST_PANELS, names.len(), "quantities");
    let width = width.millimetres();
    let spacing = SubplotSpacing {
        left: 14.0,
        right: 3.0,
        above: 6.0,
        height: 40.0,
        below: 9.0,
    };
    let plots = Subplots::new(shown, columns_of(shown), (0.0, width), 0.6, spacing);
    let notes = notes.below(width, plots.bottom + 1.0);
    let mut canvas = notes.canvas();
    for (name, plot) in names.iter().zip(&plots.panels) {
        let rows: Vec<usize> = rows
            .iter()
            .copied()
            .filter(|row| quantities[*row] == *name)
            .take(MOST_DOTS)
            .collect();
        let values = rows
            .iter()
            .flat_map(|row| [truth[*row], low[*row], high[*row]]);
        let range = with_margins(range_of(values).unwrap_or((0.0, 1.0)));
        let axes = Axes {
            frame: plot.frame,
            x: range,
            y: range,
        };
        canvas.line(
            axes.position(range.0, range.0),
            axes.position(range.1, range.1),
            LIMIT,
        );
        for row in rows {
            let x = truth[row];
            if !(x.is_finite() && mean[row].is_finite()) {
                continue;
            }
            canvas.line(
                axes.position(x, low[row]),
                axes.position(x, high[row]),
                Stroke::solid(BLUE.faint(0.3), 0.5),
            );
            canvas.disc(axes.position(x, mean[row]), SMALL_DOT, BLUE);
        }
        axes.draw_spines(&mut canvas);
        axes.heading(&mut canvas, name, 0.0);
        let ticks = Ticks::round(range.0, range.1, 4);
        axes.y_ticks(&mut canvas, &ticks);
        axes.y_title(&mut canvas, "Inferred", 11.5);
        axes.x_ticks(&mut canvas, &ticks, true);
        axes.x_title(&mut canvas, "Truth");
    }
    notes.finish(canvas, "Inferred values against the true ones")
}

/// Side of a cell of a confusion matrix at most (mm).
const CELL: f64 = 18.0;
/// Space for the names of rivals (mm).
const NAMES: f64 = 24.0;

/// Draws the share of each rival's data sets that are assigned to each rival, from the table `confusion`: a panel for
/// each design.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`].
pub(crate) fn confusion(
    table: &Table,
    designs: &Table,
    width: Width,
) -> Result<Figure, ChartError> {
    let settings = settings_of_designs(designs)?;
    let reader = ColumnReader::new(table)?;
    let designs = reader.numbers("design")?;
    let (truths, chosen) = (reader.categories("truth")?, reader.categories("chosen")?);
    let share = reader.estimates(["share", "share_low", "share_high"])?;
    if !share.iter().any(|one| one.mean.is_finite()) {
        return Err(reader.nothing("share that is known"));
    }
    let names = distinct(&truths);
    let mut numbers: Vec<f64> = designs.to_vec();
    numbers.dedup();
    let shown = numbers.len().min(MOST_PANELS);
    let columns = shown.min(3);
    let width = width.millimetres();
    let each = (width / columns as f64 - NAMES - 3.0) / names.len() as f64;
    let cell = each.min(CELL);
    let spacing = SubplotSpacing {
        left: NAMES,
        right: 3.0,
        above: 11.0,
        height: cell * names.len() as f64,
        below: 3.0,
    };
    let plots = Subplots::new(shown, columns, (0.0, width), 0.6, spacing);
    let mut notes = Legend::new();
    notes.note("rows: the true rival; columns: the rival that data sets are assigned to");
    notes.note("shares of the row in percent, with 95% intervals");
    let sets = reader.numbers("data_sets")?;
    if let Some((low, high)) = range_of(sets.iter().copied()) {
        notes.note(match low == high {
            true => format!("n = {low} data sets in each row"),
            false => format!("n = {low} to {high} data sets in a row"),
        });
    }
    add_settings(&mut notes, &settings);
    let notes = notes.below(width, plots.bottom - 4.0);
    let mut canvas = notes.canvas();
    for (number, plot) in numbers.iter().zip(&plots.panels) {
        let Rect { left, top, .. } = plot.frame;
        let axes = Axes {
            frame: plot.frame,
            x: (0.0, 1.0),
            y: (0.0, 1.0),
        };
        axes.heading(&mut canvas, &format!("Design {number}"), 4.0);
        for (row, name) in names.iter().enumerate() {
            let y = top + (row as f64 + 0.5) * cell;
            let text = LABEL.shorten(name, NAMES - 3.0);
            canvas.text((left - 1.5, y), &text, LABEL.ending());
            let x = left + (row as f64 + 0.5) * cell;
            let text = LABEL.shorten(name, cell - 0.6);
            canvas.text((x, top - 2.2), &text, LABEL.centred());
        }
        for row in (0..reader.rows()).filter(|row| designs[*row] == *number) {
            let place = |name: &str| names.iter().position(|own| *own == name);
            let (Some(down), Some(across)) = (place(truths[row]), place(chosen[row])) else {
                continue;
            };
            let frame = Rect {
                left: left + across as f64 * cell,
                top: top + down as f64 * cell,
                width: cell,
                height: cell,
            };
            let value = share[row].mean;
            if value.is_finite() {
                canvas.rectangle(frame, BLUE.faint(0.85 * value));
            }
            canvas.outline(frame, Stroke::solid(WHITE, 0.6));
            let (x, y) = frame.centre();
            if !value.is_finite() {
                canvas.text((x, y), "–", NOTE.centred());
                continue;
            }
            let text = format!("{:.0}", 100.0 * value);
            canvas.text((x, y - 1.6), &text, LABEL.centred());
            let [low, high] = [share[row].low, share[row].high].map(|end| 100.0 * end);
            let text = format!("{low:.0}–{high:.0}");
            canvas.text((x, y + 1.8), &text, NOTE.centred());
        }
    }
    notes.finish(canvas, "Which rivals are taken for which, by design")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::test_support::{assert_sound, row};
    use crate::recover::tables::{
        confusion_schema, designs_schema, estimates_schema, recovery_schema,
    };

    #[test]
    fn contraction_has_a_line_for_each_quantity_and_a_panel_for_each_explanation() {
        let schema = recovery_schema();
        let mut table = Table::new(recovery_schema());
        for explanation in ["one", "other"] {
            for design in [1.0, 2.0, 3.0] {
                for quantity in ["trust_rate", "a_long_name_of_a_quantity"] {
                    let floats = [
                        ("design", design),
                        ("contraction", 0.2 * design),
                        ("contraction_low", 0.2 * design - 0.05),
                        ("contraction_high", 0.2 * design + 0.05),
                    ];
                    let words = [("explanation", explanation), ("quantity", quantity)];
                    table.rows.push(row(&schema, &floats, &words));
                }
            }
        }
        let mut designs = Table::new(designs_schema());
        let words = [("settings", "couples = 50")];
        designs
            .rows
            .push(row(&designs_schema(), &[("design", 1.0)], &words));
        let figure = contraction(&table, &designs, Width::Page).expect("a figure");
        assert_sound("contraction", &figure);
        for text in [
            "one",
            "other",
            "trust_rate",
            "Contraction",
            "design 1: couples = 50",
        ] {
            assert!(figure.svg().contains(text), "{text}");
        }
        let unknown = row(&schema, &[("design", 1.0)], &[("quantity", "x")]);
        let mut table = Table::new(recovery_schema());
        table.rows.push(unknown);
        let figure = contraction(&table, &designs, Width::Page);
        assert!(matches!(figure, Err(ChartError::NothingToDraw { .. })));
    }

    #[test]
    fn recovered_shows_the_design_of_the_most_occasions() {
        let schema = estimates_schema();
        let mut table = Table::new(estimates_schema());
        let mut designs = Table::new(designs_schema());
        for (design, occasions) in [(1.0, 50.0), (2.0, 900.0), (3.0, 100.0)] {
            let floats = [("design", design), ("person_occasions", occasions)];
            designs.rows.push(row(&designs_schema(), &floats, &[]));
            for truth in [0.2, 0.5, 0.9] {
                let floats = [
                    ("design", design),
                    ("truth", truth),
                    ("mean", truth + 0.05),
                    ("q05", truth - 0.1),
                    ("q95", truth + 0.2),
                ];
                let words = [("quantity", "trust_rate")];
                table.rows.push(row(&schema, &floats, &words));
            }
        }
        let figure = recovered(&table, &designs, Width::Page).expect("a figure");
        assert_sound("recovered", &figure);
        assert!(figure.svg().contains("design 2"), "{}", figure.svg());
    }

    #[test]
    fn confusion_has_a_cell_for_each_pair_and_a_panel_for_each_design() {
        let schema = confusion_schema();
        let mut table = Table::new(confusion_schema());
        let names = ["projection", "accuracy", "neither_of_the_two_others"];
        for design in [1.0, 2.0] {
            for truth in names {
                for chosen in names {
                    let share = if truth == chosen { 0.71 } else { 0.14 };
                    let floats = [
                        ("design", design),
                        ("share", share),
                        ("share_low", share - 0.05),
                        ("share_high", share + 0.04),
                    ];
                    let words = [("truth", truth), ("chosen", chosen)];
                    table.rows.push(row(&schema, &floats, &words));
                }
            }
        }
        let designs = Table::new(designs_schema());
        let figure = confusion(&table, &designs, Width::Page);
        assert!(matches!(figure, Err(ChartError::NoRows { .. })));
        let mut designs = designs;
        designs
            .rows
            .push(row(&designs_schema(), &[("design", 1.0)], &[]));
        let figure = confusion(&table, &designs, Width::Page).expect("a figure");
        assert_sound("confusion", &figure);
        for text in ["Design 1", "Design 2", "projection", "71", "66–75"] {
            assert!(figure.svg().contains(text), "{text}");
        }
    }
}
