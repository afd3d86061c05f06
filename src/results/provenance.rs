//! Where results come from, as a manifest says it.

use crate::results::Origin;
use crate::scenario::Scenario;
use crate::table::Format;
use std::path::Path;

/// What was asked of a use case beyond its scenario that changes which files come out.
pub(crate) struct Asked<'a> {
    /// What is done, as the manifest names it.
    pub(crate) kind: String,
    /// Name of the command.
    pub(crate) command: &'a str,
    /// The overrides with which the scenario was read, as `KEY=VALUE`.
    pub(crate) overrides: &'a [String],
    /// Format of the tables.
    pub(crate) format: Format,
    /// Whether charts are drawn.
    pub(crate) charts: bool,
}

/// A file that results come from.
pub(crate) struct Source<'a> {
    /// Its name, maybe with folders.
    pub(crate) file_name: &'a str,
    /// What it says.
    pub(crate) text: &'a str,
    /// Seed of all randomness.
    pub(crate) seed: u64,
    /// Flags of the command that say what is made of it.
    pub(crate) flags: &'a [&'a str],
}

impl<'a> From<&'a Scenario> for Source<'a> {
    fn from(scenario: &'a Scenario) -> Source<'a> {
        Source {
            file_name: scenario.file_name(),
            text: scenario.text(),
            seed: scenario.config().seed,
            flags: &[],
        }
    }
}

/// The name of a file, without its folder.
pub(crate) fn plain_name(file_name: &str) -> String {
    let path = Path::new(file_name);
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// Where results come from, for the manifest.
///
/// The command is the one that leads to the same bytes: without threads, folder and the like.
pub(crate) fn origin<'a>(source: impl Into<Source<'a>>, asked: Asked<'_>) -> Origin {
    let source = source.into();
    let file = plain_name(source.file_name);
    let mut command = vec![
        "pairbond".to_owned(),
        asked.command.to_owned(),
        file.clone(),
    ];
    command.extend(source.flags.iter().map(|flag| (*flag).to_owned()));
    for value in asked.overrides {
        command.extend(["--set".to_owned(), value.clone()]);
    }
    if asked.format != Format::Csv {
        command.extend(["--format".to_owned(), asked.format.extension().to_owned()]);
    }
    if !asked.charts {
        command.push("--no-charts".to_owned());
    }
    Origin {
        kind: asked.kind,
        command,
        scenario_file: file,
        scenario_text: source.text.to_owned(),
        overrides: asked.overrides.to_vec(),
        seed: source.seed,
        table_format: asked.format,
    }
}
