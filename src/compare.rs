//! Comparison of finished runs, or of scenarios: all are simulated with common random numbers, as the conditions of
//! one scenario.

use crate::error::Error;
use crate::results::provenance::scenario_of;
use crate::results::{Manifest, ResultsKind};
use crate::scenario::Scenario;
use crate::scenario::comparison::comparison;
use crate::scenario::file::read_scenario;
use std::path::{Path, PathBuf};

/// Makes one scenario of several, each of which becomes a condition; the first is the reference. Each is named, and is
/// the path of a folder of results of `pairbond run`, or of a scenario file. Of results with conditions each
/// condition is one, named after the folder and itself.
///
/// A run of the scenario writes the comparison: tables with a column `condition`, paired differences and charts.
///
/// # Errors
/// [`Error::Comparison`] if the scenarios cannot be compared, [`Error::OtherVersion`] and [`Error::NotARun`] of folders,
/// and those of reading them.
pub fn compare<P: AsRef<Path>>(
    named: impl IntoIterator<Item = (String, P)>,
) -> Result<Scenario, Error> {
    let mut all = Vec::new();
    for (name, path) in named {
        let path = path.as_ref();
        let scenario = if path.is_dir() {
            scenario_of_run(path)?
        } else {
            read_scenario(path, &[])?
        };
        let conditions = scenario.conditions();
        if conditions.is_empty() {
            all.push((name, scenario));
            continue;
        }
        for (condition, scenario) in conditions {
            all.push((format!("{name}_{condition}"), scenario));
        }
    }
    Ok(comparison(&all)?)
}

/// The scenario of a folder of a run's results, which this version gives.
fn scenario_of_run(folder: &Path) -> Result<Scenario, Error> {
    let manifest = Manifest::read(folder)?;
    if manifest.kind != ResultsKind::Run {
        return Err(Error::NotARun {
            folder: folder.to_owned(),
            kind: manifest.kind.name(),
        });
    }
    if manifest.version != env!("CARGO_PKG_VERSION") {
        return Err(Error::OtherVersion {
            folder: folder.to_owned(),
            version: manifest.version,
        });
    }
    scenario_of(folder, &manifest)
}

/// The name of a condition after a path: its last part in small letters, without the extension.
pub(crate) fn name_of(path: &Path) -> String {
    let name = path.file_stem().unwrap_or(path.as_os_str());
    let mut text = String::new();
    for letter in name.to_string_lossy().chars() {
        match letter {
            letter if letter.is_ascii_alphanumeric() => text.push(letter.to_ascii_lowercase()),
            _ if text.ends_with('_') => {}
            _ => text.push('_'),
        }
    }
    if text.starts_with(|first: char| !first.is_ascii_lowercase()) {
        text.insert_str(0, "run_");
    }
    text
}

/// The folder of a comparison if none is named: `results/compared_A_B`.
pub(crate) fn default_folder<'a>(names: impl IntoIterator<Item = &'a String>) -> PathBuf {
    let mut folder = "compared".to_owned();
    for name in names {
        folder.push('_');
        folder.push_str(name);
    }
    Path::new("results").join(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_named_after_their_paths() {
        let name = |path: &str| name_of(Path::new(path));
        assert_eq!(name("results/secure_balance"), "secure_balance");
        assert_eq!(name("My Couples (2).toml"), "my_couples_2_");
        assert_eq!(name("2027"), "run_2027");
        let names = ["one".to_owned(), "both".to_owned()];
        assert_eq!(
            default_folder(&names),
            Path::new("results/compared_one_both")
        );
    }
}
