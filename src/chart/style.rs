//! Style: colours that colour-blind readers can distinguish, dashes that survive grey print, how texts are set
//! and how wide they are, and the colours of the four regimes of balance.

use super::geometry::{Position, distance};
use crate::label::observable_label;
use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};
use std::sync::Once;

/// A colour with its opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Colour {
    /// Red, green and blue [0–255].
    pub(crate) rgb: (u8, u8, u8),
    /// Opacity [0–1].
    pub(crate) alpha: f64,
}

impl Colour {
    /// An opaque colour from its hexadecimal number, as in `0x0072B2`.
    pub(crate) const fn hex(number: u32) -> Colour {
        let rgb = ((number >> 16) as u8, (number >> 8) as u8, number as u8);
        Colour { rgb, alpha: 1.0 }
    }
    /// The same colour at another opacity [0–1].
    pub(crate) const fn faint(self, alpha: f64) -> Colour {
        Colour {
            rgb: self.rgb,
            alpha,
        }
    }
}

/// Text and data that must be read first.
pub(crate) const BLACK: Colour = Colour::hex(0x1A1A1A);
/// Axes.
pub(crate) const GREY: Colour = Colour::hex(0x6B6B6B);
/// Guides behind the data.
pub(crate) const PALE: Colour = Colour::hex(0xB8B8B8);
/// Paper.
pub(crate) const WHITE: Colour = Colour::hex(0xFFFFFF);

/// Okabe and Ito's orange.
pub(crate) const ORANGE: Colour = Colour::hex(0xE69F00);
/// Okabe and Ito's sky blue.
const SKY: Colour = Colour::hex(0x56B4E9);
/// Okabe and Ito's bluish green.
pub(crate) const GREEN: Colour = Colour::hex(0x009E73);
/// Okabe and Ito's yellow.
const YELLOW: Colour = Colour::hex(0xF0E442);
/// Okabe and Ito's blue.
pub(crate) const BLUE: Colour = Colour::hex(0x0072B2);
/// Okabe and Ito's vermillion.
pub(crate) const VERMILLION: Colour = Colour::hex(0xD55E00);
/// Okabe and Ito's reddish purple.
const PURPLE: Colour = Colour::hex(0xCC79A7);

/// Okabe and Ito's palette in the order in which series take it; yellow, too pale for lines, last.
///
/// Okabe, M. and Ito, K. (2008), Color Universal Design.
pub(crate) const SERIES: [Colour; 7] = [BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, YELLOW];

/// Dashes of series, which distinguish lines in grey print.
const SERIES_DASHES: [Dash; 6] = [
    Dash::Solid,
    Dash::Dashed,
    Dash::Mixed,
    Dash::Short,
    Dash::Dotted,
    Dash::Solid,
];

/// The line of a series, by its number from 0.
pub(crate) fn series_stroke(line: usize) -> Stroke {
    let dash = SERIES_DASHES[line % SERIES_DASHES.len()];
    Stroke::solid(SERIES[line % SERIES.len()], 1.1).dashed(dash)
}

/// How a line is interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dash {
    /// Not at all.
    Solid,
    /// Long dashes.
    Dashed,
    /// Dots.
    Dotted,
    /// Dash and dot in turn.
    Mixed,
    /// Short dashes close together.
    Short,
}

impl Dash {
    /// Lengths of dash and gap in turn (mm); empty for a solid line.
    pub(crate) fn pattern(self) -> &'static [f64] {
        match self {
            Dash::Solid => &[],
            Dash::Dashed => &[1.9, 0.8],
            Dash::Dotted => &[0.35, 0.55],
            Dash::Mixed => &[2.2, 0.6, 0.45, 0.6],
            Dash::Short => &[0.9, 0.5],
        }
    }
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stroke {
    /// Colour and opacity.
    pub(crate) colour: Colour,
    /// Width (pt).
    pub(crate) width: f64,
    /// Interruptions.
    pub(crate) dash: Dash,
}

impl Stroke {
    /// A solid line.
    pub(crate) const fn solid(colour: Colour, width: f64) -> Stroke {
        Stroke {
            colour,
            width,
            dash: Dash::Solid,
        }
    }
    /// The same line, interrupted.
    pub(crate) const fn dashed(self, dash: Dash) -> Stroke {
        Stroke { dash, ..self }
    }
}

/// Cuts a path into its dashes.
///
/// The pattern runs on around corners. A solid line comes back in one piece.
pub(crate) fn dashes(path: &[Position], dash: Dash) -> Vec<Vec<Position>> {
    let pattern = dash.pattern();
    if pattern.is_empty() || path.len() < 2 {
        return vec![path.to_vec()];
    }
    let mut pieces = Vec::new();
    let mut piece = vec![path[0]];
    let (mut index, mut left) = (0, pattern[0]);
    for ends in path.windows(2) {
        let (from, to) = (ends[0], ends[1]);
        let length = distance(from, to);
        let mut walked = 0.0;
        while length - walked > left {
            walked += left;
            let share = walked / length;
            let point = (
                from.0 + share * (to.0 - from.0),
                from.1 + share * (to.1 - from.1),
            );
            if index % 2 == 0 {
                piece.push(point);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![point];
            }
            index = (index + 1) % pattern.len();
            left = pattern[index];
        }
        left -= length - walked;
        if index % 2 == 0 {
            piece.push(to);
        }
    }
    if piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

/// Font names in the order in which a viewer tries them; widths are measured in the first.
pub(crate) const FAMILY: &str = "Noto Sans, Helvetica, Arial, sans-serif";
/// Millimetres in a printer's point.
pub(crate) const MM_PER_POINT: f64 = 25.4 / 72.0;
/// Ascent and descent of Noto Sans together [em]: what the measuring library takes for a font's size.
const NOTO_HEIGHT: f64 = 1.362;
/// A text is measured at this many units to the em, because the library rounds to integers.
const FINE: f64 = 2000.0;

/// Which end of a text its position is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// The text starts there.
    Start,
    /// The text is centred there.
    Middle,
    /// The text ends there.
    End,
}

/// How a text is set; its position is the middle of its capitals' height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TextStyle {
    /// Size (pt).
    pub(crate) size: f64,
    /// Whether bold.
    pub(crate) bold: bool,
    /// Colour.
    pub(crate) colour: Colour,
    /// Which end of the text is at its position.
    pub(crate) anchor: Anchor,
    /// Whether the text runs upwards.
    pub(crate) upwards: bool,
}

const PLAIN: TextStyle = TextStyle {
    size: 7.0,
    bold: false,
    colour: BLACK,
    anchor: Anchor::Start,
    upwards: false,
};
/// Numbers at ticks, notes and legends.
pub(crate) const NOTE: TextStyle = PLAIN;
/// Axis titles and direct labels.
pub(crate) const LABEL: TextStyle = TextStyle { size: 7.5, ..PLAIN };
/// Headings of panels.
pub(crate) const HEADING: TextStyle = TextStyle {
    size: 8.0,
    bold: true,
    ..PLAIN
};

impl TextStyle {
    /// The same, centred on its position.
    pub(crate) const fn centred(self) -> TextStyle {
        TextStyle {
            anchor: Anchor::Middle,
            ..self
        }
    }
    /// The same, ending at its position.
    pub(crate) const fn ending(self) -> TextStyle {
        TextStyle {
            anchor: Anchor::End,
            ..self
        }
    }
    /// The same, running upwards.
    pub(crate) const fn upwards(self) -> TextStyle {
        TextStyle {
            upwards: true,
            ..self
        }
    }
    /// The same in another colour.
    pub(crate) const fn tinted(self, colour: Colour) -> TextStyle {
        TextStyle { colour, ..self }
    }
    /// Height of a line with its leading (mm).
    pub(crate) fn line(self) -> f64 {
        1.25 * self.size * MM_PER_POINT
    }
    /// Width of a text in this style (mm).
    pub(crate) fn width(self, text: &str) -> f64 {
        let style = if self.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        load_fonts();
        let font = FontDesc::new(FontFamily::Name(FAMILY), FINE * NOTO_HEIGHT, style);
        let units = font.layout_box(text).map_or(
            FINE * 0.6 * text.chars().count() as f64,
            |((left, _), (right, _))| f64::from(right - left),
        );
        units / FINE * self.size * MM_PER_POINT
    }
    /// Breaks a text between words into lines no wider than `width` (mm); a longer word stands alone. Thin
    /// spaces, as in numbers, are not between words.
    pub(crate) fn wrap(self, text: &str, width: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_ascii_whitespace() {
            match lines.last_mut() {
                Some(line) if self.width(&format!("{line} {word}")) <= width => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }
    /// Breaks a text into at most `most` lines no wider than `width` (mm); the last one is shortened where
    /// there is more, and a word that is too long for a line is.
    pub(crate) fn wrap_within(self, text: &str, width: f64, most: usize) -> Vec<String> {
        let mut lines = self.wrap(text, width);
        if lines.len() > most {
            let rest = lines.split_off(most.saturating_sub(1)).join(" ");
            lines.push(rest);
        }
        lines.iter().map(|line| self.shorten(line, width)).collect()
    }
    /// Shortens a text, with an ellipsis, to at most `width` (mm).
    pub(crate) fn shorten(self, text: &str, width: f64) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        // By bisection, because measuring takes as long as the text. A text that grows gets no narrower.
        let ends: Vec<usize> = text.char_indices().map(|(start, _)| start).collect();
        let short = |end: &usize| text[..*end].trim_end().to_owned() + "…";
        let fitting = ends.partition_point(|end| self.width(&short(end)) <= width);
        fitting
            .checked_sub(1)
            .map_or(String::new(), |last| short(&ends[last]))
    }
}

/// Registers the fonts with the drawing library, which keeps them in a global table.
fn load_fonts() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let fonts = [
            (FontStyle::Normal, notosans::REGULAR_TTF),
            (FontStyle::Bold, notosans::BOLD_TTF),
        ];
        for (style, bytes) in fonts {
            let loaded = register_font(FAMILY, style, bytes).is_ok();
            debug_assert!(loaded, "the bundled fonts are valid");
        }
    });
}

/// One quadrant of the trust–intimacy plane. Names are neutral shorthands, not diagnoses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Regime {
    /// Name of the observable that holds its share.
    pub(crate) observable: &'static str,
    /// What it means.
    pub(crate) gloss: &'static str,
    /// Whether trust and intimacy are high.
    pub(crate) high: (bool, bool),
    /// Its colour.
    pub(crate) colour: Colour,
    /// The dashes of its line.
    pub(crate) dash: Dash,
}

impl Regime {
    /// Its name for readers.
    pub(crate) fn name(self) -> &'static str {
        observable_label(self.observable).unwrap_or(self.observable)
    }

    /// Its line.
    pub(crate) fn stroke(self) -> Stroke {
        Stroke::solid(self.colour, 1.2).dashed(self.dash)
    }
}

/// All four, the most settled first.
pub(crate) const REGIMES: [Regime; 4] = [
    Regime {
        observable: "secure_balance",
        gloss: "high trust, high intimacy",
        high: (true, true),
        colour: GREEN,
        dash: Dash::Solid,
    },
    Regime {
        observable: "complacency",
        gloss: "high trust, low intimacy",
        high: (true, false),
        colour: BLUE,
        dash: Dash::Dashed,
    },
    Regime {
        observable: "codependency",
        gloss: "low trust, high intimacy",
        high: (false, true),
        colour: ORANGE,
        dash: Dash::Mixed,
    },
    Regime {
        observable: "disengagement",
        gloss: "low trust, low intimacy",
        high: (false, false),
        colour: PURPLE,
        dash: Dash::Short,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_keep_their_length_around_corners() {
        let path = [(0.0, 0.0), (1.0, 0.0), (1.0, 9.0)];
        let pieces = dashes(&path, Dash::Dashed);
        assert_eq!(pieces.len(), 4);
        let length = |piece: &Vec<(f64, f64)>| -> f64 {
            piece
                .windows(2)
                .map(|w| (w[1].0 - w[0].0).abs() + (w[1].1 - w[0].1).abs())
                .sum()
        };
        for piece in &pieces[..3] {
            assert!((length(piece) - 1.9).abs() < 1e-9, "{piece:?}");
        }
        assert_eq!(pieces[0].len(), 3, "the first dash goes around the corner");
    }

    #[test]
    fn a_solid_line_is_not_cut() {
        let path = [(0.0, 0.0), (1.0, 2.0)];
        assert_eq!(dashes(&path, Dash::Solid), [path.to_vec()]);
    }

    #[test]
    fn widths_follow_the_font() {
        // Advance widths of Noto Sans Regular in thousandths of an em: zero 572, one 572.
        let one_em = TextStyle {
            size: 1.0 / MM_PER_POINT,
            ..NOTE
        };
        assert!(
            (one_em.width("0") - 0.572).abs() < 0.002,
            "{}",
            one_em.width("0")
        );
        assert!((one_em.width("01") - 1.144).abs() < 0.002);
        assert!(
            HEADING.width("Trust")
                > TextStyle {
                    bold: false,
                    ..HEADING
                }
                .width("Trust")
        );
    }

    #[test]
    fn a_wrapped_text_fits_and_keeps_every_word() {
        let text = "one two three four five six seven";
        let lines = NOTE.wrap(text, 15.0);
        assert!(lines.len() > 1);
        assert!(lines.iter().all(|line| NOTE.width(line) <= 15.0));
        assert_eq!(lines.join(" "), text);
        assert_eq!(NOTE.wrap("n = 12\u{2009}000", 90.0), ["n = 12\u{2009}000"]);
    }

    #[test]
    fn a_text_in_few_lines_is_shortened_in_the_last_one() {
        let text = "one two three four five six seven";
        let lines = NOTE.wrap_within(text, 15.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'), "{lines:?}");
        assert!(lines.iter().all(|line| NOTE.width(line) <= 15.0));
        assert_eq!(NOTE.wrap_within(text, 100.0, 2), [text]);
        let word = NOTE.wrap_within("anunbreakablewordwithoutanend", 15.0, 2);
        assert!(word.len() == 1 && NOTE.width(&word[0]) <= 15.0, "{word:?}");
        assert!(NOTE.wrap_within(" \n ", 15.0, 2).is_empty());
    }

    #[test]
    fn a_shortened_text_fits() {
        let short = NOTE.shorten("a rather long label for a small panel", 20.0);
        assert!(short.ends_with('…') && NOTE.width(&short) <= 20.0);
        assert_eq!(NOTE.shorten("short", 20.0), "short");
        assert_eq!(NOTE.shorten("too narrow", 0.1), "");
    }

    #[test]
    fn a_shortened_text_is_as_long_as_fits() {
        let text = "a rather long label for a small panel";
        let characters: Vec<char> = text.chars().collect();
        for width in 1..50 {
            let width = f64::from(width);
            let candidates = (0..characters.len()).rev().map(|count| {
                let start: String = characters[..count].iter().collect();
                start.trim_end().to_owned() + "…"
            });
            let longest = candidates.into_iter().find(|it| NOTE.width(it) <= width);
            let expected = match NOTE.width(text) <= width {
                true => text.to_owned(),
                false => longest.unwrap_or_default(),
            };
            assert_eq!(NOTE.shorten(text, width), expected, "{width} mm");
        }
    }
}
