//! Sequential stopping of a point, by the rule of [`crate::analysis::sequential`].

use crate::analysis::sequential::StoppingRule;
use crate::analysis::summary::Moments;
use crate::experiment::{RunResult, Stopping};
use crate::plan::SweepPlan;
use crate::simulation::Measure;

/// When a point of a sweep has been run often enough.
pub(in crate::study) enum Enough {
    /// As often as the scenario says.
    Fixed,
    /// As often as the precision asked for takes.
    Precise {
        /// The rule.
        rule: StoppingRule,
        /// The measure.
        measure: Measure,
        /// Its position among the sweep's measures.
        position: usize,
    },
}

impl Enough {
    /// What a plan asks for.
    pub(in crate::study) fn of(plan: &SweepPlan) -> Enough {
        let sweep = plan.sweep();
        let Some(until) = sweep.until else {
            return Enough::Fixed;
        };
        // Means of independent couples vary from run to run by at most about 1/√couples.
        let unit = 1.0 / (plan.scenario().world().size.couples as f64).sqrt();
        let first = u64::from(plan.scenario().world().size.replicates);
        let rule = StoppingRule::new(until.half_width, unit, until.confidence, first);
        let position = sweep
            .measures
            .iter()
            .position(|measure| *measure == until.of);
        match (rule, position) {
            (Ok(rule), Some(position)) => Enough::Precise {
                rule,
                measure: until.of,
                position,
            },
            // The scenario's reader lets neither happen.
            _ => Enough::Fixed,
        }
    }
}

impl Stopping for Enough {
    fn more(&self, runs: &[RunResult]) -> u32 {
        match self {
            Enough::Fixed => {
                if runs.is_empty() {
                    u32::MAX
                } else {
                    0
                }
            }
            Enough::Precise {
                rule,
                measure,
                position,
            } => {
                let values: Moments = runs
                    .iter()
                    .map(|run| measure.value(&run.sums[*position]))
                    .filter(|value| value.is_finite())
                    .collect();
                let done = runs.len() as u64;
                if done > 0 && rule.look(&values).is_some() {
                    0
                } else {
                    (rule.next_look(done) - done).min(u64::from(u32::MAX)) as u32
                }
            }
        }
    }
}
