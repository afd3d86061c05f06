//! The plan of a sweep: scenario × design × replicates as numbered jobs.

use crate::scenario::{AxisValues, Sweep, SweepMeasure, SweepPoints};
use crate::scenario::{Scenario, Setting};
use crate::simulation::{DayRows, PreparedRun, SimulationConfig};
use std::ops::Range;

/// Replicates that one job runs at most.
const JOB_REPLICATES: u32 = 64;

/// What one job does: some replicates of one point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Job {
    /// Number of the point, from 0.
    pub point: u64,
    /// Its replicates, from 0; where stopping is sequential, the most that there may be.
    pub replicates: Range<u32>,
}

/// The numbered jobs of a sweep: points in the order in which they are worked on, a point's replicates together.
///
/// A prefix of the jobs has the first points of that order, each complete but perhaps the last. It spreads the
/// points of a grid over its axes; those of other designs have the order of their numbers.
#[derive(Clone, Debug)]
pub(crate) struct SweepPlan {
    scenario: Scenario,
    sweep: Sweep,
    jobs_per_point: u64,
    /// The most couples of a run, where a derived axis sets them.
    derived_couples: Option<u64>,
}

/// Points of which the couples that a derived axis sets are looked at; beyond, a point may have as many as can be
/// numbered.
const MOST_LOOKED_AT: u64 = 1 << 20;

impl SweepPlan {
    /// Numbers the jobs of a scenario's sweep; `None` where the scenario asks for none.
    pub(crate) fn new(scenario: Scenario) -> Option<SweepPlan> {
        let sweep = scenario.sweep_spec()?.clone();
        let replicates = scenario.config().size.replicates;
        let jobs_per_point = match sweep.until {
            Some(_) => 1,
            None => u64::from(replicates.div_ceil(JOB_REPLICATES)),
        };
        let mut plan = SweepPlan {
            scenario,
            sweep,
            jobs_per_point,
            derived_couples: None,
        };
        let place = plan.sweep.position_of_key("run.couples");
        if place.is_some_and(|place| place >= plan.sweep.axes.len()) {
            let points = 0..plan.sweep.count();
            plan.derived_couples = match points.end <= MOST_LOOKED_AT {
                true => points.map(|point| plan.couples_at(point)).max(),
                false => Some(u64::from(u32::MAX)),
            };
        }
        Some(plan)
    }

    /// The scenario.
    pub(crate) fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// Its sweep.
    pub(crate) fn sweep(&self) -> &Sweep {
        &self.sweep
    }

    /// How many jobs there are.
    pub(crate) fn jobs(&self) -> u64 {
        self.sweep.count().saturating_mul(self.jobs_per_point)
    }

    /// What a job does.
    pub(crate) fn job(&self, number: u64) -> Job {
        let point = self.sweep.spread(number / self.jobs_per_point);
        let part = (number % self.jobs_per_point) as u32;
        let replicates = match self.sweep.until {
            Some(until) => 0..until.max,
            None => {
                let all = self.scenario.config().size.replicates;
                let first = part * JOB_REPLICATES;
                first..(first + JOB_REPLICATES).min(all)
            }
        };
        Job { point, replicates }
    }

    /// All jobs in the order of their points, where that is not the order of their numbers.
    pub(crate) fn jobs_by_point(&self) -> Option<Vec<u64>> {
        if !self.sweep.is_spread() {
            return None;
        }
        let mut positions = vec![0; self.sweep.count() as usize];
        for position in 0..self.sweep.count() {
            positions[self.sweep.spread(position) as usize] = position;
        }
        let jobs = |position: u64| {
            let first = position * self.jobs_per_point;
            first..first + self.jobs_per_point
        };
        Some(positions.into_iter().flat_map(jobs).collect())
    }

    /// Jobs that belong to one point.
    pub(crate) fn jobs_per_point(&self) -> u64 {
        self.jobs_per_point
    }

    /// Runs of the whole sweep, at most where stopping is sequential.
    pub(crate) fn runs(&self) -> u64 {
        self.runs_of(0..self.jobs())
    }

    /// Runs of a range of jobs, at most where stopping is sequential.
    pub(crate) fn runs_of(&self, jobs: Range<u64>) -> u64 {
        let replicates = match self.sweep.until {
            Some(until) => u64::from(until.max),
            None => u64::from(self.scenario.config().size.replicates),
        };
        let before = |job: u64| {
            let (points, part) = (job / self.jobs_per_point, job % self.jobs_per_point);
            let whole = points.saturating_mul(replicates);
            whole.saturating_add((part * u64::from(JOB_REPLICATES)).min(replicates))
        };
        before(jobs.end) - before(jobs.start)
    }
    /// The values of a point on those axes, by their positions, that fulfil a condition, as a text.
    pub(crate) fn settings_text(&self, point: u64, is_wanted: impl Fn(usize) -> bool) -> String {
        let settings = self.sweep.axes.iter().zip(self.sweep.settings(point));
        let parts: Vec<String> = settings
            .enumerate()
            .filter(|(axis, _)| is_wanted(*axis))
            .map(|(_, (axis, setting))| match setting.number() {
                Some(value) => format!("{} {}", axis.name, short(value)),
                None => match setting {
                    Setting::Switch(on) => {
                        format!("{} {}", axis.name, if on { "on" } else { "off" })
                    }
                    choice => format!("{} {choice}", axis.name),
                },
            })
            .collect();
        parts.join(", ")
    }

    /// Couples of a run at a point.
    pub(crate) fn couples_at(&self, point: u64) -> u64 {
        self.set_at(point, "run.couples")
            .unwrap_or(self.scenario.config().size.couples)
    }

    /// Couples of a run at the point that has most.
    pub(crate) fn max_couples(&self) -> u64 {
        let own = self.scenario.config().size.couples;
        let Some(axis) = self.sweep.position_of_key("run.couples") else {
            return own;
        };
        if let Some(most) = self.derived_couples {
            return most;
        }
        let most = |values: &mut dyn Iterator<Item = &Setting>| {
            values.filter_map(Setting::number).fold(0.0, f64::max)
        };
        (match (&self.sweep.points, &self.sweep.axes[axis].values) {
            (SweepPoints::Table(rows), _) => most(&mut rows.iter().map(|row| &row[axis])),
            (_, AxisValues::Levels(levels)) => most(&mut levels.iter()),
            (_, AxisValues::Range { high, .. }) => *high,
        }) as u64
    }

    /// Days of a run at a point.
    pub(crate) fn days_at(&self, point: u64) -> u64 {
        self.set_at(point, "run.days")
            .unwrap_or(u64::from(self.scenario.config().size.days))
    }

    /// Whether points differ in couples or days.
    pub(crate) fn varies_in_size(&self) -> bool {
        let sizes = ["run.couples", "run.days"];
        let mut places = sizes.iter().map(|key| self.sweep.position_of_key(key));
        places.any(|place| place.is_some())
    }

    fn set_at(&self, point: u64, key: &str) -> Option<u64> {
        let axis = self.sweep.position_of_key(key)?;
        let value = self.sweep.settings(point)[axis].number()?;
        // A derived value may be none that the key takes: the point then fails.
        Some(value.max(0.0) as u64)
    }

    /// Prepares the runs of a point.
    ///
    /// # Errors
    /// Those of [`config`](SweepPlan::config).
    pub(crate) fn course(&self, point: u64) -> Result<PreparedRun, String> {
        self.config(point).map(PreparedRun::new)
    }

    /// The configuration of a point: only the last day is recorded, and only what is measured.
    ///
    /// # Errors
    /// Why the point's values are invalid, as a text of one line or more.
    pub(crate) fn config(&self, point: u64) -> Result<SimulationConfig, String> {
        let mut config = self.scenario.config_at(point).map_err(|diagnostics| {
            let said: Vec<&str> = diagnostics
                .list()
                .iter()
                .map(|problem| problem.message.as_str())
                .collect();
            said.join("; ")
        })?;
        self.reduce_record(&mut config);
        config.point = self.point_key(point);
        Ok(config)
    }

    /// Whether a measure counts couples that have separated.
    pub(crate) fn keeps_last_values(&self) -> bool {
        self.sweep
            .measures
            .iter()
            .any(SweepMeasure::needs_last_values)
    }

    /// Whether a measure is taken from the rows of couples.
    pub(crate) fn needs_couples(&self) -> bool {
        let mut measures = self.sweep.measures.iter();
        measures.any(|measure| measure.couple_columns().is_some())
    }

    /// Position of a measure over couples still together on the last day, if there is any.
    pub(crate) fn measure_of_together(&self) -> Option<usize> {
        let mut measures = self.sweep.measures.iter();
        measures.position(SweepMeasure::is_over_last_day)
    }

    fn reduce_record(&self, config: &mut SimulationConfig) {
        let days = config.size.days;
        let record = &mut config.record;
        record.quantiles_every = days;
        let every = |every, measure: &SweepMeasure| measure.common_interval(every, days);
        record.every = self.sweep.measures.iter().fold(days, every);
        record.observables = observables(&self.sweep.measures);
        record.last_values = self.keeps_last_values();
        record.days = DayRows::None;
        record.sample_couples = 0;
        record.phase_flow_days = config.size.days;
        record.couples = self.sweep.couples || self.needs_couples();
        record.survey = None;
        record.study = None;
        record.groups = None;
    }

    /// The part of a point's address that sets its random numbers apart: none where points share
    /// them, otherwise a hash of its values, so that a point keeps its numbers in another design.
    fn point_key(&self, point: u64) -> u64 {
        if self.sweep.common_random_numbers {
            return 0;
        }
        let mut hasher = blake3::Hasher::new();
        let keys = self.sweep.axes.iter().map(|axis| axis.key.as_str());
        let keys = keys.chain(self.sweep.derived.iter().map(|axis| axis.key.as_str()));
        // What sets no key is in the values that follow from it.
        let settings = keys.zip(self.sweep.settings(point));
        for (key, setting) in settings.filter(|(key, _)| !key.is_empty()) {
            let value = match setting {
                Setting::Number(x) => format!("{:016x}", x.to_bits()),
                other => other.to_string(),
            };
            hasher.update(format!("{key}={value}\n").as_bytes());
        }
        let mut bytes = [0; 8];
        hasher.finalize_xof().fill(&mut bytes);
        u64::from_le_bytes(bytes).max(1)
    }
}

/// The observables that measures are taken from, each once, in the order of tables.
fn observables(measures: &[SweepMeasure]) -> Vec<crate::simulation::Observable> {
    let mut wanted: Vec<_> = measures
        .iter()
        .filter_map(SweepMeasure::observable)
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}
/// A number to four significant digits.
pub(crate) fn short(value: f64) -> String {
    let text = format!("{value:.4e}");
    text.parse::<f64>()
        .map_or(text, |rounded| rounded.to_string())
}
