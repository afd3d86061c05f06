//! The phase plane of trust and intimacy: where couples end, and in which direction the average couple moves.

use super::phase_flow;
use super::quadrants::Quadrants;
use crate::chart::{
    Axes, BLUE, Canvas, ChartError, Colour, ColumnReader, Figure, Legend, LegendHandle, Position,
    Stroke, VERMILLION, Width, count, draw_unit_plane, unit_plane,
};
use crate::table::Table;

/// Where the plane is divided into regimes, and how its flow was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PhasePlaneOptions {
    /// Trust from which it counts as high [0–1].
    pub(crate) trust: f64,
    /// Intimacy from which it counts as high [0–1].
    pub(crate) intimacy: f64,
    /// Days over which the changes in the table `phase_flow` were taken, positive.
    pub(crate) phase_flow_days: f64,
}

/// Most couples drawn; more would overlap too much.
const MOST: usize = 2000;

/// Draws the trust–intimacy plane of one scenario.
///
/// Each couple of the table `couples` is a point at the means of its partners' `trust_end_a`, `trust_end_b`
/// and `intimacy_end_a`, `intimacy_end_b`: filled where intact (`end_day` is missing), hollow where
/// separated. Of more than 2000 couples the first 2000 are drawn, and the legend says so. The four regimes of
/// balance are tinted quadrants. Each cell of the table `phase_flow` (`trust`, `intimacy`: its centre; `n`
/// couple-days; `d_trust`, `d_intimacy`: mean change) with at least five observations is an arrow; the
/// longest is as long as a cell is wide, and the legend states the scale.
///
/// # Errors
/// [`ChartError::BadArgument`] for a cut outside 0–1 or an interval that is not positive;
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where there is neither
/// a point nor an arrow.
pub(crate) fn phase_plane(
    couples: &Table,
    flow: Option<&Table>,
    options: PhasePlaneOptions,
    width: Width,
) -> Result<Figure, ChartError> {
    check(options)?;
    let (points, known) = points(couples)?;
    let flow = flow
        .filter(|table| table.rows.rows() > 0)
        .map(phase_flow::read)
        .transpose()?
        .flatten();
    if points.is_empty() && flow.is_none() {
        return Err(ColumnReader::new(couples)?.nothing("finite end point"));
    }
    let width = width.millimetres();
    let panel = unit_plane(width);
    let frame = panel.frame;
    let style = PointStyle::of(points.len());
    let quadrants = Quadrants {
        panel: &panel,
        cuts: (options.trust, options.intimacy),
    };
    let mut legend = Legend::new();
    add_points_to_legend(&mut legend, &points, known, style);
    if let Some(flow) = &flow {
        flow.add_to_legend(&mut legend, &panel, options.phase_flow_days);
    }
    quadrants.add_to_legend(&mut legend);
    let legend = legend.below_within(width, (frame.left, frame.right()), panel.legend_top());
    let mut canvas = legend.canvas();
    quadrants.tint(&mut canvas);
    draw_points(&mut canvas, &panel, &points, style);
    let mut marks: Vec<Position> = points
        .iter()
        .map(|(x, y, _)| panel.position(*x, *y))
        .collect();
    if let Some(flow) = &flow {
        flow.draw(&mut canvas, &panel);
        marks.extend(flow.positions(&panel));
    }
    quadrants.write_names(&mut canvas, &marks);
    draw_unit_plane(
        &mut canvas,
        &panel,
        "Trust (0–1, mean of both partners)",
        "Intimacy (0–1, mean of both partners)",
    );
    legend.finish(
        canvas,
        "Couples at the end and mean flow in the plane of trust and intimacy",
    )
}

fn check(options: PhasePlaneOptions) -> Result<(), ChartError> {
    for (name, value) in [
        ("trust cut", options.trust),
        ("intimacy cut", options.intimacy),
    ] {
        if !(0.0..=1.0).contains(&value) {
            return Err(ChartError::BadArgument {
                name,
                must: "within 0 and 1",
                value,
            });
        }
    }
    if !(options.phase_flow_days > 0.0 && options.phase_flow_days.is_finite()) {
        let value = options.phase_flow_days;
        return Err(ChartError::BadArgument {
            name: "flow interval",
            must: "positive",
            value,
        });
    }
    Ok(())
}

/// A couple's end: trust, intimacy, and whether it is intact.
type CoupleEnd = (f64, f64, bool);

/// The first couples' ends, and how many the table holds.
fn points(couples: &Table) -> Result<(Vec<CoupleEnd>, usize), ChartError> {
    let reader = ColumnReader::new(couples)?;
    let trust = [
        reader.numbers("trust_end_a")?,
        reader.numbers("trust_end_b")?,
    ];
    let intimacy = [
        reader.numbers("intimacy_end_a")?,
        reader.numbers("intimacy_end_b")?,
    ];
    let end = reader.numbers("end_day")?;
    let within = |value: f64| (0.0..=1.0).contains(&value);
    let mut points: Vec<CoupleEnd> = (0..reader.rows())
        .map(|i| {
            let mean = |pair: &[std::borrow::Cow<'_, [f64]>; 2]| 0.5 * (pair[0][i] + pair[1][i]);
            (mean(&trust), mean(&intimacy), end[i].is_nan())
        })
        .filter(|(x, y, _)| within(*x) && within(*y))
        .collect();
    let known = points.len();
    points.truncate(MOST);
    Ok((points, known))
}

/// How large and dense points are, which depends on their number.
#[derive(Clone, Copy)]
struct PointStyle {
    radius: f64,
    alpha: f64,
}

impl PointStyle {
    fn of(points: usize) -> PointStyle {
        match points {
            0..=100 => PointStyle {
                radius: 0.85,
                alpha: 0.85,
            },
            101..=500 => PointStyle {
                radius: 0.65,
                alpha: 0.6,
            },
            _ => PointStyle {
                radius: 0.45,
                alpha: 0.45,
            },
        }
    }
    fn intact(self) -> Colour {
        BLUE.faint(self.alpha)
    }
    fn separated(self) -> Stroke {
        Stroke::solid(VERMILLION.faint(self.alpha.max(0.6)), 0.6)
    }
}

fn draw_points(canvas: &mut Canvas, panel: &Axes, points: &[CoupleEnd], style: PointStyle) {
    for (trust, intimacy, intact) in points {
        let at = panel.position(*trust, *intimacy);
        if *intact {
            canvas.disc(at, style.radius, style.intact());
        } else {
            canvas.ring(at, style.radius, style.separated());
        }
    }
}

fn add_points_to_legend(
    legend: &mut Legend,
    points: &[CoupleEnd],
    known: usize,
    style: PointStyle,
) {
    let intact = points.iter().filter(|(_, _, intact)| *intact).count();
    let separated = points.len() - intact;
    if intact > 0 {
        let text = format!("intact at the end ({})", count(intact as i64));
        legend.add(
            LegendHandle::Disc(style.intact().faint(0.85), style.radius.max(0.65)),
            text,
        );
    }
    if separated > 0 {
        let text = format!("separated, at separation ({})", count(separated as i64));
        legend.add(
            LegendHandle::Ring(style.separated(), style.radius.max(0.65)),
            text,
        );
    }
    if points.is_empty() {
        legend.note("no couple has a finite end point");
    }
    legend.note_first(points.len(), known, "couples");
}
