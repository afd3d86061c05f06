//! The regimes of balance as quadrants of the phase plane: their colours, and their names where they hide the
//! least.

use crate::chart::{
    Axes, Canvas, Dash, GREY, LABEL, Legend, LegendHandle, NOTE, Position, REGIMES, Rect, Regime,
    Stroke, TextStyle, WHITE,
};

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
    /// Writes each regime's name along the sides of its quadrant, where it hides the fewest marks.
    pub(crate) fn write_names(&self, canvas: &mut Canvas, marks: &[Position]) {
        for plate in REGIMES
            .into_iter()
            .filter_map(|regime| self.plate(regime, marks))
        {
            canvas.rectangle(plate.frame, WHITE.faint(0.8));
            let left = plate.frame.left + PADDING;
            let mut top = plate.frame.top + PADDING;
            canvas.text((left, top + NAME.line() / 2.0), plate.regime.name, NAME);
            top += NAME.line();
            for line in plate.gloss {
                canvas.text((left, top + NOTE.line() / 2.0), line, NOTE);
                top += NOTE.line();
            }
        }
    }
    /// Adds the regimes whose quadrants are too small for a name to the legend.
    pub(crate) fn add_to_legend(&self, legend: &mut Legend) {
        for regime in REGIMES {
            if self.plate(regime, &[]).is_none() {
                let text = format!("{}: {}", regime.name, regime.gloss);
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
    /// The best position for a regime's name; without its gloss only where that does not fit.
    fn plate(&self, regime: Regime, marks: &[Position]) -> Option<Plate> {
        let halves: Vec<&'static str> = regime.gloss.split_inclusive(", ").collect();
        let with_gloss = [vec![regime.gloss], halves];
        let best = |glosses: &[Vec<&'static str>]| -> Option<Plate> {
            let plates = glosses
                .iter()
                .flat_map(|gloss| self.plates(regime, gloss.clone()));
            plates.min_by_key(|plate| plate.hidden(marks))
        };
        best(&with_gloss).or_else(|| best(&[Vec::new()]))
    }
    /// Boxes along the quadrant's sides, those nearest the plane's corner first; none where none fits.
    fn plates(&self, regime: Regime, gloss: Vec<&'static str>) -> Vec<Plate> {
        let room = self.quadrant(regime);
        let letters = gloss.iter().map(|line| NOTE.width(line.trim_end()));
        let width = letters.fold(NAME.width(regime.name), f64::max) + 2.0 * PADDING;
        let height = NAME.line() + gloss.len() as f64 * NOTE.line() + 2.0 * PADDING;
        let play = (
            room.width - width - 2.0 * INSET,
            room.height - height - 2.0 * INSET,
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
            let left = room.left + INSET + play.0 * toward(regime.high.0, i);
            let top = room.top + INSET + play.1 * toward(!regime.high.1, j);
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
    /// How many marks the box hides or nearly touches.
    fn hidden(&self, marks: &[Position]) -> usize {
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
        marks.iter().filter(|mark| around.contains(**mark)).count()
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
        let free = quadrants.plate(REGIMES[0], &[]).expect("room");
        assert!(
            free.frame.right() > 75.0 && free.frame.top < 5.0,
            "the plane's corner"
        );
        let moved = quadrants
            .plate(REGIMES[0], &[free.frame.centre()])
            .expect("room");
        assert!(!moved.frame.contains(free.frame.centre()));
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
            quadrants.add_to_legend(&mut legend);
            let mut named = 0;
            for regime in REGIMES {
                let Some(plate) = quadrants.plate(regime, &[]) else {
                    continue;
                };
                named += 1;
                let room = quadrants.quadrant(regime);
                assert!(plate.frame.left >= room.left && plate.frame.right() <= room.right());
            }
            assert_eq!(named + legend.len(), 4, "{cut}");
        }
    }
}
