//! Calibration documents: which keys are to be found, what is held of them before, and which targets
//! and limits.
//!
//! A document is TOML like a scenario, read by the same reader: its errors come all at once, each with
//! code, place and the nearest right word. It knows published statistics by their names alone.

pub(crate) mod known;
pub(crate) mod read;
pub(crate) mod schema;

use super::diagnostic::Diagnostics;
use super::overrides::Override;
use super::syntax;
use super::tree::{TomlNode, TomlTable, TomlValue};

pub use known::{Known, KnownKey, KnownTarget};

/// A valid calibration document.
#[derive(Clone, Debug, PartialEq)]
pub struct CalibrationDocument {
    file_name: String,
    text: String,
    overrides: Vec<Override>,
    /// What charts are headed with.
    pub title: String,
    /// Names of the targets, in the order in which they are known.
    pub targets: Vec<String>,
    /// Couples of each simulated cohort at its start.
    pub couples: u64,
    /// How particles are drawn, and when it is enough.
    pub sampler: Sampler,
    /// How a search goes.
    pub search: Search,
    /// What is to be found, in the document's order.
    pub parameters: Vec<CalibratedKey>,
}

/// How particles are drawn, and when it is enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampler {
    /// Seed of proposals and simulations.
    pub seed: u64,
    /// Particles of a generation.
    pub particles: usize,
    /// Share in (0, 1) of a generation that would do for the next one's tolerance.
    pub quantile: f64,
    /// How particles are perturbed: `local` or `global`.
    pub kernel: &'static str,
    /// How distances are counted: `published`, `predictive` or `intervals`.
    pub scaling: &'static str,
    /// Generations at most.
    pub generations: u32,
    /// Simulations at most.
    pub simulations: u64,
    /// Distance from the targets that is near enough.
    pub tolerance: f64,
    /// Share of accepted proposals below which a generation is the last one.
    pub acceptance: f64,
}

/// How a search for a single place goes, and when it is enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Search {
    /// Seed of simulations.
    pub seed: u64,
    /// Couples of each simulated cohort at its start.
    pub couples: u64,
    /// Iterations at most.
    pub iterations: u32,
    /// Simulations at most.
    pub simulations: u64,
    /// How far a parameter is moved to see what it does [widths of its prior].
    pub difference: f64,
    /// Weight of a standard deviation from a normal prior's mean against half an interval from a target.
    pub prior_weight: f64,
    /// Half-widths of a target's interval from which its loss grows linearly.
    pub huber: f64,
    /// Seeds by which what was found is looked at.
    pub checks: u32,
    /// Longest move of a parameter that ends the search [widths of its prior].
    pub step: f64,
    /// Share of the loss by which an iteration must lower it to count.
    pub gain: f64,
}

/// A key whose value is to be found.
#[derive(Clone, Debug, PartialEq)]
pub struct CalibratedKey {
    /// The dotted key, as for `--set`.
    pub key: String,
    /// A plain name for tables and charts, in snake_case.
    pub name: String,
    /// What is held of it before.
    pub prior: WrittenPrior,
    /// Where a search starts, within the prior's bounds; where nothing is said, in the prior's middle.
    pub start: Option<f64>,
    /// Its value in a scenario that does not say it, where that is a single number.
    pub default: Option<f64>,
}

/// A prior within the key's range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WrittenPrior {
    /// Every value between the bounds alike.
    Uniform {
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
    /// Every order of magnitude between the bounds, which are above 0, alike.
    LogUniform {
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
    /// A normal variable given that it lies between the bounds.
    Normal {
        /// Mean before it is cut.
        mean: f64,
        /// Standard deviation before it is cut, above 0.
        sd: f64,
        /// Lowest value.
        low: f64,
        /// Highest value.
        high: f64,
    },
}

impl WrittenPrior {
    /// Lowest and highest value.
    pub fn bounds(&self) -> (f64, f64) {
        match *self {
            WrittenPrior::Uniform { low, high }
            | WrittenPrior::LogUniform { low, high }
            | WrittenPrior::Normal { low, high, .. } => (low, high),
        }
    }
}

impl CalibrationDocument {
    /// Reads a document; `file_name` is what errors call it, and `known` are the published statistics
    /// and the keys beside those of a scenario that there are. Overrides come in their order and reach every key, as `sampler.particles=200`
    /// and `parameter.0.low=0.1`.
    ///
    /// # Errors
    /// Every error of text and overrides in one pass, in the order of their places.
    pub fn parse(
        file_name: &str,
        text: &str,
        overrides: &[Override],
        known: &Known<'_>,
    ) -> Result<CalibrationDocument, Diagnostics> {
        read::read(file_name, text, overrides, known)
    }

    /// Reads a document from a file's bytes.
    ///
    /// # Errors
    /// As [`CalibrationDocument::parse`]; also for bytes that are no text or too many.
    pub fn read_bytes(
        file_name: &str,
        bytes: &[u8],
        overrides: &[Override],
        known: &Known<'_>,
    ) -> Result<CalibrationDocument, Diagnostics> {
        let text = super::document::text_of(file_name, bytes)?;
        CalibrationDocument::parse(file_name, text, overrides, known)
    }

    /// The file's name, as given.
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// The text, as given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What was set from outside the text, in its order.
    pub fn overrides(&self) -> &[Override] {
        &self.overrides
    }
}

/// The number that an effective scenario has at a dotted key; `None` where there is no single one.
fn number_at(effective: &str, key: &str) -> Option<f64> {
    let root = syntax::read(effective).root;
    let mut table: &TomlTable = &root;
    let mut parts = key.split('.').peekable();
    while let Some(part) = parts.next() {
        let node: &TomlNode = table.node(part)?;
        if parts.peek().is_none() {
            return match node.value {
                TomlValue::Float(value) => Some(value),
                TomlValue::Integer(value) => Some(value as f64),
                _ => None,
            };
        }
        table = node.table()?;
    }
    None
}

#[cfg(test)]
mod tests;
