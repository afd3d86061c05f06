//! A measurement: its numbers, its table, and its JSON file, which can be read again.

use crate::error::BaselineError;
use crate::results::read_document;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::path::Path;

/// Number of the format of measurements.
pub(crate) const BENCH_FORMAT: u32 = 1;

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
    /// Number of this format, [`BENCH_FORMAT`].
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

/// Reads an earlier measurement.
///
/// # Errors
/// [`BaselineError`], where the file cannot be read or a key of it is wrong.
pub(crate) fn read_measurement(path: &Path) -> Result<Measurement, BaselineError> {
    parse(&read_document(path)?)
}

fn parse(bytes: &[u8]) -> Result<Measurement, BaselineError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| BaselineError::NotJson {
        why: error.to_string(),
    })?;
    for (key, expected) in [("program", "pairbond"), ("kind", "bench")] {
        if value.get(key).and_then(Value::as_str) != Some(expected) {
            return Err(BaselineError::NotOurs {
                key: key.to_owned(),
                expected: format!("\"{expected}\""),
            });
        }
    }
    let fields = Fields {
        value: &value,
        within: String::new(),
    };
    let format: u64 = fields.take("format")?;
    if format > u64::from(BENCH_FORMAT) {
        return Err(BaselineError::Newer {
            format,
            known: BENCH_FORMAT,
        });
    }
    measurement(&fields)
}

/// The fields of an object, with the place where it stands.
struct Fields<'a> {
    value: &'a Value,
    within: String,
}

impl Fields<'_> {
    fn problem(&self, key: &str, why: impl Into<String>) -> BaselineError {
        let key = format!("{}{key}", self.within);
        BaselineError::Key {
            key,
            why: why.into(),
        }
    }

    fn take<T: DeserializeOwned>(&self, key: &str) -> Result<T, BaselineError> {
        let value = self
            .value
            .get(key)
            .ok_or_else(|| self.problem(key, "is missing"))?;
        T::deserialize(value).map_err(|error| self.problem(key, format!("cannot be read: {error}")))
    }

    fn positive(&self, key: &str) -> Result<f64, BaselineError> {
        let number: f64 = self.take(key)?;
        if number > 0.0 {
            Ok(number)
        } else {
            Err(self.problem(key, format!("is {number} and should be above 0")))
        }
    }

    fn reading(&self, key: &str) -> Result<MedianRange, BaselineError> {
        let reading: MedianRange = self.take(key)?;
        if reading.is_sound() {
            Ok(reading)
        } else {
            Err(self.problem(
                key,
                "does not go up from `least` above 0 to `median` and `most`",
            ))
        }
    }
}

fn measurement(fields: &Fields<'_>) -> Result<Measurement, BaselineError> {
    let entries: Vec<Value> = fields.take("threads")?;
    let threads = entries
        .iter()
        .enumerate()
        .map(|(at, value)| {
            by_threads(&Fields {
                value,
                within: format!("threads[{at}]."),
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    if threads.is_empty() {
        return Err(fields.problem("threads", "is empty"));
    }
    Ok(Measurement {
        program: fields.take("program")?,
        kind: fields.take("kind")?,
        format: fields.take("format")?,
        version: fields.take("version")?,
        build: fields.take("build")?,
        engine: fields.take("engine")?,
        cpu: fields.take("cpu")?,
        cores: fields.take("cores")?,
        load_average: fields.take("load_average")?,
        clock: fields.take("clock")?,
        scenario: fields.take("scenario")?,
        scenario_blake3: fields.take("scenario_blake3")?,
        command: fields.take("command")?,
        seed: fields.take("seed")?,
        points: fields.take("points")?,
        runs: fields.take("runs")?,
        couples: fields.take("couples")?,
        days: fields.take("days")?,
        jobs: fields.take("jobs")?,
        measured_jobs: fields.take("measured_jobs")?,
        measured_runs: fields.take("measured_runs")?,
        measured_couple_days: fields.take("measured_couple_days")?,
        rounds: fields.take("rounds")?,
        ns_cpu_per_couple_day: fields.positive("ns_cpu_per_couple_day")?,
        couple_days_per_cpu_second: fields.positive("couple_days_per_cpu_second")?,
        couple_days_per_second: fields.positive("couple_days_per_second")?,
        efficiency: fields.positive("efficiency")?,
        threads,
        peak_rss_bytes: fields.take("peak_rss_bytes")?,
        output_bytes: fields.take("output_bytes")?,
        output_table_bytes: fields.take("output_table_bytes")?,
        output_files: fields.take("output_files")?,
        output_seconds: fields.take("output_seconds")?,
    })
}

fn by_threads(fields: &Fields<'_>) -> Result<ThreadTiming, BaselineError> {
    Ok(ThreadTiming {
        threads: fields.take("threads")?,
        seconds: fields.reading("seconds")?,
        ns_cpu_per_couple_day: fields.reading("ns_cpu_per_couple_day")?,
        couple_days_per_second: fields.reading("couple_days_per_second")?,
        efficiency: fields.reading("efficiency")?,
    })
}

/// Median, least and most of a number over rounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct MedianRange {
    /// The median.
    pub(crate) median: f64,
    /// The least.
    pub(crate) least: f64,
    /// The most.
    pub(crate) most: f64,
}

impl MedianRange {
    /// Sums up what was measured; `None` of nothing.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Option<MedianRange> {
        let mut sorted: Vec<f64> = values.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let (least, most) = (*sorted.first()?, *sorted.last()?);
        let middle = sorted.len() / 2;
        let median = if sorted.len() % 2 == 1 {
            sorted[middle]
        } else {
            0.5 * (sorted[middle - 1] + sorted[middle])
        };
        Some(MedianRange {
            median,
            least,
            most,
        })
    }

    /// The reading in another unit, of which one has so many of this.
    pub(crate) fn per(self, unit: f64) -> MedianRange {
        MedianRange {
            median: self.median / unit,
            least: self.least / unit,
            most: self.most / unit,
        }
    }

    /// Whether both have values in common, so that which is larger is not resolved.
    pub(crate) fn overlaps(&self, other: &MedianRange) -> bool {
        !(self.most < other.least || other.most < self.least)
    }

    /// Whether these can be the numbers of something measured.
    pub(crate) fn is_sound(&self) -> bool {
        self.least > 0.0 && self.least <= self.median && self.median <= self.most
    }
}

impl fmt::Display for MedianRange {
    /// As `median [least–most]`, each to three digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [median, least, most] = [self.median, self.least, self.most].map(three_digits);
        write!(f, "{median} [{least}–{most}]")
    }
}

/// A number to three significant digits, or whole where that shows more.
pub(crate) fn three_digits(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    format!("{value:.decimals$}")
}

/// Rows as columns of equal width, the first flush left and the others flush right.
pub(crate) fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |row: &Vec<String>, column: usize| row.get(column).cloned().unwrap_or_default();
    let width = |column| {
        let widths = rows.iter().map(|row| cell(row, column).chars().count());
        widths.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = format!("{:<width$}", cell(row, 0), width = widths[0]);
        for column in 1..count {
            let width = widths[column];
            line.push_str(&format!("  {:>width$}", cell(row, column)));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The error of a measurement with a key changed or removed.
    fn problem(key: &str, value: Option<Value>) -> String {
        let mut object: Value =
            serde_json::from_str(&sample_measurement(60.0).json()).expect("JSON");
        let fields = object.as_object_mut().expect("an object");
        match value {
            Some(value) => fields.insert(key.to_owned(), value),
            None => fields.remove(key),
        };
        parse(object.to_string().as_bytes())
            .expect_err("an error")
            .to_string()
    }

    #[test]
    fn what_was_written_is_read_again() {
        let written = sample_measurement(60.0);
        assert_eq!(parse(written.json().as_bytes()).ok(), Some(written));
    }

    #[test]
    fn an_error_names_its_key() {
        let said = problem("efficiency", None);
        assert_eq!(said, "the key `efficiency` is missing");
        let said = problem("seed", Some("seven".into()));
        assert!(
            said.starts_with("the key `seed` cannot be read: invalid type"),
            "{said}"
        );
        let said = problem("couple_days_per_second", Some(0.into()));
        assert!(
            said.contains("`couple_days_per_second` is 0 and should"),
            "{said}"
        );
        let said = problem("threads", Some(serde_json::json!([{ "threads": 1 }])));
        assert_eq!(said, "the key `threads[0].seconds` is missing");
        assert!(problem("format", Some(9.into())).contains("newer"));
    }

    #[test]
    fn other_files_are_not_read_as_measurements() {
        let said = |text: &str| parse(text.as_bytes()).expect_err("foreign").to_string();
        assert!(said("title = 3").contains("not JSON"));
        assert!(said("[1, 2]").contains("`program`"));
        assert!(said(r#"{"program": "pairbond", "kind": "run"}"#).contains("`kind`"));
    }

    fn reading(values: &[f64]) -> MedianRange {
        MedianRange::of(values.iter().copied()).expect("some values")
    }

    #[test]
    fn a_reading_is_median_least_and_most() {
        let odd = reading(&[3.0, 1.0, 2.0]);
        assert_eq!((odd.median, odd.least, odd.most), (2.0, 1.0, 3.0));
        assert_eq!(reading(&[4.0, 1.0, 2.0, 3.0]).median, 2.5);
        assert_eq!(MedianRange::of([]), None);
        assert_eq!(odd.to_string(), "2.00 [1.00–3.00]");
    }

    #[test]
    fn ranges_that_touch_overlap() {
        let [low, middle, high] = [[1.0, 2.0], [2.0, 3.0], [2.5, 4.0]].map(|ends| reading(&ends));
        assert!(low.overlaps(&middle) && middle.overlaps(&low) && middle.overlaps(&high));
        assert!(!low.overlaps(&high) && !high.overlaps(&low));
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a", "long"], ["wide", "–"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(columns(&rows), "a     long\nwide     –\n");
    }

    fn around(median: f64) -> MedianRange {
        MedianRange {
            median,
            least: median * 0.9375,
            most: median * 1.125,
        }
    }

    /// A measurement with one and two threads, in which a couple-day takes so many nanoseconds.
    pub(crate) fn sample_measurement(nanoseconds: f64) -> Measurement {
        let by_threads = |threads: usize| ThreadTiming {
            threads,
            seconds: around(nanoseconds),
            ns_cpu_per_couple_day: around(nanoseconds),
            couple_days_per_second: around(15_000_000.0 / nanoseconds),
            efficiency: around(0.75),
        };
        Measurement {
            program: "pairbond".to_owned(),
            kind: "bench".to_owned(),
            format: BENCH_FORMAT,
            version: "0.0.0".to_owned(),
            build: "release".to_owned(),
            engine: "avx2".to_owned(),
            cpu: Some("A processor".to_owned()),
            cores: 2,
            load_average: None,
            clock: "cpu".to_owned(),
            scenario: "s.toml".to_owned(),
            scenario_blake3: "hash".to_owned(),
            command: "sweep".to_owned(),
            seed: 7,
            points: 4,
            runs: 8,
            couples: 100,
            days: 365,
            jobs: 4,
            measured_jobs: 4,
            measured_runs: 8,
            measured_couple_days: 200_000,
            rounds: 5,
            ns_cpu_per_couple_day: nanoseconds,
            couple_days_per_cpu_second: 1_000_000_000.0 / nanoseconds,
            couple_days_per_second: 15_000_000.0 / nanoseconds,
            efficiency: 0.75,
            threads: vec![by_threads(1), by_threads(2)],
            peak_rss_bytes: Some(40 << 20),
            output_bytes: Some(2_000_000),
            output_table_bytes: Some(1_500_000),
            output_files: Some(12),
            output_seconds: Some(1.5),
        }
    }

    #[test]
    fn mutated_measurements_are_read_or_refused() {
        let sound = sample_measurement(60.0).json();
        crate::table::test_support::mutations(sound.as_bytes(), |bytes| {
            let _ = parse(bytes);
        });
    }
}
