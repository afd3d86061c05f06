//! Descriptions of numbers: the one place where a parameter, trait or state is written down.
//!
//! From a [`ParameterSpec`] come the scenario's key, the default, the reference page, the JSON
//! Schema and the sweep axis.

/// How the default of a number is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// Set by calibration against the published targets.
    Calibrated,
    /// A starting value: of the model's prototype, which agreed with observed statistics, or set by
    /// hand where targets do not say.
    Starting,
    /// A convention of measurement, of scale or of the step.
    Convention,
    /// Chosen such that the default changes nothing.
    Neutral,
}

impl Provenance {
    /// The label as the reference page prints it.
    pub fn label(self) -> &'static str {
        match self {
            Provenance::Calibrated => "calibrated",
            Provenance::Starting => "starting value",
            Provenance::Convention => "convention",
            Provenance::Neutral => "neutral",
        }
    }
}

/// One bounded number of the model, as a person reads it.
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
    /// Value where the scenario says nothing.
    pub default: f64,
    /// What it is, in one sentence without a full stop.
    pub meaning: &'static str,
    /// Author and year of the idea, or what else it rests on.
    pub source: &'static str,
    /// How the default is known.
    pub provenance: Provenance,
    /// Keys of the mechanisms that it belongs to. While any of them is off, a parameter or a trait
    /// has no effect, and only dated events move a state.
    pub mechanisms: &'static [&'static str],
}

impl ParameterSpec {
    /// Says whether a value may be given to this number; NaN may not.
    pub fn allows(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}
