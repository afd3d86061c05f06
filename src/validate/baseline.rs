//! Verdicts of an earlier validation, and where today's differ.

use super::findings::Comparison;
use super::targets::TargetError;
use crate::error::Error;
use crate::results::read_document;
use std::path::Path;

/// How tables write what is missing.
const MISSING: &str = "NA";

/// A target's name, its part, and the verdict on it.
pub(crate) type BaselineVerdicts = Vec<[String; 3]>;

/// Reads the verdicts of a table `targets.csv`.
///
/// # Errors
/// [`Error::Output`] where it cannot be read, [`Error::Target`] where it is no such table.
pub(crate) fn read(path: &Path) -> Result<BaselineVerdicts, Error> {
    let bytes = read_document(path)?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let fault = |line, reason: String| {
        let reason = format!("{}: {reason}", path.display());
        Error::from(TargetError::Row {
            line,
            column: None,
            reason,
        })
    };
    let names = reader
        .headers()
        .map_err(|error| fault(1, error.to_string()))?
        .clone();
    let place = |name: &str| {
        let found = names.iter().position(|own| own == name);
        found.ok_or_else(|| fault(1, format!("there is no column `{name}`")))
    };
    let places = [place("target")?, place("part")?, place("verdict")?];
    let mut kept = Vec::new();
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|error| fault(row as u64 + 2, error.to_string()))?;
        // A target without parts has a missing one.
        let cell = |at: usize| record.get(at).filter(|cell| *cell != MISSING);
        kept.push(places.map(|at| cell(at).unwrap_or("").to_owned()));
    }
    Ok(kept)
}

/// A line for each target whose verdict is not what it was, or that was not there.
pub(crate) fn differences(kept: &BaselineVerdicts, held: &[Comparison]) -> Vec<String> {
    let difference = |one: &Comparison| {
        let target = &one.target;
        let old = kept
            .iter()
            .find(|[id, part, _]| *id == target.id && *part == target.part);
        match old {
            Some([_, _, verdict]) if verdict == one.verdict.word() => None,
            Some([_, _, verdict]) => Some(format!(
                "{}: {} here, {verdict} in the earlier table",
                target.name(),
                one.verdict.word()
            )),
            None => Some(format!("{}: not in the earlier table", target.name())),
        }
    };
    held.iter().filter_map(difference).collect()
}
