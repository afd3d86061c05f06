//! A map of cells over two axes of a sweep, and the colour scales that cells have: the base of heat maps and phase
//! diagrams.

use super::axis::{CellEdges, Orientation, SweepAxis, space};
use crate::chart::{
    Axes, BLACK, Canvas, ChartError, Colour, ColumnReader, GREY, IntervalEstimate, LABEL, Legend,
    NOTE, Position, Rect, Stroke, Ticks, WHITE, round_step,
};

/// Levels on one axis that a map shows at most.
const MOST_LEVELS: usize = 200;
/// Levels from which an axis of a mostly empty map is surely not one of a grid.
const MANY_LEVELS: usize = 12;
/// A cell's reach into its neighbour, so that no gap shows between them (mm).
const SEAM: f64 = 0.3;
/// The stroke of cells without a result.
pub(crate) const EMPTY: Stroke = Stroke::solid(GREY, 0.35);
/// From a map's left side to the numbers of its ticks, and from there to the title (mm).
const TO_NUMBERS: f64 = 1.5;
const TITLE: f64 = 4.4;
/// From a panel's lower side to the middle of the title that all panels share (mm).
const TITLE_BELOW: f64 = 6.3;

/// The two axes of a map.
#[derive(Clone, Copy)]
pub(crate) struct MapAxes<'a> {
    pub(crate) x: &'a SweepAxis,
    pub(crate) y: &'a SweepAxis,
}

impl MapAxes<'_> {
    /// Refuses axes that make no map: without levels, with too many, or of scattered points.
    pub(crate) fn check(&self, points: &ColumnReader<'_>) -> Result<(), ChartError> {
        for axis in [self.x, self.y] {
            if axis.count() == 0 {
                return Err(points.nothing(format!("level of the axis `{}`", axis.label)));
            }
            if axis.count() > MOST_LEVELS {
                return Err(ChartError::BadArgument {
                    name: "levels of a map's axis",
                    must: "at most 200",
                    value: axis.count() as f64,
                });
            }
        }
        let mut pairs: Vec<(usize, usize)> = (self.x.of_row.iter().zip(&self.y.of_row))
            .filter_map(|(x, y)| x.zip(*y))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let cells = self.x.count() * self.y.count();
        if self.x.count().max(self.y.count()) > MANY_LEVELS && 4 * pairs.len() < cells {
            let (x, y) = (&self.x.label, &self.y.label);
            return Err(points.nothing(format!("grid over `{x}` and `{y}`")));
        }
        Ok(())
    }
    /// Width that numbers and title take on the left of a map of a height (mm).
    pub(crate) fn space_left(&self, height: f64) -> f64 {
        let ticks = CellEdges::of(self.y, height).ticks(self.y, Orientation::Vertical, height);
        let widest = ticks.labels.iter().map(|label| NOTE.width(label));
        TITLE + widest.fold(0.0, f64::max) + TO_NUMBERS + 1.2
    }
    /// All pairs of levels, row by row from below.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (across, up) = (self.x.count(), self.y.count());
        (0..up).flat_map(move |j| (0..across).map(move |i| (i, j)))
    }
}

/// One map in its frame.
pub(crate) struct GridMap<'a> {
    pub(crate) sides: MapAxes<'a>,
    pub(crate) frame: Rect,
    pub(crate) across: CellEdges,
    pub(crate) up: CellEdges,
}

impl<'a> GridMap<'a> {
    /// Lays the cells out in a frame.
    pub(crate) fn new(sides: MapAxes<'a>, frame: Rect) -> GridMap<'a> {
        GridMap {
            sides,
            frame,
            across: CellEdges::of(sides.x, frame.width),
            up: CellEdges::of(sides.y, frame.height),
        }
    }
    /// The panel with the maps' coordinates.
    pub(crate) fn panel(&self) -> Axes {
        Axes {
            frame: self.frame,
            x: self.across.ends(),
            y: self.up.ends(),
        }
    }
    /// Where a cell lies.
    pub(crate) fn cell(&self, (i, j): (usize, usize)) -> Rect {
        let panel = self.panel();
        let (left, bottom) = panel.position(self.across.edges[i], self.up.edges[j]);
        let (right, top) = panel.position(self.across.edges[i + 1], self.up.edges[j + 1]);
        Rect {
            left,
            top,
            width: right - left,
            height: bottom - top,
        }
    }
    /// Where a pair of levels lies.
    pub(crate) fn centre(&self, (i, j): (usize, usize)) -> Position {
        self.panel()
            .position(self.across.centres[i], self.up.centres[j])
    }
    /// Width of the narrowest and height of the lowest cell (mm).
    pub(crate) fn smallest(&self) -> (f64, f64) {
        (
            self.across.narrowest(self.frame.width),
            self.up.narrowest(self.frame.height),
        )
    }
    /// Fills a cell, and a seam that the next cells to the right and above cover: fill in their order.
    pub(crate) fn fill(&self, canvas: &mut Canvas, cell: (usize, usize), colour: Colour) {
        let Rect { left, top, .. } = self.cell(cell);
        let right = (self.cell(cell).right() + SEAM).min(self.frame.right());
        let begin = (top - SEAM).max(self.frame.top);
        let frame = Rect {
            left,
            top: begin,
            width: right - left,
            height: self.cell(cell).bottom() - begin,
        };
        canvas.rectangle(frame, colour);
    }
    /// Draws a cell without a result.
    pub(crate) fn leave_empty(&self, canvas: &mut Canvas, cell: (usize, usize)) {
        let frame = self.cell(cell);
        canvas.rectangle(frame, WHITE);
        canvas.outline(frame, EMPTY);
        canvas.cross(frame, EMPTY);
    }
    /// Draws the frame with its ticks, and their numbers where these are wanted.
    pub(crate) fn draw_axes(&self, canvas: &mut Canvas, below: bool, left: bool) {
        let panel = self.panel();
        canvas.outline(self.frame, Stroke::solid(GREY, 0.5));
        let across = self
            .across
            .ticks(self.sides.x, Orientation::Horizontal, self.frame.width);
        panel.x_ticks(canvas, &across, below);
        let mut up = self
            .up
            .ticks(self.sides.y, Orientation::Vertical, self.frame.height);
        if !left {
            up = Ticks {
                labels: vec![String::new(); up.at.len()],
                ..up
            };
        }
        panel.y_ticks(canvas, &up);
    }
}

/// The rectangle around all frames.
fn union(frames: &[Rect]) -> Rect {
    let over = |side: fn(&Rect) -> f64, pick: fn(f64, f64) -> f64| {
        frames.iter().map(side).reduce(pick).unwrap_or(0.0)
    };
    let (left, top) = (over(|f| f.left, f64::min), over(|f| f.top, f64::min));
    Rect {
        left,
        top,
        width: over(|f| f.right(), f64::max) - left,
        height: over(|f| f.bottom(), f64::max) - top,
    }
}

/// Writes the title of all panels' lower axes under the lowest of them.
pub(crate) fn title_below(canvas: &mut Canvas, frames: &[Rect], title: &str) {
    let all = union(frames);
    let title = LABEL.shorten(title, all.width);
    let at = (all.centre().0, all.bottom() + TITLE_BELOW);
    canvas.text(at, &title, LABEL.centred());
}

/// Writes the titles that all panels share: under the lowest, and left of the leftmost.
pub(crate) fn titles(canvas: &mut Canvas, frames: &[Rect], sides: MapAxes<'_>) {
    title_below(canvas, frames, &sides.x.label);
    let all = union(frames);
    let title = LABEL.shorten(&sides.y.label, all.height);
    let at = (TITLE / 2.0 + 0.4, all.centre().1);
    canvas.text(at, &title, LABEL.centred().upwards());
}

/// Notes on a map's axes: titles and categories that were too long, and levels
/// that are not drawn to scale.
pub(crate) fn add_to_legend(legend: &mut Legend, map: &GridMap<'_>, frames: &[Rect]) {
    let all = union(frames);
    let MapAxes { x, y } = map.sides;
    for (title, axis, length) in [("across", x, all.width), ("upwards", y, all.height)] {
        if LABEL.width(&axis.label) > length {
            legend.note(format!("{title}: {}", axis.label));
        }
    }
    let Rect { width, height, .. } = map.frame;
    for (axis, orientation, length) in [
        (x, Orientation::Horizontal, width),
        (y, Orientation::Vertical, height),
    ] {
        if let Some(note) = axis.category_note(space(axis, orientation, length)) {
            legend.note(note);
        }
    }
    let sides = [(x, &map.across), (y, &map.up)];
    let uneven = |(axis, cells): &(&SweepAxis, &CellEdges)| {
        axis.is_measured() && axis.count() > 1 && !cells.to_scale
    };
    let uneven: Vec<&str> = (sides.into_iter().filter(uneven))
        .map(|(axis, _)| axis.label.as_str())
        .collect();
    if !uneven.is_empty() {
        let text = format!("levels evenly spaced, not to scale: {}", uneven.join(", "));
        legend.note(text);
    }
}

/// Share of the range over the map beyond which half an interval is too wide.
const WIDE: f64 = 0.1;
/// From the panels to the bar, its width, and from it to its numbers (mm).
const BAR: [f64; 3] = [3.0, 3.0, 1.2];
/// Space for the bar's title, and the least distance between its numbers (mm).
const BAR_TITLE: f64 = 5.2;
const APART: f64 = 4.0;
const STEPS: usize = 100;

/// The values that the colours span.
#[derive(Clone, Copy)]
pub(crate) struct ColourScale {
    low: f64,
    high: f64,
    /// Largest less smallest mean; zero where all are the same.
    pub(crate) span: f64,
}

impl ColourScale {
    /// Spans the range of the means, widened where all are the same.
    pub(crate) fn of((low, high): (f64, f64)) -> ColourScale {
        let span = high - low;
        let margin = if span > 1e-12 * low.abs().max(high.abs()) {
            0.0
        } else if low == 0.0 {
            1.0
        } else {
            0.5 * low.abs()
        };
        ColourScale {
            low: low - margin,
            high: high + margin,
            span,
        }
    }
    /// Position of a value in the range [0–1].
    pub(crate) fn share(self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }
    /// Whether an interval is too wide against the range, or is not known.
    pub(crate) fn is_wide(self, estimate: IntervalEstimate) -> bool {
        let reach = estimate.half_width();
        reach.is_nan() || reach > WIDE * self.span
    }
    /// The round levels at which contours are drawn, and how far apart they are.
    pub(crate) fn contours(self) -> (Vec<f64>, f64) {
        let (step, ticks) = (
            round_step(self.span, 8),
            Ticks::round(self.low, self.high, 8),
        );
        let inside = |at: &f64| *at > self.low && *at < self.high;
        (ticks.at.into_iter().filter(inside).collect(), step)
    }
    /// As many round numbers as fit next to a bar of a height (mm).
    fn ticks(self, height: f64) -> Ticks {
        let made = |target| Ticks::round(self.low, self.high, target);
        let clear = |ticks: &Ticks| {
            let mut gaps = ticks.at.windows(2).map(|pair| pair[1] - pair[0]);
            gaps.all(|gap| gap / (self.high - self.low) * height >= APART)
        };
        let mut fewer = (1..=9).rev().map(made);
        fewer.find(clear).unwrap_or_else(|| made(1))
    }
    /// Width that the bar takes next to panels (mm), for a bar of a height.
    pub(crate) fn space(self, height: f64) -> f64 {
        let ticks = self.ticks(height);
        let widest = ticks.labels.iter().map(|label| NOTE.width(label));
        BAR.iter().sum::<f64>() + widest.fold(0.0, f64::max) + BAR_TITLE
    }
    /// Draws the bar next to a frame, as high as it is, with its title.
    pub(crate) fn draw(self, canvas: &mut Canvas, panel: Rect, title: &str) {
        let frame = Rect {
            left: panel.right() + BAR[0],
            width: BAR[1],
            ..panel
        };
        let axes = Axes {
            frame,
            x: (0.0, 1.0),
            y: (self.low, self.high),
        };
        for step in 0..STEPS {
            // Each slab reaches up to the end, so that no gap shows between it and the next.
            let share = step as f64 / STEPS as f64;
            let slab = Rect {
                height: frame.height * (1.0 - share),
                ..frame
            };
            canvas.rectangle(slab, viridis(share + 0.5 / STEPS as f64));
        }
        canvas.outline(frame, Stroke::solid(GREY, 0.4));
        let (ticks, right) = (self.ticks(frame.height), frame.right());
        let mut widest = 0.0_f64;
        for (at, label) in ticks.at.iter().zip(&ticks.labels) {
            let (_, y) = axes.position(0.0, *at);
            canvas.line((right, y), (right + 0.7, y), Stroke::solid(GREY, 0.5));
            canvas.text((right + BAR[2], y), label, NOTE);
            widest = widest.max(NOTE.width(label));
        }
        let title = LABEL.shorten(title, frame.height);
        let at = (right + BAR[2] + widest + 2.4, frame.centre().1);
        canvas.text(at, &title, LABEL.centred().upwards());
    }
}

/// The colour of a share of the range [0–1]; shares beyond it have the colour of its end.
pub(crate) fn viridis(share: f64) -> Colour {
    let index = share.clamp(0.0, 1.0) * (VIRIDIS.len() - 1) as f64;
    let below = (index.floor() as usize).min(VIRIDIS.len() - 2);
    let ends = [VIRIDIS[below], VIRIDIS[below + 1]].map(Colour::hex);
    mix(ends[0], ends[1], index - below as f64)
}

/// A colour between two opaque ones, at a share [0–1] of the distance.
pub(crate) fn mix(from: Colour, to: Colour, share: f64) -> Colour {
    let component =
        |a: u8, b: u8| (f64::from(a) + share * (f64::from(b) - f64::from(a))).round() as u8;
    Colour {
        rgb: (
            component(from.rgb.0, to.rgb.0),
            component(from.rgb.1, to.rgb.1),
            component(from.rgb.2, to.rgb.2),
        ),
        alpha: 1.0,
    }
}

/// Black or white, whichever contrasts with a background.
pub(crate) fn contrasting(background: Colour) -> Colour {
    if lightness(background) > 0.55 {
        BLACK
    } else {
        WHITE
    }
}

/// How light a colour prints in grey [0–1]: the luma of ITU-R BT.601.
fn lightness(colour: Colour) -> f64 {
    let (red, green, blue) = colour.rgb;
    (0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue)) / 255.0
}

/// The colour map viridis from low to high, as 0xRRGGBB: its lightness rises evenly, in colour, in grey, and
/// for readers who see no red or no green.
///
/// By Nathaniel J. Smith, Stéfan van der Walt and Eric Firing (2015), the default of matplotlib since 2.0, in
/// the public domain (CC0). The numbers are `_viridis_data` of `matplotlib/_cm_listed.py` (3.11), each
/// component rounded to a byte. The drawing library's map of this name interpolates between eight colours and
/// is off by up to 20 of 255.
const VIRIDIS: [u32; 256] = [
    0x440154, 0x440256, 0x450457, 0x450559, 0x46075A, 0x46085C, 0x460A5D, 0x460B5E, 0x470D60,
    0x470E61, 0x471063, 0x471164, 0x471365, 0x481467, 0x481668, 0x481769, 0x48186A, 0x481A6C,
    0x481B6D, 0x481C6E, 0x481D6F, 0x481F70, 0x482071, 0x482173, 0x482374, 0x482475, 0x482576,
    0x482677, 0x482878, 0x482979, 0x472A7A, 0x472C7A, 0x472D7B, 0x472E7C, 0x472F7D, 0x46307E,
    0x46327E, 0x46337F, 0x463480, 0x453581, 0x453781, 0x453882, 0x443983, 0x443A83, 0x443B84,
    0x433D84, 0x433E85, 0x423F85, 0x424086, 0x424186, 0x414287, 0x414487, 0x404588, 0x404688,
    0x3F4788, 0x3F4889, 0x3E4989, 0x3E4A89, 0x3E4C8A, 0x3D4D8A, 0x3D4E8A, 0x3C4F8A, 0x3C508B,
    0x3B518B, 0x3B528B, 0x3A538B, 0x3A548C, 0x39558C, 0x39568C, 0x38588C, 0x38598C, 0x375A8C,
    0x375B8D, 0x365C8D, 0x365D8D, 0x355E8D, 0x355F8D, 0x34608D, 0x34618D, 0x33628D, 0x33638D,
    0x32648E, 0x32658E, 0x31668E, 0x31678E, 0x31688E, 0x30698E, 0x306A8E, 0x2F6B8E, 0x2F6C8E,
    0x2E6D8E, 0x2E6E8E, 0x2E6F8E, 0x2D708E, 0x2D718E, 0x2C718E, 0x2C728E, 0x2C738E, 0x2B748E,
    0x2B758E, 0x2A768E, 0x2A778E, 0x2A788E, 0x29798E, 0x297A8E, 0x297B8E, 0x287C8E, 0x287D8E,
    0x277E8E, 0x277F8E, 0x27808E, 0x26818E, 0x26828E, 0x26828E, 0x25838E, 0x25848E, 0x25858E,
    0x24868E, 0x24878E, 0x23888E, 0x23898E, 0x238A8D, 0x228B8D, 0x228C8D, 0x228D8D, 0x218E8D,
    0x218F8D, 0x21908D, 0x21918C, 0x20928C, 0x20928C, 0x20938C, 0x1F948C, 0x1F958B, 0x1F968B,
    0x1F978B, 0x1F988B, 0x1F998A, 0x1F9A8A, 0x1E9B8A, 0x1E9C89, 0x1E9D89, 0x1F9E89, 0x1F9F88,
    0x1FA088, 0x1FA188, 0x1FA187, 0x1FA287, 0x20A386, 0x20A486, 0x21A585, 0x21A685, 0x22A785,
    0x22A884, 0x23A983, 0x24AA83, 0x25AB82, 0x25AC82, 0x26AD81, 0x27AD81, 0x28AE80, 0x29AF7F,
    0x2AB07F, 0x2CB17E, 0x2DB27D, 0x2EB37C, 0x2FB47C, 0x31B57B, 0x32B67A, 0x34B679, 0x35B779,
    0x37B878, 0x38B977, 0x3ABA76, 0x3BBB75, 0x3DBC74, 0x3FBC73, 0x40BD72, 0x42BE71, 0x44BF70,
    0x46C06F, 0x48C16E, 0x4AC16D, 0x4CC26C, 0x4EC36B, 0x50C46A, 0x52C569, 0x54C568, 0x56C667,
    0x58C765, 0x5AC864, 0x5CC863, 0x5EC962, 0x60CA60, 0x63CB5F, 0x65CB5E, 0x67CC5C, 0x69CD5B,
    0x6CCD5A, 0x6ECE58, 0x70CF57, 0x73D056, 0x75D054, 0x77D153, 0x7AD151, 0x7CD250, 0x7FD34E,
    0x81D34D, 0x84D44B, 0x86D549, 0x89D548, 0x8BD646, 0x8ED645, 0x90D743, 0x93D741, 0x95D840,
    0x98D83E, 0x9BD93C, 0x9DD93B, 0xA0DA39, 0xA2DA37, 0xA5DB36, 0xA8DB34, 0xAADC32, 0xADDC30,
    0xB0DD2F, 0xB2DD2D, 0xB5DE2B, 0xB8DE29, 0xBADE28, 0xBDDF26, 0xC0DF25, 0xC2DF23, 0xC5E021,
    0xC8E020, 0xCAE11F, 0xCDE11D, 0xD0E11C, 0xD2E21B, 0xD5E21A, 0xD8E219, 0xDAE319, 0xDDE318,
    0xDFE318, 0xE2E418, 0xE5E419, 0xE7E419, 0xEAE51A, 0xECE51B, 0xEFE51C, 0xF1E51D, 0xF4E61E,
    0xF6E620, 0xF8E621, 0xFBE723, 0xFDE725,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_means_have_the_middle_viridis() {
        for value in [0.0, 0.4, -3.0, 1e-300] {
            assert!(
                (ColourScale::of((value, value)).share(value) - 0.5).abs() < 1e-9,
                "{value}"
            );
        }
    }

    #[test]
    fn intervals_are_wide_against_the_range() {
        let scale = ColourScale::of((0.0, 1.0));
        let reaching = |half: f64| IntervalEstimate {
            mean: 0.5,
            low: 0.5 - half,
            high: 0.5 + half,
        };
        assert!(!scale.is_wide(reaching(0.09)));
        assert!(scale.is_wide(reaching(0.11)));
        assert!(scale.is_wide(reaching(f64::NAN)));
        assert_eq!(scale.contours().0.len(), 4);
    }

    #[test]
    fn higher_is_lighter_everywhere() {
        let greys: Vec<f64> = (0..=100)
            .map(|i| lightness(viridis(f64::from(i) / 100.0)))
            .collect();
        assert!(greys.windows(2).all(|pair| pair[1] > pair[0]), "{greys:?}");
        assert!(greys[0] < 0.2 && greys[100] > 0.8);
    }

    #[test]
    fn published_colours_are_met() {
        assert_eq!(viridis(0.0), Colour::hex(0x440154));
        assert_eq!(viridis(51.0 / 255.0), Colour::hex(0x414487));
        assert_eq!(viridis(0.5), Colour::hex(0x21918D));
        assert_eq!(viridis(204.0 / 255.0), Colour::hex(0x7AD151));
        assert_eq!(viridis(1.0), Colour::hex(0xFDE725));
        assert_eq!(viridis(-3.0), viridis(0.0));
        assert_eq!(viridis(7.0), viridis(1.0));
    }

    #[test]
    fn marks_stand_out_from_every_viridis() {
        for i in 0..=100 {
            let background = viridis(f64::from(i) / 100.0);
            assert!(
                (lightness(contrasting(background)) - lightness(background)).abs() > 0.4,
                "{i}%"
            );
        }
    }
}
