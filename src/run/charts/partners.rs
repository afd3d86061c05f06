//! How alike the partners of a couple are at the end: trust, intimacy and satisfaction of B against those of A.

use super::phase_plane::MOST;
use crate::chart::{
    Axes, BLUE, Canvas, ChartError, ColumnReader, Figure, GREY, Legend, LegendHandle, MARGIN, NOTE,
    Rect, Stroke, SubplotSpacing, Subplots, VERMILLION, Width, count, draw_unit_plane, number,
};
use crate::stats::dyads::correlation::CorrelationRows;
use crate::stats::interval::CONFIDENCE;
use crate::table::Table;

/// The columns of `couples` that are compared, less the partner, and their names.
const COMPARED: [(&str, &str); 3] = [
    ("trust_end", "Trust"),
    ("intimacy_end", "Intimacy"),
    ("satisfaction_end", "Satisfaction"),
];
const SPACING: SubplotSpacing = SubplotSpacing {
    left: 12.5,
    right: 3.0,
    above: 6.0,
    height: 0.0,
    below: 12.0,
};
const DIAGONAL: Stroke = Stroke::solid(GREY, 0.5);
const RADIUS: f64 = 0.5;
const ALPHA: f64 = 0.5;

/// Both partners of the couples in one variable.
struct PartnerPairs {
    name: &'static str,
    /// Values of A and B, and whether the couple is intact.
    couples: Vec<([f64; 2], bool)>,
}

impl PartnerPairs {
    fn read(
        reader: &ColumnReader<'_>,
        (column, name): (&str, &'static str),
    ) -> Result<Self, ChartError> {
        let a = reader.numbers(&format!("{column}_a"))?;
        let b = reader.numbers(&format!("{column}_b"))?;
        let end = reader.numbers("end_day")?;
        let couples = (0..reader.rows())
            .map(|row| ([a[row], b[row]], end[row].is_nan()))
            .filter(|(values, _)| values.iter().all(|value| (0.0..=1.0).contains(value)))
            .take(MOST)
            .collect();
        Ok(PartnerPairs { name, couples })
    }

    /// The correlation of intact partners with its interval, as text; partners are exchangeable.
    fn correlation(&self) -> String {
        let mut rows = CorrelationRows::default();
        for (couple, ([a, b], _)) in self
            .couples
            .iter()
            .filter(|(_, intact)| *intact)
            .enumerate()
        {
            rows.push(couple, *a, *b);
            rows.push(couple, *b, *a);
        }
        let found = rows.correlation();
        if found.couples < 3 || !found.value.is_finite() {
            return "too few for r".to_owned();
        }
        let interval = found.interval(CONFIDENCE);
        let [value, low, high] =
            [found.value, interval.low, interval.high].map(|r| number(r, 0.01));
        format!("r = {value} [{low}, {high}]")
    }
}

/// Draws partner B against partner A in trust, intimacy and satisfaction at the end, from the table `couples`.
///
/// Each couple is a point: filled where intact (`end_day` is missing), hollow where separated, at its
/// separation. Of more than 2000 of the run's `couples` the first 2000 are drawn. Over each panel stands the correlation
/// of intact partners with its 95 % interval; both partners are entered in turn, since they are
/// exchangeable.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where no couple has
/// finite values.
pub(crate) fn partners(table: &Table, couples: u64, width: Width) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let variables = COMPARED
        .iter()
        .map(|compared| PartnerPairs::read(&reader, *compared))
        .collect::<Result<Vec<_>, _>>()?;
    if variables.iter().all(|variable| variable.couples.is_empty()) {
        return Err(reader.nothing("couple with finite values at the end"));
    }
    let millimetres = width.millimetres();
    let columns = match width {
        Width::Column => 1,
        Width::Page => variables.len(),
    };
    let height = millimetres / columns as f64 - SPACING.left - SPACING.right;
    let spacing = SubplotSpacing { height, ..SPACING };
    let subplots = Subplots::new(
        variables.len(),
        columns,
        (0.0, millimetres),
        MARGIN / 2.0,
        spacing,
    );
    let legend = legend(&variables[0], reader.rows().max(couples as usize));
    let legend = legend.below(millimetres, subplots.bottom + 2.0);
    let mut canvas = legend.canvas();
    for (variable, subplot) in variables.iter().zip(&subplots.panels) {
        draw(&mut canvas, subplot.frame, variable);
    }
    legend.finish(
        canvas,
        "Partners' trust, intimacy and satisfaction at the end",
    )
}

fn draw(canvas: &mut Canvas, frame: Rect, variable: &PartnerPairs) {
    let panel = Axes {
        frame,
        x: (0.0, 1.0),
        y: (0.0, 1.0),
    };
    panel.heading(canvas, variable.name, 0.0);
    let r = variable.correlation();
    canvas.text((frame.right(), frame.top - 2.0), &r, NOTE.ending());
    canvas.line(panel.position(0.0, 0.0), panel.position(1.0, 1.0), DIAGONAL);
    for ([a, b], intact) in &variable.couples {
        let at = panel.position(*a, *b);
        if *intact {
            canvas.disc(at, RADIUS, BLUE.faint(ALPHA));
        } else {
            canvas.ring(at, RADIUS, separated());
        }
    }
    draw_unit_plane(canvas, &panel, "Partner A (0–1)", "Partner B (0–1)");
}

fn separated() -> Stroke {
    Stroke::solid(VERMILLION.faint(ALPHA), 0.6)
}

fn legend(variable: &PartnerPairs, known: usize) -> Legend {
    let intact = variable
        .couples
        .iter()
        .filter(|(_, intact)| *intact)
        .count();
    let left = variable.couples.len() - intact;
    let mut legend = Legend::new();
    if intact > 0 {
        let text = format!("intact at the end ({})", count(intact as i64));
        legend.add(LegendHandle::Disc(BLUE.faint(0.85), RADIUS.max(0.65)), text);
    }
    if left > 0 {
        let text = format!("separated, at separation ({})", count(left as i64));
        legend.add(LegendHandle::Ring(separated(), RADIUS.max(0.65)), text);
    }
    legend.note("r: correlation of partners still together, with its 95% interval");
    legend.note_first(variable.couples.len(), known, "couples");
    legend
}
