//! A forest plot of claims: effects with their intervals, their smallest effects of interest and verdicts.

use super::report::claims_schema;
use crate::chart::figure_list::{DrawnCharts, FigureSpec, draw_tables};
use crate::chart::options::ChartOptions;
use crate::chart::{
    BLACK, Canvas, ChartError, ColumnReader, Dash, FOREST_RIGHT, Figure, FigureHeading, ForestPlot,
    GREY, IntervalEstimate, Legend, LegendHandle, MARGIN, MOST_FOREST_ROWS, NameWidth, Stroke,
    VerdictMark, Width, range_over,
};
use crate::error::Error;
use crate::results::Manifest;
use crate::runner::CancelToken;
use crate::scenario::claims::STILL_TOGETHER;
use crate::table::Table;
use crate::use_case::read_unaltered;
use std::path::Path;

const ROW: f64 = 5.2;
const DOT: f64 = 0.95;
const ZERO: Stroke = Stroke::solid(GREY, 0.6).dashed(Dash::Short);
const BOUND: Stroke = Stroke::solid(BLACK, 0.7);

/// All figures of claims.
const FIGURES: &[FigureSpec<()>] = &[FigureSpec {
    name: "claims",
    tables: &["claims"],
    width: Width::Page,
    draw: |tables, (), width| claims(tables.get("claims")?, width),
}];

/// Draws all figures.
pub(crate) fn draw(
    claims: &Table,
    heading: &FigureHeading,
    options: &ChartOptions,
    cancel: &CancelToken,
) -> DrawnCharts {
    draw_tables(FIGURES, &(), [claims], heading, options, &|| {
        cancel.is_cancelled()
    })
}

/// Draws all figures from a folder of results.
pub(crate) fn replot(
    results: &Path,
    manifest: &Manifest,
    heading: &FigureHeading,
    options: &ChartOptions,
) -> Result<DrawnCharts, Error> {
    let claims = read_unaltered(results, manifest, &claims_schema(), usize::MAX)?;
    Ok(draw(&claims, heading, options, &CancelToken::default()))
}

fn mark_of(verdict: &str) -> VerdictMark {
    match verdict {
        "supported" => VerdictMark::Holds,
        "refuted" => VerdictMark::Fails,
        _ => VerdictMark::Open,
    }
}

/// One effect of a claim.
struct ClaimEffect {
    name: String,
    effect: IntervalEstimate,
    /// The smallest effects of interest, one or on both sides of 0.
    bounds: Vec<f64>,
    mark: VerdictMark,
}

/// Draws the effects of claims with their intervals, from the table `claims`.
///
/// Reads `claim`, `part`, `statement`, `contrast`, `rule`, `smallest`, `effect`, `ci_low`, `ci_high` and
/// `part_verdict`. A claim of several effects has a row for each. A vertical line marks the smallest effect
/// of interest; verdicts differ in colour and in shape. At most twenty-four rows are drawn.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no effect is known.
pub(crate) fn claims(table: &Table, width: Width) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let effects = read(&reader)?;
    if !effects.iter().any(|effect| effect.effect.mean.is_finite()) {
        return Err(reader.nothing("effect that is known"));
    }
    let shown = &effects[..effects.len().min(MOST_FOREST_ROWS)];
    let names: Vec<String> = shown.iter().map(|effect| effect.name.clone()).collect();
    let known = shown.iter().filter(|effect| effect.effect.mean.is_finite());
    let bounds = shown.iter().flat_map(|effect| &effect.bounds);
    let ends = bounds.map(|bound| IntervalEstimate {
        mean: *bound,
        low: *bound,
        high: *bound,
    });
    let x = range_over(known.map(|effect| effect.effect).chain(ends), 0.0);
    let width = width.millimetres();
    let (left, right) = (MARGIN, width - FOREST_RIGHT);
    let space = NameWidth::wrapped(right - left);
    let plot = ForestPlot::new(&names, space, (left, MARGIN, right), ROW, x);
    let mut legend = legend_of(&effects);
    let observed = reader.categories_if_any("observed");
    if observed.iter().any(|own| own.contains(STILL_TOGETHER)) {
        legend.note(format!(
            "means are over {STILL_TOGETHER} on the days observed, unless a claim says all couples"
        ));
    }
    let legend = legend.below(width, plot.axes.legend_top());
    let mut canvas = legend.canvas();
    plot.axes.vline(&mut canvas, 0.0, ZERO);
    for (row, effect) in shown.iter().enumerate() {
        draw_effect(&mut canvas, &plot, row, effect);
    }
    plot.finish(&mut canvas, "Effect (in units of the outcome)");
    legend.finish(
        canvas,
        "Effects of claims with their intervals and verdicts",
    )
}

fn draw_effect(canvas: &mut Canvas, plot: &ForestPlot, row: usize, effect: &ClaimEffect) {
    let y = plot.middle(row);
    for bound in &effect.bounds {
        let x = plot.x(*bound);
        canvas.line((x, y - 1.7), (x, y + 1.7), BOUND);
    }
    if effect.effect.mean.is_finite() {
        plot.interval(canvas, y, effect.effect, effect.mark.stroke());
        effect
            .mark
            .draw(canvas, (plot.x(effect.effect.mean), y), DOT);
    }
}

fn read(reader: &ColumnReader<'_>) -> Result<Vec<ClaimEffect>, ChartError> {
    let (claim, statement) = (reader.categories("claim")?, reader.categories("statement")?);
    let (contrast, rule) = (reader.categories("contrast")?, reader.categories("rule")?);
    let verdict = reader.categories("part_verdict")?;
    let smallest = reader.drawable("smallest")?;
    let found = reader.estimates(["effect", "ci_low", "ci_high"])?;
    let effect = |row: usize| {
        let alone = claim.iter().filter(|name| **name == claim[row]).count() == 1;
        let bounds = match rule[row] {
            "less" => vec![-smallest[row]],
            "equivalent" => vec![-smallest[row], smallest[row]],
            _ => vec![smallest[row]],
        };
        ClaimEffect {
            name: if alone {
                statement[row].to_owned()
            } else {
                format!("{}: {}", claim[row], contrast[row]).replace('_', " ")
            },
            effect: found[row],
            bounds: bounds.into_iter().filter(|end| end.is_finite()).collect(),
            mark: mark_of(verdict[row]),
        }
    };
    Ok((0..reader.rows()).map(effect).collect())
}

fn legend_of(effects: &[ClaimEffect]) -> Legend {
    let mut legend = Legend::new();
    let texts = ["supported", "undecided", "refuted"];
    for (mark, text) in VerdictMark::ALL.into_iter().zip(texts) {
        if effects.iter().any(|effect| effect.mark == mark) {
            legend.add(mark.handle(DOT), text);
        }
    }
    legend.add(LegendHandle::Tick(BOUND), "smallest effect of interest");
    legend.note("intervals hold over all looks and claims together with 95%");
    legend.note_first(MOST_FOREST_ROWS, effects.len(), "effects");
    legend
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::figure_list::TableSet;
    use crate::chart::test_support::{assert_golden, assert_sound, fixture};
    use crate::table::{Field, Schema, Value};

    const RULES: &[&str] = &["greater", "less", "equivalent", "order"];
    const VERDICTS: &[&str] = &["supported", "refuted", "undecided"];

    /// A table of claims, each with its effect, half-width, rule and verdict.
    fn table(rows: &[(&str, f64, f64, u8, u8)]) -> Table {
        let real = |name: &str| Field::float(name, "1", "a number");
        let text = |name: &str| Field::str(name, "a text");
        let mut table = Table::new(Schema {
            table: "claims",
            row: "an effect of a claim",
            columns: vec![
                text("claim"),
                text("statement"),
                text("contrast"),
                Field::categorical("rule", RULES, "the rule"),
                real("smallest"),
                real("effect"),
                real("ci_low"),
                real("ci_high"),
                Field::categorical("part_verdict", VERDICTS, "the verdict"),
            ],
        });
        for (name, effect, half, rule, verdict) in rows {
            table.rows.push([
                Value::Str((*name).to_owned()),
                Value::Str(format!("Statement of {name}")),
                Value::Str("high_trust − low_trust".to_owned()),
                Value::Categorical(*rule),
                Value::Float(0.05),
                Value::Float(*effect),
                Value::Float(effect - half),
                Value::Float(effect + half),
                Value::Categorical(*verdict),
            ]);
        }
        table
    }

    fn drawn(rows: &[(&str, f64, f64, u8, u8)]) -> Figure {
        claims(&table(rows), Width::Page).expect("a picture")
    }

    #[test]
    fn figures_of_claims_are_as_in_the_golden_files() {
        let tables = [fixture("claims", "claims")];
        for figure in FIGURES {
            let drawn =
                (figure.draw)(&TableSet::new(&tables), &(), figure.width).expect(figure.name);
            assert_sound(figure.name, &drawn);
            assert_golden(&format!("claims-{}", figure.name), &drawn);
        }
    }

    #[test]
    fn each_verdict_has_its_mark_and_its_text() {
        let svg = |verdict| drawn(&[("one", 0.2, 0.01, 0, verdict)]).svg().to_owned();
        let pictures = [svg(0), svg(1), svg(2)];
        for (picture, text) in pictures.iter().zip(VERDICTS) {
            assert!(picture.contains(text), "{text}");
        }
        assert!(pictures[0].contains("#0072B2") && !pictures[0].contains("#D55E00"));
        assert!(pictures[1].contains("#D55E00") && !pictures[1].contains("#0072B2"));
    }

    #[test]
    fn a_claim_of_several_effects_has_a_row_for_each() {
        let order = [("sizes", 0.2, 0.02, 3, 0), ("sizes", 0.1, 0.02, 3, 0)];
        let figure = drawn(&order);
        assert_eq!(figure.svg().matches("high trust − low").count(), 2);
        let single = drawn(&order[..1]);
        assert!(single.svg().contains("Statement of sizes"));
        assert!(figure.height() > single.height());
    }

    #[test]
    fn an_effect_that_is_not_known_leaves_its_row_empty() {
        let figure = drawn(&[("known", 0.1, 0.01, 2, 0), ("gone", f64::NAN, 0.1, 1, 2)]);
        assert!(!figure.svg().contains("NaN"));
        let none = claims(&table(&[("gone", f64::NAN, 0.1, 1, 2)]), Width::Column);
        assert!(matches!(none, Err(ChartError::NothingToDraw { .. })));
        let empty = claims(&table(&[]), Width::Column);
        assert!(matches!(empty, Err(ChartError::NoRows { .. })));
    }

    #[test]
    fn more_rows_than_are_shown_are_counted() {
        let many: Vec<_> = (0..40).map(|_| ("c", 0.1, 0.01, 0, 0)).collect();
        assert!(drawn(&many).svg().contains("first 24 of 40 effects"));
    }
}
