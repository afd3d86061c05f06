//! Distributions in the words and numbers of the scenario.
//!
//! A spec keeps what was written (a median, not its log-odds), so that the effective scenario can
//! be written out and read back without loss, and so that `--set` can reach each number.

use super::tree::{toml_list, toml_number, toml_text};
use crate::math::distribution::Family;
use crate::math::functions::{exp, ln, logistic, logit};

/// One number of a family.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FamilyNumber {
    pub(crate) key: &'static str,
    pub(crate) range: NumberRange,
    pub(crate) meaning: &'static str,
}

/// The range of a number of a family.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum NumberRange {
    /// Its own range.
    Fixed(f64, f64),
    /// That of the number that is distributed.
    OfNumber,
    /// That of the number that is distributed, whose lowest value is the default.
    LowOfNumber,
    /// That of the number that is distributed, whose highest value is the default.
    HighOfNumber,
}

/// One family of distributions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FamilySpec {
    /// The word after `dist`.
    pub(crate) word: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) keys: &'static [FamilyNumber],
    /// Keys of which exactly one must be given; all others without a default must be given.
    pub(crate) either: &'static [&'static str],
}

/// Largest slope, up or down.
pub(crate) const STEEP: f64 = 100.0;
/// Largest weight of a choice.
pub(crate) const HEAVY: f64 = 1e9;
const FAR: f64 = 1e6;
const MEAN: FamilyNumber = key("mean", NumberRange::Fixed(-FAR, FAR), "mean");
const SD: FamilyNumber = key("sd", NumberRange::Fixed(0.0, FAR), "standard deviation");

const fn key(key: &'static str, range: NumberRange, meaning: &'static str) -> FamilyNumber {
    FamilyNumber {
        key,
        range,
        meaning,
    }
}

/// Every family, `choice` (whose keys are the lists `values` and `weights`) among them.
pub(crate) const FAMILIES: &[FamilySpec] = &[
    FamilySpec {
        word: "normal",
        meaning: "normal; what falls outside the range is moved to its ends",
        keys: &[MEAN, SD],
        either: &[],
    },
    FamilySpec {
        word: "truncated_normal",
        meaning: "normal, given that it lies between low and high",
        keys: &[
            key(
                "mean",
                NumberRange::Fixed(-FAR, FAR),
                "mean of the normal before it is cut",
            ),
            key(
                "sd",
                NumberRange::Fixed(0.0, FAR),
                "standard deviation before it is cut",
            ),
            key("low", NumberRange::LowOfNumber, "lowest value"),
            key("high", NumberRange::HighOfNumber, "highest value"),
        ],
        either: &[],
    },
    FamilySpec {
        word: "beta",
        meaning: "beta on 0 to 1",
        keys: &[
            key("mean", NumberRange::Fixed(0.0, 1.0), "mean"),
            key(
                "sd",
                NumberRange::Fixed(0.0, 0.5),
                "standard deviation, below √(mean (1 − mean))",
            ),
        ],
        either: &[],
    },
    FamilySpec {
        word: "uniform",
        meaning: "every value between low and high alike",
        keys: &[
            key("low", NumberRange::OfNumber, "lowest value"),
            key("high", NumberRange::OfNumber, "highest value"),
        ],
        either: &[],
    },
    FamilySpec {
        word: "choice",
        meaning: "one of some values, by weight",
        keys: &[],
        either: &[],
    },
    FamilySpec {
        word: "logit_normal",
        meaning: "between 0 and 1, with normal log-odds",
        keys: &[
            key("median", NumberRange::Fixed(1e-9, 1.0 - 1e-9), "median"),
            key(
                "log_odds",
                NumberRange::Fixed(-50.0, 50.0),
                "log-odds of the median, in its place",
            ),
            key(
                "logit_sd",
                NumberRange::Fixed(0.0, 50.0),
                "standard deviation of the log-odds",
            ),
        ],
        either: &["median", "log_odds"],
    },
    FamilySpec {
        word: "log_normal",
        meaning: "positive, with a normal logarithm",
        keys: &[
            key("median", NumberRange::Fixed(1e-9, 1e9), "median"),
            key(
                "log_median",
                NumberRange::Fixed(-50.0, 50.0),
                "logarithm of the median, in its place",
            ),
            key(
                "log_sd",
                NumberRange::Fixed(0.0, 50.0),
                "standard deviation of the logarithm",
            ),
        ],
        either: &["median", "log_median"],
    },
];

impl FamilySpec {
    /// The family of a word.
    pub(crate) fn named(word: &str) -> Option<&'static FamilySpec> {
        FAMILIES.iter().find(|family| family.word == word)
    }
}

/// A number or a distribution, as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DistributionSpec {
    /// The family; `None` is a single number.
    pub(crate) family: Option<&'static FamilySpec>,
    /// The numbers by their keys; the single number has the empty key.
    pub(crate) numbers: Vec<(&'static str, f64)>,
    /// Values of a choice.
    pub(crate) values: Vec<f64>,
    /// Weights of a choice; empty where all are alike.
    pub(crate) weights: Vec<f64>,
}

impl DistributionSpec {
    /// A single number.
    pub(crate) fn constant(value: f64) -> DistributionSpec {
        let (values, weights) = (Vec::new(), Vec::new());
        DistributionSpec {
            family: None,
            numbers: vec![("", value)],
            values,
            weights,
        }
    }

    /// A spec of a family with these numbers.
    pub(crate) fn of(word: &str, numbers: &[(&'static str, f64)]) -> DistributionSpec {
        let family = FamilySpec::named(word);
        DistributionSpec {
            family,
            numbers: numbers.to_vec(),
            values: Vec::new(),
            weights: Vec::new(),
        }
    }

    /// Writes a family in the scenario's words, by its median where that loses nothing.
    pub(crate) fn from_family(family: &Family) -> DistributionSpec {
        match family {
            Family::Constant { value } => DistributionSpec::constant(*value),
            Family::Normal { mean, sd } => {
                DistributionSpec::of("normal", &[("mean", *mean), ("sd", *sd)])
            }
            Family::TruncatedNormal {
                mean,
                sd,
                low,
                high,
            } => DistributionSpec::of(
                "truncated_normal",
                &[("mean", *mean), ("sd", *sd), ("low", *low), ("high", *high)],
            ),
            Family::Beta { mean, sd } => {
                DistributionSpec::of("beta", &[("mean", *mean), ("sd", *sd)])
            }
            Family::Uniform { low, high } => {
                DistributionSpec::of("uniform", &[("low", *low), ("high", *high)])
            }
            Family::Choice { values, weights } => {
                let mut shape = DistributionSpec::of("choice", &[]);
                shape.values.clone_from(values);
                shape.weights.clone_from(weights);
                shape
            }
            Family::LogitNormal { location, scale } => {
                let middle = middle("log_odds", *location, logistic, logit);
                DistributionSpec::of("logit_normal", &[middle, ("logit_sd", *scale)])
            }
            Family::LogNormal { location, scale } => {
                let middle = middle("log_median", *location, exp, ln);
                DistributionSpec::of("log_normal", &[middle, ("log_sd", *scale)])
            }
        }
    }

    /// One of the numbers.
    pub(crate) fn number(&self, key: &str) -> Option<f64> {
        self.numbers
            .iter()
            .find_map(|(name, value)| (*name == key).then_some(*value))
    }

    /// The family and numbers that it stands for.
    pub(crate) fn family(&self) -> Family {
        let number = |key: &str| self.number(key).unwrap_or(0.0);
        match self.family.map_or("", |family| family.word) {
            "normal" => Family::Normal {
                mean: number("mean"),
                sd: number("sd"),
            },
            "truncated_normal" => Family::TruncatedNormal {
                mean: number("mean"),
                sd: number("sd"),
                low: number("low"),
                high: number("high"),
            },
            "beta" => Family::Beta {
                mean: number("mean"),
                sd: number("sd"),
            },
            "uniform" => Family::Uniform {
                low: number("low"),
                high: number("high"),
            },
            "choice" => {
                let even = vec![1.0; self.values.len()];
                let weights = if self.weights.is_empty() {
                    even
                } else {
                    self.weights.clone()
                };
                Family::Choice {
                    values: self.values.clone(),
                    weights,
                }
            }
            "logit_normal" => Family::LogitNormal {
                location: self.number("median").map_or(number("log_odds"), logit),
                scale: number("logit_sd"),
            },
            "log_normal" => Family::LogNormal {
                location: self.number("median").map_or(number("log_median"), ln),
                scale: number("log_sd"),
            },
            _ => Family::Constant { value: number("") },
        }
    }

    /// Whether every couple gets the same value.
    pub(crate) fn is_constant(&self) -> bool {
        self.family.is_none()
    }

    /// The value that every couple gets; `None` for a distribution.
    pub(crate) fn constant_value(&self) -> Option<f64> {
        self.number("").filter(|_| self.is_constant())
    }

    /// The entries of its table as TOML, `dist` first; empty for a single number.
    pub(crate) fn entries(&self) -> Vec<(String, String)> {
        let Some(family) = self.family else {
            return Vec::new();
        };
        let mut entries = vec![("dist".to_owned(), toml_text(family.word))];
        let number = |(key, value): &(&str, f64)| ((*key).to_owned(), toml_number(*value));
        entries.extend(self.numbers.iter().map(number));
        for (key, list) in [("values", &self.values), ("weights", &self.weights)] {
            if !list.is_empty() {
                let list = toml_list(list.iter().copied().map(toml_number));
                entries.push((key.to_owned(), list));
            }
        }
        entries
    }
}

/// The median with the fewest digits that gives the location back; the location itself if there is
/// none, or if it has fewer digits.
fn middle(
    raw: &'static str,
    location: f64,
    forth: fn(f64) -> f64,
    back: fn(f64) -> f64,
) -> (&'static str, f64) {
    let median = forth(location);
    let most = location.to_string().len().max(4);
    (1..=17)
        .take_while(|digits| *digits <= most)
        .filter_map(|digits| format!("{median:.digits$}").parse::<f64>().ok())
        .find(|short| back(*short) == location)
        .map_or((raw, location), |short| ("median", short))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::defaults::{default_draw, variables as initial_variables};

    #[test]
    fn every_default_distribution_comes_back_exactly() {
        for place in initial_variables() {
            let (family, _) = default_draw(place);
            assert_eq!(
                DistributionSpec::from_family(&family).family(),
                family,
                "{place:?}"
            );
        }
    }

    #[test]
    fn a_median_is_written_where_it_loses_nothing() {
        let location = logit(0.38);
        let shape = DistributionSpec::from_family(&Family::LogitNormal {
            location,
            scale: 0.75,
        });
        assert_eq!(shape.numbers, [("median", 0.38), ("logit_sd", 0.75)]);
        let shape = DistributionSpec::from_family(&Family::LogitNormal {
            location: 3.2,
            scale: 1.9,
        });
        assert_eq!(shape.numbers, [("log_odds", 3.2), ("logit_sd", 1.9)]);
    }
}
