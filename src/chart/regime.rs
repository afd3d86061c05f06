//! The four regimes of balance between trust and intimacy: their names and colours in every chart.
//!
//! The names are neutral shorthands for the quadrants of the phase plane; they are not diagnoses.

use super::style::{BLUE, Colour, Dash, GREEN, ORANGE, PURPLE, Stroke};

/// One quadrant of the trust–intimacy plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Regime {
    /// Name of the observable that holds its share.
    pub(crate) observable: &'static str,
    /// Name for people.
    pub(crate) name: &'static str,
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
    /// Its line.
    pub(crate) fn stroke(self) -> Stroke {
        Stroke::solid(self.colour, 1.2).dashed(self.dash)
    }
}

/// All four, the most settled first.
pub(crate) const REGIMES: [Regime; 4] = [
    Regime {
        observable: "secure_balance",
        name: "Secure balance",
        gloss: "high trust, high intimacy",
        high: (true, true),
        colour: GREEN,
        dash: Dash::Solid,
    },
    Regime {
        observable: "complacency",
        name: "Complacency",
        gloss: "high trust, low intimacy",
        high: (true, false),
        colour: BLUE,
        dash: Dash::Dashed,
    },
    Regime {
        observable: "codependency",
        name: "Co-dependency",
        gloss: "low trust, high intimacy",
        high: (false, true),
        colour: ORANGE,
        dash: Dash::Mixed,
    },
    Regime {
        observable: "disengagement",
        name: "Disengagement",
        gloss: "low trust, low intimacy",
        high: (false, false),
        colour: PURPLE,
        dash: Dash::Short,
    },
];
