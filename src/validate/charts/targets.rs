//! A forest plot of published numbers with their intervals and what simulated studies found, on a common
//! scale: distances in half-widths of the published intervals.

use crate::chart::{
    Axes, BLACK, Canvas, ChartError, Colour, ColumnReader, Dash, Figure, GREY, Legend,
    LegendHandle, MARGIN, NOTE, Rect, SPACE_BELOW, Stroke, Ticks, VerdictMark, Width, number,
};
use crate::table::Table;
use crate::validate::charts::listing::{MOST_ROWS, ROW, SMALL, TargetListing, names};

/// Space of the columns' heads (mm).
const HEADS: f64 = 4.6;
/// Between columns (mm).
const GAP: f64 = 2.4;
/// Width of the plot (mm).
const PLOT: f64 = 44.0;
/// How far the axis reaches to each side, in half-widths.
const REACH: f64 = 4.0;
/// Radius of a mark (mm).
const DOT: f64 = 0.8;
/// Half the height of an interval's bar (mm).
const HALF_BAR: f64 = 0.9;
/// Length of an arrow out of the plot (mm).
const ARROW: f64 = 2.0;
const BAR: Colour = Colour::hex(0xC5D3DE);
const SIDE: Colour = Colour::hex(0xE7EDF1);
const VALUE: Stroke = Stroke::solid(BLACK, 0.7);
const ZERO: Stroke = Stroke::solid(GREY, 0.5);
const TITLE: &str =
    "Distance from the middle of the published 95% interval, in half-widths of that interval";

fn mark_of(verdict: &str) -> VerdictMark {
    match verdict {
        "reproduced" => VerdictMark::Holds,
        "not_reproduced" => VerdictMark::Fails,
        _ => VerdictMark::Open,
    }
}

/// A published number and what was found.
struct TargetRow {
    published: PublishedValue,
    simulated: f64,
    low: f64,
    high: f64,
    axis: StandardAxis,
    mark: VerdictMark,
}

/// Draws published numbers next to simulated ones, from the table `targets`; always as wide as a page.
///
/// Reads `target`, `tier`, `area`, `statistic`, `published`, `published_low`, `published_high`, `simulated`,
/// `ci_low`, `ci_high`, `study_sd` and `verdict`. Rows are grouped by tier and area. Each has its own axis,
/// on which the published interval is as wide as that of all others; where only one end is
/// published, the unit is half the 95% interval of one simulated study. Verdicts differ in colour and in
/// shape. At most 160 rows are drawn.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`].
pub(crate) fn targets(table: &Table) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(table)?;
    let known = reader.rows();
    let shown: Vec<usize> = (0..known.min(MOST_ROWS)).collect();
    let names = names(&reader, &shown)?;
    let found = read(&reader)?;
    let rows: Vec<&TargetRow> = names.iter().map(|name| &found[name.row]).collect();

    let width = Width::Page.millimetres();
    let columns = NumberColumns::new(&rows, width - MARGIN);
    let top = MARGIN + HEADS;
    let listing = TargetListing::new(names, (MARGIN, top, columns.plot - GAP));
    let legend = legend_of(&rows, known);
    let legend = legend.below(width, listing.bottom + SPACE_BELOW + 1.4);
    let mut canvas = legend.canvas();
    let panel = Axes {
        frame: Rect {
            left: columns.plot,
            top: listing.bottom,
            width: PLOT,
            height: 0.5,
        },
        x: (-REACH, REACH),
        y: (0.0, 1.0),
    };
    listing.draw(&mut canvas, columns.end, &|tier| {
        tally(&listing, &found, tier, &reader)
    });
    for group in listing.tiers() {
        let frame = listing.strip(group, columns.plot, columns.plot + PLOT);
        draw_zero(&mut canvas, &panel, frame);
    }
    for (index, row) in rows.iter().enumerate() {
        let y = listing.middle(index);
        draw(&mut canvas, &panel, y, row);
        columns.write(&mut canvas, y, row);
    }
    columns.heads(&mut canvas, &panel, MARGIN + 0.5 * HEADS - 0.6);
    finish_axis(&mut canvas, &panel);
    legend.finish(
        canvas,
        "Published numbers with their intervals, and what simulated studies found of them",
    )
}

fn draw_zero(canvas: &mut Canvas, panel: &Axes, frame: Rect) {
    let (x, _) = panel.position(0.0, 0.0);
    let stroke = ZERO.dashed(Dash::Short);
    canvas.line((x, frame.top), (x, frame.bottom()), stroke);
}

fn finish_axis(canvas: &mut Canvas, panel: &Axes) {
    panel.draw_lower_spine(canvas);
    panel.x_ticks(canvas, &Ticks::round(-REACH, REACH, 5), true);
    // The title is longer than the axis: it is moved to stay in the picture.
    let half = 0.5 * NOTE.width(TITLE);
    let middle = panel.frame.centre().0;
    let middle = middle.min(canvas.width() - MARGIN - half);
    canvas.text((middle, panel.frame.bottom() + 6.0), TITLE, NOTE.centred());
}

/// Where the columns of numbers are (mm).
struct NumberColumns {
    plot: f64,
    published: f64,
    end: f64,
}

const PUBLISHED: &str = "published";
const SIMULATED: &str = "simulated";

impl NumberColumns {
    fn new(rows: &[&TargetRow], end: f64) -> NumberColumns {
        let widest = |head: &str, texts: &dyn Fn(&TargetRow) -> String| {
            let widths = rows.iter().map(|row| SMALL.width(&texts(row)));
            widths.fold(SMALL.width(head), f64::max)
        };
        let simulated = end
            - widest(SIMULATED, &|row| {
                row.published.simulated_as_text(row.simulated)
            });
        let published = simulated - GAP - widest(PUBLISHED, &|row| row.published.as_text());
        NumberColumns {
            plot: published - GAP - PLOT,
            published,
            end,
        }
    }
    /// Writes what the columns hold, and the axis's numbers once more.
    fn heads(&self, canvas: &mut Canvas, panel: &Axes, y: f64) {
        let head = SMALL.tinted(GREY);
        let ticks = Ticks::round(-REACH, REACH, 5);
        for (at, text) in ticks.at.iter().zip(&ticks.labels) {
            canvas.text((panel.position(*at, 0.0).0, y), text, head.centred());
        }
        canvas.text((self.published, y), PUBLISHED, head);
        canvas.text((self.end, y), SIMULATED, head.ending());
    }
    fn write(&self, canvas: &mut Canvas, y: f64, row: &TargetRow) {
        canvas.text((self.published, y), &row.published.as_text(), SMALL);
        let simulated = row.published.simulated_as_text(row.simulated);
        canvas.text((self.end, y), &simulated, SMALL.ending());
    }
}

fn draw(canvas: &mut Canvas, panel: &Axes, y: f64, row: &TargetRow) {
    draw_published(canvas, panel, y, row);
    let at = row.axis.at(row.simulated);
    if !at.is_finite() {
        let text = "no value";
        let (x, _) = panel.frame.centre();
        canvas.text((x, y), text, SMALL.centred().tinted(GREY));
        return;
    }
    if at.abs() > REACH {
        return draw_beyond(canvas, panel, y, row.mark, at);
    }
    let ends = [row.low, row.high].map(|end| row.axis.at(end));
    if ends.iter().all(|end| end.is_finite()) {
        let inside = ends.map(|end| panel.position(end.clamp(-REACH, REACH), 0.0).0);
        let stroke = row.mark.stroke();
        canvas.line((inside[0], y), (inside[1], y), stroke);
        for (end, x) in ends.iter().zip(inside) {
            if end.abs() <= REACH {
                canvas.line((x, y - 0.5), (x, y + 0.5), stroke);
            }
        }
    }
    row.mark.draw(canvas, (panel.position(at, 0.0).0, y), DOT);
}

/// Draws what was published: a bar of its interval with its value, a bar with an arrow where it has one
/// end, or the side of 0 on which it lies.
fn draw_published(canvas: &mut Canvas, panel: &Axes, y: f64, row: &TargetRow) {
    let PublishedValue { value, low, .. } = row.published;
    let outward = if low.is_nan() { -REACH } else { REACH };
    let x = |at: f64| panel.position(at, 0.0).0;
    let slab = |from: f64, to: f64, half: f64| Rect {
        left: from.min(to),
        top: y - half,
        width: (to - from).abs(),
        height: 2.0 * half,
    };
    match row.published.known() {
        PublishedKind::Nothing => {}
        PublishedKind::Side => {
            let frame = slab(x(0.0), x(outward), 0.5 * ROW);
            canvas.rectangle(frame, SIDE);
        }
        PublishedKind::Bound => {
            let (from, to) = (x(0.0), x(outward));
            let neck = to - ARROW * outward.signum();
            canvas.rectangle(slab(from, neck, HALF_BAR), BAR);
            let barbs = [(neck, y - HALF_BAR), (to, y), (neck, y + HALF_BAR)];
            canvas.area(barbs.to_vec(), BAR);
        }
        PublishedKind::Interval => canvas.rectangle(slab(x(-1.0), x(1.0), HALF_BAR), BAR),
    }
    let at = row.axis.at(value);
    if at.abs() <= REACH {
        canvas.line((x(at), y - HALF_BAR), (x(at), y + HALF_BAR), VALUE);
    }
}

/// Draws a value that lies beyond the axis: its mark at the edge with an arrow outwards, and how far out
/// it is.
fn draw_beyond(canvas: &mut Canvas, panel: &Axes, y: f64, mark: VerdictMark, at: f64) {
    let side = at.signum();
    let edge = panel.position(side * REACH, 0.0).0;
    let from = edge - side * (ARROW + 1.0);
    canvas.arrow((from, y), (edge, y), mark.stroke());
    mark.draw(canvas, (from, y), DOT);
    let text = number(at, if at.abs() < 10.0 { 0.1 } else { 1.0 });
    let at_text = from - side * 1.5;
    let style = if side > 0.0 { SMALL.ending() } else { SMALL };
    canvas.text((at_text, y), &text, style);
}

fn read(reader: &ColumnReader<'_>) -> Result<Vec<TargetRow>, ChartError> {
    let (value, verdict) = (reader.drawable("published")?, reader.categories("verdict")?);
    let (low, high) = (
        reader.drawable("published_low")?,
        reader.drawable("published_high")?,
    );
    let (simulated, spread) = (reader.drawable("simulated")?, reader.drawable("study_sd")?);
    let (ci_low, ci_high) = (reader.drawable("ci_low")?, reader.drawable("ci_high")?);
    let row = |row: usize| {
        let published = PublishedValue {
            value: value[row],
            low: low[row],
            high: high[row],
        };
        TargetRow {
            published,
            simulated: simulated[row],
            low: ci_low[row],
            high: ci_high[row],
            axis: published.axis(simulated[row], spread[row]),
            mark: mark_of(verdict[row]),
        }
    };
    Ok((0..reader.rows()).map(row).collect())
}

/// How many of a tier's targets are reproduced; a target of several parts is as good as its worst.
fn tally(
    listing: &TargetListing,
    found: &[TargetRow],
    tier: &str,
    reader: &ColumnReader<'_>,
) -> String {
    let tiers = reader.categories_if_any("tier");
    let mut worst: Vec<(&str, VerdictMark)> = Vec::new();
    for name in listing.names() {
        if tiers[name.row] != tier {
            continue;
        }
        let mark = found[name.row].mark;
        match worst.iter_mut().find(|(id, _)| *id == name.id) {
            Some((_, other)) if mark as u8 > *other as u8 => *other = mark,
            Some(_) => {}
            None => worst.push((&name.id, mark)),
        }
    }
    let good = worst.iter().filter(|(_, mark)| *mark == VerdictMark::Holds);
    let what = match tier {
        "calibration" => "parameters are fitted to these numbers",
        "validation" => "numbers that the calibration does not use",
        "pattern" => "signs and orders that the calibration does not use",
        _ => "published numbers",
    };
    let all = worst.len();
    let noun = if all == 1 { "target" } else { "targets" };
    format!("{what}: {} of {all} {noun} reproduced", good.count())
}

fn legend_of(rows: &[&TargetRow], known: usize) -> Legend {
    let mut legend = Legend::new();
    let texts = [
        "reproduced: the simulated interval lies within the published one",
        "undecided: it overlaps an end, or shows a sign only",
        "not reproduced: it lies outside",
    ];
    for (mark, text) in VerdictMark::ALL.into_iter().zip(texts) {
        if rows.iter().any(|row| row.mark == mark) {
            legend.add(mark.handle(DOT), text);
        }
    }
    let has = |wanted| rows.iter().any(|row| row.published.known() == wanted);
    if has(PublishedKind::Interval) {
        legend.add(LegendHandle::Swatch(BAR), "published 95% interval");
        legend.add(LegendHandle::Tick(VALUE), "published value");
    }
    if has(PublishedKind::Bound) {
        legend.note("bar with an arrow: one published end");
    }
    if has(PublishedKind::Side) {
        legend.add(
            LegendHandle::Swatch(SIDE),
            "side of a published sign or order",
        );
    }
    if has(PublishedKind::Side) || has(PublishedKind::Bound) {
        legend.note("without an interval: distance from the bound, in half-widths of a simulated study's interval");
    }
    let beyond = |row: &&&TargetRow| row.axis.at(row.simulated).abs() > REACH;
    if rows.iter().any(|row| beyond(&row)) {
        let text = "distance beyond the axis";
        legend.add(LegendHandle::Arrow(VALUE, 3.2), text);
    }
    legend.note_first(MOST_ROWS, known, "numbers");
    legend
}

/// Half-widths of a 95% interval in a standard deviation.
const HALF_WIDTHS: f64 = 1.959_963_984_540_054;
/// Decimals that a published number is written with at most.
const MOST_DECIMALS: usize = 4;

/// A published number as it was printed; unknown ends are NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PublishedValue {
    pub(crate) value: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

/// What is known of a published number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PublishedKind {
    /// Both ends of its interval.
    Interval,
    /// One end, which is not 0.
    Bound,
    /// That it is above or below 0: a sign or an order.
    Side,
    /// Nothing.
    Nothing,
}

impl PublishedValue {
    /// What is known of it.
    pub(crate) fn known(self) -> PublishedKind {
        match (self.low.is_nan(), self.high.is_nan()) {
            (false, false) => PublishedKind::Interval,
            (true, true) => PublishedKind::Nothing,
            _ if self.bound() == 0.0 => PublishedKind::Side,
            _ => PublishedKind::Bound,
        }
    }
    /// The only end, where there is one.
    pub(crate) fn bound(self) -> f64 {
        // Of a number and what is not one, the number is the larger.
        self.low.max(self.high)
    }
    /// The axis on which this number's interval is 2 wide; `spread` is the standard deviation of what is
    /// simulated over studies, which is used where there is no interval.
    pub(crate) fn axis(self, simulated: f64, spread: f64) -> StandardAxis {
        if self.known() == PublishedKind::Interval {
            return StandardAxis {
                middle: 0.5 * self.low + 0.5 * self.high,
                unit: 0.5 * (self.high - self.low),
            };
        }
        let distance = (simulated - self.bound()).abs();
        let usable = |unit: &f64| unit.is_finite() && *unit > 0.0;
        let units = [HALF_WIDTHS * spread, distance, 1.0];
        StandardAxis {
            middle: self.bound(),
            unit: units.into_iter().find(usable).unwrap_or(1.0),
        }
    }
    /// The number and its interval as text.
    pub(crate) fn as_text(self) -> String {
        let write = |value| number(value, self.step());
        match self.known() {
            PublishedKind::Nothing => "–".to_owned(),
            PublishedKind::Interval if self.value.is_nan() => {
                format!("[{}, {}]", write(self.low), write(self.high))
            }
            PublishedKind::Interval => format!(
                "{} [{}, {}]",
                write(self.value),
                write(self.low),
                write(self.high)
            ),
            _ if self.high.is_nan() => format!("> {}", write(self.low)),
            _ => format!("< {}", write(self.high)),
        }
    }
    /// A simulated value as text: with a decimal more than published where it is below 10, or with two
    /// digits next to a bound.
    pub(crate) fn simulated_as_text(self, simulated: f64) -> String {
        if !simulated.is_finite() {
            return "–".to_owned();
        }
        let step = match self.known() {
            PublishedKind::Interval if simulated.abs() < 10.0 => 0.1 * self.step(),
            PublishedKind::Interval => self.step(),
            _ => 0.1 * simulated.abs(),
        };
        number(simulated, step)
    }
    /// The last decimal with which it was printed.
    fn step(self) -> f64 {
        let printed = [self.value, self.low, self.high].map(decimals);
        let most = printed.into_iter().fold(0, usize::max);
        (0..most).fold(1.0, |step, _| step / 10.0)
    }
}

/// Decimals of a number as it is shortest written.
fn decimals(value: f64) -> usize {
    if !value.is_finite() {
        return 0;
    }
    let text = value.to_string();
    let behind = text.split_once('.').map_or(0, |(_, behind)| behind.len());
    behind.min(MOST_DECIMALS)
}

/// The scale on which the values of one number are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct StandardAxis {
    middle: f64,
    unit: f64,
}

impl StandardAxis {
    /// A value's distance from the middle in units of the axis.
    pub(crate) fn at(self, value: f64) -> f64 {
        (value - self.middle) / self.unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GONE: f64 = f64::NAN;

    fn published(value: f64, low: f64, high: f64) -> PublishedValue {
        PublishedValue { value, low, high }
    }

    #[test]
    fn a_published_interval_is_two_wide_in_any_unit() {
        for (low, high) in [(0.1, 0.4), (75.0, 82.0), (-3.0, -1.0)] {
            let axis = published(low, low, high).axis(9.0, 0.3);
            assert!((axis.at(low) + 1.0).abs() < 1e-12);
            assert!((axis.at(high) - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn without_an_interval_the_unit_is_that_of_one_study() {
        let side = published(GONE, 0.0, GONE);
        assert_eq!(side.known(), PublishedKind::Side);
        assert!((side.axis(0.5, 0.1).at(0.196) - 1.0).abs() < 1e-3);
        assert_eq!(side.axis(0.5, GONE).at(0.5), 1.0);
        assert_eq!(side.axis(GONE, 0.0).at(0.5), 0.5);
        assert_eq!(published(GONE, GONE, 0.03).known(), PublishedKind::Bound);
        assert_eq!(published(GONE, GONE, GONE).known(), PublishedKind::Nothing);
    }

    #[test]
    fn numbers_are_written_as_they_were_printed() {
        assert_eq!(published(0.62, 0.5, 0.72).as_text(), "0.62 [0.50, 0.72]");
        assert_eq!(published(GONE, 3.0, 8.0).as_text(), "[3, 8]");
        assert_eq!(published(GONE, GONE, 0.0).as_text(), "< 0");
        assert_eq!(published(GONE, 0.03, GONE).as_text(), "> 0.03");
        assert_eq!(
            published(0.62, 0.5, 0.72).simulated_as_text(-0.6789),
            "−0.679"
        );
        assert_eq!(
            published(78.4, 75.0, 81.8).simulated_as_text(77.654),
            "77.7"
        );
        assert_eq!(
            published(GONE, GONE, 0.0).simulated_as_text(0.012_34),
            "0.012"
        );
        assert_eq!(published(GONE, GONE, 0.0).simulated_as_text(GONE), "–");
    }
}
