//! Measurement: how fast a scenario's sweep, or its run, goes on this machine, and what it takes.
//!
//! The unit is a simulated couple-day. What is measured is a function of the scenario and of
//! a budget of time; what comes out is one [`Measurement`], which can be held against an earlier one.

pub(crate) mod comparison;
pub(crate) mod machine;
pub(crate) mod measurement;
pub(crate) mod rounds;

use crate::bench::machine::Machine;
use crate::bench::measurement::{BENCH_FORMAT, read_measurement};
use crate::bench::rounds::{Measured, Rounds, Workload};
use crate::error::{BaselineError, Error};
use crate::results::provenance::plain_name;
use crate::results::{
    Manifest, OutputError, Scratch, check_document, refuse_inputs, write_document,
};
use crate::runner::Control;
use crate::scenario::Scenario;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) use comparison::Comparison;
pub use machine::{cpu_time, peak_memory, wall_time};
pub(crate) use measurement::{Measurement, ThreadTiming};

/// Options of a measurement that are not in its scenario.
#[derive(Clone, Debug)]
pub(crate) struct BenchOptions {
    /// About how long measuring may take (s).
    pub(crate) seconds: u32,
    /// Rounds, in each of which every number of threads has its turn.
    pub(crate) rounds: u32,
    /// Most threads; all cores if `None`.
    pub(crate) threads: Option<usize>,
    /// File for the measurement as JSON.
    pub(crate) json: Option<PathBuf>,
    /// Whether that file may replace an older measurement.
    pub(crate) replace: bool,
    /// File of an earlier measurement to compare with.
    pub(crate) compare: Option<PathBuf>,
}

/// What a measurement came to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BenchReport {
    /// What was measured.
    pub(crate) measurement: Measurement,
    /// How it compares with the earlier measurement, where one was named.
    pub(crate) comparison: Option<Comparison>,
}

/// Measures a scenario's sweep, or its run where it has no sweep.
///
/// Where all of it fits half of the time, it is first done once as the command would do it, into
/// the scratch folder. Then jobs spread over the design, as many as the rest of the time allows,
/// are done in rounds. Only the requested JSON is kept.
///
/// # Errors
/// [`Error::Baseline`] where the earlier measurement cannot be used, [`Error::NothingMeasured`],
/// [`Error::OutputSize`], and those of a sweep or run.
pub(crate) fn bench(
    scenario: &Scenario,
    options: &BenchOptions,
    control: &Control,
) -> Result<BenchReport, Error> {
    if let Some(path) = &options.json {
        refuse_inputs(path, scenario.files().iter().chain(&options.compare))?;
        check_target(path, options.replace)?;
    }
    let old = options.compare.as_deref().map(earlier).transpose()?;
    let scratch = Scratch::create("bench")?;
    let measurement = measure(scenario, options, scratch.path(), control)?;
    if let Some(path) = &options.json {
        write_document(path, measurement.json().as_bytes(), options.replace)?;
    }
    Ok(BenchReport {
        comparison: old.map(|old| Comparison::of(&old, &measurement)),
        measurement,
    })
}

/// Refuses to replace anything but an older measurement.
fn check_target(path: &Path, force: bool) -> Result<(), Error> {
    check_document(path, force)?;
    if std::fs::symlink_metadata(path).is_err() {
        return Ok(());
    }
    match read_measurement(path) {
        Err(BaselineError::NotJson { .. } | BaselineError::NotOurs { .. }) => {
            let path = path.to_owned();
            Err(OutputError::Foreign { path }.into())
        }
        Err(BaselineError::Unreadable(error)) => Err(error.into()),
        Err(_) | Ok(_) => Ok(()),
    }
}

/// Reads an earlier measurement.
fn earlier(path: &Path) -> Result<Measurement, Error> {
    read_measurement(path).map_err(|source| match source {
        BaselineError::Unreadable(error) => error.into(),
        source => Error::Baseline {
            path: path.to_owned(),
            source,
        },
    })
}

fn measure(
    scenario: &Scenario,
    options: &BenchOptions,
    scratch: &Path,
    control: &Control,
) -> Result<Measurement, Error> {
    let machine = Machine::here();
    let workload = Workload::of(scenario);
    let most = options.threads.unwrap_or(machine.cores);
    let budget = Duration::from_secs(u64::from(options.seconds));
    let rounds = Rounds::new(&workload, control, most, budget)?;
    let job = rounds.probe()?;
    let all = job.mul_f64(workload.jobs() as f64);
    let mut output = None;
    if all <= rounds.left() / 2 {
        output = Some(write_results(
            scenario,
            &workload,
            most,
            (scratch, control),
        )?);
    }
    let measured = rounds.measure(job, options.rounds)?;
    Ok(measurement(scenario, &machine, &workload, measured, output))
}

/// Size of a folder of results, and the time that it took.
struct OutputSize {
    bytes: u64,
    table_bytes: u64,
    files: u64,
    time: Duration,
}

/// Does all of it once as the command does, into a temporary folder.
fn write_results(
    scenario: &Scenario,
    workload: &Workload,
    threads: usize,
    (scratch, control): (&Path, &Control),
) -> Result<OutputSize, Error> {
    let out = scratch.join("results");
    let cancel = control.cancel.clone();
    let start = wall_time();
    match workload {
        Workload::Sweep(..) => {
            let runner = scenario.sweep()?.threads(threads).cancel(cancel);
            runner.save(&out).map(drop).map_err(|error| match error {
                // The journal is in the temporary folder.
                Error::Interrupted { .. } => Error::Cancelled,
                Error::Resumable { source, .. } => *source,
                error => error,
            })?;
        }
        Workload::Run(_) => {
            let runner = scenario.runner().threads(threads).cancel(cancel);
            runner.save(&out)?;
        }
    }
    let time = wall_time() - start;
    let manifest = Manifest::read(&out)?;
    let tables = manifest.files.iter().filter(|file| file.rows.is_some());
    let files = manifest.files.iter().map(|file| file.bytes).sum::<u64>();
    Ok(OutputSize {
        bytes: files + manifest.text().len() as u64,
        table_bytes: tables.map(|file| file.bytes).sum(),
        files: manifest.files.len() as u64 + 1,
        time,
    })
}

fn measurement(
    scenario: &Scenario,
    machine: &Machine,
    workload: &Workload,
    measured: Measured,
    output: Option<OutputSize>,
) -> Measurement {
    let config = scenario.config();
    let [alone, most] = [measured.threads.first(), measured.threads.last()]
        .map(|by| by.expect("one thread is always measured"));
    let (nanoseconds, speed, efficiency) = (
        alone.ns_cpu_per_couple_day.median,
        most.couple_days_per_second.median,
        most.efficiency.median,
    );
    let output = output.as_ref();
    Measurement {
        program: "pairbond".to_owned(),
        kind: "bench".to_owned(),
        format: BENCH_FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        build: if cfg!(debug_assertions) {
            "debug"
        } else {
            "release"
        }
        .to_owned(),
        engine: machine.engine.name().to_owned(),
        cpu: machine.cpu.clone(),
        cores: machine.cores,
        load_average: machine.load,
        clock: machine::CLOCK.to_owned(),
        scenario: plain_name(scenario.file_name()),
        scenario_blake3: fingerprint(scenario),
        command: workload.kind().to_owned(),
        seed: config.seed,
        points: workload.points(),
        runs: workload.runs(),
        couples: config.size.couples,
        days: config.size.days,
        jobs: workload.jobs(),
        measured_jobs: measured.jobs,
        measured_runs: measured.runs,
        measured_couple_days: measured.couple_days,
        rounds: measured.rounds,
        ns_cpu_per_couple_day: nanoseconds,
        couple_days_per_cpu_second: 1e9 / nanoseconds,
        couple_days_per_second: speed,
        efficiency,
        threads: measured.threads,
        peak_rss_bytes: peak_memory(),
        output_bytes: output.map(|output| output.bytes),
        output_table_bytes: output.map(|output| output.table_bytes),
        output_files: output.map(|output| output.files),
        output_seconds: output.map(|output| output.time.as_secs_f64()),
    }
}

/// A hash of everything that the scenario asks, overrides and tables of points included.
fn fingerprint(scenario: &Scenario) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(scenario.effective_toml().as_bytes());
    for (_, table) in scenario.attachments() {
        hasher.update(table.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}
