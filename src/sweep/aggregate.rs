//! Aggregates the outcomes of a sweep's jobs, in order, into its tables.

use super::charts;
use super::jobs::SweepReplication;
use super::tables::{axis_cells, couples_schema, points_schema, runs_schema, summaries_schema};
use crate::results::OutputError;
use crate::run::MANY_SEPARATED;
use crate::scenario::SweepMeasure;
use crate::simulation::Sums;
use crate::stats::interval::{CONFIDENCE, Interval, student_quantile, wilson};
use crate::stats::summary::RunningMoments;
use crate::sweep::jobs::{JobOutcome, JobResult, RunResult};
use crate::sweep::plan::{Job, SweepPlan};
use crate::table::{Batch, Sink, Table, Value, Values};

/// What the findings of a sweep are made from.
#[derive(Clone, Debug)]
pub(crate) struct Aggregated {
    /// The measure of each point over all its runs, by measure and point; NaN where it failed.
    pub(crate) points: Vec<Vec<f64>>,
    /// The measure of each run, by measure; the runs of a point stand together, in the order of points.
    pub(crate) runs: Vec<Vec<f64>>,
    /// One past each point's last run.
    pub(crate) ends: Vec<usize>,
    /// `points`, for the charts.
    pub(crate) point_table: Table,
    /// `summaries`, for the charts and for what departs from a baseline; without rows where neither
    /// needs them.
    pub(crate) summary_table: Table,
    /// Points of which at least one run failed.
    pub(crate) failed: u64,
    /// Runs that were done.
    pub(crate) done: u64,
    /// Points at which so many couples have separated that means over those still together mislead.
    pub(crate) many_separated: u64,
}

impl Aggregated {
    /// A measure's runs of a point.
    pub(crate) fn runs_of(&self, measure: usize, point: usize) -> &[f64] {
        let first = point.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.runs[measure][first..self.ends[point]]
    }
}

/// No run gives so many values of a measure.
const MOST_VALUES: u64 = 1 << 48;
/// Rows that wait to be written at most.
const BATCH: usize = 4096;

/// Takes jobs in order and writes rows as points are complete.
pub(crate) struct SweepAggregate<'a, S> {
    plan: &'a SweepPlan,
    sink: &'a mut S,
    aggregated: Aggregated,
    /// The point at hand.
    point: u64,
    runs: Vec<RunResult>,
    reason: String,
    couples: crate::table::Schema,
    runs_rows: Table,
    summary_rows: Table,
    keeps_summaries: bool,
    enough: SweepReplication,
}

impl<'a, S: Sink<Error = OutputError>> SweepAggregate<'a, S> {
    pub(crate) fn new(plan: &'a SweepPlan, sink: &'a mut S) -> SweepAggregate<'a, S> {
        let measures = plan.sweep().measures.len();
        SweepAggregate {
            plan,
            sink,
            aggregated: Aggregated {
                points: vec![Vec::new(); measures],
                runs: vec![Vec::new(); measures],
                ends: Vec::new(),
                point_table: Table::new(points_schema(plan)),
                summary_table: Table::new(summaries_schema(plan)),
                failed: 0,
                done: 0,
                many_separated: 0,
            },
            point: 0,
            runs: Vec::new(),
            reason: String::new(),
            couples: couples_schema(plan),
            runs_rows: Table::new(runs_schema(plan)),
            summary_rows: Table::new(summaries_schema(plan)),
            enough: SweepReplication::of(plan),
            keeps_summaries: charts::keeps_summaries(plan),
        }
    }

    /// Takes the next job.
    pub(crate) fn take(&mut self, result: JobResult) -> Result<(), OutputError> {
        let job = self.plan.job(result.job);
        debug_assert_eq!(job.point, self.point);
        match result.outcome {
            JobOutcome::Failed(reason) => {
                let settings = self.plan.sweep().settings(job.point);
                self.failed_row(job.point, &settings, &reason);
                self.reason = reason;
            }
            JobOutcome::Statistics(_) => {
                let table = "runs".to_owned();
                return Err(OutputError::Rows { table });
            }
            // The checks of a journal tell damage from a record that was written, not of what.
            JobOutcome::Runs { runs, .. } if !self.fit(&job, &runs) => {
                let table = "runs".to_owned();
                return Err(OutputError::Rows { table });
            }
            JobOutcome::Runs { runs, couples } => {
                let settings = self.plan.sweep().settings(job.point);
                for run in &runs {
                    self.run_row(job.point, &settings, run);
                }
                self.runs.extend(runs);
                self.couple_rows(job.point, couples)?;
            }
        }
        if (result.job + 1).is_multiple_of(self.plan.jobs_per_point()) {
            self.close_point();
        }
        let waiting = self
            .runs_rows
            .rows
            .rows()
            .max(self.summary_rows.rows.rows());
        if waiting > BATCH {
            self.flush()?;
        }
        Ok(())
    }

    /// Writes what is left, and gives what findings are made from.
    pub(crate) fn finish(mut self) -> Result<Aggregated, OutputError> {
        self.flush()?;
        let points = &self.aggregated.point_table;
        self.sink.accept(&points.schema, &points.rows)?;
        Ok(self.aggregated)
    }

    fn flush(&mut self) -> Result<(), OutputError> {
        for table in [&mut self.runs_rows, &mut self.summary_rows] {
            self.sink.accept(&table.schema, &table.rows)?;
            let rows = std::mem::replace(&mut table.rows, Batch::empty(&table.schema));
            if table.schema.table == "summaries" && self.keeps_summaries {
                self.aggregated.summary_table.rows.append(rows);
            }
        }
        Ok(())
    }

    /// Whether runs are some of a job's replicates, with all measures and counts that can be added.
    fn fit(&self, job: &Job, runs: &[RunResult]) -> bool {
        let measures = self.plan.sweep().measures.len();
        let couples = self.plan.max_couples();
        runs.iter().all(|run| {
            run.sums.len() == measures
                && job.replicates.contains(&run.replicate)
                && run.couples <= couples
                && run.ended <= run.couples
                && run.sums.iter().all(|sums| sums.n < MOST_VALUES)
        })
    }

    fn run_row(&mut self, point: u64, settings: &[crate::scenario::Setting], run: &RunResult) {
        let measures = &self.plan.sweep().measures;
        let mut row = vec![
            Value::Int(point as i64 + 1),
            Value::Int(i64::from(run.replicate) + 1),
            Value::Int(self.plan.scenario().config().seed as i64),
        ];
        row.extend(axis_cells(self.plan, point, settings));
        row.extend([
            Value::Categorical(0),
            Value::Int(run.couples as i64),
            Value::Int(run.ended as i64),
        ]);
        let together = self.plan.measure_of_together();
        row.extend(together.map(|place| Value::Int(run.sums[place].n as i64)));
        row.extend(
            measures
                .iter()
                .zip(&run.sums)
                .map(|(measure, sums)| Value::Float(measure.value(sums))),
        );
        row.push(Value::Str(String::new()));
        self.runs_rows.rows.push(row);
    }

    fn failed_row(&mut self, point: u64, settings: &[crate::scenario::Setting], reason: &str) {
        use crate::table::MISSING;
        let mut row = vec![
            Value::Int(point as i64 + 1),
            Value::Int(MISSING),
            Value::Int(self.plan.scenario().config().seed as i64),
        ];
        row.extend(axis_cells(self.plan, point, settings));
        row.extend([
            Value::Categorical(1),
            Value::Int(MISSING),
            Value::Int(MISSING),
        ]);
        let together = self.plan.measure_of_together();
        row.extend(together.map(|_| Value::Int(MISSING)));
        row.extend(
            self.plan
                .sweep()
                .measures
                .iter()
                .map(|_| Value::Float(f64::NAN)),
        );
        row.push(Value::Str(reason.to_owned()));
        self.runs_rows.rows.push(row);
    }

    fn couple_rows(&mut self, point: u64, mut couples: Batch) -> Result<(), OutputError> {
        if couples.columns.is_empty() {
            return Ok(());
        }
        let numbers = vec![point as i64 + 1; couples.rows()];
        couples.columns.insert(0, Values::Int(numbers));
        if !couples.fits(&self.couples) {
            let table = self.couples.table.to_owned();
            return Err(OutputError::Rows { table });
        }
        self.sink.accept(&self.couples, &couples)
    }

    /// Whether means over couples still together mislead at the point: more than a fifth have separated.
    fn has_many_separated(&self) -> bool {
        let couples: u64 = self.runs.iter().map(|run| run.couples).sum();
        let ended: u64 = self.runs.iter().map(|run| run.ended).sum();
        self.plan.measure_of_together().is_some() && ended as f64 > MANY_SEPARATED * couples as f64
    }

    fn close_point(&mut self) {
        let measures = &self.plan.sweep().measures;
        let settings = self.plan.sweep().settings(self.point);
        for (position, measure) in measures.iter().enumerate() {
            let mut all = Sums::default();
            for run in &self.runs {
                all.join(&run.sums[position]);
            }
            let values: Vec<f64> = self
                .runs
                .iter()
                .map(|run| measure.value(&run.sums[position]))
                .collect();
            let (value, summary) = summary(measure, &all, &values);
            let mut row = vec![Value::Int(self.point as i64 + 1)];
            row.extend(axis_cells(self.plan, self.point, &settings));
            row.extend(summary);
            self.aggregated.points[position].push(value);
            self.aggregated.runs[position].extend(values);
            self.summary_rows.rows.push(row);
        }
        let before = self.aggregated.ends.last().copied().unwrap_or(0);
        self.aggregated.ends.push(before + self.runs.len());
        let failed = !self.reason.is_empty();
        let mut row = vec![
            Value::Int(self.point as i64 + 1),
            Value::Categorical(u8::from(failed)),
            Value::Int(self.runs.len() as i64),
        ];
        row.extend(
            self.enough
                .reached(&self.runs)
                .map(|reached| Value::Categorical(u8::from(!reached))),
        );
        row.extend(axis_cells(self.plan, self.point, &settings));
        row.push(Value::Str(std::mem::take(&mut self.reason)));
        self.aggregated.point_table.rows.push(row);
        self.aggregated.failed += u64::from(failed);
        self.aggregated.many_separated += u64::from(self.has_many_separated());
        self.aggregated.done += self.runs.len() as u64;
        self.runs.clear();
        self.point += 1;
    }
}

/// What a row of `summaries` has after the point, and the value that it is about.
fn summary(measure: &SweepMeasure, all: &Sums, values: &[f64]) -> (f64, Vec<Value>) {
    let finite: RunningMoments = values
        .iter()
        .copied()
        .filter(|value| value.is_finite())
        .collect();
    let over_runs = measure.is_over_runs();
    let value = if over_runs { finite.mean() } else { all.mean() };
    let (sd, error, interval) = if over_runs {
        let interval = finite.interval(CONFIDENCE).cut_to(bounds_of(measure));
        (f64::NAN, finite.standard_error(), interval)
    } else {
        let error = all.sd() / (all.n as f64).sqrt();
        (all.sd(), error, interval_over_couples(measure, all, error))
    };
    let mut row = vec![
        Value::Str(measure.to_string()),
        Value::Int(values.len() as i64),
        Value::Int(all.n as i64),
    ];
    row.extend([value, sd, error, interval.low, interval.high, finite.sd()].map(Value::Float));
    row.extend(quantiles(values).map(Value::Float));
    (value, row)
}

fn interval_over_couples(measure: &SweepMeasure, all: &Sums, error: f64) -> Interval {
    let is_share = match measure.observable() {
        None => true,
        Some(observable) => observable.info().of_couple,
    };
    if is_share {
        return wilson(all.sum as u64, all.n, CONFIDENCE);
    }
    let reach = student_quantile(0.5 + 0.5 * CONFIDENCE, all.n as f64 - 1.0) * error;
    if reach.is_nan() {
        Interval::UNDEFINED
    } else {
        Interval::around(all.mean(), reach).cut_to(bounds_of(measure))
    }
}

/// What the values of a measure lie between, and so their mean.
pub(crate) fn bounds_of(measure: &SweepMeasure) -> Interval {
    let [low, high] = measure.bounds();
    Interval { low, high }
}

/// What the difference of two values of a measure lies between.
pub(crate) fn bounds_of_difference(measure: &SweepMeasure) -> Interval {
    let [low, high] = measure.bounds();
    Interval::around(0.0, high - low)
}

/// Quantiles at 0.05, 0.25, 0.5, 0.75 and 0.95, linear between order statistics.
fn quantiles(values: &[f64]) -> [f64; 5] {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    if sorted.len() < 2 {
        return [f64::NAN; 5];
    }
    sorted.sort_by(f64::total_cmp);
    [0.05, 0.25, 0.5, 0.75, 0.95].map(|p: f64| {
        let place = p * (sorted.len() - 1) as f64;
        let below = place as usize;
        let above = (below + 1).min(sorted.len() - 1);
        sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
    })
}
