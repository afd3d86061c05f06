//! Earlier measurements as their files hold them.

use super::error::{BENCH_FORMAT, BaselineError};
use super::measurement::{Measurement, ThreadTiming};
use super::timing_stats::MedianRange;
use crate::results::read_document;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::path::Path;

/// Reads an earlier measurement.
///
/// # Errors
/// [`BaselineError`], where the file cannot be read or a key of it is wrong.
pub(crate) fn read(path: &Path) -> Result<Measurement, BaselineError> {
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
        return Err(BaselineError::Newer { format });
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::test_support::measurement;

    /// The error of a measurement with a key changed or removed.
    fn problem(key: &str, value: Option<Value>) -> String {
        let mut object: Value = serde_json::from_str(&measurement(60.0).json()).expect("JSON");
        let fields = object.as_object_mut().expect("an object");
        match value {
            Some(value) => fields.insert(key.to_owned(), value),
            None => fields.remove(key),
        };
        parse(object.to_string().as_bytes())
            .expect_err("a fault")
            .to_string()
    }

    #[test]
    fn what_was_written_is_read_again() {
        let written = measurement(60.0);
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
}
