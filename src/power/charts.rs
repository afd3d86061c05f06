//! The charts of a power analysis: power over one quantity of the design, and the smallest designs that reach the
//! target.

use crate::chart::figure_list::{DrawnCharts, FigureSpec, draw_tables};
use crate::chart::options::ChartOptions;
use crate::chart::{
    Axes, Canvas, ChartError, ColumnReader, Dash, Figure, FigureHeading, GREY, IntervalEstimate,
    Legend, LegendHandle, MARGIN, NOTE, Rect, Stroke, SubplotSpacing, Subplots, Ticks, Width,
    number, range_of, round_range, series_stroke, with_margins,
};
use crate::report::power::{effect_title, quantity_title};
use crate::runner::CancelToken;
use crate::scenario::power_spec::{DesignQuantity, DesignValues, PowerSpec, QUANTITY_COUNT};
use crate::table::Table;

/// Lines in one panel at most.
const MOST_LINES: usize = 6;
/// Panels at most.
const MOST_PANELS: usize = 12;
/// Effects from which on names are too long for three panels side by side.
const MOST_SHORT_NAMES: usize = 6;
const BAND: f64 = 0.18;
const DOT: f64 = 0.7;
const TARGET: Stroke = Stroke::solid(GREY, 0.6).dashed(Dash::Short);

/// All figures of a power analysis.
const FIGURES: &[FigureSpec<PowerSpec>] = &[
    FigureSpec {
        name: "frontier",
        tables: &["frontier"],
        width: Width::Column,
        draw: |tables, power, width| frontier(tables.get("frontier")?, power, width),
    },
    FigureSpec {
        name: "power",
        tables: &["power"],
        width: Width::Page,
        draw: |tables, power, width| power_curves(tables.get("power")?, power, width),
    },
];

/// Draws all figures.
pub(crate) fn draw(
    power: &PowerSpec,
    tables: &[Table],
    heading: &FigureHeading,
    options: &ChartOptions,
    cancel: &CancelToken,
) -> DrawnCharts {
    draw_tables(FIGURES, power, tables, heading, options, &|| {
        cancel.is_cancelled()
    })
}

/// What is drawn along the lower axis, and one line for each combination of the others.
struct PowerLines {
    along: DesignQuantity,
    /// The other quantities of each line.
    lines: Vec<DesignValues>,
    /// The quantities that tell the lines apart.
    apart: Vec<DesignQuantity>,
}

impl PowerLines {
    /// The quantity with the most values lies along the axis; of none that varies, couples do.
    fn new(
        quantities: Vec<DesignQuantity>,
        designs: &[DesignValues],
        without: Option<DesignQuantity>,
    ) -> PowerLines {
        let values = |quantity: DesignQuantity| {
            let mut values: Vec<f64> = designs
                .iter()
                .map(|design| design[quantity as usize])
                .collect();
            values.sort_by(f64::total_cmp);
            values.dedup();
            values.len()
        };
        let others: Vec<DesignQuantity> = quantities
            .into_iter()
            .filter(|quantity| Some(*quantity) != without)
            .collect();
        let most = others
            .iter()
            .map(|quantity| values(*quantity))
            .max()
            .unwrap_or(1);
        let along = others.iter().find(|quantity| values(**quantity) == most);
        let along = along.copied().unwrap_or(DesignQuantity::Couples);
        let apart: Vec<DesignQuantity> = others
            .into_iter()
            .filter(|quantity| *quantity != along && values(*quantity) > 1)
            .collect();
        let mut lines: Vec<DesignValues> = Vec::new();
        for design in designs {
            if !lines.iter().any(|line| same(line, design, &apart)) {
                lines.push(*design);
            }
        }
        PowerLines {
            along,
            lines,
            apart,
        }
    }

    /// The rows of a line in the order of the axis.
    fn rows(
        &self,
        line: usize,
        designs: &[DesignValues],
        is_wanted: impl Fn(usize) -> bool,
    ) -> Vec<usize> {
        let own =
            |row: &usize| is_wanted(*row) && same(&self.lines[line], &designs[*row], &self.apart);
        let mut rows: Vec<usize> = (0..designs.len()).filter(own).collect();
        let along = self.along as usize;
        rows.sort_by(|one, other| designs[*one][along].total_cmp(&designs[*other][along]));
        rows
    }

    /// Draws all lines through the wanted rows of a table.
    fn draw(
        &self,
        canvas: &mut Canvas,
        axes: &Axes,
        (designs, found): (&[DesignValues], &[IntervalEstimate]),
        is_wanted: impl Fn(usize) -> bool,
    ) {
        for line in 0..self.lines.len() {
            let rows = self.rows(line, designs, &is_wanted);
            let along = |row: &usize| designs[*row][self.along as usize];
            let x: Vec<f64> = rows.iter().map(along).collect();
            let values: Vec<IntervalEstimate> = rows.iter().map(|row| found[*row]).collect();
            draw_line(canvas, axes, line, &x, &values);
        }
    }

    fn name(&self, line: usize) -> String {
        let part = |quantity: &DesignQuantity| {
            let title = quantity_title(*quantity).to_lowercase();
            let value = self.lines[line][*quantity as usize];
            match quantity.is_count() {
                true => format!("{} {title}", number(value, 1.0)),
                false => format!("{title} {}", number(value, 0.01)),
            }
        };
        let parts: Vec<String> = self.apart.iter().map(part).collect();
        parts.join(", ")
    }

    fn ticks(&self, (low, high): (f64, f64)) -> Ticks {
        match self.along.is_count() {
            true => Ticks::integer(low, high, 5),
            false => Ticks::round(low, high, 5),
        }
    }
}

fn same(one: &DesignValues, other: &DesignValues, quantities: &[DesignQuantity]) -> bool {
    quantities
        .iter()
        .all(|quantity| one[*quantity as usize] == other[*quantity as usize])
}

fn designs_of(
    reader: &ColumnReader<'_>,
    quantities: &[DesignQuantity],
) -> Result<Vec<DesignValues>, ChartError> {
    let mut designs = vec![[0.0; QUANTITY_COUNT]; reader.rows()];
    for quantity in quantities {
        let column = reader.numbers(quantity.key())?;
        for (design, value) in designs.iter_mut().zip(column.iter()) {
            design[*quantity as usize] = *value;
        }
    }
    Ok(designs)
}

/// Draws the power of each effect with its Monte Carlo interval, from the table `power`: a panel for each effect
/// but the intercepts, a line for each combination of quantities other than that along the lower axis, and a
/// line at the target.
///
/// # Errors
/// [`ChartError::BadArgument`] of more than six lines; [`ChartError::NoRows`], [`ChartError::NoColumn`], or
/// [`ChartError::NothingToDraw`] where no power is known.
pub(crate) fn power_curves(
    table: &Table,
    power: &PowerSpec,
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let quantities = power.quantities();
    let designs = designs_of(&reader, &quantities)?;
    let effects = reader.categories("effect")?;
    let found = reader.estimates(["power", "power_low", "power_high"])?;
    if !found.iter().any(|one| one.mean.is_finite()) {
        return Err(reader.nothing("power that is known"));
    }
    let lines = PowerLines::new(quantities, &designs, None);
    check_lines(lines.lines.len())?;
    let names = panel_names(power);
    let columns = match names.len() {
        4 => 2,
        count if count > MOST_SHORT_NAMES => 2,
        count => count.min(3),
    };
    let inner = width.inner();
    let width = width.millimetres();
    let spacing = SubplotSpacing {
        left: 9.0,
        right: 3.0,
        above: 5.0,
        height: if columns == 1 { 46.0 } else { 34.0 },
        below: 2.6,
    };
    let (legend, notes) = legends(
        &lines,
        "power with its 95% Monte Carlo interval",
        power.target,
    );
    let top = MARGIN / 2.0 + legend.height(inner) + 0.6;
    let subplots = Subplots::new(names.len(), columns, (0.0, width), top, spacing);
    let notes = notes.below(width, subplots.bottom + 1.0);
    let mut canvas = notes.canvas();
    legend.draw(&mut canvas, (MARGIN, MARGIN / 2.0), inner);
    let along = designs.iter().map(|design| design[lines.along as usize]);
    let range = range_of(along).unwrap_or((0.0, 1.0));
    for (name, subplot) in names.iter().zip(&subplots.panels) {
        let axes = Axes {
            frame: subplot.frame,
            x: with_margins(range),
            y: (0.0, 1.0),
        };
        axes.hline(&mut canvas, power.target, TARGET);
        lines.draw(&mut canvas, &axes, (&designs, &found), |row| {
            effects[row] == *name
        });
        axes.draw_spines(&mut canvas);
        axes.heading(&mut canvas, &effect_title(name), 0.0);
        axes.y_ticks(&mut canvas, &Ticks::round(0.0, 1.0, 5));
        axes.x_ticks(&mut canvas, &lines.ticks(axes.x), subplot.lowest);
    }
    let bottom = subplots.panels.iter().filter(|panel| panel.lowest);
    for panel in bottom {
        let axes = Axes {
            frame: panel.frame,
            x: with_margins(range),
            y: (0.0, 1.0),
        };
        axes.x_title(&mut canvas, quantity_title(lines.along));
    }
    notes.finish(
        canvas,
        &format!("Power over {}", quantity_title(lines.along).to_lowercase()),
    )
}

/// The effects that have a panel. Many are in pairs of both partners, side by side.
fn panel_names(power: &PowerSpec) -> Vec<&'static str> {
    let mut names = power.effect_names();
    names.retain(|name| !name.starts_with("intercept"));
    if names.len() > MOST_SHORT_NAMES {
        let (of_a, of_b) = names.split_at(names.len() / 2);
        let pairs = of_a.iter().zip(of_b).map(|(a, b)| [*a, *b]);
        names = pairs.flatten().collect();
    }
    names.truncate(MOST_PANELS);
    names
}

fn check_lines(lines: usize) -> Result<(), ChartError> {
    if (1..=MOST_LINES).contains(&lines) {
        return Ok(());
    }
    Err(ChartError::BadArgument {
        name: "number of lines",
        must: "1 to 6",
        value: lines as f64,
    })
}

fn draw_line(
    canvas: &mut Canvas,
    axes: &Axes,
    line: usize,
    x: &[f64],
    values: &[IntervalEstimate],
) {
    let of = |pick: fn(&IntervalEstimate) -> f64| -> Vec<f64> { values.iter().map(pick).collect() };
    let (low, high, mean) = (of(|e| e.low), of(|e| e.high), of(|e| e.mean));
    let colour = series_stroke(line).colour;
    if x.len() > 1 {
        axes.band(canvas, x, &low, &high, colour.faint(BAND));
        axes.curve(canvas, x, &mean, series_stroke(line));
    }
    for ((x, mean), (low, high)) in x.iter().zip(&mean).zip(low.iter().zip(&high)) {
        if mean.is_finite() {
            if low.is_finite() {
                let ends = (axes.position(*x, *low), axes.position(*x, *high));
                canvas.line(ends.0, ends.1, Stroke::solid(colour, 0.8));
            }
            canvas.disc(axes.position(*x, *mean), DOT, colour);
        }
    }
}

fn legends(lines: &PowerLines, what: &str, target: f64) -> (Legend, Legend) {
    let (mut legend, mut notes) = (Legend::new(), Legend::new());
    if lines.lines.len() > 1 {
        for line in 0..lines.lines.len() {
            let own = series_stroke(line);
            legend.add(
                LegendHandle::LineOnBand(own, own.colour.faint(BAND)),
                lines.name(line),
            );
        }
    }
    let own = series_stroke(0);
    notes.add(LegendHandle::LineOnBand(own, own.colour.faint(BAND)), what);
    notes.add(
        LegendHandle::Line(TARGET),
        format!("target: {}", number(target, 0.01)),
    );
    (legend, notes)
}

/// Draws the smallest sufficient value with its Monte Carlo interval over another quantity, from the table
/// `frontier`. Searches without a known value have no dot.
///
/// # Errors
/// [`ChartError::BadArgument`] of more than six lines; [`ChartError::NoRows`], [`ChartError::NoColumn`], or
/// [`ChartError::NothingToDraw`] where no search found a value.
pub(crate) fn frontier(
    table: &Table,
    power: &PowerSpec,
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let Some(search) = &power.search else {
        return Err(ChartError::NotRequested);
    };
    let quantities = power.quantities();
    let designs = designs_of(&reader, &quantities)?;
    let status = reader.categories("status")?;
    let (low, high) = (
        reader.numbers("smallest_low")?,
        reader.numbers("smallest_high")?,
    );
    let searched = search.quantity as usize;
    let estimate = |row: usize| match status[row] {
        "found" | "unresolved" => IntervalEstimate {
            mean: designs[row][searched],
            low: low[row],
            high: high[row],
        },
        _ => IntervalEstimate {
            mean: f64::NAN,
            low: f64::NAN,
            high: f64::NAN,
        },
    };
    let found: Vec<IntervalEstimate> = (0..reader.rows()).map(estimate).collect();
    let known = found.iter().flat_map(|one| [one.mean, one.low, one.high]);
    let Some(range) = range_of(known) else {
        return Err(reader.nothing("search that found a value"));
    };
    let lines = PowerLines::new(quantities, &designs, Some(search.quantity));
    check_lines(lines.lines.len())?;
    let unknown = found.iter().filter(|one| !one.mean.is_finite()).count();
    let open = status.iter().filter(|word| **word == "unresolved").count();
    let (legend, mut notes) = (legends(&lines, "", power.target).0, Legend::new());
    let own = series_stroke(0);
    notes.add(
        LegendHandle::LineOnBand(own, own.colour.faint(BAND)),
        "smallest value with its 95% Monte Carlo interval",
    );
    notes.note(format!(
        "{}, power {}",
        effect_title(search.effect),
        number(power.target, 0.01)
    ));
    if unknown > 0 {
        notes.note(format!(
            "{unknown} of {} searches end outside the range",
            found.len()
        ));
    }
    if open > 0 {
        notes.note(format!("{open} unresolved"));
    }
    let inner = width.inner();
    let width = width.millimetres();
    let y = round_range(0.0, range.1, 5);
    let ticks = match search.quantity.is_count() {
        true => Ticks::integer(y.0, y.1, 5),
        false => Ticks::round(y.0, y.1, 5),
    };
    let widest = ticks
        .labels
        .iter()
        .map(|label| NOTE.width(label))
        .fold(0.0, f64::max);
    let top = MARGIN / 2.0 + legend.height(inner) + 1.5;
    let frame = Rect {
        left: widest + 8.5,
        top,
        width: width - widest - 8.5 - 3.5,
        height: 50.0,
    };
    let along = designs.iter().map(|design| design[lines.along as usize]);
    let axes = Axes {
        frame,
        x: with_margins(range_of(along).unwrap_or((0.0, 1.0))),
        y,
    };
    let notes = notes.below(width, axes.legend_top());
    let mut canvas = notes.canvas();
    legend.draw(&mut canvas, (MARGIN, MARGIN / 2.0), inner);
    lines.draw(&mut canvas, &axes, (&designs, &found), |_| true);
    axes.draw_spines(&mut canvas);
    axes.y_ticks(&mut canvas, &ticks);
    axes.x_ticks(&mut canvas, &lines.ticks(axes.x), true);
    axes.x_title(&mut canvas, quantity_title(lines.along));
    axes.y_title(
        &mut canvas,
        &format!("{} needed", quantity_title(search.quantity)),
        widest + 4.5,
    );
    notes.finish(
        canvas,
        &format!(
            "{} needed for the target power",
            quantity_title(search.quantity)
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::super::tables::{frontier_schema, power_schema};
    use super::*;
    use crate::chart::test_support::{assert_sound, row};
    use crate::scenario::Scenario;

    const TEXT: &str = "title = 'x'\n[power]\n[power.vary]\ncouples = [20, 40, 80]\noccasions = [7, 14]\n[power.effects]\n\
                        actor = 0.3\npartner = 0.2\nintercept_sd = 1.0\nresidual_sd = 1.0\n[power.search]\n\
                        effect = 'partner_a'\nfrom = 10\nto = 200\n";

    fn spec(text: &str) -> PowerSpec {
        let scenario = Scenario::parse(text).unwrap_or_else(|error| panic!("{error}"));
        scenario.spec.power.clone().expect("a [power]")
    }

    fn power_rows(power: &PowerSpec) -> Table {
        let mut table = Table::new(power_schema(power));
        for design in power.designs() {
            let of = |quantity: DesignQuantity| design[quantity as usize];
            let [couples, occasions, compliance, reliability] = DesignQuantity::OF_GIVEN.map(of);
            for effect in power.effect_names() {
                let share = (couples * occasions / 2_000.0).min(0.98);
                let floats = [
                    ("couples", couples),
                    ("occasions", occasions),
                    ("compliance", compliance),
                    ("reliability", reliability),
                    ("power", share),
                    ("power_low", share - 0.02),
                    ("power_high", share + 0.02),
                ];
                table
                    .rows
                    .push(row(&power_schema(power), &floats, &[("effect", effect)]));
            }
        }
        table
    }

    #[test]
    fn power_has_a_panel_for_each_effect_a_line_for_each_design_and_the_target() {
        let power = spec(TEXT);
        let figure = power_curves(&power_rows(&power), &power, Width::Page).expect("a figure");
        assert_sound("power", &figure);
        let svg = figure.svg();
        for text in [
            "Actor effect of partner A",
            "Partner effect on partner B",
            "7 occasions",
            "14 occasions",
            "Couples",
            "target: 0.80",
        ] {
            assert!(svg.contains(text), "{text}");
        }
        assert!(!svg.contains("Intercept") && !svg.contains("NaN"));
        let one = spec(
            &TEXT
                .replace("[20, 40, 80]", "[20]")
                .replace("[7, 14]", "[7]"),
        );
        let figure = power_curves(&power_rows(&one), &one, Width::Page).expect("a figure");
        assert_sound("power", &figure);
        let many = spec(
            &TEXT
                .replace("[20, 40, 80]", "[20, 30, 40, 50, 60, 70, 80, 90]")
                .replace("[7, 14]", "[7, 8, 9, 10, 11, 12, 13, 14]"),
        );
        let crowded = power_curves(&power_rows(&many), &many, Width::Page);
        assert!(matches!(crowded, Err(ChartError::BadArgument { .. })));
        let empty = power_curves(&Table::new(power_schema(&power)), &power, Width::Page);
        assert!(matches!(empty, Err(ChartError::NoRows { .. })));
    }

    #[test]
    fn panels_have_both_partners_side_by_side_with_whole_names_and_say_what_differs() {
        let study = "title = 'x'\n[run]\ndays = 900\n[study]\nwaves = 4\nburst_days = 0\n[power]\npredictor = 'prqc_trust'\n";
        let growth = "analysis = 'growth'\noutcome = 'prqc_satisfaction'\n[power.vary]\nwaves = [3, 4]\ndrop_out = [0, 0.1]\n";
        let power = spec(&format!("{study}{growth}"));
        assert_eq!(
            panel_names(&power)[..4],
            ["slope_a", "slope_b", "actor_level_a", "actor_level_b"]
        );
        let rows = |power: &PowerSpec| {
            let schema = power_schema(power);
            let mut table = Table::new(schema.clone());
            for design in power.designs() {
                for effect in power.effect_names() {
                    let mut floats: Vec<(&str, f64)> = power
                        .quantities()
                        .into_iter()
                        .map(|own| (own.key(), design[own as usize]))
                        .collect();
                    floats.extend([("power", 0.5), ("power_low", 0.4), ("power_high", 0.6)]);
                    table
                        .rows
                        .push(row(&schema, &floats, &[("effect", effect)]));
                }
            }
            table
        };
        let figure = power_curves(&rows(&power), &power, Width::Page).expect("a figure");
        assert_sound("power of growth", &figure);
        for text in [
            "Partner effect on the slope of partner B",
            "Actor effect on the level of partner A",
            "drop-out 0.10",
            "Waves",
        ] {
            assert!(figure.svg().contains(text), "{text}");
        }
        let break_up =
            "analysis = 'break_up'\n[power.vary]\nfollow_up = [0, 90]\nwave_interval = [90, 180]\n";
        let power = spec(&format!("{study}{break_up}"));
        let figure = power_curves(&rows(&power), &power, Width::Page).expect("a figure");
        assert_sound("power of break-ups", &figure);
        for text in [
            "Effect of partner A&apos;s score on break-ups",
            "90 days of follow-up",
        ] {
            assert!(figure.svg().contains(text), "{text}");
        }
    }

    #[test]
    fn the_frontier_shows_what_is_known_and_says_what_is_not() {
        let power = spec(TEXT);
        let table = |status: &str, smallest: f64| {
            let mut table = Table::new(frontier_schema(&power));
            for occasions in [7.0, 14.0] {
                let first = occasions == 7.0;
                let floats = [
                    ("couples", if first { 90.0 } else { smallest }),
                    ("occasions", occasions),
                    ("compliance", 1.0),
                    ("reliability", 1.0),
                    ("smallest_low", if first { 85.0 } else { smallest - 3.0 }),
                    ("smallest_high", if first { 96.0 } else { smallest + 3.0 }),
                ];
                let status = if first { "found" } else { status };
                let words = [
                    ("effect", "partner_a"),
                    ("searched", "couples"),
                    ("status", status),
                ];
                table
                    .rows
                    .push(row(&frontier_schema(&power), &floats, &words));
            }
            table
        };
        let draw = |table: &Table| frontier(table, &power, Width::Column).expect("a figure");
        let found = draw(&table("found", 50.0));
        assert_sound("frontier", &found);
        for text in [
            "Couples needed",
            "Occasions",
            "Partner effect on partner A, power 0.80",
        ] {
            assert!(found.svg().contains(text), "{text}");
        }
        assert!(!found.svg().contains("unresolved") && !found.svg().contains("outside the range"));
        assert!(
            draw(&table("unresolved", 50.0))
                .svg()
                .contains("1 unresolved")
        );
        let none = draw(&table("not_reached", f64::NAN));
        assert!(none.svg().contains("1 of 2 searches end outside the range"));
    }
}
