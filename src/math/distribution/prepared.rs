//! The check of a family's numbers, and what it finds out that reading needs.

use super::family::{DistributionFault, Family};
use super::truncated::Cut;

/// What reading needs beyond the family's own numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reading {
    Direct,
    Truncated(Cut),
    Beta {
        a: f64,
        b: f64,
    },
    /// Values that can occur, ascending, each with the probability of it or a lower one.
    Choice(Vec<(f64, f64)>),
}

impl Reading {
    /// Checks a family's numbers in the order of its fields.
    pub(crate) fn of(family: &Family) -> Result<Reading, DistributionFault> {
        Ok(match family {
            Family::Constant { value } => finite("value", *value).map(|()| Reading::Direct)?,
            Family::Normal { mean, sd } => {
                finite("mean", *mean)?;
                spread("sd", *sd).map(|()| Reading::Direct)?
            }
            Family::TruncatedNormal {
                mean,
                sd,
                low,
                high,
            } => {
                finite("mean", *mean)?;
                spread("sd", *sd)?;
                range(*low, *high)?;
                Reading::Truncated(Cut::of(*mean, *sd, *low, *high))
            }
            Family::Beta { mean, sd } => beta_reading(*mean, *sd)?,
            Family::Uniform { low, high } => range(*low, *high).map(|()| Reading::Direct)?,
            Family::Choice { values, weights } => choice_reading(values, weights)?,
            Family::LogitNormal { location, scale } | Family::LogNormal { location, scale } => {
                finite("location", *location)?;
                spread("scale", *scale).map(|()| Reading::Direct)?
            }
        })
    }
}

fn finite(field: &'static str, value: f64) -> Result<(), DistributionFault> {
    if value.is_finite() {
        Ok(())
    } else {
        Err(DistributionFault::NotFinite { field })
    }
}

fn spread(field: &'static str, value: f64) -> Result<(), DistributionFault> {
    finite(field, value)?;
    if value >= 0.0 {
        Ok(())
    } else {
        Err(DistributionFault::NegativeSpread { field, value })
    }
}

fn range(low: f64, high: f64) -> Result<(), DistributionFault> {
    finite("low", low)?;
    finite("high", high)?;
    if low < high {
        Ok(())
    } else {
        Err(DistributionFault::EmptyRange { low, high })
    }
}

fn beta_reading(mean: f64, sd: f64) -> Result<Reading, DistributionFault> {
    finite("mean", mean)?;
    if !(0.0..=1.0).contains(&mean) {
        return Err(DistributionFault::MeanOutside { mean });
    }
    spread("sd", sd)?;
    let most = mean * (1.0 - mean);
    if sd == 0.0 {
        return Ok(Reading::Direct);
    }
    let size = most / (sd * sd) - 1.0;
    let (a, b) = (mean * size, (1.0 - mean) * size);
    if !(a > 0.0 && b > 0.0) {
        return Err(DistributionFault::SpreadTooLarge {
            sd,
            limit: most.sqrt(),
        });
    }
    // A spread too small for its square to be a number is none.
    Ok(if size.is_finite() {
        Reading::Beta { a, b }
    } else {
        Reading::Direct
    })
}

fn choice_reading(values: &[f64], weights: &[f64]) -> Result<Reading, DistributionFault> {
    if values.is_empty() || values.len() != weights.len() {
        let (values, weights) = (values.len(), weights.len());
        return Err(DistributionFault::WeightCount { values, weights });
    }
    values
        .iter()
        .try_for_each(|value| finite("values", *value))?;
    for (index, weight) in weights.iter().copied().enumerate() {
        finite("weights", weight)?;
        if weight < 0.0 {
            return Err(DistributionFault::NegativeWeight { index, weight });
        }
    }
    let total: f64 = weights.iter().sum();
    if !(total > 0.0 && total.is_finite()) {
        return Err(DistributionFault::NoWeight);
    }
    let pairs = values.iter().copied().zip(weights.iter().copied());
    let mut steps: Vec<(f64, f64)> = pairs.filter(|(_, weight)| *weight > 0.0).collect();
    steps.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut sum = 0.0;
    for step in &mut steps {
        sum += step.1;
        step.1 = sum / total;
    }
    if let Some(last) = steps.last_mut() {
        last.1 = 1.0;
    }
    Ok(Reading::Choice(steps))
}
