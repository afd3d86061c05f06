//! The verdicts of an earlier validation, and the differences from them.

use super::compare::TargetComparison;
use super::error::TargetError;
use crate::error::Error;
use crate::results::read_document;
use std::path::Path;

/// A missing value in a table.
const MISSING: &str = "NA";

/// A target's name, its part, and the verdict on it.
pub(crate) type BaselineVerdicts = Vec<[String; 3]>;

/// Reads the verdicts of a table `targets.csv`.
///
/// # Errors
/// [`Error::Output`] if it cannot be read, [`Error::Target`] if it is not such a table.
pub(crate) fn read(path: &Path) -> Result<BaselineVerdicts, Error> {
    let bytes = read_document(path)?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let row_error = |line, reason: String| {
        let reason = format!("{}: {reason}", path.display());
        Error::from(TargetError::Row {
            line,
            column: None,
            reason,
        })
    };
    let names = reader
        .headers()
        .map_err(|error| row_error(1, error.to_string()))?
        .clone();
    let place = |name: &str| {
        let found = names.iter().position(|own| own == name);
        found.ok_or_else(|| row_error(1, format!("there is no column `{name}`")))
    };
    let places = [place("target")?, place("part")?, place("verdict")?];
    let mut kept = Vec::new();
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|error| row_error(row as u64 + 2, error.to_string()))?;
        // The part is missing for a target without parts.
        let cell = |at: usize| record.get(at).filter(|cell| *cell != MISSING);
        kept.push(places.map(|at| cell(at).unwrap_or("").to_owned()));
    }
    Ok(kept)
}

/// One line for each target whose verdict changed, or that is new.
pub(crate) fn differences(
    baseline: &BaselineVerdicts,
    comparisons: &[TargetComparison],
) -> Vec<String> {
    let difference = |one: &TargetComparison| {
        let target = &one.target;
        let old = baseline
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
    comparisons.iter().filter_map(difference).collect()
}
