//! A forest of claims: effects with their intervals, what they are held against, and the verdicts.

use crate::chart::axes::{Panel, ROOM_BELOW};
use crate::chart::canvas::{Canvas, Place};
use crate::chart::error::ChartError;
use crate::chart::figure::{Figure, Width};
use crate::chart::legend::{Key, Sample};
use crate::chart::read::Reader;
use crate::chart::style::{BLACK, BLUE, Dash, GREY, Stroke, VERMILLION, WHITE};
use crate::chart::ticks::count;
use crate::sweep::charts::forest::{MOST_ROWS, OPEN, Rows, range_over};
use crate::sweep::charts::points::Estimate;
use crate::table::Table;

const MARGIN: f64 = 2.0;
const RIGHT: f64 = 3.5;
const ROW: f64 = 5.2;
const DOT: f64 = 0.95;
const ZERO: Stroke = Stroke::solid(GREY, 0.6);
const BOUND: Stroke = Stroke::solid(BLACK, 0.7);

/// How a verdict is drawn: shapes differ as well as colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Supported,
    Refuted,
    Undecided,
}

impl Mark {
    fn of(verdict: &str) -> Mark {
        match verdict {
            "supported" => Mark::Supported,
            "refuted" => Mark::Refuted,
            _ => Mark::Undecided,
        }
    }
    fn stroke(self) -> Stroke {
        match self {
            Mark::Supported => Stroke::solid(BLUE, 1.0),
            Mark::Refuted => Stroke::solid(VERMILLION, 1.0),
            Mark::Undecided => OPEN,
        }
    }
    fn draw(self, canvas: &mut Canvas, place: Place) {
        match self {
            Mark::Supported => canvas.disc(place, DOT, BLUE),
            Mark::Refuted => canvas.diamond(place, 1.3 * DOT, VERMILLION),
            Mark::Undecided => {
                canvas.disc(place, DOT, WHITE);
                canvas.ring(place, DOT, OPEN);
            }
        }
    }
}

/// One effect of a claim.
struct Effect {
    name: String,
    found: Estimate,
    /// The smallest effects of interest, one or on both sides of 0.
    bounds: Vec<f64>,
    mark: Mark,
}

/// Draws the effects of claims with their intervals, from the table `claims`.
///
/// Reads `claim`, `part`, `statement`, `contrast`, `rule`, `smallest`, `effect`, `ci_low`, `ci_high` and
/// `part_verdict`. A claim of several effects has a row for each. An upright line marks the smallest effect
/// of interest; verdicts differ in colour and in shape. At most twenty-four rows are drawn.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no effect is known.
pub fn claims(table: &Table, width: Width) -> Result<Figure, ChartError> {
    let reader = Reader::new(table)?;
    let effects = read(&reader)?;
    if !effects.iter().any(|effect| effect.found.mean.is_finite()) {
        return Err(reader.nothing("effect that is known"));
    }
    let shown = &effects[..effects.len().min(MOST_ROWS)];
    let width = width.millimetres();
    let inner = width - 2.0 * MARGIN;
    let names: Vec<String> = shown.iter().map(|effect| effect.name.clone()).collect();
    let layout = Rows::new(&names, (MARGIN, MARGIN, width - RIGHT), ROW);
    let below = layout.frame.bottom() + ROOM_BELOW + 1.0;
    let key = key_to(&effects);
    let mut canvas = Canvas::new(width, below + key.height(inner) + 1.0);
    let known = shown.iter().filter(|effect| effect.found.mean.is_finite());
    let bounds = shown.iter().flat_map(|effect| &effect.bounds);
    let ends = bounds.map(|bound| Estimate {
        mean: *bound,
        low: *bound,
        high: *bound,
    });
    let x = range_over(known.map(|effect| effect.found).chain(ends), 0.0);
    let panel = layout.panel(x);
    panel.upright(&mut canvas, 0.0, ZERO.dashed(Dash::Short));
    for (row, effect) in shown.iter().enumerate() {
        draw(&mut canvas, &layout, &panel, row, effect);
    }
    layout.finish(&mut canvas, x, "Effect, in the unit of what is observed");
    key.draw(&mut canvas, (MARGIN, below), inner);
    canvas.finish("Effects of claims with their intervals and verdicts")
}

fn draw(canvas: &mut Canvas, layout: &Rows, panel: &Panel, row: usize, effect: &Effect) {
    let (_, y) = layout.row(row).centre();
    for bound in &effect.bounds {
        let (x, _) = panel.place(*bound, 0.0);
        canvas.line((x, y - 1.7), (x, y + 1.7), BOUND);
    }
    if effect.found.mean.is_finite() {
        layout.interval(canvas, panel.x, y, effect.found, effect.mark.stroke());
        let place = (panel.place(effect.found.mean, 0.0).0, y);
        effect.mark.draw(canvas, place);
    }
}

fn read(reader: &Reader<'_>) -> Result<Vec<Effect>, ChartError> {
    let (claim, statement) = (reader.categories("claim")?, reader.categories("statement")?);
    let (contrast, rule) = (reader.categories("contrast")?, reader.categories("rule")?);
    let verdict = reader.categories("part_verdict")?;
    let (smallest, mean) = (reader.drawable("smallest")?, reader.drawable("effect")?);
    let (low, high) = (reader.drawable("ci_low")?, reader.drawable("ci_high")?);
    let effect = |row: usize| {
        let alone = claim.iter().filter(|name| **name == claim[row]).count() == 1;
        let bounds = match rule[row] {
            "less" => vec![-smallest[row]],
            "equivalent" => vec![-smallest[row], smallest[row]],
            _ => vec![smallest[row]],
        };
        Effect {
            name: if alone {
                statement[row].to_owned()
            } else {
                format!("{}: {}", spaced(claim[row]), spaced(contrast[row]))
            },
            found: Estimate {
                mean: mean[row],
                low: low[row],
                high: high[row],
            },
            bounds: bounds.into_iter().filter(|end| end.is_finite()).collect(),
            mark: Mark::of(verdict[row]),
        }
    };
    Ok((0..reader.rows()).map(effect).collect())
}

/// A name as words.
fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

fn key_to(effects: &[Effect]) -> Key {
    let mut key = Key::new();
    let has = |mark: Mark| effects.iter().any(|effect| effect.mark == mark);
    if has(Mark::Supported) {
        key.add(Sample::Disc(BLUE, DOT), "supported");
    }
    if has(Mark::Refuted) {
        key.add(Sample::Diamond(VERMILLION), "refuted");
    }
    if has(Mark::Undecided) {
        key.add(Sample::Ring(OPEN, DOT), "undecided");
    }
    key.add(Sample::Tick(BOUND), "smallest effect of interest");
    key.add(
        Sample::Words,
        "intervals hold over all looks and claims together with 95%",
    );
    if effects.len() > MOST_ROWS {
        let words = format!("first {MOST_ROWS} of {} shown", count(effects.len() as i64));
        key.add(Sample::Words, words);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn each_verdict_has_its_mark_and_its_word() {
        let svg = |verdict| drawn(&[("one", 0.2, 0.01, 0, verdict)]).svg().to_owned();
        let pictures = [svg(0), svg(1), svg(2)];
        for (picture, word) in pictures.iter().zip(VERDICTS) {
            assert!(picture.contains(word), "{word}");
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
        assert!(drawn(&many).svg().contains("first 24 of 40"));
    }
}
