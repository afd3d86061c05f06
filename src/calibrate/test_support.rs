//! Documents, requests, priors, targets and noise for the tests of calibrations.

use super::abc::proposal::uniform;
use super::prior::Prior;
use super::target::FitTarget;
use super::{CalibrateRequest, Published, knowing};
use crate::calibrate::document::{CalibrationDocument, KnownNames};
use crate::math::functions::normal_quantile;
use crate::options::SaveOptions;
use crate::rng::{Key, StreamKind};
use crate::scenario::Override;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A document with values put in place.
pub(crate) fn document(text: &str, set: &[&str], published: &[Published]) -> CalibrationDocument {
    let overrides: Vec<Override> = set
        .iter()
        .map(|text| Override::parse(text).expect("an override"))
        .collect();
    let read =
        |known: &KnownNames<'_>| CalibrationDocument::parse("rates.toml", text, &overrides, known);
    knowing(published, read).expect("a valid document")
}

/// A request for results without charts.
pub(crate) fn request(out: PathBuf) -> CalibrateRequest {
    CalibrateRequest {
        out,
        save: SaveOptions::default().charts(false),
        resume: false,
    }
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
