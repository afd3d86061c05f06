//! The plane of trust and intimacy: where couples end, and which way the average couple moves.

use super::phase_flow;
use super::quadrants::Quadrants;
use crate::chart::axes::{Panel, ROOM_BELOW};
use crate::chart::canvas::{Canvas, Frame, Place};
use crate::chart::error::ChartError;
use crate::chart::figure::{Figure, Width};
use crate::chart::legend::{Key, Sample};
use crate::chart::read::Reader;
use crate::chart::style::{BLUE, Colour, Stroke, VERMILLION};
use crate::chart::ticks::{Ticks, count};
use crate::table::Table;

/// How the plane is cut into regimes and how its flow was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cuts {
    /// Trust from which it counts as high [0–1].
    pub trust: f64,
    /// Intimacy from which it counts as high [0–1].
    pub intimacy: f64,
    /// Days over which the changes in the table `flow` were taken, positive.
    pub phase_flow_days: f64,
}

/// Couples that are drawn at most; more would only blacken the paper.
const MOST: usize = 2000;
const LEFT: f64 = 12.5;
const RIGHT: f64 = 3.0;
const TOP: f64 = 2.5;
/// The plane is square; beyond this it would not gain (mm).
const LARGEST: f64 = 110.0;

/// Draws the trust–intimacy plane of one scenario.
///
/// Each couple of the table `couples` is a point at the means of its partners' `trust_end_a`, `trust_end_b`
/// and `intimacy_end_a`, `intimacy_end_b`: filled where still together (`end_day` is missing), hollow where
/// parted. Of more than 2000 couples the first 2000 are drawn, and the key says so. The four regimes of
/// balance are tinted quadrants. Each cell of the table `flow` (`trust`, `intimacy`: its centre; `n`
/// couple-days; `d_trust`, `d_intimacy`: mean change) with at least five observations is an arrow; the
/// longest is as long as a cell is wide, and the key states the scale.
///
/// # Errors
/// [`ChartError::BadArgument`] for a cut outside 0–1 or an interval that is not positive;
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where there is neither
/// a point nor an arrow.
pub fn plane(
    couples: &Table,
    flow: Option<&Table>,
    cuts: Cuts,
    width: Width,
) -> Result<Figure, ChartError> {
    check(cuts)?;
    let (points, known) = points(couples)?;
    let flow = flow
        .filter(|table| table.rows.rows() > 0)
        .map(phase_flow::read)
        .transpose()?
        .flatten();
    if points.is_empty() && flow.is_none() {
        return Err(Reader::new(couples)?.nothing("finite end point"));
    }
    let width = width.millimetres();
    let side = (width - LEFT - RIGHT).min(LARGEST);
    let left = LEFT + (width - LEFT - RIGHT - side) / 2.0;
    let frame = Frame {
        left,
        top: TOP,
        width: side,
        height: side,
    };
    let panel = Panel {
        frame,
        x: (0.0, 1.0),
        y: (0.0, 1.0),
    };
    let look = Look::of(points.len());
    let quadrants = Quadrants {
        panel: &panel,
        cuts: (cuts.trust, cuts.intimacy),
    };
    let mut key = Key::new();
    explain_points(&mut key, &points, known, look);
    if let Some(flow) = &flow {
        flow.explain(&mut key, &panel, cuts.phase_flow_days);
    }
    quadrants.explain(&mut key);
    let below = frame.bottom() + ROOM_BELOW + 1.0;
    let mut canvas = Canvas::new(width, below + key.height(side) + 1.5);
    quadrants.tint(&mut canvas);
    draw_points(&mut canvas, &panel, &points, look);
    let mut marks: Vec<Place> = points.iter().map(|(x, y, _)| panel.place(*x, *y)).collect();
    if let Some(flow) = &flow {
        flow.draw(&mut canvas, &panel);
        marks.extend(flow.places(&panel));
    }
    quadrants.write_names(&mut canvas, &marks);
    axes(&mut canvas, &panel);
    key.draw(&mut canvas, (frame.left, below), side);
    canvas.finish("Couples' ends and mean flow in the plane of trust and intimacy")
}

fn check(cuts: Cuts) -> Result<(), ChartError> {
    for (name, value) in [("trust cut", cuts.trust), ("intimacy cut", cuts.intimacy)] {
        if !(0.0..=1.0).contains(&value) {
            return Err(ChartError::BadArgument {
                name,
                must: "within 0 and 1",
                value,
            });
        }
    }
    if !(cuts.phase_flow_days > 0.0 && cuts.phase_flow_days.is_finite()) {
        let value = cuts.phase_flow_days;
        return Err(ChartError::BadArgument {
            name: "flow interval",
            must: "positive",
            value,
        });
    }
    Ok(())
}

/// A couple's end: trust, intimacy, and whether it is still together.
type Point = (f64, f64, bool);

/// The first couples' ends, and how many the table holds.
fn points(couples: &Table) -> Result<(Vec<Point>, usize), ChartError> {
    let reader = Reader::new(couples)?;
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
    let mut points: Vec<Point> = (0..reader.rows())
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
struct Look {
    radius: f64,
    alpha: f64,
}

impl Look {
    fn of(points: usize) -> Look {
        match points {
            0..=100 => Look {
                radius: 0.85,
                alpha: 0.85,
            },
            101..=500 => Look {
                radius: 0.65,
                alpha: 0.6,
            },
            _ => Look {
                radius: 0.45,
                alpha: 0.45,
            },
        }
    }
    fn together(self) -> Colour {
        BLUE.faint(self.alpha)
    }
    fn parted(self) -> Stroke {
        Stroke::solid(VERMILLION.faint(self.alpha.max(0.6)), 0.6)
    }
}

fn draw_points(canvas: &mut Canvas, panel: &Panel, points: &[Point], look: Look) {
    for (trust, intimacy, together) in points {
        let place = panel.place(*trust, *intimacy);
        if *together {
            canvas.disc(place, look.radius, look.together());
        } else {
            canvas.ring(place, look.radius, look.parted());
        }
    }
}

fn axes(canvas: &mut Canvas, panel: &Panel) {
    let ticks = Ticks::round(0.0, 1.0, 5);
    panel.axes(canvas);
    panel.x_ticks(canvas, &ticks, true);
    panel.y_ticks(canvas, &ticks);
    panel.x_title(canvas, "Trust (0–1, mean of both partners)");
    panel.y_title(canvas, "Intimacy (0–1, mean of both partners)", 9.6);
}

fn explain_points(key: &mut Key, points: &[Point], known: usize, look: Look) {
    let together = points.iter().filter(|(_, _, together)| *together).count();
    let parted = points.len() - together;
    if together > 0 {
        let words = format!("still together at the end ({})", count(together as i64));
        key.add(
            Sample::Disc(look.together().faint(0.85), look.radius.max(0.65)),
            words,
        );
    }
    if parted > 0 {
        let words = format!("parted, at the parting ({})", count(parted as i64));
        key.add(Sample::Ring(look.parted(), look.radius.max(0.65)), words);
    }
    if points.is_empty() {
        key.add(Sample::Words, "no couple has a finite end point");
    } else if known > points.len() {
        let words = format!(
            "first {} of {} couples shown",
            count(MOST as i64),
            count(known as i64)
        );
        key.add(Sample::Words, words);
    }
}
