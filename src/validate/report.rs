//! The report of a validation on the terminal.

use super::compare::Ablation;
use super::compare::{Reproduction, TargetComparison, blind_tally, tally};
use super::targets::Tier;
use crate::stats::interval::Interval;
use std::fmt;

/// The result of a validation.
#[derive(Clone)]
pub(crate) struct ValidationReport {
    /// The targets with all mechanisms on.
    pub(crate) comparisons: Vec<TargetComparison>,
    /// The targets without each mechanism, if requested.
    pub(crate) ablations: Vec<Ablation>,
    /// Differences from the verdicts of an earlier table.
    pub(crate) differences: Vec<String>,
}

/// Numbers as the table prints them: three digits after the point, one if they are large.
fn number(value: f64) -> String {
    if value.is_nan() {
        "–".to_owned()
    } else if value.abs() >= 9.9995 {
        format!("{value:.1}")
    } else {
        format!("{value:.3}")
    }
}

/// An interval; as an inequality if it has only one end.
fn interval(interval: Interval) -> String {
    let Interval { low, high } = interval;
    if high == f64::INFINITY {
        format!("> {}", number(low))
    } else if low == f64::NEG_INFINITY {
        format!("< {}", number(high))
    } else {
        format!("[{}, {}]", number(low), number(high))
    }
}

fn mark(verdict: Reproduction) -> &'static str {
    match verdict {
        Reproduction::Reproduced => "reproduced",
        Reproduction::Undecided => "undecided",
        Reproduction::NotReproduced => "NOT reproduced",
    }
}

impl fmt::Display for ValidationReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for tier in Tier::ALL {
            let those: Vec<&TargetComparison> = self
                .comparisons
                .iter()
                .filter(|h| h.target.tier == tier)
                .collect();
            if those.is_empty() {
                continue;
            }
            let [reproduced, undecided, not] = tally(&self.comparisons, tier);
            write!(
                f,
                "{}: {reproduced} of {} targets reproduced, {undecided} undecided, {not} not",
                tier.word(),
                reproduced + undecided + not,
            )?;
            let [reproduced, undecided, not] = blind_tally(&self.comparisons, tier);
            match reproduced + undecided + not {
                0 => writeln!(f)?,
                blind => writeln!(
                    f,
                    "; of {blind} blind ones {reproduced}, {undecided}, {not}"
                )?,
            }
            for one in those {
                let published = if one.target.value.is_nan() {
                    interval(one.target.interval)
                } else {
                    let value = number(one.target.value);
                    format!("{value} {}", interval(one.target.interval))
                };
                let simulated = number(one.finding.value);
                writeln!(
                    f,
                    "  {:24} {published:24} simulated {simulated:>7} {:18} {}",
                    one.target.name(),
                    interval(one.finding.interval),
                    mark(one.verdict),
                )?;
            }
        }
        self.carried(f)
    }
}

impl ValidationReport {
    fn carried(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, ablation) in self.ablations.iter().enumerate() {
            if number == 0 {
                writeln!(
                    f,
                    "what each mechanism carries (reproduced with it, not without)"
                )?;
            }
            let carried = ablation.carries(&self.comparisons);
            let words = if carried.is_empty() {
                "nothing".to_owned()
            } else {
                carried.join(", ")
            };
            writeln!(f, "  {:24} {words}", ablation.mechanism)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_intervals_are_printed_with_few_digits() {
        assert_eq!(number(0.6789), "0.679");
        assert_eq!(number(78.41), "78.4");
        let above = |low| Interval {
            low,
            high: f64::INFINITY,
        };
        assert_eq!(interval(above(0.0)), "> 0.000");
        assert_eq!(
            interval(Interval {
                low: -0.1,
                high: 0.25
            }),
            "[-0.100, 0.250]"
        );
    }
}
