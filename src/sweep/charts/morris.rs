//! Morris's elementary effects: how strongly each axis moves an observable, and how unevenly, in a plane and by rank.

use super::grid_map::mix;
use super::notes::{couples_note, is_resolved, rows_note, unresolved};
use crate::chart::{
    Axes, BLACK, Canvas, ChartError, Colour, ColumnReader, Dash, FOREST_HEADING, Figure,
    ForestPlot, GREY, HEADING, IntervalEstimate, Legend, LegendHandle, MARGIN, MOST_FOREST_ROWS,
    NOTE, NameWidth, Position, Rect, Stroke, Ticks, WHITE, Width, number, range_of, range_over,
    round_range, separate_ticks,
};
use crate::label::capitalised;
use crate::table::Table;

const LEFT: f64 = 13.5;
const RIGHT: f64 = 3.5;
const TOP: f64 = 6.4;
const LARGEST: f64 = 110.0;
const DOT: f64 = 0.85;
/// On each side of a name (mm).
const AIR: f64 = 0.5;
const CLEAR: Stroke = Stroke::solid(Colour::hex(0x003A63), 0.8);
/// The colour of no effect.
const LIGHT: Colour = Colour::hex(0xA9CBE4);
/// Slopes of the guides, with their dashes: below the first an effect is nearly linear, above the last it
/// depends on the other axes or on the level.
const GUIDES: [(f64, Dash); 3] = [(0.1, Dash::Dotted), (0.5, Dash::Short), (1.0, Dash::Dashed)];
/// Longest name next to a dot (mm).
const LONGEST_NAME: f64 = 28.0;
/// Axes that have a name, the largest effects first.
const MOST_NAMED: usize = 16;

/// Height of a row of the ranks (mm).
const ROW: f64 = 4.4;
const RANK_DOT: f64 = 0.95;
/// Space of the column of numbers to the right of the plot (mm).
const NUMBERS: f64 = 14.0;
/// Last digit of the numbers of that column.
const RATIO_STEP: f64 = 0.01;

/// One axis's elementary effects.
struct ElementaryEffect<'a> {
    axis: String,
    /// Mean of the effects' sizes, with its interval.
    size: IntervalEstimate,
    /// Standard deviation of the effects.
    sigma: f64,
    verdict: &'a str,
}

/// Draws the elementary effects on an observable from the table `morris`.
///
/// Reads `observable`, `axis`, `mu_star`, `mu_star_low`, `mu_star_high`, `sigma` and `verdict`. Each axis is a dot at its
/// mean size of effect μ* and its effects' standard deviation σ, with the interval of μ*; the larger μ*, the
/// darker, and it is hollow where the verdict is not `resolved`. Lines mark σ = 0.1 μ*, 0.5 μ* and μ*. The sixteen
/// largest are named; where a name would overlap another, its rank replaces it, which the legend explains, and
/// those without space for either are in [`morris_ranks`].
///
/// Morris, M. D. (1991), Factorial sampling plans for preliminary computational experiments; Campolongo, F. et
/// al. (2007).
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where the observable has no
/// axis with finite μ* and σ.
pub(crate) fn morris_plane(
    morris: &Table,
    observable: &str,
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(morris)?;
    let effects = read(&reader, observable)?;
    let width = width.millimetres();
    let side = (width - LEFT - RIGHT).min(LARGEST);
    let frame = Rect {
        left: LEFT + (width - LEFT - RIGHT - side) / 2.0,
        top: TOP,
        width: side,
        height: 0.85 * side,
    };
    let sizes = effects
        .iter()
        .flat_map(|e| [e.size.mean, e.size.low, e.size.high]);
    let panel = Axes {
        frame,
        x: over_zero(sizes),
        y: over_zero(effects.iter().map(|e| e.sigma)),
    };
    let (labels, numbered) = labels(&panel, &effects);
    let mut legend = legend_of(&effects, &numbered, &labels);
    if let Some(rows) = rows_note(&reader, &[observable], ("used", "trajectories")) {
        legend.note(rows);
    }
    if let Some(couples) = couples_note(&[observable]) {
        legend.note(couples);
    }
    let legend = legend.below(width, panel.legend_top());
    let mut canvas = legend.canvas();
    guides(&mut canvas, &panel);
    // The largest effects lie on top.
    for effect in effects.iter().rev() {
        draw(&mut canvas, &panel, effect, effects[0].size.mean);
    }
    for (k, frame, text) in labels {
        let dot = panel.position(effects[k].size.mean, effects[k].sigma);
        draw_leader(&mut canvas, dot, frame);
        canvas.rectangle(frame, WHITE.faint(0.75));
        canvas.text((frame.left + AIR, frame.centre().1), &text, NOTE);
    }
    panel.draw_spines(&mut canvas);
    let mut heights = Ticks::round(panel.y.0, panel.y.1, 5);
    heights.labels = heights
        .labels
        .iter()
        .map(|l| NOTE.shorten(l, 7.5))
        .collect();
    panel.y_ticks(&mut canvas, &heights);
    panel.x_ticks(&mut canvas, &separate_ticks(panel.x, side), true);
    panel.x_title(&mut canvas, "Mean size of the elementary effects, μ*");
    panel.y_title(&mut canvas, "Their standard deviation, σ", 11.2);
    panel.heading(&mut canvas, &capitalised(observable), 0.0);
    legend.finish(
        canvas,
        &format!("Elementary effects of the axes on {observable}"),
    )
}

/// The axes with an effect, the largest first.
fn read<'a>(
    reader: &ColumnReader<'a>,
    wanted: &str,
) -> Result<Vec<ElementaryEffect<'a>>, ChartError> {
    let (observable, axis) = (reader.categories("observable")?, reader.categories("axis")?);
    let verdict = reader.categories_if_any("verdict");
    let (size, sigma) = (reader.drawable("mu_star")?, reader.drawable("sigma")?);
    let low = reader.drawable_if_any("mu_star_low");
    let high = reader.drawable_if_any("mu_star_high");
    let mine = (0..reader.rows()).filter(|row| observable[*row] == wanted);
    let known = mine.filter(|row| size[*row].is_finite() && sigma[*row].is_finite());
    let mut effects: Vec<ElementaryEffect<'a>> = known
        .map(|row| ElementaryEffect {
            axis: capitalised(axis[row]),
            // The interval may reach below 0, where no mean of sizes can lie.
            size: IntervalEstimate {
                mean: size[row],
                low: low[row].max(0.0_f64.min(size[row])),
                high: high[row],
            },
            sigma: sigma[row],
            verdict: verdict[row],
        })
        .collect();
    if effects.is_empty() {
        return Err(reader.nothing(format!("finite elementary effect on `{wanted}`")));
    }
    effects.sort_by(|a, b| b.size.mean.total_cmp(&a.size.mean));
    Ok(effects)
}

fn over_zero(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = range_of(values.chain([0.0])).unwrap_or((0.0, 1.0));
    if high > low {
        round_range(low, high + 0.04 * (high - low), 5)
    } else {
        (0.0, 1.0)
    }
}

fn guides(canvas: &mut Canvas, panel: &Axes) {
    for (slope, dash) in GUIDES {
        let end = panel.x.1;
        let stroke = Stroke::solid(GREY, 0.5).dashed(dash);
        panel.curve(canvas, &[0.0, end], &[0.0, slope * end], stroke);
    }
}

/// The stroke of an effect: the larger next to the largest, the darker.
fn stroke_of(effect: &ElementaryEffect<'_>, largest: f64) -> Stroke {
    let share = (effect.size.mean / largest).clamp(0.0, 1.0);
    let share = if share.is_finite() { share } else { 1.0 };
    Stroke {
        colour: mix(LIGHT, CLEAR.colour, share),
        ..CLEAR
    }
}

fn draw(canvas: &mut Canvas, panel: &Axes, effect: &ElementaryEffect<'_>, largest: f64) {
    let resolved = is_resolved(effect.verdict);
    let stroke = stroke_of(effect, largest);
    let at = |value: f64| panel.position(value, effect.sigma);
    if effect.size.half_width().is_finite() {
        canvas.line(at(effect.size.low), at(effect.size.high), stroke);
    }
    if resolved {
        canvas.disc(at(effect.size.mean), DOT, stroke.colour);
    } else {
        canvas.hollow_disc(at(effect.size.mean), DOT, stroke);
    }
}

/// An effect, the box of its label, and the text in it.
type DotLabel = (usize, Rect, String);

/// The labelled effects with their boxes and texts, and the effects without a name on the plane.
fn labels(panel: &Axes, effects: &[ElementaryEffect<'_>]) -> (Vec<DotLabel>, Vec<usize>) {
    let dots: Vec<Position> = effects
        .iter()
        .map(|effect| panel.position(effect.size.mean, effect.sigma))
        .collect();
    let mut taken: Vec<Rect> = effects.iter().map(|effect| marked(panel, effect)).collect();
    let (mut labels, mut numbered) = (Vec::new(), Vec::new());
    for (k, dot) in dots.iter().enumerate().take(MOST_NAMED) {
        let name = NOTE.shorten(&effects[k].axis, LONGEST_NAME);
        let whole = name == effects[k].axis;
        let mut choices = vec![(k + 1).to_string()];
        if whole {
            choices.insert(0, name);
        } else {
            numbered.push(k);
        }
        let found = choices.into_iter().enumerate().find_map(|(choice, text)| {
            let mut boxes = around(*dot, NOTE.width(&text)).into_iter();
            let free = boxes.find(|frame| {
                panel.frame.contains_rect(*frame)
                    && !taken.iter().any(|other| frame.overlaps(*other))
            });
            free.map(|frame| (choice, frame, text))
        });
        match found {
            Some((choice, frame, text)) => {
                if whole && choice > 0 {
                    numbered.push(k);
                }
                taken.push(frame);
                labels.push((k, frame, text));
            }
            None if whole => numbered.push(k),
            None => {}
        }
    }
    (labels, numbered)
}

/// Draws a line from a dot to a label that is not next to it.
fn draw_leader(canvas: &mut Canvas, dot: Position, label: Rect) {
    let (x, y) = label.centre();
    if (y - dot.1).abs() > 3.0 {
        let near = (dot.0.clamp(label.left + AIR, label.right() - AIR), y);
        let side = if x > dot.0 { 1.0 } else { -1.0 };
        let from = (dot.0 + side * 0.5 * DOT, dot.1);
        canvas.line(from, near, Stroke::solid(GREY, 0.3));
    }
}

/// Space that an axis's dot and interval take.
fn marked(panel: &Axes, effect: &ElementaryEffect<'_>) -> Rect {
    let (x, y) = panel.position(effect.size.mean, effect.sigma);
    let ends = [effect.size.low, effect.size.high].map(|end| panel.position(end, effect.sigma).0);
    // The smaller, and the larger, of a number and of what is not one is the number.
    let left = (x - DOT).min(ends[0]);
    let right = (x + DOT).max(ends[1]);
    Rect {
        left,
        top: y - DOT,
        width: right - left,
        height: 2.0 * DOT,
    }
}

/// Positions of a text of a width next to a dot, the best first.
fn around((x, y): Position, width: f64) -> Vec<Rect> {
    let height = 2.7;
    // Boxes are wider than their texts, so that neighbours are not read as one.
    let width = width + 2.0 * AIR;
    let (right, left, over) = (x + 1.0, x - 1.0 - width, x - width / 2.0);
    let corners = [
        (right, y - 2.3),
        (right, y + 2.3),
        (over, y - 2.6),
        (over, y + 2.6),
        (left, y - 2.3),
        (left, y + 2.3),
        (right, y),
        (left, y),
        (right, y - 4.4),
        (left, y + 4.4),
        (right, y + 4.4),
        (left, y - 4.4),
        (right, y - 6.6),
        (left, y - 6.6),
        (right, y + 6.6),
        (over, y - 6.6),
        (right, y - 8.8),
        (left, y - 8.8),
    ];
    let frame = |(left, middle): (f64, f64)| Rect {
        left,
        top: middle - height / 2.0,
        width,
        height,
    };
    corners.into_iter().map(frame).collect()
}

fn legend_of(effects: &[ElementaryEffect<'_>], numbered: &[usize], labels: &[DotLabel]) -> Legend {
    let mut legend = Legend::new();
    for (slope, dash) in GUIDES {
        let text = if slope == 1.0 {
            "σ = μ*".to_owned()
        } else {
            format!("σ = {slope} μ*")
        };
        legend.add(
            LegendHandle::Line(Stroke::solid(GREY, 0.5).dashed(dash)),
            text,
        );
    }
    if effects
        .iter()
        .any(|effect| effect.size.half_width().is_finite())
    {
        legend.add(LegendHandle::Line(CLEAR), "95% interval of μ*");
    }
    if let Some(note) = unresolved(effects.iter().map(|effect| effect.verdict), "trajectories") {
        legend.add(LegendHandle::Ring(Stroke::solid(BLACK, 0.6), DOT), note);
    }
    for k in numbered {
        if labels.iter().any(|(labelled, _, _)| labelled == k) {
            legend.note(format!("{}: {}", k + 1, effects[*k].axis));
        }
    }
    if labels.len() < effects.len() {
        legend.note("dots without a name: see the ranks");
    }
    legend
}

/// Draws the mean sizes of the elementary effects on an observable, the largest on top.
///
/// Reads the table `morris` as [`morris_plane`] does. Each axis is a dot at μ* with its
/// interval: the larger, the darker, and hollow where the verdict is not `resolved`. A column has σ / μ*: near 0
/// the effect is the same wherever the other axes are, near 1 or above it depends on them or on the level. At
/// most twenty-four axes are shown.
///
/// # Errors
/// [`ChartError::NoRows`], [`ChartError::NoColumn`], or [`ChartError::NothingToDraw`] where the observable has no
/// axis with finite μ* and σ.
pub(crate) fn morris_ranks(
    morris: &Table,
    observable: &str,
    width: Width,
) -> Result<Figure, ChartError> {
    let reader = ColumnReader::new(morris)?;
    let mut effects = read(&reader, observable)?;
    let known = effects.len();
    effects.truncate(MOST_FOREST_ROWS);
    let names: Vec<String> = effects.iter().map(|effect| effect.axis.clone()).collect();
    let width = width.millimetres();
    let (left, right) = (MARGIN, width - MARGIN - NUMBERS);
    let x = range_over(effects.iter().map(|effect| effect.size), 0.0);
    let top = MARGIN / 2.0 + FOREST_HEADING + 2.5;
    let space = NameWidth::wrapped(right - left);
    let plot = ForestPlot::new(&names, space, (left, top, right), ROW, x);
    let mut legend = Legend::new();
    let handle = LegendHandle::Disc(
        stroke_of(&effects[0], effects[0].size.mean).colour,
        RANK_DOT,
    );
    legend.add(handle, "mean size of the effects with its 95% interval");
    if let Some(note) = unresolved(effects.iter().map(|effect| effect.verdict), "trajectories") {
        legend.add(
            LegendHandle::Ring(Stroke::solid(BLACK, 0.6), RANK_DOT),
            note,
        );
    }
    legend.note(
        "σ/μ*: near 0 the same everywhere, near 1 or above it depends on other axes or the level",
    );
    legend.note_first(MOST_FOREST_ROWS, known, "axes");
    if let Some(rows) = rows_note(&reader, &[observable], ("used", "trajectories")) {
        legend.note(rows);
    }
    if let Some(couples) = couples_note(&[observable]) {
        legend.note(couples);
    }
    let legend = legend.below(width, plot.axes.legend_top());
    let mut canvas = legend.canvas();
    for (k, effect) in effects.iter().enumerate() {
        let y = plot.middle(k);
        let stroke = stroke_of(effect, effects[0].size.mean);
        plot.interval(&mut canvas, y, effect.size, stroke);
        let at = (plot.x(effect.size.mean), y);
        if is_resolved(effect.verdict) {
            canvas.disc(at, RANK_DOT, stroke.colour);
        } else {
            canvas.hollow_disc(at, RANK_DOT, stroke);
        }
    }
    let ratio = |row: usize, _: usize| {
        let effect = &effects[row];
        let ratio = effect.sigma / effect.size.mean;
        match ratio.is_finite() {
            true => number(ratio, RATIO_STEP),
            false => "–".to_owned(),
        }
    };
    plot.number_columns(&mut canvas, &[("σ/μ*", width - MARGIN)], ratio);
    let heading = HEADING.shorten(&capitalised(observable), width - 2.0 * MARGIN);
    canvas.text((MARGIN, MARGIN / 2.0 + 2.2), &heading, HEADING);
    plot.finish(&mut canvas, "Mean size of the elementary effects, μ*");
    legend.finish(
        canvas,
        &format!("Axes by the size of their elementary effects on {observable}"),
    )
}
