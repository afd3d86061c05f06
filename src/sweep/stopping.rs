//! Sequential stopping of a point, by the rule of [`crate::stats::stopping`].

use crate::scenario::Until;
use crate::simulation::Sums;
use crate::stats::stopping::StoppingRule;
use crate::stats::summary::RunningMoments;
use crate::sweep::jobs::{Replication, RunResult};
use crate::sweep::plan::SweepPlan;

/// How many replicates the points of a sweep get.
pub(crate) enum SweepReplication {
    /// As many as the scenario says.
    Fixed,
    /// As many as the precision needs that is asked for.
    Precise {
        /// What is asked for.
        until: Until,
        /// The measure's position among the sweep's measures.
        position: usize,
        /// Runs before the first look.
        first: u64,
    },
}

impl SweepReplication {
    /// What a plan asks for.
    pub(crate) fn of(plan: &SweepPlan) -> SweepReplication {
        let sweep = plan.sweep();
        let requested = sweep.until.and_then(|until| {
            let position = sweep.measures.iter().position(|m| *m == until.of)?;
            Some((until, position))
        });
        match requested {
            Some((until, position)) => SweepReplication::Precise {
                until,
                position,
                first: u64::from(plan.scenario().config().size.replicates),
            },
            None => SweepReplication::Fixed,
        }
    }

    /// Whether these runs give the precision that is asked for; `None` if none is.
    pub(crate) fn reached(&self, runs: &[RunResult]) -> Option<bool> {
        match self {
            SweepReplication::Fixed => None,
            SweepReplication::Precise {
                until,
                position,
                first,
            } => {
                let values: RunningMoments = runs
                    .iter()
                    .map(|run| until.of.value(&run.sums[*position]))
                    .filter(|value| value.is_finite())
                    .collect();
                let look = |rule: StoppingRule| rule.look(&values).is_some();
                Some(rule(until, *first, spread(runs, *position)).is_some_and(look))
            }
        }
    }
}

/// The rule for means of runs with this spread. A valid scenario has no impossible one.
fn rule(until: &Until, first: u64, spread: f64) -> Option<StoppingRule> {
    StoppingRule::new(until.half_width, spread, until.confidence, first).ok()
}

/// How much runs' means should vary, from how much their couples do: couples are independent. Where
/// these have not varied either, as much as a share could.
fn spread(runs: &[RunResult], position: usize) -> f64 {
    let mut all = Sums::default();
    runs.iter().for_each(|run| all.join(&run.sums[position]));
    let couples = runs.iter().map(|run| run.couples).max().unwrap_or(1).max(1) as f64;
    let among_couples = all.sd();
    if among_couples > 0.0 && among_couples.is_finite() {
        among_couples / couples.sqrt()
    } else {
        1.0 / couples.sqrt()
    }
}

impl Replication for SweepReplication {
    fn more(&self, runs: &[RunResult]) -> u32 {
        match self {
            SweepReplication::Fixed => {
                if runs.is_empty() {
                    u32::MAX
                } else {
                    0
                }
            }
            SweepReplication::Precise {
                until,
                first,
                position,
            } => {
                let done = runs.len() as u64;
                if done > 0 && self.reached(runs) == Some(true) {
                    return 0;
                }
                let rule = rule(until, *first, spread(runs, *position));
                let next = rule.map_or(u64::MAX, |rule| rule.next_look(done));
                (next - done).min(u64::from(u32::MAX)) as u32
            }
        }
    }
}
