//! Set-ups of the tests of calibrations and searches: documents, requests, and what lies in a folder.

use super::{CalibrateRequest, Published, knowing};
use crate::options::SaveOptions;
use crate::scenario::{CalibrationDocument, Known, Override};
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
        |known: &Known<'_>| CalibrationDocument::parse("rates.toml", text, &overrides, known);
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
