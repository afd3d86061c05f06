//! The plane of trust and intimacy: where couples end, and which way the average couple moves.

use super::canvas::{Canvas, Frame};
use super::error::ChartError;
use super::figure::{Figure, Width};
use super::flow::{self, Flow};
use super::ink::{BLUE, Colour, Dash, GREY, Stroke, VERMILLION, WHITE};
use super::key::{Key, Sample};
use super::lettering::{Anchor, LABEL, Lettering, NOTE};
use super::panel::{Panel, ROOM_BELOW};
use super::read::Reader;
use super::regime::{REGIMES, Regime};
use super::ticks::{Ticks, count};
use crate::foundation::table::Table;

/// How the plane is cut into regimes and how its flow was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cuts {
    /// Trust from which it counts as high [0–1].
    pub trust: f64,
    /// Intimacy from which it counts as high [0–1].
    pub intimacy: f64,
    /// Days over which the changes in the table `flow` were taken, positive.
    pub flow_days: f64,
}

/// Couples that are drawn at most; more would only blacken the paper.
const MOST: usize = 2000;
const LEFT: f64 = 12.5;
const RIGHT: f64 = 3.0;
const TOP: f64 = 2.5;
const TINT: f64 = 0.1;
/// The plane is square; beyond this it would not gain [mm].
const LARGEST: f64 = 110.0;
const CUT: Stroke = Stroke::solid(GREY, 0.5).dashed(Dash::Short);

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
        .map(flow::read)
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
    let homeless: Vec<Regime> = REGIMES
        .into_iter()
        .filter(|regime| name_in(&panel, *regime, cuts).is_none())
        .collect();
    let key = key_to(
        &points,
        known,
        look,
        flow.as_ref(),
        &panel,
        cuts.flow_days,
        &homeless,
    );
    let below = frame.bottom() + ROOM_BELOW;
    let mut canvas = Canvas::new(width, below + key.height(side) + 1.5);
    tint(&mut canvas, &panel, cuts);
    draw_points(&mut canvas, &panel, &points, look);
    if let Some(flow) = &flow {
        flow.draw(&mut canvas, &panel);
    }
    for regime in REGIMES {
        write_name(&mut canvas, &panel, regime, cuts);
    }
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
    if !(cuts.flow_days > 0.0 && cuts.flow_days.is_finite()) {
        let value = cuts.flow_days;
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

/// The corners of a regime's quadrant: low and high trust, low and high intimacy.
fn quadrant(regime: Regime, cuts: Cuts) -> [(f64, f64); 2] {
    let side = |high: bool, cut: f64| if high { (cut, 1.0) } else { (0.0, cut) };
    [
        side(regime.high.0, cuts.trust),
        side(regime.high.1, cuts.intimacy),
    ]
}

fn tint(canvas: &mut Canvas, panel: &Panel, cuts: Cuts) {
    for regime in REGIMES {
        let [trust, intimacy] = quadrant(regime, cuts);
        let (left, top) = panel.place(trust.0, intimacy.1);
        let (right, bottom) = panel.place(trust.1, intimacy.0);
        let frame = Frame {
            left,
            top,
            width: right - left,
            height: bottom - top,
        };
        canvas.rectangle(frame, regime.colour.faint(TINT));
    }
    panel.upright(canvas, cuts.trust, CUT);
    panel.level(canvas, cuts.intimacy, CUT);
}

const NAME: Lettering = Lettering {
    bold: true,
    ..LABEL
};
const INSET: f64 = 1.2;

/// The box of a regime's name and gloss in its outer corner; `None` where the quadrant is too small.
fn name_in(panel: &Panel, regime: Regime, cuts: Cuts) -> Option<(Frame, bool)> {
    let [trust, intimacy] = quadrant(regime, cuts);
    let (left, top) = panel.place(trust.0, intimacy.1);
    let (right, bottom) = panel.place(trust.1, intimacy.0);
    let fits = |width: f64, height: f64| {
        width + 2.0 * INSET <= right - left && height + 2.0 * INSET <= bottom - top
    };
    let wide = NAME.width(regime.name).max(NOTE.width(regime.gloss));
    let size = [
        (wide, NAME.line() + NOTE.line(), true),
        (NAME.width(regime.name), NAME.line(), false),
    ];
    let (width, height, gloss) = size.into_iter().find(|(w, h, _)| fits(*w, *h))?;
    let left = if regime.high.0 {
        right - INSET - width
    } else {
        left + INSET
    };
    let top = if regime.high.1 {
        top + INSET
    } else {
        bottom - INSET - height
    };
    Some((
        Frame {
            left,
            top,
            width,
            height,
        },
        gloss,
    ))
}

fn write_name(canvas: &mut Canvas, panel: &Panel, regime: Regime, cuts: Cuts) {
    let Some((frame, gloss)) = name_in(panel, regime, cuts) else {
        return;
    };
    let pad = 0.5;
    let Frame {
        left,
        top,
        width,
        height,
    } = frame;
    let paper = Frame {
        left: left - pad,
        top: top - pad,
        width: width + 2.0 * pad,
        height: height + pad,
    };
    canvas.rectangle(paper, WHITE.faint(0.78));
    let (x, anchor) = if regime.high.0 {
        (frame.right(), Anchor::End)
    } else {
        (left, Anchor::Start)
    };
    let first = top + NAME.line() / 2.0;
    canvas.text((x, first), regime.name, Lettering { anchor, ..NAME });
    if gloss {
        let second = first + (NAME.line() + NOTE.line()) / 2.0;
        canvas.text((x, second), regime.gloss, Lettering { anchor, ..NOTE });
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

fn key_to(
    points: &[Point],
    known: usize,
    look: Look,
    flow: Option<&Flow>,
    panel: &Panel,
    flow_days: f64,
    homeless: &[Regime],
) -> Key {
    let mut key = Key::new();
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
    if known > points.len() {
        let words = format!(
            "first {} of {} couples shown",
            count(MOST as i64),
            count(known as i64)
        );
        key.add(Sample::Words, words);
    }
    if let Some(flow) = flow {
        flow.explain(&mut key, panel, flow_days);
    }
    for regime in homeless {
        let words = format!("{}: {}", regime.name, regime.gloss);
        key.add(Sample::Swatch(regime.colour.faint(2.0 * TINT)), words);
    }
    if points.is_empty() {
        key.add(Sample::Words, "no couple has a finite end point");
    }
    key
}
