//! Where results come from, as a manifest says it.

use crate::output::{Format, Origin};
use crate::scenario::Scenario;
use std::path::Path;

/// What was asked of a use case beyond its scenario that changes which files come out.
pub(super) struct Asked<'a> {
    /// What is done, as the manifest names it.
    pub(super) kind: String,
    /// The command's word.
    pub(super) word: &'a str,
    /// The overrides with which the scenario was read, as `KEY=VALUE`.
    pub(super) overrides: &'a [String],
    /// Format of the tables.
    pub(super) format: Format,
    /// Whether charts are drawn.
    pub(super) charts: bool,
}

/// The name of a scenario's file, without its folder.
pub(super) fn plain_name(scenario: &Scenario) -> String {
    let path = Path::new(scenario.file_name());
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// The manifest's account of where results come from.
///
/// The command is the one that leads to the same bytes: without threads, folder and the like.
pub(super) fn origin(scenario: &Scenario, asked: Asked<'_>) -> Origin {
    let file = plain_name(scenario);
    let mut command = vec!["pairbond".to_owned(), asked.word.to_owned(), file.clone()];
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
        scenario_text: scenario.text().to_owned(),
        overrides: asked.overrides.to_vec(),
        seed: scenario.world().seed,
        table_format: asked.format,
    }
}
