//! The description of a number of the model: a parameter, trait or state.
//!
//! The scenario key, the default, the reference page, the JSON Schema and the sweep axis are made
//! from a [`ParameterSpec`].

/// How the default of a number is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// Set by calibration against the published targets.
    Calibrated,
    /// A starting value: of the prototype of the model, which agreed with observed statistics, or
    /// set by hand where no target determines it.
    Starting,
    /// A convention of measurement, of scale or of the step.
    Convention,
    /// Chosen such that the default changes nothing.
    Neutral,
}

impl Provenance {
    /// The label on the reference page.
    pub fn label(self) -> &'static str {
        match self {
            Provenance::Calibrated => "calibrated",
            Provenance::Starting => "starting value",
            Provenance::Convention => "convention",
            Provenance::Neutral => "neutral",
        }
    }
}

/// A number of the model with its bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParameterSpec {
    /// Key in the scenario file.
    pub key: &'static str,
    /// Symbol in the equations.
    pub symbol: &'static str,
    /// Unit, `1` for a pure number.
    pub unit: &'static str,
    /// Lowest value allowed.
    pub low: f64,
    /// Highest value allowed.
    pub high: f64,
    /// Value if the scenario does not set it.
    pub default: f64,
    /// Its meaning, in one sentence without a full stop.
    pub meaning: &'static str,
    /// Author and year of the source, or another basis.
    pub source: &'static str,
    /// How the default is known.
    pub provenance: Provenance,
    /// Keys of the mechanisms that it belongs to. While any of them is off, a parameter or a trait
    /// has no effect, and only dated events move a state.
    pub mechanisms: &'static [&'static str],
}

impl ParameterSpec {
    /// Whether a value is within the bounds; NaN is not.
    pub fn allows(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}
