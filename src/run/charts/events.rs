//! Events on an axis of time: shaded for as long as they last, numbered as in the scenario, named under the
//! figure.

use crate::chart::{
    Axes, Canvas, Colour, GREY, Legend, LegendHandle, NOTE, PALE, Rect, Stroke, TimeAxis,
};

/// Something that happened to all couples.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EventMarker {
    /// Its number in the scenario, from 1.
    pub(crate) number: usize,
    /// When, or from when on (day).
    pub(crate) day: f64,
    /// The first day after it, of one that lasts; infinite if it has no end.
    pub(crate) until: Option<f64>,
    /// What, in a few words.
    pub(crate) label: String,
}

const LINE: Stroke = Stroke::solid(PALE, 0.6);
const SHADE: Colour = GREY.faint(0.13);
/// Space that the numbers take over a panel (mm).
const SPACE: f64 = 2.8;
/// Longest label under the figure (mm).
const LONGEST_LABEL: f64 = 50.0;
/// Least distance between two numbers (mm).
const APART: f64 = 0.8;

/// The events of a scenario that an axis shows.
pub(super) struct EventMarks {
    time: TimeAxis,
    shown: Vec<EventMarker>,
    /// Numbers of those before or after the axis.
    outside: Vec<usize>,
}

impl EventMarks {
    pub(super) fn new(events: &[EventMarker], time: TimeAxis) -> EventMarks {
        let overlaps = |event: &EventMarker| {
            let end = event.until.unwrap_or(event.day);
            event.day <= time.last && end >= time.first
        };
        let (mut shown, outside): (Vec<_>, Vec<_>) = events.iter().cloned().partition(overlaps);
        shown.sort_by(|a, b| a.day.total_cmp(&b.day));
        let mut outside: Vec<usize> = outside.iter().map(|event| event.number).collect();
        outside.sort_unstable();
        EventMarks {
            time,
            shown,
            outside,
        }
    }
    /// Space that the numbers take over a panel (mm).
    pub(super) fn space(&self) -> f64 {
        if self.shown.is_empty() { 0.0 } else { SPACE }
    }
    /// Shades the time that events last; to be drawn before the data.
    pub(super) fn shade(&self, canvas: &mut Canvas, panel: &Axes) {
        for event in &self.shown {
            let (left, right) = self.ends(panel, event);
            if event.until.is_some() && right > left {
                let Rect { top, height, .. } = panel.frame;
                let frame = Rect {
                    left,
                    top,
                    width: right - left,
                    height,
                };
                canvas.rectangle(frame, SHADE);
            }
            if panel.covers(event.day) {
                panel.vline(canvas, event.day, LINE);
            }
        }
    }
    /// Writes the numbers over a panel; those that would overlap become one text, such as "2–4".
    pub(super) fn number(&self, canvas: &mut Canvas, panel: &Axes) {
        let mut groups: Vec<std::ops::Range<usize>> = Vec::new();
        for i in 0..self.shown.len() {
            groups.push(i..i + 1);
            while let [.., before, last] = &groups[..] {
                if self.over(panel, before).1 + APART <= self.over(panel, last).0 {
                    break;
                }
                let joined = before.start..last.end;
                groups.truncate(groups.len() - 2);
                groups.push(joined);
            }
        }
        for group in groups {
            let (left, right) = self.over(panel, &group);
            let at = ((left + right) / 2.0, panel.frame.top - 1.6);
            canvas.text(at, &self.numbers(panel, &group), NOTE.centred());
        }
    }
    /// Names the events in a legend.
    pub(super) fn add_to_legend(&self, legend: &mut Legend) {
        let mut named: Vec<&EventMarker> = self.shown.iter().collect();
        named.sort_by_key(|event| event.number);
        for event in named {
            let when = match event.until {
                None => self.time.moment(event.day),
                Some(until) if until.is_finite() => self.time.span(event.day, until),
                Some(_) => format!("from {} on", self.time.moment(event.day)),
            };
            let label = NOTE.shorten(&event.label, LONGEST_LABEL);
            let handle = match event.until {
                None => LegendHandle::Tick(LINE),
                Some(_) => LegendHandle::Swatch(SHADE),
            };
            legend.add(handle, format!("{}: {} ({when})", event.number, label));
        }
        if !self.outside.is_empty() {
            let numbers = compressed(&self.outside);
            let noun = if self.outside.len() == 1 {
                "event"
            } else {
                "events"
            };
            legend.note(format!("{noun} {numbers} outside of these days"));
        }
    }
    /// Where an event starts and ends within the panel (mm).
    fn ends(&self, panel: &Axes, event: &EventMarker) -> (f64, f64) {
        let within = |day: f64| {
            let day = day.clamp(panel.x.0, panel.x.1);
            panel.position(day, panel.y.0).0
        };
        (within(event.day), within(event.until.unwrap_or(event.day)))
    }
    fn numbers(&self, panel: &Axes, group: &std::ops::Range<usize>) -> String {
        let mut numbers: Vec<usize> = self.shown[group.clone()]
            .iter()
            .map(|event| event.number)
            .collect();
        numbers.sort_unstable();
        NOTE.shorten(&compressed(&numbers), panel.frame.width)
    }
    /// Left and right end of the text over a group of neighbouring events.
    fn over(&self, panel: &Axes, group: &std::ops::Range<usize>) -> (f64, f64) {
        let starts = self.shown[group.clone()]
            .iter()
            .map(|event| self.ends(panel, event).0);
        let (first, last) = starts.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
            (low.min(x), high.max(x))
        });
        let half = NOTE.width(&self.numbers(panel, group)) / 2.0;
        // A number at the left end does not reach over the highest number of the vertical axis.
        let leftmost = panel.frame.left + half - 0.8;
        let rightmost = (panel.frame.right() - half + 0.8).max(leftmost);
        let middle = ((first + last) / 2.0).clamp(leftmost, rightmost);
        (middle - half, middle + half)
    }
}

/// Rising numbers as text, such as "1, 3–5".
fn compressed(numbers: &[usize]) -> String {
    let runs = numbers.chunk_by(|one, next| one + 1 == *next);
    let texts: Vec<String> = runs
        .map(|run| match run {
            [one] => one.to_string(),
            [one, other] => format!("{one}, {other}"),
            [first, .., last] => format!("{first}–{last}"),
            [] => String::new(),
        })
        .collect();
    texts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(number: usize, day: f64, until: Option<f64>) -> EventMarker {
        EventMarker {
            number,
            day,
            until,
            label: format!("event {number}"),
        }
    }

    fn panel() -> (Axes, TimeAxis) {
        let frame = Rect {
            left: 10.0,
            top: 5.0,
            width: 100.0,
            height: 20.0,
        };
        let axes = Axes {
            frame,
            x: (0.0, 100.0),
            y: (0.0, 1.0),
        };
        let time = TimeAxis::covering([0.0, 100.0]).expect("days");
        (axes, time)
    }

    fn svg(events: &[EventMarker]) -> String {
        let (panel, time) = panel();
        let marks = EventMarks::new(events, time);
        let mut legend = Legend::new();
        marks.add_to_legend(&mut legend);
        let legend = legend.below(120.0, 40.0);
        let mut canvas = legend.canvas();
        marks.shade(&mut canvas, &panel);
        marks.number(&mut canvas, &panel);
        legend
            .finish(canvas, "")
            .expect("a figure")
            .svg()
            .to_owned()
    }

    fn has(svg: &str, text: &str) -> bool {
        svg.lines().any(|line| line == text)
    }

    #[test]
    fn an_event_that_lasts_is_shaded_until_its_end() {
        let (panel, time) = panel();
        let shades = |event: EventMarker| {
            let marks = EventMarks::new(&[event], time);
            let mut canvas = Canvas::new(120.0, 40.0);
            marks.shade(&mut canvas, &panel);
            let mut expected = Canvas::new(120.0, 40.0);
            (
                canvas,
                move |days: Option<(f64, f64)>, line: Option<f64>| {
                    if let Some((from, to)) = days {
                        let left = panel.position(from, 0.0).0;
                        let width = panel.position(to, 0.0).0 - left;
                        expected.rectangle(
                            Rect {
                                left,
                                width,
                                ..panel.frame
                            },
                            SHADE,
                        );
                    }
                    if let Some(day) = line {
                        panel.vline(&mut expected, day, LINE);
                    }
                    expected
                },
            )
        };
        let (drawn, expected) = shades(event(1, 20.0, Some(50.0)));
        assert_eq!(drawn, expected(Some((20.0, 50.0)), Some(20.0)));
        let (drawn, expected) = shades(event(1, 20.0, Some(f64::INFINITY)));
        assert_eq!(drawn, expected(Some((20.0, 100.0)), Some(20.0)));
        let (drawn, expected) = shades(event(1, -5.0, Some(10.0)));
        assert_eq!(drawn, expected(Some((0.0, 10.0)), None));
        let (drawn, expected) = shades(event(1, 20.0, None));
        assert_eq!(drawn, expected(None, Some(20.0)));
    }

    #[test]
    fn events_keep_the_numbers_of_the_scenario() {
        let svg = svg(&[event(1, 80.0, None), event(2, 10.0, Some(30.0))]);
        assert!(has(&svg, "1: event 1 (day 80)"), "{svg}");
        assert!(has(&svg, "2: event 2 (days 10–29)"), "{svg}");
    }

    #[test]
    fn events_close_together_share_a_text() {
        let svg = svg(&[
            event(1, 50.0, None),
            event(2, 10.0, None),
            event(3, 50.5, None),
            event(4, 51.0, None),
        ]);
        assert!(has(&svg, "1, 3, 4") && has(&svg, "2"), "{svg}");
    }

    #[test]
    fn events_outside_of_the_axis_are_named_by_their_numbers() {
        let svg = svg(&[
            event(1, 500.0, None),
            event(2, 10.0, None),
            event(3, 700.0, Some(800.0)),
        ]);
        assert!(has(&svg, "events 1, 3 outside of these days"), "{svg}");
        assert!(!svg.contains("event 3 ("), "{svg}");
    }

    #[test]
    fn rising_numbers_are_compressed() {
        assert_eq!(compressed(&[1, 2, 3, 5, 7, 8]), "1–3, 5, 7, 8");
        assert_eq!(compressed(&[4]), "4");
    }
}
