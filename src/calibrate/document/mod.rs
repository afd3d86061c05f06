//! Calibration documents: which keys are calibrated, their priors, the targets and the settings.
//!
//! A document is TOML like a scenario and is read by the same reader: all errors are reported at once,
//! each with its code, its position and the nearest known name. It refers to published statistics by
//! name.

mod read;
pub(crate) mod schema;
#[cfg(test)]
mod tests;

use super::abc::AbcSettings;
use super::least_squares::SearchSettings;
use super::prior::Prior;
use crate::scenario::Override;
use crate::validate::LaboratoryKey;

/// A valid calibration document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CalibrationDocument {
    file_name: String,
    text: String,
    overrides: Vec<Override>,
    /// Title of the charts.
    pub(crate) title: String,
    /// Names of the targets, in the order in which they are known.
    pub(crate) targets: Vec<String>,
    /// Couples of each simulated cohort at its start.
    pub(crate) couples: u64,
    /// How particles are drawn, and when it ends.
    pub(crate) sampler: AbcSettings,
    /// Couples of each simulated cohort at its start, in a search.
    pub(crate) search_couples: u64,
    /// How a search proceeds, and when it ends.
    pub(crate) search: SearchSettings,
    /// The parameters, in the document's order.
    pub(crate) parameters: Vec<CalibratedKey>,
}

/// A key that is calibrated.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CalibratedKey {
    /// The dotted key, as for `--set`.
    pub(crate) key: String,
    /// A plain name for tables and charts, in snake_case.
    pub(crate) name: String,
    /// Its prior, within the key's range.
    pub(crate) prior: Prior,
    /// Where a search starts, within the bounds of the prior; by default at its median.
    pub(crate) start: Option<f64>,
    /// Its default in a scenario, if that is a single number.
    pub(crate) default: Option<f64>,
}

/// The names that a document may use.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct KnownNames<'a> {
    /// The published statistics.
    pub(crate) targets: &'a [KnownTarget<'a>],
    /// Parameters of the simulated studies, which a document may calibrate besides the keys of a
    /// scenario.
    pub(crate) keys: &'a [LaboratoryKey],
}

/// A published statistic, as a document may name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KnownTarget<'a> {
    /// Its name, such as `C01`, or `C06 mean` of a target in parts, which `C06` names together.
    pub(crate) id: &'a str,
    /// Its tier, such as `C`: `tier C` names all targets of it.
    pub(crate) tier: &'a str,
}

impl CalibrationDocument {
    /// The file's name, as given.
    pub(crate) fn file_name(&self) -> &str {
        &self.file_name
    }

    /// The text, as given.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The overrides, in their order.
    pub(crate) fn overrides(&self) -> &[Override] {
        &self.overrides
    }
}
