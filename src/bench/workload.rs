//! What is measured: the work of a scenario's sweep or of its run, all of it or a part.

use crate::runner::plan::Plan;
use crate::runner::{Cancelled, Collector, Control, JobSubset};
use crate::scenario::Scenario;
use crate::simd::backend::Backend;
use crate::simulation::{BLOCK_COUPLES, BlockOutcome, Moments, SimulationConfig};
use crate::sweep::SweepReplication;
use crate::sweep::jobs::{JobCollector, JobOutcome, JobResult};
use crate::sweep::plan::SweepPlan;

/// Work that is cut into numbered jobs.
pub(crate) enum Workload {
    /// A sweep: its jobs are those of its plan, stopping as it says.
    Sweep(Box<SweepPlan>, SweepReplication),
    /// A run: its jobs are its blocks of couples.
    Run(Box<SimulationConfig>),
}

impl Workload {
    /// What the scenario asks for: its sweep, or its run where it has none.
    pub(crate) fn of(scenario: &Scenario) -> Workload {
        match SweepPlan::new(scenario.clone()) {
            Some(plan) => {
                let enough = SweepReplication::of(&plan);
                Workload::Sweep(Box::new(plan), enough)
            }
            None => Workload::Run(Box::new(scenario.config().clone())),
        }
    }

    /// The command that does all of it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Workload::Sweep(..) => "sweep",
            Workload::Run(_) => "run",
        }
    }

    /// Points of the design; 1 of a run.
    pub(crate) fn points(&self) -> u64 {
        match self {
            Workload::Sweep(plan, _) => plan.sweep().count(),
            Workload::Run(_) => 1,
        }
    }

    /// Runs of all of it, at most where stopping is sequential.
    pub(crate) fn runs(&self) -> u64 {
        match self {
            Workload::Sweep(plan, _) => plan.runs(),
            Workload::Run(config) => u64::from(config.size.replicates),
        }
    }

    /// How many jobs there are.
    pub(crate) fn jobs(&self) -> u64 {
        match self {
            Workload::Sweep(plan, _) => plan.jobs(),
            Workload::Run(config) => blocks(config) * u64::from(config.size.replicates),
        }
    }

    /// How many jobs [`simulate`](Workload::simulate) does if asked for so many: of a run either
    /// complete replicates or blocks of the first.
    pub(crate) fn divisible(&self, jobs: u64) -> u64 {
        match self {
            Workload::Sweep(..) => jobs,
            Workload::Run(config) if jobs < blocks(config) => jobs,
            Workload::Run(config) => jobs / blocks(config) * blocks(config),
        }
    }

    /// Does so many jobs on the current threads, those of a sweep spread over its design, and returns
    /// the number of runs. The results are aggregated as for tables, and not written.
    pub(crate) fn simulate(
        &self,
        jobs: u64,
        engine: Backend,
        control: &Control,
    ) -> Result<u64, Cancelled> {
        match self {
            Workload::Sweep(plan, enough) => {
                let spread = if jobs == plan.jobs() {
                    JobSubset::from(0..jobs)
                } else {
                    JobSubset::spread(0..plan.jobs(), jobs)
                };
                let mut runs = Runs(0);
                let finish =
                    crate::sweep::jobs::run_jobs(plan, spread, engine, enough, control, &mut runs);
                finish.map(|()| runs.0)
            }
            Workload::Run(config) => {
                let plan = Plan::new(part(config, jobs));
                let mut sums = MomentSum(Moments::new(&plan.prepared().recorded));
                let course = crate::runner::run(&plan, engine, true, control, &mut sums);
                let runs = u64::from(plan.prepared().config.size.replicates);
                course.map(|_| runs)
            }
        }
    }
}

fn blocks(config: &SimulationConfig) -> u64 {
    config.size.couples.div_ceil(BLOCK_COUPLES).max(1)
}

/// The configuration with so many blocks of couples: complete replicates, or a part of one.
fn part(config: &SimulationConfig, jobs: u64) -> SimulationConfig {
    let mut part = config.clone();
    let whole = jobs / blocks(config);
    if whole > 0 {
        part.size.replicates = whole.min(u64::from(config.size.replicates)) as u32;
    } else {
        part.size.replicates = 1;
        part.size.couples = jobs * BLOCK_COUPLES;
    }
    part
}

/// Takes a sweep's jobs and counts their runs.
struct Runs(u64);

impl JobCollector for Runs {
    type Error = Cancelled;
    fn take(&mut self, result: JobResult) -> Result<(), Cancelled> {
        if let JobOutcome::Runs { runs, .. } = result.outcome {
            self.0 += runs.len() as u64;
        }
        Ok(())
    }
}

/// Takes a run's blocks as a table of means does.
struct MomentSum(Moments);

impl Collector for MomentSum {
    type Error = Cancelled;
    fn take(&mut self, outcome: BlockOutcome) -> Result<(), Cancelled> {
        self.0.join(&outcome.moments);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "title = 'Some'\n[run]\nseed = 1\ncouples = 150\ndays = 3\nreplicates = 2\n";

    fn simulate(workload: &Workload, jobs: u64) -> (Result<u64, Cancelled>, u64) {
        let control = Control::default();
        let runs = workload.simulate(jobs, Backend::best(), &control);
        (runs, control.progress.couple_days())
    }

    #[test]
    fn a_run_is_measured_in_blocks_or_whole_replicates() {
        let scenario = Scenario::read_text("s.toml", TEXT, &[]).expect("a sound scenario");
        let workload = Workload::of(&scenario);
        assert_eq!((workload.kind(), workload.jobs()), ("run", 6));
        assert_eq!(
            [1, 2, 3, 5, 6].map(|jobs| workload.divisible(jobs)),
            [1, 2, 3, 3, 6]
        );
        assert_eq!(simulate(&workload, 2), (Ok(1), 128 * 3));
        assert_eq!(simulate(&workload, 3), (Ok(1), 150 * 3));
        assert_eq!(simulate(&workload, 6), (Ok(2), 300 * 3));
    }

    #[test]
    fn a_sweep_is_measured_in_jobs_of_its_plan() {
        let axis = "[[sweep.axis]]\nkey = 'traits.consistency'\nrange = [0, 1]\nsteps = 5\n";
        let text = format!("{TEXT}[sweep]\ndesign = 'grid'\n{axis}");
        let scenario = Scenario::read_text("s.toml", &text, &[]).expect("a sound scenario");
        let workload = Workload::of(&scenario);
        assert_eq!(
            (workload.kind(), workload.jobs(), workload.runs()),
            ("sweep", 5, 10)
        );
        assert_eq!(simulate(&workload, 3), (Ok(6), 3 * 300 * 3));
        assert_eq!(simulate(&workload, 5), (Ok(10), 5 * 300 * 3));
    }

    #[test]
    fn work_that_is_stopped_measures_nothing() {
        let scenario = Scenario::read_text("s.toml", TEXT, &[]).expect("a sound scenario");
        let control = Control::default();
        control.cancel.cancel();
        assert_eq!(
            Workload::of(&scenario).simulate(6, Backend::best(), &control),
            Err(Cancelled)
        );
    }
}
