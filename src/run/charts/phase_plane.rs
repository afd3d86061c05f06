//! The phase plane of trust and intimacy: where couples end, and in which direction the average couple moves.
//!
//! The regimes of balance are quadrants of the plane, with their names where they hide the least. A field of
//! arrows shows the mean change, cell by cell.

use crate::chart::{
    Axes, BLACK, BLUE, Canvas, ChartError, Colour, ColumnReader, Dash, Figure, GREY, LABEL, Legend,
    LegendHandle, NOTE, Position, REGIMES, Rect, Regime, Stroke, TextStyle, VERMILLION, WHITE,
    Width, count, distance, draw_unit_plane, unit_plane,
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
    /// Couples of the run, of which the table may hold the first ones only.
    pub(crate) couples: u64,
}

/// Most couples drawn; more would overlap too much.
pub(super) const MOST: usize = 2000;

/// Draws the trust–intimacy plane of one scenario.
///
/// Each couple of the table `couples` is a point at the means of its partners' `trust_end_a`, `trust_end_b`
/// and `intimacy_end_a`, `intimacy_end_b`: filled where intact (`end_day` is missing), hollow where
/// separated. Of more than 2000 couples the first 2000 are drawn, and the legend says so. The four regimes of
/// balance are tinted quadrants, named where the name hides nothing and else in the legend. Each cell of the
/// table `phase_flow` (`trust`, `intimacy`: its centre; `n` couple-days; `d_trust`, `d_intimacy`: mean change)
/// with at least five observations is an arrow from its centre to where its couples are on average
/// `phase_flow_days` later, unless that is too near to be seen.
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
        .map(read_flow)
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
    let mut marks: Vec<Position> = points
        .iter()
        .map(|(x, y, _)| panel.position(*x, *y))
        .collect();
    if let Some(flow) = &flow {
        marks.extend(flow.positions(&panel));
    }
    let mut legend = Legend::new();
    let known = known.max(options.couples as usize);
    add_points_to_legend(&mut legend, &points, known, style);
    if let Some(flow) = &flow {
        flow.add_to_legend(&mut legend, options.phase_flow_days);
    }
    quadrants.add_to_legend(&mut legend, &marks);
    let legend = legend.below_within(width, (frame.left, frame.right()), panel.legend_top());
    let mut canvas = legend.canvas();
    quadrants.tint(&mut canvas);
    draw_points(&mut canvas, &panel, &points, style);
    if let Some(flow) = &flow {
        flow.draw(&mut canvas, &panel);
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
    // The few that stay must not disappear under the many that leave.
    let (intact, separated): (Vec<&CoupleEnd>, Vec<_>) =
        points.iter().partition(|(_, _, intact)| *intact);
    for (trust, intimacy, _) in separated {
        let at = panel.position(*trust, *intimacy);
        canvas.ring(at, style.radius, style.separated());
    }
    for (trust, intimacy, _) in intact {
        let at = panel.position(*trust, *intimacy);
        canvas.disc(at, style.radius, style.intact());
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

/// Fewest observations of a cell that is drawn.
const FEWEST_OF_CELL: i64 = 5;
/// Length on paper from which a change has an arrow (mm): that of a head and some of a shaft.
const LEAST_ARROW: f64 = 1.6;
const ARROW: Stroke = Stroke::solid(BLACK, 0.6);

/// The arrows in the phase plane.
pub(crate) struct FlowArrows {
    /// Centre of a cell and mean change in it.
    arrows: Vec<[f64; 4]>,
}

/// Reads the table `flow`; `None` where no cell has enough observations and a change.
fn read_flow(table: &Table) -> Result<Option<FlowArrows>, ChartError> {
    let reader = ColumnReader::new(table)?;
    let (trust, intimacy) = (reader.numbers("trust")?, reader.numbers("intimacy")?);
    let (n, rise, growth) = (
        reader.ints("n")?,
        reader.numbers("d_trust")?,
        reader.numbers("d_intimacy")?,
    );
    let arrows: Vec<[f64; 4]> = (0..reader.rows())
        .filter(|i| n[*i] >= FEWEST_OF_CELL)
        .map(|i| [trust[i], intimacy[i], rise[i], growth[i]])
        .filter(|arrow| arrow.iter().all(|value| value.is_finite()))
        .filter(|arrow| arrow[..2].iter().all(|centre| (0.0..=1.0).contains(centre)))
        .collect();
    Ok((!arrows.is_empty()).then_some(FlowArrows { arrows }))
}

impl FlowArrows {
    /// Draws each arrow from its cell's centre.
    pub(crate) fn draw(&self, canvas: &mut Canvas, panel: &Axes) {
        for [from, to] in self.shafts(panel) {
            canvas.arrow(from, to, ARROW);
        }
    }
    /// Positions that the arrows cover.
    pub(crate) fn positions(&self, panel: &Axes) -> Vec<Position> {
        let along = |[(ax, ay), (bx, by)]: [Position; 2]| {
            let steps = (0..=10).map(|step| f64::from(step) / 10.0);
            steps.map(move |t| (ax + t * (bx - ax), ay + t * (by - ay)))
        };
        self.shafts(panel).flat_map(along).collect()
    }
    /// Start and end of each arrow that is long enough to be seen.
    fn shafts(&self, panel: &Axes) -> impl Iterator<Item = [Position; 2]> {
        let shafts = self
            .arrows
            .iter()
            .map(move |[trust, intimacy, rise, growth]| {
                let end = [trust + rise, intimacy + growth].map(|level| level.clamp(0.0, 1.0));
                [
                    panel.position(*trust, *intimacy),
                    panel.position(end[0], end[1]),
                ]
            });
        shafts.filter(|[from, to]| distance(*from, *to) >= LEAST_ARROW)
    }
    /// Says in the legend what an arrow is.
    pub(crate) fn add_to_legend(&self, legend: &mut Legend, days: f64) {
        let later = match days {
            1.0 => "a day later".to_owned(),
            days => format!("{days} days later"),
        };
        let text = format!(
            "from a cell's centre to where its couples are {later}, on average (n ≥ {FEWEST_OF_CELL})"
        );
        legend.add(LegendHandle::Arrow(ARROW, 5.0), text);
    }
}

const TINT: f64 = 0.1;
const CUT: Stroke = Stroke::solid(GREY, 0.5).dashed(Dash::Short);
const NAME: TextStyle = TextStyle {
    bold: true,
    ..LABEL
};
/// From the quadrant's sides to a name's box, and from the box to its text (mm).
const INSET: f64 = 0.8;
const PADDING: f64 = 0.6;
/// Positions tried along each side of a quadrant, less one.
const STEPS: usize = 8;

/// A plane of two quantities, both 0–1, divided into quadrants.
pub(crate) struct Quadrants<'a> {
    pub(crate) panel: &'a Axes,
    /// Where the horizontal and the vertical axis are divided.
    pub(crate) cuts: (f64, f64),
}

/// A regime's name with its gloss, as lines in a box.
struct Plate {
    regime: Regime,
    frame: Rect,
    gloss: Vec<&'static str>,
}

impl Quadrants<'_> {
    /// Tints the quadrants and draws the cuts.
    pub(crate) fn tint(&self, canvas: &mut Canvas) {
        for regime in REGIMES {
            canvas.rectangle(self.quadrant(regime), regime.colour.faint(TINT));
        }
        self.panel.vline(canvas, self.cuts.0, CUT);
        self.panel.hline(canvas, self.cuts.1, CUT);
    }
    /// Writes each regime's name along the sides of its quadrant, where it hides no mark.
    pub(crate) fn write_names(&self, canvas: &mut Canvas, marks: &[Position]) {
        for plate in REGIMES
            .into_iter()
            .filter_map(|regime| self.plate(regime, marks))
        {
            canvas.rectangle(plate.frame, WHITE.faint(0.8));
            let left = plate.frame.left + PADDING;
            let mut top = plate.frame.top + PADDING;
            canvas.text((left, top + NAME.line() / 2.0), plate.regime.name(), NAME);
            top += NAME.line();
            for line in plate.gloss {
                canvas.text((left, top + NOTE.line() / 2.0), line, NOTE);
                top += NOTE.line();
            }
        }
    }
    /// Adds the regimes whose quadrants have no space for a name between these marks to the legend.
    pub(crate) fn add_to_legend(&self, legend: &mut Legend, marks: &[Position]) {
        for regime in REGIMES {
            if self.plate(regime, marks).is_none() {
                let text = format!("{}: {}", regime.name(), regime.gloss);
                legend.add(LegendHandle::Swatch(regime.colour.faint(2.0 * TINT)), text);
            }
        }
    }
    fn quadrant(&self, regime: Regime) -> Rect {
        let side = |high: bool, cut: f64| if high { (cut, 1.0) } else { (0.0, cut) };
        let (x, y) = (
            side(regime.high.0, self.cuts.0),
            side(regime.high.1, self.cuts.1),
        );
        let ((left, top), (right, bottom)) =
            (self.panel.position(x.0, y.1), self.panel.position(x.1, y.0));
        Rect {
            left,
            top,
            width: right - left,
            height: bottom - top,
        }
    }
    /// The first position for a regime's name that hides nothing; without its gloss only where that does
    /// not fit.
    fn plate(&self, regime: Regime, marks: &[Position]) -> Option<Plate> {
        let halves: Vec<&'static str> = regime.gloss.split_inclusive(", ").collect();
        let with_gloss = [vec![regime.gloss], halves];
        let best = |glosses: &[Vec<&'static str>]| -> Option<Plate> {
            let mut plates = glosses
                .iter()
                .flat_map(|gloss| self.plates(regime, gloss.clone()));
            plates.find(|plate| !plate.hides(marks))
        };
        best(&with_gloss).or_else(|| best(&[Vec::new()]))
    }
    /// Boxes along the quadrant's sides, those nearest the plane's corner first; none where none fits.
    fn plates(&self, regime: Regime, gloss: Vec<&'static str>) -> Vec<Plate> {
        let space = self.quadrant(regime);
        let letters = gloss.iter().map(|line| NOTE.width(line.trim_end()));
        let width = letters.fold(NAME.width(regime.name()), f64::max) + 2.0 * PADDING;
        let height = NAME.line() + gloss.len() as f64 * NOTE.line() + 2.0 * PADDING;
        let play = (
            space.width - width - 2.0 * INSET,
            space.height - height - 2.0 * INSET,
        );
        if !(play.0 >= 0.0 && play.1 >= 0.0) {
            return Vec::new();
        }
        let toward = |far: bool, step: usize| {
            let share = step as f64 / STEPS as f64;
            if far { 1.0 - share } else { share }
        };
        let mut steps: Vec<(usize, usize)> = (0..=STEPS)
            .flat_map(|i| (0..=STEPS).map(move |j| (i, j)))
            .collect();
        steps.retain(|(i, j)| [0, STEPS].contains(i) || [0, STEPS].contains(j));
        steps.sort_by_key(|(i, j)| i + j);
        let plate = |(i, j): (usize, usize)| {
            let left = space.left + INSET + play.0 * toward(regime.high.0, i);
            let top = space.top + INSET + play.1 * toward(!regime.high.1, j);
            Plate {
                regime,
                frame: Rect {
                    left,
                    top,
                    width,
                    height,
                },
                gloss: gloss.clone(),
            }
        };
        steps.into_iter().map(plate).collect()
    }
}

impl Plate {
    /// Whether the box hides or nearly touches a mark.
    fn hides(&self, marks: &[Position]) -> bool {
        let Rect {
            left,
            top,
            width,
            height,
        } = self.frame;
        let around = Rect {
            left: left - PADDING,
            top: top - PADDING,
            width: width + 2.0 * PADDING,
            height: height + 2.0 * PADDING,
        };
        marks.iter().any(|mark| around.contains(*mark))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel() -> Axes {
        let frame = Rect {
            left: 10.0,
            top: 0.0,
            width: 70.0,
            height: 70.0,
        };
        Axes {
            frame,
            x: (0.0, 1.0),
            y: (0.0, 1.0),
        }
    }

    #[test]
    fn a_name_avoids_marks() {
        let panel = panel();
        let quadrants = Quadrants {
            panel: &panel,
            cuts: (0.5, 0.5),
        };
        let free = quadrants.plate(REGIMES[0], &[]).expect("space");
        assert!(
            free.frame.right() > 75.0 && free.frame.top < 5.0,
            "the plane's corner"
        );
        let moved = quadrants
            .plate(REGIMES[0], &[free.frame.centre()])
            .expect("space");
        assert!(!moved.frame.contains(free.frame.centre()));
        let everywhere: Vec<Position> = (0..70)
            .flat_map(|x| (0..70).map(move |y| (10.0 + f64::from(x), f64::from(y))))
            .collect();
        let mut legend = Legend::new();
        quadrants.add_to_legend(&mut legend, &everywhere);
        assert_eq!(
            legend.len(),
            4,
            "names that would hide marks are in the legend"
        );
    }

    #[test]
    fn names_stay_in_their_quadrants_or_go_to_the_legend() {
        let panel = panel();
        for cut in [0.0, 0.05, 0.3, 0.6, 0.95, 1.0] {
            let quadrants = Quadrants {
                panel: &panel,
                cuts: (cut, 0.5),
            };
            let mut legend = Legend::new();
            quadrants.add_to_legend(&mut legend, &[]);
            let mut named = 0;
            for regime in REGIMES {
                let Some(plate) = quadrants.plate(regime, &[]) else {
                    continue;
                };
                named += 1;
                let space = quadrants.quadrant(regime);
                assert!(plate.frame.left >= space.left && plate.frame.right() <= space.right());
            }
            assert_eq!(named + legend.len(), 4, "{cut}");
        }
    }
}
