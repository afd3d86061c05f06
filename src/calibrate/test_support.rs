//! Documents, outputs, studies, priors, targets and noise for the tests of calibrations.

use super::abc::proposal::uniform;
use super::problem::{FitTarget, Prior};
use super::{
    CalibrationObserver, CalibrationOutput, CalibrationProgress, Published, SearchObserver,
    SearchProgress, Studies, knowing,
};
use crate::calibrate::document::{CalibrationDocument, KnownNames};
use crate::math::functions::normal_quantile;
use crate::options::{Execution, SaveOptions};
use crate::rng::{Key, StreamKind};
use crate::runner::CancelToken;
use crate::scenario::Override;
use rand::Rng;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// A document with values put in place.
pub(crate) fn document(text: &str, set: &[&str], published: &[Published]) -> CalibrationDocument {
    let overrides: Vec<Override> = set
        .iter()
        .map(|text| Override::parse(text).expect("an override"))
        .collect();
    let read = |known: &KnownNames<'_>| {
        CalibrationDocument::parse("rates.toml", text, &overrides, known, None)
    };
    knowing(published, read).expect("a valid document")
}

/// A folder for results without charts.
pub(crate) fn output(folder: PathBuf) -> CalibrationOutput {
    CalibrationOutput {
        folder,
        options: SaveOptions::default().charts(false),
        resume: false,
        reuse: None,
    }
}

/// A published statistic.
pub(crate) fn published(id: &str, tier: &str, target: FitTarget) -> Published {
    Published {
        id: id.to_owned(),
        tier: tier.to_owned(),
        statistic: format!("the statistic {id}"),
        target,
    }
}

/// Calibrates twice with different numbers of threads and compares all files.
pub(crate) fn assert_threads_change_no_byte(calibrate: impl Fn(&CalibrationOutput, usize)) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let [one, four] = [1, 4].map(|threads| {
        let out = home.path().join(format!("with_{threads}"));
        calibrate(&output(out.clone()), threads);
        files(&out)
    });
    assert_eq!(one, four);
}

/// The files of a folder by their names.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder of results");
    entries
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy();
            (name.into_owned(), fs::read(&path).expect("readable"))
        })
        .collect()
}

/// A target of weight 1 with a standard error.
pub(crate) fn with_error(value: f64, error: f64) -> FitTarget {
    FitTarget {
        error: Some(error),
        ..value_alone(value)
    }
}

/// A target of weight 1 of which only the value is known.
pub(crate) fn value_alone(value: f64) -> FitTarget {
    FitTarget {
        value,
        error: None,
        interval: None,
        weight: 1.0,
    }
}

/// A normal prior whose bounds are out of reach.
pub(crate) fn normal(mean: f64, sd: f64) -> Prior {
    Prior::TruncatedNormal {
        mean,
        sd,
        low: mean - 1e3 * sd,
        high: mean + 1e3 * sd,
    }
}

/// Standard normal noise of one simulation.
pub(crate) fn noise(seed: u64) -> impl Iterator<Item = f64> {
    let mut rng = Key::new(seed, 0, 0, StreamKind::Study).stream(0, 0);
    std::iter::repeat_with(move || normal_quantile(uniform(&mut rng)))
}

/// Studies with given statistics of the values and of noise between -0.5 and 0.5.
pub(crate) struct TestStudies {
    statistics: fn(&[f64], f64) -> Vec<f64>,
    /// Simulations so far.
    pub(crate) done: AtomicU64,
    /// Simulations after which it cancels.
    most: u64,
    cancel: CancelToken,
}

impl TestStudies {
    pub(crate) fn new(most: u64, statistics: fn(&[f64], f64) -> Vec<f64>) -> TestStudies {
        TestStudies {
            statistics,
            done: AtomicU64::new(0),
            most,
            cancel: CancelToken::default(),
        }
    }

    /// Execution on some threads, which these studies can cancel.
    pub(crate) fn on_threads(&self, threads: usize) -> Execution<'static> {
        Execution {
            threads: Some(threads),
            cancel: self.cancel.clone(),
            ..Execution::default()
        }
    }
}

impl Studies for TestStudies {
    fn statistics(&self, values: &[f64], seed: u64) -> Vec<f64> {
        if self.done.fetch_add(1, Ordering::Relaxed) + 1 >= self.most {
            self.cancel.cancel();
        }
        let mut rng = Key::new(seed, 0, 0, StreamKind::Study).stream(0, 0);
        let noise = f64::from(rng.next_u32()) / f64::from(u32::MAX) - 0.5;
        (self.statistics)(values, noise)
    }
}

/// Collects the lines that progress is shown as.
#[derive(Default)]
pub(crate) struct ProgressLines(Mutex<Vec<String>>);

impl ProgressLines {
    fn push(&self, line: String) {
        if let (false, Ok(mut lines)) = (line.is_empty(), self.0.lock()) {
            lines.push(line);
        }
    }

    pub(crate) fn into_lines(self) -> Vec<String> {
        self.0.into_inner().expect("no panic elsewhere")
    }
}

impl CalibrationObserver for ProgressLines {
    fn on_progress(&self, progress: &CalibrationProgress) {
        self.push(progress.to_string());
    }
}

impl SearchObserver for ProgressLines {
    fn on_progress(&self, progress: &SearchProgress<'_>) {
        self.push(progress.to_string());
    }
}
