//! How texts are set, and how wide they are.

use super::style::{BLACK, Colour};
use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};
use std::sync::Once;

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
    /// Breaks a text between words into lines no wider than `width` (mm); a longer word stands alone.
    pub(crate) fn wrap(self, text: &str, width: f64) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
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
    /// Shortens a text, with an ellipsis, to at most `width` (mm).
    pub(crate) fn shorten(self, text: &str, width: f64) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let mut characters: Vec<char> = text.chars().collect();
        while characters.pop().is_some() {
            let short = characters.iter().collect::<String>().trim_end().to_owned() + "…";
            if self.width(&short) <= width {
                return short;
            }
        }
        String::new()
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

#[cfg(test)]
mod tests {
    use super::*;

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
    }

    #[test]
    fn a_shortened_text_fits() {
        let short = NOTE.shorten("a rather long label for a small panel", 20.0);
        assert!(short.ends_with('…') && NOTE.width(&short) <= 20.0);
        assert_eq!(NOTE.shorten("short", 20.0), "short");
    }
}
