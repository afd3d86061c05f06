//! What is measured: the work of a scenario's sweep or of its run, all of it or a part.

use crate::experiment::{self, Control, Course, Finish, Gather, JobOutcome, JobResult, TakeJob};
use crate::plan::{Plan, Spread, SweepPlan};
use crate::scenario::Scenario;
use crate::simulation::{BLOCK_COUPLES, BlockOutcome, Engine, Moments, World};
use crate::study::sweep::Enough;
use std::convert::Infallible;

/// Work that is cut into numbered jobs.
pub(super) enum Subject {
    /// A sweep: its jobs are those of its plan, stopping as it says.
    Sweep(Box<SweepPlan>, Enough),
    /// A run: its jobs are its blocks of couples.
    Run(Box<World>),
}

impl Subject {
    /// What the scenario asks for: its sweep, or its run where it has none.
    pub(super) fn of(scenario: &Scenario) -> Subject {
        match SweepPlan::new(scenario.clone()) {
            Some(plan) => {
                let enough = Enough::of(&plan);
                Subject::Sweep(Box::new(plan), enough)
            }
            None => Subject::Run(Box::new(scenario.world().clone())),
        }
    }

    /// The command that does all of it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Subject::Sweep(..) => "sweep",
            Subject::Run(_) => "run",
        }
    }

    /// Points of the design; 1 of a run.
    pub(super) fn points(&self) -> u64 {
        match self {
            Subject::Sweep(plan, _) => plan.sweep().count(),
            Subject::Run(_) => 1,
        }
    }

    /// Runs of all of it, at most where stopping is sequential.
    pub(super) fn runs(&self) -> u64 {
        match self {
            Subject::Sweep(plan, _) => plan.runs(),
            Subject::Run(world) => u64::from(world.size.replicates),
        }
    }

    /// How many jobs there are.
    pub(super) fn jobs(&self) -> u64 {
        match self {
            Subject::Sweep(plan, _) => plan.jobs(),
            Subject::Run(world) => blocks(world) * u64::from(world.size.replicates),
        }
    }

    /// How many jobs [`live`](Subject::live) does when asked for so many: of a run either whole
    /// replicates or blocks of the first.
    pub(super) fn divisible(&self, jobs: u64) -> u64 {
        match self {
            Subject::Sweep(..) => jobs,
            Subject::Run(world) if jobs < blocks(world) => jobs,
            Subject::Run(world) => jobs / blocks(world) * blocks(world),
        }
    }

    /// Does so many jobs on the current thread pool, a sweep's spread over its design, and gives the
    /// runs that were begun; `None` where it was stopped.
    ///
    /// What comes out is gathered as for tables, and not written.
    pub(super) fn live(&self, jobs: u64, engine: Engine, control: &Control) -> Option<u64> {
        match self {
            Subject::Sweep(plan, enough) => {
                let spread = if jobs == plan.jobs() {
                    Spread::from(0..jobs)
                } else {
                    Spread::over(0..plan.jobs(), jobs)
                };
                let mut runs = Runs(0);
                let finish = experiment::sweep(plan, spread, engine, enough, control, &mut runs);
                (finish == Finish::Whole).then_some(runs.0)
            }
            Subject::Run(world) => {
                let plan = Plan::new(part(world, jobs));
                let mut sums = Ensemble(Moments::new(&plan.course().recorded));
                let course = experiment::run(&plan, engine, true, control, &mut sums);
                let runs = u64::from(plan.course().world.size.replicates);
                matches!(course, Course::Whole(_)).then_some(runs)
            }
        }
    }
}

fn blocks(world: &World) -> u64 {
    world.size.couples.div_ceil(BLOCK_COUPLES).max(1)
}

/// The world with so many blocks of couples: whole replicates, or a part of one.
fn part(world: &World, jobs: u64) -> World {
    let mut part = world.clone();
    let whole = jobs / blocks(world);
    if whole > 0 {
        part.size.replicates = whole.min(u64::from(world.size.replicates)) as u32;
    } else {
        part.size.replicates = 1;
        part.size.couples = jobs * BLOCK_COUPLES;
    }
    part
}

/// Takes a sweep's jobs and counts their runs.
struct Runs(u64);

impl TakeJob for Runs {
    type Error = Infallible;
    fn take(&mut self, result: JobResult) -> Result<(), Infallible> {
        if let JobOutcome::Done { runs, .. } = result.outcome {
            self.0 += runs.len() as u64;
        }
        Ok(())
    }
}

/// Takes a run's blocks as a table of means does.
struct Ensemble(Moments);

impl Gather for Ensemble {
    type Error = Infallible;
    fn take(&mut self, outcome: BlockOutcome) -> Result<(), Infallible> {
        self.0.join(&outcome.moments);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "title = 'Some'\n[run]\nseed = 1\ncouples = 150\ndays = 3\nreplicates = 2\n";

    fn lived(subject: &Subject, jobs: u64) -> (Option<u64>, u64) {
        let control = Control::default();
        let runs = subject.live(jobs, Engine::best(), &control);
        (runs, control.couple_days())
    }

    #[test]
    fn a_run_is_measured_in_blocks_or_whole_replicates() {
        let scenario = Scenario::parse("s.toml", TEXT, &[]).expect("a sound scenario");
        let subject = Subject::of(&scenario);
        assert_eq!((subject.kind(), subject.jobs()), ("run", 6));
        assert_eq!(
            [1, 2, 3, 5, 6].map(|jobs| subject.divisible(jobs)),
            [1, 2, 3, 3, 6]
        );
        assert_eq!(lived(&subject, 2), (Some(1), 128 * 3));
        assert_eq!(lived(&subject, 3), (Some(1), 150 * 3));
        assert_eq!(lived(&subject, 6), (Some(2), 300 * 3));
    }

    #[test]
    fn a_sweep_is_measured_in_jobs_of_its_plan() {
        let axis = "[[sweep.axis]]\nkey = 'traits.consistency'\nrange = [0, 1]\nsteps = 5\n";
        let text = format!("{TEXT}[sweep]\ndesign = 'grid'\n{axis}");
        let scenario = Scenario::parse("s.toml", &text, &[]).expect("a sound scenario");
        let subject = Subject::of(&scenario);
        assert_eq!(
            (subject.kind(), subject.jobs(), subject.runs()),
            ("sweep", 5, 10)
        );
        assert_eq!(lived(&subject, 3), (Some(6), 3 * 300 * 3));
        assert_eq!(lived(&subject, 5), (Some(10), 5 * 300 * 3));
    }

    #[test]
    fn work_that_is_stopped_measures_nothing() {
        let scenario = Scenario::parse("s.toml", TEXT, &[]).expect("a sound scenario");
        let control = Control::default();
        control.stop();
        assert_eq!(
            Subject::of(&scenario).live(6, Engine::best(), &control),
            None
        );
    }
}
