//! Whether the numbers of a distribution are one, and whether it fits the number's range.

use crate::math::distribution::{Distribution, DistributionError};
use crate::scenario::code::Code;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::distribution::read::VariableReader;
use crate::scenario::distribution::spec::DistributionSpec;
use crate::scenario::reader::ScenarioReader;
use crate::scenario::tree::{TomlNode, TomlTable};

/// So many quantiles tell how much of a distribution lies outside.
const POINTS: u32 = 200;
/// From this share on it is most of it.
const MOST: f64 = 0.5;

impl VariableReader {
    /// Reports why the numbers are no distribution; says whether they are one.
    pub(crate) fn check(
        &self,
        reader: &mut ScenarioReader,
        table: &TomlTable,
        distribution: &DistributionSpec,
    ) -> bool {
        let Err(error) = Distribution::new(distribution.family()) else {
            return true;
        };
        let (key, hint) = blame(&error);
        let at = table.node(key).map_or(table.at, |node| node.at);
        let word = distribution.family.map_or("", |family| family.word);
        let message = format!("this is no {word} distribution: {error}");
        reader.report(
            Diagnostic::new(Code::NotADistribution, at, message)
                .label("here")
                .maybe_hint(hint),
        );
        false
    }

    /// Warns where most of a distribution would be moved to the ends of the range.
    pub(crate) fn warn_if_clipped(
        &self,
        reader: &mut ScenarioReader,
        node: &TomlNode,
        distribution: &DistributionSpec,
    ) {
        let Ok(distribution) = Distribution::new(distribution.family()) else {
            return;
        };
        let outside = (0..POINTS).filter(|point| {
            let p = (f64::from(*point) + 0.5) / f64::from(POINTS);
            !self.line.allows(distribution.quantile(p))
        });
        let share = outside.count() as f64 / f64::from(POINTS);
        if share > MOST {
            let (key, percent) = (self.line.key, 100.0 * share);
            let message =
                format!("{percent:.0} % of this distribution lies outside the range of `{key}`");
            let ends = format!(
                "values are moved to {} and {}",
                self.line.low, self.line.high
            );
            let warning = Diagnostic::new(Code::MostlyClipped, node.at, message).label(ends);
            reader
                .warnings
                .push(warning.hint("use a truncated normal, or another mean"));
        }
    }
}

/// The key to blame and what to do.
fn blame(error: &DistributionError) -> (&'static str, Option<String>) {
    let say = |hint: &str| Some(hint.to_owned());
    match error {
        DistributionError::NotFinite { .. } => ("median", None),
        DistributionError::NegativeSpread { .. } => ("sd", None),
        DistributionError::MeanOutside { .. } => ("mean", None),
        DistributionError::SpreadTooLarge { limit, .. } if *limit > 0.0 => {
            let hint = format!("a beta variable with this mean varies less than {limit:.4}");
            ("sd", Some(hint))
        }
        DistributionError::SpreadTooLarge { .. } => (
            "mean",
            say("a beta variable with a mean of 0 or 1 cannot vary: write the number alone"),
        ),
        DistributionError::EmptyRange { .. } => (
            "low",
            say("write the lower number as `low`; for a single value write the number alone"),
        ),
        DistributionError::WeightCount { .. } => ("weights", say("give one weight for each value")),
        DistributionError::NegativeWeight { .. } => ("weights", None),
        DistributionError::NoWeight => ("weights", say("at least one weight must be above 0")),
    }
}
