//! Colours that colour-blind readers can distinguish, and dashes that survive grey print.

use super::geometry::{Position, distance};

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
pub(crate) const SKY: Colour = Colour::hex(0x56B4E9);
/// Okabe and Ito's bluish green.
pub(crate) const GREEN: Colour = Colour::hex(0x009E73);
/// Okabe and Ito's yellow.
pub(crate) const YELLOW: Colour = Colour::hex(0xF0E442);
/// Okabe and Ito's blue.
pub(crate) const BLUE: Colour = Colour::hex(0x0072B2);
/// Okabe and Ito's vermillion.
pub(crate) const VERMILLION: Colour = Colour::hex(0xD55E00);
/// Okabe and Ito's reddish purple.
pub(crate) const PURPLE: Colour = Colour::hex(0xCC79A7);

/// Okabe and Ito's palette in the order in which series take it; yellow, too pale for lines, last.
///
/// Okabe, M. and Ito, K. (2008), Color Universal Design.
pub(crate) const SERIES: [Colour; 7] = [BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, YELLOW];

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
}
