//! A measurement: what was measured, where, and what came out, as a table and as JSON.

use super::timing_stats::{MedianRange, columns, three_digits};
use serde::Serialize;
use std::fmt;

/// What one number of threads came to, over rounds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct ThreadTiming {
    /// Threads at work.
    pub(crate) threads: usize,
    /// Time of day of one round (s).
    pub(crate) seconds: MedianRange,
    /// CPU time for each simulated couple-day (ns).
    pub(crate) ns_cpu_per_couple_day: MedianRange,
    /// Simulated couple-days in a second of wall-clock time.
    pub(crate) couple_days_per_second: MedianRange,
    /// Time of one thread over that of all these threads together (0–1, but for noise).
    pub(crate) efficiency: MedianRange,
}

/// What a scenario takes on a machine; field names are the keys of the JSON, in their order.
///
/// Single numbers are medians over rounds: those of CPU time with one thread, the others with the
/// most threads. `None` is what was not measured or is not known here.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Measurement {
    /// The program, always `pairbond`.
    pub(crate) program: String,
    /// What this is, always `bench`.
    pub(crate) kind: String,
    /// Number of this format, [`BENCH_FORMAT`](super::error::BENCH_FORMAT).
    pub(crate) format: u32,
    /// The program's version.
    pub(crate) version: String,
    /// `release`, or `debug` where the program was built without optimisation.
    pub(crate) build: String,
    /// The vector code that was used.
    pub(crate) engine: String,
    /// Name of the processor.
    pub(crate) cpu: Option<String>,
    /// Threads that run at once on it, as far as the program may.
    pub(crate) cores: usize,
    /// Programs at work or waiting in the minute before, on average.
    pub(crate) load_average: Option<f64>,
    /// The clock of CPU time: `cpu`, or `wall` where the system has none.
    pub(crate) clock: String,
    /// Name of the scenario's file.
    pub(crate) scenario: String,
    /// BLAKE3 hash of the scenario with all its values, and of its tables of points.
    pub(crate) scenario_blake3: String,
    /// `sweep`, or `run` where the scenario has no sweep.
    pub(crate) command: String,
    /// Master seed.
    pub(crate) seed: u64,
    /// Points of the design.
    pub(crate) points: u64,
    /// Runs of all points, at most where stopping is sequential.
    pub(crate) runs: u64,
    /// Couples of a run, where no axis says otherwise.
    pub(crate) couples: u64,
    /// Days of a run, where no axis says otherwise.
    pub(crate) days: u32,
    /// Jobs of all of it: some replicates of a point, or a run's block of couples.
    pub(crate) jobs: u64,
    /// Jobs that each round did with each number of threads.
    pub(crate) measured_jobs: u64,
    /// Runs of these jobs.
    pub(crate) measured_runs: u64,
    /// Couple-days simulated in them.
    pub(crate) measured_couple_days: u64,
    /// Rounds that were done.
    pub(crate) rounds: u32,
    /// CPU time for each simulated couple-day, with one thread (ns).
    pub(crate) ns_cpu_per_couple_day: f64,
    /// Simulated couple-days in a second of CPU time, with one thread.
    pub(crate) couple_days_per_cpu_second: f64,
    /// Simulated couple-days in a second of wall-clock time, with the most threads.
    pub(crate) couple_days_per_second: f64,
    /// Efficiency of the most threads.
    pub(crate) efficiency: f64,
    /// Each number of threads.
    pub(crate) threads: Vec<ThreadTiming>,
    /// The most memory that the process ever had (bytes).
    pub(crate) peak_rss_bytes: Option<u64>,
    /// Bytes of the whole folder of results.
    pub(crate) output_bytes: Option<u64>,
    /// Bytes of the tables in it.
    pub(crate) output_table_bytes: Option<u64>,
    /// Files in it.
    pub(crate) output_files: Option<u64>,
    /// Wall-clock time of all of it, simulated, written and drawn, with the most threads (s).
    pub(crate) output_seconds: Option<f64>,
}

impl Measurement {
    /// The measurement as its file holds it.
    pub(crate) fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self)
            .expect("a measurement has only text keys, so it always is JSON");
        text.push('\n');
        text
    }

    fn measured(&self) -> String {
        let share = if self.measured_jobs == self.jobs {
            format!("all {} jobs", self.jobs)
        } else if self.command == "sweep" {
            format!(
                "{} of {} jobs spread over the design",
                self.measured_jobs, self.jobs
            )
        } else {
            format!("{} of {} blocks of couples", self.measured_jobs, self.jobs)
        };
        format!(
            "{share} ({} runs, {} couple-days simulated) in each of {} rounds",
            self.measured_runs, self.measured_couple_days, self.rounds
        )
    }

    /// About how much time must be given so that all of it is done once.
    fn seconds_for_output(&self) -> u64 {
        let lap = self.threads.first().map_or(0.0, |by| by.seconds.median);
        let whole = lap * self.jobs as f64 / self.measured_jobs.max(1) as f64;
        (2.0 * whole * 1.2) as u64 + 4
    }

    fn memory(&self) -> String {
        match self.peak_rss_bytes {
            None => "not known here".to_owned(),
            Some(bytes) if self.output_bytes.is_none() => {
                format!("{}, without writing results", megabytes(bytes))
            }
            Some(bytes) => megabytes(bytes),
        }
    }

    fn output(&self) -> String {
        match (
            self.output_files,
            self.output_bytes,
            self.output_table_bytes,
            self.output_seconds,
        ) {
            (Some(files), Some(bytes), Some(tables), Some(seconds)) => format!(
                "{files} files of {} (tables {}) in {} s, with all threads",
                megabytes(bytes),
                megabytes(tables),
                three_digits(seconds)
            ),
            _ => format!(
                "not measured, as all of it would take more than half of the time given; \
                 --seconds {} would do",
                self.seconds_for_output()
            ),
        }
    }
}

/// Bytes as a person reads them.
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{} MB", three_digits(bytes as f64 / 1e6))
}

impl fmt::Display for Measurement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let load = self.load_average.map_or(String::new(), |load| {
            format!(", load average {load:.2} at the start")
        });
        writeln!(
            f,
            "scenario  {} ({}, seed {})",
            self.scenario, self.command, self.seed
        )?;
        writeln!(
            f,
            "asked     {} points, {} runs of {} couples for {} days",
            self.points, self.runs, self.couples, self.days
        )?;
        writeln!(f, "measured  {}", self.measured())?;
        writeln!(
            f,
            "program   pairbond {}, {} build, engine {}",
            self.version, self.build, self.engine
        )?;
        writeln!(
            f,
            "machine   {}, {} cores{load}",
            self.cpu.as_deref().unwrap_or("unknown processor"),
            self.cores
        )?;
        writeln!(f)?;
        let clock = if self.clock == "cpu" {
            "CPU"
        } else {
            "wall, there being no CPU clock,"
        };
        let mut rows = vec![vec![
            "threads".to_owned(),
            format!("ns of {clock} a couple-day"),
            format!(
                "million couple-days a {} second",
                if self.clock == "cpu" { "CPU" } else { "wall" }
            ),
            "million couple-days a second".to_owned(),
            "efficiency".to_owned(),
        ]];
        rows.extend(self.threads.iter().map(|by| {
            let speed = by.ns_cpu_per_couple_day;
            let by_cpu = MedianRange {
                median: 1e3 / speed.median,
                least: 1e3 / speed.most,
                most: 1e3 / speed.least,
            };
            vec![
                by.threads.to_string(),
                speed.to_string(),
                by_cpu.to_string(),
                by.couple_days_per_second.per(1e6).to_string(),
                by.efficiency.to_string(),
            ]
        }));
        f.write_str(&columns(&rows))?;
        writeln!(f)?;
        writeln!(f, "peak memory   {}", self.memory())?;
        writeln!(f, "whole output  {}", self.output())
    }
}
